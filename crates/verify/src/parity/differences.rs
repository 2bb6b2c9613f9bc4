//! What is missing, extra or different between two environments, path by path.

use super::align::{self, Side, Subject};
use super::canonical::{self, At};
use super::{normal, quantity};
use dtap_model::object::Object;
use dtap_model::path::{Path, Step};
use dtap_model::place::Place;
use dtap_model::tree::{Entry, Node, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One way in which two environments differ.
#[derive(Clone, Debug)]
pub struct Difference<'side> {
    /// The object, by the name that it has in both.
    pub subject: &'side Subject,
    /// The path in it; empty where the whole object is missing from one side.
    pub path: Path,
    /// What the earlier environment says; none where it says nothing.
    pub left: Option<&'side Node<'static>>,
    /// What the later environment says.
    pub right: Option<&'side Node<'static>>,
    /// Where the earlier environment says it, or what is closest to where it would; none where it has no such object.
    pub left_place: Option<Place>,
    /// The same of the later environment.
    pub right_place: Option<Place>,
}

/// Every difference, in the order of the subjects and of what the objects say.
#[must_use]
pub fn differences<'side>(left: &'side Side<'side>, right: &'side Side<'side>) -> Vec<Difference<'side>> {
    let mut renamed = renamed(left, right);
    let answers: BTreeSet<&Subject> = renamed.values().copied().collect();
    let subjects: BTreeSet<&Subject> = left.objects.keys().chain(right.objects.keys()).collect();
    let none = Vec::new();
    let mut found = Vec::new();
    for subject in subjects.into_iter().filter(|subject| !answers.contains(subject)) {
        let answer = renamed.remove(subject).unwrap_or(subject);
        let left_objects = left.objects.get(subject).unwrap_or(&none);
        let right_objects = right.objects.get(answer).unwrap_or(&none);
        alternatives((left, right), subject, left_objects, right_objects, &mut found);
    }
    found
}

/// Objects that are called after the whole name of their namespace, with what answers to each on the later side.
///
/// Only among those that nothing answers to by name: where a namespace is called `web`, so is much that is not called
/// after it.
fn renamed<'side>(left: &'side Side<'side>, right: &'side Side<'side>) -> BTreeMap<&'side Subject, &'side Subject> {
    let alone = |own: &'side Side<'side>, other: &Side<'_>| {
        let mut by_name: BTreeMap<_, Vec<&Subject>> = BTreeMap::new();
        for (subject, objects) in own.objects.iter().filter(|(subject, _)| !other.objects.contains_key(subject)) {
            let name = objects.first().map_or("", |object| object.identity.name.as_str());
            let name = own.names.normal_with_namespaces(name).into_owned();
            by_name.entry((&subject.kind, &subject.role, name)).or_default().push(subject);
        }
        by_name
    };
    let mut answers = alone(right, left);
    let pairs = alone(left, right).into_iter().filter_map(|(name, subjects)| {
        let answer = answers.remove(&name)?;
        match (subjects.as_slice(), answer.as_slice()) {
            ([subject], [answer]) => Some((*subject, *answer)),
            _ => None,
        }
    });
    pairs.collect()
}

/// Compares the objects of one subject. Where there are several they are alternatives, and the sets are compared: what
/// both have is no difference, in whichever order.
fn alternatives<'side>(
    sides: (&'side Side<'side>, &'side Side<'side>),
    subject: &'side Subject,
    left: &[&'side Object],
    right: &[&'side Object],
    found: &mut Vec<Difference<'side>>,
) {
    let mut rest: Vec<&Object> = right.to_vec();
    let mut unmatched = Vec::new();
    let several = left.len() > 1 || right.len() > 1;
    for object in left {
        let equal = if several {
            rest.iter().position(|other| Walk::new(sides, subject, object, other).objects().is_empty())
        } else {
            None
        };
        match equal {
            Some(position) => drop(rest.remove(position)),
            None => unmatched.push(*object),
        }
    }
    let mut rest = rest.into_iter();
    for object in unmatched {
        match rest.next() {
            Some(other) => found.extend(Walk::new(sides, subject, object, other).objects()),
            None => found.push(whole(subject, Some(object), None)),
        }
    }
    found.extend(rest.map(|object| whole(subject, None, Some(object))));
}

/// The difference of an object that only one side has.
fn whole<'side>(
    subject: &'side Subject,
    left: Option<&'side Object>,
    right: Option<&'side Object>,
) -> Difference<'side> {
    Difference {
        subject,
        path: Path::default(),
        left: left.map(|object| &object.tree),
        right: right.map(|object| &object.tree),
        left_place: left.map(Object::cite_name),
        right_place: right.map(Object::cite_name),
    }
}

/// One step on both sides.
#[derive(Clone, Debug)]
enum Hop<'side> {
    /// Under a key, which may name the environment.
    Key { left: &'side str, right: &'side str },
    /// In an item told apart by a merge key.
    Item { key: &'static str, value: String, left: usize, right: usize },
    /// In an item at a position of its own on each side.
    Index { left: usize, right: usize },
}

/// The walk through two objects at once.
struct Walk<'side> {
    left: &'side Side<'side>,
    right: &'side Side<'side>,
    subject: &'side Subject,
    objects: (&'side Object, &'side Object),
    hops: Vec<Hop<'side>>,
    at: Vec<At<'side>>,
    found: Vec<Difference<'side>>,
}

type Tree = Node<'static>;

impl<'side> Walk<'side> {
    fn new(
        (left, right): (&'side Side<'side>, &'side Side<'side>),
        subject: &'side Subject,
        left_object: &'side Object,
        right_object: &'side Object,
    ) -> Self {
        let objects = (left_object, right_object);
        Self { left, right, subject, objects, hops: Vec::new(), at: Vec::new(), found: Vec::new() }
    }

    fn objects(mut self) -> Vec<Difference<'side>> {
        self.nodes(&self.objects.0.tree, &self.objects.1.tree);
        self.found
    }

    fn nodes(&mut self, left: &'side Tree, right: &'side Tree) {
        match (&left.value, &right.value) {
            (Value::Mapping(left), Value::Mapping(right)) if !left.is_empty() || !right.is_empty() => {
                self.mappings(left, right);
            }
            (Value::Sequence(left_items), Value::Sequence(right_items)) => {
                self.lists((left, left_items), (right, right_items));
            }
            _ if self.says_same(left, right) => {}
            _ => self.note(Some(left), Some(right)),
        }
    }

    /// Whether two values that are not compared part by part say the same.
    fn says_same(&self, left: &Tree, right: &Tree) -> bool {
        match (&left.value, &right.value) {
            (Value::String(left), Value::String(right)) => {
                self.same_text(left, right) || (self.is_quantity() && quantity::same(left, right))
            }
            (Value::Mapping(left), Value::Mapping(right)) => left.is_empty() && right.is_empty(),
            _ if self.is_quantity() => match (canonical::scalar(left), canonical::scalar(right)) {
                (Some(left), Some(right)) => quantity::same(&left, &right),
                _ => false,
            },
            _ => left.same_value(right),
        }
    }

    /// Whether two texts are equal, or name each the own object or the own environment.
    fn same_text(&self, left: &str, right: &str) -> bool {
        left == right
            || self.left.common(left) == self.right.common(right)
            || normal::same(left, &self.left.names, right, &self.right.names)
    }

    /// Whether the walk stands at an amount, which the server writes in another way than people do.
    fn is_quantity(&self) -> bool {
        self.at.iter().any(|at| {
            matches!(
                at,
                At::Key(
                    "resources"
                        | "hard"
                        | "limits"
                        | "requests"
                        | "capacity"
                        | "sizeLimit"
                        | "default"
                        | "defaultRequest"
                        | "max"
                        | "min"
                )
            )
        })
    }

    fn mappings(&mut self, left: &'side [Entry<'static>], right: &'side [Entry<'static>]) {
        let mut right_alone: Vec<&Entry> = Vec::new();
        let mut left_alone: Vec<&Entry> = Vec::new();
        let mut met = vec![false; right.len()];
        for (position, entry) in left.iter().enumerate() {
            // Renderers write the keys of one kind in one order: the same position is the first guess.
            let guess = right.get(position).is_some_and(|other| other.key == entry.key).then_some(position);
            match guess.or_else(|| right.iter().position(|other| other.key == entry.key)) {
                Some(position) => {
                    if let (Some(met), Some(other)) = (met.get_mut(position), right.get(position)) {
                        *met = true;
                        self.entries(Some((entry, left)), Some((other, right)));
                    }
                }
                None => left_alone.push(entry),
            }
        }
        right_alone.extend(right.iter().zip(&met).filter(|(_, met)| !**met).map(|(entry, _)| entry));
        for entry in left_alone {
            let other = right_alone.iter().position(|other| self.same_text(&entry.key, &other.key));
            let other = other.map(|position| right_alone.remove(position));
            self.entries(Some((entry, left)), other.map(|other| (other, right)));
        }
        for entry in right_alone {
            self.entries(None, Some((entry, right)));
        }
    }

    /// One key of two mappings; each entry comes with the mapping that holds it.
    fn entries(
        &mut self,
        left: Option<(&'side Entry<'static>, &'side [Entry<'static>])>,
        right: Option<(&'side Entry<'static>, &'side [Entry<'static>])>,
    ) {
        let left_key = left.or(right).map_or("", |(entry, _)| entry.key.as_ref());
        let right_key = right.or(left).map_or("", |(entry, _)| entry.key.as_ref());
        self.hops.push(Hop::Key { left: left_key, right: right_key });
        self.at.push(At::Key(left_key));
        let kind = self.subject.kind.kind.as_str();
        let says = |(entry, siblings): &(&'side Entry<'static>, &'side [Entry<'static>])| {
            !entry.node.is_null() && !canonical::is_server_field(kind, &self.at, &entry.node, siblings)
        };
        match (left.filter(|entry| says(entry)), right.filter(|entry| says(entry))) {
            (Some((left, _)), Some((right, _))) => self.nodes(&left.node, &right.node),
            (Some((entry, siblings)), None) if !canonical::is_written(kind, &self.at, &entry.node, siblings) => {
                match nothing_like(&entry.node).filter(|_| canonical::may_be_empty(kind, &self.at)) {
                    Some(nothing) => self.nodes(&entry.node, nothing),
                    None => self.note(Some(&entry.node), None),
                }
            }
            (None, Some((entry, siblings))) if !canonical::is_written(kind, &self.at, &entry.node, siblings) => {
                match nothing_like(&entry.node).filter(|_| canonical::may_be_empty(kind, &self.at)) {
                    Some(nothing) => self.nodes(nothing, &entry.node),
                    None => self.note(None, Some(&entry.node)),
                }
            }
            _ => {}
        }
        self.hops.pop();
        self.at.pop();
    }

    fn lists(
        &mut self,
        (left, left_items): (&'side Tree, &'side [Tree]),
        (right, right_items): (&'side Tree, &'side [Tree]),
    ) {
        let list = match self.at.last() {
            Some(At::Key(key)) => *key,
            _ => "",
        };
        let ordered = align::is_ordered(&self.subject.kind.group, list);
        if let Some(key) = align::merge_key(list, left_items, right_items) {
            self.keyed(key, left_items, right_items);
        } else if ordered {
            let before = self.found.len();
            for (position, (left, right)) in left_items.iter().zip(right_items).enumerate() {
                self.items(Hop::Index { left: position, right: position }, left, right);
            }
            // Where items came or went, positions tell nothing; and an argument says something only after its flag.
            let moved = left_items.len() != right_items.len();
            if moved || self.found.len() > before && left_items.iter().all(is_scalar) {
                self.found.truncate(before);
                self.note(Some(left), Some(right));
            }
        } else {
            self.by_content(left_items, right_items);
        }
    }

    /// Items told apart by a merge key.
    fn keyed(&mut self, key: &'static str, left: &'side [Tree], right: &'side [Tree]) {
        let value = |item: &Tree| item.get(key).and_then(canonical::scalar).unwrap_or_default();
        let mut alone: Vec<(usize, &Tree, String)> =
            right.iter().enumerate().map(|(position, item)| (position, item, value(item))).collect();
        for (position, item) in left.iter().enumerate() {
            let own = value(item);
            let equal = alone.iter().position(|(_, _, other)| *other == own);
            let answer = equal.or_else(|| alone.iter().position(|(_, _, other)| self.same_text(&own, other)));
            match answer.map(|answer| alone.remove(answer)) {
                Some((other_position, other, _)) => {
                    let hop = Hop::Item { key, value: own, left: position, right: other_position };
                    self.items(hop, item, other);
                }
                None => self.alone(Hop::Item { key, value: own, left: position, right: usize::MAX }, Some(item), None),
            }
        }
        for (position, item, own) in alone {
            self.alone(Hop::Item { key, value: own, left: usize::MAX, right: position }, None, Some(item));
        }
    }

    /// Items that nothing tells apart: equal ones answer to one another, of the others those that differ least.
    fn by_content(&mut self, left: &'side [Tree], right: &'side [Tree]) {
        let mut right_alone: Vec<(usize, &Tree)> = right.iter().enumerate().collect();
        let mut left_alone: Vec<(usize, &Tree)> = Vec::new();
        for (position, item) in left.iter().enumerate() {
            let equal = right_alone.iter().position(|(at, other)| self.distance((position, item), (*at, other)) == 0);
            match equal {
                Some(answer) => drop(right_alone.remove(answer)),
                None => left_alone.push((position, item)),
            }
        }
        let one_each = left_alone.len() == 1 && right_alone.len() == 1;
        for (position, item) in left_alone {
            let like = |other: &Tree| one_each || !item.entries().is_empty() && !other.entries().is_empty();
            let closest = (0..right_alone.len())
                .filter(|answer| right_alone.get(*answer).is_some_and(|(_, other)| like(other)))
                .min_by_key(|answer| {
                    right_alone.get(*answer).map(|(at, other)| self.distance((position, item), (*at, other)))
                });
            match closest.map(|closest| right_alone.remove(closest)) {
                Some((at, other)) => self.items(Hop::Index { left: position, right: at }, item, other),
                None => self.alone(Hop::Index { left: position, right: usize::MAX }, Some(item), None),
            }
        }
        for (position, item) in right_alone {
            self.alone(Hop::Index { left: usize::MAX, right: position }, None, Some(item));
        }
    }

    /// In how many ways two items differ.
    fn distance(&mut self, left: (usize, &'side Tree), right: (usize, &'side Tree)) -> usize {
        let before = self.found.len();
        self.items(Hop::Index { left: left.0, right: right.0 }, left.1, right.1);
        let distance = self.found.len() - before;
        self.found.truncate(before);
        distance
    }

    fn items(&mut self, hop: Hop<'side>, left: &'side Tree, right: &'side Tree) {
        self.hops.push(hop);
        self.at.push(At::Item);
        self.nodes(left, right);
        self.hops.pop();
        self.at.pop();
    }

    fn alone(&mut self, hop: Hop<'side>, left: Option<&'side Tree>, right: Option<&'side Tree>) {
        self.hops.push(hop);
        self.note(left, right);
        self.hops.pop();
    }

    fn note(&mut self, left: Option<&'side Tree>, right: Option<&'side Tree>) {
        let path = Path(self.hops.iter().map(Hop::step).collect());
        let left_place = Some(cite(self.objects.0, &self.hops, Hop::left));
        let right_place = Some(cite(self.objects.1, &self.hops, Hop::right));
        self.found.push(Difference { subject: self.subject, path, left, right, left_place, right_place });
    }
}

impl Hop<'_> {
    /// The step as a path shows it: in the words of the side that has it, the earlier one first.
    fn step(&self) -> Step {
        match self {
            Self::Key { left, .. } => Step::Key((*left).to_owned()),
            Self::Item { key, value, .. } => Step::Item { key: (*key).to_owned(), value: value.clone() },
            Self::Index { left, right } => Step::Index(if *left == usize::MAX { *right } else { *left }),
        }
    }

    fn left(&self) -> String {
        match self {
            Self::Key { left, .. } => (*left).to_owned(),
            Self::Item { left, .. } | Self::Index { left, .. } => left.to_string(),
        }
    }

    fn right(&self) -> String {
        match self {
            Self::Key { right, .. } => (*right).to_owned(),
            Self::Item { right, .. } | Self::Index { right, .. } => right.to_string(),
        }
    }
}

/// Whether a node is neither a mapping nor a list.
fn is_scalar(node: &Tree) -> bool {
    !matches!(node.value, Value::Mapping(_) | Value::Sequence(_))
}

/// An empty mapping for a mapping, an empty list for a list.
fn nothing_like(node: &Tree) -> Option<&'static Tree> {
    static NO_ENTRIES: Tree = Node { value: Value::Mapping(Vec::new()), span: Span { start: 0, end: 0 } };
    static NO_ITEMS: Tree = Node { value: Value::Sequence(Vec::new()), span: Span { start: 0, end: 0 } };
    match &node.value {
        Value::Mapping(_) => Some(&NO_ENTRIES),
        Value::Sequence(_) => Some(&NO_ITEMS),
        _ => None,
    }
}

/// The place of what stands at the end of one side's steps.
fn cite<'hop>(object: &Object, hops: &[Hop<'hop>], side: fn(&Hop<'hop>) -> String) -> Place {
    let steps: Vec<String> = hops.iter().map(side).collect();
    object.cite(&steps.iter().map(String::as_str).collect::<Vec<_>>())
}
