//! SRC002: a patch file that no kustomization uses.

use super::{below, finding};
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC002.
pub static RULE: Rule = Rule {
    code: "SRC002",
    title: "a patch that no kustomization uses",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "Whoever wrote it believes that it is in force. An override that matched nothing stays unnoticed for years, until the day it was meant for.",
    breaks: r#"# file: kustomization.yaml
resources: [namespace.yaml]
# file: namespace.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: shop}}
# file: patch-quota.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {quota: large}}
"#,
    holds: r#"# file: kustomization.yaml
resources: [namespace.yaml]
patches: [{path: patch-quota.yaml}]
# file: namespace.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: shop}}
# file: patch-quota.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {quota: large}}
"#,
    mend: "Name it under `patches` of the kustomization beside it, or delete it.",
};

/// One finding for every such file.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let NoticeKind::UnusedPatch { file } = &notice.kind else { return None };
        let places: Vec<_> = notice.places.iter().map(|place| (*place, "nothing refers to this file")).collect();
        let summary = format!("{file} looks like a patch, and no kustomization uses it");
        Some(finding(snapshot, &RULE, summary, &places, &[below(snapshot, file)]))
    });
    findings.collect()
}
