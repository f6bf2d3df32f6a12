//! The linear program: input of plain numbers, rules, backends, plan, marginal values.
//!
//! It must not let types of good_lp or HiGHS leave, and knows neither files nor screens.

pub mod build;
pub mod columns;
pub mod dispatch;
pub mod backend;
pub mod input;
pub mod limits;
pub mod lp;
pub mod reduce;
pub mod result;
pub mod rules;

pub use input::PlanInput;
pub use result::Plan;
