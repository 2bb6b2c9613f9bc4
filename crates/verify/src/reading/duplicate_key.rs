//! SRC001: a key that stands twice in one mapping.

use super::{below, finding, source_name};
use dtap_model::place::Place;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::{NoticeKind, Snapshot};

/// SRC001.
pub static RULE: Rule = Rule {
    code: "SRC001",
    title: "a key stands twice in one mapping",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "YAML forbids it, and what reads it decides which one counts: kubectl takes the last, others the first or refuse \
          the file. dtap reads the last, as kubectl does; the other one is lost without a word, and whoever wrote it \
          believes that it holds.",
    breaks: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop-dev}\ndata:\n  LOG_LEVEL: info\n  LOG_LEVEL: debug\n",
    holds: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop-dev}\ndata:\n  LOG_LEVEL: debug\n",
    mend: "Keep one of the two. The last one is in force.",
};

/// One finding for every key that stands more than once.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let findings = snapshot.notices.iter().filter_map(|notice| match &notice.kind {
        NoticeKind::DuplicateKey { key } => Some(told(snapshot, key, &notice.places)),
        _ => None,
    });
    findings.collect()
}

fn told(snapshot: &Snapshot, key: &str, places: &[Place]) -> Finding {
    let labels = std::iter::once("this one is read").chain(std::iter::repeat("this one is lost"));
    let places: Vec<(Place, &str)> = places.iter().copied().zip(labels).collect();
    let file = source_name(snapshot, places.first().map(|(place, _)| *place));
    let summary = format!("the key {key} stands twice in one mapping of {file}: the last one is read");
    finding(snapshot, &RULE, summary, &places, &[below(snapshot, file), key])
}
