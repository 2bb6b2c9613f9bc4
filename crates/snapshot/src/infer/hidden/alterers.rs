//! What applies a folder of the input otherwise than it lies there: patches, prefixes, components, files left out. What
//! the network does not see, such as images and replicas, is no matter.

use super::target::Target;
use super::within::values_in;
use super::{Ground, any_text, says};
use crate::applied::{Applied, applied, by_other_template, by_source, sources, specs};
use crate::snapshot::Placed;
use crate::workload::NETWORK_ANNOTATIONS;
use dtap_model::environment::{Namespace, NamespaceId};
use dtap_model::object::Object;
use dtap_model::place::SourceId;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// What Argo CD changes by way of kustomize, a choice of files, or a plugin. A chart is unknown by itself.
pub fn argo(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let altered = |source: &Node<'_>| {
        let kustomize = source.get("kustomize").is_some_and(|options| {
            let fields = ["namePrefix", "nameSuffix", "namespace", "components", "commonLabels"];
            fields.into_iter().any(|field| says(options.get(field))) || patched(options)
        });
        let chosen = ["include", "exclude", "jsonnet"];
        kustomize
            || chosen.into_iter().any(|field| says(source.at(&["directory", field])))
            || says(source.get("plugin"))
    };
    let of_source = |(source, applied): (&Node<'_>, Vec<Applied>)| {
        let mut targets = stands_in(ground, &applied, &|_| true);
        // What is moved into a namespace stands there, too.
        let into = source.at(&["kustomize", "namespace"]).and_then(Node::as_str).filter(|name| !name.is_empty());
        if let Some(into) = into.filter(|_| !targets.is_empty()) {
            targets.insert(Target::Named(into.to_owned()));
        }
        targets
    };
    let by_source = by_source(object).into_iter().filter(|(source, _)| altered(source));
    by_source.flat_map(of_source).chain(retemplated(ground, object)).collect()
}

/// The cluster, where Argo CD changes labels of Namespaces in a folder for which policies ask: answers at either end
/// stand on those.
pub fn argo_relabels(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let asks_any = ground.asked.may_be_in("");
    let changes = |source: &Node<'_>| {
        let of_options = |options: &Node<'_>| {
            let moves = asks_any && says(options.get("namespace"));
            moves || ground.asked.any_of(options.get("commonLabels")) || relabels(ground, options)
        };
        source.get("kustomize").is_some_and(of_options) || asks_any && says(source.get("plugin"))
    };
    let of_sources = by_source(object).into_iter().filter(|(source, _)| changes(source)).map(|(_, applied)| applied);
    let of_templates = retemplated_folders(object).filter(|_| asks_any);
    let is_found = of_sources.chain(of_templates).any(|applied| holds_namespace(ground, &applied));
    is_found.then_some(Target::Cluster).into_iter().collect()
}

/// The same of Flux; what it sets on everything is known by itself.
pub fn flux_relabels(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let changes = object.tree.get("spec").is_some_and(|spec| relabels(ground, spec));
    let is_found = changes && holds_namespace(ground, &applied(object));
    is_found.then_some(Target::Cluster).into_iter().collect()
}

/// Whether patches or components may change the labels of Namespaces.
fn relabels(ground: &Ground<'_>, options: &Node<'_>) -> bool {
    says(options.get("components")) && ground.asked.may_be_in("")
        || patches(options).any(|patch| {
            let (kinds, text) = of_patch(patch);
            let is_of_namespaces = |kind: &&str| *kind == "Namespace" || is_open(kind);
            (kinds.is_empty() || kinds.iter().any(is_of_namespaces)) && ground.asked.may_be_in(text)
        })
}

fn holds_namespace(ground: &Ground<'_>, applied: &[Applied]) -> bool {
    lying_in(ground, applied).any(|placed| placed.object.identity.kind.is_namespace())
}

/// What a set applies whose template is changed for some of its Applications: by a patch, which is a template of any
/// text, or by the template of a generator. Where the template itself says nothing of what is applied, it may be
/// anything.
fn retemplated(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(all) = retemplated_folders(object) else { return BTreeSet::new() };
    if all.is_empty() && specs(object).is_none_or(|spec| sources(spec).is_empty()) {
        return BTreeSet::from([Target::Cluster]);
    }
    stands_in(ground, &all, &|_| true)
}

/// What such a set applies, by any of its templates; none where the template is changed for none.
fn retemplated_folders(object: &Object) -> Option<Vec<Applied>> {
    let changes = |spec: &Node<'_>| spec.entries().iter().any(|it| it.key != "project" && says(Some(&it.node)));
    let others: Vec<_> = by_other_template(object).into_iter().filter(|(spec, _)| changes(spec)).collect();
    if others.is_empty() && !says(object.tree.at(&["spec", "templatePatch"])) {
        return None;
    }
    Some(others.into_iter().flat_map(|(_, applied)| applied).chain(applied(object)).collect())
}

/// What Flux changes. `targetNamespace` is a change only of what came to stand elsewhere, and substitution only of what
/// holds a place to substitute.
pub fn flux(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(spec) = object.tree.get("spec") else { return BTreeSet::new() };
    let applied = applied(object);
    if patched(spec) || ["namePrefix", "nameSuffix", "components"].into_iter().any(|field| says(spec.get(field))) {
        return stands_in(ground, &applied, &|_| true);
    }
    let into = spec.get("targetNamespace").and_then(Node::as_str).filter(|name| !name.is_empty());
    let moved = |placed: &Placed| {
        let own = placed.namespace.and_then(|id| ground.snapshot.namespace(id));
        into.zip(own).is_some_and(|(into, own)| into != own.name)
    };
    let mut targets = stands_in(ground, &applied, &moved);
    if let Some(into) = into.filter(|_| !targets.is_empty()) {
        targets.insert(Target::Named(into.to_owned()));
    }
    if says(spec.get("postBuild")) {
        targets.extend(stands_in(ground, &applied, &|placed| is_judged_by_text(placed)));
    }
    targets
}

/// What a tool's object applies goes with it when it is deleted.
pub fn deleted(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    if is_deleted(object) { stands_in(ground, &applied(object), &|_| true) } else { BTreeSet::new() }
}

/// What stands in a namespace goes before it, policies it may be before pods.
pub fn deleted_namespace(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let of_name = |namespace: &Namespace| namespace.cluster == ground.cluster && namespace.name == object.identity.name;
    let namespaces = (0..).map(NamespaceId).zip(&ground.snapshot.namespaces).filter(|_| is_deleted(object));
    namespaces.filter(|(_, namespace)| of_name(namespace)).map(|(id, _)| Target::In(id)).collect()
}

fn is_deleted(object: &Object) -> bool {
    says(object.tree.at(&["metadata", "deletionTimestamp"]))
}

/// Whether what the network sees of an object holds a place to substitute: all of a policy or Namespace, and labels.
fn is_judged_by_text(placed: &Placed) -> bool {
    let is_open = |node: &Node<'_>| any_text(node, &|text| text.contains("${"));
    let kind = &placed.object.identity.kind.kind;
    let labels = [&["metadata", "labels"][..], &["spec", "template", "metadata", "labels"]];
    let labels = labels.into_iter().filter_map(|steps| placed.object.tree.at(steps));
    let is_whole = kind.ends_with("NetworkPolicy") || kind == "Namespace";
    is_whole && is_open(&placed.object.tree) || labels.into_iter().any(is_open)
}

/// Whether patches change anything that the network sees.
fn patched(options: &Node<'_>) -> bool {
    patches(options).any(is_seen)
}

fn patches<'n>(options: &'n Node<'n>) -> impl Iterator<Item = &'n Node<'n>> {
    let fields = ["patches", "patchesStrategicMerge", "patchesJson6902"];
    fields.into_iter().filter_map(|field| options.get(field)).flat_map(Node::items)
}

/// The kinds of which a patch says that it is, by its target or else by itself, and its text, empty where it is not
/// there.
fn of_patch<'n>(patch: &'n Node<'n>) -> (Vec<&'n str>, &'n str) {
    let text = patch.get("patch").and_then(Node::as_str).unwrap_or_default();
    let kinds = match patch.get("target") {
        Some(target) => target.get("kind").and_then(Node::as_str).filter(|kind| !kind.is_empty()).into_iter().collect(),
        None => patch.get("kind").and_then(Node::as_str).into_iter().chain(values_in(text, "kind")).collect(),
    };
    (kinds, text)
}

/// Whether what is written for a kind may be several.
fn is_open(kind: &str) -> bool {
    !kind.chars().all(char::is_alphanumeric)
}

/// Kinds of which the network sees nearly all, beside policies: labels of namespaces, who stands behind an address or a
/// node's port, and which networks there are.
const SEEN: [&str; 6] =
    ["Namespace", "Service", "Endpoints", "EndpointSlice", "Gateway", "NetworkAttachmentDefinition"];

/// What a patch of a workload speaks of where the network sees what it changes, beside the annotations of networks.
const WORDS: [&str; 5] = ["labels", "hostNetwork", "hostPort", "metadata/namespace", "k8s.v1.cni.cncf.io"];

/// The last segments of paths at which all is changed at once, what the network sees with it.
const WHOLE: [&str; 4] = ["metadata", "annotations", "template", "spec"];

/// Whether the network sees a patch. Of one that says of which kind it is that kind decides, and of workloads whether
/// it speaks of what is seen of them.
fn is_seen(patch: &Node<'_>) -> bool {
    let (kinds, text) = of_patch(patch);
    let is_of_network = |kind: &str| kind.ends_with("NetworkPolicy") || SEEN.contains(&kind);
    kinds.is_empty()
        || text.is_empty()
        || kinds.into_iter().any(|kind| is_of_network(kind) || is_open(kind))
        || speaks(text)
}

/// Whether a patch speaks of what the network sees of workloads. In a path `~1` stands for `/`.
fn speaks(text: &str) -> bool {
    let unescaped = text.replace("~1", "/");
    let is_whole = |path: &str| path.rsplit('/').next().is_some_and(|last| WHOLE.contains(&last));
    WORDS.into_iter().chain(NETWORK_ANNOTATIONS).any(|word| unescaped.contains(word))
        || ["path", "from"].into_iter().any(|key| values_in(text, key).any(is_whole))
        || values_in(text, "$patch").any(|directive| directive == "replace")
}

/// The namespaces in which those objects stand that lie in a folder which a tool applies, and of which this holds.
fn stands_in(ground: &Ground<'_>, applied: &[Applied], holds: &dyn Fn(&Placed) -> bool) -> BTreeSet<Target> {
    let target = |placed: &Placed| match placed.namespace {
        Some(id) => Target::In(id),
        None if placed.object.identity.kind.is_namespace() => Target::Named(placed.object.identity.name.to_string()),
        None => Target::Cluster,
    };
    let seen = |placed: &&Placed| {
        placed.namespace.is_some()
            || placed.object.identity.kind.is_namespace()
            || placed.object.identity.kind.kind.ends_with("NetworkPolicy")
    };
    lying_in(ground, applied).filter(seen).filter(|placed| holds(placed)).map(target).collect()
}

/// The objects that lie in a folder which a tool applies. A source is asked once for all that stand in it.
fn lying_in<'s>(ground: &Ground<'s>, applied: &[Applied]) -> impl Iterator<Item = &'s Placed> {
    let is_applied = |folder: &Vec<&str>| applied.iter().any(|applied| applied.may_hold(folder));
    let sources: Vec<bool> = ground.folders.iter().map(is_applied).collect();
    let is_of_one = move |source: SourceId| usize::try_from(source.0).is_ok_and(|at| sources.get(at) == Some(&true));
    ground.snapshot.objects.iter().filter(move |placed| is_of_one(placed.object.source))
}
