//! To which street something belongs that does not say so.

use super::*;

#[test]
fn what_names_no_namespace_stands_in_one_of_its_own_in_each_environment() {
    let snapshot = scan(&[
        ("shop/deploy/dev/web.yaml", &config("web", "", "a")),
        ("shop/deploy/prd/web.yaml", &config("web", "", "b")),
    ]);
    assert_eq!(namespaces(&snapshot), ["cluster:(none)=shop/dev", "cluster:(none)=shop/prd"]);
    for namespace in &snapshot.namespaces {
        assert!(!namespace.declared && namespace.labels.is_empty());
    }
    assert_ne!(snapshot.namespaces[0].whole, snapshot.namespaces[1].whole);
}

#[test]
fn what_names_no_namespace_is_of_the_street_of_the_namespaces_beside_it() {
    let snapshot = scan(&[
        ("src/web/overlays/dev/", &config("web", "", "a")),
        ("src/web/overlays/prd/", &config("web", "bank-prd", "a")),
        ("src/db/overlays/dev/", &config("db", "", "a")),
        ("src/db/overlays/prd/", &config("db", "bank-prd", "a")),
    ]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
    assert_eq!(snapshot.namespaces.len(), 2);
}

#[test]
fn a_folder_of_one_stage_among_those_of_one_street_is_of_it() {
    let snapshot = scan(&[
        ("src/web/overlays/dev/", &config("web", "bank-dev", "a")),
        ("src/web/overlays/prd/", &config("web", "bank-prd", "a")),
        ("src/db/overlays/prd/", &config("db", "bank-prd", "a")),
        ("src/load/overlays/dev/", &config("load", "", "a")),
    ]);
    assert_eq!(environments(&snapshot), ["bank/dev", "bank/prd!"]);
}

#[test]
fn siblings_of_a_street_that_say_no_stage_are_unplaced() {
    for name in ["pr-123", "feature-login", "review-7", "ci", "hotfix", "canary", "dr", "beta", "blue"] {
        let text: String = ["shop-dev", "shop-prod", &format!("shop-{name}")].map(|name| namespace(name, "")).concat();
        let snapshot = scan(&[("all.yaml", &text)]);
        assert_eq!(environments(&snapshot), ["shop/dev", "shop/prod!"], "{name}");
        assert!(namespaces(&snapshot).contains(&format!("cluster:shop-{name}=Unplaced")), "{name}");
    }
}
