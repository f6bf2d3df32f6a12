//! What may be bought: block sizes, supply of a rack type, capex budget.
//!
//! Equation P7: `min <= sum over types of n <= max`, `sum over blocks of n <=
//! supply`, `sum of price * n <= budget`.

use super::Build;
use crate::plan::input::Holding;
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    for (b, block) in input.blocks.iter().enumerate() {
        let Holding::Planned { min, max } = block.holding else { continue };
        let n: Vec<_> =
            (0..block.racks.len()).filter_map(|r| cols.bought(b, r)).map(|c| (c, 1.0)).collect();
        build.limit_row(Limit::BlockUnits(b), max, 1.0, n.clone());
        if min > 0.0 {
            build.model.add_row(min, f64::INFINITY, n);
        }
    }
    for (s, supply) in input.supply.iter().enumerate() {
        let entries: Vec<_> =
            bought(build).filter(|(_, rack)| *rack == supply.rack).map(|(c, _)| (c, 1.0)).collect();
        if !entries.is_empty() {
            build.limit_row(Limit::Supply(s), supply.max_units, 1.0, entries);
        }
    }
    if input.site.capex_budget_musd.is_finite() {
        let entries: Vec<_> = bought(build)
            .filter_map(|(c, rack)| input.racks[rack].price_musd.map(|price| (c, price)))
            .collect();
        if !entries.is_empty() {
            build.limit_row(Limit::CapexBudget, input.site.capex_budget_musd, 1.0, entries);
        }
    }
}

/// Columns of bought units with their rack type.
fn bought<'a>(build: &Build<'a>) -> impl Iterator<Item = (usize, usize)> + use<'a> {
    let (input, cols) = (build.input, build.cols);
    input.blocks.iter().enumerate().flat_map(move |(b, block)| {
        let types = block.racks.iter().enumerate();
        types.filter_map(move |(r, &rack)| cols.bought(b, r).map(|c| (c, rack)))
    })
}
