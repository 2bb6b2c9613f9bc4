//! NET001: a pod of one environment can open a connection to a pod of another.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET001",
    title: "a pod of one environment can open a connection to a pod of another",
    plane: Plane::Network,
    severity: Severity::Error,
    why: "What can open a connection can read, change and delete what it finds there: a test that runs against \
          production's database, a load test that floods it, an address forgotten in a configuration. Replies \
          pass as well, so data flows both ways. A connection needs the egress of the source and the ingress \
          of the destination to let it through; where no policy selects a pod, everything is let through. Where the input shows \
          no pod of a namespace, a new pod, with whatever labels serve, stands for those that it does not show.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}
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
    mend: "Select every pod of the endangered namespace with a policy that admits only namespaces of its own \
          environment, and name the environment in the `namespaceSelector` of every peer.",
};
