//! The labels of the pods that a template makes: those it shows, and those that its controller adds (N19).

use super::plane::Bound;
use super::selector::{Requirement, Selector, Values, Wish, value_of};
use dtap_model::workload::Workload;

/// What is known of a label that a controller adds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Added {
    /// It has this value.
    Is(String),
    /// It has some value that begins so.
    Begins(String),
    /// It is there or not, with any value.
    Perhaps,
}

/// The labels of a class.
#[derive(Clone, Debug)]
pub struct PodLabels<'s> {
    /// Those that the template shows, sorted by key.
    pub shown: &'s [(String, String)],
    /// Those that the controller adds.
    pub added: Vec<(&'static str, Added)>,
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
        let shown = value_of(self.shown, requirement.key);
        let added = self.added.iter().find(|(key, _)| *key == requirement.key).map(|(_, added)| added);
        match (shown, added, bound) {
            (None, Some(Added::Is(value)), _) => values.contains(Some(value)),
            (None, Some(Added::Begins(with)), Bound::Certain) => values.hold_all(with),
            (None, Some(Added::Begins(with)), Bound::Possible) => values.hold_some(with),
            (None, Some(Added::Perhaps), Bound::Certain) => values.contains(None) && values.hold_all(""),
            (None, Some(Added::Perhaps), Bound::Possible) => !Values::is_empty(values),
            (shown, ..) => values.contains(shown),
        }
    }
}

/// What the controller of a workload adds to the labels of its pods. A Pod of a dump shows everything.
#[must_use]
pub fn added(workload: &Workload) -> Vec<(&'static str, Added)> {
    let generated = workload.name.strip_suffix('*');
    let named = || generated.map_or_else(|| Added::Is(workload.name.clone()), |name| Added::Begins(name.to_owned()));
    let numbered = || Added::Begins(generated.map_or_else(|| format!("{}-", workload.name), str::to_owned));
    let any = || Added::Begins(String::new());
    let job = |name: Added| {
        vec![
            ("job-name", name.clone()),
            ("batch.kubernetes.io/job-name", name),
            ("controller-uid", any()),
            ("batch.kubernetes.io/controller-uid", any()),
            ("batch.kubernetes.io/job-completion-index", Added::Perhaps),
        ]
    };
    let mut added = match workload.kind.as_str() {
        "Pod" if workload.node.is_some() => return Vec::new(),
        "Deployment" => vec![("pod-template-hash", any())],
        "ReplicaSet" => vec![("pod-template-hash", Added::Perhaps)],
        "DaemonSet" => vec![("controller-revision-hash", any()), ("pod-template-generation", Added::Perhaps)],
        "StatefulSet" => vec![
            ("controller-revision-hash", any()),
            ("statefulset.kubernetes.io/pod-name", numbered()),
            ("apps.kubernetes.io/pod-index", Added::Perhaps),
        ],
        "Job" => job(named()),
        "CronJob" => job(numbered()),
        _ => Vec::new(),
    };
    let topology = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];
    added.extend(topology.into_iter().map(|key| (key, Added::Perhaps)));
    added
}
