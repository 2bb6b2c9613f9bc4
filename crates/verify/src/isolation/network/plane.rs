//! The network plane of a snapshot, compiled once: policies, namespaces, classes of pods.
//!
//! Everything that is not certain is kept in two bounds, see [`Bound`]. Nothing here judges a pair.

use super::address::{Block, PodRanges};
use super::given::{Maker, PodLabels};
use super::policy::{Direction, Namespaces, Peer, Spec, Way};
use super::ports::PortRule;
use super::selector::{Granted, Requirement, Selector, Wish, is_label, is_word, value_of};
use super::service::{Endpoints, Service};
use crate::settings::Settings;
use dtap_model::environment::{Belonging, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::tree::Node;
use dtap_model::workload::{ContainerPort, Workload};
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::{Reach, Snapshot};
use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Every question is answered twice. What is certain holds under every reading of the API, of the CNI, and of what the
/// input leaves open; what is possible holds under at least one. Broken needs a certain flow, isolated that none is
/// even possible; between them lies unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// Under every reading.
    Certain,
    /// Under at least one.
    Possible,
}

/// The index of a policy of the plane.
pub type PolicyIndex = usize;

/// One set of labels that an object may have: its own, or read again from one of its documents (N21).
type LabelSet<'s> = Cow<'s, [(String, String)]>;

/// The label that every namespace carries (N14).
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// The compiled plane.
#[derive(Debug)]
pub struct Plane<'s> {
    /// What it was compiled from.
    pub snapshot: &'s Snapshot,
    /// How to judge.
    pub settings: &'s Settings,
    /// Where pods' addresses lie.
    pub ranges: PodRanges,
    /// The policies.
    pub policies: Vec<Policy<'s>>,
    /// The namespaces, in the order of the snapshot.
    pub spaces: Vec<Space>,
    /// The classes of pods, those of one namespace together.
    pub classes: Vec<Class<'s>>,
    /// The pods and templates that the classes are made of.
    pub members: Vec<&'s Workload>,
    /// The sets of namespaces that peers speak of.
    pub sets: Vec<NamespaceSet>,
    /// The Services of each namespace that lead past policies.
    pub services: Vec<Vec<Service<'s>>>,
    /// The Services that lead to addresses written by hand, so to pods of any namespace of a cluster (N10).
    pub by_hand: Vec<Service<'s>>,
    /// The classes on the node's network.
    pub on_nodes: Vec<usize>,
}

/// A policy in force, or that may be.
#[derive(Debug)]
pub struct Policy<'s> {
    /// The object.
    pub placed: &'s Placed,
    /// Why the API server refuses it, where it does. What it does is then not known.
    pub refused: Option<String>,
    /// The pods selected.
    pub selects: Selector<'s>,
    /// The ways in; none where it does not isolate ingress.
    pub ingress: Option<Vec<Route<'s>>>,
    /// The ways out; none where it does not isolate egress.
    pub egress: Option<Vec<Route<'s>>>,
}

/// A way with the namespaces found in which its peer may be.
#[derive(Debug)]
pub struct Route<'s> {
    /// The way.
    pub way: Way<'s>,
    /// The namespaces, an index into the plane's sets; none where the peer is everybody. For a block they are those in which
    /// it may cover a pod, a node or a Service.
    pub namespaces: Option<usize>,
}

/// A set of namespaces, by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceSet {
    /// Those certainly in it.
    pub certain: FixedBitSet,
    /// Those possibly in it.
    pub possible: FixedBitSet,
}

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
    pub unsettled: Option<Unsettled>,
    /// Whether the API server refuses it for its labels: whether it is there is not certain then, nor are they.
    pub refused: bool,
    /// Whether it is part of an ambient mesh (N23).
    pub ambient: bool,
    /// Whether Pod Security keeps new pods off the node's network (N12, N17).
    pub refuses_host_network: bool,
    /// Whether pods of it are, or would be, published on the addresses of nodes (N12).
    pub published: bool,
    /// Whether it holds pods that may evade their own policies: on the node's network, or with networks of their own.
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

/// The documents of one policy identity, as far as they isolate one direction. They are alternatives: one of them holds (N21).
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Every policy that possibly holds.
    pub possible: Vec<PolicyIndex>,
    /// Those of them that isolate what they select.
    pub selecting: Vec<PolicyIndex>,
    /// Whether the group possibly selects nobody at all.
    pub void: bool,
}

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
    /// Whether another document of the same identity says something else of the pods: one of the two holds (N21).
    pub alternative: bool,
    /// The first of its pods and templates.
    pub first: &'s Workload,
    /// All of them, as a range of the plane's.
    pub members: std::ops::Range<usize>,
}

impl Space {
    /// What isolates its pods in a direction.
    #[must_use]
    pub fn groups(&self, direction: Direction) -> &[Group] {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }

    fn groups_mut(&mut self, direction: Direction) -> &mut Vec<Group> {
        match direction {
            Direction::Ingress => &mut self.ingress,
            Direction::Egress => &mut self.egress,
        }
    }
}

impl Class<'_> {
    /// What makes its pods the better witnesses, the least first: a person thinks of what serves before what keeps data, and
    /// of what declares ports before what does not.
    fn rank_as_witness(&self) -> (bool, bool) {
        (self.first.kind == "StatefulSet", self.ports.is_empty())
    }

    /// Whether it is certain that there are such pods.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.custom && !self.alternative && !self.labels.refused
    }

    /// Whether a port of the node leads to it (N12).
    #[must_use]
    pub fn has_host_port(&self) -> bool {
        self.ports.iter().any(|port| port.host_port.is_some())
    }
}

impl Group {
    /// Whether it is open what holds.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.void || self.possible.len() > 1
    }
}

impl<'s> Policy<'s> {
    /// The ways of a direction; none where it is not isolated.
    #[must_use]
    pub fn routes(&self, direction: Direction) -> Option<&Vec<Route<'s>>> {
        match direction {
            Direction::Ingress => self.ingress.as_ref(),
            Direction::Egress => self.egress.as_ref(),
        }
    }
}

impl NamespaceSet {
    /// The set under a bound.
    #[must_use]
    pub fn under(&self, bound: Bound) -> &FixedBitSet {
        match bound {
            Bound::Certain => &self.certain,
            Bound::Possible => &self.possible,
        }
    }
}

/// The index that an id stands for.
#[must_use]
pub fn index(id: NamespaceId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

/// Whether an object is a policy of the standard kind, in a version that is served (N18).
#[must_use]
pub fn is_standard(placed: &Placed) -> bool {
    placed.object.identity.kind.is("networking.k8s.io", "NetworkPolicy") && placed.object.version == "v1"
}

/// Whether an object is of a kind whose policies are not modelled: every kind that ends in `NetworkPolicy`, but those
/// of the API itself in whatever version (N18).
#[must_use]
pub fn is_unmodelled(placed: &Placed) -> bool {
    let kind = &placed.object.identity.kind;
    kind.kind.ends_with("NetworkPolicy") && !kind.is("networking.k8s.io", "NetworkPolicy") && !is_unserved(placed)
}

/// Whether an object is a standard policy in a version that no API server serves any more: it protects nothing (N18).
#[must_use]
pub fn is_unserved(placed: &Placed) -> bool {
    let kind = &placed.object.identity.kind;
    kind.is("extensions", "NetworkPolicy")
        || kind.is("networking.k8s.io", "NetworkPolicy") && placed.object.version != "v1"
}

/// Whether a deployment tool applies an object for a while, or never: it is a hook of Argo CD or Helm, or one that
/// kustomize, kpt or Flux leave out.
#[must_use]
pub fn is_left_out(placed: &Placed) -> bool {
    let said =
        |map: &str, key: &str| placed.object.tree.at(&["metadata", map])?.get(key).filter(|node| !node.is_null());
    let annotated = |key| said("annotations", key);
    let is_hook = ["argocd.argoproj.io/hook", "helm.sh/hook"].into_iter().any(|key| annotated(key).is_some());
    let is_local = annotated("config.kubernetes.io/local-config").is_some_and(|node| node.as_str() != Some("false"));
    // Flux reads labels as it reads annotations, in whatever capitals.
    let told = |(key, word): (&str, &str)| {
        let says = |map| said(map, key).and_then(Node::as_str).is_some_and(|text| text.eq_ignore_ascii_case(word));
        says("annotations") || says("labels")
    };
    let not_for_flux =
        [("kustomize.toolkit.fluxcd.io/ssa", "ignore"), ("kustomize.toolkit.fluxcd.io/reconcile", "disabled")];
    is_hook || is_local || not_for_flux.into_iter().any(told)
}

/// Whether an object is being deleted (N13).
#[must_use]
pub fn is_terminating(placed: &Placed) -> bool {
    placed.object.tree.at(&["metadata", "deletionTimestamp"]).is_some_and(|node| !node.is_null())
}

impl<'s> Plane<'s> {
    /// Compiles a snapshot.
    #[must_use]
    pub fn compile(snapshot: &'s Snapshot, settings: &'s Settings) -> Self {
        let ((classes, members), spaces) = classes(snapshot);
        let mut plane = Self {
            snapshot,
            settings,
            ranges: PodRanges::of(snapshot, settings),
            policies: Vec::new(),
            spaces,
            classes,
            members,
            sets: Vec::new(),
            services: services(snapshot),
            by_hand: Vec::new(),
            on_nodes: Vec::new(),
        };
        plane.mark_nodes();
        plane.by_hand = by_hand(snapshot, &plane.ranges);
        let labels = namespace_labels(snapshot);
        for (space, labels) in plane.spaces.iter_mut().zip(&labels) {
            space.ambient = is_labelled(labels, "istio.io/dataplane-mode", &["ambient"]);
            let level = "pod-security.kubernetes.io/enforce";
            space.refuses_host_network = is_labelled(labels, level, &["baseline", "restricted"]);
        }
        for (space, namespace) in plane.spaces.iter_mut().zip(&snapshot.namespaces) {
            space.refused = namespace.declared && are_refused(&namespace.labels);
        }
        plane.compile_policies(&labels);
        plane.mark_unsettled();
        plane
    }

    /// The namespace of an index.
    #[must_use]
    pub fn namespace(&self, index: usize) -> Option<&'s Namespace> {
        self.snapshot.namespaces.get(index)
    }

    /// The classes of a namespace, with their indices.
    pub fn classes_of(&self, space: usize) -> impl Iterator<Item = (usize, &Class<'s>)> {
        let range = self.spaces.get(space).map_or(0..0, |space| space.classes.clone());
        range.clone().zip(self.classes.get(range).unwrap_or_default())
    }

    /// The pods and templates of a class.
    #[must_use]
    pub fn members(&self, class: &Class<'s>) -> &[&'s Workload] {
        self.members.get(class.members.clone()).unwrap_or_default()
    }

    /// Whether a peer may be a pod on its node's network, and so a node, on the cluster of this namespace (N12).
    #[must_use]
    pub fn selects_a_node(&self, from: usize, namespaces: &FixedBitSet, pods: &Selector<'_>) -> bool {
        let cluster = |at: usize| self.namespace(at).map(|namespace| namespace.cluster);
        let on_nodes = self.on_nodes.iter().filter_map(|class| self.classes.get(*class));
        on_nodes
            .filter(|class| namespaces.contains(class.namespace) && cluster(class.namespace) == cluster(from))
            .any(|class| class.labels.match_selector(pods, Bound::Possible))
    }

    fn mark_nodes(&mut self) {
        self.on_nodes = (0..).zip(&self.classes).filter(|(_, class)| class.host_network).map(|(at, _)| at).collect();
        for (space, services) in self.spaces.iter_mut().zip(&self.services) {
            let classes = self.classes.get(space.classes.clone()).unwrap_or_default();
            space.published =
                services.iter().any(|service| service.published) || classes.iter().any(Class::has_host_port);
        }
    }

    fn compile_policies(&mut self, labels: &[Vec<LabelSet<'s>>]) {
        let standing: Vec<&'s Placed> =
            self.snapshot.objects.iter().filter(|placed| placed.namespace.is_some() && is_standard(placed)).collect();
        let read: Vec<Result<Spec<'s>, String>> = standing.par_iter().map(|placed| read_policy(placed)).collect();
        let addressed = Addressed {
            ranges: &self.ranges,
            matches_pods: self.settings.assume.ip_block_matches_pods != Some(false),
            spaces: &self.spaces,
            services: &self.services,
            by_hand: &self.by_hand,
            on_nodes: self.on_nodes.iter().filter_map(|class| Some(self.classes.get(*class)?.namespace)).collect(),
        };
        let parts = parts(self.snapshot);
        let mut sets = Sets::new(self.snapshot, labels, &parts, addressed);
        let mut groups: BTreeMap<(usize, &str, usize), Vec<PolicyIndex>> = BTreeMap::new();
        for (placed, spec) in standing.into_iter().zip(read) {
            let whole = placed.namespace.and_then(|id| self.snapshot.namespace(id)).map_or(0, |it| index(it.whole));
            let name = placed.object.identity.name.as_str();
            let policy = self.policies.len();
            // Objects of one generateName are several objects and no alternatives.
            let apart = if name.ends_with('*') { policy } else { 0 };
            groups.entry((whole, name, apart)).or_default().push(policy);
            self.policies.push(resolve(placed, spec, whole, &mut sets));
        }
        self.sets = sets.sets;
        for ((whole, _, _), alternatives) in groups {
            let parts = parts.get(whole).map_or(&[][..], Vec::as_slice);
            for direction in [Direction::Ingress, Direction::Egress] {
                let Some(group) = self.group(&alternatives, direction) else { continue };
                for part in parts {
                    if let Some(space) = self.spaces.get_mut(*part) {
                        space.groups_mut(direction).push(group.clone());
                    }
                }
            }
        }
    }

    /// What the alternatives of one identity come to in one direction; none where none of them isolates it.
    fn group(&self, alternatives: &[PolicyIndex], direction: Direction) -> Option<Group> {
        let mut group = Group::default();
        for (index, policy) in alternatives.iter().filter_map(|index| Some((*index, self.policies.get(*index)?))) {
            if policy.routes(direction).is_none() {
                group.void = true;
                continue;
            }
            group.possible.push(index);
            if is_terminating(policy.placed) {
                // It protects nothing, and may admit for as long as it is there.
                group.void = true;
            } else {
                group.selecting.push(index);
                // Nor does what a deployment tool leaves out protect for certain.
                group.void |= policy.refused.is_some() || is_left_out(policy.placed);
            }
        }
        let first = *group.possible.first()?;
        let agree = group.possible.iter().all(|other| self.same(first, *other));
        if agree && group.selecting.len() == group.possible.len() {
            group.possible.truncate(1);
            group.selecting.truncate(1);
        }
        Some(group)
    }

    fn same(&self, left: PolicyIndex, right: PolicyIndex) -> bool {
        let spec =
            |index: PolicyIndex| self.policies.get(index).and_then(|policy| policy.placed.object.tree.get("spec"));
        left == right || spec(left).zip(spec(right)).is_some_and(|(left, right)| left.same_value(right))
    }

    fn mark_unsettled(&mut self) {
        let unmodelled = self.snapshot.objects.iter().enumerate().filter(|(_, placed)| is_unmodelled(placed));
        let kinds = unmodelled.map(|(at, placed)| {
            let reach = placed.namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace);
            (Unsettled::Kind(at), reach)
        });
        let gaps = self.snapshot.gaps.iter().chain(&self.snapshot.hidden);
        let gaps = gaps.enumerate().map(|(at, gap)| (Unsettled::Gap(at), gap.reach));
        for (space, namespace) in self.spaces.iter_mut().zip(&self.snapshot.namespaces) {
            if has_refused_name(namespace) {
                space.unsettled = Some(Unsettled::Name);
            }
        }
        for (cause, reach) in kinds.chain(gaps) {
            for (space, namespace) in self.spaces.iter_mut().zip(&self.snapshot.namespaces) {
                if self.snapshot.reaches(reach, namespace) {
                    space.unsettled.get_or_insert(cause);
                }
            }
        }
    }
}

/// Whether the labels of a namespace have this value, whichever of them hold.
fn is_labelled(labels: &[LabelSet<'_>], key: &str, values: &[&str]) -> bool {
    !labels.is_empty() && labels.iter().all(|labels| value_of(labels, key).is_some_and(|value| values.contains(&value)))
}

/// Why the API server refuses one of these labels, if it does. They may be placeholders that something fills in before.
#[must_use]
pub fn refused_label(labels: &[(String, String)]) -> Option<String> {
    let (key, value) = labels.iter().find(|(key, value)| !is_label(key, value))?;
    Some(format!("`{key}: {value}` is no label"))
}

fn are_refused(labels: &[(String, String)]) -> bool {
    labels.iter().any(|(key, value)| !is_label(key, value))
}

/// The label sets that each namespace may have: one where the input shows it, several where documents differ (N21), none
/// where it may carry any (N14): it is not declared, or the API server refuses its labels.
fn namespace_labels(snapshot: &Snapshot) -> Vec<Vec<LabelSet<'_>>> {
    let mut documents: FxHashMap<(u32, &str), Vec<&Placed>> = FxHashMap::default();
    for placed in snapshot.objects.iter().filter(|placed| placed.object.identity.kind.is("", "Namespace")) {
        documents.entry((placed.cluster.0, &placed.object.identity.name)).or_default().push(placed);
    }
    let labels = |namespace| -> Vec<LabelSet<'_>> {
        let namespace: &Namespace = namespace;
        let shown = documents.get(&(namespace.cluster.0, namespace.name.as_str())).map_or(&[][..], Vec::as_slice);
        match shown {
            _ if !namespace.declared || namespace.name == NO_NAMESPACE => Vec::new(),
            _ if are_refused(&namespace.labels) => Vec::new(),
            [] | [_] => vec![Cow::Borrowed(&namespace.labels)],
            several => {
                let read = several.iter().map(|placed| labels_of(placed).filter(|labels| !are_refused(labels)));
                let read: Option<Vec<_>> = read.collect();
                read.unwrap_or_default().into_iter().map(Cow::Owned).collect()
            }
        }
    };
    snapshot.namespaces.iter().map(labels).collect()
}

/// The labels that one document shows; none where one is not text.
#[must_use]
pub fn labels_of(placed: &Placed) -> Option<Vec<(String, String)>> {
    let Some(labels) = placed.object.tree.at(&["metadata", "labels"]) else { return Some(Vec::new()) };
    labels.entries().iter().map(|entry| Some((entry.key.to_string(), entry.node.as_str()?.to_owned()))).collect()
}

/// The Services of each namespace: one selects pods in every part of its own.
fn services<'s>(snapshot: &'s Snapshot) -> Vec<Vec<Service<'s>>> {
    let mut services: Vec<Vec<Service<'s>>> = snapshot.namespaces.iter().map(|_| Vec::new()).collect();
    let parts = parts(snapshot);
    let read = |placed: &'s Placed| {
        let whole = index(snapshot.namespace(placed.namespace?)?.whole);
        Some((whole, Service::read(placed).or_else(|| Service::of_gateway(placed))?))
    };
    let found: Vec<(usize, Service<'s>)> = snapshot.objects.par_iter().filter_map(read).collect();
    for (whole, service) in found {
        for part in parts.get(whole).into_iter().flatten() {
            if let Some(slot) = services.get_mut(*part) {
                slot.push(service.clone());
            }
        }
    }
    services
}

/// The Services whose endpoints are written by hand and may be pods. A controller's own endpoints are the pods selected.
fn by_hand<'s>(snapshot: &'s Snapshot, ranges: &PodRanges) -> Vec<Service<'s>> {
    let endpoints = snapshot.objects.iter().filter_map(|placed| Some((placed, Endpoints::read(placed)?)));
    let to_pods: Vec<(&Placed, Endpoints<'_>)> = endpoints
        .filter(|(_, endpoints)| {
            endpoints.addresses.iter().any(|address| ranges.ranges.iter().any(|range| range.contains(address)))
        })
        .collect();
    if to_pods.is_empty() {
        return Vec::new();
    }
    let whole = |placed: &Placed| Some(snapshot.namespace(placed.namespace?)?.whole);
    let is_service = |placed: &&Placed| placed.object.identity.kind.is("", "Service");
    let named = |placed: &'s Placed| Some(((whole(placed)?, placed.object.identity.name.as_str()), placed));
    let services: FxHashMap<_, &Placed> = snapshot.objects.iter().filter(is_service).filter_map(named).collect();
    let service = |(placed, endpoints): (&'s Placed, Endpoints<'s>)| {
        let key = (whole(placed)?, endpoints.service);
        Service::by_hand(services.get(&key).copied(), placed, &endpoints)
    };
    to_pods.into_iter().filter_map(service).collect()
}

/// The entries of each namespace that are one to Kubernetes, by the first of them.
fn parts(snapshot: &Snapshot) -> Vec<Vec<usize>> {
    let mut parts = vec![Vec::new(); snapshot.namespaces.len()];
    for (at, namespace) in snapshot.namespaces.iter().enumerate() {
        if let Some(parts) = parts.get_mut(index(namespace.whole)) {
            parts.push(at);
        }
    }
    parts
}

/// What makes two workloads of a namespace one class.
#[derive(PartialEq, Eq, Hash)]
struct ClassKey<'s> {
    labels: u32,
    maker: Maker<'s>,
    ports: u32,
    apart: (bool, bool, bool, bool),
}

/// The classes of all namespaces, and what they are made of.
type Grouped<'s> = (Vec<Class<'s>>, Vec<&'s Workload>);

/// Groups the workloads that can run into classes, and gives every namespace its own.
fn classes(snapshot: &Snapshot) -> (Grouped<'_>, Vec<Space>) {
    let mut by_namespace: Vec<Vec<&Workload>> = snapshot.namespaces.iter().map(|_| Vec::new()).collect();
    for workload in snapshot.workloads.iter().filter(|workload| !workload.finished) {
        let namespace = usize::try_from(workload.namespace).unwrap_or(usize::MAX);
        if let Some(workloads) = by_namespace.get_mut(namespace) {
            workloads.push(workload);
        }
    }
    let refused: Vec<bool> = snapshot.label_sets.par_iter().map(|labels| are_refused(labels)).collect();
    let workloads = by_namespace.par_iter().enumerate();
    let grouped: Vec<Grouped<'_>> =
        workloads.map(|(at, workloads)| classes_of_one(snapshot, &refused, at, workloads)).collect();
    let mut all = Vec::with_capacity(grouped.iter().map(|(classes, _)| classes.len()).sum());
    let mut members = Vec::with_capacity(snapshot.workloads.len());
    let mut spaces = Vec::with_capacity(grouped.len());
    for (classes, workloads) in grouped {
        let (start, before) = (all.len(), members.len());
        let evasive = classes.iter().any(|class| class.host_network || class.secondary_networks);
        all.extend(classes.into_iter().map(|class| {
            let members = class.members.start + before..class.members.end + before;
            Class { members, ..class }
        }));
        members.extend(workloads);
        spaces.push(Space { classes: start..all.len(), evasive, ..Space::default() });
    }
    ((all, members), spaces)
}

/// The classes of one namespace, the better witnesses first, and their members one class after the other. `refused` says
/// of each label set whether the API server refuses it.
fn classes_of_one<'s>(
    snapshot: &'s Snapshot,
    refused: &[bool],
    namespace: usize,
    workloads: &[&'s Workload],
) -> Grouped<'s> {
    let mut classes: Vec<Class<'s>> = Vec::new();
    let mut known: FxHashMap<ClassKey<'s>, usize> = FxHashMap::default();
    let mut placed: Vec<(usize, &'s Workload)> = Vec::with_capacity(workloads.len());
    let differing = declared_differently(workloads);
    let badly_named = snapshot.namespaces.get(namespace).is_some_and(has_refused_name);
    for workload in workloads {
        let maker = Maker::of(workload);
        // What the API server refuses for a name is not there, unless it was accepted otherwise.
        let custom = workload.custom || badly_named || maker != Maker::Nobody && !is_object_name(&workload.name);
        let alternative = identity(workload).is_some_and(|identity| differing.contains(&identity));
        let key = ClassKey {
            labels: workload.labels,
            maker,
            ports: workload.ports,
            apart: (workload.host_network, workload.secondary_networks, custom, alternative),
        };
        let position = *known.entry(key).or_insert(classes.len());
        placed.push((position, workload));
        match classes.get_mut(position) {
            Some(class) => class.members.end += 1,
            None => classes.push(Class {
                namespace,
                labels: PodLabels {
                    shown: snapshot.labels(workload),
                    maker,
                    refused: usize::try_from(workload.labels).is_ok_and(|at| refused.get(at) == Some(&true)),
                },
                ports: snapshot.ports(workload),
                host_network: workload.host_network,
                secondary_networks: workload.secondary_networks,
                custom,
                alternative,
                first: workload,
                members: 0..1,
            }),
        }
    }
    placed.sort_by_key(|(position, _)| *position);
    let mut before = 0;
    for class in &mut classes {
        class.members = before..before + class.members.len();
        before = class.members.end;
    }
    classes.sort_by_key(Class::rank_as_witness);
    (classes, placed.into_iter().map(|(_, workload)| workload).collect())
}

/// The object that declares pods; none for pods that run, and where names are generated: those are several objects.
fn identity(workload: &Workload) -> Option<(&str, &str)> {
    let declares = Maker::of(workload) != Maker::Nobody && !workload.name.ends_with('*');
    declares.then_some((workload.kind.as_str(), workload.name.as_str()))
}

/// The objects that several documents declare, of whose pods they say different things: one of them holds (N21).
fn declared_differently<'s>(workloads: &[&'s Workload]) -> FxHashSet<(&'s str, &'s str)> {
    let says = |it: &'s Workload| (it.labels, it.ports, it.host_network, it.secondary_networks, it.node.as_deref());
    let mut first: FxHashMap<_, _> = FxHashMap::default();
    let declared = workloads.iter().filter_map(|workload| Some((identity(workload)?, says(workload))));
    declared.filter(|(identity, says)| first.entry(*identity).or_insert(*says) != says).map(|(it, _)| it).collect()
}

/// Reads a policy; what the API server refuses is an error, by its name too.
fn read_policy(placed: &Placed) -> Result<Spec<'_>, String> {
    let name = &placed.object.identity.name;
    if !is_object_name(name) {
        return Err(format!("`{name}` is no name of an object: lower-case letters, digits, `-` and `.` are"));
    }
    Spec::read(&placed.object.tree)
}

/// Whether the API server refuses a namespace for its name. One that only policies speak of may be called by the labels
/// they ask for.
fn has_refused_name(namespace: &Namespace) -> bool {
    let named = namespace.belonging != Belonging::Elsewhere && namespace.name != NO_NAMESPACE;
    named && !is_namespace_name(&namespace.name)
}

/// Whether the API server takes this for the name of an object (RFC 1123); a generated one ends in a star.
#[must_use]
pub fn is_object_name(name: &str) -> bool {
    let (stem, generated) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
    let stem = if generated { stem.trim_end_matches(['-', '.']) } else { stem };
    let fits =
        |part: &str| is_word(part, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit(), |byte| byte == b'-');
    stem.len() <= 253 && (generated && stem.is_empty() || stem.split('.').all(fits))
}

/// Whether the API server takes this for the name of a namespace (RFC 1123).
#[must_use]
pub fn is_namespace_name(name: &str) -> bool {
    name.len() <= 63 && !name.contains('.') && is_object_name(name)
}

/// Finds the namespaces of every peer of a policy.
fn resolve<'s>(
    placed: &'s Placed,
    spec: Result<Spec<'s>, String>,
    whole: usize,
    sets: &mut Sets<'_, 's>,
) -> Policy<'s> {
    let (spec, refused) = match spec {
        Ok(spec) => (spec, None),
        Err(why) => (anything(), Some(why)),
    };
    let mut routes = |direction, ways: Vec<Way<'s>>| -> Vec<Route<'s>> {
        ways.into_iter()
            .map(|way| {
                let namespaces = match &way.peer {
                    Peer::Pods { namespaces: Namespaces::Own, .. } => Some(sets.own(whole)),
                    Peer::Pods { namespaces: Namespaces::Selected(selector), .. } => Some(sets.selected(selector)),
                    Peer::Block(block) => Some(sets.addressed(direction, block)),
                    Peer::Everyone => None,
                };
                Route { way, namespaces }
            })
            .collect()
    };
    let ingress = spec.ingress.map(|ways| routes(Direction::Ingress, ways));
    let egress = spec.egress.map(|ways| routes(Direction::Egress, ways));
    Policy { placed, refused, selects: spec.selects, ingress, egress }
}

/// What stands where the API server refuses a policy: nothing, or whatever it accepted there before. At most that
/// selects everything and admits everybody.
fn anything<'s>() -> Spec<'s> {
    let everyone = || vec![Way { rule: 0, position: None, peer: Peer::Everyone, ports: PortRule::all() }];
    Spec { selects: Selector::default(), ingress: Some(everyone()), egress: Some(everyone()) }
}

/// What blocks may cover.
struct Addressed<'l, 's> {
    ranges: &'l PodRanges,
    /// Whether blocks may match pods at all.
    matches_pods: bool,
    spaces: &'l [Space],
    services: &'l [Vec<Service<'s>>],
    by_hand: &'l [Service<'s>],
    /// The namespaces with pods on the node's network.
    on_nodes: FixedBitSet,
}

impl Addressed<'_, '_> {
    /// The namespaces in which a block may cover a pod, or on the way out lead to one (N10 to N12).
    fn possible(&self, direction: Direction, block: &Block) -> FixedBitSet {
        let mut found = FixedBitSet::with_capacity(self.spaces.len());
        let by_hand = || self.by_hand.iter().any(|service| service.is_covered_by(block));
        let covers_pods = self.matches_pods && self.ranges.ranges.iter().any(|range| block.may_cover(*range));
        if covers_pods || direction == Direction::Egress && by_hand() {
            found.insert_range(..);
            return found;
        }
        found.union_with(&self.on_nodes);
        for (at, (space, services)) in self.spaces.iter().zip(self.services).enumerate() {
            let leads = space.published || services.iter().any(|service| service.is_covered_by(block));
            if direction == Direction::Egress && leads {
                found.insert(at);
            }
        }
        found
    }
}

/// The sets of namespaces, each found once.
struct Sets<'l, 's> {
    snapshot: &'s Snapshot,
    /// The label sets that each namespace may have.
    labels: &'l [Vec<LabelSet<'s>>],
    sets: Vec<NamespaceSet>,
    by_selector: FxHashMap<Selector<'s>, usize>,
    by_block: FxHashMap<(Direction, String), usize>,
    own: FxHashMap<usize, usize>,
    /// The namespaces that may have a label.
    by_label: FxHashMap<(&'l str, &'l str), Vec<usize>>,
    /// The namespaces that may have any label.
    open: Vec<usize>,
    /// The parts of each namespace.
    parts: &'l [Vec<usize>],
    addressed: Addressed<'l, 's>,
}

impl<'l, 's: 'l> Sets<'l, 's> {
    fn new(
        snapshot: &'s Snapshot,
        labels: &'l [Vec<LabelSet<'s>>],
        parts: &'l [Vec<usize>],
        addressed: Addressed<'l, 's>,
    ) -> Self {
        let mut by_label: FxHashMap<(&'l str, &'l str), Vec<usize>> = FxHashMap::default();
        let mut open = Vec::new();
        for (at, (namespace, labels)) in snapshot.namespaces.iter().zip(labels).enumerate() {
            if labels.is_empty() {
                open.push(at);
                continue;
            }
            for (key, value) in labels.iter().flat_map(|labels| labels.iter()).filter(|(key, _)| key != NAME_LABEL) {
                by_label.entry((key, value)).or_default().push(at);
            }
            by_label.entry((NAME_LABEL, &namespace.name)).or_default().push(at);
        }
        Self {
            snapshot,
            labels,
            sets: Vec::new(),
            by_selector: FxHashMap::default(),
            by_block: FxHashMap::default(),
            own: FxHashMap::default(),
            by_label,
            open,
            parts,
            addressed,
        }
    }

    /// The parts of one namespace.
    fn own(&mut self, whole: usize) -> usize {
        let (sets, parts) = (&mut self.sets, self.parts);
        *self.own.entry(whole).or_insert_with(|| {
            let mut members = FixedBitSet::with_capacity(parts.len());
            parts.get(whole).into_iter().flatten().for_each(|part| members.insert(*part));
            sets.push(NamespaceSet { certain: members.clone(), possible: members });
            sets.len() - 1
        })
    }

    fn addressed(&mut self, direction: Direction, block: &Block) -> usize {
        let (sets, addressed) = (&mut self.sets, &self.addressed);
        *self.by_block.entry((direction, block.text.clone())).or_insert_with(|| {
            let possible = addressed.possible(direction, block);
            // What it certainly covers is asked of the block itself.
            sets.push(NamespaceSet { certain: possible.clone(), possible });
            sets.len() - 1
        })
    }

    fn selected(&mut self, selector: &Selector<'s>) -> usize {
        if let Some(found) = self.by_selector.get(selector) {
            return *found;
        }
        let set = self.find(selector);
        self.sets.push(set);
        self.by_selector.insert(selector.clone(), self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn find(&self, selector: &Selector<'s>) -> NamespaceSet {
        let count = self.snapshot.namespaces.len();
        let mut set =
            NamespaceSet { certain: FixedBitSet::with_capacity(count), possible: FixedBitSet::with_capacity(count) };
        // A requirement with listed values leaves few candidates; without one every namespace is looked at.
        let listed = selector.0.iter().find_map(|it| Some((it.key, it.values.listed()?)));
        let candidates: Vec<usize> = match listed {
            Some((key, values)) => {
                let labelled = values.iter().filter_map(|value| self.by_label.get(&(key, *value))).flatten();
                labelled.chain(&self.open).copied().collect()
            }
            None => (0..count).collect(),
        };
        for at in candidates {
            let (Some(namespace), Some(labels)) = (self.snapshot.namespaces.get(at), self.labels.get(at)) else {
                continue;
            };
            let (certain, possible) = selects_namespace(selector, namespace, labels);
            set.certain.set(at, certain);
            set.possible.set(at, possible);
        }
        set
    }
}

/// Whether a selector certainly, and whether it possibly, selects a namespace that has one of these label sets, or where
/// there is none any labels beside those known (N14).
fn selects_namespace(selector: &Selector<'_>, namespace: &Namespace, labels: &[LabelSet<'_>]) -> (bool, bool) {
    let fits = |requirement: &Requirement<'_>, labels: &[(String, String)]| {
        let is_name = requirement.key == NAME_LABEL && namespace.name != NO_NAMESPACE;
        let value = if is_name { Some(namespace.name.as_str()) } else { value_of(labels, requirement.key) };
        requirement.values.contains(value)
    };
    if !labels.is_empty() {
        let mut matches = labels.iter().map(|labels| selector.0.iter().all(|requirement| fits(requirement, labels)));
        let first = matches.next().unwrap_or_default();
        return matches.fold((first, first), |(all, any), matches| (all && matches, any || matches));
    }
    // What a declared one shows is refused or contradicted.
    let shown = if namespace.declared { &[][..] } else { &namespace.labels };
    let known = |key: &str| key == NAME_LABEL && namespace.name != NO_NAMESPACE || value_of(shown, key).is_some();
    let (known, free): (Vec<_>, Vec<_>) = selector.0.iter().partition(|requirement| known(requirement.key));
    let fit = known.into_iter().all(|requirement| fits(requirement, shown));
    let certain = fit && free.is_empty();
    let free = Selector(free.into_iter().cloned().collect());
    let grantable = Wish { matching: vec![&free], escaping: Vec::new() }.grant() != Granted::Never;
    (certain, fit && grantable)
}
