//! The one leak from dev to prd that a cluster may hold: eight shapes that people make, drawn by the seed.

use super::cluster::{Size, open_dev};
use serde_json::{Value, json};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A selector of namespaces lacks `environment`.
    KeyMissing,
    /// `namespaceSelector: {}`.
    EveryNamespace,
    /// Two items where one with both conditions was meant.
    OrForAnd,
    /// The default deny names Egress alone.
    WrongPolicyTypes,
    /// An ipBlock covers the pods.
    IpBlockTooWide,
    /// A port by its name, open to every namespace of the tier.
    NamedPort,
    /// `NotIn` on a key that no namespace has.
    NotInOnAbsentKey,
    /// The default deny is gone.
    DefaultDenyDeleted,
}

/// A leak into production of one street.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What is wrong.
    pub shape: Shape,
    /// The number of the street whose production is open. Its dev leaves the way out open.
    pub street: usize,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] = [
        Self::KeyMissing,
        Self::EveryNamespace,
        Self::OrForAnd,
        Self::WrongPolicyTypes,
        Self::IpBlockTooWide,
        Self::NamedPort,
        Self::NotInOnAbsentKey,
        Self::DefaultDenyDeleted,
    ];

    /// The name for tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyMissing => "key missing in a selector",
            Self::EveryNamespace => "namespaceSelector: {}",
            Self::OrForAnd => "OR for AND",
            Self::WrongPolicyTypes => "wrong policyTypes",
            Self::IpBlockTooWide => "ipBlock too wide",
            Self::NamedPort => "named port",
            Self::NotInOnAbsentKey => "NotIn on an absent key",
            Self::DefaultDenyDeleted => "default deny deleted",
        }
    }

    /// The name of the policy that has the fault; for a deleted one, of the one that is gone.
    pub const fn policy(self) -> &'static str {
        match self {
            Self::WrongPolicyTypes | Self::DefaultDenyDeleted => "default-deny",
            Self::IpBlockTooWide => "office",
            _ => "api",
        }
    }
}

impl Leak {
    /// The leak of a seed. Seeds that follow one another go through the shapes in turn, so that 20 show each twice.
    pub fn drawn(seed: u64, size: Size) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let open: Vec<usize> = (0..size.streets).filter(|street| open_dev(*street)).collect();
        let street = random.choice(&open).copied().unwrap_or(0);
        let index = usize::try_from(seed % 8).unwrap_or(0);
        Self { shape: Shape::ALL.get(index).copied().unwrap_or(Shape::EveryNamespace), street }
    }

    /// The rule that the policy `api` of production has besides its own, for the shapes that are a rule.
    pub fn rule(&self, street: &str) -> Option<Value> {
        match self.shape {
            Shape::KeyMissing => Some(
                json!({"from": [{"namespaceSelector": {"matchLabels": {"street": street}}}], "ports": [tcp(8080)]}),
            ),
            Shape::EveryNamespace => Some(json!({"from": [{"namespaceSelector": {}}], "ports": [tcp(8080)]})),
            Shape::OrForAnd => Some(json!({
                "from": [
                    {"namespaceSelector": {"matchLabels": {"environment": "prd"}}},
                    {"namespaceSelector": {"matchLabels": {"street": street}}},
                ],
                "ports": [tcp(8080)],
            })),
            Shape::NamedPort => Some(json!({
                "from": [{"namespaceSelector": {"matchLabels": {"tier": "apps"}}}],
                "ports": [{"port": "admin", "protocol": "TCP"}],
            })),
            Shape::NotInOnAbsentKey => Some(json!({
                "from": [{"namespaceSelector": {"matchExpressions": [
                    {"key": "stage", "operator": "NotIn", "values": ["acc", "dev", "tst"]},
                ]}}],
                "ports": [tcp(8080)],
            })),
            Shape::WrongPolicyTypes | Shape::IpBlockTooWide | Shape::DefaultDenyDeleted => None,
        }
    }
}

fn tcp(port: u16) -> Value {
    json!({"port": port, "protocol": "TCP"})
}
