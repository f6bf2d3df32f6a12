//! Cooling loops can carry heat away, and are cool enough for their racks.

use super::Rule;
use super::context::{Context, error, warning};
use crate::diag::Report;
use crate::site::wiring;
use crate::site::{CoolingUnit, Loop};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    name: "loops",
    about: "A loop has CDUs and heat rejection that are not all spares, and supplies coolant no warmer than its racks accept.",
    codes: &[
        ("empty-loop", "a loop without CDUs or without heat rejection"),
        ("no-machines", "a group of machines is empty or all of them are spares"),
        ("too-warm", "a loop is warmer than a rack on it accepts"),
        (
            "no-air",
            "racks cooled by air alone on a loop without machines that take heat from the air",
        ),
        ("unchecked", "the warmest coolant that a rack accepts is not published"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    for l in &context.site.campus.loops {
        for (list, units) in [("cdus", &l.cdus), ("rejection", &l.rejection)] {
            if units.is_empty() {
                let what = if list == "cdus" { "CDUs" } else { "heat rejection" };
                let message = format!("Loop `{}` has no {what}", l.id);
                let hint = "Add a group of machines";
                error(report, "empty-loop", format!("loops.{}.{list}", l.id), message, hint);
            }
            for unit in units {
                machines(l, list, unit, report);
            }
        }
    }
    temperatures(context, report);
}

fn machines(l: &Loop, list: &str, unit: &CoolingUnit, report: &mut Report) {
    if unit.count <= unit.spare {
        let message = format!(
            "Of {} machines of `{}` {} are spares, so none runs",
            unit.count, unit.id, unit.spare
        );
        let path = format!("loops.{}.{list}.{}.count", l.id, unit.id);
        error(report, "no-machines", path, message, "Enter more machines than spares");
    }
}

fn temperatures(context: &Context, report: &mut Report) {
    // One finding for each pair of loop and rack type; blocks are many.
    let mut told: HashSet<(&str, &str)> = HashSet::new();
    let mut unchecked: HashSet<&str> = HashSet::new();
    for block in context.site.blocks() {
        let Some(l) = block.cooling_loop.as_deref().and_then(|id| context.loops.get(id)) else {
            continue;
        };
        for rack in wiring::racks(context.catalog, block) {
            if rack.coolant_supply_max_c.get().is_none() && unchecked.insert(&rack.id) {
                let message = format!("The warmest coolant that {} accepts is unknown", rack.name);
                let hint = "Ask its maker and override the value";
                let path = format!("racks.{}.coolant_supply_max_c", rack.id);
                warning(report, "unchecked", path, message, hint);
            }
            if !told.insert((&l.id, &rack.id)) {
                continue;
            }
            if let Some(found) = wiring::too_warm(l, rack, &block.id) {
                let path = format!("loops.{}.supply_c", l.id);
                error(report, found.code, path, found.message, &found.hint);
            }
            if let Some(found) = wiring::no_air(l, rack) {
                let path = format!("loops.{}.air", l.id);
                warning(report, found.code, path, found.message, &found.hint);
            }
        }
    }
}
