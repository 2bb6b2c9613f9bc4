//! SRC005: what could not be read.

use super::{finding, is_production, told_below};
use dtap_model::environment::{Belonging, EnvironmentId, NamespaceId};
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::reading::{Context, UnreadCause};
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
    let is_no_chart = |unread: &Unread| unread.cause != UnreadCause::Chart;
    grouped(snapshot, &RULE, is_no_chart, |unread| format!("{} could not be read: {}", unread.name, unread.why))
}

/// Something unread and its number in the snapshot.
type Numbered<'snapshot> = (usize, &'snapshot Unread);

/// One finding for each, or one for all that have the same reason where there are many.
pub(super) fn grouped(
    snapshot: &Snapshot,
    rule: &'static Rule,
    chosen: fn(&Unread) -> bool,
    tell: fn(&Unread) -> String,
) -> Vec<Finding> {
    let mut by_reason: BTreeMap<(UnreadCause, &str), Vec<Numbered<'_>>> = BTreeMap::new();
    for (at, unread) in snapshot.unread.iter().enumerate().filter(|(_, unread)| chosen(unread)) {
        by_reason.entry((unread.cause, &unread.why)).or_default().push((at, unread));
    }
    let mut findings = Vec::new();
    for ((_, why), group) in by_reason {
        if group.len() <= APART {
            // What is wrong in one way in one file is told apart by which of them it is, wherever it stands.
            let mut before: BTreeMap<&str, usize> = BTreeMap::new();
            findings.extend(group.iter().map(|(at, unread)| {
                let path = path_below(&unread.context);
                let why = told_below(snapshot, why);
                let nth = before.entry(path).and_modify(|before| *before += 1).or_default().to_string();
                one(snapshot, rule, &[(*at, unread)], tell(unread), &[path, &why, &nth])
            }));
        } else {
            let named: Vec<&str> = group.iter().take(APART).map(|(_, unread)| unread.name.as_str()).collect();
            let rest = group.len() - named.len();
            let summary = format!("{} could not be read: {why}: {} and {rest} more", group.len(), named.join(", "));
            findings.push(one(snapshot, rule, &group, summary, &[&told_below(snapshot, why)]));
        }
    }
    findings
}

fn one(
    snapshot: &Snapshot,
    rule: &'static Rule,
    group: &[Numbered<'_>],
    summary: String,
    subjects: &[&str],
) -> Finding {
    let places: Vec<_> =
        group.iter().filter_map(|(_, unread)| Some((unread.place?, label(unread.cause)))).take(APART).collect();
    let mut environments: Vec<EnvironmentId> = group.iter().flat_map(|(at, _)| concerned(snapshot, *at)).collect();
    environments.sort_unstable();
    environments.dedup();
    let mut finding = finding(snapshot, rule, summary, &places, subjects);
    finding.about = match group {
        [(_, unread)] => unread.name.clone(),
        group => group.first().map(|(_, unread)| unread.why.clone()).unwrap_or_default(),
    };
    finding.mend = group.first().and_then(|(_, unread)| unread.hint.clone());
    finding.production = environments.iter().any(|id| is_production(snapshot, *id));
    finding.environments = environments.into_iter().map(|id| snapshot.environment_name(id)).collect();
    finding.cases = group.len();
    finding
}

/// The path of a part of the input below what was typed; the whole where it leads out of that.
fn path_below(context: &Context) -> &str {
    let folders = context.path.match_indices('/').map(|(at, _)| at + 1).chain([context.path.len()]);
    let end = context.above.checked_sub(1).and_then(|last| folders.clone().nth(last));
    end.and_then(|end| context.path.get(end..)).unwrap_or(&context.path)
}

/// What is to be seen at the place of something unread.
fn label(cause: UnreadCause) -> &'static str {
    match cause {
        UnreadCause::Kustomize => "stands in the way of rendering it",
        UnreadCause::Part => "not read by itself",
        _ => "not read from here on",
    }
}

/// The environments that are unknown because of it: those that the gaps it leaves reach.
fn concerned(snapshot: &Snapshot, unread: usize) -> Vec<EnvironmentId> {
    let gaps = snapshot.gaps.iter().filter(|gap| gap.unread == Some(unread));
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
