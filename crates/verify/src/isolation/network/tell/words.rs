//! How pods, peers and ways past policies are called.

use crate::isolation::network::contact::environment;
use crate::isolation::network::flow::{End, Passage, Witness};
use crate::isolation::network::plane::{Class, Plane, Route};
use crate::isolation::network::policy::{Direction, Namespaces, Peer};
use crate::isolation::network::published::Publisher;
use crate::isolation::network::selector::Selector;
use crate::isolation::network::service::Service;
use dtap_model::environment::NO_NAMESPACE;

/// One end of a flow, and how it passes its own policies.
pub(super) struct Side<'w> {
    pub(super) at: usize,
    pub(super) end: &'w End,
    pub(super) passage: Passage,
    pub(super) direction: Direction,
    /// The namespace of the other end.
    pub(super) other: usize,
}

/// Both ends, the one that is reached first.
pub(super) fn sides(witness: &Witness) -> [Side<'_>; 2] {
    let Witness { from, source, to, destination, egress, ingress, .. } = witness;
    [
        Side { at: *to, end: destination, passage: *ingress, direction: Direction::Ingress, other: *from },
        Side { at: *from, end: source, passage: *egress, direction: Direction::Egress, other: *to },
    ]
}

/// The class of a known pod; none for one that would be.
pub(super) fn class<'p, 's>(plane: &'p Plane<'s>, end: &End) -> Option<&'p Class<'s>> {
    match end {
        End::Known(class) => plane.classes.get(*class),
        End::WouldBe(_) => None,
    }
}

/// A pod as `namespace/workload`, or a new one with the labels it needs.
#[must_use]
pub fn end(plane: &Plane<'_>, namespace: usize, end: &End) -> String {
    let called = match end {
        End::Known(class) => {
            let workload = plane.classes.get(*class).map(|class| class.first);
            workload.map_or("", |workload| workload.told_as.as_str()).to_owned()
        }
        End::WouldBe(labels) if labels.is_empty() => "(a new pod)".to_owned(),
        End::WouldBe(labels) => {
            let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("(a new pod with {})", labels.join(","))
        }
    };
    match plane.namespace(namespace) {
        Some(it) if it.name == NO_NAMESPACE && environment(plane, namespace).is_none() => {
            format!("{called} in no namespace")
        }
        _ => format!("{}{called}", room(plane, namespace)),
    }
}

/// What stands before a workload's name: `shop-prd/`, or for what names no namespace the environment, `prd:`; both as
/// `dtap reach` takes them.
pub(super) fn room(plane: &Plane<'_>, at: usize) -> String {
    let name = plane.namespace(at).map_or("", |namespace| namespace.name.as_str());
    match environment(plane, at).filter(|_| name == NO_NAMESPACE) {
        Some(id) if plane.snapshot.streets.len() > 1 => format!("{}:", plane.snapshot.environment_name(id)),
        Some(id) => format!("{}:", plane.snapshot.environment(id).map_or("", |environment| environment.stage.as_str())),
        None => format!("{name}/"),
    }
}

/// `admits everybody`, `lets out to the addresses 10.0.0.0/8`.
#[must_use]
pub fn lets(direction: Direction, route: &Route<'_>) -> String {
    let verb = if direction == Direction::Ingress { "admits" } else { "lets out to" };
    format!("{verb} {}", peer(route))
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

/// A passage by the name of its policy and the peer in words.
pub(super) fn told_passage(plane: &Plane<'_>, at: usize, passage: Passage, direction: Direction) -> String {
    match passage {
        Passage::Through(index, route) => {
            let policy = plane.policies.get(index);
            let peer = plane.route(index, direction, route).map(peer);
            let name = policy.map_or("", |policy| policy.placed.object.identity.name.as_str());
            format!("{name} {}", peer.unwrap_or_default())
        }
        Passage::Unselected => "unselected".to_owned(),
        Passage::FromNode(_) => "node".to_owned(),
        Passage::SecondaryNetwork => "beside".to_owned(),
        Passage::HiddenPods => "hidden".to_owned(),
        Passage::ByNode(publisher) => publisher_name(plane, at, publisher),
    }
}

/// The Service that publishes pods of a namespace; none for a hostPort.
pub(super) fn publishing<'p, 's>(plane: &'p Plane<'s>, at: usize, publisher: Publisher) -> Option<&'p Service<'s>> {
    match publisher {
        Publisher::Service(service) => plane.services.get(at)?.get(service),
        Publisher::HostPort => None,
    }
}

/// What publishes pods of a namespace on nodes, in words.
#[must_use]
pub fn publisher_name(plane: &Plane<'_>, at: usize, publisher: Publisher) -> String {
    let service = publishing(plane, at, publisher);
    service.map_or("a hostPort".to_owned(), |service| format!("Service {}", service.placed.object.identity.name))
}
