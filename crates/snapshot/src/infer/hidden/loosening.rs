//! What changes Services and pods on their way in so that they are reached past policies: Services that come to be
//! published on nodes, pods that come to stand on the network of their nodes, on a port of these, or on networks of
//! their own.

use super::Ground;
use super::matching::{Kinds, LABELLED, SERVICES, takes_in};
use super::says;
use super::target::Target;
use crate::workload::NETWORK_ANNOTATIONS;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use std::collections::BTreeSet;

/// What publishes a Service.
const OF_SERVICES: [&str; 2] = ["type", "externalIPs"];

/// What puts pods on the network of their nodes, or on a port of these.
const OF_PODS: [&str; 2] = ["hostNetwork", "hostPort"];

/// Kyverno's rules that mutate.
pub fn kyverno(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let rules = object.tree.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    here(rules.iter().any(|rule| {
        // Of `targets` what is matched only tells when.
        let matched = rule.at(&["mutate", "targets"]).or_else(|| rule.get("match"));
        rule.get("mutate").is_some_and(|mutate| loosens(mutate, matched))
    }))
}

/// Kyverno's newer kinds, of which some mutate.
pub fn kyverno_by_kind(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    if object.identity.kind.kind.contains("Mutating") { admission(ground, object) } else { BTreeSet::new() }
}

/// The API server's own mutation.
pub fn admission(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let matched = object.tree.at(&["spec", "matchConstraints", "resourceRules"]);
    here(object.tree.at(&["spec", "mutations"]).is_some_and(|changes| loosens(changes, matched)))
}

/// Gatekeeper's Assign, AssignMetadata and ModifySet.
pub fn gatekeeper(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let matched = object.tree.at(&["spec", "match", "kinds"]).or_else(|| object.tree.at(&["spec", "applyTo"]));
    let changes = ["location", "parameters"].into_iter().filter_map(|field| object.tree.at(&["spec", field]));
    here(changes.into_iter().any(|changed| loosens(changed, matched)))
}

/// Whether a change is one of these, of what a rule matches.
fn loosens(change: &Node<'_>, matched: Option<&Node<'_>>) -> bool {
    let of = |kinds: &Kinds| matched.is_none_or(|matched| takes_in(matched, kinds));
    of(SERVICES) && speaks_of(change, &OF_SERVICES)
        || of(LABELLED) && (speaks_of(change, &OF_PODS) || speaks_of(change, &NETWORK_ANNOTATIONS))
}

/// Whether a change sets one of these fields, or speaks of it in an expression or a path. A value that is said to be
/// off, or that of a Service which is not published, changes nothing.
fn speaks_of(change: &Node<'_>, fields: &[&str]) -> bool {
    let is_set = |node: &Node<'_>| {
        says(Some(node))
            && node.as_bool() != Some(false)
            && !matches!(node.as_str(), Some("ClusterIP" | "ExternalName"))
    };
    // Kyverno writes `+(key)` for what is added where it is not there, and `~1` stands for `/` in a path.
    let names = |text: &str| fields.iter().any(|field| text.contains(field));
    match &change.value {
        Value::Mapping(entries) => entries.iter().any(|entry| {
            let key = entry.key.trim_start_matches(|letter: char| !letter.is_alphanumeric()).trim_end_matches(')');
            fields.contains(&key) && is_set(&entry.node) || speaks_of(&entry.node, fields)
        }),
        Value::Sequence(items) => items.iter().any(|item| speaks_of(item, fields)),
        Value::String(text) => names(&text.replace("~1", "/")),
        _ => false,
    }
}

fn here(is_found: bool) -> BTreeSet<Target> {
    is_found.then_some(Target::Here).into_iter().collect()
}
