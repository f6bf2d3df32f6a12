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
    /// By pivot its column below and above it; once all is eliminated, in terms of pivots.
    lower: Lists,
    upper: Lists,
    /// By pivot its row beside it, in terms of pivots.
    beside: Lists,
    /// Pivots with anything below them.
    steps: Vec<usize>,
    /// Row of the model, position in the basis and column of the model by pivot.
    row_of: Vec<usize>,
    position_of: Vec<usize>,
    column_of: Vec<usize>,
    /// Pivot of a row and of a column of the model.
    step_of_row: Vec<usize>,
    step_of_column: Vec<usize>,
    work: Vec<f64>,
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

    /// Lists of the same entries by their indices, below `count`.
    fn across(&self, into: &mut Self, count: usize) {
        let Self { start, entries } = into;
        start.clear();
        start.resize(count + 1, 0);
        for (index, _) in &self.entries {
            start[*index + 1] += 1;
        }
        for index in 0..count {
            start[index + 1] += start[index];
        }
        entries.clear();
        entries.resize(self.entries.len(), (0, 0.0));
        for step in 0..self.start.len().saturating_sub(1) {
            for (index, value) in self.of(step) {
                entries[start[*index]] = (step, *value);
                start[*index] += 1;
            }
        }
        // Every start has moved to the next one.
        start.rotate_right(1);
        start[0] = 0;
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
        let mut open = self.open(matrix);
        let found = self.peel_columns(matrix, &mut open)
            && self.peel_rows(matrix, &mut open)
            && self.eliminate(matrix, &mut open);
        if found {
            self.settle(matrix);
        }
        found
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
        // Rows that are left; what stands in the others is final.
        let inner = open.rows.clone();
        let rows: Vec<usize> = (0..inner.len()).filter(|r| inner[*r]).collect();
        self.work.clear();
        self.work.resize(self.rows.len(), 0.0);
        for slot in left {
            for (row, value) in matrix.column(self.columns[slot].1) {
                match self.slot_of_row[row] {
                    NONE => {}
                    at if inner[at] => self.work[at] = value,
                    at if value != 0.0 => self.upper.entries.push((at, value)),
                    _ => {}
                }
            }
            for step in first..self.pivots.len() {
                let by = self.work[self.pivots[step].0];
                if by != 0.0 {
                    self.lower.of(step).iter().for_each(|(r, k)| self.work[*r] -= k * by);
                }
            }
            let size = |r: &usize| self.work[*r].abs();
            let able = || rows.iter().filter(|r| open.rows[**r]);
            let largest = able().map(size).fold(0.0, f64::max);
            if largest < SMALLEST_PIVOT {
                return false;
            }
            let good = able().filter(|r| size(r) >= THRESHOLD * largest);
            let at = good.min_by_key(|r| open.in_row[**r]).copied().unwrap_or(0);
            let diagonal = self.work[at];
            open.rows[at] = false;
            for &r in &rows {
                let value = std::mem::take(&mut self.work[r]);
                if value == 0.0 || r == at {
                    continue;
                }
                match open.rows[r] {
                    true => self.lower.entries.push((r, value / diagonal)),
                    false => self.upper.entries.push((r, value)),
                }
            }
            self.close((at, slot), diagonal);
        }
        true
    }

    /// Tells what was found in terms of pivots.
    fn settle(&mut self, matrix: &Matrix) {
        let size = self.pivots.len();
        self.step_of_row.clear();
        self.step_of_row.resize(matrix.rows, NONE);
        self.step_of_column.clear();
        self.step_of_column.resize(matrix.columns, NONE);
        for own in [&mut self.row_of, &mut self.position_of, &mut self.column_of] {
            own.clear();
        }
        for (step, &(at, slot)) in self.pivots.iter().enumerate() {
            let (row, (position, column)) = (self.rows[at], self.columns[slot]);
            self.step_of_row[row] = step;
            self.step_of_column[column] = step;
            self.row_of.push(row);
            self.position_of.push(position);
            self.column_of.push(column);
        }
        for (at, _) in self.lower.entries.iter_mut().chain(&mut self.upper.entries) {
            *at = self.step_of_row[self.rows[*at]];
        }
        self.upper.across(&mut self.beside, size);
        self.steps.clear();
        self.steps.extend((0..size).filter(|step| !self.lower.of(*step).is_empty()));
    }

    /// Solves `B z = v`: `v` by row, `z` by position.
    pub fn forward(&mut self, matrix: &Matrix, v: &[f64], z: &mut [f64]) {
        let work = &mut self.work;
        work.clear();
        work.extend(self.row_of.iter().map(|row| v[*row]));
        for &step in &self.steps {
            let by = work[step];
            if by != 0.0 {
                self.lower.of(step).iter().for_each(|(s, factor)| work[*s] -= factor * by);
            }
        }
        for &(position, row) in &self.logical {
            z[position] = -v[row];
        }
        for step in (0..work.len()).rev() {
            let mut value = work[step];
            if value != 0.0 {
                value /= self.diagonal[step];
                self.upper.of(step).iter().for_each(|(s, factor)| work[*s] -= factor * value);
                // Row variables that are in the basis follow from the columns.
                for (row, entry) in matrix.column(self.column_of[step]) {
                    if self.step_of_row[row] == NONE {
                        z[self.position_of_row[row]] += entry * value;
                    }
                }
            }
            z[self.position_of[step]] = value;
        }
    }

    /// Solves `Bᵀ w = c`: `c` by position, `w` by row.
    pub fn backward(&mut self, matrix: &Matrix, c: &[f64], w: &mut [f64]) {
        let work = &mut self.work;
        work.clear();
        work.extend(self.position_of.iter().map(|position| c[*position]));
        for &(position, row) in &self.logical {
            let own = -c[position];
            w[row] = own;
            if own != 0.0 {
                for (column, entry) in matrix.row(row) {
                    if let Some(sum) = work.get_mut(self.step_of_column[column]) {
                        *sum -= entry * own;
                    }
                }
            }
        }
        for step in 0..work.len() {
            if work[step] != 0.0 {
                work[step] /= self.diagonal[step];
                let value = work[step];
                self.beside.of(step).iter().for_each(|(s, factor)| work[*s] -= factor * value);
            }
        }
        for &step in self.steps.iter().rev() {
            let less: f64 = self.lower.of(step).iter().map(|(s, factor)| factor * work[*s]).sum();
            work[step] -= less;
        }
        for (row, value) in self.row_of.iter().zip(work) {
            w[*row] = *value;
        }
    }
}
