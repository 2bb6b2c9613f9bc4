//! The rules of parity, one file each; and how a cause becomes a finding.

pub mod configuration_differs;
pub mod host_differs;
pub mod image_differs;
pub mod object_on_one_side;
pub mod replicas_differ;
pub mod resources_differ;
pub mod structure_differs;

use super::class::Class;
use super::comparison::{Comparison, Single, Told};
use super::peer;
use dtap_model::environment::{EnvironmentId, Street};
use dtap_report::{Evidence, Finding, Fingerprint, Rule};
use dtap_snapshot::Snapshot;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Every rule, by code.
pub static ALL: [&Rule; 7] = [
    &object_on_one_side::RULE,
    &structure_differs::RULE,
    &configuration_differs::RULE,
    &image_differs::RULE,
    &resources_differ::RULE,
    &host_differs::RULE,
    &replicas_differ::RULE,
];

/// How many differences of a cause are shown with their places.
const SHOWN: usize = 3;

/// How many streets are named.
const NAMED: usize = 3;

/// The rule that a class of differences breaks.
#[must_use]
pub fn of(class: Class) -> &'static Rule {
    match class {
        Class::Object => &object_on_one_side::RULE,
        Class::Structure => &structure_differs::RULE,
        Class::Configuration => &configuration_differs::RULE,
        Class::Image => &image_differs::RULE,
        Class::Resources => &resources_differ::RULE,
        Class::Hosts => &host_differs::RULE,
        Class::Replicas => &replicas_differ::RULE,
    }
}

/// The most causes of one shape, and the most streets with it, before they are told as one.
const APART: usize = 3;

/// One cause of one comparison.
type Case<'run> = (&'run Comparison, &'run Told);

/// What is one cause over all streets: the class, the two stages, the shape, and what tells it from others of the
/// shape.
type Key<'run> = (Class, &'run str, &'run str, &'run str, &'run str);

/// The findings: a cause that several streets have between the same stages is one; so is what differs in one way in
/// many streets, each with names and values of its own.
#[must_use]
pub fn findings(snapshot: &Snapshot, comparisons: &[Comparison]) -> Vec<Finding> {
    let stage = |id: EnvironmentId| snapshot.environment(id).map_or("", |environment| environment.stage.as_str());
    let mut same: BTreeMap<Key<'_>, Vec<Case<'_>>> = BTreeMap::new();
    for comparison in comparisons {
        for cause in &comparison.causes {
            let shape = cause.shape.as_str();
            let key = (cause.class, stage(comparison.from), stage(comparison.to), shape, cause.key.as_str());
            same.entry(key).or_default().push((comparison, cause));
        }
    }
    let same: Vec<(Key<'_>, Vec<Case<'_>>)> = same.into_iter().collect();
    let alike = same.chunk_by(|(left, _), (right, _)| shape(left) == shape(right));
    alike.flat_map(|causes| of_one_shape(snapshot, causes)).collect()
}

/// A shape as a sentence: peers by their name, and of several things that they differ. By its key it stays what it was.
fn in_words(class: Class, shape: &str) -> Cow<'_, str> {
    if let Some(peers) = peer::in_shape(shape) {
        return Cow::Owned(peers);
    }
    let several = shape.strip_prefix(class.plural()).is_some_and(|rest| rest.starts_with(" of "));
    let plural = shape.strip_suffix('s').filter(|shape| several && shape.ends_with(" differ"));
    Cow::Borrowed(plural.unwrap_or(shape))
}

/// Cases of one cause in one line. Streets may tell it of objects of other names.
fn summary(shape: &str, cases: &[Case<'_>]) -> String {
    let told: BTreeSet<&str> = cases.iter().map(|(_, cause)| cause.summary.as_str()).collect();
    let first = cases.first().map_or("", |(_, cause)| cause.summary.as_str());
    if told.len() > 1 { format!("{shape}, in {} ways, such as {first}", told.len()) } else { first.to_owned() }
}

/// A key without what tells causes of one shape apart.
fn shape<'run>((class, from, to, shape, _): &Key<'run>) -> (Class, &'run str, &'run str, &'run str) {
    (*class, from, to, shape)
}

fn of_one_shape(snapshot: &Snapshot, causes: &[(Key<'_>, Vec<Case<'_>>)]) -> Vec<Finding> {
    let comparisons: BTreeSet<EnvironmentId> =
        causes.iter().flat_map(|(_, cases)| cases).map(|(comparison, _)| comparison.to).collect();
    if causes.len() <= APART || comparisons.len() <= APART {
        let apart = |(key, cases): &(Key<'_>, Vec<Case<'_>>)| {
            let fingerprint = cases.first().map(|(_, cause)| cause.fingerprint.clone())?;
            Some(finding(snapshot, *key, cases, &summary(&in_words(key.0, key.3), cases), fingerprint))
        };
        return causes.iter().filter_map(apart).collect();
    }
    // The example is one that most have, and its places are shown first.
    let mut causes: Vec<&(Key<'_>, Vec<Case<'_>>)> = causes.iter().collect();
    causes.sort_by_key(|(_, cases)| Reverse(cases.len()));
    let cases: Vec<Case<'_>> = causes.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    let Some(((key, _), (_, one))) = causes.first().zip(cases.first()) else { return Vec::new() };
    let (class, from, to, shape, _) = *key;
    let count: usize = cases.iter().map(|(_, cause)| cause.cases).sum();
    let summary = format!("{}, in {count} cases, such as {}", in_words(class, shape), one.summary);
    let fingerprint = Fingerprint::of(of(class).code, &[from, to, shape]);
    vec![finding(snapshot, *key, &cases, &summary, fingerprint)]
}

fn finding(
    snapshot: &Snapshot,
    (class, from, to, ..): Key<'_>,
    cases: &[Case<'_>],
    summary: &str,
    fingerprint: Fingerprint,
) -> Finding {
    let rule = of(class);
    let environments: BTreeSet<EnvironmentId> =
        cases.iter().flat_map(|(comparison, _)| [comparison.from, comparison.to]).collect();
    let production = |id: &EnvironmentId| snapshot.environment(*id).is_some_and(|environment| environment.production);
    Finding {
        rule,
        severity: rule.severity,
        summary: in_streets(snapshot, cases, &neighbours(snapshot, cases, (from, to)), summary),
        about: summary.to_owned(),
        cause: rule.title.to_owned(),
        evidence: evidence(cases, from, to),
        mend: cases.iter().find_map(|(_, cause)| cause.mend).map(str::to_owned),
        production: environments.iter().any(production),
        environments: environments.into_iter().map(|id| snapshot.environment_name(id)).collect(),
        known: true,
        cases: cases.iter().map(|(_, cause)| cause.cases).sum(),
        fingerprint,
    }
}

/// The two that are compared, `staging ▸ preprod`: where a cause says that one of them alone has something, and their
/// street has others, which may have it as well.
fn neighbours(snapshot: &Snapshot, cases: &[Case<'_>], (from, to): (&str, &str)) -> String {
    let one_sided = |single: &Single| single.from.is_none() || single.to.is_none();
    let among_others = cases.iter().any(|(comparison, cause)| {
        street(snapshot, comparison.to).is_some_and(|street| street.environments.len() > 2)
            && cause.differences.iter().any(one_sided)
    });
    if among_others { format!("{from} ▸ {to}") } else { String::new() }
}

fn street(snapshot: &Snapshot, id: EnvironmentId) -> Option<&Street> {
    snapshot.environment(id).and_then(|environment| snapshot.street(environment.street))
}

/// The cause, the streets that have it where there are several in the input, and the neighbours where they must be
/// told.
fn in_streets(snapshot: &Snapshot, cases: &[Case<'_>], between: &str, told: &str) -> String {
    let name = |id: EnvironmentId| street(snapshot, id).map_or("", |street| street.name.as_str());
    if snapshot.streets.iter().filter(|street| street.environments.len() > 1).count() < 2 {
        return if between.is_empty() { told.to_owned() } else { format!("{told} ({between})") };
    }
    let between = if between.is_empty() { String::new() } else { format!(", {between}") };
    let streets: BTreeSet<&str> = cases.iter().map(|(comparison, _)| name(comparison.to)).collect();
    let named = streets.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match streets.len() {
        1 => format!("{told} (street {named}{between})"),
        count if count <= NAMED => format!("{told} (streets {named}{between})"),
        count => format!("{told} (in {count} streets: {named} and {} more{between})", count - NAMED),
    }
}

/// The later environment's place first: that is where the change was made or is to be made.
fn evidence(cases: &[Case<'_>], from: &str, to: &str) -> Vec<Evidence> {
    let label = |single: &Single, said: &Option<String>, stage: &str| match (said.as_deref(), &single.renamed) {
        (Some(said), Some(name)) => format!("{said} in {stage}, rendered as {name}"),
        (Some(said), None) => format!("{said} in {stage}"),
        // An object of the same name, which says something else.
        (None, _) if single.path.is_empty() => format!("what {stage} has"),
        (None, _) => format!("not in {stage}"),
    };
    let of_each = if cases.len() < SHOWN { SHOWN } else { 1 };
    let differences = cases.iter().flat_map(|(_, cause)| cause.differences.iter().take(of_each)).take(SHOWN);
    differences
        .flat_map(|single| {
            let later = single.to_place.map(|place| Evidence { place, label: label(single, &single.to, to) });
            let earlier = single.from_place.map(|place| Evidence { place, label: label(single, &single.from, from) });
            [later, earlier].into_iter().flatten()
        })
        .collect()
}
