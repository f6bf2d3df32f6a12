//! From a valid site and a catalogue to the numbers of the plan.

mod blocks;
mod estimates;
mod network;
mod points;
mod racks;
mod tiers;

use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report};
use crate::estimate::{Constants, Refusal};
use crate::plan::input::{HourIn, PeriodIn, PlanInput, PolicyIn, SiteIn, SupplyIn};
use crate::plan::limits::amount_per_unit;
use crate::site::{Allocation, Infrastructure, Objective, Site};
use crate::study::SolveOptions;
use crate::study::estimator::{Estimate, Estimator};
use crate::study::firm::{FirmCapacity, Shift};
use crate::study::secure::{self, Candidate};
use std::sync::Arc;

pub use blocks::coincidence;
pub use points::PointInfo;
pub use racks::{annual_costs, price_with_support_usd, recovery_frac, support_kw};

/// The plan's input with what reports need to name its parts.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    pub input: PlanInput,
    /// Curve and speed behind each operating point, in the order of `input.points`.
    pub points: Vec<PointInfo>,
    pub estimates: Vec<Estimated>,
    /// Of the network; none for a reference infrastructure and where a figure of it is unknown.
    pub firm: Option<FirmCapacity>,
    /// Rows that outages ask for where a plan breaks them.
    pub outages: Vec<Candidate>,
    /// Notes and warnings; errors where there is no input.
    pub report: Report,
}

/// An estimate that took part, and the points of it that became operating points.
#[derive(Clone, Debug)]
pub struct Estimated {
    pub estimate: Arc<Estimate>,
    pub chosen: Vec<usize>,
}

/// Everything that the parts of the input share while it is made.
struct Maker<'a> {
    site: &'a Site,
    catalog: &'a Catalog,
    options: &'a SolveOptions,
    estimator: &'a mut Estimator,
    constants: Result<Constants, Refusal>,
    input: PlanInput,
    points: Vec<PointInfo>,
    estimates: Vec<Estimated>,
    firm: Option<FirmCapacity>,
    shifts: Vec<Shift>,
    report: Report,
}

/// Prepares the input of a site that passed validation. The report has errors
/// where something unknown stops the plan; the input is then incomplete.
pub fn prepare(
    site: &Site,
    catalog: &Catalog,
    options: &SolveOptions,
    estimator: &mut Estimator,
) -> Prepared {
    let mut maker = Maker {
        site,
        catalog,
        options,
        estimator,
        constants: Constants::newest(catalog),
        input: PlanInput::default(),
        points: Vec::new(),
        estimates: Vec::new(),
        firm: None,
        shifts: Vec::new(),
        report: Report::default(),
    };
    maker.periods_and_hours();
    maker.network();
    maker.racks();
    maker.blocks();
    maker.points();
    maker.annual_costs();
    maker.tiers();
    maker.site_terms();
    maker.hold();
    let Maker { input, points, estimates, firm, shifts, report, .. } = maker;
    let outages = secure::candidates(site, &shifts, &input, coincidence(site, catalog));
    Prepared { input, points, estimates, firm, outages, report }
}

impl Maker<'_> {
    /// Records that a value is needed and unknown.
    fn unknown(&mut self, path: &str, what: &str) {
        if self.report.items.iter().any(|d| d.code == "unknown-value" && d.path == path) {
            return;
        }
        self.report.push(Diagnostic::error(
            "unknown-value",
            path,
            format!("{path} is unknown and {what} needs it"),
            "enter a value in the layout or in a catalogue overlay",
        ));
    }

    fn reference(&self) -> Option<(f64, f64)> {
        match &self.site.terms.site.infrastructure {
            Infrastructure::Reference { pue, path_efficiency, .. } => {
                Some((*pue, *path_efficiency))
            }
            Infrastructure::Built => None,
        }
    }

    fn periods_and_hours(&mut self) {
        let (price, peak) = self.energy_prices();
        let id = self.tariff();
        let tariff = id.and_then(|id| self.catalog.tariffs.get(&id));
        self.input.periods = vec![PeriodIn { id: "year".into(), weight: 1.0 }];
        self.input.hours = self
            .site
            .terms
            .hours
            .iter()
            .map(|h| {
                let dear = peak.filter(|_| tariff.is_some_and(|t| t.in_peak(h.clock_h)));
                HourIn {
                    id: h.id.clone(),
                    period: 0,
                    weight_h: h.weight_h,
                    day: h.day.clone(),
                    clock_h: h.clock_h,
                    energy_musd_per_mwh: dear.unwrap_or(price) / 1e6,
                }
            })
            .collect();
    }

    /// Energy price, $/MWh, and that of peak hours where there is one; nothing where the
    /// reference infrastructure has no tariff.
    fn energy_prices(&mut self) -> (f64, Option<f64>) {
        let Some(id) = self.tariff() else { return (0.0, None) };
        let tariff = self.catalog.tariffs.get(&id);
        let price = tariff.and_then(|t| t.energy_usd_per_mwh.get());
        let peak = tariff.and_then(|t| t.peak_usd_per_mwh.as_ref()).map(|fact| fact.get());
        if price.is_none() {
            self.unknown(&format!("tariffs.{id}.energy_usd_per_mwh"), "the energy cost");
        }
        if peak == Some(None) {
            self.unknown(&format!("tariffs.{id}.peak_usd_per_mwh"), "the energy cost");
        }
        (price.unwrap_or(0.0), peak.flatten())
    }

    fn tariff(&mut self) -> Option<String> {
        let terms = &self.site.terms.site;
        if let Infrastructure::Reference { tariff, .. } = &terms.infrastructure {
            return tariff.clone();
        }
        if terms.tariff.is_none() {
            self.unknown("site.tariff", "the energy cost");
        }
        terms.tariff.clone()
    }

    fn site_terms(&mut self) {
        let terms = self.site.terms.as_ref();
        let contract = terms.site.grid_contract_mw;
        if contract.is_none() {
            self.unknown("site.grid_contract_mw", "the plan");
        }
        let tariff = match &terms.site.infrastructure {
            Infrastructure::Reference { tariff, .. } => tariff.clone(),
            Infrastructure::Built => terms.site.tariff.clone(),
        };
        let monthly = tariff
            .and_then(|id| self.catalog.tariffs.get(&id))
            .and_then(|t| t.demand_usd_per_mw_month.as_ref().map(|f| (t.id.clone(), f.get())));
        let demand = match monthly {
            Some((id, None)) => {
                self.unknown(&format!("tariffs.{id}.demand_usd_per_mw_month"), "the energy cost");
                0.0
            }
            Some((_, Some(usd))) => usd * 12.0 / 1e6,
            None => 0.0,
        };
        self.input.site = SiteIn {
            grid_contract_mw: contract.unwrap_or(0.0),
            billable_frac: terms.site.billable_frac.unwrap_or(1.0),
            capacity_musd_per_mw_year: self.capacity_cost(),
            demand_musd_per_mw_year: demand,
            capex_budget_musd: terms.finance.capex_budget_usd.map_or(f64::INFINITY, |b| b / 1e6),
        };
        self.input.policy = PolicyIn {
            fixed_shares: self.options.allocation.unwrap_or(terms.policy.allocation)
                == Allocation::FixedShares,
            invest: self.objective() == Objective::Invest,
            integer: self.options.integer,
        };
        let racks = &self.input.racks;
        self.input.supply = terms
            .supply
            .iter()
            .filter_map(|s| {
                let rack = racks.iter().position(|r| r.id == s.rack)?;
                Some(SupplyIn { rack, max_units: f64::from(s.max_racks) })
            })
            .collect();
    }

    /// Sales of an earlier plan by the points and tiers of this input.
    fn hold(&mut self) {
        for (point, tier, volume) in &self.options.hold {
            let p = self.input.points.iter().position(|x| x.id == *point);
            let t = self.input.tiers.iter().position(|x| x.id == *tier);
            let (Some(p), Some(t)) = (p, t) else {
                self.report.push(Diagnostic::error(
                    "cannot-hold",
                    format!("tiers.{tier}"),
                    format!("the held plan serves {tier} by {point}, which this site has not"),
                    "hold a plan of the same site",
                ));
                continue;
            };
            let scale = amount_per_unit(self.input.tiers[t].product);
            self.input.hold.push((p, t, volume / scale));
        }
    }

    fn objective(&self) -> Objective {
        let planned = self.site.blocks().any(|b| b.planned.is_some());
        let default = if planned { Objective::Invest } else { Objective::Dispatch };
        let policy = &self.site.terms.policy;
        self.options.objective.or(policy.objective).unwrap_or(default)
    }
}
