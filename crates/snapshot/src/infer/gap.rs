//! What could not be read, and how far the ignorance reaches: the narrowest reach that is sound.

use super::assemble::{Environments, Namespaces, number};
use super::cluster::Clusters;
use super::folder::Folder;
use super::hidden::{self, Acts};
use super::hint::is_of_tool;
use super::input::Input;
use super::place::{Part, Standing};
use super::room::Room;
use super::scope::Scopes;
use crate::inert::is_inert;
use crate::reading::{Context, Unread, UnreadCause};
use crate::snapshot::{Gap, Hides, Reach};
use crate::workload::template_path;
use dtap_model::environment::{ClusterId, EnvironmentId, NO_NAMESPACE};
use dtap_model::label::is_dns_label;
use dtap_model::object::GroupKind;
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

/// How many namespaces are named, of several.
const NAMED: usize = 3;

/// These namespaces as those that stand somewhere, with the verb.
fn standing(names: &[&str]) -> String {
    match names {
        [] => "what names no namespace stands".to_owned(),
        [name] => format!("namespace {name} stands"),
        _ => {
            let first = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
            let more = if names.len() > NAMED { ", …" } else { "" };
            format!("{} namespaces ({first}{more}) stand", names.len())
        }
    }
}

impl Ground<'_> {
    /// What could not be read, in its order, and then what else is not certain.
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
        let told = self.twice_declared().chain(self.deployed_apart()).chain(self.unsaid());
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
        let (root, mut at) = (self.input.root(), unread.context.folder().to_owned());
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
    pub fn within(&self, folder: &str) -> BTreeSet<Reach> {
        self.of_contexts(folder, &self.parts_of_context)
    }

    /// The namespaces that are declared in a folder or below it.
    pub fn declared_within(&self, folder: &str) -> BTreeSet<Reach> {
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
    pub fn reach_of(&self, part: usize) -> Reach {
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
        let names: Vec<&str> = here.iter().copied().collect();
        // A namespace that stands elsewhere, too, is told apart by its folders alone.
        let single = match names.as_slice() {
            [name] if !there.contains(name) && is_dns_label(name.as_bytes()) => {
                Some(format!("--cluster NAME=namespace:{name} says which"))
            }
            _ => None,
        };
        let beyond = Gap {
            what: format!("on which cluster {} is not said", standing(&names)),
            hint: single.or_else(hint),
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

    /// The namespace of a part.
    pub fn namespace(&self, part: usize) -> Reach {
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
