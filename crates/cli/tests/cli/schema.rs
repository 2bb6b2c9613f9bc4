//! What the program prints as JSON, held to the schemas that are published.

use crate::harness::{root, run};
use serde_json::Value;

#[track_caller]
fn holds(schema: &str, arguments: &[&str]) {
    let path = root().join("schemas").join(schema);
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let run = run(arguments, &root());
    let shown: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}:\n{}", run.stdout));
    let faults: Vec<String> =
        validator.iter_errors(&shown).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{arguments:?}\n{}", faults.join("\n"));
    assert_eq!(shown["exit_status"], run.status, "{arguments:?}");
}

#[test]
fn scan_keeps_its_schema() {
    holds("report.v1.json", &["scan", "-o", "json", "examples/shop-as-found"]);
    holds("report.v1.json", &["scan", "-o", "json", "--strict", "examples/shop-as-found"]);
    holds("report.v1.json", &["scan", "-o", "json", "examples/shop-as-found/dev"]);
    holds("report.v1.json", &["scan", "-o", "json", "schemas"]);
    holds("report.v1.json", &["scan", "-o", "json", "--rule", "NET002", "examples/shop-as-found"]);
}

#[test]
fn diff_keeps_its_schema() {
    holds("diff.v1.json", &["diff", "-o", "json", "acc", "prd", "examples/shop-as-found"]);
    holds("diff.v1.json", &["diff", "-o", "json", "dev", "dev", "examples/shop-as-found"]);
}

#[test]
fn reach_keeps_its_schema() {
    holds("reach.v1.json", &["reach", "-o", "json", "dev:web", "prd:orders:5432", "examples/shop-as-found"]);
}
