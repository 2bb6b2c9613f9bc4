//! Services, as far as they lead to the pods behind them past a policy: an ipBlock may open those by covering an
//! address of the Service (N10), and what arrives by a node's address may arrive as a node (N12). [`addresses`] and
//! [`ports`] are those of a Service, [`endpoints`] what stands behind one by hand.

mod addresses;
mod endpoints;
mod ports;

pub use endpoints::Endpoints;

use super::address::Block;
use super::ports::{PortRule, Ports};
use super::selector::{Requirement, Selector, Values};
use addresses::Addresses;
use dtap_model::label::{is_label, label_text};
use dtap_model::tree::{Entry, Node, Value};
use dtap_model::workload::ContainerPort;
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::workload::is_on_nodes;
use ports::{OnNodes, ServicePort, ServicePorts, Target, any, listener};
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

impl<'s> Service<'s> {
    /// Reads Services and Gateways, but for those that select nothing or lead nowhere past a policy. Pointers are
    /// followed one level at a time for all of them, so that the processor waits for several at once.
    #[must_use]
    pub fn read_all(placed: &[&'s Placed]) -> Vec<Self> {
        let is_service = |placed: &Placed| placed.object.identity.kind.is("", "Service");
        let fields = |placed: &&'s Placed| is_service(placed).then(|| Fields::of(placed)).flatten();
        let fields: Vec<Option<Fields<'_>>> = placed.iter().map(fields).collect();
        let specs: Vec<Option<Spec<'_>>> = fields.into_iter().map(|fields| fields.map(Spec::read)).collect();
        let mut services = Vec::with_capacity(placed.len());
        services.extend(placed.iter().zip(specs).filter_map(|(placed, spec)| match spec {
            Some(spec) => Self::of_spec(placed, &spec),
            None => Self::of_gateway(placed),
        }));
        services
    }

    fn of_spec(placed: &'s Placed, spec: &Spec<'s>) -> Option<Self> {
        let selector = spec.selector.filter(|selector| !selector.is_null())?;
        let selects_pods = !matches!(&selector.value, Value::Mapping(labels) if labels.is_empty());
        let labels = selector.entries();
        let on_nodes = spec.is_on_nodes();
        let published = spec.is_published();
        let addresses = spec.addresses();
        let ports = ServicePorts::written(spec.ports, on_nodes);
        let leads = published || !addresses.is_empty();
        let selects = OnceLock::new();
        (selects_pods && leads).then_some(Self { placed, published, labels, selects, addresses, ports })
    }

    /// The pods behind it.
    #[must_use]
    pub fn selects(&self) -> &Selector<'s> {
        self.selects.get_or_init(|| {
            let labels = self.labels.iter().map(|entry| Some((entry.key.as_ref(), label_text(&entry.node)?)));
            // A value that no label has is yet to be filled in: it may select any.
            let labels = labels.map(|label| label.filter(|(key, value)| is_label(key, value)));
            let labels: Vec<(&str, &str)> = labels.collect::<Option<_>>().unwrap_or_default();
            let requirement = |(key, value)| Requirement { key, values: Values::any_of(vec![value]) };
            Selector(labels.into_iter().map(requirement).collect())
        })
    }

    /// What a Gateway amounts to: its controller may run pods of any labels beside it, behind its addresses (N10, N16).
    fn of_gateway(placed: &'s Placed) -> Option<Self> {
        if !placed.object.identity.kind.is("gateway.networking.k8s.io", "Gateway") {
            return None;
        }
        let tree = &placed.object.tree;
        let lists = [tree.at(&["spec", "addresses"]), tree.at(&["status", "addresses"])].into_iter().flatten();
        // Where it is the name of a host, nobody knows the address; and the pods may have a Service beside it.
        let addresses = Addresses::written(lists.flat_map(Node::items).filter_map(|address| address.get("value")));
        let addresses = addresses.with_chosen();
        let listeners = tree.at(&["spec", "listeners"]).map_or(&[][..], Node::items).iter();
        let ports = listeners.flat_map(listener).collect::<Vec<_>>();
        // Where none is shown, they stand elsewhere.
        let ports = ServicePorts::Read(if ports.is_empty() { any(false) } else { ports });
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
        let addresses = spec.as_ref().map_or_else(|| Addresses::default().with_chosen(), Spec::addresses);
        let on_nodes = spec.as_ref().is_some_and(Spec::is_on_nodes);
        // Which ports a Service has that is not in the input, nobody knows.
        let own = spec
            .as_ref()
            .map_or_else(|| ServicePorts::Read(any(true)), |spec| ServicePorts::written(spec.ports, on_nodes));
        let ports = own.iter().flat_map(|own| {
            let targets: Vec<Target<'_>> = endpoints.ports.iter().map(|port| Target::Number(*port)).collect();
            let targets = if targets.is_empty() { vec![Target::Any] } else { targets };
            targets.into_iter().map(move |target| ServicePort { target, ..own.clone() })
        });
        let placed = service.unwrap_or(slice);
        let published = spec.as_ref().is_none_or(Spec::is_published);
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
        self.addresses.are_covered_by(block)
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

/// Where the fields of a Service stand.
struct Fields<'s> {
    spec: &'s Node<'static>,
    status: Option<&'s Node<'static>>,
}

impl<'s> Fields<'s> {
    /// Those of an object, if it has a `spec`.
    fn of(placed: &'s Placed) -> Option<Self> {
        let tree = &placed.object.tree;
        Some(Self { spec: tree.get("spec")?, status: tree.get("status") })
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
        Fields::of(placed).map(Self::read)
    }

    fn read(fields: Fields<'s>) -> Self {
        let balancers = fields.status.and_then(|status| status.at(&["loadBalancer", "ingress"]));
        let mut spec = Self { balancers: balancers.map_or(&[][..], Node::items), ..Self::default() };
        for entry in fields.spec.entries() {
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
        spec
    }

    /// Whether a port of every node leads to it.
    fn is_on_nodes(&self) -> bool {
        is_on_nodes(self.kind)
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
        let written = Addresses::written(lists.chain(single_ones).chain(balancers));
        let text = |node: Option<&'s Node<'static>>| node.and_then(Node::as_str).filter(|text| !text.is_empty());
        let shown = text(self.cluster_ip).is_some() || self.cluster_ips.is_some_and(|list| !list.items().is_empty());
        let is_chosen = !shown && text(self.kind) != Some("ExternalName");
        if is_chosen { written.with_chosen() } else { written }
    }
}
