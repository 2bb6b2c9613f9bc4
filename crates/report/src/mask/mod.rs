//! What is never shown: a Secret's data, and any value whose key speaks of passwords, tokens, secrets, credentials or
//! keys.
//!
//! Two halves: [`is_secret`] judges a path of an object that was read; [`hidden`] judges a line of a text, whether the
//! text could be read or not, and errs on the side of hiding. Both ask which [`name`] speaks of a secret; the second
//! looks at the [`document`] around the line, at the words [`spoken`] on it, and at each [`credential`] that shows by
//! itself.

mod block;
mod credential;
mod document;
mod name;
mod spoken;

pub use name::speaks_of_secret;

use credential::{inline_secrets, is_credential_flag};
use document::Document;
use dtap_model::object::GroupKind;
use dtap_model::path::{Path, Step};
use dtap_model::tree::{Entry, Node};
use name::is_field_key;
use spoken::{below_named, says_secret_inline, spoken_from};
use std::ops::Range;

/// What stands where something is hidden. It tells nothing of the length.
pub const MASK: &str = "***";

/// Whether an object of this kind is a Secret, or one that a controller makes a Secret of: a SealedSecret, an
/// ExternalSecret, a SopsSecret, a VaultStaticSecret, a list of them. Both halves ask this.
#[must_use]
pub fn makes_a_secret(kind: &str) -> bool {
    kind.to_ascii_lowercase().contains("secret")
}

/// Whether an object of the core group can hold nothing under `data` but what was meant for a Secret: `Secert`. Of the
/// kinds that there are only a ConfigMap has such a field, too.
fn is_misspelt_secret(kind: &GroupKind) -> bool {
    kind.group.is_empty() && kind.kind != "ConfigMap"
}

/// Whether the value at a path of an object must not be shown.
#[must_use]
pub fn is_secret(kind: &GroupKind, path: &Path) -> bool {
    makes_a_secret(&kind.kind) && is_in_data(&kind.kind, path)
        || is_misspelt_secret(kind) && matches!(path.0.first(), Some(Step::Key(key)) if key == "data")
        || path.0.iter().any(|step| match step {
            Step::Key(key) => speaks_of_secret(key) && !is_field_key(key),
            Step::Item { value, .. } => speaks_of_secret(value),
            Step::Index(_) => false,
        })
}

/// Whether the argument behind this flag is a secret: by its name, or by custom, as `curl -u` and `mysql -p` have it.
#[must_use]
pub fn asks_for_secret(flag: &str) -> bool {
    flag.starts_with('-') && (speaks_of_secret(flag) || is_credential_flag(flag))
}

/// How many fields a mapping has at most that is a name and its value, with a type or a description beside them.
const PAIR: usize = 4;

/// Whether what stands under a key must not be shown because of what stands beside it, wherever in an object that is:
/// the data of a Secret that another object holds, or the value of a pair whose name speaks of a secret.
#[must_use]
pub fn is_beside_secret(mapping: &Node<'_>, key: &str) -> bool {
    let is_head = matches!(key, "apiVersion" | "kind" | "metadata" | "type" | "immutable");
    if mapping.get("kind").and_then(Node::as_str) == Some("Secret") && !is_head {
        return true;
    }
    let entries = mapping.entries();
    let names = |entry: &Entry<'_>| {
        let text = entry.node.as_str().filter(|_| entry.key != key);
        text.is_some_and(|text| !text.contains(char::is_whitespace) && speaks_of_secret(text))
    };
    let is_reference = matches!(key, "name" | "key" | "namespace" | "mountPath" | "subPath");
    let is_flat = |entry: &Entry<'_>| entry.node.entries().is_empty() && entry.node.items().is_empty();
    !is_head && !is_reference && entries.len() <= PAIR && entries.iter().all(is_flat) && entries.iter().any(names)
}

/// Whether the path of an object that makes a Secret leads into what becomes its data: anything but the head of a
/// Secret itself or of a kind that nobody knows, and what the others call data or a template of it.
fn is_in_data(kind: &str, path: &Path) -> bool {
    let mut keys = path.0.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item { .. } | Step::Index(_) => None,
    });
    if kind.starts_with("Secret") && !matches!(kind, "SecretStore" | "SecretProviderClass") {
        return keys
            .next()
            .is_some_and(|key| !matches!(key, "apiVersion" | "kind" | "metadata" | "type" | "immutable"));
    }
    keys.any(|key| matches!(key, "encryptedData" | "data" | "stringData" | "template" | "templates"))
        && keys.all(|key| key != "metadata")
}

/// The parts of a line of `text` that must not be shown, as byte ranges into `text`, in order and apart.
/// `line` is the range of the line without its end.
#[must_use]
pub fn hidden(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let Some(content) = text.get(line.clone()) else { return Vec::new() };
    let document = Document::around(text, line.start);
    let from = document.hides_from(content);
    match from {
        Some(from) if from < content.trim_end().len() => {
            let end = line.start + content.trim_end().len();
            let before = inline_secrets(content).into_iter().filter(|range| range.start < from);
            let before = before.map(|range| line.start + range.start..line.start + range.end.min(from));
            before.chain(std::iter::once(line.start + from..end)).collect()
        }
        _ => {
            inline_secrets(content).into_iter().map(|range| line.start + range.start..line.start + range.end).collect()
        }
    }
}

/// How far around a value [`may_be_secret`] wants to see.
pub const NEAR: usize = 1 << 16;

/// Whether the text around a value gives any reason to hide it: for text whose lines say nothing, such as a dump in a
/// single line.
#[must_use]
pub fn may_be_secret(near: &str) -> bool {
    says_secret_inline(near)
        || spoken_from(near, false).is_some()
        || below_named(near).is_some()
        || !inline_secrets(near).is_empty()
}
