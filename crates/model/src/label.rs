//! Labels and names, and what the API server takes for one (`k8s.io/apimachinery/pkg/util/validation`).

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

/// The value of a label as it is written; `null` is the empty text, as the API server reads it. None where it is no
/// text.
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
    prefix.is_none_or(is_dns_subdomain) && is_label_word(name)
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

/// Whether this is a DNS subdomain, as the name of most objects is (RFC 1123; `IsDNS1123Subdomain` of the API
/// machinery).
#[must_use]
pub fn is_dns_subdomain(text: &[u8]) -> bool {
    text.len() <= 253 && text.split(|byte| *byte == b'.').all(is_part_of_dns)
}

/// Whether this is a DNS label, as the name of a namespace is (RFC 1123; `IsDNS1123Label`).
#[must_use]
pub fn is_dns_label(text: &[u8]) -> bool {
    text.len() <= 63 && is_part_of_dns(text)
}

fn is_part_of_dns(text: &[u8]) -> bool {
    is_word(text, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit(), |byte| byte == b'-')
}

/// Whether a text is made of outer bytes, with inner ones allowed but at the ends, and not empty.
fn is_word(text: &[u8], outer: impl Fn(u8) -> bool, inner: impl Fn(u8) -> bool) -> bool {
    text.first().is_some_and(|byte| outer(*byte))
        && text.last().is_some_and(|byte| outer(*byte))
        // Without an early end, as nearly every text fits: many bytes are looked at at once.
        && text.iter().fold(true, |fits, byte| fits & (outer(*byte) | inner(*byte)))
}
