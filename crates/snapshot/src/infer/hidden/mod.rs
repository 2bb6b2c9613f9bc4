//! What comes to stand on a cluster though it is no object of the input: policies held by other objects, policies that
//! something generates, and what deployment tools install from elsewhere. Each leaves its namespace open (N18, N19).

use crate::snapshot::{Gap, Placed, Reach, Snapshot};
use dtap_model::environment::NamespaceId;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The gaps that objects leave by what they hold, in the order of the objects.
#[must_use]
pub fn gaps(snapshot: &Snapshot) -> Vec<Gap> {
    snapshot.objects.par_iter().flat_map_iter(|placed| of_object(snapshot, placed)).collect()
}

/// Where something hidden comes to stand.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// In a namespace of this name, on whichever cluster.
    Named(String),
    /// Where the object itself stands: in its namespace, or on its cluster.
    Here,
    /// Anywhere on the object's cluster.
    Cluster,
}

fn of_object(snapshot: &Snapshot, placed: &Placed) -> Vec<Gap> {
    let object = &placed.object;
    let found = [
        (held(object), "holds a NetworkPolicy that something else may apply"),
        (changed(object), "generates or changes NetworkPolicies"),
        (installed(snapshot, object), "installs what is not in the input"),
    ];
    let gap = |(targets, what): (BTreeSet<Target>, &str)| -> Vec<Gap> {
        if targets.is_empty() {
            return Vec::new();
        }
        let reaches: BTreeSet<Reach> = targets.iter().flat_map(|target| reaches(snapshot, placed, target)).collect();
        let what = format!("{} {} {what}", object.identity.kind.kind, object.identity.name);
        let gap = |reach| Gap {
            what: what.clone(),
            hint: Some("add what comes of it to the input, rendered".to_owned()),
            place: Some(object.cite_name()),
            reach,
            unread: None,
        };
        reaches.into_iter().map(gap).collect()
    };
    found.into_iter().flat_map(gap).collect()
}

/// A namespace that is not known is nobody's, and what a HelmRelease installs into is known by that; a name that is yet to be
/// filled in may be any.
fn reaches(snapshot: &Snapshot, placed: &Placed, target: &Target) -> Vec<Reach> {
    match target {
        Target::Named(name) if !name.contains(['{', '$']) => (0..)
            .zip(&snapshot.namespaces)
            .filter(|(_, namespace)| namespace.name == *name)
            .map(|(at, _)| Reach::Namespace(NamespaceId(at)))
            .collect(),
        Target::Here => vec![placed.namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace)],
        Target::Named(_) | Target::Cluster => vec![Reach::Cluster(placed.cluster)],
    }
}

/// The policies that an object holds: as a mapping within it (Template, ManifestWork, a Crossplane Object, a generator),
/// or as text (a ConfigMap that a ClusterResourceSet applies).
fn held(object: &Object) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    let own = object.tree.entries().iter().filter(|entry| !matches!(entry.key.as_ref(), "metadata" | "status"));
    let mut open: Vec<&Node<'_>> = own.map(|entry| &entry.node).collect();
    let is_text_read = matches!(object.identity.kind.kind.as_str(), "ConfigMap" | "Secret");
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Mapping(entries) => {
                targets.extend(policy_of(node));
                open.extend(entries.iter().map(|entry| &entry.node));
            }
            Value::Sequence(items) => open.extend(items),
            Value::String(text) if is_text_read && speaks_of_policy(text) => targets.extend(named_in(text)),
            _ => {}
        }
    }
    targets
}

/// Where a mapping comes to stand that is a policy.
fn policy_of(node: &Node<'_>) -> Option<Target> {
    let kind = node.get("kind").and_then(Node::as_str)?;
    node.get("apiVersion").and_then(Node::as_str).filter(|_| kind.ends_with("NetworkPolicy"))?;
    if kind != "NetworkPolicy" && node.at(&["metadata", "namespace"]).is_none() {
        return Some(Target::Cluster);
    }
    let namespace = node.at(&["metadata", "namespace"]).and_then(Node::as_str);
    Some(namespace.map_or(Target::Here, |name| Target::Named(name.to_owned())))
}

/// Whether a text says `kind: …NetworkPolicy` of something with an `apiVersion`, in YAML or JSON.
fn speaks_of_policy(text: &str) -> bool {
    text.contains("NetworkPolicy")
        && text.contains("apiVersion")
        && values_in(text, "kind").any(|kind| kind.ends_with("NetworkPolicy"))
}

/// The namespaces that such a text names.
fn named_in(text: &str) -> BTreeSet<Target> {
    let named: BTreeSet<Target> = values_in(text, "namespace").map(|name| Target::Named(name.to_owned())).collect();
    if named.is_empty() { BTreeSet::from([Target::Here]) } else { named }
}

/// The words that stand after a key in a text.
fn values_in<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(key).skip(1).filter_map(|rest| {
        let (between, value) = rest.split_once(':')?;
        let is_key = between.chars().all(|letter| matches!(letter, ' ' | '"' | '\''));
        let value = value.trim_start_matches([' ', '"', '\'']);
        let end = value.find([' ', '"', '\'', ',', '\n', '\r', '}']).unwrap_or(value.len());
        is_key.then(|| value.get(..end)).flatten().filter(|value| !value.is_empty())
    })
}

/// Generators and mutations of policies.
fn changed(object: &Object) -> BTreeSet<Target> {
    let kind = &object.identity.kind;
    let spec = object.tree.get("spec");
    let changes = match (kind.group.as_str(), kind.kind.as_str()) {
        ("kyverno.io", "ClusterPolicy" | "Policy") => {
            let rules = spec.and_then(|spec| spec.get("rules")).map(Node::items).unwrap_or_default();
            let acts = |rule: &&Node<'_>| rule.get("generate").is_some() || rule.get("mutate").is_some();
            rules.iter().filter(acts).any(names_policies)
        }
        ("policies.kyverno.io", kind) if kind.contains("Generating") || kind.contains("Mutating") => {
            spec.is_some_and(names_policies)
        }
        ("mutations.gatekeeper.sh", _) | ("admissionregistration.k8s.io", "MutatingAdmissionPolicy") => {
            spec.is_some_and(names_policies)
        }
        _ => false,
    };
    changes.then_some(Target::Here).into_iter().collect()
}

/// Whether some text within names policies by kind or resource.
fn names_policies(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Mapping(entries) => entries.iter().any(|entry| names_policies(&entry.node)),
        Value::Sequence(items) => items.iter().any(names_policies),
        Value::String(text) => {
            let text = text.to_ascii_lowercase();
            text.contains("networkpolicy") || text.contains("networkpolicies")
        }
        _ => false,
    }
}

/// The namespaces into which a deployment tool installs a chart, or a folder that is not in the input.
fn installed(snapshot: &Snapshot, object: &Object) -> BTreeSet<Target> {
    let kind = &object.identity.kind;
    let named = |steps: &[&str]| {
        let name = object.tree.at(steps).and_then(Node::as_str).filter(|name| !name.is_empty())?;
        Some(Target::Named(name.to_owned()))
    };
    let absent = |path: &str| {
        let folder = path.trim_start_matches("./").trim_matches('/');
        let inside = |name: &str| format!("{name}/").contains(&format!("{folder}/"));
        !folder.is_empty() && !snapshot.sources.iter().any(|(_, source)| inside(&source.name))
    };
    let target = match (kind.group.as_str(), kind.kind.as_str()) {
        ("helm.toolkit.fluxcd.io" | "helm.fluxcd.io", "HelmRelease") | ("helm.cattle.io", "HelmChart") => {
            Some(named(&["spec", "targetNamespace"]).unwrap_or(Target::Here))
        }
        ("argoproj.io", "Application" | "ApplicationSet") => {
            let of_set: &[&str] = if kind.kind == "ApplicationSet" { &["spec", "template", "spec"] } else { &["spec"] };
            let several = object.tree.at(&[of_set, &["sources"]].concat()).map(Node::items).unwrap_or_default();
            let sources = object.tree.at(&[of_set, &["source"]].concat()).into_iter().chain(several);
            let chart = |source: &Node<'_>| {
                let path = source.get("path").and_then(Node::as_str).filter(|path| !path.contains("{{"));
                source.get("chart").is_some_and(|chart| !chart.is_null()) || path.is_some_and(absent)
            };
            let target = named(&[of_set, &["destination", "namespace"]].concat());
            target
                .filter(|target| !matches!(target, Target::Named(name) if name.contains("{{")))
                .filter(|_| sources.into_iter().any(chart))
        }
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
            let path = object.tree.at(&["spec", "path"]).and_then(Node::as_str);
            named(&["spec", "targetNamespace"]).filter(|_| path.is_some_and(absent))
        }
        _ => None,
    };
    target.into_iter().collect()
}
