//! The catalogue: rack types, models, curves, tariffs, equipment and costs,
//! each number with source, date, kind and range.
//!
//! It must not know sites. Records live in `assets/catalog/*.ron`, embedded in
//! the program; a folder overlays them by id.

mod fact;
mod records;

pub use fact::{Fact, Kind, Known};
pub use records::*;

use indexmap::IndexMap;

/// The catalogue in force. Maps keep the order of the files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// `YYYY.MM` of the embedded data, with `+overlay` where a folder overlays it.
    pub version: String,
    pub sources: IndexMap<String, Source>,
    pub racks: IndexMap<String, Rack>,
    pub units: IndexMap<String, ScalableUnit>,
    pub models: IndexMap<String, Model>,
    pub curves: IndexMap<String, Curve>,
    pub tier_templates: IndexMap<String, TierTemplate>,
    pub tariffs: IndexMap<String, Tariff>,
    pub equipment: IndexMap<String, Equipment>,
    pub costs: IndexMap<String, Cost>,
    pub options: IndexMap<String, SiteOption>,
}
