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
    /// Solves since rows were last looked through, and which rows bound one of them.
    solves: usize,
    bound: Vec<bool>,
}

/// Solves after which rows that bound none of them are left out, and the share of rows that this
/// must be worth.
pub(super) const LOOK: usize = 60;
const IDLE_FRAC: f64 = 0.1;

impl Rows {
    /// Every one of so many.
    pub fn all(count: usize) -> Self {
        Self { own: (0..count).collect(), ..Self::default() }
    }

    /// Those of so many at which one of these starts of all rows stands.
    pub fn tight<'a>(count: usize, starts: impl Iterator<Item = &'a Start> + Clone) -> Self {
        let binds = |row: &usize| {
            starts.clone().any(|s| s.place[s.place.len() - count + row] != Place::Basic)
        };
        let (own, left) = (0..count).partition(binds);
        Self { own, left, ..Self::default() }
    }

    /// Looks at where a solve has ended, and its nodes.
    pub fn look<'a>(&mut self, ends: impl Iterator<Item = &'a Start>) {
        self.bound.resize(self.own.len(), false);
        for end in ends {
            let n = end.place.len() - end.basic.len();
            for (bound, place) in self.bound.iter_mut().zip(&end.place[n..]) {
                *bound |= *place != Place::Basic;
            }
        }
        self.solves += 1;
    }

    /// Leaves out rows that bound none of many solves; which ones stay, by their place, where it
    /// is worth it.
    pub fn thin(&mut self) -> Option<Vec<usize>> {
        if self.solves < LOOK {
            return None;
        }
        self.bound.resize(self.own.len(), false);
        let (kept, idle): (Vec<usize>, Vec<usize>) =
            (0..self.own.len()).partition(|at| self.bound[*at]);
        (self.solves, self.bound) = (0, Vec::new());
        if (idle.len() as f64) < IDLE_FRAC * self.own.len() as f64 {
            return None;
        }
        self.left.extend(idle.iter().map(|at| self.own[*at]));
        self.own = kept.iter().map(|at| self.own[*at]).collect();
        Some(kept)
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
        Start::at(place)
    }
}

impl Start {
    /// The same among those rows that stay; nothing where it stands at one that does not.
    pub fn of_rows(&self, kept: &[usize]) -> Option<Self> {
        let m = self.basic.len();
        let (columns, rows) = self.place.split_at(self.place.len() - m);
        let basic = |row: usize| rows.get(row).is_none_or(|place| *place == Place::Basic);
        let stays = |row: usize| kept.binary_search(&row).is_ok();
        if !(0..m).all(|row| stays(row) || basic(row)) {
            return None;
        }
        let mut place = columns.to_vec();
        let known = |row: &usize| rows.get(*row).copied().unwrap_or(Place::Basic);
        place.extend(kept.iter().map(known));
        Some(Self::at(place))
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
