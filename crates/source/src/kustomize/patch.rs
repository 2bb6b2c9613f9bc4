//! Patches: what they aim at, what they touch, and whether an object says all of it already.

use super::kustomization::{Kustomization, Target};
use super::shelf::Shelf;
use dtap_model::tree::{Node, Span, Tree, Value};
use std::path::PathBuf;

/// One entry of a kustomization's patches.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The folder of the kustomization that applies it.
    pub folder: PathBuf,
    /// Where that kustomization says so.
    pub span: Span,
    /// The file it stands in, when it does not stand in the kustomization itself.
    pub file: Option<PathBuf>,
    /// What it aims at, when it says so apart from its contents.
    pub target: Option<Tree>,
    /// Its documents: objects to merge, or lists of operations.
    pub documents: Vec<Tree>,
}

/// Every patch of a kustomization. None when one of them cannot be read: then nothing is known about what it touches.
pub fn patches(node: &Kustomization, shelf: &Shelf) -> Option<Vec<Patch>> {
    let entries = |field: &str| node.tree.get(field).map_or(&[][..], Node::items);
    let mut found = Vec::new();
    for entry in entries("patchesStrategicMerge") {
        found.push(patch(node, shelf, "patchesStrategicMerge", entry, entry, None)?);
    }
    for field in ["patches", "patchesJson6902"] {
        for entry in entries(field) {
            let content = entry.get("path").or_else(|| entry.get("patch"))?;
            found.push(patch(node, shelf, field, entry, content, entry.get("target"))?);
        }
    }
    Some(found)
}

fn patch(
    node: &Kustomization,
    shelf: &Shelf,
    field: &str,
    entry: &Tree,
    content: &Tree,
    target: Option<&Tree>,
) -> Option<Patch> {
    let text = content.as_str()?;
    let reference = node.references.iter().find(|reference| reference.field == field && reference.text == text);
    let (file, documents) = match reference.map(|reference| &reference.target) {
        Some(Target::File(file)) => (Some(file.clone()), shelf.documents(file)?.to_vec()),
        Some(_) => return None,
        None => {
            let documents = dtap_snapshot::decode::documents(text).ok()?;
            (None, documents.into_iter().map(Node::into_owned).collect())
        }
    };
    Some(Patch { folder: node.folder.clone(), span: entry.span, file, target: target.cloned(), documents })
}

impl Patch {
    /// Whether it may apply to an object; in doubt, yes.
    pub fn may_select(&self, object: &Tree) -> bool {
        match &self.target {
            Some(target) => target_selects(target, kind(object), name(object)),
            None => self.documents.iter().any(|document| same_object(document, object)),
        }
    }

    /// Whether applying it would leave an object as it is.
    pub fn leaves(&self, object: &Tree) -> bool {
        let mut documents =
            self.documents.iter().filter(|document| self.target.is_some() || same_object(document, object));
        documents.all(|document| match &document.value {
            Value::Sequence(operations) => operations.iter().all(|operation| operation_leaves(operation, object)),
            Value::Mapping(_) => merge_leaves(document, object),
            _ => false,
        })
    }

    /// The paths that it touches, by the keys of mappings alone; an empty path is the whole object.
    pub fn touched(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        for document in &self.documents {
            match &document.value {
                Value::Sequence(operations) => paths.extend(operations.iter().map(operation_path)),
                _ => leaves_of(document, &mut Vec::new(), &mut paths),
            }
        }
        paths
    }

    /// What it aims at, in words.
    pub fn aim(&self) -> String {
        let aimed = self.target.as_ref().or_else(|| self.documents.first());
        let text = |keys: &[&str]| aimed.and_then(|tree| tree.at(keys)).and_then(Node::as_str);
        let kind = text(&["kind"]).unwrap_or("objects");
        match text(&["metadata", "name"]).or_else(|| text(&["name"])) {
            Some(name) => format!("{kind} {name}"),
            None => kind.to_owned(),
        }
    }

    /// Whether it may aim at objects that generators make.
    pub fn may_select_generated(&self) -> bool {
        match &self.target {
            Some(target) => {
                ["ConfigMap", "Secret"].iter().any(|kind| target.get("kind").is_none_or(|wanted| matches(wanted, kind)))
            }
            None => self.documents.iter().any(|document| matches!(kind(document), "ConfigMap" | "Secret")),
        }
    }
}

/// Whether two lists of touched paths have a value in common.
pub fn overlap(left: &[Vec<String>], right: &[Vec<String>]) -> bool {
    let meet = |one: &[String], other: &[String]| one.iter().zip(other).all(|(one, other)| one == other);
    left.iter().any(|one| right.iter().any(|other| meet(one, other)))
}

/// Whether a patch's target may select an object of this kind and name; in doubt, yes. Kind and name are regular
/// expressions; group, version, namespace and selectors only narrow it down further.
pub fn target_selects(target: &Tree, kind: &str, name: &str) -> bool {
    let matched = |field: &str, text: &str| target.get(field).is_none_or(|wanted| matches(wanted, text));
    matched("kind", kind) && matched("name", name)
}

/// Whether an anchored regular expression may match. Plain text and `.*` are told; anything more intricate may.
fn matches(wanted: &Tree, text: &str) -> bool {
    let Some(pattern) = wanted.as_str() else { return true };
    let mut parts = pattern.split(".*").peekable();
    let mut rest = text;
    let mut first = true;
    while let Some(part) = parts.next() {
        if part.contains(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))) {
            return true;
        }
        let last = parts.peek().is_none();
        rest = match (first, last) {
            (true, true) => return rest == part,
            (true, false) => match rest.strip_prefix(part) {
                Some(rest) => rest,
                None => return false,
            },
            (false, true) => return rest.ends_with(part),
            (false, false) => match rest.split_once(part) {
                Some((_, rest)) => rest,
                None => return false,
            },
        };
        first = false;
    }
    true
}

/// The kind of an object.
pub fn kind(object: &Tree) -> &str {
    object.get("kind").and_then(Node::as_str).unwrap_or_default()
}

/// The name of an object.
pub fn name(object: &Tree) -> &str {
    object.at(&["metadata", "name"]).and_then(Node::as_str).unwrap_or_default()
}

fn same_object(left: &Tree, right: &Tree) -> bool {
    kind(left) == kind(right) && name(left) == name(right)
}

/// Whether merging leaves an object as it is. What names the object is no change.
fn merge_leaves(patch: &Tree, object: &Tree) -> bool {
    let merged = is_known_to_merge(kind(object));
    patch.entries().iter().all(|entry| match entry.key.as_ref() {
        "apiVersion" | "kind" => true,
        "metadata" => entry.node.entries().iter().all(|field| {
            let named = matches!(field.key.as_ref(), "name" | "namespace");
            named
                || object
                    .at(&["metadata", &field.key])
                    .is_some_and(|value| value_leaves(&field.key, &field.node, value, merged))
        }),
        key => field_leaves(key, &entry.node, object, merged),
    })
}

fn field_leaves(key: &str, patch: &Tree, object: &Tree, merged: bool) -> bool {
    match object.get(key) {
        _ if key.starts_with('$') => false,
        None => patch.is_null(),
        Some(_) if patch.is_null() => false,
        Some(value) => value_leaves(key, patch, value, merged),
    }
}

fn value_leaves(key: &str, patch: &Tree, value: &Tree, merged: bool) -> bool {
    match (&patch.value, &value.value) {
        (Value::Mapping(entries), Value::Mapping(_)) => {
            entries.iter().all(|entry| field_leaves(&entry.key, &entry.node, value, merged))
        }
        (Value::Sequence(items), Value::Sequence(_)) => {
            patch.same_value(value) || (merged && items.iter().all(|item| item_leaves(key, item, value)))
        }
        _ => patch.same_value(value),
    }
}

/// An item of a list that the API merges by a key.
fn item_leaves(list: &str, item: &Tree, items: &Tree) -> bool {
    let key = match list {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets" => "name",
        "volumeMounts" => "mountPath",
        _ => return false,
    };
    let Some(wanted) = item.get(key) else { return false };
    let twin = items.items().iter().find(|other| other.get(key).is_some_and(|value| value.same_value(wanted)));
    twin.is_some_and(|twin| item.entries().iter().all(|entry| field_leaves(&entry.key, &entry.node, twin, true)))
}

/// Kinds whose lists of containers and the like are merged item by item; those of others are replaced whole.
fn is_known_to_merge(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" | "Pod")
}

fn operation_leaves(operation: &Tree, object: &Tree) -> bool {
    let text = |field: &str| operation.get(field).and_then(Node::as_str).unwrap_or_default();
    match text("op") {
        "test" => true,
        "add" | "replace" => {
            let path = pointer(text("path"));
            let Some((last, parents)) = path.split_last() else { return false };
            let Some(parent) = parents.iter().try_fold(object, |node, step| child(node, step)) else { return false };
            // To add to a list is to insert.
            let inserts = text("op") == "add" && matches!(parent.value, Value::Sequence(_));
            let value = operation.get("value");
            !inserts && child(parent, last).zip(value).is_some_and(|(old, new)| old.same_value(new))
        }
        _ => false,
    }
}

fn child<'tree>(node: &'tree Tree, step: &str) -> Option<&'tree Tree> {
    match &node.value {
        Value::Sequence(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(step),
    }
}

/// The steps of a JSON pointer (RFC 6901).
fn pointer(text: &str) -> Vec<String> {
    text.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

fn operation_path(operation: &Tree) -> Vec<String> {
    let text = |field: &str| operation.get(field).and_then(Node::as_str).unwrap_or_default();
    if operation.get("from").is_some() {
        // A move takes from one place and puts into another.
        return Vec::new();
    }
    pointer(text("path")).into_iter().take_while(|step| step != "-" && step.parse::<usize>().is_err()).collect()
}

fn leaves_of(node: &Tree, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    match &node.value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for entry in entries {
                let names = path.is_empty() && matches!(entry.key.as_ref(), "apiVersion" | "kind");
                let names =
                    names || (path.as_slice() == ["metadata"] && matches!(entry.key.as_ref(), "name" | "namespace"));
                if names {
                    continue;
                }
                if entry.key.starts_with('$') {
                    paths.push(path.clone());
                    continue;
                }
                path.push(entry.key.clone().into_owned());
                leaves_of(&entry.node, path, paths);
                path.pop();
            }
        }
        Value::Sequence(items) if !items.is_empty() => {
            for item in items {
                leaves_of(item, path, paths);
            }
        }
        _ => paths.push(path.clone()),
    }
}
