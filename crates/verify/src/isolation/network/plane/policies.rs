//! Policies, each with the namespaces that its peers may be in, and grouped by identity (N21).

use super::kinds::{is_left_out, is_standard, is_terminating};
use super::labels::LabelSet;
use super::names::is_object_name;
use super::sets::{Addressed, Sets};
use super::space::parts;
use super::{Plane, index};
use crate::isolation::network::policy::{Direction, Namespaces, Peer, Spec, Way};
use crate::isolation::network::ports::PortRule;
use crate::isolation::network::selector::Selector;
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The index of a policy of the plane.
pub type PolicyIndex = usize;

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

impl<'s> Plane<'s> {
    pub(super) fn compile_policies(&mut self, labels: &[Vec<LabelSet<'s>>]) {
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
}

/// Reads a policy; what the API server refuses is an error, by its name too.
fn read_policy(placed: &Placed) -> Result<Spec<'_>, String> {
    let name = &placed.object.identity.name;
    if !is_object_name(name) {
        return Err(format!("`{name}` is no name of an object: lower-case letters, digits, `-` and `.` are"));
    }
    Spec::read(&placed.object.tree)
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
