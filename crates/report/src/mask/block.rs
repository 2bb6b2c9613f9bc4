//! Lines that name a secret and say no value of it: `[auth.token]`, `token {`, `<name>secret.key</name>`, the head of a
//! table. What follows one is secret to the end of its block, however the value is called there.

use super::document::openers;
use super::spoken::names_only;

/// What a line that names a secret has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    kind: Kind,
    /// The column of the line that has begun it.
    dash: usize,
    /// How many braces and elements are open, and at how many it ends.
    depth: isize,
    last: isize,
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `[section]`: where the next one begins.
    Section,
    /// `name {` and elements of XML: where what holds it is closed.
    Nested,
    /// Anything else, a table or a statement: at a blank line.
    Plain,
}

impl Block {
    /// The block that a line begins at a column; none where it names no secret, or says its value.
    pub(super) fn begun_by(content: &str, dash: usize) -> Option<Self> {
        let said = content.trim();
        let insert = said.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("insert into "));
        let opens = insert || said.ends_with(['{', '(', '[']);
        if !names_only(content, opens) {
            return None;
        }
        let depth = net(said);
        let kind = match depth {
            _ if is_section(said) => Kind::Section,
            0 if !said.contains('<') => Kind::Plain,
            _ => Kind::Nested,
        };
        Some(Self { kind, dash, depth, last: if depth > 0 { 0 } else { -1 } })
    }

    /// Whether a line that may have a key of YAML is no more part of it.
    pub(super) fn ends_before(&self, content: &str, dash: usize, has_key: bool) -> bool {
        has_key && dash < self.dash || self.kind != Kind::Nested && is_section(content.trim())
    }

    /// Whether a blank line ends it.
    pub(super) fn ends_at_gap(&self) -> bool {
        self.kind == Kind::Plain
    }

    /// Takes a line into account, and a blank line behind it, and tells whether the block goes on.
    pub(super) fn goes_on_after(&mut self, content: &str, gap: bool) -> bool {
        let said = content.trim();
        self.depth += net(said);
        let closes = said.starts_with(['}', ']', ')']) || said.contains("</");
        match self.kind {
            Kind::Section => true,
            Kind::Nested => !closes || self.depth > self.last,
            Kind::Plain => !gap && !said.starts_with('}') && !said.starts_with("</"),
        }
    }
}

/// Whether a line is the head of a section: `[auth.token]`, `[[users]]`. A list of values is none.
fn is_section(said: &str) -> bool {
    let inner = said.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    let inner = inner.trim_matches(['[', ']', ' ']);
    inner.starts_with(char::is_alphabetic)
        && inner.chars().all(|character| character.is_alphanumeric() || "._-: ".contains(character))
}

/// How many more braces and elements a line opens than it closes.
fn net(said: &str) -> isize {
    let count = |mark: &str| isize::try_from(said.matches(mark).count()).unwrap_or(isize::MAX);
    let begun = said.as_bytes().windows(2).filter(|pair| matches!(pair, [b'<', next] if next.is_ascii_alphabetic()));
    let begun = isize::try_from(begun.count()).unwrap_or(isize::MAX);
    openers(said) + begun - count("</") - count("/>")
}
