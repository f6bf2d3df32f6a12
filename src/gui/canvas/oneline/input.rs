//! Gestures on the diagram: pan, zoom, select, open and fold, walk. It paints nothing.

use super::super::{camera, element_of, id_of, paint::point};
use super::state::OneLineState;
use crate::gui::action::{Action, Actions, View as ViewAction};
use crate::gui::context::{Context, Element};
use crate::scene::geom::View;
use crate::scene::oneline::{Step, Target};
use eframe::egui::{EventFilter, Key, Modifiers, PointerButton, Response, Ui};

/// Points around a symbol that still mean it.
pub const REACH: f64 = 5.0;

/// Reads the input of a frame.
pub fn handle(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut OneLineState,
    actions: &mut Actions,
) {
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    state.camera.wheel(ui, response);
    keys(ui, response, context, state, actions);
    draw(ui, response, state);
    let buttons = [PointerButton::Primary, PointerButton::Middle, PointerButton::Secondary];
    let dragged = buttons.into_iter().any(|b| response.dragged_by(b));
    state.is_panning = dragged && state.wire.is_none();
    if state.is_panning {
        state.camera.land();
        state.camera.pan(response.drag_delta());
    }
    let hit = |at| {
        let view: View = state.camera.view?;
        state.scene.hit(view.to_world(point(at)), REACH / view.scale)
    };
    let under = response.interact_pointer_pos().and_then(hit);
    state.hover = response.hover_pos().filter(|_| !state.is_panning).and_then(hit);
    click(ui, response, context, under, state, actions);
}

/// A drag from a symbol draws a connection where that is asked for.
fn draw(ui: &Ui, response: &Response, state: &mut OneLineState) {
    if !state.connects || !response.drag_started_by(PointerButton::Primary) {
        return;
    }
    let at = ui.input(|i| i.pointer.press_origin());
    let spot = at
        .zip(state.camera.view)
        .and_then(|(at, view)| state.scene.hit(view.to_world(point(at)), REACH / view.scale));
    state.wire = spot.and_then(|spot| super::wire::from(state, spot));
}

fn click(
    ui: &Ui,
    response: &Response,
    context: &Context,
    under: Option<usize>,
    state: &mut OneLineState,
    actions: &mut Actions,
) {
    if response.double_clicked() {
        open_or_fold(state, under);
        return;
    }
    // Enter on a focused widget counts as a click as well, but not as one of the pointer.
    if !response.clicked_by(PointerButton::Primary) {
        return;
    }
    let add = ui.input(|i| i.modifiers.shift || i.modifiers.command);
    match under {
        Some(spot) => select(context, state, (spot, add), actions),
        None if add || context.selection.is_empty() => {}
        None => actions.push(Action::View(ViewAction::Select(Vec::new()))),
    }
}

/// Selects what a symbol stands for; with `add` beside what is selected, or not any more.
fn select(
    context: &Context,
    state: &mut OneLineState,
    (spot, add): (usize, bool),
    actions: &mut Actions,
) {
    let Some(spot) = state.scene.spots.get(spot) else { return };
    let own: Vec<Element> = spot.elements.iter().map(element_of).collect();
    let mut all: Vec<Element> = if add { context.selection.to_vec() } else { Vec::new() };
    if add && own.iter().all(|e| all.contains(e)) {
        all.retain(|e| !own.contains(e));
    } else {
        all.extend(own.into_iter().filter(|e| !context.selection.contains(e) || !add));
    }
    state.picked.clone_from(&all);
    actions.push(Action::View(ViewAction::Select(all)));
}

fn open_or_fold(state: &mut OneLineState, spot: Option<usize>) {
    let target = spot.and_then(|i| state.scene.spots.get(i)).map(|s| s.target);
    if let Some(Target::Item(item)) = target {
        state.toggle(item);
    }
}

/// The symbol that the keys act on: of the newest selected element that shows.
pub fn current(context: &Context, state: &OneLineState) -> Option<usize> {
    let ids = context.selection.iter().rev().filter_map(id_of);
    ids.into_iter().find_map(|id| state.scene.spot_of(&id))
}

fn keys(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut OneLineState,
    actions: &mut Actions,
) {
    if response.has_focus() {
        // Arrows walk on the diagram and do not leave it; Tab does.
        let filter =
            EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    }
    if !camera::has_keys(ui, response) {
        return;
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::F) {
        state.fit();
    }
    state.camera.zoom_keys(ui);
    if !response.has_focus() {
        return;
    }
    let here = current(context, state);
    if pressed(Key::Enter) {
        open_or_fold(state, here);
    }
    let steps = [
        (Key::ArrowUp, Step::Up),
        (Key::ArrowDown, Step::Down),
        (Key::ArrowLeft, Step::Left),
        (Key::ArrowRight, Step::Right),
    ];
    for (key, step) in steps {
        if !pressed(key) {
            continue;
        }
        let next = match here {
            Some(spot) => state.scene.step(spot, step),
            None => state.scene.start(),
        };
        if let Some(next) = next {
            select(context, state, (next, false), actions);
            follow(ui, state, next);
        }
        return;
    }
}

/// Brings a symbol that lies outside of the screen into its middle.
fn follow(ui: &Ui, state: &mut OneLineState, spot: usize) {
    let (Some(spot), Some(view)) = (state.scene.spots.get(spot), state.camera.view) else { return };
    let inner = view.screen.grown(-40.0);
    if !inner.contains(view.to_screen(spot.bounds.centre())) {
        let to = View { centre: spot.bounds.centre(), ..view };
        let now = ui.input(|i| i.time);
        state.camera.depart(to, now, !state.reduce_motion);
    }
}
