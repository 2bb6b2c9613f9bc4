//! Pods in classes that no policy can tell apart, so that a judgement costs by class and not by pod.

use super::index;
use super::names::{has_refused_name, is_object_name};
use super::space::Space;
use crate::isolation::network::given::{Maker, PodLabels};
use crate::isolation::network::ranges::ranges_beyond;
use dtap_model::environment::NamespaceId;
use dtap_model::workload::{ContainerPort, Workload};
use dtap_snapshot::Snapshot;
use ipnet::IpNet;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Pods of one namespace that no policy can tell apart but by address.
#[derive(Clone, Debug)]
pub struct Class<'s> {
    /// The namespace's id.
    pub namespace: usize,
    /// The labels.
    pub labels: PodLabels<'s>,
    /// The declared ports.
    pub ports: &'s [ContainerPort],
    /// Whether they share the node's network (N12).
    pub host_network: bool,
    /// Whether they have networks beside the cluster's (N18).
    pub secondary_networks: bool,
    /// Whether a controller that is not of the API makes them, by a template that it may read otherwise: they are
    /// possible (N19).
    pub custom: bool,
    /// Whether Pod Security keeps them from coming to run, as they ask for their node's network or a port of it (N17).
    pub barred: bool,
    /// Whether they may come to stand in another namespace.
    pub adrift: bool,
    /// Whether another document of the same identity says something else of the pods: one of the two holds (N21).
    pub alternative: bool,
    /// The first of its pods and templates.
    pub first: &'s Workload,
    /// All of them, as a range of the plane's, which keeps those together that stand side by side.
    pub members: std::ops::Range<usize>,
}

impl Class<'_> {
    /// What makes its pods the better witnesses, the least first: a person thinks of what serves before what keeps
    /// data, and of what declares ports before what does not.
    fn rank_as_witness(&self) -> (bool, bool) {
        (self.first.kind == "StatefulSet", self.ports.is_empty())
    }

    /// Bars them where Pod Security refuses their node's network and ports. What runs was let in before.
    pub(super) fn bar(&mut self) {
        self.barred = (self.host_network || self.has_host_port()) && self.labels.maker != Maker::Nobody;
    }

    /// Whether they come after the pods that would be: they may not be there at all.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.custom || self.barred
    }

    /// Whether it is certain that there are such pods.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.is_doubtful() && !self.adrift && !self.alternative && !self.labels.shown.refused
    }

    /// Whether a port of the node leads to it (N12).
    #[must_use]
    pub fn has_host_port(&self) -> bool {
        self.ports.iter().any(|port| port.host_port.is_some())
    }
}

/// What makes two workloads of a namespace one class.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ClassKey<'s> {
    labels: u32,
    maker: Maker<'s>,
    ports: u32,
    host_network: bool,
    secondary_networks: bool,
    custom: bool,
    adrift: bool,
    alternative: bool,
}

/// Some pods and templates in classes.
#[derive(Default)]
pub(super) struct Grouped<'s> {
    /// The classes, those of one namespace together.
    pub(super) classes: Vec<Class<'s>>,
    /// What they are made of.
    pub(super) members: Vec<&'s [Workload]>,
    /// Those of the classes on the node's network.
    pub(super) on_nodes: Vec<usize>,
    /// Whether one of them may evade its policies: on the node's network, or with networks of its own (N12, N18).
    evasive: bool,
    /// Whether a port of the node leads to one of them (N12).
    has_host_port: bool,
    /// The ranges that hold those addresses of theirs that lie in no range that is known.
    pub(super) beyond: Vec<IpNet>,
}

/// Groups the workloads that can run into classes, and gives every namespace its own. Those of one namespace stand side
/// by side, and are looked through once; `known` are ranges in which pods' addresses lie.
pub(super) fn classes<'s>(snapshot: &'s Snapshot, known: &[IpNet]) -> (Grouped<'s>, Vec<Space>) {
    let together = snapshot.workloads.par_chunk_by(|one, other| one.namespace == other.namespace);
    let grouped = together.filter_map(|workloads| {
        let namespace = index(NamespaceId(workloads.first()?.namespace));
        Some((namespace, Grouped::of_one(snapshot, namespace, workloads, known)))
    });
    let mut grouped: Vec<(usize, Grouped<'s>)> = grouped.collect();
    grouped.sort_by_key(|(namespace, _)| *namespace);
    let mut all = Grouped {
        classes: Vec::with_capacity(grouped.iter().map(|(_, of_one)| of_one.classes.len()).sum()),
        members: Vec::with_capacity(grouped.iter().map(|(_, of_one)| of_one.members.len()).sum()),
        ..Grouped::default()
    };
    let mut spaces = vec![Space::default(); snapshot.namespaces.len()];
    for (namespace, of_one) in grouped {
        let Some(space) = spaces.get_mut(namespace) else { continue };
        let (start, before) = (all.classes.len(), all.members.len());
        space.evasive |= of_one.evasive;
        space.published |= of_one.has_host_port;
        all.on_nodes.extend(of_one.on_nodes.into_iter().map(|class| class + start));
        all.classes.extend(of_one.classes.into_iter().map(|class| {
            let members = class.members.start + before..class.members.end + before;
            Class { members, ..class }
        }));
        all.members.extend(of_one.members);
        all.beyond.extend(of_one.beyond);
        let start = if space.classes.is_empty() { start } else { space.classes.start };
        space.classes = start..all.classes.len();
    }
    (all, spaces)
}

impl<'s> Grouped<'s> {
    /// The pods and templates of one namespace.
    fn of_one(snapshot: &'s Snapshot, namespace: usize, workloads: &'s [Workload], known: &[IpNet]) -> Self {
        let (classes, members) = classes_of_one(snapshot, namespace, workloads);
        Self {
            on_nodes: (0..).zip(&classes).filter(|(_, class)| class.host_network).map(|(at, _)| at).collect(),
            evasive: classes.iter().any(|class| class.host_network || class.secondary_networks),
            has_host_port: classes.iter().any(Class::has_host_port),
            beyond: ranges_beyond(known, workloads),
            classes,
            members,
        }
    }
}

/// The classes of one namespace, the better witnesses first, and their members one class after the other.
fn classes_of_one<'s>(
    snapshot: &'s Snapshot,
    namespace: usize,
    workloads: &'s [Workload],
) -> (Vec<Class<'s>>, Vec<&'s [Workload]>) {
    let alike = workloads.chunk_by(are_alike);
    let alike = alike.filter_map(|alike| Some((alike.first().filter(|first| !first.finished)?, alike)));
    let alike: Vec<(&Workload, &[Workload])> = alike.collect();
    let mut classes: Vec<Class<'_>> = Vec::with_capacity(alike.len());
    let mut known: FxHashMap<ClassKey<'_>, usize> = FxHashMap::with_capacity_and_hasher(alike.len(), FxBuildHasher);
    let mut placed: Vec<(usize, &'s [Workload])> = Vec::with_capacity(alike.len());
    let differing = declared_differently(&alike);
    let badly_named = snapshot.namespaces.get(namespace).is_some_and(has_refused_name);
    for (workload, alike) in alike {
        let maker = Maker::of(workload);
        // What the API server refuses for a name is not there, unless it was accepted otherwise.
        let custom = workload.custom || badly_named || maker != Maker::Nobody && !is_object_name(&workload.name);
        let alternative = identity(workload).is_some_and(|identity| differing.contains(&identity));
        let key = ClassKey {
            labels: workload.labels,
            maker,
            ports: workload.ports,
            host_network: workload.host_network,
            secondary_networks: workload.secondary_networks,
            custom,
            adrift: workload.adrift,
            alternative,
        };
        let position = *known.entry(key).or_insert(classes.len());
        placed.push((position, alike));
        match classes.get_mut(position) {
            Some(class) => class.members.end += 1,
            None => classes.push(Class {
                namespace,
                labels: PodLabels { shown: snapshot.labels(workload), maker },
                ports: snapshot.ports(workload),
                host_network: workload.host_network,
                secondary_networks: workload.secondary_networks,
                custom,
                barred: false,
                adrift: workload.adrift,
                alternative,
                first: workload,
                members: 0..1,
            }),
        }
    }
    let members = side_by_side(&mut classes, placed);
    classes.sort_by_key(Class::rank_as_witness);
    (classes, members)
}

/// The members of the classes, one class after the other; each class gets its range of them.
fn side_by_side<'s>(classes: &mut [Class<'s>], mut placed: Vec<(usize, &'s [Workload])>) -> Vec<&'s [Workload]> {
    placed.sort_by_key(|(position, _)| *position);
    let mut before = 0;
    for class in classes {
        class.members = before..before + class.members.len();
        before = class.members.end;
    }
    placed.into_iter().map(|(_, alike)| alike).collect()
}

/// Whether two pods that stand side by side are of one class for certain, as those of one controller are: running, and
/// of the same labels, ports and networks.
fn are_alike(one: &Workload, other: &Workload) -> bool {
    let says = |it: &Workload| (it.labels, it.ports, it.host_network, it.secondary_networks, it.adrift, it.finished);
    says(one) == says(other) && Maker::of(one) == Maker::Nobody && Maker::of(other) == Maker::Nobody
}

/// The object that declares pods; none for pods that run, and where names are generated: those are several objects.
fn identity(workload: &Workload) -> Option<(&str, &str)> {
    let declares = Maker::of(workload) != Maker::Nobody && !workload.name.ends_with('*');
    declares.then_some((workload.kind.as_str(), workload.name.as_str()))
}

/// The objects that several documents declare, of whose pods they say different things: one of them holds (N21).
fn declared_differently<'s>(workloads: &[(&'s Workload, &'s [Workload])]) -> FxHashSet<(&'s str, &'s str)> {
    let says = |it: &'s Workload| {
        (it.labels, it.ports, it.host_network, it.secondary_networks, it.node.as_deref(), it.node_labels.as_slice())
    };
    let mut first: FxHashMap<_, _> = FxHashMap::with_capacity_and_hasher(workloads.len(), FxBuildHasher);
    let declared = workloads.iter().filter_map(|(workload, _)| Some((identity(workload)?, says(workload))));
    declared.filter(|(identity, says)| first.entry(*identity).or_insert(*says) != says).map(|(it, _)| it).collect()
}
