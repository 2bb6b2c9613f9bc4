//! Namespaces: their labels (N14), what of them is not modelled or not read (N18), and of no environment.

use super::*;

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
fn n14_what_argo_cd_sets_on_a_namespace_decides_by_its_labels_alone() {
    let admits = |label: &str| {
        format!("{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{label}}}}}}}]}}]}}")
    };
    let app = |namespace: &str, labels: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a-{namespace}, namespace: argocd}}\n\
             spec: {{destination: {{namespace: {namespace}}}, syncPolicy: {{managedNamespaceMetadata: {{labels: {labels}}}}}}}\n---\n"
        )
    };
    let judged = |label: &str, apps: &str| into(&(street(&[], &[&admits(label)]) + apps));
    let sets = |labels: &str| app("shop-dev", labels);
    assert_eq!(judged("role: client", ""), Verdict::Isolated);
    assert_eq!(judged("role: client", &sets("{role: client}")), Verdict::Unknown);
    assert_eq!(judged("role: client", &sets("{role: server}")), Verdict::Isolated);
    let set = sets("{role: client}")
        .replace("kind: Application\n", "kind: ApplicationSet\n")
        .replace("spec: {destination", "spec: {template: {spec: {destination")
        .replace("}}}\n---", "}}}}}\n---");
    assert_eq!(judged("role: client", &set), Verdict::Unknown);
    assert_eq!(judged("role: client", &app("shop-acc", "{role: client}")), Verdict::Isolated, "another namespace");
    assert_eq!(judged("team: shop", &sets("{role: client}")), Verdict::Broken, "it has that label by itself");
    assert_eq!(judged("team: shop", &sets("{team: shop}")), Verdict::Broken);
    assert_eq!(judged("team: shop", &sets("{team: bank}")), Verdict::Unknown);
    assert_eq!(judged("team: shop, role: client", &sets("{team: bank, role: client}")), Verdict::Unknown);
    assert_eq!(judged("role: client", &sets("{role: '{{it}}'}")), Verdict::Unknown);
    assert_eq!(judged("role: client", &(sets("{a: b}") + &sets("{a: c}"))), Verdict::Unknown, "the two may be more");
    let findings =
        judge(&snapshot(&(street(&[], &[&admits("role: client")]) + &sets("{role: client}"))), &Settings::default())
            .findings;
    assert!(findings.iter().any(|told| told.summary.contains("which labels namespace shop-dev has is not certain")));
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
fn n18_calicos_policies_decide_the_directions_that_they_are_for() {
    let judged = |kind: &str, spec: &str| {
        let calico = format!(
            "apiVersion: {kind}\nmetadata: {{name: c, namespace: shop-prd}}\nspec: {{selector: all(), {spec}}}\n"
        );
        let of = |from: &str, to: &str| verdict(&(street(&[], &[]) + &calico), &Settings::default(), from, to);
        (of("dev", "prd") == Verdict::Broken, of("prd", "dev") == Verdict::Broken)
    };
    let namespaced = "projectcalico.org/v3\nkind: NetworkPolicy";
    assert_eq!(judged(namespaced, "types: [Egress]"), (true, false));
    assert_eq!(judged(namespaced, "types: [Ingress]"), (false, true));
    assert_eq!(judged(namespaced, "types: [Egress, Ingress]"), (false, false));
    assert_eq!(judged(namespaced, "egress: [{action: Deny}]"), (false, false), "the default is not worked out");
    assert_eq!(judged(namespaced, "types: [Egress], ingress: [{action: Deny}]"), (false, false));
    for field in ["preDNAT", "doNotTrack", "applyOnForward"] {
        assert_eq!(judged(namespaced, &format!("types: [Egress], {field}: true")), (false, false), "{field}");
        assert_eq!(judged(namespaced, &format!("types: [Egress], {field}: false")), (true, false), "{field}");
        assert_eq!(judged(namespaced, &format!("types: [Egress], {field}: null")), (true, false), "{field}");
    }
    assert_eq!(judged(namespaced, "types: [egress]"), (false, false));
    assert_eq!(judged("crd.projectcalico.org/v1\nkind: NetworkPolicy", "types: [Egress]"), (true, false));
    assert_eq!(judged("projectcalico.org/v3\nkind: StagedNetworkPolicy", "types: [Egress]"), (false, false));
    assert_eq!(judged("cilium.io/v2\nkind: CiliumNetworkPolicy", "types: [Egress]"), (false, false));
}

#[test]
fn a_gap_makes_unknown_and_strictness_doubts_what_nobody_vouches_for() {
    let mut snapshot = snapshot(&street(&[DENY], &[DENY]));
    let strict = Settings { strict: true, ..Settings::default() };
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Isolated);
    assert_eq!(verdict_of(&judge(&snapshot, &strict), "dev", "prd"), Verdict::Unknown);
    let gap = |hides| Gap {
        what: "a chart".into(),
        hint: None,
        place: None,
        reach: Reach::Environment(EnvironmentId(3)),
        hides,
        unread: None,
    };
    let mut judged = |hides| {
        snapshot.gaps = vec![gap(hides)];
        let judged = judge(&snapshot, &Settings::default());
        [("dev", "prd"), ("prd", "dev")].map(|(from, to)| verdict_of(&judged, from, to))
    };
    assert_eq!(judged(Hides::Policies), [Verdict::Unknown, Verdict::Isolated]);
    // What was not read may be a pod on its node's network, which no policy holds back (N12).
    assert_eq!(judged(Hides::Objects), [Verdict::Unknown, Verdict::Unknown]);
    assert_eq!(asked(&snapshot, &Settings::default(), "shop-prd/orders", "shop-dev/web:5432").0, Reachable::Unknown);
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

#[test]
fn a_known_pod_of_no_environment_is_placed_by_the_name_of_its_namespace() {
    let pod = "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop-pr-7}}\n";
    let open = street(&[DENY], &["{podSelector: {}, ingress: [{}]}"]) + &preview(&format!("{DENY}{pod}"));
    let judged = judge(&snapshot(&open), &Settings::default());
    let told = judged.findings.iter().find(|finding| finding.rule.code == "NET014").unwrap();
    assert!(told.known && told.summary.contains("shop-pr-7/web"), "{told:?}");
    let mend = told.mend.as_ref().unwrap();
    assert!(mend.contains("--environment NAME=namespace:shop-pr-7") && !mend.contains("path:"), "{mend}");
}

#[test]
fn n14_a_declared_namespace_has_the_labels_of_the_snapshot_though_no_document_is_kept() {
    let admits = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {crew: shop}}}]}]}";
    let mut snapshot = snapshot(&street(&[], &[admits]));
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Isolated);
    snapshot.objects.retain(|placed| !placed.object.identity.kind.is("", "Namespace"));
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Isolated);
    snapshot.namespaces.iter_mut().for_each(|namespace| namespace.declared = false);
    assert_eq!(verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd"), Verdict::Unknown);
}

#[test]
fn n21_what_one_of_two_documents_of_a_namespace_says_is_not_certain() {
    let admits = |label: &str| {
        format!("{{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{label}}}}}}}]}}]}}")
    };
    let twice = |label: &str| {
        let other = "{apiVersion: v1, kind: Namespace, metadata: {name: shop-dev, labels: {team: pay, tier: one}}}\n";
        let once = street(&[], &[&admits(label)]).replace("team: shop}", "team: shop, tier: one}");
        into(&(once + other))
    };
    assert_eq!(twice("tier: one"), Verdict::Broken);
    assert_eq!(twice("team: shop"), Verdict::Unknown);
    assert_eq!(twice("team: pay"), Verdict::Unknown);
    assert_eq!(twice("team: other"), Verdict::Isolated);
}

#[test]
fn n14_the_labels_of_a_namespace_that_is_refused_may_be_others() {
    let admits = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}";
    let judged = |metadata: &str| {
        let named = format!("name: shop-dev, {metadata}, labels");
        into(&street(&[], &[admits]).replace("name: shop-dev, labels", &named))
    };
    for taken in ["annotations: {a: b}", "finalizers: [a/b]"] {
        assert_eq!(judged(taken), Verdict::Isolated, "{taken}");
    }
    for refused in ["annotations: {a b: c}", "finalizers: [a]", "ownerReferences: [{}]"] {
        assert_eq!(judged(refused), Verdict::Unknown, "{refused}");
    }
}

#[test]
fn a_stage_that_is_production_in_one_street_is_production() {
    let mut snapshot = snapshot(&street(&[], &[]));
    snapshot.streets.push(Street { name: "pay".into(), environments: vec![EnvironmentId(4)] });
    let acc = Environment { street: StreetId(1), stage: "acc".into(), production: true, rank: 2 };
    snapshot.environments.push(acc);
    let parties = judge(&snapshot, &Settings::default()).matrix.parties;
    let production: Vec<bool> = parties.iter().map(|party| party.production).collect();
    assert_eq!(production, [false, false, true, true]);
}

#[test]
fn the_doubt_about_most_pairs_is_told_first() {
    let namespace = |name: &str, policy: &str, ingress: &str| {
        format!(
            "{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}\n---\n\
             apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {policy}, namespace: {name}}}\n\
             spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: {ingress}}}\n---\n"
        )
    };
    let block = "[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]";
    // Of three by one, and of two by two.
    let yaml = namespace("infra", "a", block)
        + &namespace("shop-dev", "b", block)
        + &namespace("shop-tst", "b", block)
        + &namespace("shop-acc", "none", "[]")
        + &namespace("shop-pr-7", "none", "[]");
    let unknown = judge(&snapshot(&yaml), &Settings::default()).unknown;
    let doubts: Vec<&String> = unknown.iter().filter(|reason| reason.starts_with("whether ")).collect();
    let [first, second] = doubts.as_slice() else { panic!("{unknown:#?}") };
    assert!(first.contains("infra and unplaced can open dev and tst") && first.contains("policy b"), "{first}");
    assert!(second.contains("dev, tst and acc can open infra") && second.contains("policy a"), "{second}");
}

#[test]
fn n14_a_namespace_that_a_deployment_tool_leaves_out_may_have_any_labels() {
    let special = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {special: 'yes'}}}]}]}";
    let yaml = street(&[], &[special]);
    let judged = |annotation: &str| {
        let name = format!("{{name: shop-dev, annotations: {{{annotation}}},");
        verdict(&yaml.replacen("{name: shop-dev,", &name, 1), &Settings::default(), "dev", "prd")
    };
    assert_eq!(judged("example.net/a: b"), Verdict::Isolated);
    for annotation in [
        "config.kubernetes.io/local-config: 'true'",
        "argocd.argoproj.io/hook: PreSync",
        "kustomize.toolkit.fluxcd.io/reconcile: disabled",
        "kustomize.toolkit.fluxcd.io/ssa: IfNotPresent",
    ] {
        assert_eq!(judged(annotation), Verdict::Unknown, "{annotation}");
    }
}

#[test]
fn n14_a_label_of_null_is_empty_and_what_a_tool_sets_may_be_unread() {
    let special = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {special: 'yes'}}}]}]}";
    let yaml = street(&[], &[special]);
    assert_eq!(into(&yaml.replacen("team: shop", "team: null", 1)), Verdict::Isolated);
    let application = |labels: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: all, namespace: argocd}}\n\
             spec: {{destination: {{namespace: shop-dev}}, \
             syncPolicy: {{managedNamespaceMetadata: {{labels: {labels}}}}}}}\n"
        )
    };
    for (labels, expected) in [
        ("{a: b}", Verdict::Isolated),
        ("null", Verdict::Isolated),
        ("{special: 'yes'}", Verdict::Unknown),
        ("'${LABELS}'", Verdict::Unknown),
        ("[special]", Verdict::Unknown),
    ] {
        assert_eq!(into(&(yaml.clone() + &application(labels))), expected, "{labels}");
    }
}

#[test]
fn n6_what_may_only_close_takes_nothing_from_what_is_isolated_and_leaves_nothing_certain() {
    let with = |dev: &[&str], hides: Hides| {
        let mut snapshot = snapshot(&street(dev, &[]));
        snapshot.gaps.push(Gap {
            what: "a policy".to_owned(),
            hint: None,
            place: None,
            reach: Reach::Environment(EnvironmentId(3)),
            hides,
            unread: None,
        });
        let judgement = judge(&snapshot, &Settings::default());
        let told = asked(&snapshot, &Settings::default(), "dev:web", "prd:orders");
        (verdict_of(&judgement, "dev", "prd"), told.0, told.1.contains("a policy"))
    };
    let denied = "{podSelector: {}, policyTypes: [Egress]}";
    assert_eq!(with(&[], Hides::Nothing), (Verdict::Broken, Reachable::Allowed, false));
    assert_eq!(with(&[], Hides::Closing), (Verdict::Unknown, Reachable::Unknown, true));
    assert_eq!(with(&[], Hides::Policies), (Verdict::Unknown, Reachable::Unknown, true));
    for hides in [Hides::Nothing, Hides::Closing, Hides::Policies] {
        assert_eq!(with(&[denied], hides), (Verdict::Isolated, Reachable::Denied, false), "{hides:?}");
    }
    assert_eq!(with(&[denied], Hides::Objects).0, Verdict::Unknown);
}

#[test]
fn n21_objects_adrift_that_run_and_lead_to_no_pods_are_no_namespace() {
    let with = |objects: &str, adrift: bool, is_hidden: bool| {
        let closed = "{podSelector: {}, policyTypes: [Ingress, Egress]}";
        let mut snapshot = snapshot(&(street(&[closed], &["{podSelector: {}, ingress: [{}]}"]) + objects));
        let at = snapshot.namespaces.iter().position(|namespace| namespace.name == "adrift-dev").unwrap();
        snapshot.namespaces[at].name = dtap_model::environment::NO_NAMESPACE.to_owned();
        let id = snapshot.namespaces[at].whole;
        for placed in snapshot.objects.iter_mut().filter(|placed| placed.namespace == Some(id)) {
            placed.adrift = adrift;
        }
        snapshot.workloads.iter_mut().for_each(|workload| workload.adrift = adrift && workload.name == "x");
        let gap = Gap {
            what: String::new(),
            hint: None,
            place: None,
            reach: Reach::Namespace(id),
            hides: Hides::Policies,
            unread: None,
        };
        snapshot.gaps.extend(Some(gap).filter(|_| is_hidden));
        verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd")
    };
    let one = |api: &str, kind: &str, rest: &str| {
        format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: adrift-dev}}\n{rest}\n---\n")
    };
    let idle = one("monitoring.coreos.com/v1", "ServiceMonitor", "spec: {}")
        + &one("v1", "ConfigMap", "data: {}")
        + &one("v1", "Service", "spec: {selector: {a: b}}")
        + &one("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {a: b}}").replace("{a: b}", "{}");
    assert_eq!(with(&idle, true, false), Verdict::Isolated);
    assert_eq!(with(&idle, true, true), Verdict::Unknown, "what is hidden there may be anything");
    assert_eq!(with(&idle, false, false), Verdict::Broken);
    for (api, kind, rest) in [
        ("monitoring.coreos.com/v1", "Prometheus", "spec: {}"),
        ("example.net/v1", "ServiceMonitor", "spec: {}"),
        ("v1", "Service", "spec: {}"),
        ("apps/v1", "Deployment", "spec: {template: {spec: {containers: []}}}"),
    ] {
        assert_eq!(with(&(idle.clone() + &one(api, kind, rest)), true, false), Verdict::Unknown, "{kind}");
    }
}
