//! A linear or mixed-integer model as plain arrays, and what a solver says of it.

use std::ops::Range;

/// `optimise cost·x + offset` over `row_lower <= A x <= row_upper`,
/// `col_lower <= x <= col_upper`; `A` by rows. Infinite bounds are f64 infinities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinearModel {
    pub maximise: bool,
    pub offset: f64,
    pub cost: Vec<f64>,
    pub col_lower: Vec<f64>,
    pub col_upper: Vec<f64>,
    /// Empty where every column is continuous.
    pub integer: Vec<bool>,
    pub row_lower: Vec<f64>,
    pub row_upper: Vec<f64>,
    /// Start of each row in `index` and `value`; one longer than the rows.
    pub row_start: Vec<i32>,
    /// Column of each entry, ascending within a row (any order is accepted, no repeats).
    pub index: Vec<i32>,
    pub value: Vec<f64>,
}

impl LinearModel {
    pub fn columns(&self) -> usize {
        self.cost.len()
    }

    pub fn rows(&self) -> usize {
        self.row_lower.len()
    }

    /// Appends a column and returns its index.
    pub fn add_column(&mut self, cost: f64, lower: f64, upper: f64) -> usize {
        self.cost.push(cost);
        self.col_lower.push(lower);
        self.col_upper.push(upper);
        self.cost.len() - 1
    }

    /// Appends a row of (column, coefficient) entries and returns its index.
    pub fn add_row(
        &mut self,
        lower: f64,
        upper: f64,
        entries: impl IntoIterator<Item = (usize, f64)>,
    ) -> usize {
        if self.row_start.is_empty() {
            self.row_start.push(0);
        }
        for (column, coefficient) in entries {
            self.index.push(column as i32);
            self.value.push(coefficient);
        }
        self.row_start.push(self.index.len() as i32);
        self.row_lower.push(lower);
        self.row_upper.push(upper);
        self.row_lower.len() - 1
    }

    pub fn is_integer(&self) -> bool {
        self.integer.iter().any(|i| *i)
    }

    /// Where the entries of row `row` stand; nowhere where there is no such row.
    pub fn entries(&self, row: usize) -> Range<usize> {
        let at = |i: usize| self.row_start.get(i).map_or(self.index.len(), |s| *s as usize);
        at(row)..at(row + 1)
    }

    /// (column, coefficient) of row `row`; empty where there is no such row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.entries(row);
        let columns = self.index.get(range.clone()).unwrap_or_default();
        let values = self.value.get(range).unwrap_or_default();
        columns.iter().zip(values).map(|(c, v)| (*c as usize, *v))
    }

    /// `A x`, with one entry of `x` per column.
    pub fn activity(&self, x: &[f64]) -> Vec<f64> {
        (0..self.rows()).map(|r| self.row(r).map(|(c, v)| v * x[c]).sum()).collect()
    }

    /// `cost·x + offset`, with one entry of `x` per column.
    pub fn objective_at(&self, x: &[f64]) -> f64 {
        self.offset + self.cost.iter().zip(x).map(|(c, x)| c * x).sum::<f64>()
    }

    /// `cost - Aᵀ y`, with one entry of `y` per row.
    pub fn reduced_costs(&self, y: &[f64]) -> Vec<f64> {
        let mut d = self.cost.clone();
        for (row, y) in y.iter().enumerate().filter(|(_, y)| **y != 0.0) {
            for (column, coefficient) in self.row(row) {
                d[column] -= coefficient * y;
            }
        }
        d
    }

    /// Why the arrays are not a model, if they are not: lengths, indices, NaN, infinite
    /// costs or coefficients, a column twice in a row.
    pub fn defect(&self) -> Option<String> {
        let (n, m, entries) = (self.columns(), self.rows(), self.index.len());
        if self.col_lower.len() != n || self.col_upper.len() != n {
            return Some("column bounds differ in number from costs".into());
        }
        if !self.integer.is_empty() && self.integer.len() != n {
            return Some("integer marks differ in number from columns".into());
        }
        if self.row_upper.len() != m || self.value.len() != entries {
            return Some("row arrays differ in length".into());
        }
        let starts = &self.row_start;
        let whole = starts.first() == Some(&0) && starts.last() == Some(&(entries as i32));
        let counted = starts.len() == m + 1 && whole && starts.windows(2).all(|w| w[0] <= w[1]);
        let empty = m == 0 && starts.is_empty() && entries == 0;
        if !counted && !empty {
            return Some("row starts do not match the entries".into());
        }
        for (row, w) in starts.windows(2).enumerate() {
            let columns = &self.index[w[0] as usize..w[1] as usize];
            if columns.iter().any(|c| *c < 0 || *c as usize >= n) {
                return Some(format!("row {row} names a column that does not exist"));
            }
            if !columns.windows(2).all(|p| p[0] < p[1]) {
                let mut sorted = columns.to_vec();
                sorted.sort_unstable();
                if sorted.windows(2).any(|p| p[0] == p[1]) {
                    return Some(format!("row {row} names a column twice"));
                }
            }
        }
        let finite = |v: &[f64]| v.iter().all(|x| x.is_finite());
        if !self.offset.is_finite() || !finite(&self.cost) || !finite(&self.value) {
            return Some("a cost or coefficient is not a finite number".into());
        }
        let bounds = |lower: &[f64], upper: &[f64]| {
            lower.iter().all(|l| *l < f64::INFINITY) && upper.iter().all(|u| *u > f64::NEG_INFINITY)
        };
        if !bounds(&self.col_lower, &self.col_upper) || !bounds(&self.row_lower, &self.row_upper) {
            return Some("a bound is not a number, or infinite on the wrong side".into());
        }
        None
    }
}

/// How a solve ended. Never "infeasible or unbounded": the backend finds out which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LpStatus {
    Optimal,
    Infeasible,
    Unbounded,
    /// Time, iterations or a cancel came first.
    Limit,
}

/// A solution in the order of the model's columns and rows.
///
/// `objective` is NaN and `x` empty where there is no solution (infeasible, or a limit
/// came before any); the objective of an unbounded model is infinite.
/// `col_dual[j]` is the same for column j's active bound (its reduced cost).
/// `row_dual[i]` is the change of the optimum per unit of row i's active bound,
/// in the model's own sense (positive where a higher bound raises a maximum).
/// Duals are empty where the backend gives none or the model is integer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LpSolution {
    pub status: Option<LpStatus>,
    pub objective: f64,
    pub x: Vec<f64>,
    pub row_activity: Vec<f64>,
    pub col_dual: Vec<f64>,
    pub row_dual: Vec<f64>,
    pub iterations: u64,
    /// Integer models: best bound and relative gap.
    pub bound: Option<f64>,
    pub gap: Option<f64>,
}

/// A model whose columns, rows and objective have names, as in a model file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedModel {
    pub model: LinearModel,
    /// One per row.
    pub row_names: Vec<String>,
    /// One per column.
    pub col_names: Vec<String>,
    pub objective_name: String,
}
