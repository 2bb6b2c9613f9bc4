//! A fingerprint stays the same wherever lines and documents move, and is one for one cause whichever verb tells it.

use crate::harness::{folder, root, run};
use serde_json::Value;
use std::path::Path;

type Files = Vec<(String, String)>;

/// The street that was found, with what could not be read in several ways, twice in one way in one file.
fn shop() -> Files {
    let mut files = Files::new();
    let example = root().join("examples/shop-as-found");
    for part in ["dev", "tst", "acc", "prd", "monitoring", "ingress-nginx"] {
        for file in std::fs::read_dir(example.join(part)).unwrap().map(|file| file.unwrap().path()) {
            let name = format!("{part}/{}", file.file_name().unwrap().to_str().unwrap());
            files.push((name, std::fs::read_to_string(file).unwrap()));
        }
    }
    let refused = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [a]}\n";
    let twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop-prd}\ndata:\n  a: b\n  a: c\n";
    for (name, text) in [
        ("dev/refused.yaml", format!("{refused}---\n{refused}---\n{twice}")),
        ("dev/broken.yaml", "a: [\n".to_owned()),
        ("tst/broken.yaml", "a: {\n".to_owned()),
        ("acc/template.yaml", "{{ a }}: {{ b }}\n".to_owned()),
    ] {
        files.push((name.to_owned(), text));
    }
    files
}

fn written(files: &Files) -> tempfile::TempDir {
    folder(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn report(arguments: &[&str], folder: &Path) -> Value {
    let run = run(arguments, folder);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

/// The fingerprints of a list with the rules they belong to, sorted.
fn fingerprints(told: &Value) -> Vec<(String, String)> {
    let text = |told: &Value, field: &str| told[field].as_str().unwrap().to_owned();
    let mut all: Vec<_> =
        told.as_array().unwrap().iter().map(|told| (text(told, "rule"), text(told, "fingerprint"))).collect();
    all.sort();
    all
}

fn of_a_scan(files: &Files) -> Vec<(String, String)> {
    fingerprints(&report(&["scan", "-o", "json"], written(files).path())["findings"])
}

#[test]
fn a_line_more_on_top_of_every_file_changes_none() {
    let before = of_a_scan(&shop());
    let commented: Files = shop().into_iter().map(|(name, text)| (name, format!("# a line more\n{text}"))).collect();
    assert_eq!(of_a_scan(&commented), before);
    assert!(before.iter().filter(|(code, _)| code == "SRC005").count() >= 5, "{before:?}");
}

#[test]
fn the_way_in_which_the_input_is_typed_changes_none() {
    let mut files = shop();
    let stray =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: stray}\nspec: {podSelector: {}}\n";
    files.push(("some/stray.yaml".to_owned(), stray.to_owned()));
    files.push(("chart/Chart.yaml".to_owned(), "apiVersion: v2\nname: c\nversion: 1.0.0\n".to_owned()));
    files.push(("chart/templates/a.yaml".to_owned(), "a: {{ b }}\n".to_owned()));
    let outer = folder(&[("beside/x", "")]);
    let put = outer.path().join("put");
    std::fs::rename(written(&files).path(), &put).unwrap();
    let told = |typed: &str, from: &Path| fingerprints(&report(&["scan", "-o", "json", typed], from)["findings"]);
    let here = told(".", &put);
    for code in ["SRC001", "SRC005", "SRC006", "SRC007"] {
        assert!(here.iter().any(|(told, _)| told == code), "{code} is not among {here:?}");
    }
    assert_eq!(told(put.to_str().unwrap(), outer.path()), here);
    assert_eq!(told("../put", &outer.path().join("beside")), here);
    assert_eq!(told("put", outer.path()), here);
}

#[test]
fn documents_in_another_order_change_none() {
    let turned = |text: &str| {
        let mut documents: Vec<&str> = text.split("---\n").collect();
        documents.reverse();
        documents.join("\n---\n")
    };
    let other: Files = shop().into_iter().map(|(name, text)| (name, turned(&text))).collect();
    assert_eq!(of_a_scan(&other), of_a_scan(&shop()));
}

#[test]
fn every_finding_has_its_own() {
    let mut all: Vec<_> = of_a_scan(&shop()).into_iter().map(|(_, fingerprint)| fingerprint).collect();
    let told = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), told);
}

#[test]
fn scan_and_diff_tell_a_cause_by_one() {
    let folder = written(&shop());
    let scanned = fingerprints(&report(&["scan", "-o", "json"], folder.path())["findings"]);
    let compared = fingerprints(&report(&["diff", "-o", "json", "acc", "prd"], folder.path())["causes"]);
    assert!(!compared.is_empty());
    for cause in compared {
        assert!(scanned.contains(&cause), "{cause:?} is in no finding of {scanned:?}");
    }
}

#[test]
fn a_file_answers_for_its_own_environment_alone() {
    let mut files = shop();
    files.push(("x.yaml".to_owned(), "b: [\n".to_owned()));
    files.push(("prd/x.yaml".to_owned(), "b: [\n".to_owned()));
    let report = report(&["scan", "-o", "json"], written(&files).path());
    let environments = |file: &str| {
        let begins = format!("{file}:");
        let told = |finding: &&Value| finding["summary"].as_str().unwrap().starts_with(&begins);
        let finding = report["findings"].as_array().unwrap().iter().find(told).unwrap_or_else(|| panic!("{report:#}"));
        finding["environments"].clone()
    };
    assert_eq!(environments("prd/x.yaml"), serde_json::json!(["shop/prd"]));
    assert_eq!(environments("x.yaml"), serde_json::json!([]));
}
