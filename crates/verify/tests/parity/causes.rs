//! How differences are grouped and told: a person reads causes, not paths.

use super::street::{deployments, file, street, streets_of, told};
use dtap_snapshot::{Gap, Hides, Reach, Snapshot};

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
