//! SRC007: a field that the API does not know.

use super::{finding, source_name};
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC007.
pub static RULE: Rule = Rule {
    code: "SRC007",
    title: "a field that the API does not know",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "The server drops unknown fields, case and all, unless it is asked to be strict: a misspelt `from` admits everyone, a misspelt `matchLabels` selects everything. It is read here as the server reads it.",
    breaks: r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-dev}
spec:
  podSelector: {matchLabel: {app: orders}}
  ingress: []
"#,
    holds: r#"apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-dev}
spec:
  podSelector: {matchLabels: {app: orders}}
  ingress: []
"#,
    mend: "Spell the field as the API does, or delete it.",
};

/// One finding for every such field.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let NoticeKind::UnknownField { path, meant } = &notice.kind else { return None };
        let places: Vec<_> = notice.places.iter().map(|place| (*place, "the server drops this")).collect();
        let file = source_name(snapshot, notice.places.first().copied());
        let guess = meant.as_ref().map(|meant| format!("; `{meant}` was probably meant")).unwrap_or_default();
        let summary = format!("the field {path} in {file} is unknown to the API and dropped{guess}");
        Some(finding(snapshot, &RULE, summary, &places, &[file, path]))
    });
    findings.collect()
}
