//! What sets labels on namespaces and pods on their way in (N19). Only the labels that policies ask for decide
//! anything; where one may be set, every answer on the cluster that stands on labels is open: those of either end.

use super::matching::{LABELLED, takes_in};
use super::target::Target;
use super::{Ground, HNC, says};
use crate::applied::managed_labels;
use crate::snapshot::Snapshot;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use std::collections::BTreeSet;

/// The keys of labels for which the policies of a snapshot ask.
pub struct Asked<'s>(BTreeSet<&'s str>);

/// The label by which Argo CD tracks what it applies, unless it is told to do so by an annotation.
const TRACKING: &str = "app.kubernetes.io/instance";

/// The annotation that gives a namespace to a project of Rancher's, and the label that comes of it.
const PROJECT: &str = "field.cattle.io/projectId";

/// The label that says what the pods of a namespace may do.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

impl<'s> Asked<'s> {
    /// Reads the policies.
    pub fn of(snapshot: &'s Snapshot) -> Self {
        let policies = snapshot.objects.iter().filter(|placed| placed.object.identity.kind.kind == "NetworkPolicy");
        let mut keys = BTreeSet::new();
        let mut open: Vec<&Node<'_>> = policies.filter_map(|placed| placed.object.tree.get("spec")).collect();
        while let Some(node) = open.pop() {
            open.extend(node.items());
            for entry in node.entries() {
                match entry.key.as_ref() {
                    "matchLabels" => keys.extend(entry.node.entries().iter().map(|label| label.key.as_ref())),
                    "matchExpressions" => {
                        keys.extend(entry.node.items().iter().filter_map(|asked| asked.get("key")?.as_str()));
                    }
                    _ => open.push(&entry.node),
                }
            }
        }
        Self(keys)
    }

    /// Whether labels set a key that is asked for, or may loosen what the pods of a namespace may do: a level that is
    /// none of the two that hold pods back, or is not read, may be `privileged` (N17).
    pub fn any_of(&self, labels: Option<&Node<'_>>) -> bool {
        labels.map(pairs).unwrap_or_default().into_iter().any(|(key, value)| {
            // Kyverno writes `+(key)` for what is added where it is not there.
            let key = key.trim_start_matches("+(").trim_end_matches(')');
            let holds_back = || matches!(value, Some("baseline" | "restricted"));
            let loosens = key == ENFORCE && !holds_back();
            self.0.contains(key) || key.contains(['{', '$', '(']) || loosens
        })
    }

    /// Whether a change of which only the text is known, if that, may set such a key: any is asked for, or it speaks of
    /// what pods may do.
    pub fn may_be_in(&self, text: &str) -> bool {
        // In a path `~1` stands for `/`.
        !self.0.is_empty() || text.replace("~1", "/").contains(ENFORCE)
    }

    /// Whether a text that is not read as YAML may set such a key.
    pub fn any_written_in(&self, text: &str) -> bool {
        text.contains(ENFORCE) || self.0.iter().any(|key| text.contains(key)) || text.contains("labels: {{")
    }

    /// Whether a key of this domain, or of one below it, is asked for: `strimzi.io/cluster` of `strimzi.io`.
    pub fn any_of_domain(&self, domain: &str) -> bool {
        self.0.iter().any(|key| {
            let of = key.split('/').next().unwrap_or(key);
            of.strip_suffix(domain).is_some_and(|above| above.is_empty() || above.ends_with('.'))
        })
    }

    /// Whether such labels stand in a `labelsOverrider`.
    fn any_overridden(&self, node: &Node<'_>) -> bool {
        node.items().iter().any(|item| self.any_overridden(item))
            || node.entries().iter().any(|entry| match entry.key.as_ref() {
                "labelsOverrider" => entry.node.items().iter().any(|item| self.any_of(item.get("value"))),
                _ => self.any_overridden(&entry.node),
            })
    }

    /// Whether a change sets such labels: in a mapping called `labels`, or by an expression or path that speaks of
    /// labels, of which the key may be computed.
    fn any_in(&self, node: &Node<'_>) -> bool {
        match &node.value {
            Value::Mapping(entries) => entries.iter().any(|entry| {
                let own = entry.key.as_ref() == "labels" && self.any_of(Some(&entry.node));
                own || self.any_in(&entry.node)
            }),
            Value::Sequence(items) => items.iter().any(|item| self.any_in(item)),
            Value::String(text) => {
                outside_of_variables(text).any(|part| self.may_be_in(part) && part.contains("labels"))
            }
            _ => false,
        }
    }
}

/// Labels as a mapping, as a list of keys or names with values, or as text (`app=web, team=x`), and their values where
/// these are texts.
fn pairs<'n>(labels: &'n Node<'_>) -> Vec<(&'n str, Option<&'n str>)> {
    let of_text = |text: &'n str| -> Vec<(&'n str, Option<&'n str>)> {
        let words = text.split([',', ' ', '\n']);
        words.filter_map(|word| word.split_once(['=', ':'])).map(|(key, value)| (key.trim(), Some(value))).collect()
    };
    match &labels.value {
        Value::Mapping(entries) => entries.iter().map(|entry| (entry.key.as_ref(), entry.node.as_str())).collect(),
        Value::Sequence(items) => items
            .iter()
            .flat_map(|item| match item.as_str() {
                Some(text) => of_text(text),
                None => {
                    let key = ["key", "name"].into_iter().find_map(|field| item.get(field)?.as_str());
                    key.map(|key| (key, item.get("value").and_then(Node::as_str))).into_iter().collect()
                }
            })
            .collect(),
        Value::String(text) => of_text(text),
        _ => Vec::new(),
    }
}

/// What of a text stands outside of `{{…}}`, which only reads.
fn outside_of_variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").enumerate().map(|(at, part)| if at == 0 { part } else { part.rsplit("}}").next().unwrap_or(part) })
}

/// Whether what a rule matches may be labelled.
fn may_match(matched: Option<&Node<'_>>) -> bool {
    matched.is_none_or(|matched| takes_in(matched, LABELLED))
}

/// Kyverno's rules that mutate.
pub fn kyverno(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let rules = object.tree.at(&["spec", "rules"]).map(Node::items).unwrap_or_default();
    everywhere(rules.iter().any(|rule| {
        // Of `targets` what is matched only tells when.
        let matched = rule.at(&["mutate", "targets"]).or_else(|| rule.get("match"));
        rule.get("mutate").is_some_and(|mutate| ground.asked.any_in(mutate)) && may_match(matched)
    }))
}

/// Kyverno's newer kinds, each of which does one thing.
pub fn kyverno_by_kind(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    if object.identity.kind.kind.contains("Mutating") { admission(ground, object) } else { BTreeSet::new() }
}

/// The API server's own mutation.
pub fn admission(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let changes = object.tree.at(&["spec", "mutations"]);
    let matched = object.tree.at(&["spec", "matchConstraints", "resourceRules"]);
    everywhere(changes.is_some_and(|changes| ground.asked.any_in(changes)) && may_match(matched))
}

/// Gatekeeper's Assign, AssignMetadata and ModifySet.
pub fn gatekeeper(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let location = object.tree.at(&["spec", "location"]);
    let matched = object.tree.at(&["spec", "match", "kinds"]).or_else(|| object.tree.at(&["spec", "applyTo"]));
    everywhere(location.is_some_and(|location| ground.asked.any_in(location)) && may_match(matched))
}

/// What a Capsule Tenant puts on its namespaces and pods.
pub fn capsule(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec") else { return BTreeSet::new() };
    let options = ["namespaceOptions", "podOptions"].into_iter().filter_map(|key| spec.get(key));
    let older = spec.at(&["namespacesMetadata", "additionalLabels"]);
    everywhere(options.into_iter().any(|given| ground.asked.any_in(given)) || ground.asked.any_of(older))
}

/// What Argo CD puts on the namespace that it creates, where nobody can tell which that is: of one that is named the
/// labels themselves are known.
pub fn argo(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let is_given =
        managed_labels(object).is_some_and(|(name, labels)| name.is_none() && ground.asked.any_of(Some(labels)));
    everywhere(is_given || asks_namespaces_for(ground.snapshot, TRACKING))
}

/// What Flux puts on everything that it applies.
pub fn flux(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let labels = object.tree.at(&["spec", "commonMetadata", "labels"]);
    everywhere(says(labels) && ground.asked.any_of(labels) || ground.asked.any_of_domain(&object.identity.kind.group))
}

/// What Karmada puts on what it brings to clusters.
pub fn karmada(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let rules = ["overrideRules", "overriders"].into_iter().filter_map(|field| object.tree.at(&["spec", field]));
    let sets = |rules: &Node<'_>| ground.asked.any_overridden(rules) || ground.asked.any_in(rules);
    everywhere(rules.into_iter().any(sets) && may_match(object.tree.at(&["spec", "resourceSelectors"])))
}

/// What the hierarchical namespace controller and Accurate put on namespaces and those below them.
pub fn hierarchy(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let of_tree = object.identity.kind.group == HNC && ground.asked.any_of_domain("tree.hnc.x-k8s.io");
    everywhere(of_tree || ground.asked.any_of(object.tree.at(&["spec", "labels"])))
}

/// What Rancher puts on a namespace that an annotation gives to a project, where it does not bear it as it is.
pub fn rancher(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let says = |field: &str| says(object.tree.at(&["metadata", field]).and_then(|given| given.get(PROJECT)));
    everywhere(says("annotations") && !says("labels") && ground.asked.0.contains(PROJECT))
}

/// Whether a policy selects namespaces by this label.
fn asks_namespaces_for(snapshot: &Snapshot, key: &str) -> bool {
    fn is_asked(node: &Node<'_>, key: &str, of_namespaces: bool) -> bool {
        node.items().iter().any(|item| is_asked(item, key, of_namespaces))
            || node.entries().iter().any(|entry| {
                let named = entry.key == key || entry.key == "key" && entry.node.as_str() == Some(key);
                of_namespaces && named || is_asked(&entry.node, key, of_namespaces || entry.key == "namespaceSelector")
            })
    }
    let policies = snapshot.objects.iter().filter(|placed| placed.object.identity.kind.kind == "NetworkPolicy");
    policies.filter_map(|placed| placed.object.tree.get("spec")).any(|spec| is_asked(spec, key, false))
}

fn everywhere(is_found: bool) -> BTreeSet<Target> {
    is_found.then_some(Target::Cluster).into_iter().collect()
}
