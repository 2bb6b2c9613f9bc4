//! Why a contact could not be decided: what was missing, or may be read in two ways.

use super::cause::Cause;
use super::words::{Side, class, end, lets, sides, told_passage};
use crate::isolation::network::contact::is_one_cluster;
use crate::isolation::network::flow::{End, Passage, Witness, may_share_node};
use crate::isolation::network::plane::{
    Bound, Plane, Policy, Unsettled, has_generated_name, is_left_out, is_terminating,
};
use crate::isolation::network::policy::{Direction, Peer};
use crate::isolation::network::ports::opens_tunnel;
use crate::isolation::network::published::Publisher;
use crate::isolation::network::rules;
use dtap_model::environment::NO_NAMESPACE;
use dtap_report::Rule;

/// Why a flow could not be decided: what was missing or may be read in two ways. In words that are the same wherever a
/// policy is repeated; none where a gap is the cause, which speaks for itself.
#[must_use]
pub fn doubt_in_words(plane: &Plane<'_>, witness: &Witness) -> Option<String> {
    match unsettled(plane, witness) {
        Some(Cause::Kind(kind)) => return Some(format!("policies of kind {kind} are not modelled")),
        Some(_) if [witness.to, witness.from].into_iter().any(|at| has_refused_name(plane, at)) => {
            return Some("the API server refuses the name of a namespace".to_owned());
        }
        Some(_) => return None,
        None => {}
    }
    if are_asked_apart(plane, witness) {
        let source = end(plane, witness.from, &witness.source);
        return Some(format!("the two ask for different nodes, and {source} reaches whatever runs on its own"));
    }
    let sides = sides(witness);
    let doubted = sides.iter().find_map(|side| doubt(plane, side).map(|(_, words)| words));
    let found = doubted.or_else(|| sides.iter().find_map(|side| by_label(plane, side)));
    Some(found.unwrap_or_else(|| match is_one_cluster(plane, witness.from, witness.to) {
        true => undecided_pod(plane, &sides),
        false => "whether the two stand on one cluster is not said".to_owned(),
    }))
}

/// Why nothing is certain of who may open or be opened in a namespace; none where that is not so, and where a gap is
/// the cause, which speaks for itself.
#[must_use]
pub fn unsettled_in_words(plane: &Plane<'_>, at: usize, direction: Direction) -> Option<String> {
    match plane.spaces.get(at)?.uncertain(direction)? {
        Unsettled::Kind(object) => {
            let kind = &plane.snapshot.objects.get(object)?.object.identity.kind;
            Some(format!("policies of kind {kind} are not modelled"))
        }
        Unsettled::Name => Some("the API server refuses the name of a namespace".to_owned()),
        Unsettled::Gap(_) => None,
    }
}

/// Why it is not certain that a known pod passes its own policies, whoever is at the other end.
#[must_use]
pub fn doubt_about_pod(plane: &Plane<'_>, at: usize, here: &End, passage: Passage, direction: Direction) -> String {
    let side = Side { at, end: here, passage, direction, other: at };
    let told = beside_peers(plane, &side).or_else(|| split(plane, at, direction)).map(|(_, words)| words);
    told.or_else(|| unsure_pod(plane, &[side])).unwrap_or_else(|| BY_ITS_LABELS.to_owned())
}

/// What is in doubt of a pod of which nothing else is.
const BY_ITS_LABELS: &str = "labels that a controller adds to its pods decide it";

/// Whether a flow goes by a node that the two share, though by what they ask for they do not.
fn are_asked_apart(plane: &Plane<'_>, witness: &Witness) -> bool {
    let source = class(plane, &witness.source).filter(|class| class.is_certain());
    let destination = class(plane, &witness.destination);
    matches!(witness.ingress, Passage::FromNode(_))
        && source.is_some_and(|source| !may_share_node(plane, source, destination, Bound::Certain))
}

/// The cause for which nothing is certain at one of the ends, if it is one.
pub(super) fn unsettled(plane: &Plane<'_>, witness: &Witness) -> Option<Cause> {
    let cause = |at: usize, direction| plane.spaces.get(at).and_then(|space| space.unsettled(direction));
    let closing = |at: usize| plane.spaces.get(at).and_then(|space| space.may_be_closed);
    let unsettled = cause(witness.to, Direction::Ingress).or_else(|| cause(witness.from, Direction::Egress));
    match unsettled.or_else(|| closing(witness.to)).or_else(|| closing(witness.from))? {
        Unsettled::Kind(object) => {
            plane.snapshot.objects.get(object).map(|placed| Cause::Kind(placed.object.identity.kind.clone()))
        }
        Unsettled::Gap(_) | Unsettled::Name => Some(Cause::Gap),
    }
}

/// Whether nothing is certain in a namespace because the API server refuses its name.
fn has_refused_name(plane: &Plane<'_>, at: usize) -> bool {
    plane.spaces.get(at).is_some_and(|space| space.unsettled.contains(&Some(Unsettled::Name)))
}

/// Why a contact could not be decided: the rule of the first doubt on its way, and what is in doubt.
pub(super) fn undecided(plane: &Plane<'_>, witness: &Witness) -> (&'static Rule, String) {
    let doubts = sides(witness).into_iter().find_map(|side| {
        let (rule, words) = doubt(plane, &side)?;
        // What a refused policy would say is the same doubt, whether it would admit or not select.
        if *rule == rules::policy_refused::RULE {
            return Some((rule, words));
        }
        Some((
            rule,
            format!("{} {}", side.direction.section(), told_passage(plane, side.at, side.passage, side.direction)),
        ))
    });
    // A namespace that is not declared may carry the labels by which a peer selects (N14).
    let undeclared = sides(witness).iter().any(|side| by_label(plane, side).is_some());
    if doubts.is_none() && undeclared {
        return (&rules::undecided_contact::RULE, "labels of namespaces that are not declared".to_owned());
    }
    doubts.unwrap_or_else(|| {
        let way = told_passage(plane, witness.to, witness.ingress, Direction::Ingress);
        (&rules::undecided_contact::RULE, way)
    })
}

/// That a pod of one of the ends may be another one than the input shows.
fn undecided_pod(plane: &Plane<'_>, sides: &[Side<'_>]) -> String {
    unsure_pod(plane, sides).unwrap_or_else(|| match is_by_tunnel(plane, sides) {
        true => "the mesh's tunnel to 15008/TCP may lead to every port behind it".to_owned(),
        false => BY_ITS_LABELS.to_owned(),
    })
}

/// Why it is not certain that there are such pods, or what they are; none where it is.
fn unsure_pod(plane: &Plane<'_>, sides: &[Side<'_>]) -> Option<String> {
    let custom = |side: &&Side<'_>| class(plane, side.end).is_some_and(|class| class.custom);
    let refused = |side: &&Side<'_>| class(plane, side.end).is_some_and(|class| class.labels.shown.refused);
    if let Some(side) = sides.iter().find(|side| plane.spaces.get(side.at).is_some_and(|space| space.refused)) {
        let name = plane.namespace(side.at).map_or("", |namespace| namespace.name.as_str());
        return Some(format!("the API server refuses namespace {name}"));
    }
    if let Some(side) = sides.iter().find(refused) {
        return Some(format!("the API server refuses a label of {}", end(plane, side.at, side.end)));
    }
    let adrift = |side: &&Side<'_>| class(plane, side.end).is_some_and(|class| class.adrift);
    if let Some(side) = sides.iter().find(adrift) {
        let named = end(plane, side.at, side.end);
        return Some(format!("{named} names no namespace, and may come to stand in one of those beside it"));
    }
    let doubtful = |side: &&Side<'_>| {
        class(plane, side.end).is_none() && plane.spaces.get(side.at).is_some_and(|space| space.adrift)
    };
    if sides.iter().any(|side| doubtful(&side)) {
        return Some("the objects that name no namespace may all come to stand in those beside them".to_owned());
    }
    let holds_more = |side: &&Side<'_>| {
        class(plane, side.end).is_none() && plane.spaces.get(side.at).is_some_and(|space| space.holds_more)
    };
    if let Some(side) = sides.iter().find(holds_more) {
        let name = plane.namespace(side.at).map_or("", |namespace| namespace.name.as_str());
        return Some(format!("pods may run in {name} that only other objects hold"));
    }
    let barred = |side: &&Side<'_>| class(plane, side.end).is_some_and(|class| class.barred);
    if let Some(side) = sides.iter().find(barred) {
        return Some(format!(
            "Pod Security refuses {}, which asks for a port of its node",
            end(plane, side.at, side.end)
        ));
    }
    let alternative = |side: &&Side<'_>| class(plane, side.end).is_some_and(|class| class.alternative);
    if let Some(side) = sides.iter().find(custom) {
        return Some(format!("what pods the controller of {} makes is not certain", end(plane, side.at, side.end)));
    }
    let side = sides.iter().find(alternative)?;
    Some(format!("{} comes in several forms, which say different things of its pods", end(plane, side.at, side.end)))
}

/// Whether the tunnel of an ambient mesh leads to the end that is reached: every rule on the way opens its port (N23).
fn is_by_tunnel(plane: &Plane<'_>, sides: &[Side<'_>]) -> bool {
    let opens = |side: &Side<'_>| {
        let Passage::Through(index, route) = side.passage else { return true };
        plane.route(index, side.direction, route).is_some_and(|route| opens_tunnel(&route.way.ports.fixed))
    };
    let ambient = |side: &Side<'_>| plane.is_ambient(side.at);
    sides.first().is_some_and(ambient) && sides.iter().all(opens)
}

/// That the peer of a passage is in the other namespace by labels which that only may carry, if it is so.
pub(super) fn by_label(plane: &Plane<'_>, side: &Side<'_>) -> Option<String> {
    let Passage::Through(index, route) = side.passage else { return None };
    let policy = plane.policies.get(index)?;
    let route = plane.route(index, side.direction, route)?;
    let set = plane.namespaces_of(index, route)?;
    let other = plane.namespace(side.other).filter(|_| !set.certain.contains(side.other))?;
    let unknown = match other.place {
        _ if plane.spaces.get(side.other).is_some_and(|space| space.refused) => {
            format!("the API server refuses namespace {}", other.name)
        }
        _ if other.name == NO_NAMESPACE => "the manifests of the other end name no namespace".to_owned(),
        Some(_) => format!("which labels namespace {} has is not certain", other.name),
        None => format!("no Namespace in the input shows the labels of {}", other.name),
    };
    Some(format!("policy {} {}, and {unknown}", policy.placed.object.identity.name, lets(side.direction, route)))
}

/// What is in doubt at one end, if something is: its rule, and the doubt in words.
pub(super) fn doubt(plane: &Plane<'_>, side: &Side<'_>) -> Option<(&'static Rule, String)> {
    let by_address = || by_address(plane, side).map(|words| (&rules::address_block::RULE, words));
    beside_peers(plane, side).or_else(by_address).or_else(|| split(plane, side.at, side.direction))
}

/// That a policy speaks of addresses, which may be those of pods, if it is so.
fn by_address(plane: &Plane<'_>, side: &Side<'_>) -> Option<String> {
    let Passage::Through(index, route) = side.passage else { return None };
    let route = plane.route(index, side.direction, route)?;
    let name = &plane.policies.get(index)?.placed.object.identity.name;
    // A way out may also lead to a Service by its address (N10).
    let whose = if side.direction == Direction::Egress { "pods, nodes and Services" } else { "pods and nodes" };
    let words = || format!("policy {name} {}, which may be those of {whose}", lets(side.direction, route));
    matches!(route.way.peer, Peer::Block(_)).then(words)
}

/// What is in doubt at one end whoever is at the other, but for policies that may not be in force.
fn beside_peers(plane: &Plane<'_>, side: &Side<'_>) -> Option<(&'static Rule, String)> {
    let Side { at, end: here, passage, .. } = *side;
    let on_node = class(plane, here).is_some_and(|class| class.host_network);
    match passage {
        Passage::SecondaryNetwork => {
            let words = "a pod has networks beside the cluster's, where no policy holds".to_owned();
            Some((&rules::secondary_network::RULE, words))
        }
        Passage::HiddenPods => {
            let words = "what was not read may be pods that no policy holds back".to_owned();
            Some((&rules::undecided_contact::RULE, words))
        }
        Passage::ByNode(by) => {
            let node = match by {
                Publisher::Service(_) => "its nodes",
                Publisher::HostPort => "its node",
            };
            let words = format!("{node} may reach it whatever its policies, and pass on what arrives there");
            Some((&rules::published_on_nodes::RULE, words))
        }
        _ if class(plane, here).is_some_and(|class| class.host_network && class.barred) => {
            let words = format!("Pod Security refuses {}, which asks for its node's network", end(plane, at, here));
            Some((&rules::node_network::RULE, words))
        }
        _ if on_node => {
            let words =
                format!("{} is on its node's network, where policies may or may not hold", end(plane, at, here));
            Some((&rules::node_network::RULE, words))
        }
        Passage::Through(index, _) => {
            let policy = plane.policies.get(index)?;
            plane.terms_of(index)?.refused.is_some().then(|| refused(policy))
        }
        Passage::Unselected | Passage::FromNode(_) => None,
    }
}

/// That a policy is one which the API server refuses.
fn refused(policy: &Policy<'_>) -> (&'static Rule, String) {
    let name = &policy.placed.object.identity.name;
    (&rules::policy_refused::RULE, format!("policy {name} is one that the API server refuses"))
}

/// That what isolates a namespace in a direction may be in force or not, if it is so.
fn split(plane: &Plane<'_>, at: usize, direction: Direction) -> Option<(&'static Rule, String)> {
    let groups = plane.spaces.get(at).map_or(&[][..], |space| space.groups(direction));
    let group = groups.iter().find(|group| group.is_split() && !group.possible.is_empty())?;
    let first = *group.possible.first()?;
    let policy = plane.policies.get(first)?;
    if plane.terms_of(first)?.refused.is_some() {
        return Some(refused(policy));
    }
    let why = match group.possible.as_slice() {
        [_] if is_terminating(policy.placed) => "is being deleted, and may be gone",
        [_] if is_left_out(policy.placed) => {
            "may not be in force: by its labels or annotations a deployment tool applies it for a while, in some places or never"
        }
        [_] if has_generated_name(policy.placed) => "may not be there: `kubectl apply` takes no `generateName`",
        [_] => "may not be in force: another document of that name differs",
        _ => "is declared more than once, and the documents differ",
    };
    Some((&rules::alternatives_differ::RULE, format!("policy {} {why}", policy.placed.object.identity.name)))
}
