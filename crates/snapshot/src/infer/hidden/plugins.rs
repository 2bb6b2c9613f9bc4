//! What in the input says of the network plugin that it does not enforce policies, or puts rules of its own beside them
//! (N15, N18).

use super::target::Target;
use super::{Ground, says};
use crate::snapshot::Placed;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use std::collections::BTreeSet;

/// Words in the images of what enforces NetworkPolicies. One of them beside flannel is there for that.
const ENFORCERS: [&str; 12] = [
    "calico",
    "cilium",
    "canal",
    "antrea",
    "kube-router",
    "kube-network-policies",
    "netpol",
    "network-policy",
    "azure-npm",
    "weave",
    "ovn",
    "nsx",
];

/// A plugin that stands on its cluster and enforces none: flannel alone, or the VPC plugin of AWS with its agent told not
/// to.
pub fn unenforced(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let is_flannel = images(object).any(|image| image.contains("flannel")) && !enforces(object);
    let is_alone = || {
        let others = ground.snapshot.objects.iter().map(|placed: &Placed| &placed.object);
        !others.filter(|other| matches!(other.identity.kind.kind.as_str(), "DaemonSet" | "Deployment")).any(enforces)
    };
    on_cluster(is_flannel && is_alone() || is_told_not_to(object))
}

/// A plugin's settings that turn policies off: Cilium's `enable-policy`, the VPC plugin's controller.
pub fn switched_off(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let setting = |key: &str| object.tree.at(&["data", key]).and_then(Node::as_str);
    on_cluster(match object.identity.name.as_str() {
        "cilium-config" => setting("enable-policy") == Some("never"),
        "amazon-vpc-cni" => setting("enable-network-policy-controller") == Some("false"),
        _ => false,
    })
}

/// Kube-OVN's rules on a subnet, whose priority decides between them and policies.
pub fn subnet(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    on_cluster(says(object.tree.at(&["spec", "acls"])))
}

fn containers(object: &Object) -> impl Iterator<Item = &Node<'_>> {
    let spec = object.tree.at(&["spec", "template", "spec"]);
    let lists = ["initContainers", "containers"].into_iter().filter_map(move |list| spec?.get(list));
    lists.flat_map(Node::items)
}

fn images(object: &Object) -> impl Iterator<Item = &str> {
    containers(object).filter_map(|container| container.get("image")?.as_str())
}

fn enforces(object: &Object) -> bool {
    images(object).any(|image| ENFORCERS.into_iter().any(|word| image.contains(word))) && !is_told_not_to(object)
}

fn is_told_not_to(object: &Object) -> bool {
    let arguments = containers(object).filter_map(|container| container.get("args")).flat_map(Node::items);
    let mut texts = arguments.filter_map(|argument| match &argument.value {
        Value::String(text) => Some(text.as_ref()),
        _ => None,
    });
    texts.any(|text| text == "--enable-network-policy=false")
}

fn on_cluster(is_so: bool) -> BTreeSet<Target> {
    is_so.then_some(Target::Cluster).into_iter().collect()
}
