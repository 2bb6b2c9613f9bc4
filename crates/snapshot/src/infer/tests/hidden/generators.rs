//! What makes, changes and deletes policies.

use super::*;

#[test]
fn a_project_that_is_asked_for_comes_with_what_the_cluster_puts_into_it() {
    let request = "apiVersion: project.openshift.io/v1\nkind: ProjectRequest\nmetadata: {name: shop-prd}\n";
    assert_eq!(hidden(request), ["ProjectRequest shop-prd generates, changes or deletes NetworkPolicies: shop-prd"]);
}

#[test]
fn what_generates_policies_leaves_everything_open_that_it_may_reach() {
    let rule = |acts: &str| {
        format!(
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{name: x}}\nspec: {{rules: [{{name: r, {acts}}}]}}\n"
        )
    };
    let changes = "ClusterPolicy x generates, changes or deletes NetworkPolicies: cluster";
    assert_eq!(hidden(&rule("generate: {kind: NetworkPolicy, name: open}")), [changes]);
    assert_eq!(hidden(&rule("validate: {message: needs a NetworkPolicy}")), [""; 0]);
    assert_eq!(hidden(&rule("generate: {kind: ConfigMap, name: open}")), [""; 0]);
    let on = |kinds: &str, acts: &str| {
        hidden(&rule(&format!("match: {{any: [{{resources: {{kinds: [{kinds}]}}}}]}}, {acts}")))
    };
    let change = "mutate: {patchesJson6902: '[{op: remove, path: /spec/policyTypes}]'}";
    for kinds in
        ["'*'", "'networking.k8s.io/*'", "'networking.k8s.io/v1/Network*'", "'*/*'", "NetworkPolicy", "'{{kind}}'"]
    {
        assert_eq!(on(kinds, change), [changes], "{kinds}");
    }
    for kinds in ["Pod", "'Pod*'", "'apps/*'", "'apps/v1/*'", "'pods/*'", "Ingress", "'networking.k8s.io/v1/Ingress*'"]
    {
        assert_eq!(on(kinds, change), [""; 0], "{kinds}");
    }
    assert_eq!(on("'*'", "generate: {kind: ConfigMap, name: open}"), [""; 0], "what it matches only tells when");
    let by_user = "match: {any: [{subjects: [{kind: User, name: a}], resources: {namespaces: ['*']}}]}";
    assert_eq!(hidden(&rule(&format!("{by_user}, {change}"))), [changes], "it names no kinds");
    let targets = |target: &str| hidden(&rule(&format!("match: {{}}, mutate: {{targets: [{{{target}}}]}}")));
    assert_eq!(targets("apiVersion: '*', kind: '*'"), [changes]);
    assert_eq!(targets("apiVersion: v1, kind: '*'"), [""; 0]);
    let kafka = |kind: &str| hidden(&one("kafka.strimzi.io/v1", kind, "spec: {}"));
    assert_eq!(kafka("Kafka"), ["Kafka x generates, changes or deletes NetworkPolicies: shop-dev"]);
    assert_eq!(kafka("KafkaTopic"), [""; 0]);
}

#[test]
fn what_makes_policies_out_of_something_else_leaves_open_where_it_does() {
    let tenant = "spec: {networkPolicies: {items: [{podSelector: {}, ingress: [{}]}]}}";
    let changes = "generates, changes or deletes NetworkPolicies: cluster";
    assert_eq!(hidden(&one("capsule.clastix.io/v1beta2", "Tenant", tenant)), [format!("Tenant x {changes}")]);
    assert_eq!(hidden(&one("capsule.clastix.io/v1beta2", "Tenant", "spec: {networkPolicies: {items: []}}")), [""; 0]);
    assert_eq!(hidden(&one("minio.min.io/v2", "Tenant", tenant)), [""; 0]);
    let copied = |resource: &str, mode: &str| {
        let rest = format!("spec: {{resources: [{{resource: {resource}, mode: {mode}}}]}}");
        hidden(&one("hnc.x-k8s.io/v1alpha2", "HNCConfiguration", &rest).replace(", namespace: shop-dev", ""))
    };
    assert_eq!(copied("networkpolicies", "Propagate"), [format!("HNCConfiguration x {changes}")]);
    assert_eq!(copied("networkpolicies", "Ignore"), [""; 0]);
    assert_eq!(copied("secrets", "Propagate"), [""; 0]);
    let text = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop-prd}}";
    assert_eq!(
        hidden(&one("fleet.cattle.io/v1alpha1", "Bundle", &format!("spec: {{resources: [{{content: '{text}'}}]}}"))),
        ["Bundle x holds a NetworkPolicy that something else may apply: shop-prd"]
    );
}

#[test]
fn more_that_makes_brings_or_takes_policies() {
    let makes = "generates, changes or deletes NetworkPolicies";
    let (brings, off) = ("installs what is not in the input", "says that policies are not enforced");
    let rules = |kind: &str| format!("rules: [{{apiGroups: [networking.k8s.io], resources: [{kind}]}}]");
    let template = |kind: &str| format!("spec: {{templates: [{{objectTemplate: 'kind: {kind}'}}]}}");
    let sdn = |mode: &str| format!("spec: {{defaultNetwork: {{openshiftSDNConfig: {{mode: {mode}}}}}}}");
    let meta = |kind: &str| format!("spec: {{attachments: [{{resource: {kind}}}]}}");
    let kubewarden = |mutating: &str, kind: &str| format!("spec: {{mutating: {mutating}, {}}}", rules(kind));
    let js = |of: &str, kind: &str| format!("spec: {{type: {of}, resources: [{kind}]}}");
    for (api, kind, rest, told) in [
        ("redhatcop.redhat.io/v1", "NamespaceConfig", template("NetworkPolicy"), Some((makes, "cluster"))),
        ("redhatcop.redhat.io/v1", "UserConfig", template("Role"), None),
        ("metacontroller.k8s.io/v1", "DecoratorController", meta("networkpolicies"), Some((makes, "cluster"))),
        ("metacontroller.k8s.io/v1", "CompositeController", meta("roles"), None),
        ("k8s.otterize.com/v1", "ClientIntents", "spec: {}".to_owned(), Some((makes, "cluster"))),
        (
            "policies.kubewarden.io/v1",
            "AdmissionPolicy",
            kubewarden("true", "networkpolicies"),
            Some((makes, "shop-dev")),
        ),
        ("policies.kubewarden.io/v1", "AdmissionPolicy", kubewarden("true", "ingresses"), None),
        ("policies.kubewarden.io/v1", "AdmissionPolicy", kubewarden("false", "networkpolicies"), None),
        ("policy.jspolicy.com/v1", "JsPolicy", js("Mutating", "networkpolicies"), Some((makes, "cluster"))),
        ("policy.jspolicy.com/v1", "JsPolicy", js("Validating", "networkpolicies"), None),
        ("policy.jspolicy.com/v1", "JsPolicy", js("Controller", "pods"), None),
        ("config.projectsveltos.io/v1", "Profile", "spec: {helmCharts: [{}]}".to_owned(), Some((brings, "cluster"))),
        ("config.projectsveltos.io/v1", "Profile", "spec: {helmCharts: []}".to_owned(), None),
        ("gitops.kluctl.io/v1", "KluctlDeployment", "spec: {}".to_owned(), Some((brings, "cluster"))),
        ("fluxcd.controlplane.io/v1", "FluxInstance", "spec: {sync: {path: a}}".to_owned(), Some((brings, "cluster"))),
        ("fluxcd.controlplane.io/v1", "FluxInstance", "spec: {sync: {path: apps}}".to_owned(), None),
        ("fluxcd.controlplane.io/v1", "FluxInstance", "spec: {}".to_owned(), None),
        ("operator.openshift.io/v1", "Network", sdn("Subnet"), Some((off, "cluster"))),
        ("operator.openshift.io/v1", "Network", sdn("NetworkPolicy"), None),
    ] {
        let expected: Vec<String> = told.iter().map(|(does, to)| format!("{kind} x {does}: {to}")).collect();
        assert_eq!(hidden_in("apps/all.yaml", &one(api, kind, &rest)), expected, "{kind} {rest}");
    }
}

#[test]
fn policies_may_go_with_what_is_being_deleted() {
    let gone = "is being deleted, and policies may go with it: shop-prd";
    let space = |time: &str| {
        let space = namespace("shop-prd", "").replace("labels", &format!("deletionTimestamp: {time}, labels"));
        told(&scan(&[("a.yaml", &(namespace("shop-dev", "") + &space))]))
    };
    assert_eq!(space("'2026-11-24T10:00:00Z'"), [format!("Namespace shop-prd {gone}")]);
    assert_eq!(space("~"), [""; 0]);
    for (api, kind, spec) in [
        ("argoproj.io/v1alpha1", "Application", "{source: {path: apps/prd}}"),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "{path: apps/prd}"),
    ] {
        let of = |time: &str| {
            let tool =
                format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: t{time}}}\nspec: {spec}\n");
            let policy = policy("p", "shop-prd", "{}");
            told(&scan(&[("tools/all.yaml", &tool), ("apps/prd/p.yaml", &policy)]))
        };
        assert_eq!(of(", deletionTimestamp: '2026-11-24T10:00:00Z'"), [format!("{kind} x {gone}")]);
        assert_eq!(of(""), [""; 0]);
    }
}
