//! One kustomization as its file says it: what it refers to, and which of that is not to be had.

use crate::spelling::Spelling;
use dtap_model::tree::{Node, Span, Tree};
use std::path::{Path, PathBuf};

/// The names that kustomize looks for, in its own order.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization: a root, a base, an overlay or a component.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// Its canonical folder.
    pub folder: PathBuf,
    /// What the folder is called.
    pub spelling: Spelling,
    /// The name of its file within the folder.
    pub file_name: String,
    /// What the file says.
    pub text: String,
    /// The same as a tree; `null` for an empty file or one that is no YAML.
    pub tree: Tree,
    /// Why it could not be read, and where.
    pub fault: Option<(Span, String)>,
    /// What it refers to.
    pub references: Vec<Reference>,
}

/// Something outside its own file that a kustomization refers to.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The field that refers, such as `resources`.
    pub field: &'static str,
    /// As it is written.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// What it leads to.
    pub target: Target,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder with a kustomization of its own, by its canonical path.
    Folder(PathBuf),
    /// A file, by its canonical path.
    File(PathBuf),
    /// Something that would be fetched.
    Remote,
    /// A chart that helm would render.
    Chart(PathBuf),
    /// Nothing that is there.
    Absent,
}

/// Fields that hold paths, or YAML inline.
const PATHS: [&str; 9] = [
    "resources",
    "bases",
    "components",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "patchesStrategicMerge",
];
/// Fields that hold mappings with a `path`.
const WITH_PATH: [&str; 3] = ["patches", "patchesJson6902", "replacements"];
/// Fields whose mappings read files into objects.
const GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];

impl Kustomization {
    /// Reads a kustomization's file. None when the document is of another kind that only bears the name.
    pub fn parse(folder: PathBuf, spelling: Spelling, file_name: String, text: String) -> Option<Self> {
        let mut kustomization = Self {
            folder,
            spelling,
            file_name,
            text: String::new(),
            tree: Tree::default(),
            fault: None,
            references: Vec::new(),
        };
        match dtap_snapshot::decode::documents(&text) {
            Ok(documents) => {
                let tree = documents.into_iter().next().map(Node::into_owned).unwrap_or_default();
                let version = tree.get("apiVersion").and_then(Node::as_str).unwrap_or("kustomize.config.k8s.io/v1");
                if !version.starts_with("kustomize.config.k8s.io/") {
                    return None;
                }
                kustomization.references = references(&kustomization.folder, &tree);
                kustomization.tree = tree;
            }
            Err(fault) => kustomization.fault = Some((fault.span, fault.message)),
        }
        kustomization.text = text;
        Some(kustomization)
    }

    /// Whether it is a component: no root, and nothing by itself.
    pub fn is_component(&self) -> bool {
        self.tree.get("kind").and_then(Node::as_str) == Some("Component")
    }

    /// What its file is called.
    pub fn file_spelling(&self) -> Spelling {
        self.spelling.child(&self.file_name)
    }

    /// The folders it refers to.
    pub fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.references.iter().filter_map(|reference| match &reference.target {
            Target::Folder(folder) => Some(folder),
            _ => None,
        })
    }

    /// The files it refers to, with the reference.
    pub fn files(&self) -> impl Iterator<Item = (&Reference, &PathBuf)> {
        self.references.iter().filter_map(|reference| match &reference.target {
            Target::File(file) => Some((reference, file)),
            _ => None,
        })
    }

    /// Whether a field is there and not empty.
    pub fn has(&self, field: &str) -> bool {
        self.tree.get(field).is_some_and(|node| {
            !node.items().is_empty() || !node.entries().is_empty() || node.as_str().is_some_and(|text| !text.is_empty())
        })
    }
}

fn references(folder: &Path, tree: &Tree) -> Vec<Reference> {
    let mut found = Vec::new();
    for field in PATHS {
        for node in list(tree, field) {
            push(&mut found, folder, field, Some(node));
        }
    }
    for field in WITH_PATH {
        for item in list(tree, field) {
            push(&mut found, folder, field, item.get("path"));
        }
    }
    for field in GENERATORS {
        for generator in list(tree, field) {
            push(&mut found, folder, field, generator.get("env"));
            for node in list(generator, "envs").iter().chain(list(generator, "files")) {
                push(&mut found, folder, field, Some(node));
            }
        }
    }
    push(&mut found, folder, "openapi", tree.at(&["openapi", "path"]));
    for field in ["helmCharts", "helmChartInflationGenerator"] {
        for chart in list(tree, field) {
            let home = tree.at(&["helmGlobals", "chartHome"]).and_then(Node::as_str).unwrap_or("charts");
            found.extend(chart_references(folder, chart, home));
        }
    }
    found
}

fn list<'tree>(tree: &'tree Tree, field: &str) -> &'tree [Tree] {
    tree.get(field).map_or(&[], Node::items)
}

/// What a chart that kustomize inflates refers to: the chart, and those of its values files that are there.
pub fn chart_references(folder: &Path, chart: &Tree, home: &str) -> Vec<Reference> {
    let name = chart.get("name").or_else(|| chart.get("chartName"));
    let mut found = Vec::new();
    if let Some(name) = name {
        let text = name.as_str().unwrap_or_default().to_owned();
        let target = folder.join(home).join(&text);
        let target = Target::Chart(std::fs::canonicalize(&target).unwrap_or(target));
        found.push(Reference { field: "helmCharts", text, span: name.span, target });
    }
    let values = ["valuesFile", "values"].into_iter().filter_map(|field| chart.get(field));
    let mut files = Vec::new();
    for node in values.chain(list(chart, "additionalValuesFiles")) {
        push(&mut files, folder, "helmCharts", Some(node));
    }
    found.extend(files.into_iter().filter(|reference| matches!(reference.target, Target::File(_))));
    found
}

fn push(found: &mut Vec<Reference>, folder: &Path, field: &'static str, node: Option<&Tree>) {
    let Some(node) = node else { return };
    let Some(text) = node.as_str().filter(|text| !text.is_empty() && !text.contains('\n')) else { return };
    // `files` entries may give their key: `application.conf=conf/production.conf`.
    let path = if GENERATORS.contains(&field) { text.split_once('=').map_or(text, |(_, path)| path) } else { text };
    let target = resolve(folder, path);
    found.push(Reference { field, text: path.to_owned(), span: node.span, target });
}

/// What a path means from a folder. What kustomize would take for an address is remote, whatever lies in the folder.
fn resolve(folder: &Path, text: &str) -> Target {
    if is_address(text) {
        return Target::Remote;
    }
    match std::fs::canonicalize(folder.join(text)) {
        Ok(path) if path.is_dir() => Target::Folder(path),
        Ok(path) if path.is_file() => Target::File(path),
        Ok(_) => Target::Absent,
        Err(_) if begins_with_host(text) => Target::Remote,
        Err(_) => Target::Absent,
    }
}

/// What kustomize itself takes for the address of a repository or a file on the network.
fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let user_at_host = lower
        .split('/')
        .next()
        .is_some_and(|first| first.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains(':')));
    lower.contains("://")
        || lower.starts_with("git::")
        || lower.starts_with("git@")
        || lower.starts_with("github.com")
        || lower.contains("?ref=")
        || lower.contains("?version=")
        || lower.contains(".git/")
        || lower.contains("/_git/")
        || lower.ends_with(".git")
        || user_at_host
}

/// `gitlab.example/team/base`: a name with a dot before the first slash that is no file here.
fn begins_with_host(text: &str) -> bool {
    text.split_once('/').is_some_and(|(first, _)| first.trim_matches('.').contains('.'))
}

#[cfg(test)]
mod tests {
    use super::{begins_with_host, is_address};

    #[test]
    fn addresses_are_told_from_paths() {
        for address in [
            "https://github.com/a/b//c?ref=v1",
            "http://x/y.yaml",
            "ssh://git@host/a",
            "git@github.com:a/b",
            "github.com/a/b?ref=main",
            "GitHub.com/a/b",
            "git::https://x/y",
            "file:///etc",
            "user@host.example:a/b",
            "../local?ref=main",
            "host.example/a.git",
        ] {
            assert!(is_address(address), "{address}");
        }
        for path in ["../../base", "base", "a/b.yaml", "./x", "a.b/c", "name@sha/x", "gitops/x"] {
            assert!(!is_address(path), "{path}");
        }
        assert!(begins_with_host("gitlab.example/a/b"));
        assert!(!begins_with_host("../a.b") && !begins_with_host("a.yaml"));
    }
}
