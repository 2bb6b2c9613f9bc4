//! NET015: the API server refuses a namespace, or something that makes pods, for its name or other metadata.

use super::super::plane::{Class, Plane as Compiled, Unsettled, is_object_name, refused_label, refused_label_of};
use dtap_model::environment::NamespaceId;
use dtap_model::place::Place;
use dtap_model::workload::Workload;
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};
use dtap_snapshot::snapshot::Placed;

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET015",
    title: "the API server refuses a name or other metadata, so that who is selected is not certain",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Policies select by labels. A namespace or a pod that is refused is not there, or is there as it was accepted \
          before; and where the text is a placeholder, something puts another one in its place. So nobody can tell \
          from the manifest which policies select it and which admit it: that is unknown.",
    breaks: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc, team: '${TEAM}'}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-acc}
spec: {podSelector: {}, policyTypes: [Ingress]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-acc, labels: {environment: acc, team: shop}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-acc}
spec: {podSelector: {}, policyTypes: [Ingress]}
"
    ),
    mend: "Write the name, the label or what else the finding names as it says, or give dtap the manifests as they are applied, with \
           every placeholder filled in.",
};

/// Everything that the API server refuses for its name or other metadata.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let named = badly_named(plane).filter_map(|(id, name)| {
        let within = |placed: &&Placed| placed.namespace == Some(id) || is_namespace(placed, name);
        let first = plane.snapshot.objects.iter().find(within)?;
        let label = "no namespace can have this name".to_owned();
        let place = if is_namespace(first, name) {
            first.object.cite_name()
        } else {
            first.object.cite(&["metadata", "namespace"])
        };
        Some(super::about(plane, &RULE, first, (of_name(name), "namespace"), vec![Evidence { place, label }]))
    });
    let refused = plane.refused_namespaces.iter().map(|(placed, why)| {
        let summary = format!("the API server refuses Namespace {}: {why}", placed.object.identity.name);
        let evidence = Evidence { place: cited(placed), label: why.clone() };
        super::about(plane, &RULE, placed, (summary, "metadata"), vec![evidence])
    });
    named.chain(refused).chain(workloads(plane)).collect()
}

/// Why something is unknown, of each namespace whose name is refused. A label is named by the contact that it decides.
pub(in super::super) fn unknown(plane: &Compiled<'_>) -> Vec<String> {
    badly_named(plane).map(|(_, name)| of_name(name)).collect()
}

/// What makes pods and is refused.
fn workloads<'p>(plane: &'p Compiled<'_>) -> impl Iterator<Item = Finding> + 'p {
    let refused = |class: &&Class<'_>| class.labels.shown.refused || class.custom;
    let members = plane
        .classes
        .iter()
        .filter(refused)
        .flat_map(|class| plane.members(class).map(move |workload| (class, workload)));
    members.filter_map(|(class, workload)| {
        let why = match refused_label(&class.labels.shown.labels) {
            Some(why) => why,
            None if !is_object_name(&workload.name) => "no object can have this name".to_owned(),
            None => return None,
        };
        Some(about(plane, class.namespace, workload, why))
    })
}

fn about(plane: &Compiled<'_>, namespace: usize, workload: &Workload, why: String) -> Finding {
    let of = plane.namespace(namespace);
    let named = format!("{}/{}", of.map_or("", |namespace| namespace.name.as_str()), workload.name);
    let summary = format!("the API server refuses {} {named}: {why}", workload.kind);
    let cluster = of.and_then(|namespace| plane.snapshot.cluster(namespace.cluster));
    let subject = super::Subject {
        name: named,
        kind: workload.kind.to_string(),
        cluster: cluster.map_or("", |cluster| cluster.name.as_str()),
        environment: super::super::contact::environment(plane, namespace),
    };
    let evidence = Evidence { place: workload.place, label: why };
    super::about_subject(plane, &RULE, subject, (summary, "workload"), vec![evidence])
}

fn badly_named<'s>(plane: &Compiled<'s>) -> impl Iterator<Item = (NamespaceId, &'s str)> {
    let namespaces = (0..).map(NamespaceId).zip(&plane.snapshot.namespaces).zip(&plane.spaces);
    let refused = namespaces.filter(|(_, space)| space.unsettled.contains(&Some(Unsettled::Name)));
    refused.map(|((id, namespace), _)| (id, namespace.name.as_str()))
}

/// Where a document says what it is refused for: its labels, or all of its metadata.
fn cited(placed: &Placed) -> Place {
    placed.object.cite(if refused_label_of(placed).is_some() { &["metadata", "labels"] } else { &["metadata"] })
}

fn is_namespace(placed: &Placed, name: &str) -> bool {
    placed.object.identity.kind.is_namespace() && placed.object.identity.name == name
}

fn of_name(name: &str) -> String {
    format!("the API server refuses the namespace `{name}` for its name: lower-case letters, digits and `-` are")
}
