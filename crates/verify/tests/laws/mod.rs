//! Laws that hold of the verifier whatever NetworkPolicy means in detail: each changes a random cluster in a way of
//! which it is known what it does to the verdicts.

use crate::agreement::{fast, verdicts};
use crate::cluster::{self, Cluster, Draw, Part, STAGES, shrink};
use crate::literate;
use crate::oracle::{self, Verdicts};
use dtap_report::Verdict;
use rayon::prelude::*;
use serde_json::{Value as Json, json};

const CLUSTERS: u64 = 1_000;

/// Holds a law to many clusters: it gets a cluster and chance, and says what is wrong. A cluster that breaks it is told
/// by the smallest one that does.
fn hold(seed: u64, law: impl Fn(&Cluster, &mut Draw) -> Option<String> + Sync) {
    let broken = (0..CLUSTERS)
        .into_par_iter()
        .find_first(|number| law(&Cluster::draw(seed, *number), &mut Draw::of(seed + 1, *number)).is_some());
    if let Some(number) = broken {
        let complaint = |cluster: &Cluster| law(cluster, &mut Draw::of(seed + 1, number));
        let smallest = shrink(Cluster::draw(seed, number), |cluster| complaint(cluster).is_some());
        panic!("{}\n{}", complaint(&smallest).unwrap(), smallest.describe());
    }
}

/// A namespace of the cluster; none where shrinking took all of them.
fn a_namespace(cluster: &Cluster, draw: &mut Draw) -> Option<String> {
    let choice = draw.below(1000);
    (!cluster.placing.is_empty()).then(|| cluster.placing[choice % cluster.placing.len()].0.clone())
}

fn policy(namespace: &str, name: &str, spec: Json) -> Json {
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

/// A direction, its section and the section's list of peers.
fn a_direction(draw: &mut Draw) -> (&'static str, &'static str, &'static str) {
    *draw.one(&[("Ingress", "ingress", "from"), ("Egress", "egress", "to")])
}

/// A rule that the API server takes.
fn a_rule(draw: &mut Draw, peers: &str) -> Json {
    loop {
        let rule = cluster::rule(draw, peers);
        let spec = json!({"spec": {"ingress": [rule], "egress": [rule]}});
        if oracle::is_taken(&cluster::tree(&spec)) {
            return rule;
        }
    }
}

/// What became of a verdict that must not get better: connections were added, none was taken.
fn no_connection_was_taken(before: &Verdicts, after: &Verdicts) -> Option<String> {
    before.iter().find_map(|(pair, was)| {
        let is = after[pair];
        let taken = (*was == Verdict::Broken && is != Verdict::Broken)
            || (*was != Verdict::Isolated && is == Verdict::Isolated);
        taken.then(|| format!("{} to {} was {was:?} and is {is:?}, though only connections were added", pair.0, pair.1))
    })
}

fn nothing_changed(before: &Verdicts, after: &Verdicts) -> Option<String> {
    before.iter().find_map(|(pair, was)| {
        let is = after.get(pair);
        (is != Some(was)).then(|| format!("{} to {} was {was:?} and is {is:?}, though nothing changed", pair.0, pair.1))
    })
}

#[test]
fn an_added_allow_policy_takes_no_connection_from_an_isolated_pod() {
    hold(1, |cluster, draw| {
        let (kind, section, peers) = a_direction(draw);
        let namespace = a_namespace(cluster, draw)?;
        let isolated = cluster.with(policy(&namespace, "deny", json!({"podSelector": {}, "policyTypes": [kind]})));
        let selector = draw.one(&[json!({}), json!({"matchLabels": {"app": "web"}})]).clone();
        let allow = json!({"podSelector": selector, "policyTypes": [kind], section: [a_rule(draw, peers)]});
        let opened = isolated.with(policy(&namespace, "allow", allow));
        no_connection_was_taken(&fast(&isolated), &fast(&opened))
    });
}

#[test]
fn a_default_deny_adds_no_connection() {
    hold(2, |cluster, draw| {
        let namespace = a_namespace(cluster, draw)?;
        let types = draw.one(&[json!(["Ingress"]), json!(["Egress"]), json!(["Ingress", "Egress"])]).clone();
        let closed = cluster.with(policy(&namespace, "deny", json!({"podSelector": {}, "policyTypes": types})));
        no_connection_was_taken(&fast(&closed), &fast(cluster))
    });
}

#[test]
fn a_rule_less_adds_no_connection() {
    hold(3, |cluster, draw| {
        let (kind, section, peers) = a_direction(draw);
        let namespace = a_namespace(cluster, draw)?;
        let (one, other) = (a_rule(draw, peers), a_rule(draw, peers));
        let with = |rules: Json| {
            cluster.with(policy(&namespace, "rules", json!({"podSelector": {}, "policyTypes": [kind], section: rules})))
        };
        no_connection_was_taken(&fast(&with(json!([one]))), &fast(&with(json!([one, other]))))
    });
}

#[test]
fn two_rules_are_as_good_in_two_policies() {
    hold(4, |cluster, draw| {
        let (kind, section, peers) = a_direction(draw);
        let namespace = a_namespace(cluster, draw)?;
        let (one, other) = (a_rule(draw, peers), a_rule(draw, peers));
        let spec = |rules: Json| json!({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": [kind], section: rules});
        let together = cluster.with(policy(&namespace, "both", spec(json!([one, other]))));
        let apart = cluster.with(policy(&namespace, "one", spec(json!([one])))).with(policy(
            &namespace,
            "other",
            spec(json!([other])),
        ));
        nothing_changed(&fast(&together), &fast(&apart))
    });
}

#[test]
fn a_policy_that_selects_nothing_changes_nothing() {
    hold(5, |cluster, draw| {
        let (_, section, peers) = a_direction(draw);
        let namespace = a_namespace(cluster, draw)?;
        let nobody = json!({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]});
        let idle =
            cluster.with(policy(&namespace, "idle", json!({"podSelector": nobody, section: [a_rule(draw, peers)]})));
        nothing_changed(&fast(cluster), &fast(&idle))
    });
}

#[test]
fn a_document_that_stands_there_twice_changes_nothing() {
    hold(6, |cluster, draw| {
        let choice = draw.below(1000);
        let document = cluster.documents.get(choice % cluster.documents.len().max(1))?;
        nothing_changed(&fast(cluster), &fast(&cluster.with(document.clone())))
    });
}

#[test]
fn a_second_pod_like_another_changes_nothing() {
    hold(7, |cluster, draw| {
        let is_pod = |document: &&Json| document["kind"] == "Pod";
        // Of one that may not be there a second is more.
        let is_there = |document: &&Json| !["twice", "Web_1"].iter().any(|name| document["metadata"]["name"] == *name);
        let pods: Vec<&Json> = cluster.documents.iter().filter(is_pod).filter(is_there).collect();
        let choice = draw.below(1000);
        let mut second = (*pods.get(choice % pods.len().max(1))?).clone();
        second["metadata"]["name"] = json!("second");
        nothing_changed(&fast(cluster), &fast(&cluster.with(second)))
    });
}

#[test]
fn the_order_of_documents_changes_nothing() {
    hold(8, |cluster, draw| {
        let mut shuffled = cluster.clone();
        for index in (1..shuffled.documents.len()).rev() {
            shuffled.documents.swap(index, draw.below(index + 1));
        }
        nothing_changed(&fast(cluster), &fast(&shuffled))
    });
}

#[test]
fn renaming_environments_permutes_the_matrix() {
    hold(9, |cluster, draw| {
        let turn = 1 + draw.below(STAGES.len() - 1);
        let mut renamed = cluster.clone();
        for (_, part) in &mut renamed.placing {
            if let Part::Stage(stage) = part {
                *stage = (*stage + turn) % STAGES.len();
            }
        }
        let new_name = |name: &String| match STAGES.iter().position(|stage| stage == name) {
            Some(stage) => STAGES[(stage + turn) % STAGES.len()].to_owned(),
            None => name.clone(),
        };
        let expected = fast(cluster)
            .into_iter()
            .map(|((from, to), verdict)| ((new_name(&from), new_name(&to)), verdict))
            .collect();
        nothing_changed(&expected, &fast(&renamed))
    });
}

#[test]
fn splitting_and_reordering_documents_changes_nothing() {
    hold(10, |cluster, draw| {
        let documents: Vec<String> = cluster
            .documents
            .iter()
            .map(|document| Cluster { documents: vec![document.clone()], ..cluster.clone() }.yaml())
            .collect();
        let mut files: Vec<&str> = documents.iter().map(String::as_str).collect();
        for index in (1..files.len()).rev() {
            files.swap(index, draw.below(index + 1));
        }
        let read = |texts: &[&str]| verdicts(&literate::snapshot(texts), &cluster.settings);
        nothing_changed(&read(&[&cluster.yaml()]), &read(&files))
    });
}
