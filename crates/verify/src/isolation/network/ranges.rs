//! Where pods' addresses lie: by the user's word, by the addresses of pods in the input, and by what the input says of
//! the ranges that pods and Services get theirs from (N11).

use super::arguments::{containers, told};
use crate::settings::Settings;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use dtap_model::workload::Workload;
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

/// The private ranges, where pods' addresses lie unless the input or somebody says otherwise.
pub const PRIVATE_RANGES: [IpNet; 5] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16)),
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7)),
];

/// All addresses.
const FAMILIES: [IpNet; 2] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0)),
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0)),
];

/// The private range that holds all of some addresses, if one does.
fn private_range_of(addresses: impl Into<IpNet>) -> Option<IpNet> {
    let addresses = addresses.into();
    PRIVATE_RANGES.into_iter().find(|range| range.contains(&addresses))
}

/// How it is known where pods' addresses lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangesFrom {
    /// `--assume pod-range`.
    Word,
    /// The same, and addresses of pods in the input that lie elsewhere: the private ranges that hold those. Or ranges
    /// of pods that the input shows.
    WordAndInput,
    /// Addresses of pods in the input: the private ranges that hold them, and the ranges of pods that the input shows.
    Input,
    /// Nothing: all the private ranges, and others that the input shows; in strict mode every address.
    Nothing,
}

/// Where the addresses of pods lie whose address is not in the input.
#[derive(Clone, Debug)]
pub struct PodRanges {
    /// The ranges.
    pub ranges: Vec<IpNet>,
    /// How they are known.
    pub from: RangesFrom,
}

impl PodRanges {
    /// What the settings and the input say: the ranges of pods' addresses `beyond` the settings' word, and what
    /// objects have `shown`.
    #[must_use]
    pub fn of(settings: &Settings, beyond: Vec<IpNet>, shown: Vec<IpNet>) -> Self {
        let word = settings.assume.pod_ranges.as_ref();
        if settings.strict && word.is_none() {
            return Self { ranges: FAMILIES.to_vec(), from: RangesFrom::Nothing };
        }
        let mut ranges: Vec<IpNet> = word.cloned().unwrap_or_default();
        let said = ranges.len();
        for range in beyond {
            if !ranges.iter().any(|known| known.contains(&range)) {
                ranges.push(range);
            }
        }
        let from = match (word, ranges.len() > said) {
            (Some(_), _) => RangesFrom::Word,
            (None, true) => RangesFrom::Input,
            (None, false) => RangesFrom::Nothing,
        };
        if from == RangesFrom::Nothing {
            ranges = PRIVATE_RANGES.to_vec();
        }
        for shown in shown {
            if !ranges.iter().any(|range| range.contains(&shown)) {
                ranges.push(private_range_of(shown).unwrap_or(shown));
            }
        }
        let more = word.is_some() && ranges.len() > said;
        Self { ranges, from: if more { RangesFrom::WordAndInput } else { from } }
    }
}

/// The ranges that hold the addresses of pods which lie beyond those that are known, in the order of the pods.
#[must_use]
pub fn ranges_beyond(known: &[IpNet], workloads: &[Workload]) -> Vec<IpNet> {
    let mut found: Vec<IpNet> = Vec::new();
    let shown = workloads.iter().filter(|workload| !workload.host_network && !workload.finished);
    for address in shown.flat_map(|workload| &workload.addresses) {
        if found.iter().chain(known).any(|range| range.contains(address)) {
            continue;
        }
        // A pod with a public address: what else has one is not known, so its whole family is taken.
        found.push(private_range_of(*address).unwrap_or_else(|| family_of(*address)));
    }
    found
}

/// ConfigMaps that keep, as text, what pods get their addresses from: as kubeadm, kube-proxy, flannel and Cilium write
/// them.
const KEEPS_RANGES: [&str; 5] = ["kubeadm-config", "kube-proxy", "kube-flannel-cfg", "cilium-config", "antrea-config"];

/// Where an object says which addresses pods, or Services, get.
enum Says {
    /// In these fields, also of each item of a list.
    In(&'static [&'static [&'static str]]),
    /// In these fields, and only of a part of the range.
    PartIn(&'static [&'static [&'static str]]),
    /// Somewhere in its texts.
    Somewhere,
}

/// The ranges in which objects of the input say that pods, or Services, get their addresses, in the order of the
/// objects. A node's part of the range says nothing of where the others' lie, so of that the whole family is taken.
#[must_use]
pub fn shown_ranges(snapshot: &Snapshot) -> Vec<IpNet> {
    let of_nodes = OnceLock::new();
    let is_of_node = |address: IpAddr| of_nodes.get_or_init(|| addresses_of_nodes(snapshot)).contains(&address);
    snapshot.objects.par_iter().flat_map_iter(|placed| of_object(placed, &is_of_node)).collect()
}

fn of_object(placed: &Placed, is_of_node: &(dyn Fn(IpAddr) -> bool + Sync)) -> Vec<IpNet> {
    let (object, kind) = (&placed.object, &placed.object.identity.kind);
    if kind.is("discovery.k8s.io", "EndpointSlice") || kind.is("", "Endpoints") {
        let public = addresses_of_pods(object).filter(|address| !is_private(*address));
        return public.filter(|address| !is_of_node(*address)).map(family_of).collect();
    }
    let (nets, is_part) = ranges_of(object);
    if !is_part {
        return nets;
    }
    let told = |net: IpNet| if private_range_of(net).is_some() { net } else { family_of(net.addr()) };
    nets.into_iter().map(told).collect()
}

/// The ranges that an object says that pods, or Services, get their addresses from, and whether they are but parts.
pub(super) fn ranges_of(object: &Object) -> (Vec<IpNet>, bool) {
    let (kind, mut nets) = (&object.identity.kind, Vec::new());
    let says = match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Node") => Says::PartIn(&[&["spec", "podCIDR"], &["spec", "podCIDRs"]]),
        ("cilium.io", "CiliumNode") => Says::PartIn(&[&["spec", "ipam", "podCIDRs"]]),
        ("projectcalico.org" | "crd.projectcalico.org", "IPPool") => Says::In(&[&["spec", "cidr"]]),
        ("networking.k8s.io", "ServiceCIDR") => Says::In(&[&["spec", "cidrs"]]),
        ("networking.k8s.io", "ClusterCIDR") => Says::In(&[&["spec", "ipv4"], &["spec", "ipv6"]]),
        ("cluster.x-k8s.io", "Cluster") => Says::In(&[&["spec", "clusterNetwork", "pods", "cidrBlocks"]]),
        ("kubeadm.k8s.io", "ClusterConfiguration") => Says::In(SUBNETS),
        ("kind.x-k8s.io", "Cluster") => Says::In(SUBNETS),
        ("kubeproxy.config.k8s.io", "KubeProxyConfiguration") => Says::In(&[&["clusterCIDR"]]),
        ("config.openshift.io" | "operator.openshift.io", "Network") => {
            Says::In(&[&["spec", "clusterNetwork"], &["status", "clusterNetwork"], &["spec", "serviceNetwork"]])
        }
        ("operator.tigera.io", "Installation") => Says::In(&[&["spec", "calicoNetwork", "ipPools", "cidr"]]),
        ("cilium.io", "CiliumPodIPPool") => Says::In(&[&["spec", "ipv4", "cidrs"], &["spec", "ipv6", "cidrs"]]),
        ("crd.antrea.io", "IPPool") => Says::In(&[&["spec", "ipRanges"]]),
        ("kubeovn.io", "Subnet") => Says::In(&[&["spec", "cidrBlock"]]),
        ("kops.k8s.io", "Cluster") => Says::In(&[&["spec", "podCIDR"], &["spec", "nonMasqueradeCIDR"]]),
        ("", "ConfigMap") if KEEPS_RANGES.contains(&object.identity.name.as_str()) || is_of_flannel(object) => {
            Says::Somewhere
        }
        ("", "Pod") | ("apps", "DaemonSet" | "Deployment") => {
            return (told_to(object), false);
        }
        _ => return (nets, false),
    };
    let (paths, is_part) = match says {
        Says::In(paths) => (paths, false),
        Says::PartIn(paths) => (paths, true),
        Says::Somewhere => {
            networks_within(&object.tree, &mut nets);
            return (nets, false);
        }
    };
    paths.iter().for_each(|path| ranges_at(&object.tree, path, &mut nets));
    (nets, is_part)
}

/// Where kubeadm and kind write the ranges.
const SUBNETS: &[&[&str]] = &[&["networking", "podSubnet"], &["networking", "serviceSubnet"]];

/// The ranges in a field, or in that of each item of the lists on the way.
fn ranges_at(node: &Node<'_>, path: &[&str], nets: &mut Vec<IpNet>) {
    match (&node.value, path) {
        (Value::Sequence(items), _) => items.iter().for_each(|item| ranges_at(item, path, nets)),
        (_, [field, rest @ ..]) => node.get(field).into_iter().for_each(|node| ranges_at(node, rest, nets)),
        (Value::String(text), []) => nets.extend(text.split([',', ' ']).flat_map(range_of)),
        (Value::Mapping(_), []) => match node.get("start").zip(node.get("end")) {
            Some((start, end)) => nets.extend(between(start, end)),
            None => ranges_at(node, &["cidr"], nets),
        },
        _ => {}
    }
}

/// The range that a text is which stands where ranges do: of an address alone the private range or family around it,
/// and of what is none, such as one that is yet to be filled in, all addresses.
fn range_of(text: &str) -> Vec<IpNet> {
    let text = text.trim();
    let around = |address: IpAddr| private_range_of(address).unwrap_or_else(|| family_of(address));
    match (text.parse::<IpNet>(), text.parse()) {
        _ if text.is_empty() => Vec::new(),
        (Ok(net), _) => vec![net.trunc()],
        (_, Ok(address)) => vec![around(address)],
        _ => FAMILIES.to_vec(),
    }
}

/// The smallest network that holds all from one address to another.
fn between(start: &Node<'_>, end: &Node<'_>) -> Vec<IpNet> {
    let address = |node: &Node<'_>| node.as_str()?.trim().parse::<IpAddr>().ok();
    let network = |(start, end): (IpAddr, IpAddr)| {
        let above = |net: &IpNet| net.supernet();
        std::iter::successors(Some(IpNet::from(start)), above).find(|net| net.contains(&end))
    };
    let found = address(start).zip(address(end)).and_then(network);
    found.map_or_else(|| FAMILIES.to_vec(), |net| vec![net.trunc()])
}

/// Whether a ConfigMap of any name keeps flannel's settings.
fn is_of_flannel(object: &Object) -> bool {
    object.tree.at(&["data", "net-conf.json"]).is_some()
}

/// Parts of the names of what is told the ranges of pods and Services by its arguments: static pods of the control
/// plane and kube-proxy.
const TOLD_RANGES: [&str; 3] = ["kube-controller-manager", "kube-apiserver", "kube-proxy"];

/// The variables by which Calico's node is told the ranges of pods.
const TOLD_BY: [&str; 2] = ["CALICO_IPV4POOL_CIDR", "CALICO_IPV6POOL_CIDR"];

/// The ranges that the containers of a workload are told: by variables of Calico's, which runs on every node, and by
/// the arguments of what is called so.
fn told_to(object: &Object) -> Vec<IpNet> {
    let by_variables = object.identity.kind.kind != "Deployment";
    let by_arguments = TOLD_RANGES.into_iter().any(|part| object.identity.name.contains(part));
    let mut nets = Vec::new();
    if by_variables {
        for variable in containers(object).iter().filter_map(|container| container.get("env")).flat_map(Node::items) {
            let is_told = variable.get("name").and_then(Node::as_str).is_some_and(|name| TOLD_BY.contains(&name));
            variable.get("value").filter(|_| is_told).into_iter().for_each(|value| ranges_at(value, &[], &mut nets));
        }
    }
    if by_arguments {
        let values = told(containers(object), &["cluster-cidr", "service-cluster-ip-range"]);
        nets.extend(values.into_iter().flat_map(range_of));
    }
    nets
}

/// The addresses of Endpoints or an EndpointSlice that are pods'.
fn addresses_of_pods(object: &Object) -> impl Iterator<Item = IpAddr> {
    fn list<'n>(node: &'n Node<'n>, field: &str) -> &'n [Node<'n>] {
        node.get(field).map(Node::items).unwrap_or_default()
    }
    let of_subsets = list(&object.tree, "subsets").iter().flat_map(|subset| list(subset, "addresses"));
    let endpoints = list(&object.tree, "endpoints").iter().chain(of_subsets);
    let of_pods = endpoints.filter(|it| it.at(&["targetRef", "kind"]).and_then(Node::as_str) == Some("Pod"));
    let texts = of_pods.flat_map(move |it| {
        list(it, "addresses").iter().filter_map(Node::as_str).chain(it.get("ip").and_then(Node::as_str))
    });
    texts.filter_map(|text| text.parse().ok())
}

/// The addresses that nodes show, or pods on their network: Endpoints have them as they have those of other pods.
fn addresses_of_nodes(snapshot: &Snapshot) -> BTreeSet<IpAddr> {
    let nodes = snapshot.objects.iter().filter(|placed| placed.object.identity.kind.is("", "Node"));
    let shown = nodes.flat_map(|placed| addresses_of_node(&placed.object));
    let on_nodes = snapshot.workloads.iter().filter(|workload| workload.host_network);
    shown.chain(on_nodes.flat_map(|workload| workload.addresses.iter().copied())).collect()
}

/// The addresses that a Node shows.
pub(super) fn addresses_of_node(node: &Object) -> impl Iterator<Item = IpAddr> {
    let shown = node.tree.at(&["status", "addresses"]).map(Node::items).unwrap_or_default();
    shown.iter().filter_map(|address| address.get("address")?.as_str()?.parse().ok())
}

fn is_private(address: IpAddr) -> bool {
    private_range_of(address).is_some()
}

/// Every network that a text within names.
fn networks_within(node: &Node<'_>, nets: &mut Vec<IpNet>) {
    match &node.value {
        Value::Mapping(entries) => entries.iter().for_each(|entry| networks_within(&entry.node, nets)),
        Value::Sequence(items) => items.iter().for_each(|item| networks_within(item, nets)),
        Value::String(text) => {
            let words = text.split(|letter: char| !(letter.is_ascii_hexdigit() || matches!(letter, '.' | ':' | '/')));
            nets.extend(words.filter_map(|word| word.parse::<IpNet>().ok()).map(|net| net.trunc()));
        }
        _ => {}
    }
}

/// All addresses of the family of one.
fn family_of(address: IpAddr) -> IpNet {
    match address {
        IpAddr::V4(_) => IpNet::V4(Ipv4Net::default()),
        IpAddr::V6(_) => IpNet::V6(Ipv6Net::default()),
    }
}
