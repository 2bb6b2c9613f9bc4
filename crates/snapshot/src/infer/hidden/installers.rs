//! What brings something onto the cluster that is not in the input: charts, operators, repositories.

use super::Ground;
use super::target::Target;
use crate::applied::{Folder, applied, by_source, specs};
use dtap_model::object::Object;
use dtap_model::tree::Node;
use std::collections::BTreeSet;

/// A chart goes into `spec.targetNamespace`, or to the object itself.
pub fn into_target(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    BTreeSet::from([named(&object.tree, &["spec", "targetNamespace"]).unwrap_or(Target::Here)])
}

/// A chart or bundle goes into `spec.namespace`.
pub fn into_named(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    BTreeSet::from([named(&object.tree, &["spec", "namespace"]).unwrap_or(Target::Here)])
}

/// Something goes where the object itself stands.
pub fn here(_: &Ground<'_>, _: &Object) -> BTreeSet<Target> {
    BTreeSet::from([Target::Here])
}

/// A chart of Crossplane's.
pub fn crossplane(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    BTreeSet::from([named(&object.tree, &["spec", "forProvider", "namespace"]).unwrap_or(Target::Cluster)])
}

/// Something goes anywhere.
pub fn anywhere(_: &Ground<'_>, _: &Object) -> BTreeSet<Target> {
    BTreeSet::from([Target::Cluster])
}

/// Charts, folders and what ConfigMaps hold, which Sveltos brings to the clusters that it selects.
pub fn sveltos(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let fields = ["helmCharts", "kustomizationRefs", "policyRefs"];
    let brings = fields.into_iter().any(|field| super::says(object.tree.at(&["spec", field])));
    Some(Target::Cluster).filter(|_| brings).into_iter().collect()
}

/// What the Flux operator's Flux applies of a folder that is not in the input.
pub fn flux_instance(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let Some(sync) = object.tree.at(&["spec", "sync"]).filter(|sync| super::says(Some(sync))) else {
        return BTreeSet::new();
    };
    let is_here = sync.get("path").and_then(Node::as_str).is_some_and(|path| is_present(ground, path));
    Some(Target::Cluster).filter(|_| !is_here).into_iter().collect()
}

/// What kapp deploys, into where it says or to the object itself.
pub fn kapp(_: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let steps = object.tree.at(&["spec", "deploy"]).map(Node::items).unwrap_or_default();
    let into: BTreeSet<Target> = steps.iter().filter_map(|step| named(step, &["kapp", "intoNs"])).collect();
    if into.is_empty() { BTreeSet::from([Target::Here]) } else { into }
}

/// What Config Sync brings from a folder that is not in the input: a RepoSync into its own namespace.
pub fn config_sync(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let path = |source: &str| object.tree.at(&["spec", source, "dir"]).and_then(Node::as_str);
    let is_here = ["git", "oci"].into_iter().filter_map(path).any(|path| is_present(ground, path));
    let target = if object.identity.kind.kind == "RepoSync" { Target::Here } else { Target::Cluster };
    Some(target).filter(|_| !is_here).into_iter().collect()
}

/// What Fleet brings: folders that are not in the input, and bundles that are packed.
pub fn fleet(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let list = |field: &str| object.tree.at(&["spec", field]).map(Node::items).unwrap_or_default();
    let is_elsewhere = if object.identity.kind.kind == "GitRepo" {
        let paths = list("paths");
        paths.is_empty() || paths.iter().filter_map(Node::as_str).any(|path| !is_present(ground, path))
    } else {
        list("resources").iter().any(|resource| super::says(resource.get("encoding")))
            || super::says(object.tree.at(&["spec", "helm", "chart"]))
    };
    let into = named(&object.tree, &["spec", "targetNamespace"]).unwrap_or(Target::Cluster);
    Some(into).filter(|_| is_elsewhere).into_iter().collect()
}

/// Argo CD's charts and folders that are not in the input. One that names no namespace is nobody's.
pub fn argo(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let into = specs(object).and_then(|spec| named(spec, &["destination", "namespace"]));
    let charts = || by_source(object).iter().any(|(source, _)| super::says(source.get("chart")));
    into.filter(|_| charts() || applies_what_is_absent(ground, object)).into_iter().collect()
}

/// Flux's folders that are not in the input, where a namespace is named into which they go.
pub fn flux(ground: &Ground<'_>, object: &Object) -> BTreeSet<Target> {
    let into = named(&object.tree, &["spec", "targetNamespace"]);
    into.filter(|_| applies_what_is_absent(ground, object)).into_iter().collect()
}

/// Whether a tool's object names a folder in which nothing of the input stands, whatever is filled in for its name.
fn applies_what_is_absent(ground: &Ground<'_>, object: &Object) -> bool {
    applied(object).iter().filter_map(|applied| applied.folder.as_ref()).any(|folder| !holds_anything(ground, folder))
}

/// Whether something of the input stands in a folder; the whole of a repository is none.
fn is_present(ground: &Ground<'_>, path: &str) -> bool {
    Folder::of(path).is_some_and(|folder| holds_anything(ground, &folder))
}

fn holds_anything(ground: &Ground<'_>, folder: &Folder) -> bool {
    ground.snapshot.sources.iter().any(|(_, source)| folder.holds(&source.name))
}

fn named(node: &Node<'_>, steps: &[&str]) -> Option<Target> {
    let name = node.at(steps).and_then(Node::as_str).filter(|name| !name.is_empty())?;
    Some(Target::Named(name.to_owned()))
}
