//! Questions about risk on the 1 GW example, in processor time: one changed input, a tornado of 20
//! inputs (goal 0.5 s), a two-way table, the ladder, and 10,000 draws (goal 25 s).

mod common;

use common::{process_cpu_s, timed};
use gigasite::catalog::Catalog;
use gigasite::site::{Site, file};
use gigasite::study::risk::{
    Appraiser, Change, MOST_BARS, Question, Range, Watch, break_evens, default_pair, drivers,
    ladder, monte_carlo, tornado, two_way,
};
use gigasite::study::{SolveOptions, run};
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/campus-1gw.ron");
    let text = std::fs::read_to_string(path).expect("the example is there");
    let file = file::parse(&text, "campus-1gw.ron").expect("the example is a layout");
    let site = Site::from_file(file);
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let (outcome, seconds) = timed(|| run(&site, &catalog, &SolveOptions::default()));
    line("the full answer", seconds);
    let (appraiser, seconds) = timed(|| Appraiser::of(&site, &catalog, &outcome));
    line("standing ready for changes", seconds);
    let mut appraiser = appraiser.expect("the example has a value");
    let all = drivers(&appraiser);
    for driver in &all {
        let change = [Change::to(&driver.path, driver.low)];
        let (found, seconds) = timed(|| appraiser.appraise(&change));
        let planned = found.is_ok_and(|f| f.replanned);
        line(&format!("  {}{}", driver.path, if planned { ", replanned" } else { "" }), seconds);
    }
    let (found, seconds) = timed(|| tornado(&mut appraiser, Range::Register, MOST_BARS));
    line(&format!("tornado, {} drivers moved (goal 0.5 s for 20)", all.len()), seconds);
    assert!(!found.bars.is_empty());
    let (a, b) = default_pair(&appraiser);
    line("two-way table", timed(|| two_way(&mut appraiser, &a, &b).expect("a table")).1);
    line("ladder", timed(|| ladder(&mut appraiser).expect("a ladder")).1);
    line("break-evens", timed(|| break_evens(&mut appraiser)).1);
    let never = AtomicBool::new(false);
    let watch = Watch { cancelled: &never, progress: &|_| {} };
    for draws in [1_000, 10_000] {
        let question = Question { draws, ..Question::default() };
        let start = process_cpu_s();
        let found = monte_carlo(&mut appraiser, &question, &watch).expect("draws");
        let seconds = process_cpu_s() - start;
        line(&format!("{draws} draws of {} inputs (goal 25 s for 10,000)", all.len()), seconds);
        println!(
            "  {}, {} planned anew, {} without value",
            found.method, found.replanned, found.failed
        );
    }
}

fn line(name: &str, seconds: f64) {
    println!("{name:<72} {:>10.1} ms", seconds * 1e3);
}
