//! The account of what was read: nothing is skipped in silence.

use super::MANY_STREETS;
use super::findings::Findings;
use super::name::fitted;
use super::screen::{Ink, Line, Screen, count, fitting, grouped, listed};
use crate::report::{Input, Report, Unread};
use std::collections::BTreeMap;

/// How many reasons are told one by one, and how many where there are many streets: those of most first.
const REASONS: usize = 6;
const REASONS_OF_MANY: usize = 3;

pub(super) fn draw(report: &Report, findings: &Findings<'_>, all: bool, screen: &mut Screen) {
    screen.wrapped(&read(&report.input), 4);
    // What a finding shows with its source is told there.
    let untold = report.input.unread.iter().filter(|unread| all || !findings.tells_why(&unread.why));
    let many = report.streets.len() > MANY_STREETS;
    unread(&untold.collect::<Vec<_>>(), many, all, screen);
}

fn read(input: &Input) -> Line {
    let mut told = vec![count(input.files, "file"), count(input.documents, "document"), count(input.objects, "object")];
    let other: usize = input.not_kubernetes.iter().map(|(_, number)| number).sum();
    if other > 0 {
        let verb = if other == 1 { "is" } else { "are" };
        let kinds: Vec<String> =
            input.not_kubernetes.iter().map(|(what, number)| format!("{} × {what}", grouped(*number))).collect();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        told.push(format!("{} that {verb} not Kubernetes ({})", grouped(other), listed(&kinds, 4)));
    }
    let left_out: usize = input.left_out.iter().map(|(_, number)| number).sum();
    if left_out > 0 {
        let whys: Vec<String> =
            input.left_out.iter().map(|(why, number)| format!("{} × {why}", grouped(*number))).collect();
        let whys: Vec<&str> = whys.iter().map(String::as_str).collect();
        told.push(format!("{} left out ({})", grouped(left_out), listed(&whys, 4)));
    }
    if !input.unread.is_empty() {
        told.push(format!("{} that could not be read", grouped(input.unread.len())));
    }
    Line::new().plain(format!("read: {}", told.join(", ")))
}

/// What could not be read, by reason: hundreds of one reason are one line. The findings show some with their source.
fn unread<'report>(unread: &[&'report Unread], many: bool, all: bool, screen: &mut Screen) {
    let mut reasons: Vec<(&str, Vec<&'report Unread>)> = Vec::new();
    let mut index: BTreeMap<&'report str, usize> = BTreeMap::new();
    for &one in unread {
        let at = *index.entry(&one.why).or_insert(reasons.len());
        match reasons.get_mut(at) {
            Some((_, same)) => same.push(one),
            None => reasons.push((&one.why, vec![one])),
        }
    }
    let shown = match (all, many) {
        (true, _) => reasons.len(),
        (false, true) => {
            reasons.sort_by_key(|(_, same)| std::cmp::Reverse(same.len()));
            REASONS_OF_MANY
        }
        (false, false) => REASONS,
    };
    for (why, same) in reasons.iter().take(shown) {
        reason(why, same, all, screen);
    }
    let rest: usize = reasons.iter().skip(shown).map(|(_, same)| same.len()).sum();
    if rest > 0 {
        screen.wrapped(&Line::new().plain(format!("and {} more that could not be read: --all", grouped(rest))), 4);
    }
}

fn reason(why: &str, same: &[&Unread], all: bool, screen: &mut Screen) {
    let line = Line::new().with(Ink::Warning, "unread ");
    let name = |one: &&Unread| if all { one.name.clone() } else { fitted(&one.name, screen.width / 2) };
    let names: Vec<String> = same.iter().map(name).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.dedup();
    let line = match names.as_slice() {
        [name] => line.with(Ink::Strong, *name).plain(format!(": {why}")),
        names => {
            let head = format!("{} ({why}): ", grouped(names.len()));
            let names = if all { listed(names, names.len()) } else { fitting(names, 3, screen.width) };
            line.plain(head).with(Ink::Strong, names)
        }
    };
    let hint = same.iter().find_map(|one| one.hint.as_deref()).map(|hint| format!("   = mend: {hint}"));
    screen.wrapped(&line.with(Ink::Faint, hint.unwrap_or_default()), 4);
}
