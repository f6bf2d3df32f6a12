//! A linear or mixed-integer model as plain arrays, and what a solver says of it.

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
    /// Column of each entry, ascending within a row.
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
