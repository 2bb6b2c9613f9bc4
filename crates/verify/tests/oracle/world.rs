//! What the documents say there is: namespaces, policies, pods, Services, and what cannot be read.

use super::address::Cidr;
use super::line::Line;
use super::object::{read_pod, read_service};
use super::policy::{Peer, Policy};
use super::reading::{Misreading, Refused};
use super::selector::{Labels, Selector, every_label_set, labels_of};
use dtap_model::environment::{Belonging, ClusterId, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_model::object::{GroupKind, Object};
use dtap_model::tree::Node;
use dtap_model::workload::Protocol;
use dtap_snapshot::{Hides, Reach, Snapshot};
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
    /// Something rules here, in and out, that the oracle does not know: another kind of policy, or a document that was
    /// not read (N18).
    pub unsettled: [bool; 2],
    /// The pods that the input shows.
    pub known: Vec<Pod>,
    /// A pod that may hide in what was not read.
    pub hidden: Option<Pod>,
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
    /// It may hide in what was not read.
    Perhaps,
    /// The server refuses it, for its name, its node's network or ports, or the name of its namespace: it is not there,
    /// or was accepted by another.
    Refused,
}

/// A pod: one that the input shows, one that a template makes, or one that may come.
#[derive(Clone, Debug)]
pub struct Pod {
    /// Its namespace, as an index.
    pub namespace: usize,
    /// Kind and name of the object that declares it; none for a pod that runs, that may come, or whose name is
    /// generated.
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
                room.unsettle([reached && gap.hides != Hides::Pods; 2]);
                if reached && gap.hides == Hides::Objects {
                    let pod = Pod::would_be(index, Labels::new());
                    room.hidden = Some(Pod { there: There::Perhaps, secondary_networks: true, ..pod });
                }
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
                // "Sharing the host namespaces must be disallowed", "HostPorts should be disallowed entirely" (Pod
                // Security Standards, baseline): a pod that is yet to be created with them is forbidden.
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

/// Whether what the oracle does not know rules ingress and egress. Calico: "types indicates whether this policy applies
/// to ingress, or to egress, or to both; when not explicitly specified, the value defaults to" what its rules are for.
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

/// "Contain no more than 253 characters; contain only lowercase alphanumeric characters, '-' or '.'; start and end with
/// an alphanumeric character": labels between dots. What comes of a generateName is shown with a star in place of what
/// is added.
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
            hidden: None,
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
