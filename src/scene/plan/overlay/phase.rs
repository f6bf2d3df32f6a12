//! When elements are energised: the phase of a block, else of its hall; of a node its own.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use crate::site::Phase;
use std::collections::BTreeMap;

/// Colours that are told apart; more phases share them, and the tag says which it is.
const COLOURS: usize = 5;

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let campus = &ground.site.campus;
    let mut phases: Vec<&Phase> = campus.phases.iter().collect();
    phases.sort_by_key(|p| p.month);
    let last = phases.len().saturating_sub(1).max(1);
    let colour = |i: usize| if phases.len() <= COLOURS { i } else { i * (COLOURS - 1) / last };
    let classes: Vec<Class> = phases
        .iter()
        .enumerate()
        .map(|(i, p)| Class { hue: Hue::Load(colour(i)), words: p.name.clone() })
        .collect();
    let reading = |id: Option<&str>| -> Reading {
        // An absent phase is the earliest.
        let index = match id {
            Some(id) => phases.iter().position(|p| p.id == id),
            None => (!phases.is_empty()).then_some(0),
        };
        match (index.and_then(|i| Some((i, phases.get(i)?))), id) {
            (Some((i, p)), _) => Reading {
                class: Some(i),
                tag: p.name.clone(),
                words: format!("{}, energised in month {}", p.name, p.month),
            },
            (None, Some(id)) => Reading::unknown(format!("phase unknown: `{id}` does not exist")),
            (None, None) => Reading::unknown("phase unknown: the site has none"),
        }
    };
    let mut readings = BTreeMap::new();
    for node in &campus.nodes {
        readings.insert(node.id.clone(), reading(node.phase.as_deref()));
    }
    for group in &ground.site.halls {
        let hall = group.hall.as_ref().and_then(|h| h.phase.as_deref());
        for block in &group.blocks {
            readings.insert(block.id.clone(), reading(block.phase.as_deref().or(hall)));
        }
    }
    let note = match phases.as_slice() {
        [] => "the site has no phases".to_owned(),
        [one] => format!("month {}", one.month),
        [first, .., last] => {
            format!("energised from month {} to month {}", first.month, last.month)
        }
    };
    Sheet { classes, note, readings }
}
