//! The metadata of an object as the API server takes it, whatever its kind.

use super::labels::refused_label_in;
use super::names::is_object_name;
use super::objects::Objects;
use crate::isolation::network::selector::Refusal;
use chrono::DateTime;
use dtap_model::label::is_label_key;
use dtap_model::tree::{Entry, Node};
use dtap_snapshot::snapshot::Placed;

/// The bytes that the annotations of one object may have, keys and values together.
const ANNOTATIONS: usize = 262_144;

/// The fields of `metadata` that the API server looks at, found in one walk: a cluster has tens of thousands.
#[derive(Default)]
struct Metadata<'s> {
    generate_name: Option<&'s str>,
    created: Option<&'s str>,
    deleted: Option<&'s str>,
    labels: &'s [Entry<'static>],
    annotations: &'s [Entry<'static>],
    owners: &'s [Node<'static>],
    finalizers: &'s [Node<'static>],
}

impl<'s> Metadata<'s> {
    fn read(node: &'s Node<'static>) -> Self {
        let mut metadata = Self::default();
        for Entry { key, node, .. } in node.entries() {
            match key.as_ref() {
                "generateName" => metadata.generate_name = node.as_str(),
                "creationTimestamp" => metadata.created = node.as_str(),
                "deletionTimestamp" => metadata.deleted = node.as_str(),
                "labels" => metadata.labels = node.entries(),
                "annotations" => metadata.annotations = node.entries(),
                "ownerReferences" => metadata.owners = node.items(),
                "finalizers" => metadata.finalizers = node.items(),
                _ => {}
            }
        }
        metadata
    }
}

/// Why the API server refuses an object for its metadata, if it does, as `ValidateObjectMeta` of the API machinery has
/// it. What it stood for is then not there, or as it was before.
pub(super) fn refused_metadata(placed: &Placed) -> Option<Refusal> {
    refused(placed, placed.object.tree.get("metadata").map(Metadata::read))
}

/// The same of many objects. Pointers are followed one level at a time for all of them, so that the processor waits for
/// several at once.
pub(super) fn all_refused_metadata(placed: &[&Placed]) -> Vec<Option<Refusal>> {
    let nodes: Vec<Option<&Node<'static>>> = placed.iter().map(|placed| placed.object.tree.get("metadata")).collect();
    let read: Vec<Option<Metadata<'_>>> = nodes.into_iter().map(|node| node.map(Metadata::read)).collect();
    placed.iter().zip(read).map(|(placed, metadata)| refused(placed, metadata)).collect()
}

fn refused(placed: &Placed, metadata: Option<Metadata<'_>>) -> Option<Refusal> {
    let name = &placed.object.identity.name;
    if !is_object_name(name) {
        return Some(format!("`{name}` is no name of an object: lower-case letters, digits, `-` and `.` are"));
    }
    let metadata = metadata?;
    let prefix = metadata.generate_name.filter(|prefix| !is_object_name(&format!("{prefix}*")));
    let refused_prefix = prefix.map(|prefix| format!("`{prefix}` is no beginning of a name"));
    let time = || metadata.created.into_iter().chain(metadata.deleted).find(|time| !is_time(time));
    let refused_time = || time().map(|time| format!("`{time}` is no time"));
    refused_prefix
        .or_else(refused_time)
        .or_else(|| refused_label_in(metadata.labels))
        .or_else(|| refused_annotation(metadata.annotations))
        .or_else(|| refused_owner(metadata.owners))
        .or_else(|| refused_finalizer(metadata.finalizers))
}

/// The documents of namespaces that the API server refuses, and why; what it says of their names is told apart.
pub(super) fn refused_namespaces<'s>(objects: &Objects<'s>) -> Vec<(&'s Placed, Refusal)> {
    let named = objects.namespaces.iter().filter(|placed| is_object_name(&placed.object.identity.name));
    named.filter_map(|placed| Some((*placed, refused_metadata(placed)?))).collect()
}

/// Whether this is a time as RFC 3339 has it, with the capitals that the API server wants.
pub(super) fn is_time(text: &str) -> bool {
    let is_in_capitals = !text.contains(|letter: char| letter.is_ascii_lowercase() || letter == ' ');
    is_in_capitals && DateTime::parse_from_rfc3339(text).is_ok()
}

fn refused_owner(owners: &[Node<'_>]) -> Option<Refusal> {
    let text = |owner: &Node<'_>, field: &str| owner.get(field).and_then(Node::as_str).unwrap_or_default().to_owned();
    let lacks = |owner: &Node<'_>| {
        ["apiVersion", "kind", "name", "uid"].into_iter().find(|field| text(owner, field).is_empty())
    };
    let is_controller = |owner: &&Node<'_>| owner.get("controller").and_then(Node::as_bool) == Some(true);
    if let Some(field) = owners.iter().find_map(lacks) {
        return Some(format!("one of its owners has no `{field}`"));
    }
    // `ParseGroupVersion` takes one slash, and wants a version behind it.
    let is_version = |version: &str| version.matches('/').count() <= 1 && !version.ends_with('/');
    if let Some(version) = owners.iter().map(|owner| text(owner, "apiVersion")).find(|version| !is_version(version)) {
        return Some(format!("one of its owners has `{version}` for an `apiVersion`"));
    }
    if owners.iter().any(|owner| text(owner, "apiVersion") == "v1" && text(owner, "kind") == "Event") {
        return Some("an Event owns nothing".to_owned());
    }
    (owners.iter().filter(is_controller).count() > 1).then(|| "several of its owners are its controller".to_owned())
}

/// Keys may have capitals in front of the slash: they are looked at in small letters.
fn refused_annotation(annotations: &[Entry<'_>]) -> Option<Refusal> {
    let bad = annotations.iter().find(|entry| !is_label_key(&entry.key.to_lowercase()));
    let bytes = |text: Option<&str>| text.map_or(0, str::len);
    let size: usize = annotations.iter().map(|entry| entry.key.len() + bytes(entry.node.as_str())).sum();
    match bad {
        Some(entry) => Some(format!("`{}` is no key of an annotation", entry.key)),
        None if size > ANNOTATIONS => Some(format!("its annotations have {size} bytes, more than {ANNOTATIONS}")),
        None => None,
    }
}

/// The API server's own ones have no slash.
fn refused_finalizer(finalizers: &[Node<'_>]) -> Option<Refusal> {
    const OWN: [&str; 3] = ["foregroundDeletion", "orphan", "kubernetes"];
    let finalizers = finalizers.iter().map(|name| name.as_str().unwrap_or_default());
    let is_taken = |name: &str| OWN.contains(&name) || name.contains('/') && is_label_key(name);
    finalizers.into_iter().find(|name| !is_taken(name)).map(|name| format!("`{name}` is no name of a finalizer"))
}
