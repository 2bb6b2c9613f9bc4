//! Two environments of 5,000 objects each that differ in 450 places of 10 causes.

use serde_json::{Value, json};

/// Objects of an environment.
pub const OBJECTS: usize = 5_000;
/// Causes, and the places that each shows in.
pub const CAUSES: usize = 10;
/// Places in which each cause shows.
pub const PLACES: usize = 45;

/// What makes the later environment different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Image,
    Replicas,
    Memory,
    Variable,
    Label,
    Configuration,
    Port,
    Probe,
    Host,
    Missing,
}

/// Where each cause shows: among the objects of which kind, from which number on. Apart, so that 450 objects differ.
const SHOWS: [(Cause, &str, usize); CAUSES] = [
    (Cause::Image, "Deployment", 0),
    (Cause::Replicas, "Deployment", 100),
    (Cause::Memory, "Deployment", 200),
    (Cause::Variable, "Deployment", 300),
    (Cause::Probe, "Deployment", 400),
    (Cause::Label, "Deployment", 500),
    (Cause::Configuration, "ConfigMap", 0),
    (Cause::Missing, "ConfigMap", 100),
    (Cause::Port, "Service", 0),
    (Cause::Host, "Ingress", 0),
];

/// The objects of both environments, `acc` and `prd`, and their namespaces.
pub fn objects() -> Vec<Value> {
    ["acc", "prd"]
        .into_iter()
        .flat_map(|stage| std::iter::once(namespace(stage)).chain(of_environment(stage)).collect::<Vec<_>>())
        .collect()
}

fn of_environment(stage: &'static str) -> impl Iterator<Item = Value> {
    // 1,000 of each kind; the namespace itself is one of the 5,000.
    let kinds = ["ConfigMap", "Deployment", "Ingress", "Service", "ServiceAccount"];
    let numbered = kinds.into_iter().flat_map(move |kind| (0..OBJECTS / kinds.len()).map(move |number| (kind, number)));
    numbered.skip(1).filter_map(move |(kind, number)| {
        let shows = |(cause, of, from): &(Cause, &str, usize)| {
            (stage == "prd" && *of == kind && (*from + 1..=*from + PLACES).contains(&number)).then_some(*cause)
        };
        object(stage, kind, number, SHOWS.iter().find_map(shows))
    })
}

fn namespace(stage: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace",
        "metadata": {"labels": {"environment": stage, "street": "large"}, "name": format!("large-{stage}")}})
}

fn object(stage: &str, kind: &str, number: usize, cause: Option<Cause>) -> Option<Value> {
    let is = |one: Cause| cause == Some(one);
    if is(Cause::Missing) {
        return None;
    }
    let name = format!("part-{number:04}");
    let mut labels = json!({"app": name});
    if is(Cause::Label)
        && let Some(labels) = labels.as_object_mut()
    {
        labels.insert("cost-center".into(), "4711".into());
    }
    let metadata = json!({"labels": labels, "name": name, "namespace": format!("large-{stage}")});
    Some(match kind {
        "ConfigMap" => json!({"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": {
            "FEATURES": if is(Cause::Configuration) { "basket,search" } else { "basket" },
            "ORDERS_URL": format!("http://orders.large-{stage}.svc:8080"),
        }}),
        "Service" => json!({"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": {
            "ports": [{"name": "http", "port": if is(Cause::Port) { 8080 } else { 80 }, "targetPort": "http"}],
            "selector": {"app": name},
        }}),
        "Ingress" => json!({"apiVersion": "networking.k8s.io/v1", "kind": kind, "metadata": metadata, "spec": {
            "ingressClassName": "nginx",
            "rules": [{
                "host": format!("{name}.{stage}.{}", if is(Cause::Host) { "example.org" } else { "example.com" }),
                "http": {"paths": [{"backend": {"service": {"name": name, "port": {"name": "http"}}}, "path": "/",
                    "pathType": "Prefix"}]},
            }],
        }}),
        "Deployment" => json!({"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {
            "replicas": if is(Cause::Replicas) { 6 } else { 2 },
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [
                container(cause),
                {"image": if is(Cause::Image) { "registry.example/proxy:1.2.9" } else { "registry.example/proxy:1.3.0" },
                    "name": "proxy", "ports": [{"containerPort": 15001, "name": "proxy"}]},
            ]}},
        }}),
        _ => json!({"apiVersion": "v1", "kind": kind, "metadata": metadata, "automountServiceAccountToken": false}),
    })
}

fn container(cause: Option<Cause>) -> Value {
    let is = |one: Cause| cause == Some(one);
    json!({
        "env": [
            {"name": "LOG_LEVEL", "value": if is(Cause::Variable) { "debug" } else { "info" }},
            {"name": "POOL_SIZE", "value": "20"},
        ],
        "image": "registry.example/part:4.2.0",
        "name": "part",
        "ports": [{"containerPort": 8080, "name": "http"}],
        "readinessProbe": {"httpGet": {"path": if is(Cause::Probe) { "/health" } else { "/ready" }, "port": "http"}},
        "resources": {"limits": {"memory": if is(Cause::Memory) { "512Mi" } else { "256Mi" }},
            "requests": {"cpu": "100m", "memory": "256Mi"}},
    })
}
