//! The snapshot: every object of one or more clusters at one moment, placed in environments.

use crate::reading::{Account, Notice, Unread};
use dtap_model::environment::{
    Belonging, Cluster, ClusterId, Environment, EnvironmentId, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::label::LabelSet;
use dtap_model::object::Object;
use dtap_model::place::{Place, Sources};
use dtap_model::workload::{ContainerPort, Workload};
use std::collections::{BTreeMap, BTreeSet};

/// Every object of one or more clusters at one moment. Whatever it was read from, it looks the same.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The texts it was read from.
    pub sources: Sources,
    /// How much was read, as the reading says.
    pub account: Account,
    /// What could not be read, as the reading says; what it leaves open is in `gaps`.
    pub unread: Vec<Unread>,
    /// Clusters, in the order of their names; the one that is not certain last.
    pub clusters: Vec<Cluster>,
    /// Streets, in the order of their names.
    pub streets: Vec<Street>,
    /// Environments, in the order of the streets and of their rank.
    pub environments: Vec<Environment>,
    /// Namespaces, in the order of cluster, name and (for `(none)`) environment.
    pub namespaces: Vec<Namespace>,
    /// For each namespace the clusters, numbered, to which deployment tools bring what it holds; none where no tool
    /// says.
    pub brought_to: Vec<BTreeSet<u32>>,
    /// Objects with the namespace each stands in; cluster-scoped ones have none. Pods that a controller owns are only
    /// in `workloads`. Several objects may have one identity: alternatives of which one holds (N21).
    pub objects: Vec<Placed>,
    /// Pods and pod templates, in the order of namespace and name.
    pub workloads: Vec<Workload>,
    /// The distinct label sets of workloads.
    pub label_sets: Vec<LabelSet>,
    /// The distinct sets of declared ports of workloads.
    pub port_sets: Vec<Vec<ContainerPort>>,
    /// What could not be read or decided, and what it leaves open.
    pub gaps: Vec<Gap>,
    /// What comes to stand on a cluster though it is no object of the input: policies within other objects, what is
    /// generated, charts that are installed; and policies of the input of which nobody knows whether they are applied.
    /// It leaves the network open; the objects that say so are compared as they are.
    pub hidden: Vec<Gap>,
    /// Objects that may not be applied, though deployment tools apply what lies around them: their indices, with the
    /// folder that each lies in.
    pub unapplied: BTreeMap<usize, String>,
    /// What was noticed; rules make findings of them.
    pub notices: Vec<Notice>,
    /// How each environment's stage was spelt, other than the name it is shown by.
    pub folds: Vec<(EnvironmentId, Vec<String>)>,
    /// What might tell environments apart, the most frequent first: for an input in which fewer than two were found.
    pub candidates: Vec<Candidate>,
    /// The `--environment` options, as `NAME=SELECTOR`, with which two environments would be found where fewer were;
    /// none where nothing in the input makes two.
    pub suggested: Vec<String>,
}

/// Something that was looked at and said no stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The selector that would pick it, as `--environment NAME=SELECTOR` takes it: `namespace:*-blue`.
    pub selector: String,
    /// How many namespaces or objects it would pick.
    pub count: usize,
}

/// An object and where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The object.
    pub object: Object,
    /// Its cluster.
    pub cluster: ClusterId,
    /// Its namespace; none for a cluster-scoped object.
    pub namespace: Option<NamespaceId>,
    /// The environment it belongs to: its namespace's, or for a cluster-scoped object the one it is labelled or filed
    /// under.
    pub environment: Option<EnvironmentId>,
    /// Whether it names no namespace and its neighbours in the folder do: it may come to stand in theirs.
    pub adrift: bool,
}

/// Something that is not known, and how far the ignorance reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What is missing, in one line that names it.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it shows.
    pub place: Option<Place>,
    /// What it makes unknown.
    pub reach: Reach,
    /// What may be there, or be otherwise.
    pub hides: Hides,
    /// Which of the snapshot's `unread` leaves it open, as an index; none where something else does.
    pub unread: Option<usize>,
}

/// What may be there that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hides {
    /// Nothing by which it is decided who reaches whom: an object of a kind that neither is nor makes policies or pods.
    Nothing,
    /// Policies that open nothing. They add up with the others (N6): what is isolated stays so, and nothing is open for
    /// certain.
    Closing,
    /// Pods that policies hold as they hold new ones: nothing that new pods could open is left to the day that they
    /// come.
    Pods,
    /// Policies and labels: who may be selected, and who is admitted.
    Policies,
    /// Objects of any kind, so pods, too, that no policy holds back: on the network of their nodes (N12), or on
    /// networks of their own (N18).
    Objects,
}

/// How far a gap reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// One namespace: it may hold more objects than are known.
    Namespace(NamespaceId),
    /// Every namespace of an environment.
    Environment(EnvironmentId),
    /// Every namespace of a cluster, and of every other that it may be.
    Cluster(ClusterId),
    /// What has to do with a cluster and with another one at once: whether they are two is not certain.
    Beyond(ClusterId),
    /// Everything.
    Everything,
}

impl Snapshot {
    /// Whether a reach includes a namespace. Parts of one namespace are reached together.
    #[must_use]
    pub fn reaches(&self, reach: Reach, namespace: &Namespace) -> bool {
        match reach {
            Reach::Namespace(id) => self.namespace(id).is_some_and(|reached| reached.whole == namespace.whole),
            Reach::Environment(id) => namespace.belonging == Belonging::Environment(id),
            Reach::Cluster(id) => self.may_meet(namespace.cluster, id),
            Reach::Beyond(_) => false,
            Reach::Everything => true,
        }
    }

    /// Whether what stands on these two clusters may stand on one.
    #[must_use]
    pub fn may_meet(&self, one: ClusterId, other: ClusterId) -> bool {
        let uncertain = |id| self.cluster(id).is_some_and(|cluster| !cluster.certain);
        one == other || uncertain(one) || uncertain(other)
    }

    /// Whether deployment tools bring what two namespaces, by their indices, hold to clusters of which none is called
    /// alike: they may be two, though several names may be of one (N21).
    #[must_use]
    pub fn may_be_apart(&self, one: usize, other: usize) -> bool {
        let clusters = |at: usize| self.brought_to.get(at).filter(|clusters| !clusters.is_empty());
        clusters(one).zip(clusters(other)).is_some_and(|(one, other)| one.is_disjoint(other))
    }

    /// The namespace of this id.
    #[must_use]
    pub fn namespace(&self, id: NamespaceId) -> Option<&Namespace> {
        self.namespaces.get(usize::try_from(id.0).ok()?)
    }

    /// The environment of this id.
    #[must_use]
    pub fn environment(&self, id: EnvironmentId) -> Option<&Environment> {
        self.environments.get(usize::try_from(id.0).ok()?)
    }

    /// The street of this id.
    #[must_use]
    pub fn street(&self, id: StreetId) -> Option<&Street> {
        self.streets.get(usize::try_from(id.0).ok()?)
    }

    /// The cluster of this id.
    #[must_use]
    pub fn cluster(&self, id: ClusterId) -> Option<&Cluster> {
        self.clusters.get(usize::try_from(id.0).ok()?)
    }

    /// `street/stage`, as findings name an environment.
    #[must_use]
    pub fn environment_name(&self, id: EnvironmentId) -> String {
        let Some(environment) = self.environment(id) else { return String::new() };
        let street = self.street(environment.street).map_or("", |street| street.name.as_str());
        format!("{street}/{}", environment.stage)
    }

    /// The labels of a workload.
    #[must_use]
    pub fn labels(&self, workload: &Workload) -> &LabelSet {
        static NONE: LabelSet = LabelSet { labels: Vec::new(), refused: false };
        usize::try_from(workload.labels).ok().and_then(|index| self.label_sets.get(index)).unwrap_or(&NONE)
    }

    /// The declared ports of a workload.
    #[must_use]
    pub fn ports(&self, workload: &Workload) -> &[ContainerPort] {
        usize::try_from(workload.ports).ok().and_then(|index| self.port_sets.get(index)).map_or(&[], Vec::as_slice)
    }
}
