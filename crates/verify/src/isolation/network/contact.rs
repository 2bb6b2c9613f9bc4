//! Contacts: what one namespace can do to another, judged from all flows between them, and folded by cause.

use super::door::admitted;
use super::flow::{Flows, Passage, Pods, Witness};
use super::plane::{Bound, Plane};
use super::policy::Direction;
use dtap_model::environment::{Belonging, ClusterId, EnvironmentId};
use fixedbitset::FixedBitSet;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How bad a contact is, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Degree {
    /// Only a pod that would be gets through.
    TodayOnly,
    /// Whether a pod gets through could not be decided.
    Unknown,
    /// A pod gets through.
    Broken,
}

/// Contacts into one namespace by one way in.
#[derive(Clone, Debug)]
pub struct Contact {
    /// How bad it is.
    pub degree: Degree,
    /// The way in.
    pub ingress: Passage,
    /// A flow that shows it; of the least source.
    pub witness: Witness,
    /// The environments it comes from: of many, many.
    sources: FixedBitSet,
    /// How many namespaces it comes from.
    pub cases: usize,
}

impl Contact {
    /// The environments it comes from.
    pub fn sources(&self) -> impl Iterator<Item = EnvironmentId> {
        self.sources.ones().filter_map(|at| u32::try_from(at).ok()).map(EnvironmentId)
    }
}

/// Who a namespace counts for: one row and column of the matrix. Namespaces of one party are never foreign to each
/// other.
pub type PartyIndex = usize;

/// Whether a source is of the street of its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FromStreet {
    /// It is.
    Own,
    /// It is of another, or of none.
    Other,
}

/// Everything found about one destination namespace.
#[derive(Clone, Debug, Default)]
pub struct Inbound {
    /// The namespace.
    pub to: usize,
    /// The worst from each party, that from the own street apart.
    pub degrees: BTreeMap<(PartyIndex, FromStreet), Degree>,
    /// The contacts between environments, by way in and degree.
    pub contacts: Vec<Contact>,
    /// Where this one or the other is in no environment, a flow from each party that could not be decided.
    pub doubts: BTreeMap<PartyIndex, Witness>,
    /// Where this one or the other is unplaced, how bad it is, with a flow from each namespace.
    pub unplaced: Vec<(Degree, Witness)>,
}

/// Judges every ordered pair of namespaces of different parties on one cluster; `parties` gives each namespace's, none
/// for those that are in no matrix.
#[must_use]
pub fn all(plane: &Plane<'_>, parties: &[Option<PartyIndex>]) -> Vec<Inbound> {
    let flows = Flows::new(plane);
    let count = plane.spaces.len();
    // Who possibly reaches whom, as far as the sources' own policies go.
    let mut senders = vec![FixedBitSet::with_capacity(count); count];
    let targets: Vec<Option<FixedBitSet>> =
        (0..count).into_par_iter().map(|from| admitted(plane, from, Direction::Egress)).collect();
    let mut to_all = FixedBitSet::with_capacity(count);
    // Who possibly reaches a node.
    let nodes: FixedBitSet =
        plane.on_nodes.iter().filter_map(|class| Some(plane.classes.get(*class)?.namespace)).collect();
    let mut to_nodes = FixedBitSet::with_capacity(count);
    for (from, targets) in targets.iter().enumerate() {
        to_nodes.set(from, targets.as_ref().is_none_or(|targets| !targets.is_disjoint(&nodes)));
        match targets {
            None => to_all.insert(from),
            Some(targets) => targets.ones().for_each(|to| {
                if let Some(senders) = senders.get_mut(to) {
                    senders.insert(from);
                }
            }),
        }
    }
    let foreign = Foreign::new(plane, parties);
    (0..count)
        .into_par_iter()
        .filter_map(|to| {
            let mut sources = foreign.to(to)?;
            let admitted_sources = admitted(plane, to, Direction::Ingress);
            let space = plane.spaces.get(to)?;
            let (evasive, published) = (space.evasive, space.published);
            if let Some(mut admitted) = admitted_sources.filter(|_| !evasive && !published) {
                admitted.union_with(&foreign.evasive);
                sources.intersect_with(&admitted);
            }
            let mut senders = senders.get(to)?.clone();
            senders.union_with(&to_all);
            senders.union_with(&foreign.evasive);
            if published {
                senders.union_with(&to_nodes);
            }
            if !evasive {
                sources.intersect_with(&senders);
            }
            Some(inbound(plane, &flows, parties, to, &sources))
        })
        .collect()
}

/// The masks that say which namespaces are foreign to which.
struct Foreign<'a, 's> {
    plane: &'a Plane<'s>,
    parties: &'a [Option<PartyIndex>],
    by_party: BTreeMap<PartyIndex, FixedBitSet>,
    by_cluster: BTreeMap<u32, FixedBitSet>,
    judged: FixedBitSet,
    evasive: FixedBitSet,
}

impl<'a, 's> Foreign<'a, 's> {
    fn new(plane: &'a Plane<'s>, parties: &'a [Option<PartyIndex>]) -> Self {
        let count = plane.spaces.len();
        let empty = || FixedBitSet::with_capacity(count);
        let mut this = Self {
            plane,
            parties,
            by_party: BTreeMap::new(),
            by_cluster: BTreeMap::new(),
            judged: empty(),
            evasive: empty(),
        };
        for (at, (party, namespace)) in parties.iter().zip(&plane.snapshot.namespaces).enumerate() {
            let Some(party) = party else { continue };
            this.judged.insert(at);
            this.by_party.entry(*party).or_insert_with(empty).insert(at);
            this.by_cluster.entry(namespace.cluster.0).or_insert_with(empty).insert(at);
            this.evasive.set(at, plane.spaces.get(at).is_some_and(|space| space.evasive));
        }
        this
    }

    /// The namespaces foreign to this one, on its cluster or one that may be it; none where this one is in no matrix.
    fn to(&self, at: usize) -> Option<FixedBitSet> {
        let party = (*self.parties.get(at)?)?;
        let mut sources = self.judged.clone();
        sources.difference_with(self.by_party.get(&party)?);
        let snapshot = self.plane.snapshot;
        let cluster = self.plane.namespace(at)?.cluster;
        let mut near = FixedBitSet::with_capacity(self.plane.spaces.len());
        let meeting = self.by_cluster.iter().filter(|(other, _)| snapshot.may_meet(cluster, ClusterId(**other)));
        meeting.for_each(|(_, members)| near.union_with(members));
        sources.intersect_with(&near);
        Some(sources)
    }
}

/// Judges every source of one namespace.
fn inbound(
    plane: &Plane<'_>,
    flows: &Flows<'_, '_>,
    parties: &[Option<PartyIndex>],
    to: usize,
    sources: &FixedBitSet,
) -> Inbound {
    let mut inbound = Inbound { to, ..Inbound::default() };
    let mut folded: BTreeMap<(Degree, Passage), Contact> = BTreeMap::new();
    let is_environment = environment(plane, to).is_some();
    let street = |environment: Option<EnvironmentId>| Some(plane.snapshot.environment(environment?)?.street);
    let own = street(environment(plane, to));
    let is_unplaced = |at: usize| plane.namespace(at).is_some_and(|it| it.belonging == Belonging::Unplaced);
    for from in sources.ones() {
        let Some((degree, witnesses)) = judge(plane, flows, from, to) else { continue };
        let source = environment(plane, from);
        let party = parties.get(from).copied().flatten().unwrap_or_default();
        let is_own = own.is_some() && street(source) == own;
        let from_street = if is_own { FromStreet::Own } else { FromStreet::Other };
        let worst = inbound.degrees.entry((party, from_street)).or_insert(degree);
        *worst = degree.max(*worst);
        let Some(source) = source.filter(|_| is_environment) else {
            // Contact with a shared namespace is no defect, nor is one between two that are in no environment.
            let judged = is_environment || source.is_some();
            let best = witnesses.into_iter().filter(|_| judged).min_by_key(|witness| rating(plane, witness));
            match best {
                Some(witness) if degree == Degree::Unknown => {
                    let known = inbound.doubts.entry(party).or_insert_with(|| witness.clone());
                    if rating(plane, &witness) < rating(plane, known) {
                        *known = witness;
                    }
                }
                Some(witness) if is_unplaced(from) || is_unplaced(to) => inbound.unplaced.push((degree, witness)),
                _ => {}
            }
            continue;
        };
        for witness in witnesses {
            let contact = folded.entry((degree, witness.ingress)).or_insert_with(|| Contact {
                degree,
                ingress: witness.ingress,
                witness: witness.clone(),
                sources: FixedBitSet::with_capacity(plane.snapshot.environments.len()),
                cases: 0,
            });
            if rating(plane, &witness) < rating(plane, &contact.witness) {
                contact.witness = witness;
            }
            usize::try_from(source.0).into_iter().for_each(|at| contact.sources.grow_and_insert(at));
            contact.cases += 1;
        }
    }
    inbound.contacts = folded.into_values().collect();
    inbound
}

/// What makes a witness better, the least first: known pods, then the earlier environment.
fn rating(plane: &Plane<'_>, witness: &Witness) -> (bool, Option<EnvironmentId>) {
    (!witness.is_known(), environment(plane, witness.from))
}

/// The environment of a namespace.
#[must_use]
pub fn environment(plane: &Plane<'_>, at: usize) -> Option<EnvironmentId> {
    match plane.namespace(at)?.belonging {
        Belonging::Environment(id) => Some(id),
        _ => None,
    }
}

/// What one namespace can do to another, with a witness for each way in; none where they are isolated.
///
/// Those who count are the known pods of a namespace; where none is known, the pods that would be. Nothing is certain
/// between two clusters that only may be one.
fn judge(plane: &Plane<'_>, flows: &Flows<'_, '_>, from: usize, to: usize) -> Option<(Degree, Vec<Witness>)> {
    let counting = |at: usize| {
        let known = plane.classes_of(at).any(|(_, class)| !class.is_doubtful());
        if known { Pods::Known } else { Pods::WouldBe }
    };
    let counts = (counting(from), counting(to));
    // What only custom templates show, or what Pod Security refuses, comes last.
    let pods = |at: usize| match counting(at) {
        Pods::Known => &[Pods::Known, Pods::WouldBe][..],
        Pods::WouldBe => &[Pods::WouldBe, Pods::Known],
    };
    let others: Vec<(Pods, Pods)> = pods(from)
        .iter()
        .flat_map(|source| pods(to).iter().map(|destination| (*source, *destination)))
        .filter(|pods| *pods != counts)
        .collect();
    let find = |pods: &[(Pods, Pods)], bound| {
        let found = pods.iter().map(|pods| flows.between(from, to, *pods, bound)).find(|found| !found.is_empty());
        found.unwrap_or_default()
    };
    let known = [counts];
    let tries = [
        (Degree::Broken, &known[..], Bound::Certain),
        (Degree::Unknown, &known, Bound::Possible),
        (Degree::TodayOnly, &others, Bound::Certain),
        (Degree::Unknown, &others, Bound::Possible),
    ];
    let together = is_one_cluster(plane, from, to);
    tries.into_iter().filter(|(.., bound)| together || *bound == Bound::Possible).find_map(|(degree, pods, bound)| {
        let witnesses = find(pods, bound);
        (!witnesses.is_empty()).then_some((degree, witnesses))
    })
}

/// Whether two namespaces stand on one cluster for certain: nothing says that they do not.
#[must_use]
pub fn is_one_cluster(plane: &Plane<'_>, one: usize, other: usize) -> bool {
    let cluster = |at: usize| plane.namespace(at).map(|namespace| namespace.cluster);
    cluster(one) == cluster(other) && !plane.snapshot.may_be_apart(one, other)
}
