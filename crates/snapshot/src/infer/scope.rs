//! Which kinds stand in no namespace: those of Kubernetes itself, and those whose definition the input holds.

use crate::reading::ReadObject;
use dtap_model::object::{GroupKind, Identity};
use dtap_model::tree::Node;
use rustc_hash::FxHashMap;

/// Cluster-scoped kinds of Kubernetes and of what is installed almost everywhere, by group.
const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    ("", &["Namespace", "Node", "PersistentVolume", "ComponentStatus"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
        ],
    ),
    ("storage.k8s.io", &["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "VolumeAttributesClass"]),
    ("snapshot.storage.k8s.io", &["VolumeSnapshotClass", "VolumeSnapshotContent"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("networking.k8s.io", &["IngressClass", "IPAddress", "ServiceCIDR"]),
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("resource.k8s.io", &["DeviceClass", "ResourceSlice"]),
    ("policy", &["PodSecurityPolicy"]),
    ("policy.networking.k8s.io", &["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"]),
    ("projectcalico.org", &["GlobalNetworkPolicy", "GlobalNetworkSet", "Tier", "IPPool", "FelixConfiguration"]),
    ("crd.projectcalico.org", &["GlobalNetworkPolicy", "GlobalNetworkSet", "Tier", "IPPool", "FelixConfiguration"]),
    ("cilium.io", &["CiliumClusterwideNetworkPolicy", "CiliumNode", "CiliumIdentity"]),
    ("crd.antrea.io", &["ClusterNetworkPolicy", "Tier", "ClusterGroup"]),
    ("networking.k8s.aws", &["ClusterNetworkPolicy", "ClusterPolicyEndpoint"]),
    ("cert-manager.io", &["ClusterIssuer"]),
    ("external-secrets.io", &["ClusterSecretStore", "ClusterExternalSecret"]),
    ("kyverno.io", &["ClusterPolicy", "ClusterCleanupPolicy", "GlobalContextEntry"]),
    ("project.openshift.io", &["Project", "ProjectRequest"]),
    ("security.openshift.io", &["SecurityContextConstraints"]),
    ("config.openshift.io", &["*"]),
    ("kubeadm.k8s.io", &["*"]),
    ("kubeproxy.config.k8s.io", &["*"]),
    ("kind.x-k8s.io", &["*"]),
    ("apiserver.config.k8s.io", &["*"]),
    ("pod-security.admission.config.k8s.io", &["*"]),
    ("operator.openshift.io", &["*"]),
    ("operator.tigera.io", &["*"]),
    ("machineconfiguration.openshift.io", &["*"]),
    ("console.openshift.io", &["*"]),
    ("user.openshift.io", &["*"]),
    ("kubelet.config.k8s.io", &["*"]),
    ("kubescheduler.config.k8s.io", &["*"]),
    ("eksctl.io", &["*"]),
    ("karpenter.sh", &["NodePool", "NodeClaim"]),
    ("karpenter.k8s.aws", &["EC2NodeClass"]),
    ("templates.gatekeeper.sh", &["ConstraintTemplate"]),
    ("constraints.gatekeeper.sh", &["*"]),
    ("mutations.gatekeeper.sh", &["*"]),
    (
        "kueue.x-k8s.io",
        &["ClusterQueue", "ResourceFlavor", "AdmissionCheck", "WorkloadPriorityClass", "Topology", "Cohort"],
    ),
    ("argoproj.io", &["ClusterWorkflowTemplate", "ClusterAnalysisTemplate"]),
    ("tekton.dev", &["ClusterTask"]),
    ("operator.tekton.dev", &["*"]),
    ("trust.cert-manager.io", &["Bundle", "ClusterBundle"]),
    ("pkg.crossplane.io", &["Provider", "Configuration", "Function", "DeploymentRuntimeConfig"]),
    ("apiextensions.crossplane.io", &["Composition", "CompositeResourceDefinition"]),
    ("k8s.ovn.org", &["ClusterUserDefinedNetwork", "AdminPolicyBasedExternalRoute", "EgressIP"]),
];

/// What is known of the scope of kinds.
#[derive(Default)]
pub struct Scopes {
    /// Of the kinds that the input itself defines: whether objects of them stand in no namespace.
    defined: FxHashMap<GroupKind, bool>,
}

impl Scopes {
    /// Reads the CustomResourceDefinitions of the input.
    #[must_use]
    pub fn of(objects: &[ReadObject]) -> Self {
        let definition = GroupKind::new("apiextensions.k8s.io", "CustomResourceDefinition");
        let definitions = objects.iter().map(|read| &read.object).filter(|object| object.identity.kind == definition);
        Self { defined: definitions.filter_map(|object| scope(&object.tree)).collect() }
    }

    /// Whether an object of this identity stands in no namespace. An unknown kind is taken for a namespaced one, but a
    /// policy of one that names no namespace for one of the whole cluster (N18).
    #[must_use]
    pub fn is_cluster_scoped(&self, identity: &Identity) -> bool {
        self.is_cluster_kind(&identity.kind, identity.namespace.is_some())
    }

    /// The same, of the kind of an object that names a namespace or none.
    #[must_use]
    pub fn is_cluster_kind(&self, kind: &GroupKind, names_namespace: bool) -> bool {
        let built_in = || {
            let (_, kinds) = CLUSTER_SCOPED.iter().find(|(group, _)| *group == kind.group)?;
            Some(kinds.iter().any(|known| *known == kind.kind || *known == "*"))
        };
        let standard = matches!(kind.group.as_str(), "networking.k8s.io" | "extensions");
        let policy = !names_namespace && !standard && kind.kind.ends_with("NetworkPolicy");
        // A definition says it for sure; what Kubernetes itself serves is never redefined.
        self.defined.get(kind).copied().or_else(|| built_in().filter(|scoped| *scoped || !policy)).unwrap_or(policy)
    }
}

/// The kind that a CustomResourceDefinition defines, and whether it is cluster-scoped.
fn scope(tree: &Node<'_>) -> Option<(GroupKind, bool)> {
    let group = tree.at(&["spec", "group"])?.as_str()?;
    let kind = tree.at(&["spec", "names", "kind"])?.as_str()?;
    let scope = tree.at(&["spec", "scope"])?.as_str()?;
    Some((GroupKind::new(group, kind), scope == "Cluster"))
}
