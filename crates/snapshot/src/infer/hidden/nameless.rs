//! Policies that name no namespace, where a namespace of their stage is declared and nothing is said to stand in it:
//! whoever applies them may well put them there (N21). It has no policy, so that they can only close it: nothing is
//! isolated by that, and nothing certain to be open.

use crate::snapshot::{Gap, Hides, Reach, Snapshot};
use dtap_model::environment::{Belonging, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::object::Object;
use std::collections::BTreeSet;

/// A gap for each such namespace.
#[must_use]
pub fn gaps(snapshot: &Snapshot) -> Vec<Gap> {
    let namespace = |id: Option<NamespaceId>| id.and_then(|id| snapshot.namespace(id));
    let nameless: Vec<(&Namespace, &Object)> = snapshot
        .objects
        .iter()
        .filter(|placed| placed.object.identity.kind.is("networking.k8s.io", "NetworkPolicy"))
        .filter_map(|placed| Some((namespace(placed.namespace)?, &placed.object)))
        .filter(|(namespace, _)| namespace.name == NO_NAMESPACE)
        .collect();
    if nameless.is_empty() {
        return Vec::new();
    }
    let held: BTreeSet<NamespaceId> =
        snapshot.objects.iter().filter_map(|placed| Some(namespace(placed.namespace)?.whole)).collect();
    let empty = snapshot.namespaces.iter().filter(|it| it.place.is_some() && !held.contains(&it.whole));
    let gap = |empty: &Namespace| {
        let stage = stage(snapshot, empty)?;
        let is_near = |other: &Namespace| {
            snapshot.may_meet(other.cluster, empty.cluster) && self::stage(snapshot, other) == Some(stage)
        };
        let (_, first) = nameless.iter().find(|(namespace, _)| is_near(namespace))?;
        Some(Gap {
            what: format!("policies of {stage} that name no namespace may stand in {}", empty.name),
            hint: Some("name their namespace".to_owned()),
            place: Some(first.cite_name()),
            reach: Reach::Namespace(empty.whole),
            hides: Hides::Closing,
            unread: None,
        })
    };
    empty.filter_map(gap).collect()
}

/// The stage of a namespace that is of one.
fn stage<'s>(snapshot: &'s Snapshot, namespace: &Namespace) -> Option<&'s str> {
    match namespace.belonging {
        Belonging::Environment(id) => Some(snapshot.environment(id)?.stage.as_str()),
        Belonging::Shared | Belonging::Unplaced | Belonging::Elsewhere => None,
    }
}
