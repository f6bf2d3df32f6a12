//! The drawing areas of site plan and one-line diagram: they paint a scene and turn gestures
//! into actions.
//! They must not change the site and compute no figure.

mod array;
mod badge;
mod camera;
mod controls;
mod input;
mod layer;
mod marks;
mod offscreen;
mod oneline;
mod outline;
pub mod paint;
mod painting;
mod phases;
mod picture;
mod piling;
mod place;
mod resize;
mod snapping;
mod state;
mod still;
mod thumbnail;
mod tools;
mod typed;
mod underlay;
mod widget;
mod wire;

pub use array::ArrayTool;
pub use layer::CardLayer;
pub use offscreen::Offscreen;
pub use oneline::{OneLineCanvas, OneLineState};
pub use place::PlaceTool;
pub use state::{PlanViewState, Tool};
pub use still::Still;
pub use thumbnail::{Look, Thumbnail};
pub use underlay::Underlays;
pub use widget::PlanCanvas;

use crate::gui::context::{Element, Kind};
use crate::scene::plan::{ElementId, ElementKind};

/// The element of the window that an element of the plan is.
pub fn element_of(id: &ElementId) -> Element {
    let kind = match id.kind {
        ElementKind::Feed => Kind::Feed,
        ElementKind::Node => Kind::Node,
        ElementKind::Loop => Kind::Loop,
        ElementKind::Generator => Kind::Generator,
        ElementKind::Battery => Kind::Battery,
        ElementKind::Area => Kind::Area,
        ElementKind::Constraint => Kind::Constraint,
        ElementKind::Hall => Kind::Hall,
        ElementKind::Row => Kind::Row,
        ElementKind::NetworkRack => Kind::NetworkRack,
        ElementKind::Block => Kind::Block,
    };
    Element::new(kind, id.id.clone())
}

/// The element of the plan that an element of the window is; `None` for what has no place.
pub fn id_of(element: &Element) -> Option<ElementId> {
    ElementId::from_path(&element.path())
}
