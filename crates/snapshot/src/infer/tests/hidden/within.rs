//! What other objects hold: policies, Namespaces, and pods that no policy holds back.

use super::*;

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
        [format!("ManifestWork x {holds}: cluster")],
        "who applies it says where to"
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
fn what_is_said_to_be_put_elsewhere_leaves_the_cluster_open() {
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop-prd}}";
    for (path, reached) in [
        ("metadata.namespace", "cluster"),
        ("spec.forProvider.manifest.metadata.namespace", "cluster"),
        ("metadata.name", "shop-prd"),
    ] {
        let patches = format!("[{{fromFieldPath: spec.ns, toFieldPath: {path}}}]");
        let spec = format!("spec: {{resources: [{{base: {policy}, patches: {patches}}}]}}");
        let found = hidden(&one("apiextensions.crossplane.io/v1", "Composition", &spec));
        assert_eq!(found, [format!("Composition x holds a NetworkPolicy that something else may apply: {reached}")]);
    }
}

#[test]
fn templates_at_other_places_of_custom_objects_leave_their_namespace_open() {
    let template = "{spec: {containers: [{name: c}]}}";
    for (api, kind, spec, opens) in [
        ("kubeflow.org/v1", "TFJob", format!("{{tfReplicaSpecs: {{Worker: {{template: {template}}}}}}}"), true),
        ("flink.apache.org/v1", "FlinkDeployment", format!("{{podTemplate: {template}}}"), true),
        ("ray.io/v1", "RayCluster", format!("{{workerGroupSpecs: [{{template: {template}}}]}}"), true),
        ("ray.io/v1", "RayCluster", "{workerGroupSpecs: [{template: {spec: {containers: []}}}]}".to_owned(), false),
        ("example.com/v1", "Engine", format!("{{template: {template}}}"), false),
        ("kyverno.io/v1", "Policy", format!("{{rules: [{{validate: {{pattern: {template}}}}}]}}"), false),
        ("apps/v1", "Deployment", format!("{{other: {template}}}"), false),
    ] {
        let expected = format!("{kind} x may run pods by templates that are not read: shop-dev");
        let found = hidden(&one(api, kind, &format!("spec: {spec}")));
        assert_eq!(found, vec![expected; usize::from(opens)], "{kind} {spec}");
    }
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
fn policies_in_texts_of_any_object() {
    let policy = |kind: &str, rest: &str| format!("apiVersion: a/v1\\nkind: {kind}\\nmetadata: {{name: o{rest}}}");
    let text = |kind: &str, rest: &str| format!("\"{}\"", policy(kind, rest));
    let thing = |text: &str| hidden(&one("foo.io/v1", "Thing", &format!("spec: {{files: [{{content: {text}}}]}}")));
    let open =
        |kind: &str, to: &str| vec![format!("{kind} x holds a NetworkPolicy that something else may apply: {to}")];
    assert_eq!(thing(&text("NetworkPolicy", ", namespace: shop-prd")), open("Thing", "shop-prd"));
    assert_eq!(thing(&text("NetworkPolicy", "")), open("Thing", "cluster"));
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
