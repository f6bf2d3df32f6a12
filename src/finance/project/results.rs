//! The figures that readers of a project look for.

use super::axis::Axis;
use super::input::{Component, Driver, Project, Stream};
use super::model::Run;
use super::operation::Operation;
use super::trailing::{sums, windows};
use crate::finance::debt::{Cover, cover, loan_life_cover_at};
use crate::finance::error::finite;
use crate::finance::returns::{
    Irr, Payback, discount_factor, equity_multiple, irr_at, mirr_at, npv_at, payback_at,
    profitability_index_at,
};
use crate::finance::{Figure, Undefined};
use serde::Serialize;

/// Measures of one line of flows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Returns {
    /// At `rate`, on the first day of the model, USD.
    pub npv_usd: f64,
    pub rate: f64,
    pub irr: Irr,
    pub mirr: Figure,
    /// Years from the first day of the model.
    pub payback: Payback,
    pub discounted_payback: Payback,
    pub profitability_index: Figure,
    pub multiple: Figure,
}

/// Where capital goes, USD.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Capex {
    pub total_usd: f64,
    /// In the order of the input.
    pub by_class: Vec<(String, f64)>,
    pub by_phase: Vec<(String, f64)>,
    /// Of the refreshes, and by class.
    pub refresh_usd: f64,
    pub refresh_by_class: Vec<(String, f64)>,
}

/// The loan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loan {
    pub amount_usd: f64,
    pub uses_usd: f64,
    /// Loan over uses.
    pub gearing: Figure,
    pub interest_during_construction_usd: f64,
    pub fees_usd: f64,
    /// Over the twelve months that end with each period of the term.
    pub cover: Cover,
    /// The same with the revenue of contracts alone.
    pub contracted_cover: Cover,
    /// Share of the cash for service that is not under contract, over the term.
    pub merchant_frac: Figure,
    pub loan_life_cover: Figure,
    pub project_life_cover: Figure,
    /// The same with the revenue of contracts alone; what is left of both is merchant.
    pub contracted_loan_life_cover: Figure,
    pub contracted_project_life_cover: Figure,
    /// Loan over the EBITDA of the first whole fiscal year of the term.
    pub debt_to_ebitda: Figure,
    /// Labels of periods without distribution.
    pub locked: Vec<String>,
    /// The loan outlives the first replacement of what it paid for.
    pub outlives_assets: bool,
    /// The loan outlives the last contract.
    pub outlives_contracts: bool,
}

/// A part of the cost of a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CostPart {
    pub component: Component,
    pub usd_per_mtok: f64,
}

/// What a stream brings over the life of the project, discounted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StreamFigures {
    pub id: String,
    pub present_revenue_usd: f64,
    pub present_units: f64,
}

/// Figures of a project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Results {
    /// Which treatment of losses the tax has.
    pub tax_mode: String,
    /// Without debt, before and after tax.
    pub pretax: Returns,
    pub unlevered: Returns,
    /// Of the owners, after tax and debt.
    pub levered: Returns,
    pub capex: Capex,
    pub loan: Option<Loan>,
    /// First whole fiscal year after the last phase has ramped up, 0 first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_full_year: Option<usize>,
    /// Of that year.
    pub revenue_usd_per_year: Figure,
    pub ebitda_usd_per_year: Figure,
    /// Share of that year's revenue that is under contract.
    pub contracted_frac: Figure,
    pub revenue_usd_per_mw_year: Figure,
    /// Capital, refreshes and running cost less proceeds, discounted, over discounted million
    /// tokens: before tax. The flat price with a value of zero where nothing else is sold.
    pub levelised_usd_per_mtok: Figure,
    /// That cost and tax without a loan, by what it is for; capital is net of its proceeds.
    /// Empty where no tokens are made.
    pub cost_parts: Vec<CostPart>,
    /// Sum of the parts: what a million tokens costs after tax.
    pub cost_usd_per_mtok: Figure,
    /// Present cost by what it is for, USD: what the parts are of.
    pub present_cost_usd: Vec<(Component, f64)>,
    /// In the order of the input.
    pub streams: Vec<StreamFigures>,
    /// The levelised cost over GPU-hours in service.
    pub usd_per_gpu_hour: Figure,
    /// The same over MW of IT and years.
    pub usd_per_mw_year: Figure,
    /// Discounted token revenue over discounted tokens: the price to compare with.
    pub mean_usd_per_mtok: Figure,
    pub energy_mwh: f64,
    /// Tonnes of the rows that count carbon; none where no row does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carbon_t: Option<f64>,
    /// Tax and loan agree, and the size of the loan came to rest.
    pub converged: bool,
}

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
}

fn ratio(above: f64, below: f64, why: Undefined) -> Figure {
    if below > 0.0 { finite(above / below) } else { Err(why) }
}

fn returns(project: &Project, times: &[f64], flows: &[f64], rate: f64) -> Returns {
    Returns {
        npv_usd: npv_at(rate, times, flows),
        rate,
        irr: irr_at(times, flows),
        mirr: mirr_at(times, flows, project.rates.finance_frac, project.rates.reinvest_frac),
        payback: payback_at(0.0, times, flows),
        discounted_payback: payback_at(rate, times, flows),
        profitability_index: profitability_index_at(rate, times, flows),
        multiple: equity_multiple(flows),
    }
}

impl Results {
    pub(super) fn of(project: &Project, run: &Run) -> Self {
        let times = run.axis.times();
        let (before, after) = run.unlevered();
        let rate = project.rates.discount_frac;
        let value = Value::of(project, run, &times);
        let operation = &run.operation;
        let nothing = Undefined::NothingProduced;
        let tokens = value.present(&operation.tokens_m);
        let parts = value.parts(project, run);
        let cost: f64 =
            parts.iter().filter(|(c, _)| *c != Component::Tax).map(|(_, usd)| usd).sum();
        let whole = ratio(parts.iter().map(|(_, usd)| usd).sum(), tokens, nothing);
        let of_tokens = |(component, usd): &(Component, f64)| CostPart {
            component: *component,
            usd_per_mtok: usd / tokens,
        };
        let cost_parts: Vec<CostPart> =
            if whole.is_ok() { parts.iter().map(of_tokens).collect() } else { Vec::new() };
        let year = steady_year(project, &run.axis);
        let of_year = |list: &[f64]| year.map(|y| at(&run.axis.by_year(list), y)).ok_or(nothing);
        let mw = of_year(&operation.mw_years);
        let revenue = of_year(&run.revenue);
        let contracted = of_year(&operation.contracted);
        // Without a loan the owners have what the project has.
        let unlevered = returns(project, &times, &after, rate);
        let equity = project.rates.equity_frac;
        let levered = if project.debt.is_none() && equity == rate {
            unlevered.clone()
        } else {
            returns(project, &times, &run.equity(), equity)
        };
        Self {
            tax_mode: project.tax.losses.label(),
            pretax: returns(project, &times, &before, rate),
            unlevered,
            levered,
            capex: capex(project, run),
            loan: project.debt.as_ref().map(|_| loan(project, run)),
            first_full_year: year,
            revenue_usd_per_year: revenue,
            ebitda_usd_per_year: of_year(&run.ebitda),
            contracted_frac: contracted.and_then(|c| revenue.and_then(|r| ratio(c, r, nothing))),
            revenue_usd_per_mw_year: revenue.and_then(|r| mw.and_then(|m| ratio(r, m, nothing))),
            levelised_usd_per_mtok: ratio(cost, tokens, nothing),
            cost_usd_per_mtok: whole.map(|_| cost_parts.iter().map(|p| p.usd_per_mtok).sum()),
            cost_parts,
            present_cost_usd: parts,
            streams: streams(project, operation, &value),
            usd_per_gpu_hour: ratio(cost, value.present(&operation.gpu_hours), nothing),
            usd_per_mw_year: ratio(cost, value.present(&operation.mw_years), nothing),
            mean_usd_per_mtok: ratio(value.present(&operation.token_revenue), tokens, nothing),
            energy_mwh: operation.energy_mwh.iter().sum(),
            carbon_t: project
                .opex
                .iter()
                .any(|r| matches!(r.driver, Driver::Tonne { .. }))
                .then(|| operation.carbon_t.iter().sum()),
            converged: run.converged,
        }
    }
}

fn streams(project: &Project, operation: &Operation, value: &Value) -> Vec<StreamFigures> {
    let both = operation.revenue.iter().zip(&operation.sold);
    let one = |(stream, (revenue, units)): (&Stream, (&Vec<f64>, &Vec<f64>))| StreamFigures {
        id: stream.id.clone(),
        present_revenue_usd: value.present(revenue),
        present_units: value.present(units),
    };
    project.streams.iter().zip(both).map(one).collect()
}

/// Present values at the discount rate.
struct Value<'a> {
    axis: &'a Axis,
    factors: Vec<f64>,
}

impl<'a> Value<'a> {
    fn of(project: &Project, run: &'a Run, times: &[f64]) -> Self {
        let rate = project.rates.discount_frac;
        let factors = times.iter().map(|t| discount_factor(rate, *t)).collect();
        Self { axis: &run.axis, factors }
    }

    fn present(&self, list: &[f64]) -> f64 {
        self.factors.iter().zip(list).map(|(factor, amount)| factor * amount).sum()
    }

    fn at_month(&self, month: usize) -> f64 {
        self.axis.of_month.get(month).map_or(0.0, |period| at(&self.factors, *period))
    }

    /// Present cost by component, in the order of all.
    fn parts(&self, project: &Project, run: &Run) -> Vec<(Component, f64)> {
        let mut parts: Vec<(Component, f64)> = Component::ALL.map(|c| (c, 0.0)).to_vec();
        let mut add = |component: Component, usd: f64| {
            parts.iter_mut().filter(|(c, _)| *c == component).for_each(|(_, sum)| *sum += usd);
        };
        let component =
            |class: usize| project.classes.get(class).map(|c| c.component).unwrap_or_default();
        for line in &project.capex {
            let cost = line.amount_usd * (1.0 + line.contingency_frac);
            let class = project.classes.iter().position(|c| c.id == line.class);
            let paid: f64 = line.spend.iter().map(|s| s.frac * self.at_month(s.month)).sum();
            add(class.map(component).unwrap_or_default(), cost * paid);
        }
        for asset in run.capital.assets.iter().filter(|a| !a.is_financing()) {
            let again = if asset.first { 0.0 } else { self.at_month(asset.service) };
            let sold = self.at_month(asset.sold.max(asset.service + 1) - 1);
            let usd = asset.cost_usd * again - asset.proceeds_usd * sold;
            add(component(asset.class_at), usd);
        }
        for (row, costs) in project.opex.iter().zip(&run.operation.opex) {
            add(row.component, self.present(costs));
        }
        add(Component::Tax, self.present(&run.unlevered_tax));
        parts
    }
}

/// First whole fiscal year in which every phase runs at full load.
fn steady_year(project: &Project, axis: &Axis) -> Option<usize> {
    let ready = project.phases.iter().map(|p| p.service_month + p.ramp_months).max()?;
    let months = |year: usize| -> usize {
        axis.periods.iter().filter(|p| p.year == year).map(|p| p.months).sum()
    };
    let starts = |year: usize| axis.periods.iter().find(|p| p.year == year).map(|p| p.start);
    (0..axis.years).find(|y| months(*y) == 12 && starts(*y).is_some_and(|s| s >= ready))
}

fn capex(project: &Project, run: &Run) -> Capex {
    let of = |which: &dyn Fn(&super::Asset) -> bool| -> f64 {
        run.capital.assets.iter().filter(|a| a.first && which(a)).map(|a| a.cost_usd).sum()
    };
    let again = |class: &str| -> f64 {
        let own = |a: &&super::Asset| !a.first && !a.is_financing() && a.class == class;
        run.capital.assets.iter().filter(own).map(|a| a.cost_usd).sum()
    };
    let by_class =
        project.classes.iter().map(|c| (c.id.clone(), of(&|a| a.class == c.id))).collect();
    let by_phase =
        project.phases.iter().map(|p| (p.id.clone(), of(&|a| a.phase == p.id))).collect();
    Capex {
        total_usd: of(&|_| true),
        by_class,
        by_phase,
        refresh_usd: run.capital.refresh.iter().sum(),
        refresh_by_class: project.classes.iter().map(|c| (c.id.clone(), again(&c.id))).collect(),
    }
}

/// Cover over the twelve months that end with each period of the term, of cash and of what is due
/// by period of it.
fn cover_of_year(run: &Run, cash: &[f64], service: &[f64]) -> Cover {
    let (first, after) = run.funding.term;
    let starts = windows(run.axis.periods.get(first..after).unwrap_or_default());
    let mut cover = cover(&sums(&starts, cash), &sums(&starts, service));
    for (dscr, start) in cover.dscr.iter_mut().zip(&starts) {
        if start.is_none() {
            *dscr = Err(Undefined::ShortTerm);
        }
    }
    cover
}

/// Least cover of what is due by period of the loan's term.
pub(super) fn least_cover(run: &Run, due: &[f64]) -> Figure {
    let (first, after) = run.funding.term;
    cover_of_year(run, run.funding.cfads.get(first..after).unwrap_or_default(), due).least
}

fn loan(project: &Project, run: &Run) -> Loan {
    let funding = &run.funding;
    let (first, after) = funding.term;
    let term = |list: &[f64]| list.get(first..after).unwrap_or_default().to_vec();
    let cfads = term(&funding.cfads);
    let due = funding.service.get(first..after).unwrap_or_default();
    // Contracts alone pay all cost, and tax where cover is after tax.
    let sure: Vec<f64> = (first..run.axis.periods.len())
        .map(|n| at(&funding.cfads, n) - at(&run.revenue, n) + at(&run.operation.contracted, n))
        .collect();
    let contracted = sure.get(..after - first).unwrap_or_default().to_vec();
    let terms = project.debt.as_ref();
    let rate = terms.map_or(0.0, |t| t.rate_frac);
    let rates = |to: usize| -> Vec<f64> {
        let list = run.axis.periods.get(first..to).unwrap_or_default();
        list.iter().map(|p| rate * p.years()).collect()
    };
    let all = funding.cfads.get(first..).unwrap_or_default();
    let whole_year = run.axis.periods.get(first).and_then(|start| {
        let whole = |y: &usize| {
            let months: usize =
                run.axis.periods.iter().filter(|p| p.year == *y).map(|p| p.months).sum();
            months == 12
        };
        (start.year..run.axis.years).find(|y| {
            let starts = run.axis.periods.iter().find(|p| p.year == *y).map(|p| p.start);
            whole(y) && starts.is_some_and(|s| s >= start.start)
        })
    });
    let ebitda = whole_year.map_or(0.0, |y| at(&run.axis.by_year(&run.ebitda), y));
    let end = terms.map_or(0, |t| t.term_start_month + t.tenor_months);
    let replaced = run.capital.assets.iter().filter(|a| a.first).map(|a| a.sold).min();
    let contract = project.streams.iter().filter_map(|s| {
        let phase = project.phases.iter().find(|p| p.id == s.phase)?;
        Some(phase.service_month + s.contract.as_ref()?.term_months)
    });
    let total: f64 = cfads.iter().sum();
    let locked = funding.locked.iter().zip(&run.axis.periods).filter(|(locked, _)| **locked);
    Loan {
        amount_usd: funding.amount,
        uses_usd: funding.uses,
        gearing: ratio(funding.amount, funding.uses, Undefined::NothingInvested),
        interest_during_construction_usd: funding.capitalised.iter().sum(),
        fees_usd: funding.fees.iter().sum(),
        merchant_frac: ratio(total - contracted.iter().sum::<f64>(), total, Undefined::NoDebt),
        contracted_cover: cover_of_year(run, &contracted, due),
        loan_life_cover: loan_life_cover_at(&cfads, &rates(after), funding.amount),
        project_life_cover: loan_life_cover_at(all, &rates(run.axis.periods.len()), funding.amount),
        cover: cover_of_year(run, &cfads, due),
        contracted_loan_life_cover: loan_life_cover_at(&contracted, &rates(after), funding.amount),
        contracted_project_life_cover: loan_life_cover_at(
            &sure,
            &rates(run.axis.periods.len()),
            funding.amount,
        ),
        debt_to_ebitda: ratio(funding.amount, ebitda, Undefined::NothingProduced),
        locked: locked.map(|(_, p)| run.axis.label(p)).collect(),
        outlives_assets: replaced.is_some_and(|sold| sold < end),
        outlives_contracts: contract.max().is_some_and(|last| last < end),
    }
}
