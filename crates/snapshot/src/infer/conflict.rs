//! Stages that cannot be one cluster: those of one street that hold the same things, and not with the same content.
//!
//! Only what names a neutral namespace counts: a stray object in a namespace that says a stage or serves all is a
//! mistake and no second cluster. Most of what the smaller stage holds must be in the other, too: one document in
//! common is a mistake as well, and then the two are alternatives (N21). A street that tells its stages apart by
//! namespaces needs no second cluster. Streets that each show their stages to be clusters are taken to have the same
//! clusters, named after the stages; a street that does not, or only in part, stands on a cluster that is not said.

use super::cluster::Ground;
use super::folder::Folder;
use super::input::Input;
use super::scope::Scopes;
use super::{shared, stage};
use dtap_model::object::{GroupKind, Object};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What names an object, in a neutral namespace.
type Key<'r> = (&'r GroupKind, &'r str, &'r str);
/// How many different contents of one object are compared: one missed makes a conflict less, never one more.
const CONTENTS: usize = 8;

/// What the stages of one street hold.
#[derive(Default)]
struct Street<'r> {
    /// The objects of each stage, each with its distinct contents.
    stages: BTreeMap<&'r stage::Stage, FxHashMap<Key<'r>, Vec<&'r Object>>>,
    /// Whether namespaces tell its stages apart.
    by_namespace: bool,
}

/// The clusters that conflicts show.
#[must_use]
pub fn ground(input: &Input<'_>, folders: &[Option<Folder>], scopes: &Scopes) -> Option<Ground> {
    let streets = streets(input, folders, scopes);
    let mut alone: BTreeMap<(&str, &stage::Stage), String> = BTreeMap::new();
    for (name, street) in &streets {
        alone.extend(street.alone().into_iter().map(|(stage, what)| ((*name, stage), what)));
    }
    let mut evidence = BTreeMap::new();
    for ((_, stage), what) in &alone {
        let why = format!("{what} differs from the other stages', so they cannot be one cluster");
        evidence.entry(stage.name.clone()).or_insert(why);
    }
    let is_alone = |folder: &&Folder| alone.contains_key(&(street_of(folder), &folder.stage));
    let of = |folder: &Option<Folder>| folder.as_ref().filter(is_alone).map(|folder| folder.stage.name.clone());
    let by_context = folders.iter().map(of).collect();
    (!evidence.is_empty()).then_some(Ground { by_context, evidence, guessed: false })
}

fn street_of(folder: &Folder) -> &str {
    folder.street.as_deref().unwrap_or_default()
}

/// What each street holds in neutral namespaces.
fn streets<'r>(input: &Input<'r>, folders: &'r [Option<Folder>], scopes: &Scopes) -> BTreeMap<&'r str, Street<'r>> {
    let mut streets: BTreeMap<&str, Street<'r>> = BTreeMap::new();
    for (context, folder) in folders.iter().enumerate() {
        if let Some(folder) = folder {
            let street = streets.entry(street_of(folder)).or_default();
            street.stages.entry(&folder.stage).or_default();
            street.by_namespace |= input.tells_stages_apart(context);
        }
    }
    for (read, context) in input.objects() {
        let identity = &read.object.identity;
        let namespace = if identity.kind.is_namespace() {
            Some(identity.name.as_str())
        } else {
            input.namespace_of(context, identity.namespace.as_deref()).filter(|_| !scopes.is_cluster_scoped(identity))
        };
        let Some(namespace) = namespace else { continue };
        let Some(Some(folder)) = folders.get(context) else { continue };
        if !is_neutral(namespace) {
            continue;
        }
        let held = streets.get_mut(street_of(folder)).and_then(|street| street.stages.get_mut(&folder.stage));
        let Some(contents) = held.map(|held| held.entry((&identity.kind, namespace, &identity.name)).or_default())
        else {
            continue;
        };
        if contents.len() < CONTENTS && !contents.iter().any(|known| known.tree.same_value(&read.object.tree)) {
            contents.push(&read.object);
        }
    }
    streets
}

/// Whether this can be a namespace's name, and neither says a stage nor serves all. Tests and templates hold names such
/// as `($namespace)`.
fn is_neutral(name: &str) -> bool {
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    is_name && !shared::is_known(name) && stage::of_name(name).is_none()
}

impl<'r> Street<'r> {
    /// The stages that cannot be one cluster with any other of the street's that holds something, each with an object
    /// that shows it.
    fn alone(&self) -> Vec<(&'r stage::Stage, String)> {
        if self.by_namespace {
            return Vec::new();
        }
        let of = |stage: &&'r stage::Stage| {
            // One of which nothing is known may be on any of the clusters.
            let others = self.stages.iter().filter(|(_, held)| !held.is_empty()).map(|(other, _)| other);
            let others = others.filter(|other| *other != stage);
            let conflicts: Option<Vec<String>> = others.map(|other| self.conflict(stage, other)).collect();
            Some((*stage, conflicts?.into_iter().min()?))
        };
        self.stages.keys().filter_map(of).collect()
    }

    /// An object that two stages cannot both have on one cluster, where most of what they hold is in both.
    fn conflict(&self, one: &stage::Stage, other: &stage::Stage) -> Option<String> {
        let (one, other) = (self.stages.get(one)?, self.stages.get(other)?);
        let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
        let both: Vec<_> = few.iter().filter_map(|(key, contents)| Some((key, contents, many.get(key)?))).collect();
        let differ = |contents: &[&Object], others: &[&Object]| {
            !contents.iter().any(|content| others.iter().any(|other| content.tree.same_value(&other.tree)))
        };
        let differing =
            both.iter().filter(|(_, contents, others)| differ(contents, others)).map(|(key, ..)| *key).min();
        let (kind, namespace, name) = differing.filter(|_| both.len() * 2 > few.len())?;
        Some(format!("{} {namespace}/{name}", kind.kind))
    }
}
