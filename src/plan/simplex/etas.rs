//! Changes of a basis since it was factored. Those that led to other bases are kept: going back to
//! one of them needs no new factors.

use super::sparse::Sparse;

/// Each puts a column into one position of the basis.
#[derive(Default)]
pub(super) struct Etas {
    all: Vec<Eta>,
    entries: Vec<(usize, f64)>,
    /// Those that lead to the basis in hand, in their order.
    path: Vec<usize>,
}

struct Eta {
    position: usize,
    /// The column's entry there.
    pivot: f64,
    /// Where its other entries stand.
    start: usize,
    end: usize,
}

impl Etas {
    pub fn clear(&mut self) {
        self.all.clear();
        self.entries.clear();
        self.path.clear();
    }

    /// Changes that lead to the basis in hand.
    pub fn path(&self) -> &[usize] {
        &self.path
    }

    /// How many are kept, on the way to the basis in hand or not.
    pub fn kept(&self) -> usize {
        self.all.len()
    }

    /// Goes to the basis that changes lead to.
    pub fn follow(&mut self, path: &[usize]) {
        self.path.clear();
        self.path.extend_from_slice(path);
    }

    /// A column, in terms of the basis before, takes a position.
    pub fn push(&mut self, position: usize, column: &Sparse) {
        let start = self.entries.len();
        self.entries.extend(column.iter().filter(|(p, k)| *k != 0.0 && *p != position));
        let (pivot, end) = (column.value[position], self.entries.len());
        self.path.push(self.all.len());
        self.all.push(Eta { position, pivot, start, end });
    }

    /// Turns what is in terms of the factored basis into terms of the one in hand.
    pub fn forward(&self, z: &mut [f64]) {
        for eta in self.path.iter().map(|at| &self.all[*at]) {
            let by = z[eta.position] / eta.pivot;
            if by != 0.0 {
                self.entries[eta.start..eta.end].iter().for_each(|(p, k)| z[*p] -= k * by);
            }
            z[eta.position] = by;
        }
    }

    /// The same of a row, the other way round.
    pub fn backward(&self, c: &mut [f64]) {
        for eta in self.path.iter().rev().map(|at| &self.all[*at]) {
            let others: f64 = self.entries[eta.start..eta.end].iter().map(|(p, k)| k * c[*p]).sum();
            c[eta.position] = (c[eta.position] - others) / eta.pivot;
        }
    }
}
