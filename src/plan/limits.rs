//! The limits of a plan: which there are, what planners call them, and which
//! rows of the model move when one of them moves by one unit.

use super::input::{Holding, OUTAGE, PlanInput, Product};
use std::collections::BTreeMap;

/// Tokens/s in one unit of the model (Mtok/s).
pub const TOKENS_PER_UNIT: f64 = 1e6;
/// GPUs in one unit of the model (thousands).
pub const GPUS_PER_UNIT: f64 = 1e3;
/// Dollars in one unit of the model (M$).
pub const USD_PER_MUSD: f64 = 1e6;

/// Tokens/s or GPUs in one unit of the model.
pub fn amount_per_unit(product: Product) -> f64 {
    match product {
        Product::Tokens => TOKENS_PER_UNIT,
        Product::Gpus => GPUS_PER_UNIT,
    }
}

/// A limit by what it limits; indices point into the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    GridContract,
    Node(usize),
    NodeFirm(usize),
    LoopHeat(usize),
    LoopFlow(usize),
    /// Heat of firm racks at the design extreme, with the largest cooler out.
    LoopExtreme(usize),
    HallPositions(usize),
    HallFloor(usize),
    HallAir(usize),
    BlockUnits(usize),
    Supply(usize),
    CapexBudget,
    SiteShare(usize),
    Pairing(usize),
    Demand {
        tier: usize,
        step: usize,
    },
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
            if input.tiers.iter().any(|t| t.firm) {
                all.push(Limit::LoopExtreme(l));
            }
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

    /// What the limit allows, in the unit of its description; infinite where unlimited.
    pub fn capacity(self, input: &PlanInput) -> f64 {
        let scale = |t: usize| product_unit(input.tiers[t].product).1;
        match self {
            Limit::GridContract => input.site.grid_contract_mw,
            Limit::Node(n) => input.nodes[n].capacity_mw,
            Limit::NodeFirm(n) => input.nodes[n].firm_mw,
            Limit::LoopHeat(l) => input.loops[l].heat_mw,
            Limit::LoopFlow(l) => input.loops[l].flow_lpm,
            Limit::LoopExtreme(l) => input.loops[l].extreme.map_or(f64::INFINITY, |x| x.heat_mw),
            Limit::HallPositions(h) => input.halls[h].positions,
            Limit::HallFloor(h) => input.halls[h].mass_kg / 1e3,
            Limit::HallAir(h) => input.halls[h].air_mw,
            Limit::BlockUnits(b) => match input.blocks[b].holding {
                Holding::Installed(n) | Holding::Planned { max: n, .. } => n,
                Holding::Pool(mw) => mw,
            },
            Limit::Supply(s) => input.supply[s].max_units,
            Limit::CapexBudget => input.site.capex_budget_musd,
            Limit::SiteShare(r) => {
                let share = input.racks[r].max_site_share.unwrap_or(f64::INFINITY);
                share * input.site.grid_contract_mw
            }
            Limit::Pairing(_) => 0.0,
            Limit::Demand { tier, step } => input.tiers[tier].steps[step].volume * scale(tier),
            Limit::Commitment(t) => {
                input.tiers[t].commitment.map_or(f64::INFINITY, |c| c.0) * scale(t)
            }
        }
    }

    /// Name, unit and capacity of the limit.
    pub fn describe(self, input: &PlanInput) -> Description {
        Description { capacity: self.capacity(input), ..self.words(input) }
    }

    /// The description without the capacity.
    fn words(self, input: &PlanInput) -> Description {
        match self {
            Limit::GridContract => {
                named("site.grid_contract_mw", "grid_contract", "", "Grid contract, worst hour")
            }
            Limit::Node(n) => node(input, n, "capacity"),
            Limit::NodeFirm(n) => node(input, n, "firm power"),
            Limit::LoopHeat(_) | Limit::LoopFlow(_) | Limit::LoopExtreme(_) => self.of_loop(input),
            Limit::HallPositions(_) | Limit::HallFloor(_) | Limit::HallAir(_) => {
                self.of_hall(input)
            }
            Limit::BlockUnits(b) => block(input, b),
            Limit::CapexBudget => Description {
                unit: "M$",
                ..named("finance.capex_budget_usd", "capex_budget", "", "Capex budget")
            },
            Limit::Supply(_) | Limit::SiteShare(_) | Limit::Pairing(_) => self.of_rack(input),
            Limit::Demand { tier, step } => demand(input, tier, step),
            Limit::Commitment(t) => commitment(input, t),
        }
    }

    fn of_loop(self, input: &PlanInput) -> Description {
        let (Limit::LoopHeat(l) | Limit::LoopFlow(l) | Limit::LoopExtreme(l)) = self else {
            return nothing();
        };
        let x = &input.loops[l];
        let own = |field: &str, kind, what: &str| {
            named(&format!("loops.{}.{field}", x.id), kind, &x.id, &format!("{} {what}", x.name))
        };
        match self {
            Limit::LoopFlow(_) => {
                Description { unit: "L/min", ..own("flow_lpm", "loop_flow", "flow") }
            }
            Limit::LoopExtreme(_) => {
                own("rejection", "loop_extreme", "firm heat at the design extreme, a cooler out")
            }
            _ => own("heat_mw", "loop_heat", "heat"),
        }
    }

    fn of_hall(self, input: &PlanInput) -> Description {
        let (Limit::HallPositions(h) | Limit::HallFloor(h) | Limit::HallAir(h)) = self else {
            return nothing();
        };
        let x = &input.halls[h];
        let own = |field: &str, kind, what: &str| {
            named(&format!("halls.{}.{field}", x.id), kind, &x.id, &format!("{} {what}", x.name))
        };
        match self {
            Limit::HallPositions(_) => Description {
                unit: "positions",
                ..own("positions", "hall_positions", "rack positions")
            },
            Limit::HallFloor(_) => {
                Description { unit: "t", ..own("floor_kg_m2", "hall_floor", "floor load") }
            }
            _ => own("air_heat_mw", "hall_air", "air heat"),
        }
    }

    fn of_rack(self, input: &PlanInput) -> Description {
        let r = match self {
            Limit::Supply(s) => input.supply[s].rack,
            Limit::SiteShare(r) | Limit::Pairing(r) => r,
            _ => return nothing(),
        };
        let rack = &input.racks[r];
        let own = |id: String, kind, name: String| named(&id, kind, &rack.id, &name);
        let id = &rack.id;
        match self {
            Limit::Supply(_) => Description {
                unit: "racks",
                ..own(
                    format!("supply.{id}.max_racks"),
                    "supply",
                    format!("Supply of {}", rack.name),
                )
            },
            Limit::SiteShare(_) => {
                let path = format!("policy.max_site_share.{id}");
                own(path, "site_share", format!("{} share of the site", rack.name))
            }
            _ => Description {
                unit: "M tok/s",
                ..own(
                    format!("racks.{id}.pair_ratio"),
                    "pairing",
                    format!("{} paired prefill", rack.name),
                )
            },
        }
    }
}

/// A description in MW that limits nothing yet.
fn named(id: &str, kind: &'static str, element: &str, name: &str) -> Description {
    Description {
        id: id.to_owned(),
        kind,
        element: element.to_owned(),
        name: name.to_owned(),
        ..nothing()
    }
}

fn nothing() -> Description {
    Description {
        id: String::new(),
        kind: "",
        element: String::new(),
        name: String::new(),
        unit: "MW",
        capacity: f64::INFINITY,
        minimum: false,
    }
}

fn node(input: &PlanInput, n: usize, what: &str) -> Description {
    let node = &input.nodes[n];
    if let (OUTAGE, Some((_, left))) = (node.kind.as_str(), node.id.split_once('.')) {
        let id = format!("outages.{}", node.id);
        return match what {
            "capacity" => {
                let name = format!("{}, until load is run back", node.name);
                named(&format!("{id}.run_back"), OUTAGE, left, &name)
            }
            _ => named(&id, OUTAGE, left, &node.name),
        };
    }
    let feed = node.kind == "feed";
    let list = if feed { "feeds" } else { "nodes" };
    let (field, kind) = match (what, feed) {
        ("capacity", true) => ("capacity_mw", "feed_capacity"),
        ("capacity", false) => ("capacity_mw", "node_capacity"),
        _ => ("firm_mw", "node_firm"),
    };
    let id = format!("{list}.{}.{field}", node.id);
    named(&id, kind, &node.id, &format!("{} {what}", node.name))
}

fn commitment(input: &PlanInput, t: usize) -> Description {
    let tier = &input.tiers[t];
    let unit = product_unit(tier.product).0;
    let id = format!("tiers.{}.commitment.volume", tier.id);
    let name = format!("{} least volume", tier.name);
    Description { unit, minimum: true, ..named(&id, "commitment", &tier.id, &name) }
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
            Limit::LoopExtreme(l) => {
                if let Some(extreme) = &mut input.loops[l].extreme {
                    extreme.heat_mw += change;
                }
            }
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

fn demand(input: &PlanInput, t: usize, step: usize) -> Description {
    let tier = &input.tiers[t];
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
    let unit = product_unit(tier.product).0;
    Description { unit, ..named(&id, "demand", &tier.id, &name) }
}

fn block(input: &PlanInput, b: usize) -> Description {
    let block = &input.blocks[b];
    let (field, unit) = match block.holding {
        Holding::Installed(_) => ("count", "racks"),
        Holding::Planned { .. } => ("planned.max", "racks"),
        Holding::Pool(_) => ("mw", "MW"),
    };
    let (id, name) = (format!("blocks.{}.{field}", block.id), format!("{} racks", block.name));
    Description { unit, ..named(&id, "block_racks", &block.id, &name) }
}
