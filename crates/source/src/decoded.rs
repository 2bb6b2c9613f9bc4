//! Joins what single texts hold into one reading.

use dtap_snapshot::Reading;
use dtap_snapshot::decode::Decoded;

/// Adds what one text holds. Texts are added in the order of their sources.
pub fn merge(reading: &mut Reading, decoded: Decoded) {
    add_all(&mut reading.objects, decoded.objects);
    add_all(&mut reading.pods, decoded.pods);
    reading.notices.extend(decoded.notices);
    reading.unread.extend(decoded.unread);
    reading.account.documents += decoded.documents;
    reading.account.found += decoded.found;
    for (what, count) in decoded.not_kubernetes {
        add(&mut reading.account.not_kubernetes, what, count);
    }
}

/// Adds to a list. Those of a large cluster are large: none is copied into an empty one.
fn add_all<T>(known: &mut Vec<T>, mut more: Vec<T>) {
    if known.is_empty() { *known = more } else { known.append(&mut more) }
}

/// Adds to a count that is kept sorted by name.
pub fn add(counts: &mut Vec<(String, usize)>, name: &str, more: usize) {
    match counts.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
        Ok(at) => {
            if let Some((_, count)) = counts.get_mut(at) {
                *count += more;
            }
        }
        Err(at) => counts.insert(at, (name.to_owned(), more)),
    }
}
