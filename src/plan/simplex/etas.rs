//! Changes of a basis since it was factored, in their order.

use super::sparse::Sparse;

/// Each puts a column into one position of the basis.
#[derive(Default)]
pub(super) struct Etas {
    /// Position, the column's entry there, and where its other entries end.
    changes: Vec<(usize, f64, usize)>,
    entries: Vec<(usize, f64)>,
}

impl Etas {
    pub fn clear(&mut self) {
        self.changes.clear();
        self.entries.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// A column, in terms of the basis before, takes a position.
    pub fn push(&mut self, position: usize, column: &Sparse) {
        self.entries.extend(column.iter().filter(|(p, k)| *k != 0.0 && *p != position));
        self.changes.push((position, column.value[position], self.entries.len()));
    }

    /// Turns what is in terms of the factored basis into terms of the one in hand.
    pub fn forward(&self, z: &mut [f64]) {
        let mut start = 0;
        for &(position, pivot, end) in &self.changes {
            let by = z[position] / pivot;
            if by != 0.0 {
                self.entries[start..end].iter().for_each(|(p, k)| z[*p] -= k * by);
            }
            z[position] = by;
            start = end;
        }
    }

    /// The same of a row, the other way round.
    pub fn backward(&self, c: &mut [f64]) {
        for (at, &(position, pivot, end)) in self.changes.iter().enumerate().rev() {
            let start = if at == 0 { 0 } else { self.changes[at - 1].2 };
            let others: f64 = self.entries[start..end].iter().map(|(p, k)| k * c[*p]).sum();
            c[position] = (c[position] - others) / pivot;
        }
    }
}
