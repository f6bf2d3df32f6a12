//! What the site sells and what running it costs, by period.

use super::axis::Axis;
use super::input::{Driver, OpexRow, Path, Phase, Prepaid, Project, Stream, Unit};

/// Amounts of each period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Operation {
    /// Of each stream.
    pub revenue: Vec<Vec<f64>>,
    /// Units of each stream.
    pub sold: Vec<Vec<f64>>,
    /// Of each row.
    pub opex: Vec<Vec<f64>>,
    /// Revenue under contract.
    pub contracted: Vec<f64>,
    /// Received ahead less what of it is earned: the rise of what is owed to customers.
    pub prepaid: Vec<f64>,
    /// Revenue that money received ahead pays.
    pub prepaid_used: Vec<f64>,
    /// Revenue of streams that sell tokens.
    pub token_revenue: Vec<f64>,
    /// Million tokens sold.
    pub tokens_m: Vec<f64>,
    /// GPU-hours in service, sold or not.
    pub gpu_hours: Vec<f64>,
    /// MW of IT in service times years.
    pub mw_years: Vec<f64>,
    pub energy_mwh: Vec<f64>,
    pub carbon_t: Vec<f64>,
}

impl Operation {
    pub fn revenue_of(&self, period: usize) -> f64 {
        self.revenue.iter().filter_map(|row| row.get(period)).sum()
    }

    pub fn opex_of(&self, period: usize) -> f64 {
        self.opex.iter().filter_map(|row| row.get(period)).sum()
    }
}

/// A phase month by month.
struct Activity<'a> {
    phase: &'a Phase,
    /// Share of full load that is sold; nothing before service.
    load: Vec<f64>,
    /// Energy at the meter, MWh, and demand, MW.
    energy: Vec<f64>,
    demand: Vec<f64>,
    /// In service over the first racks, by year of operation.
    it_ratio: Vec<f64>,
    gpu_ratio: Vec<f64>,
}

impl<'a> Activity<'a> {
    /// Load = utilisation x ramp x (1 - degradation)^whole years in service; energy and demand
    /// follow it down to their idle share.
    fn of(phase: &'a Phase, months: usize) -> Self {
        let blank = vec![0.0; months];
        let (mut load, mut energy, mut demand) = (blank.clone(), blank.clone(), blank);
        let in_service = months.saturating_sub(phase.service_month);
        let mwh = yearly(&phase.energy_mwh_per_year, in_service);
        let mw = yearly(&phase.demand_mw, in_service);
        let mut kept = 1.0;
        for age in 0..in_service {
            if age > 0 && age % 12 == 0 {
                kept *= 1.0 - phase.degradation_frac;
            }
            // The middle of the month on the straight line of the ramp.
            let ramp = if age < phase.ramp_months {
                let along = (age as f64 + 0.5) / phase.ramp_months as f64;
                phase.ramp_start_frac + (1.0 - phase.ramp_start_frac) * along
            } else {
                1.0
            };
            let share = phase.utilisation_frac * ramp * kept;
            let used = phase.idle_energy_frac + (1.0 - phase.idle_energy_frac) * share;
            let month = phase.service_month + age;
            set(&mut load, month, share);
            set(&mut energy, month, at(&mwh, age / 12) / 12.0 * used);
            set(&mut demand, month, at(&mw, age / 12) * used);
        }
        let it_ratio = yearly(&phase.it_ratio, in_service);
        let gpu_ratio = yearly(&phase.gpu_ratio, in_service);
        Self { phase, load, energy, demand, it_ratio, gpu_ratio }
    }

    fn in_service(&self, month: usize) -> bool {
        month >= self.phase.service_month
    }

    /// IT power of the racks that are in service in a month from service on, MW.
    fn it_mw(&self, month: usize) -> f64 {
        self.phase.it_mw * at(&self.it_ratio, (month - self.phase.service_month) / 12)
    }

    /// Their GPUs.
    fn gpus(&self, month: usize) -> f64 {
        self.phase.gpus * at(&self.gpu_ratio, (month - self.phase.service_month) / 12)
    }
}

/// Values of each year of so many months, so that no power is taken by month.
fn yearly(path: &Path, months: usize) -> Vec<f64> {
    (0..months.div_ceil(12)).map(|year| path.at_year(year)).collect()
}

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
}

fn set(list: &mut [f64], n: usize, value: f64) {
    if let Some(cell) = list.get_mut(n) {
        *cell = value;
    }
}

/// Adds an amount to the period of a month.
fn put(list: &mut [f64], axis: &Axis, month: usize, amount: f64) {
    if let Some(cell) = axis.of_month.get(month).and_then(|p| list.get_mut(*p)) {
        *cell += amount;
    }
}

/// Cost in service by class (in the order of the classes) and period, for rows that are a share
/// of it.
pub(super) type InService = Vec<Vec<f64>>;

pub(super) fn operate(project: &Project, axis: &Axis, in_service: &InService) -> Operation {
    let months = project.calendar.horizon_months;
    let periods = axis.periods.len();
    let blank = vec![0.0; periods];
    let activities: Vec<Activity> =
        project.phases.iter().map(|p| Activity::of(p, months)).collect();
    let mut operation = Operation {
        contracted: blank.clone(),
        prepaid: blank.clone(),
        prepaid_used: blank.clone(),
        token_revenue: blank.clone(),
        tokens_m: blank.clone(),
        gpu_hours: blank.clone(),
        mw_years: blank.clone(),
        energy_mwh: blank.clone(),
        carbon_t: blank.clone(),
        ..Operation::default()
    };
    let mut sold = Vec::new();
    for stream in &project.streams {
        sold.push(sell(stream, &activities, axis, &mut operation));
    }
    for activity in &activities {
        for month in activity.phase.service_month..months {
            put(&mut operation.gpu_hours, axis, month, activity.gpus(month) * 730.0);
            put(&mut operation.mw_years, axis, month, activity.it_mw(month) / 12.0);
            put(&mut operation.energy_mwh, axis, month, at(&activity.energy, month));
        }
    }
    let world = World { project, axis, activities: &activities, sold: &sold, in_service };
    for row in &project.opex {
        let costs = world.cost(row, &mut operation);
        operation.opex.push(costs);
    }
    operation.sold = sold;
    operation
}

/// Books a stream; returns its units by period.
fn sell(
    stream: &Stream,
    activities: &[Activity],
    axis: &Axis,
    operation: &mut Operation,
) -> Vec<f64> {
    let months = axis.of_month.len();
    let mut revenue = vec![0.0; axis.periods.len()];
    let mut units = revenue.clone();
    let Some(activity) = activities.iter().find(|a| a.phase.id == stream.phase) else {
        operation.revenue.push(revenue);
        return units;
    };
    let market = yearly(&stream.price, months);
    let mix = yearly(&stream.mix, months);
    let made = yearly(&stream.units_per_year, months);
    let demand = stream.demand_per_year.as_ref().map(|path| yearly(path, months));
    let aged = stream.contract.as_ref().map_or(0, |c| c.aged_months);
    let contract = stream.contract.as_ref().map(|c| (c, yearly(&c.price, months + aged)));
    let service = activity.phase.service_month;
    let mut credit = stream.contract.as_ref().and_then(|c| Credit::of(c.prepaid, service, months));
    for month in service..months {
        let (year, age) = (month / 12, (month - service) / 12);
        let made = at(&made, age) / 12.0;
        let most = demand.as_ref().map_or(f64::INFINITY, |d| at(d, year) / 12.0);
        let sold = (made * at(&activity.load, month)).min(most);
        let mut amount = match &contract {
            Some((contract, prices)) if month < service + contract.term_months => {
                // Take or pay: the load that is paid for, whatever is delivered.
                let paid = sold.max(made * contract.take_or_pay_frac);
                let year = (month - service + aged) / 12;
                paid * at(prices, year) * (1.0 - contract.service_credit_frac)
            }
            _ => sold * at(&market, year) * at(&mix, age),
        };
        let under = contract.as_ref().is_some_and(|(c, _)| month < service + c.term_months);
        put(&mut units, axis, month, sold);
        if stream.unit == Unit::MillionTokens {
            put(&mut operation.tokens_m, axis, month, sold);
            put(&mut operation.token_revenue, axis, month, amount);
        }
        let mut ahead = 0.0;
        if let Some(credit) = &mut credit {
            let (used, expired) = credit.draw(if under { amount } else { 0.0 }, month);
            put(&mut operation.prepaid, axis, month, -used - expired);
            put(&mut operation.prepaid_used, axis, month, used + expired);
            (amount, ahead) = (amount + expired, expired);
        }
        put(&mut operation.contracted, axis, month, if under { amount } else { ahead });
        put(&mut revenue, axis, month, amount);
    }
    if let Some(credit) = &credit {
        put(&mut operation.prepaid, axis, credit.received, credit.usd);
    }
    operation.revenue.push(revenue);
    units
}

/// What a customer paid ahead and has not used.
struct Credit {
    usd: f64,
    received: usize,
    /// Month in which the rest is earned.
    expires: usize,
    left: f64,
    /// Of it, what will be used.
    usable: f64,
}

impl Credit {
    fn of(prepaid: Option<Prepaid>, service: usize, months: usize) -> Option<Self> {
        let prepaid = prepaid.filter(|p| p.usd > 0.0)?;
        Some(Self {
            usd: prepaid.usd,
            received: service.saturating_sub(prepaid.months_before),
            expires: (service + prepaid.expiry_months).min(months.saturating_sub(1)),
            left: prepaid.usd,
            usable: prepaid.usd * (1.0 - prepaid.breakage_frac),
        })
    }

    /// Pays an invoice as far as it reaches; what expires in this month is earned as well.
    fn draw(&mut self, invoice: f64, month: usize) -> (f64, f64) {
        if month > self.expires {
            return (0.0, 0.0);
        }
        let used = invoice.max(0.0).min(self.usable);
        self.usable -= used;
        self.left -= used;
        let expired = if month == self.expires { std::mem::take(&mut self.left) } else { 0.0 };
        (used, expired)
    }
}

/// What rows of operating cost look at.
struct World<'a> {
    project: &'a Project,
    axis: &'a Axis,
    activities: &'a [Activity<'a>],
    /// Units of each stream by period.
    sold: &'a [Vec<f64>],
    in_service: &'a InService,
}

impl World<'_> {
    /// Cost of a row by period.
    fn cost(&self, row: &OpexRow, operation: &mut Operation) -> Vec<f64> {
        let months = self.axis.of_month.len();
        let mut costs = vec![0.0; self.axis.periods.len()];
        let prices = yearly(&row.price, months);
        let mine = |a: &&Activity| row.phase.as_ref().is_none_or(|id| a.phase.id == *id);
        let own: Vec<&Activity> = self.activities.iter().filter(mine).collect();
        if let Driver::Amounts(list) = &row.driver {
            for (month, usd) in list {
                put(&mut costs, self.axis, *month, usd * at(&prices, month / 12));
            }
            return costs;
        }
        let service = own.iter().map(|a| a.phase.service_month).min().unwrap_or(0);
        let from = row.from_month.unwrap_or(service);
        let counted = self.counted(&row.driver);
        let mut peaks = Vec::new();
        for month in from..row.until_month.unwrap_or(months).min(months) {
            let quantity = match &row.driver {
                Driver::Tonne { t_per_mwh } => {
                    let tonnes = t_per_mwh * own.iter().map(|a| at(&a.energy, month)).sum::<f64>();
                    put(&mut operation.carbon_t, self.axis, month, tonnes);
                    tonnes
                }
                Driver::Demand { contract_mw, minimum_frac, ratchet_frac, look_back_months } => {
                    let used: f64 = own.iter().map(|a| at(&a.demand, month)).sum();
                    let earlier = peaks.iter().rev().take(*look_back_months);
                    let highest = earlier.fold(0.0f64, |m, p: &f64| m.max(*p));
                    peaks.push(used);
                    used.max(contract_mw * minimum_frac).max(ratchet_frac * highest)
                }
                driver => self.quantity((driver, counted), &own, month, operation),
            };
            put(&mut costs, self.axis, month, quantity * at(&prices, month / 12));
        }
        costs
    }

    /// The list by period that a row counts, found once for all months.
    fn counted(&self, driver: &Driver) -> &[f64] {
        let list = match driver {
            Driver::UnitOf(id) => {
                let stream = self.project.streams.iter().position(|s| s.id == *id);
                stream.and_then(|s| self.sold.get(s))
            }
            Driver::CostOf(id) => {
                let class = self.project.classes.iter().position(|c| c.id == *id);
                class.and_then(|c| self.in_service.get(c))
            }
            _ => None,
        };
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// What a row counts in a month.
    fn quantity(
        &self,
        (driver, counted): (&Driver, &[f64]),
        own: &[&Activity],
        month: usize,
        operation: &Operation,
    ) -> f64 {
        let period = self.axis.of_month.get(month).copied().unwrap_or(0);
        // A month's part of what is known by period.
        let months = self.axis.periods.get(period).map_or(1.0, |p| p.months as f64);
        let active = |a: &&&Activity| a.in_service(month);
        match driver {
            Driver::Year => 1.0 / 12.0,
            Driver::ItMw => own.iter().filter(active).map(|a| a.it_mw(month)).sum::<f64>() / 12.0,
            Driver::Mwh => own.iter().map(|a| at(&a.energy, month)).sum(),
            Driver::Revenue => operation.revenue_of(period) / months,
            Driver::UnitOf(_) => at(counted, period) / months,
            Driver::CostOf(_) => at(counted, period) / 12.0,
            Driver::Tonne { .. } | Driver::Demand { .. } | Driver::Amounts(_) => 0.0,
        }
    }
}
