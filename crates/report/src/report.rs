//! The whole of what a scan says.

use crate::finding::Finding;
use crate::matrix::Matrix;
use crate::rule::Severity;
use crate::shell::words;
use dtap_model::place::Place;
use serde::Serialize;

/// Everything that is shown, in the order of the screen. Every line of the screen has its field here.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was read.
    pub input: Input,
    /// The streets found, sorted by name.
    pub streets: Vec<StreetSummary>,
    /// The clusters the input is about.
    pub clusters: Vec<ClusterSummary>,
    /// The namespaces that serve all environments, sorted.
    pub shared: Vec<NamespaceSummary>,
    /// The namespaces that belong to no environment found, sorted.
    pub unplaced: Vec<NamespaceSummary>,
    /// Namespaces that only policies speak of, sorted.
    pub elsewhere: Vec<NamespaceSummary>,
    /// The network plane, by stage over all streets.
    pub network: Matrix,
    /// The same by street, where there are several; only those in which something is broken or unknown.
    pub network_by_street: Vec<(String, Matrix)>,
    /// What the verdicts stand on.
    pub assumptions: Vec<Assumption>,
    /// Parity, step by step along each street.
    pub parity: Vec<ParityStep>,
    /// Every finding in the order it is shown.
    pub findings: Vec<Finding>,
    /// Why something is unknown, each reason once.
    pub unknown: Vec<String>,
    /// What to do about reasons for unknown of which no finding tells.
    pub undecided: Vec<Undecided>,
    /// What might tell environments apart, the most frequent first: for an input in which fewer than two were found.
    pub candidates: Vec<Candidate>,
    /// The `--environment` options, as `NAME=SELECTOR`, with which two environments would be found where fewer were.
    pub suggested: Vec<String>,
}

/// Something that was looked at and said no stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The selector that would pick it, as `--environment NAME=SELECTOR` takes it.
    pub selector: String,
    /// How many namespaces or objects it would pick.
    pub count: usize,
}

/// A reason for unknown of which no finding tells, and what to do about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undecided {
    /// The reason, as it stands among the others.
    pub why: String,
    /// What `dtap explain` tells of it: a rule or an assumption; none where it speaks for itself.
    pub explain: Option<&'static str>,
    /// What to type or to write.
    pub mend: String,
    /// Where it shows.
    pub place: Option<Place>,
}

/// The account of what was read: nothing is skipped in silence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What the user named.
    pub paths: Vec<String>,
    /// The options by which it was read as it was (`--environment`, `--exclude`, …), word by word: commands that are
    /// proposed keep them.
    pub options: Vec<String>,
    /// The same of those by which it was judged (`--strict`, `--assume`).
    pub judging: Vec<String>,
    /// Files that were read.
    pub files: usize,
    /// Documents in them that are not empty.
    pub documents: usize,
    /// Kubernetes objects, items of lists counted one by one.
    pub objects: usize,
    /// Objects that hold for the verdict: read as such or rendered.
    pub rendered: usize,
    /// Documents that are not Kubernetes, by what they are (`workflow`, `values file`, `compose file`, `other`).
    pub not_kubernetes: Vec<(String, usize)>,
    /// Files and folders left out on request (`--exclude`, `.gitignore`), by why.
    pub left_out: Vec<(String, usize)>,
    /// What could not be read: its name and why, in one line.
    pub unread: Vec<Unread>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file, folder or object, with line and column where there are such.
    pub name: String,
    /// What happened.
    pub why: String,
    /// What to do.
    pub hint: Option<String>,
    /// Where, when a text was read in which the fault stands.
    pub place: Option<Place>,
}

/// A street and its environments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StreetSummary {
    /// The name.
    pub name: String,
    /// The environments in order.
    pub environments: Vec<EnvironmentSummary>,
    /// How they were found, in a phrase.
    pub evidence: String,
}

/// An environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnvironmentSummary {
    /// The stage as shown.
    pub stage: String,
    /// Whether it is production.
    pub production: bool,
    /// How that is known, where its name does not say it: ``label `is-production` ``.
    pub production_by: Option<String>,
    /// The spellings that were folded into it, where there was more than one or another one.
    pub folded: Vec<String>,
    /// Its namespaces.
    pub namespaces: Vec<String>,
    /// Its cluster.
    pub cluster: String,
    /// How many objects it holds.
    pub objects: usize,
    /// The digest of what it is apart from placement: two environments of one street are identical when theirs are
    /// equal.
    pub parity_digest: String,
}

/// A cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClusterSummary {
    /// The name.
    pub name: String,
    /// How it is known.
    pub evidence: String,
}

/// A namespace outside the environments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NamespaceSummary {
    /// The name.
    pub name: String,
    /// How it is known what it is.
    pub evidence: String,
    /// Its cluster: namespaces of one name may stand on several.
    pub cluster: String,
    /// Of what names no namespace and belongs to no environment: what it is. Empty for every namespace that has a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<KindCount>,
}

/// How many objects there are of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// How many objects.
    pub objects: usize,
}

/// Something a verdict stands on that the input cannot show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// The name as `--assume` takes it.
    pub name: String,
    /// What is assumed, in a phrase.
    pub statement: String,
    /// On what ground.
    pub standing: Standing,
}

/// On what ground an assumption stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "detail")]
pub enum Standing {
    /// Nobody vouches for it.
    Assumed,
    /// The input settles it, and how.
    Evidence(String),
    /// Somebody's word: `--assume` on the command line.
    Word(String),
}

/// Parity between two neighbouring environments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ParityStep {
    /// The street.
    pub street: String,
    /// The earlier environment.
    pub from: String,
    /// The later environment.
    pub to: String,
    /// Single differences, path by path.
    pub differences: usize,
    /// Causes they are grouped into.
    pub causes: usize,
    /// Why it could not be compared in whole, where it could not.
    pub unknown: Option<String>,
}

/// Findings that are not shown, because only those of some rules are asked for. They count for the outcome all the
/// same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
}

impl Input {
    /// What stands behind `dtap diff FROM TO` to compare the same input.
    #[must_use]
    pub fn read_alike(&self) -> String {
        words(self.options.iter().chain(&self.paths))
    }

    /// What stands behind `dtap scan` to see the same verdicts.
    #[must_use]
    pub fn judged_alike(&self) -> String {
        words(self.options.iter().chain(&self.judging).chain(&self.paths))
    }
}

impl Report {
    /// What is not shown where only findings of these rules are; none where all are.
    #[must_use]
    pub fn left_out(&self, rules: &[&str]) -> Option<LeftOut> {
        let hidden = || self.findings.iter().filter(|finding| !rules.contains(&finding.rule.code));
        let number = |severity| hidden().filter(|finding| finding.severity == severity).count();
        (!rules.is_empty()).then(|| LeftOut {
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            notes: number(Severity::Note),
        })
    }
}
