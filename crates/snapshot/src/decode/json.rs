//! JSON to object trees, with spans and with strings borrowed from the text where they hold no escapes.
//!
//! What is skipped is checked to be well-formed all the same.

use super::fault::Fault;
use super::limit::Nodes;
use super::mapping::{self, DEPTH_LIMIT, Duplicate};
use super::scalar;
use dtap_model::tree::{Entry, Node, Span, Value};
use std::borrow::Cow;

/// Reads values one after the other from a text.
pub struct Reader<'source> {
    text: &'source str,
    bytes: &'source [u8],
    at: usize,
    depth: usize,
    nodes: Nodes,
    /// The entries of the mappings that are being read, so that each is made in its size.
    entries: Vec<Entry<'source>>,
    /// The same of the items of lists.
    items: Vec<Node<'source>>,
    /// The duplicate keys met so far, in the order in which their mappings end.
    pub duplicates: Vec<Duplicate>,
}

impl<'source> Reader<'source> {
    /// A reader of `text` from the byte `at` on.
    #[must_use]
    pub fn new(text: &'source str, at: usize) -> Self {
        Self::within(text, at, 0)
    }

    /// The same, for values that stand as deep as `depth` in others.
    #[must_use]
    pub fn within(text: &'source str, at: usize, depth: usize) -> Self {
        let (nodes, entries, items, duplicates) = (Nodes::default(), Vec::new(), Vec::new(), Vec::new());
        Self { text, bytes: text.as_bytes(), at, depth, nodes, entries, items, duplicates }
    }

    /// Goes on from `offset`: what stands before it was read elsewhere.
    pub fn jump(&mut self, offset: usize) {
        self.at = offset;
    }

    /// The offset of the next byte.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space, which stays to be read; none at the end of the text.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_behind_space(),
        }
    }

    fn peek_behind_space(&mut self) -> Option<u8> {
        const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
        loop {
            match self.bytes.get(self.at)? {
                b'\n' | b' ' | b'\r' | b'\t' => {
                    self.at += 1;
                    while self.word() == Some(SPACES) {
                        self.at += 8;
                    }
                }
                byte => return Some(*byte),
            }
        }
    }

    /// Eats `byte` if it comes next behind white space.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> bool {
        let comes = self.peek() == Some(byte);
        self.at += usize::from(comes);
        comes
    }

    /// Eats `byte`, which must come next.
    #[inline]
    pub fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected_byte(byte)) }
    }

    #[cold]
    fn unexpected_byte(&mut self, wanted: u8) -> Fault {
        self.unexpected(&format!("`{}`", char::from(wanted)))
    }

    /// Counts values anew: an object begins here.
    pub fn begin_object(&mut self) {
        self.nodes = Nodes::default();
    }

    /// The next value.
    pub fn value(&mut self) -> Result<Node<'source>, Fault> {
        self.nodes.add(Span::new(self.at, self.at))?;
        match self.peek() {
            Some(b'{') => self.mapping(|reader, _| reader.value().map(Some)),
            Some(b'[') => self.sequence(Self::value),
            _ => self.scalar(),
        }
    }

    /// A mapping of which `entry` reads each value and says whether it is kept.
    pub fn mapping(
        &mut self,
        mut entry: impl FnMut(&mut Self, &str) -> Result<Option<Node<'source>>, Fault>,
    ) -> Result<Node<'source>, Fault> {
        let start = self.open(b'{')?;
        let above = self.entries.len();
        let mut more = !self.eat(b'}');
        while more {
            let (key, key_span) = self.key()?;
            if let Some(node) = entry(self, &key)? {
                self.entries.push(Entry { key, key_span, node });
            }
            more = self.more(b'}')?;
        }
        let mut entries = self.entries.drain(above..).collect();
        mapping::settle(&mut entries, &mut self.duplicates);
        Ok(Node { value: Value::Mapping(entries), span: self.close(start) })
    }

    /// A list of which `item` reads each item.
    pub fn sequence(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<Node<'source>, Fault>,
    ) -> Result<Node<'source>, Fault> {
        let start = self.open(b'[')?;
        let above = self.items.len();
        let mut more = !self.eat(b']');
        while more {
            let item = item(self)?;
            self.items.push(item);
            more = self.more(b']')?;
        }
        let items = self.items.drain(above..).collect();
        Ok(Node { value: Value::Sequence(items), span: self.close(start) })
    }

    /// Whether a comma follows, or else the closing bracket; either is eaten.
    #[inline]
    pub fn more(&mut self, closing: u8) -> Result<bool, Fault> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == closing => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unended(closing)),
        }
    }

    #[cold]
    fn unended(&mut self, closing: u8) -> Fault {
        self.unexpected(&format!("`,` or `{}`", char::from(closing)))
    }

    /// A key and the colon behind it.
    pub fn key(&mut self) -> Result<(Cow<'source, str>, Span), Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let start = self.at;
        let key = self.string()?;
        let span = Span::new(start, self.at);
        self.expect(b':')?;
        Ok((key, span))
    }

    /// Passes the next value by. Most of a dump is: what is well-formed is passed without making anything of it, and
    /// what is not is read as a value, which knows what is wrong.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.passes() {
            return Ok(());
        }
        self.at = start;
        self.value().map(|_| ())
    }

    /// Passes the next value by if it is well-formed.
    fn passes(&mut self) -> bool {
        match self.peek() {
            Some(b'"') => self.passes_string(),
            Some(b'{') => self.passes_all(b'}', |reader| {
                reader.peek() == Some(b'"') && reader.passes_string() && reader.eat(b':') && reader.passes()
            }),
            Some(b'[') => self.passes_all(b']', Self::passes),
            _ => self.scalar().is_ok(),
        }
    }

    /// The same of what stands in brackets.
    fn passes_all(&mut self, closing: u8, part: impl Fn(&mut Self) -> bool) -> bool {
        self.at += 1;
        self.depth += 1;
        let mut well_formed = self.depth <= DEPTH_LIMIT;
        let mut more = well_formed && !self.eat(closing);
        while more {
            well_formed = part(self)
                && (self.eat(b',') || {
                    more = false;
                    self.eat(closing)
                });
            more &= well_formed;
        }
        self.depth -= 1;
        well_formed
    }

    /// The same of a string.
    #[inline]
    fn passes_string(&mut self) -> bool {
        self.at += 1;
        loop {
            self.plain_run();
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return true;
                }
                Some(b'\\') if self.escape().is_ok() => {}
                _ => return false,
            }
        }
    }

    #[inline]
    fn open(&mut self, bracket: u8) -> Result<usize, Fault> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(Fault::at(self.at - 1, format!("nested deeper than {DEPTH_LIMIT} levels")));
        }
        Ok(self.at - 1)
    }

    #[inline]
    fn close(&mut self, start: usize) -> Span {
        self.depth -= 1;
        Span::new(start, self.at)
    }

    fn scalar(&mut self) -> Result<Node<'source>, Fault> {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word_of("true", Value::Bool(true))?,
            Some(b'f') => self.word_of("false", Value::Bool(false))?,
            Some(b'n') => self.word_of("null", Value::Null)?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node { value, span: Span::new(start, self.at) })
    }

    #[inline]
    fn word_of(&mut self, word: &str, value: Value<'source>) -> Result<Value<'source>, Fault> {
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected("a value"))
    }

    fn number(&mut self) -> Result<Value<'source>, Fault> {
        let start = self.at;
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits()?;
        if leading_zero && whole > 1 {
            return Err(Fault::at(start, "no valid JSON: a number begins with 0"));
        }
        let mut is_whole = true;
        if self.bytes.get(self.at) == Some(&b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        if let Some(value) = is_whole.then(|| written.parse().ok()).flatten() {
            return Ok(Value::Integer(value));
        }
        match written.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(scalar::number_value(value)),
            _ => Err(Fault::at(start, "a number is too large")),
        }
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected("a digit")) } else { Ok(self.at - start) }
    }

    /// A string that begins here.
    fn string(&mut self) -> Result<Cow<'source, str>, Fault> {
        let start = self.at + 1;
        self.at = start;
        self.plain_run();
        if self.bytes.get(self.at) == Some(&b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(self.text.get(start..self.at - 1).unwrap_or_default()));
        }
        let mut text = String::new();
        let mut run = start;
        loop {
            text.push_str(self.text.get(run..self.at).unwrap_or_default());
            if self.string_ends()? {
                return Ok(Cow::Owned(text));
            }
            text.push(self.escape()?);
            run = self.at;
            self.plain_run();
        }
    }

    /// Whether the string ends here, behind a plain run; if not, an escape begins here.
    #[inline]
    fn string_ends(&mut self) -> Result<bool, Fault> {
        match self.bytes.get(self.at) {
            Some(b'"') => {
                self.at += 1;
                Ok(true)
            }
            Some(b'\\') => Ok(false),
            Some(_) => Err(Fault::at(self.at, "no valid JSON: a control character within a string")),
            None => Err(Fault::at(self.at, "no valid JSON: the text ends within a string")),
        }
    }

    /// Goes to the next quote, backslash or control character, eight bytes at a time.
    #[inline]
    fn plain_run(&mut self) {
        while let Some(word) = self.word() {
            let stops = special_bytes(word);
            if stops != 0 {
                self.at += stops.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while self.bytes.get(self.at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.at += 1;
        }
    }

    #[inline]
    fn word(&self) -> Option<u64> {
        self.bytes.get(self.at..)?.first_chunk::<8>().map(|chunk| u64::from_le_bytes(*chunk))
    }

    /// The character of an escape that begins here with its backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 2;
        let character = match self.bytes.get(start + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode_escape()?,
            _ => return Err(Fault::at(start, "no valid JSON: an unknown escape in a string")),
        };
        Ok(character)
    }

    /// The character of `\uXXXX`, of which `\u` is read. Half a surrogate pair is replaced, as Go does.
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let unit = self.hex()?;
        if (0xD800..0xDC00).contains(&unit) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u") {
            let after_first = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after_first;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| Fault::at(self.at, "no valid JSON: `\\u` without four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }

    fn unexpected(&mut self, wanted: &str) -> Fault {
        match self.peek() {
            Some(_) => Fault::at(self.at, format!("no valid JSON: {wanted} was expected here")),
            None => Fault::at(self.at, format!("no valid JSON: the text ends where {wanted} was expected")),
        }
    }
}

/// The high bit of each byte that is a quote, a backslash or a control character; exact up to the first such byte.
#[inline]
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
    zero_bytes(word ^ (ONES * u64::from(b'"'))) | zero_bytes(word ^ (ONES * u64::from(b'\\'))) | control
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_by_is_judged_as_what_is_read() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let texts = [
            r#"{"a": [1, -2.5e3, true, false, null, "x\\u00e9\\n"], "b": {}} "#.replace("\\\\", "\\"),
            "[[], {}, \"long enough for several words\"]".to_owned(),
            "[1, 2,]".to_owned(),
            "[1 2]".to_owned(),
            "{\"a\" 1}".to_owned(),
            "{\"a\": 1,}".to_owned(),
            "{a: 1}".to_owned(),
            "[\"a\nb\"]".to_owned(),
            "[\"\\x\"]".to_owned(),
            "[\"\\u12\"]".to_owned(),
            "[01]".to_owned(),
            "[1e999]".to_owned(),
            "[tru]".to_owned(),
            "[\"open".to_owned(),
            "[1".to_owned(),
            "".to_owned(),
            deep(DEPTH_LIMIT),
            deep(DEPTH_LIMIT + 1),
        ];
        for text in texts {
            let (mut passing, mut reading) = (Reader::new(&text, 0), Reader::new(&text, 0));
            let (passed, read) = (passing.skip(), reading.value().map(|_| ()));
            assert_eq!(passed, read, "{text}");
            assert!(read.is_err() || passing.offset() == reading.offset(), "{text}");
        }
    }
}
