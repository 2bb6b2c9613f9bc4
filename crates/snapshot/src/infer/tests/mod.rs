//! The whole of inference, from texts to a snapshot.

use super::{Corrections, snapshot};
use crate::decode::decode;
use crate::reading::{Context, NoticeKind, Reading, Unread, UnreadCause};
use crate::snapshot::{Hides, Reach, Snapshot};
use dtap_model::environment::{Belonging, ClusterId, EnvironmentId};
use dtap_model::object::GroupKind;
use dtap_model::place::{Origin, Source};

mod clusters;
mod corrections;
mod elsewhere;
mod environments;
mod gaps;
mod hidden;
mod own;
mod streets;
mod unapplied;

/// A reading of these texts: a path that ends in `/` is a rendered root.
fn reading(texts: &[(&str, &str)]) -> Reading {
    let mut reading = Reading::default();
    for (path, text) in texts {
        let context = Context {
            path: path.trim_end_matches('/').to_owned(),
            rendered: path.ends_with('/'),
            ..Context::default()
        };
        let rendering = Origin::Rendering { program: "kustomize".to_owned() };
        let origin = if context.rendered { rendering } else { Origin::File };
        let source = Source { name: context.path.clone(), origin, text: (*text).to_owned() };
        let id = reading.sources.add(source);
        let decoded = decode(id, path, text, &context);
        assert!(decoded.unread.is_empty(), "{:?}", decoded.unread);
        reading.objects.extend(decoded.objects);
        reading.pods.extend(decoded.pods);
    }
    reading
}

fn scan(texts: &[(&str, &str)]) -> Snapshot {
    snapshot(reading(texts), &Corrections::default())
}

fn namespace(name: &str, labels: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n---\n")
}

fn config(name: &str, namespace: &str, value: &str) -> String {
    let namespace = if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") };
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{namespace}}}\ndata: {{value: {value}}}\n---\n")
}

fn policy(name: &str, namespace: &str, selector: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
         spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {selector}}}]}}]}}\n---\n"
    )
}

/// Every environment as `street/stage`, production marked, in order.
fn environments(snapshot: &Snapshot) -> Vec<String> {
    (0..snapshot.environments.len())
        .map(|index| {
            let id = EnvironmentId(u32::try_from(index).unwrap());
            let mark = if snapshot.environment(id).unwrap().production { "!" } else { "" };
            format!("{}{mark}", snapshot.environment_name(id))
        })
        .collect()
}

/// Every namespace as `cluster:name=belonging`, in order.
fn namespaces(snapshot: &Snapshot) -> Vec<String> {
    let belonging = |belonging| match belonging {
        Belonging::Environment(id) => snapshot.environment_name(id),
        other => format!("{other:?}"),
    };
    snapshot
        .namespaces
        .iter()
        .map(|namespace| {
            let cluster = &snapshot.cluster(namespace.cluster).unwrap().name;
            format!("{cluster}:{}={}", namespace.name, belonging(namespace.belonging))
        })
        .collect()
}

fn broken(path: &str, namespace: Option<&str>) -> Unread {
    Unread {
        name: path.to_owned(),
        why: "is no YAML".to_owned(),
        hint: None,
        place: None,
        cause: UnreadCause::Syntax,
        context: Context { path: path.to_owned(), ..Context::default() },
        namespace: namespace.map(str::to_owned),
        object: None,
        confined: false,
    }
}
