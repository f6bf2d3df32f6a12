//! The gesture that places things of the catalogue: a ghost of true size follows the pointer or
//! the arrow keys; a click, a drag or Enter places it.
//!
//! It changes no site: it asks for [`Edit::Place`].

mod bar;
mod ghost;
mod typed;

pub use bar::bar;
pub(super) use bar::label;
pub(super) use ghost::boxes;
pub use ghost::{name, paint};

use super::camera;
use super::paint::point;
use super::state::PlanViewState;
use crate::editor::place::{self, Ghost, Placing, Shape, What};
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::context::Context;
use crate::scene::geom::Pt;
use eframe::egui::{Event, EventFilter, Key, Modifiers, PointerButton, Response, Ui};

/// Steps of the arrow keys, metres: the raster of racks, and far.
const STEP_M: f64 = 0.6;
const FAR_M: f64 = 6.0;
/// How near edges and rows draw the ghost, points on the screen.
const REACH: f64 = 9.0;
/// The same for steps of the keyboard, metres: a step leads away from what drew it.
const KEY_REACH_M: f64 = 0.3;

/// A placing in progress.
#[derive(Clone, Debug)]
pub struct PlaceTool {
    what: What,
    /// Made with the first frame, which knows the site.
    placing: Option<Placing>,
    ghost: Option<Ghost>,
    /// The tool stays for the next one.
    pub(super) keep: bool,
    /// The middle of the ghost before it settles; without a pointer the middle of the view.
    middle: Option<Pt>,
    /// Ground where a drag began, with the placing of that moment.
    drag: Option<(Pt, Placing)>,
    /// What is typed as a dimension.
    typed: String,
    /// Placed just now: the ghost waits for the pointer.
    waits: bool,
    /// The button that is down has done its work.
    spent: bool,
    /// Dragged out of the palette: the release of the button places.
    carried: bool,
    /// Moved by keys since the pointer moved last.
    keyed: bool,
    /// Frames in which the canvas asks for the keyboard.
    fresh: u8,
}

impl PlaceTool {
    /// A tool for `what`; `carried` while a button holds it.
    pub fn new(what: What, carried: bool, keep: bool) -> Self {
        Self {
            what,
            placing: None,
            ghost: None,
            keep,
            middle: None,
            drag: None,
            typed: String::new(),
            waits: false,
            spent: false,
            carried,
            keyed: true,
            fresh: 2,
        }
    }

    /// What it places.
    pub fn what(&self) -> &What {
        &self.what
    }

    /// What would be placed now.
    pub fn placing(&self) -> Option<&Placing> {
        self.placing.as_ref()
    }

    /// Where it would stand, and whether it fits.
    pub fn ghost(&self) -> Option<&Ghost> {
        self.ghost.as_ref()
    }
}

/// Reads the input of a frame while something is being placed; false while nothing is.
pub fn handle(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) -> bool {
    let Some(mut tool) = state.place.take() else { return false };
    let Some(view) = state.camera.view else {
        state.place = Some(tool);
        return true;
    };
    if tool.placing.is_none() {
        tool.placing = Placing::start(context.site, context.catalog, &tool.what);
        tool.middle = Some(view.screen.centre()).map(|c| view.to_world(c));
    }
    if tool.fresh > 0 {
        tool.fresh -= 1;
        response.request_focus();
    }
    let arrows = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: true,
        ..Default::default()
    };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    state.camera.dragged(ui, response);
    state.hover = None;
    let mut step = Step { ui, response, context, reach_m: REACH / view.scale, actions };
    let at = step.pointer().map(|p| view.to_world(point(p)));
    let goes_on = step.pointed(&mut tool, at) && step.keys(&mut tool, state);
    if goes_on {
        step.settle(&mut tool);
        state.place = Some(tool);
    }
    true
}

/// One frame of the gesture.
struct Step<'a, 'b> {
    ui: &'a Ui,
    response: &'a Response,
    context: &'a Context<'b>,
    reach_m: f64,
    actions: &'a mut Actions,
}

impl Step<'_, '_> {
    /// The pointer while it is over the canvas, whoever holds it.
    fn pointer(&self) -> Option<eframe::egui::Pos2> {
        let at = self.ui.input(|i| i.pointer.latest_pos())?;
        let held = self.response.dragged() || self.ui.input(|i| i.pointer.any_down());
        let over = self.response.hovered() || held && self.response.rect.contains(at);
        over.then_some(at)
    }

    /// What the pointer does; false where the tool ends.
    fn pointed(&mut self, tool: &mut PlaceTool, at: Option<Pt>) -> bool {
        let (moved, released) = self
            .ui
            .input(|i| (i.pointer.delta() != eframe::egui::Vec2::ZERO, i.pointer.any_released()));
        if let (Some(at), true) = (at, moved) {
            tool.middle = Some(at);
            tool.waits = false;
            tool.keyed = false;
        }
        if tool.carried {
            if released {
                tool.carried = false;
                if at.is_some() {
                    self.settle(tool);
                    return self.place(tool);
                }
            }
            return true;
        }
        if self.response.secondary_clicked() {
            return false;
        }
        if matches!(tool.what, What::Parcel) {
            return self.corner(tool, at);
        }
        let space = self.ui.input(|i| i.key_down(Key::Space));
        if self.response.drag_started_by(PointerButton::Primary)
            && !space
            && let (Some(origin), Some(placing)) = (self.origin(at), tool.placing.clone())
        {
            tool.drag = Some((origin, placing));
        }
        if let (Some((from, start)), Some(to)) = (tool.drag.clone(), at)
            && tool.typed.is_empty()
        {
            tool.placing = Some(self.drawn(&start, from, to));
        }
        if self.response.drag_stopped_by(PointerButton::Primary) {
            if std::mem::take(&mut tool.spent) {
                return true;
            }
            if let Some((_, start)) = tool.drag.take() {
                self.settle_drawn(tool);
                let goes_on = self.place(tool);
                self.reset(tool, start);
                return goes_on;
            }
        }
        if self.response.clicked_by(PointerButton::Primary) && !space {
            self.settle(tool);
            return self.place(tool);
        }
        true
    }

    /// Where the button went down, on the ground.
    fn origin(&self, at: Option<Pt>) -> Option<Pt> {
        let (press, now) = self.ui.input(|i| (i.pointer.press_origin(), i.pointer.latest_pos()));
        let (press, now, at) = (press?, now?, at?);
        // The view maps lengths evenly: `REACH` points are `reach_m` metres.
        let scale = self.reach_m / REACH;
        Some(at.plus(f64::from(press.x - now.x) * scale, f64::from(press.y - now.y) * scale))
    }

    /// The placing that a drag from one point to another draws.
    fn drawn(&self, start: &Placing, from: Pt, to: Pt) -> Placing {
        let unit = one_of(start);
        let size = unit.size(self.context.catalog).unwrap_or([STEP_M, STEP_M]);
        let mut anchor = unit.clone();
        anchor.at = match start.shape {
            Shape::Size(_) => [from.x, from.y],
            _ => [from.x - size[0] / 2.0, from.y - size[1] / 2.0],
        };
        if let Shape::Size(_) = start.shape {
            anchor.shape = Shape::Size([STEP_M, STEP_M]);
        }
        let anchor = place::snapped(
            self.context.site,
            self.context.catalog,
            &anchor,
            self.reach_m.max(STEP_M),
        );
        typed::drawn(start, anchor.at, size, [to.x - from.x, to.y - from.y])
    }

    /// Clicks of an outline; a double click ends it.
    fn corner(&mut self, tool: &mut PlaceTool, at: Option<Pt>) -> bool {
        let Some(Placing { shape: Shape::Outline(corners), .. }) = &mut tool.placing else {
            return true;
        };
        let clicked = self.response.clicked_by(PointerButton::Primary);
        if let (true, Some(at)) = (clicked, at) {
            let raster = |v: f64| (v / STEP_M).round() * STEP_M;
            let corner = [raster(at.x), raster(at.y)].map(|v| (v * 1e6).round() / 1e6);
            let near = |c: &[f64; 2]| {
                (c[0] - corner[0]).hypot(c[1] - corner[1]) <= self.reach_m.max(STEP_M)
            };
            if corners.len() > 2 && corners.first().is_some_and(near) {
                return self.place(tool);
            }
            if !corners.last().is_some_and(|last| *last == corner) {
                corners.push(corner);
            }
        }
        if self.response.double_clicked_by(PointerButton::Primary) {
            return self.place(tool);
        }
        true
    }

    /// The ghost of the settled placing.
    fn settle(&self, tool: &mut PlaceTool) {
        let (site, catalog) = (self.context.site, self.context.catalog);
        let Some(placing) = &mut tool.placing else { return };
        if tool.drag.is_none()
            && let (Some(middle), Some(size)) = (tool.middle, placing.size(catalog))
        {
            placing.at = [middle.x - size[0] / 2.0, middle.y - size[1] / 2.0];
            let reach_m = if tool.keyed { KEY_REACH_M } else { self.reach_m.max(STEP_M) };
            *placing = place::snapped(site, catalog, placing, reach_m);
        }
        tool.ghost = Some(place::ghost(site, catalog, placing));
    }

    fn settle_drawn(&self, tool: &mut PlaceTool) {
        let (site, catalog) = (self.context.site, self.context.catalog);
        tool.ghost = tool.placing.as_ref().map(|p| place::ghost(site, catalog, p));
    }

    /// Asks for what the ghost shows; false where the tool ends with it.
    fn place(&mut self, tool: &mut PlaceTool) -> bool {
        let Some(placing) = tool.placing.clone() else { return true };
        let ghost = place::ghost(self.context.site, self.context.catalog, &placing);
        let fits = ghost.refusal.is_none();
        tool.ghost = Some(ghost);
        self.actions.push(Action::Edit(Edit::Place(placing)));
        tool.waits = fits;
        if let (true, Some(Placing { shape: Shape::Outline(corners), .. })) =
            (fits, &mut tool.placing)
        {
            corners.clear();
            return false;
        }
        !fits || tool.keep
    }

    /// As before a drag, so that the next one starts small again.
    fn reset(&self, tool: &mut PlaceTool, start: Placing) {
        tool.placing = Some(start);
        tool.typed.clear();
    }

    /// What the keyboard does; false where the tool ends.
    fn keys(&mut self, tool: &mut PlaceTool, state: &mut PlanViewState) -> bool {
        if !camera::has_keys(self.ui, self.response) {
            return true;
        }
        let pressed = |key| self.ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let shifted = |key| self.ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, key));
        if pressed(Key::Escape) {
            // First what was typed, then the drag, then the tool.
            if !tool.typed.is_empty() {
                tool.typed.clear();
                return true;
            }
            if let Some((_, start)) = tool.drag.take() {
                tool.spent = true;
                self.reset(tool, start);
                return true;
            }
            return false;
        }
        if pressed(Key::R) {
            turn(tool);
        }
        for (key, x, y) in [
            (Key::ArrowLeft, -1.0, 0.0),
            (Key::ArrowRight, 1.0, 0.0),
            (Key::ArrowUp, 0.0, -1.0),
            (Key::ArrowDown, 0.0, 1.0),
        ] {
            let step = if shifted(key) {
                FAR_M
            } else if pressed(key) {
                STEP_M
            } else {
                continue;
            };
            self.nudge(tool, [x * step, y * step]);
        }
        self.type_on(tool);
        if tool.typed.is_empty() {
            if pressed(Key::F) {
                state.fit();
            }
            if !typing_starts(self.ui) {
                state.camera.zoom_keys(self.ui);
            }
        }
        if pressed(Key::Enter) {
            return self.entered(tool);
        }
        true
    }

    /// From where the ghost stands now, not from where the pointer is.
    fn nudge(&self, tool: &mut PlaceTool, by: [f64; 2]) {
        tool.waits = false;
        let size = tool.placing.as_ref().and_then(|p| p.size(self.context.catalog));
        if let (Some(placing), Some(size)) = (&tool.placing, size) {
            let settled = [placing.at[0] + size[0] / 2.0, placing.at[1] + size[1] / 2.0];
            tool.keyed = true;
            tool.middle = Some(Pt { x: settled[0] + by[0], y: settled[1] + by[1] });
        }
    }

    /// Figures that are typed become the dimension.
    fn type_on(&self, tool: &mut PlaceTool) {
        let texts: Vec<String> = self.ui.input(|i| {
            let text = |e: &Event| match e {
                Event::Text(text) => Some(text.clone()),
                _ => None,
            };
            i.events.iter().filter_map(text).collect()
        });
        for text in texts {
            for c in text.chars() {
                let starts = c.is_ascii_digit();
                if starts || !tool.typed.is_empty() && typed::belongs(c) {
                    tool.typed.push(c);
                    tool.waits = false;
                }
            }
        }
        let back = self.ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Backspace));
        if back
            && tool.typed.pop().is_none()
            && let Some(Placing { shape: Shape::Outline(corners), .. }) = &mut tool.placing
        {
            corners.pop();
        }
        if let Some(placing) = &mut tool.placing
            && let Ok(shape) =
                typed::read(&tool.typed, placing, self.context.catalog, self.ui.ctx())
        {
            placing.shape = shape;
        }
    }

    /// Enter: takes what was typed, or places.
    fn entered(&mut self, tool: &mut PlaceTool) -> bool {
        let dragging = tool.drag.is_some();
        if !tool.typed.is_empty() {
            tool.typed.clear();
            if !dragging {
                return true;
            }
        }
        if dragging {
            let start = tool.drag.take().map(|d| d.1);
            tool.spent = true;
            self.settle_drawn(tool);
            let goes_on = self.place(tool);
            if let Some(start) = start {
                self.reset(tool, start);
            }
            return goes_on;
        }
        self.settle(tool);
        let size = tool.placing.as_ref().and_then(|p| p.size(self.context.catalog));
        let goes_on = self.place(tool);
        let fits = tool.ghost.as_ref().is_some_and(|g| g.refusal.is_none());
        if let (true, true, Some([width, _])) = (goes_on, fits, size) {
            // The next stands beside it.
            self.nudge(tool, [width, 0.0]);
        }
        goes_on
    }
}

/// A figure is about to be typed: plus and minus then belong to it.
fn typing_starts(ui: &Ui) -> bool {
    ui.input(|i| {
        i.events
            .iter()
            .any(|e| matches!(e, Event::Text(t) if t.starts_with(|c: char| c.is_ascii_digit())))
    })
}

/// A quarter turn.
pub(super) fn turn(tool: &mut PlaceTool) {
    tool.waits = false;
    if let Some(placing) = &mut tool.placing {
        placing.turned = !placing.turned;
    }
}

/// A single one of it, which a drag repeats.
fn one_of(placing: &Placing) -> Placing {
    let mut one = placing.clone();
    match &mut one.shape {
        Shape::Lines { count, lines, .. } => (*count, *lines) = (1, 1),
        Shape::Field { columns, rows, .. } => (*columns, *rows) = (1, 1),
        Shape::Size(_) | Shape::Outline(_) => {}
    }
    one
}
