//! One connection: one pod to another, on one port (N7), in every reading.

use super::address::{Block, Extent};
use super::line::Line;
use super::policy::{Direction, Peer, Policy, Port, Rule, Which};
use super::reading::{Open, Reading};
use super::selector::Labels;
use super::world::{Alternative, NodePort, Pod, Service, Target, There, World, private};
use dtap_model::workload::Protocol;
use std::net::IpAddr;

/// What is known of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is denied in every reading.
    Denied,
    /// It depends.
    Maybe,
    /// It is allowed in every reading.
    Allowed,
}

/// A connection that is tried.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'world> {
    /// Who opens it.
    pub source: &'world Pod,
    /// To whom.
    pub destination: &'world Pod,
    /// On which port of the destination's address.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
}

/// What one end says by IPv4 and by IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Says {
    v4: bool,
    v6: bool,
}

const EVERYTHING: Says = Says { v4: true, v6: true };

impl World {
    /// What is known of a connection: where one of the two pods may not be there, nothing is certain.
    pub fn answer(&self, flow: Flow<'_>, readings: &[Reading]) -> Answer {
        let there = [flow.source, flow.destination].into_iter().all(|pod| pod.there == There::Surely);
        let answer = self.passes(flow, readings);
        if there { answer } else { answer.min(Answer::Maybe) }
    }

    /// N7: both ends must allow it. What is unknown at one end is unknown apart from what is unknown at the other; only
    /// the reading is common to both.
    fn passes(&self, flow: Flow<'_>, readings: &[Reading]) -> Answer {
        if self.reaches_its_own_node(flow) {
            return Answer::Allowed;
        }
        let (mut in_all, mut in_none) = (true, true);
        for reading in readings {
            if !in_all && !in_none {
                break;
            }
            let egress = if self.misread == Some(Line::N7) {
                vec![EVERYTHING]
            } else {
                self.end(Direction::Egress, flow, reading)
            };
            if egress.iter().all(|says| !says.v4 && !says.v6) {
                in_all = false;
                continue;
            }
            for ingress in self.end(Direction::Ingress, flow, reading) {
                for egress in &egress {
                    let allowed = (egress.v4 && ingress.v4) || (reading.dual_stack && egress.v6 && ingress.v6);
                    in_all &= allowed;
                    in_none &= !allowed;
                }
            }
        }
        let beside_the_policies = flow.source.secondary_networks || flow.destination.secondary_networks;
        match (in_all, in_none) {
            (true, _) => Answer::Allowed,
            (false, true) if !beside_the_policies && !self.arrives_as_a_node(flow, readings) => Answer::Denied,
            _ => Answer::Maybe,
        }
    }

    /// N12: a pod's own node always reaches it, and a hostNetwork pod is its node.
    fn reaches_its_own_node(&self, flow: Flow<'_>) -> bool {
        let apart = matches!((&flow.source.node, &flow.destination.node), (Some(one), Some(other)) if one != other);
        flow.source.host_network && !flow.destination.host_network && !apart
    }

    /// N12: whether the connection may be made to a node, or an address outside, that leads to this port of the
    /// destination: it may arrive as a node then, and the destination's ingress is not asked. The source's egress is,
    /// about the node or, after the address is rewritten, about the destination.
    fn arrives_as_a_node(&self, flow: Flow<'_>, readings: &[Reading]) -> bool {
        if self.misread == Some(Line::N12) {
            return false;
        }
        let Some(dialled) = self.dialled(flow) else { return false };
        let lets_out = |flow: Flow<'_>, reading: &Reading| {
            self.end(Direction::Egress, flow, reading).iter().any(|says| says.v4 || says.v6)
        };
        let pod = flow.destination;
        let nowhere = Pod { is_node: true, labels: Labels::new(), ..pod.clone() };
        let cluster = self.namespaces[pod.namespace].cluster;
        let on_nodes = self.namespaces.iter().filter(|room| room.cluster == cluster).flat_map(|room| &room.known);
        let on_nodes = on_nodes.filter(|known| known.host_network);
        // What its ports are called is told by the destination, wherever the name is resolved.
        let nodes: Vec<Pod> = on_nodes.map(|known| Pod { ports: pod.ports.clone(), ..known.clone() }).collect();
        let ports = || dialled.iter().copied().chain([flow.port]);
        readings.iter().any(|reading| {
            let reading = &Reading { host_network_is_peer: true, block_covers_nodes: true, ..*reading };
            lets_out(flow, reading)
                || nodes
                    .iter()
                    .chain([&nowhere])
                    .any(|destination| ports().any(|port| lets_out(Flow { destination, port, ..flow }, reading)))
        })
    }

    /// The ports that lead to this port of the destination by a node or from outside; none where nothing publishes it.
    fn dialled(&self, flow: Flow<'_>) -> Option<Vec<u16>> {
        let pod = flow.destination;
        let room = &self.namespaces[pod.namespace];
        let mut dialled: Option<Vec<u16>> = None;
        for (protocol, on_node, on_pod) in &pod.host_ports {
            if *protocol == flow.protocol && *on_pod == flow.port {
                dialled.get_or_insert_default().push(*on_node);
            }
        }
        for service in room.services.iter().filter(|service| service.external) {
            if !service.selector.iter().all(|(key, value)| pod.labels.get(key) == Some(value)) {
                continue;
            }
            for ((port, protocol, target), node_port) in service.ports.iter().zip(&service.node_ports) {
                if *protocol != flow.protocol || !self.leads_to(target, flow) {
                    continue;
                }
                let found = dialled.get_or_insert_default();
                found.push(*port);
                match node_port {
                    NodePort::None => {}
                    NodePort::This(number) => found.push(*number),
                    // The server chooses it: any that some rule of any policy names, and one more.
                    NodePort::SomeOther => found.extend(self.named_ports()),
                }
            }
        }
        dialled
    }

    /// The first of each range of ports that a rule names, what pods call by name, and one more.
    fn named_ports(&self) -> Vec<u16> {
        let rules = self.namespaces.iter().flat_map(|room| room.written()).flat_map(Policy::all_rules);
        let ranges = rules.flat_map(|rule| rule.ports.iter().flatten()).filter_map(|port| match port.which {
            Which::Range(first, _) => Some(first),
            _ => None,
        });
        let declared = self.namespaces.iter().flat_map(|room| &room.known).flat_map(|pod| &pod.numbers);
        ranges.chain(declared.map(|(_, number)| *number)).chain([60_999]).collect()
    }

    /// What one end may say: every choice of what its documents amount to (N21), every label set that the other end's
    /// namespace may have (N14).
    fn end(&self, direction: Direction, flow: Flow<'_>, reading: &Reading) -> Vec<Says> {
        let (subject, peer) = match direction {
            Direction::Ingress => (flow.destination, flow.source),
            Direction::Egress => (flow.source, flow.destination),
        };
        let room = &self.namespaces[subject.namespace];
        if room.unsettled[if direction == Direction::Ingress { 0 } else { 1 }] {
            return vec![EVERYTHING, Says { v4: false, v6: false }];
        }
        if subject.host_network && !reading.host_network_is_selected {
            return vec![EVERYTHING];
        }
        let mut said: Vec<Says> = Vec::new();
        for labels in &self.namespaces[peer.namespace].labels {
            for choice in Choices::of(&room.policies) {
                let says = self.says(&choice, direction, subject, &Other { pod: peer, labels }, flow, reading);
                if !said.contains(&says) {
                    said.push(says);
                }
            }
        }
        said
    }

    /// N6: a pod that no policy selects in this direction is open; else some policy that selects it must admit.
    fn says(
        &self,
        choice: &[&Alternative],
        direction: Direction,
        subject: &Pod,
        peer: &Other<'_>,
        flow: Flow<'_>,
        reading: &Reading,
    ) -> Says {
        let selects = |policy: &Policy| {
            policy.rules(direction).is_some() && policy.selector.selects(&subject.labels, self.misread)
        };
        let (mut isolated, mut any, mut all) = (false, Says { v4: false, v6: false }, EVERYTHING);
        for alternative in choice {
            let admits = match alternative {
                Alternative::Policy(policy) | Alternative::UnderDeletion(policy) if selects(policy) => {
                    self.admits(policy.rules(direction).unwrap_or_default(), direction, subject, peer, flow, reading)
                }
                Alternative::Other { admits } => Says { v4: *admits, v6: *admits },
                _ => continue,
            };
            // N13: under deletion, it isolates nothing any more.
            isolated |= !matches!(alternative, Alternative::UnderDeletion(_));
            any = Says { v4: any.v4 || admits.v4, v6: any.v6 || admits.v6 };
            all = Says { v4: all.v4 && admits.v4, v6: all.v6 && admits.v6 };
        }
        match (isolated, self.misread) {
            (false, _) => EVERYTHING,
            (true, Some(Line::N6)) => all,
            (true, _) => any,
        }
    }

    fn admits(
        &self,
        rules: &[Rule],
        direction: Direction,
        subject: &Pod,
        peer: &Other<'_>,
        flow: Flow<'_>,
        reading: &Reading,
    ) -> Says {
        let mut says = Says { v4: false, v6: false };
        for rule in rules {
            let by_port = self.ports_admit(rule, flow);
            match &rule.peers {
                // N3: everybody.
                None if by_port => says = EVERYTHING,
                None => {}
                Some(peers) => {
                    for item in peers {
                        let by_peer = match item {
                            Peer::Pods { namespaces, pods } => {
                                let matches = by_port
                                    && self.selects_peer(namespaces.as_ref(), pods.as_ref(), subject, peer, reading);
                                Says { v4: matches, v6: matches }
                            }
                            Peer::Block(block) => {
                                let covers = by_port && self.covers(block, peer.pod, reading);
                                let matches = covers
                                    || (direction == Direction::Egress
                                        && self.opens_service(block, rule, flow, reading));
                                Says { v4: matches && !block.cidr.v6, v6: matches && block.cidr.v6 }
                            }
                        };
                        says = Says { v4: says.v4 || by_peer.v4, v6: says.v6 || by_peer.v6 };
                    }
                }
            }
        }
        says
    }

    /// N4: `podSelector` alone means the policy's own namespace, which is its subject's; both mean both.
    fn selects_peer(
        &self,
        namespaces: Option<&super::selector::Selector>,
        pods: Option<&super::selector::Selector>,
        subject: &Pod,
        peer: &Other<'_>,
        reading: &Reading,
    ) -> bool {
        if peer.pod.is_node || (peer.pod.host_network && !reading.host_network_is_peer) {
            return false;
        }
        let by_namespace = namespaces.map(|selector| selector.selects(peer.labels, self.misread));
        let by_pod = pods.map(|selector| selector.selects(&peer.pod.labels, self.misread));
        match (by_namespace, by_pod) {
            (Some(namespace), Some(pod)) if self.misread == Some(Line::N4) => {
                namespace || (pod && peer.pod.namespace == subject.namespace)
            }
            (Some(namespace), Some(pod)) => namespace && pod,
            (Some(namespace), None) => namespace,
            (None, Some(pod)) => pod && peer.pod.namespace == subject.namespace,
            (None, None) => false,
        }
    }

    /// N11: whether an ipBlock covers a pod.
    fn covers(&self, block: &Block, pod: &Pod, reading: &Reading) -> bool {
        if self.misread == Some(Line::N11) {
            return false;
        }
        // The address of a node may be any.
        if pod.is_node {
            return block.holds_any();
        }
        if pod.host_network {
            return reading.block_covers_nodes;
        }
        let taken = !block.cidr.sloppy || reading.sloppy_is_taken;
        taken
            && reading.block_covers_pods
            && match block.extent(&self.pod_ranges) {
                Extent::None => false,
                Extent::Part => reading.address_in_part,
                Extent::Whole => true,
            }
    }

    /// N10: an ipBlock that holds an address of a Service may open its backends, before or after the port is rewritten.
    fn opens_service(&self, block: &Block, rule: &Rule, flow: Flow<'_>, reading: &Reading) -> bool {
        if !reading.before_rewriting || self.misread == Some(Line::N11) {
            return false;
        }
        let pod = flow.destination;
        self.namespaces[pod.namespace].services.iter().any(|service| {
            let backend = service.selector.iter().all(|(key, value)| pod.labels.get(key) == Some(value));
            let held = is_held(service, block);
            let rewritten = service.ports.iter().any(|(port, protocol, target)| {
                *protocol == flow.protocol
                    && self.leads_to(target, flow)
                    && self.ports_admit(rule, Flow { port: *port, ..flow })
            });
            backend && held && (self.ports_admit(rule, flow) || rewritten)
        })
    }

    fn leads_to(&self, target: &Target, flow: Flow<'_>) -> bool {
        match target {
            Target::Number(number) => *number == flow.port,
            Target::Name(name) => flow.destination.resolves(name, flow.protocol, flow.port, None),
        }
    }

    /// N3, N8, N9: whether a rule's ports admit this port of the destination.
    fn ports_admit(&self, rule: &Rule, flow: Flow<'_>) -> bool {
        let Some(ports) = &rule.ports else { return true };
        if self.misread == Some(Line::N10) {
            let pod = flow.destination;
            let behind: Vec<u16> = self.namespaces[pod.namespace]
                .services
                .iter()
                .filter(|service| service.selector.iter().all(|(key, value)| pod.labels.get(key) == Some(value)))
                .flat_map(|service| &service.ports)
                .filter(|(_, protocol, target)| *protocol == flow.protocol && self.leads_to(target, flow))
                .map(|(port, ..)| *port)
                .collect();
            if !behind.is_empty() {
                return behind
                    .iter()
                    .any(|port| ports.iter().any(|item| self.port_admits(item, Flow { port: *port, ..flow })));
            }
        }
        ports.iter().any(|item| self.port_admits(item, flow))
    }

    fn port_admits(&self, item: &Port, flow: Flow<'_>) -> bool {
        if item.protocol != flow.protocol && self.misread != Some(Line::N8) {
            return false;
        }
        match &item.which {
            Which::All => true,
            Which::Range(first, last) => (*first..=*last).contains(&flow.port),
            Which::Name(name) => flow.destination.resolves(name, item.protocol, flow.port, self.misread),
        }
    }

    /// The readings that make a difference between two namespaces.
    pub fn readings(&self, source: usize, destination: usize, word: Option<bool>) -> Vec<Reading> {
        let rooms = [&self.namespaces[source], &self.namespaces[destination]];
        let blocks: Vec<&Block> = rooms
            .iter()
            .flat_map(|room| room.written())
            .flat_map(Policy::all_rules)
            .flat_map(|rule| rule.peers.iter().flatten())
            .filter_map(|peer| match peer {
                Peer::Block(block) => Some(block),
                Peer::Pods { .. } => None,
            })
            .collect();
        let open = Open {
            blocks: if blocks.is_empty() { Some(false) } else { word },
            parts: blocks.iter().any(|block| block.extent(&self.pod_ranges) == Extent::Part),
            sloppy: blocks.iter().any(|block| block.cidr.sloppy),
            v6: blocks.iter().any(|block| block.cidr.v6),
            services: rooms[1].services.iter().any(|service| blocks.iter().any(|block| is_held(service, block))),
            host_network: rooms.iter().any(|room| room.known.iter().any(|pod| pod.host_network)),
        };
        open.readings()
    }
}

/// Whether a block may hold an address of a Service.
fn is_held(service: &Service, block: &Block) -> bool {
    service.addresses.iter().any(|address: &IpAddr| block.holds(*address))
        || service.hidden_address && block.extent(&private()) != Extent::None
}

/// The pod at the other end, and the labels of its namespace in one reading.
struct Other<'world> {
    pod: &'world Pod,
    labels: &'world Labels,
}

/// Every choice of one alternative of each document.
struct Choices<'world> {
    documents: &'world [Vec<Alternative>],
    next: Option<Vec<usize>>,
}

impl<'world> Choices<'world> {
    fn of(documents: &'world [Vec<Alternative>]) -> Self {
        Self { documents, next: Some(vec![0; documents.len()]) }
    }
}

impl<'world> Iterator for Choices<'world> {
    type Item = Vec<&'world Alternative>;

    fn next(&mut self) -> Option<Self::Item> {
        let chosen = self.next.take()?;
        let mut following = chosen.clone();
        for (index, alternatives) in self.documents.iter().enumerate() {
            following[index] += 1;
            if following[index] < alternatives.len() {
                self.next = Some(following);
                break;
            }
            following[index] = 0;
        }
        Some(chosen.iter().zip(self.documents).map(|(index, alternatives)| &alternatives[*index]).collect())
    }
}
