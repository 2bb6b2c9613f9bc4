//! Runs `tests/matrices/*.md`: each section is a cluster, its manifests in `yaml` blocks and what is to be expected in a
//! `reach` block, read as `dtap scan` reads files. The oracle must expect the same.
//!
//! A line of a `reach` block is `FROM → TO: VERDICT`, or `strict`.

use crate::agreement;
use crate::oracle;
use dtap_model::place::{Origin, Source};
use dtap_report::Verdict;
use dtap_snapshot::infer::Corrections;
use dtap_snapshot::reading::Context;
use dtap_snapshot::{Reading, Snapshot, decode, infer};
use dtap_verify::Settings;
use std::fs;
use std::path::Path;

/// One section of a file.
#[derive(Default)]
struct Section {
    title: String,
    manifests: String,
    expected: Vec<(String, String, Verdict)>,
    strict: bool,
}

/// Reads texts as the files of one folder.
pub fn snapshot(texts: &[&str]) -> Snapshot {
    let mut reading = Reading::default();
    for (index, text) in texts.iter().enumerate() {
        let name = format!("manifests-{index}.yaml");
        let source = reading.sources.add(Source { name: name.clone(), origin: Origin::File, text: (*text).to_owned() });
        let decoded = decode::decode(source, &name, text, &Context { path: name.clone(), ..Context::default() });
        reading.objects.extend(decoded.objects);
        reading.pods.extend(decoded.pods);
        reading.notices.extend(decoded.notices);
        reading.unread.extend(decoded.unread);
        reading.account.found += decoded.found;
    }
    infer::snapshot(reading, &Corrections::default())
}

/// The sections of a file that expect something.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut block = None;
    for line in text.lines() {
        let section = sections.last_mut().unwrap();
        match (block, line) {
            (_, "```") => block = None,
            (None, _) if line.starts_with("```") => block = Some(&line[3..]),
            (None, _) if line.starts_with("## ") => {
                sections.push(Section { title: line[3..].to_owned(), ..Section::default() })
            }
            (Some("yaml"), _) => section.manifests += &format!("{line}\n"),
            (Some("reach"), "strict") => section.strict = true,
            (Some("reach"), _) => section.expected.push(expectation(line)),
            _ => {}
        }
    }
    sections.retain(|section| !section.expected.is_empty());
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
    let snapshot = snapshot(&[&section.manifests]);
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrices");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut titles = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        for section in sections(&fs::read_to_string(&file).unwrap()) {
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
