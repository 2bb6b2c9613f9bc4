//! What deployment tools say of folders: Argo CD Applications and ApplicationSets with plain lists or over folders, and
//! Flux Kustomizations; and into which namespaces HelmReleases install. One that names a folder of the input says the
//! namespace of what names none there, and the cluster.
//!
//! Where several name one folder and disagree nothing is said: the folder is deployed several times.

use super::known_clusters::KnownClusters;
use crate::applied::{self, Applied, Below, Folder, below, sources};
use crate::reading::{Context, ReadObject};
use dtap_model::object::Object;
use dtap_model::tree::{Entry, Node};
use std::collections::BTreeSet;

/// Where a tool deploys a folder to.
#[derive(Debug)]
struct Target {
    /// The folder in its repository, and what is left out below it.
    applied: Applied,
    /// By how many segments the folder is named.
    length: usize,
    /// Whether one of them may be called anything: then it says nothing of a folder but where that may be deployed to.
    vague: bool,
    namespace: Option<String>,
    /// Whether the namespace takes the place of one that an object names, as Flux has it.
    overrides: bool,
    cluster: Option<Destination>,
    /// Where the tool's object stands, if it deploys to the cluster that it stands on.
    own: Option<String>,
}

/// How a cluster is named. Two names of one kind are two clusters; a name and an address may be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// The address of its API server.
    Server(String),
    /// What Argo CD calls it.
    Name(String),
    /// The kubeconfig with which Flux reaches it: the name of the Secret or ConfigMap that holds it; and its namespace
    /// and key, by which it may be another one.
    Kubeconfig(String, String),
    /// The one on which the tool itself runs.
    Here,
    /// One that a generator fills in, in words that differ where it may be another one; and whether it may be another
    /// one for each folder.
    Generated(String, bool),
}

/// The clusters to which a place is deployed, as its tools say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deployed {
    /// To the one on which the tool runs.
    Here,
    /// To another one.
    To(Destination),
    /// To another one for each folder.
    Apiece(Destination, String),
    /// To several.
    Several(Vec<Deployed>),
}

impl Deployed {
    /// Each of them.
    #[must_use]
    pub fn each(&self) -> &[Self] {
        match self {
            Self::Several(several) => several,
            one => std::slice::from_ref(one),
        }
    }
}

/// Whether an object is one of those by which a tool deploys: it stands on the cluster that the tool runs on.
#[must_use]
pub fn is_of_tool(object: &Object) -> bool {
    let kind = &object.identity.kind;
    kind.is("kustomize.toolkit.fluxcd.io", "Kustomization")
        || ["Application", "ApplicationSet"].into_iter().any(|name| kind.is("argoproj.io", name))
}

/// What is said of the folders of the input.
#[derive(Debug, Default)]
pub struct Hints(Vec<Target>);

/// What is said of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hint<'h> {
    /// The namespace of what names none.
    pub namespace: Option<&'h str>,
    /// Whether that of what names one, too.
    pub overrides: bool,
    /// The cluster.
    pub cluster: Option<&'h Destination>,
    /// A place that stands on the same cluster: that of the tool's own object.
    pub own: Option<&'h str>,
}

impl Hints {
    /// Reads the tools' objects.
    #[must_use]
    pub fn of(objects: &[ReadObject]) -> Self {
        let known = KnownClusters::of(objects);
        let of = |read: &ReadObject| {
            let mut targets = targets(&read.object);
            for cluster in targets.iter_mut().filter_map(|target| target.cluster.as_mut()) {
                known.rename(cluster);
            }
            for target in targets.iter_mut().filter(|target| target.cluster.is_none()) {
                target.own = Some(read.context.path.clone());
            }
            targets
        };
        Self(objects.iter().flat_map(of).collect())
    }

    /// What is said of a place: by the longest folder that is named, where all who name it agree.
    #[must_use]
    pub fn at(&self, context: &Context) -> Hint<'_> {
        let folders = folders(context);
        let naming: Vec<&Target> =
            self.0.iter().filter(|target| !target.vague && target.applied.holds(&folders)).collect();
        let longest = naming.iter().map(|target| target.length).max().unwrap_or_default();
        let of = || naming.iter().filter(|target| target.length == longest);
        let namespaces: BTreeSet<_> = of().map(|target| (target.namespace.as_deref(), target.overrides)).collect();
        let clusters: BTreeSet<_> = of().map(|target| target.cluster.as_ref()).collect();
        let (namespace, overrides) = namespaces.first().filter(|_| namespaces.len() == 1).copied().unwrap_or_default();
        let cluster = clusters.first().filter(|_| clusters.len() == 1).copied().flatten();
        let owns: BTreeSet<_> = of().map(|target| target.own.as_deref()).collect();
        let own = owns.first().filter(|_| owns.len() == 1).copied().flatten();
        Hint { namespace, overrides, cluster, own }
    }

    /// Where a place is deployed to; none where no tool says so. What no folder names, may be of a tool that applies
    /// the whole of a repository. The longest folder decides, and what takes in the folders below its own beside it; of
    /// a folder that may be called anything nothing is said where another is known.
    #[must_use]
    pub fn deployed(&self, context: &Context) -> Option<Deployed> {
        let folders = folders(context);
        let naming: Vec<&Target> = self.0.iter().filter(|target| target.applied.may_hold(&folders)).collect();
        let is_known = naming.iter().any(|target| !target.vague);
        let counting = || naming.iter().filter(|target| !is_known || !target.vague);
        let longest = counting().map(|target| target.length).max()?;
        let is_in_it = |target: &&&Target| target.length == longest || target.applied.below != Below::Nothing;
        let deployed: BTreeSet<Deployed> =
            counting().filter(is_in_it).map(|target| target.deployed(&folders)).collect();
        match deployed.len() {
            0 | 1 => deployed.into_iter().next(),
            _ => Some(Deployed::Several(deployed.into_iter().collect())),
        }
    }
}

/// The folders that a place lies in.
fn folders(context: &Context) -> Vec<&str> {
    let mut segments: Vec<&str> = context.path.split('/').collect();
    if !context.rendered {
        segments.pop();
    }
    segments
}

impl Target {
    /// None for a folder of which every segment may be called anything.
    fn of(applied: Applied, namespace: Option<String>, cluster: Option<Destination>) -> Option<Self> {
        let known = applied.folder.as_ref().map_or(Some(0), Folder::known_length);
        let length = known.or_else(|| applied.folder.as_ref().and_then(Folder::vague_length))?;
        Some(Self { applied, length, vague: known.is_none(), namespace, overrides: false, cluster, own: None })
    }

    /// Where it deploys a folder to.
    fn deployed(&self, folders: &[&str]) -> Deployed {
        match &self.cluster {
            None | Some(Destination::Here) => Deployed::Here,
            Some(other @ Destination::Generated(_, true)) => {
                let end =
                    self.applied.folder.as_ref().and_then(|own| own.end_of_each(folders)).unwrap_or(folders.len());
                Deployed::Apiece(other.clone(), folders.get(..end).unwrap_or(folders).join("/"))
            }
            Some(other) => Deployed::To(other.clone()),
        }
    }
}

impl<'h> Hint<'h> {
    /// The namespace of what names this one, or none.
    #[must_use]
    pub fn namespace_of<'n>(&self, named: Option<&'n str>) -> Option<&'n str>
    where
        'h: 'n,
    {
        let named = named.filter(|name| !name.is_empty());
        match self.namespace {
            Some(namespace) if self.overrides => Some(namespace),
            namespace => named.or(namespace),
        }
    }
}

/// Where an object deploys what.
fn targets(object: &Object) -> Vec<Target> {
    let kind = &object.identity.kind;
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("argoproj.io", "Application") => object.tree.get("spec").map(|spec| of_spec(spec, &[])).unwrap_or_default(),
        ("argoproj.io", "ApplicationSet") => application_set(&object.tree).unwrap_or_default(),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => kustomization(object),
        _ => Vec::new(),
    }
}

/// The Applications of a set whose generators are plain lists; of others, the cluster alone.
fn application_set(tree: &Node<'_>) -> Option<Vec<Target>> {
    let template = tree.at(&["spec", "template", "spec"])?;
    let generators = tree.at(&["spec", "generators"])?.items();
    let fields = |element: &Node<'_>| -> Vec<(String, String)> {
        let entries = element.entries().iter();
        entries.filter_map(|entry| Some((entry.key.to_string(), entry.node.as_str()?.to_owned()))).collect()
    };
    let of_generator = |generator: &Node<'_>| -> Option<Vec<Target>> {
        if let Some(elements) = generator.at(&["list", "elements"]) {
            return Some(elements.items().iter().flat_map(|element| of_spec(template, &fields(element))).collect());
        }
        let cluster = destination(template, &[]).map(|cluster| match cluster {
            Destination::Generated(text, _)
                if is_of_clusters(&text, generator) && !are_told_apart(template, generator) =>
            {
                Destination::Generated(text + &asked_clusters(generator), false)
            }
            Destination::Generated(text, _) => Destination::Generated(text + &words(generator), true),
            other => other,
        });
        let applied = applied::of_spec(template, std::slice::from_ref(generator));
        Some(applied.into_iter().filter_map(|applied| Target::of(applied, None, cluster.clone())).collect())
    };
    let targets: Option<Vec<Vec<Target>>> = generators.iter().map(of_generator).collect();
    Some(targets?.into_iter().flatten().collect())
}

/// The targets of an Application's `spec`, with the parameters of its set filled in.
fn of_spec(spec: &Node<'_>, parameters: &[(String, String)]) -> Vec<Target> {
    let cluster = destination(spec, parameters);
    let namespace = spec.at(&["destination", "namespace"]).and_then(|name| filled(name.as_str()?, parameters));
    let applied = |source: &Node<'_>| {
        let path = filled(source.get("path")?.as_str()?, parameters)?;
        Some(Applied { folder: Folder::of(&path), but: Vec::new(), below: below(source) })
    };
    let applied = sources(spec).into_iter().filter_map(applied);
    applied.filter_map(|applied| Target::of(applied, namespace.clone(), cluster.clone())).collect()
}

/// Which clusters a generator asks for, in words that differ where it may ask for others.
fn asked_clusters(generator: &Node<'_>) -> String {
    let of_entry = |entry: &Entry<'_>| match entry.key.as_ref() {
        "clusters" | "clusterDecisionResource" => format!(" {}", words(&entry.node)),
        _ => asked_clusters(&entry.node),
    };
    let within = generator.entries().iter().map(of_entry);
    within.chain(generator.items().iter().map(asked_clusters)).collect()
}

/// Whether a template asks for nothing but what Argo CD's generator of clusters fills in.
fn is_of_clusters(text: &str, generator: &Node<'_>) -> bool {
    !asked_clusters(generator).is_empty() && placeholders(text).all(is_of_cluster)
}

/// What a template asks to fill in.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).map(|part| part.split("}}").next().unwrap_or_default().trim())
}

/// Whether Argo CD's generator of clusters fills this in.
fn is_of_cluster(asked: &str) -> bool {
    const FILLED: [&str; 5] = ["name", "nameNormalized", "server", "metadata", "values"];
    FILLED.contains(&asked.trim_start_matches('.').split('.').next().unwrap_or_default())
}

/// Whether each folder goes to clusters of its own: its name is filled in with what a cluster is called or labelled, or
/// the clusters are asked for by what is filled in for the folder.
fn are_told_apart(template: &Node<'_>, generator: &Node<'_>) -> bool {
    let paths = sources(template).into_iter().filter_map(|source| source.get("path")?.as_str());
    let asked = words(generator);
    paths.chain([asked.as_str()]).any(|text| placeholders(text).any(is_of_cluster))
        || asked_clusters(generator).contains("{{")
}

/// Every key and text within.
fn words(node: &Node<'_>) -> String {
    let entries = node.entries().iter().map(|entry| format!("{}:{}", entry.key, words(&entry.node)));
    let items = node.items().iter().map(words);
    let own = node.as_str().map(str::to_owned);
    entries.chain(items).chain(own).collect::<Vec<String>>().join(" ")
}

/// The cluster that an Application's `spec` names.
fn destination(spec: &Node<'_>, parameters: &[(String, String)]) -> Option<Destination> {
    let named = |field: &str, of: fn(String) -> Destination| {
        let text = spec.at(&["destination", field])?.as_str().filter(|text| !text.is_empty())?;
        Some(filled(text, parameters).map_or_else(|| Destination::Generated(text.to_owned(), true), of))
    };
    let server = |server: String| match is_here(&server) {
        true => Destination::Here,
        false => Destination::Server(one_spelling(&server)),
    };
    let name = |name: String| if name == "in-cluster" { Destination::Here } else { Destination::Name(name) };
    named("server", server).or_else(|| named("name", name))
}

/// Whether an address is that of the API server of the cluster that one is on.
pub fn is_here(server: &str) -> bool {
    server.starts_with("https://kubernetes.default.svc")
}

/// An address as every spelling of it reads: scheme and host in lower case, no default port, no slash at the end (RFC
/// 3986, 6.2). A path stays: proxies tell clusters apart by it.
pub fn one_spelling(server: &str) -> String {
    let (scheme, rest) = server.trim().split_once("://").unwrap_or(("https", server.trim()));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (scheme, authority) = (scheme.to_lowercase(), authority.to_lowercase());
    let port = if scheme == "http" { ":80" } else { ":443" };
    let host = authority.strip_suffix(port).unwrap_or(&authority).trim_end_matches('.');
    format!("{scheme}://{host}/{path}").trim_end_matches('/').to_owned()
}

/// A text with the parameters filled in, `{{name}}` or `{{.name}}`; none where something else is left to fill in.
fn filled(text: &str, parameters: &[(String, String)]) -> Option<String> {
    let mut parts = text.split("{{");
    let mut filled = parts.next()?.to_owned();
    for part in parts {
        let (key, rest) = part.split_once("}}")?;
        let key = key.trim().trim_start_matches('.');
        let (_, value) = parameters.iter().find(|(name, _)| name == key)?;
        filled.push_str(value);
        filled.push_str(rest);
    }
    Some(filled).filter(|text| !text.is_empty())
}

fn kustomization(object: &Object) -> Vec<Target> {
    let text = |steps: &[&str]| object.tree.at(steps)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let secret = text(&["spec", "kubeConfig", "secretRef", "name"]);
    let more = || {
        let key = text(&["spec", "kubeConfig", "secretRef", "key"]).unwrap_or_default();
        format!("{} {key}", object.identity.namespace.as_deref().unwrap_or_default())
    };
    let other = || text(&["spec", "kubeConfig", "configMapRef", "name"]).map(|name| format!("ConfigMap {name}"));
    let cluster = secret.or_else(other).map(|name| Destination::Kubeconfig(name, more()));
    let target = |applied| Target::of(applied, text(&["spec", "targetNamespace"]), cluster.clone());
    let overriding = |target| Target { overrides: true, ..target };
    applied::applied(object).into_iter().filter_map(target).map(overriding).collect()
}

/// The namespace into which an object installs a chart on its own cluster. Nothing of it is in the input, and it is
/// there.
#[must_use]
pub fn installs_into(object: &Object) -> Option<&str> {
    let kind = &object.identity.kind;
    let installs = match (kind.group.as_str(), kind.kind.as_str()) {
        ("helm.toolkit.fluxcd.io" | "helm.fluxcd.io", "HelmRelease") => {
            object.tree.at(&["spec", "kubeConfig"]).is_none_or(Node::is_null)
        }
        ("helm.cattle.io", "HelmChart") => true,
        _ => false,
    };
    let name = installs.then(|| object.tree.at(&["spec", "targetNamespace"])).flatten().and_then(Node::as_str);
    name.filter(|name| !name.is_empty() && !name.contains(['{', '$']))
}
