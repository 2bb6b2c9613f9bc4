//! What a difference is about, in words that are the same for every object that has it.

use super::class::Class;
use dtap_model::object::GroupKind;
use dtap_model::path::{Path, Step};
use dtap_snapshot::workload::template_path;

/// The thing that differs: `image`, `replicas`, `env PUBLIC_URL`, `label tier`, or the path in the object, from the
/// pod's spec on where it is part of one, with `*` for an item that only its position tells apart.
#[must_use]
pub fn noun(class: Class, kind: &GroupKind, path: &Path) -> String {
    match class {
        Class::Image => return "image".to_owned(),
        Class::Hosts => return "host".to_owned(),
        Class::Replicas => return last_key(path).to_owned(),
        _ => {}
    }
    let steps = below_pod(&path.0);
    if let Some(label) = label(kind, &path.0) {
        return label;
    }
    if let Some(variable) = variable(steps) {
        return variable;
    }
    match steps {
        [Step::Key(data), Step::Key(name)] if matches!(data.as_str(), "data" | "stringData" | "binaryData") => {
            name.clone()
        }
        steps => written(below_container(steps)),
    }
}

/// The noun without what tells items of a list apart: `subjects.*` for `subjects.[name=team]`.
#[must_use]
pub fn unnamed(noun: &str) -> String {
    let mut text = String::with_capacity(noun.len());
    let mut rest = noun;
    while let Some((before, after)) = rest.split_once(".[") {
        text.push_str(before);
        text.push_str(".*");
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

/// A variable of a container's environment.
fn variable(steps: &[Step]) -> Option<String> {
    let list = steps.iter().position(|step| matches!(step, Step::Key(key) if key == "env"))?;
    match steps.get(list + 1..)? {
        [Step::Item { value, .. }] | [Step::Item { value, .. }, Step::Key(_)] => Some(format!("env {value}")),
        [Step::Item { value, .. }, rest @ ..] => Some(format!("env {value} {}", written(rest))),
        _ => None,
    }
}

/// A label of an object or of its pods, with what a workload selects these by; a label of a peer; an annotation. What
/// else selects tells which pods it is about, and is told by its path: a policy that selects by `app` has no such
/// label.
fn label(kind: &GroupKind, steps: &[Step]) -> Option<String> {
    let [before @ .., Step::Key(holder), Step::Key(name)] = steps else { return None };
    let is_metadata = matches!(before.last(), Some(Step::Key(key)) if key == "metadata");
    let is_policy = kind.is("networking.k8s.io", "NetworkPolicy");
    let in_rule =
        before.iter().any(|step| matches!(step, Step::Key(key) if matches!(key.as_str(), "ingress" | "egress")));
    match holder.as_str() {
        "labels" if is_metadata => Some(format!("label {name}")),
        "matchLabels" | "selector" if selects_own_pods(kind, before, holder) => Some(format!("label {name}")),
        "matchLabels" if is_policy && in_rule => Some(format!("peer label {name}")),
        "annotations" if is_metadata => Some(format!("annotation {name}")),
        _ => None,
    }
}

/// Whether this is the selector of a workload, which stands beside the template of its pods.
fn selects_own_pods(kind: &GroupKind, before: &[Step], holder: &str) -> bool {
    let Some([beside @ .., _]) = template_path(kind) else { return false };
    let steps = before.iter().map(|step| if let Step::Key(key) = step { key.as_str() } else { "" });
    let steps = steps.chain([holder]).filter(|step| *step != "matchLabels");
    steps.eq(beside.iter().copied().chain(["selector"]))
}

/// What follows the pod's spec in a workload.
fn below_pod(steps: &[Step]) -> &[Step] {
    let template = steps.iter().position(|step| matches!(step, Step::Key(key) if key == "template"));
    match template.and_then(|template| steps.get(template + 1..)) {
        Some([Step::Key(spec), rest @ ..]) if spec == "spec" => rest,
        Some(rest) if !rest.is_empty() => rest,
        _ => match steps {
            [Step::Key(spec), rest @ ..] if spec == "spec" && !rest.is_empty() => rest,
            steps => steps,
        },
    }
}

/// What follows the container: the same setting of two containers is one thing.
fn below_container(steps: &[Step]) -> &[Step] {
    match steps {
        [Step::Key(list), Step::Item { .. }, rest @ ..]
            if matches!(list.as_str(), "containers" | "initContainers") && !rest.is_empty() =>
        {
            match rest {
                [Step::Key(resources), rest @ ..] if resources == "resources" && !rest.is_empty() => rest,
                rest => rest,
            }
        }
        steps => steps,
    }
}

fn written(steps: &[Step]) -> String {
    let steps = steps.iter().map(|step| match step {
        Step::Index(_) => Step::Key("*".to_owned()),
        step => step.clone(),
    });
    Path(steps.collect()).to_string()
}

fn last_key(path: &Path) -> &str {
    match path.0.last() {
        Some(Step::Key(key)) => key,
        _ => "replicas",
    }
}
