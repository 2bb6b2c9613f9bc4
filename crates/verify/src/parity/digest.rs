//! The parity digest of an environment: two environments of a street are identical when theirs are equal.
//!
//! The digest is over the canonical form: without what nobody decided and without placement, in the words of every
//! environment. It reads the same rules as [`super::differences`]: no difference, equal digests, and the reverse.

use super::align::{self, Side, Subject};
use super::canonical::{self, At};
use super::quantity;
use super::words::{self, Position};
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The digest of a side, as `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn digest(side: &Side<'_>) -> String {
    let objects: Vec<_> = side.objects.iter().collect();
    let of_subject = |(subject, objects): &(&Subject, &Vec<Cow<'_, Object>>)| {
        let mut forms: Vec<Vec<u8>> = objects.iter().map(|object| form(side, subject, object)).collect();
        // Several objects of one name are alternatives: their order says nothing, and equal ones are one.
        forms.sort_unstable();
        forms.dedup();
        let mut digest = Sha256::new();
        digest.update(format!("{:?}{}", subject, forms.len()));
        forms.iter().for_each(|form| digest.update(Sha256::digest(form)));
        digest.finalize()
    };
    let digests: Vec<_> = objects.par_iter().map(of_subject).collect();
    let mut whole = Sha256::new();
    digests.iter().for_each(|digest| whole.update(digest));
    let mut text = "sha256:".to_owned();
    for byte in whole.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The canonical form of an object: equal for what has no difference.
#[must_use]
pub fn form(side: &Side<'_>, subject: &Subject, object: &Object) -> Vec<u8> {
    let mut form = Form { side, subject, at: Vec::new() };
    let mut out = Vec::new();
    form.write(&object.tree, words::root(subject), &mut out);
    out
}

/// The walk through one object.
struct Form<'side> {
    side: &'side Side<'side>,
    subject: &'side Subject,
    at: Vec<At<'side>>,
}

impl<'side> Form<'side> {
    fn write(&mut self, node: &'side Node<'static>, at: Position, out: &mut Vec<u8>) {
        match &node.value {
            Value::Mapping(_) => self.mapping(node, at, out),
            Value::Sequence(items) => self.list(items, at, out),
            Value::Null => out.push(b'0'),
            _ if canonical::is_quantity(&self.at) => {
                let text = canonical::scalar(node).unwrap_or_default();
                match quantity::amount(&text) {
                    Some(amount) => tagged(b'q', &amount.to_string(), out),
                    None => tagged(b's', self.side.word(at, &text), out),
                }
            }
            Value::Bool(value) => tagged(b'b', &value.to_string(), out),
            Value::Integer(value) => tagged(b'i', &value.to_string(), out),
            Value::Float(value) => tagged(b'f', &value.to_bits().to_string(), out),
            Value::String(text) => tagged(b's', self.side.word(at, text), out),
        }
    }

    fn mapping(&mut self, node: &'side Node<'static>, at: Position, out: &mut Vec<u8>) {
        let kind = self.subject.kind.kind.as_str();
        let keys = words::keys(at);
        let entries = node.entries();
        let mut parts: Vec<(&str, Vec<u8>)> = Vec::with_capacity(entries.len());
        for entry in entries {
            self.at.push(At::Key(&entry.key));
            if !canonical::is_written(kind, &self.at, &entry.node, entries) {
                let key = self.side.word(keys, &entry.key);
                let mut part = Vec::new();
                self.write(&entry.node, words::below(at, key), &mut part);
                parts.push((key, part));
            }
            self.at.pop();
        }
        parts.sort_unstable();
        tagged(b'{', &parts.len().to_string(), out);
        for (key, part) in parts {
            tagged(b'k', key, out);
            out.extend(part);
        }
    }

    fn list(&mut self, items: &'side [Node<'static>], at: Position, out: &mut Vec<u8>) {
        let list = match self.at.last() {
            Some(At::Key(key)) => *key,
            _ => "",
        };
        let ordered = align::keeps_order(&self.subject.kind, list, items);
        self.at.push(At::Item);
        let mut parts: Vec<Vec<u8>> = Vec::with_capacity(items.len());
        for item in items {
            let mut part = Vec::new();
            self.write(item, at, &mut part);
            parts.push(part);
        }
        self.at.pop();
        if !ordered {
            parts.sort_unstable();
        }
        tagged(if ordered { b'[' } else { b'(' }, &parts.len().to_string(), out);
        parts.iter().for_each(|part| out.extend(part));
    }
}

/// A text with what it is and how long it is, so that no two sequences of texts are written alike.
fn tagged(tag: u8, text: &str, out: &mut Vec<u8>) {
    out.push(tag);
    out.extend(text.len().to_string().bytes());
    out.push(b':');
    out.extend(text.bytes());
}
