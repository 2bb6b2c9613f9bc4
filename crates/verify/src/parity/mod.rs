//! Parity: in what two environments differ, object by object and path by path, grouped into causes.
//!
//! The phases are the files, in this order:
//! - [`canonical`] leaves out what nobody decided,
//! - [`align`] finds what answers to what,
//! - [`normal`] and [`words`] read each environment's own name as the same word,
//! - [`digest`] walks each alone, and [`differences`] both at once where digests differ: no difference, equal digests,
//!   and the reverse,
//! - [`class`], [`noun`] and [`causes`] group what it finds,
//! - [`shown`], [`peer`] and [`summary`] tell it,
//! - [`rules`] make findings of it.

pub mod align;
pub mod canonical;
pub mod causes;
pub mod class;
pub mod comparison;
pub mod differences;
pub mod digest;
pub mod host;
pub mod normal;
pub mod noun;
pub mod peer;
pub mod quantity;
pub mod rules;
pub mod shown;
mod spread;
pub mod summary;
mod surplus;
pub mod words;

use align::Side;
pub use comparison::{Comparison, NotRead};
use dtap_model::environment::{Belonging, EnvironmentId, Namespace, NamespaceId, Street};
use dtap_model::workload::Workload;
use dtap_report::Finding;
use dtap_report::report::ParityStep;
use dtap_snapshot::reading::UnreadCause;
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::workload::template_path;
use dtap_snapshot::{Reach, Snapshot};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What comes of comparing along every street.
#[derive(Debug, Default)]
pub struct Parity {
    /// Neighbour by neighbour.
    pub steps: Vec<ParityStep>,
    /// Every cause, in no order.
    pub findings: Vec<Finding>,
    /// The digest of every environment: two of one street are identical when theirs are equal.
    pub digests: Digests,
}

/// The digests of environments.
pub type Digests = BTreeMap<EnvironmentId, String>;

/// Compares the neighbours along every street.
#[must_use]
pub fn judge(snapshot: &Snapshot) -> Parity {
    let objects = align::by_environment(snapshot);
    let without_controllers = without_controllers(snapshot);
    let along = |street: &Street| -> (Vec<Comparison>, Vec<(EnvironmentId, String)>) {
        let sides = sides(snapshot, &street.environments, &objects);
        let said: Vec<_> = sides.par_iter().map(|(id, side)| (*id, side, digest::of_subjects(side))).collect();
        let neighbours: Vec<_> = said.iter().zip(said.iter().skip(1)).collect();
        let comparisons =
            neighbours.into_par_iter().map(|(from, to)| between(snapshot, &without_controllers, from, to)).collect();
        (comparisons, said.iter().map(|(id, _, said)| (*id, digest::digest(said))).collect())
    };
    let (comparisons, digests): (Vec<_>, Vec<_>) = snapshot.streets.par_iter().map(along).unzip();
    let mut steps = Vec::new();
    for (street, comparisons) in snapshot.streets.iter().zip(&comparisons) {
        steps.extend(comparisons.iter().map(|comparison| step(snapshot, street, comparison)));
    }
    let comparisons: Vec<Comparison> = comparisons.into_iter().flatten().collect();
    let findings = rules::findings(snapshot, &comparisons);
    Parity { steps, findings, digests: digests.into_iter().flatten().collect() }
}

/// Compares two environments in whole. Those of one street are compared as the street is: what answers to what is the
/// same whichever two are looked at.
#[must_use]
pub fn compare(snapshot: &Snapshot, from: EnvironmentId, to: EnvironmentId) -> Comparison {
    let objects = align::by_environment(snapshot);
    let without_controllers = without_controllers(snapshot);
    let street = |id| snapshot.environment(id).and_then(|environment| snapshot.street(environment.street));
    let along = street(from).map(|street| street.environments.as_slice()).filter(|along| along.contains(&to));
    let sides = sides(snapshot, along.unwrap_or(&[from, to]), &objects);
    let side = |id| sides.iter().find(|(of, _)| *of == id);
    match (side(from), side(to)) {
        (Some((from, left)), Some((to, right))) => {
            let (left_said, right_said) = rayon::join(|| digest::of_subjects(left), || digest::of_subjects(right));
            between(snapshot, &without_controllers, &(*from, left, left_said), &(*to, right, right_said))
        }
        _ => Comparison { from, to, causes: Vec::new(), unknown: unknown(snapshot, [from, to], &without_controllers) },
    }
}

/// An environment with what it holds.
type Sided<'snapshot> = (EnvironmentId, Side<'snapshot>);

/// The sides of environments that are compared with one another.
fn sides<'snapshot>(
    snapshot: &'snapshot Snapshot,
    environments: &[EnvironmentId],
    objects: &BTreeMap<EnvironmentId, Vec<&'snapshot Placed>>,
) -> Vec<Sided<'snapshot>> {
    environments.iter().copied().zip(align::sides(snapshot, environments, objects)).collect()
}

/// An environment with what it holds, and the digests of that.
type Digested<'side> = (EnvironmentId, &'side Side<'side>, Vec<digest::Said<'side>>);

fn between(
    snapshot: &Snapshot,
    without_controllers: &BTreeSet<EnvironmentId>,
    from: &Digested<'_>,
    to: &Digested<'_>,
) -> Comparison {
    let stage = |id| snapshot.environment(id).map_or("", |environment| environment.stage.as_str());
    let mut unknown = unknown(snapshot, [from.0, to.0], without_controllers);
    // Of an environment of which nothing could be read nothing is missing for certain.
    let is_unread = !unknown.is_empty() && (from.2.is_empty() || to.2.is_empty());
    if is_unread {
        return Comparison { from: from.0, to: to.0, causes: Vec::new(), unknown };
    }
    let alike = digest::alike(&from.2, &to.2);
    let not_read = (&not_read(snapshot, from.0), &not_read(snapshot, to.0));
    let (causes, held_back) = comparison::compare((from.1, to.1), &alike, not_read, (stage(from.0), stage(to.0)));
    unknown.extend(held_back);
    Comparison { from: from.0, to: to.0, causes, unknown }
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

/// What could not be read of an environment. A chart or a kustomization of which nothing says to which environment it
/// belongs counts for none: it makes a component of its own, and would hide what any environment lacks of another.
fn not_read(snapshot: &Snapshot, environment: EnvironmentId) -> NotRead<'_> {
    let is_other = |namespace: &&Namespace| namespace.belonging != Belonging::Environment(environment);
    let is_of_one = |reach: Reach| match reach {
        Reach::Namespace(_) | Reach::Environment(_) => true,
        Reach::Cluster(_) => {
            let mut reached = snapshot.namespaces.iter().filter(|namespace| snapshot.reaches(reach, namespace));
            !reached.any(|namespace| is_other(&namespace))
        }
        Reach::Everything | Reach::Beyond(_) => false,
    };
    let is_component =
        |cause: UnreadCause| matches!(cause, UnreadCause::Chart | UnreadCause::Kustomize | UnreadCause::Part);
    let gaps = snapshot.gaps.iter().filter(|gap| concerns(snapshot, gap.reach, environment));
    let not_read = gaps.filter_map(|gap| Some((gap.reach, snapshot.unread.get(gap.unread?)?)));
    let counted = not_read.filter(|(reach, unread)| is_of_one(*reach) || !is_component(unread.cause));
    counted.map(|(_, unread)| unread.object.as_ref()).collect()
}

/// Whether what reaches so far concerns an environment.
fn concerns(snapshot: &Snapshot, reach: Reach, environment: EnvironmentId) -> bool {
    let is_of = |namespace: &Namespace| namespace.belonging == Belonging::Environment(environment);
    match reach {
        Reach::Everything => true,
        Reach::Beyond(_) => false,
        Reach::Environment(id) => environment == id,
        Reach::Namespace(id) => snapshot.namespace(id).is_some_and(is_of),
        Reach::Cluster(id) => {
            let mut meeting = snapshot.namespaces.iter().filter(|it| snapshot.may_meet(it.cluster, id));
            meeting.any(is_of)
        }
    }
}

/// What is not known of the two environments: each reason once.
fn unknown(
    snapshot: &Snapshot,
    environments: [EnvironmentId; 2],
    without_controllers: &BTreeSet<EnvironmentId>,
) -> Vec<String> {
    let concerns = |reach: Reach| environments.iter().any(|environment| concerns(snapshot, reach, *environment));
    let mut reasons: Vec<String> = Vec::new();
    for gap in snapshot.gaps.iter().filter(|gap| concerns(gap.reach)) {
        if !reasons.contains(&gap.what) {
            reasons.push(gap.what.clone());
        }
    }
    reasons.extend(unapplied(snapshot, environments));
    let stages = environments.iter().filter(|id| without_controllers.contains(id));
    let stages: Vec<&str> = stages.filter_map(|id| Some(snapshot.environment(*id)?.stage.as_str())).collect();
    if !stages.is_empty() {
        let stages = stages.join(" and ");
        reasons
            .push(format!("pods of {stages} are of controllers that the input does not hold: they are not compared"));
    }
    reasons
}

/// The environments with pods of controllers of which the input holds none: those pods are not compared, as they are
/// alike where what makes them is.
fn without_controllers(snapshot: &Snapshot) -> BTreeSet<EnvironmentId> {
    let of = |id: u32| match snapshot.namespace(NamespaceId(id))?.belonging {
        Belonging::Environment(id) => Some(id),
        _ => None,
    };
    // Those of one namespace stand side by side.
    let together = snapshot.workloads.chunk_by(|one, other| one.namespace == other.namespace);
    let is_made = |workload: &Workload| workload.kind == "Pod" && workload.told_as != workload.name;
    let made = together.filter(|workloads| workloads.iter().any(is_made));
    let mut left: BTreeSet<EnvironmentId> =
        made.filter_map(|workloads| workloads.first()).filter_map(|first| of(first.namespace)).collect();
    let kinds = snapshot.objects.iter().filter(|_| !left.is_empty());
    let makers = kinds.filter(|placed| {
        let kind = &placed.object.identity.kind;
        !kind.is("", "Pod") && template_path(kind).is_some()
    });
    let held: BTreeSet<EnvironmentId> = makers.filter_map(|placed| placed.environment).collect();
    left.retain(|id| !held.contains(id));
    left
}

/// What of two environments is not compared, since nobody knows whether it is applied.
fn unapplied(snapshot: &Snapshot, environments: [EnvironmentId; 2]) -> Option<String> {
    let is_of = |at: &usize| {
        let environment = snapshot.objects.get(*at).and_then(|placed| placed.environment);
        environment.is_some_and(|environment| environments.contains(&environment))
    };
    let folders: BTreeSet<&str> =
        snapshot.unapplied.iter().filter(|(at, _)| is_of(at)).map(|(_, folder)| folder.as_str()).collect();
    let named = match folders.len() {
        1 => String::new(),
        count => format!(" and {} more folders", count.saturating_sub(1)),
    };
    let first = folders.first()?;
    Some(format!("whether Argo CD or Flux applies {first}{named} is not known: what lies there is not compared"))
}
