//! PAR006: under which names it is reached from outside.

use dtap_report::{Plane, Rule, Severity};

/// PAR006.
pub static RULE: Rule = Rule {
    code: "PAR006",
    title: "a host name differs",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "A host that differs by more than the environment's own name is easily forgotten in certificates, redirects and cookies.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop-acc}
spec:
  rules:
  - host: acc.shop.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop-prd}
spec:
  rules:
  - host: www.shop.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"#
    ),
    holds: concat!(
        closed!(),
        r#"apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop-acc}
spec:
  rules:
  - host: acc.shop.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop-prd}
spec:
  rules:
  - host: prd.shop.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"#
    ),
    mend: "Name hosts alike in every environment, or keep the difference and know it.",
};
