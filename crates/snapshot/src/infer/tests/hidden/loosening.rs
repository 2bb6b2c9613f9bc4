//! What publishes Services and pods on their way in.

use super::*;

#[test]
fn what_puts_services_or_pods_past_policies_leaves_the_cluster_open() {
    let kyverno = |kind: &str, patch: &str| {
        format!(
            "{{rules: [{{match: {{any: [{{resources: {{kinds: [{kind}]}}}}]}}, mutate: {{patchStrategicMerge: {patch}}}}}]}}"
        )
    };
    let mutation = |resource: &str, path: &str| {
        format!(
            "{{matchConstraints: {{resourceRules: [{{apiGroups: [''], resources: [{resource}]}}]}}, mutations: \
             [{{jsonPatch: {{expression: \"[JSONPatch{{op: 'add', path: '{path}', value: 1}}]\"}}}}]}}"
        )
    };
    let assign = |kind: &str, location: &str| format!("{{applyTo: [{{kinds: [{kind}]}}], location: {location}}}");
    let admission = ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy");
    let of_kyverno = ("kyverno.io/v1", "ClusterPolicy");
    let gatekeeper = ("mutations.gatekeeper.sh/v1", "Assign");
    let networks = "metadata: {annotations: {k8s.v1.cni.cncf.io/networks: lan}}";
    for ((api, kind), spec, opens) in [
        (of_kyverno, kyverno("Service", "{spec: {type: NodePort}}"), true),
        (of_kyverno, kyverno("Service", "{spec: {'+(type)': NodePort}}"), true),
        (of_kyverno, kyverno("Service", "{spec: {type: ClusterIP}}"), false),
        (of_kyverno, kyverno("Service", "{spec: {externalIPs: [1.2.3.4]}}"), true),
        (of_kyverno, kyverno("Pod", "{spec: {hostNetwork: true}}"), true),
        (of_kyverno, kyverno("Pod", "{spec: {hostNetwork: false}}"), false),
        (of_kyverno, kyverno("Pod", "{spec: {containers: [{ports: [{hostPort: 80}]}]}}"), true),
        (of_kyverno, kyverno("Pod", &format!("{{{networks}}}")), true),
        (of_kyverno, kyverno("ConfigMap", "{data: {hostNetwork: 'true'}}"), false),
        (of_kyverno, kyverno("Pod", "{spec: {type: NodePort}}"), false),
        (gatekeeper, assign("Service", "spec.type"), true),
        (gatekeeper, assign("Pod", "spec.hostNetwork"), true),
        (gatekeeper, assign("Pod", "spec.priority"), false),
        (admission, mutation("services", "/spec/type"), true),
        (admission, mutation("pods", "/spec/hostNetwork"), true),
        (admission, mutation("pods", "/metadata/annotations/k8s.v1.cni.cncf.io~1networks"), true),
        (admission, mutation("pods", "/spec/priority"), false),
        (admission, mutation("configmaps", "/spec/hostNetwork"), false),
    ] {
        let expected = format!("{kind} x puts Services or pods where policies may not hold them: cluster");
        let found = hidden(&one(api, kind, &format!("spec: {spec}")).replace(", namespace: shop-dev", ""));
        assert_eq!(found, vec![expected; usize::from(opens)], "{spec}");
    }
}
