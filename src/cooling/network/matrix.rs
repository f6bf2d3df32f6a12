//! The symmetric matrix of the junctions' heads: its pattern is analysed once, its values are
//! factorised at every trial.

use super::{Network, NodeKind};
use faer::Side;
use faer::linalg::solvers::Solve;
use faer::mat::MatMut;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use std::collections::BTreeSet;

/// Lower triangle in compressed columns, with the right-hand side.
pub struct Matrix {
    pattern: SymbolicSparseColMat<usize>,
    symbolic: SymbolicLlt<usize>,
    values: Vec<f64>,
    pub rhs: Vec<f64>,
    /// Row of each node; fixed heads have none.
    row: Vec<Option<usize>>,
    /// Place of each row's diagonal among the values.
    diagonal: Vec<usize>,
    /// Place of each link between two junctions among the values.
    beside: Vec<Option<usize>>,
}

/// The matrix cannot be factorised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular;

impl Matrix {
    pub fn of(net: &Network) -> Result<Self, Singular> {
        let mut rows = 0;
        let mut row = Vec::with_capacity(net.nodes.len());
        for node in &net.nodes {
            let junction = matches!(node.kind, NodeKind::Junction { .. });
            row.push(junction.then_some(rows));
            rows += usize::from(junction);
        }
        let pair = |link: &super::Link| {
            let (a, b) = (row[link.from.0]?, row[link.to.0]?);
            (a != b).then_some((a.min(b), a.max(b)))
        };
        let mut cells: BTreeSet<(usize, usize)> = (0..rows).map(|r| (r, r)).collect();
        cells.extend(net.links.iter().filter_map(pair));
        let mut column_start = vec![0; rows + 1];
        for (column, _) in &cells {
            column_start[column + 1] += 1;
        }
        for k in 0..rows {
            column_start[k + 1] += column_start[k];
        }
        let diagonal = column_start[..rows].to_vec();
        let place = |(column, r): (usize, usize)| {
            cells.range((column, column)..(column, r)).count() + column_start[column]
        };
        let beside = net.links.iter().map(|l| pair(l).map(place)).collect();
        let row_index: Vec<usize> = cells.iter().map(|(_, r)| *r).collect();
        let values = vec![0.0; row_index.len()];
        let pattern = SymbolicSparseColMat::new_checked(rows, rows, column_start, None, row_index);
        let symbolic = SymbolicLlt::try_new(pattern.as_ref(), Side::Lower).map_err(|_| Singular)?;
        Ok(Matrix { pattern, symbolic, values, rhs: vec![0.0; rows], row, diagonal, beside })
    }

    pub fn clear(&mut self) {
        self.values.fill(0.0);
        self.rhs.fill(0.0);
    }

    pub fn row(&self, node: usize) -> Option<usize> {
        self.row[node]
    }

    pub fn add_diagonal(&mut self, node: usize, value: f64) {
        if let Some(r) = self.row[node] {
            self.values[self.diagonal[r]] += value;
        }
    }

    pub fn add_rhs(&mut self, node: usize, value: f64) {
        if let Some(r) = self.row[node] {
            self.rhs[r] += value;
        }
    }

    /// Couples the two junctions of a link.
    pub fn couple(&mut self, link: usize, value: f64) {
        if let Some(place) = self.beside[link] {
            self.values[place] += value;
        }
    }

    /// Solves in place: the right-hand side becomes the heads.
    pub fn solve(&mut self) -> Result<(), Singular> {
        let rows = self.rhs.len();
        if rows == 0 {
            return Ok(());
        }
        let matrix = SparseColMatRef::new(self.pattern.as_ref(), &self.values);
        let factors = Llt::try_new_with_symbolic(self.symbolic.clone(), matrix, Side::Lower)
            .map_err(|_| Singular)?;
        factors.solve_in_place(MatMut::from_column_major_slice_mut(&mut self.rhs, rows, 1));
        self.rhs.iter().all(|h| h.is_finite()).then_some(()).ok_or(Singular)
    }
}
