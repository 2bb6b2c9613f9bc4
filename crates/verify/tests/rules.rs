//! Every rule's examples: what breaks it is found under its code, what holds is not.
//!
//! An example is a manifest, or a folder: `# file: PATH` begins each of its files.

use dtap_snapshot::infer::{Corrections, snapshot};
use dtap_source::{Request, read};
use dtap_verify::{Settings, rules::rules, verify};
use std::path::Path;

/// The line before each file of an example.
const FILE: &str = "# file: ";

/// The files of an example: their paths and texts.
fn files(example: &str) -> Vec<(&str, String)> {
    if !example.starts_with(FILE) {
        return vec![("example.yaml", example.to_owned())];
    }
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in example.lines() {
        match (line.strip_prefix(FILE), files.last_mut()) {
            (Some(path), _) => files.push((path, String::new())),
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => unreachable!("the example begins with {FILE}"),
        }
    }
    files
}

/// The codes of what a scan of an example finds, with the findings in words.
fn found(example: &str) -> Vec<(&'static str, String)> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files(example) {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let request = Request { paths: vec![folder.path().to_string_lossy().into_owned()], ..Request::default() };
    let report = verify(&snapshot(read(&request), &Corrections::default()), &Settings::default());
    report.findings.into_iter().map(|finding| (finding.rule.code, finding.summary)).collect()
}

#[test]
fn what_breaks_a_rule_is_found_and_what_holds_is_not() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let (broken, holding) = (found(rule.breaks), found(rule.holds));
        let has = |found: &[(&str, String)]| found.iter().any(|(code, _)| *code == rule.code);
        if !has(&broken) {
            wrong.push(format!("{} is not found in what breaks it, but {broken:?}", rule.code));
        }
        if has(&holding) {
            wrong.push(format!("{} is found in what holds: {holding:?}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_are_unique_and_every_part_is_told() {
    let rules = rules();
    for pair in rules.windows(2) {
        assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
    }
    for rule in rules {
        let parts = [rule.title, rule.why, rule.breaks, rule.holds, rule.mend];
        assert!(parts.iter().all(|part| !part.is_empty()), "{}", rule.code);
    }
}
