//! The network plane: which pod of one environment can open which port of another.

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
pub fn judge(_snapshot: &Snapshot, _settings: &Settings) -> Judgement {
    Judgement::default()
}
