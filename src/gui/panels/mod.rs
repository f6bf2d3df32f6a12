//! The panels of the window, one a file. Each reads a context, paints, and pushes actions.

pub mod allocation;
pub mod banner;
mod baseline_bars;
pub mod catalogue;
pub mod compare;
pub mod contingencies;
pub mod cooling;
pub mod economics;
pub mod estimator;
pub mod finance;
pub mod headline;
pub mod inspector;
pub mod keynote_chart;
pub mod limits;
pub mod one_line;
pub mod present;
pub mod problems;
pub mod rows;
pub mod sankey;
pub mod site_plan;
pub mod status;
pub mod tabs;
pub mod title_bar;
pub mod tree;

mod derivation;
