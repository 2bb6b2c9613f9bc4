//! Pods published on the addresses of nodes (N12): what comes in by a NodePort, a load balancer, an external address or
//! a hostPort may arrive as a node, and a pod's own node always reaches it. So whoever may reach a node possibly
//! reaches such a pod, whatever policies select it for ingress. Nothing of this is ever certain.

use super::door::{Door, Step};
use super::flow::{End, Passage, Pods, Witness, granted, passage};
use super::plane::{Bound, Plane};
use super::policy::Peer;
use super::ports::{ALL_PORTS, Ports, Shown};
use super::selector::{Selector, Wish};
use super::service::Service;
use dtap_model::workload::ContainerPort;

/// What publishes a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Publisher {
    /// The Service of this index among those of the pod's namespace.
    Service(usize),
    /// A hostPort of the pod itself.
    HostPort,
}

/// Published pods of a namespace.
pub struct Backend<'p, 's> {
    plane: &'p Plane<'s>,
    by: Publisher,
    service: Option<&'p Service<'s>>,
    namespace: usize,
    /// The class; none for a pod that would be.
    class: Option<usize>,
}

/// The flows from one namespace to the published pods of another: one for each publisher. `doors` are those out of
/// `from`.
pub fn flows<'p, 's>(
    plane: &'p Plane<'s>,
    doors: &[Door<'p, 's>],
    (from, to): (usize, usize),
    (sources, destinations): (Pods, Pods),
) -> Vec<Witness> {
    let mut found: Vec<Witness> = Vec::new();
    for backend in backends(plane, to, destinations) {
        let shown = Passage::ByNode(backend.by);
        if found.iter().any(|witness| witness.ingress == shown) {
            continue;
        }
        let leaving = doors.iter().filter_map(|door| Some((door, leaving(door, sources)?)));
        found.extend(leaving.flat_map(|(door, source)| door.ways().map(move |way| (way, source.clone()))).find_map(
            |(way, source)| {
                let (destination, ports) = backend.reached_by(from, way.first())?;
                let port = Shown::of(&ports, backend.declared())?;
                Some(Witness { from, source, to, destination, port, egress: passage(way), ingress: shown })
            },
        ));
    }
    found
}

/// Somebody who passes a door.
fn leaving(door: &Door<'_, '_>, pods: Pods) -> Option<End> {
    match pods {
        Pods::Known => door.known().next().map(|(class, _)| End::Known(class)),
        Pods::WouldBe => granted(door.would_be()?, Bound::Possible),
    }
}

/// The published pods of a namespace.
pub fn backends<'p, 's>(plane: &'p Plane<'s>, namespace: usize, pods: Pods) -> Vec<Backend<'p, 's>> {
    if !plane.spaces.get(namespace).is_some_and(|space| space.published) {
        return Vec::new();
    }
    let services = plane.services.get(namespace).map_or(&[][..], Vec::as_slice);
    let mut backends = Vec::new();
    for (at, service) in services.iter().enumerate().filter(|(_, service)| service.published) {
        let backend = |class| Backend { plane, by: Publisher::Service(at), service: Some(service), namespace, class };
        match pods {
            Pods::WouldBe => backends.push(backend(None)),
            Pods::Known => {
                let behind = plane
                    .classes_of(namespace)
                    .filter(|(_, class)| class.labels.match_selector(service.selects(), Bound::Possible));
                backends.extend(behind.map(|(class, _)| backend(Some(class))));
            }
        }
    }
    if pods == Pods::Known {
        let published = plane.classes_of(namespace).filter(|(_, class)| class.has_host_port());
        let backend = |class| Backend { plane, by: Publisher::HostPort, service: None, namespace, class: Some(class) };
        backends.extend(published.map(|(class, _)| backend(class)));
    }
    backends
}

impl<'p> Backend<'p, '_> {
    /// What publishes it.
    pub fn publisher(&self) -> Publisher {
        self.by
    }

    /// The class.
    pub fn class(&self) -> Option<usize> {
        self.class
    }

    fn declared(&self) -> Option<&'p [ContainerPort]> {
        Some(self.plane.classes.get(self.class?)?.ports)
    }

    /// The pod, and the ports of it that are open by way of a node to who leaves `from` by this step, or unselected: a
    /// node's address may be any, so every block may cover one; what is rewritten before the policy is applied leads to
    /// the pod itself.
    pub fn reached_by(&self, from: usize, step: Option<&Step<'_, '_>>) -> Option<(End, Ports)> {
        let Some(step) = step else { return Some((self.end(None)?, self.opened_by_node(&ALL_PORTS))) };
        let rule = step.route.way.ports.at(self.declared());
        match &step.route.way.peer {
            Peer::Everyone => Some((self.end(None)?, self.opened_by_node(&rule))),
            Peer::Block(block) => {
                (!block.is_empty()).then_some(()).and_then(|()| Some((self.end(None)?, self.opened_by_node(&rule))))
            }
            Peer::Pods { pods, .. } => {
                let set = self.plane.namespaces_of(step.policy, step.route)?;
                if self.plane.selects_a_node(from, &set.possible, pods) {
                    return Some((self.end(None)?, self.opened_by_node(&rule)));
                }
                let itself = set.possible.contains(self.namespace).then(|| self.end(Some(pods))).flatten()?;
                Some((itself, self.opened_by_node(&ALL_PORTS).intersection(&rule)))
            }
        }
    }

    /// The pod, where a selector may match it.
    fn end(&self, pods: Option<&Selector<'_>>) -> Option<End> {
        match self.class {
            Some(at) => {
                let labels = &self.plane.classes.get(at)?.labels;
                pods.is_none_or(|pods| labels.match_selector(pods, Bound::Possible)).then_some(End::Known(at))
            }
            None => {
                let matching = self.service.map(Service::selects).into_iter().chain(pods).collect();
                granted(&Wish { matching, escaping: Vec::new() }, Bound::Possible)
            }
        }
    }

    /// The ports of the pod to which a node's ports lead, of those that a rule lets out to.
    fn opened_by_node(&self, rule: &Ports) -> Ports {
        if let Some(service) = self.service {
            return service.opened_by_node(rule, self.declared());
        }
        let mut ports = Ports::default();
        for port in self.declared().into_iter().flatten() {
            let Some(on_node) = port.host_port else { continue };
            if rule.contains(port.protocol, on_node) || rule.contains(port.protocol, port.number) {
                ports.add(port.protocol, port.number, port.number);
            }
        }
        ports
    }
}
