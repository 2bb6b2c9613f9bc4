//! How a field of a document is read, and what the input leaves open.

use super::line::Line;
use dtap_model::tree::Node;

/// The mistake that the oracle makes on purpose, if any.
pub type Misreading = Option<Line>;

/// The API server refuses the document: it holds nothing, or something that nobody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// The value of a field, where it is there and not null.
///
/// N20: names are exact, case included; a field that the API does not know is dropped.
pub fn field<'tree, 'source>(
    node: &'tree Node<'source>,
    name: &str,
    misread: Misreading,
) -> Option<&'tree Node<'source>> {
    let exact = node.get(name);
    let guessed = || node.entries().iter().find(|entry| resembles(&entry.key, name)).map(|entry| &entry.node);
    let found = if misread == Some(Line::N20) { exact.or_else(guessed) } else { exact };
    found.filter(|node| !node.is_null())
}

/// Whether a person who writes `key` probably means `name`.
fn resembles(key: &str, name: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.to_lowercase().chars().collect();
        letters.sort_unstable();
        letters
    };
    letters(key) == letters(name) || format!("{key}s") == name || key == format!("{name}s")
}

/// One way in which what CNIs do differently, and what the input does not show, may be. The same for every pod.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// N11: an ipBlock covers pods by their address.
    pub block_covers_pods: bool,
    /// N11: a pod's address lies in a block that holds a part of the pods' range.
    pub address_in_part: bool,
    /// N11: a CIDR with host bits or leading zeros is taken all the same.
    pub sloppy_is_taken: bool,
    /// N11: pods have IPv6 addresses beside their IPv4 ones.
    pub dual_stack: bool,
    /// N11, N12: an ipBlock covers the node of a hostNetwork pod.
    pub block_covers_nodes: bool,
    /// N10: an ipBlock is matched against the address of a Service before it is rewritten.
    pub before_rewriting: bool,
    /// N12: policies apply to the hostNetwork pods that they select.
    pub host_network_is_selected: bool,
    /// N12: selectors of peers match hostNetwork pods.
    pub host_network_is_peer: bool,
}

/// What of a [`Reading`] makes a difference.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open {
    /// There is an ipBlock, and what it covers is not said.
    pub blocks: Option<bool>,
    /// There is one that holds a part of the pods' range.
    pub parts: bool,
    /// There is one with host bits or leading zeros.
    pub sloppy: bool,
    /// There is one of IPv6.
    pub v6: bool,
    /// There is a Service with an address.
    pub services: bool,
    /// There is a hostNetwork pod.
    pub host_network: bool,
}

impl Open {
    /// Every combination of what is open.
    pub fn readings(self) -> Vec<Reading> {
        let both: &[bool] = &[false, true];
        let only = |open: bool| if open { both } else { &both[..1] };
        let word = self.blocks.map(|word| [word]);
        let mut readings = vec![Reading::default()];
        let mut vary = |values: &[bool], set: fn(&mut Reading, bool)| {
            readings = readings
                .iter()
                .flat_map(|reading| {
                    values.iter().map(|value| {
                        let mut varied = *reading;
                        set(&mut varied, *value);
                        varied
                    })
                })
                .collect();
        };
        vary(word.as_ref().map_or(both, |word| word.as_slice()), |reading, value| reading.block_covers_pods = value);
        vary(only(self.parts), |reading, value| reading.address_in_part = value);
        vary(only(self.sloppy), |reading, value| reading.sloppy_is_taken = value);
        vary(only(self.v6), |reading, value| reading.dual_stack = value);
        vary(only(self.services), |reading, value| reading.before_rewriting = value);
        vary(only(self.host_network), |reading, value| reading.block_covers_nodes = value);
        vary(only(self.host_network), |reading, value| reading.host_network_is_selected = value);
        vary(only(self.host_network), |reading, value| reading.host_network_is_peer = value);
        readings
    }
}
