//! A strict recogniser of the YAML that kubectl writes and people mostly write: block mappings and lists, scalars on
//! one line, literal blocks. Several times faster than a whole parser.
//!
//! It gives up on everything that it does not recognise exactly, and what it recognises it reads as [`super::yaml`]
//! does.

use super::limit::Nodes;
use super::mapping::{self, Duplicate};
use super::scalar;
use super::yaml::Document;
use dtap_model::tree::{Entry, Node, Span, Value};
use std::borrow::Cow;

/// Deeper documents are left to the whole parser and its limits.
const DEPTH_LIMIT: usize = 64;

/// Longer keys are left to the whole parser, which has a limit for them.
const KEY_LIMIT: usize = 256;

/// Reads a stretch of a text as one document; none where it is not recognised, or empty.
#[must_use]
pub fn read(whole: &str, section: Span) -> Option<Document<'_>> {
    let (start, end) = section.range();
    let text = whole.get(..end)?;
    if has_unusual_characters(text.get(start..)?) {
        return None;
    }
    let mut reader = Block { text, at: start, nodes: Nodes::default(), duplicates: Vec::new() };
    if reader.line()?.trim_ascii_end() == "---" {
        reader.next_line();
    }
    let indent = reader.indent()?;
    let root = if reader.at_dash(indent) { reader.sequence(indent, 0)? } else { reader.mapping(indent, 0)? };
    reader.skip_blank_lines();
    (reader.at == end).then_some(Document { root, duplicates: reader.duplicates })
}

/// Tabs, carriage returns and other control characters, and those of Unicode that break lines or that YAML refuses.
fn has_unusual_characters(text: &str) -> bool {
    let control = text.bytes().fold(false, |found, byte| found | ((byte < b' ') & (byte != b'\n')) | (byte == 0x7F));
    let unusual = ['\u{2028}', '\u{2029}', '\u{FEFF}', '\u{FFFE}', '\u{FFFF}'];
    control || !text.is_ascii() && text.contains(|c: char| matches!(c, '\u{80}'..='\u{9F}') || unusual.contains(&c))
}

/// Stands at the start of a line, or within one where an entry of a mapping begins.
struct Block<'source> {
    text: &'source str,
    at: usize,
    nodes: Nodes,
    duplicates: Vec<Duplicate>,
}

impl<'source> Block<'source> {
    /// The rest of the line, without its end; none at the end of the text.
    fn line(&self) -> Option<&'source str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        rest.get(..end)
    }

    fn next_line(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
    }

    /// Blank lines and lines of comment stand between any two others.
    fn skip_blank_lines(&mut self) {
        while self.line().is_some_and(|line| {
            let content = line.trim_start_matches(' ');
            content.is_empty() || content.starts_with('#')
        }) {
            self.next_line();
        }
    }

    /// How far the next line that says something is indented; none at the end and at what only a whole parser may
    /// judge.
    fn indent(&mut self) -> Option<usize> {
        self.skip_blank_lines();
        let bytes = self.text.as_bytes().get(self.at..)?;
        let indent = bytes.iter().position(|byte| *byte != b' ')?;
        let marker = indent == 0 && (bytes.starts_with(b"---") || bytes.starts_with(b"...") || bytes.starts_with(b"%"));
        (!marker).then_some(indent)
    }

    /// Whether an item of a list begins on this line behind `indent` spaces.
    fn at_dash(&self, indent: usize) -> bool {
        self.text.as_bytes().get(self.at + indent..).is_some_and(|rest| rest.starts_with(b"- "))
    }

    /// A mapping whose first key begins behind `indent` spaces of this line, and the others behind as many.
    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Node<'source>> {
        self.at += indent;
        self.mapping_here(indent, depth)
    }

    /// A mapping whose first key begins here, in column `indent`.
    fn mapping_here(&mut self, indent: usize, depth: usize) -> Option<Node<'source>> {
        let start = self.at;
        let mut entries = Vec::with_capacity(4);
        let mut end;
        loop {
            let (key, key_span) = self.key()?;
            self.nodes.add(key_span).ok()?;
            let node = self.value(indent, key_span, depth)?;
            end = node.span.end.max(key_span.end);
            entries.push(Entry { key, key_span, node });
            match self.indent() {
                Some(next) if next == indent && !self.at_dash(indent) => self.at += indent,
                Some(next) if next > indent => return None,
                _ => break,
            }
        }
        mapping::settle(&mut entries, &mut self.duplicates);
        Some(Node { value: Value::Mapping(entries), span: Span { end, ..Span::new(start, start) } })
    }

    /// A list whose items begin behind `indent` spaces.
    fn sequence(&mut self, indent: usize, depth: usize) -> Option<Node<'source>> {
        let mut items: Vec<Node<'source>> = Vec::new();
        loop {
            self.at += indent + 2;
            self.nodes.add(Span::default()).ok()?;
            let item = if self.begins_mapping() && depth < DEPTH_LIMIT {
                self.mapping_here(indent + 2, depth + 1)?
            } else {
                self.scalar(indent)?
            };
            items.push(item);
            match self.indent() {
                Some(next) if next == indent && self.at_dash(indent) => {}
                Some(next) if next > indent => return None,
                _ => break,
            }
        }
        let span = Span { start: items.first()?.span.start, end: items.last()?.span.end };
        Some(Node { value: Value::Sequence(items), span })
    }

    /// What stands behind the colon of a key of a mapping in column `indent`.
    fn value(&mut self, indent: usize, key: Span, depth: usize) -> Option<Node<'source>> {
        let rest = self.line().unwrap_or_default();
        if !rest.trim_ascii_start().is_empty() {
            self.at += rest.len() - rest.trim_ascii_start().len();
            return self.scalar(indent);
        }
        self.next_line();
        match self.indent() {
            Some(_) if depth > DEPTH_LIMIT => None,
            Some(next) if self.at_dash(next) && next >= indent => self.sequence(next, depth + 1),
            Some(next) if next > indent => self.mapping(next, depth + 1),
            _ => Some(Node { value: Value::Null, span: key }),
        }
    }

    /// A key and its colon; what follows is white space or the end of the line.
    fn key(&mut self) -> Option<(Cow<'source, str>, Span)> {
        let line = self.line()?;
        let length = key_length(line)?;
        let span = Span::new(self.at, self.at + length);
        self.at += length + 1;
        let written = line.get(..length)?;
        let key = match unquoted(written) {
            Some(text) => Cow::Borrowed(text),
            None => scalar::into_key(scalar::resolve(written)).ok()?,
        };
        Some((key, span))
    }

    fn begins_mapping(&self) -> bool {
        self.line().is_some_and(|line| key_length(line).is_some())
    }

    /// A scalar that takes the rest of this line, or a literal block that begins on it. `parent` is the column of the
    /// collection that it stands in.
    fn scalar(&mut self, parent: usize) -> Option<Node<'source>> {
        let line = self.line()?;
        let written = line.trim_end_matches(' ');
        let span = Span::new(self.at, self.at + written.len());
        let value = match written.as_bytes().first()? {
            b' ' => return None,
            b'"' | b'\'' => quoted(written)?,
            b'|' => return self.literal(written, parent),
            _ if written == "{}" => Value::Mapping(Vec::new()),
            _ if written == "[]" => Value::Sequence(Vec::new()),
            _ => scalar::into_value(scalar::resolve(plain(written)?)).ok()?,
        };
        self.next_line();
        // A line that is indented further would continue a plain scalar, and be wrong behind any other.
        match self.indent() {
            Some(next) if next > parent => None,
            _ => Some(Node { value, span }),
        }
    }

    /// A literal block with `|` or `|-`, whose text is indented further than `parent`.
    fn literal(&mut self, header: &str, parent: usize) -> Option<Node<'source>> {
        if !matches!(header, "|" | "|-") {
            return None;
        }
        self.next_line();
        let first = self.line()?;
        let indent = first.len() - first.trim_start_matches(' ').len();
        if indent <= parent || indent == first.len() {
            return None;
        }
        let span = Span::new(self.at + indent, self.at + first.trim_ascii_end().len());
        let mut text = String::new();
        let mut breaks = 0;
        while let Some(line) = self.line() {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if spaces == line.len() && spaces <= indent {
                breaks += 1;
            } else if spaces < indent {
                // Text between the two columns is an error, which the whole parser words.
                if spaces > parent && !line.trim_start_matches(' ').starts_with('#') {
                    return None;
                }
                break;
            } else {
                text.extend(std::iter::repeat_n('\n', breaks));
                text.push_str(line.get(indent..)?);
                breaks = 1;
            }
            self.next_line();
        }
        // A last line without an end is read in two ways, and left to the whole parser.
        if self.at == self.text.len() && !self.text.ends_with('\n') {
            return None;
        }
        if header == "|" {
            text.push('\n');
        }
        Some(Node { value: Value::String(Cow::Owned(text)), span })
    }
}

/// How long the key is that a line begins with, when it begins with one that is recognised.
fn key_length(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let length = match bytes.first()? {
        quote @ (b'"' | b'\'') => memchr::memchr(*quote, bytes.get(1..)?)? + 2,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'/' => bytes
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-')))?,
        _ => return None,
    };
    let ends = bytes.get(length) == Some(&b':') && matches!(bytes.get(length + 1), None | Some(b' '));
    let simple = bytes.first() != Some(&b'"') || !bytes.get(..length)?.contains(&b'\\');
    (ends && simple && length < KEY_LIMIT).then_some(length)
}

/// The text between quotes; none for what is not quoted.
fn unquoted(written: &str) -> Option<&str> {
    let inner = |quote: char| written.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\''))
}

/// A quoted scalar that is the whole of `written`.
fn quoted(written: &str) -> Option<Value<'_>> {
    let quote = written.bytes().next()?;
    let inner =
        written.get(1..written.len() - 1).filter(|_| written.len() > 1 && written.ends_with(char::from(quote)))?;
    if memchr::memchr2(quote, b'\\', inner.as_bytes()).is_none() {
        return Some(Value::String(Cow::Borrowed(inner)));
    }
    if quote == b'\'' {
        // Every quote within is a pair.
        let single = inner.replace("''", "\u{0}");
        return (!single.contains('\'')).then(|| Value::String(Cow::Owned(single.replace('\u{0}', "'"))));
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => text.push(match characters.next()? {
                '"' => '"',
                '\\' => '\\',
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                _ => return None,
            }),
            other => text.push(other),
        }
    }
    Some(Value::String(Cow::Owned(text)))
}

/// A plain scalar that is the whole of `written`, without a comment behind it.
fn plain(written: &str) -> Option<&str> {
    let bytes = written.as_bytes();
    let begins = match bytes.first()? {
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
        | b'`' | b'?' | b':' => false,
        b'-' => !matches!(bytes.get(1), None | Some(b' ' | b',' | b'[' | b']' | b'{' | b'}')),
        _ => true,
    };
    let ends = begins && bytes.last() != Some(&b':');
    let colon_or_comment = memchr::memchr2_iter(b':', b'#', bytes).any(|position| match bytes.get(position) {
        Some(b':') => bytes.get(position + 1) == Some(&b' '),
        _ => position > 0 && bytes.get(position - 1) == Some(&b' '),
    });
    (ends && !colon_or_comment).then_some(written)
}
