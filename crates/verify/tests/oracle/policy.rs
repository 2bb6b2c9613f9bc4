//! One NetworkPolicy as the API documentation of `networking.k8s.io/v1` reads it (N1 to N4, N6, N8, N20).

use super::address::{Block, Cidr};
use super::line::Line;
use super::reading::{Misreading, Refused, field};
use super::selector::{Selector, list};
use dtap_model::tree::{Node, Value};
use dtap_model::workload::Protocol;

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ingress,
    Egress,
}

/// A policy that the server takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The pods of its own namespace that it is about.
    pub selector: Selector,
    /// Its rules for ingress; none where it leaves ingress alone.
    pub ingress: Option<Vec<Rule>>,
    /// Its rules for egress; none where it leaves egress alone.
    pub egress: Option<Vec<Rule>>,
}

/// One item of `ingress` or `egress`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The peers; none for everybody.
    pub peers: Option<Vec<Peer>>,
    /// The ports; none for every port of every protocol.
    pub ports: Option<Vec<Port>>,
}

/// One item of `from` or `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// `ipBlock`.
    Block(Block),
    /// `podSelector` and `namespaceSelector`, at least one of them.
    Pods {
        /// Absent: the policy's own namespace.
        namespaces: Option<Selector>,
        /// Absent: every pod.
        pods: Option<Selector>,
    },
}

/// One item of `ports`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The protocol.
    pub protocol: Protocol,
    /// Which ports of it.
    pub which: Which,
}

/// The ports that a rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// No `port`.
    All,
    /// `port` and `endPort`, both included.
    Range(u16, u16),
    /// The name of a port.
    Name(String),
}

impl Policy {
    /// Reads the policy of a document.
    pub fn read(tree: &Node<'_>, misread: Misreading) -> Result<Self, Refused> {
        let nothing = Node::default();
        let spec = field(tree, "spec", misread).unwrap_or(&nothing);
        if !matches!(spec.value, Value::Null | Value::Mapping(_)) {
            return Err(Refused);
        }
        // `spec.podSelector` is no pointer in the API: absent and null are `{}`, every pod.
        let selector = Selector::read(field(spec, "podSelector", misread).unwrap_or(&nothing), misread)?;
        let ingress = read_rules(spec, "ingress", "from", misread)?;
        let egress = read_rules(spec, "egress", "to", misread)?;
        let (is_ingress, is_egress) = effective_types(spec, &egress, misread)?;
        let section = |isolates: bool, rules: Vec<Rule>| {
            // N2: for a direction that is isolated, no rules means nobody.
            let everybody = Rule { peers: None, ports: None };
            let rules = if rules.is_empty() && misread == Some(Line::N2) { vec![everybody] } else { rules };
            isolates.then_some(rules)
        };
        Ok(Self { selector, ingress: section(is_ingress, ingress), egress: section(is_egress, egress) })
    }

    /// One that admits everything.
    pub fn open() -> Self {
        let rules = || Some(vec![Rule { peers: None, ports: None }]);
        Self { selector: Selector::default(), ingress: rules(), egress: rules() }
    }

    /// Its rules for a direction; none where it leaves the direction alone.
    pub fn rules(&self, direction: Direction) -> Option<&[Rule]> {
        match direction {
            Direction::Ingress => self.ingress.as_deref(),
            Direction::Egress => self.egress.as_deref(),
        }
    }

    /// Every rule of both directions.
    pub fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.ingress.iter().flatten().chain(self.egress.iter().flatten())
    }
}

/// N1: absent or `[]`, Ingress always and Egress if `egress` holds at least one rule; else what is listed.
fn effective_types(spec: &Node<'_>, egress: &[Rule], misread: Misreading) -> Result<(bool, bool), Refused> {
    let mut listed = Vec::new();
    if let Some(types) = field(spec, "policyTypes", misread) {
        for kind in list(types)? {
            match kind.as_str() {
                Some("Ingress") => listed.push(Direction::Ingress),
                Some("Egress") => listed.push(Direction::Egress),
                _ => return Err(Refused),
            }
        }
    }
    if listed.is_empty() {
        let egress_is_there = if misread == Some(Line::N1) { spec.get("egress").is_some() } else { !egress.is_empty() };
        return Ok((true, egress_is_there));
    }
    Ok((listed.contains(&Direction::Ingress), listed.contains(&Direction::Egress)))
}

/// A section. `[null]` is one empty rule (N2).
fn read_rules(spec: &Node<'_>, section: &str, peers: &str, misread: Misreading) -> Result<Vec<Rule>, Refused> {
    let Some(rules) = field(spec, section, misread) else { return Ok(Vec::new()) };
    list(rules)?
        .iter()
        .map(|rule| {
            if !matches!(rule.value, Value::Null | Value::Mapping(_)) {
                return Err(Refused);
            }
            let peers = read_items(rule, peers, misread, read_peer)?;
            let ports = read_items(rule, "ports", misread, read_port)?;
            // N3: empty or missing means every peer, every port.
            if misread == Some(Line::N3) {
                return Ok(Rule { peers: Some(peers), ports: Some(ports) });
            }
            Ok(Rule {
                peers: Some(peers).filter(|peers| !peers.is_empty()),
                ports: Some(ports).filter(|ports| !ports.is_empty()),
            })
        })
        .collect()
}

fn read_items<T>(
    rule: &Node<'_>,
    name: &str,
    misread: Misreading,
    read: fn(&Node<'_>, Misreading) -> Result<T, Refused>,
) -> Result<Vec<T>, Refused> {
    field(rule, name, misread)
        .map_or(Ok(Vec::new()), |items| list(items)?.iter().map(|item| read(item, misread)).collect())
}

/// N4: a peer is an ipBlock alone, or a podSelector, a namespaceSelector or both; anything else is refused.
fn read_peer(node: &Node<'_>, misread: Misreading) -> Result<Peer, Refused> {
    let selector = |name: &str| field(node, name, misread).map(|node| Selector::read(node, misread)).transpose();
    let (pods, namespaces) = (selector("podSelector")?, selector("namespaceSelector")?);
    match (field(node, "ipBlock", misread), &pods, &namespaces) {
        (Some(block), None, None) => read_block(block, misread).map(Peer::Block),
        (None, None, None) | (Some(_), _, _) => Err(Refused),
        (None, _, _) => Ok(Peer::Pods { namespaces, pods }),
    }
}

/// N11: an exception that does not parse or is no strict subset cuts nothing; the server refuses it.
fn read_block(node: &Node<'_>, misread: Misreading) -> Result<Block, Refused> {
    let cidr = Cidr::parse(field(node, "cidr", misread).and_then(Node::as_str).ok_or(Refused)?)?;
    let mut except = Vec::new();
    if let Some(items) = field(node, "except", misread) {
        for item in list(items)? {
            let cut = Cidr::parse(item.as_str().ok_or(Refused)?)?;
            if !cut.is_anything() && !cidr.is_anything() && !cidr.strictly_holds(&cut) {
                return Err(Refused);
            }
            except.push(cut);
        }
    }
    Ok(Block { cidr, except })
}

/// N8: TCP unless said otherwise; no `port`: all of the protocol; `endPort` only beside a number, and not below it.
fn read_port(node: &Node<'_>, misread: Misreading) -> Result<Port, Refused> {
    if !matches!(node.value, Value::Null | Value::Mapping(_)) {
        return Err(Refused);
    }
    let protocol = match field(node, "protocol", misread).map(|node| &node.value) {
        None => Protocol::Tcp,
        Some(Value::String(text)) if text == "TCP" => Protocol::Tcp,
        Some(Value::String(text)) if text == "UDP" => Protocol::Udp,
        Some(Value::String(text)) if text == "SCTP" => Protocol::Sctp,
        Some(_) => return Err(Refused),
    };
    let number = |value: i64| u16::try_from(value).ok().filter(|number| *number > 0).ok_or(Refused);
    let end = field(node, "endPort", misread);
    let which = match (field(node, "port", misread).map(|node| &node.value), end) {
        (None, None) => Which::All,
        (Some(Value::Integer(first)), None) => Which::Range(number(*first)?, number(*first)?),
        (Some(Value::Integer(first)), Some(end)) => {
            let (first, last) = (number(*first)?, number(end.as_integer().ok_or(Refused)?)?);
            if last < first {
                return Err(Refused);
            }
            Which::Range(first, last)
        }
        (Some(Value::String(name)), None) if is_port_name(name) => Which::Name(name.to_string()),
        _ => return Err(Refused),
    };
    Ok(Port { protocol, which })
}

/// IANA_SVC_NAME: at most 15 of `a-z0-9-`, a letter among them, no dash at an end or beside another.
fn is_port_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=15).contains(&name.len())
        && name.bytes().all(plain)
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}
