//! The Services of a snapshot that lead past policies (N10, N12).

use super::index;
use super::space::parts;
use crate::isolation::network::address::PodRanges;
use crate::isolation::network::service::{Endpoints, Service};
use dtap_snapshot::Snapshot;
use dtap_snapshot::snapshot::Placed;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// The Services of each namespace: one selects pods in every part of its own.
pub(super) fn services<'s>(snapshot: &'s Snapshot) -> Vec<Vec<Service<'s>>> {
    let mut services: Vec<Vec<Service<'s>>> = snapshot.namespaces.iter().map(|_| Vec::new()).collect();
    let parts = parts(snapshot);
    let read = |placed: &'s Placed| {
        let whole = index(snapshot.namespace(placed.namespace?)?.whole);
        Some((whole, Service::read(placed).or_else(|| Service::of_gateway(placed))?))
    };
    let found: Vec<(usize, Service<'s>)> = snapshot.objects.par_iter().filter_map(read).collect();
    for (whole, service) in found {
        for part in parts.get(whole).into_iter().flatten() {
            if let Some(slot) = services.get_mut(*part) {
                slot.push(service.clone());
            }
        }
    }
    services
}

/// The Services whose endpoints are written by hand and may be pods. A controller's own endpoints are the pods selected.
pub(super) fn by_hand<'s>(snapshot: &'s Snapshot, ranges: &PodRanges) -> Vec<Service<'s>> {
    let endpoints = snapshot.objects.iter().filter_map(|placed| Some((placed, Endpoints::read(placed)?)));
    let to_pods: Vec<(&Placed, Endpoints<'_>)> = endpoints
        .filter(|(_, endpoints)| {
            endpoints.addresses.iter().any(|address| ranges.ranges.iter().any(|range| range.contains(address)))
        })
        .collect();
    if to_pods.is_empty() {
        return Vec::new();
    }
    let whole = |placed: &Placed| Some(snapshot.namespace(placed.namespace?)?.whole);
    let is_service = |placed: &&Placed| placed.object.identity.kind.is("", "Service");
    let named = |placed: &'s Placed| Some(((whole(placed)?, placed.object.identity.name.as_str()), placed));
    let services: FxHashMap<_, &Placed> = snapshot.objects.iter().filter(is_service).filter_map(named).collect();
    let service = |(placed, endpoints): (&'s Placed, Endpoints<'s>)| {
        let key = (whole(placed)?, endpoints.service);
        Service::by_hand(services.get(&key).copied(), placed, &endpoints)
    };
    to_pods.into_iter().filter_map(service).collect()
}
