//! The scenarios of a layout side by side; where it has none, those made from the ranges of the
//! catalogue.

use super::Change;
use super::appraiser::{Appraisal, Appraiser, rate};
use super::result::{Bar, Range, ScenarioResult, Scenarios};
use super::tornado::{MOST_BARS, tornado};
use crate::site::Scenario;

/// Drivers that a made scenario moves: the longest bars of the tornado.
const MOVED: usize = 5;

/// Values the site as it is, then every scenario.
pub fn scenarios(appraiser: &mut Appraiser, own: &[Scenario]) -> Scenarios {
    let made = own.is_empty();
    let list = if made { made_from_ranges(appraiser) } else { own.to_vec() };
    let base = appraiser.base().clone();
    let mut rows = vec![row(("base", "Base", "The layout as it stands"), &[], Ok(base))];
    for scenario in list {
        let changes = scenario.changes.iter();
        let changes: Vec<Change> = changes
            .map(|(path, value)| Change { path: path.clone(), value: value.clone() })
            .collect();
        let found = appraiser.appraise(&changes);
        let about = (scenario.id.as_str(), scenario.name.as_str(), scenario.notes.as_str());
        rows.push(row(about, &changes, found));
    }
    Scenarios { made, rows }
}

/// Low, high and lender: the five inputs that move the value most at their worse ends, at their
/// better ends, and halfway to their worse ends.
pub fn made_from_ranges(appraiser: &mut Appraiser) -> Vec<Scenario> {
    let bars = tornado(appraiser, Range::Register, MOST_BARS).bars;
    let moved: Vec<&Bar> = bars.iter().take(MOVED).collect();
    let scenario = |id: &str, name: &str, notes: &str, value: &dyn Fn(&Bar) -> f64| Scenario {
        id: id.to_owned(),
        name: name.to_owned(),
        notes: notes.to_owned(),
        changes: moved
            .iter()
            .map(|bar| (bar.driver.path.clone(), value(bar).to_string()))
            .collect(),
    };
    vec![
        scenario(
            "low",
            "Low",
            "The five inputs that move the value most, at the worse ends of their ranges",
            &worse,
        ),
        scenario("high", "High", "The same inputs at the better ends of their ranges", &|bar| {
            let (low, high) = (bar.driver.low, bar.driver.high);
            if worse(bar) == low { high } else { low }
        }),
        scenario(
            "lender",
            "Lender",
            "The same inputs halfway from where they stand to their worse ends",
            &|bar| f64::midpoint(bar.driver.base, worse(bar)),
        ),
    ]
}

/// The end of a driver's range with the lower value; one without a value is the worse.
fn worse(bar: &Bar) -> f64 {
    let usd = |end: &super::result::Answer| end.clone().unwrap_or(f64::NEG_INFINITY);
    if usd(&bar.npv_low_usd) <= usd(&bar.npv_high_usd) { bar.driver.low } else { bar.driver.high }
}

fn row(
    (id, name, notes): (&str, &str, &str),
    changes: &[Change],
    found: Result<Appraisal, String>,
) -> ScenarioResult {
    let of = |pick: &dyn Fn(&Appraisal) -> super::result::Answer| {
        found.as_ref().map_err(Clone::clone).and_then(pick)
    };
    let figure = |figure: crate::finance::Figure| figure.map_err(|e| e.to_string());
    let loan = found.as_ref().ok().and_then(|a| a.results.loan.as_ref());
    ScenarioResult {
        id: id.to_owned(),
        name: name.to_owned(),
        notes: notes.to_owned(),
        changes: changes.iter().map(Change::text).collect(),
        npv_usd: of(&|a| Ok(a.npv_usd())),
        irr: of(&|a| rate(&a.results.unlevered.irr)),
        capex_usd: of(&|a| Ok(a.results.capex.total_usd)),
        revenue_usd_per_year: of(&|a| figure(a.results.revenue_usd_per_year)),
        ebitda_usd_per_year: of(&|a| figure(a.results.ebitda_usd_per_year)),
        levelised_usd_per_mtok: of(&|a| figure(a.results.levelised_usd_per_mtok)),
        payback_years: of(&|a| figure(a.results.unlevered.payback.last)),
        min_dscr: loan.and_then(|l| l.cover.least.ok()),
        output_tok_s: of(&|a| Ok(a.outcome.plan.tokens_per_s.output)),
    }
}
