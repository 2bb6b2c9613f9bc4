//! Policies, and pods with labels or networks of their own, that stand within other objects.

use super::target::Target;
use super::{Ground, says};
use crate::decode::documents;
use crate::workload::NETWORK_ANNOTATIONS;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use std::collections::BTreeSet;

/// The policies that an object holds: as a mapping within it (Template, ManifestWork, a Crossplane Object, a
/// generator), or as text (a ConfigMap that a ClusterResourceSet applies, Fleet's Bundle, files written out, what a Job
/// passes on).
pub fn held(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    visit(object, &mut |part| match part {
        Part::Mapping(node) => targets.extend(policy_of(node)),
        Part::Text(text) if speaks_of(text, "NetworkPolicy") => targets.extend(named_in(text)),
        Part::Text(_) => {}
    });
    settled(object, targets)
}

/// Where what an object holds comes to stand: anywhere, if it is also said to be put elsewhere than it says itself, as
/// a patch of Crossplane's does.
pub fn settled(object: &Object, targets: BTreeSet<Target>) -> BTreeSet<Target> {
    match !targets.is_empty() && moves(&object.tree) {
        true => BTreeSet::from([Target::Cluster]),
        false => targets,
    }
}

/// Whether something within writes the namespace of something else.
fn moves(node: &Node<'_>) -> bool {
    node.items().iter().any(moves)
        || node.entries().iter().any(|entry| {
            let path = entry.node.as_str().filter(|_| entry.key == "toFieldPath");
            path.is_some_and(|path| path.ends_with("metadata.namespace")) || moves(&entry.node)
        })
}

/// The cluster, where an object holds a Namespace, as a mapping or as text, with labels for which policies ask.
pub fn holds_labels(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let mut is_found = false;
    visit(object, &mut |part| {
        is_found = is_found
            || match part {
                Part::Mapping(node) => is_labelled_namespace(ground, node),
                Part::Text(text) if speaks_of(text, "Namespace") => match documents(text) {
                    Ok(documents) => documents.iter().any(|document| holds_labelled_namespace(ground, document)),
                    Err(_) => ground.asked.any_written_in(text),
                },
                Part::Text(_) => false,
            };
    });
    is_found.then_some(Target::Cluster).into_iter().collect()
}

/// What may be another object within one.
pub enum Part<'n> {
    /// A mapping.
    Mapping(&'n Node<'n>),
    /// A text.
    Text(&'n str),
}

/// Shows what stands within an object beside its metadata and status; what a Secret or ConfigMap holds in base64,
/// decoded.
pub fn visit(object: &Object, see: &mut dyn FnMut(Part<'_>)) {
    let kind = &object.identity.kind;
    if kind.is("apiextensions.k8s.io", "CustomResourceDefinition") {
        return;
    }
    let own = object.tree.entries().iter().filter(|entry| !matches!(entry.key.as_ref(), "metadata" | "status"));
    let mut open: Vec<&Node<'_>> = own.map(|entry| &entry.node).collect();
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Mapping(entries) => {
                see(Part::Mapping(node));
                open.extend(entries.iter().map(|entry| &entry.node));
            }
            Value::Sequence(items) => open.extend(items),
            Value::String(text) => see(Part::Text(text)),
            _ => {}
        }
    }
    let encoded = match kind.kind.as_str() {
        "Secret" => object.tree.get("data"),
        "ConfigMap" => object.tree.get("binaryData"),
        _ => None,
    };
    let texts = encoded.map(Node::entries).unwrap_or_default().iter().filter_map(|entry| decoded(entry.node.as_str()?));
    texts.for_each(|text| see(Part::Text(&text)));
}

/// What a text says in base64, be it over several lines.
fn decoded(text: &str) -> Option<String> {
    let text: String = text.split_whitespace().collect();
    String::from_utf8(data_encoding::BASE64.decode(text.as_bytes()).ok()?).ok()
}

fn holds_labelled_namespace(ground: &Ground<'_>, node: &Node<'_>) -> bool {
    is_labelled_namespace(ground, node)
        || node.items().iter().any(|item| holds_labelled_namespace(ground, item))
        || node.entries().iter().any(|entry| holds_labelled_namespace(ground, &entry.node))
}

/// Whether a mapping is a Namespace with such labels.
fn is_labelled_namespace(ground: &Ground<'_>, node: &Node<'_>) -> bool {
    let says = |key: &str| node.get(key).and_then(Node::as_str);
    says("kind") == Some("Namespace")
        && says("apiVersion").is_some()
        && ground.asked.any_of(node.at(&["metadata", "labels"]))
}

/// The namespace of a custom object that says `hostNetwork: true` anywhere, or there something that is not read: its
/// controller makes pods that no policy holds for certain (N12, N19). Of Kubernetes' own kinds, and of what has a
/// template as they have it, the pods themselves are read.
pub fn on_nodes(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    says_on_node(object).then_some(Target::Here).into_iter().collect()
}

/// Whether a custom object says so.
pub fn says_on_node(object: &Object) -> bool {
    let mut own = object.tree.entries().iter().filter(|entry| !matches!(entry.key.as_ref(), "metadata" | "status"));
    makes_unread_pods(object) && own.any(|entry| is_on_node(&entry.node))
}

/// Groups of which a `template` is none of pods: of Secrets, machines, Applications, or of what a policy engine makes.
const OTHER_TEMPLATES: [&str; 7] = [
    "bitnami.com",
    "external-secrets.io",
    "generators.external-secrets.io",
    "kyverno.io",
    "templates.gatekeeper.sh",
    "cluster.x-k8s.io",
    "machine.openshift.io",
];

/// The fields in which custom kinds write what their pods bear: KubeVirt and Strimzi `template`, Argo Workflows and the
/// Prometheus operator `podMetadata`, Spark `driver` and `executor`, Strimzi's sets whole `pods`, CloudNativePG
/// `inheritedMetadata`.
const OF_PODS: [&str; 9] =
    ["template", "templates", "podTemplate", "podMetadata", "pod", "pods", "driver", "executor", "inheritedMetadata"];

/// Kinds whose own labels go to the pods made of them: KubeVirt's instances, Tekton's runs.
const HANDS_DOWN: [(&str, &str); 3] =
    [("kubevirt.io", "VirtualMachineInstance"), ("tekton.dev", "TaskRun"), ("tekton.dev", "PipelineRun")];

/// The namespace of a custom object that gives its pods labels for which policies ask, in a form that is not read as
/// that of a pod, or of which the controller does so: it labels them by its own domain (`strimzi.io/cluster`,
/// `kubevirt.io`) (N19).
pub fn labelled(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let kind = &object.identity.kind;
    let is_other = OTHER_TEMPLATES.contains(&kind.group.as_str()) || kind.is("argoproj.io", "ApplicationSet");
    if is_other || !makes_unread_pods(object) {
        return BTreeSet::new();
    }
    let hands_down = HANDS_DOWN.into_iter().any(|(group, name)| kind.is(group, name));
    let own = object.tree.at(&["metadata", "labels"]).filter(|_| hands_down);
    let is_labelled = ground.asked.any_of(own)
        || ground.asked.any_of_domain(domain(&kind.group))
        || ground.asked.any_of(object.tree.at(&["spec", "labels"]).filter(|_| !kind.group.ends_with("istio.io")))
        || object.tree.get("spec").is_some_and(|spec| labels_pods(ground, spec, false));
    is_labelled.then_some(Target::Here).into_iter().collect()
}

/// The domain of a group, without what stands before its last two names: `strimzi.io` of `kafka.strimzi.io`.
fn domain(group: &str) -> &str {
    group.rmatch_indices('.').nth(1).and_then(|(at, _)| group.get(at + 1..)).unwrap_or(group)
}

/// Whether such labels stand within: those of a field of pods, or of `podLabels`. `in_pods` says that this is in such a
/// field.
fn labels_pods(ground: &Ground<'_>, node: &Node<'_>, in_pods: bool) -> bool {
    node.items().iter().any(|item| labels_pods(ground, item, in_pods))
        || node.entries().iter().any(|entry| match entry.key.as_ref() {
            "podLabels" => ground.asked.any_of(Some(&entry.node)),
            "labels" if in_pods => ground.asked.any_of(Some(&entry.node)),
            key => labels_pods(ground, &entry.node, in_pods || OF_PODS.contains(&key)),
        })
}

/// Whether an object may be one of which a controller makes pods that are not read: it is of a custom kind, stands in a
/// namespace, and has no template as the API's own kinds have it.
fn makes_unread_pods(object: &Object) -> bool {
    let identity = &object.identity;
    let is_built_in = matches!(identity.kind.group.as_str(), "" | "apps" | "batch" | "policy" | "extensions");
    let is_read = is_built_in || object.tree.at(&["spec", "template", "spec", "containers"]).is_some();
    identity.namespace.is_some() && !is_read
}

/// The namespace of a custom object with the template of a pod where none is read: below `tfReplicaSpecs`,
/// `podTemplate`, `leaderWorkerTemplate` or any other field.
pub fn templates(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let is_other = OTHER_TEMPLATES.contains(&object.identity.kind.group.as_str());
    let holds = || object.tree.get("spec").is_some_and(holds_template);
    (!is_other && makes_unread_pods(object) && holds()).then_some(Target::Here).into_iter().collect()
}

/// Whether something within is what a pod is made of: a `spec` with containers, of something that is no object of its
/// own.
fn holds_template(node: &Node<'_>) -> bool {
    let is_template = || {
        let containers = node.at(&["spec", "containers"]).map(Node::items).unwrap_or_default();
        node.get("kind").is_none() && containers.iter().any(|container| !container.entries().is_empty())
    };
    is_template() || node.items().iter().any(holds_template) || {
        node.entries().iter().any(|entry| holds_template(&entry.node))
    }
}

/// The namespace of a custom object that puts its pods on networks beside the cluster's, as KubeVirt does with `multus`
/// (N18).
pub fn beside(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    says_beside(object).then_some(Target::Here).into_iter().collect()
}

/// Whether a custom object does so.
pub fn says_beside(object: &Object) -> bool {
    makes_unread_pods(object) && object.tree.get("spec").is_some_and(names_network)
}

fn names_network(node: &Node<'_>) -> bool {
    node.items().iter().any(names_network)
        || node.entries().iter().any(|entry| match entry.key.as_ref() {
            "multus" => says(entry.node.get("networkName")),
            key => NETWORK_ANNOTATIONS.contains(&key) && says(Some(&entry.node)) || names_network(&entry.node),
        })
}

/// Whether something within asks for the network of the nodes.
pub fn is_on_node(node: &Node<'_>) -> bool {
    let is_set = |node: &Node<'_>| says(Some(node)) && node.as_bool() != Some(false) && node.as_str() != Some("false");
    match &node.value {
        // Rook writes `network: {provider: host}`.
        Value::Mapping(_) if node.at(&["network", "provider"]).and_then(Node::as_str) == Some("host") => true,
        Value::Mapping(entries) => {
            node.get("hostNetwork").is_some_and(is_set) || entries.iter().any(|entry| is_on_node(&entry.node))
        }
        Value::Sequence(items) => items.iter().any(is_on_node),
        _ => false,
    }
}

/// Where a mapping comes to stand that is a policy.
fn policy_of(node: &Node<'_>) -> Option<Target> {
    let kind = node.get("kind").and_then(Node::as_str)?;
    node.get("apiVersion").and_then(Node::as_str).filter(|_| kind.ends_with("NetworkPolicy"))?;
    Some(own_namespace(node))
}

/// The namespace that a mapping names which is an object; who applies one that names none says which.
pub fn own_namespace(node: &Node<'_>) -> Target {
    let namespace = node.at(&["metadata", "namespace"]).and_then(Node::as_str).filter(|name| !name.is_empty());
    namespace.map_or(Target::Cluster, |name| Target::Named(name.to_owned()))
}

/// Whether a text says `kind: …NetworkPolicy`, or another kind, of something with an `apiVersion`, in YAML or JSON.
fn speaks_of(text: &str, kind: &str) -> bool {
    text.contains(kind) && text.contains("apiVersion") && values_in(text, "kind").any(|said| said.ends_with(kind))
}

/// Words in the names of kinds of policies that stand in no namespace.
const OF_CLUSTERS: [&str; 3] = ["Cluster", "Global", "Admin"];

/// Where the policies of such a text come to stand: in the namespaces that it names, and on the whole cluster where it
/// names none, or by their kinds.
fn named_in(text: &str) -> BTreeSet<Target> {
    let mut kinds = values_in(text, "kind").filter(|kind| kind.ends_with("NetworkPolicy"));
    match kinds.any(|kind| OF_CLUSTERS.into_iter().any(|word| kind.contains(word))) {
        true => BTreeSet::from([Target::Cluster]),
        false => namespaces_in(text),
    }
}

/// The namespaces that a text names; the whole cluster, where it names none.
pub fn namespaces_in(text: &str) -> BTreeSet<Target> {
    let named: BTreeSet<Target> = values_in(text, "namespace").map(|name| Target::Named(name.to_owned())).collect();
    if named.is_empty() { BTreeSet::from([Target::Cluster]) } else { named }
}

/// The words that stand after a key in a text.
pub fn values_in<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(key).skip(1).filter_map(|rest| {
        let (between, value) = rest.split_once(':')?;
        let is_key = between.chars().all(|letter| matches!(letter, ' ' | '"' | '\''));
        let value = value.trim_start_matches([' ', '"', '\'']);
        let end = value.find([' ', '"', '\'', ',', '\n', '\r', '}']).unwrap_or(value.len());
        is_key.then(|| value.get(..end)).flatten().filter(|value| !value.is_empty())
    })
}
