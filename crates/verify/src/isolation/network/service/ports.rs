//! The ports that lead to the pods behind a Service, a Gateway or endpoints.

use crate::isolation::network::ports::{PortRule, Ports};
use dtap_model::tree::Node;
use dtap_model::workload::{ContainerPort, Protocol};

/// The `ports` of a Service. Most are never asked for.
#[derive(Clone, Debug)]
pub(super) enum ServicePorts<'s> {
    /// As they are written, and whether ports of every node lead to them.
    Written(&'s [Node<'static>], bool),
    /// As they come out.
    Read(Vec<ServicePort<'s>>),
}

/// One of the `ports` of a Service.
#[derive(Clone, Debug)]
pub(super) struct ServicePort<'s> {
    pub protocol: Protocol,
    /// None where it is not written as one: the API server refuses the Service, and what stood there before is not
    /// known.
    pub number: Option<u16>,
    pub target: Target<'s>,
    /// The port of every node that leads here.
    pub on_nodes: OnNodes,
}

/// The port of the pod that a port of the Service leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'s> {
    Number(u16),
    Name(&'s str),
    Any,
}

/// Which port of every node leads to a Service.
#[derive(Clone, Copy, Debug)]
pub(super) enum OnNodes {
    /// None: it is not of such a type.
    Never,
    /// The one written.
    Number(u16),
    /// One that the API server chooses, from a range that is a flag of it.
    Any,
}

impl<'s> ServicePorts<'s> {
    /// The `ports` of a Service. Where there are none, or no list, the API server refuses it: what stood there before
    /// may lead anywhere. One without an address of its own needs none, and leads nowhere by them.
    pub fn written(node: Option<&'s Node<'static>>, on_nodes: bool) -> Self {
        match node.map_or(&[][..], Node::items) {
            [] => Self::Read(any(on_nodes)),
            written => Self::Written(written, on_nodes),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = ServicePort<'s>> {
        let (written, on_nodes, read) = match self {
            Self::Written(written, on_nodes) => (*written, *on_nodes, &[][..]),
            Self::Read(read) => (&[][..], false, read.as_slice()),
        };
        written.iter().flat_map(move |node| ports(node, on_nodes)).chain(read.iter().cloned())
    }
}

impl ServicePort<'_> {
    /// Whether a rule opens the port of the Service, or may.
    pub fn is_in(&self, rule: &Ports) -> bool {
        self.number.map_or_else(|| rule.has(self.protocol), |number| rule.contains(self.protocol, number))
    }

    /// The ports of a pod that it leads to.
    pub fn targets(&self, declared: Option<&[ContainerPort]>) -> Ports {
        match self.target {
            Target::Number(number) => Ports::one(self.protocol, number),
            Target::Any => {
                let mut ports = Ports::default();
                ports.add(self.protocol, 1, u16::MAX);
                ports
            }
            Target::Name(name) => {
                PortRule { fixed: Ports::default(), named: vec![(self.protocol, name)] }.at(declared).into_owned()
            }
        }
    }
}

/// The ports of a listener of a Gateway, one for each protocol that it may take: QUIC stands beside HTTPS, and what a
/// controller calls by a name of its own may be any. Which port of its pods it is at is the controller's choice.
pub(super) fn listener<'s>(node: &Node<'_>) -> Vec<ServicePort<'s>> {
    let number = node.get("port").and_then(number);
    let protocols: &[Protocol] = match node.get("protocol").and_then(Node::as_str) {
        Some("TCP" | "TLS" | "HTTP") => &[Protocol::Tcp],
        Some("UDP") => &[Protocol::Udp],
        _ => &Protocol::ALL,
    };
    let port = |protocol: &Protocol| ServicePort {
        protocol: *protocol,
        number,
        target: Target::Any,
        on_nodes: OnNodes::Never,
    };
    protocols.iter().map(port).collect()
}

/// What leads to every port, by a port of any number.
pub(super) fn any<'s>(on_nodes: bool) -> Vec<ServicePort<'s>> {
    let on_nodes = if on_nodes { OnNodes::Any } else { OnNodes::Never };
    let port = |protocol| ServicePort { protocol, number: None, target: Target::Any, on_nodes };
    Protocol::ALL.map(port).to_vec()
}

/// One of the `ports` of a Service, for each protocol that it may be of. What is left out, `null`, zero or empty is
/// what the API server sets there (`SetDefaults_Service`).
pub(super) fn ports<'s>(node: &'s Node<'_>, on_nodes: bool) -> impl Iterator<Item = ServicePort<'s>> {
    let field = |name: &str| node.get(name).filter(|node| !node.is_null() && node.as_str() != Some(""));
    let protocols: &[Protocol] = match field("protocol").map(|node| node.as_str().and_then(Protocol::parse)) {
        None | Some(Some(Protocol::Tcp)) => &[Protocol::Tcp],
        Some(Some(Protocol::Udp)) => &[Protocol::Udp],
        Some(Some(Protocol::Sctp)) => &[Protocol::Sctp],
        Some(None) => &Protocol::ALL,
    };
    let own = field("port").and_then(number).filter(|number| *number > 0);
    let target = match field("targetPort").filter(|node| node.as_integer() != Some(0)) {
        None => own.map_or(Target::Any, Target::Number),
        Some(node) => match (node.as_str(), number(node)) {
            (Some(name), _) if name.contains(|letter: char| letter.is_ascii_alphabetic()) => Target::Name(name),
            (None, Some(number)) => Target::Number(number),
            _ => Target::Any,
        },
    };
    let on_nodes = match field("nodePort").and_then(number).filter(|number| *number > 0) {
        _ if !on_nodes => OnNodes::Never,
        Some(number) => OnNodes::Number(number),
        None => OnNodes::Any,
    };
    protocols.iter().map(move |protocol| ServicePort { protocol: *protocol, number: own, target, on_nodes })
}
/// A port, where it is written as one.
pub(super) fn number(node: &Node<'_>) -> Option<u16> {
    node.as_integer().and_then(|number| u16::try_from(number).ok())
}
