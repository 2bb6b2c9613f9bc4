//! Kustomize: finds the roots, renders each that nothing stands in the way of, and leads what they rendered to back to
//! the files it came from.

mod apart;
pub mod complaint;
pub mod graph;
pub mod kustomization;
pub mod origin;
pub mod overrides;
pub mod patch;
pub mod render;
pub mod shelf;
pub mod unused;

use crate::spelling::Spelling;
use crate::{Allow, decoded};
use dtap_model::object::{Object, Template};
use dtap_model::place::{Origin, Place, Source, SourceId, Sources};
use dtap_model::tree::{Node, Span, Tree};
use dtap_snapshot::Reading;
use dtap_snapshot::decode::decode;
use dtap_snapshot::reading::{Context, Unread, UnreadCause};
use graph::{Graph, Obstacle};
use kustomization::Kustomization;
use rayon::prelude::*;
use render::{Rendered, Renderer};
use shelf::Shelf;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A root that rendered.
struct Rendering {
    root: PathBuf,
    source: SourceId,
    /// See [`Rendered::origins`].
    origins: Vec<(usize, Option<PathBuf>)>,
    /// Where its objects begin among all.
    first: usize,
}

/// Renders every root among the folders found and adds what comes of it to the reading.
pub fn read(
    graph: &Graph,
    found: &[PathBuf],
    names: &BTreeMap<&Path, &Spelling>,
    inputs: &[PathBuf],
    allow: Allow,
    reading: &mut Reading,
) {
    let files = add_kustomizations(graph, &mut reading.sources);
    let mut roots: Vec<&Kustomization> =
        graph.roots(found).iter().filter_map(|folder| graph.nodes.get(folder)).collect();
    // A folder with two kustomizations is found twice.
    let mut seen = BTreeSet::new();
    roots.retain(|root| seen.insert(&root.folder));
    apart::tell(graph, found, &files, reading);
    let mut clear = Vec::new();
    for root in roots {
        match graph.obstacle(&root.folder, allow) {
            Some(obstacle) => reading.unread.push(obstructed(root, obstacle, &files)),
            None => clear.push(root),
        }
    }
    if clear.is_empty() {
        return;
    }
    let renderings = match Renderer::find(allow, inputs) {
        Ok(renderer) => render_all(&renderer, &clear, &files, reading),
        Err(hint) => {
            let why = "cannot be rendered: a program is missing";
            reading.unread.extend(clear.iter().map(|root| unread(root, why.to_owned(), Some(hint.clone()))));
            return;
        }
    };
    let below: BTreeSet<PathBuf> = renderings.iter().flat_map(|rendering| graph.below(&rendering.root)).collect();
    let mut shelf = Shelf::fill(graph, &below, names);
    trace(&renderings, &mut shelf, reading);
    let rendered: Vec<PathBuf> = renderings.into_iter().map(|rendering| rendering.root).collect();
    overrides::judge(graph, &rendered, &files, &mut shelf, reading);
}

/// Adds the files of all kustomizations to the sources.
fn add_kustomizations(graph: &Graph, sources: &mut Sources) -> BTreeMap<PathBuf, SourceId> {
    let add = |node: &Kustomization| {
        let source = Source { name: node.file_spelling().name, origin: Origin::File, text: node.text.clone() };
        (node.folder.clone(), sources.add(source))
    };
    graph.nodes.values().map(add).collect()
}

fn obstructed(root: &Kustomization, obstacle: Obstacle, files: &BTreeMap<PathBuf, SourceId>) -> Unread {
    let source = files.get(&obstacle.folder);
    let place = source.map(|source| Place { source: *source, span: obstacle.span });
    Unread { place, ..unread(root, obstacle.why, obstacle.hint) }
}

fn unread(root: &Kustomization, why: String, hint: Option<String>) -> Unread {
    Unread {
        name: root.spelling.name.clone(),
        why,
        hint,
        place: None,
        cause: UnreadCause::Kustomize,
        context: context(root),
        namespace: None,
        object: None,
        confined: false,
    }
}

/// The beginning of a kustomization's file.
fn beginning(files: &BTreeMap<PathBuf, SourceId>, root: &Kustomization) -> Option<Place> {
    let end = root.text.lines().next().map_or(0, str::len);
    files.get(&root.folder).map(|source| Place { source: *source, span: Span::new(0, end) })
}

fn context(root: &Kustomization) -> Context {
    root.spelling.context(true)
}

fn render_all(
    renderer: &Renderer,
    roots: &[&Kustomization],
    files: &BTreeMap<PathBuf, SourceId>,
    reading: &mut Reading,
) -> Vec<Rendering> {
    let rendered: Vec<_> =
        roots.par_iter().enumerate().map(|(number, root)| (*root, renderer.render(root, number))).collect();
    let mut renderings = Vec::new();
    for (root, result) in rendered {
        match result {
            Ok(rendered) => renderings.push((root, add_rendering(root, rendered, renderer, &mut reading.sources))),
            Err(failure) => {
                let (why, hint) = failure.told(root, renderer.name());
                let span = failure.place(root);
                let place = files.get(&root.folder).map(|source| Place { source: *source, span });
                reading.unread.push(Unread { place, ..unread(root, why, hint) });
            }
        }
    }
    let sources = &reading.sources;
    let decoded: Vec<_> = renderings
        .par_iter()
        .map(|(root, rendering)| {
            let text = sources.get(rendering.source).map_or("", |source| source.text.as_str());
            decode(rendering.source, &root.spelling.name, text, &context(root))
        })
        .collect();
    let mut placed = Vec::new();
    for ((_, mut rendering), decoded) in renderings.into_iter().zip(decoded) {
        rendering.first = reading.objects.len();
        decoded::merge(reading, decoded);
        placed.push(rendering);
    }
    placed
}

fn add_rendering(root: &Kustomization, rendered: Rendered, renderer: &Renderer, sources: &mut Sources) -> Rendering {
    let origin = Origin::Rendering { program: renderer.name().to_owned() };
    let source = sources.add(Source { name: root.spelling.name.clone(), origin, text: rendered.text });
    Rendering { root: root.folder.clone(), source, origins: rendered.origins, first: 0 }
}

/// Leads rendered objects back to the documents that they came from.
fn trace(renderings: &[Rendering], shelf: &mut Shelf, reading: &mut Reading) {
    for rendering in renderings {
        let objects = reading.objects.iter_mut().skip(rendering.first);
        for read in objects.take_while(|read| read.object.source == rendering.source) {
            let offset = usize::try_from(read.object.tree.span.start).unwrap_or(usize::MAX);
            let Some(path) = Rendered::origin_at(&rendering.origins, offset) else { continue };
            let document = document_of(shelf.documents(path).unwrap_or_default(), &read.object).cloned();
            if let Some(tree) = document
                && let Some(source) = shelf.source(path, &mut reading.sources)
            {
                read.object.template = Some(Template { source, tree });
            }
        }
    }
}

/// The document of a file that became an object: its name may have got a prefix or a suffix on the way.
fn document_of<'shelf>(documents: &'shelf [Tree], object: &Object) -> Option<&'shelf Tree> {
    let text = |tree: &'shelf Tree, keys: &[&str]| tree.at(keys).and_then(Node::as_str).unwrap_or_default();
    let group = |tree: &'shelf Tree| text(tree, &["apiVersion"]).rsplit_once('/').map_or("", |(group, _)| group);
    let identity = &object.identity;
    let of_kind: Vec<&Tree> = documents
        .iter()
        .filter(|tree| text(tree, &["kind"]) == identity.kind.kind && group(tree) == identity.kind.group)
        .collect();
    if let [only] = of_kind.as_slice() {
        return Some(only);
    }
    let name = |tree: &'shelf Tree| text(tree, &["metadata", "name"]);
    let namespace = |tree: &'shelf Tree| tree.at(&["metadata", "namespace"]).and_then(Node::as_str);
    let exact = of_kind.iter().filter(|tree| name(tree) == identity.name);
    let same_namespace = exact.clone().find(|tree| namespace(tree) == identity.namespace.as_deref());
    let contained = of_kind.iter().filter(|tree| !name(tree).is_empty() && identity.name.contains(name(tree)));
    same_namespace.or_else(|| exact.clone().next()).or_else(|| contained.max_by_key(|tree| name(tree).len())).copied()
}
