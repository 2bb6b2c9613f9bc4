//! The ten policies of a namespace: a realistic mix, closed both ways.

use super::cluster::{Environment, Size};
use super::leak::{Leak, Shape};
use super::workload::{self, Workload};
use serde_json::{Value, json};

/// The policies of an environment, with the fault of `leak` where one is given.
pub fn of_environment(environment: &Environment, size: Size, leak: Option<&Leak>) -> Vec<Value> {
    let shape = leak.map(|leak| leak.shape);
    let stage = environment.stage;
    let mut policies = Vec::new();
    let mut add = |name: &str, spec: Value| policies.push(policy(&environment.namespace, name, spec));
    if shape != Some(Shape::DefaultDenyDeleted) {
        let types =
            if shape == Some(Shape::WrongPolicyTypes) { json!(["Egress"]) } else { json!(["Ingress", "Egress"]) };
        add("default-deny", json!({"podSelector": {}, "policyTypes": types}));
    }
    add(
        "same-namespace",
        json!({
            "egress": [{"to": [{"podSelector": {}}]}],
            "ingress": [{"from": [{"podSelector": {}}]}],
            // Batch work is called by nobody: for its entrance the default deny stands alone.
            "podSelector": {"matchExpressions": [{"key": "role", "operator": "NotIn", "values": ["batch"]}]},
            "policyTypes": ["Ingress", "Egress"],
        }),
    );
    add("dns", json!({"egress": [dns()], "podSelector": {}, "policyTypes": ["Egress"]}));
    add("web", ingress(&role("web"), &shared("ingress-nginx"), &json!([{"port": "http", "protocol": "TCP"}])));
    let scraped = json!({"matchExpressions": [{"key": "metrics", "operator": "Exists"}]});
    let metrics = json!([{"endPort": 9100, "port": 9090, "protocol": "TCP"}]);
    add("metrics", ingress(&scraped, &shared("monitoring"), &metrics));
    let callers = json!({
        "namespaceSelector": {"matchExpressions": [
            {"key": "environment", "operator": "In", "values": [stage]},
            {"key": "quarantine", "operator": "DoesNotExist"},
        ]},
        "podSelector": {"matchExpressions": [{"key": "role", "operator": "In", "values": ["web", "worker"]}]},
    });
    let mut api = ingress(&role("api"), &callers, &json!([{"port": 8080, "protocol": "TCP"}]));
    let rule = leak.and_then(|leak| leak.rule(&environment.street));
    if let (Some(rule), Some(rules)) = (rule, api.get_mut("ingress").and_then(Value::as_array_mut)) {
        rules.push(rule);
    }
    add("api", api);
    add(
        "database",
        ingress(
            &role("database"),
            &json!({"podSelector": {"matchLabels": {"role": "api"}}}),
            &json!([{"port": 5432, "protocol": "TCP"}, {"endPort": 6380, "port": 6379, "protocol": "TCP"}]),
        ),
    );
    add("neighbours", neighbours(environment));
    let private = json!(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"]);
    add(
        "internet",
        json!({
            "egress": [{
                "ports": [{"port": 443, "protocol": "TCP"}],
                "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": private}}],
            }],
            "podSelector": {"matchLabels": {"role": "worker"}},
            "policyTypes": ["Egress"],
        }),
    );
    let office = if shape == Some(Shape::IpBlockTooWide) { "10.0.0.0/8" } else { "203.0.113.0/24" };
    let selector = if size.distinct_labels { by_instance(environment, size) } else { role("web") };
    let ports = json!([{"port": 8443, "protocol": "TCP"}]);
    add("office", ingress(&selector, &json!({"ipBlock": {"cidr": office}}), &ports));
    policies
}

/// The way out: to the same environment of every street, or to anywhere.
fn neighbours(environment: &Environment) -> Value {
    let rule = if environment.open_egress {
        json!({})
    } else {
        json!({
            "ports": [{"port": 8080, "protocol": "TCP"}],
            "to": [{"namespaceSelector": {"matchLabels": {"environment": environment.stage}}}],
        })
    };
    json!({"egress": [rule], "podSelector": {}, "policyTypes": ["Egress"]})
}

/// A selector that names a pod of every workload, so that each of them is a class of its own.
fn by_instance(environment: &Environment, size: Size) -> Value {
    let instances: Vec<String> = (0..size.workloads)
        .map(|index| Workload::new(environment, index, size))
        .flat_map(|workload| (0..size.replicas).map(move |replica| workload.instance(replica)))
        .collect();
    json!({"matchExpressions": [{"key": "instance", "operator": "In", "values": instances}]})
}

fn ingress(selector: &Value, from: &Value, ports: &Value) -> Value {
    json!({"ingress": [{"from": [from], "ports": ports}], "podSelector": selector, "policyTypes": ["Ingress"]})
}

fn role(role: &str) -> Value {
    json!({"matchLabels": {"role": role}})
}

fn shared(namespace: &str) -> Value {
    json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}})
}

fn dns() -> Value {
    json!({
        "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
        "to": [{
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }],
    })
}

fn policy(namespace: &str, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "creationTimestamp": "2026-03-02T08:12:01Z",
            "generation": 1,
            "name": name,
            "namespace": namespace,
            "resourceVersion": "20417",
            "uid": workload::uid(namespace, name, 1),
        },
        "spec": spec,
    })
}
