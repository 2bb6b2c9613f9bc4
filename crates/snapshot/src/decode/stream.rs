//! The documents of a text: JSON values one after the other, or YAML between its `---` lines.

use super::Decoded;
use super::document::Subject;
use super::fault::Fault;
use super::json::Reader;
use super::yaml;
use dtap_model::tree::Span;
use rayon::prelude::*;

/// Reads every document of a text.
#[must_use]
pub fn read(subject: &Subject<'_>) -> Decoded {
    let body = subject.text.strip_prefix('\u{FEFF}').unwrap_or(subject.text);
    let start = subject.text.len() - body.len();
    let mut decoded = Decoded::default();
    if body.bytes().take(4).any(|byte| byte == 0) {
        let fault = Fault::at(start, "UTF-16 or binary data: save the text as UTF-8");
        subject.unreadable(fault, Span::default(), &mut decoded);
        return decoded;
    }
    if body.trim_ascii_start().starts_with(['{', '[']) {
        match json(subject, start) {
            Ok(decoded) => return decoded,
            // A flow mapping of YAML begins so, too: which of the two complaints helps depends on what was meant.
            Err((before, fault)) => {
                let as_yaml = yaml_stream(subject, start);
                if as_yaml.unread.is_empty() {
                    return as_yaml;
                }
                decoded = before;
                subject.unreadable(fault, Span::new(start, subject.text.len()), &mut decoded);
                return decoded;
            }
        }
    }
    yaml_stream(subject, start)
}

/// JSON documents one after the other. The error comes with what was read before it.
fn json(subject: &Subject<'_>, start: usize) -> Result<Decoded, (Decoded, Fault)> {
    let mut decoded = Decoded::default();
    let mut reader = Reader::new(subject.text, start);
    while reader.peek().is_some() {
        match reader.value() {
            Ok(root) => subject.document(root, std::mem::take(&mut reader.duplicates), &mut decoded),
            Err(fault) => return Err((decoded, fault)),
        }
    }
    Ok(decoded)
}

fn yaml_stream(subject: &Subject<'_>, start: usize) -> Decoded {
    let sections = sections(subject.text, start);
    let read = |section: &Span| {
        let mut decoded = Decoded::default();
        yaml_section(subject, *section, &mut decoded);
        decoded
    };
    let parts: Vec<Decoded> = sections.par_iter().map(read).collect();
    parts.into_iter().fold(Decoded::default(), |mut all, part| {
        all.append(part);
        all
    })
}

fn yaml_section(subject: &Subject<'_>, section: Span, decoded: &mut Decoded) {
    match yaml::read(subject.text, section) {
        Ok(Some(document)) => subject.document(document.root, document.duplicates, decoded),
        Ok(None) => {}
        Err(fault) => subject.unreadable(fault, section, decoded),
    }
}

/// Cuts a stream before each line that begins with `---`, which is a document's start wherever it stands: YAML allows no
/// such line within a value. Directives stay with the document that they precede.
fn sections(text: &str, start: usize) -> Vec<Span> {
    let mut sections = Vec::new();
    let mut begin = start;
    let mut only_prefix = true;
    let mut at = start;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        if is_document_start(line) && !only_prefix {
            sections.push(Span::new(begin, at));
            begin = at;
            only_prefix = false;
        }
        only_prefix &= line.starts_with(['%', '#']) || line.trim_ascii().is_empty();
        at += line.len();
    }
    sections.push(Span::new(begin, text.len()));
    sections
}

/// Whether a line is `---`, alone or before white space.
fn is_document_start(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}
