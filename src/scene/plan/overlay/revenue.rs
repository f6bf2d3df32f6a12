//! What blocks earn a year, per MW of their IT power in the busiest hour and per m2 of floor.
//!
//! What an operating point earns is shared by the blocks that run it in the busiest hour, in
//! proportion to power; what points earn that run in other hours alone, by the blocks of the
//! rack type. So the blocks of a site earn together what its plan does.

use super::{Class, Ground, Reading, Sheet};
use crate::plan::result::Plan;
use crate::scene::shape::Hue;
use crate::site::Block;
use crate::units::{Money, format};
use std::collections::BTreeMap;

const CLASSES: usize = 5;

/// Revenue and IT power of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Earning {
    pub usd_per_year: f64,
    pub it_mw: f64,
}

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let Some(outcome) = ground.outcome else {
        return Sheet { note: "not solved yet".to_owned(), ..Sheet::default() };
    };
    let earnings = earnings(&outcome.plan);
    let density = |e: &Earning| e.usd_per_year / e.it_mw;
    let all: Vec<f64> = earnings.values().filter(|e| e.it_mw > 0.0).map(density).collect();
    let low = all.iter().copied().fold(f64::INFINITY, f64::min);
    let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // One class where all blocks earn the same.
    let steps = if high - low <= 1e-6 * high.abs() { 1 } else { CLASSES };
    let step = (high - low) / steps as f64;
    let money = |usd: f64| format::money(Money::usd(usd));
    let classes = (0..if all.is_empty() { 0 } else { steps }).map(|i| {
        let from = low + step * i as f64;
        let words = if steps == 1 { money(high) } else { format!("≥ {}", money(from)) };
        Class { hue: Hue::Load(i), words }
    });
    let mut readings = BTreeMap::new();
    for block in ground.site.blocks() {
        let Some(earning) = earnings.get(&block.id) else { continue };
        readings.insert(
            block.id.clone(),
            reading(block, earning, |usd| {
                (((usd - low) / step.max(f64::MIN_POSITIVE)).floor() as usize).min(steps - 1)
            }),
        );
    }
    let note = "$ per MW of IT power and year".to_owned();
    Sheet { classes: classes.collect(), note, readings }
}

fn reading(block: &Block, earning: &Earning, class: impl Fn(f64) -> usize) -> Reading {
    if earning.it_mw <= 0.0 {
        return Reading::unknown("revenue density unknown: runs nothing in the busiest hour");
    }
    let money = |usd: f64| format::money(Money::usd(usd));
    let per_mw = earning.usd_per_year / earning.it_mw;
    let floor_m2 = block.size[0] * block.size[1];
    let floor = match floor_m2 > 0.0 {
        true => format!(", {} per m² of its floor", money(earning.usd_per_year / floor_m2)),
        false => String::new(),
    };
    Reading {
        class: Some(class(per_mw)),
        tag: format!("{}/MW", money(per_mw)),
        words: format!("earns {} per MW of IT power a year{floor}", money(per_mw)),
    }
}

/// Earnings of each block by id.
pub fn earnings(plan: &Plan) -> BTreeMap<String, Earning> {
    // Power in the busiest hour by point and by rack type, and what both earn.
    let mut by_point: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    let mut by_rack: BTreeMap<&str, f64> = BTreeMap::new();
    for b in &plan.blocks {
        *by_point.entry((&b.rack, &b.operating_point)).or_default() += b.it_mw;
        *by_rack.entry(&b.rack).or_default() += b.it_mw;
    }
    let mut of_point: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    let mut of_rack: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &plan.allocation {
        let point = (row.rack.as_str(), row.operating_point.as_str());
        match by_point.get(&point).is_some_and(|mw| *mw > 0.0) {
            true => *of_point.entry(point).or_default() += row.revenue_usd_per_year,
            false => *of_rack.entry(&row.rack).or_default() += row.revenue_usd_per_year,
        }
    }
    let mut found: BTreeMap<String, Earning> = BTreeMap::new();
    for b in &plan.blocks {
        let earning = found.entry(b.id.clone()).or_default();
        earning.it_mw += b.it_mw;
        let point = (b.rack.as_str(), b.operating_point.as_str());
        let share = |whole: Option<&f64>| match whole {
            Some(mw) if *mw > 0.0 => b.it_mw / mw,
            _ => 0.0,
        };
        let own = of_point.get(&point).map_or(0.0, |usd| usd * share(by_point.get(&point)));
        let rest = of_rack
            .get(b.rack.as_str())
            .map_or(0.0, |usd| usd * share(by_rack.get(b.rack.as_str())));
        earning.usd_per_year += own + rest;
    }
    found
}
