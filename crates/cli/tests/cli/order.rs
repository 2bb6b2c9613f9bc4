//! The order in which files are given and documents stand changes nothing that is said, nor does the number of threads.

use crate::harness::{dtap, finish, folder, root, run};
use serde_json::Value;
use std::path::Path;

/// Every document of the street that was found, with mistakes that the street has not: a policy of another kind, one
/// that is declared twice, one that the API server refuses, and a node's network.
fn documents() -> Vec<String> {
    let mut documents: Vec<String> = Vec::new();
    for stage in ["dev", "tst", "acc", "prd"] {
        let shop = root().join("examples/shop-as-found").join(stage);
        let mut files: Vec<_> = std::fs::read_dir(shop).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|it| it == "yaml")) {
            let text = std::fs::read_to_string(file).unwrap();
            documents.extend(text.split("\n---\n").map(|it| format!("{}\n", it.trim())));
        }
    }
    let policy = |name: &str, stage: &str, spec: &str| {
        let head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n";
        format!("{head}metadata: {{name: {name}, namespace: shop-{stage}}}\nspec: {spec}\n")
    };
    documents.push(policy("twice", "acc", "{podSelector: {}, ingress: [{}]}"));
    documents.push(policy("twice", "acc", "{podSelector: {}, ingress: []}"));
    documents.push(policy("refused", "tst", "{podSelector: {}, ingress: [{ports: [{port: 70000}]}]}"));
    documents.push(policy("every-a", "prd", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"));
    documents.push(policy("every-b", "prd", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"));
    documents.push(policy(
        "elsewhere",
        "dev",
        "{podSelector: {}, egress: [{to: [{namespaceSelector: {matchLabels: {a: b}}}]}]}",
    ));
    documents.push(
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop-dev}\n".to_owned(),
    );
    documents
}

/// The same things in an order that the seed decides.
fn shuffled<T: Clone>(things: &[T], seed: u64) -> Vec<T> {
    let mut things = things.to_vec();
    let mut state = seed;
    for last in (1..things.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
    }
    things
}

fn scan(format: &str, paths: &[String], folder: &Path, threads: &str) -> String {
    let mut arguments = vec!["scan", "-o", format, "--all"];
    arguments.extend(paths.iter().map(String::as_str));
    let mut command = dtap(&arguments, folder);
    command.env("RAYON_NUM_THREADS", threads);
    let run = finish(command);
    assert_eq!(run.status, 1, "{}{}", run.stdout, run.stderr);
    run.stdout
}

/// What is said apart from the paths that the user gave, in whose order that is.
fn without_paths(json: &str) -> Value {
    let mut report: Value = serde_json::from_str(json).unwrap();
    report["input"]["paths"].take();
    report
}

/// What is said apart from where in a file it stands.
fn without_lines(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("line");
            fields.remove("column");
            fields.values_mut().for_each(without_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(without_lines),
        _ => {}
    }
}

#[test]
fn files_in_another_order_say_the_same() {
    let documents = documents();
    let names: Vec<String> = (0..documents.len()).map(|at| format!("{at:03}.yaml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(documents.iter().map(String::as_str)).collect();
    let folder = folder(&files);
    let text = |shown: &str| shown.split("\nmore: ").next().unwrap_or_default().to_owned();
    let first = scan("json", &names, folder.path(), "1");
    let screen = scan("text", &names, folder.path(), "1");
    assert_eq!(screen, scan("text", &names, folder.path(), "2"), "run twice");
    for seed in 1..=12 {
        let order = shuffled(&names, seed);
        let threads = if seed % 2 == 0 { "1" } else { "2" };
        let other = scan("json", &order, folder.path(), threads);
        similar(&without_paths(&first), &without_paths(&other), &format!("seed {seed}"));
        assert_eq!(text(&screen), text(&scan("text", &order, folder.path(), threads)), "seed {seed}");
    }
}

#[test]
fn documents_in_another_order_say_the_same() {
    let documents = documents();
    let said = |documents: &[String]| {
        let folder = folder(&[("all.yaml", documents.join("---\n").as_str())]);
        let run = run(&["scan", "-o", "json", "all.yaml"], folder.path());
        let mut report: Value = serde_json::from_str(&run.stdout).unwrap();
        without_lines(&mut report);
        report
    };
    let first = said(&documents);
    for seed in 1..=12 {
        similar(&first, &said(&shuffled(&documents, seed)), &format!("seed {seed}"));
    }
}

/// Fails with the first place in which two reports differ.
fn similar(one: &Value, other: &Value, what: &str) {
    let (one, other) = (serde_json::to_string_pretty(one).unwrap(), serde_json::to_string_pretty(other).unwrap());
    let apart = one.lines().zip(other.lines()).enumerate().find(|(_, (one, other))| one != other);
    assert!(one == other, "{what}: {apart:?}");
}
