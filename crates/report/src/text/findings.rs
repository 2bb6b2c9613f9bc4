//! The findings: errors before warnings before notes, one line a cause, the first few with their source.

use super::name::fitted;
use super::screen::{Ink, Line, Screen, grouped, listed};
use super::{MANY_STREETS, Style};
use crate::excerpt::{Excerpt, Masked, excerpt};
use crate::finding::{Evidence, Finding};
use crate::position::{Positions, cited};
use crate::report::Report;
use crate::rule::Severity;
use dtap_model::place::Sources;
use std::collections::{BTreeMap, BTreeSet};
use unicode_width::UnicodeWidthStr;

/// How many findings are shown with their source, and how many where there are many streets.
const WITH_SOURCE: usize = 3;
const WITH_SOURCE_OF_MANY: usize = 1;

/// How many errors are shown, how many warnings and notes of one rule, and how many places of one finding.
const ERRORS: usize = 6;
const OF_ONE_RULE: usize = 4;
const PLACES: usize = 2;

/// How many lines one finding takes that is told without its source, where there are many streets.
const LINES_OF_MANY: usize = 1;
const LINES_OF_ERROR: usize = 2;

/// How many of those that are counted are named.
const NAMED: usize = 2;

/// Which findings to draw: parity is told between the two, right before what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Errors and warnings.
    Complaints,
    /// Notes.
    Notes,
}

/// How a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// With its source, at so many places, and what to do.
    Source(usize),
    /// In a line or two with the place.
    Line,
    /// As one of so many of its rule.
    Number,
    /// Not here: the account of what was read says it.
    Account,
}

/// The findings on their way to the screen.
pub(super) struct Findings<'report> {
    sources: &'report Sources,
    positions: Positions,
    masked: Masked,
    told: Vec<(&'report Finding, Telling)>,
    /// Whether names of files are told whole, however long.
    whole: bool,
    /// Whether there are many streets: what is told without its source takes no more lines than it must.
    many: bool,
}

impl<'report> Findings<'report> {
    pub(super) fn of(report: &'report Report, sources: &'report Sources, style: &Style) -> Self {
        let told = told(report, style);
        // Of errors that are counted the first of a kind is cited.
        let mut kinds: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut is_cited = |finding: &'report Finding| {
            finding.severity == Severity::Error && kinds.insert((finding.rule.code, &finding.cause))
        };
        let places = told.iter().flat_map(|&(finding, telling)| {
            let number = match telling {
                Telling::Source(places) => places,
                Telling::Line => 1,
                Telling::Number => usize::from(is_cited(finding)),
                Telling::Account => 0,
            };
            finding.evidence.iter().take(number).map(|evidence| evidence.place)
        });
        let positions = Positions::of(sources, places);
        let many = report.streets.len() > MANY_STREETS && !style.all && style.rules.is_empty();
        let masked = Masked::by(sources, report.findings.iter().flat_map(|finding| &finding.evidence));
        Self { sources, positions, masked, told, whole: style.all, many }
    }

    /// The reasons for which something could not be read that are told with their source.
    pub(super) fn tells_why(&self, why: &str) -> bool {
        let with_source = |(_, telling): &&(&Finding, Telling)| matches!(telling, Telling::Source(_));
        self.told.iter().filter(with_source).any(|(finding, _)| finding.summary.contains(why))
    }

    pub(super) fn draw(&self, part: Part, screen: &mut Screen) {
        let severities: &[Severity] = match part {
            Part::Complaints => &[Severity::Error, Severity::Warning],
            Part::Notes => &[Severity::Note],
        };
        for severity in severities {
            let told: Vec<&(&Finding, Telling)> =
                self.told.iter().filter(|(finding, _)| finding.severity == *severity).collect();
            let drawn = told.iter().any(|(_, telling)| *telling != Telling::Account);
            // Of many streets errors and warnings are one list.
            let follows = self.many && self.told.iter().any(|(finding, _)| finding.severity == Severity::Error);
            if drawn && (*severity == Severity::Error || *severity == Severity::Warning && !follows) {
                screen.gap();
            }
            for (finding, telling) in &told {
                match telling {
                    Telling::Source(places) => self.with_source(finding, *places, screen),
                    Telling::Line => self.line(finding, screen),
                    Telling::Number | Telling::Account => {}
                }
            }
            self.rest(&told, screen);
        }
    }

    fn with_source(&self, finding: &Finding, places: usize, screen: &mut Screen) {
        screen.wrapped(&head(finding), 4);
        let shown = one_a_place(&finding.evidence, places);
        let lines = shown.iter().filter_map(|evidence| self.positions.start(evidence.place));
        let margin = lines.map(|at| at.line.to_string().len()).max().unwrap_or(1);
        for evidence in &shown {
            self.source(evidence, margin, screen);
        }
        mend(finding, margin, screen);
    }

    fn line(&self, finding: &Finding, screen: &mut Screen) {
        let mut line = head(finding);
        if let Some(cited) =
            finding.evidence.first().and_then(|evidence| self.positions.cite(self.sources, evidence.place))
        {
            line.push(Ink::Faint, format!("   {}", self.name(&cited, screen.width.saturating_sub(4))));
        }
        let lines = if finding.severity == Severity::Error { LINES_OF_ERROR } else { LINES_OF_MANY };
        screen.cut(&line, 4, if self.many { lines } else { usize::MAX });
    }

    fn name(&self, name: &str, cells: usize) -> String {
        if self.whole { name.to_owned() } else { fitted(name, cells) }
    }

    /// What is not told one by one, counted by cause: errors and warnings a line each, notes together.
    fn rest(&self, told: &[&(&Finding, Telling)], screen: &mut Screen) {
        let many = self.many;
        let mut kinds: BTreeMap<(&str, &str), Rest<'_>> = BTreeMap::new();
        let mut order: Vec<(&str, &str)> = Vec::new();
        for (finding, telling) in told {
            let kind = (finding.rule.code, finding.cause.as_str());
            if !kinds.contains_key(&kind) {
                order.push(kind);
            }
            let rest = kinds.entry(kind).or_default();
            match telling {
                Telling::Number => rest.hidden.push(finding),
                Telling::Source(_) | Telling::Line => rest.shown += 1,
                Telling::Account => {}
            }
        }
        order.sort_by_key(|kind| kind.0);
        let mut notes: Vec<(&str, String, usize)> = Vec::new();
        for kind in order {
            let Some(Rest { shown, hidden }) = kinds.get(&kind).filter(|rest| !rest.hidden.is_empty()) else {
                continue;
            };
            let Some(first) = hidden.first() else { continue };
            let more = if *shown > 0 { " more" } else { "" };
            let counted = format!("{}{more} × {}", grouped(hidden.len()), kind.1);
            if first.severity == Severity::Note {
                notes.push((kind.0, counted, hidden.len()));
                continue;
            }
            let head = Line::new().with(ink(first.severity), first.severity.as_str()).plain(" ");
            let head = head.with(Ink::Strong, kind.0).plain("  ");
            let lines = if first.severity == Severity::Error && !many { 2 } else { 1 };
            let room = (lines * screen.width).saturating_sub(head.width() + counted.width() + 8 * (lines - 1));
            let named = named(hidden, room);
            let room = screen.width.saturating_sub(head.width() + named.width());
            let counted = if many { shortened(&counted, room) } else { counted };
            let line = head.plain(counted).plain(named);
            screen.wrapped(&self.citing(line, first, screen.width), 4);
        }
        counted_notes(&notes, many, screen);
    }

    /// The line of findings that are counted, and where the first of them stands, if they are errors.
    fn citing(&self, line: Line, first: &Finding, width: usize) -> Line {
        let place = first.evidence.first().filter(|_| first.severity == Severity::Error).map(|evidence| evidence.place);
        match place.and_then(|place| self.positions.cite(self.sources, place)) {
            Some(cited) => line.with(Ink::Faint, format!("   {}", self.name(&cited, width.saturating_sub(4)))),
            None => line,
        }
    }

    fn source(&self, evidence: &Evidence, margin: usize, screen: &mut Screen) {
        let place = evidence.place;
        let Some(source) = self.sources.get(place.source) else { return };
        let Some(at) = self.positions.start(place) else { return };
        let mut line = Line::new();
        line.pad(margin);
        let cited = cited(source, at);
        let cited = self.name(&cited, screen.width.saturating_sub(margin + 4));
        screen.line(&line.with(Ink::Faint, " ┌─ ").plain(cited));
        let excerpt = excerpt(source, evidence, &self.masked, screen.width.saturating_sub(margin + 4));
        source_line(at.line, margin, &excerpt, &evidence.label, screen);
    }
}

/// How each finding is shown: all in full where that is asked for, else as many as fit a screen.
fn told<'report>(report: &'report Report, Style { all, quiet, rules, .. }: &Style) -> Vec<(&'report Finding, Telling)> {
    let many = report.streets.len() > MANY_STREETS && rules.is_empty();
    let kind = |finding: &'_ Finding| {
        (finding.severity, finding.rule.code, if many { finding.cause.clone() } else { String::new() })
    };
    let mut alike: BTreeMap<(Severity, &str, String), usize> = BTreeMap::new();
    for finding in &report.findings {
        *alike.entry(kind(finding)).or_default() += 1;
    }
    let mut seen: BTreeMap<(Severity, &str, String), usize> = BTreeMap::new();
    let (mut errors, mut with_source) = (0, 0);
    let mut telling = |finding: &Finding| {
        let kind = kind(finding);
        let number = alike.get(&kind).copied().unwrap_or_default();
        let before = seen.entry(kind).or_default();
        *before += 1;
        let sources = if many { WITH_SOURCE_OF_MANY } else { WITH_SOURCE };
        let source = finding.severity == Severity::Error || finding.severity == Severity::Warning && !many;
        let source = source && with_source < sources;
        let shown = match finding.severity {
            // Of hundreds of streets the worst is told, and of each kind how many more there are.
            _ if many => number == 1 || finding.severity == Severity::Error && source,
            _ if !rules.is_empty() => true,
            Severity::Error => errors < ERRORS,
            Severity::Warning | Severity::Note => *before <= OF_ONE_RULE,
        };
        errors += usize::from(finding.severity == Severity::Error);
        let in_account = !*quiet && report.input.unread.iter().any(|unread| finding.summary.contains(&unread.why));
        if *all {
            Telling::Source(usize::MAX)
        } else if in_account && (many || !shown || !source) {
            Telling::Account
        } else if shown && source {
            with_source += 1;
            Telling::Source(if many { 1 } else { PLACES })
        } else if shown {
            Telling::Line
        } else {
            Telling::Number
        }
    };
    let shown = report.findings.iter().filter(|finding| rules.is_empty() || rules.contains(&finding.rule.code));
    shown.map(|finding| (finding, telling(finding))).collect()
}

/// `error NET001  ` and the complaint.
fn head(finding: &Finding) -> Line {
    Line::new()
        .with(ink(finding.severity), finding.severity.as_str())
        .plain(" ")
        .with(Ink::Strong, finding.rule.code)
        .plain("  ")
        .plain(&finding.summary)
}

/// Findings of one kind that are not told one by one, and how many of the kind are.
#[derive(Default)]
struct Rest<'report> {
    shown: usize,
    hidden: Vec<&'report Finding>,
}

/// How many notes there are of each rule; in one line where there are many streets, what each is about as far as that
/// fits.
fn counted_notes(notes: &[(&str, String, usize)], many: bool, screen: &mut Screen) {
    let line = |told: &dyn Fn(&(&str, String, usize)) -> String| {
        notes.iter().enumerate().fold(Line::new().with(Ink::Note, "note "), |line, (position, note)| {
            let line = line.plain(if position == 0 { "" } else { " · " });
            line.with(Ink::Strong, note.0).plain(format!(" {}", told(note)))
        })
    };
    let whole = line(&|(_, counted, _)| counted.clone());
    if notes.is_empty() {
        return;
    }
    match many && whole.width() > screen.width {
        true => screen.wrapped(&line(&|(_, _, number)| grouped(*number)), 4),
        false => screen.wrapped(&whole, 4),
    }
}

/// A text of no more than so many cells: words are left out of its end.
fn shortened(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    let ends = text.match_indices(' ').map(|(at, _)| at);
    let fits = ends.filter_map(|end| text.get(..end)).take_while(|start| start.width() + 1 < cells).last();
    format!("{}…", fits.unwrap_or_default().trim_end_matches([',', ':']))
}

/// What findings are about: of how many production is in danger, and the first by name as far as the room goes.
fn named(findings: &[&Finding], room: usize) -> String {
    let mut names: Vec<&str> = findings.iter().map(|finding| finding.about.as_str()).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let production = findings.iter().filter(|finding| finding.production).count();
    let production = match production {
        0 => String::new(),
        _ if production == findings.len() => ", all in production".to_owned(),
        some => format!(", {} in production", grouped(some)),
    };
    let tries = (1..=NAMED).rev().map(|number| format!("{production}: {}", listed(&names, number)));
    tries.into_iter().find(|told| told.width() <= room).unwrap_or(production)
}

/// The first places; what is to be seen at one place is told together.
fn one_a_place(evidence: &[Evidence], places: usize) -> Vec<Evidence> {
    let mut shown: Vec<Evidence> = Vec::new();
    for one in evidence.iter().take(places) {
        match shown.iter_mut().find(|before| before.place == one.place) {
            Some(before) if before.label == one.label => {}
            Some(before) => before.label = together(&before.label, &one.label),
            None => shown.push(one.clone()),
        }
    }
    shown
}

/// `nothing selects it for ingress` and `nothing selects it for egress`: `nothing selects it for ingress and egress`.
fn together(one: &str, other: &str) -> String {
    match (one.rsplit_once(' '), other.rsplit_once(' ')) {
        (Some((start, last)), Some((same, another))) if start == same => format!("{start} {last} and {another}"),
        _ => format!("{one}; {other}"),
    }
}

/// What to do about a finding, set in as its source is.
fn mend(finding: &Finding, margin: usize, screen: &mut Screen) {
    let mend = finding.mend.as_deref().unwrap_or(finding.rule.mend);
    let mend = mend.split_whitespace().collect::<Vec<_>>().join(" ");
    screen.hint(margin + 1, &mend);
}

/// The line of the source with its number, and under it the mark with the label.
pub(super) fn source_line(number: usize, margin: usize, excerpt: &Excerpt, label: &str, screen: &mut Screen) {
    screen.line(&Line::new().with(Ink::Faint, format!("{number:>margin$} │ ")).plain(&excerpt.text));
    let mut mark = Line::new();
    mark.pad(margin);
    mark.push(Ink::Faint, " │ ");
    mark.pad(margin + 3 + excerpt.marked.start);
    mark.push(Ink::Warning, "─".repeat(excerpt.marked.len()));
    if label.is_empty() || mark.width() + 1 + label.width() <= screen.width {
        screen.line(&mark.plain(format!(" {label}")));
    } else {
        screen.line(&mark);
        let mut below = Line::new();
        below.pad(margin);
        screen.wrapped(&below.with(Ink::Faint, " │ ").plain(label), margin + 3);
    }
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Error,
        Severity::Warning => Ink::Warning,
        Severity::Note => Ink::Note,
    }
}
