//! What one object says: the pods that it is or makes, and the Service that it is.

use super::line::Line;
use super::reading::Misreading;
use super::selector::labels_of;
use super::world::{NodePort, Pod, Service, Target, There};
use dtap_model::object::Object;
use dtap_model::tree::{Node, Value};
use dtap_model::workload::Protocol;

/// N19: pods, and the templates of the workloads of the API.
pub fn read_pod(object: &Object, namespace: usize, misread: Misreading) -> Option<Pod> {
    let kind = &object.identity.kind;
    let template: &[&str] = match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => &[],
        _ if misread == Some(Line::N19) => return None,
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("", "ReplicationController")
        | ("batch", "Job") => &["spec", "template"],
        ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    };
    let nothing = Node::default();
    let pod = object.tree.at(template).unwrap_or(&nothing);
    let phase = object.tree.at(&["status", "phase"]).and_then(Node::as_str).filter(|_| kind.kind == "Pod");
    // N13: the address of a finished pod may be another's by now.
    if matches!(phase, Some("Succeeded" | "Failed")) && misread != Some(Line::N13) {
        return None;
    }
    let (ports, numbers) = declared(pod);
    let node = pod.at(&["spec", "nodeName"]).and_then(Node::as_str).map(str::to_owned);
    // A pod that has its node was accepted: it is seen, and not declared.
    let seen = kind.kind == "Pod" && node.is_some();
    let name = object.identity.name.to_string();
    let generated = name.ends_with('*');
    Some(Pod {
        namespace,
        accepted: seen,
        declared: (!seen && !generated).then(|| (kind.clone(), name)),
        there: There::Surely,
        labels: labels_of(pod.at(&["metadata", "labels"])).unwrap_or_default(),
        ports: Some(ports),
        numbers,
        host_network: pod.at(&["spec", "hostNetwork"]).and_then(Node::as_bool) == Some(true)
            && misread != Some(Line::N12),
        is_node: false,
        node,
        secondary_networks: pod.at(&["metadata", "annotations", "k8s.v1.cni.cncf.io/networks"]).is_some(),
        host_ports: host_ports(pod),
    })
}

/// A container's port with a name.
type NamedPort = (String, Protocol, u16);

/// N9: the ports of every container, init containers and sidecars too.
fn declared(pod: &Node<'_>) -> (Vec<NamedPort>, Vec<(Protocol, u16)>) {
    let (mut named, mut numbers) = (Vec::new(), Vec::new());
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let containers = pod.at(&["spec", list]).map(Node::items).unwrap_or_default();
        for port in containers.iter().filter_map(|container| container.get("ports")).flat_map(Node::items) {
            let protocol = protocol_of(port);
            let number =
                port.get("containerPort").and_then(Node::as_integer).and_then(|number| u16::try_from(number).ok());
            let (Some(protocol), Some(number)) = (protocol, number) else { continue };
            numbers.push((protocol, number));
            if let Some(name) = port.get("name").and_then(Node::as_str) {
                named.push((name.to_owned(), protocol, number));
            }
        }
    }
    (named, numbers)
}

/// N12: the ports of the node that lead to the pod.
fn host_ports(pod: &Node<'_>) -> Vec<(Protocol, u16, u16)> {
    let mut found = Vec::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for container in pod.at(&["spec", list]).map(Node::items).unwrap_or_default() {
            for port in container.get("ports").map(Node::items).unwrap_or_default() {
                let number = |name: &str| {
                    port.get(name).and_then(Node::as_integer).and_then(|number| u16::try_from(number).ok())
                };
                let protocol = protocol_of(port);
                if let (Some(protocol), Some(on_node @ 1..), Some(on_pod)) =
                    (protocol, number("hostPort"), number("containerPort"))
                {
                    found.push((protocol, on_node, on_pod));
                }
            }
        }
    }
    found
}

/// A Service that selects backends.
pub fn read_service(tree: &Node<'_>) -> Option<Service> {
    let spec = tree.get("spec")?;
    let selector = labels_of(spec.get("selector")).ok().filter(|selector| !selector.is_empty())?;
    let texts = |node: Option<&Node<'_>>| -> Vec<String> {
        node.map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).map(str::to_owned).collect()
    };
    let one = |name: &str| spec.get(name).and_then(Node::as_str).map(str::to_owned);
    let balancers = tree.at(&["status", "loadBalancer", "ingress"]).map(Node::items).unwrap_or_default();
    let addresses = one("clusterIP")
        .into_iter()
        .chain(one("loadBalancerIP"))
        .chain(texts(spec.get("clusterIPs")))
        .chain(texts(spec.get("externalIPs")))
        .chain(balancers.iter().filter_map(|balancer| balancer.get("ip")).filter_map(Node::as_str).map(str::to_owned))
        .filter_map(|text| text.parse().ok())
        .collect();
    let items = spec.get("ports").map(Node::items).unwrap_or_default();
    let ports = items.iter().filter_map(read_service_port).collect();
    let on_nodes = matches!(one("type").as_deref(), Some("NodePort" | "LoadBalancer"));
    let node_port = |item: &Node<'_>| match item.get("nodePort").and_then(Node::as_integer) {
        _ if !on_nodes => NodePort::None,
        Some(number) if number > 0 => u16::try_from(number).map_or(NodePort::SomeOther, NodePort::This),
        _ => NodePort::SomeOther,
    };
    let readable = items.iter().filter(|item| read_service_port(item).is_some());
    Some(Service {
        selector,
        addresses,
        hidden_address: one("type").as_deref() != Some("ExternalName")
            && one("clusterIP").is_none_or(|text| text.is_empty())
            && texts(spec.get("clusterIPs")).is_empty(),
        ports,
        node_ports: readable.map(node_port).collect(),
        external: on_nodes || !texts(spec.get("externalIPs")).is_empty(),
    })
}

/// "Protocol for port. Must be UDP, TCP, or SCTP. Defaults to TCP": of containers and Services what is empty is set,
/// too.
fn protocol_of(port: &Node<'_>) -> Option<Protocol> {
    match port.get("protocol").and_then(Node::as_str) {
        None | Some("") => Some(Protocol::Tcp),
        Some(text) => Protocol::parse(text),
    }
}

fn read_service_port(node: &Node<'_>) -> Option<(u16, Protocol, Target)> {
    let number = |node: &Node<'_>| node.as_integer().and_then(|number| u16::try_from(number).ok());
    let port = node.get("port").and_then(number)?;
    let protocol = protocol_of(node)?;
    // "If this is not specified, the value of the 'port' field is used", nor zero or empty.
    let target = match node.get("targetPort").map(|node| &node.value) {
        None | Some(Value::Null | Value::Integer(0)) => Target::Number(port),
        Some(Value::String(name)) if name.is_empty() => Target::Number(port),
        Some(Value::String(name)) => Target::Name(name.to_string()),
        Some(_) => Target::Number(node.get("targetPort").and_then(number)?),
    };
    Some((port, protocol, target))
}
