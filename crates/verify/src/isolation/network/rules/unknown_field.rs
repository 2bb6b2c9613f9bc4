//! NET009: a field that the API server drops, so that the policy says less than it seems to.

use super::super::plane::{Plane as Compiled, Policy};
use dtap_model::tree::Node;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use std::borrow::Cow;

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET009",
    title: "a field of a NetworkPolicy that the API server drops",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "A field that the API does not know is dropped, and capitals count. A misspelt `from` admits \
          everybody; a misspelt `matchLabels` selects everything; a misspelt `policyTypes` leaves egress open. \
          The policy is judged as the API server reads it.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabel: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
"
    ),
    mend: "Correct the name of the field.",
};

/// The fields of a mapping, and what is in each.
struct Shape {
    fields: &'static [(&'static str, Option<&'static Shape>)],
}

static SELECTOR: Shape = Shape { fields: &[("matchLabels", None), ("matchExpressions", Some(&EXPRESSION))] };
static EXPRESSION: Shape = Shape { fields: &[("key", None), ("operator", None), ("values", None)] };
static BLOCK: Shape = Shape { fields: &[("cidr", None), ("except", None)] };
static PORT: Shape = Shape { fields: &[("protocol", None), ("port", None), ("endPort", None)] };
static PEER: Shape = Shape {
    fields: &[("podSelector", Some(&SELECTOR)), ("namespaceSelector", Some(&SELECTOR)), ("ipBlock", Some(&BLOCK))],
};
static INGRESS: Shape = Shape { fields: &[("from", Some(&PEER)), ("ports", Some(&PORT))] };
static EGRESS: Shape = Shape { fields: &[("to", Some(&PEER)), ("ports", Some(&PORT))] };
static SPEC: Shape = Shape {
    fields: &[
        ("podSelector", Some(&SELECTOR)),
        ("policyTypes", None),
        ("ingress", Some(&INGRESS)),
        ("egress", Some(&EGRESS)),
    ],
};
/// The fields beside `spec`.
const BESIDE: [&str; 4] = ["apiVersion", "kind", "metadata", "status"];

/// Every field of a standard policy that the API server drops.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    // Policies that say the same drop the same.
    let within: Vec<Vec<Path<'_>>> = plane.terms.par_iter().map(|terms| dropped_in_spec(terms.tree)).collect();
    let of = |policy: &Policy<'_>| {
        let fields = policy.placed.object.tree.entries().iter().map(|entry| entry.key.as_ref());
        let dropped = |field| match field {
            "spec" => within.get(policy.terms).cloned().unwrap_or_default(),
            field => vec![vec![Step::Field(field)]],
        };
        let dropped = fields.filter(|field| !BESIDE.contains(field)).flat_map(dropped);
        dropped.map(|steps| finding(plane, policy.placed, &steps)).collect::<Vec<Finding>>()
    };
    plane.policies.par_iter().flat_map_iter(of).collect()
}

/// The paths of the fields that the API server drops in the `spec` of a policy.
fn dropped_in_spec<'n>(tree: &'n Node<'_>) -> Vec<Path<'n>> {
    let mut dropped = Vec::new();
    if let Some(spec) = tree.get("spec") {
        collect(spec, &SPEC, &mut vec![Step::Field("spec")], &mut dropped);
    }
    dropped
}

fn finding(plane: &Compiled<'_>, placed: &Placed, steps: &[Step<'_>]) -> Finding {
    let steps: Vec<Cow<'_, str>> = steps.iter().map(Step::text).collect();
    let path = steps.join(".");
    let summary =
        format!("`{path}` of NetworkPolicy {} is no field: the API server drops it", super::name(plane, placed));
    let walk: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    let label = "the API knows no such field here".to_owned();
    let evidence = vec![Evidence { place: placed.object.cite_key(&walk), label }];
    super::about(plane, &RULE, placed, (summary, &path), evidence)
}

/// The way to a field.
type Path<'n> = Vec<Step<'n>>;

/// A step of a path.
#[derive(Clone, Copy)]
enum Step<'n> {
    Item(usize),
    Field(&'n str),
}

impl<'n> Step<'n> {
    fn text(&self) -> Cow<'n, str> {
        match self {
            Self::Item(at) => Cow::Owned(at.to_string()),
            Self::Field(name) => Cow::Borrowed(name),
        }
    }
}

/// The paths of the fields that a shape does not know.
fn collect<'n>(node: &'n Node<'_>, shape: &Shape, path: &mut Path<'n>, dropped: &mut Vec<Path<'n>>) {
    for (at, item) in node.items().iter().enumerate() {
        path.push(Step::Item(at));
        collect(item, shape, path, dropped);
        path.pop();
    }
    for entry in node.entries() {
        path.push(Step::Field(&entry.key));
        match shape.fields.iter().find(|(name, _)| *name == entry.key) {
            Some((_, Some(within))) => collect(&entry.node, within, path, dropped),
            Some((_, None)) => {}
            None => dropped.push(path.clone()),
        }
        path.pop();
    }
}
