//! Ports: sets of them by protocol, and what the `ports` of a policy rule come to at a destination.

use dtap_model::workload::{ContainerPort, Protocol};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Every port of every protocol.
pub static ALL_PORTS: LazyLock<Ports> = LazyLock::new(Ports::all);

/// A set of ports, 1 to 65535 of each protocol that NetworkPolicy isolates (N8, N22).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    tcp: Vec<(u16, u16)>,
    udp: Vec<(u16, u16)>,
    sctp: Vec<(u16, u16)>,
}

impl Ports {
    /// Every port of every protocol.
    #[must_use]
    pub fn all() -> Self {
        let whole = || vec![(1, u16::MAX)];
        Self { tcp: whole(), udp: whole(), sctp: whole() }
    }

    /// One port.
    #[must_use]
    pub fn one(protocol: Protocol, number: u16) -> Self {
        let mut ports = Self::default();
        ports.add(protocol, number, number);
        ports
    }

    fn of(&self, protocol: Protocol) -> &Vec<(u16, u16)> {
        match protocol {
            Protocol::Tcp => &self.tcp,
            Protocol::Udp => &self.udp,
            Protocol::Sctp => &self.sctp,
        }
    }

    fn of_mut(&mut self, protocol: Protocol) -> &mut Vec<(u16, u16)> {
        match protocol {
            Protocol::Tcp => &mut self.tcp,
            Protocol::Udp => &mut self.udp,
            Protocol::Sctp => &mut self.sctp,
        }
    }

    /// Adds the ports from `first` to `last`, both included.
    pub fn add(&mut self, protocol: Protocol, first: u16, last: u16) {
        let (mut low, mut high) = (first, last);
        let ranges = self.of_mut(protocol);
        ranges.retain(|(start, end)| {
            let touches = *start <= high.saturating_add(1) && low <= end.saturating_add(1);
            if touches {
                low = low.min(*start);
                high = high.max(*end);
            }
            !touches
        });
        ranges.push((low, high));
        ranges.sort_unstable();
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Self) {
        for protocol in Protocol::ALL {
            for (first, last) in other.of(protocol) {
                self.add(protocol, *first, *last);
            }
        }
    }

    /// The ports in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut both = Self::default();
        for protocol in Protocol::ALL {
            for (start, end) in self.of(protocol) {
                for (other_start, other_end) in other.of(protocol) {
                    let (low, high) = (*start.max(other_start), *end.min(other_end));
                    if low <= high {
                        both.of_mut(protocol).push((low, high));
                    }
                }
            }
        }
        both
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// Whether this one is among them.
    #[must_use]
    pub fn contains(&self, protocol: Protocol, number: u16) -> bool {
        self.of(protocol).iter().any(|(start, end)| (*start..=*end).contains(&number))
    }

    /// Whether some port of this protocol is among them.
    #[must_use]
    pub fn has(&self, protocol: Protocol) -> bool {
        !self.of(protocol).is_empty()
    }

    /// The least, in the order TCP, UDP, SCTP.
    #[must_use]
    pub fn first(&self) -> Option<(Protocol, u16)> {
        Protocol::ALL.into_iter().find_map(|protocol| Some((protocol, self.of(protocol).first()?.0)))
    }
}

/// The port to tell of several that are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// None: every port of every protocol is open.
    Every,
    /// Every port of a protocol is open.
    EveryOf(Protocol),
    /// This one is.
    One(Protocol, u16),
}

impl Shown {
    /// The port to tell of these: a declared one where there is one among them, else the first; none where none is
    /// open.
    #[must_use]
    pub fn of(ports: &Ports, declared: Option<&[ContainerPort]>) -> Option<Self> {
        let mut declared = declared.into_iter().flatten();
        let (protocol, number) = ports.first()?;
        Some(match declared.find(|port| ports.contains(port.protocol, port.number)) {
            Some(port) => Self::One(port.protocol, port.number),
            None if *ports == *ALL_PORTS => Self::Every,
            None if ports.of(protocol) == ALL_PORTS.of(protocol) => Self::EveryOf(protocol),
            None => Self::One(protocol, number),
        })
    }
}

impl std::fmt::Display for Shown {
    /// As it follows the name of a pod.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Every => Ok(()),
            Self::EveryOf(protocol) => write!(out, " on any {} port", protocol.as_str()),
            Self::One(protocol, number) => write!(out, ":{number}/{}", protocol.as_str()),
        }
    }
}

/// Whether these ports, being not all of TCP, hold the one by which an ambient mesh tunnels all others (N23).
#[must_use]
pub fn opens_tunnel(ports: &Ports) -> bool {
    ports.contains(Protocol::Tcp, 15008) && ports.tcp != ALL_PORTS.tcp
}

/// The `ports` of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortRule<'s> {
    /// The ports given by number, by range, or as all of a protocol.
    pub fixed: Ports,
    /// The ports given by name, each with the protocol that must agree (N9).
    pub named: Vec<(Protocol, &'s str)>,
}

impl<'s> PortRule<'s> {
    /// A rule without `ports`: all of them (N3).
    #[must_use]
    pub fn all() -> Self {
        Self { fixed: Ports::all(), named: Vec::new() }
    }

    /// The ports this opens at a destination that declares these ports; `None` for a pod that would be, which may give
    /// a name any number (N9).
    #[must_use]
    pub fn at(&self, declared: Option<&[ContainerPort]>) -> Cow<'_, Ports> {
        if self.named.is_empty() {
            return Cow::Borrowed(&self.fixed);
        }
        let mut ports = self.fixed.clone();
        for (protocol, name) in &self.named {
            let Some(declared) = declared else {
                ports.add(*protocol, 1, u16::MAX);
                continue;
            };
            // Every container counts; one name may mean several numbers.
            for port in declared.iter().filter(|port| port.protocol == *protocol && port.name.as_deref() == Some(name))
            {
                ports.add(*protocol, port.number, port.number);
            }
        }
        Cow::Owned(ports)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_meet() {
        let mut ports = Ports::default();
        ports.add(Protocol::Tcp, 10, 20);
        ports.add(Protocol::Tcp, 30, 40);
        ports.add(Protocol::Tcp, 21, 29);
        assert_eq!(ports.tcp, [(10, 40)]);
        let both = ports.intersection(&Ports::one(Protocol::Tcp, 40));
        assert_eq!(both.first(), Some((Protocol::Tcp, 40)));
        assert!(ports.intersection(&Ports::one(Protocol::Udp, 40)).is_empty());
    }

    #[test]
    fn ranges_that_do_not_touch_stay_apart() {
        let mut ports = Ports::default();
        for (first, last) in [(10, 20), (40, 50), (30, 35)] {
            ports.add(Protocol::Udp, first, last);
        }
        assert_eq!(ports.udp, [(10, 20), (30, 35), (40, 50)]);
        assert!(ports.has(Protocol::Udp) && !ports.has(Protocol::Tcp));
    }

    #[test]
    fn the_port_told_is_declared_or_the_first_and_none_where_every_one_is_open() {
        let mut udp = Ports::default();
        udp.add(Protocol::Udp, 1, u16::MAX);
        let declared = [ContainerPort { name: None, number: 53, host_port: None, protocol: Protocol::Udp }];
        assert_eq!(Shown::of(&ALL_PORTS, None), Some(Shown::Every));
        assert_eq!(Shown::of(&udp, None), Some(Shown::EveryOf(Protocol::Udp)));
        assert_eq!(Shown::of(&udp, Some(&declared)), Some(Shown::One(Protocol::Udp, 53)));
        assert_eq!(Shown::of(&Ports::one(Protocol::Tcp, 80), Some(&declared)), Some(Shown::One(Protocol::Tcp, 80)));
        assert_eq!(Shown::of(&Ports::default(), None), None);
    }

    #[test]
    fn a_name_means_every_number_of_its_protocol_that_carries_it() {
        let port = |name: &str, number, protocol| ContainerPort {
            name: Some(name.to_owned()),
            number,
            host_port: None,
            protocol,
        };
        let rule = PortRule { fixed: Ports::default(), named: vec![(Protocol::Tcp, "web")] };
        let declared = [port("web", 80, Protocol::Tcp), port("web", 81, Protocol::Tcp), port("web", 82, Protocol::Udp)];
        let ports = rule.at(Some(&declared));
        assert!(ports.contains(Protocol::Tcp, 80) && ports.contains(Protocol::Tcp, 81));
        assert!(!ports.contains(Protocol::Udp, 82) && !ports.contains(Protocol::Tcp, 82));
        assert!(rule.at(Some(&[])).is_empty());
        assert!(rule.at(None).contains(Protocol::Tcp, 65535));
    }
}
