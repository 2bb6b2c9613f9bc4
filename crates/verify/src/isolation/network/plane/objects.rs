//! The objects that the plane asks for, found by looking once through all of them.

use crate::isolation::network::arguments::{containers, told};
use dtap_model::environment::NamespaceId;
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use dtap_snapshot::Snapshot;
use dtap_snapshot::applied::managed_labels;
use dtap_snapshot::snapshot::Placed;
use std::collections::BTreeSet;

/// The objects that the plane asks for, in the order of the snapshot.
#[derive(Debug, Default)]
pub struct Objects<'s> {
    /// Those of every kind that ends in `NetworkPolicy`, with their indices (N18).
    pub policies: Vec<(usize, &'s Placed)>,
    /// The documents of namespaces.
    pub namespaces: Vec<&'s Placed>,
    /// The labels that a deployment tool sets on a namespace that it makes, with its name.
    pub managed_labels: Vec<(&'s str, &'s Node<'s>)>,
    /// Services and Gateways.
    pub services: Vec<&'s Placed>,
    /// The namespaces with networks beside the cluster's that pods may ask to join (N18).
    pub networks_in: BTreeSet<NamespaceId>,
    /// Endpoints and `EndpointSlices`.
    pub endpoints: Vec<&'s Placed>,
    /// Whether the API server is told to hold some or all to no Pod Security.
    pub exempts: bool,
    /// The namespaces that hold something which may come to stand in another one.
    pub adrift_in: BTreeSet<NamespaceId>,
}

impl<'s> Objects<'s> {
    /// Looks through a snapshot.
    #[must_use]
    pub fn of(snapshot: &'s Snapshot) -> Self {
        let mut objects = Self::default();
        for (at, placed) in snapshot.objects.iter().enumerate() {
            let kind = &placed.object.identity.kind;
            objects.adrift_in.extend(placed.namespace.filter(|_| placed.adrift));
            match (kind.group.as_str(), kind.kind.as_str()) {
                _ if kind.is_namespace() => objects.namespaces.push(placed),
                ("", "Service") | ("gateway.networking.k8s.io", "Gateway") => objects.services.push(placed),
                ("", "Endpoints") | ("discovery.k8s.io", "EndpointSlice") => objects.endpoints.push(placed),
                ("k8s.cni.cncf.io", "NetworkAttachmentDefinition") => objects.networks_in.extend(placed.namespace),
                ("argoproj.io", "Application" | "ApplicationSet") => {
                    let named = managed_labels(&placed.object).and_then(|(name, labels)| Some((name?, labels)));
                    objects.managed_labels.extend(named);
                }
                ("apiserver.config.k8s.io" | "pod-security.admission.config.k8s.io" | "kubeadm.k8s.io", _) => {
                    objects.exempts |= exempts(&placed.object.tree);
                }
                ("", "Pod") | ("apps", "Deployment" | "StatefulSet" | "DaemonSet")
                    if placed.object.identity.name.contains("apiserver") =>
                {
                    objects.exempts |= switches_off(&placed.object);
                }
                (_, kind) if kind.ends_with("NetworkPolicy") => objects.policies.push((at, placed)),
                _ => {}
            }
        }
        objects
    }
}

/// Whether a workload that is called so is an API server, and told to switch Pod Security off.
fn switches_off(object: &Object) -> bool {
    told(containers(object), &["disable-admission-plugins"]).contains(&"PodSecurity")
}

/// Whether a configuration of the API server names somebody whom Pod Security exempts, or switches it off.
fn exempts(node: &Node<'_>) -> bool {
    let names = |exemptions: &Node<'_>| exemptions.entries().iter().any(|list| !list.node.items().is_empty());
    match &node.value {
        Value::String(text) => text.split(',').any(|plugin| plugin.trim() == "PodSecurity"),
        Value::Sequence(items) => items.iter().any(exempts),
        Value::Mapping(entries) => entries.iter().any(|entry| match entry.key.as_ref() {
            "exemptions" => names(&entry.node),
            // `plugins: [{name: PodSecurity}]` names it to configure it.
            "name" | "enable-admission-plugins" => false,
            _ => exempts(&entry.node),
        }),
        _ => false,
    }
}
