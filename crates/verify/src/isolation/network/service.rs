//! Services, as far as an ipBlock may open what is behind one by covering its address (N10).

use super::address::{Block, single};
use super::ports::{PortRule, Ports};
use super::selector::{Requirement, Selector, Values};
use dtap_model::tree::{Node, Value};
use dtap_model::workload::{ContainerPort, Protocol};
use dtap_snapshot::snapshot::Placed;
use ipnet::IpNet;
use std::net::IpAddr;

/// A Service that has addresses and pods behind it.
#[derive(Clone, Debug)]
pub struct Service<'s> {
    /// The pods behind it.
    pub selects: Selector<'s>,
    addresses: Vec<IpNet>,
    ports: Vec<(Protocol, u16, Target<'s>)>,
}

/// The port of the pod that a port of the Service leads to.
#[derive(Clone, Copy, Debug)]
enum Target<'s> {
    Number(u16),
    Name(&'s str),
}

impl<'s> Service<'s> {
    /// Reads a Service; none for other kinds, and for one that selects nothing or has no address.
    #[must_use]
    pub fn read(placed: &'s Placed) -> Option<Self> {
        if !placed.object.identity.kind.is("", "Service") {
            return None;
        }
        let tree = &placed.object.tree;
        let spec = tree.get("spec")?;
        let labels = spec.get("selector")?.entries().iter();
        let requirement = |key: &'s str, value: &'s str| Requirement { key, values: Values::any_of(vec![value]) };
        let selects: Option<Vec<Requirement<'s>>> =
            labels.map(|entry| Some(requirement(&entry.key, entry.node.as_str()?))).collect();
        let selects = Selector(selects?);
        let addresses: Vec<IpNet> = addresses(tree, spec).collect();
        let ports = spec.get("ports").map_or(&[][..], Node::items).iter().filter_map(port).collect();
        (!selects.is_everything() && !addresses.is_empty()).then_some(Self { selects, addresses, ports })
    }

    /// Whether a block may cover one of its addresses.
    #[must_use]
    pub fn is_covered_by(&self, block: &Block) -> bool {
        self.addresses.iter().any(|address| block.may_cover(*address))
    }

    /// The ports of a pod behind it that a rule may open: those it names, and those its Service's ports lead to, since
    /// the rule may be applied before or after the rewriting.
    #[must_use]
    pub fn opened(&self, rule: &PortRule<'_>, declared: Option<&[ContainerPort]>) -> Ports {
        let direct = rule.at(declared).into_owned();
        let mut ports = direct.clone();
        for (protocol, number, target) in &self.ports {
            if !direct.contains(*protocol, *number) {
                continue;
            }
            let target = match target {
                Target::Number(number) => Ports::one(*protocol, *number),
                Target::Name(name) => {
                    PortRule { fixed: Ports::default(), named: vec![(*protocol, *name)] }.at(declared).into_owned()
                }
            };
            ports.extend(&target);
        }
        ports
    }
}

/// Every address that a Service answers to.
fn addresses<'t>(tree: &'t Node<'_>, spec: &'t Node<'_>) -> impl Iterator<Item = IpNet> + 't {
    let lists = ["clusterIPs", "externalIPs"].into_iter().filter_map(|key| spec.get(key)).flat_map(Node::items);
    let single_ones = ["clusterIP", "loadBalancerIP"].into_iter().filter_map(|key| spec.get(key));
    let balancers = tree.at(&["status", "loadBalancer", "ingress"]).map_or(&[][..], Node::items).iter();
    let texts =
        lists.chain(single_ones).chain(balancers.filter_map(|balancer| balancer.get("ip"))).filter_map(Node::as_str);
    texts.filter_map(|text| text.parse::<IpAddr>().ok()).map(single)
}

fn port<'s>(node: &'s Node<'_>) -> Option<(Protocol, u16, Target<'s>)> {
    let number = |node: &Node<'_>| node.as_integer().and_then(|number| u16::try_from(number).ok());
    let protocol = node.get("protocol").and_then(Node::as_str).map_or(Some(Protocol::Tcp), Protocol::parse)?;
    let own = node.get("port").and_then(number)?;
    let target = match node.get("targetPort") {
        None => Target::Number(own),
        Some(target) => match &target.value {
            Value::Null => Target::Number(own),
            Value::String(name) => Target::Name(name),
            _ => Target::Number(number(target)?),
        },
    };
    Some((protocol, own, target))
}
