//! A finding: one rule's complaint about this input, with its evidence.

use crate::mask::MASK;
use crate::rule::{Rule, Severity};
use dtap_model::place::Place;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// One complaint. Findings of one cause are one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much this one matters.
    pub severity: Severity,
    /// The complaint in one line, with the witness: who can open what, or what differs.
    pub summary: String,
    /// What it is about, by name: the pod that can be opened, the object that differs, the file.
    pub about: String,
    /// What it has in common with others of its rule, in a phrase: where there are too many to tell, they are counted
    /// by it.
    pub cause: String,
    /// Where it stands, the most telling place first. May be empty where the cause is an absence.
    pub evidence: Vec<Evidence>,
    /// What to do about this one; the rule's general advice where none is given.
    pub mend: Option<String>,
    /// The environments it concerns, as `street/stage`, in the order of the streets; the side that is endangered last.
    pub environments: Vec<String>,
    /// Whether production is endangered. Such findings come first within a severity.
    pub production: bool,
    /// Whether it is about pods that are in the input (or their templates), not only about pods that would be.
    pub known: bool,
    /// How many single cases it stands for: flows between workloads, paths, objects.
    pub cases: usize,
    /// What identifies it across runs: see [`Fingerprint`].
    pub fingerprint: Fingerprint,
}

/// One place that shows a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// What is to be seen there, in a phrase: `admits every namespace of team shop`.
    pub label: String,
}

/// A stable name for a finding: a digest over what it is about, never over lines, columns or unrelated content. Where
/// many findings of one kind are told as one, that one is about the kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

impl Evidence {
    /// Whether what stands at the place must not be shown: where the words about it mask it, its line does, too.
    #[must_use]
    pub fn hides_value(&self) -> bool {
        self.label.contains(MASK)
    }
}

impl Fingerprint {
    /// The fingerprint of a rule's complaint about `subjects`: identities of objects, environments, paths; in an order
    /// that does not depend on where they stand.
    #[must_use]
    pub fn of(code: &str, subjects: &[&str]) -> Self {
        let mut digest = Sha256::new();
        digest.update(code.as_bytes());
        for subject in subjects {
            // A separator that occurs in no Kubernetes name keeps `a` + `bc` apart from `ab` + `c`.
            digest.update([0]);
            digest.update(subject.as_bytes());
        }
        let mut text = String::with_capacity(16);
        for byte in digest.finalize().iter().take(8) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }
}
