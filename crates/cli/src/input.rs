//! Paths to a snapshot: what every verb that reads does first.

use crate::arguments::{Allowed, Input};
use crate::failure::Failure;
use crate::output;
use crate::progress::Progress;
use dtap_snapshot::Snapshot;
use dtap_snapshot::infer::Corrections;
use dtap_snapshot::reading::NoticeKind;
use dtap_source::{Allow, Globs, Request};

/// Says on standard error which options of a verb that shows no findings change nothing: what it answers may not be
/// what was asked.
pub fn complain_of_options(snapshot: &Snapshot) {
    for notice in &snapshot.notices {
        if let NoticeKind::OptionWithoutEffect { option, why } = &notice.kind {
            let line = format!("dtap: {option} changes nothing: {why}");
            output::complain(&dtap_report::text::harmless(&line));
        }
    }
}

/// Reads everything that the user named and finds the environments in it.
pub fn snapshot(input: &Input, progress: &Progress) -> Result<Snapshot, Failure> {
    let exclude = Globs::parse(&input.exclude).map_err(|(value, why)| {
        let hint = "globs are written as in .gitignore: --exclude 'tests/'".to_owned();
        Failure::Value { option: "--exclude", value, why, hint }
    })?;
    progress.phase(format!("reading {}", input.paths.join(" ")));
    let reading = dtap_source::read(&Request {
        paths: input.paths.clone(),
        exclude,
        allow: Allow {
            remote: input.allow.contains(&Allowed::Remote),
            helm: input.allow.contains(&Allowed::Helm),
            outside: input.allow.contains(&Allowed::Outside),
        },
    });
    if !reading.missing.is_empty() {
        return Err(Failure::NoSuchPath(reading.missing));
    }
    progress.phase("finding the environments");
    let corrections = Corrections {
        environments: input.environments.clone(),
        streets: input.streets.clone(),
        clusters: input.clusters.clone(),
    };
    Ok(dtap_snapshot::infer::snapshot(reading, &corrections))
}
