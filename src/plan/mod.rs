//! The linear program: input of plain numbers, rules, backends, plan, marginal values.
//!
//! It must not let types of good_lp or HiGHS leave, and knows neither files nor screens.

pub mod backend;
pub mod input;
pub mod lp;
pub mod lpfile;
pub mod lpreport;
pub mod parametric;
pub mod result;

pub use input::PlanInput;
pub use result::Plan;
