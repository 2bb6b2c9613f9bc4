//! NET004: policies of a kind that is not modelled leave open what they select.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET004",
    title: "policies of a kind that is not modelled",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Besides NetworkPolicy there are kinds of Cilium, Calico, Antrea and others, and the admin kinds of \
          Kubernetes itself. They can open what the standard policies close and close what those open. What \
          they may select is unknown, never isolated.",
    breaks: concat!(
        street!(),
        "apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {endpointSelector: {}, ingress: [{fromEntities: [cluster]}]}
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
    mend: "Express what isolates environments as NetworkPolicy of networking.k8s.io/v1, in which every network \
          plugin agrees, and keep the other kinds for what it cannot say.",
};
