//! Gigasite plans gigawatt-scale AI sites: electricity in, tokens out.
//!
//! Layers, lowest first; a module uses strictly lower layers only:
//! `units`, `diag`, `jobs` < `catalog` < `site` < `power`, `cooling`,
//! `estimate` < `plan` < `finance` < `study` < `scene` < `report`, `editor` < `cli`, `gui`.

pub mod catalog;
pub mod cli;
pub mod cooling;
pub mod diag;
pub mod editor;
pub mod estimate;
pub mod fields;
pub mod finance;
#[cfg(feature = "gui")]
pub mod gui;
pub mod jobs;
pub mod plan;
pub mod power;
pub mod report;
pub mod scene;
pub mod site;
pub mod study;
pub mod units;
