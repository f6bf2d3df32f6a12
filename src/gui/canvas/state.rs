//! What a plan view remembers between frames: where it looks, what is under the pointer,
//! the gesture in progress, the picture of the last frame.

use super::array::ArrayTool;
use super::camera::Camera;
use super::id_of;
use super::layer::{CardLayer, SiteInstances};
use super::picture::Picture;
use super::place::PlaceTool;
use super::resize::Grip;
use super::snapping::Dragged;
use super::tools::Overview;
use super::typed::Typed;
use super::underlay::Underlays;
use super::widget::FactsKey;
use super::wire::Wire;
use crate::editor::What;
use crate::gui::context::Element;
use crate::scene::geom::{Pt, View};
use crate::scene::plan::{ElementId, Guide, Overlay, PlanFacts, PlanScene, PowerInks, RackFills};
use crate::site::Site;

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
    /// Selected elements follow.
    Move(Moving),
    /// What was taken hold of is locked; says by what.
    Refused(String),
    /// Sides of one element follow.
    Resize(Box<Sizing>),
    /// A measured line from this ground.
    Measure(Pt),
}

/// Elements on their way.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moving {
    /// Ground where the pointer took hold.
    pub from: Pt,
    pub dragged: Dragged,
    /// The whole way that was asked for.
    pub sent: Option<[f64; 2]>,
    pub guides: Vec<Guide>,
}

/// An element that is given another size.
#[derive(Clone, Debug)]
pub(super) struct Sizing {
    pub element: Element,
    pub grip: Grip,
    /// Ground where the pointer took hold.
    pub from: Pt,
    pub dragged: Dragged,
    /// The site before.
    pub site: Site,
    pub guides: Vec<Guide>,
    /// Corner and size that were asked for last, and what the element gets of them.
    pub sent: Option<([f64; 2], [f64; 2])>,
    pub comes: Option<([f64; 2], [f64; 2])>,
    /// Why the size under the pointer cannot be.
    pub refused: Option<String>,
}

impl PartialEq for Sizing {
    fn eq(&self, other: &Self) -> bool {
        self.element == other.element && self.sent == other.sent
    }
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
    /// Month after the start by which what is shown is energised; all of it without one.
    pub energised_by: Option<u32>,
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
    /// The month that the facts are of.
    pub(super) facts_by: Option<u32>,
    pub(super) fills: RackFills,
    pub(super) power_inks: PowerInks,
    /// The card that paints the plan; without one it is a mesh.
    pub layer: Option<CardLayer>,
    pub(super) instances: SiteInstances,
    pub(super) picture: Picture,
    pub(super) overview: Option<Overview>,
    pub(super) hover: Option<ElementId>,
    /// The handle under the pointer.
    pub(super) grip: Option<Grip>,
    pub(super) drag: Option<Drag>,
    /// Measures typed while the drag goes on.
    pub(super) typed: Option<Typed>,
    /// Connection that is being drawn.
    pub(super) wire: Option<Wire>,
    /// Element that was jumped to, outlined until then.
    pub(super) flash: Option<(ElementId, f64)>,
    pub(super) wish: Option<Wish>,
    pub(super) measured: Option<(Pt, Pt)>,
    /// Something of the catalogue is being placed.
    pub(super) place: Option<PlaceTool>,
    /// The selection is being repeated.
    pub(super) array: Option<ArrayTool>,
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

    /// Whether a drag has the keyboard: its measures can be typed, Escape ends it.
    pub fn has_gesture(&self) -> bool {
        matches!(self.drag, Some(Drag::Move(_) | Drag::Resize(_)))
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
        self.underlays.restart();
        *self = Self {
            underlays: std::mem::take(&mut self.underlays),
            overlay: self.overlay,
            tool: self.tool,
            reduce_motion: self.reduce_motion,
            snap: self.snap,
            keep_placing: self.keep_placing,
            layer: self.layer,
            ..Self::default()
        };
    }

    /// Other figures: everything is drawn anew with the next frame, where it was looked at.
    pub fn renew(&mut self) {
        self.scene = PlanScene::default();
        self.facts_key = None;
        self.picture = Picture::default();
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
        self.array = None;
        self.place = Some(PlaceTool::new(what, carried, self.keep_placing));
    }

    /// Starts to repeat elements in columns and rows.
    pub fn repeat(&mut self, ids: Vec<crate::editor::ElementId>) {
        self.drag = None;
        self.place = None;
        self.array = Some(ArrayTool::new(ids));
    }

    /// Another tool, in place of what is being placed or repeated.
    pub fn take(&mut self, tool: Tool) {
        (self.place, self.array, self.measured) = (None, None, None);
        self.tool = tool;
    }

    /// What is being repeated.
    pub fn array(&self) -> Option<&ArrayTool> {
        self.array.as_ref()
    }

    /// Whether something is being placed or repeated, which has the plain keys.
    pub fn has_tool(&self) -> bool {
        self.place.is_some() || self.array.is_some()
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
