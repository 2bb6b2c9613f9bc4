//! What Services and Gateways say of the ports and addresses that lead past policies (N10, N12).

use super::*;

/// Into prd, which is closed, where this Service of the type NodePort stands; `egress` is a rule of dev.
fn published(egress: &str, service: &str) -> Verdict {
    let out = format!("{{podSelector: {{}}, policyTypes: [Egress], egress: [{egress}]}}");
    let service = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\nspec: {{type: NodePort, {service}}}\n"
    );
    into(&(street(&[&out], &[DENY]) + &service))
}

#[test]
fn n12_a_service_of_an_empty_selector_publishes_nobody() {
    assert_eq!(published("{}", "selector: {app: orders}, ports: [{port: 80}]"), Verdict::Unknown);
    assert_eq!(published("{}", "selector: {}, ports: [{port: 80}]"), Verdict::Isolated);
}

#[test]
fn n12_a_port_without_a_target_leads_to_its_own_number() {
    for target in ["", ", targetPort: null", ", targetPort: 5432", ", targetPort: db"] {
        let service = format!("selector: {{app: orders}}, ports: [{{port: 5432{target}}}]");
        assert_eq!(published("{ports: [{port: 5432}]}", &service), Verdict::Unknown, "{target}");
    }
}

#[test]
fn n12_the_port_of_the_nodes_is_the_one_written_or_any() {
    let judged = |node_port: &str| {
        let service = format!("selector: {{app: orders}}, ports: [{{port: 5432{node_port}}}]");
        published("{ports: [{port: 30001}]}", &service)
    };
    assert_eq!(judged(", nodePort: 30001"), Verdict::Unknown);
    assert_eq!(judged(", nodePort: 30002"), Verdict::Isolated);
    for chosen in ["", ", nodePort: null", ", nodePort: 0"] {
        assert_eq!(judged(chosen), Verdict::Unknown, "{chosen}");
    }
}

/// Into prd by a block of addresses, in which no pod lies; both ends open these ports.
fn by_address(block: &str, (out, into): (&str, &str), object: &str) -> Verdict {
    let assume = Assumed { pod_ranges: Some(vec!["192.168.0.0/16".parse().unwrap()]), ..Assumed::default() };
    let out = format!(
        "{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {{cidr: {block}}}}}]{out}}}]}}"
    );
    let into = format!("{{podSelector: {{}}, ingress: [{{{into}}}]}}");
    verdict(&(street(&[&out], &[&into]) + object), &Settings { assume, ..Settings::default() }, "dev", "prd")
}

#[test]
fn n10_the_addresses_of_a_service_are_shown_by_either_field() {
    let judged = |block: &str, shown: &str| {
        let service = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{selector: {{app: orders}}, ports: [{{port: 80}}]{shown}}}\n"
        );
        by_address(block, ("", ""), &service)
    };
    for shown in [", clusterIP: 203.0.113.9", ", clusterIPs: [203.0.113.9]"] {
        assert_eq!(judged("203.0.113.0/24", shown), Verdict::Unknown, "{shown}");
        assert_eq!(judged("10.96.0.0/12", shown), Verdict::Isolated, "{shown}");
    }
    let balanced = "}\nstatus: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}";
    for more in [", loadBalancerIP: 203.0.113.9", balanced] {
        let shown = |block: &str| judged(block, &format!(", clusterIP: 10.96.0.1{more}"));
        assert_eq!(shown("203.0.113.0/24"), Verdict::Unknown, "{more}");
        assert_eq!(shown("10.112.0.0/12"), Verdict::Isolated, "{more}");
    }
    for shown in ["", ", clusterIP: ''", ", clusterIPs: []"] {
        assert_eq!(judged("10.96.0.0/12", shown), Verdict::Unknown, "{shown}");
    }
}

#[test]
fn n10_behind_a_listener_of_a_gateway_any_port_of_a_pod_may_be() {
    let judged_by = |listener: &str, out: &str, into: &str| {
        let gateway = format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{addresses: [{{value: 203.0.113.5}}], listeners: [{{name: it, {listener}}}]}}\n"
        );
        by_address("203.0.113.0/24", (out, into), &gateway)
    };
    let judged =
        |listener: &str, port: &str| judged_by(listener, &format!(", ports: [{port}]"), "ports: [{port: 8080}]");
    for protocol in ["TCP", "HTTP", "HTTPS", "TLS", "example.net/own"] {
        let listener = format!("port: 80, protocol: {protocol}");
        assert_eq!(judged(&listener, "{port: 80}"), Verdict::Unknown, "{protocol}");
        assert_eq!(judged(&listener, "{port: 81}"), Verdict::Isolated, "{protocol}");
    }
    assert_eq!(judged("port: 80, protocol: UDP", "{port: 80}"), Verdict::Isolated);
    // What else a protocol may be: QUIC stands beside HTTPS, and beside TCP nothing.
    let by_udp = |protocol: &str| {
        let out = ", ports: [{port: 80, protocol: UDP}]";
        judged_by(&format!("port: 80, protocol: {protocol}"), out, "ports: [{port: 8080, protocol: UDP}]")
    };
    for (protocol, expected) in [
        ("UDP", Verdict::Unknown),
        ("HTTPS", Verdict::Unknown),
        ("example.net/own", Verdict::Unknown),
        ("TCP", Verdict::Isolated),
        ("HTTP", Verdict::Isolated),
        ("TLS", Verdict::Isolated),
    ] {
        assert_eq!(by_udp(protocol), expected, "{protocol}");
    }
}
