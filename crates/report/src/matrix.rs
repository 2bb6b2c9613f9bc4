//! The matrix: for every ordered pair of parties, whether the first can touch the second on a plane.

use serde::Serialize;

/// The verdict on an ordered pair, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The same party; nothing to judge.
    Itself,
    /// They stand on different clusters: selectors never lead there.
    OtherCluster,
    /// No pod of the one, known or would-be, can open a connection to the other.
    Isolated,
    /// No known pod can; a new one could.
    TodayOnly,
    /// It could not be decided, or not read.
    Unknown,
    /// A pod can: there is a witness. Between an environment and a party that is none it is shown as `open`: no defect
    /// where that one is shared; where it is unplaced, whether it is one cannot be told.
    Broken,
}

/// Who a row or column is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Party {
    /// What is shown: the stage, the name of the shared namespaces, or `unplaced`.
    pub name: String,
    /// Whether it is production.
    pub production: bool,
    /// Whether it is an environment; if not, it serves all of them, or is unplaced.
    pub environment: bool,
    /// Whether it is the namespaces that belong to no environment found.
    pub unplaced: bool,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The verdict.
    pub verdict: Verdict,
    /// How many findings stand behind it: witnesses where broken, reasons where unknown.
    pub findings: usize,
    /// Fingerprints of the findings behind it, worst first.
    pub because: Vec<String>,
}

/// Verdicts for every ordered pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// Rows and columns alike.
    pub parties: Vec<Party>,
    /// `cells[row][column]`: may a pod of the row open a connection in the column?
    pub cells: Vec<Vec<Cell>>,
}

impl Matrix {
    /// Every cell with the parties of its row and column.
    pub fn pairs(&self) -> impl Iterator<Item = (&Party, &Party, &Cell)> {
        let rows = self.parties.iter().zip(&self.cells);
        rows.flat_map(|(from, cells)| self.parties.iter().zip(cells).map(move |(to, cell)| (from, to, cell)))
    }
}
