//! What `dtap reach` shows: the answer, and the policies it rests on with their source.

use super::findings::source_line;
use super::screen::{Ink, Line, Screen};
use crate::excerpt::{Masked, excerpt};
use crate::position::{Positions, cited};
use crate::reach::{Because, Opens, Reach, Reachable};
use dtap_model::place::Sources;

/// The whole of it, ending in a newline.
#[must_use]
pub fn show(reach: &Reach, sources: &Sources, width: usize, colour: bool) -> String {
    let mut screen = Screen::new(width, colour);
    let ink = match reach.reachable {
        Reachable::Allowed => Ink::Good,
        Reachable::Denied => Ink::Error,
        Reachable::Unknown => Ink::Warning,
    };
    let port = match &reach.opens {
        Opens::One(port) => format!(":{port}"),
        every => format!(" on {}", every.told()),
    };
    let head = Line::new().with(ink, reach.reachable.as_str()).plain(format!("   {} → {}{port}", reach.from, reach.to));
    screen.wrapped(&head, 4);
    let places = reach.because.iter().filter_map(|reason| reason.evidence.as_ref()).map(|evidence| evidence.place);
    let positions = Positions::of(sources, places);
    for reason in &reach.because {
        because(reason, sources, &positions, &mut screen);
    }
    screen.finish()
}

fn because(reason: &Because, sources: &Sources, positions: &Positions, screen: &mut Screen) {
    screen.wrapped(&Line::new().with(Ink::Faint, "because ").plain(&reason.text), 8);
    let Some(evidence) = &reason.evidence else { return };
    let (Some(source), Some(at)) = (sources.get(evidence.place.source), positions.start(evidence.place)) else {
        return;
    };
    let margin = at.line.to_string().len();
    let mut line = Line::new();
    line.pad(margin);
    screen.line(&line.with(Ink::Faint, " ┌─ ").plain(cited(source, at)));
    let excerpt = excerpt(source, evidence, &Masked::default(), screen.width.saturating_sub(margin + 4));
    source_line(at.line, margin, &excerpt, &evidence.label, screen);
}
