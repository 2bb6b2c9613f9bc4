//! YAML to object trees, every document of a text, by way of the events of `granit-parser`.
//!
//! Reads what Kubernetes reads: YAML 1.1 scalars, merge keys in the order in which they stand, of repeated keys the
//! last. Bounded in depth and in what aliases may expand to.

use super::fault::Fault;
use super::limit::Nodes;
use super::mapping::{self, DEPTH_LIMIT, Duplicate};
use super::scalar::{self, Scalar, Tagged};
use dtap_model::tree::{Entry, Node, Span, Value};
use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;

/// How many nodes aliases may add to one document; Kubernetes' own reader stops there, too.
const ALIASED_NODES: usize = 400_000;

/// How many bytes of text aliases may add to one document: far more than the API server stores of an object.
const ALIASED_BYTES: usize = 64 << 20;

/// A document and the keys that occur twice in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document<'source> {
    /// What it says.
    pub root: Node<'source>,
    /// Its duplicate keys, in the order of the source.
    pub duplicates: Vec<Duplicate>,
}

/// Reads the one document that a stretch of a text is; none where it is empty. It holds no further `---` line.
pub fn read(whole: &str, section: Span) -> Result<Option<Document<'_>>, Fault> {
    let (start, end) = section.range();
    let text = whole.get(start..end).unwrap_or_default();
    refuse_characters(text, start)?;
    let options = granit_parser::options! {
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
    };
    let mut composer = Composer {
        text,
        start,
        passed: 0,
        flow: 0,
        parser: Parser::new_from_str_with_options(text, options),
        anchors: FxHashMap::default(),
        aliased_nodes: 0,
        aliased_bytes: 0,
        nodes: Nodes::default(),
        duplicates: Vec::new(),
    };
    let mut document = None;
    while let Some((event, span)) = composer.next()? {
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(..) if document.is_some() => {
                return Err(Fault::over(
                    span,
                    "a document that kubectl does not read: one begins at a `---` that stands behind a line feed",
                ));
            }
            Event::DocumentStart(_, version)
                if version.is_some_and(|version| (version.major, version.minor) > (1, 1)) =>
            {
                return Err(Fault::over(span, "kubectl refuses `%YAML` with a version other than 1.1"));
            }
            Event::DocumentStart(..) => {
                let (event, span) = composer.next_inside()?;
                let root = composer.node(event, span, Span::new(0, 0), 0)?;
                let duplicates = std::mem::take(&mut composer.duplicates);
                document = Some(Document { root, duplicates });
            }
            _ => return Err(Fault::over(span, "text outside a document")),
        }
    }
    Ok(document)
}

/// What libyaml refuses anywhere in a stream, and the line breaks that it knows beyond those of every other reader.
fn refuse_characters(text: &str, start: usize) -> Result<(), Fault> {
    let forbidden = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7F;
    if let Some(offset) = text.bytes().position(forbidden) {
        let why = if text.as_bytes().get(offset) == Some(&0) {
            "a NUL byte: this is no text in UTF-8"
        } else {
            "no valid YAML: a control character"
        };
        return Err(Fault::at(start + offset, why));
    }
    match ["\u{85}", "\u{2028}", "\u{2029}"].iter().find_map(|separator| text.find(separator)) {
        Some(offset) => Err(Fault::at(start + offset, "a Unicode line separator, which kubectl reads as a new line")),
        None => Ok(()),
    }
}

/// An anchored node and what an alias to it adds.
struct Anchored<'source> {
    node: Node<'source>,
    nodes: usize,
    bytes: usize,
    height: usize,
}

struct Composer<'source> {
    /// Where the stretch begins in the whole text; spans count from the start of the whole.
    start: usize,
    text: &'source str,
    /// The end of what the last event covered.
    passed: usize,
    /// In how many flow collections the next event stands.
    flow: usize,
    parser: Parser<'source, StrInput<'source>>,
    anchors: FxHashMap<usize, Anchored<'source>>,
    aliased_nodes: usize,
    aliased_bytes: usize,
    nodes: Nodes,
    duplicates: Vec<Duplicate>,
}

impl<'source> Composer<'source> {
    fn next(&mut self) -> Result<Option<(Event<'source>, Span)>, Fault> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let bytes = span.byte_range().unwrap_or_default();
                self.refuse_as_libyaml(&event, bytes.clone())?;
                Ok(Some((event, Span::new(self.start + bytes.start, self.start + bytes.end))))
            }
            Some(Err(error)) => Err(syntax(&error, self.start)),
        }
    }

    /// What granit reads and kubectl refuses: tabs where indentation or a block indicator counts, `\/` between double
    /// quotes, and in flow collections a question mark in a plain scalar or a colon at its start.
    fn refuse_as_libyaml(&mut self, event: &Event<'_>, bytes: Range<usize>) -> Result<(), Fault> {
        if self.flow == 0
            && let Some(offset) = misplaced_tab(self.text, self.passed..bytes.start)
        {
            return Err(Fault::at(self.start + offset, "no valid YAML: a tab in the place of indentation"));
        }
        self.passed = self.passed.max(bytes.end);
        let fault = |offset: usize, why: &str| Err(Fault::at(self.start + bytes.start + offset, why));
        match event {
            Event::MappingStart(StructureStyle::Flow, ..) | Event::SequenceStart(StructureStyle::Flow, ..) => {
                self.flow += 1;
            }
            Event::MappingEnd | Event::SequenceEnd if bytes.len() == 1 => self.flow = self.flow.saturating_sub(1),
            Event::Scalar(Cow::Owned(_), ScalarStyle::DoubleQuoted, ..) => {
                let quoted = self.text.get(bytes.clone()).unwrap_or_default();
                if let Some(offset) = escaped_slash(quoted) {
                    return fault(offset, "no valid YAML: an unknown escape");
                }
            }
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                if let Some(offset) = self.text.get(bytes.clone()).and_then(|block| block.find("\n\t")) {
                    return fault(offset + 1, "no valid YAML: a tab in the place of indentation");
                }
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) if self.flow > 0 && text.starts_with(':') => {
                return fault(0, "no valid YAML: an unexpected `:`");
            }
            Event::Scalar(text, ScalarStyle::Plain, ..) if self.flow > 0 && text.contains('?') => {
                return fault(0, "no valid YAML: an unexpected `?`: put the text in quotes");
            }
            _ => {}
        }
        Ok(())
    }

    fn next_inside(&mut self) -> Result<(Event<'source>, Span), Fault> {
        self.next()?.ok_or_else(|| Fault::at(self.start + self.text.len(), "the text ends within a document"))
    }

    /// The node that begins with an event. `empty` is where it is cited when nothing stands there.
    fn node(&mut self, event: Event<'source>, span: Span, empty: Span, depth: usize) -> Result<Node<'source>, Fault> {
        if depth > DEPTH_LIMIT {
            return Err(Fault::over(span, format!("nested deeper than {DEPTH_LIMIT} levels")));
        }
        self.nodes.add(span)?;
        let (node, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor, span, depth),
            Event::Scalar(text, style, anchor, tag) => {
                let nothing = span.start == span.end && style == ScalarStyle::Plain;
                let span = if nothing { empty } else { self.cited(span, style) };
                (Node { value: scalar_value(text, style, tag.as_deref(), span)?, span }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.sequence(span, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(span, depth)?, anchor),
            _ => return Err(Fault::over(span, "a value is missing")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored::new(node.clone()));
        }
        Ok(node)
    }

    /// A block scalar is cited by the first line of its text; any other by the whole of it.
    fn cited(&self, span: Span, style: ScalarStyle) -> Span {
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return span;
        }
        let (start, _) = span.range();
        let rest = start.checked_sub(self.start).and_then(|offset| self.text.get(offset..)).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim_ascii_end();
        Span::new(start, start + line.len())
    }

    fn sequence(&mut self, start: Span, depth: usize) -> Result<Node<'source>, Fault> {
        let mut items: Vec<Node<'source>> = Vec::new();
        let mut end = start;
        loop {
            let (event, span) = self.next_inside()?;
            if event == Event::SequenceEnd {
                // Some block lists begin at their first dash and some at their first item: here all at the item.
                let is_flow = span.end == span.start + 1;
                let first = items.first().filter(|_| !is_flow).map_or(start, |item| item.span);
                let span = collection_span(first, span, end);
                return Ok(Node { value: Value::Sequence(items), span });
            }
            let item = self.node(event, span, Span { start: end.end, end: end.end }, depth + 1)?;
            end = item.span;
            items.push(item);
        }
    }

    fn mapping(&mut self, start: Span, depth: usize) -> Result<Node<'source>, Fault> {
        let mut entries: Vec<Entry<'source>> = Vec::new();
        let mut explicit: Option<Vec<Entry<'source>>> = None;
        let mut end = start;
        loop {
            let (event, span) = self.next_inside()?;
            if event == Event::MappingEnd {
                self.settle(&mut entries, explicit);
                return Ok(Node { value: Value::Mapping(entries), span: collection_span(start, span, end) });
            }
            let merge = is_merge(&event);
            let key = self.key(event, span)?;
            let (event, value_span) = self.next_inside()?;
            let node = self.node(event, value_span, span, depth + 1)?;
            end = if node.span.end > span.end { node.span } else { span };
            if merge {
                explicit.get_or_insert_with(|| entries.iter().map(key_alone).collect());
                entries.extend(merged(node)?);
            } else {
                let entry = Entry { key, key_span: span, node };
                if let Some(explicit) = &mut explicit {
                    explicit.push(key_alone(&entry));
                }
                entries.push(entry);
            }
        }
    }

    /// What merge keys brought may repeat what stands there; only keys that stand there twice are told.
    fn settle(&mut self, entries: &mut Vec<Entry<'source>>, explicit: Option<Vec<Entry<'source>>>) {
        match explicit {
            None => mapping::settle(entries, &mut self.duplicates),
            Some(mut explicit) => {
                mapping::settle(&mut explicit, &mut self.duplicates);
                mapping::override_earlier(entries);
            }
        }
    }

    fn key(&mut self, event: Event<'source>, span: Span) -> Result<Cow<'source, str>, Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let key = scalar_key(text.clone(), style, tag.as_deref(), span)?;
                if anchor > 0 {
                    let node = Node { value: scalar_value(text, style, tag.as_deref(), span)?, span };
                    self.anchors.insert(anchor, Anchored::new(node));
                }
                Ok(key)
            }
            Event::Alias(anchor) => match self.alias(anchor, span, 0)?.value {
                Value::String(text) => Ok(text),
                Value::Bool(value) => Ok(Cow::Borrowed(if value { "true" } else { "false" })),
                Value::Integer(value) => Ok(Cow::Owned(value.to_string())),
                _ => Err(Fault::over(span, "a key is no text")),
            },
            _ => Err(Fault::over(span, "a key is a list or a mapping, and not text")),
        }
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> Result<Node<'source>, Fault> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Fault::over(span, "an alias stands within the value that it repeats"));
        };
        self.aliased_nodes = self.aliased_nodes.saturating_add(anchored.nodes);
        self.aliased_bytes = self.aliased_bytes.saturating_add(anchored.bytes);
        if self.aliased_nodes > ALIASED_NODES || self.aliased_bytes > ALIASED_BYTES {
            return Err(Fault::over(
                span,
                "aliases repeat too much: the document would grow beyond what Kubernetes reads",
            ));
        }
        if depth + anchored.height > DEPTH_LIMIT {
            return Err(Fault::over(span, format!("nested deeper than {DEPTH_LIMIT} levels through an alias")));
        }
        Ok(Node { value: anchored.node.value.clone(), span })
    }
}

impl<'source> Anchored<'source> {
    fn new(node: Node<'source>) -> Self {
        let (nodes, bytes, height) = measure(&node);
        Self { node, nodes, bytes, height }
    }
}

/// Nodes, bytes of text and levels of a tree.
fn measure(node: &Node<'_>) -> (usize, usize, usize) {
    let within = |(nodes, bytes, height): (usize, usize, usize), child: &Node<'_>, key: usize| {
        let (more, text, levels) = measure(child);
        (nodes + more, bytes + text + key, height.max(levels + 1))
    };
    match &node.value {
        Value::String(text) => (1, text.len(), 0),
        Value::Sequence(items) => items.iter().fold((1, 0, 0), |sum, item| within(sum, item, 0)),
        Value::Mapping(entries) => {
            entries.iter().fold((1, 0, 0), |sum, entry| within(sum, &entry.node, entry.key.len()))
        }
        _ => (1, 0, 0),
    }
}

/// From the start of a collection to its closing bracket, or to the end of its last value in block style.
fn collection_span(start: Span, closing: Span, last: Span) -> Span {
    let is_flow = closing.end == closing.start + 1;
    Span { start: start.start, end: if is_flow { closing.end } else { last.end.max(start.end) } }
}

/// Where a tab stands between two tokens of block style and begins a line or follows `-` or `?`. A tab before a comment
/// or a value on its own line is white space.
fn misplaced_tab(text: &str, between: Range<usize>) -> Option<usize> {
    let gap = text.get(between.clone()).filter(|gap| gap.contains('\t'))?;
    let before = text.get(..between.start)?.as_bytes();
    let at_line_start = matches!(before.last(), None | Some(b'\n'));
    let mut start = between.start;
    for (position, line) in gap.split_inclusive('\n').enumerate() {
        let code = line.split('#').next().unwrap_or_default();
        let misplaced = code.bytes().enumerate().find(|(offset, byte)| {
            let before = code.get(..*offset).unwrap_or_default().trim_end_matches([' ', '\t']);
            let begins_line = matches!(before, "" | ":") && (position > 0 || at_line_start);
            *byte == b'\t' && (begins_line || before.ends_with(['-', '?']))
        });
        if let Some((offset, _)) = misplaced {
            return Some(start + offset);
        }
        start += line.len();
    }
    None
}

/// Where a slash stands behind a backslash.
fn escaped_slash(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    quoted.bytes().position(|byte| {
        let found = escaped && byte == b'/';
        escaped = byte == b'\\' && !escaped;
        found
    })
}

fn key_alone<'source>(entry: &Entry<'source>) -> Entry<'source> {
    Entry { key: entry.key.clone(), key_span: entry.key_span, node: Node::default() }
}

/// A merge key is a plain `<<` (or one tagged so); a quoted one is an ordinary key.
fn is_merge(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, style, _, tag) if text == "<<" => match tag {
            None => *style == ScalarStyle::Plain,
            Some(tag) => full_tag(tag) == "tag:yaml.org,2002:merge",
        },
        _ => false,
    }
}

/// The entries that a merge brings: of a list of mappings the first is the strongest, so it comes last.
fn merged(node: Node<'_>) -> Result<Vec<Entry<'_>>, Fault> {
    let wrong = Fault::over(node.span, "`<<` takes a mapping or a list of mappings");
    match node.value {
        Value::Mapping(entries) => Ok(entries),
        Value::Sequence(items) => {
            let mappings = items.into_iter().rev().map(|item| match item.value {
                Value::Mapping(entries) => Some(entries),
                _ => None,
            });
            mappings.collect::<Option<Vec<_>>>().map(|mappings| mappings.into_iter().flatten().collect()).ok_or(wrong)
        }
        _ => Err(wrong),
    }
}

fn full_tag(tag: &Tag) -> String {
    let (handle, suffix) = tag.parts();
    format!("{handle}{suffix}")
}

fn scalar_value<'source>(
    text: Cow<'source, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
) -> Result<Value<'source>, Fault> {
    let tag = tag.map(full_tag);
    let fault = |why: &str| Fault::over(span, why);
    match (tag, text) {
        (None, text) if style != ScalarStyle::Plain => Ok(Value::String(text)),
        (None, Cow::Borrowed(text)) => scalar::into_value(scalar::resolve(text)).map_err(fault),
        (None, Cow::Owned(text)) => owned(text, scalar::resolve).map_err(fault),
        (Some(tag), text) => match scalar::resolve_tagged(&tag, &text).map_err(|why| Fault::over(span, why))? {
            Tagged::Text(text) => Ok(Value::String(Cow::Owned(text))),
            Tagged::Plain(scalar) => scalar::into_value(scalar).map(into_owned).map_err(fault),
        },
    }
}

fn owned(text: String, resolve: fn(&str) -> Scalar<'_>) -> Result<Value<'static>, &'static str> {
    match resolve(&text) {
        Scalar::Text(_) => Ok(Value::String(Cow::Owned(text))),
        scalar => scalar::into_value(scalar).map(into_owned),
    }
}

fn into_owned(value: Value<'_>) -> Value<'static> {
    Node::synthetic(value).into_owned().value
}

fn scalar_key<'source>(
    text: Cow<'source, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
) -> Result<Cow<'source, str>, Fault> {
    let tag = tag.map(full_tag);
    match (tag, text) {
        (None, text) if style != ScalarStyle::Plain => Ok(text),
        (None, Cow::Borrowed(text)) => scalar::into_key(scalar::resolve(text)).map_err(|why| Fault::over(span, why)),
        (tag, text) => {
            let tagged = match tag {
                None => Tagged::Plain(scalar::resolve(&text)),
                Some(tag) => scalar::resolve_tagged(&tag, &text).map_err(|why| Fault::over(span, why))?,
            };
            match tagged {
                Tagged::Text(text) => Ok(Cow::Owned(text)),
                Tagged::Plain(scalar) => scalar::into_key(scalar)
                    .map(|key| Cow::Owned(key.into_owned()))
                    .map_err(|why| Fault::over(span, why)),
            }
        }
    }
}

fn syntax(error: &ScanError, start: usize) -> Fault {
    Fault::at(start + error.marker().byte_offset().unwrap_or_default(), format!("no valid YAML: {}", error.info()))
}
