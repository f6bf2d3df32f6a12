//! One evaluation of a project in processor time: the figures alone, with all statements, and a
//! break-even search. Goals: 0.5 ms, 5 ms.

mod common;
#[path = "../tests/it/finance/sample.rs"]
#[allow(dead_code, reason = "the tests use the simple project and the plain loan")]
mod sample;

use common::process_cpu_s;
use gigasite::finance::project::{Basis, breakeven_price, evaluate, results};
use gigasite::finance::returns::irr;
use std::hint::black_box;

const REPEATS: usize = 21;
const CALLS: usize = 50;

fn main() {
    let campus = sample::campus();
    let mut bare = campus.clone();
    bare.debt = None;
    let mut long = campus.clone();
    long.calendar.horizon_months = 480;
    let mut months = campus.clone();
    months.calendar.operation_step_months = 1;
    let mut all_months = long.clone();
    all_months.calendar.operation_step_months = 1;
    let projects = [
        ("two phases, 18 years", &campus),
        ("without loan", &bare),
        ("40 years", &long),
        ("18 years by month", &months),
        ("40 years by month", &all_months),
    ];
    for (name, project) in projects {
        line(&format!("{name}: figures (goal 0.5 ms)"), || drop(results(project)));
        line(&format!("{name}: statements (goal 5 ms)"), || drop(evaluate(project)));
    }
    line("break-even, levered", || {
        let _ = black_box(breakeven_price(&campus, Basis::Levered));
    });
    let mut flows = vec![-45_000.0 / 24.0; 24];
    flows.extend((0..456).map(|m| if m % 60 == 59 { -12_000.0 } else { 480.0 }));
    line("all rates of 480 months, 16 changes of sign", || drop(black_box(irr(&flows))));
}

/// Median processor time of one call.
fn line(name: &str, call: impl Fn()) {
    let mut times: Vec<f64> = (0..REPEATS)
        .map(|_| {
            let start = process_cpu_s();
            (0..CALLS).for_each(|_| call());
            (process_cpu_s() - start) / CALLS as f64 * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<52} {:>9.4} ms", times[REPEATS / 2]);
}
