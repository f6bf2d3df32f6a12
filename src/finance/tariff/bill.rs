//! From load and tariff to the bill of each month.

use super::{Load, Tariff};
use crate::finance::InputError;
use serde::Serialize;

/// The bill of a month.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MonthBill {
    pub kwh: f64,
    pub peak_kw: f64,
    /// What the demand charge is on: peak, contract minimum or ratchet, whichever is most.
    pub billing_demand_kw: f64,
    pub energy_usd: f64,
    pub demand_usd: f64,
    /// On the peaks within periods of use.
    pub period_demand_usd: f64,
    pub coincident_usd: f64,
    pub capacity_usd: f64,
    pub fixed_usd: f64,
    pub surcharge_usd: f64,
}

impl MonthBill {
    pub fn total_usd(&self) -> f64 {
        self.before_surcharge() + self.surcharge_usd
    }

    fn before_surcharge(&self) -> f64 {
        self.energy_usd
            + self.demand_usd
            + self.period_demand_usd
            + self.coincident_usd
            + self.capacity_usd
            + self.fixed_usd
    }
}

/// The bill of a year, January first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bill {
    pub months: Vec<MonthBill>,
}

impl Bill {
    pub fn total_usd(&self) -> f64 {
        self.months.iter().map(MonthBill::total_usd).sum()
    }

    /// USD/kWh all in; nothing where no energy is used.
    pub fn average_usd_per_kwh(&self) -> Option<f64> {
        let kwh: f64 = self.months.iter().map(|m| m.kwh).sum();
        (kwh > 0.0).then(|| self.total_usd() / kwh)
    }
}

/// Bills a year of load.
///
/// Billing demand of a month = max(its peak, contract minimum, ratchet share of the highest peak
/// of the months looked back on), as in NREL's Utilityrate5.
pub fn bill(tariff: &Tariff, load: &Load) -> Result<Bill, Vec<InputError>> {
    tariff.check(load)?;
    let mut months = vec![MonthBill::default(); 12];
    let periods = tariff.period_demand_usd_per_kw_month.len();
    // Nothing for a period that does not occur in the month.
    let mut period_peaks = vec![vec![None::<f64>; periods]; 12];
    for (n, sample) in load.samples().iter().enumerate() {
        let month = usize::from(sample.month);
        let period = tariff.schedule.of(sample);
        let (Some(bill), Some(peaks)) = (months.get_mut(month), period_peaks.get_mut(month)) else {
            let problem = format!("month {month} does not exist; 0 is January");
            return Err(vec![InputError::new("load", problem)]);
        };
        let kwh = sample.kw * sample.hours;
        let market = tariff.market_usd_per_kwh.get(n).copied().unwrap_or(0.0);
        let price = tariff.energy_usd_per_kwh.get(period).copied().unwrap_or(0.0) + market;
        bill.kwh += kwh;
        bill.energy_usd += kwh * price;
        if sample.hours > 0.0 {
            bill.peak_kw = bill.peak_kw.max(sample.kw);
            if let Some(peak) = peaks.get_mut(tariff.demand_schedule.of(sample)) {
                *peak = Some(peak.map_or(sample.kw, |p| p.max(sample.kw)));
            }
        }
    }
    let peaks: Vec<f64> = months.iter().map(|m| m.peak_kw).collect();
    let coincident_usd = coincident(tariff, load);
    for (n, month) in months.iter_mut().enumerate() {
        month.billing_demand_kw =
            month.peak_kw.max(tariff.minimum_kw).max(ratcheted(tariff, &peaks, n));
        month.demand_usd = month.billing_demand_kw * tariff.demand_usd_per_kw_month;
        let rates = &tariff.period_demand_usd_per_kw_month;
        let of_month = period_peaks.get(n).map(Vec::as_slice).unwrap_or_default();
        let billed =
            |kw: f64| if tariff.periods_on_billing_demand { month.billing_demand_kw } else { kw };
        month.period_demand_usd =
            of_month.iter().zip(rates).map(|(kw, rate)| kw.map_or(0.0, billed) * rate).sum();
        month.coincident_usd = coincident_usd;
        month.capacity_usd = tariff.contract_kw * tariff.capacity_usd_per_kw_month;
        month.fixed_usd = tariff.fixed_usd_per_month;
        month.surcharge_usd = tariff.surcharge_frac * month.before_surcharge();
    }
    Ok(Bill { months })
}

/// Demand that the ratchet bills in month `n`.
fn ratcheted(tariff: &Tariff, peaks: &[f64], n: usize) -> f64 {
    let Some(ratchet) = &tariff.ratchet else { return 0.0 };
    let back = |k: usize| {
        let own = n.checked_sub(k).and_then(|m| peaks.get(m));
        let earlier = (n + 12).checked_sub(k).and_then(|m| ratchet.earlier_kw.get(m));
        own.or(earlier).copied().unwrap_or(0.0)
    };
    ratchet.frac * (1..=ratchet.look_back_months).map(back).fold(0.0, f64::max)
}

/// Coincident charge of a month: on the mean load of the named hours.
fn coincident(tariff: &Tariff, load: &Load) -> f64 {
    let Some(peak) = &tariff.coincident else { return 0.0 };
    let loads: Vec<f64> =
        peak.samples.iter().filter_map(|n| load.samples().get(*n)).map(|s| s.kw).collect();
    let mean = loads.iter().sum::<f64>() / loads.len().max(1) as f64;
    mean * peak.usd_per_kw_month
}
