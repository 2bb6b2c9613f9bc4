//! The findings: errors before warnings before notes, one line a cause, the first few with their source.

use super::Style;
use super::screen::{Ink, Line, Screen, grouped};
use crate::excerpt::{Excerpt, excerpt};
use crate::finding::{Evidence, Finding};
use crate::position::Positions;
use crate::report::Report;
use crate::rule::Severity;
use dtap_model::place::Sources;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// How many findings are shown with their source.
const WITH_SOURCE: usize = 3;

/// How many findings of one rule are shown, and of how many places of one.
const OF_ONE_RULE: usize = 4;
const PLACES: usize = 2;

/// With more streets than this there are findings for more than a screen, and half of them are shown.
const MANY_STREETS: usize = 6;

/// Which findings to draw: parity is told between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Errors.
    Broken,
    /// Warnings and notes.
    Rest,
}

/// The findings on their way to the screen.
pub(super) struct Findings<'report> {
    report: &'report Report,
    sources: &'report Sources,
    positions: Positions,
    all: bool,
    of_one_rule: usize,
    with_source: usize,
}

impl<'report> Findings<'report> {
    pub(super) fn of(report: &'report Report, sources: &'report Sources, style: &Style) -> Self {
        let of_one_rule = if report.streets.len() > MANY_STREETS { OF_ONE_RULE / 2 } else { OF_ONE_RULE };
        let mut of_rule: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
        let shown = report.findings.iter().filter(|finding| {
            let number = of_rule.entry((finding.severity, finding.rule.code)).or_default();
            *number += 1;
            style.all || *number <= of_one_rule
        });
        let at_most = if style.all { usize::MAX } else { PLACES };
        let places = shown.flat_map(|finding| finding.evidence.iter().take(at_most)).map(|evidence| evidence.place);
        let positions = Positions::of(sources, places);
        Self { report, sources, positions, all: style.all, of_one_rule, with_source: 0 }
    }

    pub(super) fn draw(&mut self, part: Part, screen: &mut Screen) {
        let report = self.report;
        let severities: &[Severity] = match part {
            Part::Broken => &[Severity::Error],
            Part::Rest => &[Severity::Warning, Severity::Note],
        };
        for severity in severities {
            let findings: Vec<&Finding> =
                report.findings.iter().filter(|finding| finding.severity == *severity).collect();
            if !findings.is_empty() && *severity != Severity::Note {
                screen.gap();
            }
            self.of_severity(&findings, screen);
        }
    }

    fn of_severity(&mut self, findings: &[&Finding], screen: &mut Screen) {
        let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            let number = of_rule.entry(finding.rule.code).or_default();
            *number += 1;
            if self.all || *number <= self.of_one_rule {
                self.one(finding, screen);
            }
        }
        let hidden: Vec<String> = of_rule
            .iter()
            .filter(|(_, number)| !self.all && **number > self.of_one_rule)
            .map(|(code, number)| format!("{} more of {code}", grouped(*number - self.of_one_rule)))
            .collect();
        if !hidden.is_empty() {
            let line = Line::new().plain(format!("and {}: ", hidden.join(", "))).with(Ink::Faint, "--all or -o json");
            screen.wrapped(&line, 4);
        }
    }

    fn one(&mut self, finding: &Finding, screen: &mut Screen) {
        let full = self.all || (self.with_source < WITH_SOURCE && finding.severity != Severity::Note);
        let mut line = Line::new()
            .with(ink(finding.severity), finding.severity.as_str())
            .plain(" ")
            .with(Ink::Strong, finding.rule.code)
            .plain("  ")
            .plain(&finding.summary);
        let first = finding.evidence.first().and_then(|evidence| self.positions.cite(self.sources, evidence.place));
        match first {
            Some(_) if full => {
                self.with_source += 1;
                screen.wrapped(&line, 4);
                let at_most = if self.all { usize::MAX } else { PLACES };
                let shown = finding.evidence.iter().take(at_most);
                let lines = shown.clone().filter_map(|evidence| self.positions.start(evidence.place));
                let margin = lines.map(|at| at.line.to_string().len()).max().unwrap_or(1);
                for evidence in shown {
                    self.source(evidence, margin, screen);
                }
                mend(finding, margin, screen);
            }
            Some(cited) => {
                line.push(Ink::Faint, format!("   {cited}"));
                screen.wrapped(&line, 4);
            }
            None => {
                screen.wrapped(&line, 4);
                if full {
                    self.with_source += 1;
                    mend(finding, 2, screen);
                }
            }
        }
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
