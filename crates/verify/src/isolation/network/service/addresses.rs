//! The addresses that something answers to (N10).

use crate::isolation::network::address::{Block, single};
use crate::isolation::network::ranges::PRIVATE_RANGES;
use dtap_model::tree::Node;
use ipnet::IpNet;
use smallvec::SmallVec;
use std::net::IpAddr;

/// The addresses that a Service, a Gateway or an endpoint answers to.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// Those that everybody reads alike.
    pub shown: SmallVec<[IpAddr; 1]>,
    /// Whether one is written that not everybody reads alike, or nobody: a placeholder, leading zeros, an IPv4 address
    /// mapped into IPv6. It may be any.
    pub any: bool,
    /// Whether the API server chooses one in the cluster, from a range that is a flag of it: any private one.
    pub chosen: bool,
}

impl Addresses {
    /// Those that are written. What is empty, null or `None` is none.
    pub fn written<'n>(nodes: impl Iterator<Item = &'n Node<'n>>) -> Self {
        let mut addresses = Self::default();
        for node in nodes.filter(|node| !node.is_null() && !matches!(node.as_str(), Some("" | "None"))) {
            match node.as_str().and_then(|text| text.parse().ok()) {
                Some(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => addresses.any = true,
                // `clusterIP` stands in `clusterIPs` again.
                Some(address) if addresses.shown.contains(&address) => {}
                Some(address) => addresses.shown.push(address),
                None => addresses.any = true,
            }
        }
        addresses
    }

    /// The same, and one that the API server chooses.
    pub fn with_chosen(self) -> Self {
        Self { chosen: true, ..self }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        !self.any && !self.chosen && self.shown.is_empty()
    }

    /// Whether a block may cover one of them.
    pub fn are_covered_by(&self, block: &Block) -> bool {
        let chosen = self.chosen.then_some(PRIVATE_RANGES).into_iter().flatten();
        self.any && !block.is_empty()
            || self.shown.iter().copied().map(single).chain(chosen).any(|address| block.may_cover(address))
    }

    /// Whether one of them may lie in one of these ranges.
    pub fn may_lie_in(&self, ranges: &[IpNet]) -> bool {
        self.any || self.shown.iter().any(|address| ranges.iter().any(|range| range.contains(address)))
    }
}
