//! Services, as far as they lead to the pods behind them past a policy: an ipBlock may open those by covering an address of
//! the Service (N10), and what arrives by a node's address may arrive as a node (N12).

use super::address::{Block, single};
use super::ports::{PortRule, Ports};
use super::ranges::PRIVATE_RANGES;
use super::selector::{Requirement, Selector, Values};
use dtap_model::tree::{Entry, Node, Value};
use dtap_model::workload::{ContainerPort, Protocol};
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::workload::has_controller;
use ipnet::IpNet;
use smallvec::SmallVec;
use std::net::IpAddr;
use std::sync::OnceLock;

/// A Service that has pods behind it, and leads to them past a policy.
#[derive(Clone, Debug)]
pub struct Service<'s> {
    /// The object.
    pub placed: &'s Placed,
    /// Whether what it leads to its pods may arrive there as a node: it is of the type NodePort or LoadBalancer, or has
    /// externalIPs (N12).
    pub published: bool,
    /// The labels of the pods behind it, as they are written; where there are none, it may be any pod.
    labels: &'s [Entry<'static>],
    /// The same, read when it is first asked for.
    selects: OnceLock<Selector<'s>>,
    addresses: Addresses,
    ports: ServicePorts<'s>,
}

/// The addresses that a Service answers to.
#[derive(Clone, Debug)]
struct Addresses {
    shown: SmallVec<[IpNet; 1]>,
    /// Whether the API server chooses its own in the cluster, from a range that is a flag of it: any private one.
    chosen: bool,
}

/// The `ports` of a Service. Most are never asked for.
#[derive(Clone, Debug)]
enum ServicePorts<'s> {
    /// As they are written, and whether ports of every node lead to them.
    Written(&'s [Node<'static>], bool),
    /// As they come out.
    Read(Vec<ServicePort<'s>>),
}

/// One of the `ports` of a Service.
#[derive(Clone, Debug)]
struct ServicePort<'s> {
    protocol: Protocol,
    /// None where it is not written as one: the API server refuses the Service, and what stood there before is not known.
    number: Option<u16>,
    target: Target<'s>,
    /// The port of every node that leads here.
    on_nodes: OnNodes,
}

/// The port of the pod that a port of the Service leads to.
#[derive(Clone, Copy, Debug)]
enum Target<'s> {
    Number(u16),
    Name(&'s str),
    Any,
}

/// Which port of every node leads to a Service.
#[derive(Clone, Copy, Debug)]
enum OnNodes {
    /// None: it is not of such a type.
    Never,
    /// The one written.
    Number(u16),
    /// One that the API server chooses, from a range that is a flag of it.
    Any,
}

impl<'s> Service<'s> {
    /// Reads a Service; none for other kinds, and for one that selects nothing or leads nowhere past a policy.
    #[must_use]
    pub fn read(placed: &'s Placed) -> Option<Self> {
        if !placed.object.identity.kind.is("", "Service") {
            return None;
        }
        let spec = Spec::of(placed)?;
        let selector = spec.selector.filter(|selector| !selector.is_null())?;
        let selects_pods = !matches!(&selector.value, Value::Mapping(labels) if labels.is_empty());
        // Where it is refused for its selector, it may select any.
        let are_texts = selector.entries().iter().all(|entry| label_value(&entry.node).is_some());
        let labels = if are_texts { selector.entries() } else { &[] };
        let on_nodes = spec.is_on_nodes();
        let published = spec.is_published();
        let addresses = spec.addresses();
        let ports = ServicePorts::Written(spec.ports.map_or(&[][..], Node::items), on_nodes);
        let leads = published || addresses.chosen || !addresses.shown.is_empty();
        let selects = OnceLock::new();
        (selects_pods && leads).then_some(Self { placed, published, labels, selects, addresses, ports })
    }

    /// The pods behind it.
    #[must_use]
    pub fn selects(&self) -> &Selector<'s> {
        self.selects.get_or_init(|| {
            let labels = self.labels.iter().filter_map(|entry| Some((entry.key.as_ref(), label_value(&entry.node)?)));
            Selector(labels.map(|(key, value)| Requirement { key, values: Values::any_of(vec![value]) }).collect())
        })
    }

    /// What a Gateway amounts to: its controller may run pods of any labels beside it, behind its addresses (N10, N16).
    #[must_use]
    pub fn of_gateway(placed: &'s Placed) -> Option<Self> {
        if !placed.object.identity.kind.is("gateway.networking.k8s.io", "Gateway") {
            return None;
        }
        let tree = &placed.object.tree;
        let lists = [tree.at(&["spec", "addresses"]), tree.at(&["status", "addresses"])].into_iter().flatten();
        let texts = lists.flat_map(Node::items).filter_map(|address| address.get("value")?.as_str());
        let shown = texts.filter_map(|text| text.parse::<IpAddr>().ok()).map(single).collect();
        let addresses = Addresses { shown, chosen: false };
        let listeners = tree.at(&["spec", "listeners"]).map_or(&[][..], Node::items).iter();
        let ports = ServicePorts::Read(listeners.flat_map(listener).collect());
        Some(Self { placed, published: false, labels: &[], selects: OnceLock::new(), addresses, ports })
    }

    /// A Service of endpoints written by hand; `service` is the Service itself, where the input has it.
    #[must_use]
    pub fn by_hand(service: Option<&'s Placed>, slice: &'s Placed, endpoints: &Endpoints<'s>) -> Option<Self> {
        let spec = service.and_then(Spec::of);
        let selects_pods = spec.as_ref().and_then(|spec| spec.selector).is_some_and(|it| !it.entries().is_empty());
        if selects_pods && slice.object.identity.kind.kind == "Endpoints" {
            return None;
        }
        let addresses = spec.as_ref().map_or_else(Addresses::any_private, Spec::addresses);
        let own = spec.as_ref().and_then(|spec| spec.ports).map_or(&[][..], Node::items).iter();
        let on_nodes = spec.as_ref().is_some_and(Spec::is_on_nodes);
        let own = own.flat_map(|node| ports(node, on_nodes));
        let ports = own.flat_map(|own| {
            let targets: Vec<Target<'_>> = endpoints.ports.iter().map(|port| Target::Number(*port)).collect();
            let targets = if targets.is_empty() { vec![Target::Any] } else { targets };
            targets.into_iter().map(move |target| ServicePort { target, ..own.clone() })
        });
        let placed = service.unwrap_or(slice);
        let published = spec.as_ref().is_some_and(Spec::is_published);
        Some(Self {
            placed,
            published,
            labels: &[],
            selects: OnceLock::new(),
            addresses,
            ports: ServicePorts::Read(ports.collect()),
        })
    }

    /// Whether a block may cover one of its addresses.
    #[must_use]
    pub fn is_covered_by(&self, block: &Block) -> bool {
        let chosen = self.addresses.chosen.then_some(PRIVATE_RANGES).into_iter().flatten();
        self.addresses.shown.iter().copied().chain(chosen).any(|address| block.may_cover(address))
    }

    /// The ports of a pod behind it that a rule may open: those it names, and those its Service's ports lead to, since
    /// the rule may be applied before or after the rewriting.
    #[must_use]
    pub fn opened(&self, rule: &PortRule<'_>, declared: Option<&[ContainerPort]>) -> Ports {
        let direct = rule.at(declared).into_owned();
        let mut ports = direct.clone();
        for port in self.ports.iter().filter(|port| port.is_in(&direct)) {
            ports.extend(&port.targets(declared));
        }
        ports
    }

    /// The ports of a pod behind it that are open to whoever reaches a node's address, or one of the Service's, on the
    /// ports of a rule: before the rewriting the port of the Service or of the node counts, after it that of the pod.
    #[must_use]
    pub fn opened_by_node(&self, rule: &Ports, declared: Option<&[ContainerPort]>) -> Ports {
        let mut ports = Ports::default();
        for port in self.ports.iter() {
            let by_node = match port.on_nodes {
                OnNodes::Never => false,
                OnNodes::Number(number) => rule.contains(port.protocol, number),
                OnNodes::Any => rule.has(port.protocol),
            };
            let targets = port.targets(declared);
            let before = by_node || port.is_in(rule);
            ports.extend(&if before { targets } else { targets.intersection(rule) });
        }
        ports
    }
}

impl Addresses {
    fn any_private() -> Self {
        Self { shown: SmallVec::new(), chosen: true }
    }
}

impl<'s> ServicePorts<'s> {
    fn iter(&self) -> impl Iterator<Item = ServicePort<'s>> {
        let (written, on_nodes, read) = match self {
            Self::Written(written, on_nodes) => (*written, *on_nodes, &[][..]),
            Self::Read(read) => (&[][..], false, read.as_slice()),
        };
        written.iter().flat_map(move |node| ports(node, on_nodes)).chain(read.iter().cloned())
    }
}

impl ServicePort<'_> {
    /// Whether a rule opens the port of the Service, or may.
    fn is_in(&self, rule: &Ports) -> bool {
        self.number.map_or_else(|| rule.has(self.protocol), |number| rule.contains(self.protocol, number))
    }

    /// The ports of a pod that it leads to.
    fn targets(&self, declared: Option<&[ContainerPort]>) -> Ports {
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

/// Endpoints that nobody but the writer of the manifest chose.
#[derive(Clone, Debug)]
pub struct Endpoints<'s> {
    /// The Service that they are behind, in the same namespace.
    pub service: &'s str,
    /// Their addresses.
    pub addresses: Vec<IpAddr>,
    /// Their ports; none for any.
    ports: Vec<u16>,
}

impl<'s> Endpoints<'s> {
    /// Reads Endpoints or an EndpointSlice; none for other kinds, and for those that a controller keeps.
    #[must_use]
    pub fn read(placed: &'s Placed) -> Option<Self> {
        let tree = &placed.object.tree;
        let kind = &placed.object.identity.kind;
        let (service, groups, lists): (_, _, &[&str]) = if kind.is("discovery.k8s.io", "EndpointSlice") {
            let label = tree.at(&["metadata", "labels", "kubernetes.io/service-name"])?.as_str()?;
            (label, std::slice::from_ref(&placed.object.tree), &["endpoints"])
        } else if kind.is("", "Endpoints") {
            let subsets = tree.get("subsets").map(Node::items).unwrap_or_default();
            (placed.object.identity.name.as_str(), subsets, &["addresses", "notReadyAddresses"])
        } else {
            return None;
        };
        if has_controller(tree) {
            return None;
        }
        let endpoints =
            groups.iter().flat_map(|group| lists.iter().filter_map(|list| group.get(list))).flat_map(Node::items);
        let texts = endpoints.flat_map(|endpoint| {
            let several = endpoint.get("addresses").map(Node::items).unwrap_or_default();
            several.iter().chain(endpoint.get("ip")).filter_map(Node::as_str)
        });
        let addresses = texts.filter_map(|text| text.parse().ok()).collect();
        let ports = groups.iter().filter_map(|group| group.get("ports")).flat_map(Node::items);
        let ports = ports.filter_map(|port| number(port.get("port")?)).collect();
        Some(Self { service, addresses, ports })
    }
}

/// The fields of a Service that count, found in one walk: a cluster has as many Services as workloads.
#[derive(Default)]
struct Spec<'s> {
    kind: Option<&'s Node<'static>>,
    selector: Option<&'s Node<'static>>,
    ports: Option<&'s Node<'static>>,
    cluster_ip: Option<&'s Node<'static>>,
    cluster_ips: Option<&'s Node<'static>>,
    external_ips: Option<&'s Node<'static>>,
    load_balancer_ip: Option<&'s Node<'static>>,
    /// Those that stand in the status.
    balancers: &'s [Node<'static>],
}

impl<'s> Spec<'s> {
    /// The `spec` of a Service, if it has one.
    fn of(placed: &'s Placed) -> Option<Self> {
        let tree = &placed.object.tree;
        let balancers = tree.at(&["status", "loadBalancer", "ingress"]).map_or(&[][..], Node::items);
        let mut spec = Self { balancers, ..Self::default() };
        for entry in tree.get("spec")?.entries() {
            let field = match entry.key.as_ref() {
                "type" => &mut spec.kind,
                "selector" => &mut spec.selector,
                "ports" => &mut spec.ports,
                "clusterIP" => &mut spec.cluster_ip,
                "clusterIPs" => &mut spec.cluster_ips,
                "externalIPs" => &mut spec.external_ips,
                "loadBalancerIP" => &mut spec.load_balancer_ip,
                _ => continue,
            };
            *field = Some(&entry.node);
        }
        Some(spec)
    }

    /// Whether a port of every node leads to it. A type that nobody has heard of may do so.
    fn is_on_nodes(&self) -> bool {
        let kind = self.kind.filter(|kind| !kind.is_null()).map(Node::as_str);
        !matches!(kind, None | Some(Some("" | "ClusterIP" | "ExternalName")))
    }

    /// Whether what it leads on may arrive as a node (N12).
    fn is_published(&self) -> bool {
        self.is_on_nodes() || self.external_ips.is_some_and(|list| !list.items().is_empty())
    }

    /// Every address that it answers to. Where its own in the cluster is not shown, the API server chooses one.
    fn addresses(&self) -> Addresses {
        let lists = [self.cluster_ips, self.external_ips].into_iter().flatten().flat_map(Node::items);
        let single_ones = [self.cluster_ip, self.load_balancer_ip].into_iter().flatten();
        let balancers = self.balancers.iter().filter_map(|balancer| balancer.get("ip"));
        let texts = lists.chain(single_ones).chain(balancers).filter_map(Node::as_str);
        let found = texts.filter_map(|text| text.parse::<IpAddr>().ok()).map(single).collect();
        let text = |node: Option<&'s Node<'static>>| node.and_then(Node::as_str).filter(|text| !text.is_empty());
        let shown = text(self.cluster_ip).is_some() || self.cluster_ips.is_some_and(|list| !list.items().is_empty());
        Addresses { shown: found, chosen: !shown && text(self.kind) != Some("ExternalName") }
    }
}

/// The ports of a listener of a Gateway, one for each protocol that it may take: QUIC stands beside HTTPS, and what a
/// controller calls by a name of its own may be any. Which port of its pods it is at is the controller's choice.
fn listener<'s>(node: &Node<'_>) -> Vec<ServicePort<'s>> {
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

fn number(node: &Node<'_>) -> Option<u16> {
    node.as_integer().and_then(|number| u16::try_from(number).ok())
}

/// The value of a label in a selector; `null` is the empty text, as the API server reads it. None where it is no text.
fn label_value<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    if node.is_null() { Some("") } else { node.as_str() }
}

/// One of the `ports` of a Service, for each protocol that it may be of. What is left out, `null`, zero or empty is what
/// the API server sets there (`SetDefaults_Service`).
fn ports<'s>(node: &'s Node<'_>, on_nodes: bool) -> impl Iterator<Item = ServicePort<'s>> {
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
