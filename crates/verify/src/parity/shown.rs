//! How a value is shown in one line, and which never is.

use super::canonical;
use dtap_model::object::GroupKind;
use dtap_model::path::{Path, Step};
use dtap_model::tree::{Node, Value};
use dtap_report::mask;

/// The longest text that is shown in whole, in characters.
const LONGEST: usize = 72;

/// A value at a path of an object of this kind, in one line, with [`mask::MASK`] for whatever must not be shown.
#[must_use]
pub fn value(kind: &GroupKind, path: &Path, node: &Node<'_>) -> String {
    shorten(&whole(kind, path, node))
}

/// Two values at one path in one line each, so that it is seen in what they differ: of texts of many lines the first
/// line that differs, of long ones what stands around the first difference. `same` says which lines are the same.
#[must_use]
pub fn pair(
    kind: &GroupKind,
    path: &Path,
    (left, right): (&Node<'_>, &Node<'_>),
    same: impl Fn(&str, &str) -> bool,
) -> (String, String) {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str())
        && left.lines().count().max(right.lines().count()) > 1
        && !mask::is_secret(kind, path)
    {
        return lines(left, right, same);
    }
    around_difference(&whole(kind, path, left), &whole(kind, path, right))
}

/// Two texts of one line, of long ones what stands around the first difference.
fn around_difference(left: &str, right: &str) -> (String, String) {
    let around = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    (shorten(&from(left, around)), shorten(&from(right, around)))
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
/// which of its own lines each differs.
fn lines(left: &str, right: &str, same: impl Fn(&str, &str) -> bool) -> (String, String) {
    let (left_lines, right_lines): (Vec<&str>, Vec<&str>) = (left.lines().collect(), right.lines().collect());
    let pairs = || left_lines.iter().zip(&right_lines);
    let before = pairs().take_while(|(left, right)| same(left, right)).count();
    let after = left_lines.iter().rev().zip(right_lines.iter().rev()).take_while(|(left, right)| same(left, right));
    let after = after.count().min(left_lines.len().min(right_lines.len()) - before);
    let at = |text: &str, lines: &[&str]| match lines.get(before).filter(|_| before + after < lines.len()) {
        Some(line) => shown_line(text, before, line),
        None => "nothing".to_owned(),
    };
    let (shown, other) = around_difference(&at(left, &left_lines), &at(right, &right_lines));
    let first = before + 1;
    if left_lines.len() == right_lines.len() {
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

/// A line of a text of many lines, masked where it or what stands around it speaks of secrets.
fn shown_line(text: &str, number: usize, shown: &str) -> String {
    let end_before = number.checked_sub(1).and_then(|before| text.match_indices('\n').nth(before));
    let start = end_before.map_or(0, |(end, _)| end + 1);
    let secret = text.contains("PRIVATE KEY") || !mask::hidden(text, start..start + shown.len()).is_empty();
    if secret { mask::MASK.to_owned() } else { line(shown.trim()) }
}

/// A text from shortly before a position on, where what stands before is long.
fn from(text: &str, around: usize) -> String {
    const BEFORE: usize = 24;
    if text.chars().count() <= LONGEST || around <= BEFORE {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(around - BEFORE)).collect()
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
        Value::Sequence(items) => {
            let mut shown: Vec<String> = Vec::new();
            for (position, item) in items.iter().enumerate() {
                // `--password`, then its value.
                let flagged = position.checked_sub(1).and_then(|before| items.get(before)).and_then(Node::as_str);
                let hidden = flagged.is_some_and(mask::asks_for_secret);
                let at = path.with(Step::Index(position));
                shown.push(if hidden { mask::MASK.to_owned() } else { whole(kind, &at, item) });
            }
            format!("[{}]", shown.join(", "))
        }
        Value::Null => "null".to_owned(),
        Value::String(text) => line(text),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => canonical::scalar(node).unwrap_or_default(),
    }
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
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(LONGEST).collect();
    kept.push('…');
    kept
}
