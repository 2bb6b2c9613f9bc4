//! What might tell environments apart where no stage was found: shown with the option that would take it.

use super::input::Input;
use super::room::Room;
use crate::snapshot::Candidate;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many are shown.
const SHOWN: usize = 8;
/// A label with more values than this tells no environments apart.
const VALUES: usize = 8;

/// The candidates, the most frequent first.
#[must_use]
pub fn candidates(input: &Input<'_>, rooms: &[Room]) -> Vec<Candidate> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in rooms.iter().filter_map(|room| room.name.as_deref()) {
        let selector = match name.rsplit_once('-') {
            Some((_, last)) => format!("namespace:*-{last}"),
            None => format!("namespace:{name}"),
        };
        *counts.entry(selector).or_default() += 1;
    }
    let root = input.root();
    for (context, namespaces) in input.contexts.iter().zip(&input.namespaces_of_contexts) {
        let below = context.path.strip_prefix(root.as_str()).unwrap_or(&context.path).trim_start_matches('/');
        if let Some((folder, _)) = below.split_once('/') {
            let path = if root.is_empty() { folder.to_owned() } else { format!("{root}/{folder}") };
            *counts.entry(format!("path:{path}")).or_default() += namespaces.len().max(1);
        }
    }
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, value) in rooms.iter().flat_map(|room| &room.labels) {
        values.entry(key).or_default().insert(value);
    }
    for (key, value) in rooms.iter().flat_map(|room| &room.labels) {
        if values.get(key.as_str()).is_some_and(|values| (2..=VALUES).contains(&values.len())) {
            *counts.entry(format!("label:{key}={value}")).or_default() += 1;
        }
    }
    let mut candidates: Vec<Candidate> =
        counts.into_iter().map(|(selector, count)| Candidate { selector, count }).collect();
    candidates.sort_by(|one, other| (Reverse(one.count), &one.selector).cmp(&(Reverse(other.count), &other.selector)));
    candidates.truncate(SHOWN);
    candidates
}
