//! What kind of difference it is: structure told apart from what environments differ in by their nature.

use super::align::Subject;
use dtap_model::path::{Path, Step};

/// The kinds of difference, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A whole object that only one environment has.
    Object,
    /// What is there and how it hangs together.
    Structure,
    /// Values that applications read.
    Configuration,
    /// What runs.
    Image,
    /// How much it may use.
    Resources,
    /// Under which names it is reached from outside.
    Hosts,
    /// How often it runs.
    Replicas,
}

impl Class {
    /// The class of a difference at a path of an object.
    #[must_use]
    pub fn of(subject: &Subject, path: &Path) -> Self {
        let keys: Vec<&str> = path.0.iter().filter_map(key).collect();
        let kind = subject.kind.kind.as_str();
        match keys.as_slice() {
            [] => Self::Object,
            ["spec", "replicas" | "minReplicas" | "maxReplicas" | "parallelism" | "completions"] => Self::Replicas,
            _ if is_resource(kind, &keys, path) => Self::Resources,
            [.., "containers" | "initContainers" | "ephemeralContainers", "image"] => Self::Image,
            _ if is_host(&keys) => Self::Hosts,
            _ if is_configuration(kind, &keys) => Self::Configuration,
            _ => Self::Structure,
        }
    }

    /// What several differences of the class are called.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Object => "objects",
            Self::Structure => "parts",
            Self::Configuration => "values",
            Self::Image => "images",
            Self::Resources => "resources",
            Self::Hosts => "hosts",
            Self::Replicas => "replicas",
        }
    }
}

fn key(step: &Step) -> Option<&str> {
    match step {
        Step::Key(key) => Some(key),
        Step::Item { .. } | Step::Index(_) => None,
    }
}

fn is_resource(kind: &str, keys: &[&str], path: &Path) -> bool {
    matches!(kind, "ResourceQuota" | "LimitRange") && keys.first() == Some(&"spec")
        || keys.first() == Some(&"spec") && has_requirements(path)
        || keys.ends_with(&["emptyDir", "sizeLimit"])
}

/// Whether a path leads to or into a `ResourceRequirements`; other things are called `resources`, too.
fn has_requirements(path: &Path) -> bool {
    let after = path.0.iter().skip_while(|step| key(step) != Some("resources")).nth(1);
    let is_there = path.0.iter().any(|step| key(step) == Some("resources"));
    is_there && after.is_none_or(|step| matches!(key(step), Some("requests" | "limits" | "claims")))
}

fn is_host(keys: &[&str]) -> bool {
    let annotation = keys.first() == Some(&"metadata")
        && keys.get(1) == Some(&"annotations")
        && keys.last().is_some_and(|name| name.ends_with("/hostname") || name.ends_with("/target"));
    annotation
        || keys.first() == Some(&"spec")
            && keys
                .iter()
                .skip(1)
                .any(|key| matches!(*key, "host" | "hosts" | "hostname" | "hostnames" | "dnsNames" | "commonName"))
            && !keys.contains(&"template")
}

fn is_configuration(kind: &str, keys: &[&str]) -> bool {
    match kind {
        "ConfigMap" | "Secret" => matches!(keys.first(), Some(&("data" | "stringData" | "binaryData"))),
        _ => {
            keys.iter().any(|key| matches!(*key, "env" | "envFrom" | "args" | "command"))
                || keys.contains(&"annotations")
        }
    }
}
