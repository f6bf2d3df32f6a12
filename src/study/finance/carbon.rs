//! Clean energy and carbon of a project: what they cost, and tonnes by year.
//!
//! The share of the load that a contract covers is that of the first plan's year, at any load.

use super::NoFinance;
use super::energy::Rates;
use super::plans::Plans;
use super::running::row;
use super::sheet::Sheet;
use super::terms::Terms;
use crate::catalog::Catalog;
use crate::finance::project::{Component, Driver, OpexRow, Path, Project, Statements};
use crate::plan::Plan;
use crate::site::{CleanContract, CleanKind, Site};
use crate::study::clean::{Clean, Delivered, clean};
use crate::study::sustainability::grid_carbon;
use serde::Serialize;

/// Id of the row that carbon costs, and how those of contracts start.
const CARBON: &str = "carbon";
const PAID: &str = "clean energy: ";
const SURPLUS: &str = "surplus of ";
const SAVED: &str = "carbon saved by ";

/// Carbon of a project by fiscal year, scope 2.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carbon {
    /// Of a MWh of the grid, kg.
    pub grid_kg_per_mwh: f64,
    pub years: Vec<CarbonYear>,
}

/// A fiscal year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CarbonYear {
    pub year: String,
    /// At the meter.
    pub energy_mwh: f64,
    /// By location, t.
    pub location_t: f64,
    /// By market, t; none where neither a contract nor a residual mix is stated.
    pub market_t: Option<f64>,
    /// What carbon costs, less what contracts save of it; none where no price is stated.
    pub cost_usd: Option<f64>,
}

/// Whether a row is that of a contract for clean energy or its surplus.
pub fn is_clean_energy(row: &OpexRow) -> bool {
    row.id.starts_with(PAID) || row.id.starts_with(SURPLUS)
}

/// Months of the model in which a contract runs.
fn months(own: &CleanContract, terms: &Terms) -> (usize, Option<usize>) {
    let until = own.term_months.map(|m| terms.service_month + m as usize);
    (terms.service_month, until)
}

/// A price of the year of service with its rise, from the first year of the model on.
fn rising(usd: f64, rise: f64, terms: &Terms) -> Path {
    let years = (terms.service_month / 12) as i32;
    Path::Escalating { start: usd / (1.0 + rise).powi(years), per_year_frac: rise }
}

impl Sheet<'_> {
    /// Rows of clean energy and of carbon.
    pub fn clean_energy(
        &mut self,
        rates: Option<&Rates>,
        plans: &Plans,
        terms: &Terms,
    ) -> Result<Vec<OpexRow>, NoFinance> {
        let Some(plan) = plans.of_year(0).map(|held| &held.plan) else { return Ok(Vec::new()) };
        let found = clean(self.site, plan).map_err(NoFinance::Input)?;
        let mut rows = Vec::new();
        let own = self.site.terms.finance.clean_energy.clone();
        for (contract, delivered) in own.iter().zip(found.iter().flat_map(|f| &f.contracts)) {
            rows.extend(self.contract(contract, delivered, (rates, plan), terms)?);
        }
        rows.extend(self.carbon(found.as_ref(), terms)?);
        Ok(rows)
    }

    /// A contract: what it is paid, and what it replaces.
    fn contract(
        &mut self,
        own: &CleanContract,
        delivered: &Delivered,
        (rates, plan): (Option<&Rates>, &Plan),
        terms: &Terms,
    ) -> Result<Vec<OpexRow>, NoFinance> {
        let at = |field: &str| format!("clean_energy.{}.{field}", own.id);
        let unknown = |field: &str| NoFinance::Unknown(format!("finance.{}", at(field)));
        let usd = own.usd_per_mwh.ok_or_else(|| unknown("usd_per_mwh"))?;
        let name = format!("Clean energy of {}", own.id);
        self.entered(&at("usd_per_mwh"), &format!("{name}, price"), "USD per MWh", usd);
        self.sourced(&own.source);
        let made = own.mwh_per_year.map_or("mw", |_| "mwh_per_year");
        let unit = if made == "mw" { "MW" } else { "MWh per year" };
        let size = own.mwh_per_year.or(own.mw).unwrap_or(0.0);
        self.entered(&at(made), &name, unit, size);
        self.sourced(&own.source);
        let (from, until) = months(own, terms);
        let window = |mut row: OpexRow| {
            row.from_month = Some(from);
            row.until_month = until;
            row
        };
        let year =
            |id: &str, usd: f64| window(row((id, Component::Energy), Driver::Year, usd, terms));
        let mut paid = year(&format!("{PAID}{}", own.id), 0.0);
        paid.price = rising(usd * delivered.made_mwh, own.rise_frac.unwrap_or(0.0), terms);
        let mut rows = vec![paid];
        if own.kind == CleanKind::Certificates {
            return Ok(rows);
        }
        // The energy row rises with inflation from the first year on, and so does what is saved.
        let saved: f64 = match rates {
            Some(rates) => {
                let hours = plan.hours.iter().zip(&delivered.matched_mwh);
                hours.map(|(hour, mwh)| mwh * rates.usd_per_mwh(self.site, &hour.id)).sum()
            }
            None => 0.0,
        };
        let load: f64 = plan.hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum();
        let id = format!("energy replaced by {}", own.id);
        rows.push(window(row((&id, Component::Energy), Driver::Mwh, -saved / load, terms)));
        let surplus = delivered.made_mwh - delivered.matched();
        if surplus > 1e-9 * delivered.made_mwh {
            let usd = own.surplus_usd_per_mwh.ok_or_else(|| unknown("surplus_usd_per_mwh"))?;
            let name = format!("{name}, price of its surplus");
            self.entered(&at("surplus_usd_per_mwh"), &name, "USD per MWh", usd);
            rows.push(year(&format!("{SURPLUS}{}", own.id), -surplus * usd));
        }
        Ok(rows)
    }

    /// What carbon costs where a price is stated: by market where that is known, else by location.
    fn carbon(&mut self, clean: Option<&Clean>, terms: &Terms) -> Result<Vec<OpexRow>, NoFinance> {
        let own = self.site.terms.finance.carbon.clone();
        let Some(usd) = own.usd_per_t else { return Ok(Vec::new()) };
        let Some((path, grid)) = grid_carbon(self.site, self.catalog) else {
            let missing = "carbon_kg_per_mwh of the tariff, which finance.carbon.usd_per_t needs,";
            return Err(NoFinance::Unknown(missing.to_owned()));
        };
        self.entered("carbon.usd_per_t", "Price of carbon", "USD per t", usd);
        let residual = own.residual_kg_per_mwh;
        let factor = match residual {
            Some(kg) => {
                let name = "Carbon of energy under no contract";
                self.entered("carbon.residual_kg_per_mwh", name, "kg per MWh", kg);
                kg
            }
            None => self.fact(&path, "Carbon of the grid", "kg per MWh", &grid)?,
        };
        let rise = own.rise_frac.unwrap_or(0.0);
        let driver = Driver::Tonne { t_per_mwh: factor / 1e3 };
        let mut all = row((CARBON, Component::Opex), driver, 0.0, terms);
        all.price = rising(usd, rise, terms);
        let mut rows = vec![all];
        let contracts = self.site.terms.finance.clean_energy.iter();
        for (contract, delivered) in contracts.zip(clean.iter().flat_map(|c| &c.contracts)) {
            let id = format!("{SAVED}{}", contract.id);
            let mut saved = row((&id, Component::Opex), Driver::Mwh, 0.0, terms);
            let load = clean.map_or(1.0, |c| c.load_mwh);
            let tonnes = delivered.volume_mwh / load * (factor - delivered.carbon_kg_per_mwh) / 1e3;
            saved.price = rising(-usd * tonnes, rise, terms);
            (saved.from_month, saved.until_month) =
                (Some(months(contract, terms).0), months(contract, terms).1);
            rows.push(saved);
        }
        Ok(rows)
    }
}

/// Tonnes and cost by fiscal year; none where the carbon of the grid is unknown.
pub(super) fn by_year(
    (site, catalog): (&Site, &Catalog),
    plans: &Plans,
    terms: &Terms,
    (project, statements): (&Project, &Statements),
) -> Option<Carbon> {
    let grid_kg_per_mwh = grid_carbon(site, catalog)?.1.get()?;
    let energy = Statements::row(&statements.quantities, Statements::ENERGY)?;
    let own = &site.terms.finance;
    let found = clean(site, &plans.of_year(0)?.plan).ok().flatten();
    let stated = found.is_some() || own.carbon.residual_kg_per_mwh.is_some();
    let residual = own.carbon.residual_kg_per_mwh.unwrap_or(grid_kg_per_mwh);
    let late = project.delay_months;
    // Carbon of a MWh of load in a month: the contracts that run then cover their share.
    let market = |month: usize| -> f64 {
        let mut kg = residual;
        let all = own.clean_energy.iter().zip(found.iter().flat_map(|f| &f.contracts));
        for (contract, delivered) in all {
            let (from, until) = months(contract, terms);
            if month >= from && until.is_none_or(|until| month < until + late) {
                let load = found.as_ref().map_or(1.0, |f| f.load_mwh);
                kg -= delivered.volume_mwh / load * (residual - delivered.carbon_kg_per_mwh);
            }
        }
        kg
    };
    let blank = |label: &String| CarbonYear {
        year: label.clone(),
        energy_mwh: 0.0,
        location_t: 0.0,
        market_t: stated.then_some(0.0),
        cost_usd: own.carbon.usd_per_t.map(|_| 0.0),
    };
    let mut years: Vec<CarbonYear> = statements.years.iter().map(blank).collect();
    let costs: Vec<&[f64]> = project
        .opex
        .iter()
        .filter(|r| r.id == CARBON || r.id.starts_with(SAVED))
        .filter_map(|r| Statements::row(&statements.income, &format!("opex: {}", r.id)))
        .collect();
    for (n, (period, mwh)) in statements.periods.iter().zip(energy).enumerate() {
        let Some(year) = years.get_mut(period.year) else { continue };
        year.energy_mwh += mwh;
        year.location_t += mwh * grid_kg_per_mwh / 1e3;
        if let Some(t) = &mut year.market_t {
            *t += mwh * market(period.start) / 1e3;
        }
        if let Some(usd) = &mut year.cost_usd {
            *usd += costs.iter().filter_map(|c| c.get(n)).sum::<f64>();
        }
    }
    Some(Carbon { grid_kg_per_mwh, years })
}
