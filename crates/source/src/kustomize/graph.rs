//! Which kustomization uses which: what is a root, what stands in the way of rendering it, which files are used.

use super::complaint;
use super::kustomization::{FILE_NAMES, Kustomization, Reference, Target, chart_references};
use crate::spelling::Spelling;
use crate::text;
use dtap_model::tree::{Node, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every kustomization found or referred to, by its canonical folder.
#[derive(Debug, Default)]
pub struct Graph {
    /// The kustomizations.
    pub nodes: BTreeMap<PathBuf, Kustomization>,
}

/// What stands in the way of rendering a root, known before a program runs.
#[derive(Debug)]
pub struct Obstacle {
    /// The folder of the kustomization that it stands in.
    pub folder: PathBuf,
    /// Where in its file.
    pub span: Span,
    /// What, as the end of a sentence that starts with the root's name.
    pub why: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Graph {
    /// Adds a kustomization and all that it leads to.
    pub fn add(&mut self, first: Kustomization) {
        let mut waiting = vec![first];
        while let Some(mut kustomization) = waiting.pop() {
            if self.nodes.contains_key(&kustomization.folder) {
                continue;
            }
            inspect_generators(&mut kustomization);
            for reference in &kustomization.references {
                if let Target::Folder(folder) = &reference.target
                    && !self.nodes.contains_key(folder)
                {
                    waiting.extend(open(folder, &kustomization.spelling.at(&reference.text)));
                }
            }
            self.nodes.insert(kustomization.folder.clone(), kustomization);
        }
    }

    /// The roots among `found`: what no other kustomization uses. A ring of kustomizations has one root, its first.
    pub fn roots(&self, found: &[PathBuf]) -> Vec<PathBuf> {
        let used: BTreeSet<&PathBuf> =
            self.nodes.values().flat_map(|node| node.folders().filter(move |folder| **folder != node.folder)).collect();
        let candidates =
            || found.iter().filter(|folder| self.nodes.get(*folder).is_some_and(|node| !node.is_component()));
        let mut roots: Vec<PathBuf> = candidates().filter(|folder| !used.contains(folder)).cloned().collect();
        let mut reached = BTreeSet::new();
        for folder in found.iter().filter(|folder| !used.contains(folder)) {
            self.reach(folder, &mut reached);
        }
        for folder in candidates() {
            if !reached.contains(folder) {
                roots.push(folder.clone());
                self.reach(folder, &mut reached);
            }
        }
        roots
    }

    /// A kustomization and everything it leads to.
    pub fn below(&self, folder: &Path) -> BTreeSet<PathBuf> {
        let mut reached = BTreeSet::new();
        self.reach(folder, &mut reached);
        reached
    }

    fn reach(&self, folder: &Path, reached: &mut BTreeSet<PathBuf>) {
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            if let Some(node) = self.nodes.get(&folder)
                && reached.insert(folder)
            {
                waiting.extend(node.folders().cloned());
            }
        }
    }

    /// What stands in the way of rendering a root, the first that there is.
    pub fn obstacle(&self, root: &Path, allow: crate::Allow) -> Option<Obstacle> {
        let below: Vec<&Kustomization> = self.below(root).iter().filter_map(|folder| self.nodes.get(folder)).collect();
        if let Some((node, (span, message))) = below.iter().find_map(|node| Some((*node, node.fault.as_ref()?))) {
            let why = message.trim_start_matches("no valid YAML: ");
            let why = format!("{} is no YAML: {why}", node.file_spelling().name);
            return Some(Obstacle { folder: node.folder.clone(), span: *span, why, hint: None });
        }
        if let Some(obstacle) = self.ring(root) {
            return Some(obstacle);
        }
        let references =
            || below.iter().flat_map(|node| node.references.iter().map(move |reference| (*node, reference)));
        let at = |node: &Kustomization, reference: &Reference, why: String, hint: String| Obstacle {
            folder: node.folder.clone(),
            span: reference.span,
            why,
            hint: Some(hint),
        };
        if !allow.remote
            && let Some((node, reference)) = references().find(|(_, reference)| reference.target == Target::Remote)
        {
            let why = "uses a remote base, which is not fetched".to_owned();
            return Some(at(node, reference, why, "--allow remote fetches it".to_owned()));
        }
        if let Some((node, reference)) = references().find(|(_, reference)| reference.target == Target::Absent) {
            return Some(absent(node, reference));
        }
        let charts = || references().filter(|(_, reference)| matches!(reference.target, Target::Chart(_)));
        if !allow.helm
            && let Some((node, reference)) = charts().next()
        {
            let why = "inflates a helm chart, which is not run".to_owned();
            return Some(at(node, reference, why, "--allow helm renders it".to_owned()));
        }
        if !allow.remote {
            let missing =
                charts().find(|(_, reference)| matches!(&reference.target, Target::Chart(path) if !path.is_dir()));
            if let Some((node, reference)) = missing {
                let why = "inflates a helm chart that is not vendored, and is not fetched".to_owned();
                return Some(at(node, reference, why, "--allow remote,helm fetches and renders it".to_owned()));
            }
        }
        None
    }

    /// A ring of kustomizations below a root.
    fn ring(&self, root: &Path) -> Option<Obstacle> {
        let mut done = BTreeSet::new();
        // Depth first without recursion: a hostile chain may be long. `path` is where the walk is, with what is left.
        let mut path = vec![(root.to_owned(), self.nodes.get(root)?.folders().cloned().collect::<Vec<_>>())];
        while let Some((folder, left)) = path.last_mut() {
            let Some(next) = left.pop() else {
                done.insert(folder.clone());
                path.pop();
                continue;
            };
            if path.iter().any(|(folder, _)| *folder == next) {
                let (folder, _) = path.last()?;
                let node = self.nodes.get(folder)?;
                let span =
                    node.references.iter().find(|reference| reference.target == Target::Folder(next.clone()))?.span;
                let names: Vec<&str> = path
                    .iter()
                    .map(|(folder, _)| folder)
                    .skip_while(|folder| **folder != next)
                    .chain([&next])
                    .filter_map(|folder| Some(self.nodes.get(folder)?.spelling.name.as_str()))
                    .collect();
                let why = format!("uses itself: {}", names.join(" ▸ "));
                let hint = Some("take one of these references out".to_owned());
                return Some(Obstacle { folder: folder.clone(), span, why, hint });
            }
            if !done.contains(&next)
                && let Some(node) = self.nodes.get(&next)
            {
                path.push((next, node.folders().cloned().collect()));
            }
        }
        None
    }

    /// Every file that any kustomization uses, its own included.
    pub fn used_files(&self) -> BTreeSet<PathBuf> {
        let own = self.nodes.values().map(|node| node.folder.join(&node.file_name));
        let referred = self.nodes.values().flat_map(|node| node.files().map(|(_, file)| file.clone()));
        own.chain(referred).collect()
    }

    /// Every chart that any kustomization inflates.
    pub fn charts(&self) -> BTreeSet<PathBuf> {
        let references = self.nodes.values().flat_map(|node| &node.references);
        references
            .filter_map(|reference| match &reference.target {
                Target::Chart(path) => Some(path.clone()),
                _ => None,
            })
            .collect()
    }
}

fn absent(node: &Kustomization, reference: &Reference) -> Obstacle {
    // A patch or a value where a path should stand may be secret.
    let text = if complaint::is_path(&reference.text) || !reference.text.contains([' ', ':', '=', '\n']) {
        reference.text.as_str()
    } else {
        complaint::MASK
    };
    let path = node.spelling.at(text).name;
    let (why, hint) = match reference.field {
        "secretGenerator" | "configMapGenerator" => (
            format!("generates an object from {path}, which does not exist"),
            format!("create it, as for a deployment, or empty: touch {path}"),
        ),
        field => (
            format!("refers to {path} under `{field}`, which does not exist"),
            "mend the path or take it out".to_owned(),
        ),
    };
    Obstacle { folder: node.folder.clone(), span: reference.span, why, hint: Some(hint) }
}

/// Opens the kustomization of a folder, where there is one that can be read.
pub fn open(folder: &Path, spelling: &Spelling) -> Option<Kustomization> {
    let name = FILE_NAMES.into_iter().find(|name| folder.join(name).is_file())?;
    let text = text::read_file(&folder.join(name)).ok()?;
    Kustomization::parse(folder.to_owned(), spelling.clone(), name.to_owned(), text)
}

/// A generator that inflates a chart stands in a file of its own, or in a text within the kustomization.
fn inspect_generators(kustomization: &mut Kustomization) {
    let mut found = Vec::new();
    let inline = kustomization.tree.get("generators").map_or(&[][..], Node::items);
    for node in inline {
        let text = node.as_str().unwrap_or_default();
        if text.contains('\n') {
            found.extend(inflations(&kustomization.folder, text, node.span));
        }
    }
    for (reference, file) in kustomization.files().filter(|(reference, _)| reference.field == "generators") {
        let text = text::read_file(file).unwrap_or_default();
        found.extend(inflations(&kustomization.folder, &text, reference.span));
    }
    kustomization.references.extend(found);
}

/// The charts that the generators of a text inflate. `span` is where the kustomization refers to the text.
fn inflations(folder: &Path, text: &str, span: Span) -> Vec<Reference> {
    let documents = dtap_snapshot::decode::documents(text).unwrap_or_default();
    let mut found = Vec::new();
    for document in documents.into_iter().map(Node::into_owned) {
        if document.get("kind").and_then(Node::as_str) == Some("HelmChartInflationGenerator") {
            let home = document.get("chartHome").or_else(|| document.at(&["helmGlobals", "chartHome"]));
            let home = home.and_then(Node::as_str).unwrap_or("charts");
            found.extend(chart_references(folder, &document, home));
        }
    }
    for reference in &mut found {
        reference.span = span;
    }
    found
}
