//! Kinds of which an object changes nothing of who reaches whom, whatever it says: it neither is nor makes policies or
//! pods, gives no labels that policies ask for, and leads nowhere. Only kinds of which this is known for certain; of a
//! kind that is not here anything may come: a certificate's issuer runs pods beside an Ingress, an importer beside a
//! claim.

use dtap_model::object::{GroupKind, Object};

/// Kinds by their group.
const INERT: [(&str, &[&str]); 13] = [
    ("", &["LimitRange", "PersistentVolume", "ServiceAccount"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("autoscaling.k8s.io", &["VerticalPodAutoscaler"]),
    ("coordination.k8s.io", &["Lease"]),
    ("gateway.networking.k8s.io", &["GRPCRoute", "HTTPRoute"]),
    ("keda.sh", &["ScaledObject", "TriggerAuthentication"]),
    ("monitoring.coreos.com", &["PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"]),
    ("networking.istio.io", &["DestinationRule"]),
    ("networking.k8s.io", &["IngressClass"]),
    ("policy", &["PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("storage.k8s.io", &["StorageClass"]),
];

/// Whether a kind is one of them.
#[must_use]
pub fn is_inert(kind: &GroupKind) -> bool {
    INERT.into_iter().any(|(group, kinds)| kind.group == group && kinds.contains(&kind.kind.as_str()))
}

/// Whether an object runs no pods, makes none run and leads to none; what it holds within it is told as a gap, as is
/// what a policy or a published Service does in the namespaces beside it.
#[must_use]
pub fn is_idle(object: &Object) -> bool {
    const HELD: [(&str, &str); 4] =
        [("", "ConfigMap"), ("", "Secret"), ("bitnami.com", "SealedSecret"), ("networking.k8s.io", "NetworkPolicy")];
    let kind = &object.identity.kind;
    let selects = || object.tree.at(&["spec", "selector"]).is_some_and(|selector| !selector.entries().is_empty());
    is_inert(kind) || HELD.into_iter().any(|(group, name)| kind.is(group, name)) || kind.is("", "Service") && selects()
}
