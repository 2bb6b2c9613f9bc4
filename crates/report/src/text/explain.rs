//! What `dtap explain` shows: a rule in full, the list of rules, the assumptions.

use super::screen::{Ink, Line, Screen};
use crate::assumption::Explained;
use crate::rule::{Plane, Rule};

/// The list of rules.
#[must_use]
pub fn list(rules: &[&Rule], width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    for plane in [Plane::Network, Plane::Parity, Plane::Sources] {
        let of_plane: Vec<&&Rule> = rules.iter().filter(|rule| rule.plane == plane).collect();
        if of_plane.is_empty() {
            continue;
        }
        screen.gap();
        screen.line(&Line::new().with(Ink::Strong, plane.as_str()));
        for rule in of_plane {
            let mut line = Line::new().plain("  ").with(Ink::Strong, rule.code);
            line.pad(10);
            line.push(Ink::Plain, rule.severity.as_str());
            line.pad(19);
            screen.wrapped(&line.plain(rule.title), 19);
        }
    }
    screen.gap();
    screen.line(
        &Line::new()
            .with(Ink::Faint, "more: ")
            .plain("dtap explain RULE · dtap explain assumptions · dtap explain exit-status"),
    );
    screen.finish()
}

/// A rule in full.
#[must_use]
pub fn rule(rule: &Rule, width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    let head = Line::new().with(Ink::Strong, rule.code).plain(format!("  {}", rule.title));
    screen.wrapped(&head, 8);
    let kind = format!("{}, {}", rule.plane.as_str(), rule.severity.as_str());
    screen.line(&Line::new().with(Ink::Faint, kind));
    paragraphs("why", rule.why, &mut screen);
    paragraphs("mend", rule.mend, &mut screen);
    example("breaks it", rule.breaks, &mut screen);
    example("holds", rule.holds, &mut screen);
    screen.finish()
}

/// What the verdicts stand on: all of it, or some.
#[must_use]
pub fn assumptions(which: &[Explained], width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    screen.wrapped(
        &Line::new().plain(
            "A verdict stands on what the input shows and on what it cannot show. The latter is named under the matrix. \
             --assume NAME takes it on your word, and the screen says so; --strict makes unknown what is neither settled \
             nor vouched for.",
        ),
        0,
    );
    for assumption in which {
        screen.gap();
        screen.line(&Line::new().with(Ink::Strong, assumption.name).plain(assumption.takes.unwrap_or_default()));
        screen.wrapped(&Line::new().plain(format!("  {}", assumption.statement)), 2);
        screen.wrapped(&Line::new().with(Ink::Faint, "  settled by: ").plain(assumption.settled), 2);
    }
    screen.finish()
}

/// What the exit status of each verb says, in scripts and in CI.
static STATUSES: [(&str, [&str; 4]); 3] = [
    (
        "scan",
        [
            "everything holds, under the assumptions named, `today only` included; with --fail-on never whatever was \
             found or left unknown",
            "an error finding; with --fail-on warning or difference one of those, too",
            "wrong use, a path that does not exist, or output that cannot be written",
            "nothing broken, but something unknown, an unplaced namespace in open contact with an environment, or fewer \
             than two environments found",
        ],
    ),
    ("reach", ["allowed", "denied", "wrong use, or an end that is not in the input", "unknown"]),
    (
        "diff",
        [
            "the same",
            "any difference",
            "wrong use, or no such environment",
            "no difference found, but something unknown",
        ],
    ),
];

/// What the exit statuses say.
#[must_use]
pub fn exit_status(width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    for (verb, meanings) in &STATUSES {
        screen.gap();
        screen.line(&Line::new().with(Ink::Strong, format!("dtap {verb}")));
        for (status, meaning) in meanings.iter().enumerate() {
            screen.wrapped(&Line::new().plain(format!("  {status}  {meaning}")), 5);
        }
    }
    screen.gap();
    screen.wrapped(
        &Line::new()
            .plain("130 after Ctrl-C, 141 where whoever reads the output has gone. The other verbs give 0 or 2."),
        0,
    );
    screen.finish()
}

fn paragraphs(head: &str, text: &str, screen: &mut Screen) {
    screen.gap();
    screen.line(&Line::new().with(Ink::Strong, head));
    for paragraph in text.trim().split("\n\n") {
        let joined = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        screen.wrapped(&Line::new().plain(format!("  {joined}")), 2);
    }
}

fn example(head: &str, manifests: &str, screen: &mut Screen) {
    screen.gap();
    screen.line(&Line::new().with(Ink::Strong, head));
    for line in manifests.trim_matches('\n').lines() {
        screen.line(&Line::new().plain(format!("  {line}")));
    }
}
