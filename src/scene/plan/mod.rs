//! The site plan: a retained scene in metres, rebuilt hall by hall where the site changed,
//! drawn for a view and an overlay as plain shapes. It must not know egui or files.

mod build;
mod campus;
mod constraints;
mod draw;
mod element;
mod facts;
mod fills;
mod furniture;
mod ground;
mod halls;
mod lattice;
mod network;
mod overlay;
mod places;
mod power;
mod power_inks;
mod racks;
mod routes;
mod snap;
mod tags;

pub use build::{BlockGeom, HallPart, Holding, Item, PlanScene, RackView, RowGeom};
pub use campus::{AreaGeom, CampusPart, FieldKind, NodeGeom};
pub use constraints::ConstraintGeom;
pub use draw::{DrawOptions, Drawing, Inks, Racks, draw, draw_with};
pub use element::{ElementId, ElementKind};
pub use facts::{PlanFacts, Segment, headroom, tier_rank_of};
pub use fills::{HallFills, RackFills};
pub use furniture::{Minimap, minimap, minimap_view, north, scale_bar};
pub use lattice::Lattice;
pub use network::{Event, Volts};
pub use overlay::{Class, Earning, Overlay, Reading, Sheet, earnings, energised_by};
pub use power_inks::PowerInks;
pub use racks::{Detail, UNIT_RACKS};

/// Thresholds and sizes of the cells of racks, for whoever paints them in another way.
pub mod lod {
    pub use super::racks::{
        CLOSE_PX, DEPTH_PX, HATCH_PX, RACK_PX, ROW_PX, TRAY_EDGE, TRAY_INK, TRAY_PX, TRAYS,
        UNIT_PX, UNIT_RACKS,
    };
}
pub use routes::Route;
pub use snap::{Guide, Level, RASTER_M, Sides, Snapped, Snapping};
pub use tags::hatch;
