//! SRC007: a policy, or a Service that publishes pods, of which nothing says in which namespace it comes to stand.

use super::finding;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC007.
pub static RULE: Rule = Rule {
    code: "SRC007",
    title: "a policy or a published Service may come to stand in any namespace",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "A policy without a namespace lands in the one that is current when it is applied. Policies add up: wherever that is, it may open what the others there close. And a Service of the type NodePort or LoadBalancer publishes pods of that namespace whatever their policies. So no namespace of its cluster is known to be isolated. One that names a placeholder, such as `${NAMESPACE}`, lands wherever that is filled in.",
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
        let NoticeKind::Adrift { object, namespace } = &notice.kind else { return None };
        let places: Vec<_> = notice.places.iter().map(|place| (*place, "may stand in any namespace")).collect();
        let summary = match namespace {
            None => format!("{object} names no namespace, and nothing around it says which: it may be applied to any"),
            Some(name) => {
                format!("{object} names the namespace `{name}`, which none can be called: it may be applied to any")
            }
        };
        let source = super::source_name(snapshot, notice.places.first().copied());
        Some(finding(snapshot, &RULE, summary, &places, &[object, super::below(snapshot, source)]))
    });
    findings.collect()
}
