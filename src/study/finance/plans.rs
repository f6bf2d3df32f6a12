//! The plan of each year of operation: prices, demand and software move, and the plan with them.

use super::NoFinance;
use super::generation::Generation;
use super::terms::Terms;
use crate::plan::input::{Holding, PlanInput, RackIn, SupplyIn};
use crate::plan::result::{Plan, Status};
use crate::study::secure::Candidate;
use serde::Serialize;
use std::sync::Arc;

/// Distinct plans of a project besides that of today: a plan holds until the next one.
const MOST_PLANS: usize = 3;

/// Plans the input of a year of operation. Outages are given where it is that of another rack
/// type, prepared in full, and not one that the caller has.
pub type SolveYear<'a> =
    dyn FnMut(usize, &mut PlanInput, Option<&[Candidate]>) -> Result<Plan, NoFinance> + 'a;

/// What moves from year to year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// Change of prices and growth of demand a year, from today on.
    pub price_change_frac: f64,
    pub demand_growth_frac: f64,
    /// Rise of energy price and running cost a year, from today on.
    pub inflation_frac: f64,
    /// Growth of what the same racks make, a year from their service on, and what the next
    /// generation makes over the one before.
    pub software_gain_frac: f64,
    pub generation_ratio: f64,
    pub life_months: usize,
    /// Month of service.
    pub service_month: usize,
    /// Year of operation from which another rack type runs; none where racks are replaced by
    /// their own.
    pub renewed_year: Option<usize>,
}

impl Scenario {
    pub(super) fn of(terms: &Terms) -> Self {
        Self {
            price_change_frac: terms.price_change,
            demand_growth_frac: terms.demand_growth,
            inflation_frac: terms.inflation,
            software_gain_frac: terms.software_gain,
            generation_ratio: terms.generation_ratio,
            life_months: terms.life_months,
            service_month: terms.service_month,
            renewed_year: None,
        }
    }

    /// Whether plans of the same scenario and input are the same; those of another rack type know
    /// the catalogue as well, and are always made anew.
    pub fn holds(&self) -> bool {
        self.renewed_year.is_none()
    }

    /// Whether every year asks for the plan of today.
    fn rests(&self) -> bool {
        self.price_change_frac == 0.0
            && self.demand_growth_frac == 0.0
            && self.inflation_frac == 0.0
            && self.software_gain_frac == 0.0
            && self.generation_ratio == 1.0
            && self.renewed_year.is_none()
    }

    /// Year of the model in which a year of operation starts.
    fn model_year(&self, year: usize) -> i32 {
        ((self.service_month + 12 * year) / 12) as i32
    }

    fn price_ratio(&self, year: usize) -> f64 {
        (1.0 + self.price_change_frac).powi(self.model_year(year))
    }

    fn demand_ratio(&self, year: usize) -> f64 {
        (1.0 + self.demand_growth_frac).powi(self.model_year(year))
    }

    fn cost_ratio(&self, year: usize) -> f64 {
        (1.0 + self.inflation_frac).powi(self.model_year(year))
    }

    /// What racks of a year of operation make over those of today.
    fn output_ratio(&self, year: usize) -> f64 {
        // What the next type makes is known: it gains from its own service on.
        if let Some(first) = self.renewed_year.filter(|first| year >= *first) {
            let later = 12 * (year - first) / self.life_months.max(1);
            return self.generation_ratio.powi(later as i32)
                * (1.0 + self.software_gain_frac).powi((year - first) as i32);
        }
        let generation = 12 * year / self.life_months.max(1);
        self.generation_ratio.powi(generation as i32)
            * (1.0 + self.software_gain_frac).powi(year as i32)
    }
}

/// What the years of operation follow.
#[derive(Clone, Copy, Debug)]
pub enum Today<'a> {
    /// The plan of the same input.
    Planned(&'a Plan),
    /// A plan that tells only what was bought, before the numbers of this input were known.
    Built(&'a Plan),
}

/// A plan and from which year of operation it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct YearPlan {
    /// 0 is the first.
    pub year: usize,
    /// Prices that it was solved at over those of today.
    pub price_ratio: f64,
    pub plan: Plan,
    /// Racks that replaced those before, by phase and type; none while the first ones run.
    pub renewed: Option<Vec<Renewed>>,
}

/// Racks of a type that are bought for a phase in place of those before.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewed {
    pub phase: Option<String>,
    pub rack: String,
    pub racks: f64,
}

/// The plans of a project, by rising year; the first holds from the first year on. Cloning is
/// cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct Plans(Arc<Vec<YearPlan>>);

impl Plans {
    /// One plan for all years.
    pub fn held(plan: &Plan) -> Self {
        Self(Arc::new(vec![YearPlan {
            year: 0,
            price_ratio: 1.0,
            plan: plan.clone(),
            renewed: None,
        }]))
    }

    /// The plan of each of so many years of operation, at most a few of them solved: blocks keep
    /// what today's plan bought.
    ///
    /// # Errors
    /// A year that has no plan, or a solver that fails.
    pub(super) fn by_year(
        (input, next): (&PlanInput, Option<&Generation>),
        today: Today<'_>,
        (scenario, years): (&Scenario, usize),
        solve: &mut SolveYear<'_>,
    ) -> Result<Self, NoFinance> {
        let (bought, distinct) = match today {
            Today::Planned(plan) if scenario.rests() => return Ok(Self::held(plan)),
            Today::Built(bought) if scenario.rests() => (bought, 1),
            Today::Planned(bought) | Today::Built(bought) => (bought, years),
        };
        let built = with_bought(input, bought);
        let mut all = Vec::new();
        for year in anchors(distinct, scenario.renewed_year) {
            let other = next.filter(|n| year >= n.year);
            let mut input = moved(other.map_or(&built, |n| &n.prepared.input), scenario, year);
            let plan = solve(year, &mut input, other.map(|n| n.prepared.outages.as_slice()))?;
            if plan.status != Status::Optimal {
                return Err(NoFinance::NoPlanOf(year + 1));
            }
            let renewed = other.map(|next| next.bought(&plan)).transpose()?;
            all.push(YearPlan { year, price_ratio: scenario.price_ratio(year), plan, renewed });
        }
        Ok(Self(Arc::new(all)))
    }

    /// What replaced the first racks, where another type did.
    pub fn renewed(&self) -> Option<&[Renewed]> {
        self.0.iter().find_map(|p| p.renewed.as_deref())
    }

    /// The plan that holds in a year of operation.
    pub fn of_year(&self, year: usize) -> Option<&YearPlan> {
        self.0.iter().rev().find(|p| p.year <= year).or(self.0.first())
    }

    /// Distinct plans.
    pub fn all(&self) -> &[YearPlan] {
        &self.0
    }
}

/// Years that are solved: the first of each of a few equal spans; where another type of racks runs
/// from a year on, that year, and two before it.
fn anchors(years: usize, renewed: Option<usize>) -> Vec<usize> {
    let spans = |years: usize, most: usize| -> Vec<usize> {
        let count = years.clamp(1, most);
        (0..count).map(|n| n * years / count).collect()
    };
    let mut list = match renewed {
        Some(first) => {
            let mut list = spans(first, MOST_PLANS - 1);
            list.push(first);
            list
        }
        None => spans(years, MOST_PLANS),
    };
    list.dedup();
    list
}

/// Planned blocks hold what a plan bought, each type in all as many as it was; pools of power no
/// more than what stands in them.
fn with_bought(input: &PlanInput, plan: &Plan) -> PlanInput {
    /// Rounding must not make what was bought contradict the sums over it.
    const ROUNDING: f64 = 1.0 + 1e-9;
    let mut input = input.clone();
    let mut bought = vec![0.0; input.racks.len()];
    let mut planned = false;
    for block in &mut input.blocks {
        match &mut block.holding {
            Holding::Installed(_) => continue,
            Holding::Pool(mw) => {
                let stands = plan.pool(&block.id).map_or(0.0, |pool| pool.mw);
                *mw = mw.min(stands * ROUNDING);
                continue;
            }
            Holding::Planned { .. } => planned = true,
        }
        let mut held = 0.0;
        for row in plan.bought.iter().filter(|b| b.block == block.id) {
            held += row.racks;
            let rack = input.racks.iter().position(|r| r.id == row.rack);
            if let Some(count) = rack.and_then(|r| bought.get_mut(r)) {
                *count += row.racks;
            }
        }
        block.holding = Holding::Planned { min: held, max: held };
    }
    if planned {
        let most = |(rack, n): (usize, &f64)| SupplyIn { rack, max_units: n * ROUNDING };
        input.supply = bought.iter().enumerate().map(most).collect();
    }
    let price = |(rack, n): (&RackIn, &f64)| rack.price_musd.unwrap_or(0.0) * n;
    let spent: f64 = input.racks.iter().zip(&bought).map(price).sum();
    // It decides nothing any more, but the model keeps the rows of today's.
    input.site.capex_budget_musd = input.site.capex_budget_musd.max(spent) * ROUNDING;
    input.policy.invest = false;
    input.policy.integer = false;
    input.hold.clear();
    input
}

/// The problem of a year of operation.
fn moved(built: &PlanInput, scenario: &Scenario, year: usize) -> PlanInput {
    let mut input = built.clone();
    let (price, demand) = (scenario.price_ratio(year), scenario.demand_ratio(year));
    let (cost, output) = (scenario.cost_ratio(year), scenario.output_ratio(year));
    input.hours.iter_mut().for_each(|h| h.energy_musd_per_mwh *= cost);
    input.site.demand_musd_per_mw_year *= cost;
    for tier in &mut input.tiers {
        let variable = tier.variable_musd_per_year;
        for step in &mut tier.steps {
            step.musd_per_year = (step.musd_per_year + variable) * price - variable * cost;
            step.output_musd_per_year *= price;
            step.volume *= demand;
        }
        tier.variable_musd_per_year = variable * cost;
    }
    for point in &mut input.points {
        point.output *= output;
        point.prefill *= output;
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_that_are_solved_start_the_spans_in_which_their_plan_holds() {
        assert_eq!(anchors(1, None), [0]);
        assert_eq!(anchors(2, None), [0, 1]);
        assert_eq!(anchors(5, None), [0, 1, 3]);
        assert_eq!(anchors(15, None), [0, 5, 10]);
        assert_eq!(anchors(10, Some(5)), [0, 2, 5]);
        assert_eq!(anchors(3, Some(1)), [0, 1]);
        let plan = |year| YearPlan { year, price_ratio: 1.0, plan: Plan::default(), renewed: None };
        let plans = Plans(Arc::new(vec![plan(0), plan(1), plan(3)]));
        let held: Vec<usize> = (0..6).filter_map(|y| plans.of_year(y)).map(|p| p.year).collect();
        assert_eq!(held, [0, 1, 1, 3, 3, 3]);
    }
}
