//! Labels, and what the API server takes for one.

use crate::tree::Node;
use smol_str::SmolStr;

/// A label: its key and its value.
pub type Label = (SmolStr, SmolStr);

/// Labels: sorted by key, each key once.
pub type Labels = Vec<Label>;

/// The labels that many workloads have alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSet {
    /// The labels.
    pub labels: Labels,
    /// Whether the API server refuses one of them.
    pub refused: bool,
}

impl From<Labels> for LabelSet {
    fn from(labels: Labels) -> Self {
        let refused = !labels.iter().all(|(key, value)| is_label(key, value));
        Self { labels, refused }
    }
}

/// The value of a label as it is written; `null` is the empty text, as the API server reads it. None where it is no text.
#[must_use]
pub fn label_text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    if node.is_null() { Some("") } else { node.as_str() }
}

/// Whether the API server takes this for a label.
#[must_use]
pub fn is_label(key: &str, value: &str) -> bool {
    is_label_key(key) && is_label_value(value)
}

/// Whether this is a qualified name, as the key of a label is: `name` or `prefix/name`.
#[must_use]
pub fn is_label_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (prefix, name) = match bytes.iter().position(|byte| *byte == b'/') {
        Some(at) => (bytes.get(..at), bytes.get(at + 1..).unwrap_or_default()),
        None => (None, bytes),
    };
    let is_part =
        |part: &[u8]| is_word(part, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit(), |byte| byte == b'-');
    let prefix_fits =
        prefix.is_none_or(|prefix| prefix.len() <= 253 && prefix.split(|byte| *byte == b'.').all(is_part));
    prefix_fits && is_label_word(name)
}

/// Whether the API server takes this for the value of a label.
#[must_use]
pub fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_label_word(text.as_bytes())
}

/// Whether this is the name in a key of a label, or a value that is not empty.
fn is_label_word(text: &[u8]) -> bool {
    let inner = |byte| matches!(byte, b'-' | b'_' | b'.');
    text.len() <= 63 && is_word(text, |byte| byte.is_ascii_alphanumeric(), inner)
}

/// Whether a text is made of outer bytes, with inner ones allowed but at the ends, and not empty.
pub fn is_word(text: &[u8], outer: impl Fn(u8) -> bool, inner: impl Fn(u8) -> bool) -> bool {
    text.first().is_some_and(|byte| outer(*byte))
        && text.last().is_some_and(|byte| outer(*byte))
        // Without an early end, as nearly every text fits: many bytes are looked at at once.
        && text.iter().fold(true, |fits, byte| fits & (outer(*byte) | inner(*byte)))
}
