//! The tier that most racks of a block serve in the busiest hour.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use std::collections::BTreeMap;

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let facts = ground.facts;
    let classes: Vec<Class> = facts
        .tiers
        .iter()
        .map(|(rank, name)| Class { hue: Hue::Tier(*rank), words: name.clone() })
        .collect();
    let mut readings = BTreeMap::new();
    for (id, segments) in &facts.segments {
        let most = segments
            .iter()
            .filter(|s| s.racks > 0.0 || segments.len() == 1)
            .max_by(|a, b| a.racks.total_cmp(&b.racks));
        let Some(rank) = most.and_then(|s| s.tier) else { continue };
        let class = facts.tiers.iter().position(|t| t.0 == rank);
        let name = class.and_then(|i| facts.tiers.get(i)).map_or("", |t| t.1.as_str());
        let others = segments.iter().filter(|s| s.tier.is_some_and(|t| t != rank)).count();
        let more = match others {
            0 => String::new(),
            1 => " and one tier more".to_owned(),
            n => format!(" and {n} tiers more"),
        };
        let words = format!("serves {name}{more}");
        readings.insert(id.clone(), Reading { class, tag: name.to_owned(), words });
    }
    let note = if facts.solved { "most racks of a block, busiest hour" } else { "not solved yet" };
    Sheet { classes, note: note.to_owned(), readings }
}
