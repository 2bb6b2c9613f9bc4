//! NET002: the pods of a namespace are closed today, and a new one would not be.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET002",
    title: "no default deny: a new pod would be open to another environment",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Every pod that is known is closed, each by a policy that selects it by its labels. A pod that comes with \
          other labels, a new workload or a debugging pod, is selected by none and open to everybody; or it is selected \
          by a policy that opens more than today's pods use.",
    breaks: BREAKS,
    holds: HOLDS,
    mend: "Add a policy to the namespace that selects every pod (`podSelector: {}`) with `policyTypes: [Ingress]` and \
           no rules; policies add up, so the others go on to open what they open.",
};

const BREAKS: &str = r"apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {environment: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd}}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop-prd, labels: {app: orders}}
spec: {containers: [{name: orders, image: registry.example/orders:1.0.0}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec:
  podSelector: {matchLabels: {app: orders}}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-dev}
spec:
  podSelector: {}
  policyTypes: [Ingress]
";

const HOLDS: &str = r"apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {environment: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd}}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop-prd, labels: {app: orders}}
spec: {containers: [{name: orders, image: registry.example/orders:1.0.0}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-prd}
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-dev}
spec:
  podSelector: {}
  policyTypes: [Ingress]
";
