//! NET012: whether a pod of one environment can reach another could not be decided.

use dtap_report::{Plane, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET012",
    title: "whether a pod of one environment can open a connection to another could not be decided",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Under one reading of what the manifests say, or leave out, a connection is possible, and under another it is \
          not. What could not be decided is never taken for isolated.",
    breaks: "",
    holds: "",
    mend: "See what the evidence leaves open, and write it so that it can be read in one way only.",
};
