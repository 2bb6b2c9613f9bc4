//! A street made of one text for each environment, without inference: what stands in a text belongs to its environment.
//! And manifests that several tests put into one.

use dtap_model::environment::{
    Belonging, Cluster, ClusterId, Environment, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::object::Object;
use dtap_model::place::{Origin, Source, SourceId};
use dtap_snapshot::Snapshot;
use dtap_snapshot::decode::decode;
use dtap_snapshot::reading::Context;
use dtap_snapshot::snapshot::Placed;
use std::fmt::Write as _;

/// The snapshot of the street `shop` with these environments: stage and manifests.
pub fn street(environments: &[(&str, &str)]) -> Snapshot {
    streets_of(&environments.iter().map(|(stage, text)| ("shop", *stage, *text)).collect::<Vec<_>>())
}

/// The snapshot of these environments: street, stage and manifests.
pub fn streets_of(environments: &[(&str, &str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot {
        clusters: vec![Cluster {
            name: "cluster".to_owned(),
            evidence: "assumed".to_owned(),
            certain: true,
            guessed: false,
        }],
        ..Snapshot::default()
    };
    for (street, stage, text) in environments {
        let id = EnvironmentId(u32::try_from(snapshot.environments.len()).unwrap());
        let known = snapshot.streets.iter().position(|known| known.name == *street);
        let at = known.unwrap_or_else(|| {
            snapshot.streets.push(Street { name: (*street).to_owned(), environments: Vec::new() });
            snapshot.streets.len() - 1
        });
        snapshot.environments.push(Environment {
            street: StreetId(u32::try_from(at).unwrap()),
            stage: (*stage).to_owned(),
            production: matches!(*stage, "prd" | "prod" | "production"),
            rank: id.0,
        });
        snapshot.streets[at].environments.push(id);
        read(&mut snapshot, id, &format!("{street}-{stage}.yaml"), text);
    }
    snapshot
}

/// The same street, with one object that names no namespace in each environment.
pub fn street_of(environments: Vec<(&str, Object)>) -> Snapshot {
    let stages: Vec<(&str, &str)> = environments.iter().map(|(stage, _)| (*stage, "")).collect();
    let mut snapshot = street(&stages);
    for (position, (_, object)) in environments.into_iter().enumerate() {
        let id = EnvironmentId(u32::try_from(position).unwrap());
        let namespace = Some(namespace(&mut snapshot, id, NO_NAMESPACE));
        snapshot.objects.push(Placed {
            object,
            cluster: ClusterId(0),
            namespace,
            environment: Some(id),
            adrift: false,
        });
    }
    snapshot
}

fn read(snapshot: &mut Snapshot, id: EnvironmentId, name: &str, text: &str) {
    let source = snapshot.sources.add(Source { name: name.to_owned(), origin: Origin::File, text: text.to_owned() });
    assert_eq!(source, SourceId(id.0));
    let decoded = decode(source, name, text, &Context::default());
    assert!(decoded.unread.is_empty(), "{name}: {:?}", decoded.unread);
    for read in decoded.objects {
        let cluster_scoped =
            matches!(read.object.identity.kind.kind.as_str(), "Namespace" | "ClusterRole" | "ClusterRoleBinding");
        let name = read.object.identity.namespace.clone().unwrap_or_else(|| NO_NAMESPACE.into());
        let namespace = (!cluster_scoped).then(|| namespace(snapshot, id, &name));
        snapshot.objects.push(Placed {
            object: read.object,
            cluster: ClusterId(0),
            namespace,
            environment: Some(id),
            adrift: false,
        });
    }
}

fn namespace(snapshot: &mut Snapshot, id: EnvironmentId, name: &str) -> NamespaceId {
    let belonging = Belonging::Environment(id);
    let known = snapshot.namespaces.iter().position(|known| known.name == name && known.belonging == belonging);
    let position = known.unwrap_or_else(|| {
        snapshot.namespaces.push(Namespace {
            cluster: ClusterId(0),
            name: name.to_owned(),
            whole: NamespaceId(u32::try_from(snapshot.namespaces.len()).unwrap()),
            belonging,
            evidence: "the test".to_owned(),
            labels: Vec::new(),
            declared: false,
            place: None,
        });
        snapshot.namespaces.len() - 1
    });
    NamespaceId(u32::try_from(position).unwrap())
}

/// The summaries of the findings between two environments, sorted by rule, each after its code.
pub fn told(from: (&str, &str), to: (&str, &str)) -> Vec<String> {
    let mut findings = dtap_verify::parity::judge(&street(&[from, to])).findings;
    findings.sort_by(|left, right| (left.rule.code, &left.summary).cmp(&(right.rule.code, &right.summary)));
    findings.iter().map(|finding| format!("{} {}", finding.rule.code, finding.summary)).collect()
}

/// Deployments `web0`, `web1`, … with what follows in their container and spec.
pub fn deployments(count: usize, spec: &str, container: &str) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(
            text,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web{number}}}\nspec:\n  {spec}\n  template:\n    \
             spec:\n      containers:\n      - name: c{number}\n        {container}\n"
        )
        .unwrap();
    }
    text
}

/// A ConfigMap with one file.
pub fn file(name: &str, text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{{name}: {text}}}\n")
}
