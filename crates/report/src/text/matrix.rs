//! The matrix: may a pod of the row open a connection in the column? And under it, what the verdicts stand on.

use super::screen::{Ink, Line, Screen, count, grouped, listed};
use crate::matrix::{Cell, Matrix, Party, Verdict};
use crate::report::{Assumption, Report, Standing};
use unicode_width::UnicodeWidthStr;

/// How many reasons for something unknown, and how many streets, are told one by one.
const SHOWN: usize = 5;

pub(super) fn draw(report: &Report, screen: &mut Screen) {
    let matrix = &report.network;
    if matrix.parties.is_empty() {
        return;
    }
    screen.gap();
    let over = if report.streets.len() > 1 {
        format!("network, over all {}: ", count(report.streets.len(), "street"))
    } else {
        "network: ".to_owned()
    };
    let question = "may a pod of the row open a connection in the column?";
    screen.wrapped(&Line::new().with(Ink::Strong, over).plain(question), 4);
    table(matrix, screen);
    streets(report, screen);
    assumptions(&report.assumptions, screen);
    unknown(&report.unknown, screen);
}

fn table(matrix: &Matrix, screen: &mut Screen) {
    let names = matrix.parties.iter().map(|party| party.name.width()).max().unwrap_or(0).max(3);
    let words = column_width(matrix, words_of);
    let fits = names + 3 + matrix.parties.len() * (words + 3) <= screen.width;
    let told = if fits { words_of } else { sign_of };
    let column = column_width(matrix, told);
    let at_once = (screen.width.saturating_sub(names + 3) / (column + 3)).max(1);
    let mut first = 0;
    while first < matrix.parties.len() {
        block(matrix, first..matrix.parties.len().min(first + at_once), names, column, told, screen);
        first += at_once;
    }
    if !fits {
        let legend = "✓ isolated   ~ today only   ? unknown   ✗ BROKEN   ○ open (shared)   – other cluster";
        screen.wrapped(&Line::new().with(Ink::Faint, legend), 0);
    }
}

type Telling = fn(&Matrix, usize, usize) -> (Ink, String);

fn block(
    matrix: &Matrix,
    columns: std::ops::Range<usize>,
    names: usize,
    column: usize,
    told: Telling,
    screen: &mut Screen,
) {
    let mut line = Line::new();
    line.pad(names);
    for party in matrix.parties.get(columns.clone()).unwrap_or_default() {
        centred(&mut line, party_ink(party), &party.name, column);
    }
    screen.line(&line);
    for (row, party) in matrix.parties.iter().enumerate() {
        let mut line = Line::new().with(party_ink(party), &party.name);
        line.pad(names);
        for at in columns.clone() {
            let (ink, word) = told(matrix, row, at);
            centred(&mut line, ink, &word, column);
        }
        screen.line(&line);
    }
}

fn centred(line: &mut Line, ink: Ink, text: &str, column: usize) {
    let free = column.saturating_sub(text.width());
    let start = line.width() + 3;
    line.pad(start + free / 2);
    line.push(ink, text);
    line.pad(start + column);
}

fn party_ink(party: &Party) -> Ink {
    if party.environment { Ink::Strong } else { Ink::Faint }
}

fn column_width(matrix: &Matrix, told: Telling) -> usize {
    let parties = 0..matrix.parties.len();
    let words = parties.clone().flat_map(|row| parties.clone().map(move |column| (row, column)));
    let words = words.map(|(row, column)| told(matrix, row, column).1.width());
    let heads = matrix.parties.iter().map(|party| party.name.width());
    words.chain(heads).max().unwrap_or(0)
}

fn cell(matrix: &Matrix, row: usize, column: usize) -> Option<&Cell> {
    matrix.cells.get(row)?.get(column)
}

/// Whether both ends are environments: only then is an open way a defect.
fn judged(matrix: &Matrix, row: usize, column: usize) -> bool {
    [row, column].iter().all(|at| matrix.parties.get(*at).is_some_and(|party| party.environment))
}

fn words_of(matrix: &Matrix, row: usize, column: usize) -> (Ink, String) {
    let Some(cell) = cell(matrix, row, column) else { return (Ink::Plain, String::new()) };
    let counted = |word: &str| {
        if cell.findings == 0 { word.to_owned() } else { format!("{word} {}", grouped(cell.findings)) }
    };
    match cell.verdict {
        Verdict::Itself => (Ink::Faint, "·".to_owned()),
        Verdict::OtherCluster => (Ink::Good, "other cluster".to_owned()),
        Verdict::Isolated => (Ink::Good, "isolated".to_owned()),
        Verdict::TodayOnly => (Ink::Warning, "today only".to_owned()),
        Verdict::Unknown => (Ink::Warning, "unknown".to_owned()),
        Verdict::Broken if judged(matrix, row, column) => (Ink::Error, counted("BROKEN")),
        Verdict::Broken => (Ink::Plain, "open".to_owned()),
    }
}

fn sign_of(matrix: &Matrix, row: usize, column: usize) -> (Ink, String) {
    let Some(cell) = cell(matrix, row, column) else { return (Ink::Plain, String::new()) };
    match cell.verdict {
        Verdict::Itself => (Ink::Faint, "·".to_owned()),
        Verdict::OtherCluster => (Ink::Good, "–".to_owned()),
        Verdict::Isolated => (Ink::Good, "✓".to_owned()),
        Verdict::TodayOnly => (Ink::Warning, "~".to_owned()),
        Verdict::Unknown => (Ink::Warning, "?".to_owned()),
        Verdict::Broken if !judged(matrix, row, column) => (Ink::Plain, "○".to_owned()),
        Verdict::Broken if cell.findings == 0 => (Ink::Error, "✗".to_owned()),
        Verdict::Broken => (Ink::Error, format!("✗ {}", grouped(cell.findings))),
    }
}

/// Where there are several streets: how many are broken or unknown, and the worst of them.
fn streets(report: &Report, screen: &mut Screen) {
    if report.streets.len() < 2 {
        return;
    }
    let worst = |matrix: &Matrix| matrix.cells.iter().flatten().map(|cell| cell.verdict).max();
    let broken: Vec<&(String, Matrix)> =
        report.network_by_street.iter().filter(|(_, matrix)| worst(matrix) == Some(Verdict::Broken)).collect();
    let unknown = report.network_by_street.iter().filter(|(_, matrix)| worst(matrix) == Some(Verdict::Unknown)).count();
    let hold = report.streets.len().saturating_sub(broken.len() + unknown);
    let mut line = Line::new().plain("within a street: ");
    let mut parts: Vec<(Ink, String)> = Vec::new();
    if !broken.is_empty() {
        parts.push((Ink::Error, format!("{} BROKEN", grouped(broken.len()))));
    }
    if unknown > 0 {
        parts.push((Ink::Warning, format!("{} unknown", grouped(unknown))));
    }
    parts.push((Ink::Plain, format!("{} with neither", grouped(hold))));
    for (position, (ink, text)) in parts.into_iter().enumerate() {
        line.push(Ink::Plain, if position > 0 { ", " } else { "" });
        line.push(ink, text);
    }
    screen.wrapped(&line, 4);
    for (name, matrix) in worst_first(&broken).into_iter().take(SHOWN) {
        let ways = broken_ways(matrix);
        let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
        screen.wrapped(&Line::new().plain("  ").with(Ink::Strong, name).plain(format!("   {}", listed(&ways, 6))), 6);
    }
    if broken.len() > SHOWN {
        screen.line(&Line::new().plain(format!("  and {} more", grouped(broken.len() - SHOWN))));
    }
}

/// The most broken pairs first, ways into production above all.
fn worst_first<'streets>(broken: &[&'streets (String, Matrix)]) -> Vec<(&'streets str, &'streets Matrix)> {
    let mut streets: Vec<(&str, &Matrix)> = broken.iter().map(|(name, matrix)| (name.as_str(), matrix)).collect();
    streets.sort_by_key(|(name, matrix)| {
        let ways = broken_pairs(matrix);
        let into_production =
            ways.iter().filter(|(_, to)| matrix.parties.get(*to).is_some_and(|party| party.production)).count();
        (std::cmp::Reverse(into_production), std::cmp::Reverse(ways.len()), *name)
    });
    streets
}

fn broken_pairs(matrix: &Matrix) -> Vec<(usize, usize)> {
    let parties = 0..matrix.parties.len();
    parties
        .clone()
        .flat_map(|row| parties.clone().map(move |column| (row, column)))
        .filter(|(row, column)| {
            judged(matrix, *row, *column)
                && cell(matrix, *row, *column).is_some_and(|cell| cell.verdict == Verdict::Broken)
        })
        .collect()
}

fn broken_ways(matrix: &Matrix) -> Vec<String> {
    let name = |at: usize| matrix.parties.get(at).map_or("", |party| party.name.as_str());
    broken_pairs(matrix).into_iter().map(|(row, column)| format!("{} → {}", name(row), name(column))).collect()
}

fn assumptions(assumptions: &[Assumption], screen: &mut Screen) {
    if assumptions.is_empty() {
        return;
    }
    let told: Vec<String> = assumptions
        .iter()
        .map(|assumption| match &assumption.standing {
            Standing::Assumed => assumption.statement.clone(),
            Standing::Evidence(how) => format!("{} (settled: {how})", assumption.statement),
            Standing::Word(whose) => format!("{} (on the word of {whose})", assumption.statement),
        })
        .collect();
    let line =
        Line::new().with(Ink::Faint, "if: ").plain(told.join(" · ")).with(Ink::Faint, "   (dtap explain assumptions)");
    screen.wrapped(&line, 4);
}

fn unknown(reasons: &[String], screen: &mut Screen) {
    for reason in reasons.iter().take(SHOWN) {
        screen.wrapped(&Line::new().with(Ink::Warning, "unknown: ").plain(reason), 9);
    }
    if reasons.len() > SHOWN {
        let rest = count(reasons.len() - SHOWN, "more reason");
        screen.line(&Line::new().with(Ink::Warning, "unknown: ").plain(format!("{rest} (-o json)")));
    }
}
