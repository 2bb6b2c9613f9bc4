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
    /// May it?
    pub reachable: Reachable,
    /// Why: the policies that decide, or what is missing.
    pub because: Vec<Because>,
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
