//! What other objects hold beside policies: Services, addresses, pods and charts, which something may apply that reads
//! them. A mapping is such an object by its `apiVersion`, `kind` and `metadata`; what only refers to one has no
//! `metadata`.

use super::target::Target;
use super::within::{Part, is_on_node, namespaces_in, own_namespace, settled, values_in, visit};
use super::{Acts, Ground, acts, says};
use crate::decode::documents;
use crate::workload::{evades, is_on_nodes, template, template_path};
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// What an object within another one may be to the network.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carried {
    /// It leads past the policies that are known, or brings things of which nothing is known.
    Evading,
    /// It is pods that policies hold.
    Pods,
}

/// Where such objects come to stand as lead past policies.
pub fn evading(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    carried(object, Carried::Evading)
}

/// Where such pods come to run as policies hold.
pub fn pods(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    carried(object, Carried::Pods)
}

fn carried(object: &Object, asked: Carried) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    // What the API makes of its own workloads is no object that somebody else applies.
    let is_workload = template_path(&object.identity.kind).is_some();
    visit(object, &mut |part| match part {
        Part::Mapping(node) if !is_workload && what(node) == Some(asked) => targets.extend(places(node)),
        Part::Mapping(_) => {}
        Part::Text(text) => targets.extend(in_text(text, asked)),
    });
    settled(object, targets)
}

/// Where an object comes to stand, and what it brings.
fn places(node: &Node<'_>) -> BTreeSet<Target> {
    let into = node.at(&["spec", "targetNamespace"]).and_then(Node::as_str).filter(|name| !name.is_empty());
    match kind_of(node) {
        // What applies folders says in its own ways where to.
        Some(kind) if acts(&kind) == Acts::Anywhere && !kind.kind.starts_with("Helm") => {
            BTreeSet::from([Target::Cluster])
        }
        _ => BTreeSet::from([into.map_or_else(|| own_namespace(node), |name| Target::Named(name.to_owned()))]),
    }
}

/// What of a text is asked for. Of one that is no YAML yet, only the kinds are known that it names.
fn in_text(text: &str, asked: Carried) -> BTreeSet<Target> {
    let may_be = |kind: &str| kind_may_be(kind, asked);
    if !text.contains("apiVersion") || !text.contains("kind") {
        return BTreeSet::new();
    }
    let Ok(documents) = documents(text) else {
        let names_kind = values_in(text, "kind").any(may_be);
        return if names_kind { namespaces_in(text) } else { BTreeSet::new() };
    };
    let mut targets = BTreeSet::new();
    let mut open: Vec<&Node<'_>> = documents.iter().collect();
    while let Some(node) = open.pop() {
        if what(node) == Some(asked) {
            targets.extend(places(node));
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.node));
    }
    targets
}

/// Kinds that make pods, as a text names them without their group.
const MAKE_PODS: [&str; 8] =
    ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"];

/// Kinds that bring what is not in the input, as a text names them.
const BRING: [&str; 6] = ["HelmRelease", "HelmChart", "Kustomization", "Application", "ApplicationSet", "GitRepo"];

/// Kinds that tell of addresses, as a text names them.
const TELL: [&str; 3] = ["Service", "Endpoints", "EndpointSlice"];

fn kind_may_be(kind: &str, asked: Carried) -> bool {
    match asked {
        Carried::Pods => MAKE_PODS.contains(&kind),
        Carried::Evading => [&MAKE_PODS[..], &BRING, &TELL].iter().any(|kinds| kinds.contains(&kind)),
    }
}

fn kind_of(node: &Node<'_>) -> Option<GroupKind> {
    let kind = node.get("kind").and_then(Node::as_str)?;
    let version = node.get("apiVersion").and_then(Node::as_str)?;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Some(GroupKind { group: group.into(), kind: kind.into() })
}

/// What a mapping is, if it is an object that matters to the network.
fn what(node: &Node<'_>) -> Option<Carried> {
    node.get("metadata").filter(|metadata| !metadata.entries().is_empty())?;
    let kind = kind_of(node)?;
    let tells = kind.is("", "Endpoints") || kind.is("discovery.k8s.io", "EndpointSlice");
    let is_published = || kind.is("", "Service") && node.get("spec").is_some_and(publishes);
    let brings = || acts(&kind) == Acts::Anywhere;
    match template(&kind, node) {
        _ if tells || is_published() || brings() => Some(Carried::Evading),
        Some(template) if evades(template) => Some(Carried::Evading),
        Some(_) => Some(Carried::Pods),
        None => node.get("spec").is_some_and(is_on_node).then_some(Carried::Evading),
    }
}

/// Whether a Service is reached from beyond the pods' network; a type that is yet to be filled in may be any.
fn publishes(spec: &Node<'_>) -> bool {
    is_on_nodes(spec.get("type")) || says(spec.get("externalIPs"))
}
