//! Integration tests, one binary. Cheap first: architecture and data, then the
//! engine against independent answers, then the command line, then the window.

mod architecture;
#[cfg(feature = "ui-tests")]
mod canvas;
mod catalog;
mod challenge;
mod checks;
mod cli;
mod cooling;
mod crosscheck;
mod editor;
mod estimate;
mod estimates;
mod finance;
mod golden;
mod imports;
mod imports_racks;
mod one_line;
mod overlays;
mod plans;
mod power;
mod properties;
mod reports;
mod risk;
mod site;
mod support;
mod template;
#[cfg(feature = "ui-tests")]
mod ui;
