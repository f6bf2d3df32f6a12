//! When elements are energised: the phase of a block, else of its hall; of a node its own.

use super::super::facts::PlanFacts;
use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use crate::scene::tokens::Token;
use crate::site::{Phase, Site};
use std::collections::BTreeMap;

/// Colours that are told apart; more phases share them, and the tag says which it is.
const COLOURS: usize = 5;

/// Tells apart what is not energised by a month after the start of the project.
pub fn energised_by(facts: &mut PlanFacts, site: &Site, month: u32) {
    let later: Vec<&str> =
        site.campus.phases.iter().filter(|p| p.month > month).map(|p| p.id.as_str()).collect();
    let sheet = &mut facts.sheet;
    let class = sheet.classes.len();
    let words = "Later".to_owned();
    sheet.classes.push(Class { hue: Hue::Token(Token::Line), words });
    let (mut on_mw, mut all_mw) = (0.0, 0.0);
    let mut tell = |id: &str, phase: Option<&str>, mw: f64| {
        let is_later = phase.is_some_and(|p| later.contains(&p));
        all_mw += mw;
        on_mw += if is_later { 0.0 } else { mw };
        if let Some(reading) = sheet.readings.get_mut(id).filter(|_| is_later) {
            reading.class = Some(class);
            reading.words = format!("{}; not by month {month}", reading.words);
        }
    };
    for node in &site.campus.nodes {
        tell(&node.id, node.phase.as_deref(), 0.0);
    }
    for group in &site.halls {
        let hall = group.hall.as_ref().and_then(|h| h.phase.as_deref());
        for block in &group.blocks {
            let mw = facts.block_mw.get(&block.id).copied().unwrap_or(0.0);
            tell(&block.id, block.phase.as_deref().or(hall), mw);
        }
    }
    let digits = |mw: f64| crate::units::format::fixed(mw, 1);
    sheet.note = if facts.solved {
        format!("by month {month}: {} of {} MW of IT energised", digits(on_mw), digits(all_mw))
    } else {
        format!("energised by month {month}")
    };
}

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
