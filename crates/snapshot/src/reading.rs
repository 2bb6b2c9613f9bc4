//! What reading brings in, before anything is inferred: objects, pods, and an account of everything else.

use dtap_model::label::Labels;
use dtap_model::object::{GroupKind, Object};
use dtap_model::place::{Place, Sources};
use dtap_model::workload::{ContainerPort, Workload};
use smol_str::SmolStr;
use std::sync::Arc;

/// Everything read from all the paths of one input, in a fixed order that depends on the input alone.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The texts.
    pub sources: Sources,
    /// The objects. Pods that a controller owns are in `pods` only.
    pub objects: Vec<ReadObject>,
    /// Pods that a controller owns: a dump holds them by the hundred thousand, and nothing but the network looks at
    /// them.
    pub pods: Vec<ReadPod>,
    /// What was noticed on the way; rules make findings of them.
    pub notices: Vec<Notice>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// Paths that were asked for by name and do not exist. Each is in `unread`, too.
    pub missing: Vec<String>,
    /// What Flux is told to leave out by files beside the manifests.
    pub source_ignores: Vec<SourceIgnore>,
    /// How much was read.
    pub account: Account,
}

/// A `.sourceignore` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceIgnore {
    /// The folder that it lies in, or that of the input below it, as sources are named.
    pub folder: String,
    /// The way from the folder that it lies in to `folder`: empty unless it lies above what was typed.
    pub inside: String,
    /// Its text.
    pub text: String,
}

/// How much was read: nothing is skipped in silence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Files read.
    pub files: usize,
    /// Documents that are not empty.
    pub documents: usize,
    /// Kubernetes objects as they stand in the files, items of lists counted one by one, controller-owned pods too.
    pub found: usize,
    /// Documents that are not Kubernetes, by what they are, sorted by name.
    pub not_kubernetes: Vec<(String, usize)>,
    /// What was left out on request, by why, sorted by name.
    pub left_out: Vec<(String, usize)>,
    /// How names of sources begin, for each path that was typed: by how it was typed, which says nothing of them.
    pub typed: Vec<String>,
}

/// An object and the folder it is part of.
#[derive(Clone, Debug)]
pub struct ReadObject {
    /// The object.
    pub object: Object,
    /// Which part of the input it stands in.
    pub context: Context,
}

/// A controller-owned pod and the folder it is part of. The indices of `workload` are not filled in yet.
#[derive(Clone, Debug)]
pub struct ReadPod {
    /// Its namespace, as written.
    pub namespace: Option<SmolStr>,
    /// Its labels, shared with the pods beside it that have the same.
    pub labels: Arc<Labels>,
    /// Its declared ports, shared in the same way.
    pub ports: Arc<Vec<ContainerPort>>,
    /// The rest. Its `namespace`, `labels` and `ports` are zero until the snapshot interns them.
    pub workload: Workload,
    /// Which part of the input it stands in.
    pub context: Context,
}

/// Which part of the input something stands in. Paths use `/` and are relative to what the user typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context {
    /// The path of the file, or of the kustomize root for what was rendered.
    pub path: String,
    /// Which of the user's paths it was reached from, as an index.
    pub input: usize,
    /// Whether it was rendered from a kustomize root.
    pub rendered: bool,
    /// How many of the path's folders stand at or above what the user typed. Where an input was put says nothing of it:
    /// they count for no environment, street or cluster.
    pub above: usize,
}

impl Context {
    /// The folder that is applied together with what stands here.
    #[must_use]
    pub fn folder(&self) -> &str {
        if self.rendered { &self.path } else { self.path.rsplit_once('/').map_or("", |(folder, _)| folder) }
    }
}

/// Something that reading noticed and a rule will judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Where, the decisive place first.
    pub places: Vec<Place>,
}

/// What was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A key occurs twice in one mapping. The last one is read.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A patch file that no kustomization uses.
    UnusedPatch {
        /// The file.
        file: String,
    },
    /// An override in a kustomization or patch that changes nothing.
    OverrideWithoutEffect {
        /// The kustomize root.
        root: String,
        /// The file that overrides, or the kustomization's field.
        file: String,
        /// What it would override, in words.
        what: String,
    },
    /// An option on the command line that changes nothing.
    OptionWithoutEffect {
        /// The option as typed.
        option: String,
        /// Why it changes nothing.
        why: String,
    },
    /// Two things that say different environments of one namespace.
    Contradiction {
        /// The namespace.
        subject: String,
        /// What is taken: ``label `environment` says dev``.
        taken: String,
        /// What is not: ``the name says prd``.
        other: String,
    },
    /// A policy, or a Service that publishes pods, of which nothing says in which namespace it comes to stand.
    Adrift {
        /// Its kind and name.
        object: String,
        /// The namespace that it names, where that is none: a placeholder.
        namespace: Option<String>,
    },
}

/// Something that could not be read, and what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file, folder or chart, with line and column where the fault has a place.
    pub name: String,
    /// What happened, in one line.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where, when a text was read in which the fault stands.
    pub place: Option<Place>,
    /// What kind of thing it is.
    pub cause: UnreadCause,
    /// Which part of the input it stands in: what belongs to the same environment is unknown.
    pub context: Context,
    /// The namespace it is known to concern, where it names one.
    pub namespace: Option<String>,
    /// The kind of the object that could not be read, where that much is known.
    pub object: Option<GroupKind>,
    /// Whether the rest of what it says keeps the object to its own namespace, though others of its kind act beyond
    /// theirs.
    pub confined: bool,
}

/// Why something could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnreadCause {
    /// The file could not be opened, or is no text.
    File,
    /// It is no YAML or JSON, or goes beyond what is safe to read.
    Syntax,
    /// An object whose `kind`, `metadata` or a judged field has the wrong type.
    Object,
    /// The rest of a list of which a page was read: it may hold anything of its cluster.
    Page,
    /// A Helm chart: recognised, not rendered.
    Chart,
    /// A kustomize root that did not render, or for which a program is missing.
    Kustomize,
    /// A kustomization that may be applied by itself, and was read only as a part of others, or not at all.
    Part,
    /// A template: no YAML until it is rendered.
    Template,
}
