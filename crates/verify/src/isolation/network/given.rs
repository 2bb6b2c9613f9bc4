//! The labels of the pods that a template makes: those it shows, and those that its controller adds (N19).

use super::plane::Bound;
use super::selector::{Requirement, Selector, Values, Wish, value_of};
use dtap_model::label::{LabelSet, is_label};
use dtap_model::workload::Workload;
use std::borrow::Cow;

/// What is known of a label that a controller adds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Added<'s> {
    /// It has this value.
    Is(&'s str),
    /// It has some value that begins so.
    Begins(Cow<'s, str>),
    /// It is there or not, with any value.
    Perhaps,
}

/// The labels that the API's own controllers put on pods.
const OF_CONTROLLERS: [&str; 10] = [
    "pod-template-hash",
    "pod-template-generation",
    "controller-revision-hash",
    "apps.kubernetes.io/pod-index",
    "statefulset.kubernetes.io/pod-name",
    "batch.kubernetes.io/job-completion-index",
    "job-name",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
];

/// Who makes pods of a template, as far as it shows in their labels; with its name where that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Maker<'s> {
    /// Nobody any more: a running Pod shows everything.
    Nobody,
    /// The API server, or a kind that adds nothing of its own.
    Plain,
    /// A controller that is not of the API, which may make the pods itself or by way of any of the kinds below.
    Custom,
    /// A Deployment.
    Deployment,
    /// A `ReplicaSet`.
    ReplicaSet,
    /// A `DaemonSet`.
    DaemonSet,
    /// A `StatefulSet`.
    StatefulSet(&'s str),
    /// A Job.
    Job(&'s str),
    /// A Job that selects its pods by hand (`generateSelector` of the API server's strategy for Jobs leaves it alone).
    JobByHand,
    /// A `CronJob`.
    CronJob(&'s str),
}

/// The labels of a class.
#[derive(Clone, Copy, Debug)]
pub struct PodLabels<'s> {
    /// Those that the template shows. One that the API server refuses may be a placeholder: it has any value, or is not
    /// there.
    pub shown: &'s LabelSet,
    /// Who adds others.
    pub maker: Maker<'s>,
}

impl PodLabels<'_> {
    /// Whether a selector matches under a bound.
    #[must_use]
    pub fn match_selector(&self, selector: &Selector<'_>, bound: Bound) -> bool {
        selector.0.iter().all(|requirement| self.meet(requirement, bound))
    }

    /// Whether they grant a wish under a bound: what must not match for certain must not even match possibly.
    #[must_use]
    pub fn grant(&self, wish: &Wish<'_, '_>, bound: Bound) -> bool {
        let other = if bound == Bound::Certain { Bound::Possible } else { Bound::Certain };
        wish.matching.iter().all(|selector| self.match_selector(selector, bound))
            && wish.escaping.iter().all(|group| group.iter().any(|selector| !self.match_selector(selector, other)))
    }

    fn meet(&self, requirement: &Requirement<'_>, bound: Bound) -> bool {
        let values = &requirement.values;
        let added = match value_of(&self.shown.labels, requirement.key) {
            Some(shown) if self.shown.refused && !is_label(requirement.key, shown) => Some(Added::Perhaps),
            Some(shown) if !self.maker.overwrites(requirement.key) => return values.contains(Some(shown)),
            _ => self.maker.adds(requirement.key),
        };
        match (added, bound) {
            (None, _) => values.contains(None),
            (Some(Added::Is(value)), _) => values.contains(Some(value)),
            (Some(Added::Begins(with)), Bound::Certain) => values.hold_all(&with),
            (Some(Added::Begins(with)), Bound::Possible) => values.hold_some(&with),
            (Some(Added::Perhaps), Bound::Certain) => values.contains(None) && values.hold_all(""),
            (Some(Added::Perhaps), Bound::Possible) => !Values::is_empty(values),
        }
    }
}

impl<'s> Maker<'s> {
    /// Who makes the pods of a workload. A Pod that has its node is there, and shows all its labels. What a custom kind
    /// is called says nothing of it.
    #[must_use]
    pub fn of(workload: &'s Workload) -> Self {
        match workload.kind.as_str() {
            _ if workload.custom => Self::Custom,
            "Pod" if workload.node.is_some() => Self::Nobody,
            "Deployment" => Self::Deployment,
            "ReplicaSet" => Self::ReplicaSet,
            "DaemonSet" => Self::DaemonSet,
            "StatefulSet" => Self::StatefulSet(&workload.name),
            "Job" if workload.by_hand => Self::JobByHand,
            "Job" => Self::Job(&workload.name),
            "CronJob" => Self::CronJob(&workload.name),
            _ => Self::Plain,
        }
    }

    /// Whether it sets a label whatever its template shows there: `CloneAndAddLabel` of the Deployment controller,
    /// `CreatePodTemplate` of the DaemonSet's, `newVersionedStatefulSetPod` and `updateIdentity` of the StatefulSet's.
    /// A Job is refused for another value, and a ReplicaSet keeps what it shows.
    fn overwrites(self, key: &str) -> bool {
        match (self, key) {
            (Self::Nobody, _) => false,
            (_, "topology.kubernetes.io/zone" | "topology.kubernetes.io/region")
            | (Self::Deployment, "pod-template-hash")
            | (Self::DaemonSet, "pod-template-generation")
            | (Self::DaemonSet | Self::StatefulSet(_), "controller-revision-hash")
            | (Self::StatefulSet(_), "apps.kubernetes.io/pod-index" | "statefulset.kubernetes.io/pod-name") => true,
            (Self::Custom, key) => OF_CONTROLLERS.contains(&key),
            _ => false,
        }
    }

    /// What it adds to a label that its template does not show, or sets in place of what it shows.
    fn adds(self, key: &str) -> Option<Added<'s>> {
        let any = Added::Begins(Cow::Borrowed(""));
        match (self, key) {
            (Self::Nobody, _) => None,
            (_, "topology.kubernetes.io/zone" | "topology.kubernetes.io/region")
            | (Self::ReplicaSet, "pod-template-hash")
            | (Self::DaemonSet, "pod-template-generation")
            | (Self::StatefulSet(_), "apps.kubernetes.io/pod-index")
            | (Self::Job(_) | Self::JobByHand | Self::CronJob(_), "batch.kubernetes.io/job-completion-index") => {
                Some(Added::Perhaps)
            }
            (Self::Custom, key) if OF_CONTROLLERS.contains(&key) => Some(Added::Perhaps),
            (Self::Deployment, "pod-template-hash")
            | (Self::DaemonSet | Self::StatefulSet(_), "controller-revision-hash")
            | (Self::Job(_) | Self::CronJob(_), "controller-uid" | "batch.kubernetes.io/controller-uid") => Some(any),
            (Self::StatefulSet(name), "statefulset.kubernetes.io/pod-name")
            | (Self::CronJob(name), "job-name" | "batch.kubernetes.io/job-name") => Some(numbered(name)),
            (Self::Job(name), "job-name" | "batch.kubernetes.io/job-name") => Some(named(name)),
            _ => None,
        }
    }
}

/// The name itself; what stands for a generated one ends in a star.
fn named(name: &str) -> Added<'_> {
    name.strip_suffix('*').map_or(Added::Is(name), |start| Added::Begins(Cow::Borrowed(start)))
}

/// The name of one of several that are made.
fn numbered(name: &str) -> Added<'_> {
    let generated = name.strip_suffix('*').map(Cow::Borrowed);
    Added::Begins(generated.unwrap_or_else(|| Cow::Owned(format!("{name}-"))))
}
