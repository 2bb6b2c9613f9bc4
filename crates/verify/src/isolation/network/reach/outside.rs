//! From or to an address: only the workload's own side is judged.

use super::{Answer, Found, Question, Reachable, Reason};
use crate::isolation::network::address::Block;
use crate::isolation::network::door::Step;
use crate::isolation::network::flow::{End, passage};
use crate::isolation::network::plane::Bound;
use crate::isolation::network::policy::{Direction, Peer};
use crate::isolation::network::ports::ALL_PORTS;
use crate::isolation::network::ranges::RangesFrom;
use crate::isolation::network::tell;
use dtap_model::workload::Workload;
use ipnet::IpNet;

impl Question<'_, '_> {
    /// From or to an address: only the workload's own side is judged.
    pub(super) fn outside(&self, classes: &[usize], direction: Direction, net: IpNet, bound: Bound) -> Found {
        classes.iter().find_map(|class| {
            let declared = match direction {
                Direction::Ingress => self.plane.classes.get(*class).map(|class| class.ports),
                // What has the address may be a pod that declares the name, or nothing that declares any.
                Direction::Egress => match bound {
                    Bound::Certain => Some(&[][..]),
                    Bound::Possible => None,
                },
            };
            self.flows.doors_of_class(*class, direction, bound).into_iter().find_map(|way| {
                let passes = way.iter().all(|step| self.covers(&step.route.way.peer, net, bound));
                let ports = way
                    .iter()
                    .fold(ALL_PORTS.clone(), |ports, step| ports.intersection(&step.route.way.ports.at(declared)));
                let asked = self.asked(&ports).filter(|_| passes)?;
                let side = self.reason(*class, passage(way), direction, bound);
                let doubt = match bound {
                    Bound::Certain => None,
                    Bound::Possible => self.doubt_about(*class, direction, way, net),
                };
                Some((asked, doubt.into_iter().chain([side]).collect()))
            })
        })
    }

    /// The answer, unless it is the address of a pod, or one lies in the range, to or from which the way is not open
    /// for certain: by its address as by its name.
    pub(super) fn unless_a_pods(&self, answer: Answer, net: IpNet, between: impl Fn(&[usize]) -> Found) -> Answer {
        let is_shut = |(class, _): &(usize, &Workload)| between(&[*class]).is_none();
        let shut = || self.standing_in(net).find(is_shut);
        let Some((class, pod)) = (answer.reachable == Reachable::Allowed).then(shut).flatten() else { return answer };
        let who = tell::end(self.plane, self.namespace(class), &End::Known(class));
        let address = pod.addresses.iter().find(|address| net.contains(*address));
        let address = address.map(ToString::to_string).unwrap_or_default();
        let text = format!("{address} is the address of {who}, whose own policies decide: ask for it by its name");
        Answer { reachable: Reachable::Unknown, because: vec![Reason { text, evidence: None }], ..answer }
    }

    /// The classes with a pod whose address lies in a range, each with one.
    fn standing_in(&self, net: IpNet) -> impl Iterator<Item = (usize, &Workload)> {
        let is_in = move |pod: &&Workload| pod.addresses.iter().any(|address| net.contains(address));
        let classes = self.plane.classes.iter().enumerate();
        classes.filter_map(move |(at, class)| Some((at, self.plane.members(class).find(is_in)?)))
    }

    /// What leaves it undecided whether a way leads to or from an address.
    fn doubt_about(&self, class: usize, direction: Direction, way: &[Step<'_, '_>], net: IpNet) -> Option<Reason> {
        let at = self.namespace(class);
        if let Some(gap) = self.gap(at, direction) {
            return Some(super::of_gap(gap));
        }
        let end = End::Known(class);
        let text = tell::unsettled_in_words(self.plane, at, direction)
            .or_else(|| way.iter().find_map(|step| self.doubt_about_step(step, direction, net)))
            .unwrap_or_else(|| tell::doubt_about_pod(self.plane, at, &end, passage(way), direction));
        Some(Reason { text, evidence: None })
    }

    /// Why it is not certain that a policy lets an address through; none where it is.
    fn doubt_about_step(&self, step: &Step<'_, '_>, direction: Direction, net: IpNet) -> Option<String> {
        let name = self.plane.policies.get(step.policy).map(|policy| &policy.placed.object.identity.name)?;
        let lets = format!("policy {name} {}", tell::lets(direction, step.route));
        let told = match net.prefix_len() == net.max_prefix_len() {
            true => net.addr().to_string(),
            false => net.to_string(),
        };
        match &step.route.way.peer {
            Peer::Pods { .. } => {
                let mend = match self.plane.ranges.from {
                    RangesFrom::Nothing => ": --assume pod-range says where those of pods lie",
                    _ => "",
                };
                Some(format!("{lets}, and {told} may be the address of one of its pods{mend}"))
            }
            Peer::Block(block) if !block.is_read_alike() => {
                Some(format!("{lets}, which not every network plugin reads alike"))
            }
            Peer::Block(block) if !block.covers_all_of(net) => {
                Some(format!("{lets}, and {told} lies in them only in part"))
            }
            // What has the address may be a pod that declares the name, or nothing that declares any.
            _ if direction == Direction::Egress && !step.route.way.ports.named.is_empty() => {
                Some(format!("{lets} on a port that it calls by a name, and who has the address is not known"))
            }
            _ => None,
        }
    }

    /// Whether a peer is that address. A selector may be, where a pod may have the address.
    pub(super) fn covers(&self, peer: &Peer<'_>, net: IpNet, bound: Bound) -> bool {
        let is_pod = |range: &IpNet| range.contains(&net) || net.contains(range);
        match (peer, bound) {
            (Peer::Everyone, _) => true,
            (Peer::Block(block), Bound::Certain) => block.covers_all_of(net),
            (Peer::Block(block), Bound::Possible) => Block::may_cover(block, net),
            (Peer::Pods { .. }, Bound::Certain) => false,
            (Peer::Pods { .. }, Bound::Possible) => self.plane.ranges.ranges.iter().any(is_pod),
        }
    }
}
