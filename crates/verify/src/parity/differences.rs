//! What is missing, extra or different between two environments, path by path.

use super::align::{self, Side, Subject};
use super::canonical::{self, At};
use super::words::{self, Position};
use super::{digest, quantity};
use dtap_model::object::Object;
use dtap_model::path::{Path, Step};
use dtap_model::place::Place;
use dtap_model::tree::{Entry, Node, Span, Value};
use dtap_report::mask;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

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
    /// The name of a whole object, where that is not what stands at its place.
    pub renamed: Option<&'side str>,
    /// Whether what either says must not be shown because of what stands beside it.
    pub secret: bool,
    /// The container that it is about, where the pod has others.
    pub container: Option<String>,
    /// Whether both environments say one text that leads to one of them: one of the two points at the other.
    pub points_at_one: bool,
}

/// Every difference, in the order of the subjects and of what the objects say. What is known to be alike, by its
/// digest, is not walked.
#[must_use]
pub fn differences<'side>(
    left: &'side Side<'side>,
    right: &'side Side<'side>,
    alike: &FxHashSet<&Subject>,
) -> Vec<Difference<'side>> {
    let mut found = Vec::new();
    for same in align::held([left, right].into_iter()).chunk_by(|(left, ..), (right, ..)| left == right) {
        let of = |side: usize| -> Vec<&'side Object> {
            let own = same.iter().filter(|(_, position, _)| *position == side);
            own.flat_map(|(.., objects)| objects.iter().map(AsRef::as_ref)).collect()
        };
        if let Some((subject, ..)) = same.first().filter(|(subject, ..)| !alike.contains(subject)) {
            alternatives((left, right), subject, &of(0), &of(1), &mut found);
        }
    }
    found
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
    if let ([left], [right]) = (left, right) {
        found.extend(Walk::new(sides, subject, left, right).objects());
        return;
    }
    let (left_forms, right_forms) = (forms(sides.0, subject, left), forms(sides.1, subject, right));
    let only =
        |own: &BTreeMap<Vec<u8>, &'side Object>, other: &BTreeMap<Vec<u8>, &'side Object>| -> Vec<&'side Object> {
            own.iter().filter(|(form, _)| !other.contains_key(*form)).map(|(_, object)| *object).collect()
        };
    let (left_only, right_only) = (only(&left_forms, &right_forms), only(&right_forms, &left_forms));
    let paired = left_only.len().min(right_only.len());
    for (left, right) in left_only.iter().zip(&right_only) {
        found.extend(Walk::new(sides, subject, left, right).objects());
    }
    let (first_left, first_right) = (left.first().copied(), right.first().copied());
    found.extend(left_only.into_iter().skip(paired).map(|object| whole(subject, (Some(object), None), first_right)));
    found.extend(right_only.into_iter().skip(paired).map(|object| whole(subject, (None, Some(object)), first_left)));
}

/// Objects of one subject by their form: equal ones are one.
fn forms<'side>(
    side: &'side Side<'side>,
    subject: &'side Subject,
    objects: &[&'side Object],
) -> BTreeMap<Vec<u8>, &'side Object> {
    objects.iter().rev().map(|object| (digest::form(side, subject, object), *object)).collect()
}

/// The difference of an object that only one side has; `answer` is what the other side has of its name.
fn whole<'side>(
    subject: &'side Subject,
    (left, right): (Option<&'side Object>, Option<&'side Object>),
    answer: Option<&'side Object>,
) -> Difference<'side> {
    Difference {
        subject,
        path: Path::default(),
        left: left.map(|object| &object.tree),
        right: right.map(|object| &object.tree),
        left_place: left.or(answer).map(Object::cite_name),
        right_place: right.or(answer).map(Object::cite_name),
        renamed: left.or(right).and_then(Object::renamed),
        secret: false,
        container: None,
        points_at_one: false,
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
    /// Where the walk stands on each side.
    positions: Vec<(Position, Position)>,
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
        let root = words::root(subject);
        let positions = vec![(root, root)];
        Self { left, right, subject, objects, hops: Vec::new(), at: Vec::new(), positions, found: Vec::new() }
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
        let quantity = canonical::is_quantity(&self.subject.kind.kind, &self.at);
        match (&left.value, &right.value) {
            (Value::String(left), Value::String(right)) if canonical::is_image(&self.at) => {
                canonical::whole_image(left) == canonical::whole_image(right)
            }
            (Value::String(left), Value::String(right)) => {
                self.same_text(left, right) || quantity && quantity::same(left, right)
            }
            (Value::Mapping(left), Value::Mapping(right)) => left.is_empty() && right.is_empty(),
            _ if quantity => match (canonical::scalar(left), canonical::scalar(right)) {
                (Some(left), Some(right)) => self.same_text(&left, &right) || quantity::same(&left, &right),
                _ => left.same_value(right),
            },
            _ => left.same_value(right),
        }
    }

    /// Whether two texts say the same in the words of every environment.
    fn same_text(&self, left: &str, right: &str) -> bool {
        let (left_at, right_at) = self.position();
        self.left.word(left_at, left) == self.right.word(right_at, right)
    }

    fn position(&self) -> (Position, Position) {
        self.positions.last().copied().unwrap_or_default()
    }

    fn mappings(&mut self, left: &'side [Entry<'static>], right: &'side [Entry<'static>]) {
        let mut met = vec![false; right.len()];
        let (left_at, right_at) = self.position();
        let (left_at, right_at) = (words::keys(left_at), words::keys(right_at));
        for (position, entry) in left.iter().enumerate() {
            let key = self.left.word(left_at, &entry.key);
            let answers = |other: &Entry<'_>| self.right.word(right_at, &other.key) == key;
            // Renderers write the keys of one kind in one order: the same position is the first guess.
            let guess = right.get(position).is_some_and(answers).then_some(position);
            match guess.or_else(|| right.iter().position(answers)) {
                Some(position) => {
                    if let (Some(met), Some(other)) = (met.get_mut(position), right.get(position)) {
                        *met = true;
                        self.entries((Some(entry), Some(other)), (left, right));
                    }
                }
                None => self.entries((Some(entry), None), (left, right)),
            }
        }
        for (entry, _) in right.iter().zip(&met).filter(|(_, met)| !**met) {
            self.entries((None, Some(entry)), (left, right));
        }
    }

    /// One key of two mappings, with the entries of both.
    fn entries(
        &mut self,
        (left, right): (Option<&'side Entry<'static>>, Option<&'side Entry<'static>>),
        (left_siblings, right_siblings): (&'side [Entry<'static>], &'side [Entry<'static>]),
    ) {
        let left_key = left.or(right).map_or("", |entry| entry.key.as_ref());
        let right_key = right.or(left).map_or("", |entry| entry.key.as_ref());
        self.hops.push(Hop::Key { left: left_key, right: right_key });
        self.at.push(At::Key(left_key));
        self.positions.push(self.below(left_key, right_key));
        let kind = self.subject.kind.kind.as_str();
        let says = |entry: &&Entry<'_>, siblings| {
            !entry.node.is_null() && !canonical::is_server_field(kind, &self.at, &entry.node, siblings)
        };
        // A default that follows from other fields is one only where it follows on both sides.
        let follows = |siblings| canonical::follows(kind, &self.at, siblings);
        let alike = follows(left_siblings) == follows(right_siblings);
        let is_default =
            |entry: &Entry<'_>, siblings| alike && canonical::is_written(kind, &self.at, &entry.node, siblings);
        let left = left.filter(|entry| says(entry, left_siblings));
        let right = right.filter(|entry| says(entry, right_siblings));
        let may_be_empty = canonical::may_be_empty(kind, &self.at);
        let nothing = |entry: &Entry<'static>| nothing_like(&entry.node).filter(|_| may_be_empty);
        match (left, right) {
            (Some(left), Some(right)) if !is_default(left, left_siblings) || !is_default(right, right_siblings) => {
                self.nodes(&left.node, &right.node);
            }
            (Some(entry), None) if !is_default(entry, left_siblings) => match nothing(entry) {
                Some(nothing) => self.nodes(&entry.node, nothing),
                None => self.note(Some(&entry.node), None),
            },
            (None, Some(entry)) if !is_default(entry, right_siblings) => match nothing(entry) {
                Some(nothing) => self.nodes(nothing, &entry.node),
                None => self.note(None, Some(&entry.node)),
            },
            _ => {}
        }
        self.hops.pop();
        self.at.pop();
        self.positions.pop();
    }

    /// The positions under a key.
    fn below(&self, left: &str, right: &str) -> (Position, Position) {
        let (left_at, right_at) = self.position();
        let left = self.left.word(words::keys(left_at), left);
        let right = self.right.word(words::keys(right_at), right);
        (words::below(left_at, left), words::below(right_at, right))
    }

    /// The key of the list at which the walk stands; empty for one right in a list.
    fn list(&self) -> &'side str {
        match self.at.last() {
            Some(At::Key(key)) => key,
            _ => "",
        }
    }

    fn lists(
        &mut self,
        (left, left_items): (&'side Tree, &'side [Tree]),
        (right, right_items): (&'side Tree, &'side [Tree]),
    ) {
        let list = self.list();
        let ordered = align::keeps_order(&self.subject.kind, list, left_items)
            || align::keeps_order(&self.subject.kind, list, right_items);
        if let Some(key) = align::merge_key(list, left_items, right_items) {
            let before = self.found.len();
            let in_order = self.keyed(key, left_items, right_items);
            if !in_order && self.found.len() == before && ordered {
                self.note(Some(left), Some(right));
            }
        } else if list == "envFrom" && left_items.len() != right_items.len() {
            // A source that came or went is told by itself.
            self.by_content(left_items, right_items);
        } else if ordered {
            let before = self.found.len();
            for (position, (left, right)) in left_items.iter().zip(right_items).enumerate() {
                self.items(Hop::Index { left: position, right: position }, left, right);
            }
            // Where items came or went, positions tell nothing; and an argument says something only after its flag.
            let moved = left_items.len() != right_items.len();
            if moved || self.found.len() > before && left_items.iter().all(canonical::is_scalar) {
                self.found.truncate(before);
                self.note(Some(left), Some(right));
            }
        } else {
            self.by_content(left_items, right_items);
        }
    }

    /// Items told apart by a merge key, then by name; whether those of both sides stand in the same order.
    fn keyed(&mut self, key: &'static str, left: &'side [Tree], right: &'side [Tree]) -> bool {
        let value = |item: &Tree| item.get(key).and_then(canonical::scalar).unwrap_or_default();
        let (list, (left_at, right_at)) = (self.list(), self.position());
        // As the digest writes it, in the item.
        let word = |side: &'side Side<'side>, at: Position, item: &Tree, own: &str| -> String {
            side.word(words::below(words::item(side, list, at, item), key), own).to_owned()
        };
        let mut alone: Vec<(usize, &Tree, String)> = right
            .iter()
            .enumerate()
            .map(|(position, item)| (position, item, word(self.right, right_at, item, &value(item))))
            .collect();
        let mut last = 0;
        let mut in_order = true;
        let mut unanswered = Vec::new();
        for (position, item) in left.iter().enumerate() {
            let own = value(item);
            let word = word(self.left, left_at, item, &own);
            match alone.iter().position(|(_, _, other)| *other == word).map(|answer| alone.remove(answer)) {
                Some((other_position, other, _)) => {
                    in_order &= other_position >= last;
                    last = other_position;
                    self.items(Hop::Item { key, value: own, left: position, right: other_position }, item, other);
                }
                None => unanswered.push((position, item, own)),
            }
        }
        for (position, item, own) in unanswered {
            let name = item.get("name").and_then(Node::as_str);
            let called_alike = |other: &Tree| name.is_some() && other.get("name").and_then(Node::as_str) == name;
            match alone.iter().position(|(_, other, _)| called_alike(other)).map(|answer| alone.remove(answer)) {
                Some((other_position, other, _)) => {
                    self.items(Hop::Item { key, value: own, left: position, right: other_position }, item, other);
                }
                None => self.alone(Hop::Item { key, value: own, left: position, right: usize::MAX }, Some(item), None),
            }
        }
        for (position, item, _) in alone {
            let own = value(item);
            self.alone(Hop::Item { key, value: own, left: usize::MAX, right: position }, None, Some(item));
        }
        in_order
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
        let (left_at, right_at) = self.position();
        let list = self.list();
        let left_at = words::item(self.left, list, left_at, left);
        let right_at = words::item(self.right, list, right_at, right);
        self.hops.push(hop);
        self.at.push(At::Item);
        self.positions.push((left_at, right_at));
        self.nodes(left, right);
        self.hops.pop();
        self.at.pop();
        self.positions.pop();
    }

    fn alone(&mut self, hop: Hop<'side>, left: Option<&'side Tree>, right: Option<&'side Tree>) {
        self.hops.push(hop);
        self.note(left, right);
        self.hops.pop();
    }

    fn note(&mut self, left: Option<&'side Tree>, right: Option<&'side Tree>) {
        let path = Path(self.hops.iter().map(Hop::step).collect());
        let left_place = Some(cite(self.objects.0, left, &self.hops, Hop::left));
        let right_place = Some(cite(self.objects.1, right, &self.hops, Hop::right));
        let secret = is_beside_secret(&self.objects.0.tree, &self.hops, Hop::left)
            || is_beside_secret(&self.objects.1.tree, &self.hops, Hop::right);
        let (subject, container) = (self.subject, self.container());
        let (from, to) = (&self.left.names, &self.right.names);
        let leads = |text: &&str| from.is_pointed_at(text) || to.is_pointed_at(text);
        let text = left.and_then(Node::as_str).filter(|text| right.and_then(Node::as_str) == Some(*text));
        self.found.push(Difference {
            subject,
            path,
            left,
            right,
            left_place,
            right_place,
            renamed: None,
            secret,
            container,
            points_at_one: text.filter(leads).is_some(),
        });
    }
}

impl<'side> Walk<'side> {
    /// The container in which the walk stands, where the pod has others on either side.
    fn container(&self) -> Option<String> {
        let is_list = |hop: &Hop<'_>| matches!(hop, Hop::Key { left: "containers" | "initContainers", .. });
        let list = self.hops.iter().position(is_list)?;
        let Some([Hop::Item { value, .. }, _, ..]) = self.hops.get(list + 1..) else { return None };
        let above = self.hops.get(..list)?;
        let containers = |object: &Object, side: fn(&Hop<'side>) -> String| {
            let steps: Vec<String> = above.iter().map(side).collect();
            let pod = object.tree.at(&steps.iter().map(String::as_str).collect::<Vec<_>>());
            let lists = ["containers", "initContainers"].into_iter().filter_map(|list| pod?.get(list));
            lists.map(|list| list.items().len()).sum::<usize>()
        };
        let most = containers(self.objects.0, Hop::left).max(containers(self.objects.1, Hop::right));
        (most > 1).then(|| value.clone())
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

/// Whether some mapping on the way of one side's steps says that what is below must not be shown.
fn is_beside_secret<'hop>(root: &Tree, hops: &[Hop<'hop>], side: fn(&Hop<'hop>) -> String) -> bool {
    let mut node = Some(root);
    hops.iter().any(|hop| {
        let (here, step) = (node, side(hop));
        node = here.and_then(|here| match hop {
            Hop::Key { .. } => here.get(&step),
            Hop::Item { .. } | Hop::Index { .. } => here.items().get(step.parse::<usize>().ok()?),
        });
        here.is_some_and(|here| mask::is_beside_secret(here, &step))
    })
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

/// The place of what stands at the end of one side's steps, or of what lacks it.
fn cite<'hop>(object: &Object, said: Option<&Tree>, hops: &[Hop<'hop>], side: fn(&Hop<'hop>) -> String) -> Place {
    let steps: Vec<String> = hops.iter().map(side).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    if said.is_some() { object.cite(&steps) } else { object.cite_holder(&steps) }
}
