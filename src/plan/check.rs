//! The last word on a plan: recomputes power, heat, tokens and money from the
//! dispatch and the input, without the matrix, and compares.

use super::dispatch::Dispatch;
use super::evaluate::Evaluation;
use super::input::{Holding, PlanInput};
use super::limits::Limit;
use std::collections::BTreeMap;

/// Relative overrun of a limit, or gap of the objective, that rounding explains.
pub const TOLERANCE_FRAC: f64 = 1e-6;

/// What a plan breaks, in the planner's words; empty for a sound plan.
pub fn check(input: &PlanInput, dispatch: &Dispatch, objective_musd: f64) -> Vec<String> {
    evaluated(&Evaluation::new(input, dispatch), objective_musd)
}

/// The same for a dispatch that is evaluated already.
pub fn evaluated(e: &Evaluation, objective_musd: f64) -> Vec<String> {
    let (input, dispatch) = (e.input, e.dispatch);
    let mut faults = Vec::new();
    for limit in Limit::all(input) {
        let (capacity, used) = (limit.capacity(input), e.used(limit));
        let slack = TOLERANCE_FRAC * capacity.abs().max(1.0);
        let soft = matches!(limit, Limit::Commitment(_));
        if !soft && used > capacity + slack {
            let d = limit.describe(input);
            faults.push(format!("{}: {used} {} of {capacity}", d.id, d.unit));
        }
    }
    made(input, dispatch, &mut faults);
    bought(input, dispatch, &mut faults);
    demand(input, dispatch, &mut faults);
    commitments(e, &mut faults);
    let m = e.money();
    let own = m.sales - m.energy - m.demand_charge - m.penalty - m.capital;
    if (own - objective_musd).abs() > TOLERANCE_FRAC * own.abs().max(1.0) {
        faults.push(format!("objective {objective_musd} M$ a year, recomputed {own}"));
    }
    faults
}

/// Nothing is sold that was not made, and nothing firm on other than firm power.
fn made(input: &PlanInput, dispatch: &Dispatch, faults: &mut Vec<String>) {
    let size = input.hours.len() * input.points.len();
    let at = |h: usize, p: usize| h * input.points.len() + p;
    let (mut all, mut firm) = (vec![(0.0, 0.0); size], vec![(0.0, 0.0); size]);
    let any_firm = input.tiers.iter().any(|t| t.firm);
    for run in &dispatch.runs {
        let made = run.units * input.sellable(run.point);
        all[at(run.hour, run.point)].0 += made;
        if run.firm {
            firm[at(run.hour, run.point)].0 += made;
        }
    }
    for sale in &dispatch.sales {
        all[at(sale.hour, sale.point)].1 += sale.output;
        if any_firm && input.tiers[sale.tier].firm {
            firm[at(sale.hour, sale.point)].1 += sale.output;
        }
        if !input.tiers[sale.tier].points.contains(&sale.point) {
            faults.push(format!(
                "{} serves {} and may not",
                input.points[sale.point].id, input.tiers[sale.tier].id
            ));
        }
    }
    for (kind, list) in [("made", all), ("made on firm power", firm)] {
        for (i, (made, sold)) in list.into_iter().enumerate() {
            if sold > made + TOLERANCE_FRAC * made.max(1.0) {
                let point = &input.points[i % input.points.len()].id;
                faults.push(format!("{point}: {sold} sold of {made} {kind}"));
            }
        }
    }
}

/// Planned blocks run only what they bought, and buy at least their minimum.
fn bought(input: &PlanInput, dispatch: &Dispatch, faults: &mut Vec<String>) {
    let mut running: BTreeMap<(usize, usize, usize), f64> = BTreeMap::new();
    for run in &dispatch.runs {
        let rack = input.points[run.point].rack;
        *running.entry((run.block, rack, run.hour)).or_default() += run.units;
    }
    let mut stock: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for &(b, rack, units) in &dispatch.bought {
        *stock.entry((b, rack)).or_default() += units;
    }
    for (b, block) in input.blocks.iter().enumerate() {
        let Holding::Planned { min, .. } = block.holding else { continue };
        let total: f64 = stock.range((b, 0)..(b + 1, 0)).map(|(_, units)| units).sum();
        if total < min - TOLERANCE_FRAC * min.max(1.0) {
            faults.push(format!("{}: {total} bought of at least {min}", block.id));
        }
        for &rack in &block.racks {
            let live = 1.0 - input.racks[rack].spares_frac;
            let have = stock.get(&(b, rack)).map_or(0.0, |units| units * live);
            for (_, runs) in running.range((b, rack, 0)..(b, rack + 1, 0)) {
                if *runs > have + TOLERANCE_FRAC * have.max(1.0) {
                    faults.push(format!("{}: {runs} racks run of {have}", block.id));
                }
            }
        }
    }
}

/// In no hour more is sold than the step in force carries (over the year where work may wait).
fn demand(input: &PlanInput, dispatch: &Dispatch, faults: &mut Vec<String>) {
    for (t, tier) in input.tiers.iter().enumerate() {
        let sales = || dispatch.sales.iter().filter(|s| s.tier == t);
        if tier.posted {
            let mut steps: Vec<usize> =
                sales().filter(|s| s.output > 1e-6).map(|s| s.step).collect();
            steps.sort_unstable();
            steps.dedup();
            if steps.len() > 1 {
                faults.push(format!("{} posts {} prices at once", tier.id, steps.len()));
            }
        }
        for step in 0..tier.steps.len() {
            let volume: f64 = if tier.posted {
                tier.steps[..=step].iter().map(|s| s.volume).sum()
            } else {
                tier.steps[step].volume
            };
            let of = |h: usize| -> f64 {
                sales().filter(|s| s.step == step && s.hour == h).map(|s| s.output).sum()
            };
            let over = |sold: f64, cap: f64| sold > cap + TOLERANCE_FRAC * cap.max(1.0);
            if tier.deadline_h.is_some() {
                let mean = |v: &dyn Fn(usize) -> f64| -> f64 {
                    (0..input.hours.len()).map(|h| input.hour_weight(h) * v(h)).sum()
                };
                let cap = mean(&|h| tier.shape[h] * volume);
                if volume.is_finite() && over(mean(&of), cap) {
                    faults.push(format!("{}: more than its demand is sold", tier.id));
                }
                continue;
            }
            for h in 0..input.hours.len() {
                let cap = tier.shape[h] * volume;
                if volume.is_finite() && over(of(h), cap) {
                    faults.push(format!("{}: {} sold of {cap}", tier.id, of(h)));
                }
            }
        }
    }
}

/// Hard commitments are met in every hour, soft ones with their shortfall.
fn commitments(e: &Evaluation, faults: &mut Vec<String>) {
    let input = e.input;
    for (t, tier) in input.tiers.iter().enumerate() {
        let Some((volume, _)) = tier.commitment else { continue };
        let served = |h: usize| -> f64 {
            let sales = e.dispatch.sales.iter().filter(|s| s.tier == t && s.hour == h);
            let short = e.dispatch.shortfall.iter().filter(|x| x.0 == t && x.1 == h);
            sales.map(|s| s.output).sum::<f64>() + short.map(|x| x.2).sum::<f64>()
        };
        let hours = 0..input.hours.len();
        let slack = TOLERANCE_FRAC * volume.max(1.0);
        let met = if tier.deadline_h.is_some() {
            let mean: f64 = hours.map(|h| input.hour_weight(h) * served(h)).sum();
            mean >= volume - slack
        } else {
            hours.into_iter().all(|h| served(h) >= tier.shape[h] * volume - slack)
        };
        if !met {
            faults.push(format!("{}: the committed volume is not served", tier.id));
        }
    }
}
