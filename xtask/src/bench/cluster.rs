//! A seeded cluster: streets of four environments, their workloads, and policies that keep the environments apart.
//!
//! Nothing in it lets one environment into another, whatever pods come to run, unless a leak is asked for. Some of
//! dev's namespaces leave the way out open, as people do, so that a hole in an entrance of production is a hole.

use super::leak::Leak;
use super::policy;
use super::workload::{self, Workload};
use anyhow::Result;
use serde_json::{Value, json};

/// The stages of every street.
pub const STAGES: [&str; 4] = ["dev", "tst", "acc", "prd"];

/// How large a cluster is, and of what kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Streets of four namespaces each.
    pub streets: usize,
    /// Workloads of a namespace.
    pub workloads: usize,
    /// Pods of a workload.
    pub replicas: usize,
    /// Whether every pod carries a label of its own that a policy selects by.
    pub distinct_labels: bool,
}

impl Size {
    /// A cluster of so many namespaces, rounded down to whole streets, with 100 pods and 10 policies each.
    pub const fn of_namespaces(namespaces: usize) -> Self {
        Self { streets: namespaces / STAGES.len(), workloads: 10, replicas: 10, distinct_labels: false }
    }
}

/// One environment of one street.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The street's name.
    pub street: String,
    /// The street's number.
    pub number: usize,
    /// The stage.
    pub stage: &'static str,
    /// The namespace.
    pub namespace: String,
    /// Whether every pod may open connections to anywhere.
    pub open_egress: bool,
}

/// Whether the street with this number leaves the way out of its dev open: every fifth does.
pub const fn open_dev(street: usize) -> bool {
    street.is_multiple_of(5)
}

fn environment(number: usize, stage: &'static str) -> Environment {
    let names = ["orders", "billing", "search", "catalog", "accounts", "mail", "stock", "reports", "claims", "fleet"];
    let name = names.get(number % names.len()).copied().unwrap_or("street");
    let street = format!("{name}-{number:03}");
    Environment {
        namespace: format!("{street}-{stage}"),
        street,
        number,
        stage,
        open_egress: stage == "dev" && open_dev(number),
    }
}

/// Gives every object of the cluster to `take`, in the order of `kubectl get -A`: kind by kind.
pub fn objects(size: Size, leak: Option<&Leak>, take: &mut dyn FnMut(Value) -> Result<()>) -> Result<()> {
    let environments: Vec<Environment> =
        (0..size.streets).flat_map(|number| STAGES.map(|stage| environment(number, stage))).collect();
    for environment in &environments {
        take(namespace(&environment.namespace, Some(environment)))?;
    }
    for name in ["ingress-nginx", "kube-system", "monitoring"] {
        take(namespace(name, None))?;
    }
    let nodes = (environments.len() / 2).max(3);
    for node in 0..nodes {
        take(workload::node(node))?;
    }
    let workloads: Vec<Workload> = environments
        .iter()
        .flat_map(|environment| (0..size.workloads).map(|index| Workload::new(environment, index, size)))
        .collect();
    let mut pods = 0;
    for workload in &workloads {
        for replica in 0..size.replicas {
            take(workload.pod(replica, pods, nodes))?;
            pods += 1;
        }
    }
    for workload in &workloads {
        for object in workload.owners() {
            take(object)?;
        }
    }
    for (environment, leak) in environments.iter().map(|environment| (environment, leak)) {
        let leak = leak.filter(|leak| leak.street == environment.number && environment.stage == "prd");
        for object in policy::of_environment(environment, size, leak) {
            take(object)?;
        }
    }
    Ok(())
}

fn namespace(name: &str, environment: Option<&Environment>) -> Value {
    let mut labels = json!({"kubernetes.io/metadata.name": name, "pod-security.kubernetes.io/enforce": "baseline"});
    if let (Some(environment), Some(labels)) = (environment, labels.as_object_mut()) {
        labels.insert("environment".into(), environment.stage.into());
        labels.insert("street".into(), environment.street.clone().into());
        labels.insert("tier".into(), "apps".into());
    }
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "creationTimestamp": "2026-03-02T08:11:45Z",
            "labels": labels,
            "name": name,
            "resourceVersion": "1043",
            "uid": workload::uid("namespace", name, 0),
        },
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    })
}
