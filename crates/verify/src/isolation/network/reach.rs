//! One question: may this open a connection to that, and because of which policies.

use super::address::{Block, single};
use super::flow::{End, Flows, Passage};
use super::plane::{Bound, Plane};
use super::policy::{Direction, Peer};
use super::ports::{ALL_PORTS, Ports};
use super::tell;
use crate::settings::Settings;
use dtap_model::environment::Belonging;
use dtap_model::workload::Protocol;
use dtap_report::Evidence;
use dtap_snapshot::Snapshot;
use ipnet::IpNet;
use std::net::IpAddr;

/// Who is at one end of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `namespace/workload`: a pod, or the controller it belongs to.
    Workload {
        /// The namespace.
        namespace: String,
        /// The workload's or the pod's name.
        name: String,
    },
    /// `environment:workload`, the environment by its stage or as `street/stage`.
    InEnvironment {
        /// The environment.
        environment: String,
        /// The workload's name.
        name: String,
    },
    /// An address or a CIDR.
    Address(IpNet),
}

/// A port to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
}

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

impl Endpoint {
    /// Reads an end: `namespace/workload`, `environment:workload`, an address or a CIDR.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(single(address)));
        }
        if let Ok(net) = bare.parse::<IpNet>() {
            return Ok(Self::Address(net.trunc()));
        }
        let full = |part: &str| !part.is_empty();
        match (text.rsplit_once(':'), text.split_once('/')) {
            (Some((environment, name)), _) if full(environment) && full(name) => {
                Ok(Self::InEnvironment { environment: environment.to_owned(), name: name.to_owned() })
            }
            (None, Some((namespace, name))) if full(namespace) && full(name) => {
                Ok(Self::Workload { namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err(format!(
                "`{text}` names no end: write `namespace/workload`, `environment:workload`, an address or a CIDR"
            )),
        }
    }

    /// Reads an end that a port may follow: `TO[:PORT[/PROTOCOL]]`. The protocol is TCP unless given.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse_with_port(text: &str) -> Result<(Self, Option<Port>), String> {
        let is_address = text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok();
        match text.rsplit_once(':').filter(|_| !is_address) {
            Some((end, port)) if port.starts_with(|first: char| first.is_ascii_digit()) => {
                Ok((Self::parse(end)?, Some(Port::parse(port)?)))
            }
            _ => Ok((Self::parse(text)?, None)),
        }
    }
}

impl Port {
    /// Reads `PORT[/PROTOCOL]`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "TCP"));
        let number = number.parse().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| format!("`{text}`: a port is a number from 1 to 65535"))?;
        let protocol = Protocol::parse(&protocol.to_ascii_uppercase())
            .ok_or_else(|| format!("`{text}`: a protocol is TCP, UDP or SCTP"))?;
        Ok(Self { number, protocol })
    }
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
) -> Result<Answer, String> {
    let plane = Plane::compile(snapshot, settings);
    let question = Question { plane: &plane, flows: Flows::new(&plane), port };
    match (from, to) {
        (Endpoint::Address(_), Endpoint::Address(_)) => {
            Err("both ends are addresses: one must be a workload of the input".to_owned())
        }
        (Endpoint::Address(net), to) => {
            let classes = question.classes(to)?;
            Ok(question.answer(|bound| question.outside(&classes, Direction::Ingress, *net, bound)))
        }
        (from, Endpoint::Address(net)) => {
            let classes = question.classes(from)?;
            Ok(question.answer(|bound| question.outside(&classes, Direction::Egress, *net, bound)))
        }
        (from, to) => {
            let (sources, destinations) = (question.classes(from)?, question.classes(to)?);
            let answer = question.answer(|bound| question.between(&sources, &destinations, bound));
            Ok(question.explained(answer, &sources, &destinations))
        }
    }
}

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
                return Answer { reachable, port: self.port.or(first), because };
            }
        }
        Answer { reachable: Reachable::Denied, port: self.port, because: Vec::new() }
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
        sources.iter().find_map(|source| {
            destinations.iter().find_map(|destination| {
                self.flows.of_classes(*source, *destination, bound).into_iter().find_map(|(ports, egress, ingress)| {
                    let out = self.reason(*source, egress, Direction::Egress);
                    let into = self.reason(*destination, ingress, Direction::Ingress);
                    Some((self.asked(&ports)?, vec![out, into]))
                })
            })
        })
    }

    /// From or to an address: only the workload's own side is judged.
    fn outside(&self, classes: &[usize], direction: Direction, net: IpNet, bound: Bound) -> Found {
        classes.iter().find_map(|class| {
            let declared = match direction {
                Direction::Ingress => self.plane.classes.get(*class).map(|class| class.ports),
                Direction::Egress => None,
            };
            self.flows.doors_of_class(*class, direction, bound).into_iter().find_map(|way| {
                let passes = way.iter().all(|step| self.covers(&step.route.way.peer, net, bound));
                let ports = way
                    .iter()
                    .fold(ALL_PORTS.clone(), |ports, step| ports.intersection(&step.route.way.ports.at(declared)));
                let passage = way.first().map_or(Passage::Unselected, |step| Passage::Through(step.policy, step.at));
                let asked = self.asked(&ports).filter(|_| passes)?;
                Some((asked, vec![self.reason(*class, passage, direction)]))
            })
        })
    }

    /// Whether a peer is that address. A selector may be, where a pod may have the address.
    fn covers(&self, peer: &Peer<'_>, net: IpNet, bound: Bound) -> bool {
        let is_pod = |range: &IpNet| range.contains(&net) || net.contains(range);
        match (peer, bound) {
            (Peer::Everyone, _) => true,
            (Peer::Block(block), Bound::Certain) => block.covers_all_of(net),
            (Peer::Block(block), Bound::Possible) => Block::may_cover(block, net),
            (Peer::Pods { .. }, Bound::Certain) => false,
            (Peer::Pods { .. }, Bound::Possible) => self.plane.ranges.ranges.iter().any(is_pod),
        }
    }

    fn reason(&self, class: usize, passage: Passage, direction: Direction) -> Reason {
        let namespace = self.plane.classes.get(class).map_or(usize::MAX, |class| class.namespace);
        let evidence = tell::side(self.plane, namespace, &End::Known(class), passage, direction);
        let who = tell::end(self.plane, namespace, &End::Known(class));
        let policy = |index: usize| {
            self.plane.policies.get(index).map_or("", |policy| policy.placed.object.identity.name.as_str())
        };
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
        };
        Reason { text, evidence }
    }

    /// A denial with the policies that deny: those that select the side which lets nothing through.
    fn explained(&self, mut answer: Answer, sources: &[usize], destinations: &[usize]) -> Answer {
        if answer.reachable == Reachable::Denied {
            for (classes, direction) in [(sources, Direction::Egress), (destinations, Direction::Ingress)] {
                for class in classes {
                    answer.because.extend(self.selecting(*class, direction));
                }
            }
        }
        answer
    }

    fn selecting(&self, class: usize, direction: Direction) -> Vec<Reason> {
        let Some(of) = self.plane.classes.get(class) else { return Vec::new() };
        let groups = self.plane.spaces.get(of.namespace).map_or(&[][..], |space| space.groups(direction));
        let policies = groups.iter().flat_map(|group| &group.selecting).filter_map(|at| self.plane.policies.get(*at));
        let who = tell::end(self.plane, of.namespace, &End::Known(class));
        policies
            .filter(|policy| of.labels.match_selector(&policy.selects, Bound::Possible))
            .map(|policy| {
                let name = &policy.placed.object.identity.name;
                let label = format!("selects {who} for {}", direction.section());
                Reason {
                    text: format!("policy {name} {label} and opens no such way"),
                    evidence: Some(Evidence { place: policy.placed.object.cite_name(), label }),
                }
            })
            .collect()
    }

    /// The classes that an end names.
    fn classes(&self, end: &Endpoint) -> Result<Vec<usize>, String> {
        let snapshot = self.plane.snapshot;
        let (name, told) = match end {
            Endpoint::Workload { namespace, name } => (name, format!("namespace {namespace}")),
            Endpoint::InEnvironment { environment, name } => (name, format!("environment {environment}")),
            Endpoint::Address(_) => return Ok(Vec::new()),
        };
        let stands = |at: usize| {
            self.plane.namespace(at).is_some_and(|found| match (end, found.belonging) {
                (Endpoint::Workload { namespace, .. }, _) => found.name == *namespace,
                (Endpoint::InEnvironment { environment, .. }, Belonging::Environment(id)) => {
                    snapshot.environment(id).is_some_and(|it| it.stage == *environment)
                        || snapshot.environment_name(id) == *environment
                }
                _ => false,
            })
        };
        let all = self.plane.classes.iter().enumerate();
        let named = all.filter(|(_, class)| {
            stands(class.namespace)
                && self.plane.members(class).iter().any(|member| member.name == *name || member.told_as == *name)
        });
        let found: Vec<usize> = named.map(|(at, _)| at).collect();
        if found.is_empty() { Err(format!("there is no workload `{name}` in {told}")) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read() {
        let workload =
            |namespace: &str, name: &str| Endpoint::Workload { namespace: namespace.into(), name: name.into() };
        let port = |number| Some(Port { number, protocol: Protocol::Tcp });
        assert_eq!(Endpoint::parse_with_port("shop-prd/orders:5432"), Ok((workload("shop-prd", "orders"), port(5432))));
        assert_eq!(Endpoint::parse_with_port("shop-prd/orders"), Ok((workload("shop-prd", "orders"), None)));
        let within = Endpoint::InEnvironment { environment: "shop/dev".into(), name: "web".into() };
        assert_eq!(Endpoint::parse_with_port("shop/dev:web:80/tcp"), Ok((within.clone(), port(80))));
        assert_eq!(Endpoint::parse_with_port("shop/dev:web"), Ok((within, None)));
        let address = |text: &str| Endpoint::Address(text.parse().unwrap());
        assert_eq!(Endpoint::parse_with_port("10.0.0.1:80"), Ok((address("10.0.0.1/32"), port(80))));
        assert_eq!(Endpoint::parse_with_port("10.0.0.0/8"), Ok((address("10.0.0.0/8"), None)));
        assert_eq!(Endpoint::parse_with_port("[fd00::1]:80"), Ok((address("fd00::1/128"), port(80))));
        assert_eq!(Endpoint::parse_with_port("fd00::1"), Ok((address("fd00::1/128"), None)));
        assert!(Endpoint::parse("web").is_err());
        assert!(Endpoint::parse_with_port("a/b:0").is_err());
        assert!(Endpoint::parse_with_port("a/b:80/ICMP").is_err());
    }
}
