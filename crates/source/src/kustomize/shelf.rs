//! The YAML files that rendered kustomizations use, each read and parsed once: for origins and for what overrides do.

use crate::kustomize::graph::Graph;
use crate::spelling::Spelling;
use crate::text;
use dtap_model::place::{Origin, Source, SourceId, Sources};
use dtap_model::tree::{Node, Tree};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files by their canonical paths.
#[derive(Debug, Default)]
pub struct Shelf(BTreeMap<PathBuf, Volume>);

/// One file.
#[derive(Debug)]
struct Volume {
    name: String,
    text: String,
    documents: Vec<Tree>,
    source: Option<SourceId>,
}

impl Shelf {
    /// Reads the files that these kustomizations use. `names` are the names under which the walk found files.
    pub fn fill(graph: &Graph, folders: &BTreeSet<PathBuf>, names: &BTreeMap<&Path, &Spelling>) -> Self {
        let mut wanted = BTreeMap::new();
        for node in folders.iter().filter_map(|folder| graph.nodes.get(folder)) {
            for (reference, file) in node.files() {
                let name = names
                    .get(file.as_path())
                    .map_or_else(|| node.spelling.at(&reference.text).name, |name| name.name.clone());
                wanted.entry(file.clone()).or_insert(name);
            }
            // Its own file is read already.
            wanted.remove(&node.folder.join(&node.file_name));
        }
        let wanted: Vec<(PathBuf, String)> = wanted.into_iter().collect();
        let read = |(path, name): (PathBuf, String)| {
            let text = text::read_file(&path).ok()?;
            let documents = dtap_snapshot::decode::documents(&text).ok()?;
            let documents = documents.into_iter().map(Node::into_owned).flat_map(items).collect();
            Some((path, Volume { name, text, documents, source: None }))
        };
        let volumes: Vec<_> = wanted.into_par_iter().filter_map(read).collect();
        Self(volumes.into_iter().collect())
    }

    /// The documents of a file, items of lists one by one. None for a file that could not be read.
    pub fn documents(&self, path: &Path) -> Option<&[Tree]> {
        self.0.get(path).map(|volume| volume.documents.as_slice())
    }

    /// What a file is called.
    pub fn name(&self, path: &Path) -> Option<&str> {
        self.0.get(path).map(|volume| volume.name.as_str())
    }

    /// The source of a file, added when it is first asked for.
    pub fn source(&mut self, path: &Path, sources: &mut Sources) -> Option<SourceId> {
        let volume = self.0.get_mut(path)?;
        if volume.source.is_none() {
            let text = std::mem::take(&mut volume.text);
            volume.source = Some(sources.add(Source { name: volume.name.clone(), origin: Origin::File, text }));
        }
        volume.source
    }
}

/// A list's items, or the document itself.
fn items(document: Tree) -> Vec<Tree> {
    let is_list = document.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    match document.get("items") {
        Some(list) if is_list => list.items().to_vec(),
        _ => vec![document],
    }
}
