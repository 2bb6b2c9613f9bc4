//! NET006: an ipBlock may cover pods of another environment.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET006",
    title: "an ipBlock may cover pods of another environment",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Whether an ipBlock matches pods by their addresses differs between network plugins, and manifests do \
          not show where pods' addresses lie. A block that meets the range of the pods may admit, or lead to, \
          any pod of any environment.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}
"
    ),
    mend: "Cut the range of the pods out of the block with `except`, or name the range with `--assume \
          pod-range=CIDR`, or say with `--assume ip-block-matches-pods=no` that the network plugin of the \
          cluster does not match pods by ipBlocks.",
};
