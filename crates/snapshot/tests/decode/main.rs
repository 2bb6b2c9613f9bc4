//! What `decode` makes of whole texts: objects, lists, pods, and an account of everything else.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

mod json;
mod limits;
mod lists;
mod refused;
#[path = "../tree/mod.rs"]
mod tree;

use dtap_model::place::SourceId;
use dtap_model::tree::Node;
use dtap_snapshot::decode::{Decoded, decode, documents};
use dtap_snapshot::reading::{Context, NoticeKind, UnreadCause};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};
use tree::json as tree_to_json;

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
fn settings_of_fleet_that_install_or_change_something_are_told() {
    let read = |name: &str, text: &str| decode(SourceId(0), name, text, &Context::default()).unread.len();
    for text in ["namespaceLabels: {a: b}", "helm: {chart: x, repo: y}", "targetCustomizations: [{name: a}]"] {
        assert_eq!(read("apps/fleet.yaml", text), 1, "{text}");
        assert_eq!(read("apps/other.yaml", text), 0, "{text}");
    }
    assert_eq!(read("apps/fleet.yaml", "defaultNamespace: shop\nhelm: {releaseName: a}\n"), 0);
}

#[test]
fn what_configures_a_cluster_is_named_by_its_kind() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {podSubnet: 10.0.0.0/8}\n";
    assert_eq!(names(&read(text)), ["ClusterConfiguration"]);
    assert_eq!(names(&read("apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n")), [""; 0]);
}
