//! Whole judgements of small inputs, and every rule on its own examples.

mod addresses;
mod assumptions;
mod clusters;
mod namespaces;
mod nodes;
mod plane;
mod pods;
mod policies;
mod reach;
mod services;
mod told;

use super::*;
use crate::settings::{Assumed, Settings};
use dtap_model::environment::{
    Belonging, Cluster, ClusterId, Environment, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::label::{Labels, label_text};
use dtap_model::place::{Origin, Source};
use dtap_report::report::Standing;
use dtap_snapshot::decode::decode;
use dtap_snapshot::reading::Context;
use dtap_snapshot::snapshot::{Gap, Hides, Placed, Reach};
use std::collections::BTreeSet;

const STAGES: [&str; 4] = ["dev", "tst", "acc", "prd"];

/// A snapshot of one street in one cluster. A namespace belongs to the stage after its hyphen; one of the shop's
/// without is unplaced, any other shared.
fn snapshot(yaml: &str) -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.clusters.push(Cluster { name: "cluster".into(), evidence: String::new(), certain: true, guessed: false });
    let source = Source { name: "test.yaml".into(), origin: Origin::File, text: yaml.to_owned() };
    let source = snapshot.sources.add(source);
    let decoded = decode(source, "test.yaml", yaml, &Context::default());
    assert!(decoded.unread.is_empty(), "{:?}", decoded.unread);
    let objects: Vec<_> = decoded.objects.into_iter().map(|read| read.object).collect();
    let is_namespace =
        |name: &str| objects.iter().find(|it| it.identity.kind.is("", "Namespace") && it.identity.name == name);
    let names: BTreeSet<String> = objects
        .iter()
        .filter_map(|it| {
            if it.identity.kind.is("", "Namespace") {
                Some(it.identity.name.to_string())
            } else {
                it.identity.namespace.as_ref().map(ToString::to_string)
            }
        })
        .collect();
    let stage =
        |name: &str| name.rsplit_once('-').and_then(|(_, stage)| STAGES.iter().position(|known| *known == stage));
    for (rank, stage) in STAGES.iter().enumerate() {
        let rank = u32::try_from(rank).unwrap();
        snapshot.environments.push(Environment {
            street: StreetId(0),
            stage: (*stage).to_owned(),
            production: *stage == "prd",
            rank,
        });
    }
    let ids = (0..4).map(EnvironmentId).collect();
    snapshot.streets.push(Street { name: "shop".into(), environments: ids });
    for (at, name) in names.iter().enumerate() {
        let declared = is_namespace(name);
        let mut labels: Labels = declared
            .and_then(|it| it.tree.at(&["metadata", "labels"]))
            .map_or(&[][..], |labels| labels.entries())
            .iter()
            .map(|entry| (entry.key.as_ref().into(), label_text(&entry.node).unwrap().into()))
            .collect();
        labels.push(("kubernetes.io/metadata.name".into(), name.as_str().into()));
        labels.sort();
        snapshot.namespaces.push(Namespace {
            cluster: ClusterId(0),
            name: name.clone(),
            whole: NamespaceId(u32::try_from(at).unwrap()),
            belonging: match stage(name) {
                Some(at) => Belonging::Environment(EnvironmentId(u32::try_from(at).unwrap())),
                None if name.starts_with("shop-") => Belonging::Unplaced,
                None => Belonging::Shared,
            },
            evidence: String::new(),
            labels,
            declared: declared.is_some(),
            place: declared.map(dtap_model::object::Object::cite_name),
        });
    }
    for object in objects {
        let at = object.identity.namespace.as_ref().and_then(|name| names.iter().position(|known| known == name));
        let id = at.map(|at| NamespaceId(u32::try_from(at).unwrap()));
        if let (Some(extracted), Some(at)) = (dtap_snapshot::workload::workload(&object), at) {
            let next = |count: usize| u32::try_from(count).unwrap();
            let mut workload = extracted.workload;
            workload.namespace = next(at);
            workload.labels = next(numbered(&mut snapshot.label_sets, extracted.labels.to_vec().into()));
            workload.ports = next(numbered(&mut snapshot.port_sets, extracted.ports.to_vec()));
            snapshot.workloads.push(workload);
        }
        let environment = id.and_then(|id| match snapshot.namespace(id)?.belonging {
            Belonging::Environment(id) => Some(id),
            _ => None,
        });
        snapshot.objects.push(Placed { object, cluster: ClusterId(0), namespace: id, environment, adrift: false });
    }
    let workloads = &mut snapshot.workloads;
    workloads
        .sort_by(|one, other| (one.namespace, &one.name, &one.kind).cmp(&(other.namespace, &other.name, &other.kind)));
    snapshot
}

/// Where a set stands among those that are known, of which each is there once.
fn numbered<T: PartialEq>(known: &mut Vec<T>, set: T) -> usize {
    known.iter().position(|it| *it == set).unwrap_or_else(|| {
        known.push(set);
        known.len() - 1
    })
}

fn verdict(yaml: &str, settings: &Settings, from: &str, to: &str) -> Verdict {
    verdict_of(&judge(&snapshot(yaml), settings), from, to)
}

fn verdict_of(judgement: &Judgement, from: &str, to: &str) -> Verdict {
    let at = |name: &str| judgement.matrix.parties.iter().position(|party| party.name == name).unwrap();
    judgement.matrix.cells[at(from)][at(to)].verdict
}

/// Two namespaces with a pod each, and these specs of policies named by their order.
fn street(dev: &[&str], prd: &[&str]) -> String {
    let mut yaml = String::new();
    for (stage, app, policies) in [("dev", "web", dev), ("prd", "orders", prd)] {
        yaml += &format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}, labels: {{environment: {stage}, team: shop}}}}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {{name: {app}, namespace: shop-{stage}, labels: {{app: {app}}}}}\n\
             spec: {{containers: [{{name: {app}, ports: [{{containerPort: 5432, name: db}}]}}]}}\n---\n"
        );
        for (at, spec) in policies.iter().enumerate() {
            yaml += &format!(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{at}, namespace: shop-{stage}}}\nspec: {spec}\n---\n"
            );
        }
    }
    yaml
}

fn into_prd(dev: &[&str], prd: &[&str]) -> Verdict {
    verdict(&street(dev, prd), &Settings::default(), "dev", "prd")
}

const DENY: &str = "{podSelector: {}, policyTypes: [Ingress]}";

fn into_prd_with(dev: &str, object: &str) -> Verdict {
    verdict(&(street(&[dev], &[]) + object + "\n"), &Settings::default(), "dev", "prd")
}

/// What `reach` answers, and its reasons in one text.
fn asked(snapshot: &Snapshot, settings: &Settings, from: &str, to: &str) -> (Reachable, String) {
    let (to, port) = Endpoint::parse_with_port(to).unwrap();
    let answer = reach(snapshot, settings, &Endpoint::parse(from).unwrap(), &to, port).unwrap();
    (answer.reachable, answer.because.into_iter().map(|reason| reason.text + "\n").collect())
}

fn into(yaml: &str) -> Verdict {
    verdict(yaml, &Settings::default(), "dev", "prd")
}
