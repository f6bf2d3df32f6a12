//! What a dispatch amounts to, from the input alone: power, heat, tokens, money.
//!
//! Knows nothing of rows and columns, so it can judge what the matrix says.

use super::dispatch::{Dispatch, Run};
use super::input::{Holding, PlanInput, Product};
use super::limits::{Limit, product_unit};
use super::rules::it_per_output;

/// Hours this close in power are equal.
const EQUAL_FRAC: f64 = 1e-9;

/// Totals of one hour, MW.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HourTotals {
    pub grid_mw: f64,
    /// Of this, what racks on firm power take.
    pub firm_grid_mw: f64,
    pub it_mw: f64,
    pub drawn_grid_mw: f64,
    /// Output tokens sold, Mtok/s.
    pub tokens: f64,
    pub running_units: f64,
}

/// Money of a plan, M$ a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Money {
    /// Sales less cost that grows with tokens.
    pub sales: f64,
    pub energy: f64,
    pub demand_charge: f64,
    pub penalty: f64,
    pub capital: f64,
}

/// What firm racks take at the design extreme, MW: of the grid, at each node, heat of each loop.
struct Extreme {
    grid_mw: f64,
    nodes: Vec<f64>,
    loops: Vec<f64>,
}

/// Evaluates one dispatch.
pub struct Evaluation<'a> {
    pub input: &'a PlanInput,
    pub dispatch: &'a Dispatch,
    pub hours: Vec<HourTotals>,
    pub nodes: Vec<Vec<f64>>,
    pub firm_nodes: Vec<Vec<f64>>,
    loops: Vec<Vec<(f64, f64)>>,
    extreme: Extreme,
    halls: Vec<Vec<f64>>,
    /// By hour and block: running units, or grid MW of a pool.
    running: Vec<Vec<f64>>,
    /// Units bought, by block.
    bought: Vec<f64>,
    /// Mean output sold, by tier and step.
    sold: Vec<Vec<f64>>,
}

impl<'a> Evaluation<'a> {
    pub fn new(input: &'a PlanInput, dispatch: &'a Dispatch) -> Self {
        let hours = input.hours.len();
        let mut e = Evaluation {
            input,
            dispatch,
            hours: vec![HourTotals::default(); hours],
            nodes: vec![vec![0.0; input.nodes.len()]; hours],
            firm_nodes: vec![vec![0.0; input.nodes.len()]; hours],
            loops: vec![vec![(0.0, 0.0); input.loops.len()]; hours],
            halls: vec![vec![0.0; input.halls.len()]; hours],
            extreme: Extreme {
                grid_mw: 0.0,
                nodes: vec![0.0; input.nodes.len()],
                loops: vec![0.0; input.loops.len()],
            },
            running: vec![vec![0.0; input.blocks.len()]; hours],
            bought: vec![0.0; input.blocks.len()],
            sold: input.tiers.iter().map(|t| vec![0.0; t.steps.len()]).collect(),
        };
        dispatch.runs.iter().for_each(|run| e.add_run(run));
        e.add_extreme();
        e.add_spares();
        let worst = input.blocks.iter().map(|b| b.grid_per_it).fold(1.0, f64::max);
        for &(_, h, mw) in &dispatch.idle {
            e.hours[h].it_mw += mw;
            e.hours[h].grid_mw += mw * worst;
        }
        for &(b, _, units) in &dispatch.bought {
            e.bought[b] += units;
        }
        for sale in &dispatch.sales {
            e.sold[sale.tier][sale.step] += input.hour_weight(sale.hour) * sale.output;
            if input.tiers[sale.tier].product == Product::Tokens {
                e.hours[sale.hour].tokens += sale.output;
            }
        }
        e
    }

    fn add_run(&mut self, run: &Run) {
        let (input, h) = (self.input, run.hour);
        let point = &input.points[run.point];
        let block = &input.blocks[run.block];
        let it = point.it_mw * run.units;
        let grid = input.grid_mw(block, run.point, h) * run.units;
        let mechanical = input.mechanical_mw(block, run.point, h) * run.units;
        let pool = matches!(block.holding, Holding::Pool(_));
        self.running[h][run.block] += if pool { grid } else { run.units };
        let totals = &mut self.hours[h];
        totals.it_mw += it;
        totals.grid_mw += grid;
        totals.running_units += run.units;
        if run.firm {
            totals.firm_grid_mw += grid;
        }
        if point.it_mw > 0.0 {
            totals.drawn_grid_mw += grid * point.drawn_mw / point.it_mw;
        }
        self.add_at_nodes(h, run.block, it, mechanical, run.firm);
        if let Some(l) = block.cooling {
            self.loops[h][l].0 += (point.liquid_mw + point.air_mw) * run.units;
            self.loops[h][l].1 += point.flow_lpm * run.units;
        }
        if let Some(hall) = block.hall {
            self.halls[h][hall] += point.air_mw * run.units;
        }
    }

    /// Firm racks at the design extreme.
    fn add_extreme(&mut self) {
        let input = self.input;
        let Some(hour) = input.extreme_hour() else { return };
        for run in self.dispatch.runs.iter().filter(|r| r.firm && r.hour == hour) {
            let block = &input.blocks[run.block];
            let point = &input.points[run.point];
            let it = point.it_mw * run.units;
            let mechanical = input.extreme_mechanical_mw(block, run.point) * run.units;
            self.extreme.grid_mw += it * block.grid_per_it;
            for &(n, per_it) in &block.node_per_it {
                self.extreme.nodes[n] += it * per_it;
            }
            let Some(l) = block.cooling else { continue };
            self.extreme.grid_mw += mechanical * input.loops[l].grid_per_mw;
            for &(n, per_mw) in &input.loops[l].node_per_mw {
                self.extreme.nodes[n] += mechanical * per_mw;
            }
            self.extreme.loops[l] += (point.liquid_mw + point.air_mw) * run.units;
        }
    }

    fn add_at_nodes(&mut self, h: usize, b: usize, it: f64, mechanical: f64, firm: bool) {
        let block = &self.input.blocks[b];
        let above_loop = block.cooling.map_or(&[][..], |l| &self.input.loops[l].node_per_mw);
        let electric = block.node_per_it.iter().map(|&(n, k)| (n, it * k));
        for (n, mw) in electric.chain(above_loop.iter().map(|&(n, k)| (n, mechanical * k))) {
            self.nodes[h][n] += mw;
            if firm {
                self.firm_nodes[h][n] += mw;
            }
        }
    }

    /// Spares idle in every hour.
    fn add_spares(&mut self) {
        let input = self.input;
        let held = input.blocks.iter().enumerate();
        let installed = held
            .filter(|(_, block)| matches!(block.holding, Holding::Installed(_)))
            .map(|(b, block)| (b, block.racks[0], input.installed_spares(block)));
        let bought =
            self.dispatch.bought.iter().map(|&(b, r, n)| (b, r, n * input.racks[r].spares_frac));
        for (b, r, spares) in installed.chain(bought) {
            let block = &input.blocks[b];
            let idle = input.racks[r].idle_mw * spares;
            for h in 0..input.hours.len() {
                let grid = input.spare_grid_mw(block, r, h) * spares;
                let mechanical =
                    block.cooling.map_or(0.0, |l| input.loops[l].mech_liquid[h] * idle);
                self.hours[h].it_mw += idle;
                self.hours[h].grid_mw += grid;
                self.hours[h].drawn_grid_mw += grid;
                self.add_at_nodes(h, b, idle, mechanical, false);
                if let Some(l) = block.cooling {
                    self.loops[h][l].0 += idle;
                }
            }
        }
    }

    /// Money of the plan.
    pub fn money(&self) -> Money {
        let input = self.input;
        let weight = |h: usize| input.hour_weight(h);
        let sales =
            self.dispatch.sales.iter().map(|s| {
                weight(s.hour) * s.output * input.tiers[s.tier].steps[s.step].musd_per_year
            });
        let energy = self
            .hours
            .iter()
            .enumerate()
            .map(|(h, t)| super::build::energy_musd_per_mw(input, h) * t.drawn_grid_mw);
        let penalty = self.dispatch.shortfall.iter().map(|&(t, h, v)| {
            let price = input.tiers[t].commitment.and_then(|c| c.1).unwrap_or(0.0);
            weight(h) * price * v
        });
        let capital = self.dispatch.bought.iter().map(|&(_, r, n)| {
            let annual = input.racks[r].annual_musd.unwrap_or(0.0);
            if input.policy.invest { annual * n } else { 0.0 }
        });
        Money {
            sales: sales.sum(),
            energy: energy.sum(),
            demand_charge: input.site.demand_musd_per_mw_year * self.worst(|t| t.grid_mw),
            penalty: penalty.sum(),
            capital: capital.sum(),
        }
    }

    /// Largest value over the hours.
    pub fn worst(&self, of: impl Fn(&HourTotals) -> f64) -> f64 {
        self.hours.iter().map(of).fold(0.0, f64::max)
    }

    /// Hour of the largest grid power; of equals the one with the most power beside
    /// the racks, which is the hour that limits them.
    pub fn worst_hour(&self) -> usize {
        let most = self.worst(|t| t.grid_mw) * (1.0 - EQUAL_FRAC);
        let pue = |t: &HourTotals| if t.it_mw > 0.0 { t.grid_mw / t.it_mw } else { 0.0 };
        let mut worst: Option<(usize, f64)> = None;
        for (h, t) in self.hours.iter().enumerate().filter(|(_, t)| t.grid_mw >= most) {
            if worst.is_none_or(|(_, best)| pue(t) > best) {
                worst = Some((h, pue(t)));
            }
        }
        worst.map_or(0, |(h, _)| h)
    }

    /// Mean output sold to a tier, Mtok/s or thousand GPUs.
    pub fn mean_sold(&self, tier: usize) -> f64 {
        self.sold[tier].iter().sum()
    }

    /// How much of a limit is used, in the unit of its description.
    pub fn used(&self, limit: Limit) -> f64 {
        let worst = |of: &dyn Fn(usize) -> f64| (0..self.hours.len()).map(of).fold(0.0, f64::max);
        match limit {
            Limit::GridContract => self.worst(|t| t.grid_mw).max(self.extreme.grid_mw),
            Limit::Node(n) => worst(&|h| self.nodes[h][n]).max(self.extreme.nodes[n]),
            Limit::NodeFirm(n) => worst(&|h| self.firm_nodes[h][n]),
            Limit::LoopHeat(l) => worst(&|h| self.loops[h][l].0),
            Limit::LoopFlow(l) => worst(&|h| self.loops[h][l].1),
            Limit::LoopExtreme(l) => self.extreme.loops[l],
            Limit::HallAir(hall) => worst(&|h| self.halls[h][hall]),
            Limit::HallPositions(hall) => self.placed(hall, |r| self.input.racks[r].positions),
            Limit::HallFloor(hall) => self.placed(hall, |r| self.input.racks[r].mass_kg / 1e3),
            Limit::BlockUnits(b) => self.block_used(b),
            Limit::Supply(s) => {
                let rack = self.input.supply[s].rack;
                let bought = self.dispatch.bought.iter().filter(|x| x.1 == rack);
                bought.map(|x| x.2).sum()
            }
            Limit::CapexBudget => {
                let price = |r: usize| self.input.racks[r].price_musd.unwrap_or(0.0);
                self.dispatch.bought.iter().map(|&(_, r, n)| price(r) * n).sum()
            }
            Limit::SiteShare(r) => worst(&|h| self.rack_grid(r, h)),
            Limit::Pairing(r) => worst(&|h| self.pairing(r, h)),
            Limit::Demand { tier, step } => self.demand_used(tier, step),
            Limit::Commitment(t) => {
                let (_, scale) = product_unit(self.input.tiers[t].product);
                self.mean_sold(t) * scale
            }
        }
    }

    fn placed(&self, hall: usize, each: impl Fn(usize) -> f64) -> f64 {
        let input = self.input;
        let in_hall = |b: usize| input.blocks[b].hall == Some(hall);
        let installed =
            input.blocks.iter().filter(|b| b.hall == Some(hall)).map(|b| match b.holding {
                Holding::Installed(n) => n * each(b.racks[0]),
                _ => 0.0,
            });
        let bought = self.dispatch.bought.iter().filter(|x| in_hall(x.0));
        installed.sum::<f64>() + bought.map(|&(_, r, n)| each(r) * n).sum::<f64>()
    }

    /// Units of a block in use: running units with their spares, or what was bought.
    fn block_used(&self, b: usize) -> f64 {
        let block = &self.input.blocks[b];
        let most = || self.running.iter().map(|hour| hour[b]).fold(0.0, f64::max);
        match block.holding {
            Holding::Installed(_) => {
                let live = 1.0 - self.input.racks[block.racks[0]].spares_frac;
                most() / live.max(1e-9)
            }
            Holding::Planned { .. } => self.bought[b],
            Holding::Pool(_) => most(),
        }
    }

    fn rack_grid(&self, rack: usize, h: usize) -> f64 {
        let of_rack = |r: &&Run| r.hour == h && self.input.points[r.point].rack == rack;
        let runs = self.dispatch.runs.iter().filter(of_rack);
        runs.map(|r| r.units * self.input.grid_mw(&self.input.blocks[r.block], r.point, h)).sum()
    }

    /// Adjunct output beyond what its partners prefill; nothing while they keep up.
    fn pairing(&self, rack: usize, h: usize) -> f64 {
        let Some((partner, ratio)) = self.input.racks[rack].pairs_with else { return 0.0 };
        let runs = self.dispatch.runs.iter().filter(|r| r.hour == h);
        runs.map(|r| {
            let point = &self.input.points[r.point];
            if point.rack == rack {
                point.output * r.units
            } else if point.rack == partner {
                -ratio * point.prefill * r.units
            } else {
                0.0
            }
        })
        .sum::<f64>()
        .max(0.0)
    }

    /// Volume taken from a step: its own sales, or, where one price is posted,
    /// its part of all sales counted from the dearest step.
    fn demand_used(&self, t: usize, step: usize) -> f64 {
        let tier = &self.input.tiers[t];
        let (_, scale) = product_unit(tier.product);
        if tier.posted {
            let before: f64 = tier.steps[..step].iter().map(|s| s.volume).sum();
            return (self.mean_sold(t) - before).clamp(0.0, tier.steps[step].volume) * scale;
        }
        self.sold[t][step] * scale
    }

    /// Provisioned IT power that makes what a tier is sold in hour `h`, by point.
    pub fn it_of_sale(&self, point: usize, output: f64) -> f64 {
        it_per_output(self.input, point) * output
    }
}
