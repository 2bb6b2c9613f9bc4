//! What deployment tools apply: the folders of a repository that Argo CD's and Flux's objects name.

mod generators;

use dtap_model::object::Object;
use dtap_model::tree::Node;
use globset::{Glob, GlobMatcher};
use std::collections::BTreeSet;

/// What a tool's object applies: one folder of a repository, and how far below it.
#[derive(Debug)]
pub struct Applied {
    /// The folder; none for the whole of a repository.
    pub folder: Option<Folder>,
    /// Folders that it leaves out.
    pub but: Vec<Folder>,
    /// What it takes of the folders below.
    pub below: Below,
}

/// What a tool takes of the folders below the one that it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// Nothing: Argo CD, unless told otherwise.
    Nothing,
    /// Manifests: Argo CD with `directory.recurse`.
    Manifests,
    /// Manifests and kustomizations: Flux.
    Everything,
}

/// What a tool's object applies: Flux's Kustomization, Argo CD's Application and its sets.
#[must_use]
pub fn applied(object: &Object) -> Vec<Applied> {
    let kind = &object.identity.kind;
    if kind.is("kustomize.toolkit.fluxcd.io", "Kustomization") {
        // Without a path it is the whole repository.
        let path = object.tree.at(&["spec", "path"]).and_then(Node::as_str).unwrap_or_default();
        return vec![Applied { folder: Folder::of(path), but: Vec::new(), below: Below::Everything }];
    }
    if !kind.is("argoproj.io", "Application") && !kind.is("argoproj.io", "ApplicationSet") {
        return Vec::new();
    }
    specs(object).map(|spec| of_spec(spec, generators(object))).unwrap_or_default()
}

/// What an Application's `spec` applies, or the template of a set with these generators.
pub(crate) fn of_spec(spec: &Node<'_>, generators: &[Node<'_>]) -> Vec<Applied> {
    sources(spec).into_iter().flat_map(|source| of_source(source, generators)).collect()
}

/// The sources of an Application, or of those of a set, each with what it applies: a chart applies no folder.
pub(crate) fn by_source<'o>(object: &'o Object) -> Vec<(&'o Node<'o>, Vec<Applied>)> {
    let generators = generators(object);
    let sources = specs(object).into_iter().flat_map(sources);
    sources.map(|source| (source, of_source(source, generators))).collect()
}

/// The templates that generators of a set have beside its own, each with what it says to apply.
pub(crate) fn by_other_template<'o>(object: &'o Object) -> Vec<(&'o Node<'o>, Vec<Applied>)> {
    let templates = generators::templates(generators(object)).into_iter();
    templates.map(|(generator, spec)| (spec, of_spec(spec, std::slice::from_ref(generator)))).collect()
}

fn of_source(source: &Node<'_>, generators: &[Node<'_>]) -> Vec<Applied> {
    let Some(path) = source.get("path").and_then(Node::as_str) else { return Vec::new() };
    let below = below(source);
    let of_generator = |(paths, but): (Vec<String>, Vec<String>)| -> Vec<Applied> {
        let but = || but.iter().filter_map(|path| Folder::of(path)).collect();
        paths.iter().map(|path| Applied { folder: Folder::of(path), but: but(), below }).collect()
    };
    generators::paths(generators, path).into_iter().flat_map(of_generator).collect()
}

/// What Argo CD takes of the folders below that of a source.
pub(crate) fn below(source: &Node<'_>) -> Below {
    let recurses = source.at(&["directory", "recurse"]).and_then(Node::as_bool) == Some(true);
    if recurses { Below::Manifests } else { Below::Nothing }
}

/// The generators of a set.
fn generators<'o>(object: &'o Object) -> &'o [Node<'o>] {
    object.tree.at(&["spec", "generators"]).map(Node::items).unwrap_or_default()
}

impl Applied {
    /// Whether it applies what stands in a folder: a manifest that lies there, or what is rendered of it. `top` is how
    /// many folders stand above the repository, for what names the whole of it.
    #[must_use]
    pub fn covers(&self, folder: &[&str], rendered: bool, top: usize) -> bool {
        let is_deep = match self.below {
            Below::Nothing => false,
            Below::Manifests => !rendered,
            Below::Everything => true,
        };
        let names = match &self.folder {
            Some(own) => own.start(folder, !is_deep).is_some(),
            None => is_deep || folder.len() == top,
        };
        names && !self.leaves_out(folder)
    }

    /// Whether it names this folder of the input itself, whatever folders stand above it. One that is a whole
    /// repository names none.
    #[must_use]
    pub fn names(&self, folder: &str) -> bool {
        let is_called = self.folder.as_ref().is_some_and(|own| own.is_called(folder));
        is_called && !self.leaves_out(&folder.split('/').collect::<Vec<_>>())
    }

    /// Whether a folder is the one that it names or lies below it, whatever it takes of those. One that is a whole
    /// repository names none.
    #[must_use]
    pub fn holds(&self, folder: &[&str]) -> bool {
        self.folder.as_ref().is_some_and(|own| own.start(folder, false).is_some()) && !self.leaves_out(folder)
    }

    /// Whether what stands in a folder may be of what it applies, whatever it takes of the folders below. Where the
    /// whole of a repository lies in the input nobody knows: any folder may be of it.
    #[must_use]
    pub fn may_hold(&self, folder: &[&str]) -> bool {
        self.holds(folder) || self.folder.is_none() && !self.leaves_out(folder)
    }

    /// Whether it is told to leave out a folder, or one that this lies in.
    #[must_use]
    pub fn leaves_out(&self, folder: &[&str]) -> bool {
        self.but.iter().any(|other| other.start(folder, false).is_some())
    }
}

/// The `spec` of an Application, or that of the Applications of a set.
#[must_use]
pub fn specs<'o>(object: &'o Object) -> Option<&'o Node<'o>> {
    let steps: &[&str] = &["spec", "template", "spec"];
    object.tree.at(if object.identity.kind.kind == "ApplicationSet" { steps } else { &["spec"] })
}

/// The sources of an Application's `spec`.
#[must_use]
pub fn sources<'n>(spec: &'n Node<'n>) -> Vec<&'n Node<'n>> {
    let several = spec.get("sources").map(Node::items).unwrap_or_default();
    spec.get("source").into_iter().chain(several).collect()
}

/// The labels that Argo CD sets on the namespace that it makes for an Application, with that namespace's name where it
/// is written out.
#[must_use]
pub fn managed_labels<'o>(object: &'o Object) -> Option<(Option<&'o str>, &'o Node<'o>)> {
    let spec = specs(object)?;
    let name = spec.at(&["destination", "namespace"]).and_then(Node::as_str);
    let labels = spec.at(&["syncPolicy", "managedNamespaceMetadata", "labels"])?;
    Some((name.filter(|name| !name.is_empty() && !name.contains(['{', '$'])), labels))
}

/// A folder of a repository, by its segments. One with `{{` in it may be called anything, and one with `*` what a shell
/// would take it for.
#[derive(Debug)]
pub struct Folder(Vec<Segment>);

#[derive(Debug)]
enum Segment {
    Called(String),
    Like(GlobMatcher),
    Anything,
    /// `**`: any number of folders.
    Folders,
}

impl Segment {
    fn of(text: &str) -> Self {
        match text {
            "**" => Self::Folders,
            _ if text.contains(['{', '$']) => Self::Anything,
            _ if text.contains(['*', '?', '[']) => {
                Glob::new(text).map_or(Self::Anything, |glob| Self::Like(glob.compile_matcher()))
            }
            _ => Self::Called(text.to_owned()),
        }
    }

    fn is(&self, name: &str) -> bool {
        match self {
            Self::Called(own) => own == name,
            Self::Like(glob) => glob.is_match(name),
            Self::Anything | Self::Folders => true,
        }
    }
}

impl Folder {
    /// None for the whole repository, of which nobody knows where it lies in the input.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let segments = path.split('/').filter(|segment| !matches!(*segment, "" | ".")).map(Segment::of);
        let segments: Vec<Segment> = segments.collect();
        (!segments.is_empty()).then_some(Self(segments))
    }

    /// How many segments it has; none where one of them may be called anything.
    #[must_use]
    pub fn known_length(&self) -> Option<usize> {
        let is_known = |segment: &Segment| !matches!(segment, Segment::Anything);
        self.0.iter().all(is_known).then_some(self.0.len())
    }

    /// How many segments it has where only some of them may be called anything.
    #[must_use]
    pub fn vague_length(&self) -> Option<usize> {
        self.0.iter().any(|segment| matches!(segment, Segment::Called(_))).then_some(self.0.len())
    }

    /// Whether it is this folder of the input, whatever folders stand above it.
    #[must_use]
    pub fn is_called(&self, folder: &str) -> bool {
        self.start(&folder.split('/').collect::<Vec<_>>(), true).is_some()
    }

    /// Whether a file, or what is rendered of a folder, lies in it, whatever folders stand above it.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.start(&name.split('/').collect::<Vec<_>>(), false).is_some()
    }

    /// Behind how many segments it begins in a path, which it is in whole or at its beginning.
    #[must_use]
    pub fn start(&self, path: &[&str], whole: bool) -> Option<usize> {
        (0..path.len()).find(|at| path.get(*at..).and_then(|rest| fitting(&self.0, rest, whole)).is_some())
    }

    /// How many segments of a path lead into it, those above it included.
    #[must_use]
    pub fn end(&self, path: &[&str]) -> Option<usize> {
        self.ends(path).next()
    }

    /// The same where each folder that it names is one of its own; none where it fits in several places, or `**` leaves
    /// open where that ends.
    #[must_use]
    pub fn end_of_each(&self, path: &[&str]) -> Option<usize> {
        let is_open = self.0.iter().any(|segment| matches!(segment, Segment::Folders));
        let mut ends = self.ends(path).filter(|_| !is_open);
        ends.next().filter(|_| ends.next().is_none())
    }

    fn ends(&self, path: &[&str]) -> impl Iterator<Item = usize> {
        (0..path.len()).filter_map(|at| Some(at + fitting(&self.0, path.get(at..)?, false)?))
    }
}

/// How many segments of a path a pattern takes, if it fits: all of them where it must be the whole, else as few as it
/// can. Walks the pattern once, with every number of segments that it may have taken so far: trying them one after
/// another would take a time that doubles with each `**`.
fn fitting(pattern: &[Segment], path: &[&str], whole: bool) -> Option<usize> {
    let mut taken: BTreeSet<usize> = BTreeSet::from([0]);
    for segment in pattern {
        taken = match (segment, taken.first()) {
            (_, None) => return None,
            (Segment::Folders, Some(fewest)) => (*fewest..=path.len()).collect(),
            (segment, _) => {
                let fits = |at: &&usize| path.get(**at).is_some_and(|name| segment.is(name));
                taken.iter().filter(fits).map(|at| at + 1).collect()
            }
        };
    }
    if whole { taken.get(&path.len()).copied() } else { taken.first().copied() }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn a_tool_names_a_folder_by_its_last_segments() {
        let is_called = |path: &str| Folder::of(path).is_some_and(|folder| folder.is_called("repo/apps/prd"));
        for path in ["./apps/prd", "apps/prd/", "prd", "apps/{{env}}", "${dir}/prd"] {
            assert!(is_called(path), "{path}");
        }
        for path in ["apps/*", "a*s/prd", "**/prd", "apps/**"] {
            assert!(is_called(path), "{path}");
        }
        for path in ["", "./", "apps", "apps/prd/web", "more/repo/apps/prd", "apps/d*", "*/*/*/*"] {
            assert!(!is_called(path), "{path}");
        }
    }

    #[test]
    fn many_wildcards_take_no_longer_than_many_folders() {
        let folder = |last: &str| Folder::of(&format!("{}{last}", "**/a/".repeat(12)));
        let path = "a/".repeat(30);
        let path = path.trim_end_matches('/');
        assert!(folder("").is_some_and(|folder| folder.is_called(path)));
        assert!(folder("b").is_some_and(|folder| !folder.is_called(path) && !folder.holds(path)));
        let segments: Vec<&str> = path.split('/').collect();
        assert_eq!(folder("").and_then(|folder| folder.end(&segments)), Some(12), "as few as fit");
    }
}
