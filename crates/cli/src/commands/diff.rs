//! `dtap diff`: the whole of parity between two environments.

use crate::arguments::{Colour, Diff, Format};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{environments, input, output};
use dtap_report::difference::{Cause, Difference, Differences};
use dtap_report::{json, text};
use dtap_snapshot::Snapshot;
use dtap_verify::parity::{self, Comparison};

/// Compares and shows.
pub fn run(command: &Diff, colour: Colour) -> Result<u8, Failure> {
    let progress = Progress::start(command.input.quiet);
    let snapshot = input::snapshot(&command.input, &progress)?;
    input::complain_of_options(&snapshot);
    let from = environments::named(&snapshot, &command.from)?;
    let to = environments::named(&snapshot, &command.to)?;
    progress.phase("comparing");
    let differences = differences(&snapshot, parity::compare(&snapshot, from, to));
    let shown = match command.output {
        Format::Text => {
            let colour = output::coloured(colour, &std::io::stdout());
            text::diff::show(&differences, &snapshot.sources, output::width(), colour)
        }
        Format::Json => json::show_differences(&differences, &snapshot.sources),
    };
    drop(progress);
    output::print(&shown)?;
    Ok(differences.status())
}

/// What the verifier found, as it is shown.
fn differences(snapshot: &Snapshot, comparison: Comparison) -> Differences {
    let (from, to) = (snapshot.environment_name(comparison.from), snapshot.environment_name(comparison.to));
    let causes = comparison.causes.into_iter().map(|told| {
        let rule = parity::rules::of(told.class);
        let single = |one: parity::comparison::Single| Difference {
            object: one.object,
            path: one.path,
            from: one.from,
            to: one.to,
            from_place: one.from_place,
            to_place: one.to_place,
        };
        Cause {
            rule,
            summary: told.summary,
            fingerprint: told.fingerprint,
            differences: told.differences.into_iter().map(single).collect(),
        }
    });
    Differences { causes: causes.collect(), unknown: comparison.unknown, from: from.clone(), to: to.clone() }
}
