//! The screen: the answer, the evidence with its source, the way on. One file for each part, in the order shown.

mod account;
mod alike;
pub mod diff;
pub mod explain;
mod findings;
mod fold;
mod headline;
mod hints;
mod matrix;
mod name;
mod parity;
pub mod reach;
mod screen;

use crate::exit::FailOn;
use crate::report::Report;
use dtap_model::place::Sources;
use screen::Screen;
pub use screen::harmless;

/// How to show a report. Nothing here is looked up: the caller knows the terminal, or that there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// How many cells a line may take.
    pub width: usize,
    /// Whether to use colours.
    pub colour: bool,
    /// Whether to show findings and the outcome alone.
    pub quiet: bool,
    /// Whether to show every finding, each with its excerpts.
    pub all: bool,
    /// From which findings on the outcome is a failure.
    pub fail_on: FailOn,
    /// The codes of the rules whose findings are shown; where there are none, all are.
    pub rules: Vec<&'static str>,
}

/// With more streets than this there is more to tell than fits a screen, and it is counted.
const MANY_STREETS: usize = 6;

/// The whole screen, ending in a newline.
#[must_use]
pub fn show(report: &Report, sources: &Sources, style: &Style) -> String {
    let mut screen = Screen::new(style.width, style.colour);
    let findings = findings::Findings::of(report, sources, style);
    if !style.quiet {
        headline::draw(report, style.all, &mut screen);
        account::draw(report, &findings, style.all, &mut screen);
        matrix::draw(report, sources, style.all, &mut screen);
    }
    findings.draw(findings::Part::Complaints, &mut screen);
    if !style.quiet {
        parity::draw(report, &mut screen);
    }
    findings.draw(findings::Part::Notes, &mut screen);
    hints::draw(report, style, &mut screen);
    screen.finish()
}
