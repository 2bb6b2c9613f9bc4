//! Which cluster holds what. One cluster unless the input says otherwise: a cluster too many hides contacts, since
//! selectors never lead to another one.
//!
//! Grounds, the best first: `--cluster`; dumps whose `kube-system` has different UIDs; folders named for clusters; one
//! name in one namespace with different content in two stages, which cannot be one cluster.

use super::corrections::{self, Corrections, Subject};
use super::folder::{self, Folder};
use super::input::Input;
use super::{scope::Scopes, shared, stage};
use dtap_model::environment::Cluster;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The clusters, and which of them holds what stands in each context.
pub struct Clusters<'a> {
    /// In the order of their names.
    pub list: Vec<Cluster>,
    /// For each context, an index into `list`.
    by_context: Vec<usize>,
    corrections: &'a Corrections,
}

/// A way of telling clusters apart: for each context the cluster, where it says one, and the evidence for each cluster.
struct Ground {
    by_context: Vec<Option<String>>,
    evidence: BTreeMap<String, String>,
}

impl<'a> Clusters<'a> {
    /// Finds the clusters.
    #[must_use]
    pub fn find(input: &Input<'_>, folders: &[Option<Folder>], scopes: &Scopes, corrections: &'a Corrections) -> Self {
        let ground = uids(input)
            .or_else(|| named_folders(input))
            .or_else(|| conflicts(input, folders, scopes))
            .unwrap_or_else(|| one(input));
        let by_context = complete(input, &ground);
        let mut evidence = ground.evidence;
        for (name, selector) in &corrections.clusters {
            evidence.insert(name.clone(), format!("--cluster {name}={selector}"));
        }
        let names: Vec<&String> = evidence.keys().collect();
        let index = |name: &String| names.iter().position(|known| *known == name).unwrap_or_default();
        let by_context = by_context.iter().map(index).collect();
        let list = evidence.iter().map(|(name, evidence)| Cluster { name: name.clone(), evidence: evidence.clone() });
        Self { list: list.collect(), by_context, corrections }
    }

    /// The cluster of what stands in a context, corrections first; an index into `list`.
    #[must_use]
    pub fn of(&self, context: usize, subject: &Subject<'_>) -> usize {
        let found = self.found(context);
        if self.corrections.clusters.is_empty() {
            return found;
        }
        let subject = Subject { cluster: self.list.get(found).map(|cluster| cluster.name.as_str()), ..*subject };
        let corrected = corrections::first(&self.corrections.clusters, &subject);
        corrected.and_then(|name| self.list.iter().position(|cluster| cluster.name == name)).unwrap_or(found)
    }

    /// Whether [`Self::of`] looks at labels.
    #[must_use]
    pub fn needs_labels(&self) -> bool {
        !self.corrections.clusters.is_empty()
    }

    /// The cluster that was found for a context, whatever the corrections say.
    #[must_use]
    pub fn found(&self, context: usize) -> usize {
        self.by_context.get(context).copied().unwrap_or_default()
    }
}

/// Everything in one cluster.
fn one(input: &Input<'_>) -> Ground {
    let name = "cluster".to_owned();
    Ground {
        by_context: input.contexts.iter().map(|_| Some(name.clone())).collect(),
        evidence: BTreeMap::from([(name, "assumed: nothing in the input says otherwise".to_owned())]),
    }
}

/// Gives every context a cluster: the one that holds the namespaces it speaks of, else the one with most contexts.
fn complete(input: &Input<'_>, ground: &Ground) -> Vec<String> {
    let mut holders: FxHashMap<&str, BTreeSet<&str>> = FxHashMap::default();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for (context, namespaces) in input.namespaces_of_contexts.iter().enumerate() {
        if let Some(Some(cluster)) = ground.by_context.get(context) {
            *sizes.entry(cluster).or_default() += 1;
            for namespace in namespaces {
                holders.entry(namespace).or_default().insert(cluster);
            }
        }
    }
    let largest =
        sizes.iter().max_by_key(|(name, size)| (**size, std::cmp::Reverse(**name))).map_or("", |(name, _)| name);
    let of = |(context, namespaces): (usize, &BTreeSet<&str>)| {
        let known = ground.by_context.get(context).cloned().flatten();
        let spoken = || {
            let held: BTreeSet<&str> =
                namespaces.iter().filter_map(|name| holders.get(name)).flatten().copied().collect();
            held.first().filter(|_| held.len() == 1).map(|name| (*name).to_owned())
        };
        known.or_else(spoken).unwrap_or_else(|| largest.to_owned())
    };
    input.namespaces_of_contexts.iter().enumerate().map(of).collect()
}

/// Dumps of several clusters: the UID of `kube-system` tells them apart.
fn uids(input: &Input<'_>) -> Option<Ground> {
    let mut by_uid: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (read, context) in input.objects() {
        if read.object.identity.kind.is("", "Namespace") && read.object.identity.name == "kube-system" {
            if let Some(uid) = read.object.tree.at(&["metadata", "uid"]).and_then(|uid| uid.as_str()) {
                by_uid.entry(uid).or_default().insert(context);
            }
        }
    }
    if by_uid.len() < 2 {
        return None;
    }
    let mut evidence = BTreeMap::new();
    let mut places: BTreeMap<usize, String> = BTreeMap::new();
    for (uid, contexts) in &by_uid {
        let first = contexts.first().and_then(|context| input.contexts.get(*context))?;
        let name = name_of_dump(&first.path);
        let name = if evidence.contains_key(&name) { format!("{name} {uid}") } else { name };
        evidence.insert(name.clone(), format!("`kube-system` has UID {uid}"));
        places.extend(contexts.iter().map(|context| (*context, name.clone())));
    }
    // A file beside or below a dump belongs to it, if to one alone.
    let near = |path: &str| {
        let beside = places.iter().filter(|(context, _)| {
            let dump = input.contexts.get(**context).map_or("", |dump| dump.path.as_str());
            dump.rsplit_once('/')
                .is_some_and(|(folder, _)| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        });
        let names: BTreeSet<&String> = beside.map(|(_, name)| name).collect();
        names.first().filter(|_| names.len() == 1).map(|name| (*name).clone())
    };
    let of = |(context, place): (usize, &crate::reading::Context)| {
        places.get(&context).cloned().or_else(|| near(&place.path))
    };
    Some(Ground { by_context: input.contexts.iter().enumerate().map(of).collect(), evidence })
}

/// A dump's file name without its ending, or its folder's where the file is called like a kind.
fn name_of_dump(path: &str) -> String {
    let mut segments = path.rsplit('/');
    let file = segments.next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    let name = if matches!(stem, "namespaces" | "all" | "dump" | "cluster") { segments.next() } else { None };
    name.unwrap_or(stem).to_owned()
}

/// Folders named for clusters: `clusters/<cluster>/…`, or `<cluster>/<namespace>/…` where the folder is called like one.
fn named_folders(input: &Input<'_>) -> Option<Ground> {
    let mut clusters: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (number, (context, namespaces)) in input.contexts.iter().zip(&input.namespaces_of_contexts).enumerate() {
        let segments: Vec<&str> = context.path.split('/').collect();
        for (depth, pair) in segments.windows(2).enumerate() {
            let [above, below] = pair else { continue };
            let file = depth + 2 == segments.len() && !context.rendered;
            if matches!(*above, "clusters" | "cluster") && !file && input.has_objects(number) {
                let parent = segments.get(..=depth).unwrap_or_default().join("/");
                clusters.entry(parent).or_default().insert(below);
            } else if is_called_like_a_cluster(above) && namespaces.contains(below) {
                let parent = segments.get(..depth).unwrap_or_default().join("/");
                clusters.entry(parent).or_default().insert(above);
            }
        }
    }
    clusters.retain(|_, names| names.len() > 1);
    let of = |path: &str| {
        clusters.iter().find_map(|(parent, names)| {
            let below = path.strip_prefix(parent.as_str())?.trim_start_matches('/');
            let name = below.split('/').next()?;
            names.contains(name).then(|| name.to_owned())
        })
    };
    let evidence: BTreeMap<String, String> =
        clusters.values().flatten().map(|name| ((*name).to_owned(), format!("folder `{name}`"))).collect();
    (evidence.len() > 1)
        .then(|| Ground { by_context: input.contexts.iter().map(|context| of(&context.path)).collect(), evidence })
}

/// Whether a folder's name reads like a cluster's: a host name, or one that says so.
fn is_called_like_a_cluster(name: &str) -> bool {
    const WORDS: [&str; 7] = ["cluster", "eks", "gke", "aks", "k8s", "k3s", "openshift"];
    name.matches('.').count() > 1 || name.split(['-', '_', '.']).any(|word| WORDS.contains(&word))
}

/// The folders that stand right below the stages of several streets: clusters do, components do not.
fn below_several(folders: &[Option<Folder>]) -> BTreeSet<&str> {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for folder in folders.iter().flatten() {
        if let Some(name) = folder.below.as_deref().filter(|name| !folder::is_scaffold(name)) {
            groups.entry(name).or_default().insert(&folder.group);
        }
    }
    groups.into_iter().filter(|(_, groups)| groups.len() > 1).map(|(name, _)| name).collect()
}

/// Whether this can be a namespace's name; tests and templates hold others, such as `($namespace)`.
fn is_name(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What a context is to the conflicts: its stage, and the folder right below that stage.
type Unit<'a> = (&'a stage::Stage, Option<&'a str>);

/// One name in one namespace with different content in two stages cannot be one cluster. Namespaces that say a stage or
/// serve all are no ground: a stray object in them is a mistake and no second cluster.
fn conflicts(input: &Input<'_>, folders: &[Option<Folder>], scopes: &Scopes) -> Option<Ground> {
    let neutral = |name: &str| is_name(name) && !shared::is_known(name) && stage::of_name(name).is_none();
    let mut seen: FxHashMap<_, Vec<(Unit<'_>, usize)>> = FxHashMap::default();
    let mut stages: BTreeMap<&stage::Stage, String> = BTreeMap::new();
    let mut below: BTreeSet<&str> = BTreeSet::new();
    let repeated = below_several(folders);
    for (index, (read, context)) in input.objects().enumerate() {
        let identity = &read.object.identity;
        let namespace = match &identity.namespace {
            Some(namespace) if !scopes.is_cluster_scoped(identity) => namespace,
            None if identity.kind.is("", "Namespace") => &identity.name,
            _ => continue,
        };
        let Some(Some(folder)) = folders.get(context) else { continue };
        if !neutral(namespace) {
            continue;
        }
        let unit: Unit<'_> = (&folder.stage, folder.below.as_deref());
        let others = seen.entry((&identity.kind, namespace, &identity.name)).or_default();
        for (other, at) in others.iter().filter(|(other, _)| *other != unit) {
            let same = input.object(*at).is_some_and(|other| other.object.tree.same_value(&read.object.tree));
            if same {
                continue;
            }
            if other.0 == unit.0 {
                below.extend([other.1, unit.1].into_iter().flatten().filter(|name| repeated.contains(name)));
            } else {
                let what = format!("{} {namespace}/{}", identity.kind.kind, identity.name);
                stages.entry(other.0).or_insert_with(|| what.clone());
                stages.entry(unit.0).or_insert(what);
            }
        }
        if others.iter().all(|(other, _)| *other != unit) {
            others.push((unit, index));
        }
    }
    if stages.is_empty() {
        return None;
    }
    let mut evidence = BTreeMap::new();
    let mut by_context = Vec::new();
    for (context, folder) in folders.iter().enumerate() {
        let folder =
            folder.as_ref().filter(|folder| stages.contains_key(&folder.stage) && !input.tells_stages_apart(context));
        by_context.push(folder.map(|folder| {
            let what = stages.get(&folder.stage).map_or("", String::as_str);
            match folder.below.as_deref().filter(|name| below.contains(name)) {
                Some(name) => {
                    let why = format!("folder `{name}` has objects that its neighbours have with other content");
                    evidence.entry(name.to_owned()).or_insert(why);
                    name.to_owned()
                }
                None => {
                    let why = format!("{what} differs from that of another stage, so they cannot be one cluster");
                    evidence.entry(folder.stage.name.clone()).or_insert(why);
                    folder.stage.name.clone()
                }
            }
        }));
    }
    (evidence.len() > 1).then_some(Ground { by_context, evidence })
}
