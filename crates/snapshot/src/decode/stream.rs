//! The documents of a text: JSON values one after the other, or YAML between its `---` lines.

use super::Decoded;
use super::document::Subject;
use super::dump;
use super::fault::Fault;
use super::json::Reader;
use super::yaml::{self, Document};
use super::{block, listing};
use crate::reading::UnreadCause;
use dtap_model::tree::{Node, Span};
use rayon::prelude::*;

/// How many documents are a task, at least.
const TASK: usize = 16;

/// How many tasks there are, at most: each holds faults of its own.
const TASKS: usize = 1024;

/// Texts that begin as JSON does and are longer are JSON: nobody writes so much YAML in braces, and reading a broken
/// dump a second time costs more than it helps.
const BRACED_YAML: usize = 4 << 20;

/// What is read all the same where a text is none; where a JSON document is broken, behind which nobody can tell where
/// the next one begins; and where a YAML document is, which ends at the next `---`.
const NOTHING: &str = "nothing of the file is read";
const THOSE_BEFORE: &str = "nothing of this document is read, nor of what follows it";
const THE_OTHERS: &str = "nothing of this document is read; others of the file are";

/// Reads every document of a text into the account.
#[must_use]
pub fn read(subject: &Subject<'_>) -> Decoded {
    subject.within_limits(all(subject))
}

fn all(subject: &Subject<'_>) -> Decoded {
    let mut decoded = Decoded::default();
    let start = match beginning(subject.text) {
        Ok(start) => start,
        Err(fault) => {
            subject.unreadable(fault, Span::default(), NOTHING, &mut decoded);
            return decoded;
        }
    };
    if !looks_like_json(subject.text, start) {
        return yaml_stream(subject, start);
    }
    let Err(fault) = json(subject, start, &mut decoded) else { return decoded };
    // A flow mapping of YAML begins as JSON does, and kubectl tries both.
    if subject.text.len() < BRACED_YAML {
        let as_yaml = yaml_stream(subject, start);
        if as_yaml.unread.iter().all(|unread| unread.cause != UnreadCause::Syntax) {
            return as_yaml;
        }
    }
    subject.unreadable(fault, Span::new(start, subject.text.len()), THOSE_BEFORE, &mut decoded);
    decoded
}

/// The trees of every document of a text, the empty ones left out; the first fault otherwise.
pub fn trees(text: &str) -> Result<Vec<Node<'_>>, Fault> {
    let start = beginning(text)?;
    let from_yaml = || {
        let documents = sections(text, start).into_iter().map(|section| yaml_document(text, section));
        let trees = documents.filter_map(Result::transpose).map(|document| document.map(|document| document.root));
        trees.filter(|tree| !tree.as_ref().is_ok_and(Node::is_null)).collect()
    };
    if !looks_like_json(text, start) {
        return from_yaml();
    }
    let mut reader = Reader::new(text, start);
    let mut trees = Vec::new();
    while reader.peek().is_some() {
        match reader.value() {
            Ok(tree) => trees.push(tree),
            Err(fault) => return from_yaml().map_err(|_| fault),
        }
    }
    Ok(trees)
}

/// Where a text begins behind its byte order mark; the fault of one that is no text.
fn beginning(text: &str) -> Result<usize, Fault> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let start = text.len() - body.len();
    if body.bytes().take(4).any(|byte| byte == 0) {
        return Err(Fault::at(start, "UTF-16 or binary data: save the text as UTF-8"));
    }
    Ok(start)
}

/// Whether a text is to be tried as JSON first, as kubectl decides it.
fn looks_like_json(text: &str, start: usize) -> bool {
    text.get(start..).is_some_and(|body| body.trim_ascii_start().starts_with(['{', '[']))
}

/// Reads JSON documents one after the other. What was read before a fault stays read.
fn json(subject: &Subject<'_>, start: usize, decoded: &mut Decoded) -> Result<(), Fault> {
    let mut reader = Reader::new(subject.text, start);
    while reader.peek().is_some() {
        dump::document(subject, &mut reader, decoded)?;
    }
    Ok(())
}

fn yaml_stream(subject: &Subject<'_>, start: usize) -> Decoded {
    let sections = sections(subject.text, start);
    let read = |sections: &[Span]| {
        let mut decoded = Decoded::default();
        sections.iter().for_each(|section| yaml_section(subject, *section, &mut decoded));
        decoded
    };
    match sections.as_slice() {
        // Most files hold one document, which is not worth a task.
        [only] => read(&[*only]),
        several => Decoded::join(subject, several.par_chunks(TASK.max(several.len() / TASKS)).map(read).collect()),
    }
}

fn yaml_section(subject: &Subject<'_>, section: Span, decoded: &mut Decoded) {
    if subject.is_beyond_limits() {
        return;
    }
    if let Some(list) = listing::read(subject, section) {
        return decoded.append(list);
    }
    match yaml_document(subject.text, section) {
        Ok(Some(document)) if document.root.get("kind").is_some() && !begins_alone(subject.text, section) => {
            let why = "a document on the line of its `---`, which kubectl refuses: begin it on the next line";
            subject.unreadable(Fault::over(document.root.span, why), section, THE_OTHERS, decoded);
        }
        Ok(Some(document)) => subject.document(document.root, document.duplicates, decoded),
        Ok(None) => {}
        Err(fault) => subject.unreadable(fault, section, THE_OTHERS, decoded),
    }
}

/// The document of a section, by the quicker way where it is recognised.
fn yaml_document(text: &str, section: Span) -> Result<Option<Document<'_>>, Fault> {
    match block::read(text, section) {
        Some(document) => Ok(Some(document)),
        None => yaml::read(text, section),
    }
}

/// Cuts a stream before each line that begins with `---`, which is a document's start wherever it stands: YAML allows
/// no such line within a value. Directives stay with the document that they precede. What says nothing is left out.
fn sections(text: &str, start: usize) -> Vec<Span> {
    let mut sections = Vec::new();
    let mut add = |begin: usize, end: usize| {
        let section = text.get(begin..end).unwrap_or_default();
        if !matches!(section.trim_ascii(), "" | "---") {
            sections.push(Span::new(begin, end));
        }
    };
    let mut begin = start;
    let mut only_prefix = true;
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if line.starts_with("---#") {
            // kubectl takes it for a separator, and YAML for text: it belongs to neither document.
            add(begin, at);
            begin = at + line.len();
            only_prefix = true;
        } else if is_document_start(line) && !only_prefix {
            add(begin, at);
            begin = at;
            only_prefix = false;
        }
        only_prefix &= line.starts_with(['%', '#']) || line.trim_ascii().is_empty();
        at += line.len();
    }
    add(begin, text.len());
    sections
}

/// Whether nothing but a comment stands on the line of the `---` that a document begins with, if it does.
fn begins_alone(text: &str, section: Span) -> bool {
    let (start, end) = section.range();
    let lines = text.get(start..end).unwrap_or_default().lines();
    let mut lines = lines.skip_while(|line| line.starts_with(['%', '#']) || line.trim_ascii().is_empty());
    let behind = lines.next().and_then(|line| line.strip_prefix("---")).unwrap_or_default().trim_ascii();
    behind.is_empty() || behind.starts_with('#')
}

/// Whether a line is `---`, alone or before white space.
fn is_document_start(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}
