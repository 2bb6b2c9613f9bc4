//! The lists of hundreds of megabytes that `kubectl get -A -o yaml` writes, their items read in parallel.
//!
//! The text is cut at the lines that begin an item in the column of the first, and each piece is read as a list of one.
//! A cut within a quoted or flow scalar leaves a piece that cannot be read, and an alias cannot reach into another
//! piece; then the document is left to be read in one.

use super::document::{self, ListKind, Subject};
use super::{Decoded, block, mapping, yaml};
use dtap_model::tree::{Entry, Node, Span, Value};
use memchr::memmem;
use rayon::prelude::*;
use std::borrow::Cow;

/// Shorter documents are read in one.
const LONG: usize = 1 << 18;

/// How many items are a task, at least.
const TASK: usize = 64;

/// How many tasks there are, at most.
const TASKS: usize = 1024;

/// What stands before the items of a list.
const ITEMS: &str = "\nitems:\n";

/// Reads a document that is a long list; none where it is not, or must be read in one.
#[must_use]
pub fn read(subject: &Subject<'_>, section: Span) -> Option<Decoded> {
    let (start, end) = section.range();
    let text = subject.text.get(start..end).filter(|text| text.len() >= LONG && !text.contains("\n..."))?;
    let key = memmem::find(text.as_bytes(), ITEMS.as_bytes())?;
    let first = start + key + ITEMS.len();
    let dash = dash(subject.text.get(first..end)?)?;
    let starts = starts(subject.text, dash, first, end);
    let tail = tail(subject.text, *starts.last()?, end);
    let root = frame(subject, Span::new(start, start + key + 1), Span::new(tail, end))?;
    let list = ListKind::of_list(&root);
    let ends = starts.iter().skip(1).copied().chain([tail]);
    let pieces: Vec<Span> = starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end)).collect();
    let task = |pieces: &[Span]| {
        let mut decoded = Decoded::default();
        pieces.iter().try_for_each(|piece| item(subject, *piece, &list, &mut decoded))?;
        Some(decoded)
    };
    let parts: Option<Vec<Decoded>> = pieces.par_chunks(TASK.max(pieces.len() / TASKS)).map(task).collect();
    let mut decoded = Decoded::join(subject, parts?);
    decoded.documents += 1;
    subject.rest_of(&root, &mut decoded);
    Some(decoded)
}

/// The spaces and the dash that the first item begins with.
fn dash(items: &str) -> Option<&str> {
    let spaces = items.len() - items.trim_start_matches(' ').len();
    items.get(..spaces + 2).filter(|dash| dash.ends_with("- "))
}

/// Where the items begin: at `first` and behind every line end that the same dash follows.
fn starts(text: &str, dash: &str, first: usize, end: usize) -> Vec<usize> {
    let items = text.as_bytes().get(first..end).unwrap_or_default();
    let separator = ["\n", dash].concat();
    let finder = memmem::Finder::new(&separator);
    let more = finder.find_iter(items).map(|line_end| first + line_end + 1);
    std::iter::once(first).chain(more).collect()
}

/// Where the last item ends: at the next line that begins in column 0.
fn tail(text: &str, last: usize, end: usize) -> usize {
    let rest = text.get(last..end).unwrap_or_default();
    let mut lines = memchr::memchr_iter(b'\n', rest.as_bytes()).map(|line_end| line_end + 1);
    let next = lines.find(|line| rest.as_bytes().get(*line).is_some_and(|byte| !matches!(byte, b' ' | b'\n')));
    last + next.unwrap_or(rest.len())
}

/// The list without its items, as it stands before and behind them; none where it is no list, or says something twice.
fn frame<'t>(subject: &Subject<'t>, head: Span, tail: Span) -> Option<Node<'t>> {
    let mut entries = entries(subject.text, head)?;
    let items = Node::synthetic(Value::Sequence(Vec::new()));
    entries.push(Entry { key: Cow::Borrowed("items"), key_span: head, node: items });
    let (start, end) = tail.range();
    if !subject.text.get(start..end)?.trim_ascii().is_empty() {
        entries.extend(self::entries(subject.text, tail)?);
    }
    let mut duplicates = Vec::new();
    mapping::settle(&mut entries, &mut duplicates);
    let root = Node::synthetic(Value::Mapping(entries));
    (duplicates.is_empty() && document::is_list(&root)).then_some(root)
}

/// The entries of a mapping in column 0.
fn entries(text: &str, span: Span) -> Option<Vec<Entry<'_>>> {
    let read = block::read(text, span).filter(|read| read.duplicates.is_empty())?;
    let (start, _) = read.root.span.range();
    let in_first_column = start == 0 || text.as_bytes().get(start - 1) == Some(&b'\n');
    match read.root.value {
        Value::Mapping(entries) if in_first_column => Some(entries),
        _ => None,
    }
}

fn item(subject: &Subject<'_>, piece: Span, list: &ListKind, decoded: &mut Decoded) -> Option<()> {
    if subject.is_beyond_limits() {
        return Some(());
    }
    let document = match block::read(subject.text, piece) {
        Some(document) => document,
        None => yaml::read(subject.text, piece).ok()??,
    };
    let Value::Sequence(items) = document.root.value else { return None };
    items.into_iter().for_each(|item| subject.item(item, list, decoded));
    subject.duplicates(document.duplicates, decoded);
    Some(())
}
