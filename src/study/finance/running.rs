//! What running costs: energy by the components of the tariff, what grows with tokens, penalties,
//! and fixed cost.

use super::NoFinance;
use super::plans::Plans;
use super::sales::path;
use super::sheet::Sheet;
use super::terms::Terms;
use crate::finance::project::{Component, Driver, OpexRow, Path};
use crate::site::RunningInputs;

/// What fixed rows are shares of.
pub(super) struct Money {
    pub plant: f64,
    pub racks: f64,
    /// In service by year of the model.
    pub gpus: Vec<f64>,
}

/// A row that rises with inflation.
pub(super) fn row(
    (id, component): (&str, Component),
    driver: Driver,
    start: f64,
    terms: &Terms,
) -> OpexRow {
    OpexRow {
        id: id.to_owned(),
        component,
        phase: None,
        driver,
        price: Path::Escalating { start, per_year_frac: terms.inflation },
        from_month: None,
        until_month: None,
    }
}

impl Sheet<'_> {
    /// Rows of the plans; `fixed` is fixed operating cost, USD a year.
    pub fn running(
        &mut self,
        plans: &Plans,
        terms: &Terms,
        (money, fixed): (&Money, f64),
    ) -> Result<Vec<OpexRow>, NoFinance> {
        let mut rows = self.fixed(terms, money, fixed);
        rows.extend(self.energy(plans, terms)?);
        rows.extend(variable(plans, terms));
        rows.extend(penalties(plans, terms));
        rows.retain(|r| r.price != Path::Escalating { start: 0.0, per_year_frac: terms.inflation });
        Ok(rows)
    }

    /// Fixed cost by its rows: what is stated lies within the fixed cost per MW, the rest of it is
    /// not itemised; licences, rent and collateral come on top.
    fn fixed(&mut self, terms: &Terms, money: &Money, fixed: f64) -> Vec<OpexRow> {
        let own = self.site.terms.finance.running.clone();
        let mut rows = Vec::new();
        let mut within = 0.0;
        let flat = [
            ("water", "running.water_usd_per_year", own.water_usd_per_year),
            ("staff", "running.staff_usd_per_year", own.staff_usd_per_year),
            ("network", "running.network_usd_per_year", own.network_usd_per_year),
        ];
        for (name, path, usd) in flat {
            let Some(usd) = usd else { continue };
            self.entered(path, name, "USD per year", usd);
            within += usd;
            rows.push(row((name, Component::Opex), Driver::Year, usd, terms));
        }
        let shares = [
            (
                "maintenance of the plant",
                "running.maintenance_frac",
                own.maintenance_frac,
                money.plant,
            ),
            (
                "support and spares of racks",
                "running.rack_maintenance_frac",
                own.rack_maintenance_frac,
                money.racks,
            ),
            ("insurance", "running.insurance_frac", own.insurance_frac, money.plant + money.racks),
        ];
        for (name, path, share, base) in shares {
            let Some(share) = share else { continue };
            self.entered(path, name, "share per year", share);
            within += share * base;
            rows.push(row((name, Component::Opex), Driver::Year, share * base, terms));
        }
        if let Some(share) = own.property_tax_frac {
            self.entered("running.property_tax_frac", "property tax", "share per year", share);
            within += share * money.plant;
            rows.extend(property_tax(&own, terms, share * money.plant));
        }
        let rest = (fixed - within).max(0.0);
        let name = if within > 0.0 {
            "fixed operating cost, not itemised"
        } else {
            "fixed operating cost"
        };
        rows.insert(0, row((name, Component::Opex), Driver::Year, rest, terms));
        let mw = self.site.terms.site.grid_contract_mw.unwrap_or(0.0);
        let collateral =
            own.collateral_usd_per_mw.zip(own.collateral_cost_frac).map(|(a, b)| a * b * mw);
        let on_top = [
            ("licences", "running.licences_usd_per_gpu_year", own.licences_usd_per_gpu_year, 1.0),
            ("rent", "running.rent_usd_per_kw_month", own.rent_usd_per_kw_month, mw * 12e3),
            ("utility collateral", "running.collateral_usd_per_mw", collateral, 1.0),
        ];
        for (name, path, usd, count) in on_top {
            let Some(usd) = usd else { continue };
            self.entered(path, name, "USD", usd);
            let mut one = row((name, Component::Opex), Driver::Year, usd * count, terms);
            if name == "licences" {
                one.price = of_gpus(usd, money, terms);
            }
            rows.push(one);
        }
        rows
    }
}

/// A cost of a GPU and year, of those in service.
fn of_gpus(usd: f64, money: &Money, terms: &Terms) -> Path {
    let first = money.gpus.first().copied().unwrap_or(0.0);
    if money.gpus.iter().all(|n| *n == first) {
        return Path::Escalating { start: usd * first, per_year_frac: terms.inflation };
    }
    let risen = |year: usize| usd * (1.0 + terms.inflation).powi(year as i32);
    Path::ByYear(money.gpus.iter().enumerate().map(|(year, n)| n * risen(year)).collect())
}

/// Cost that grows with tokens, as today's plan counts it: it grows with load, as energy does.
fn variable(plans: &Plans, terms: &Terms) -> Option<OpexRow> {
    let first = plans.of_year(0)?;
    let mwh = super::energy_mwh(&first.plan);
    // The plan of the first year has the cost of its own year.
    let moved = plans.all().len() > 1 || first.price_ratio != 1.0;
    let rise = (1.0 + terms.inflation).powi((terms.service_month / 12) as i32);
    let usd = first.plan.variable_cost_usd_per_year / if moved { rise } else { 1.0 };
    let (id, per_mwh) = (("variable cost", Component::Opex), usd / mwh);
    (mwh > 0.0 && usd != 0.0).then(|| row(id, Driver::Mwh, per_mwh, terms))
}

/// Property tax: the abated share is not paid in the first years of operation.
fn property_tax(own: &RunningInputs, terms: &Terms, usd: f64) -> Vec<OpexRow> {
    let abated = own.abatement_frac.unwrap_or(0.0);
    let months = own.abatement_years.unwrap_or(0) as usize * 12;
    let mut early =
        row(("property tax, abated", Component::Opex), Driver::Year, usd * (1.0 - abated), terms);
    early.until_month = Some(terms.service_month + months);
    let mut later = row(("property tax", Component::Opex), Driver::Year, usd, terms);
    if months == 0 || abated == 0.0 {
        return vec![later];
    }
    later.from_month = Some(terms.service_month + months);
    vec![early, later]
}

/// What unmet commitments cost, by the plan of each year.
fn penalties(plans: &Plans, terms: &Terms) -> Option<OpexRow> {
    let months = terms.service_month + terms.operating_months + terms.delay_months;
    let of_year = |year: usize| {
        let age = (12 * year).saturating_sub(terms.service_month) / 12;
        plans.of_year(age).map_or(0.0, |held| held.plan.penalty_usd_per_year)
    };
    let list: Vec<f64> = (0..months.div_ceil(12)).map(of_year).collect();
    let mut row = row(("penalties", Component::Opex), Driver::Year, 0.0, terms);
    row.price = path(list.clone());
    list.iter().any(|usd| *usd != 0.0).then_some(row)
}
