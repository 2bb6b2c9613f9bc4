//! `dtap explain`: a rule in full, the assumptions, the exit statuses, or a list of rules: all of them, those of a
//! plane, those whose codes begin so, or those that speak of a word.

use crate::arguments::{Colour, Explain};
use crate::failure::Failure;
use crate::output;
use dtap_report::Rule;
use dtap_report::assumption::ASSUMPTIONS;
use dtap_report::rule::Plane;
use dtap_report::text::explain;

/// What is explained beside rules.
const OTHERS: [&str; 2] = ["assumptions", "exit-status"];

/// What else people call a plane.
const PLANES: [(&str, Plane); 7] = [
    ("network", Plane::Network),
    ("isolation", Plane::Network),
    ("parity", Plane::Parity),
    ("diff", Plane::Parity),
    ("sources", Plane::Sources),
    ("source", Plane::Sources),
    ("reading", Plane::Sources),
];

/// Prints the explanation.
pub fn run(command: &Explain, colour: Colour) -> Result<u8, Failure> {
    let rules = dtap_verify::rules::rules();
    let colour = output::coloured(colour, &std::io::stdout());
    let width = output::width();
    let name = command.name.as_deref().unwrap_or_default();
    let asked = name.to_lowercase();
    let rule = rules.iter().find(|rule| rule.code.eq_ignore_ascii_case(&asked));
    let shown = match (asked.as_str(), rule) {
        ("assumptions", _) => explain::assumptions(&ASSUMPTIONS, width, colour),
        ("exit-status", _) => explain::exit_status(width, colour),
        (_, Some(rule)) => explain::rule(rule, width, colour),
        _ if let Some(one) = ASSUMPTIONS.iter().find(|assumption| assumption.name == asked) => {
            explain::assumptions(std::slice::from_ref(one), width, colour)
        }
        _ => match several(&rules, &asked).as_slice() {
            [] => return Err(unknown(name)),
            rules => explain::list(rules, width, colour),
        },
    };
    output::print(&shown)?;
    Ok(0)
}

/// The rules of a plane, those whose codes begin so, or those that have a word in their titles.
fn several<'r>(rules: &[&'r Rule], asked: &str) -> Vec<&'r Rule> {
    let plane = PLANES.iter().find(|(name, _)| *name == asked).map(|(_, plane)| *plane);
    let of = |holds: &dyn Fn(&Rule) -> bool| rules.iter().filter(|rule| holds(rule)).copied().collect::<Vec<_>>();
    let coded = || of(&|rule| rule.code.to_lowercase().starts_with(asked));
    let titled =
        || of(&|rule| rule.title.to_lowercase().split(|part: char| !part.is_alphanumeric()).any(|word| word == asked));
    match plane {
        Some(plane) => of(&|rule| rule.plane == plane),
        None => Some(coded()).filter(|found| !found.is_empty()).unwrap_or_else(titled),
    }
}

/// Every name that is explained: the planes, the rules, the assumptions, and what else there is.
pub fn names() -> Vec<&'static str> {
    let planes = [Plane::Network, Plane::Parity, Plane::Sources].map(Plane::as_str);
    let rules = dtap_verify::rules::rules();
    let codes = rules.iter().map(|rule| rule.code);
    let assumptions = ASSUMPTIONS.iter().map(|assumption| assumption.name);
    planes.into_iter().chain(OTHERS).chain(codes).chain(assumptions).collect()
}

/// What is said of a name of nothing.
fn unknown(name: &str) -> Failure {
    Failure::Unknown {
        what: "rule",
        name: name.to_owned(),
        known: names().into_iter().map(str::to_owned).collect(),
        listed: Some("dtap explain lists every rule"),
    }
}
