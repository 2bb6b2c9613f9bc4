//! Contacts told as findings: one a cause, the sources of all environments folded into its line.
//!
//! - [`cause`] says what several contacts have in common, and which rule they break,
//! - [`doubt`] why one could not be decided,
//! - [`evidence`] which places show it,
//! - [`words`] how pods, peers and ways are called,
//! - [`advice`](mod@advice) what to do about what no finding tells.

mod advice;
mod cause;
mod doubt;
mod evidence;
mod words;

pub use advice::advice;
pub use doubt::{doubt_about_pod, doubt_in_words, unsettled_in_words};
pub use evidence::{evidence, side};
pub use words::{end, lets, publisher_name};

use super::contact::{Contact, Degree, Inbound, environment};
use super::flow::{End, Passage, Witness};
use super::mend::{mend, name_the_namespace, stages};
use super::plane::Plane;
use super::rules;
use cause::{Cause, cause, fingerprint, kind_of_way, way_in};
use dtap_model::environment::EnvironmentId;
use dtap_model::object::GroupKind;
use dtap_report::{Evidence, Finding, Fingerprint, Rule, Severity};
use std::collections::{BTreeMap, BTreeSet};
use words::room;

/// Two environments, the destination second; none is what belongs to no environment found.
pub type Pair = (Option<EnvironmentId>, Option<EnvironmentId>);

/// A finding and the pairs of environments that it stands behind, the destination second.
pub struct Told {
    /// The finding.
    pub finding: Finding,
    /// How bad it is.
    pub degree: Degree,
    /// The pairs.
    pub pairs: BTreeSet<Pair>,
}

/// The findings of all contacts.
#[must_use]
pub fn findings(plane: &Plane<'_>, inbound: &[Inbound]) -> Vec<Told> {
    let mut causes: BTreeMap<(Degree, &str, Cause), (&'static Rule, Vec<&Contact>)> = BTreeMap::new();
    for contact in inbound.iter().flat_map(|inbound| &inbound.contacts) {
        // What a gap leaves unknown is told where the gap is.
        let Some((rule, cause)) = cause(plane, contact).filter(|(_, cause)| *cause != Cause::Gap) else { continue };
        causes.entry((contact.degree, rule.code, cause)).or_insert_with(|| (rule, Vec::new())).1.push(contact);
    }
    let told = causes.into_iter().filter_map(|((degree, _, cause), (rule, contacts))| {
        let pairs = contacts.iter().filter_map(|contact| Some((contact, environment(plane, contact.witness.to)?)));
        let pairs = pairs.flat_map(|(contact, to)| contact.sources().map(move |from| (from, to))).collect();
        let finding = match &cause {
            Cause::Kind(kind) => not_modelled(plane, kind, &contacts, &pairs)?,
            cause => contact_finding(plane, (rule, degree), cause, &contacts, &pairs)?,
        };
        let pairs = pairs.into_iter().map(|(from, to)| (Some(from), Some(to))).collect();
        Some((way_in(plane, &cause), Told { finding, degree, pairs }))
    });
    told_apart(told.collect())
}

/// Findings told in the same words are told apart by the way in.
fn told_apart(told: Vec<(Option<String>, Told)>) -> Vec<Told> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for (_, told) in &told {
        *alike.entry(told.finding.summary.clone()).or_default() += 1;
    }
    let apart = told.into_iter().map(|(way, mut told)| {
        if let Some(way) = way.filter(|_| alike.get(&told.finding.summary).is_some_and(|number| *number > 1)) {
            told.finding.summary = format!("{}, {way}", told.finding.summary);
        }
        told
    });
    apart.collect()
}

/// The finding about a kind that is not modelled.
fn not_modelled(
    plane: &Plane<'_>,
    kind: &GroupKind,
    contacts: &[&Contact],
    pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>,
) -> Option<Finding> {
    let rule = &rules::kind_not_modelled::RULE;
    let objects = plane.snapshot.objects.iter().filter(|placed| placed.object.identity.kind == *kind);
    let places: Vec<_> = objects.map(|placed| placed.object.cite_name()).collect();
    let (from, to) = ends(pairs);
    let summary = format!(
        "{} not modelled, of kind {kind}: whether {} can open {} is unknown",
        if places.len() == 1 { "1 policy is".to_owned() } else { format!("{} policies are", places.len()) },
        stages(plane, &from),
        if from == to { "each other".to_owned() } else { stages(plane, &to) },
    );
    let label = "may open or close what it selects".to_owned();
    Some(Finding {
        rule,
        severity: rule.severity,
        summary,
        evidence: places.first().map(|place| Evidence { place: *place, label }).into_iter().collect(),
        mend: None,
        about: kind.to_string(),
        cause: rule.title.to_owned(),
        environments: environments(plane, &from, &to),
        production: is_production(plane, &to),
        known: contacts.iter().any(|contact| contact.witness.is_known()),
        cases: contacts.iter().map(|contact| contact.cases).sum(),
        fingerprint: Fingerprint::of(rule.code, &[&kind.to_string()]),
    })
}

/// The finding about contacts by one way.
fn contact_finding(
    plane: &Plane<'_>,
    (rule, degree): (&'static Rule, Degree),
    cause: &Cause,
    contacts: &[&Contact],
    pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>,
) -> Option<Finding> {
    // One into production is told before others; then a contact between known pods is the better witness, and of what
    // is refused one that shows it.
    let refused = *rule == rules::policy_refused::RULE;
    let into_production = |contact: &Contact| {
        environment(plane, contact.witness.to).is_some_and(|to| is_production(plane, &BTreeSet::from([to])))
    };
    let rating = |contact: &&&Contact| {
        let is_new = !contact.witness.is_known();
        (!into_production(contact), is_new, refused && contact.ingress == Passage::Unselected)
    };
    let witness = &contacts.iter().min_by_key(rating)?.witness;
    let (from, to) = ends(pairs);
    let reached: BTreeSet<usize> = contacts.iter().map(|contact| contact.witness.to).collect();
    let more = match reached.len() {
        1 => String::new(),
        2 => " and another namespace".to_owned(),
        count => format!(" and {} other namespaces", count - 1),
    };
    let by = match witness.ingress {
        Passage::ByNode(by) => format!(" by a node, on which {} publishes it", publisher_name(plane, witness.to, by)),
        _ => String::new(),
    };
    let (verb, severity) = match degree {
        Degree::Broken => ("can open", Severity::Error),
        Degree::TodayOnly => ("could open", Severity::Warning),
        Degree::Unknown => ("may be able to open", Severity::Warning),
    };
    let doubt = match degree {
        Degree::Unknown => doubt_in_words(plane, witness).map(|doubt| format!(": {doubt}")).unwrap_or_default(),
        Degree::TodayOnly | Degree::Broken => String::new(),
    };
    let opened = format!("{}{}", end(plane, witness.to, &witness.destination), witness.port);
    let about = match witness.destination {
        End::Known(_) => opened.clone(),
        End::WouldBe(_) => room(plane, witness.to).trim_end_matches(['/', ':']).to_owned(),
    };
    let cases = contacts.iter().map(|contact| contact.cases).sum();
    let one = if cases == 1 && are_all(plane, witness) { "" } else { " for one" };
    let summary = format!(
        "{} {verb} {opened}{more}{by} ({}{one}){doubt}",
        stages(plane, &from),
        end(plane, witness.from, &witness.source),
    );
    Some(Finding {
        rule,
        severity,
        summary,
        evidence: evidence(plane, witness),
        mend: match degree {
            Degree::Unknown if *rule == rules::undecided_contact::RULE => name_the_namespace(plane, witness),
            Degree::Unknown => None,
            Degree::TodayOnly | Degree::Broken => mend(plane, witness),
        },
        about,
        cause: kind_of_way(plane, rule, degree, witness),
        environments: environments(plane, &from, &to),
        production: is_production(plane, &to),
        known: witness.is_known(),
        cases,
        fingerprint: fingerprint(plane, rule, cause),
    })
}

/// Whether the two ends of a flow are all the pods of their namespaces, or stand for them, as a new pod does.
fn are_all(plane: &Plane<'_>, witness: &Witness) -> bool {
    [(witness.from, &witness.source), (witness.to, &witness.destination)].into_iter().all(|(at, end)| {
        let members = || plane.classes_of(at).flat_map(|(_, class)| plane.members(class)).count();
        matches!(end, End::WouldBe(_)) || members() == 1
    })
}

/// The sources and the destinations of some pairs.
fn ends(pairs: &BTreeSet<(EnvironmentId, EnvironmentId)>) -> (BTreeSet<EnvironmentId>, BTreeSet<EnvironmentId>) {
    pairs.iter().copied().unzip()
}

/// Names in the order of the streets, the endangered side last.
fn environments(plane: &Plane<'_>, from: &BTreeSet<EnvironmentId>, to: &BTreeSet<EnvironmentId>) -> Vec<String> {
    let sources = from.difference(to);
    sources.chain(to).map(|id| plane.snapshot.environment_name(*id)).collect()
}

fn is_production(plane: &Plane<'_>, to: &BTreeSet<EnvironmentId>) -> bool {
    to.iter().filter_map(|id| plane.snapshot.environment(*id)).any(|environment| environment.production)
}
