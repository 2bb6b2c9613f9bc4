//! What policies speak of: namespaces that are not in the input ("elsewhere"), and those that several environments let
//! in.

use super::evidence;
use super::input::Input;
use super::room::Room;
use dtap_model::label::{Label, Labels};
use dtap_model::object::Object;
use dtap_model::tree::Node;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::rc::Rc;

/// The label that is always a namespace's name (N14).
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// The labels that each namespaceSelector of a NetworkPolicy asks for: one label set for each way in which a namespace
/// can be named by it. Selectors that name nothing (`{}`, `NotIn`, …) are left out: they speak of no namespace.
#[must_use]
pub fn selected(object: &Object) -> Vec<Labels> {
    if !object.identity.kind.is("networking.k8s.io", "NetworkPolicy") {
        return Vec::new();
    }
    let rules = |section: &str, peers: &'static str| {
        let rules = object.tree.at(&["spec", section]).map(Node::items).unwrap_or_default();
        rules.iter().filter_map(move |rule| rule.get(peers)).flat_map(Node::items)
    };
    let peers = rules("ingress", "from").chain(rules("egress", "to"));
    // No namespace is called nothing.
    let is_someone = |asked: &Labels| !asked.iter().any(|(key, name)| key == NAME_LABEL && name.is_empty());
    peers.filter_map(|peer| peer.get("namespaceSelector")).flat_map(asked).filter(is_someone).collect()
}

/// The label sets that a selector asks for.
fn asked(selector: &Node<'_>) -> Vec<Labels> {
    let entries = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
    let text = |node: &Node<'_>| SmolStr::new(node.as_str().unwrap_or_default());
    let mut base: Labels = entries.iter().map(|entry| (SmolStr::new(&entry.key), text(&entry.node))).collect();
    base.sort();
    let expressions = selector.get("matchExpressions").map(Node::items).unwrap_or_default();
    let is_name = |node: &&Node<'_>| {
        node.get("key").and_then(Node::as_str) == Some(NAME_LABEL)
            && node.get("operator").and_then(Node::as_str) == Some("In")
    };
    let values = expressions.iter().find(is_name).and_then(|node| node.get("values")).map(Node::items);
    match values {
        Some(values) => values.iter().map(|value| with(&base, NAME_LABEL, &text(value))).collect(),
        None if base.is_empty() => Vec::new(),
        None => vec![base],
    }
}

/// A label set and one label more.
fn with(labels: &Labels, key: &str, value: &str) -> Labels {
    let mut labels: Labels = labels.iter().filter(|(known, _)| known != key).cloned().collect();
    labels.push((key.into(), value.into()));
    labels.sort();
    labels
}

/// Whether a namespace with these labels is one of those asked for.
#[must_use]
pub fn answers(labels: &Labels, asked: &Labels) -> bool {
    asked.iter().all(|pair| labels.contains(pair))
}

/// The labels of a namespace of this name: those it is declared with, and its name.
#[must_use]
pub fn labels_of(name: &str, declared: &Labels) -> Labels {
    with(declared, NAME_LABEL, name)
}

/// The labels of every namespace of the input, to be found by any one of them.
pub struct Known {
    by_label: FxHashMap<(usize, SmolStr, SmolStr), Vec<Rc<Labels>>>,
}

impl Known {
    /// Those of the rooms that have a name, by every document that declares them.
    #[must_use]
    pub fn of(input: &Input<'_>, rooms: &[Room]) -> Self {
        let mut by_label: FxHashMap<(usize, SmolStr, SmolStr), Vec<Rc<Labels>>> = FxHashMap::default();
        for room in rooms {
            let Some(name) = room.name.as_deref() else { continue };
            let others = room.declared.iter().skip(1).filter_map(|index| input.object(*index));
            let declared =
                std::iter::once(room.labels.clone()).chain(others.map(|read| evidence::labels(&read.object)));
            for labels in declared.map(|declared| Rc::new(labels_of(name, &declared))) {
                for (key, value) in labels.iter() {
                    by_label.entry((room.cluster, key.clone(), value.clone())).or_default().push(Rc::clone(&labels));
                }
            }
        }
        Self { by_label }
    }

    /// Whether a namespace of the cluster is one of those asked for.
    #[must_use]
    pub fn any_answers(&self, cluster: usize, asked: &Labels) -> bool {
        let with = |(key, value): &Label| {
            self.by_label.get(&(cluster, key.clone(), value.clone())).map_or(&[][..], Vec::as_slice)
        };
        let fewest = asked.iter().map(with).min_by_key(|labels| labels.len());
        fewest.is_some_and(|candidates| candidates.iter().any(|labels| answers(labels, asked)))
    }

    /// Whether a namespace of the cluster is called so.
    #[must_use]
    pub fn is_called(&self, cluster: usize, name: &str) -> bool {
        self.by_label.contains_key(&(cluster, NAME_LABEL.into(), name.into()))
    }
}

/// What a namespace is called that only a selector speaks of: by its name where the selector names it, and no namespace
/// of the input that the selector does not select is called so; else by the labels.
#[must_use]
pub fn name_of(asked: &Labels, taken: impl Fn(&str) -> bool) -> String {
    let name =
        asked.iter().find(|(key, _)| matches!(key.rsplit('/').next(), Some("metadata.name" | "namespace" | "name")));
    match name {
        Some((_, name)) if !name.is_empty() && !taken(name) => name.to_string(),
        _ => asked.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(","),
    }
}
