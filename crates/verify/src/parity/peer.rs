//! Peers of a NetworkPolicy that one environment alone has: how many, and each in the words of its selectors.

use super::causes::{Cause, Which, alone};
use super::differences::Difference;
use super::shown;
use dtap_model::path::{Path, Step};
use dtap_model::tree::Node;
use dtap_report::mask;
use std::collections::BTreeSet;

/// What a whole peer is as a thing that differs, and what it is called.
const PEERS: [(&str, &str); 2] = [("ingress.*.from.*", "ingress peer"), ("egress.*.to.*", "egress peer")];

/// What several peers are called, where a shape is about peers, with what follows in the shape.
#[must_use]
pub fn in_shape(shape: &str) -> Option<String> {
    PEERS.iter().find_map(|(noun, called)| Some(format!("{called}s{}", shape.strip_prefix(noun)?)))
}

/// The number of peers that one side alone has, that side, and the peers; none where the cause is about anything else,
/// or must not be shown.
#[must_use]
pub fn told(cause: &Cause<'_>) -> Option<(String, Which, BTreeSet<String>)> {
    let noun = cause.nouns.first().filter(|_| cause.nouns.len() == 1)?;
    let (_, called) = PEERS.iter().find(|(peer, _)| peer == noun)?;
    let side = cause.differences.first().and_then(|difference| alone(difference))?;
    let words = |difference: &&Difference<'_>| {
        let is_policy = difference.subject.kind.is("networking.k8s.io", "NetworkPolicy");
        let node = difference.left.or(difference.right)?;
        (is_policy && !difference.secret && alone(difference) == Some(side)).then(|| words(difference, node))
    };
    let words: Option<BTreeSet<String>> = cause.differences.iter().map(words).collect();
    let words = words.filter(|words| !words.iter().any(|words| words.contains(mask::MASK)))?;
    let counted = match cause.differences.len() {
        1 => format!("one {called}"),
        count => format!("{count} {called}s"),
    };
    Some((counted, side, words))
}

/// A peer in the words of its selectors, or its block of addresses.
fn words(difference: &Difference<'_>, peer: &Node<'_>) -> String {
    let whole = |keys: &[&str], node: &Node<'_>| {
        let path: Path = keys.iter().fold(difference.path.clone(), |path, key| path.with(Step::Key((*key).to_owned())));
        shown::whole(&difference.subject.kind, &path, node)
    };
    let selected = |key: &str, what: &str| {
        let selector = peer.get(key)?;
        Some(match (selector.entries(), selector.get("matchLabels")) {
            ([], _) => format!("all {what}"),
            ([_], Some(labels)) => {
                let labels = whole(&[key, "matchLabels"], labels);
                format!("{what} with {}", labels.trim_matches(['{', '}']))
            }
            _ => format!("{what} with {}", whole(&[key], selector)),
        })
    };
    let selectors = [selected("podSelector", "pods"), selected("namespaceSelector", "namespaces")];
    let selectors: Vec<String> = selectors.into_iter().flatten().collect();
    if selectors.is_empty() { whole(&[], peer) } else { selectors.join(" in ") }
}
