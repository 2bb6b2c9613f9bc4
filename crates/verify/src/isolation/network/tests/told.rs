//! Findings as they are told: one a cause, with witness and mend.

use super::*;

#[test]
fn contacts_of_one_cause_are_one_finding_with_its_mend() {
    let admits = |stage: &str, selector: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop-{stage}, labels: {{environment: {stage}, team: shop}}}}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: orders, namespace: shop-{stage}}}\n\
         spec: {{template: {{metadata: {{labels: {{app: orders}}}}, spec: {{containers: [{{name: o, ports: [{{containerPort: 5432}}]}}]}}}}}}\n---\n\
         apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: orders, namespace: shop-{stage}}}\n\
         spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{selector}}}}}}}]}}]}}\n---\n"
        )
    };
    let yaml = admits("dev", "team: shop, environment: dev")
        + &admits("tst", "team: shop, environment: tst")
        + &admits("prd", "team: shop");
    let judgement = judge(&snapshot(&yaml), &Settings::default());
    let findings: Vec<_> = judgement.findings.iter().filter(|finding| finding.rule.code == "NET001").collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].summary, "dev and tst can open shop-prd/orders:5432/TCP (shop-dev/orders for one)");
    assert_eq!(findings[0].mend.as_deref(), Some("add `environment: prd`, as the same policy has it in dev and tst"));
    assert_eq!(findings[0].environments, ["shop/dev", "shop/tst", "shop/prd"]);
    assert!(findings[0].production && findings[0].known);
    assert_eq!(findings[0].evidence[0].label, "admits every namespace with team=shop");
    assert_eq!(judgement.matrix.cells[0][3].because, [findings[0].fingerprint.0.clone()]);
}

#[test]
fn a_peer_that_means_another_environment_is_to_be_taken_out() {
    let policy = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: \
                  {kubernetes.io/metadata.name: shop-tst}}}]}]}";
    let yaml = street(&[], &[policy]).replace("shop-tst", "shop-dev");
    let findings = judge(&snapshot(&yaml), &Settings::default()).findings;
    let finding = findings.iter().find(|finding| finding.about.contains("shop-prd")).unwrap();
    let mend = finding.mend.as_deref().unwrap();
    assert!(mend.starts_with("take this peer out of policy "), "{mend}");
    assert_eq!(finding.cases > 1, finding.summary.contains(" for one"), "{}", finding.summary);
}

#[test]
fn who_is_one_of_several_is_told_for_one() {
    let told = |more: &str| {
        let findings = judge(&snapshot(&(street(&[DENY], &[]) + more)), &Settings::default()).findings;
        findings.iter().find(|finding| finding.rule.code == "NET001").unwrap().summary.clone()
    };
    let pod = |namespace: &str| {
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: more, namespace: {namespace}, labels: {{app: more}}}}\n")
    };
    assert!(!told("").contains(" for one"), "{}", told(""));
    for namespace in ["shop-dev", "shop-prd"] {
        assert!(told(&pod(namespace)).contains(" for one"), "{namespace}");
    }
}

#[test]
fn every_rule_finds_what_breaks_it_and_not_what_holds() {
    for rule in rules::RULES {
        let found = |yaml: &str| {
            let findings = judge(&snapshot(yaml), &Settings::default()).findings;
            findings.into_iter().any(|finding| finding.rule.code == rule.code)
        };
        assert!(found(rule.breaks), "{} does not find its own example", rule.code);
        assert!(!found(rule.holds), "{} finds what holds", rule.code);
    }
}

#[test]
fn what_is_unknown_says_why() {
    let block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}";
    let told = judge(&snapshot(&street(&[], &[block])), &Settings::default());
    let (unknown, summaries): (Vec<_>, Vec<_>) =
        (told.unknown.clone(), told.findings.iter().map(|finding| finding.summary.clone()).collect::<Vec<_>>());
    assert!(!unknown.is_empty() && unknown.iter().all(|reason| summaries.contains(reason)), "{unknown:?}");
    assert_eq!(
        judge(&snapshot(&street(&["{podSelector: {}, policyTypes: [Egress]}"], &[DENY])), &Settings::default()).unknown,
        [""; 0]
    );
}

#[test]
fn a_contact_tells_in_how_many_namespaces_and_of_the_known_pods_first() {
    let more: String = ["a", "b"]
        .map(|name| format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}-dev}}\n---\n"))
        .concat();
    let told = judge(&snapshot(&(more + &street(&[], &["{podSelector: {}, ingress: [{}]}"]))), &Settings::default());
    let into = told.findings.iter().find(|finding| finding.rule.code == "NET001" && finding.about.contains("prd"));
    let into = into.unwrap();
    assert_eq!(into.cases, 3, "{}", into.summary);
    assert!(into.known && into.summary.contains("shop-dev/web"), "{}", into.summary);
}

#[test]
fn the_witness_is_a_pod_that_serves_and_declares_a_port() {
    let workload = |kind: &str, name: &str, ports: &str| {
        format!(
            "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop-prd}}\nspec: {{template: \
             {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: it, ports: {ports}}}]}}}}}}\n"
        )
    };
    let ports = "[{containerPort: 80}]";
    let yaml = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop-dev}}\n".to_owned()
        + &workload("StatefulSet", "aaa", ports)
        + &workload("Deployment", "bbb", "[]")
        + &workload("Deployment", "ccc", ports);
    let told = judge(&snapshot(&yaml), &Settings::default());
    let summaries: Vec<&str> = told.findings.iter().map(|finding| finding.summary.as_str()).collect();
    assert!(summaries.iter().any(|summary| summary.contains("shop-prd/ccc")), "{summaries:?}");
    assert!(!summaries.iter().any(|summary| summary.contains("aaa") || summary.contains("bbb")), "{summaries:?}");
}

#[test]
fn n13_n21_why_a_policy_may_not_be_in_force_is_told() {
    let told = |metadata: &str, spec: &str| {
        let policy = format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n\
             metadata: {{name: p0, namespace: shop-prd{metadata}}}\nspec: {spec}\n"
        );
        let findings = judge(&snapshot(&(street(&[], &[DENY]) + &policy)), &Settings::default()).findings;
        let doubts = findings.iter().filter(|told| told.summary.starts_with("dev may be able to open"));
        doubts
            .filter_map(|told| told.summary.split_once(": policy p0 ").map(|(_, why)| why.to_owned()))
            .collect::<Vec<_>>()
    };
    let (egress, open) = ("{podSelector: {}, policyTypes: [Egress]}", "{podSelector: {}, ingress: [{}]}");
    let none: [&str; 0] = [];
    assert_eq!(told("", DENY), none);
    assert_eq!(told("", egress), ["may not be in force: another document of that name differs"]);
    assert_eq!(told("", open), ["is declared more than once, and the documents differ"]);
    let other = |spec| {
        let yaml =
            street(&[], &[DENY, spec]).replace("name: p1,", "name: p1, deletionTimestamp: '2026-01-01T00:00:00Z',");
        judge(&snapshot(&yaml), &Settings::default()).findings
    };
    let is_ending = |told: &Finding| told.summary.ends_with(": policy p1 is being deleted, and may be gone");
    assert!(other(open).iter().any(is_ending) && !other(DENY).iter().any(is_ending));
}

#[test]
fn what_is_open_for_lack_of_a_policy_that_a_twin_has_points_to_that() {
    let named = |name: &str, stage: &str, spec: &str| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n\
             metadata: {{name: {name}, namespace: shop-{stage}}}\nspec: {spec}\n"
        )
    };
    let mend = |policies: &str| {
        let yaml = street(&[], &[]) + policies;
        let findings = judge(&snapshot(&yaml), &Settings::default()).findings;
        let into = findings.into_iter().find(|told| told.rule.code == "NET001" && told.about.contains("prd"));
        into.and_then(|told| told.mend).unwrap_or_default()
    };
    let twin = mend(&named("deny", "dev", "{podSelector: {}, policyTypes: [Ingress]}"));
    assert!(twin.starts_with("copy policy deny of dev (") && twin.contains(" to shop-prd: "), "{twin}");
    for other in [
        named("open", "dev", "{podSelector: {}, ingress: [{}]}"),
        named("some", "dev", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}"),
        named("out", "dev", "{podSelector: {}, policyTypes: [Egress], egress: [{}]}"),
    ] {
        assert!(mend(&other).starts_with("add a policy to shop-prd"), "{other}");
    }
}
