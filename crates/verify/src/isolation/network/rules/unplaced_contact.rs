//! NET014: a namespace of no environment found can open, or be opened by, an environment.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET014",
    title: "a namespace of no environment can be opened by, or can open, an environment",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Nothing says to which environment the namespace belongs: a preview, a namespace for CI, one that was \
          forgotten. What can open production from there, or be opened by it, is a way between environments if it \
          belongs to another one. So nothing is broken for certain, and nothing holds: the exit status is 3.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-feature-login, labels: {team: shop}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: environment, operator: NotIn, values: [dev]}]}}]}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-feature-login, labels: {team: shop}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-feature-login}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"
    ),
    mend: "Say where it belongs: `--environment NAME=namespace:GLOB`, where NAME is a stage, or `shared` for what \
           serves all environments; or label its Namespace with `environment`. Else close it as an environment.",
};
