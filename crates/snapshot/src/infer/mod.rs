//! Finds clusters, environments and streets in what was read, and places every object.
//!
//! The phases, in order:
//! - [`input`] numbers the places of the input,
//! - [`folder`] reads what they are called, [`hint`] and [`known_clusters`] what deployment tools say of them,
//! - [`cluster`] and [`conflict`] find which cluster holds what,
//! - [`room`] puts everything into its namespace,
//! - [`place`] says what environment each is, [`contradiction`] what says otherwise,
//! - [`peers`] adds what only policies speak of, [`adrift`] finds what may stand elsewhere,
//! - [`assemble`] numbers it all, and [`brought`] tells what tools bring to one cluster,
//! - [`gap`] and [`hidden`] say what is left open,
//! - [`intern`] keeps the workloads.
//!
//! [`stage`], [`evidence`], [`shared`] and [`scope`] know words, keys, names and kinds; [`order`] puts in order.

mod adrift;
mod assemble;
mod brought;
mod candidate;
mod cluster;
mod conflict;
mod contradiction;
pub mod corrections;
mod evidence;
mod folder;
mod gap;
mod hidden;
mod hint;
mod input;
mod intern;
mod known_clusters;
mod order;
mod peers;
mod place;
mod room;
mod scope;
mod shared;
pub mod stage;

pub use corrections::{Corrections, Selector};

use crate::reading::{Notice, NoticeKind, ReadObject, Reading};
use crate::snapshot::{Placed, Snapshot};
use adrift::Adrift;
use assemble::{Elsewhere, Environments, Namespaces};
use cluster::Clusters;
use dtap_model::environment::{Belonging, ClusterId, Environment, EnvironmentId, NamespaceId};
use dtap_model::label::Labels;
use hint::Hints;
use input::Input;
use intern::Interned;
use place::{Part, Placing, Standing};
use room::{Room, Rooms};
use scope::Scopes;
use std::collections::{BTreeMap, BTreeSet};

/// Places everything that was read. Total: whatever was read, there is a snapshot.
#[must_use]
pub fn snapshot(reading: Reading, corrections: &Corrections) -> Snapshot {
    let (mut snapshot, seats, tries) = find(&reading, corrections);
    snapshot.suggested = tries.into_iter().find(|options| make_two(&reading, corrections, options)).unwrap_or_default();
    snapshot.objects = seat(reading.objects, &seats.objects);
    snapshot.notices.splice(0..0, reading.notices);
    snapshot.sources = reading.sources;
    snapshot.account = reading.account;
    snapshot.unread = reading.unread;
    let pods = || reading.pods.into_iter().zip(seats.pods).filter_map(|(pod, seat)| Some(intern::of_pod(pod, seat?)));
    let workloads = || Interned::of(intern::of_objects(&snapshot.objects), pods());
    let (interned, (hidden, unapplied)) = rayon::join(workloads, || hidden::gaps(&snapshot, &reading.source_ignores));
    Snapshot {
        workloads: interned.workloads,
        label_sets: interned.label_sets,
        port_sets: interned.port_sets,
        hidden,
        unapplied,
        ..snapshot
    }
}

/// Whether there are two environments or more with all these options in place of those that the user gave. Where one of
/// them does not parse there are none.
fn make_two(reading: &Reading, corrections: &Corrections, options: &[String]) -> bool {
    let parsed: Result<Vec<_>, _> = options.iter().map(|option| corrections::parse(option)).collect();
    let Ok(environments) = parsed else { return false };
    let (snapshot, ..) = find(reading, &Corrections { environments, ..corrections.clone() });
    stages(&snapshot.environments).len() > 1
}

fn stages(environments: &[Environment]) -> BTreeSet<&str> {
    environments.iter().map(|environment| environment.stage.as_str()).collect()
}

/// Where everything read stands.
struct Seats {
    /// For each object.
    objects: Vec<Seat>,
    /// For each controller-owned pod.
    pods: Vec<Option<NamespaceId>>,
}

/// Where an object stands.
#[derive(Clone, Copy)]
struct Seat {
    cluster: ClusterId,
    namespace: Option<NamespaceId>,
    environment: Option<EnvironmentId>,
    adrift: bool,
}

/// Finds everything but the objects and workloads themselves, and where those stand; and where fewer than two
/// environments are found, options that may make two.
fn find(reading: &Reading, corrections: &Corrections) -> (Snapshot, Seats, Vec<Vec<String>>) {
    let scopes = Scopes::of(&reading.objects);
    let hints = Hints::of(&reading.objects);
    let input = Input::of(reading, &hints, &scopes);
    let folders = folder::folders(&input.contexts);
    let mut clusters = Clusters::find(&input, &folders, &scopes, corrections);
    let rooms = Rooms::of(&input, &scopes, &clusters);
    clusters.forget_unused(&rooms.clusters());
    let placing = Placing::new(&input, &folders, &clusters, corrections, &rooms.list);
    let mut notices = Vec::new();
    let streets = placing.streets_of_groups(&rooms.list);
    let mut parts = placing.parts(&rooms.list, &streets, &mut notices);
    parts.extend(unread_environments(&placing, &rooms.list, &parts, &streets));
    let elsewhere = spoken_of(&input, &clusters, &rooms.list, &mut parts);
    let environments = Environments::of(&parts);
    let namespaces = Namespaces::of(&input, &rooms.list, &parts, &elsewhere, &environments);
    let brought_to = brought::of(&input, &rooms.list, &parts, &namespaces);
    let beside = adrift::beside(&input, &rooms.list, &parts);
    let seats = seats(&placing, &rooms, (&parts, &beside), &streets, &environments, &namespaces);
    let ground = gap::Ground {
        input: &input,
        folders: &folders,
        clusters: &clusters,
        scopes: &scopes,
        rooms: &rooms.list,
        parts: &parts,
        environments: &environments,
        namespaces: &namespaces,
        filed: filed(&placing, &streets, &environments),
        parts_of_context: parts_of_context(&input, &parts),
        declared_in_context: declared_in_context(&input, &rooms.list, &parts),
    };
    let adrift = Adrift::of(&ground, &beside);
    let gaps = ground.gaps().into_iter().chain(adrift.gaps()).collect();
    notices.extend(adrift.anywhere().map(|(read, _)| {
        let identity = &read.object.identity;
        let object = format!("{} {}", identity.kind.kind, identity.name);
        let kind = NoticeKind::Adrift { object, namespace: identity.namespace.as_ref().map(ToString::to_string) };
        Notice { kind, places: vec![read.object.cite_name()] }
    }));
    let idle = [
        placing.environments.idle("--environment"),
        placing.streets.idle("--street"),
        clusters.corrections.idle("--cluster"),
    ];
    notices.extend(idle.into_iter().flatten().map(|kind| Notice { kind, places: Vec::new() }));
    let stages = stages(&environments.list);
    let candidates = if stages.len() < 2 { candidate::candidates(&input, &rooms.list) } else { Vec::new() };
    let tries = candidate::tries(&candidates, &stages);
    let snapshot = Snapshot {
        clusters: clusters.list.clone(),
        streets: environments.streets,
        environments: environments.list,
        namespaces: namespaces.list,
        brought_to,
        gaps,
        notices,
        folds: environments.folds,
        candidates: candidates.into_iter().map(|found| found.candidate).collect(),
        ..Snapshot::default()
    };
    (snapshot, seats, tries)
}

/// For each context, the environment that its folders say.
fn filed(
    placing: &Placing<'_>,
    streets: &BTreeMap<String, String>,
    environments: &Environments,
) -> Vec<Option<EnvironmentId>> {
    let of = |(context, folder): (usize, &Option<folder::Folder>)| {
        environments.id(&placing.street_of_place(context, streets), &folder.as_ref()?.stage)
    };
    placing.folders.iter().enumerate().map(of).collect()
}

/// For each context, the parts of the namespaces that are declared there.
fn declared_in_context(input: &Input<'_>, rooms: &[Room], parts: &[Part]) -> Vec<BTreeSet<usize>> {
    let mut found = vec![BTreeSet::new(); input.contexts.len()];
    for (index, part) in parts.iter().enumerate() {
        let declared = rooms.get(part.room).into_iter().flat_map(|room| &room.declared);
        for context in declared.map(|object| input.context_of_object(*object)) {
            found.get_mut(context).into_iter().for_each(|known| _ = known.insert(index));
        }
    }
    found
}

/// For each context, the parts that what stands in it belongs to.
fn parts_of_context(input: &Input<'_>, parts: &[Part]) -> Vec<BTreeSet<usize>> {
    let mut found = vec![BTreeSet::new(); input.contexts.len()];
    for (index, part) in parts.iter().enumerate() {
        let objects = part.objects.iter().map(|object| input.context_of_object(*object));
        for context in objects.chain(part.pods.iter().map(|pod| input.context_of_pod(*pod))) {
            if let Some(known) = found.get_mut(context) {
                known.insert(index);
            }
        }
    }
    found
}

/// A folder that says a stage and in which nothing could be read is an environment all the same, and unknown.
fn unread_environments(
    placing: &Placing<'_>,
    rooms: &[Room],
    parts: &[Part],
    streets: &BTreeMap<String, String>,
) -> Vec<Part> {
    let known = parts_of_context(placing.input, parts);
    let mut added: BTreeMap<Standing, Part> = BTreeMap::new();
    for (_, context) in placing.input.unread().filter(|(unread, _)| unread.namespace.is_none()) {
        let Some(Some(folder)) = placing.folders.get(context) else { continue };
        let inside = |place: &&crate::reading::Context| place.path.starts_with(&folder.path);
        let empty = placing
            .input
            .contexts
            .iter()
            .zip(&known)
            .filter(|(place, _)| inside(place))
            .all(|(_, parts)| parts.is_empty());
        let cluster = placing.clusters.found(context);
        let nameless = rooms.iter().position(|room| room.name.is_none() && room.cluster == cluster);
        let Some(room) = nameless else { continue };
        let standing =
            Standing::Environment { street: placing.street_of_place(context, streets), stage: folder.stage.clone() };
        if empty && parts.iter().all(|part| part.standing != standing) {
            let part = Part {
                room,
                standing: standing.clone(),
                evidence: folder.says.evidence().to_owned(),
                spellings: BTreeSet::from([folder.spelling.clone()]),
                objects: Vec::new(),
                pods: Vec::new(),
            };
            added.entry(standing).or_insert(part);
        }
    }
    added.into_values().collect()
}

/// What policies speak of. A namespace without a stage that policies of several stages let in serves them; one that is
/// not in the input is elsewhere.
fn spoken_of(input: &Input<'_>, clusters: &Clusters<'_>, rooms: &[Room], parts: &mut [Part]) -> BTreeSet<Elsewhere> {
    let mut speakers: BTreeMap<(usize, Labels), BTreeSet<place::Standing>> = BTreeMap::new();
    for part in parts.iter() {
        let Some(room) = rooms.get(part.room) else { continue };
        for read in part.objects.iter().filter_map(|index| input.object(*index)) {
            for asked in peers::selected(&read.object) {
                speakers.entry((room.cluster, asked)).or_default().insert(part.standing.clone());
            }
        }
    }
    let known = peers::Known::of(input, rooms);
    let mut elsewhere = BTreeSet::new();
    for (cluster, asked) in speakers.keys() {
        if !clusters.meeting(*cluster).into_iter().any(|near| known.any_answers(near, asked)) {
            let name = peers::name_of(asked, |name| known.is_called(*cluster, name));
            elsewhere.insert(Elsewhere { cluster: *cluster, name, labels: asked.clone() });
        }
    }
    for part in parts.iter_mut().filter(|part| part.standing == Standing::Unplaced) {
        let Some(room) = rooms.get(part.room) else { continue };
        let Some(name) = room.name.as_deref() else { continue };
        let (own, near) = (peers::labels_of(name, &room.labels), clusters.meeting(room.cluster));
        let asking =
            speakers.iter().filter(|((cluster, asked), _)| near.contains(cluster) && peers::answers(&own, asked));
        let stages: BTreeSet<&stage::Stage> = asking
            .flat_map(|(_, standings)| standings)
            .filter_map(|standing| match standing {
                Standing::Environment { stage, .. } => Some(stage),
                _ => None,
            })
            .collect();
        if stages.len() > 1 {
            part.standing = Standing::Shared;
            part.evidence = format!("no stage, and policies of {} environments let it in", stages.len());
        }
    }
    elsewhere
}

/// Where every object and pod stands.
fn seats(
    placing: &Placing<'_>,
    rooms: &Rooms,
    (parts, beside): (&[Part], &BTreeSet<usize>),
    streets: &BTreeMap<String, String>,
    environments: &Environments,
    namespaces: &Namespaces,
) -> Seats {
    let nowhere = Seat { cluster: ClusterId(0), namespace: None, environment: None, adrift: false };
    let mut objects = vec![nowhere; placing.input.objects().count()];
    let mut pods = vec![None; placing.input.pods().count()];
    let mut of_declared: BTreeMap<usize, Option<EnvironmentId>> = BTreeMap::new();
    for (part, namespace) in parts.iter().zip(&namespaces.of_part) {
        let Some(room) = rooms.list.get(part.room) else { continue };
        let environment = match environments.belonging(&part.standing) {
            Belonging::Environment(id) => Some(id),
            _ => None,
        };
        let cluster = ClusterId(assemble::number(room.cluster));
        for index in &part.objects {
            if let Some(seat) = objects.get_mut(*index) {
                let adrift = beside.contains(index);
                *seat = Seat { cluster, namespace: Some(*namespace), environment, adrift };
            }
        }
        for index in &part.pods {
            if let Some(seat) = pods.get_mut(*index) {
                *seat = Some(*namespace);
            }
        }
        of_declared.extend(room.declared.iter().map(|index| (*index, environment)));
    }
    for (index, cluster) in &rooms.outside {
        let context = placing.input.context_of_object(*index);
        let filed = || {
            let stage = placing.stage_outside(*index)?;
            environments.id(&placing.street_of_place(context, streets), &stage)
        };
        let environment = of_declared.get(index).copied().unwrap_or_else(filed);
        if let Some(seat) = objects.get_mut(*index) {
            *seat =
                Seat { cluster: ClusterId(assemble::number(*cluster)), namespace: None, environment, adrift: false };
        }
    }
    Seats { objects, pods }
}

/// With how many documents of its identity a document is compared. One copy more harms nothing but time, and an input
/// of nothing but alternatives would cost its square.
const ALTERNATIVES: usize = 16;

/// Seats the objects, in the order of where they stand and what they are called. Of documents of one identity that say
/// the same in one environment the first is kept; others are alternatives (N21).
fn seat(objects: Vec<ReadObject>, seats: &[Seat]) -> Vec<Placed> {
    let mut placed: Vec<Placed> = objects
        .into_iter()
        .zip(seats)
        .map(|(read, seat)| Placed {
            object: read.object,
            cluster: seat.cluster,
            namespace: seat.namespace,
            environment: seat.environment,
            adrift: seat.adrift,
        })
        .collect();
    order::sort(&mut placed, |one, other| key(one).cmp(&key(other)));
    let mut kept: Vec<Placed> = Vec::with_capacity(placed.len());
    for candidate in placed {
        let same = |known: &&Placed| key(known) == key(&candidate);
        let alternatives = kept.iter().rev().take_while(same).take(ALTERNATIVES);
        if !alternatives.into_iter().any(|known| known.object.tree.same_value(&candidate.object.tree)) {
            kept.push(candidate);
        }
    }
    kept
}

/// What makes two documents one object within an environment.
fn key(placed: &Placed) -> impl Ord + '_ {
    let identity = &placed.object.identity;
    (placed.cluster, placed.namespace, placed.environment, &identity.kind, &identity.name)
}

#[cfg(test)]
mod tests;
