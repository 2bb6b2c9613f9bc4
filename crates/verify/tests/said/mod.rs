//! Everything that the network plane says of the sections of `tests/matrices/*.md`, one snapshot a file, so that a
//! person can read it and no word of it changes unseen: each cell with the findings behind it, each finding with its
//! evidence, the assumptions, the reasons for unknown, and what may open what.
//!
//! The judgement under default settings is told in whole; those under others, by what they add (`+`) and leave out
//! (`-`).

use crate::literate::{self, Section};
use dtap_model::place::Place;
use dtap_report::report::{Assumption, Standing};
use dtap_report::{Evidence, Finding, Matrix};
use dtap_snapshot::Snapshot;
use dtap_verify::Settings;
use dtap_verify::isolation::network::{self, Endpoint, Shown};
use std::fs;

/// What is told in one piece: told in whole or, where nothing of it changed, not at all.
type Pieces = Vec<String>;

#[test]
fn every_word_is_known() {
    for file in literate::files() {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let sections = literate::sections(&fs::read_to_string(&file).unwrap());
        let told: Vec<String> = sections.iter().map(tell).collect();
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, told.join("\n")) });
    }
}

fn tell(section: &Section) -> String {
    let snapshot = literate::read(&section.files, &section.corrections());
    let first = said(&snapshot, &Settings::default(), &section.questions);
    let mut text = format!("## {}\n\n{}", section.title, first.concat());
    let has_blocks = section.files.iter().any(|(_, text)| text.contains("ipBlock"));
    let blocks = ["ip-block-matches-pods=yes", "ip-block-matches-pods=no"];
    let usual = ["strict"].into_iter().chain(blocks.into_iter().filter(|_| has_blocks));
    for words in usual.chain(section.variants.iter().map(String::as_str)) {
        let other = said(&snapshot, &literate::settings(words), &section.questions);
        let gone = first.iter().filter(|piece| !other.contains(piece)).map(|piece| format!("- {}\n", head(piece)));
        let come = other.iter().filter(|piece| !first.contains(piece)).map(|piece| format!("+ {piece}"));
        let changes: String = gone.chain(come).collect();
        text += &format!("\n### {words}\n{changes}");
    }
    text
}

fn head(piece: &str) -> &str {
    piece.lines().next().unwrap()
}

fn said(snapshot: &Snapshot, settings: &Settings, questions: &[(String, String)]) -> Pieces {
    let judgement = network::judge(snapshot, settings);
    let mut pieces = cells("", &judgement.matrix);
    for (street, matrix) in &judgement.by_street {
        pieces.extend(cells(&format!("street {street}: "), matrix));
    }
    pieces.extend(judgement.findings.iter().map(|it| finding(snapshot, it)));
    pieces.extend(judgement.assumptions.iter().map(assumption));
    pieces.extend(judgement.unknown.iter().map(|reason| format!("unknown: {reason}\n")));
    let undecided = judgement.undecided.iter();
    pieces
        .extend(undecided.map(|it| format!("what to do ({}) of {}: {}\n", it.explain.unwrap_or("-"), it.why, it.mend)));
    let gaps = snapshot.gaps.iter().chain(&snapshot.hidden);
    pieces.extend(gaps.map(|gap| format!("gap: {}\n", gap.what)));
    pieces.extend(questions.iter().map(|(from, to)| answer(snapshot, settings, from, to)));
    pieces
}

fn cells(street: &str, matrix: &Matrix) -> Pieces {
    let parties = matrix.parties.iter().map(|party| {
        let marks =
            [(party.production, "production"), (!party.environment, "no environment"), (party.unplaced, "unplaced")];
        let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
        if marks.is_empty() { party.name.clone() } else { format!("{} ({})", party.name, marks.join(", ")) }
    });
    let parties: Vec<String> = parties.collect();
    let mut pieces = vec![format!("{street}{}\n", parties.join(", "))];
    pieces.extend(matrix.pairs().filter(|(from, to, _)| from != to).map(|(from, to, cell)| {
        let because: String = cell.because.iter().map(|it| format!(" {}", short(it))).collect();
        format!("{street}{} → {}: {:?}, {} findings{because}\n", from.name, to.name, cell.verdict, cell.findings)
    }));
    pieces
}

/// The first digits of a fingerprint.
fn short(fingerprint: &str) -> &str {
    &fingerprint[..6]
}

fn finding(snapshot: &Snapshot, it: &Finding) -> String {
    let mut text = format!("{} {:?} {}: {}\n", it.rule.code, it.severity, short(&it.fingerprint.0), it.summary);
    let production = if it.production { ", production" } else { "" };
    let known = if it.known { ", known pods" } else { "" };
    text += &format!("    {}{production}{known}, {} cases\n", it.environments.join(" "), it.cases);
    text += &format!("    about {}; cause: {}\n", it.about, it.cause);
    for evidence in &it.evidence {
        text += &format!("    {}\n", place(snapshot, evidence));
    }
    if let Some(mend) = &it.mend {
        text += &format!("    mend: {mend}\n");
    }
    text
}

/// `manifests.yaml:5:7 the line there — what it shows`.
fn place(snapshot: &Snapshot, Evidence { place: Place { source, span }, label }: &Evidence) -> String {
    let source = snapshot.sources.get(*source).unwrap();
    let at = source.line_column(span.start);
    let line: String = source.line_at(span.start).chars().skip(at.column - 1).take(40).collect();
    format!("{}:{}:{} `{line}`: {label}", source.name, at.line, at.column)
}

fn assumption(it: &Assumption) -> String {
    let standing = match &it.standing {
        Standing::Assumed => "assumed".to_owned(),
        Standing::Evidence(how) => format!("settled by {how}"),
        Standing::Word(word) => format!("on the word of {word}"),
    };
    format!("{}: {} ({standing})\n", it.name, it.statement)
}

fn answer(snapshot: &Snapshot, settings: &Settings, from: &str, to: &str) -> String {
    let asked = Endpoint::parse(from).and_then(|from| Ok((from, Endpoint::parse_with_port(to)?)));
    let answer = asked.and_then(|(from, (to, port))| {
        network::reach(snapshot, settings, &from, &to, port).map_err(|why| why.to_string())
    });
    let mut text = format!("{from} → {to}? ");
    match answer {
        Err(error) => text += &format!("error: {error}\n"),
        Ok(answer) => {
            let port = match answer.opens {
                Some(Shown::Every) => " on any port".to_owned(),
                opens => opens.map(|opens| opens.to_string()).unwrap_or_default(),
            };
            text += &format!("{:?}{port}\n", answer.reachable);
            for reason in &answer.because {
                text += &format!("    {}\n", reason.text);
                if let Some(evidence) = &reason.evidence {
                    text += &format!("        {}\n", place(snapshot, evidence));
                }
            }
        }
    }
    text
}
