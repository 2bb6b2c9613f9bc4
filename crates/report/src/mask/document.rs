//! A line by the document around it: what holds it, what stands beside it, and whether that is a Secret.

use super::block::Block;
use super::name::speaks_of_secret;
use super::spoken::{NAMES, VALUES, behind_escaped_key, below_named, says_secret_inline, speaks_anywhere, spoken_from};
use super::{asks_for_secret, makes_a_secret};

/// How far the text around a line is looked at. Past it, the line counts as part of a Secret.
const WINDOW: usize = 1 << 20;

/// The document around a line: its lines before (nearest first) and after.
pub(super) struct Document<'text> {
    before: Vec<Line<'text>>,
    after: Vec<Line<'text>>,
    cut: bool,
}

/// One line: how far it is indented, with and without its dashes, its key and what follows.
#[derive(Clone, Copy, Debug)]
struct Line<'text> {
    /// The whole of it.
    content: &'text str,
    /// The column of the first character that is not blank.
    dash: usize,
    /// The column of the first character after blanks, dashes and an opening brace.
    indent: usize,
    /// The key, without quotes.
    key: Option<&'text str>,
    /// What follows the key and its colon, or the whole content where there is no key.
    value: &'text str,
    /// Where `value` starts.
    value_at: usize,
    /// Whether a blank line follows.
    gap: bool,
}

impl<'text> Line<'text> {
    fn of(content: &'text str) -> Option<Self> {
        let trimmed = content.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return None;
        }
        let dash = content.len() - trimmed.len();
        let mut rest = trimmed;
        while let Some(inner) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("? ")) {
            rest = inner.trim_start();
        }
        let indent = content.len() - rest.len();
        let (key, value) = match split_key(rest) {
            Some((key, value)) => (Some(key), value),
            None => (None, rest),
        };
        Some(Self { content, dash, indent, key, value, value_at: content.len() - value.len(), gap: false })
    }

    fn key_is(&self, names: &[&str]) -> bool {
        self.key.is_some_and(|key| names.contains(&key))
    }

    /// The value without quotes and a comma behind it.
    fn bare_value(&self) -> &'text str {
        self.value.trim().trim_end_matches(',').trim().trim_matches(['"', '\''])
    }

    /// Whether the value is a text in quotes that goes on below.
    fn opens_quote(&self) -> bool {
        let value = self.value.trim();
        ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.matches(*quote).count() % 2 == 1)
    }

    fn says_kind_secret(&self) -> bool {
        self.key_is(&["kind"]) && makes_a_secret(self.bare_value())
    }
}

/// Splits `key: value` or `"key": value`; none where the line has no key, or holds a whole mapping with several.
fn split_key(content: &str) -> Option<(&str, &str)> {
    if content.starts_with(['{', '[']) {
        return None;
    }
    let quote = content.chars().next().filter(|first| matches!(first, '"' | '\''));
    if let Some(quote) = quote {
        let inner = content.get(1..)?;
        let (key, rest) = inner.split_once(quote)?;
        return Some((key, rest.trim_start().strip_prefix(':')?));
    }
    let colon = content.match_indices(':').map(|(at, _)| at).find(|at| {
        let behind = content.as_bytes().get(at + 1);
        behind.is_none_or(|byte| byte.is_ascii_whitespace())
    })?;
    let key = content.get(..colon)?.trim_end();
    Some((key, content.get(colon + 1..)?))
}

impl<'text> Document<'text> {
    pub(super) fn around(text: &'text str, line_start: usize) -> Self {
        let floor = ceil_boundary(text, line_start.saturating_sub(WINDOW));
        let ceiling = ceil_boundary(text, line_start.saturating_add(WINDOW).min(text.len()));
        let head = text.get(floor..line_start).unwrap_or_default();
        let tail = text.get(line_start..ceiling).unwrap_or_default();
        let mut cut = floor > 0 || ceiling < text.len();
        let mut before = Vec::new();
        let mut blank = false;
        for line in head.lines().rev() {
            if is_separator(line) {
                cut = ceiling < text.len();
                break;
            }
            let gap = blank;
            blank = line.trim().is_empty();
            before.extend(Line::of(line).map(|line| Line { gap, ..line }));
        }
        let mut after = Vec::new();
        let mut ended = false;
        for line in tail.lines().skip(1) {
            if is_separator(line) {
                ended = true;
                break;
            }
            after.extend(Line::of(line));
        }
        if ended && floor == 0 {
            cut = false;
        }
        Self { before, after, cut }
    }

    /// From which byte of the line on nothing may be shown: the first that any reason to hide gives.
    pub(super) fn hides_from(&self, content: &str) -> Option<usize> {
        // What only parts documents says nothing, and ends what stands above it.
        let line = Line::of(content).filter(|_| content.trim_end() != "---")?;
        let is_held = (self.is_secret(&line, content) && !self.is_head(&line))
            || self.chain(&line).any(|ancestor| self.veils(ancestor))
            || self.veils_pair(&line)
            || self.follows_flag(&line)
            || self.goes_on(&line)
            || is_odd(&line);
        let goes_on_whole =
            self.is_in_secret_flow(content) || self.follows_open(&line) || self.is_in_block(&line) || self.is_in_pem();
        let reasons = [
            is_held.then_some(line.value_at),
            goes_on_whole.then_some(line.dash),
            spoken_from(content, line.key_is(&["key"])),
            behind_escaped_key(content),
            below_named(content),
        ];
        reasons.into_iter().flatten().min()
    }

    /// Whether the line has no key of its own, and the nearest one above speaks of a secret.
    fn goes_on(&self, line: &Line<'text>) -> bool {
        line.key.is_none() && self.before.iter().find(|before| before.key.is_some()).is_some_and(|key| self.veils(key))
    }

    /// Whether a line above names a secret in another form than YAML's and leaves its value to the lines below it, as
    /// `<password>`, `password=\` and `password = """` do: the next one, and those below that say nothing else.
    fn follows_open(&self, line: &Line<'text>) -> bool {
        let says_nothing = |above: &&Line<'text>| {
            let is_end = ["=", "</", "\"\"\"", "'''"].iter().any(|end| above.content.contains(end));
            above.key.is_none() && !is_end
        };
        let is_opener = |above: &Line<'text>| above.key.is_none() && leaves_open(above.content);
        let nearest = self.before.iter().position(|above| !says_nothing(&above) || is_opener(above));
        nearest.and_then(|at| self.before.get(at)).is_some_and(|above| {
            let is_below = line.key.is_none() || self.before.first().is_some_and(|first| std::ptr::eq(first, above));
            is_below && is_opener(above)
        })
    }

    /// Whether a line above names a secret and says no value, and the block that it begins has not ended.
    fn is_in_block(&self, line: &Line<'text>) -> bool {
        const TOO_MANY: usize = 64;
        let mut blocks: Vec<Block> = Vec::new();
        for above in self.before.iter().rev() {
            // So many that are open one within the other are of nobody's text: what stands there is hidden.
            if blocks.len() > TOO_MANY {
                return true;
            }
            blocks.retain(|block| !block.ends_before(above.content, above.dash, above.key.is_some()));
            blocks.retain_mut(|block| block.goes_on_after(above.content, above.gap));
            // An item of a list and what has a key are YAML; a text that begins behind a quote goes on below.
            let is_text = above.dash == above.indent && above.key.is_none() || above.opens_quote();
            let begun = is_text.then(|| Block::begun_by(above.value, above.dash)).flatten();
            blocks.extend(begun.filter(|block| !(above.gap && block.ends_at_gap())));
        }
        blocks.iter().any(|block| !block.ends_before(line.content, line.dash, line.key.is_some()))
    }

    /// Whether a PEM block has begun above and has not ended, however the lines of it are indented.
    fn is_in_pem(&self) -> bool {
        let mark = |above: &Line<'text>| Some((above.content.rfind("-----BEGIN")?, above.content.rfind("-----END")));
        let ended = |above: &Line<'text>| above.content.contains("-----END");
        let nearest = self.before.iter().find(|above| mark(above).is_some() || ended(above));
        nearest.and_then(mark).is_some_and(|(begins, ends)| ends.is_none_or(|ends| ends < begins))
    }

    /// Whether the line is part of a flow mapping of several lines that speaks of a secret anywhere.
    fn is_in_secret_flow(&self, content: &str) -> bool {
        let mut depth = 0_isize;
        let mut flow: Vec<&str> = Vec::new();
        let mut opened = false;
        for line in &self.before {
            flow.push(line.content);
            depth += openers(line.content);
            if depth > 0 {
                depth = 0;
                // A brace that ends its line is pretty-printed JSON, whose lines are judged by their indentation.
                opened |= !line.content.trim_end().ends_with(['{', '[']);
                if opened {
                    break;
                }
            }
        }
        let mut open = 1 + openers(content);
        let below = self.after.iter().map(|line| line.content).take_while(|below| {
            let inside = open > 0;
            open += openers(below);
            inside
        });
        opened && flow.into_iter().chain([content]).chain(below).any(speaks_anywhere)
    }

    /// Whether the line is one that any object shows: what it is and what it is called.
    fn is_head(&self, line: &Line<'_>) -> bool {
        let plain = !line.value.contains(['{', '[']);
        let under_metadata = || self.chain(line).next().is_some_and(|parent| parent.key_is(&["metadata"]));
        plain
            && ((line.key_is(&["apiVersion", "kind", "type"]) && self.chain(line).all(|parent| parent.key.is_none()))
                || (line.key_is(&["name", "namespace"]) && under_metadata()))
    }

    /// Whether the line may be part of a Secret: it stands beside or under `kind: Secret`, the document says so in a
    /// form that indentation does not show, or the document holds data and says of no kind.
    fn is_secret(&self, line: &Line<'text>, content: &str) -> bool {
        let lines = || self.before.iter().chain(&self.after);
        if says_secret_inline(content) || lines().any(|other| says_secret_inline(other.content)) || self.cut {
            return true;
        }
        let is_list = lines().any(|other| other.key_is(&["items"]));
        if !is_list {
            return lines().chain([line]).any(Line::says_kind_secret)
                || self.is_misspelt_secret(line)
                || (lines().chain([line]).any(|other| {
                    ["data", "stringData"]
                        .iter()
                        .any(|word| other.key == Some(word) || other.content.contains(&format!("{word}\":")))
                }) && !lines().chain([line]).any(|other| other.key_is(&["kind"])));
        }
        let mut levels: Vec<usize> = vec![line.indent];
        levels.extend(self.chain(line).map(|ancestor| ancestor.indent));
        line.says_kind_secret()
            || levels.into_iter().any(|indent| self.siblings(indent).any(|other| other.says_kind_secret()))
    }

    /// Whether the document is an object of the core group with `data`, and no ConfigMap: what was meant for a Secret.
    fn is_misspelt_secret(&self, line: &Line<'text>) -> bool {
        let lines = || self.before.iter().chain(&self.after).chain([line]);
        let heads = |key: &'static str| lines().filter(move |head| head.key == Some(key));
        heads("data").any(|data| {
            let beside = |head: &&Line<'text>| head.indent == data.indent;
            heads("kind").filter(beside).any(|kind| kind.bare_value() != "ConfigMap")
                && heads("apiVersion").filter(beside).any(|version| version.bare_value() == "v1")
        })
    }

    /// The lines above that hold this one, the nearest first: each is indented less than the one before it.
    fn chain(&self, line: &Line<'text>) -> impl Iterator<Item = &Line<'text>> {
        let mut indent = line.indent;
        let mut dash = line.dash;
        self.before.iter().filter(move |above| {
            let holds = above.indent < indent && (above.dash <= dash || above.key.is_some());
            if holds {
                indent = above.indent;
                dash = above.dash;
            }
            holds
        })
    }

    /// The lines of the same mapping: equally indented, with nothing less indented between.
    fn siblings(&self, indent: usize) -> impl Iterator<Item = &Line<'text>> {
        let above = self.before.iter().take_while_first_item(indent);
        let below = self.after.iter().take_while(move |line| line.dash >= indent);
        above.chain(below).filter(move |line| line.indent == indent)
    }

    fn veils(&self, line: &Line<'text>) -> bool {
        line.key.is_some_and(speaks_of_secret)
    }

    /// Whether the line, or one that holds it, is the `value` beside a `name` that speaks of a secret; or a bare `key`
    /// that is no field of a selector or a reference.
    fn veils_pair(&self, line: &Line<'text>) -> bool {
        let beside_name = |level: &Line<'text>| {
            level.key_is(&VALUES)
                && self.pair_of(level).any(|other| other.key_is(&NAMES) && speaks_of_secret(other.bare_value()))
        };
        let bare_key = line.key_is(&["key"])
            && !self
                .siblings(line.indent)
                .any(|other| other.key_is(&["operator", "name", "effect", "optional", "path"]));
        beside_name(line) || self.chain(line).any(beside_name) || bare_key
    }

    /// The siblings of a line that may stand anywhere in the document.
    fn pair_of(&self, line: &Line<'text>) -> impl Iterator<Item = &Line<'text>> {
        let position = self.before.iter().position(|above| std::ptr::eq(above.value, line.value));
        let (below, above) = match position {
            Some(at) => (self.before.get(..at).unwrap_or_default(), self.before.get(at + 1..).unwrap_or_default()),
            None => (&[][..], self.before.as_slice()),
        };
        let indent = line.indent;
        let above = above.iter().take_while_first_item(indent);
        let below = below.iter().rev().chain(&self.after).take_while(move |line| line.dash >= indent);
        let own_dash = line.dash < line.indent;
        above.filter(move |_| !own_dash).chain(below).filter(move |line| line.indent == indent)
    }

    /// Whether the line is the argument after a flag that speaks of a secret: `- --password` and `- …` below it, or the
    /// rest of a command that goes on here.
    fn follows_flag(&self, line: &Line<'text>) -> bool {
        self.before.first().is_some_and(|above| {
            let said = above.value.trim().trim_end_matches([',', '\\', ' ']).trim_matches(['"', '\'']);
            let flag = said.rsplit(char::is_whitespace).next().unwrap_or_default();
            let is_item = above.key.is_none() && above.indent == line.indent;
            (is_item || line.key.is_none() && line.dash == line.indent) && asks_for_secret(flag)
        })
    }
}

/// Lines above, nearest first, up to and including the one that begins the item of this indentation.
trait TakeWhileFirstItem<'lines, 'text: 'lines>: Iterator<Item = &'lines Line<'text>> + Sized {
    fn take_while_first_item(self, indent: usize) -> impl Iterator<Item = &'lines Line<'text>> {
        let mut done = false;
        self.take_while(move |line| {
            let inside = !done && line.indent >= indent;
            done = done || line.dash < indent;
            inside
        })
    }
}

impl<'lines, 'text: 'lines, I: Iterator<Item = &'lines Line<'text>>> TakeWhileFirstItem<'lines, 'text> for I {}

/// What YAML takes for an anchor, an alias or a directive may be an unquoted password.
fn is_odd(line: &Line<'_>) -> bool {
    line.value
        .trim_start()
        .strip_prefix(['&', '*', '%', '!'])
        .is_some_and(|named| named.starts_with(|first: char| first.is_alphanumeric()) && !named.starts_with("YAML"))
}

/// Whether a line names a secret whose value goes on below it.
fn leaves_open(content: &str) -> bool {
    let Some(said) = spoken_from(content, false).and_then(|from| content.get(from..)) else { return false };
    let opens_text = |quotes: &str| said.matches(quotes).count() % 2 == 1;
    !said.contains(char::is_alphanumeric) || said.ends_with('\\') || opens_text("\"\"\"") || opens_text("'''")
}

fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// How many more braces and brackets a line opens than it closes.
pub(super) fn openers(content: &str) -> isize {
    content
        .chars()
        .map(|character| match character {
            '{' | '[' => 1,
            '}' | ']' => -1,
            _ => 0,
        })
        .sum()
}
