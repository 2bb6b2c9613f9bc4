//! Pairs of namespaces in which one line of the semantics decides: each recipe writes the egress of one namespace and
//! the ingress of another as people write them who know the line, or do not.

use super::noise;
use super::{Draw, Part, Room, STAGES};
use serde_json::{Value as Json, json};

/// The two ends of a pair.
struct Ends<'a> {
    rooms: &'a mut [Room],
    from: usize,
    to: usize,
}

/// Draws a recipe and cooks it.
pub fn pair(draw: &mut Draw, rooms: &mut [Room], from: usize, to: usize) {
    // A recipe stands here as often as its line needs to decide its share of the clusters.
    let recipes: [fn(&mut Draw, &mut Ends<'_>); 37] = [
        empty_egress,
        empty_egress,
        closed,
        only_ports,
        both_selectors,
        absent_key,
        two_policies,
        one_direction,
        protocols,
        protocols,
        named_port,
        named_port,
        service_port,
        service_port,
        address_block,
        address_block,
        host_network,
        published,
        finished,
        under_deletion,
        by_name,
        by_name,
        relay,
        relay,
        would_be,
        would_be,
        would_be,
        would_be,
        other_kind,
        old_version,
        template,
        template,
        misspelt,
        twice,
        twice,
        declared_twice,
        undeclared_port,
    ];
    let recipe = if draw.chance(3) { service_address } else { *draw.one(&recipes) };
    recipe(draw, &mut Ends { rooms, from, to });
}

impl Ends<'_> {
    fn source(&mut self) -> &mut Room {
        &mut self.rooms[self.from]
    }

    fn destination(&mut self) -> &mut Room {
        &mut self.rooms[self.to]
    }

    fn egress(&mut self, spec: Json) {
        self.source().policies.push(policy(spec));
    }

    fn ingress(&mut self, spec: Json) {
        self.destination().policies.push(policy(spec));
    }

    /// A peer that is the source's namespace, sure to match it.
    fn peer_of_source(&self) -> Json {
        peer_of(&self.rooms[self.from])
    }

    fn peer_of_destination(&self) -> Json {
        peer_of(&self.rooms[self.to])
    }
}

fn peer_of(room: &Room) -> Json {
    match room.part {
        Part::Stage(stage) if room.declared && room.labels["env"].is_string() => {
            json!({"namespaceSelector": {"matchLabels": {"env": STAGES[stage]}}})
        }
        _ => json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": room.name}}}),
    }
}

fn policy(spec: Json) -> Json {
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {}, "spec": spec})
}

/// A known pod, always running.
fn pod(app: &str, ports: Json) -> Json {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "main", "ports": ports}]}})
}

/// A default deny for ingress, in one of the ways in which it is written.
fn deny_ingress(draw: &mut Draw) -> Json {
    draw.one(&[
        json!({"podSelector": {}, "policyTypes": ["Ingress"]}),
        json!({"podSelector": {}}),
        json!({}),
        json!({"podSelector": null, "ingress": []}),
        json!({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": null}),
        json!({"podSelector": {}, "policyTypes": [], "ingress": []}),
    ])
    .clone()
}

/// A default deny for egress.
fn deny_egress(draw: &mut Draw) -> Json {
    draw.one(&[
        json!({"podSelector": {}, "policyTypes": ["Egress"]}),
        json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": []}),
        json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": null, "ingress": [{}]}),
    ])
    .clone()
}

/// N1: `egress: []` without policyTypes isolates nothing.
fn empty_egress(draw: &mut Draw, ends: &mut Ends<'_>) {
    ends.egress(
        draw.one(&[
            json!({"podSelector": {}, "egress": [], "ingress": []}),
            json!({"podSelector": {}, "egress": [], "policyTypes": []}),
            json!({"podSelector": {}, "egress": null, "policyTypes": null}),
        ])
        .clone(),
    );
}

/// N2: no rules, nobody.
fn closed(draw: &mut Draw, ends: &mut Ends<'_>) {
    if draw.chance(50) { ends.ingress(deny_ingress(draw)) } else { ends.egress(deny_egress(draw)) }
}

/// N3: only ports, so everybody; or only peers, so every port.
fn only_ports(draw: &mut Draw, ends: &mut Ends<'_>) {
    let peer = ends.peer_of_source();
    ends.ingress(
        draw.one(&[
            json!({"podSelector": {}, "ingress": [{"ports": [{"port": 8080}]}]}),
            json!({"podSelector": {}, "ingress": [{"from": [], "ports": [{"port": 8080}]}]}),
            json!({"podSelector": {}, "ingress": [{"from": [peer]}]}),
        ])
        .clone(),
    );
}

/// N4: AND written, OR thought.
fn both_selectors(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut peer = ends.peer_of_source();
    peer["podSelector"] = json!({"matchLabels": {"role": "client"}});
    if draw.chance(70) {
        let ports = json!([]);
        ends.source().workloads.push(pod("web", ports));
    }
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N5: NotIn and DoesNotExist match what lacks the key.
fn absent_key(draw: &mut Draw, ends: &mut Ends<'_>) {
    let expression = |key: &str, draw: &mut Draw| {
        if draw.chance(50) {
            json!({"matchExpressions": [{"key": key, "operator": "NotIn", "values": ["prd", "db"]}]})
        } else {
            json!({"matchExpressions": [{"key": key, "operator": "DoesNotExist"}]})
        }
    };
    let peer = if draw.chance(50) {
        json!({"namespaceSelector": expression("tier", draw)})
    } else {
        let mut peer = ends.peer_of_source();
        peer["podSelector"] = expression("tier", draw);
        ends.source().workloads.push(pod("web", json!([])));
        peer
    };
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N6: one closes, one opens.
fn two_policies(draw: &mut Draw, ends: &mut Ends<'_>) {
    let peer = ends.peer_of_source();
    ends.ingress(deny_ingress(draw));
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N7: the source is closed, the destination open, or the other way round.
fn one_direction(draw: &mut Draw, ends: &mut Ends<'_>) {
    let peer = ends.peer_of_source();
    ends.egress(deny_egress(draw));
    if draw.chance(60) {
        ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
    }
}

/// N8: UDP or SCTP out, TCP in.
fn protocols(draw: &mut Draw, ends: &mut Ends<'_>) {
    let peer = ends.peer_of_destination();
    let protocol = *draw.one(&["UDP", "SCTP"]);
    let port = if draw.chance(50) { json!({"protocol": protocol}) } else { json!({"protocol": protocol, "port": 53}) };
    ends.egress(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": [port]}]}));
    ends.ingress(
        draw.one(&[
            json!({"podSelector": {}, "ingress": [{"ports": [{"port": 53}]}]}),
            json!({"podSelector": {}, "ingress": [{"ports": [{}]}]}),
            json!({"podSelector": {}, "ingress": [{"ports": [{"port": 50, "endPort": 60, "protocol": "TCP"}]}]}),
        ])
        .clone(),
    );
}

/// N9: a name that no pod there declares, or declares for another protocol, or several times.
fn named_port(draw: &mut Draw, ends: &mut Ends<'_>) {
    let ports = draw
        .one(&[
            json!([{"name": "http", "containerPort": 8080}]),
            json!([{"name": "metrics", "containerPort": 9090, "protocol": "UDP"}]),
            json!([{"containerPort": 9090}]),
            json!([{"name": "metrics", "containerPort": 9090}]),
        ])
        .clone();
    let room = ends.destination();
    room.workloads = vec![pod("web", ports)];
    if draw.chance(30) {
        room.workloads[0]["spec"]["initContainers"] =
            json!([{"name": "side", "ports": [{"name": "metrics", "containerPort": 9191}]}]);
    }
    let peer = ends.peer_of_source();
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer], "ports": [{"port": "metrics"}]}]}));
    if draw.chance(30) {
        ends.egress(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": 9191}]}]}));
    }
}

/// N10: the Service's port in one policy, the pod's in the other.
fn service_port(draw: &mut Draw, ends: &mut Ends<'_>) {
    let room = ends.destination();
    room.workloads = vec![pod("web", json!([{"containerPort": 8080, "name": "http"}]))];
    let target = draw.one(&[json!(8080), json!("http")]).clone();
    room.services = vec![json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": {
        "selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": target}]}})];
    let peer = ends.peer_of_destination();
    let port = if draw.chance(60) { 80 } else { 8080 };
    ends.egress(
        json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": [{"port": port}]}]}),
    );
    ends.ingress(json!({"podSelector": {}, "ingress": [{"ports": [{"port": 8080}]}]}));
}

/// N10: an ipBlock around a Service's address.
fn service_address(draw: &mut Draw, ends: &mut Ends<'_>) {
    let room = ends.destination();
    room.workloads = vec![pod("web", json!([]))];
    room.services = vec![json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": {
        "selector": {"app": "web"}, "externalIPs": ["203.0.113.9"], "ports": [{"port": 80, "targetPort": 8080}]}})];
    let mut rule = json!({"to": [{"ipBlock": {"cidr": *draw.one(&["203.0.113.0/24", "203.0.113.8/32"])}}]});
    if draw.chance(60) {
        rule["ports"] = json!([{"port": *draw.one(&[80, 8080, 9090])}]);
    }
    ends.egress(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]}));
    if draw.chance(40) {
        ends.ingress(json!({"podSelector": {}, "ingress": [{"ports": [{"port": 8080}]}]}));
    }
}

/// N11: addresses in place of selectors.
fn address_block(draw: &mut Draw, ends: &mut Ends<'_>) {
    let block = if draw.chance(50) {
        json!({"cidr": *draw.one(&["0.0.0.0/0", "10.0.0.0/8", "::/0", "fd00::/8", "10.1.2.3/16"])})
    } else {
        noise::block(draw)
    };
    let mut rule = json!({});
    if draw.chance(40) {
        rule["ports"] = json!([{"port": 443}]);
    }
    if draw.chance(50) {
        rule["to"] = json!([{"ipBlock": block}]);
        ends.egress(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]}));
    } else {
        rule["from"] = json!([{"ipBlock": block}]);
        ends.ingress(json!({"podSelector": {}, "ingress": [rule]}));
    }
}

/// N12: a pod that is its node.
fn host_network(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut agent = pod("agent", json!([{"containerPort": 9100}]));
    agent["spec"]["hostNetwork"] = json!(true);
    if draw.chance(40) {
        agent["spec"]["nodeName"] = json!("node-a");
    }
    let mut other = pod("web", json!([]));
    if draw.chance(60) {
        other["spec"]["nodeName"] = json!(*draw.one(&["node-a", "node-b", "node-b"]));
    }
    if draw.chance(75) {
        ends.source().workloads = vec![agent];
        ends.destination().workloads = vec![other];
    } else {
        ends.source().workloads = vec![other];
        ends.destination().workloads = vec![agent];
    }
    ends.ingress(deny_ingress(draw));
}

/// N12: a pod that nodes lead to, behind a default deny; the source is let out to nodes, or is not.
fn published(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut port = json!({"containerPort": 8080, "name": "http"});
    if draw.chance(25) {
        port["hostPort"] = json!(8443);
    } else {
        let mut spec = json!({"selector": {"app": *draw.one(&["web", "web", "web", "new"])},
            "ports": [{"port": 80, "targetPort": draw.one(&[json!(8080), json!("http")]).clone()}]});
        match draw.below(4) {
            0 => spec["externalIPs"] = json!(["203.0.113.9"]),
            1 => spec["ports"][0]["nodePort"] = json!(30_080),
            _ => {}
        }
        spec["type"] = json!(*draw.one(&["NodePort", "LoadBalancer", "NodePort", "ClusterIP"]));
        ends.destination().services.push(json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": spec}));
    }
    let room = ends.destination();
    room.workloads = vec![pod("web", json!([port]))];
    ends.ingress(deny_ingress(draw));
    let to = match draw.below(6) {
        0 => json!([ends.peer_of_destination()]),
        1 => json!([{"podSelector": {}}]),
        2 => json!([{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "agent"}}}]),
        3 => json!([{"ipBlock": {"cidr": *draw.one(&["203.0.113.0/24", "10.1.0.0/16", "fd00::/8"])}}]),
        4 => json!([]),
        _ => return,
    };
    let mut rule = json!({"to": to});
    if draw.chance(60) {
        rule["ports"] = json!([{"port": *draw.one(&[80, 8080, 30_080, 8443, 53])}]);
    }
    ends.egress(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [rule]}));
}

/// N13: the only pod has finished, or a finished one would have been the one that is admitted.
fn finished(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut done = pod("migrate", json!([]));
    done["status"] = json!({"phase": *draw.one(&["Succeeded", "Failed"])});
    if draw.chance(50) {
        ends.destination().workloads = vec![done];
        ends.ingress(json!({"podSelector": {"matchLabels": {"app": "migrate"}}}));
    } else {
        ends.source().workloads = vec![done, pod("web", json!([]))];
        let mut peer = ends.peer_of_source();
        peer["podSelector"] = json!({"matchLabels": {"app": "migrate"}});
        ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
    }
}

/// N13: a policy that is going protects nothing.
fn under_deletion(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut going = policy(deny_ingress(draw));
    going["metadata"]["deletionTimestamp"] = json!("2026-11-24T10:00:00Z");
    going["metadata"]["name"] = json!("going");
    if draw.chance(30) {
        let peer = ends.peer_of_source();
        going["spec"] = json!({"podSelector": {}, "ingress": [{"from": [peer]}]});
        ends.ingress(deny_ingress(draw));
    }
    ends.destination().policies.push(going);
}

/// N14: by the name, whatever the manifest shows.
fn by_name(draw: &mut Draw, ends: &mut Ends<'_>) {
    let name = ends.source().name.clone();
    let peer = if draw.chance(65) {
        json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}})
    } else {
        ends.source().declared = false;
        json!({"namespaceSelector": {"matchLabels": {"team": "shop"}}})
    };
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N16: monitoring reaches it, and is reached.
fn relay(draw: &mut Draw, ends: &mut Ends<'_>) {
    let Some(shared) = ends.rooms.iter().position(|room| room.part == Part::Shared) else {
        return would_be(draw, ends);
    };
    let peer = peer_of(&ends.rooms[shared]);
    ends.rooms[shared].policies.clear();
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N17: what is known is closed, what may come is not.
fn would_be(draw: &mut Draw, ends: &mut Ends<'_>) {
    let room = ends.destination();
    room.workloads = vec![pod("web", json!([]))];
    ends.ingress(json!({"podSelector": {"matchLabels": {"app": "web"}}}));
    if draw.chance(30) {
        let peer = ends.peer_of_destination();
        ends.source().workloads = vec![pod("web", json!([]))];
        ends.egress(deny_egress(draw));
        ends.egress(json!({"podSelector": {"matchLabels": {"app": "api"}}, "egress": [{"to": [peer]}]}));
    }
}

/// N18: another kind of the same name.
fn other_kind(draw: &mut Draw, ends: &mut Ends<'_>) {
    let types = draw.one(&[json!(["Ingress"]), json!(["Egress"]), json!(["Ingress", "Egress"]), json!([])]).clone();
    let mut other = policy(json!({"selector": "all()", "types": types, "podSelector": {}}));
    let (api, kind) = *draw.one(&[
        ("projectcalico.org/v3", "NetworkPolicy"),
        ("crd.projectcalico.org/v1", "NetworkPolicy"),
        ("crd.antrea.io/v1beta1", "NetworkPolicy"),
        ("cilium.io/v2", "CiliumNetworkPolicy"),
    ]);
    other["apiVersion"] = json!(api);
    other["kind"] = json!(kind);
    other["metadata"]["name"] = json!("other");
    ends.destination().policies.push(other);
}

/// N18: a version that is no longer served.
fn old_version(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut old = policy(deny_ingress(draw));
    old["apiVersion"] = json!("extensions/v1beta1");
    ends.destination().policies.push(old);
}

/// N19: workloads, not pods.
fn template(draw: &mut Draw, ends: &mut Ends<'_>) {
    let template = pod("web", json!([]));
    let (api, kind) = *draw.one(&[
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
    ]);
    let mut spec = json!({"template": {"metadata": template["metadata"], "spec": template["spec"]}});
    if kind == "CronJob" {
        spec = json!({"jobTemplate": {"spec": spec}});
    }
    ends.destination().workloads = vec![json!({"apiVersion": api, "kind": kind, "metadata": {}, "spec": spec})];
    ends.ingress(json!({"podSelector": {"matchLabels": {"app": "web"}}}));
}

/// N20: a misspelt `from` admits everyone, a misspelt `matchLabels` selects everything.
fn misspelt(draw: &mut Draw, ends: &mut Ends<'_>) {
    ends.ingress(
        draw.one(&[
            json!({"podSelector": {}, "ingress": [{"form": [{"podSelector": {}}]}]}),
            json!({"podSelector": {}, "ingress": [{"From": [{"podSelector": {}}]}]}),
            json!({"podSelector": {}, "policyType": ["Egress"], "egress": [{"to": [{"podSelector": {}}]}], "ingress": []}),
            json!({"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {"matchLabel": {"env": "none"}}}]}]}),
        ])
        .clone(),
    );
}

/// N21: two of one name.
fn twice(draw: &mut Draw, ends: &mut Ends<'_>) {
    let peer = ends.peer_of_source();
    let mut documents =
        vec![policy(deny_ingress(draw)), policy(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}))];
    if draw.chance(30) {
        documents[1]["spec"] = json!({"podSelector": {"matchLabels": {"app": "none"}}});
    }
    for mut document in documents {
        document["metadata"]["name"] = json!("twice");
        ends.destination().policies.push(document);
    }
}

/// N21: two Deployments of one name, whose pods differ; one or both of them are admitted.
fn declared_twice(draw: &mut Draw, ends: &mut Ends<'_>) {
    let mut peer = ends.peer_of_source();
    peer["podSelector"] = json!({"matchLabels": draw.one(&[json!({"app": "job"}), json!({})]).clone()});
    ends.source().workloads = ["web", "job"]
        .map(|app| {
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "twice"},
                "spec": {"template": {"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "main"}]}}}})
        })
        .into();
    ends.ingress(json!({"podSelector": {}, "ingress": [{"from": [peer]}]}));
}

/// N22: a port that no container declares.
fn undeclared_port(draw: &mut Draw, ends: &mut Ends<'_>) {
    let ports = draw.one(&[json!([]), json!([{"containerPort": 80}])]).clone();
    ends.destination().workloads = vec![pod("web", ports)];
    ends.ingress(json!({"podSelector": {}, "ingress": [{"ports": [{"port": *draw.one(&[5432, 9999])}]}]}));
}
