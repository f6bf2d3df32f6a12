//! A layout of 100,000 objects: written, read and validated.
//!
//! The 1 GW example stands in it many times over, each copy beside the last, with its
//! own ids, feeds, halls and blocks.

mod common;

use common::{Times, figure, heading, row, timed};
use gigasite::catalog::Catalog;
use gigasite::site::{LayoutFile, Site, file, validate};
use std::path::Path;

const OBJECTS: usize = 100_000;
/// Metres from one copy to the next.
const PITCH_M: f64 = 900.0;
const REPEATS: usize = 5;

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/campus-1gw.ron");
    let text = std::fs::read_to_string(path).expect("the example is there");
    let one = file::parse(&text, "campus-1gw.ron").expect("the example is a layout");
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let copies = OBJECTS.div_ceil(objects(&one));
    for layout in [one.clone(), many(&one, copies)] {
        measure(&layout, &catalog);
    }
}

fn measure(layout: &LayoutFile, catalog: &Catalog) {
    let mut times: [Times; 5] = Default::default();
    let mut bytes = 0;
    for _ in 0..REPEATS {
        let (text, seconds) = timed(|| file::to_ron(layout));
        bytes = text.len();
        times[0].push(seconds);
        let (parsed, seconds) = timed(|| file::parse(&text, "benchmark.ron"));
        let parsed = parsed.expect("what was written can be read");
        times[1].push(seconds);
        let mut load = seconds;
        assert!(&parsed == layout, "reading gives what was written");
        let (site, seconds) = timed(|| Site::from_file(parsed));
        times[2].push(seconds);
        load += seconds;
        let ((valid, report), seconds) = timed(|| validate(&site, catalog));
        assert!(valid.is_some(), "{:?}", report.items.first());
        times[3].push(seconds);
        times[4].push(load + seconds);
    }
    heading(&format!("A layout of {} objects, {:.1} MB", objects(layout), bytes as f64 / 1e6));
    let names = ["write", "read", "site from file", "validate", "read, make the site, validate"];
    for (i, (name, times)) in names.iter().zip(&times).enumerate() {
        row(name, times, (i == 4).then_some(1000.0));
    }
    let list = [
        ("blocks", layout.blocks.len()),
        ("racks", layout.blocks.iter().filter_map(|b| b.count).sum::<u32>() as usize),
        ("nodes", layout.nodes.len()),
        ("halls and rows", layout.halls.len() + layout.rows.len()),
    ];
    list.iter().for_each(|(name, n)| figure(name, n));
}

/// Everything with an id that stands on the ground.
fn objects(l: &LayoutFile) -> usize {
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

fn many(one: &LayoutFile, copies: usize) -> LayoutFile {
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
