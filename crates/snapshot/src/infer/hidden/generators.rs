//! What makes policies out of something else, or changes them on their way in.

use super::target::Target;
use super::{Ground, any_text, says};
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// Kyverno's rules that generate or mutate policies.
pub fn kyverno(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let rules = object.tree.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let acts = |rule: &&Node<'_>| says(rule.get("generate")) || says(rule.get("mutate"));
    found(Target::Here, rules.iter().filter(acts).any(names_policies))
}

/// Kyverno's newer kinds, each of which does one thing.
pub fn kyverno_by_kind(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let kind = &object.identity.kind.kind;
    if ["Generating", "Mutating", "Deleting"].into_iter().any(|does| kind.contains(does)) {
        mutation(ground, object)
    } else {
        BTreeSet::new()
    }
}

/// What does nothing but change.
pub fn mutation(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    found(Target::Here, object.tree.get("spec").is_some_and(names_policies))
}

/// A tenant's policies, which Capsule puts into all its namespaces: which those are the tenant does not say.
pub fn capsule(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    found(Target::Cluster, says(object.tree.at(&["spec", "networkPolicies", "items"])))
}

/// What the template of the cluster puts into a project that somebody asks for, policies among it.
pub fn project(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    BTreeSet::from([Target::Named(object.identity.name.to_string())])
}

/// Policies that the hierarchical namespace controller copies from parents to children.
pub fn hierarchy(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let resources = object.tree.at(&["spec", "resources"]).map(Node::items).unwrap_or_default();
    let mode = |resource: &Node<'_>| resource.get("mode").and_then(Node::as_str).unwrap_or("Propagate").to_owned();
    let copies = |resource: &&Node<'_>| !matches!(mode(resource).as_str(), "Ignore" | "Remove");
    found(Target::Cluster, resources.iter().filter(copies).any(names_policies))
}

/// Whether some text within names policies by kind or resource.
fn names_policies(node: &Node<'_>) -> bool {
    any_text(node, &|text| {
        let text = text.to_ascii_lowercase();
        text.contains("networkpolicy") || text.contains("networkpolicies")
    })
}

fn found(target: Target, is_found: bool) -> BTreeSet<Target> {
    is_found.then_some(target).into_iter().collect()
}
