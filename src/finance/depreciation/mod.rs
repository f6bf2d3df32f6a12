//! Depreciation: book (straight line) and United States tax (MACRS with its conventions,
//! first-year bonus, disposal). Amounts are USD by year, the year of service first.

mod book;
mod macrs;
mod tables;

pub use book::{BookStart, straight_line, straight_line_months};
pub use macrs::{
    Convention, Disposal, Table, TaxAsset, TaxClass, Treatment, mid_quarter_applies, rates,
};
