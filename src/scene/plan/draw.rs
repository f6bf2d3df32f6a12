//! Draws the retained scene for one view: layers from the ground up, then labels.
//! It must not know egui; what lies outside the screen is left out.

use super::build::PlanScene;
use super::facts::PlanFacts;
use super::fills::RackFills;
use super::overlay::Overlay;
use super::power_inks::PowerInks;
use super::{constraints, ground, halls, power};
use crate::scene::geom::{Bounds, View};
use crate::scene::labels::{self, Label};
use crate::scene::shape::{Cell, Measure, Pen, Shape};
use crate::scene::squares::Squares;
use crate::scene::tokens::Token;

/// What to draw and where.
#[derive(Clone, Debug)]
pub struct DrawOptions<'a> {
    pub view: View,
    pub overlay: Overlay,
    pub facts: &'a PlanFacts,
    /// Screen that floating cards cover; labels keep clear of it.
    pub taken: Vec<Bounds>,
}

/// One picture, in points on the screen, bottom to top.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Land, buildings, cables.
    pub ground: Vec<Shape>,
    /// Racks with their trays, units or blocks.
    pub cells: Vec<Cell>,
    /// Symbols.
    pub over: Vec<Shape>,
    /// Texts; none overlaps another.
    pub labels: Vec<Shape>,
    /// Where lines ran; of use for its memory alone.
    lines: Squares,
}

impl Drawing {
    /// Without shapes, but with the memory that they had: pictures of a view that moves are of
    /// one size.
    pub fn emptied(mut self) -> Self {
        self.ground.clear();
        self.cells.clear();
        self.over.clear();
        self.labels.clear();
        self
    }
}

/// Zoom below which a plan is seen from far, points per metre.
const FAR_SCALE: f64 = 0.6;
/// Things smaller than this on the screen are drawn without edges, points.
pub(super) const EDGED_PX: f64 = 4.0;

/// Things shorter than this on the screen are not drawn, points.
pub(super) const LEAST_PX: f64 = 0.5;

/// Least size on the screen of a box whose round corners can be told from square ones, points.
const ROUND_PX: f64 = 12.0;

/// The radius of the corners of a box on the screen.
pub(super) fn rounding(b: &Bounds, radius: f32) -> f32 {
    if b.width().min(b.height()) < ROUND_PX { 0.0 } else { radius }
}

/// The parts of a picture while it grows.
pub(super) struct Canvas<'a> {
    pub view: View,
    /// Ground on the screen, with a margin for pens.
    pub visible: Bounds,
    pub overlay: Overlay,
    pub facts: &'a PlanFacts,
    pub inks: &'a PowerInks,
    pub out: Drawing,
    pub wanted: Vec<Label>,
    /// Symbols that no label may cover.
    pub symbols: Vec<Bounds>,
    /// Cables and bars that no label without a plate may stand on.
    pub lines: Squares,
    /// Boxes of equipment that row names keep clear of.
    pub boxes: Vec<Bounds>,
}

impl Canvas<'_> {
    /// Whether a piece of ground shows, at a size that can be seen.
    pub fn shows(&self, b: &Bounds) -> bool {
        let long = b.width().max(b.height());
        b.intersects(&self.visible) && long * self.view.scale >= LEAST_PX
    }

    /// Whether the site is seen from so far that cables are lines and masts are plates: a
    /// campus then fills a part of the screen, and there may be dozens of them.
    pub fn is_far(&self) -> bool {
        self.view.scale < FAR_SCALE
    }

    pub fn screen(&self, b: &Bounds) -> Bounds {
        self.view.box_to_screen(b)
    }

    /// A fence: dashes, and from far, where there is hardly room for them, a line as dark as they
    /// are together.
    pub fn fence(&self, (on, off): (f32, f32)) -> Pen {
        let pen = Pen::token(Token::Line2, 1.0);
        if self.is_far() {
            Pen { ink: pen.ink.faded(on / (on + off)), ..pen }
        } else {
            pen.dashed(on, off)
        }
    }
}

/// How racks come into a picture.
#[derive(Clone, Copy, Debug)]
pub enum Racks<'a> {
    /// As cells of the drawing.
    Cells(&'a RackFills),
    /// Not at all: who paints puts them between the ground and the symbols.
    Apart,
}

/// What an answer says of a scene: inks that are kept from picture to picture.
#[derive(Clone, Copy, Debug)]
pub struct Inks<'a> {
    pub racks: Racks<'a>,
    pub power: &'a PowerInks,
}

/// The picture of a scene.
pub fn draw(scene: &PlanScene, options: DrawOptions, measure: &mut Measure) -> Drawing {
    let fills = RackFills::new(scene, options.facts, options.overlay);
    let power = PowerInks::new(scene.campus.as_ref(), options.facts, options.overlay);
    let inks = Inks { racks: Racks::Cells(&fills), power: &power };
    draw_with(scene, options, inks, measure, Drawing::default())
}

/// The picture of a scene that is inked already, in the memory of an older one.
pub fn draw_with(
    scene: &PlanScene,
    options: DrawOptions,
    inks: Inks,
    measure: &mut Measure,
    old: Drawing,
) -> Drawing {
    let view = options.view;
    let mut old = old.emptied();
    let lines = std::mem::take(&mut old.lines).emptied(&view.screen);
    let mut canvas = Canvas {
        view,
        visible: view.visible().grown(8.0 / view.scale),
        overlay: options.overlay,
        facts: options.facts,
        inks: inks.power,
        out: old,
        wanted: Vec::new(),
        symbols: Vec::new(),
        lines,
        boxes: Vec::new(),
    };
    ground::grid(&mut canvas);
    ground::parcel(&mut canvas, &scene.parcel);
    if let Some(campus) = &scene.campus {
        ground::areas(&mut canvas, &campus.areas);
        constraints::draw(&mut canvas, &campus.constraints, &scene.parcel);
    }
    for hall in &scene.halls {
        halls::ground(&mut canvas, hall);
    }
    if let Some(campus) = &scene.campus {
        power::routes(&mut canvas, campus);
        power::feeds(&mut canvas, campus, scene.bounds);
        ground::fields(&mut canvas, &campus.fields);
        power::nodes(&mut canvas, campus);
    }
    for (at, hall) in scene.halls.iter().enumerate() {
        match inks.racks {
            Racks::Cells(fills) => {
                if let Some(fills) = fills.hall(at) {
                    halls::racks(&mut canvas, hall, fills);
                }
            }
            Racks::Apart => {}
        }
        halls::names(&mut canvas, hall);
    }
    let Canvas { mut out, wanted, symbols, lines, .. } = canvas;
    let mut taken = options.taken;
    taken.extend(symbols);
    out.labels = labels::place(wanted, (&mut taken, &lines), measure);
    out.lines = lines;
    out
}
