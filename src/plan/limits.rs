//! The limits of a plan: which there are, what planners call them, and which
//! rows of the model move when one of them moves by one unit.

use super::input::{Holding, PlanInput, Product};
use std::collections::BTreeMap;

/// Tokens/s in one unit of the model (Mtok/s).
pub const TOKENS_PER_UNIT: f64 = 1e6;
/// GPUs in one unit of the model (thousands).
pub const GPUS_PER_UNIT: f64 = 1e3;

/// A limit by what it limits; indices point into the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    GridContract,
    Node(usize),
    NodeFirm(usize),
    LoopHeat(usize),
    LoopFlow(usize),
    HallPositions(usize),
    HallFloor(usize),
    HallAir(usize),
    BlockUnits(usize),
    Supply(usize),
    CapexBudget,
    SiteShare(usize),
    Pairing(usize),
    Demand { tier: usize, step: usize },
    Commitment(usize),
}

/// Change of one row's finite bounds per unit of a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    pub row: usize,
    pub amount: f64,
}

/// Rows by the limit that sets them; ordered, so that reports are.
pub type LimitRows = BTreeMap<Limit, Vec<Shift>>;

/// How a limit is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The `--set` path of the number behind the limit.
    pub id: String,
    pub kind: &'static str,
    pub element: String,
    pub name: String,
    pub unit: &'static str,
    /// In `unit`; infinite where unlimited.
    pub capacity: f64,
    pub minimum: bool,
}

impl Limit {
    /// Every limit that an input can have, in the order of reports.
    pub fn all(input: &PlanInput) -> Vec<Limit> {
        let mut all = vec![Limit::GridContract];
        for n in 0..input.nodes.len() {
            all.push(Limit::Node(n));
            if input.tiers.iter().any(|t| t.firm) {
                all.push(Limit::NodeFirm(n));
            }
        }
        for l in 0..input.loops.len() {
            all.extend([Limit::LoopHeat(l), Limit::LoopFlow(l)]);
        }
        for h in 0..input.halls.len() {
            all.extend([Limit::HallPositions(h), Limit::HallFloor(h), Limit::HallAir(h)]);
        }
        all.extend((0..input.blocks.len()).map(Limit::BlockUnits));
        all.extend((0..input.supply.len()).map(Limit::Supply));
        all.push(Limit::CapexBudget);
        for (r, rack) in input.racks.iter().enumerate() {
            if rack.max_site_share.is_some() {
                all.push(Limit::SiteShare(r));
            }
            if rack.pairs_with.is_some() {
                all.push(Limit::Pairing(r));
            }
        }
        for (t, tier) in input.tiers.iter().enumerate() {
            all.extend((0..tier.steps.len()).map(|step| Limit::Demand { tier: t, step }));
            if tier.commitment.is_some() {
                all.push(Limit::Commitment(t));
            }
        }
        all.retain(|l| l.capacity(input).is_finite());
        all
    }

    /// Capacity in the unit of the description; infinite where unlimited.
    pub fn capacity(self, input: &PlanInput) -> f64 {
        match self {
            Limit::GridContract => input.site.grid_contract_mw,
            Limit::Node(n) => input.nodes[n].capacity_mw,
            Limit::NodeFirm(n) => input.nodes[n].firm_mw,
            Limit::LoopHeat(l) => input.loops[l].heat_mw,
            Limit::LoopFlow(l) => input.loops[l].flow_lpm,
            Limit::HallPositions(h) => input.halls[h].positions,
            Limit::HallFloor(h) => input.halls[h].mass_kg / 1e3,
            Limit::HallAir(h) => input.halls[h].air_mw,
            Limit::BlockUnits(b) => match input.blocks[b].holding {
                Holding::Installed(n) | Holding::Planned { max: n, .. } | Holding::Pool(n) => n,
            },
            Limit::Supply(s) => input.supply[s].max_units,
            Limit::CapexBudget => input.site.capex_budget_musd,
            Limit::SiteShare(r) => {
                let share = input.racks[r].max_site_share.unwrap_or(f64::INFINITY);
                share * input.site.grid_contract_mw
            }
            Limit::Pairing(_) => 0.0,
            Limit::Demand { tier, step } => {
                let tier = &input.tiers[tier];
                tier.steps[step].volume * product_unit(tier.product).1
            }
            Limit::Commitment(t) => {
                let tier = &input.tiers[t];
                let volume = tier.commitment.map_or(f64::INFINITY, |c| c.0);
                volume * product_unit(tier.product).1
            }
        }
    }

    /// Name, unit and capacity of the limit.
    pub fn describe(self, input: &PlanInput) -> Description {
        let d = |id: String, kind, element: &str, name: String, unit| Description {
            id,
            kind,
            element: element.to_owned(),
            name,
            unit,
            capacity: self.capacity(input),
            minimum: false,
        };
        match self {
            Limit::GridContract => d(
                "site.grid_contract_mw".into(),
                "grid_contract",
                "",
                "Grid contract, worst hour".into(),
                "MW",
            ),
            Limit::Node(n) => {
                let node = &input.nodes[n];
                let feed = node.kind == "feed";
                let list = if feed { "feeds" } else { "nodes" };
                let kind = if feed { "feed_capacity" } else { "node_capacity" };
                let name = format!("{} capacity", node.name);
                d(format!("{list}.{}.capacity_mw", node.id), kind, &node.id, name, "MW")
            }
            Limit::NodeFirm(n) => {
                let node = &input.nodes[n];
                let list = if node.kind == "feed" { "feeds" } else { "nodes" };
                let name = format!("{} firm power", node.name);
                d(format!("{list}.{}.firm_mw", node.id), "node_firm", &node.id, name, "MW")
            }
            Limit::LoopHeat(l) => {
                let x = &input.loops[l];
                let name = format!("{} heat", x.name);
                d(format!("loops.{}.heat_mw", x.id), "loop_heat", &x.id, name, "MW")
            }
            Limit::LoopFlow(l) => {
                let x = &input.loops[l];
                let name = format!("{} flow", x.name);
                d(format!("loops.{}.flow_lpm", x.id), "loop_flow", &x.id, name, "L/min")
            }
            Limit::HallPositions(h) => {
                let x = &input.halls[h];
                let name = format!("{} rack positions", x.name);
                let id = format!("halls.{}.positions", x.id);
                d(id, "hall_positions", &x.id, name, "positions")
            }
            Limit::HallFloor(h) => {
                let x = &input.halls[h];
                let name = format!("{} floor load", x.name);
                d(format!("halls.{}.floor_kg_m2", x.id), "hall_floor", &x.id, name, "t")
            }
            Limit::HallAir(h) => {
                let x = &input.halls[h];
                let name = format!("{} air heat", x.name);
                d(format!("halls.{}.air_heat_mw", x.id), "hall_air", &x.id, name, "MW")
            }
            Limit::BlockUnits(b) => {
                let block = &input.blocks[b];
                let (field, unit) = match block.holding {
                    Holding::Installed(_) => ("count", "racks"),
                    Holding::Planned { .. } => ("planned.max", "racks"),
                    Holding::Pool(_) => ("mw", "MW"),
                };
                let id = format!("blocks.{}.{field}", block.id);
                d(id, "block_racks", &block.id, format!("{} racks", block.name), unit)
            }
            Limit::Supply(s) => {
                let x = &input.supply[s];
                let rack = &input.racks[x.rack].id;
                let name = format!("Supply of {rack}");
                d(format!("supply.{rack}.max_racks"), "supply", rack, name, "racks")
            }
            Limit::CapexBudget => d(
                "finance.capex_budget_usd".into(),
                "capex_budget",
                "",
                "Capex budget".into(),
                "M$",
            ),
            Limit::SiteShare(r) => {
                let rack = &input.racks[r];
                let name = format!("{} share of the site", rack.id);
                let id = format!("policy.max_site_share.{}", rack.id);
                d(id, "site_share", &rack.id, name, "MW")
            }
            Limit::Pairing(r) => {
                let rack = &input.racks[r];
                let name = format!("{} paired prefill", rack.id);
                d(format!("racks.{}.pair_ratio", rack.id), "pairing", &rack.id, name, "M tok/s")
            }
            Limit::Demand { tier, step } => {
                let tier = &input.tiers[tier];
                let (unit, _) = product_unit(tier.product);
                let field = match tier.product {
                    Product::Tokens => "volume_tok_s",
                    Product::Gpus => "volume_gpus",
                };
                let name = if tier.steps.len() > 1 {
                    format!("{} demand, step {}", tier.name, step + 1)
                } else {
                    format!("{} demand", tier.name)
                };
                let id = format!("tiers.{}.demand.{step}.{field}", tier.id);
                d(id, "demand", &tier.id, name, unit)
            }
            Limit::Commitment(t) => {
                let tier = &input.tiers[t];
                let (unit, _) = product_unit(tier.product);
                let name = format!("{} least volume", tier.name);
                let id = format!("tiers.{}.commitment.volume", tier.id);
                Description { minimum: true, ..d(id, "commitment", &tier.id, name, unit) }
            }
        }
    }
}

impl Limit {
    /// Moves the limit by `change` of its unit.
    pub fn raise(self, input: &mut PlanInput, change: f64) {
        let scale = |product: Product| product_unit(product).1;
        match self {
            Limit::GridContract => input.site.grid_contract_mw += change,
            Limit::Node(n) => input.nodes[n].capacity_mw += change,
            Limit::NodeFirm(n) => input.nodes[n].firm_mw += change,
            Limit::LoopHeat(l) => input.loops[l].heat_mw += change,
            Limit::LoopFlow(l) => input.loops[l].flow_lpm += change,
            Limit::HallPositions(h) => input.halls[h].positions += change,
            Limit::HallFloor(h) => input.halls[h].mass_kg += change * 1e3,
            Limit::HallAir(h) => input.halls[h].air_mw += change,
            Limit::BlockUnits(b) => match &mut input.blocks[b].holding {
                Holding::Installed(n) | Holding::Planned { max: n, .. } => *n += change,
                Holding::Pool(mw) => *mw += change,
            },
            Limit::Supply(s) => input.supply[s].max_units += change,
            Limit::CapexBudget => input.site.capex_budget_musd += change,
            Limit::SiteShare(r) => {
                let contract = input.site.grid_contract_mw;
                let share = &mut input.racks[r].max_site_share;
                *share = share.map(|s| s + change / contract);
            }
            // Limits at zero by nature: nothing to move.
            Limit::Pairing(_) => {}
            Limit::Demand { tier, step } => {
                let scale = scale(input.tiers[tier].product);
                input.tiers[tier].steps[step].volume += change / scale;
            }
            Limit::Commitment(t) => {
                let scale = scale(input.tiers[t].product);
                if let Some(c) = &mut input.tiers[t].commitment {
                    c.0 += change / scale;
                }
            }
        }
    }
}

/// Display unit of a product and display units per unit of the model.
pub fn product_unit(product: Product) -> (&'static str, f64) {
    match product {
        Product::Tokens => ("M tok/s", 1.0),
        Product::Gpus => ("GPUs", GPUS_PER_UNIT),
    }
}
