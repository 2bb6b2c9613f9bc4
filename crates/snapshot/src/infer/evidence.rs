//! What labels and annotations say: of stages under keys such as `environment`, of streets under keys such as `part-of`.

use super::stage::{self, Found};
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
}

/// What a key speaks of, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Environments: any value is a stage.
    Environment,
    /// Sometimes stages: a value that is one says so, `frontend` or `gold` say nothing.
    Maybe,
    /// Whether it is production.
    Production,
}

/// What a key speaks of, whatever its prefix.
fn kind(key: &str) -> Option<Key> {
    let name = key.rsplit('/').next().unwrap_or(key);
    match name {
        "environment" | "env" | "environment-name" | "env-name" | "environment_name" => Some(Key::Environment),
        "stage" | "tier" | "variant" | "deployment-environment" | "dtap" => Some(Key::Maybe),
        "is-production" | "production" => Some(Key::Production),
        _ => None,
    }
}

/// The stage that a value says under a key of that kind. `any`: whether a word that no table knows is a stage.
fn read(kind: Key, value: &str, any: bool) -> Option<Found> {
    match kind {
        Key::Environment if any => stage::of_value(value),
        Key::Environment | Key::Maybe => stage::of_word(value),
        Key::Production => stage::of_word("production").filter(|_| value == "true"),
    }
}

/// The stage that labels say, with the key.
fn stage_of<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>, any: bool) -> Option<(&'a str, Found)> {
    let telling = labels.filter_map(|(key, value)| Some((kind(key)?, key, value)));
    let said = telling.filter_map(|(kind, key, value)| Some((kind, key, read(kind, value, any)?)));
    said.min_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1))).map(|(_, key, found)| (key, found))
}

/// The stage that a Namespace's labels, or else its annotations, say. One that only the input knows is production where
/// the Namespace says so: `environment: archive` beside `is-production: "true"`.
#[must_use]
pub fn of_namespace(object: &Object) -> Option<Said> {
    let said = |field: &str, label: bool| {
        let (key, mut found) = stage_of(pairs(&object.tree, field), true)?;
        let mut production = pairs(&object.tree, field).filter(|(key, _)| kind(key) == Some(Key::Production));
        found.stage.production |= found.stage.is_own() && production.any(|(_, value)| value == "true");
        Some(Said { found, key: key.to_owned(), label })
    };
    said("labels", true).or_else(|| said("annotations", false))
}

/// The stage of the table that an object's own labels say.
#[must_use]
pub fn of_object(object: &Object) -> Option<Said> {
    let (key, found) = stage_of(pairs(&object.tree, "labels"), false)?;
    Some(Said { found, key: key.to_owned(), label: true })
}

/// The stage of the table that a pod's labels say.
#[must_use]
pub fn of_labels(labels: &[(String, String)]) -> Option<Said> {
    let (key, found) = stage_of(labels.iter().map(|(key, value)| (key.as_str(), value.as_str())), false)?;
    Some(Said { found, key: key.to_owned(), label: true })
}

/// The street that a Namespace's labels say.
#[must_use]
pub fn street(labels: &[(String, String)]) -> Option<&str> {
    const KEYS: [&str; 5] = ["street", "part-of", "application", "app", "project"];
    KEYS.iter().find_map(|wanted| {
        let name = |key: &str| key.rsplit('/').next() == Some(*wanted);
        labels.iter().find(|(key, value)| name(key) && !value.is_empty()).map(|(_, value)| value.as_str())
    })
}

/// The labels of an object, sorted by key.
#[must_use]
pub fn labels(object: &Object) -> Vec<(String, String)> {
    let mut labels: Vec<(String, String)> =
        pairs(&object.tree, "labels").map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    labels.sort();
    labels
}

/// The entries of a mapping under `metadata`; `null` is the empty text.
fn pairs<'tree>(tree: &'tree Node<'_>, field: &str) -> impl Iterator<Item = (&'tree str, &'tree str)> {
    let entries = tree.at(&["metadata", field]).map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (entry.key.as_ref(), entry.node.as_str().unwrap_or_default()))
}

impl Said {
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
