//! Measures of flows: net present value, all internal rates of return, modified rate, payback,
//! profitability index, equity multiple; on periods and on dates.

mod dated;
mod irr;
mod measures;
mod payback;
mod roots;

pub use dated::{Flow, xirr, xnpv};
pub use irr::{Irr, irr, irr_at};
pub use measures::{
    discount_factor, equity_multiple, mirr, mirr_at, npv, npv_at, npv_spreadsheet,
    profitability_index, profitability_index_at,
};
pub use payback::{Payback, discounted_payback, payback, payback_at};
