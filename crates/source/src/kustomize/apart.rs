//! Kustomizations that may be applied by themselves though they are read only as a part of others, or of none: overlays
//! on which another builds, and components. What is added on the way up protects nothing where the lower one is applied
//! alone.

use super::beginning;
use super::graph::Graph;
use super::kustomization::Kustomization;
use crate::{decoded, text};
use dtap_model::place::SourceId;
use dtap_snapshot::Reading;
use dtap_snapshot::applied::{Applied, applied};
use dtap_snapshot::infer::stage;
use dtap_snapshot::reading::{Unread, UnreadCause};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Fields of a kustomization that change what the network sees of the objects below it.
const CHANGES: [&str; 15] = [
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "components",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "replacements",
    "vars",
    "transformers",
    "generators",
    "helmCharts",
    "helmChartInflationGenerator",
];

/// Tells of every such kustomization among the folders found. What cannot matter is counted.
pub fn tell(graph: &Graph, found: &[PathBuf], files: &BTreeMap<PathBuf, SourceId>, reading: &mut Reading) {
    let applied: Vec<Applied> = reading.objects.iter().flat_map(|read| applied(&read.object)).collect();
    let apart = Apart { graph, found, users: users(graph) };
    let nodes: BTreeSet<&PathBuf> = found.iter().collect();
    let (mut unread, mut idle) = (Vec::new(), 0);
    for node in nodes.into_iter().filter_map(|folder| graph.nodes.get(folder)) {
        let tool = applied.iter().any(|applied| applied.names(&node.spelling.name));
        let above = apart.users.get(&node.folder);
        let told = match above {
            None if node.is_component() => apart.component(node, tool),
            None => continue,
            Some(above) => apart.overlay(node, above, tool),
        };
        match told {
            Some((why, hint)) => {
                let place = beginning(files, node);
                unread.push(Unread { cause: UnreadCause::Part, place, ..super::unread(node, why, Some(hint)) });
            }
            None if above.is_none() => idle += 1,
            None => {}
        }
    }
    reading.unread.extend(unread);
    if idle > 0 {
        decoded::add(&mut reading.account.left_out, "kustomize component that nothing uses", idle);
    }
}

/// The kustomizations that lead to each other one, itself apart.
fn users(graph: &Graph) -> BTreeMap<PathBuf, BTreeSet<&Path>> {
    let mut users: BTreeMap<PathBuf, BTreeSet<&Path>> = BTreeMap::new();
    for folder in graph.nodes.keys() {
        for below in graph.below(folder).into_iter().filter(|below| below != folder) {
            users.entry(below).or_default().insert(folder);
        }
    }
    users
}

/// What is asked of each kustomization.
struct Apart<'graph> {
    graph: &'graph Graph,
    found: &'graph [PathBuf],
    users: BTreeMap<PathBuf, BTreeSet<&'graph Path>>,
}

/// What is told, and what to do about it.
type Told = Option<(String, String)>;

impl Apart<'_> {
    /// A component that nothing uses: like a file that nothing uses it matters where it holds a policy.
    fn component(&self, node: &Kustomization, tool: bool) -> Told {
        if !tool && !self.adds(node, &BTreeSet::new()) {
            return None;
        }
        let why = "is a component that no kustomization uses: whether it is applied cannot be told";
        Some((why.to_owned(), "use it under `components`, or leave it out with --exclude".to_owned()))
    }

    /// An overlay that others build on. It may be applied alone where it is called like a stage, or a tool applies its
    /// folder; that matters where others change it.
    fn overlay(&self, node: &Kustomization, above: &BTreeSet<&Path>, tool: bool) -> Told {
        if !tool && (node.is_component() || is_in_base(node) || !self.says_stage(&node.folder)) {
            return None;
        }
        let own = self.graph.below(&node.folder);
        let changes = |user: &&&Kustomization| CHANGES.iter().any(|field| user.has(field)) || self.adds(user, &own);
        // What lies in the folder of an overlay is a part of it.
        let is_part = |user: &Path| !tool && node.folder.starts_with(user) && self.says_stage(user);
        let users = above.iter().filter(|user| !is_part(user)).filter_map(|folder| self.graph.nodes.get(*folder));
        let users: Vec<&Kustomization> = users.collect();
        let user = users.iter().find(changes)?;
        let why = if tool { "is applied by itself, too" } else { "may be applied by itself, too" };
        let why =
            format!("{why}, and {} builds on it and changes it: it is read only as a part of that", user.spelling.name);
        let hint = "scan it alone; where it is never applied alone, leave it out with --exclude".to_owned();
        Some((why, hint))
    }

    /// Whether a folder is called like a stage; where the word says something else as often, beside one that is for
    /// sure.
    fn says_stage(&self, folder: &Path) -> bool {
        let said = |folder: &Path| stage::of_folder(folder.file_name()?.to_str()?);
        let is_sure = |folder: &Path| said(folder).is_some_and(|found| found.sure);
        let is_beside = |other: &&PathBuf| other.parent() == folder.parent();
        is_sure(folder)
            || said(folder).is_some_and(|found| found.rest.is_empty())
                && self.found.iter().filter(is_beside).any(|other| is_sure(other))
    }

    /// Whether a kustomization brings a policy or the labels of a namespace with its own files, or with folders that
    /// are no overlays by themselves. What is below `apart` is not looked at.
    fn adds(&self, node: &Kustomization, apart: &BTreeSet<PathBuf>) -> bool {
        let mut waiting = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(node) = waiting.pop() {
            let speaks = |file: &PathBuf| {
                let text = text::read_file(file).unwrap_or_default();
                text.contains("NetworkPolicy") || text.contains("Namespace")
            };
            if node.files().any(|(_, file)| speaks(file)) {
                return true;
            }
            let below = node.folders().filter(|folder| !apart.contains(*folder) && !self.says_stage(folder));
            waiting
                .extend(below.filter(|folder| seen.insert(*folder)).filter_map(|folder| self.graph.nodes.get(folder)));
        }
        false
    }
}

/// Whether a kustomization lies in a folder for what others build on.
fn is_in_base(node: &Kustomization) -> bool {
    node.spelling.context.split('/').any(|name| matches!(name, "base" | "bases" | "_base" | "common"))
}
