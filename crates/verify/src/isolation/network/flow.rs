//! Whether a pod of one namespace can open a connection to a pod of another, with a witness.
//!
//! A pod passes its own policies through a *door*: no policy selects it, or one that does opens a way. A flow needs a
//! door out of the source, a door into the destination, a peer on either side that is the other end, and a port that
//! both open (N7). Of a pod that would be, the door and the peer are wishes about its labels, granted jointly (N17).

use super::address::{Block, single};
use super::plane::{Bound, Class, Plane, PolicyIndex, Route};
use super::policy::{Direction, Peer};
use super::ports::{ALL_PORTS, Ports};
use super::selector::{Granted, Selector, Wish};
use dtap_model::workload::{ContainerPort, Protocol};
use ipnet::IpNet;
use std::borrow::Cow;
use std::sync::OnceLock;

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A pod of this class.
    Known(usize),
    /// A pod that would be, with these labels.
    WouldBe(Vec<(String, String)>),
}

/// How a pod passes its own policies: through this route of this policy, or because none selects it.
pub type Passage = Option<(PolicyIndex, usize)>;

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
    /// The protocol and port opened.
    pub port: (Protocol, u16),
    /// How it gets out.
    pub egress: Passage,
    /// How it gets in.
    pub ingress: Passage,
}

/// The pods that pass one door.
#[derive(Debug)]
struct Door<'p, 's> {
    /// The policy; none where the door is that no policy selects the pod.
    policy: Option<PolicyIndex>,
    /// The classes.
    known: Vec<usize>,
    /// What a pod that would be needs; none where none can pass.
    would_be: Option<Wish<'p, 's>>,
}

/// Which pods are looked at on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pods {
    /// Those in the input.
    Known,
    /// Those that would be.
    WouldBe,
}

/// A door and one of its ways; no way where the door itself is open.
#[derive(Clone, Copy)]
struct Opening<'d, 'p, 's> {
    door: &'d Door<'p, 's>,
    route: Option<(usize, &'p Route<'s>)>,
}

/// The doors of every namespace, found when first asked for.
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
        let out = self.openings(from, Direction::Egress, bound, to);
        if out.is_empty() {
            return Vec::new();
        }
        let into = self.openings(to, Direction::Ingress, bound, from);
        let find = |into: &Opening<'_, 'p, 's>| {
            out.iter().find_map(|out| Joint { plane: self.plane, bound, from, to, out, into }.flow(pods))
        };
        into.iter().filter_map(find).collect()
    }

    /// The namespaces that a namespace's pods, known or not, possibly reach or are possibly reached from, as far as its
    /// own policies go; none for all of them.
    #[must_use]
    pub fn admitted(&self, space: usize, direction: Direction) -> Option<fixedbitset::FixedBitSet> {
        let mut admitted = fixedbitset::FixedBitSet::with_capacity(self.plane.spaces.len());
        for door in self.doors(space, direction, Bound::Possible) {
            let policy = self.plane.policies.get(door.policy?)?;
            for route in policy.routes(direction)? {
                match (&route.way.peer, route.namespaces.and_then(|set| self.plane.sets.get(set))) {
                    (Peer::Pods { .. }, Some(set)) => admitted.union_with(&set.possible),
                    (Peer::Block(_), _) if self.plane.settings.assume.ip_block_matches_pods == Some(false) => {}
                    _ => return None,
                }
            }
        }
        Some(admitted)
    }

    fn openings<'d>(
        &'d self,
        space: usize,
        direction: Direction,
        bound: Bound,
        other: usize,
    ) -> Vec<Opening<'d, 'p, 's>> {
        let mut openings = Vec::new();
        for door in self.doors(space, direction, bound) {
            let Some(policy) = door.policy else {
                openings.push(Opening { door, route: None });
                continue;
            };
            let routes = self.plane.policies.get(policy).and_then(|policy| policy.routes(direction));
            for (at, route) in routes.into_iter().flatten().enumerate() {
                if self.is_for(route, other, bound) {
                    openings.push(Opening { door, route: Some((at, route)) });
                }
            }
        }
        openings
    }

    /// Whether the peer of a route can be in a namespace.
    fn is_for(&self, route: &Route<'_>, other: usize, bound: Bound) -> bool {
        match (&route.way.peer, route.namespaces.and_then(|set| self.plane.sets.get(set))) {
            (Peer::Pods { .. }, Some(set)) => set.under(bound).contains(other),
            (Peer::Pods { .. }, None) => false,
            (Peer::Everyone | Peer::Block(_), _) => true,
        }
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
}

/// The doors of one namespace in one direction.
fn doors<'p, 's>(plane: &'p Plane<'s>, at: usize, direction: Direction, bound: Bound) -> Vec<Door<'p, 's>> {
    let Some(space) = plane.spaces.get(at) else { return Vec::new() };
    if space.unmodelled && bound == Bound::Certain {
        return Vec::new();
    }
    let mut doors = Vec::new();
    if !space.incomplete || bound == Bound::Possible {
        doors.extend(open_door(plane, at, direction, bound));
    }
    for group in space.groups(direction) {
        let policies = match bound {
            Bound::Certain => group.certain.as_slice(),
            Bound::Possible => &group.possible,
        };
        for index in policies {
            let Some(policy) = plane.policies.get(*index) else { continue };
            // A pod on the node's network is no certain subject of any policy (N12).
            let passes = |class: &Class<'_>| {
                policy.selects.matches(class.labels) && !(class.host_network && bound == Bound::Certain)
            };
            let known = plane.classes_of(at).filter(|(_, class)| passes(class)).map(|(index, _)| index).collect();
            let would_be = Some(Wish { matching: vec![&policy.selects], escaping: Vec::new() });
            doors.push(Door { policy: Some(*index), known, would_be });
        }
    }
    doors
}

/// The door of the pods that no policy selects.
fn open_door<'p, 's>(plane: &'p Plane<'s>, at: usize, direction: Direction, bound: Bound) -> Option<Door<'p, 's>> {
    let space = plane.spaces.get(at)?;
    let unknowable = bound == Bound::Possible && (space.unmodelled || space.incomplete);
    let mut escaping: Vec<Vec<&'p Selector<'s>>> = Vec::new();
    if !unknowable {
        for group in space.groups(direction) {
            let selectors = group.selecting.iter().filter_map(|index| Some(&plane.policies.get(*index)?.selects));
            match bound {
                Bound::Certain => escaping.extend(selectors.map(|selector| vec![selector])),
                Bound::Possible if group.void => {}
                Bound::Possible => escaping.push(selectors.collect()),
            }
        }
    }
    let evades = |class: &Class<'_>| bound == Bound::Possible && (class.host_network || class.secondary_networks);
    let escapes =
        |class: &Class<'_>| escaping.iter().all(|group| group.iter().any(|selector| !selector.matches(class.labels)));
    let known: Vec<usize> =
        plane.classes_of(at).filter(|(_, class)| evades(class) || escapes(class)).map(|(index, _)| index).collect();
    let wish = Wish { matching: Vec::new(), escaping };
    let would_be = is_granted(&wish.grant(), bound).then_some(wish);
    (would_be.is_some() || !known.is_empty()).then_some(Door { policy: None, known, would_be })
}

fn is_granted(granted: &Granted, bound: Bound) -> bool {
    match granted {
        Granted::With(_) => true,
        Granted::Never => false,
        Granted::Undecided => bound == Bound::Possible,
    }
}

/// A door out and a door in, to be passed by one flow.
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

impl Joint<'_, '_, '_> {
    /// A flow through both doors, if there is one.
    fn flow(&self, (sources, destinations): (Pods, Pods)) -> Option<Witness> {
        let sources = self.ends(self.out, self.into, sources);
        if sources.is_empty() {
            return None;
        }
        self.ends(self.into, self.out, destinations).into_iter().find_map(|(destination, families)| {
            let (source, _) = sources.iter().find(|(_, others)| others & families != 0)?;
            let declared = match &destination {
                End::Known(class) => self.plane.classes.get(*class).map(|class| class.ports),
                End::WouldBe(_) => None,
            };
            let ports = opened(self.out, declared).intersection(&opened(self.into, declared));
            Some(Witness {
                from: self.from,
                source: source.clone(),
                to: self.to,
                port: told_port(&ports, declared)?,
                destination,
                egress: passage(self.out),
                ingress: passage(self.into),
            })
        })
    }

    /// The pods that pass their own door and are the peer of the other end's, with the families of addresses they do so by.
    fn ends(&self, own: &Opening<'_, '_, '_>, other: &Opening<'_, '_, '_>, pods: Pods) -> Vec<(End, u8)> {
        let peer = other.route.map(|(_, route)| &route.way.peer);
        match pods {
            Pods::Known => {
                let classes = own.door.known.iter().filter_map(|index| Some((*index, self.plane.classes.get(*index)?)));
                classes
                    .filter_map(|(index, class)| Some((End::Known(index), self.families_of_class(peer, class)?)))
                    .collect()
            }
            Pods::WouldBe => self.would_be(own, peer).into_iter().collect(),
        }
    }

    fn would_be(&self, own: &Opening<'_, '_, '_>, peer: Option<&Peer<'_>>) -> Option<(End, u8)> {
        let wish = own.door.would_be.as_ref()?;
        let mut wish = Wish { matching: wish.matching.clone(), escaping: wish.escaping.clone() };
        let mut families = V4 | V6;
        match peer {
            None | Some(Peer::Everyone) => {}
            Some(Peer::Pods { pods, .. }) => wish.matching.push(pods),
            Some(Peer::Block(block)) => families = self.covered(block, &self.plane.ranges.ranges, false),
        }
        match wish.grant() {
            _ if families == 0 => None,
            Granted::With(labels) => Some((End::WouldBe(labels), families)),
            Granted::Undecided if self.bound == Bound::Possible => Some((End::WouldBe(Vec::new()), families)),
            Granted::Undecided | Granted::Never => None,
        }
    }

    /// By which families of addresses a class is the peer; none where it is not.
    fn families_of_class(&self, peer: Option<&Peer<'_>>, class: &Class<'_>) -> Option<u8> {
        let families = match peer {
            None | Some(Peer::Everyone) => V4 | V6,
            // A pod on the node's network is no certain peer by its labels (N12).
            Some(Peer::Pods { .. }) if class.host_network && self.bound == Bound::Certain => 0,
            Some(Peer::Pods { pods, .. }) if pods.matches(class.labels) => V4 | V6,
            Some(Peer::Pods { .. }) => 0,
            Some(Peer::Block(block)) => self.covered_class(block, class),
        };
        (families != 0).then_some(families)
    }

    fn covered_class(&self, block: &Block, class: &Class<'_>) -> u8 {
        let shown: Vec<IpNet> =
            class.members.iter().flat_map(|member| &member.addresses).map(|address| single(*address)).collect();
        let hidden = class.members.iter().any(|member| member.addresses.is_empty());
        let mut families = self.covered(block, &shown, true);
        if hidden && class.host_network {
            // Where nodes' addresses lie is not known, and they are no pods' addresses.
            families |= if self.bound == Bound::Possible { V4 | V6 } else { 0 };
        } else if hidden {
            families |= self.covered(block, &self.plane.ranges.ranges, false);
        }
        families
    }

    /// By which families a block covers pods whose addresses lie in these ranges: any of them where they are `single`
    /// pods' addresses, else the whole of those of its family, to be certain.
    fn covered(&self, block: &Block, ranges: &[IpNet], single: bool) -> u8 {
        let bits = |range: &IpNet| if matches!(range, IpNet::V6(_)) { V6 } else { V4 };
        match (self.plane.settings.assume.ip_block_matches_pods, self.bound) {
            (Some(false), _) | (None, Bound::Certain) => 0,
            (_, Bound::Possible) => {
                ranges.iter().filter(|range| block.may_cover(**range)).map(bits).fold(0, |all, bit| all | bit)
            }
            (Some(true), Bound::Certain) => {
                let covered = |family: u8| {
                    let mut of_family = ranges.iter().filter(|range| bits(range) == family).peekable();
                    let some = of_family.peek().is_some();
                    some && if single {
                        of_family.any(|range| block.covers_all_of(*range))
                    } else {
                        of_family.all(|range| block.covers_all_of(*range))
                    }
                };
                [V4, V6].into_iter().filter(|family| covered(*family)).fold(0, |all, bit| all | bit)
            }
        }
    }
}

/// The ports that an opening opens at a destination.
fn opened<'d>(opening: &Opening<'d, '_, '_>, declared: Option<&[ContainerPort]>) -> Cow<'d, Ports> {
    opening.route.map_or_else(|| Cow::Borrowed(&*ALL_PORTS), |(_, route)| route.way.ports.at(declared))
}

fn passage(opening: &Opening<'_, '_, '_>) -> Passage {
    opening.door.policy.zip(opening.route.map(|(at, _)| at))
}

/// The port to tell: a declared one where there is one among them, else the first.
fn told_port(ports: &Ports, declared: Option<&[ContainerPort]>) -> Option<(Protocol, u16)> {
    let mut declared = declared.into_iter().flatten();
    declared
        .find(|port| ports.contains(port.protocol, port.number))
        .map(|port| (port.protocol, port.number))
        .or_else(|| ports.first())
}
