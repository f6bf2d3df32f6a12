//! The three statements and the checks that tie them.

use super::axis::Period;
use super::input::Project;
use super::model::Run;
use crate::finance::returns::discount_factor;
use crate::finance::tax::{Losses, TaxDue};
use serde::Serialize;

/// A statement: named rows by period, USD.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub name: String,
    pub values: Vec<f64>,
}

/// Income, balance sheet and cash flow by period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statements {
    pub labels: Vec<String>,
    /// Names of the fiscal years.
    pub years: Vec<String>,
    pub periods: Vec<Period>,
    pub income: Vec<Row>,
    pub balance: Vec<Row>,
    pub cash_flow: Vec<Row>,
    /// What the returns are of: "before tax, no loan", "tax, no loan", "after tax, no loan" and
    /// "owners".
    pub flows: Vec<Row>,
    /// What is used and sold rather than paid: "energy at the meter, MWh", "million tokens" and
    /// "GPU-hours in service".
    pub quantities: Vec<Row>,
    pub checks: Vec<Check>,
}

/// An identity that must hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    pub name: &'static str,
    /// Largest violation, USD.
    pub off_usd: f64,
    pub tolerance_usd: f64,
}

impl Check {
    pub fn holds(&self) -> bool {
        self.off_usd <= self.tolerance_usd
    }
}

impl Statements {
    /// Name of the quantity of energy.
    pub const ENERGY: &'static str = "energy at the meter, MWh";

    pub fn row<'a>(rows: &'a [Row], name: &str) -> Option<&'a [f64]> {
        rows.iter().find(|r| r.name == name).map(|r| r.values.as_slice())
    }

    /// The same by fiscal year: flows are summed, stocks are those of the year's end.
    pub fn by_year(&self) -> Self {
        let of = |rows: &[Row], one: &dyn Fn(f64, f64) -> f64| -> Vec<Row> {
            let years = |values: &[f64]| {
                let mut years = vec![0.0; self.years.len()];
                for (period, value) in self.periods.iter().zip(values) {
                    if let Some(cell) = years.get_mut(period.year) {
                        *cell = one(*cell, *value);
                    }
                }
                years
            };
            rows.iter().map(|r| Row { name: r.name.clone(), values: years(&r.values) }).collect()
        };
        let mut periods: Vec<Period> = Vec::with_capacity(self.years.len());
        for period in &self.periods {
            match periods.last_mut().filter(|last| last.year == period.year) {
                Some(last) => last.months += period.months,
                None => periods.push(*period),
            }
        }
        Self {
            labels: self.years.clone(),
            years: self.years.clone(),
            periods,
            income: of(&self.income, &|sum, v| sum + v),
            balance: of(&self.balance, &|_, v| v),
            cash_flow: of(&self.cash_flow, &|sum, v| sum + v),
            flows: of(&self.flows, &|sum, v| sum + v),
            quantities: of(&self.quantities, &|sum, v| sum + v),
            checks: self.checks.clone(),
        }
    }

    /// Present value of the flow of each period on the first day of the model, USD; their sum is
    /// the net present value at this rate.
    pub fn present(&self, rate_frac: f64, flows: &[f64]) -> Vec<f64> {
        let discounted =
            |(period, flow): (&Period, &f64)| flow * discount_factor(rate_frac, period.at_years());
        self.periods.iter().zip(flows).map(discounted).collect()
    }
}

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
}

/// Change of a stock from the period before.
fn change(list: &[f64], n: usize) -> f64 {
    at(list, n) - n.checked_sub(1).map_or(0.0, |m| at(list, m))
}

fn combine(a: &[f64], b: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()
}

fn running(list: &[f64]) -> Vec<f64> {
    list.iter()
        .scan(0.0, |sum, v| {
            *sum += v;
            Some(*sum)
        })
        .collect()
}

fn row(name: &str, values: Vec<f64>) -> Row {
    Row { name: name.to_owned(), values }
}

/// Tax that the books owe later, at the end of each period: rates times the difference of book
/// value and tax basis, less losses and interest carried forward. It moves at the end of a fiscal
/// year; at the end of the model what was not used is worth nothing.
fn deferred(project: &Project, run: &Run) -> Vec<f64> {
    let rules = &project.tax;
    let state = rules.state_frac * (1.0 - rules.federal_frac);
    let periods = run.axis.periods.len();
    let mut open = 0.0;
    (0..periods)
        .map(|n| {
            let year = run.axis.periods.get(n).map_or(0, |p| p.year);
            if n + 1 == periods {
                open = 0.0;
            } else if run.axis.closes_year(n) {
                let book = at(&run.capital.net_value, n);
                let tax = &run.capital.tax;
                let due = run.tax_years.get(year).copied().unwrap_or(TaxDue::default());
                let kept = matches!(rules.losses, Losses::CarriedForward { .. });
                let losses = if kept { 1.0 } else { 0.0 };
                open = rules.federal_frac
                    * (book - at(&tax.federal_basis, year) - losses * due.losses_carried)
                    + state
                        * (book - at(&tax.state_basis, year) - losses * due.state_losses_carried)
                    - rules.combined() * due.interest_carried;
            }
            open
        })
        .collect()
}

/// Builds the statements of a run.
pub(super) fn statements(project: &Project, run: &Run) -> Statements {
    let periods = run.axis.periods.len();
    let funding = &run.funding;
    let deferred = deferred(project, run);
    let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..periods).map(of).collect() };
    let deferred_tax = each(&|n| change(&deferred, n));
    let ebit = each(&|n| {
        at(&run.ebitda, n) - at(&run.capital.depreciation, n) + at(&run.capital.book_gain, n)
    });
    let before_tax = combine(&ebit, &funding.interest, |e, i| e - i);
    let net = each(&|n| at(&before_tax, n) - at(&run.tax, n) - at(&deferred_tax, n));
    let mut income = Vec::new();
    for (stream, values) in project.streams.iter().zip(&run.operation.revenue) {
        income.push(row(&format!("revenue: {}", stream.id), values.clone()));
    }
    income.push(row("revenue", run.revenue.clone()));
    income.push(row("of it under contract", run.operation.contracted.clone()));
    for (opex, values) in project.opex.iter().zip(&run.operation.opex) {
        income.push(row(&format!("opex: {}", opex.id), values.clone()));
    }
    income.push(row("operating cost", run.opex.clone()));
    income.push(row("EBITDA", run.ebitda.clone()));
    income.push(row("depreciation", run.capital.depreciation.clone()));
    income.push(row("gain on disposal", run.capital.book_gain.clone()));
    income.push(row("EBIT", ebit));
    income.push(row("interest", funding.interest.clone()));
    income.push(row("profit before tax", before_tax));
    income.push(row("current tax", run.tax.clone()));
    income.push(row("deferred tax", deferred_tax.clone()));
    income.push(row("net income", net.clone()));
    let balance = balance(run, &deferred, &net);
    let cash_flow = cash_flow(run, &deferred_tax, &net);
    let (before, after) = run.unlevered();
    let flows = vec![
        row("before tax, no loan", before),
        row("tax, no loan", run.unlevered_tax.clone()),
        row("after tax, no loan", after),
        row("owners", run.equity()),
    ];
    let quantities = vec![
        row(Statements::ENERGY, run.operation.energy_mwh.clone()),
        row("million tokens", run.operation.tokens_m.clone()),
        row("GPU-hours in service", run.operation.gpu_hours.clone()),
    ];
    let checks = checks(run, &balance, &cash_flow);
    Statements {
        labels: run.axis.periods.iter().map(|p| run.axis.label(p)).collect(),
        years: (0..run.axis.years).map(|y| run.axis.year_label(y)).collect(),
        periods: run.axis.periods.clone(),
        income,
        balance,
        cash_flow,
        flows,
        quantities,
        checks,
    }
}

fn balance(run: &Run, deferred: &[f64], net: &[f64]) -> Vec<Row> {
    let funding = &run.funding;
    let periods = run.axis.periods.len();
    let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..periods).map(of).collect() };
    // Interest during construction and fees are in progress until the loan's term starts.
    let mut financing = running(&combine(&funding.capitalised, &funding.fees, |i, f| i + f));
    for value in financing.iter_mut().skip(funding.term.0) {
        *value = 0.0;
    }
    let progress = combine(&run.capital.in_progress, &financing, |a, b| a + b);
    let cash = combine(&funding.kept, &funding.reserve, |k, r| k + r);
    let assets = each(&|n| {
        at(&cash, n) + at(&run.receivables, n) + at(&progress, n) + at(&run.capital.net_value, n)
    });
    let paid_in = running(&funding.contributions);
    let retained = running(&combine(net, &funding.distributions, |n, d| n - d));
    let claims = each(&|n| {
        at(&run.payables, n)
            + at(&run.prepaid, n)
            + at(&funding.balance, n)
            + at(deferred, n)
            + at(&paid_in, n)
            + at(&retained, n)
    });
    vec![
        row("cash kept", funding.kept.clone()),
        row("debt service reserve", funding.reserve.clone()),
        row("receivables", run.receivables.clone()),
        row("construction in progress", progress),
        row("plant and equipment, net", run.capital.net_value.clone()),
        row("total assets", assets),
        row("payables", run.payables.clone()),
        row("prepaid by customers", run.prepaid.clone()),
        row("debt", funding.balance.clone()),
        row("deferred tax", deferred.to_vec()),
        row("paid-in equity", paid_in),
        row("retained earnings", retained),
        row("total liabilities and equity", claims),
    ]
}

fn cash_flow(run: &Run, deferred_tax: &[f64], net: &[f64]) -> Vec<Row> {
    let funding = &run.funding;
    let periods = run.axis.periods.len();
    let each = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..periods).map(of).collect() };
    let working =
        each(&|n| change(&run.receivables, n) - change(&run.payables, n) - change(&run.prepaid, n));
    let operating = each(&|n| {
        at(net, n) + at(&run.capital.depreciation, n) - at(&run.capital.book_gain, n)
            + at(deferred_tax, n)
            - at(&working, n)
    });
    let financing_cost = combine(&funding.capitalised, &funding.fees, |i, f| i + f);
    let investing =
        each(&|n| at(&run.capital.proceeds, n) - at(&run.capital_paid, n) - at(&financing_cost, n));
    let financing = each(&|n| {
        at(&funding.draws, n) - at(&funding.principal, n) + at(&funding.contributions, n)
            - at(&funding.distributions, n)
    });
    let total = each(&|n| at(&operating, n) + at(&investing, n) + at(&financing, n));
    let negative = |list: &[f64]| list.iter().map(|v| -v).collect::<Vec<f64>>();
    vec![
        row("net income", net.to_vec()),
        row("depreciation", run.capital.depreciation.clone()),
        row("gain on disposal", negative(&run.capital.book_gain)),
        row("deferred tax", deferred_tax.to_vec()),
        row("rise of working capital", negative(&working)),
        row("cash from operation", operating),
        row("capital", negative(&run.capital.build)),
        row("refresh", negative(&run.capital.refresh)),
        row("interest during construction and fees", negative(&financing_cost)),
        row("proceeds of disposal", run.capital.proceeds.clone()),
        row("cash from investing", investing),
        row("drawn", funding.draws.clone()),
        row("repaid", negative(&funding.principal)),
        row("contributions", funding.contributions.clone()),
        row("distributions", negative(&funding.distributions)),
        row("cash from financing", financing),
        row("change of cash", total),
    ]
}

/// The identities that tie the statements.
fn checks(run: &Run, balance: &[Row], cash_flow: &[Row]) -> Vec<Check> {
    let list = |rows: &[Row], name: &str| -> Vec<f64> {
        Statements::row(rows, name).unwrap_or_default().to_vec()
    };
    let largest = |values: &[f64]| values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let assets = list(balance, "total assets");
    let claims = list(balance, "total liabilities and equity");
    let funding = &run.funding;
    let cash = combine(&funding.kept, &funding.reserve, |k, r| k + r);
    let moved: Vec<f64> = (0..cash.len()).map(|n| change(&cash, n)).collect();
    let first: f64 = run.capital.assets.iter().filter(|a| a.first).map(|a| a.cost_usd).sum();
    let paid: f64 = run.capital.build.iter().sum();
    let tax = &run.capital.tax;
    let gross: f64 = run.capital.assets.iter().map(|a| a.cost_usd).sum();
    let proceeds: f64 = run.capital.proceeds.iter().sum();
    // Over the life every basis is deducted or sets off proceeds.
    let written = |dep: &[f64], gain: &[f64]| {
        dep.iter().sum::<f64>() - gain.iter().sum::<f64>() + proceeds - gross
    };
    let drawn: f64 = funding.draws.iter().sum();
    let repaid: f64 = funding.principal.iter().sum();
    let negative_cash = cash.iter().fold(0.0f64, |m, v| m.max(-v));
    // Half a cent, and what sums lose to rounding where amounts are very large.
    let tolerance_usd = 0.005 + 1e-14 * (gross + largest(&assets));
    let one = |name, off_usd: f64| Check { name, off_usd, tolerance_usd };
    vec![
        one("balance sheet balances", largest(&combine(&assets, &claims, |a, c| a - c))),
        one(
            "cash flow ties to cash",
            largest(&combine(&moved, &list(cash_flow, "change of cash"), |a, b| a - b)),
        ),
        one("capital paid is the take-off", (paid - first).abs()),
        one("book depreciation writes off the cost", {
            let lost = run.capital.depreciation.iter().sum::<f64>()
                - run.capital.book_gain.iter().sum::<f64>();
            (lost + proceeds - gross).abs()
        }),
        one(
            "federal deductions write off the basis",
            written(&tax.federal, &tax.federal_gain).abs(),
        ),
        one("state deductions write off the basis", written(&tax.state, &tax.state_gain).abs()),
        one("the loan is repaid", (drawn - repaid).abs()),
        one("cash is never negative", negative_cash),
        one("nothing is left at the end", at(&assets, assets.len().saturating_sub(1)).abs()),
        one("tax and loan agree", if run.converged { 0.0 } else { f64::MAX }),
    ]
}
