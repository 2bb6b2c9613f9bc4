//! The matrix: may a pod of the row open a connection in the column? And under it, what the verdicts stand on.

use super::MANY_STREETS;
use super::alike::{self, Alike};
use super::fold::fold;
use super::name::fitted;
use super::screen::{Ink, Line, Screen, count, grouped, listed, unbroken};
use crate::matrix::{Cell, Matrix, Party, Verdict};
use crate::position::Positions;
use crate::report::{Assumption, Report, Standing, StreetSummary, Undecided, Unread};
use dtap_model::place::Sources;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// How many reasons for something unknown are told one by one, and how many of several where there are many streets.
const REASONS: usize = 3;
const REASONS_OF_MANY: usize = 0;

/// How many streets are told one by one.
const SHOWN: usize = 2;

/// With more stages than this, those that agree are told as one, and of what is left those of the fewest streets are
/// counted and not shown.
const STAGES: usize = 8;

/// In how many rows those stages are told then.
const ROWS: usize = 7;

pub(super) fn draw(report: &Report, sources: &Sources, all: bool, screen: &mut Screen) {
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
    let shown = shown(report, all);
    table(&alike::folded(matrix, &shown), screen);
    alike::list(matrix, &shown, all, screen);
    left_out(report, &shown, screen);
    streets(report, all, screen);
    assumptions(report, all, screen);
    unknown(report, sources, all, screen);
}

/// The parties that are shown: the production that most streets have, the other stages that most streets have, and
/// those that are no environment. Of many stages those that agree in every verdict are one.
pub(super) fn shown(report: &Report, all: bool) -> Vec<Alike> {
    let matrix = &report.network;
    let weight = |at: usize| matrix.parties.get(at).map_or(0, |party| streets_with(report, &party.name));
    let of_group =
        |group: &Alike, is: fn(&Party) -> bool| group.0.first().and_then(|at| matrix.parties.get(*at)).is_some_and(is);
    let is_stage = |group: &Alike| of_group(group, |party| party.environment);
    let stages = matrix.parties.iter().filter(|party| party.environment).count();
    let (groups, rows) =
        if stages > STAGES { (alike::alike(matrix, weight), ROWS) } else { (alike::apart(matrix), STAGES) };
    let (mut kept, mut stages): (Vec<Alike>, Vec<Alike>) =
        groups.into_iter().partition(|group| all || !is_stage(group));
    stages.sort_by_cached_key(|group| {
        let streets: usize = group.0.iter().map(|at| weight(*at)).sum();
        (Reverse(streets), !of_group(group, |party| party.production), group.0.first().copied())
    });
    if let Some(production) = stages.iter().position(|group| of_group(group, |party| party.production)) {
        let production = stages.remove(production);
        stages.insert(0, production);
    }
    stages.truncate(rows);
    kept.extend(stages);
    kept.sort_by_key(|group| group.0.first().copied());
    kept
}

/// How many streets have a stage.
fn streets_with(report: &Report, stage: &str) -> usize {
    let has = |street: &&StreetSummary| street.environments.iter().any(|environment| environment.stage == stage);
    report.streets.iter().filter(has).count()
}

/// What of the matrix is not shown: how many stages, and how many of their pairs are broken or unknown.
fn left_out(report: &Report, shown: &[Alike], screen: &mut Screen) {
    let matrix = &report.network;
    let hidden = |at: &usize| !shown.iter().any(|group| group.0.contains(at));
    let names: Vec<&str> =
        matrix.parties.iter().enumerate().filter(|(at, _)| hidden(at)).map(|(_, party)| party.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let of = |verdict: Verdict| {
        let pairs =
            (0..matrix.parties.len()).flat_map(|row| (0..matrix.parties.len()).map(move |column| (row, column)));
        let pairs = pairs.filter(|(row, column)| hidden(row) || hidden(column));
        pairs
            .filter(|(row, column)| {
                judged(matrix, *row, *column) && cell(matrix, *row, *column).is_some_and(|cell| cell.verdict == verdict)
            })
            .count()
    };
    let streets: usize = names.iter().map(|name| streets_with(report, name)).sum();
    let line = Line::new()
        .plain(format!("{}, in {}: ", count(names.len(), "rarer stage"), count(streets, "street")))
        .with(Ink::Error, format!("{} BROKEN", grouped(of(Verdict::Broken))))
        .plain(", ")
        .with(Ink::Warning, format!("{} unknown", grouped(of(Verdict::Unknown))))
        .plain(" of their pairs: ")
        .with(Ink::Faint, "--all or -o json");
    screen.wrapped(&line, 4);
}

/// In words where they fit, in signs with a legend where they do not, in several blocks where those do not either.
fn table(matrix: &Matrix, screen: &mut Screen) {
    let words = Table::of(matrix, words_of, 3);
    if words.width(0..matrix.parties.len()) <= screen.width {
        words.block(0..matrix.parties.len(), screen);
        return;
    }
    let signs = Table::of(matrix, sign_of, 2);
    let mut first = 0;
    while first < matrix.parties.len() {
        let fits = |last: &usize| signs.width(first..*last) <= screen.width;
        let last = (first + 1..=matrix.parties.len()).take_while(fits).last().unwrap_or(first + 1);
        signs.block(first..last, screen);
        first = last;
    }
    let legend = "✓ isolated   ~ today only   ? unknown   ✗ BROKEN   ○ open   – other cluster";
    screen.wrapped(&Line::new().with(Ink::Faint, legend), 0);
}

type Telling = fn(&Matrix, usize, usize) -> (Ink, String);

/// A matrix with the way its cells are told and how wide that makes its columns.
struct Table<'matrix> {
    matrix: &'matrix Matrix,
    told: Telling,
    gap: usize,
    head: usize,
    columns: Vec<usize>,
}

impl<'matrix> Table<'matrix> {
    fn of(matrix: &'matrix Matrix, told: Telling, gap: usize) -> Self {
        let head = matrix.parties.iter().map(|party| party.name.width()).max().unwrap_or(0);
        let cells = |column: usize| (0..matrix.parties.len()).map(move |row| told(matrix, row, column).1.width());
        let columns = matrix.parties.iter().enumerate();
        let columns = columns.map(|(column, party)| cells(column).chain([party.name.width()]).max().unwrap_or(0));
        Self { matrix, told, gap, head, columns: columns.collect() }
    }

    fn width(&self, columns: Range<usize>) -> usize {
        let columns = self.columns.get(columns).unwrap_or_default();
        self.head + columns.iter().map(|column| self.gap + column).sum::<usize>()
    }

    fn block(&self, columns: Range<usize>, screen: &mut Screen) {
        let mut line = Line::new();
        line.pad(self.head);
        for column in columns.clone() {
            let Some(party) = self.matrix.parties.get(column) else { continue };
            self.centred(&mut line, column, party_ink(party), &party.name);
        }
        screen.line(&line);
        for (row, party) in self.matrix.parties.iter().enumerate() {
            let mut line = Line::new().with(party_ink(party), &party.name);
            line.pad(self.head);
            for column in columns.clone() {
                let (ink, word) = (self.told)(self.matrix, row, column);
                self.centred(&mut line, column, ink, &word);
            }
            screen.line(&line);
        }
    }

    fn centred(&self, line: &mut Line, column: usize, ink: Ink, text: &str) {
        let width = self.columns.get(column).copied().unwrap_or(0);
        let start = line.width() + self.gap;
        line.pad(start + width.saturating_sub(text.width()) / 2);
        line.push(ink, text);
        line.pad(start + width);
    }
}

fn party_ink(party: &Party) -> Ink {
    if party.environment { Ink::Strong } else { Ink::Faint }
}

fn cell(matrix: &Matrix, row: usize, column: usize) -> Option<&Cell> {
    matrix.cells.get(row)?.get(column)
}

/// Whether both ends are environments: only then is an open way a defect.
fn judged(matrix: &Matrix, row: usize, column: usize) -> bool {
    [row, column].iter().all(|at| matrix.parties.get(*at).is_some_and(|party| party.environment))
}

/// An open way is no defect where one end is shared, and may be one where one is unplaced.
fn open_ink(matrix: &Matrix, row: usize, column: usize) -> Ink {
    let unplaced = |at: &usize| matrix.parties.get(*at).is_some_and(|party| party.unplaced);
    if [row, column].iter().any(unplaced) { Ink::Warning } else { Ink::Plain }
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
        Verdict::Broken => (open_ink(matrix, row, column), "open".to_owned()),
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
        Verdict::Broken if !judged(matrix, row, column) => (open_ink(matrix, row, column), "○".to_owned()),
        Verdict::Broken if cell.findings == 0 => (Ink::Error, "✗".to_owned()),
        Verdict::Broken => (Ink::Error, format!("✗ {}", grouped(cell.findings))),
    }
}

/// Where there are several streets: how many are broken or unknown, and the worst of them.
fn streets(report: &Report, all: bool, screen: &mut Screen) {
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
    let worst = worst_first(&broken);
    for (position, (name, matrix)) in worst.iter().take(SHOWN).enumerate() {
        line.push(Ink::Plain, if position == 0 { "; the worst: " } else { " · " });
        let way = broken_ways(matrix).into_iter().next().unwrap_or_default();
        line = line.with(Ink::Strong, *name).plain(format!(" {way}"));
    }
    if broken.len() > SHOWN {
        line.push(Ink::Plain, format!(" and {} more", grouped(broken.len() - SHOWN)));
    }
    screen.cut(&line, 4, if report.streets.len() > MANY_STREETS && !all { 1 } else { usize::MAX });
}

/// The most broken pairs first, ways into production above all.
fn worst_first<'streets>(broken: &[&'streets (String, Matrix)]) -> Vec<(&'streets str, &'streets Matrix)> {
    let mut streets: Vec<(&str, &Matrix)> = broken.iter().map(|(name, matrix)| (name.as_str(), matrix)).collect();
    streets.sort_by_key(|(name, matrix)| {
        let ways = broken_pairs(matrix);
        let into_production =
            ways.iter().filter(|(_, to)| matrix.parties.get(*to).is_some_and(|party| party.production)).count();
        (Reverse(into_production), Reverse(ways.len()), *name)
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

/// Who gets where, by where: `dev and tst → prd`.
fn broken_ways(matrix: &Matrix) -> Vec<String> {
    let name = |at: usize| matrix.parties.get(at).map_or("", |party| party.name.as_str());
    let pairs = broken_pairs(matrix);
    let into = |column: usize| {
        let from: Vec<&str> = pairs.iter().filter(|(_, to)| *to == column).map(|(from, _)| name(*from)).collect();
        (!from.is_empty()).then(|| format!("{} → {}", listed(&from, 3), name(column)))
    };
    let mut columns: Vec<usize> = (0..matrix.parties.len()).collect();
    columns.sort_by_key(|column| !matrix.parties.get(*column).is_some_and(|party| party.production));
    columns.into_iter().filter_map(into).collect()
}

/// What the verdicts stand on; what the input settles is no `if` and told apart. By name where there is much to tell.
fn assumptions(report: &Report, all: bool, screen: &mut Screen) {
    let by_name = report.streets.len() > MANY_STREETS && !all;
    let told = |assumption: &Assumption| {
        if by_name { assumption.name.clone() } else { assumption.statement.clone() }
    };
    let mut open: Vec<String> = Vec::new();
    let mut settled: Vec<String> = Vec::new();
    for assumption in &report.assumptions {
        match &assumption.standing {
            Standing::Assumed => open.push(told(assumption)),
            Standing::Word(whose) => open.push(format!("{} (on the word of {whose})", told(assumption))),
            Standing::Evidence(how) => settled.push(format!("{}: {how}", told(assumption))),
        }
    }
    if !open.is_empty() {
        let explain = format!("   {}", unbroken("(dtap explain assumptions)"));
        let line = Line::new().with(Ink::Faint, "if: ").plain(open.join(" · "));
        let is_told = !by_name || line.width() + explain.width() <= screen.width;
        screen.wrapped(&line.with(Ink::Faint, if is_told { explain } else { String::new() }), 4);
    }
    if !settled.is_empty() {
        screen.wrapped(&Line::new().with(Ink::Faint, "settled: ").plain(settled.join(" · ")), 9);
    }
}

/// Why something is unknown, as far as neither a finding nor the account says it.
fn unknown(report: &Report, sources: &Sources, all: bool, screen: &mut Screen) {
    let findings: BTreeSet<&str> = report.findings.iter().map(|finding| finding.summary.as_str()).collect();
    let unread: BTreeSet<String> =
        report.input.unread.iter().map(|unread| format!("{}: {}", unread.name, unread.why)).collect();
    let (unread, open): (Vec<&String>, Vec<&String>) = report.unknown.iter().partition(|why| unread.contains(*why));
    let (found, untold): (Vec<&String>, Vec<&String>) =
        open.into_iter().partition(|why| findings.contains(why.as_str()));
    let untold: Vec<&str> = untold.into_iter().map(String::as_str).collect();
    let whole = || untold.iter().map(|reason| ((*reason).to_owned(), (*reason).to_owned())).collect();
    let told: Vec<(String, String)> = if all { whole() } else { fold(&untold) };
    let at_most = match report.streets.len() > MANY_STREETS {
        _ if all => usize::MAX,
        true if told.len() > 1 => REASONS_OF_MANY,
        _ => REASONS,
    };
    let everything = !unread.is_empty() && is_all_unknown(&report.network);
    if everything {
        let why = format!("every pair, because of {} that could not be read", grouped(unread.len()));
        let line = Line::new().with(Ink::Warning, "unknown: ").plain(why);
        screen.wrapped(&line.plain(hints(&report.input.unread)), 9);
    }
    let mut mended: BTreeSet<&str> = BTreeSet::new();
    let undecided = |why: &str| report.undecided.iter().find(|it| it.why == why);
    let shown = || told.iter().take(at_most).map(|(reason, first)| (reason, undecided(first)));
    let positions = Positions::of(sources, shown().filter_map(|(_, undecided)| undecided?.place));
    for (reason, undecided) in shown() {
        let mut line = Line::new().with(Ink::Warning, "unknown: ").plain(reason);
        if let Some(cited) = undecided.and_then(|it| positions.cite(sources, it.place?)) {
            let cited = if all { cited } else { fitted(&cited, screen.width.saturating_sub(9)) };
            line.push(Ink::Faint, format!("   {cited}"));
        }
        screen.wrapped(&line, 9);
        if let Some(Undecided { explain, mend, .. }) = undecided.filter(|it| mended.insert(&it.mend)) {
            let explained = explain.map(|explain| format!(" {}", unbroken(&format!("(dtap explain {explain})"))));
            screen.hint(9, &format!("{mend}{}", explained.unwrap_or_default()));
        }
    }
    let mut rest: Vec<String> = Vec::new();
    if told.len() > at_most {
        let one = if at_most == 0 { "reason" } else { "more reason" };
        rest.push(format!("{} (--all or -o json)", count(told.len() - at_most, one)));
    }
    if !unread.is_empty() && !everything {
        rest.push(format!("{} that could not be read", grouped(unread.len())));
    }
    if !found.is_empty() {
        rest.push(format!("{} below", count(found.len(), "warning")));
    }
    if !rest.is_empty() {
        screen
            .wrapped(&Line::new().with(Ink::Warning, "unknown: ").plain(format!("because of {}", rest.join(", "))), 9);
    }
}

/// Whether nothing could be decided between any two environments.
fn is_all_unknown(matrix: &Matrix) -> bool {
    let every = || (0..matrix.parties.len()).flat_map(|row| (0..matrix.parties.len()).map(move |column| (row, column)));
    let mut pairs = every().filter(|(row, column)| row != column && judged(matrix, *row, *column)).peekable();
    let unknown = |row, column| cell(matrix, row, column).is_some_and(|cell| cell.verdict == Verdict::Unknown);
    pairs.peek().is_some() && pairs.all(|(row, column)| unknown(row, column))
}

/// What to do about what could not be read, the advice that helps with most of it first.
fn hints(unread: &[Unread]) -> String {
    let mut hints: BTreeMap<&str, usize> = BTreeMap::new();
    for hint in unread.iter().filter_map(|unread| unread.hint.as_deref()) {
        *hints.entry(hint).or_default() += 1;
    }
    let mut hints: Vec<(&str, usize)> = hints.into_iter().collect();
    hints.sort_by_key(|(hint, helped)| (Reverse(*helped), *hint));
    let told: Vec<&str> = hints.into_iter().take(2).map(|(hint, _)| hint).collect();
    if told.is_empty() { String::new() } else { format!(": {}", told.join(" · ")) }
}
