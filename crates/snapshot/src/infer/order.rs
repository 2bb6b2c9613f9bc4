//! Lists of large parts in order.

use rayon::prelude::*;
use std::cmp::Ordering;

/// Puts a list in the order of a comparison; what is equal keeps its order. Places are sorted and not the parts, which
/// are large, and each of which is then moved within the list, once.
pub fn sort<T: Send + Sync>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering + Sync) {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.par_sort_by(|one, other| match (list.get(*one), list.get(*other)) {
        (Some(one), Some(other)) => compare(one, other),
        _ => Ordering::Equal,
    });
    for start in 0..list.len() {
        let mut at = start;
        // Each place takes the part that belongs there, and what it held waits where that one was.
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at)).filter(|from| *from != start) {
            list.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_keeps_its_order() {
        let mut list: Vec<(usize, usize)> = (0..10_000).map(|place| (place * 7919 % 13, place)).collect();
        let mut expected = list.clone();
        expected.sort_by_key(|(key, _)| *key);
        sort(&mut list, |(one, _), (other, _)| one.cmp(other));
        assert_eq!(list, expected);
    }
}
