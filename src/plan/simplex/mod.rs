//! A simplex of our own for a small model that is solved thousands of times with other numbers:
//! it starts from a basis that was optimal before, and what a start costs is at most one
//! factorisation.
//!
//! Every answer is checked with the coefficients of the model (rows, bounds, reduced costs), also
//! that there is none; that none is better than a bar is told with room for rounding. What it
//! cannot answer it gives up, and another solver is asked. It knows no plan, only arrays.

mod etas;
mod factor;
mod factors;
mod matrix;
mod near;
mod pivots;
mod rows;
mod solves;
mod sparse;
#[cfg(test)]
mod tests;

use super::lp::{LinearModel, LpSolution, LpStatus};
use factors::Factors;
use matrix::Matrix;
pub use near::Known;
pub use rows::Rows;
use sparse::Sparse;

/// Feasibility of bounds, rows and reduced costs of an answer.
const TOLERANCE: f64 = 1e-9;
/// Share of the size of its parts below which a sum is none.
const ROUNDING: f64 = 1e-9;
/// Pivots after which a solve is given up.
const MOST_PIVOTS: u64 = 3000;
/// Passes of both phases until an answer holds.
const MOST_PASSES: usize = 6;

/// Where a variable stands that is not in the basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Basic,
    Lower,
    Upper,
    /// Without bounds, at zero.
    Free,
}

/// A basis to start from.
#[derive(Clone, Debug)]
pub struct Start {
    basic: Vec<usize>,
    place: Vec<Place>,
    /// Where it was factored.
    known: factors::Known,
}

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Done,
    Infeasible,
    /// Beyond the bar by more than rounding explains.
    Beyond,
    GivenUp,
}

/// A model at a basis. Variables are the columns, then one for each row that equals its sum; costs
/// are those of a minimum.
#[derive(Default)]
pub struct Simplex {
    matrix: Matrix,
    offset: f64,
    sign: f64,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Of the model.
    cost: Vec<f64>,
    /// Those in force.
    priced: Vec<f64>,
    basic: Vec<usize>,
    place: Vec<Place>,
    factors: Factors,
    /// The basis that the factors in hand stand for; empty where the matrix has changed since.
    factored: Vec<usize>,
    /// Values of basic variables and their bounds by position, reduced costs of all variables.
    value: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    reduced: Vec<f64>,
    /// Whether values and reduced costs come from the model and no pivot has changed them since.
    fresh: bool,
    /// Whether they are those of the optimum that was found last.
    rests: bool,
    pivots: u64,
    /// Variables that may not enter the basis.
    held: Vec<bool>,
    /// How reduced costs are looked at while the cost is lowered, and variables without bounds.
    sense: Vec<f64>,
    free: Vec<usize>,
    /// How far a unit of each position, and of each variable, reaches (Forrest and Goldfarb's devex
    /// weights): what gains most for the distance goes first.
    position_reach: Vec<f64>,
    variable_reach: Vec<f64>,
    by_row: Vec<f64>,
    by_position: Vec<f64>,
    line: Sparse,
    column: Sparse,
    /// What a step could be stopped by: positions with the room to a bound and the rate, or
    /// variables with reduced cost and entry of the line.
    able: Vec<(usize, f64, f64)>,
}

impl Simplex {
    /// Takes over a model with some of its rows and the basis to start from; nothing starts from
    /// the rows.
    pub fn load(&mut self, model: &LinearModel, rows: &Rows, start: Option<&Start>) {
        self.take(model, rows);
        self.begin(model, start);
    }

    /// The same of a model that has the coefficients of the one in hand, and with its rows. Those
    /// that a start does not know yet stand in the basis.
    pub fn begin(&mut self, model: &LinearModel, start: Option<&Start>) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let rests = self.rests && start.is_some_and(|start| self.rests_at(model, start));
        self.sign = if model.maximise { -1.0 } else { 1.0 };
        self.offset = model.offset;
        self.lower.clear();
        self.upper.clear();
        self.lower.extend_from_slice(&model.col_lower);
        self.upper.extend_from_slice(&model.col_upper);
        self.lower.extend(self.matrix.of.iter().map(|row| model.row_lower[*row]));
        self.upper.extend(self.matrix.of.iter().map(|row| model.row_upper[*row]));
        self.cost.clear();
        self.cost.extend(model.cost.iter().map(|c| self.sign * c));
        self.cost.resize(n + m, 0.0);
        self.held.clear();
        self.held.resize(n + m, false);
        let known = |s: &&Start| s.basic.len() <= m && s.place.len() == n + s.basic.len();
        match start.filter(known) {
            Some(start) => {
                self.basic.clone_from(&start.basic);
                self.basic.extend(n + start.basic.len()..n + m);
                self.place.clone_from(&start.place);
                self.place.resize(n + m, Place::Basic);
                self.go_back(start);
            }
            None => self.start_on_rows(),
        }
        self.settle();
        self.rests = rests;
    }

    /// Whether a start is the optimum in hand, and a model has its costs and the bounds at which
    /// variables rest there.
    fn rests_at(&self, model: &LinearModel, start: &Start) -> bool {
        let (n, sign) = (self.matrix.columns, if model.maximise { -1.0 } else { 1.0 });
        let same = |j: usize| {
            let row = j.checked_sub(n).map(|row| self.matrix.of[row]);
            let lower = || row.map_or_else(|| model.col_lower[j], |row| model.row_lower[row]);
            let upper = || row.map_or_else(|| model.col_upper[j], |row| model.row_upper[row]);
            match self.place[j] {
                Place::Lower => lower() == self.lower[j],
                Place::Upper => upper() == self.upper[j],
                Place::Basic | Place::Free => true,
            }
        };
        start.basic == self.basic
            && start.place == self.place
            && model.cost.iter().zip(&self.cost).all(|(new, old)| sign * new == *old)
            && (0..self.place.len()).all(same)
    }

    /// Forgets the factors in hand, so that what follows does not depend on what was before.
    pub fn forget(&mut self) {
        self.factored.clear();
        self.factors.forget();
        self.rests = false;
    }

    /// Takes over the coefficients of rows of a model.
    fn take(&mut self, model: &LinearModel, rows: &Rows) {
        if !self.matrix.load(model, rows.own()) {
            self.forget();
        }
    }

    fn start_on_rows(&mut self) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        self.basic.clear();
        self.basic.extend(n..n + m);
        self.place.clear();
        self.place.resize(n, Place::Lower);
        self.place.resize(n + m, Place::Basic);
    }

    /// Every variable outside the basis stands at a bound that it has; what is in it is known with
    /// its bounds.
    fn settle(&mut self) {
        self.fresh = false;
        let bounds = self.lower.iter().zip(&self.upper);
        for (place, (lower, upper)) in self.place.iter_mut().zip(bounds) {
            *place = match *place {
                Place::Basic => Place::Basic,
                Place::Upper if upper.is_finite() => Place::Upper,
                _ if lower.is_finite() => Place::Lower,
                _ if upper.is_finite() => Place::Upper,
                _ => Place::Free,
            };
        }
        self.low.clear();
        self.low.extend(self.basic.iter().map(|j| self.lower[*j]));
        self.high.clear();
        self.high.extend(self.basic.iter().map(|j| self.upper[*j]));
    }

    /// The optimum of the model; nothing where it is given up.
    #[cfg(test)]
    pub fn solve(&mut self) -> Option<LpSolution> {
        self.solve_above(None)
    }

    /// The same where only an objective better than `bar` is of use: without one the model may be
    /// called infeasible.
    pub fn solve_above(&mut self, bar: Option<f64>) -> Option<LpSolution> {
        // As a cost that is too high.
        let bar = bar.map_or(f64::INFINITY, |bar| self.sign * (bar - self.offset));
        if let Some(answer) = self.attempt(bar) {
            return Some(answer);
        }
        // A start that has become singular, or lost its way.
        self.start_on_rows();
        self.settle();
        self.attempt(bar)
    }

    fn attempt(&mut self, bar: f64) -> Option<LpSolution> {
        self.pivots = 0;
        self.held.fill(false);
        self.forget_reach();
        self.priced.clone_from(&self.cost);
        // What is known of the optimum in hand need not be worked out again.
        self.fresh = std::mem::take(&mut self.rests);
        if !self.refresh() {
            return None;
        }
        for _ in 0..MOST_PASSES {
            if !self.is_feasible() {
                // A bound on the cost is one at the costs of the model alone.
                let bar = if self.shift() <= TOLERANCE { bar } else { f64::INFINITY };
                match self.raise(bar) {
                    End::Done => {}
                    End::Beyond => return Some(self.none()),
                    End::Infeasible => return self.infeasible(bar),
                    End::GivenUp => return None,
                }
                self.priced.clone_from(&self.cost);
                self.reduce_all();
            }
            if self.lower_cost() != End::Done || !self.refresh() {
                return None;
            }
            if self.is_feasible() && self.entering().is_none() {
                self.rests = true;
                return Some(self.solution());
            }
        }
        None
    }

    /// No point meets all rows, or none below the bar: told only where the proof is from the model
    /// itself.
    fn infeasible(&mut self, bar: f64) -> Option<LpSolution> {
        self.refresh().then_some(())?;
        let bar = if self.shift() <= TOLERANCE { bar } else { f64::INFINITY };
        matches!(self.raise(bar), End::Infeasible | End::Beyond).then(|| self.none())
    }

    /// That there is no point of use.
    fn none(&self) -> LpSolution {
        LpSolution {
            status: Some(LpStatus::Infeasible),
            objective: f64::NAN,
            iterations: self.pivots,
            ..LpSolution::default()
        }
    }

    /// Whether all equally good optima are known to agree in the sum of columns times `weights`,
    /// given by column: no variable that is free to move moves it. The first objective counts as
    /// equal within `zero`.
    pub fn agrees(&mut self, zero: f64, weights: &[f64]) -> bool {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut c = std::mem::take(&mut self.by_position);
        c.clear();
        c.extend(self.basic.iter().map(|j| weights.get(*j).copied().unwrap_or(0.0)));
        let mut y = std::mem::take(&mut self.by_row);
        y.resize(m, 0.0);
        self.backward(&mut c, &mut y);
        let largest = y.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
        // The sum's change with a variable, and the size of what it is made of.
        let moved = |j: usize| match j.checked_sub(n) {
            Some(row) => (y[row], largest),
            None => self
                .matrix
                .column(j)
                .fold((weights[j], weights[j].abs()), |(sum, size), (row, k)| {
                    (sum - k * y[row], size + (k * y[row]).abs())
                }),
        };
        let free = (0..n + m).filter(|j| {
            self.place[*j] != Place::Basic
                && self.reduced[*j].abs() <= zero
                && self.lower[*j] != self.upper[*j]
        });
        let agrees = free.map(moved).all(|(sum, size)| sum.abs() <= ROUNDING * size);
        (self.by_position, self.by_row) = (c, y);
        agrees
    }

    /// Of equally good optima the one of least second cost; false, and as before, where it is not
    /// found. `second` is told which columns are free to move and gives each its cost, in the
    /// sense of the model.
    pub fn choose(&mut self, zero: f64, second: impl FnOnce(&[bool]) -> Vec<(usize, f64)>) -> bool {
        let n = self.matrix.columns;
        self.rests = false;
        let free: Vec<bool> = self.reduced.iter().map(|d| d.abs() <= zero).collect();
        let open = |(free, place): (&bool, &Place)| *free && *place != Place::Basic;
        if !free.iter().zip(&self.place).any(open) {
            return true;
        }
        let before = self.start();
        for (held, free) in self.held.iter_mut().zip(&free) {
            *held = !free;
        }
        self.priced.fill(0.0);
        self.forget_reach();
        for (column, cost) in second(&free[..n]) {
            self.priced[column] = self.sign * cost;
        }
        self.reduce_all();
        let mut found = self.lower_cost() == End::Done && self.refresh() && self.is_feasible();
        self.held.fill(false);
        self.priced.clone_from(&self.cost);
        if found {
            // The first objective is where it was.
            self.reduce_all();
            self.look_at_all();
            found = self.entering().is_none();
        }
        if !found {
            (self.basic, self.place) = (before.basic, before.place);
            self.settle();
            self.refresh();
        }
        found
    }

    /// The basis as it is, with the factors in hand.
    pub fn start(&self) -> Start {
        let known = self.factors.known();
        Start { basic: self.basic.clone(), place: self.place.clone(), known }
    }

    /// Values of the columns.
    pub fn x(&self) -> Vec<f64> {
        let n = self.matrix.columns;
        let mut x: Vec<f64> = (0..n).map(|j| self.resting(j)).collect();
        for (position, &variable) in self.basic.iter().enumerate() {
            if variable < n {
                // Within bounds but for rounding.
                x[variable] =
                    self.value[position].clamp(self.lower[variable], self.upper[variable]);
            }
        }
        x
    }

    fn solution(&self) -> LpSolution {
        let x = self.x();
        let sum: f64 = x.iter().zip(&self.cost).map(|(x, c)| x * c).sum();
        LpSolution {
            status: Some(LpStatus::Optimal),
            objective: self.sign * sum + self.offset,
            x,
            iterations: self.pivots,
            ..LpSolution::default()
        }
    }

    /// Value of a variable outside the basis.
    fn resting(&self, variable: usize) -> f64 {
        match self.place[variable] {
            Place::Lower => self.lower[variable],
            Place::Upper => self.upper[variable],
            Place::Free | Place::Basic => 0.0,
        }
    }

    /// Beyond a bound by: negative below the lower one, positive above the upper one.
    fn beyond(&self, position: usize) -> f64 {
        let (lower, upper) = (self.low[position], self.high[position]);
        let value = self.value[position];
        if value < lower {
            value - lower
        } else if value > upper {
            value - upper
        } else {
            0.0
        }
    }

    /// Cost of the point in hand, at the costs in force.
    fn cost_now(&self) -> f64 {
        let basic = self.basic.iter().zip(&self.value).map(|(j, value)| self.priced[*j] * value);
        let resting = (0..self.place.len()).filter(|j| self.priced[*j] != 0.0);
        basic.sum::<f64>() + resting.map(|j| self.priced[j] * self.resting(j)).sum::<f64>()
    }

    fn is_feasible(&self) -> bool {
        (0..self.basic.len()).all(|p| self.beyond(p).abs() <= TOLERANCE)
    }

    /// How far the reduced cost of a variable is from right; positive is wrong.
    fn wrong(&self, variable: usize) -> f64 {
        let d = self.reduced[variable];
        match self.place[variable] {
            Place::Free => d.abs(),
            _ => d * self.sense_of(variable),
        }
    }

    /// Tells for every variable in which sense its reduced cost would be wrong.
    fn look_at_all(&mut self) {
        let count = self.place.len();
        let mut sense = std::mem::take(&mut self.sense);
        sense.clear();
        sense.extend((0..count).map(|j| self.sense_of(j)));
        self.sense = sense;
        self.free.clear();
        self.free.extend((0..count).filter(|j| self.place[*j] == Place::Free && !self.held[*j]));
    }

    /// What a reduced cost is multiplied by to be positive where it is wrong; zero where it cannot
    /// be, and for variables without bounds.
    fn sense_of(&self, variable: usize) -> f64 {
        match self.place[variable] {
            _ if self.held[variable] || self.lower[variable] == self.upper[variable] => 0.0,
            Place::Lower => -1.0,
            Place::Upper => 1.0,
            Place::Basic | Place::Free => 0.0,
        }
    }

    /// The variable that gains most by entering the basis.
    fn entering(&self) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        let mut consider = |variable: usize| {
            let gain = self.reduced[variable].powi(2) / self.variable_reach[variable];
            if best.is_none_or(|(_, most)| gain > most) {
                best = Some((variable, gain));
            }
        };
        for (variable, (reduced, sense)) in self.reduced.iter().zip(&self.sense).enumerate() {
            if reduced * sense > TOLERANCE {
                consider(variable);
            }
        }
        let free = self.free.iter().filter(|j| self.place[**j] == Place::Free);
        free.filter(|j| self.reduced[**j].abs() > TOLERANCE).for_each(|j| consider(*j));
        best.map(|(variable, _)| variable)
    }
}
