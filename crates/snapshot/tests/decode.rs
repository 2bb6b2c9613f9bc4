//! What `decode` makes of whole texts: objects, lists, pods, and an account of everything else.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

use dtap_model::place::SourceId;
use dtap_model::tree::{Node, Value};
use dtap_snapshot::decode::{Decoded, decode, documents};
use dtap_snapshot::reading::{Context, NoticeKind, UnreadCause};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

fn read(text: &str) -> Decoded {
    decode(SourceId(0), "all.yaml", text, &Context::default())
}

fn names(decoded: &Decoded) -> Vec<&str> {
    decoded.objects.iter().map(|read| read.object.identity.name.as_str()).collect()
}

fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n")
}

/// The one thing that could not be read: its cause, its name with the place, and why.
fn unread(text: &str) -> (UnreadCause, String, String) {
    let decoded = read(text);
    let [unread] = decoded.unread.as_slice() else { panic!("{:?}", decoded.unread) };
    (unread.cause, unread.name.clone(), unread.why.clone())
}

#[test]
fn a_fault_in_one_document_leaves_the_others_read() {
    let text = format!("{}---\na: [1\n---\n{}", config_map("first"), config_map("last"));
    let decoded = read(&text);
    assert_eq!(names(&decoded), ["first", "last"]);
    assert_eq!((decoded.documents, decoded.found), (3, 2));
    assert_eq!(decoded.unread[0].cause, UnreadCause::Syntax);
    assert!(decoded.unread[0].name.starts_with("all.yaml:6:"), "{}", decoded.unread[0].name);
}

#[test]
fn empty_documents_and_comments_are_not_counted() {
    let decoded = read("---\n---\n# nothing\n---\nnull\n---\n\n");
    assert_eq!((decoded.documents, decoded.unread.len()), (0, 0));
}

#[test]
fn a_separator_is_what_kubectl_takes_for_one() {
    for separator in ["---# c", "--- # c", "---", "---\t"] {
        let text = format!("{separator}\n{}{separator}\n{}", config_map("a"), config_map("b"));
        let decoded = read(&text);
        assert_eq!((names(&decoded), decoded.documents), (vec!["a", "b"], 2), "{separator}");
        assert!(decoded.unread.is_empty(), "{:?}", decoded.unread);
    }
    let object = "--- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
    let (cause, name, why) = unread(&format!("{}{object}", config_map("b")));
    assert_eq!((cause, name.as_str()), (UnreadCause::Syntax, "all.yaml:5:5"));
    assert!(why.contains("on the line of its `---`"), "{why}");
    assert_eq!(read("--- {a: 1}\n").unread.len(), 0);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let text = format!("\u{FEFF}{}---\n{}", config_map("a"), config_map("b")).replace('\n', "\r\n");
    assert_eq!(names(&read(&text)), ["a", "b"]);
}

#[test]
fn utf_16_is_one_clear_error() {
    let text: String = "kind: Pod".chars().flat_map(|character| [character, '\0']).collect();
    let (cause, _, why) = unread(&text);
    assert_eq!((cause, why.contains("UTF-16")), (UnreadCause::Syntax, true));
}

#[test]
fn a_template_is_named_as_one() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n";
    let (cause, name, _) = unread(text);
    assert_eq!((cause, name.as_str()), (UnreadCause::Template, "all.yaml:4:10"));
}

#[test]
fn of_duplicate_keys_the_last_is_read_and_both_are_told() {
    let decoded = read("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\n");
    assert_eq!(names(&decoded), ["b"]);
    let [notice] = decoded.notices.as_slice() else { panic!("{:?}", decoded.notices) };
    assert_eq!(notice.kind, NoticeKind::DuplicateKey { key: "name".to_owned() });
    let starts: Vec<u32> = notice.places.iter().map(|place| place.span.start).collect();
    assert_eq!(starts, [53, 43]);
}

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
fn what_is_not_kubernetes_is_named() {
    let texts = [
        ("on: push\njobs: {a: {}}\n", "workflow"),
        ("services: {web: {image: a}}\n", "compose file"),
        ("kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n", "kustomization"),
        ("- {op: replace, path: /a, value: 1}\n", "patch"),
        ("a: 1\n", "other"),
        ("apiVersion: v1\nkind: Config\nclusters: []\n", "other"),
    ];
    for (text, word) in texts {
        assert_eq!(read(text).not_kubernetes, BTreeMap::from([(word, 1)]), "{text}");
    }
    let values = decode(SourceId(0), "a/values-dev.yaml", "a: 1", &Context::default());
    assert_eq!(values.not_kubernetes, BTreeMap::from([("values file", 1)]));
}

#[test]
fn what_kubectl_did_not_get_may_be_anything() {
    let list = "apiVersion: v1\nkind: List\nitems: []\n";
    for (text, more) in [
        ("error: You must be logged in to the server (Unauthorized)\n".to_owned(), true),
        ("Error from server (NotFound): namespaces \"x\" not found\n".to_owned(), true),
        ("Unable to connect to the server\n".to_owned(), true),
        (format!("{list}error: the server doesn't have a resource type \"x\"\n"), true),
        (format!("{list}---\nThe connection to the server localhost was refused\n"), true),
        (format!("{list}Error from server (Forbidden): x\n"), true),
        ("error: {code: 7}\n".to_owned(), false),
        ("error: oops\nlevel: high\n".to_owned(), false),
        ("{a: an Error from server}\n".to_owned(), false),
    ] {
        let causes: Vec<UnreadCause> = read(&text).unread.iter().map(|unread| unread.cause).collect();
        assert_eq!(causes, vec![UnreadCause::Page; usize::from(more)], "{text}");
    }
}

#[test]
fn a_helmfile_is_told_as_charts_are() {
    let read = |name: &str, text: &str| decode(SourceId(0), name, text, &Context::default()).unread.len();
    for name in ["helmfile.yaml", "a/helmfile-prd.yaml", "a/helmfile.d/web.yaml"] {
        assert_eq!(read(name, "releases: [{name: web, chart: ./web}]\n"), 1, "{name}");
        assert_eq!(read(name, "environments: {prd: {}}\n"), 0, "{name}");
    }
    assert_eq!(read("a/web.yaml", "releases: [{name: web}]\n"), 0);
}

#[test]
fn what_configures_a_cluster_is_named_by_its_kind() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {podSubnet: 10.0.0.0/8}\n";
    assert_eq!(names(&read(text)), ["ClusterConfiguration"]);
    assert_eq!(names(&read("apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n")), [""; 0]);
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
fn a_list_of_a_kind_that_kubectl_does_not_know_is_read_and_told() {
    let of = |api: &str, kind: &str| {
        let text = format!(
            "apiVersion: {api}\nkind: {kind}\nitems: [{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}}}]\n"
        );
        let json = format!(
            r#"{{"apiVersion":"{api}","kind":"{kind}","items":[{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"a"}}}}]}}"#
        );
        let [yaml, json] = [read(&text), read(&json)];
        assert_eq!((names(&yaml), yaml.unread.len()), (names(&json), json.unread.len()), "{api} {kind}");
        (yaml.objects.len(), yaml.unread.len())
    };
    for (api, kind) in [("v1", "List"), ("v1", "ConfigMapList"), ("networking.k8s.io/v1", "NetworkPolicyList")] {
        assert_eq!(of(api, kind), (1, 0), "{api} {kind}");
    }
    for (api, kind) in
        [("v1", "list"), ("v1", "LIST"), ("v1", "Foo"), ("v2", "List"), ("extensions/v1beta1", "NetworkPolicyList")]
    {
        assert_eq!(of(api, kind), (1, 1), "{api} {kind}");
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
fn items_take_what_their_list_says() {
    let text = "apiVersion: networking.k8s.io/v1\nitems: [{metadata: {name: a}}, {metadata: {name: b}}]\nkind: NetworkPolicyList\n";
    let json = r#"{"apiVersion":"networking.k8s.io/v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"kind":"NetworkPolicyList"}"#;
    for text in [text, json] {
        let decoded = read(text);
        assert_eq!((names(&decoded), decoded.found), (vec!["a", "b"], 2));
        assert!(decoded.objects.iter().all(|read| read.object.identity.kind.is("networking.k8s.io", "NetworkPolicy")));
    }
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

/// Hostile texts, each of which ends in one error or none, soon.
#[test]
fn hostile_texts_end_in_one_clear_error_soon() {
    let bomb = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(text, "a{level}: &a{level} [{inner}]").unwrap();
        }
        text
    };
    let tower = {
        let mut text = format!("a0: &a0 {}{}\n", "[".repeat(200), "]".repeat(200));
        for level in 1..2000 {
            writeln!(text, "a{level}: &a{level} {}*a{}{}", "[".repeat(200), level - 1, "]".repeat(200)).unwrap();
        }
        text
    };
    let copies = format!("a: &a \"{}\\n\"\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 1000].join(", "));
    let refused = [
        ("bomb", bomb),
        ("tower", tower),
        ("copies", copies),
        ("cycle", "a: &a [*a]\n".to_owned()),
        ("deep flow", "[".repeat(1_000_000)),
        ("deep block", "- ".repeat(100_000)),
        ("deep mapping", (0..2000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n")),
        ("deep JSON", format!("{{\"a\":{}", "[".repeat(1_000_000))),
        ("truncated JSON", r#"{"apiVersion":"v1","kind":"Li"#.to_owned()),
        ("NUL", "a: b\0c\nd: e\n".to_owned()),
        ("endless quote", format!("a: \"{}", "x".repeat(10 << 20))),
    ];
    for (what, text) in refused {
        let start = Instant::now();
        let decoded = read(&text);
        assert_eq!(decoded.unread.len(), 1, "{what}");
        assert!(decoded.unread[0].why.len() < 200, "{what}: {}", decoded.unread[0].why);
        assert!(start.elapsed() < Duration::from_secs(60), "{what} took {:?}", start.elapsed());
    }
    let large =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  b: {}\n", "x".repeat(20 << 20));
    assert_eq!(names(&read(&large)), ["a"]);
}

fn tree_to_json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::String(text) => Json::from(text.as_ref()),
        Value::Sequence(items) => items.iter().map(tree_to_json).collect(),
        Value::Mapping(entries) => Json::Object(
            entries.iter().map(|entry| (entry.key.clone().into_owned(), tree_to_json(&entry.node))).collect(),
        ),
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        // Quarters, which every reader of decimals reads alike.
        (-1_000_000_000_i64..1_000_000_000).prop_map(|value| Json::from(value as f64 / 4.0 + 0.125)),
        any::<String>().prop_map(Json::from),
        "[a-z\"\\\\]{0,20}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::hash_map("[a-z\"\\\\é]{0,6}", inner, 0..20)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Every value's span cuts the text that says that value.
fn spans_cut_the_values(node: &Node<'_>, text: &str) {
    let (start, end) = node.span.range();
    assert_eq!(serde_json::from_str::<Json>(&text[start..end]).unwrap(), tree_to_json(node));
    node.items().iter().for_each(|item| spans_cut_the_values(item, text));
    for entry in node.entries() {
        let (start, end) = entry.key_span.range();
        assert_eq!(serde_json::from_str::<String>(&text[start..end]).unwrap(), entry.key);
        spans_cut_the_values(&entry.node, text);
    }
}

proptest! {
    #[test]
    fn json_reads_as_serde_json_reads_it(value in any_json(), pretty: bool) {
        let value = json!([value]);
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let trees = documents(&text).unwrap();
        prop_assert_eq!(tree_to_json(&trees[0]), value);
        spans_cut_the_values(&trees[0], &text);
    }

    #[test]
    fn json_changed_anywhere_is_read_as_long_as_it_is_json(value in any_json(), at in 0.0..1.0_f64, byte in "[ -~]") {
        let mut text = json!({"a": value}).to_string();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a position")]
        let at = (at * text.len() as f64) as usize;
        prop_assume!(text.is_char_boundary(at) && text.is_char_boundary(at + 1));
        text.replace_range(at..=at, &byte);
        // What YAML alone reads is no matter here.
        if let Ok(theirs) = serde_json::from_str::<Json>(&text) {
            let ours = documents(&text);
            prop_assert!(ours.is_ok(), "{text} is {theirs}");
        }
    }
}

/// A pod as the API server tells it, owned by a ReplicaSet, or a policy: enough of them for the quick ways to be taken.
fn dump_items(count: usize) -> Vec<Json> {
    let pod = |index: usize| {
        json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"labels": {"app": "web", "pod-template-hash": "7f"}, "managedFields": [{"manager": "x", "fieldsV1": {"f:spec": {}}}],
                "name": format!("web-7f-{index}"), "namespace": "n1",
                "ownerReferences": [{"apiVersion": "apps/v1", "controller": true, "kind": "ReplicaSet", "name": "web-7f"}]},
            "spec": {"containers": [{"env": [{"name": "A", "value": "x},{\"apiVersion\"".repeat(100)}], "name": "web",
                "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}]}], "hostNetwork": index.is_multiple_of(7), "nodeName": "node-1"},
            "status": {"phase": if index.is_multiple_of(5) { "Failed" } else { "Running" }, "podIP": "10.0.0.1"}})
    };
    let policy = |index: usize| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": format!("p{index}"), "namespace": "n1"},
            "spec": {"ingress": [{"from": [{"podSelector": {}}]}], "podSelector": {}}})
    };
    (0..count).map(|index| if index % 10 == 3 { policy(index) } else { pod(index) }).collect()
}

/// What was read, without the places: those differ between the ways to write one list.
fn told(decoded: &Decoded) -> Vec<String> {
    let objects =
        decoded.objects.iter().map(|read| format!("{:?} {}", read.object.identity, tree_to_json(&read.object.tree)));
    let pods = decoded.pods.iter().map(|pod| {
        let workload = &pod.workload;
        let state = (workload.host_network, workload.finished, &workload.node, &workload.addresses);
        format!("{:?} {:?} {:?} {} {} {state:?}", pod.namespace, pod.labels, pod.ports, workload.name, workload.told_as)
    });
    objects.chain(pods).collect()
}

#[test]
fn a_page_of_a_longer_list_says_that_there_is_more() {
    let items = dump_items(3000);
    let list = |metadata: Json| json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": metadata});
    let (page, whole) =
        (json!({"continue": "abc", "remainingItemCount": 7}), json!({"continue": "", "remainingItemCount": 0}));
    let block =
        items.iter().fold("apiVersion: v1\nitems:\n".to_owned(), |text, item| text + "- " + &item.to_string() + "\n");
    let texts = [
        ("all.yaml", list(page).to_string(), true),
        ("all.yaml", block.clone() + "kind: List\nmetadata:\n  continue: abc\n", true),
        ("all.yaml", block + "kind: List\nmetadata:\n  continue: ''\n", false),
        ("all.yaml", "{kind: NetworkPolicyList, apiVersion: networking.k8s.io/v1, metadata: {remainingItemCount: 20}, items: []}".to_owned(), true),
        ("all.json", r#"{"items":[{"metadata":{"name":"a"}}],"kind":"NetworkPolicyList","apiVersion":"networking.k8s.io/v1","metadata":{"continue":"x"}}"#.to_owned(), true),
        ("all.json", list(whole).to_string(), false),
    ];
    for (name, text, more) in texts {
        let decoded = decode(SourceId(0), name, &text, &Context::default());
        let causes: Vec<UnreadCause> = decoded.unread.iter().map(|unread| unread.cause).collect();
        assert_eq!(causes, vec![UnreadCause::Page; usize::from(more)], "{}", &text[..80]);
    }
    let (_, place, why) = unread("apiVersion: v1\nkind: List\nmetadata:\n  continue: abc\nitems: []\n");
    assert_eq!(
        (place.as_str(), why.as_str()),
        ("all.yaml:4:13", "a page of a longer list: not all of what the cluster holds is here")
    );
}

#[test]
fn a_long_list_reads_as_its_items_read_one_by_one() {
    let items = dump_items(3000);
    let list = json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}});
    let compact = list.to_string();
    assert!(compact.len() > 4 << 20, "too short to be cut");
    let one_by_one = read(&items.iter().map(Json::to_string).collect::<Vec<_>>().join("\n"));
    assert_eq!((one_by_one.found, one_by_one.pods.len(), one_by_one.objects.len()), (3000, 2700, 300));
    assert_eq!(one_by_one.pods[1].workload.told_as, "web");
    let yaml = format!(
        "apiVersion: v1\nitems:\n{}kind: List\n",
        items.iter().fold(String::new(), |text, item| text + "- " + &item.to_string() + "\n")
    );
    let kind_first = format!(r#"{{"kind":"List","apiVersion":"v1","items":{}}}"#, json!(items));
    for text in [compact, serde_json::to_string_pretty(&list).unwrap(), yaml, kind_first] {
        let decoded = read(&text);
        assert_eq!((decoded.documents, decoded.found, decoded.unread.len()), (1, 3000, 0));
        assert!(told(&decoded) == told(&one_by_one));
    }
}

#[test]
fn the_mirror_of_a_static_pod_is_kept_whole() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "etcd-a", "ownerReferences": [{"kind": "Node", "name": "a", "controller": true}]},
        "spec": {"containers": [{"name": "c", "command": ["etcd", "--x=y"]}]},
    });
    let list = json!({"apiVersion": "v1", "items": vec![pod.clone(); 3], "kind": "PodList"});
    for (text, count) in [(pod.to_string(), 1), (list.to_string(), 3)] {
        let decoded = read(&text);
        assert_eq!((decoded.pods.len(), decoded.objects.len()), (0, count));
        let containers = decoded.objects[0].object.tree.at(&["spec", "containers"]).unwrap();
        assert!(containers.items()[0].get("command").is_some(), "{text}");
    }
}

#[test]
fn a_place_in_a_long_list_is_the_place_in_the_file() {
    let list = json!({"apiVersion": "v1", "items": dump_items(3000), "kind": "List"}).to_string();
    for text in [list.clone(), list.replace("\"items\":[", "\"items\":[\n\n")] {
        for pod in &read(&text).pods {
            let (start, end) = pod.workload.place.span.range();
            assert_eq!(text[start..end].trim_matches('"'), pod.workload.name);
        }
    }
}

#[test]
fn a_fault_deep_in_a_long_list_is_told_where_it_is() {
    let list = json!({"apiVersion": "v1", "items": dump_items(3000), "kind": "List"}).to_string();
    let at = list.rfind("\"containers\"").unwrap();
    let broken = format!("{}oops{}", &list[..at], &list[at..]);
    let decoded = read(&broken);
    let [unread] = decoded.unread.as_slice() else { panic!("{:?}", decoded.unread) };
    assert_eq!(unread.name, format!("all.yaml:1:{}", at + 1));
}

#[test]
fn an_alias_across_the_items_of_a_long_list_is_resolved() {
    let filler = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n".repeat(10_000);
    let text = format!(
        "apiVersion: v1\nitems:\n- &x {{apiVersion: v1, kind: Secret, metadata: {{name: s}}}}\n{filler}- *x\nkind: List\n"
    );
    let decoded = read(&text);
    assert_eq!((decoded.found, decoded.unread.len()), (10_002, 0));
    assert_eq!(names(&decoded).last(), Some(&"s"));
}

#[test]
fn what_kubectl_refuses_before_it_has_a_kind_is_an_error() {
    let spec = "metadata: {name: open}, spec: {podSelector: {}}";
    let policy = format!("apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, {spec}");
    let texts = [
        (format!("{{kind: NetworkPolicy, {spec}}}"), "NetworkPolicy open: `apiVersion` must be text, and is nothing"),
        (
            format!("{{apiVersion: networking.k8s.io/v1, Kind: NetworkPolicy, {spec}}}"),
            "open: `kind` must be text, and is nothing",
        ),
        (format!("{{{spec}}}"), "open: `kind` must be text, and is nothing"),
        (
            format!("{{apiVersion: networking.k8s.io/v1, kind: networkpolicy, {spec}}}"),
            "must be NetworkPolicy, and is spelled otherwise",
        ),
        ("{apiVersion: v1, kind: List, items: {a: b}}".to_owned(), "`items` must be a list, and is a mapping"),
        ("{apiVersion: v1, kind: List, items: [3]}".to_owned(), "an item of a list that is no object"),
        (
            format!("{{apiVersion: v1, kind: List, items: [{{apiVersion: v1, kind: List, items: [{{{policy}}}]}}]}}"),
            "a list within a list",
        ),
        (format!("[{{{policy}}}]"), "a bare list of objects"),
    ];
    for (text, expected) in texts {
        let (cause, name, why) = unread(&text);
        assert_eq!(cause, UnreadCause::Object, "{text}");
        assert!(why.contains(expected) && name.starts_with("all.yaml:1:"), "{name} {why}");
    }
}

#[test]
fn a_list_whose_items_are_indented_is_read_in_pieces_alike() {
    let item = |indent: &str, index: usize| {
        format!(
            "{indent}- apiVersion: v1\n{indent}  kind: ConfigMap\n{indent}  metadata:\n{indent}    name: a{index}\n{indent}  data:\n{indent}    b: |\n{indent}      - c\n{indent}      d\n"
        )
    };
    let list = |indent: &str| {
        let items = (0..4000).map(|index| item(indent, index)).collect::<String>();
        read(&format!("apiVersion: v1\nitems:\n{items}kind: List\n"))
    };
    let plain = list("");
    assert_eq!((plain.found, plain.unread.len()), (4000, 0));
    for indent in ["  ", "    "] {
        assert_eq!(told(&list(indent)), told(&plain));
    }
}

/// A text of as many parts as `limit` is read, and one of a part more is not.
#[track_caller]
fn holds_at_most(limit: usize, text: impl Fn(usize) -> String, why: &str) {
    let within = read(&text(limit));
    assert!(within.unread.is_empty(), "{:?}", within.unread.first());
    let beyond = read(&text(limit + 1));
    let told: Vec<&str> = beyond.unread.iter().map(|unread| unread.why.as_str()).collect();
    assert!(matches!(told.as_slice(), [only] if only.contains(why)), "{told:?}");
    assert!(beyond.objects.is_empty() && beyond.pods.is_empty());
}

#[test]
fn one_text_holds_at_most_half_a_million_objects() {
    let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","ownerReferences":[{"controller":true}]}}"#;
    let list = |pods: usize| {
        format!(r#"{{"apiVersion":"v1","kind":"List","items":[{}{pod}]}}"#, format!("{pod},").repeat(pods - 1))
    };
    holds_at_most(500_000, list, "holds more than 500000 objects");
}

#[test]
fn one_object_holds_at_most_a_mebi_of_values() {
    let object = |values: usize| {
        let items = vec!["1"; values - 5].join(",");
        format!(r#"{{"apiVersion":"v1","kind":"X","metadata":{{"name":"a"}},"spec":[{items}]}}"#)
    };
    holds_at_most(1 << 20, object, "an object of more than 1048576 values");
}

#[test]
fn of_the_faults_of_one_text_a_hundred_are_told() {
    let broken = |documents: usize| "---\na: [\n".repeat(documents);
    assert_eq!(read(&broken(100)).unread.len(), 100);
    let more = read(&broken(101)).unread;
    assert_eq!(more.len(), 101);
    assert!(more.last().unwrap().why.starts_with("1 more fault"), "{:?}", more.last());
}
