//! What brings something from elsewhere.

use super::*;

#[test]
fn a_helm_release_is_a_hint_to_its_namespace_and_leaves_it_open() {
    let release = |target: &str| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: shop{target}, namespace: flux-system}}\n\
             spec: {{targetNamespace: bank{target}, chart: {{spec: {{chart: bank}}}}}}\n---\n"
        )
    };
    let snapshot = scan(&[("all.yaml", &(release("-dev") + &release("-prd")))]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
    let found = namespaces(&snapshot);
    assert_eq!(found, ["cluster:bank-dev=bank/dev", "cluster:bank-prd=bank/prd", "cluster:flux-system=Shared"]);
    let reaches: Vec<Reach> = snapshot.hidden.iter().map(|gap| gap.reach).collect();
    let id = |at| Reach::Namespace(dtap_model::environment::NamespaceId(at));
    assert_eq!(reaches, [id(0), id(1)]);
    let own = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop-prd}\nspec: {}\n";
    assert_eq!(hidden(own), ["HelmRelease web installs what is not in the input: shop-prd"]);
    let installs = "HelmRelease web installs what is not in the input";
    for placeholder in ["NAMESPACE", "'${NS}'", "A.b"] {
        let told = hidden(&own.replace("shop-prd", placeholder));
        assert!(told.contains(&format!("{installs}: cluster")), "{told:?}");
        let into = own.replace("spec: {}", &format!("spec: {{targetNamespace: {placeholder}}}"));
        assert!(hidden(&into).contains(&format!("{installs}: cluster")), "{placeholder}");
    }
    let begun = hidden(&own.replace("shop-prd", "'shop-${ENV}'"));
    assert!(
        begun.contains(&format!("{installs}: shop-dev")) && begun.contains(&format!("{installs}: shop-prd")),
        "{begun:?}"
    );
}

#[test]
fn what_installs_something_leaves_open_where_it_goes() {
    let open = ["shop-prd"].as_slice();
    let here = ["shop-dev"].as_slice();
    let everywhere = ["cluster"].as_slice();
    let set = |namespace: &str, source: &str| {
        format!("spec: {{template: {{spec: {{source: {{{source}}}, destination: {{namespace: '{namespace}'}}}}}}}}")
    };
    let filled = |path: &str, dir: &str| {
        let generators = format!("generators: [{{list: {{elements: [{{dir: '{dir}'}}]}}}}]");
        set("shop-prd", &format!("path: '{path}'")).replacen("spec: {", &format!("spec: {{{generators}, "), 1)
    };
    let cases: Vec<(&str, &str, String, &[&str])> = vec![
        ("helm.crossplane.io/v1beta1", "Release", "spec: {forProvider: {namespace: shop-prd}}".to_owned(), open),
        ("kappctrl.k14s.io/v1alpha1", "App", "spec: {deploy: [{kapp: {intoNs: shop-prd}}]}".to_owned(), open),
        ("kappctrl.k14s.io/v1alpha1", "App", "spec: {deploy: [{kapp: {}}]}".to_owned(), here),
        ("packaging.carvel.dev/v1alpha1", "PackageInstall", "spec: {}".to_owned(), here),
        ("operators.coreos.com/v1alpha1", "Subscription", "spec: {name: o}".to_owned(), here),
        ("messaging.knative.dev/v1", "Subscription", "spec: {channel: o}".to_owned(), &[]),
        ("configsync.gke.io/v1beta1", "RepoSync", "spec: {git: {dir: d}}".to_owned(), here),
        ("configsync.gke.io/v1beta1", "RootSync", "spec: {git: {dir: d}}".to_owned(), everywhere),
        ("configsync.gke.io/v1beta1", "RootSync", "spec: {git: {dir: apps}}".to_owned(), &[]),
        ("fleet.cattle.io/v1alpha1", "GitRepo", "spec: {targetNamespace: shop-prd, paths: [a]}".to_owned(), open),
        ("fleet.cattle.io/v1alpha1", "GitRepo", "spec: {paths: [apps]}".to_owned(), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("shop-p{{env}}", "chart: c"), open),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("{{env}}", "chart: c"), everywhere),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("{{env}}", "path: apps"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", set("bank-{{env}}", "chart: c"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", filled("{{dir}}", "apps"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", filled("{{dir}}", "elsewhere"), open),
        ("argoproj.io/v1alpha1", "ApplicationSet", filled("./{{.dir}}/", "./apps/"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", filled("{{unsaid}}", "elsewhere"), &[]),
        ("argoproj.io/v1alpha1", "ApplicationSet", filled("{{dir}}/{{unsaid}}", "elsewhere"), open),
        ("helm.cattle.io/v1", "HelmChart", "spec: {targetNamespace: shop-prd}".to_owned(), open),
    ];
    for (api, kind, rest, expected) in cases {
        let found = hidden_in("apps/all.yaml", &one(api, kind, &rest));
        let expected: Vec<String> =
            expected.iter().map(|to| format!("{kind} x installs what is not in the input: {to}")).collect();
        assert_eq!(found, expected, "{kind} {rest}");
    }
}
