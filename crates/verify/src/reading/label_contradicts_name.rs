//! SRC004: a label and a name that say different environments.

use super::finding;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC004.
pub static RULE: Rule = Rule {
    code: "SRC004",
    title: "a label and a name say different environments",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "Policies select by label and people read names: one of the two is misled. A namespace named for production and labelled as development is open to development.",
    breaks: r#"apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc}}
"#,
    holds: r#"apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc}}
"#,
    mend: "Change the label or the name so that both say the same environment.",
};

/// One finding for every contradiction.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let NoticeKind::Contradiction { subject, label, name } = &notice.kind else { return None };
        let seen = format!("says {label}");
        let places: Vec<_> = notice.places.iter().map(|place| (*place, seen.as_str())).collect();
        let summary = format!("{subject}: the label says {label}, the name says {name}");
        Some(finding(snapshot, &RULE, summary, &places, &[subject, label, name]))
    });
    findings.collect()
}
