//! Parity: in what two environments differ, object by object and path by path, grouped into causes.
//!
//! The phases are the files, in this order: [`canonical`] leaves out what nobody decided; [`align`] finds what answers to
//! what; [`normal`] reads each environment's own name as the same word; [`differences`] walks both at once; [`class`],
//! [`noun`] and [`causes`] group what it finds; [`shown`] and [`summary`] tell it; [`rules`] make findings of it.

pub mod align;
pub mod canonical;
pub mod causes;
pub mod class;
pub mod comparison;
pub mod differences;
pub mod normal;
pub mod noun;
pub mod quantity;
pub mod rules;
pub mod shown;
pub mod summary;

use align::Side;
pub use comparison::Comparison;
use dtap_model::environment::{Belonging, EnvironmentId, Street};
use dtap_report::Finding;
use dtap_report::report::ParityStep;
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::{Reach, Snapshot};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Compares the neighbours along every street.
#[must_use]
pub fn judge(snapshot: &Snapshot) -> (Vec<ParityStep>, Vec<Finding>) {
    let objects = align::by_environment(snapshot);
    let along = |street: &Street| -> Vec<Comparison> {
        let sides: Vec<(EnvironmentId, Side)> =
            street.environments.iter().map(|id| (*id, side(snapshot, *id, &objects))).collect();
        let neighbours: Vec<_> = sides.iter().zip(sides.iter().skip(1)).collect();
        neighbours.into_par_iter().map(|(from, to)| between(snapshot, (from.0, &from.1), (to.0, &to.1))).collect()
    };
    let comparisons: Vec<Vec<Comparison>> = snapshot.streets.par_iter().map(along).collect();
    let mut steps = Vec::new();
    for (street, comparisons) in snapshot.streets.iter().zip(&comparisons) {
        steps.extend(comparisons.iter().map(|comparison| step(snapshot, street, comparison)));
    }
    let comparisons: Vec<Comparison> = comparisons.into_iter().flatten().collect();
    let findings = rules::findings(snapshot, &comparisons);
    (steps, findings)
}

/// Compares two environments in whole.
#[must_use]
pub fn compare(snapshot: &Snapshot, from: EnvironmentId, to: EnvironmentId) -> Comparison {
    let objects = align::by_environment(snapshot);
    let (left, right) = (side(snapshot, from, &objects), side(snapshot, to, &objects));
    between(snapshot, (from, &left), (to, &right))
}

fn side<'snapshot>(
    snapshot: &'snapshot Snapshot,
    id: EnvironmentId,
    objects: &BTreeMap<EnvironmentId, Vec<&'snapshot Placed>>,
) -> Side<'snapshot> {
    Side::new(snapshot, id, objects.get(&id).map_or(&[], Vec::as_slice))
}

fn between(snapshot: &Snapshot, from: (EnvironmentId, &Side<'_>), to: (EnvironmentId, &Side<'_>)) -> Comparison {
    let stage = |id| snapshot.environment(id).map_or("", |environment| environment.stage.as_str());
    Comparison {
        from: from.0,
        to: to.0,
        causes: comparison::compare(from.1, to.1, stage(from.0), stage(to.0)),
        unknown: unknown(snapshot, [from.0, to.0]),
    }
}

fn step(snapshot: &Snapshot, street: &Street, comparison: &Comparison) -> ParityStep {
    let stage = |id| snapshot.environment(id).map(|environment| environment.stage.clone()).unwrap_or_default();
    ParityStep {
        street: street.name.clone(),
        from: stage(comparison.from),
        to: stage(comparison.to),
        differences: comparison.differences(),
        causes: comparison.causes.len(),
        unknown: (!comparison.unknown.is_empty()).then(|| comparison.unknown.join("; ")),
    }
}

/// What is not known of the two environments: each reason once.
fn unknown(snapshot: &Snapshot, environments: [EnvironmentId; 2]) -> Vec<String> {
    let concerns = |reach: Reach| match reach {
        Reach::Everything => true,
        Reach::Beyond(_) => false,
        Reach::Environment(id) => environments.contains(&id),
        Reach::Namespace(id) => snapshot.namespace(id).is_some_and(|namespace| {
            environments.iter().any(|environment| namespace.belonging == Belonging::Environment(*environment))
        }),
        Reach::Cluster(id) => snapshot.namespaces.iter().any(|namespace| {
            snapshot.may_meet(namespace.cluster, id)
                && environments.iter().any(|environment| namespace.belonging == Belonging::Environment(*environment))
        }),
    };
    let mut reasons: Vec<String> = Vec::new();
    for gap in snapshot.gaps.iter().filter(|gap| concerns(gap.reach)) {
        if !reasons.contains(&gap.what) {
            reasons.push(gap.what.clone());
        }
    }
    reasons
}
