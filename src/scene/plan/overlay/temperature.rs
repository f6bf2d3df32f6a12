//! How much warmer the coolant could be: the warmest supply that the racks of a block accept,
//! less what their loop supplies. Trim chillers hold that supply in the worst hour as long as
//! the heat stays within the loop's capacity, so the share of it in use stands beside.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use crate::site::{Block, Loop};
use crate::units::format;
use std::collections::{BTreeMap, HashMap};

/// Least margin of each class but the last, kelvins.
const BOUNDS: [f64; 4] = [10.0, 5.0, 2.0, 0.0];

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let words = ["≥ 10 K", "5–10 K", "2–5 K", "0–2 K", "too warm"];
    // The middle of the ramp is left out: five steps of it are enough.
    let hues = [0, 1, 3, 4, 5].map(Hue::Load);
    let classes = hues.into_iter().zip(words).map(|(hue, w)| Class { hue, words: w.to_owned() });
    let loops: HashMap<&str, &Loop> =
        ground.site.campus.loops.iter().map(|l| (l.id.as_str(), l)).collect();
    let heat = heat_use(ground);
    let mut readings: BTreeMap<String, Reading> = BTreeMap::new();
    let mut least: BTreeMap<&str, Option<f64>> = BTreeMap::new();
    for block in ground.site.blocks() {
        let Some(l) = block.cooling_loop.as_deref().and_then(|id| loops.get(id)) else {
            readings.insert(block.id.clone(), Reading::unknown("no cooling loop"));
            continue;
        };
        let margin = margin(ground, block, l);
        let held = least.entry(&l.id).or_insert(Some(f64::INFINITY));
        *held = held.zip(margin).map(|(a, b)| a.min(b));
        readings.insert(block.id.clone(), reading(margin, heat.get(l.id.as_str()).copied()));
    }
    for (id, margin) in least {
        let margin = margin.filter(|m| m.is_finite());
        readings.insert(id.to_owned(), reading(margin, heat.get(id).copied()));
    }
    let note = "below the warmest coolant that racks accept".to_owned();
    Sheet { classes: classes.collect(), note, readings }
}

/// Of the rack types that a block holds or may hold the one that accepts least; unknown where
/// one is.
fn margin(ground: &Ground<'_>, block: &Block, l: &Loop) -> Option<f64> {
    let planned = block.planned.iter().flat_map(|p| &p.racks);
    let limit = |id: &String| ground.catalog.racks.get(id)?.coolant_supply_max_c.get();
    let limits: Option<Vec<f64>> = block.rack.iter().chain(planned).map(limit).collect();
    limits?.into_iter().reduce(f64::min).map(|most| most - l.supply_c)
}

/// Heat over capacity of each loop in the worst hour.
fn heat_use<'a>(ground: &Ground<'a>) -> HashMap<&'a str, f64> {
    let limits = ground.outcome.map_or(&[][..], |o| o.plan.limits.as_slice());
    limits
        .iter()
        .filter(|l| l.kind == "loop_heat")
        .filter_map(|l| Some((l.element.as_str(), l.used / l.capacity.filter(|c| *c > 0.0)?)))
        .collect()
}

fn reading(margin_k: Option<f64>, heat_frac: Option<f64>) -> Reading {
    let heat = match heat_frac {
        Some(share) => format!("heat {} of the loop's capacity", format::share(share)),
        None => "heat unknown".to_owned(),
    };
    let Some(margin) = margin_k else {
        return Reading::unknown(format!("temperature margin unknown, {heat}"));
    };
    let class = BOUNDS.iter().position(|least| margin >= *least).unwrap_or(BOUNDS.len());
    let tag = format!("{} K", format::fixed(margin, 1));
    let words = match margin < 0.0 {
        true => format!("supply {} K too warm, {heat}", format::fixed(-margin, 1)),
        false => format!("{tag} to the warmest coolant accepted, {heat}"),
    };
    Reading { class: Some(class), tag, words }
}
