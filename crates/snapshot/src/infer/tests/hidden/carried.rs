//! What other objects hold beside policies: Services, addresses, pods and charts.

use super::*;

const EVADES: &str = "holds what something else may apply, and what policies may not hold back then";
const PODS: &str = "holds pods that something else may run";

/// An object of a kind whose version, metadata beside the name, and rest are these, in one line.
fn object(api: &str, kind: &str, metadata: &str, rest: &str) -> String {
    format!("{{apiVersion: {api}, kind: {kind}, metadata: {{name: o{metadata}}}, {rest}}}")
}

const PRD: &str = ", namespace: shop-prd";

#[test]
fn what_leads_past_policies_leaves_its_namespace_open_and_pods_what_may_come() {
    let pod = |spec: &str| format!("spec: {{template: {{spec: {{{spec}containers: [{{name: c}}]}}}}}}");
    let port = |port: &str| format!("spec: {{containers: [{{name: c, ports: [{{containerPort: 1{port}}}]}}]}}");
    for (api, kind, rest, expected) in [
        ("v1", "Service", "spec: {type: NodePort}".to_owned(), Some(EVADES)),
        ("v1", "Service", "spec: {type: LoadBalancer}".to_owned(), Some(EVADES)),
        ("v1", "Service", "spec: {type: '{{ .type }}'}".to_owned(), Some(EVADES)),
        ("v1", "Service", "spec: {externalIPs: [1.2.3.4]}".to_owned(), Some(EVADES)),
        ("v1", "Service", "spec: {type: ClusterIP}".to_owned(), None),
        ("v1", "Service", "spec: {selector: {app: a}}".to_owned(), None),
        ("v1", "Endpoints", "subsets: []".to_owned(), Some(EVADES)),
        ("discovery.k8s.io/v1", "EndpointSlice", "endpoints: []".to_owned(), Some(EVADES)),
        ("helm.toolkit.fluxcd.io/v2", "HelmRelease", "spec: {}".to_owned(), Some(EVADES)),
        ("apps/v1", "Deployment", pod(""), Some(PODS)),
        ("argoproj.io/v1alpha1", "Rollout", pod(""), Some(PODS)),
        ("apps/v1", "Deployment", pod("hostNetwork: true, "), Some(EVADES)),
        ("apps/v1", "Deployment", pod("hostNetwork: '${ON}', "), Some(EVADES)),
        ("apps/v1", "Deployment", pod("hostNetwork: false, "), Some(PODS)),
        ("v1", "Pod", port(", hostPort: 1"), Some(EVADES)),
        ("v1", "Pod", port(""), Some(PODS)),
        ("monitoring.coreos.com/v1", "Prometheus", "spec: {hostNetwork: true}".to_owned(), Some(EVADES)),
        ("v1", "ConfigMap", "data: {}".to_owned(), None),
        ("rbac.authorization.k8s.io/v1", "Role", "rules: []".to_owned(), None),
    ] {
        let within = object(api, kind, PRD, &rest);
        let expected = |holder: &str| expected.map(|does| format!("{holder} x {does}: shop-prd"));
        let tree = hidden(&one("example.com/v1", "Bundle", &format!("spec: {{things: [{within}]}}")));
        assert_eq!(tree.into_iter().next(), expected("Bundle"), "{within}");
        let quoted = within.replace('\'', "''");
        let text = hidden(&one("v1", "ConfigMap", &format!("data: {{a: '{quoted}'}}")));
        assert_eq!(text.into_iter().next(), expected("ConfigMap"), "{within}");
    }
}

#[test]
fn networks_of_their_own_lead_pods_past_policies() {
    let annotated = ", namespace: shop-prd, annotations: {k8s.v1.cni.cncf.io/networks: br}";
    let within = object("v1", "Pod", annotated, "spec: {containers: [{name: c}]}");
    let found = hidden(&one("example.com/v1", "Bundle", &format!("spec: {{things: [{within}]}}")));
    assert_eq!(found.first(), Some(&format!("Bundle x {EVADES}: shop-prd")));
}

#[test]
fn what_names_no_namespace_may_be_applied_to_any() {
    let service = object("v1", "Service", "", "spec: {type: NodePort}");
    let found = |within: &str| hidden(&one("example.com/v1", "Bundle", &format!("spec: {{things: [{within}]}}")));
    assert_eq!(found(&service), [format!("Bundle x {EVADES}: cluster")]);
    let release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", PRD, "spec: {targetNamespace: shop-dev}");
    assert_eq!(found(&release), [format!("Bundle x {EVADES}: shop-dev")]);
    let application = object("argoproj.io/v1alpha1", "Application", PRD, "spec: {}");
    assert_eq!(found(&application), [format!("Bundle x {EVADES}: cluster")]);
    let template = "{{ if .x }}\\napiVersion: v1\\nkind: Service\\nmetadata: {namespace: shop-prd}";
    let text = hidden(&one("v1", "ConfigMap", &format!("data: {{a: \"{template}\"}}")));
    assert_eq!(text, [format!("ConfigMap x {EVADES}: shop-prd")], "a template is not read");
}

#[test]
fn what_only_refers_to_an_object_holds_none() {
    for (api, kind, spec) in [
        (
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}",
        ),
        (
            "autoscaling.k8s.io/v1",
            "VerticalPodAutoscaler",
            "targetRef: {apiVersion: apps/v1, kind: Deployment, name: a}",
        ),
        ("example.com/v1", "Thing", "of: {apiVersion: v1, kind: Pod, metadata: {}}"),
        ("example.com/v1", "Thing", "note: 'a kind: Pod of apiVersion v1'"),
    ] {
        let found = hidden(&one(api, kind, &format!("spec: {{{spec}}}")));
        let found: Vec<_> = found.into_iter().filter(|it| !it.contains("note")).collect();
        assert_eq!(found, [""; 0], "{spec}");
    }
}
