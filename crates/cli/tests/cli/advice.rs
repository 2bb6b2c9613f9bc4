//! What a screen tells somebody to type, to mend and to look at.

use crate::harness::{Run, dtap, finish, folder, run, shop_with};

/// A namespace of one name in a folder for each stage, which holds this many replicas.
fn copies(replicas: &[(&str, usize)]) -> tempfile::TempDir {
    let text = |replicas: &usize| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: billing}}\n---\n\
             apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: billing}}\n\
             spec:\n  replicas: {replicas}\n  template:\n    metadata: {{labels: {{app: api}}}}\n    \
             spec: {{containers: [{{name: api, image: x, ports: [{{containerPort: 80}}]}}]}}\n---\n\
             apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: own, namespace: billing}}\n\
             spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: \
             {{matchLabels: {{kubernetes.io/metadata.name: billing}}}}}}]}}]}}\n"
        )
    };
    let files: Vec<(String, String)> =
        replicas.iter().map(|(stage, replicas)| (format!("{stage}/all.yaml"), text(replicas))).collect();
    folder(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// What was printed, on lines as long as they are.
fn joined(run: &Run) -> String {
    run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn proposed_commands_keep_what_was_typed() {
    let extra = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop-prd}\ndata: {a: b}\n";
    let shop = shop_with(&[("extra.yaml", extra)]);
    let read = [
        "--environment",
        "prd=namespace:shop-prd",
        "--street",
        "a=namespace:shop-dev",
        "--cluster",
        "c=path:dev.yaml",
        "--exclude",
        "y*",
        "--allow",
        "remote",
    ];
    let judged = ["--strict", "--assume", "cni-enforces", "."];
    let told = joined(&run(&[&["scan"][..], &read, &judged].concat(), shop.path()));
    let again = [&read[..], &judged].concat().join(" ").replace("y*", "'y*'");
    for command in [format!("dtap scan --all {again}"), format!("dtap scan -o json {again}")] {
        assert!(told.contains(&command), "{command}: {told}");
    }
    let told = joined(&run(&["scan", "--exclude", "x y", "--strict", "."], shop.path()));
    assert!(told.contains("dtap diff dev prd --exclude 'x y' . ·"), "{told}");
    let quiet = run(&["scan", "-q", "--strict", "."], shop.path());
    assert!(quiet.stderr.contains("(dtap scan --strict . tells what to do)"), "{}", quiet.stderr);
}

#[test]
fn an_option_that_selects_nothing_is_told_by_every_verb() {
    let shop = shop_with(&[]);
    for verb in [&["diff", "dev", "prd"][..], &["reach", "dev:web", "prd:web"]] {
        let typed = |selector| [verb, &["--environment", selector, "."]].concat();
        let nothing = run(&typed("prd=namespace:typo"), shop.path());
        assert!(nothing.stderr.contains("--environment prd=namespace:typo changes nothing"), "{}", nothing.stderr);
        assert_eq!(run(verb, shop.path()).stderr, "");
    }
}

#[test]
fn copies_of_one_namespace_are_told_apart_by_clusters() {
    let alike = copies(&[("dev", 1), ("tst", 1), ("prd", 1)]);
    let told = joined(&run(&["scan"], alike.path()));
    assert!(told.contains("= mend: --cluster NAME=path:FOLDER says where each stands"), "{told}");
    assert!(!told.contains("= mend: Select every pod"), "{told}");
}

#[test]
fn namespaces_of_which_no_cluster_is_said_are_named_with_what_to_type() {
    let one = copies(&[("dev", 1), ("tst", 1), ("prd", 2)]);
    let told = joined(&run(&["scan", "--all"], one.path()));
    assert!(told.contains("unknown: on which cluster namespace billing stands is not said"), "{told}");
    assert!(told.contains("= mend: --cluster NAME=path:FOLDER says which"), "{told}");
    let extra = "apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n";
    let shop = shop_with(&[("argocd.yaml", extra)]);
    let sides = ["--cluster", "a=namespace:shop-dev", "--cluster", "b=namespace:shop-prd"];
    let single = joined(&run(&[&["scan"][..], &sides].concat(), shop.path()));
    assert!(single.contains("on which cluster namespace argocd stands is not said"), "{single}");
    assert!(single.contains("= mend: --cluster NAME=namespace:argocd says which"), "{single}");
    let more =
        ["b", "c", "d"].map(|name| format!("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"));
    let shop = shop_with(&[("argocd.yaml", &(extra.to_owned() + &more.concat()))]);
    let several = joined(&run(&[&["scan"][..], &sides].concat(), shop.path()));
    assert!(several.contains("on which cluster 4 namespaces (argocd, b, c, …) stand is not said"), "{several}");
}

#[test]
fn a_policy_adrift_is_shown_with_its_place_and_mend() {
    let adrift = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open}\n\
                  spec: {podSelector: {}, ingress: [{}]}\n";
    let alike = copies(&[("dev", 1), ("prd", 1)]);
    std::fs::write(alike.path().join("prd/open.yaml"), adrift).unwrap();
    let apart = ["scan", "--cluster", "a=path:dev", "--cluster", "b=path:prd", "."];
    let told = joined(&run(&apart, alike.path()));
    let expected =
        "NetworkPolicy open may stand in any of those beside it prd/open.yaml:3:18 = mend: name its namespace";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn what_is_broken_says_what_else_of_its_file_is_read() {
    let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"apiVersion\": \"v1\", \"ki";
    let documents = "apiVersion: v1\nkind: [\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop-tst}\n";
    let told = |name: &str, text: &str| joined(&run(&["scan"], shop_with(&[(name, text)]).path()));
    let json = told("cut.json", list);
    assert!(json.contains("nothing of this document is read, nor of what follows it"), "{json}");
    let yaml = told("cut.yaml", documents);
    assert!(yaml.contains("nothing of this document is read; others of the file are"), "{yaml}");
    assert!(yaml.contains("3 namespaces"), "{yaml}");
}

#[test]
fn a_warning_that_is_counted_is_shown_where_nothing_renders() {
    let root = "resources: [all.yaml]\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop-dev}\nspec: {containers: []}\n";
    let shop = shop_with(&[("tree/kustomization.yaml", root), ("tree/all.yaml", pod)]);
    let mut command = dtap(&["scan"], shop.path());
    command.env("PATH", "").env_remove("DTAP_KUSTOMIZE");
    let told = finish(command).stdout;
    let counted = told.lines().last().unwrap_or_default();
    assert!(counted.starts_with("0 errors, 1 warning, "), "{told}");
    assert_eq!(told.lines().filter(|line| line.starts_with("warning ")).count(), 1, "{told}");
}

#[test]
fn production_is_named_first_among_several_that_are_reached() {
    let stage = |stage: &str, host: bool| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}}}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop-{stage}}}\n\
             spec: {{hostNetwork: {host}, containers: [{{name: web}}]}}\n---\n\
             apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: deny, namespace: shop-{stage}}}\n\
             spec: {{podSelector: {{}}, policyTypes: [Ingress, Egress]}}\n"
        )
    };
    let shop =
        folder(&[("a.yaml", &stage("acc", false)), ("b.yaml", &stage("dev", true)), ("c.yaml", &stage("prd", false))]);
    let told = joined(&run(&["scan"], shop.path()));
    let named = told.split("NET").find(|finding| finding.contains(" and another namespace")).unwrap_or(&told);
    assert!(named.contains(" open shop-prd/web and another namespace"), "{told}");
}
