//! `dtap explain`: a rule in full, the assumptions, the exit statuses, or the list of rules.

use crate::arguments::{Colour, Explain};
use crate::failure::Failure;
use crate::output;
use dtap_report::text::explain;

/// Prints the explanation.
pub fn run(command: &Explain, colour: Colour) -> Result<u8, Failure> {
    let rules = dtap_verify::rules::rules();
    let colour = output::coloured(colour, &std::io::stdout());
    let width = output::width();
    let shown = match command.name.as_deref() {
        None => explain::list(&rules, width, colour),
        Some("assumptions") => explain::assumptions(width, colour),
        Some("exit-status") => explain::exit_status(width, colour),
        Some(name) => match rules.iter().find(|rule| rule.code.eq_ignore_ascii_case(name)) {
            Some(rule) => explain::rule(rule, width, colour),
            None => {
                let mut known: Vec<String> = rules.iter().map(|rule| rule.code.to_owned()).collect();
                known.extend(["assumptions", "exit-status"].map(str::to_owned));
                return Err(Failure::Unknown { what: "rule", name: name.to_owned(), known });
            }
        },
    };
    output::print(&shown)?;
    Ok(0)
}
