//! Questions about risk on the 1 GW example, in processor time: one changed input, a tornado of 20
//! inputs (goal 0.5 s), a two-way table, the ladder, and 10,000 draws (goal 25 s); the draws of the
//! other examples as well. `GIGASITE_LAYOUTS` is another folder of layouts, `GIGASITE_DRAWS_ALONE`
//! leaves out the rest.

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

const EXAMPLES: [&str; 3] = ["pilot-20mw", "estimated-100mw", "mixed-250mw"];

fn main() {
    let alone = std::env::var("GIGASITE_DRAWS_ALONE").is_ok();
    if !alone {
        questions();
    }
    for name in EXAMPLES {
        draws(name, &mut ready(name), 10_000);
    }
    let mut campus = ready("campus-1gw");
    draws("campus-1gw", &mut campus, 1_000);
    draws("campus-1gw", &mut campus, 10_000);
}

fn read(name: &str) -> Site {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts");
    let folder = std::env::var_os("GIGASITE_LAYOUTS").map_or(own, Into::into);
    let text = std::fs::read_to_string(folder.join(name).with_extension("ron"));
    let text = text.expect("the example is there");
    Site::from_file(file::parse(&text, name).expect("the example is a layout"))
}

fn ready(name: &str) -> Appraiser {
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    Appraiser::new(&read(name), &catalog).expect("the example has a value")
}

fn questions() {
    let site = read("campus-1gw");
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
}

fn draws(name: &str, appraiser: &mut Appraiser, draws: usize) {
    let never = AtomicBool::new(false);
    let watch = Watch { cancelled: &never, progress: &|_| {} };
    let count = drivers(appraiser).len();
    let question = Question { draws, ..Question::default() };
    let start = process_cpu_s();
    let found = monte_carlo(appraiser, &question, &watch).expect("draws");
    let seconds = process_cpu_s() - start;
    line(&format!("{name}: {draws} draws of {count} inputs (goal 25 s for 10,000)"), seconds);
    println!(
        "  {}, {} planned anew, {} without value, {} short of a commitment",
        found.method, found.replanned, found.failed, found.short
    );
    let npv = found.npv_usd;
    println!("  P90 {:.1} P50 {:.1} P10 {:.1} M$", npv.p90 / 1e6, npv.p50 / 1e6, npv.p10 / 1e6);
}

fn line(name: &str, seconds: f64) {
    println!("{name:<72} {:>10.1} ms", seconds * 1e3);
}
