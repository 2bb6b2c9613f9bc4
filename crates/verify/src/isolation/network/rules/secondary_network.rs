//! NET011: a pod has networks on which no NetworkPolicy holds.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET011",
    title: "a pod with networks of its own may meet another environment beside the policies",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "A pod can be given networks beside the cluster's. NetworkPolicy says nothing there, and what is \
          reached over them does not show in manifests.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: shop-dev, annotations: {k8s.v1.cni.cncf.io/networks: lan}}
spec: {containers: [{name: probe, image: registry.example/probe:1.0.0}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: shop-dev}
spec: {containers: [{name: probe, image: registry.example/probe:1.0.0}]}
"
    ),
    mend: "Take the network off the pod, or keep networks of environments apart and take the verdict for what \
          it is: unknown.",
};
