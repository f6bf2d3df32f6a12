//! What a challenge waits for: a campus laid out and planned, a breaker with what it costs,
//! the cheapest fix, and the break-even price. Campuses of 100 MW and 1 GW.

mod common;

use common::{Times, figure, heading, row, timed};
use gigasite::catalog::Catalog;
use gigasite::plan::result::Status;
use gigasite::site::Site;
use gigasite::study::fix::{breakers, fixes};
use gigasite::study::margin::break_even;
use gigasite::study::outage::{effect, outage};
use gigasite::study::template::{Request, Scheme, campus};
use gigasite::study::{SolveOptions, Study};

const REPEATS: usize = 5;
/// Breakers pulled of each campus: every so manieth.
const BREAKERS: usize = 12;
/// A site stands within two seconds, a breaker is answered within one, milliseconds.
const STANDS: Option<f64> = Some(2_000.0);
const ANSWERED: Option<f64> = Some(1_000.0);

fn main() {
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    for mw in [100.0, 1000.0] {
        for scheme in Scheme::ALL {
            measure(mw, scheme, &catalog);
        }
    }
}

fn measure(mw: f64, scheme: Scheme, catalog: &Catalog) {
    let options = SolveOptions::default();
    let request = Request { scheme, ..Request::new(catalog, mw) };
    let (mut laid, mut planned) = (Times::default(), Times::default());
    let mut last = None;
    for _ in 0..REPEATS {
        let (made, seconds) = timed(|| campus(&request, catalog).expect("a campus"));
        laid.push(seconds);
        let site = Site::from_file(made.layout);
        let mut study = Study::new().expect("a solver");
        let (outcome, solve) = timed(|| study.solve(&site, catalog, &options));
        assert_eq!(outcome.plan.status, Status::Optimal);
        planned.push(seconds + solve);
        last = Some((site, outcome));
    }
    let (site, whole) = last.expect("at least one");
    heading(&format!("{mw} MW, {}, {} nodes", scheme.name(), site.campus.nodes.len()));
    row("laid out", &laid, None);
    row("laid out and planned, cold", &planned, STANDS);
    let mut study = Study::new().expect("a solver");
    let (mut pulled, mut mended) = (Times::default(), Times::default());
    let all = breakers(&site);
    for (path, ..) in all.iter().step_by((all.len() / BREAKERS).max(1)) {
        let (found, seconds) = timed(|| {
            let lost = outage(&site, path).expect("it is there");
            let effect = effect(&mut study, (&site, &whole), &lost, catalog, &options);
            (lost, effect)
        });
        pulled.push(seconds);
        let (lost, Some(effect)) = found else { continue };
        let tried = timed(|| fixes(&mut study, &site, (&lost, &effect), catalog, &options));
        mended.push(seconds + tried.1);
    }
    row("breaker: what it costs", &pulled, ANSWERED);
    row("breaker: with the cheapest fix", &mended, ANSWERED);
    let (found, seconds) = timed(|| break_even(&mut study, &site, catalog, &options));
    let found = found.expect("prices are known");
    figure("break-even", format!("{:.1} ms, {} plans", seconds * 1e3, found.solves));
}
