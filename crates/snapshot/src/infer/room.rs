//! Rooms: what stands in one namespace of one cluster, or in none, before it is known what environment that is.

use super::cluster::Clusters;
use super::corrections::Subject;
use super::evidence;
use super::hint::{self, Deployed};
use super::input::Input;
use super::scope::Scopes;
use dtap_model::label::Labels;
use dtap_model::object::Object;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// One namespace of one cluster, or everything in that cluster that names none.
#[derive(Debug, Default)]
pub struct Room {
    /// The cluster, as an index.
    pub cluster: usize,
    /// The namespace's name.
    pub name: Option<String>,
    /// The Namespace objects that declare it, as indices into the input's objects; several are alternatives (N21).
    pub declared: Vec<usize>,
    /// The labels of the first that declares it.
    pub labels: Labels,
    /// The objects in it, as indices.
    pub objects: Vec<usize>,
    /// The controller-owned pods in it, as indices.
    pub pods: Vec<usize>,
    /// The clusters to which deployment tools bring what is in it, where the user does not say which it is. Several may
    /// be several clusters.
    pub deployed: BTreeSet<Deployed>,
}

impl Room {
    /// The room with the labels of its Namespace. Which of several is looked at is not a matter of the order in which
    /// they were read.
    fn with_labels(mut self, input: &Input<'_>) -> Self {
        let labels = |index: &usize| input.object(*index).map(|read| evidence::labels(&read.object));
        if self.declared.len() > 1 {
            self.declared.sort_by_cached_key(labels);
        }
        self.labels = self.declared.first().and_then(labels).unwrap_or_default();
        self
    }
}

/// Every room, and what stands in none.
pub struct Rooms {
    /// In the order of cluster and name; the one without a name first.
    pub list: Vec<Room>,
    /// Cluster-scoped objects with their cluster, as indices, Namespaces included.
    pub outside: Vec<(usize, usize)>,
}

impl Rooms {
    /// Puts every object and pod into its room.
    #[must_use]
    pub fn of(input: &Input<'_>, scopes: &Scopes, clusters: &Clusters<'_>) -> Self {
        let declarations = declarations(input);
        let none = Labels::new();
        let labels_of = |name: Option<&str>| name.and_then(|name| declarations.get(name)).unwrap_or(&none);
        let mut rooms: BTreeMap<(usize, Option<&str>), Room> = BTreeMap::new();
        let mut outside = Vec::new();
        for (index, (read, context)) in input.objects().enumerate() {
            let object = &read.object;
            let (name, scoped) = standing(object, scopes);
            let name = if scoped { name } else { input.namespace_of(context, name) };
            let labels = if clusters.needs_labels() { evidence::labels(object) } else { Vec::new() };
            let subject = Subject {
                namespace: name,
                labels: &labels,
                namespace_labels: labels_of(name),
                context: Some(&read.context),
                cluster: None,
            };
            let cluster = clusters.of(context, &subject);
            if scoped {
                outside.push((index, cluster));
            }
            if let Some(installed) = hint::installs_into(object) {
                rooms.entry((cluster, Some(installed))).or_default();
            }
            let is_namespace = object.identity.kind.is_namespace();
            if is_namespace || !scoped {
                let deployed = input.deployed.get(context).and_then(Option::as_ref);
                let room = rooms.entry((cluster, name)).or_default();
                room.deployed.extend(deployed.filter(|_| !clusters.are_corrected(&subject)).cloned());
                if is_namespace { &mut room.declared } else { &mut room.objects }.push(index);
            }
        }
        add_pods(input, clusters, &declarations, &mut rooms);
        for (unread, context) in input.unread() {
            let name = unread.namespace.as_deref().filter(|name| !name.is_empty());
            let subject = Subject {
                namespace: name,
                labels: &none,
                namespace_labels: labels_of(name),
                context: Some(&unread.context),
                cluster: None,
            };
            // What could not be read tells that something stands there.
            rooms.entry((clusters.of(context, &subject), name)).or_default();
        }
        let list = rooms.into_iter().map(|((cluster, name), room)| {
            let room = Room { cluster, name: name.map(str::to_owned), ..room };
            room.with_labels(input)
        });
        Self { list: list.collect(), outside }
    }

    /// The clusters on which anything stands.
    #[must_use]
    pub fn clusters(&self) -> BTreeSet<usize> {
        let inside = self.list.iter().map(|room| room.cluster);
        inside.chain(self.outside.iter().map(|(_, cluster)| *cluster)).collect()
    }
}

/// The namespace an object stands in or declares, and whether it is cluster-scoped.
fn standing<'o>(object: &'o Object, scopes: &Scopes) -> (Option<&'o str>, bool) {
    if object.identity.kind.is_namespace() {
        return (Some(&object.identity.name), true);
    }
    let scoped = scopes.is_cluster_scoped(&object.identity);
    (object.identity.namespace.as_deref().filter(|name| !scoped && !name.is_empty()), scoped)
}

/// The labels that each Namespace is declared with somewhere, for selectors by label.
fn declarations<'r>(input: &Input<'r>) -> FxHashMap<&'r str, Labels> {
    let mut declarations = FxHashMap::default();
    for (read, _) in input.objects().filter(|(read, _)| read.object.identity.kind.is_namespace()) {
        declarations.entry(read.object.identity.name.as_str()).or_insert_with(|| evidence::labels(&read.object));
    }
    declarations
}

/// Puts pods into their rooms; neighbours are mostly of one.
fn add_pods<'r>(
    input: &Input<'r>,
    clusters: &Clusters<'_>,
    declarations: &FxHashMap<&str, Labels>,
    rooms: &mut BTreeMap<(usize, Option<&'r str>), Room>,
) {
    let none = Labels::new();
    let mut waiting: FxHashMap<(usize, Option<&'r str>), Vec<usize>> = FxHashMap::default();
    for (index, (pod, context)) in input.pods().enumerate() {
        let name = input.namespace_of(context, pod.namespace.as_deref());
        let subject = Subject {
            namespace: name,
            labels: &pod.labels,
            namespace_labels: name.and_then(|name| declarations.get(name)).unwrap_or(&none),
            context: Some(&pod.context),
            cluster: None,
        };
        waiting.entry((clusters.of(context, &subject), name)).or_default().push(index);
    }
    let mut waiting: Vec<_> = waiting.into_iter().collect();
    waiting.sort_unstable();
    for (key, pods) in waiting {
        rooms.entry(key).or_default().pods = pods;
    }
}
