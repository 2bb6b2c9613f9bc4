//! What the documents say there is: namespaces, policies, pods, Services, and what cannot be read.

use super::address::Cidr;
use super::line::Line;
use super::policy::{Peer, Policy};
use super::reading::{Misreading, Refused};
use super::selector::{Labels, Selector, every_label_set, labels_of};
use dtap_model::environment::{Belonging, ClusterId, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::{Node, Value};
use dtap_model::workload::Protocol;
use dtap_snapshot::{Reach, Snapshot};
use dtap_verify::Settings;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Everything that the oracle judges.
pub struct World {
    /// The mistake it makes.
    pub misread: Misreading,
    /// The namespaces, in the snapshot's order.
    pub namespaces: Vec<Room>,
    /// Where pods' addresses lie.
    pub pod_ranges: Vec<Cidr>,
}

/// One namespace and what is in it.
pub struct Room {
    /// The cluster.
    pub cluster: ClusterId,
    /// What it belongs to.
    pub belonging: Belonging,
    /// Its name.
    pub name: String,
    /// The label sets that it may have; one where a Namespace shows them (N14).
    pub labels: Vec<Labels>,
    /// Its policies by name; of several documents of one name one holds (N21).
    pub policies: Vec<Vec<Alternative>>,
    /// Something rules here, in and out, that the oracle does not know: another kind of policy, or a document that was not
    /// read (N18).
    pub unsettled: [bool; 2],
    /// The pods that the input shows.
    pub known: Vec<Pod>,
    /// Its Services.
    pub services: Vec<Service>,
}

/// What a document of a NetworkPolicy may amount to.
#[derive(Clone, Debug)]
pub enum Alternative {
    /// It is as it is written.
    Policy(Policy),
    /// It is under deletion: it protects nothing (N13), but what it admits may still pass.
    UnderDeletion(Policy),
    /// It is not there.
    Absent,
    /// It was mended on the way, or an earlier one stands: it selects this pod, in either direction, and admits
    /// everything or nothing.
    Other {
        /// Whether everything.
        admits: bool,
    },
}

/// Whether a pod that the input shows is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// It is.
    Surely,
    /// Another document of the same object makes other pods, and one of the two holds (N21).
    OrAnother,
    /// The server refuses it, for its name, its node's network or ports, or the name of its namespace: it is not there, or
    /// was accepted by another.
    Refused,
}

/// A pod: one that the input shows, one that a template makes, or one that may come.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Its namespace, as an index.
    pub namespace: usize,
    /// Kind and name of the object that declares it; none for a pod that runs, that may come, or whose name is generated.
    pub declared: Option<(GroupKind, String)>,
    /// Whether it runs, and so was let in when it was created.
    pub accepted: bool,
    /// Whether it is there.
    pub there: There,
    /// Its labels.
    pub labels: Labels,
    /// What its containers declare; none for a pod that may declare anything.
    pub ports: Option<Vec<(String, Protocol, u16)>>,
    /// Every declared number, named or not.
    pub numbers: Vec<(Protocol, u16)>,
    /// Whether it shares its node's network.
    pub host_network: bool,
    /// Whether it stands for the address of some node, and is no pod at all (N12).
    pub is_node: bool,
    /// Its node, where it is given.
    pub node: Option<String>,
    /// Whether it has networks that no policy rules (N18).
    pub secondary_networks: bool,
    /// The ports of its node that lead to ports of it: protocol, on the node, on the pod (N12).
    pub host_ports: Vec<(Protocol, u16, u16)>,
}

/// A Service, as far as it rewrites addresses.
#[derive(Clone, Debug)]
pub struct Service {
    /// The labels of its backends.
    pub selector: Labels,
    /// The addresses that it answers to.
    pub addresses: Vec<IpAddr>,
    /// Whether it answers to one in the cluster that no manifest shows: any private one.
    pub hidden_address: bool,
    /// Port, protocol, target.
    pub ports: Vec<(u16, Protocol, Target)>,
    /// Of each port, by which ports of every node it is reached as well (N12).
    pub node_ports: Vec<NodePort>,
    /// Whether addresses outside the cluster lead to it (N12).
    pub external: bool,
}

/// Which port of a node leads to a Service's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePort {
    None,
    This(u16),
    SomeOther,
}

/// A `targetPort`.
#[derive(Clone, Debug)]
pub enum Target {
    Number(u16),
    Name(String),
}

impl World {
    /// Reads a snapshot: the trees of its objects, and which namespace belongs to what.
    pub fn read(snapshot: &Snapshot, settings: &Settings, misread: Misreading) -> Self {
        let namespaces = snapshot.namespaces.iter().map(Room::empty).collect();
        let mut world = Self { misread, namespaces, pod_ranges: pod_ranges(settings) };
        let mut names: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for placed in &snapshot.objects {
            let room = placed.namespace.map(|NamespaceId(id)| id as usize);
            world.place(&placed.object, placed.cluster, room, &mut names);
        }
        for gap in snapshot.gaps.iter().chain(&snapshot.hidden) {
            for (index, room) in world.namespaces.iter_mut().enumerate() {
                let reached = match gap.reach {
                    Reach::Namespace(NamespaceId(id)) => id as usize == index,
                    Reach::Environment(id) => room.belonging == Belonging::Environment(id),
                    Reach::Cluster(id) => room.cluster == id,
                    Reach::Beyond(_) => false,
                    Reach::Everything => true,
                };
                room.unsettle([reached; 2]);
            }
        }
        world.dress();
        world.doubt();
        world
    }

    /// What of that which is shown may not be there: what the server refuses for its name (RFC 1123), and what another
    /// document of the same object says otherwise (N21).
    fn doubt(&mut self) {
        for room in &mut self.namespaces {
            // One that only policies speak of may have no name.
            let named = room.belonging != Belonging::Elsewhere && room.name != NO_NAMESPACE;
            let refused = named && !is_label(&room.name);
            room.unsettle([refused; 2]);
            let shown = room.known.clone();
            let baseline = room.refuses_host_network();
            for pod in &mut room.known {
                let is_same = |other: &&Pod| pod.declared.is_some() && other.declared == pod.declared;
                // "Sharing the host namespaces must be disallowed", "HostPorts should be disallowed entirely" (Pod Security
                // Standards, baseline): a pod that is yet to be created with them is forbidden.
                let forbidden = baseline && (pod.host_network || !pod.host_ports.is_empty()) && !pod.accepted;
                if forbidden || refused || pod.declared.as_ref().is_some_and(|(_, name)| !is_subdomain(name)) {
                    pod.there = There::Refused;
                } else if self.misread != Some(Line::N21)
                    && shown.iter().filter(is_same).any(|other| other.differs(pod))
                {
                    pod.there = There::OrAnother;
                }
            }
        }
    }

    /// One document.
    fn place(
        &mut self,
        object: &Object,
        cluster: ClusterId,
        room: Option<usize>,
        names: &mut BTreeMap<(usize, String), usize>,
    ) {
        let kind = &object.identity.kind;
        let tree = &object.tree;
        if kind.is("", "Namespace") {
            for room in
                self.namespaces.iter_mut().filter(|room| room.cluster == cluster && room.name == object.identity.name)
            {
                // A label that is no text makes the server refuse the manifest: the labels are not known.
                if let Ok(labels) = labels_of(tree.at(&["metadata", "labels"])) {
                    room.labels.push(labels);
                }
            }
        } else if kind.kind.ends_with("NetworkPolicy") {
            self.place_policy(object, cluster, room, names);
        } else if let Some(room) = room {
            if kind.is("", "Service") {
                self.namespaces[room].services.extend(read_service(tree));
            } else if let Some(pod) = read_pod(object, room, self.misread) {
                self.namespaces[room].known.push(pod);
            }
        }
    }

    /// N18: by group and version; what is not modelled leaves open what it may select.
    fn place_policy(
        &mut self,
        object: &Object,
        cluster: ClusterId,
        room: Option<usize>,
        names: &mut BTreeMap<(usize, String), usize>,
    ) {
        let kind = &object.identity.kind;
        let mistaken = self.misread == Some(Line::N18) && kind.kind == "NetworkPolicy";
        let standard = kind.is("networking.k8s.io", "NetworkPolicy") && object.version == "v1";
        if let Some(room) = room.filter(|_| standard || mistaken) {
            let alternatives = alternatives(&object.tree, is_subdomain(&object.identity.name), self.misread);
            let policies = &mut self.namespaces[room].policies;
            // N21: a second document of one name takes the place of the first, or the other way round.
            match names.get(&(room, object.identity.name.to_string())) {
                Some(index) if self.misread != Some(Line::N21) => policies[*index].extend(alternatives),
                _ => {
                    names.insert((room, object.identity.name.to_string()), policies.len());
                    policies.push(alternatives);
                }
            }
        } else if kind.group == "extensions" || mistaken {
            // No longer served: it protects nothing.
        } else if let Some(room) = room {
            self.namespaces[room].unsettle(ruled(object));
        } else {
            let here = self.namespaces.iter_mut().filter(|room| room.cluster == cluster);
            here.for_each(|room| room.unsettle(ruled(object)));
        }
    }

    /// N14: the name is always a label; a namespace that no manifest shows may have any others.
    fn dress(&mut self) {
        let mut selectors = Vec::new();
        for policy in self.namespaces.iter().flat_map(Room::written) {
            for peer in policy.all_rules().flat_map(|rule| rule.peers.iter().flatten()) {
                if let Peer::Pods { namespaces: Some(namespaces), .. } = peer {
                    selectors.push(namespaces.clone());
                }
            }
        }
        let mut named = BTreeMap::new();
        selectors.iter().for_each(|selector| selector.names(&mut named));
        let every = distinct(every_label_set(&named), &selectors, self.misread);
        for room in &mut self.namespaces {
            if self.misread == Some(Line::N14) {
                room.labels.push(Labels::new());
                room.labels.truncate(1);
                continue;
            }
            if room.labels.is_empty() {
                room.labels.clone_from(&every);
            }
            // What the namespace of objects that name none is called is not known.
            if room.name != NO_NAMESPACE {
                for labels in &mut room.labels {
                    labels.insert("kubernetes.io/metadata.name".to_owned(), room.name.clone());
                }
            }
        }
    }

    /// N17: the pods that may come to `at`, one for each label set that a selector of these two namespaces tells apart.
    pub fn would_be(&self, at: usize, source: usize, destination: usize) -> Vec<Pod> {
        if self.misread == Some(Line::N17) {
            return Vec::new();
        }
        let rooms = [&self.namespaces[source], &self.namespaces[destination]];
        let mut selectors = Vec::new();
        for policy in rooms.iter().flat_map(|room| room.written()) {
            selectors.push(policy.selector.clone());
            for peer in policy.all_rules().flat_map(|rule| rule.peers.iter().flatten()) {
                if let Peer::Pods { pods: Some(pods), .. } = peer {
                    selectors.push(pods.clone());
                }
            }
        }
        selectors.extend(rooms[1].services.iter().map(|service| Selector::exactly(&service.selector)));
        let mut named = BTreeMap::new();
        selectors.iter().for_each(|selector| selector.names(&mut named));
        let sets = distinct(every_label_set(&named), &selectors, self.misread);
        sets.into_iter().map(|labels| Pod::would_be(at, labels)).collect()
    }
}

/// Whether what the oracle does not know rules ingress and egress. Calico: "types indicates whether this policy applies to
/// ingress, or to egress, or to both; when not explicitly specified, the value defaults to" what its rules are for.
fn ruled(object: &Object) -> [bool; 2] {
    let types = object.tree.at(&["spec", "types"]).map(Node::items).unwrap_or_default();
    let calico = object.identity.kind.group.ends_with("projectcalico.org") && !types.is_empty();
    ["Ingress", "Egress"].map(|direction| !calico || types.iter().any(|listed| listed.as_str() == Some(direction)))
}

/// The label sets without those that no selector tells from one before.
fn distinct(mut sets: Vec<Labels>, selectors: &[Selector], misread: Misreading) -> Vec<Labels> {
    let mut seen = BTreeSet::new();
    sets.retain(|labels| {
        let selected: Vec<bool> = selectors.iter().map(|selector| selector.selects(labels, misread)).collect();
        seen.insert(selected)
    });
    sets
}

/// `--assume pod-range`, else the private ranges; strict and without a word, everything.
fn pod_ranges(settings: &Settings) -> Vec<Cidr> {
    let written: Vec<String> = match &settings.assume.pod_ranges {
        Some(ranges) => ranges.iter().map(ToString::to_string).collect(),
        None if settings.strict => vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()],
        None => return private(),
    };
    written.iter().filter_map(|text| Cidr::parse(text).ok()).collect()
}

/// The private ranges.
pub fn private() -> Vec<Cidr> {
    let ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
    ranges.iter().filter_map(|text| Cidr::parse(text).ok()).collect()
}

/// What a document of a NetworkPolicy may amount to: one that the server refuses is absent, or another than is written.
fn alternatives(tree: &Node<'_>, is_named: bool, misread: Misreading) -> Vec<Alternative> {
    let under_deletion = tree.at(&["metadata", "deletionTimestamp"]).is_some_and(|node| !node.is_null());
    match Policy::read(tree, misread).and_then(|policy| if is_named { Ok(policy) } else { Err(Refused) }) {
        Ok(policy) if under_deletion && misread != Some(Line::N13) => {
            vec![Alternative::Absent, Alternative::UnderDeletion(policy)]
        }
        Err(_) if under_deletion && misread != Some(Line::N13) => {
            vec![Alternative::Absent, Alternative::UnderDeletion(Policy::open())]
        }
        // A hook of a deployment tool comes and goes.
        Ok(policy) if is_hook(tree) => vec![Alternative::Absent, Alternative::Policy(policy)],
        Ok(policy) => vec![Alternative::Policy(policy)],
        Err(_) => vec![Alternative::Absent, Alternative::Other { admits: true }, Alternative::Other { admits: false }],
    }
}

/// "Contain no more than 253 characters; contain only lowercase alphanumeric characters, '-' or '.'; start and end with an
/// alphanumeric character": labels between dots. What comes of a generateName is shown with a star in place of what is added.
fn is_subdomain(name: &str) -> bool {
    if let Some(start) = name.strip_suffix('*') {
        return is_subdomain(&format!("{start}x"));
    }
    name.len() <= 253 && name.split('.').all(is_word)
}

/// "Contain at most 63 characters; contain only lowercase alphanumeric characters or '-'; start and end with an
/// alphanumeric character."
fn is_label(name: &str) -> bool {
    name.len() <= 63 && is_word(name)
}

fn is_word(word: &str) -> bool {
    let alphanumeric = |letter: char| matches!(letter, 'a'..='z' | '0'..='9');
    !word.is_empty()
        && word.starts_with(alphanumeric)
        && word.ends_with(alphanumeric)
        && word.chars().all(|letter| alphanumeric(letter) || letter == '-')
}

fn is_hook(tree: &Node<'_>) -> bool {
    let annotated = |key| tree.at(&["metadata", "annotations", key]).is_some_and(|node| !node.is_null());
    annotated("argocd.argoproj.io/hook") || annotated("helm.sh/hook")
}

/// N19: pods, and the templates of the workloads of the API.
fn read_pod(object: &Object, namespace: usize, misread: Misreading) -> Option<Pod> {
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
fn read_service(tree: &Node<'_>) -> Option<Service> {
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

/// "Protocol for port. Must be UDP, TCP, or SCTP. Defaults to TCP": of containers and Services what is empty is set, too.
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

impl Room {
    fn empty(namespace: &Namespace) -> Self {
        Self {
            cluster: namespace.cluster,
            belonging: namespace.belonging,
            name: namespace.name.clone(),
            labels: Vec::new(),
            policies: Vec::new(),
            unsettled: [false; 2],
            known: Vec::new(),
            services: Vec::new(),
        }
    }

    fn unsettle(&mut self, directions: [bool; 2]) {
        self.unsettled = [0, 1].map(|at| self.unsettled[at] || directions[at]);
    }

    /// The policies that are there in some reading, as they are written.
    pub fn written(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().flatten().filter_map(|alternative| match alternative {
            Alternative::Policy(policy) | Alternative::UnderDeletion(policy) => Some(policy),
            _ => None,
        })
    }

    /// Whether Pod Security keeps would-be pods off the node's network here.
    pub fn refuses_host_network(&self) -> bool {
        let level = |labels: &Labels| {
            matches!(
                labels.get("pod-security.kubernetes.io/enforce").map(String::as_str),
                Some("baseline" | "restricted")
            )
        };
        !self.labels.is_empty() && self.labels.iter().all(level)
    }
}

impl Pod {
    /// N17: a pod that may come, without hostNetwork, declaring whatever serves.
    fn would_be(namespace: usize, labels: Labels) -> Self {
        Self {
            namespace,
            accepted: false,
            declared: None,
            there: There::Surely,
            labels,
            ports: None,
            numbers: Vec::new(),
            host_network: false,
            is_node: false,
            node: None,
            secondary_networks: false,
            host_ports: Vec::new(),
        }
    }

    /// Whether another document of the same object says something else of its pods.
    fn differs(&self, other: &Self) -> bool {
        fn set<T: Ord + Clone>(items: &[T]) -> BTreeSet<T> {
            items.iter().cloned().collect()
        }
        self.labels != other.labels
            || self.ports.as_deref().map(set) != other.ports.as_deref().map(set)
            || set(&self.numbers) != set(&other.numbers)
            || set(&self.host_ports) != set(&other.host_ports)
            || (self.host_network, self.secondary_networks) != (other.host_network, other.secondary_networks)
            || self.node != other.node
    }

    /// N9: whether a port of this name and protocol may be this number.
    pub fn resolves(&self, name: &str, protocol: Protocol, number: u16, misread: Misreading) -> bool {
        let Some(ports) = &self.ports else { return true };
        let declared = ports.iter().any(|(known, with, _)| known == name && *with == protocol);
        let here = ports.iter().any(|port| port.0 == name && port.1 == protocol && port.2 == number);
        here || (misread == Some(Line::N9) && !declared)
    }
}
