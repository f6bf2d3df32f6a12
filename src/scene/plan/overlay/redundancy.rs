//! What of the sources of nodes and blocks may fail, as `power::redundancy` works it out of the
//! wiring: N, N+1 and more, two paths, systems that stand in for each other, 2N.

use super::{Class, Ground, Reading, Sheet};
use crate::power::redundancy::{Loads, Scheme, Supply, of_site};
use crate::scene::shape::Hue;
use std::collections::BTreeMap;

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let class = |load: usize, words: &str| Class { hue: Hue::Load(load), words: words.to_owned() };
    let classes = vec![class(0, "2N"), class(2, "N+1, A+B"), class(4, "N")];
    let (node_mw, block_mw) = (&ground.facts.used_mw, &ground.facts.block_mw);
    let found = of_site(ground.site, ground.catalog, Loads { node_mw, block_mw });
    let readings: BTreeMap<String, Reading> =
        found.supplies.into_iter().map(|(id, supply)| (id, reading(supply))).collect();
    let note = "what may fail at the load of the worst hour".to_owned();
    Sheet { classes, note, readings }
}

fn reading(supply: Supply) -> Reading {
    let Some(scheme) = supply.scheme else { return Reading::unknown(supply.why) };
    let class = match scheme {
        Scheme::TwoN => 0,
        Scheme::N => 2,
        _ => 1,
    };
    let tag = scheme.name();
    Reading { class: Some(class), words: format!("{tag}: {}", supply.why), tag }
}
