//! What a line tells of itself by its words: behind which of them a secret stands.

use super::makes_a_secret;
use super::name::{is_field_key, speaks_of_secret};

/// The fields in which lists of pairs write what a value is called.
pub(super) const NAMES: [&str; 8] = ["name", "key", "param", "parameter", "id", "variable", "field", "property"];

/// The fields in which they write the value.
pub(super) const VALUES: [&str; 7] = ["value", "stringValue", "defaultValue", "val", "default", "content", "text"];

/// Whether a line says a kind that makes a Secret among other things, as flow mappings and compact JSON do.
pub(super) fn says_secret_inline(content: &str) -> bool {
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

/// Whether any word of a line speaks of a secret.
pub(super) fn speaks_anywhere(content: &str) -> bool {
    let tokens = tokens(content);
    let selects = tokens.iter().any(|token| token.text == "operator");
    tokens.iter().any(|token| speaks_of_secret(token.text) && !(selects && is_field_key(token.text)))
}

/// From where on a line tells a secret by itself: behind `password:`, `PASSWORD=`, `--token`, `<password>`,
/// `requirepass `; behind `value` where a name on the line speaks of a secret. `is_field` says that a bare `key` is a
/// field of the API.
pub(super) fn spoken_from(content: &str, is_field: bool) -> Option<usize> {
    let tokens = tokens(content);
    let mut from: Option<usize> = None;
    let selects = tokens.iter().any(|token| token.text == "operator");
    let mut name_speaks = false;
    let mut value_at = None;
    for (position, token) in tokens.iter().enumerate() {
        let rest = content.get(token.end..).unwrap_or_default().trim_start_matches(['"', '\'', '\\']);
        let ends_name: &[char] = if is_argument(content, token) { &[':', '=', ','] } else { &[':', '='] };
        let assigned = rest.trim_start().strip_prefix(ends_name);
        let is_flag = content.get(..token.start).is_some_and(|before| before.ends_with('-'));
        let harmless = is_field_key(token.text) && (selects || is_field);
        if speaks_of_secret(token.text) && !harmless {
            let previous = position.checked_sub(1).and_then(|at| tokens.get(at));
            name_speaks |= previous.is_some_and(|previous| NAMES.contains(&previous.text));
            let behind = match assigned {
                Some(rest) => Some(content.len() - rest.len()),
                None if is_flag || is_element(content, token) || is_directive(content, token) => Some(token.end),
                None => None,
            };
            from = from.or(behind);
        }
        if VALUES.contains(&token.text) && value_at.is_none() {
            value_at = assigned.map(|rest| content.len() - rest.len());
        }
    }
    match (name_speaks, value_at) {
        (true, Some(value_at)) => Some(from.map_or(value_at, |from| from.min(value_at))),
        _ => from,
    }
}

/// From where on a line tells what stands under a key that is written with escapes: it may say anything.
pub(super) fn behind_escaped_key(content: &str) -> Option<usize> {
    let escapes = ["\\x", "\\u", "\\U"].into_iter().flat_map(|escape| content.match_indices(escape));
    let behind = |(at, _): (usize, &str)| {
        let (_, rest) = content.get(at..)?.split_once('"')?;
        let value = rest.trim_start().strip_prefix(':')?;
        Some(content.len() - value.len())
    };
    escapes.filter_map(behind).min()
}

/// Whether a line names a secret and says no value of it. `opens` says that what stands behind the name is none.
pub(super) fn names_only(content: &str, opens: bool) -> bool {
    tokens(content).iter().any(|token| is_name(content, token)) && (opens || spoken_from(content, false).is_none())
}

/// From where on a line tells what stands below a name of a secret in a text that is written with `\n` for its lines.
pub(super) fn below_named(content: &str) -> Option<usize> {
    let last = content.rfind("\\n")?;
    let tokens = tokens(content.get(..last)?);
    let named = tokens.iter().find(|token| is_name(content, token))?;
    let below = content.get(named.end..)?.find("\\n")?;
    Some(named.end + below)
}

/// Whether a word names a secret, and is no path, no reference and no bare `key`.
fn is_name(content: &str, token: &Token<'_>) -> bool {
    let is_referred =
        content.get(..token.start).is_some_and(|before| before.ends_with(['/', '$']) || before.ends_with("${"));
    let word = token.text.trim_end_matches(['-', '.']);
    let is_key = word.eq_ignore_ascii_case("key") || word.eq_ignore_ascii_case("keys");
    !is_referred && !is_key && !token.text.contains('/') && speaks_of_secret(token.text)
}

/// Whether a word is the first argument of a call, behind which its value stands: `define('DB_PASSWORD', '…')`.
fn is_argument(content: &str, token: &Token<'_>) -> bool {
    content.get(..token.start).is_some_and(|before| before.ends_with("('") || before.ends_with("(\""))
}

/// Whether a word is the name of an XML element that begins here: `<password>`, `<db:password type="plain">`.
fn is_element(content: &str, token: &Token<'_>) -> bool {
    let before = content.get(..token.start).and_then(|before| before.rsplit_once('<'));
    before.is_some_and(|(_, space)| space.is_empty() || space.ends_with(':') && !space.contains(char::is_whitespace))
}

/// Whether a word and what stands behind it read like a directive of a configuration or like prose: `requirepass …`,
/// `password is …`. A path, a reference and what an operator follows do not.
fn is_directive(content: &str, token: &Token<'_>) -> bool {
    let is_referred = content.get(..token.start).is_some_and(|before| before.ends_with(['/', '$']));
    let behind = content.get(token.end..).filter(|behind| behind.starts_with([' ', '\t'])).unwrap_or_default();
    let next = behind.split_whitespace().next().unwrap_or_default();
    !is_referred
        && !token.text.contains('/')
        && !matches!(token.text, "key" | "keys")
        && next.contains(char::is_alphanumeric)
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
