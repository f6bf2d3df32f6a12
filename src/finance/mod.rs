//! Finance: what a sequence of plans costs and returns. Capital and operating cost, electricity
//! bill, depreciation, debt, tax, statements, returns and levelised cost.
//!
//! Plain numbers in, plain numbers out. Must not know files, screens, sites, or the linear
//! program. Money is nominal US dollars unless a name says otherwise, rates are fractions per
//! period (0.08 is 8 %), flows are positive when received. Formulas: `docs/finance.md`.

pub mod carbon;
pub mod date;
pub mod debt;
pub mod depreciation;
pub mod distribution;
pub mod error;
pub mod levelised;
pub mod project;
pub mod returns;
pub mod root;
pub mod sensitivity;
pub mod single_owner;
pub mod tariff;
pub mod tax;

pub use error::{Figure, InputError, Undefined};

/// Fisher: the nominal rate of a real rate under inflation, `(1 + real)(1 + inflation) - 1`.
pub fn nominal_rate(real: f64, inflation: f64) -> f64 {
    (1.0 + real) * (1.0 + inflation) - 1.0
}

/// Fisher solved for the real rate, `(1 + nominal) / (1 + inflation) - 1`.
pub fn real_rate(nominal: f64, inflation: f64) -> f64 {
    (1.0 + nominal) / (1.0 + inflation) - 1.0
}
