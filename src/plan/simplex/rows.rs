//! Rows that are left out of solves: an answer is asked whether it meets them, and those that it
//! breaks come in. Most rows of a plan bind in no year, and the fewer a solve has, the cheaper it
//! is.

use super::{Place, Simplex, Start, TOLERANCE};
use crate::plan::lp::{LinearModel, LpSolution, LpStatus};

/// Which rows of a model solves have, in their order. A row that has come in stays, behind those
/// before, so that earlier starts serve on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    own: Vec<usize>,
    left: Vec<usize>,
}

impl Rows {
    /// Every one of so many.
    pub fn all(count: usize) -> Self {
        Self { own: (0..count).collect(), left: Vec::new() }
    }

    /// Those of so many at which one of these starts of all rows stands.
    pub fn tight<'a>(count: usize, starts: impl Iterator<Item = &'a Start> + Clone) -> Self {
        let binds = |row: &usize| {
            starts.clone().any(|s| s.place[s.place.len() - count + row] != Place::Basic)
        };
        let (own, left) = (0..count).partition(binds);
        Self { own, left }
    }

    pub fn own(&self) -> &[usize] {
        &self.own
    }

    /// Rows left out that a point breaks.
    fn broken(&self, model: &LinearModel, x: &[f64]) -> Vec<usize> {
        let breaks = |row: &usize| {
            let activity: f64 = model.row(*row).map(|(c, k)| k * x[c]).sum();
            let (lower, upper) = (model.row_lower[*row], model.row_upper[*row]);
            activity < lower - TOLERANCE || activity > upper + TOLERANCE
        };
        self.left.iter().copied().filter(breaks).collect()
    }

    /// Brings in rows that are left out.
    fn bring(&mut self, rows: &[usize]) {
        self.left.retain(|row| !rows.contains(row));
        self.own.extend_from_slice(rows);
    }

    /// A start of all rows of a model with so many columns as one of these, to which come the rows
    /// at which it stands.
    pub fn of_all(&mut self, start: &Start, n: usize) -> Start {
        let binds = |row: &&usize| start.place[n + **row] != Place::Basic;
        let more: Vec<usize> = self.left.iter().filter(binds).copied().collect();
        self.bring(&more);
        let mut place = start.place[..n].to_vec();
        place.extend(self.own.iter().map(|row| start.place[n + row]));
        let basic = (0..place.len()).filter(|j| place[*j] == Place::Basic).collect();
        Start { basic, place, known: Default::default() }
    }
}

impl Simplex {
    /// The optimum of the model in hand with all its rows, where only an objective better than
    /// `bar` is of use; nothing where it is given up.
    pub fn solve_with(
        &mut self,
        model: &LinearModel,
        rows: &mut Rows,
        bar: Option<f64>,
    ) -> Option<LpSolution> {
        loop {
            let found = self.solve_above(bar);
            let wanting = match &found {
                // Without some rows there may be no optimum.
                None => rows.left.clone(),
                Some(s) if s.status == Some(LpStatus::Optimal) => rows.broken(model, &s.x),
                Some(_) => Vec::new(),
            };
            if wanting.is_empty() {
                return found;
            }
            rows.bring(&wanting);
            let start = found.map(|_| self.start());
            self.load(model, rows, start.as_ref());
        }
    }

    /// As [`Self::choose`], of the points that meet all rows of the model in hand.
    pub fn choose_with(
        &mut self,
        model: &LinearModel,
        rows: &mut Rows,
        zero: f64,
        second: impl Fn(&[bool]) -> Vec<(usize, f64)>,
    ) -> bool {
        loop {
            let before = self.start();
            if !self.choose(zero, &second) {
                return false;
            }
            let broken = rows.broken(model, &self.x());
            if broken.is_empty() {
                return true;
            }
            rows.bring(&broken);
            self.load(model, rows, Some(&before));
            if self.solve_above(None).is_none() {
                return false;
            }
        }
    }
}
