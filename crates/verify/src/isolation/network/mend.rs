//! What to do about a way in that lets another environment through: as concrete as the input allows.

use super::contact::environment;
use super::flow::{Passage, Witness};
use super::plane::{Plane, Policy};
use super::policy::{Direction, Namespaces, Peer};
use super::selector::{Requirement, Selector, value_of};
use dtap_model::environment::{Belonging, EnvironmentId, NO_NAMESPACE};
use dtap_report::position::Positions;
use std::collections::{BTreeMap, BTreeSet};

/// The mend of the way in that a witness takes; none where the rule's general advice is as good.
#[must_use]
pub fn mend(plane: &Plane<'_>, witness: &Witness) -> Option<String> {
    if is_one_namespace(plane, witness) {
        return Some(
            "--cluster NAME=path:FOLDER says where each stands: on one cluster both are one namespace".to_owned(),
        );
    }
    let namespace = plane.namespace(witness.to)?.name.as_str();
    let to = if namespace == NO_NAMESPACE { "beside it".to_owned() } else { format!("to {namespace}") };
    match witness.ingress {
        Passage::Unselected => Some(twin(plane, witness.to).map_or_else(
            || {
                format!(
                    "add a policy {to} that selects every pod (`podSelector: {{}}`) with `policyTypes: [Ingress]`, and \
                     others that admit what is meant to come in"
                )
            },
            |twin| format!("copy {twin} {to}: it closes every pod to what no other policy admits"),
        )),
        Passage::Through(index, route) => {
            let policy = plane.policies.get(index)?;
            match &plane.route(index, Direction::Ingress, route)?.way.peer {
                Peer::Everyone => Some("name in `from` who is meant to come in".to_owned()),
                Peer::Block(_) => None,
                Peer::Pods { namespaces: Namespaces::Own, .. } => None,
                Peer::Pods { namespaces: Namespaces::Selected(selector), .. } => {
                    // One that asks for another namespace means it: a label of this one more would admit nobody.
                    let asks_for_own = selector.0.iter().all(|requirement| meets(plane, witness.to, requirement));
                    if !asks_for_own {
                        let name = &policy.placed.object.identity.name;
                        return Some(format!(
                            "take this peer out of policy {name}, or name the environment in it, if pods of this one are \
                             meant: policies add up, so that no other one closes what it opens"
                        ));
                    }
                    as_elsewhere(plane, policy, selector, witness.to)
                        .or_else(|| telling_apart(plane, selector, witness))
                }
            }
        }
        Passage::FromNode(_) | Passage::SecondaryNetwork | Passage::HiddenPods | Passage::ByNode(_) => None,
    }
}

/// The policy that closes every pod of another environment of the street to what comes in, in words and with its place,
/// where a namespace has none of its name: what is missing here stands there.
fn twin(plane: &Plane<'_>, at: usize) -> Option<String> {
    let street = |id: EnvironmentId| Some(plane.snapshot.environment(id)?.street);
    let own = environment(plane, at)?;
    let name = |policy: &Policy<'_>| policy.placed.object.identity.name.clone();
    let namespace = |policy: &Policy<'_>| policy.placed.namespace.and_then(|id| usize::try_from(id.0).ok());
    let closes = |policy: &&Policy<'_>| {
        let terms = plane.terms.get(policy.terms);
        let other = policy.placed.environment.filter(|id| *id != own && street(*id) == street(own));
        other.is_some()
            && terms.is_some_and(|terms| {
                let admits_nobody = terms.ingress.as_ref().is_some_and(Vec::is_empty);
                terms.refused.is_none() && terms.selects.is_everything() && admits_nobody
            })
    };
    let here: BTreeSet<_> = plane.policies.iter().filter(|it| namespace(it) == Some(at)).map(name).collect();
    let twins = plane.policies.iter().filter(closes).filter(|it| !here.contains(&name(it)));
    let twin = twins.min_by_key(|it| (it.placed.environment, name(it), it.placed.namespace))?;
    let (place, sources) = (twin.placed.object.cite_name(), &plane.snapshot.sources);
    let cited = Positions::of(sources, [place]).cite(sources, place)?;
    let stage = &plane.snapshot.environment(twin.placed.environment?)?.stage;
    Some(format!("policy {} of {stage} ({cited})", name(twin)))
}

/// What decides a contact of manifests that name no namespace: that they name it.
#[must_use]
pub fn name_the_namespace(plane: &Plane<'_>, witness: &Witness) -> Option<String> {
    let is_nameless = |at: &usize| plane.namespace(*at).is_some_and(|it| it.name == NO_NAMESPACE);
    let nameless = [witness.to, witness.from].into_iter().find(is_nameless)?;
    let id = environment(plane, nameless)?;
    Some(format!("name the namespace in the manifests of {} that name none", plane.snapshot.environment_name(id)))
}

/// Whether both ends stand in what is one namespace to Kubernetes, by a name: then no selector tells them apart.
fn is_one_namespace(plane: &Plane<'_>, witness: &Witness) -> bool {
    let (Some(to), Some(from)) = (plane.namespace(witness.to), plane.namespace(witness.from)) else { return false };
    to.name != NO_NAMESPACE && to.name == from.name && to.cluster == from.cluster
}

/// Whether a namespace has the label that is asked for.
fn meets(plane: &Plane<'_>, namespace: usize, requirement: &Requirement<'_>) -> bool {
    let Some(namespace) = plane.namespace(namespace) else { return false };
    let name = (requirement.key == "kubernetes.io/metadata.name").then_some(namespace.name.as_str());
    requirement.values.contains(name.or_else(|| value_of(&namespace.labels, requirement.key)))
}

/// The requirement that policies of the same name have in other environments of the street, and this one lacks.
fn as_elsewhere(plane: &Plane<'_>, policy: &Policy<'_>, selector: &Selector<'_>, to: usize) -> Option<String> {
    let own = plane.namespace(to)?;
    let name = &policy.placed.object.identity.name;
    let mut found: BTreeMap<&str, BTreeSet<EnvironmentId>> = BTreeMap::new();
    let street = |id: Option<EnvironmentId>| Some(plane.snapshot.environment(id?)?.street);
    let of_street = |twin: &&Policy<'_>| {
        twin.placed.object.identity.name == *name
            && street(twin.placed.environment) == street(policy.placed.environment)
    };
    for twin in plane.policies.iter().filter(of_street) {
        let environment = twin.placed.environment.filter(|id| Some(*id) != policy.placed.environment);
        for route in plane.terms.get(twin.terms).and_then(|terms| terms.ingress.as_ref()).into_iter().flatten() {
            let Peer::Pods { namespaces: Namespaces::Selected(other), .. } = &route.way.peer else { continue };
            let listed = other.0.iter().filter(|requirement| requirement.values.listed().is_some());
            let lacking = listed.filter(|requirement| selector.0.iter().all(|own| own.key != requirement.key));
            for requirement in lacking {
                found.entry(requirement.key).or_default().extend(environment);
            }
        }
    }
    let (key, environments) = found.into_iter().max_by_key(|(_, environments)| environments.len())?;
    let value = value_of(&own.labels, key).filter(|_| !environments.is_empty())?;
    Some(format!("add `{key}: {value}`, as the same policy has it in {}", stages(plane, &environments)))
}

/// A label that the namespace has and the source's has not, or not with this value.
fn telling_apart(plane: &Plane<'_>, selector: &Selector<'_>, witness: &Witness) -> Option<String> {
    let (own, other) = (plane.namespace(witness.to)?, plane.namespace(witness.from)?);
    let Belonging::Environment(id) = own.belonging else { return None };
    let stage = &plane.snapshot.environment(id)?.stage;
    let apart = own.labels.iter().filter(|(key, value)| {
        value_of(&other.labels, key) != Some(value) && selector.0.iter().all(|requirement| requirement.key != *key)
    });
    // The label that names the stage is the better one, the name of the namespace the last resort.
    let (key, value) =
        apart.min_by_key(|(key, value)| (value != stage, key.ends_with("metadata.name"), key.as_str()))?;
    Some(format!("add `{key}: {value}` to the `matchLabels` of its namespaceSelector"))
}

/// More stages than this are counted.
pub const NAMED: usize = 6;

/// The stages of some environments in order, as a person lists them: `dev, tst and acc`, or `22 of 24 stages`.
#[must_use]
pub fn stages(plane: &Plane<'_>, environments: &BTreeSet<EnvironmentId>) -> String {
    let found = environments.iter().filter_map(|id| plane.snapshot.environment(*id));
    let mut stages: Vec<(u32, &str)> = found.map(|it| (it.rank, it.stage.as_str())).collect();
    stages.sort_unstable();
    let mut names: Vec<&str> = Vec::new();
    for (_, stage) in stages {
        if !names.contains(&stage) {
            names.push(stage);
        }
    }
    if names.len() > NAMED {
        return format!("{} of {} stages", names.len(), all_stages(plane));
    }
    list(names.into_iter())
}

/// Names as a person lists them: `dev, tst and acc`.
#[must_use]
pub fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

fn all_stages(plane: &Plane<'_>) -> usize {
    plane.snapshot.environments.iter().map(|environment| &environment.stage).collect::<BTreeSet<_>>().len()
}
