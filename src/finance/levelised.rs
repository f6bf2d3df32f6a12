//! Levelised cost: the flat price at which discounted revenue pays discounted cost.

use super::returns::npv;
use super::root::rising;
use super::{Figure, Undefined, error::finite};

/// Cost and output of a project, year 0 first. Money in USD, output in any unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CostAndOutput {
    /// Capital, refresh and operating cost of each year, as positive amounts, residual credited.
    pub cost_usd: Vec<f64>,
    /// Output of each year; it is discounted as well.
    pub output: Vec<f64>,
}

/// Cost of each year of a life without debt or tax: capital at year 0, refreshes in their years,
/// operating cost from year 1, the residual credited in the last year.
pub fn cost_flows(
    capex_usd: f64,
    refresh_usd: &[(usize, f64)],
    opex_usd: &[f64],
    residual_usd: f64,
) -> Vec<f64> {
    let mut cost = vec![0.0; opex_usd.len() + 1];
    for (year, opex) in cost.iter_mut().skip(1).zip(opex_usd) {
        *year += opex;
    }
    for (year, amount) in std::iter::once(&(0, capex_usd)).chain(refresh_usd) {
        if cost.len() <= *year {
            cost.resize(year + 1, 0.0);
        }
        cost[*year] += amount;
    }
    if let Some(last) = cost.last_mut() {
        *last -= residual_usd;
    }
    cost
}

impl CostAndOutput {
    /// `PV(cost - residual) / PV(output)`, USD per unit of output.
    pub fn levelised(&self, rate: f64) -> Figure {
        let output = npv(rate, &self.output);
        if output <= 0.0 {
            return Err(Undefined::NothingProduced);
        }
        finite(npv(rate, &self.cost_usd) / output)
    }

    /// The flat price with a net present value of zero, found by search: a check of the above.
    pub fn breakeven_price(&self, rate: f64) -> Figure {
        let guess = self.levelised(rate)?;
        let years = self.cost_usd.len().max(self.output.len());
        let at = |list: &[f64], t: usize| list.get(t).copied().unwrap_or(0.0);
        let worth = |price: f64| {
            let flows: Vec<f64> =
                (0..years).map(|t| price * at(&self.output, t) - at(&self.cost_usd, t)).collect();
            npv(rate, &flows)
        };
        let scale = guess.abs().max(f64::MIN_POSITIVE);
        rising(worth, 0.0, scale / 1024.0).ok_or(Undefined::NoPrice)
    }
}

/// Levelised cost of energy from a fixed charge rate, USD/kWh:
/// `(FCR * capital + fixed operating cost) / annual energy + variable cost` (NREL, LCOE calculator).
pub fn fixed_charge_rate_lcoe(
    capital_usd: f64,
    fixed_charge_rate: f64,
    fixed_usd_per_year: f64,
    variable_usd_per_kwh: f64,
    kwh_per_year: f64,
) -> Figure {
    if kwh_per_year <= 0.0 {
        return Err(Undefined::NothingProduced);
    }
    finite(
        (fixed_charge_rate * capital_usd + fixed_usd_per_year) / kwh_per_year
            + variable_usd_per_kwh,
    )
}
