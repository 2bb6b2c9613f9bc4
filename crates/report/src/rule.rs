//! A rule: what it looks for, why it matters, how to mend it. Each rule is one file of the crate that checks it.

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is broken. Exit status 1.
    Error,
    /// Something would break with the next pod, or could not be decided.
    Warning,
    /// Something to know.
    Note,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plane {
    /// Who can open a connection to whom.
    Network,
    /// In what environments differ.
    Parity,
    /// What was read, and what could not be.
    Sources,
}

/// One rule, complete: the manual's page and `dtap explain` are made of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable code, such as `NET001`.
    pub code: &'static str,
    /// One line, the complaint in general.
    pub title: &'static str,
    /// What it is about.
    pub plane: Plane,
    /// The severity of its findings unless a finding says otherwise.
    pub severity: Severity,
    /// Why it matters, in a paragraph or two.
    pub why: &'static str,
    /// Manifests that break it: an input for `dtap scan`, run as a test.
    pub breaks: &'static str,
    /// Manifests that hold: an input for `dtap scan`, run as a test.
    pub holds: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

impl Severity {
    /// As it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Plane {
    /// As it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Parity => "parity",
            Self::Sources => "sources",
        }
    }
}
