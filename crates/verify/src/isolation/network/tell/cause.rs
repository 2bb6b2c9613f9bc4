//! What several contacts have in common: the rule that they break, and the one cause that a person mends.

use super::doubt::{by_label, undecided, unsettled};
use super::words::{sides, told_passage};
use crate::isolation::network::contact::{Contact, Degree, environment, is_one_cluster};
use crate::isolation::network::flow::{Passage, Witness};
use crate::isolation::network::plane::Plane;
use crate::isolation::network::policy::{Direction, Namespaces, Peer};
use crate::isolation::network::rules;
use dtap_model::environment::EnvironmentId;
use dtap_model::object::GroupKind;
use dtap_report::{Fingerprint, Rule};

/// What several contacts have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// Policies of a kind that is not modelled.
    Kind(GroupKind),
    /// A gap: told by the reading, and a reason for unknown; no finding here.
    Gap,
    /// No policy selects the pods reached, in namespaces of this environment.
    Open(EnvironmentId),
    /// A new pod of this namespace.
    NewPod(usize),
    /// What leaves contacts with a stage undecided, in words that are the same wherever a policy is repeated.
    Doubt(String, String),
    /// Pods of this class, on their node's network.
    Node(usize),
    /// A way into this namespace.
    Way(usize, Passage),
}

/// Which rule a contact breaks, and by what cause.
pub(super) fn cause(plane: &Plane<'_>, contact: &Contact) -> Option<(&'static Rule, Cause)> {
    let witness = &contact.witness;
    let way = match contact.ingress {
        Passage::Unselected => Cause::Open(environment(plane, witness.to)?),
        way => Cause::Way(witness.to, way),
    };
    Some(match (contact.degree, contact.ingress) {
        (_, Passage::FromNode(class)) => (&rules::node_network::RULE, Cause::Node(class)),
        (Degree::Broken, _) => (&rules::cross_environment_contact::RULE, way),
        // What a new pod could do is one cause a namespace, whatever it comes in by.
        (Degree::TodayOnly, _) => (&rules::no_default_deny::RULE, Cause::NewPod(witness.to)),
        (Degree::Unknown, _) if !is_one_cluster(plane, witness.from, witness.to) => {
            (&rules::undecided_contact::RULE, Cause::Gap)
        }
        (Degree::Unknown, _) => match unsettled(plane, witness) {
            Some(cause) => (&rules::kind_not_modelled::RULE, cause),
            None => {
                let (rule, doubt) = undecided(plane, witness);
                let environment = plane.snapshot.environment(environment(plane, witness.to)?)?;
                (rule, Cause::Doubt(environment.stage.clone(), doubt))
            }
        },
    })
}

/// The way in that a cause is, where it is one through a policy.
pub(super) fn way_in(plane: &Plane<'_>, cause: &Cause) -> Option<String> {
    let Cause::Way(_, Passage::Through(index, route)) = cause else { return None };
    let policy = plane.policies.get(*index)?;
    let way = &plane.route(*index, Direction::Ingress, *route)?.way;
    let peer = way.position.map(|position| format!(".from.{position}")).unwrap_or_default();
    Some(format!("by spec.ingress.{}{peer} of policy {}", way.rule, policy.placed.object.identity.name))
}

/// What a way into a namespace has in common with others, where there are too many to tell one by one.
pub(super) fn kind_of_way(plane: &Plane<'_>, rule: &Rule, degree: Degree, witness: &Witness) -> String {
    let by_labels = || sides(witness).iter().any(|side| by_label(plane, side).is_some());
    match (degree, witness.ingress) {
        (Degree::Broken, Passage::Unselected) => "no policy selects what can be opened".to_owned(),
        (Degree::Broken, Passage::Through(index, route)) => {
            let route = plane.route(index, Direction::Ingress, route);
            let whom = match route.map(|route| &route.way.peer) {
                Some(Peer::Everyone) => "everybody",
                Some(Peer::Block(_)) => "addresses that pods of other environments have",
                Some(Peer::Pods { namespaces: Namespaces::Selected(all), .. }) if all.is_everything() => {
                    "every namespace"
                }
                _ => "namespaces of other environments by their labels",
            };
            format!("a policy admits {whom}")
        }
        (Degree::Unknown, _) if *rule == rules::undecided_contact::RULE && by_labels() => {
            "a policy admits by labels of a namespace that the input does not show".to_owned()
        }
        _ => rule.title.to_owned(),
    }
}

/// The cause by name: where it stands in a file, or who the sources are, is no part of it.
pub(super) fn fingerprint(plane: &Plane<'_>, rule: &Rule, cause: &Cause) -> Fingerprint {
    let place = |at: &usize| {
        let namespace = plane.namespace(*at);
        let cluster = namespace.and_then(|namespace| plane.snapshot.cluster(namespace.cluster));
        let environment = environment(plane, *at).map(|id| plane.snapshot.environment_name(id)).unwrap_or_default();
        let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [name(cluster.map(|it| it.name.as_str())), environment, name(namespace.map(|it| it.name.as_str()))]
    };
    let (place, way) = match cause {
        Cause::Kind(_) | Cause::Gap => (<[String; 3]>::default(), String::new()),
        Cause::Open(id) => ([String::new(), plane.snapshot.environment_name(*id), String::new()], String::new()),
        Cause::NewPod(at) => (place(at), String::new()),
        Cause::Doubt(stage, doubt) => ([String::new(), stage.clone(), String::new()], doubt.clone()),
        Cause::Node(class) => {
            let class = plane.classes.get(*class);
            let member = class.map(|class| class.first.told_as.to_string());
            (class.map(|class| place(&class.namespace)).unwrap_or_default(), member.unwrap_or_default())
        }
        Cause::Way(at, passage) => (place(at), told_passage(plane, *at, *passage, Direction::Ingress)),
    };
    let [cluster, environment, namespace] = &place;
    Fingerprint::of(rule.code, &[cluster, environment, namespace, &way])
}
