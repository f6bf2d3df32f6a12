//! The basis of a simplex as triangles.
//!
//! A row whose own variable is in the basis decides nothing but that variable, so only the other
//! rows are factored: as many as columns of the model are in the basis. Of these most fall away by
//! rows and columns with a single entry; what is left is eliminated with pivots by size.

use super::Matrix;

/// Smallest number that may be divided by.
const SMALLEST_PIVOT: f64 = 1e-11;
/// Share of the largest entry that a pivot with fewer neighbours may have.
const THRESHOLD: f64 = 0.1;
const NONE: usize = usize::MAX;

/// A factored basis: by position in the basis, and by row of the model.
#[derive(Default)]
pub(super) struct Factor {
    /// Position and row of basic row variables.
    logical: Vec<(usize, usize)>,
    /// Position and column of basic columns.
    columns: Vec<(usize, usize)>,
    /// Position of the basic variable of each row that has one.
    position_of_row: Vec<usize>,
    /// Rows that are factored.
    rows: Vec<usize>,
    slot_of_row: Vec<usize>,
    slot_of_column: Vec<usize>,
    /// Row and column slot of each pivot, in order.
    pivots: Vec<(usize, usize)>,
    diagonal: Vec<f64>,
    lower: Lists,
    upper: Lists,
    work: Vec<f64>,
    steps: Vec<f64>,
}

/// One list of (index, number) for each pivot.
#[derive(Default)]
struct Lists {
    start: Vec<usize>,
    entries: Vec<(usize, f64)>,
}

impl Lists {
    fn clear(&mut self) {
        self.start.clear();
        self.start.push(0);
        self.entries.clear();
    }

    fn close(&mut self) {
        self.start.push(self.entries.len());
    }

    fn of(&self, step: usize) -> &[(usize, f64)] {
        &self.entries[self.start[step]..self.start[step + 1]]
    }
}

/// What is still to be eliminated.
struct Open {
    rows: Vec<bool>,
    columns: Vec<bool>,
    in_row: Vec<usize>,
    in_column: Vec<usize>,
}

impl Factor {
    /// Factors the basis `basic`: columns below the count of columns, row variables above. False
    /// where it is no basis.
    pub fn make(&mut self, matrix: &Matrix, basic: &[usize]) -> bool {
        self.sort(matrix, basic);
        let size = self.columns.len();
        if size != self.rows.len() {
            return false;
        }
        self.pivots.clear();
        self.diagonal.clear();
        self.lower.clear();
        self.upper.clear();
        self.work.clear();
        self.work.resize(size, 0.0);
        self.steps.clear();
        self.steps.resize(size, 0.0);
        let mut open = self.open(matrix);
        self.peel_columns(matrix, &mut open)
            && self.peel_rows(matrix, &mut open)
            && self.eliminate(matrix, &mut open)
    }

    fn sort(&mut self, matrix: &Matrix, basic: &[usize]) {
        let (n, m) = (matrix.columns, matrix.rows);
        self.logical.clear();
        self.columns.clear();
        self.rows.clear();
        self.slot_of_row.clear();
        self.slot_of_row.resize(m, 0);
        self.position_of_row.resize(m, 0);
        self.slot_of_column.clear();
        self.slot_of_column.resize(n, NONE);
        for (position, &variable) in basic.iter().enumerate() {
            if variable < n {
                self.slot_of_column[variable] = self.columns.len();
                self.columns.push((position, variable));
            } else {
                self.slot_of_row[variable - n] = NONE;
                self.position_of_row[variable - n] = position;
                self.logical.push((position, variable - n));
            }
        }
        for (row, slot) in self.slot_of_row.iter_mut().enumerate() {
            if *slot != NONE {
                *slot = self.rows.len();
                self.rows.push(row);
            }
        }
    }

    fn open(&self, matrix: &Matrix) -> Open {
        let size = self.rows.len();
        let mut open = Open {
            rows: vec![true; size],
            columns: vec![true; size],
            in_row: vec![0; size],
            in_column: vec![0; size],
        };
        for (slot, &(_, column)) in self.columns.iter().enumerate() {
            for (row, _) in matrix.column(column) {
                let at = self.slot_of_row[row];
                if at != NONE {
                    open.in_row[at] += 1;
                    open.in_column[slot] += 1;
                }
            }
        }
        open
    }

    /// Columns with one open entry: nothing below them.
    fn peel_columns(&mut self, matrix: &Matrix, open: &mut Open) -> bool {
        let mut queue: Vec<usize> =
            (0..open.in_column.len()).filter(|c| open.in_column[*c] == 1).collect();
        while let Some(slot) = queue.pop() {
            if !open.columns[slot] || open.in_column[slot] != 1 {
                continue;
            }
            let column = self.columns[slot].1;
            let own = |row: usize| Some(self.slot_of_row[row]).filter(|at| *at != NONE);
            let found = matrix.column(column).find_map(|(row, value)| {
                own(row).filter(|at| open.rows[*at]).map(|at| (at, row, value))
            });
            let Some((at, row, value)) = found else { return false };
            if value.abs() < SMALLEST_PIVOT {
                return false;
            }
            self.take(matrix, (at, slot), open);
            for (other, _) in matrix.row(row) {
                let other = self.slot_of_column[other];
                if other != NONE && open.columns[other] {
                    open.in_column[other] -= 1;
                    if open.in_column[other] == 1 {
                        queue.push(other);
                    }
                }
            }
        }
        true
    }

    /// Rows with one open entry: nothing beside them.
    fn peel_rows(&mut self, matrix: &Matrix, open: &mut Open) -> bool {
        open.in_row.fill(0);
        for (slot, &(_, column)) in self.columns.iter().enumerate() {
            if open.columns[slot] {
                for (row, _) in matrix.column(column) {
                    let at = self.slot_of_row[row];
                    if at != NONE {
                        open.in_row[at] += 1;
                    }
                }
            }
        }
        let single = |at: &usize| open.rows[*at] && open.in_row[*at] == 1;
        let mut queue: Vec<usize> = (0..open.in_row.len()).filter(single).collect();
        while let Some(at) = queue.pop() {
            if !open.rows[at] || open.in_row[at] != 1 {
                continue;
            }
            let row = self.rows[at];
            let found = matrix.row(row).find_map(|(column, value)| {
                let slot = self.slot_of_column[column];
                (slot != NONE && open.columns[slot]).then_some((slot, value))
            });
            let Some((slot, value)) = found else { return false };
            if value.abs() < SMALLEST_PIVOT {
                return false;
            }
            self.take(matrix, (at, slot), open);
            for (other, _) in matrix.column(self.columns[slot].1) {
                let other = self.slot_of_row[other];
                if other != NONE && open.rows[other] {
                    open.in_row[other] -= 1;
                    if open.in_row[other] == 1 {
                        queue.push(other);
                    }
                }
            }
        }
        true
    }

    /// A pivot whose column no earlier one changes.
    fn take(&mut self, matrix: &Matrix, (at, slot): (usize, usize), open: &mut Open) {
        let mut diagonal = 1.0;
        for (row, value) in matrix.column(self.columns[slot].1) {
            let r = self.slot_of_row[row];
            if r == at {
                diagonal = value;
            }
        }
        (open.rows[at], open.columns[slot]) = (false, false);
        for (row, value) in matrix.column(self.columns[slot].1) {
            let r = self.slot_of_row[row];
            if r == NONE || r == at || value == 0.0 {
                continue;
            }
            match open.rows[r] {
                true => self.lower.entries.push((r, value / diagonal)),
                false => self.upper.entries.push((r, value)),
            }
        }
        self.close((at, slot), diagonal);
    }

    fn close(&mut self, pivot: (usize, usize), diagonal: f64) {
        self.lower.close();
        self.upper.close();
        self.pivots.push(pivot);
        self.diagonal.push(diagonal);
    }

    /// What is left, column by column.
    fn eliminate(&mut self, matrix: &Matrix, open: &mut Open) -> bool {
        let first = self.pivots.len();
        let mut left: Vec<usize> = (0..self.columns.len()).filter(|c| open.columns[*c]).collect();
        left.sort_by_key(|c| open.in_column[*c]);
        let mut work = std::mem::take(&mut self.work);
        for slot in left {
            work.fill(0.0);
            for (row, value) in matrix.column(self.columns[slot].1) {
                let at = self.slot_of_row[row];
                if at != NONE {
                    work[at] = value;
                }
            }
            for step in first..self.pivots.len() {
                let by = work[self.pivots[step].0];
                if by != 0.0 {
                    for &(r, factor) in self.lower.of(step) {
                        work[r] -= factor * by;
                    }
                }
            }
            let largest = (0..work.len())
                .filter(|r| open.rows[*r])
                .fold(0.0f64, |most, r| most.max(work[r].abs()));
            if largest < SMALLEST_PIVOT {
                self.work = work;
                return false;
            }
            let good = |r: &usize| open.rows[*r] && work[*r].abs() >= THRESHOLD * largest;
            let at = (0..work.len()).filter(good).min_by_key(|r| open.in_row[*r]).unwrap_or(0);
            let diagonal = work[at];
            open.rows[at] = false;
            for (r, &value) in work.iter().enumerate().filter(|(r, v)| **v != 0.0 && *r != at) {
                match open.rows[r] {
                    true => self.lower.entries.push((r, value / diagonal)),
                    false => self.upper.entries.push((r, value)),
                }
            }
            self.close((at, slot), diagonal);
        }
        self.work = work;
        true
    }

    /// Solves `B z = v`: `v` by row, `z` by position.
    pub fn forward(&mut self, matrix: &Matrix, v: &[f64], z: &mut [f64]) {
        for (at, &row) in self.rows.iter().enumerate() {
            self.work[at] = v[row];
        }
        for (step, &(at, _)) in self.pivots.iter().enumerate() {
            let by = self.work[at];
            if by != 0.0 {
                for &(r, factor) in self.lower.of(step) {
                    self.work[r] -= factor * by;
                }
            }
        }
        for &(position, row) in &self.logical {
            z[position] = -v[row];
        }
        for (step, &(at, slot)) in self.pivots.iter().enumerate().rev() {
            let value = self.work[at] / self.diagonal[step];
            let (position, column) = self.columns[slot];
            z[position] = value;
            if value == 0.0 {
                continue;
            }
            for &(r, factor) in self.upper.of(step) {
                self.work[r] -= factor * value;
            }
            // Row variables that are in the basis follow from the columns.
            for (row, entry) in matrix.column(column) {
                if self.slot_of_row[row] == NONE {
                    z[self.position_of_row[row]] += entry * value;
                }
            }
        }
    }

    /// Solves `Bᵀ w = c`: `c` by position, `w` by row.
    pub fn backward(&mut self, matrix: &Matrix, c: &[f64], w: &mut [f64]) {
        w.fill(0.0);
        self.steps.fill(0.0);
        for &(position, row) in &self.logical {
            w[row] = -c[position];
            if w[row] == 0.0 {
                continue;
            }
            for (column, entry) in matrix.row(row) {
                if let Some(sum) = self.steps.get_mut(self.slot_of_column[column]) {
                    *sum += entry * w[row];
                }
            }
        }
        for (step, &(at, slot)) in self.pivots.iter().enumerate() {
            let mut value = c[self.columns[slot].0] - self.steps[slot];
            for &(r, factor) in self.upper.of(step) {
                value -= factor * self.work[r];
            }
            self.work[at] = value / self.diagonal[step];
        }
        for (step, &(at, _)) in self.pivots.iter().enumerate().rev() {
            let less: f64 = self.lower.of(step).iter().map(|&(r, k)| k * self.work[r]).sum();
            self.work[at] -= less;
        }
        for (at, &row) in self.rows.iter().enumerate() {
            w[row] = self.work[at];
        }
    }
}
