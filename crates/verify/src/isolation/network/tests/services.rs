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

#[test]
fn n12_what_a_port_leaves_open_is_what_the_server_sets_there() {
    let judged = |egress: &str, port: &str| {
        published(egress, &format!("selector: {{app: orders}}, ports: [{{port: 5432, nodePort: 30001{port}}}]"))
    };
    for port in ["", ", protocol: TCP", ", protocol: ''", ", protocol: null", ", targetPort: ''", ", targetPort: 0"] {
        assert_eq!(judged("{ports: [{port: 30001}]}", port), Verdict::Unknown, "{port}");
        assert_eq!(judged("{ports: [{port: 30001, protocol: UDP}]}", port), Verdict::Isolated, "{port}");
    }
    assert_eq!(judged("{ports: [{port: 30001}]}", ", protocol: UDP"), Verdict::Isolated);
    assert_eq!(judged("{ports: [{port: 30001, protocol: SCTP}]}", ", protocol: SCTP"), Verdict::Unknown);
}

#[test]
fn n12_a_port_that_the_server_refuses_may_be_any() {
    let any = "{ports: [{port: 1, endPort: 65535, protocol: UDP}]}";
    for port in ["port: 70000, protocol: UDP", "protocol: UDP", "port: 80, protocol: HTTP"] {
        assert_eq!(
            published(any, &format!("selector: {{app: orders}}, ports: [{{{port}}}]")),
            Verdict::Unknown,
            "{port}"
        );
    }
    for target in ["70000", "'8080'"] {
        let service =
            format!("selector: {{app: orders}}, ports: [{{port: 80, nodePort: 30001, targetPort: {target}}}]");
        assert_eq!(published("{ports: [{port: 30001}]}", &service), Verdict::Unknown, "{target}");
    }
}

#[test]
fn n12_to_a_pod_that_is_known_a_port_leads_by_its_name_and_anywhere_where_that_is_none() {
    let reached = |port: &str, asked_port: u16| {
        let service = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{type: NodePort, selector: {{app: orders}}, ports: [{{{port}}}]}}\n"
        );
        let snapshot = snapshot(&(street(&[], &[DENY]) + &service));
        asked(&snapshot, &Settings::default(), "shop-dev/web", &format!("shop-prd/orders:{asked_port}")).0
    };
    assert_eq!(reached("port: 80, targetPort: db", 5432), Reachable::Unknown);
    assert_eq!(reached("port: 80, targetPort: db", 9999), Reachable::Denied);
    assert_eq!(reached("port: 80, targetPort: web", 9999), Reachable::Denied, "the pod declares none of that name");
    assert_eq!(reached("port: 80, targetPort: '8080'", 9999), Reachable::Unknown, "the server refuses it");
    assert_eq!(reached("port: 0", 9999), Reachable::Unknown, "the server refuses it");
}

#[test]
fn n12_a_selector_of_null_asks_for_the_empty_text() {
    let judged = |selector: &str, labels: &str| {
        let pod =
            format!("{{apiVersion: v1, kind: Pod, metadata: {{name: it, namespace: shop-prd, labels: {labels}}}}}\n");
        let service = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{type: NodePort, selector: {selector}, ports: [{{port: 80}}]}}\n"
        );
        let level = "pod-security.kubernetes.io/enforce: baseline";
        let street = street(&["{podSelector: {}, policyTypes: [Ingress]}"], &[DENY]).replace("team: shop", level);
        into(&(street + &pod + "---\n" + &service))
    };
    assert_eq!(judged("{tier: null}", "{tier: ''}"), Verdict::Unknown);
    assert_eq!(judged("{tier: ''}", "{tier: null}"), Verdict::Unknown);
    assert_eq!(judged("{tier: '${TIER}'}", "{tier: a}"), Verdict::Unknown, "it is yet to be filled in");
    for nobody in ["{}", "null"] {
        assert_eq!(judged(nobody, "{app: orders}"), Verdict::Isolated, "{nobody}");
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
fn n10_an_address_that_not_everybody_reads_alike_may_be_any() {
    let service = |address: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{selector: {{app: orders}}, ports: [{{port: 80}}], clusterIP: {address}}}\n"
        )
    };
    let gateway = |address: &str| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{addresses: [{{value: {address}}}]}}\n"
        )
    };
    for (address, expected) in [
        ("203.0.113.9", Verdict::Unknown),
        ("198.51.100.9", Verdict::Isolated),
        ("'${IP}'", Verdict::Unknown),
        ("0203.0.113.9", Verdict::Unknown),
        ("'::ffff:198.51.100.9'", Verdict::Unknown),
        ("'fd00::1'", Verdict::Isolated),
    ] {
        for object in [service(address), gateway(address)] {
            assert_eq!(by_address("203.0.113.0/24", ("", ""), &object), expected, "{object}");
        }
    }
    assert_eq!(by_address("203.0.113.0/24", ("", ""), &service("None")), Verdict::Isolated, "it has no address");
    assert_eq!(by_address("203.0.113.0/24", ("", ""), &service("''")), Verdict::Isolated, "a private one is chosen");
    assert_eq!(
        by_address("10.96.0.0/12", ("", ""), &gateway("203.0.113.9")),
        Verdict::Unknown,
        "its pods may have a Service"
    );
}

#[test]
fn n10_a_service_without_ports_is_refused_and_may_have_any() {
    let judged = |ports: &str| {
        let service = format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: it, namespace: shop-prd}}\n\
             spec: {{selector: {{app: orders}}, clusterIP: 203.0.113.9{ports}}}\n"
        );
        by_address("203.0.113.0/24", (", ports: [{port: 443}]", "ports: [{port: 5432}]"), &service)
    };
    assert_eq!(judged(", ports: [{port: 443, targetPort: 5432}]"), Verdict::Unknown);
    assert_eq!(judged(", ports: [{port: 80, targetPort: 5432}]"), Verdict::Isolated);
    for none in ["", ", ports: []", ", ports: null"] {
        assert_eq!(judged(none), Verdict::Unknown, "{none}");
    }
}

#[test]
fn n10_endpoints_by_hand_lead_where_any_reading_of_them_does() {
    const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: it, namespace: shop-dev}\n\
                           spec: {clusterIP: 203.0.113.9, ports: [{port: 443}]}\n---\n";
    let slice = |address: &str, ports: &str| {
        format!(
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n\
             metadata: {{name: it-1, namespace: shop-dev, labels: {{kubernetes.io/service-name: it}}}}\n\
             endpoints: [{{addresses: ['{address}']}}]\nports: [{ports}]\n"
        )
    };
    let judged =
        |objects: &str| by_address("203.0.113.0/24", (", ports: [{port: 443}]", "ports: [{port: 5432}]"), objects);
    let port = "{port: 5432}";
    assert_eq!(judged(&(SERVICE.to_owned() + &slice("192.168.3.4", port))), Verdict::Unknown);
    assert_eq!(judged(&(SERVICE.to_owned() + &slice("198.51.100.4", port))), Verdict::Isolated, "no pod's");
    for address in ["0192.168.3.4", "::ffff:192.168.3.4", "${ADDRESS}"] {
        assert_eq!(judged(&(SERVICE.to_owned() + &slice(address, port))), Verdict::Unknown, "{address}");
    }
    let by_name = slice("orders.example.net", port) + "addressType: FQDN\n";
    assert_eq!(judged(&(SERVICE.to_owned() + &by_name)), Verdict::Isolated, "no proxy leads there");
    // The ports: those that are read, and any where one is not.
    assert_eq!(judged(&(SERVICE.to_owned() + &slice("192.168.3.4", "{port: 9090}"))), Verdict::Isolated);
    for ports in ["{port: 9090}, {port: null}", "{port: 9090}, {name: a}", ""] {
        assert_eq!(judged(&(SERVICE.to_owned() + &slice("192.168.3.4", ports))), Verdict::Unknown, "{ports}");
    }
    // Of two documents of the Service either may hold (N21), and what is not in the input may have any address and
    // port.
    let other = SERVICE.replace("203.0.113.9", "198.51.100.7");
    for services in [SERVICE.to_owned() + &other, other.clone() + SERVICE] {
        assert_eq!(judged(&(services + &slice("192.168.3.4", port))), Verdict::Unknown);
    }
    assert_eq!(judged(&(other + &slice("192.168.3.4", port))), Verdict::Isolated);
    let ports = (", ports: [{port: 443}]", "ports: [{port: 5432}]");
    assert_eq!(by_address("10.96.0.0/12", ports, &slice("192.168.3.4", port)), Verdict::Unknown);
    assert_eq!(
        by_address("203.0.113.0/24", ports, &slice("192.168.3.4", port)),
        Verdict::Unknown,
        "it may be published"
    );
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
