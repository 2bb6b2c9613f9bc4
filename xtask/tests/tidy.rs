//! The house rules, some of them read out of ARCHITECTURE.md, held against every file.
//!
//! Fails when a crate depends on or mentions what the tables of ARCHITECTURE.md say it may not, when a file has no
//! head, when a file holds two rules, or when a name says nothing.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the repository, by its path from the root.
struct File {
    path: String,
    text: String,
}

/// A crate of the workspace as cargo sees it.
struct Package {
    name: String,
    /// Its folder from the root, such as `crates/model`.
    folder: String,
    /// The crates of ours that it depends on, for its tests and builds too.
    ours: BTreeSet<String>,
    /// The others.
    others: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_owned()
}

/// Every text file that git would take, in order; binary files are left out.
fn files() -> Vec<File> {
    let root = root();
    let walk = ignore::WalkBuilder::new(&root)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_path(Path::cmp)
        .build();
    walk.map(|entry| entry.expect("the repository can be read"))
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(&root).expect("it lies under the root").to_string_lossy().into_owned();
            fs::read_to_string(entry.path()).ok().map(|text| File { path, text })
        })
        .collect()
}

fn rust_files() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    packages
        .iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder");
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let (ours, others) = dependencies
                .iter()
                .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
                .partition(|name| names.contains(name.as_str()));
            Package {
                name: package["name"].as_str().expect("a name").to_owned(),
                folder: manifest.strip_prefix(root()).expect("in the root").to_string_lossy().into_owned(),
                ours,
                others,
            }
        })
        .collect()
}

/// The rows of the table in ARCHITECTURE.md whose first column is headed `head`, cells trimmed.
fn table(head: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = text
        .lines()
        .skip_while(|line| !line.starts_with('|') || cells(line).first().is_none_or(|first| first != head))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    assert!(!rows.is_empty(), "ARCHITECTURE.md has no table headed `{head}`");
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// How tests at the end of a file begin.
const TESTS: &str = "#[cfg(test)]\nmod";

/// The code that ships: without comments, and without the tests at its end.
fn shipped(text: &str) -> String {
    let code = text.split(TESTS).next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Whether `word` occurs in `code` and is not merely the end or the beginning of another word.
fn mentions(code: &str, word: &str) -> bool {
    let part_of_name = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(word).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = code[start + word.len()..].chars().next();
        !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
    })
}

fn assert_none(complaints: &[String], rule: &str) {
    assert!(complaints.is_empty(), "{rule}:\n{}", complaints.join("\n"));
}

#[test]
fn dependencies_go_where_the_architecture_says() {
    let allowed: BTreeMap<String, BTreeSet<String>> =
        table("crate").into_iter().map(|row| (row[0].replace('`', ""), quoted(&row[1]))).collect();
    let mut complaints = Vec::new();
    let packages = packages();
    for package in &packages {
        match allowed.get(&package.name) {
            None => complaints.push(format!("{} has no row in ARCHITECTURE.md", package.name)),
            Some(allowed) => complaints
                .extend(package.ours.difference(allowed).map(|other| format!("{} depends on {other}", package.name))),
        }
    }
    let present: BTreeSet<&String> = packages.iter().map(|package| &package.name).collect();
    complaints.extend(
        allowed.keys().filter(|name| !present.contains(name)).map(|name| format!("{name} has a row and is no crate")),
    );
    assert_none(&complaints, "dependencies that ARCHITECTURE.md does not allow");
}

#[test]
fn crates_mention_only_what_the_architecture_says() {
    let words: BTreeMap<String, BTreeSet<String>> =
        table("word").into_iter().map(|row| (row[0].clone(), quoted(&row[1]))).collect();
    let rows = table("crate");
    let files = rust_files();
    let mut complaints = Vec::new();
    for package in packages() {
        let Some(row) = rows.iter().find(|row| row[0].replace('`', "") == package.name) else { continue };
        let folder = format!("{}/src/", package.folder);
        for topic in row[2].split(',').map(str::trim).filter(|topic| !topic.is_empty()) {
            let words = words.get(topic).unwrap_or_else(|| panic!("ARCHITECTURE.md does not say what `{topic}` is"));
            for file in files.iter().filter(|file| file.path.starts_with(&folder)) {
                let code = shipped(&file.text);
                let found = words.iter().filter(|word| mentions(&code, word));
                complaints.extend(found.map(|word| format!("{}: {word} ({topic})", file.path)));
            }
        }
    }
    assert_none(&complaints, "mentions that ARCHITECTURE.md does not allow");
}

#[test]
fn clients_of_clusters_stay_in_their_rooms() {
    let rooms = ["dtap-cluster", "dtap-operator", "dtap-testbed"];
    let complaints: Vec<String> = packages()
        .iter()
        .filter(|package| !rooms.contains(&package.name.as_str()))
        .flat_map(|package| {
            let clients = package.others.iter().filter(|name| name.starts_with("kube") || name.starts_with("k8s-"));
            clients.map(|client| format!("{} depends on {client}", package.name)).collect::<Vec<_>>()
        })
        .collect();
    assert_none(&complaints, "crates that may not know a cluster's client");
}

#[test]
fn every_file_says_what_it_is_for() {
    let complaints: Vec<String> =
        rust_files().iter().filter(|file| !file.text.starts_with("//!")).map(|file| file.path.clone()).collect();
    assert_none(&complaints, "files without a `//!` head");
}

#[test]
fn tests_stand_at_the_end_of_a_file() {
    let ends = |tests: &str| tests.ends_with(";\n") && tests.lines().count() == 1 || tests.ends_with("\n}\n");
    let complaints: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.contains("/src/"))
        .filter_map(|file| Some((&file.path, file.text.split_once(&format!("\n{TESTS}"))?.1)))
        .filter(|(_, tests)| !ends(tests) || tests.contains("\n}\n\n"))
        .map(|(path, _)| path.clone())
        .collect();
    assert_none(&complaints, "files with code below their tests, which the other rules do not see");
}

#[test]
fn what_is_cited_of_the_network_stands_in_the_manual() {
    let manual = fs::read_to_string(root().join("manual/network-semantics.md")).expect("the manual is there");
    let numbered = |line: &str| line.strip_prefix("- **N")?.split_once("**").map(|(number, _)| number.to_owned());
    let told: BTreeSet<String> = manual.lines().filter_map(numbered).collect();
    let is_number = |rest: &&str| matches!(rest.len(), 1 | 2) && rest.bytes().all(|byte| byte.is_ascii_digit());
    let mut cited = BTreeSet::new();
    for file in files().iter().filter(|file| file.path.starts_with("crates/")) {
        let words = file.text.split(|character: char| !character.is_alphanumeric() && character != '_');
        cited.extend(words.filter_map(|word| word.strip_prefix('N')).filter(is_number).map(str::to_owned));
    }
    assert_eq!(cited, told, "numbers cited in crates/, and those of the manual");
}

#[test]
fn a_rule_has_a_file_to_itself() {
    let complaints: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/"))
        .filter_map(|file| {
            let code = shipped(&file.text);
            let rules = code.matches(": Rule = Rule {").count();
            let named = code.matches("pub static RULE: Rule = Rule {").count();
            let in_rules = Path::new(&file.path).parent().is_some_and(|folder| folder.ends_with("rules"));
            let must = usize::from(in_rules && !file.path.ends_with("/mod.rs"));
            let holds = rules == named && rules <= 1 && rules >= must;
            (!holds).then(|| format!("{}: {rules} rules, of which {named} as `pub static RULE`", file.path))
        })
        .collect();
    assert_none(&complaints, "files that do not hold one rule each");
}

#[test]
fn names_say_what_a_thing_is() {
    let empty = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];
    let says_nothing = |path: &Path| {
        path.iter().filter_map(|part| Path::new(part).file_stem()).any(|part| empty.iter().any(|word| part == *word))
    };
    let complaints: Vec<String> =
        files().iter().filter(|file| says_nothing(Path::new(&file.path))).map(|file| file.path.clone()).collect();
    assert_none(&complaints, "names that say nothing");
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let complaints: Vec<String> = files()
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        // What is a workspace of its own, as the fuzz targets are, cannot take them.
        .filter(|file| !file.text.contains("\n[workspace]\n"))
        .filter(|file| !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| file.path.clone())
        .collect();
    assert_none(&complaints, "crates without the workspace's lints");
}

#[test]
fn nothing_is_left_for_later_or_tied_to_one_machine() {
    // Written in two halves, so that this file does not hold them.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("#[ig", "nore"),
        concat!("/wo", "rk/"),
        concat!("/tmp/", "sets"),
        concat!("/ro", "ot/"),
        concat!("/home/", "user"),
    ];
    let complaints: Vec<String> = files()
        .iter()
        .filter(|file| file.path != "Cargo.lock" && !file.path.ends_with("go.sum"))
        .flat_map(|file| {
            let found = words.iter().filter(|word| file.text.contains(**word));
            found.map(|word| format!("{}: {word}", file.path)).collect::<Vec<_>>()
        })
        .collect();
    assert_none(&complaints, "words that do not belong into the repository");
}

#[test]
fn comments_are_as_wide_as_code() {
    let is_wide = |line: &&str| line.trim_start().starts_with("//") && line.chars().count() > 120;
    let wide = |file: &File| -> Option<String> { Some(format!("{}: {}", file.path, file.text.lines().find(is_wide)?)) };
    let complaints: Vec<String> = rust_files().iter().filter_map(wide).collect();
    assert_none(&complaints, "comments of more than 120 characters");
}
