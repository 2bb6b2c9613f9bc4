//! The example with the mistakes: the scan finds what its README lists, and nothing else.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = "examples/shop-as-found";

/// What the README's table says the scan says: severity and rule, and the file that the finding points at first.
fn listed() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(FOLDER).join("README.md")).expect("the README is there");
    let mut rows: Vec<(String, String)> = text
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            (cells[2].to_owned(), format!("{FOLDER}/{}", cells[1].trim_matches('`')))
        })
        .collect();
    rows.sort();
    rows
}

fn scan() -> (Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_dtap"))
        .args(["scan", "-o", "json", FOLDER])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("dtap runs");
    (serde_json::from_slice(&output.stdout).expect("the report is JSON"), output.status.code())
}

#[test]
fn what_the_readme_lists_is_found_and_nothing_else() {
    let (report, _) = scan();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<(String, String)> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let told = format!("{} {}", text(&finding["severity"]), text(&finding["rule"]));
            (told, text(&finding["evidence"][0]["file"]))
        })
        .collect();
    found.sort();
    assert_eq!(found, listed());
}

#[test]
fn production_is_broken_into_and_everything_else_holds() {
    let (report, status) = scan();
    assert_eq!(status, Some(1));
    let matrix = &report["network"]["matrix"];
    let parties: Vec<&str> =
        matrix["parties"].as_array().expect("parties").iter().filter_map(|party| party["name"].as_str()).collect();
    assert_eq!(parties[..4], ["dev", "tst", "acc", "prd"]);
    let verdicts = |row: usize| -> Vec<&str> {
        let cells = matrix["cells"][row].as_array().expect("a row");
        cells.iter().take(4).filter_map(|cell| cell["verdict"].as_str()).collect()
    };
    assert_eq!(verdicts(0)[1..], ["today-only", "isolated", "broken"]);
    assert_eq!([verdicts(1)[0], verdicts(1)[2], verdicts(1)[3]], ["isolated", "isolated", "broken"]);
    assert_eq!([verdicts(2)[0], verdicts(2)[1], verdicts(2)[3]], ["isolated", "today-only", "broken"]);
    assert_eq!(verdicts(3)[..3], ["isolated", "today-only", "isolated"]);
}

#[test]
fn all_that_lies_there_is_accounted_for() {
    let (report, _) = scan();
    let input = &report["input"];
    assert_eq!((input["files"].as_u64(), input["objects"].as_u64()), (Some(32), Some(84)));
    assert_eq!(input["not_kubernetes"], serde_json::json!([["compose file", 1], ["workflow", 1]]));
    assert_eq!(input["unread"], serde_json::json!([]));
}
