//! Contacts with namespaces of no environment found, told as findings: one a namespace, since one word places it.

use super::contact::{Degree, Inbound, environment};
use super::flow::{End, Witness};
use super::mend::stages;
use super::plane::Plane;
use super::rules::unplaced_contact::RULE;
use super::tell::{self, Told};
use dtap_model::environment::{EnvironmentId, NO_NAMESPACE};
use dtap_report::shell::word;
use dtap_report::{Finding, Fingerprint};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The worst contacts of each unplaced namespace with environments.
#[must_use]
pub fn findings(plane: &Plane<'_>, inbound: &[Inbound]) -> Vec<Told> {
    let mut contacts: BTreeMap<usize, BTreeMap<Degree, Vec<&Witness>>> = BTreeMap::new();
    for (degree, witness) in inbound.iter().flat_map(|inbound| &inbound.unplaced) {
        let goes_out = environment(plane, witness.to).is_some();
        let unplaced = if goes_out { witness.from } else { witness.to };
        contacts.entry(unplaced).or_default().entry(*degree).or_default().push(witness);
    }
    let worst = contacts.into_iter().filter_map(|(unplaced, mut degrees)| {
        let (degree, witnesses) = degrees.pop_last()?;
        told(plane, unplaced, degree, &witnesses)
    });
    worst.collect()
}

fn told(plane: &Plane<'_>, unplaced: usize, degree: Degree, witnesses: &[&Witness]) -> Option<Told> {
    let other =
        |witness: &Witness| environment(plane, if witness.from == unplaced { witness.to } else { witness.from });
    let is_production = |id: EnvironmentId| plane.snapshot.environment(id).is_some_and(|it| it.production);
    let (mut out, mut into): (BTreeSet<EnvironmentId>, BTreeSet<EnvironmentId>) = Default::default();
    for witness in witnesses {
        if witness.from == unplaced { &mut out } else { &mut into }.extend(other(witness));
    }
    // Into production first, then out of it.
    let rating = |witness: &&&Witness| {
        let production = other(witness).is_some_and(is_production);
        (Reverse((production, witness.from == unplaced, witness.is_known())), other(witness))
    };
    let witness = witnesses.iter().min_by_key(rating)?;
    let namespace = plane.namespace(unplaced)?;
    let called = if namespace.name == NO_NAMESPACE { "what names no namespace" } else { namespace.name.as_str() };
    let can = if degree == Degree::TodayOnly { "could" } else { "can" };
    let ways = match (stages(plane, &out), stages(plane, &into)) {
        (out, into) if out == into => format!("open and be opened by {out}"),
        (out, into) if into.is_empty() => format!("open {out}"),
        (out, into) if out.is_empty() => format!("be opened by {into}"),
        (out, into) => format!("open {out}, and be opened by {into}"),
    };
    let (source, destination) =
        (tell::end(plane, witness.from, &witness.source), tell::end(plane, witness.to, &witness.destination));
    let finding = Finding {
        rule: &RULE,
        severity: RULE.severity,
        summary: format!(
            "{called} is in no environment found, and {can} {ways} ({source} to {destination}{} for one)",
            witness.port
        ),
        about: called.to_owned(),
        cause: RULE.title.to_owned(),
        evidence: tell::evidence(plane, witness),
        mend: Some(mend(plane, unplaced, witness)),
        environments: into.difference(&out).chain(&out).map(|id| plane.snapshot.environment_name(*id)).collect(),
        production: out.iter().chain(&into).any(|id| is_production(*id)),
        known: witness.is_known(),
        cases: witnesses.len(),
        fingerprint: Fingerprint::of(
            RULE.code,
            &[plane.snapshot.cluster(namespace.cluster).map_or("", |cluster| &cluster.name), &namespace.name],
        ),
    };
    let pairs = out.into_iter().map(|id| (None, Some(id))).chain(into.into_iter().map(|id| (Some(id), None)));
    Some(Told { finding, degree, pairs: pairs.collect() })
}

/// The option that places it: by its name, or where it has none by the file of the pod that is shown.
#[must_use]
pub fn mend(plane: &Plane<'_>, unplaced: usize, witness: &Witness) -> String {
    let name = plane.namespace(unplaced).map_or("", |namespace| namespace.name.as_str());
    let end = if witness.from == unplaced { &witness.source } else { &witness.destination };
    let file = match end {
        End::Known(class) if name == NO_NAMESPACE => {
            let member = plane.classes.get(*class).and_then(|class| plane.members(class).next());
            member.and_then(|member| plane.snapshot.sources.get(member.place.source)).map(|source| &source.name)
        }
        _ => None,
    };
    let selector = file.map_or_else(|| format!("namespace:{name}"), |file| format!("path:{file}"));
    format!(
        "say where it belongs with --environment NAME={} (NAME is `shared` where it serves all \
         environments), or close it to the others",
        word(&selector)
    )
}
