//! The rules of the network plane, one file each: what it complains of, why, and how to mend it.
//!
//! Rules about contacts get their findings from the judgement of pairs; a rule about single objects has a `check`.

pub mod address_block;
pub mod alternatives_differ;
pub mod ambient_tunnel;
pub mod cross_environment_contact;
pub mod kind_not_modelled;
pub mod no_default_deny;
pub mod node_network;
pub mod object_refused;
pub mod policy_refused;
pub mod published_on_nodes;
pub mod secondary_network;
pub mod undecided_contact;
pub mod unknown_field;
pub mod unplaced_contact;
pub mod version_not_served;

use super::plane::Plane;
use dtap_model::environment::EnvironmentId;
use dtap_report::{Evidence, Finding, Fingerprint, Rule};
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;

/// Every rule of the plane, by code.
pub static RULES: [&Rule; 15] = [
    &cross_environment_contact::RULE,
    &no_default_deny::RULE,
    &policy_refused::RULE,
    &kind_not_modelled::RULE,
    &node_network::RULE,
    &address_block::RULE,
    &version_not_served::RULE,
    &alternatives_differ::RULE,
    &unknown_field::RULE,
    &ambient_tunnel::RULE,
    &secondary_network::RULE,
    &undecided_contact::RULE,
    &published_on_nodes::RULE,
    &unplaced_contact::RULE,
    &object_refused::RULE,
];

/// The findings about single objects.
#[must_use]
pub(super) fn check(plane: &Plane<'_>) -> Vec<Finding> {
    let checks: [fn(&Plane<'_>) -> Vec<Finding>; 6] = [
        policy_refused::check,
        object_refused::check,
        version_not_served::check,
        alternatives_differ::check,
        unknown_field::check,
        ambient_tunnel::check,
    ];
    checks.into_par_iter().flat_map_iter(|check| check(plane)).collect()
}

/// The name of an object in its namespace, as findings tell it.
fn name(plane: &Plane<'_>, placed: &Placed) -> String {
    let namespace = placed.namespace.and_then(|id| plane.snapshot.namespace(id));
    let namespace = namespace.map_or(String::new(), |namespace| format!("{}/", namespace.name));
    format!("{namespace}{}", placed.object.identity.name)
}

/// What a finding is about.
struct Subject<'s> {
    /// Its name in its namespace.
    name: String,
    kind: String,
    cluster: &'s str,
    environment: Option<EnvironmentId>,
}

/// A finding about one object. `detail` tells several of one object apart.
fn about(
    plane: &Plane<'_>,
    rule: &'static Rule,
    placed: &Placed,
    told: (String, &str),
    evidence: Vec<Evidence>,
) -> Finding {
    let subject = Subject {
        name: name(plane, placed),
        kind: placed.object.identity.kind.to_string(),
        cluster: plane.snapshot.cluster(placed.cluster).map_or("", |cluster| cluster.name.as_str()),
        environment: placed.environment,
    };
    about_subject(plane, rule, subject, told, evidence)
}

/// The same about what need not be kept as an object.
fn about_subject(
    plane: &Plane<'_>,
    rule: &'static Rule,
    subject: Subject<'_>,
    (summary, detail): (String, &str),
    evidence: Vec<Evidence>,
) -> Finding {
    let Subject { name, kind, cluster, environment } = subject;
    let found = environment.and_then(|id| plane.snapshot.environment(id));
    Finding {
        rule,
        severity: rule.severity,
        summary,
        cause: rule.title.to_owned(),
        evidence,
        mend: None,
        environments: environment.map(|id| plane.snapshot.environment_name(id)).into_iter().collect(),
        production: found.is_some_and(|environment| environment.production),
        known: true,
        cases: 1,
        fingerprint: Fingerprint::of(rule.code, &[cluster, &kind, &name, detail]),
        about: name,
    }
}
