//! The object tree: what a document of YAML or JSON says, each value with the bytes it was read from.
//!
//! Everything that judges works on this tree and not on typed structs, which would drop the fields they do not know.
//! The tree says nothing of Kubernetes.

use std::borrow::Cow;

/// A half-open range of byte offsets into the text of one source.
///
/// Offsets are 32 bits wide: a single source is at most 4 GiB, and the reader refuses larger ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`; offsets past 4 GiB saturate.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// Start and end as indices into the text.
    #[must_use]
    pub fn range(self) -> (usize, usize) {
        let index = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        (index(self.start), index(self.end))
    }

    /// The same span, `offset` bytes further on: for text that was read as a part of a larger source.
    #[must_use]
    pub fn shifted(self, offset: u32) -> Self {
        Self { start: self.start.saturating_add(offset), end: self.end.saturating_add(offset) }
    }
}

/// A value and where it was read.
///
/// `Node<'source>` borrows its strings from the source where it can; [`Tree`] owns them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node<'source> {
    /// What it says.
    pub value: Value<'source>,
    /// Where it says so. For an alias, the place of the alias and not of its anchor.
    pub span: Span,
}

/// A tree that borrows from nothing.
pub type Tree = Node<'static>;

/// A JSON value: YAML is read as Kubernetes reads it, so nothing else can occur.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'source> {
    /// `null`, `~`, or nothing at all.
    #[default]
    Null,
    /// A boolean, YAML 1.1 spellings included (`yes`, `on`, …).
    Bool(bool),
    /// A whole number that fits 64 bits with sign.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(Cow<'source, str>),
    /// A list.
    Sequence(Vec<Node<'source>>),
    /// A mapping, in the order of the source; a key occurs once (the last one read wins).
    Mapping(Vec<Entry<'source>>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'source> {
    /// The key; keys that are not text are written as Kubernetes writes them (`1`, `true`).
    pub key: Cow<'source, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node<'source>,
}

impl<'source> Node<'source> {
    /// A node of the given value that stands nowhere: for what is made rather than read.
    #[must_use]
    pub fn synthetic(value: Value<'source>) -> Self {
        Self { value, span: Span::default() }
    }

    /// The value under `key`, when this is a mapping that holds it. An explicit `null` is found.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry of `key`, when this is a mapping that holds it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry<'source>> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value at the end of a walk through mappings, such as `["spec", "template", "metadata"]`.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text, when this is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, when this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number, when this is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The items, when this is a list; else none.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries, when this is a mapping; else none.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'source>] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// What kind of value this is, in the words of an error message.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing (null)",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The same tree, owning its strings.
    #[must_use]
    pub fn into_owned(self) -> Tree {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Integer(value) => Value::Integer(value),
            Value::Float(value) => Value::Float(value),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::Sequence(items) => Value::Sequence(compact(items.into_iter().map(Node::into_owned).collect())),
            Value::Mapping(entries) => Value::Mapping(compact(entries.into_iter().map(Entry::into_owned).collect())),
        };
        Node { value, span: self.span }
    }

    /// Whether two trees say the same, wherever they say it: spans and the order of keys do not count.
    #[must_use]
    pub fn same_value(&self, other: &Node<'_>) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Integer(left), Value::Integer(right)) => left == right,
            (Value::Float(left), Value::Float(right)) => left.to_bits() == right.to_bits(),
            (Value::String(left), Value::String(right)) => left == right,
            (Value::Sequence(left), Value::Sequence(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same_value(right))
            }
            (Value::Mapping(left), Value::Mapping(right)) => {
                left.len() == right.len()
                    && left.iter().all(|entry| other.get(&entry.key).is_some_and(|right| entry.node.same_value(right)))
            }
            _ => false,
        }
    }
}

impl Entry<'_> {
    /// The same entry, owning its strings.
    #[must_use]
    pub fn into_owned(self) -> Entry<'static> {
        Entry { key: owned_key(self.key), key_span: self.key_span, node: self.node.into_owned() }
    }
}

/// Trees are kept for long: no room is kept for what will not come.
fn compact<T>(mut parts: Vec<T>) -> Vec<T> {
    parts.shrink_to_fit();
    parts
}

/// A key that borrows from nothing; those that nearly every object holds are not copied.
fn owned_key(key: Cow<'_, str>) -> Cow<'static, str> {
    frequent(&key).map_or_else(|| Cow::Owned(key.into_owned()), Cow::Borrowed)
}

/// Gives the literal that a text is, if it is one of these.
macro_rules! literal {
    ($text:expr, $($word:literal)+) => {
        match $text {
            $($word => Some($word),)+
            _ => None,
        }
    };
}

/// A key that most objects of a cluster hold, by its length so that few are compared.
fn frequent(key: &str) -> Option<&'static str> {
    match key.len() {
        2 => literal!(key, "ip" "to"),
        3 => literal!(key, "app" "cpu" "env" "key" "uid"),
        4 => literal!(key, "args" "data" "from" "host" "http" "kind" "name" "path" "port" "rule" "spec" "type"),
        5 => literal!(key, "image" "items" "phase" "podIP" "ports" "rules" "value"),
        6 => literal!(key, "egress" "labels" "limits" "memory" "podIPs" "reason" "scheme" "status" "values"),
        7 => literal!(key, "command" "envFrom" "httpGet" "ingress" "ipBlock" "message" "secrets" "volumes"),
        8 => {
            literal!(key, "metadata" "operator" "optional" "protocol" "readOnly" "replicas" "requests" "selector" "strategy"
                "template")
        }
        9 => literal!(key, "clusterIP" "configMap" "dnsPolicy" "mountPath" "namespace" "resources"),
        10 => {
            literal!(key, "apiVersion" "clusterIPs" "conditions" "containers" "controller" "finalizers" "generation"
                "ipFamilies" "targetPort")
        }
        11 => literal!(key, "annotations" "matchLabels" "podSelector" "policyTypes"),
        12 => literal!(key, "generateName" "nodeSelector" "volumeMounts"),
        13 => literal!(key, "containerPort" "livenessProbe" "periodSeconds" "restartPolicy" "schedulerName"),
        14 => literal!(key, "initContainers" "ipFamilyPolicy" "readinessProbe"),
        _ => {
            literal!(key, "imagePullPolicy" "ownerReferences" "resourceVersion" "securityContext" "matchExpressions"
                "successThreshold" "creationTimestamp" "deletionTimestamp" "namespaceSelector" "lastTransitionTime"
                "observedGeneration" "serviceAccountName" "internalTrafficPolicy" "terminationMessagePath"
                "terminationMessagePolicy" "terminationGracePeriodSeconds")
        }
    }
}
