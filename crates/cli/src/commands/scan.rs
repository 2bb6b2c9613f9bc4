//! `dtap scan`: finds the environments, shows what touches and what differs.

use crate::arguments::{Colour, Format, Scan};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{input, output, settings};
use dtap_report::text::Style;
use dtap_report::{FailOn, Outcome, Report};
use std::collections::BTreeSet;

/// Scans and shows.
pub fn run(command: &Scan, colour: Colour) -> Result<u8, Failure> {
    let settings = settings::of(&command.judging)?;
    let rules = rules(&command.showing.rules)?;
    let progress = Progress::start(command.input.quiet).with_timings(command.timings);
    let snapshot = input::snapshot(&command.input, &progress)?;
    progress.phase("judging");
    let mut report = dtap_verify::verify(&snapshot, &settings);
    report.input.paths.clone_from(&command.input.paths);
    report.input.options = command.input.options();
    report.input.judging = command.judging.options();
    let style = Style {
        width: output::width(),
        colour: output::coloured(colour, &std::io::stdout()),
        quiet: command.input.quiet,
        all: command.showing.all,
        fail_on: command.showing.fail_on.into(),
        rules,
    };
    progress.phase("showing");
    let shown = match command.showing.output {
        Format::Text => dtap_report::text::show(&report, &snapshot.sources, &style),
        Format::Json => dtap_report::json::show(&report, &snapshot.sources, style.fail_on, &style.rules),
    };
    drop(progress);
    output::print(&shown)?;
    if style.quiet {
        say_why(&report, style.fail_on);
    }
    let status = report.outcome(style.fail_on).status(style.fail_on);
    // As in `main`: what has been shown need not be taken apart.
    std::mem::forget((snapshot, report));
    Ok(status)
}

/// Who asks for quiet sees no matrix and no account; why something is unknown is told on standard error, in one line.
fn say_why(report: &Report, fail_on: FailOn) {
    let Some((reason, more)) = report.why_unknown(fail_on) else { return };
    let status = Outcome::Unknown.status(fail_on);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let typed = report.input.judged_alike();
    let line = format!("dtap: exit status {status}: {reason}{more} (dtap scan {typed} tells what to do)");
    output::complain(&dtap_report::text::harmless(&line));
}

/// The codes of the rules that were typed, in whatever capitals, each once.
fn rules(typed: &[String]) -> Result<Vec<&'static str>, Failure> {
    let codes: Vec<&'static str> = dtap_verify::rules::rules().iter().map(|rule| rule.code).collect();
    let of = |name: &String| {
        codes.iter().copied().find(|code| code.eq_ignore_ascii_case(name)).ok_or_else(|| Failure::Unknown {
            what: "rule",
            name: name.clone(),
            known: codes.iter().map(|code| (*code).to_owned()).collect(),
            listed: Some("dtap explain lists every rule"),
        })
    };
    let rules = typed.iter().map(of).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(rules.into_iter().collect())
}
