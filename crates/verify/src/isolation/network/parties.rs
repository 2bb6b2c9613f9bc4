//! The parties of the matrix, and the matrix itself: stages over all streets, then the shared namespaces, then those of
//! no environment found.

use super::assumptions::Ground;
use super::contact::{self, Degree, FromStreet, Inbound, PartyIndex};
use super::flow::Witness;
use super::links::Link;
use super::mend::{NAMED, list};
use super::plane::Plane;
use super::tell::{self, Pair, Told};
use dtap_model::environment::{Belonging, ClusterId, EnvironmentId, NO_NAMESPACE, Namespace, NamespaceId, StreetId};
use dtap_report::report::Undecided;
use dtap_report::{Cell, Matrix, Party, Verdict};
use dtap_snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// Rows and columns, and the one that each namespace counts for.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    /// The parties in the order they are shown.
    pub parties: Vec<Party>,
    /// The party of each namespace; none for those elsewhere and what is no namespace that is known.
    pub of_namespace: Vec<Option<PartyIndex>>,
}

/// Who may or may not reach whom for one reason, and a flow that shows it.
struct Doubted<'w> {
    from: BTreeSet<PartyIndex>,
    to: BTreeSet<PartyIndex>,
    witness: &'w Witness,
}

impl Parties {
    /// The stages in their order, then the shared namespaces as one party, and the unplaced ones as another.
    #[must_use]
    pub fn of(plane: &Plane<'_>) -> Self {
        let snapshot = plane.snapshot;
        // A stage that streets rank differently stands where it stands first.
        let mut ranks: BTreeMap<&str, (u32, bool)> = BTreeMap::new();
        for environment in &snapshot.environments {
            let slot = ranks.entry(&environment.stage).or_insert((environment.rank, environment.production));
            *slot = (slot.0.min(environment.rank), slot.1 || environment.production);
        }
        let mut stages: Vec<(u32, &str, bool)> =
            ranks.into_iter().map(|(stage, (rank, production))| (rank, stage, production)).collect();
        stages.sort_unstable();
        let shared: BTreeSet<&str> = snapshot
            .namespaces
            .iter()
            .filter(|namespace| namespace.belonging == Belonging::Shared)
            .map(|namespace| namespace.name.as_str())
            .collect();
        let position: BTreeMap<&str, PartyIndex> =
            stages.iter().enumerate().map(|(at, (_, stage, _))| (*stage, at)).collect();
        let shared_at = stages.len();
        let unplaced_at = shared_at + usize::from(!shared.is_empty());
        let counts = counts(plane);
        let of_namespace: Vec<Option<PartyIndex>> = snapshot
            .namespaces
            .iter()
            .zip(&plane.spaces)
            .zip(&counts)
            .map(|((namespace, space), counts)| match namespace.belonging {
                Belonging::Environment(_) if space.is_nowhere() => None,
                Belonging::Environment(id) => position.get(snapshot.environment(id)?.stage.as_str()).copied(),
                Belonging::Shared => Some(shared_at),
                Belonging::Unplaced => (*counts && !stages.is_empty()).then_some(unplaced_at),
                Belonging::Elsewhere => None,
            })
            .collect();
        let mut parties: Vec<Party> = stages
            .iter()
            .map(|(_, stage, production)| Party {
                name: (*stage).to_owned(),
                production: *production,
                environment: true,
                unplaced: false,
            })
            .collect();
        if let Some(first) = shared.first() {
            let name = if shared.len() == 1 { (*first).to_owned() } else { "shared".to_owned() };
            parties.push(Party { name, production: false, environment: false, unplaced: false });
        }
        if of_namespace.contains(&Some(unplaced_at)) {
            parties.push(Party { name: "unplaced".to_owned(), production: false, environment: false, unplaced: true });
        }
        Self { parties, of_namespace }
    }

    /// The matrix over all streets, with the findings behind each cell.
    #[must_use]
    pub fn matrix(&self, plane: &Plane<'_>, inbound: &[Inbound], told: &[Told]) -> Matrix {
        let mut matrix = self.matrix_of(plane, inbound, &|_| true);
        told.iter().for_each(|told| self.count(plane, &mut matrix, told, told.pairs.iter()));
        matrix
    }

    /// The matrix of each street, where there are several; only those in which a verdict is worse than `today only`.
    #[must_use]
    pub fn by_street(&self, plane: &Plane<'_>, inbound: &[Inbound], told: &[Told]) -> Vec<(String, Matrix)> {
        let streets = &plane.snapshot.streets;
        if streets.len() < 2 {
            return Vec::new();
        }
        let street = |id: Option<EnvironmentId>| Some(plane.snapshot.environment(id?)?.street);
        // What happens within each street, found in one pass: where all is unknown every pair is among the degrees.
        let mut within_streets: BTreeMap<StreetId, Vec<Inbound>> = BTreeMap::new();
        for inbound in inbound {
            let Some(own) = street(contact::environment(plane, inbound.to)) else { continue };
            let degrees = inbound.degrees.iter().filter(|((_, from), _)| *from == FromStreet::Own);
            let degrees = degrees.map(|(source, degree)| (*source, *degree)).collect();
            within_streets.entry(own).or_default().push(Inbound { to: inbound.to, degrees, ..Inbound::default() });
        }
        let is_bad = |inbound: &Inbound| inbound.degrees.values().any(|degree| *degree > Degree::TodayOnly);
        within_streets.retain(|_, inbound| inbound.iter().any(is_bad));
        // The same of what stands behind it.
        let mut behind: BTreeMap<StreetId, BTreeMap<usize, Vec<&Pair>>> = BTreeMap::new();
        for (at, told) in told.iter().enumerate() {
            for pair in &told.pairs {
                let Some(own) = street(pair.0).filter(|own| street(pair.1) == Some(*own)) else { continue };
                behind.entry(own).or_default().entry(at).or_default().push(pair);
            }
        }
        let matrix = |(id, inbound): (StreetId, Vec<Inbound>)| {
            let mut matrix = self.matrix_of(plane, &inbound, &|environment| street(environment) == Some(id));
            for (at, pairs) in behind.get(&id).into_iter().flatten() {
                let told = told.get(*at).into_iter();
                told.for_each(|told| self.count(plane, &mut matrix, told, pairs.iter().copied()));
            }
            let stages: BTreeSet<&str> = plane
                .snapshot
                .environments
                .iter()
                .filter(|environment| environment.street == id)
                .map(|environment| environment.stage.as_str())
                .collect();
            keep(&mut matrix, |party| party.environment && stages.contains(party.name.as_str()));
            Some((plane.snapshot.street(id)?.name.clone(), matrix))
        };
        within_streets.into_iter().filter_map(matrix).collect()
    }

    /// The matrix of these contacts, with the clusters of the environments that count, and without findings.
    fn matrix_of(
        &self,
        plane: &Plane<'_>,
        inbound: &[Inbound],
        counts: &dyn Fn(Option<EnvironmentId>) -> bool,
    ) -> Matrix {
        let mut worst: BTreeMap<(PartyIndex, PartyIndex), Verdict> = BTreeMap::new();
        let mut note = |pair, verdict: Verdict| {
            let slot = worst.entry(pair).or_insert(verdict);
            *slot = verdict.max(*slot);
        };
        for inbound in inbound {
            let Some(to) = self.of_namespace.get(inbound.to).copied().flatten() else { continue };
            inbound.degrees.iter().for_each(|((from, _), degree)| note((*from, to), degree.verdict()));
        }
        let (clusters, exposed) = (self.clusters(plane, counts), self.exposed(plane));
        let (settings, nameless) = (plane.settings, self.nameless(plane.snapshot));
        let is = |those: &[bool], party: PartyIndex| those.get(party) == Some(&true);
        let apart = if Ground::Clusters.open(settings).is_empty() { Verdict::OtherCluster } else { Verdict::Unknown };
        let verdict = |from: PartyIndex, to: PartyIndex| {
            let meet = clusters.get(from).zip(clusters.get(to)).is_some_and(|(from, to)| {
                let may_meet = |one: &ClusterId| to.iter().any(|other| plane.snapshot.may_meet(*one, *other));
                from.iter().any(may_meet)
            });
            let is_linked = link_between(plane, &clusters, from, to).is_some();
            match worst.get(&(from, to)) {
                _ if from == to => Verdict::Itself,
                _ if !meet && is_linked => Verdict::Unknown,
                _ if !meet => apart,
                found => {
                    let nameless = is(&nameless, from) && is(&nameless, to);
                    let new_pods = is(&exposed, from) || is(&exposed, to);
                    let ground = Ground::Policies { nameless, new_pods };
                    let least = if ground.open(settings).is_empty() && !is_linked {
                        Verdict::Isolated
                    } else {
                        Verdict::Unknown
                    };
                    found.copied().unwrap_or(Verdict::Isolated).max(least)
                }
            }
        };
        let parties = 0..self.parties.len();
        let row = |from: PartyIndex| parties.clone().map(|to| bare(verdict(from, to))).collect();
        Matrix { parties: self.parties.clone(), cells: parties.clone().map(row).collect() }
    }

    /// What speaks against the clusters of two parties being apart.
    #[must_use]
    pub fn linked(&self, plane: &Plane<'_>) -> Vec<Undecided> {
        let clusters = self.clusters(plane, &|_| true);
        let parties = || 0..self.parties.len();
        let pairs = parties().flat_map(|from| parties().map(move |to| (from, to))).filter(|(from, to)| from != to);
        let whys: BTreeSet<&str> =
            pairs.filter_map(|(from, to)| Some(link_between(plane, &clusters, from, to)?.why.as_str())).collect();
        let told = |why: &str| Undecided {
            why: format!("whether clusters are apart: {why}"),
            explain: Some("clusters-apart"),
            mend: "where no pod's address leads from one to the other all the same, say so: --assume clusters-apart"
                .to_owned(),
            place: None,
        };
        whys.into_iter().map(told).collect()
    }

    /// Why contacts with shared and unplaced namespaces could not be decided, one line a cause, and what to do: no
    /// finding says it.
    #[must_use]
    pub fn doubts(&self, plane: &Plane<'_>, inbound: &[Inbound], matrix: &Matrix) -> Vec<Undecided> {
        let mut causes: BTreeMap<String, Doubted<'_>> = BTreeMap::new();
        for inbound in inbound {
            let Some(to) = self.of_namespace.get(inbound.to).copied().flatten() else { continue };
            for (from, witness) in &inbound.doubts {
                let cell = matrix.cells.get(*from).and_then(|row| row.get(to));
                if cell.is_none_or(|cell| cell.verdict != Verdict::Unknown) {
                    continue;
                }
                let Some(doubt) = tell::doubt_in_words(plane, witness) else { continue };
                let cause = causes.entry(doubt);
                let cause = cause.or_insert_with(|| Doubted { from: BTreeSet::new(), to: BTreeSet::new(), witness });
                if witness.is_known() && !cause.witness.is_known() {
                    cause.witness = witness;
                }
                cause.from.insert(*from);
                cause.to.insert(to);
            }
        }
        let told = |(doubt, Doubted { from, to, witness }): (String, Doubted<'_>)| {
            let source = tell::end(plane, witness.from, &witness.source);
            let destination = tell::end(plane, witness.to, &witness.destination);
            let (from, port) = (self.named(&from), witness.port);
            let why = match to.len() {
                1 => format!("whether {from} can open {destination}{port} ({source} for one): {doubt}"),
                _ => {
                    let to = self.named(&to);
                    format!("whether {from} can open {to} ({source} to {destination}{port} for one): {doubt}")
                }
            };
            let (rule, mend) = tell::advice(plane, witness);
            Undecided { why, explain: Some(rule.code), mend, place: None }
        };
        let mut causes: Vec<(String, Doubted<'_>)> = causes.into_iter().collect();
        causes.sort_by_key(|(_, doubted)| std::cmp::Reverse(doubted.from.len() * doubted.to.len()));
        causes.into_iter().map(told).collect()
    }

    /// Parties as a person lists them; many are counted.
    fn named(&self, parties: &BTreeSet<PartyIndex>) -> String {
        if parties.len() > NAMED {
            return format!(
                "{} of {} stages",
                parties.len(),
                self.parties.iter().filter(|party| party.environment).count()
            );
        }
        list(parties.iter().filter_map(|at| self.parties.get(*at)).map(|party| party.name.as_str()))
    }

    /// The clusters of each party, as far as its environments count.
    fn clusters(&self, plane: &Plane<'_>, counts: &dyn Fn(Option<EnvironmentId>) -> bool) -> Vec<BTreeSet<ClusterId>> {
        let mut clusters: Vec<BTreeSet<ClusterId>> = vec![BTreeSet::new(); self.parties.len()];
        for (at, (party, namespace)) in self.of_namespace.iter().zip(&plane.snapshot.namespaces).enumerate() {
            let environment = contact::environment(plane, at);
            let slot = party.and_then(|party| clusters.get_mut(party)).filter(|_| counts(environment));
            if let Some(clusters) = slot {
                clusters.insert(namespace.cluster);
            }
        }
        clusters
    }

    /// Of each party, whether something of it names no namespace (N21).
    #[must_use]
    pub fn nameless(&self, snapshot: &Snapshot) -> Vec<bool> {
        let mut nameless = vec![false; self.parties.len()];
        for (party, namespace) in self.of_namespace.iter().zip(&snapshot.namespaces) {
            if let Some(nameless) = party.and_then(|party| nameless.get_mut(party)) {
                *nameless |= namespace.name == NO_NAMESPACE;
            }
        }
        nameless
    }

    /// Of each party, whether nothing keeps new pods of it off their node's network (N17).
    fn exposed(&self, plane: &Plane<'_>) -> Vec<bool> {
        let mut exposed = vec![false; self.parties.len()];
        for (party, space) in self.of_namespace.iter().zip(&plane.spaces) {
            if let Some(exposed) = party.and_then(|party| exposed.get_mut(party)) {
                *exposed |= !space.refuses_host_network;
            }
        }
        exposed
    }

    /// Writes a finding into the cells of these pairs whose verdict is of its degree.
    fn count<'p>(&self, plane: &Plane<'_>, matrix: &mut Matrix, told: &Told, pairs: impl Iterator<Item = &'p Pair>) {
        let position = |id: Option<EnvironmentId>| {
            let Some(id) = id else { return self.parties.iter().position(|party| party.unplaced) };
            let stage = plane.snapshot.environment(id)?.stage.as_str();
            self.parties.iter().position(|party| party.environment && party.name == stage)
        };
        let cells: BTreeSet<(usize, usize)> =
            pairs.filter_map(|(from, to)| Some((position(*from)?, position(*to)?))).collect();
        for (row, column) in cells {
            let cell = matrix.cells.get_mut(row).and_then(|cells| cells.get_mut(column));
            let Some(cell) = cell.filter(|cell| cell.verdict == told.degree.verdict()) else { continue };
            cell.findings += 1;
            cell.because.push(told.finding.fingerprint.0.clone());
        }
    }
}

/// What speaks against some clusters of two parties being apart.
fn link_between<'p>(
    plane: &'p Plane<'_>,
    clusters: &[BTreeSet<ClusterId>],
    from: PartyIndex,
    to: PartyIndex,
) -> Option<&'p Link> {
    let (from, to) = (clusters.get(from)?, clusters.get(to)?);
    from.iter()
        .flat_map(|one| to.iter().map(move |other| (*one, *other)))
        .find_map(|(one, other)| plane.link(one, other))
}

/// Of each namespace, whether it counts where it is in no environment found: it holds workloads, or it is a namespace
/// of its own, in which a new pod may come to stand. What names no namespace and holds no workload is none that is
/// known.
fn counts(plane: &Plane<'_>) -> Vec<bool> {
    let snapshot = plane.snapshot;
    let mut parts: BTreeMap<NamespaceId, usize> = BTreeMap::new();
    for namespace in &snapshot.namespaces {
        *parts.entry(namespace.whole).or_default() += 1;
    }
    let whole = |it: &Namespace| it.name != NO_NAMESPACE && parts.get(&it.whole) == Some(&1);
    let mut counts: Vec<bool> = snapshot.namespaces.iter().map(whole).collect();
    for (counts, space) in counts.iter_mut().zip(&plane.spaces) {
        *counts |= !space.classes.is_empty();
    }
    counts
}

/// Keeps some parties of a matrix.
fn keep(matrix: &mut Matrix, stays: impl Fn(&Party) -> bool) {
    let kept: Vec<bool> = matrix.parties.iter().map(stays).collect();
    let is_kept = |at: &mut usize| {
        *at += 1;
        kept.get(*at - 1) == Some(&true)
    };
    for row in &mut matrix.cells {
        let mut at = 0;
        row.retain(|_| is_kept(&mut at));
    }
    let mut at = 0;
    matrix.cells.retain(|_| is_kept(&mut at));
    at = 0;
    matrix.parties.retain(|_| is_kept(&mut at));
}

/// A cell without findings.
fn bare(verdict: Verdict) -> Cell {
    Cell { verdict, findings: 0, because: Vec::new() }
}

impl Degree {
    /// The verdict on a pair whose worst contact is this.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Self::TodayOnly => Verdict::TodayOnly,
            Self::Unknown => Verdict::Unknown,
            Self::Broken => Verdict::Broken,
        }
    }
}
