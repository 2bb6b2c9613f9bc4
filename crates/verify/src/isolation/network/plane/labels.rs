//! The labels that a namespace may have (N14, N21), and what of labels the API server refuses.

use super::kinds::is_left_out;
use super::objects::Objects;
use crate::isolation::network::selector::{Refusal, value_of};
use dtap_model::environment::{NO_NAMESPACE, Namespace};
use dtap_model::label::{Label, Labels, is_label, label_text};
use dtap_model::tree::{Entry, Node, Value};
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// One set of labels that an object may have: its own, or read again from one of its documents (N21).
pub(super) type PossibleLabels<'s> = Cow<'s, [Label]>;

/// The label that every namespace carries (N14).
pub(super) const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// The label sets that each namespace may have: one where the input shows it, several where documents differ (N21),
/// none where it may carry any (N14): it is not declared, a deployment tool leaves it out, or the API server refuses
/// it. What a deployment tool sets beside those that are declared may be there or not, and may come before or after.
pub(super) fn namespace_labels<'s>(
    snapshot: &'s Snapshot,
    objects: &Objects<'s>,
    refused: &[(&Placed, Refusal)],
) -> Vec<Vec<PossibleLabels<'s>>> {
    let is_refused = |placed: &Placed| refused.iter().any(|(other, _)| std::ptr::eq(*other, placed));
    // What is not applied, or only once, says not what stands on the cluster.
    let says_nothing = |placed: &Placed| is_refused(placed) || is_left_out(placed);
    let mut documents: FxHashMap<(u32, &str), Vec<&Placed>> = FxHashMap::default();
    for placed in &objects.namespaces {
        documents.entry((placed.cluster.0, &placed.object.identity.name)).or_default().push(placed);
    }
    let mut managed: FxHashMap<&str, Vec<&Node<'_>>> = FxHashMap::default();
    for (name, labels) in &objects.managed_labels {
        managed.entry(name).or_default().push(labels);
    }
    let labels = |namespace: &'s Namespace| -> Vec<PossibleLabels<'s>> {
        let shown = documents.get(&(namespace.cluster.0, namespace.name.as_str())).map_or(&[][..], Vec::as_slice);
        match shown {
            _ if !namespace.declared || namespace.name == NO_NAMESPACE => Vec::new(),
            _ if are_refused(&namespace.labels) => Vec::new(),
            [one] if says_nothing(one) => Vec::new(),
            [] | [_] => vec![Cow::Borrowed(&namespace.labels)],
            several => {
                let read = several.iter().map(|placed| labels_of(placed).filter(|_| !says_nothing(placed)));
                let read: Option<Vec<_>> = read.collect();
                read.unwrap_or_default().into_iter().map(Cow::Owned).collect()
            }
        }
    };
    let with_managed = |namespace: &'s Namespace| match managed.get(namespace.name.as_str()) {
        Some(given) => with_managed(labels(namespace), given),
        None => labels(namespace),
    };
    snapshot.namespaces.iter().map(with_managed).collect()
}

/// The label sets that come of those declared and of what a tool sets; none where several tools disagree, or one sets
/// what nobody can tell.
fn with_managed<'s>(declared: Vec<PossibleLabels<'s>>, given: &[&Node<'_>]) -> Vec<PossibleLabels<'s>> {
    let is_open = |(key, value): &Label| !is_label(key, value);
    let [first, others @ ..] = given else { return declared };
    let agreed = Some(first).filter(|first| others.iter().all(|other| other.same_value(first)));
    let Some(labels) = agreed.and_then(|first| texts(first)).filter(|labels| !labels.iter().any(is_open)) else {
        return Vec::new();
    };
    let mut sets = Vec::with_capacity(declared.len() * 3);
    for own in declared {
        sets.extend([Cow::Owned(merged(&own, &labels)), Cow::Owned(merged(&labels, &own)), own]);
    }
    sets
}

/// Some labels, and those of others whose keys are not among them.
fn merged(labels: &[Label], others: &[Label]) -> Labels {
    let added = others.iter().filter(|(key, _)| value_of(labels, key).is_none());
    labels.iter().chain(added).cloned().collect()
}

/// The labels that one document shows; none where one is not text.
pub(super) fn labels_of(placed: &Placed) -> Option<Labels> {
    placed.object.tree.at(&["metadata", "labels"]).map_or_else(|| Some(Vec::new()), texts)
}

/// Labels; none where they are no mapping, or one is not text.
fn texts(labels: &Node<'_>) -> Option<Labels> {
    let are_labels = matches!(labels.value, Value::Null | Value::Mapping(_));
    let label = |entry: &Entry<'_>| Some((entry.key.as_ref().into(), label_text(&entry.node)?.into()));
    are_labels.then(|| labels.entries().iter().map(label).collect()).flatten()
}

/// Whether the labels of a namespace have this value, whichever of them hold.
pub(super) fn is_labelled(labels: &[PossibleLabels<'_>], key: &str, values: &[&str]) -> bool {
    !labels.is_empty() && labels.iter().all(|labels| value_of(labels, key).is_some_and(|value| values.contains(&value)))
}

/// Why the API server refuses one of these labels, if it does. They may be placeholders that something fills in before.
#[must_use]
pub fn refused_label(labels: &[Label]) -> Option<String> {
    labels.iter().find(|(key, value)| !is_label(key, value)).map(|(key, value)| no_label(key, value))
}

/// The same of the labels that an object shows.
#[must_use]
pub fn refused_label_of(placed: &Placed) -> Option<String> {
    refused_label_in(placed.object.tree.at(&["metadata", "labels"])?.entries())
}

/// The same of labels as they are written.
pub(super) fn refused_label_in(labels: &[Entry<'_>]) -> Option<String> {
    labels.iter().find_map(|label| match label_text(&label.node) {
        Some(value) => (!is_label(&label.key, value)).then(|| no_label(&label.key, value)),
        None => Some(format!("the label `{}` is no text", label.key)),
    })
}

fn no_label(key: &str, value: &str) -> String {
    format!("`{key}: {value}` is no label")
}

pub(super) fn are_refused(labels: &[Label]) -> bool {
    !labels.iter().all(|(key, value)| is_label(key, value))
}
