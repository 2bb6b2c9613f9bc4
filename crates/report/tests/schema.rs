//! The JSON report, held to the schema that is published.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod shop;

use dtap_report::report::{KindCount, NamespaceSummary};
use dtap_report::{FailOn, json};
use serde_json::Value;

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/report.v1.json");
    let text = std::fs::read_to_string(path).expect("schemas/report.v1.json is there");
    serde_json::from_str(&text).expect("the schema is JSON")
}

#[test]
fn reports_keep_the_published_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a JSON Schema");
    let (mut nameless, sources) = shop::report();
    let kinds = vec![KindCount { kind: "Widget".to_owned(), objects: 2 }];
    nameless.unplaced = vec![NamespaceSummary { kinds, ..Default::default() }];
    for (report, sources) in [shop::report(), shop::many(), (nameless, sources), Default::default()] {
        let shown: Value =
            serde_json::from_str(&json::show(&report, &sources, FailOn::Error, &[])).expect("it is JSON");
        let faults: Vec<String> =
            validator.iter_errors(&shown).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn the_schema_lets_no_other_field_pass() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a JSON Schema");
    let (report, sources) = shop::report();
    let shown: Value = serde_json::from_str(&json::show(&report, &sources, FailOn::Error, &[])).expect("it is JSON");
    for pointer in ["", "/input", "/findings/0", "/findings/0/evidence/0", "/network", "/network/matrix", "/parity/0"] {
        let mut changed = shown.clone();
        let object = changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object stands there");
        object.insert("nobody_knows_this".to_owned(), Value::Bool(true));
        assert!(!validator.is_valid(&changed), "a field more at `{pointer}`");
        let object = changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object stands there");
        object.remove("nobody_knows_this");
        let first = object.keys().next().cloned().expect("it has a field");
        object.remove(&first);
        assert!(!validator.is_valid(&changed), "without `{first}` at `{pointer}`");
    }
}

#[test]
fn the_version_in_a_report_is_the_one_of_the_schema() {
    assert_eq!(schema()["properties"]["schema"]["const"], json::SCHEMA);
}
