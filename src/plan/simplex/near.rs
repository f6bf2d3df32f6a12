//! A basis to start from where the model has another shape than the one that was solved: made of
//! what that optimum held, so that little is left to do.

use super::{Place, Rows, Simplex, Start};
use crate::plan::lp::LinearModel;

/// Distance from a bound at which a row still counts as at it, as a share of the bound or of one.
const AT_BOUND: f64 = 1e-9;
/// Largest entry of a column that counts as none.
const DEPENDENT: f64 = 1e-7;

/// What is known of a column from another model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Known {
    pub value: f64,
    pub basic: bool,
    pub upper: bool,
}

impl Start {
    /// What an optimum that ended here holds of a column, at its value.
    pub fn known(&self, column: usize, value: f64) -> Known {
        let place = self.place[column];
        Known { value, basic: place == Place::Basic, upper: place == Place::Upper }
    }

    /// Where variables stand like that, those in the basis in their order.
    pub(super) fn at(place: Vec<Place>) -> Self {
        let basic = (0..place.len()).filter(|j| place[*j] == Place::Basic).collect();
        Self { basic, place, known: Default::default() }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.basic.len()
    }

    /// The same basis of a model of so many columns and rows, `rows` of which are those that this
    /// one has; the others stand in the basis.
    pub fn among(&self, rows: &[usize], (n, m): (usize, usize)) -> Self {
        let mut place = self.place[..n].to_vec();
        place.resize(n + m, Place::Basic);
        let mut own = vec![false; m];
        for (at, row) in self.place[n..].iter().zip(rows) {
            (place[n + row], own[*row]) = (*at, true);
        }
        let moved = |j: &usize| j.checked_sub(n).map_or(*j, |row| n + rows[row]);
        let others = (0..m).filter(|row| !own[*row]).map(|row| n + row);
        let basic = self.basic.iter().map(moved).chain(others).collect();
        Start { basic, place, known: Default::default() }
    }
}

impl Simplex {
    /// A basis of all rows near a point: rows that are not at a bound there, then as many of the
    /// basic columns as do not depend on each other, then rows again.
    pub fn near(&mut self, model: &LinearModel, known: &[Known]) -> Start {
        self.take(model, &Rows::all(model.rows()));
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut place: Vec<Place> = known
            .iter()
            .map(|known| if known.upper { Place::Upper } else { Place::Lower })
            .collect();
        place.resize(n + m, Place::Basic);
        let mut open = vec![false; m];
        for row in 0..m {
            let activity: f64 = self.matrix.row(row).map(|(c, k)| k * known[c].value).sum();
            let at = |bound: f64| {
                bound.is_finite() && (activity - bound).abs() <= AT_BOUND * bound.abs().max(1.0)
            };
            let (lower, upper) = (model.row_lower[row], model.row_upper[row]);
            open[row] = at(lower) || at(upper);
            if open[row] {
                place[n + row] = if at(upper) { Place::Upper } else { Place::Lower };
            }
        }
        for column in self.independent(known, &mut open) {
            place[column] = Place::Basic;
        }
        for row in (0..m).filter(|row| open[*row]) {
            place[n + row] = Place::Basic;
        }
        Start::at(place)
    }

    /// Basic columns that do not depend on each other in the open rows; each takes one of them.
    fn independent(&mut self, known: &[Known], open: &mut [bool]) -> Vec<usize> {
        let entries = |column: usize, open: &[bool]| {
            self.matrix.column(column).filter(|(row, _)| open[*row]).count()
        };
        let mut columns: Vec<usize> = (0..known.len()).filter(|c| known[*c].basic).collect();
        columns.sort_by_cached_key(|c| entries(*c, open));
        let inside = open.to_vec();
        let mut work = vec![0.0; open.len()];
        let mut steps: Vec<(usize, Vec<(usize, f64)>)> = Vec::new();
        let mut taken = Vec::new();
        for column in columns {
            work.fill(0.0);
            for (row, value) in self.matrix.column(column).filter(|(row, _)| inside[*row]) {
                work[row] = value;
            }
            for (pivot, below) in &steps {
                let by = work[*pivot];
                if by != 0.0 {
                    below.iter().for_each(|(row, factor)| work[*row] -= factor * by);
                }
            }
            let size = |row: &usize| work[*row].abs();
            let largest = (0..open.len())
                .filter(|row| open[*row])
                .max_by(|a, b| size(a).total_cmp(&size(b)))
                .filter(|row| size(row) > DEPENDENT);
            let Some(pivot) = largest else { continue };
            open[pivot] = false;
            let diagonal = work[pivot];
            let below = (0..open.len()).filter(|row| open[*row] && work[*row] != 0.0);
            steps.push((pivot, below.map(|row| (row, work[row] / diagonal)).collect()));
            taken.push(column);
        }
        taken
    }
}
