//! The eight handles of what is selected: where they are, what dragging one does.

use super::paint;
use super::state::{Drag, PlanViewState, Sizing};
use super::{element_of, id_of, snapping};
use crate::editor::{self, ElementId, locked_words, resized};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::context::{Context, Element};
use crate::gui::measure;
use crate::scene::geom::{Bounds, Pt, View};
use crate::scene::plan::{ElementKind, RASTER_M, Sides};
use crate::scene::tokens::size;
use crate::units::{Length, format};
use eframe::egui::{CursorIcon, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Side of a handle, points.
pub const HANDLE: f32 = 6.0;
/// Points around the middle of a handle that still mean it.
const REACH: f32 = 6.0;
/// More selected elements than this show no handles.
pub const MOST: usize = 24;

/// Which sides a handle moves: -1 the lesser, 1 the greater, 0 none of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grip {
    pub x: i8,
    pub y: i8,
}

impl Grip {
    /// How the pointer looks over it.
    pub fn cursor(self) -> CursorIcon {
        match (self.x, self.y) {
            (0, _) => CursorIcon::ResizeVertical,
            (_, 0) => CursorIcon::ResizeHorizontal,
            (x, y) if x == y => CursorIcon::ResizeNwSe,
            _ => CursorIcon::ResizeNeSw,
        }
    }

    /// `north-east`.
    fn words(self) -> String {
        let y = ["north", "", "south"].get((self.y + 1) as usize).copied().unwrap_or_default();
        let x = ["west", "", "east"].get((self.x + 1) as usize).copied().unwrap_or_default();
        if x.is_empty() || y.is_empty() { format!("{y}{x}") } else { format!("{y}-{x}") }
    }

    /// The sides that follow the pointer.
    fn sides(self) -> Sides {
        Sides::Some([self.x, self.y])
    }

    /// Which measures it changes.
    pub fn axes(self) -> [bool; 2] {
        [self.x != 0, self.y != 0]
    }

    /// The box with the moved sides; a side stops where the box would have no size.
    fn moved(self, start: &Bounds, [dx, dy]: [f64; 2], least: f64) -> Bounds {
        let side = |which: i8, low: f64, high: f64, by: f64| match which {
            -1 => ((low + by).min(high - least), high),
            1 => (low, (high + by).max(low + least)),
            _ => (low, high),
        };
        let (x0, x1) = side(self.x, start.min.x, start.max.x, dx);
        let (y0, y1) = side(self.y, start.min.y, start.max.y, dy);
        Bounds { min: Pt { x: x0, y: y0 }, max: Pt { x: x1, y: y1 } }
    }
}

/// Where the handles around a rectangle on the screen are drawn. On one that is too flat for
/// three handles a corner moves the long way only.
pub fn grips(rect: Rect) -> Vec<(Grip, Pos2)> {
    let r = rect.expand(1.0 + size::SELECTION / 2.0);
    let c = r.center();
    let (wide, tall) = (r.width() > 4.0 * HANDLE, r.height() > 4.0 * HANDLE);
    let mut all = Vec::with_capacity(8);
    for (x, px) in [(-1, r.left()), (0, c.x), (1, r.right())] {
        for (y, py) in [(-1, r.top()), (0, c.y), (1, r.bottom())] {
            let drawn = (x != 0 || wide) && (y != 0 || tall) && (x, y) != (0, 0);
            if drawn {
                let grip = Grip { x: if wide { x } else { 0 }, y: if tall { y } else { 0 } };
                all.push((grip, pos2(px, py)));
            }
        }
    }
    all
}

/// Selected elements that have handles, with their place on the screen.
fn held<'a>(
    context: &'a Context<'_>,
    state: &'a PlanViewState,
    view: &'a View,
) -> impl Iterator<Item = (Element, Bounds, Rect)> + 'a {
    let few = context.selection.len() <= MOST;
    let ids = context.selection.iter().filter(move |_| few).filter_map(id_of);
    ids.filter(|id| id.kind != ElementKind::Loop).filter_map(|id| {
        let own = ElementId::new(id.path());
        if locked_words(context.site, std::slice::from_ref(&own)).is_some() {
            return None;
        }
        let item = state.scene.item(&id)?;
        let rect = paint::rect(&view.box_to_screen(&item.bounds));
        Some((element_of(&id), item.bounds, rect))
    })
}

/// The handle under a point of the screen.
pub fn grip_at(
    context: &Context<'_>,
    state: &PlanViewState,
    at: Pos2,
) -> Option<(Element, Bounds, Grip)> {
    let view = state.camera.view?;
    let mut best: Option<(f32, (Element, Bounds, Grip))> = None;
    for (element, bounds, rect) in held(context, state, &view) {
        for (grip, place) in grips(rect) {
            let far = place.distance(at);
            let useful = grip != Grip { x: 0, y: 0 };
            if useful && far <= REACH && best.as_ref().is_none_or(|(least, _)| far < *least) {
                best = Some((far, (element.clone(), bounds, grip)));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Brings the element of a drag to the size that the pointer or the keys ask for.
pub fn proceed(
    ui: &Ui,
    context: &Context<'_>,
    state: &mut PlanViewState,
    (mut sizing, to, ended): (Sizing, Option<Pt>, bool),
    actions: &mut Actions,
) {
    if let Some(to) = to {
        let wanted = [to.x - sizing.from.x, to.y - sizing.from.y];
        let grip = sizing.grip;
        let rest = snapping::rest(ui, state, &sizing.dragged, grip.sides(), wanted);
        sizing.guides = rest.guides;
        let start = sizing.dragged.start;
        let typed = state.typed.as_ref().map(|t| t.values(ui, 0.0)).unwrap_or_default();
        // A typed measure is the whole size; the side that is not held stays.
        let by = |which: i8, typed: Option<f64>, size: f64, rest: f64| match typed {
            Some(v) => (v - size) * f64::from(which),
            None => rest,
        };
        let shift = [
            by(grip.x, typed[0], start.width(), rest.shift[0]),
            by(grip.y, typed[1], start.height(), rest.shift[1]),
        ];
        let least = if typed == [None, None] { RASTER_M } else { 0.0 };
        try_size(context, &mut sizing, place_of(&grip.moved(&start, shift, least)), actions);
    }
    if ended {
        if let Some((at, size)) = sizing.sent {
            let command = editor::Command::Resize { id: id(&sizing.element), at, size };
            let gesture = Gesture::Finished;
            actions.push(Action::Edit(Edit::Apply { command: Box::new(command), gesture }));
        }
    } else {
        state.drag = Some(Drag::Resize(Box::new(sizing)));
    }
}

fn id(element: &Element) -> ElementId {
    ElementId::new(element.path())
}

fn place_of(bounds: &Bounds) -> ([f64; 2], [f64; 2]) {
    ([bounds.min.x, bounds.min.y], [bounds.width(), bounds.height()].map(tidy))
}

/// Without the digits that binary fractions add.
fn tidy(v: f64) -> f64 {
    (v * 1e9).round() / 1e9
}

/// Sends a size that can be, keeps the reason of one that cannot.
fn try_size(
    context: &Context<'_>,
    sizing: &mut Sizing,
    (at, size): ([f64; 2], [f64; 2]),
    actions: &mut Actions,
) {
    match resized(&sizing.site, context.catalog, &id(&sizing.element), (at, size)) {
        Ok(comes) => {
            sizing.refused = None;
            if sizing.comes != Some(comes) {
                sizing.comes = Some(comes);
                sizing.sent = Some((at, size));
                let command = editor::Command::Resize { id: id(&sizing.element), at, size };
                let gesture = Gesture::Dragging;
                actions.push(Action::Edit(Edit::Apply { command: Box::new(command), gesture }));
            }
        }
        Err(error) => sizing.refused = Some(error.to_string()),
    }
}

/// The size that the element has come to, metres.
pub fn size_of(sizing: &Sizing) -> [f64; 2] {
    let start = &sizing.dragged.start;
    sizing.comes.map_or([start.width(), start.height()], |(_, size)| size)
}

/// What the chip at the pointer says: the size, and the racks of a block.
pub fn words(ui: &Ui, context: &Context<'_>, sizing: &Sizing) -> Vec<String> {
    let system = measure::system(ui.ctx());
    let length = |m: f64| format::length(Length::m(m), system);
    let size = size_of(sizing);
    let mut lines = vec![format!("{} × {}", length(size[0]), length(size[1]))];
    if let Some(count) = context.block(&sizing.element.id).and_then(|b| b.count) {
        lines.push(format::racks(f64::from(count)));
    }
    lines
}

/// Names of the handles of a single selected element, for assistive technology.
pub fn name(
    ui: &Ui,
    response: &Response,
    context: &Context<'_>,
    state: &PlanViewState,
    view: &View,
) {
    if context.selected().is_none() {
        return;
    }
    for (element, _, rect) in held(context, state, view) {
        let name = id_of(&element).and_then(|id| state.scene.item(&id)).map(|i| i.name.clone());
        let name = name.unwrap_or_default();
        for (index, (grip, at)) in grips(rect).into_iter().enumerate() {
            let place = Rect::from_center_size(at, vec2(HANDLE, HANDLE));
            if !response.rect.contains_rect(place) || grip == (Grip { x: 0, y: 0 }) {
                continue;
            }
            let node = ui.interact(place, response.id.with(("handle", index)), Sense::hover());
            let text = format!("Handle {} of {name}", grip.words());
            node.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_box_has_eight_handles_and_a_flat_one_moves_the_long_way() {
        let large = grips(Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 80.0)));
        assert_eq!(large.len(), 8);
        let flat = grips(Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 4.0)));
        assert!(flat.iter().all(|(grip, _)| grip.y == 0), "{flat:?}");
    }

    #[test]
    fn a_side_follows_the_pointer_and_the_other_stays() {
        let start = Bounds::xywh(10.0, 20.0, 30.0, 40.0);
        let moved = Grip { x: -1, y: 0 }.moved(&start, [5.0, 99.0], 0.6);
        assert_eq!(moved, Bounds::xywh(15.0, 20.0, 25.0, 40.0));
        let stopped = Grip { x: 1, y: 1 }.moved(&start, [-90.0, 2.0], 0.6);
        assert!((stopped.width() - 0.6).abs() < 1e-12 && stopped.max.y == 62.0);
    }
}
