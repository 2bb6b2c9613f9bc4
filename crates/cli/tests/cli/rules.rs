//! Every rule's own examples, scanned: the one that breaks it is found, the one that holds is not.
//!
//! An example is one file, unless lines `# file: NAME` part it into several.

use crate::harness::{folder, run};

/// The findings in an example: by which rule, how bad, and in words.
fn findings(code: &str, example: &str) -> Vec<(String, String, String)> {
    let folder = folder(&files(example));
    let run = run(&["scan", "-o", "json", "."], folder.path());
    let report: serde_json::Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{code}: {error}\n{}\n{}", run.stdout, run.stderr));
    let findings = report["findings"].as_array().expect("a report has findings");
    let text = |finding: &serde_json::Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    let told = |it| (text(it, "rule"), text(it, "severity"), text(it, "summary"));
    findings.iter().map(told).collect()
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
        let found = findings(rule.code, rule.breaks);
        assert!(found.iter().any(|(by, ..)| by == rule.code), "{} does not find its own example: {found:?}", rule.code);
    }
}

#[test]
fn the_example_that_holds_is_clean() {
    let mut complaints = Vec::new();
    for rule in dtap_verify::rules::rules() {
        let found = findings(rule.code, rule.holds).into_iter();
        let complains = found.filter(|(by, severity, _)| by == rule.code || severity != "note");
        complaints.extend(complains.map(|(by, _, summary)| format!("{}: {by} {summary}", rule.code)));
    }
    assert!(complaints.is_empty(), "examples that hold are not clean:\n{}", complaints.join("\n"));
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
