//! No difference and equal digests are one, between any two environments of a street.

use super::street::street_of;
use dtap_model::object::{GroupKind, Identity, Object};
use dtap_model::place::SourceId;
use dtap_model::tree::{Entry, Node, Span, Tree, Value};
use dtap_verify::parity;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::borrow::Cow;

const STAGES: [&str; 3] = ["dev", "tst", "prd"];

/// Few values, so that two environments often say the same: defaults, amounts in several spellings, names of stages.
fn scalar() -> impl Strategy<Value = Tree> {
    let text = |text: &'static str| Node::synthetic(Value::String(Cow::Borrowed(text)));
    let texts = vec!["x", "dev", "tst", "prd", "production", "x-dev", "500m", "0.5", "", "RollingUpdate", "TCP"];
    prop_oneof![
        4 => prop::sample::select(texts).prop_map(text),
        1 => prop::sample::select(vec![0_i64, 1, 10]).prop_map(|number| Node::synthetic(Value::Integer(number))),
        1 => Just(Node::synthetic(Value::Null)),
    ]
}

fn mapping(entries: Vec<(&'static str, Tree)>) -> Tree {
    let mut seen = std::collections::BTreeSet::new();
    let entry = |(key, node): (&'static str, Tree)| Entry { key: Cow::Borrowed(key), key_span: Span::default(), node };
    Node::synthetic(Value::Mapping(entries.into_iter().filter(|(key, _)| seen.insert(*key)).map(entry).collect()))
}

fn tree() -> impl Strategy<Value = Tree> {
    let keys = vec![
        "strategy",
        "type",
        "replicas",
        "containers",
        "initContainers",
        "args",
        "ports",
        "port",
        "name",
        "resources",
        "limits",
        "metadata",
        "labels",
        "env",
        "x",
        "dev",
        "prd",
        "protocol",
    ];
    scalar().prop_recursive(3, 8, 2, move |inner| {
        let entries = prop::collection::vec((prop::sample::select(keys.clone()), inner.clone()), 0..3);
        prop_oneof![
            2 => entries.prop_map(mapping),
            1 => prop::collection::vec(inner, 0..3).prop_map(|items| Node::synthetic(Value::Sequence(items))),
        ]
    })
}

/// One of a few trees for each environment, so that some are the same and others nearly.
fn environments() -> impl Strategy<Value = (bool, Vec<Tree>)> {
    let specs = prop::collection::vec(tree(), 2);
    let chosen = prop::collection::vec((any::<bool>(), any::<bool>()), STAGES.len());
    (any::<bool>(), specs, chosen).prop_map(|(known, specs, chosen)| {
        let spec = |(which, turned): (bool, bool)| {
            let spec = specs[usize::from(which)].clone();
            if turned { reversed(spec) } else { spec }
        };
        (known, chosen.into_iter().map(spec).collect())
    })
}

/// The same with the order of everything turned round.
fn reversed(mut tree: Tree) -> Tree {
    tree.value = match tree.value {
        Value::Mapping(entries) => {
            let turned = |entry: Entry<'static>| Entry { node: reversed(entry.node), ..entry };
            Value::Mapping(entries.into_iter().rev().map(turned).collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().rev().map(reversed).collect()),
        value => value,
    };
    tree
}

fn object(known: bool, spec: &Tree) -> Object {
    let (group, kind) = if known { ("apps", "Deployment") } else { ("shop.example", "Thing") };
    let identity = Identity { kind: GroupKind::new(group, kind), namespace: None, name: "thing".into() };
    let tree = mapping(vec![("spec", spec.clone())]);
    Object { identity, version: "v1".to_owned(), source: SourceId(0), tree, template: None }
}

#[test]
fn no_difference_and_equal_digests_are_one() {
    let mut runner = TestRunner::deterministic();
    let (mut same, mut different) = (0, 0);
    for _ in 0..5_000 {
        let (known, specs) = environments().new_tree(&mut runner).unwrap().current();
        let objects: Vec<Object> = specs.iter().map(|spec| object(known, spec)).collect();
        let snapshot = street_of(STAGES.into_iter().zip(objects).collect());
        let digests = parity::judge(&snapshot).digests;
        let ids = &snapshot.streets[0].environments;
        for (left, right) in [(0, 1), (1, 2), (0, 2)] {
            let causes = parity::compare(&snapshot, ids[left], ids[right]).causes;
            let equal = digests[&ids[left]] == digests[&ids[right]];
            assert_eq!(causes.is_empty(), equal, "{:?}\n{:?}\n{specs:?}\n{causes:?}", STAGES[left], STAGES[right]);
            if equal { same += 1 } else { different += 1 }
        }
    }
    assert!(same > 2_500 && different > 2_500, "{same} the same, {different} different");
}
