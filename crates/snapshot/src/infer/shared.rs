//! Namespaces that serve all environments, by the names that people and installers give them.

/// Names that are never an application's own.
const NAMES: &[&str] = &[
    "argo",
    "argo-cd",
    "argo-events",
    "argo-rollouts",
    "argocd",
    "cattle-monitoring-system",
    "cert-manager",
    "cilium",
    "cilium-secrets",
    "consul",
    "crossplane",
    "datadog",
    "external-dns",
    "external-secrets",
    "flux-system",
    "fluxcd",
    "gatekeeper",
    "grafana",
    "haproxy-ingress",
    "ingress",
    "ingress-controller",
    "ingress-controllers",
    "ingress-nginx",
    "istio-ingress",
    "istio-gateway",
    "jaeger",
    "keda",
    "knative-eventing",
    "knative-serving",
    "kong",
    "kyverno",
    "linkerd",
    "linkerd-viz",
    "local-path-storage",
    "logging",
    "loki",
    "longhorn",
    "metallb",
    "mimir",
    "minio-operator",
    "monitoring",
    "nginx-ingress",
    "nginx-gateway",
    "observability",
    "olm",
    "opentelemetry",
    "operators",
    "projectcontour",
    "prometheus",
    "rook-ceph",
    "sealed-secrets",
    "spire",
    "tempo",
    "thanos",
    "traefik",
    "trivy",
    "trust-manager",
    "vault",
    "velero",
];

/// What is installed into a namespace called after it with `-system`.
const SYSTEMS: &[&str] = &[
    "argocd",
    "azure-arc",
    "calico",
    "capi",
    "cattle",
    "cattle-fleet",
    "cattle-monitoring",
    "cnpg",
    "crossplane",
    "dapr",
    "elastic",
    "envoy-gateway",
    "flux",
    "gatekeeper",
    "gateway",
    "gmp",
    "istio",
    "keda",
    "kong",
    "kubevirt",
    "kueue",
    "linkerd",
    "longhorn",
    "metallb",
    "monitoring",
    "nginx",
    "olm",
    "opentelemetry-operator",
    "rook",
    "tekton",
    "traefik",
    "velero",
];

/// Whether a namespace of this name is the cluster's own, and no environment's wherever its manifests lie.
#[must_use]
pub fn is_of_cluster(name: &str) -> bool {
    name.starts_with("kube-") || name.starts_with("openshift-")
}

/// Whether a namespace of this name serves all environments.
#[must_use]
pub fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
        || is_of_cluster(name)
        || name.strip_suffix("-system").is_some_and(|product| SYSTEMS.contains(&product))
        || name.ends_with("-operator")
        || name.ends_with("-operators")
}
