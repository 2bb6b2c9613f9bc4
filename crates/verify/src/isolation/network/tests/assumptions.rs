//! What the verdicts stand on, and strictness (N15).

use super::*;

/// Each assumption by its name, and on what it stands.
fn grounds(judgement: &Judgement) -> Vec<(&str, &Standing)> {
    judgement.assumptions.iter().map(|told| (told.name.as_str(), &told.standing)).collect()
}

#[test]
fn n15_n17_only_what_the_verdicts_stand_on_is_assumed() {
    let closed = snapshot(&street(&[], &[DENY]));
    let told = judge(&closed, &Settings::default());
    let assumed = &Standing::Assumed;
    assert_eq!(grounds(&told), [("cni-enforces", assumed), ("input-complete", assumed), ("no-host-network", assumed)]);
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}";
    let told = judge(&snapshot(&street(&[], &[block])), &Settings::default());
    assert_eq!(grounds(&told).last(), Some(&("pod-range", assumed)));
}

#[test]
fn n17_pod_security_in_every_namespace_is_evidence() {
    let of = |levels: [&str; 2]| {
        let levels = ["dev", "prd"].into_iter().zip(levels);
        let room = |(stage, level)| {
            format!(
                "apiVersion: v1\nkind: Namespace\n\
                 metadata: {{name: shop-{stage}, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}\n---\n"
            )
        };
        let judgement = judge(&snapshot(&levels.map(room).collect::<String>()), &Settings::default());
        grounds(&judgement).into_iter().find(|(name, _)| *name == "no-host-network").unwrap().1.clone()
    };
    assert!(matches!(of(["baseline", "restricted"]), Standing::Evidence(_)));
    assert_eq!(of(["baseline", "privileged"]), Standing::Assumed);
    let vouched = Settings { assume: Assumed { no_host_network: true, ..Assumed::default() }, ..Settings::default() };
    let judgement = judge(&snapshot(&street(&[], &[])), &vouched);
    assert!(matches!(grounds(&judgement)[2], ("no-host-network", Standing::Word(_))));
}

#[test]
fn n15_strict_says_that_nobody_vouches_where_that_leaves_something_unknown() {
    let everything = Assumed { cni_enforces: true, input_complete: true, no_host_network: true, ..Assumed::default() };
    let reasons = |ingress: &str, assume: &Assumed| {
        let settings = Settings { strict: true, assume: assume.clone() };
        judge(&snapshot(&street(&["{podSelector: {}, policyTypes: [Egress]}"], &[ingress])), &settings).unknown
    };
    let said = |reasons: Vec<String>| reasons.iter().any(|reason| reason.starts_with("strict: nobody vouches"));
    assert!(said(reasons(DENY, &Assumed::default())));
    assert!(!said(reasons(DENY, &everything)));
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}";
    assert!(!said(reasons(block, &everything)));
    assert!(!said(judge(&snapshot(&street(&[], &[block])), &Settings::default()).unknown));
}

#[test]
fn two_environments_of_what_names_no_namespace_are_assumed_to_have_their_own() {
    let assumed = |nameless: usize| {
        let mut snapshot = snapshot(&street(&[], &[]));
        let known = snapshot.namespaces.iter_mut().filter(|namespace| namespace.name.starts_with("shop-"));
        known.take(nameless).for_each(|namespace| namespace.name = NO_NAMESPACE.to_owned());
        let told = judge(&snapshot, &Settings::default());
        told.assumptions.iter().any(|told| told.name == "own-namespaces")
    };
    assert!(!assumed(0) && !assumed(1) && assumed(2));
}
