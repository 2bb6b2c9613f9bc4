//! NET013: a pod is published on the addresses of nodes, by which another environment may reach it past all policies.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET013",
    title: "a pod is published on nodes, by which pods of another environment may reach it",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "What comes in by a NodePort, a load balancer, an external address or a hostPort may arrive with the \
          address of a node, and a node always reaches the pods that run on it, whatever policies select them. \
          So a pod that may open a connection to a node may open one to what is published there. Whether it does \
          arrive so depends on the network plugin, the proxy, and where the pods run.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop-prd}
spec: {type: NodePort, selector: {app: orders}, ports: [{port: 5432}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop-prd}
spec: {type: NodePort, selector: {app: orders}, ports: [{port: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: egress, namespace: shop-dev}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}
"
    ),
    mend: "Make the Service a ClusterIP without `externalIPs` behind an Ingress or Gateway, or take the pod's `hostPort` \
          off; or close the egress of the other environments (`policyTypes: [Egress]`) and let it out to pods by \
          selectors only, so that it leads to no node.",
};
