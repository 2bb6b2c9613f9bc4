//! Streets, environments, clusters, and how each namespace came to belong to one.

use crate::label::Labels;
use crate::place::Place;

/// What the namespace of objects that name none is called.
pub const NO_NAMESPACE: &str = "(none)";

/// The index of an environment among the snapshot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvironmentId(pub u32);

/// The index of a namespace among the snapshot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamespaceId(pub u32);

/// The index of a cluster among the snapshot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterId(pub u32);

/// The index of a street among the snapshot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreetId(pub u32);

/// One stage of one street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The street.
    pub street: StreetId,
    /// The stage under its folded name, such as `dev` or `prd`: what the input calls it most often, the folded spelling
    /// where it calls it several things.
    pub stage: String,
    /// Whether this is production.
    pub production: bool,
    /// How far along the street the stage is; environments are shown in this order.
    pub rank: u32,
}

/// An application and its ordered environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    /// The name, such as `shop`.
    pub name: String,
    /// Its environments in order.
    pub environments: Vec<EnvironmentId>,
}

/// A cluster that the input is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The name; `cluster` where the input names none.
    pub name: String,
    /// How it is known that this is a cluster of its own, in a phrase.
    pub evidence: String,
    /// Whether it is known to be another cluster than all the others. If not, what stands there may stand on any of
    /// them.
    pub certain: bool,
    /// Whether a folder's name is all that tells it from the others: a hint, which verdicts name as an assumption.
    pub guessed: bool,
}

/// What a namespace belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Belonging {
    /// An environment.
    Environment(EnvironmentId),
    /// No environment, and serves all of them.
    Shared,
    /// No environment that was found.
    Unplaced,
    /// Not in the input, only spoken of by a policy.
    Elsewhere,
}

/// A namespace of a cluster, or one environment's part of a namespace that several environments share.
///
/// Where environments are told apart by labels or folders inside one namespace, each has an entry of its own, and all
/// of them have the same `whole`: to Kubernetes they are one namespace. A policy that stands in one of them selects
/// pods in all of them, and a `podSelector` without `namespaceSelector` reaches all of them (N4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The cluster it stands in.
    pub cluster: ClusterId,
    /// Its name; [`NO_NAMESPACE`] for the namespace of the objects of one environment that name none. What that one is
    /// really called is not known (N21: the client's current one): it has no labels here, not even
    /// `kubernetes.io/metadata.name`, is not `declared`, and may carry any label whatever, any name included.
    pub name: String,
    /// The first of the entries that are this one namespace to Kubernetes: its own id unless environments share it.
    pub whole: NamespaceId,
    /// What it belongs to.
    pub belonging: Belonging,
    /// How it is known what it belongs to, in a phrase such as ``label `environment` ``.
    pub evidence: String,
    /// Its labels, sorted by key, `kubernetes.io/metadata.name` included (N14) where the name is known. One that only a
    /// policy speaks of has the labels by which the policy does.
    pub labels: Labels,
    /// Whether a Namespace object says what its labels are. If not, it may carry any other label (N14).
    pub declared: bool,
    /// Where the Namespace object stands.
    pub place: Option<Place>,
}
