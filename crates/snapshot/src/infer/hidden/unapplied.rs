//! What nobody knows to be applied, though deployment tools apply what lies around it: objects in folders beside the
//! ones that the tools name, or below one of which they take no folders, and those that Flux is told to leave out
//! (`spec.ignore`, `.sourceignore`); of policies those anywhere else, too. Without a tool's object in the input that
//! applies some of it all of it counts as applied.

use crate::applied::{Applied, applied};
use crate::reading::SourceIgnore;
use crate::snapshot::{Gap, Hides, Placed, Reach, Snapshot};
use dtap_model::environment::{NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::object::Object;
use dtap_model::place::{Origin, Source, SourceId};
use dtap_model::tree::Node;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What a tool's object applies, and what its source leaves out.
struct Tool<'s> {
    object: &'s Object,
    applied: Applied,
    /// What the objects that may be its source leave out: several, where the input does not tell which one is.
    ignore: Vec<Lines>,
    is_flux: bool,
}

/// What a file as gitignore writes them says, by its lines: none for one that is not read.
struct Lines(Vec<Option<Gitignore>>);

/// A `.sourceignore` file.
struct IgnoreFile<'s> {
    folder: Vec<&'s str>,
    inside: Vec<&'s str>,
    lines: Lines,
}

/// What tools apply, and all else against which a policy is held.
struct Landscape<'s> {
    tools: Vec<Tool<'s>>,
    /// How many folders all that was read has in common.
    top: usize,
    /// The sources in which tools' objects stand: whoever applies those applies what else stands there.
    own: BTreeSet<&'s str>,
    /// The folders of these: what lies there is taken to be applied with them, but for policies.
    own_folders: BTreeSet<&'s str>,
    /// The folders above those that tools name.
    bases: BTreeSet<Vec<&'s str>>,
    /// The folders that are rendered: of what lies in one or below it Flux applies that alone.
    roots: BTreeSet<Vec<&'s str>>,
    /// The outermost first.
    ignores: Vec<IgnoreFile<'s>>,
}

/// What is not known to be applied.
#[derive(Default)]
pub struct Unapplied {
    /// What policies among it leave open, a gap for each folder and namespace.
    pub gaps: Vec<Gap>,
    /// The indices of the objects, each with the folder that it lies in.
    pub objects: BTreeMap<usize, String>,
}

/// What is not known to be applied.
#[must_use]
pub fn find(snapshot: &Snapshot, ignores: &[SourceIgnore]) -> Unapplied {
    let tools: Vec<Tool<'_>> = snapshot.objects.iter().flat_map(|placed| tools(snapshot, placed)).collect();
    if tools.is_empty() && ignores.is_empty() {
        return Unapplied::default();
    }
    let landscape = Landscape::of(snapshot, tools, ignores);
    let (mut gaps, mut objects) = (BTreeMap::new(), BTreeMap::new());
    // What stands side by side is mostly of one source.
    let mut of_source: BTreeMap<(SourceId, Option<SourceId>), Option<Why>> = BTreeMap::new();
    for (at, placed) in snapshot.objects.iter().enumerate() {
        let object = &placed.object;
        let Some(source) = snapshot.sources.get(object.source) else { continue };
        let template = object.template.as_ref().map(|template| template.source);
        let why = of_source.entry((object.source, template)).or_insert_with(|| landscape.why(snapshot, placed, source));
        let Some(why) = *why else { continue };
        if why != Why::Elsewhere {
            objects.insert(at, folder(source).to_owned());
        }
        let kind = &object.identity.kind;
        // Labels of a Namespace that lies beside others are those that it has, or nobody has.
        if kind.kind.ends_with("NetworkPolicy") || kind.is_namespace() && why == Why::LeftOut {
            let what = format!("{}{}", folder(source), why.told());
            gaps.entry((what, reach(snapshot, placed))).or_insert_with(|| object.cite_name());
        }
    }
    let gap = |((what, reach), place)| Gap {
        what,
        hint: Some("add the object that applies it, or leave it out with --exclude".to_owned()),
        place: Some(place),
        reach,
        hides: Hides::Policies,
        unread: None,
    };
    Unapplied { gaps: gaps.into_iter().map(gap).collect(), objects }
}

/// Why nobody knows whether something is applied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Flux is told to leave it out.
    LeftOut,
    /// It lies beside what a tool applies, and none names it.
    Beside,
    /// It lies anywhere else, and none names it. No policy is taken for applied by that, and nothing else for left
    /// behind.
    Elsewhere,
}

impl Why {
    fn told(self) -> &'static str {
        match self {
            Self::LeftOut => " holds what Flux is told to leave out: whether it is applied is not known",
            Self::Beside | Self::Elsewhere => {
                " lies beside what Argo CD or Flux applies, and none of them names it: whether it is applied is not known"
            }
        }
    }
}

/// The namespace of a policy, or the one that an object declares; where there is none, the cluster.
fn reach(snapshot: &Snapshot, placed: &Placed) -> Reach {
    let identity = &placed.object.identity;
    let is_declared = |namespace: &Namespace| {
        identity.kind.is_namespace() && namespace.name == identity.name && namespace.cluster == placed.cluster
    };
    let declared = || (0..).map(NamespaceId).zip(&snapshot.namespaces).find(|(_, namespace)| is_declared(namespace));
    let namespace = placed.namespace.or_else(|| declared().map(|(id, _)| id));
    namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace)
}

fn tools<'s>(snapshot: &'s Snapshot, placed: &'s Placed) -> Vec<Tool<'s>> {
    let object = &placed.object;
    let is_flux = object.identity.kind.group == "kustomize.toolkit.fluxcd.io";
    let tool = |applied| {
        let ignore = if is_flux { ignored_by(snapshot, placed) } else { Vec::new() };
        Tool { object, applied, ignore, is_flux }
    };
    applied(object).into_iter().map(tool).collect()
}

/// What each object leaves out that may be the source of a Flux Kustomization: one of its cluster and of the namespace
/// that it names, or else of its own. One whose namespace is not known may be in any.
fn ignored_by(snapshot: &Snapshot, kustomization: &Placed) -> Vec<Lines> {
    let of = |field: &str| kustomization.object.tree.at(&["spec", "sourceRef", field]).and_then(Node::as_str);
    let namespace = of("namespace").or_else(|| namespace_of(snapshot, kustomization));
    let named = |placed: &&Placed| {
        let identity = &placed.object.identity;
        let own = namespace_of(snapshot, placed);
        identity.kind.group == "source.toolkit.fluxcd.io"
            && Some(identity.kind.kind.as_str()) == of("kind")
            && Some(identity.name.as_str()) == of("name")
            && placed.cluster == kustomization.cluster
            && (own == namespace || own.is_none() || namespace.is_none())
    };
    let ignore = |placed: &Placed| {
        Lines::of(placed.object.tree.at(&["spec", "ignore"]).and_then(Node::as_str).unwrap_or_default())
    };
    snapshot.objects.iter().filter(named).map(ignore).collect()
}

/// The namespace of an object, where it is known.
fn namespace_of<'s>(snapshot: &'s Snapshot, placed: &'s Placed) -> Option<&'s str> {
    let found = placed.namespace.and_then(|id| snapshot.namespace(id)).map(|namespace| namespace.name.as_str());
    found.filter(|name| *name != NO_NAMESPACE)
}

impl<'s> Landscape<'s> {
    fn of(snapshot: &'s Snapshot, tools: Vec<Tool<'s>>, ignores: &'s [SourceIgnore]) -> Self {
        let files = || snapshot.sources.iter().map(|(_, source)| source).filter(|source| is_of_repository(source));
        let folders: BTreeSet<&str> = files().map(folder).collect();
        let top = common(&folders);
        let own: Vec<&Source> = tools.iter().filter_map(|tool| snapshot.sources.get(tool.object.source)).collect();
        let own_folders = own.iter().map(|source| folder(source)).collect();
        let own = own.iter().map(|source| source.name.as_str()).collect();
        let rendered = files().filter(|source| source.origin != Origin::File);
        let roots = rendered.map(|source| segments(folder(source))).collect();
        let mut bases = BTreeSet::new();
        for path in folders.iter().map(|folder| segments(folder)) {
            for tool in &tools {
                // Nothing lies beside a whole repository: what it takes nothing of lies below its top.
                let above = match &tool.applied.folder {
                    Some(own) => own.end(&path).map(|end| end.saturating_sub(1)),
                    None => Some(top),
                };
                bases.extend(above.and_then(|above| path.get(..above)).map(<[&str]>::to_vec));
            }
        }
        let file = |it: &'s SourceIgnore| IgnoreFile {
            folder: segments(&it.folder),
            inside: segments(&it.inside),
            lines: Lines::of(&it.text),
        };
        let mut ignores: Vec<IgnoreFile<'s>> = ignores.iter().map(file).collect();
        ignores.sort_by_key(|file| (file.folder.len(), Reverse(file.inside.len())));
        Self { tools, top, own, own_folders, bases, roots, ignores }
    }

    /// Why nobody knows whether what stands in a source is applied.
    fn why(&self, snapshot: &Snapshot, placed: &Placed, source: &Source) -> Option<Why> {
        if !is_of_repository(source) {
            return None;
        }
        let rendered = source.origin != Origin::File;
        let path = segments(folder(source));
        let names = |tool: &&Tool<'_>| {
            tool.applied.covers(&path, rendered, self.top) && (!tool.is_flux || self.is_taken(tool, source))
        };
        let template = placed.object.template.as_ref().and_then(|template| snapshot.sources.get(template.source));
        let ignored = |tool: Option<&Tool<'_>>| {
            let files = [Some(source), template].into_iter().flatten();
            files.into_iter().any(|file| self.is_ignored(file, tool))
        };
        if self.tools.iter().filter(names).any(|tool| !tool.is_flux || !ignored(Some(tool))) {
            return None;
        }
        if self.tools.iter().any(|tool| tool.is_flux && names(&tool)) || ignored(None) {
            return Some(Why::LeftOut);
        }
        if self.own.contains(source.name.as_str()) {
            return None;
        }
        let is_beside =
            self.bases.iter().any(|base| path.starts_with(base)) && !self.own_folders.contains(folder(source));
        let elsewhere = || (!self.bases.is_empty()).then_some(Why::Elsewhere);
        if is_beside { Some(Why::Beside) } else { elsewhere() }
    }

    /// Whether Flux takes a source that lies in what it applies: a file by its ending, and nothing in or below a folder
    /// with a kustomization but what that makes.
    fn is_taken(&self, tool: &Tool<'_>, source: &Source) -> bool {
        let path = segments(folder(source));
        let is_file = source.origin == Origin::File;
        let is_manifest = || [".yaml", ".yml"].into_iter().any(|ending| source.name.ends_with(ending));
        let above = if is_file { path.len() + 1 } else { path.len() };
        let is_within = |root: &[&str]| match tool.applied.folder {
            Some(_) => tool.applied.holds(root),
            None => root.len() >= self.top,
        };
        let mut above = (0..above).filter_map(|length| path.get(..length));
        (!is_file || is_manifest()) && !above.any(|root| self.roots.contains(root) && is_within(root))
    }

    /// Whether Flux leaves out a file: the last line that speaks of it decides, those of `.sourceignore` before those
    /// of the source's own. Where several may be the source, one that leaves it out is enough.
    fn is_ignored(&self, file: &Source, tool: Option<&Tool<'_>>) -> bool {
        let path = segments(&file.name);
        let is_folder = file.origin != Origin::File;
        let speaks = |file: &IgnoreFile<'_>| {
            let below = file.inside.iter().chain(path.strip_prefix(file.folder.as_slice())?);
            file.lines.say_of(&below.copied().collect::<Vec<_>>(), is_folder)
        };
        let of_files = self.ignores.iter().rev().find_map(speaks).unwrap_or(false);
        let Some(tool) = tool.filter(|tool| !tool.ignore.is_empty()) else { return of_files };
        let root = tool.applied.folder.as_ref().map_or(Some(self.top), |folder| folder.start(&path, false));
        let below = root.and_then(|root| path.get(root..)).unwrap_or(&path);
        tool.ignore.iter().any(|lines| lines.say_of(below, is_folder).unwrap_or(of_files))
    }
}

impl Lines {
    /// Flux takes braces for themselves, and not for alternatives.
    fn of(text: &str) -> Self {
        let line = |line: &str| {
            let mut builder = GitignoreBuilder::new("");
            let escaped = line.replace("\\{", "{").replace("\\}", "}").replace('{', "\\{").replace('}', "\\}");
            let rules = builder.add_line(None, &escaped).and_then(|builder| builder.build()).ok();
            Some(rules).filter(|rules| rules.as_ref().is_none_or(|rules| !rules.is_empty()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// What the last line that may speak of a path says: that it, or a folder that it lies in, is left out, or is not.
    /// A line that is not read may leave out anything.
    fn say_of(&self, path: &[&str], is_folder: bool) -> Option<bool> {
        let path = path.join("/");
        self.0.iter().rev().find_map(|rules| {
            let Some(rules) = rules else { return Some(true) };
            let found = rules.matched_path_or_any_parents(&path, is_folder);
            (!found.is_none()).then(|| found.is_ignore())
        })
    }
}

/// Whether a text is of a repository, rather than of standard input.
fn is_of_repository(source: &Source) -> bool {
    source.origin != Origin::StandardInput
}

/// The folder that a source is, or lies in.
pub(super) fn folder(source: &Source) -> &str {
    match source.origin {
        Origin::File => source.name.rsplit_once('/').map_or("", |(folder, _)| folder),
        _ => &source.name,
    }
}

/// The folders of a path.
pub(super) fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect()
}

/// How many folders all of these have in common.
fn common(folders: &BTreeSet<&str>) -> usize {
    let Some(first) = folders.first() else { return 0 };
    let same = |one: &str, other: &str| {
        segments(one).iter().zip(&segments(other)).take_while(|(one, other)| one == other).count()
    };
    folders.iter().map(|other| same(first, other)).min().unwrap_or_default()
}
