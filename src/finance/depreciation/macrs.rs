//! Tax depreciation of the United States: MACRS (Internal Revenue Code section 168).

use super::tables;
use crate::finance::InputError;
use serde::{Deserialize, Serialize};

/// Recovery class of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxClass {
    /// Personal property of 3, 5, 7, 10 (200 % declining), 15 or 20 years (150 %).
    Macrs(u32),
    /// Nonresidential building: 39 years straight line, mid-month.
    Real39,
    /// 39 years straight line with half a year first: a simplification of some models (SAM), not
    /// the law, kept to compare with them.
    HalfYear39,
    /// Straight line over a number of years, half a year first.
    StraightLine(u32),
    /// Never depreciated, such as land.
    Land,
}

impl TaxClass {
    /// Whether first-year bonus may be taken: recovery period of 20 years or less.
    pub fn bonus_eligible(self) -> bool {
        matches!(self, Self::Macrs(_))
    }
}

/// When in the year an asset counts as placed in service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    HalfYear,
    /// Middle of quarter 1 to 4.
    MidQuarter(u32),
    /// Middle of month 1 to 12.
    MidMonth(u32),
}

impl Convention {
    /// Share of the first year.
    fn first_year(self) -> Result<f64, InputError> {
        match self {
            Self::HalfYear => Ok(0.5),
            Self::MidQuarter(q @ 1..=4) => Ok((9.0 - 2.0 * f64::from(q)) / 8.0),
            Self::MidMonth(m @ 1..=12) => Ok((25.0 - 2.0 * f64::from(m)) / 24.0),
            _ => Err(InputError::new(
                "convention",
                "there is no such quarter or month; enter 1 to 4 or 1 to 12",
            )),
        }
    }
}

/// Where percentages come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Table {
    /// As printed by the tax office, rounded; computed where it prints none here.
    #[default]
    IrsRounded,
    /// Computed without rounding.
    Exact,
}

/// Share of the basis deducted in each year, the year of service first. Sums to 1.
pub fn rates(
    class: TaxClass,
    convention: Convention,
    table: Table,
) -> Result<Vec<f64>, InputError> {
    let first = convention.first_year()?;
    match class {
        TaxClass::Land => Ok(Vec::new()),
        TaxClass::HalfYear39 => Ok(spread(39.0, 0.5)),
        TaxClass::StraightLine(0) => Err(InputError::new("class", "a life of 0 years")),
        TaxClass::StraightLine(15)
            if table == Table::IrsRounded && convention == Convention::HalfYear =>
        {
            Ok(tables::STRAIGHT_15.iter().map(|p| p / 100.0).collect())
        }
        TaxClass::StraightLine(years) => Ok(spread(f64::from(years), first)),
        TaxClass::Real39 => match (convention, table) {
            (Convention::MidMonth(month), Table::IrsRounded) => Ok(printed_39(month)),
            _ => Ok(spread(39.0, first)),
        },
        TaxClass::Macrs(life) => {
            let factor = match life {
                3 | 5 | 7 | 10 => 2.0,
                15 | 20 => 1.5,
                _ => {
                    let problem = format!("no class of {life} years; use 3, 5, 7, 10, 15 or 20");
                    return Err(InputError::new("class", problem));
                }
            };
            let printed = match table {
                Table::IrsRounded => tables::personal(life, convention),
                Table::Exact => None,
            };
            Ok(match printed {
                Some(percent) => percent.iter().map(|p| p / 100.0).collect(),
                None => declining(f64::from(life), factor, first),
            })
        }
    }
}

fn printed_39(month: u32) -> Vec<f64> {
    let (first, middle, last) = tables::real_39(month);
    let mut list = vec![middle / 100.0; 40];
    if let [start, .., end] = list.as_mut_slice() {
        (*start, *end) = (first / 100.0, last / 100.0);
    }
    list
}

/// Straight line with a part of a year first and the rest last.
fn spread(life: f64, first: f64) -> Vec<f64> {
    let mut list = vec![first / life];
    let mut left = life - first;
    while left > 1e-12 {
        list.push(left.min(1.0) / life);
        left -= 1.0;
    }
    list
}

/// Declining balance, straight line from where that is more.
fn declining(life: f64, factor: f64, first: f64) -> Vec<f64> {
    let start = factor / life * first;
    let (mut list, mut balance, mut left) = (vec![start], 1.0 - start, life - first);
    while left > 1e-12 {
        let straight = if left > 1.0 { balance / left } else { balance };
        let deduction = straight.max(balance * factor / life).min(balance);
        list.push(deduction);
        balance -= deduction;
        left -= 1.0;
    }
    list
}

/// Whether the mid-quarter convention applies to a tax year: more than 40 % of the personal
/// property goes into service in its last three months. Additions are (month of the tax year 1
/// to 12, basis); bonus does not reduce the basis of this test, buildings and land do not count.
pub fn mid_quarter_applies(additions: &[(u32, f64)]) -> bool {
    let total: f64 = additions.iter().map(|(_, basis)| basis).sum();
    let late: f64 = additions.iter().filter(|(m, _)| *m >= 10).map(|(_, basis)| basis).sum();
    late > 0.4 * total
}

/// How an asset is deducted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Treatment {
    pub class: TaxClass,
    pub convention: Convention,
    pub table: Table,
    /// Share deducted at once in the first year, 0 to 1; 0 where the owner elects out. Does
    /// nothing for classes that are not eligible.
    pub bonus_frac: f64,
}

/// An asset as the tax office sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaxAsset {
    pub basis: f64,
    pub treatment: Treatment,
}

/// What a disposal leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Disposal {
    /// Deductions up to and including the year of disposal.
    pub deductions: Vec<f64>,
    /// Basis that was never deducted.
    pub adjusted_basis: f64,
    /// Proceeds less adjusted basis: taxable where positive, deductible where negative.
    pub gain: f64,
}

impl TaxAsset {
    /// Deduction of each year: bonus first, the rest by [`rates`]. Sums to the basis.
    pub fn schedule(&self) -> Result<Vec<f64>, InputError> {
        let t = &self.treatment;
        if !(0.0..=1.0).contains(&t.bonus_frac) {
            return Err(InputError::new("bonus_frac", "enter a share between 0 and 1"));
        }
        let bonus = if t.class.bonus_eligible() { t.bonus_frac } else { 0.0 };
        let rates = rates(t.class, t.convention, t.table)?;
        let rest = self.basis * (1.0 - bonus);
        let mut years: Vec<f64> = rates.iter().map(|r| rest * r).collect();
        if let Some(first) = years.first_mut() {
            *first += self.basis * bonus;
        }
        Ok(years)
    }

    /// Disposal in year `year` (0 is the year of service) at `month` of that tax year (1 to 12).
    ///
    /// The convention of the asset rules the last year too: half a year, up to the middle of the
    /// quarter, or of the month. Disposal in the year of service allows no deduction.
    pub fn dispose(&self, year: usize, month: u32, proceeds: f64) -> Result<Disposal, InputError> {
        let mut deductions = self.schedule()?;
        deductions.truncate(year + 1);
        let month = f64::from(month.clamp(1, 12));
        let held = match self.treatment.convention {
            Convention::HalfYear => 0.5,
            Convention::MidQuarter(_) => (2.0 * ((month - 1.0) / 3.0).floor() + 1.0) / 8.0,
            Convention::MidMonth(_) => (2.0 * month - 1.0) / 24.0,
        };
        // A last, already shortened year of recovery is deducted as far as it goes.
        let full = rates(self.treatment.class, self.treatment.convention, self.treatment.table)?;
        let is_last = year + 1 >= full.len();
        if let Some(last) = deductions.get_mut(year) {
            if year == 0 {
                *last = 0.0;
            } else if !is_last {
                *last *= held;
            }
        }
        let adjusted_basis = self.basis - deductions.iter().sum::<f64>();
        Ok(Disposal { deductions, adjusted_basis, gain: proceeds - adjusted_basis })
    }
}
