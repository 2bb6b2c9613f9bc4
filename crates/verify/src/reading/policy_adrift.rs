//! SRC007: a policy that names no namespace, and belongs to no environment.

use super::finding;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC007.
pub static RULE: Rule = Rule {
    code: "SRC007",
    title: "a policy may come to stand in any namespace",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "A policy without a namespace lands in the one that is current when it is applied. Policies add up: wherever that is, it may open what the others there close. So no namespace of its cluster is known to be isolated.",
    breaks: r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop-dev}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open}
spec: {podSelector: {}, ingress: [{}]}
"#,
    holds: r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop-dev}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop-dev}
spec: {podSelector: {}, ingress: [{}]}
"#,
    mend: "Name its `metadata.namespace`, or say where it belongs: `--environment NAME=path:FILE`.",
};

/// One finding for every such policy.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let NoticeKind::PolicyAdrift { policy } = &notice.kind else { return None };
        let places: Vec<_> = notice.places.iter().map(|place| (*place, "names no namespace")).collect();
        let summary =
            format!("{policy} names no namespace, and nothing around it says which: it may be applied to any");
        let source = super::source_name(snapshot, notice.places.first().copied());
        Some(finding(snapshot, &RULE, summary, &places, &[policy, source]))
    });
    findings.collect()
}
