//! Everything in which two environments differ: what `dtap diff` shows.

use crate::finding::Fingerprint;
use crate::rule::Rule;
use dtap_model::place::Place;

/// Two environments, compared in whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The one, as `street/stage`.
    pub from: String,
    /// The other.
    pub to: String,
    /// The differences, grouped by cause.
    pub causes: Vec<Cause>,
    /// Why they could not be compared in whole, each reason once.
    pub unknown: Vec<String>,
}

/// Differences of one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The rule that tells of it.
    pub rule: &'static Rule,
    /// The cause in one line.
    pub summary: String,
    /// What identifies it across runs.
    pub fingerprint: Fingerprint,
    /// The single differences.
    pub differences: Vec<Difference>,
}

/// One path at which they differ, or one object that only one of them has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The object: kind and name.
    pub object: String,
    /// The path in it; empty for the whole object.
    pub path: String,
    /// What the one says, masked where it must be; none where it says nothing.
    pub from: Option<String>,
    /// What the other says.
    pub to: Option<String>,
    /// Where the one says it, or would.
    pub from_place: Option<Place>,
    /// Where the other does.
    pub to_place: Option<Place>,
}

impl Differences {
    /// How many single differences there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.causes.iter().map(|cause| cause.differences.len()).sum()
    }

    /// The exit status of `dtap diff`: 0 the same, 1 any difference, 3 none found, but not everything could be
    /// compared.
    #[must_use]
    pub fn status(&self) -> u8 {
        match (self.causes.is_empty(), self.unknown.is_empty()) {
            (false, _) => 1,
            (true, true) => 0,
            (true, false) => 3,
        }
    }

    /// Every place that is cited.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        let differences = self.causes.iter().flat_map(|cause| &cause.differences);
        differences.flat_map(|difference| [difference.from_place, difference.to_place]).flatten()
    }
}
