//! Rates, times and taxes of a layout, else of the catalogue.

use super::NoFinance;
use super::sheet::{Sheet, Stated};
use crate::finance::tax::{InterestLimit, Losses, TaxRules};
use crate::site::{Feed, FeedStep, Site};

/// Rates and times of the catalogue.
pub(super) struct Terms {
    pub build_months: usize,
    /// First month of service: after the months of building, or when a phase and a feed have power
    /// if that is later.
    pub service_month: usize,
    pub ramp_months: usize,
    /// Life of the racks.
    pub life_months: usize,
    /// Months of operation.
    pub operating_months: usize,
    pub delay_months: usize,
    pub degradation: f64,
    /// Cost of replaced racks over that of those before.
    pub refresh_cost: f64,
    /// What racks sell for at the end of their life over their cost.
    pub residual: f64,
    pub equity: f64,
    pub demand_growth: f64,
    pub software_gain: f64,
    /// What the next generation makes over the one before.
    pub generation_ratio: f64,
    pub discount: f64,
    pub inflation: f64,
    pub price_change: f64,
    pub on_top: OnTop,
    pub crews: Crews,
    pub site_life: f64,
    /// Share of the plant in 15-year property.
    pub short_lived: f64,
    pub bonus: f64,
}

/// Shares of what is bought that come on top of it.
pub(super) struct OnTop {
    pub soft: f64,
    pub contingency: f64,
    pub rack_contingency: f64,
    pub sales_tax: f64,
    pub duty: f64,
}

/// Work of trades.
pub(super) struct Crews {
    pub hours_per_mw: f64,
    /// Of one worker.
    pub hours_per_month: f64,
    /// None: as many as are needed.
    pub workers: Option<f64>,
}

impl Crews {
    /// Months in which so much IT power is finished; none where workers are found as needed.
    pub fn months(&self, mw: f64) -> usize {
        let monthly = self.workers.map_or(0.0, |w| w * self.hours_per_month);
        if monthly > 0.0 {
            (mw * self.hours_per_mw / monthly).ceil().min(960.0) as usize
        } else {
            0
        }
    }
}

/// Month from which the layout has power: that of its first phase and of its first feed.
fn powered_from(site: &Site) -> usize {
    let phase = site.campus.phases.iter().map(|p| p.month).min();
    let carries = |s: &&FeedStep| s.firm_mw + s.conditional_mw > 0.0;
    let feed = |f: &Feed| match f.steps.is_empty() {
        true => Some(0),
        false => f.steps.iter().filter(carries).map(|s| s.from_month).min(),
    };
    let feed = site.campus.feeds.iter().filter_map(feed).min();
    phase.unwrap_or(0).max(feed.unwrap_or(0)) as usize
}

impl Sheet<'_> {
    fn delay_months(&mut self, own: Option<u32>) -> f64 {
        self.stated(
            own.map(f64::from),
            Stated {
                field: "delay_months",
                name: "Delay of service",
                unit: "months",
                value: 0.0,
                source: "no delay is entered",
            },
        )
    }

    pub fn terms(&mut self) -> Result<Terms, NoFinance> {
        let f = self.site.terms.finance.clone();
        let life = self.either(f.rack_life_years, "rack_life_years", "rack-life-years")?;
        let operating = self.stated(
            f.operating_years,
            Stated {
                field: "operating_years",
                name: "Years of operation",
                unit: "years",
                value: life,
                source: "one life of the racks",
            },
        );
        let delay = self.delay_months(f.delay_months);
        let discount = self.either(f.discount_frac, "discount_frac", "discount-frac")?;
        let equity = self.stated(
            f.equity_frac,
            Stated {
                field: "equity_frac",
                name: "Return that the owners ask",
                unit: "share per year",
                value: discount,
                source: "the discount rate",
            },
        );
        let months = |years: f64| (years * 12.0).round().clamp(1.0, 720.0) as usize;
        let whole = |months: f64| months.round().clamp(0.0, 240.0) as usize;
        let build_months = whole(self.cost("build-months")?).max(1);
        Ok(Terms {
            build_months,
            service_month: build_months.max(powered_from(self.site)),
            ramp_months: whole(self.cost("ramp-months")?),
            life_months: months(life),
            operating_months: months(operating),
            delay_months: whole(delay),
            degradation: self.either(f.degradation_frac, "degradation_frac", "degradation-frac")?,
            refresh_cost: self.either(
                f.refresh_cost_ratio,
                "refresh_cost_ratio",
                "refresh-cost-ratio",
            )?,
            residual: self.either(
                f.rack_residual_frac,
                "rack_residual_frac",
                "rack-residual-frac",
            )?,
            equity,
            demand_growth: self.either(
                f.demand_growth_frac,
                "demand_growth_frac",
                "demand-growth-frac-per-year",
            )?,
            software_gain: self.either(
                f.software_gain_frac,
                "software_gain_frac",
                "software-gain-frac-per-year",
            )?,
            generation_ratio: self.either(
                f.generation_ratio,
                "generation_ratio",
                "generation-ratio",
            )?,
            on_top: self.on_top()?,
            crews: self.crews()?,
            site_life: self.either(f.site_life_years, "site_life_years", "site-life-years")?,
            discount,
            inflation: self.cost("inflation-frac")?,
            price_change: -self.cost("price-decline-frac-per-year")?,
            short_lived: self.cost("short-lived-plant-frac")?,
            bonus: self.cost("first-year-deduction-frac")?,
        })
    }

    fn on_top(&mut self) -> Result<OnTop, NoFinance> {
        let capital = self.site.terms.finance.capital.clone();
        Ok(OnTop {
            soft: self.either(capital.soft_frac, "capital.soft_frac", "soft-cost-frac")?,
            contingency: self.either(
                capital.contingency_frac,
                "capital.contingency_frac",
                "contingency-frac",
            )?,
            rack_contingency: self.either(
                capital.rack_contingency_frac,
                "capital.rack_contingency_frac",
                "rack-contingency-frac",
            )?,
            sales_tax: if capital.sales_tax_exempt == Some(true) {
                0.0
            } else {
                self.either(capital.sales_tax_frac, "capital.sales_tax_frac", "sales-tax-frac")?
            },
            duty: self.either(capital.duty_frac, "capital.duty_frac", "duty-frac")?,
        })
    }

    fn crews(&mut self) -> Result<Crews, NoFinance> {
        Ok(Crews {
            hours_per_mw: self.cost("trade-hours-per-mw")?,
            hours_per_month: self.cost("trade-hours-per-month")?,
            workers: self.site.terms.finance.trade_workers,
        })
    }

    pub fn tax(&mut self) -> Result<TaxRules, NoFinance> {
        let f = self.site.terms.finance.clone();
        Ok(TaxRules {
            federal_frac: self.cost("federal-tax-frac")?,
            state_frac: self.cost("state-tax-frac")?,
            losses: if f.losses_at_once == Some(true) {
                Losses::UsedAtOnce
            } else {
                Losses::CarriedForward { limit_frac: self.cost("loss-offset-frac")? }
            },
            interest_limit: f
                .interest_limit_frac
                .map(|frac| InterestLimit { frac, before_depreciation: true }),
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
