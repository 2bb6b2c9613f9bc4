//! Label selectors: what they match, and whether some label set can match several of them and escape others.

use dtap_model::label::{Label, Labels, is_label_key, is_label_value, label_text};
use dtap_model::tree::{Node, Value};
use smallvec::SmallVec;
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeMap;

/// A set of the values that one label may have, absence included.
///
/// Closed under complement and intersection, which is all that selectors need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Values<'s> {
    /// The values named, sorted.
    named: Vec<&'s str>,
    /// Whether the values named are those left out of the set, rather than those in it.
    rest: bool,
    /// Whether the label may be absent.
    absent: bool,
}

impl<'s> Values<'s> {
    /// Every value, and none.
    const ANY: Values<'static> = Values { named: Vec::new(), rest: true, absent: true };

    /// One of these values.
    #[must_use]
    pub fn any_of(mut named: Vec<&'s str>) -> Self {
        named.sort_unstable();
        named.dedup();
        Self { named, rest: false, absent: false }
    }

    /// Whether the set holds this value; `None` is the absent label (N5).
    #[must_use]
    pub fn contains(&self, value: Option<&str>) -> bool {
        value.map_or(self.absent, |value| self.named.contains(&value) != self.rest)
    }

    /// Everything else.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { named: self.named.clone(), rest: !self.rest, absent: !self.absent }
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let absent = self.absent && other.absent;
        let (mut named, rest): (Vec<&'s str>, bool) = match (self.rest, other.rest) {
            (true, true) => (self.named.iter().chain(&other.named).copied().collect(), true),
            (false, _) => (self.named.iter().copied().filter(|value| other.contains(Some(value))).collect(), false),
            (true, false) => (other.named.iter().copied().filter(|value| self.contains(Some(value))).collect(), false),
        };
        named.sort_unstable();
        named.dedup();
        Self { named, rest, absent }
    }

    /// Whether it holds every value that begins so.
    #[must_use]
    pub fn hold_all(&self, start: &str) -> bool {
        self.rest && !self.named.iter().any(|value| value.starts_with(start))
    }

    /// Whether it holds some value that begins so.
    #[must_use]
    pub fn hold_some(&self, start: &str) -> bool {
        self.rest || self.named.iter().any(|value| value.starts_with(start))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.absent && !self.rest && self.named.is_empty()
    }

    /// The values themselves, where they can be listed and the label must be there.
    #[must_use]
    pub fn listed(&self) -> Option<&[&'s str]> {
        (!self.rest && !self.absent).then_some(&self.named)
    }

    /// Some value of the set for a person to read; `None` where the label is best left out.
    fn example(&self) -> Option<SmolStr> {
        if self.absent {
            return None;
        }
        if !self.rest {
            return self.named.first().map(SmolStr::new);
        }
        (0..=self.named.len())
            .map(|count| if count == 0 { "any".into() } else { format_smolstr!("any-{count}") })
            .find(|value| !self.named.contains(&value.as_str()))
    }
}

impl std::fmt::Display for Values<'_> {
    /// As it is said after a key: `=a`, ` in (a, b)`, ` not in (a)`, ` present`, ` absent`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.named.as_slice(), self.rest) {
            ([one], false) => write!(out, "={one}"),
            ([], false) => out.write_str(" absent"),
            ([], true) => out.write_str(" present"),
            (named, false) => write!(out, " in ({})", named.join(", ")),
            (named, true) => write!(out, " not in ({})", named.join(", ")),
        }
    }
}

/// What a selector asks of one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement<'s> {
    /// The key.
    pub key: &'s str,
    /// The values that serve.
    pub values: Values<'s>,
}

/// A selector: all of its requirements must hold. Without any it selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector<'s>(pub Vec<Requirement<'s>>);

/// Why the API server refuses a policy, in a phrase.
pub type Refusal = String;

impl<'s> Selector<'s> {
    /// Reads a `LabelSelector`; `null` is read as the empty one, so a caller to whom absence matters asks before.
    ///
    /// # Errors
    /// What the API server refuses: types that do not fit, a bad operator, `In` without values, values with `Exists`,
    /// keys and values that no label can have.
    pub fn read(node: &'s Node<'_>) -> Result<Self, Refusal> {
        if !matches!(node.value, Value::Null | Value::Mapping(_)) {
            return Err(format!("a selector is {} instead of a mapping", node.kind_word()));
        }
        let mut requirements = Vec::new();
        if let Some(labels) = node.get("matchLabels") {
            if !matches!(labels.value, Value::Null | Value::Mapping(_)) {
                return Err(format!("`matchLabels` is {} instead of a mapping", labels.kind_word()));
            }
            for entry in labels.entries() {
                let value = label_text(&entry.node).ok_or_else(|| {
                    format!("the value of `matchLabels.{}` is {} instead of text", entry.key, entry.node.kind_word())
                })?;
                requirements
                    .push(Requirement { key: key(&entry.key)?, values: Values::any_of(vec![label_value(value)?]) });
            }
        }
        if let Some(expressions) = node.get("matchExpressions") {
            if !matches!(expressions.value, Value::Null | Value::Sequence(_)) {
                return Err(format!("`matchExpressions` is {} instead of a list", expressions.kind_word()));
            }
            for expression in expressions.items() {
                requirements.push(read_expression(expression)?);
            }
        }
        Ok(Self(requirements))
    }

    /// Whether it selects whatever has these labels, sorted by key.
    #[cfg(test)]
    pub fn matches(&self, labels: &[Label]) -> bool {
        self.0.iter().all(|requirement| requirement.values.contains(value_of(labels, requirement.key)))
    }

    /// Whether it selects everything.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }
}

/// The value of a label; label sets are small, and sorted.
#[must_use]
pub fn value_of<'l>(labels: &'l [Label], key: &str) -> Option<&'l str> {
    labels.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

fn read_expression<'s>(expression: &'s Node<'_>) -> Result<Requirement<'s>, Refusal> {
    let text = |field: &str| expression.get(field).and_then(Node::as_str);
    let key = key(text("key").ok_or("a match expression has no `key`")?)?;
    let mut named = Vec::new();
    if let Some(values) = expression.get("values") {
        if !matches!(values.value, Value::Null | Value::Sequence(_)) {
            return Err(format!("`values` of a match expression is {} instead of a list", values.kind_word()));
        }
        for value in values.items() {
            let text = if value.is_null() { Some("") } else { value.as_str() };
            named.push(label_value(text.ok_or("a value of a match expression is not text")?)?);
        }
    }
    let operator = text("operator").unwrap_or_default();
    let values = match (operator, named.is_empty()) {
        ("In", false) => Values::any_of(named),
        ("NotIn", false) => Values::any_of(named).complement(),
        ("Exists", true) => Values { named, rest: true, absent: false },
        ("DoesNotExist", true) => Values { named, rest: false, absent: true },
        ("In" | "NotIn", true) => return Err(format!("operator {operator} on `{key}` has no values")),
        ("Exists" | "DoesNotExist", false) => return Err(format!("operator {operator} on `{key}` has values")),
        _ => return Err(format!("there is no operator `{operator}`")),
    };
    Ok(Requirement { key, values })
}

/// The key, where a label can have it.
fn key(text: &str) -> Result<&str, Refusal> {
    if is_label_key(text) { Ok(text) } else { Err(format!("`{text}` is no key of a label")) }
}

/// The value, where a label can have it.
fn label_value(text: &str) -> Result<&str, Refusal> {
    if is_label_value(text) { Ok(text) } else { Err(format!("`{text}` is no value of a label")) }
}

/// What is asked of the labels of a pod that would be: to match all of some selectors, and of each group of others to
/// escape at least one.
#[derive(Clone, Debug, Default)]
pub struct Wish<'p, 's> {
    /// The selectors to match.
    pub matching: SmallVec<[&'p Selector<'s>; 1]>,
    /// The groups to escape from: in each, at least one selector must not match.
    pub escaping: Vec<SmallVec<[&'p Selector<'s>; 1]>>,
}

/// Whether a wish can come true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Granted {
    /// By these labels, for one; sorted by key.
    With(Labels),
    /// By no labels.
    Never,
    /// The search went past its bound.
    Undecided,
}

/// How many branches the search for labels takes before it gives up. Real policies need fewer than ten.
const BRANCHES: u32 = 20_000;

impl Wish<'_, '_> {
    /// Whether no labels grant it, as is seen at once: what is to be escaped from selects everything.
    #[must_use]
    pub fn is_vain(&self) -> bool {
        self.escaping.iter().any(|group| group.iter().all(|selector| selector.is_everything()))
    }

    /// Looks for labels that grant it.
    #[must_use]
    pub fn grant(&self) -> Granted {
        if self.is_vain() {
            return Granted::Never;
        }
        let mut labels: BTreeMap<&str, Values<'_>> = BTreeMap::new();
        for requirement in self.matching.iter().flat_map(|selector| &selector.0) {
            if !narrow(&mut labels, requirement) {
                return Granted::Never;
            }
        }
        let mut clauses: Vec<Vec<Requirement<'_>>> = self.escaping.iter().map(|group| escapes(group)).collect();
        clauses.sort_by_key(Vec::len);
        let mut branches = BRANCHES;
        search(&labels, &clauses, &mut branches)
    }
}

/// What a pod may do to escape at least one of the selectors: break one requirement of one of them.
fn escapes<'s>(group: &[&Selector<'s>]) -> Vec<Requirement<'s>> {
    let mut ways: Vec<Requirement<'s>> = group
        .iter()
        .flat_map(|selector| &selector.0)
        .map(|requirement| Requirement { key: requirement.key, values: requirement.values.complement() })
        .collect();
    ways.sort();
    ways.dedup();
    ways
}

/// Narrows what a label may be; whether anything is left.
fn narrow<'s>(labels: &mut BTreeMap<&'s str, Values<'s>>, requirement: &Requirement<'s>) -> bool {
    let slot = labels.entry(requirement.key).or_insert(Values::ANY);
    *slot = slot.intersection(&requirement.values);
    !slot.is_empty()
}

/// Satisfies the clauses one by one, trying each of their ways.
fn search<'s>(labels: &BTreeMap<&'s str, Values<'s>>, clauses: &[Vec<Requirement<'s>>], branches: &mut u32) -> Granted {
    let Some((clause, others)) = clauses.split_first() else {
        let chosen = labels.iter().filter_map(|(key, values)| Some((SmolStr::new(key), values.example()?)));
        return Granted::With(chosen.collect());
    };
    let holds_already =
        |way: &Requirement<'s>| labels.get(way.key).is_some_and(|values| values.intersection(&way.values) == *values);
    if clause.iter().any(holds_already) {
        return search(labels, others, branches);
    }
    for way in clause {
        let Some(left) = branches.checked_sub(1) else { return Granted::Undecided };
        *branches = left;
        let mut narrowed = labels.clone();
        if !narrow(&mut narrowed, way) {
            continue;
        }
        match search(&narrowed, others, branches) {
            Granted::Never => {}
            answer => return answer,
        }
    }
    Granted::Never
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtap_model::tree::Entry;
    use smallvec::smallvec;

    fn requirement<'s>(key: &'s str, operator: &str, values: &[&'s str]) -> Requirement<'s> {
        let named = Values::any_of(values.to_vec());
        let values = match operator {
            "In" => named,
            "NotIn" => named.complement(),
            "Exists" => Values { named: Vec::new(), rest: true, absent: false },
            _ => Values { named: Vec::new(), rest: false, absent: true },
        };
        Requirement { key, values }
    }

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(key, value)| (SmolStr::new(key), SmolStr::new(value))).collect()
    }

    #[test]
    fn not_in_and_does_not_exist_match_what_lacks_the_key() {
        assert!(Selector(vec![requirement("a", "NotIn", &["x"])]).matches(&[]));
        assert!(Selector(vec![requirement("a", "DoesNotExist", &[])]).matches(&[]));
        assert!(!Selector(vec![requirement("a", "In", &["x"])]).matches(&[]));
        assert!(!Selector(vec![requirement("a", "Exists", &[])]).matches(&[]));
        assert!(!Selector(vec![requirement("a", "NotIn", &["x"])]).matches(&labels(&[("a", "x")])));
    }

    #[test]
    fn a_wish_is_granted_jointly() {
        let app = Selector(vec![requirement("app", "In", &["api"])]);
        let role = Selector(vec![requirement("role", "In", &["client"])]);
        let everything = Selector::default();
        let wish = Wish { matching: smallvec![&app, &role], escaping: vec![] };
        assert_eq!(wish.grant(), Granted::With(labels(&[("app", "api"), ("role", "client")])));
        let wish = Wish { matching: smallvec![&app], escaping: vec![smallvec![&everything]] };
        assert_eq!(wish.grant(), Granted::Never);
        let wish = Wish { matching: smallvec![&app], escaping: vec![smallvec![&app]] };
        assert_eq!(wish.grant(), Granted::Never);
        let wish = Wish { matching: smallvec![&app], escaping: vec![smallvec![&role]] };
        assert!(matches!(wish.grant(), Granted::With(_)));
        let vain = |group: Vec<&Selector<'_>>| Wish { matching: smallvec![], escaping: vec![group.into()] }.is_vain();
        assert!(vain(vec![&everything]) && !vain(vec![&app]) && !vain(vec![&everything, &app]));
        // One of two alternatives has to be escaped, not both.
        let wish = Wish { matching: smallvec![&app], escaping: vec![smallvec![&app, &role]] };
        assert!(matches!(wish.grant(), Granted::With(_)));
    }

    #[test]
    fn a_key_asked_for_and_against_cannot_be() {
        let exists = Selector(vec![requirement("a", "Exists", &[])]);
        let not = Selector(vec![requirement("a", "NotIn", &["x"])]);
        let only = Selector(vec![requirement("a", "In", &["x"])]);
        assert!(matches!(Wish { matching: smallvec![&exists, &not], escaping: vec![] }.grant(), Granted::With(_)));
        assert_eq!(Wish { matching: smallvec![&only, &not], escaping: vec![] }.grant(), Granted::Never);
    }

    #[test]
    fn a_value_to_show_is_one_that_serves() {
        let exists = Selector(vec![requirement("a", "Exists", &[])]);
        let shown = |values: &[&str]| {
            let not = Selector(vec![requirement("a", "NotIn", values)]);
            Wish { matching: smallvec![&exists, &not], escaping: vec![] }.grant()
        };
        assert_eq!(shown(&["x"]), Granted::With(labels(&[("a", "any")])));
        assert_eq!(shown(&["any", "any-1"]), Granted::With(labels(&[("a", "any-2")])));
    }

    #[test]
    fn what_the_server_refuses_is_refused() {
        let text = |text: &'static str| Node::synthetic(Value::String(text.into()));
        let entry = |key: &'static str, node| Entry { key: key.into(), key_span: Default::default(), node };
        let expression = |operator, values: Vec<Node<'static>>| {
            let expression = Node::synthetic(Value::Mapping(vec![
                entry("key", text("a")),
                entry("operator", text(operator)),
                entry("values", Node::synthetic(Value::Sequence(values))),
            ]));
            Node::synthetic(Value::Mapping(vec![entry(
                "matchExpressions",
                Node::synthetic(Value::Sequence(vec![expression])),
            )]))
        };
        assert!(Selector::read(&expression("In", vec![])).is_err());
        assert!(Selector::read(&expression("Exists", vec![text("x")])).is_err());
        assert!(Selector::read(&expression("in", vec![text("x")])).is_err());
        assert!(Selector::read(&expression("In", vec![text("not a value")])).is_err());
        assert!(Selector::read(&expression("In", vec![text("x")])).is_ok());
    }
}
