//! Of which kind a document is, if it is an object at all: the two fields that say so, the kind that was meant by one
//! that is none, what an unfinished one lacks, and what stands in an object's place.

use super::document::is_list;
use super::shape::Misfit;
use crate::workload;
use dtap_model::object::GroupKind;
use dtap_model::tree::{Entry, Node, Span, Value};

/// How kubectl begins to say that it did not get what it was asked for.
const COMPLAINTS: [&str; 3] = ["Error from server", "Unable to connect to the server", "The connection to the server"];

/// Where a document is, or holds between the fields of an object, an error of kubectl's that came into the stream. Its
/// colon makes a field of it.
pub(super) fn complaint(root: &Node<'_>) -> Option<Span> {
    let complains = |text: &str| COMPLAINTS.into_iter().any(|start| text.starts_with(start));
    let of_kubectl = |entry: &&Entry<'_>| {
        let is_error = entry.key == "error" && (root.entries().len() == 1 || is_list(root));
        complains(&entry.key) || is_error && entry.node.as_str().is_some()
    };
    match &root.value {
        Value::String(text) => complains(text).then_some(root.span),
        _ => root.entries().iter().find(of_kubectl).map(|entry| entry.key_span),
    }
}

/// The two fields that make a mapping an object.
pub(super) struct Kind<'tree> {
    pub(super) api_version: &'tree Node<'tree>,
    pub(super) kind: &'tree Node<'tree>,
}

/// An object's kind, or none for what is no Kubernetes object: one of the fields is missing, it is kustomize's own, or
/// it is a program's configuration, which has a kind but no metadata.
pub(super) fn object_kind<'tree>(tree: &'tree Node<'_>) -> Option<Kind<'tree>> {
    let (api_version, kind) = (tree.get("apiVersion")?, tree.get("kind")?);
    let group = api_version.as_str().and_then(|text| text.split_once('/')).map_or("", |(group, _)| group);
    let kind_word = kind.as_str().unwrap_or_default();
    let is_kustomize = group == "kustomize.config.k8s.io" || group.is_empty() && kind_word == "Kustomization";
    let is_judged = workload::template_path(&GroupKind::new(group, kind_word)).is_some()
        || matches!(
            (group, kind_word),
            ("networking.k8s.io", _) | ("", "Namespace" | "Service" | "Secret" | "ConfigMap")
        )
        || is_configuration(group, kind_word);
    let is_object = tree.get("metadata").is_some() || is_judged;
    (is_object && !is_kustomize).then_some(Kind { api_version, kind })
}

/// Whether a kind configures what makes a cluster, and says there which addresses pods get or whom Pod Security
/// exempts: kubeadm, kube-proxy, kind and the API server read such a document from a file. It has no name; that of its
/// kind stands for it.
pub(super) fn is_configuration(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("kubeadm.k8s.io", "ClusterConfiguration")
            | ("kubeproxy.config.k8s.io", "KubeProxyConfiguration")
            | ("kind.x-k8s.io", "Cluster")
            | ("apiserver.config.k8s.io", "AdmissionConfiguration")
            | ("pod-security.admission.config.k8s.io", "PodSecurityConfiguration")
    )
}

/// The kind that was meant by one that is none: it has other capitals, or is the plural by which kubectl knows it.
pub(super) fn meant(group: &str, kind: &str) -> Option<&'static str> {
    if SPELLED.iter().any(|(known, _)| *known == kind) {
        return None;
    }
    let is_own = matches!(group, "" | "apps" | "batch" | "discovery.k8s.io" | "networking.k8s.io");
    let is_meant =
        |known: &str, plural: &str| known.eq_ignore_ascii_case(kind) || is_own && plural.eq_ignore_ascii_case(kind);
    let spelled = SPELLED.into_iter().find(|(known, plural)| is_meant(known, plural)).map(|(known, _)| known);
    // Every kind of policy ends so, whoever it is of (N18).
    let is_policy = kind.len() > POLICY.len() && kind.to_ascii_lowercase().ends_with(&POLICY.to_ascii_lowercase());
    spelled
        .or_else(|| (is_policy && !kind.starts_with(|first: char| first.is_ascii_uppercase())).then_some(OTHER_POLICY))
}

/// How the kinds of policies end.
const POLICY: &str = "NetworkPolicy";
/// What is told of one of another group that is spelled otherwise.
const OTHER_POLICY: &str = "…NetworkPolicy, in the capitals of its group";

/// The kinds that are judged, with their plurals: in other capitals they are none.
const SPELLED: [(&str, &str); 25] = [
    ("Application", "Applications"),
    ("ApplicationSet", "ApplicationSets"),
    ("AppProject", "AppProjects"),
    ("ClusterPolicy", "ClusterPolicies"),
    ("HelmChart", "HelmCharts"),
    ("Kustomization", "Kustomizations"),
    ("Endpoints", "Endpoint"),
    ("EndpointSlice", "EndpointSlices"),
    ("Gateway", "Gateways"),
    ("HelmRelease", "HelmReleases"),
    ("Ingress", "Ingresses"),
    ("Rollout", "Rollouts"),
    ("ConfigMap", "ConfigMaps"),
    ("CronJob", "CronJobs"),
    ("DaemonSet", "DaemonSets"),
    ("Deployment", "Deployments"),
    ("Job", "Jobs"),
    ("Namespace", "Namespaces"),
    ("NetworkPolicy", "NetworkPolicies"),
    ("Pod", "Pods"),
    ("ReplicaSet", "ReplicaSets"),
    ("ReplicationController", "ReplicationControllers"),
    ("Secret", "Secrets"),
    ("Service", "Services"),
    ("StatefulSet", "StatefulSets"),
];

/// What is missing of a document that is plainly meant to be an object: kubectl refuses it.
pub(super) fn unfinished(tree: &Node<'_>) -> Option<Misfit> {
    let missing = |path: &str| Misfit { path: path.to_owned(), span: tree.span, expected: "text", found: "nothing" };
    if tree.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List")) {
        let (expected, found, span) = match tree.get("items") {
            Some(items) => ("a list", items.kind_word(), items.span),
            None => {
                let meant = tree.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case("items"))?;
                ("in small letters", "spelled otherwise", meant.key_span)
            }
        };
        return Some(Misfit { path: "items".to_owned(), span, expected, found });
    }
    let has_name = ["name", "generateName", "namespace"].iter().any(|key| tree.at(&["metadata", key]).is_some());
    let is_policy = tree.at(&["spec", "podSelector"]).is_some();
    match (tree.get("apiVersion"), tree.get("kind")) {
        (None, Some(_)) if has_name || is_policy => Some(missing("apiVersion")),
        (Some(_), None) if has_name || is_policy => Some(missing("kind")),
        (_, None) if holds_objects(tree) => Some(missing("kind")),
        (None, None) if has_name && is_policy => Some(missing("kind")),
        _ => None,
    }
}

/// Whether a document has objects for its items.
fn holds_objects(tree: &Node<'_>) -> bool {
    tree.get("items").map(Node::items).unwrap_or_default().iter().any(|item| object_kind(item).is_some())
}

/// The fault of a document that is a bare list of objects.
pub(super) fn objects_at_the_top(tree: &Node<'_>) -> Option<(Span, &'static str, &'static str)> {
    let first = tree.items().iter().find(|item| object_kind(item).is_some())?;
    let hint = "give each a document of its own, or put them into a `kind: List`";
    Some((first.span, "a bare list of objects, which kubectl refuses", hint))
}

/// Whether a document is one text that plainly stands for another one: a pointer of Git LFS, a link that was written
/// out, or what age, PGP or Ansible Vault encrypted. Or what SOPS encrypted, its kind included.
pub(super) fn stands_for_another(tree: &Node<'_>) -> bool {
    const HEADS: [&str; 5] =
        ["version https://git-lfs", "$ANSIBLE_VAULT", "-----BEGIN AGE ENCRYPTED", "-----BEGIN PGP MESSAGE", "ENC["];
    const ENDS: [&str; 3] = [".yaml", ".yml", ".json"];
    let is_sops = tree.get("sops").is_some_and(|sops| sops.get("mac").is_some() || sops.get("lastmodified").is_some());
    tree.as_str().map(str::trim).is_some_and(|text| {
        let is_link = !text.contains(char::is_whitespace) && ENDS.iter().any(|end| text.ends_with(end));
        is_link || HEADS.iter().any(|head| text.starts_with(head))
    }) || is_sops
}

/// The fault of such a document.
pub(super) fn a_text(tree: &Node<'_>) -> (Span, &'static str, &'static str) {
    let why = "stands for another text: a pointer of Git LFS, a link written out, or something encrypted";
    (tree.span, why, "give dtap what it stands for, or leave it out with --exclude")
}

/// Whether an object acts in its own namespace alone, though others of its kind act beyond theirs, by what else it
/// says: a chart that goes nowhere else; settings, and pods on every node, that are of no network plugin and not Argo
/// CD's. And holds no other object that would.
pub(super) fn is_confined(kind: &GroupKind, tree: &Node<'_>) -> bool {
    const HELD: [&str; 2] = ["NetworkPolicy", "Namespace"];
    const PLUGINS: [&str; 13] = [
        "cilium",
        "vpc",
        "argocd",
        "flannel",
        "weave",
        "network-policy",
        "firewall",
        "calico",
        "canal",
        "antrea",
        "router",
        "cni",
        "ovn",
    ];
    let speaks_of = |words: &[&str]| any_text(tree, &|text| words.iter().any(|word| text.contains(word)));
    let is_absent = |steps: &[&str]| tree.at(steps).is_none_or(Node::is_null);
    let is_own = match (kind.group.as_str(), kind.kind.as_str()) {
        ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            is_absent(&["spec", "targetNamespace"]) && is_absent(&["spec", "kubeConfig"])
        }
        ("", "ConfigMap") | ("apps", "DaemonSet") => !speaks_of(&PLUGINS) && is_absent(&["binaryData"]),
        _ => false,
    };
    is_own && !speaks_of(&HELD)
}

/// Whether a text within is such a one.
fn any_text(node: &Node<'_>, is_such: &dyn Fn(&str) -> bool) -> bool {
    node.as_str().is_some_and(is_such)
        || node.items().iter().any(|item| any_text(item, is_such))
        || node.entries().iter().any(|entry| any_text(&entry.node, is_such))
}
