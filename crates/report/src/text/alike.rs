//! Stages that agree in every verdict, told as one row and column: of dozens of stages a few rows say all that there is
//! to say, and which stages a row speaks of stands below. Judges nothing: what is folded has one verdict in every cell.

use super::screen::{Ink, Line, Screen, fitting, listed};
use crate::matrix::{Cell, Matrix, Party, Verdict};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// How wide the names of several stages may be together before the first stands for all.
const WIDE: usize = 16;

/// Parties that are told as one, by their index in the matrix, the one that they are called by first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alike(pub(super) Vec<usize>);

impl Alike {
    /// What they are called together.
    pub(super) fn name(&self, matrix: &Matrix) -> String {
        let names = self.names(matrix);
        match names.first() {
            Some(first) if Self::is_shortened(&names) => format!("{first} +{}", names.len() - 1),
            _ => names.join(", "),
        }
    }

    /// Whether these names are too many for the head of a row.
    fn is_shortened(names: &[&str]) -> bool {
        names.len() > 1 && names.join(", ").width() > WIDE
    }

    fn names<'matrix>(&self, matrix: &'matrix Matrix) -> Vec<&'matrix str> {
        self.0.iter().filter_map(|at| matrix.parties.get(*at)).map(|party| party.name.as_str()).collect()
    }
}

/// Every party by itself, in the matrix's order.
pub(super) fn apart(matrix: &Matrix) -> Vec<Alike> {
    (0..matrix.parties.len()).map(|at| Alike(vec![at])).collect()
}

/// Environments that agree together, everything else by itself, in the matrix's order. `weight` says which of those
/// that agree they are called by: the heaviest.
pub(super) fn alike(matrix: &Matrix, weight: impl Fn(usize) -> usize) -> Vec<Alike> {
    let mut groups: Vec<Alike> = Vec::new();
    for at in 0..matrix.parties.len() {
        let group = groups.iter_mut().find(|Alike(group)| group.iter().all(|other| agree(matrix, *other, at)));
        match group {
            Some(Alike(group)) => group.push(at),
            None => groups.push(Alike(vec![at])),
        }
    }
    for Alike(group) in &mut groups {
        group.sort_by_key(|at| (std::cmp::Reverse(weight(*at)), *at));
    }
    groups.sort_by_key(|Alike(group)| group.first().copied());
    groups
}

/// Whether two environments have the same verdicts with every party, in both directions, and with each other.
fn agree(matrix: &Matrix, one: usize, other: usize) -> bool {
    let verdict = |row: usize, column: usize| matrix.cells.get(row)?.get(column).map(|cell| cell.verdict);
    let party = |at: usize| matrix.parties.get(at).filter(|party| party.environment).map(|party| party.production);
    let mut others = (0..matrix.parties.len()).filter(|at| *at != one && *at != other);
    party(one).is_some()
        && party(one) == party(other)
        && verdict(one, other) == verdict(other, one)
        && others.all(|at| verdict(one, at) == verdict(other, at) && verdict(at, one) == verdict(at, other))
}

/// The matrix with a row and column for each of these.
pub(super) fn folded(matrix: &Matrix, groups: &[Alike]) -> Matrix {
    let party = |group: &Alike| {
        let first = matrix.parties.get(*group.0.first()?)?;
        Some(Party { name: group.name(matrix), ..first.clone() })
    };
    let row = |from: &Alike| groups.iter().filter_map(|to| cell(matrix, from, to)).collect();
    Matrix { parties: groups.iter().filter_map(party).collect(), cells: groups.iter().map(row).collect() }
}

/// One cell for all pairs of two groups: they agree in the verdict, and the findings behind them are counted once each.
fn cell(matrix: &Matrix, Alike(from): &Alike, Alike(to): &Alike) -> Option<Cell> {
    let pairs = from.iter().flat_map(|row| to.iter().map(move |column| (*row, *column)));
    let cells: Vec<&Cell> = pairs.filter_map(|(row, column)| matrix.cells.get(row)?.get(column)).collect();
    // Within a group there are those of two of its stages, and those of each with itself.
    let first = cells.iter().find(|cell| cell.verdict != Verdict::Itself).or(cells.first())?;
    let told: BTreeSet<&String> = cells.iter().flat_map(|cell| &cell.because).collect();
    let most = cells.iter().map(|cell| cell.findings).max().unwrap_or_default();
    Some(Cell { verdict: first.verdict, findings: most.max(told.len()), because: told.into_iter().cloned().collect() })
}

/// Which stages are told as one, a line each: all of them, or as many as a line takes.
pub(super) fn list(matrix: &Matrix, groups: &[Alike], all: bool, screen: &mut Screen) {
    const MEANING: &str = "   (alike in every verdict)";
    for group in groups {
        let (name, names) = (group.name(matrix), group.names(matrix));
        if !Alike::is_shortened(&names) {
            continue;
        }
        let room = screen.width.saturating_sub(name.width() + 2 + MEANING.width());
        let names = if all { listed(&names, names.len()) } else { fitting(&names, names.len(), room) };
        let line = Line::new().with(Ink::Strong, name).plain(": ").plain(names).with(Ink::Faint, MEANING);
        screen.wrapped(&line, 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of stages by the signs of its cells.
    fn matrix(rows: &[(&str, &str)]) -> Matrix {
        let cell = |sign: char| {
            let (verdict, findings) = match sign {
                '.' => (Verdict::Itself, 0),
                '?' => (Verdict::Unknown, 0),
                'x' => (Verdict::Broken, 2),
                _ => (Verdict::Isolated, 0),
            };
            Cell { verdict, findings, because: Vec::new() }
        };
        let party = |name: &str| Party {
            name: name.to_owned(),
            production: name == "prd",
            environment: name != "shared",
            unplaced: false,
        };
        Matrix {
            parties: rows.iter().map(|(name, _)| party(name)).collect(),
            cells: rows.iter().map(|(_, signs)| signs.chars().map(cell).collect()).collect(),
        }
    }

    fn names(matrix: &Matrix, groups: &[Alike]) -> Vec<String> {
        groups.iter().map(|group| group.name(matrix)).collect()
    }

    #[test]
    fn stages_that_agree_in_every_verdict_are_one_and_others_are_not() {
        let matrix = matrix(&[
            ("dev", ".ooxxo"),
            ("playground", "o.oxoo"),
            ("sandbox", "oo.xoo"),
            ("prd", "ooo.o?"),
            ("demo", "oooo.o"),
            ("shared", "oooooo"),
        ]);
        let groups = alike(&matrix, |at| usize::from(at == 2));
        assert_eq!(names(&matrix, &groups), ["dev", "sandbox +1", "prd", "demo", "shared"]);
        let folded = folded(&matrix, &groups);
        let row: Vec<(Verdict, usize)> = folded.cells[1].iter().map(|cell| (cell.verdict, cell.findings)).collect();
        let isolated = (Verdict::Isolated, 0);
        assert_eq!(row, [isolated, isolated, (Verdict::Broken, 2), isolated, isolated]);
        assert_eq!(folded.cells[0][0].verdict, Verdict::Itself);
    }

    #[test]
    fn one_that_can_be_opened_by_the_other_agrees_only_where_the_other_can_as_well() {
        let one_way = matrix(&[("a", ".x"), ("b", "o.")]);
        assert_eq!(names(&one_way, &alike(&one_way, |_| 0)), ["a", "b"]);
        let both = matrix(&[("a", ".x"), ("b", "x.")]);
        assert_eq!(names(&both, &alike(&both, |_| 0)), ["a, b"]);
        let all = folded(&both, &alike(&both, |_| 0));
        assert_eq!((all.cells[0][0].verdict, all.cells[0][0].findings), (Verdict::Broken, 2));
        let production = matrix(&[("a", ".o"), ("prd", "o.")]);
        assert_eq!(names(&production, &alike(&production, |_| 0)), ["a", "prd"]);
    }
}
