//! Whom policies speak of, and documents of one identity.

use super::*;

#[test]
fn what_policies_speak_of_is_elsewhere_or_shared() {
    let text = namespace("a-dev", "")
        + &namespace("a-prd", "")
        + &namespace("proxies", "role: proxy")
        + &namespace("lonely", "")
        + &policy("p", "a-dev", "{matchLabels: {role: proxy}}")
        + &policy("p", "a-prd", "{matchLabels: {role: proxy}}")
        + &policy("q", "a-prd", "{matchLabels: {component: ingress}}")
        + &policy("r", "a-prd", "{matchLabels: {kubernetes.io/metadata.name: lost}}")
        + &policy("s", "a-prd", "{}")
        + &policy("t", "a-prd", "{matchLabels: {example.org/namespace: lonely}}");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        namespaces(&snapshot),
        [
            "cluster:a-dev=a/dev",
            "cluster:a-prd=a/prd",
            "cluster:component=ingress=Elsewhere",
            "cluster:example.org/namespace=lonely=Elsewhere",
            "cluster:lonely=Unplaced",
            "cluster:lost=Elsewhere",
            "cluster:proxies=Shared",
        ]
    );
}

#[test]
fn the_name_of_a_namespace_is_a_label_whatever_the_manifest_says() {
    let snapshot = scan(&[("a.yaml", &namespace("a-dev", "kubernetes.io/metadata.name: b, z: a"))]);
    let labels = &snapshot.namespaces[0].labels;
    let expected = [("kubernetes.io/metadata.name", "a-dev"), ("z", "a")];
    assert_eq!(labels.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn documents_that_say_the_same_are_one_and_others_are_alternatives() {
    let text = config("x", "a-dev", "1") + &config("x", "a-dev", "1") + &config("x", "a-dev", "2");
    assert_eq!(scan(&[("a.yaml", &text)]).objects.len(), 2);
}

#[test]
fn a_policy_that_names_the_second_document_of_a_namespace_or_nobody_speaks_of_none_elsewhere() {
    let text = namespace("shop-dev", "environment: dev")
        + &namespace("shop-dev", "environment: dev, team: x")
        + &namespace("shop-prd", "environment: prd")
        + &policy("p", "shop-prd", "{matchLabels: {team: x}}")
        + &policy("q", "shop-prd", "{matchLabels: {kubernetes.io/metadata.name: ''}}");
    let found = namespaces(&scan(&[("all.yaml", &text)]));
    assert_eq!(found, ["cluster:shop-dev=shop/dev", "cluster:shop-prd=shop/prd"]);
}
