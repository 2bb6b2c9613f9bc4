//! How far what could not be read or decided reaches.

use super::*;
use std::collections::BTreeSet;

/// What a broken file leaves open, by the names of what it reaches.
fn open(texts: &[(&str, &str)], unread: Unread) -> Vec<String> {
    let mut reading = reading(texts);
    reading.unread.push(unread);
    let snapshot = snapshot(reading, &Corrections::default());
    let name = |reach| match reach {
        Reach::Namespace(id) => format!("namespace {}", snapshot.namespace(id).unwrap().name),
        Reach::Environment(id) => snapshot.environment_name(id),
        Reach::Cluster(id) => snapshot.cluster(id).unwrap().name.clone(),
        Reach::Beyond(id) => format!("beyond {}", snapshot.cluster(id).unwrap().name),
        Reach::Everything => "everything".to_owned(),
    };
    snapshot.gaps.iter().map(|gap| name(gap.reach)).collect()
}

#[test]
fn a_gap_reaches_no_further_than_it_must() {
    let (dev, prd, sole) = (config("x", "", "1"), config("x", "", "2"), config("x", "shop-acc", "1"));
    let texts = [
        ("r/shop/dev/a.yaml", dev.as_str()),
        ("r/shop/prd/a.yaml", &prd),
        ("r/acc/shop-acc/a.yaml", &sole),
        ("r/other/a.yaml", &dev),
    ];
    assert_eq!(open(&texts, broken("r/shop/prd/b.yaml", None)), ["shop/prd"]);
    assert_eq!(open(&texts, broken("r/shop/b.yaml", None)), ["everything"], "no folder says its environment");
    let chart = Unread { cause: UnreadCause::Chart, ..broken("r/shop/chart", None) };
    assert_eq!(open(&texts, chart), ["shop/dev", "shop/prd"], "those that it may be installed into");
    assert_eq!(open(&texts, broken("r/acc/shop-acc/b.yaml", None)), ["shop/acc"]);
    assert_eq!(open(&texts, broken("r/other/b.yaml", None)), ["namespace (none)"]);
    let of_cluster = |kind: &str| Unread {
        object: Some(GroupKind::new("policy.networking.k8s.io", kind)),
        ..broken("r/shop/prd/b.yaml", None)
    };
    assert_eq!(open(&texts, of_cluster("ClusterNetworkPolicy")), ["everything"], "it selects what stands anywhere");
    assert_eq!(open(&texts, of_cluster("SomeNetworkPolicy")), ["everything"], "it may be of the whole cluster");
    assert_eq!(open(&texts, broken("r/b.yaml", None)), ["everything"]);
    assert_eq!(open(&texts, broken("elsewhere/b.yaml", None)), ["everything"]);
    assert_eq!(open(&texts, broken("r/b.yaml", Some("shop-acc"))), ["namespace shop-acc"]);
    assert_eq!(open(&texts, broken("r/b.yaml", Some("new"))), ["namespace new"]);
    assert_eq!(
        open(&texts, broken("r/shop/uat/b.yaml", None)),
        ["shop/uat"],
        "an environment of which nothing was read"
    );
}

#[test]
fn what_was_not_read_may_be_pods_unless_its_kind_makes_none() {
    let of = |object: Option<(&str, &str)>| {
        let mut reading = reading(&[("r/shop/dev/a.yaml", &config("x", "shop-dev", "1"))]);
        let object = object.map(|(group, kind)| GroupKind::new(group, kind));
        reading.unread.push(Unread { object, ..broken("r/shop/dev/b.yaml", Some("shop-dev")) });
        snapshot(reading, &Corrections::default()).gaps[0].hides
    };
    for pods in [
        None,
        Some(("", "Pod")),
        Some(("", "Service")),
        Some(("", "Endpoints")),
        Some(("", "ConfigMap")),
        Some(("", "Secret")),
        Some(("discovery.k8s.io", "EndpointSlice")),
        Some(("apps", "DaemonSet")),
        Some(("extensions", "DaemonSet")),
        Some(("batch", "CronJob")),
        Some(("example.net", "Widget")),
    ] {
        assert_eq!(of(pods), Hides::Objects, "{pods:?}");
    }
    for policies in [("", "ResourceQuota"), ("networking.k8s.io", "NetworkPolicy"), ("apps", "ControllerRevision")] {
        assert_eq!(of(Some(policies)), Hides::Policies, "{policies:?}");
    }
    for nothing in [
        ("rbac.authorization.k8s.io", "Role"),
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("policy", "PodDisruptionBudget"),
        ("monitoring.coreos.com", "ServiceMonitor"),
    ] {
        assert_eq!(of(Some(nothing)), Hides::Nothing, "{nothing:?}");
    }
    assert_eq!(of(Some(("example.net", "ServiceMonitor"))), Hides::Objects, "another one's kind of that name");
    assert_eq!(of(Some(("monitoring.coreos.com", "Prometheus"))), Hides::Objects);
}

#[test]
fn what_was_refused_reaches_as_far_as_its_kind_acts() {
    let (one, two) = (config("x", "shop-dev", "1"), config("x", "shop-prd", "1"));
    let texts = [("clusters/one/a.yaml", one.as_str()), ("clusters/two/a.yaml", &two)];
    for (group, kind, reaches) in [
        ("", "Service", "namespace shop-dev"),
        ("apps", "Deployment", "namespace shop-dev"),
        ("networking.k8s.io", "NetworkPolicy", "namespace shop-dev"),
        ("", "Endpoints", "one"),
        ("discovery.k8s.io", "EndpointSlice", "one"),
        ("", "ConfigMap", "one"),
        ("kyverno.io", "Policy", "one"),
        ("kustomize.toolkit.fluxcd.io", "Kustomization", "everything"),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "everything"),
        ("argoproj.io", "Application", "everything"),
        ("example.org", "Application", "namespace shop-dev"),
    ] {
        let unread =
            Unread { object: Some(GroupKind::new(group, kind)), ..broken("clusters/one/b.yaml", Some("shop-dev")) };
        assert_eq!(open(&texts, Unread { confined: false, ..unread.clone() }), [reaches], "{group} {kind}");
        assert_eq!(open(&texts, Unread { confined: true, ..unread }), ["namespace shop-dev"], "{group} {kind}");
    }
}

#[test]
fn two_declarations_with_different_labels_leave_the_namespace_open() {
    let text = namespace("a-dev", "team: one") + &namespace("a-dev", "team: two") + &namespace("b-dev", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        snapshot.gaps.iter().map(|gap| gap.reach).collect::<Vec<_>>(),
        [Reach::Namespace(snapshot.namespaces[0].whole)]
    );
}

#[test]
fn a_policy_or_published_service_without_a_namespace_may_stand_in_any_of_its_cluster() {
    let closed = policy("closed", "shop-dev", "{}") + &policy("closed", "shop-prd", "{}");
    for namespace in ["''", "~"] {
        let snapshot = scan(&[("a.yaml", &(closed.clone() + &policy("open", namespace, "{}")))]);
        let reaches: Vec<Reach> = snapshot.gaps.iter().map(|gap| gap.reach).collect();
        assert_eq!(reaches, [Reach::Cluster(ClusterId(0))], "{namespace}");
        assert!(
            matches!(&snapshot.notices[0].kind, NoticeKind::Adrift { object, .. } if object == "NetworkPolicy open")
        );
    }
    for placeholder in ["${NS}", "s-$(ENV)", "NAMESPACE", "a.b"] {
        let open = policy("open", &format!("'{placeholder}'"), "{}");
        for path in ["b.yaml", "prd/b.yaml"] {
            let snapshot = scan(&[("a.yaml", &closed), (path, &open)]);
            let reaches: Vec<Reach> = snapshot.gaps.iter().map(|gap| gap.reach).collect();
            assert_eq!(reaches, [Reach::Cluster(ClusterId(0))], "{placeholder} {path}");
        }
    }
    let service = |namespace: &str, spec: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: open, namespace: {namespace}}}\n\
             spec: {{selector: {{a: b}}, ports: [{{port: 80}}], {spec}}}\n"
        );
        scan(&[("a.yaml", &closed), ("b.yaml", &text)]).gaps.len()
    };
    for spec in ["type: NodePort", "type: LoadBalancer", "type: Own", "externalIPs: [1.2.3.4]"] {
        assert_eq!((service("''", spec), service("'${NS}'", spec), service("shop-dev", spec)), (1, 1, 0), "{spec}");
    }
    for spec in ["type: ClusterIP", "type: null", "sessionAffinity: None"] {
        assert_eq!((service("''", spec), service("'${NS}'", spec)), (0, 0), "{spec}");
    }
    // Where a policy lets out to addresses, a Service's may be one of them (N10).
    let out = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out, namespace: shop-dev}\n\
               spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}\n---\n";
    let by_address = |more: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: open}}\nspec: {{selector: {{a: b}}, ports: [{{port: 80}}]{more}}}\n"
        );
        scan(&[("a.yaml", &(closed.clone() + out)), ("b.yaml", &text)]).gaps.len()
    };
    assert_eq!((by_address(""), by_address(", clusterIP: None")), (1, 0));
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: open}\nendpoints: []\n";
    assert_eq!(scan(&[("a.yaml", &closed), ("b.yaml", slice)]).gaps.len(), 1);
    let (own, open) = (policy("closed", "shop-prd", "{}"), policy("open", "''", "{}"));
    let beside =
        scan(&[("dev/a.yaml", &policy("closed", "shop-dev", "{}")), ("prd/a.yaml", &own), ("prd/b.yaml", &open)]);
    let reaches: Vec<Reach> = beside.gaps.iter().map(|gap| gap.reach).collect();
    assert_eq!(reaches, [Reach::Environment(EnvironmentId(1))], "it may come to stand in that of its neighbour");
    let placed = scan(&[("a.yaml", &closed), ("prd/b.yaml", &policy("open", "''", "{}"))]);
    assert!(placed.gaps.is_empty(), "what stands in a folder of an environment is of it");
}

#[test]
fn a_policy_adrift_that_has_no_rule_can_only_close() {
    let hides = |metadata: &str, spec: &str| {
        let text =
            format!("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{metadata}}}\nspec: {spec}\n");
        let closed = policy("closed", "shop-dev", "{}") + &policy("closed", "shop-prd", "{}");
        scan(&[("a.yaml", &closed), ("b.yaml", &text)]).gaps[0].hides
    };
    let all = "{podSelector: {}, policyTypes: [Ingress, Egress]}";
    for spec in [
        all,
        "{podSelector: {matchLabels: {a: b}}}",
        "{podSelector: {}, ingress: []}",
        "{podSelector: {}, egress: ~, policyTypes: [Egress]}",
    ] {
        assert_eq!(hides("name: x", spec), Hides::Closing, "{spec}");
        assert_eq!(hides("name: x, labels: {a: b}, namespace: '${NS}'", spec), Hides::Closing, "{spec}");
    }
    for spec in [
        "{podSelector: {}, ingress: [{}]}",
        "{podSelector: {}, egress: [~]}",
        "{podSelector: {}, Ingress: [{}]}",
        "{podSelector: {}, '${RULES}': ~}",
        "{}",
    ] {
        assert_eq!(hides("name: x", spec), Hides::Policies, "{spec}");
    }
    // It may take the place of another one of its name (N21).
    let some = "{podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress, Egress]}";
    for (metadata, spec, expected) in [
        ("name: closed", all, Hides::Closing),
        ("name: closed", some, Hides::Policies),
        ("name: closed", "{podSelector: {}, policyTypes: [Ingress]}", Hides::Policies),
        ("name: closed, annotations: {helm.sh/hook: test}", all, Hides::Policies),
        ("name: '${NAME}'", some, Hides::Policies),
        ("generateName: closed-", some, Hides::Closing),
    ] {
        assert_eq!(hides(metadata, spec), expected, "{metadata} {spec}");
    }
}

#[test]
fn what_names_no_namespace_beside_a_namespace_that_is_declared_may_stand_there() {
    let space = |stage: &str| namespace(&format!("shop-{stage}"), "");
    let all = policy("closed", "''", "{}");
    let scanned = scan(&[
        ("r/dev/ns.yaml", &space("dev")),
        ("r/dev/all.yaml", &all),
        ("r/prd/ns.yaml", &space("prd")),
        ("r/prd/all.yaml", &all),
    ]);
    assert_eq!(environments(&scanned), ["shop/dev", "shop/prd!"], "one street");
    let reaches: BTreeSet<(Reach, Hides)> = scanned.gaps.iter().map(|gap| (gap.reach, gap.hides)).collect();
    let of = |id| (Reach::Environment(EnvironmentId(id)), Hides::Policies);
    assert_eq!(reaches, BTreeSet::from([of(0), of(1)]));
    let texts = [("r/dev/ns.yaml", space("dev")), ("r/prd/ns.yaml", space("prd"))];
    let texts = texts.each_ref().map(|(path, text)| (*path, text.as_str()));
    assert_eq!(open(&texts, broken("r/dev/all.yaml", None)), ["shop/dev"]);
}

#[test]
fn a_policy_adrift_that_can_only_close_holds_nothing_for_certain_that_is_adrift_with_it() {
    let deny =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x}\nspec: {podSelector: {}}\n---\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n---\n";
    let with = |path: &str, more: &str| -> Vec<(String, Hides)> {
        let space = |stage: &str| namespace(&format!("shop-{stage}"), "");
        let (dev, text) = (space("dev"), deny.to_owned() + more);
        let scanned = scan(&[("r/dev/a.yaml", &dev), ("r/prd/a.yaml", &space("prd")), (path, &text)]);
        let name = |reach| match reach {
            Reach::Namespace(id) => scanned.namespace(id).unwrap().name.clone(),
            Reach::Environment(id) => scanned.environment_name(id),
            _ => "cluster".to_owned(),
        };
        scanned.gaps.iter().map(|gap| (name(gap.reach), gap.hides)).collect()
    };
    let closing = |name: &str| (name.to_owned(), Hides::Closing);
    let none = ("(none)".to_owned(), Hides::Policies);
    assert_eq!(with("r/dev/b.yaml", ""), [closing("shop/dev")]);
    assert_eq!(with("r/dev/b.yaml", &config("c", "", "1")), [closing("shop/dev")]);
    assert_eq!(with("r/dev/b.yaml", pod), [closing("shop/dev"), none.clone()]);
    assert_eq!(with("r/b.yaml", pod), [closing("cluster"), none]);
    assert_eq!(with("r/b.yaml", ""), [closing("cluster")]);
}

#[test]
fn the_rest_of_a_list_may_hold_anything_of_its_cluster() {
    let of = |stage: &str| namespace(&format!("shop-{stage}"), "") + &config("c", &format!("shop-{stage}"), "1");
    let (dev, prd) = (of("dev"), of("prd"));
    let mut read = reading(&[("apps/dev/all.yaml", &dev), ("apps/prd/all.yaml", &prd)]);
    let context = Context { path: "apps/dev/page.yaml".to_owned(), ..Context::default() };
    let page = "{kind: PodList, apiVersion: v1, metadata: {continue: abc}, items: []}";
    read.unread.extend(decode(dtap_model::place::SourceId(0), "page.yaml", page, &context).unread);
    let reaches: Vec<Reach> = snapshot(read, &Corrections::default()).gaps.iter().map(|gap| gap.reach).collect();
    assert_eq!(reaches, [Reach::Everything]);
}
