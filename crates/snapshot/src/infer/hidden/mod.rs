//! What comes to stand on a cluster though it is no object of the input, or stands there otherwise than the input shows
//! it (N18, N19): [`within`] policies and pods held by other objects, [`carried`] what else these hold, [`generators`]
//! what makes or changes policies, [`installers`] what brings something from elsewhere, [`alterers`] what applies a
//! folder of the input changed, [`unapplied`] policies that may not be applied at all, [`nameless`] where those may
//! stand that do not say it, [`mutators`] what labels namespaces and pods on their way in, [`loosening`] what publishes
//! Services and pods on theirs, [`refusals`] what refuses policies, [`relays`] what forwards to another environment,
//! and [`plugins`] the network plugin that enforces nothing.
//!
//! [`KINDS`] is the table of all but the unapplied and the nameless: which kind does what, and where that shows.
//! [`target`] tells what of the input that reaches, and [`matching`] which kinds a rule takes in.

mod alterers;
mod carried;
mod generators;
mod installers;
mod loosening;
mod matching;
mod mutators;
mod nameless;
mod plugins;
mod refusals;
mod relays;
mod target;
mod unapplied;
mod within;

use crate::reading::SourceIgnore;
use crate::snapshot::{Gap, Hides, Placed, Reach, Snapshot};
use crate::workload::Extracted;
use dtap_model::environment::ClusterId;
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::{Node, Value};
use dtap_model::workload::{Addresses, Workload};
use mutators::Asked;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use target::Target;
use unapplied::{folder, segments};

/// The gaps that objects leave by what they hold and do, in the order of the objects, and those of policies that may
/// not be applied; and which objects may not be.
#[must_use]
pub fn gaps(snapshot: &Snapshot, ignores: &[SourceIgnore]) -> (Vec<Gap>, BTreeMap<usize, String>) {
    let asked = Asked::of(snapshot);
    let folders: Vec<Vec<&str>> = snapshot.sources.iter().map(|(_, source)| segments(folder(source))).collect();
    let ground = |placed: &Placed| Ground { snapshot, folders: &folders, asked: &asked, cluster: placed.cluster };
    let of_objects = snapshot.objects.par_iter().flat_map_iter(|placed| of_object(&ground(placed), placed));
    let mut gaps: Vec<Gap> = of_objects.collect();
    let unapplied = unapplied::find(snapshot, ignores);
    gaps.extend(unapplied.gaps);
    gaps.extend(nameless::gaps(snapshot));
    (gaps, unapplied.objects)
}

/// The pods that a custom object says to put on the network of their nodes, or on networks beside the cluster's, though
/// it has no template that is read (N12, N18, N19): no more is known of them.
#[must_use]
pub fn unread_pods(object: &Object) -> Option<Extracted> {
    let (host_network, secondary_networks) = (within::says_on_node(object), within::says_beside(object));
    let workload = Workload {
        kind: object.identity.kind.kind.clone(),
        name: object.identity.name.clone(),
        namespace: 0,
        labels: 0,
        ports: 0,
        host_network,
        custom: true,
        by_hand: false,
        adrift: false,
        finished: false,
        node: None,
        node_labels: Vec::new(),
        addresses: Addresses::new(),
        secondary_networks,
        told_as: object.identity.name.clone(),
        place: object.cite_name(),
    };
    let is_any = host_network || secondary_networks;
    is_any.then(|| Extracted { labels: Arc::default(), ports: Arc::default(), workload })
}

/// Everything that the table reads from beside the object.
struct Ground<'s> {
    snapshot: &'s Snapshot,
    /// The folder of each source, by its segments.
    folders: &'s [Vec<&'s str>],
    asked: &'s Asked<'s>,
    /// The cluster that the object stands on.
    cluster: ClusterId,
}

/// A line of the table.
struct Row {
    /// The group, or what it ends in after a `*`.
    group: &'static str,
    /// The kinds; none for every kind of the group.
    kinds: &'static [&'static str],
    /// What they do.
    does: &'static str,
    /// Where that shows.
    reaches: fn(&Ground<'_>, &Object) -> BTreeSet<Target>,
}

const HOLDS: &str = "holds a NetworkPolicy that something else may apply";
const CARRIES: &str = "holds what something else may apply, and what policies may not hold back then";
const CARRIES_PODS: &str = "holds pods that something else may run";
const RUNS: &str = "may run pods by templates that are not read";
const ON_NODES: &str = "may run pods on the network of their nodes";
const JOINS: &str = "may run pods on networks beside the cluster's, where no policy holds";
const BEARS: &str = "may run pods with labels that policies ask for";
const UNENFORCED: &str = "says that policies are not enforced";
const BESIDE: &str = "has rules that may come before policies";
const FORWARDS: &str = "forwards what a gateway takes in to another environment";
const LEAVES_OUT: &str = "keeps NetworkPolicies from being applied";
const GENERATES: &str = "generates, changes or deletes NetworkPolicies";
const TAKES_ALONG: &str = "is being deleted, and policies may go with it";
const INSTALLS: &str = "installs what is not in the input";
const ALTERS: &str = "changes what lies in a folder of the input when it applies it";
const LOOSENS: &str = "puts Services or pods where policies may not hold them";
const JOINS_ALL: &str = "puts pods on networks beside the cluster's, where no policy holds";
const REFUSES: &str = "may refuse NetworkPolicies";
const LABELS: &str = "sets labels that policies ask for";

const HNC: &str = "hnc.x-k8s.io";
/// Kinds that put a namespace below another one.
const HIERARCHY: &[&str] = &["HierarchyConfiguration", "SubnamespaceAnchor"];
const FLUX: &str = "kustomize.toolkit.fluxcd.io";
const ARGO: &[&str] = &["Application", "ApplicationSet"];
const KYVERNO: &[&str] = &["ClusterPolicy", "Policy"];
const CLEANUP: &[&str] = &["CleanupPolicy", "ClusterCleanupPolicy"];
/// Networks that pods have instead of the cluster's, or beside it.
const UDN: &[&str] = &["UserDefinedNetwork", "ClusterUserDefinedNetwork"];
/// Kinds of which the operator writes a NetworkPolicy each: a listener that says no `networkPolicyPeers` is open to
/// everybody.
const STRIMZI: &[&str] = &["Kafka", "KafkaConnect", "KafkaMirrorMaker2"];
const SVELTOS: &[&str] = &["ClusterProfile", "Profile"];
const MUTATING: &[&str] = &["MutatingAdmissionPolicy"];
const VALIDATING: &[&str] = &["ValidatingAdmissionPolicy"];
/// Kinds by which Karmada changes what it brings to a cluster.
const OVERRIDES: &[&str] = &["OverridePolicy", "ClusterOverridePolicy"];

#[rustfmt::skip]
const KINDS: [Row; 85] = [
    Row { group: "*", kinds: &[], does: HOLDS, reaches: within::held },
    Row { group: "*", kinds: &[], does: CARRIES, reaches: carried::evading },
    Row { group: "*", kinds: &[], does: CARRIES_PODS, reaches: carried::pods },
    Row { group: "*", kinds: &[], does: RUNS, reaches: within::templates },
    Row { group: "*", kinds: &[], does: LABELS, reaches: within::holds_labels },
    Row { group: "*", kinds: &[], does: ON_NODES, reaches: within::on_nodes },
    Row { group: "*", kinds: &[], does: BEARS, reaches: within::labelled },
    Row { group: "*", kinds: &[], does: JOINS, reaches: within::beside },

    Row { group: "", kinds: &["Namespace"], does: TAKES_ALONG, reaches: alterers::deleted_namespace },
    Row { group: "argoproj.io", kinds: ARGO, does: TAKES_ALONG, reaches: alterers::deleted },
    Row { group: FLUX, kinds: &["Kustomization"], does: TAKES_ALONG, reaches: alterers::deleted },

    Row { group: "apps", kinds: &["DaemonSet"], does: UNENFORCED, reaches: plugins::unenforced },
    Row { group: "", kinds: &["ConfigMap"], does: UNENFORCED, reaches: plugins::switched_off },
    Row { group: "cilium.io", kinds: &["CiliumNodeConfig"], does: UNENFORCED, reaches: plugins::switched_off_on_nodes },
    Row { group: "operator.openshift.io", kinds: &["Network"], does: UNENFORCED, reaches: plugins::openshift_sdn },
    Row { group: "helm.cattle.io", kinds: &["HelmChartConfig"], does: UNENFORCED, reaches: plugins::switched_off_by_values },
    Row { group: "", kinds: &["ConfigMap"], does: LEAVES_OUT, reaches: plugins::refused_by_argo },
    Row { group: "argoproj.io", kinds: &["AppProject"], does: LEAVES_OUT, reaches: plugins::refused_by_argo },
    Row { group: "crd.nsx.vmware.com", kinds: &["SecurityPolicy"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "nsx.vmware.com", kinds: &["SecurityPolicy"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "kubeovn.io", kinds: &["SecurityGroup", "Vpc"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "crd.yangtse.cni", kinds: &["SecurityGroup"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "vpcresources.k8s.aws", kinds: &["SecurityGroupPolicy"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "core.contrail.juniper.net", kinds: &["FirewallPolicy"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "network.openshift.io", kinds: &["NetNamespace"], does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "k8s.ovn.org", kinds: UDN, does: BESIDE, reaches: plugins::rules_of_its_own },
    Row { group: "kubeovn.io", kinds: &["Subnet"], does: BESIDE, reaches: plugins::subnet },

    Row { group: "networking.istio.io", kinds: &["VirtualService"], does: FORWARDS, reaches: relays::istio },

    Row { group: "kyverno.io", kinds: KYVERNO, does: GENERATES, reaches: generators::kyverno },
    Row { group: "kyverno.io", kinds: CLEANUP, does: GENERATES, reaches: generators::mutation },
    Row { group: "policies.kyverno.io", kinds: &[], does: GENERATES, reaches: generators::kyverno_by_kind },
    Row { group: "mutations.gatekeeper.sh", kinds: &[], does: GENERATES, reaches: generators::gatekeeper },
    Row { group: "admissionregistration.k8s.io", kinds: MUTATING, does: GENERATES, reaches: generators::mutation },
    Row { group: "capsule.clastix.io", kinds: &["Tenant"], does: GENERATES, reaches: generators::capsule },
    Row { group: "kafka.strimzi.io", kinds: STRIMZI, does: GENERATES, reaches: installers::here },
    Row { group: "project.openshift.io", kinds: &["ProjectRequest"], does: GENERATES, reaches: generators::project },
    Row { group: HNC, kinds: &["HNCConfiguration"], does: GENERATES, reaches: generators::hierarchy },
    Row { group: "redhatcop.redhat.io", kinds: &[], does: GENERATES, reaches: generators::naming_policies },
    Row { group: "metacontroller.k8s.io", kinds: &[], does: GENERATES, reaches: generators::naming_policies },
    Row { group: "k8s.otterize.com", kinds: &["ClientIntents"], does: GENERATES, reaches: generators::anywhere },
    Row { group: "policies.kubewarden.io", kinds: &[], does: GENERATES, reaches: generators::kubewarden },
    Row { group: "*jspolicy.com", kinds: &["JsPolicy"], does: GENERATES, reaches: generators::js_policy },

    Row { group: "kyverno.io", kinds: KYVERNO, does: LABELS, reaches: mutators::kyverno },
    Row { group: "policies.kyverno.io", kinds: &[], does: LABELS, reaches: mutators::kyverno_by_kind },
    Row { group: "mutations.gatekeeper.sh", kinds: &[], does: LABELS, reaches: mutators::gatekeeper },
    Row { group: "admissionregistration.k8s.io", kinds: MUTATING, does: LABELS, reaches: mutators::admission },
    Row { group: "capsule.clastix.io", kinds: &["Tenant"], does: LABELS, reaches: mutators::capsule },
    Row { group: HNC, kinds: HIERARCHY, does: LABELS, reaches: mutators::hierarchy },
    Row { group: "accurate.cybozu.com", kinds: &["SubNamespace"], does: LABELS, reaches: mutators::hierarchy },
    Row { group: "", kinds: &["Namespace"], does: LABELS, reaches: mutators::rancher },
    Row { group: "argoproj.io", kinds: ARGO, does: LABELS, reaches: mutators::argo },
    Row { group: FLUX, kinds: &["Kustomization"], does: LABELS, reaches: mutators::flux },

    Row { group: "fluxcd.controlplane.io", kinds: &["ResourceSet"], does: LABELS, reaches: mutators::flux },
    Row { group: "policy.karmada.io", kinds: OVERRIDES, does: LABELS, reaches: mutators::karmada },
    Row { group: "policy.karmada.io", kinds: OVERRIDES, does: GENERATES, reaches: generators::naming_policies },

    Row { group: "kyverno.io", kinds: KYVERNO, does: LOOSENS, reaches: loosening::kyverno },
    Row { group: "policies.kyverno.io", kinds: &[], does: LOOSENS, reaches: loosening::kyverno_by_kind },
    Row { group: "mutations.gatekeeper.sh", kinds: &[], does: LOOSENS, reaches: loosening::gatekeeper },
    Row { group: "admissionregistration.k8s.io", kinds: MUTATING, does: LOOSENS, reaches: loosening::admission },
    Row { group: "", kinds: &["ConfigMap"], does: JOINS_ALL, reaches: plugins::default_networks },

    Row { group: "", kinds: &["ResourceQuota"], does: REFUSES, reaches: refusals::by_number },
    Row { group: "admissionregistration.k8s.io", kinds: VALIDATING, does: REFUSES, reaches: refusals::by_rule },

    Row { group: "argoproj.io", kinds: ARGO, does: LABELS, reaches: alterers::argo_relabels },
    Row { group: FLUX, kinds: &["Kustomization"], does: LABELS, reaches: alterers::flux_relabels },
    Row { group: "argoproj.io", kinds: ARGO, does: ALTERS, reaches: alterers::argo },
    Row { group: FLUX, kinds: &["Kustomization"], does: ALTERS, reaches: alterers::flux },

    Row { group: "argoproj.io", kinds: ARGO, does: INSTALLS, reaches: installers::argo },
    Row { group: FLUX, kinds: &["Kustomization"], does: INSTALLS, reaches: installers::flux },
    Row { group: "helm.toolkit.fluxcd.io", kinds: &["HelmRelease"], does: INSTALLS, reaches: installers::into_target },
    Row { group: "helm.fluxcd.io", kinds: &["HelmRelease"], does: INSTALLS, reaches: installers::into_target },
    Row { group: "helm.cattle.io", kinds: &["HelmChart"], does: INSTALLS, reaches: installers::into_target },
    Row { group: "helm.k0sproject.io", kinds: &["Chart"], does: INSTALLS, reaches: installers::into_named },
    Row { group: "addons.cluster.x-k8s.io", kinds: &["HelmChartProxy"], does: INSTALLS, reaches: installers::into_named },
    Row { group: "*helm.crossplane.io", kinds: &["Release"], does: INSTALLS, reaches: installers::crossplane },
    Row { group: "*helm.m.crossplane.io", kinds: &["Release"], does: INSTALLS, reaches: installers::crossplane },
    Row { group: "kappctrl.k14s.io", kinds: &["App"], does: INSTALLS, reaches: installers::kapp },
    Row { group: "packaging.carvel.dev", kinds: &["PackageInstall"], does: INSTALLS, reaches: installers::here },
    Row { group: "operators.coreos.com", kinds: &["Subscription"], does: INSTALLS, reaches: installers::here },
    Row { group: "olm.operatorframework.io", kinds: &["ClusterExtension"], does: INSTALLS, reaches: installers::into_named },
    Row { group: "apps.open-cluster-management.io", kinds: &["Subscription"], does: INSTALLS, reaches: installers::here },
    Row { group: "configsync.gke.io", kinds: &["RootSync", "RepoSync"], does: INSTALLS, reaches: installers::config_sync },
    Row { group: "config.projectsveltos.io", kinds: SVELTOS, does: INSTALLS, reaches: installers::sveltos },
    Row { group: "gitops.kluctl.io", kinds: &["KluctlDeployment"], does: INSTALLS, reaches: installers::anywhere },
    Row { group: "fluxcd.controlplane.io", kinds: &["FluxInstance"], does: INSTALLS, reaches: installers::flux_instance },
    Row { group: "fleet.cattle.io", kinds: &["GitRepo", "Bundle"], does: INSTALLS, reaches: installers::fleet },
];

/// How far an object acts by its kind alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acts {
    /// In its own namespace.
    Here,
    /// Anywhere on its cluster.
    OnCluster,
    /// In namespaces that it names, on whichever cluster.
    Anywhere,
}

/// How far an object of a kind may act of which nothing else is known: by the table, whose first rows ask what an
/// object holds and no kind; what is told by hand of a Service may be any pod's address (N10).
#[must_use]
pub fn acts(kind: &GroupKind) -> Acts {
    let far = |row: &Row| if [INSTALLS, ALTERS].contains(&row.does) { Acts::Anywhere } else { Acts::OnCluster };
    let tells_addresses = kind.is("", "Endpoints") || kind.is("discovery.k8s.io", "EndpointSlice");
    let of_rows = KINDS.iter().filter(|row| row.group != "*" && row.is_of(kind)).map(far).max();
    of_rows.unwrap_or(if tells_addresses { Acts::OnCluster } else { Acts::Here })
}

impl Row {
    fn is_of(&self, kind: &GroupKind) -> bool {
        let of_group = match self.group.strip_prefix('*') {
            Some(end) => kind.group.ends_with(end),
            None => kind.group == self.group,
        };
        of_group && (self.kinds.is_empty() || self.kinds.contains(&kind.kind.as_str()))
    }
}

fn of_object(ground: &Ground<'_>, placed: &Placed) -> Vec<Gap> {
    let object = &placed.object;
    let gaps_of = |row: &Row| -> Vec<Gap> {
        let targets = (row.reaches)(ground, object);
        let reaches: BTreeSet<Reach> = targets.iter().flat_map(|to| to.reaches(ground.snapshot, placed)).collect();
        let gap = |reach| Gap {
            what: format!("{} {} {}", object.identity.kind.kind, object.identity.name, row.does),
            hint: Some("add what comes of it to the input, rendered".to_owned()),
            place: Some(object.cite_name()),
            reach,
            hides: match row.does {
                INSTALLS | ALTERS | CARRIES | LOOSENS | JOINS_ALL => Hides::Objects,
                CARRIES_PODS | RUNS => Hides::Pods,
                _ => Hides::Policies,
            },
            unread: None,
        };
        reaches.into_iter().map(gap).collect()
    };
    KINDS.iter().filter(|row| row.is_of(&object.identity.kind)).flat_map(gaps_of).collect()
}

/// Whether a text within, keys apart, answers.
fn any_text(node: &Node<'_>, answers: &dyn Fn(&str) -> bool) -> bool {
    match &node.value {
        Value::Mapping(entries) => entries.iter().any(|entry| any_text(&entry.node, answers)),
        Value::Sequence(items) => items.iter().any(|item| any_text(item, answers)),
        Value::String(text) => answers(text),
        _ => false,
    }
}

/// Whether a field is there and says anything: it is not null, nor an empty list, mapping or text.
fn says(node: Option<&Node<'_>>) -> bool {
    node.is_some_and(|node| match &node.value {
        Value::Null => false,
        Value::Mapping(entries) => !entries.is_empty(),
        Value::Sequence(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    })
}
