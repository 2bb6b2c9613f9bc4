//! What in the input says of the network plugin that it does not enforce policies, or puts rules of its own beside them
//! (N15, N18).

use super::matching::{POLICIES, names_policies, takes_in};
use super::target::Target;
use super::within::values_in;
use super::{Ground, says};
use crate::decode::documents;
use crate::snapshot::Placed;
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// Parts of the images of what enforces NetworkPolicies, be it beside a plugin that does not.
const ENFORCERS: [&str; 7] =
    ["calico/node", "calico-node", "cilium/cilium", "antrea", "kube-router", "kube-network-policies", "weave-npc"];

/// Arguments by which the VPC plugin's agent and kube-router are told to enforce none.
const TOLD_NOT_TO: [&str; 2] = ["--enable-network-policy=false", "--run-firewall=false"];

/// A plugin that enforces none, and nothing on its cluster that does so for it: flannel, Weave without its controller,
/// or one that is told not to.
pub fn unenforced(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let is_without = images(object).any(|image| image.contains("flannel") || image.contains("weave-kube"));
    on_cluster((is_without || is_told_not_to(object)) && !is_enforced(ground))
}

/// A plugin's settings that turn policies off: Cilium's `enable-policy`; the VPC plugin's controller, where nothing
/// else enforces them.
pub fn switched_off(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let setting = |key: &str| object.tree.at(&["data", key]).and_then(Node::as_str);
    on_cluster(match object.identity.name.as_str() {
        "cilium-config" => object.tree.get("data").is_some_and(turns_cilium_off),
        "amazon-vpc-cni" => setting("enable-network-policy-controller") == Some("false") && !is_enforced(ground),
        _ => false,
    })
}

/// Settings of Multus by which every pod joins networks beside the cluster's.
pub fn default_networks(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let texts = object.tree.get("data").map(Node::entries).unwrap_or_default();
    let lists = |text: &str| {
        let after = text.split("defaultNetworks").skip(1).filter_map(|rest| rest.split_once('['));
        let mut after = after.filter(|(between, _)| between.chars().all(|letter| matches!(letter, '"' | ':' | ' ')));
        after.any(|(_, list)| !list.trim_start().starts_with(']'))
    };
    on_cluster(texts.iter().filter_map(|entry| entry.node.as_str()).any(lists))
}

/// The same for some nodes.
pub fn switched_off_on_nodes(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    on_cluster(object.tree.at(&["spec", "defaults"]).is_some_and(turns_cilium_off))
}

/// OpenShift's older network, of which two modes know no NetworkPolicy.
pub fn openshift_sdn(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let mode = object.tree.at(&["spec", "defaultNetwork", "openshiftSDNConfig", "mode"]);
    on_cluster(mode.and_then(Node::as_str).is_some_and(|mode| matches!(mode, "Subnet" | "Multitenant")))
}

/// The same in the values of the chart that RKE2 and k3s install.
pub fn switched_off_by_values(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let values = object.tree.at(&["spec", "valuesContent"]).and_then(Node::as_str).unwrap_or_default();
    let says = |(key, value): (&str, &str)| values_in(values, key).any(|said| said == value);
    on_cluster([("policyEnforcementMode", "never"), ("policyAuditMode", "true")].into_iter().any(says))
}

fn turns_cilium_off(settings: &Node<'_>) -> bool {
    let off = [("enable-policy", "never"), ("policy-audit-mode", "true"), ("enable-k8s-networkpolicy", "false")];
    off.into_iter().any(|(key, value)| settings.get(key).and_then(Node::as_str) == Some(value))
}

/// What has rules of its own for pods, which may come before policies.
pub fn rules_of_its_own(_: &Ground<'_>, _: &Object) -> BTreeSet<Target> {
    on_cluster(true)
}

/// What tells Argo CD to leave policies out: exclusions of the whole, which are YAML as text, and a project's.
pub fn refused_by_argo(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let refuses = |list: &Node<'_>| names_policies(list) || list.items().iter().any(|it| takes_in(it, POLICIES));
    let by_text = |text: &str| documents(text).map_or(true, |lists| lists.iter().any(refuses));
    let settings = Some(object).filter(|object| object.identity.name == "argocd-cm");
    let excluded = settings.and_then(|object| object.tree.at(&["data", "resource.exclusions"])?.as_str());
    let of_project = object.tree.at(&["spec", "namespaceResourceBlacklist"]);
    on_cluster(excluded.is_some_and(by_text) || of_project.is_some_and(refuses))
}

/// Kube-OVN's rules on a subnet, whose priority decides between them and policies.
pub fn subnet(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    on_cluster(says(object.tree.at(&["spec", "acls"])))
}

/// Whether something that stands on the cluster for certain enforces policies: its daemons, or what the operator of
/// Calico makes them of.
fn is_enforced(ground: &Ground<'_>) -> bool {
    let mut here = ground.snapshot.objects.iter().filter(|placed| placed.cluster == ground.cluster);
    here.any(|Placed { object, .. }| {
        let kind = &object.identity.kind;
        let is_daemon = kind.is("apps", "DaemonSet")
            && !is_told_not_to(object)
            && images(object).any(|image| ENFORCERS.into_iter().any(|part| image.contains(part)));
        is_daemon || kind.is("operator.tigera.io", "Installation")
    })
}

fn is_told_not_to(object: &Object) -> bool {
    let mut arguments = containers(object).filter_map(|container| container.get("args")).flat_map(Node::items);
    arguments.any(|argument| argument.as_str().is_some_and(|text| TOLD_NOT_TO.contains(&text)))
}

fn images(object: &Object) -> impl Iterator<Item = &str> {
    containers(object).filter_map(|container| container.get("image")?.as_str())
}

fn containers(object: &Object) -> impl Iterator<Item = &Node<'_>> {
    let spec = object.tree.at(&["spec", "template", "spec"]);
    spec.and_then(|spec| spec.get("containers")).map_or(&[][..], Node::items).iter()
}

fn on_cluster(is_so: bool) -> BTreeSet<Target> {
    is_so.then_some(Target::Cluster).into_iter().collect()
}
