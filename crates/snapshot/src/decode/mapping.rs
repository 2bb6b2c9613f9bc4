//! Settles the entries of a mapping in which keys may repeat: the last one is read, as kubectl does.

use dtap_model::tree::{Entry, Span};

/// How deep a document may nest. Kubernetes' own types nest less than half as deep.
pub const DEPTH_LIMIT: usize = 255;

/// A key that occurs more than once in one mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// The places of the keys: the one that is read first, then the others in order.
    pub places: Vec<Span>,
}

/// Up to how many entries pairs are compared; beyond, the keys are sorted.
const PAIRWISE: usize = 12;

/// Keeps the last entry of each key, in the order of the source, and tells the duplicates.
pub fn settle(entries: &mut Vec<Entry<'_>>, duplicates: &mut Vec<Duplicate>) {
    if has_repeats(entries) {
        for (key, mut places) in drop_overridden(entries) {
            places.reverse();
            if let [_, earlier @ ..] = places.as_mut_slice() {
                earlier.reverse();
            }
            duplicates.push(Duplicate { key, places });
        }
    }
}

/// The same without telling: for entries that a merge key brought and another entry overrides.
pub fn override_earlier(entries: &mut Vec<Entry<'_>>) {
    if has_repeats(entries) {
        drop_overridden(entries);
    }
}

fn has_repeats(entries: &[Entry<'_>]) -> bool {
    if entries.len() <= PAIRWISE {
        return entries
            .iter()
            .enumerate()
            .any(|(position, entry)| entries.iter().skip(position + 1).any(|later| later.key == entry.key));
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_ref()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| matches!(pair, [left, right] if left == right))
}

/// Removes every entry that a later one overrides; gives each such key with the places of all its entries in order.
fn drop_overridden(entries: &mut Vec<Entry<'_>>) -> Vec<(String, Vec<Span>)> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    let key = |index: &usize| entries.get(*index).map_or("", |entry| entry.key.as_ref());
    order.sort_by(|left, right| key(left).cmp(key(right)));
    let mut repeated = Vec::new();
    let mut dropped = vec![false; entries.len()];
    for group in order.chunk_by(|left, right| key(left) == key(right)) {
        let [overridden @ .., last] = group else { continue };
        if overridden.is_empty() {
            continue;
        }
        let places = group.iter().filter_map(|index| entries.get(*index)).map(|entry| entry.key_span).collect();
        repeated.push((*last, key(last).to_owned(), places));
        for index in overridden {
            if let Some(flag) = dropped.get_mut(*index) {
                *flag = true;
            }
        }
    }
    repeated.sort_unstable();
    let mut dropped = dropped.into_iter();
    entries.retain(|_| !dropped.next().unwrap_or(false));
    repeated.into_iter().map(|(_, key, places)| (key, places)).collect()
}
