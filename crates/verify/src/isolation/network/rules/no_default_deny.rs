//! NET002: the pods of a namespace are closed today, and a new one would not be.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET002",
    title: "the known pods are closed to another environment, and a new one would not be",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Every pod that is known is closed, each by a policy that selects it by its labels. A pod with other \
          labels, a new workload or one for debugging, is selected by none and open to everybody; or it is \
          selected by a policy that opens more than today's pods use.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-tst, labels: {environment: tst}}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop-tst, labels: {app: orders}}
spec: {containers: [{name: orders, image: registry.example/orders:1.0.0}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-tst}
spec: {podSelector: {matchLabels: {app: orders}}, policyTypes: [Ingress]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-tst, labels: {environment: tst}}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop-tst, labels: {app: orders}}
spec: {containers: [{name: orders, image: registry.example/orders:1.0.0}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-tst}
spec: {podSelector: {}, policyTypes: [Ingress]}
"
    ),
    mend: "Add a policy to the namespace that selects every pod (`podSelector: {}`) with `policyTypes: \
          [Ingress]` and no rules. Policies add up: the others go on to open what they open.",
};
