//! Which kinds a rule takes in, as admission and cleanup policies and Argo CD write it: `kinds` or `resources`, with
//! groups beside them or before a slash, and wildcards in both. In doubt a rule takes a kind in.

use super::any_text;
use dtap_model::tree::{Node, Value};
use globset::Glob;

/// Kinds by their group and singular resource.
pub type Kinds = [(&'static str, &'static str)];

/// The policies that are judged.
pub const POLICIES: &Kinds = &[("networking.k8s.io", "networkpolicy")];

/// The kinds whose labels, or the labels of whose pods, policies select.
pub const LABELLED: &Kinds = &[
    ("", "pod"),
    ("", "namespace"),
    ("", "replicationcontroller"),
    ("apps", "deployment"),
    ("apps", "statefulset"),
    ("apps", "daemonset"),
    ("apps", "replicaset"),
    ("batch", "job"),
    ("batch", "cronjob"),
];

/// What gives pods addresses beside their own.
pub const SERVICES: &Kinds = &[("", "service")];

/// Fields that name kinds, and fields beside them that name the groups of these.
const NAMES: [&str; 4] = ["kinds", "resources", "kind", "resource"];
const GROUPS: [&str; 4] = ["apiGroups", "groups", "apiGroup", "group"];

/// Fields that narrow a match by something else than kinds, and may have fields of such names.
const OTHERWISE: [&str; 6] =
    ["selector", "namespaceSelector", "objectSelector", "labelSelector", "annotations", "subjects"];

/// Whether some text within names policies by kind or resource, whatever it says of them.
pub fn names_policies(node: &Node<'_>) -> bool {
    any_text(node, &|text| {
        let text = text.to_ascii_lowercase();
        text.contains("networkpolicy") || text.contains("networkpolicies")
    })
}

/// Whether what a rule matches takes in one of these kinds. What names neither a kind nor a group takes in all.
pub fn takes_in(matched: &Node<'_>, kinds: &Kinds) -> bool {
    let mut clauses = Vec::new();
    collect(matched, &mut clauses);
    clauses.is_empty() || clauses.iter().any(|clause| kinds.iter().any(|kind| clause.takes_in(kind)))
}

/// The kinds and groups that stand side by side.
struct Clause<'n> {
    names: Vec<&'n str>,
    groups: Vec<&'n str>,
}

fn collect<'n>(node: &'n Node<'_>, clauses: &mut Vec<Clause<'n>>) {
    let of = |keys: &[&str]| keys.iter().filter_map(|key| node.get(key)).flat_map(texts).collect::<Vec<_>>();
    let (names, mut groups) = (of(&NAMES), of(&GROUPS));
    groups.extend(of(&["apiVersion"]).into_iter().map(group_of));
    if !names.is_empty() || !groups.is_empty() {
        clauses.push(Clause { names, groups });
    }
    node.items().iter().for_each(|item| collect(item, clauses));
    let fields = node.entries().iter().filter(|entry| !OTHERWISE.contains(&entry.key.as_ref()));
    fields.for_each(|entry| collect(&entry.node, clauses));
}

/// The group of an `apiVersion`; a wildcard alone is any.
fn group_of(version: &str) -> &str {
    match version.split_once('/') {
        Some((group, _)) => group,
        None if version.contains('*') => "*",
        None => "",
    }
}

/// The text that a field is, or the texts that it lists.
fn texts<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    match &node.value {
        Value::String(text) => vec![text.as_ref()],
        _ => node.items().iter().filter_map(Node::as_str).collect(),
    }
}

impl Clause<'_> {
    fn takes_in(&self, (group, kind): &(&str, &str)) -> bool {
        let of_group = self.groups.is_empty() || self.groups.iter().any(|written| is_like(written, group));
        of_group && (self.names.is_empty() || self.names.iter().any(|written| is_named(written, group, kind)))
    }
}

/// Whether `networking.k8s.io/v1/NetworkPolicy`, `v1/pods/status` or a part of it with wildcards names a kind: what
/// stands before the kind is its group or a version, and what stands behind it some part of such objects.
fn is_named(written: &str, group: &str, kind: &str) -> bool {
    let plural = kind.strip_suffix('y').map_or_else(|| format!("{kind}s"), |start| format!("{start}ies"));
    let segments: Vec<&str> = written.split('/').collect();
    let is_version = |segment: &str| {
        segment.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    segments.iter().enumerate().any(|(at, segment)| {
        let mut before = segments.iter().take(at);
        (is_like(segment, kind) || is_like(segment, &plural)) && before.all(|it| is_version(it) || is_like(it, group))
    })
}

/// Whether a text is like another, by its wildcards and whatever its capitals; what is filled in later may be anything.
fn is_like(written: &str, word: &str) -> bool {
    let written = written.to_ascii_lowercase();
    let is_filled_in = || written.contains(['{', '$', '[']);
    let matches = || Glob::new(&written).map_or(true, |glob| glob.compile_matcher().is_match(word));
    written == word || is_filled_in() || written.contains(['*', '?']) && matches()
}
