//! The slow oracle: what Kubernetes does with NetworkPolicies, as its documentation tells it.
//!
//! One pod pair, one port, one policy at a time; every label set of a would-be pod is tried. It shares nothing with the
//! verifier but the object tree and the placing of namespaces in environments, and is written from the lines N1 to N22
//! of the semantics, each cited where it is read. What the input does not show and what CNIs do differently are
//! *readings*, tried in every combination: a connection that is allowed in all of them is allowed, in none denied, else
//! undecided.
//!
//! Where the semantics leave a choice:
//!
//! * **Ends.** Of a namespace its known pods decide; where none is known, the would-be ones. A connection between such
//!   ends that is allowed makes a pair BROKEN, an undecided one makes it unknown. Else one with a would-be pod beside
//!   known ones makes it today only when it is allowed, unknown when that is undecided.
//! * **Objects** of which several documents make different pods are one of them, whichever: they count, but what they
//!   can do is possible and no more. A workload whose name the server refuses is possible as well, and where there are
//!   no others the would-be pods count; in a namespace whose name it refuses nothing is certain.
//! * **Refused policies** are absent, or others than are written: any pod of the namespace may be selected, anything
//!   admitted. An `except` that is no strict subset is refused, and so cuts nothing.
//! * **Under deletion** a policy isolates nothing; what it admits may still pass.
//! * **Other kinds** of policy, and what could not be read, leave open everything in the namespace or cluster they
//!   stand in. What was not read and may be of any kind may be a pod with networks of its own, too, which meets any
//!   other.
//! * **ipBlock.** One that meets the pods' range may cover any pod, whatever address the pod shows today. Where
//!   somebody vouches that ipBlocks match pods, one that holds the whole range does. IPv4 is always there, IPv6 may be.
//! * **hostNetwork.** As a source it reaches every pod on a node that may be its own. Otherwise whether policies select
//!   it, whether peers match it and whether an ipBlock covers it are readings.
//! * **Strict** turns isolated and today only into unknown while an assumption is neither settled nor vouched for.
//! * Relays (N16) change no verdict of pod to pod.

mod address;
mod flow;
mod line;
mod object;
mod policy;
mod reading;
mod selector;
mod world;

pub use flow::Answer;
pub use line::Line;
pub use reading::Misreading;
pub use world::World;

use dtap_model::environment::Belonging;
use dtap_model::tree::Tree;
use dtap_model::workload::Protocol;
use dtap_report::Verdict;
use dtap_snapshot::Snapshot;
use dtap_verify::Settings;
use flow::Flow;
use policy::{Policy, Which};
use std::collections::{BTreeMap, BTreeSet};
use world::{Pod, Room, Target, There};

/// The verdict of every ordered pair of parties: stages by their name, shared namespaces as `(shared)`, unplaced ones
/// as `(unplaced)`.
pub type Verdicts = BTreeMap<(String, String), Verdict>;

/// What shared namespaces are called.
pub const SHARED: &str = "(shared)";

/// What namespaces of no environment found are called.
pub const UNPLACED: &str = "(unplaced)";

/// Whether a party of a pair is no environment.
pub fn is_beside(pair: &(String, String)) -> bool {
    [&pair.0, &pair.1].into_iter().any(|party| party == SHARED || party == UNPLACED)
}

/// Judges every ordered pair of parties.
pub fn judge(snapshot: &Snapshot, settings: &Settings, misread: Misreading) -> Verdicts {
    let world = World::read(snapshot, settings, misread);
    let mut parties: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, room) in world.namespaces.iter().enumerate() {
        if let Some(party) = party(snapshot, room) {
            parties.entry(party).or_default().push(index);
        }
    }
    let mut verdicts = Verdicts::new();
    for (from, sources) in &parties {
        for (to, destinations) in &parties {
            if from != to {
                let verdict = world.pair(sources, destinations, settings);
                verdicts.insert((from.clone(), to.clone()), verdict);
            }
        }
    }
    if misread == Some(Line::N16) {
        through_relays(&mut verdicts);
    }
    verdicts
}

/// The party that a namespace is part of.
fn party(snapshot: &Snapshot, room: &Room) -> Option<String> {
    match room.belonging {
        Belonging::Environment(id) => snapshot.environment(id).map(|environment| environment.stage.clone()),
        Belonging::Shared => Some(SHARED.to_owned()),
        Belonging::Unplaced => Some(UNPLACED.to_owned()),
        Belonging::Elsewhere => None,
    }
}

/// The mistake about N16.
fn through_relays(verdicts: &mut Verdicts) {
    let into: Vec<String> = verdicts
        .iter()
        .filter(|((_, to), verdict)| to == SHARED && **verdict == Verdict::Broken)
        .map(|((from, _), _)| from.clone())
        .collect();
    let out: Vec<String> = verdicts
        .iter()
        .filter(|((from, _), verdict)| from == SHARED && **verdict == Verdict::Broken)
        .map(|((_, to), _)| to.clone())
        .collect();
    for from in &into {
        for to in out.iter().filter(|to| *to != from) {
            verdicts.insert((from.clone(), to.clone()), Verdict::Broken);
        }
    }
}

/// The pods that decide: those that are known, or where none is, those that may come; and those that may hide.
fn eligible(room: &Room, would_be: &[Pod]) -> Vec<Pod> {
    let deciding = if room.known.iter().all(|pod| pod.there == There::Refused) { would_be } else { &room.known };
    deciding.iter().chain(&room.hidden).cloned().collect()
}

/// Whether the API server takes a policy.
pub fn is_taken(policy: &Tree) -> bool {
    Policy::read(policy, None).is_ok()
}

impl World {
    /// The verdict on two parties.
    fn pair(&self, sources: &[usize], destinations: &[usize], settings: &Settings) -> Verdict {
        let meeting: Vec<(usize, usize)> = sources
            .iter()
            .flat_map(|source| destinations.iter().map(|destination| (*source, *destination)))
            .filter(|(source, destination)| self.namespaces[*source].cluster == self.namespaces[*destination].cluster)
            .collect();
        if meeting.is_empty() {
            let apart = !settings.strict || settings.assume.clusters_apart;
            return if apart { Verdict::OtherCluster } else { Verdict::Unknown };
        }
        let mut verdict = Verdict::Isolated;
        for (source, destination) in meeting {
            verdict = verdict.max(self.namespaces_verdict(source, destination, settings));
            if verdict == Verdict::Broken {
                return verdict;
            }
        }
        // A pod on its node's network is past its policies in both directions (N12).
        let mut either = sources.iter().chain(destinations);
        let settled = either.all(|room| self.namespaces[*room].refuses_host_network());
        let assume = &settings.assume;
        let nameless = |rooms: &[usize]| {
            rooms.iter().any(|room| self.namespaces[*room].name == dtap_model::environment::NO_NAMESPACE)
        };
        let own_namespaces = assume.own_namespaces || !nameless(sources) || !nameless(destinations);
        let vouched =
            assume.cni_enforces && assume.input_complete && (assume.no_host_network || settled) && own_namespaces;
        // N15, N17, N19: what nobody vouches for.
        if settings.strict && !vouched && self.misread != Some(Line::N15) {
            verdict.max(Verdict::Unknown)
        } else {
            verdict
        }
    }

    fn namespaces_verdict(&self, source: usize, destination: usize, settings: &Settings) -> Verdict {
        let (from, to) = (&self.namespaces[source], &self.namespaces[destination]);
        let readings = self.readings(source, destination, settings.assume.ip_block_matches_pods);
        let best = |sources: &[Pod], destinations: &[Pod], enough: Answer| {
            let mut best = Answer::Denied;
            for source in sources {
                for destination in destinations {
                    for (port, protocol) in self.ports(from, to, destination) {
                        best = best.max(self.answer(Flow { source, destination, port, protocol }, &readings));
                        if best >= enough {
                            return best;
                        }
                    }
                }
            }
            best
        };
        let (sources, destinations) =
            (self.would_be(source, source, destination), self.would_be(destination, source, destination));
        match best(&eligible(from, &sources), &eligible(to, &destinations), Answer::Allowed) {
            Answer::Allowed => return Verdict::Broken,
            Answer::Maybe => return Verdict::Unknown,
            Answer::Denied => {}
        }
        let all = |room: &Room, would_be: &[Pod]| -> Vec<Pod> {
            room.known.iter().chain(&room.hidden).chain(would_be).cloned().collect()
        };
        match best(&all(from, &sources), &all(to, &destinations), Answer::Allowed) {
            Answer::Denied => Verdict::Isolated,
            Answer::Maybe => Verdict::Unknown,
            Answer::Allowed => Verdict::TodayOnly,
        }
    }

    /// N22: every port counts; those that no rule tells apart stand for one another. The first and the last of each
    /// range that a rule names, what the destination declares, what its Services lead to, and one more.
    fn ports(&self, from: &Room, to: &Room, destination: &Pod) -> Vec<(u16, Protocol)> {
        if self.misread == Some(Line::N22) && destination.ports.is_some() {
            return destination.numbers.iter().map(|(protocol, number)| (*number, *protocol)).collect();
        }
        let mut numbers = BTreeSet::from([60_999]);
        let rules = from.written().chain(to.written()).flat_map(Policy::all_rules);
        for port in rules.flat_map(|rule| rule.ports.iter().flatten()) {
            if let Which::Range(first, last) = port.which {
                numbers.extend([first, last]);
            }
        }
        numbers.extend(destination.numbers.iter().map(|(_, number)| *number));
        numbers.extend(destination.host_ports.iter().map(|(.., on_pod)| *on_pod));
        for (port, _, target) in to.services.iter().flat_map(|service| &service.ports) {
            numbers.insert(*port);
            if let Target::Number(number) = target {
                numbers.insert(*number);
            }
        }
        numbers.iter().flat_map(|number| Protocol::ALL.map(|protocol| (*number, protocol))).collect()
    }
}
