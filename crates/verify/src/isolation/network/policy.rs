//! NetworkPolicies compiled: whom each selects, and the ways it opens, by direction. One reading of the API server's
//! rules; what it refuses stays an error here, and the plane makes it unknown.

use super::address::Block;
use super::ports::PortRule;
use super::selector::{Refusal, Selector};
use dtap_model::tree::{Node, Value};
use dtap_model::workload::Protocol;

/// A direction that a policy can isolate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Into the pods selected.
    Ingress,
    /// Out of them.
    Egress,
}

/// Which namespaces a peer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespaces<'s> {
    /// The policy's own (a `podSelector` alone, N4).
    Own,
    /// Those selected.
    Selected(Selector<'s>),
}

/// Who is at the other end of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer<'s> {
    /// Everybody, nodes and the outside too (N3).
    Everyone,
    /// Pods.
    Pods {
        /// Of which namespaces.
        namespaces: Namespaces<'s>,
        /// Which of them.
        pods: Selector<'s>,
    },
    /// Addresses.
    Block(Block),
}

/// One peer of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way<'s> {
    /// The position of the rule in its section.
    pub rule: usize,
    /// The position of the peer in its rule; none for a rule that names no peer.
    pub position: Option<usize>,
    /// The peer.
    pub peer: Peer<'s>,
    /// The ports opened to it.
    pub ports: PortRule<'s>,
}

/// A policy as the API server understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec<'s> {
    /// The pods selected, of the policy's namespace.
    pub selects: Selector<'s>,
    /// The ways in; none where ingress is not isolated.
    pub ingress: Option<Vec<Way<'s>>>,
    /// The ways out; none where egress is not isolated.
    pub egress: Option<Vec<Way<'s>>>,
}

impl<'s> Spec<'s> {
    /// Reads the object tree of a `NetworkPolicy` of `networking.k8s.io/v1`.
    ///
    /// # Errors
    /// What the API server refuses (N4, N8), in a phrase.
    pub fn read(tree: &'s Node<'_>) -> Result<Self, Refusal> {
        let null = &NULL;
        let spec = tree.get("spec").unwrap_or(null);
        if !matches!(spec.value, Value::Null | Value::Mapping(_)) {
            return Err(format!("`spec` is {} instead of a mapping", spec.kind_word()));
        }
        let selects = Selector::read(spec.get("podSelector").unwrap_or(null))?;
        let ingress = rules(spec, Direction::Ingress)?;
        let egress = rules(spec, Direction::Egress)?;
        let types = list(spec, "policyTypes")?;
        let (mut isolates_ingress, mut isolates_egress) = (types.is_empty(), types.is_empty() && egress.is_some());
        for kind in types {
            match kind.as_str() {
                Some("Ingress") => isolates_ingress = true,
                Some("Egress") => isolates_egress = true,
                _ => return Err("`policyTypes` may hold `Ingress` and `Egress` only".to_owned()),
            }
        }
        if types.len() > 2 {
            return Err("`policyTypes` may hold two items at most".to_owned());
        }
        Ok(Self {
            selects,
            ingress: isolates_ingress.then(|| ingress.unwrap_or_default()),
            egress: isolates_egress.then(|| egress.unwrap_or_default()),
        })
    }
}

impl Direction {
    /// The section of the policy.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }

    /// What an item of it is called.
    fn rule(self) -> &'static str {
        match self {
            Self::Ingress => "a rule of `ingress`",
            Self::Egress => "a rule of `egress`",
        }
    }

    /// The list of peers in a rule.
    #[must_use]
    pub fn peers(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }
}

static NULL: Node<'static> = Node { value: Value::Null, span: dtap_model::tree::Span { start: 0, end: 0 } };

/// The items under a key that holds a list, null, or nothing.
fn list<'t, 'n>(node: &'t Node<'n>, key: &str) -> Result<&'t [Node<'n>], Refusal> {
    match node.get(key) {
        Some(found) if !matches!(found.value, Value::Null | Value::Sequence(_)) => {
            Err(format!("`{key}` is {} instead of a list", found.kind_word()))
        }
        found => Ok(found.map_or(&[], Node::items)),
    }
}

fn mapping(node: &Node<'_>, what: &str) -> Result<(), Refusal> {
    match node.value {
        Value::Null | Value::Mapping(_) => Ok(()),
        _ => Err(format!("{what} is {} instead of a mapping", node.kind_word())),
    }
}

/// The ways of a section; none where it holds no rule.
fn rules<'s>(spec: &'s Node<'_>, direction: Direction) -> Result<Option<Vec<Way<'s>>>, Refusal> {
    let rules = list(spec, direction.section())?;
    let mut ways = Vec::new();
    for (rule, node) in rules.iter().enumerate() {
        mapping(node, direction.rule())?;
        let ports = ports(list(node, "ports")?)?;
        let peers = list(node, direction.peers())?;
        if peers.is_empty() {
            ways.push(Way { rule, position: None, peer: Peer::Everyone, ports });
            continue;
        }
        for (position, peer) in peers.iter().enumerate() {
            ways.push(Way { rule, position: Some(position), peer: read_peer(peer)?, ports: ports.clone() });
        }
    }
    Ok((!rules.is_empty()).then_some(ways))
}

fn read_peer<'s>(node: &'s Node<'_>) -> Result<Peer<'s>, Refusal> {
    mapping(node, "a peer")?;
    let given = |key| node.get(key).filter(|value| !value.is_null());
    match (given("podSelector"), given("namespaceSelector"), given("ipBlock")) {
        (None, None, Some(block)) => Ok(Peer::Block(Block::read(block)?)),
        (_, _, Some(_)) => Err("a peer has an ipBlock beside a selector".to_owned()),
        (None, None, None) => Err("a peer names neither a selector nor an ipBlock".to_owned()),
        (pods, namespaces, None) => Ok(Peer::Pods {
            namespaces: namespaces.map(Selector::read).transpose()?.map_or(Namespaces::Own, Namespaces::Selected),
            pods: pods.map(Selector::read).transpose()?.unwrap_or_default(),
        }),
    }
}

fn ports<'s>(items: &'s [Node<'_>]) -> Result<PortRule<'s>, Refusal> {
    if items.is_empty() {
        return Ok(PortRule::all());
    }
    let mut rule = PortRule::default();
    for item in items {
        read_port(item, &mut rule)?;
    }
    Ok(rule)
}

fn read_port<'s>(item: &'s Node<'_>, rule: &mut PortRule<'s>) -> Result<(), Refusal> {
    mapping(item, "an item of `ports`")?;
    let given = |key| item.get(key).filter(|value| !value.is_null());
    let protocol = match given("protocol") {
        None => Protocol::Tcp,
        Some(node) => {
            let text = node.as_str().ok_or("`protocol` is not text")?;
            Protocol::parse(text).ok_or_else(|| format!("there is no protocol `{text}`"))?
        }
    };
    let number = |node: &Node<'_>, what| {
        node.as_integer()
            .and_then(|number| u16::try_from(number).ok())
            .filter(|number| *number > 0)
            .ok_or_else(|| format!("`{what}` is no number from 1 to 65535"))
    };
    let end = given("endPort").map(|end| number(end, "endPort")).transpose()?;
    let Some(port) = given("port") else {
        if end.is_some() {
            return Err("`endPort` stands without `port`".to_owned());
        }
        rule.fixed.add(protocol, 1, u16::MAX);
        return Ok(());
    };
    match (port.as_str(), end) {
        (Some(_), Some(_)) => Err("`endPort` stands beside a named port".to_owned()),
        (Some(name), None) if is_port_name(name) => {
            rule.named.push((protocol, name));
            Ok(())
        }
        (Some(name), None) => Err(format!("`{name}` is no name of a port")),
        (None, end) => {
            let first = number(port, "port")?;
            let last = end.unwrap_or(first);
            if last < first {
                return Err("`endPort` is less than `port`".to_owned());
            }
            rule.fixed.add(protocol, first, last);
            Ok(())
        }
    }
}

/// An IANA service name: at most 15 of `a-z0-9-`, at least one letter, hyphens single and inside.
fn is_port_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 15
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
        && !name.contains("--")
        && !name.starts_with('-')
        && !name.ends_with('-')
}
