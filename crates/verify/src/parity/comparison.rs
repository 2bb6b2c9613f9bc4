//! Two environments, compared: every difference with both values and both places, grouped by cause.

use super::align::{Side, Subject};
use super::causes::{self, Cause};
use super::class::Class;
use super::differences::{self, Difference};
use super::{rules, spread, summary};
use dtap_model::environment::EnvironmentId;
use dtap_model::object::GroupKind;
use dtap_model::place::Place;
use dtap_model::tree::Node;
use dtap_report::Fingerprint;
use rustc_hash::FxHashSet;

/// What comes of comparing two environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The earlier environment.
    pub from: EnvironmentId,
    /// The later one.
    pub to: EnvironmentId,
    /// The causes: whole objects first, then by class, then as they are told.
    pub causes: Vec<Told>,
    /// Why they could not be compared in whole; empty where they could.
    pub unknown: Vec<String>,
}

/// One cause with every difference behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What kind of difference it is.
    pub class: Class,
    /// The cause in one line: `image of Deployment web: 1.8.2 in acc, 1.8.1 in prd`.
    pub summary: String,
    /// What tells it from the other causes of the two environments, without any value that is masked. It does not
    /// depend on where anything stands.
    pub key: String,
    /// The cause in the words of every street: what differs of which kinds, without names and values.
    pub shape: String,
    /// What identifies it across runs, whichever verb tells it: its rule, the two stages and its key.
    pub fingerprint: Fingerprint,
    /// How many single cases it stands for.
    pub cases: usize,
    /// What to do about it, where that is not what its rule says.
    pub mend: Option<&'static str>,
    /// The differences behind it, in the order of objects and paths.
    pub differences: Vec<Single>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single {
    /// The object: kind and name.
    pub object: String,
    /// The path in it, as kustomize's replacements write them; empty for the whole object.
    pub path: String,
    /// What the earlier environment says, in one line, masked where it must be; none where it says nothing.
    pub from: Option<String>,
    /// What the later one says.
    pub to: Option<String>,
    /// Where the earlier one says it, or where it would; none where it has no such object.
    pub from_place: Option<Place>,
    /// The same of the later one.
    pub to_place: Option<Place>,
    /// The name of a whole object, where that is not what stands at its place.
    pub renamed: Option<String>,
}

impl Comparison {
    /// How many single differences there are.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.causes.iter().map(|cause| cause.differences.len()).sum()
    }
}

/// What could not be read of an environment: kinds of objects; none is what may be of any kind.
pub type NotRead<'snapshot> = Vec<Option<&'snapshot GroupKind>>;

/// Compares two sides but for what is `alike`, and for whole objects that may be among what was not read of the side
/// that lacks them: of those it says in words how many there are. `from` and `to` are the stages as sentences name
/// them.
#[must_use]
pub fn compare(
    (left, right): (&Side<'_>, &Side<'_>),
    alike: &FxHashSet<&Subject>,
    (not_read_left, not_read_right): (&NotRead<'_>, &NotRead<'_>),
    (from, to): (&str, &str),
) -> (Vec<Told>, Vec<String>) {
    let mut differences = differences::differences(left, right, alike);
    let lacks_left = |difference: &Difference<'_>| difference.left.is_none();
    let lacks_right = |difference: &Difference<'_>| difference.right.is_none();
    let held_back = [
        may_be_unread(hold_back(&mut differences, lacks_left, not_read_left), to, from),
        may_be_unread(hold_back(&mut differences, lacks_right, not_read_right), from, to),
    ];
    spread::spread(&mut differences, left, right);
    let tell = |cause: Cause<'_>| {
        let key = cause.key();
        Told {
            class: cause.class,
            summary: cause.summary(from, to),
            shape: cause.shape(from, to),
            fingerprint: Fingerprint::of(rules::of(cause.class).code, &[from, to, &key]),
            key,
            cases: cause.cases(),
            mend: cause.mend(),
            differences: cause.differences.iter().map(|difference| single(difference, (left, right))).collect(),
        }
    };
    let causes = causes::causes(&differences, left, right).into_iter().map(tell).collect();
    (causes, held_back.into_iter().flatten().collect())
}

/// Takes out whole objects, and forms of them, that one side `lacks` where they may be among what was `not_read` of it;
/// counts the objects.
fn hold_back(
    differences: &mut Vec<Difference<'_>>,
    lacks: impl Fn(&Difference<'_>) -> bool,
    not_read: &NotRead<'_>,
) -> usize {
    let is_held_back = |difference: &mut Difference<'_>| {
        let is_of = |kind: &Option<&GroupKind>| kind.is_none_or(|kind| *kind == difference.subject.kind);
        difference.path.0.is_empty() && lacks(difference) && not_read.iter().any(is_of)
    };
    let held_back = differences.extract_if(.., is_held_back).map(|difference| difference.subject);
    held_back.collect::<FxHashSet<_>>().len()
}

/// That so many objects of one stage are not told as missing in another; none where there are none.
fn may_be_unread(held_back: usize, of: &str, other: &str) -> Option<String> {
    let (objects, are) = if held_back == 1 { ("object", "is") } else { ("objects", "are") };
    let counted = (held_back > 0).then_some(held_back)?;
    Some(format!("{counted} {objects} of {of} {are} not told as missing in {other}, of which not all could be read"))
}

fn single(difference: &Difference<'_>, sides: (&Side<'_>, &Side<'_>)) -> Single {
    let present = |node: Option<&Node<'_>>| node.map(|_| "present".to_owned());
    let (from, to) = if difference.path.0.is_empty() {
        (present(difference.left), present(difference.right))
    } else {
        causes::said(difference, sides)
    };
    Single {
        object: summary::name(difference.subject),
        path: difference.path.to_string(),
        from,
        to,
        from_place: difference.left_place,
        to_place: difference.right_place,
        renamed: difference.renamed.map(str::to_owned),
    }
}
