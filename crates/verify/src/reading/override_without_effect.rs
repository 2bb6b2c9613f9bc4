//! SRC003: an override that changes nothing.

use super::{below, finding, told_below};
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC003.
pub static RULE: Rule = Rule {
    code: "SRC003",
    title: "an override changes nothing",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "It says what is the case without it, or it matches nothing. Either it is left over, or it was meant to do something that it does not do.",
    breaks: r#"# file: kustomization.yaml
resources: [namespace.yaml]
patches: [{path: patch-team.yaml}]
# file: namespace.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: shop}}
# file: patch-team.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: shop}}
"#,
    holds: r#"# file: kustomization.yaml
resources: [namespace.yaml]
patches: [{path: patch-team.yaml}]
# file: namespace.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: shop}}
# file: patch-team.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {team: store}}
"#,
    mend: "Delete it, or make it say what it was meant to.",
};

/// One finding for every such override, in a file or on the command line.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| {
        let places: Vec<_> = notice.places.iter().map(|place| (*place, "without it the result is the same")).collect();
        match &notice.kind {
            NoticeKind::OverrideWithoutEffect { root, file, what } => {
                let summary = format!("{file} changes nothing in {root}: {what}");
                Some(finding(
                    snapshot,
                    &RULE,
                    summary,
                    &places,
                    &[below(snapshot, root), below(snapshot, file), &told_below(snapshot, what)],
                ))
            }
            NoticeKind::OptionWithoutEffect { option, why } => {
                let summary = format!("{option} changes nothing: {why}");
                Some(finding(snapshot, &RULE, summary, &places, &[option]))
            }
            _ => None,
        }
    });
    findings.collect()
}
