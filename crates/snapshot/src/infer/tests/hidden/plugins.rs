//! Network plugins that enforce less, or more, than the policies.

use super::*;

#[test]
fn what_enforces_less_or_more_than_policies_leaves_its_cluster_open() {
    let config = |name: &str, data: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop-dev}}\ndata: {data}\n")
    };
    let custom = |api: &str, kind: &str, spec: &str| {
        format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop-dev}}\nspec: {spec}\n")
    };
    let open = [
        config("cilium-config", "{policy-audit-mode: 'true'}"),
        config("cilium-config", "{enable-k8s-networkpolicy: 'false'}"),
        custom("cilium.io/v2", "CiliumNodeConfig", "{defaults: {policy-audit-mode: 'true'}}"),
        custom("helm.cattle.io/v1", "HelmChartConfig", "{valuesContent: 'policyEnforcementMode: never'}"),
        config("argocd-cm", "{resource.exclusions: '- kinds: [NetworkPolicy]'}"),
        custom(
            "argoproj.io/v1alpha1",
            "AppProject",
            "{namespaceResourceBlacklist: [{group: '', kind: NetworkPolicy}]}",
        ),
        config("argocd-cm", r#"{resource.exclusions: "- apiGroups: [networking.k8s.io]\n  kinds: ['*']"}"#),
        config("argocd-cm", "{resource.exclusions: '- apiGroups: [networking.*]'}"),
        config("argocd-cm", "{resource.exclusions: '- {kinds'}"),
        custom(
            "argoproj.io/v1alpha1",
            "AppProject",
            "{namespaceResourceBlacklist: [{group: networking.k8s.io, kind: '*'}]}",
        ),
        custom("argoproj.io/v1alpha1", "AppProject", "{namespaceResourceBlacklist: [{group: '*', kind: 'Net*'}]}"),
        custom("crd.nsx.vmware.com/v1alpha1", "SecurityPolicy", "{}"),
        custom("kubeovn.io/v1", "SecurityGroup", "{}"),
        custom("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", "{}"),
        custom("network.openshift.io/v1", "NetNamespace", "{}"),
        custom("k8s.ovn.org/v1", "UserDefinedNetwork", "{layer2: {role: Primary}}"),
        custom("kyverno.io/v2", "ClusterCleanupPolicy", "{match: {any: [{resources: {kinds: [NetworkPolicy]}}]}}"),
        custom("kyverno.io/v2", "ClusterCleanupPolicy", "{match: {any: [{resources: {kinds: ['*']}}]}}"),
        custom(
            "policies.kyverno.io/v1",
            "DeletingPolicy",
            "{matchConstraints: {resourceRules: [{resources: [networkpolicies]}]}}",
        ),
        custom(
            "admissionregistration.k8s.io/v1",
            "MutatingAdmissionPolicy",
            "{matchConstraints: {resourceRules: [{apiGroups: [networking.k8s.io], resources: ['*']}]}}",
        ),
        custom("mutations.gatekeeper.sh/v1", "Assign", "{applyTo: [{groups: ['*'], kinds: ['*']}]}"),
    ];
    for text in &open {
        let found = hidden(text);
        assert!(found.len() == 1 && (found[0].ends_with(": cluster") || text.contains("kyverno")), "{text}: {found:?}");
    }
    let silent = [
        config("cilium-config", "{policy-audit-mode: 'false', enable-k8s-networkpolicy: 'true'}"),
        config("other", "{resource.exclusions: '- kinds: [NetworkPolicy]'}"),
        custom("helm.cattle.io/v1", "HelmChartConfig", "{valuesContent: 'policyEnforcementMode: always'}"),
        custom("argoproj.io/v1alpha1", "AppProject", "{namespaceResourceBlacklist: [{group: '', kind: Secret}]}"),
        config("argocd-cm", r#"{resource.exclusions: "- apiGroups: [velero.io]\n  kinds: ['*']"}"#),
        custom("argoproj.io/v1alpha1", "AppProject", "{namespaceResourceBlacklist: [{group: '', kind: '*'}]}"),
        custom("kyverno.io/v2", "CleanupPolicy", "{match: {any: [{resources: {kinds: [Job]}}]}}"),
        custom(
            "admissionregistration.k8s.io/v1",
            "MutatingAdmissionPolicy",
            "{matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: ['*'], resources: ['*']}]}}",
        ),
        custom("mutations.gatekeeper.sh/v1", "Assign", "{applyTo: [{groups: [''], kinds: [Pod]}]}"),
    ];
    for text in silent {
        assert_eq!(hidden(&text), [""; 0], "{text}");
    }
}

#[test]
fn a_plugin_that_enforces_nothing_leaves_its_cluster_open() {
    let daemon = |name: &str, image: &str, args: &str| {
        let container = format!("{{name: c, image: {image}, args: [{args}]}}");
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}, namespace: kube-system}}\n\
             spec: {{template: {{spec: {{containers: [{container}]}}}}}}\n---\n"
        )
    };
    let config = |name: &str, data: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: kube-system}}\ndata: {{{data}}}\n"
        )
    };
    let flannel = daemon("flannel", "ghcr.io/flannel-io/flannel:v0.26", "");
    let open = |name: &str| vec![format!("{name} says that policies are not enforced: cluster")];
    assert_eq!(hidden(&flannel), open("DaemonSet flannel"));
    assert_eq!(hidden(&(flannel.clone() + &daemon("policy", "docker.io/calico/node:v3", ""))), [""; 0]);
    assert_eq!(
        hidden(&(flannel.clone() + &daemon("shop", "registry.example/provnet-weave:1", ""))),
        open("DaemonSet flannel")
    );
    let agent = |value: &str| daemon("aws-node", "amazon/aws-network-policy-agent:v1", value);
    assert_eq!(hidden(&agent("--enable-network-policy=false")), open("DaemonSet aws-node"));
    assert_eq!(hidden(&agent("--enable-network-policy=true")), [""; 0]);
    let calico = daemon("calico-node", "docker.io/calico/node:v3", "");
    assert_eq!(hidden(&(agent("--enable-network-policy=false") + &calico)), [""; 0], "Calico does it");
    let router = |value: &str| daemon("router", "docker.io/cloudnativelabs/kube-router", value);
    assert_eq!(hidden(&router("--run-firewall=false")), open("DaemonSet router"));
    assert_eq!(hidden(&router("--run-firewall=true")), [""; 0]);
    let both = hidden(&(flannel.clone() + &router("--run-firewall=false")));
    assert_eq!(both, [open("DaemonSet flannel"), open("DaemonSet router")].concat(), "a router that does nothing");
    assert_eq!(hidden(&daemon("weave", "weaveworks/weave-kube:2.8.1", "")), open("DaemonSet weave"));
    let operator = "apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: {name: default}\n";
    assert_eq!(hidden(&(agent("--enable-network-policy=false") + operator)), [""; 0], "it installs Calico");
    let two = scan(&[
        ("clusters/one/all.yaml", &(namespace("shop-dev", "") + &flannel)),
        ("clusters/two/all.yaml", &(namespace("shop-prd", "") + &calico)),
    ]);
    assert_eq!(told(&two), ["DaemonSet flannel says that policies are not enforced: one"]);
    assert_eq!(hidden(&config("cilium-config", "enable-policy: never")), open("ConfigMap cilium-config"));
    assert_eq!(hidden(&config("cilium-config", "enable-policy: default")), [""; 0]);
    let controller = |value: &str| config("amazon-vpc-cni", &format!("enable-network-policy-controller: '{value}'"));
    assert_eq!(hidden(&controller("false")), open("ConfigMap amazon-vpc-cni"));
    assert_eq!(hidden(&controller("true")), [""; 0]);
    let subnet = |acls: &str| {
        hidden(&format!("apiVersion: kubeovn.io/v1\nkind: Subnet\nmetadata: {{name: s}}\nspec: {{acls: [{acls}]}}\n"))
    };
    assert_eq!(subnet("{action: allow}"), ["Subnet s has rules that may come before policies: cluster"]);
    assert_eq!(subnet(""), [""; 0]);
}

#[test]
fn networks_that_every_pod_joins_leave_the_cluster_open() {
    let found = |text: &str| hidden(&one("v1", "ConfigMap", &format!("data: {{a: '{text}'}}")));
    let open = ["ConfigMap x puts pods on networks beside the cluster's, where no policy holds: cluster"];
    assert_eq!(found(r#"{"defaultNetworks":["lan"]}"#), open);
    assert_eq!(found(r#"{"defaultNetworks": []}"#), [""; 0]);
    assert_eq!(found("defaultNetworks"), [""; 0]);
}
