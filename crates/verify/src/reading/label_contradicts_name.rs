//! SRC004: labels, a name or a folder that say different environments.

use super::finding;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC004.
pub static RULE: Rule = Rule {
    code: "SRC004",
    title: "labels, a name or a folder say different environments",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "Policies select by one label or another and people read names: one of them is misled. Labels are taken before annotations and the name, `environment` before `env` before `stage`. A namespace named for production and labelled as development is open to development; and what lies in the folder of the one and names the namespace of the other is applied there by whoever applies the folder.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc}}
"#
    ),
    holds: concat!(
        closed!(),
        r#"apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc}}
"#
    ),
    mend: "Change the labels, the name or the folder so that all say the same environment, or say which it is: `--environment NAME=namespace:GLOB`.",
};

/// One finding for every contradiction.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let NoticeKind::Contradiction { subject, taken, other } = &notice.kind else { return None };
        let says = [taken.as_str(), other.as_str()];
        let places: Vec<_> = notice.places.iter().copied().zip(says).collect();
        let summary = format!("{subject}: {other}, and {taken}, which is taken");
        Some(finding(snapshot, &RULE, summary, &places, &[subject, taken, other]))
    });
    findings.collect()
}
