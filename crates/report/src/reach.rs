//! The answer to one question: may this open a connection to that? What `dtap reach` shows.

use crate::finding::Evidence;
use serde::Serialize;

/// May it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reachable {
    /// It may, for certain; without a port in the question, on some port.
    Allowed,
    /// It may not.
    Denied,
    /// It could not be decided.
    Unknown,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Who would open the connection, as typed.
    pub from: String,
    /// Who would accept it, as typed, without the port.
    pub to: String,
    /// The port and protocol it may be: the one asked for, where one was.
    pub port: Option<String>,
    /// All the ports that the answer is about.
    pub opens: Opens,
    /// May it?
    pub reachable: Reachable,
    /// Why: the policies that decide, or what is missing.
    pub because: Vec<Because>,
}

/// The ports that an answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Every port of every protocol.
    Every,
    /// Every port of this protocol.
    EveryOf(&'static str),
    /// This port and protocol, such as `80/TCP`.
    One(String),
}

impl Opens {
    /// As it is printed by itself.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Every => "any port".to_owned(),
            Self::EveryOf(protocol) => format!("any {protocol} port"),
            Self::One(port) => port.clone(),
        }
    }
}

/// One reason, with its place where one shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// In words.
    pub text: String,
    /// Where it shows.
    pub evidence: Option<Evidence>,
}

impl Reachable {
    /// The exit status of `dtap reach`.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::Allowed => 0,
            Self::Denied => 1,
            Self::Unknown => 3,
        }
    }

    /// As it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }
}
