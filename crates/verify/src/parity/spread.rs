//! What is secret in one place is secret wherever it is said: an alias of a password, or the same text under a name
//! that tells nothing. Looked for in what is compared, and only for what would be shown.

use super::align::{Side, Subject};
use super::differences::Difference;
use data_encoding::BASE64;
use dtap_model::object::{GroupKind, Object};
use dtap_model::path::{Path, Step};
use dtap_model::tree::{Node, Value};
use dtap_report::mask;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Marks every difference that says what one of the differing objects, or a Secret of either side, says as a secret.
pub fn spread(differences: &mut [Difference<'_>], left: &Side<'_>, right: &Side<'_>) {
    let shown: FxHashSet<&str> = differences.iter().filter(|difference| is_shown(difference)).flat_map(told).collect();
    if shown.is_empty() {
        return;
    }
    let secret = secrets(differences, left, right, &shown);
    if secret.is_empty() {
        return;
    }
    for difference in differences.iter_mut().filter(|difference| is_shown(difference)) {
        difference.secret = told(difference).iter().any(|text| secret.contains(text));
    }
}

/// Of the texts that would be shown those that are said as a secret somewhere.
fn secrets<'shown>(
    differences: &[Difference<'_>],
    left: &Side<'_>,
    right: &Side<'_>,
    shown: &FxHashSet<&'shown str>,
) -> FxHashSet<&'shown str> {
    let differing: BTreeSet<&Subject> = differences.iter().map(|difference| difference.subject).collect();
    let mut secret = FxHashSet::default();
    for (subject, objects) in left.objects.iter().chain(&right.objects) {
        if differing.contains(subject) || mask::makes_a_secret(&subject.kind.kind) {
            objects.iter().for_each(|object| said_secretly(object, shown, &mut secret));
        }
    }
    secret
}

/// The texts of both sides of a difference that may be secrets.
fn told<'tree>(difference: &Difference<'tree>) -> Vec<&'tree str> {
    let mut told = Vec::new();
    let nodes = [difference.left, difference.right].into_iter().flatten();
    nodes.for_each(|node| texts(node, &mut |text| told.push(text)));
    told
}

/// Whether a difference shows what it is about. Of a whole object nothing is shown but its name.
fn is_shown(difference: &Difference<'_>) -> bool {
    !difference.secret && !difference.path.0.is_empty()
}

/// The texts in a node that may be secrets: no short ones, and no plain words such as `enabled`, which many fields say.
fn texts<'tree>(node: &'tree Node<'_>, take: &mut impl FnMut(&'tree str)) {
    match &node.value {
        Value::String(text) => {
            let is_word = text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_lowercase());
            if text.len() >= 6 && !is_word {
                take(text);
            }
        }
        Value::Mapping(entries) => entries.iter().for_each(|entry| texts(&entry.node, take)),
        Value::Sequence(items) => items.iter().for_each(|item| texts(item, take)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

/// Of the texts that would be shown those that an object says where they must not be.
fn said_secretly<'shown>(object: &Object, shown: &FxHashSet<&'shown str>, secret: &mut FxHashSet<&'shown str>) {
    descend(&object.identity.kind, &object.tree, &mut Vec::new(), &mut |text, way| {
        let is_hidden = || is_hidden(&object.identity.kind, way);
        secret.extend(shown.get(text).filter(|_| is_hidden()));
    });
}

/// A step on the way down: the mapping or list that is left, and the key or the item under which it goes on.
#[derive(Clone, Copy)]
enum Way<'tree> {
    Key(&'tree Node<'static>, &'tree str),
    Item(&'tree Node<'static>),
}

/// Every text below a node, with the way to it; what a Secret holds also as it was before it was encoded.
fn descend<'tree>(
    kind: &GroupKind,
    node: &'tree Node<'static>,
    way: &mut Vec<Way<'tree>>,
    meet: &mut impl FnMut(&str, &[Way<'tree>]),
) {
    match &node.value {
        Value::String(text) => {
            meet(text, way);
            let decoded = kind.is("", "Secret").then(|| BASE64.decode(text.as_bytes()).ok()).flatten();
            if let Some(plain) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
                meet(&plain, way);
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                way.push(Way::Key(node, &entry.key));
                descend(kind, &entry.node, way, meet);
                way.pop();
            }
        }
        Value::Sequence(items) => {
            for item in items {
                way.push(Way::Item(item));
                descend(kind, item, way, meet);
                way.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

/// Whether a value at the end of a way is a secret, and no name of one.
fn is_hidden(kind: &GroupKind, way: &[Way<'_>]) -> bool {
    let is_name = way.last().is_some_and(|last| {
        matches!(last, Way::Key(_, "name" | "key" | "namespace" | "secretName" | "kind" | "apiVersion"))
    });
    let is_beside = |step: &Way<'_>| matches!(step, Way::Key(mapping, key) if mask::is_beside_secret(mapping, key));
    let path = || Path(way.iter().map(step).collect());
    !is_name && (mask::is_secret(kind, &path()) || way.iter().any(is_beside))
}

/// A step as paths write it: an item is told by its name, which may say that it is secret.
fn step(way: &Way<'_>) -> Step {
    match way {
        Way::Key(_, key) => Step::Key((*key).to_owned()),
        Way::Item(item) => match item.get("name").and_then(Node::as_str) {
            Some(name) => Step::Item { key: "name".to_owned(), value: name.to_owned() },
            None => Step::Index(0),
        },
    }
}
