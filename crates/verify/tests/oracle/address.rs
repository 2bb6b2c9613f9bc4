//! Addresses and CIDRs (N11). Every address is a number of 128 bits in its own family.

use super::reading::Refused;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A CIDR as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// Whether it is IPv6.
    pub v6: bool,
    /// The first and the last address.
    pub first: u128,
    /// The last address.
    pub last: u128,
    /// Whether CNIs read it differently: it has host bits or leading zeros.
    pub sloppy: bool,
}

/// How much of the pods' range of one family a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    None,
    Part,
    Whole,
}

impl Cidr {
    /// Reads `10.0.0.0/8` or `fd00::/8`. Host bits and leading zeros are read differently by CNIs; one with leading
    /// zeros may be anything.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let (address, length) = text.split_once('/').ok_or(Refused)?;
        if length.is_empty()
            || length.len() > 3
            || !length.bytes().all(|byte| byte.is_ascii_digit())
            || (length.len() > 1 && length.starts_with('0'))
        {
            return Err(Refused);
        }
        let length: u32 = length.parse().map_err(|_| Refused)?;
        if address.contains(':') {
            let address: Ipv6Addr = address.parse().map_err(|_| Refused)?;
            return Self::of(true, u128::from(address), length, 128);
        }
        let parts: Vec<&str> = address.split('.').collect();
        let leading_zeros = parts.iter().any(|part| part.len() > 1 && part.starts_with('0'));
        let numbers: Result<Vec<u8>, _> = parts
            .iter()
            .map(|part| part.trim_start_matches('0'))
            .map(|part| if part.is_empty() { Ok(0) } else { part.parse() })
            .collect();
        let numbers: [u8; 4] = numbers.map_err(|_| Refused)?.try_into().map_err(|_| Refused)?;
        if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(Refused);
        }
        let mut cidr = Self::of(false, u128::from(u32::from(Ipv4Addr::from(numbers))), length, 32)?;
        if leading_zeros {
            cidr = Self { v6: false, first: 0, last: u128::from(u32::MAX), sloppy: true };
        }
        Ok(cidr)
    }

    fn of(v6: bool, address: u128, length: u32, bits: u32) -> Result<Self, Refused> {
        if length > bits {
            return Err(Refused);
        }
        let hosts = if bits == length { 0 } else { u128::MAX >> (128 - (bits - length)) };
        Ok(Self { v6, first: address & !hosts, last: address | hosts, sloppy: address & hosts != 0 })
    }

    /// Whether it may be anything of its family: it is written with leading zeros.
    pub fn is_anything(&self) -> bool {
        self.sloppy && self.first == 0 && self.last == u128::from(u32::MAX)
    }

    /// Whether the other one lies in this one and is not the same.
    pub fn strictly_holds(&self, other: &Self) -> bool {
        self.v6 == other.v6
            && self.first <= other.first
            && other.last <= self.last
            && (self.first, self.last) != (other.first, other.last)
    }
}

/// An `ipBlock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its CIDR.
    pub cidr: Cidr,
    /// Its exceptions.
    pub except: Vec<Cidr>,
}

impl Block {
    /// What is left of it after its exceptions, as ranges. Those with host bits or leading zeros cut in some CNI, and
    /// not in another. None cuts from a block that may be anything.
    fn rest(&self, sloppy_cuts: bool) -> Vec<(u128, u128)> {
        let mut rest = vec![(self.cidr.first, self.cidr.last)];
        for cut in self.except.iter().filter(|cut| (sloppy_cuts || !cut.sloppy) && !self.cidr.is_anything()) {
            rest = rest
                .into_iter()
                .flat_map(|(first, last)| {
                    if cut.last < first || last < cut.first {
                        return vec![(first, last)];
                    }
                    let mut pieces = Vec::new();
                    if first < cut.first {
                        pieces.push((first, cut.first - 1));
                    }
                    if cut.last < last {
                        pieces.push((cut.last + 1, last));
                    }
                    pieces
                })
                .collect();
        }
        rest
    }

    /// How much it holds of the pods' ranges of its own family.
    pub fn extent(&self, pods: &[Cidr]) -> Extent {
        let rest = self.rest(false);
        let ranges: Vec<&Cidr> = pods.iter().filter(|range| range.v6 == self.cidr.v6).collect();
        let meets = |range: &&Cidr| rest.iter().any(|(first, last)| *first <= range.last && range.first <= *last);
        if !ranges.iter().any(meets) {
            return Extent::None;
        }
        // What of a range lies outside the rest? Adjacent pieces are one.
        let holds = |range: &&Cidr| {
            let mut from = Some(range.first);
            let mut pieces = self.rest(true);
            pieces.sort_unstable();
            for (first, last) in pieces {
                if let Some(at) = from
                    && first <= at
                    && at <= last
                {
                    from = if last >= range.last { None } else { Some(last + 1) };
                }
            }
            from.is_none()
        };
        if ranges.iter().all(holds) { Extent::Whole } else { Extent::Part }
    }

    /// Whether it holds any address at all.
    pub fn holds_any(&self) -> bool {
        !self.rest(false).is_empty()
    }

    /// Whether it holds this one address.
    pub fn holds(&self, address: IpAddr) -> bool {
        let (v6, number) = match address {
            IpAddr::V4(address) => (false, u128::from(u32::from(address))),
            IpAddr::V6(address) => (true, u128::from(address)),
        };
        self.cidr.v6 == v6 && self.rest(false).iter().any(|(first, last)| *first <= number && number <= *last)
    }
}
