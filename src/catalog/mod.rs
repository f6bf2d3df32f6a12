//! The catalogue: rack types, models, curves, tariffs, equipment and costs,
//! each number with source, date, kind and range.
//!
//! It must not know sites. Records live in `assets/catalog/*.ron`, embedded in
//! the program; a folder overlays them by id.

mod architecture;
mod check;
mod describe;
mod edit;
mod fact;
mod labels;
mod load;
mod precision;
mod record;
mod records;
mod serving;

pub use architecture::{Architecture, AttentionGroup, DenseLayers, ExpertLayers, Fault, Latent};
pub use check::{BARE, Summary, check, links, summary};
pub use describe::{ListRow, ShowRow, list, show, source_text, unit_of};
pub use edit::SetOutcome;
pub use fact::{DEMO, Fact, Kind, Known};
pub use load::{FolderError, id_of_title, is_id, load_folder};
pub use precision::{Precision, UsualPrecision};
pub use record::{RECORDS, Record, record_text, records_of};
pub use records::*;
pub use serving::*;

use indexmap::IndexMap;

/// Collections whose values can be set by path, under the names that paths use.
pub const COLLECTIONS: &[&str] =
    &["racks", "models", "curves", "tier_templates", "tariffs", "equipment", "costs", "practice"];

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
    pub weather: IndexMap<String, Weather>,
    /// Distances and reaches that checks compare with.
    pub practice: IndexMap<String, Practice>,
    pub options: IndexMap<String, SiteOption>,
    /// Constants of the throughput estimator.
    pub serving: IndexMap<String, Serving>,
}
