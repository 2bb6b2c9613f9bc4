//! Which environments there are, and what they are called.

use super::*;

#[test]
fn what_names_no_namespace_beside_what_does_may_stand_there() {
    let named = namespace("shop-prd", "") + &config("x", "shop-prd", "1");
    let other = config("x", "shop-dev", "1");
    let adrift = |path: &str| {
        let scanned = scan(&[("r/dev/a.yaml", &other), ("r/prd/a.yaml", &named), (path, &config("alone", "", "1"))]);
        let found = scanned.objects.iter().find(|placed| placed.object.identity.name == "alone").unwrap();
        (found.adrift, scanned.objects.iter().filter(|placed| placed.adrift).count())
    };
    assert_eq!(adrift("r/prd/b.yaml"), (true, 1));
    assert_eq!(adrift("r/prd/more/b.yaml"), (false, 0), "another folder is applied by itself");
    assert_eq!(adrift("r/dev/more/b.yaml"), (false, 0));
}

#[test]
fn a_weak_word_of_a_name_contradicts_a_label_only_beside_another_stage() {
    let notices = |names: &[&str]| {
        let text: String = names.iter().map(|name| namespace(name, "environment: dev")).collect();
        let told = scan(&[("a.yaml", &text)]).notices;
        told.iter().filter(|notice| matches!(notice.kind, NoticeKind::Contradiction { .. })).count()
    };
    assert_eq!(notices(&["prototype-demo"]), 0);
    assert_eq!(notices(&["prototype-demo", "prototype-dev"]), 1);
    assert_eq!(notices(&["prototype-prd"]), 1);
}

#[test]
fn a_folder_contradicts_the_namespace_that_it_puts_things_into() {
    let notices = |files: &[(&str, &str)]| {
        let files: Vec<(&str, String)> = files.iter().map(|(path, name)| (*path, config("c", name, "1"))).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let notices = scan(&files).notices.into_iter().map(|notice| notice.kind);
        let told = notices.filter_map(|kind| match kind {
            NoticeKind::Contradiction { other, .. } => Some(other),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    let street = [("r/dev/a.yaml", "shop-dev"), ("r/prd/a.yaml", "shop-prd")];
    assert_eq!(notices(&street), none);
    let misfiled = |file, namespace| notices(&[street[0], street[1], (file, namespace)]);
    assert_eq!(misfiled("r/tst/a.yaml", "shop-prd"), ["folder tst says tst"]);
    assert_eq!(notices(&[street[0], ("r/tst/a.yaml", "shop-prd")]), ["folder tst says tst"]);
    assert_eq!(misfiled("r/prod/b.yaml", "shop-preprod"), ["folder prod says prod"], "one word holds the other");
    assert_eq!(misfiled("r/other/tst.yaml", "shop-prd"), none, "a dump is called after its cluster");
    assert_eq!(misfiled("r/dev/b.yaml", "shop-dev2"), none, "it is the same with a number");
    assert_eq!(misfiled("r/nonprod/a.yaml", "shop-acc"), none, "a cluster for all but production");
    assert_eq!(misfiled("r/nonprod/a.yaml", "shop-prd"), ["folder nonprod says nonprod"]);
    let both = notices(&[("r/dev/a.yaml", "shop-prd"), ("r/tst/a.yaml", "shop-prd")]);
    assert_eq!(both, ["folder dev says dev", "folder tst says tst"], "two mistakes are no agreement");
    let common = [("r/dev/a.yaml", "shop-e2e"), ("r/prd/a.yaml", "shop-e2e")];
    assert_eq!(notices(&common), none, "it is of both");
    let labelled = namespace("shop-prd", "environment: dev");
    let own = scan(&[("r/shop-prd/a.yaml", &labelled), ("r/shop-acc/a.yaml", &config("c", "shop-acc", "1"))]);
    let told = own.notices.iter().filter(|notice| matches!(notice.kind, NoticeKind::Contradiction { .. }));
    assert_eq!(told.count(), 1, "a folder that is called after the namespace says what its name says");
}

#[test]
fn a_project_is_a_namespace() {
    let project =
        "apiVersion: project.openshift.io/v1\nkind: Project\nmetadata: {name: shop, labels: {environment: prd}}\n";
    let scanned = scan(&[("a.yaml", &(project.to_owned() + "---\n" + &config("x", "shop", "1")))]);
    assert_eq!(namespaces(&scanned), ["cluster:shop=shop/prd"]);
    assert!(scanned.namespaces.iter().all(|namespace| namespace.declared));
}

#[test]
fn a_label_of_the_namespace_comes_before_its_name_and_the_contradiction_is_noticed() {
    let text = namespace("shop-preprod", "environment: development") + &namespace("shop-prd", "env: Production");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["shop/development", "shop/prd!"]);
    let kinds: Vec<&NoticeKind> = snapshot.notices.iter().map(|notice| &notice.kind).collect();
    let expected = NoticeKind::Contradiction {
        subject: "shop-preprod".to_owned(),
        taken: "label `environment` says development".to_owned(),
        other: "the name says preprod".to_owned(),
    };
    assert_eq!(kinds, [&expected]);
    let place = snapshot.notices[0].places[0];
    let source = snapshot.sources.get(place.source).unwrap();
    assert_eq!(&source.text[place.span.start as usize..place.span.end as usize], "development");
}

#[test]
fn a_stage_that_only_the_input_knows_is_production_where_the_namespace_says_so() {
    let text = namespace("a-archive", "environment-name: archive, is-production: \"true\"")
        + &namespace("b-archive", "environment-name: archive, is-production: \"false\"")
        + &namespace("a-prod", "environment-name: prod, is-production: \"false\"");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["a/prod!", "a-archive/archive!", "b-archive/archive"]);
}

#[test]
fn spellings_of_one_stage_are_one_environment_and_the_fold_is_recorded() {
    let text = namespace("shop-dev", "environment: development")
        + &namespace("web-development", "")
        + &namespace("shop-uat", "")
        + &namespace("shop-staging", "")
        + &namespace("shop-acc", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(environments(&snapshot), ["shop/dev", "shop/uat", "shop/acc", "shop/staging", "web/dev"]);
    let folds: Vec<(u32, Vec<String>)> = snapshot.folds.iter().map(|(id, spelt)| (id.0, spelt.clone())).collect();
    assert_eq!(folds, [(0, vec!["development".to_owned()]), (4, vec!["development".to_owned()])]);
}

#[test]
fn the_stage_is_shown_as_the_input_spells_it() {
    let snapshot = scan(&[("a.yaml", &(namespace("a-prd", "") + &namespace("a-tst", "") + &namespace("b-prd", "")))]);
    assert_eq!(environments(&snapshot), ["a/tst", "a/prd!", "b/prd!"]);
    assert!(snapshot.folds.is_empty());
}

#[test]
fn a_root_that_did_not_render_is_its_environment_all_the_same() {
    let root = |path: &str| {
        let unread = broken(path, None);
        let context = Context { rendered: true, ..unread.context.clone() };
        Unread { cause: UnreadCause::Kustomize, context, ..unread }
    };
    let unread = vec![root("wastd/overlays/uat"), root("wastd/overlays/prd")];
    let snapshot = snapshot(Reading { unread, ..Reading::default() }, &Corrections::default());
    assert_eq!(environments(&snapshot), ["wastd/uat", "wastd/prd!"]);
    let reaches: Vec<Reach> = snapshot.gaps.iter().map(|gap| gap.reach).collect();
    assert_eq!(reaches, [Reach::Environment(EnvironmentId(0)), Reach::Environment(EnvironmentId(1))]);
}

#[test]
fn labels_tell_environments_apart_inside_one_namespace() {
    let workload = |name: &str, env: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shared-ns, labels: {{env: {env}}}}}\n\
             spec: {{containers: []}}\n---\n"
        )
    };
    let text = workload("a", "dev") + &workload("b", "tst") + &policy("deny", "shared-ns", "{}");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert_eq!(
        namespaces(&snapshot),
        ["cluster:shared-ns=shared-ns/dev", "cluster:shared-ns=shared-ns/tst", "cluster:shared-ns=Unplaced"]
    );
    assert!(snapshot.namespaces.iter().all(|namespace| namespace.whole.0 == 0));
}

#[test]
fn cluster_scoped_objects_stand_in_no_namespace_and_in_the_environment_of_their_folder() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n---\n";
    let dev = config("x", "", "1") + role;
    let snapshot = scan(&[("shop/dev/a.yaml", &dev), ("shop/prd/a.yaml", &dev)]);
    let roles: Vec<Option<u32>> = snapshot
        .objects
        .iter()
        .filter(|placed| placed.namespace.is_none())
        .map(|placed| placed.environment.map(|id| id.0))
        .collect();
    assert_eq!(roles, [Some(0), Some(1)]);
}

#[test]
fn the_order_of_documents_and_files_changes_nothing() {
    let texts = [
        ("s/dev/a.yaml", namespace("s-dev", "env: dev") + &config("a", "s-dev", "1") + &config("b", "", "1")),
        (
            "s/prd/a.yaml",
            namespace("s-prd", "") + &config("a", "s-prd", "1") + &policy("p", "s-prd", "{matchLabels: {a: b}}"),
        ),
        ("s/x.yaml", config("c", "lonely", "1") + &config("a", "s-dev", "2") + &namespace("monitoring", "")),
        ("s/y.yaml", namespace("lonely", "env: tst") + &namespace("lonely", "env: acc")),
        ("t/dev/a.yaml", config("a", "t", "1") + &config("b", "t", "1")),
        ("t/prd/a.yaml", config("a", "t", "2") + &config("b", "t", "2")),
        ("u/dev/a.yaml", config("a", "u", "1") + &config("b", "u", "1")),
        ("u/prd/a.yaml", config("a", "u", "2") + &config("b", "u", "2")),
    ];
    let view = |snapshot: &Snapshot| {
        let objects: Vec<_> = snapshot
            .objects
            .iter()
            .map(|placed| (placed.object.identity.clone(), placed.namespace, placed.environment))
            .collect();
        (namespaces(snapshot), environments(snapshot), snapshot.clusters.clone(), snapshot.folds.clone(), objects)
    };
    let forward: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let reversed: Vec<(&str, String)> = texts
        .iter()
        .rev()
        .map(|(path, text)| {
            let mut documents: Vec<&str> = text.split("---\n").filter(|document| !document.is_empty()).collect();
            documents.reverse();
            (*path, documents.join("---\n"))
        })
        .collect();
    let backward: Vec<(&str, &str)> = reversed.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(scan(&forward).clusters.len(), 3, "two that are certain and one that is not");
    assert_eq!(view(&scan(&forward)), view(&scan(&backward)));
}

#[test]
fn nothing_found_is_a_snapshot_with_what_was_looked_at() {
    let text = namespace("shop-blue", "") + &namespace("web-blue", "") + &namespace("shop-green", "");
    let snapshot = scan(&[("a.yaml", &text)]);
    assert!(snapshot.environments.is_empty());
    assert_eq!(snapshot.candidates[0].selector, "namespace:*-blue");
    assert_eq!(snapshot.candidates[0].count, 2);
    assert_eq!(scan(&[]).clusters.len(), 1);
}

#[test]
fn a_stage_within_a_name_counts_beside_a_sibling_of_another_stage() {
    let names = |names: &[&str]| {
        let text: String = names.iter().map(|name| namespace(name, "")).collect();
        namespaces(&scan(&[("all.yaml", &text)]))
    };
    assert_eq!(
        names(&["shop-dev-eu", "shop-prod-eu", "shop-prod-us"]),
        ["cluster:shop-dev-eu=shop-eu/dev", "cluster:shop-prod-eu=shop-eu/prod", "cluster:shop-prod-us=shop-us/prod"]
    );
    assert_eq!(names(&["shop-dev", "shop-prod-us"])[1], "cluster:shop-prod-us=shop-us/prod");
    // Of one stage alone, of another stem, or of none, it says nothing.
    assert_eq!(names(&["shop-prod", "shop-prod-us"])[1], "cluster:shop-prod-us=Unplaced");
    assert_eq!(names(&["bank-dev", "shop-prod-us"])[1], "cluster:shop-prod-us=Unplaced");
    assert_eq!(names(&["dev-portal", "prod-shop"]), ["cluster:dev-portal=Unplaced", "cluster:prod-shop=Unplaced"]);
}

/// What is said to contradict one another, as `taken / other`.
fn contradictions(snapshot: &Snapshot) -> Vec<String> {
    let told = snapshot.notices.iter().filter_map(|notice| match &notice.kind {
        NoticeKind::Contradiction { taken, other, .. } => Some(format!("{taken} / {other}")),
        _ => None,
    });
    told.collect()
}

#[test]
fn labels_that_contradict_one_another_are_noticed_and_the_most_telling_is_taken() {
    let of = |labels: &str| {
        let text = namespace("shop-dev", labels) + &namespace("shop-acc", "");
        let snapshot = scan(&[("all.yaml", &text)]);
        (environments(&snapshot)[0].clone(), contradictions(&snapshot))
    };
    let (taken, said) = of("env: prd, environment: dev");
    assert_eq!(taken, "shop/dev");
    assert_eq!(said, ["label `environment` says dev / label `env` says prd"]);
    let (taken, said) = of("stage: prd, env: tst");
    assert_eq!(taken, "shop/tst");
    assert_eq!(said, ["label `env` says tst / label `stage` says prd", "label `env` says tst / the name says dev"]);
    // What says the same in other words, or nothing that is surely a stage, contradicts nothing.
    assert_eq!(of("env: development, environment: dev, tier: frontend").1, [""; 0]);
    assert_eq!(of("environment: dev, env: eu-west-1, is-production: 'true'").1, [""; 0]);
}

#[test]
fn a_key_counts_however_it_is_capitalised() {
    let text = namespace("one", "Environment: PROD") + &namespace("two", "Environment: DEV");
    assert_eq!(environments(&scan(&[("all.yaml", &text)])), ["one/prod!", "two/dev"]);
}
