//! Lists of large parts in order.

use rayon::prelude::*;
use std::cmp::Ordering;

/// A list in the order of a comparison; what is equal keeps its order. Places are sorted and not the parts, which are
/// large, and each of which is moved once.
#[must_use]
pub fn sorted<T: Send + Sync>(list: Vec<T>, compare: impl Fn(&T, &T) -> Ordering + Sync) -> Vec<T> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.par_sort_by(|one, other| match (list.get(*one), list.get(*other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    let mut waiting: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| waiting.get_mut(place)?.take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_keeps_its_order() {
        let list: Vec<(usize, usize)> = (0..10_000).map(|place| (place * 7919 % 13, place)).collect();
        let mut expected = list.clone();
        expected.sort_by_key(|(key, _)| *key);
        assert_eq!(sorted(list, |(one, _), (other, _)| one.cmp(other)), expected);
    }
}
