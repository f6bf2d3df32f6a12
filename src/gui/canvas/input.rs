//! Gestures on the plan: pan, zoom, select, marquee, move, measure. It paints nothing.

use super::paint::point;
use super::snapping::{self, Dragged};
use super::state::{Drag, Moving, PlanViewState, Sizing, Tool};
use super::typed::{self, Said};
use super::{array, camera, element_of, id_of, outline, place, resize, wire};
use crate::editor;
use crate::gui::action::{Action, Actions, Edit, Gesture, View as ViewAction};
use crate::gui::commands;
use crate::gui::context::{Context, Element};
use crate::gui::context_menu::on_secondary_click;
use crate::scene::geom::{Bounds, Pt, View};
use crate::scene::plan::{ElementId, ElementKind, Level, Sides};
use eframe::egui::{EventFilter, Key, Modifiers, PointerButton, Response, Ui, vec2};
use std::sync::Arc;

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
    // Arrows move the selection or the view, not the keyboard to another widget; while
    // something is dragged, Tab and Escape are its own as well.
    let busy = state.has_gesture();
    let own =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: busy, escape: busy };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, own));
    state.camera.wheel(ui, response);
    if place::handle(ui, response, context, state, actions)
        || array::handle(ui, response, context, state, actions)
    {
        return;
    }
    if busy {
        type_into(ui, context, state, actions);
    } else {
        keys(ui, response, context, state, actions);
    }
    begin(ui, response, context, state);
    proceed(ui, response, context, state, actions);
    if !state.has_gesture() {
        state.typed = None;
    }
    hover(response, context, state);
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

/// Keys while something is dragged.
fn type_into(ui: &Ui, context: &Context, state: &mut PlanViewState, actions: &mut Actions) {
    let (axes, least) = match &state.drag {
        Some(Drag::Resize(sizing)) => (sizing.grip.axes(), 0.0),
        _ => ([true, true], f64::NEG_INFINITY),
    };
    match typed::read(ui, &mut state.typed, axes) {
        Said::Nothing => {}
        Said::Cancel => {
            actions.push(Action::Edit(Edit::Abandon));
            state.drag = None;
        }
        Said::Apply if state.typed.as_mut().is_some_and(|t| !t.holds(ui, least)) => {}
        Said::Apply => {
            let pointer = state.camera.view.and_then(|view| ground(ui, &view));
            drive(ui, context, state, (pointer, false), actions);
            if let (Some(Drag::Resize(sizing)), Some(typed)) = (&state.drag, &mut state.typed)
                && let Some(why) = &sizing.refused
            {
                return typed.refuse(why);
            }
            drive(ui, context, state, (pointer, true), actions);
            state.drag = None;
        }
    }
}

/// The ground under the pointer.
fn ground(ui: &Ui, view: &View) -> Option<Pt> {
    ui.input(|i| i.pointer.latest_pos()).map(|p| view.to_world(point(p)))
}

/// Brings what is dragged to where the pointer and the keys want it.
fn drive(
    ui: &Ui,
    context: &Context,
    state: &mut PlanViewState,
    (pointer, ended): (Option<Pt>, bool),
    actions: &mut Actions,
) {
    match state.drag.clone() {
        Some(Drag::Move(moving)) => move_on(ui, context, state, (moving, pointer, ended), actions),
        Some(Drag::Resize(sizing)) => {
            resize::proceed(ui, context, state, (*sizing, pointer, ended), actions);
        }
        _ => {}
    }
}

/// What a drag that starts now is.
fn begin(ui: &Ui, response: &Response, context: &Context, state: &mut PlanViewState) {
    let Some(view) = state.camera.view else { return };
    let started = |button| response.drag_started_by(button);
    let Some(press) = ui.input(|i| i.pointer.press_origin()) else { return };
    let at = view.to_world(point(press));
    if started(PointerButton::Middle) || started(PointerButton::Secondary) {
        state.drag = Some(Drag::Pan);
    }
    if started(PointerButton::Primary) {
        let (space, shift) = ui.input(|i| (i.key_down(Key::Space), i.modifiers.shift));
        if state.tool == Tool::Connect && !space {
            state.wire = wire::plan::from(context, state, at);
            return;
        }
        let grip = resize::grip_at(context, state, press).filter(|_| !shift);
        state.drag = Some(match (state.tool, grip) {
            _ if space => Drag::Pan,
            (Tool::Pan, _) => Drag::Pan,
            (Tool::Measure, _) => Drag::Measure(at),
            // Returned above.
            (Tool::Connect, _) => return,
            (Tool::Select, Some((element, start, grip))) => Drag::Resize(Box::new(Sizing {
                dragged: dragged(context, std::slice::from_ref(&element), Some(start)),
                element,
                grip,
                from: at,
                guides: Vec::new(),
                site: context.site.clone(),
                sent: None,
                comes: None,
                refused: None,
            })),
            // With Shift a marquee can begin on what is selected.
            (Tool::Select, _) if !shift && movable_at(context, state, at) => {
                match editor::locked_words(context.site, &ids(&moved(context))) {
                    Some(why) => Drag::Refused(why),
                    None => {
                        let dragged = dragged(context, &moved(context), None);
                        Drag::Move(Moving { from: at, dragged, sent: None, guides: Vec::new() })
                    }
                }
            }
            (Tool::Outline | Tool::Calibrate, _) => return,
            (Tool::Select, _) => Drag::Marquee(at),
        });
        state.measured = None;
    }
    if state.drag.is_some() {
        state.camera.land();
    }
}

/// Whether a selected element is under the point; halls and rows carry what stands in them.
fn movable_at(context: &Context, state: &PlanViewState, at: Pt) -> bool {
    state.scene.hit(at).is_some_and(|item| {
        let element = element_of(&item.id);
        context.is_selected(element.kind, &element.id)
    })
}

fn proceed(
    ui: &Ui,
    response: &Response,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    let (Some(drag), Some(view)) = (state.drag.clone(), state.camera.view) else { return };
    let pointer = ground(ui, &view);
    let ended = response.drag_stopped();
    match drag {
        Drag::Refused(_) => {}
        Drag::Pan => {
            state.camera.pan(response.drag_delta());
        }
        Drag::Marquee(from) => {
            if let (true, Some(to)) = (ended, pointer) {
                let add = ui.input(|i| i.modifiers.shift);
                actions.push(marquee(context, state, &Bounds::of(from, to), add));
            }
        }
        Drag::Move(_) | Drag::Resize(_) => drive(ui, context, state, (pointer, ended), actions),
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

fn ids(elements: &[Element]) -> Vec<editor::ElementId> {
    elements.iter().map(|e| editor::ElementId::new(e.path())).collect()
}

/// The elements with all of the groups that they are in.
fn with_groups(context: &Context, elements: Vec<Element>) -> Vec<Element> {
    if context.site.campus.groups.is_empty() {
        return elements;
    }
    let all = editor::with_groups(context.site, &ids(&elements));
    let mut found: Vec<Element> = Vec::with_capacity(all.len());
    // Machines stand for their loop.
    for element in all.iter().filter_map(|id| Element::of_path(id.as_str())) {
        if !found.contains(&element) {
            found.push(element);
        }
    }
    found
}

fn moved(context: &Context) -> Vec<Element> {
    context.selection.iter().filter(|e| id_of(e).is_some()).cloned().collect()
}

/// What is dragged, for snapping: everything that moves along is no neighbour of it.
fn dragged(context: &Context, elements: &[Element], start: Option<Bounds>) -> Dragged {
    let ids = ids(elements);
    let racks = |e: &Element| id_of(e).is_some_and(|id| Level::of(id.kind) == Level::Racks);
    let level = if elements.iter().all(racks) { Level::Racks } else { Level::Ground };
    let around = || {
        let (low, high) = editor::extent(context.site, &ids)?;
        Some(Bounds { min: Pt { x: low[0], y: low[1] }, max: Pt { x: high[0], y: high[1] } })
    };
    let start = start.or_else(around).unwrap_or(Bounds::NOTHING);
    Dragged { start, level, carried: Arc::new(editor::carried(context.site, &ids)) }
}

/// Sends the whole way that the pointer has moved, or the keys say.
fn move_on(
    ui: &Ui,
    context: &Context,
    state: &mut PlanViewState,
    (mut moving, to, ended): (Moving, Option<Pt>, bool),
    actions: &mut Actions,
) {
    let mut send = |delta_m: [f64; 2], gesture| {
        let elements = moved(context);
        actions.push(Action::Edit(Edit::Move { elements, delta_m, gesture }));
    };
    if let Some(to) = to {
        let wanted = [to.x - moving.from.x, to.y - moving.from.y];
        let rest = snapping::rest(ui, state, &moving.dragged, Sides::All, wanted);
        let typed = state.typed.as_ref().map(|t| t.values(ui, f64::NEG_INFINITY));
        let typed = typed.unwrap_or_default();
        let whole = [0, 1].map(|i| typed[i].unwrap_or(rest.shift[i]));
        moving.guides = if typed == [None, None] { rest.guides } else { Vec::new() };
        if moving.sent.unwrap_or_default() != whole {
            moving.sent = Some(whole);
            send(whole, Gesture::Dragging);
        }
    }
    match moving.sent {
        Some(whole) if ended => send(whole, Gesture::Finished),
        _ => {}
    }
    state.drag = Some(Drag::Move(moving));
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
    for element in with_groups(context, found) {
        if !all.contains(&element) {
            all.push(element);
        }
    }
    Action::View(ViewAction::Select(all))
}

fn hover(response: &Response, context: &Context, state: &mut PlanViewState) {
    let busy = state.drag.is_some() || state.wire.is_some();
    let at = response.hover_pos().filter(|_| !busy);
    let selects = state.tool == Tool::Select;
    let grip = at.filter(|_| selects).and_then(|at| resize::grip_at(context, state, at));
    state.grip = grip.map(|(_, _, grip)| grip);
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
        match element {
            // The first click has selected the group; the second goes into it.
            Some(element) if with_groups(context, vec![element.clone()]).len() > 1 => {
                actions.push(Action::View(ViewAction::Select(vec![element])));
            }
            Some(element) => state.jump(&element),
            None => {}
        }
        return;
    }
    // Enter on a focused widget counts as a click as well, but not as one of the pointer.
    if !response.clicked_by(PointerButton::Primary) || state.tool == Tool::Measure {
        return;
    }
    let (shift, alone) = ui.input(|i| (i.modifiers.shift || i.modifiers.command, i.modifiers.alt));
    let whole = element.map(|element| match alone {
        true => vec![element],
        false => with_groups(context, vec![element]),
    });
    let action = match (whole, shift) {
        (Some(whole), true) => toggled(context, whole),
        (Some(whole), false) => ViewAction::Select(whole),
        (None, true) => return,
        (None, false) if context.selection.is_empty() => return,
        (None, false) => ViewAction::Select(Vec::new()),
    };
    actions.push(Action::View(action));
}

/// Adds elements to the selection, or takes them out where all are in it.
fn toggled(context: &Context, whole: Vec<Element>) -> ViewAction {
    if let [one] = whole.as_slice() {
        return ViewAction::Toggle(one.clone());
    }
    let mut all = context.selection.to_vec();
    if whole.iter().all(|e| all.contains(e)) {
        all.retain(|e| !whole.contains(e));
    } else {
        let new: Vec<Element> = whole.into_iter().filter(|e| !all.contains(e)).collect();
        all.extend(new);
    }
    ViewAction::Select(all)
}
