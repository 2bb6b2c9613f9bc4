//! Rooms to parts: which environment each namespace is, or, where environments share one, each part of it.
//!
//! Evidence, the strongest first: `--environment`; a label or annotation of the Namespace; the namespace's name; a name
//! that serves all, unless the namespace is one environment's by its folder; the objects' own labels; the folders they
//! stand in.

use super::cluster::Clusters;
use super::contradiction::{self, Filed, Taken};
use super::corrections::{Corrections, Heeded, Subject};
use super::evidence::{self, Said};
use super::folder::Folder;
use super::input::Input;
use super::room::Room;
use super::shared;
use super::stage::{self, Found, Stage};
use crate::reading::{Context, Notice};
use dtap_model::label::Labels;
use std::collections::{BTreeMap, BTreeSet};

/// What a part of a room is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A stage of a street.
    Environment {
        /// The street.
        street: String,
        /// The stage.
        stage: Stage,
    },
    /// It serves all environments.
    Shared,
    /// Nothing says.
    Unplaced,
}

/// A room, or what of it belongs to one environment.
#[derive(Debug)]
pub struct Part {
    /// The room, as an index.
    pub room: usize,
    /// What it is.
    pub standing: Standing,
    /// How it is known, in a phrase.
    pub evidence: String,
    /// How the input spells the stage here.
    pub spellings: BTreeSet<String>,
    /// The objects, as indices.
    pub objects: Vec<usize>,
    /// The controller-owned pods, as indices.
    pub pods: Vec<usize>,
}

/// What one piece of evidence says.
#[derive(Clone)]
struct Claim {
    stage: Stage,
    spelling: String,
    evidence: String,
    /// Whether it says that this serves all environments, and the stage is none.
    shared: bool,
}

impl Claim {
    /// What a room or part is of which this is said.
    fn standing(&self, street: impl FnOnce() -> String) -> Standing {
        if self.shared {
            return Standing::Shared;
        }
        Standing::Environment { street: street(), stage: self.stage.clone() }
    }
}

/// The name of `--environment` that says of something that it serves all environments.
pub(super) const SHARED: &str = "shared";

/// Everything that placing looks at.
pub struct Placing<'a> {
    /// The input by context.
    pub input: &'a Input<'a>,
    /// What each context's place says.
    pub folders: &'a [Option<Folder>],
    /// The clusters.
    pub clusters: &'a Clusters<'a>,
    /// What the user says of environments.
    pub environments: Heeded<'a>,
    /// What the user says of streets.
    pub streets: Heeded<'a>,
    /// The stages that namespaces' names say, by what is left of the name.
    counterparts: BTreeMap<String, BTreeSet<Stage>>,
    /// The same by what stands before the stage.
    stems: BTreeMap<String, BTreeSet<Stage>>,
}

impl<'a> Placing<'a> {
    /// Prepares to place these rooms.
    #[must_use]
    pub fn new(
        input: &'a Input<'a>,
        folders: &'a [Option<Folder>],
        clusters: &'a Clusters<'a>,
        corrections: &'a Corrections,
        rooms: &[Room],
    ) -> Self {
        let mut counterparts: BTreeMap<String, BTreeSet<Stage>> = BTreeMap::new();
        let mut stems: BTreeMap<String, BTreeSet<Stage>> = BTreeMap::new();
        for found in rooms.iter().filter_map(|room| stage::of_name(room.name.as_deref()?)) {
            counterparts.entry(found.rest).or_default().insert(found.stage.clone());
            stems.entry(found.stem).or_default().insert(found.stage);
        }
        stems.remove("");
        let (environments, streets) = (Heeded::of(&corrections.environments), Heeded::of(&corrections.streets));
        Self { input, folders, clusters, environments, streets, counterparts, stems }
    }

    /// Places every room. Where a label and a name contradict one another, the label holds, and a notice says so.
    #[must_use]
    pub fn parts(&self, rooms: &[Room], streets: &BTreeMap<String, String>, notices: &mut Vec<Notice>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (index, room) in rooms.iter().enumerate() {
            match room.name.as_deref() {
                Some(name) => parts.extend(self.named(index, room, name, notices)),
                None => parts.extend(self.nameless(index, room, streets)),
            }
        }
        parts
    }

    /// A namespace with a name: one part, or one for each environment that its objects say.
    fn named(&self, index: usize, room: &Room, name: &str, notices: &mut Vec<Notice>) -> Vec<Part> {
        let from_name = self.of_name(name);
        if let Some(claim) = self.of_room(room, name, from_name.as_ref(), notices) {
            let standing = claim.standing(|| self.street(room, name, &claim.stage, from_name.as_ref()));
            let mut spellings = BTreeSet::from([claim.spelling]);
            spellings.extend(from_name.filter(|found| found.stage == claim.stage).map(|found| found.spelling));
            return vec![whole(index, room, standing, claim.evidence, spellings)];
        }
        if shared::is_known(name) {
            let own = self.of_own_folder(room).filter(|_| !shared::is_of_cluster(name));
            return vec![match own {
                Some(claim) => {
                    let standing = claim.standing(|| self.street(room, name, &claim.stage, None));
                    whole(index, room, standing, claim.evidence, BTreeSet::from([claim.spelling]))
                }
                None => {
                    let evidence = format!("known by its name `{name}`");
                    whole(index, room, Standing::Shared, evidence, BTreeSet::new())
                }
            }];
        }
        let parts = self.split(index, room, |claim| self.street(room, name, &claim.stage, None));
        if parts.is_empty() {
            let evidence = "no label, name or folder says a stage".to_owned();
            return vec![whole(index, room, Standing::Unplaced, evidence, BTreeSet::new())];
        }
        parts
    }

    /// What names no namespace: a part for each environment of each street.
    fn nameless(&self, index: usize, room: &Room, streets: &BTreeMap<String, String>) -> Vec<Part> {
        let mut by_street: BTreeMap<String, Room> = BTreeMap::new();
        for object in &room.objects {
            let street = self.street_of_object(*object, streets);
            by_street.entry(street).or_default().objects.push(*object);
        }
        for pod in &room.pods {
            let street = self.street_of_place(self.input.context_of_pod(*pod), streets);
            by_street.entry(street).or_default().pods.push(*pod);
        }
        let mut parts: Vec<Part> = Vec::new();
        for (street, mut room_of_street) in by_street {
            room_of_street.cluster = room.cluster;
            let of_street = self.split(index, &room_of_street, |_| street.clone());
            if of_street.is_empty() {
                let evidence = "no label or folder says a stage".to_owned();
                parts.push(whole(index, &room_of_street, Standing::Unplaced, evidence, BTreeSet::new()));
            }
            parts.extend(of_street);
        }
        merge(parts)
    }

    /// What is said of the room as a whole.
    fn of_room(&self, room: &Room, name: &str, from_name: Option<&Found>, notices: &mut Vec<Notice>) -> Option<Claim> {
        let declaration = room.declared.first().and_then(|index| self.input.object(*index));
        let subject = Subject {
            namespace: Some(name),
            labels: &[],
            namespace_labels: &room.labels,
            context: declaration.map(|read| &read.context),
            cluster: self.clusters.list.get(room.cluster).map(|cluster| cluster.name.as_str()),
        };
        if let Some(claim) = self.corrected(&subject) {
            return Some(claim);
        }
        let all = declaration.map(|read| evidence::of_namespace(&read.object)).unwrap_or_default();
        let said = all.first();
        // A word that is part of an application's name as often says a stage beside another one.
        let is_paired = |found: &Found| self.counterparts.get(&found.rest).is_some_and(|stages| stages.len() > 1);
        let is_strong = |found: &Found| stage::of_word(&found.spelling).is_some_and(|word| word.sure);
        let telling = from_name.filter(|found| is_strong(found) || is_paired(found));
        if let (Some(said), Some(read)) = (said, declaration) {
            notices.extend(contradiction::of_declaration(&read.object, said, &all, telling));
        }
        let by_name = || {
            let named = from_name.cloned()?;
            let evidence = "namespace name".to_owned();
            Some(Claim { stage: named.stage, spelling: named.spelling, evidence, shared: false })
        };
        let taken = said.map(claim).or_else(by_name)?;
        let declared = declaration.map(|read| &read.object);
        let own = Taken { name, telling, stage: &taken.stage, spelling: &taken.spelling, said, declared };
        notices.extend(contradiction::of_folders(&own, self.filed(room)));
        Some(taken)
    }

    /// What a namespace's name says: what it says for sure, or beside a counterpart of another stage. `shop-prod-us` is
    /// production of the street `shop-us` where there is a `shop-dev-us`, and where there is a `shop-dev` or a
    /// `shop-dev-eu` as well.
    fn of_name(&self, name: &str) -> Option<Found> {
        let found = stage::of_name(name)?;
        let several = |stages: Option<&BTreeSet<Stage>>| stages.is_some_and(|stages| stages.len() > 1);
        let paired = || several(self.counterparts.get(&found.rest)) || several(self.stems.get(&found.stem));
        (found.sure || paired()).then_some(found)
    }

    /// Takes a room apart by what its objects say; nothing where none says anything. What says nothing belongs to the
    /// one environment that the rest says, or to none where the rest says several.
    fn split(&self, index: usize, room: &Room, street: impl Fn(&Claim) -> String) -> Vec<Part> {
        let objects: Vec<(usize, Option<Claim>)> =
            room.objects.iter().map(|object| (*object, self.of_object(*object, room))).collect();
        let pods: Vec<(usize, Option<Claim>)> = room.pods.iter().map(|pod| (*pod, self.of_pod(*pod, room))).collect();
        let said: BTreeSet<&Stage> =
            objects.iter().chain(&pods).filter_map(|(_, claim)| claim.as_ref()).map(|claim| &claim.stage).collect();
        let Some(first) = said.first() else { return Vec::new() };
        // Only of a namespace: what names none may stand anywhere.
        let only = (said.len() == 1 && room.name.is_some()).then_some(*first);
        let mut parts: BTreeMap<Option<Stage>, Part> = BTreeMap::new();
        let mut part = |claim: Option<&Claim>, add: &dyn Fn(&mut Part)| {
            let stage = claim.map(|claim| &claim.stage).or(only).cloned();
            let part = parts.entry(stage.clone()).or_insert_with(|| Part {
                room: index,
                standing: Standing::Unplaced,
                evidence: "its objects say several stages, and these none".to_owned(),
                spellings: BTreeSet::new(),
                objects: Vec::new(),
                pods: Vec::new(),
            });
            if let (Some(claim), Standing::Unplaced) = (claim, &part.standing) {
                part.standing = claim.standing(|| street(claim));
                part.evidence.clone_from(&claim.evidence);
            }
            part.spellings.extend(claim.map(|claim| claim.spelling.clone()));
            add(part);
        };
        for (object, claim) in &objects {
            part(claim.as_ref(), &|part| part.objects.push(*object));
        }
        for (pod, claim) in &pods {
            part(claim.as_ref(), &|part| part.pods.push(*pod));
        }
        parts.into_values().collect()
    }

    /// What an object says by itself: a correction, its labels, its folder.
    fn of_object(&self, index: usize, room: &Room) -> Option<Claim> {
        let read = self.input.object(index)?;
        let labels = if self.environments.is_empty() { Labels::new() } else { evidence::labels(&read.object) };
        let corrected = self.corrected(&self.subject(&labels, &read.context, room));
        corrected
            .or_else(|| evidence::of_object(&read.object).map(|said| claim(&said)))
            .or_else(|| self.of_folder(self.input.context_of_object(index)))
    }

    /// What a controller-owned pod says by itself.
    fn of_pod(&self, index: usize, room: &Room) -> Option<Claim> {
        let pod = self.input.pod(index)?;
        let corrected = self.corrected(&self.subject(&pod.labels, &pod.context, room));
        corrected
            .or_else(|| evidence::of_labels(&pod.labels).map(|said| claim(&said)))
            .or_else(|| self.of_folder(self.input.context_of_pod(index)))
    }

    fn subject<'s>(&'s self, labels: &'s Labels, context: &'s Context, room: &'s Room) -> Subject<'s> {
        Subject {
            namespace: room.name.as_deref(),
            labels,
            namespace_labels: &room.labels,
            context: Some(context),
            cluster: self.clusters.list.get(room.cluster).map(|cluster| cluster.name.as_str()),
        }
    }

    /// The folders that say a stage and hold something of a room, by their paths, each with the first of it.
    fn filed(&self, room: &Room) -> BTreeMap<&'a str, Filed<'a>> {
        let mut filed = BTreeMap::new();
        for index in room.declared.iter().chain(&room.objects) {
            let folder = self.folders.get(self.input.context_of_object(*index)).and_then(Option::as_ref);
            if let Some((folder, read)) = folder.zip(self.input.object(*index)) {
                filed.entry(folder.path.as_str()).or_insert((folder, &read.object));
            }
        }
        filed
    }

    fn of_folder(&self, context: usize) -> Option<Claim> {
        let folder = self.folders.get(context)?.as_ref()?;
        Some(Claim {
            stage: folder.stage.clone(),
            spelling: folder.spelling.clone(),
            evidence: folder.says.evidence().to_owned(),
            shared: false,
        })
    }

    /// What the folders say of a room that is declared there and of which everything lies in folders of one stage.
    fn of_own_folder(&self, room: &Room) -> Option<Claim> {
        let contents = room.declared.iter().chain(&room.objects).map(|object| self.input.context_of_object(*object));
        let pods = room.pods.iter().map(|pod| self.input.context_of_pod(*pod));
        let mut claims = contents.chain(pods).map(|context| self.of_folder(context));
        let first = claims.next().filter(|_| !room.declared.is_empty())??;
        claims.all(|claim| claim.is_some_and(|claim| claim.stage == first.stage)).then_some(first)
    }

    /// The stage that an object outside every namespace says.
    #[must_use]
    pub fn stage_outside(&self, index: usize) -> Option<Stage> {
        self.of_object(index, &Room::default()).filter(|claim| !claim.shared).map(|claim| claim.stage)
    }

    fn corrected(&self, subject: &Subject<'_>) -> Option<Claim> {
        let name = self.environments.first(subject)?;
        let found = stage::of_value(name)?;
        let evidence = format!("--environment {name}=…");
        Some(Claim { stage: found.stage, spelling: name.to_owned(), evidence, shared: name == SHARED })
    }

    /// What the street of a namespace is called: as corrected; as its label says; as its name without the stage; as the
    /// folder that holds its stages, where there is one for all; as the namespace.
    fn street(&self, room: &Room, name: &str, stage: &Stage, from_name: Option<&Found>) -> String {
        let declaration = room.declared.first().and_then(|index| self.input.object(*index));
        let first = declaration.or_else(|| self.input.object(*room.objects.first()?));
        let subject = Subject {
            namespace: Some(name),
            labels: &[],
            namespace_labels: &room.labels,
            context: first.map(|read| &read.context),
            cluster: self.clusters.list.get(room.cluster).map(|cluster| cluster.name.as_str()),
        };
        if let Some(street) = self.streets.first(&subject) {
            return street.to_owned();
        }
        if let Some(street) = evidence::street(&room.labels) {
            return street.to_owned();
        }
        let left = from_name.filter(|found| found.sure || found.stage == *stage).map(|found| found.rest.as_str());
        match left {
            Some("") => self.folder_street(room).or_else(|| self.input.name()).unwrap_or_else(|| "street".to_owned()),
            Some(rest) => rest.to_owned(),
            None => self.folder_street(room).unwrap_or_else(|| name.to_owned()),
        }
    }

    /// The street that every folder of a room's objects with a stage agrees on.
    fn folder_street(&self, room: &Room) -> Option<String> {
        let indices = room.declared.iter().chain(&room.objects);
        let folders = indices.filter_map(|index| self.folders.get(self.input.context_of_object(*index))?.as_ref());
        let streets: BTreeSet<&String> = folders.filter_map(|folder| folder.street.as_ref()).collect();
        streets.first().filter(|_| streets.len() == 1).map(|street| (*street).clone())
    }

    /// For each folder that holds stages the street of the namespaces that its files name, where it is one: what names
    /// no namespace there is of the same street.
    #[must_use]
    pub fn streets_of_groups(&self, rooms: &[Room]) -> BTreeMap<String, String> {
        let mut streets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for room in rooms {
            let Some(name) = room.name.as_deref() else { continue };
            let from_name = self.of_name(name);
            let claim = self.of_room(room, name, from_name.as_ref(), &mut Vec::new()).filter(|claim| !claim.shared);
            let Some(claim) = claim else { continue };
            let street = self.street(room, name, &claim.stage, from_name.as_ref());
            for index in room.objects.iter().chain(&room.declared) {
                if let Some(Some(folder)) = self.folders.get(self.input.context_of_object(*index)) {
                    streets.entry(folder.group.clone()).or_default().insert(street.clone());
                }
            }
        }
        let one = |(group, streets): (String, BTreeSet<String>)| {
            let street = streets.first().filter(|_| streets.len() == 1)?.clone();
            Some((group, street))
        };
        let mut known: BTreeMap<String, String> = streets.into_iter().filter_map(one).collect();
        known.extend(self.strays(&known));
        known
    }

    /// Folders that hold one stage alone, among several others that are all of one street: they are of it, too.
    fn strays(&self, known: &BTreeMap<String, String>) -> Vec<(String, String)> {
        let mut stages: BTreeMap<&str, BTreeSet<&Stage>> = BTreeMap::new();
        for folder in self.folders.iter().flatten().filter(|folder| !known.contains_key(&folder.group)) {
            stages.entry(&folder.group).or_default().insert(&folder.stage);
        }
        let street = |group: &str| {
            let above = group.match_indices('/').rev().filter_map(|(end, _)| group.get(..end));
            let mut beside = above.map(|above| {
                let inside = |other: &str| other.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
                known.iter().filter(|(other, _)| inside(other)).map(|(_, street)| street).collect::<Vec<_>>()
            });
            let streets = beside.find(|streets| !streets.is_empty())?;
            let first = (*streets.first()?).clone();
            (streets.len() > 1 && streets.iter().all(|street| **street == first)).then_some(first)
        };
        let alone = stages.into_iter().filter(|(_, stages)| stages.len() == 1);
        alone.filter_map(|(group, _)| Some((group.to_owned(), street(group)?))).collect()
    }

    /// The street of an object that names no namespace.
    fn street_of_object(&self, index: usize, streets: &BTreeMap<String, String>) -> String {
        let context = self.input.context_of_object(index);
        let corrected = self.input.object(index).and_then(|read| {
            let labels = evidence::labels(&read.object);
            let subject = Subject {
                namespace: None,
                labels: &labels,
                namespace_labels: &[],
                context: Some(&read.context),
                cluster: None,
            };
            self.streets.first(&subject).map(str::to_owned)
        });
        corrected.unwrap_or_else(|| self.street_of_place(context, streets))
    }

    /// The street that a place says: that of the namespaces named beside it, else that of its folders, else the one
    /// that there is.
    #[must_use]
    pub fn street_of_place(&self, context: usize, streets: &BTreeMap<String, String>) -> String {
        let folder = self.folders.get(context).and_then(Option::as_ref);
        let known = folder.and_then(|folder| streets.get(&folder.group).cloned().or_else(|| folder.street.clone()));
        let names: BTreeSet<&String> = streets.values().collect();
        let only = || names.first().filter(|_| names.len() == 1).map(|name| (*name).clone());
        known.or_else(|| self.input.name()).or_else(only).unwrap_or_else(|| "street".to_owned())
    }
}

fn claim(said: &Said) -> Claim {
    let (stage, spelling) = (said.found.stage.clone(), said.found.spelling.clone());
    Claim { stage, spelling, evidence: said.evidence(), shared: false }
}

fn whole(index: usize, room: &Room, standing: Standing, evidence: String, spellings: BTreeSet<String>) -> Part {
    Part { room: index, standing, evidence, spellings, objects: room.objects.clone(), pods: room.pods.clone() }
}

/// Joins parts of one room that are the same.
fn merge(parts: Vec<Part>) -> Vec<Part> {
    let mut merged: BTreeMap<Standing, Part> = BTreeMap::new();
    for part in parts {
        match merged.get_mut(&part.standing) {
            Some(known) => {
                known.objects.extend(part.objects);
                known.pods.extend(part.pods);
                known.spellings.extend(part.spellings);
            }
            None => {
                merged.insert(part.standing.clone(), part);
            }
        }
    }
    merged.into_values().collect()
}
