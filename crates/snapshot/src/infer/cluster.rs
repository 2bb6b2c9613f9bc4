//! Which cluster holds what. One cluster unless the input says otherwise: a cluster too many hides contacts, since
//! selectors never lead to another one.
//!
//! Two clusters are told apart only on a ground that holds for both. Grounds, the best first: `--cluster`; dumps whose
//! `kube-system` has different UIDs; Argo CD and Flux destinations; folders named for clusters; and [`conflict`]:
//! stages of one street that hold the same things with different content, which cannot be one cluster. Only one of them
//! is used, beside `--cluster`. What it says nothing of stands in [`UNSAID`]: that may be any of the others, so that
//! nothing is isolated from it by standing elsewhere, and nothing is certain between it and them.

use super::corrections::{Corrections, Heeded, Subject};
use super::folder::{self, Folder};
use super::hint::{Destination, Hint};
use super::input::Input;
use super::{conflict, scope::Scopes, shared};
use crate::reading::Context;
use dtap_model::environment::Cluster;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The clusters, and which of them holds what stands in each context.
pub struct Clusters<'a> {
    /// In the order of their names; the one that is not certain last.
    pub list: Vec<Cluster>,
    /// For each context, an index into `list`.
    by_context: Vec<usize>,
    /// What the user says.
    pub corrections: Heeded<'a>,
}

/// A way of telling clusters apart.
pub struct Ground {
    /// For each context the cluster, where the ground says one.
    pub by_context: Vec<Option<String>>,
    /// How each cluster is known.
    pub evidence: BTreeMap<String, String>,
    /// Whether it is a hint and no more.
    pub guessed: bool,
}

/// What the cluster is called of which the input does not say which it is.
pub const UNSAID: &str = "not said";

impl<'a> Clusters<'a> {
    /// Finds the clusters.
    #[must_use]
    pub fn find(input: &Input<'_>, folders: &[Option<Folder>], scopes: &Scopes, corrections: &'a Corrections) -> Self {
        let ground = uids(input)
            .or_else(|| destinations(input))
            .or_else(|| {
                named_folders(input).map(|ground| if is_overruled(input, &ground) { one(input) } else { ground })
            })
            .or_else(|| conflict::ground(input, folders, scopes))
            // What the user says of some says nothing of the rest: it may stand there, too.
            .unwrap_or_else(|| if corrections.clusters.is_empty() { one(input) } else { nothing(input) });
        let guessed: BTreeSet<String> =
            if ground.guessed { ground.evidence.keys().cloned().collect() } else { BTreeSet::new() };
        let said = ground.by_context;
        let evidence: BTreeMap<String, String> = ground
            .evidence
            .into_iter()
            .chain(
                corrections
                    .clusters
                    .iter()
                    .map(|(name, selector)| (name.clone(), format!("--cluster {name}={selector}"))),
            )
            .collect();
        let mut list: Vec<Cluster> = evidence
            .into_iter()
            .map(|(name, evidence)| Cluster { guessed: guessed.contains(&name), name, evidence, certain: true })
            .collect();
        let unsaid = list.len();
        let index = |name: &String| list.iter().position(|known| known.name == *name).unwrap_or(unsaid);
        let by_context: Vec<usize> = said.iter().map(|name| name.as_ref().map_or(unsaid, index)).collect();
        if by_context.contains(&unsaid) {
            let evidence = "any of the others: nothing says which".to_owned();
            list.push(Cluster { name: UNSAID.to_owned(), evidence, certain: false, guessed: false });
        }
        Self { list, by_context, corrections: Heeded::of(&corrections.clusters) }
    }

    /// The cluster of what stands in a context, corrections first; an index into `list`.
    #[must_use]
    pub fn of(&self, context: usize, subject: &Subject<'_>) -> usize {
        let found = self.found(context);
        if self.corrections.is_empty() {
            return found;
        }
        let subject = Subject { cluster: self.list.get(found).map(|cluster| cluster.name.as_str()), ..*subject };
        let corrected = self.corrections.first(&subject);
        corrected.and_then(|name| self.list.iter().position(|cluster| cluster.name == name)).unwrap_or(found)
    }

    /// Forgets the cluster that is not certain where nothing came to stand there.
    pub fn forget_unused(&mut self, used: &BTreeSet<usize>) {
        let last = self.list.len().saturating_sub(1);
        self.list.pop_if(|cluster| !cluster.certain && !used.contains(&last));
    }

    /// The clusters that a cluster may be: itself, the one that is not certain, and for that one all.
    #[must_use]
    pub fn meeting(&self, cluster: usize) -> Vec<usize> {
        let uncertain = |index: &usize| self.list.get(*index).is_some_and(|cluster| !cluster.certain);
        let all = 0..self.list.len();
        all.filter(|other| *other == cluster || uncertain(other) || uncertain(&cluster)).collect()
    }

    /// Whether the user says on which cluster something stands.
    #[must_use]
    pub fn are_corrected(&self, subject: &Subject<'_>) -> bool {
        !self.corrections.is_empty() && self.corrections.first(subject).is_some()
    }

    /// Whether [`Self::of`] looks at labels.
    #[must_use]
    pub fn needs_labels(&self) -> bool {
        !self.corrections.is_empty()
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
        evidence: BTreeMap::from([(name, why_one(input).to_owned())]),
        guessed: false,
    }
}

/// Why everything is taken to stand on one cluster.
fn why_one(input: &Input<'_>) -> &'static str {
    let destinations: BTreeSet<&Destination> = input.hints.iter().filter_map(|hint| hint.cluster).collect();
    match destinations.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "assumed: nothing in the input says otherwise",
        [Destination::Here] => "Argo CD deploys to the one that it runs on",
        [_] => "assumed: one destination is named",
        _ => "assumed: the destinations named may be one",
    }
}

/// No cluster is said of anything.
fn nothing(input: &Input<'_>) -> Ground {
    Ground { by_context: vec![None; input.contexts.len()], evidence: BTreeMap::new(), guessed: false }
}

/// Whether the input shows that two of these clusters are one: Argo CD or Flux bring them to one place, or their dumps
/// are of one `kube-system`.
fn is_overruled(input: &Input<'_>, ground: &Ground) -> bool {
    let mut by_destination: BTreeMap<&Destination, BTreeSet<usize>> = BTreeMap::new();
    for (context, hint) in input.hints.iter().enumerate() {
        // What is generated is one text and many clusters.
        if let Some(destination) = hint.cluster.filter(|it| !matches!(it, Destination::Generated(..))) {
            by_destination.entry(destination).or_default().insert(context);
        }
    }
    let by_uid = by_uid(input);
    let mut together = by_destination.values().chain(by_uid.values());
    together.any(|contexts| {
        let names = contexts.iter().filter_map(|context| ground.by_context.get(*context)?.as_ref());
        names.collect::<BTreeSet<&String>>().len() > 1
    })
}

/// Where each `kube-system` of the dumps stands, by its UID.
fn by_uid<'r>(input: &Input<'r>) -> BTreeMap<&'r str, BTreeSet<usize>> {
    let mut by_uid: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (read, context) in input.objects() {
        if read.object.identity.kind.is_namespace()
            && read.object.identity.name == "kube-system"
            && let Some(uid) = read.object.tree.at(&["metadata", "uid"]).and_then(|uid| uid.as_str())
        {
            by_uid.entry(uid).or_default().insert(context);
        }
    }
    by_uid
}

/// What a ground says nothing of stands on the one of its clusters that alone holds the namespaces spoken of there.
fn complete(input: &Input<'_>, ground: Ground) -> Ground {
    let mut holders: FxHashMap<&str, BTreeSet<&str>> = FxHashMap::default();
    for (cluster, namespaces) in ground.by_context.iter().zip(&input.namespaces_of_contexts) {
        for namespace in namespaces.iter().filter(|name| !shared::is_known(name)) {
            holders.entry(namespace).or_default().extend(cluster.as_deref());
        }
    }
    let of = |(said, namespaces): (&Option<String>, &BTreeSet<&str>)| {
        let held: BTreeSet<&str> = namespaces.iter().filter_map(|name| holders.get(name)).flatten().copied().collect();
        said.clone().or_else(|| held.first().filter(|_| held.len() == 1).map(|name| (*name).to_owned()))
    };
    let by_context = ground.by_context.iter().zip(&input.namespaces_of_contexts).map(of).collect();
    Ground { by_context, ..ground }
}

/// Dumps of several clusters: the UID of `kube-system` tells them apart.
fn uids(input: &Input<'_>) -> Option<Ground> {
    let by_uid = by_uid(input);
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
    // A folder that holds dumps of one cluster alone, at any depth, is that cluster's.
    let mut folders: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
    for (context, name) in &places {
        let path = input.contexts.get(*context).map_or("", |dump| dump.path.as_str());
        for (end, _) in path.match_indices('/') {
            folders.entry(path.get(..end).unwrap_or_default()).or_default().insert(name);
        }
    }
    let near = |path: &str| {
        let (folder, _) = path.rsplit_once('/')?;
        let ends = folder.match_indices('/').map(|(end, _)| end).chain([folder.len()]);
        let above = ends.filter_map(|end| folders.get(folder.get(..end)?)).next_back()?;
        above.first().filter(|_| above.len() == 1).map(|name| (*name).clone())
    };
    let of = |(context, place): (usize, &Context)| places.get(&context).cloned().or_else(|| near(&place.path));
    let by_context = input.contexts.iter().enumerate().map(of).collect();
    Some(complete(input, Ground { by_context, evidence, guessed: false }))
}

/// A dump's file name without its ending, or its folder's where the file is called like a kind.
fn name_of_dump(path: &str) -> String {
    let mut segments = path.rsplit('/');
    let file = segments.next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    let name = if matches!(stem, "namespaces" | "all" | "dump" | "cluster") { segments.next() } else { None };
    name.unwrap_or(stem).to_owned()
}

/// Folders that deployment tools bring to different clusters, all of them named in one way: an address and a name may
/// be one cluster.
fn destinations(input: &Input<'_>) -> Option<Ground> {
    let of_kind = |kind: fn(&Destination) -> Option<&str>| {
        let said = |hint: &Hint<'_>| hint.cluster.and_then(kind).map(str::to_owned);
        let by_context: Vec<Option<String>> = input.hints.iter().map(said).collect();
        let why = "Argo CD or Flux destination";
        let evidence: BTreeMap<String, String> =
            by_context.iter().flatten().map(|name| (name.clone(), why.to_owned())).collect();
        (evidence.len() > 1).then_some(Ground { by_context, evidence, guessed: false })
    };
    of_kind(|to| if let Destination::Name(name) = to { Some(name) } else { None })
        .or_else(|| of_kind(|to| if let Destination::Server(server) = to { Some(server) } else { None }))
        .or_else(|| of_kind(|to| if let Destination::Kubeconfig(holder, _) = to { Some(holder) } else { None }))
        .map(|ground| complete(input, ground))
}

/// Folders named for clusters: `clusters/<cluster>/…`, or `<cluster>/<namespace>/…` where the folder is called like
/// one.
fn named_folders(input: &Input<'_>) -> Option<Ground> {
    let mut clusters: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (number, (context, namespaces)) in input.contexts.iter().zip(&input.namespaces_of_contexts).enumerate() {
        let segments: Vec<&str> = context.path.split('/').collect();
        for (depth, pair) in segments.windows(2).enumerate().skip(context.above) {
            let [above, below] = pair else { continue };
            let file = depth + 2 == segments.len() && !context.rendered;
            let named = !file && !folder::is_scaffold(below) && !is_for_all(below);
            if *above == "clusters" && named && input.has_objects(number) {
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
    // What a tool on one of them deploys to its own cluster stands there, too.
    let said = |(context, hint): (&Context, &Hint<'_>)| of(&context.path).or_else(|| of(hint.own?));
    let by_context = input.contexts.iter().zip(&input.hints).map(said).collect();
    (evidence.len() > 1).then(|| complete(input, Ground { by_context, evidence, guessed: true }))
}

/// Whether a folder's name reads like a cluster's: a host name, or one that says so.
fn is_called_like_a_cluster(name: &str) -> bool {
    const WORDS: [&str; 7] = ["cluster", "eks", "gke", "aks", "k8s", "k3s", "openshift"];
    name.matches('.').count() > 1 || name.split(['-', '_', '.']).any(|word| WORDS.contains(&word))
}

/// Whether a folder beside clusters' holds what all of them have.
fn is_for_all(name: &str) -> bool {
    matches!(name, "all" | "common" | "default" | "global" | "shared" | "tenants")
}
