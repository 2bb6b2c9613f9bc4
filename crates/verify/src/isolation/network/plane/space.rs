//! A namespace as the plane knows it, and the parts that are one to Kubernetes.

use super::index;
use super::policies::Group;
use crate::isolation::network::policy::Direction;
use dtap_model::environment::NamespaceId;
use dtap_snapshot::Snapshot;
use std::collections::BTreeSet;

/// A namespace, or one environment's part of it.
#[derive(Clone, Debug, Default)]
pub struct Space {
    /// What isolates its pods, by direction.
    pub ingress: Vec<Group>,
    /// The same for egress.
    pub egress: Vec<Group>,
    /// Its classes, as a range of the plane's.
    pub classes: std::ops::Range<usize>,
    /// Whether a kind of policy that is not modelled may select its pods (N18), or something was not read that may be a
    /// policy of it, or take the place of one (N21): nothing is certain then, and everything possible. The first cause.
    /// For each direction.
    pub unsettled: [Option<Unsettled>; 2],
    /// Whether the API server refuses it for its metadata: whether it is there is not certain then, nor are its labels.
    pub refused: bool,
    /// Whether all that it holds may come to stand in other namespaces: whether it is there is not certain then (N21).
    pub adrift: bool,
    /// Whether its labels, or those of one of its pods, make it part of an ambient mesh (N23).
    pub ambient: bool,
    /// Whether Pod Security keeps new pods off the node's network (N12, N17).
    pub refuses_host_network: bool,
    /// Whether pods of it are, or would be, published on the addresses of nodes (N12).
    pub published: bool,
    /// Whether new pods of it may ask to join networks beside the cluster's that stand in it (N18).
    pub networks: bool,
    /// Whether something was not read that may be pods of it on their node's network, or with networks of their own.
    pub hides_pods: bool,
    /// Whether it holds, or hides, pods that may evade their own policies: on the node's network, or with networks of
    /// their own.
    pub evasive: bool,
}

/// Why nothing is certain in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsettled {
    /// The object of this index is of a kind that is not modelled.
    Kind(usize),
    /// The API server refuses its name.
    Name,
    /// The gap of this index, among those of what was not read and then those of what is hidden.
    Gap(usize),
}

impl Space {
    /// Why nothing is certain of a direction, if it is so.
    #[must_use]
    pub fn unsettled(&self, direction: Direction) -> Option<Unsettled> {
        let [ingress, egress] = self.unsettled;
        match direction {
            Direction::Ingress => ingress,
            Direction::Egress => egress,
        }
    }

    /// What isolates its pods in a direction.
    #[must_use]
    pub fn groups(&self, direction: Direction) -> &[Group] {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }
}

/// The namespaces of which all that they hold may come to stand in others.
pub(super) fn adrift(snapshot: &Snapshot, adrift_in: &BTreeSet<NamespaceId>) -> BTreeSet<NamespaceId> {
    let mut adrift = adrift_in.clone();
    if !adrift.is_empty() {
        let objects = snapshot.objects.iter().filter(|placed| !placed.adrift).filter_map(|placed| placed.namespace);
        let pods = snapshot.workloads.iter().filter(|workload| !workload.adrift);
        for id in objects.chain(pods.map(|workload| NamespaceId(workload.namespace))) {
            adrift.remove(&id);
        }
    }
    adrift
}

/// The entries of each namespace that are one to Kubernetes, by the first of them.
pub(super) fn parts(snapshot: &Snapshot) -> Vec<Vec<usize>> {
    let mut parts = vec![Vec::new(); snapshot.namespaces.len()];
    for (at, namespace) in snapshot.namespaces.iter().enumerate() {
        if let Some(parts) = parts.get_mut(index(namespace.whole)) {
            parts.push(at);
        }
    }
    parts
}
