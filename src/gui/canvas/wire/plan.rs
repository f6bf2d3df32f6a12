//! Connections that are drawn on the site plan.

use super::{Field, Port, Side, Target, Wire, go_on, ports, show, starts};
use crate::gui::action::Actions;
use crate::gui::canvas::{PlanViewState, Tool, element_of, id_of, paint};
use crate::gui::context::{Context, Element};
use crate::scene::geom::{Pt, View};
use crate::scene::plan::{ElementId, Item};
use eframe::egui::{Rect, Ui};

/// Targets smaller than this on the screen are not outlined, points.
const LEAST: f32 = 3.0;

/// What a drag on the ground starts with the tool for connections.
pub fn from(context: &Context, state: &PlanViewState, at: Pt) -> Option<Wire> {
    let item = state.scene().hit(at)?;
    let element = element_of(&item.id);
    let port = starts(element.kind).first()?;
    let together = context.selection.contains(&element) && *port == Port::In;
    let all = |e: &Element| starts(e.kind).contains(port);
    let from = match together && context.selection.iter().all(all) {
        true => context.selection.to_vec(),
        false => vec![element],
    };
    Some(Wire::new(from, *port))
}

/// Ports of the selection, and the connection that is being drawn; `room` is the canvas, and
/// `covered` says that the pointer is over something that floats there.
pub fn paint(
    ui: &Ui,
    context: &Context,
    state: &mut PlanViewState,
    (view, room, covered): (&View, Rect, bool),
    actions: &mut Actions,
) {
    let on_screen = |item: &Item| paint::rect(&view.box_to_screen(&item.bounds));
    let around = |state: &PlanViewState, elements: &[Element]| {
        let items = elements.iter().filter_map(id_of).filter_map(|id| state.scene().item(&id));
        items.map(on_screen).reduce(|a, b| a.union(b))
    };
    let mut wire = state.wire.take();
    let selected = context.selection;
    let quiet = state.drag.is_none() && matches!(state.tool, Tool::Select | Tool::Connect);
    if (quiet || wire.is_some())
        && let Some(rect) = around(state, selected)
        && rect.intersects(room)
    {
        let name = show::name(context, selected);
        ports(ui, (selected, &name), (rect, Side::LeftRight), &mut wire, actions);
    }
    if let Some(mut drawn) = wire {
        let rect = around(state, &drawn.from).unwrap_or(room);
        let target =
            |item: &Item| Target { elements: vec![element_of(&item.id)], rect: on_screen(item) };
        let ends = |id: &ElementId| !starts(element_of(id).kind).is_empty();
        let targets: Vec<Target> = state
            .scene()
            .in_rect(&view.visible())
            .into_iter()
            .filter(|i| ends(&i.id))
            .map(target)
            .filter(|t| t.rect.width().max(t.rect.height()) > LEAST)
            .collect();
        let at = ui.input(|i| i.pointer.latest_pos());
        let at = at.filter(|p| room.contains(*p) && !covered);
        let under = at.and_then(|p| state.scene().hit(view.to_world(paint::point(p))));
        let start = Side::LeftRight.place(rect, drawn.port);
        let under = under.filter(|i| ends(&i.id)).map(target);
        let field = Field { start, room, targets: &targets, under };
        let painter = ui.painter_at(room);
        if go_on(ui, &painter, context, (&mut drawn, &field), actions) {
            state.wire = Some(drawn);
        }
    }
}
