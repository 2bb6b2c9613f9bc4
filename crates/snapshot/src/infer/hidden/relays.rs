//! What forwards to pods of another environment what somebody else opens: a second connection that no policy of the
//! first one's source has a say in (N16).

use super::Ground;
use super::target::Target;
use dtap_model::environment::{Belonging, Namespace, NamespaceId};
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// The namespaces of other environments to which a VirtualService forwards what a gateway takes in. For `mesh`, the
/// pods themselves open the connection.
pub fn istio(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec").filter(|spec| has_gateway(spec)) else { return BTreeSet::new() };
    let environment = |name: &str| {
        let mut known = (0..).map(NamespaceId).zip(&ground.snapshot.namespaces);
        let (id, namespace) = known.find(|(_, it)| it.cluster == ground.cluster && it.name == name)?;
        Some((id, of_environment(namespace)?))
    };
    let own = object.identity.namespace.as_deref().and_then(environment);
    let Some((_, own)) = own else { return BTreeSet::new() };
    let routes = ["http", "tls", "tcp"].into_iter().flat_map(|kind| list(spec, kind)).flat_map(|it| list(it, "route"));
    let hosts = routes.filter_map(|route| route.at(&["destination", "host"])?.as_str());
    let named = hosts.filter_map(namespace_of).filter_map(environment);
    named.filter(|(_, other)| *other != own).map(|(id, _)| Target::In(id)).collect()
}

fn of_environment(namespace: &Namespace) -> Option<Belonging> {
    Some(namespace.belonging).filter(|belonging| matches!(belonging, Belonging::Environment(_)))
}

fn has_gateway(spec: &Node<'_>) -> bool {
    list(spec, "gateways").iter().any(|gateway| gateway.as_str() != Some("mesh"))
}

/// The namespace that the name of a Service in the cluster names: `db.shop-prd.svc.cluster.local`.
fn namespace_of(host: &str) -> Option<&str> {
    let mut words = host.split('.').skip(1);
    let name = words.next()?;
    words.next().is_none_or(|next| next == "svc").then_some(name)
}

fn list<'n>(node: &'n Node<'n>, field: &str) -> &'n [Node<'n>] {
    node.get(field).map(Node::items).unwrap_or_default()
}
