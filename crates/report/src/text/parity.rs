//! Parity, step by step along the streets.

use super::screen::{Ink, Line, Screen, count, grouped, unbroken};
use crate::report::{ParityStep, Report};

/// How many steps of many streets are told one by one.
const SHOWN: usize = 1;

pub(super) fn draw(report: &Report, screen: &mut Screen) {
    if report.parity.is_empty() {
        return;
    }
    screen.gap();
    if report.parity.len() <= 6 {
        let mut line = Line::new().with(Ink::Strong, "parity");
        let several = report.streets.len() > 1;
        for step in &report.parity {
            line.push(Ink::Plain, "   ");
            // What could not be read is in the account, and makes every step unknown.
            let unread = |why: &str| report.input.unread.iter().any(|unread| why.starts_with(&unread.name));
            tell(step, several, !step.unknown.as_deref().is_some_and(unread), &mut line);
        }
        screen.wrapped(&line, 9);
    } else {
        many(&report.parity, screen);
    }
}

fn tell(step: &ParityStep, with_street: bool, with_reason: bool, line: &mut Line) {
    let street = if with_street { format!("{} ", step.street) } else { String::new() };
    line.push(Ink::Plain, unbroken(&format!("{street}{} ▸ {} ", step.from, step.to)));
    let why = step.unknown.as_deref().filter(|_| with_reason).map(|why| format!(": {}", first_reason(why)));
    let why = why.unwrap_or_default();
    match (&step.unknown, step.differences) {
        (Some(_), 0) => line.push(Ink::Warning, format!("unknown{why}")),
        (Some(_), _) => line.push(Ink::Warning, format!("{} and unknown{why}", differ(step))),
        (None, 0) => line.push(Ink::Good, "same"),
        (None, _) => line.push(Ink::Note, differ(step)),
    }
}

/// The first of the reasons, and how many more there are.
fn first_reason(why: &str) -> String {
    let (first, rest) = why.split_once("; ").unwrap_or((why, ""));
    match rest.split("; ").filter(|reason| !reason.is_empty()).count() {
        0 => first.to_owned(),
        more => format!("{first}; {}", count(more, "more reason")),
    }
}

fn differ(step: &ParityStep) -> String {
    unbroken(&format!("{} of {}", count(step.differences, "difference"), count(step.causes, "cause")))
}

fn many(steps: &[ParityStep], screen: &mut Screen) {
    let unknown = steps.iter().filter(|step| step.unknown.is_some()).count();
    let same = steps.iter().filter(|step| step.unknown.is_none() && step.differences == 0).count();
    let differing = worst_first(steps);
    let mut line = Line::new().with(Ink::Strong, "parity").plain(format!(
        "   {} between neighbours: {} same, {} different, {} unknown",
        count(steps.len(), "step"),
        grouped(same),
        grouped(differing.len()),
        grouped(unknown)
    ));
    for (position, step) in differing.iter().take(SHOWN).enumerate() {
        line.push(Ink::Plain, if position == 0 { "; the most: " } else { " · " });
        tell(step, true, false, &mut line);
    }
    screen.wrapped(&line, 9);
}

/// The steps that differ, those of the most causes first.
pub(super) fn worst_first(steps: &[ParityStep]) -> Vec<&ParityStep> {
    let mut differing: Vec<&ParityStep> = steps.iter().filter(|step| step.differences > 0).collect();
    differing.sort_by_key(|step| (std::cmp::Reverse(step.causes), &step.street, &step.from, &step.to));
    differing
}
