//! What kind of difference it is: structure told apart from what environments differ in by their nature.

use super::align::Subject;
use dtap_model::path::{Path, Step};
use dtap_model::tree::Node;

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
    /// The class of a difference at a path of an object, where this is said.
    #[must_use]
    pub fn of(subject: &Subject, path: &Path, said: [Option<&Node<'_>>; 2]) -> Self {
        let keys: Vec<&str> = path.0.iter().filter_map(key).collect();
        let kind = subject.kind.kind.as_str();
        match keys.as_slice() {
            [] => Self::Object,
            ["spec", "replicas" | "minReplicas" | "maxReplicas" | "parallelism" | "completions"] => Self::Replicas,
            _ if is_resource(kind, &keys, path, said) => Self::Resources,
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

fn is_resource(kind: &str, keys: &[&str], path: &Path, said: [Option<&Node<'_>>; 2]) -> bool {
    matches!(kind, "ResourceQuota" | "LimitRange") && keys.first() == Some(&"spec")
        || keys.first() == Some(&"spec") && has_requirements(path, said)
        || keys.ends_with(&["emptyDir", "sizeLimit"])
}

/// Whether a path leads to or into a `ResourceRequirements`; other things are called `resources`, too.
fn has_requirements(path: &Path, said: [Option<&Node<'_>>; 2]) -> bool {
    let is_one = |key: &str| matches!(key, "requests" | "limits" | "claims");
    let mut from = path.0.iter().skip_while(|step| key(step) != Some("resources"));
    match (from.next(), from.next()) {
        (Some(_), Some(after)) => key(after).is_some_and(is_one),
        (Some(_), None) => {
            said.into_iter().flatten().any(|node| node.entries().iter().any(|entry| is_one(entry.key.as_ref())))
        }
        _ => false,
    }
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
