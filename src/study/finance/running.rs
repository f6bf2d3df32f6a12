//! What running costs: energy by the components of the tariff, what grows with tokens, penalties,
//! and fixed cost.

use super::NoFinance;
use super::plans::Plans;
use super::sales::path;
use super::sheet::Sheet;
use super::terms::Terms;
use crate::finance::project::{Component, Driver, OpexRow, Path, Stream};
use crate::site::Infrastructure;
use crate::units::SECONDS_PER_YEAR;

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
        streams: &[Stream],
        fixed: f64,
    ) -> Result<Vec<OpexRow>, NoFinance> {
        let mut rows =
            vec![row(("fixed operating cost", Component::Opex), Driver::Year, fixed, terms)];
        rows.extend(self.energy(terms)?);
        rows.extend(self.variable(plans, terms, streams));
        rows.extend(penalties(plans, terms));
        rows.retain(|r| r.price != Path::Escalating { start: 0.0, per_year_frac: terms.inflation });
        Ok(rows)
    }

    /// Energy and demand by the tariff.
    fn energy(&mut self, terms: &Terms) -> Result<Vec<OpexRow>, NoFinance> {
        let site = &self.site.terms.site;
        let id = match &site.infrastructure {
            Infrastructure::Reference { tariff, .. } => tariff.clone(),
            Infrastructure::Built => site.tariff.clone(),
        };
        let contract_mw = site.grid_contract_mw.unwrap_or(0.0);
        let Some(id) = id else { return Ok(Vec::new()) };
        let Some(tariff) = self.catalog.tariffs.get(&id) else {
            return Err(NoFinance::Unknown(format!("tariffs.{id}")));
        };
        let energy = (tariff.energy_usd_per_mwh.clone(), tariff.demand_usd_per_mw_month.clone());
        let at = |field: &str| format!("tariffs.{id}.{field}");
        let mwh = self.fact(&at("energy_usd_per_mwh"), "Energy price", "USD per MWh", &energy.0)?;
        let mut rows = vec![row(("energy", Component::Energy), Driver::Mwh, mwh, terms)];
        if let Some(fact) = energy.1 {
            let path = at("demand_usd_per_mw_month");
            let usd = self.fact(&path, "Demand charge", "USD per MW and month", &fact)?;
            let driver = Driver::Demand {
                contract_mw,
                minimum_frac: 0.0,
                ratchet_frac: 0.0,
                look_back_months: 0,
            };
            rows.push(row(("demand charge", Component::Energy), driver, usd, terms));
        }
        Ok(rows)
    }

    /// Cost that grows with the tokens of each tier, as today's plan counts it.
    fn variable(&self, plans: &Plans, terms: &Terms, streams: &[Stream]) -> Vec<OpexRow> {
        let Some(first) = plans.of_year(0) else { return Vec::new() };
        let rate = |id: &str| {
            let tier = self.site.terms.tiers.iter().find(|t| t.id == id);
            tier.and_then(|t| t.variable_usd_per_mtok).unwrap_or(0.0)
        };
        let tokens = |t: &crate::plan::result::TierResult| t.tokens_per_s * SECONDS_PER_YEAR / 1e6;
        let counted: f64 = first.plan.tiers.iter().map(|t| tokens(t) * rate(&t.id)).sum();
        // Cost of today: the plan of the first year has that of its own year.
        let rise = (1.0 + terms.inflation).powi((terms.build_months / 12) as i32);
        let today = if plans.all().len() > 1 || first.price_ratio != 1.0 { rise } else { 1.0 };
        let stated = first.plan.variable_cost_usd_per_year / today;
        let share = if counted > 0.0 { stated / counted } else { 1.0 };
        let of = |stream: &Stream| {
            let id = format!("variable cost of {}", stream.id);
            let driver = Driver::UnitOf(stream.id.clone());
            row((&id, Component::Opex), driver, rate(&stream.id) * share, terms)
        };
        streams.iter().filter(|s| rate(&s.id) > 0.0).map(of).collect()
    }
}

/// What unmet commitments cost, by the plan of each year.
fn penalties(plans: &Plans, terms: &Terms) -> Option<OpexRow> {
    let months = terms.build_months + terms.operating_months + terms.delay_months;
    let of_year = |year: usize| {
        let age = (12 * year).saturating_sub(terms.build_months) / 12;
        plans.of_year(age).map_or(0.0, |held| held.plan.penalty_usd_per_year)
    };
    let list: Vec<f64> = (0..months.div_ceil(12)).map(of_year).collect();
    let mut row = row(("penalties", Component::Opex), Driver::Year, 0.0, terms);
    row.price = path(list.clone());
    list.iter().any(|usd| *usd != 0.0).then_some(row)
}
