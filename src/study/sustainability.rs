//! What the design of a site does to energy, water and climate: the indicators of ISO/IEC 30134
//! as far as a design has them, carbon by location and by market, and the fields that the EU
//! asks of a data centre (Delegated Regulation 2024/1364) in its design phase.
//!
//! What nobody has entered is unknown: no contract for clean energy is no zero.

use super::Outcome;
use super::cooling::{Weather, loops};
use crate::catalog::{Catalog, source_text};
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
    /// Carbon of a MWh of the grid, yearly mean of its place, and where it is from.
    pub grid_carbon_kg_per_mwh: Option<f64>,
    pub grid_carbon_source: String,
    /// Scope 2 by location, t of carbon dioxide a year, and over IT energy (CUE), kg/kWh.
    pub carbon_location_t: Option<f64>,
    pub cue_kg_per_kwh: Option<f64>,
    /// Scope 2 by market, share of renewable energy (REF), of energy reused (ERF), and of load
    /// matched hour by hour (24/7 score): known with contracts, which layouts do not state yet.
    pub carbon_market_t: Option<f64>,
    pub ref_frac: Option<f64>,
    pub erf_frac: Option<f64>,
    pub hourly_matched_frac: Option<f64>,
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

/// Reckons the indicators of a plan.
pub fn sustainability(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Sustainability {
    let hours = &outcome.plan.hours;
    let energy_mwh: f64 = hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum();
    let it = hours.iter().filter(|h| h.pue > 0.0);
    let it_energy_mwh: f64 = it.map(|h| h.drawn_grid_mw / h.pue * h.weight_h).sum();
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
        ..Sustainability::default()
    };
    out.carbon(site, catalog);
    out.water(site, catalog);
    out
}

impl Sustainability {
    fn carbon(&mut self, site: &Site, catalog: &Catalog) {
        let own = match &site.terms.site.infrastructure {
            Infrastructure::Reference { tariff, .. } => tariff.clone(),
            Infrastructure::Built => site.terms.site.tariff.clone(),
        };
        let tariff = own.and_then(|id| catalog.tariffs.get(id.as_str()));
        let Some(fact) = tariff.and_then(|t| t.carbon_kg_per_mwh.as_ref()) else { return };
        self.grid_carbon_kg_per_mwh = fact.get();
        let source = fact.source.as_ref();
        self.grid_carbon_source = source.map(|s| source_text(catalog, s)).unwrap_or_default();
        let tonnes = self.grid_carbon_kg_per_mwh.map(|kg| kg * self.energy_mwh / 1e3);
        self.carbon_location_t = tonnes;
        // Tonnes over MWh are kg over kWh.
        let it = self.it_energy_mwh;
        self.cue_kg_per_kwh = tonnes.filter(|_| it > 0.0).map(|t| t / it);
    }

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
