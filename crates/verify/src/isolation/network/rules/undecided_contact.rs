//! NET012: whether a pod of one environment can reach another could not be decided.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET012",
    title: "whether a pod of one environment can open a connection to another could not be decided",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Under one reading of what the manifests say, or leave out, a connection is possible, and under \
          another it is not: labels of a namespace that no Namespace object shows, a policy that is being \
          deleted. What could not be decided is never taken for isolated.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop-tst, labels: {environment: tst}}
spec: {containers: [{name: web, image: registry.example/web:1.0.0}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: orders}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-tst}
spec: {podSelector: {}, policyTypes: [Ingress]}
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
    mend: "See what the evidence leaves open, and write it so that it can be read in one way only: add the \
          Namespace with its labels to the input, for one.",
};
