//! Firm power through outages as rows of the plan.

use crate::support::{close, embedded, layout};
use gigasite::plan::backend::Solver;
use gigasite::plan::result::{LimitResult, Status};
use gigasite::site::Site;
use gigasite::study::{self, Outcome, SolveOptions};
use std::sync::Arc;

/// The campus on two feeds of so many MW each, either of which must carry both halves.
fn campus(feed_mw: f64) -> Site {
    let mut site = layout("campus-1gw");
    for feed in &mut Arc::make_mut(&mut site.campus).feeds {
        feed.steps.clear();
        feed.capacity_mw = Some(feed_mw);
    }
    site
}

fn solved(site: &Site, options: &SolveOptions) -> Outcome {
    let outcome = study::run(site, &embedded(), options);
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome
}

fn outages(outcome: &Outcome) -> Vec<&LimitResult> {
    outcome.plan.limits.iter().filter(|l| l.kind == "outage").collect()
}

#[test]
fn what_two_feeds_sell_as_firm_fits_on_either() {
    let whole = solved(&campus(1170.0), &SolveOptions::default());
    assert!(outages(&whole).is_empty(), "no row that no plan breaks");
    assert!(whole.plan.firm_mw > 480.0);

    let found = solved(&campus(450.0), &SolveOptions::default());
    close(found.plan.firm_mw, 450.0, 1e-6, "firm power, though each feed alone keeps 450 MW");
    close(found.firm.as_ref().unwrap().site_mw, 450.0, 1e-6, "the site");
    let rows = outages(&found);
    assert_eq!(rows.len(), 1, "equal outages stand once: {rows:?}");
    let row = rows[0];
    assert_eq!((row.id.as_str(), row.element.as_str()), ("outages.feed-1.feed-2", "feed-2"));
    assert!(row.name.ends_with("after the loss of Feed 1, 345 kV"), "{}", row.name);
    assert!(row.binding && row.gain_usd_per_year.unwrap() > 0.0, "{row:?}");

    // One more MW is worth what solving again says.
    let asked = SolveOptions { whatif: vec![(row.id.clone(), 10.0)], ..SolveOptions::default() };
    let gain = solved(&campus(450.0), &asked).whatif.unwrap().gain_usd_per_year.unwrap();
    close(gain / 10.0, row.gain_usd_per_year.unwrap(), 1e-6, "ten MW more after the outage");
}

#[test]
fn another_solver_finds_the_same_secure_plan() {
    let own = solved(&campus(450.0), &SolveOptions::default());
    let other = SolveOptions { solver: Solver::GoodLpHighs, ..SolveOptions::default() };
    let other = solved(&campus(450.0), &other);
    let objective = |o: &Outcome| o.plan.objective_usd_per_year.unwrap();
    // Halls that are alike may swap their loads; losses are those of each plan's own flow.
    close(objective(&other), objective(&own), 1e-5, "objective");
}

#[test]
fn solving_again_gives_the_same_rows() {
    let site = campus(450.0);
    let mut study = study::Study::new().unwrap();
    let first = study.solve(&site, &embedded(), &SolveOptions::default());
    study.solve(&campus(1170.0), &embedded(), &SolveOptions::default());
    let again = study.solve(&site, &embedded(), &SolveOptions::default());
    assert_eq!(first.plan, again.plan, "warm and after another site");
}

#[test]
fn a_stated_value_stands_in_place_of_the_outage() {
    let mut site = campus(450.0);
    for feed in &mut Arc::make_mut(&mut site.campus).feeds {
        feed.firm_mw = Some(440.0);
    }
    let found = solved(&site, &SolveOptions::default());
    assert!(found.plan.firm_mw > 450.0, "each feed keeps a part by itself: {}", found.plan.firm_mw);
}
