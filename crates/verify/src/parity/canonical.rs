//! What of an object counts: neither what the server or a controller wrote, nor a default that is spelt out.

use data_encoding::BASE64;
use dtap_model::object::Object;
use dtap_model::tree::{Entry, Node, Tree, Value};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Whether somebody keeps this object: no Event, no Lease, nothing that a controller owns or the server makes.
#[must_use]
pub fn is_kept(object: &Object) -> bool {
    let identity = &object.identity;
    let made_by_server = match (identity.kind.group.as_str(), identity.kind.kind.as_str()) {
        ("" | "events.k8s.io", "Event")
        | ("coordination.k8s.io", "Lease")
        | ("", "Endpoints")
        | ("discovery.k8s.io", "EndpointSlice")
        | ("apps", "ControllerRevision")
        | ("metrics.k8s.io", _) => true,
        ("", "ConfigMap") => matches!(identity.name.as_str(), "kube-root-ca.crt" | "openshift-service-ca.crt"),
        ("", "ServiceAccount") => identity.name == "default" && says_nothing(&object.tree),
        ("", "Secret") => object.tree.get("type").and_then(Node::as_str).is_some_and(is_written_secret),
        _ => false,
    };
    !made_by_server && !has_controller(&object.tree)
}

/// Helm's record of a release, and the token of a ServiceAccount.
fn is_written_secret(kind: &str) -> bool {
    kind == "helm.sh/release.v1" || kind == "kubernetes.io/service-account-token"
}

/// A ServiceAccount as the server makes it.
fn says_nothing(account: &Node<'_>) -> bool {
    let plain = |entry: &Entry<'_>| matches!(entry.key.as_ref(), "apiVersion" | "kind" | "secrets" | "metadata");
    let metadata = account.get("metadata").map(Node::entries).unwrap_or_default();
    account.entries().iter().all(plain)
        && !metadata
            .iter()
            .any(|entry| matches!(entry.key.as_ref(), "labels" | "annotations") && !entry.node.entries().is_empty())
}

/// Whether a controller owns it.
fn has_controller(tree: &Node<'_>) -> bool {
    tree.at(&["metadata", "ownerReferences"])
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .any(|owner| owner.get("controller").and_then(Node::as_bool) == Some(true))
}

/// The object with one spelling of what may be written in two: a Secret's `stringData` as `data`, as the server keeps
/// it.
#[must_use]
pub fn written_alike(object: &Object) -> Cow<'_, Object> {
    let plain = object.tree.get("stringData").filter(|_| object.identity.kind.is("", "Secret"));
    let Some(plain) = plain else { return Cow::Borrowed(object) };
    let mut data: Vec<Entry<'static>> = plain.entries().iter().map(encoded).collect();
    let encoded = object.tree.get("data").map(Node::entries).unwrap_or_default();
    data.extend(encoded.iter().filter(|entry| plain.get(&entry.key).is_none()).cloned());
    let mut entries: Vec<Entry<'static>> = object.tree.entries().to_vec();
    entries.retain(|entry| entry.key != "data");
    for entry in entries.iter_mut().filter(|entry| entry.key == "stringData") {
        entry.key = "data".into();
        entry.node.value = Value::Mapping(std::mem::take(&mut data));
    }
    let tree = Tree { value: Value::Mapping(entries), span: object.tree.span };
    Cow::Owned(Object { tree, ..object.clone() })
}

/// The entry with its text in base64.
fn encoded(entry: &Entry<'static>) -> Entry<'static> {
    let mut entry = entry.clone();
    if let Value::String(text) = &entry.node.value {
        entry.node.value = Value::String(BASE64.encode(text.as_bytes()).into());
    }
    entry
}

/// One step of a walk, as far as what counts depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At<'walk> {
    /// Under a key.
    Key(&'walk str),
    /// In an item of a list.
    Item,
}

/// Fields of `metadata` that the server writes, or that say where the object stands and what it is called.
const METADATA: [&str; 11] = [
    "name",
    "namespace",
    "generateName",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// Annotations that the server, a controller or a client writes of its own accord.
const ANNOTATIONS: [&str; 9] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "pv.kubernetes.io/provisioned-by",
    "volume.kubernetes.io/selected-node",
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
];

/// Labels that the Job controller writes into its template.
const JOB_LABELS: [&str; 4] =
    ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

/// Whether what stands at the end of a path is no part of what people decide: written by the server or by a controller,
/// or a default of the API. `siblings` are the entries of the mapping that holds it, it included.
#[must_use]
pub fn is_written(kind: &str, path: &[At<'_>], node: &Node<'_>, siblings: &[Entry<'_>]) -> bool {
    node.is_null() || is_server_field(kind, path, node, siblings) || is_default(kind, path, node, siblings)
}

/// Whether the server or a controller writes this field, whatever people wrote.
#[must_use]
pub fn is_server_field(kind: &str, path: &[At<'_>], node: &Node<'_>, siblings: &[Entry<'_>]) -> bool {
    use At::{Item, Key};
    match path {
        [Key(field)] if is_placement("", field) => true,
        // Templates of claims carry a status of their own once the server has read them.
        [Key("spec"), Key("volumeClaimTemplates"), Item, Key("status" | "apiVersion" | "kind")] => true,
        [.., Key("metadata"), Key("creationTimestamp")] => true,
        [Key("metadata"), Key(field)] => is_placement("metadata", field),
        [Key("metadata"), Key("annotations"), Key(name)] => ANNOTATIONS.contains(name),
        [Key("metadata"), Key("labels"), Key("kubernetes.io/metadata.name")] => kind == "Namespace",
        [Key("spec"), Key("finalizers")] => kind == "Namespace",
        [Key("spec"), Key("clusterIP")] => kind == "Service" && node.as_str() != Some("None"),
        [Key("spec"), Key("clusterIPs" | "ipFamilies" | "healthCheckNodePort")] => kind == "Service",
        [Key("spec"), Key("ports"), Item, Key("nodePort")] => kind == "Service",
        [Key("spec"), Key("volumeName")] => kind == "PersistentVolumeClaim",
        [Key("secrets")] => kind == "ServiceAccount",
        [Key("spec"), Key("selector")] => kind == "Job" && beside(siblings, "manualSelector").is_none(),
        [.., Key("template"), Key("metadata"), Key("labels"), Key(label)] => {
            kind == "Job" && JOB_LABELS.contains(label)
        }
        _ => false,
    }
}

/// Whether a field of every object is its state, or where it stands and what it is called; `parent` is the key above
/// it, empty at the root.
#[must_use]
pub fn is_placement(parent: &str, field: &str) -> bool {
    match parent {
        "" => field == "status",
        "metadata" => METADATA.contains(&field),
        _ => false,
    }
}

/// Whether a value is what the server would fill in for an absent one.
fn is_default(kind: &str, path: &[At<'_>], node: &Node<'_>, siblings: &[Entry<'_>]) -> bool {
    default(kind, path).is_some_and(|default| default.is(kind, path, node, siblings))
}

/// What the server fills in at the end of a path that depends on the other entries of the mapping, in one text; none
/// where it does not depend on them.
#[must_use]
pub fn follows(kind: &str, path: &[At<'_>], siblings: &[Entry<'_>]) -> Option<Cow<'static, str>> {
    match default(kind, path)? {
        Default::PullPolicy => Some(pull_policy(image_beside(siblings)).into()),
        Default::PolicyTypes => Some(if has_egress(siblings) { "Egress, Ingress" } else { "Ingress" }.into()),
        Default::SameAs(other) => beside(siblings, other).and_then(scalar).map(Cow::from),
        _ => None,
    }
}

/// Whether nothing and an empty mapping or list are the same at the end of a path.
#[must_use]
pub fn may_be_empty(kind: &str, path: &[At<'_>]) -> bool {
    matches!(default(kind, path), Some(Default::Empty))
}

/// What the server fills in at the end of a path.
fn default(kind: &str, path: &[At<'_>]) -> Option<&'static Default> {
    static BY_LAST_STEP: LazyLock<FxHashMap<&str, Vec<(Pattern, &Default)>>> = LazyLock::new(|| {
        let mut by_last: FxHashMap<&str, Vec<(Pattern, &Default)>> = FxHashMap::default();
        for (pattern, default) in DEFAULTS {
            let pattern = Pattern::read(pattern);
            for step in pattern.last_first.first().into_iter().flatten() {
                by_last.entry(step).or_default().push((pattern.clone(), default));
            }
        }
        by_last
    });
    let Some(At::Key(last)) = path.last() else { return None };
    let candidates = BY_LAST_STEP.get(last)?;
    candidates.iter().find(|(pattern, _)| pattern.fits(kind, path)).map(|(_, default)| *default)
}

/// Whether a walk stands at a `Quantity` of the API, which may be written in several ways: `1Gi` and `1024Mi`. Of kinds
/// that are not Kubernetes' own only what is written as the resources of a container is.
#[must_use]
pub fn is_quantity(kind: &str, path: &[At<'_>]) -> bool {
    use At::{Item, Key};
    match path {
        [.., Key(list), Item, Key("resources"), Key("limits" | "requests"), Key(_)] => CONTAINERS.contains(list),
        [.., Key("resources"), Key("limits" | "requests"), Key("cpu" | "memory" | "storage" | "ephemeral-storage")] => {
            true
        }
        [.., Key("emptyDir"), Key("sizeLimit")] | [.., Key("resourceFieldRef"), Key("divisor")] => true,
        [Key("spec"), Key("hard"), Key(_)] => kind == "ResourceQuota",
        [Key("spec"), Key("limits"), Item, Key(limit), Key(_)] => kind == "LimitRange" && LIMITS.contains(limit),
        [Key("spec"), Key("capacity"), Key(_)] => kind == "PersistentVolume",
        [.., Key("target"), Key("averageValue" | "value")] => kind == "HorizontalPodAutoscaler",
        _ => false,
    }
}

/// The fields of an item of a LimitRange that hold amounts.
const LIMITS: [&str; 5] = ["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"];

/// The lists of containers of a pod.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// What the server fills in.
enum Default {
    /// This text, or number or boolean written so.
    Says(&'static str),
    /// A mapping that says nothing but defaults, or a list without content.
    Empty,
    /// The policy that goes with the image's tag: `Always` for `latest` or none, else `IfNotPresent`.
    PullPolicy,
    /// What another field of the same mapping says.
    SameAs(&'static str),
    /// The same, where this one is only another name for it.
    Alias(&'static str),
    /// One, for a Job that says nothing of how often it runs; without `completions` it is a work queue of so many.
    Once(&'static str),
    /// The `policyTypes` that follow from the sections that are there (N1).
    PolicyTypes,
    /// The group of an RBAC subject's kind.
    SubjectGroup,
}

impl Default {
    /// Whether `node`, which stands among `siblings`, says no more than that.
    fn is(&self, kind: &str, path: &[At<'_>], node: &Node<'_>, siblings: &[Entry<'_>]) -> bool {
        match self {
            Self::Says(text) => scalar(node).as_deref() == Some(*text),
            Self::Empty => {
                let says_defaults = |entry: &Entry<'_>| {
                    let below = [path, &[At::Key(&entry.key)]].concat();
                    is_written(kind, &below, &entry.node, node.entries())
                };
                node.entries().iter().all(says_defaults)
                    && node.items().is_empty()
                    && scalar(node).is_none_or(|text| text.is_empty())
            }
            Self::PullPolicy => node.as_str() == Some(pull_policy(image_beside(siblings))),
            Self::SameAs(other) | Self::Alias(other) => {
                beside(siblings, other).is_some_and(|other| other.same_value(node))
            }
            Self::Once("completions") => {
                scalar(node).as_deref() == Some("1") && beside(siblings, "completions").is_some()
            }
            Self::Once(other) => {
                let other = beside(siblings, other).map(|other| scalar(other).as_deref() == Some("1"));
                scalar(node).as_deref() == Some("1") && other.is_none_or(|is_one| is_one)
            }
            Self::SubjectGroup => {
                let account = beside(siblings, "kind").and_then(Node::as_str) == Some("ServiceAccount");
                node.as_str() == Some(if account { "" } else { "rbac.authorization.k8s.io" })
            }
            Self::PolicyTypes => {
                let egress = has_egress(siblings);
                let mut says: Vec<&str> = node.items().iter().filter_map(Node::as_str).collect();
                says.sort_unstable();
                if egress { says == ["Egress", "Ingress"] } else { says == ["Ingress"] || says.is_empty() }
            }
        }
    }
}

/// The image of the container whose entries these are.
fn image_beside<'node>(container: &'node [Entry<'_>]) -> &'node str {
    beside(container, "image").and_then(Node::as_str).unwrap_or_default()
}

/// Whether the `spec` of a policy with these entries has rules for egress.
fn has_egress(spec: &[Entry<'_>]) -> bool {
    beside(spec, "egress").is_some_and(|egress| !egress.items().is_empty())
}

/// What stands under another key of the same mapping.
fn beside<'node, 'source>(siblings: &'node [Entry<'source>], key: &str) -> Option<&'node Node<'source>> {
    siblings.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}

/// The default of `imagePullPolicy` for an image.
fn pull_policy(image: &str) -> &'static str {
    let image = whole_image(image);
    if image.ends_with(":latest") && !image.contains('@') { "Always" } else { "IfNotPresent" }
}

/// An image with its tag: `latest` where it says neither a tag nor a digest.
#[must_use]
pub fn whole_image(image: &str) -> Cow<'_, str> {
    let last = image.rsplit('/').next().unwrap_or_default();
    if last.contains(['@', ':']) { image.into() } else { format!("{image}:latest").into() }
}

/// Whether a walk stands at the image of a container.
#[must_use]
pub fn is_image(path: &[At<'_>]) -> bool {
    matches!(path, [.., At::Key(list), At::Item, At::Key("image")] if CONTAINERS.contains(list))
}

/// The text of a scalar as YAML would write it; none for lists, mappings and nothing.
#[must_use]
pub fn scalar(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::String(text) => Some(text.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// Whether a node is neither a mapping nor a list.
#[must_use]
pub fn is_scalar(node: &Node<'_>) -> bool {
    !matches!(node.value, Value::Mapping(_) | Value::Sequence(_))
}

/// Where in objects of which kinds a default is: the kinds, or `*`, and then the last steps, each of one or several
/// keys or `[]` for an item. Steps that begin with `/` hold from the root.
#[derive(Clone)]
struct Pattern {
    /// None for every kind.
    kinds: Option<Vec<&'static str>>,
    rooted: bool,
    last_first: Vec<Vec<&'static str>>,
}

impl Pattern {
    fn read(pattern: &'static str) -> Self {
        let (kinds, steps) = pattern.split_once(' ').unwrap_or(("*", pattern));
        Self {
            kinds: (kinds != "*").then(|| kinds.split('|').collect()),
            rooted: steps.starts_with('/'),
            last_first: steps.trim_start_matches('/').rsplit('.').map(|step| step.split('|').collect()).collect(),
        }
    }

    fn fits(&self, kind: &str, path: &[At<'_>]) -> bool {
        let deep = if self.rooted { path.len() == self.last_first.len() } else { path.len() >= self.last_first.len() };
        deep && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
            && path.iter().rev().zip(&self.last_first).all(|(at, steps)| match at {
                At::Item => steps.contains(&"[]"),
                At::Key(key) => steps.contains(key),
            })
    }
}

/// The defaults of the API, by kind and path. Sources: the defaulting functions of Kubernetes 1.37
/// (`pkg/apis/*/*/defaults.go`).
const DEFAULTS: &[(&str, Default)] = {
    use Default::{Alias, Empty, Once, PolicyTypes, PullPolicy, SameAs, Says, SubjectGroup};
    &[
        // Every object.
        ("* metadata", Empty),
        ("* metadata.labels|annotations|finalizers|ownerReferences", Empty),
        // Containers.
        ("* containers|initContainers|ephemeralContainers.[].imagePullPolicy", PullPolicy),
        ("* containers|initContainers|ephemeralContainers.[].terminationMessagePath", Says("/dev/termination-log")),
        ("* containers|initContainers|ephemeralContainers.[].terminationMessagePolicy", Says("File")),
        ("* containers|initContainers|ephemeralContainers.[].resources|securityContext|lifecycle", Empty),
        ("* containers|initContainers|ephemeralContainers.[].env|envFrom|args|command|ports|volumeMounts", Empty),
        ("* containers|initContainers|ephemeralContainers.[].stdin|stdinOnce|tty", Says("false")),
        ("* containers|initContainers.[].resources.limits|requests", Empty),
        ("* containers|initContainers.[].ports.[].protocol", Says("TCP")),
        ("* env.[].value", Empty),
        ("* valueFrom.fieldRef.apiVersion", Says("v1")),
        ("* volumeMounts.[].readOnly", Says("false")),
        ("* volumeMounts.[].subPath", Empty),
        ("* livenessProbe|readinessProbe|startupProbe.timeoutSeconds|successThreshold", Says("1")),
        ("* livenessProbe|readinessProbe|startupProbe.periodSeconds", Says("10")),
        ("* livenessProbe|readinessProbe|startupProbe.failureThreshold", Says("3")),
        ("* livenessProbe|readinessProbe|startupProbe.initialDelaySeconds", Says("0")),
        ("* httpGet.scheme", Says("HTTP")),
        ("* httpGet.path", Says("/")),
        ("* grpc.service", Empty),
        // Pods.
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet spec.restartPolicy", Says("Always")),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.terminationGracePeriodSeconds", Says("30")),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.dnsPolicy", Says("ClusterFirst")),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.schedulerName", Says("default-scheduler")),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.enableServiceLinks", Says("true")),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.hostNetwork|hostPID|hostIPC", Says("false")),
        (
            "Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.serviceAccount",
            Alias("serviceAccountName"),
        ),
        ("Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.serviceAccountName", Says("default")),
        (
            "Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob spec.securityContext|nodeSelector|affinity|tolerations|volumes|imagePullSecrets|initContainers|hostAliases",
            Empty,
        ),
        ("* configMap|secret|projected|downwardAPI.defaultMode", Says("420")),
        (
            "* configMap|secret|projected|downwardAPI|configMapKeyRef|secretKeyRef|configMapRef|secretRef.optional",
            Says("false"),
        ),
        ("* volumes.[].emptyDir", Empty),
        ("* capabilities.add|drop", Empty),
        ("* resourceFieldRef.divisor", Says("0")),
        ("* podSelector|namespaceSelector|selector|labelSelector.matchLabels|matchExpressions", Empty),
        ("* hostPath.type", Empty),
        ("* serviceAccountToken.expirationSeconds", Says("3607")),
        // Workloads.
        ("Deployment|StatefulSet|ReplicaSet|ReplicationController /spec.replicas", Says("1")),
        ("Deployment|StatefulSet|DaemonSet /spec.revisionHistoryLimit", Says("10")),
        ("Deployment /spec.progressDeadlineSeconds", Says("600")),
        ("Deployment|StatefulSet|DaemonSet /spec.minReadySeconds", Says("0")),
        ("Deployment /spec.paused", Says("false")),
        ("Deployment /spec.strategy", Empty),
        ("Deployment /spec.strategy.rollingUpdate", Empty),
        ("StatefulSet|DaemonSet /spec.updateStrategy", Empty),
        ("StatefulSet|DaemonSet /spec.updateStrategy.rollingUpdate", Empty),
        ("StatefulSet /spec.persistentVolumeClaimRetentionPolicy", Empty),
        ("Deployment /spec.strategy.type", Says("RollingUpdate")),
        ("Deployment /spec.strategy.rollingUpdate.maxSurge|maxUnavailable", Says("25%")),
        ("StatefulSet /spec.podManagementPolicy", Says("OrderedReady")),
        ("StatefulSet|DaemonSet /spec.updateStrategy.type", Says("RollingUpdate")),
        ("StatefulSet /spec.updateStrategy.rollingUpdate.partition", Says("0")),
        ("DaemonSet /spec.updateStrategy.rollingUpdate.maxUnavailable", Says("1")),
        ("DaemonSet /spec.updateStrategy.rollingUpdate.maxSurge", Says("0")),
        ("StatefulSet /spec.persistentVolumeClaimRetentionPolicy.whenDeleted|whenScaled", Says("Retain")),
        ("PersistentVolumeClaim /spec.volumeMode", Says("Filesystem")),
        ("StatefulSet /spec.volumeClaimTemplates.[].spec.volumeMode", Says("Filesystem")),
        ("CronJob /spec.concurrencyPolicy", Says("Allow")),
        ("CronJob /spec.suspend", Says("false")),
        ("CronJob /spec.successfulJobsHistoryLimit", Says("3")),
        ("CronJob /spec.failedJobsHistoryLimit", Says("1")),
        ("Job /spec.backoffLimit", Says("6")),
        ("CronJob /spec.jobTemplate.spec.backoffLimit", Says("6")),
        ("Job /spec.completions", Once("parallelism")),
        ("Job /spec.parallelism", Once("completions")),
        ("Job /spec.suspend", Says("false")),
        ("Job /spec.completionMode", Says("NonIndexed")),
        ("Job /spec.podReplacementPolicy", Says("TerminatingOrFailed")),
        // Services.
        ("Service /spec.type", Says("ClusterIP")),
        ("Service /spec.sessionAffinity", Says("None")),
        ("Service /spec.internalTrafficPolicy|externalTrafficPolicy", Says("Cluster")),
        ("Service /spec.ipFamilyPolicy", Says("SingleStack")),
        ("Service /spec.allocateLoadBalancerNodePorts", Says("true")),
        ("Service /spec.publishNotReadyAddresses", Says("false")),
        ("Service /spec.ports.[].protocol", Says("TCP")),
        ("Service /spec.ports.[].targetPort", SameAs("port")),
        // Policies, access, configuration.
        ("NetworkPolicy /spec.policyTypes", PolicyTypes),
        ("NetworkPolicy /spec.ingress|egress", Empty),
        ("NetworkPolicy /spec.ingress|egress.[].from|to|ports", Empty),
        ("NetworkPolicy ports.[].protocol", Says("TCP")),
        ("Secret /type", Says("Opaque")),
        ("ConfigMap|Secret /data|binaryData|stringData", Empty),
        ("ConfigMap|Secret /immutable", Says("false")),
        ("ServiceAccount /imagePullSecrets", Empty),
        ("RoleBinding|ClusterRoleBinding roleRef.apiGroup", Says("rbac.authorization.k8s.io")),
        ("RoleBinding|ClusterRoleBinding subjects.[].apiGroup", SubjectGroup),
        ("HorizontalPodAutoscaler /spec.minReplicas", Says("1")),
    ]
};
