//! How far a value with the plan held, as a workbook works it out, lies from the value with the
//! plan solved anew: for the inputs that a reader is most likely to change.

use super::appraiser::Appraiser;
use super::change::{Change, apply};
use super::result::Answer;
use crate::catalog::Catalog;
use crate::site::Site;
use crate::study::Outcome;
use crate::study::finance::{Assumption, SiteFinance, value_on};
use serde::Serialize;

/// One input changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gap {
    /// As in `--set`.
    pub path: String,
    pub name: String,
    pub unit: String,
    pub from: f64,
    pub to: f64,
    /// Net present value after tax with the plan of the unchanged site, USD.
    pub held_usd: Answer,
    /// The same with the plan solved anew, USD.
    pub replanned_usd: Answer,
}

/// A later service, for a site whose layout knows no delay, months.
const LATER_MONTHS: f64 = 6.0;
/// A change where no range is published.
const STEP_FRAC: f64 = 0.1;

/// Energy price, life of the racks, price path, delay and utilisation, each moved once: to the end
/// of its range that is worse for the owner, else by a tenth.
pub fn gaps(site: &Site, catalog: &Catalog, outcome: &Outcome, finance: &SiteFinance) -> Vec<Gap> {
    let moved: Vec<(&Assumption, f64)> = finance.assumptions.iter().filter_map(worse).collect();
    let Ok(mut appraiser) = Appraiser::of(site, catalog, outcome) else { return Vec::new() };
    let mut list = Vec::new();
    for (assumption, to) in moved {
        let change = Change::to(&assumption.path, to);
        let change = match assumption.path.ends_with("_months") {
            // Months are whole numbers.
            true => Change { value: format!("{to}"), ..change },
            false => change,
        };
        let held = held(site, catalog, (outcome, finance), &change);
        list.push(Gap {
            path: assumption.path.clone(),
            name: assumption.name.clone(),
            unit: assumption.unit.clone(),
            from: assumption.value,
            to,
            held_usd: held,
            replanned_usd: appraiser.npv_usd(&[change]),
        });
    }
    list
}

fn worse(a: &Assumption) -> Option<(&Assumption, f64)> {
    let path = a.path.as_str();
    let to = match path {
        "finance.delay_months" => a.value + LATER_MONTHS,
        "finance.utilisation_frac" => a.value * (1.0 - STEP_FRAC),
        "finance.rack_life_years" | "costs.rack-life-years" => {
            a.range.map_or(a.value - 1.0, |(low, _)| low).min(a.value).max(1.0)
        }
        "costs.price-decline-frac-per-year" => {
            a.range.map_or(a.value * (1.0 + STEP_FRAC), |(_, high)| high).max(a.value)
        }
        _ if path.starts_with("tariffs.") && path.ends_with(".energy_usd_per_mwh") => {
            a.range.map_or(a.value * (1.0 + STEP_FRAC), |(_, high)| high).max(a.value)
        }
        _ => return None,
    };
    Some((a, to))
}

fn held(
    site: &Site,
    catalog: &Catalog,
    (outcome, finance): (&Outcome, &SiteFinance),
    change: &Change,
) -> Answer {
    let (mut site, mut catalog) = (site.clone(), catalog.clone());
    apply(&mut site, &mut catalog, change).map_err(|e| e.to_string())?;
    let found = value_on(&site, outcome, &catalog, &finance.plans).map_err(|e| e.to_string())?;
    Ok(found.evaluation.results.unlevered.npv_usd)
}
