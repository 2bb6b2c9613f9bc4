//! What is never shown: a Secret's data, and any value whose key speaks of passwords, tokens, secrets, credentials or
//! keys.
//!
//! Two halves: [`is_secret`] judges a path of an object that was read; [`hidden`] judges a line of a text, whether the
//! text could be read or not, and errs on the side of hiding.

use dtap_model::object::GroupKind;
use dtap_model::path::{Path, Step};
use std::ops::Range;

/// What stands where something is hidden. It tells nothing of the length.
pub const MASK: &str = "***";

/// Fields of the API that name a secret or a key and hold none.
const NAMING_FIELDS: [&str; 6] = [
    "secretname",
    "topologykey",
    "automountserviceaccounttoken",
    "secretkeyref",
    "configmapkeyref",
    "serviceaccounttoken",
];

/// Words that speak of a secret when they stand alone in a name.
const SECRET_WORDS: [&str; 11] = [
    "pass",
    "pwd",
    "pw",
    "psk",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "salt",
    "encrypteddata",
    "dockerconfigjson",
];

/// Parts of a name that speak of a secret wherever they stand in it, separators left out.
const SECRET_PARTS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "lastapplied",
    "stringdata",
    "htpasswd",
    "connectionstring",
];

/// Whether a key, flag or variable of this name holds what must not be shown.
#[must_use]
pub fn speaks_of_secret(name: &str) -> bool {
    let words = Words::of(name);
    if NAMING_FIELDS.contains(&words.joined.as_str()) {
        return false;
    }
    words.holds_part()
        || words.iter().any(|word| {
            SECRET_WORDS.contains(&word)
                || word.ends_with("key")
                || word.ends_with("keys")
                || word.ends_with("pass")
                || word.ends_with("pwd")
        })
}

/// Whether an object of this kind is a Secret, or one that a controller makes a Secret of: a SealedSecret, an
/// ExternalSecret, a SopsSecret, a VaultStaticSecret, a list of them. Both halves ask this.
fn makes_a_secret(kind: &str) -> bool {
    kind.to_ascii_lowercase().contains("secret")
}

/// Whether the value at a path of an object must not be shown.
#[must_use]
pub fn is_secret(kind: &GroupKind, path: &Path) -> bool {
    makes_a_secret(&kind.kind) && is_in_data(&kind.kind, path)
        || path.0.iter().any(|step| match step {
            Step::Key(key) => speaks_of_secret(key) && !is_field_key(key),
            Step::Item { value, .. } => speaks_of_secret(value),
            Step::Index(_) => false,
        })
}

/// Whether the path of an object that makes a Secret leads into what becomes its data: anything but the head of a
/// Secret itself, and what the others call data or a template of it.
fn is_in_data(kind: &str, path: &Path) -> bool {
    let mut keys = path.0.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item { .. } | Step::Index(_) => None,
    });
    if kind == "Secret" {
        return keys
            .next()
            .is_some_and(|key| !matches!(key, "apiVersion" | "kind" | "metadata" | "type" | "immutable"));
    }
    keys.any(|key| matches!(key, "encryptedData" | "data" | "stringData" | "template" | "templates"))
        && keys.all(|key| key != "metadata")
}

/// Whether this is the API's own field `key` (of a selector, a toleration, a reference), which holds a name.
fn is_field_key(key: &str) -> bool {
    key == "key"
}

/// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` are `db`, `password`.
///
/// Every token of the text around a value is asked for its words, so they share one string.
struct Words {
    /// All of them, without what parts them.
    joined: String,
    /// Where each begins.
    starts: Vec<usize>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut words = Self { joined: String::with_capacity(name.len()), starts: Vec::new() };
        let mut begins = true;
        let mut before_lower = false;
        for character in name.chars() {
            if character.is_ascii_lowercase() || character.is_ascii_digit() {
                words.letter(begins, character);
                (begins, before_lower) = (false, true);
                continue;
            }
            begins |= character.is_uppercase() && before_lower;
            if character.is_alphanumeric() {
                character.to_lowercase().for_each(|lower| words.letter(std::mem::take(&mut begins), lower));
            } else {
                begins = true;
            }
            before_lower = character.is_lowercase() || character.is_numeric();
        }
        words
    }

    fn letter(&mut self, begins: bool, letter: char) {
        if begins {
            self.starts.push(self.joined.len());
        }
        self.joined.push(letter);
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let ends = self.starts.iter().skip(1).copied().chain([self.joined.len()]);
        self.starts.iter().zip(ends).filter_map(|(start, end)| self.joined.get(*start..end))
    }

    fn holds_part(&self) -> bool {
        self.joined.char_indices().any(|(at, first)| {
            matches!(first, 'p' | 's' | 't' | 'c' | 'l' | 'h')
                && self.joined.get(at..).is_some_and(|rest| SECRET_PARTS.iter().any(|part| rest.starts_with(part)))
        })
    }
}

/// The parts of a line of `text` that must not be shown, as byte ranges into `text`, in order and apart.
/// `line` is the range of the line without its end.
#[must_use]
pub fn hidden(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let Some(content) = text.get(line.clone()) else { return Vec::new() };
    let document = Document::around(text, line.start);
    let from = document.hides_from(content);
    match from {
        Some(from) if from < content.trim_end().len() => {
            let end = line.start + content.trim_end().len();
            std::iter::once(line.start + from..end).collect()
        }
        _ => {
            inline_secrets(content).into_iter().map(|range| line.start + range.start..line.start + range.end).collect()
        }
    }
}

/// How far the text around a line is looked at. Past it, the line counts as part of a Secret.
const WINDOW: usize = 1 << 20;

/// The document around a line: its lines before (nearest first) and after.
struct Document<'text> {
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
        Some(Self { content, dash, indent, key, value, value_at: content.len() - value.len() })
    }

    fn key_is(&self, names: &[&str]) -> bool {
        self.key.is_some_and(|key| names.contains(&key))
    }

    /// The value without quotes and a comma behind it.
    fn bare_value(&self) -> &'text str {
        self.value.trim().trim_end_matches(',').trim().trim_matches(['"', '\''])
    }

    fn says_kind_secret(&self) -> bool {
        self.key_is(&["kind"]) && makes_a_secret(self.bare_value())
    }
}

/// Splits `key: value` or `"key": value`; none where the line has no key.
fn split_key(content: &str) -> Option<(&str, &str)> {
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
    fn around(text: &'text str, line_start: usize) -> Self {
        let floor = ceil_boundary(text, line_start.saturating_sub(WINDOW));
        let ceiling = ceil_boundary(text, line_start.saturating_add(WINDOW).min(text.len()));
        let head = text.get(floor..line_start).unwrap_or_default();
        let tail = text.get(line_start..ceiling).unwrap_or_default();
        let mut cut = floor > 0 || ceiling < text.len();
        let mut before = Vec::new();
        for line in head.lines().rev() {
            if is_separator(line) {
                cut = ceiling < text.len();
                break;
            }
            before.extend(Line::of(line));
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

    /// From which byte of the line on nothing may be shown.
    fn hides_from(&self, content: &str) -> Option<usize> {
        let line = Line::of(content)?;
        if self.is_secret(&line, content) && !self.is_head(&line) {
            return Some(line.value_at);
        }
        if self.chain(&line).any(|ancestor| self.veils(ancestor)) || self.veils_pair(&line) || self.follows_flag(&line)
        {
            return Some(line.value_at);
        }
        if line.key.is_none()
            && self.before.iter().find(|before| before.key.is_some()).is_some_and(|key| self.veils(key))
        {
            return Some(line.value_at);
        }
        // What YAML takes for an anchor, an alias or a directive may be an unquoted password.
        if let Some(named) = line.value.trim_start().strip_prefix(['&', '*', '%', '!'])
            && named.starts_with(|first: char| first.is_alphanumeric())
            && !named.starts_with("YAML")
        {
            return Some(line.value_at);
        }
        if self.is_in_secret_flow(content) {
            return Some(line.dash);
        }
        spoken_from(content, line.key_is(&["key"]))
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
            level.key_is(&["value", "stringValue", "defaultValue", "val", "default"])
                && self
                    .pair_of(level)
                    .any(|other| other.key_is(&["name", "key"]) && speaks_of_secret(other.bare_value()))
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

    /// Whether the line is the argument after a flag that speaks of a secret: `- --password` and `- …` below it.
    fn follows_flag(&self, line: &Line<'text>) -> bool {
        self.before.first().is_some_and(|above| {
            let flag = above.value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
            above.key.is_none() && above.indent == line.indent && flag.starts_with('-') && speaks_of_secret(flag)
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

fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Whether a line says a kind that makes a Secret among other things, as flow mappings and compact JSON do.
fn says_secret_inline(content: &str) -> bool {
    content.match_indices("kind").any(|(at, word)| {
        let rest = content.get(at + word.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'', '\\', ' ']);
        let Some(value) = rest.strip_prefix(':') else { return false };
        let value = value.trim_start_matches(['"', '\'', '\\', ' ']);
        let before = content.get(..at).unwrap_or_default();
        let inline = !before.trim_start_matches(['"', '\'', '-', ' ', '\t']).is_empty();
        let end = value.find(|c: char| !c.is_alphanumeric()).unwrap_or(value.len());
        inline && value.get(..end).is_some_and(makes_a_secret)
    })
}

/// How many more braces and brackets a line opens than it closes.
fn openers(content: &str) -> isize {
    content
        .chars()
        .map(|character| match character {
            '{' | '[' => 1,
            '}' | ']' => -1,
            _ => 0,
        })
        .sum()
}

/// Whether any word of a line speaks of a secret.
fn speaks_anywhere(content: &str) -> bool {
    let tokens = tokens(content);
    let selects = tokens.iter().any(|token| token.text == "operator");
    tokens.iter().any(|token| speaks_of_secret(token.text) && !(selects && is_field_key(token.text)))
}

/// From where on a line tells a secret by itself: behind `password:`, `PASSWORD=`, `--token`; behind `value` where a name
/// on the line speaks of a secret. `is_field` says that a bare `key` is a field of the API.
fn spoken_from(content: &str, is_field: bool) -> Option<usize> {
    let tokens = tokens(content);
    let mut from: Option<usize> = None;
    let selects = tokens.iter().any(|token| token.text == "operator");
    let mut name_speaks = false;
    let mut value_at = None;
    for (position, token) in tokens.iter().enumerate() {
        let rest = content.get(token.end..).unwrap_or_default().trim_start_matches(['"', '\'', '\\']);
        let assigned = rest.trim_start().strip_prefix([':', '=']);
        let is_flag = content.get(..token.start).is_some_and(|before| before.ends_with('-'));
        let harmless = is_field_key(token.text) && (selects || is_field);
        if speaks_of_secret(token.text) && !harmless {
            let previous = position.checked_sub(1).and_then(|at| tokens.get(at));
            name_speaks |= previous.is_some_and(|previous| matches!(previous.text, "name" | "key"));
            let behind = match assigned {
                Some(rest) => Some(content.len() - rest.len()),
                None if is_flag => Some(token.end),
                None => None,
            };
            from = from.or(behind);
        }
        if matches!(token.text, "value" | "val") && value_at.is_none() {
            value_at = assigned.map(|rest| content.len() - rest.len());
        }
    }
    match (name_speaks, value_at) {
        (true, Some(value_at)) => Some(from.map_or(value_at, |from| from.min(value_at))),
        _ => from,
    }
}

/// A word of a line that may be a key, a flag or a variable.
struct Token<'text> {
    text: &'text str,
    start: usize,
    end: usize,
}

fn tokens(content: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, character) in content.char_indices().chain([(content.len(), ' ')]) {
        let part = character.is_alphanumeric() || (matches!(character, '_' | '-' | '.' | '/') && start.is_some());
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if let Some(text) = content.get(from..at) {
                    tokens.push(Token { text, start: from, end: at });
                }
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// How tokens of known services begin.
const TOKENS: [&str; 19] = [
    "eyJ",
    "-----BEGIN",
    "AKIA",
    "ASIA",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "sk_live_",
    "rk_live_",
    "AIza",
    "hvs.",
    "npm_",
];

/// Addresses of services whose path is the credential.
const WEBHOOKS: [&str; 13] = [
    "hooks.slack.com/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "webhook.office.com/",
    "outlook.office.com/webhook/",
    "api.telegram.org/bot",
    "hooks.zapier.com/hooks/",
    "maker.ifttt.com/",
    "chat.googleapis.com/",
    "events.pagerduty.com/integration/",
    "api.opsgenie.com/",
    "open.feishu.cn/open-apis/bot/",
    "logic.azure.com",
];

/// What gives itself away wherever it stands: credentials before an `@`, of an `Authorization` header, behind a
/// one-letter flag; tokens and addresses of known services; a JSON Web Token, a PEM block.
fn inline_secrets(content: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, mark) in content.match_indices("://") {
        let authority = at + mark.len();
        let rest = content.get(authority..).unwrap_or_default();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'')).unwrap_or(rest.len());
        let Some((user, _)) = rest.get(..end).and_then(|authority| authority.rsplit_once('@')) else { continue };
        ranges.push(authority..authority + user.len());
    }
    for mark in TOKENS {
        for (at, _) in content.match_indices(mark) {
            let rest = content.get(at..).unwrap_or_default();
            let end = rest.find(['"', '\'', ',']).unwrap_or(rest.len());
            ranges.push(at..at + end);
        }
    }
    for (at, mark) in WEBHOOKS.iter().flat_map(|mark| content.match_indices(mark)) {
        ranges.push(at + mark.len()..word_end(content, at));
    }
    ranges.extend(words_of(content).filter_map(|word| credential(content, word)));
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let joined = next.start <= kept.end;
        if joined {
            kept.end = kept.end.max(next.end);
        }
        joined
    });
    ranges
}

/// Whether a character ends a word of a shell or of YAML.
fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | ',' | '[' | ']' | '{' | '}' | ';')
}

/// Where the word that `at` stands in ends.
fn word_end(content: &str, at: usize) -> usize {
    content.get(at..).and_then(|rest| rest.find(ends_word)).map_or(content.len(), |end| at + end)
}

/// The words of a line as a shell tells them apart.
fn words_of(content: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = content.get(at..)?;
        let start = at + rest.find(|character| !ends_word(character))?;
        at = word_end(content, start);
        Some(start..at)
    })
}

/// The credential in a word, or behind it: `user:password@host`, `-pPASSWORD`, `Bearer TOKEN`.
fn credential(content: &str, word: Range<usize>) -> Option<Range<usize>> {
    let text = content.get(word.clone())?;
    if text.eq_ignore_ascii_case("basic") || text.eq_ignore_ascii_case("bearer") {
        let behind = content.get(word.end..)?;
        let gap = behind.len() - behind.trim_start_matches(' ').len();
        let start = word.end + gap;
        return (gap > 0).then(|| start..word_end(content, start));
    }
    if let Some(value) = text.strip_prefix("-p").filter(|value| !value.is_empty() && !is_long_flag(value)) {
        return Some(word.end - value.len()..word.end);
    }
    let (user, host) = text.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    // `x:1@sha256:…` is an image by its digest.
    let digest = host.starts_with("sha256:") || host.starts_with("sha512:");
    (!digest && !host.is_empty() && !password.is_empty()).then(|| word.start..word.start + user.len())
}

/// Whether what follows `-p` makes the name of a flag of several letters, such as `-port=80`, or a number.
fn is_long_flag(rest: &str) -> bool {
    const FLAGS: [&str; 20] = [
        "ort", "ath", "rofile", "refix", "id", "rint", "lugin", "olicy", "ool", "roxy", "prof", "robe", "roject",
        "rotocol", "rovider", "ublic", "ublish", "arallel", "eriod", "lain",
    ];
    rest.bytes().all(|byte| byte.is_ascii_digit()) || FLAGS.iter().any(|flag| rest.starts_with(flag))
}

/// How far around a value [`may_be_secret`] wants to see.
pub const NEAR: usize = 1 << 16;

/// Whether the text around a value gives any reason to hide it: for text whose lines say nothing, such as a dump in a
/// single line.
#[must_use]
pub fn may_be_secret(near: &str) -> bool {
    says_secret_inline(near) || spoken_from(near, false).is_some() || !inline_secrets(near).is_empty()
}
