//! Connections that are drawn on the diagram.

use super::super::wire::{Field, Port, Side, Target, Wire, go_on, name, ports, starts};
use super::super::{element_of, id_of, paint};
use super::input::REACH;
use super::state::OneLineState;
use crate::gui::action::Actions;
use crate::gui::context::{Context, Element};
use crate::scene::geom::View;
use crate::scene::oneline::Spot;
use eframe::egui::{Rect, Ui};

fn elements(spot: &Spot) -> Vec<Element> {
    spot.elements.iter().map(element_of).collect()
}

/// What a drag from a symbol starts with the tool for connections.
pub fn from(state: &OneLineState, spot: usize) -> Option<Wire> {
    let from = elements(state.scene.spots.get(spot)?);
    let port = starts(from.first()?.kind).first()?;
    // A source is one element; a stack has to be opened first.
    (*port == Port::In || from.len() == 1).then(|| Wire::new(from, *port))
}

/// Ports of the selected symbol, and the connection that is being drawn; `room` is the canvas,
/// and `covered` says that the pointer is over something that floats there.
pub fn paint(
    ui: &Ui,
    context: &Context,
    state: &mut OneLineState,
    (view, room, covered): (&View, Rect, bool),
    actions: &mut Actions,
) {
    let place = |spot: &Spot| paint::rect(&view.box_to_screen(&spot.bounds));
    let around = |state: &OneLineState, elements: &[Element]| {
        let spots = elements.iter().filter_map(id_of).filter_map(|id| state.scene.spot_of(&id));
        let spots = spots.filter_map(|i| state.scene.spots.get(i));
        spots.map(place).reduce(|a, b| a.union(b))
    };
    let mut wire = state.wire.take();
    let selected = context.selection;
    // What is folded into a symbol has no ports of its own.
    let shows = |e: &Element| {
        id_of(e).is_some_and(|id| {
            state.scene.spot_of(&id).is_some_and(|spot| state.scene.is_itself(spot, &id))
        })
    };
    if selected.iter().all(shows)
        && let Some(rect) = around(state, selected)
        && rect.intersects(room)
        && !state.is_panning
    {
        let name = name(context, selected);
        ports(ui, (selected, &name), (rect, Side::TopBottom), &mut wire, actions);
    }
    let Some(mut drawn) = wire else { return };
    let rect = around(state, &drawn.from).unwrap_or(room);
    let ends = |e: &Element| !starts(e.kind).is_empty();
    let target = |spot: &Spot| Target { elements: elements(spot), rect: place(spot) };
    let is_end = |t: &Target| t.elements.first().is_some_and(ends);
    let targets: Vec<Target> = state
        .scene
        .spots
        .iter()
        .map(target)
        .filter(|t| is_end(t) && t.rect.intersects(room))
        .collect();
    let at = ui.input(|i| i.pointer.latest_pos());
    let at = at.filter(|p| room.contains(*p) && !covered);
    let reach = REACH / view.scale;
    let under = at.and_then(|p| state.scene.hit(view.to_world(paint::point(p)), reach));
    let under = under.and_then(|i| state.scene.spots.get(i)).map(target).filter(is_end);
    let start = Side::TopBottom.place(rect, drawn.port);
    let field = Field { start, room, targets: &targets, under };
    let painter = ui.painter_at(room);
    if go_on(ui, &painter, context, (&mut drawn, &field), actions) {
        state.wire = Some(drawn);
    }
}
