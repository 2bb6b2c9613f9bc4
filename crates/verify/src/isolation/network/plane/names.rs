//! Names as the API server takes them (RFC 1123).

use dtap_model::environment::{Belonging, NO_NAMESPACE, Namespace};
use dtap_model::label::is_word;

/// Whether the API server takes this for the name of an object (RFC 1123); a generated one ends in a star.
#[must_use]
pub fn is_object_name(name: &str) -> bool {
    let (stem, generated) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
    let stem = if generated { stem.trim_end_matches(['-', '.']) } else { stem };
    let fits =
        |part: &[u8]| is_word(part, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit(), |byte| byte == b'-');
    stem.len() <= 253 && (generated && stem.is_empty() || stem.as_bytes().split(|byte| *byte == b'.').all(fits))
}

/// Whether the API server takes this for the name of a namespace (RFC 1123).
fn is_namespace_name(name: &str) -> bool {
    name.len() <= 63 && !name.contains('.') && is_object_name(name)
}

/// Whether the API server refuses a namespace for its name. One that only policies speak of may be called by the labels
/// they ask for.
pub(super) fn has_refused_name(namespace: &Namespace) -> bool {
    let named = namespace.belonging != Belonging::Elsewhere && namespace.name != NO_NAMESPACE;
    named && !is_namespace_name(&namespace.name)
}
