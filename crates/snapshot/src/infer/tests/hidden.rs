//! What comes to stand on a cluster by way of other objects.

use super::*;

/// What hidden things leave open, each with the names of the namespaces or clusters reached.
fn hidden(text: &str) -> Vec<String> {
    hidden_in("all.yaml", text)
}

fn hidden_in(path: &str, text: &str) -> Vec<String> {
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    told(&scan(&[(path, &(spaces + text))]))
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let reached = |reach| match reach {
        Reach::Namespace(id) => snapshot.namespace(id).unwrap().name.clone(),
        Reach::Cluster(id) => snapshot.cluster(id).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    snapshot.hidden.iter().map(|gap| format!("{}: {}", gap.what, reached(gap.reach))).collect()
}

#[test]
fn what_holds_a_policy_leaves_its_namespace_open() {
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop-prd}}";
    let of = |api: &str, rest: &str| {
        hidden(&format!("apiVersion: {api}\nmetadata: {{name: x, namespace: shop-dev}}\n{rest}"))
    };
    let holds = "holds a NetworkPolicy that something else may apply";
    assert_eq!(
        of("template.openshift.io/v1\nkind: Template", &format!("objects: [{policy}]")),
        [format!("Template x {holds}: shop-prd")]
    );
    let nameless = policy.replace(", namespace: shop-prd", "");
    assert_eq!(
        of(
            "work.open-cluster-management.io/v1\nkind: ManifestWork",
            &format!("spec: {{workload: {{manifests: [{nameless}]}}}}")
        ),
        [format!("ManifestWork x {holds}: shop-dev")]
    );
    assert_eq!(
        of("v1\nkind: ConfigMap", &format!("data: {{p.yaml: \"{policy}\"}}")),
        [format!("ConfigMap x {holds}: shop-prd")]
    );
    // What is not a policy, or stands where nothing is applied from, says nothing.
    assert_eq!(of("v1\nkind: ConfigMap", "data: {note: 'no NetworkPolicy here'}"), [""; 0]);
    assert_eq!(of("example.com/v1\nkind: Thing", &format!("status: {{seen: {policy}}}")), [""; 0]);
}

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
fn custom_objects_on_their_nodes_network_are_workloads_that_may_be() {
    let of = |spec: &str| {
        let text = format!(
            "apiVersion: ceph.rook.io/v1\nkind: CephCluster\nmetadata: {{name: x, namespace: shop-dev}}\nspec: {spec}\n"
        );
        let found = scan(&[("a.yaml", &(namespace("shop-dev", "") + &namespace("shop-prd", "") + &text))]).workloads;
        found
            .iter()
            .map(|workload| (workload.host_network, workload.secondary_networks, workload.custom))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("{network: {provider: host}}"), [(true, false, true)]);
    assert_eq!(of("{hostNetwork: true}"), [(true, false, true)]);
    assert_eq!(of("{networks: [{multus: {networkName: x}}]}"), [(false, true, true)]);
    assert_eq!(of("{network: {provider: multus}}"), []);
}

#[test]
fn a_project_that_is_asked_for_comes_with_what_the_cluster_puts_into_it() {
    let request = "apiVersion: project.openshift.io/v1\nkind: ProjectRequest\nmetadata: {name: shop-prd}\n";
    assert_eq!(hidden(request), ["ProjectRequest shop-prd generates, changes or deletes NetworkPolicies: shop-prd"]);
}

#[test]
fn what_may_run_pods_on_their_nodes_network_leaves_its_namespace_open() {
    let of = |api: &str, rest: &str| {
        hidden(&format!("apiVersion: {api}\nmetadata: {{name: x, namespace: shop-dev}}\nspec: {rest}"))
    };
    let prometheus = "monitoring.coreos.com/v1\nkind: Prometheus";
    let open = ["Prometheus x may run pods on the network of their nodes: shop-dev"];
    assert_eq!(of(prometheus, "{hostNetwork: true}"), open);
    assert_eq!(of(prometheus, "{containers: [{template: {hostNetwork: true}}]}"), open);
    assert_eq!(of(prometheus, "{hostNetwork: '${HOSTNET}'}"), open, "what is not read may be so");
    for off in ["false", "'false'", "~"] {
        assert_eq!(of(prometheus, &format!("{{hostNetwork: {off}, hostNetworks: true}}")), [""; 0], "{off}");
    }
    // Of these the pods themselves are read.
    let template = "{template: {spec: {hostNetwork: true, containers: [{name: x}]}}}";
    assert_eq!(of("apps/v1\nkind: Deployment", template), [""; 0]);
    assert_eq!(of("example.com/v1\nkind: Engine", template), [""; 0]);
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

/// One object of a kind whose API version, metadata and rest are these.
fn one(api: &str, kind: &str, rest: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: shop-dev}}\n{rest}\n---\n")
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
fn what_applies_a_folder_of_the_input_changed_leaves_its_namespaces_open() {
    let of = |api: &str, kind: &str, rest: &str| {
        let object = one(api, kind, rest);
        let prd = namespace("shop-prd", "") + &config("c", "shop-prd", "1") + &policy("p", "shop-prd", "{}");
        let dev = namespace("shop-dev", "");
        let snapshot = scan(&[("flux/all.yaml", &object), ("apps/dev/a.yaml", &dev), ("apps/prd/a.yaml", &prd)]);
        told(&snapshot)
    };
    let flux = |rest: &str| {
        of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("spec: {{path: ./apps/prd, {rest}}}"))
    };
    let argo = |rest: &str| {
        of("argoproj.io/v1alpha1", "Application", &format!("spec: {{source: {{path: apps/prd, {rest}}}}}"))
    };
    let changes = "changes what lies in a folder of the input when it applies it: shop-prd";
    for (rest, opens) in [
        ("patches: [{target: {kind: NetworkPolicy}, patch: '$patch: delete'}]", true),
        ("patches: [{patch: '{kind: NetworkPolicy, metadata: {name: p}}'}]", true),
        ("patches: [{target: {kind: Deployment}, patch: '[{op: replace, path: /spec/replicas, value: 1}]'}]", false),
        ("patches: [{target: {kind: Deployment}, patch: '[{op: add, path: /spec/template/metadata/labels/a}]'}]", true),
        ("patches: [{target: {kind: Service}, patch: '[{op: add, path: /spec/type, value: NodePort}]'}]", true),
        ("patches: [{patch: '{kind: EndpointSlice, endpoints: []}'}]", true),
        ("patches: [{patch: '{kind: ServiceAccount, imagePullSecrets: []}'}]", false),
        ("patches: [{target: {name: p}, patch: '{kind: Role, spec: null}'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{op: add, path: /metadata/annotations/a, value: b}]'}]", false),
        ("patches: [{target: {kind: Job}, patch: '[{op: remove, path: /spec/template/metadata}]'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{op: add, path: /metadata/annotations, value: {}}]'}]", true),
        ("patches: [{target: {kind: Job}, patch: '[{path: /a/v1.multus-cni.io~1default-network}]'}]", true),
        ("patches: [{patch: '{kind: Job, metadata: {annotations: {danm.k8s.io/interfaces: a}}}'}]", true),
        ("patches: [{patch: '{kind: Job, spec: {template: {$patch: replace}}}'}]", true),
        ("components: [../more]", true),
        ("namePrefix: a-", true),
        ("targetNamespace: shop-prd", false),
        ("postBuild: {substitute: {a: b}}", false),
        ("interval: 1m", false),
    ] {
        let expected = vec![format!("Kustomization x {changes}"); usize::from(opens)];
        assert_eq!(flux(rest), expected, "{rest}");
    }
    for (rest, opens) in [
        ("kustomize: {patches: [{target: {kind: NetworkPolicy}, patch: '[]'}]}", true),
        ("kustomize: {images: ['a=b']}", false),
        ("directory: {exclude: 'policy-*'}", true),
        ("directory: {recurse: true}", false),
        ("plugin: {name: p}", true),
    ] {
        let expected = vec![format!("Application x {changes}"); usize::from(opens)];
        assert_eq!(argo(rest), expected, "{rest}");
    }
    let whole = |path: &str, rest: &str| {
        let argo = format!("spec: {{source: {{path: {path}, kustomize: {{{rest}}}}}}}");
        let flux = of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("spec: {{path: {path}, {rest}}}"));
        let both = [flux, of("argoproj.io/v1alpha1", "Application", &argo)].concat();
        both.into_iter().filter(|told| told.contains(changes.trim_end_matches("shop-prd"))).collect::<Vec<_>>()
    };
    for path in [".", "./"] {
        let found = whole(path, "patches: [{target: {kind: NetworkPolicy}, patch: '$patch: delete'}]");
        let of = |kind: &str| ["dev", "prd"].map(|to| format!("{kind} x {}", changes.replace("prd", to)));
        assert_eq!(found, [of("Kustomization"), of("Application")].concat(), "{path} may lie anywhere");
        assert_eq!(whole(path, "images: []"), [""; 0], "{path}");
    }
    let set = |folders: &str| {
        let source = "template: {spec: {sources: [{ref: values}, {path: '{{path}}', plugin: {name: p}}]}}";
        let generators = format!("generators: [{{git: {{directories: [{folders}]}}}}]");
        of("argoproj.io/v1alpha1", "ApplicationSet", &format!("spec: {{{generators}, {source}}}"))
    };
    let changed = |generators: &str, rest: &str| {
        let source = "path: 'apps/{{e}}'";
        let template = format!("template: {{spec: {{project: p, source: {{{source}}}}}}}");
        let spec = format!("spec: {{generators: [{generators}], {template}{rest}}}");
        of("argoproj.io/v1alpha1", "ApplicationSet", &spec)
    };
    let set_changes = format!("ApplicationSet x {changes}");
    let list = "{list: {elements: [{e: prd}]}}";
    let own = |spec: &str| format!("{{list: {{elements: [{{e: prd}}], template: {{spec: {{{spec}}}}}}}}}");
    assert_eq!(changed(list, ""), [""; 0]);
    assert_eq!(changed(list, ", templatePatch: ''"), [""; 0]);
    assert_eq!(changed(list, ", templatePatch: 'spec: {source: {kustomize: {}}}'"), [set_changes.as_str()]);
    assert_eq!(changed(&own("source: {directory: {exclude: p.yaml}}"), ""), [set_changes.as_str()]);
    assert_eq!(changed(&own("project: q, destination: {}"), ""), [""; 0], "it says nothing");
    let matrix = format!("{{matrix: {{generators: [{}]}}}}", own("source: {path: apps/prd}"));
    assert_eq!(changed(&matrix, ""), [set_changes.as_str()]);
    for (folders, opens) in [
        ("{path: apps/*}", &["shop-dev", "shop-prd"][..]),
        ("{path: ./apps/prd/}", &["shop-prd"]),
        ("{path: apps/*}, {path: apps/dev, exclude: true}", &["shop-prd"]),
        ("{path: other/*}", &[]),
    ] {
        let changes = changes.trim_end_matches("shop-prd");
        let expected: Vec<String> = opens.iter().map(|to| format!("ApplicationSet x {changes}{to}")).collect();
        assert_eq!(set(folders), expected, "{folders}");
    }
}

#[test]
fn custom_objects_that_label_pods_leave_their_namespace_open() {
    let asks = policy("p", "shop-prd", "{matchLabels: {role: client}}");
    let of = |api: &str, kind: &str, rest: &str| hidden(&(asks.clone() + &one(api, kind, rest)));
    for (api, kind, rest, opens) in [
        ("kubevirt.io/v1", "VirtualMachine", "spec: {template: {metadata: {labels: {role: client}}}}", true),
        ("kubevirt.io/v1", "VirtualMachine", "spec: {template: {metadata: {labels: {cost: low}}}}", false),
        ("argoproj.io/v1alpha1", "CronWorkflow", "spec: {workflowSpec: {podMetadata: {labels: {role: a}}}}", true),
        ("core.strimzi.io/v1", "PodSet", "spec: {kafka: {template: {pod: {metadata: {labels: {role: a}}}}}}", true),
        ("example.com/v1", "Engine", "spec: {podLabels: {role: a}}", true),
        ("example.com/v1", "Engine", "spec: {podLabels: [{name: role, value: a}]}", true),
        ("example.com/v1", "Engine", "spec: {podLabels: [{name: cost, value: role}]}", false),
        ("example.com/v1", "Engine", "spec: {labels: [{key: role, value: a}]}", true),
        ("example.com/v1", "Engine", "spec: {labels: 'cost=low,role=a'}", true),
        ("example.com/v1", "Engine", "spec: {labels: ['role: a']}", true),
        ("example.com/v1", "Engine", "spec: {labels: 'cost=role'}", false),
        ("networking.istio.io/v1", "WorkloadEntry", "spec: {labels: {role: a}}", false),
        ("example.com/v1", "Engine", "spec: {selector: {labels: {role: a}}}", false),
        ("external-secrets.io/v1", "ExternalSecret", "spec: {template: {metadata: {labels: {role: a}}}}", false),
    ] {
        let expected = format!("{kind} x may run pods with labels that policies ask for: shop-dev");
        assert_eq!(of(api, kind, rest), vec![expected; usize::from(opens)], "{rest}");
    }
}

#[test]
fn a_controller_labels_its_pods_by_its_own_domain() {
    for (key, api, kind, opens) in [
        ("kubevirt.io", "kubevirt.io/v1", "VirtualMachine", true),
        ("vm.kubevirt.io/name", "kubevirt.io/v1", "VirtualMachine", true),
        ("strimzi.io/cluster", "core.strimzi.io/v1", "PodSet", true),
        ("astrimzi.io/cluster", "core.strimzi.io/v1", "PodSet", false),
        ("app", "kubevirt.io/v1", "VirtualMachine", false),
        ("kubevirt.io", "apps/v1", "Deployment", false),
    ] {
        let asks = policy("p", "shop-prd", &format!("{{matchLabels: {{{key}: x}}}}"));
        let expected = format!("{kind} x may run pods with labels that policies ask for: shop-dev");
        assert_eq!(hidden(&(asks + &one(api, kind, "spec: {}"))), vec![expected; usize::from(opens)], "{key} {api}");
    }
}

#[test]
fn custom_objects_that_join_other_networks_leave_their_namespace_open() {
    for (kind, spec, opens) in [
        ("VirtualMachine", "{template: {spec: {networks: [{name: a, multus: {networkName: default/br}}]}}}", true),
        ("VirtualMachine", "{template: {spec: {networks: [{name: default, pod: {}}]}}}", false),
        ("Engine", "{pods: {annotations: {k8s.v1.cni.cncf.io/networks: br}}}", true),
        ("Engine", "{pods: {annotations: {k8s.v1.cni.cncf.io/networks: ''}}}", false),
    ] {
        let expected =
            format!("{kind} x may run pods on networks beside the cluster's, where no policy holds: shop-dev");
        let found = hidden(&one("kubevirt.io/v1", kind, &format!("spec: {spec}")));
        assert_eq!(found, vec![expected; usize::from(opens)], "{spec}");
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
fn what_forwards_from_a_gateway_to_another_environment_leaves_that_open() {
    let of = |group: &str, namespace: &str, gateways: &str, host: &str| {
        hidden(&format!(
            "apiVersion: {group}/v1\nkind: VirtualService\nmetadata: {{name: v, namespace: {namespace}}}\n\
             spec: {{gateways: [{gateways}], http: [{{route: [{{destination: {{host: {host}}}}}]}}]}}\n"
        ))
    };
    let istio = "networking.istio.io";
    let open = ["VirtualService v forwards what a gateway takes in to another environment: shop-prd"];
    assert_eq!(of(istio, "shop-dev", "edge", "db.shop-prd.svc.cluster.local"), open);
    assert_eq!(of(istio, "shop-dev", "mesh, infra/edge", "db.shop-prd"), open);
    assert_eq!(of(istio, "shop-dev", "mesh", "db.shop-prd"), [""; 0], "the pods themselves open it");
    assert_eq!(of(istio, "shop-dev", "", "db.shop-prd"), [""; 0]);
    assert_eq!(of(istio, "shop-prd", "edge", "db.shop-prd"), [""; 0], "its own");
    assert_eq!(of(istio, "shop-prd", "edge", "db"), [""; 0]);
    assert_eq!(of(istio, "infra", "edge", "db.shop-prd"), [""; 0], "of no environment");
    assert_eq!(of(istio, "shop-dev", "edge", "db.shop-prd.example.org"), [""; 0], "beyond the cluster");
    assert_eq!(of("example.org", "shop-dev", "edge", "db.shop-prd"), [""; 0]);
}

#[test]
fn what_forwards_leaves_open_a_namespace_of_its_own_cluster_only() {
    let route = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: shop-dev}\n\
                 spec: {gateways: [edge], http: [{route: [{destination: {host: db.shop-prd}}]}]}\n";
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    let east = spaces.clone() + route;
    let snapshot = scan(&[("clusters/east/all.yaml", &east), ("clusters/west/all.yaml", &spaces)]);
    let cluster = |gap: &crate::snapshot::Gap| match gap.reach {
        Reach::Namespace(id) => snapshot.cluster(snapshot.namespace(id).unwrap().cluster).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(snapshot.hidden.iter().map(cluster).collect::<Vec<_>>(), ["east"]);
}

#[test]
fn policies_in_texts_of_any_object() {
    let policy = |kind: &str, rest: &str| format!("apiVersion: a/v1\\nkind: {kind}\\nmetadata: {{name: o{rest}}}");
    let text = |kind: &str, rest: &str| format!("\"{}\"", policy(kind, rest));
    let thing = |text: &str| hidden(&one("foo.io/v1", "Thing", &format!("spec: {{files: [{{content: {text}}}]}}")));
    let open =
        |kind: &str, to: &str| vec![format!("{kind} x holds a NetworkPolicy that something else may apply: {to}")];
    assert_eq!(thing(&text("NetworkPolicy", ", namespace: shop-prd")), open("Thing", "shop-prd"));
    assert_eq!(thing(&text("NetworkPolicy", "")), open("Thing", "shop-dev"));
    for kind in ["CiliumClusterwideNetworkPolicy", "AdminNetworkPolicy", "CiliumNetworkPolicy"] {
        assert_eq!(thing(&text(kind, "")), open("Thing", "cluster"), "{kind}");
    }
    assert_eq!(thing(&text("GlobalNetworkPolicy", ", namespace: shop-prd")), open("Thing", "cluster"));
    assert_eq!(thing(&text("CiliumNetworkPolicy", ", namespace: shop-prd")), open("Thing", "shop-prd"));
    assert_eq!(thing(&text("Role", "")), [""; 0]);
    let encoded =
        data_encoding::BASE64.encode(policy("NetworkPolicy", ", namespace: shop-prd").replace("\\n", "\n").as_bytes());
    let (start, end) = encoded.split_at(8);
    for (kind, field, opens) in [
        ("Secret", "data", true),
        ("ConfigMap", "binaryData", true),
        ("ConfigMap", "data", false),
        ("Thing", "data", false),
    ] {
        for written in [encoded.clone(), format!("'{start}\n  {end}'")] {
            let found = hidden(&one("v1", kind, &format!("{field}: {{a: {written}}}")));
            assert_eq!(found, if opens { open(kind, "shop-prd") } else { Vec::new() }, "{kind} {written}");
        }
    }
    let schema = format!("spec: {{description: {}}}", text("NetworkPolicy", ""));
    assert_eq!(hidden(&one("apiextensions.k8s.io/v1", "CustomResourceDefinition", &schema)), [""; 0]);
}

#[test]
fn namespaces_within_other_objects_have_labels_too() {
    let asks = policy("p", "shop-prd", "{matchLabels: {team: x}}");
    let of = |rest: &str| {
        let mut found = hidden(&(asks.clone() + &one("foo.io/v1", "Thing", &format!("spec: {rest}"))));
        found.dedup();
        found
    };
    let space = |labels: &str| {
        format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: shop-dev, labels: {{{labels}}}}}}}")
    };
    let open = ["Thing x sets labels that policies ask for: cluster"];
    for (labels, opens) in
        [("team: x", true), ("cost: low", false), ("pod-security.kubernetes.io/enforce: privileged", true)]
    {
        let space = space(labels);
        let expected = if opens { &open[..] } else { &[] };
        assert_eq!(of(&format!("{{objects: [{{definition: {space}}}]}}")), expected, "{labels}");
        assert_eq!(of(&format!("{{text: '{space}'}}")), expected, "{labels}");
        let list = format!("{{apiVersion: v1, kind: List, items: [{space}]}}");
        assert_eq!(of(&format!("{{text: '{list}'}}")), expected, "{labels}");
        let template = format!("{space}{{{{ end }}}}");
        assert_eq!(of(&format!("{{text: '{template}'}}")), expected, "a template: {labels}");
    }
    assert_eq!(of("{kind: Namespace, metadata: {labels: {team: x}}}"), [""; 0], "it names no version");
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

#[test]
fn what_changes_namespaces_in_a_folder_changes_their_labels() {
    let of = |api: &str, kind: &str, spec: &str, key: &str| {
        let object = one(api, kind, &format!("spec: {spec}"));
        let asks = policy("p", "shop-prd", &format!("{{matchLabels: {{{key}: x}}}}"));
        let (dev, prd) = (namespace("shop-dev", ""), namespace("shop-prd", "") + &asks);
        let pods = config("c", "shop-dev", "1");
        let texts = [
            ("tools/all.yaml", object.as_str()),
            ("apps/dev/a.yaml", &dev),
            ("apps/prd/a.yaml", &prd),
            ("apps/web/a.yaml", &pods),
        ];
        told(&scan(&texts)).contains(&format!("{kind} x sets labels that policies ask for: cluster"))
    };
    let argo = |path: &str, rest: &str, key: &str| {
        of("argoproj.io/v1alpha1", "Application", &format!("{{source: {{path: {path}, {rest}}}}}"), key)
    };
    let flux = |path: &str, rest: &str| {
        of("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("{{path: {path}, {rest}}}"), "team")
    };
    let patch =
        |target: &str| format!("patches: [{{target: {{{target}}}, patch: '[{{op: add, path: /metadata/labels}}]'}}]");
    for (rest, opens) in [
        (patch("kind: Namespace"), true),
        (patch("kind: 'Name.*'"), true),
        (patch("name: shop-dev"), true),
        (patch("kind: Deployment"), false),
        ("patches: [{patch: '{kind: Namespace, metadata: {name: a}}'}]".to_owned(), true),
        ("patches: [{patch: '{kind: Deployment, metadata: {name: a}}'}]".to_owned(), false),
        ("components: [../more]".to_owned(), true),
        ("components: []".to_owned(), false),
    ] {
        assert_eq!(flux("apps/dev", &rest), opens, "{rest}");
        assert!(!flux("apps/web", &rest), "no Namespace stands there: {rest}");
        let within = format!("kustomize: {{{rest}}}");
        assert_eq!(argo("apps/dev", &within, "team"), opens, "{rest}");
    }
    assert!(argo("apps/dev", "kustomize: {commonLabels: {team: x}}", "team"));
    assert!(!argo("apps/dev", "kustomize: {commonLabels: {team: x}}", "cost"));
    assert!(argo("apps/dev", "kustomize: {namespace: shop-prd}", "team"));
    assert!(argo("apps/dev", "plugin: {name: p}", "team"));
    let set = |rest: &str| {
        of(
            "argoproj.io/v1alpha1",
            "ApplicationSet",
            &format!("{{template: {{spec: {{source: {{path: apps/dev}}}}}}{rest}}}"),
            "team",
        )
    };
    assert!(set(", templatePatch: a"));
    assert!(!set(""));
}

#[test]
fn what_moves_a_folder_into_another_namespace_opens_that_too() {
    let tool = one(
        "argoproj.io/v1alpha1",
        "Application",
        "spec: {source: {path: apps/dev, kustomize: {namespace: shop-prd}}}",
    );
    let (dev, prd) = (namespace("shop-dev", ""), namespace("shop-prd", ""));
    let found = told(&scan(&[("tools/a.yaml", &tool), ("apps/dev/a.yaml", &dev), ("apps/prd/a.yaml", &prd)]));
    let changes = "Application x changes what lies in a folder of the input when it applies it";
    assert_eq!(found, [format!("{changes}: shop-dev"), format!("{changes}: shop-prd")]);
}
