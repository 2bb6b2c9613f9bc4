//! What makes the API server refuse policies.

use super::*;

#[test]
fn a_quota_that_admits_fewer_policies_than_there_are_leaves_its_namespace_open() {
    let policies = policy("a", "shop-dev", "{}") + &policy("b", "shop-dev", "{}") + &policy("c", "shop-prd", "{}");
    let quota = |number: &str| {
        let spec = format!("spec: {{hard: {{count/networkpolicies.networking.k8s.io: {number}}}}}");
        policies.clone() + &one("v1", "ResourceQuota", &spec)
    };
    let open = ["ResourceQuota x may refuse NetworkPolicies: shop-dev"];
    for (number, opens) in [("'0'", true), ("1", true), ("'2'", false), ("'9'", false), ("1k", true)] {
        let expected = if opens { &open[..] } else { &[] };
        assert_eq!(hidden(&quota(number)), expected, "{number}");
    }
    let accepted = quota("'0'")
        .replace("namespace: shop-dev}\nspec: {podSelector", "namespace: shop-dev, uid: u}\nspec: {podSelector");
    assert_eq!(hidden(&accepted), [""; 0], "what was read from the API server is there");
    let pods = policies.clone() + &one("v1", "ResourceQuota", "spec: {hard: {pods: '0'}}");
    assert_eq!(hidden(&pods), [""; 0]);
}

#[test]
fn a_rule_over_policies_that_is_bound_to_deny_leaves_them_open() {
    let of = |resource: &str, action: &str| {
        let group = "admissionregistration.k8s.io/v1";
        let rules = format!(
            "spec: {{matchConstraints: {{resourceRules: [{{apiGroups: [networking.k8s.io], resources: [{resource}]}}]}}}}"
        );
        let binding = format!("spec: {{policyName: x, validationActions: [{action}]}}");
        let rule = one(group, "ValidatingAdmissionPolicy", &rules);
        hidden(&(policy("p", "shop-prd", "{}") + &rule + &one(group, "ValidatingAdmissionPolicyBinding", &binding)))
    };
    let open = ["ValidatingAdmissionPolicy x may refuse NetworkPolicies: shop-prd"];
    assert_eq!(of("networkpolicies", "Deny"), open);
    assert_eq!(of("networkpolicies", "Audit"), [""; 0]);
    assert_eq!(of("ingresses", "Deny"), [""; 0]);
}
