//! The workloads of a cluster as the API server returns them: pods with what the server and the kubelet wrote, their
//! owners, and the nodes that they run on.

use super::cluster::{Environment, Size};
use serde_json::{Value, json};

/// One workload of a namespace.
#[derive(Clone, Debug)]
pub struct Workload {
    namespace: String,
    street: String,
    stage: &'static str,
    role: &'static str,
    name: String,
    replicas: usize,
    image: String,
    distinct_labels: bool,
}

const ROLES: [&str; 5] = ["web", "api", "worker", "database", "batch"];

impl Workload {
    /// The workload of a namespace with this index.
    pub fn new(environment: &Environment, index: usize, size: Size) -> Self {
        let role = ROLES.get(index % ROLES.len()).copied().unwrap_or("web");
        // Every seventh street has not yet promoted its latest version.
        let patch = if environment.stage == "prd" && environment.number.is_multiple_of(7) { 3 } else { 4 };
        Self {
            namespace: environment.namespace.clone(),
            street: environment.street.clone(),
            stage: environment.stage,
            role,
            name: if index < ROLES.len() { role.to_owned() } else { format!("{role}-{}", index / ROLES.len() + 1) },
            replicas: size.replicas,
            image: format!("registry.example/{}/{role}:1.{index}.{patch}", environment.street),
            distinct_labels: size.distinct_labels,
        }
    }

    /// The label `instance` of a pod, no other pod's in the cluster.
    pub fn instance(&self, replica: usize) -> String {
        format!("{}-{}-{replica}", self.namespace, self.name)
    }

    fn stateful(&self) -> bool {
        self.role == "database"
    }

    fn template_hash(&self) -> String {
        let hash = digest(&format!("{}/{}", self.namespace, self.name), 0);
        format!("{:010x}", hash & 0xff_ffff_ffff)
    }

    fn labels(&self) -> Value {
        let mut labels = json!({
            "app": self.name,
            "app.kubernetes.io/part-of": self.street,
            "role": self.role,
        });
        if self.role != "batch"
            && let Some(labels) = labels.as_object_mut()
        {
            labels.insert("metrics".into(), "true".into());
        }
        labels
    }

    fn ports(&self) -> Value {
        match self.role {
            "web" => json!([
                {"containerPort": 8080, "name": "http", "protocol": "TCP"},
                {"containerPort": 8443, "name": "https", "protocol": "TCP"},
            ]),
            "api" => json!([
                {"containerPort": 8080, "name": "http", "protocol": "TCP"},
                {"containerPort": 8081, "name": "admin", "protocol": "TCP"},
            ]),
            "database" => json!([{"containerPort": 5432, "name": "postgres", "protocol": "TCP"}]),
            _ => json!([{"containerPort": 9090, "name": "metrics", "protocol": "TCP"}]),
        }
    }

    fn container(&self) -> Value {
        json!({
            "env": [
                {"name": "STAGE", "value": self.stage},
                {"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"key": "password", "name": "database"}}},
            ],
            "image": self.image,
            "imagePullPolicy": "IfNotPresent",
            "name": self.role,
            "ports": self.ports(),
            "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "256Mi"}},
            "terminationMessagePolicy": "File",
        })
    }

    fn pod_spec(&self) -> Value {
        json!({
            "containers": [self.container()],
            "dnsPolicy": "ClusterFirst",
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "securityContext": {},
            "serviceAccountName": "default",
            "terminationGracePeriodSeconds": 30,
        })
    }

    fn metadata(&self, name: &str, labels: Value, salt: u64) -> Value {
        json!({
            "creationTimestamp": "2026-10-19T07:31:02Z",
            "labels": labels,
            "name": name,
            "namespace": self.namespace,
            "resourceVersion": (100_000 + digest(name, salt) % 9_000_000).to_string(),
            "uid": uid(&self.namespace, name, salt),
        })
    }

    /// A pod. `number` is its number in the cluster and gives it an address and a node.
    pub fn pod(&self, replica: usize, number: usize, nodes: usize) -> Value {
        let hash = self.template_hash();
        let (owner_kind, owner, name) = if self.stateful() {
            ("StatefulSet", self.name.clone(), format!("{}-{replica}", self.name))
        } else {
            let set = format!("{}-{hash}", self.name);
            let name = format!("{set}-{:05x}", digest(&self.instance(replica), 7) & 0xf_ffff);
            ("ReplicaSet", set, name)
        };
        let mut labels = self.labels();
        if let Some(labels) = labels.as_object_mut() {
            if self.stateful() {
                labels.insert("apps.kubernetes.io/pod-index".into(), replica.to_string().into());
                labels.insert("controller-revision-hash".into(), format!("{}-{hash}", self.name).into());
                labels.insert("statefulset.kubernetes.io/pod-name".into(), name.clone().into());
            } else {
                labels.insert("pod-template-hash".into(), hash.into());
            }
            if self.distinct_labels {
                labels.insert("instance".into(), self.instance(replica).into());
            }
        }
        let node = number % nodes;
        let mut metadata = self.metadata(&name, labels, 2);
        let mut spec = self.pod_spec();
        if let (Some(metadata), Some(spec)) = (metadata.as_object_mut(), spec.as_object_mut()) {
            metadata.insert("generateName".into(), format!("{owner}-").into());
            metadata.insert("ownerReferences".into(), json!([owner_reference(owner_kind, &owner, &self.namespace)]));
            spec.insert("enableServiceLinks".into(), true.into());
            spec.insert("nodeName".into(), node_name(node).into());
            spec.insert("preemptionPolicy".into(), "PreemptLowerPriority".into());
            spec.insert("priority".into(), 0.into());
            spec.insert("serviceAccount".into(), "default".into());
            spec.insert("tolerations".into(), tolerations());
            spec.insert("volumes".into(), json!([token_volume()]));
            let mount = json!([{
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access", "readOnly": true,
            }]);
            if let Some(container) = spec.get_mut("containers").and_then(|list| list.get_mut(0))
                && let Some(container) = container.as_object_mut()
            {
                container.insert("volumeMounts".into(), mount);
            }
        }
        json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": metadata,
            "spec": spec,
            "status": self.status(number, node),
        })
    }

    fn status(&self, number: usize, node: usize) -> Value {
        let address = format!("10.{}.{}.{}", 64 + number / 65_536, number / 256 % 256, number % 256);
        let host = node_address(node);
        let condition =
            |kind: &str| json!({"lastTransitionTime": "2026-10-19T07:31:09Z", "status": "True", "type": kind});
        let started = "2026-10-19T07:31:08Z";
        json!({
            "conditions": [
                condition("Initialized"), condition("Ready"),
                condition("ContainersReady"), condition("PodScheduled"),
            ],
            "containerStatuses": [{
                "containerID": format!("containerd://{}", digests(number, 11)),
                "image": self.image,
                "imageID": format!("{}@sha256:{}", self.image, digests(number % 100, 12)),
                "lastState": {},
                "name": self.role,
                "ready": true,
                "restartCount": 0,
                "started": true,
                "state": {"running": {"startedAt": started}},
            }],
            "hostIP": host,
            "hostIPs": [{"ip": host}],
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "qosClass": "Burstable",
            "startTime": started,
        })
    }

    /// What stands above the pods, and the Service before them.
    pub fn owners(&self) -> Vec<Value> {
        let selector = json!({"matchLabels": {"app": self.name}});
        let template = json!({"metadata": {"labels": self.labels()}, "spec": self.pod_spec()});
        let status = json!({"availableReplicas": self.replicas, "observedGeneration": 4, "readyReplicas": self.replicas,
            "replicas": self.replicas});
        let object = |kind: &str, metadata: Value, spec: Value| json!({"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec, "status": status});
        let service = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": self.metadata(&self.name, self.labels(), 5),
            "spec": {
                "ports": [{"name": "main", "port": 80, "protocol": "TCP", "targetPort": 8080}],
                "selector": {"app": self.name}, "sessionAffinity": "None", "type": "ClusterIP",
            },
            "status": {"loadBalancer": {}},
        });
        if self.stateful() {
            let spec = json!({"replicas": self.replicas, "selector": selector, "serviceName": self.name,
                "template": template});
            return vec![object("StatefulSet", self.metadata(&self.name, self.labels(), 3), spec), service];
        }
        let deployment = json!({"progressDeadlineSeconds": 600, "replicas": self.replicas,
            "revisionHistoryLimit": 10, "selector": selector, "template": template,
            "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}});
        let hash = self.template_hash();
        let mut labels = self.labels();
        if let Some(labels) = labels.as_object_mut() {
            labels.insert("pod-template-hash".into(), hash.clone().into());
        }
        let set_template = json!({"metadata": {"labels": labels}, "spec": self.pod_spec()});
        let mut metadata = self.metadata(&format!("{}-{hash}", self.name), labels, 4);
        if let Some(metadata) = metadata.as_object_mut() {
            let owner = owner_reference("Deployment", &self.name, &self.namespace);
            metadata.insert("ownerReferences".into(), json!([owner]));
        }
        let set = json!({"replicas": self.replicas, "template": set_template,
            "selector": {"matchLabels": {"app": self.name, "pod-template-hash": hash}}});
        vec![
            object("Deployment", self.metadata(&self.name, self.labels(), 3), deployment),
            object("ReplicaSet", metadata, set),
            service,
        ]
    }
}

/// A node, with what matters of it.
pub fn node(number: usize) -> Value {
    let name = node_name(number);
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "topology.kubernetes.io/zone": format!("zone-{}", number % 3)},
            "name": name,
            "uid": uid("node", &name, 0),
        },
        "spec": {"podCIDR": format!("10.{}.{}.0/24", 64 + number / 256, number % 256)},
        "status": {"addresses": [{"address": node_address(number), "type": "InternalIP"}]},
    })
}

fn node_name(number: usize) -> String {
    format!("node-{number:04}")
}

fn node_address(number: usize) -> String {
    format!("172.20.{}.{}", number / 250, number % 250 + 1)
}

fn owner_reference(kind: &str, name: &str, namespace: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "blockOwnerDeletion": true,
        "controller": true,
        "kind": kind,
        "name": name,
        "uid": uid(namespace, name, if kind == "ReplicaSet" { 4 } else { 3 }),
    })
}

fn tolerations() -> Value {
    let toleration =
        |key: &str| json!({"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300});
    json!([toleration("node.kubernetes.io/not-ready"), toleration("node.kubernetes.io/unreachable")])
}

fn token_volume() -> Value {
    json!({
        "name": "kube-api-access",
        "projected": {"defaultMode": 420, "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        ]},
    })
}

/// FNV-1a, so that identifiers are the same in every run.
fn digest(text: &str, salt: u64) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn digests(number: usize, salt: u64) -> String {
    (0..4).map(|part| format!("{:016x}", digest(&number.to_string(), salt * 4 + part))).collect()
}

/// An identifier in the form that the API server gives.
pub fn uid(namespace: &str, name: &str, salt: u64) -> String {
    let high = digest(namespace, salt);
    let low = digest(name, high);
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}
