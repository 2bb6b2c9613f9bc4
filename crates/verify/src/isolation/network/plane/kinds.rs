//! Which objects are policies of the standard kind, which of another one (N18), and what is not in force for certain.

use dtap_model::tree::Node;
use dtap_snapshot::snapshot::Placed;

/// Whether an object is a policy of the standard kind, in a version that is served (N18).
#[must_use]
pub fn is_standard(placed: &Placed) -> bool {
    placed.object.identity.kind.is("networking.k8s.io", "NetworkPolicy") && placed.object.version == "v1"
}

/// Whether an object is of a kind whose policies are not modelled: every kind that ends in `NetworkPolicy`, but those
/// of the API itself in whatever version (N18).
#[must_use]
pub fn is_unmodelled(placed: &Placed) -> bool {
    let kind = &placed.object.identity.kind;
    kind.kind.ends_with("NetworkPolicy") && !kind.is("networking.k8s.io", "NetworkPolicy") && !is_unserved(placed)
}

/// Whether an object is a standard policy in a version that no API server serves any more: it protects nothing (N18).
#[must_use]
pub fn is_unserved(placed: &Placed) -> bool {
    let kind = &placed.object.identity.kind;
    kind.is("extensions", "NetworkPolicy")
        || kind.is("networking.k8s.io", "NetworkPolicy") && placed.object.version != "v1"
}

/// Annotations by which deployment tools leave an object out, whatever they say: hooks of Argo CD and Helm; what kapp does not
/// apply; what Config Sync applies to some clusters or namespaces alone; what Kyverno or kube-janitor soon deletes.
const LEAVES_OUT: [&str; 9] = [
    "argocd.argoproj.io/hook",
    "helm.sh/hook",
    "kapp.k14s.io/noop",
    "kapp.k14s.io/exists",
    "configsync.gke.io/cluster-name-selector",
    "configmanagement.gke.io/cluster-selector",
    "configmanagement.gke.io/namespace-selector",
    "cleanup.kyverno.io/ttl",
    "janitor/ttl",
];

/// Annotations by which they leave it out when they say this. Flux reads them in whatever capitals, and labels as well.
const LEAVES_OUT_WHEN: [(&str, &str); 4] = [
    ("kustomize.toolkit.fluxcd.io/ssa", "ignore"),
    ("kustomize.toolkit.fluxcd.io/reconcile", "disabled"),
    ("configmanagement.gke.io/managed", "disabled"),
    ("client.lifecycle.config.k8s.io/mutation", "ignore"),
];

/// Whether a deployment tool applies an object for a while, in some places, or never.
#[must_use]
pub fn is_left_out<'s>(placed: &'s Placed) -> bool {
    let metadata = placed.object.tree.get("metadata");
    let map = |name| metadata.and_then(|metadata| metadata.get(name));
    let (annotations, labels) = (map("annotations"), map("labels"));
    let said = |map: Option<&'s Node<'static>>, key: &str| map?.get(key).filter(|node| !node.is_null());
    let annotated = |key| said(annotations, key);
    let is_local = annotated("config.kubernetes.io/local-config").is_some_and(|node| node.as_str() != Some("false"));
    let told = |(key, word): (&str, &str)| {
        let says = |map| said(map, key).and_then(Node::as_str).is_some_and(|text| text.eq_ignore_ascii_case(word));
        says(annotations) || says(labels)
    };
    is_local
        || LEAVES_OUT.into_iter().any(|key| annotated(key).or_else(|| said(labels, key)).is_some())
        || LEAVES_OUT_WHEN.into_iter().any(told)
}

/// Whether an object is being deleted (N13).
#[must_use]
pub fn is_terminating(placed: &Placed) -> bool {
    placed.object.tree.at(&["metadata", "deletionTimestamp"]).is_some_and(|node| !node.is_null())
}
