//! Differences to causes: a person reads ten causes rather than six hundred paths.
//!
//! The same change over many objects is one cause; so is an object that only one side has, with whatever refers to it;
//! so are many changes to the same objects.

use super::align::{Side, Subject};
use super::canonical;
use super::class::Class;
use super::differences::Difference;
use super::noun::noun;
use super::shown;
use dtap_model::tree::{Node, Value};
use dtap_report::mask;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most causes that are told of one thing, or of the same objects, before they are told as one.
const APART: usize = 3;

/// Why two environments differ, in one respect.
#[derive(Clone, Debug)]
pub struct Cause<'run> {
    /// What kind of difference it is.
    pub class: Class,
    /// The things that differ, such as `image` or `env PUBLIC_URL`, sorted; none where whole objects are missing.
    pub nouns: BTreeSet<String>,
    /// What the two sides say, every pair once.
    pub changes: BTreeSet<Change>,
    /// The namespaces that one side alone has, where all that stands in them is the cause.
    pub namespaces: BTreeSet<&'run str>,
    /// The differences behind it, never none, in the order of objects and paths.
    pub differences: Vec<&'run Difference<'run>>,
}

/// What the two sides say; none where one says nothing.
pub type Change = (Option<String>, Option<String>);

/// Which of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The earlier one.
    From,
    /// The later one.
    To,
}

/// Groups differences: whole objects first, then by class, then by how much they stand for.
#[must_use]
pub fn causes<'run>(
    differences: &'run [Difference<'run>],
    from: &'run Side<'_>,
    to: &'run Side<'_>,
) -> Vec<Cause<'run>> {
    let (whole, parts): (Vec<_>, Vec<_>) = differences.iter().partition(|difference| difference.path.0.is_empty());
    let (mut causes, parts) = absent(&whole, parts, from, to);
    causes.extend(same_objects(same_thing(parts, (from, to))));
    causes.sort_by(|left, right| order(left).cmp(&order(right)));
    causes
}

fn order<'cause>(cause: &'cause Cause<'_>) -> impl Ord + 'cause {
    let first = cause.differences.first().map(|difference| (difference.subject, &difference.path));
    (cause.class, Reverse(cause.differences.len()), &cause.nouns, &cause.changes, first)
}

impl<'run> Cause<'run> {
    fn of(class: Class, differences: Vec<&'run Difference<'run>>) -> Self {
        Self { class, nouns: BTreeSet::new(), changes: BTreeSet::new(), namespaces: BTreeSet::new(), differences }
    }

    /// The objects it is about, in order.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<&'run Subject> {
        self.differences.iter().map(|difference| difference.subject).collect()
    }

    fn join(&mut self, other: Self) {
        self.nouns.extend(other.nouns);
        self.changes.extend(other.changes);
        self.differences.extend(other.differences);
    }
}

/// The side that alone says something, if one alone does.
#[must_use]
pub fn alone(difference: &Difference<'_>) -> Option<Which> {
    match (difference.left, difference.right) {
        (Some(_), None) => Some(Which::From),
        (None, Some(_)) => Some(Which::To),
        _ => None,
    }
}

/// Whether an object that one side has stands beside one that both have under its name.
#[must_use]
pub fn is_repeated(difference: &Difference<'_>) -> bool {
    difference.path.0.is_empty() && difference.left_place.is_some() && difference.right_place.is_some()
}

/// What objects that only one side has have in common: the side, whether the other has one of the name, and the
/// namespace or the name.
type Group<'run> = (Option<Which>, bool, Common<'run>);

/// What makes one cause of objects that only one side has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Common<'run> {
    /// The other side has no such namespace.
    Namespace(&'run str),
    /// Their name; of a Namespace, how it is shown.
    Name(&'run str),
}

/// What an object that only one side has has in common with others.
fn group<'run>(difference: &'run Difference<'run>, from: &'run Side<'_>, to: &'run Side<'_>) -> Group<'run> {
    let (side, repeated, subject) = (alone(difference), is_repeated(difference), difference.subject);
    let (own, other) = if side == Some(Which::From) { (from, to) } else { (to, from) };
    let namespace = own.names.namespace(&subject.role).filter(|_| !other.names.has(&subject.role));
    let name = if subject.kind.is_namespace() { &subject.role.shown } else { &subject.name };
    (side, repeated, namespace.map_or(Common::Name(name), Common::Namespace))
}

/// The causes of objects that only one side has, and the differences that are left.
///
/// Objects of a namespace that the other side lacks belong together, as do those of one name, and what else only that
/// side says, naming them. Many names with the same kinds of objects are one cause.
fn absent<'run>(
    whole: &[&'run Difference<'run>],
    parts: Vec<&'run Difference<'run>>,
    from: &'run Side<'_>,
    to: &'run Side<'_>,
) -> (Vec<Cause<'run>>, Vec<&'run Difference<'run>>) {
    let mut groups: BTreeMap<Group<'_>, Vec<&Difference>> = BTreeMap::new();
    for difference in whole {
        groups.entry(group(difference, from, to)).or_default().push(difference);
    }
    let mut shapes: BTreeMap<_, Vec<Group<'_>>> = BTreeMap::new();
    for (name, group) in &groups {
        let kinds: BTreeSet<_> = group.iter().map(|difference| &difference.subject.kind).collect();
        let is_namespace = matches!(name.2, Common::Namespace(_));
        shapes.entry((name.0, name.1, is_namespace, kinds)).or_default().push(*name);
    }
    let mut causes: Vec<Cause> = Vec::new();
    let mut cause_of: [FxHashMap<Cow<'_, str>, usize>; 2] = Default::default();
    for names in shapes.into_values() {
        let together = names.len() > APART;
        for (position, name) in names.into_iter().enumerate() {
            if position == 0 || !together {
                causes.push(Cause::of(Class::Object, Vec::new()));
            }
            let index = causes.len() - 1;
            let (side, repeated, common) = name;
            let [of_from, of_to] = &mut cause_of;
            let (own, cause_of) = if side == Some(Which::From) { (from, of_from) } else { (to, of_to) };
            if let (Some(cause), Some(group)) = (causes.get_mut(index), groups.remove(&name)) {
                cause.differences.extend(group);
                let said = match common {
                    Common::Namespace(namespace) => {
                        cause.namespaces.insert(namespace);
                        cause.differences.sort_by_key(|difference| !difference.subject.kind.is_namespace());
                        own.common(namespace)
                    }
                    Common::Name(name) => Cow::Borrowed(name),
                };
                if !repeated && !said.is_empty() {
                    cause_of.insert(said, index);
                }
            }
        }
    }
    let [of_from, of_to] = &cause_of;
    let mut rest = Vec::new();
    for difference in parts {
        let names = match alone(difference) {
            Some(Which::From) => Some((from, of_from, difference.left)),
            Some(Which::To) => Some((to, of_to, difference.right)),
            None => None,
        };
        let cause = names.and_then(|(names, cause_of, node)| {
            named_in(node?, &|text| cause_of.get(names.common(text).as_ref()).copied())
        });
        match cause.and_then(|cause| causes.get_mut(cause)) {
            Some(cause) => cause.differences.push(difference),
            None => rest.push(difference),
        }
    }
    (causes, rest)
}

/// The first text in a tree for which something is found.
fn named_in<T>(node: &Node<'_>, found: &impl Fn(&str) -> Option<T>) -> Option<T> {
    match &node.value {
        Value::String(text) => found(text),
        Value::Sequence(items) => items.iter().find_map(|item| named_in(item, found)),
        Value::Mapping(entries) => entries.iter().find_map(|entry| named_in(&entry.node, found)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => None,
    }
}

/// One cause for the same change of the same thing; where a thing changes in many ways, one for all of them.
fn same_thing<'run>(parts: Vec<&'run Difference<'run>>, sides: (&Side<'_>, &Side<'_>)) -> Vec<Cause<'run>> {
    let mut things: BTreeMap<(Class, String), BTreeMap<Change, Vec<&Difference>>> = BTreeMap::new();
    for difference in parts {
        let class = if difference.points_at_one {
            Class::Configuration
        } else {
            Class::of(difference.subject, &difference.path, [difference.left, difference.right])
        };
        let thing = (class, noun(class, &difference.subject.kind, &difference.path));
        things.entry(thing).or_default().entry(change(class, difference, sides)).or_default().push(difference);
    }
    let mut causes = Vec::new();
    for ((class, noun), changes) in things {
        let together = changes.len() > APART;
        for (position, (change, differences)) in changes.into_iter().enumerate() {
            let mut cause = Cause::of(class, differences);
            cause.nouns.insert(noun.clone());
            cause.changes.insert(change);
            match causes.last_mut() {
                Some(last) if together && position > 0 => Cause::join(last, cause),
                _ => causes.push(cause),
            }
        }
    }
    for cause in &mut causes {
        cause.differences.sort_by_key(|difference| (difference.subject, difference.path.clone()));
    }
    causes
}

/// What a difference says, as far as it may be shown: of an image only the tag where the rest is the same.
fn change(class: Class, difference: &Difference<'_>, sides: (&Side<'_>, &Side<'_>)) -> Change {
    let (from, to) = said(difference, sides);
    match (class, from, to) {
        (Class::Image, Some(from), Some(to)) => {
            let ((from_name, from_tag), (to_name, to_tag)) = (image(&from), image(&to));
            if from_name == to_name && !from_tag.is_empty() && !to_tag.is_empty() {
                (Some(from_tag.to_owned()), Some(to_tag.to_owned()))
            } else {
                (Some(from), Some(to))
            }
        }
        (_, from, to) => (from, to),
    }
}

/// What the two sides say at a path, each in one line, masked where it must be.
#[must_use]
pub fn said(difference: &Difference<'_>, (from, to): (&Side<'_>, &Side<'_>)) -> Change {
    let (kind, path) = (&difference.subject.kind, &difference.path);
    if difference.secret {
        let hide = |node: Option<&Node<'_>>| node.map(|_| mask::MASK.to_owned());
        return (hide(difference.left), hide(difference.right));
    }
    let apart = |left: &str, right: &str| shown::apart((from, left), (to, right));
    let only_blanks = |left: &Node<'_>, right: &Node<'_>| {
        let texts = left.as_str().zip(right.as_str());
        texts.is_some_and(|(left, right)| shown::only_blanks_differ(left, right, &apart))
    };
    match (difference.left, difference.right) {
        (Some(left), Some(_)) if difference.points_at_one => {
            let leads = |line: &str| from.names.is_pointed_at(line) || to.names.is_pointed_at(line);
            let said = shown::leading(kind, path, left, leads);
            (Some(said.clone()), Some(said))
        }
        (Some(left), Some(right))
            if !mask::is_secret(kind, path) && (looks_alike(left, right) || only_blanks(left, right)) =>
        {
            let (left, right) = unlike(left, right, apart);
            (Some(left), Some(right))
        }
        (Some(left), Some(right)) => {
            let (left, right) = shown::pair(kind, path, (left, right), apart);
            (Some(left), Some(right))
        }
        (left, right) => {
            let say = |node: &Node<'_>| match node.as_str() {
                // A text that says nothing that can be seen, or what stands for nothing at all.
                Some(text) if text == "null" || !text.is_empty() && !text.chars().any(is_seen) => shown::quoted(text),
                _ => shown::value(kind, path, node),
            };
            (left.map(say), right.map(say))
        }
    }
}

/// Whether two unequal values would be shown alike: a number and the text of it, texts that only blanks tell apart.
fn looks_alike(left: &Node<'_>, right: &Node<'_>) -> bool {
    let is_null = |node: &Node<'_>| matches!(node.value, Value::Null);
    let seen = |node: &Node<'_>| -> Option<String> {
        let text = if is_null(node) { String::new() } else { canonical::scalar(node)? };
        Some(text.chars().filter(|letter| is_seen(*letter)).collect())
    };
    let (Some(one), Some(other)) = (seen(left), seen(right)) else { return false };
    one == other || is_null(left) && other == "null" || is_null(right) && one == "null"
}

/// Whether a letter of a value can be seen, and told from the quotes around it.
fn is_seen(letter: char) -> bool {
    const WIDTHLESS: [char; 9] =
        ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '"'];
    !letter.is_whitespace() && !letter.is_control() && !WIDTHLESS.contains(&letter)
}

/// Two values that look alike, so that it is seen in what they differ: texts in quotes, with escapes for what cannot be
/// seen; of texts of many lines the first line that differs, where one does in the words of every environment. Masked
/// where that line tells a secret.
fn unlike(left: &Node<'_>, right: &Node<'_>, apart: impl Fn(&str, &str) -> Option<(usize, usize)>) -> (String, String) {
    let (one, other) = (left.as_str().unwrap_or_default(), right.as_str().unwrap_or_default());
    let is_long = one.lines().count().max(other.lines().count()) > 1;
    let both = left.as_str().is_some() && right.as_str().is_some();
    let mut pairs = one.split_inclusive('\n').zip(other.split_inclusive('\n'));
    let in_words = pairs.clone().position(|(one, other)| apart(one, other).is_some());
    let line = in_words.unwrap_or_else(|| pairs.by_ref().take_while(|(one, other)| one == other).count());
    let said = |node: &Node<'_>| match node.as_str() {
        Some(text) if is_long && both => match text.split_inclusive('\n').nth(line) {
            Some(at_line) => {
                let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
                let end = start + at_line.trim_end_matches(['\r', '\n']).len();
                let shown =
                    if shown::is_hidden(text, start..end) { mask::MASK.to_owned() } else { shown::quoted(at_line) };
                format!("line {}: {shown}", line + 1)
            }
            None => format!("line {}: nothing", line + 1),
        },
        Some(text) => shown::quoted(text),
        None => canonical::scalar(node).unwrap_or_else(|| "null".to_owned()),
    };
    (said(left), said(right))
}

/// An image's name and its tag or digest.
fn image(image: &str) -> (&str, &str) {
    let digest = image.split_once('@');
    let tag = || image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    digest.or_else(tag).unwrap_or((image, ""))
}

/// One cause for many changes to the same objects.
fn same_objects(causes: Vec<Cause<'_>>) -> Vec<Cause<'_>> {
    let mut by_subjects: BTreeMap<(Class, BTreeSet<&Subject>), Vec<Cause>> = BTreeMap::new();
    for cause in causes {
        by_subjects.entry((cause.class, cause.subjects())).or_default().push(cause);
    }
    let mut told = Vec::new();
    for causes in by_subjects.into_values() {
        if causes.len() <= APART {
            told.extend(causes);
            continue;
        }
        let joined = causes.into_iter().reduce(|mut joined, cause| {
            joined.join(cause);
            joined
        });
        told.extend(joined.map(|mut joined| {
            joined.differences.sort_by_key(|difference| (difference.subject, difference.path.clone()));
            joined
        }));
    }
    told
}

/// Whether a change must not be shown, and so tells nothing by which it could be told apart.
#[must_use]
pub fn is_masked(change: &Change) -> bool {
    let masked = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains(mask::MASK));
    masked(&change.0) || masked(&change.1)
}
