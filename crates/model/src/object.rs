//! Kubernetes objects as the input holds them, whole, with their place.

use crate::place::{Place, SourceId};
use crate::tree::{Node, Span, Tree};
use smol_str::SmolStr;
use std::fmt;

/// An API group and kind. Kinds of one name in two groups are two kinds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind {
    /// The group; empty for the core group.
    pub group: SmolStr,
    /// The kind.
    pub kind: SmolStr,
}

/// What names an object within a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Group and kind; the version does not belong to the identity.
    pub kind: GroupKind,
    /// `metadata.namespace`; none where the object names none.
    pub namespace: Option<SmolStr>,
    /// `metadata.name`, or `metadata.generateName` followed by `*`.
    pub name: SmolStr,
}

/// An object as it was read.
#[derive(Clone, Debug)]
pub struct Object {
    /// What names it.
    pub identity: Identity,
    /// The version of its API, such as `v1`; with the group it makes up `apiVersion`.
    pub version: String,
    /// The source that it was read from. The spans of `tree` are offsets into it.
    pub source: SourceId,
    /// The whole of it.
    pub tree: Tree,
    /// For a rendered object, the document of the file that it came from, where the renderer told.
    pub template: Option<Template>,
}

/// The document in a file of which a renderer made an object.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file. The spans of `tree` are offsets into it.
    pub source: SourceId,
    /// The whole document.
    pub tree: Tree,
}

impl GroupKind {
    /// Group and kind, such as `("networking.k8s.io", "NetworkPolicy")`.
    #[must_use]
    pub fn new(group: &str, kind: &str) -> Self {
        Self { group: group.into(), kind: kind.into() }
    }

    /// Whether objects of this kind are namespaces: a Project is OpenShift's view of one, with the same name and
    /// labels.
    #[must_use]
    pub fn is_namespace(&self) -> bool {
        self.is("", "Namespace") || self.is("project.openshift.io", "Project")
    }

    /// Whether this is that group and kind.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

impl Object {
    /// The place of a node of this object's own tree.
    #[must_use]
    pub fn place(&self, node: &Node<'_>) -> Place {
        Place { source: self.source, span: node.span }
    }

    /// The best place to cite for what stands at `steps`: the file of origin where it says the same, else the text
    /// that was read. Falls back to the closest parent that exists.
    #[must_use]
    pub fn cite(&self, steps: &[&str]) -> Place {
        let (source, node) = self.written(steps);
        Place { source, span: node.span }
    }

    /// The place of the key at the end of `steps`, where what it is called is the matter.
    #[must_use]
    pub fn cite_key(&self, steps: &[&str]) -> Place {
        let cited = self.cite(steps);
        let trees =
            self.template.iter().map(|template| (template.source, &template.tree)).chain([(self.source, &self.tree)]);
        let mut keys = trees.filter(|(source, _)| *source == cited.source).filter_map(|(_, tree)| {
            let (last, above) = steps.split_last()?;
            closest(tree, above).entry(last).filter(|entry| entry.node.span == cited.span)
        });
        keys.next_back().map_or(cited, |entry| Place { span: entry.key_span, ..cited })
    }

    /// The same of what is not there: the key of the mapping or list that lacks it, since the beginning of what such a
    /// key holds is something else; of an item, the item, and of the object, its name.
    #[must_use]
    pub fn cite_holder(&self, steps: &[&str]) -> Place {
        let (source, node) = self.written(steps);
        let template = self.template.as_ref().filter(|template| std::ptr::eq(closest(&template.tree, steps), node));
        let tree = template.map_or(&self.tree, |template| &template.tree);
        if std::ptr::eq(tree, node) {
            return self.cite_name();
        }
        Place { source, span: holder(tree, steps).unwrap_or(node.span) }
    }

    /// The name, where that is not what stands at the place that is cited for it.
    #[must_use]
    pub fn renamed(&self) -> Option<&str> {
        let written = closest(&self.template.as_ref()?.tree, &["metadata", "name"]).as_str()?;
        Some(self.identity.name.as_str()).filter(|name| *name != written)
    }

    /// The closest to the end of the steps, where a person finds it.
    fn written(&self, steps: &[&str]) -> (SourceId, &Tree) {
        let rendered = closest(&self.tree, steps);
        let template = self.template.as_ref().map(|template| (template.source, closest(&template.tree, steps)));
        template.filter(|(_, origin)| origin.same_value(rendered)).unwrap_or((self.source, rendered))
    }

    /// The place of the object as a whole: its name, in the file of origin where there is one.
    #[must_use]
    pub fn cite_name(&self) -> Place {
        match &self.template {
            Some(template) => {
                Place { source: template.source, span: closest(&template.tree, &["metadata", "name"]).span }
            }
            None => self.place(closest(&self.tree, &["metadata", "name"])),
        }
    }
}

/// The last key on the walk, where that ends before all steps are made and below that key.
fn holder(root: &Node<'_>, steps: &[&str]) -> Option<Span> {
    let mut node = root;
    let mut key = None;
    for step in steps {
        let entry = node.entries().iter().find(|entry| entry.key == *step);
        let item = || node.items().get(step.parse::<usize>().ok()?);
        let Some(next) = entry.map(|entry| &entry.node).or_else(item) else { return key };
        key = entry.map(|entry| entry.key_span);
        node = next;
    }
    None
}

/// The node at the end of the walk, or the last one reached. A step of digits goes into a list.
fn closest<'tree, 'source>(root: &'tree Node<'source>, steps: &[&str]) -> &'tree Node<'source> {
    let mut node = root;
    for step in steps {
        let next = node.get(step).or_else(|| node.items().get(step.parse::<usize>().ok()?));
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

impl fmt::Display for GroupKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() { out.write_str(&self.kind) } else { write!(out, "{}.{}", self.kind, self.group) }
    }
}
