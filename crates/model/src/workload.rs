//! Workloads: what runs or would run in pods, as far as the planes judge it.

use crate::label::Labels;
use crate::place::Place;
use smallvec::SmallVec;
use smol_str::SmolStr;
use std::net::IpAddr;

/// The addresses of a pod: one, or one of each family.
pub type Addresses = SmallVec<[IpAddr; 1]>;

/// A protocol that NetworkPolicy knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, the default of the API.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A port that a container declares. Information only: it opens and limits nothing (N22), but gives a name a number
/// (N9).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContainerPort {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The number on the pod's address.
    pub number: u16,
    /// The number by which every address of its node leads to it, where there is one (N12: `hostPort`).
    pub host_port: Option<u16>,
    /// The protocol.
    pub protocol: Protocol,
}

/// A pod, or the template of the pods that a controller makes.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The kind of the object that it was read from (`Pod`, `Deployment`, …).
    pub kind: SmolStr,
    /// The name of that object.
    pub name: SmolStr,
    /// The namespace it stands in: an index into the snapshot's namespaces.
    pub namespace: u32,
    /// The labels of its pods: an index into the snapshot's label sets.
    pub labels: u32,
    /// The declared ports of all its containers, init containers and sidecars too: an index into the snapshot's port
    /// sets.
    pub ports: u32,
    /// Whether its pods share the node's network (N12).
    pub host_network: bool,
    /// Whether it is not the API's own controllers that make its pods for certain: its kind is not of the API, but
    /// holds what looks like the template of a pod, or its version is no longer served, or another controller is to
    /// manage it (N19).
    pub custom: bool,
    /// Whether it is a Job that selects its pods by hand: the API server then adds no labels to its template.
    pub by_hand: bool,
    /// Whether it names no namespace and its neighbours in the folder do: its pods may come to stand in theirs.
    pub adrift: bool,
    /// Whether its pods have finished, so that their address says nothing (N13).
    pub finished: bool,
    /// The node, where one is given.
    pub node: Option<SmolStr>,
    /// The labels that a node needs to run its pods, sorted, where no node is given yet. A value that is no label's is
    /// one that no node has.
    pub node_labels: Labels,
    /// The addresses, where the input has them.
    pub addresses: Addresses,
    /// Whether its pods carry networks beside the cluster's (N18: `k8s.v1.cni.cncf.io/networks`).
    pub secondary_networks: bool,
    /// What stands for it when findings are told: the controller's name where a controller owns it, else its own.
    pub told_as: SmolStr,
    /// Where it was read.
    pub place: Place,
}

impl Protocol {
    /// Every protocol that NetworkPolicy isolates.
    pub const ALL: [Self; 3] = [Self::Tcp, Self::Udp, Self::Sctp];

    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }

    /// What the API writes so; none for what the API server refuses.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.as_str() == text)
    }
}
