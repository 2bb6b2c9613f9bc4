//! When two values say the same: the table that decides what an environment's own name is.

use super::street::{street, told};
use dtap_verify::parity;

/// A value in dev, the value in prd, and whether they say the same.
#[rustfmt::skip]
const DEV_AND_PRD: &[(&str, &str, bool)] = &[
    // Each names itself as a whole word.
    ("dev", "prd", true), ("DEV", "PRD", true), ("Dev", "prd", true),
    ("shop-dev", "shop-prd", true), ("dev-shop", "prd-shop", true), ("shop_dev_db", "shop_prd_db", true),
    ("dev.shop.example", "prd.shop.example", true), ("https://dev.shop.example/a?b=dev", "https://prd.shop.example/a?b=prd", true),
    ("orders.shop-dev.svc.cluster.local:5432", "orders.shop-prd.svc.cluster.local:5432", true),
    ("/config/dev/app.yaml", "/config/prd/app.yaml", true), ("dev/", "prd/", true), ("a:dev", "a:prd", true),
    ("{dev}", "{prd}", true), ("dev dev", "prd prd", true), ("--profile=dev", "--profile=prd", true),
    ("/api/dev", "/api/prd", true), ("arn:aws:s3:::shop-dev-logs", "arn:aws:s3:::shop-prd-logs", true),
    // In any spelling of its own stage.
    ("development", "production", true), ("dev", "production", true), ("shop-develop", "shop-prod", true),
    ("NODE_ENV=development", "NODE_ENV=production", true), ("development-kit", "production-kit", true),
    // The same value is the same, whatever it names.
    ("dev", "dev", true), ("prd", "prd", true), ("latest", "latest", true), ("/dev/shm", "/dev/shm", true),
    ("product", "product", true), ("dev@shop.example", "dev@shop.example", true), ("production", "production", true),
    // A host of one of them, which the other is wired to; no host, or nobody's.
    ("db.dev.shop.example", "db.prd.shop.example", true), ("prd-db.shop.example:5432", "prd-db.shop.example:5432", false),
    ("db.prd.shop.example", "db.prd.shop.example", false), ("db.dev.shop.example", "db.dev.shop.example", false),
    ("postgres://db.prd.shop.example/a", "postgres://db.prd.shop.example/a", false),
    ("application.prd.yaml", "application.prd.yaml", true), ("https://dev.azure.com/a", "https://dev.azure.com/a", true),
    ("db.live.shop.example", "db.live.shop.example", true), ("db.pre-prod.shop.example", "db.pre-prod.shop.example", true),
    // It names another environment, or none.
    ("dev", "tst", false), ("tst", "prd", false), ("acc", "prd", false), ("dev", "acc", false),
    ("prd", "dev", false), ("tst", "acc", false), ("shop-dev", "shop-acc", false), ("dev", "", false),
    ("db.dev.example", "db.dev2.example", false), ("shop-dev", "shop", false), ("dev", "shop", false),
    ("dev.shop.example", "shop.example", false), ("dev.shop.example", "www.shop.example", false),
    ("dev-dev", "prd-dev", false), ("dev dev", "prd tst", false), ("dev", "uat", false), ("dev", "staging", false),
    // Parts of words are no names.
    ("developer", "prder", false), ("devops", "prdops", false), ("device", "prdice", false), ("devel0", "prd0", false),
    ("latest", "laprd", false), ("product", "devuct", false), ("developmental", "productional", false),
    ("shopdev", "shopprd", false), ("dev1", "prd1", false), ("1dev", "1prd", false), ("dev\u{e9}", "prd\u{e9}", false),
    // Another stage that has the name in it.
    ("dev", "pre-prod", false), ("dev", "non-prod", false), ("dev", "preprod", false), ("dev", "nonprod", false),
    ("shop-dev", "shop-pre-production", false), ("dev", "non_prd", false),
    // The folder of devices.
    ("/dev/shm", "/prd/shm", false), ("/dev/null", "/prd/null", false), ("/dev", "/prd", false),
    ("> /dev/stdout", "> /prd/stdout", false), ("/dev/sda1", "/prd/sda1", false), ("/dev/fd/3", "/prd/fd/3", false),
    ("/dev:/dev", "/prd:/prd", false), ("/dev/tty", "/production/tty", false), ("/dev/api", "/prd/api", true),
    // The end of a domain.
    ("app.dev", "app.prd", false), ("app.dev", "app.dev", true), ("tekton.dev/v1", "tekton.prd/v1", false),
    ("app.dev.yaml", "app.prd.yaml", true), ("dev.app.dev", "prd.app.dev", true), ("dev.app.dev", "prd.app.prd", false),
    // Anything else that differs.
    ("dev-1", "prd-2", false), ("dev", "prd ", false), ("a-dev", "b-prd", false), ("1.8.2", "1.8.1", false),
];

/// A ConfigMap with this value in the only namespace of a stage.
fn settings(stage: &str, value: &str) -> String {
    let value = serde_json::to_string(value).unwrap();
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings, namespace: shop-{stage}}}\ndata: {{says: {value}}}\n"
    )
}

/// Which of the environments, dev, tst and so on, are identical to the first: by their digests, and by their
/// differences.
fn identical(environments: &[(&str, &str)]) -> Vec<bool> {
    let texts: Vec<(&str, String)> = environments.iter().map(|(stage, says)| (*stage, settings(stage, says))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(stage, text)| (*stage, text.as_str())).collect();
    let snapshot = street(&texts);
    let digests = parity::judge(&snapshot).digests;
    let ids = &snapshot.streets[0].environments;
    let same = |id| {
        let same = parity::compare(&snapshot, ids[0], id).causes.is_empty();
        assert_eq!(same, digests[&ids[0]] == digests[&id], "{environments:?}");
        same
    };
    ids.iter().map(|id| same(*id)).collect()
}

#[test]
fn only_an_environments_own_name_as_a_whole_word_is_no_difference() {
    for (left, right, expected) in DEV_AND_PRD {
        assert_eq!(identical(&[("dev", left), ("prd", right)])[1], *expected, "{left} in dev, {right} in prd");
        assert_eq!(identical(&[("prd", right), ("dev", left)])[1], *expected, "{right} in prd, {left} in dev");
    }
    assert!(DEV_AND_PRD.len() >= 60);
}

#[test]
fn what_several_environments_say_in_one_spelling_names_none_of_them() {
    // All the same; each its own; one that names another environment.
    assert_eq!(identical(&[("dev", "production"), ("tst", "production"), ("prd", "production")]), [true, true, true]);
    assert_eq!(identical(&[("dev", "dev@x"), ("tst", "tst@x"), ("prd", "prd@x")]), [true, true, true]);
    assert_eq!(identical(&[("dev", "dev@x"), ("tst", "tst@x"), ("prd", "dev@x")]), [true, false, true]);
    assert_eq!(
        identical(&[("dev", "development"), ("tst", "production"), ("prd", "production")]),
        [true, false, false]
    );
}

/// The differences between two environments whose ConfigMap or Deployment says this.
fn between(dev: &str, prd: &str) -> Vec<String> {
    let config = |stage: &str, rest: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings, namespace: shop-{stage}}}\n{rest}\n")
    };
    told(("dev", &config("dev", dev)), ("prd", &config("prd", prd)))
}

#[test]
fn what_both_say_word_for_word_names_neither() {
    for same in [
        "data: {application-dev.yaml: xx, application-prd.yaml: yy}",
        "env: [{name: A, value: dev}, {name: B, value: prd}]",
        "env: [{name: DEV_URL, value: aa}, {name: PRD_URL, value: bb}]",
        "args: [--allow, dev, prd]",
        "spec: {matchExpressions: [{key: environment, operator: In, values: [dev, prd]}]}",
    ] {
        assert_eq!(between(same, same), Vec::<String>::new(), "{same}");
    }
}

#[test]
fn items_that_a_key_tells_apart_say_what_they_say_each_for_itself() {
    let env = |own: &str, other: &str| format!("env: [{{name: OWN, value: {own}}}, {{name: OTHER, value: {other}}}]");
    assert_eq!(between(&env("dev", "prd"), &env("prd", "prd")), Vec::<String>::new());
    assert_eq!(between(&env("dev", "prd"), &env("prd", "dev")).len(), 1, "OTHER names prd in dev, and dev in prd");
    assert_eq!(between(&env("dev", "prd"), &env("dev", "prd")), Vec::<String>::new());
}

#[test]
fn items_answer_to_one_another_as_their_digests_do() {
    let secret = |name: &str, replicas: u32| format!("imagePullSecrets: [{{name: {name}}}]\nreplicas: {replicas}");
    assert_eq!(between(&secret("reg-dev", 1), &secret("reg", 3)).len(), 1, "a reference with a prefix, and replicas");
    let ports = |stage: &str, other: &str| {
        format!(
            "ports: [{{name: u-{stage}, port: 53, protocol: UDP}}, {{name: t-{stage}, port: 53, protocol: TCP}}]\n\
             other: {other}"
        )
    };
    assert_eq!(between(&ports("dev", "a"), &ports("prd", "b")).len(), 1, "what the first key does not tell apart");
    let mounts = |stage: &str| {
        format!(
            "containers: [{{name: web-{stage}, image: x, volumeMounts: \
             [{{name: v, mountPath: /data/{stage}, subPath: {stage}}}]}}]"
        )
    };
    assert_eq!(between(&mounts("dev"), &mounts("prd")), Vec::<String>::new(), "words below words");
    let tolerations = |more: &str| format!("tolerations: [{{key: stage, operator: Equal, value: prd}}{more}]");
    assert_eq!(between(&tolerations(""), &tolerations(", {operator: Exists}")).len(), 1, "one without the key");
}

#[test]
fn a_name_without_the_environment_names_nothing_where_the_object_is_called_otherwise() {
    let text = |stage: &str, service: &str, says: &str, secret: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}}}\n---\napiVersion: v1\nkind: Service\n\
             metadata: {{name: {service}, namespace: shop-{stage}}}\n---\napiVersion: v1\nkind: Secret\nmetadata: \
             {{name: db-{stage}, namespace: shop-{stage}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: c, \
             namespace: shop-{stage}}}\nspec: {{volumes: [{{name: v, secret: {{secretName: {secret}}}}}], says: {says}}}\n"
        )
    };
    let between = |service: &str, says: &str, secret: &str, (to_says, to_secret): (&str, &str)| {
        told(("uat", &text("uat", service, says, secret)), ("prod", &text("prod", "web-prod", to_says, to_secret)))
            .len()
    };
    let prod = ("web-prod", "db-prod");
    assert_eq!(between("web-uat", "web-uat", "db-uat", prod), 0);
    assert_eq!(between("web", "web", "db-uat", prod), 0, "each names its own");
    assert_eq!(between("web-uat", "web", "db-uat", prod), 1, "uat has no web");
    assert_eq!(between("web", "web-uat", "db-uat", prod), 1, "uat has no web-uat");
    assert_eq!(between("web-uat", "web-uat", "db", prod), 1, "uat has no Secret db");
    assert_eq!(between("web-uat", "web", "db", ("web", "db")), 0, "neither names one");
    assert_eq!(between("web-uat", "shop", "db-uat", ("shop-prod", "db-prod")), 1, "a Namespace has no such name");
}

/// A generated ConfigMap of this name, and a Deployment that mounts it.
fn generated(stage: &str, name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop-{stage}}}\ndata: {{A: {name}}}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, namespace: shop-{stage}}}\nspec: {{template: {{spec: \
         {{volumes: [{{name: v, configMap: {{name: {name}}}}}]}}}}}}\n"
    )
}

#[test]
fn a_generated_name_that_two_environments_share_is_still_that_of_one_object() {
    let [one, other] = ["reader-fftdgkfc2g", "reader-9mm94b2mk9"];
    let (dev, acc, prd) = (generated("dev", one), generated("acc", one), generated("prd", other));
    let references = |environments: &[(&str, &str)]| -> Vec<String> {
        let findings = parity::judge(&street(environments)).findings;
        findings.into_iter().map(|finding| finding.summary).filter(|told| told.contains("configMap")).collect()
    };
    assert_eq!(references(&[("acc", &acc), ("prd", &prd)]), Vec::<String>::new());
    assert_eq!(references(&[("dev", &dev), ("acc", &acc), ("prd", &prd)]), Vec::<String>::new());
    let both = format!("{}---\n{}", generated("prd", one), generated("prd", other));
    assert_eq!(references(&[("acc", &acc), ("prd", &both)]), Vec::<String>::new(), "one environment has two of it");
}

#[test]
fn only_what_leads_to_an_environment_is_told_to_point_at_one() {
    let found = between("args: [dev, a]", "args: [dev, prd]");
    assert!(!found.is_empty(), "dev names itself in dev, and dev in prd");
    assert!(!found.iter().any(|told| told.contains("points at")), "{found:?}");
}
