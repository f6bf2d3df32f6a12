//! The scenarios of a layout side by side; where it has none, those made from the ranges of the
//! catalogue.

use super::Change;
use super::appraiser::{Appraisal, Appraiser, rate};
use super::result::{Bar, LenderView, Range, ScenarioResult, Scenarios, Split};
use super::tornado::{MOST_BARS, tornado};
use crate::site::Scenario;

/// Drivers that a made scenario moves.
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

/// Low, high and lender: the five inputs that lower the value most at their worse ends, the five
/// that raise it most at their better ends, and those of the low one halfway.
pub fn made_from_ranges(appraiser: &mut Appraiser) -> Vec<Scenario> {
    let found = tornado(appraiser, Range::Register, MOST_BARS);
    let base = found.base_npv_usd;
    let falls = foremost(&found.bars, &|bar| base - worse(bar).1);
    let rises = foremost(&found.bars, &|bar| better(bar).1 - base);
    let scenario =
        |id: &str, name: &str, notes: &str, moved: &[&Bar], end: &dyn Fn(&Bar) -> f64| {
            let changes = moved.iter().map(|bar| (bar.driver.path.clone(), end(bar).to_string()));
            Scenario {
                id: id.to_owned(),
                name: name.to_owned(),
                notes: notes.to_owned(),
                changes: changes.collect(),
            }
        };
    let mut lender = scenario(
        "lender",
        "Lender",
        "The inputs of the low case, halfway from where they stand to their worse ends, and a loan \
         sized on cash under contract unless the layout says otherwise",
        &falls,
        &|bar| f64::midpoint(bar.driver.base, worse(bar).0),
    );
    lender.changes.extend(usual_loan(appraiser));
    vec![
        scenario(
            "low",
            "Low",
            "The five inputs that lower the value most, at the worse ends of their ranges",
            &falls,
            &|bar| worse(bar).0,
        ),
        scenario(
            "high",
            "High",
            "The five inputs that raise the value most, at the better ends of their ranges",
            &rises,
            &|bar| better(bar).0,
        ),
        lender,
    ]
}

/// The share of uses that a lender usually pays, where the layout asks for no loan.
fn usual_loan(appraiser: &Appraiser) -> Option<(String, String)> {
    let own = appraiser.site().terms.finance.loan.share_frac.filter(|share| *share > 0.0);
    let usual = appraiser.catalog().costs.get("loan-share-frac")?.value.get()?;
    own.is_none().then(|| ("finance.loan.share_frac".to_owned(), usual.to_string()))
}

/// The bars that move the value most in one direction; an end that moves nothing, or has no plan,
/// is left out.
fn foremost<'a>(bars: &'a [Bar], by: &dyn Fn(&Bar) -> f64) -> Vec<&'a Bar> {
    let mut moving: Vec<&Bar> =
        bars.iter().filter(|bar| by(bar) > 0.0 && by(bar).is_finite()).collect();
    moving.sort_by(|a, b| by(b).total_cmp(&by(a)));
    moving.truncate(MOVED);
    moving
}

/// Both ends of a driver's range with their values; an end without a plan is the worst.
fn ends(bar: &Bar) -> [(f64, f64); 2] {
    let usd = |end: &super::result::Answer| end.clone().unwrap_or(f64::NEG_INFINITY);
    [(bar.driver.low, usd(&bar.npv_low_usd)), (bar.driver.high, usd(&bar.npv_high_usd))]
}

fn worse(bar: &Bar) -> (f64, f64) {
    let [low, high] = ends(bar);
    if low.1 <= high.1 { low } else { high }
}

fn better(bar: &Bar) -> (f64, f64) {
    let [low, high] = ends(bar);
    if low.1 <= high.1 { high } else { low }
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
        loan: loan.map(|l| LenderView {
            loan_usd: l.amount_usd,
            contracted_frac: l.merchant_frac.map(|m| 1.0 - m).map_err(|e| e.to_string()),
            min_dscr: split(l.cover.least, l.contracted_cover.least),
            llcr: split(l.loan_life_cover, l.contracted_loan_life_cover),
            plcr: split(l.project_life_cover, l.contracted_project_life_cover),
        }),
        output_tok_s: of(&|a| Ok(a.outcome.plan.tokens_per_s.output)),
    }
}

fn split(all: crate::finance::Figure, contracted: crate::finance::Figure) -> Split {
    let told = |figure: crate::finance::Figure| figure.map_err(|e| e.to_string());
    Split { all: told(all), contracted: told(contracted) }
}
