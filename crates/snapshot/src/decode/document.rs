//! Documents to objects: what is Kubernetes, what is a list, what is something else, and what is broken.

use super::Decoded;
use super::fault::Fault;
use super::kind::{
    Kind, a_text, complaint, is_configuration, is_confined, meant, object_kind, objects_at_the_top, stands_for_another,
    unfinished,
};
use super::limit;
use super::mapping::Duplicate;
use super::shape::{self, Misfit};
use crate::reading::{Context, Notice, NoticeKind, ReadObject, ReadPod, Unread, UnreadCause};
use crate::workload;
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::place::{Place, SourceId};
use dtap_model::tree::{Entry, Node, Span, Value};
use smol_str::{SmolStr, format_smolstr};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// The text that is read, and what it is called.
#[derive(Debug)]
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
    lines: OnceLock<Vec<u32>>,
    /// How many objects were found so far, those that turned out to be none included.
    objects: AtomicUsize,
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
    /// What a list holds.
    #[must_use]
    pub fn of_list(root: &Node<'_>) -> Self {
        let mut list = Self::default();
        root.entries().iter().for_each(|entry| list.take(&entry.key, &entry.node));
        list
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

/// Takes what stands beside where it is the same: the pods of one controller have much alike.
fn share<T: PartialEq>(own: &mut Arc<T>, beside: &Arc<T>) {
    if own == beside {
        own.clone_from(beside);
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
        Self { source, name, text, context, lines: OnceLock::new(), objects: AtomicUsize::new(0) }
    }

    /// How many objects were found so far.
    #[must_use]
    pub fn objects_so_far(&self) -> usize {
        self.objects.load(Ordering::Relaxed)
    }

    /// Goes back to an earlier count: what was found since is read again.
    pub fn count_objects_from(&self, before: usize) {
        self.objects.store(before, Ordering::Relaxed);
    }

    /// Reads a whole document into the account.
    pub fn document(&self, root: Node<'_>, duplicates: Vec<Duplicate>, decoded: &mut Decoded) {
        if root.is_null() {
            return;
        }
        decoded.documents += 1;
        self.duplicates(duplicates, decoded);
        if let Some(span) = complaint(&root) {
            let why = "an error of kubectl's stands in the stream: what it was to get is missing".to_owned();
            let hint = "get it again, with the rights that it needs";
            decoded.tell(self.unread(span, why, hint, UnreadCause::Page));
            if root.as_str().is_some() {
                return;
            }
        }
        if !is_list(&root) {
            return self.single(root, decoded);
        }
        self.rest_of(&root, decoded);
        let list = ListKind::of_list(&root);
        let Value::Mapping(entries) = root.value else { return };
        for entry in entries {
            let Value::Sequence(items) = entry.node.value else { continue };
            if entry.key == "items" {
                items.into_iter().for_each(|item| self.item(item, &list, decoded));
            }
        }
    }

    /// Reads one item of a list, which must be an object.
    pub fn item(&self, mut tree: Node<'_>, list: &ListKind, decoded: &mut Decoded) {
        complete(&mut tree, list);
        let refused = if is_list(&tree) {
            Some((tree.span, "a list within a list, which kubectl does not read", "read its items one by one"))
        } else if tree.get("kind").is_none() {
            Some((tree.span, "an item of a list that is no object: it has no `kind`", "mend the item"))
        } else {
            None
        };
        match refused {
            Some(refused) => self.refuse(refused, decoded),
            None => self.single(tree, decoded),
        }
    }

    /// Tells of a list whose kind nobody may know, so that kubectl reads nothing of it: it knows `List` and, of each
    /// kind that is served, the list (`NewDiscoveryRESTMapper` of client-go). Others are laxer, and so its items are
    /// read.
    fn kind_of(&self, list: &Node<'_>, decoded: &mut Decoded) {
        let text = |key: &str| list.get(key).and_then(Node::as_str).unwrap_or_default();
        let (kind, api_version) = (text("kind"), text("apiVersion"));
        let is_served = !matches!(api_version.split_once('/'), Some(("extensions", _)))
            && (api_version.contains('/') || matches!(api_version, "" | "v1"));
        if kind.ends_with("List") && is_served {
            return;
        }
        let span = list.get("kind").unwrap_or(list).span;
        let why = format!(
            "`{kind}` of `{api_version}` is no kind of a list that kubectl knows: it may read none of its items"
        );
        decoded.tell(self.unread(span, why, "write `apiVersion: v1` and `kind: List`", UnreadCause::Object));
    }

    /// Tells of a list that says itself that it is a page of a longer one: what else there is may be anything (N6).
    pub fn rest_of(&self, list: &Node<'_>, decoded: &mut Decoded) {
        self.kind_of(list, decoded);
        let said = |key: &str| list.at(&["metadata", key]);
        let next = said("continue").filter(|node| node.as_str().is_some_and(|text| !text.is_empty()));
        let left = said("remainingItemCount").filter(|node| !node.is_null() && node.as_integer() != Some(0));
        let Some(node) = next.or(left) else { return };
        let why = "a page of a longer list: not all of what the cluster holds is here".to_owned();
        let hint = "dump the whole list: `kubectl get` with `--chunk-size=0`, or without `limit=`";
        decoded.tell(self.unread(node.span, why, hint, UnreadCause::Page));
    }

    /// Tells of what kubectl refuses before it has a kind.
    fn refuse(&self, (span, why, hint): (Span, &str, &str), decoded: &mut Decoded) {
        decoded.tell(self.unread(span, why.to_owned(), hint, UnreadCause::Object));
    }

    /// Reads what is one object, or no object at all.
    fn single(&self, tree: Node<'_>, decoded: &mut Decoded) {
        let Some(kind) = object_kind(&tree) else {
            return match (unfinished(&tree), objects_at_the_top(&tree)) {
                (Some(misfit), _) => decoded.tell(self.misfit(&tree, &misfit)),
                (None, Some(refused)) => self.refuse(refused, decoded),
                (None, None) if stands_for_another(&tree) => self.refuse(a_text(&tree), decoded),
                (None, None) => self.other(&tree, decoded),
            };
        };
        decoded.found += 1;
        if self.objects.fetch_add(1, Ordering::Relaxed) >= limit::OBJECTS {
            return;
        }
        match self.checked(&tree, kind) {
            Ok(identity) => self.object(tree, identity, decoded),
            Err(misfit) => decoded.tell(self.misfit(&tree, &misfit)),
        }
    }

    fn object(&self, tree: Node<'_>, (identity, version): (Identity, String), decoded: &mut Decoded) {
        let context = self.context.clone();
        let name = tree.at(&["metadata", "name"]).or_else(|| tree.get("metadata")).unwrap_or(&tree);
        let place = Place { source: self.source, span: name.span };
        let owned_pod = identity.kind.is("", "Pod") && tree.get("metadata").is_some_and(workload::is_made_alike);
        if let Some(extracted) = owned_pod.then(|| workload::extract(&identity, &tree, place)).flatten() {
            let workload::Extracted { mut labels, mut ports, workload } = extracted;
            if let Some(beside) = decoded.pods.last() {
                share(&mut labels, &beside.labels);
                share(&mut ports, &beside.ports);
            }
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
        let node = kind.kind;
        let kind = text(node, "kind")?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        if let Some(expected) = meant(group, &kind) {
            return Err(Misfit { path: "kind".to_owned(), span: node.span, expected, found: "spelled otherwise" });
        }
        let kind = GroupKind::new(group, &kind);
        if let Some(misfit) = shape::of(&kind, tree).misfit(tree) {
            return Err(misfit);
        }
        let metadata = tree.get("metadata");
        let said =
            |key: &str| metadata.and_then(|metadata| metadata.get(key)?.as_str()).filter(|text| !text.is_empty());
        let name = said("name").map(SmolStr::new);
        // A star marks what is generated. Roles alone may have one in their names.
        if group != "rbac.authorization.k8s.io" && name.as_ref().is_some_and(|name| name.ends_with('*')) {
            return Err(Misfit {
                path: "metadata.name".to_owned(),
                span: metadata.and_then(|metadata| metadata.get("name")).unwrap_or(tree).span,
                expected: "a name without `*`",
                found: "one with it",
            });
        }
        let name = name.or_else(|| said("generateName").map(|prefix| format_smolstr!("{prefix}*")));
        let name = name.or_else(|| is_configuration(group, &kind.kind).then(|| kind.kind.clone()));
        let name = name.ok_or(Misfit {
            path: "metadata.name".to_owned(),
            span: metadata.unwrap_or(tree).span,
            expected: "text",
            found: "nothing",
        })?;
        Ok((Identity { kind, namespace: said("namespace").map(SmolStr::new), name }, version.to_owned()))
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
        // What is no kind of the API may have been meant for any.
        let is_kind = !matches!(misfit.path.as_str(), "apiVersion" | "kind") && !word(&["kind"]).is_empty();
        let object = is_kind.then(|| GroupKind::new(group, word(&["kind"])));
        let confined = namespace.is_some() && object.as_ref().is_some_and(|kind| is_confined(kind, tree));
        Unread { namespace, object, confined, ..unread }
    }

    /// A document, or what is left of the text, that could not be read, and what else is read, in a phrase.
    pub fn unreadable(&self, fault: Fault, document: Span, else_read: &str, decoded: &mut Decoded) {
        decoded.documents += 1;
        let (start, end) = document.range();
        let text = self.text.get(start..end).unwrap_or_default();
        decoded.tell(if text.contains("{{") {
            let why = "a template, which is no YAML until it is rendered";
            self.unread(fault.span, why.to_owned(), "render it and read the output", UnreadCause::Template)
        } else {
            let hint = format!("mend the text at this place; {else_read}");
            self.unread(fault.span, fault.message, &hint, UnreadCause::Syntax)
        });
    }

    /// Whether so many objects were found that none of them counts.
    pub fn is_beyond_limits(&self) -> bool {
        self.objects.load(Ordering::Relaxed) > limit::OBJECTS
    }

    /// What is left of an account when a text goes beyond the limits: then it is an error of the text as a whole.
    pub fn within_limits(&self, mut decoded: Decoded) -> Decoded {
        if self.is_beyond_limits() {
            let why = format!("holds more than {} objects", limit::OBJECTS);
            let unread = self.unread(Span::default(), why, "split it, by namespace or by kind", UnreadCause::Syntax);
            return Decoded { unread: vec![unread], documents: 1, ..Decoded::default() };
        }
        if decoded.untold > 0 {
            let why = format!("{} more faults and repeated keys are not told one by one", decoded.untold);
            let hint = "mend those that are told, and read it again";
            decoded.unread.push(self.unread(Span::default(), why, hint, UnreadCause::Syntax));
        }
        decoded
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
            confined: false,
        }
    }

    fn line_column(&self, offset: u32) -> (usize, usize) {
        let line_ends =
            || memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|end| Span::new(end, end).end).collect();
        let lines: &Vec<u32> = self.lines.get_or_init(line_ends);
        let line = lines.partition_point(|line_end| *line_end < offset);
        let start = line.checked_sub(1).and_then(|before| lines.get(before)).map_or(0, |line_end| line_end + 1);
        let (start, offset) = Span { start, end: offset }.range();
        let before = self.text.as_bytes().get(start..offset.min(self.text.len())).unwrap_or_default();
        // Continuation bytes of UTF-8 are no characters of their own.
        (line + 1, before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1)
    }

    /// Tells duplicate keys.
    pub fn duplicates(&self, duplicates: Vec<Duplicate>, decoded: &mut Decoded) {
        duplicates.into_iter().for_each(|duplicate| {
            decoded.notice(Notice {
                kind: NoticeKind::DuplicateKey { key: duplicate.key },
                places: duplicate.places.into_iter().map(|span| Place { source: self.source, span }).collect(),
            });
        });
    }

    /// A document that is no Kubernetes object: what it is, in a word.
    fn other(&self, tree: &Node<'_>, decoded: &mut Decoded) {
        let (folder, file) = self.name.rsplit_once('/').unwrap_or(("", self.name));
        let has = |key: &str| tree.get(key).is_some();
        if file.starts_with(".argocd-source") {
            let why = "settings by which Argo CD changes what lies beside them".to_owned();
            let hint = "read what comes of it, rendered, or leave it out with --exclude";
            return decoded.tell(self.unread(tree.span, why, hint, UnreadCause::Template));
        }
        let is_helmfile = file.starts_with("helmfile") || folder.rsplit('/').next() == Some("helmfile.d");
        if is_helmfile && (has("releases") || has("helmfiles")) {
            let why = "a helmfile: the charts that it installs are not rendered".to_owned();
            let hint = "read what it renders to: helmfile template | dtap scan -";
            return decoded.tell(self.unread(tree.span, why, hint, UnreadCause::Chart));
        }
        if matches!(file, "fleet.yaml" | "fleet.yml") {
            let brings = tree.get("helm").is_some_and(|helm| helm.get("chart").is_some() || helm.get("repo").is_some());
            let changes = has("namespaceLabels") || has("targetCustomizations") || has("overlays");
            if brings || changes {
                let why = "settings of Fleet, by which it installs charts or changes what lies beside them".to_owned();
                let hint = "read what comes of it, rendered, or leave it out with --exclude";
                let cause = if brings { UnreadCause::Chart } else { UnreadCause::Template };
                return decoded.tell(self.unread(tree.span, why, hint, cause));
            }
        }
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
        *decoded.not_kubernetes.entry(word).or_default() += 1;
    }
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
