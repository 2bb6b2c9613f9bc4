//! The metadata of an object as the API server takes it, whatever its kind.

use super::labels::refused_label_of;
use super::names::is_object_name;
use crate::isolation::network::selector::Refusal;
use dtap_model::label::is_label_key;
use dtap_model::tree::Node;
use dtap_snapshot::snapshot::Placed;

/// The bytes that the annotations of one object may have, keys and values together.
const ANNOTATIONS: usize = 262_144;

/// Why the API server refuses an object for its metadata, if it does: its name, labels, annotations and finalizers, as
/// `ValidateObjectMeta` of the API machinery has it. What it stood for is then not there, or as it was before.
pub(super) fn refused_metadata(placed: &Placed) -> Option<Refusal> {
    let name = &placed.object.identity.name;
    if !is_object_name(name) {
        return Some(format!("`{name}` is no name of an object: lower-case letters, digits, `-` and `.` are"));
    }
    let metadata = placed.object.tree.get("metadata")?;
    refused_label_of(placed).or_else(|| refused_annotations(metadata)).or_else(|| refused_finalizer(metadata))
}

/// Keys may have capitals in front of the slash: they are looked at in small letters.
fn refused_annotations(metadata: &Node<'_>) -> Option<Refusal> {
    let annotations = metadata.get("annotations")?.entries();
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
fn refused_finalizer(metadata: &Node<'_>) -> Option<Refusal> {
    const OWN: [&str; 3] = ["foregroundDeletion", "orphan", "kubernetes"];
    let finalizers = metadata.get("finalizers")?.items().iter().filter_map(Node::as_str);
    let is_taken = |name: &str| OWN.contains(&name) || name.contains('/') && is_label_key(name);
    finalizers.into_iter().find(|name| !is_taken(name)).map(|name| format!("`{name}` is no name of a finalizer"))
}
