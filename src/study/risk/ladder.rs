//! From the keynote figure to what a lender would count, one assumption at a time.
//!
//! The keynote's reading of a layout takes every assumption at its best; each step takes one of
//! them as the layout states it and values the site anew, so that the last step is the value of
//! the layout itself. It must not know how any of the assumptions acts.

mod rungs;

use super::appraiser::{Appraisal, Appraiser};
use super::result::{Ladder, LadderStep};
use crate::catalog::Catalog;
use crate::finance::project::{Project, Statements, evaluate};
use crate::site::Site;
use rungs::{ALL, Rung};

/// Months of the first year in service.
const YEAR: usize = 12;

/// One state between the keynote's reading and the layout.
struct State {
    revenue_usd: f64,
    npv_usd: f64,
}

/// Builds the ladder of a site.
///
/// # Errors
/// In words, why the site has no value.
pub fn ladder(appraiser: &mut Appraiser) -> Result<Ladder, String> {
    let end = state(appraiser.base())?;
    let contracted_usd = contracted(&appraiser.base().project);
    let mut stops: Vec<Option<String>> = ALL
        .iter()
        .map(|rung| {
            let (mut site, mut catalog) = (appraiser.site().clone(), appraiser.catalog().clone());
            (rung.relax)(appraiser, &mut site, &mut catalog).err()
        })
        .collect();
    // The start: everything relaxed that can be. Where that has no plan, what stands at the
    // front is taken as the layout has it, with the reason told at its step.
    let mut first = 0;
    let start = loop {
        match relaxed(appraiser, first, &stops) {
            Ok(found) => break found,
            Err(why) if first < ALL.len() => {
                if let Some(stop) = stops.get_mut(first) {
                    stop.get_or_insert(format!(
                        "without it the keynote's reading has no plan: {why}"
                    ));
                }
                first += 1;
            }
            Err(why) => return Err(why),
        }
    };
    let mut ladder = Ladder {
        name: appraiser.base().outcome.name.clone(),
        keynote_revenue_usd: start.revenue_usd,
        keynote_npv_usd: Ok(start.npv_usd),
        reading: reading(&stops),
        steps: Vec::new(),
        first_year_revenue_usd: end.revenue_usd,
        contracted_usd,
        npv_usd: end.npv_usd,
    };
    let mut before = start;
    for (k, rung) in ALL.iter().enumerate() {
        let last = k + 1 == ALL.len();
        let stopped = stops.get(k).cloned().flatten();
        let found = match (&stopped, last) {
            (_, true) => Ok(State { ..end }),
            (Some(why), false) => Err(why.clone()),
            (None, false) => relaxed(appraiser, k + 1, &stops),
        };
        let step = |after: &State, before: &State, stop: Option<String>| LadderStep {
            id: rung.id.to_owned(),
            name: rung.name.to_owned(),
            revenue_usd: after.revenue_usd,
            npv_usd: Ok(after.npv_usd),
            revenue_change_usd: after.revenue_usd - before.revenue_usd,
            npv_change_usd: after.npv_usd - before.npv_usd,
            what: rung.what.to_owned(),
            source: (rung.source)(appraiser),
            stop,
        };
        match found {
            Ok(after) => {
                ladder.steps.push(step(&after, &before, stopped));
                before = after;
            }
            Err(why) => ladder.steps.push(step(&before, &before, Some(why))),
        }
    }
    Ok(ladder)
}

/// How the layout is read: what the start takes at its best.
fn reading(stops: &[Option<String>]) -> String {
    let taken = ALL.iter().zip(stops).filter(|(_, stop)| stop.is_none());
    let words: Vec<&str> = taken.map(|(rung, _)| rung.keynote).collect();
    if words.is_empty() { "as the layout stands".to_owned() } else { words.join("; ") }
}

/// The site with the rungs from `first` on relaxed, valued.
fn relaxed(
    appraiser: &mut Appraiser,
    first: usize,
    stops: &[Option<String>],
) -> Result<State, String> {
    let (mut site, mut catalog): (Site, Catalog) =
        (appraiser.site().clone(), appraiser.catalog().clone());
    let open: Vec<&Rung> = ALL
        .iter()
        .zip(stops)
        .skip(first)
        .filter_map(|(rung, stop)| stop.is_none().then_some(rung))
        .collect();
    for rung in open {
        (rung.relax)(appraiser, &mut site, &mut catalog)?;
    }
    let found = appraiser.appraise_site(&site, &catalog)?;
    state(&found)
}

fn state(found: &Appraisal) -> Result<State, String> {
    let evaluation = found.evaluation()?;
    let revenue_usd = first_year(&found.project, &evaluation.statements);
    Ok(State { revenue_usd, npv_usd: found.npv_usd() })
}

/// Revenue of the twelve months from the first service, USD; a longer period counts by months.
fn first_year(project: &Project, statements: &Statements) -> f64 {
    let Some(start) = project.phases.iter().map(|p| p.service_month).min() else { return 0.0 };
    let start = start + project.delay_months;
    let revenue = Statements::row(&statements.income, "revenue").unwrap_or_default();
    let of_period = |(period, usd): (&crate::finance::project::Period, &f64)| {
        let overlap = period.end().min(start + YEAR).saturating_sub(period.start.max(start));
        usd * overlap as f64 / period.months.max(1) as f64
    };
    statements.periods.iter().zip(revenue).map(of_period).sum()
}

/// The same of what is sold under contracts alone.
fn contracted(project: &Project) -> f64 {
    let mut sold = project.clone();
    sold.streams.retain(|s| s.contract.is_some());
    if sold.streams.is_empty() {
        return 0.0;
    }
    evaluate(&sold).map_or(0.0, |e| first_year(&sold, &e.statements))
}
