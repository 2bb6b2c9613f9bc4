//! Files that lie among a kustomization's and that none uses: a forgotten patch, or a manifest of which nobody knows
//! whether it is applied.

use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// What an unused file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// A patch: no object by itself.
    Patch,
    /// Objects among which is a policy: whether it holds cannot be told.
    Policy,
    /// Objects.
    Manifest,
    /// Nothing of Kubernetes.
    Other,
}

/// Tells what an unused file is, by its name and its documents.
pub fn tell(name: &str, documents: &[Node<'_>]) -> Unused {
    let objects = || documents.iter().filter(|document| is_object(document));
    if documents.iter().any(is_json_patch) {
        return Unused::Patch;
    }
    if objects().next().is_none() {
        return Unused::Other;
    }
    if objects().all(is_partial) {
        return Unused::Patch;
    }
    if objects().any(|object| kind(object).contains("NetworkPolicy")) {
        return Unused::Policy;
    }
    if is_named_patch(name) && !objects().any(is_whole) { Unused::Patch } else { Unused::Manifest }
}

/// Tells what a file is in a folder below a kustomization's of which no kustomization uses anything. Manifests may be
/// applied from there in another way, so they are read as any other; a patch is no object wherever it lies.
pub fn tell_below(name: &str, documents: &[Node<'_>]) -> Unused {
    match tell(name, documents) {
        // A Namespace needs no more than its labels, by which policies select it.
        Unused::Patch if !documents.iter().any(|document| matches!(kind(document), "Namespace" | "Project")) => {
            Unused::Patch
        }
        Unused::Policy => Unused::Policy,
        _ => Unused::Other,
    }
}

/// The namespace of the policies of a file, where all of them name one.
pub fn namespace(documents: &[Node<'_>]) -> Option<String> {
    let policies = documents.iter().filter(|document| kind(document).contains("NetworkPolicy"));
    let named: BTreeSet<Option<&str>> =
        policies.map(|policy| policy.at(&["metadata", "namespace"]).and_then(Node::as_str)).collect();
    named.first().filter(|_| named.len() == 1).copied().flatten().map(str::to_owned)
}

fn is_object(document: &Node<'_>) -> bool {
    document.get("apiVersion").is_some() && document.get("kind").is_some()
}

fn kind<'tree>(document: &'tree Node<'_>) -> &'tree str {
    document.get("kind").and_then(Node::as_str).unwrap_or_default()
}

/// A list of JSON patch operations (RFC 6902).
fn is_json_patch(document: &Node<'_>) -> bool {
    let items = document.items();
    !items.is_empty() && items.iter().all(|item| item.get("op").is_some() && item.get("path").is_some())
}

/// `patch` as a word of its own in a file's name, or the name of its folder.
fn is_named_patch(name: &str) -> bool {
    let is_patch = |word: &str| word.eq_ignore_ascii_case("patch") || word.eq_ignore_ascii_case("patches");
    let (folders, file) = name.rsplit_once('/').unwrap_or(("", name));
    file.split(|character: char| !character.is_ascii_alphanumeric()).any(is_patch)
        || folders.rsplit('/').next().is_some_and(is_patch)
}

/// An object that the API server would refuse, because its kind asks for more than it says.
fn is_partial(object: &Node<'_>) -> bool {
    if object.get("$patch").is_some() {
        return true;
    }
    required(kind(object)).is_some_and(|whole| !whole(object))
}

/// An object of which it is known that nothing is missing.
fn is_whole(object: &Node<'_>) -> bool {
    required(kind(object)).is_some_and(|whole| whole(object))
}

/// What makes an object of this kind whole, for the kinds that people patch most.
fn required(kind: &str) -> Option<fn(&Node<'_>) -> bool> {
    match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            Some(|object| object.at(&["spec", "selector"]).is_some() && runs(object.at(&["spec", "template"])))
        }
        "Job" | "ReplicationController" => Some(|object| runs(object.at(&["spec", "template"]))),
        "CronJob" => Some(|object| {
            object.at(&["spec", "schedule"]).is_some() && runs(object.at(&["spec", "jobTemplate", "spec", "template"]))
        }),
        "Pod" => Some(|object| runs(Some(object))),
        "Service" => Some(|object| {
            let external = object.at(&["spec", "type"]).and_then(Node::as_str) == Some("ExternalName");
            external || object.at(&["spec", "ports"]).is_some_and(|ports| !ports.items().is_empty())
        }),
        "Ingress" => Some(|object| {
            object.at(&["spec", "rules"]).is_some()
                || object.at(&["spec", "defaultBackend"]).is_some()
                || object.at(&["spec", "backend"]).is_some()
        }),
        "HorizontalPodAutoscaler" => Some(|object| {
            object.at(&["spec", "scaleTargetRef"]).is_some() && object.at(&["spec", "maxReplicas"]).is_some()
        }),
        _ => None,
    }
}

/// Whether a template has containers, each with an image.
fn runs(template: Option<&Node<'_>>) -> bool {
    let containers = template.and_then(|template| template.at(&["spec", "containers"])).map_or(&[][..], Node::items);
    !containers.is_empty() && containers.iter().all(|container| container.get("image").is_some())
}
