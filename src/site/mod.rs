//! Sites and their elements, the layout file, and validation.
//!
//! Four states, four types: [`LayoutFile`] is what stands on disk, [`Site`] is
//! what is edited and may be wrong, [`ValidSite`] is the only thing that the
//! engine accepts. A [`Layout`] holds the variants of a site. This module must
//! not know solvers.

mod clean;
mod constraint;
mod directory;
mod edit;
mod element;
mod elements;
pub mod file;
mod finance;
mod fragment;
mod grid;
mod ground;
mod group;
pub mod import;
mod layout;
mod policy;
mod rules;
mod scenario;
mod scheme;
mod shared;
mod tier_template;
mod tour;
mod underlay;
mod validate;
mod variant;
mod wiring;

pub use clean::{CarbonInputs, CleanContract, CleanKind};
pub use constraint::{Constraint, ConstraintKind};
pub use directory::{Directory, Place};
pub use edit::{COLLECTIONS, SetOutcome};
pub use element::ElementRef;
pub use elements::*;
pub use finance::{
    CapitalInputs, ContractKind, FinanceInputs, LoanInputs, LoanKind, RunningInputs, SalesContract,
};
pub use fragment::{Fragment, FragmentError};
pub use grid::{RackGrid, runs_along_x};
pub use layout::{Layout, Variant, variant_letter};
pub use policy::{Allocation, EstimateWhen, Estimates, Objective, Policy};
pub use scenario::Scenario;
pub use scheme::DeclaredScheme;
pub use tour::{FigurePart, KeyFigure, Piece, TourOverlay, TourStep, TourView, pieces};

pub use rules::{
    Bound, CheckResult, CheckState, MEDIA, Medium, Rule, checks, clearance_m, keeps_clear,
    medium_for, reach_m,
};
pub use shared::Shared;
pub use underlay::Underlay;
pub use validate::{rules, validate};
pub use variant::{BaseRecord, Changes, VariantRecord};
pub use wiring::{Fault, Wiring};

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Version of the layout format that this program writes.
pub const LAYOUT_VERSION: u32 = 1;

/// A layout as it stands on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutFile {
    pub version: u32,
    pub site: SiteInfo,
    #[serde(default)]
    pub policy: Policy,
    pub hours: Vec<Hour>,
    pub tiers: Vec<Tier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supply: Vec<Supply>,
    #[serde(default)]
    pub finance: FinanceInputs,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<Feed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loops: Vec<Loop>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generators: Vec<Generator>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batteries: Vec<Battery>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub underlays: Vec<Underlay>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub halls: Vec<Hall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network_racks: Vec<NetworkRack>,
    pub blocks: Vec<Block>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Ids of elements that edits leave alone, with all that belongs to them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locked: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<CatalogOverride>,
    /// What the site written here is called among its variants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<VariantRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tour: Vec<TourStep>,
    /// Named sets of changed inputs, valued beside the layout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<Scenario>,
}

/// What a hall contains; one `Arc` each, so that an edit copies one hall.
/// Blocks outside any hall share the group whose `hall` is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct HallGroup {
    pub hall: Option<Hall>,
    pub rows: Vec<Row>,
    pub network_racks: Vec<NetworkRack>,
    pub blocks: Vec<Block>,
}

/// Everything of a site that is not inside a hall; a copy shares the elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Campus {
    pub feeds: Shared<Feed>,
    pub nodes: Shared<Node>,
    pub loops: Shared<Loop>,
    pub generators: Shared<Generator>,
    pub batteries: Shared<Battery>,
    pub areas: Shared<Area>,
    pub constraints: Shared<Constraint>,
    pub underlays: Shared<Underlay>,
    pub phases: Vec<Phase>,
    /// Groups of elements, in halls or outside.
    pub groups: Vec<Group>,
    /// Ids of locked elements, in halls or outside.
    pub locked: Vec<String>,
}

/// Commercial terms of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    pub site: SiteInfo,
    pub policy: Policy,
    pub hours: Vec<Hour>,
    pub tiers: Vec<Tier>,
    pub supply: Vec<Supply>,
    pub finance: FinanceInputs,
    pub overrides: Vec<CatalogOverride>,
}

/// A site under edit; may be wrong. Cloning copies pointers.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    pub terms: Arc<Terms>,
    pub campus: Arc<Campus>,
    pub halls: Vec<Arc<HallGroup>>,
    /// Where elements stand, for whoever looks for one by its id.
    pub directory: Directory,
}

impl Site {
    /// Whether both are one state: they share every part. Parts are not looked into, so that
    /// equal sites that were made apart count as two.
    pub fn is_same(&self, other: &Site) -> bool {
        Arc::ptr_eq(&self.terms, &other.terms)
            && Arc::ptr_eq(&self.campus, &other.campus)
            && self.halls.len() == other.halls.len()
            && self.halls.iter().zip(&other.halls).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// Every block with the hall it stands in, in file order within each hall.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.halls.iter().flat_map(|h| h.blocks.iter())
    }
}

/// A site that passed validation against a catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidSite(Site);

impl std::ops::Deref for ValidSite {
    type Target = Site;
    fn deref(&self) -> &Site {
        &self.0
    }
}
