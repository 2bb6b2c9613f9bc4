//! Applying the differences that are reported to one side gives the other.

use super::street::street_of;
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::path::{Path, Step};
use dtap_model::place::SourceId;
use dtap_model::tree::{Entry, Node, Span, Tree, Value};
use dtap_verify::parity::align::{by_environment, sides};
use dtap_verify::parity::differences::differences;
use proptest::prelude::*;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// A scalar that is no default of the API and names no environment.
fn scalar() -> impl Strategy<Value = Tree> {
    prop_oneof![
        (2_i64..6).prop_map(|number| Node::synthetic(Value::Integer(number))),
        prop::sample::select(vec!["x", "y", "z"]).prop_map(|text| Node::synthetic(Value::String(Cow::Borrowed(text)))),
    ]
}

/// A tree whose keys are those that parity treats in ways of their own, and some that it knows nothing of.
fn tree() -> impl Strategy<Value = Tree> {
    scalar().prop_recursive(4, 40, 4, |inner| {
        let keys = vec!["containers", "env", "args", "ports", "ingress", "volumes", "labels", "image", "a", "b.c"];
        prop_oneof![
            2 => prop::collection::btree_map(prop::sample::select(keys), inner.clone(), 1..4).prop_map(mapping),
            1 => prop::collection::vec(inner.clone(), 1..4).prop_map(|items| Node::synthetic(Value::Sequence(items))),
            1 => prop::collection::btree_map(prop::sample::select(vec!["n1", "n2", "n3"]), inner, 1..4).prop_map(named),
        ]
    })
}

fn mapping(entries: std::collections::BTreeMap<&'static str, Tree>) -> Tree {
    Node::synthetic(Value::Mapping(entries.into_iter().map(|(key, node)| entry(key, node)).collect()))
}

/// A list of items that their names tell apart.
fn named(items: std::collections::BTreeMap<&'static str, Tree>) -> Tree {
    let item = |(name, node): (&'static str, Tree)| {
        let name = Node::synthetic(Value::String(Cow::Borrowed(name)));
        Node::synthetic(Value::Mapping(vec![entry("name", name), entry("value", node)]))
    };
    Node::synthetic(Value::Sequence(items.into_iter().map(item).collect()))
}

fn entry(key: &str, node: Tree) -> Entry<'static> {
    Entry { key: Cow::Owned(key.to_owned()), key_span: Span::default(), node }
}

/// A NetworkPolicy, whose lists have no order, or a kind that nobody knows, whose lists have.
fn object(group: &str, spec: Tree) -> Object {
    let kind = GroupKind::new(group, "Thing");
    let identity = Identity { kind, namespace: None, name: "thing".into() };
    let tree = Node::synthetic(Value::Mapping(vec![entry("spec", spec)]));
    Object { identity, version: "v1".to_owned(), source: SourceId(0), tree, template: None }
}

/// What is at the end of a path, made on the way where it is a key.
fn at<'tree>(root: &'tree mut Tree, steps: &[Step]) -> Option<&'tree mut Tree> {
    let mut node = root;
    for step in steps {
        node = match (step, &mut node.value) {
            (Step::Key(key), Value::Mapping(entries)) => {
                &mut entries.iter_mut().find(|entry| entry.key == key.as_str())?.node
            }
            (Step::Index(index), Value::Sequence(items)) => items.get_mut(*index)?,
            (Step::Item { key, value }, Value::Sequence(items)) => {
                items.iter_mut().find(|item| names(item, key, value))?
            }
            _ => return None,
        };
    }
    Some(node)
}

fn names(item: &Tree, key: &str, value: &str) -> bool {
    let said = item.get(key).map(|node| match &node.value {
        Value::Integer(number) => number.to_string(),
        Value::String(text) => text.to_string(),
        _ => String::new(),
    });
    said.as_deref() == Some(value)
}

/// Puts what the later side says where the earlier one says something else or nothing.
fn put(root: &mut Tree, path: &Path, node: &Tree) {
    let (last, parent) = path.0.split_last().unwrap();
    if let Some(present) = at(root, &path.0).filter(|_| !matches!(last, Step::Index(_))) {
        *present = node.clone();
        return;
    }
    match (last, &mut at(root, parent).unwrap().value) {
        (Step::Key(key), Value::Mapping(entries)) => entries.push(entry(key, node.clone())),
        (_, Value::Sequence(items)) => items.push(node.clone()),
        (step, value) => panic!("{step} in {value:?}"),
    }
}

fn remove(root: &mut Tree, path: &Path) {
    let (last, parent) = path.0.split_last().unwrap();
    match (last, &mut at(root, parent).unwrap().value) {
        (Step::Key(key), Value::Mapping(entries)) => entries.retain(|entry| entry.key != key.as_str()),
        (Step::Item { key, value }, Value::Sequence(items)) => items.retain(|item| !names(item, key, value)),
        (Step::Index(index), Value::Sequence(items)) => drop(items.remove(*index)),
        (step, value) => panic!("{step} in {value:?}"),
    }
}

/// Whether two trees say the same, where the order of lists does not count unless `ordered`.
fn equivalent(left: &Tree, right: &Tree) -> bool {
    match (&left.value, &right.value) {
        (Value::Mapping(left), Value::Mapping(right_entries)) => {
            left.len() == right_entries.len()
                && left.iter().all(|entry| right.get(&entry.key).is_some_and(|other| equivalent(&entry.node, other)))
        }
        (Value::Sequence(left), Value::Sequence(right)) => {
            let mut rest: Vec<&Tree> = right.iter().collect();
            left.len() == right.len()
                && left.iter().all(|item| {
                    let answer = rest.iter().position(|other| equivalent(item, other));
                    answer.map(|answer| rest.remove(answer)).is_some()
                })
        }
        _ => left.same_value(right),
    }
}

/// The left tree with every difference applied, and how many there were.
fn applied(group: &str, left: &Tree, right: &Tree) -> (Tree, usize) {
    let snapshot = street_of(vec![("dev", object(group, left.clone())), ("prd", object(group, right.clone()))]);
    let objects = by_environment(&snapshot);
    let sides = sides(&snapshot, &snapshot.streets[0].environments, &objects);
    let found = differences(&sides[0], &sides[1], &FxHashSet::default());
    let mut root = object(group, left.clone()).tree;
    let mut removals = Vec::new();
    // A changed item at a position goes in place; an item that only the later side has goes to the end.
    for difference in &found {
        match (difference.left, difference.right) {
            (Some(_), Some(node)) => *at(&mut root, &difference.path.0).unwrap() = node.clone(),
            (None, Some(node)) => put(&mut root, &difference.path, node),
            (_, None) => removals.push(&difference.path),
        }
    }
    removals.sort();
    removals.iter().rev().for_each(|path| remove(&mut root, path));
    (root.get("spec").unwrap().clone(), found.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn applying_the_differences_gives_the_other_side(left in tree(), right in tree(), own in any::<bool>()) {
        let group = if own { "shop.example" } else { "networking.k8s.io" };
        let left = mapping([("a", left)].into());
        let right = mapping([("a", right)].into());
        let (result, count) = applied(group, &left, &right);
        prop_assert!(equivalent(&result, &right), "{count} differences make {result:?} of {left:?}, not {right:?}");
        prop_assert!(count == 0 || !left.same_value(&right));
    }

    #[test]
    fn what_is_equal_has_no_difference(tree in tree()) {
        let spec = mapping([("a", tree)].into());
        prop_assert_eq!(applied("networking.k8s.io", &spec, &spec).1, 0);
    }
}
