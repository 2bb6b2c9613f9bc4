//! What comes to stand on a cluster by way of other objects.

mod alterers;
mod carried;
mod generators;
mod installers;
mod loosening;
mod mutators;
mod nameless;
mod plugins;
mod refusals;
mod relays;
mod within;

use super::*;

/// What hidden things leave open, each with the names of the namespaces or clusters reached.
fn hidden(text: &str) -> Vec<String> {
    hidden_in("all.yaml", text)
}

fn hidden_in(path: &str, text: &str) -> Vec<String> {
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    told(&scan(&[(path, &(spaces + text))]))
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let reached = |reach| match reach {
        Reach::Namespace(id) => snapshot.namespace(id).unwrap().name.clone(),
        Reach::Cluster(id) => snapshot.cluster(id).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    snapshot.hidden.iter().map(|gap| format!("{}: {}", gap.what, reached(gap.reach))).collect()
}

/// One object of a kind whose API version, metadata and rest are these.
fn one(api: &str, kind: &str, rest: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop-dev}}\n{rest}\n---\n")
}
