//! The network plane: which pod of one environment can open which port of another.
//!
//! What NetworkPolicy means is told in `manual/network-semantics.md`, whose numbers (N4) the comments cite.
//! The way through:
//! - [`policy`] reads one policy, with [`selector`], [`ports`] and [`address`],
//! - [`given`] knows the labels that controllers add,
//! - [`plane`] compiles a snapshot,
//! - [`door`] finds how pods pass their own policies,
//! - [`flow`] finds a flow between two namespaces, [`published`] one that comes by a node,
//! - [`links`] knows what speaks against clusters being apart,
//! - [`contact`] judges every pair and folds by cause,
//! - [`parties`] makes the matrix of it,
//! - [`tell`], [`unplaced`] and [`mend`] make the findings, each by one of the [`rules`],
//! - [`assumptions`] says what all of it stands on.
//!
//! [`mod@reach`] answers a single question.

mod address;
mod arguments;
mod assumptions;
mod contact;
mod door;
mod flow;
mod given;
mod links;
mod mend;
mod parties;
mod plane;
mod policy;
mod ports;
mod published;
mod ranges;
pub mod reach;
pub mod rules;
mod selector;
mod service;
mod tell;
mod unplaced;

pub use ports::Shown;
pub use reach::{Answer, Endpoint, Port, Reachable, reach};

use crate::settings::Settings;
use dtap_report::report::{Assumption, Undecided};
use dtap_report::{Finding, Matrix, Verdict};
use dtap_snapshot::Snapshot;

/// What the network plane says.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// By stage over all streets, shared namespaces as a party of their own.
    pub matrix: Matrix,
    /// By street, where there are several; only those in which a verdict is worse than `today only`.
    pub by_street: Vec<(String, Matrix)>,
    /// The findings, in no order.
    pub findings: Vec<Finding>,
    /// What the verdicts stand on.
    pub assumptions: Vec<Assumption>,
    /// Why something is unknown, each reason once.
    pub unknown: Vec<String>,
    /// What to do about those of which no finding tells.
    pub undecided: Vec<Undecided>,
}

/// Judges every ordered pair of environments.
#[must_use]
pub fn judge(snapshot: &Snapshot, settings: &Settings) -> Judgement {
    let plane = plane::Plane::compile(snapshot, settings);
    let parties = parties::Parties::of(&plane);
    let inbound = contact::all(&plane, &parties.of_namespace);
    let mut told = tell::findings(&plane, &inbound);
    told.extend(unplaced::findings(&plane, &inbound));
    let matrix = parties.matrix(&plane, &inbound, &told);
    let by_street = parties.by_street(&plane, &inbound, &told);
    let assumptions = assumptions::assumptions(&plane, &parties);
    let mut unknown = unknown(settings, &assumptions, &matrix, &told);
    let mut undecided = parties.doubts(&plane, &inbound, &matrix);
    undecided.extend(parties.linked(&plane));
    unknown.extend(undecided.iter().map(|it| it.why.clone()));
    unknown.extend(rules::object_refused::unknown(&plane));
    let contacts = told.into_iter().map(|told| told.finding);
    let findings = contacts.chain(rules::check(&plane)).collect();
    Judgement { matrix, by_street, findings, assumptions, unknown, undecided }
}

/// Why something is unknown; gaps speak for themselves.
fn unknown(settings: &Settings, assumptions: &[Assumption], matrix: &Matrix, told: &[tell::Told]) -> Vec<String> {
    let undecided = told.iter().filter(|told| told.degree == contact::Degree::Unknown);
    let mut reasons: Vec<String> = undecided.map(|told| told.finding.summary.clone()).collect();
    let wanting = assumptions::wanting_a_word(assumptions);
    let is_unknown = || matrix.cells.iter().flatten().any(|cell| cell.verdict == Verdict::Unknown);
    if settings.strict && !wanting.is_empty() && is_unknown() {
        reasons.push(assumptions::nobody_vouches(&wanting));
    }
    reasons
}

#[cfg(test)]
mod tests;
