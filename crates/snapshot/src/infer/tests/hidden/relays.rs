//! What forwards to another environment.

use super::*;

#[test]
fn what_forwards_from_a_gateway_to_another_environment_leaves_that_open() {
    let of = |group: &str, namespace: &str, gateways: &str, host: &str| {
        hidden(&format!(
            "apiVersion: {group}/v1\nkind: VirtualService\nmetadata: {{name: v, namespace: {namespace}}}\n\
             spec: {{gateways: [{gateways}], http: [{{route: [{{destination: {{host: {host}}}}}]}}]}}\n"
        ))
    };
    let istio = "networking.istio.io";
    let open = ["VirtualService v forwards what a gateway takes in to another environment: shop-prd"];
    assert_eq!(of(istio, "shop-dev", "edge", "db.shop-prd.svc.cluster.local"), open);
    assert_eq!(of(istio, "shop-dev", "mesh, infra/edge", "db.shop-prd"), open);
    assert_eq!(of(istio, "shop-dev", "mesh", "db.shop-prd"), [""; 0], "the pods themselves open it");
    assert_eq!(of(istio, "shop-dev", "", "db.shop-prd"), [""; 0]);
    assert_eq!(of(istio, "shop-prd", "edge", "db.shop-prd"), [""; 0], "its own");
    assert_eq!(of(istio, "shop-prd", "edge", "db"), [""; 0]);
    assert_eq!(of(istio, "infra", "edge", "db.shop-prd"), [""; 0], "of no environment");
    assert_eq!(of(istio, "shop-dev", "edge", "db.shop-prd.example.org"), [""; 0], "beyond the cluster");
    assert_eq!(of("example.org", "shop-dev", "edge", "db.shop-prd"), [""; 0]);
}

#[test]
fn what_forwards_leaves_open_a_namespace_of_its_own_cluster_only() {
    let route = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: shop-dev}\n\
                 spec: {gateways: [edge], http: [{route: [{destination: {host: db.shop-prd}}]}]}\n";
    let spaces = namespace("shop-dev", "") + &namespace("shop-prd", "");
    let east = spaces.clone() + route;
    let snapshot = scan(&[("clusters/east/all.yaml", &east), ("clusters/west/all.yaml", &spaces)]);
    let cluster = |gap: &crate::snapshot::Gap| match gap.reach {
        Reach::Namespace(id) => snapshot.cluster(snapshot.namespace(id).unwrap().cluster).unwrap().name.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(snapshot.hidden.iter().map(cluster).collect::<Vec<_>>(), ["east"]);
}
