//! NET008: several documents of one identity say different things.

use super::super::plane::{Plane as Compiled, PolicyIndex};
use dtap_model::environment::NamespaceId;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};
use dtap_snapshot::snapshot::Placed;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET008",
    title: "several documents are one NetworkPolicy or workload, and say different things",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Documents of one kind, namespace and name are one object: whichever is applied last holds, and the \
          others are gone. Which that is does not show. Each is judged, and where they decide differently the \
          answer is unknown.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}, ingress: [{}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
"
    ),
    mend: "Give each object a name of its own, or delete all documents but one; of a policy, take off what keeps it from \
           being in force.",
};

/// Every identity with documents that differ.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let mut seen: BTreeSet<PolicyIndex> = BTreeSet::new();
    let groups = plane.spaces.iter().flat_map(|space| space.ingress.iter().chain(&space.egress));
    let several = groups.filter(|group| group.possible.len() > 1);
    let policies = several.filter_map(|group| {
        let policies: Vec<_> = group.possible.iter().filter_map(|index| plane.policies.get(*index)).collect();
        let placed = policies.first()?.placed;
        if !seen.insert(*group.possible.first()?) {
            return None;
        }
        let summary = format!(
            "{} documents are the one NetworkPolicy {}, and differ",
            policies.len(),
            super::name(plane, placed)
        );
        let label = "the one applied last holds".to_owned();
        let evidence =
            policies.iter().map(|policy| Evidence { place: policy.placed.object.cite_name(), label: label.clone() });
        Some(super::about(plane, &RULE, placed, (summary, ""), evidence.collect()))
    });
    policies.chain(workloads(plane)).collect()
}

/// Every workload that several documents declare, of whose pods they say different things.
fn workloads(plane: &Compiled<'_>) -> Vec<Finding> {
    let classes = plane.classes.iter().filter(|class| class.alternative);
    let members = classes.flat_map(|class| plane.members(class));
    let identities: BTreeSet<(u32, &str, &str)> =
        members.map(|member| (member.namespace, member.kind.as_str(), member.name.as_str())).collect();
    let finding = |(namespace, kind, name): (u32, &str, &str)| {
        let is_it = |placed: &&Placed| {
            let identity = &placed.object.identity;
            placed.namespace == Some(NamespaceId(namespace)) && identity.kind.kind == kind && identity.name == name
        };
        let documents: Vec<&Placed> = plane.snapshot.objects.iter().filter(is_it).collect();
        let first = documents.first()?;
        let named = super::name(plane, first);
        let summary = format!("{} documents are the one {kind} {named}, and their pods differ", documents.len());
        let label = "the one applied last holds".to_owned();
        let evidence = documents.iter().map(|it| Evidence { place: it.object.cite_name(), label: label.clone() });
        Some(super::about(plane, &RULE, first, (summary, ""), evidence.collect()))
    };
    identities.into_iter().filter_map(finding).collect()
}
