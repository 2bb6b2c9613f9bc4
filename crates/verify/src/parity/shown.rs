//! How a value is shown in one line, and which never is.

use super::align::Side;
use super::{canonical, surplus};
use dtap_model::object::GroupKind;
use dtap_model::path::{Path, Step};
use dtap_model::tree::{Node, Value};
use dtap_report::mask;
use std::ops::Range;

/// The longest text that is shown in whole, in characters.
const LONGEST: usize = 72;

/// A value at a path of an object of this kind, in one line, with [`mask::MASK`] for whatever must not be shown.
#[must_use]
pub fn value(kind: &GroupKind, path: &Path, node: &Node<'_>) -> String {
    shorten(&whole(kind, path, node))
}

/// Two values at one path in one line each, so that it is seen in what they differ: of texts of many lines the first
/// line that differs, of long lists the items that only one has, of other long ones what stands around the first
/// difference. `apart` says where two texts first say different things, in bytes of each, if they do.
#[must_use]
pub fn pair(
    kind: &GroupKind,
    path: &Path,
    (left, right): (&Node<'_>, &Node<'_>),
    apart: impl Fn(&str, &str) -> Option<(usize, usize)>,
) -> (String, String) {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str())
        && left.lines().count().max(right.lines().count()) > 1
        && !mask::is_secret(kind, path)
    {
        return lines(left, right, &apart);
    }
    let (shown, other) = (whole(kind, path, left), whole(kind, path, right));
    if let (Value::Sequence(left), Value::Sequence(right)) = (&left.value, &right.value)
        && (is_long(&shown) || is_long(&other))
        && let Some((left, right)) =
            surplus::of((left, &items(kind, path, left)), (right, &items(kind, path, right)), &apart)
    {
        return around_difference(&left, &right, &apart);
    }
    around_difference(&shown, &other, &apart)
}

/// Two texts of one line, of long ones what stands around the first difference.
fn around_difference(
    left: &str,
    right: &str,
    apart: &impl Fn(&str, &str) -> Option<(usize, usize)>,
) -> (String, String) {
    let raw = || {
        let same = left.chars().zip(right.chars()).take_while(|(left, right)| left == right);
        let end = same.map(|(letter, _)| letter.len_utf8()).sum();
        (end, end)
    };
    let (at, other_at) = apart(left, right).unwrap_or_else(raw);
    (shorten(&from(left, at)), shorten(&from(right, other_at)))
}

/// A text as far as it leads somewhere: of many lines the first that does.
#[must_use]
pub fn leading(kind: &GroupKind, path: &Path, node: &Node<'_>, leads: impl Fn(&str) -> bool) -> String {
    let text = node.as_str().unwrap_or_default();
    let found = text.lines().enumerate().find(|(_, line)| leads(line)).filter(|_| text.lines().count() > 1);
    match found.filter(|_| !mask::is_secret(kind, path)) {
        Some((number, line)) => format!("line {}: {}", number + 1, shorten(&shown_line(text, number, line))),
        None => value(kind, path, node),
    }
}

/// The first lines of two texts that differ, and how many more do; where one has more lines than the other, between
/// which of its own lines each differs. Blanks at ends of lines do not count: see [`only_blanks_differ`].
fn lines(left: &str, right: &str, apart: &impl Fn(&str, &str) -> Option<(usize, usize)>) -> (String, String) {
    let (left_lines, right_lines): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let pairs = || left_lines.iter().zip(&right_lines);
    let moved = left_lines.len() != right_lines.len();
    // What is the same in words is told as it stands, where nothing else differs.
    let in_words = moved || pairs().any(|(left, right)| !is_seen_alike(left, right, apart));
    let same = |left: &str, right: &str| if in_words { is_seen_alike(left, right, apart) } else { left == right };
    let before = pairs().take_while(|(left, right)| same(left, right)).count();
    let after = left_lines.iter().rev().zip(right_lines.iter().rev()).take_while(|(left, right)| same(left, right));
    let after = after.count().min(left_lines.len().min(right_lines.len()) - before);
    let at = |text: &str, lines: &[&str]| match lines.get(before).filter(|_| before + after < lines.len()) {
        Some(line) => shown_line(text, before, line),
        None => "nothing".to_owned(),
    };
    let (shown, other) = around_difference(&at(left, &left_lines), &at(right, &right_lines), apart);
    let first = before + 1;
    if !moved {
        let which = match pairs().filter(|(left, right)| !same(left, right)).count() {
            0 | 1 => format!("line {first}"),
            apart => format!("line {first} and {} more", apart - 1),
        };
        return (format!("{which}: {shown}"), other);
    }
    let numbered = |lines: &[&str], shown: String| match lines.len() - after {
        last if last < first => shown,
        last if last == first => format!("line {first}: {shown}"),
        last => format!("lines {first} to {last}: {shown}"),
    };
    (numbered(&left_lines, shown), numbered(&right_lines, other))
}

/// Whether two lines say the same in the words of every environment, but for blanks at their ends.
fn is_seen_alike(left: &str, right: &str, apart: &impl Fn(&str, &str) -> Option<(usize, usize)>) -> bool {
    apart(left.trim_end(), right.trim_end()).is_none()
}

/// Whether blanks at ends of lines are all that tells two texts of many lines apart, which is not seen where they are
/// shown as others are.
#[must_use]
pub fn only_blanks_differ(left: &str, right: &str, apart: &impl Fn(&str, &str) -> Option<(usize, usize)>) -> bool {
    let (left, right): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let pairs = || left.iter().zip(&right);
    left.len() == right.len()
        && left.len() > 1
        && pairs().all(|(left, right)| is_seen_alike(left, right, apart))
        && pairs().any(|(left, right)| apart(left, right).is_some())
}

/// Where a text of each side first says something else in the words of every environment, in bytes of each text; none
/// where they say the same. The name of an object says something else from its beginning on.
#[must_use]
pub fn apart((left, text): (&Side<'_>, &str), (right, other): (&Side<'_>, &str)) -> Option<(usize, usize)> {
    let (said, answer) = (left.common(text), right.common(other));
    if text == other || said == answer {
        return None;
    }
    let (plain, plain_answer) = (left.names.common(text), right.names.common(other));
    if said != plain || answer != plain_answer {
        return Some((0, 0));
    }
    let alike = said.chars().zip(answer.chars()).take_while(|(left, right)| left == right);
    let alike = alike.map(|(letter, _)| letter.len_utf8()).sum();
    Some((left.names.before_common(text, alike), right.names.before_common(other, alike)))
}

/// A line of a text of many lines without what surrounds it, masked where it or what stands around it speaks of
/// secrets.
fn shown_line(text: &str, number: usize, shown: &str) -> String {
    let end_before = number.checked_sub(1).and_then(|before| text.match_indices('\n').nth(before));
    let start = end_before.map_or(0, |(end, _)| end + 1);
    if is_hidden(text, start..start + shown.len()) { mask::MASK.to_owned() } else { line(shown.trim()) }
}

/// Whether a part of a text of many lines must not be shown.
#[must_use]
pub fn is_hidden(text: &str, part: Range<usize>) -> bool {
    text.contains("PRIVATE KEY") || !mask::hidden(text, part).is_empty()
}

/// A text from shortly before a byte of it on, where what stands before is long.
fn from(text: &str, at: usize) -> String {
    const BEFORE: usize = 24;
    let around = text.get(..at).map_or(0, |before| before.chars().count());
    if !is_long(text) || around <= BEFORE {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(around - BEFORE)).collect()
}

fn is_long(text: &str) -> bool {
    text.chars().count() > LONGEST
}

/// The same without a limit to its length.
#[must_use]
pub fn whole(kind: &GroupKind, path: &Path, node: &Node<'_>) -> String {
    if mask::is_secret(kind, path) && !matches!(node.value, Value::Null) {
        return mask::MASK.to_owned();
    }
    match &node.value {
        Value::Mapping(entries) => {
            // `{name: PASSWORD, value: …}`: the name beside it says what the value is.
            let named = node.get("name").or_else(|| node.get("key")).and_then(Node::as_str);
            let inside = match named {
                Some(name) => path.with(Step::Item { key: "name".to_owned(), value: name.to_owned() }),
                None => path.clone(),
            };
            let part = |entry: &dtap_model::tree::Entry<'_>| {
                let below = match entry.key.as_ref() {
                    "name" | "key" | "kind" => path.with(Step::Key(entry.key.to_string())),
                    key => inside.with(Step::Key(key.to_owned())),
                };
                let is_secret = mask::is_beside_secret(node, &entry.key);
                let shown = if is_secret { mask::MASK.to_owned() } else { whole(kind, &below, &entry.node) };
                format!("{}: {shown}", entry.key)
            };
            format!("{{{}}}", entries.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        Value::Sequence(list) => format!("[{}]", items(kind, path, list).join(", ")),
        Value::Null => "null".to_owned(),
        Value::String(text) => line(text),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => canonical::scalar(node).unwrap_or_default(),
    }
}

/// The items of a list, each in one line.
fn items(kind: &GroupKind, path: &Path, items: &[Node<'_>]) -> Vec<String> {
    if mask::is_secret(kind, path) {
        return vec![mask::MASK.to_owned()];
    }
    let item = |(position, item): (usize, &Node<'_>)| {
        // `--password`, then its value.
        let flagged = position.checked_sub(1).and_then(|before| items.get(before)).and_then(Node::as_str);
        let hidden = flagged.is_some_and(mask::asks_for_secret);
        if hidden { mask::MASK.to_owned() } else { whole(kind, &path.with(Step::Index(position)), item) }
    };
    items.iter().enumerate().map(item).collect()
}

/// A text in one line.
fn line(text: &str) -> String {
    let lines = text.lines().count();
    if lines > 1 {
        return format!("{lines} lines");
    }
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    if text.chars().any(char::is_control) || tells_secret(text) { mask::MASK.to_owned() } else { text.to_owned() }
}

/// The end of a text in quotes, with escapes for what cannot be seen; masked where it gives a secret away.
#[must_use]
pub fn quoted(text: &str) -> String {
    if tells_secret(&text.replace(char::is_control, " ")) {
        return mask::MASK.to_owned();
    }
    let skipped = text.chars().count().saturating_sub(LONGEST);
    let end: String = text.chars().skip(skipped).collect();
    format!("{}{end:?}", if skipped > 0 { "…" } else { "" })
}

/// Whether a text gives a secret away wherever it stands: a password in a URL, a flag with its value, a token.
fn tells_secret(text: &str) -> bool {
    const HEAD: &str = "kind: Any\nsays: ";
    let document = format!("{HEAD}{text}");
    let start = "kind: Any\n".len();
    !mask::hidden(&document, start..document.len()).is_empty()
}

fn shorten(text: &str) -> String {
    if !is_long(text) {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(LONGEST).collect();
    kept.push('…');
    kept
}
