//! The electricity bill by the components of the tariff, each a row.

use super::NoFinance;
use super::plans::Plans;
use super::running::row;
use super::sheet::Sheet;
use super::terms::Terms;
use crate::catalog::{Fact, Tariff};
use crate::finance::project::{Component, Driver, OpexRow};
use crate::plan::Plan;
use crate::site::{Infrastructure, Site};

/// Numbers of a tariff as far as it has them.
pub(super) struct Rates<'a> {
    id: String,
    tariff: &'a Tariff,
    contract_mw: f64,
    /// What taxes and riders make of a dollar.
    surcharge: f64,
}

impl Rates<'_> {
    /// Price of energy in a typical hour in the first year of the model, riders included.
    pub fn usd_per_mwh(&self, site: &Site, hour: &str) -> f64 {
        let clock = site.terms.hours.iter().find(|h| h.id == hour).map(|h| h.clock_h);
        let of = |fact: &Option<Fact>| fact.as_ref().and_then(Fact::get);
        let peak = of(&self.tariff.peak_usd_per_mwh);
        let flat = self.tariff.energy_usd_per_mwh.get().unwrap_or(0.0);
        let at_peak = clock.is_some_and(|c| self.tariff.in_peak(c));
        peak.filter(|_| at_peak).unwrap_or(flat) * self.surcharge
    }
}

impl Sheet<'_> {
    /// Rows of the bill, of clean energy and of carbon; no bill where the infrastructure is a
    /// reference without tariff.
    pub fn energy(&mut self, plans: &Plans, terms: &Terms) -> Result<Vec<OpexRow>, NoFinance> {
        let site = &self.site.terms.site;
        let id = match &site.infrastructure {
            Infrastructure::Reference { tariff, .. } => tariff.clone(),
            Infrastructure::Built => site.tariff.clone(),
        };
        let contract_mw = site.grid_contract_mw.unwrap_or(0.0);
        let Some(id) = id else { return self.clean_energy(None, plans, terms) };
        let Some(tariff) = self.catalog.tariffs.get(&id) else {
            return Err(NoFinance::Unknown(format!("tariffs.{id}")));
        };
        let tariff = tariff.clone();
        let mut rates = Rates { id, tariff: &tariff, contract_mw, surcharge: 1.0 };
        let surcharge = self.rate(&rates, "surcharge_frac", &tariff.surcharge_frac)?;
        rates.surcharge = 1.0 + surcharge.unwrap_or(0.0);
        let Some(plan) = plans.of_year(0).map(|held| &held.plan) else { return Ok(Vec::new()) };
        let mut rows = vec![self.by_energy(&rates, plan, terms)?];
        rows.extend(self.by_demand(&rates, terms)?);
        rows.extend(self.by_contract(&rates, plan, terms)?);
        rows.extend(self.clean_energy(Some(&rates), plans, terms)?);
        Ok(rows)
    }

    /// A number of the tariff that it may not have.
    fn rate(
        &mut self,
        rates: &Rates,
        field: &str,
        fact: &Option<Fact>,
    ) -> Result<Option<f64>, NoFinance> {
        let Some(fact) = fact else { return Ok(None) };
        let path = format!("tariffs.{}.{field}", rates.id);
        let (name, unit) = words(field);
        self.fact(&path, name, unit, fact).map(Some)
    }

    /// Energy at the mean price of the plan's hours.
    fn by_energy(
        &mut self,
        rates: &Rates,
        plan: &Plan,
        terms: &Terms,
    ) -> Result<OpexRow, NoFinance> {
        let path = format!("tariffs.{}.energy_usd_per_mwh", rates.id);
        let (name, unit) = words("energy_usd_per_mwh");
        let flat = self.fact(&path, name, unit, &rates.tariff.energy_usd_per_mwh)?;
        let peak = self.rate(rates, "peak_usd_per_mwh", &rates.tariff.peak_usd_per_mwh)?;
        let price = match peak {
            Some(peak) => {
                let share = self.peak_load(rates, plan).1;
                flat + (peak - flat) * share
            }
            None => flat,
        };
        let usd = price * rates.surcharge;
        Ok(row(("energy", Component::Energy), Driver::Mwh, usd, terms))
    }

    /// Demand of the month, least demand and ratchet. A least demand is billed from the planned
    /// date of service on, delayed or not.
    fn by_demand(&mut self, rates: &Rates, terms: &Terms) -> Result<Option<OpexRow>, NoFinance> {
        let t = rates.tariff;
        let usd = self.rate(rates, "demand_usd_per_mw_month", &t.demand_usd_per_mw_month)?;
        let Some(usd) = usd else { return Ok(None) };
        let least = self.rate(rates, "minimum_frac", &t.minimum_frac)?;
        let ratchet = self.rate(rates, "ratchet_frac", &t.ratchet_frac)?.unwrap_or(0.0);
        let back = self.rate(rates, "ratchet_months", &t.ratchet_months)?.unwrap_or(11.0);
        let driver = Driver::Demand {
            contract_mw: rates.contract_mw,
            minimum_frac: least.unwrap_or(0.0),
            ratchet_frac: ratchet,
            look_back_months: back.round().clamp(0.0, 60.0) as usize,
        };
        let id = ("demand charge", Component::Energy);
        let mut row = row(id, driver, usd * rates.surcharge, terms);
        row.from_month = least.map(|_| terms.service_month);
        Ok(Some(row))
    }

    /// What is billed on the load of the system's peak, on the contract, and each month.
    fn by_contract(
        &mut self,
        rates: &Rates,
        plan: &Plan,
        terms: &Terms,
    ) -> Result<Vec<OpexRow>, NoFinance> {
        let t = rates.tariff;
        let mut rows = Vec::new();
        let field = "coincident_usd_per_mw_month";
        if let Some(usd) = self.rate(rates, field, &t.coincident_usd_per_mw_month)? {
            // The mean load of the peak hours over the demand that the row counts.
            let load = self.peak_load(rates, plan).0;
            let share = if plan.grid_mw > 0.0 { load / plan.grid_mw } else { 0.0 };
            let driver = Driver::Demand {
                contract_mw: 0.0,
                minimum_frac: 0.0,
                ratchet_frac: 0.0,
                look_back_months: 0,
            };
            let id = ("coincident peak", Component::Energy);
            rows.push(row(id, driver, usd * share * rates.surcharge, terms));
        }
        let yearly = [
            (
                "capacity charge",
                "capacity_usd_per_mw_month",
                &t.capacity_usd_per_mw_month,
                rates.contract_mw,
            ),
            ("fixed charge of the utility", "fixed_usd_per_month", &t.fixed_usd_per_month, 1.0),
        ];
        for (name, field, fact, count) in yearly {
            if let Some(usd) = self.rate(rates, field, fact)? {
                let usd = usd * count * 12.0 * rates.surcharge;
                let mut row = row((name, Component::Energy), Driver::Year, usd, terms);
                row.from_month = Some(terms.service_month);
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// Mean load in peak hours, MW, and their share of the energy; of all hours where the tariff
    /// names no peak.
    fn peak_load(&self, rates: &Rates, plan: &Plan) -> (f64, f64) {
        let named = rates.tariff.peak_from_h.is_some() && rates.tariff.peak_to_h.is_some();
        let (mut hours, mut peak, mut all) = (0.0, 0.0, 0.0);
        for hour in &plan.hours {
            let clock = self.site.terms.hours.iter().find(|h| h.id == hour.id).map(|h| h.clock_h);
            all += hour.drawn_grid_mw * hour.weight_h;
            if !named || clock.is_some_and(|c| rates.tariff.in_peak(c)) {
                hours += hour.weight_h;
                peak += hour.drawn_grid_mw * hour.weight_h;
            }
        }
        let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
        (over(peak, hours), over(peak, all))
    }
}

/// Name and unit of a number of a tariff.
fn words(field: &str) -> (&'static str, &'static str) {
    match field {
        "energy_usd_per_mwh" => ("Energy price", "USD per MWh"),
        "peak_usd_per_mwh" => ("Energy price of peak hours", "USD per MWh"),
        "demand_usd_per_mw_month" => ("Demand charge", "USD per MW and month"),
        "minimum_frac" => ("Least demand billed", "share of the contract"),
        "ratchet_frac" => ("Ratchet", "share of the highest demand"),
        "ratchet_months" => ("Months that the ratchet looks back on", "months"),
        "coincident_usd_per_mw_month" => ("Charge on the system's peak", "USD per MW and month"),
        "capacity_usd_per_mw_month" => ("Capacity charge", "USD per MW and month"),
        "fixed_usd_per_month" => ("Fixed charge of the utility", "USD per month"),
        _ => ("Taxes and riders", "share of the bill"),
    }
}
