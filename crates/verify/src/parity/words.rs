//! Which texts name their own environment, over a whole street.
//!
//! `production` in prd may be its own name or a word that every environment says. It names prd where no other
//! environment of the street says `production` at the same position; where another one does, it is a word like any
//! other. A namespace such as `shop-prd` is no word: where dev says it too, dev points at prd, and the two differ. So
//! what is the same is the same between any two, and an environment has one digest.

use super::align::{self, Side, Subject};
use super::canonical;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// Where a text stands: in which object, under which keys, in which item of a list where its items are told apart by a
/// key, as `env` is by name. The items of other lists stand at one position.
pub type Position = u64;

/// By position and text, what it says in the words of every environment.
pub type Words = FxHashMap<Position, FxHashMap<String, String>>;

/// The position of the root of an object.
#[must_use]
pub fn root(subject: &Subject) -> Position {
    hash(&(subject, 0))
}

/// The position under a key, which is a word that every environment has.
#[must_use]
pub fn below(at: Position, key: &str) -> Position {
    hash(&(at, key))
}

/// The position of the keys of a mapping.
#[must_use]
pub fn keys(at: Position) -> Position {
    hash(&(at, 1))
}

/// The key that tells an item of a list apart, with what it says: the first of the list's that the item has.
fn item_key<'item>(list: &str, item: &'item Node<'static>) -> Option<(&'static str, &'item Node<'static>)> {
    let said = |key: &&'static str| Some((*key, item.get(key)?));
    align::keys(list).iter().filter_map(said).find(|(_, value)| canonical::is_scalar(value) && !value.is_null())
}

/// The position of an item of the list that stands at a position, under this key.
#[must_use]
pub fn item(side: &Side<'_>, list: &str, at: Position, item: &Node<'static>) -> Position {
    let Some((key, value)) = item_key(list, item) else { return at };
    match &value.value {
        Value::String(text) => hash(&(at, 2, side.word(below(at, key), text))),
        Value::Integer(number) => hash(&(at, 3, number)),
        _ => hash(&(at, 4, canonical::scalar(value))),
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How deep words may stand below one another, in keys and in what tells items apart.
const DEEPEST: usize = 8;

/// Finds the words of the sides of a street. Again until nothing changes where keys are words, for where a text stands
/// depends on what the keys above it say.
pub(super) fn settle(sides: &mut [Side<'_>]) {
    for _ in 0..DEEPEST {
        let mentions: Vec<Vec<Mention<'_>>> = sides.par_iter().map(mentions).collect();
        let settled = !mentions.iter().flatten().any(|mention| mention.is_key);
        let subjects: FxHashSet<&Subject> = mentions.iter().flatten().map(|mention| mention.subject).collect();
        let positions: FxHashSet<Position> = mentions.iter().flatten().map(|mention| mention.at).collect();
        let said: Vec<Said<'_>> = sides.par_iter().map(|side| Said::at(&subjects, &positions, side)).collect();
        let words: Vec<Words> = sides
            .iter()
            .zip(&mentions)
            .enumerate()
            .map(|(own, (side, mentions))| words(own, side, mentions, &said))
            .collect();
        drop((mentions, said, subjects));
        let mut changes = false;
        for (side, words) in sides.iter_mut().zip(words) {
            changes |= side.settle(words);
        }
        if settled || !changes {
            break;
        }
    }
}

/// A text that names its own environment, unless another one says it too.
struct Mention<'side> {
    subject: &'side Subject,
    at: Position,
    text: &'side str,
    common: Cow<'side, str>,
    /// Whether it is the key of a mapping, or tells an item apart.
    is_key: bool,
}

/// Every text of a side that is another in the words of every environment.
fn mentions<'side>(side: &'side Side<'_>) -> Vec<Mention<'side>> {
    let mut mentions = Vec::new();
    for (subject, objects) in &side.objects {
        texts(side, subject, objects, &mut |at, text, says| {
            let common = says.common(side, text);
            if common != text {
                mentions.push(Mention { subject, at, text, common, is_key: says == Says::Key });
            }
        });
    }
    mentions
}

/// What a side says at some positions: every text with what it is in the words of every environment, and by that.
#[derive(Default)]
struct Said<'side> {
    texts: FxHashMap<(Position, &'side str), Cow<'side, str>>,
    common: FxHashMap<(Position, Cow<'side, str>), Vec<&'side str>>,
}

impl<'side> Said<'side> {
    /// What a side says at these positions, all of which are in objects of these subjects.
    fn at(subjects: &FxHashSet<&Subject>, positions: &FxHashSet<Position>, side: &'side Side<'_>) -> Self {
        let mut said = Self::default();
        for (subject, objects) in side.objects.iter().filter(|(subject, _)| subjects.contains(subject)) {
            texts(side, subject, objects, &mut |at, text, says| {
                if positions.contains(&at) {
                    let common = says.common(side, text);
                    said.common.entry((at, common.clone())).or_default().push(text);
                    said.texts.insert((at, text), common);
                }
            });
        }
        said
    }

    /// Whether a text is a word that this side says, too, where it is not what names it: each of the two says as it
    /// stands whatever is the same as this in the other, as where both say `[dev, prd]`.
    fn repeats(&self, here: &Self, mention: &Mention<'side>) -> bool {
        let is_word = self.texts.get(&(mention.at, mention.text)).is_some_and(|common| *common != mention.common);
        is_word && self.has_all(here, mention) && here.has_all(self, mention)
    }

    /// Whether this side says as it stands whatever is the same as a mention in another.
    fn has_all(&self, other: &Self, mention: &Mention<'side>) -> bool {
        let answers = other.common.get(&(mention.at, mention.common.clone()));
        answers.is_none_or(|answers| answers.iter().all(|text| self.texts.contains_key(&(mention.at, *text))))
    }
}

fn words<'side>(own: usize, side: &Side<'_>, mentions: &[Mention<'side>], said: &[Said<'side>]) -> Words {
    let mut words = Words::default();
    let Some(here) = said.get(own) else { return words };
    for mention in mentions {
        let mut others = said.iter().enumerate().filter(|(side, _)| *side != own);
        // Who else says the name of its namespace points at this environment.
        if !others.any(|(_, said)| said.repeats(here, mention)) || side.names.is_pointed_at(mention.text) {
            words.entry(mention.at).or_default().insert(mention.text.to_owned(), mention.common.clone().into_owned());
        }
    }
    words
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// The key of a mapping, or what tells an item of a list apart.
    Key,
    /// Something.
    Anything,
    /// The name of an object.
    Reference,
    /// What runs: `web:dev` and `web:prd` are two images, as a rule of two builds.
    Image,
}

impl Says {
    /// What the text under `key` is, in a mapping under `parent`.
    fn of(parent: &str, key: &str) -> Self {
        const NAMES: [&str; 4] = ["secretName", "claimName", "configMapName", "serviceAccountName"];
        const NAMED: [&str; 7] =
            ["secretKeyRef", "configMapKeyRef", "secretRef", "configMapRef", "configMap", "secret", "imagePullSecrets"];
        if key == "image" || parent == "image" {
            return Self::Image;
        }
        let reference = NAMES.contains(&key) || key == "name" && NAMED.contains(&parent);
        if reference { Self::Reference } else { Self::Anything }
    }

    fn common<'side>(self, side: &'side Side<'_>, text: &'side str) -> Cow<'side, str> {
        match self {
            Self::Key | Self::Anything => side.common(text),
            Self::Reference => side.common_reference(text),
            Self::Image => Cow::Borrowed(text),
        }
    }
}

/// Every text and key of a subject that is compared, with its position.
fn texts<'side>(
    side: &'side Side<'_>,
    subject: &Subject,
    objects: &'side [Cow<'_, Object>],
    visit: &mut impl FnMut(Position, &'side str, Says),
) {
    let root = root(subject);
    for object in objects {
        walk(side, &object.tree, (root, ["", ""]), visit);
    }
}

/// `at` comes with the last two keys above the node.
fn walk<'side>(
    side: &'side Side<'_>,
    node: &'side Node<'static>,
    (at, [parent, key]): (Position, [&str; 2]),
    visit: &mut impl FnMut(Position, &'side str, Says),
) {
    match &node.value {
        Value::String(text) => visit(at, text, Says::of(parent, key)),
        Value::Sequence(items) => {
            for node in items {
                if let Some((own, value)) = item_key(key, node).and_then(|(own, value)| Some((own, value.as_str()?))) {
                    visit(below(at, own), value, Says::Key);
                }
                walk(side, node, (item(side, key, at, node), [parent, key]), visit);
            }
        }
        Value::Mapping(entries) => {
            let keys = keys(at);
            for entry in entries {
                visit(keys, &entry.key, Says::Key);
                // What is never compared, in every object.
                if parent.is_empty() && canonical::is_placement(key, &entry.key) {
                    continue;
                }
                let below = below(at, side.word(keys, &entry.key));
                walk(side, &entry.node, (below, [key, &entry.key]), visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}
