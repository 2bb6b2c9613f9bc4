//! PAR002: what is there and how it hangs together.

use dtap_report::{Plane, Rule, Severity};

/// PAR002.
pub static RULE: Rule = Rule {
    code: "PAR002",
    title: "the structure of an object differs",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "A selector, a port, a volume, a probe or a peer that differs makes another system: what works in one environment need not work in the next.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-acc}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web, role: checkout}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
"#
    ),
    holds: concat!(
        closed!(),
        r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-acc}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
"#
    ),
    mend: "Give both environments the same structure; move what must differ into configuration.",
};
