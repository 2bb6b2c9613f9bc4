//! One question: may this open a connection to that, and because of which policies.
//!
//! [`endpoint`] reads the ends, [`missing`] finds them or says what is missing, [`outside`] judges addresses.

mod endpoint;
mod missing;
mod outside;

pub use endpoint::{Endpoint, Port};
pub use missing::{Missing, Sort, Unanswerable};

use super::assumptions::{Ground, nobody_vouches};
use super::contact::is_one_cluster;
use super::flow::{End, Flows, Passage, Witness};
use super::plane::{Bound, Plane, PolicyIndex, Route, Unsettled};
use super::policy::{Direction, Peer};
use super::ports::{Ports, Shown};
use super::tell;
use crate::settings::Settings;
use dtap_model::environment::NO_NAMESPACE;
use dtap_report::Evidence;
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::{Gap, Placed};
use ipnet::IpNet;

/// May it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reachable {
    /// It may, for certain; without a port in the question, on some port.
    Allowed,
    /// It may not.
    Denied,
    /// It could not be decided.
    Unknown,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// May it?
    pub reachable: Reachable,
    /// A port it may, or possibly may, open: the one asked for, where one was.
    pub port: Option<Port>,
    /// All that it may, or possibly may, open, as findings tell it: the port asked for, where one was.
    pub opens: Option<Shown>,
    /// Why: for each side the policies that decide, each with its place; or in words where no place shows it.
    pub because: Vec<Reason>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In words, the policy named.
    pub text: String,
    /// Where it shows.
    pub evidence: Option<Evidence>,
}

/// Judges one question.
///
/// # Errors
/// An end that is not in the input, or two addresses.
pub fn reach(
    snapshot: &Snapshot,
    settings: &Settings,
    from: &Endpoint,
    to: &Endpoint,
    port: Option<Port>,
) -> Result<Answer, Unanswerable> {
    let plane = Plane::compile(snapshot, settings);
    let question = Question { plane: &plane, flows: Flows::new(&plane), port };
    match (from, to) {
        (Endpoint::Address(_), Endpoint::Address(_)) => Err(Unanswerable::TwoAddresses),
        (Endpoint::Address(net), to) => {
            let classes = question.classes(to)?;
            let answer = question.answer(|bound| question.outside(&classes, Direction::Ingress, *net, bound));
            let answer = question.unless_a_pods(answer, *net, |pods| question.between(pods, &classes, Bound::Certain));
            Ok(question.explained(answer, &[(&classes, Direction::Ingress, Other::Address(*net))]))
        }
        (from, Endpoint::Address(net)) => {
            let classes = question.classes(from)?;
            let answer = question.answer(|bound| question.outside(&classes, Direction::Egress, *net, bound));
            let answer = question.unless_a_pods(answer, *net, |pods| question.between(&classes, pods, Bound::Certain));
            Ok(question.explained(answer, &[(&classes, Direction::Egress, Other::Address(*net))]))
        }
        (from, to) => {
            let (sources, destinations) = (question.classes(from)?, question.classes(to)?);
            if let Some(answer) = question.apart(&sources, &destinations) {
                return Ok(answer);
            }
            let answer = question.answer(|bound| question.between(&sources, &destinations, bound));
            let out = (sources.as_slice(), Direction::Egress, Other::Pods(&destinations));
            let into = (destinations.as_slice(), Direction::Ingress, Other::Pods(&sources));
            Ok(question.explained(answer, &[out, into]))
        }
    }
}

/// The other end of a side.
#[derive(Clone, Copy)]
enum Other<'a> {
    Pods(&'a [usize]),
    Address(IpNet),
}

/// One side of the question: its classes, which of their directions, and who is at the other end.
type Side<'a> = (&'a [usize], Direction, Other<'a>);

/// What a bound finds: the ports, and how each side is passed.
type Found = Option<(Ports, Vec<Reason>)>;

struct Question<'p, 's> {
    plane: &'p Plane<'s>,
    flows: Flows<'p, 's>,
    port: Option<Port>,
}

impl Question<'_, '_> {
    fn answer(&self, find: impl Fn(Bound) -> Found) -> Answer {
        for (bound, reachable) in [(Bound::Certain, Reachable::Allowed), (Bound::Possible, Reachable::Unknown)] {
            if let Some((ports, because)) = find(bound) {
                let first = ports.first().map(|(protocol, number)| Port { number, protocol });
                return Answer { reachable, port: self.port.or(first), opens: Shown::of(&ports, None), because };
            }
        }
        self.closed(Reachable::Denied, Vec::new())
    }

    /// An answer by which nothing is known to be open but, perhaps, what is asked for.
    fn closed(&self, reachable: Reachable, because: Vec<Reason>) -> Answer {
        let opens = self.port.map(|port| Shown::One(port.protocol, port.number));
        Answer { reachable, port: self.port, opens, because }
    }

    /// The ports among these that are asked for; none where none is.
    fn asked(&self, ports: &Ports) -> Option<Ports> {
        let asked = match self.port {
            Some(port) => ports.intersection(&Ports::one(port.protocol, port.number)),
            None => ports.clone(),
        };
        (!asked.is_empty()).then_some(asked)
    }

    fn between(&self, sources: &[usize], destinations: &[usize], bound: Bound) -> Found {
        let pairs = sources.iter().flat_map(|from| destinations.iter().map(move |to| (*from, *to)));
        // Nothing is certain between two clusters that only may be one.
        let mut meeting = pairs.filter(|(from, to)| {
            let (from, to) = (self.namespace(*from), self.namespace(*to));
            self.may_meet(from, to) && (bound == Bound::Possible || is_one_cluster(self.plane, from, to))
        });
        meeting.find_map(|(source, destination)| {
            self.flows.of_classes(source, destination, bound).into_iter().find_map(|(ports, egress, ingress)| {
                let ports = self.asked(&ports)?;
                let mut because = Vec::new();
                if bound == Bound::Possible {
                    because.extend(self.doubt((source, egress), (destination, ingress), &ports));
                }
                because.push(self.reason(source, egress, Direction::Egress, bound));
                because.push(self.reason(destination, ingress, Direction::Ingress, bound));
                Some((ports, because))
            })
        })
    }

    /// What leaves a flow undecided.
    fn doubt(&self, out: (usize, Passage), into: (usize, Passage), ports: &Ports) -> Option<Reason> {
        let (from, to) = (self.namespace(out.0), self.namespace(into.0));
        let (source, destination) = (End::Known(out.0), End::Known(into.0));
        let port = Shown::of(ports, None)?;
        let witness = Witness { from, source, to, destination, port, egress: out.1, ingress: into.1 };
        let gap = self.gap(to, Direction::Ingress).or_else(|| self.gap(from, Direction::Egress));
        match tell::doubt_in_words(self.plane, &witness) {
            Some(text) => Some(Reason { text, evidence: None }),
            None => gap.map(of_gap),
        }
    }

    /// The gap for which nothing is certain of a direction in a namespace, if one is the cause.
    fn gap(&self, namespace: usize, direction: Direction) -> Option<&Gap> {
        let Unsettled::Gap(at) = self.plane.spaces.get(namespace)?.uncertain(direction)? else { return None };
        self.plane.snapshot.gaps.iter().chain(&self.plane.snapshot.hidden).nth(at)
    }

    fn namespace(&self, class: usize) -> usize {
        self.plane.classes.get(class).map_or(usize::MAX, |class| class.namespace)
    }

    fn may_meet(&self, from: usize, to: usize) -> bool {
        let cluster = |at: usize| self.plane.namespace(at).map(|namespace| namespace.cluster);
        cluster(from).zip(cluster(to)).is_some_and(|(from, to)| self.plane.snapshot.may_meet(from, to))
    }

    /// The answer where all of the two ends stand on different clusters, as the matrix gives it.
    fn apart(&self, sources: &[usize], destinations: &[usize]) -> Option<Answer> {
        let (first, last) = (*sources.first()?, *destinations.first()?);
        let pairs = || sources.iter().flat_map(|from| destinations.iter().map(move |to| (*from, *to)));
        if pairs().any(|(from, to)| self.may_meet(self.namespace(from), self.namespace(to))) {
            return None;
        }
        let told = |class: usize| {
            let namespace = self.namespace(class);
            let cluster = self.plane.namespace(namespace).and_then(|it| self.plane.snapshot.cluster(it.cluster));
            let name = cluster.map_or("", |cluster| cluster.name.as_str());
            format!("{} stands on cluster {name}", tell::end(self.plane, namespace, &End::Known(class)))
        };
        let cluster = |class: usize| self.plane.namespace(self.namespace(class)).map(|it| it.cluster);
        let link = pairs().find_map(|(from, to)| self.plane.link(cluster(from)?, cluster(to)?));
        let open = Ground::Clusters.open(self.plane.settings);
        let reachable = if !open.is_empty() || link.is_some() { Reachable::Unknown } else { Reachable::Denied };
        let word = match link {
            Some(link) => format!(", but {}", link.why),
            None if open.is_empty() => String::new(),
            None => format!(", and {}", nobody_vouches(&open)),
        };
        let text = format!("{}, {}: only addresses lead from one to another{word}", told(first), told(last));
        Some(self.closed(reachable, vec![Reason { text, evidence: None }]))
    }

    fn reason(&self, class: usize, passage: Passage, direction: Direction, bound: Bound) -> Reason {
        let namespace = self.namespace(class);
        let evidence = tell::side(self.plane, namespace, &End::Known(class), passage, direction);
        let who = tell::end(self.plane, namespace, &End::Known(class));
        let policy = |index: usize| {
            self.plane.policies.get(index).map_or("", |policy| policy.placed.object.identity.name.as_str())
        };
        let unsettled = self.plane.spaces.get(namespace).is_some_and(|space| space.uncertain(direction).is_some());
        let perhaps_selected = || unsettled || !self.selecting(class, direction).is_empty();
        if passage == Passage::Unselected && bound == Bound::Possible && perhaps_selected() {
            let text = format!("which policies select {who} for {} is not certain", direction.section());
            return Reason { text, evidence: None };
        }
        let text = match passage {
            Passage::Unselected => format!("no policy selects {who} for {}", direction.section()),
            Passage::Through(index, _) => format!("policy {} lets {} of {who}", policy(index), direction.section()),
            Passage::FromNode(_) if direction == Direction::Egress => format!("{who} is on its node's network"),
            Passage::FromNode(_) => format!("{who} is reached from its own node, whatever the policies"),
            Passage::ByNode(by) => {
                let by = tell::publisher_name(self.plane, namespace, by);
                format!("{who} may be reached by a node, on which {by} publishes it, whatever the policies")
            }
            Passage::SecondaryNetwork => format!("{who} may be reached beside the cluster's network"),
            Passage::HiddenPods => format!("what was not read may be pods that reach {who} whatever the policies"),
        };
        Reason { text, evidence }
    }

    /// A denial with the policies that deny: of each side those that select it and let nothing through; where either
    /// side would let something through, but not the same, those of both. In strict mode somebody has to vouch for a
    /// denial.
    fn explained(&self, mut answer: Answer, sides: &[Side<'_>]) -> Answer {
        if answer.reachable != Reachable::Denied {
            return answer;
        }
        let is_nameless = |class: &usize| {
            self.plane.namespace(self.namespace(*class)).is_some_and(|namespace| namespace.name == NO_NAMESPACE)
        };
        let nameless = sides.iter().filter(|(classes, ..)| classes.iter().any(is_nameless)).count() > 1;
        let open = Ground::Policies { nameless, new_pods: false }.open(self.plane.settings);
        if !open.is_empty() {
            let text = nobody_vouches(&open);
            return Answer { reachable: Reachable::Unknown, because: vec![Reason { text, evidence: None }], ..answer };
        }
        let told = |closed: bool| -> Vec<Reason> {
            let of_side = |(classes, direction, other): &Side<'_>| {
                let (direction, other) = (*direction, *other);
                let of_class = move |class: &usize| {
                    let class = *class;
                    let policies = self.selecting(class, direction);
                    // Policies add up: where one opens the way, the others do not close it (N6).
                    let is_open = policies.iter().any(|policy| self.opens(*policy, direction, class, other));
                    policies
                        .into_iter()
                        .filter(move |_| !(closed && is_open))
                        .filter_map(|policy| self.plane.policies.get(policy))
                        .map(move |policy| self.denies(class, policy.placed, direction, closed))
                        .collect::<Vec<_>>()
                };
                classes.iter().flat_map(of_class).collect::<Vec<_>>()
            };
            sides.iter().flat_map(of_side).collect()
        };
        answer.because = told(true);
        if answer.because.is_empty() {
            answer.because = told(false);
        }
        answer
    }

    /// The policies that possibly select a class in a direction.
    fn selecting(&self, class: usize, direction: Direction) -> Vec<PolicyIndex> {
        let Some(of) = self.plane.classes.get(class) else { return Vec::new() };
        let groups = self.plane.spaces.get(of.namespace).map_or(&[][..], |space| space.groups(direction));
        let selects = |policy: &PolicyIndex| {
            let terms = self.plane.terms_of(*policy);
            terms.is_some_and(|terms| of.labels.match_selector(&terms.selects, Bound::Possible))
        };
        groups.iter().flat_map(|group| &group.selecting).copied().filter(selects).collect()
    }

    /// Whether a policy of one end possibly lets through what is asked.
    fn opens(&self, policy: PolicyIndex, direction: Direction, class: usize, other: Other<'_>) -> bool {
        let to = |direction, class, other| if direction == Direction::Ingress { Some(class) } else { other };
        let routes = self.plane.terms_of(policy).and_then(|terms| terms.routes(direction));
        routes.into_iter().flatten().any(|route| {
            let declared = |other| self.plane.classes.get(to(direction, class, other)?).map(|class| class.ports);
            let opens = |other| self.asked(&route.way.ports.at(declared(other))).is_some();
            match other {
                Other::Address(net) => self.covers(&route.way.peer, net, Bound::Possible) && opens(None),
                Other::Pods(pods) => pods.iter().any(|pod| self.is_peer(policy, route, *pod) && opens(Some(*pod))),
            }
        })
    }

    /// Whether a class is possibly the peer of a route.
    fn is_peer(&self, policy: PolicyIndex, route: &Route<'_>, class: usize) -> bool {
        let Some(class) = self.plane.classes.get(class) else { return false };
        match &route.way.peer {
            Peer::Everyone => true,
            Peer::Pods { pods, .. } => {
                let set = self.plane.namespaces_of(policy, route);
                set.is_some_and(|set| set.possible.contains(class.namespace))
                    && class.labels.match_selector(pods, Bound::Possible)
            }
            Peer::Block(block) => {
                self.plane.settings.assume.ip_block_matches_pods != Some(false)
                    && self.plane.ranges.ranges.iter().any(|range| block.may_cover(*range))
            }
        }
    }

    fn denies(&self, class: usize, policy: &Placed, direction: Direction, closed: bool) -> Reason {
        let who = tell::end(self.plane, self.namespace(class), &End::Known(class));
        let label = format!("selects {who} for {}", direction.section());
        let but = if closed { "opens no such way" } else { "opens nothing that the other end does" };
        Reason {
            text: format!("policy {} {label} and {but}", policy.object.identity.name),
            evidence: Some(Evidence { place: policy.object.cite_name(), label }),
        }
    }
}

/// What is not known, as a reason, with what to do about it.
fn of_gap(gap: &Gap) -> Reason {
    let label = "leaves open which policies there are".to_owned();
    let evidence = gap.place.map(|place| Evidence { place, label });
    let text = gap.hint.as_ref().map_or_else(|| gap.what.clone(), |hint| format!("{}: {hint}", gap.what));
    Reason { text, evidence }
}
