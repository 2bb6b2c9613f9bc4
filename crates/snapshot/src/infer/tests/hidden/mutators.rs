//! What labels namespaces and pods on their way in.

use super::*;

#[test]
fn argo_and_flux_label_what_they_apply() {
    let asks = |key: &str, of: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop-prd}}\n\
             spec: {{podSelector: {{}}, ingress: [{{from: [{{{of}: {{matchLabels: {{{key}: x}}}}}}]}}]}}\n---\n"
        )
    };
    let app = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\nspec: {}\n";
    let labels = ["Application a sets labels that policies ask for: cluster"];
    assert_eq!(hidden(&(asks("app.kubernetes.io/instance", "namespaceSelector") + app)), labels);
    assert_eq!(hidden(&(asks("app.kubernetes.io/instance", "podSelector") + app)), [""; 0], "not those of pods");
    assert_eq!(hidden(&(asks("team", "namespaceSelector") + app)), [""; 0]);
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: flux}\nspec: {}\n";
    let told = hidden(&(asks("kustomize.toolkit.fluxcd.io/name", "namespaceSelector") + flux));
    assert!(told.contains(&"Kustomization a sets labels that policies ask for: cluster".to_owned()), "{told:?}");
}

#[test]
fn what_sets_labels_that_policies_ask_for_leaves_the_cluster_open() {
    let asks = policy("in", "shop-prd", "{matchLabels: {team: x}}");
    let kyverno = |kind: &str, labels: &str| {
        format!(
            "spec: {{rules: [{{match: {{any: [{{resources: {{kinds: [{kind}]}}}}]}}, \
             mutate: {{patchStrategicMerge: {{metadata: {{labels: {{{labels}}}}}}}}}}}]}}"
        )
    };
    let gatekeeper = "spec: {match: {kinds: [{kinds: [Namespace]}]}, location: metadata.labels.team}".to_owned();
    let mutation = |resource: &str| {
        format!(
            "spec: {{matchConstraints: {{resourceRules: [{{resources: [{resource}]}}]}}, mutations: \
             [{{applyConfiguration: {{expression: \"Object{{metadata: Object.metadata{{labels: {{'team': 'x'}}}}}}\"}}}}]}}"
        )
    };
    let tenant = |key: &str| format!("spec: {{namespaceOptions: {{additionalMetadata: {{labels: {{{key}: x}}}}}}}}");
    let flux = |key: &str| format!("spec: {{commonMetadata: {{labels: {{{key}: x}}}}}}");
    let argo = |key: &str, value: &str| {
        format!("spec: {{syncPolicy: {{managedNamespaceMetadata: {{labels: {{{key}: {value}}}}}}}")
    };
    let to = |name: &str| format!(", destination: {{namespace: {name}}}}}");
    let enforce = "pod-security.kubernetes.io/enforce";
    let cases = [
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Namespace", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Pod", "'+(team)': x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("apps/v1/Deployment", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("'apps/*'", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("'batch/v1/Cron*'", "team: x"), true),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Ingress", "team: x"), false),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("'rbac.authorization.k8s.io/*'", "team: x"), false),
        ("kyverno.io/v1", "ClusterPolicy", kyverno("Pod", "cost: '{{request.object.metadata.labels.a}}'"), false),
        ("mutations.gatekeeper.sh/v1", "AssignMetadata", gatekeeper.clone(), true),
        ("mutations.gatekeeper.sh/v1", "AssignMetadata", gatekeeper.replace("labels", "annotations"), false),
        ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", mutation("namespaces"), true),
        ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", mutation("ingresses"), false),
        ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", mutation("pods"), false),
        ("capsule.clastix.io/v1beta2", "Tenant", tenant("team"), true),
        ("capsule.clastix.io/v1beta2", "Tenant", tenant("cost"), false),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", flux("team"), true),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", flux("cost"), false),
        ("argoproj.io/v1alpha1", "Application", argo("team", "x") + "}", true),
        ("argoproj.io/v1alpha1", "Application", argo("team", "x") + &to("shop-prd"), false),
        ("argoproj.io/v1alpha1", "Application", argo("team", "x") + &to("'shop-{{x}}'"), true),
        ("argoproj.io/v1alpha1", "Application", argo("cost", "x") + "}", false),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "restricted") + "}", false),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "baseline") + "}", false),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "privileged") + "}", true),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "'${LEVEL}'") + "}", true),
        ("argoproj.io/v1alpha1", "Application", argo(enforce, "''") + "}", true),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", flux(enforce), true),
    ];
    for (api, kind, rest, opens) in cases {
        let found = hidden(&(asks.clone() + &one(api, kind, &rest)));
        let expected = format!("{kind} x sets labels that policies ask for: cluster");
        assert_eq!(found, vec![expected; usize::from(opens)], "{rest}");
    }
    let location = |key: &str| {
        let spec =
            format!("spec: {{match: {{kinds: [{{kinds: [Namespace]}}]}}, location: 'metadata.labels.\"{key}\"'}}");
        hidden(&one("mutations.gatekeeper.sh/v1", "AssignMetadata", &spec))
    };
    assert_eq!(
        location(enforce),
        ["AssignMetadata x sets labels that policies ask for: cluster"],
        "nobody asks for any"
    );
    assert_eq!(location("team"), [""; 0], "nobody asks for it");
}

#[test]
fn what_orders_namespaces_sets_their_labels() {
    let of = |key: &str, api: &str, kind: &str, rest: &str| {
        let asks = policy("in", "shop-prd", &format!("{{matchLabels: {{{key}: x}}}}"));
        hidden(&(asks + &one(api, kind, rest)))
    };
    let hnc = "hnc.x-k8s.io/v1alpha2";
    let tree = "root.tree.hnc.x-k8s.io/depth";
    let listed = "spec: {labels: [{key: team, value: x}]}";
    for (key, api, kind, rest, opens) in [
        ("team", hnc, "HierarchyConfiguration", listed, true),
        ("team", hnc, "SubnamespaceAnchor", listed, true),
        ("cost", hnc, "SubnamespaceAnchor", listed, false),
        (tree, hnc, "HierarchyConfiguration", "spec: {parent: root}", true),
        (tree, hnc, "SubnamespaceAnchor", "", true),
        ("team", hnc, "HierarchyConfiguration", "spec: {parent: root}", false),
        ("team", "accurate.cybozu.com/v2", "SubNamespace", "spec: {labels: {team: x}}", true),
    ] {
        let found = of(key, api, kind, rest);
        let expected = format!("{kind} x sets labels that policies ask for: cluster");
        let is_said = found.contains(&expected);
        assert_eq!(is_said, opens, "{key} {kind} {rest}: {found:?}");
    }
    let project = |key: &str, rest: &str| {
        let asks = policy("in", "shop-prd", &format!("{{matchLabels: {{{key}: x}}}}"));
        hidden(&(asks + &format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: x{rest}}}\n")))
    };
    let (key, given) = ("field.cattle.io/projectId", ", annotations: {field.cattle.io/projectId: 'c-1:p-2'}");
    assert_eq!(project(key, given), ["Namespace x sets labels that policies ask for: cluster"]);
    assert_eq!(project("team", given), [""; 0]);
    assert_eq!(project(key, ""), [""; 0]);
    assert_eq!(project(key, &format!("{given}, labels: {{{key}: p-2}}")), [""; 0], "it bears the label");
}

#[test]
fn labels_of_resource_sets_and_of_karmada_leave_the_cluster_open() {
    let asks = policy("in", "shop-prd", "{matchLabels: {team: x}}");
    let of = |api: &str, kind: &str, spec: &str| hidden(&(asks.clone() + &one(api, kind, &format!("spec: {spec}"))));
    let karmada = |kind: &str, key: &str| {
        format!(
            "{{resourceSelectors: [{{apiVersion: v1, kind: {kind}}}], overrideRules: \
             [{{overriders: {{labelsOverrider: [{{operator: add, value: {{{key}: x}}}}]}}}}]}}"
        )
    };
    let flux = "fluxcd.controlplane.io/v1";
    for (api, kind, spec, opens) in [
        (flux, "ResourceSet", "{commonMetadata: {labels: {team: x}}}".to_owned(), true),
        (flux, "ResourceSet", "{commonMetadata: {labels: {cost: x}}}".to_owned(), false),
        ("policy.karmada.io/v1alpha1", "ClusterOverridePolicy", karmada("Namespace", "team"), true),
        ("policy.karmada.io/v1alpha1", "OverridePolicy", karmada("Pod", "team"), true),
        ("policy.karmada.io/v1alpha1", "OverridePolicy", karmada("Namespace", "cost"), false),
        ("policy.karmada.io/v1alpha1", "OverridePolicy", karmada("ConfigMap", "team"), false),
    ] {
        let expected = format!("{kind} x sets labels that policies ask for: cluster");
        assert_eq!(of(api, kind, &spec), vec![expected; usize::from(opens)], "{spec}");
    }
}
