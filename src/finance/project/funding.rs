//! Who pays: draws and interest while building, the size of the loan, and where cash goes after.
//!
//! Interest is on opening balances. The size depends on the uses, which hold interest, fees and
//! the reserve, which depend on the size: a fixed point, found by iteration to a hundredth cent.

use super::axis::Axis;
use super::input::{DebtTerms, Project, Repayment};
use super::trailing::{sums, windows};
use crate::finance::debt::sculpt_by_year_at;

/// What the loan is decided on, by period.
pub(super) struct Cash<'a> {
    /// EBITDA less the rise of working capital.
    pub before_tax: &'a [f64],
    pub tax: &'a [f64],
    /// Of it, what is not under contract.
    pub merchant: &'a [f64],
    /// Paid for assets, refreshes included.
    pub capital: &'a [f64],
    /// Received for assets.
    pub proceeds: &'a [f64],
}

/// Who paid and received what, by period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Funding {
    /// Loan when building ends.
    pub amount: f64,
    /// All that is paid until then: capital, interest, fees, reserve.
    pub uses: f64,
    pub draws: Vec<f64>,
    /// Interest during construction.
    pub capitalised: Vec<f64>,
    pub fees: Vec<f64>,
    pub interest: Vec<f64>,
    /// Scheduled and swept.
    pub principal: Vec<f64>,
    pub swept: Vec<f64>,
    pub balance: Vec<f64>,
    /// Debt service reserve at the end of the period.
    pub reserve: Vec<f64>,
    /// Cash kept because distributions are locked, at the end of the period.
    pub kept: Vec<f64>,
    pub contributions: Vec<f64>,
    pub distributions: Vec<f64>,
    pub locked: Vec<bool>,
    /// Service due without a sweep.
    pub service: Vec<f64>,
    /// Cash available for it.
    pub cfads: Vec<f64>,
    /// Periods of the loan: first, and first after.
    pub term: (usize, usize),
    pub converged: bool,
}

const MOST_ROUNDS: usize = 300;

fn at(list: &[f64], n: usize) -> f64 {
    list.get(n).copied().unwrap_or(0.0)
}

/// Funds a project; `before` is the funding under a tax close to this one, from whose size the
/// search starts.
pub(super) fn fund(project: &Project, axis: &Axis, cash: &Cash, before: &Funding) -> Funding {
    let periods = axis.periods.len();
    let blank = || vec![0.0; periods];
    let mut funding = Funding {
        draws: blank(),
        capitalised: blank(),
        fees: blank(),
        interest: blank(),
        principal: blank(),
        swept: blank(),
        balance: blank(),
        reserve: blank(),
        kept: blank(),
        contributions: blank(),
        distributions: blank(),
        locked: vec![false; periods],
        service: blank(),
        cfads: blank(),
        term: (periods, periods),
        converged: true,
        ..Funding::default()
    };
    match &project.debt {
        None => {
            for n in 0..periods {
                let free = at(cash.before_tax, n) - at(cash.tax, n) + at(cash.proceeds, n);
                funding.settle(n, free - at(cash.capital, n));
            }
        }
        Some(terms) => {
            let loan = Loan::of(terms, axis);
            let schedule = loan.build(cash, (before.amount, before.uses), &mut funding);
            loan.operate(cash, &schedule, &mut funding);
        }
    }
    funding
}

impl Funding {
    /// What is left goes to the owners, what is missing comes from them.
    fn settle(&mut self, n: usize, net: f64) {
        if let Some(cell) = self.distributions.get_mut(n) {
            *cell = net.max(0.0);
        }
        if let Some(cell) = self.contributions.get_mut(n) {
            *cell = (-net).max(0.0);
        }
    }

    /// Interest during construction and fees: what is written off later.
    pub fn financing_cost(&self) -> f64 {
        self.capitalised.iter().sum::<f64>() + self.fees.iter().sum::<f64>()
    }
}

fn set(list: &mut [f64], n: usize, value: f64) {
    if let Some(cell) = list.get_mut(n) {
        *cell = value;
    }
}

/// Building period for one guess of amount and uses.
#[derive(Default)]
struct Built {
    draws: Vec<f64>,
    interest: Vec<f64>,
    fees: Vec<f64>,
    equity: Vec<f64>,
    balance: Vec<f64>,
    uses: f64,
}

impl Built {
    fn clear(&mut self) {
        for list in [&mut self.draws, &mut self.interest, &mut self.fees, &mut self.equity] {
            list.clear();
        }
        self.balance.clear();
        self.uses = 0.0;
    }
}

struct Loan<'a> {
    terms: &'a DebtTerms,
    axis: &'a Axis,
    first: usize,
    after: usize,
    /// Interest of each period of the loan's term.
    rates: Vec<f64>,
}

impl<'a> Loan<'a> {
    fn of(terms: &'a DebtTerms, axis: &'a Axis) -> Self {
        let period = |month: usize| axis.of_month.get(month).copied().unwrap_or(axis.periods.len());
        let first = period(terms.term_start_month);
        let after = period(terms.term_start_month + terms.tenor_months);
        let term = axis.periods.get(first..after).unwrap_or_default();
        let rates = term.iter().map(|p| terms.rate_frac * p.years()).collect();
        Self { terms, axis, first, after, rates }
    }

    /// Cash that the size rests on, by period of the term.
    fn cover(&self, cash: &Cash) -> Vec<f64> {
        (self.first..self.after)
            .map(|n| {
                let tax = if self.terms.cover_after_tax { at(cash.tax, n) } else { 0.0 };
                let open = if self.terms.contracted_only { at(cash.merchant, n) } else { 0.0 };
                at(cash.before_tax, n) - tax - open
            })
            .collect()
    }

    /// Most that cash carries: at the cover of the sculpting, or at the least cover of every
    /// twelve months.
    fn capacity(&self, cover: &[f64]) -> f64 {
        if let Repayment::Sculpted { dscr } = self.terms.repayment {
            let (alone, paying) = cover.split_at(self.alone().min(cover.len()));
            let rates = self.rates.get(alone.len()..).unwrap_or_default();
            let rates = (rates, self.year());
            let carried = sculpt_by_year_at(paying, dscr, rates, f64::INFINITY).amount;
            return carried.min(self.interest_carried(alone, dscr));
        }
        let Some(dscr) = self.terms.least_dscr else { return f64::INFINITY };
        let principal = self.schedule(1.0, cover);
        let last = principal.len().saturating_sub(1);
        let balloon = matches!(self.terms.repayment, Repayment::Bullet);
        let mut balance = 1.0;
        let service: Vec<f64> = principal
            .iter()
            .zip(&self.rates)
            .enumerate()
            .map(|(k, (repaid, rate))| {
                let interest = balance * rate;
                balance -= repaid;
                if balloon && k == last { interest } else { interest + repaid }
            })
            .collect();
        let starts = self.windows();
        let carried = sums(&starts, cover).into_iter().zip(sums(&starts, &service));
        let most = carried.filter(|(_, due)| *due > 0.0).map(|(cash, due)| cash / dscr / due);
        most.fold(f64::INFINITY, f64::min).max(0.0)
    }

    /// Periods of the term that make a year.
    fn year(&self) -> usize {
        let term = self.axis.periods.get(self.first..self.after).unwrap_or_default();
        12 / term.iter().map(|p| p.months).max().unwrap_or(12).clamp(1, 12)
    }

    /// Periods of the term that pay interest alone.
    fn alone(&self) -> usize {
        let term = self.axis.periods.get(self.first..self.after).unwrap_or_default();
        let paying = self.terms.term_start_month + self.terms.interest_only_months;
        term.iter().take_while(|p| p.start < paying).count()
    }

    /// Largest loan whose interest the cash of the periods of interest alone covers by the same
    /// ratio, taken together at the cost of debt: a ramp is no weak year. Without bound where
    /// nothing is due.
    fn interest_carried(&self, alone: &[f64], dscr: f64) -> f64 {
        let (mut cash, mut due, mut factor) = (0.0, 0.0, 1.0);
        for (own, rate) in alone.iter().zip(&self.rates) {
            factor /= 1.0 + rate;
            cash += own * factor;
            due += rate * factor;
        }
        if due > 0.0 { (cash / dscr / due).max(0.0) } else { f64::INFINITY }
    }

    /// The twelve months before the end of each period of the term.
    fn windows(&self) -> Vec<Option<usize>> {
        windows(self.axis.periods.get(self.first..self.after).unwrap_or_default())
    }

    /// Principal of each period of the term for an amount.
    fn schedule(&self, amount: f64, cover: &[f64]) -> Vec<f64> {
        let term = self.axis.periods.get(self.first..self.after).unwrap_or_default();
        let paying = self.terms.term_start_month + self.terms.interest_only_months;
        let months = |k: usize| {
            term.get(k).map_or(0.0, |p| if p.start >= paying { p.months as f64 } else { 0.0 })
        };
        let last = term.len().saturating_sub(1);
        let total: f64 = (0..term.len()).map(months).sum();
        match self.terms.repayment {
            Repayment::Sculpted { dscr } => {
                let alone = self.alone().min(cover.len());
                let rates = self.rates.get(alone..).unwrap_or_default();
                let paying = cover.get(alone..).unwrap_or_default();
                let sculpted = sculpt_by_year_at(paying, dscr, (rates, self.year()), amount);
                let repaid = sculpted.schedule.principal;
                std::iter::repeat_n(0.0, alone).chain(repaid).collect()
            }
            Repayment::Bullet => {
                (0..term.len()).map(|k| if k == last { amount } else { 0.0 }).collect()
            }
            Repayment::EqualPrincipal => {
                (0..term.len()).map(|k| amount * months(k) / total).collect()
            }
            Repayment::Level => {
                // Payment per month p with amount = sum of p months / product of (1 + rate),
                // counted from the end of interest only.
                let (mut worth, mut factor) = (0.0, 1.0);
                for (k, rate) in self.rates.iter().enumerate() {
                    if months(k) > 0.0 {
                        factor /= 1.0 + rate;
                        worth += months(k) * factor;
                    }
                }
                let monthly = if worth > 0.0 { amount / worth } else { 0.0 };
                let mut balance = amount;
                let pay = |k: usize| {
                    let rate = at(&self.rates, k);
                    let paid = months(k) * monthly - balance * rate;
                    let principal = match (months(k) > 0.0, k == last) {
                        (false, _) => 0.0,
                        (true, true) => balance,
                        (true, false) => paid,
                    };
                    balance -= principal;
                    principal
                };
                (0..term.len()).map(pay).collect()
            }
        }
    }

    /// Service of the months of the reserve from period `k` of the term on, at the balance then.
    fn reserve(&self, mut balance: f64, schedule: &[f64], k: usize) -> f64 {
        let mut months = self.terms.reserve_months as f64;
        let mut needed = 0.0;
        let term = self.axis.periods.get(self.first..self.after).unwrap_or_default();
        for (n, period) in term.iter().enumerate().skip(k) {
            if months <= 0.0 {
                break;
            }
            let part = (months / period.months as f64).min(1.0);
            needed += part * (balance * at(&self.rates, n) + at(schedule, n));
            balance -= at(schedule, n);
            months -= period.months as f64;
        }
        needed
    }

    fn trial(&self, cash: &Cash, (amount, share): (f64, f64), reserve: f64, built: &mut Built) {
        built.clear();
        let mut balance = 0.0;
        for (n, period) in self.axis.periods.iter().enumerate().take(self.first) {
            let interest = balance * self.terms.rate_frac * period.years();
            let open = (amount - balance).max(0.0);
            let mut fee = open * self.terms.commitment_frac * period.years();
            if n == 0 {
                fee += amount * self.terms.upfront_frac;
            }
            let mut used = at(cash.capital, n) + interest + fee;
            if n + 1 == self.first {
                used += reserve;
            }
            let draw = share * used;
            balance += draw;
            built.uses += used;
            built.draws.push(draw);
            built.interest.push(interest);
            built.fees.push(fee);
            built.equity.push(used - draw);
            built.balance.push(balance);
        }
    }

    /// Sizes the loan and books the building period; returns the principal of the term.
    fn build(&self, cash: &Cash, guess: (f64, f64), funding: &mut Funding) -> Vec<f64> {
        let cover = self.cover(cash);
        let capacity = self.capacity(&cover);
        let capital: f64 = cash.capital.iter().take(self.first).sum();
        let (mut amount, mut uses) = guess;
        if uses <= 0.0 {
            uses = capital;
            amount = (self.terms.gearing_cap_frac * uses).min(capacity);
        }
        let mut built = Built::default();
        let mut reserve = 0.0;
        funding.converged = false;
        for _ in 0..MOST_ROUNDS {
            if self.terms.reserve_months > 0 {
                reserve = self.reserve(amount, &self.schedule(amount, &cover), 0);
            }
            let share = if uses > 0.0 { amount / uses } else { 0.0 };
            self.trial(cash, (amount, share), reserve, &mut built);
            let drawn = built.balance.last().copied().unwrap_or(0.0);
            let next = (self.terms.gearing_cap_frac * built.uses).min(capacity);
            let off = (built.uses - uses).abs() + (next - amount).abs() + (drawn - amount).abs();
            (uses, amount) = (built.uses, next);
            if off <= 1e-4 + 1e-13 * uses {
                funding.converged = true;
                break;
            }
        }
        funding.amount = built.balance.last().copied().unwrap_or(0.0);
        funding.uses = built.uses;
        funding.term = (self.first, self.after);
        for n in 0..self.first {
            set(&mut funding.draws, n, at(&built.draws, n));
            set(&mut funding.capitalised, n, at(&built.interest, n));
            set(&mut funding.fees, n, at(&built.fees, n));
            set(&mut funding.balance, n, at(&built.balance, n));
            let free = at(cash.before_tax, n) - at(cash.tax, n) + at(cash.proceeds, n);
            funding.settle(n, free - at(&built.equity, n));
        }
        if let Some(last) = self.first.checked_sub(1) {
            set(&mut funding.reserve, last, reserve);
        }
        self.schedule(funding.amount, &cover)
    }

    /// Where cash goes from the start of the term on: service, reserve, sweep, owners.
    fn operate(&self, cash: &Cash, schedule: &[f64], funding: &mut Funding) {
        let periods = self.axis.periods.len();
        let before = |list: &[f64]| self.first.checked_sub(1).map_or(0.0, |n| at(list, n));
        let mut balance = funding.amount;
        let (mut reserve, mut kept) = (before(&funding.reserve), 0.0);
        let starts = self.windows();
        // Repaid by plan before each period.
        let mut repaid = 0.0;
        for n in self.first..periods {
            let k = n - self.first;
            let tax = at(cash.tax, n);
            let cfads = at(cash.before_tax, n) - tax;
            let interest = balance * at(&self.rates, k);
            let last = n + 1 == self.after;
            // A month without cash has no service: its interest is added to the loan.
            let due = if last { balance } else { at(schedule, k).clamp(-interest, balance) };
            balance -= due;
            repaid += at(schedule, k);
            let in_term = n < self.after;
            let needed = if in_term && !last && balance > 0.0 {
                self.reserve(funding.amount - repaid, schedule, k + 1)
            } else {
                0.0
            };
            let service = interest + due;
            let mut free = kept + cfads + at(cash.proceeds, n) - at(cash.capital, n) - service;
            // The reserve fills a gap, is released where it is more than needed, and is topped
            // up from what is left.
            let moved =
                if free < 0.0 { (-free).min(reserve) } else { (reserve - needed).max(-free) };
            reserve -= moved;
            free += moved;
            let mut swept = 0.0;
            if in_term && free > 0.0 {
                swept = (self.terms.sweep_frac * free).min(balance);
                balance -= swept;
                free -= swept;
            }
            let covered = if self.terms.cover_after_tax { cfads } else { cfads + tax };
            set(&mut funding.service, n, service);
            set(&mut funding.cfads, n, covered);
            // The last twelve months, or what has passed of the first.
            let from = self.first + starts.get(k).copied().flatten().unwrap_or(0);
            let passed = |list: &[f64]| list.get(from..=n).unwrap_or_default().iter().sum::<f64>();
            let (cash_of_year, due_of_year) = (passed(&funding.cfads), passed(&funding.service));
            let low = self.terms.lockup_dscr.is_some_and(|d| cash_of_year < d * due_of_year - 1e-6);
            let locked = in_term && !last && service > 0.0 && low && n + 1 < periods;
            kept = if locked { free.max(0.0) } else { 0.0 };
            set(&mut funding.interest, n, interest);
            set(&mut funding.principal, n, due + swept);
            set(&mut funding.swept, n, swept);
            set(&mut funding.balance, n, balance);
            set(&mut funding.reserve, n, reserve);
            set(&mut funding.kept, n, kept);
            if let Some(cell) = funding.locked.get_mut(n) {
                *cell = locked;
            }
            funding.settle(n, free - kept);
        }
    }
}
