//! What every file that was found is to the reading: a manifest, a kustomization, something that a kustomization uses,
//! a part of a chart, or something that lies unused among a kustomization's files or below them.

use crate::chart::{Charts, Part};
use crate::kustomize::graph::Graph;
use crate::kustomize::kustomization::{FILE_NAMES, Kustomization};
use crate::text;
use crate::walk::{At, Found};
use dtap_model::tree::Node;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The files, told apart.
#[derive(Debug, Default)]
pub struct Sorted<'walk> {
    /// Files of manifests, and those that turn out to be something else.
    pub plain: Vec<&'walk Found>,
    /// Files among a kustomization's files that no kustomization uses.
    pub unused: Vec<&'walk Found>,
    /// Files in folders below a kustomization's, of which none is used: patches, or manifests that stand for
    /// themselves.
    pub below: Vec<&'walk Found>,
    /// How many files kustomizations use, their own included.
    pub used: usize,
    /// How many files are of tests: what they hold is made for a test and taken away after it, or only compared.
    pub tests: usize,
    /// How many files hold values of charts.
    pub values: usize,
    /// The charts.
    pub charts: Charts,
    /// The kustomizations.
    pub graph: Graph,
    /// The folders of those kustomizations that were found by walking, in order.
    pub found: Vec<PathBuf>,
}

/// Tells files apart.
pub fn sort(files: &[Found]) -> Sorted<'_> {
    let charts = Charts::find(files);
    let mut sorted = Sorted::default();
    for file in files {
        if let Some(kustomization) =
            kustomization(file).filter(|node| charts.part(&node.folder.join("Chart.yaml")).is_none())
        {
            sorted.found.push(kustomization.folder.clone());
            sorted.graph.add(kustomization);
        }
    }
    let used = sorted.graph.used_files();
    let tested: BTreeSet<PathBuf> = files.iter().flat_map(tested).collect();
    // A folder is kustomize's when it holds a kustomization, or when one takes files out of it.
    let folders: BTreeSet<&Path> = used.iter().filter_map(|file| file.parent()).collect();
    for file in files {
        let At::File(path) = &file.at else {
            sorted.plain.push(file);
            continue;
        };
        match charts.part(path) {
            _ if used.contains(path) => sorted.used += 1,
            _ if tested.contains(path) || is_of_test(&file.spelling.context) => sorted.tests += 1,
            Some(Part::Values) => sorted.values += 1,
            Some(Part::Other) => {}
            None if path.parent().is_some_and(|folder| folders.contains(folder)) => sorted.unused.push(file),
            None if path.ancestors().any(|folder| sorted.graph.nodes.contains_key(folder)) => sorted.below.push(file),
            None => sorted.plain.push(file),
        }
    }
    sorted.charts = charts;
    sorted
}

/// Whether a path leads into a folder of tests of Chainsaw or of Kyverno's command, by the names that Kyverno's
/// projects give them.
fn is_of_test(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, ".chainsaw-test" | ".kyverno-test"))
}

/// The files that a test of Kyverno's command reads and compares with, beside the policies that it tests.
fn tested(file: &Found) -> Vec<PathBuf> {
    let At::File(path) = &file.at else { return Vec::new() };
    let (Some(folder), Some("kyverno-test.yaml")) = (path.parent(), path.file_name().and_then(OsStr::to_str)) else {
        return Vec::new();
    };
    let text = text::read_file(path).unwrap_or_default();
    let documents = dtap_snapshot::decode::documents(&text).unwrap_or_default();
    let fields = documents.iter().flat_map(Node::entries).filter(|entry| entry.key != "policies");
    let mut named = Vec::new();
    fields.for_each(|entry| texts(&entry.node, &mut named));
    named.into_iter().filter_map(|text| std::fs::canonicalize(folder.join(text)).ok()).collect()
}

/// Every text within.
fn texts<'n>(node: &'n Node<'_>, found: &mut Vec<&'n str>) {
    found.extend(node.as_str());
    node.items().iter().for_each(|item| texts(item, found));
    node.entries().iter().for_each(|entry| texts(&entry.node, found));
}

/// The kustomization that a file is, if it is one.
fn kustomization(file: &Found) -> Option<Kustomization> {
    let At::File(path) = &file.at else { return None };
    let name = path.file_name()?.to_str()?;
    if !FILE_NAMES.contains(&name) {
        return None;
    }
    let text = text::read_file(path).ok()?;
    Kustomization::parse(path.parent()?.to_owned(), file.spelling.at(".."), name.to_owned(), text)
}
