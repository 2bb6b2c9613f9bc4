//! Blocks of addresses (N10, N11), and where pods lie.

use super::*;

#[test]
fn n11_an_ip_block_is_unknown_unless_somebody_vouches() {
    let yaml = street(&[], &["{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"]);
    let assume = |matches, range: Option<&str>| Settings {
        assume: Assumed {
            ip_block_matches_pods: matches,
            pod_ranges: range.map(|range| vec![range.parse().unwrap()]),
            ..Assumed::default()
        },
        ..Settings::default()
    };
    assert_eq!(verdict(&yaml, &assume(None, None), "dev", "prd"), Verdict::Unknown);
    assert_eq!(verdict(&yaml, &assume(Some(false), None), "dev", "prd"), Verdict::Isolated);
    assert_eq!(verdict(&yaml, &assume(Some(true), None), "dev", "prd"), Verdict::Broken);
    let yaml =
        street(&[], &["{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}"]);
    assert_eq!(verdict(&yaml, &assume(None, Some("10.1.0.0/16")), "dev", "prd"), Verdict::Isolated);
    assert_eq!(verdict(&yaml, &assume(None, None), "dev", "prd"), Verdict::Unknown);
}

#[test]
fn n11_an_address_that_is_seen_joins_the_range_that_somebody_vouches_for() {
    let yaml = |address: &str| {
        street(&["{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 25.0.0.0/8}}]}]}"], &[])
            + &format!(
                "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: seen, namespace: shop-prd}}\n\
                 status: {{phase: Running, podIP: {address}}}\n"
            )
    };
    let assume = Assumed { pod_ranges: Some(vec!["10.0.0.0/8".parse().unwrap()]), ..Assumed::default() };
    let settings = Settings { assume, ..Settings::default() };
    let verdict = |address: &str| judge(&snapshot(&yaml(address)), &settings).matrix.cells[0][3].verdict;
    assert_eq!(verdict("10.1.2.3"), Verdict::Isolated);
    assert_eq!(verdict("25.1.2.3"), Verdict::Unknown);
}

#[test]
fn n11_a_range_that_the_input_gives_to_pods_joins_the_private_ones() {
    let out = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 25.0.0.0/8}}]}]}";
    let with = |object: &str| into_prd_with(out, object);
    assert_eq!(
        with("apiVersion: v1\nkind: Node\nmetadata: {name: node}\nspec: {podCIDRs: [10.0.0.0/24]}"),
        Verdict::Isolated
    );
    for (version, kind, spec) in [
        ("v1", "Node", "{podCIDR: 25.0.0.0/24}"),
        ("v1", "Node", "{podCIDRs: [10.0.0.0/24, 26.0.0.0/24]}"),
        ("crd.projectcalico.org/v1", "IPPool", "{cidr: 25.0.0.0/16}"),
        ("cilium.io/v2", "CiliumNode", "{ipam: {podCIDRs: [25.0.0.0/24]}}"),
        ("cluster.x-k8s.io/v1beta1", "Cluster", "{clusterNetwork: {pods: {cidrBlocks: [25.0.0.0/16]}}}"),
        ("networking.k8s.io/v1", "ServiceCIDR", "{cidrs: [25.0.0.0/16]}"),
        ("networking.k8s.io/v1alpha1", "ClusterCIDR", "{ipv4: 25.0.0.0/16}"),
        ("config.openshift.io/v1", "Network", "{clusterNetwork: [{cidr: 25.0.0.0/16, hostPrefix: 23}]}"),
        ("operator.openshift.io/v1", "Network", "{serviceNetwork: [25.0.0.0/16]}"),
        ("operator.tigera.io/v1", "Installation", "{calicoNetwork: {ipPools: [{cidr: 25.0.0.0/16}]}}"),
        ("cilium.io/v2alpha1", "CiliumPodIPPool", "{ipv4: {cidrs: [25.0.0.0/16], maskSize: 24}}"),
        ("crd.antrea.io/v1beta1", "IPPool", "{ipRanges: [{cidr: 25.0.0.0/16}]}"),
        ("crd.antrea.io/v1beta1", "IPPool", "{ipRanges: [{start: 25.0.0.10, end: 25.0.0.99}]}"),
        ("crd.antrea.io/v1beta1", "IPPool", "{ipRanges: [{start: 24.0.0.10, end: 26.0.0.99}]}"),
        ("crd.antrea.io/v1beta1", "IPPool", "{ipRanges: [{start: 10.0.0.1, end: '${LAST}'}]}"),
        ("projectcalico.org/v3", "IPPool", "{cidr: 25.0.0.7}"),
        ("projectcalico.org/v3", "IPPool", "{cidr: '${POD_CIDR}'}"),
        ("config.openshift.io/v1", "Network", "{clusterNetwork: [{cidr: '{{ pods }}', hostPrefix: 23}]}"),
        ("cluster.x-k8s.io/v1beta1", "Cluster", "{clusterNetwork: {pods: {cidrBlocks: ['10.0.0.0/16,?']}}}"),
        ("kubeovn.io/v1", "Subnet", "{cidrBlock: 25.0.0.0/16}"),
        ("kops.k8s.io/v1alpha2", "Cluster", "{podCIDR: 25.0.0.0/16}"),
        ("kops.k8s.io/v1alpha2", "Cluster", "{nonMasqueradeCIDR: 25.0.0.0/16}"),
    ] {
        let object = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: shown}}\nspec: {spec}");
        assert_eq!(with(&object), Verdict::Unknown, "{kind} {spec}");
        let of_another_group = object.replacen(version, "example.org/v1", 1);
        assert_eq!(with(&of_another_group), Verdict::Isolated, "{kind} {spec}");
    }
    let kubeadm = "networking:\n  podSubnet: 10.244.0.0/16,25.0.0.0/16\n";
    for object in [
        format!("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n{kubeadm}"),
        "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: 25.0.0.0/16"
            .to_owned(),
        format!("apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n{kubeadm}"),
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: kubeadm-config, namespace: kube-system}}\n\
             data: {{ClusterConfiguration: {kubeadm:?}}}"
        ),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-flannel-cfg, namespace: kube-flannel}\n\
         data: {net-conf.json: '{\"Network\":\"25.0.0.0/16\"}'}"
            .to_owned(),
    ] {
        assert_eq!(with(&object), Verdict::Unknown, "{object}");
        assert_eq!(with(&object.replace("25.0.", "26.0.")), Verdict::Isolated, "{object}");
    }
    let kept = |name: &str| {
        with(&format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: kube-system}}\ndata: {{a: 25.0.0.0/16}}"
        ))
    };
    for name in ["kube-proxy", "cilium-config", "antrea-config"] {
        assert_eq!(kept(name), Verdict::Unknown, "{name}");
    }
    assert_eq!(kept("x"), Verdict::Isolated);
    let pool = "apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {name: p}\nspec: {cidr: 26.0.0.0/16}";
    assert_eq!(with(pool), Verdict::Isolated);
    for range in ["10.0.0.7", "''", "'26.0.0.0/16, 10.0.0.7'"] {
        assert_eq!(with(&pool.replace("26.0.0.0/16", range)), Verdict::Isolated, "{range}");
    }
    let antrea = "apiVersion: crd.antrea.io/v1beta1\nkind: IPPool\nmetadata: {name: p}\n\
                  spec: {ipRanges: [{start: 26.0.0.1, end: 26.0.0.9}], subnetInfo: {gateway: 25.0.0.1}}";
    assert_eq!(with(antrea), Verdict::Isolated, "a gateway is no pod's");
}

#[test]
fn n11_a_range_of_the_newer_family_is_read_as_well() {
    let out = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: '2a00::/16'}}]}]}";
    for object in [
        "apiVersion: networking.k8s.io/v1alpha1\nkind: ClusterCIDR\nmetadata: {name: c}\nspec: {ipv6: '2a00::/64'}",
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: calico-node, namespace: kube-system}\n\
         spec: {template: {spec: {containers: [{name: c, env: [{name: CALICO_IPV6POOL_CIDR, value: '2a00::/64'}]}]}}}",
    ] {
        assert_eq!(into_prd_with(out, object), Verdict::Unknown, "{object}");
        assert_eq!(into_prd_with(out, &object.replace("2a00", "2b00")), Verdict::Isolated, "{object}");
    }
}

#[test]
fn n10_a_block_may_hold_the_address_of_a_service_that_is_not_shown() {
    let out = |block: &str| {
        format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {{cidr: {block}}}}}]}}]}}")
    };
    let settings = Settings {
        assume: Assumed { pod_ranges: Some(vec!["192.168.0.0/16".parse().unwrap()]), ..Assumed::default() },
        ..Settings::default()
    };
    let judged = |block: &str, object: &str| verdict(&(street(&[&out(block)], &[]) + object), &settings, "dev", "prd");
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: shop-prd}\nspec: {selector: {app: orders}, ports: [{port: 80}]}\n";
    assert_eq!(judged("10.96.0.0/12", ""), Verdict::Isolated);
    assert_eq!(judged("10.96.0.0/12", service), Verdict::Unknown);
    assert_eq!(judged("10.96.0.0/12", &service.replace("selector", "clusterIP: None, selector")), Verdict::Isolated);
    let by_hand = "apiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: shop-dev}\nspec: {clusterIP: 203.0.113.9, ports: [{port: 80}]}\n---\n\
        apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: o-1, namespace: shop-dev, labels: {kubernetes.io/service-name: o}}\n\
        addressType: IPv4\nendpoints: [{addresses: [192.168.1.1]}]\nports: [{port: 8080}]\n";
    assert_eq!(judged("203.0.113.0/24", by_hand), Verdict::Unknown);
    assert_eq!(judged("203.0.113.0/24", &by_hand.replace("192.168.1.1", "198.51.100.1")), Verdict::Isolated);
    let gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: shop-prd}\nspec: {addresses: [{value: 203.0.113.5}]}\n";
    assert_eq!(judged("203.0.113.0/24", gateway), Verdict::Unknown);
    assert_eq!(judged("198.51.100.0/24", gateway), Verdict::Isolated);
}

#[test]
fn n11_the_addresses_that_running_pods_show_are_where_pods_lie() {
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}";
    let standing = |spec: &str, phase: &str| {
        let pod = format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: seen, namespace: shop-prd}}\nspec: {spec}\n\
             status: {{phase: {phase}, podIP: 10.1.2.3}}\n"
        );
        let judgement = judge(&snapshot(&(street(&[], &[block]) + &pod)), &Settings::default());
        let told = judgement.assumptions.last().unwrap().clone();
        (told.statement, matches!(told.standing, Standing::Evidence(_)))
    };
    assert_eq!(
        standing("{}", "Running"),
        ("pods have addresses in 10.0.0.0/8 only, so that an ipBlock outside of these covers no pod".to_owned(), true)
    );
    let (all, evidence) = standing("{}", "Succeeded");
    assert!(all.contains("172.16.0.0/12") && !evidence, "{all}");
    assert_eq!(standing("{hostNetwork: true}", "Running"), (all.clone(), false));
    assert_eq!(standing("{hostNetwork: true}", "Failed"), (all, false));
}

#[test]
fn n11_by_the_family_that_pods_have_a_block_covers_all_of_them_for_certain() {
    let verdict = |range: &str, cidr: &str| {
        let assume = Assumed {
            pod_ranges: Some(vec![range.parse().unwrap()]),
            ip_block_matches_pods: Some(true),
            ..Assumed::default()
        };
        let spec = format!("{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {{cidr: '{cidr}'}}}}]}}]}}");
        verdict(&street(&[], &[&spec]), &Settings { assume, ..Settings::default() }, "dev", "prd")
    };
    assert_eq!(verdict("10.0.0.0/8", "10.0.0.0/8"), Verdict::Broken);
    assert_eq!(verdict("10.0.0.0/8", "10.1.0.0/16"), Verdict::Unknown);
    assert_eq!(verdict("10.0.0.0/8", "::/0"), Verdict::Isolated);
    assert_eq!(verdict("fd00::/8", "::/0"), Verdict::Broken);
    assert_eq!(verdict("fd00::/8", "0.0.0.0/0"), Verdict::Isolated);
}

#[test]
fn n11_what_the_control_plane_endpoints_and_plugins_tell_of_pods_addresses_is_read() {
    let out = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 25.0.0.0/8}}]}]}";
    let with = |object: &str| into_prd_with(out, object);
    let manager = |kind: &str, name: &str, argument: &str| {
        let spec = format!("{{containers: [{{name: c, command: [{name}, '{argument}']}}]}}");
        let spec = if kind == "v1\nkind: Pod" { spec } else { format!("{{template: {{spec: {spec}}}}}") };
        format!("apiVersion: {kind}\nmetadata: {{name: {name}, namespace: kube-system}}\nspec: {spec}\n")
    };
    let pod = "v1\nkind: Pod";
    let told = "--cluster-cidr=10.244.0.0/16,25.0.0.0/16";
    assert_eq!(with(&manager(pod, "kube-controller-manager", told)), Verdict::Unknown);
    assert_eq!(with(&manager(pod, "kube-apiserver", "--service-cluster-ip-range=25.0.0.0/16")), Verdict::Unknown);
    assert_eq!(with(&manager("apps/v1\nkind: DaemonSet", "kube-proxy", told)), Verdict::Unknown);
    assert_eq!(with(&manager("apps/v1\nkind: Deployment", "kube-apiserver", told)), Verdict::Unknown, "hosted");
    assert_eq!(with(&manager(pod, "kube-controller-manager", "--node-ip=25.0.0.0/16")), Verdict::Isolated);
    assert_eq!(with(&manager(pod, "web", told)), Verdict::Isolated, "another program");
    let apart = "--cluster-cidr', '10.244.0.0/16,25.0.0.0/16";
    assert_eq!(with(&manager(pod, "kube-controller-manager", apart)), Verdict::Unknown, "two arguments");
    let line = "exec kube-controller-manager --v=2 --cluster-cidr=\"25.0.0.0/16\" --x";
    assert_eq!(with(&manager(pod, "kube-controller-manager", line)), Verdict::Unknown, "a line for a shell");
    let other = "--node-ip', '25.0.0.0/16";
    assert_eq!(with(&manager(pod, "kube-controller-manager", other)), Verdict::Isolated, "another flag");
    assert_eq!(with(&manager(pod, "kube-apiserver", "--service-cluster-ip-range=$(RANGE)")), Verdict::Unknown);
    assert_eq!(with(&manager(pod, "kube-controller-manager", "--cluster-cidr= --x=25.0.0.0/16")), Verdict::Isolated);
    let calico = |name: &str| {
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: calico-node, namespace: kube-system}}\n\
             spec: {{template: {{spec: {{containers: [{{name: c, env: [{{name: {name}, value: 25.0.0.0/16}}]}}]}}}}}}\n"
        )
    };
    assert_eq!(with(&calico("CALICO_IPV4POOL_CIDR")), Verdict::Unknown);
    let unfilled = calico("CALICO_IPV4POOL_CIDR").replace("value: 25.0.0.0/16", "value: '${CIDR}'");
    assert_eq!(with(&unfilled), Verdict::Unknown);
    assert_eq!(with(&calico("OTHER")), Verdict::Isolated, "another variable");
    let controller = calico("CALICO_IPV4POOL_CIDR").replace("DaemonSet", "Deployment");
    assert_eq!(with(&controller), Verdict::Isolated, "which gives no pod its address");
    let owned = |kind: &str| {
        let owner =
            format!("ownerReferences: [{{apiVersion: v1, kind: {kind}, name: node-1, controller: true}}], namespace");
        with(&manager(pod, "kube-controller-manager", told).replacen("namespace", &owner, 1))
    };
    assert_eq!(owned("Node"), Verdict::Unknown, "what mirrors a static pod");
    assert_eq!(owned("DaemonSet"), Verdict::Isolated, "its DaemonSet tells");
    let flannel = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: net, namespace: x}\n\
                   data: {net-conf.json: '{\"Network\": \"25.0.0.0/16\"}'}\n";
    assert_eq!(with(flannel), Verdict::Unknown);
    let noted = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop-prd, annotations: {cni.projectcalico.org/podIP: 25.0.0.7/32}}\n\
                 spec: {containers: []}\n";
    assert_eq!(with(noted), Verdict::Unknown);
    assert_eq!(with(&noted.replace("podIP", "other")), Verdict::Isolated);
    let asked = |annotation: &str, spec: &str| {
        with(&format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: p, namespace: shop-prd}}\n\
             spec: {{template: {{metadata: {{annotations: {{{annotation}}}}}, spec: {{containers: [], {spec}}}}}}}\n"
        ))
    };
    assert_eq!(asked("cni.projectcalico.org/ipAddrs: '[\"10.0.0.7\", \"25.0.0.7\"]'", ""), Verdict::Unknown);
    assert_eq!(asked("ovn.kubernetes.io/ip_address: 25.0.0.7", ""), Verdict::Unknown);
    assert_eq!(asked("ovn.kubernetes.io/ip_pool: '25.0.0.7;25.0.0.8'", ""), Verdict::Unknown);
    assert_eq!(asked("ovn.kubernetes.io/logical_switch: 25.0.0.7", ""), Verdict::Isolated);
    let slice = |kind: &str| {
        format!(
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: s, namespace: shop-prd}}\n\
             endpoints: [{{addresses: [25.0.0.7], targetRef: {{kind: {kind}, name: p}}}}]\n"
        )
    };
    assert_eq!(with(&slice("Pod")), Verdict::Unknown);
    assert_eq!(with(&slice("VM")), Verdict::Isolated, "no pod's");
    assert_eq!(with(&slice("Pod").replace("25.0.0.7", "10.0.0.7")), Verdict::Isolated, "where pods lie anyway");
    let node = "---\napiVersion: v1\nkind: Node\nmetadata: {name: node}\nstatus: {addresses: [{address: 25.0.0.7}]}\n";
    assert_eq!(with(&(slice("Pod") + node)), Verdict::Isolated, "a pod on its node's network");
    let older = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: s, namespace: shop-prd}\n\
                 subsets: [{addresses: [{ip: 25.0.0.7, targetRef: {kind: Pod, name: p}}]}]\n";
    assert_eq!(with(older), Verdict::Unknown);
}
