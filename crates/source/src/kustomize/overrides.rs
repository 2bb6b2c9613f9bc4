//! Overrides that change nothing: patches, images, replicas and labels that match nothing, or say what the base says.
//!
//! What is reported is certain: where something else might have changed the value on the way (another patch, a
//! transformer, a generator), nothing is said.

use super::graph::Graph;
use super::kustomization::{Kustomization, Target};
use super::patch::{Patch, kind, name, overlap, patches, target_selects};
use super::shelf::Shelf;
use dtap_model::place::{Place, SourceId};
use dtap_model::tree::{Node, Span, Tree, Value};
use dtap_snapshot::Reading;
use dtap_snapshot::reading::{Notice, NoticeKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Fields that may change anything: below a kustomization that has one, nothing is certain.
const OPAQUE: [&str; 8] = [
    "generators",
    "transformers",
    "replacements",
    "vars",
    "configurations",
    "openapi",
    "helmCharts",
    "helmChartInflationGenerator",
];

/// An override without effect.
struct Idle {
    /// Where the kustomization says it.
    span: Span,
    /// The file that holds it, when it is another.
    file: Option<PathBuf>,
    what: String,
}

/// Everything that one kustomization overrides, and with what.
struct View<'a> {
    node: &'a Kustomization,
    /// The kustomizations below it.
    below: Vec<&'a Kustomization>,
    /// The objects of all their files.
    objects: Vec<&'a Tree>,
    /// Names of the objects that generators make.
    generated: Vec<(&'static str, &'a str)>,
    /// Its own patches and those below it.
    patches: Vec<Patch>,
}

/// Notes the overrides below rendered roots that change nothing.
pub fn judge(
    graph: &Graph,
    roots: &[PathBuf],
    files: &BTreeMap<PathBuf, SourceId>,
    shelf: &mut Shelf,
    reading: &mut Reading,
) {
    let folders: BTreeSet<PathBuf> = roots.iter().flat_map(|root| graph.below(root)).collect();
    let mut found = Vec::new();
    for node in folders.iter().filter_map(|folder| graph.nodes.get(folder)) {
        if let Some(view) = View::of(node, graph, shelf) {
            found.extend(view.idle().into_iter().map(|idle| (node, idle)));
        }
    }
    for (node, idle) in found {
        let own = files.get(&node.folder).map(|source| Place { source: *source, span: idle.span });
        let file = idle.file.as_deref();
        let other = file.and_then(|file| shelf.source(file, &mut reading.sources));
        let other = other.map(|source| Place { source, span: first_line(source, reading) });
        let name = file.and_then(|file| shelf.name(file)).map_or_else(|| node.file_spelling().name, str::to_owned);
        let kind = NoticeKind::OverrideWithoutEffect { root: node.spelling.name.clone(), file: name, what: idle.what };
        reading.notices.push(Notice { kind, places: other.into_iter().chain(own).collect() });
    }
}

/// The span of a source's first line that is no comment and no separator.
fn first_line(source: SourceId, reading: &Reading) -> Span {
    let text = reading.sources.get(source).map_or("", |source| source.text.as_str());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') && !content.starts_with("---") {
            return Span::new(at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::default()
}

impl<'a> View<'a> {
    /// None where nothing is certain.
    fn of(node: &'a Kustomization, graph: &'a Graph, shelf: &'a Shelf) -> Option<Self> {
        // What a component overrides stands in the kustomizations that use it.
        if node.is_component()
            || !["patches", "patchesStrategicMerge", "patchesJson6902", "images", "replicas", "labels"]
                .iter()
                .any(|field| node.has(field))
        {
            return None;
        }
        let all: Vec<&Kustomization> =
            graph.below(&node.folder).iter().filter_map(|folder| graph.nodes.get(folder)).collect();
        let opaque = |node: &&Kustomization| {
            OPAQUE.iter().any(|field| node.has(field))
                || node.references.iter().any(|reference| matches!(reference.target, Target::Remote | Target::Chart(_)))
        };
        if all.iter().any(opaque) {
            return None;
        }
        let mut view =
            View { node, below: Vec::new(), objects: Vec::new(), generated: Vec::new(), patches: Vec::new() };
        for one in all {
            for (_, file) in one.files().filter(|(reference, _)| matches!(reference.field, "resources" | "bases")) {
                view.objects.extend(shelf.documents(file)?);
            }
            for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
                let generators = one.tree.get(field).map_or(&[][..], Node::items);
                view.generated.extend(generators.iter().filter_map(|one| Some((kind, one.get("name")?.as_str()?))));
            }
            view.patches.extend(patches(one, shelf)?);
            if one.folder != node.folder {
                view.below.push(one);
            }
        }
        Some(view)
    }

    fn idle(&self) -> Vec<Idle> {
        let patches = self.patches.iter().filter(|patch| patch.folder == self.node.folder);
        let mut idle: Vec<Idle> = patches.filter_map(|patch| self.idle_patch(patch)).collect();
        for (field, judge) in [
            ("images", Self::idle_image as fn(&Self, &Tree) -> Option<String>),
            ("replicas", Self::idle_replicas),
            ("labels", Self::idle_labels),
        ] {
            for entry in self.node.tree.get(field).map_or(&[][..], Node::items) {
                idle.extend(judge(self, entry).map(|what| Idle { span: entry.span, file: None, what }));
            }
        }
        idle
    }

    fn below_has(&self, fields: &[&str]) -> bool {
        self.below.iter().any(|node| fields.iter().any(|field| node.has(field)))
    }

    fn idle_patch(&self, patch: &Patch) -> Option<Idle> {
        let idle = |what: String| Some(Idle { span: patch.span, file: patch.file.clone(), what });
        if patch.documents.is_empty() {
            return None;
        }
        if let Some(target) = &patch.target
            && self.selects_nothing(target)
        {
            return idle(format!("the patch of {} matches no object", patch.aim()));
        }
        let objects: Vec<&Tree> = self.objects.iter().copied().filter(|object| patch.may_select(object)).collect();
        let generated = !self.generated.is_empty() && patch.may_select_generated();
        let certain = !objects.is_empty() && !generated && !self.changed_before(patch, &objects);
        let complete = patch.target.is_some()
            || patch.documents.iter().all(|document| {
                objects.iter().any(|object| kind(object) == kind(document) && name(object) == name(document))
            });
        if certain && complete && objects.iter().all(|object| patch.leaves(object)) {
            return idle(format!("the patch of {} says what the base says", patch.aim()));
        }
        None
    }

    fn selects_nothing(&self, target: &Tree) -> bool {
        // A prefix or suffix given below makes a name that no file shows.
        if self.below_has(&["namePrefix", "nameSuffix"]) {
            return false;
        }
        let generated = self.generated.iter().any(|(kind, name)| target_selects(target, kind, name));
        !generated && !self.objects.iter().any(|object| target_selects(target, kind(object), name(object)))
    }

    /// Whether something else may have changed what a patch says, before it is applied.
    fn changed_before(&self, patch: &Patch, objects: &[&Tree]) -> bool {
        let touched = patch.touched();
        let has_key = |keys: &[&str]| touched.iter().flatten().any(|key| keys.contains(&key.as_str()));
        let others = self.patches.iter().filter(|other| other.folder != patch.folder || other.span != patch.span);
        let transformed = self.below_has(&["namePrefix", "nameSuffix"])
            || (self.below_has(&["labels", "commonLabels"]) && has_key(&["labels", "matchLabels", "selector"]))
            || (self.below_has(&["commonAnnotations"]) && has_key(&["annotations"]))
            || (self.below_has(&["namespace"]) && has_key(&["namespace", "subjects"]))
            || (self.below_has(&["images"]) && has_key(&["image"]))
            || (self.below_has(&["replicas"]) && has_key(&["replicas"]));
        let mut meeting = others.filter(|other| overlap(&touched, &other.touched()));
        transformed || meeting.any(|other| objects.iter().any(|object| other.may_select(object)))
    }

    fn idle_image(&self, entry: &Tree) -> Option<String> {
        let name = entry.get("name")?.as_str()?;
        if name.contains(|character: char| !(character.is_ascii_alphanumeric() || "./_:-".contains(character))) {
            return None;
        }
        let field = |field: &str| entry.get(field).and_then(Node::as_str);
        let below: Vec<&Tree> =
            self.below.iter().flat_map(|node| node.tree.get("images").map_or(&[][..], Node::items)).collect();
        let mut texts = Vec::new();
        let patched = self.patches.iter().flat_map(|patch| &patch.documents);
        for tree in self.objects.iter().copied().chain(patched).chain(below.iter().copied()) {
            strings(tree, &mut texts);
        }
        texts
            .retain(|text| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@'])));
        if texts.is_empty() {
            return Some(format!("no object has the image {name}"));
        }
        let tag = match (field("newTag"), field("digest")) {
            (Some(tag), None) => format!(":{tag}"),
            (None, Some(digest)) => format!("@{digest}"),
            _ => return None,
        };
        let becomes = format!("{}{tag}", field("newName").unwrap_or(name));
        let renamed = !below.is_empty();
        let same = !renamed && texts.iter().all(|text| *text == becomes);
        same.then(|| format!("the image {becomes} is what the base has"))
    }

    fn idle_replicas(&self, entry: &Tree) -> Option<String> {
        let (wanted, count) = (entry.get("name")?.as_str()?, entry.get("count")?);
        let is_scaled =
            |kind: &str| matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController");
        let named = self.objects.iter().copied().filter(|object| name(object) == wanted);
        let objects: Vec<&Tree> = named.filter(|object| is_scaled(kind(object))).collect();
        let scaled =
            |object: &&Tree| object.at(&["spec", "replicas"]).is_some_and(|replicas| replicas.same_value(count));
        if objects.is_empty()
            || self.below_has(&["replicas", "namePrefix", "nameSuffix"])
            || !objects.iter().all(scaled)
        {
            return None;
        }
        let path = [vec!["spec".to_owned(), "replicas".to_owned()]];
        let patched = self
            .patches
            .iter()
            .any(|patch| overlap(&path, &patch.touched()) && objects.iter().any(|object| patch.may_select(object)));
        (!patched).then(|| format!("the number of replicas of {wanted} is what the base has"))
    }

    fn idle_labels(&self, entry: &Tree) -> Option<String> {
        let wide = ["includeSelectors", "includeTemplates", "fields"].iter().any(|field| entry.get(field).is_some());
        let pairs = entry.get("pairs")?.entries();
        if wide
            || pairs.is_empty()
            || self.objects.is_empty()
            || !self.generated.is_empty()
            || self.below_has(&["labels", "commonLabels"])
        {
            return None;
        }
        let labelled = |object: &&Tree| {
            let labels = object.at(&["metadata", "labels"]);
            pairs.iter().all(|pair| {
                labels.and_then(|labels| labels.get(&pair.key)).is_some_and(|value| value.same_value(&pair.node))
            })
        };
        let path = [vec!["metadata".to_owned(), "labels".to_owned()]];
        let patched = self.patches.iter().any(|patch| overlap(&path, &patch.touched()));
        let keys: Vec<&str> = pairs.iter().map(|pair| pair.key.as_ref()).collect();
        (!patched && self.objects.iter().all(labelled))
            .then(|| format!("every object has the label {} already", keys.join(", ")))
    }
}

/// Every text in a tree.
fn strings<'tree>(tree: &'tree Tree, texts: &mut Vec<&'tree str>) {
    match &tree.value {
        Value::String(text) => texts.push(text),
        Value::Sequence(items) => items.iter().for_each(|item| strings(item, texts)),
        Value::Mapping(entries) => entries.iter().for_each(|entry| strings(&entry.node, texts)),
        _ => {}
    }
}
