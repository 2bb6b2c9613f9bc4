//! The network plane of a snapshot, compiled once: what every judgement asks.
//!
//! - [`objects`] finds the objects that are asked for,
//! - [`kinds`] tells which objects are policies, and whether they are in force,
//! - [`names`], [`metadata`] and [`labels`] what the API server takes, and which labels a namespace may have,
//! - [`classes`] which pods no policy tells apart,
//! - [`services`] what leads past policies,
//! - [`policies`] what isolates and admits, [`terms`] what it says, with the [`sets`] of namespaces that peers speak
//!   of.
//!
//! Everything that is not certain is kept in two bounds, see [`Bound`]. Nothing here judges a pair.

mod classes;
mod kinds;
mod labels;
mod metadata;
mod names;
mod objects;
mod policies;
mod services;
mod sets;
mod space;
mod terms;

pub use classes::Class;
pub use kinds::{has_generated_name, is_left_out, is_terminating, is_unserved};
pub use labels::{refused_label, refused_label_of};
pub use names::is_object_name;
pub use objects::Objects;
pub use policies::{Group, Policy, PolicyIndex};
pub use sets::NamespaceSet;
pub use space::{Space, Unsettled};
pub use terms::{Route, Terms};

use super::links::{Link, links};
use super::ranges::{PodRanges, shown_ranges};
use super::selector::{Refusal, Selector, value_of};
use super::service::Service;
use crate::settings::Settings;
use dtap_model::environment::{ClusterId, Namespace, NamespaceId};
use dtap_model::label::Label;
use dtap_model::workload::Workload;
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::{Hides, Reach, Snapshot};
use fixedbitset::FixedBitSet;
use kinds::{decides, is_unmodelled};
use labels::{PossibleLabels, are_refused, is_labelled, namespace_labels};
use metadata::refused_namespaces;
use names::has_refused_name;
use std::collections::BTreeSet;

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

/// The compiled plane.
#[derive(Debug)]
pub struct Plane<'s> {
    /// What it was compiled from.
    pub snapshot: &'s Snapshot,
    /// How to judge.
    pub settings: &'s Settings,
    /// The objects that are asked for.
    pub objects: Objects<'s>,
    /// Where pods' addresses lie.
    pub ranges: PodRanges,
    /// The policies.
    pub policies: Vec<Policy<'s>>,
    /// What they say; those that say the same share it.
    pub terms: Vec<Terms<'s>>,
    /// The documents of namespaces that the API server refuses, and why.
    pub refused_namespaces: Vec<(&'s Placed, Refusal)>,
    /// The namespaces, in the order of the snapshot.
    pub spaces: Vec<Space>,
    /// The classes of pods, those of one namespace together.
    pub classes: Vec<Class<'s>>,
    /// The pods and templates that the classes are made of, those that are alike and stand side by side together.
    pub members: Vec<&'s [Workload]>,
    /// The sets of namespaces that peers speak of.
    pub sets: Vec<NamespaceSet>,
    /// The Services of each namespace that lead past policies.
    pub services: Vec<Vec<Service<'s>>>,
    /// The Services that lead to addresses written by hand, so to pods of any namespace of a cluster (N10).
    pub by_hand: Vec<Service<'s>>,
    /// The classes on the node's network.
    pub on_nodes: Vec<usize>,
    /// What speaks against clusters being apart.
    pub links: Vec<Link>,
}

/// Whether labels put what has them into an ambient mesh.
fn is_ambient(labels: &[Label]) -> bool {
    value_of(labels, "istio.io/dataplane-mode") == Some("ambient")
}

/// The index that an id stands for.
#[must_use]
pub fn index(id: NamespaceId) -> usize {
    usize::try_from(id.0).unwrap_or(usize::MAX)
}

impl<'s> Plane<'s> {
    /// Compiles a snapshot.
    #[must_use]
    pub fn compile(snapshot: &'s Snapshot, settings: &'s Settings) -> Self {
        let of_objects = || {
            let objects = Objects::of(snapshot);
            let services = || services::services(snapshot, &objects);
            let namespaces = || {
                let refused = refused_namespaces(&objects);
                (namespace_labels(snapshot, &objects, &refused), refused)
            };
            let policies = || policies::read(snapshot, &objects);
            let ((namespaces, policies), services) = rayon::join(|| rayon::join(namespaces, policies), services);
            (namespaces, policies, services, objects)
        };
        let known = settings.assume.pod_ranges.as_deref().unwrap_or_default();
        let of_pods = || rayon::join(|| classes::classes(snapshot, known), || shown_ranges(snapshot));
        let (((labels, refused_namespaces), policies, services, objects), ((grouped, spaces), shown)) =
            rayon::join(of_objects, of_pods);
        let mut plane = Self {
            snapshot,
            settings,
            ranges: PodRanges::of(settings, grouped.beyond, shown),
            policies: Vec::new(),
            terms: Vec::new(),
            spaces,
            classes: grouped.classes,
            members: grouped.members,
            sets: Vec::new(),
            services,
            by_hand: Vec::new(),
            on_nodes: grouped.on_nodes,
            links: Vec::new(),
            refused_namespaces,
            objects,
        };
        plane.by_hand = services::by_hand(snapshot, &plane.objects, &plane.ranges, &mut plane.services);
        plane.mark_published();
        plane.mark_labelled(&labels);
        plane.mark_doubtful();
        plane.compile_policies(policies, &labels);
        plane.mark_unsettled();
        plane.links = links(&plane);
        plane
    }

    /// The namespace of an index.
    #[must_use]
    pub fn namespace(&self, index: usize) -> Option<&'s Namespace> {
        self.snapshot.namespaces.get(index)
    }

    /// What speaks against two clusters being apart, if anything does.
    #[must_use]
    pub fn link(&self, from: ClusterId, to: ClusterId) -> Option<&Link> {
        self.links.iter().find(|link| link.joins(from, to))
    }

    /// The classes of a namespace, with their indices.
    pub fn classes_of(&self, space: usize) -> impl Iterator<Item = (usize, &Class<'s>)> {
        let range = self.spaces.get(space).map_or(0..0, |space| space.classes.clone());
        range.clone().zip(self.classes.get(range).unwrap_or_default())
    }

    /// The pods and templates of a class.
    pub fn members(&self, class: &Class<'s>) -> impl Iterator<Item = &'s Workload> + Clone {
        self.members.get(class.members.clone()).unwrap_or_default().iter().copied().flatten()
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

    /// Whether a namespace, or a pod of it, is part of an ambient mesh (N23).
    #[must_use]
    pub fn is_ambient(&self, at: usize) -> bool {
        let is_of_mesh = |class: &Class<'_>| is_ambient(&class.labels.shown.labels);
        self.spaces.get(at).is_some_and(|space| space.labelled_ambient)
            || self.classes_of(at).any(|(_, class)| is_of_mesh(class))
    }

    fn mark_published(&mut self) {
        for (space, services) in self.spaces.iter_mut().zip(&self.services) {
            space.published |= services.iter().any(|service| service.published);
        }
    }

    /// What the labels of namespaces say of pods: the mesh that they are part of, and what Pod Security refuses.
    fn mark_labelled(&mut self, labels: &[Vec<PossibleLabels<'s>>]) {
        const LEVEL: &str = "pod-security.kubernetes.io/enforce";
        for (space, labels) in self.spaces.iter_mut().zip(labels) {
            space.labelled_ambient = labels.iter().any(|labels| is_ambient(labels));
            space.refuses_host_network =
                !self.objects.exempts && is_labelled(labels, LEVEL, &["baseline", "restricted"]);
            if space.refuses_host_network {
                let classes = self.classes.get_mut(space.classes.clone());
                classes.into_iter().flatten().for_each(Class::bar);
            }
        }
    }

    /// Which namespaces may not be there, or may be evaded by pods that join other networks.
    fn mark_doubtful(&mut self) {
        let snapshot = self.snapshot;
        let refused = self.refused_namespaces.iter();
        let refused: BTreeSet<(ClusterId, &str)> =
            refused.map(|(placed, _)| (placed.cluster, placed.object.identity.name.as_str())).collect();
        for (space, namespace) in self.spaces.iter_mut().zip(&snapshot.namespaces) {
            let is_refused = || refused.contains(&(namespace.cluster, namespace.name.as_str()));
            let is_whole = |id: &NamespaceId| snapshot.namespace(*id).is_some_and(|it| it.whole == namespace.whole);
            space.refused = namespace.declared && (are_refused(&namespace.labels) || is_refused());
            space.networks = self.objects.networks_in.iter().any(is_whole);
            space.evasive |= space.networks;
        }
        let adrift = space::adrift(snapshot, &self.objects.adrift_in);
        let idle = space::idle(snapshot, &adrift);
        for id in adrift {
            let space = self.spaces.get_mut(index(id));
            space.into_iter().for_each(|space| (space.adrift, space.idle) = (true, idle.contains(&id)));
        }
    }

    fn mark_unsettled(&mut self) {
        let unmodelled = self.objects.policies.iter().filter(|(_, placed)| is_unmodelled(placed));
        let kinds = unmodelled.map(|(at, placed)| {
            let reach = placed.namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace);
            (Unsettled::Kind(*at), reach, decides(placed), Hides::Policies)
        });
        let gaps = self.snapshot.gaps.iter().chain(&self.snapshot.hidden);
        let gaps = gaps.enumerate().map(|(at, gap)| (Unsettled::Gap(at), gap.reach, [true; 2], gap.hides));
        for (space, namespace) in self.spaces.iter_mut().zip(&self.snapshot.namespaces) {
            if has_refused_name(namespace) {
                space.unsettled = [Some(Unsettled::Name); 2];
            }
        }
        for (cause, reach, decides, hides) in kinds.chain(gaps).filter(|(.., hides)| *hides != Hides::Nothing) {
            for (space, namespace) in self.spaces.iter_mut().zip(&self.snapshot.namespaces) {
                if !self.snapshot.reaches(reach, namespace) {
                    continue;
                }
                if hides == Hides::Closing {
                    space.may_be_closed.get_or_insert(cause);
                } else if hides == Hides::Pods {
                    space.holds_more = true;
                } else {
                    space.hides_pods |= hides == Hides::Objects;
                    space.evasive |= space.hides_pods;
                    for (unsettled, _) in space.unsettled.iter_mut().zip(decides).filter(|(_, decides)| *decides) {
                        unsettled.get_or_insert(cause);
                    }
                }
            }
        }
    }
}
