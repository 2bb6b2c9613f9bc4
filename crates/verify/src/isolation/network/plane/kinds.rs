//! Which objects are policies of the standard kind, which of another one (N18), and what is not in force for certain.

use super::metadata::is_time;
use dtap_model::tree::{Entry, Node};
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

/// Whether a policy of a kind that is not modelled may decide ingress, and egress: Calico's decides the directions that
/// its `types` list and no other. One that has rules of another direction, or is of packets before they are tracked, is
/// not what it says for certain.
#[must_use]
pub fn decides(placed: &Placed) -> [bool; 2] {
    let kind = &placed.object.identity.kind;
    let is_calico = matches!(kind.group.as_str(), "projectcalico.org" | "crd.projectcalico.org")
        && matches!(kind.kind.as_str(), "NetworkPolicy" | "GlobalNetworkPolicy");
    let Some(spec) = placed.object.tree.get("spec").filter(|_| is_calico) else { return [true; 2] };
    let types: Vec<Option<&str>> =
        spec.get("types").map(Node::items).unwrap_or_default().iter().map(Node::as_str).collect();
    let is_known = types.iter().all(|it| matches!(it, Some("Ingress" | "Egress")));
    let is_other = |field| spec.get(field).is_some_and(|node| !node.is_null() && node.as_bool() != Some(false));
    if types.is_empty() || !is_known || ["doNotTrack", "preDNAT", "applyOnForward"].into_iter().any(is_other) {
        return [true; 2];
    }
    [("Ingress", "ingress"), ("Egress", "egress")].map(|(name, rules)| {
        let has_rules = spec.get(rules).is_some_and(|rules| !rules.items().is_empty());
        has_rules || types.contains(&Some(name))
    })
}

/// Whether an object is a standard policy in a version that no API server serves any more: it protects nothing (N18).
#[must_use]
pub fn is_unserved(placed: &Placed) -> bool {
    let kind = &placed.object.identity.kind;
    kind.is("extensions", "NetworkPolicy")
        || kind.is("networking.k8s.io", "NetworkPolicy") && placed.object.version != "v1"
}

/// Annotations by which deployment tools leave an object out, whatever they say: hooks of Argo CD and Helm; what kapp
/// does not apply; what Config Sync applies to some clusters or namespaces alone; what Kyverno or kube-janitor soon
/// deletes.
const LEAVES_OUT: [&str; 10] = [
    "argocd.argoproj.io/hook",
    "helm.sh/hook",
    "kapp.k14s.io/noop",
    "kapp.k14s.io/exists",
    "configsync.gke.io/cluster-name-selector",
    "configmanagement.gke.io/cluster-selector",
    "configmanagement.gke.io/namespace-selector",
    "cleanup.kyverno.io/ttl",
    "janitor/ttl",
    "janitor/expires",
];

/// Annotations by which they leave it out, or leave alone what is there, when they say this. Flux reads them in
/// whatever capitals, and labels as well.
const LEAVES_OUT_WHEN: [(&str, &str); 5] = [
    ("kustomize.toolkit.fluxcd.io/ssa", "ignore"),
    ("kustomize.toolkit.fluxcd.io/ssa", "IfNotPresent"),
    ("kustomize.toolkit.fluxcd.io/reconcile", "disabled"),
    ("configmanagement.gke.io/managed", "disabled"),
    ("client.lifecycle.config.k8s.io/mutation", "ignore"),
];

/// Whether a deployment tool applies an object for a while, in some places, or never.
#[must_use]
pub fn is_left_out(placed: &Placed) -> bool {
    let metadata = placed.object.tree.get("metadata");
    let entries = |field: &str| metadata.and_then(|metadata| metadata.get(field)).map_or(&[][..], Node::entries);
    let is_local = |entry: &Entry<'_>| {
        entry.key == "config.kubernetes.io/local-config"
            && !entry.node.is_null()
            && entry.node.as_str() != Some("false")
    };
    let annotations = entries("annotations");
    annotations.iter().any(is_local) || annotations.iter().chain(entries("labels")).any(leaves_out)
}

/// Whether an annotation or a label leaves out what has it.
fn leaves_out(entry: &Entry<'_>) -> bool {
    let says = |word: &str| entry.node.as_str().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let key = entry.key.as_ref();
    LEAVES_OUT.contains(&key) && !entry.node.is_null()
        || LEAVES_OUT_WHEN.into_iter().any(|(known, word)| known == key && says(word))
}

/// Whether the API server is to give an object its name: `kubectl apply` refuses it, and so nobody knows whether it is
/// there.
#[must_use]
pub fn has_generated_name(placed: &Placed) -> bool {
    placed.object.identity.name.ends_with('*')
}

/// Whether an object is being deleted (N13). Where that is no time, the API server refuses it.
#[must_use]
pub fn is_terminating(placed: &Placed) -> bool {
    placed.object.tree.at(&["metadata", "deletionTimestamp"]).and_then(Node::as_str).is_some_and(is_time)
}
