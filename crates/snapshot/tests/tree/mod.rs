//! A tree as JSON, to be held against what another reader makes of the same text.

use dtap_model::tree::{Node, Value};
use serde_json::Value as Json;

/// The value that a node says.
pub fn json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::String(text) => Json::from(text.as_ref()),
        Value::Sequence(items) => items.iter().map(json).collect(),
        Value::Mapping(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone().into_owned(), json(&entry.node))).collect())
        }
    }
}
