//! The findings: errors before warnings before notes, one line a cause, the first few with their source.

use super::screen::{Ink, Line, Screen, grouped};
use super::{MANY_STREETS, Style};
use crate::excerpt::{Excerpt, excerpt};
use crate::finding::{Evidence, Finding};
use crate::position::Positions;
use crate::report::Report;
use crate::rule::Severity;
use dtap_model::place::Sources;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// How many findings are shown with their source, and how many where there are many streets.
const WITH_SOURCE: usize = 3;
const WITH_SOURCE_OF_MANY: usize = 1;

/// How many errors are shown, how many warnings and notes of one rule, and how many places of one finding.
const ERRORS: usize = 6;
const OF_ONE_RULE: usize = 4;
const PLACES: usize = 2;

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
}

/// The findings on their way to the screen.
pub(super) struct Findings<'report> {
    sources: &'report Sources,
    positions: Positions,
    told: Vec<(&'report Finding, Telling)>,
}

impl<'report> Findings<'report> {
    pub(super) fn of(report: &'report Report, sources: &'report Sources, style: &Style) -> Self {
        let told = told(report, style.all);
        let places = told.iter().flat_map(|(finding, telling)| {
            let number = match telling {
                Telling::Source(places) => *places,
                Telling::Line => 1,
                Telling::Number => 0,
            };
            finding.evidence.iter().take(number).map(|evidence| evidence.place)
        });
        let positions = Positions::of(sources, places);
        Self { sources, positions, told }
    }

    pub(super) fn draw(&self, part: Part, screen: &mut Screen) {
        let severities: &[Severity] = match part {
            Part::Complaints => &[Severity::Error, Severity::Warning],
            Part::Notes => &[Severity::Note],
        };
        for severity in severities {
            let told: Vec<&(&Finding, Telling)> =
                self.told.iter().filter(|(finding, _)| finding.severity == *severity).collect();
            if !told.is_empty() && *severity != Severity::Note {
                screen.gap();
            }
            for (finding, telling) in &told {
                match telling {
                    Telling::Source(places) => self.with_source(finding, *places, screen),
                    Telling::Line => self.line(finding, screen),
                    Telling::Number => {}
                }
            }
            rest(&told, screen);
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
            line.push(Ink::Faint, format!("   {cited}"));
        }
        screen.wrapped(&line, 4);
    }

    fn source(&self, evidence: &Evidence, margin: usize, screen: &mut Screen) {
        let place = evidence.place;
        let Some(source) = self.sources.get(place.source) else { return };
        let Some(at) = self.positions.start(place) else { return };
        let mut line = Line::new();
        line.pad(margin);
        let cited = format!("{}:{}:{}", source.name, at.line, at.column);
        screen.line(&line.with(Ink::Faint, " ┌─ ").plain(cited));
        let excerpt = excerpt(source, place, screen.width.saturating_sub(margin + 4));
        source_line(at.line, margin, &excerpt, &evidence.label, screen);
    }
}

/// How each finding is shown: all in full where that is asked for, else as many as fit a screen.
fn told(report: &Report, all: bool) -> Vec<(&Finding, Telling)> {
    let many = report.streets.len() > MANY_STREETS;
    let mut of_rule: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in &report.findings {
        *of_rule.entry((finding.severity, finding.rule.code)).or_default() += 1;
    }
    let mut seen: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let (mut errors, mut with_source) = (0, 0);
    let mut telling = |finding: &Finding| {
        let key = (finding.severity, finding.rule.code);
        let before = seen.entry(key).or_default();
        *before += 1;
        let shown = match finding.severity {
            Severity::Error => errors < ERRORS,
            _ if many => of_rule.get(&key) == Some(&1),
            _ => *before <= OF_ONE_RULE,
        };
        let sources = if many { WITH_SOURCE_OF_MANY } else { WITH_SOURCE };
        let source = finding.severity == Severity::Error || finding.severity == Severity::Warning && !many;
        errors += usize::from(finding.severity == Severity::Error);
        if all {
            Telling::Source(usize::MAX)
        } else if shown && source && with_source < sources {
            with_source += 1;
            Telling::Source(if many { 1 } else { PLACES })
        } else if shown {
            Telling::Line
        } else {
            Telling::Number
        }
    };
    report.findings.iter().map(|finding| (finding, telling(finding))).collect()
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

/// What is not told one by one, by rule: as more of those above, or where none is told, in a line of its own.
fn rest(told: &[&(&Finding, Telling)], screen: &mut Screen) {
    let mut of_rule: BTreeMap<&str, (&Finding, usize, usize)> = BTreeMap::new();
    for (finding, telling) in told {
        let (_, shown, hidden) = of_rule.entry(finding.rule.code).or_insert((finding, 0, 0));
        *(if *telling == Telling::Number { hidden } else { shown }) += 1;
    }
    let mut more: Vec<String> = Vec::new();
    for (code, (finding, shown, hidden)) in of_rule {
        if shown == 0 {
            let line = Line::new().with(ink(finding.severity), finding.severity.as_str()).plain(" ");
            let line = line.with(Ink::Strong, code).plain(format!("  {} × {}", grouped(hidden), finding.rule.title));
            screen.wrapped(&line, 4);
        } else if hidden > 0 {
            more.push(format!("{} more of {code}", grouped(hidden)));
        }
    }
    if !more.is_empty() {
        let line = Line::new().plain(format!("and {}: ", more.join(", "))).with(Ink::Faint, "--all or -o json");
        screen.wrapped(&line, 4);
    }
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
