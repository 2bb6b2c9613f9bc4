//! What in the input speaks against two clusters being apart: objects by which clusters share a network or its
//! Services, a machine that shows in both, and a policy of one that names addresses which the other shows as its pods'
//! or nodes'. What stands on clusters that are linked so is neither apart for certain nor judged any further.

use super::plane::Plane;
use super::policy::Peer;
use super::ranges::{addresses_of_node, ranges_of};
use super::service::Endpoints;
use dtap_model::environment::ClusterId;
use dtap_model::object::Object;
use dtap_model::tree::Node;
use dtap_snapshot::snapshot::Placed;
use ipnet::IpNet;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Why two clusters may not be apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The one.
    one: ClusterId,
    /// The other; none for any other.
    other: Option<ClusterId>,
    /// Why, in a phrase.
    pub why: String,
}

impl Link {
    /// Whether it is about these two.
    #[must_use]
    pub fn joins(&self, from: ClusterId, to: ClusterId) -> bool {
        let is = |one, other| self.one == one && self.other.is_none_or(|it| it == other);
        from != to && (is(from, to) || is(to, from))
    }
}

/// The links, where there are several clusters that nobody vouches to be apart.
#[must_use]
pub fn links(plane: &Plane<'_>) -> Vec<Link> {
    if plane.snapshot.clusters.len() < 2 || plane.settings.assume.clusters_apart {
        return Vec::new();
    }
    let mut links = shared(plane);
    links.extend(machines(plane));
    links.extend(addresses(plane));
    links
}

/// What clusters share, one link a cluster.
fn shared(plane: &Plane<'_>) -> Vec<Link> {
    let mut found: BTreeMap<ClusterId, String> = BTreeMap::new();
    for placed in plane.snapshot.objects.iter().filter(|placed| is_shared(&placed.object)) {
        let identity = &placed.object.identity;
        let why = || format!("{} {} joins its cluster to others", identity.kind.kind, identity.name);
        found.entry(placed.cluster).or_insert_with(why);
    }
    found.into_iter().map(|(one, why)| Link { one, other: None, why }).collect()
}

/// Labels of objects by which clusters share Services or a network, and their value where only one says so: of the
/// multi-cluster API, Istio, Linkerd and Consul.
const LABELS: [(&str, Option<&str>); 7] = [
    ("multicluster.kubernetes.io/source-cluster", None),
    ("istio/multiCluster", Some("true")),
    ("topology.istio.io/network", None),
    ("istio", Some("eastwestgateway")),
    ("mirror.linkerd.io/exported", None),
    ("mirror.linkerd.io/mirrored-service", None),
    ("component", Some("mesh-gateway")),
];

/// Annotations by which Cilium shares a Service between clusters.
const ANNOTATIONS: [&str; 4] =
    ["service.cilium.io/global", "io.cilium/global-service", "service.cilium.io/shared", "service.cilium.io/affinity"];

/// Whether an object is one by which clusters share Services or a network: by its labels, or of the multi-cluster API,
/// Submariner, Linkerd, Skupper, Liqo, Antrea, Calico, Consul and Istio, or what Cilium's ClusterMesh is made of.
fn is_shared(object: &Object) -> bool {
    let (kind, name) = (object.identity.kind.kind.as_str(), object.identity.name.as_str());
    let said = |steps: &[&str]| object.tree.at(steps).and_then(Node::as_str);
    let labels = object.tree.at(&["metadata", "labels"]);
    let label = |key| labels.and_then(|labels| labels.get(key)).and_then(Node::as_str);
    if LABELS.into_iter().any(|(key, value)| label(key).is_some_and(|is| value.is_none_or(|value| is == value))) {
        return true;
    }
    match object.identity.kind.group.as_str() {
        "multicluster.x-k8s.io" | "net.gke.io" => matches!(kind, "ServiceExport" | "ServiceImport"),
        "submariner.io" | "multicluster.linkerd.io" | "skupper.io" => true,
        "multicluster.crd.antrea.io" | "multicluster.antrea.io" | "multicluster.consul.hashicorp.com" => true,
        "projectcalico.org" | "crd.projectcalico.org" => kind == "RemoteClusterConfiguration",
        "consul.hashicorp.com" => {
            let mode = said(&["spec", "meshGateway", "mode"]);
            matches!(kind, "PeeringAcceptor" | "PeeringDialer" | "ExportedServices" | "SamenessGroup" | "MeshGateway")
                || matches!(mode, Some("local" | "remote"))
        }
        "networking.istio.io" => {
            let is_passed =
                |server: &Node<'_>| server.at(&["tls", "mode"]).and_then(Node::as_str) == Some("AUTO_PASSTHROUGH");
            said(&["spec", "selector", "istio"]) == Some("eastwestgateway")
                || object.tree.at(&["spec", "servers"]).is_some_and(|servers| servers.items().iter().any(is_passed))
        }
        "" => match kind {
            "ConfigMap" => name == "cilium-config" && said(&["data", "cluster-id"]).is_some_and(|id| id != "0"),
            "Secret" => matches!(name, "cilium-clustermesh" | "cilium-kvstoremesh"),
            "Service" => {
                let is_no = |value: &str| value.eq_ignore_ascii_case("false") || value == "none";
                let is_global = |key| said(&["metadata", "annotations", key]).is_some_and(|value| !is_no(value));
                ANNOTATIONS.into_iter().any(is_global)
            }
            _ => false,
        },
        "apps" => name == "clustermesh-apiserver",
        group => group.ends_with(".liqo.io"),
    }
}

/// Nodes that show in several clusters, by what the cloud or the machine calls itself.
fn machines(plane: &Plane<'_>) -> Vec<Link> {
    const NAMES: [&[&str]; 2] = [&["spec", "providerID"], &["status", "nodeInfo", "machineID"]];
    let mut clusters: BTreeMap<&str, Vec<ClusterId>> = BTreeMap::new();
    let mut linked: BTreeSet<(ClusterId, ClusterId)> = BTreeSet::new();
    let mut links = Vec::new();
    for placed in plane.snapshot.objects.iter().filter(|placed| placed.object.identity.kind.is("", "Node")) {
        let names = NAMES.into_iter().filter_map(|steps| placed.object.tree.at(steps)?.as_str());
        for name in names.filter(|name| !name.is_empty()) {
            let (clusters, other) = (clusters.entry(name).or_default(), placed.cluster);
            if clusters.contains(&other) {
                continue;
            }
            for one in clusters.iter().copied().filter(|one| linked.insert((*one.min(&other), *one.max(&other)))) {
                let why = format!("the machine of Node {} is one of both clusters", placed.object.identity.name);
                links.push(Link { one, other: Some(other), why });
            }
            clusters.push(other);
        }
    }
    links
}

/// What a cluster shows of the addresses of its pods and nodes.
#[derive(Default)]
struct Shown {
    /// Nodes' parts of the range of pods, and the neighbourhoods of pods.
    parts: BTreeSet<IpNet>,
    /// Addresses of nodes, and of pods on their network, each alone: beside them may stand nodes of another cluster.
    /// And the ranges told in whole, which may be wider than what is the cluster's.
    told: BTreeSet<IpNet>,
}

impl Shown {
    /// Whether some of this is named which a cluster that shows that does not have as well.
    fn is_beyond(&self, own: &Self, is_named: &dyn Fn(IpNet) -> bool) -> bool {
        let is_part_of_own = |net: &IpNet| own.parts.iter().any(|own| own.contains(net));
        self.parts.iter().any(|net| is_named(*net) && !is_part_of_own(net))
            || self.told.iter().any(|net| is_named(*net) && !own.told.contains(net))
    }
}

/// Policies of which a block, and endpoints written by hand of which an address, is one that another cluster shows and
/// their own does not. A block of all addresses names none of them.
fn addresses(plane: &Plane<'_>) -> Vec<Link> {
    let shown = shown(plane);
    let none = Shown::default();
    let mut links: Vec<Link> = Vec::new();
    let mut ask = |one: ClusterId, what: &dyn Fn() -> String, is_named: &dyn Fn(IpNet) -> bool| {
        let own = shown.get(&one).unwrap_or(&none);
        for (other, theirs) in shown.iter().filter(|(other, _)| **other != one) {
            let is_known = links.iter().any(|link| link.joins(one, *other));
            if !is_known && theirs.is_beyond(own, is_named) {
                links.push(Link { one, other: Some(*other), why: what() });
            }
        }
    };
    let mut asked: BTreeSet<(ClusterId, &str)> = BTreeSet::new();
    for policy in &plane.policies {
        let (one, name) = (policy.placed.cluster, &policy.placed.object.identity.name);
        let terms = plane.terms.get(policy.terms);
        let routes = terms.into_iter().flat_map(|terms| terms.ingress.iter().chain(&terms.egress).flatten());
        for route in routes {
            let Peer::Block(block) = &route.way.peer else { continue };
            if !block.covers_all() && asked.insert((one, &block.text)) {
                let what = || format!("policy {name} names addresses of the other cluster, {}", block.text);
                ask(one, &what, &|net| block.may_cover(net));
            }
        }
    }
    for placed in &plane.snapshot.objects {
        let Some(endpoints) = Endpoints::read(placed) else { continue };
        let (kind, name) = (&placed.object.identity.kind.kind, &placed.object.identity.name);
        let what = || format!("{kind} {name} names addresses of the other cluster");
        ask(placed.cluster, &what, &|net| endpoints.addresses.may_lie_in(&[net]));
    }
    links
}

/// What each cluster shows. An object of the Cluster API tells of another cluster than the one that it stands on.
fn shown(plane: &Plane<'_>) -> BTreeMap<ClusterId, Shown> {
    let ranges = |placed: &Placed| {
        let object = &placed.object;
        let is_of_other = object.identity.kind.group == "cluster.x-k8s.io";
        let (nets, is_part) = if is_of_other { (Vec::new(), false) } else { ranges_of(object) };
        let nodes = Some(object).filter(|object| object.identity.kind.is("", "Node"));
        let addresses = nodes.into_iter().flat_map(addresses_of_node).map(|address| (IpNet::from(address), false));
        // A range of all addresses is no cluster's.
        let nets = nets.into_iter().filter(|net| net.prefix_len() > 0).map(|net| (net, is_part));
        nets.chain(addresses).map(|(net, is_part)| (placed.cluster, net, is_part)).collect::<Vec<_>>()
    };
    let mut found: Vec<(ClusterId, IpNet, bool)> = plane.snapshot.objects.par_iter().flat_map_iter(ranges).collect();
    for class in &plane.classes {
        let Some(namespace) = plane.namespace(class.namespace) else { continue };
        let addresses = plane.members(class).flat_map(|member| &member.addresses);
        found.extend(addresses.map(|address| {
            let net = if class.host_network { IpNet::from(*address) } else { neighbourhood(*address) };
            (namespace.cluster, net, !class.host_network)
        }));
    }
    let mut shown: BTreeMap<ClusterId, Shown> = BTreeMap::new();
    for (cluster, net, is_part) in found {
        let shown = shown.entry(cluster).or_default();
        if is_part { &mut shown.parts } else { &mut shown.told }.insert(net);
    }
    shown
}

/// The addresses near one: those of a node's pods, as most clusters are laid out.
fn neighbourhood(address: IpAddr) -> IpNet {
    let length = if address.is_ipv4() { 24 } else { 64 };
    IpNet::new(address, length).map_or_else(|_| IpNet::from(address), |net| net.trunc())
}
