//! The gesture that repeats the selection in columns and rows: counts and pitches are typed,
//! set by arrow keys or drawn with the pointer; copies show where they will stand.
//!
//! It changes no site: it asks for [`editor::Command::Array`].

mod bar;

pub use bar::bar;

use super::camera;
use super::paint::{self, point};
use super::place::boxes;
use super::state::PlanViewState;
use crate::editor::{self, Array, ArrayGhost, ElementId, array_ghost};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, Pt, View};
use crate::site::Site;
use eframe::egui::{EventFilter, Key, Modifiers, Painter, PointerButton, Rect, Response, Ui};

/// Most columns or rows that a drag draws.
const MOST: f64 = 500.0;

/// An array in progress.
#[derive(Clone, Debug)]
pub struct ArrayTool {
    ids: Vec<ElementId>,
    /// As entered; `None` until the first frame, which knows the site.
    entered: Option<Array>,
    /// As entered, with what is being typed.
    live: Option<Array>,
    /// The site and array that the ghost is of.
    shown: Option<(Site, Array)>,
    ghost: ArrayGhost,
    /// A field had the keyboard in the last frame.
    typing: bool,
    /// The first field still has to get the keyboard.
    fresh: bool,
    /// Where a drag took hold, ground.
    drag: Option<Pt>,
}

impl ArrayTool {
    /// A tool for elements.
    pub fn new(ids: Vec<ElementId>) -> Self {
        Self {
            ids,
            entered: None,
            live: None,
            shown: None,
            ghost: ArrayGhost::default(),
            typing: false,
            fresh: true,
            drag: None,
        }
    }

    /// What would be made now.
    pub fn array(&self) -> Option<&Array> {
        self.live.as_ref()
    }

    /// Where it would stand, and whether it can.
    pub fn ghost(&self) -> &ArrayGhost {
        &self.ghost
    }

    fn set(&mut self, array: Array) {
        self.entered = Some(array);
        self.live = Some(array);
    }

    /// The preview of the array as it is now.
    fn settle(&mut self, context: &Context) {
        let Some(array) = self.live else { return };
        let known = self.shown.as_ref();
        if known.is_some_and(|(site, of)| *of == array && site.is_same(context.site)) {
            return;
        }
        self.ghost = array_ghost(context.site, context.catalog, &self.ids, &array);
        self.shown = Some((context.site.clone(), array));
    }

    /// Asks for what the ghost shows; false where it cannot be.
    fn create(&self, actions: &mut Actions) -> bool {
        let (Some(array), None) = (self.live, &self.ghost.refusal) else { return false };
        let command = editor::Command::Array { ids: self.ids.clone(), array };
        actions
            .push(Action::Edit(Edit::Apply { command: Box::new(command), gesture: Gesture::Once }));
        true
    }
}

/// Reads the input of a frame while an array is in progress; false while none is.
pub fn handle(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) -> bool {
    let Some(mut tool) = state.array.take() else { return false };
    if tool.entered.is_none() {
        match Array::start(context.site, context.catalog, &tool.ids) {
            Ok(array) => tool.set(array),
            // Nothing is left to repeat.
            Err(_) => return true,
        }
    }
    let own = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        escape: true,
        ..Default::default()
    };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, own));
    state.hover = None;
    let goes_on = keys(ui, response, &mut tool, state, actions);
    pointed(ui, response, context, (&mut tool, state));
    if goes_on {
        tool.settle(context);
        state.array = Some(tool);
    }
    true
}

/// What the keyboard does; false where the tool ends.
fn keys(
    ui: &Ui,
    response: &Response,
    tool: &mut ArrayTool,
    state: &mut PlanViewState,
    actions: &mut Actions,
) -> bool {
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    // Escape in a field takes back what was typed there.
    if !tool.typing && !ui.ctx().text_edit_focused() && pressed(Key::Escape) {
        return false;
    }
    if !camera::has_keys(ui, response) {
        return true;
    }
    let steps = [
        (Key::ArrowLeft, 0, -1_i64),
        (Key::ArrowRight, 0, 1),
        (Key::ArrowUp, 1, -1),
        (Key::ArrowDown, 1, 1),
    ];
    for (key, axis, by) in steps {
        if response.has_focus()
            && pressed(key)
            && let Some(mut array) = tool.entered
        {
            let count = if axis == 0 { &mut array.columns } else { &mut array.rows };
            *count = u32::try_from(i64::from(*count) + by).unwrap_or(1).max(1);
            tool.set(array);
        }
    }
    if pressed(Key::F) {
        state.fit();
    }
    state.camera.zoom_keys(ui);
    if pressed(Key::Enter) {
        return !tool.create(actions);
    }
    true
}

/// A drag draws as many columns and rows as it is long; other buttons move the view.
fn pointed(
    ui: &Ui,
    response: &Response,
    context: &Context,
    (tool, state): (&mut ArrayTool, &mut PlanViewState),
) {
    if state.camera.dragged(ui, response) {
        return;
    }
    let Some(view) = state.camera.view else { return };
    let at = ui.input(|i| i.pointer.latest_pos()).map(|p| view.to_world(point(p)));
    if response.drag_started_by(PointerButton::Primary) {
        tool.drag = ui.input(|i| i.pointer.press_origin()).map(|p| view.to_world(point(p)));
    }
    if response.drag_stopped() {
        tool.drag = None;
    }
    let (Some(_), Some(at), Some(array)) = (tool.drag, at, tool.entered) else { return };
    if let Some(drawn) = drawn(context.site, &tool.ids, array, at) {
        tool.set(drawn);
    }
}

/// The array whose far corner is where the pointer is.
fn drawn(site: &Site, ids: &[ElementId], array: Array, at: Pt) -> Option<Array> {
    let (from, to) = editor::extent(site, ids)?;
    let way = [at.x - f64::midpoint(from[0], to[0]), at.y - f64::midpoint(from[1], to[1])];
    let count = |axis: usize| {
        let steps = (way[axis].abs() / array.pitch_m[axis].abs().max(0.01)).round();
        steps.min(MOST) as u32 + 1
    };
    let pitch = |axis: usize| {
        let pitch = array.pitch_m[axis].abs();
        // Less than a step says nothing of the direction.
        if count(axis) == 1 { array.pitch_m[axis] } else { pitch.copysign(way[axis]) }
    };
    Some(Array { columns: count(0), rows: count(1), pitch_m: [pitch(0), pitch(1)] })
}

/// Paints the copies.
pub fn paint(painter: &Painter, state: &PlanViewState, view: &View) {
    let Some(tool) = &state.array else { return };
    let on_screen = |(at, size): &([f64; 2], [f64; 2])| {
        paint::rect(&view.box_to_screen(&Bounds::at_size(*at, *size)))
    };
    let rects: Vec<Rect> = tool.ghost.boxes.iter().map(on_screen).collect();
    let Some(whole) = rects.iter().copied().reduce(|a, b| a.union(b)) else { return };
    let wrong = tool.ghost.refusal.is_some();
    boxes(painter, &rects, whole, (wrong, Theme::of(painter.ctx())));
}
