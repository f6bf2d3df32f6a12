//! One-sided derivatives of an optimum in a direction of right-hand sides, and how far
//! they hold.
//!
//! The optimum as a function of the change is piecewise linear and, as a gain, concave.
//! A few warm re-solves find its first piece exactly, degenerate or not; one raw dual
//! would not. It must not know what the rows mean.

use crate::plan::backend::BackendError;
use crate::plan::backend::highs::LiveHighs;
use crate::plan::lp::{LinearModel, LpSolution, LpStatus};

/// Change of a row's bounds per unit of the parameter; zero for an infinite bound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowShift {
    pub row: usize,
    pub lower: f64,
    pub upper: f64,
}

impl RowShift {
    /// Moves every finite bound of `row` by `rate`; an equality or a range moves whole.
    pub fn of_row(model: &LinearModel, row: usize, rate: f64) -> Self {
        let moves = |b: Option<&f64>| if b.is_some_and(|b| b.is_finite()) { rate } else { 0.0 };
        Self { row, lower: moves(model.row_lower.get(row)), upper: moves(model.row_upper.get(row)) }
    }
}

/// Way in which the parameter moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Bounds rise by the shift.
    Up,
    /// Bounds fall by the shift.
    Down,
}

/// What a small change of right-hand sides does to the optimum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OneSided {
    /// Change of the optimum per unit of change in the direction asked for, so for `Down`
    /// it is the change per unit of decrease. `None`: any change makes the model infeasible.
    pub slope: Option<f64>,
    /// Change up to which the slope holds, to 3e-7 of itself; `None` beyond the largest
    /// change asked for.
    pub valid_to: Option<f64>,
    /// Slope after `valid_to`; `None` where the model is infeasible from there, or unknown.
    pub then: Option<f64>,
    /// Re-solves that it took.
    pub solves: u32,
}

/// Derivatives in the mathematical sense at the present right-hand side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Derivatives {
    /// dV/db from below; `None` where less is infeasible.
    pub left: Option<f64>,
    /// dV/db from above; `None` where more is infeasible.
    pub right: Option<f64>,
}

/// Slopes closer than this, relatively, count as one.
const SAME_SLOPE: f64 = 3e-7;
/// Relative precision of an optimum that HiGHS reports.
const OBJECTIVE_NOISE: f64 = 1e-11;
/// Slack that HiGHS may leave in a row.
const ROW_NOISE: f64 = 2e-9;
/// Relative precision of a breakpoint.
const SAME_POINT: f64 = 1e-9;
/// First step, relative to the right-hand side, and growth of steps after it.
const FIRST_STEP: f64 = 1e-3;
const GROWTH: f64 = 100.0;
/// Steps after which a search gives what it has.
const MOST_STEPS: usize = 60;

/// Slope of the optimum when the bounds of `shifts` move in `direction`, by at most
/// `max_change`.
///
/// `live` holds the model that `base` is the optimum of, and holds it again afterwards.
///
/// # Errors
/// A base that is not a continuous optimum, a row that does not exist, a failure of the
/// solver, or `Interrupted` where a limit or a cancel stopped a re-solve.
pub fn one_sided(
    live: &mut LiveHighs,
    base: &LpSolution,
    shifts: &[RowShift],
    direction: Direction,
    max_change: f64,
) -> Result<OneSided, BackendError> {
    let mut probe = Probe::new(live, base, shifts, direction)?;
    let found = probe.search(base, max_change.max(0.0));
    let solves = probe.solves;
    live.restore()?;
    found.map(|f| OneSided { solves, ..f })
}

/// Both derivatives in the right-hand side of one row.
///
/// # Errors
/// As `one_sided`.
pub fn derivatives(
    live: &mut LiveHighs,
    base: &LpSolution,
    row: usize,
) -> Result<Derivatives, BackendError> {
    let model = live.model().ok_or_else(no_model)?;
    let shift = [RowShift::of_row(model, row, 1.0)];
    // Nothing is asked about ranges: with no room to search, the first piece is enough.
    let right = one_sided(live, base, &shift, Direction::Up, 0.0)?.slope;
    let left = one_sided(live, base, &shift, Direction::Down, 0.0)?.slope.map(|s| -s);
    Ok(Derivatives { left, right })
}

fn no_model() -> BackendError {
    BackendError::Model("no model is loaded".into())
}

/// The gain at some change: value and slope, or nothing where the model is infeasible.
#[derive(Clone, Copy, Debug)]
enum Point {
    Feasible {
        gain: f64,
        slope: f64,
    },
    /// `edge`: a smaller change above which everything is infeasible, where one is known.
    Infeasible {
        edge: Option<f64>,
    },
}

/// Nearest change known to be off the first piece.
#[derive(Clone, Copy, Debug)]
enum Beyond {
    Nothing,
    Line { at: f64, gain: f64, slope: f64 },
    Infeasible { at: f64, edge: Option<f64> },
}

/// Everything below is in gains: the optimum of a maximum, minus that of a minimum,
/// less the base, as a concave function of a change that is not negative.
struct Probe<'a> {
    live: &'a mut LiveHighs,
    /// (row, lower, upper, change of lower, change of upper) per unit of the change.
    rows: Vec<(usize, f64, f64, f64, f64)>,
    /// 1 for a maximum, -1 for a minimum.
    sense: f64,
    base: f64,
    /// Change at which some row's bounds cross.
    crossing: f64,
    duals: Vec<f64>,
    solves: u32,
}

impl<'a> Probe<'a> {
    fn new(
        live: &'a mut LiveHighs,
        base: &LpSolution,
        shifts: &[RowShift],
        direction: Direction,
    ) -> Result<Self, BackendError> {
        let model = live.model().ok_or_else(no_model)?;
        if base.status != Some(LpStatus::Optimal) || base.row_dual.len() != model.rows() {
            let what = "one-sided values need the optimum of a continuous model".into();
            return Err(BackendError::Model(what));
        }
        let turn = if direction == Direction::Up { 1.0 } else { -1.0 };
        let mut rows: Vec<(usize, f64, f64, f64, f64)> = Vec::with_capacity(shifts.len());
        for s in shifts {
            let (Some(lower), Some(upper)) =
                (model.row_lower.get(s.row), model.row_upper.get(s.row))
            else {
                return Err(BackendError::Model(format!("there is no row {}", s.row)));
            };
            let (dl, du) = (turn * s.lower, turn * s.upper);
            let (dl, du) = (
                if lower.is_finite() { dl } else { 0.0 },
                if upper.is_finite() { du } else { 0.0 },
            );
            match rows.iter_mut().find(|r| r.0 == s.row) {
                Some(r) => (r.3, r.4) = (r.3 + dl, r.4 + du),
                None => rows.push((s.row, *lower, *upper, dl, du)),
            }
        }
        let crossing = rows
            .iter()
            .filter(|r| r.3 > r.4 && r.1.is_finite() && r.2.is_finite())
            .map(|r| (r.2 - r.1) / (r.3 - r.4))
            .fold(f64::INFINITY, f64::min);
        let sense = if model.maximise { 1.0 } else { -1.0 };
        Ok(Self { live, rows, sense, base: base.objective, crossing, duals: Vec::new(), solves: 0 })
    }

    fn search(&mut self, base: &LpSolution, cap: f64) -> Result<OneSided, BackendError> {
        if self.rows.iter().all(|r| r.3 == 0.0 && r.4 == 0.0) {
            return Ok(OneSided { slope: Some(0.0), ..OneSided::default() });
        }
        let (slope, known, beyond) = match self.slack(base) {
            // No shifted row matters, so the plan stays optimal until one is reached.
            Some(room) if room > 0.0 => (0.0, room, Beyond::Nothing),
            _ => match self.first_piece(&base.row_dual, cap)? {
                Some(found) => found,
                None => return Ok(OneSided::default()),
            },
        };
        let (valid_to, then) = self.extend(slope, known, beyond, cap)?;
        let turn = |s: f64| if s == 0.0 { 0.0 } else { self.sense * s };
        Ok(OneSided { slope: Some(turn(slope)), valid_to, then: then.map(turn), solves: 0 })
    }

    /// Change by which no shifted row comes to bind, where none binds now.
    fn slack(&self, base: &LpSolution) -> Option<f64> {
        let mut room = f64::INFINITY;
        for (row, lower, upper, dl, du) in &self.rows {
            let (activity, dual) = (base.row_activity.get(*row)?, base.row_dual.get(*row)?);
            let margin = 1e-7 * activity.abs().max(1.0);
            let inside = activity - lower > margin && upper - activity > margin;
            if !inside || *dual != 0.0 {
                return None;
            }
            if *dl > 0.0 {
                room = room.min((activity - lower) / dl);
            }
            if *du < 0.0 {
                room = room.min((activity - upper) / du);
            }
        }
        Some(room)
    }

    /// Slope at zero and a change up to which it holds; `None` where there is no room.
    fn first_piece(
        &mut self,
        base_dual: &[f64],
        cap: f64,
    ) -> Result<Option<(f64, f64, Beyond)>, BackendError> {
        let steepest = self.slope(base_dual);
        let mut beyond = Beyond::Nothing;
        let mut step = self.first_step(cap);
        for _ in 0..MOST_STEPS {
            match self.at(step)? {
                Point::Infeasible { edge } => {
                    beyond = Beyond::Infeasible { at: step, edge };
                    let smaller = step / 16.0;
                    step = edge.map_or(smaller, |e| (e * 0.5).min(smaller));
                    if step < ROW_NOISE {
                        return Ok(None);
                    }
                }
                Point::Feasible { gain, slope } => {
                    let noise = self.noise(slope, step);
                    if gain - slope * step <= noise {
                        return Ok(Some((slope, step, beyond)));
                    }
                    // The base dual bounds the gain from above: met here, it is the slope.
                    if steepest * step - gain <= self.noise(steepest, step) {
                        return Ok(Some((steepest, step, beyond)));
                    }
                    beyond = Beyond::Line { at: step, gain, slope };
                    let meet = (gain - slope * step) / (steepest - slope);
                    let meet = if meet.is_finite() && meet > 0.0 { meet } else { step };
                    step = meet.min(step / 4.0);
                }
            }
        }
        Err(BackendError::Solver {
            solver: "highs",
            what: "the slope of the optimum did not settle".into(),
        })
    }

    /// End of the piece of slope `slope` that is known up to `known`, and the next slope.
    fn extend(
        &mut self,
        slope: f64,
        known: f64,
        beyond: Beyond,
        cap: f64,
    ) -> Result<(Option<f64>, Option<f64>), BackendError> {
        let (mut known, mut beyond, mut nudged) = (known, beyond, false);
        for _ in 0..MOST_STEPS {
            if known >= cap {
                return Ok((None, None));
            }
            let (next, edge) = match beyond {
                Beyond::Nothing => ((known * GROWTH).min(cap), false),
                Beyond::Line { at, gain, slope: after } => {
                    let meet = (gain - after * at) / (slope - after);
                    let meet = meet.clamp(known, at);
                    if meet - known <= SAME_POINT * at || at - meet <= SAME_POINT * at {
                        return Ok((Some(meet), Some(after)));
                    }
                    (meet, false)
                }
                Beyond::Infeasible { at, edge } => {
                    if at - known <= SAME_POINT * at {
                        return Ok((Some(known), None));
                    }
                    match edge.filter(|e| *e >= known && *e < at) {
                        Some(e) if e - known <= SAME_POINT * at => return Ok((Some(e), None)),
                        Some(e) => (e, true),
                        None => (0.5 * (known + at), false),
                    }
                }
            };
            let point = self.at(next)?;
            let follows = match point {
                Point::Feasible { gain, slope: s } => {
                    slope * next - gain <= self.noise(slope.abs().max(s.abs()), next)
                }
                Point::Infeasible { .. } => false,
            };
            match (point, beyond) {
                (Point::Infeasible { edge: nearer }, _) => {
                    // Rounding may leave the edge itself just outside; but where stepping back
                    // does not help, the proof was of something else.
                    let inside = next * (1.0 - SAME_POINT);
                    let nearer = nearer.filter(|e| *e < next * (1.0 - 1e3 * SAME_POINT));
                    let nearer = nearer.or((edge && !nudged).then_some(inside));
                    nudged = edge;
                    beyond = Beyond::Infeasible { at: next, edge: nearer };
                }
                (Point::Feasible { .. }, Beyond::Line { slope: after, .. }) if follows => {
                    return Ok((Some(next), Some(after)));
                }
                (Point::Feasible { .. }, _) if follows && edge => return Ok((Some(next), None)),
                (Point::Feasible { .. }, _) if follows => known = next,
                (Point::Feasible { gain, slope: s }, _) => {
                    beyond = Beyond::Line { at: next, gain, slope: s };
                }
            }
        }
        Ok((Some(known), None))
    }

    /// A step that is small beside the right-hand sides and large beside their noise.
    fn first_step(&self, cap: f64) -> f64 {
        let mut scale: f64 = 0.0;
        for (_, lower, upper, dl, du) in &self.rows {
            for (bound, rate) in [(lower, dl), (upper, du)] {
                if *rate != 0.0 {
                    scale = scale.max(bound.abs() / rate.abs());
                }
            }
        }
        let step = FIRST_STEP * if scale > 0.0 { scale.max(0.01) } else { 1.0 };
        if cap > 0.0 { step.min(cap) } else { step }
    }

    /// Difference of gains over `step` that says nothing.
    fn noise(&self, slope: f64, step: f64) -> f64 {
        OBJECTIVE_NOISE * self.base.abs().max(1.0) + slope.abs() * (SAME_SLOPE * step + ROW_NOISE)
    }

    /// Slope of the gain that row duals imply: of a row's bounds the dual's sign names
    /// the one that binds.
    fn slope(&self, duals: &[f64]) -> f64 {
        let of = |r: &(usize, f64, f64, f64, f64)| {
            let dual = self.sense * duals.get(r.0).copied().unwrap_or(0.0);
            dual * if dual > 0.0 { r.4 } else { r.3 }
        };
        self.rows.iter().map(of).sum()
    }

    /// Re-solves at a change.
    fn at(&mut self, change: f64) -> Result<Point, BackendError> {
        if change > self.crossing {
            return Ok(Point::Infeasible { edge: Some(self.crossing) });
        }
        let moved = |r: &(usize, f64, f64, f64, f64)| {
            let (mut lower, upper) = (r.1 + change * r.3, r.2 + change * r.4);
            // An equality stays one, whatever the rounding.
            if lower > upper {
                lower = upper;
            }
            (r.0, lower, upper)
        };
        let bounds: Vec<_> = self.rows.iter().map(moved).collect();
        self.live.set_row_bounds(&bounds)?;
        self.solves += 1;
        let (status, objective) = match self.live.resolve_objective() {
            Ok(answer) => answer,
            // On the brink of infeasibility no solver may have an answer: as good as none.
            Err(BackendError::Solver { .. }) => return Ok(Point::Infeasible { edge: None }),
            Err(error) => return Err(error),
        };
        match status {
            LpStatus::Optimal => {
                let mut duals = std::mem::take(&mut self.duals);
                self.live.row_duals(&mut duals);
                let slope = self.slope(&duals);
                self.duals = duals;
                Ok(Point::Feasible { gain: self.sense * (objective - self.base), slope })
            }
            LpStatus::Infeasible => Ok(Point::Infeasible { edge: self.edge(change) }),
            LpStatus::Limit => Err(BackendError::Interrupted),
            LpStatus::Unbounded => Err(BackendError::Solver {
                solver: "highs",
                what: "a bounded model became unbounded when a right-hand side moved".into(),
            }),
        }
    }

    /// Change from which on the proof of infeasibility at `change` holds.
    fn edge(&self, change: f64) -> Option<f64> {
        let ray = self.live.dual_ray()?;
        let model = self.live.model()?;
        [1.0, -1.0].into_iter().find_map(|turn| self.edge_of(&ray, turn, model, change))
    }

    /// The same for `turn * ray`: no x within the column bounds has a weighted row sum as
    /// low as the highest that the row bounds allow.
    fn edge_of(&self, ray: &[f64], turn: f64, model: &LinearModel, change: f64) -> Option<f64> {
        let largest = ray.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let weight = |row: usize| {
            let w = turn * ray[row];
            if w.abs() <= 1e-12 * largest { 0.0 } else { w }
        };
        let mut columns = vec![0.0; model.columns()];
        let (mut highest, mut rate) = (0.0, 0.0);
        for row in 0..model.rows() {
            let w = weight(row);
            if w == 0.0 {
                continue;
            }
            let shifted = self.rows.iter().find(|r| r.0 == row);
            let (dl, du) = shifted.map_or((0.0, 0.0), |r| (r.3, r.4));
            let (bound, moves) =
                if w > 0.0 { (model.row_upper[row], du) } else { (model.row_lower[row], dl) };
            highest += w * (bound + change * moves);
            rate += w * moves;
            for (column, coefficient) in model.row(row) {
                columns[column] += w * coefficient;
            }
        }
        let mut lowest = 0.0;
        for (column, w) in columns.iter().enumerate() {
            let bound = if *w > 0.0 { model.col_lower[column] } else { model.col_upper[column] };
            if bound.is_finite() {
                lowest += w * bound;
            } else if w.abs() > 1e-9 * largest {
                return None;
            }
        }
        let excess = lowest - highest;
        let edge = change + excess / rate;
        (excess > 0.0 && rate < 0.0 && edge >= 0.0 && edge < change).then_some(edge)
    }
}

#[cfg(test)]
mod tests;
