//! From an object's tree to the workload it is: a Pod, or the template of the pods that a controller makes.
//!
//! Read in one way for the pods that the decoder keeps nothing else of and for the objects that keep their trees.
//! Total: a field of the wrong type reads as absent here, because the decoder has refused such an object before, also
//! one of a custom kind that has such a template.

use dtap_model::label::{Label, Labels, label_text};
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::place::Place;
use dtap_model::tree::Node;
use dtap_model::workload::{Addresses, ContainerPort, Protocol, Workload};
use smol_str::SmolStr;
use std::net::IpAddr;
use std::sync::Arc;

/// A workload with what the snapshot interns.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// The labels of its pods, sorted by key.
    pub labels: Arc<Labels>,
    /// The declared ports of all its containers, sorted, each once (N9, N22).
    pub ports: Arc<Vec<ContainerPort>>,
    /// The rest. Its `namespace`, `labels` and `ports` are zero until the snapshot interns them.
    pub workload: Workload,
}

/// The annotations by which Multus gives a pod networks beside, or instead of, the cluster's (N18).
pub(crate) const NETWORK_ANNOTATIONS: [&str; 5] = [
    "k8s.v1.cni.cncf.io/networks",
    "v1.multus-cni.io/default-network",
    "networking.gke.io/interfaces",
    "networkservicemesh.io",
    "danm.k8s.io/interfaces",
];

/// The fields of a pod that hold containers; all of them share its network (N9, N19).
const CONTAINER_LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// The workload that an object is, cited by its name; none for every kind that makes no pods of its own.
#[must_use]
pub fn workload(object: &Object) -> Option<Extracted> {
    extract(&object.identity, &object.tree, object.cite_name())
}

/// The workload that a tree is; `place` is where to cite it.
#[must_use]
pub fn extract(identity: &Identity, tree: &Node<'_>, place: Place) -> Option<Extracted> {
    let path = template_path(&identity.kind);
    let template = template(&identity.kind, tree)?;
    let is_pod = identity.kind.is("", "Pod");
    let labels = labels(template);
    let told_as = controller(tree, &labels).unwrap_or_else(|| identity.name.clone());
    let spec = template.get("spec");
    let node = spec.and_then(|spec| text(spec, "nodeName")).map(SmolStr::new);
    let host_network = spec.and_then(|spec| spec.get("hostNetwork")?.as_bool()).unwrap_or(false);
    let secondary_networks = has_secondary_networks(template);
    let workload = Workload {
        kind: identity.kind.kind.clone(),
        name: identity.name.clone(),
        namespace: 0,
        labels: 0,
        ports: 0,
        host_network,
        custom: path.is_none_or(|path| is_unserved(tree) || is_managed_elsewhere(tree, path)),
        by_hand: tree.at(&["spec", "manualSelector"]).and_then(Node::as_bool) == Some(true),
        adrift: false,
        // What runs on its node's network, or on networks of its own, counts for as long as anything may bring it back.
        finished: has_finished(&identity.kind, tree) && (is_pod || !host_network && !secondary_networks),
        node_labels: spec.filter(|_| node.is_none()).map(node_labels).unwrap_or_default(),
        node,
        addresses: if is_pod || !host_network { addresses(template) } else { Addresses::new() },
        secondary_networks,
        told_as,
        place,
    };
    Some(Extracted { labels: Arc::new(labels), ports: Arc::new(spec.map(ports).unwrap_or_default()), workload })
}

/// The pod that an object is, or the template of those that it makes.
pub(crate) fn template<'tree, 'source>(kind: &GroupKind, tree: &'tree Node<'source>) -> Option<&'tree Node<'source>> {
    match template_path(kind) {
        Some(path) => Some(tree.at(path).unwrap_or(tree)),
        None => custom_template(tree),
    }
}

/// Whether such pods lead past policies: by the network of their nodes, a port of these, or networks of their own.
pub(crate) fn evades(template: &Node<'_>) -> bool {
    let spec = template.get("spec");
    // What is yet to be filled in may be so.
    let is_on_node = spec.and_then(|spec| spec.get("hostNetwork")).is_some_and(|said| said.as_bool() != Some(false));
    let is_published = || spec.map(ports).unwrap_or_default().iter().any(|port| port.host_port.is_some());
    is_on_node || is_published() || has_secondary_networks(template)
}

/// Whether nothing runs of an object for certain: a Pod or a Job has ended, or a Deployment keeps a ReplicaSet of
/// before, with no pods, to go back to.
fn has_finished(kind: &GroupKind, tree: &Node<'_>) -> bool {
    let status = |field: &str| tree.at(&["status", field]);
    // Terminating pods are running ones (N13).
    let is_none = |count: &str| status(count).is_none_or(|node| node.is_null() || node.as_integer() == Some(0));
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => matches!(status("phase").and_then(Node::as_str), Some("Succeeded" | "Failed")),
        ("batch", "Job") => {
            let said =
                |condition: &Node<'_>, field: &str| condition.get(field).and_then(Node::as_str).map(str::to_owned);
            let has_ended = |condition: &Node<'_>| {
                let is_end = matches!(said(condition, "type").as_deref(), Some("Complete" | "Failed"));
                is_end && said(condition, "status").as_deref() == Some("True")
            };
            let conditions = status("conditions").map(Node::items).unwrap_or_default();
            conditions.iter().any(has_ended) && is_none("active") && is_none("terminating")
        }
        ("apps", "ReplicaSet") => {
            let is_zero = |node: Option<&Node<'_>>| node.and_then(Node::as_integer) == Some(0);
            let is_scaled_down = is_zero(tree.at(&["spec", "replicas"])) && is_zero(status("replicas"));
            has_controller(tree) && is_scaled_down && is_none("terminatingReplicas")
        }
        _ => false,
    }
}

/// Whether an object of such a kind is of a version that not every API server takes: `batch/v1beta1` and `apps/v1beta1`
/// are no longer served.
fn is_unserved(tree: &Node<'_>) -> bool {
    let version = tree.get("apiVersion").and_then(Node::as_str);
    version.is_some_and(|version| version.rsplit('/').next() != Some("v1"))
}

/// The controller of Jobs that the API has; what names another one is left alone by it (Job v1: `managedBy`).
const JOB_CONTROLLER: &str = "kubernetes.io/job-controller";

/// Whether a Job, or the Jobs that a CronJob makes, are another controller's: whether it makes pods here nobody knows.
fn is_managed_elsewhere(tree: &Node<'_>, path: &[&str]) -> bool {
    let Some((_, job)) = path.split_last() else { return false };
    let manager = tree.at(job).and_then(|spec| text(spec, "managedBy"));
    manager.is_some_and(|manager| manager != JOB_CONTROLLER)
}

/// Where the pod stands in an object of a kind that makes pods (N19): nowhere deeper for a Pod itself. By group and not
/// by version: what a version that is no longer served would run is judged all the same, though not for certain.
#[must_use]
pub fn template_path(kind: &GroupKind) -> Option<&'static [&'static str]> {
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => Some(&[]),
        ("", "ReplicationController")
        | ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job") => Some(&["spec", "template"]),
        ("batch", "CronJob") => Some(&["spec", "jobTemplate", "spec", "template"]),
        _ => None,
    }
}

/// The template of a pod in an object of a kind that is not of the API, such as a Rollout (N19).
fn custom_template<'tree, 'source>(tree: &'tree Node<'source>) -> Option<&'tree Node<'source>> {
    let template = tree.at(&["spec", "template"])?;
    let containers = template.at(&["spec", "containers"])?.items();
    containers.iter().any(|container| !container.entries().is_empty()).then_some(template)
}

/// Whether a controller made this object: one of its owner references says so.
#[must_use]
pub fn has_controller(tree: &Node<'_>) -> bool {
    tree.get("metadata").and_then(controller_reference).is_some()
}

/// Whether an object with this `metadata` is one of many that a controller makes alike. A Node makes none: it owns what
/// mirrors a static pod of its kubelet's, such as one of the control plane, and no other object tells what that runs.
pub(crate) fn is_made_alike(metadata: &Node<'_>) -> bool {
    controller_reference(metadata).is_some_and(|reference| !is_node(reference))
}

fn is_node(reference: &Node<'_>) -> bool {
    reference.get("kind").and_then(Node::as_str) == Some("Node")
}

fn controller_reference<'tree, 'source>(metadata: &'tree Node<'source>) -> Option<&'tree Node<'source>> {
    let references = metadata.get("ownerReferences")?.items();
    references.iter().find(|reference| reference.get("controller").and_then(Node::as_bool) == Some(true))
}

/// What the controller is called that makes pods alike. A ReplicaSet's name loses the hash that its Deployment added,
/// so that the Deployment is told.
fn controller(tree: &Node<'_>, labels: &[Label]) -> Option<SmolStr> {
    let reference = controller_reference(tree.get("metadata")?).filter(|reference| !is_node(reference))?;
    let name = reference.get("name")?.as_str()?;
    let hash = labels.iter().find(|(key, _)| key == "pod-template-hash").map(|(_, value)| value.as_str());
    let deployment = match reference.get("kind")?.as_str()? {
        "ReplicaSet" => hash.and_then(|hash| name.strip_suffix(hash)?.strip_suffix('-')),
        _ => None,
    };
    Some(deployment.unwrap_or(name).into())
}

fn labels(template: &Node<'_>) -> Labels {
    let entries = template.at(&["metadata", "labels"]).map(Node::entries).unwrap_or_default();
    let mut labels: Labels = entries.iter().map(|entry| (SmolStr::new(&entry.key), label_value(&entry.node))).collect();
    labels.sort_unstable();
    labels
}

/// The labels that a node must have: those of `nodeSelector`, and those for which a required affinity leaves one value.
/// Of several terms of an affinity one is enough, so they ask for nothing that is certain. Values of one key that
/// contradict each other are one text, which no node has.
fn node_labels(spec: &Node<'_>) -> Labels {
    const TERMS: [&str; 4] =
        ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    let selected = spec.get("nodeSelector").map(Node::entries).unwrap_or_default();
    let mut labels: Labels =
        selected.iter().map(|entry| (SmolStr::new(&entry.key), label_value(&entry.node))).collect();
    if let [term] = spec.at(&TERMS).map(Node::items).unwrap_or_default() {
        let asked = term.get("matchExpressions").map(Node::items).unwrap_or_default();
        let is_in = |asked: &&Node<'_>| asked.get("operator").and_then(Node::as_str) == Some("In");
        labels.extend(asked.iter().filter(is_in).filter_map(|asked| match asked.get("values")?.items() {
            [value] => Some((text(asked, "key")?.into(), label_value(value))),
            _ => None,
        }));
    }
    labels.sort_unstable();
    labels.dedup();
    labels.dedup_by(|(key, value), (before, values)| {
        let is_asked_twice = key == before;
        if is_asked_twice {
            *values = format!("{values}, {value}").into();
        }
        is_asked_twice
    });
    labels
}

/// Whether a Service of this `type` has a port on every node (N12). One that nobody has heard of may have.
#[must_use]
pub fn is_on_nodes(kind: Option<&Node<'_>>) -> bool {
    let kind = kind.filter(|kind| !kind.is_null()).map(Node::as_str);
    !matches!(kind, None | Some(Some("" | "ClusterIP" | "ExternalName")))
}

/// The value of a label; what is no text is refused elsewhere, and empty here.
fn label_value(node: &Node<'_>) -> SmolStr {
    SmolStr::new(label_text(node).unwrap_or_default())
}

fn ports(spec: &Node<'_>) -> Vec<ContainerPort> {
    let containers = CONTAINER_LISTS.iter().filter_map(|list| spec.get(list)).flat_map(Node::items);
    let declared = containers.filter_map(|container| container.get("ports")).flat_map(Node::items);
    let mut ports: Vec<ContainerPort> = declared.filter_map(port).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

fn port(node: &Node<'_>) -> Option<ContainerPort> {
    let number = |key| u16::try_from(node.get(key)?.as_integer()?).ok().filter(|number| *number > 0);
    let protocol = match node.get("protocol").and_then(Node::as_str) {
        None | Some("") => Protocol::Tcp,
        Some(written) => Protocol::parse(written)?,
    };
    Some(ContainerPort {
        name: text(node, "name").map(str::to_owned),
        number: number("containerPort")?,
        host_port: number("hostPort"),
        protocol,
    })
}

/// Annotations in which Calico writes the addresses that it gives a pod, as CIDRs of one address each, and those by
/// which it and Kube-OVN are told which to give.
const ADDRESS_ANNOTATIONS: [&str; 6] = [
    "cni.projectcalico.org/podIP",
    "cni.projectcalico.org/podIPs",
    "cni.projectcalico.org/ipAddrs",
    "cni.projectcalico.org/ipAddrsNoIpam",
    "ovn.kubernetes.io/ip_address",
    "ovn.kubernetes.io/ip_pool",
];

/// The addresses of a Pod, by its status or what the network plugin notes or is told, or those that a template tells
/// it.
fn addresses(pod: &Node<'_>) -> Addresses {
    let status = pod.get("status");
    let several = status.and_then(|status| status.get("podIPs")).map(Node::items).unwrap_or_default();
    let first = status.and_then(|status| status.get("podIP"));
    let written = first.into_iter().chain(several.iter().filter_map(|address| address.get("ip")));
    let mut addresses: Addresses = written.filter_map(|address| address.as_str()?.parse().ok()).collect();
    if let Some(annotations) = pod.at(&["metadata", "annotations"]) {
        let noted = ADDRESS_ANNOTATIONS.into_iter().filter_map(|name| annotations.get(name)?.as_str());
        let words = noted.flat_map(|text| text.split([',', ';', ' ', '[', ']', '"']));
        let noted = words.filter_map(|text| text.split('/').next()?.parse::<IpAddr>().ok());
        addresses.extend(noted);
    }
    addresses.sort_unstable();
    addresses.dedup();
    addresses.shrink_to_fit();
    addresses
}

fn has_secondary_networks(template: &Node<'_>) -> bool {
    let annotations = template.at(&["metadata", "annotations"]);
    NETWORK_ANNOTATIONS.iter().any(|name| {
        let networks = annotations.and_then(|annotations| annotations.get(name)?.as_str());
        networks.is_some_and(|networks| !matches!(networks.trim(), "" | "[]"))
    }) || annotations.is_some_and(has_joined_networks)
}

/// Annotations in which Multus notes the networks that a pod has joined, its cluster's among them.
const JOINED: [&str; 2] = ["k8s.v1.cni.cncf.io/network-status", "k8s.v1.cni.cncf.io/networks-status"];

/// Whether a pod has more networks than one by what plugins note: Multus one `name` for each, OVN-Kubernetes a `role`.
fn has_joined_networks(annotations: &Node<'_>) -> bool {
    let noted = |name: &str| annotations.get(name).and_then(Node::as_str).unwrap_or_default();
    JOINED.into_iter().any(|name| noted(name).matches("\"name\"").count() > 1)
        || noted("k8s.ovn.org/pod-networks").contains("\"secondary\"")
}

/// The text under a key, when there is any.
fn text<'tree>(node: &'tree Node<'_>, key: &str) -> Option<&'tree str> {
    node.get(key)?.as_str().filter(|text| !text.is_empty())
}
