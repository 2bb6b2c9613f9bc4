//! Policies that name no namespace, beside namespaces in which nothing stands.

use super::*;

#[test]
fn an_empty_namespace_may_be_where_policies_of_its_stage_stand_that_name_none() {
    let with = |namespaces: &str, policy: &str| {
        let scanned = scan(&[("r/ns.yaml", namespaces), ("r/apps/dev/all.yaml", policy)]);
        assert!(scanned.hidden.iter().all(|gap| gap.hides == Hides::Closing));
        told(&scanned)
    };
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    let may = "policies of dev that name no namespace may stand in shop-dev: shop-dev";
    assert_eq!(with(&spaces, &policy("p", "''", "{}")), [may]);
    assert_eq!(with(&spaces, &policy("p", "shop-web", "{}")), [""; 0]);
    assert_eq!(with(&spaces, &config("p", "", "1")), [""; 0]);
    let full = spaces + &config("c", "shop-dev", "1");
    assert_eq!(with(&full, &policy("p", "''", "{}")), [""; 0], "something else is known to stand there");
}
