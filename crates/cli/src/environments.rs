//! Which environment of a snapshot the user means.

use crate::failure::Failure;
use dtap_model::environment::EnvironmentId;
use dtap_snapshot::Snapshot;

/// The environment of this name: `street/stage`, or the stage alone where one street has it.
pub fn named(snapshot: &Snapshot, typed: &str) -> Result<EnvironmentId, Failure> {
    let ids = || (0_u32..).map(EnvironmentId).take(snapshot.environments.len());
    let stage = |id: EnvironmentId| snapshot.environment(id).map_or("", |environment| environment.stage.as_str());
    let whole: Vec<EnvironmentId> = ids().filter(|id| snapshot.environment_name(*id) == typed).collect();
    let by_stage: Vec<EnvironmentId> = ids().filter(|id| stage(*id) == typed).collect();
    match (whole.as_slice(), by_stage.as_slice()) {
        ([id], _) | ([], [id]) => Ok(*id),
        ([], [_, _, ..]) => Err(Failure::Ambiguous {
            what: "environment",
            name: typed.to_owned(),
            meanings: by_stage.into_iter().map(|id| snapshot.environment_name(id)).collect(),
        }),
        _ => {
            Err(Failure::Unknown { what: "environment", name: typed.to_owned(), known: known(snapshot), listed: None })
        }
    }
}

/// Every name that [`named`] takes: the stages where there is one street, else `street/stage`.
fn known(snapshot: &Snapshot) -> Vec<String> {
    let ids = (0_u32..).map(EnvironmentId).take(snapshot.environments.len());
    if snapshot.streets.len() == 1 {
        snapshot.environments.iter().map(|environment| environment.stage.clone()).collect()
    } else {
        ids.map(|id| snapshot.environment_name(id)).collect()
    }
}
