//! Factored bases of one matrix. A search goes back to bases that it has left, and the last few
//! factorisations are kept for that.

use super::etas::Etas;
use super::factor::Factor;
use super::matrix::Matrix;
use super::sparse::Sparse;
use std::sync::Arc;

/// Factorisations kept.
const MOST: usize = 4;
/// Changes of the basis between factorisations.
const MOST_ETAS: usize = 40;
/// The same with those that lead to bases before.
const MOST_KEPT: usize = 400;

/// A factored basis and what has changed since.
#[derive(Default)]
struct Factored {
    factor: Factor,
    etas: Etas,
    /// Tells it from all others.
    own: Arc<()>,
}

/// Where a basis is known: its factorisation, and the changes that lead from there to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    of: Arc<()>,
    changes: Vec<usize>,
}

/// The last one is in hand.
#[derive(Default)]
pub(super) struct Factors(Vec<Factored>);

impl Factors {
    /// None is of the matrix any more.
    pub fn forget(&mut self) {
        self.0.iter_mut().for_each(|f| f.own = Arc::default());
    }

    /// Factors a basis; false where it is singular.
    pub fn make(&mut self, matrix: &Matrix, basic: &[usize]) -> bool {
        match self.0.len() < MOST {
            true => self.0.push(Factored::default()),
            // The oldest gives its place.
            false => self.0.rotate_left(1),
        }
        let Some(made) = self.0.last_mut() else { return false };
        made.own = Arc::default();
        made.etas.clear();
        made.factor.make(matrix, basic)
    }

    /// Where the basis in hand is known.
    pub fn known(&self) -> Known {
        self.0.last().map_or_else(Known::default, |f| Known {
            of: f.own.clone(),
            changes: f.etas.path().to_vec(),
        })
    }

    /// Goes back to a basis; false where it is known no more.
    pub fn go_back(&mut self, to: &Known) -> bool {
        let Some(at) = self.0.iter().position(|f| Arc::ptr_eq(&f.own, &to.of)) else {
            return false;
        };
        let found = self.0.remove(at);
        self.0.push(found);
        if let Some(found) = self.0.last_mut() {
            found.etas.follow(&to.changes);
        }
        true
    }

    /// Whether the basis in hand is the one that was factored.
    pub fn is_new(&self) -> bool {
        self.0.last().is_none_or(|f| f.etas.path().is_empty())
    }

    /// The column of a variable, in terms of the basis, takes a position; false where it is time
    /// for new factors.
    pub fn enter(&mut self, position: usize, column: &Sparse) -> bool {
        let Some(Factored { etas, .. }) = self.0.last_mut() else { return false };
        etas.push(position, column);
        etas.path().len() < MOST_ETAS && etas.kept() < MOST_KEPT
    }

    /// Solves `B z = v`: `v` by row, `z` by position.
    pub fn forward(&mut self, matrix: &Matrix, v: &[f64], z: &mut [f64]) {
        if let Some(Factored { factor, etas, .. }) = self.0.last_mut() {
            factor.forward(matrix, v, z);
            etas.forward(z);
        }
    }

    /// Solves `Bᵀ w = c`: `c` by position, used up, `w` by row.
    pub fn backward(&mut self, matrix: &Matrix, c: &mut [f64], w: &mut [f64]) {
        if let Some(Factored { factor, etas, .. }) = self.0.last_mut() {
            etas.backward(c);
            factor.backward(matrix, c, w);
        }
    }
}
