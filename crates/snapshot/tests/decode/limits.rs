//! What is hostile, or goes beyond what one text may hold.

use super::*;

/// Hostile texts, each of which ends in one error or none, soon.
#[test]
fn hostile_texts_end_in_one_clear_error_soon() {
    let bomb = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(text, "a{level}: &a{level} [{inner}]").unwrap();
        }
        text
    };
    let tower = {
        let mut text = format!("a0: &a0 {}{}\n", "[".repeat(200), "]".repeat(200));
        for level in 1..2000 {
            writeln!(text, "a{level}: &a{level} {}*a{}{}", "[".repeat(200), level - 1, "]".repeat(200)).unwrap();
        }
        text
    };
    let copies = format!("a: &a \"{}\\n\"\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    let refused = [
        ("bomb", bomb),
        ("tower", tower),
        ("copies", copies),
        ("cycle", "a: &a [*a]\n".to_owned()),
        ("deep flow", "[".repeat(1_000_000)),
        ("deep block", "- ".repeat(100_000)),
        ("deep mapping", (0..2000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n")),
        ("deep JSON", format!("{{\"a\":{}", "[".repeat(1_000_000))),
        ("truncated JSON", r#"{"apiVersion":"v1","kind":"Li"#.to_owned()),
        ("NUL", "a: b\0c\nd: e\n".to_owned()),
        ("endless quote", format!("a: \"{}", "x".repeat(10 << 20))),
    ];
    for (what, text) in refused {
        let start = Instant::now();
        let decoded = read(&text);
        assert_eq!(decoded.unread.len(), 1, "{what}");
        assert!(decoded.unread[0].why.len() < 200, "{what}: {}", decoded.unread[0].why);
        assert!(start.elapsed() < Duration::from_secs(60), "{what} took {:?}", start.elapsed());
    }
    let large =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  b: {}\n", "x".repeat(20 << 20));
    assert_eq!(names(&read(&large)), ["a"]);
}

/// A text of as many parts as `limit` is read, and one of a part more is not.
#[track_caller]
fn holds_at_most(limit: usize, text: impl Fn(usize) -> String, why: &str) {
    let within = read(&text(limit));
    assert!(within.unread.is_empty(), "{:?}", within.unread.first());
    let beyond = read(&text(limit + 1));
    let told: Vec<&str> = beyond.unread.iter().map(|unread| unread.why.as_str()).collect();
    assert!(matches!(told.as_slice(), [only] if only.contains(why)), "{told:?}");
    assert!(beyond.objects.is_empty() && beyond.pods.is_empty());
}

#[test]
fn one_text_holds_at_most_half_a_million_objects() {
    let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","ownerReferences":[{"controller":true}]}}"#;
    let list = |pods: usize| {
        format!(r#"{{"apiVersion":"v1","kind":"List","items":[{}{pod}]}}"#, format!("{pod},").repeat(pods - 1))
    };
    holds_at_most(500_000, list, "holds more than 500000 objects");
}

#[test]
fn one_object_holds_at_most_a_mebi_of_values() {
    let object = |values: usize| {
        let items = vec!["1"; values - 5].join(",");
        format!(r#"{{"apiVersion":"v1","kind":"X","metadata":{{"name":"a"}},"spec":[{items}]}}"#)
    };
    holds_at_most(1 << 20, object, "an object of more than 1048576 values");
}

#[test]
fn of_the_faults_of_one_text_a_hundred_are_told() {
    let broken = |documents: usize| "---\na: [\n".repeat(documents);
    assert_eq!(read(&broken(100)).unread.len(), 100);
    let more = read(&broken(101)).unread;
    assert_eq!(more.len(), 101);
    assert!(more.last().unwrap().why.starts_with("1 more fault"), "{:?}", more.last());
}
