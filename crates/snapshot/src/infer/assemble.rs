//! Parts to the snapshot's environments, streets and namespaces, with their ids in the order in which they are shown.

use super::input::Input;
use super::peers;
use super::place::{Part, Standing};
use super::room::Room;
use super::stage::Stage;
use dtap_model::environment::{
    Belonging, ClusterId, Environment, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId, Street, StreetId,
};
use dtap_model::label::Labels;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A namespace that only policies speak of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// The cluster, as an index.
    pub cluster: usize,
    /// What it is called.
    pub name: String,
    /// The labels by which it is spoken of.
    pub labels: Labels,
}

/// The environments, named and numbered.
pub struct Environments {
    /// As the snapshot has them.
    pub list: Vec<Environment>,
    /// As the snapshot has them.
    pub streets: Vec<Street>,
    /// As the snapshot has them.
    pub folds: Vec<(EnvironmentId, Vec<String>)>,
    ids: BTreeMap<(String, Stage), EnvironmentId>,
}

impl Environments {
    /// Numbers the environments of these parts, and of what could not be read.
    #[must_use]
    pub fn of(parts: &[Part]) -> Self {
        let mut spellings: BTreeMap<(String, Stage), BTreeMap<&str, usize>> = BTreeMap::new();
        for part in parts {
            if let Standing::Environment { street, stage } = &part.standing {
                let spelt = spellings.entry((street.clone(), stage.clone())).or_default();
                for spelling in &part.spellings {
                    *spelt.entry(spelling).or_default() += 1;
                }
            }
        }
        let shown = shown(&spellings);
        let mut environments = Self { list: Vec::new(), streets: Vec::new(), folds: Vec::new(), ids: BTreeMap::new() };
        for ((street, stage), spelt) in spellings {
            let name = shown.get(&stage).cloned().unwrap_or_else(|| stage.name.clone());
            let others = spelt.into_keys().filter(|spelling| *spelling != name).map(str::to_owned).collect();
            environments.add(street, stage, name, others);
        }
        environments
    }

    fn add(&mut self, street: String, stage: Stage, shown: String, folded: Vec<String>) {
        let id = EnvironmentId(number(self.list.len()));
        if self.streets.last().is_none_or(|last| last.name != street) {
            self.streets.push(Street { name: street.clone(), environments: Vec::new() });
        }
        let street_id = StreetId(number(self.streets.len().saturating_sub(1)));
        if let Some(last) = self.streets.last_mut() {
            last.environments.push(id);
        }
        self.list.push(Environment { street: street_id, stage: shown, production: stage.production, rank: stage.rank });
        if !folded.is_empty() {
            self.folds.push((id, folded));
        }
        self.ids.insert((street, stage), id);
    }

    /// The id of a stage of a street.
    #[must_use]
    pub fn id(&self, street: &str, stage: &Stage) -> Option<EnvironmentId> {
        self.ids.get(&(street.to_owned(), stage.clone())).copied()
    }

    /// What a part belongs to.
    #[must_use]
    pub fn belonging(&self, standing: &Standing) -> Belonging {
        match standing {
            Standing::Environment { street, stage } => {
                self.id(street, stage).map_or(Belonging::Unplaced, Belonging::Environment)
            }
            Standing::Shared => Belonging::Shared,
            Standing::Unplaced => Belonging::Unplaced,
        }
    }
}

/// What each stage is shown as: as the input spells it; where it spells it in several ways, the canonical one of them,
/// else the most frequent.
fn shown(spellings: &BTreeMap<(String, Stage), BTreeMap<&str, usize>>) -> BTreeMap<Stage, String> {
    let mut totals: BTreeMap<&Stage, BTreeMap<&str, usize>> = BTreeMap::new();
    for ((_, stage), spelt) in spellings {
        for (spelling, count) in spelt {
            *totals.entry(stage).or_default().entry(spelling).or_default() += count;
        }
    }
    let best = |(stage, spelt): (&Stage, BTreeMap<&str, usize>)| {
        let ranked = spelt.into_iter().map(|(spelling, count)| (spelling == stage.name, count, Reverse(spelling)));
        let (.., Reverse(spelling)) = ranked.max()?;
        Some((stage.clone(), spelling.to_owned()))
    };
    totals.into_iter().filter_map(best).collect()
}

/// The namespaces in order, and for each part the id of its own.
pub struct Namespaces {
    /// As the snapshot has them.
    pub list: Vec<Namespace>,
    /// For each part, its namespace.
    pub of_part: Vec<NamespaceId>,
}

impl Namespaces {
    /// Numbers the namespaces.
    #[must_use]
    pub fn of(
        input: &Input<'_>,
        rooms: &[Room],
        parts: &[Part],
        elsewhere: &BTreeSet<Elsewhere>,
        environments: &Environments,
    ) -> Self {
        let mut found: Vec<(Namespace, Option<usize>)> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let Some(room) = rooms.get(part.room) else { continue };
            found.push((namespace(input, room, part, environments.belonging(&part.standing)), Some(index)));
        }
        found.extend(elsewhere.iter().map(|elsewhere| (spoken_of(elsewhere), None)));
        found.sort_by(|(one, _), (other, _)| {
            let key = |namespace: &Namespace| (namespace.cluster, namespace.name.clone(), namespace.belonging);
            key(one).cmp(&key(other))
        });
        let mut list: Vec<Namespace> = Vec::with_capacity(found.len());
        let mut of_part = vec![NamespaceId(0); parts.len()];
        for (mut namespace, part) in found {
            let id = NamespaceId(number(list.len()));
            let same = list.last().filter(|last| {
                namespace.name != NO_NAMESPACE && (last.cluster, &last.name) == (namespace.cluster, &namespace.name)
            });
            namespace.whole = same.map_or(id, |last| last.whole);
            list.push(namespace);
            if let Some(of_part) = part.and_then(|part| of_part.get_mut(part)) {
                *of_part = id;
            }
        }
        Self { list, of_part }
    }
}

/// The namespace that a part is.
fn namespace(input: &Input<'_>, room: &Room, part: &Part, belonging: Belonging) -> Namespace {
    let declaration = room.declared.first().and_then(|index| input.object(*index));
    // Where it may be a namespace of several clusters, nobody knows which of them is declared so.
    let is_one = room.deployed.len() < 2;
    let none = Labels::new();
    let labels = if is_one { &room.labels } else { &none };
    Namespace {
        cluster: ClusterId(number(room.cluster)),
        name: room.name.clone().unwrap_or_else(|| NO_NAMESPACE.to_owned()),
        whole: NamespaceId(0),
        belonging,
        evidence: part.evidence.clone(),
        labels: room.name.as_deref().map_or_else(Labels::new, |name| peers::labels_of(name, labels)),
        declared: declaration.is_some() && is_one,
        place: declaration.map(|read| read.object.cite_name()),
    }
}

/// A namespace that only policies speak of.
fn spoken_of(elsewhere: &Elsewhere) -> Namespace {
    Namespace {
        cluster: ClusterId(number(elsewhere.cluster)),
        name: elsewhere.name.clone(),
        whole: NamespaceId(0),
        belonging: Belonging::Elsewhere,
        evidence: "policies speak of it, and the input does not hold it".to_owned(),
        labels: elsewhere.labels.clone(),
        declared: false,
        place: None,
    }
}

/// An index as ids hold it.
#[must_use]
pub fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
