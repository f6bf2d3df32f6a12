//! The electricity bill of a year: energy by time of use or market price, demand, coincident
//! peak, capacity, contract minimum and ratchet. Power in kW, energy in kWh, money in USD.

mod bill;
mod load;

pub use bill::{Bill, MonthBill, bill};
pub use load::{Load, Sample};

use super::{InputError, error::Findings};
use serde::{Deserialize, Serialize};

/// Period of use by month (0 is January) and hour (0 is midnight to one), from 0.
pub type Grid = [[u8; 24]; 12];

/// Which period of use an hour belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UseSchedule {
    pub weekday: Grid,
    pub weekend: Grid,
}

impl UseSchedule {
    /// One period all the year.
    pub fn flat() -> Self {
        Self { weekday: [[0; 24]; 12], weekend: [[0; 24]; 12] }
    }

    /// Period 1 from hour `from` up to `to` on days of months `first` to `last` (0 is January,
    /// both included; a span over the end of the year is allowed), else period 0.
    pub fn peak(from: usize, to: usize, first: usize, last: usize, weekends_off: bool) -> Self {
        let mut schedule = Self::flat();
        let in_season = |m: usize| {
            if first <= last { (first..=last).contains(&m) } else { m >= first || m <= last }
        };
        for (month, hours) in schedule.weekday.iter_mut().enumerate() {
            for (hour, period) in hours.iter_mut().enumerate() {
                *period = u8::from(in_season(month) && (from..to).contains(&hour));
            }
        }
        if !weekends_off {
            schedule.weekend = schedule.weekday;
        }
        schedule
    }

    fn of(&self, sample: &Sample) -> usize {
        let grid = if sample.weekend { &self.weekend } else { &self.weekday };
        let row = grid.get(usize::from(sample.month));
        row.and_then(|r| r.get(usize::from(sample.hour))).map_or(0, |p| usize::from(*p))
    }
}

/// Billing demand that earlier peaks leave behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratchet {
    /// Share of the highest peak of the months looked back on.
    pub frac: f64,
    /// Months looked back on, the billed one not counted.
    pub look_back_months: usize,
    /// Peaks of the twelve months before the year, January first.
    pub earlier_kw: [f64; 12],
}

/// A charge on the load in the hours of the system's peak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoincidentPeak {
    /// Per kW of the mean load in those hours and per month.
    pub usd_per_kw_month: f64,
    /// Positions of the hours among the samples of the load.
    pub samples: Vec<usize>,
}

/// An electricity tariff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tariff {
    /// Of energy.
    pub schedule: UseSchedule,
    /// Of demand: many tariffs measure peaks on other days or hours than they price energy.
    pub demand_schedule: UseSchedule,
    /// Energy price of each period of use.
    pub energy_usd_per_kwh: Vec<f64>,
    /// Market price of each sample, added to the price of its period; empty where there is none.
    pub market_usd_per_kwh: Vec<f64>,
    /// On the billing demand of the month.
    pub demand_usd_per_kw_month: f64,
    /// On the peak within each period of use; empty where there is none.
    pub period_demand_usd_per_kw_month: Vec<f64>,
    /// Each period that occurs in a month is billed on the billing demand of the month instead of
    /// its own peak, so that minimum and ratchet bind there too (as in Utilityrate5).
    pub periods_on_billing_demand: bool,
    pub coincident: Option<CoincidentPeak>,
    /// Reserved capacity, billed whether used or not.
    pub contract_kw: f64,
    pub capacity_usd_per_kw_month: f64,
    /// Least billing demand, kW.
    pub minimum_kw: f64,
    pub ratchet: Option<Ratchet>,
    pub fixed_usd_per_month: f64,
    /// Taxes and riders on the whole bill.
    pub surcharge_frac: f64,
}

impl Tariff {
    /// One energy price, nothing else.
    pub fn flat(usd_per_kwh: f64) -> Self {
        Self {
            schedule: UseSchedule::flat(),
            demand_schedule: UseSchedule::flat(),
            energy_usd_per_kwh: vec![usd_per_kwh],
            market_usd_per_kwh: Vec::new(),
            demand_usd_per_kw_month: 0.0,
            period_demand_usd_per_kw_month: Vec::new(),
            periods_on_billing_demand: false,
            coincident: None,
            contract_kw: 0.0,
            capacity_usd_per_kw_month: 0.0,
            minimum_kw: 0.0,
            ratchet: None,
            fixed_usd_per_month: 0.0,
            surcharge_frac: 0.0,
        }
    }

    fn check(&self, load: &Load) -> Result<(), Vec<InputError>> {
        let mut found = Findings::default();
        let any = |v: f64| !v.is_finite();
        if self.energy_usd_per_kwh.iter().chain(&self.market_usd_per_kwh).any(|v| any(*v)) {
            found.add("energy_usd_per_kwh", "a price is not a number");
        }
        found.amount("contract_kw", self.contract_kw);
        found.amount("minimum_kw", self.minimum_kw);
        found.amount("demand_usd_per_kw_month", self.demand_usd_per_kw_month);
        found.amount("capacity_usd_per_kw_month", self.capacity_usd_per_kw_month);
        found.range("fixed_usd_per_month", self.fixed_usd_per_month, f64::MIN, f64::MAX);
        found.range("surcharge_frac", self.surcharge_frac, -1.0, 10.0);
        if let Some(ratchet) = &self.ratchet {
            found.amount("ratchet.frac", ratchet.frac);
            if ratchet.look_back_months > 12 {
                found.add("ratchet.look_back_months", "enter at most 12");
            }
        }
        let samples = load.samples();
        if !self.market_usd_per_kwh.is_empty() && self.market_usd_per_kwh.len() != samples.len() {
            let problem = format!(
                "{} prices for {} hours of load; give one for each hour",
                self.market_usd_per_kwh.len(),
                samples.len()
            );
            found.add("market_usd_per_kwh", problem);
        }
        let used = samples.iter().map(|s| self.schedule.of(s)).max();
        if used.is_some_and(|p| p >= self.energy_usd_per_kwh.len()) {
            found.add("energy_usd_per_kwh", "the schedule names a period that has no price");
        }
        if samples.iter().any(|s| !s.kw.is_finite() || !s.hours.is_finite() || s.hours < 0.0) {
            found.add("load", "a load or its duration is not a number");
        }
        found.finish()
    }
}
