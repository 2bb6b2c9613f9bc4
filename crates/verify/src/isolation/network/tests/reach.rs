//! Single questions.

use super::*;
use dtap_snapshot::reading::{Unread, UnreadCause};

#[test]
fn reach_says_because_of_which_policies() {
    let yaml = street(
        &[],
        &[
            "{podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}], ports: [{port: 5432}]}]}",
        ],
    );
    let snapshot = snapshot(&yaml);
    let ask = |from: &str, to: &str| {
        let (to, port) = Endpoint::parse_with_port(to).unwrap();
        reach(&snapshot, &Settings::default(), &Endpoint::parse(from).unwrap(), &to, port).unwrap()
    };
    let allowed = ask("shop-dev/web", "prd:orders:5432");
    assert_eq!(allowed.reachable, Reachable::Allowed);
    assert!(allowed.because.iter().any(|reason| reason.text.contains("p0") && reason.evidence.is_some()));
    assert_eq!(ask("shop-dev/web", "prd:orders:80").reachable, Reachable::Denied);
    assert!(ask("shop-dev/web", "prd:orders:80").because[0].text.contains("p0"));
    assert_eq!(ask("shop-prd/orders", "dev:web").reachable, Reachable::Allowed);
    assert_eq!(ask("203.0.113.1", "prd:orders:5432").reachable, Reachable::Denied);
    assert_eq!(ask("10.0.0.1", "prd:orders:5432").reachable, Reachable::Unknown);
    assert_eq!(ask("shop-dev/web", "203.0.113.1:443").reachable, Reachable::Allowed);
}

#[test]
fn reach_gives_true_reasons_alone() {
    let default = Settings::default();
    // What lets through is no reason of a denial, and from an address there is one, too.
    let closed = "{podSelector: {}, policyTypes: [Ingress]}";
    let open = "{podSelector: {}, policyTypes: [Egress], egress: [{}]}";
    let denied = snapshot(&street(&[open], &[closed]));
    let (reachable, because) = asked(&denied, &default, "dev:web", "prd:orders:80");
    assert_eq!(reachable, Reachable::Denied);
    assert!(because.contains("shop-prd/orders for ingress") && !because.contains("for egress"), "{because}");
    // Beside one that opens, one that closes is none either.
    let shut = "{podSelector: {}, policyTypes: [Egress]}";
    let (_, because) = asked(&snapshot(&street(&[shut, open], &[closed])), &default, "dev:web", "prd:orders:80");
    assert!(because.contains("shop-prd/orders for ingress") && !because.contains("for egress"), "{because}");
    let (reachable, because) = asked(&denied, &default, "8.8.8.8", "prd:orders");
    assert!(reachable == Reachable::Denied && because.contains("opens no such way"), "{because}");
    let strict = Settings { strict: true, ..Settings::default() };
    assert_eq!(asked(&denied, &strict, "dev:web", "prd:orders:80").0, Reachable::Unknown);
    // Ports that do not meet: neither side closes the way alone.
    let out = "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}";
    let into = "{podSelector: {}, ingress: [{ports: [{port: 443}]}]}";
    let (reachable, because) = asked(&snapshot(&street(&[out], &[into])), &default, "dev:web", "prd:orders");
    assert_eq!(reachable, Reachable::Denied);
    assert!(because.contains("for egress and opens nothing that the other end does"), "{because}");
    // A gap is what leaves it open, though a policy selects the pods.
    let mut hidden = snapshot(&street(&[], &[closed]));
    hidden.gaps.push(Gap {
        what: "the chart of shop-prd was not rendered".to_owned(),
        hint: None,
        place: None,
        reach: Reach::Everything,
        hides: Hides::Objects,
        unread: None,
    });
    let (reachable, because) = asked(&hidden, &default, "dev:web", "prd:orders");
    assert_eq!(reachable, Reachable::Unknown);
    assert!(because.starts_with("the chart of shop-prd was not rendered"), "{because}");
    assert!(because.contains("which policies select shop-prd/orders for ingress is not certain"), "{because}");
    assert!(!because.contains("no policy selects shop-prd"), "{because}");
}

#[test]
fn reach_answers_between_clusters_as_the_matrix_does() {
    let mut apart = snapshot(&street(&[], &[]));
    let other = Cluster { name: "west".to_owned(), ..apart.clusters[0].clone() };
    apart.clusters.push(other);
    let prd = apart.namespaces.iter_mut().find(|namespace| namespace.name == "shop-prd").unwrap();
    prd.cluster = ClusterId(1);
    for cluster in &mut apart.clusters {
        cluster.certain = true;
    }
    let verdict = |snapshot: &Snapshot, settings: &Settings| judge(snapshot, settings).matrix.cells[0][3].verdict;
    let (default, strict) = (Settings::default(), Settings { strict: true, ..Settings::default() });
    let (reachable, because) = asked(&apart, &default, "dev:web", "prd:orders");
    assert_eq!((reachable, verdict(&apart, &default)), (Reachable::Denied, Verdict::OtherCluster));
    assert!(because.contains("stands on cluster west"), "{because}");
    assert_eq!(asked(&apart, &strict, "dev:web", "prd:orders").0, Reachable::Unknown);
    assert_eq!(verdict(&apart, &strict), Verdict::Unknown);
    apart.clusters[1].certain = false;
    let (reachable, because) = asked(&apart, &default, "dev:web", "prd:orders");
    assert_eq!((reachable, verdict(&apart, &default)), (Reachable::Unknown, Verdict::Unknown));
    assert!(because.contains("whether the two stand on one cluster is not said"), "{because}");
}

#[test]
fn reach_asks_both_ends_who_the_other_is() {
    let asked = |dev: &[&str], prd: &[&str], more: &str, to: &str| {
        asked(&snapshot(&(street(dev, prd) + more)), &Settings::default(), "shop-dev/web", to).0
    };
    let peers = |section: &str, peer: &str| {
        let (kind, types) = if section == "to" { ("egress", "Egress") } else { ("ingress", "Ingress") };
        format!("{{podSelector: {{}}, policyTypes: [{types}], {kind}: [{{{section}: [{peer}]}}]}}")
    };
    let others = "{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}";
    let orders = "shop-prd/orders";
    assert_eq!(asked(&[], &[&peers("from", others)], "", orders), Reachable::Denied);
    assert_eq!(asked(&[&peers("to", others)], &[], "", orders), Reachable::Denied);
    let (v4, v6) = ("{ipBlock: {cidr: 10.0.0.0/8}}", "{ipBlock: {cidr: 'fd00::/8'}}");
    assert_eq!(asked(&[&peers("to", v4)], &[&peers("from", v6)], "", orders), Reachable::Denied);
    // By way of a node a published pod may be reached, and no other (N12).
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: it, namespace: shop-prd}\n\
                   spec: {type: NodePort, selector: {app: orders}, ports: [{port: 5432}]}\n---\n\
                   {apiVersion: v1, kind: Pod, metadata: {name: beside, namespace: shop-prd}}\n";
    assert_eq!(asked(&[], &[DENY], service, orders), Reachable::Unknown);
    assert_eq!(asked(&[], &[DENY], service, "shop-prd/beside"), Reachable::Denied);
}

#[test]
fn reach_takes_a_pod_by_its_own_name_and_by_its_controllers() {
    let mut snapshot = snapshot(&street(&[], &[]));
    snapshot.workloads.iter_mut().filter(|it| it.name == "web").for_each(|it| it.told_as = "front".into());
    let ask = |from: &str| {
        let (from, to) = (Endpoint::parse(from).unwrap(), Endpoint::parse("shop-prd/orders").unwrap());
        reach(&snapshot, &Settings::default(), &from, &to, None).map(|answer| answer.reachable)
    };
    assert_eq!(ask("shop-dev/web"), Ok(Reachable::Allowed));
    assert_eq!(ask("shop-dev/front"), Ok(Reachable::Allowed));
    assert!(ask("shop-dev/back").is_err_and(|told| told.to_string().contains("no workload back")));
}

#[test]
fn reach_needs_a_word_for_own_namespaces_where_neither_end_names_one() {
    let assume = Assumed { cni_enforces: true, input_complete: true, ..Assumed::default() };
    let strict = Settings { strict: true, assume };
    let nameless = |names: &[&str]| {
        let mut snapshot = snapshot(&street(&[], &[DENY]));
        let those = snapshot.namespaces.iter_mut().filter(|namespace| names.contains(&namespace.name.as_str()));
        those.for_each(|namespace| namespace.name = NO_NAMESPACE.to_owned());
        asked(&snapshot, &strict, "dev:web", "prd:orders")
    };
    assert_eq!(nameless(&[]).0, Reachable::Denied);
    assert_eq!(nameless(&["shop-dev"]).0, Reachable::Denied);
    assert_eq!(nameless(&["shop-prd"]).0, Reachable::Denied);
    let (reachable, because) = nameless(&["shop-dev", "shop-prd"]);
    assert!(reachable == Reachable::Unknown && because.contains("own-namespaces"), "{because}");
}

/// What an address may do is unknown, and why.
#[track_caller]
fn is_unknown_because(yaml: &str, from: &str, to: &str, why: &str) {
    let (reachable, because) = asked(&snapshot(yaml), &Settings::default(), from, to);
    assert_eq!(reachable, Reachable::Unknown, "{why}: {because}");
    assert!(because.starts_with(why), "{why}: {because}");
}

#[test]
fn reach_says_why_it_is_unknown_what_an_address_may_do() {
    let of = |peer: &str| street(&[], &[&format!("{{podSelector: {{}}, ingress: [{{from: [{peer}]}}]}}")]);
    let pods = of("{namespaceSelector: {}}");
    let why =
        "policy p0 admits every namespace, and 10.0.0.1 may be the address of one of its pods: --assume pod-range";
    is_unknown_because(&pods, "10.0.0.1", "prd:orders", why);
    let why = "policy p0 admits the addresses 203.0.113.0/25, and 203.0.113.0/24 lies in them only in part";
    is_unknown_because(&of("{ipBlock: {cidr: 203.0.113.0/25}}"), "203.0.113.0/24", "prd:orders", why);
    let why = "policy p0 admits the addresses 203.0.113.7/24, which not every network plugin reads alike";
    is_unknown_because(&of("{ipBlock: {cidr: 203.0.113.7/24}}"), "203.0.113.9", "prd:orders", why);
    let out = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], \
               ports: [{port: http}]}]}";
    let why = "policy p0 lets out to the addresses 203.0.113.0/24 on a port that it calls by a name";
    is_unknown_because(&street(&[out], &[]), "dev:web", "203.0.113.9", why);
}

#[test]
fn reach_says_why_it_is_unknown_whether_a_pod_passes_its_own_policies() {
    let with = |object: &str| street(&[], &[DENY]) + object + "\n";
    let cilium =
        "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: x, namespace: shop-prd}, spec: {}}";
    is_unknown_because(
        &with(cilium),
        "8.8.8.8",
        "prd:orders",
        "policies of kind CiliumNetworkPolicy.cilium.io are not",
    );
    let node = "{apiVersion: v1, kind: Pod, metadata: {name: on-node, namespace: shop-prd}, spec: {hostNetwork: true}}";
    let why = "shop-prd/on-node is on its node's network, where policies may or may not hold";
    is_unknown_because(&with(node), "8.8.8.8", "shop-prd/on-node", why);
    let open = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p0, namespace: shop-prd}, \
                spec: {podSelector: {}, ingress: [{}]}}";
    let why = "policy p0 is declared more than once, and the documents differ";
    is_unknown_because(&with(open), "8.8.8.8", "prd:orders", why);
    let shut = "{podSelector: {}, policyTypes: [Egress]}";
    let out = open.replace("shop-prd", "shop-dev").replace("ingress", "egress");
    let out = street(&[shut], &[]) + &out.replace("{podSelector: {},", "{podSelector: {}, policyTypes: [Egress],");
    is_unknown_because(&out, "dev:web", "8.8.8.8", why);
    let deployment = |label: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: api, namespace: shop-prd}}, spec: {{selector: \
             {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b{label}}}}}}}}}}}\n---\n"
        )
    };
    let hash = "{podSelector: {matchLabels: {pod-template-hash: x}}, policyTypes: [Ingress]}";
    let why = "labels that a controller adds to its pods decide it";
    for from in ["8.8.8.8", "dev:web"] {
        is_unknown_because(&(street(&[], &[hash]) + &deployment("")), from, "shop-prd/api", why);
    }
    let twice = street(&[], &[]) + &deployment("") + &deployment(", c: d");
    let why = "shop-prd/api comes in several forms, which say different things of its pods";
    is_unknown_because(&twice, "8.8.8.8", "shop-prd/api", why);
}

#[test]
fn reach_says_of_a_missing_end_what_was_not_read_and_may_hold_it() {
    let told = |count: usize| {
        let mut snapshot = snapshot(&street(&[], &[]));
        let unread = |at: usize| Unread {
            name: format!("{at}.yaml"),
            why: "no YAML".to_owned(),
            hint: None,
            place: None,
            cause: UnreadCause::Syntax,
            context: Context::default(),
            namespace: None,
            object: None,
            confined: false,
        };
        snapshot.unread = (0..count).map(unread).collect();
        let (from, to) = (Endpoint::parse("shop-pay/web").unwrap(), Endpoint::parse("prd:orders").unwrap());
        reach(&snapshot, &Settings::default(), &from, &to, None).map_err(|why| why.to_string()).unwrap_err()
    };
    assert_eq!(told(0), "there is no namespace shop-pay");
    let one = "there is no namespace shop-pay in what was read; it may be in what was not: 0.yaml: no YAML";
    assert_eq!(told(1), one);
    assert_eq!(told(3), one.to_owned() + ", and 2 more");
}

#[test]
fn reach_to_the_address_of_a_pod_asks_that_pods_own_policies() {
    let pod = |stage: &str, address: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: live, namespace: shop-{stage}}}\n\
             spec: {{containers: [{{name: c}}]}}\nstatus: {{phase: Running, podIP: {address}}}\n---\n"
        )
    };
    let yaml = |policies: &[&str]| street(&[], policies) + &pod("dev", "10.1.1.1") + &pod("prd", "10.1.2.3");
    let answer =
        |policies: &[&str], from: &str, to: &str| asked(&snapshot(&yaml(policies)), &Settings::default(), from, to).0;
    assert_eq!(answer(&[DENY], "shop-dev/live", "10.1.2.3:80"), Reachable::Unknown);
    assert_eq!(answer(&[DENY], "shop-dev/live", "10.1.2.4:80"), Reachable::Allowed, "nobody's address");
    assert_eq!(answer(&[], "shop-dev/live", "10.1.2.3:80"), Reachable::Allowed);
    let shut = "{podSelector: {}, policyTypes: [Egress]}";
    assert_eq!(answer(&[shut], "10.1.2.3", "shop-dev/live:80"), Reachable::Unknown);
    assert_eq!(answer(&[], "10.1.2.3", "shop-dev/live:80"), Reachable::Allowed);
    assert_eq!(answer(&[DENY], "shop-dev/live", "10.1.2.0/24:80"), Reachable::Unknown, "one in the range is shut");
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    for from in ["shop-dev/live", "10.1.1.1"] {
        assert_eq!(answer(&[block], from, "shop-prd/live:80"), Reachable::Unknown, "{from}: N11");
    }
}
