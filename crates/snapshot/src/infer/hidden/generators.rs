//! What makes policies out of something else, or changes them on their way in.

use super::matching::{POLICIES, names_policies, takes_in};
use super::target::Target;
use super::{Ground, says};
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// Kyverno's rules that generate or mutate policies.
pub fn kyverno(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let rules = object.tree.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    let acts = |rule: &&Node<'_>| says(rule.get("generate")) || says(rule.get("mutate"));
    // What a rule that generates matches only tells when.
    let changes = |rule: &Node<'_>| {
        let matched = rule.at(&["mutate", "targets"]).or_else(|| rule.get("match"));
        says(rule.get("mutate")) && matched.is_none_or(|matched| takes_in(matched, POLICIES))
    };
    found(Target::Here, rules.iter().filter(acts).any(|rule| names_policies(rule) || changes(rule)))
}

/// Kyverno's newer kinds, each of which does one thing. What one that generates matches only tells when.
pub fn kyverno_by_kind(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let does = |word: &str| object.identity.kind.kind.contains(word);
    match () {
        () if does("Mutating") || does("Deleting") => mutation(ground, object),
        () if does("Generating") => found(Target::Here, object.tree.get("spec").is_some_and(names_policies)),
        () => BTreeSet::new(),
    }
}

/// What does nothing but change or delete what it matches: Kyverno's clean-up, the API server's own mutation.
pub fn mutation(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec") else { return BTreeSet::new() };
    let matched = spec.at(&["matchConstraints", "resourceRules"]).or_else(|| spec.get("match"));
    found(Target::Here, names_policies(spec) || matched.is_none_or(|matched| takes_in(matched, POLICIES)))
}

/// Gatekeeper's mutations. `AssignMetadata` applies to every kind that it matches, and only adds labels and
/// annotations.
pub fn gatekeeper(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec") else { return BTreeSet::new() };
    let applied = spec.get("applyTo").is_some_and(|applied| takes_in(applied, POLICIES));
    found(Target::Here, names_policies(spec) || applied)
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

/// What makes whatever its templates or its hooks say, anywhere, where it says that policies are among it.
pub fn naming_policies(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    found(Target::Cluster, object.tree.get("spec").is_some_and(names_policies))
}

/// What makes policies wherever they are needed for what it says.
pub fn anywhere(_: &Ground<'_>, _: &Object) -> BTreeSet<Target> {
    found(Target::Cluster, true)
}

/// Kubewarden's policies that mutate.
pub fn kubewarden(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let field = |field: &str| object.tree.at(&["spec", field]);
    let mutates = field("mutating").is_some_and(|said| says(Some(said)) && said.as_bool() != Some(false));
    found(Target::Here, mutates && field("rules").is_none_or(|rules| takes_in(rules, POLICIES)))
}

/// jsPolicy's, but those that only validate: what a script makes of what it gets nobody can tell.
pub fn js_policy(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec") else { return BTreeSet::new() };
    let validates = matches!(spec.get("type").and_then(Node::as_str), None | Some("Validating"));
    found(Target::Cluster, !validates && (names_policies(spec) || takes_in(spec, POLICIES)))
}

fn found(target: Target, is_found: bool) -> BTreeSet<Target> {
    is_found.then_some(target).into_iter().collect()
}
