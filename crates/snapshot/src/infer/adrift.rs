//! What names no namespace though its neighbours do: it comes to stand where whoever applies the folder says, which may
//! be in theirs.

use super::input::Input;
use super::place::{Part, Standing};
use super::room::Room;
use crate::reading::Context;
use std::collections::BTreeSet;

/// The objects that name no namespace and lie in a folder with some that name one of the same stage, as indices.
pub fn objects(input: &Input<'_>, rooms: &[Room], parts: &[Part]) -> BTreeSet<usize> {
    let folder = |object: &usize| input.contexts.get(input.context_of_object(*object)).map(folder);
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

/// The folder that is applied together with what stands in a context.
pub fn folder(context: &Context) -> &str {
    if context.rendered { &context.path } else { context.path.rsplit_once('/').map_or("", |(folder, _)| folder) }
}
