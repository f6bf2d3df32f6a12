//! Names of columns and rows for a written model, by what they stand for.

use super::build::Built;
use super::columns::FIRM;
use super::input::PlanInput;
use super::lp::NamedModel;

/// The model with names that a planner recognises.
pub fn named(input: &PlanInput, built: &Built) -> NamedModel {
    let cols = &built.cols;
    let mut col_names: Vec<String> = (0..built.model.columns()).map(|c| format!("c{c}")).collect();
    let mut name = |c: usize, text: String| {
        if let Some(slot) = col_names.get_mut(c) {
            *slot = text;
        }
    };
    for (h, hour) in input.hours.iter().enumerate() {
        for (b, points) in cols.block_points.iter().enumerate() {
            for (k, &p) in points.iter().enumerate() {
                for (class, x) in cols.x(h, b, k).enumerate() {
                    let firm = if class == FIRM { "_firm" } else { "" };
                    let (block, point) = (&input.blocks[b].id, &input.points[p].id);
                    name(x, format!("run_{}_{block}_{point}{firm}", hour.id));
                }
            }
        }
        for (p, slots) in cols.slots.iter().enumerate() {
            for (s, slot) in slots.iter().enumerate() {
                let (point, tier) = (&input.points[p].id, &input.tiers[slot.tier].id);
                let text = format!("sell_{}_{point}_{tier}_{}", hour.id, slot.step);
                name(cols.y(h, p, s), text);
            }
        }
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (r, &rack) in block.racks.iter().enumerate() {
            if let Some(c) = cols.bought(b, r) {
                name(c, format!("buy_{}_{}", block.id, input.racks[rack].id));
            }
        }
    }
    for (t, tier) in input.tiers.iter().enumerate() {
        for s in 0..tier.steps.len() {
            if let Some(c) = cols.posted(t, s) {
                name(c, format!("post_{}_{s}", tier.id));
            }
        }
    }
    let mut row_names: Vec<String> = (0..built.model.rows()).map(|r| format!("r{r}")).collect();
    for (limit, shifts) in &built.limits {
        let id = limit.describe(input).id;
        for shift in shifts.iter().filter(|s| s.amount > 0.0) {
            if let Some(slot) = row_names.get_mut(shift.row) {
                *slot = format!("{id}_{}", shift.row);
            }
        }
    }
    NamedModel {
        model: built.model.clone(),
        row_names,
        col_names,
        objective_name: "musd_per_year".to_owned(),
    }
}
