//! Label selectors, as the API documentation of LabelSelector has them (N4, N5).

use super::line::Line;
use super::reading::{Misreading, Refused, field};
use dtap_model::tree::{Node, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Labels of a pod or a namespace.
pub type Labels = BTreeMap<String, String>;

/// A selector: all requirements must hold. Without requirements it selects everything (`{}`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    DoesNotExist(String),
}

impl Selector {
    /// Reads a selector that is there; null is `{}` for a caller that holds the absent apart.
    pub fn read(node: &Node<'_>, misread: Misreading) -> Result<Self, Refused> {
        if !matches!(node.value, Value::Null | Value::Mapping(_)) {
            return Err(Refused);
        }
        let mut requirements = Vec::new();
        if let Some(labels) = field(node, "matchLabels", misread) {
            for (key, value) in labels_of(Some(labels))? {
                requirements.push(Requirement::In(key, vec![value]));
            }
        }
        if let Some(expressions) = field(node, "matchExpressions", misread) {
            for expression in list(expressions)? {
                requirements.push(read_requirement(expression, misread)?);
            }
        }
        Ok(Self { requirements })
    }

    /// The selector of a Service: these labels, and any others.
    pub fn exactly(labels: &Labels) -> Self {
        Self {
            requirements: labels.iter().map(|(key, value)| Requirement::In(key.clone(), vec![value.clone()])).collect(),
        }
    }

    /// Whether it selects an object with these labels.
    pub fn selects(&self, labels: &Labels, misread: Misreading) -> bool {
        self.requirements.iter().all(|requirement| match requirement {
            Requirement::In(key, values) => labels.get(key).is_some_and(|value| values.contains(value)),
            // N5: an object that lacks the key is not in the values.
            Requirement::NotIn(key, values) => match labels.get(key) {
                Some(value) => !values.contains(value),
                None => misread != Some(Line::N5),
            },
            Requirement::Exists(key) => labels.contains_key(key),
            Requirement::DoesNotExist(key) => !labels.contains_key(key) && misread != Some(Line::N5),
        })
    }

    /// Adds the keys and values that it names.
    pub fn names(&self, named: &mut BTreeMap<String, BTreeSet<String>>) {
        for requirement in &self.requirements {
            match requirement {
                Requirement::In(key, values) | Requirement::NotIn(key, values) => {
                    named.entry(key.clone()).or_default().extend(values.iter().cloned());
                }
                Requirement::Exists(key) | Requirement::DoesNotExist(key) => {
                    named.entry(key.clone()).or_default();
                }
            }
        }
    }
}

/// One item of `matchExpressions`. The server refuses operators it does not know, `In` and `NotIn` without values,
/// `Exists` and `DoesNotExist` with values (N4).
fn read_requirement(node: &Node<'_>, misread: Misreading) -> Result<Requirement, Refused> {
    let key =
        field(node, "key", misread).and_then(Node::as_str).filter(|key| !key.is_empty()).ok_or(Refused)?.to_owned();
    let operator = field(node, "operator", misread).and_then(Node::as_str).ok_or(Refused)?;
    let mut values = Vec::new();
    if let Some(node) = field(node, "values", misread) {
        for value in list(node)? {
            values.push(text(value)?);
        }
    }
    match (operator, values.is_empty()) {
        ("In", false) => Ok(Requirement::In(key, values)),
        ("NotIn", false) => Ok(Requirement::NotIn(key, values)),
        ("Exists", true) => Ok(Requirement::Exists(key)),
        ("DoesNotExist", true) => Ok(Requirement::DoesNotExist(key)),
        _ => Err(Refused),
    }
}

/// A mapping of text to text; absent or null is the empty one.
pub fn labels_of(node: Option<&Node<'_>>) -> Result<Labels, Refused> {
    match node.map(|node| &node.value) {
        None | Some(Value::Null) => Ok(Labels::new()),
        Some(Value::Mapping(entries)) => {
            entries.iter().map(|entry| Ok((entry.key.to_string(), text(&entry.node)?))).collect()
        }
        Some(_) => Err(Refused),
    }
}

/// Text; null is the empty one, as in Go.
fn text(node: &Node<'_>) -> Result<String, Refused> {
    match &node.value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.to_string()),
        _ => Err(Refused),
    }
}

/// A list; null is the empty one.
pub fn list<'tree, 'source>(node: &'tree Node<'source>) -> Result<&'tree [Node<'source>], Refused> {
    match &node.value {
        Value::Null => Ok(&[]),
        Value::Sequence(items) => Ok(items),
        _ => Err(Refused),
    }
}

/// Every label set over the keys and values that selectors name, one fresh value of each key, and the key's absence.
pub fn every_label_set(named: &BTreeMap<String, BTreeSet<String>>) -> Vec<Labels> {
    let mut sets = vec![Labels::new()];
    for (key, values) in named {
        let mut longer = Vec::new();
        for set in &sets {
            longer.push(set.clone());
            for value in values.iter().map(String::as_str).chain(["a-value-that-no-selector-names"]) {
                let mut with = set.clone();
                with.insert(key.clone(), value.to_owned());
                longer.push(with);
            }
        }
        sets = longer;
    }
    sets
}
