//! Runs `tests/matrices/*.md`: each section is a cluster, its manifests in `yaml` blocks and what is to be expected in
//! a `reach` block, read as `dtap scan` reads files. The oracle must expect the same.
//!
//! A line of a `reach` block is `FROM → TO: VERDICT`, or `strict`. Behind `yaml` a file may be named. What `said` tells
//! besides stands in two more blocks: in `with` each line is a correction as the command takes it or settings to judge
//! by (`strict cni-enforces`), in `ask` each is `FROM → TO`, as `dtap reach` takes them.

use crate::agreement;
use crate::oracle;
use dtap_model::place::{Origin, Source};
use dtap_report::Verdict;
use dtap_snapshot::infer::{Corrections, corrections};
use dtap_snapshot::reading::Context;
use dtap_snapshot::{Reading, Snapshot, decode, infer};
use dtap_verify::Settings;
use std::fs;
use std::path::{Path, PathBuf};

/// One section of a file.
#[derive(Default)]
pub struct Section {
    pub title: String,
    /// Each with its path.
    pub files: Vec<(String, String)>,
    expected: Vec<(String, String, Verdict)>,
    strict: bool,
    /// Options that correct what is found, each with its value.
    corrected: Vec<(String, String)>,
    /// Settings to judge by besides.
    pub variants: Vec<String>,
    /// Who may open what.
    pub questions: Vec<(String, String)>,
}

impl Section {
    /// What is corrected.
    pub fn corrections(&self) -> Corrections {
        let mut corrections = Corrections::default();
        for (option, value) in &self.corrected {
            let list = match option.as_str() {
                "--environment" => &mut corrections.environments,
                "--street" => &mut corrections.streets,
                "--cluster" => &mut corrections.clusters,
                _ => panic!("`{option}` is no correction"),
            };
            list.push(corrections::parse(value).unwrap());
        }
        corrections
    }
}

/// The files of sections, in order.
pub fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrices");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Settings as a line of a `with` block gives them.
pub fn settings(words: &str) -> Settings {
    let mut settings = Settings::default();
    let assume = &mut settings.assume;
    for word in words.split_whitespace() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("strict", _) => settings.strict = true,
            ("cni-enforces", _) => assume.cni_enforces = true,
            ("input-complete", _) => assume.input_complete = true,
            ("no-host-network", _) => assume.no_host_network = true,
            ("clusters-apart", _) => assume.clusters_apart = true,
            ("own-namespaces", _) => assume.own_namespaces = true,
            ("ip-block-matches-pods", answer) => assume.ip_block_matches_pods = Some(answer == "yes"),
            ("pod-range", ranges) => {
                assume.pod_ranges = Some(ranges.split(',').map(|range| range.parse().unwrap()).collect())
            }
            _ => panic!("`{word}` is no setting"),
        }
    }
    settings
}

/// Reads texts as the files of one folder.
pub fn snapshot(texts: &[&str]) -> Snapshot {
    let named = |(at, text): (usize, &&str)| (format!("manifests-{at}.yaml"), (*text).to_owned());
    let files: Vec<(String, String)> = texts.iter().enumerate().map(named).collect();
    read(&files, &Corrections::default())
}

/// Reads files, each with its path.
pub fn read(files: &[(String, String)], corrections: &Corrections) -> Snapshot {
    let mut reading = Reading::default();
    for (path, text) in files {
        let source = reading.sources.add(Source { name: path.clone(), origin: Origin::File, text: text.clone() });
        let decoded = decode::decode(source, path, text, &Context { path: path.clone(), ..Context::default() });
        reading.objects.extend(decoded.objects);
        reading.pods.extend(decoded.pods);
        reading.notices.extend(decoded.notices);
        reading.unread.extend(decoded.unread);
        reading.account.found += decoded.found;
    }
    infer::snapshot(reading, corrections)
}

/// The sections of a file that have manifests.
pub fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut block = None;
    for line in text.lines() {
        let section = sections.last_mut().unwrap();
        match (block, line) {
            (_, "```") => block = None,
            (None, _) if line.starts_with("```") => {
                let (kind, path) = line[3..].split_once(' ').unwrap_or((&line[3..], "manifests.yaml"));
                block = Some(kind);
                if kind == "yaml" {
                    section.files.push((path.to_owned(), String::new()));
                }
            }
            (None, _) if line.starts_with("## ") => {
                sections.push(Section { title: line[3..].to_owned(), ..Section::default() })
            }
            (Some("yaml"), _) => section.files.last_mut().unwrap().1 += &format!("{line}\n"),
            (Some("reach"), "strict") => section.strict = true,
            (Some("reach"), _) => section.expected.push(expectation(line)),
            (Some("with"), _) if line.starts_with("--") => {
                let (option, value) = line.split_once(' ').unwrap();
                section.corrected.push((option.to_owned(), value.to_owned()));
            }
            (Some("with"), _) => section.variants.push(line.to_owned()),
            (Some("ask"), _) => {
                let (from, to) = line.split_once(" → ").unwrap_or_else(|| panic!("no pair in `{line}`"));
                section.questions.push((from.to_owned(), to.to_owned()));
            }
            _ => {}
        }
    }
    sections.retain(|section| !section.files.is_empty());
    sections
}

fn expectation(line: &str) -> (String, String, Verdict) {
    let (pair, verdict) = line.split_once(": ").unwrap_or_else(|| panic!("no verdict in `{line}`"));
    let (from, to) = pair.split_once(" → ").unwrap_or_else(|| panic!("no pair in `{line}`"));
    let verdict = match verdict {
        "isolated" => Verdict::Isolated,
        "today only" => Verdict::TodayOnly,
        "unknown" => Verdict::Unknown,
        "BROKEN" => Verdict::Broken,
        _ => panic!("`{verdict}` is no verdict"),
    };
    (from.to_owned(), to.to_owned(), verdict)
}

/// What is wrong with a section.
fn complaints(section: &Section) -> Vec<String> {
    let snapshot = read(&section.files, &section.corrections());
    let settings = Settings { strict: section.strict, ..Settings::default() };
    let fast = agreement::verdicts(&snapshot, &settings);
    let slow = oracle::judge(&snapshot, &settings, None);
    let said = section.expected.iter().flat_map(|(from, to, expected)| {
        let pair = (from.clone(), to.clone());
        [("verifier", fast.get(&pair).copied()), ("oracle", slow.get(&pair).copied())]
            .into_iter()
            .filter(|(_, got)| *got != Some(*expected))
            .map(move |(who, got)| format!("{from} → {to}: expected {expected:?}, the {who} says {got:?}"))
            .collect::<Vec<_>>()
    });
    said.map(|complaint| format!("{}: {complaint}", section.title)).collect()
}

#[test]
fn every_matrix_holds() {
    let mut titles = Vec::new();
    let mut wrong = Vec::new();
    for file in files() {
        let expecting = sections(&fs::read_to_string(&file).unwrap()).into_iter();
        for section in expecting.filter(|section| !section.expected.is_empty()) {
            wrong.extend(complaints(&section));
            titles.push(section.title);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for line in 1..=23 {
        let named = format!("N{line}:");
        assert!(titles.iter().any(|title| title.starts_with(&named)), "no section is about N{line}");
    }
}
