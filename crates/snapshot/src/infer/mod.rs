//! Finds clusters, environments and streets in what was read, and places every object.

mod stage;

use crate::reading::Reading;
use crate::snapshot::Snapshot;

/// What the user says of environments, streets and clusters, over anything that is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// `--environment NAME=SELECTOR`, in order; the first that matches holds.
    pub environments: Vec<(String, Selector)>,
    /// `--street NAME=SELECTOR`.
    pub streets: Vec<(String, Selector)>,
    /// `--cluster NAME=SELECTOR`.
    pub clusters: Vec<(String, Selector)>,
}

/// What a correction is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `namespace:GLOB`.
    Namespace(String),
    /// `label:KEY=VALUE`.
    Label(String, String),
    /// `path:GLOB`.
    Path(String),
    /// `cluster:NAME`.
    Cluster(String),
}

/// Places everything that was read. Total: whatever was read, there is a snapshot.
#[must_use]
pub fn snapshot(_reading: Reading, _corrections: &Corrections) -> Snapshot {
    Snapshot::default()
}
