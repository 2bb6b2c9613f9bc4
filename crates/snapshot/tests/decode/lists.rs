//! Lists: what kubectl takes for one, long ones, and pages of them.

use super::*;

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
fn items_take_what_their_list_says() {
    let text = "apiVersion: networking.k8s.io/v1\nitems: [{metadata: {name: a}}, {metadata: {name: b}}]\nkind: NetworkPolicyList\n";
    let json = r#"{"apiVersion":"networking.k8s.io/v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"kind":"NetworkPolicyList"}"#;
    for text in [text, json] {
        let decoded = read(text);
        assert_eq!((names(&decoded), decoded.found), (vec!["a", "b"], 2));
        assert!(decoded.objects.iter().all(|read| read.object.identity.kind.is("networking.k8s.io", "NetworkPolicy")));
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
        (format!("{{apiVersion: v1, kind: List, Items: [{{{policy}}}]}}"), "`items` must be in small letters"),
        (format!("{{apiVersion: v1, items: [{{{policy}}}]}}"), "`kind` must be text, and is nothing"),
        (format!("{{items: [{{{policy}}}]}}"), "`kind` must be text, and is nothing"),
        (
            format!("{{apiVersion: cilium.io/v2, kind: ciliumnetworkpolicy, {spec}}}"),
            "must be …NetworkPolicy, in the capitals of its group",
        ),
        (
            format!("{{apiVersion: kyverno.io/v1, kind: Clusterpolicy, {spec}}}"),
            "must be ClusterPolicy, and is spelled",
        ),
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
