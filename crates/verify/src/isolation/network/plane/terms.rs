//! What policies say. Many say the same, word for word, in one namespace after the other: it is read once, and they
//! share what it comes to.

use super::Plane;
use super::metadata::all_refused_metadata;
use super::policies::{Force, PolicyIndex};
use super::sets::{NamespaceSet, Sets};
use crate::isolation::network::policy::{Direction, Namespaces, Peer, Spec, Way};
use crate::isolation::network::ports::PortRule;
use crate::isolation::network::selector::{Refusal, Selector};
use dtap_model::place::{Source, SourceId, Sources};
use dtap_model::tree::{Node, Tree, Value};
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::hash::{Hash, Hasher};

/// The index of terms among those of the plane.
pub type TermsIndex = usize;

/// What a policy comes to, wherever it stands.
#[derive(Debug)]
pub struct Terms<'s> {
    /// The first policy that says so, whole.
    pub tree: &'s Tree,
    /// Why the API server refuses it, where it does. What it does is then not known.
    pub refused: Option<Refusal>,
    /// The pods selected.
    pub selects: Selector<'s>,
    /// The ways in; none where it does not isolate ingress.
    pub ingress: Option<Vec<Route<'s>>>,
    /// The ways out; none where it does not isolate egress.
    pub egress: Option<Vec<Route<'s>>>,
}

/// A way with the namespaces in which its peer may be.
#[derive(Debug)]
pub struct Route<'s> {
    /// The way.
    pub way: Way<'s>,
    /// The namespaces.
    pub within: Within,
}

/// The namespaces in which a peer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// The peer is everybody, wherever it is.
    Anywhere,
    /// The policy's own.
    Own,
    /// An index into the plane's sets. For a block they are those in which it may cover a pod, a node or a Service.
    Set(usize),
}

impl<'s> Terms<'s> {
    /// The ways of a direction; none where it is not isolated.
    #[must_use]
    pub fn routes(&self, direction: Direction) -> Option<&[Route<'s>]> {
        match direction {
            Direction::Ingress => self.ingress.as_deref(),
            Direction::Egress => self.egress.as_deref(),
        }
    }

    /// Whether a peer is in the policy's own namespace.
    pub(super) fn speak_of_own(&self) -> bool {
        let mut routes = self.ingress.iter().chain(&self.egress).flatten();
        routes.any(|route| route.within == Within::Own)
    }

    /// Finds the namespaces of every peer.
    fn resolve(tree: &'s Tree, spec: Result<Spec<'s>, Refusal>, sets: &mut Sets<'_, 's>) -> Self {
        let (spec, refused) = match spec {
            Ok(spec) => (spec, None),
            Err(why) => (anything(), Some(why)),
        };
        let mut routes = |direction, ways: Vec<Way<'s>>| -> Vec<Route<'s>> {
            let mut within = |peer: &Peer<'s>| match peer {
                Peer::Pods { namespaces: Namespaces::Own, .. } => Within::Own,
                Peer::Pods { namespaces: Namespaces::Selected(selector), .. } => Within::Set(sets.selected(selector)),
                Peer::Block(block) => Within::Set(sets.addressed(direction, block)),
                Peer::Everyone => Within::Anywhere,
            };
            ways.into_iter().map(|way| Route { within: within(&way.peer), way }).collect()
        };
        let ingress = spec.ingress.map(|ways| routes(Direction::Ingress, ways));
        let egress = spec.egress.map(|ways| routes(Direction::Egress, ways));
        Self { tree, refused, selects: spec.selects, ingress, egress }
    }
}

impl<'s> Plane<'s> {
    /// What a policy comes to.
    #[must_use]
    pub fn terms_of(&self, policy: PolicyIndex) -> Option<&Terms<'s>> {
        self.terms.get(self.policies.get(policy)?.terms)
    }

    /// A way of a policy.
    #[must_use]
    pub fn route(&self, policy: PolicyIndex, direction: Direction, at: usize) -> Option<&Route<'s>> {
        self.terms_of(policy)?.routes(direction)?.get(at)
    }

    /// The namespaces in which the peer of a route of this policy may be; none where it is everybody.
    #[must_use]
    pub fn namespaces_of(&self, policy: PolicyIndex, route: &Route<'_>) -> Option<&NamespaceSet> {
        match route.within {
            Within::Anywhere => None,
            Within::Own => self.sets.get(self.policies.get(policy)?.own?),
            Within::Set(set) => self.sets.get(set),
        }
    }
}

/// Policies that are read, before it is known which namespaces their peers may be in.
pub(super) struct ReadPolicies<'s> {
    /// Those that say different things, each with what it says.
    distinct: Vec<(&'s Placed, Result<Spec<'s>, Refusal>)>,
    /// All of them.
    numbered: Vec<Numbered<'s>>,
}

/// A policy with the number of what it says.
pub(super) struct Numbered<'s> {
    pub(super) placed: &'s Placed,
    pub(super) terms: TermsIndex,
    /// What it says itself of being in force.
    pub(super) force: Force,
}

impl<'s> ReadPolicies<'s> {
    /// Reads policies.
    pub(super) fn of(policies: &[&'s Placed], sources: &'s Sources) -> Self {
        let distinct = |policies: &[&'s Placed]| Distinct::of(policies, sources);
        let stretches: Vec<(Distinct<'s>, Vec<Numbered<'s>>)> = policies.par_chunks(STRETCH).map(distinct).collect();
        let mut distinct = Distinct::new(sources);
        let mut numbered = Vec::with_capacity(policies.len());
        for (stretch, policies) in stretches {
            let of_first = |(placed, refused)| distinct.number(placed, refused);
            let joined: Vec<TermsIndex> = stretch.first.into_iter().map(of_first).collect();
            let renumbered = |own: Numbered<'s>| Some(Numbered { terms: *joined.get(own.terms)?, ..own });
            numbered.extend(policies.into_iter().filter_map(renumbered));
        }
        let read = |(placed, refused): (&'s Placed, Option<Refusal>)| {
            (placed, refused.map_or_else(|| Spec::read(&placed.object.tree), Err))
        };
        Self { distinct: distinct.first.into_par_iter().map(read).collect(), numbered }
    }

    /// The terms, by their numbers, and the policies.
    pub(super) fn resolve(self, sets: &mut Sets<'_, 's>) -> (Vec<Terms<'s>>, Vec<Numbered<'s>>) {
        let resolve = |(placed, spec): (&'s Placed, _)| Terms::resolve(&placed.object.tree, spec, sets);
        (self.distinct.into_iter().map(resolve).collect(), self.numbered)
    }
}

/// How many policies are told apart at a time.
const STRETCH: usize = 256;

/// Policies that say different things, numbered in the order in which they first occur.
struct Distinct<'s> {
    sources: &'s Sources,
    numbers: FxHashMap<(Said<'s>, Option<Refusal>), TermsIndex>,
    /// The first of each, and why the API server refuses its metadata, if it does.
    first: Vec<(&'s Placed, Option<Refusal>)>,
}

impl<'s> Distinct<'s> {
    fn new(sources: &'s Sources) -> Self {
        Self { sources, numbers: FxHashMap::default(), first: Vec::new() }
    }

    /// Those of some policies, and the policies, each with its number.
    fn of(policies: &[&'s Placed], sources: &'s Sources) -> (Self, Vec<Numbered<'s>>) {
        let mut distinct = Self::new(sources);
        let refused = all_refused_metadata(policies).into_iter();
        let number = |(placed, refused): (&&'s Placed, Option<Refusal>)| {
            let terms = distinct.number(placed, refused);
            Numbered { placed, terms, force: Force::of(placed) }
        };
        let numbered = policies.iter().zip(refused).map(number).collect();
        (distinct, numbered)
    }

    /// The number of what a policy says. What is `refused` for its metadata says something of its own.
    fn number(&mut self, placed: &'s Placed, refused: Option<Refusal>) -> TermsIndex {
        let first = &mut self.first;
        *self.numbers.entry((Said::of(placed, self.sources), refused)).or_insert_with_key(|(_, refused)| {
            first.push((placed, refused.clone()));
            first.len() - 1
        })
    }
}

/// What stands where the API server refuses a policy: nothing, or whatever it accepted there before. At most that
/// selects everything and admits everybody.
fn anything<'s>() -> Spec<'s> {
    let everyone = || vec![Way { rule: 0, position: None, peer: Peer::Everyone, ports: PortRule::all() }];
    Spec { selects: Selector::default(), ingress: Some(everyone()), egress: Some(everyone()) }
}

/// What a policy says, so that those which say the same are found.
#[derive(PartialEq, Eq, Hash)]
enum Said<'s> {
    /// By its text. Within one source what stands in braces means the same wherever it stands.
    Text(SourceId, &'s str),
    /// By its tree.
    Tree(Option<InOrder<'s>>),
}

impl<'s> Said<'s> {
    fn of(placed: &'s Placed, sources: &'s Sources) -> Self {
        let (source, spec) = (placed.object.source, placed.object.tree.get("spec"));
        match spec.and_then(|spec| in_braces(sources.get(source)?, spec)) {
            Some(text) => Self::Text(source, text),
            None => Self::Tree(spec.map(InOrder)),
        }
    }
}

/// The text of a mapping that is written in braces and holds nothing that gets its meaning from elsewhere in the
/// source, as aliases, anchors and tags of YAML do. Read much faster than the tree, which lies scattered.
fn in_braces<'s>(source: &'s Source, mapping: &Tree) -> Option<&'s str> {
    let (start, end) = mapping.span.range();
    let text = source.text.get(start..end).filter(|text| text.starts_with('{') && text.ends_with('}'))?;
    memchr::memchr3(b'*', b'&', b'!', text.as_bytes()).is_none().then_some(text)
}

/// A tree by what it says, in the order in which it says so: what is said in another order is read alike, and told
/// otherwise.
struct InOrder<'s>(&'s Tree);

impl PartialEq for InOrder<'_> {
    fn eq(&self, other: &Self) -> bool {
        says(self.0, other.0)
    }
}

impl Eq for InOrder<'_> {}

impl Hash for InOrder<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        feed(self.0, state);
    }
}

/// Whether two trees say the same in the same order.
fn says(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says(one, other))
        }
        (Value::Mapping(one), Value::Mapping(other)) => {
            let alike = one.iter().zip(other).all(|(one, other)| one.key == other.key && says(&one.node, &other.node));
            one.len() == other.len() && alike
        }
        _ => one.same_value(other),
    }
}

/// Hashes what a tree says.
fn feed<H: Hasher>(tree: &Node<'_>, state: &mut H) {
    std::mem::discriminant(&tree.value).hash(state);
    match &tree.value {
        Value::Null => {}
        Value::Bool(value) => value.hash(state),
        Value::Integer(value) => value.hash(state),
        Value::Float(value) => value.to_bits().hash(state),
        Value::String(text) => text.hash(state),
        Value::Sequence(items) => {
            items.len().hash(state);
            items.iter().for_each(|item| feed(item, state));
        }
        Value::Mapping(entries) => {
            entries.len().hash(state);
            for entry in entries {
                entry.key.hash(state);
                feed(&entry.node, state);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtap_model::place::Origin;
    use dtap_model::tree::Entry;
    use dtap_snapshot::decode::decode;
    use dtap_snapshot::reading::Context;

    fn text(text: &'static str) -> Tree {
        Node::synthetic(Value::String(text.into()))
    }

    fn list(items: Vec<Tree>) -> Tree {
        Node::synthetic(Value::Sequence(items))
    }

    fn map(entries: &[(&'static str, Tree)]) -> Tree {
        let entry = |(key, node): &(&'static str, Tree)| Entry {
            key: (*key).into(),
            key_span: Default::default(),
            node: node.clone(),
        };
        Node::synthetic(Value::Mapping(entries.iter().map(entry).collect()))
    }

    fn hash(said: &InOrder<'_>) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        said.hash(&mut hasher);
        hasher.finish()
    }

    /// The mappings of a text that are told by their own text, each with that.
    fn told_by_text(yaml: &str) -> Vec<(Tree, String)> {
        let source = Source { name: "t.yaml".to_owned(), origin: Origin::File, text: yaml.to_owned() };
        let decoded = decode(SourceId(0), &source.name, yaml, &Context::default());
        let mut nodes: Vec<Tree> = decoded.objects.into_iter().map(|read| read.object.tree).collect();
        let mut told = Vec::new();
        while let Some(node) = nodes.pop() {
            nodes.extend(node.entries().iter().map(|entry| entry.node.clone()).chain(node.items().iter().cloned()));
            let text = in_braces(&source, &node).map(str::to_owned);
            told.extend(text.map(|text| (node, text)));
        }
        told
    }

    #[test]
    fn what_is_told_by_its_text_reads_the_same_anywhere() {
        let head = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: t}\n";
        let json = r#"{"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "t"}, "spec": "#;
        let cases = [
            (head.to_owned() + "spec: {a: {b: {}}, c: [{d: '}'}, {e: \"{\"}], f: {g: h}} # }\nrest: {i: j}\n", 8),
            (head.to_owned() + "spec: {a: 1,\n  b: {c: two\n    words},\n  d: {}\n  }\n", 4),
            (head.to_owned() + "spec:\n  a: {b: {c: d}}\n  e: {f: g}\n", 4),
            (head.to_owned() + "spec: {a: &x {b: c}, d: *x, e: !!str 1, f: {g: '*'}, h: {}}\n", 3),
            (json.to_owned() + r#"{"a": {"b": {}}, "c": [{"d": "}"}], "e": {"f": 1.5 } , "g": {} } }"#, 8),
        ];
        for (text, count) in cases {
            let told = told_by_text(&text);
            assert_eq!(told.len(), count, "{text}: {told:?}");
            for (tree, text) in told {
                let alone = told_by_text(&format!("{json}{text}}}"))
                    .into_iter()
                    .chain(told_by_text(&format!("{head}spec: {text}")));
                let mut alone = alone.filter(|(_, other)| *other == text).peekable();
                assert!(alone.peek().is_some(), "{text}");
                assert!(alone.all(|(other, _)| other.same_value(&tree)), "{text}");
            }
        }
    }

    #[test]
    fn trees_are_told_apart_by_each_word_and_by_its_place() {
        let (a, b) = (text("a"), text("b"));
        let trees = [
            a.clone(),
            Node::synthetic(Value::Null),
            list(vec![]),
            list(vec![a.clone()]),
            list(vec![a.clone(), b.clone()]),
            list(vec![b.clone(), a.clone()]),
            list(vec![map(&[("k", a.clone()), ("l", b.clone())])]),
            list(vec![map(&[("l", b.clone()), ("k", a.clone())])]),
            map(&[]),
            map(&[("k", a.clone())]),
            map(&[("k", b.clone())]),
            map(&[("l", a.clone())]),
            map(&[("k", a.clone()), ("l", b.clone())]),
            map(&[("l", b), ("k", a)]),
        ];
        let said: Vec<InOrder<'_>> = trees.iter().map(InOrder).collect();
        let again: Vec<Tree> = trees.to_vec();
        let again: Vec<InOrder<'_>> = again.iter().map(InOrder).collect();
        for (at, one) in said.iter().enumerate() {
            for (other_at, other) in again.iter().enumerate() {
                assert_eq!(one == other, at == other_at, "{at} and {other_at}");
                assert_eq!(hash(one) == hash(other), at == other_at, "{at} and {other_at}");
            }
        }
    }
}
