//! A project run from input to flows: operation, capital, tax and funding, by period.

use super::assets::{Capital, TaxCapital};
use super::axis::Axis;
use super::check::check;
use super::funding::{Cash, Funding, fund};
use super::input::Project;
use super::operation::{Operation, operate};
use crate::finance::InputError;
use crate::finance::tax::{TaxDue, TaxYear, assess};

/// Tax and loan depend on each other where cover is after tax or cash is swept.
const MOST_ROUNDS: usize = 100;

/// Everything that statements and results are made of.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub axis: Axis,
    pub operation: Operation,
    /// Financing cost included.
    pub capital: Capital,
    pub funding: Funding,
    pub revenue: Vec<f64>,
    pub opex: Vec<f64>,
    pub ebitda: Vec<f64>,
    pub receivables: Vec<f64>,
    pub payables: Vec<f64>,
    /// Owed to customers who paid ahead, at the end of the period.
    pub prepaid: Vec<f64>,
    /// Revenue that is not under contract.
    pub merchant: Vec<f64>,
    /// EBITDA less the rise of working capital.
    pub before_tax: Vec<f64>,
    /// Paid for assets, refreshes included, financing cost not.
    pub capital_paid: Vec<f64>,
    /// Tax paid with the loan, and by year.
    pub tax: Vec<f64>,
    pub tax_years: Vec<TaxDue>,
    /// Tax that the project would pay without a loan.
    pub unlevered_tax: Vec<f64>,
    /// Whether tax and loan came to rest.
    pub converged: bool,
}

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
}

impl Run {
    pub fn of(project: &Project) -> Result<Self, Vec<InputError>> {
        check(project)?;
        let axis = Axis::of(project);
        let base = Capital::of(project, &axis).map_err(|e| vec![e])?;
        let operation = operate(project, &axis, &base.in_service);
        let periods = axis.periods.len();
        let revenue: Vec<f64> = (0..periods).map(|n| operation.revenue_of(n)).collect();
        let opex: Vec<f64> = (0..periods).map(|n| operation.opex_of(n)).collect();
        let ebitda: Vec<f64> = revenue.iter().zip(&opex).map(|(r, c)| r - c).collect();
        let working = &project.working_capital;
        // What was paid ahead is never outstanding.
        let invoiced: Vec<f64> =
            revenue.iter().zip(&operation.prepaid_used).map(|(r, used)| r - used).collect();
        let receivables = outstanding(&axis, &invoiced, working.receivable_days);
        let merchant = revenue.iter().zip(&operation.contracted).map(|(r, c)| r - c).collect();
        let prepaid: Vec<f64> = operation
            .prepaid
            .iter()
            .scan(0.0, |owed, moved| {
                *owed += moved;
                Some(*owed)
            })
            .collect();
        let payables = outstanding(&axis, &opex, working.payable_days);
        let before_tax = (0..periods)
            .map(|n| {
                let open = |m: usize| at(&receivables, m) - at(&payables, m) - at(&prepaid, m);
                at(&ebitda, n) - open(n) + n.checked_sub(1).map_or(0.0, open)
            })
            .collect();
        let capital_paid = base.build.iter().zip(&base.refresh).map(|(a, b)| a + b).collect();
        let mut run = Self {
            operation,
            funding: Funding::default(),
            revenue,
            opex,
            ebitda,
            receivables,
            payables,
            prepaid,
            merchant,
            before_tax,
            capital_paid,
            tax: Vec::new(),
            tax_years: Vec::new(),
            unlevered_tax: Vec::new(),
            converged: true,
            capital: base,
            axis,
        };
        run.finance(project).map_err(|e| vec![e])?;
        Ok(run)
    }

    /// Cash that a loan and the owners share, under a tax.
    fn cash<'a>(&'a self, tax: &'a [f64]) -> Cash<'a> {
        Cash {
            before_tax: &self.before_tax,
            tax,
            merchant: &self.merchant,
            capital: &self.capital_paid,
            proceeds: &self.capital.proceeds,
        }
    }

    /// Finds tax and funding that agree.
    fn finance(&mut self, project: &Project) -> Result<(), InputError> {
        let without = vec![0.0; self.axis.periods.len()];
        let due = self.assess(project, None, &without);
        self.unlevered_tax = self.by_period(&due);
        let mut tax = self.unlevered_tax.clone();
        if project.debt.is_none() {
            self.funding = fund(project, &self.axis, &self.cash(&tax), &self.funding);
            (self.tax, self.tax_years) = (tax, due);
            return Ok(());
        }
        // Deductions are in proportion to cost: those of one dollar serve every size.
        let dollar = self.capital.financing_tax(project, &self.axis)?;
        self.converged = false;
        for _ in 0..MOST_ROUNDS {
            self.funding = fund(project, &self.axis, &self.cash(&tax), &self.funding);
            let cost = self.funding.financing_cost();
            let due = self.assess(project, Some((cost, &dollar)), &self.funding.interest);
            let next = self.by_period(&due);
            let off = tax.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            let size = next.iter().fold(0.0f64, |s, t| s.max(t.abs()));
            self.tax_years = due;
            // The funding above paid `tax`: it stays the tax of the run, and the rest is rounding.
            let settled = off <= 1e-5 + 1e-13 * size;
            self.tax = tax;
            if settled {
                self.converged = self.funding.converged;
                break;
            }
            tax = next;
        }
        let cost = self.funding.financing_cost();
        self.capital.add_financing(project, &self.axis, cost)
    }

    /// Tax by year, with a cost of financing and the deductions of a dollar of it.
    fn assess(
        &self,
        project: &Project,
        financing: Option<(f64, &TaxCapital)>,
        interest: &[f64],
    ) -> Vec<TaxDue> {
        let income = self.axis.by_year(&self.ebitda);
        let interest = self.axis.by_year(interest);
        let tax = &self.capital.tax;
        let more = |of: &dyn Fn(&TaxCapital) -> f64| financing.map_or(0.0, |(c, d)| c * of(d));
        // A gain of disposal is taxed, but does not raise the limit of interest.
        let years: Vec<TaxYear> = (0..self.axis.years)
            .map(|y| TaxYear {
                income: at(&income, y),
                interest: at(&interest, y),
                federal_depreciation: tax.federal_net(y) + more(&|d| d.federal_net(y)),
                state_depreciation: tax.state_net(y) + more(&|d| d.state_net(y)),
            })
            .collect();
        assess(&project.tax, &years)
    }

    /// Tax is paid in instalments that follow the earnings of the periods of its year; in the last
    /// period where nothing is earned.
    fn by_period(&self, due: &[TaxDue]) -> Vec<f64> {
        let earned: Vec<f64> = self.ebitda.iter().map(|e| e.max(0.0)).collect();
        let of_year = self.axis.by_year(&earned);
        let paid = |(n, period): (usize, &super::axis::Period)| {
            let total = due.get(period.year).map_or(0.0, TaxDue::total);
            let year = at(&of_year, period.year);
            if year > 0.0 {
                total * at(&earned, n) / year
            } else if self.axis.closes_year(n) {
                total
            } else {
                0.0
            }
        };
        self.axis.periods.iter().enumerate().map(paid).collect()
    }

    /// Flows of the project without a loan: before tax, and after.
    pub fn unlevered(&self) -> (Vec<f64>, Vec<f64>) {
        let before: Vec<f64> = (0..self.axis.periods.len())
            .map(|n| {
                at(&self.before_tax, n) - at(&self.capital_paid, n) + at(&self.capital.proceeds, n)
            })
            .collect();
        let after = before.iter().zip(&self.unlevered_tax).map(|(cash, tax)| cash - tax).collect();
        (before, after)
    }

    /// Flows of the owners: distributions less contributions.
    pub fn equity(&self) -> Vec<f64> {
        let funding = &self.funding;
        funding.distributions.iter().zip(&funding.contributions).map(|(d, c)| d - c).collect()
    }
}

/// What is open at the end of each period for an amount per period and days; nothing at the end.
fn outstanding(axis: &Axis, amounts: &[f64], days: f64) -> Vec<f64> {
    let mut open: Vec<f64> = axis
        .periods
        .iter()
        .zip(amounts)
        .map(|(period, amount)| amount / period.years() * days / 365.0)
        .collect();
    if let Some(last) = open.last_mut() {
        *last = 0.0;
    }
    open
}
