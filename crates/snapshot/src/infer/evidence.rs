//! What labels and annotations say: of stages under keys such as `environment`, of streets under keys such as
//! `part-of`.

use super::stage::{self, Found};
use dtap_model::label::{Label, Labels};
use dtap_model::object::Object;
use dtap_model::tree::Node;

/// What an object's labels or annotations say of its stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The stage.
    pub found: Found,
    /// The key that says it.
    pub key: String,
    /// Whether it is a label; if not, an annotation.
    pub label: bool,
    /// What its key speaks of.
    kind: Key,
}

/// What a key speaks of, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Environments: any value is a stage.
    Environment,
    /// Sometimes stages: a value that is one says so, `frontend` or `gold` say nothing.
    Maybe,
    /// Whether it is production.
    Production,
}

/// The keys that speak of stages, whatever their prefix: the first that says one is taken.
const KEYS: [(&str, Key); 12] = [
    ("environment", Key::Environment),
    ("environment-name", Key::Environment),
    ("environment_name", Key::Environment),
    ("env", Key::Environment),
    ("env-name", Key::Environment),
    ("deployment-environment", Key::Maybe),
    ("dtap", Key::Maybe),
    ("stage", Key::Maybe),
    ("tier", Key::Maybe),
    ("variant", Key::Maybe),
    ("is-production", Key::Production),
    ("production", Key::Production),
];

/// What a key speaks of, and its rank among them.
fn kind(key: &str) -> Option<(Key, usize)> {
    let name = key.rsplit('/').next().unwrap_or(key);
    let position = KEYS.iter().position(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some((KEYS.get(position)?.1, position))
}

/// The stage that a value says under a key of that kind. `any`: whether a word that no table knows is a stage.
fn read(kind: Key, value: &str, any: bool) -> Option<Found> {
    match kind {
        Key::Environment if any => stage::of_value(value),
        Key::Environment | Key::Maybe => stage::of_word(value),
        Key::Production => stage::of_word("production").filter(|_| value == "true"),
    }
}

/// What labels or annotations say of stages, the most telling first. `any`: as [`read`] has it.
fn stages_of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, label: bool, any: bool) -> Vec<Said> {
    let said = pairs.filter_map(|(key, value)| {
        let (kind, rank) = kind(key)?;
        let found = read(kind, value, any)?;
        Some((kind, found.stage.is_own(), rank, Said { found, key: key.to_owned(), label, kind }))
    });
    let mut said: Vec<_> = said.collect();
    said.sort_by(|one, other| (one.0, one.1, one.2, &one.3.key).cmp(&(other.0, other.1, other.2, &other.3.key)));
    said.into_iter().map(|(.., said)| said).collect()
}

/// What a Namespace's labels, and then its annotations, say of its stage; the first is taken. One that only the input
/// knows is production where the Namespace says so: `environment: archive` beside `is-production: "true"`.
#[must_use]
pub fn of_namespace(object: &Object) -> Vec<Said> {
    let of = |field: &str, label: bool| {
        let mut all = stages_of(pairs(&object.tree, field), label, true);
        let is_production = all.iter().any(|said| said.kind == Key::Production);
        if let Some(first) = all.first_mut() {
            first.found.stage.production |= first.found.stage.is_own() && is_production;
        }
        all
    };
    [of("labels", true), of("annotations", false)].concat()
}

/// The stage of the table that an object's own labels say.
#[must_use]
pub fn of_object(object: &Object) -> Option<Said> {
    stages_of(pairs(&object.tree, "labels"), true, false).into_iter().next()
}

/// The stage of the table that a pod's labels say.
#[must_use]
pub fn of_labels(labels: &[Label]) -> Option<Said> {
    let pairs = labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    stages_of(pairs, true, false).into_iter().next()
}

/// The street that a Namespace's labels say.
#[must_use]
pub fn street(labels: &[Label]) -> Option<&str> {
    const KEYS: [&str; 5] = ["street", "part-of", "application", "app", "project"];
    KEYS.iter().find_map(|wanted| {
        let name = |key: &str| key.rsplit('/').next() == Some(*wanted);
        labels.iter().find(|(key, value)| name(key) && !value.is_empty()).map(|(_, value)| value.as_str())
    })
}

/// The labels of an object, sorted by key.
#[must_use]
pub fn labels(object: &Object) -> Labels {
    let mut labels: Labels = pairs(&object.tree, "labels").map(|(key, value)| (key.into(), value.into())).collect();
    labels.sort();
    labels
}

/// The entries of a mapping under `metadata`; `null` is the empty text.
fn pairs<'tree>(tree: &'tree Node<'_>, field: &str) -> impl Iterator<Item = (&'tree str, &'tree str)> {
    let entries = tree.at(&["metadata", field]).map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (entry.key.as_ref(), entry.node.as_str().unwrap_or_default()))
}

impl Said {
    /// Whether this says another stage than what is taken, in a word that is surely one. That something is production
    /// says not which stage it is.
    #[must_use]
    pub fn contradicts(&self, taken: &Self) -> bool {
        self.kind != Key::Production && !self.found.stage.is_own() && self.found.stage != taken.found.stage
    }

    /// How it is known, in a phrase: ``label `environment` ``.
    #[must_use]
    pub fn evidence(&self) -> String {
        let what = if self.label { "label" } else { "annotation" };
        format!("{what} `{}`", self.key)
    }

    /// The steps to the place that says it.
    #[must_use]
    pub fn steps(&self) -> [&str; 3] {
        ["metadata", if self.label { "labels" } else { "annotations" }, &self.key]
    }
}
