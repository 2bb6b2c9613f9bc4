//! Between clusters that may be one.

use super::*;
use crate::isolation::network::plane::Plane;

#[test]
fn between_clusters_that_may_be_one_nothing_is_certain_and_isolation_holds() {
    let between = |dev: &[&str], certain: bool| {
        let mut snapshot = snapshot(&street(dev, &[]));
        snapshot.clusters.push(Cluster { name: "other".into(), evidence: String::new(), certain, guessed: false });
        let prd = snapshot.namespaces.iter_mut().find(|namespace| namespace.name == "shop-prd").unwrap();
        prd.cluster = ClusterId(1);
        verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd")
    };
    assert_eq!(between(&[], true), Verdict::OtherCluster);
    assert_eq!(between(&[], false), Verdict::Unknown);
    assert_eq!(between(&["{podSelector: {}, policyTypes: [Egress]}"], false), Verdict::Isolated);
}

#[test]
fn between_namespaces_that_tools_bring_to_different_clusters_nothing_is_certain_and_isolation_holds() {
    let between = |dev: &[&str], clusters: [u32; 2]| {
        let mut snapshot = snapshot(&street(dev, &[]));
        snapshot.brought_to = vec![std::collections::BTreeSet::new(); snapshot.namespaces.len()];
        for (name, cluster) in ["shop-dev", "shop-prd"].into_iter().zip(clusters) {
            let at = snapshot.namespaces.iter().position(|namespace| namespace.name == name).unwrap();
            snapshot.brought_to[at].insert(cluster);
        }
        let reachable = asked(&snapshot, &Settings::default(), "dev:web", "prd:orders").0;
        (verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), reachable)
    };
    assert_eq!(between(&[], [0, 0]), (Verdict::Broken, Reachable::Allowed));
    assert_eq!(between(&[], [0, 1]), (Verdict::Unknown, Reachable::Unknown));
    let closed = "{podSelector: {}, policyTypes: [Egress]}";
    assert_eq!(between(&[closed], [0, 1]), (Verdict::Isolated, Reachable::Denied));
}

#[test]
fn strictness_doubts_clusters_and_namespaces_that_nobody_vouches_for() {
    let word = Assumed { cni_enforces: true, input_complete: true, no_host_network: true, ..Assumed::default() };
    let strict = |assume: Assumed| Settings { strict: true, assume };
    let mut two = snapshot(&street(&[DENY], &[DENY]));
    for namespace in &mut two.namespaces {
        namespace.name = dtap_model::environment::NO_NAMESPACE.to_owned();
    }
    let judged = judge(&two, &strict(word.clone()));
    assert_eq!(verdict_of(&judged, "dev", "prd"), Verdict::Unknown);
    assert!(judged.assumptions.iter().any(|told| told.name == "own-namespaces"));
    let (reachable, because) = asked(&two, &strict(word.clone()), "dev:web", "prd:orders");
    assert_eq!(reachable, Reachable::Unknown, "{because}");
    assert!(because.contains("own-namespaces"), "{because}");
    let own = strict(Assumed { own_namespaces: true, ..word.clone() });
    assert_eq!(verdict_of(&judge(&two, &own), "dev", "prd"), Verdict::Isolated);
    assert_eq!(asked(&two, &own, "dev:web", "prd:orders").0, Reachable::Denied);
    two.clusters.push(Cluster { name: "b".into(), evidence: String::new(), certain: true, guessed: true });
    two.namespaces.iter_mut().skip(1).for_each(|namespace| namespace.cluster = ClusterId(1));
    assert_eq!(verdict_of(&judge(&two, &own), "dev", "prd"), Verdict::Unknown);
    let apart = strict(Assumed { clusters_apart: true, ..word });
    assert_eq!(verdict_of(&judge(&two, &apart), "dev", "prd"), Verdict::OtherCluster);
}

#[test]
fn clusters_that_folders_tell_apart_are_an_assumption_with_their_names() {
    let said = |count: usize, guessed: usize| {
        let mut snapshot = snapshot(&street(&[], &[]));
        snapshot.clusters = (0..count)
            .map(|at| Cluster { name: format!("c{at}"), evidence: String::new(), certain: true, guessed: at < guessed })
            .collect();
        let told = judge(&snapshot, &Settings::default()).assumptions;
        told.into_iter().find(|told| told.name == "clusters-apart").map(|told| told.statement)
    };
    assert_eq!(said(1, 1), None);
    let tail = "from one cluster to another only addresses lead, which no policy of the other one names as pods";
    assert_eq!(said(2, 0), Some(tail.to_owned()));
    assert_eq!(said(4, 4), Some(format!("the folders c0, c1, c2 and c3 are clusters of their own, and {tail}")));
    for (count, last) in [(5, "c4"), (6, "c5")] {
        let named = format!("the {count} folders from c0 to {last} are clusters of their own, and ");
        assert_eq!(said(count, count), Some(named + tail));
    }
}

/// Production on a cluster of its own, and these objects: those after a line of `===` stand there, too.
fn two_clusters(dev: &[&str], objects: &str) -> Snapshot {
    let (here, there) = objects.split_once("===\n").unwrap_or((objects, ""));
    let mut snapshot = snapshot(&(street(dev, &[]) + here + "---\n" + there));
    let line = |text: &str| text.matches("kind: ").count();
    let first_there = line(&(street(dev, &[]) + here));
    snapshot.clusters.push(Cluster { name: "b".into(), evidence: String::new(), certain: true, guessed: false });
    let prd = snapshot.namespaces.iter_mut().find(|namespace| namespace.name == "shop-prd").unwrap();
    prd.cluster = ClusterId(1);
    let id = prd.whole;
    for (at, placed) in snapshot.objects.iter_mut().enumerate() {
        if at >= first_there || placed.namespace == Some(id) {
            placed.cluster = ClusterId(1);
        }
    }
    snapshot
}

fn between(dev: &[&str], objects: &str) -> (Verdict, Vec<String>) {
    let judgement = judge(&two_clusters(dev, objects), &Settings::default());
    (verdict_of(&judgement, "dev", "prd"), judgement.unknown)
}

#[test]
fn what_joins_clusters_speaks_against_their_being_apart() {
    let one = |api: &str, kind: &str, name: &str, rest: &str| {
        format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop-dev{rest}\n")
    };
    assert_eq!(between(&[], ""), (Verdict::OtherCluster, Vec::new()));
    let joins = [
        one("multicluster.x-k8s.io/v1alpha1", "ServiceExport", "db", "}"),
        one("multicluster.x-k8s.io/v1alpha1", "ServiceImport", "db", "}"),
        one("net.gke.io/v1", "ServiceExport", "db", "}"),
        one("submariner.io/v1", "Endpoint", "a", "}"),
        one("skupper.io/v2alpha1", "Site", "a", "}"),
        one("multicluster.linkerd.io/v1alpha1", "Link", "a", "}"),
        one("v1", "Secret", "cilium-clustermesh", "}"),
        one("v1", "Secret", "cilium-kvstoremesh", "}"),
        one("v1", "ConfigMap", "cilium-config", "}\ndata: {cluster-id: '1'}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/global: 'true'}}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/global: 'True'}}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/shared: 'true'}}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/affinity: remote}}"),
        one("v1", "Service", "db", ", annotations: {io.cilium/global-service: 'true'}}"),
        one("apps/v1", "Deployment", "clustermesh-apiserver", "}"),
        one("v1", "Secret", "b", ", labels: {istio/multiCluster: 'true'}}"),
        one("v1", "Service", "b", ", labels: {istio: eastwestgateway}}"),
        one("gateway.networking.k8s.io/v1", "Gateway", "b", ", labels: {topology.istio.io/network: n2}}"),
        one("networking.istio.io/v1", "Gateway", "b", "}\nspec: {selector: {istio: eastwestgateway}}"),
        one("networking.istio.io/v1", "Gateway", "b", "}\nspec: {servers: [{tls: {mode: AUTO_PASSTHROUGH}}]}"),
        one("discovery.k8s.io/v1", "EndpointSlice", "b", ", labels: {multicluster.kubernetes.io/source-cluster: b}}"),
        one("v1", "Service", "b", ", labels: {mirror.linkerd.io/exported: remote-discovery}}"),
        one("v1", "Service", "b", ", labels: {mirror.linkerd.io/mirrored-service: 'true'}}"),
        one("v1", "Service", "b", ", labels: {component: mesh-gateway}}"),
        one("core.liqo.io/v1beta1", "ForeignCluster", "b", "}"),
        one("multicluster.crd.antrea.io/v1alpha2", "ClusterSet", "b", "}"),
        one("multicluster.antrea.io/v1alpha1", "ResourceExport", "b", "}"),
        one("multicluster.consul.hashicorp.com/v2", "ExportedServices", "b", "}"),
        one("projectcalico.org/v3", "RemoteClusterConfiguration", "b", "}"),
        one("consul.hashicorp.com/v1alpha1", "ProxyDefaults", "global", "}\nspec: {meshGateway: {mode: local}}"),
        one("consul.hashicorp.com/v1alpha1", "ProxyDefaults", "global", "}\nspec: {meshGateway: {mode: remote}}"),
    ];
    let of_consul = ["PeeringAcceptor", "PeeringDialer", "ExportedServices", "SamenessGroup", "MeshGateway"]
        .map(|kind| one("consul.hashicorp.com/v1alpha1", kind, "b", "}"));
    for object in joins.into_iter().chain(of_consul) {
        let (verdict, unknown) = between(&[], &object);
        assert_eq!((verdict, unknown.len()), (Verdict::Unknown, 1), "{object}");
        assert!(unknown[0].contains("joins its cluster to others"), "{unknown:?}");
    }
    let not = [
        one("example.org/v1", "ServiceExport", "db", "}"),
        one("v1", "ConfigMap", "cilium-config", "}\ndata: {cluster-id: '0'}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/global: 'false'}}"),
        one("v1", "Service", "db", ", annotations: {service.cilium.io/affinity: none}}"),
        one("v1", "Service", "db", ", labels: {istio: ingressgateway}}"),
        one("v1", "Service", "db", ", labels: {component: web}}"),
        one("networking.istio.io/v1", "Gateway", "b", "}\nspec: {selector: {istio: ingressgateway}}"),
        one("projectcalico.org/v3", "FelixConfiguration", "default", "}"),
        one("consul.hashicorp.com/v1alpha1", "ServiceDefaults", "b", "}"),
    ];
    for object in not {
        assert_eq!(between(&[], &object), (Verdict::OtherCluster, Vec::new()), "{object}");
    }
    let export = one("multicluster.x-k8s.io/v1alpha1", "ServiceExport", "db", "}");
    let vouched = Settings { assume: Assumed { clusters_apart: true, ..Assumed::default() }, ..Settings::default() };
    let judged = judge(&two_clusters(&[], &export), &vouched);
    assert_eq!(verdict_of(&judged, "dev", "prd"), Verdict::OtherCluster, "somebody vouches for it");
    let (reachable, because) = asked(&two_clusters(&[], &export), &Settings::default(), "dev:web", "prd:orders");
    assert!(reachable == Reachable::Unknown && because.contains("ServiceExport db joins"), "{because}");
}

#[test]
fn a_machine_of_both_clusters_speaks_against_their_being_apart() {
    let node = |name: &str, rest: &str| format!("apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\n{rest}\n");
    let of = |one: &str, other: &str| between(&[], &format!("{}===\n{}", node("a", one), node("b", other)));
    let machine = |id: &str| format!("status: {{nodeInfo: {{machineID: {id}}}}}");
    assert_eq!(of("spec: {providerID: 'aws:///i-1'}", "spec: {providerID: 'aws:///i-1'}").0, Verdict::Unknown);
    assert_eq!(of("spec: {providerID: 'aws:///i-1'}", "spec: {providerID: 'aws:///i-2'}").0, Verdict::OtherCluster);
    assert_eq!(of(&machine("m1"), &machine("m1")).0, Verdict::Unknown);
    assert_eq!(of(&machine("m1"), &machine("m2")).0, Verdict::OtherCluster);
    assert_eq!(of("spec: {providerID: ''}", "spec: {providerID: ''}").0, Verdict::OtherCluster);
    assert_eq!(
        of(&machine("m1"), &machine("m1")).1,
        ["whether clusters are apart: the machine of Node b is one of both clusters"]
    );
}

#[test]
fn a_machine_of_three_clusters_joins_every_two_of_them() {
    let node = |name: &str| {
        format!("apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nspec: {{providerID: 'aws:///i-1'}}\n---\n")
    };
    let yaml = node("a") + &node("b") + &node("c") + &street(&[], &[]);
    let mut snapshot = snapshot(&yaml);
    for at in 1..4 {
        let name = format!("c{at}");
        snapshot.clusters.push(Cluster { name, evidence: String::new(), certain: true, guessed: false });
    }
    for (at, placed) in (0..3).zip(&mut snapshot.objects) {
        placed.cluster = ClusterId(at);
    }
    let settings = Settings::default();
    let plane = Plane::compile(&snapshot, &settings);
    for (one, other) in [(0, 1), (0, 2), (1, 2), (2, 1)] {
        assert!(plane.link(ClusterId(one), ClusterId(other)).is_some(), "{one} and {other}");
    }
    assert_eq!(plane.links.len(), 3, "each two once");
    for (one, other) in [(0, 0), (0, 3), (3, 1)] {
        assert!(plane.link(ClusterId(one), ClusterId(other)).is_none(), "{one} and {other}");
    }
}

#[test]
fn a_policy_that_names_addresses_of_another_cluster_speaks_against_their_being_apart() {
    let to = |block: &str| {
        format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {{cidr: {block}}}}}]}}]}}")
    };
    let node = |name: &str, pods: &str, own: &str| {
        format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nspec: {{podCIDR: {pods}}}\n\
             status: {{addresses: [{{type: InternalIP, address: {own}}}]}}\n"
        )
    };
    let nodes = node("a", "10.1.0.0/24", "192.168.1.5") + "===\n" + &node("b", "10.2.0.0/24", "192.168.2.5");
    let of = |block: &str| between(&[&to(block)], &nodes);
    assert_eq!(of("10.2.0.0/16").0, Verdict::Unknown);
    assert_eq!(of("192.168.2.0/24").0, Verdict::Unknown);
    assert_eq!(of("10.1.0.0/16").0, Verdict::OtherCluster, "its own");
    assert_eq!(of("0.0.0.0/0").0, Verdict::OtherCluster, "no cluster's");
    assert_eq!(of("0.0.0.0/0, except: [10.1.0.0/16]").0, Verdict::OtherCluster);
    assert_eq!(of("10.0.0.0/8, except: [10.2.0.0/16]").0, Verdict::OtherCluster);
    let why = "whether clusters are apart: policy p0 names addresses of the other cluster, 10.2.0.0/16";
    assert_eq!(of("10.2.0.0/16").1, [why]);
    let same = node("a", "10.2.0.0/24", "192.168.1.5") + "===\n" + &node("b", "10.2.0.0/24", "192.168.1.5");
    assert_eq!(between(&[&to("10.2.0.0/16")], &same).0, Verdict::OtherCluster, "which both have are its own");
    let pod = "---\n===\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop-prd}\nspec: {containers: []}\nstatus: {podIP: 10.3.0.7}\n";
    assert_eq!(between(&[&to("10.3.0.0/16")], pod).0, Verdict::Unknown);
}

#[test]
fn a_policy_that_names_a_range_which_another_cluster_tells_speaks_against_their_being_apart() {
    let to = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}";
    let of = |own: &str, other: &str| between(&[to], &format!("{own}===\n{other}\n")).0;
    let pool = |range: &str| {
        format!("apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {{name: p}}\nspec: {{cidr: {range}}}\n")
    };
    let told = [
        pool("10.1.0.0/16"),
        pool("10.0.0.0/8"),
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {podSubnet: 10.1.0.0/16}"
            .to_owned(),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeadm-config, namespace: kube-system}\n\
         data: {ClusterConfiguration: \"networking:\\n  podSubnet: 10.1.0.0/16\"}"
            .to_owned(),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-controller-manager, namespace: kube-system}\n\
         spec: {hostNetwork: true, containers: [{name: c, command: [kcm, '--cluster-cidr=10.1.0.0/16']}]}"
            .to_owned(),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-flannel-cfg, namespace: kube-flannel}\n\
         data: {net-conf.json: '{\"Network\": \"10.1.0.0/16\"}'}"
            .to_owned(),
    ];
    for object in &told {
        assert_eq!(of("", object), Verdict::Unknown, "{object}");
        assert_eq!(
            of("", &object.replace("10.1.0.0/16", "10.9.0.0/16").replace("/8", "/16")),
            Verdict::OtherCluster,
            "{object}"
        );
    }
    assert_eq!(of(&pool("10.1.0.0/16"), &pool("10.1.0.0/16")), Verdict::OtherCluster, "which both have is its own");
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: b}\nspec: {podCIDR: 10.1.7.0/24}";
    assert_eq!(of(&pool("10.0.0.0/8"), node), Verdict::Unknown, "a wide range of its own hides no other cluster's");
    let managed = "apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: {name: b}\n\
                   spec: {clusterNetwork: {pods: {cidrBlocks: [10.1.7.0/24]}}}\n";
    assert_eq!(of(managed, node), Verdict::Unknown, "the range of another cluster is not its own");
    assert_eq!(of("", &pool("0.0.0.0/0")), Verdict::OtherCluster, "no cluster's");
}

#[test]
fn a_pod_on_its_nodes_network_hides_no_node_of_another_cluster_beside_it() {
    let to = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.168.1.0/24}}]}]}";
    let pod = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: shop-dev}}\nspec: {{{spec}containers: []}}\n\
             status: {{podIP: 192.168.1.9}}\n"
        )
    };
    let node = |own: &str| {
        format!("apiVersion: v1\nkind: Node\nmetadata: {{name: b}}\nstatus: {{addresses: [{{address: {own}}}]}}\n")
    };
    let of = |spec: &str, own: &str| between(&[to], &(pod(spec) + "===\n" + &node(own))).0;
    assert_eq!(of("hostNetwork: true, ", "192.168.1.5"), Verdict::Unknown);
    assert_eq!(of("", "192.168.1.5"), Verdict::Unknown);
    assert_eq!(of("hostNetwork: true, ", "192.168.1.9"), Verdict::OtherCluster, "which both have is its own");
}

#[test]
fn endpoints_written_by_hand_at_addresses_of_another_cluster_speak_against_their_being_apart() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop-prd}\nspec: {containers: []}\n\
               status: {podIP: 10.2.0.9}\n";
    let listed = |list: &str, address: &str| {
        let ends = format!(
            "apiVersion: v1\nkind: Endpoints\nmetadata: {{name: w, namespace: shop-dev}}\n\
             subsets: [{{{list}: [{{ip: {address}}}], ports: [{{port: 80}}]}}]\n"
        );
        between(&[], &(ends + "===\n" + pod))
    };
    let of = |address: &str| listed("addresses", address);
    let why = "whether clusters are apart: Endpoints w names addresses of the other cluster";
    assert_eq!(of("10.2.0.9"), (Verdict::Unknown, vec![why.to_owned()]));
    assert_eq!(of("10.3.0.9").0, Verdict::OtherCluster);
    assert_eq!(listed("notReadyAddresses", "10.2.0.9").0, Verdict::Unknown, "they may be ready next");
}
