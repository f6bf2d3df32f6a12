//! The widget: one frame of the plan from input to picture.

use super::camera::Camera;
use super::picture::Key;
use super::resize::Grip;
use super::state::{Drag, PlanViewState, Wish};
use super::{
    array, badge, element_of, id_of, input, marks, outline, paint, phases, place, resize, snapping,
    tools, wire,
};
use crate::gui::action::Actions;
use crate::gui::context::{Context, Freshness};
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::plan::{
    ElementId, ElementKind, Inks, Overlay, PlanFacts, PlanScene, Racks, draw_with, energised_by,
};
use crate::scene::tokens::Token;
use crate::site::{Campus, HallGroup, Terms};
use eframe::egui::{CursorIcon, Rect, Response, Role, Sense, Ui, WidgetInfo};
use std::sync::Arc;

/// Margin around halls and yards, points: feeds come in above, tools stand at the left.
const FIT_MARGIN: (f64, f64) = (52.0, 84.0);
/// Between the middle of a mast and the edge of a fitted plan, points.
const FEED_CLEAR: f64 = 30.0;
/// A mast this far outside is drawn within, points.
const NEAR: f64 = 8.0;
/// What feeds may cost of the scale of a fitted plan.
const SMALLER: f64 = 0.75;
/// Between halls or yards and what floats over a fitted plan, points.
const CLEAR: f64 = 8.0;

/// The site plan as a widget that fills what is left.
pub struct PlanCanvas<'a> {
    pub context: &'a Context<'a>,
    pub state: &'a mut PlanViewState,
}

impl PlanCanvas<'_> {
    /// Shows the plan and appends what the gestures ask for.
    pub fn show(self, ui: &mut Ui, actions: &mut Actions) -> Response {
        let Self { context, state } = self;
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::click_and_drag());
        let painter = ui.painter_at(rect);
        let theme = Theme::of(ui.ctx());
        painter.rect_filled(rect, 0.0, theme.color(Token::Canvas));

        let folder = context.document.path.and_then(std::path::Path::parent);
        state.underlays.update(ui.ctx(), context.site, folder);
        state.scene.update(context.site, context.catalog);
        refresh_facts(context, state);
        let now = ui.input(|i| i.time);
        aim(state, rect, now);
        input::handle(ui, &response, context, state, actions);
        state.camera.keep_moving(ui, state.flash.as_ref().map(|(_, until)| *until));

        let shows_phases = phases::is_shown(context, state);
        let places = tools::Places::of(rect).with_phases(shows_phases);
        let Some(view) = state.camera.view else { return response };
        let key = Key {
            view,
            scene: state.scene.revision,
            facts: state.facts_revision,
            overlay: context.grid.overlay(state.overlay),
            dark: theme.palette.is_dark,
            pixels_per_point: ui.pixels_per_point(),
            taken: places.taken(),
        };
        state.underlays.paint(&painter, context.site, folder, &view);
        refresh_fills(context, state, theme);
        let (scene, facts) = (&state.scene, &state.facts);
        let (fills, instances, layer) = (&state.fills, &state.instances, state.layer);
        let inks = |racks| Inks { racks, power: &state.power_inks };
        let card = layer.map(|layer| (layer, response.id));
        state.picture.paint(key, facts, (&painter, card), |options, measure, old| match layer {
            None => (draw_with(scene, options, inks(Racks::Cells(fills)), measure, old), None),
            Some(layer) => {
                let how = (&options.view.clone(), &theme.palette);
                let racks = layer.shape(response.id, scene, instances, how);
                (draw_with(scene, options, inks(Racks::Apart), measure, old), Some(racks))
            }
        });
        if state.scene.bounds.is_none() {
            badge::nothing(&painter, rect, context);
        }
        marks::paint(&painter, context, state, &view);
        match &state.drag {
            Some(Drag::Move(moving)) => snapping::paint(&painter, &moving.guides, &view),
            Some(Drag::Resize(sizing)) => snapping::paint(&painter, &sizing.guides, &view),
            _ => {}
        }
        outline::paint(&painter, state, &view, rect);
        if matches!(context.freshness, Freshness::Stale { .. }) {
            marks::stale(&painter, rect);
        }
        let covered = places.covers(ui.ctx().pointer_hover_pos());
        if !state.has_tool() {
            wire::plan::paint(ui, context, state, (&view, rect, covered), actions);
        }
        place::paint(&painter, state, &view, rect);
        array::paint(&painter, state, &view);
        tools::show(ui, &places, context, state, actions);
        place::bar(ui, rect, state);
        array::bar(ui, (rect, response.id), state, actions);
        badge::measure(ui, &response, state, &view);
        if !covered {
            badge::hover(&painter, &response, context, state, rect);
            badge::sizing(ui, context, state, rect);
        }
        cursor(ui, &response, state, covered);
        name(ui, &response, context, state, &view);
        place::name(ui, &response, state);
        resize::name(ui, &response, context, state, &view);
        response
    }
}

/// Lookups follow the answer and the tiers.
fn refresh_facts(context: &Context, state: &mut PlanViewState) {
    let overlay = context.grid.overlay(state.overlay);
    let by = state.energised_by.filter(|_| phases::is_shown(context, state));
    if FactsKey::renew(&mut state.facts_key, context, overlay) || state.facts_by != by {
        let (site, catalog, outcome) = (context.site, context.catalog, context.outcome);
        let facts = context.grid.facts(PlanFacts::of(site, catalog, outcome), site);
        state.facts = facts.under(overlay, site, catalog, outcome);
        if let Some(month) = by {
            energised_by(&mut state.facts, site, month);
        }
        state.facts_by = by;
        state.facts_revision += 1;
    }
}

/// What facts were made of. Where elements stand says nothing of loads; overlays with a sheet of
/// their own read the whole site.
#[derive(Clone, Debug)]
pub struct FactsKey {
    answer: u64,
    terms: Arc<Terms>,
    overlay: Overlay,
    /// Of the power flow and the what-if, where they are shown.
    grid: Option<(u64, bool)>,
    ground: Option<(Arc<Campus>, Vec<Arc<HallGroup>>)>,
}

impl FactsKey {
    /// Whether facts have to be made anew; the key is then the present one.
    pub fn renew(key: &mut Option<FactsKey>, context: &Context, overlay: Overlay) -> bool {
        let (answer, site, terms) = (context.answer_key(), context.site, &context.site.terms);
        let grid = overlay
            .is_of_flow()
            .then_some((context.grid.electrical.revision, context.grid.at_once));
        let same = key.as_ref().is_some_and(|k| {
            let same_terms = Arc::ptr_eq(&k.terms, terms);
            let same_tiers = same_terms || k.terms.tiers == terms.tiers;
            let same_ground = match &k.ground {
                None => same_tiers,
                Some((campus, halls)) => {
                    same_terms
                        && Arc::ptr_eq(campus, &site.campus)
                        && halls.len() == site.halls.len()
                        && halls.iter().zip(&site.halls).all(|(a, b)| Arc::ptr_eq(a, b))
                }
            };
            k.answer == answer && k.overlay == overlay && k.grid == grid && same_ground
        });
        if !same {
            let ground =
                overlay.has_sheet().then(|| (Arc::clone(&site.campus), site.halls.clone()));
            let terms = Arc::clone(terms);
            *key = Some(FactsKey { answer, terms, overlay, grid, ground });
        }
        !same
    }
}

/// Inks follow scene, answer and overlay; what the card needs of them follows the theme too.
fn refresh_fills(context: &Context, state: &mut PlanViewState, theme: &Theme) {
    let facts = (&state.facts, state.facts_revision);
    let overlay = context.grid.overlay(state.overlay);
    state.fills.update(&state.scene, facts, overlay);
    state.power_inks.update(state.scene.campus.as_ref(), facts, overlay);
    if state.layer.is_some() {
        state.instances.update(&state.scene, &state.fills, &theme.palette);
    }
}

/// Keeps the view on the screen, serves wishes and moves along a jump.
fn aim(state: &mut PlanViewState, rect: Rect, now: f64) {
    let screen = paint::bounds(rect);
    let fitted = fit(state, screen);
    let from = state.camera.on(screen, fitted);
    let motion = !state.reduce_motion;
    match state.wish.take() {
        Some(Wish::Fit) => state.camera.depart(fitted, now, motion),
        Some(Wish::Element(id)) => {
            let target = state.scene.item(&id).map(|item| look_at(&item.bounds, &from, screen));
            if let Some(to) = target {
                state.camera.depart(to, now, motion);
                state.flash = motion.then_some((id, Camera::flash_until(now)));
            }
        }
        None => {}
    }
    state.camera.advance(screen, now);
    if state.flash.as_ref().is_some_and(|f| now > f.1) {
        state.flash = None;
    }
}

/// Halls and yards with room around them, moved out from under what floats at the right where
/// there is room at the left.
fn fit(state: &PlanViewState, screen: Bounds) -> View {
    let whole = state.scene.core.or(state.scene.bounds);
    let whole = whole.unwrap_or(Bounds::xywh(0.0, 0.0, 100.0, 100.0));
    let (dx, dy) =
        (FIT_MARGIN.0.min(screen.width() * 0.1), FIT_MARGIN.1.min(screen.height() * 0.15));
    let room = Bounds { min: screen.min.plus(dx, dy), max: screen.max.plus(-dx, -dy) };
    let view = View { screen, ..View::fit(&whole, room, 0.0) };
    let view = with_feeds(&state.scene, (&whole, room), view);
    let places = tools::Places::of(paint::rect(&screen));
    let free = view.box_to_screen(&whole).min.x - f64::from(places.tools.right()) - CLEAR;
    let floating = [Some(places.legend), places.minimap].into_iter().flatten();
    let floating: Vec<Bounds> = floating.map(|r| paint::bounds(r).grown(CLEAR)).collect();
    let yards = state.scene.campus.iter().flat_map(|c| c.nodes.iter().filter(|n| n.yard));
    let halls = state.scene.halls.iter().map(|h| h.bounds);
    let covered = halls.chain(yards.map(|n| n.bounds)).filter(|b| !b.is_empty());
    let by = covered
        .map(|b| view.box_to_screen(&b))
        .flat_map(|b| {
            floating.iter().filter(move |f| f.intersects(&b)).map(move |f| b.max.x - f.min.x)
        })
        .fold(0.0, f64::max)
        .min(free.max(0.0));
    View { centre: view.centre.plus(by / view.scale, 0.0), ..view }
}

/// A fitted view, widened so that the feeds stand in it too; as it was where they are so far away
/// that all else would become small.
pub(super) fn with_feeds(scene: &PlanScene, (whole, room): (&Bounds, Bounds), view: View) -> View {
    let Some(masts) = scene.masts() else { return view };
    if view.screen.grown(NEAR).contains_box(&view.box_to_screen(&masts)) {
        return view;
    }
    // Texts and tools stand at the lower edge; above a feed stands nothing.
    let least = pt(view.screen.min.x + FEED_CLEAR, view.screen.min.y + FEED_CLEAR);
    let room = Bounds { min: pt(room.min.x.max(least.x), least.y), max: room.max };
    let wider = View::fit(&whole.union(&masts), room, 0.0);
    if wider.scale < view.scale * SMALLER {
        return view;
    }
    // The middle of the room is not the middle of the screen.
    let (a, b) = (room.centre(), view.screen.centre());
    let (dx, dy) = ((b.x - a.x) / wider.scale, (b.y - a.y) / wider.scale);
    View { centre: wider.centre.plus(dx, dy), screen: view.screen, ..wider }
}

/// An element in the middle third of the screen, never further away than it is now.
fn look_at(element: &Bounds, now: &View, screen: Bounds) -> View {
    let margin = screen.width().min(screen.height()) * 0.3;
    let close = View::fit(element, screen, margin);
    View { scale: close.scale.min(80.0).max(now.scale.min(close.scale)), ..close }
}

fn cursor(ui: &Ui, response: &Response, state: &PlanViewState, covered: bool) {
    if !response.hovered() || covered {
        return;
    }
    let icon = match (&state.drag, state.tool) {
        _ if state.has_tool() => CursorIcon::Crosshair,
        (Some(Drag::Pan), _) => CursorIcon::Grabbing,
        (Some(Drag::Move(_)), _) => CursorIcon::Move,
        (Some(Drag::Resize(sizing)), _) => sizing.grip.cursor(),
        (_, super::Tool::Pan) => CursorIcon::Grab,
        (_, super::Tool::Measure | super::Tool::Connect) => CursorIcon::Crosshair,
        _ if ui.input(|i| i.key_down(eframe::egui::Key::Space)) => CursorIcon::Grab,
        _ if state.grip.is_some() => state.grip.map_or(CursorIcon::Default, Grip::cursor),
        _ if state.hover.is_some() => CursorIcon::PointingHand,
        _ => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(icon);
}

/// Selected elements that have a name of their own: more than anybody steps through.
const MOST_NAMED: usize = 100;

/// Names for assistive technology: the canvas, its halls and what is selected.
fn name(ui: &Ui, response: &Response, context: &Context, state: &PlanViewState, view: &View) {
    response.widget_info(|| {
        let halls = state.scene.halls.iter().filter(|h| h.id.is_some()).count();
        let label = format!(
            "Site plan of {}, {halls} halls, {} racks, {} selected",
            context.site.terms.site.name,
            state.scene.racks(),
            context.selection.len()
        );
        WidgetInfo::labeled(Role::Canvas, true, label)
    });
    // Without assistive technology nobody asks for the names, and large sites have hundreds.
    if ui.ctx().accesskit_node_builder(response.id, |_| ()).is_none() {
        return;
    }
    let halls = state.scene.halls.iter().filter_map(|h| h.id.as_ref());
    let mut named: Vec<ElementId> = halls.map(|id| ElementId::new(ElementKind::Hall, id)).collect();
    named.extend(context.selection.iter().filter_map(id_of).take(MOST_NAMED));
    named.dedup();
    for id in named {
        let Some(item) = state.scene.item(&id) else { continue };
        let on_screen = paint::rect(&view.box_to_screen(&item.bounds));
        if !on_screen.intersects(response.rect) {
            continue;
        }
        let element = element_of(&id);
        let selected = context.is_selected(element.kind, &element.id);
        let node = ui.interact(
            on_screen.intersect(response.rect),
            response.id.with(("element", id.path())),
            Sense::hover(),
        );
        let text = if item.detail.is_empty() {
            item.name.clone()
        } else {
            format!("{}, {}", item.name, item.detail)
        };
        node.widget_info(|| WidgetInfo::selected(Role::Label, true, selected, &text));
    }
}
