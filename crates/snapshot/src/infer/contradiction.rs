//! What says another stage of a namespace than what is taken: labels and annotations, its name, and the folders in
//! which what it holds lies.

use super::evidence::Said;
use super::folder::Folder;
use super::stage::{Found, Stage};
use crate::reading::{Notice, NoticeKind};
use dtap_model::object::Object;
use dtap_model::place::Place;
use std::collections::{BTreeMap, BTreeSet};

/// A folder that says a stage, and the first object there.
pub type Filed<'a> = (&'a Folder, &'a Object);

/// What is taken of a namespace.
pub struct Taken<'a> {
    /// The namespace.
    pub name: &'a str,
    /// What its name says, where that word says as much by itself.
    pub telling: Option<&'a Found>,
    /// The stage that is taken.
    pub stage: &'a Stage,
    /// How that is spelt.
    pub spelling: &'a str,
    /// The label or annotation that says so; none where the name does.
    pub said: Option<&'a Said>,
    /// The Namespace, where the input has it.
    pub declared: Option<&'a Object>,
}

/// What says another stage of a Namespace than the label or annotation that is `taken`: others of these, and its name.
pub fn of_declaration(namespace: &Object, taken: &Said, all: &[Said], from_name: Option<&Found>) -> Vec<Notice> {
    let notice = |other: String, places| {
        let kind =
            NoticeKind::Contradiction { subject: namespace.identity.name.to_string(), taken: tell(taken), other };
        Notice { kind, places }
    };
    let place = |said: &Said| namespace.cite(&said.steps());
    let others = all.iter().filter(|other| other.contradicts(taken));
    let mut notices: Vec<Notice> = others.map(|other| notice(tell(other), vec![place(taken), place(other)])).collect();
    let named = from_name.filter(|named| {
        named.sure && !may_mean((&taken.found.stage, &taken.found.spelling), (&named.stage, &named.spelling))
    });
    notices.extend(named.map(|named| notice(name_says(&named.spelling), vec![place(taken)])));
    notices
}

/// What of a namespace lies in folders that say another stage than what is taken, once for each name of a folder: who
/// applies the folder means that stage. A folder that says what the namespace's name says, or is called after the
/// namespace, says nothing of its own; and what only a word of its name places that says nothing by itself is meant for
/// all the stages in whose folders it lies, where they are several.
pub fn of_folders(taken: &Taken<'_>, mut filed: BTreeMap<&str, Filed<'_>>) -> Vec<Notice> {
    let is_own = |folder: &Folder| {
        let is_called_so = taken.telling.is_some_and(|found| found.stage == folder.stage);
        is_called_so || folder.path.rsplit('/').next() == Some(taken.name)
    };
    filed.retain(|_, (folder, _)| folder.stage == *taken.stage || !is_own(folder));
    let stages: BTreeSet<&Stage> = filed.values().map(|(folder, _)| &folder.stage).collect();
    let is_placed = taken.said.is_some() || taken.telling.is_some();
    if stages.len() > 1 && !stages.contains(taken.stage) && !is_placed {
        return Vec::new();
    }
    // A value that only the input knows may be short for anything, and what is not production is nonprod, too.
    let is_of = |folder: &Folder| folder.stage.name == "nonprod" && !taken.stage.production;
    let means_it = |folder: &Folder| taken.stage.is_own() || taken.stage.rank == folder.stage.rank || is_of(folder);
    let mut others: BTreeMap<String, &Object> = BTreeMap::new();
    for (folder, object) in filed.into_values().filter(|(folder, _)| !means_it(folder)) {
        folder.own_word().into_iter().for_each(|word| _ = others.entry(word).or_insert(object));
    }
    let notice = |(other, object): (String, &Object)| Notice {
        kind: NoticeKind::Contradiction {
            subject: taken.name.to_owned(),
            taken: taken.said.map_or_else(|| name_says(taken.spelling), tell),
            other,
        },
        places: vec![taken.place(object), object.cite_name()],
    };
    others.into_iter().map(notice).collect()
}

impl Taken<'_> {
    /// Where it says what is taken: the declaration, or else an object of the namespace.
    fn place(&self, object: &Object) -> Place {
        match (self.declared, self.said) {
            (Some(declared), Some(said)) => declared.cite(&said.steps()),
            (Some(declared), None) => declared.cite_name(),
            (None, _) => object.cite(&["metadata", "namespace"]),
        }
    }
}

/// Whether a stage that is taken may mean another one that is said: it is the same, or the same with a number, or a
/// value that only the input knows and that ends in the other's word, as `laa-prod` does.
fn may_mean((taken, spelling): (&Stage, &str), (said, word): (&Stage, &str)) -> bool {
    if taken.is_own() { taken == said || spelling.ends_with(word) } else { taken.rank == said.rank }
}

fn tell(said: &Said) -> String {
    format!("{} says {}", said.evidence(), said.found.spelling)
}

fn name_says(spelling: &str) -> String {
    format!("the name says {spelling}")
}
