//! A table of hostile YAML, read as kubectl reads it.
//!
//! Each line of `hostile.jsonl` is a text with what `sigs.k8s.io/yaml` makes of it, or that it refuses it. The table is
//! held to that reader itself wherever the folder of tools is at hand (`DTAP_TOOLS`, set by `cargo xtask test`).
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod tree;

use dtap_snapshot::decode::documents;
use serde_json::Value as Json;
use std::io::Write;
use std::process::{Command, Stdio};
use tree::json;

const TABLE: &str = include_str!("hostile.jsonl");

/// Texts that kubectl refuses and that are read here, because nothing hangs on them, with what they are.
const READ_ALL_THE_SAME: [&str; 0] = [];

/// Texts that kubectl reads and that are refused here. Refused means unknown, which is safe.
/// Of most of them kubectl drops a part without a word.
const REFUSED_ALL_THE_SAME: [&str; 7] =
    ["a: b\n  \t\nc: d", " a: 1\nb: 2", "a: \u{feff}b", "\"a\":b", "{a: b}}", "[a, b]]", "a: [-]"];

struct Row {
    yaml: String,
    reads: Option<Json>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    lines
        .map(|line| Row {
            yaml: line["yaml"].as_str().unwrap().to_owned(),
            reads: line.get("refuses").is_none().then(|| line["reads"].clone()),
        })
        .collect()
}

/// Numbers beyond 64 bits with sign are floats here.
fn as_floats(value: &Json) -> Json {
    match value {
        Json::Number(number) if number.as_i64().is_none() => Json::from(number.as_f64().unwrap()),
        Json::Array(items) => items.iter().map(as_floats).collect(),
        Json::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), as_floats(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn hostile_yaml_reads_as_kubectl_reads_it() {
    let rows = rows();
    assert!(rows.len() >= 120, "the table lost rows");
    let mut wrong = Vec::new();
    for row in &rows {
        let ours = documents(&row.yaml).map(|trees| trees.first().map_or(Json::Null, json));
        let agrees = match (&ours, &row.reads) {
            (Ok(ours), Some(theirs)) => *ours == as_floats(theirs),
            (Ok(_), None) => READ_ALL_THE_SAME.contains(&row.yaml.as_str()),
            (Err(_), Some(_)) => REFUSED_ALL_THE_SAME.contains(&row.yaml.as_str()),
            (Err(_), None) => true,
        };
        if !agrees {
            let theirs = row.reads.as_ref().map_or("refused".to_owned(), Json::to_string);
            let ours = ours.map_or_else(|fault| fault.message, |json| json.to_string());
            wrong.push(format!("{:?}: kubectl {theirs}, here {ours}", row.yaml));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_is_what_kubectls_reader_says() {
    let Some(tools) = std::env::var_os("DTAP_TOOLS") else { return };
    let mut reader = Command::new(std::path::Path::new(&tools).join("yaml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tools hold `yaml`");
    let rows = rows();
    let input = rows.iter().map(|row| row.yaml.as_str()).collect::<Vec<_>>().join("\0");
    let mut stdin = reader.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = reader.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Json> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), rows.len());
    for (row, answer) in rows.iter().zip(&answers) {
        let reads = answer.get("error").is_none().then(|| as_floats(answer.get("json").unwrap_or(&Json::Null)));
        assert_eq!(reads, row.reads.as_ref().map(as_floats), "{:?}", row.yaml);
    }
}
