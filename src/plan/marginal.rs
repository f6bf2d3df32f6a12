//! What one more and one less of each limit is worth, and what limits in
//! series are worth together.
//!
//! One-sided by warm re-solves (see `parametric`): a raw dual would put the
//! value of a chain of equal limits on one of them at random. Posted prices
//! stay as they are while the limit moves.

use super::backend::{BackendError, highs::LiveHighs};
use super::build::{Built, energy_musd_per_mw};
use super::input::{Holding, PlanInput};
use super::limits::{Limit, Shift, USD_PER_MUSD};
use super::lp::LpSolution;
use super::parametric::{Direction, OneSided, RowShift, one_sided};
use super::posted;
use super::reduce::{Reduced, Room};
use super::result::{JointGain, LimitResult};
use std::collections::{BTreeMap, BTreeSet};

/// A row is at its bound when less than this share of it is free.
const TIGHT_FRAC: f64 = 1e-7;
/// Values below this many M$ a year are rounding.
const NOTHING_MUSD: f64 = 1e-6;

/// Everything that marginal values are asked of.
pub struct Question<'a> {
    pub full: &'a PlanInput,
    pub reduced: &'a Reduced,
    pub built: &'a Built,
    /// Of the primary objective, in the order of `built.model`.
    pub solution: &'a LpSolution,
    /// Row sums of the canonical plan: which limits have room must not depend on which of
    /// several optima the solver came upon.
    pub activity: &'a [f64],
}

impl Question<'_> {
    /// Rows that move with a limit of the full input; nothing where it was lifted.
    pub fn shifts(&self, limit: Limit) -> Vec<RowShift> {
        let key = match limit {
            Limit::BlockUnits(b) => Limit::BlockUnits(self.reduced.group[b]),
            other => other,
        };
        let rows = self.built.limits.get(&key).map_or(&[][..], Vec::as_slice);
        let moved = rows.iter().filter(|s| self.in_force(limit, s));
        moved.map(|s| RowShift::of_row(&self.built.model, s.row, s.amount)).collect()
    }

    /// A posted tier moves only the row of the price in force.
    fn in_force(&self, limit: Limit, shift: &Shift) -> bool {
        let Limit::Demand { tier, .. } = limit else { return true };
        let input = &self.reduced.input;
        if !input.tiers[tier].posted || input.tiers[tier].steps.len() < 2 {
            return true;
        }
        let Some(step) = posted::in_force(input, self.built)[tier] else { return false };
        self.built.cols.posted(tier, step).is_some_and(|weight| {
            self.built.model.row(shift.row).any(|(c, _)| c == weight)
                || self.built.cols.deferrals[tier].iter().enumerate().any(|(k, _)| {
                    let own = self.built.cols.deferred(tier, step, k);
                    self.built.model.row(shift.row).any(|(c, _)| Some(c) == own)
                })
        })
    }

    fn tight(&self, shifts: &[RowShift]) -> bool {
        shifts.iter().any(|s| {
            let model = &self.built.model;
            let at = self.activity[s.row];
            let near = |bound: f64| {
                bound.is_finite() && (bound - at).abs() <= TIGHT_FRAC * bound.abs().max(1.0)
            };
            near(model.row_upper[s.row]) || near(model.row_lower[s.row])
        })
    }

    /// Change of a limit, upwards (1) or downwards (-1), by which none of its rows comes to
    /// bind. What a limit has left on average says less: each hour has a row of its own.
    fn room(&self, shifts: &[RowShift], turn: f64) -> f64 {
        let model = &self.built.model;
        let mut room = f64::INFINITY;
        for s in shifts {
            let at = self.activity[s.row];
            let (lower, upper) = (turn * s.lower, turn * s.upper);
            if lower > 0.0 {
                room = room.min((at - model.row_lower[s.row]) / lower);
            }
            if upper < 0.0 {
                room = room.min((model.row_upper[s.row] - at) / -upper);
            }
        }
        room.max(0.0)
    }
}

/// Gain and loss of one limit in M$ a year, with their ranges.
#[derive(Clone, Copy, Debug, Default)]
struct Value {
    gain: Option<OneSided>,
    loss: Option<OneSided>,
}

impl Value {
    /// Adds what the objective gains with each unit whatever the plan does.
    fn add(&mut self, musd: f64) {
        let shift = |side: &mut Option<OneSided>, by: f64| {
            if let Some(side) = side {
                side.slope = side.slope.map(|s| s + by);
                side.then = side.then.map(|s| s + by);
            }
        };
        shift(&mut self.gain, musd);
        shift(&mut self.loss, -musd);
    }

    /// The gain holds no longer than the limits that the reduced model left out.
    fn end_at(&mut self, room: f64) {
        if let Some(gain) = &mut self.gain
            && gain.valid_to.unwrap_or(f64::INFINITY) > room
        {
            gain.valid_to = Some(room.max(0.0));
            gain.then = None;
            gain.slope = gain.slope.filter(|_| room > 0.0);
        }
    }
}

/// Energy of the spares that one more installed unit brings, M$ a year.
fn spares_musd(input: &PlanInput, limit: Limit) -> f64 {
    let Limit::BlockUnits(b) = limit else { return 0.0 };
    let block = &input.blocks[b];
    if !matches!(block.holding, Holding::Installed(_)) {
        return 0.0;
    }
    let rack = block.racks[0];
    let cost = |h| energy_musd_per_mw(input, h) * input.spare_grid_mw(block, rack, h);
    (0..input.hours.len()).map(cost).sum::<f64>() * input.racks[rack].spares_frac
}

/// Fills the marginal values of `limits` (as listed by [`Limit::all`] on the
/// full input) and returns the joint gains of limits in series.
///
/// # Errors
/// Failures of the solver.
pub fn fill(
    live: &mut LiveHighs,
    q: &Question,
    limits: &mut [LimitResult],
) -> Result<Vec<JointGain>, BackendError> {
    let keys = Limit::all(q.full);
    let mut seen: BTreeSet<Limit> = BTreeSet::new();
    let mut values = Values::new(q, &keys);
    let mut stuck: Vec<(usize, Limit)> = Vec::new();
    let room = Room::new(q.full);
    for (i, (limit, result)) in keys.iter().zip(limits.iter_mut()).enumerate() {
        let shifts = q.shifts(*limit);
        let spares = spares_musd(q.full, *limit);
        if shifts.is_empty() || !q.tight(&shifts) {
            slack(result, spares);
            if !shifts.is_empty() {
                let room = |turn: f64| Some(q.room(&shifts, turn)).filter(|r| r.is_finite());
                (result.gain_valid_to, result.loss_valid_to) = (room(1.0), room(-1.0));
                result.binding = false;
            }
            continue;
        }
        let representative = match limit {
            Limit::BlockUnits(b) => Limit::BlockUnits(q.reduced.group[*b]),
            other => *other,
        };
        let first = seen.insert(representative);
        let mut value = values.of(live, q, &shifts, *limit)?;
        value.add(-spares);
        if let Limit::BlockUnits(b) = limit {
            value.end_at(room.units(q.full, *b));
        }
        write(result, value);
        result.net_gain_usd_per_year = net(q.full, *limit, result.gain_usd_per_year);
        let worthless = result.gain_usd_per_year.is_some_and(|g| g <= NOTHING_MUSD);
        let missed = result.loss_usd_per_year.is_none_or(|l| l < -NOTHING_MUSD);
        if first && worthless && missed && !result.minimum {
            stuck.push((i, *limit));
        }
    }
    joint(live, q, limits, stuck)
}

/// Values by the rows that move: limits that move the same rows (the blocks of a group,
/// the steps of a posted price) share one search, as far as the largest of them asks.
struct Values {
    /// The largest capacity among limits that move the same rows.
    largest: BTreeMap<Vec<Moved>, f64>,
    known: BTreeMap<Vec<Moved>, Value>,
}

/// A row with the bits of the changes of its bounds.
type Moved = (usize, u64, u64);

impl Values {
    fn new(q: &Question, keys: &[Limit]) -> Self {
        let mut largest: BTreeMap<Vec<Moved>, f64> = BTreeMap::new();
        for limit in keys {
            let most = largest.entry(moved(&q.shifts(*limit))).or_default();
            *most = most.max(limit.capacity(q.full).abs());
        }
        Self { largest, known: BTreeMap::new() }
    }

    fn of(
        &mut self,
        live: &mut LiveHighs,
        q: &Question,
        shifts: &[RowShift],
        limit: Limit,
    ) -> Result<Value, BackendError> {
        let key = moved(shifts);
        let reach = |capacity: f64| (10.0 * capacity.abs().max(1.0), capacity.abs().max(1e-6));
        let mut value = match self.known.get(&key) {
            Some(value) => *value,
            None => {
                let (up, down) = reach(self.largest.get(&key).copied().unwrap_or(0.0));
                let gain = one_sided(live, q.solution, shifts, Direction::Up, up)?;
                let loss = one_sided(live, q.solution, shifts, Direction::Down, down)?;
                let value = Value { gain: Some(gain), loss: Some(loss) };
                self.known.insert(key, value);
                value
            }
        };
        let (up, down) = reach(limit.capacity(q.full));
        let within = |side: &mut Option<OneSided>, most: f64| {
            if let Some(side) = side {
                side.valid_to = side.valid_to.filter(|to| *to <= most);
            }
        };
        within(&mut value.gain, up);
        within(&mut value.loss, down);
        Ok(value)
    }
}

fn moved(shifts: &[RowShift]) -> Vec<Moved> {
    shifts.iter().map(|s| (s.row, s.lower.to_bits(), s.upper.to_bits())).collect()
}

/// A limit with room to spare: worth nothing until the room is gone, but for its spares.
fn slack(result: &mut LimitResult, spares_musd: f64) {
    result.gain_usd_per_year = Some(0.0 - spares_musd * USD_PER_MUSD);
    result.loss_usd_per_year = Some(spares_musd * USD_PER_MUSD);
    let room = result.capacity.map(|c| (c - result.used).abs());
    if result.minimum {
        result.gain_valid_to = room;
    } else {
        result.loss_valid_to = room;
    }
    result.net_gain_usd_per_year = None;
}

fn write(result: &mut LimitResult, value: Value) {
    let usd = |slope: f64| {
        let v = slope * USD_PER_MUSD;
        if slope.abs() < NOTHING_MUSD { 0.0 } else { v }
    };
    if let Some(gain) = value.gain {
        result.gain_usd_per_year = gain.slope.map(usd);
        result.gain_valid_to = gain.valid_to;
    }
    if let Some(loss) = value.loss {
        result.loss_usd_per_year = loss.slope.map(usd);
        result.loss_valid_to = loss.valid_to;
    }
    // A limit binds where moving it helps or hurts. Racks that would stand idle are
    // all in place and yet hold nothing back.
    let helps = |v: Option<f64>| v.is_some_and(|v| v > 0.0);
    let hurts = |v: Option<f64>| v.is_none_or(|v| v < 0.0);
    let (gain, loss) = (result.gain_usd_per_year, result.loss_usd_per_year);
    result.binding =
        if result.minimum { hurts(gain) || helps(loss) } else { helps(gain) || hurts(loss) };
}

/// Gain less what one more unit costs a year; unknown where its cost is.
fn net(input: &PlanInput, limit: Limit, gain: Option<f64>) -> Option<f64> {
    let cost = match limit {
        Limit::GridContract | Limit::Node(_) | Limit::LoopHeat(_) => {
            input.site.capacity_musd_per_mw_year
        }
        Limit::BlockUnits(b) => {
            let block = &input.blocks[b];
            let installed = matches!(block.holding, Holding::Installed(_));
            block.racks.first().filter(|_| installed).and_then(|&r| input.racks[r].annual_musd)
        }
        _ => None,
    };
    Some(gain? - cost? * USD_PER_MUSD)
}

/// Limits that are worth nothing alone and are missed when they shrink are in
/// series with another: raise them together, then leave out those not needed.
fn joint(
    live: &mut LiveHighs,
    q: &Question,
    limits: &[LimitResult],
    mut stuck: Vec<(usize, Limit)>,
) -> Result<Vec<JointGain>, BackendError> {
    let mut found = Vec::new();
    while let Some(&(first, _)) = stuck.first() {
        let unit = limits[first].unit.clone();
        let (alike, rest): (Vec<_>, Vec<_>) =
            stuck.into_iter().partition(|(i, _)| limits[*i].unit == unit);
        stuck = rest;
        let mut pool = alike;
        while pool.len() > 1 {
            let all = gain(live, q, &pool)?;
            if all <= NOTHING_MUSD {
                break;
            }
            let set = fewest(live, q, &pool, all * SAME_FRAC)?;
            for chain in chains(live, q, set.clone(), all)? {
                let of = |(i, _): &(usize, Limit)| limits[*i].capacity;
                let reach = 10.0 * chain.iter().filter_map(of).fold(1.0, f64::max);
                let shifts = together(q, &chain);
                let one = one_sided(live, q.solution, &shifts, Direction::Up, reach)?;
                found.push(JointGain {
                    limits: chain.iter().map(|(i, _)| limits[*i].id.clone()).collect(),
                    gain_usd_per_year: one.slope.unwrap_or(0.0) * USD_PER_MUSD,
                    valid_to: one.valid_to,
                });
            }
            pool.retain(|x| !set.contains(x));
        }
    }
    Ok(found)
}

/// Gains whose ratio is above this are the same.
const SAME_FRAC: f64 = 1.0 - 1e-6;

/// Slope of raising all limits of a set by one unit each, M$ a year.
fn gain(live: &mut LiveHighs, q: &Question, set: &[(usize, Limit)]) -> Result<f64, BackendError> {
    let one = one_sided(live, q.solution, &together(q, set), Direction::Up, 0.0)?;
    Ok(one.slope.unwrap_or(0.0))
}

/// Leaves out limits of a set while the others still gain `enough`.
fn fewest(
    live: &mut LiveHighs,
    q: &Question,
    set: &[(usize, Limit)],
    enough: f64,
) -> Result<Vec<(usize, Limit)>, BackendError> {
    let mut set = set.to_vec();
    let mut k = 0;
    while set.len() > 1 && k < set.len() {
        let mut fewer = set.clone();
        fewer.remove(k);
        if gain(live, q, &fewer)? >= enough {
            set = fewer;
        } else {
            k += 1;
        }
    }
    Ok(set)
}

/// Splits a set into chains that have nothing to do with one another: their gains add up.
fn chains(
    live: &mut LiveHighs,
    q: &Question,
    mut set: Vec<(usize, Limit)>,
    mut all: f64,
) -> Result<Vec<Vec<(usize, Limit)>>, BackendError> {
    let mut out = Vec::new();
    loop {
        let one = fewest(live, q, &set, NOTHING_MUSD.max(all * (1.0 - SAME_FRAC)))?;
        let rest: Vec<_> = set.iter().filter(|x| !one.contains(x)).copied().collect();
        let (a, b) = (gain(live, q, &one)?, gain(live, q, &rest)?);
        if rest.is_empty() || a + b < all * SAME_FRAC {
            out.push(set);
            out.sort_by_key(|chain| chain.first().map(|x| x.0));
            return Ok(out);
        }
        out.push(one);
        (set, all) = (rest, b);
    }
}

/// Rows of several limits that rise together; a row that two of them move rises by both.
fn together(q: &Question, set: &[(usize, Limit)]) -> Vec<RowShift> {
    let mut rows: BTreeMap<usize, RowShift> = BTreeMap::new();
    for (_, limit) in set {
        for s in q.shifts(*limit) {
            let sum = rows.entry(s.row).or_insert(RowShift { row: s.row, lower: 0.0, upper: 0.0 });
            sum.lower += s.lower;
            sum.upper += s.upper;
        }
    }
    rows.into_values().collect()
}
