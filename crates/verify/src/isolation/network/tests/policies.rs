//! Whole judgements by what policies say (N1 to N9), and what the API server refuses of them.

use super::*;

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
fn what_the_api_server_refuses_for_its_metadata_does_not_protect_for_certain() {
    let yaml = street(&[], &[DENY, DENY]);
    let both = |metadata: &str| {
        let with = |name: &str| format!("name: {name}, {metadata},");
        let yaml = yaml.replace("name: p0,", &with("p0")).replace("name: p1,", &with("p1"));
        verdict(&yaml, &Settings::default(), "dev", "prd")
    };
    let long = format!("annotations: {{a: {}}}", "x".repeat(262_144));
    let longest = format!("annotations: {{a: {}}}", "x".repeat(262_143));
    for (metadata, expected) in [
        (
            "labels: {a: b}, annotations: {Example.org/A: '{}'}, finalizers: [example.org/a, orphan, foregroundDeletion, kubernetes]",
            Verdict::Isolated,
        ),
        ("labels: {a: 'b c'}", Verdict::Unknown),
        ("labels: {a b: c}", Verdict::Unknown),
        ("annotations: {a b: c}", Verdict::Unknown),
        ("finalizers: [a]", Verdict::Unknown),
        ("finalizers: [null]", Verdict::Unknown),
        ("generateName: p-", Verdict::Isolated),
        ("generateName: UPPER_", Verdict::Unknown),
        ("creationTimestamp: 2026-03-02T08:12:01.5+01:00", Verdict::Isolated),
        ("creationTimestamp: null", Verdict::Isolated),
        ("creationTimestamp: yesterday", Verdict::Unknown),
        ("creationTimestamp: ''", Verdict::Unknown),
        ("creationTimestamp: '2026-03-02t08:12:01Z'", Verdict::Unknown),
        ("creationTimestamp: '2026-03-02 08:12:01Z'", Verdict::Unknown),
        ("ownerReferences: [{apiVersion: v1, kind: Node, name: a, uid: u, controller: true}]", Verdict::Isolated),
        ("ownerReferences: [{apiVersion: a/v1, kind: Node, name: a, uid: u}]", Verdict::Isolated),
        ("ownerReferences: [{apiVersion: a/b/c, kind: Node, name: a, uid: u}]", Verdict::Unknown),
        ("ownerReferences: [{apiVersion: a/, kind: Node, name: a, uid: u}]", Verdict::Unknown),
        ("ownerReferences: [{}]", Verdict::Unknown),
        ("ownerReferences: [{apiVersion: v1, kind: Node, name: a}]", Verdict::Unknown),
        ("ownerReferences: [{apiVersion: v1, kind: Event, name: a, uid: u}]", Verdict::Unknown),
        (
            "ownerReferences: [{apiVersion: v1, kind: Node, name: a, uid: u, controller: true}, \
             {apiVersion: v1, kind: Node, name: b, uid: v, controller: true}]",
            Verdict::Unknown,
        ),
        (long.as_str(), Verdict::Unknown),
        (longest.as_str(), Verdict::Isolated),
    ] {
        assert_eq!(both(metadata), expected, "{}", metadata.get(..40).unwrap_or(metadata));
    }
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
        ("kustomize.toolkit.fluxcd.io/ssa: IfNotPresent", Verdict::Unknown),
        ("kustomize.toolkit.fluxcd.io/ssa: Merge", Verdict::Isolated),
        ("kustomize.toolkit.fluxcd.io/reconcile: disabled", Verdict::Unknown),
        ("kustomize.toolkit.fluxcd.io/reconcile: enabled", Verdict::Isolated),
        ("kapp.k14s.io/noop: ''", Verdict::Unknown),
        ("kapp.k14s.io/exists: ''", Verdict::Unknown),
        ("configsync.gke.io/cluster-name-selector: east", Verdict::Unknown),
        ("cleanup.kyverno.io/ttl: 1h", Verdict::Unknown),
        ("janitor/ttl: 1h", Verdict::Unknown),
        ("janitor/expires: '2030-01-01'", Verdict::Unknown),
        ("configmanagement.gke.io/cluster-selector: east", Verdict::Unknown),
        ("configmanagement.gke.io/namespace-selector: shops", Verdict::Unknown),
        ("configmanagement.gke.io/managed: disabled", Verdict::Unknown),
        ("configmanagement.gke.io/managed: enabled", Verdict::Isolated),
        ("client.lifecycle.config.k8s.io/mutation: ignore", Verdict::Unknown),
    ] {
        assert_eq!(verdict(&hook(annotation), &Settings::default(), "dev", "prd"), expected, "{annotation}");
    }
    let labelled = yaml.replace("name: p0,", "name: p0, labels: {kustomize.toolkit.fluxcd.io/reconcile: disabled},");
    assert_eq!(verdict(&labelled, &Settings::default(), "dev", "prd"), Verdict::Unknown);
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

#[test]
fn what_is_no_mapping_or_no_list_is_refused() {
    let refusal = |spec: &str| {
        // A kind that is not of the API is read as it is; of policies the reading has refused such a thing before.
        let draft = "apiVersion: example.net/v1\nkind: Draft\nmetadata: {name: it, namespace: shop-prd}\nspec: ";
        let snapshot = snapshot(&format!("{draft}{spec}\n"));
        policy::Spec::read(&snapshot.objects[0].object.tree).err()
    };
    assert_eq!(refusal("{podSelector: {}, ingress: [null, {}], egress: null}"), None);
    for (spec, why) in [
        ("{ingress: [text]}", "a rule of `ingress` is text instead of a mapping"),
        ("{egress: [text]}", "a rule of `egress` is text instead of a mapping"),
        ("{ingress: [{from: [text]}]}", "a peer is text instead of a mapping"),
        ("{ingress: [{ports: [80]}]}", "an item of `ports` is a number instead of a mapping"),
        ("{ingress: {from: []}}", "`ingress` is a mapping instead of a list"),
        ("{egress: [{to: text}]}", "`to` is text instead of a list"),
        ("{policyTypes: Ingress}", "`policyTypes` is text instead of a list"),
    ] {
        assert_eq!(refusal(spec).as_deref(), Some(why), "{spec}");
    }
}

#[test]
fn a_policy_of_very_many_peers_admits_by_each_for_certain() {
    let peers: String = (0..600).map(|at| format!("{{podSelector: {{matchLabels: {{n: '{at}'}}}}}}, ")).collect();
    let admits = format!("{{podSelector: {{}}, ingress: [{{from: [{peers}{{namespaceSelector: {{}}}}]}}]}}");
    assert_eq!(into_prd(&[], &[&admits]), Verdict::Broken);
}

#[test]
fn n18_a_policy_of_a_version_that_is_not_served_protects_nothing() {
    let of = |version: &str| into(&street(&[], &[DENY]).replace("networking.k8s.io/v1", version));
    assert_eq!(of("networking.k8s.io/v1"), Verdict::Isolated);
    assert_eq!(of("networking.k8s.io/v1beta1"), Verdict::Broken);
    assert_eq!(of("extensions/v1beta1"), Verdict::Broken);
    assert_eq!(of("example.net/v1"), Verdict::Unknown);
}

#[test]
fn a_policy_that_the_server_is_to_name_may_not_be_there() {
    let named = street(&[], &[DENY]);
    assert_eq!(into(&named), Verdict::Isolated);
    assert_eq!(
        into(&named.replace("{name: p0, namespace: shop-prd}", "{generateName: p-, namespace: shop-prd}")),
        Verdict::Unknown
    );
    // One that is there all the same opens what it opens.
    let open = street(&[], &[DENY, "{podSelector: {}, ingress: [{}]}"]);
    let generated = open.replace("{name: p1, namespace: shop-prd}", "{generateName: p-, namespace: shop-prd}");
    assert_eq!(into(&generated), Verdict::Unknown);
}

#[test]
fn n13_what_is_deleted_at_no_time_is_refused() {
    let deleted =
        |time: &str| into(&street(&[], &[DENY]).replace("name: p0,", &format!("name: p0, deletionTimestamp: {time},")));
    assert_eq!(deleted("'2026-11-24T10:00:00Z'"), Verdict::Broken);
    assert_eq!(deleted("null"), Verdict::Isolated);
    for refused in ["''", "'soon'"] {
        assert_eq!(deleted(refused), Verdict::Unknown, "{refused}");
    }
}
