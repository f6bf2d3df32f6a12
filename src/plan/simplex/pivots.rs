//! Both ways to an optimum: over bases within all bounds, and over bases of right reduced costs.

use super::{End, MOST_PIVOTS, Place, Simplex, TOLERANCE};

/// By how much a step may pass a bound to find a larger pivot.
const SLACK: f64 = 1e-10;
/// Smallest number of a step that counts as a pivot.
const PIVOT: f64 = 1e-8;
/// Disagreement of a pivot by row and by column that asks for a new factorisation.
const DISAGREES: f64 = 1e-7;

impl Simplex {
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
    /// beyond the bar nothing of use is left. By more than rounding it is beyond at once; what is
    /// nearer is told from the model itself.
    pub(super) fn raise(&mut self, bar: f64) -> End {
        let mut cost = if bar.is_finite() { self.cost_now() } else { f64::NEG_INFINITY };
        while self.pivots < MOST_PIVOTS {
            if cost > bar + TOLERANCE * (1.0 + bar.abs()) {
                return End::Beyond;
            }
            if self.fresh && cost > bar {
                return End::Infeasible;
            }
            let Some(position) = self.leaving_first() else { return End::Done };
            let below = self.beyond(position) < 0.0;
            self.line_of(position);
            let Some(entering) = self.entering_by_line(below) else {
                if self.fresh {
                    return End::Infeasible;
                }
                if !self.refresh() {
                    return End::GivenUp;
                }
                continue;
            };
            self.column_of(entering);
            let (pivot, by_line) = (self.column.value[position], self.line.value[entering]);
            if (pivot - by_line).abs() > DISAGREES * (1.0 + pivot.abs()) {
                if self.factors.is_new() || !self.factor_anew() {
                    return End::GivenUp;
                }
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
        }
        End::GivenUp
    }

    /// The position furthest beyond a bound for its reach.
    fn leaving_first(&self) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        let all = self.value.iter().zip(&self.low).zip(&self.high).enumerate();
        for (p, ((value, low), high)) in all {
            let off = (low - value).max(value - high);
            if off > TOLERANCE {
                let gain = off * off / self.position_reach[p];
                if best.is_none_or(|(_, most)| gain > most) {
                    best = Some((p, gain));
                }
            }
        }
        best.map(|(p, _)| p)
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
        let pivot = self.column.value[position];
        let by = self.position_reach[position] / (pivot * pivot);
        for (p, k) in self.column.iter() {
            let reach = &mut self.position_reach[p];
            *reach = reach.max(k * k * by);
        }
        self.position_reach[position] = by.max(1.0);
    }

    /// What variables reach once one enters for the line in hand.
    fn reach_of_variables(&mut self, position: usize, entering: usize) {
        let pivot = self.column.value[position];
        let by = self.variable_reach[entering] / (pivot * pivot);
        for (j, k) in self.line.iter() {
            let reach = &mut self.variable_reach[j];
            *reach = reach.max(k * k * by);
        }
        self.variable_reach[self.basic[position]] = by.max(1.0);
    }

    /// Of the variables that may enter for the line in hand the one that keeps reduced costs right.
    fn entering_by_line(&mut self, below: bool) -> Option<usize> {
        let sense = if below { 1.0 } else { -1.0 };
        let mut able = std::mem::take(&mut self.able);
        able.clear();
        let mut most = f64::INFINITY;
        for (j, line) in self.line.iter() {
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
        self.look_at_all();
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
                    let up = -sense * self.column.value[position] > 0.0;
                    let place = if up { Place::Upper } else { Place::Lower };
                    self.line_of(position);
                    self.reach_of_variables(position, entering);
                    let leaving = self.basic[position];
                    if !self.pivot((position, place), entering, sense * room) {
                        return End::GivenUp;
                    }
                    self.sense[leaving] = self.sense_of(leaving);
                    self.sense[entering] = 0.0;
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
        for (p, k) in self.column.iter() {
            let rate = -sense * k;
            if rate.abs() <= PIVOT {
                continue;
            }
            let value = self.value[p];
            let room = if rate > 0.0 { self.high[p] - value } else { value - self.low[p] };
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
        self.column.iter().for_each(|(p, k)| self.value[p] -= k * by);
        self.place[variable] = if by > 0.0 { Place::Upper } else { Place::Lower };
        self.sense[variable] = -self.sense[variable];
        self.fresh = false;
        self.pivots += 1;
    }

    /// Brings a variable into the basis by a step, column and line in hand.
    fn pivot(&mut self, (position, place): (usize, Place), entering: usize, step: f64) -> bool {
        self.pivots += 1;
        let rate = self.reduced[entering] / self.column.value[position];
        if rate != 0.0 {
            self.line.iter().for_each(|(j, k)| self.reduced[j] -= rate * k);
        }
        let leaving = self.basic[position];
        self.reduced[leaving] = -rate;
        let entered = self.resting(entering) + step;
        self.column.iter().for_each(|(p, k)| self.value[p] -= k * step);
        self.value[position] = entered;
        (self.low[position], self.high[position]) = (self.lower[entering], self.upper[entering]);
        self.place[leaving] = place;
        self.place[entering] = Place::Basic;
        self.basic[position] = entering;
        self.reduced[entering] = 0.0;
        self.enter(position)
    }
}
