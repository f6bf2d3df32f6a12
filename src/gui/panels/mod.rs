//! The panels of the window, one a file. Each reads a context, paints, and pushes actions.

pub mod allocation;
pub mod economics;
pub mod keynote_chart;
pub mod sankey;
pub mod site_plan;
