//! What goes by a node (N12) or the mesh's tunnel (N23), past policies.

use super::*;
use crate::isolation::network::plane::Plane;

#[test]
fn n12_where_pod_security_exempts_somebody_new_pods_may_use_their_nodes_network() {
    let standing = |object: &str| {
        let yaml =
            street(&[DENY], &[DENY]).replace("team: shop", "pod-security.kubernetes.io/enforce: baseline") + object;
        let assumptions = judge(&snapshot(&yaml), &Settings::default()).assumptions;
        let it = assumptions.into_iter().find(|assumption| assumption.name == "no-host-network").unwrap();
        matches!(it.standing, Standing::Evidence(_))
    };
    let of = |exemptions: &str| {
        format!(
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n\
             - {{name: PodSecurity, configuration: {{exemptions: {exemptions}}}}}\n"
        )
    };
    let kubeadm = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer: {extraArgs: [{name: disable-admission-plugins, value: 'X,PodSecurity'}]}\n";
    assert!(standing("") && standing(&of("{namespaces: []}")));
    assert!(!standing(&of("{namespaces: [shop-prd]}")) && !standing(kubeadm));
    let alone = "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n\
                 exemptions: {usernames: [ci]}\n";
    let older = |key: &str| {
        format!(
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\napiServer: {{extraArgs: {{{key}: PodSecurity}}}}\n"
        )
    };
    assert!(!standing(alone) && standing(&alone.replace("[ci]", "[]")));
    assert!(!standing(&older("disable-admission-plugins")) && standing(&older("enable-admission-plugins")));
    for (argument, holds) in [
        ("--disable-admission-plugins=PodSecurity", false),
        ("--disable-admission-plugins=X,PodSecurity", false),
        ("--disable-admission-plugins', 'PodSecurity", false),
        ("exec kube-apiserver --disable-admission-plugins=\"PodSecurity\" --v=2", false),
        ("--disable-admission-plugins=X", true),
        ("--enable-admission-plugins=PodSecurity", true),
    ] {
        let server = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: kube-apiserver-n, namespace: shop-dev}}\n\
             spec: {{containers: [{{name: a, command: [kube-apiserver, '{argument}']}}]}}\n"
        );
        assert_eq!(standing(&server), holds, "{argument}");
    }
}

#[test]
fn n12_a_pod_on_the_node_reaches_whatever_may_share_it() {
    let pod = |node: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: agent, namespace: shop-dev}}\nspec: {{hostNetwork: true{node}, containers: []}}\n"
        )
    };
    let yaml = street(&["{podSelector: {}, policyTypes: [Egress]}"], &[DENY]) + &pod("");
    assert_eq!(verdict(&yaml, &Settings::default(), "dev", "prd"), Verdict::Broken);
    assert_eq!(verdict(&yaml, &Settings::default(), "prd", "dev"), Verdict::Broken, "no policy of dev closes ingress");
}

#[test]
fn n23_what_the_tunnel_leaves_open_is_told_of_the_tunnel() {
    let admits = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 15008}]}]}";
    let ambient = "team: shop, istio.io/dataplane-mode: ambient";
    let yaml = street(&[], &[admits]).replace("team: shop", ambient);
    let (reachable, because) = asked(&snapshot(&yaml), &Settings::default(), "dev:web", "prd:orders:5432");
    assert_eq!(reachable, Reachable::Unknown, "{because}");
    assert!(because.contains("the mesh's tunnel"), "{because}");
}

#[test]
fn n12_what_is_published_on_nodes_may_be_reached_as_a_node() {
    let closed = "{podSelector: {}, policyTypes: [Ingress]}";
    let to = |peer: &str| format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peer}]}}]}}");
    let node_port = "apiVersion: v1\nkind: Service\nmetadata: {name: orders, namespace: shop-prd}\n\
                     spec: {type: NodePort, selector: {app: orders}, ports: [{port: 5432}]}\n";
    let judged = |egress: &[&str], service: &str| {
        verdict(&(street(egress, &[closed]) + service), &Settings::default(), "dev", "prd")
    };
    assert_eq!(judged(&[], node_port), Verdict::Unknown);
    assert_eq!(judged(&[], &node_port.replace("NodePort", "LoadBalancer")), Verdict::Unknown);
    assert_eq!(judged(&[], &node_port.replace("NodePort", "Whatever")), Verdict::Unknown);
    assert_eq!(judged(&[], &node_port.replace("type: NodePort", "externalIPs: [203.0.113.1]")), Verdict::Unknown);
    assert_eq!(judged(&[], &node_port.replace("NodePort", "ClusterIP")), Verdict::Isolated);
    assert_eq!(judged(&[&to("{ipBlock: {cidr: 203.0.113.0/24}}")], node_port), Verdict::Unknown);
    assert_eq!(judged(&[&to("{podSelector: {}}")], node_port), Verdict::Isolated);
    // What is rewritten first leads to the pod itself.
    assert_eq!(judged(&[&to("{namespaceSelector: {matchLabels: {environment: prd}}}")], node_port), Verdict::Unknown);
    let udp_only = "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: UDP}]}]}";
    assert_eq!(judged(&[udp_only], node_port), Verdict::Isolated);
}

#[test]
fn n12_who_is_let_out_to_a_pod_on_its_node_reaches_what_is_published_and_no_other_does() {
    let agent = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop-tst, labels: {environment: tst}}\n---\n\
                 apiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: shop-tst}\n\
                 spec: {hostNetwork: true, containers: []}\n---\n\
                 apiVersion: v1\nkind: Service\nmetadata: {name: orders, namespace: shop-prd}\n\
                 spec: {type: NodePort, selector: {app: orders}, ports: [{port: 5432}]}\n";
    let to = |stage: &str| {
        let peer = format!("{{namespaceSelector: {{matchLabels: {{environment: {stage}}}}}}}");
        let out = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peer}]}}]}}");
        let yaml = street(&[&out], &[DENY]) + agent;
        (into(&yaml), asked(&snapshot(&yaml), &Settings::default(), "dev:web", "prd:orders").0)
    };
    assert_eq!(to("tst"), (Verdict::Unknown, Reachable::Unknown));
    assert_eq!(to("dev"), (Verdict::Isolated, Reachable::Denied), "the pod on its node is in another namespace");
}

#[test]
fn n12_a_port_of_the_node_is_reached_by_who_may_open_that_or_the_pods_own() {
    let judged = |port: u16| {
        let out = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{ports: [{{port: {port}}}]}}]}}");
        let yaml = street(&[&out], &[DENY]);
        let (dev, prd) = yaml.rsplit_once("containerPort: 5432").unwrap();
        into(&format!("{dev}containerPort: 5432, hostPort: 8080{prd}"))
    };
    assert_eq!([8080, 5432].map(judged), [Verdict::Unknown; 2]);
    assert_eq!(judged(80), Verdict::Isolated);
}

#[test]
fn n12_endpoints_by_hand_are_published_where_the_pods_at_them_stand() {
    let closed = "{podSelector: {}, policyTypes: [Ingress]}";
    let by_hand = "apiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: shop-dev}\nspec: {type: NodePort, ports: [{port: 80}]}\n---\n\
                   apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n\
                   metadata: {name: o, namespace: shop-dev, labels: {kubernetes.io/service-name: o}}\n\
                   addressType: IPv4\nendpoints: [{addresses: [10.1.2.3]}]\nports: [{port: 80}]\n---\n";
    let pod = |name: &str, namespace: &str| {
        let named = format!("metadata: {{name: {name}, namespace: {namespace}}}");
        format!("apiVersion: v1\nkind: Pod\n{named}\nspec: {{containers: []}}\nstatus: {{podIP: 10.1.2.3}}\n---\n")
    };
    let judged = |service: &str, pod: &str| {
        verdict(&(street(&[], &[closed]) + service + pod), &Settings::default(), "dev", "prd")
    };
    assert_eq!(judged(by_hand, &pod("p", "shop-prd")), Verdict::Unknown);
    assert_eq!(judged(by_hand, &pod("p", "shop-dev")), Verdict::Isolated, "it leads to no pod of prd");
    assert_eq!(judged(by_hand, ""), Verdict::Unknown, "whose address it is is not known");
    let ended = pod("p", "shop-dev").replace("podIP", "phase: Succeeded, podIP");
    assert_eq!(judged(by_hand, &ended), Verdict::Unknown, "it may be another's by now");
    assert_eq!(judged(&by_hand.replace("10.1.2.3", "198.51.100.1"), ""), Verdict::Isolated, "no pod has it");
    assert_eq!(judged(&by_hand.replace("NodePort", "ClusterIP"), &pod("p", "shop-prd")), Verdict::Isolated);
}

#[test]
fn n23_behind_the_tunnel_of_an_ambient_mesh_every_port_may_be_open() {
    let asked = |label: &str, port: u16| {
        let spec = format!("{{podSelector: {{}}, ingress: [{{ports: [{{port: {port}}}]}}]}}");
        let yaml = street(&[], &[&spec]).replace("team: shop", label);
        let (to, port) = Endpoint::parse_with_port("shop-prd/orders:5432").unwrap();
        let from = Endpoint::parse("shop-dev/web").unwrap();
        reach(&snapshot(&yaml), &Settings::default(), &from, &to, port).unwrap().reachable
    };
    let ambient = "istio.io/dataplane-mode: ambient";
    assert_eq!(asked(ambient, 15008), Reachable::Unknown);
    assert_eq!(asked(ambient, 80), Reachable::Denied);
    assert_eq!(asked("team: shop", 15008), Reachable::Denied);
    // A pod alone may be of the mesh.
    let spec = "{podSelector: {}, ingress: [{ports: [{port: 15008}]}]}";
    let pod = street(&[], &[spec]).replace("{app: orders}", "{app: orders, istio.io/dataplane-mode: ambient}");
    let asked = super::asked(&snapshot(&pod), &Settings::default(), "shop-dev/web", "shop-prd/orders:5432");
    assert_eq!(asked.0, Reachable::Unknown);
}

#[test]
fn n12_nodes_that_two_ask_for_apart_are_shared_by_nobody_for_certain() {
    let judged = |own: &str, other: &str| {
        let agent = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: agent, namespace: shop-dev}}\n\
             spec: {{template: {{spec: {{hostNetwork: true, {own}, containers: []}}}}}}\n"
        );
        let yaml = street(&["{podSelector: {}, policyTypes: [Egress]}"], &[DENY])
            .replace("containers: [{name: orders", &format!("{other}, containers: [{{name: orders"));
        let findings = judge(&snapshot(&(yaml.clone() + &agent)), &Settings::default()).findings;
        let is_told = findings.iter().any(|told| told.summary.contains("the two ask for different nodes"));
        (into(&(yaml + &agent)), is_told)
    };
    let pool = |name: &str| format!("nodeSelector: {{os: linux, pool: {name}}}");
    let affinity = |terms: &str| {
        format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}}}"
        )
    };
    let one_of = |values: &str| format!("{{matchExpressions: [{{key: pool, operator: In, values: [{values}]}}]}}");
    assert_eq!(judged(&pool("dev"), &pool("prd")), (Verdict::Unknown, true));
    assert_eq!(judged(&pool("dev"), &pool("dev")), (Verdict::Broken, false));
    assert_eq!(judged(&pool("dev"), "nodeSelector: {os: linux}"), (Verdict::Broken, false));
    assert_eq!(judged(&pool("dev"), &affinity(&one_of("prd"))), (Verdict::Unknown, true));
    assert_eq!(judged(&pool("dev"), &affinity(&one_of("prd, dev"))), (Verdict::Broken, false));
    let either = format!("{}, {}", one_of("prd"), one_of("dev"));
    assert_eq!(judged(&pool("dev"), &affinity(&either)), (Verdict::Broken, false), "one term of several is enough");
    let contradicting = format!("{}, {}", pool("dev"), affinity(&one_of("prd")));
    for other in [pool("dev"), pool("prd"), affinity(&one_of("dev")), "nodeSelector: {}".to_owned()] {
        assert_eq!(judged(&contradicting, &other), (Verdict::Unknown, true), "no node has both: {other}");
        assert_eq!(judged(&other, &contradicting), (Verdict::Unknown, true), "no node has both: {other}");
    }
}

#[test]
fn n21_documents_that_ask_for_the_same_nodes_in_other_words_do_not_differ() {
    let agent = |node: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: agent, namespace: shop-dev}}\n\
             spec: {{template: {{spec: {{hostNetwork: true, {node}containers: []}}}}}}\n---\n"
        )
    };
    let pool = |name: &str| format!("nodeSelector: {{pool: {name}}}, ");
    let affinity = |name: &str| {
        format!(
            "affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: \
             [{{matchExpressions: [{{key: pool, operator: In, values: [{name}]}}]}}]}}}}}}, "
        )
    };
    let judged = |one: &str, other: &str| {
        let snapshot = snapshot(&(street(&[], &[]) + &agent(one) + &agent(other)));
        let settings = Settings::default();
        let plane = Plane::compile(&snapshot, &settings);
        plane.classes.iter().filter(|class| class.host_network).all(|class| !class.alternative)
    };
    assert!(judged(&pool("a"), &pool("a")) && !judged(&pool("a"), &pool("b")));
    assert!(judged(&pool("a"), &(pool("a") + &affinity("a"))), "twice the same is once");
    assert!(judged(&(pool("a") + &affinity("b")), &(pool("b") + &affinity("a"))));
}

#[test]
fn n17_what_pod_security_refuses_is_on_its_node_for_nobody_for_certain() {
    let judged = |level: &str, kind: &str, node: &str| {
        let spec = format!("hostNetwork: true, {node}containers: []");
        let spec = if kind == "v1/Pod" { spec } else { format!("template: {{spec: {{{spec}}}}}") };
        let (api, kind) = kind.rsplit_once('/').unwrap();
        let agent = format!(
            "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: agent, namespace: shop-dev}}\nspec: {{{spec}}}\n"
        );
        let yaml = street(&["{podSelector: {}, policyTypes: [Egress]}"], &[DENY]).replace("team: shop", level) + &agent;
        let findings = judge(&snapshot(&yaml), &Settings::default()).findings;
        let words = "Pod Security refuses shop-dev/agent, which asks for its node's network";
        (into(&yaml), findings.iter().any(|told| told.summary.contains(words)))
    };
    let baseline = "pod-security.kubernetes.io/enforce: baseline";
    assert_eq!(judged("team: shop", "apps/v1/Deployment", ""), (Verdict::Broken, false));
    assert_eq!(judged(baseline, "apps/v1/Deployment", ""), (Verdict::Unknown, true));
    assert_eq!(judged(&baseline.replace("baseline", "restricted"), "v1/Pod", ""), (Verdict::Unknown, true));
    assert_eq!(judged(&baseline.replace("enforce", "warn"), "apps/v1/Deployment", ""), (Verdict::Broken, false));
    assert_eq!(judged(baseline, "v1/Pod", "nodeName: a, "), (Verdict::Broken, false), "it was let in before");
}

#[test]
fn n17_what_pod_security_refuses_for_a_port_of_its_node_is_there_for_nobody_for_certain() {
    let judged = |level: &str, node: &str, port: &str| {
        let yaml = street(&[], &[])
            .replace("team: shop", level)
            .replace("containerPort: 5432", &format!("containerPort: 5432, {port}"))
            .replace("spec: {containers: [{name: orders", &format!("spec: {{{node}containers: [{{name: orders"));
        let snapshot = snapshot(&yaml);
        let settings = Settings::default();
        let plane = Plane::compile(&snapshot, &settings);
        let orders = plane.classes.iter().find(|class| class.first.name == "orders").unwrap();
        let (reachable, because) = asked(&snapshot, &settings, "dev:web", "prd:orders:5432");
        let is_told = because.contains("Pod Security refuses") && because.contains("asks for a port of its node");
        (orders.is_certain(), reachable, is_told)
    };
    let baseline = "pod-security.kubernetes.io/enforce: baseline";
    let refused = (false, Reachable::Unknown, true);
    assert_eq!(judged("team: shop", "", "hostPort: 80"), (true, Reachable::Allowed, false));
    assert_eq!(judged(baseline, "", "hostPort: 80"), refused);
    assert_eq!(judged(&baseline.replace("baseline", "restricted"), "", "hostPort: 80"), refused);
    assert!(judged(baseline, "", "hostPort: 0").0, "it asks for none");
    let seen = judged(baseline, "nodeName: a, ", "hostPort: 80");
    assert!(seen.0, "it was let in before");
}

#[test]
fn n17_where_pod_security_refuses_all_that_is_known_the_pods_that_would_be_count() {
    let agent = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: agent, namespace: shop-acc}\n\
                 spec: {template: {spec: {hostNetwork: true, containers: []}}}\n---\n\
                 apiVersion: v1\nkind: Namespace\n\
                 metadata: {name: shop-acc, labels: {pod-security.kubernetes.io/enforce: baseline}}\n";
    let of = |prd: &[&str]| verdict(&(street(&[], prd) + agent), &Settings::default(), "acc", "prd");
    assert_eq!(of(&[]), Verdict::Broken, "whatever comes to run there is open");
    assert_eq!(of(&[DENY]), Verdict::Unknown);
}
