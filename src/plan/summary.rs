//! An evaluated dispatch as the plan that people read.

use super::evaluate::Evaluation;
use super::input::{Holding, OUTAGE, Product};
use super::limits::{GPUS_PER_UNIT, Limit, TOKENS_PER_UNIT, USD_PER_MUSD};
use super::result::{
    AllocationRow, BlockResult, BoughtResult, HourResult, LimitResult, Plan, PoolResult, Status,
    TierResult, TokenRates,
};
use std::collections::BTreeMap;

/// A limit is binding when less than this share of it is free.
const BINDING_FRAC: f64 = 1e-7;

/// Builds the plan of an optimal dispatch; marginal values are filled in later.
pub fn plan(e: &Evaluation) -> Plan {
    Plan {
        node_mw: at_nodes(e, &e.nodes),
        node_firm_mw: at_nodes(e, &e.firm_nodes),
        limits: limits(e),
        ..money(e)
    }
}

/// The plan without limits and nodes: what its money asks.
pub fn money(e: &Evaluation) -> Plan {
    let money = e.money();
    let allocation = allocation(e);
    let tiers = tiers(e, &allocation);
    let objective =
        money.sales - money.energy - money.demand_charge - money.penalty - money.capital;
    let output: f64 = tiers.iter().map(|t| t.tokens_per_s).sum();
    let worst = e.worst_hour();
    Plan {
        status: Status::Optimal,
        objective_usd_per_year: Some(objective * USD_PER_MUSD),
        revenue_usd_per_year: tiers.iter().map(|t| t.revenue_usd_per_year).sum(),
        energy_cost_usd_per_year: (money.energy + money.demand_charge) * USD_PER_MUSD,
        variable_cost_usd_per_year: variable_cost(e),
        penalty_usd_per_year: money.penalty * USD_PER_MUSD,
        annual_capital_usd_per_year: money.capital * USD_PER_MUSD,
        tokens_per_s: rates(e, output),
        grid_mw: e.worst(|t| t.grid_mw),
        firm_mw: e.worst(|t| t.firm_grid_mw),
        it_mw: e.hours.get(worst).map_or(0.0, |t| t.it_mw),
        blocks: blocks(e, worst),
        bought: bought(e),
        pools: pools(e),
        hours: hours(e),
        tiers,
        allocation,
        ..Plan::default()
    }
}

/// Input and cached tokens follow from the request shape of each tier that sold.
fn rates(e: &Evaluation, output: f64) -> TokenRates {
    let mut rates = TokenRates { input: Some(0.0), cached_input: Some(0.0), output };
    for (t, tier) in e.input.tiers.iter().enumerate().filter(|(_, t)| t.product == Product::Tokens)
    {
        let sold = e.mean_sold(t) * TOKENS_PER_UNIT;
        if sold <= 0.0 {
            continue;
        }
        let add = |total: Option<f64>, per: Option<f64>| Some(total? + per? * sold);
        rates.input = add(rates.input, tier.input_per_output);
        rates.cached_input = add(rates.cached_input, tier.cached_per_output);
    }
    rates
}

/// Cost that grows with tokens; prices of the input are net of it.
fn variable_cost(e: &Evaluation) -> f64 {
    let of_tier = |t: usize| e.mean_sold(t) * e.input.tiers[t].variable_musd_per_year;
    (0..e.input.tiers.len()).map(of_tier).sum::<f64>() * USD_PER_MUSD
}

fn allocation(e: &Evaluation) -> Vec<AllocationRow> {
    let input = e.input;
    let worst = e.worst_hour();
    let grid_per_it = grid_per_it(e, worst);
    let mut rows: BTreeMap<(usize, usize), AllocationRow> = BTreeMap::new();
    for sale in &e.dispatch.sales {
        let point = &input.points[sale.point];
        let tier = &input.tiers[sale.tier];
        let row = rows.entry((sale.tier, sale.point)).or_insert_with(|| AllocationRow {
            rack: input.racks[point.rack].id.clone(),
            tier: tier.id.clone(),
            operating_point: point.id.clone(),
            racks: Some(0.0),
            ..AllocationRow::default()
        });
        let weight = input.hour_weight(sale.hour);
        let units = sale.output / input.sellable(sale.point).max(1e-12);
        row.it_mw += weight * e.it_of_sale(sale.point, sale.output);
        row.racks = row
            .racks
            .zip(input.racks[point.rack].racks_per_unit)
            .map(|(sum, per_unit)| sum + weight * units * per_unit);
        if sale.hour == worst {
            row.grid_mw += e.it_of_sale(sale.point, sale.output) * grid_per_it[sale.point];
        }
        match point.product {
            Product::Tokens => row.tokens_per_s += weight * sale.output * TOKENS_PER_UNIT,
            Product::Gpus => row.gpus += weight * sale.output * GPUS_PER_UNIT,
        }
        let gross = tier.steps[sale.step].musd_per_year + tier.variable_musd_per_year;
        row.revenue_usd_per_year += weight * sale.output * gross * USD_PER_MUSD;
    }
    rows.into_values().collect()
}

/// Grid power over IT power of what runs each point in an hour.
fn grid_per_it(e: &Evaluation, h: usize) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); e.input.points.len()];
    for run in e.dispatch.runs.iter().filter(|r| r.hour == h) {
        let block = &e.input.blocks[run.block];
        sums[run.point].0 += run.units * e.input.grid_mw(block, run.point, h);
        sums[run.point].1 += run.units * e.input.points[run.point].it_mw;
    }
    sums.into_iter().map(|(grid, it)| if it > 0.0 { grid / it } else { 1.0 }).collect()
}

fn tiers(e: &Evaluation, allocation: &[AllocationRow]) -> Vec<TierResult> {
    let input = e.input;
    let mean = |list: &[(usize, usize, f64)], t: usize| -> f64 {
        let of_tier = list.iter().filter(|x| x.0 == t);
        of_tier.map(|&(_, h, v)| input.hour_weight(h) * v).sum()
    };
    let mut out = Vec::new();
    for (t, tier) in input.tiers.iter().enumerate() {
        let rows = allocation.iter().filter(|r| r.tier == tier.id);
        let mut result =
            TierResult { id: tier.id.clone(), name: tier.name.clone(), ..TierResult::default() };
        for row in rows {
            result.revenue_usd_per_year += row.revenue_usd_per_year;
            result.tokens_per_s += row.tokens_per_s;
            result.gpus += row.gpus;
            result.it_mw += row.it_mw;
        }
        for unsold in e.dispatch.unsold.iter().filter(|u| u.tier == t) {
            let weight = input.hour_weight(unsold.hour);
            result.it_mw += weight * e.it_of_sale(unsold.point, unsold.output);
            // GPUs held and not leased are power of the tier, not tokens.
            if tier.product == Product::Tokens {
                result.unsold_tokens_per_s += weight * unsold.output * TOKENS_PER_UNIT;
            }
        }
        result.it_mw += mean(&e.dispatch.idle, t);
        let short = mean(&e.dispatch.shortfall, t);
        match tier.product {
            Product::Tokens => result.shortfall_tokens_per_s = short * TOKENS_PER_UNIT,
            Product::Gpus => result.shortfall_gpus = short * GPUS_PER_UNIT,
        }
        if result.tokens_per_s > 0.0 {
            let mtok_per_year = result.tokens_per_s / 1e6 * crate::units::SECONDS_PER_YEAR;
            let output = output_revenue(e, t) * USD_PER_MUSD;
            result.price_usd_per_mtok = Some(output / mtok_per_year);
        }
        out.push(result);
    }
    let total: f64 = out.iter().map(|t| t.it_mw).sum();
    if total > 0.0 {
        out.iter_mut().for_each(|t| t.share_of_it_power = t.it_mw / total);
    }
    out
}

/// Revenue of output tokens alone, M$ a year.
fn output_revenue(e: &Evaluation, t: usize) -> f64 {
    let sales = e.dispatch.sales.iter().filter(|s| s.tier == t);
    let steps = &e.input.tiers[t].steps;
    sales.map(|s| e.input.hour_weight(s.hour) * s.output * steps[s.step].output_musd_per_year).sum()
}

fn blocks(e: &Evaluation, worst: usize) -> Vec<BlockResult> {
    let input = e.input;
    let mut rows: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
    for run in e.dispatch.runs.iter().filter(|r| r.hour == worst) {
        let entry = rows.entry((run.block, run.point)).or_default();
        entry.0 += run.units;
        entry.1 += if run.firm { run.units } else { 0.0 };
    }
    let mut out: Vec<BlockResult> = Vec::with_capacity(input.blocks.len());
    for (b, block) in input.blocks.iter().enumerate() {
        let mut any = false;
        for (&(_, p), &(units, firm)) in rows.range((b, 0)..(b + 1, 0)) {
            any = true;
            let point = &input.points[p];
            let rack = &input.racks[point.rack];
            out.push(BlockResult {
                id: block.id.clone(),
                rack: rack.id.clone(),
                operating_point: point.id.clone(),
                racks: rack.racks_per_unit.map(|k| k * units),
                firm_racks: rack.racks_per_unit.map(|k| k * firm),
                it_mw: point.it_mw * units,
            });
        }
        if !any {
            let rack = block.racks.first().map(|&r| input.racks[r].id.clone());
            out.push(BlockResult {
                id: block.id.clone(),
                rack: rack.unwrap_or_default(),
                racks: Some(0.0),
                firm_racks: Some(0.0),
                ..BlockResult::default()
            });
        }
    }
    out
}

fn bought(e: &Evaluation) -> Vec<BoughtResult> {
    let row = |&(b, r, racks): &(usize, usize, f64)| BoughtResult {
        block: e.input.blocks[b].id.clone(),
        rack: e.input.racks[r].id.clone(),
        racks,
    };
    e.dispatch.bought.iter().map(row).collect()
}

fn pools(e: &Evaluation) -> Vec<PoolResult> {
    let input = e.input;
    let is_pool = |b: &usize| matches!(input.blocks[*b].holding, Holding::Pool(_));
    let of_block = |b: usize| {
        let (block, rack) = (&input.blocks[b], &input.racks[input.blocks[b].racks[0]]);
        let mw = e.used(Limit::BlockUnits(b));
        PoolResult {
            block: block.id.clone(),
            rack: rack.id.clone(),
            mw,
            racks: rack.racks_per_unit.map(|k| k * mw),
        }
    };
    (0..input.blocks.len()).filter(is_pool).map(of_block).collect()
}

/// By feed and node, in the hour of the greatest grid power.
fn at_nodes(e: &Evaluation, of: &[Vec<f64>]) -> BTreeMap<String, f64> {
    let of_hour = of.get(e.worst_hour()).map_or(&[][..], Vec::as_slice);
    let stands = e.input.nodes.iter().zip(of_hour).filter(|(node, _)| node.kind != OUTAGE);
    stands.map(|(node, mw)| (node.id.clone(), *mw)).collect()
}

fn hours(e: &Evaluation) -> Vec<HourResult> {
    let input = e.input;
    let live: f64 = input
        .blocks
        .iter()
        .map(|b| match b.holding {
            Holding::Installed(n) => n * (1.0 - input.racks[b.racks[0]].spares_frac),
            _ => 0.0,
        })
        .sum();
    let bought: f64 =
        e.dispatch.bought.iter().map(|&(_, r, n)| n * (1.0 - input.racks[r].spares_frac)).sum();
    let could_run = live + bought;
    let of_hour = |(h, t): (usize, &super::evaluate::HourTotals)| HourResult {
        id: input.hours[h].id.clone(),
        weight_h: input.hours[h].weight_h,
        grid_mw: t.grid_mw,
        it_mw: t.it_mw,
        drawn_grid_mw: t.drawn_grid_mw,
        pue: if t.it_mw > 0.0 { t.grid_mw / t.it_mw } else { 0.0 },
        energy_cost_usd_per_year: super::build::energy_musd_per_mw(input, h)
            * t.drawn_grid_mw
            * USD_PER_MUSD,
        output_tokens_per_s: t.tokens * TOKENS_PER_UNIT,
        utilisation_frac: if could_run > 0.0 {
            t.running_units / could_run
        } else {
            t.grid_mw / input.site.grid_contract_mw
        },
    };
    e.hours.iter().enumerate().map(of_hour).collect()
}

fn limits(e: &Evaluation) -> Vec<LimitResult> {
    let describe = |limit: Limit| {
        let d = limit.describe(e.input);
        let used = e.used(limit);
        let slack = if d.minimum { used - d.capacity } else { d.capacity - used };
        LimitResult {
            id: d.id,
            kind: d.kind.to_owned(),
            element: d.element,
            name: d.name,
            used,
            capacity: Some(d.capacity),
            unit: d.unit.to_owned(),
            binding: slack <= BINDING_FRAC * d.capacity.abs().max(1.0),
            minimum: d.minimum,
            ..LimitResult::default()
        }
    };
    Limit::all(e.input).into_iter().map(describe).collect()
}
