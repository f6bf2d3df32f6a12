//! The linear program: input of plain numbers, rules, backends, plan, marginal values.
//!
//! It must not let types of good_lp or HiGHS leave, and knows neither files nor screens.

pub mod backend;
pub mod build;
mod carry;
pub mod check;
pub mod columns;
mod conflict;
pub mod dispatch;
pub mod evaluate;
pub mod input;
pub mod lean;
pub mod limits;
pub mod lp;
pub mod lpfile;
pub mod lpreport;
pub mod marginal;
mod names;
pub mod parametric;
pub mod posted;
pub mod reduce;
pub mod result;
pub mod rules;
pub mod simplex;
mod solver;
mod summary;
pub mod sums;
mod symmetry;
mod tiebreak;

pub use input::PlanInput;
pub use result::Plan;
pub use solver::{How, PlanError, PlanSolver, Solved};
