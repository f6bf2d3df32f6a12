//! Gestures on the plan: pan, zoom, select, marquee, move, measure. It paints nothing.

use super::paint::point;
use super::state::{Drag, PlanViewState, Tool};
use super::{camera, element_of, id_of, outline, place, wire};
use crate::gui::action::{Action, Actions, Edit, Gesture, View as ViewAction};
use crate::gui::commands;
use crate::gui::context::{Context, Element};
use crate::gui::context_menu::on_secondary_click;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::plan::{ElementId, ElementKind};
use eframe::egui::{EventFilter, Key, Modifiers, PointerButton, Response, Ui, vec2};

/// Moves snap to the width of a rack, metres.
pub const SNAP_M: f64 = 0.6;

/// Reads the input of a frame.
pub fn handle(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    // Arrows move the selection or the view, not the keyboard to another widget.
    let arrows =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    state.camera.wheel(ui, response);
    if place::handle(ui, response, context, state, actions) {
        return;
    }
    keys(ui, response, context, state, actions);
    begin(ui, response, context, state);
    proceed(ui, response, context, state, actions);
    hover(response, state);
    click(ui, response, context, state, actions);
}

fn keys(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    if !camera::has_keys(ui, response) {
        return;
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::F) {
        state.fit();
    }
    if pressed(Key::V) {
        state.tool = Tool::Select;
    }
    if pressed(Key::H) {
        state.tool = Tool::Pan;
    }
    if pressed(Key::M) {
        state.tool = Tool::Measure;
    }
    if matches!(state.tool, Tool::Outline | Tool::Calibrate) {
        outline::keys(ui, state, actions);
    }
    if pressed(Key::Escape) {
        let idle = state.drag.take().is_none() && state.measured.take().is_none();
        if idle && !context.selection.is_empty() {
            actions.push(Action::View(ViewAction::Select(Vec::new())));
        }
    }
    if response.has_focus() && !context.selection.is_empty() {
        for command in commands::pressed_on_plan(ui.ctx()) {
            actions.extend(command.action(context));
        }
    }
    for (key, dx, dy) in [
        (Key::ArrowLeft, 40.0, 0.0),
        (Key::ArrowRight, -40.0, 0.0),
        (Key::ArrowUp, 0.0, 40.0),
        (Key::ArrowDown, 0.0, -40.0),
    ] {
        if response.has_focus() && pressed(key) {
            state.camera.pan(vec2(dx, dy));
        }
    }
    state.camera.zoom_keys(ui);
}

/// What a drag that starts now is.
fn begin(ui: &Ui, response: &Response, context: &Context, state: &mut PlanViewState) {
    let Some(view) = state.camera.view else { return };
    let started = |button| response.drag_started_by(button);
    let at = ui.input(|i| i.pointer.press_origin()).map(|p| view.to_world(point(p)));
    let Some(at) = at else { return };
    if started(PointerButton::Middle) || started(PointerButton::Secondary) {
        state.drag = Some(Drag::Pan);
    }
    if started(PointerButton::Primary) {
        let space = ui.input(|i| i.key_down(Key::Space));
        if state.tool == Tool::Connect && !space {
            state.wire = wire::plan::from(context, state, at);
            return;
        }
        state.drag = Some(match state.tool {
            _ if space => Drag::Pan,
            Tool::Pan => Drag::Pan,
            Tool::Measure => Drag::Measure(at),
            // Returned above.
            Tool::Connect => return,
            Tool::Select if movable_at(context, state, at) => {
                Drag::Move { from: at, sent: [0.0, 0.0] }
            }
            Tool::Outline | Tool::Calibrate => return,
            Tool::Select => Drag::Marquee(at),
        });
        state.measured = None;
    }
    if state.drag.is_some() {
        state.camera.land();
    }
}

/// Whether a selected block or piece of equipment is under the point.
fn movable_at(context: &Context, state: &PlanViewState, at: Pt) -> bool {
    state.scene.hit(at).is_some_and(|item| {
        let element = element_of(&item.id);
        moves(&item.id) && context.is_selected(element.kind, &element.id)
    })
}

/// Halls and rows carry what stands in them; loops have several places.
fn moves(id: &ElementId) -> bool {
    !matches!(id.kind, ElementKind::Hall | ElementKind::Row | ElementKind::Loop)
}

fn proceed(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    let (Some(drag), Some(view)) = (state.drag.clone(), state.camera.view) else { return };
    let pointer = ui.input(|i| i.pointer.latest_pos()).map(|p| view.to_world(point(p)));
    let ended = response.drag_stopped();
    match drag {
        Drag::Pan => {
            state.camera.pan(response.drag_delta());
        }
        Drag::Marquee(from) => {
            if let (true, Some(to)) = (ended, pointer) {
                let add = ui.input(|i| i.modifiers.shift);
                actions.push(marquee(context, state, &Bounds::of(from, to), add));
            }
        }
        Drag::Move { from, sent } => {
            if let Some(to) = pointer {
                move_on(context, state, (from, to), sent, actions);
            }
            if ended {
                let elements = moved(context);
                let done = Edit::Move { elements, delta_m: [0.0, 0.0], gesture: Gesture::Finished };
                actions.push(Action::Edit(done));
            }
        }
        Drag::Measure(from) => {
            if let Some(to) = pointer {
                state.measured = Some((from, to));
            }
        }
    }
    if ended {
        state.drag = None;
    }
}

fn moved(context: &Context) -> Vec<Element> {
    context.selection.iter().filter(|e| id_of(e).is_some_and(|id| moves(&id))).cloned().collect()
}

/// Sends what the pointer moved since the last frame, on the raster where snapping is on.
fn move_on(
    context: &Context,
    state: &mut PlanViewState,
    way: (Pt, Pt),
    sent: [f64; 2],
    actions: &mut Actions,
) {
    let snap = |v: f64| if state.snap { (v / SNAP_M).round() * SNAP_M } else { v };
    let whole = [snap(way.1.x - way.0.x), snap(way.1.y - way.0.y)];
    let delta_m = [whole[0] - sent[0], whole[1] - sent[1]];
    if delta_m.iter().any(|d| d.abs() > 1e-9) {
        let elements = moved(context);
        actions.push(Action::Edit(Edit::Move { elements, delta_m, gesture: Gesture::Dragging }));
        state.drag = Some(Drag::Move { from: way.0, sent: whole });
    }
}

/// Blocks and equipment that a box holds whole; where it holds none, halls.
fn marquee(context: &Context, state: &PlanViewState, area: &Bounds, add: bool) -> Action {
    let held: Vec<&ElementId> = state
        .scene
        .in_rect(area)
        .into_iter()
        .filter(|i| area.contains_box(&i.bounds))
        .map(|i| &i.id)
        .collect();
    let of = |kinds: &[ElementKind]| -> Vec<Element> {
        held.iter().filter(|id| kinds.contains(&id.kind)).map(|id| element_of(id)).collect()
    };
    let levels: [&[ElementKind]; 3] = [
        &[ElementKind::Block],
        &[ElementKind::Node, ElementKind::Feed, ElementKind::Battery, ElementKind::Generator],
        &[ElementKind::Hall, ElementKind::Area, ElementKind::Row],
    ];
    let found = levels.into_iter().map(of).find(|f| !f.is_empty()).unwrap_or_default();
    let mut all = if add { context.selection.to_vec() } else { Vec::new() };
    for element in found {
        if !all.contains(&element) {
            all.push(element);
        }
    }
    Action::View(ViewAction::Select(all))
}

fn hover(response: &Response, state: &mut PlanViewState) {
    let busy = state.drag.is_some() || state.wire.is_some();
    let at = response.hover_pos().filter(|_| !busy);
    state.hover = match (at, state.camera.view) {
        (Some(at), Some(view))
            if !matches!(state.tool, Tool::Pan | Tool::Outline | Tool::Calibrate) =>
        {
            state.scene.hit(view.to_world(point(at))).map(|i| i.id.clone())
        }
        _ => None,
    };
}

fn click(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    let Some(view) = state.camera.view else { return };
    let at = response.interact_pointer_pos().map(|p| view.to_world(point(p)));
    if matches!(state.tool, Tool::Outline | Tool::Calibrate) {
        outline::click(response, state, at, actions);
        return;
    }
    let hit = at.and_then(|p| state.scene.hit(p)).map(|i| i.id.clone());
    let element = hit.as_ref().map(element_of);
    on_secondary_click(response, context, element.as_ref(), actions);
    if response.double_clicked() {
        if let Some(id) = &hit {
            state.jump(&element_of(id));
        }
        return;
    }
    if !response.clicked() || state.tool == Tool::Measure {
        return;
    }
    let shift = ui.input(|i| i.modifiers.shift || i.modifiers.command);
    let action = match (hit, shift) {
        (Some(id), true) => ViewAction::Toggle(element_of(&id)),
        (Some(id), false) => ViewAction::Select(vec![element_of(&id)]),
        (None, true) => return,
        (None, false) if context.selection.is_empty() => return,
        (None, false) => ViewAction::Select(Vec::new()),
    };
    actions.push(Action::View(action));
}
