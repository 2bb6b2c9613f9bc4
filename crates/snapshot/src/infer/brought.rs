//! To which clusters deployment tools bring what each namespace holds: where they bring two namespaces to clusters of
//! which none is called alike, the two may stand apart, though nothing says that they do.

use super::assemble::Namespaces;
use super::hint::{Deployed, is_of_tool};
use super::input::Input;
use super::place::Part;
use super::room::Room;
use std::collections::{BTreeMap, BTreeSet};

/// For each namespace the clusters, numbered; none where no tool says one, or the user does.
#[must_use]
pub fn of(input: &Input<'_>, rooms: &[Room], parts: &[Part], namespaces: &Namespaces) -> Vec<BTreeSet<u32>> {
    let of_parts: Vec<BTreeSet<Deployed>> = parts.iter().map(|part| clusters(input, rooms, part)).collect();
    let numbers: BTreeMap<&Deployed, u32> =
        of_parts.iter().flatten().collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
    let mut brought = vec![BTreeSet::new(); namespaces.list.len()];
    for (clusters, id) in of_parts.iter().zip(&namespaces.of_part) {
        let slot = usize::try_from(id.0).ok().and_then(|at| brought.get_mut(at));
        slot.into_iter().for_each(|known| known.extend(clusters.iter().filter_map(|to| numbers.get(to)).copied()));
    }
    brought
}

/// The clusters of one part: those of its room; where the room is of what names no namespace, those of what it holds
/// itself; and the one that a tool runs on for what holds the tool's own objects.
fn clusters(input: &Input<'_>, rooms: &[Room], part: &Part) -> BTreeSet<Deployed> {
    let Some(room) = rooms.get(part.room) else { return BTreeSet::new() };
    let contexts = part.objects.iter().map(|object| input.context_of_object(*object));
    let of_context = |context: usize| input.deployed.get(context).and_then(Option::as_ref);
    let own: BTreeSet<&Deployed> = match room.name {
        Some(_) => room.deployed.iter().collect(),
        None => contexts.filter_map(of_context).filter(|to| room.deployed.contains(to)).collect(),
    };
    let mut found: BTreeSet<Deployed> = own.into_iter().flat_map(Deployed::each).cloned().collect();
    let mut objects = part.objects.iter().filter_map(|object| input.object(*object));
    if found.is_empty() && objects.any(|read| is_of_tool(&read.object)) {
        found.insert(Deployed::Here);
    }
    found
}
