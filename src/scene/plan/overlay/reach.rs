//! The medium that reaches from a block to the farthest of the network racks that it homes to.
//! Lengths and reaches are those of validation and the catalogue.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use crate::site::{Block, MEDIA, NetworkRack, medium_for, reach_m};
use crate::units::format;
use std::collections::{BTreeMap, HashMap};

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let mut classes: Vec<Class> = MEDIA
        .iter()
        .enumerate()
        .map(|(i, m)| Class { hue: Hue::Load(i), words: m.short.to_owned() })
        .collect();
    classes.push(Class { hue: Hue::Load(MEDIA.len()), words: "beyond".to_owned() });
    let halls = ground.site.halls.iter().flat_map(|g| &g.network_racks);
    let racks: HashMap<&str, &NetworkRack> = halls.map(|r| (r.id.as_str(), r)).collect();
    let mut readings = BTreeMap::new();
    for block in ground.site.blocks() {
        readings.insert(block.id.clone(), reading(ground, &racks, block));
    }
    let practice = &ground.catalog.practice;
    let reaches = MEDIA.iter().filter_map(|m| practice.get(m.figure)?.value.get());
    let reaches: Vec<String> = reaches.map(length).collect();
    Sheet { classes, note: format!("longest cable; reach {}", reaches.join(", ")), readings }
}

/// `23.4 m`, `2 km`.
fn length(m: f64) -> String {
    match m >= 1000.0 {
        true => format!("{} km", format::plain(m / 1000.0)),
        false => {
            format!("{} m", format::fixed(m, if m < 100.0 && m.fract() != 0.0 { 1 } else { 0 }))
        }
    }
}

fn reading(ground: &Ground<'_>, racks: &HashMap<&str, &NetworkRack>, block: &Block) -> Reading {
    let mut longest: Option<(f64, &NetworkRack)> = None;
    for id in &block.network {
        let Some(rack) = racks.get(id.as_str()) else {
            return Reading::unknown(format!("network reach unknown: `{id}` does not exist"));
        };
        let Some(m) = reach_m(ground.catalog, block, rack) else {
            return Reading::unknown("network reach unknown: a figure of the catalogue is");
        };
        if longest.is_none_or(|(most, _)| m > most) {
            longest = Some((m, rack));
        }
    }
    let Some((m, rack)) = longest else {
        return Reading::unknown("network reach unknown: the block names no network rack");
    };
    let tag = length(m);
    match medium_for(ground.catalog, m) {
        Some((medium, reach)) => Reading {
            class: MEDIA.iter().position(|other| other.figure == medium.figure),
            words: format!(
                "{tag} of cable to {}: {}, which reaches {}",
                rack.name,
                medium.name,
                length(reach)
            ),
            tag,
        },
        None => Reading {
            class: Some(MEDIA.len()),
            words: format!("{tag} of cable to {}: beyond every medium", rack.name),
            tag,
        },
    }
}
