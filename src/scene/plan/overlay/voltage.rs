//! Voltage at the output of every node and feed by AC power flow, by how much of its band it
//! takes; blocks show that of the node that feeds them.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::plan::network::Volts;
use crate::scene::shape::Hue;
use crate::units::format;
use std::collections::BTreeMap;

/// Share of the band below which each class but the last stays.
const BOUNDS: [f64; 4] = [0.25, 0.5, 0.8, 1.0];

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let facts = ground.facts;
    let band = facts.volts.values().map(|v| v.band_pu).next().unwrap_or([None; 2]);
    let hues = [0, 1, 3, 4, 5].map(Hue::Load);
    let classes = hues.into_iter().zip(words(band)).map(|(hue, words)| Class { hue, words });
    let mut readings: BTreeMap<String, Reading> = BTreeMap::new();
    let campus = &ground.site.campus;
    let elements = campus.feeds.iter().map(|f| &f.id).chain(campus.nodes.iter().map(|n| &n.id));
    for id in elements {
        if let Some(reading) = reading(ground, id) {
            readings.insert(id.clone(), reading);
        }
    }
    for block in ground.site.blocks() {
        if let Some(reading) = block.node.as_deref().and_then(|n| reading(ground, n)) {
            readings.insert(block.id.clone(), reading);
        }
    }
    let note = match (facts.flows, band) {
        (false, _) => "no power flow yet".to_owned(),
        (true, [Some(low), Some(high)]) => {
            let (low, high) = (format::fixed(low, 2), format::fixed(high, 2));
            format!("from nominal, AC power flow; band {low} to {high} pu")
        }
        (true, _) => "from nominal, AC power flow; no band is known".to_owned(),
    };
    Sheet { classes: classes.collect(), note, readings }
}

/// Distances from nominal, where the band is the same on both sides; else shares of it.
fn words(band: [Option<f64>; 2]) -> [String; 5] {
    let room = match band {
        [Some(low), Some(high)] if ((high - 1.0) - (1.0 - low)).abs() < 1e-9 => high - 1.0,
        _ => return ["< 25 %", "25–50", "50–80", "80–100", "outside"].map(str::to_owned),
    };
    let at = |share: f64| format::fixed(share * room * 100.0, 1);
    let [a, b, c, d] = BOUNDS;
    [
        format!("< {} %", at(a)),
        format!("{}–{}", at(a), at(b)),
        format!("{}–{}", at(b), at(c)),
        format!("{}–{}", at(c), at(d)),
        format!("> {} %", at(d)),
    ]
}

fn reading(ground: &Ground<'_>, id: &str) -> Option<Reading> {
    if ground.facts.is_dark(id) {
        return None;
    }
    let volts = ground.facts.volts.get(id)?;
    let tag = format!("{} pu", format::fixed(volts.vm_pu, 3));
    let kv = volts.kv.map(|kv| format!(", {}", measured(kv))).unwrap_or_default();
    let Some(class) = class(volts) else {
        return Some(Reading { class: None, words: format!("{tag}{kv}, no band is known"), tag });
    };
    let out = if class == BOUNDS.len() { ", outside of its band" } else { "" };
    Some(Reading { class: Some(class), words: format!("{tag}{kv}{out}"), tag })
}

fn class(volts: &Volts) -> Option<usize> {
    let frac = volts.frac()?;
    // A rounding error beyond the band is within it.
    let inside = |bound: &f64| frac < *bound || *bound == 1.0 && frac <= 1.0 + 1e-9;
    Some(BOUNDS.iter().position(inside).unwrap_or(BOUNDS.len()))
}

/// A voltage as an instrument shows it: `34.02 kV`, `411 V`.
fn measured(kv: f64) -> String {
    match kv {
        kv if kv >= 100.0 => format::with_unit(kv, 1, "kV"),
        kv if kv >= 1.0 => format::with_unit(kv, 2, "kV"),
        kv => format::with_unit(kv * 1e3, 0, "V"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voltage_takes_the_share_of_its_own_side_of_the_band() {
        let volts = |vm_pu, low, high| Volts { vm_pu, kv: None, band_pu: [low, high] };
        let even = |vm| class(&volts(vm, Some(0.95), Some(1.05)));
        assert_eq!([0.995, 0.98, 0.965, 0.955, 0.94].map(even), [0, 1, 2, 3, 4].map(Some));
        assert_eq!([1.0, 1.05, 1.06].map(even), [Some(0), Some(3), Some(4)]);
        assert_eq!(class(&volts(0.97, Some(0.9), Some(1.05))), Some(1));
        assert_eq!(class(&volts(1.04, Some(0.9), Some(1.05))), Some(3), "high is another side");
        assert_eq!(class(&volts(0.97, None, Some(1.05))), None);
    }
}
