//! From a layout to its answer: strings catalogue, site, power, cooling and plan together.
//!
//! It must not know files or egui.

mod baseline;
mod chart;
pub mod clean;
pub mod compare;
pub mod cooling;
pub mod estimator;
pub mod finance;
pub mod firm;
pub mod fix;
mod headline;
mod identity;
pub mod input;
pub mod losses;
pub mod margin;
pub mod network;
mod origin;
pub mod outage;
pub mod outcome;
pub mod pairs;
pub mod reliability;
pub mod risk;
pub mod screen;
mod secure;
mod solve;
pub mod sustainability;
pub mod template;

pub use chart::evidence;
pub use estimator::Estimator;
pub use outcome::Outcome;
pub use solve::{Study, in_force, run};

use crate::plan::backend::Solver;
use crate::site::{Allocation, Objective};

/// What a caller may ask beyond the layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SolveOptions {
    /// In place of the layout's policy.
    pub allocation: Option<Allocation>,
    pub objective: Option<Objective>,
    pub solver: Solver,
    /// Buy whole domains, give operating points whole racks.
    pub integer: bool,
    /// Limits to change, by id or element, with the change in the limit's unit.
    pub whatif: Vec<(String, f64)>,
    /// Mean sales to hold: operating point, tier, tokens/s (GPUs for reserved capacity).
    pub hold: Vec<(String, String, f64)>,
    /// Losses by an AC power flow in place of rated ones, of an earlier answer; the plan keeps
    /// them as they are.
    pub efficiencies: losses::Efficiencies,
    /// Overrides already applied, for the record.
    pub overrides: Vec<String>,
}
