//! SRC005: what could not be read.

use super::{finding, is_production};
use dtap_model::environment::{Belonging, EnvironmentId, NamespaceId};
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::reading::UnreadCause;
use dtap_snapshot::{Reach, Snapshot, Unread};
use std::collections::BTreeMap;

/// SRC005.
pub static RULE: Rule = Rule {
    code: "SRC005",
    title: "something could not be read",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "What could not be read may hold policies and workloads. Its environment is unknown rather than isolated: dtap never says that nothing gets through where it did not see everything.",
    breaks: r#"apiVersion: v1
kind: Namespace
metadata: {name: [shop-dev]}
"#,
    holds: r#"apiVersion: v1
kind: Namespace
metadata: {name: shop-dev}
"#,
    mend: "Mend what the message says, or leave the file out with --exclude.",
};

/// How many of one kind are told one by one, and how many are named where they are told as one.
const APART: usize = 3;

/// One finding for everything unread that is no chart; many for the same reason are one.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    let unread = snapshot.unread.iter().filter(|unread| unread.cause != UnreadCause::Chart);
    grouped(snapshot, &RULE, unread, |unread| format!("{} could not be read: {}", unread.name, unread.why))
}

/// One finding for each, or one for all that have the same reason where there are many.
pub(super) fn grouped<'snapshot>(
    snapshot: &'snapshot Snapshot,
    rule: &'static Rule,
    unread: impl Iterator<Item = &'snapshot Unread>,
    tell: fn(&Unread) -> String,
) -> Vec<Finding> {
    let mut by_reason: BTreeMap<(UnreadCause, &str), Vec<&Unread>> = BTreeMap::new();
    for unread in unread {
        by_reason.entry((unread.cause, &unread.why)).or_default().push(unread);
    }
    let mut findings = Vec::new();
    for ((_, why), group) in by_reason {
        if group.len() <= APART {
            findings.extend(group.iter().map(|unread| one(snapshot, rule, &[unread], tell(unread))));
        } else {
            let named: Vec<&str> = group.iter().take(APART).map(|unread| unread.name.as_str()).collect();
            let rest = group.len() - named.len();
            let summary = format!("{} could not be read: {why}: {} and {rest} more", group.len(), named.join(", "));
            findings.push(one(snapshot, rule, &group, summary));
        }
    }
    findings
}

fn one(snapshot: &Snapshot, rule: &'static Rule, group: &[&Unread], summary: String) -> Finding {
    let places: Vec<_> =
        group.iter().filter_map(|unread| Some((unread.place?, label(unread.cause)))).take(APART).collect();
    let subjects: Vec<&str> = match group {
        [unread] => vec![unread.name.as_str()],
        group => group.first().map(|unread| unread.why.as_str()).into_iter().collect(),
    };
    let mut environments: Vec<EnvironmentId> = group.iter().flat_map(|unread| concerned(snapshot, unread)).collect();
    environments.sort_unstable();
    environments.dedup();
    let mut finding = finding(snapshot, rule, summary, &places, &subjects);
    finding.mend = group.first().and_then(|unread| unread.hint.clone());
    finding.production = environments.iter().any(|id| is_production(snapshot, *id));
    finding.environments = environments.into_iter().map(|id| snapshot.environment_name(id)).collect();
    finding.cases = group.len();
    finding
}

/// What is to be seen at the place of something unread.
fn label(cause: UnreadCause) -> &'static str {
    if cause == UnreadCause::Kustomize { "stands in the way of rendering it" } else { "not read from here on" }
}

/// The environments that are unknown because of it: those that the gap about it reaches.
fn concerned(snapshot: &Snapshot, unread: &Unread) -> Vec<EnvironmentId> {
    let gaps = snapshot
        .gaps
        .iter()
        .filter(|gap| gap.place.is_some() && gap.place == unread.place || gap.what.contains(&unread.name));
    gaps.filter_map(|gap| match gap.reach {
        Reach::Environment(id) => Some(id),
        Reach::Namespace(id) => environment_of(snapshot, id),
        Reach::Cluster(_) | Reach::Beyond(_) | Reach::Everything => None,
    })
    .collect()
}

fn environment_of(snapshot: &Snapshot, id: NamespaceId) -> Option<EnvironmentId> {
    match snapshot.namespace(id)?.belonging {
        Belonging::Environment(id) => Some(id),
        Belonging::Shared | Belonging::Unplaced | Belonging::Elsewhere => None,
    }
}
