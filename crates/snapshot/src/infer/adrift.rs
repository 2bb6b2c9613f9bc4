//! What names no namespace: it comes to stand where whoever applies it says, which may be in that of its neighbours, or
//! in any.

use super::assemble::number;
use super::gap::Ground;
use super::hidden;
use super::input::Input;
use super::place::{Part, Standing};
use super::room::Room;
use crate::inert::is_idle;
use crate::reading::{Context, ReadObject};
use crate::snapshot::{Gap, Hides, Reach};
use crate::workload::{has_controller, is_on_nodes, workload};
use dtap_model::environment::ClusterId;
use dtap_model::label::is_dns_label;
use dtap_model::object::Object;
use dtap_model::tree::{Entry, Node, Value};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The objects that name no namespace and lie in a folder with some that name one of the same stage, as indices.
pub fn beside(input: &Input<'_>, rooms: &[Room], parts: &[Part]) -> BTreeSet<usize> {
    let folder = |object: &usize| input.contexts.get(input.context_of_object(*object)).map(Context::folder);
    let mut named = BTreeSet::new();
    let mut nameless = Vec::new();
    for part in parts {
        let (Some(room), Standing::Environment { stage, .. }) = (rooms.get(part.room), &part.standing) else {
            continue;
        };
        if room.name.is_some() {
            let held = part.objects.iter().chain(&room.declared);
            named.extend(held.map(|object| (folder(object), stage)));
        } else {
            nameless.extend(part.objects.iter().map(|object| (*object, (folder(object), stage))));
        }
    }
    nameless.into_iter().filter(|(_, place)| named.contains(place)).map(|(object, _)| object).collect()
}

/// What names no namespace, and what tells how far that matters.
pub struct Adrift<'g> {
    ground: &'g Ground<'g>,
    /// The objects whose neighbours name a namespace, as [`fn@beside`] finds them.
    beside: &'g BTreeSet<usize>,
    /// Whether any policy lets pods out to addresses, so that those of Services count (N10).
    by_address: bool,
    /// How many policies have each name.
    policies_by_name: FxHashMap<&'g str, usize>,
}

impl<'g> Adrift<'g> {
    /// Of all that the ground holds; `beside` are the objects that [`fn@beside`] finds there.
    #[must_use]
    pub fn of(ground: &'g Ground<'g>, beside: &'g BTreeSet<usize>) -> Self {
        let mut policies_by_name: FxHashMap<&str, usize> = FxHashMap::default();
        let objects = || ground.input.objects().map(|(read, _)| &read.object);
        for policy in objects().filter(|object| is_policy(object)) {
            *policies_by_name.entry(policy.identity.name.as_str()).or_default() += 1;
        }
        Self { ground, beside, by_address: objects().any(lets_out_to_addresses), policies_by_name }
    }

    /// Policies that name no namespace and belong to no environment, or name a placeholder: each lands in whatever
    /// namespace it is applied to, which may be any of its cluster (N21), and adds to what holds there (N6). Alike
    /// Services that publish pods (N12), those and endpoints by hand by which pods are reached at other addresses
    /// (N10).
    pub fn anywhere(&self) -> impl Iterator<Item = (&'g ReadObject, ClusterId)> + '_ {
        let Ground { input, rooms, .. } = self.ground;
        let rooms = self.parts().filter_map(|(_, part)| Some((part, rooms.get(part.room)?)));
        rooms
            .filter(|(part, room)| may_be_any(part, room))
            .flat_map(|(part, room)| part.objects.iter().map(|object| (*object, ClusterId(number(room.cluster)))))
            .filter_map(|(object, cluster)| Some((input.object(object)?, cluster)))
            .filter(|(read, _)| acts_on_its_namespace(&read.object, self.by_address))
    }

    /// The same of those that name no namespace though their neighbours in an environment's folder do, with the
    /// environment: each may come to stand in theirs.
    fn in_environments(&self) -> impl Iterator<Item = (&'g ReadObject, Reach)> + '_ {
        let Ground { input, rooms, parts, .. } = self.ground;
        let is_nameless = |part: &Part| rooms.get(part.room).is_some_and(|room| room.name.is_none());
        let nameless = parts.iter().enumerate().filter(move |(_, part)| is_nameless(part));
        nameless.flat_map(move |(index, part)| {
            let beside = part.objects.iter().filter(|object| self.beside.contains(object));
            let read = beside.filter_map(|object| Some((*object, input.object(*object)?)));
            let acting = read.filter(|(_, read)| acts_on_its_namespace(&read.object, self.by_address));
            acting
                .flat_map(move |(object, read)| self.reaches(index, object).into_iter().map(move |reach| (read, reach)))
        })
    }

    /// The parts; none where there is no environment to judge.
    fn parts(&self) -> impl Iterator<Item = (usize, &'g Part)> + '_ {
        let Ground { parts, environments, .. } = self.ground;
        parts.iter().enumerate().filter(|_| !environments.list.is_empty())
    }

    /// Where an object of a part may come to stand: there, or in what its folder holds or declares.
    fn reaches(&self, part: usize, object: usize) -> BTreeSet<Reach> {
        let context = self.ground.input.contexts.get(self.ground.input.context_of_object(object));
        let own = std::iter::once(self.ground.reach_of(part));
        let around = |folder: &str| [self.ground.within(folder), self.ground.declared_within(folder)];
        own.chain(context.map(Context::folder).map(around).into_iter().flatten().flatten()).collect()
    }

    /// Every gap that comes of it.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> + '_ {
        self.standing_anywhere().chain(self.relied_on())
    }

    /// What is left open by objects of which nothing says in which namespace they stand.
    fn standing_anywhere(&self) -> impl Iterator<Item = Gap> + '_ {
        let anywhere = self.anywhere().map(|(read, cluster)| (read, Reach::Cluster(cluster)));
        anywhere.chain(self.in_environments()).map(|(read, reach)| {
            let identity = &read.object.identity;
            let among = if matches!(reach, Reach::Environment(_)) { "any of those beside it" } else { "any namespace" };
            Gap {
                what: format!("{} {} may stand in {among}", identity.kind.kind, identity.name),
                hint: Some("name its namespace, or say with --environment NAME=path:FILE where it belongs".to_owned()),
                place: Some(read.object.cite_name()),
                reach,
                hides: match identity.kind.kind.ends_with("NetworkPolicy") {
                    true if only_closes(&read.object, &self.policies_by_name) => Hides::Closing,
                    true => Hides::Policies,
                    // A Service leads past the policies of others, too, by its addresses (N10).
                    false => Hides::Objects,
                },
                unread: None,
            }
        })
    }

    /// What stands beside policies adrift that can only close, and names no namespace either: where they come to stand
    /// elsewhere they do not hold there.
    fn relied_on(&self) -> impl Iterator<Item = Gap> + '_ {
        let Ground { input, rooms, .. } = self.ground;
        self.parts().filter_map(|(index, part)| {
            let room = rooms.get(part.room)?;
            let is_any = may_be_any(part, room);
            if !is_any && room.name.is_some() {
                return None;
            }
            let mut here = part.objects.iter().filter(|object| is_any || self.beside.contains(object));
            let policy = here.find_map(|object| {
                let read = input.object(*object)?;
                only_closes(&read.object, &self.policies_by_name).then_some(read)
            })?;
            let identity = &policy.object.identity;
            (!self.is_idle(part)).then(|| Gap {
                what: format!("{} {} may stand elsewhere", identity.kind.kind, identity.name),
                hint: Some("name its namespace".to_owned()),
                place: Some(policy.object.cite_name()),
                reach: self.ground.namespace(index),
                hides: Hides::Policies,
                unread: None,
            })
        })
    }

    /// Whether what names no namespace runs no pods that its policies would have to hold, and leads to none; in an
    /// environment all of it may come to stand in namespaces beside it.
    fn is_idle(&self, part: &Part) -> bool {
        let Ground { input, rooms, parts, .. } = self.ground;
        let room = |part: &Part| rooms.get(part.room);
        let Some(own) = room(part).filter(|own| own.name.is_none()) else { return false };
        let is_beside = |other: &Part| {
            let near = room(other).is_some_and(|it| it.cluster == own.cluster && it.name.is_some());
            near && other.standing == part.standing
        };
        let does_nothing = |object: &usize| {
            let object = input.object(*object).map(|read| &read.object);
            object.is_some_and(|it| is_idle(it) && workload(it).is_none() && hidden::unread_pods(it).is_none())
        };
        let is_elsewhere =
            || part.objects.iter().all(|object| self.beside.contains(object)) && parts.iter().any(is_beside);
        part.pods.is_empty()
            && part.objects.iter().all(does_nothing)
            && (part.standing == Standing::Unplaced || is_elsewhere())
    }
}

/// Whether what stands in a part may come to stand in any namespace: it names none and is of no environment, or names
/// what is no namespace, a placeholder.
fn may_be_any(part: &Part, room: &Room) -> bool {
    match &room.name {
        None => part.standing == Standing::Unplaced,
        Some(name) => !is_dns_label(name.as_bytes()),
    }
}

/// Whether what an object does is done to the pods of the namespace that it comes to stand in; `by_address` where a
/// policy lets out to addresses, so that those of a Service count (N10).
fn acts_on_its_namespace(object: &Object, by_address: bool) -> bool {
    let kind = &object.identity.kind;
    let is_by_hand = kind.is("", "Endpoints") || kind.is("discovery.k8s.io", "EndpointSlice");
    kind.kind.ends_with("NetworkPolicy")
        || publishes(object)
        || by_address && kind.is("", "Service") && leads(object)
        || is_by_hand && !has_controller(&object.tree)
}

/// Whether a Service has pods behind it, and an address.
fn leads(object: &Object) -> bool {
    let spec = |field: &str| object.tree.at(&["spec", field]);
    let is_headless = spec("clusterIP").and_then(Node::as_str) == Some("None");
    !is_headless && spec("selector").is_some_and(|selector| !selector.entries().is_empty())
}

fn is_policy(object: &Object) -> bool {
    object.identity.kind.is("networking.k8s.io", "NetworkPolicy")
}

/// Whether a policy lets pods out to addresses.
fn lets_out_to_addresses(object: &Object) -> bool {
    if !is_policy(object) {
        return false;
    }
    let rules = object.tree.at(&["spec", "egress"]).map(Node::items).unwrap_or_default();
    let mut peers = rules.iter().filter_map(|rule| rule.get("to")).flat_map(Node::items);
    peers.any(|peer| peer.get("ipBlock").is_some())
}

/// Whether this is a Service by which pods are reached past their policies: of any type but ClusterIP, or with
/// addresses of its own (N12).
fn publishes(object: &Object) -> bool {
    let spec = |field: &str| object.tree.at(&["spec", field]).filter(|node| !node.is_null());
    object.identity.kind.is("", "Service") && (is_on_nodes(spec("type")) || spec("externalIPs").is_some())
}

/// Whether a policy can only close, wherever it comes to stand: it has no rule (N2), so that it opens nothing, and adds
/// to what holds there (N6). Where another policy of the input has its name it may take that one's place (N21): then it
/// must close all that there is, and say nothing by which a tool may leave it out. `policies` counts those of the input
/// by name.
fn only_closes(object: &Object, policies: &FxHashMap<&str, usize>) -> bool {
    let Some(spec) = object.tree.get("spec").filter(|_| is_policy(object) && object.version == "v1") else {
        return false;
    };
    let is_none = |node: &Node<'_>| match &node.value {
        Value::Null => true,
        Value::Sequence(items) => items.is_empty(),
        _ => false,
    };
    let opens_nothing = |entry: &Entry<'_>| match entry.key.as_ref() {
        "ingress" | "egress" => is_none(&entry.node),
        key => matches!(key, "podSelector" | "policyTypes"),
    };
    let is_closed = !spec.entries().is_empty() && spec.entries().iter().all(opens_nothing);
    let selects_all = || matches!(spec.get("podSelector").map(|node| &node.value), Some(Value::Mapping(entries)) if entries.is_empty());
    let types: BTreeSet<&str> =
        spec.get("policyTypes").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
    let metadata = object.tree.get("metadata").map(Node::entries).unwrap_or_default();
    let is_plain = metadata.iter().all(|entry| matches!(entry.key.as_ref(), "name" | "namespace"));
    let closes_all = || selects_all() && types == BTreeSet::from(["Egress", "Ingress"]) && is_plain;
    let is_such = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.*".contains(letter);
    let name = object.identity.name.as_str();
    // A placeholder for its name may be any.
    let is_alone = || name.chars().all(is_such) && policies.get(name).is_none_or(|alike| *alike <= 1);
    is_closed && (closes_all() || is_alone())
}
