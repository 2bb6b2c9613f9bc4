//! Documents to objects: what is Kubernetes, what is a list, what is something else, and what is broken.

use super::Decoded;
use super::fault::Fault;
use super::mapping::Duplicate;
use super::shape::{self, Misfit};
use crate::reading::{Context, Notice, NoticeKind, ReadObject, ReadPod, Unread, UnreadCause};
use crate::workload;
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::place::{Place, SourceId};
use dtap_model::tree::{Entry, Node, Span, Value};
use std::borrow::Cow;
use std::sync::OnceLock;

/// The text that is read, and what it is called.
#[derive(Clone, Debug)]
pub struct Subject<'input> {
    /// The source that the text is.
    pub source: SourceId,
    /// How a person names it.
    pub name: &'input str,
    /// All of it.
    pub text: &'input str,
    /// Which part of the input it stands in.
    pub context: &'input Context,
    /// Where its lines end, once a place in it had to be named.
    lines: OnceLock<Vec<usize>>,
}

/// What a list says of the items that do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListKind {
    /// `apiVersion` of the items.
    pub api_version: String,
    /// `kind` of the items; empty for a list of anything.
    pub kind: String,
}

impl ListKind {
    /// What a list of this `apiVersion` and `kind` holds.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Self {
        Self { api_version: api_version.to_owned(), kind: kind.strip_suffix("List").unwrap_or(kind).to_owned() }
    }

    /// Takes what a field of the list says, when it is one of the two.
    pub fn take(&mut self, key: &str, node: &Node<'_>) {
        let word = node.as_str().unwrap_or_default();
        match key {
            "apiVersion" => self.api_version = word.to_owned(),
            "kind" => self.kind = word.strip_suffix("List").unwrap_or(word).to_owned(),
            _ => {}
        }
    }
}

/// Whether a document is a list of objects, as kubectl decides it: it holds `items` that are a list.
#[must_use]
pub fn is_list(root: &Node<'_>) -> bool {
    let kind = root.get("kind").and_then(Node::as_str);
    match root.get("items").map(|items| &items.value) {
        Some(Value::Sequence(_)) => kind.is_some(),
        Some(Value::Null) => kind.is_some_and(|kind| kind.ends_with("List")),
        _ => false,
    }
}

impl<'input> Subject<'input> {
    /// A text that is about to be read.
    #[must_use]
    pub fn new(source: SourceId, name: &'input str, text: &'input str, context: &'input Context) -> Self {
        Self { source, name, text, context, lines: OnceLock::new() }
    }

    /// Reads a whole document into the account.
    pub fn document(&self, root: Node<'_>, duplicates: Vec<Duplicate>, decoded: &mut Decoded) {
        if root.is_null() {
            return;
        }
        decoded.documents += 1;
        self.duplicates(duplicates, decoded);
        if !is_list(&root) {
            return self.item(root, &ListKind::default(), decoded);
        }
        let word = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
        let list = ListKind::of(word("apiVersion"), word("kind"));
        let Value::Mapping(entries) = root.value else { return };
        for entry in entries {
            let Value::Sequence(items) = entry.node.value else { continue };
            if entry.key == "items" {
                items.into_iter().for_each(|item| self.item(item, &list, decoded));
            }
        }
    }

    /// Reads a document that is one object, or one item of a list.
    pub fn item(&self, mut tree: Node<'_>, list: &ListKind, decoded: &mut Decoded) {
        complete(&mut tree, list);
        let Some(kind) = object_kind(&tree) else {
            return self.other(&tree, decoded);
        };
        decoded.found += 1;
        match self.checked(&tree, kind) {
            Ok(identity) => self.object(tree, identity, decoded),
            Err(misfit) => decoded.unread.push(self.misfit(&tree, &misfit)),
        }
    }

    fn object(&self, tree: Node<'_>, (identity, version): (Identity, String), decoded: &mut Decoded) {
        let context = self.context.clone();
        let name = tree.at(&["metadata", "name"]).or_else(|| tree.get("metadata")).unwrap_or(&tree);
        let place = Place { source: self.source, span: name.span };
        let owned_pod = identity.kind.is("", "Pod") && workload::has_controller(&tree);
        if let Some(extracted) = owned_pod.then(|| workload::extract(&identity, &tree, place)).flatten() {
            let workload::Extracted { labels, ports, workload } = extracted;
            decoded.pods.push(ReadPod { namespace: identity.namespace, labels, ports, workload, context });
            return;
        }
        let mut tree = tree.into_owned();
        drop_managed_fields(&mut tree);
        let object = Object { identity, version, source: self.source, tree, template: None };
        decoded.objects.push(ReadObject { object, context });
    }

    /// What names an object in which every judged field has the type that it must have.
    fn checked(&self, tree: &Node<'_>, kind: Kind<'_>) -> Result<(Identity, String), Misfit> {
        let wrong = |node: &Node<'_>, path: &str, expected: &'static str| Misfit {
            path: path.to_owned(),
            span: node.span,
            expected,
            found: node.kind_word(),
        };
        let text = |node: &'_ Node<'_>, path: &str| {
            node.as_str().filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(|| wrong(node, path, "text"))
        };
        let api_version = text(kind.api_version, "apiVersion")?;
        let kind = text(kind.kind, "kind")?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        let kind = GroupKind::new(group, &kind);
        if let Some(misfit) = shape::of_kind(&kind).misfit(tree) {
            return Err(misfit);
        }
        let metadata = tree.get("metadata");
        let said =
            |key: &str| metadata.and_then(|metadata| metadata.get(key)?.as_str()).filter(|text| !text.is_empty());
        let name = said("name").map(str::to_owned).or_else(|| said("generateName").map(|prefix| format!("{prefix}*")));
        let name = name.ok_or(Misfit {
            path: "metadata.name".to_owned(),
            span: metadata.unwrap_or(tree).span,
            expected: "text",
            found: "nothing",
        })?;
        Ok((Identity { kind, namespace: said("namespace").map(str::to_owned), name }, version.to_owned()))
    }

    fn misfit(&self, tree: &Node<'_>, misfit: &Misfit) -> Unread {
        let word = |keys: &[&str]| tree.at(keys).and_then(Node::as_str).unwrap_or_default();
        let what = format!("{} {}", word(&["kind"]), word(&["metadata", "name"]));
        let what = match what.trim() {
            "" => "an object".to_owned(),
            named => named.to_owned(),
        };
        let hint = match (misfit.expected, misfit.found) {
            ("text", "a boolean" | "a number") => "put the value in quotes",
            _ => "the API server refuses it: mend the field",
        };
        let why = format!("{what}: `{}` must be {}, and is {}", misfit.path, misfit.expected, misfit.found);
        let namespace = Some(word(&["metadata", "namespace"])).filter(|name| !name.is_empty()).map(str::to_owned);
        let unread = self.unread(misfit.span, why, hint, UnreadCause::Object);
        let (group, _) = word(&["apiVersion"]).split_once('/').unwrap_or_default();
        let object = Some(GroupKind::new(group, word(&["kind"]))).filter(|object| !object.kind.is_empty());
        Unread { namespace, object, ..unread }
    }

    /// A document, or what is left of the text, that could not be read.
    pub fn unreadable(&self, fault: Fault, document: Span, decoded: &mut Decoded) {
        decoded.documents += 1;
        let (start, end) = document.range();
        let text = self.text.get(start..end).unwrap_or_default();
        decoded.unread.push(if text.contains("{{") {
            let why = "a template, which is no YAML until it is rendered";
            self.unread(fault.span, why.to_owned(), "render it and read the output", UnreadCause::Template)
        } else {
            let hint = "mend the text at this place; what else the file holds is read";
            self.unread(fault.span, fault.message, hint, UnreadCause::Syntax)
        });
    }

    fn unread(&self, span: Span, why: String, hint: &str, cause: UnreadCause) -> Unread {
        let (line, column) = self.line_column(span.start);
        Unread {
            name: format!("{}:{line}:{column}", self.name),
            why,
            hint: Some(hint.to_owned()),
            place: Some(Place { source: self.source, span }),
            cause,
            context: self.context.clone(),
            namespace: None,
            object: None,
        }
    }

    fn line_column(&self, offset: u32) -> (usize, usize) {
        let lines = self.lines.get_or_init(|| memchr::memchr_iter(b'\n', self.text.as_bytes()).collect());
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(self.text.len());
        let line = lines.partition_point(|line_end| *line_end < offset);
        let start = line.checked_sub(1).and_then(|before| lines.get(before)).map_or(0, |line_end| line_end + 1);
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        // Continuation bytes of UTF-8 are no characters of their own.
        (line + 1, before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1)
    }

    /// Tells duplicate keys.
    pub fn duplicates(&self, duplicates: Vec<Duplicate>, decoded: &mut Decoded) {
        decoded.notices.extend(duplicates.into_iter().map(|duplicate| Notice {
            kind: NoticeKind::DuplicateKey { key: duplicate.key },
            places: duplicate.places.into_iter().map(|span| Place { source: self.source, span }).collect(),
        }));
    }

    /// A document that is no Kubernetes object: what it is, in a word.
    fn other(&self, tree: &Node<'_>, decoded: &mut Decoded) {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        let has = |key: &str| tree.get(key).is_some();
        let is_patch = |item: &Node<'_>| item.get("op").is_some() && item.get("path").is_some();
        let word = if matches!(file, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
            || tree.get("kind").and_then(Node::as_str) == Some("Kustomization")
            || tree.get("kind").and_then(Node::as_str) == Some("Component")
        {
            "kustomization"
        } else if has("jobs") && (has("on") || has("true")) {
            "workflow"
        } else if has("services") && !has("kind") && tree.get("services").is_some_and(|node| !node.entries().is_empty())
        {
            "compose file"
        } else if matches!(file, "Chart.yaml" | "Chart.yml") {
            "chart"
        } else if file.contains("values") {
            "values file"
        } else if tree.items().first().is_some_and(is_patch) {
            "patch"
        } else {
            "other"
        };
        decoded.not_kubernetes.push(word.to_owned());
    }
}

/// The two fields that make a mapping an object.
struct Kind<'tree> {
    api_version: &'tree Node<'tree>,
    kind: &'tree Node<'tree>,
}

/// An object's kind, or none for what is no Kubernetes object: one of the fields is missing, it is kustomize's own, or it
/// is a program's configuration, which has a kind but no metadata.
fn object_kind<'tree>(tree: &'tree Node<'_>) -> Option<Kind<'tree>> {
    let (api_version, kind) = (tree.get("apiVersion")?, tree.get("kind")?);
    let group = api_version.as_str().and_then(|text| text.split_once('/')).map_or("", |(group, _)| group);
    let kind_word = kind.as_str().unwrap_or_default();
    let is_kustomize = group == "kustomize.config.k8s.io" || group.is_empty() && kind_word == "Kustomization";
    let is_judged = workload::template_path(&GroupKind::new(group, kind_word)).is_some()
        || matches!(
            (group, kind_word),
            ("networking.k8s.io", _) | ("", "Namespace" | "Service" | "Secret" | "ConfigMap")
        );
    let is_object = tree.get("metadata").is_some() || is_judged;
    (is_object && !is_kustomize).then_some(Kind { api_version, kind })
}

/// Gives an item what its list says for it.
fn complete(tree: &mut Node<'_>, list: &ListKind) {
    let span = Span { start: tree.span.start, end: tree.span.start };
    let Value::Mapping(entries) = &mut tree.value else { return };
    if list.kind.is_empty() || entries.iter().any(|entry| entry.key == "kind") {
        return;
    }
    for (key, text) in [("apiVersion", &list.api_version), ("kind", &list.kind)] {
        if !entries.iter().any(|entry| entry.key == key) {
            let node = Node { value: Value::String(Cow::Owned(text.clone())), span };
            entries.push(Entry { key: Cow::Borrowed(key), key_span: span, node });
        }
    }
}

/// `metadata.managedFields` is the server's book-keeping, as large as the rest, and judged by nothing.
fn drop_managed_fields(tree: &mut Node<'_>) {
    let Value::Mapping(entries) = &mut tree.value else { return };
    for entry in entries.iter_mut().filter(|entry| entry.key == "metadata") {
        if let Value::Mapping(metadata) = &mut entry.node.value {
            metadata.retain(|entry| entry.key != "managedFields");
        }
    }
}
