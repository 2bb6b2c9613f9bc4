//! Policies and workloads drawn field by field, the refused and the misspelt among them.

use super::{Draw, Room};
use serde_json::{Value as Json, json};

const APPS: [&str; 2] = ["web", "api"];
const PORTS: [u16; 3] = [80, 8080, 5432];
const NAMES: [&str; 2] = ["http", "db"];

/// None to three workloads.
pub fn workloads(draw: &mut Draw, room: &mut Room) {
    let count = *draw.one(&[0, 1, 1, 1, 2, 2, 3]);
    for _ in 0..count {
        let app = *draw.one(&APPS);
        let mut workload = workload(draw, app);
        if draw.chance(2) {
            workload["metadata"]["name"] = json!("Web_1");
        }
        room.workloads.push(workload);
    }
    if draw.chance(4)
        && let Some(mut other) = room.workloads.last().cloned()
    {
        let template = if other["kind"] == "Pod" { &mut other } else { &mut other["spec"]["template"] };
        template["metadata"]["labels"] = json!({"app": *draw.one(&APPS)});
        room.workloads.push(other);
        room.workloads.iter_mut().rev().take(2).for_each(|one| one["metadata"]["name"] = json!("twice"));
    }
}

/// A Pod or a template of this app.
pub fn workload(draw: &mut Draw, app: &str) -> Json {
    let mut labels = json!({"app": app});
    if draw.chance(3) {
        labels["app"] = json!(null);
    }
    if draw.chance(20) {
        labels["role"] = json!("db");
    }
    let mut pod = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "ports": ports_of_container(draw)}]}});
    if draw.chance(8) {
        pod["spec"]["initContainers"] =
            json!([{"name": "side", "ports": [{"name": "http", "containerPort": *draw.one(&PORTS)}]}]);
    }
    if draw.chance(4) {
        pod["spec"]["hostNetwork"] = json!(true);
    }
    if draw.chance(10) {
        pod["spec"]["nodeName"] = json!(*draw.one(&["node-a", "node-b"]));
    }
    let (api, kind) = *draw.one(&[
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("v1", "Pod"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("v1", "ReplicationController"),
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
        ("argoproj.io/v1alpha1", "Rollout"),
    ]);
    match kind {
        "Pod" => {
            let mut document =
                json!({"apiVersion": api, "kind": kind, "metadata": pod["metadata"], "spec": pod["spec"]});
            if draw.chance(25) {
                document["status"] = json!({"phase": *draw.one(&["Running", "Pending", "Succeeded", "Failed"])});
            }
            document
        }
        "CronJob" => {
            json!({"apiVersion": api, "kind": kind, "metadata": {}, "spec": {"jobTemplate": {"spec": {"template": pod}}}})
        }
        // Of what a custom template makes the oracle knows nothing, so none is shown whole (N19).
        "Rollout" => {
            json!({"apiVersion": api, "kind": kind, "metadata": {}, "spec": {"template": {"metadata": pod["metadata"]}}})
        }
        _ => json!({"apiVersion": api, "kind": kind, "metadata": {}, "spec": {"template": pod}}),
    }
}

fn ports_of_container(draw: &mut Draw) -> Json {
    let count = draw.below(3);
    let mut ports = Vec::new();
    for name in NAMES.iter().take(count) {
        let mut port = json!({"containerPort": *draw.one(&PORTS)});
        if draw.chance(70) {
            port["name"] = json!(name);
        }
        match draw.below(100) {
            0..15 => port["protocol"] = json!("UDP"),
            15..18 => port["protocol"] = json!(""),
            _ => {}
        }
        if draw.chance(2) {
            port["hostPort"] = json!(*draw.one(&[9090, 8080]));
        }
        ports.push(port);
    }
    json!(ports)
}

/// The egress of one namespace and the ingress of another.
pub fn pair(draw: &mut Draw, rooms: &mut [Room], from: usize, to: usize) {
    for _ in 0..*draw.one(&[0, 0, 1, 1, 2]) {
        let policy = policy(draw, "egress", "to");
        rooms[from].policies.push(policy);
    }
    for _ in 0..*draw.one(&[0, 1, 1, 2, 2]) {
        let policy = policy(draw, "ingress", "from");
        rooms[to].policies.push(policy);
    }
    if draw.chance(10) {
        let service = service(draw);
        rooms[to].services.push(service);
    }
}

/// A Service.
pub fn service(draw: &mut Draw) -> Json {
    let target = if draw.chance(30) { json!(*draw.one(&NAMES)) } else { json!(*draw.one(&PORTS)) };
    let mut spec = json!({"selector": {"app": *draw.one(&APPS)}, "ports": [{"port": 80, "targetPort": target}]});
    let unset = [json!(""), json!(null)];
    match draw.below(12) {
        0 => spec["ports"][0]["protocol"] = draw.one(&unset).clone(),
        1 => spec["ports"][0]["protocol"] = json!("UDP"),
        2 => spec["ports"][0]["targetPort"] = draw.one(&[json!(""), json!(null), json!(0)]).clone(),
        3 => spec["selector"]["app"] = draw.one(&unset).clone(),
        _ => {}
    }
    if draw.chance(50) {
        spec["clusterIP"] = json!(*draw.one(&["10.96.0.7", "172.30.0.9", "203.0.113.7"]));
    }
    if draw.chance(15) {
        spec["externalIPs"] = json!(["203.0.113.9"]);
    }
    if draw.chance(20) {
        spec["type"] = json!(*draw.one(&["NodePort", "LoadBalancer", "ClusterIP", ""]));
        if draw.chance(50) {
            spec["ports"][0]["nodePort"] = json!(30_080);
        }
    }
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": spec})
}

fn policy(draw: &mut Draw, section: &str, peers: &str) -> Json {
    let mut spec = json!({});
    match draw.below(12) {
        0 => {}
        1 => spec["podSelector"] = Json::Null,
        2..6 => spec["podSelector"] = json!({}),
        _ => spec["podSelector"] = pod_selector(draw),
    }
    let direction = if section == "ingress" { "Ingress" } else { "Egress" };
    match draw.below(10) {
        0 | 1 => {}
        2 => spec["policyTypes"] = json!([]),
        3 => spec["policyTypes"] = Json::Null,
        4 => spec["policyTypes"] = json!(["Ingress", "Egress"]),
        _ => spec["policyTypes"] = json!([direction]),
    }
    match draw.below(12) {
        0 => {}
        1 => spec[section] = Json::Null,
        2 => spec[section] = json!([]),
        3 => spec[section] = json!([null]),
        _ => {
            let rules: Vec<Json> = (0..*draw.one(&[1, 1, 1, 2])).map(|_| rule(draw, peers)).collect();
            spec[section] = json!(rules);
        }
    }
    let mut document =
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {}, "spec": spec});
    match draw.below(60) {
        0 => document["metadata"]["deletionTimestamp"] = json!("2026-11-24T10:00:00Z"),
        1 => document["apiVersion"] = json!("extensions/v1beta1"),
        2 => document["apiVersion"] = json!("projectcalico.org/v3"),
        3 | 4 => document["metadata"]["name"] = json!("twice"),
        5 => document["metadata"]["name"] = json!("All_of_them"),
        _ => {}
    }
    document
}

/// One item of `ingress` or `egress`, good or bad.
pub fn rule(draw: &mut Draw, peers: &str) -> Json {
    let mut rule = json!({});
    match draw.below(10) {
        0 => {}
        1 => rule[peers] = draw.one(&[json!([]), Json::Null]).clone(),
        _ => {
            let items: Vec<Json> = (0..*draw.one(&[1, 1, 2])).map(|_| peer(draw)).collect();
            rule[peers] = json!(items);
        }
    }
    match draw.below(10) {
        0..4 => {}
        4 => rule["ports"] = json!([]),
        _ => {
            let items: Vec<Json> = (0..*draw.one(&[1, 1, 2])).map(|_| port(draw)).collect();
            rule["ports"] = json!(items);
        }
    }
    if draw.chance(3) {
        rule[if peers == "from" { "form" } else { "To" }] = json!([{"podSelector": {}}]);
    }
    rule
}

fn peer(draw: &mut Draw) -> Json {
    match draw.below(26) {
        0..6 => json!({"podSelector": pod_selector(draw)}),
        6..14 => json!({"namespaceSelector": namespace_selector(draw)}),
        14..21 => json!({"namespaceSelector": namespace_selector(draw), "podSelector": pod_selector(draw)}),
        21..25 => json!({"ipBlock": block(draw)}),
        _ => draw
            .one(&[
                json!({}),
                Json::Null,
                json!({"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}),
                json!({"podSelector": null}),
            ])
            .clone(),
    }
}

/// An ipBlock, good and bad.
pub fn block(draw: &mut Draw) -> Json {
    let cidr = *draw.one(&[
        "0.0.0.0/0",
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.1.0.0/16",
        "203.0.113.0/24",
        "172.16.0.0/12",
        "::/0",
        "fd00::/8",
        "10.1.2.3/16",
        "010.0.0.0/8",
        "10.0.0.0/33",
    ]);
    let mut block = json!({"cidr": cidr});
    if draw.chance(40) {
        block["except"] = draw
            .one(&[
                json!(["10.0.0.0/8"]),
                json!(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]),
                json!(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]),
                json!(["10.1.0.0/16"]),
                json!(["10.1.2.3/16"]),
                json!(["fd00::/8"]),
                json!(["nonsense"]),
                json!([]),
            ])
            .clone();
    }
    block
}

fn port(draw: &mut Draw) -> Json {
    let mut port = json!({});
    match draw.below(16) {
        0 => {}
        1..4 => port["port"] = json!(*draw.one(&NAMES)),
        4..6 => {
            port["port"] = json!(*draw.one(&PORTS));
            port["endPort"] = json!(*draw.one(&[8080, 9000, 79]));
        }
        6 if draw.chance(30) => {
            port["port"] = draw.one(&[json!(0), json!(70_000), json!("80"), json!("-bad-")]).clone()
        }
        _ => port["port"] = json!(*draw.one(&PORTS)),
    }
    match draw.below(10) {
        0 | 1 => port["protocol"] = json!("UDP"),
        2 => port["protocol"] = json!("SCTP"),
        3 | 4 => port["protocol"] = json!("TCP"),
        5 if draw.chance(15) => port["protocol"] = json!("tcp"),
        _ => {}
    }
    port
}

fn pod_selector(draw: &mut Draw) -> Json {
    selector(draw, &[("app", &["web", "api"]), ("role", &["db", "cache"])])
}

fn namespace_selector(draw: &mut Draw) -> Json {
    selector(
        draw,
        &[
            ("env", &["dev", "prd"]),
            ("team", &["shop", "ops"]),
            ("kubernetes.io/metadata.name", &["shop-dev", "shop-prd"]),
        ],
    )
}

fn selector(draw: &mut Draw, vocabulary: &[(&str, &[&str])]) -> Json {
    let (key, values) = *draw.one(vocabulary);
    match draw.below(22) {
        0..3 => json!({}),
        3..12 => json!({"matchLabels": {key: *draw.one(values)}}),
        12 => json!({"matchLabels": {key: *draw.one(values), vocabulary[0].0: *draw.one(vocabulary[0].1)}}),
        13 => json!({"matchLabel": {key: *draw.one(values)}}),
        14 | 15 => json!({"matchExpressions": [{"key": key, "operator": "NotIn", "values": [*draw.one(values)]}]}),
        16 | 17 => json!({"matchExpressions": [{"key": key, "operator": "In", "values": values}]}),
        18 => json!({"matchExpressions": [{"key": key, "operator": "Exists"}]}),
        19 => json!({"matchExpressions": [{"key": key, "operator": "DoesNotExist"}]}),
        20 => {
            json!({"matchLabels": {key: *draw.one(values)}, "matchExpressions": [{"key": key, "operator": "NotIn", "values": [*draw.one(values)]}]})
        }
        _ => draw
            .one(&[
                json!({"matchExpressions": [{"key": key, "operator": "In", "values": []}]}),
                json!({"matchExpressions": [{"key": key, "operator": "Equals", "values": ["web"]}]}),
                json!({"matchExpressions": [{"key": key, "operator": "Exists", "values": ["web"]}]}),
                json!({"matchExpressions": [null]}),
                json!({"matchLabels": null, "matchExpressions": null}),
                json!({"matchLabels": {key: null}}),
            ])
            .clone(),
    }
}
