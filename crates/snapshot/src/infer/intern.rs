//! Workloads: label sets and port sets that many pods have alike are kept once.

use super::assemble::number;
use super::hidden::unread_pods;
use super::order;
use crate::snapshot::Placed;
use crate::workload::{Extracted, workload};
use dtap_model::environment::NamespaceId;
use dtap_model::label::LabelSet;
use dtap_model::workload::{ContainerPort, Workload};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::sync::Arc;

/// The workloads of placed objects.
#[must_use]
pub fn of_objects(objects: &[Placed]) -> Vec<Extracted> {
    let extracted = objects.par_iter().filter_map(|placed| {
        let mut extracted = workload(&placed.object).or_else(|| unread_pods(&placed.object))?;
        extracted.workload.namespace = placed.namespace?.0;
        extracted.workload.adrift = placed.adrift;
        Some(extracted)
    });
    extracted.collect()
}

/// The workloads of a snapshot, and what they have alike.
pub struct Interned {
    /// In the order of namespace and name.
    pub workloads: Vec<Workload>,
    /// As the snapshot has them.
    pub label_sets: Vec<LabelSet>,
    /// As the snapshot has them.
    pub port_sets: Vec<Vec<ContainerPort>>,
}

impl Interned {
    /// Those of objects, and the pods that a controller owns.
    #[must_use]
    pub fn of(mut extracted: Vec<Extracted>, pods: impl Iterator<Item = Extracted>) -> Self {
        extracted.reserve_exact(pods.size_hint().1.unwrap_or_default());
        extracted.extend(pods);
        order::sort(&mut extracted, |one, other| {
            let (one, other) = (&one.workload, &other.workload);
            let names = || one.name.cmp(&other.name).then_with(|| one.kind.cmp(&other.kind));
            one.namespace.cmp(&other.namespace).then_with(names).then_with(|| one.place.cmp(&other.place))
        });
        let mut labels = Sets::default();
        let mut ports = Sets::default();
        // The pods of one controller stand side by side and have their sets alike: one of them is looked up.
        for alike in extracted.chunk_by_mut(|one, other| one.labels == other.labels && one.ports == other.ports) {
            let Some(first) = alike.first() else { continue };
            let (labels, ports) = (labels.number(&first.labels), ports.number(&first.ports));
            for each in alike {
                (each.workload.labels, each.workload.ports) = (labels, ports);
            }
        }
        // The workloads first: then nothing else holds the sets.
        let workloads = extracted.into_iter().map(|extracted| extracted.workload).collect();
        let label_sets = labels.into_list().into_par_iter().map(LabelSet::from).collect();
        Self { workloads, label_sets, port_sets: ports.into_list() }
    }
}

/// A controller-owned pod in its namespace.
#[must_use]
pub fn of_pod(pod: crate::reading::ReadPod, namespace: NamespaceId) -> Extracted {
    let crate::reading::ReadPod { labels, ports, mut workload, .. } = pod;
    workload.namespace = namespace.0;
    Extracted { labels, ports, workload }
}

/// Distinct values, numbered in the order in which they first occur.
struct Sets<T>(FxHashMap<Arc<T>, u32>);

impl<T> Default for Sets<T> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<T: Clone + Eq + Hash> Sets<T> {
    fn number(&mut self, value: &Arc<T>) -> u32 {
        let next = number(self.0.len());
        *self.0.entry(Arc::clone(value)).or_insert(next)
    }

    fn into_list(self) -> Vec<T> {
        let mut list: Vec<(Arc<T>, u32)> = self.0.into_iter().collect();
        list.sort_unstable_by_key(|(_, number)| *number);
        list.into_iter().map(|(value, _)| Arc::unwrap_or_clone(value)).collect()
    }
}
