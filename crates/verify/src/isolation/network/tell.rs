//! Contacts told as findings: one a cause, the sources of all environments folded into its line.

use super::contact::{Contact, Degree, Inbound};
use super::flow::{End, Passage, Witness};
use super::plane::{Plane, Route};
use super::policy::{Direction, Namespaces, Peer};
use super::rules;
use super::selector::Selector;
use dtap_model::environment::EnvironmentId;
use dtap_report::{Evidence, Finding, Fingerprint, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// What several contacts have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// No policy selects the pods reached, in namespaces of this environment.
    Open(EnvironmentId),
    /// A new pod of this namespace.
    NewPod(usize),
    /// A way into this namespace.
    Way(usize, Passage),
}

/// Contacts of one cause.
struct Told<'c> {
    contacts: Vec<&'c Contact>,
    sources: BTreeSet<EnvironmentId>,
    cases: usize,
}

/// A finding and the environments between which it stands.
pub struct Between {
    /// The finding.
    pub finding: Finding,
    /// How bad it is.
    pub degree: Degree,
    /// Where the contact comes from.
    pub sources: BTreeSet<EnvironmentId>,
    /// Where it leads.
    pub destination: EnvironmentId,
}

/// The findings of all contacts.
#[must_use]
pub fn findings(plane: &Plane<'_>, inbound: &[Inbound]) -> Vec<Between> {
    let mut causes: BTreeMap<(Degree, EnvironmentId, Cause), Told<'_>> = BTreeMap::new();
    for contacts in inbound {
        let Some(environment) = super::contact::environment(plane, contacts.to) else { continue };
        for contact in &contacts.contacts {
            // What a new pod could do is one cause a namespace, whatever it comes in by.
            let cause = match (contact.degree, contact.ingress) {
                (Degree::TodayOnly, _) => Cause::NewPod(contacts.to),
                (_, Passage::Unselected) => Cause::Open(environment),
                (_, way) => Cause::Way(contacts.to, way),
            };
            let told = causes.entry((contact.degree, environment, cause)).or_insert_with(|| Told {
                contacts: Vec::new(),
                sources: BTreeSet::new(),
                cases: 0,
            });
            told.contacts.push(contact);
            told.sources.extend(&contact.sources);
            told.cases += contact.cases;
        }
    }
    causes
        .into_iter()
        .filter_map(|((degree, environment, cause), told)| {
            let rule = match degree {
                Degree::Broken => &rules::cross_environment_contact::RULE,
                Degree::TodayOnly => &rules::no_default_deny::RULE,
                Degree::Unknown => &rules::undecided_contact::RULE,
            };
            let finding = tell(plane, rule, degree, environment, &cause, &told)?;
            Some(Between { finding, degree, sources: told.sources, destination: environment })
        })
        .collect()
}

fn tell(
    plane: &Plane<'_>,
    rule: &'static Rule,
    degree: Degree,
    environment: EnvironmentId,
    cause: &Cause,
    told: &Told<'_>,
) -> Option<Finding> {
    let snapshot = plane.snapshot;
    // A contact between known pods is the better witness.
    let contact = told.contacts.iter().min_by_key(|contact| !is_known(&contact.witness))?;
    let witness = &contact.witness;
    let more = match told.contacts.len() {
        1 => String::new(),
        count if degree == Degree::TodayOnly => format!(" in {count} ways"),
        count => format!(" and {} other namespaces of {}", count - 1, snapshot.environment_name(environment)),
    };
    let verb = match degree {
        Degree::Broken => "can open",
        Degree::TodayOnly => "could open",
        Degree::Unknown => "may open",
    };
    let port = format!("{}/{}", witness.port.1, witness.port.0.as_str());
    let summary = format!(
        "{} {verb} {}:{port}{more} ({} for one)",
        stages(plane, &told.sources),
        end(plane, witness.to, &witness.destination),
        end(plane, witness.from, &witness.source),
    );
    let mut environments: Vec<String> = told.sources.iter().map(|id| snapshot.environment_name(*id)).collect();
    environments.push(snapshot.environment_name(environment));
    Some(Finding {
        rule,
        severity: rule.severity,
        summary,
        evidence: evidence(plane, witness),
        mend: None,
        environments,
        production: snapshot.environment(environment).is_some_and(|environment| environment.production),
        known: is_known(witness),
        cases: told.cases,
        fingerprint: fingerprint(plane, rule, environment, cause),
    })
}

fn is_known(witness: &Witness) -> bool {
    matches!((&witness.source, &witness.destination), (End::Known(_), End::Known(_)))
}

/// The stages of some environments in order, as a person lists them: `dev, tst and acc`.
fn stages(plane: &Plane<'_>, environments: &BTreeSet<EnvironmentId>) -> String {
    let mut stages: Vec<(u32, &str)> = environments
        .iter()
        .filter_map(|id| plane.snapshot.environment(*id))
        .map(|environment| (environment.rank, environment.stage.as_str()))
        .collect();
    stages.sort_unstable();
    let mut names: Vec<&str> = Vec::new();
    for (_, stage) in stages {
        if !names.contains(&stage) {
            names.push(stage);
        }
    }
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// A pod as `namespace/workload`, or a new one with the labels it needs.
#[must_use]
pub fn end(plane: &Plane<'_>, namespace: usize, end: &End) -> String {
    let name = plane.namespace(namespace).map_or("", |namespace| namespace.name.as_str());
    match end {
        End::Known(class) => {
            let workload = plane.classes.get(*class).and_then(|class| class.members.first());
            format!("{name}/{}", workload.map_or("", |workload| workload.told_as.as_str()))
        }
        End::WouldBe(labels) if labels.is_empty() => format!("{name}/(a new pod)"),
        End::WouldBe(labels) => {
            let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{name}/(a new pod with {})", labels.join(","))
        }
    }
}

/// The places that show a flow: how it gets in, then how it gets out.
fn evidence(plane: &Plane<'_>, witness: &Witness) -> Vec<Evidence> {
    let into = side(plane, witness.to, &witness.destination, witness.ingress, Direction::Ingress);
    let out = side(plane, witness.from, &witness.source, witness.egress, Direction::Egress);
    into.into_iter().chain(out).collect()
}

/// How one end of a flow passes its own policies, and where that shows.
#[must_use]
pub fn side(plane: &Plane<'_>, at: usize, end: &End, passage: Passage, direction: Direction) -> Option<Evidence> {
    let told = |label: String| {
        let place = match end {
            End::Known(class) => Some(plane.classes.get(*class)?.members.first()?.place),
            End::WouldBe(_) => plane.namespace(at)?.place,
        };
        place.map(|place| Evidence { place, label })
    };
    let (index, route) = match passage {
        Passage::Through(index, route) => (index, route),
        Passage::Unselected => return told(format!("no policy that is known selects it for {}", direction.section())),
        Passage::FromNode => return told("is on its node's network, or may be reached from there".to_owned()),
        Passage::SecondaryNetwork => return told("beside the cluster's network, or reached beside it".to_owned()),
    };
    let policy = plane.policies.get(index)?;
    let route = policy.routes(direction)?.get(route)?;
    let object = &policy.placed.object;
    if policy.refused.is_some() {
        return Some(Evidence { place: object.cite_name(), label: "the API server refuses it".to_owned() });
    }
    let rule = route.way.rule.to_string();
    let position = route.way.position.map(|position| position.to_string());
    let mut steps = vec!["spec", direction.section(), &rule];
    if let Some(position) = &position {
        steps.extend([direction.peers(), position]);
    }
    let verb = if direction == Direction::Ingress { "admits" } else { "lets out to" };
    Some(Evidence { place: object.cite(&steps), label: format!("{verb} {}", peer(route)) })
}

/// A peer in words.
#[must_use]
pub fn peer(route: &Route<'_>) -> String {
    match &route.way.peer {
        Peer::Everyone => "everybody".to_owned(),
        Peer::Block(block) => format!("the addresses {}", block.text),
        Peer::Pods { namespaces, pods } => {
            let pods = if pods.is_everything() { String::new() } else { format!("pods with {} of ", selector(pods)) };
            match namespaces {
                Namespaces::Own => format!("{pods}its own namespace"),
                Namespaces::Selected(namespaces) if namespaces.is_everything() => format!("{pods}every namespace"),
                Namespaces::Selected(namespaces) => format!("{pods}every namespace with {}", selector(namespaces)),
            }
        }
    }
}

fn selector(selector: &Selector<'_>) -> String {
    let words: Vec<String> = selector.0.iter().map(|it| format!("{}{}", it.key, it.values)).collect();
    words.join(" and ")
}

/// The cause by name: where it stands in a file, or who the sources are, is no part of it.
fn fingerprint(plane: &Plane<'_>, rule: &Rule, environment: EnvironmentId, cause: &Cause) -> Fingerprint {
    let environment = plane.snapshot.environment_name(environment);
    let name = |at: usize| plane.namespace(at).map_or("", |namespace| namespace.name.as_str());
    let (namespace, way) = match cause {
        Cause::Open(_) => ("", String::new()),
        Cause::NewPod(at) => (name(*at), String::new()),
        Cause::Way(at, Passage::Through(index, route)) => {
            let policy = plane.policies.get(*index);
            let route = policy.and_then(|policy| policy.routes(Direction::Ingress)?.get(*route)).map(peer);
            let policy = policy.map_or("", |policy| policy.placed.object.identity.name.as_str());
            (name(*at), format!("{policy} {}", route.unwrap_or_default()))
        }
        Cause::Way(at, passage) => (name(*at), format!("{passage:?}")),
    };
    Fingerprint::of(rule.code, &[&environment, namespace, &way])
}
