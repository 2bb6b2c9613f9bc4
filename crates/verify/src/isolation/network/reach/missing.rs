//! Finds the ends of a question, or says which is missing, what there is instead, and in what could not be read it may
//! be.

use super::{Endpoint, Question};
use dtap_model::environment::{Belonging, EnvironmentId, NO_NAMESPACE};
use dtap_snapshot::reading::Unread;
use std::collections::BTreeSet;
use std::fmt;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// Both ends are addresses.
    TwoAddresses,
    /// An end is not in the input.
    Missing(Box<Missing>),
}

/// An end that is not in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing of it.
    pub sort: Sort,
    /// Its name, as typed.
    pub name: String,
    /// Where it is missing: `namespace shop-dev`; none for the whole input.
    pub within: Option<String>,
    /// The names of its sort that there are in that, in order.
    pub known: Vec<String>,
    /// What else is called so, in a phrase, and how it is typed.
    pub elsewhere: Option<String>,
    /// What could not be read and may hold it, in the order of the account.
    pub unread: Vec<Unread>,
}

/// What of an end is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The namespace.
    Namespace,
    /// The environment.
    Environment,
    /// The workload in it.
    Workload,
}

impl Sort {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Environment => "environment",
            Self::Workload => "workload",
        }
    }
}

impl fmt::Display for Unanswerable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoAddresses => write!(out, "both ends are addresses: one must be a workload of the input"),
            Self::Missing(missing) => missing.fmt(out),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "there is no {} {}", self.sort.as_str(), self.name)?;
        if let Some(within) = &self.within {
            write!(out, " in {within}")?;
        }
        let [first, others @ ..] = self.unread.as_slice() else { return Ok(()) };
        write!(out, " in what was read; it may be in what was not: {}: {}", first.name, first.why)?;
        match others.len() {
            0 => Ok(()),
            more => write!(out, ", and {more} more"),
        }
    }
}

/// Where the workload of an end stands, as typed.
enum Place<'t> {
    Namespace(&'t str),
    Environment(&'t str),
}

impl Question<'_, '_> {
    /// The classes that an end names; none for an address.
    pub(super) fn classes(&self, end: &Endpoint) -> Result<Vec<usize>, Unanswerable> {
        let (place, name) = match end {
            Endpoint::Workload { namespace, name } => (Place::Namespace(namespace), name),
            Endpoint::InEnvironment { environment, name } => (Place::Environment(environment), name),
            Endpoint::Address(_) => return Ok(Vec::new()),
        };
        let named = self.called(name).into_iter().filter(|class| self.is_within(self.namespace(*class), &place));
        let found: Vec<usize> = named.collect();
        if found.is_empty() { Err(Unanswerable::Missing(Box::new(self.missing(&place, name)))) } else { Ok(found) }
    }

    /// The classes of which a pod, or what makes pods, is called so.
    fn called(&self, name: &str) -> Vec<usize> {
        let classes = self.plane.classes.iter().enumerate();
        let is_called = |(at, class)| {
            let mut members = self.plane.members(class);
            members.any(|member| member.name == *name || member.told_as == *name).then_some(at)
        };
        classes.filter_map(is_called).collect()
    }

    fn is_within(&self, at: usize, place: &Place<'_>) -> bool {
        self.plane.namespace(at).is_some_and(|found| match (place, found.belonging) {
            (Place::Namespace(name), _) => found.name == *name,
            (Place::Environment(name), Belonging::Environment(id)) => self.is_environment(id, name),
            _ => false,
        })
    }

    /// Whether an environment is called so, by its stage or as `street/stage`.
    fn is_environment(&self, id: EnvironmentId, name: &str) -> bool {
        let snapshot = self.plane.snapshot;
        snapshot.environment(id).is_some_and(|it| it.stage == *name) || snapshot.environment_name(id) == *name
    }

    /// What of an end is missing.
    fn missing(&self, place: &Place<'_>, name: &str) -> Missing {
        let spaces: Vec<usize> = (0..self.plane.spaces.len()).filter(|at| self.is_within(*at, place)).collect();
        let unread = if spaces.is_empty() { self.plane.snapshot.unread.clone() } else { self.unread_in(&spaces) };
        if spaces.is_empty() {
            let (sort, typed, known) = match place {
                Place::Namespace(typed) => (Sort::Namespace, *typed, self.namespaces()),
                Place::Environment(typed) => (Sort::Environment, *typed, self.environments(typed)),
            };
            let elsewhere = self.other_sort(place, name);
            return Missing { sort, name: typed.to_owned(), within: None, known, elsewhere, unread };
        }
        let within = match place {
            Place::Namespace(typed) => format!("namespace {typed}"),
            Place::Environment(typed) => format!("environment {typed}"),
        };
        let others: BTreeSet<&str> =
            self.called(name).into_iter().filter_map(|at| self.name_of(self.namespace(at))).collect();
        let first = others.first().map(|namespace| format!("{name} is in namespace {namespace}: {namespace}/{name}"));
        Missing {
            sort: Sort::Workload,
            name: name.to_owned(),
            within: Some(within),
            known: self.workloads(&spaces),
            elsewhere: first,
            unread,
        }
    }

    /// The name of a namespace that has one.
    fn name_of(&self, at: usize) -> Option<&str> {
        self.plane.namespace(at).map(|namespace| namespace.name.as_str()).filter(|name| *name != NO_NAMESPACE)
    }

    /// The namespaces of which the input holds something.
    fn namespaces(&self) -> Vec<String> {
        let spaces = 0..self.plane.spaces.len();
        let is_here =
            |at: &usize| self.plane.namespace(*at).is_some_and(|namespace| namespace.belonging != Belonging::Elsewhere);
        let names: BTreeSet<&str> = spaces.filter(is_here).filter_map(|at| self.name_of(at)).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The environments in the way in which one was typed: as `street/stage`, or the stages alone.
    fn environments(&self, typed: &str) -> Vec<String> {
        let snapshot = self.plane.snapshot;
        let mut names: Vec<String> = if typed.contains('/') {
            (0..).map(EnvironmentId).take(snapshot.environments.len()).map(|id| snapshot.environment_name(id)).collect()
        } else {
            snapshot.environments.iter().map(|environment| environment.stage.clone()).collect()
        };
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// The workloads of some namespaces.
    fn workloads(&self, spaces: &[usize]) -> Vec<String> {
        let classes = spaces.iter().flat_map(|at| self.plane.classes_of(*at));
        let members = classes.flat_map(|(_, class)| self.plane.members(class));
        let names: BTreeSet<&str> = members.map(|member| member.told_as.as_str()).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// That a namespace was typed as an environment or the other way round, if it is so.
    fn other_sort(&self, place: &Place<'_>, name: &str) -> Option<String> {
        let is_any = |place| (0..self.plane.spaces.len()).any(|at| self.is_within(at, &place));
        match *place {
            Place::Namespace(typed) if is_any(Place::Environment(typed)) => {
                Some(format!("{typed} is an environment: {typed}:{name}"))
            }
            Place::Environment(typed) if is_any(Place::Namespace(typed)) => {
                Some(format!("{typed} is a namespace: {typed}/{name}"))
            }
            _ => None,
        }
    }

    /// What could not be read and reaches one of these namespaces.
    fn unread_in(&self, spaces: &[usize]) -> Vec<Unread> {
        let snapshot = self.plane.snapshot;
        let reaches = |reach| {
            let mut namespaces = spaces.iter().filter_map(|at| self.plane.namespace(*at));
            namespaces.any(|namespace| snapshot.reaches(reach, namespace))
        };
        let gaps = snapshot.gaps.iter().filter_map(|gap| Some((gap.unread?, gap.reach)));
        let unread: BTreeSet<usize> = gaps.filter(|(_, reach)| reaches(*reach)).map(|(at, _)| at).collect();
        unread.into_iter().filter_map(|at| snapshot.unread.get(at)).cloned().collect()
    }
}
