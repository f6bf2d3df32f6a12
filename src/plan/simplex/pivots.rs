//! Both ways to an optimum: over bases within all bounds, and over bases of right reduced costs.

use super::{End, MOST_PIVOTS, Place, Simplex, TOLERANCE};

/// By how much a step may pass a bound to find a larger pivot.
const SLACK: f64 = 1e-10;
/// Smallest number of a step that counts as a pivot.
const PIVOT: f64 = 1e-8;
/// Disagreement of a pivot by row and by column that asks for a new factorisation.
const DISAGREES: f64 = 1e-7;
/// Changes of the basis between factorisations.
const MOST_ETAS: usize = 40;

impl Simplex {
    /// Factors the basis and works out values and reduced costs; false where it is singular.
    pub(super) fn refresh(&mut self) -> bool {
        self.etas.clear();
        if self.factored != self.basic {
            self.factored.clear();
            if !self.factor.make(&self.matrix, &self.basic) {
                return false;
            }
            self.factored.clone_from(&self.basic);
        }
        self.value_all();
        self.reduce_all();
        true
    }

    fn value_all(&mut self) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut v = std::mem::take(&mut self.by_row);
        v.clear();
        v.resize(m, 0.0);
        for variable in 0..n + m {
            let at = self.resting(variable);
            if at == 0.0 {
                continue;
            }
            if variable < n {
                self.matrix.column(variable).for_each(|(row, k)| v[row] -= k * at);
            } else {
                v[variable - n] += at;
            }
        }
        let mut z = std::mem::take(&mut self.value);
        z.clear();
        z.resize(m, 0.0);
        self.forward(&v, &mut z);
        (self.by_row, self.value) = (v, z);
    }

    /// Reduced costs at the costs in force.
    pub(super) fn reduce_all(&mut self) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut c: Vec<f64> = self.basic.iter().map(|j| self.priced[*j]).collect();
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
        self.basic.iter().for_each(|j| self.reduced[*j] = 0.0);
        self.by_row = y;
    }

    fn forward(&mut self, v: &[f64], z: &mut [f64]) {
        self.factor.forward(&self.matrix, v, z);
        self.etas.forward(z);
    }

    /// `c` by position is used up.
    fn backward(&mut self, c: &mut [f64], w: &mut [f64]) {
        self.etas.backward(c);
        self.factor.backward(&self.matrix, c, w);
    }

    /// The column of a variable in terms of the basis, into `self.column`.
    fn column_of(&mut self, variable: usize) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut v = std::mem::take(&mut self.by_row);
        v.clear();
        v.resize(m, 0.0);
        if variable < n {
            self.matrix.column(variable).for_each(|(row, k)| v[row] = k);
        } else {
            v[variable - n] = -1.0;
        }
        let mut z = std::mem::take(&mut self.column);
        z.resize(m, 0.0);
        self.forward(&v, &mut z);
        (self.by_row, self.column) = (v, z);
    }

    /// The row of a position over all variables, into `self.line`.
    fn line_of(&mut self, position: usize) {
        let (n, m) = (self.matrix.columns, self.matrix.rows);
        let mut c = std::mem::take(&mut self.by_position);
        c.clear();
        c.resize(m, 0.0);
        c[position] = 1.0;
        let mut y = std::mem::take(&mut self.by_row);
        y.resize(m, 0.0);
        self.backward(&mut c, &mut y);
        self.line.clear();
        self.line.resize(n + m, 0.0);
        for (row, &y) in y.iter().enumerate().filter(|(_, y)| **y != 0.0) {
            for (column, k) in self.matrix.row(row) {
                self.line[column] += k * y;
            }
            self.line[n + row] -= y;
        }
        (self.by_position, self.by_row) = (c, y);
    }

    /// Moves costs so that no reduced cost is wrong; what has two bounds goes to the other one.
    /// Returns the largest move.
    pub(super) fn shift(&mut self) -> f64 {
        let (mut flipped, mut most) = (false, 0.0f64);
        for variable in 0..self.place.len() {
            if self.wrong(variable) <= 0.0 {
                continue;
            }
            let two = self.lower[variable].is_finite() && self.upper[variable].is_finite();
            match self.place[variable] {
                Place::Lower if two => (self.place[variable], flipped) = (Place::Upper, true),
                Place::Upper if two => (self.place[variable], flipped) = (Place::Lower, true),
                _ => {
                    most = most.max(self.reduced[variable].abs());
                    self.priced[variable] -= self.reduced[variable];
                    self.reduced[variable] = 0.0;
                }
            }
        }
        if flipped {
            self.value_all();
        }
        most
    }

    /// Over bases of right reduced costs to one within all bounds. The cost only rises on the way:
    /// beyond the bar nothing of use is left.
    pub(super) fn raise(&mut self, bar: f64) -> End {
        let mut fresh = self.etas.is_empty();
        let mut cost = if bar.is_finite() { self.cost_now() } else { f64::NEG_INFINITY };
        while self.pivots < MOST_PIVOTS {
            let rounding = if fresh { 0.0 } else { TOLERANCE * (1.0 + bar.abs()) };
            if cost > bar + rounding {
                return End::Infeasible;
            }
            let Some(position) = self.leaving_first() else { return End::Done };
            let below = self.beyond(position) < 0.0;
            self.line_of(position);
            let Some(entering) = self.entering_by_line(below) else {
                if fresh {
                    return End::Infeasible;
                }
                if !self.refresh() {
                    return End::GivenUp;
                }
                fresh = true;
                continue;
            };
            self.column_of(entering);
            let (pivot, by_line) = (self.column[position], self.line[entering]);
            if (pivot - by_line).abs() > DISAGREES * (1.0 + pivot.abs()) {
                if fresh || !self.refresh() {
                    return End::GivenUp;
                }
                fresh = true;
                continue;
            }
            let leaving = self.basic[position];
            let bound = if below { self.lower[leaving] } else { self.upper[leaving] };
            let step = (self.value[position] - bound) / pivot;
            cost += (step * self.reduced[entering]).max(0.0);
            self.reach_of_positions(position);
            let place = if below { Place::Lower } else { Place::Upper };
            if !self.pivot((position, place), entering, step) {
                return End::GivenUp;
            }
            fresh = self.etas.is_empty();
        }
        End::GivenUp
    }

    /// The position furthest beyond a bound for its reach.
    fn leaving_first(&self) -> Option<usize> {
        let off = (0..self.basic.len()).map(|p| (p, self.beyond(p)));
        let off = off.filter(|(_, off)| off.abs() > TOLERANCE);
        let gains = off.map(|(p, off)| (p, off * off / self.position_reach[p]));
        gains.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(p, _)| p)
    }

    /// Every reach counts as one again.
    pub(super) fn forget_reach(&mut self) {
        self.position_reach.clear();
        self.position_reach.resize(self.basic.len(), 1.0);
        self.variable_reach.clear();
        self.variable_reach.resize(self.place.len(), 1.0);
    }

    /// What positions reach once the column in hand takes the place of one.
    fn reach_of_positions(&mut self, position: usize) {
        let pivot = self.column[position];
        let own = self.position_reach[position];
        for (reach, k) in self.position_reach.iter_mut().zip(&self.column) {
            if *k != 0.0 {
                *reach = reach.max(k * k / (pivot * pivot) * own);
            }
        }
        self.position_reach[position] = (own / (pivot * pivot)).max(1.0);
    }

    /// What variables reach once one enters for the line in hand.
    fn reach_of_variables(&mut self, position: usize, entering: usize) {
        let pivot = self.column[position];
        let own = self.variable_reach[entering];
        for (reach, k) in self.variable_reach.iter_mut().zip(&self.line) {
            if *k != 0.0 {
                *reach = reach.max(k * k / (pivot * pivot) * own);
            }
        }
        self.variable_reach[self.basic[position]] = (own / (pivot * pivot)).max(1.0);
    }

    /// Of the variables that may enter for the line in hand the one that keeps reduced costs right.
    fn entering_by_line(&mut self, below: bool) -> Option<usize> {
        let sense = if below { 1.0 } else { -1.0 };
        let mut able = std::mem::take(&mut self.able);
        able.clear();
        let mut most = f64::INFINITY;
        for (j, line) in self.line.iter().enumerate() {
            let a = sense * line;
            if a.abs() <= PIVOT || self.lower[j] == self.upper[j] {
                continue;
            }
            let right = match self.place[j] {
                Place::Basic => false,
                Place::Lower => a < 0.0,
                Place::Upper => a > 0.0,
                Place::Free => true,
            };
            if right {
                let (reduced, size) = (self.reduced[j].abs(), a.abs());
                most = most.min((reduced + SLACK) / size);
                able.push((j, reduced, size));
            }
        }
        let near = able.iter().filter(|(_, reduced, size)| reduced / size <= most);
        let found = near.max_by(|a, b| a.2.total_cmp(&b.2)).map(|(j, ..)| *j);
        self.able = able;
        found
    }

    /// Over bases within all bounds to one of right reduced costs.
    pub(super) fn lower_cost(&mut self) -> End {
        while self.pivots < MOST_PIVOTS {
            let Some(entering) = self.entering() else { return End::Done };
            let upwards = match self.place[entering] {
                Place::Lower => true,
                Place::Upper => false,
                _ => self.reduced[entering] < 0.0,
            };
            let sense = if upwards { 1.0 } else { -1.0 };
            self.column_of(entering);
            let width = self.upper[entering] - self.lower[entering];
            match self.leaving(sense) {
                Some((_, room)) if width <= room => self.flip(entering, sense * width),
                None if width.is_finite() => self.flip(entering, sense * width),
                None => return End::GivenUp,
                Some((position, room)) => {
                    let up = -sense * self.column[position] > 0.0;
                    let place = if up { Place::Upper } else { Place::Lower };
                    self.line_of(position);
                    self.reach_of_variables(position, entering);
                    if !self.pivot((position, place), entering, sense * room) {
                        return End::GivenUp;
                    }
                }
            }
        }
        End::GivenUp
    }

    /// The basic variable that first meets a bound as the column in hand enters, and the step.
    fn leaving(&mut self, sense: f64) -> Option<(usize, f64)> {
        let mut able = std::mem::take(&mut self.able);
        able.clear();
        let mut most = f64::INFINITY;
        for (p, k) in self.column.iter().enumerate() {
            let rate = -sense * k;
            if rate.abs() <= PIVOT {
                continue;
            }
            let variable = self.basic[p];
            let room = if rate > 0.0 {
                self.upper[variable] - self.value[p]
            } else {
                self.value[p] - self.lower[variable]
            };
            if room.is_finite() {
                let rate = rate.abs();
                most = most.min((room + SLACK) / rate);
                able.push((p, room, rate));
            }
        }
        let mut best: Option<(usize, f64, f64)> = None;
        for &(p, room, rate) in &able {
            if room / rate <= most && best.is_none_or(|(_, _, largest)| rate > largest) {
                best = Some((p, (room / rate).max(0.0), rate));
            }
        }
        self.able = able;
        best.map(|(p, step, _)| (p, step))
    }

    fn flip(&mut self, variable: usize, by: f64) {
        for (value, k) in self.value.iter_mut().zip(&self.column) {
            *value -= k * by;
        }
        self.place[variable] = if by > 0.0 { Place::Upper } else { Place::Lower };
        self.pivots += 1;
    }

    /// Brings a variable into the basis by a step, column and line in hand.
    fn pivot(&mut self, (position, place): (usize, Place), entering: usize, step: f64) -> bool {
        self.pivots += 1;
        let by = self.column[position];
        let rate = self.reduced[entering] / by;
        if rate != 0.0 {
            for (reduced, k) in self.reduced.iter_mut().zip(&self.line) {
                if *k != 0.0 {
                    *reduced -= rate * k;
                }
            }
        }
        let leaving = self.basic[position];
        self.reduced[leaving] = -rate;
        let entered = self.resting(entering) + step;
        for (value, k) in self.value.iter_mut().zip(&self.column) {
            *value -= k * step;
        }
        self.value[position] = entered;
        self.place[leaving] = place;
        self.place[entering] = Place::Basic;
        self.basic[position] = entering;
        self.reduced[entering] = 0.0;
        self.etas.push(position, &self.column);
        self.etas.len() < MOST_ETAS || self.refresh()
    }
}
