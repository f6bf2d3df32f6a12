//! Many draws at once.

use super::appraiser;
use crate::support::{close, embedded, layout};
use gigasite::finance::distribution::Distribution;
use gigasite::site::{LoanInputs, LoanKind};
use gigasite::study::risk::{
    Appraiser, Change, Driver, MonteCarlo, NoDraws, Question, Shape, Watch, drivers, monte_carlo,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const SITE: &str = "pilot-20mw";
/// Nothing is to be bought there, so that capital does not reach the plan.
const INSTALLED: &str = "region-pair-us";

fn drawn(appraiser: &mut Appraiser, question: &Question) -> MonteCarlo {
    let never = AtomicBool::new(false);
    monte_carlo(appraiser, question, &Watch { cancelled: &never, progress: &|_| {} }).unwrap()
}

fn driver(path: &str, low: f64, base: f64, high: f64) -> Driver {
    let (name, unit, source) = (path.to_owned(), String::new(), String::new());
    Driver { path: path.to_owned(), name, unit, base, low, high, source }
}

#[test]
fn the_same_seed_gives_the_same_answer_on_any_number_of_threads() {
    let mut appraiser = appraiser(SITE);
    // Several blocks, so that threads have something to share.
    let list: Vec<Driver> = drivers(&appraiser).into_iter().take(4).collect();
    let question = |threads: usize, seed: u64| Question {
        draws: 600,
        threads,
        seed,
        drivers: list.clone(),
        ..Question::default()
    };
    let one = drawn(&mut appraiser, &question(1, 5));
    let text = |m: &MonteCarlo| serde_json::to_string(m).unwrap();
    for threads in [2, 4] {
        assert_eq!(text(&drawn(&mut appraiser, &question(threads, 5))), text(&one), "{threads}");
    }
    let other = drawn(&mut appraiser, &Question { draws: 20, ..question(1, 6) });
    let same = drawn(&mut appraiser, &Question { draws: 20, ..question(1, 5) });
    assert_ne!(other.npv_usd, same.npv_usd, "another seed");
    assert!(one.replanned > 500, "prices and volumes move the plan: {}", one.replanned);
}

#[test]
fn cover_is_that_of_the_loan_which_the_base_agrees_to() {
    let mut site = layout(SITE);
    Arc::make_mut(&mut site.terms).finance.loan = LoanInputs {
        share_frac: Some(0.5),
        kind: Some(LoanKind::Sculpted),
        cover_ratio: Some(1.3),
        merchant_cash: Some(true),
        ..LoanInputs::default()
    };
    let mut appraiser = Appraiser::new(&site, &embedded()).unwrap();
    let of = |path: &str, low: f64, base: f64, high: f64| Question {
        draws: 40,
        drivers: vec![driver(path, low, base, high)],
        ..Question::default()
    };
    // A rate moves no cash.
    let base = drawn(&mut appraiser, &of("costs.discount-frac", 0.08, 0.1, 0.12));
    let cover = base.least_cover.unwrap();
    close(cover.p90, 1.3, 1e-6, "cover of the base");
    close(cover.p10, cover.p90, 1e-9, "spread of the base");
    assert_eq!(base.weak_cover_frac, Some(0.0));
    // A loan sized anew in each run would hold its cover at any price.
    let prices = drawn(&mut appraiser, &of("levels.token_price", 0.2, 1.0, 1.2));
    let cover = prices.least_cover.unwrap();
    assert!(cover.p90 < cover.p50 && cover.p50 < cover.p10, "{cover:?}");
    assert!(cover.p90 < 1.1 && cover.p10 > 1.2, "{cover:?}");
    let none = drawn(&mut self::appraiser(SITE), &of("costs.discount-frac", 0.08, 0.1, 0.12));
    assert_eq!((none.least_cover, none.weak_cover_frac), (None, None), "no loan, no cover");
}

#[test]
fn without_spread_every_run_is_the_base() {
    let mut appraiser = appraiser(SITE);
    let question = Question {
        draws: 50,
        drivers: vec![
            driver("levels.token_price", 1.0, 1.0, 1.0),
            driver("costs.discount-frac", 0.1, 0.1, 0.1),
        ],
        ..Question::default()
    };
    let found = drawn(&mut appraiser, &question);
    let base = appraiser.base().npv_usd();
    for value in [found.npv_usd.p90, found.npv_usd.p50, found.npv_usd.p10, found.base_npv_usd] {
        close(value, base, 1e-9, "no spread");
    }
    assert!(found.npv_usd.sd.abs() <= 1e-9 * base.abs());
    assert_eq!((found.replanned, found.failed), (0, 0));
    for (p90, p10) in found.fan.p90.iter().zip(&found.fan.p10) {
        close(*p90, *p10, 1e-9, "a fan without width");
    }
    close(*found.fan.base.last().unwrap(), base, 1e-9, "the fan ends at the value");
}

#[test]
fn percentiles_of_one_monotone_input_are_the_values_at_its_quantiles() {
    // A value that falls with one input has its percentiles where the input has them.
    let mut appraiser = appraiser(INSTALLED);
    let path = "costs.site-capex-usd-per-mw";
    let (low, base, high) = (1e7, 1.48e7, 1.5e7);
    for shape in [Shape::Triangular, Shape::Pert] {
        let question = Question {
            draws: 800,
            shape,
            drivers: vec![driver(path, low, base, high)],
            ..Question::default()
        };
        let found = drawn(&mut appraiser, &question);
        let distribution = match shape {
            Shape::Triangular => Distribution::Triangular { low, mode: base, high },
            Shape::Pert => Distribution::Pert { low, mode: base, high },
        };
        let mut at = |p: f64| {
            let cost = distribution.quantile(p).unwrap();
            appraiser.npv_usd(&[Change::to(path, cost)]).unwrap()
        };
        // P90 is the low value: dear plants.
        let (p90, p50, p10) = (at(0.9), at(0.5), at(0.1));
        let width = p10 - p90;
        for (found, wanted) in
            [(found.npv_usd.p90, p90), (found.npv_usd.p50, p50), (found.npv_usd.p10, p10)]
        {
            assert!((found - wanted).abs() < 0.08 * width, "{shape:?}: {found} {wanted}");
        }
        assert!(found.npv_usd.p90 < found.npv_usd.p50 && found.npv_usd.p50 < found.npv_usd.p10);
        assert!(found.rank_correlation[0] < -0.999, "{:?}", found.rank_correlation);
        assert_eq!(found.replanned, 0);
    }
}

#[test]
fn a_run_is_worth_what_its_inputs_are_worth_asked_one_by_one() {
    let list =
        vec![driver("levels.token_price", 0.7, 1.0, 1.3), driver("levels.demand", 0.5, 1.0, 1.5)];
    let question = Question { draws: 1, drivers: list.clone(), ..Question::default() };
    let value = |k: usize| {
        let d = &list[k];
        let pert = Distribution::Pert { low: d.low, mode: d.base, high: d.high };
        let u = gigasite::study::risk::monte_carlo::draws::uniform(1, 0, k as u32);
        Change::to(&d.path, pert.quantile(u).unwrap())
    };
    let both = |site: &str| {
        let mut appraiser = appraiser(site);
        let found = drawn(&mut appraiser, &question);
        assert!(found.method.contains("straight lines"), "{}", found.method);
        let alone = appraiser.appraise(&[value(0), value(1)]).unwrap();
        assert!(alone.replanned);
        (found.npv_usd.p50, alone.npv_usd(), appraiser.base().npv_usd())
    };
    let (run, alone, _) = both("estimated-100mw");
    close(run, alone, 1e-9, "one run");
    // What a site buys, and what stands in its pools of power, is decided before the run is known.
    for site in ["mixed-250mw", INSTALLED] {
        let (run, alone, base) = both(site);
        assert!((run - alone).abs() > 1e-4 * base.abs(), "{site}: {run} {alone} {base}");
    }
}

#[test]
fn correlated_inputs_widen_or_narrow_the_value() {
    let mut appraiser = appraiser(INSTALLED);
    let prices = driver("levels.token_price", 0.7, 1.0, 1.3);
    let cost = driver("costs.site-capex-usd-per-mw", 1e7, 1.48e7, 1.9e7);
    let mut sd = |rho: f64| {
        let question = Question {
            draws: 200,
            drivers: vec![prices.clone(), cost.clone()],
            correlations: vec![(prices.path.clone(), cost.path.clone(), rho)],
            ..Question::default()
        };
        drawn(&mut appraiser, &question).npv_usd.sd
    };
    let (against, none, along) = (sd(-0.9), sd(0.0), sd(0.9));
    // High prices with a dear plant even out; with a cheap one they add up.
    assert!(along < none && none < against, "{along} {none} {against}");
}

#[test]
fn draws_end_when_they_are_cancelled_and_refuse_what_cannot_be() {
    let mut appraiser = appraiser(SITE);
    let stop = AtomicBool::new(false);
    let progress = |_| stop.store(true, Ordering::Relaxed);
    let watch = Watch { cancelled: &stop, progress: &progress };
    let question = Question {
        draws: 100_000,
        drivers: vec![driver("costs.discount-frac", 0.07, 0.1, 0.15)],
        ..Question::default()
    };
    assert_eq!(monte_carlo(&mut appraiser, &question, &watch), Err(NoDraws::Cancelled));
    let never = AtomicBool::new(false);
    let watch = Watch { cancelled: &never, progress: &|_| {} };
    let none = Question { draws: 0, ..question.clone() };
    assert!(matches!(monte_carlo(&mut appraiser, &none, &watch), Err(NoDraws::Refused(_))));
    let stranger = Question {
        draws: 10,
        correlations: vec![("costs.discount-frac".to_owned(), "costs.nothing".to_owned(), 0.5)],
        ..question
    };
    let Err(NoDraws::Refused(why)) = monte_carlo(&mut appraiser, &stranger, &watch) else {
        panic!("an input that is not drawn was correlated");
    };
    assert!(why.contains("costs.nothing"));
}
