//! NET005: a pod on its node's network meets pods of another environment beside all policies.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET005",
    title: "a pod on its node's network meets pods of another environment",
    plane: Plane::Network,
    severity: Severity::Error,
    why: "A pod with `hostNetwork: true` is its node: no policy keeps a node from the pods that run on it, and \
          whether policies select such a pod, or their selectors match it as a peer, is undefined. What shares \
          a node with it is open to it.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop-dev}
spec: {hostNetwork: true, containers: [{name: agent, image: registry.example/agent:1.0.0}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
"
    ),
    mend: "Take `hostNetwork` off the workload, or keep its nodes apart from those of other environments by \
          node names, node selectors and taints. The Pod Security level `baseline` keeps new ones out.",
};
