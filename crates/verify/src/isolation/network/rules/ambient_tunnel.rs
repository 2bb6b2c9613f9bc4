//! NET010: a rule that opens the tunnel of an ambient mesh opens every port behind it.

use super::super::plane::{Plane as Compiled, Policy, Terms, index};
use super::super::ports::opens_tunnel;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET010",
    title: "a rule opens 15008/TCP in an ambient mesh, and so every port behind it",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "With Istio's ambient mode connections between pods travel inside a tunnel to 15008/TCP: what may \
          open that port may open every port of the pod, whatever the other rules say of ports.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc, istio.io/dataplane-mode: ambient}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: tunnel, namespace: shop-acc}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 15008}]}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc, istio.io/dataplane-mode: ambient}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: tunnel, namespace: shop-acc}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8080}]}]}
"
    ),
    mend: "Limit the peers of the rule to the namespaces of the own environment, and leave ports to the mesh's \
          AuthorizationPolicy.",
};

/// Every way in on 15008/TCP in a namespace that is part of an ambient mesh.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let is_opening = |terms: &Terms<'_>| {
        let mut routes = terms.ingress.iter().flatten();
        routes.any(|route| opens_tunnel(&route.way.ports.fixed))
    };
    let opening: Vec<bool> = plane.terms.iter().map(is_opening).collect();
    let is_ambient = |policy: &Policy<'_>| policy.placed.namespace.is_some_and(|id| plane.is_ambient(index(id)));
    let policies = plane.policies.iter().filter(|policy| opening.get(policy.terms) == Some(&true));
    policies
        .filter(|policy| is_ambient(policy))
        .map(|policy| {
            let placed = policy.placed;
            let summary =
                format!("NetworkPolicy {} opens the mesh's tunnel, and so every port", super::name(plane, placed));
            let evidence =
                Evidence { place: placed.object.cite(&["spec", "ingress"]), label: "opens 15008/TCP".to_owned() };
            super::about(plane, &RULE, placed, (summary, ""), vec![evidence])
        })
        .collect()
}
