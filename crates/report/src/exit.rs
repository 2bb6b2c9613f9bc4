//! The exit status: what a report amounts to for whoever runs dtap in a script.

use crate::matrix::{Party, Verdict};
use crate::report::Report;
use crate::rule::Severity;
use serde::Serialize;
use std::collections::BTreeSet;

/// From which findings on a scan fails (`--fail-on`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Error findings.
    #[default]
    Error,
    /// Error findings and warnings.
    Warning,
    /// Error findings and any difference between two environments.
    Difference,
    /// Nothing that is found.
    Never,
}

/// What a report amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Everything holds under the assumptions named: exit status 0.
    Holds,
    /// A finding that counts as a failure, as an error does where nothing is to be one: exit status 1.
    Fails,
    /// Nothing broken, but something unknown, a namespace of no environment in open contact with one, or fewer than two
    /// environments to judge: exit status 3.
    Unknown,
}

impl Outcome {
    /// The exit status. 2 is not among them: it is for wrong use and for a world that failed. Who asks never to fail is
    /// told what was found all the same.
    #[must_use]
    pub fn status(self, fail_on: FailOn) -> u8 {
        match self {
            _ if fail_on == FailOn::Never => 0,
            Self::Holds => 0,
            Self::Fails => 1,
            Self::Unknown => 3,
        }
    }
}

impl Report {
    /// What this report amounts to.
    #[must_use]
    pub fn outcome(&self, fail_on: FailOn) -> Outcome {
        if self.fails(fail_on) {
            Outcome::Fails
        } else if self.leaves_open() {
            Outcome::Unknown
        } else {
            Outcome::Holds
        }
    }

    /// The stages found, over all streets, in the order in which they first occur along the streets.
    #[must_use]
    pub fn stages(&self) -> Vec<&str> {
        let mut stages: Vec<&str> = Vec::new();
        for environment in self.streets.iter().flat_map(|street| &street.environments) {
            if !stages.contains(&environment.stage.as_str()) {
                stages.push(&environment.stage);
            }
        }
        stages
    }

    /// Whether nothing was read that could be judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.input.objects == 0 && self.streets.is_empty()
    }

    fn fails(&self, fail_on: FailOn) -> bool {
        let worst = self.findings.iter().map(|finding| finding.severity).min();
        match fail_on {
            FailOn::Error | FailOn::Never => worst == Some(Severity::Error),
            FailOn::Warning => worst.is_some_and(|severity| severity <= Severity::Warning),
            FailOn::Difference => worst == Some(Severity::Error) || self.parity.iter().any(|step| step.differences > 0),
        }
    }

    fn leaves_open(&self) -> bool {
        self.stages().len() < 2
            || !self.unknown.is_empty()
            || !self.input.unread.is_empty()
            || self.parity.iter().any(|step| step.unknown.is_some())
            || self
                .network
                .pairs()
                .any(|(from, to, cell)| cell.verdict == Verdict::Unknown && (from.environment || to.environment))
            || self.is_open_to_unplaced()
    }

    /// Why the outcome is [`Outcome::Unknown`], in a line, and how many more reasons there are; none where it is
    /// another.
    #[must_use]
    pub fn why_unknown(&self, fail_on: FailOn) -> Option<(String, usize)> {
        if self.outcome(fail_on) != Outcome::Unknown {
            return None;
        }
        let few = match self.stages().as_slice() {
            _ if self.is_empty() => Some("nothing to judge".to_owned()),
            [] => Some("no environment was found".to_owned()),
            [one] => Some(format!("only one environment was found, {one}")),
            _ => None,
        };
        let contact =
            self.is_open_to_unplaced().then(|| "unplaced namespaces are in contact with environments".to_owned());
        let unread = self.input.unread.iter().map(|unread| format!("{}: {}", unread.name, unread.why));
        let steps = self.parity.iter().filter_map(|step| {
            Some(format!(
                "{} {} ▸ {} is not compared in whole: {}",
                step.street,
                step.from,
                step.to,
                step.unknown.as_ref()?
            ))
        });
        let pairs = self.network.pairs().filter(|(.., cell)| cell.verdict == Verdict::Unknown);
        let pairs = pairs.map(|(from, to, _)| format!("whether {} can open {}", from.name, to.name));
        let reasons = few.into_iter().chain(contact).chain(self.unknown.iter().cloned());
        let mut reasons: Vec<String> = reasons.chain(unread).collect();
        // A reason says more than what it leaves open.
        if reasons.is_empty() {
            reasons.extend(steps.chain(pairs));
        }
        let mut seen = BTreeSet::new();
        reasons.retain(|reason| seen.insert(reason.clone()));
        let more = reasons.len().saturating_sub(1);
        reasons.into_iter().next().map(|reason| (reason, more))
    }

    /// Whether an environment can open, or be opened by, a namespace that belongs to none that was found.
    #[must_use]
    pub fn is_open_to_unplaced(&self) -> bool {
        let between = |from: &Party, to: &Party| from.environment && to.unplaced || from.unplaced && to.environment;
        self.network.pairs().any(|(from, to, cell)| cell.verdict == Verdict::Broken && between(from, to))
    }
}
