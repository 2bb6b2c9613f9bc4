//! Reasons that differ in a word or two, told as one: what they share, how many there are, and what tells them apart.

use super::screen::{grouped, listed};

/// How many words must be the same.
const SHARED: usize = 4;

/// How many words may differ.
const APART: usize = 8;

/// How many of those that differ are named.
const NAMED: usize = 2;

/// Reasons that begin and end alike.
#[derive(Debug)]
struct Fold<'reason> {
    /// How many words the reasons begin with alike, and end with.
    head: usize,
    tail: usize,
    reasons: Vec<Vec<&'reason str>>,
}

/// The reasons in their order, those alike as one, each with the first of those that it tells.
pub(super) fn fold(reasons: &[&str]) -> Vec<(String, String)> {
    let mut folds: Vec<Fold<'_>> = Vec::new();
    for reason in reasons {
        let words: Vec<&str> = reason.split(' ').collect();
        match folds.iter_mut().find_map(|fold| fold.with(&words).map(|shared| (fold, shared))) {
            Some((fold, (head, tail))) => {
                (fold.head, fold.tail) = (head, tail);
                fold.reasons.push(words);
            }
            None => folds.push(Fold { head: words.len(), tail: 0, reasons: vec![words] }),
        }
    }
    folds.iter().map(|fold| (fold.told(), fold.first())).collect()
}

impl Fold<'_> {
    /// How many words are shared at the beginning and at the end with these among them; none where those are no fold.
    fn with(&self, words: &[&str]) -> Option<(usize, usize)> {
        let first = self.reasons.first()?;
        let same = |(one, other): &(&&str, &&str)| one == other;
        let head = first.iter().zip(words).take(self.head).take_while(same).count();
        let longest = if self.reasons.len() > 1 { self.tail } else { usize::MAX };
        let at_most = (first.len().min(words.len()) - head).min(longest);
        let tail = first.iter().rev().zip(words.iter().rev()).take(at_most).take_while(same).count();
        let shared = head + tail;
        let apart = first.len().max(words.len()) - shared;
        (shared >= SHARED && apart <= APART.min(shared) && shared < words.len()).then_some((head, tail))
    }

    /// The first of the reasons.
    fn first(&self) -> String {
        self.reasons.first().map(|words| words.join(" ")).unwrap_or_default()
    }

    fn told(&self) -> String {
        let [first, _, ..] = self.reasons.as_slice() else { return self.first() };
        let middle = |words: &Vec<&str>| {
            let middle = words.get(self.head..words.len() - self.tail).unwrap_or_default();
            middle.join(" ").trim_end_matches(',').to_owned()
        };
        let apart: Vec<String> = self.reasons.iter().map(middle).collect();
        let apart: Vec<&str> = apart.iter().map(String::as_str).collect();
        let head = first.get(..self.head).unwrap_or_default();
        let tail = first.get(first.len() - self.tail..).unwrap_or_default();
        let shared: Vec<&str> = head.iter().chain(&["…"]).chain(tail).copied().collect();
        format!("{} × {}: {}", grouped(apart.len()), shared.join(" "), listed(&apart, NAMED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(reasons: &[&str]) -> Vec<String> {
        fold(reasons).into_iter().map(|(told, _)| told).collect()
    }

    #[test]
    fn reasons_that_differ_in_a_name_are_one() {
        let reasons = [
            "Namespace a is declared twice, with different labels",
            "on which cluster 68 namespaces stand is not said",
            "Namespace (b c) is declared twice, with different labels",
            "Namespace d is declared twice, with different labels",
        ];
        let told = [
            "3 × Namespace … is declared twice, with different labels: a, (b c) and 1 more",
            "on which cluster 68 namespaces stand is not said",
        ];
        assert_eq!(words(&reasons), told);
    }

    #[test]
    fn what_shares_only_a_few_words_stays_apart() {
        let reasons =
            ["policy a admits everybody", "policy b is one that the server refuses", "policy a admits everybody"];
        assert_eq!(words(&reasons), reasons);
    }
}
