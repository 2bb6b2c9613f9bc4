//! What could not be read, and how far the ignorance reaches: the narrowest reach that is sound.

use super::assemble::{Environments, Namespaces};
use super::folder::Folder;
use super::input::Input;
use super::place::{Part, Standing};
use super::room::Room;
use crate::reading::{Context, Unread};
use crate::snapshot::{Gap, Reach};
use dtap_model::environment::EnvironmentId;
use std::collections::BTreeSet;

/// Past this many parties a gap is shown as reaching everything.
const SEVERAL: usize = 64;

/// Everything that the reach of a gap is read from.
pub struct Ground<'a> {
    /// The input by context.
    pub input: &'a Input<'a>,
    /// What each context's place says.
    pub folders: &'a [Option<Folder>],
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
}

impl Ground<'_> {
    /// Every gap, in the order of what could not be read.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let unread = self.input.unread().flat_map(|(unread, context)| {
            self.reaches(unread, context).into_iter().map(|reach| Gap {
                what: format!("{}: {}", unread.name, unread.why),
                hint: unread.hint.clone(),
                place: unread.place,
                reach,
            })
        });
        unread.chain(self.twice_declared()).collect()
    }

    /// How far one thing unread reaches: its namespace; the environments of the folder that says its stage; those of the
    /// closest folder that holds anything known; else everything.
    fn reaches(&self, unread: &Unread, context: usize) -> BTreeSet<Reach> {
        let everything = BTreeSet::from([Reach::Everything]);
        if let Some(name) = unread.namespace.as_deref() {
            let named = |part: &Part| self.rooms.get(part.room).is_some_and(|room| room.name.as_deref() == Some(name));
            let here: BTreeSet<Reach> = (0..self.parts.len())
                .filter(|index| self.parts.get(*index).is_some_and(named))
                .map(|index| self.namespace(index))
                .collect();
            return if here.is_empty() { everything } else { here };
        }
        let folder = self.folders.get(context).and_then(Option::as_ref).map(|folder| folder.path.clone());
        let filed = self.filed.get(context).copied().flatten();
        if let (Some(folder), Some(environment)) = (&folder, filed) {
            if self.within(folder).is_empty() {
                return BTreeSet::from([Reach::Environment(environment)]);
            }
        }
        let root = self.input.root();
        let mut at = folder.unwrap_or_else(|| above(&unread.context).to_owned());
        while at != root && !at.is_empty() {
            let known = self.within(&at);
            if !known.is_empty() {
                return if known.len() > SEVERAL { everything } else { known };
            }
            at = at.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned());
        }
        everything
    }

    /// What stands in a folder or below it.
    fn within(&self, folder: &str) -> BTreeSet<Reach> {
        let inside = |context: &Context| {
            context.path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let contexts = self.input.contexts.iter().zip(&self.parts_of_context);
        let parts: BTreeSet<usize> =
            contexts.filter(|(context, _)| inside(context)).flat_map(|(_, parts)| parts).copied().collect();
        if parts.len() == 1 {
            return parts.first().map(|part| self.reach_of(*part, true)).into_iter().collect();
        }
        parts.into_iter().map(|part| self.reach_of(part, false)).collect()
    }

    /// The reach of a part: its environment, or where it is alone or has none its namespace.
    fn reach_of(&self, part: usize, alone: bool) -> Reach {
        let nameless =
            self.parts.get(part).and_then(|part| self.rooms.get(part.room)).is_some_and(|room| room.name.is_none());
        match self.parts.get(part).map(|part| &part.standing) {
            Some(Standing::Environment { street, stage }) if !alone || nameless => {
                self.environments.id(street, stage).map_or(Reach::Everything, Reach::Environment)
            }
            _ => self.namespace(part),
        }
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
            })
        })
    }
}

/// The folder that something stands in.
fn above(context: &Context) -> &str {
    if context.rendered { &context.path } else { context.path.rsplit_once('/').map_or("", |(folder, _)| folder) }
}
