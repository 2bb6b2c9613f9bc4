//! Joins the planes: one snapshot, every judgement, one report in the order in which it is shown.

use crate::settings::Settings;
use crate::{isolation, parity, reading};
use dtap_model::environment::{Belonging, Environment, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId};
use dtap_report::Finding;
use dtap_report::report::{
    Candidate, ClusterSummary, EnvironmentSummary, Input, KindCount, NamespaceSummary, Report, StreetSummary,
    Undecided, Unread,
};
use dtap_snapshot::Snapshot;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Everything a scan says of a snapshot. Total, and the same for the same snapshot.
///
/// `input.paths` and the options are left empty: only the caller knows what the user typed.
#[must_use]
pub fn verify(snapshot: &Snapshot, settings: &Settings) -> Report {
    let (network, (parity, notices)) = rayon::join(
        || isolation::network::judge(snapshot, settings),
        || rayon::join(|| parity::judge(snapshot), || reading::judge(snapshot)),
    );
    let mut findings = network.findings;
    findings.extend(parity.findings);
    findings.extend(notices);
    sort(&mut findings);
    let mut unknown = network.unknown;
    unknown.extend(snapshot.gaps.iter().chain(&snapshot.hidden).map(|gap| gap.what.clone()));
    deduplicate(&mut unknown);
    let mut undecided = network.undecided;
    undecided.extend(left_open(snapshot));
    Report {
        input: input(snapshot),
        streets: streets(snapshot, &parity.digests),
        clusters: clusters(snapshot),
        shared: namespaces(snapshot, Belonging::Shared),
        unplaced: namespaces(snapshot, Belonging::Unplaced),
        elsewhere: namespaces(snapshot, Belonging::Elsewhere),
        network: network.matrix,
        network_by_street: network.by_street,
        assumptions: network.assumptions,
        parity: parity.steps,
        findings,
        unknown,
        undecided,
        candidates: snapshot.candidates.iter().map(candidate).collect(),
        suggested: snapshot.suggested.clone(),
    }
}

/// What to do about gaps of which neither a finding nor the account tells, each reason once.
fn left_open(snapshot: &Snapshot) -> impl Iterator<Item = Undecided> + '_ {
    let mut seen = std::collections::BTreeSet::new();
    let gaps = snapshot.gaps.iter().chain(&snapshot.hidden).filter(|gap| gap.unread.is_none());
    gaps.filter(move |gap| seen.insert(&gap.what)).filter_map(|gap| {
        Some(Undecided { why: gap.what.clone(), explain: None, mend: gap.hint.clone()?, place: gap.place })
    })
}

fn candidate(candidate: &dtap_snapshot::snapshot::Candidate) -> Candidate {
    Candidate { selector: candidate.selector.clone(), count: candidate.count }
}

/// The order of the screen: severity; into production first; known pods before would-be ones; the rule; then what a
/// finding is about, so that the order in which the planes found it never shows.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|left, right| key(left).cmp(&key(right)));
}

/// What [`sort`] sorts by.
fn key(finding: &Finding) -> impl Ord + '_ {
    let place = finding.evidence.first().map(|evidence| evidence.place);
    (
        finding.severity,
        Reverse(finding.production),
        Reverse(finding.known),
        finding.rule.code,
        &finding.environments,
        Reverse(finding.cases),
        &finding.summary,
        &finding.fingerprint,
        place,
    )
}

/// Keeps the first of equal reasons.
fn deduplicate(reasons: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    reasons.retain(|reason| seen.insert(reason.clone()));
}

/// The account of what was read.
fn input(snapshot: &Snapshot) -> Input {
    let owned_pods = snapshot.workloads.iter().filter(|workload| workload.told_as != workload.name).count();
    Input {
        paths: Vec::new(),
        options: Vec::new(),
        judging: Vec::new(),
        files: snapshot.account.files,
        documents: snapshot.account.documents,
        objects: snapshot.account.found,
        rendered: snapshot.objects.len() + owned_pods,
        not_kubernetes: snapshot.account.not_kubernetes.clone(),
        left_out: snapshot.account.left_out.clone(),
        unread: snapshot
            .unread
            .iter()
            .map(|unread| Unread {
                name: unread.name.clone(),
                why: unread.why.clone(),
                hint: unread.hint.clone(),
                place: unread.place,
            })
            .collect(),
    }
}

/// Every street with its environments in order.
fn streets(snapshot: &Snapshot, digests: &parity::Digests) -> Vec<StreetSummary> {
    let counts = objects_by_environment(snapshot);
    let namespaces = namespaces_by_environment(snapshot);
    let folds: BTreeMap<EnvironmentId, &Vec<String>> = snapshot.folds.iter().map(|(id, spelt)| (*id, spelt)).collect();
    let none: &[&Namespace] = &[];
    let summary = |id: &EnvironmentId| {
        let environment = snapshot.environment(*id)?;
        let own = namespaces.get(id).map_or(none, Vec::as_slice);
        let cluster = own.first().and_then(|namespace| snapshot.cluster(namespace.cluster));
        Some(EnvironmentSummary {
            stage: environment.stage.clone(),
            production: environment.production,
            production_by: production_by(environment, own),
            folded: folds.get(id).map(|spelt| (*spelt).clone()).unwrap_or_default(),
            namespaces: own.iter().map(|namespace| namespace.name.clone()).collect(),
            cluster: cluster.map(|cluster| cluster.name.clone()).unwrap_or_default(),
            objects: counts.get(id).copied().unwrap_or_default(),
            parity_digest: digests.get(id).cloned().unwrap_or_default(),
        })
    };
    let street = |street: &dtap_model::environment::Street| StreetSummary {
        name: street.name.clone(),
        environments: street.environments.iter().filter_map(summary).collect(),
        evidence: evidence(street.environments.iter().flat_map(|id| namespaces.get(id).map_or(none, Vec::as_slice))),
    };
    snapshot.streets.iter().map(street).collect()
}

/// How it is known that an environment is production, where its name does not say it: by a label, or else by an
/// annotation of its Namespace.
fn production_by(environment: &Environment, namespaces: &[&Namespace]) -> Option<String> {
    let is_said_by_name = ["prod", "prd", "live"].iter().any(|word| environment.stage.to_lowercase().contains(word));
    if !environment.production || is_said_by_name {
        return None;
    }
    let says_so = |key: &str| matches!(key.rsplit('/').next(), Some("is-production" | "production"));
    let mut labels = namespaces.iter().flat_map(|namespace| &namespace.labels);
    let label = labels.find(|(key, value)| value == "true" && says_so(key));
    Some(label.map_or_else(|| "an annotation of its Namespace".to_owned(), |(key, _)| format!("label `{key}`")))
}

/// How namespaces were placed: every phrase once, the most frequent first.
fn evidence<'snapshot>(namespaces: impl Iterator<Item = &'snapshot &'snapshot Namespace>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for namespace in namespaces {
        *counts.entry(&namespace.evidence).or_default() += 1;
    }
    let mut phrases: Vec<(&str, usize)> = counts.into_iter().filter(|(phrase, _)| !phrase.is_empty()).collect();
    phrases.sort_by_key(|(phrase, count)| (Reverse(*count), *phrase));
    phrases.into_iter().map(|(phrase, _)| phrase).collect::<Vec<_>>().join(", ")
}

/// How many objects each environment holds, pods that a controller owns included.
fn objects_by_environment(snapshot: &Snapshot) -> BTreeMap<EnvironmentId, usize> {
    let mut counts = BTreeMap::new();
    let mut count = |id: EnvironmentId| *counts.entry(id).or_default() += 1;
    snapshot.objects.iter().filter_map(|placed| placed.environment).for_each(&mut count);
    let owned = snapshot.workloads.iter().filter(|workload| workload.told_as != workload.name);
    for pod in owned {
        let namespace = snapshot.namespace(dtap_model::environment::NamespaceId(pod.namespace));
        if let Some(Belonging::Environment(id)) = namespace.map(|namespace| namespace.belonging) {
            count(id);
        }
    }
    counts
}

/// The namespaces of each environment, in the snapshot's order.
fn namespaces_by_environment(snapshot: &Snapshot) -> BTreeMap<EnvironmentId, Vec<&Namespace>> {
    let mut by_environment: BTreeMap<EnvironmentId, Vec<&Namespace>> = BTreeMap::new();
    for namespace in &snapshot.namespaces {
        if let Belonging::Environment(id) = namespace.belonging {
            by_environment.entry(id).or_default().push(namespace);
        }
    }
    by_environment
}

/// Every cluster and how it is known.
fn clusters(snapshot: &Snapshot) -> Vec<ClusterSummary> {
    let summary = |cluster: &dtap_model::environment::Cluster| ClusterSummary {
        name: cluster.name.clone(),
        evidence: cluster.evidence.clone(),
    };
    snapshot.clusters.iter().map(summary).collect()
}

/// What names no namespace and belongs to no environment, by its kinds.
fn nowhere(snapshot: &Snapshot, id: NamespaceId) -> Vec<KindCount> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for placed in snapshot.objects.iter().filter(|placed| placed.namespace == Some(id)) {
        *kinds.entry(&placed.object.identity.kind.kind).or_default() += 1;
    }
    kinds.into_iter().map(|(kind, objects)| KindCount { kind: kind.to_owned(), objects }).collect()
}

/// The namespaces of one belonging, by name.
fn namespaces(snapshot: &Snapshot, belonging: Belonging) -> Vec<NamespaceSummary> {
    let mut summaries: Vec<NamespaceSummary> = snapshot
        .namespaces
        .iter()
        .zip(0..)
        .filter(|(namespace, _)| namespace.belonging == belonging)
        .map(|(namespace, id)| {
            let nameless = namespace.name == NO_NAMESPACE && belonging == Belonging::Unplaced;
            let kinds = if nameless { nowhere(snapshot, NamespaceId(id)) } else { Vec::new() };
            NamespaceSummary {
                name: namespace.name.clone(),
                evidence: namespace.evidence.clone(),
                cluster: snapshot.cluster(namespace.cluster).map(|cluster| cluster.name.clone()).unwrap_or_default(),
                kinds,
            }
        })
        .collect();
    summaries.sort_by(|left, right| {
        (&left.name, &left.evidence, &left.cluster).cmp(&(&right.name, &right.evidence, &right.cluster))
    });
    summaries
}
