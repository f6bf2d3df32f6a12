//! Sparse LU of matrices that share one pattern: the symbolic step is done once, the numeric
//! step reuses its memory.

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::lu::partial_pivoting::factor::PartialPivLuParams;
use faer::mat::MatMut;
use faer::sparse::linalg::lu::{LuSymbolicParams, NumericLu, SymbolicLu, factorize_symbolic_lu};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, Par, Spec};
use thiserror::Error;

/// The matrix cannot be factorised.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("the equations of the network are singular")]
pub struct Singular;

/// A square sparse matrix in compressed columns, its factors and their memory.
pub struct SparseLu {
    n: usize,
    starts: Vec<usize>,
    rows: Vec<usize>,
    symbolic: SymbolicLu<usize>,
    numeric: NumericLu<usize, f64>,
    memory: MemBuffer,
}

impl SparseLu {
    /// Analyses a pattern: column `j` has the ascending rows `rows[starts[j]..starts[j + 1]]`.
    ///
    /// # Errors
    /// The pattern has no full transversal.
    pub fn new(starts: Vec<usize>, rows: Vec<usize>) -> Result<Self, Singular> {
        let n = starts.len().saturating_sub(1);
        let pattern = SymbolicSparseColMatRef::new_checked(n, n, &starts, None, &rows);
        let symbolic =
            factorize_symbolic_lu(pattern, LuSymbolicParams::default()).map_err(|_| Singular)?;
        let factor = symbolic.factorize_numeric_lu_scratch::<f64>(
            Par::Seq,
            Spec::<PartialPivLuParams, f64>::default(),
        );
        let solve = symbolic.solve_in_place_scratch::<f64>(1, Par::Seq);
        let need = StackReq::any_of(&[factor, solve]);
        let memory = MemBuffer::try_new(need).map_err(|_| Singular)?;
        Ok(Self { n, starts, rows, symbolic, numeric: NumericLu::new(), memory })
    }

    /// Solves with new values, in the order of the pattern; `b` becomes the solution.
    ///
    /// # Errors
    /// The matrix is singular, or the solution is not finite.
    pub fn solve(&mut self, values: &[f64], b: &mut [f64]) -> Result<(), Singular> {
        self.factor(values)?;
        self.again(b)
    }

    /// Factorises new values.
    ///
    /// # Errors
    /// The matrix is singular.
    pub fn factor(&mut self, values: &[f64]) -> Result<(), Singular> {
        if self.n == 0 {
            return Ok(());
        }
        let pattern =
            SymbolicSparseColMatRef::new_checked(self.n, self.n, &self.starts, None, &self.rows);
        let matrix = SparseColMatRef::new(pattern, values);
        let stack = MemStack::new(&mut self.memory);
        self.symbolic
            .factorize_numeric_lu(&mut self.numeric, matrix, Par::Seq, stack, Spec::default())
            .map(|_| ())
            .map_err(|_| Singular)
    }

    /// Solves with the values of the last factorisation.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn again(&mut self, b: &mut [f64]) -> Result<(), Singular> {
        if self.n == 0 {
            return Ok(());
        }
        let lu = faer::sparse::linalg::lu::LuRef::new_unchecked(&self.symbolic, &self.numeric);
        let stack = MemStack::new(&mut self.memory);
        let right = MatMut::from_column_major_slice_mut(b, self.n, 1);
        lu.solve_in_place_with_conj(Conj::No, right, Par::Seq, stack);
        if b.iter().all(|v| v.is_finite()) { Ok(()) } else { Err(Singular) }
    }
}
