//! The Services of a snapshot that lead past policies (N10, N12).

use super::index;
use super::objects::Objects;
use super::space::parts;
use crate::isolation::network::ranges::PodRanges;
use crate::isolation::network::service::{Endpoints, Service};
use dtap_model::environment::NamespaceId;
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The Services of each namespace: one selects pods in every part of its own.
pub(super) fn services<'s>(snapshot: &'s Snapshot, objects: &Objects<'s>) -> Vec<Vec<Service<'s>>> {
    let mut services: Vec<Vec<Service<'s>>> = snapshot.namespaces.iter().map(|_| Vec::new()).collect();
    let parts = parts(snapshot);
    // Those of one namespace stand side by side.
    let together: Vec<&[&'s Placed]> =
        objects.services.chunk_by(|one, other| one.namespace == other.namespace).collect();
    let read_together = |placed: &&[&'s Placed]| {
        let namespace = placed.first().and_then(|first| snapshot.namespace(first.namespace?))?;
        Some((index(namespace.whole), Service::read_all(placed)))
    };
    let found: Vec<(usize, Vec<Service<'s>>)> = together.par_iter().filter_map(read_together).collect();
    for (whole, mut read) in found {
        let Some((last, others)) = parts.get(whole).and_then(|parts| parts.split_last()) else { continue };
        for part in others {
            services.get_mut(*part).into_iter().for_each(|slot| slot.extend(read.iter().cloned()));
        }
        services.get_mut(*last).into_iter().for_each(|slot| slot.append(&mut read));
    }
    services
}

/// The Services whose endpoints are written by hand and may be pods. A controller's own endpoints are the pods
/// selected. What of them is published, is published for the pods at those addresses, in `services`.
pub(super) fn by_hand<'s>(
    snapshot: &'s Snapshot,
    objects: &Objects<'s>,
    ranges: &PodRanges,
    services: &mut [Vec<Service<'s>>],
) -> Vec<Service<'s>> {
    let endpoints = objects.endpoints.iter().filter_map(|placed| Some((*placed, Endpoints::read(placed)?)));
    let to_pods: Vec<(&Placed, Endpoints<'_>)> =
        endpoints.filter(|(_, endpoints)| endpoints.addresses.may_lie_in(&ranges.ranges)).collect();
    if to_pods.is_empty() {
        return Vec::new();
    }
    let whole = |placed: &Placed| Some(snapshot.namespace(placed.namespace?)?.whole);
    let is_service = |placed: &&Placed| placed.object.identity.kind.is("", "Service");
    // Several documents of one Service are alternatives: any of them may hold (N21).
    let mut by_name: FxHashMap<_, Vec<&Placed>> = FxHashMap::default();
    for placed in objects.services.iter().copied().filter(is_service) {
        let name = placed.object.identity.name.as_str();
        whole(placed).into_iter().for_each(|whole| by_name.entry((whole, name)).or_default().push(placed));
    }
    let standing = standing(snapshot);
    let mut found = Vec::new();
    for (placed, endpoints) in to_pods {
        let documents = whole(placed).and_then(|whole| by_name.get(&(whole, endpoints.service)));
        let documents = documents.map_or(&[][..], Vec::as_slice).iter().copied().map(Some);
        let documents: Vec<Option<&Placed>> = if documents.len() == 0 { vec![None] } else { documents.collect() };
        for service in documents.into_iter().filter_map(|service| Service::by_hand(service, placed, &endpoints)) {
            if service.published {
                for at in standing_at(snapshot, &standing, placed, &endpoints) {
                    services.get_mut(at).into_iter().for_each(|slot| slot.push(service.clone()));
                }
            }
            found.push(service);
        }
    }
    found
}

/// The namespaces of the pods at each address. The address of a pod that has ended may be another's by now, and that of
/// one on its node's network is the node's.
fn standing(snapshot: &Snapshot) -> FxHashMap<IpAddr, BTreeSet<usize>> {
    let mut standing: FxHashMap<IpAddr, BTreeSet<usize>> = FxHashMap::default();
    for workload in snapshot.workloads.iter().filter(|workload| !workload.finished && !workload.host_network) {
        let namespace = index(NamespaceId(workload.namespace));
        for address in &workload.addresses {
            standing.entry(*address).or_default().insert(namespace);
        }
    }
    standing
}

/// The namespaces of the pods at these addresses; for an address that no known pod has, every namespace of the cluster.
fn standing_at(
    snapshot: &Snapshot,
    standing: &FxHashMap<IpAddr, BTreeSet<usize>>,
    placed: &Placed,
    endpoints: &Endpoints<'_>,
) -> BTreeSet<usize> {
    let cluster = |at: &usize| snapshot.namespaces.get(*at).map(|namespace| namespace.cluster);
    let is_here = |at: &usize| cluster(at).is_some_and(|cluster| snapshot.may_meet(cluster, placed.cluster));
    let everywhere = || (0..snapshot.namespaces.len()).filter(is_here).collect();
    let of_address = |address: &IpAddr| -> BTreeSet<usize> {
        let known: BTreeSet<usize> = standing.get(address).into_iter().flatten().copied().filter(is_here).collect();
        if known.is_empty() { everywhere() } else { known }
    };
    if endpoints.addresses.any { everywhere() } else { endpoints.addresses.shown.iter().flat_map(of_address).collect() }
}
