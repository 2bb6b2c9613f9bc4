//! NET008: several documents of one identity say different things.

use super::super::plane::{Plane as Compiled, PolicyIndex};
use dtap_model::environment::NamespaceId;
use dtap_model::place::{Origin, Place, Source, Sources};
use dtap_model::tree::{Node, Span};
use dtap_report::{Evidence, Finding, Plane, Rule, Severity};
use dtap_snapshot::snapshot::Placed;
use dtap_snapshot::workload::template_path;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    code: "NET008",
    title: "several documents are one NetworkPolicy or workload, and say different things",
    plane: Plane::Network,
    severity: Severity::Warning,
    why: "Documents of one kind, namespace and name are one object: whichever is applied last holds, and the \
          others are gone. Which that is does not show. Each is judged, and where they decide differently the \
          answer is unknown.",
    breaks: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {}, ingress: [{}]}
"
    ),
    holds: concat!(
        street!(),
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: orders, namespace: shop-prd}
spec: {podSelector: {matchLabels: {app: orders}}, ingress: [{from: [{namespaceSelector: {matchLabels: {environment: prd}}}]}]}
"
    ),
    mend: "Give each object a name of its own, or delete all documents but one; of a policy, take off what keeps it from \
           being in force.",
};

/// What to do about forms that several roots render of one document.
const MEND_OF_FORMS: &str = "Leave the roots out that are not applied (`--exclude`), or give what each renders a name of \
                             its own.";

/// What a kustomization's file may be called.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Every identity with documents that differ.
#[must_use]
pub(in super::super) fn check(plane: &Compiled<'_>) -> Vec<Finding> {
    let mut seen: BTreeSet<PolicyIndex> = BTreeSet::new();
    let groups = plane.spaces.iter().flat_map(|space| space.ingress.iter().chain(&space.egress));
    let several = groups.filter(|group| group.possible.len() > 1);
    let policies = several.filter_map(|group| {
        let policies = group.possible.iter().filter_map(|index| plane.policies.get(*index));
        let documents: Vec<&Placed> = policies.map(|policy| policy.placed).collect();
        let is_new = seen.insert(*group.possible.first()?);
        if is_new { told(plane, &documents, Said::Spec) } else { None }
    });
    policies.chain(workloads(plane)).collect()
}

/// Every workload that several documents declare, of whose pods they say different things.
fn workloads(plane: &Compiled<'_>) -> Vec<Finding> {
    let classes = plane.classes.iter().filter(|class| class.alternative);
    let members = classes.flat_map(|class| plane.members(class));
    let identities: BTreeSet<(u32, &str, &str)> =
        members.map(|member| (member.namespace, member.kind.as_str(), member.name.as_str())).collect();
    let finding = |(namespace, kind, name): (u32, &str, &str)| {
        let is_it = |placed: &&Placed| {
            let identity = &placed.object.identity;
            placed.namespace == Some(NamespaceId(namespace)) && identity.kind.kind == kind && identity.name == name
        };
        let documents: Vec<&Placed> = plane.snapshot.objects.iter().filter(is_it).collect();
        told(plane, &documents, Said::Pods)
    };
    identities.into_iter().filter_map(finding).collect()
}

/// What of documents is judged, and so counts where they differ.
#[derive(Clone, Copy)]
enum Said {
    /// The specification of a policy.
    Spec,
    /// The pods of a workload.
    Pods,
}

impl Said {
    /// What an object says of it.
    fn of(self, placed: &Placed) -> Option<&Node<'static>> {
        match self {
            Self::Spec => placed.object.tree.get("spec"),
            Self::Pods => placed.object.tree.at(template_path(&placed.object.identity.kind)?),
        }
    }
}

/// A finding about documents that are one object. What several roots make of one document are its forms: the document
/// is the same, and where to look are the roots.
fn told(plane: &Compiled<'_>, documents: &[&Placed], said: Said) -> Option<Finding> {
    let places: BTreeSet<Place> = documents.iter().map(|it| it.object.cite_name()).collect();
    let roots: BTreeSet<Place> = documents.iter().filter_map(|it| root(&plane.snapshot.sources, it)).collect();
    match places.first() {
        Some(place) if places.len() == 1 && roots.len() > 1 => forms(plane, documents, (*place, roots), said),
        _ => documents_of_one(plane, documents, places, said),
    }
}

/// Of several documents: each of them may hold.
fn documents_of_one(
    plane: &Compiled<'_>,
    documents: &[&Placed],
    places: BTreeSet<Place>,
    said: Said,
) -> Option<Finding> {
    let first = documents.first()?;
    // What has no place of its own stands where it was rendered from.
    let count = if places.len() > 1 { places.len() } else { documents.len() };
    let (kind, name) = (&first.object.identity.kind.kind, super::name(plane, first));
    let differ = match said {
        Said::Spec => "differ",
        Said::Pods => "their pods differ",
    };
    let last = |place| Evidence { place, label: "the one applied last holds".to_owned() };
    let summary = format!("{count} documents are the one {kind} {name}, and {differ}");
    Some(super::about(plane, &RULE, first, (summary, ""), places.into_iter().map(last).collect()))
}

/// Of one document that several roots render: as many forms as are not the same.
fn forms(
    plane: &Compiled<'_>,
    rendered: &[&Placed],
    (place, roots): (Place, BTreeSet<Place>),
    said: Said,
) -> Option<Finding> {
    let first = rendered.first()?;
    let mut forms: Vec<Option<&Node<'static>>> = Vec::new();
    for form in rendered.iter().map(|it| said.of(it)) {
        let is_same = |other: &Option<&Node<'_>>| match (form, *other) {
            (Some(form), Some(other)) => form.same_value(other),
            (form, other) => form.is_none() && other.is_none(),
        };
        if !forms.iter().any(is_same) {
            forms.push(form);
        }
    }
    let (kind, name, count) = (&first.object.identity.kind.kind, super::name(plane, first), forms.len());
    let whose = match said {
        Said::Spec => "",
        Said::Pods => ", whose pods differ",
    };
    let last = Evidence { place, label: "the one applied last holds".to_owned() };
    let rendered = |place| Evidence { place, label: "renders one of them".to_owned() };
    let evidence = [last].into_iter().chain(roots.into_iter().map(rendered)).collect();
    let summary = format!("{kind} {name} is rendered in {count} forms{whose}");
    let finding = super::about(plane, &RULE, first, (summary, ""), evidence);
    Some(Finding { mend: Some(MEND_OF_FORMS.to_owned()), ..finding })
}

/// The first line that says something in the kustomization that an object was rendered from.
fn root(sources: &Sources, placed: &Placed) -> Option<Place> {
    let rendering = sources.get(placed.object.source).filter(|source| source.origin != Origin::File)?;
    let is_in = |source: &Source, file: &str| match source.name.strip_suffix(file) {
        Some("") => rendering.name == ".",
        Some(folder) => folder.strip_suffix('/') == Some(&rendering.name),
        None => false,
    };
    let mut files = sources.iter().filter(|(_, source)| source.origin == Origin::File);
    let (id, source) = files.find(|(_, source)| KUSTOMIZATIONS.iter().any(|file| is_in(source, file)))?;
    let is_empty = |line: &str| line.trim().is_empty() || line.starts_with('#') || line.starts_with("---");
    let start = source.text.split_inclusive('\n').take_while(|line| is_empty(line)).map(str::len).sum::<usize>();
    let end = source.text.get(start..).and_then(|rest| rest.lines().next()).map_or(start, |line| start + line.len());
    Some(Place { source: id, span: Span::new(start, end) })
}
