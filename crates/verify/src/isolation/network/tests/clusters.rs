//! Between clusters that may be one.

use super::*;

#[test]
fn between_clusters_that_may_be_one_nothing_is_certain_and_isolation_holds() {
    let between = |dev: &[&str], certain: bool| {
        let mut snapshot = snapshot(&street(dev, &[]));
        snapshot.clusters.push(Cluster { name: "other".into(), evidence: String::new(), certain, guessed: false });
        let prd = snapshot.namespaces.iter_mut().find(|namespace| namespace.name == "shop-prd").unwrap();
        prd.cluster = ClusterId(1);
        verdict_of(&judge(&snapshot, &Settings::default()), "dev", "prd")
    };
    assert_eq!(between(&[], true), Verdict::OtherCluster);
    assert_eq!(between(&[], false), Verdict::Unknown);
    assert_eq!(between(&["{podSelector: {}, policyTypes: [Egress]}"], false), Verdict::Isolated);
}

#[test]
fn strictness_doubts_clusters_and_namespaces_that_nobody_vouches_for() {
    let word = Assumed { cni_enforces: true, input_complete: true, no_host_network: true, ..Assumed::default() };
    let strict = |assume: Assumed| Settings { strict: true, assume };
    let mut two = snapshot(&street(&[DENY], &[DENY]));
    for namespace in &mut two.namespaces {
        namespace.name = dtap_model::environment::NO_NAMESPACE.to_owned();
    }
    let judged = judge(&two, &strict(word.clone()));
    assert_eq!(verdict_of(&judged, "dev", "prd"), Verdict::Unknown);
    assert!(judged.assumptions.iter().any(|told| told.name == "own-namespaces"));
    let (reachable, because) = asked(&two, &strict(word.clone()), "dev:web", "prd:orders");
    assert_eq!(reachable, Reachable::Unknown, "{because}");
    assert!(because.contains("own-namespaces"), "{because}");
    let own = strict(Assumed { own_namespaces: true, ..word.clone() });
    assert_eq!(verdict_of(&judge(&two, &own), "dev", "prd"), Verdict::Isolated);
    assert_eq!(asked(&two, &own, "dev:web", "prd:orders").0, Reachable::Denied);
    two.clusters.push(Cluster { name: "b".into(), evidence: String::new(), certain: true, guessed: true });
    two.namespaces.iter_mut().skip(1).for_each(|namespace| namespace.cluster = ClusterId(1));
    assert_eq!(verdict_of(&judge(&two, &own), "dev", "prd"), Verdict::Unknown);
    let apart = strict(Assumed { clusters_apart: true, ..word });
    assert_eq!(verdict_of(&judge(&two, &apart), "dev", "prd"), Verdict::OtherCluster);
}

#[test]
fn clusters_that_folders_tell_apart_are_an_assumption_with_their_names() {
    let said = |count: usize, guessed: usize| {
        let mut snapshot = snapshot(&street(&[], &[]));
        snapshot.clusters = (0..count)
            .map(|at| Cluster { name: format!("c{at}"), evidence: String::new(), certain: true, guessed: at < guessed })
            .collect();
        let told = judge(&snapshot, &Settings::default()).assumptions;
        told.into_iter().find(|told| told.name == "clusters-apart").map(|told| told.statement)
    };
    assert_eq!(said(1, 1), None);
    let tail = "from one cluster to another only addresses lead, which no policy of the other one names as pods";
    assert_eq!(said(2, 0), Some(tail.to_owned()));
    assert_eq!(said(4, 4), Some(format!("the folders c0, c1, c2 and c3 are clusters of their own, and {tail}")));
    for (count, last) in [(5, "c4"), (6, "c5")] {
        let named = format!("the {count} folders from c0 to {last} are clusters of their own, and ");
        assert_eq!(said(count, count), Some(named + tail));
    }
}
