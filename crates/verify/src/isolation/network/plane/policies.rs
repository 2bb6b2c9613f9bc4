//! Policies, each with what it says, and grouped by identity (N21).

use super::kinds::{has_generated_name, is_left_out, is_standard, is_terminating};
use super::labels::PossibleLabels;
use super::objects::Objects;
use super::sets::{Addressed, Sets};
use super::space::parts;
use super::terms::{Numbered, ReadPolicies, Terms, TermsIndex};
use super::{Plane, index};
use crate::isolation::network::policy::Direction;
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use smallvec::SmallVec;

/// The index of a policy of the plane.
pub type PolicyIndex = usize;

/// A policy in force, or that may be.
#[derive(Debug)]
pub struct Policy<'s> {
    /// The object.
    pub placed: &'s Placed,
    /// What it says.
    pub terms: TermsIndex,
    /// The parts of the namespace it stands in, an index into the plane's sets, where it speaks of them.
    pub own: Option<usize>,
    /// Whether it is in force.
    force: Force,
}

/// Whether a policy is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    /// For certain.
    Certain,
    /// Nobody knows: the API server refuses it, or a deployment tool leaves it out.
    Perhaps,
    /// It is being deleted: it protects nothing, and may admit for as long as it is there (N13).
    Ending,
}

/// The documents of one policy identity, as far as they isolate one direction. They are alternatives: one of them holds
/// (N21).
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Every policy that possibly holds.
    pub possible: SmallVec<[PolicyIndex; 1]>,
    /// Those of them that isolate what they select.
    pub selecting: SmallVec<[PolicyIndex; 1]>,
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

/// Reads the policies that are `NetworkPolicies` of a namespace.
pub(super) fn read<'s>(snapshot: &'s Snapshot, objects: &Objects<'s>) -> ReadPolicies<'s> {
    let policies = objects.policies.iter().map(|(_, placed)| *placed);
    let standing = policies.filter(|placed| placed.namespace.is_some() && is_standard(placed));
    ReadPolicies::of(&standing.collect::<Vec<_>>(), &snapshot.sources)
}

impl<'s> Plane<'s> {
    pub(super) fn compile_policies(&mut self, read: ReadPolicies<'s>, labels: &[Vec<PossibleLabels<'s>>]) {
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
        let (terms, policies) = read.resolve(&mut sets);
        let mut by_namespace: Vec<Vec<PolicyIndex>> = vec![Vec::new(); parts.len()];
        let mut own = Vec::with_capacity(policies.len());
        for (at, policy) in policies.iter().enumerate() {
            let namespace = policy.placed.namespace.and_then(|id| self.snapshot.namespace(id));
            let whole = namespace.map_or(0, |it| index(it.whole));
            let speaks_of_own = terms.get(policy.terms).is_some_and(Terms::speak_of_own);
            own.push(speaks_of_own.then(|| sets.own(whole)));
            by_namespace.get_mut(whole).into_iter().for_each(|policies| policies.push(at));
        }
        self.sets = sets.sets;
        let policies = policies.into_iter().zip(own).map(|(Numbered { placed, terms: number, force }, own)| {
            let refused = terms.get(number).is_none_or(|terms| terms.refused.is_some());
            Policy { placed, terms: number, own, force: if refused { force.in_doubt() } else { force } }
        });
        self.policies = policies.collect();
        self.terms = terms;
        let groups = by_namespace.par_iter_mut().map(|policies| self.groups(policies));
        let groups: Vec<[Vec<Group>; 2]> = groups.collect();
        for (parts, [ingress, egress]) in parts.iter().zip(groups) {
            let Some((last, others)) = parts.split_last() else { continue };
            for part in others {
                if let Some(space) = self.spaces.get_mut(*part) {
                    (space.ingress, space.egress) = (ingress.clone(), egress.clone());
                }
            }
            if let Some(space) = self.spaces.get_mut(*last) {
                (space.ingress, space.egress) = (ingress, egress);
            }
        }
    }

    /// The groups of the policies of one namespace in each direction, by name.
    fn groups(&self, policies: &mut [PolicyIndex]) -> [Vec<Group>; 2] {
        let identity = |policy: &PolicyIndex| {
            let name = self.policies.get(*policy).map_or("", |policy| policy.placed.object.identity.name.as_str());
            // Objects of one generateName are several objects and no alternatives.
            let apart = if name.ends_with('*') { *policy } else { 0 };
            (name, apart)
        };
        policies.sort_by(|one, other| identity(one).cmp(&identity(other)));
        let identities = policies.chunk_by(|one, other| identity(one) == identity(other));
        let identities: Vec<&[PolicyIndex]> = identities.collect();
        [Direction::Ingress, Direction::Egress]
            .map(|direction| identities.iter().filter_map(|alternatives| self.group(alternatives, direction)).collect())
    }

    /// What the alternatives of one identity come to in one direction; none where none of them isolates it.
    fn group(&self, alternatives: &[PolicyIndex], direction: Direction) -> Option<Group> {
        let mut group = Group::default();
        for index in alternatives {
            let (policy, terms) = (self.policies.get(*index)?, self.terms_of(*index)?);
            if terms.routes(direction).is_none() {
                group.void = true;
                continue;
            }
            group.possible.push(*index);
            group.void |= policy.force != Force::Certain;
            if policy.force != Force::Ending {
                group.selecting.push(*index);
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

impl Force {
    /// What a policy says of itself.
    pub(super) fn of(placed: &Placed) -> Self {
        match (is_terminating(placed), is_left_out(placed) || has_generated_name(placed)) {
            (true, _) => Self::Ending,
            (false, true) => Self::Perhaps,
            (false, false) => Self::Certain,
        }
    }

    /// The same of one that the API server refuses.
    fn in_doubt(self) -> Self {
        if self == Self::Certain { Self::Perhaps } else { self }
    }
}
