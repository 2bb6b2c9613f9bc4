//! What might tell environments apart where fewer than two were found, and which options to try so that there are two.

use super::input::Input;
use super::room::Room;
use crate::snapshot::Candidate;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many are shown.
const SHOWN: usize = 8;
/// A label with more values than this tells no environments apart.
const VALUES: usize = 8;
/// How many ways of making two environments are tried: each costs as much as finding the environments does.
const TRIES: usize = 4;

/// What stands in one room and one context, as their indices.
type Atom = (usize, usize);

/// A candidate and what it would take.
pub struct Found {
    /// The candidate.
    pub candidate: Candidate,
    takes: BTreeSet<Atom>,
}

/// The candidates, the most frequent first.
#[must_use]
pub fn candidates(input: &Input<'_>, rooms: &[Room]) -> Vec<Found> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut takes: BTreeMap<String, BTreeSet<Atom>> = BTreeMap::new();
    let atoms: Vec<BTreeSet<usize>> = rooms.iter().map(|room| contexts(input, room)).collect();
    let mut take = |selector: &str, room: usize, of: &dyn Fn(usize) -> bool| {
        let contexts = atoms.get(room).into_iter().flatten().filter(|context| of(**context));
        takes.entry(selector.to_owned()).or_default().extend(contexts.map(|context| (room, *context)));
    };
    for (at, name) in rooms.iter().enumerate().filter_map(|(at, room)| Some((at, room.name.as_deref()?))) {
        let selector = match name.rsplit_once('-') {
            Some((_, last)) => format!("namespace:*-{last}"),
            None => format!("namespace:{name}"),
        };
        take(&selector, at, &|_| true);
        *counts.entry(selector).or_default() += 1;
    }
    let root = input.root();
    let folders: Vec<Option<String>> = input.contexts.iter().map(|context| folder(&root, &context.path)).collect();
    for (at, (folder, namespaces)) in folders.iter().zip(&input.namespaces_of_contexts).enumerate() {
        let Some(selector) = folder.as_ref().map(|folder| format!("path:{folder}")) else { continue };
        (0..rooms.len()).for_each(|room| take(&selector, room, &|context| context == at));
        *counts.entry(selector).or_default() += namespaces.len().max(1);
    }
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in rooms.iter().flat_map(|room| &room.labels) {
        values.entry(key).or_default().insert(value);
    }
    let labels = rooms.iter().enumerate().flat_map(|(at, room)| room.labels.iter().map(move |label| (at, label)));
    for (at, (key, value)) in labels {
        if values.get(key.as_str()).is_some_and(|values| (2..=VALUES).contains(&values.len())) {
            let selector = format!("label:{key}={value}");
            take(&selector, at, &|_| true);
            *counts.entry(selector).or_default() += 1;
        }
    }
    let mut candidates: Vec<Found> = counts
        .into_iter()
        .map(|(selector, count)| {
            let takes = takes.remove(&selector).unwrap_or_default();
            Found { candidate: Candidate { selector, count }, takes }
        })
        .collect();
    candidates.sort_by(|Found { candidate: one, .. }, Found { candidate: other, .. }| {
        (Reverse(one.count), &one.selector).cmp(&(Reverse(other.count), &other.selector))
    });
    candidates.truncate(SHOWN);
    candidates
}

/// The folder below the root that a path leads into.
fn folder(root: &str, path: &str) -> Option<String> {
    let below = path.strip_prefix(root).unwrap_or(path).trim_start_matches('/');
    let (folder, _) = below.split_once('/')?;
    Some(if root.is_empty() { folder.to_owned() } else { format!("{root}/{folder}") })
}

/// The contexts in which what stands in a room was read.
fn contexts(input: &Input<'_>, room: &Room) -> BTreeSet<usize> {
    let objects = room.objects.iter().chain(&room.declared).map(|object| input.context_of_object(*object));
    objects.chain(room.pods.iter().map(|pod| input.context_of_pod(*pod))).collect()
}

/// The ways worth a try to have two environments, each as the options `NAME=SELECTOR`, the best first: where one was
/// found, by an option that makes another of what it leaves; else by two that take nothing of each other's.
#[must_use]
pub fn tries(found: &[Found], stages: &BTreeSet<&str>) -> Vec<Vec<String>> {
    let named: Vec<(&Found, String, String)> = found
        .iter()
        .filter_map(|it| {
            let name = name(&it.candidate.selector).filter(|name| !stages.contains(name))?;
            Some((it, name.to_owned(), format!("{name}={}", it.candidate.selector)))
        })
        .collect();
    let singles = named.iter().filter(|_| !stages.is_empty()).map(|(.., option)| vec![option.clone()]);
    let pairs =
        named.iter().enumerate().flat_map(|(at, first)| named.iter().skip(at + 1).map(move |next| (first, next)));
    let pairs = pairs.filter(|((one, name, _), (other, next, _))| name != next && one.takes.is_disjoint(&other.takes));
    let pairs = pairs.map(|((.., one), (.., other))| vec![one.clone(), other.clone()]);
    singles.take(TRIES / 2).chain(pairs).take(TRIES).collect()
}

/// What an environment that a selector picks may be called: by what the selector tells it by.
fn name(selector: &str) -> Option<&str> {
    let (_, value) = selector.split_once(':')?;
    let name = value.rsplit(['/', '=']).next()?.trim_start_matches("*-");
    let is_plain = |name: &&str| name.chars().all(|letter| letter.is_alphanumeric() || "-_.".contains(letter));
    Some(name).filter(is_plain).filter(|name| !name.is_empty() && *name != super::place::SHARED)
}
