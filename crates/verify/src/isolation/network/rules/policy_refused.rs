//! NET003: the API server refuses a policy.

use super::super::plane::Plane as Compiled;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET003",
    title: "the API server refuses a NetworkPolicy",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "A policy that is refused is not there, or another one of its name is there that was accepted before. \
          Nobody can tell from the manifest what is enforced, so everything in its namespace that it might \
          open is unknown.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}, ingress: [{from: [{}]}]}
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
    mend: "Correct the policy as the finding says, and apply it.",
};

/// Every policy that the API server refuses.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let refused = plane.policies.iter().filter_map(|policy| {
        let terms = plane.terms.get(policy.terms)?;
        Some((policy, terms.refused.as_ref()?))
    });
    let policies = refused.map(|(policy, why)| {
        let summary = format!("the API server refuses NetworkPolicy {}: {why}", super::name(plane, policy.placed));
        let evidence = Evidence { place: policy.placed.object.cite_name(), label: why.clone() };
        super::about(plane, &RULE, policy.placed, (summary, ""), vec![evidence])
    });
    policies.collect()
}
