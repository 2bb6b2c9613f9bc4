//! Every rule's own examples, scanned: the one that breaks it is found, the one that holds is not.
//!
//! An example is one file, unless lines `# file: NAME` part it into several.

use crate::harness::{folder, run};

/// The findings of a rule in an example.
fn findings(code: &str, example: &str) -> Vec<String> {
    let folder = folder(&files(example));
    let run = run(&["scan", "-o", "json", "."], folder.path());
    let report: serde_json::Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{code}: {error}\n{}\n{}", run.stdout, run.stderr));
    let findings = report["findings"].as_array().expect("a report has findings");
    findings
        .iter()
        .filter(|finding| finding["rule"] == code)
        .map(|finding| finding["summary"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn files(example: &str) -> Vec<(&str, &str)> {
    const MARK: &str = "# file: ";
    if !example.starts_with(MARK) {
        return vec![("example.yaml", example)];
    }
    let parts = example.split(MARK).filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('\n').expect("a file follows its name"))
        .map(|(name, text)| (name.trim(), text))
        .collect()
}

#[test]
fn the_example_that_breaks_a_rule_is_found() {
    for rule in dtap_verify::rules::rules() {
        assert!(!findings(rule.code, rule.breaks).is_empty(), "{} does not find its own example", rule.code);
    }
}

#[test]
fn the_example_that_holds_is_not() {
    for rule in dtap_verify::rules::rules() {
        let found = findings(rule.code, rule.holds);
        assert!(found.is_empty(), "{} complains of the example that holds: {found:?}", rule.code);
    }
}

#[test]
fn a_rule_is_complete() {
    let rules = dtap_verify::rules::rules();
    for rule in &rules {
        for (what, text) in [("title", rule.title), ("why", rule.why), ("mend", rule.mend)] {
            assert!(text.len() > 10, "{} has no {what}", rule.code);
        }
    }
    let mut codes: Vec<&str> = rules.iter().map(|rule| rule.code).collect();
    codes.dedup();
    assert_eq!(codes.len(), rules.len(), "two rules have one code");
}
