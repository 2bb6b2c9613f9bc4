//! The labels that a namespace may have (N14, N21), and what of labels the API server refuses.

use super::objects::Objects;
use crate::isolation::network::selector::{is_label, value_of};
use dtap_model::environment::{NO_NAMESPACE, Namespace};
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// One set of labels that an object may have: its own, or read again from one of its documents (N21).
pub(super) type LabelSet<'s> = Cow<'s, [(String, String)]>;

/// The label that every namespace carries (N14).
pub(super) const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// The label sets that each namespace may have: one where the input shows it, several where documents differ (N21), none
/// where it may carry any (N14): it is not declared, or the API server refuses its labels.
pub(super) fn namespace_labels<'s>(snapshot: &'s Snapshot, objects: &Objects<'s>) -> Vec<Vec<LabelSet<'s>>> {
    let mut documents: FxHashMap<(u32, &str), Vec<&Placed>> = FxHashMap::default();
    for placed in &objects.namespaces {
        documents.entry((placed.cluster.0, &placed.object.identity.name)).or_default().push(placed);
    }
    let labels = |namespace: &'s Namespace| -> Vec<LabelSet<'s>> {
        let shown = documents.get(&(namespace.cluster.0, namespace.name.as_str())).map_or(&[][..], Vec::as_slice);
        match shown {
            _ if !namespace.declared || namespace.name == NO_NAMESPACE => Vec::new(),
            _ if are_refused(&namespace.labels) => Vec::new(),
            [] | [_] => vec![Cow::Borrowed(&namespace.labels)],
            several => {
                let read = several.iter().map(|placed| labels_of(placed).filter(|labels| !are_refused(labels)));
                let read: Option<Vec<_>> = read.collect();
                read.unwrap_or_default().into_iter().map(Cow::Owned).collect()
            }
        }
    };
    snapshot.namespaces.iter().map(labels).collect()
}

/// The labels that one document shows; none where one is not text.
#[must_use]
pub fn labels_of(placed: &Placed) -> Option<Vec<(String, String)>> {
    let Some(labels) = placed.object.tree.at(&["metadata", "labels"]) else { return Some(Vec::new()) };
    labels.entries().iter().map(|entry| Some((entry.key.to_string(), entry.node.as_str()?.to_owned()))).collect()
}

/// Whether the labels of a namespace have this value, whichever of them hold.
pub(super) fn is_labelled(labels: &[LabelSet<'_>], key: &str, values: &[&str]) -> bool {
    !labels.is_empty() && labels.iter().all(|labels| value_of(labels, key).is_some_and(|value| values.contains(&value)))
}

/// Why the API server refuses one of these labels, if it does. They may be placeholders that something fills in before.
#[must_use]
pub fn refused_label(labels: &[(String, String)]) -> Option<String> {
    first_refused(labels).map(|(key, value)| format!("`{key}: {value}` is no label"))
}

pub(super) fn are_refused(labels: &[(String, String)]) -> bool {
    first_refused(labels).is_some()
}

fn first_refused(labels: &[(String, String)]) -> Option<&(String, String)> {
    labels.iter().find(|(key, value)| !is_label(key, value))
}
