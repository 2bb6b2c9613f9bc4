//! A namespace as the plane knows it, and the parts that are one to Kubernetes.

use super::index;
use super::policies::Group;
use crate::isolation::network::policy::Direction;
use dtap_model::environment::{NO_NAMESPACE, Namespace, NamespaceId};
use dtap_snapshot::Snapshot;
use dtap_snapshot::inert::is_idle;
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
    /// Why policies that are not known may close it more than those that are, and open nothing: then nothing is certain
    /// to be open, and what is closed stays so (N6).
    pub may_be_closed: Option<Unsettled>,
    /// Whether the API server refuses it for its metadata: whether it is there is not certain then, nor are its labels.
    pub refused: bool,
    /// Whether all that it holds may come to stand in other namespaces: whether it is there is not certain then (N21).
    pub adrift: bool,
    /// Whether it stands for objects alone that name no namespace beside others that do, and of which none runs pods or
    /// leads to any: it is no namespace that is known, and whatever they do where they come to stand is told as a gap
    /// (N21).
    pub idle: bool,
    /// Whether its own labels make it part of an ambient mesh (N23); those of a pod of it may, too.
    pub labelled_ambient: bool,
    /// Whether Pod Security keeps new pods off the node's network (N12, N17).
    pub refuses_host_network: bool,
    /// Whether pods of it are, or would be, published on the addresses of nodes (N12).
    pub published: bool,
    /// Whether new pods of it may ask to join networks beside the cluster's that stand in it (N18).
    pub networks: bool,
    /// Whether it may hold pods that the input does not show, which policies hold as they would new ones: what these
    /// could open is not only possible one day then.
    pub holds_more: bool,
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

    /// Why nothing is certain to be open in a direction, if it is so.
    #[must_use]
    pub fn uncertain(&self, direction: Direction) -> Option<Unsettled> {
        self.unsettled(direction).or(self.may_be_closed)
    }

    /// Whether it counts for nobody: it is idle, and nothing that is not known may stand there.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.idle && !self.evasive && !self.holds_more && self.unsettled.iter().all(Option::is_none)
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

/// Of namespaces of which all that they hold may come to stand in others, those that hold nothing by which anything
/// there would be reached, and whose environments have another namespace.
pub(super) fn idle(snapshot: &Snapshot, adrift: &BTreeSet<NamespaceId>) -> BTreeSet<NamespaceId> {
    let is_elsewhere = |id: &NamespaceId| {
        let own = snapshot.namespace(*id).filter(|own| own.name == NO_NAMESPACE);
        let is_of = |own: &Namespace, other: &Namespace| {
            (own.belonging, own.cluster) == (other.belonging, other.cluster) && other.name != NO_NAMESPACE
        };
        own.is_some_and(|own| snapshot.namespaces.iter().any(|other| is_of(own, other)))
    };
    let mut idle: BTreeSet<NamespaceId> = adrift.iter().copied().filter(is_elsewhere).collect();
    if !idle.is_empty() {
        let acting = snapshot.objects.iter().filter(|placed| !is_idle(&placed.object));
        let pods = snapshot.workloads.iter().map(|workload| NamespaceId(workload.namespace));
        for id in acting.filter_map(|placed| placed.namespace).chain(pods) {
            idle.remove(&id);
        }
    }
    idle
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
