//! The diagonal of the inverse of a sparse admittance matrix, and single columns and rows of it.
//!
//! The matrix is factorised without pivoting in an order of least degree, which suits admittances;
//! the entries of the inverse on the pattern of the factors then follow from the last to the
//! first (Takahashi, Fagan and Chin 1973), so that a radial network costs as much as it is long.

use crate::power::lu::Singular;
use num_complex::Complex64;
use std::collections::{BTreeMap, BTreeSet};

/// A factorised matrix: `L D U` with units on the diagonals of `L` and `U`.
#[derive(Clone, Debug)]
pub(super) struct Inverse {
    /// In the order of elimination.
    steps: Vec<Step>,
    diagonal: Vec<Complex64>,
}

/// What the elimination of one unknown leaves behind.
#[derive(Clone, Debug)]
struct Step {
    at: usize,
    pivot: Complex64,
    /// Unknowns that follow: of the row of `U` and the column of `L`.
    rest: Vec<(usize, Complex64, Complex64)>,
}

type Entries = BTreeMap<(usize, usize), Complex64>;

impl Inverse {
    /// Of a matrix whose entries, by row and column, stand on both sides of the diagonal.
    pub(super) fn of(size: usize, entries: &Entries) -> Result<Self, Singular> {
        let mut rows: Vec<BTreeMap<usize, Complex64>> = vec![BTreeMap::new(); size];
        for (&(row, column), value) in entries {
            *rows[row].entry(column).or_default() += value;
            rows[column].entry(row).or_default();
        }
        let degree = |row: &BTreeMap<usize, Complex64>| row.len();
        let mut queue: BTreeSet<(usize, usize)> =
            rows.iter().enumerate().map(|(k, row)| (degree(row), k)).collect();
        let mut steps = Vec::with_capacity(size);
        while let Some((_, at)) = queue.pop_first() {
            let mut row = std::mem::take(&mut rows[at]);
            let pivot = row.remove(&at).unwrap_or_default();
            if !pivot.is_finite() || pivot.norm() == 0.0 {
                return Err(Singular);
            }
            let mut rest = Vec::with_capacity(row.len());
            for (&other, value) in &row {
                queue.remove(&(degree(&rows[other]), other));
                let below = rows[other].remove(&at).unwrap_or_default();
                rest.push((other, value / pivot, below / pivot));
            }
            for (i, _, below) in &rest {
                for (j, right, _) in &rest {
                    *rows[*i].entry(*j).or_default() -= below * pivot * right;
                }
            }
            queue.extend(rest.iter().map(|(other, ..)| (degree(&rows[*other]), *other)));
            steps.push(Step { at, pivot, rest });
        }
        let diagonal = selected(&steps)?;
        Ok(Self { steps, diagonal })
    }

    pub(super) fn diagonal(&self) -> &[Complex64] {
        &self.diagonal
    }

    /// The inverse times a column.
    pub(super) fn column(&self, mut b: Vec<Complex64>) -> Vec<Complex64> {
        for step in &self.steps {
            let here = b[step.at];
            step.rest.iter().for_each(|(other, _, below)| b[*other] -= below * here);
            b[step.at] = here / step.pivot;
        }
        for step in self.steps.iter().rev() {
            let known: Complex64 = step.rest.iter().map(|(o, right, _)| right * b[*o]).sum();
            b[step.at] -= known;
        }
        b
    }

    /// A row times the inverse.
    pub(super) fn row(&self, mut b: Vec<Complex64>) -> Vec<Complex64> {
        for step in &self.steps {
            let here = b[step.at];
            step.rest.iter().for_each(|(other, right, _)| b[*other] -= right * here);
            b[step.at] = here / step.pivot;
        }
        for step in self.steps.iter().rev() {
            let known: Complex64 = step.rest.iter().map(|(o, _, below)| below * b[*o]).sum();
            b[step.at] -= known;
        }
        b
    }
}

/// The diagonal of the inverse, by its entries on the pattern of the factors.
fn selected(steps: &[Step]) -> Result<Vec<Complex64>, Singular> {
    let mut z: Vec<BTreeMap<usize, Complex64>> = vec![BTreeMap::new(); steps.len()];
    for step in steps.iter().rev() {
        let mut own = step.pivot.inv();
        for (j, ..) in &step.rest {
            let (mut right, mut below) = (Complex64::ZERO, Complex64::ZERO);
            for (i, u, l) in &step.rest {
                right -= u * z[*i][j];
                below -= z[*j][i] * l;
            }
            z[step.at].insert(*j, right);
            z[*j].insert(step.at, below);
        }
        for (i, u, _) in &step.rest {
            own -= u * z[*i][&step.at];
        }
        z[step.at].insert(step.at, own);
    }
    let diagonal: Vec<Complex64> = z.iter().enumerate().map(|(k, row)| row[&k]).collect();
    if diagonal.iter().all(|v| v.is_finite()) { Ok(diagonal) } else { Err(Singular) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    /// A meshed matrix with values of its own on both sides of the diagonal.
    fn entries(n: usize) -> Entries {
        let mut seed = 7u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 40) as f64 / f64::from(1u32 << 24)
        };
        let mut out = Entries::new();
        let pairs = (1..n).map(|k| (k, k * 7 / 11)).chain((0..n / 3).map(|k| (k, n - 1 - k)));
        let pairs: Vec<(usize, usize)> = pairs.filter(|(a, b)| a != b).collect();
        for (a, b) in pairs {
            let y = Complex64::new(1.0 + next(), -5.0 - 3.0 * next());
            let turn = Complex64::from_polar(1.0, 0.2 * next());
            *out.entry((a, a)).or_default() += y;
            *out.entry((b, b)).or_default() += y;
            *out.entry((a, b)).or_default() -= y * turn;
            *out.entry((b, a)).or_default() -= y / turn;
        }
        *out.entry((0, 0)).or_default() += Complex64::new(0.5, -8.0);
        out
    }

    #[test]
    fn diagonal_columns_and_rows_are_those_of_the_dense_inverse() {
        let n = 40;
        let entries = entries(n);
        let dense =
            DMatrix::from_fn(n, n, |i, j| entries.get(&(i, j)).copied().unwrap_or_default());
        let inverse = dense.try_inverse().expect("regular");
        let found = Inverse::of(n, &entries).expect("regular");
        let close = |a: Complex64, b: Complex64| (a - b).norm() <= 1e-12 * (1.0 + b.norm());
        for k in 0..n {
            assert!(close(found.diagonal()[k], inverse[(k, k)]), "{k}");
            let mut unit = vec![Complex64::ZERO; n];
            unit[k] = Complex64::ONE;
            let (column, row) = (found.column(unit.clone()), found.row(unit));
            for i in 0..n {
                assert!(close(column[i], inverse[(i, k)]), "column {k}, row {i}");
                assert!(close(row[i], inverse[(k, i)]), "row {k}, column {i}");
            }
        }
    }

    #[test]
    fn a_part_that_nothing_grounds_is_singular() {
        let y = Complex64::new(1.0, -5.0);
        let loose = [((0, 0), y), ((1, 1), y), ((0, 1), -y), ((1, 0), -y)];
        assert!(Inverse::of(2, &loose.into_iter().collect()).is_err());
    }
}
