//! Endpoints that nobody but the writer of the manifest chose (N10).

use super::addresses::Addresses;
use super::ports::number;
use dtap_model::tree::Node;
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::workload::has_controller;

/// Endpoints written by hand.
#[derive(Clone, Debug)]
pub struct Endpoints<'s> {
    /// The Service that they are behind, in the same namespace.
    pub service: &'s str,
    /// Their addresses.
    pub addresses: Addresses,
    /// Their ports; none for any.
    pub(super) ports: Vec<u16>,
}

impl<'s> Endpoints<'s> {
    /// Reads Endpoints or an EndpointSlice; none for other kinds, for those that a controller keeps, and for those by
    /// the names of hosts, which no proxy leads to.
    #[must_use]
    pub fn read(placed: &'s Placed) -> Option<Self> {
        let tree = &placed.object.tree;
        let kind = &placed.object.identity.kind;
        let (service, groups, lists): (_, _, &[&str]) = if kind.is("discovery.k8s.io", "EndpointSlice") {
            let label = tree.at(&["metadata", "labels", "kubernetes.io/service-name"])?.as_str()?;
            (label, std::slice::from_ref(&placed.object.tree), &["endpoints"])
        } else if kind.is("", "Endpoints") {
            let subsets = tree.get("subsets").map(Node::items).unwrap_or_default();
            (placed.object.identity.name.as_str(), subsets, &["addresses", "notReadyAddresses"])
        } else {
            return None;
        };
        let is_by_name = tree.get("addressType").and_then(Node::as_str) == Some("FQDN");
        if has_controller(tree) || is_by_name {
            return None;
        }
        let endpoints =
            groups.iter().flat_map(|group| lists.iter().filter_map(|list| group.get(list))).flat_map(Node::items);
        let addresses = Addresses::written(endpoints.flat_map(|endpoint| {
            let several = endpoint.get("addresses").map(Node::items).unwrap_or_default();
            several.iter().chain(endpoint.get("ip"))
        }));
        let ports = groups.iter().filter_map(|group| group.get("ports")).flat_map(Node::items);
        let ports: Option<Vec<u16>> = ports.map(|port| number(port.get("port")?)).collect();
        Some(Self { service, addresses, ports: ports.unwrap_or_default() })
    }
}
