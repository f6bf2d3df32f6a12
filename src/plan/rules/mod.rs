//! The rules of the plan, one a file: each adds its rows to the model and says
//! which limit they belong to. Rules are independent of one another's order.

mod availability;
mod commitment;
mod demand;
mod extreme;
mod grid;
mod halls;
mod hold;
mod loops;
mod nodes;
mod pairing;
mod purchase;
mod reserved;
pub mod shares;
mod tokens;
mod whole;

pub use shares::it_per_output;

use super::columns::Columns;
use super::input::{BlockIn, Holding, PlanInput, Product};
use super::limits::{Limit, LimitRows, Shift};
use super::lp::LinearModel;

/// A rule: its name for documentation, and what adds its rows.
pub struct Rule {
    pub name: &'static str,
    pub add: fn(&mut Build),
}

/// Every rule of the plan.
pub static ALL: &[Rule] = &[
    Rule { name: "availability", add: availability::add },
    Rule { name: "tokens", add: tokens::add },
    Rule { name: "grid", add: grid::add },
    Rule { name: "nodes", add: nodes::add },
    Rule { name: "loops", add: loops::add },
    Rule { name: "extreme", add: extreme::add },
    Rule { name: "halls", add: halls::add },
    Rule { name: "purchase", add: purchase::add },
    Rule { name: "pairing", add: pairing::add },
    Rule { name: "demand", add: demand::add },
    Rule { name: "reserved", add: reserved::add },
    Rule { name: "commitment", add: commitment::add },
    Rule { name: "shares", add: shares::add },
    Rule { name: "whole", add: whole::add },
    Rule { name: "hold", add: hold::add },
];

/// A model under construction.
pub struct Build<'a> {
    pub input: &'a PlanInput,
    pub cols: &'a Columns,
    pub model: LinearModel,
    pub limits: LimitRows,
}

impl Build<'_> {
    /// Adds `entries <= upper` as a row of `limit`, which moves by `amount` per unit of the limit.
    pub fn limit_row(
        &mut self,
        limit: Limit,
        upper: f64,
        amount: f64,
        entries: impl IntoIterator<Item = (usize, f64)>,
    ) -> usize {
        let row = self.model.add_row(f64::NEG_INFINITY, upper, entries);
        self.shift(limit, row, amount);
        row
    }

    /// Says that `row` moves by `amount` per unit of `limit`.
    pub fn shift(&mut self, limit: Limit, row: usize, amount: f64) {
        if amount != 0.0 {
            self.limits.entry(limit).or_default().push(Shift { row, amount });
        }
    }
}

/// Power, heat and flow per running unit and per spare unit, as the rules need them.
impl PlanInput {
    /// Share of the year that an hour stands for, times its period's weight.
    pub fn hour_weight(&self, h: usize) -> f64 {
        let hour = &self.hours[h];
        hour.weight_h / crate::units::HOURS_PER_YEAR * self.periods[hour.period].weight
    }

    /// Mechanical power, MW, per unit of block `b` at point `p` in hour `h`.
    pub fn mechanical_mw(&self, b: &BlockIn, p: usize, h: usize) -> f64 {
        let point = &self.points[p];
        b.cooling.map_or(0.0, |l| {
            let x = &self.loops[l];
            point.liquid_mw * x.mech_liquid[h] + point.air_mw * x.mech_air[h]
        })
    }

    /// Typical hour in which the design extreme falls; absent where it is unknown.
    pub fn extreme_hour(&self) -> Option<usize> {
        self.loops.iter().find_map(|l| l.extreme).map(|extreme| extreme.hour)
    }

    /// Mechanical power, MW, per unit of block `b` at point `p` at the design extreme; as in
    /// the hour itself where the extreme of the loop is unknown.
    pub fn extreme_mechanical_mw(&self, b: &BlockIn, p: usize) -> f64 {
        let point = &self.points[p];
        let extreme = b.cooling.and_then(|l| self.loops[l].extreme);
        match (extreme, self.extreme_hour()) {
            (Some(x), _) => point.liquid_mw * x.mech_liquid + point.air_mw * x.mech_air,
            (None, Some(h)) => self.mechanical_mw(b, p, h),
            (None, None) => 0.0,
        }
    }

    /// Grid power, MW, per unit of block `b` at point `p` in hour `h`, at provisioned power.
    pub fn grid_mw(&self, b: &BlockIn, p: usize, h: usize) -> f64 {
        let mechanical = self.mechanical_mw(b, p, h);
        let per_mw = b.cooling.map_or(0.0, |l| self.loops[l].grid_per_mw);
        self.points[p].it_mw * b.grid_per_it + mechanical * per_mw
    }

    /// Grid power, MW, of a spare unit of rack `r` in block `b` in hour `h`; its heat goes to liquid.
    pub fn spare_grid_mw(&self, b: &BlockIn, r: usize, h: usize) -> f64 {
        let mechanical =
            b.cooling.map_or(0.0, |l| self.loops[l].mech_liquid[h] * self.loops[l].grid_per_mw);
        self.racks[r].idle_mw * (b.grid_per_it + mechanical)
    }

    /// Spare units of an installed block, whose type is its only one.
    pub fn installed_spares(&self, b: &BlockIn) -> f64 {
        match b.holding {
            Holding::Installed(n) => n * self.racks[b.racks[0]].spares_frac,
            _ => 0.0,
        }
    }

    /// Output that a running unit of point `p` can sell.
    pub fn sellable(&self, p: usize) -> f64 {
        let point = &self.points[p];
        let billable = match point.product {
            Product::Tokens => self.site.billable_frac,
            Product::Gpus => 1.0,
        };
        point.output * self.racks[point.rack].sell_frac * billable
    }
}

/// Entries (column, coefficient) of all running units of block `b` in hour `h`, all classes.
pub fn running<'a>(
    cols: &'a Columns,
    b: usize,
    h: usize,
    coefficient: impl Fn(usize) -> f64 + 'a,
) -> impl Iterator<Item = (usize, f64)> + 'a {
    cols.block_points[b].iter().enumerate().flat_map(move |(k, &p)| {
        let c = coefficient(p);
        cols.x(h, b, k).map(move |x| (x, c))
    })
}
