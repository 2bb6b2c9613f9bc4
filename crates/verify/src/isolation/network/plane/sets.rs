//! The sets of namespaces that peers speak of: each selector and each block is looked up once.

use super::Bound;
use super::labels::{NAME_LABEL, PossibleLabels};
use super::space::Space;
use crate::isolation::network::address::Block;
use crate::isolation::network::policy::Direction;
use crate::isolation::network::ranges::PodRanges;
use crate::isolation::network::selector::{Granted, Requirement, Selector, Wish, value_of};
use crate::isolation::network::service::Service;
use dtap_model::environment::{NO_NAMESPACE, Namespace};
use dtap_model::label::Label;
use dtap_snapshot::Snapshot;
use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smallvec::smallvec;

/// A set of namespaces, by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceSet {
    /// Those certainly in it.
    pub certain: FixedBitSet,
    /// Those possibly in it.
    pub possible: FixedBitSet,
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

/// What blocks may cover.
pub(super) struct Addressed<'l, 's> {
    pub(super) ranges: &'l PodRanges,
    /// Whether blocks may match pods at all.
    pub(super) matches_pods: bool,
    pub(super) spaces: &'l [Space],
    pub(super) services: &'l [Vec<Service<'s>>],
    pub(super) by_hand: &'l [Service<'s>],
    /// The namespaces with pods on the node's network.
    pub(super) on_nodes: FixedBitSet,
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
        if direction == Direction::Egress {
            let leads = |(space, services): (&Space, &Vec<Service<'_>>)| {
                space.published || services.iter().any(|service| service.is_covered_by(block))
            };
            let leading: Vec<bool> = self.spaces.par_iter().zip(self.services).map(leads).collect();
            leading.into_iter().enumerate().for_each(|(at, leads)| found.set(at, leads || found.contains(at)));
        }
        found
    }
}

/// The sets of namespaces, each found once.
pub(super) struct Sets<'l, 's> {
    snapshot: &'s Snapshot,
    /// The label sets that each namespace may have.
    labels: &'l [Vec<PossibleLabels<'s>>],
    /// Those found, by index.
    pub(super) sets: Vec<NamespaceSet>,
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
    pub(super) fn new(
        snapshot: &'s Snapshot,
        labels: &'l [Vec<PossibleLabels<'s>>],
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
    pub(super) fn own(&mut self, whole: usize) -> usize {
        let (sets, parts) = (&mut self.sets, self.parts);
        *self.own.entry(whole).or_insert_with(|| {
            let mut members = FixedBitSet::with_capacity(parts.len());
            parts.get(whole).into_iter().flatten().for_each(|part| members.insert(*part));
            sets.push(NamespaceSet { certain: members.clone(), possible: members });
            sets.len() - 1
        })
    }

    pub(super) fn addressed(&mut self, direction: Direction, block: &Block) -> usize {
        let (sets, addressed) = (&mut self.sets, &self.addressed);
        *self.by_block.entry((direction, block.text.clone())).or_insert_with(|| {
            let possible = addressed.possible(direction, block);
            // What it certainly covers is asked of the block itself.
            sets.push(NamespaceSet { certain: possible.clone(), possible });
            sets.len() - 1
        })
    }

    pub(super) fn selected(&mut self, selector: &Selector<'s>) -> usize {
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

/// Whether a selector certainly, and whether it possibly, selects a namespace that has one of these label sets, or
/// where there is none any labels beside those known (N14).
fn selects_namespace(selector: &Selector<'_>, namespace: &Namespace, labels: &[PossibleLabels<'_>]) -> (bool, bool) {
    let fits = |requirement: &Requirement<'_>, labels: &[Label]| {
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
    let grantable = Wish { matching: smallvec![&free], escaping: Vec::new() }.grant() != Granted::Never;
    (certain, fit && grantable)
}
