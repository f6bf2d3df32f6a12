//! What a plan view remembers between frames: where it looks, what is under the pointer,
//! the gesture in progress, the picture of the last frame.

use super::camera::Camera;
use super::id_of;
use super::layer::{RackLayer, SiteInstances};
use super::picture::Picture;
use super::place::PlaceTool;
use super::tools::Overview;
use super::underlay::Underlays;
use super::widget::FactsKey;
use super::wire::Wire;
use crate::editor::What;
use crate::gui::context::Element;
use crate::scene::geom::{Pt, View};
use crate::scene::plan::{ElementId, Overlay, PlanFacts, PlanScene, RackFills};

/// What the primary button does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    #[default]
    Select,
    Pan,
    Measure,
    /// Clicks set the corners of a constraint area.
    Outline,
    /// Two clicks on an underlay whose distance is known.
    Calibrate,
    /// Draws power and cooling connections from element to element.
    Connect,
}

/// A drag that goes on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Drag {
    Pan,
    /// Corner of a marquee on the ground.
    Marquee(Pt),
    /// Selected elements follow; ground where it began, and what was sent so far.
    Move {
        from: Pt,
        sent: [f64; 2],
    },
    /// A measured line from this ground.
    Measure(Pt),
}

/// Where to look next; served when the size of the screen is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Fit,
    Element(ElementId),
}

/// The state of one plan view.
#[derive(Default)]
pub struct PlanViewState {
    /// What fills and cables say.
    pub overlay: Overlay,
    pub tool: Tool,
    /// No animation: views jump.
    pub reduce_motion: bool,
    /// Moves snap to the raster of racks.
    pub snap: bool,
    pub(super) camera: Camera,
    pub(super) scene: PlanScene,
    pub(super) facts: PlanFacts,
    pub(super) facts_key: Option<FactsKey>,
    pub(super) facts_revision: u64,
    pub(super) fills: RackFills,
    /// The card that paints racks; without one they are a mesh.
    pub layer: Option<RackLayer>,
    pub(super) instances: SiteInstances,
    pub(super) picture: Option<Picture>,
    pub(super) overview: Option<Overview>,
    pub(super) hover: Option<ElementId>,
    pub(super) drag: Option<Drag>,
    /// Connection that is being drawn.
    pub(super) wire: Option<Wire>,
    /// Element that was jumped to, outlined until then.
    pub(super) flash: Option<(ElementId, f64)>,
    pub(super) wish: Option<Wish>,
    pub(super) measured: Option<(Pt, Pt)>,
    /// Something of the catalogue is being placed.
    pub(super) place: Option<PlaceTool>,
    /// Whether the tool stays after a placing.
    pub(super) keep_placing: bool,
    pub(super) underlays: Underlays,
    /// The underlay that is calibrated.
    pub(super) calibrated: String,
    /// Corners set so far, ground.
    pub(super) outline: Vec<Pt>,
}

impl PlanViewState {
    /// A fresh view that shows the whole site first.
    pub fn new() -> Self {
        Self { snap: true, keep_placing: true, ..Self::default() }
    }

    /// Shows the whole site with the next frame.
    pub fn fit(&mut self) {
        self.wish = Some(Wish::Fit);
    }

    /// Brings an element into view with the next frame and outlines it once.
    pub fn jump(&mut self, element: &Element) {
        self.wish = id_of(element).map(Wish::Element);
    }

    /// The next clicks set the corners of a constraint area.
    pub fn draw_outline(&mut self) {
        self.tool = Tool::Outline;
        self.outline.clear();
    }

    /// The next two clicks are points of an underlay.
    pub fn calibrate(&mut self, underlay: &str) {
        self.tool = Tool::Calibrate;
        underlay.clone_into(&mut self.calibrated);
        self.outline.clear();
    }

    /// Files under the plan.
    pub fn underlays(&self) -> &Underlays {
        &self.underlays
    }

    /// Another document: the next frame shows all of it.
    pub fn reset(&mut self) {
        *self = Self {
            overlay: self.overlay,
            tool: self.tool,
            reduce_motion: self.reduce_motion,
            snap: self.snap,
            keep_placing: self.keep_placing,
            layer: self.layer,
            ..Self::default()
        };
    }

    /// Begins with a scene that was made elsewhere; it is brought up to the site as ever.
    pub fn take_scene(&mut self, scene: PlanScene) {
        self.scene = scene;
    }

    /// Shows this ground in the middle at this zoom (points per metre), without animation.
    pub fn look(&mut self, centre: Pt, scale: f64) {
        if let Some(view) = self.camera.view {
            self.camera.set(View { centre, scale, ..view });
        }
    }

    /// The ground that is shown, for tests and for exports of the view.
    pub fn view(&self) -> Option<&View> {
        self.camera.view.as_ref()
    }

    /// Starts to place something; `carried` while a button of the pointer holds it.
    pub fn place(&mut self, what: What, carried: bool) {
        self.drag = None;
        self.place = Some(PlaceTool::new(what, carried, self.keep_placing));
    }

    /// What is being placed.
    pub fn placing(&self) -> Option<&PlaceTool> {
        self.place.as_ref()
    }

    /// The retained scene.
    pub fn scene(&self) -> &PlanScene {
        &self.scene
    }
}
