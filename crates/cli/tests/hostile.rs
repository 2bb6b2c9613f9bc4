//! Hostile input: within 1 GiB and soon, one clear error with its place and what to do, and never a panic.
//!
//! The texts are large where size is what they attack with, and each is written, read and removed by itself.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

const DTAP: &str = env!("CARGO_BIN_EXE_dtap");

const MEBI: usize = 1 << 20;

/// Two environments that hold, beside which the hostile file lies.
const SHOP: &str = "apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {environment: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd}}
";

/// Scans a folder under a limit of memory.
fn scan(folder: &Path) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -v 1048576; exec \"$0\" scan -o json .", DTAP]).current_dir(folder);
    shell.output().unwrap()
}

/// What could not be read of a folder: name and reason of each.
fn unread(folder: &Path, what: &str) -> Vec<(String, String)> {
    let output = scan(folder);
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(!complaints.contains("panicked") && !complaints.contains("allocation"), "{what}: {complaints}");
    assert!(matches!(output.status.code(), Some(1 | 3)), "{what}: {complaints}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let unread = report["input"]["unread"].as_array().unwrap_or_else(|| panic!("{what}: {report}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    unread.iter().map(|unread| (text(&unread["name"]), text(&unread["why"]))).collect()
}

/// The one error of a hostile text in a file beside the shop; `place` is its line and column, `why` a part of its
/// words.
#[track_caller]
fn is_one_error(file: &str, text: impl AsRef<[u8]>, place: &str, why: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SHOP).unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    let unread = unread(folder.path(), why);
    let [(name, told)] = unread.as_slice() else { panic!("{why}: {unread:?}") };
    assert!(told.len() < 200, "{told}");
    assert_eq!((name.as_str(), told.contains(why)), (format!("{file}{place}").as_str(), true), "{told}");
}

fn config_map(data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: shop-dev}}\ndata:\n{data}\n")
}

fn list(items: &str) -> String {
    format!(r#"{{"apiVersion":"v1","kind":"List","items":[{items}"#)
}

const TINY: &str = r#"{"apiVersion":"v1","kind":"Event","metadata":{"name":"a"}},"#;

#[test]
fn what_ends_too_soon() {
    let long = TINY.replace("}}", &format!(r#"}},"note":"{}"}}"#, "x".repeat(1000))).repeat(90_000);
    is_one_error("a.json", list(&long), &format!(":1:{}", list(&long).len() + 1), "the text ends");
    is_one_error("a.json", &list(TINY)[..60], ":1:61", "the text ends");
    is_one_error("a.yaml", "a: [b, c", ":1:4", "unclosed bracket");
    is_one_error("a.yaml", config_map(&format!("  b: \"{}", "x".repeat(100 * MEBI))), ":5:6", "unclosed quote");
}

#[test]
fn what_is_nested_too_deeply() {
    is_one_error("a.json", "[".repeat(100 * MEBI), ":1:256", "nested deeper");
    is_one_error("a.yaml", format!("a: {}", "[".repeat(100 * MEBI)), ":1:259", "recursion limit");
    is_one_error("a.yaml", "- ".repeat(10 * MEBI), ":1:511", "recursion limit");
    let mapping = (0..2000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    is_one_error("a.yaml", mapping, ":256:256", "recursion limit");
}

#[test]
fn what_repeats_itself() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{inner}]").unwrap();
    }
    is_one_error("a.yaml", bomb, ":6:20", "aliases repeat too much");
    let copies = format!("a: &a \"{}\\n\"\nb: [{}]\n", "x".repeat(MEBI), vec!["*a"; 1000].join(", "));
    is_one_error("a.yaml", copies, ":2:257", "aliases repeat too much");
    is_one_error("a.yaml", "a: &a {b: *a}\n", ":1:11", "an alias stands within the value that it repeats");
}

#[test]
fn what_is_more_than_anybody_stores() {
    let values =
        format!(r#"{{"apiVersion":"v1","kind":"X","metadata":{{"name":"a"}},"spec":[{}1]}}"#, "1,".repeat(50 * MEBI));
    is_one_error("a.json", &values, ":1:2097205", "more than 1048576 values");
    let values = format!("apiVersion: v1\nkind: X\nmetadata: {{name: a}}\nspec: [{}1]\n", "1,".repeat(50 * MEBI));
    is_one_error("a.yaml", &values, ":4:2097148", "more than 1048576 values");
    is_one_error("a.yaml", config_map(&"  k: v\n".repeat(14 * MEBI)), ":1048574:6", "more than 1048576 values");
    is_one_error(
        "a.json",
        list(&TINY.repeat(100 * MEBI / TINY.len())) + TINY.trim_end_matches(',') + "]}",
        ":1:1",
        "more than 500000 objects",
    );
}

#[test]
fn scalars_of_100_megabytes_are_read() {
    let large = "x".repeat(100 * MEBI);
    let block = "    xxxxxxxxxxx\n".repeat(6 * MEBI);
    for text in
        [format!("  b: {large}"), format!("  b: \"{large}\""), format!("  b: |\n{block}"), format!("  b: >\n{block}")]
    {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.yaml"), SHOP).unwrap();
        std::fs::write(folder.path().join("a.yaml"), config_map(&text)).unwrap();
        let read = unread(folder.path(), "a scalar");
        assert!(read.is_empty(), "{read:?}");
    }
    is_one_error("a.yaml", config_map(&format!("  {large}: b")), ":5:104857603", "mapping values are not allowed");
}

#[test]
fn what_is_no_text() {
    is_one_error("a.yaml", vec![0_u8; 100 * MEBI], ":1:1", "UTF-16 or binary data");
    is_one_error("a.yaml", vec![0xE9_u8; 100 * MEBI], "", "no UTF-8 text (byte 0)");
}

#[test]
fn what_is_no_yaml_until_it_is_rendered() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n";
    is_one_error("a.yaml", template, ":4:10", "a template, which is no YAML until it is rendered");
}

#[test]
fn faults_without_end_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), "---\na: [\n".repeat(1_000_000)).unwrap();
    let unread = unread(folder.path(), "broken documents");
    assert_eq!(unread.len(), 101);
    assert_eq!(unread[0].0, "a.yaml:2:4");
    assert!(unread[100].1.starts_with("999900 more faults"), "{:?}", unread[100]);
}

#[test]
fn documents_without_end_that_say_nothing_are_passed_by() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SHOP).unwrap();
    std::fs::write(folder.path().join("a.yaml"), "---\n".repeat(20_000_000)).unwrap();
    std::fs::write(folder.path().join("b.yaml"), "---\na: 1\n".repeat(5_000_000)).unwrap();
    assert!(unread(folder.path(), "empty documents").is_empty());
}

#[test]
fn files_that_cannot_be_opened_and_links_that_lead_in_circles() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.yaml"), SHOP).unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("within")).unwrap();
    symlink("..", path("within/up")).unwrap();
    symlink("itself.yaml", path("itself.yaml")).unwrap();
    std::fs::write(path("closed.yaml"), SHOP).unwrap();
    std::fs::set_permissions(path("closed.yaml"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser opens it all the same.
    let opens = std::fs::File::open(path("closed.yaml")).is_ok();
    let unread = unread(folder.path(), "files");
    let names: Vec<&str> = unread.iter().map(|(name, _)| name.as_str()).collect();
    let circles = ["itself.yaml", "within/up"];
    assert_eq!(names, if opens { circles.to_vec() } else { ["closed.yaml"].into_iter().chain(circles).collect() });
}

/// Each of the objects in a file of its own.
#[test]
fn fields_of_the_wrong_type() {
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in WRONG.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number:02}.yaml")), text.replace(['<', '>'], "")).unwrap();
    }
    let unread = unread(folder.path(), "wrong types");
    let names: Vec<&str> = unread.iter().map(|(name, _)| name.as_str()).collect();
    let wanted: Vec<String> = WRONG
        .iter()
        .enumerate()
        .map(|(number, text)| format!("{number:02}.yaml:1:{}", text.find('<').unwrap() + 1))
        .collect();
    assert_eq!(names, wanted, "{unread:?}");
}

/// Objects in which one field that is read has a type that the API server refuses; the value stands in `<>`.
const WRONG: [&str; 31] = [
    "{apiVersion: <1.5>, kind: Service, metadata: {name: a}}",
    "{apiVersion: v1, kind: <[Pod]>, metadata: {name: a}}",
    "{apiVersion: v1, kind: Pod, metadata: <[a]>}",
    "{apiVersion: v1, kind: Service, metadata: {name: <12>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: <{}>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, labels: <text>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, labels: {a: <true>}}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {a: <1>}}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a, ownerReferences: <{}>}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a, ownerReferences: [{controller: <'yes'>}]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, finalizers: [<0>]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, finalizers: <a/b>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, uid: <5>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, generation: <'1'>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, creationTimestamp: <5>}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, ownerReferences: [{blockOwnerDeletion: <'yes'>}]}}",
    "{apiVersion: v1, kind: Service, metadata: {name: a, managedFields: [<a>]}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: <text>}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: <'true'>}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: <{}>}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{ports: [{containerPort: <http>}]}]}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: <10.1>}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: <[]>}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: <[]>}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: <a>}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {matchLabels: {a: <1>}}}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {policyTypes: <Ingress>}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {ingress: <{}>}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {ingress: [{from: <{}>}]}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {egress: [{ports: [{port: <1.5>}]}]}}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {egress: [{to: [{ipBlock: {cidr: <10>}}]}]}}",
];
