//! Whole judgements of small inputs, and every rule on its own examples.

use super::*;
use crate::settings::{Assumed, Settings};
use dtap_model::environment::{
    Belonging, Cluster, ClusterId, Environment, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::place::{Origin, Source};
use dtap_report::report::Standing;
use dtap_snapshot::decode::decode;
use dtap_snapshot::reading::Context;
use dtap_snapshot::snapshot::{Gap, Placed, Reach};
use std::collections::BTreeSet;

const STAGES: [&str; 4] = ["dev", "tst", "acc", "prd"];

/// A snapshot of one street in one cluster. A namespace belongs to the stage after its hyphen; one of the shop's
/// without is unplaced, any other shared.
fn snapshot(yaml: &str) -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.clusters.push(Cluster { name: "cluster".into(), evidence: String::new(), certain: true, guessed: false });
    let source = Source { name: "test.yaml".into(), origin: Origin::File, text: yaml.to_owned() };
    let source = snapshot.sources.add(source);
    let decoded = decode(source, "test.yaml", yaml, &Context::default());
    assert!(decoded.unread.is_empty(), "{:?}", decoded.unread);
    let objects: Vec<_> = decoded.objects.into_iter().map(|read| read.object).collect();
    let is_namespace =
        |name: &str| objects.iter().find(|it| it.identity.kind.is("", "Namespace") && it.identity.name == name);
    let names: BTreeSet<String> = objects
        .iter()
        .filter_map(|it| {
            if it.identity.kind.is("", "Namespace") {
                Some(it.identity.name.clone())
            } else {
                it.identity.namespace.clone()
            }
        })
        .collect();
    let stage =
        |name: &str| name.rsplit_once('-').and_then(|(_, stage)| STAGES.iter().position(|known| *known == stage));
    for (rank, stage) in STAGES.iter().enumerate() {
        let rank = u32::try_from(rank).unwrap();
        snapshot.environments.push(Environment {
            street: StreetId(0),
            stage: (*stage).to_owned(),
            production: *stage == "prd",
            rank,
        });
    }
    let ids = (0..4).map(EnvironmentId).collect();
    snapshot.streets.push(Street { name: "shop".into(), environments: ids });
    for (at, name) in names.iter().enumerate() {
        let declared = is_namespace(name);
        let mut labels: Vec<(String, String)> = declared
            .and_then(|it| it.tree.at(&["metadata", "labels"]))
            .map_or(&[][..], |labels| labels.entries())
            .iter()
            .map(|entry| (entry.key.to_string(), entry.node.as_str().unwrap().to_owned()))
            .collect();
        labels.push(("kubernetes.io/metadata.name".into(), name.clone()));
        labels.sort();
        snapshot.namespaces.push(Namespace {
            cluster: ClusterId(0),
            name: name.clone(),
            whole: NamespaceId(u32::try_from(at).unwrap()),
            belonging: match stage(name) {
                Some(at) => Belonging::Environment(EnvironmentId(u32::try_from(at).unwrap())),
                None if name.starts_with("shop-") => Belonging::Unplaced,
                None => Belonging::Shared,
            },
            evidence: String::new(),
            labels,
            declared: declared.is_some(),
            place: declared.map(dtap_model::object::Object::cite_name),
        });
    }
    for object in objects {
        let at = object.identity.namespace.as_ref().and_then(|name| names.iter().position(|known| known == name));
        let id = at.map(|at| NamespaceId(u32::try_from(at).unwrap()));
        if let (Some(extracted), Some(at)) = (dtap_snapshot::workload::workload(&object), at) {
            let next = |count: usize| u32::try_from(count).unwrap();
            let mut workload = extracted.workload;
            workload.namespace = next(at);
            workload.labels = next(snapshot.label_sets.len());
            workload.ports = next(snapshot.port_sets.len());
            snapshot.label_sets.push(extracted.labels);
            snapshot.port_sets.push(extracted.ports);
            snapshot.workloads.push(workload);
        }
        let environment = id.and_then(|id| match snapshot.namespace(id)?.belonging {
            Belonging::Environment(id) => Some(id),
            _ => None,
        });
        snapshot.objects.push(Placed { object, cluster: ClusterId(0), namespace: id, environment });
    }
    snapshot
}

fn verdict(yaml: &str, settings: &Settings, from: &str, to: &str) -> Verdict {
    verdict_of(&judge(&snapshot(yaml), settings), from, to)
}

fn verdict_of(judgement: &Judgement, from: &str, to: &str) -> Verdict {
    let at = |name: &str| judgement.matrix.parties.iter().position(|party| party.name == name).unwrap();
    judgement.matrix.cells[at(from)][at(to)].verdict
}

/// Two namespaces with a pod each, and these specs of policies named by their order.
fn street(dev: &[&str], prd: &[&str]) -> String {
    let mut yaml = String::new();
    for (stage, app, policies) in [("dev", "web", dev), ("prd", "orders", prd)] {
        yaml += &format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}, labels: {{environment: {stage}, team: shop}}}}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {{name: {app}, namespace: shop-{stage}, labels: {{app: {app}}}}}\n\
             spec: {{containers: [{{name: {app}, ports: [{{containerPort: 5432, name: db}}]}}]}}\n---\n"
        );
        for (at, spec) in policies.iter().enumerate() {
            yaml += &format!(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{at}, namespace: shop-{stage}}}\nspec: {spec}\n---\n"
            );
        }
    }
    yaml
}

fn into_prd(dev: &[&str], prd: &[&str]) -> Verdict {
    verdict(&street(dev, prd), &Settings::default(), "dev", "prd")
}

const DENY: &str = "{podSelector: {}, policyTypes: [Ingress]}";

#[test]
fn n1_n2_what_no_policy_selects_is_open_and_an_empty_section_closes() {
    assert_eq!(into_prd(&[], &[]), Verdict::Broken);
    assert_eq!(into_prd(&[], &[DENY]), Verdict::Isolated);
    assert_eq!(into_prd(&[], &["{podSelector: {}, ingress: [{}]}"]), Verdict::Broken);
    assert_eq!(into_prd(&["{podSelector: {}, egress: []}"], &["{podSelector: {}, ingress: [null]}"]), Verdict::Broken);
    assert_eq!(into_prd(&["{podSelector: {}, policyTypes: [Egress]}"], &[]), Verdict::Isolated);
}

#[test]
fn n4_a_pod_selector_alone_is_the_own_namespace_and_both_selectors_must_match() {
    assert_eq!(into_prd(&[], &["{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"]), Verdict::Isolated);
    let both = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}]}]}";
    assert_eq!(into_prd(&[], &[both]), Verdict::TodayOnly);
    let or = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}, {podSelector: {matchLabels: {app: db}}}]}]}";
    assert_eq!(into_prd(&[], &[or]), Verdict::Broken);
    assert_eq!(into_prd(&[], &["{podSelector: {}, ingress: [{from: [{}]}]}"]), Verdict::Unknown);
}

#[test]
fn n7_n8_n9_ports_must_meet_by_number_protocol_and_name() {
    let out = |ports: &str| format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{{ports: [{ports}]}}]}}");
    let into = |ports: &str| format!("{{podSelector: {{}}, ingress: [{{ports: [{ports}]}}]}}");
    let pair = |one: &str, other: &str| into_prd(&[&out(one)], &[&into(other)]);
    assert_eq!(pair("{port: 5432}", "{port: 5432}"), Verdict::Broken);
    assert_eq!(pair("{port: 5432}", "{port: 5432, protocol: UDP}"), Verdict::Isolated);
    assert_eq!(pair("{port: 5000, endPort: 6000}", "{port: db}"), Verdict::Broken);
    assert_eq!(pair("{port: 80}", "{port: db}"), Verdict::TodayOnly);
}

#[test]
fn n17_a_pod_that_would_be_has_one_set_of_labels_for_both_ends() {
    let dev = [
        "{podSelector: {}, policyTypes: [Egress]}",
        "{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{}]}",
    ];
    let prd =
        ["{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}]}]}"];
    assert_eq!(into_prd(&dev, &prd), Verdict::TodayOnly);
    let prd =
        ["{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]}"];
    assert_eq!(into_prd(&dev, &prd), Verdict::Isolated);
}

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
fn n14_a_namespace_that_is_not_declared_may_carry_any_label() {
    let admits = |label: &str| {
        format!("{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{label}}}}}}}]}}]}}")
    };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop-tst}\nspec: {containers: []}\n";
    let yaml = |label: &str| street(&[], &[&admits(label)]) + pod;
    assert_eq!(verdict(&yaml("team: other"), &Settings::default(), "tst", "prd"), Verdict::Unknown);
    assert_eq!(verdict(&yaml("team: other"), &Settings::default(), "dev", "prd"), Verdict::Isolated);
    assert_eq!(
        verdict(&yaml("kubernetes.io/metadata.name: shop-tst"), &Settings::default(), "tst", "prd"),
        Verdict::Broken
    );
    assert_eq!(
        verdict(&yaml("kubernetes.io/metadata.name: shop-dev"), &Settings::default(), "tst", "prd"),
        Verdict::Isolated
    );
}

#[test]
fn n18_what_is_not_modelled_is_unknown_whatever_the_others_say() {
    let cilium =
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop-prd}\nspec: {}\n";
    assert_eq!(verdict(&(street(&[], &[DENY]) + cilium), &Settings::default(), "dev", "prd"), Verdict::Unknown);
    assert_eq!(verdict(&(street(&[], &[]) + cilium), &Settings::default(), "dev", "prd"), Verdict::Unknown);
    let old = "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: c, namespace: shop-prd}\nspec: {podSelector: {}}\n";
    assert_eq!(verdict(&(street(&[], &[]) + old), &Settings::default(), "dev", "prd"), Verdict::Broken);
}

#[test]
fn n21_of_several_documents_one_holds() {
    let twice = |second: &str| {
        let policy = |spec: &str| {
            format!(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: twice, namespace: shop-prd}}\nspec: {spec}\n---\n"
            )
        };
        let yaml = street(&[], &[]) + &policy(DENY) + &policy(second);
        verdict(&yaml, &Settings::default(), "dev", "prd")
    };
    assert_eq!(twice(DENY), Verdict::Isolated);
    assert_eq!(twice("{podSelector: {}, ingress: [{}]}"), Verdict::Unknown);
    assert_eq!(twice("{podSelector: {matchLabels: {app: orders}}, policyTypes: [Ingress]}"), Verdict::Unknown);
}

#[test]
fn a_gap_makes_unknown_and_strictness_doubts_what_nobody_vouches_for() {
    let mut snapshot = snapshot(&street(&[DENY], &[DENY]));
    let strict = Settings { strict: true, ..Settings::default() };
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Isolated);
    assert_eq!(verdict_of(&judge(&snapshot, &strict), "dev", "prd"), Verdict::Unknown);
    let gap = Gap {
        what: "a chart".into(),
        hint: None,
        place: None,
        reach: Reach::Environment(EnvironmentId(3)),
        unread: None,
    };
    snapshot.gaps.push(gap);
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Unknown);
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "prd", "dev"), Verdict::Isolated);
}

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
fn contacts_of_one_cause_are_one_finding_with_its_mend() {
    let admits = |stage: &str, selector: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}, labels: {{environment: {stage}, team: shop}}}}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: orders, namespace: shop-{stage}}}\n\
         spec: {{template: {{metadata: {{labels: {{app: orders}}}}, spec: {{containers: [{{name: o, ports: [{{containerPort: 5432}}]}}]}}}}}}\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: orders, namespace: shop-{stage}}}\n\
         spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{selector}}}}}}}]}}]}}\n---\n"
        )
    };
    let yaml = admits("dev", "team: shop, environment: dev")
        + &admits("tst", "team: shop, environment: tst")
        + &admits("prd", "team: shop");
    let judgement = judge(&snapshot(&yaml), &Settings::default());
    let findings: Vec<_> = judgement.findings.iter().filter(|finding| finding.rule.code == "NET001").collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].summary, "dev and tst can open shop-prd/orders:5432/TCP (shop-dev/orders for one)");
    assert_eq!(findings[0].mend.as_deref(), Some("add `environment: prd`, as the same policy has it in dev and tst"));
    assert_eq!(findings[0].environments, ["shop/dev", "shop/tst", "shop/prd"]);
    assert!(findings[0].production && findings[0].known);
    assert_eq!(findings[0].evidence[0].label, "admits every namespace with team=shop");
    assert_eq!(judgement.matrix.cells[0][3].because, [findings[0].fingerprint.0.clone()]);
}

#[test]
fn every_rule_finds_what_breaks_it_and_not_what_holds() {
    for rule in rules::RULES {
        let found = |yaml: &str| {
            let findings = judge(&snapshot(yaml), &Settings::default()).findings;
            findings.into_iter().any(|finding| finding.rule.code == rule.code)
        };
        assert!(found(rule.breaks), "{} does not find its own example", rule.code);
        assert!(!found(rule.holds), "{} finds what holds", rule.code);
    }
}

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
    ] {
        let object = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: shown}}\nspec: {spec}");
        assert_eq!(with(&object), Verdict::Unknown, "{kind} {spec}");
    }
    let pool = "apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: {name: p}\nspec: {cidr: 26.0.0.0/16}";
    assert_eq!(with(pool), Verdict::Isolated);
}

fn into_prd_with(dev: &str, object: &str) -> Verdict {
    verdict(&(street(&[dev], &[]) + object + "\n"), &Settings::default(), "dev", "prd")
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
fn n21_a_workload_declared_twice_is_found_where_its_pods_differ() {
    let twice = |label: &str| {
        let deployment = |label: &str| {
            format!(
                "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: shop-dev}}\n\
                 spec: {{template: {{metadata: {{labels: {{app: {label}}}}}}}}}\n"
            )
        };
        snapshot(&(street(&[], &[]) + &deployment("api") + &deployment(label)))
    };
    let found = |label: &str| {
        let findings = judge(&twice(label), &Settings::default()).findings;
        findings.into_iter().filter(|finding| finding.rule.code == "NET008").map(|finding| finding.summary).collect()
    };
    let told: Vec<String> = found("job");
    assert_eq!(told, ["2 documents are the one Deployment shop-dev/api, and their pods differ"]);
}

/// What `reach` answers, and its reasons in one text.
fn asked(snapshot: &Snapshot, settings: &Settings, from: &str, to: &str) -> (Reachable, String) {
    let (to, port) = Endpoint::parse_with_port(to).unwrap();
    let answer = reach(snapshot, settings, &Endpoint::parse(from).unwrap(), &to, port).unwrap();
    (answer.reachable, answer.because.into_iter().map(|reason| reason.text + "\n").collect())
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
fn n19_pods_carry_what_their_controllers_add() {
    let of = |kind: &str| {
        let version = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: h, namespace: shop-dev}}\n\
             spec: {{template: {{metadata: {{labels: {{app: h}}}}, spec: {{containers: [{{name: h}}]}}}}}}\n"
        )
    };
    let judged = |kind: &str, peer: &str| {
        let admits =
            format!("{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{}}, podSelector: {peer}}}]}}]}}");
        verdict(&(street(&[], &[&admits]) + &of(kind)), &Settings::default(), "dev", "prd")
    };
    let exists = "{matchExpressions: [{key: pod-template-hash, operator: Exists}]}";
    assert_eq!(judged("Deployment", exists), Verdict::Broken);
    assert_eq!(judged("DaemonSet", exists), Verdict::TodayOnly);
    assert_eq!(judged("Deployment", "{matchLabels: {pod-template-hash: abc}}"), Verdict::Unknown);
    assert_eq!(judged("Job", "{matchLabels: {job-name: h}}"), Verdict::Broken);
    assert_eq!(judged("Job", "{matchLabels: {job-name: other}}"), Verdict::TodayOnly);
    assert_eq!(judged("StatefulSet", "{matchLabels: {statefulset.kubernetes.io/pod-name: h-0}}"), Verdict::Unknown);
    assert_eq!(
        judged("StatefulSet", "{matchLabels: {statefulset.kubernetes.io/pod-name: other-0}}"),
        Verdict::TodayOnly
    );
}

#[test]
fn n19_what_a_custom_template_makes_is_possible() {
    let rollout = |spec: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: r, namespace: shop-dev}}\n\
             spec: {{template: {{metadata: {{labels: {{app: job}}}}, spec: {{{spec}containers: [{{name: c}}]}}}}}}\n"
        )
    };
    let judged = |policy: &str, spec: &str| {
        verdict(&(street(&[], &[policy]) + &rollout(spec)), &Settings::default(), "dev", "prd")
    };
    let admits =
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: job}}}]}]}";
    assert_eq!(judged(admits, ""), Verdict::Unknown);
    assert_eq!(judged(&admits.replace("job", "other"), ""), Verdict::TodayOnly);
    assert_eq!(judged(DENY, ""), Verdict::Isolated);
    assert_eq!(judged(DENY, "hostNetwork: true, "), Verdict::Unknown);
}

#[test]
fn what_a_deployment_tool_leaves_out_does_not_protect_for_certain() {
    let yaml = street(&[], &[DENY]);
    let hook = |annotation: &str| yaml.replace("name: p0,", &format!("name: p0, annotations: {{{annotation}}},"));
    assert_eq!(verdict(&yaml, &Settings::default(), "dev", "prd"), Verdict::Isolated);
    for (annotation, expected) in [
        ("argocd.argoproj.io/hook: Skip", Verdict::Unknown),
        ("helm.sh/hook: pre-install", Verdict::Unknown),
        ("config.kubernetes.io/local-config: 'true'", Verdict::Unknown),
        ("config.kubernetes.io/local-config: 'false'", Verdict::Isolated),
        ("kustomize.toolkit.fluxcd.io/ssa: Ignore", Verdict::Unknown),
        ("kustomize.toolkit.fluxcd.io/ssa: Merge", Verdict::Isolated),
        ("kustomize.toolkit.fluxcd.io/reconcile: disabled", Verdict::Unknown),
        ("kustomize.toolkit.fluxcd.io/reconcile: enabled", Verdict::Isolated),
    ] {
        assert_eq!(verdict(&hook(annotation), &Settings::default(), "dev", "prd"), expected, "{annotation}");
    }
    let labelled = yaml.replace("name: p0,", "name: p0, labels: {kustomize.toolkit.fluxcd.io/reconcile: disabled},");
    assert_eq!(verdict(&labelled, &Settings::default(), "dev", "prd"), Verdict::Unknown);
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

/// A namespace of no environment, with one policy.
fn preview(spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-pr-7, labels: {{team: shop}}}}\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop-pr-7}}\nspec: {spec}\n---\n"
    )
}

#[test]
fn a_namespace_of_no_environment_is_judged_and_told_once() {
    let open = street(&[DENY], &["{podSelector: {}, ingress: [{}]}"]) + &preview(DENY);
    let judged = judge(&snapshot(&open), &Settings::default());
    assert_eq!(judged.matrix.parties.last().map(|party| party.unplaced), Some(true));
    assert_eq!(verdict_of(&judged, "unplaced", "prd"), Verdict::Broken);
    assert_eq!(verdict_of(&judged, "unplaced", "dev"), Verdict::Isolated);
    assert_eq!(verdict_of(&judged, "dev", "unplaced"), Verdict::Isolated);
    let told: Vec<&Finding> = judged.findings.iter().filter(|finding| finding.rule.code == "NET014").collect();
    let [finding] = told.as_slice() else { panic!("{told:?}") };
    assert!(finding.summary.starts_with("shop-pr-7 is in no environment found, and can open prd"), "{finding:?}");
    assert!(finding.production && finding.environments == ["shop/prd"] && !finding.evidence.is_empty());
    assert!(finding.mend.as_ref().unwrap().contains("--environment NAME=namespace:shop-pr-7"));
    let at = |name: &str| judged.matrix.parties.iter().position(|party| party.name == name).unwrap();
    assert_eq!(judged.matrix.cells[at("unplaced")][at("prd")].because, std::slice::from_ref(&finding.fingerprint.0));
}

#[test]
fn a_namespace_of_no_environment_that_is_closed_off_is_no_finding() {
    let closed = street(&[DENY], &[DENY]) + &preview(DENY);
    let judged = judge(&snapshot(&closed), &Settings::default());
    assert_eq!(verdict_of(&judged, "prd", "unplaced"), Verdict::Isolated);
    assert!(judged.findings.iter().all(|finding| finding.rule.code != "NET014"), "{:?}", judged.findings);
}

#[test]
fn what_names_no_namespace_and_no_environment_counts_where_it_runs_something() {
    let of = |kind: &str| {
        let mut snapshot = snapshot(&(street(&[DENY], &["{podSelector: {}, ingress: [{}]}"]) + &preview(kind)));
        let preview = snapshot.namespaces.iter_mut().find(|namespace| namespace.name == "shop-pr-7").unwrap();
        preview.name = dtap_model::environment::NO_NAMESPACE.to_owned();
        judge(&snapshot, &Settings::default()).matrix.parties.iter().any(|party| party.unplaced)
    };
    assert!(!of(DENY));
    let pod = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop-pr-7}\nspec: {containers: []}";
    assert!(of(&format!("{DENY}{pod}")));
}

#[test]
fn what_only_policies_speak_of_is_called_by_labels_and_is_no_refused_name() {
    let unknown = |belonging: Belonging| {
        let mut snapshot = snapshot(&(street(&[DENY], &[DENY]) + &preview(DENY)));
        let spoken_of = snapshot.namespaces.iter_mut().find(|namespace| namespace.name == "shop-pr-7").unwrap();
        spoken_of.name = "team=shop".to_owned();
        spoken_of.belonging = belonging;
        judge(&snapshot, &Settings::default()).unknown
    };
    assert!(unknown(Belonging::Unplaced).iter().any(|why| why.contains("refuses the namespace `team=shop`")));
    assert!(unknown(Belonging::Elsewhere).is_empty());
}

/// Each assumption by its name, and on what it stands.
fn grounds(judgement: &Judgement) -> Vec<(&str, &Standing)> {
    judgement.assumptions.iter().map(|told| (told.name.as_str(), &told.standing)).collect()
}

#[test]
fn n15_n17_only_what_the_verdicts_stand_on_is_assumed() {
    let closed = snapshot(&street(&[], &[DENY]));
    let told = judge(&closed, &Settings::default());
    let assumed = &Standing::Assumed;
    assert_eq!(grounds(&told), [("cni-enforces", assumed), ("input-complete", assumed), ("no-host-network", assumed)]);
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}";
    let told = judge(&snapshot(&street(&[], &[block])), &Settings::default());
    assert_eq!(grounds(&told).last(), Some(&("pod-range", assumed)));
}

#[test]
fn n17_pod_security_in_every_namespace_is_evidence() {
    let of = |levels: [&str; 2]| {
        let levels = ["dev", "prd"].into_iter().zip(levels);
        let room = |(stage, level)| {
            format!(
                "apiVersion: v1\nkind: Namespace\n\
                 metadata: {{name: shop-{stage}, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}\n---\n"
            )
        };
        let judgement = judge(&snapshot(&levels.map(room).collect::<String>()), &Settings::default());
        grounds(&judgement).into_iter().find(|(name, _)| *name == "no-host-network").unwrap().1.clone()
    };
    assert!(matches!(of(["baseline", "restricted"]), Standing::Evidence(_)));
    assert_eq!(of(["baseline", "privileged"]), Standing::Assumed);
    let vouched = Settings { assume: Assumed { no_host_network: true, ..Assumed::default() }, ..Settings::default() };
    let judgement = judge(&snapshot(&street(&[], &[])), &vouched);
    assert!(matches!(grounds(&judgement)[2], ("no-host-network", Standing::Word(_))));
}

#[test]
fn n15_strict_says_that_nobody_vouches_where_that_leaves_something_unknown() {
    let everything = Assumed { cni_enforces: true, input_complete: true, no_host_network: true, ..Assumed::default() };
    let reasons = |ingress: &str, assume: &Assumed| {
        let settings = Settings { strict: true, assume: assume.clone() };
        judge(&snapshot(&street(&["{podSelector: {}, policyTypes: [Egress]}"], &[ingress])), &settings).unknown
    };
    let said = |reasons: Vec<String>| reasons.iter().any(|reason| reason.starts_with("strict: nobody vouches"));
    assert!(said(reasons(DENY, &Assumed::default())));
    assert!(!said(reasons(DENY, &everything)));
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}";
    assert!(!said(reasons(block, &everything)));
    assert!(!said(judge(&snapshot(&street(&[], &[block])), &Settings::default()).unknown));
}

#[test]
fn what_is_unknown_says_why() {
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    let told = judge(&snapshot(&street(&[], &[block])), &Settings::default());
    let (unknown, summaries): (Vec<_>, Vec<_>) =
        (told.unknown.clone(), told.findings.iter().map(|finding| finding.summary.clone()).collect::<Vec<_>>());
    assert!(!unknown.is_empty() && unknown.iter().all(|reason| summaries.contains(reason)), "{unknown:?}");
    assert_eq!(
        judge(&snapshot(&street(&["{podSelector: {}, policyTypes: [Egress]}"], &[DENY])), &Settings::default()).unknown,
        [""; 0]
    );
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
    assert_eq!(standing("{}", "Running"), ("the addresses of pods lie in 10.0.0.0/8".to_owned(), true));
    let (all, evidence) = standing("{}", "Succeeded");
    assert!(all.contains("172.16.0.0/12") && !evidence, "{all}");
    assert_eq!(standing("{hostNetwork: true}", "Running"), (all.clone(), false));
    assert_eq!(standing("{hostNetwork: true}", "Failed"), (all, false));
}

#[test]
fn two_environments_of_what_names_no_namespace_are_assumed_to_have_their_own() {
    let assumed = |nameless: usize| {
        let mut snapshot = snapshot(&street(&[], &[]));
        let known = snapshot.namespaces.iter_mut().filter(|namespace| namespace.name.starts_with("shop-"));
        known.take(nameless).for_each(|namespace| namespace.name = NO_NAMESPACE.to_owned());
        let told = judge(&snapshot, &Settings::default());
        told.assumptions.iter().any(|told| told.name == "own-namespaces")
    };
    assert!(!assumed(0) && !assumed(1) && assumed(2));
}

#[test]
fn a_contact_tells_in_how_many_namespaces_and_of_the_known_pods_first() {
    let more: String = ["a", "b"]
        .map(|name| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}-dev}}\n---\n"))
        .concat();
    let told = judge(&snapshot(&(more + &street(&[], &["{podSelector: {}, ingress: [{}]}"]))), &Settings::default());
    let into = told.findings.iter().find(|finding| finding.rule.code == "NET001" && finding.about.contains("prd"));
    let into = into.unwrap();
    assert_eq!(into.cases, 3, "{}", into.summary);
    assert!(into.known && into.summary.contains("shop-dev/web"), "{}", into.summary);
}

#[test]
fn n17_where_the_search_for_labels_is_given_up_it_is_unknown() {
    // Every pod has or lacks p, q and r, so one of these policies selects it: nobody would get past. Which keys of the other
    // policies a pod has is tried first, and there are too many of those.
    let requirement =
        |key: &str, there: bool| format!("{{key: {key}, operator: {}}}", if there { "Exists" } else { "DoesNotExist" });
    let selecting = |of: &[String]| format!("{{podSelector: {{matchExpressions: [{}]}}}}", of.join(", "));
    let all_of_three = (0..8).map(|bits| {
        let three = [("p", 1), ("q", 2), ("r", 4)].map(|(key, bit)| requirement(key, bits & bit != 0));
        selecting(&three)
    });
    let pairs = |count: usize| {
        (0..count).map(|at| selecting(&[requirement(&format!("a{at}"), true), requirement(&format!("b{at}"), true)]))
    };
    let verdict = |count: usize| {
        let specs: Vec<String> = all_of_three.clone().chain(pairs(count)).collect();
        into_prd(&[], &specs.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(verdict(2), Verdict::Isolated);
    assert_eq!(verdict(20), Verdict::Unknown);
}

#[test]
fn what_the_api_server_refuses_for_a_label_is_neither_there_nor_not() {
    let admits = |peer: &str| format!("{{podSelector: {{}}, ingress: [{{from: [{peer}]}}]}}");
    let by_namespace = street(&[], &[&admits("{namespaceSelector: {matchLabels: {crew: shop}}}")]);
    let by_pod = street(&[], &[&admits("{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}")]);
    let verdict = |yaml: &str| verdict(yaml, &Settings::default(), "dev", "prd");
    assert_eq!(verdict(&by_namespace), Verdict::Isolated);
    assert_eq!(verdict(&by_pod), Verdict::TodayOnly);
    for refused in ["crew: '${TEAM}'", "crew: __TEAM__", "'{{ key }}': shop"] {
        let label = |label: &str| format!("environment: dev, team: shop, {label}");
        let yaml = by_namespace.replace("environment: dev, team: shop", &label(refused));
        assert_eq!(verdict(&yaml), Verdict::Unknown, "{refused}");
        let codes = judge(&snapshot(&yaml), &Settings::default()).findings;
        assert!(codes.iter().any(|finding| finding.rule.code == "NET015"), "{refused}");
        // Nobody can come in by any label where nothing is admitted.
        let closed = street(&[], &[DENY]).replace("environment: dev, team: shop", &label(refused));
        assert_eq!(verdict(&closed), Verdict::Isolated, "{refused}");
    }
    let pod = |yaml: &str, role: &str| yaml.replace("{app: web}", &format!("{{app: web, role: '{role}'}}"));
    assert_eq!(verdict(&pod(&by_pod, "client")), Verdict::Broken);
    assert_eq!(verdict(&pod(&by_pod, "${ROLE}")), Verdict::Unknown);
    assert_eq!(verdict(&pod(&street(&[], &[&admits("{namespaceSelector: {}}")]), "${ROLE}")), Verdict::Unknown);
}

#[test]
fn n19_what_a_controller_adds_to_labels_is_known_as_far_as_it_goes() {
    // A pod that lacks the label is open: the known ones, or one that may come, or nobody knows.
    let verdict = |kind: &str, spec: &str, key: &str, operator: &str| {
        let (api, kind) = kind.rsplit_once('/').unwrap();
        let body = match kind {
            "Pod" => spec.to_owned(),
            "CronJob" => "{jobTemplate: {spec: {template: {spec: {containers: []}}}}}".to_owned(),
            _ => "{template: {spec: {containers: []}}}".to_owned(),
        };
        let yaml = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: web, namespace: shop-dev}}}}\n---\n\
             {{apiVersion: {api}, kind: {kind}, metadata: {{name: it, namespace: shop-prd}}, spec: {body}}}\n---\n\
             {{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p, namespace: shop-prd}}, \
             spec: {{podSelector: {{matchExpressions: [{{key: {key}, operator: {operator}}}]}}}}}}\n"
        );
        into(&yaml)
    };
    let cases = [
        ("apps/v1/Deployment", "pod-template-hash", Verdict::TodayOnly),
        ("apps/v1/ReplicaSet", "pod-template-hash", Verdict::Unknown),
        ("apps/v1/DaemonSet", "controller-revision-hash", Verdict::TodayOnly),
        ("apps/v1/DaemonSet", "pod-template-generation", Verdict::Unknown),
        ("apps/v1/StatefulSet", "statefulset.kubernetes.io/pod-name", Verdict::TodayOnly),
        ("apps/v1/StatefulSet", "apps.kubernetes.io/pod-index", Verdict::Unknown),
        ("batch/v1/Job", "job-name", Verdict::TodayOnly),
        ("batch/v1/Job", "batch.kubernetes.io/job-completion-index", Verdict::Unknown),
        ("batch/v1/CronJob", "controller-uid", Verdict::TodayOnly),
        ("batch/v1/CronJob", "batch.kubernetes.io/job-name", Verdict::TodayOnly),
        ("v1/Pod", "pod-template-hash", Verdict::Broken),
        ("v1/Pod", "topology.kubernetes.io/zone", Verdict::Unknown),
    ];
    for (kind, key, expected) in cases {
        assert_eq!(verdict(kind, "{containers: []}", key, "Exists"), expected, "{kind} {key}");
    }
    let zone = "topology.kubernetes.io/zone";
    assert_eq!(verdict("v1/Pod", "{containers: []}", zone, "DoesNotExist"), Verdict::Unknown);
    assert_eq!(verdict("v1/Pod", "{nodeName: a, containers: []}", zone, "Exists"), Verdict::Broken);
}

fn into(yaml: &str) -> Verdict {
    verdict(yaml, &Settings::default(), "dev", "prd")
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
fn the_witness_is_a_pod_that_serves_and_declares_a_port() {
    let workload = |kind: &str, name: &str, ports: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop-prd}}\nspec: {{template: \
             {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: it, ports: {ports}}}]}}}}}}\n"
        )
    };
    let ports = "[{containerPort: 80}]";
    let yaml = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop-dev}}\n".to_owned()
        + &workload("StatefulSet", "aaa", ports)
        + &workload("Deployment", "bbb", "[]")
        + &workload("Deployment", "ccc", ports);
    let told = judge(&snapshot(&yaml), &Settings::default());
    let summaries: Vec<&str> = told.findings.iter().map(|finding| finding.summary.as_str()).collect();
    assert!(summaries.iter().any(|summary| summary.contains("shop-prd/ccc")), "{summaries:?}");
    assert!(!summaries.iter().any(|summary| summary.contains("aaa") || summary.contains("bbb")), "{summaries:?}");
}

#[test]
fn n17_where_the_search_for_both_ends_is_given_up_nothing_is_certain() {
    let exists = |key: &str| format!("{{key: {key}, operator: Exists}}");
    let absent = |key: &str| format!("{{key: {key}, operator: DoesNotExist}}");
    let selecting =
        |of: &[String]| format!("{{podSelector: {{matchExpressions: [{}]}}, policyTypes: [Egress]}}", of.join(", "));
    // Whoever has p is selected, after much searching; who lacks it is not.
    let mut specs: Vec<String> =
        (0..20).map(|at| selecting(&[exists(&format!("a{at}")), exists(&format!("b{at}"))])).collect();
    for q in [exists("q"), absent("q")] {
        for r in [exists("r"), absent("r")] {
            specs.push(selecting(&[exists("p"), q.clone(), r.clone()]));
        }
    }
    let dev: Vec<&str> = specs.iter().map(String::as_str).collect();
    let prd = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {p: x}}}]}]}";
    assert_eq!(into_prd(&dev, &[prd]), Verdict::Unknown);
}

#[test]
fn n8_n9_what_the_server_refuses_of_ports_is_unknown() {
    let of = |rule: &str| into_prd(&[], &[&format!("{{podSelector: {{}}, ingress: {rule}}}")]);
    for name in ["''", "a-name-too-long-x", "'80'", "-a", "a-", "a--b", "A", "a_b", "ä"] {
        assert_eq!(of(&format!("[{{ports: [{{port: {name}}}]}}]")), Verdict::Unknown, "{name}");
    }
    for name in ["http", "a1-b", "8a", "fifteen-letters"] {
        assert_eq!(of(&format!("[{{ports: [{{port: {name}}}]}}]")), Verdict::TodayOnly, "{name}");
    }
    assert_eq!(of("[{ports: [{port: 80, endPort: 80}]}]"), Verdict::Broken);
    assert_eq!(of("[{ports: [{port: 80, endPort: 79}]}]"), Verdict::Unknown);
}
