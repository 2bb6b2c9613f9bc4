//! Whether a pod of one namespace can open a connection to a pod of another, with a witness.
//!
//! A flow needs a door out of the source's namespace, a door into the destination's, on either side a peer that is the
//! other end, and a port that both open (N7). Of a pod that would be, the door and the peer are wishes about its
//! labels, granted jointly (N17).

use super::address::Block;
use super::door::{Door, Step, doors};
use super::plane::{Bound, Class, Plane, PolicyIndex};
use super::policy::{Direction, Peer};
use super::ports::{ALL_PORTS, Ports, Shown, opens_tunnel};
use super::published::{self, Publisher};
use super::selector::{Granted, Wish};
use super::service::Service;
use dtap_model::label::{Label, Labels, is_label_value};
use dtap_model::workload::{ContainerPort, Protocol, Workload};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::sync::OnceLock;

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A pod of this class.
    Known(usize),
    /// A pod that would be, with these labels.
    WouldBe(Labels),
}

/// How a pod passes its own policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passage {
    /// No policy selects it.
    Unselected,
    /// Through this route of this policy.
    Through(PolicyIndex, usize),
    /// Beside all policies: the source, of this class, is on the node's network, and a node always reaches its pods
    /// (N12).
    FromNode(usize),
    /// Beside all policies: one of the two has networks of its own (N18).
    SecondaryNetwork,
    /// Beside all policies: what was not read on one of the two sides may be pods of either kind (N12, N18).
    HiddenPods,
    /// Arriving as a node, which may reach the pod whatever the policies, by what publishes the pod on nodes (N12).
    ByNode(Publisher),
}

/// A flow that shows what can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The namespace of the source.
    pub from: usize,
    /// The source.
    pub source: End,
    /// The namespace of the destination.
    pub to: usize,
    /// The destination.
    pub destination: End,
    /// The port opened.
    pub port: Shown,
    /// How it gets out.
    pub egress: Passage,
    /// How it gets in.
    pub ingress: Passage,
}

impl Witness {
    /// Whether both its pods are in the input.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!((&self.source, &self.destination), (End::Known(_), End::Known(_)))
    }
}

/// Which pods are looked at on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pods {
    /// Those in the input.
    Known,
    /// Those that would be.
    WouldBe,
}

/// A door and one of its ways.
#[derive(Clone, Copy)]
struct Opening<'d, 'p, 's> {
    door: &'d Door<'p, 's>,
    steps: &'d [Step<'p, 's>],
    /// The Service whose address the way covers, where that is how it leads to the other end.
    service: Option<&'p Service<'s>>,
}

/// The flows of a plane. The doors of a namespace are found when first asked for.
#[derive(Debug)]
pub struct Flows<'p, 's> {
    plane: &'p Plane<'s>,
    doors: Vec<[OnceLock<Vec<Door<'p, 's>>>; 4]>,
}

impl<'p, 's> Flows<'p, 's> {
    /// Flows over a plane.
    #[must_use]
    pub fn new(plane: &'p Plane<'s>) -> Self {
        Self { plane, doors: plane.spaces.iter().map(|_| Default::default()).collect() }
    }

    /// The flows from one namespace to another under a bound: one for each way in, each with a witness.
    #[must_use]
    pub fn between(&self, from: usize, to: usize, pods: (Pods, Pods), bound: Bound) -> Vec<Witness> {
        let is_doubtful = |at: usize| self.plane.spaces.get(at).is_some_and(|space| space.adrift || space.holds_more);
        let new_pods = [(from, pods.0), (to, pods.1)].into_iter().filter(|(_, pods)| *pods == Pods::WouldBe);
        if bound == Bound::Certain && new_pods.into_iter().any(|(at, _)| is_doubtful(at)) {
            return Vec::new();
        }
        let mut found: Vec<Witness> = self.beside(from, to, pods, bound).into_iter().collect();
        let out = self.openings(from, Direction::Egress, bound, to);
        let into = if out.is_empty() { Vec::new() } else { self.openings(to, Direction::Ingress, bound, from) };
        found.extend(into.iter().filter_map(|into| {
            out.iter().find_map(|out| Joint { plane: self.plane, bound, from, to, out, into }.flow(pods))
        }));
        if bound == Bound::Possible && self.plane.spaces.get(to).is_some_and(|space| space.published) {
            found.extend(published::flows(self.plane, self.doors(from, Direction::Egress, bound), (from, to), pods));
        }
        found
    }

    /// What a pod of one class may open at a pod of another, by every pair of ways.
    #[must_use]
    pub fn of_classes(&self, source: usize, destination: usize, bound: Bound) -> Vec<(Ports, Passage, Passage)> {
        let (Some(from), Some(to)) = (self.plane.classes.get(source), self.plane.classes.get(destination)) else {
            return Vec::new();
        };
        let mut found: Vec<(Ports, Passage, Passage)> =
            beside(self.plane, &End::Known(source), (Some(from), Some(to)), bound)
                .map(|by| (ALL_PORTS.clone(), by, by))
                .into_iter()
                .collect();
        let out = self.openings(from.namespace, Direction::Egress, bound, to.namespace);
        let into = self.openings(to.namespace, Direction::Ingress, bound, from.namespace);
        for out in out.iter().filter(|out| out.door.is_open_to(source)) {
            for into in into.iter().filter(|into| into.door.is_open_to(destination)) {
                let joint = Joint { plane: self.plane, bound, from: from.namespace, to: to.namespace, out, into };
                let passes = joint.families(out) & joint.families(into) != 0
                    && joint.is_peer(into, from)
                    && joint.is_peer(out, to);
                if passes {
                    found.push((joint.opened(Some(to.ports)), passage(out.steps), passage(into.steps)));
                }
            }
        }
        if bound == Bound::Possible {
            found.extend(self.by_node(source, destination));
            // What was not read may be another document of one of the two.
            let hides_pods = |class: &Class<'_>| self.plane.spaces.get(class.namespace).is_some_and(|it| it.hides_pods);
            if hides_pods(from) || hides_pods(to) {
                found.push((ALL_PORTS.clone(), Passage::HiddenPods, Passage::HiddenPods));
            }
        }
        found
    }

    /// What a pod of one class may open at a pod of another by way of a node.
    fn by_node(&self, source: usize, destination: usize) -> Vec<(Ports, Passage, Passage)> {
        let (Some(from), Some(to)) = (self.plane.classes.get(source), self.plane.classes.get(destination)) else {
            return Vec::new();
        };
        let backends = published::backends(self.plane, to.namespace, Pods::Known);
        let ways = self.doors(from.namespace, Direction::Egress, Bound::Possible).iter();
        let ways: Vec<_> = ways.filter(|door| door.is_open_to(source)).flat_map(Door::ways).collect();
        let meets = backends.iter().filter(|backend| backend.class() == Some(destination));
        meets
            .flat_map(|backend| {
                let opened = ways.iter().filter_map(|way| {
                    let (_, ports) = backend.reached_by(from.namespace, way.first())?;
                    Some((ports, passage(way), Passage::ByNode(backend.publisher())))
                });
                opened.collect::<Vec<_>>()
            })
            .collect()
    }

    /// The ways past its own policies that a class has.
    #[must_use]
    pub fn doors_of_class(&self, class: usize, direction: Direction, bound: Bound) -> Vec<&[Step<'p, 's>]> {
        let space = self.plane.classes.get(class).map_or(usize::MAX, |class| class.namespace);
        let doors = self.doors(space, direction, bound).iter().filter(|door| door.is_open_to(class));
        doors.flat_map(Door::ways).collect()
    }

    fn doors(&self, space: usize, direction: Direction, bound: Bound) -> &[Door<'p, 's>] {
        let slot = match (direction, bound) {
            (Direction::Ingress, Bound::Certain) => 0,
            (Direction::Ingress, Bound::Possible) => 1,
            (Direction::Egress, Bound::Certain) => 2,
            (Direction::Egress, Bound::Possible) => 3,
        };
        let cell = self.doors.get(space).and_then(|cells| cells.get(slot));
        cell.map_or(&[], |cell| cell.get_or_init(|| doors(self.plane, space, direction, bound)))
    }

    /// The ways of a namespace whose peer can be in another one.
    fn openings(&self, space: usize, direction: Direction, bound: Bound, other: usize) -> Vec<Opening<'_, 'p, 's>> {
        let mut openings = Vec::new();
        for door in self.doors(space, direction, bound) {
            for steps in door.ways().filter(|steps| steps.iter().all(|step| self.leads(step, other, bound))) {
                openings.push(Opening { door, steps, service: None });
                if direction == Direction::Egress && bound == Bound::Possible {
                    openings.extend(self.services(steps, other).map(|it| Opening { door, steps, service: Some(it) }));
                }
            }
        }
        openings
    }

    fn leads(&self, step: &Step<'_, '_>, other: usize, bound: Bound) -> bool {
        let set = self.plane.namespaces_of(step.policy, step.route);
        set.is_none_or(|set| set.under(bound).contains(other))
    }

    /// The Services of a namespace whose address a way out may cover (N10).
    fn services(&self, steps: &[Step<'p, 's>], other: usize) -> impl Iterator<Item = &'p Service<'s>> {
        let block = match steps {
            [step] => match &step.route.way.peer {
                Peer::Block(block) => Some(block),
                _ => None,
            },
            _ => None,
        };
        block.into_iter().flat_map(move |block| {
            let services = self.plane.services.get(other).map_or(&[][..], Vec::as_slice);
            let cluster = self.plane.namespace(other).map(|namespace| namespace.cluster);
            let may_meet = move |service: &&Service<'_>| {
                cluster.is_some_and(|cluster| self.plane.snapshot.may_meet(cluster, service.placed.cluster))
            };
            let services = services.iter().chain(self.plane.by_hand.iter().filter(may_meet));
            services.filter(move |service| service.is_covered_by(block))
        })
    }

    /// A flow that no policy has a say in.
    fn beside(&self, from: usize, to: usize, (sources, destinations): (Pods, Pods), bound: Bound) -> Option<Witness> {
        let evasive = |at: usize| self.plane.spaces.get(at).is_some_and(|space| space.evasive);
        if !evasive(from) && !evasive(to) {
            return None;
        }
        let ends = |at: usize, pods: Pods| -> Vec<(End, Option<&Class<'s>>)> {
            match pods {
                Pods::Known => {
                    self.plane.classes_of(at).map(|(index, class)| (End::Known(index), Some(class))).collect()
                }
                Pods::WouldBe => vec![(End::WouldBe(Vec::new()), None)],
            }
        };
        // What new pods of two namespaces that have networks beside the cluster's ask for may be one.
        let may_join = |at: usize, class: Option<&Class<'s>>| {
            let new_may = || self.plane.spaces.get(at).is_some_and(|space| space.networks);
            bound == Bound::Possible && class.map_or_else(new_may, |class| class.secondary_networks)
        };
        let hides_pods = |at: usize| self.plane.spaces.get(at).is_some_and(|space| space.hides_pods);
        let hidden = bound == Bound::Possible && (hides_pods(from) || hides_pods(to));
        let destinations = ends(to, destinations);
        ends(from, sources).into_iter().find_map(|(source, class)| {
            destinations.iter().find_map(|(destination, other)| {
                let passage = beside(self.plane, &source, (class, *other), bound)
                    .or_else(|| (may_join(from, class) && may_join(to, *other)).then_some(Passage::SecondaryNetwork))
                    .or_else(|| hidden.then_some(Passage::HiddenPods))?;
                let declared = other.map(|other| other.ports);
                Some(Witness {
                    from,
                    source: source.clone(),
                    to,
                    destination: destination.clone(),
                    port: Shown::of(&ALL_PORTS, declared)?,
                    egress: passage,
                    ingress: passage,
                })
            })
        })
    }
}

/// How two pods meet whatever their policies say, if they do.
fn beside<'s>(
    plane: &Plane<'s>,
    end: &End,
    (source, destination): (Option<&Class<'s>>, Option<&Class<'s>>),
    bound: Bound,
) -> Option<Passage> {
    let on_node = |class: Option<&Class<'_>>| class.is_some_and(|class| class.host_network);
    let secondary = |class: Option<&Class<'_>>| class.is_some_and(|class| class.secondary_networks);
    let certain = [source, destination].into_iter().flatten().all(Class::is_certain);
    if bound == Bound::Certain && !certain {
        return None;
    }
    if let End::Known(class) = end
        && on_node(source)
        && !on_node(destination)
        && may_share_node(plane, source?, destination, bound)
    {
        return Some(Passage::FromNode(*class));
    }
    let beside = bound == Bound::Possible && (secondary(source) || secondary(destination));
    beside.then_some(Passage::SecondaryNetwork)
}

/// Whether some pods of two classes may run on one node under a bound. What nodes they ask for keeps them apart for as
/// long as they ask for those, which is not certain.
pub fn may_share_node<'s>(
    plane: &Plane<'s>,
    source: &Class<'s>,
    destination: Option<&Class<'s>>,
    bound: Bound,
) -> bool {
    let Some(destination) = destination else { return true };
    let apart = |one: &Option<SmolStr>, other: &Option<SmolStr>| one.is_some() && other.is_some() && one != other;
    let asks_apart = |one: &Workload, other: &Workload| {
        let differs = |(key, value): &Label| other.node_labels.iter().any(|it| it.0 == *key && it.1 != *value);
        let has_none = |it: &Workload| it.node_labels.iter().any(|(_, value)| !is_label_value(value));
        bound == Bound::Certain && (one.node_labels.iter().any(differs) || has_none(one) || has_none(other))
    };
    let members = |class| plane.members(class);
    members(source)
        .any(|one| members(destination).any(|other| !apart(&one.node, &other.node) && !asks_apart(one, other)))
}

/// A way out and a way in, to be taken by one flow.
struct Joint<'d, 'p, 's> {
    plane: &'p Plane<'s>,
    bound: Bound,
    from: usize,
    to: usize,
    out: &'d Opening<'d, 'p, 's>,
    into: &'d Opening<'d, 'p, 's>,
}

/// The families of addresses, as bits.
const V4: u8 = 1;
const V6: u8 = 2;

impl<'p, 's> Joint<'_, 'p, 's> {
    /// A flow by both ways, if there is one.
    fn flow(&self, (sources, destinations): (Pods, Pods)) -> Option<Witness> {
        // By which families of addresses the peers' blocks let it through.
        let families = self.families(self.out) & self.families(self.into);
        if families == 0 {
            return None;
        }
        let (source, _) = self.ends(self.out, self.into, sources).next()?;
        self.ends(self.into, self.out, destinations).find_map(|(destination, declared)| {
            let ports = self.opened(declared);
            Some(Witness {
                from: self.from,
                source: source.clone(),
                to: self.to,
                port: Shown::of(&ports, declared)?,
                destination,
                egress: passage(self.out.steps),
                ingress: passage(self.into.steps),
            })
        })
    }

    /// The ports that both ways open at a destination.
    fn opened(&self, declared: Option<&[ContainerPort]>) -> Ports {
        let mut ports = opened(self.out, declared).intersection(&opened(self.into, declared));
        if self.bound == Bound::Possible && opens_tunnel(&ports) && self.plane.is_ambient(self.to) {
            ports.add(Protocol::Tcp, 1, u16::MAX);
        }
        ports
    }

    /// The families of addresses that the blocks of a way are of, and that are there for certain where that is asked.
    fn families(&self, opening: &Opening<'_, '_, '_>) -> u8 {
        let there = match self.bound {
            Bound::Possible => V4 | V6,
            // Where there is IPv4, IPv6 is not certain.
            Bound::Certain if self.plane.ranges.ranges.iter().any(|range| family(range) == V4) => V4,
            Bound::Certain => V6,
        };
        opening.steps.iter().fold(there, |families, step| match &step.route.way.peer {
            Peer::Block(block) => families & if block.is_v6() { V6 } else { V4 },
            _ => families,
        })
    }

    /// The pods that pass their own door and are the peer of the other end's, with the ports they declare.
    fn ends<'e>(
        &'e self,
        own: &'e Opening<'_, 'p, 's>,
        other: &'e Opening<'_, 'p, 's>,
        pods: Pods,
    ) -> impl Iterator<Item = (End, Option<&'e [ContainerPort]>)> {
        let known = (pods == Pods::Known).then(|| own.door.known()).into_iter().flatten();
        let peers = known.filter(|(_, class)| self.is_peer(other, class));
        let would_be = if pods == Pods::WouldBe { self.would_be(own, other) } else { None };
        peers.map(|(index, class)| (End::Known(index), Some(class.ports))).chain(would_be.map(|end| (end, None)))
    }

    /// Whether a class is the peer of every step of the other end's way.
    fn is_peer(&self, other: &Opening<'_, '_, '_>, class: &Class<'_>) -> bool {
        if let Some(service) = other.service {
            return class.labels.match_selector(service.selects(), self.bound);
        }
        other.steps.iter().all(|step| match &step.route.way.peer {
            Peer::Everyone => true,
            // Whether selectors and blocks match a pod on the node's network is undefined (N12).
            _ if class.host_network && self.bound == Bound::Certain => false,
            Peer::Pods { pods, .. } => class.labels.match_selector(pods, self.bound),
            Peer::Block(block) => class.host_network || self.covers(block),
        })
    }

    /// A pod that would be, that passes its own door and is the peer of the other end's.
    fn would_be(&self, own: &Opening<'_, 'p, 's>, other: &Opening<'_, 'p, 's>) -> Option<End> {
        let mut wish = Cow::Borrowed(own.door.would_be()?);
        if let Some(service) = other.service {
            wish.to_mut().matching.push(service.selects());
        } else {
            for step in other.steps {
                match &step.route.way.peer {
                    Peer::Everyone => {}
                    Peer::Pods { pods, .. } => wish.to_mut().matching.push(pods),
                    Peer::Block(block) if self.covers(block) => {}
                    Peer::Block(_) => return None,
                }
            }
        }
        granted(&wish, self.bound)
    }

    /// Whether a block covers pods (N11). A pod has another address tomorrow, so what one shows today decides nothing:
    /// a block possibly covers any pod if it meets the pods' range, and certainly all if it holds all of that.
    fn covers(&self, block: &Block) -> bool {
        let mut ranges =
            self.plane.ranges.ranges.iter().filter(|range| (family(range) == V6) == block.is_v6()).peekable();
        match (self.plane.settings.assume.ip_block_matches_pods, self.bound) {
            (Some(false), _) | (None, Bound::Certain) => false,
            (_, Bound::Possible) => ranges.any(|range| block.may_cover(*range)),
            (Some(true), Bound::Certain) => ranges.peek().is_some() && ranges.all(|range| block.covers_all_of(*range)),
        }
    }
}

/// A pod that would be and grants a wish, if there can be one under a bound.
pub fn granted(wish: &Wish<'_, '_>, bound: Bound) -> Option<End> {
    match wish.grant() {
        Granted::With(labels) => Some(End::WouldBe(labels)),
        Granted::Undecided if bound == Bound::Possible => Some(End::WouldBe(Vec::new())),
        Granted::Undecided | Granted::Never => None,
    }
}

fn family(range: &IpNet) -> u8 {
    if matches!(range, IpNet::V6(_)) { V6 } else { V4 }
}

/// The ports that a way opens at a destination.
fn opened<'d>(opening: &Opening<'d, '_, '_>, declared: Option<&[ContainerPort]>) -> Cow<'d, Ports> {
    match (opening.service, opening.steps) {
        (_, []) => Cow::Borrowed(&*ALL_PORTS),
        (Some(service), [step, ..]) => Cow::Owned(service.opened(&step.route.way.ports, declared)),
        (None, [first, others @ ..]) => others.iter().fold(first.route.way.ports.at(declared), |ports, step| {
            Cow::Owned(ports.intersection(&step.route.way.ports.at(declared)))
        }),
    }
}

/// How a way is passed.
pub fn passage(steps: &[Step<'_, '_>]) -> Passage {
    steps.first().map_or(Passage::Unselected, |step| Passage::Through(step.policy, step.at))
}
