//! The parity digest of an environment: two environments of a street are identical when theirs are equal.
//!
//! The digest is over the canonical form: without what nobody decided and without placement, in the words of every
//! environment. It reads the same rules as [`super::differences`]: no difference, equal digests, and the reverse.

use super::align::{self, Side, Subject};
use super::canonical::{self, At};
use super::quantity;
use super::words::{self, Position};
use dtap_model::object::Object;
use dtap_model::tree::{Entry, Node, Value};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The digest of what a side has of one subject.
pub type Said<'side> = (&'side Subject, [u8; 32]);

/// The digests of all that a side has, in the order of its subjects.
#[must_use]
pub fn of_subjects<'side>(side: &'side Side<'_>) -> Vec<Said<'side>> {
    let objects: Vec<_> = side.objects.iter().collect();
    let of_subject = |(subject, objects): (&'side Subject, &'side Vec<Cow<'_, Object>>)| {
        let mut forms: Vec<Vec<u8>> = objects.iter().map(|object| form(side, subject, object)).collect();
        // Several objects of one name are alternatives: their order says nothing, and equal ones are one.
        forms.sort_unstable();
        forms.dedup();
        let mut digest = Sha256::new();
        digest.update(format!("{:?}{}", subject, forms.len()));
        forms.iter().for_each(|form| digest.update(Sha256::digest(form)));
        (subject, digest.finalize().into())
    };
    objects.into_par_iter().map(of_subject).collect()
}

/// The subjects of which two sides say the same.
#[must_use]
pub fn alike<'side>(left: &[Said<'side>], right: &[Said<'_>]) -> FxHashSet<&'side Subject> {
    let right: FxHashSet<&Said<'_>> = right.iter().collect();
    left.iter().filter(|said| right.contains(said)).map(|(subject, _)| *subject).collect()
}

/// The digest of a side, as `sha256:` and 64 hexadecimal digits, from those of its subjects.
#[must_use]
pub fn digest(said: &[Said<'_>]) -> String {
    let mut whole = Sha256::new();
    said.iter().for_each(|(_, digest)| whole.update(digest));
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
            _ if canonical::is_quantity(&self.subject.kind.kind, &self.at) => {
                let text = canonical::scalar(node).unwrap_or_default();
                match quantity::amount(&text) {
                    Some(amount) => tagged(b'q', &amount.to_string(), out),
                    None => tagged(b's', self.side.word(at, &text), out),
                }
            }
            Value::String(image) if canonical::is_image(&self.at) => tagged(b's', &canonical::whole_image(image), out),
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
        let mut kept: Vec<(&str, &'side Entry<'static>)> = Vec::with_capacity(entries.len());
        for entry in entries {
            self.at.push(At::Key(&entry.key));
            if !canonical::is_written(kind, &self.at, &entry.node, entries) {
                kept.push((self.side.word(keys, &entry.key), entry));
            }
            self.at.pop();
        }
        kept.sort_by_key(|(key, _)| *key);
        tagged(b'{', &kept.len().to_string(), out);
        for same in kept.chunk_by(|(left, _), (right, _)| left == right) {
            let write = |form: &mut Self, (key, entry): &(&str, &'side Entry<'static>), out: &mut Vec<u8>| {
                tagged(b'k', key, out);
                form.at.push(At::Key(&entry.key));
                form.write(&entry.node, words::below(at, key), out);
                form.at.pop();
            };
            match same {
                [one] => write(self, one, out),
                // Keys that are one in the words of every environment.
                several => self.sorted(several.iter(), write, out),
            }
        }
    }

    /// Writes parts whose order says nothing, each alone, and then in the order of what they say.
    fn sorted<T>(
        &mut self,
        parts: impl Iterator<Item = T>,
        write: impl Fn(&mut Self, T, &mut Vec<u8>),
        out: &mut Vec<u8>,
    ) {
        let mut forms: Vec<Vec<u8>> = Vec::new();
        for part in parts {
            let mut form = Vec::new();
            write(self, part, &mut form);
            forms.push(form);
        }
        forms.sort_unstable();
        forms.iter().for_each(|form| out.extend(form));
    }

    fn list(&mut self, items: &'side [Node<'static>], at: Position, out: &mut Vec<u8>) {
        let list = match self.at.last() {
            Some(At::Key(key)) => *key,
            _ => "",
        };
        let ordered = align::keeps_order(&self.subject.kind, list, items);
        tagged(if ordered { b'[' } else { b'(' }, &items.len().to_string(), out);
        self.at.push(At::Item);
        let side = self.side;
        let write = |form: &mut Self, item: &'side Node<'static>, out: &mut Vec<u8>| {
            form.write(item, words::item(side, list, at, item), out);
        };
        if ordered || items.len() < 2 {
            items.iter().for_each(|item| write(self, item, out));
        } else {
            self.sorted(items.iter(), write, out);
        }
        self.at.pop();
    }
}

/// Of longer texts the digest stands for the text: a file in a ConfigMap may be large, and its form is kept in memory.
const LONG: usize = 1 << 16;

/// A text with what it is and how long it is, so that no two sequences of texts are written alike.
fn tagged(tag: u8, text: &str, out: &mut Vec<u8>) {
    out.push(tag);
    decimal(text.len(), out);
    out.push(b':');
    if text.len() > LONG {
        out.extend_from_slice(&Sha256::digest(text));
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

/// A number in decimal digits. Every text comes with one: the formatting of the standard library takes longer than the
/// text.
fn decimal(number: usize, out: &mut Vec<u8>) {
    if number > 9 {
        decimal(number / 10, out);
    }
    out.extend(u8::try_from(number % 10).map(|digit| b'0' + digit));
}
