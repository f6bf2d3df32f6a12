//! A layout of 100,000 objects: written, read and validated.
//!
//! The 1 GW example stands in it many times over, each copy beside the last, with its
//! own ids, feeds, halls and blocks.

mod common;

use common::sites::{campus, many, objects};
use common::{Times, figure, heading, row, timed};
use gigasite::catalog::Catalog;
use gigasite::site::{LayoutFile, Site, file, validate};

const OBJECTS: usize = 100_000;
const REPEATS: usize = 5;

fn main() {
    let one = campus();
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
