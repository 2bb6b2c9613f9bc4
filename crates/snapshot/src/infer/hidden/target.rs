//! Where something hidden comes to stand, and what that reaches.

use crate::snapshot::{Placed, Reach, Snapshot};
use dtap_model::environment::{Belonging, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::label::is_dns_label;

/// Where something hidden comes to stand.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// In a namespace of this name, on whichever cluster. What stands in `{{…}}` or `${…}` may be anything.
    Named(String),
    /// In a namespace of the input.
    In(NamespaceId),
    /// Where the object itself stands: in its namespace, or on its cluster.
    Here,
    /// Anywhere on the object's cluster.
    Cluster,
}

impl Target {
    /// What an object opens here. A namespace that is not known is nobody's: what is installed there is known by that.
    pub fn reaches(&self, snapshot: &Snapshot, placed: &Placed) -> Vec<Reach> {
        match self {
            Self::Named(name) => named(snapshot, placed, name),
            Self::In(id) => vec![Reach::Namespace(*id)],
            Self::Here => here(snapshot, placed),
            Self::Cluster => vec![Reach::Cluster(placed.cluster)],
        }
    }
}

/// The namespaces of a name, in which something may be yet to be filled in. What no namespace can be called is a
/// placeholder in whole, such as `NAMESPACE`.
fn named(snapshot: &Snapshot, placed: &Placed, name: &str) -> Vec<Reach> {
    let pattern = Pattern::of(name);
    let is_open = pattern.start.is_empty() && pattern.end.is_empty();
    if is_open || pattern.start == name && !is_dns_label(name.as_bytes()) {
        return vec![Reach::Cluster(placed.cluster)];
    }
    let namespaces = (0..).zip(&snapshot.namespaces).filter(|(_, namespace)| pattern.is_of(name, &namespace.name));
    namespaces.map(|(at, _)| Reach::Namespace(NamespaceId(at))).collect()
}

/// The namespace of an object. What names none, and belongs to no environment, may be of a kind that stands in none.
fn here(snapshot: &Snapshot, placed: &Placed) -> Vec<Reach> {
    let is_known = |namespace: &Namespace| {
        namespace.name != NO_NAMESPACE || matches!(namespace.belonging, Belonging::Environment(_))
    };
    let namespace = placed.namespace.filter(|id| snapshot.namespace(*id).is_some_and(is_known));
    let own = namespace.map_or(Reach::Cluster(placed.cluster), Reach::Namespace);
    let placeholder = namespace.and_then(|id| snapshot.namespace(id)).map(|namespace| namespace.name.as_str());
    let placeholder = placeholder.filter(|name| *name != NO_NAMESPACE && !is_dns_label(name.as_bytes()));
    let others = placeholder.map(|name| named(snapshot, placed, name)).unwrap_or_default();
    std::iter::once(own).chain(others).collect()
}

/// What of a name stands before the first and behind the last place that is yet to be filled in.
struct Pattern<'n> {
    start: &'n str,
    end: &'n str,
}

impl<'n> Pattern<'n> {
    fn of(name: &'n str) -> Self {
        let start = name.split(['{', '$']).next().unwrap_or_default();
        let end = if start == name { name } else { name.rsplit_once('}').map_or("", |(_, end)| end) };
        Self { start, end }
    }

    fn is_of(&self, name: &str, other: &str) -> bool {
        if self.start == name {
            return other == name;
        }
        other.len() >= self.start.len() + self.end.len() && other.starts_with(self.start) && other.ends_with(self.end)
    }
}
