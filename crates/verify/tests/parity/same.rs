//! What is no difference: what tells the environment, what nobody wrote, and how it is spelt.

use super::street::told;

/// A Deployment with its ConfigMap, Service and policy, as an environment keeps them.
const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-dev, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.2
        env:
        - {name: A, value: '1'}
        - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: b}}}
        ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop-dev}
data: {b: http://orders.shop-dev.svc}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop-dev}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop-dev}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - {from: [{podSelector: {matchLabels: {app: a}}}, {podSelector: {matchLabels: {app: b}}}]}
  - {from: [{namespaceSelector: {matchLabels: {environment: dev}}}], ports: [{port: 8080}]}
";

/// The differences between [`WEB`] and the same with these texts replaced.
fn after(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut other = WEB.replace("shop-dev", "shop-prd").replace("environment: dev", "environment: prd");
    for (from, to) in replacements {
        assert!(other.contains(from), "{from}");
        other = other.replace(from, to);
    }
    told(("dev", WEB), ("prd", &other))
}

fn same(replacements: &[(&str, &str)]) {
    assert_eq!(after(replacements), Vec::<String>::new());
}

#[test]
fn an_image_without_a_tag_is_the_latest() {
    let untagged = WEB.replace("web:1.8.2", "web");
    let of = |image: &str| {
        WEB.replace("shop-dev", "shop-prd").replace("environment: dev", "environment: prd").replace("web:1.8.2", image)
    };
    assert_eq!(told(("dev", &untagged), ("prd", &of("web:latest"))), Vec::<String>::new());
    assert_eq!(told(("dev", &untagged), ("prd", &of("web:2"))).len(), 1);
}

#[test]
fn another_namespace_is_no_difference() {
    same(&[]);
    same(&[("shop-prd", "webapp")]);
}

#[test]
fn a_prefix_or_suffix_that_tells_the_environment_is_no_difference() {
    for name in ["web-prd", "prd-web", "web-production"] {
        same(&[("{name: web,", &format!("{{name: {name},"))]);
    }
    same(&[("name: settings", "name: settings-prd")]);
    same(&[("name: settings", "name: prd-settings")]);
}

#[test]
fn a_name_after_the_whole_namespace_is_no_difference() {
    let admin = |namespace: &str| {
        format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {namespace}-admin, namespace: {namespace}}}\n"
        )
    };
    assert_eq!(told(("dev", &admin("shop-test")), ("prd", &admin("store"))), Vec::<String>::new());
    assert_eq!(told(("dev", &admin("shop-test")), ("prd", &admin("store").replace("-admin", "-edit"))).len(), 2);
}

#[test]
fn another_prefix_is_a_difference() {
    assert!(
        !after(&[("{name: web, namespace: shop-prd, labels", "{name: tst-web, namespace: shop-prd, labels")])
            .is_empty()
    );
}

#[test]
fn a_generators_hash_and_the_references_to_it_are_no_difference() {
    same(&[("name: settings", "name: settings-5m2b7kd9t4")]);
    same(&[("name: settings", "name: settings-prd-5m2b7kd9t4")]);
    assert!(!after(&[("name: settings", "name: settings-5m2b7kd9t1")]).is_empty());
}

#[test]
fn defaults_that_are_spelt_out_are_no_difference() {
    same(&[(
        "selector: {matchLabels: {app: web}}\n  template",
        "replicas: 1\n  selector: {matchLabels: {app: web}}\n  template",
    )]);
    same(&[(
        "image: registry.example/web:1.8.2",
        "image: registry.example/web:1.8.2\n        imagePullPolicy: IfNotPresent",
    )]);
    same(&[(
        "    spec:\n",
        "    spec:\n      terminationGracePeriodSeconds: 30\n      restartPolicy: Always\n      securityContext: {}\n",
    )]);
    same(&[("{containerPort: 8080}", "{containerPort: 8080, protocol: TCP}")]);
    same(&[("{port: 80, targetPort", "{port: 80, protocol: TCP, targetPort")]);
    same(&[("  ingress:\n", "  policyTypes: [Ingress]\n  ingress:\n")]);
    same(&[(
        "  template:",
        "  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}\n  template:",
    )]);
}

#[test]
fn what_is_no_default_is_a_difference() {
    let pull = after(&[("web:1.8.2", "web:1.8.2\n        imagePullPolicy: Always")]);
    assert_eq!(pull, ["PAR002 imagePullPolicy of Deployment web only in prd: Always"]);
    let types = after(&[("  ingress:\n", "  policyTypes: [Ingress, Egress]\n  ingress:\n")]);
    assert_eq!(types, ["PAR002 policyTypes of NetworkPolicy web only in prd"]);
    assert!(!after(&[("{containerPort: 8080}", "{containerPort: 8080, protocol: UDP}")]).is_empty());
}

#[test]
fn what_the_server_writes_is_no_difference() {
    same(&[(
        "metadata: {name: settings,",
        "metadata: {uid: 1a, resourceVersion: '7', generation: 3, creationTimestamp: '2026-01-01T00:00:00Z', \
         managedFields: [{manager: x}], annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}, name: settings,",
    )]);
    same(&[(
        "spec: {selector: {app: web}",
        "status: {loadBalancer: {}}\nspec: {clusterIP: 10.0.0.7, clusterIPs: [10.0.0.7], selector: {app: web}",
    )]);
    assert!(!after(&[("spec: {selector: {app: web}", "spec: {clusterIP: None, selector: {app: web}")]).is_empty());
}

#[test]
fn objects_that_nobody_keeps_are_no_difference() {
    let written = "
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-root-ca.crt, namespace: shop-prd}
data: {ca.crt: x}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop-prd, uid: 1a}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-5b7, namespace: shop-prd, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: 1a, controller: true}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: web, namespace: shop-prd}
---
apiVersion: v1
kind: Secret
type: helm.sh/release.v1
metadata: {name: sh.helm.release.v1.web.v1, namespace: shop-prd}
";
    let prd = WEB.replace("shop-dev", "shop-prd").replace("environment: dev", "environment: prd") + written;
    assert_eq!(told(("dev", WEB), ("prd", &prd)), Vec::<String>::new());
    let kept = prd.replace("uid: 1a}\n---\napiVersion: apps", "labels: {a: b}}\n---\napiVersion: apps");
    assert_eq!(told(("dev", WEB), ("prd", &kept)), ["PAR001 ServiceAccount default only in prd"]);
}

#[test]
fn the_order_of_what_has_none_is_no_difference() {
    same(&[
        ("- {name: A, value: '1'}\n        - {name: B,", "- {name: B,"),
        ("key: b}}}\n", "key: b}}}\n        - {name: A, value: '1'}\n"),
    ]);
    same(&[(
        "{podSelector: {matchLabels: {app: a}}}, {podSelector: {matchLabels: {app: b}}}",
        "{podSelector: {matchLabels: {app: b}}}, {podSelector: {matchLabels: {app: a}}}",
    )]);
}

#[test]
fn the_order_of_arguments_is_a_difference() {
    let with = |args: &str| WEB.replace("image:", &format!("args: {args}\n        image:"));
    let prd = with("[b, a]").replace("shop-dev", "shop-prd").replace("environment: dev", "environment: prd");
    assert!(!told(("dev", &with("[a, b]")), ("prd", &prd)).is_empty());
}

#[test]
fn alternatives_of_one_object_are_compared_as_sets() {
    let map = |namespace: &str, value: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: {namespace}}}\ndata: {{b: {value}}}\n"
        )
    };
    let both = |namespace, first, second| map(namespace, first) + "---\n" + &map(namespace, second);
    let (dev, prd) = (both("shop-dev", "one", "two"), both("shop-prd", "two", "one"));
    assert_eq!(told(("dev", &dev), ("prd", &prd)), Vec::<String>::new());
    let prd = map("shop-prd", "two");
    assert_eq!(told(("dev", &dev), ("prd", &prd)), ["PAR001 ConfigMap a in one more form in dev"]);
    let dev = both("shop-dev", "two", "two");
    assert_eq!(told(("dev", &dev), ("prd", &prd)), Vec::<String>::new());
}

#[test]
fn naming_another_environment_is_a_difference() {
    let found = after(&[("http://orders.shop-prd.svc", "http://orders.shop-dev.db.svc")]);
    assert_eq!(
        found,
        ["PAR003 b of ConfigMap settings: http://orders.shop-dev.svc in dev, http://orders.shop-dev.db.svc in prd"]
    );
}

#[test]
fn an_image_is_what_its_whole_reference_says() {
    let one = |image: &str| {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'IMAGE'}]}\n"
            .replace("IMAGE", image)
    };
    let pair = |dev: &str, prd: &str| told(("dev", &one(dev)), ("prd", &one(prd)));
    assert_eq!(pair("reg/x:dev", "reg/x:prd"), ["PAR004 image of Pod p: dev in dev, prd in prd"]);
    assert_eq!(pair("reg/dev/x:1", "reg/prd/x:1"), ["PAR004 image of Pod p: reg/dev/x:1 in dev, reg/prd/x:1 in prd"]);
    assert_eq!(pair("reg/x:1", "reg/x:1"), Vec::<String>::new());
}

#[test]
fn the_order_that_says_something_is_a_difference() {
    let pair = |head: &str, dev: &str, prd: &str| {
        let one = |list: &str| format!("{head} {list}\n");
        told(("dev", &one(dev)), ("prd", &one(prd))).len()
    };
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: a\n   ";
    let rows = [
        (" env:", "[{name: A, value: x}, {name: A, value: y}]", "[{name: A, value: y}, {name: A, value: x}]", 2),
        (" env:", "[{name: A, value: x}, {name: B, value: $(A)}]", "[{name: B, value: $(A)}, {name: A, value: x}]", 1),
        (" env:", "[{name: A, value: x}, {name: B, value: a}]", "[{name: B, value: a}, {name: A, value: x}]", 0),
        (" ports:", "[{containerPort: 1}, {containerPort: 2}]", "[{containerPort: 2}, {containerPort: 1}]", 0),
    ];
    for (list, dev, prd, count) in rows {
        assert_eq!(pair(&format!("{pod}{list}"), dev, prd), count, "{list} {dev}");
    }
    let from = |dev, prd| pair(&format!("{pod} envFrom:"), dev, prd);
    assert_ne!(
        from(
            "[{configMapRef: {name: a}}, {configMapRef: {name: b}}]",
            "[{configMapRef: {name: b}}, {configMapRef: {name: a}}]"
        ),
        0
    );
    let other = |kind: &str, list: &str| {
        pair(
            &format!("{kind}\nmetadata: {{name: o}}\nspec:\n  {list}:"),
            "[{name: a, x: 1}, {name: b, x: 2}]",
            "[{name: b, x: 2}, {name: a, x: 1}]",
        )
    };
    assert_eq!(other("apiVersion: tekton.dev/v1\nkind: Task", "steps"), 1);
    assert_eq!(other("apiVersion: networking.istio.io/v1\nkind: VirtualService", "http"), 1);
    assert_ne!(other("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute", "rules"), 0);
    assert_eq!(other("apiVersion: v1\nkind: Pod", "containers"), 1);
    assert_eq!(other("apiVersion: v1\nkind: Pod", "volumes"), 0);
}

#[test]
fn one_text_that_names_one_of_the_two_points_at_it() {
    let found = after(&[("http://orders.shop-prd.svc", "http://orders.shop-dev.svc")]);
    assert_eq!(
        found,
        ["PAR003 b of ConfigMap settings points at one environment from both: http://orders.shop-dev.svc"]
    );
}

#[test]
fn a_secret_in_plain_text_is_the_same_in_base64() {
    let secret = |body: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{body}\n");
    let plain = secret("stringData: {a: x}\ndata: {b: eQ==}");
    assert_eq!(told(("dev", &plain), ("prd", &secret("data: {a: eA==, b: eQ==}"))), Vec::<String>::new());
    assert_eq!(told(("dev", &plain), ("prd", &secret("data: {a: eQ==, b: eQ==}"))).len(), 1);
}

#[test]
fn the_order_of_init_containers_counts() {
    let pod = |names: [&str; 2]| {
        let [first, second] = names.map(|name| format!("{{name: {name}, image: a}}"));
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{initContainers: [{first}, {second}]}}\n")
    };
    assert_eq!(told(("dev", &pod(["a", "b"])), ("prd", &pod(["a", "b"]))), Vec::<String>::new());
    assert_eq!(told(("dev", &pod(["a", "b"])), ("prd", &pod(["b", "a"]))).len(), 1);
}

#[test]
fn ports_answer_by_number_and_then_by_name() {
    let service =
        |ports: &str| format!("apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{ports: [{ports}]}}\n");
    let told = |dev: &str, prd: &str| told(("dev", &service(dev)), ("prd", &service(prd)));
    assert_eq!(
        told("{name: http, port: 80}, {name: admin, port: 81}", "{name: web, port: 80}, {name: admin, port: 90}"),
        [
            "PAR002 ports.[port=80].name of Service web: http in dev, web in prd",
            "PAR002 ports.[port=81].port of Service web: 81 in dev, 90 in prd",
        ]
    );
    assert_eq!(
        told(
            "{name: a, port: 53}, {name: b, port: 53, protocol: UDP}",
            "{name: b, port: 53, protocol: UDP}, {name: a, port: 53}"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn a_reference_to_what_is_not_in_the_input_answers_as_objects_do() {
    let ingress = |secret: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec: {{tls: [{{secretName: {secret}}}]}}\n"
        )
    };
    let told = |dev: &str, prd: &str| told(("dev", &ingress(dev)), ("prd", &ingress(prd)));
    for prd in ["web-prd-cert", "web-cert", "web-cert-prd"] {
        assert_eq!(told("web-dev-cert", prd), Vec::<String>::new());
    }
    assert_eq!(told("web-dev-cert", "web-key").len(), 1);
    assert_eq!(told("web-dev-cert", "web-dev-cert"), Vec::<String>::new());
    assert_eq!(told("web-cert", "web-dev-cert").len(), 1);
}

#[test]
fn objects_spelt_alike_answer_to_one_another_even_if_they_name_an_environment() {
    let job = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: clean-dev-up}\n";
    assert_eq!(told(("dev", job), ("prd", job)), Vec::<String>::new());
}

#[test]
fn rules_of_prometheus_are_told_apart_by_what_they_alert_or_record() {
    let of = |stage: &str, groups: &str| {
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: web, namespace: shop-{stage}}}\n\
             spec: {{groups: [{groups}]}}\n"
        )
    };
    let between = |left: &str, right: &str| told(("dev", &of("dev", left)), ("prd", &of("prd", right)));
    let (down, slow) = ("{alert: Down, expr: up == 0}", "{alert: Slow, expr: p99 > 1}");
    assert_eq!(
        between(&format!("{{name: web, rules: [{down}, {slow}]}}"), &format!("{{name: web, rules: [{slow}]}}")),
        ["PAR002 groups.[name=web].rules.[alert=Down] of PrometheusRule web only in dev"]
    );
    assert_eq!(
        between("{name: web, rules: [{record: a, expr: b}]}", "{name: web, rules: [{record: a, expr: c}]}"),
        ["PAR002 groups.[name=web].rules.[record=a].expr of PrometheusRule web: b in dev, c in prd"]
    );
}

#[test]
fn only_amounts_of_the_api_may_be_written_in_several_ways() {
    let config = |stage: &str, value: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: shop-{stage}}}\ndata: {{max: {value}}}\n"
        )
    };
    assert_eq!(told(("dev", &config("dev", "'1.10'")), ("prd", &config("prd", "'1.1'"))).len(), 1);
    let scaler = |stage: &str, value: &str| {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: h, namespace: shop-{stage}}}\n\
             spec: {{metrics: [{{type: Resource, resource: {{name: memory, target: {{averageValue: {value}}}}}}}]}}\n"
        )
    };
    assert_eq!(told(("dev", &scaler("dev", "1Gi")), ("prd", &scaler("prd", "1024Mi"))), Vec::<String>::new());
    same(&[("name: web\n        image", "name: web\n        resources: {limits: {}}\n        image")]);
}

#[test]
fn a_default_that_follows_from_another_field_differs_with_it() {
    let policy = |stage: &str, rest: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop-{stage}}}\n\
             spec: {{podSelector: {{}}, {rest}}}\n"
        )
    };
    let closed = policy("dev", "policyTypes: [Ingress]");
    let both = policy("prd", "policyTypes: [Ingress, Egress], egress: [{ports: [{port: 53}]}]");
    let told = told(("dev", &closed), ("prd", &both));
    assert!(told.iter().any(|told| told.contains("policyTypes")), "without it the egress rule has no effect: {told:?}");
    let job = |stage: &str, rest: &str| {
        format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: j, namespace: shop-{stage}}}\nspec: {{{rest}}}\n")
    };
    let differences = |dev: &str, prd: &str| super::street::told(("dev", &job("dev", dev)), ("prd", &job("prd", prd)));
    assert_eq!(differences("suspend: false", "completions: 1, parallelism: 1"), Vec::<String>::new());
    assert_eq!(differences("completions: 5", "completions: 5, parallelism: 1"), Vec::<String>::new());
    assert_eq!(differences("parallelism: 2, completions: 1", "parallelism: 2").len(), 1, "it is a work queue");
}
