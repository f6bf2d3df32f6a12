//! What the site sells and what running it costs, by period.

use super::axis::Axis;
use super::input::{Driver, OpexRow, Path, Phase, Project, Stream, Unit};

/// Amounts of each period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Operation {
    /// Of each stream.
    pub revenue: Vec<Vec<f64>>,
    /// Of each row.
    pub opex: Vec<Vec<f64>>,
    /// Revenue under contract.
    pub contracted: Vec<f64>,
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
}

impl<'a> Activity<'a> {
    /// Load = utilisation x ramp x (1 - degradation)^whole years in service.
    fn of(phase: &'a Phase, months: usize) -> Self {
        let mut load = vec![0.0; months];
        let mut kept = 1.0;
        for (age, share) in load.iter_mut().skip(phase.service_month).enumerate() {
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
            *share = phase.utilisation_frac * ramp * kept;
        }
        Self { phase, load }
    }

    fn in_service(&self, month: usize) -> bool {
        month >= self.phase.service_month
    }

    fn load(&self, month: usize) -> f64 {
        self.load.get(month).copied().unwrap_or(0.0)
    }

    /// Energy of a month at the meter, MWh.
    fn energy(&self, month: usize) -> f64 {
        let idle = self.phase.idle_energy_frac;
        let share = idle + (1.0 - idle) * self.load(month);
        let used = if self.in_service(month) { share } else { 0.0 };
        self.phase.energy_mwh_per_year / 12.0 * used
    }

    /// Demand of a month at the meter, MW: full load and idle as for energy.
    fn demand(&self, month: usize) -> f64 {
        let idle = self.phase.idle_energy_frac;
        let share = idle + (1.0 - idle) * self.load(month);
        if self.in_service(month) { self.phase.demand_mw * share } else { 0.0 }
    }
}

/// Prices of each year of the model, so that no power is taken by month.
fn yearly(path: &Path, months: usize) -> Vec<f64> {
    (0..months.div_ceil(12)).map(|year| path.at_year(year)).collect()
}

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
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
            put(&mut operation.gpu_hours, axis, month, activity.phase.gpus * 730.0);
            put(&mut operation.mw_years, axis, month, activity.phase.it_mw / 12.0);
            put(&mut operation.energy_mwh, axis, month, activity.energy(month));
        }
    }
    let world = World { project, axis, activities: &activities, sold: &sold, in_service };
    for row in &project.opex {
        let costs = world.cost(row, &mut operation);
        operation.opex.push(costs);
    }
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
    let market = yearly(&stream.price, months);
    let contract = stream.contract.as_ref().map(|c| (c, yearly(&c.price, months)));
    let Some(activity) = activities.iter().find(|a| a.phase.id == stream.phase) else {
        return units;
    };
    for month in activity.phase.service_month..months {
        let year = month / 12;
        let made = stream.units_per_year / 12.0;
        let sold = made * activity.load(month);
        let amount = match &contract {
            Some((contract, prices)) if month < contract.end_month => {
                // Take or pay: the load that is paid for, whatever is delivered.
                let paid = sold.max(made * contract.take_or_pay_frac);
                let amount = paid * at(prices, year);
                put(&mut operation.contracted, axis, month, amount);
                amount
            }
            _ => sold * at(&market, year),
        };
        put(&mut units, axis, month, sold);
        put(&mut revenue, axis, month, amount);
        if stream.unit == Unit::MillionTokens {
            put(&mut operation.tokens_m, axis, month, sold);
            put(&mut operation.token_revenue, axis, month, amount);
        }
    }
    operation.revenue.push(revenue);
    units
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
        for month in from..row.until_month.unwrap_or(months).min(months) {
            let quantity = match &row.driver {
                Driver::Tonne { t_per_mwh } => {
                    let tonnes = t_per_mwh * own.iter().map(|a| a.energy(month)).sum::<f64>();
                    put(&mut operation.carbon_t, self.axis, month, tonnes);
                    tonnes
                }
                driver => self.quantity(driver, &own, month, operation),
            };
            put(&mut costs, self.axis, month, quantity * at(&prices, month / 12));
        }
        costs
    }

    /// What a row counts in a month.
    fn quantity(
        &self,
        driver: &Driver,
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
            Driver::ItMw => own.iter().filter(active).map(|a| a.phase.it_mw).sum::<f64>() / 12.0,
            Driver::Mwh => own.iter().map(|a| a.energy(month)).sum(),
            Driver::Demand { contract_mw, minimum_frac } => {
                let used: f64 = own.iter().map(|a| a.demand(month)).sum();
                used.max(contract_mw * minimum_frac)
            }
            Driver::Revenue => operation.revenue_of(period) / months,
            Driver::UnitOf(id) => {
                let stream = self.project.streams.iter().position(|s| s.id == *id);
                let units = stream.and_then(|s| self.sold.get(s));
                units.map_or(0.0, |u| at(u, period)) / months
            }
            Driver::CostOf(id) => {
                let class = self.project.classes.iter().position(|c| c.id == *id);
                let cost = class.and_then(|c| self.in_service.get(c));
                cost.map_or(0.0, |c| at(c, period)) / 12.0
            }
            Driver::Tonne { .. } | Driver::Amounts(_) => 0.0,
        }
    }
}
