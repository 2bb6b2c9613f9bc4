//! What could not be read, and how far the ignorance reaches: the narrowest reach that is sound.

use super::adrift;
use super::assemble::{Environments, Namespaces, number};
use super::cluster::Clusters;
use super::folder::Folder;
use super::hidden::{self, Acts};
use super::hint::is_of_tool;
use super::input::Input;
use super::place::{Part, Standing};
use super::room::Room;
use super::scope::Scopes;
use crate::inert::{is_idle, is_inert};
use crate::reading::{Context, ReadObject, Unread, UnreadCause};
use crate::snapshot::{Gap, Hides, Reach};
use crate::workload::{has_controller, is_on_nodes, template_path, workload};
use dtap_model::environment::{ClusterId, EnvironmentId, NO_NAMESPACE};
use dtap_model::label::is_dns_label;
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::{Entry, Node, Value};
use std::collections::BTreeSet;

/// Past this many parties a chart is taken to reach its whole cluster.
const SEVERAL: usize = 64;

/// Everything that the reach of a gap is read from.
pub struct Ground<'a> {
    /// The input by context.
    pub input: &'a Input<'a>,
    /// What each context's place says.
    pub folders: &'a [Option<Folder>],
    /// The clusters.
    pub clusters: &'a Clusters<'a>,
    /// The scopes of kinds.
    pub scopes: &'a Scopes,
    /// The rooms.
    pub rooms: &'a [Room],
    /// The parts.
    pub parts: &'a [Part],
    /// The environments.
    pub environments: &'a Environments,
    /// The namespaces.
    pub namespaces: &'a Namespaces,
    /// For each context, the environment that its folders say, where it is one.
    pub filed: Vec<Option<EnvironmentId>>,
    /// For each context, the parts that what stands in it belongs to.
    pub parts_of_context: Vec<BTreeSet<usize>>,
    /// The same of the namespaces that are declared there.
    pub declared_in_context: Vec<BTreeSet<usize>>,
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

/// Whether a policy lets pods out to addresses.
fn lets_out_to_addresses(object: &Object) -> bool {
    if !object.identity.kind.is("networking.k8s.io", "NetworkPolicy") {
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
/// must close all that there is, and say nothing by which a tool may leave it out.
fn only_closes(object: &Object, input: &Input<'_>) -> bool {
    let is_policy = |object: &Object| object.identity.kind.is("networking.k8s.io", "NetworkPolicy");
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
    let is_alike = |other: &Object| is_policy(other) && other.identity.name == object.identity.name;
    let mut others = input.objects().map(|(read, _)| &read.object).filter(|other| !std::ptr::eq(*other, object));
    // A placeholder for its name may be any.
    let mut is_alone = || object.identity.name.chars().all(is_such) && !others.any(is_alike);
    is_closed && (closes_all() || is_alone())
}

/// What may stand in the place of something unread, or be left out with it: where its kind is known, and is inert,
/// nothing, but that a tool which applies its folder (`tools`) applies nothing of it; where it is one of the API's that
/// makes no pods and leads to none, only what policies say.
fn hides(unread: &Unread, tools: bool) -> Hides {
    const OTHERS: [&str; 7] =
        ["apps", "autoscaling", "batch", "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io"];
    const LEADING: [&str; 4] = ["Service", "Endpoints", "ConfigMap", "Secret"];
    let is_harmless = |kind: &GroupKind| match kind.group.as_str() {
        "" => !LEADING.contains(&kind.kind.as_str()),
        group => OTHERS.contains(&group),
    };
    match &unread.object {
        Some(kind) if is_inert(kind) && !tools => Hides::Nothing,
        Some(kind) if is_harmless(kind) && template_path(kind).is_none() => Hides::Policies,
        _ => Hides::Objects,
    }
}

impl Ground<'_> {
    /// Every gap, in the order of what could not be read.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let tools = self.input.objects().any(|(read, _)| is_of_tool(&read.object));
        let unread = self.input.unread().enumerate().flat_map(move |(at, (unread, context))| {
            self.reaches(unread, context).into_iter().map(move |reach| Gap {
                what: format!("{}: {}", unread.name, unread.why),
                hint: unread.hint.clone(),
                place: unread.place,
                reach,
                hides: hides(unread, tools),
                unread: Some(at),
            })
        });
        let told = self.twice_declared().chain(self.deployed_apart()).chain(self.unsaid()).chain(self.adrift());
        let told = told.chain(self.relied_on());
        unread.chain(told).collect()
    }

    /// How far one thing unread reaches: as far as its kind acts, where that is beyond its namespace; its namespace;
    /// the environments of the folder that says its stage, or of its own folder where that holds one alone; for a chart
    /// those of the closest folder that holds anything known; else its cluster, as does what stands in no namespace.
    fn reaches(&self, unread: &Unread, context: usize) -> BTreeSet<Reach> {
        let cluster = BTreeSet::from([self.cluster(context)]);
        let scoped = |kind| self.scopes.is_cluster_kind(kind, unread.namespace.is_some());
        if unread.cause == UnreadCause::Page || unread.object.as_ref().is_some_and(scoped) {
            return cluster;
        }
        match unread.object.as_ref().filter(|_| !unread.confined).map_or(Acts::Here, hidden::acts) {
            Acts::Anywhere => return BTreeSet::from([Reach::Everything]),
            Acts::OnCluster => return cluster,
            Acts::Here => {}
        }
        if let Some(name) = unread.namespace.as_deref() {
            let named = |part: &Part| self.rooms.get(part.room).is_some_and(|room| room.name.as_deref() == Some(name));
            let here: BTreeSet<Reach> = (0..self.parts.len())
                .filter(|index| self.parts.get(*index).is_some_and(named))
                .map(|index| self.namespace(index))
                .collect();
            return if here.is_empty() { cluster } else { here };
        }
        if let Some(folder) = self.folders.get(context).and_then(Option::as_ref) {
            let mut known = self.within(&folder.path);
            known.extend(self.filed.get(context).copied().flatten().map(Reach::Environment));
            if known.is_empty() {
                return cluster;
            }
            known.extend(self.declared_within(&folder.path));
            return known;
        }
        let (root, mut at) = (self.input.root(), adrift::folder(&unread.context).to_owned());
        while at != root && !at.is_empty() {
            let mut known = self.within(&at);
            let chart = unread.cause == UnreadCause::Chart;
            if !known.is_empty() {
                known.extend(self.declared_within(&at));
                return if known.len() == 1 || chart && known.len() <= SEVERAL { known } else { cluster };
            }
            if !chart {
                return cluster;
            }
            at = at.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned());
        }
        cluster
    }

    /// The whole of a context's cluster.
    fn cluster(&self, context: usize) -> Reach {
        // What the user says goes by namespaces and labels, too, of which nothing is known here.
        if self.clusters.list.len() < 2 || self.clusters.needs_labels() {
            return Reach::Everything;
        }
        Reach::Cluster(ClusterId(number(self.clusters.found(context))))
    }

    /// What stands in a folder or below it.
    fn within(&self, folder: &str) -> BTreeSet<Reach> {
        self.of_contexts(folder, &self.parts_of_context)
    }

    /// The namespaces that are declared in a folder or below it.
    fn declared_within(&self, folder: &str) -> BTreeSet<Reach> {
        self.of_contexts(folder, &self.declared_in_context)
    }

    /// What of these, by context, is of a folder or below it.
    fn of_contexts(&self, folder: &str, of_context: &[BTreeSet<usize>]) -> BTreeSet<Reach> {
        let inside = |context: &Context| {
            context.path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let contexts = self.input.contexts.iter().zip(of_context).filter(|(context, _)| inside(context));
        let parts: BTreeSet<usize> = contexts.flat_map(|(_, parts)| parts).copied().collect();
        parts.into_iter().map(|part| self.reach_of(part)).collect()
    }

    /// The reach of a part: its environment, or where it has none its namespace.
    fn reach_of(&self, part: usize) -> Reach {
        match self.parts.get(part).map(|part| &part.standing) {
            Some(Standing::Environment { street, stage }) => {
                self.environments.id(street, stage).map_or(Reach::Everything, Reach::Environment)
            }
            _ => self.namespace(part),
        }
    }

    /// What stands on the cluster that is not certain. A namespace that stands on another one, too, may be one with it.
    fn unsaid(&self) -> Vec<Gap> {
        let Some(unsaid) = self.clusters.list.iter().position(|cluster| !cluster.certain) else { return Vec::new() };
        let parts =
            || self.parts.iter().enumerate().filter_map(|(index, part)| Some((index, self.rooms.get(part.room)?)));
        let here: BTreeSet<&str> =
            parts().filter(|(_, room)| room.cluster == unsaid).filter_map(|(_, room)| room.name.as_deref()).collect();
        let there: BTreeSet<&str> =
            parts().filter(|(_, room)| room.cluster != unsaid).filter_map(|(_, room)| room.name.as_deref()).collect();
        let hint = || Some("--cluster NAME=path:FOLDER says which".to_owned());
        let beyond = Gap {
            what: format!("on which cluster {} namespaces stand is not said", here.len()),
            hint: hint(),
            place: None,
            reach: Reach::Beyond(ClusterId(number(unsaid))),
            hides: Hides::Policies,
            unread: None,
        };
        let both = parts().filter_map(|(index, room)| {
            let name = room.name.as_deref().filter(|name| here.contains(name) && there.contains(name))?;
            let what = format!("on which cluster some of what namespace {name} holds stands is not said");
            let reach = self.namespace(index);
            Some(Gap { what, hint: hint(), place: None, reach, hides: Hides::Policies, unread: None })
        });
        both.chain([beyond]).collect()
    }

    /// Policies that name no namespace and belong to no environment, or name a placeholder: each lands in whatever
    /// namespace it is applied to, which may be any of its cluster (N21), and adds to what holds there (N6). And
    /// Services that publish pods, alike (N12).
    pub fn objects_adrift(&self) -> impl Iterator<Item = (&ReadObject, ClusterId)> + '_ {
        let some = !self.environments.list.is_empty();
        let by_address = self.lets_out_to_addresses();
        let rooms = self.parts.iter().filter_map(|part| Some((part, self.rooms.get(part.room)?)));
        let adrift = rooms.filter(move |(part, room)| match &room.name {
            None => part.standing == Standing::Unplaced,
            Some(name) => !is_dns_label(name.as_bytes()),
        });
        adrift
            .filter(move |_| some)
            .flat_map(|(part, room)| part.objects.iter().map(|object| (*object, ClusterId(number(room.cluster)))))
            .filter_map(|(object, cluster)| Some((self.input.object(object)?, cluster)))
            .filter(move |(read, _)| acts_on_its_namespace(&read.object, by_address))
    }

    /// The same of those that name no namespace though their neighbours in an environment's folder do, with the
    /// environment: each may come to stand in theirs.
    fn objects_adrift_in_environments(&self) -> impl Iterator<Item = (&ReadObject, Reach)> + '_ {
        let adrift = adrift::objects(self.input, self.rooms, self.parts);
        let nameless =
            move |(_, part): &(usize, &Part)| self.rooms.get(part.room).is_some_and(|room| room.name.is_none());
        let by_address = self.lets_out_to_addresses();
        let objects = self.parts.iter().enumerate().filter(nameless).flat_map(move |(index, part)| {
            let adrift: Vec<usize> = part.objects.iter().copied().filter(|object| adrift.contains(object)).collect();
            adrift.into_iter().flat_map(move |object| {
                let context = self.input.contexts.get(self.input.context_of_object(object));
                let folder = context.map(adrift::folder);
                let mut reaches = folder.map(|folder| self.within(folder)).unwrap_or_default();
                reaches.extend(folder.map(|folder| self.declared_within(folder)).unwrap_or_default());
                reaches.insert(self.reach_of(index));
                reaches.into_iter().map(move |reach| (object, reach))
            })
        });
        objects
            .filter_map(|(object, reach)| Some((self.input.object(object)?, reach)))
            .filter(move |(read, _)| acts_on_its_namespace(&read.object, by_address))
    }

    /// Whether any policy lets pods out to addresses.
    fn lets_out_to_addresses(&self) -> bool {
        self.input.objects().any(|(read, _)| lets_out_to_addresses(&read.object))
    }

    /// What is left open by objects of which nothing says in which namespace they stand.
    fn adrift(&self) -> impl Iterator<Item = Gap> + '_ {
        let anywhere = self.objects_adrift().map(|(read, cluster)| (read, Reach::Cluster(cluster)));
        anywhere.chain(self.objects_adrift_in_environments()).map(|(read, reach)| {
            let identity = &read.object.identity;
            let among = if matches!(reach, Reach::Environment(_)) { "any of those beside it" } else { "any namespace" };
            Gap {
                what: format!("{} {} may stand in {among}", identity.kind.kind, identity.name),
                hint: Some("name its namespace, or say with --environment NAME=path:FILE where it belongs".to_owned()),
                place: Some(read.object.cite_name()),
                reach,
                hides: match identity.kind.kind.ends_with("NetworkPolicy") {
                    true if only_closes(&read.object, self.input) => Hides::Closing,
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
        let adrift = adrift::objects(self.input, self.rooms, self.parts);
        let parts = self.parts.iter().enumerate().filter(|_| !self.environments.list.is_empty());
        parts.filter_map(move |(index, part)| {
            let room = self.rooms.get(part.room)?;
            let is_any = match &room.name {
                None => part.standing == Standing::Unplaced,
                Some(name) if is_dns_label(name.as_bytes()) => return None,
                Some(_) => true,
            };
            let mut here = part.objects.iter().filter(|object| is_any || adrift.contains(object));
            let policy = here.find_map(|object| {
                let read = self.input.object(*object)?;
                only_closes(&read.object, self.input).then_some(read)
            })?;
            (!self.is_nowhere(part, &adrift)).then(|| Gap {
                what: format!(
                    "{} {} may stand elsewhere",
                    policy.object.identity.kind.kind, policy.object.identity.name
                ),
                hint: Some("name its namespace".to_owned()),
                place: Some(policy.object.cite_name()),
                reach: self.namespace(index),
                hides: Hides::Policies,
                unread: None,
            })
        })
    }

    /// Whether what names no namespace runs no pods that its policies would have to hold, and leads to none; in an
    /// environment all of it may come to stand in namespaces beside it.
    fn is_nowhere(&self, part: &Part, adrift: &BTreeSet<usize>) -> bool {
        let room = |part: &Part| self.rooms.get(part.room);
        let Some(own) = room(part).filter(|own| own.name.is_none()) else { return false };
        let is_beside = |other: &Part| {
            let near = room(other).is_some_and(|it| it.cluster == own.cluster && it.name.is_some());
            near && other.standing == part.standing
        };
        let is_idle = |object: &usize| {
            let object = self.input.object(*object).map(|read| &read.object);
            object.is_some_and(|it| is_idle(it) && workload(it).is_none() && hidden::unread_pods(it).is_none())
        };
        let is_elsewhere =
            || part.objects.iter().all(|object| adrift.contains(object)) && self.parts.iter().any(is_beside);
        part.pods.is_empty()
            && part.objects.iter().all(is_idle)
            && (part.standing == Standing::Unplaced || is_elsewhere())
    }

    /// Namespaces of which tools bring some things to one cluster and some to what may be another one: a policy that
    /// stands there protects nothing here.
    fn deployed_apart(&self) -> impl Iterator<Item = Gap> + '_ {
        self.parts.iter().enumerate().filter_map(|(index, part)| {
            let room = self.rooms.get(part.room).filter(|room| room.deployed.len() > 1)?;
            let name = room.name.as_deref().unwrap_or(NO_NAMESPACE);
            Some(Gap {
                what: format!("Argo CD or Flux bring what namespace {name} holds to clusters that may be several"),
                hint: Some("--cluster NAME=path:FOLDER says which".to_owned()),
                place: None,
                reach: self.namespace(index),
                hides: Hides::Policies,
                unread: None,
            })
        })
    }

    fn namespace(&self, part: usize) -> Reach {
        self.namespaces.of_part.get(part).map_or(Reach::Everything, |id| Reach::Namespace(*id))
    }

    /// Namespaces whose declarations disagree on the labels: which of them holds is not known (N21).
    fn twice_declared(&self) -> impl Iterator<Item = Gap> + '_ {
        self.parts.iter().enumerate().filter_map(|(index, part)| {
            let room = self.rooms.get(part.room)?;
            let labels = |index: &usize| Some(super::evidence::labels(&self.input.object(*index)?.object));
            let other = room.declared.iter().find(|index| labels(index).as_ref() != Some(&room.labels))?;
            Some(Gap {
                what: format!("Namespace {} is declared twice, with different labels", room.name.as_deref()?),
                hint: Some("keep one of them".to_owned()),
                place: Some(self.input.object(*other)?.object.cite_name()),
                reach: self.namespace(index),
                hides: Hides::Policies,
                unread: None,
            })
        })
    }
}
