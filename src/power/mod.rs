//! The electrical model: the power tree that the plan's limits come from, and the network that
//! power flow is solved on.
//!
//! It must not know tokens or money.

mod blocks;
pub mod case;
pub mod contingency;
pub mod dc;
pub mod electrical;
pub mod emergency;
pub mod fault;
pub mod firm;
pub mod flow;
mod lu;
pub mod matpower;
pub mod model;
mod newton;
pub mod redundancy;
pub mod reliability;
mod shares;
pub mod sweep;
pub mod taps;
mod topology;
mod tree;

pub use tree::{Carrier, Network, Path, Unknown};
