//! NET003: the API server refuses a policy.

use super::super::plane::{Plane as Compiled, Unsettled};
use dtap_model::environment::NamespaceId;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};
use dtap_snapshot::snapshot::Placed;

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

/// Every policy that the API server refuses, and every namespace whose name it refuses.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let refused = plane.policies.iter().filter_map(|policy| Some((policy, policy.refused.as_ref()?)));
    let policies = refused.map(|(policy, why)| {
        let summary = format!("the API server refuses NetworkPolicy {}: {why}", super::name(plane, policy.placed));
        let evidence = Evidence { place: policy.placed.object.cite_name(), label: why.clone() };
        super::about(plane, &RULE, policy.placed, (summary, ""), vec![evidence])
    });
    let namespaces = refused_namespaces(plane).filter_map(|(id, name)| {
        let within = |placed: &&Placed| placed.namespace == Some(id) || is_namespace(placed, name);
        let first = plane.snapshot.objects.iter().find(within)?;
        let label = "no namespace can have this name".to_owned();
        let place = if is_namespace(first, name) {
            first.object.cite_name()
        } else {
            first.object.cite(&["metadata", "namespace"])
        };
        Some(super::about(plane, &RULE, first, (summary(name), "namespace"), vec![Evidence { place, label }]))
    });
    policies.chain(namespaces).collect()
}

/// Why something is unknown, of each namespace whose name the API server refuses.
pub(in super::super) fn unknown<'s>(plane: &Compiled<'s>) -> impl Iterator<Item = String> {
    refused_namespaces(plane).map(|(_, name)| summary(name))
}

fn refused_namespaces<'s>(plane: &Compiled<'s>) -> impl Iterator<Item = (NamespaceId, &'s str)> {
    let namespaces = (0..).map(NamespaceId).zip(&plane.snapshot.namespaces).zip(&plane.spaces);
    let refused = namespaces.filter(|(_, space)| space.unsettled == Some(Unsettled::Name));
    refused.map(|((id, namespace), _)| (id, namespace.name.as_str()))
}

fn is_namespace(placed: &Placed, name: &str) -> bool {
    placed.object.identity.kind.is("", "Namespace") && placed.object.identity.name == name
}

fn summary(name: &str) -> String {
    format!("the API server refuses the namespace `{name}` for its name: lower-case letters, digits and `-` are")
}
