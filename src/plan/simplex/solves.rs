//! What a basis says: values, reduced costs, lines and columns.

use super::{Place, Simplex, Start};

/// What may be left of an equation, as a share of its size or of one, before the basis is factored
/// anew.
const LEFT: f64 = 1e-11;

impl Simplex {
    /// Works out values and reduced costs from the model; false where the basis is singular. The
    /// factors in hand serve where they are of this basis and leave nothing of an equation.
    pub(super) fn refresh(&mut self) -> bool {
        let known = !self.factored.is_empty() && self.factored == self.basic;
        if self.fresh || known && self.work_out() {
            return true;
        }
        self.factor_anew()
    }

    /// The same from new factors.
    pub(super) fn factor_anew(&mut self) -> bool {
        self.rests = false;
        self.factored.clear();
        if !self.factors.make(&self.matrix, &self.basic) {
            return false;
        }
        self.factored.clone_from(&self.basic);
        self.work_out();
        true
    }

    /// Values and reduced costs, and whether they meet their equations.
    fn work_out(&mut self) -> bool {
        let values = self.value_all();
        let costs = self.reduce_all();
        self.fresh = true;
        values && costs
    }

    /// Goes back to the factors of a basis, where they are known still.
    pub(super) fn go_back(&mut self, to: &Start) {
        if self.factors.go_back(&to.known) {
            self.factored.clone_from(&to.basic);
        }
    }

    /// Takes the variable that has entered at a position into the factors, the column in hand being
    /// its own; false where the basis is singular.
    pub(super) fn enter(&mut self, position: usize) -> bool {
        self.factored[position] = self.basic[position];
        self.fresh = false;
        self.factors.enter(position, &self.column) || self.factor_anew()
    }

    /// Values of basic variables, and whether they meet every row.
    pub(super) fn value_all(&mut self) -> bool {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut v = std::mem::take(&mut self.by_row);
        v.clear();
        v.resize(m, 0.0);
        for variable in 0..n + m {
            let at = self.resting(variable);
            if at != 0.0 {
                self.less(variable, at, &mut v);
            }
        }
        let mut z = std::mem::take(&mut self.value);
        z.clear();
        z.resize(m, 0.0);
        self.forward(&v, &mut z);
        let mut size = std::mem::take(&mut self.by_position);
        size.clear();
        size.extend(v.iter().map(|v| v.abs().max(1.0)));
        for (variable, &at) in self.basic.iter().zip(&z) {
            if at != 0.0 {
                self.less(*variable, at, &mut v);
            }
        }
        let meets = v.iter().zip(&size).all(|(left, size)| left.abs() <= LEFT * size);
        (self.by_row, self.value, self.by_position) = (v, z, size);
        meets
    }

    /// Takes so much of a variable off the rows.
    fn less(&self, variable: usize, by: f64, rows: &mut [f64]) {
        match variable.checked_sub(self.matrix.columns) {
            None => self.matrix.column(variable).for_each(|(row, k)| rows[row] -= k * by),
            Some(row) => rows[row] += by,
        }
    }

    /// Reduced costs at the costs in force, and whether those of basic variables are none.
    pub(super) fn reduce_all(&mut self) -> bool {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut c = std::mem::take(&mut self.by_position);
        c.clear();
        c.extend(self.basic.iter().map(|j| self.priced[*j]));
        let mut y = std::mem::take(&mut self.by_row);
        y.resize(m, 0.0);
        self.backward(&mut c, &mut y);
        self.reduced.clear();
        self.reduced.extend_from_slice(&self.priced);
        for (row, &y) in y.iter().enumerate().filter(|(_, y)| **y != 0.0) {
            for (column, k) in self.matrix.row(row) {
                self.reduced[column] -= k * y;
            }
            self.reduced[n + row] += y;
        }
        let mut meets = true;
        for j in &self.basic {
            meets &= self.reduced[*j].abs() <= LEFT * self.priced[*j].abs().max(1.0);
            self.reduced[*j] = 0.0;
        }
        (self.by_row, self.by_position) = (y, c);
        meets
    }

    fn forward(&mut self, v: &[f64], z: &mut [f64]) {
        self.factors.forward(&self.matrix, v, z);
    }

    /// `c` by position is used up.
    pub(super) fn backward(&mut self, c: &mut [f64], w: &mut [f64]) {
        self.factors.backward(&self.matrix, c, w);
    }

    /// The column of a variable in terms of the basis, into `self.column`.
    pub(super) fn column_of(&mut self, variable: usize) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut v = std::mem::take(&mut self.by_row);
        v.clear();
        v.resize(m, 0.0);
        if variable < n {
            self.matrix.column(variable).for_each(|(row, k)| v[row] = k);
        } else {
            v[variable - n] = -1.0;
        }
        let mut column = std::mem::take(&mut self.column);
        column.clear(m);
        self.forward(&v, &mut column.value);
        column.list();
        (self.by_row, self.column) = (v, column);
    }

    /// The row of a position over all variables that are not in the basis, into `self.line`.
    pub(super) fn line_of(&mut self, position: usize) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut c = std::mem::take(&mut self.by_position);
        c.clear();
        c.resize(m, 0.0);
        c[position] = 1.0;
        let mut y = std::mem::take(&mut self.by_row);
        y.resize(m, 0.0);
        self.backward(&mut c, &mut y);
        self.line.clear(n + m);
        for (row, &y) in y.iter().enumerate().filter(|(_, y)| **y != 0.0) {
            for (column, k) in self.matrix.row(row) {
                if self.place[column] != Place::Basic {
                    self.line.add(column, k * y);
                }
            }
            if self.place[n + row] != Place::Basic {
                self.line.add(n + row, -y);
            }
        }
        (self.by_position, self.by_row) = (c, y);
    }
}
