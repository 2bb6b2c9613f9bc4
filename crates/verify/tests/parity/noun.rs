//! What a difference is called: labels, paths, amounts, containers, peers.

use super::street::{deployments, told};

#[test]
fn what_else_is_called_resources_is_no_amount() {
    let rule = |acc: &str, prd: &str| {
        let of = |resources: &str| {
            format!(
                "apiVersion: example.org/v1\nkind: Thing\nmetadata: {{name: t}}\nspec: {{resources: {resources}}}\n"
            )
        };
        let told = told(("acc", &of(acc)), ("prd", &of(prd)));
        told.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rule("{requests: {cpu: 1}}", "{requests: {cpu: 2}}"), ["PAR005"]);
    assert_eq!(rule("{limits: {memory: 1Gi}}", "{}"), ["PAR005"]);
    assert_eq!(rule("[{when: a}]", "[{when: a, then: b}]"), ["PAR002"]);
    assert_eq!(rule("{pods: keep}", "{pods: drop}"), ["PAR002"]);
    assert_eq!(rule("{requests: {cpu: 1}}", "null"), ["PAR005"]);
    assert_eq!(rule("[a]", "null"), ["PAR002"]);
}

#[test]
fn what_selects_pods_is_told_by_its_path_but_for_a_workloads_own() {
    let of = |kind: &str, spec: &str| format!("apiVersion: {kind}\nmetadata: {{name: w}}\nspec: {spec}\n");
    let rows = [
        (
            of("networking.k8s.io/v1\nkind: NetworkPolicy", "{podSelector: {matchLabels: {app: w}}}"),
            of("networking.k8s.io/v1\nkind: NetworkPolicy", "{podSelector: {}}"),
            "podSelector.matchLabels.app of NetworkPolicy w only in acc: w",
        ),
        (
            of("policy/v1\nkind: PodDisruptionBudget", "{selector: {matchLabels: {app: w}}}"),
            of("policy/v1\nkind: PodDisruptionBudget", "{selector: {matchLabels: {app: v}}}"),
            "selector.matchLabels.app of PodDisruptionBudget w: w in acc, v in prd",
        ),
        (
            of("v1\nkind: Service", "{selector: {app: w}}"),
            of("v1\nkind: Service", "{selector: {app: v}}"),
            "selector.app of Service w: w in acc, v in prd",
        ),
        (
            of("v1\nkind: ReplicationController", "{selector: {app: w}}"),
            of("v1\nkind: ReplicationController", "{selector: {app: v}}"),
            "label app of ReplicationController w: w in acc, v in prd",
        ),
        (
            of("apps/v1\nkind: StatefulSet", "{selector: {matchLabels: {app: w}}}"),
            of("apps/v1\nkind: StatefulSet", "{selector: {matchLabels: {app: v}}}"),
            "label app of StatefulSet w: w in acc, v in prd",
        ),
    ];
    for (acc, prd, expected) in rows {
        assert_eq!(told(("acc", &acc), ("prd", &prd)), [format!("PAR002 {expected}")]);
    }
}

#[test]
fn what_other_kinds_select_by_or_give_is_no_label_of_theirs() {
    let of = |value: &str| {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: r, labels: {{own: {value}}}}}\n\
             spec: {{groups: [{{name: g, rules: [{{alert: a, labels: {{severity: {value}}}}}]}}]}}\n---\n\
             apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {{name: m}}\n\
             spec: {{selector: {{matchLabels: {{app: {value}}}}}}}\n"
        )
    };
    let told = told(("acc", &of("one")), ("prd", &of("two")));
    let told: Vec<&str> = told.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    assert!(told.iter().any(|line| line.contains("label own of PrometheusRule")), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("label severity") || line.contains("label app")), "{told:?}");
}

#[test]
fn a_container_among_several_is_named() {
    let of = |web: &str, proxy: &str, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    spec:\n      \
             containers:\n      - {{name: web, resources: {{limits: {{{web}}}}}}}\n      \
             - {{name: proxy, resources: {{limits: {{{proxy}}}}}}}\n{more}"
        )
    };
    let rows = [
        (
            of("memory: 1Gi", "memory: 1Gi", ""),
            "limits.memory of container web of Deployment web: 2Gi in acc, 1Gi in prd",
        ),
        (
            of("memory: 1Gi", "memory: 3Gi", ""),
            "limits.memory of container proxy of Deployment web: 1Gi in acc, 3Gi in prd",
        ),
        (
            of("memory: 1Gi", "memory: 1Gi", "      - {name: own}\n"),
            "containers.[name=own] of Deployment web only in prd",
        ),
    ];
    let acc = of("memory: 2Gi", "memory: 1Gi", "");
    for (prd, expected) in rows {
        let found = told(("acc", &acc), ("prd", &prd));
        assert!(found.iter().any(|line| line.split_once(' ').is_some_and(|(_, line)| line == expected)), "{found:?}");
    }
    let one = deployments(1, "replicas: 2", "resources: {limits: {memory: 1Gi}}");
    let found = told(("acc", &one), ("prd", &one.replace("1Gi", "2Gi")));
    assert_eq!(found, ["PAR005 limits.memory of Deployment web0: 1Gi in acc, 2Gi in prd"]);
}

#[test]
fn peers_that_one_alone_has_are_counted_and_told_in_their_own_words() {
    let of = |peers: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p}}\n\
             spec: {{podSelector: {{}}, ingress: [{{from: [{peers}]}}]}}\n"
        )
    };
    let common = "{podSelector: {matchLabels: {app: a}}}";
    let many = ["a", "b", "c", "d"].map(|team| format!(", {{namespaceSelector: {{matchLabels: {{team: {team}}}}}}}"));
    let pods = ", {namespaceSelector: {}, podSelector: {matchLabels: {app: web, tier: z}}}";
    let rows = [
        (
            many.concat(),
            "4 ingress peers of NetworkPolicy p only in prd: namespaces with team: a, namespaces with team: b, \
             namespaces with team: c and 1 more",
        ),
        (
            pods.to_owned(),
            "one ingress peer of NetworkPolicy p only in prd: pods with app: web, tier: z in all namespaces",
        ),
        (
            ", {ipBlock: {cidr: 10.0.0.0/8}}".to_owned(),
            "one ingress peer of NetworkPolicy p only in prd: {ipBlock: {cidr: 10.0.0.0/8}}",
        ),
    ];
    for (more, expected) in rows {
        let found = told(("acc", &of(common)), ("prd", &of(&format!("{common}{more}"))));
        assert_eq!(found, [format!("PAR002 {expected}")]);
    }
}
