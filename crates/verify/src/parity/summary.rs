//! A cause in one line, in the manner of `image of Deployment web: 1.8.2 in acc, 1.8.1 in prd`.

use super::align::Subject;
use super::causes::{Cause, Change, Which, alone, is_masked, is_repeated};
use super::class::Class;
use super::differences::Difference;
use super::{noun, peer};
use std::collections::{BTreeMap, BTreeSet};

/// How many names are listed before the rest is only counted.
const LISTED: usize = 3;

/// The kinds that run pods: several of them are `workloads`.
const WORKLOADS: [&str; 8] =
    ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "ReplicationController"];

impl Cause<'_> {
    /// The cause in one line; `from` and `to` are the stages as sentences name them.
    #[must_use]
    pub fn summary(&self, from: &str, to: &str) -> String {
        if self.class == Class::Object {
            return self.objects(from, to);
        }
        let container = self.container().map_or(String::new(), |container| format!("container {container} of "));
        let subjects = format!("{container}{}", subjects(&self.subjects()));
        let one_noun = (self.nouns.len() == 1).then(|| self.nouns.first()).flatten();
        let Some(noun) = one_noun else {
            return format!(
                "{} {} of {subjects} differ: {}",
                self.differences.len(),
                self.class.plural(),
                listed(self.nouns.iter().map(String::as_str))
            );
        };
        if let Some((peers, side, words)) = peer::told(self) {
            let side = if side == Which::From { from } else { to };
            return format!("{peers} of {subjects} only in {side}: {}", listed(words.iter().map(String::as_str)));
        }
        let what = format!("{noun} of {subjects}");
        match (self.changes.len(), self.changes.first()) {
            (1, Some(change @ (Some(text), _))) if !is_masked(change) && self.differences.iter().all(points_at_one) => {
                format!("{what} points at one environment from both: {text}")
            }
            (1, Some(change)) => told(&what, change, from, to),
            _ => self.range(&what, from, to),
        }
    }

    /// The one container of one pod's several that it is about.
    fn container(&self) -> Option<&str> {
        let first = self.differences.first()?;
        let is_of_it = |it: &&Difference<'_>| it.subject == first.subject && it.container == first.container;
        first.container.as_deref().filter(|_| self.differences.iter().all(is_of_it))
    }

    /// What tells it from the other causes of the same two environments, with no value that is masked in it.
    #[must_use]
    pub fn key(&self) -> String {
        let mut parts: Vec<String> = vec![format!("{:?}", self.class)];
        parts.extend(self.nouns.iter().cloned());
        let apart = self.changes.len() == 1 && self.nouns.len() == 1;
        if apart && let Some((from, to)) = self.changes.first().filter(|change| !is_masked(change)) {
            parts.push(format!("{from:?} {to:?}"));
        } else {
            let whole = |difference: &&&Difference<'_>| difference.path.0.is_empty();
            let own = self.differences.iter().filter(whole).map(|one| known(one.subject, own_name(one)));
            let own: BTreeSet<String> = own.collect();
            let subjects = self.subjects();
            parts.extend(subjects.iter().map(|subject| known(subject, &subject.name)).filter(|_| own.is_empty()));
            parts.extend(own);
            parts.push(format!("{:?}", self.differences.first().and_then(|difference| alone(difference))));
        }
        parts.join("\u{1f}")
    }

    /// What differs of which kinds, and which side alone has it, without a name or a value: the same in many streets.
    #[must_use]
    pub fn shape(&self, from: &str, to: &str) -> String {
        let whole = self.differences.iter().filter(|difference| difference.path.0.is_empty());
        let sides: BTreeSet<Option<Which>> = match self.class {
            Class::Object => whole.map(|difference| alone(difference)).collect(),
            _ => self.differences.iter().map(|difference| alone(difference)).collect(),
        };
        let one_side = sides.first().filter(|_| sides.len() == 1).copied().flatten();
        let only = if self.is_repeated() { "in more forms" } else { "only" };
        let end = match one_side {
            Some(Which::From) => format!("{only} in {from}"),
            Some(Which::To) => format!("{only} in {to}"),
            None => "differs".to_owned(),
        };
        let kinds: BTreeSet<&str> = self.subjects().iter().map(|subject| subject.kind.kind.as_str()).collect();
        let workloads = kinds.len() > 1 && kinds.iter().all(|kind| WORKLOADS.contains(kind));
        let kinds = if workloads { "workloads".to_owned() } else { listed(kinds.iter().copied()) };
        let side = if one_side == Some(Which::From) { from } else { to };
        match (self.class, self.nouns.len(), self.nouns.first()) {
            (Class::Object, ..) if !self.namespaces.is_empty() => format!("object of a namespace that only {side} has"),
            (Class::Object, ..) => format!("{kinds} {end}"),
            (_, 1, Some(noun)) => format!("{} of {kinds} {end}", noun::unnamed(noun)),
            _ => format!("{} of {kinds} {end}", self.class.plural()),
        }
    }

    /// Whether it is about objects that both sides have, of which one has more forms.
    fn is_repeated(&self) -> bool {
        self.class == Class::Object && self.differences.iter().any(|difference| is_repeated(difference))
    }

    /// How many single cases it stands for: objects that one side alone has, forms, or paths.
    #[must_use]
    pub fn cases(&self) -> usize {
        if self.class != Class::Object || self.is_repeated() {
            return self.differences.len();
        }
        let whole = self.differences.iter().filter(|difference| difference.path.0.is_empty());
        whole.map(|difference| difference.subject).collect::<BTreeSet<_>>().len()
    }

    /// What to do about it, where that is not what its rule says.
    #[must_use]
    pub fn mend(&self) -> Option<&'static str> {
        if self.is_repeated() {
            Some(
                "Neither environment lacks the object: give the other one the same forms, or take the surplus ones out.",
            )
        } else if !self.namespaces.is_empty() {
            Some(
                "If the namespace is of another environment, say so by its label or with `--environment`; if not, give the \
                 other environment such a namespace, or take it out of this one.",
            )
        } else if self.differences.iter().all(points_at_one) {
            Some(
                "Let each environment name its own, as the other one does; where both are meant to use one, keep it and know it.",
            )
        } else {
            None
        }
    }

    /// Objects that one side alone has, and what refers to them.
    fn objects(&self, from: &str, to: &str) -> String {
        let (whole, references): (Vec<&Difference>, Vec<&Difference>) =
            self.differences.iter().partition(|difference| difference.path.0.is_empty());
        let side = whole.first().and_then(|difference| alone(difference));
        let side = if side == Some(Which::From) { from } else { to };
        let subjects: BTreeSet<&Subject> = whole.iter().map(|difference| difference.subject).collect();
        let references = match references.len() {
            0 => String::new(),
            1 => "1 reference".to_owned(),
            count => format!("{count} references"),
        };
        let inside = subjects.iter().filter(|subject| !subject.kind.is_namespace()).count();
        if !self.namespaces.is_empty() && inside > 0 {
            return self.of_namespaces(side, inside, &references);
        }
        let only = match (whole.len(), subjects.len()) {
            _ if !self.is_repeated() => "only".to_owned(),
            (1, _) => "in one more form".to_owned(),
            (forms, objects) if forms == objects => "in one more form each".to_owned(),
            (forms, _) => format!("in {forms} more forms"),
        };
        let mut kinds_of: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for difference in &whole {
            let name = placed(difference.subject, own_name(difference));
            kinds_of.entry(name).or_default().insert(&difference.subject.kind.kind);
        }
        let kinds: BTreeSet<&str> = kinds_of.values().flatten().copied().collect();
        let tail = if references.is_empty() { String::new() } else { format!(", with {references}") };
        if kinds_of.len() == 1 || kinds.len() > 1 && kinds_of.len() <= LISTED && kinds.len() <= LISTED {
            let named = |(name, kinds): (&String, &BTreeSet<&str>)| match (name.as_str(), kinds.first()) {
                ("", Some(kind)) => format!("the {kind}"),
                _ => format!("{} {name}", joined(kinds)),
            };
            let named: Vec<String> = kinds_of.iter().map(named).collect();
            return format!("{} {only} in {side}{tail}", named.join(", "));
        }
        let noun = if kinds.len() == 1 { plural(kinds.first().unwrap_or(&"object")) } else { "objects".to_owned() };
        let names = listed(kinds_of.keys().map(String::as_str));
        format!("{} {noun} {only} in {side}: {names}{tail}", subjects.len())
    }

    /// Namespaces that one side alone has, with so many objects in them.
    fn of_namespaces(&self, side: &str, objects: usize, references: &str) -> String {
        let names = listed(self.namespaces.iter().copied());
        let (what, their, end) = match self.namespaces.len() {
            1 => (format!("namespace {names}"), "its", String::new()),
            count => (format!("{count} namespaces"), "their", format!(": {names}")),
        };
        let objects = if objects == 1 { "one object".to_owned() } else { format!("{objects} objects") };
        let and = if references.is_empty() { String::new() } else { format!(" and {references}") };
        format!("{what} only in {side}, with {their} {objects}{and}{end}")
    }

    /// Many changes of one thing: one of them that may be shown, and how many others there are.
    fn example(&self, what: &str, from: &str, to: &str) -> String {
        let shown = self.changes.iter().find(|change| {
            let plain = |said: &Option<String>| said.as_deref().is_some_and(|said| !is_large(said));
            !is_masked(change) && plain(&change.0) && plain(&change.1)
        });
        match shown {
            Some(change) => {
                format!("{} and {} other changes", told(what, change, from, to), self.changes.len() - 1)
            }
            None => format!("{what} differs, in {} ways", self.changes.len()),
        }
    }

    /// Many changes of one thing: the range where they are numbers, else how many.
    fn range(&self, what: &str, from: &str, to: &str) -> String {
        let numbers = |pick: fn(&Change) -> &Option<String>| {
            let numbers: Option<BTreeSet<i64>> =
                self.changes.iter().map(|change| pick(change).as_deref()?.parse().ok()).collect();
            let numbers = numbers?;
            Some(match (numbers.first(), numbers.last()) {
                (Some(least), Some(most)) if least == most => least.to_string(),
                (Some(least), Some(most)) => format!("{least} to {most}"),
                _ => String::new(),
            })
        };
        match (numbers(|change| &change.0), numbers(|change| &change.1)) {
            (Some(left), Some(right)) => format!("{what}: {left} in {from}, {right} in {to}"),
            _ => self.example(what, from, to),
        }
    }
}

/// One change of one thing.
fn told(what: &str, change: &Change, from: &str, to: &str) -> String {
    if is_masked(change) && change.0.is_some() && change.1.is_some() {
        return format!("{what} differs");
    }
    match change {
        (Some(left), Some(right)) if left == right => format!("{what} differs"),
        (Some(left), Some(right)) => format!("{what}: {left} in {from}, {right} in {to}"),
        (Some(said), None) if is_masked(change) || is_large(said) => format!("{what} only in {from}"),
        (None, Some(said)) if is_masked(change) || is_large(said) => format!("{what} only in {to}"),
        (Some(left), None) => format!("{what} only in {from}: {left}"),
        (None, Some(right)) => format!("{what} only in {to}: {right}"),
        (None, None) => format!("{what} differs"),
    }
}

fn points_at_one(difference: &&Difference<'_>) -> bool {
    difference.points_at_one
}

/// Whether a value is no single one.
fn is_large(said: &str) -> bool {
    said.starts_with(['{', '['])
}

/// The objects a cause is about: `Deployment web`, `2 Deployments`, `3 workloads`.
fn subjects(subjects: &BTreeSet<&Subject>) -> String {
    let kinds: BTreeSet<&str> = subjects.iter().map(|subject| subject.kind.kind.as_str()).collect();
    match (subjects.len(), kinds.len()) {
        (1, _) => subjects.first().map(|subject| name(subject)).unwrap_or_default(),
        (count, 1) => format!("{count} {}", plural(kinds.first().unwrap_or(&"object"))),
        (count, _) if kinds.iter().all(|kind| WORKLOADS.contains(kind)) => format!("{count} workloads"),
        (count, _) => format!("{count} objects"),
    }
}

/// An object as a person names it, in every environment the same.
#[must_use]
pub fn name(subject: &Subject) -> String {
    named(subject, if subject.kind.is_namespace() { &subject.role.shown } else { &subject.name })
}

fn named(subject: &Subject, name: &str) -> String {
    let kind = &subject.kind.kind;
    if name.is_empty() { format!("the {kind}") } else { format!("{kind} {}", placed(subject, name)) }
}

/// What tells an object from the others of the same two environments, in every street the same.
fn known(subject: &Subject, name: &str) -> String {
    let (kind, what) = (&subject.kind.kind, &subject.role.what);
    let name = if name.is_empty() && subject.kind.is_namespace() { what } else { name };
    match (name.is_empty(), what.is_empty() || subject.kind.is_namespace()) {
        (true, _) => format!("the {kind}"),
        (_, true) => format!("{kind} {name}"),
        _ => format!("{kind} {what}/{name}"),
    }
}

/// A name, and how the namespace is named where the environment has several: an object of the same name may stand in
/// the others.
fn placed(subject: &Subject, name: &str) -> String {
    let shown = &subject.role.shown;
    if shown.is_empty() || subject.kind.is_namespace() { name.to_owned() } else { format!("{shown}/{name}") }
}

/// The name of an object that one side alone has: as that side calls it, where the common name has a gap or is what a
/// namespace is to its environment.
fn own_name<'run>(difference: &'run Difference<'_>) -> &'run str {
    let own = difference.left.or(difference.right).and_then(|tree| tree.at(&["metadata", "name"])?.as_str());
    let common = difference.subject.name.as_str();
    own.filter(|_| common.contains('{') || difference.subject.kind.is_namespace()).unwrap_or(common)
}

/// The plural of a kind.
fn plural(kind: &str) -> String {
    match kind {
        "Ingress" => "Ingresses".to_owned(),
        _ if kind.ends_with("Policy") || kind.ends_with("ry") => format!("{}ies", kind.trim_end_matches('y')),
        _ if kind.ends_with('s') || kind.ends_with("ss") => format!("{kind}es"),
        _ => format!("{kind}s"),
    }
}

/// A few words, or the first of many.
fn joined(words: &BTreeSet<&str>) -> String {
    match words.iter().copied().collect::<Vec<_>>().as_slice() {
        [before @ .., last] if !before.is_empty() && before.len() < LISTED => {
            format!("{} and {last}", before.join(", "))
        }
        all => listed(all.iter().copied()),
    }
}

/// The first names, and how many more.
fn listed<'name>(names: impl ExactSizeIterator<Item = &'name str>) -> String {
    let count = names.len();
    let mut text = names.take(LISTED).collect::<Vec<_>>().join(", ");
    if count > LISTED {
        text.push_str(&format!(" and {} more", count - LISTED));
    }
    text
}
