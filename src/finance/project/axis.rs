//! The axis of time: months or quarters while building; months, quarters or fiscal years after.

use super::input::Project;
use serde::Serialize;

/// A period of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// First month.
    pub start: usize,
    pub months: usize,
    /// Fiscal year, 0 first.
    pub year: usize,
}

impl Period {
    /// First month after it.
    pub fn end(&self) -> usize {
        self.start + self.months
    }

    /// Years from the start of the model to the end of the period: when its flows count.
    pub fn at_years(&self) -> f64 {
        self.end() as f64 / 12.0
    }

    /// Length in years.
    pub fn years(&self) -> f64 {
        self.months as f64 / 12.0
    }
}

/// All periods, without gap.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Axis {
    pub periods: Vec<Period>,
    /// Period of each month.
    #[serde(skip)]
    pub of_month: Vec<usize>,
    /// Fiscal years; the first and the last may be short.
    pub years: usize,
    /// Month 0 lies this many months into its fiscal year.
    offset: usize,
    start_year: i32,
    start_month: u32,
}

impl Axis {
    /// The axis of a checked project.
    pub(super) fn of(project: &Project) -> Self {
        let calendar = &project.calendar;
        let offset = (calendar.start_month + 11 - calendar.fiscal_year_end) as usize % 12;
        let horizon = calendar.horizon_months;
        let year_of = |month: usize| (month + offset) / 12;
        let year_end = |month: usize| (year_of(month) + 1) * 12 - offset;
        let mut fine = 1;
        for phase in &project.phases {
            fine = fine.max(phase.service_month + phase.ramp_months);
        }
        for line in &project.capex {
            fine = fine.max(line.service_month.unwrap_or(0));
            fine = line.spend.iter().fold(fine, |f, s| f.max(s.month + 1));
        }
        let mut cuts = Vec::new();
        if let Some(debt) = &project.debt {
            let term = debt.term_start_month;
            cuts = vec![term, term + debt.interest_only_months, term + debt.tenor_months];
            fine = fine.max(term);
        }
        let fine = year_end(fine - 1).min(horizon);
        let mut periods = Vec::new();
        let mut of_month = Vec::with_capacity(horizon);
        let mut start = 0;
        while start < horizon {
            let building = start < fine;
            let step =
                if building { calendar.build_step_months } else { calendar.operation_step_months };
            let mut end = (start + step).min(year_end(start)).min(horizon);
            for cut in &cuts {
                if (start + 1..end).contains(cut) {
                    end = *cut;
                }
            }
            of_month.resize(end, periods.len());
            periods.push(Period { start, months: end - start, year: year_of(start) });
            start = end;
        }
        let years = periods.last().map_or(0, |p: &Period| p.year + 1);
        let (start_year, start_month) = (calendar.start_year, calendar.start_month);
        Self { periods, of_month, years, offset, start_year, start_month }
    }

    /// Fiscal year of a month.
    pub fn year_of(&self, month: usize) -> usize {
        (month + self.offset) / 12
    }

    /// Month 1 to 12 within its fiscal year.
    pub fn month_of_year(&self, month: usize) -> u32 {
        ((month + self.offset) % 12) as u32 + 1
    }

    /// Whether a period is the last of its fiscal year.
    pub fn closes_year(&self, period: usize) -> bool {
        match (self.periods.get(period), self.periods.get(period + 1)) {
            (Some(this), Some(next)) => this.year != next.year,
            _ => true,
        }
    }

    /// Times of the flows in years.
    pub fn times(&self) -> Vec<f64> {
        self.periods.iter().map(Period::at_years).collect()
    }

    /// Name of a period by its last month: "FY2031" for a whole fiscal year, else "2027-03".
    pub fn label(&self, period: &Period) -> String {
        let last = period.end() - 1 + self.start_month as usize - 1;
        let year = self.start_year + (last / 12) as i32;
        if period.months == 12 {
            format!("FY{year}")
        } else {
            format!("{year}-{:02}", last % 12 + 1)
        }
    }

    /// Name of a fiscal year by the calendar year in which it ends: "FY2031".
    pub fn year_label(&self, year: usize) -> String {
        let last = (year + 1) * 12 + self.start_month as usize - 2 - self.offset;
        format!("FY{}", self.start_year + (last / 12) as i32)
    }

    /// Sums of a list by period over fiscal years.
    pub fn by_year(&self, list: &[f64]) -> Vec<f64> {
        let mut years = vec![0.0; self.years];
        for (period, value) in self.periods.iter().zip(list) {
            if let Some(year) = years.get_mut(period.year) {
                *year += value;
            }
        }
        years
    }
}
