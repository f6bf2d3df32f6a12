//! Large layouts: the 1 GW example many times over, each copy beside the last, with its own
//! ids, feeds, halls and blocks.

use gigasite::site::{LayoutFile, file};
use std::path::Path;

/// Metres from one copy to the next.
const PITCH_M: f64 = 900.0;

/// The 1 GW example.
pub fn campus() -> LayoutFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/campus-1gw.ron");
    let text = std::fs::read_to_string(path).expect("the example is there");
    file::parse(&text, "campus-1gw.ron").expect("the example is a layout")
}

/// Racks of installed blocks.
pub fn racks(layout: &LayoutFile) -> usize {
    layout.blocks.iter().filter_map(|b| b.count).sum::<u32>() as usize
}

/// As many copies as hold so many racks; what is beyond is left out.
pub fn with_racks(wanted: usize) -> LayoutFile {
    let one = campus();
    let mut all = many(&one, wanted.div_ceil(racks(&one)));
    let mut left = wanted as u32;
    all.blocks.retain_mut(|b| {
        let count = b.count.unwrap_or(0).min(left);
        left -= count;
        b.count = b.count.map(|_| count);
        count > 0
    });
    all
}

/// As many copies as hold so many objects.
pub fn with_objects(wanted: usize) -> LayoutFile {
    let one = campus();
    many(&one, wanted.div_ceil(objects(&one)))
}

/// Everything with an id that stands on the ground.
pub fn objects(l: &LayoutFile) -> usize {
    let machines: usize = l.loops.iter().map(|x| x.cdus.len() + x.rejection.len()).sum();
    l.feeds.len()
        + l.nodes.len()
        + l.loops.len()
        + machines
        + l.generators.len()
        + l.batteries.len()
        + l.areas.len()
        + l.halls.len()
        + l.rows.len()
        + l.network_racks.len()
        + l.blocks.len()
}

pub fn many(one: &LayoutFile, copies: usize) -> LayoutFile {
    let mut all = one.clone();
    all.site.grid_contract_mw = one.site.grid_contract_mw.map(|mw| mw * copies as f64);
    for tier in &mut all.tiers {
        if let Some(c) = &mut tier.commitment {
            c.volume *= copies as f64;
        }
    }
    // A square of copies inside one parcel.
    let side = (copies as f64).sqrt().ceil() as usize;
    let reach = side as f64 * PITCH_M;
    all.site.parcel = vec![[0.0, 0.0], [reach, 0.0], [reach, reach], [0.0, reach]];
    for k in 1..copies {
        let by = [(k % side) as f64 * PITCH_M, (k / side) as f64 * PITCH_M];
        append(&mut all, copy(one, &format!("s{k}-"), by));
    }
    all
}

fn append(to: &mut LayoutFile, from: LayoutFile) {
    to.feeds.extend(from.feeds);
    to.nodes.extend(from.nodes);
    to.loops.extend(from.loops);
    to.generators.extend(from.generators);
    to.batteries.extend(from.batteries);
    to.areas.extend(from.areas);
    to.halls.extend(from.halls);
    to.rows.extend(from.rows);
    to.network_racks.extend(from.network_racks);
    to.blocks.extend(from.blocks);
}

/// The elements of a layout with other ids, moved.
fn copy(one: &LayoutFile, prefix: &str, by: [f64; 2]) -> LayoutFile {
    let mut l = one.clone();
    let own = |id: &mut String| id.insert_str(0, prefix);
    let moved = |at: &mut [f64; 2]| *at = [at[0] + by[0], at[1] + by[1]];
    macro_rules! move_all {
        ($($list:ident),*) => {$(
            for x in &mut l.$list {
                own(&mut x.id);
                moved(&mut x.at);
            }
        )*};
    }
    move_all!(feeds, nodes, generators, batteries, areas, halls, rows, network_racks, blocks);
    l.nodes.iter_mut().for_each(|n| n.from.iter_mut().chain(&mut n.alternate).for_each(own));
    l.generators.iter_mut().for_each(|g| own(&mut g.node));
    l.batteries.iter_mut().for_each(|b| own(&mut b.node));
    l.rows.iter_mut().for_each(|r| own(&mut r.hall));
    l.network_racks.iter_mut().for_each(|r| own(&mut r.hall));
    for x in &mut l.loops {
        own(&mut x.id);
        own(&mut x.node);
        x.cdus.iter_mut().chain(&mut x.rejection).for_each(|unit| {
            own(&mut unit.id);
            moved(&mut unit.at);
        });
    }
    for b in &mut l.blocks {
        for id in [&mut b.hall, &mut b.row, &mut b.node, &mut b.cooling_loop] {
            id.iter_mut().for_each(own);
        }
        b.network.iter_mut().for_each(own);
    }
    l
}
