//! Rates, times and taxes of a layout, else of the catalogue.

use super::NoFinance;
use super::sheet::Sheet;
use crate::finance::tax::{Losses, TaxRules};

/// Rates and times of the catalogue.
pub(super) struct Terms {
    pub build_months: usize,
    pub ramp_months: usize,
    pub life_months: usize,
    pub discount: f64,
    pub inflation: f64,
    pub price_change: f64,
    pub site_life: f64,
    /// Share of the plant in 15-year property.
    pub short_lived: f64,
    pub bonus: f64,
}

impl Sheet<'_> {
    pub fn terms(&mut self) -> Result<Terms, NoFinance> {
        let f = self.site.terms.finance.clone();
        let months = |years: f64| (years * 12.0).round().clamp(1.0, 600.0) as usize;
        let whole = |months: f64| months.round().clamp(0.0, 240.0) as usize;
        Ok(Terms {
            build_months: whole(self.cost("build-months")?).max(1),
            ramp_months: whole(self.cost("ramp-months")?),
            life_months: months(self.either(
                f.rack_life_years,
                "rack_life_years",
                "rack-life-years",
            )?),
            site_life: self.either(f.site_life_years, "site_life_years", "site-life-years")?,
            discount: self.either(f.discount_frac, "discount_frac", "discount-frac")?,
            inflation: self.cost("inflation-frac")?,
            price_change: -self.cost("price-decline-frac-per-year")?,
            short_lived: self.cost("short-lived-plant-frac")?,
            bonus: self.cost("first-year-deduction-frac")?,
        })
    }

    pub fn tax(&mut self) -> Result<TaxRules, NoFinance> {
        Ok(TaxRules {
            federal_frac: self.cost("federal-tax-frac")?,
            state_frac: self.cost("state-tax-frac")?,
            losses: Losses::CarriedForward { limit_frac: self.cost("loss-offset-frac")? },
            interest_limit: None,
        })
    }

    /// First month of the model: the month of the layout's prices, else that of the catalogue.
    pub fn start(&self) -> (i32, u32) {
        let dated = |text: &str| {
            let (year, month) = text.split_once('-')?;
            let month = month.get(..2)?.parse().ok().filter(|m| (1..=12).contains(m))?;
            Some((year.parse().ok()?, month))
        };
        let own = self.site.terms.finance.price_date.as_deref().and_then(dated);
        own.or_else(|| {
            let newest = self.catalog.sources.get("gigasite-assumptions")?;
            dated(&newest.date)
        })
        .unwrap_or((2026, 1))
    }
}
