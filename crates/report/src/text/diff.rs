//! What `dtap diff` shows: every difference with both values and both places, cause by cause.

use super::screen::{Ink, Line, Screen, count};
use crate::difference::{Cause, Difference, Differences};
use crate::position::Positions;
use dtap_model::place::{Place, Sources};

/// The whole of it, ending in a newline.
#[must_use]
pub fn show(differences: &Differences, sources: &Sources, width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    let positions = Positions::of(sources, differences.places());
    let cite = |place: Option<Place>| place.and_then(|place| positions.cite(sources, place));
    let mut head = Line::new().with(Ink::Strong, format!("{} ▸ {}   ", differences.from, differences.to));
    if differences.causes.is_empty() && differences.unknown.is_empty() {
        head.push(Ink::Good, "same");
    } else {
        let numbers = (count(differences.count(), "difference"), count(differences.causes.len(), "cause"));
        head.push(Ink::Plain, format!("{} of {}", numbers.0, numbers.1));
    }
    screen.line(&head);
    for reason in &differences.unknown {
        screen.wrapped(&Line::new().with(Ink::Warning, "unknown: ").plain(reason), 9);
    }
    for cause in &differences.causes {
        screen.gap();
        self::cause(cause, &mut screen);
        for difference in &cause.differences {
            one(difference, &cite, &mut screen);
        }
    }
    screen.finish()
}

fn cause(cause: &Cause, screen: &mut Screen) {
    let line = Line::new().with(Ink::Note, cause.rule.code).plain("  ").with(Ink::Strong, &cause.summary);
    screen.wrapped(&line, 4);
}

fn one(difference: &Difference, cite: &impl Fn(Option<Place>) -> Option<String>, screen: &mut Screen) {
    let path = if difference.path.is_empty() { "the whole object" } else { &difference.path };
    screen.wrapped(&Line::new().plain(format!("  {}  {path}", difference.object)), 6);
    let sides = [
        ("- ", Ink::Error, &difference.from, difference.from_place),
        ("+ ", Ink::Good, &difference.to, difference.to_place),
    ];
    for (sign, ink, value, place) in sides {
        let Some(value) = value else { continue };
        let mut line = Line::new().plain("    ").with(ink, format!("{sign}{value}"));
        if let Some(cited) = cite(place) {
            line.push(Ink::Faint, format!("   {cited}"));
        }
        screen.wrapped(&line, 6);
    }
}
