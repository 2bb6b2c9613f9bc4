//! Names as the API server takes them (RFC 1123).

use dtap_model::environment::{Belonging, NO_NAMESPACE, Namespace};
use dtap_model::label::{is_dns_label, is_dns_subdomain};

/// Whether the API server takes this for the name of an object (RFC 1123); a generated one ends in a star.
#[must_use]
pub fn is_object_name(name: &str) -> bool {
    let (stem, generated) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
    let stem = if generated { stem.trim_end_matches(['-', '.']) } else { stem };
    generated && stem.is_empty() || is_dns_subdomain(stem.as_bytes())
}

/// Whether the API server refuses a namespace for its name. One that only policies speak of may be called by the labels
/// they ask for.
pub(super) fn has_refused_name(namespace: &Namespace) -> bool {
    let named = namespace.belonging != Belonging::Elsewhere && namespace.name != NO_NAMESPACE;
    named && !is_dns_label(namespace.name.as_bytes())
}
