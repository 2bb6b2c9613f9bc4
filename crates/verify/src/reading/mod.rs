//! What reading noticed, judged: one file a rule.

pub mod chart_not_rendered;
pub mod duplicate_key;
pub mod label_contradicts_name;
pub mod not_read;
pub mod object_adrift;
pub mod override_without_effect;
pub mod unused_patch;

use dtap_model::place::Place;
use dtap_report::{Evidence, Finding, Fingerprint, Rule};
use dtap_snapshot::Snapshot;

/// Every rule, by code.
pub static ALL: [&Rule; 7] = [
    &duplicate_key::RULE,
    &unused_patch::RULE,
    &override_without_effect::RULE,
    &label_contradicts_name::RULE,
    &not_read::RULE,
    &chart_not_rendered::RULE,
    &object_adrift::RULE,
];

/// The findings about what was read, in no order.
#[must_use]
pub fn judge(snapshot: &Snapshot) -> Vec<Finding> {
    let checks: [fn(&Snapshot) -> Vec<Finding>; 7] = [
        duplicate_key::check,
        unused_patch::check,
        override_without_effect::check,
        label_contradicts_name::check,
        not_read::check,
        chart_not_rendered::check,
        object_adrift::check,
    ];
    checks.iter().flat_map(|check| check(snapshot)).collect()
}

/// A finding of a rule about `subjects`, told at these places: the first one decides which environment it is about.
fn finding(
    snapshot: &Snapshot,
    rule: &'static Rule,
    summary: String,
    places: &[Told<'_>],
    subjects: &[&str],
) -> Finding {
    let environments = places.first().map(|(place, _)| about(snapshot, *place)).unwrap_or_default();
    Finding {
        rule,
        severity: rule.severity,
        summary,
        about: subjects.first().copied().unwrap_or_default().to_owned(),
        cause: rule.title.to_owned(),
        evidence: places.iter().map(|(place, label)| Evidence { place: *place, label: (*label).to_owned() }).collect(),
        mend: None,
        production: environments.iter().any(|id| is_production(snapshot, *id)),
        environments: environments.into_iter().map(|id| snapshot.environment_name(id)).collect(),
        known: true,
        cases: 1,
        fingerprint: Fingerprint::of(rule.code, subjects),
    }
}

/// A place, and what is to be seen there.
type Told<'label> = (Place, &'label str);

/// The environments of the objects that were read from the text of this place, around it where that can be told.
fn about(snapshot: &Snapshot, place: Place) -> Vec<dtap_model::environment::EnvironmentId> {
    let holds = |placed: &&dtap_snapshot::snapshot::Placed| {
        let own = placed.object.tree.span;
        let rendered_from = placed.object.template.as_ref().is_some_and(|template| template.source == place.source);
        rendered_from
            || placed.object.source == place.source && own.start <= place.span.start && place.span.end <= own.end
    };
    let mut environments: Vec<_> =
        snapshot.objects.iter().filter(holds).filter_map(|placed| placed.environment).collect();
    environments.sort_unstable();
    environments.dedup();
    environments
}

fn is_production(snapshot: &Snapshot, id: dtap_model::environment::EnvironmentId) -> bool {
    snapshot.environment(id).is_some_and(|environment| environment.production)
}

/// The name of a file or folder as it stands below what was typed: a finding is the same however that was.
fn below<'name>(snapshot: &Snapshot, name: &'name str) -> &'name str {
    let heads = snapshot.account.typed.iter().filter(|head| !head.is_empty());
    let longest = heads.filter(|head| name.starts_with(head.as_str())).max_by_key(|head| head.len());
    let is_typed = snapshot.account.typed.iter().any(|head| head.strip_suffix('/') == Some(name));
    match longest.and_then(|head| name.strip_prefix(head.as_str())) {
        Some(below) if !is_typed => below,
        _ if is_typed => name.rsplit('/').next().unwrap_or(name),
        _ => name,
    }
}

/// A sentence in which every file and folder is named as it stands below what was typed.
fn told_below(snapshot: &Snapshot, sentence: &str) -> String {
    let word = |word: &str| {
        let name = word.trim_start_matches(['\'', '"', '`', '(']);
        format!("{}{}", word.strip_suffix(name).unwrap_or_default(), below(snapshot, name))
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The name of the source of a place.
fn source_name(snapshot: &Snapshot, place: Option<Place>) -> &str {
    place.and_then(|place| snapshot.sources.get(place.source)).map_or("", |source| source.name.as_str())
}
