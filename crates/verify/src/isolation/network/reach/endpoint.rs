//! The ends of a question as they are typed.

use crate::isolation::network::address::single;
use dtap_model::workload::Protocol;
use ipnet::IpNet;
use std::net::IpAddr;

/// Who is at one end of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `namespace/workload`: a pod, or the controller it belongs to.
    Workload {
        /// The namespace.
        namespace: String,
        /// The workload's or the pod's name.
        name: String,
    },
    /// `environment:workload`, the environment by its stage or as `street/stage`.
    InEnvironment {
        /// The environment.
        environment: String,
        /// The workload's name.
        name: String,
    },
    /// An address or a CIDR.
    Address(IpNet),
}

/// A port to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// The number.
    pub number: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl Endpoint {
    /// Reads an end: `namespace/workload`, `environment:workload`, an address or a CIDR.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(single(address)));
        }
        if let Ok(net) = bare.parse::<IpNet>() {
            return Ok(Self::Address(net.trunc()));
        }
        let full = |part: &str| !part.is_empty();
        match (text.rsplit_once(':'), text.split_once('/')) {
            (Some((address, _)), _) if is_address(address) => {
                Err(format!("`{text}`: a port may stand behind the second end only"))
            }
            (Some((environment, name)), _) if full(environment) && full(name) => {
                Ok(Self::InEnvironment { environment: environment.to_owned(), name: name.to_owned() })
            }
            (None, Some((namespace, name))) if full(namespace) && full(name) => {
                Ok(Self::Workload { namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err(format!(
                "`{text}` names no end: write `namespace/workload`, `environment:workload`, an address or a CIDR"
            )),
        }
    }

    /// Reads an end that a port may follow: `TO[:PORT[/PROTOCOL]]`. The protocol is TCP unless given.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse_with_port(text: &str) -> Result<(Self, Option<Port>), String> {
        let is_port = |port: &str| port.starts_with(|first: char| first.is_ascii_digit());
        match text.rsplit_once(':').filter(|_| !is_address(text)) {
            Some((end, port)) if is_port(port) || end.contains(':') || is_address(end) => {
                Ok((Self::parse(end)?, Some(Port::parse(port)?)))
            }
            _ => Ok((Self::parse(text)?, None)),
        }
    }
}

fn is_address(text: &str) -> bool {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok() || bare.parse::<IpNet>().is_ok()
}

impl Port {
    /// Reads `PORT[/PROTOCOL]`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "TCP"));
        let number = number.parse().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| format!("`{text}`: a port is a number from 1 to 65535"))?;
        let protocol = Protocol::parse(&protocol.to_ascii_uppercase())
            .ok_or_else(|| format!("`{text}`: a protocol is TCP, UDP or SCTP"))?;
        Ok(Self { number, protocol })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_read() {
        let workload =
            |namespace: &str, name: &str| Endpoint::Workload { namespace: namespace.into(), name: name.into() };
        let port = |number| Some(Port { number, protocol: Protocol::Tcp });
        assert_eq!(Endpoint::parse_with_port("shop-prd/orders:5432"), Ok((workload("shop-prd", "orders"), port(5432))));
        assert_eq!(Endpoint::parse_with_port("shop-prd/orders"), Ok((workload("shop-prd", "orders"), None)));
        let within = Endpoint::InEnvironment { environment: "shop/dev".into(), name: "web".into() };
        assert_eq!(Endpoint::parse_with_port("shop/dev:web:80/tcp"), Ok((within.clone(), port(80))));
        assert_eq!(Endpoint::parse_with_port("shop/dev:web"), Ok((within, None)));
        let address = |text: &str| Endpoint::Address(text.parse().unwrap());
        assert_eq!(Endpoint::parse_with_port("10.0.0.1:80"), Ok((address("10.0.0.1/32"), port(80))));
        assert_eq!(Endpoint::parse_with_port("10.0.0.0/8"), Ok((address("10.0.0.0/8"), None)));
        assert_eq!(Endpoint::parse_with_port("[fd00::1]:80"), Ok((address("fd00::1/128"), port(80))));
        assert_eq!(Endpoint::parse_with_port("fd00::1"), Ok((address("fd00::1/128"), None)));
        assert!(Endpoint::parse("web").is_err());
        assert_eq!(Endpoint::parse_with_port("[fd00::1]"), Ok((address("fd00::1/128"), None)));
        for (text, why) in [("prd:web:http", "a port is a number"), ("10.0.0.1:http", "a port is a number")] {
            assert!(Endpoint::parse_with_port(text).is_err_and(|told| told.contains(why)), "{text}");
        }
        assert!(Endpoint::parse("[fd00::1]:80").is_err_and(|told| told.contains("the second end only")));
        assert!(Endpoint::parse_with_port("a/b:0").is_err());
        assert!(Endpoint::parse_with_port("a/b:80/ICMP").is_err());
    }
}
