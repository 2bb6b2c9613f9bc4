//! Paths to a snapshot: what every verb that reads does first.

use crate::arguments::{Allowed, Input};
use crate::failure::Failure;
use crate::progress::Progress;
use dtap_snapshot::Snapshot;
use dtap_snapshot::infer::Corrections;
use dtap_source::{Allow, Request};

/// Reads everything that the user named and finds the environments in it.
pub fn snapshot(input: &Input, progress: &Progress) -> Result<Snapshot, Failure> {
    if let Err((value, why)) = dtap_source::check_globs(&input.exclude) {
        let hint = "globs are written as in .gitignore: --exclude 'tests/'".to_owned();
        return Err(Failure::Value { option: "--exclude", value, why, hint });
    }
    progress.phase(format!("reading {}", input.paths.join(" ")));
    let reading = dtap_source::read(&Request {
        paths: input.paths.clone(),
        exclude: input.exclude.clone(),
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
