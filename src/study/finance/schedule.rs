//! When things are ordered, delivered, energised, accepted and at full load, what that waits for,
//! and how much money is bound by when. Months count from the first month of the model.

use super::phases::Stage;
use super::takeoff::Item;
use super::terms::Terms;
use crate::finance::project::Project;
use serde::Serialize;

/// A phase in time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseTimes {
    pub id: String,
    pub name: String,
    /// IT power, MW.
    pub it_mw: f64,
    /// First month of its building and of its energisation; negative is before the model.
    pub start_month: i64,
    pub energised_month: i64,
    /// First month of revenue, after acceptance.
    pub service_month: i64,
    /// First month of full load.
    pub full_month: i64,
    /// Item whose order is due first, measured against the start: what decides the date.
    pub critical: Option<String>,
    /// Months by which that order lies before the start of building; none where nothing has a
    /// lead time that long.
    pub order_before_start_months: Option<i64>,
    /// What service waits for beyond its own date: a step of a feed, or trade hours.
    pub waits_for: Option<String>,
    /// Workers that finish it evenly over the months of building.
    pub workers: f64,
}

/// An order in time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Order {
    pub item: String,
    pub name: String,
    pub phase: String,
    /// Latest order for delivery at the middle and at the upper end of published lead times.
    pub order_p50_month: Option<i64>,
    pub order_p90_month: Option<i64>,
    pub delivered_month: i64,
}

/// Money bound at the end of each month of the model, USD.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Commitment {
    /// Paid so far.
    pub paid_usd: Vec<f64>,
    /// Ordered so far, paid or not: what a stop puts at risk where cancellation is not agreed.
    pub committed_usd: Vec<f64>,
    /// Ordered amounts whose cost of cancellation is unknown.
    pub cancellation_unknown_usd: Vec<f64>,
}

/// The build in time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schedule {
    pub phases: Vec<PhaseTimes>,
    /// Items with a lead time, the earliest order first.
    pub orders: Vec<Order>,
    pub commitment: Commitment,
}

/// Months between delivery and service: one of installation and acceptance.
const ACCEPTANCE_MONTHS: i64 = 1;

impl Schedule {
    pub(super) fn of(terms: &Terms, stages: &[Stage], items: &[Item], project: &Project) -> Self {
        let mut orders: Vec<Order> = items.iter().filter_map(|i| order(i, stages)).collect();
        orders.sort_by_key(|o| o.order_p90_month);
        let phases = stages.iter().map(|s| times(terms, s, items, project)).collect();
        Self { phases, orders, commitment: commitment(stages, items, project) }
    }
}

fn service(stages: &[Stage], phase: &str) -> i64 {
    stages.iter().find(|s| s.id == phase).map_or(0, |s| s.service_month as i64)
}

/// Weeks in months, rounded up.
fn months(weeks: f64) -> i64 {
    (weeks * 7.0 * 12.0 / 365.25).ceil() as i64
}

fn order(item: &Item, stages: &[Stage]) -> Option<Order> {
    let delivered = service(stages, &item.phase) - ACCEPTANCE_MONTHS;
    let p90 = item.lead_weeks_p90?;
    Some(Order {
        item: item.id.clone(),
        name: item.name.clone(),
        phase: item.phase.clone(),
        order_p50_month: item.lead_weeks_p50.map(|weeks| delivered - months(weeks)),
        order_p90_month: Some(delivered - months(p90)),
        delivered_month: delivered,
    })
}

fn times(terms: &Terms, stage: &Stage, items: &[Item], project: &Project) -> PhaseTimes {
    let service = stage.service_month as i64;
    let start = service - terms.build_months as i64;
    let own = items.iter().filter(|i| i.phase == stage.id);
    let first = own.filter_map(|i| Some((i.order_by_month?, i))).min_by_key(|(month, _)| *month);
    let it_mw = project.phases.iter().find(|p| p.id == stage.id).map_or(0.0, |p| p.it_mw);
    let hours = it_mw * terms.crews.hours_per_mw;
    PhaseTimes {
        id: stage.id.clone(),
        name: stage.name.clone(),
        it_mw,
        start_month: start,
        energised_month: service - ACCEPTANCE_MONTHS,
        service_month: service,
        full_month: service + terms.ramp_months as i64,
        critical: first.map(|(_, item)| item.name.clone()),
        order_before_start_months: first.map(|(month, _)| start - month).filter(|m| *m > 0),
        waits_for: stage.waits_for.clone(),
        workers: hours / (terms.build_months as f64 * terms.crews.hours_per_month).max(1.0),
    }
}

fn commitment(stages: &[Stage], items: &[Item], project: &Project) -> Commitment {
    let horizon = stages.iter().map(|s| s.service_month).max().unwrap_or(0) + 1;
    let mut paid = vec![0.0; horizon];
    let mut committed = vec![0.0; horizon];
    let mut unknown = vec![0.0; horizon];
    let add = |list: &mut [f64], month: i64, usd: f64| {
        // Orders before the first month are bound from the start.
        let at = usize::try_from(month).unwrap_or(0).min(horizon - 1);
        list.iter_mut().skip(at).for_each(|v| *v += usd);
    };
    for line in &project.capex {
        for spend in &line.spend {
            let usd = line.amount_usd * (1.0 + line.contingency_frac) * spend.frac;
            add(&mut paid, spend.month as i64, usd);
        }
        let own = |i: &&Item| i.class.as_ref() == Some(&line.class) && i.phase == line.phase;
        let first = line.spend.iter().map(|s| s.month as i64).min().unwrap_or(0);
        for item in items.iter().filter(own) {
            // Without a lead time an order is known by its first payment.
            let month = item.order_by_month.map_or(first, |m| m.min(first));
            add(&mut committed, month, item.total_usd());
            if item.cancellation_frac.is_none() {
                add(&mut unknown, month, item.total_usd());
            }
        }
    }
    Commitment { paid_usd: paid, committed_usd: committed, cancellation_unknown_usd: unknown }
}
