//! A project of one owner by the year, with the conventions of NREL's SAM ("Single Owner"), so
//! that the engine can be held against it: capital and debt at year 0, operation from year 1.
//!
//! Prices escalate from year 2, operating cost and insurance grow with inflation from year 2,
//! property tax is flat, salvage is revenue of the last year, and debt is repaid in level payments
//! or sculpted to the earnings before tax.

use super::debt::{self, Schedule};
use super::depreciation::{Convention, Table, TaxAsset, TaxClass, Treatment};
use super::error::{Findings, finite};
use super::returns::{Irr, irr, npv};
use super::root::rising;
use super::tax::{self, TaxDue, TaxRules, TaxYear};
use super::{Figure, InputError, Undefined, nominal_rate};

/// How the project borrows at year 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Borrowing {
    None,
    /// A share of the capital, repaid in level payments, or in equal parts of principal.
    Share {
        frac: f64,
        years: usize,
        rate: f64,
        equal_principal: bool,
    },
    /// What earnings carry at a cover ratio.
    Dscr {
        dscr: f64,
        years: usize,
        rate: f64,
    },
}

/// A part of the capital and how it is deducted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allocation {
    pub class: TaxClass,
    /// Share of the capital; what no class names is not deducted.
    pub frac: f64,
}

/// Input of one project, USD and MWh (or any other unit of output).
#[derive(Clone, Debug, PartialEq)]
pub struct SingleOwner {
    pub capex: f64,
    pub output_per_year: f64,
    pub price: f64,
    pub price_escalation: f64,
    pub fixed_cost: f64,
    pub cost_per_unit: f64,
    pub years: usize,
    pub inflation: f64,
    /// Real discount rate of the owner.
    pub real_rate: f64,
    pub tax: TaxRules,
    pub allocations: Vec<Allocation>,
    /// First-year deduction of eligible classes, federal and state.
    pub bonus_frac: f64,
    pub state_bonus_frac: f64,
    pub borrowing: Borrowing,
    /// Shares of the capital.
    pub salvage_frac: f64,
    pub property_tax_frac: f64,
    pub insurance_frac: f64,
}

/// Years from 0; amounts in USD, tax positive when paid.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnerResult {
    pub revenue: Vec<f64>,
    pub operating_cost: Vec<f64>,
    pub ebitda: Vec<f64>,
    pub federal_depreciation: Vec<f64>,
    pub tax: Vec<TaxDue>,
    pub debt_amount: f64,
    /// From year 1.
    pub debt: Schedule,
    pub pretax_cash: Vec<f64>,
    pub aftertax_cash: Vec<f64>,
    pub nominal_rate: f64,
    pub npv: f64,
    pub irr: Irr,
    /// SAM's figure: `(PV of sales - net present value) / PV of output`. Not the price that
    /// brings the value to zero: the tax on a change of price is left out.
    pub sam_lcoe_nominal: Figure,
    pub sam_lcoe_real: Figure,
}

impl SingleOwner {
    fn check(&self) -> Result<(), Vec<InputError>> {
        let mut found = Findings::default();
        found.amount("capex", self.capex);
        found.amount("output_per_year", self.output_per_year);
        found.range("price", self.price, f64::MIN, f64::MAX);
        found.rate("price_escalation", self.price_escalation);
        found.rate("inflation", self.inflation);
        found.rate("real_rate", self.real_rate);
        found.share("bonus_frac", self.bonus_frac);
        found.share("state_bonus_frac", self.state_bonus_frac);
        let shares = self.allocations.iter().map(|a| a.frac);
        if shares.clone().any(|frac| !(0.0..=1.0).contains(&frac))
            || shares.sum::<f64>() > 1.0 + 1e-9
        {
            found.add("allocations", "shares of the classes are 0 to 1 and at most 1 in all");
        }
        self.tax.check(&mut found);
        if self.years == 0 || self.years > 200 {
            found.add("years", format!("{} years; enter 1 to 200", self.years));
        }
        match self.borrowing {
            Borrowing::None => {}
            Borrowing::Share { frac, rate, .. } => {
                found.share("borrowing.frac", frac);
                found.rate("borrowing.rate", rate);
            }
            Borrowing::Dscr { dscr, rate, .. } => {
                found.range("borrowing.dscr", dscr, 0.01, 1e6);
                found.rate("borrowing.rate", rate);
            }
        }
        found.finish()
    }

    /// Deductions of years 0 to the last.
    fn deductions(&self, bonus_frac: f64) -> Result<Vec<f64>, InputError> {
        let mut total = vec![0.0; self.years + 1];
        for part in &self.allocations {
            let treatment = Treatment {
                class: part.class,
                convention: Convention::HalfYear,
                table: Table::IrsRounded,
                bonus_frac,
            };
            let schedule = TaxAsset { basis: self.capex * part.frac, treatment }.schedule()?;
            for (sum, deduction) in total.iter_mut().skip(1).zip(schedule) {
                *sum += deduction;
            }
        }
        Ok(total)
    }

    fn loan(&self, cfads: &[f64]) -> (f64, Schedule) {
        match self.borrowing {
            Borrowing::None => (0.0, Schedule::default()),
            Borrowing::Share { frac, years, rate, equal_principal } => {
                let amount = frac * self.capex;
                let repay = if equal_principal { debt::equal_principal } else { debt::level };
                (amount, repay(amount, rate, years, 0))
            }
            Borrowing::Dscr { dscr, years, rate } => {
                let loan = debt::sculpt(cfads, dscr, rate, years);
                (loan.amount, loan.schedule)
            }
        }
    }

    /// Evaluates the project.
    pub fn evaluate(&self) -> Result<OwnerResult, Vec<InputError>> {
        self.check()?;
        let one = |e: InputError| vec![e];
        let federal_depreciation = self.deductions(self.bonus_frac).map_err(one)?;
        let state_depreciation = self.deductions(self.state_bonus_frac).map_err(one)?;
        let mut revenue = vec![0.0];
        let mut operating_cost = vec![0.0];
        for year in 0..self.years {
            let n = year as i32;
            let growth = (1.0 + self.inflation).powi(n);
            let price = self.price * (1.0 + self.price_escalation).powi(n);
            revenue.push(price * self.output_per_year);
            let running = self.fixed_cost
                + self.cost_per_unit * self.output_per_year
                + self.insurance_frac * self.capex;
            operating_cost.push(running * growth + self.property_tax_frac * self.capex);
        }
        let sales = revenue.clone();
        if let Some(last) = revenue.last_mut() {
            *last += self.salvage_frac * self.capex;
        }
        let ebitda: Vec<f64> = revenue.iter().zip(&operating_cost).map(|(r, c)| r - c).collect();
        let (debt_amount, schedule) = self.loan(ebitda.get(1..).unwrap_or_default());
        let at = |list: &[f64], year: usize| list.get(year).copied().unwrap_or(0.0);
        let of_loan = |list: &[f64], year: usize| year.checked_sub(1).map_or(0.0, |k| at(list, k));
        let tax_years: Vec<TaxYear> = (0..=self.years)
            .map(|y| TaxYear {
                income: at(&ebitda, y),
                interest: of_loan(&schedule.interest, y),
                federal_depreciation: at(&federal_depreciation, y),
                state_depreciation: at(&state_depreciation, y),
            })
            .collect();
        let tax = tax::assess(&self.tax, &tax_years);
        let service = schedule.service();
        let mut pretax_cash: Vec<f64> =
            (0..=self.years).map(|y| at(&ebitda, y) - of_loan(&service, y)).collect();
        if let Some(first) = pretax_cash.first_mut() {
            *first = debt_amount - self.capex;
        }
        let aftertax_cash: Vec<f64> =
            pretax_cash.iter().zip(&tax).map(|(cash, tax)| cash - tax.total()).collect();
        let rate = nominal_rate(self.real_rate, self.inflation);
        let value = npv(rate, &aftertax_cash);
        let gross = npv(rate, &sales) - value;
        Ok(OwnerResult {
            sam_lcoe_nominal: self.per_output(gross, rate),
            sam_lcoe_real: self.per_output(gross, self.real_rate),
            irr: irr(&aftertax_cash),
            npv: value,
            nominal_rate: rate,
            revenue,
            operating_cost,
            ebitda,
            federal_depreciation,
            tax,
            debt_amount,
            debt: schedule,
            pretax_cash,
            aftertax_cash,
        })
    }

    fn per_output(&self, amount: f64, rate: f64) -> Figure {
        let mut output = vec![self.output_per_year; self.years + 1];
        if let Some(first) = output.first_mut() {
            *first = 0.0;
        }
        let value = npv(rate, &output);
        if value > 0.0 { finite(amount / value) } else { Err(Undefined::NothingProduced) }
    }

    /// Price of year 1 at which the net present value after tax is zero, debt sized anew at each
    /// price that is tried.
    pub fn breakeven_price(&self) -> Figure {
        if self.output_per_year <= 0.0 {
            return Err(Undefined::NothingProduced);
        }
        let mut trial = self.clone();
        let worth = |price: f64| {
            trial.price = price;
            trial.evaluate().map_or(f64::NAN, |result| result.npv)
        };
        let scale = (self.capex / self.output_per_year).abs().max(1e-9);
        rising(worth, self.price, scale / 64.0).ok_or(Undefined::NoPrice)
    }
}
