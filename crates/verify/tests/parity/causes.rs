//! How differences are grouped and told: a person reads causes, not paths.

use super::street::{street, streets_of, told};
use dtap_snapshot::{Gap, Hides, Reach, Snapshot};
use std::fmt::Write as _;

/// Deployments `web0`, `web1`, … with what follows in their container and spec.
fn deployments(count: usize, spec: &str, container: &str) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(
            text,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web{number}}}\nspec:\n  {spec}\n  template:\n    \
             spec:\n      containers:\n      - name: c{number}\n        {container}\n"
        )
        .unwrap();
    }
    text
}

#[test]
fn the_same_change_over_many_objects_is_one_cause() {
    let acc = deployments(5, "replicas: 2", "image: registry.example/web:1.8.2");
    let prd = deployments(5, "replicas: 6", "image: registry.example/web:1.8.1");
    let expected = [
        "PAR004 image of 5 Deployments: 1.8.2 in acc, 1.8.1 in prd",
        "PAR007 replicas of 5 Deployments: 2 in acc, 6 in prd",
    ];
    assert_eq!(told(("acc", &acc), ("prd", &prd)), expected);
}

#[test]
fn one_object_is_named() {
    let acc = deployments(1, "replicas: 2", "image: registry.example/web:1.8.2");
    let prd = deployments(1, "replicas: 2", "image: registry.example/web:1.8.1");
    assert_eq!(told(("acc", &acc), ("prd", &prd)), ["PAR004 image of Deployment web0: 1.8.2 in acc, 1.8.1 in prd"]);
}

#[test]
fn many_changes_of_one_thing_are_one_cause_with_their_range() {
    let many = |numbers: [u32; 5]| -> String {
        let one = |(position, replicas): (usize, u32)| {
            deployments(1, &format!("replicas: {replicas}"), "image: a").replace("web0", &format!("web{position}"))
        };
        numbers.into_iter().enumerate().map(one).collect()
    };
    let found = told(("acc", &many([2, 2, 2, 2, 2])), ("prd", &many([3, 4, 5, 6, 9])));
    assert_eq!(found, ["PAR007 replicas of 5 Deployments: 2 in acc, 3 to 9 in prd"]);
}

/// ConfigMaps `a` of these namespaces.
fn maps(namespaces: &[&str]) -> String {
    let map = |namespace: &&str| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {namespace}}}\ndata: {{a: b}}\n")
    };
    namespaces.iter().map(map).collect()
}

#[test]
fn objects_of_one_name_in_several_namespaces_are_told_with_them() {
    let of = |stage: &str| maps(&[&format!("shop-{stage}-one"), &format!("shop-{stage}-two")]);
    let more = of("dev") + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop-dev}\n" + &maps(&["shop-dev"]);
    let prd = format!("{}---\napiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: shop-prd}}\n", of("prd"));
    let found = told(("dev", &more), ("prd", &prd));
    assert!(found.contains(&"PAR001 Service s only in prd".to_owned()), "{found:?}");
    let found = told(("dev", &of("dev")), ("prd", &of("prd").replacen("name: a", "name: b", 1)));
    let expected = [
        "PAR001 ConfigMap shop-{environment}-one/a only in dev",
        "PAR001 ConfigMap shop-{environment}-one/b only in prd",
    ];
    assert_eq!(found, expected);
}

#[test]
fn all_of_a_namespace_that_one_alone_has_is_one_cause() {
    let of = |stage: &str, more: &[&str]| {
        let namespaces: Vec<String> = more.iter().map(|name| format!("shop-{stage}{name}")).collect();
        let declared = |name: &String| format!("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n");
        let all: Vec<&str> = namespaces.iter().map(String::as_str).collect();
        namespaces.iter().map(declared).collect::<String>() + &maps(&all) + &maps(&all).replace("name: a", "name: b")
    };
    let snapshot = street(&[("dev", &of("dev", &["", "-one"])), ("prd", &of("prd", &[""]))]);
    let findings = dtap_verify::parity::judge(&snapshot).findings;
    let told: Vec<&str> = findings.iter().map(|finding| finding.summary.as_str()).collect();
    assert_eq!(told, ["namespace shop-dev-one only in dev, with its 2 objects"]);
    assert!(findings[0].mend.as_deref().unwrap().starts_with("If the namespace is of another environment"));
    assert_eq!(findings[0].cases, 3);
    let many = told_of(&of("dev", &["", "-a", "-b", "-c", "-d"]), &of("prd", &[""]));
    let expected =
        "PAR001 4 namespaces only in dev, with their 8 objects: shop-dev-a, shop-dev-b, shop-dev-c and 1 more";
    assert_eq!(many, [expected]);
}

/// What is told between dev and prd.
fn told_of(dev: &str, prd: &str) -> Vec<String> {
    told(("dev", dev), ("prd", prd))
}

#[test]
fn a_namespace_of_one_name_is_one_though_an_environment_has_another_besides() {
    let alone = maps(&["konflux-shop"]);
    let among = maps(&["konflux-shop", "controller"]);
    let named = |name: &str| format!("PAR001 namespace controller only in {name}, with its one object");
    assert_eq!(told_of(&alone, &among), [named("prd")]);
    assert_eq!(told_of(&among, &alone), [named("dev")]);
    let stages = |stage: &str, more: &[&str]| maps(&[&[format!("kon-{stage}").as_str()], more].concat());
    assert_eq!(told_of(&stages("dev", &[]), &stages("prd", &["controller"])), [named("prd")]);
}

#[test]
fn forms_of_an_object_are_counted() {
    let forms = |names: &str, values: &[&str]| -> String {
        let one = |(name, value): (char, &&str)| {
            format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: {value}}}\n")
        };
        names.chars().flat_map(|name| values.iter().map(move |value| one((name, value)))).collect()
    };
    let rows = [
        (forms("a", &["x"]), forms("a", &["x", "y"]), "ConfigMap a in one more form in prd", 1),
        (forms("a", &["x"]), forms("a", &["x", "y", "z"]), "ConfigMap a in 2 more forms in prd", 2),
        (
            forms("abcd", &["x"]),
            forms("abcd", &["x", "y"]),
            "4 ConfigMaps in one more form each in prd: a, b, c and 1 more",
            4,
        ),
        (
            forms("abcd", &["x"]),
            forms("abcd", &["x", "y", "z"]),
            "4 ConfigMaps in 8 more forms in prd: a, b, c and 1 more",
            8,
        ),
        (String::new(), forms("a", &["x", "y", "z"]), "ConfigMap a only in prd", 1),
    ];
    for (dev, prd, expected, cases) in rows {
        let findings = dtap_verify::parity::judge(&street(&[("dev", &dev), ("prd", &prd)])).findings;
        let told: Vec<(&str, usize)> =
            findings.iter().map(|finding| (finding.summary.as_str(), finding.cases)).collect();
        assert_eq!(told, [(expected, cases)]);
        let mend = findings[0].mend.as_deref().unwrap_or_default();
        assert_eq!(mend.starts_with("Neither environment lacks"), expected.contains("form"), "{mend}");
    }
}

#[test]
fn objects_of_several_names_are_told_with_their_kinds() {
    let of = |kind: &str, name: &str| format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n");
    let role = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: check}\n";
    let dev = of("ServiceAccount", "check") + role;
    assert_eq!(told_of(&dev, ""), ["PAR001 ClusterRole and ServiceAccount check only in dev"]);
    let all: String = ["a", "b", "c", "d"].map(|name| of("Service", name) + &of("Secret", name)).concat();
    assert_eq!(told_of(&all, ""), ["PAR001 8 objects only in dev: a, b, c and 1 more"]);
}

/// What stands at the places of the first finding, with what is said of it.
fn places(snapshot: &Snapshot) -> Vec<(String, String)> {
    let findings = dtap_verify::parity::judge(snapshot).findings;
    let shown = |evidence: &dtap_report::Evidence| {
        let text = &snapshot.sources.get(evidence.place.source).unwrap().text;
        let span = evidence.place.span;
        (text[span.start as usize..span.end as usize].to_owned(), evidence.label.clone())
    };
    findings[0].evidence.iter().map(shown).collect()
}

#[test]
fn what_is_not_there_is_shown_at_what_lacks_it() {
    let map = |more: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    x: x\n{more}data: {{a: a}}\n")
    };
    let dev = map("    own: value\n");
    let prd = map("");
    let expected = [("labels", "not in prd"), ("value", "value in dev")];
    let found = places(&street(&[("dev", &dev), ("prd", &prd)]));
    assert_eq!(found.iter().map(|(text, label)| (text.as_str(), label.as_str())).collect::<Vec<_>>(), expected);
    let found = places(&street(&[("dev", &dev), ("prd", &dev.replace("data: {a: a}", ""))]));
    assert_eq!(found[0], ("a".to_owned(), "not in prd".to_owned()));
}

#[test]
fn the_places_of_the_example_are_shown_first() {
    let map = |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {value}}}\n");
    let values = ["b", "c", "d", "e", "e"];
    let texts: Vec<(String, String)> = values.iter().map(|value| (map("a"), map(value))).collect();
    let streets: Vec<(&str, &str, &str)> = ["one", "two", "three", "four", "five"]
        .into_iter()
        .zip(&texts)
        .flat_map(|(street, (dev, prd))| [(street, "dev", dev.as_str()), (street, "prd", prd.as_str())])
        .collect();
    let snapshot = streets_of(&streets);
    let findings = dtap_verify::parity::judge(&snapshot).findings;
    let summary = &findings[0].summary;
    assert!(summary.contains("in 5 cases, such as a of ConfigMap a: a in dev, e in prd (in 5 streets"), "{summary}");
    assert_eq!(places(&snapshot)[0], ("e".to_owned(), "e in prd".to_owned()));
}

#[test]
fn a_host_that_both_are_wired_to_is_told_with_the_line_that_names_it() {
    let map = |stage: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: shop-{stage}}}\n\
             data: {{url: db.prd.shop.example, file: \"a\\nurl: https://db.prd.shop.example/b\\n\"}}\n"
        )
    };
    let found = told(("dev", &map("dev")), ("prd", &map("prd")));
    assert_eq!(
        found,
        [
            "PAR003 file of ConfigMap a points at one environment from both: line 2: url: https://db.prd.shop.example/b",
            "PAR003 url of ConfigMap a points at one environment from both: db.prd.shop.example",
        ]
    );
}

#[test]
fn a_missing_object_and_what_refers_to_it_are_one_cause() {
    let container = "image: a\n        envFrom: [{configMapRef: {name: extra}}]";
    let acc = deployments(2, "replicas: 2", container)
        + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {a: b}\n";
    let prd = deployments(2, "replicas: 2", "image: a");
    assert_eq!(told(("acc", &acc), ("prd", &prd)), ["PAR001 ConfigMap extra only in acc, with 2 references"]);
}

/// By what a Service selects decides where it leads: that it follows the labels of its pods is told by itself.
#[test]
fn a_label_added_everywhere_is_one_cause_and_that_a_service_selects_by_it_another() {
    let text = |labels: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, labels: {{app: web{labels}}}}}\nspec:\n  selector: \
             {{matchLabels: {{app: web{labels}}}}}\n  template:\n    metadata: {{labels: {{app: web{labels}}}}}\n---\napiVersion: \
             v1\nkind: Service\nmetadata: {{name: web, labels: {{app: web{labels}}}}}\nspec: {{selector: {{app: web{labels}}}}}\n"
        )
    };
    let found = told(("acc", &text("")), ("prd", &text(", tier: front")));
    let expected =
        ["PAR002 label tier of 2 objects only in prd: front", "PAR002 selector.tier of Service web only in prd: front"];
    assert_eq!(found, expected);
}

#[test]
fn many_values_of_one_object_are_one_cause() {
    let map = |value: &str| {
        let keys: String = (0..30).map(|key| format!("  K{key}: {value}{key}\n")).collect();
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata:\n{keys}")
    };
    let found = told(("acc", &map("a")), ("prd", &map("b")));
    assert_eq!(found, ["PAR003 30 values of ConfigMap settings differ: K0, K1, K10 and 27 more"]);
}

#[test]
fn no_secret_is_told() {
    let text = |planted: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: {planted}}}\n---\napiVersion: v1\nkind: \
             ConfigMap\nmetadata: {{name: c}}\ndata: {{dbPassword: {planted}, url: 'postgres://u:{planted}@db/x', api_key: \
             {planted}, flags: '--token={planted}'}}\n"
        ) + &deployments(
            2,
            "replicas: 2",
            &format!(
                "image: a\n        env: [{{name: API_TOKEN, value: {planted}}}]\n        args: [--password, {planted}, -x]"
            ),
        )
    };
    let snapshot = street(&[("acc", &text("planted1")), ("prd", &text("planted2"))]);
    let findings = dtap_verify::parity::judge(&snapshot).findings;
    let ids = &snapshot.streets[0].environments;
    let comparison = dtap_verify::parity::compare(&snapshot, ids[0], ids[1]);
    assert!(comparison.differences() >= 7, "{comparison:?}");
    assert!(!format!("{findings:?} {comparison:?}").contains("planted"), "{comparison:#?}");
}

#[test]
fn a_reordered_input_tells_the_same() {
    let acc = deployments(3, "replicas: 2", "image: a:1");
    let prd = deployments(3, "replicas: 3", "image: a:2");
    let reversed = |text: &str| text.rsplit("---\n").filter(|part| !part.is_empty()).collect::<Vec<_>>().join("---\n");
    assert_eq!(told(("acc", &acc), ("prd", &prd)), told(("acc", &reversed(&acc)), ("prd", &reversed(&prd))));
}

#[test]
fn the_later_place_comes_first_as_evidence() {
    let acc = deployments(1, "replicas: 2", "image: a:1");
    let prd = deployments(1, "replicas: 3", "image: a:1");
    let snapshot = street(&[("acc", &acc), ("prd", &prd)]);
    let dtap_verify::parity::Parity { steps, findings, .. } = dtap_verify::parity::judge(&snapshot);
    assert_eq!((steps[0].differences, steps[0].causes, steps[0].unknown.clone()), (1, 1, None));
    let shown: Vec<(u32, &str)> =
        findings[0].evidence.iter().map(|evidence| (evidence.place.source.0, evidence.label.as_str())).collect();
    assert_eq!(shown, [(1, "3 in prd"), (0, "2 in acc")]);
    let place = findings[0].evidence[0].place;
    let text = &snapshot.sources.get(place.source).unwrap().text;
    assert_eq!(&text[place.span.start as usize..place.span.end as usize], "3");
}

#[test]
fn a_host_in_another_domain_is_one_cause() {
    let hosts = |domain: &str| -> String {
        let one = |number: u32| {
            format!(
                "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web{number}}}\nspec:\n  rules: [{{host: \
                 web{number}.{domain}}}]\n  tls: [{{hosts: [web{number}.{domain}]}}]\n"
            )
        };
        (0..5).map(one).collect()
    };
    let found = told(("acc", &hosts("acc.example.com")), ("prd", &hosts("prd.example.org")));
    let expected =
        "PAR006 host of 5 Ingresses: web0.acc.example.com in acc, web0.prd.example.org in prd and 4 other changes";
    assert_eq!(found, [expected]);
    assert_eq!(told(("acc", &hosts("acc.example.com")), ("prd", &hosts("prd.example.com"))), Vec::<String>::new());
}

#[test]
fn what_could_not_be_read_of_either_side_is_said() {
    let text = deployments(1, "replicas: 2", "image: a:1");
    let mut snapshot = street(&[("tst", &text), ("acc", &text), ("prd", &text)]);
    let missing = snapshot.streets[0].environments[2];
    snapshot.gaps.push(Gap {
        what: "the chart shop is not rendered".to_owned(),
        hint: None,
        place: None,
        reach: Reach::Environment(missing),
        hides: Hides::Objects,
        unread: None,
    });
    let steps = dtap_verify::parity::judge(&snapshot).steps;
    let unknown: Vec<Option<&str>> = steps.iter().map(|step| step.unknown.as_deref()).collect();
    assert_eq!(unknown, [None, Some("the chart shop is not rendered")]);
    let told = |snapshot: &Snapshot| dtap_verify::parity::judge(snapshot).findings.len();
    let mut empty = street(&[("acc", &text), ("prd", "")]);
    assert_eq!(told(&empty), 1);
    empty.gaps.clone_from(&snapshot.gaps);
    empty.gaps.iter_mut().for_each(|gap| gap.reach = Reach::Everything);
    assert_eq!(told(&empty), 0, "of what could not be read at all nothing is missing for certain");
}

#[test]
fn what_else_is_called_resources_is_no_amount() {
    let rule = |acc: &str, prd: &str| {
        let of = |resources: &str| {
            format!(
                "apiVersion: example.org/v1\nkind: Thing\nmetadata: {{name: t}}\nspec: {{resources: {resources}}}\n"
            )
        };
        let told = told(("acc", &of(acc)), ("prd", &of(prd)));
        told.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rule("{requests: {cpu: 1}}", "{requests: {cpu: 2}}"), ["PAR005"]);
    assert_eq!(rule("{limits: {memory: 1Gi}}", "{}"), ["PAR005"]);
    assert_eq!(rule("[{when: a}]", "[{when: a, then: b}]"), ["PAR002"]);
    assert_eq!(rule("{pods: keep}", "{pods: drop}"), ["PAR002"]);
    assert_eq!(rule("{requests: {cpu: 1}}", "null"), ["PAR005"]);
    assert_eq!(rule("[a]", "null"), ["PAR002"]);
}

#[test]
fn what_selects_pods_is_told_by_its_path_but_for_a_workloads_own() {
    let of = |kind: &str, spec: &str| format!("apiVersion: {kind}\nmetadata: {{name: w}}\nspec: {spec}\n");
    let rows = [
        (
            of("networking.k8s.io/v1\nkind: NetworkPolicy", "{podSelector: {matchLabels: {app: w}}}"),
            of("networking.k8s.io/v1\nkind: NetworkPolicy", "{podSelector: {}}"),
            "podSelector.matchLabels.app of NetworkPolicy w only in acc: w",
        ),
        (
            of("policy/v1\nkind: PodDisruptionBudget", "{selector: {matchLabels: {app: w}}}"),
            of("policy/v1\nkind: PodDisruptionBudget", "{selector: {matchLabels: {app: v}}}"),
            "selector.matchLabels.app of PodDisruptionBudget w: w in acc, v in prd",
        ),
        (
            of("v1\nkind: Service", "{selector: {app: w}}"),
            of("v1\nkind: Service", "{selector: {app: v}}"),
            "selector.app of Service w: w in acc, v in prd",
        ),
        (
            of("v1\nkind: ReplicationController", "{selector: {app: w}}"),
            of("v1\nkind: ReplicationController", "{selector: {app: v}}"),
            "label app of ReplicationController w: w in acc, v in prd",
        ),
        (
            of("apps/v1\nkind: StatefulSet", "{selector: {matchLabels: {app: w}}}"),
            of("apps/v1\nkind: StatefulSet", "{selector: {matchLabels: {app: v}}}"),
            "label app of StatefulSet w: w in acc, v in prd",
        ),
    ];
    for (acc, prd, expected) in rows {
        assert_eq!(told(("acc", &acc), ("prd", &prd)), [format!("PAR002 {expected}")]);
    }
}

#[test]
fn what_other_kinds_select_by_or_give_is_no_label_of_theirs() {
    let of = |value: &str| {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: r, labels: {{own: {value}}}}}\n\
             spec: {{groups: [{{name: g, rules: [{{alert: a, labels: {{severity: {value}}}}}]}}]}}\n---\n\
             apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {{name: m}}\n\
             spec: {{selector: {{matchLabels: {{app: {value}}}}}}}\n"
        )
    };
    let told = told(("acc", &of("one")), ("prd", &of("two")));
    let told: Vec<&str> = told.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert!(told.iter().any(|line| line.contains("label own of PrometheusRule")), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("label severity") || line.contains("label app")), "{told:?}");
}

#[test]
fn what_may_not_be_applied_is_not_compared_and_said() {
    let text = file("web.conf", "a: b");
    let mut snapshot = street(&[("acc", &text), ("prd", "")]);
    assert_eq!(dtap_verify::parity::judge(&snapshot).findings.len(), 1);
    let at = snapshot.objects.iter().position(|placed| placed.object.identity.kind.kind == "ConfigMap").unwrap();
    snapshot.unapplied.insert(at, "acc/library".to_owned());
    let parity = dtap_verify::parity::judge(&snapshot);
    assert!(parity.findings.is_empty());
    let said = "whether Argo CD or Flux applies acc/library is not known: what lies there is not compared";
    assert_eq!(parity.steps.iter().map(|step| step.unknown.as_deref()).collect::<Vec<_>>(), [Some(said)]);
}

/// A ConfigMap with one file.
fn file(name: &str, text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{{name}: {text}}}\n")
}

#[test]
fn a_file_is_told_by_the_lines_that_differ() {
    let told = |acc: &str, prd: &str| told(("acc", &file("web.conf", acc)), ("prd", &file("web.conf", prd)));
    let acc = "host: acc.example\ncache: on\nworkers: 2\nlog: info\n";
    let cases = [
        ("host: prd.example\ncache: on\nworkers: 2\nlog: info\n", None),
        ("host: prd.example\ncache: on\nworkers: 9\nlog: info\n", Some("line 3: workers: 2 in acc, workers: 9 in prd")),
        (
            "host: prd.example\ncache: off\nworkers: 2\nlog: no\n",
            Some("line 2 and 1 more: cache: on in acc, cache: off in prd"),
        ),
        ("host: prd.example\nworkers: 2\nlog: info\n", Some("line 2: cache: on in acc, nothing in prd")),
        (
            "host: prd.example\na: b\nc: d\ncache: on\nworkers: 2\nlog: info\n",
            Some("nothing in acc, lines 2 to 3: a: b in prd"),
        ),
        (
            "host: prd.example\ncache: off\na: b\nworkers: 3\nlog: info\n",
            Some("lines 2 to 3: cache: on in acc, lines 2 to 4: cache: off in prd"),
        ),
    ];
    for (prd, expected) in cases {
        let expected: Vec<String> =
            expected.iter().map(|line| format!("PAR003 web.conf of ConfigMap settings: {line}")).collect();
        assert_eq!(told(acc, prd), expected);
    }
    // Of a long line what stands around the difference.
    let long = |end: &str| format!("a\n{}{end}\n", "b c ".repeat(40));
    let [found] = &*told(&long("one"), &long("two")) else { panic!() };
    assert!(found.ends_with("one in acc, …b c b c b c b c b c b c two in prd"), "{found}");
    let secret = told("user: a\npassword: planted1\n", "user: a\npassword: planted2\n");
    assert!(!secret.is_empty() && !format!("{secret:?}").contains("planted"), "{secret:?}");
}

#[test]
fn a_long_value_is_told_by_what_stands_around_the_difference() {
    let long = |stage: &str| {
        file("url", &format!("https://{}.{stage}.example/a/long/path/to/the/orders?with=arguments", "a".repeat(80)))
    };
    let found = told(("acc", &long("one")), ("prd", &long("other")));
    let summary = found.first().unwrap();
    assert!(summary.contains("aaa.one.example") && summary.contains("aaa.other.example"), "{summary}");
}

#[test]
fn what_is_shown_of_a_long_value_differs_by_more_than_the_words_for_the_environment() {
    let query = |stage: &str, end: &str| {
        let long =
            format!("rate(requests{{namespace=\"shop-{stage}\",path!~\"{}\"}}[1m]) > {end}", "orders/".repeat(12));
        file("query", &long)
    };
    let found = told(("acc", &query("acc", "2")), ("prd", &query("prd", "3 and on()")));
    let [found] = &*found else { panic!("{found:?}") };
    assert!(found.contains("> 2 in acc, …") && found.ends_with("> 3 and on() in prd"), "{found}");
}

#[test]
fn of_a_long_list_the_items_are_told_that_one_alone_has() {
    let of = |stage: &str, more: &str| {
        let long = "a-long-name-of-a-host.of-a-long-name-of-a-domain.example";
        format!(
            "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {{name: c}}\n\
             spec: {{dnsNames: [web-{stage}.{long}{more}, api-{stage}.{long}]}}\n"
        )
    };
    let rows = [
        ("", ", share.example", "nothing more in acc, share.example in prd"),
        (", a.example, b.example", ", c.example", "[a.example, b.example] in acc, c.example in prd"),
    ];
    for (acc, prd, expected) in rows {
        let found = told(("acc", &of("acc", acc)), ("prd", &of("prd", prd)));
        assert_eq!(found, [format!("PAR006 host of Certificate c: {expected}")]);
    }
    let turned = of("prd", "").replace("web-", "x-").replace("api-", "web-").replace("x-", "api-");
    let found = told(("acc", &of("acc", "")), ("prd", &turned));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.iter().all(|line| line.contains("web-acc") && line.contains("api-prd")), "{found:?}");
}

#[test]
fn of_a_long_list_of_arguments_a_value_is_told_with_its_flag() {
    let of = |level: &str| {
        let args = format!("--level, {level}, --config, {}", "/etc/orders".repeat(9));
        deployments(1, "replicas: 2", &format!("args: [{args}]"))
    };
    let found = told(("acc", &of("debug")), ("prd", &of("info")));
    assert_eq!(found, ["PAR003 args of Deployment web0: [--level, debug] in acc, [--level, info] in prd"]);
}

#[test]
fn blanks_at_ends_of_lines_are_told_where_nothing_else_differs() {
    let told = |acc: &str, prd: &str| told(("acc", &file("a.conf", acc)), ("prd", &file("a.conf", prd)));
    let found = told("host: acc  \nworkers: 2\n", "host: prd\nworkers: 9\n");
    assert_eq!(found, ["PAR003 a.conf of ConfigMap settings: line 2: workers: 2 in acc, workers: 9 in prd"]);
    let found = told("host: acc\nworkers: 2  \n", "host: prd\nworkers: 2\n");
    let expected =
        r#"PAR003 a.conf of ConfigMap settings: line 2: "workers: 2  \n" in acc, line 2: "workers: 2\n" in prd"#;
    assert_eq!(found, [expected]);
    let long: String = (0..100_u8).map(|at| char::from(b'a' + at % 26)).collect();
    let found = told(&format!("host: acc\n{long}  \n"), &format!("host: prd\n{long}\n"));
    assert_eq!(found.len(), 1);
    assert!(
        found.iter().all(|line| line.contains(r#"uv  \n" in acc"#) && line.contains(r#"uv\n" in prd"#)),
        "{found:?}"
    );
}

#[test]
fn of_several_things_it_is_said_that_they_differ() {
    let text = |name: &str, value: &str| {
        let data: String = (0..4).map(|key| format!("  {name}{key}: {value}{key}\n")).collect();
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n{data}")
    };
    let texts: Vec<(String, &str, String)> = ["a", "b", "c", "d"]
        .into_iter()
        .flat_map(|name| [("acc", "x"), ("prd", "y")].map(|(stage, value)| (name.to_owned(), stage, text(name, value))))
        .collect();
    let streets: Vec<(&str, &str, &str)> =
        texts.iter().map(|(street, stage, text)| (street.as_str(), *stage, text.as_str())).collect();
    let findings = dtap_verify::parity::judge(&streets_of(&streets)).findings;
    let told: Vec<&str> = findings.iter().map(|finding| finding.about.as_str()).collect();
    let expected =
        "values of ConfigMap differ, in 16 cases, such as 4 values of ConfigMap a differ: a0, a1, a2 and 1 more";
    assert_eq!(told, [expected]);
}

#[test]
fn a_container_among_several_is_named() {
    let of = |web: &str, proxy: &str, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    spec:\n      \
             containers:\n      - {{name: web, resources: {{limits: {{{web}}}}}}}\n      \
             - {{name: proxy, resources: {{limits: {{{proxy}}}}}}}\n{more}"
        )
    };
    let rows = [
        (
            of("memory: 1Gi", "memory: 1Gi", ""),
            "limits.memory of container web of Deployment web: 2Gi in acc, 1Gi in prd",
        ),
        (
            of("memory: 1Gi", "memory: 3Gi", ""),
            "limits.memory of container proxy of Deployment web: 1Gi in acc, 3Gi in prd",
        ),
        (
            of("memory: 1Gi", "memory: 1Gi", "      - {name: own}\n"),
            "containers.[name=own] of Deployment web only in prd",
        ),
    ];
    let acc = of("memory: 2Gi", "memory: 1Gi", "");
    for (prd, expected) in rows {
        let found = told(("acc", &acc), ("prd", &prd));
        assert!(found.iter().any(|line| line.split_once(' ').is_some_and(|(_, line)| line == expected)), "{found:?}");
    }
    let one = deployments(1, "replicas: 2", "resources: {limits: {memory: 1Gi}}");
    let found = told(("acc", &one), ("prd", &one.replace("1Gi", "2Gi")));
    assert_eq!(found, ["PAR005 limits.memory of Deployment web0: 1Gi in acc, 2Gi in prd"]);
}

#[test]
fn peers_that_one_alone_has_are_counted_and_told_in_their_own_words() {
    let of = |peers: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\n\
             spec: {{podSelector: {{}}, ingress: [{{from: [{peers}]}}]}}\n"
        )
    };
    let common = "{podSelector: {matchLabels: {app: a}}}";
    let many = ["a", "b", "c", "d"].map(|team| format!(", {{namespaceSelector: {{matchLabels: {{team: {team}}}}}}}"));
    let pods = ", {namespaceSelector: {}, podSelector: {matchLabels: {app: web, tier: z}}}";
    let rows = [
        (
            many.concat(),
            "4 ingress peers of NetworkPolicy p only in prd: namespaces with team: a, namespaces with team: b, \
             namespaces with team: c and 1 more",
        ),
        (
            pods.to_owned(),
            "one ingress peer of NetworkPolicy p only in prd: pods with app: web, tier: z in all namespaces",
        ),
        (
            ", {ipBlock: {cidr: 10.0.0.0/8}}".to_owned(),
            "one ingress peer of NetworkPolicy p only in prd: {ipBlock: {cidr: 10.0.0.0/8}}",
        ),
    ];
    for (more, expected) in rows {
        let found = told(("acc", &of(common)), ("prd", &of(&format!("{common}{more}"))));
        assert_eq!(found, [format!("PAR002 {expected}")]);
    }
}
