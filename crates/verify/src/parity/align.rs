//! What answers to what in two environments: objects by their identity, items of lists by the merge keys of the API.

use super::canonical;
use super::normal::{self, Names, Role};
use super::words::{self, Position, Words};
use dtap_model::environment::{Belonging, EnvironmentId, Namespace, NamespaceId};
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::Node;
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What an object is called in every environment of its street.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Group and kind.
    pub kind: GroupKind,
    /// What its namespace, or the Namespace that it is, is to the environment (see [`Names::role`]); empty in none.
    pub role: Role,
    /// Its name without prefix and suffix that tell the environment, and without a generator's hash; empty of a
    /// Namespace, whose role says which it is.
    pub name: String,
}

/// One environment, made ready to be compared.
#[derive(Debug, Default)]
pub struct Side<'snapshot> {
    /// The names the environment goes by.
    pub names: Names,
    /// Its objects. Several of one subject are alternatives (N21).
    pub objects: BTreeMap<Subject, Vec<Cow<'snapshot, Object>>>,
    /// The names of objects that are called otherwise in other environments, with the one that they have in common.
    aliases: FxHashMap<String, Alias>,
    /// Of what references name and is called otherwise than in every environment: its names here, and those there.
    otherwise: [FxHashSet<String>; 2],
    /// What texts say in the words of every environment, where that is another text; see [`words::settle`].
    words: Words,
}

/// What an object is called in every environment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alias {
    /// The name.
    name: String,
    /// What stands for the object in a text: no text that somebody writes, so that `web`, which names nothing, does not
    /// answer to `web-prd`, which names a Service.
    word: String,
}

impl<'snapshot> Side<'snapshot> {
    /// The side of an environment that goes by these names and holds these objects.
    fn new(snapshot: &'snapshot Snapshot, id: EnvironmentId, names: Names, placed: &[&'snapshot Placed]) -> Self {
        let shared = shared(snapshot, id);
        let kept = |placed: &&Placed| {
            let identity = &placed.object.identity;
            let of_all = identity.kind.is_namespace() && shared.contains(identity.name.as_str());
            canonical::is_kept(&placed.object) && !of_all
        };
        let kept: Vec<&Placed> = placed.iter().copied().filter(kept).collect();
        let mut taken: FxHashSet<(&GroupKind, Option<NamespaceId>, &str)> = FxHashSet::default();
        taken.extend(kept.iter().map(|placed| {
            let identity = &placed.object.identity;
            (&identity.kind, placed.namespace, identity.name.as_str())
        }));
        let mut side = Self { names, ..Self::default() };
        let mut objects: Vec<(Subject, Cow<'snapshot, Object>)> = Vec::with_capacity(kept.len());
        for placed in kept {
            let identity = &placed.object.identity;
            let common = common_name(&identity.kind, &identity.name, &side.names);
            // Where `web` stands beside `web-dev`, they are two things.
            let free = common == identity.name.as_str()
                || !taken.contains(&(&identity.kind, placed.namespace, common.as_ref()));
            let name = if free { common } else { side.names.normal(&identity.name) };
            let subject = side.subject(snapshot, placed, name.into_owned());
            objects.push((subject, canonical::written_alike(&placed.object)));
        }
        side.objects = by_subject(objects);
        side
    }

    fn subject(&self, snapshot: &Snapshot, placed: &Placed, name: String) -> Subject {
        let kind = placed.object.identity.kind.clone();
        if kind.is_namespace() {
            let role = self.names.role(&placed.object.identity.name).clone();
            return Subject { kind, role, name: String::new() };
        }
        let namespace = placed.namespace.and_then(|id| snapshot.namespace(id));
        let role = namespace.map(|namespace| self.names.role(&namespace.name).clone()).unwrap_or_default();
        Subject { kind, role, name }
    }

    /// Gives a subject another name, unless that is taken.
    fn rename(&mut self, old: &Subject, name: &str) {
        let new = Subject { name: name.to_owned(), ..old.clone() };
        if self.objects.contains_key(&new) {
            return;
        }
        let objects = self.objects.remove(old).unwrap_or_default();
        self.objects.insert(new, objects);
    }

    /// What a text says in the words of every environment: the object that it names, else itself with `{environment}`
    /// and `{namespace}` for the own ones.
    #[must_use]
    pub fn common<'text>(&'text self, text: &'text str) -> Cow<'text, str> {
        self.alias(text).map_or_else(|| self.names.common(text), |alias| Cow::Borrowed(&alias.word))
    }

    /// The same of a text that names an object, which need not be in the input: without the words for the environment,
    /// as objects are aligned. Where the object of that name is in the input and called otherwise, the text names none.
    #[must_use]
    pub fn common_reference<'text>(&'text self, text: &'text str) -> Cow<'text, str> {
        if let Some(alias) = self.alias(text) {
            return Cow::Borrowed(&alias.name);
        }
        let stem = self.names.stem(text);
        let [own, common] = &self.otherwise;
        if stem.is_empty() {
            self.common(text)
        } else if common.contains(&stem) && !own.contains(text) {
            Cow::Owned(format!("{{no object {stem}}}"))
        } else {
            Cow::Owned(stem)
        }
    }

    /// What the object of this name is called in every environment, where that is another name in one of them.
    fn alias(&self, name: &str) -> Option<&Alias> {
        if self.aliases.is_empty() { None } else { self.aliases.get(name) }
    }

    /// The same of a text at a position, unless it says the same in another environment of the street, spelt alike.
    #[must_use]
    pub fn word<'text>(&'text self, at: Position, text: &'text str) -> &'text str {
        self.words.get(&at).and_then(|words| words.get(text)).map_or(text, String::as_str)
    }

    /// Settles the words; whether they are others than before.
    pub(super) fn settle(&mut self, words: Words) -> bool {
        let changes = self.words != words;
        self.words = words;
        changes
    }
}

/// The names of an environment's namespaces in which others stand as well: each of them has the Namespace, whichever
/// declares it.
fn shared(snapshot: &Snapshot, id: EnvironmentId) -> FxHashSet<&str> {
    let own = |namespace: &&Namespace| namespace.belonging == Belonging::Environment(id);
    let wholes: FxHashSet<NamespaceId> =
        snapshot.namespaces.iter().filter(own).map(|namespace| namespace.whole).collect();
    let others = snapshot.namespaces.iter().filter(|namespace| {
        matches!(namespace.belonging, Belonging::Environment(other) if other != id) && wholes.contains(&namespace.whole)
    });
    others.map(|namespace| namespace.name.as_str()).collect()
}

/// Groups objects by their subject; those of one subject stay in order.
fn by_subject<'snapshot>(
    mut objects: Vec<(Subject, Cow<'snapshot, Object>)>,
) -> BTreeMap<Subject, Vec<Cow<'snapshot, Object>>> {
    objects.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut grouped: Vec<(Subject, Vec<Cow<'snapshot, Object>>)> = Vec::with_capacity(objects.len());
    for (subject, object) in objects {
        match grouped.last_mut().filter(|(last, _)| *last == subject) {
            Some((_, alternatives)) => alternatives.push(object),
            None => grouped.push((subject, vec![object])),
        }
    }
    grouped.into_iter().collect()
}

/// What one side has of a subject; the side by its position.
pub type Held<'side> = (&'side Subject, usize, &'side [Cow<'side, Object>]);

/// What each side has of every subject, in the order of subjects, then of sides. What is sorted is merged: the cost
/// grows with the number of objects alone.
#[must_use]
pub fn held<'side>(sides: impl Iterator<Item = &'side Side<'side>>) -> Vec<Held<'side>> {
    let of = |(position, side): (usize, &'side Side<'side>)| {
        side.objects.iter().map(move |(subject, objects)| (subject, position, objects.as_slice()))
    };
    let mut held: Vec<Held<'side>> = sides.enumerate().flat_map(of).collect();
    held.sort_by_key(|(subject, ..)| *subject);
    held
}

/// The sides of environments that are compared with one another, each with its objects.
#[must_use]
pub fn sides<'snapshot>(
    snapshot: &'snapshot Snapshot,
    environments: &[EnvironmentId],
    objects: &BTreeMap<EnvironmentId, Vec<&'snapshot Placed>>,
) -> Vec<Side<'snapshot>> {
    let mut names: Vec<Names> = environments.iter().map(|id| Names::of(snapshot, *id)).collect();
    normal::agree(&mut names.iter_mut().collect::<Vec<_>>());
    let side = |(id, names): (&EnvironmentId, Names)| {
        Side::new(snapshot, *id, names, objects.get(id).map_or(&[], Vec::as_slice))
    };
    let mut sides: Vec<Side<'_>> = environments.par_iter().zip(names).map(side).collect();
    reconcile(&mut sides);
    sides
}

/// Makes the sides of one street speak alike: of objects that only the words for the environment or its namespace tell
/// apart, and then in texts. What answers to what does not depend on which two are compared.
fn reconcile(sides: &mut [Side<'_>]) {
    let spelt_alike: Stem = |_, name| name.to_owned();
    for stem in [Names::stem, Names::stem_without_namespaces, spelt_alike] {
        rename(sides, stem);
    }
    call(sides);
    words::settle(sides);
}

/// The kinds of what references name.
const REFERRED: [&str; 4] = ["ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount"];

/// Settles which names are those of one object: of what several sides have, where its names are not the same in the
/// words of every environment anyway. A Namespace is named by [`Names::common`].
fn call(sides: &mut [Side<'_>]) {
    let mut called: Vec<(usize, String, Alias)> = Vec::new();
    for same in held(sides.iter()).chunk_by(|(left, ..), (right, ..)| left == right) {
        let Some((subject, ..)) = same.first().filter(|(subject, ..)| same.len() > 1 && !subject.kind.is_namespace())
        else {
            continue;
        };
        let mut common = called_in(same).filter_map(|(side, name)| Some(sides.get(side)?.names.common(name)));
        let first = common.next();
        if common.any(|common| Some(&common) != first.as_ref()) {
            let alias = Alias { name: subject.name.clone(), word: format!("{{object {}}}", subject.name) };
            called.extend(called_in(same).map(|(side, name)| (side, name.to_owned(), alias.clone())));
        }
    }
    for (side, name, alias) in called {
        if let Some(side) = sides.get_mut(side) {
            side.aliases.insert(name, alias);
        }
    }
    for side in sides {
        let referred = side.objects.iter().filter(|(subject, _)| REFERRED.contains(&subject.kind.kind.as_str()));
        let names = referred.flat_map(|(subject, objects)| objects.iter().map(|object| (object, &subject.name)));
        let [own, common] = &mut side.otherwise;
        for (object, name) in names.filter(|(object, name)| object.identity.name != **name) {
            own.insert(object.identity.name.to_string());
            common.insert(name.clone());
        }
    }
}

/// The names of objects, each with its side.
fn called_in<'held>(held: &'held [Held<'_>]) -> impl Iterator<Item = (usize, &'held str)> {
    held.iter().flat_map(|(_, side, objects)| objects.iter().map(|object| (*side, object.identity.name.as_str())))
}

/// Gives one name to objects with the same stem. Only to what nothing answers to by name on some side, and only where
/// each side has one of them: where `web` stands beside `web-dev`, they are two things.
fn rename(sides: &mut [Side<'_>], stem: Stem) {
    for ((kind, role, _), members) in alike(sides, stem) {
        let mut own: Vec<usize> = members.iter().map(|(side, _)| *side).collect();
        own.dedup();
        let name = members.iter().map(|(_, name)| name).min_by_key(|name| (name.contains('{'), name.len(), *name));
        let Some(name) = name.cloned().filter(|_| own.len() == members.len()) else { continue };
        for (position, old) in members {
            if let Some(side) = sides.get_mut(position).filter(|_| old != name) {
                side.rename(&Subject { kind: kind.clone(), role: role.clone(), name: old }, &name);
            }
        }
    }
}

/// What of a name objects must have in common to be one.
type Stem = fn(&Names, &str) -> String;

/// Kind, role and stem, with each side and name that has them.
type Alike = BTreeMap<(GroupKind, Role, String), Vec<(usize, String)>>;

/// The subjects that not every side has, by their stem.
fn alike(sides: &[Side<'_>], stem: Stem) -> Alike {
    let mut alike: Alike = BTreeMap::new();
    // Mostly, every side has every subject, which is seen sooner than they are sorted.
    if sides.windows(2).all(|pair| matches!(pair, [one, other] if one.objects.keys().eq(other.objects.keys()))) {
        return alike;
    }
    let held = held(sides.iter());
    let same = held.chunk_by(|(left, ..), (right, ..)| left == right);
    for (subject, position, objects) in same.filter(|same| same.len() < sides.len()).flatten() {
        let object = objects.first().filter(|_| !subject.kind.is_namespace());
        let Some((object, side)) = object.zip(sides.get(*position)) else { continue };
        let key = (subject.kind.clone(), subject.role.clone(), stem(&side.names, &object.identity.name));
        alike.entry(key).or_default().push((*position, subject.name.clone()));
    }
    // In the order of the sides.
    alike.values_mut().for_each(|members| members.sort());
    alike
}

/// The objects of every environment, in the snapshot's order; those that may not be applied are not compared.
#[must_use]
pub fn by_environment(snapshot: &Snapshot) -> BTreeMap<EnvironmentId, Vec<&Placed>> {
    let mut by_environment: BTreeMap<EnvironmentId, Vec<&Placed>> = BTreeMap::new();
    for (at, placed) in snapshot.objects.iter().enumerate() {
        if let Some(id) = placed.environment.filter(|_| !snapshot.unapplied.contains_key(&at)) {
            by_environment.entry(id).or_default().push(placed);
        }
    }
    by_environment
}

/// A name without a generator's hash and without what tells the environment.
fn common_name<'text>(kind: &GroupKind, name: &'text str, names: &Names) -> Cow<'text, str> {
    let generated = kind.group.is_empty() && matches!(kind.kind.as_str(), "ConfigMap" | "Secret");
    let unhashed = if generated { without_hash(name) } else { name };
    names.bare(unhashed)
}

/// A name without the hash that kustomize's generators put at its end: ten characters of what its encoder writes
/// (`api/hasher`: hexadecimal digits with `0 1 3 a e` as `g h k m t`).
fn without_hash(name: &str) -> &str {
    let hash = |text: &str| {
        text.len() == 10
            && text.bytes().all(|byte| b"2456789bcdfghkmt".contains(&byte))
            && text.bytes().any(|byte| byte.is_ascii_digit())
    };
    match name.rsplit_once('-') {
        Some((stem, last)) if hash(last) && !stem.is_empty() => stem,
        _ => name,
    }
}

/// By which keys the items of a list are told apart: by list, those that the API merges by and those that name an item
/// better, the best first. What is not listed is tried by `name`.
const MERGE_KEYS: [(&str, &[&str]); 12] = [
    ("ports", &["containerPort", "port", "name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey"]),
    ("tolerations", &["key"]),
    // Those of a PrometheusRule. A host is what differs between environments, so it tells no rule apart.
    ("rules", &["alert", "record"]),
    ("paths", &["path"]),
    ("tls", &[]),
    ("items", &["key", "path"]),
    ("ownerReferences", &["name"]),
    ("parentRefs", &["name"]),
];

/// The merge key of two lists under `list`: the first that every item of both has, as a scalar, each value once a list.
#[must_use]
pub fn merge_key(list: &str, left: &[Node<'_>], right: &[Node<'_>]) -> Option<&'static str> {
    keys(list).iter().copied().find(|key| tells_apart(key, left) && tells_apart(key, right))
}

/// The keys by which the items of a list may be told apart.
pub(super) fn keys(list: &str) -> &'static [&'static str] {
    MERGE_KEYS.iter().find(|(name, _)| *name == list).map_or(&["name"], |(_, keys)| keys)
}

/// Whether every item has the key and no two the same value.
fn tells_apart(key: &str, items: &[Node<'_>]) -> bool {
    let mut seen = FxHashSet::default();
    items.iter().all(|item| item.get(key).and_then(canonical::scalar).is_some_and(|value| seen.insert(value)))
}

/// Lists whose items the API tells apart, whatever their order (`listType=map` and `set`), in every kind that has pods.
const FREE: [&str; 11] = [
    "ports",
    "volumes",
    "volumeMounts",
    "volumeDevices",
    "imagePullSecrets",
    "finalizers",
    "ownerReferences",
    "tolerations",
    "topologySpreadConstraints",
    "matchExpressions",
    "hostAliases",
];

/// Lists of Kubernetes' own kinds that say something by their order: what runs or starts in it, and what is looked at
/// one after another.
const ORDERED: [&str; 7] = ["args", "command", "initContainers", "containers", "envFrom", "nameservers", "searches"];

/// Whether the order of a list counts. In the kinds of Kubernetes itself it is known of which; of other kinds nobody
/// knows, so there it counts, whether names tell the items apart or not: the first route that matches wins.
#[must_use]
pub fn keeps_order(kind: &GroupKind, list: &str, items: &[Node<'_>]) -> bool {
    let group = kind.group.as_str();
    // Routes are matched in their order where nothing else ranks them (Gateway API, HTTPRouteRule).
    let known = !group.contains('.') || group.ends_with(".k8s.io") && group != "gateway.networking.k8s.io";
    match list {
        "env" => follows_order(items),
        "rules" if group == "batch" => true,
        _ if FREE.contains(&list) => false,
        _ => !known || ORDERED.contains(&list),
    }
}

/// Whether the order of variables counts: `$(A)` stands for the `A` before it, and of two of one name the last wins.
fn follows_order(variables: &[Node<'_>]) -> bool {
    let refers = |item: &Node<'_>| item.get("value").and_then(Node::as_str).is_some_and(|value| value.contains("$("));
    variables.iter().any(refers) || !tells_apart("name", variables)
}
