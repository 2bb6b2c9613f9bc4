//! The network plane: which pod of one environment can open which port of another.
//!
//! The way through: [`policy`] reads one policy, with [`selector`], [`ports`] and [`address`]; [`plane`] compiles a
//! snapshot; [`door`] finds how pods pass their own policies and [`flow`] a flow between two namespaces; [`contact`] judges every pair and folds by cause;
//! [`parties`] makes the matrix of it and [`tell`] the findings, each by one of the [`rules`].

mod address;
mod contact;
mod door;
mod flow;
mod parties;
mod plane;
mod policy;
mod ports;
pub mod reach;
pub mod rules;
mod selector;
mod service;
mod tell;

pub use reach::{Answer, Endpoint, Port, Reachable, reach};

use crate::settings::Settings;
use dtap_report::report::Assumption;
use dtap_report::{Finding, Matrix};
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
}

/// Judges every ordered pair of environments.
#[must_use]
pub fn judge(snapshot: &Snapshot, settings: &Settings) -> Judgement {
    let plane = plane::Plane::compile(snapshot, settings);
    let parties = parties::Parties::of(snapshot);
    let inbound = contact::all(&plane, &parties.of_namespace);
    let told = tell::findings(&plane, &inbound);
    let mut matrix = parties.matrix(snapshot, &inbound);
    parties.count(snapshot, &mut matrix, &told);
    Judgement {
        matrix,
        by_street: Vec::new(),
        findings: told.into_iter().map(|told| told.finding).collect(),
        assumptions: Vec::new(),
        unknown: Vec::new(),
    }
}
