//! What the API server, or kubectl, would refuse is told and not read.

use super::*;

#[test]
fn a_label_that_is_no_text_is_refused_as_the_server_does() {
    let (cause, name, why) = unread("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels:\n    canary: yes\n");
    assert_eq!((cause, name.as_str()), (UnreadCause::Object, "all.yaml:6:13"));
    assert_eq!(why, "Pod p: `metadata.labels.canary` must be text, and is a boolean");
}

#[test]
fn a_wrong_type_in_any_judged_field_is_one_clear_error() {
    let pod = |field: &str| format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, {field}}}");
    let policy = |spec: &str| {
        format!("{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, spec: {{{spec}}}}}")
    };
    let rollout = |spec: &str| {
        format!(
            "{{apiVersion: argoproj.io/v1, kind: Rollout, metadata: {{name: p}}, spec: {{template: {{spec: {{{spec}}}}}}}}}"
        )
    };
    let texts = [
        "{apiVersion: v1, kind: Pod, metadata: [name]}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {name: 5}}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: 5}}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: [a]}}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {a: 1}}}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {name: p, ownerReferences: {}}}".to_owned(),
        "{apiVersion: 1, kind: Pod, metadata: {name: p}}".to_owned(),
        "{apiVersion: v1, kind: [Pod], metadata: {name: p}}".to_owned(),
        "{apiVersion: v1, kind: Pod, metadata: {}}".to_owned(),
        "{apiVersion: v1, kind: Pod}".to_owned(),
        pod("spec: []"),
        pod("spec: {hostNetwork: 'true'}"),
        pod("spec: {containers: {}}"),
        pod("spec: {initContainers: [{ports: [{containerPort: '80'}]}]}"),
        pod("spec: {nodeName: 1}"),
        pod("status: {phase: 1}"),
        rollout("hostNetwork: '${HOSTNET}', containers: []"),
        rollout("containers: [{ports: [{containerPort: 80, hostPort: '80'}]}]"),
        rollout("containers: {}"),
        policy("podSelector: []"),
        policy("podSelector: {matchLabels: {a: 1}}"),
        policy("policyTypes: Ingress"),
        policy("ingress: {}"),
        policy("ingress: [{from: {}}]"),
        policy("ingress: [{from: [{ipBlock: 10.0.0.0/8}]}]"),
        policy("egress: [{ports: [{port: true}]}]"),
        policy("egress: [{ports: [{port: 1, endPort: '2'}]}]"),
        policy("egress: [{to: [{namespaceSelector: {matchExpressions: [{values: a}]}}]}]"),
    ];
    for text in texts {
        let (cause, name, _) = unread(&text);
        assert_eq!(cause, UnreadCause::Object, "{text}");
        assert!(name.starts_with("all.yaml:1:"), "{name}");
        assert!(read(&text).objects.is_empty(), "{text}");
    }
}

#[test]
fn a_kind_by_the_name_of_its_resource_is_none() {
    let text = |api: &str, kind: &str| format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n");
    let (cause, _, why) = unread(&text("networking.k8s.io/v1", "NetworkPolicies"));
    assert_eq!(
        (cause, why.as_str()),
        (UnreadCause::Object, "NetworkPolicies a: `kind` must be NetworkPolicy, and is spelled otherwise")
    );
    assert_eq!(read(&text("apps/v1", "deployments")).unread.len(), 1);
    assert_eq!(names(&read(&text("example.com/v1", "Jobs"))), ["a"]);
}

#[test]
fn what_stands_for_another_text_may_be_any() {
    for text in [
        "version https://git-lfs.github.com/spec/v1\noid sha256:abc\n",
        "../../shared/policies.yaml\n",
        "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
        "data: ENC[x]\nsops: {mac: 'ENC[x]', lastmodified: '2026-01-01'}\n",
    ] {
        let decoded = read(text);
        assert_eq!((decoded.unread.len(), decoded.not_kubernetes.len()), (1, 0), "{text}");
    }
    for text in ["# nothing\n", "a: b\n", "[a]\n", "1\n", "1.2.3\n", "just a text\n", "sops: {a: b}\n"] {
        assert!(read(text).unread.is_empty(), "{text}");
    }
}

#[test]
fn a_service_that_does_not_decode_is_refused() {
    let refused = |spec: &str| {
        read(&format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n")).unread.len()
    };
    for spec in
        ["{ports: [{port: 80, targetPort: web}], selector: {a: b}, clusterIPs: [10.0.0.1]}", "null", "{ports: null}"]
    {
        assert_eq!(refused(spec), 0, "{spec}");
    }
    for spec in [
        "nonsense",
        "{ports: 80}",
        "{ports: {}}",
        "{ports: [80]}",
        "{ports: [{port: '80'}]}",
        "{ports: [{port: 80, targetPort: []}]}",
        "{ports: [{port: 80, nodePort: '1'}]}",
        "{ports: [{port: 80, protocol: 6}]}",
        "{ports: [{port: 80, name: 6}]}",
        "{selector: {a: 1}}",
        "{selector: [a]}",
        "{type: 1}",
        "{clusterIP: 1}",
        "{clusterIPs: 10.0.0.1}",
        "{externalIPs: '${IP}'}",
        "{loadBalancerIP: 1}",
    ] {
        assert_eq!(refused(spec), 1, "{spec}");
    }
}

#[test]
fn endpoints_that_do_not_decode_are_refused() {
    let refused =
        |api: &str, rest: &str| read(&format!("apiVersion: {api}\nmetadata: {{name: a}}\n{rest}\n")).unread.len();
    let (slice, endpoints) = ("discovery.k8s.io/v1\nkind: EndpointSlice", "v1\nkind: Endpoints");
    assert_eq!(refused(slice, "endpoints: [{addresses: [10.0.0.1]}]\nports: [{port: 80}, {port: null}]"), 0);
    assert_eq!(refused(endpoints, "subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]"), 0);
    for rest in
        ["endpoints: 3", "endpoints: [{addresses: 10.0.0.1}]", "ports: [{port: '80'}]", "ports: {}", "addressType: 4"]
    {
        assert_eq!(refused(slice, rest), 1, "{rest}");
    }
    for rest in [
        "subsets: {a: b}",
        "subsets: [{addresses: [10.0.0.1]}]",
        "subsets: [{notReadyAddresses: a}]",
        "subsets: [{ports: [80]}]",
    ] {
        assert_eq!(refused(endpoints, rest), 1, "{rest}");
    }
    for kind in
        ["v1\nkind: endpoints", "discovery.k8s.io/v1\nkind: Endpointslice", "cilium.io/v2\nkind: ciliumNetworkPolicy"]
    {
        assert_eq!(refused(kind, "spec: {}"), 1, "{kind}");
    }
    assert_eq!(refused("cilium.io/v2\nkind: CiliumNetworkPolicy", "spec: {}"), 0);
}

#[test]
fn a_star_in_a_name_is_no_mark_of_one_that_is_generated() {
    let text = |api: &str, kind: &str| format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: 'a-*'}}\n");
    let (cause, _, why) = unread(&text("networking.k8s.io/v1", "NetworkPolicy"));
    let expected = "NetworkPolicy a-*: `metadata.name` must be a name without `*`, and is one with it";
    assert_eq!((cause, why.as_str()), (UnreadCause::Object, expected));
    assert_eq!(names(&read(&text("rbac.authorization.k8s.io/v1", "ClusterRole"))), ["a-*"]);
    let generated = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n";
    assert_eq!(names(&read(generated)), ["a-*"]);
}

#[test]
fn no_message_shows_the_value_of_a_secret() {
    let faults = [
        "S3cr3t: S3cr3t",
        "\"S3cr3t",
        "*S3cr3t",
        "!!int S3cr3t",
        "[S3cr3t",
        "@S3cr3t",
        "!!binary S3cr3t",
        "&S3cr3t &S3cr3t a",
    ];
    for fault in faults {
        let text = format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: {fault}\n");
        let decoded = read(&text);
        assert_eq!(decoded.unread.len(), 1, "{fault}");
        let told = format!("{:?} {:?}", decoded.unread, decoded.notices);
        assert!(!told.contains("S3cr3t") && !told.contains("cr3t"), "{told}");
    }
}

#[test]
fn a_refused_object_is_kept_to_its_namespace_where_all_else_that_it_says_is() {
    let confined = |api: &str, kind: &str, metadata: &str, rest: &str| {
        let text = format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{labels: {{a: 1}}, {metadata}}}\n{rest}\n");
        read(&text).unread[0].confined
    };
    let named = "name: x, namespace: shop-dev";
    let flux = "helm.toolkit.fluxcd.io/v2";
    assert!(confined(flux, "HelmRelease", named, "spec: {chart: {spec: {chart: x}}, targetNamespace: ~}"));
    assert!(!confined(flux, "HelmRelease", "name: x", "spec: {}"), "it names none");
    for spec in
        ["targetNamespace: shop-prd", "kubeConfig: {secretRef: {name: x}}", "values: {a: 'kind: NetworkPolicy'}"]
    {
        assert!(!confined(flux, "HelmRelease", named, &format!("spec: {{{spec}}}")), "{spec}");
    }
    assert!(!confined("helm.example.net/v1", "HelmRelease", named, "spec: {}"));
    let daemon =
        |image: &str| confined("apps/v1", "DaemonSet", named, &format!("spec: {{template: {{image: {image}}}}}"));
    assert!(daemon("fluentd") && !daemon("flannel/flannel"));
    let settings = |name: &str, rest: &str| confined("v1", "ConfigMap", &named.replace('x', name), rest);
    assert!(settings("x", "data: {a: b}"));
    assert!(!settings("cilium-config", "data: {a: b}") && !settings("x", "binaryData: {a: b}"));
    assert!(!settings("x", "data: {a: 'kind: Namespace'}"));
}
