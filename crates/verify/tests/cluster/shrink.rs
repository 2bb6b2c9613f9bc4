//! The smallest cluster that still fails: documents, then fields and items, are taken away while the failure stays.

use super::Cluster;
use serde_json::Value as Json;

/// Takes away from a cluster what it can while `fails` holds.
pub fn shrink(mut cluster: Cluster, fails: impl Fn(&Cluster) -> bool) -> Cluster {
    loop {
        let Some(smaller) = candidates(&cluster).into_iter().find(|candidate| fails(candidate)) else { return cluster };
        cluster = smaller;
    }
}

/// The cluster with one thing less, the large things first.
fn candidates(cluster: &Cluster) -> Vec<Cluster> {
    let mut smaller = Vec::new();
    for (name, _) in &cluster.placing {
        let mut candidate = cluster.clone();
        candidate.placing.retain(|(known, _)| known != name);
        candidate
            .documents
            .retain(|document| document["metadata"]["namespace"] != **name && document["metadata"]["name"] != **name);
        smaller.push(candidate);
    }
    for index in 0..cluster.documents.len() {
        let mut candidate = cluster.clone();
        candidate.documents.remove(index);
        smaller.push(candidate);
    }
    if cluster.unread.is_some() {
        smaller.push(Cluster { unread: None, ..cluster.clone() });
    }
    let settings = &cluster.settings;
    let plain = dtap_verify::Settings::default();
    if *settings != plain {
        smaller.push(Cluster { settings: plain, ..cluster.clone() });
    }
    for (index, document) in cluster.documents.iter().enumerate() {
        for less in with_one_less(document) {
            let named =
                less["kind"].is_string() && less["metadata"]["name"].is_string() && less["apiVersion"].is_string();
            if named && less["metadata"]["namespace"] == document["metadata"]["namespace"] {
                let mut candidate = cluster.clone();
                candidate.documents[index] = less;
                smaller.push(candidate);
            }
        }
    }
    smaller
}

/// The value with one entry or item less, anywhere in it.
fn with_one_less(json: &Json) -> Vec<Json> {
    match json {
        Json::Array(items) => (0..items.len())
            .flat_map(|index| {
                let mut shorter = items.clone();
                shorter.remove(index);
                let deeper = with_one_less(&items[index]).into_iter().map(move |less| {
                    let mut same = items.clone();
                    same[index] = less;
                    Json::Array(same)
                });
                std::iter::once(Json::Array(shorter)).chain(deeper)
            })
            .collect(),
        Json::Object(entries) => entries
            .iter()
            .flat_map(|(key, value)| {
                let mut shorter = entries.clone();
                shorter.remove(key);
                let deeper = with_one_less(value).into_iter().map(move |less| {
                    let mut same = entries.clone();
                    same.insert(key.clone(), less);
                    Json::Object(same)
                });
                std::iter::once(Json::Object(shorter)).chain(deeper)
            })
            .collect(),
        _ => Vec::new(),
    }
}
