//! The parties of the matrix, and the matrix itself: stages over all streets, then the shared namespaces.

use super::contact::{Degree, Inbound, PartyIndex};
use super::tell::Between;
use dtap_model::environment::{Belonging, EnvironmentId};
use dtap_report::{Cell, Matrix, Party, Verdict};
use dtap_snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// Rows and columns, and the one that each namespace counts for.
#[derive(Clone, Debug, Default)]
pub struct Parties {
    /// The parties in the order they are shown.
    pub parties: Vec<Party>,
    /// The party of each namespace; none for the unplaced and those elsewhere.
    pub of_namespace: Vec<Option<PartyIndex>>,
}

impl Parties {
    /// The stages in their order, then the shared namespaces as one party.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
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
        let of_namespace = snapshot
            .namespaces
            .iter()
            .map(|namespace| match namespace.belonging {
                Belonging::Environment(id) => position.get(snapshot.environment(id)?.stage.as_str()).copied(),
                Belonging::Shared => Some(shared_at),
                Belonging::Unplaced | Belonging::Elsewhere => None,
            })
            .collect();
        let mut parties: Vec<Party> = stages
            .iter()
            .map(|(_, stage, production)| Party {
                name: (*stage).to_owned(),
                production: *production,
                environment: true,
            })
            .collect();
        if let Some(first) = shared.first() {
            let name = if shared.len() == 1 { (*first).to_owned() } else { "shared".to_owned() };
            parties.push(Party { name, production: false, environment: false });
        }
        Self { parties, of_namespace }
    }

    /// The matrix over all streets, without the findings behind it.
    #[must_use]
    pub fn matrix(&self, snapshot: &Snapshot, inbound: &[Inbound]) -> Matrix {
        let mut clusters: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); self.parties.len()];
        for (party, namespace) in self.of_namespace.iter().zip(&snapshot.namespaces) {
            if let Some(clusters) = party.and_then(|party| clusters.get_mut(party)) {
                clusters.insert(namespace.cluster.0);
            }
        }
        let mut degrees: BTreeMap<(PartyIndex, PartyIndex), Degree> = BTreeMap::new();
        for inbound in inbound {
            let Some(to) = self.of_namespace.get(inbound.to).copied().flatten() else { continue };
            for ((from, _), degree) in &inbound.degrees {
                let worst = degrees.entry((*from, to)).or_insert(*degree);
                *worst = (*degree).max(*worst);
            }
        }
        let verdict = |from: PartyIndex, to: PartyIndex| {
            if from == to {
                return Verdict::Itself;
            }
            let meet = clusters.get(from).zip(clusters.get(to)).is_some_and(|(from, to)| !from.is_disjoint(to));
            match degrees.get(&(from, to)) {
                Some(degree) => degree.verdict(),
                None if meet => Verdict::Isolated,
                None => Verdict::OtherCluster,
            }
        };
        let cells = (0..self.parties.len())
            .map(|from| (0..self.parties.len()).map(|to| bare(verdict(from, to))).collect())
            .collect();
        Matrix { parties: self.parties.clone(), cells }
    }

    /// Writes into the cells which findings of their own degree stand behind them.
    pub fn count(&self, snapshot: &Snapshot, matrix: &mut Matrix, findings: &[Between]) {
        let position = |id: EnvironmentId| {
            let stage = snapshot.environment(id)?.stage.as_str();
            self.parties.iter().position(|party| party.environment && party.name == stage)
        };
        for between in findings {
            let Some(column) = position(between.destination) else { continue };
            let rows: BTreeSet<usize> = between.sources.iter().filter_map(|id| position(*id)).collect();
            for row in rows {
                let cell = matrix.cells.get_mut(row).and_then(|cells| cells.get_mut(column));
                let Some(cell) = cell.filter(|cell| cell.verdict == between.degree.verdict()) else { continue };
                cell.findings += 1;
                cell.because.push(between.finding.fingerprint.0.clone());
            }
        }
    }
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
