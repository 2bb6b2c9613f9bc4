//! What an ipBlock covers (N10, N11).

use dtap_model::tree::{Node, Value};
use ipnet::{IpNet, Ipv4Net};
use std::net::IpAddr;

use super::selector::Refusal;

/// Addresses as numbers, from the first to the last, both included; of one family.
type Interval = (u128, u128);

/// An ipBlock: one CIDR with pieces cut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whether it is IPv6. Families are apart.
    v6: bool,
    /// The addresses covered under some reading.
    possible: Vec<Interval>,
    /// The addresses covered under every reading.
    certain: Vec<Interval>,
    /// Whether it is a whole family, but for what is cut out.
    all: bool,
    /// As written, for a person.
    pub text: String,
}

/// A CIDR as written, and whether every CNI reads it alike.
struct Written {
    net: IpNet,
    plain: bool,
}

impl Written {
    /// Whether it has leading zeros: read as decimal, as octal, or not at all.
    fn may_be_anything(&self) -> bool {
        !self.plain && self.net == IpNet::V4(Ipv4Net::default())
    }
}

impl Block {
    /// Reads an `ipBlock`.
    ///
    /// # Errors
    /// A missing or unreadable `cidr`, wrong types, an `except` that does not parse or is no strict subset of the
    /// block: it cuts nothing, because the API server refuses the policy.
    pub fn read(node: &Node<'_>) -> Result<Self, Refusal> {
        let text = node.get("cidr").and_then(Node::as_str).ok_or("an ipBlock has no `cidr`")?;
        let cidr = cidr(text).ok_or_else(|| format!("`{text}` is no CIDR that is read the same everywhere"))?;
        let mut possible = vec![interval(cidr.net)];
        let mut certain = if cidr.plain { possible.clone() } else { Vec::new() };
        let mut told = text.to_owned();
        if let Some(list) = node.get("except") {
            if !matches!(list.value, Value::Null | Value::Sequence(_)) {
                return Err(format!("`except` is {} instead of a list", list.kind_word()));
            }
            for item in list.items() {
                let written = item.as_str().ok_or("an `except` is not text")?;
                let except = self::cidr(written).ok_or_else(|| format!("the `except` `{written}` is no CIDR"))?;
                if cidr.may_be_anything() || except.may_be_anything() {
                    continue;
                }
                if !strictly_within(except.net, cidr.net) {
                    return Err(format!("the `except` `{written}` is no strict subset of `{text}`"));
                }
                told.push_str(" except ");
                told.push_str(written);
                cut(&mut certain, interval(except.net));
                if except.plain {
                    cut(&mut possible, interval(except.net));
                }
            }
        }
        let all = cidr.net.prefix_len() == 0 && !cidr.may_be_anything();
        Ok(Self { v6: matches!(cidr.net, IpNet::V6(_)), possible, certain, all, text: told })
    }

    /// Whether it may cover some address of this range.
    #[must_use]
    pub fn may_cover(&self, range: IpNet) -> bool {
        let (first, last) = interval(range);
        self.is_family_of(range) && self.possible.iter().any(|(low, high)| *low <= last && first <= *high)
    }

    /// Whether it covers every address of this range, whoever reads it.
    #[must_use]
    pub fn covers_all_of(&self, range: IpNet) -> bool {
        let (first, last) = interval(range);
        self.is_family_of(range) && self.certain.iter().any(|(low, high)| *low <= first && last <= *high)
    }

    /// Whether every network plugin reads it alike.
    #[must_use]
    pub fn is_read_alike(&self) -> bool {
        self.possible == self.certain
    }

    /// Whether it covers nothing under any reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.possible.is_empty()
    }

    /// Whether it names a whole family of addresses, and so none of them, whatever it cuts out. One that is read
    /// differently may name some.
    #[must_use]
    pub fn covers_all(&self) -> bool {
        self.all
    }

    /// Whether it is of IPv6.
    #[must_use]
    pub fn is_v6(&self) -> bool {
        self.v6
    }

    fn is_family_of(&self, range: IpNet) -> bool {
        self.v6 == matches!(range, IpNet::V6(_))
    }
}

/// Reads a CIDR leniently: with host bits, and with leading zeros read as decimal, it is still read, but not plain. Any
/// leading zero in an address makes the reading so open (some read octal) that the whole family is taken. An IPv4
/// address mapped into IPv6 is IPv4 to some, IPv6 to others, and refused by the rest: it is not read.
fn cidr(text: &str) -> Option<Written> {
    let (address, length) = text.split_once('/')?;
    let padded = |part: &str| part.len() > 1 && part.starts_with('0');
    if !address.contains(':') && address.split('.').any(padded) {
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let reads = address.split('.').count() == 4 && address.split('.').all(is_number);
        let length_fits = !padded(length) && length.parse::<u8>().is_ok_and(|length| length <= 32);
        return (reads && length_fits).then(|| Written { net: IpNet::V4(Ipv4Net::default()), plain: false });
    }
    let net = text.parse::<IpNet>().ok()?;
    if matches!(net.addr(), IpAddr::V6(address) if address.to_ipv4_mapped().is_some()) {
        return None;
    }
    Some(Written { net: net.trunc(), plain: net.addr() == net.network() && !padded(length) })
}

fn strictly_within(inner: IpNet, outer: IpNet) -> bool {
    inner != outer && outer.contains(&inner)
}

fn interval(net: IpNet) -> Interval {
    (number(net.network()), number(net.broadcast()))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// Takes an interval out of the others.
fn cut(intervals: &mut Vec<Interval>, (first, last): Interval) {
    *intervals = intervals
        .iter()
        .flat_map(|(low, high)| {
            let left = (*low < first).then(|| (*low, *high.min(&first.saturating_sub(1))));
            let right = (last < *high).then(|| (*low.max(&last.saturating_add(1)), *high));
            [left, right]
        })
        .flatten()
        .collect();
}

/// The network of one address.
#[must_use]
pub fn single(address: IpAddr) -> IpNet {
    IpNet::from(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtap_model::tree::Entry;

    fn ip_block(cidr: &'static str, excepts: &[&'static str]) -> Node<'static> {
        let text = |text: &'static str| Node::synthetic(Value::String(text.into()));
        let entry = |key: &'static str, node| Entry { key: key.into(), key_span: Default::default(), node };
        let excepts = excepts.iter().map(|except| text(except)).collect();
        Node::synthetic(Value::Mapping(vec![
            entry("cidr", text(cidr)),
            entry("except", Node::synthetic(Value::Sequence(excepts))),
        ]))
    }

    fn block(cidr: &'static str, excepts: &[&'static str]) -> Block {
        Block::read(&ip_block(cidr, excepts)).unwrap()
    }

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn families_are_apart() {
        assert!(!block("0.0.0.0/0", &[]).may_cover(net("fd00::1/128")));
        assert!(!block("::/0", &[]).may_cover(net("10.0.0.1/32")));
        assert!(block("::/0", &[]).may_cover(net("fd00::1/128")));
    }

    #[test]
    fn a_strict_subset_cuts_and_nothing_else_does() {
        assert!(!block("0.0.0.0/0", &["10.0.0.0/8"]).may_cover(net("10.0.0.0/8")));
        for refused in ["10.0.0.0/8", "nonsense", "fd00::/8", "0.0.0.0/0"] {
            let read = |except: &'static str| Block::read(&ip_block("10.0.0.0/8", &[except]));
            assert!(read(refused).is_err() && read("10.1.0.0/16").is_ok(), "{refused}");
        }
        assert!(block("10.0.0.0/8", &["10.0.0.0/9"]).may_cover(net("10.0.0.0/8")));
        assert!(!block("10.0.0.0/8", &["10.0.0.0/9"]).covers_all_of(net("10.0.0.0/8")));
    }

    #[test]
    fn exceptions_that_are_all_of_it_leave_nothing() {
        assert!(block("10.0.0.8/31", &["10.0.0.8/32", "10.0.0.9/32"]).is_empty());
        assert!(!block("10.0.0.8/31", &["10.0.0.8/32"]).is_empty());
    }

    #[test]
    fn an_ipv4_address_mapped_into_ipv6_is_not_read() {
        assert!(cidr("::ffff:10.0.0.0/104").is_none());
        assert!(cidr("::/0").is_some());
    }

    #[test]
    fn what_is_read_differently_is_possible_and_not_certain() {
        let host_bits = block("10.0.0.5/8", &[]);
        assert!(host_bits.may_cover(net("10.0.0.0/8")) && !host_bits.covers_all_of(net("10.0.0.0/8")));
        let zeros = block("010.0.0.0/8", &[]);
        assert!(zeros.may_cover(net("8.0.0.0/8")) && !zeros.covers_all_of(net("10.0.0.0/8")));
        for refused in
            ["010.0.0/8", "010..0.0/8", "010.0.x.0/8", "01x.0.0.0/8", "010.0.0.0/33", "010.0.0.0/08", "01.0.0/33"]
        {
            assert!(cidr(refused).is_none(), "{refused}");
        }
        assert!(!block("10.0.0.0/08", &[]).covers_all_of(net("10.0.0.0/8")));
        assert!(!block("fd00::/08", &[]).covers_all_of(net("fd00::/8")));
        let zero = block("10.0.0.0/8", &["10.0.0.0/09"]);
        assert!(zero.may_cover(net("10.0.0.0/9")) && !zero.covers_all_of(net("10.0.0.0/9")));
        let except = block("10.0.0.0/8", &["10.0.0.5/9"]);
        assert!(except.may_cover(net("10.0.0.0/9")) && !except.covers_all_of(net("10.0.0.0/9")));
    }

    #[test]
    fn a_cidr_with_leading_zeros_is_read_only_where_all_of_it_is_numbers() {
        let read = cidr("010.0.0.0/8").unwrap();
        assert!(read.may_be_anything() && !cidr("0.0.0.0/0").unwrap().may_be_anything());
        assert!(cidr("10.1.0.0/8").is_some_and(|read| !read.plain && !read.may_be_anything()));
        for wrong in ["01.1a.0.0/8", "01..0.0/8", "01.0.0/8", "01.0.0.0.0/8", "010.0.0.0/08", "010.0.0.0/33", "01.a/99"]
        {
            assert!(cidr(wrong).is_none(), "{wrong}");
        }
        assert!(cidr("00.0.0.0/0").is_some_and(|read| read.may_be_anything()));
        assert!(cidr("fd00::00/8").is_some_and(|read| read.plain));
    }

    #[test]
    fn a_block_covers_all_by_its_length_and_whatever_is_cut_out() {
        for all in ["0.0.0.0/0", "::/0", "0:0::/0"] {
            assert!(block(all, &[]).covers_all(), "{all}");
        }
        assert!(block("0.0.0.0/0", &["10.0.0.0/8"]).covers_all());
        for some in ["0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/0", "::/10", "010.0.0.0/8"] {
            assert!(!block(some, &[]).covers_all(), "{some}");
        }
    }

    #[test]
    fn a_block_may_be_cut_to_nothing() {
        let nothing = block("10.0.0.0/8", &["10.0.0.0/9", "10.128.0.0/9"]);
        assert!(nothing.is_empty() && !nothing.may_cover(net("0.0.0.0/0")));
        assert!(!block("10.0.0.0/8", &["10.0.0.0/9"]).is_empty());
    }

    #[test]
    fn a_cut_leaves_nothing_of_itself_at_either_end_of_all_addresses() {
        let low = block("0.0.0.0/0", &["0.0.0.0/1"]);
        assert!(!low.may_cover(net("0.0.0.0/32")) && low.covers_all_of(net("128.0.0.0/1")));
        let high = block("::/0", &["8000::/1"]);
        assert!(!high.may_cover(net("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")) && high.covers_all_of(net("::/1")));
        let middle = block("10.0.0.0/8", &["10.0.0.4/30"]);
        for (address, is) in
            [("10.0.0.3/32", true), ("10.0.0.4/32", false), ("10.0.0.7/32", false), ("10.0.0.8/32", true)]
        {
            assert!(middle.may_cover(net(address)) == is && middle.covers_all_of(net(address)) == is, "{address}");
        }
    }
}
