//! NET007: a policy of a version that no API server serves protects nothing.

use super::super::plane::{Plane as Compiled, is_unserved};
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET007",
    title: "a NetworkPolicy of a version that is no longer served protects nothing",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "`extensions/v1beta1` has not been served since Kubernetes 1.16: a manifest of that version cannot be \
          applied, and what it would close is open.",
    breaks: concat!(
        street!(),
        "apiVersion: extensions/v1beta1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}}
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
    mend: "Write `apiVersion: networking.k8s.io/v1`; the fields are the same.",
};

/// Every standard policy of such a version.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let policies = plane.objects.policies.iter().map(|(_, placed)| *placed);
    policies
        .filter(|placed| is_unserved(placed))
        .map(|placed| {
            let object = &placed.object;
            let version = format!("{}/{}", object.identity.kind.group, object.version);
            let summary =
                format!("NetworkPolicy {} protects nothing: {version} is not served", super::name(plane, placed));
            let evidence =
                Evidence { place: object.cite(&["apiVersion"]), label: "no API server takes this".to_owned() };
            super::about(plane, &RULE, placed, (summary, ""), vec![evidence])
        })
        .collect()
}
