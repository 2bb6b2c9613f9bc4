//! What is shown of values that differ, and what never is.

use super::street::{deployments, file, street, told};

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
