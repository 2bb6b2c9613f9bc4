//! The lines of the semantics, and for each the mistake that people make about it.
//!
//! A line *decided* a cluster when the oracle that makes this one mistake comes to other verdicts.

use serde_json::Value as Json;

/// A line of the section N of the semantics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    N8,
    N9,
    N10,
    N11,
    N12,
    N13,
    N14,
    N15,
    N16,
    N17,
    N18,
    N19,
    N20,
    N21,
    N22,
}

impl Line {
    /// Every line that the property test counts.
    pub const ALL: [Self; 22] = [
        Self::N1,
        Self::N2,
        Self::N3,
        Self::N4,
        Self::N5,
        Self::N6,
        Self::N7,
        Self::N8,
        Self::N9,
        Self::N10,
        Self::N11,
        Self::N12,
        Self::N13,
        Self::N14,
        Self::N15,
        Self::N16,
        Self::N17,
        Self::N18,
        Self::N19,
        Self::N20,
        Self::N21,
        Self::N22,
    ];

    /// The mistake.
    pub fn mistake(self) -> &'static str {
        match self {
            Self::N1 => "an `egress` that is there isolates, even when it is empty",
            Self::N2 => "a section that is missing or empty admits everything",
            Self::N3 => "an empty `from`, `to` or `ports` admits nothing",
            Self::N4 => "`podSelector` and `namespaceSelector` in one item are OR",
            Self::N5 => "`NotIn` and `DoesNotExist` need the key to be there",
            Self::N6 => "every policy that selects a pod must admit, not just one",
            Self::N7 => "only the destination's ingress counts",
            Self::N8 => "protocols do not matter",
            Self::N9 => "a named port that the pod does not declare matches every port",
            Self::N10 => "policy ports are the Service's ports",
            Self::N11 => "an ipBlock never matches a pod",
            Self::N12 => "a hostNetwork pod is a pod like another, and nothing arrives as a node",
            Self::N13 => "finished pods run, policies under deletion protect",
            Self::N14 => "a Namespace has the labels that its manifest shows, and no others",
            Self::N15 => "the CNI enforces, whoever says so",
            Self::N16 => "who reaches a shared namespace reaches what it reaches",
            Self::N17 => "there are no pods but those in the input",
            Self::N18 => "a NetworkPolicy is a NetworkPolicy, whatever its group and version",
            Self::N19 => "only Pods are selected, not the templates of workloads",
            Self::N20 => "a misspelt field means what was meant",
            Self::N21 => "two documents of one name add up",
            Self::N22 => "only declared container ports can be reached",
        }
    }

    /// Whether the line can matter at all to these documents: where not, the mistake about it need not be made.
    pub fn concerns(self, documents: &[Json], strict: bool) -> bool {
        let speaks_of = |words: &[&str]| {
            let text = Json::from(documents.to_vec()).to_string();
            words.iter().any(|word| text.contains(word))
        };
        match self {
            Self::N1 => speaks_of(&["\"egress\""]),
            Self::N5 => speaks_of(&["NotIn", "DoesNotExist"]),
            Self::N10 => speaks_of(&["\"Service\""]),
            Self::N11 => speaks_of(&["ipBlock"]),
            Self::N12 => speaks_of(&["hostNetwork", "hostPort", "NodePort", "LoadBalancer", "externalIPs"]),
            Self::N13 => speaks_of(&["Succeeded", "Failed", "deletionTimestamp"]),
            Self::N15 => strict,
            Self::N18 => speaks_of(&["extensions/", "calico", "antrea", "cilium"]),
            Self::N21 => speaks_of(&["twice"]),
            _ => true,
        }
    }
}
