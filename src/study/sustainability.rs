//! What the design of a site does to energy, water and climate: the indicators of ISO/IEC 30134
//! as far as a design has them, carbon by location and by market, and the fields that the EU
//! asks of a data centre (Delegated Regulation 2024/1364) in its design phase.
//!
//! What nobody has entered is unknown: no contract for clean energy is no zero.

use super::Outcome;
use super::clean::{Delivered, clean};
use super::cooling::{Weather, loops};
use crate::catalog::{Catalog, Fact, source_text};
use crate::plan::Plan;
use crate::site::{Infrastructure, Site};
use serde::Serialize;

/// Indicators of a design. Every figure is that of the plan's year at full load.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sustainability {
    /// Energy at the meter, and of it what IT draws, MWh a year.
    pub energy_mwh: f64,
    pub it_energy_mwh: f64,
    /// Design power usage effectiveness, mean and worst hour; stated where the infrastructure is
    /// a reference.
    pub design_pue: Option<f64>,
    pub worst_pue: Option<f64>,
    pub pue_is_stated: bool,
    /// Water, L per kWh of IT energy and m3 a year with every loop at its duty.
    pub wue_l_per_kwh: Option<f64>,
    pub water_m3: Option<f64>,
    /// Why there is no figure of water.
    pub water_stopped_by: String,
    #[serde(flatten)]
    pub climate: Climate,
    /// Floor of the halls, m2.
    pub floor_m2: Option<f64>,
    /// IT power of the plan, MW.
    pub it_mw: f64,
    /// Set points of the loops and temperature of their waste heat, degrees C.
    pub supply_c: Vec<f64>,
    pub return_c: Vec<f64>,
    /// Loops with chillers hold refrigerant.
    pub has_chillers: Option<bool>,
}

/// Carbon and clean energy of the plan's year. What rests on contracts is unknown where the layout
/// states none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Climate {
    /// Carbon of a MWh of the grid, yearly mean of its place, and where it is from.
    pub grid_carbon_kg_per_mwh: Option<f64>,
    pub grid_carbon_source: String,
    /// Scope 2 by location, t of carbon dioxide a year, and over IT energy (CUE), kg/kWh.
    pub carbon_location_t: Option<f64>,
    pub cue_kg_per_kwh: Option<f64>,
    /// Scope 2 by market: contracts counted by the year, and only as far as they deliver in the
    /// hour of use.
    pub carbon_market_t: Option<f64>,
    pub carbon_hourly_t: Option<f64>,
    /// Energy under contract that the year uses, and of it the renewable part, MWh.
    pub clean_mwh: Option<f64>,
    pub renewable_mwh: Option<f64>,
    /// Renewable part of all energy (REF).
    pub ref_frac: Option<f64>,
    /// Load matched hour by hour (24/7 score).
    pub hourly_matched_frac: Option<f64>,
    /// Heat that others use, MWh a year, and over all energy (ERF).
    pub heat_reused_mwh: Option<f64>,
    pub erf_frac: Option<f64>,
    /// What is wrong with a contract; empty where nothing is.
    pub clean_stopped_by: String,
}

/// Carbon of the grid of a site: path and fact of its tariff; none where that states none.
pub fn grid_carbon(site: &Site, catalog: &Catalog) -> Option<(String, Fact)> {
    let own = match &site.terms.site.infrastructure {
        Infrastructure::Reference { tariff, .. } => tariff.clone(),
        Infrastructure::Built => site.terms.site.tariff.clone(),
    };
    let id = own?;
    let fact = catalog.tariffs.get(id.as_str())?.carbon_kg_per_mwh.clone()?;
    Some((format!("tariffs.{id}.carbon_kg_per_mwh"), fact))
}

/// Reckons carbon and clean energy of a plan.
pub fn climate(site: &Site, plan: &Plan, catalog: &Catalog) -> Climate {
    let (energy_mwh, it_mwh) = energy(plan);
    let over = |mwh: f64| (energy_mwh > 0.0).then_some(mwh / energy_mwh);
    let own = &site.terms.finance.carbon;
    let mut out = Climate {
        heat_reused_mwh: own.heat_reused_mwh_per_year,
        erf_frac: own.heat_reused_mwh_per_year.and_then(over),
        ..Climate::default()
    };
    if let Some((_, fact)) = grid_carbon(site, catalog) {
        out.grid_carbon_kg_per_mwh = fact.get();
        let source = fact.source.as_ref();
        out.grid_carbon_source = source.map(|s| source_text(catalog, s)).unwrap_or_default();
    }
    let tonnes = |kg: f64| kg * energy_mwh / 1e3;
    out.carbon_location_t = out.grid_carbon_kg_per_mwh.map(tonnes);
    // Tonnes over MWh are kg over kWh.
    out.cue_kg_per_kwh = out.carbon_location_t.filter(|_| it_mwh > 0.0).map(|t| t / it_mwh);
    let residual = own.residual_kg_per_mwh.or(out.grid_carbon_kg_per_mwh);
    match clean(site, plan) {
        Ok(Some(found)) => {
            let by = |hour: bool| residual.map(|kg| tonnes(found.market_kg_per_mwh(kg, hour)));
            (out.carbon_market_t, out.carbon_hourly_t) = (by(false), by(true));
            let of = |which: &dyn Fn(&Delivered) -> bool| found.volume_frac(which) * found.load_mwh;
            out.clean_mwh = Some(of(&|_| true));
            out.renewable_mwh = Some(of(&|c| c.renewable));
            out.ref_frac = Some(found.volume_frac(|c| c.renewable));
            out.hourly_matched_frac = found.hourly_matched.ok();
        }
        Ok(None) => out.carbon_market_t = own.residual_kg_per_mwh.map(tonnes),
        Err(error) => out.clean_stopped_by = error.to_string(),
    }
    out
}

/// Energy of a plan's year at the meter, and of it what IT draws, MWh.
fn energy(plan: &Plan) -> (f64, f64) {
    let mwh = plan.hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum();
    let it = plan.hours.iter().filter(|h| h.pue > 0.0);
    (mwh, it.map(|h| h.drawn_grid_mw / h.pue * h.weight_h).sum())
}

/// Reckons the indicators of a plan.
pub fn sustainability(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Sustainability {
    let (energy_mwh, it_energy_mwh) = energy(&outcome.plan);
    let head = &outcome.headline;
    let positive = |v: f64| (v > 0.0).then_some(v);
    let stated = matches!(site.terms.site.infrastructure, Infrastructure::Reference { .. });
    let floor: f64 =
        site.halls.iter().filter_map(|g| g.hall.as_ref()).map(|h| h.size[0] * h.size[1]).sum();
    let mut out = Sustainability {
        energy_mwh,
        it_energy_mwh,
        design_pue: positive(head.pue_mean),
        worst_pue: positive(head.pue_worst),
        pue_is_stated: stated,
        floor_m2: positive(floor),
        it_mw: outcome.plan.it_mw,
        climate: climate(site, &outcome.plan, catalog),
        ..Sustainability::default()
    };
    out.water(site, catalog);
    out
}

impl Sustainability {
    fn water(&mut self, site: &Site, catalog: &Catalog) {
        let (found, report) = loops(site, catalog, &Weather::default());
        let all = site.campus.loops.len();
        let Some(found) = found.filter(|f| !f.loops.is_empty() && f.loops.len() == all) else {
            let why = report.items.first().map(|d| d.message.clone());
            self.water_stopped_by = why.unwrap_or_else(|| "the layout has no loops".to_owned());
            return;
        };
        let water: f64 = found.loops.iter().map(|l| l.year.water_m3).sum();
        let heat: f64 = found.loops.iter().map(|l| l.duty.liquid_mw + l.duty.air_mw).sum();
        self.water_m3 = Some(water);
        let kwh = heat * crate::units::SECONDS_PER_YEAR / 3.6;
        self.wue_l_per_kwh = (kwh > 0.0).then(|| water * 1e3 / kwh);
        let mut supply: Vec<f64> = found.loops.iter().map(|l| l.supply_c).collect();
        let mut back: Vec<f64> = found.loops.iter().filter_map(|l| l.return_c).collect();
        for list in [&mut supply, &mut back] {
            list.sort_by(f64::total_cmp);
            list.dedup();
        }
        (self.supply_c, self.return_c) = (supply, back);
        self.has_chillers = Some(found.loops.iter().any(|l| l.has_chiller));
    }
}
