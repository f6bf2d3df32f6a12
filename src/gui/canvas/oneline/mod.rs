//! The one-line diagram as a widget: one frame from input to picture.

mod input;
mod marks;
mod state;
mod tools;
mod wire;

pub use state::OneLineState;

use super::camera::Camera;
use super::picture::Key;
use super::widget::FactsKey;
use super::{marks as plan_marks, paint};
use crate::gui::action::Actions;
use crate::gui::context::{Context, Freshness};
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View};
use crate::scene::oneline::{Spot, Symbol, Target, draw, sentence};
use crate::scene::plan::PlanFacts;
use crate::scene::tokens::Token;
use crate::units::format;
use eframe::egui::{CursorIcon, Rect, Response, Role, Sense, Ui, WidgetInfo};
use state::Wish;

/// A fitted diagram is not larger than this: symbols would look like toys.
const LARGEST: f64 = 1.25;
/// Room around a fitted diagram, points: tools at the left, the key below.
const MARGIN: [f64; 4] = [48.0, 26.0, 12.0, 44.0];
/// Width of the text beside a source, and how far above its lower end that reaches, points.
const SOURCE_TEXT: [f64; 2] = [180.0, 34.0];

/// Share of its size that a diagram may lose for the texts of its sources.
const NAMED: f64 = 0.9;

/// The diagram as a widget that fills what is left.
pub struct OneLineCanvas<'a> {
    pub context: &'a Context<'a>,
    pub state: &'a mut OneLineState,
}

impl OneLineCanvas<'_> {
    /// Shows the diagram and appends what the gestures ask for.
    pub fn show(self, ui: &mut Ui, actions: &mut Actions) -> Response {
        let Self { context, state } = self;
        let rect = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(rect, Sense::click_and_drag());
        let painter = ui.painter_at(rect);
        let theme = Theme::of(ui.ctx());
        painter.rect_filled(rect, 0.0, theme.color(Token::Canvas));

        let now = ui.input(|i| i.time);
        refresh(context, state);
        aim(state, rect, now);
        input::handle(ui, &response, context, state, actions);
        // A branch that was opened or folded shows in this frame.
        refresh(context, state);
        state.camera.keep_moving(ui, state.flash.as_ref().map(|(_, until)| *until));
        let places = tools::Places::of(rect);
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
        let scene = &state.scene;
        let card = state.layer.map(|layer| (layer, response.id));
        state.picture.paint(key, &state.facts, (&painter, card), |options, measure, _| {
            (draw(scene, &options, measure), None)
        });
        let selected = marks::Selected::of(context, state);
        marks::paint(&painter, &response, &selected, state, &view);
        if matches!(context.freshness, Freshness::Stale { .. }) {
            plan_marks::stale(&painter, rect);
        }
        let covered = places.covers(ui.ctx().pointer_hover_pos());
        wire::paint(ui, context, state, (&view, rect, covered), actions);
        tools::show(ui, &places, context, state);
        if !covered && state.wire.is_none() {
            marks::hover(&painter, &response, state, rect);
        }
        if response.hovered() && !covered {
            let icon = match (state.is_panning, state.hover) {
                (true, _) => CursorIcon::Grabbing,
                (false, Some(_)) if state.connects => CursorIcon::Crosshair,
                (false, Some(_)) => CursorIcon::PointingHand,
                (false, None) => CursorIcon::Grab,
            };
            ui.ctx().set_cursor_icon(icon);
        }
        name(ui, &response, (context, &selected), state, &view);
        response
    }
}

/// Brings diagram and figures up to the site; what was opened or folded stays where it is.
fn refresh(context: &Context, state: &mut OneLineState) {
    let held = state.held.take();
    if state.scene.update(context.site, context.catalog, &state.choices) {
        state.hover = None;
        state.flash = None;
        if let Some((key, before)) = held
            && let Some(now) = state.place_of(&key)
            && let Some(view) = state.camera.view
        {
            let centre = view.centre.plus(now.x - before.x, now.y - before.y);
            state.camera.set(View { centre, ..view });
        }
    }
    let overlay = context.grid.overlay(state.overlay);
    if FactsKey::renew(&mut state.facts_key, context, overlay) {
        let (site, catalog, outcome) = (context.site, context.catalog, context.outcome);
        let facts = context.grid.facts(PlanFacts::of(site, catalog, outcome), site);
        state.facts = facts.under(overlay, site, catalog, outcome);
        state.facts_revision += 1;
    }
}

/// Keeps the view on the screen, serves wishes and moves along a jump.
fn aim(state: &mut OneLineState, rect: Rect, now: f64) {
    let screen = paint::bounds(rect);
    let fitted = fit(state, screen);
    let from = state.camera.on(screen, fitted);
    let motion = !state.reduce_motion;
    match state.wish.take() {
        Some(Wish::Fit) => state.camera.depart(fitted, now, motion),
        Some(Wish::Element(id)) => {
            let spot = state.scene.spot_of(&id);
            if let Some(spot) = spot.and_then(|i| state.scene.spots.get(i).map(|s| (i, s.bounds))) {
                let to = View { centre: spot.1.centre(), scale: from.scale.max(0.9), ..from };
                state.camera.depart(to, now, motion);
                state.flash = motion.then_some((spot.0, Camera::flash_until(now)));
            }
        }
        None => {}
    }
    state.camera.advance(screen, now);
    if state.flash.as_ref().is_some_and(|f| now > f.1) {
        state.flash = None;
    }
}

/// Everything in view; lower where the legend would cover a symbol, and where it would cover the
/// text of a source, unless that costs size.
fn fit(state: &OneLineState, screen: Bounds) -> View {
    let view = fit_below(state, screen, MARGIN[1]);
    let legend = paint::bounds(tools::Places::of(paint::rect(&screen)).legend).grown(6.0);
    let items = &state.scene.layout.diagram.items;
    let is_source = |s: &Spot| {
        matches!(s.target, Target::Item(i)
        if items.get(i).is_some_and(|i| i.symbol == Symbol::Source))
    };
    let covered = |view: &View, tall: f64| {
        state.scene.spots.iter().any(|s| {
            let mut on = view.box_to_screen(&s.bounds);
            if is_source(s) {
                on.max.x += SOURCE_TEXT[0];
                on.min.y = on.min.y.min(on.max.y - tall);
            }
            on.intersects(&legend)
        })
    };
    let below = legend.max.y - screen.min.y;
    let view = if covered(&view, 0.0) { fit_below(state, screen, below) } else { view };
    let lower = fit_below(state, screen, below + SOURCE_TEXT[1] / 2.0);
    if covered(&view, SOURCE_TEXT[1]) && lower.scale > NAMED * view.scale { lower } else { view }
}

fn fit_below(state: &OneLineState, screen: Bounds, top: f64) -> View {
    let whole = state.scene.layout.bounds.unwrap_or(Bounds::xywh(0.0, 0.0, 100.0, 100.0));
    let [left, _, right, bottom] = MARGIN;
    let room = Bounds { min: screen.min.plus(left, top), max: screen.max.plus(-right, -bottom) };
    let view = View::fit(&whole, room, 0.0);
    let scale = view.scale.min(LARGEST);
    // The middle of the room is not the middle of the screen.
    let (a, b) = (room.centre(), screen.centre());
    let centre = view.centre.plus((b.x - a.x) / scale, (b.y - a.y) / scale);
    View { centre, scale, screen }
}

/// Names for assistive technology: the diagram and what of it shows.
fn name(
    ui: &Ui,
    response: &Response,
    (context, selected): (&Context, &marks::Selected),
    state: &OneLineState,
    view: &View,
) {
    let network = &state.scene.network;
    let elements = network.vertices.iter().filter(|v| !v.symbol.is_load()).count();
    let label = format!(
        "One-line diagram of {}, {elements} elements in {} symbols, {} selected",
        context.site.terms.site.name,
        state.scene.spots.len(),
        context.selection.len()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &label));
    for (i, spot) in state.scene.spots.iter().enumerate() {
        let on_screen = paint::rect(&view.box_to_screen(&spot.bounds));
        if !on_screen.intersects(response.rect) {
            continue;
        }
        let node = ui.interact(
            on_screen.intersect(response.rect),
            response.id.with(("spot", i)),
            Sense::hover(),
        );
        let selected = selected.relation(state, i).is_some();
        node.widget_info(|| {
            let (name, rest) = words(state, i);
            WidgetInfo::selected(Role::Label, true, selected, format!("{name}, {rest}"))
        });
    }
}

/// The name of a symbol or card, and what is known of it.
fn words(state: &OneLineState, spot: usize) -> (String, String) {
    let scene = &state.scene;
    match scene.spots.get(spot).map(|s| s.target) {
        Some(Target::Item(i)) => {
            let name = scene.layout.words(&scene.network, i);
            let item = scene.layout.diagram.items.get(i);
            let facts = item.map(|item| sentence(&scene.network, item, &state.facts));
            (name, facts.unwrap_or_default())
        }
        Some(Target::Hall(k)) => scene.layout.cards.get(k).map_or_else(Default::default, |card| {
            let racks = format::racks(card.hall.racks as f64);
            (card.hall.name.clone(), format!("hall, {racks}, {}", card.hall.rack))
        }),
        None => Default::default(),
    }
}
