//! The keynote chart as a card: throughput against interactivity with the plan's operating
//! points, and a crosshair that reads both axes. It must not know the rest of the tab.

use super::economics::{EconomicsState, body, header};
use crate::gui::canvas::paint::{self, point, pos};
use crate::gui::components::chip::chip;
use crate::gui::components::paint::{self as text, Text};
use crate::gui::components::readout;
use crate::gui::context::{Context, Freshness};
use crate::gui::theme::{Theme, color};
use crate::scene::chart::{ChartDrawing, ChartOptions, Hit, Scale, draw, keynote, reading};
use crate::scene::tokens::{TextRole, Token};
use crate::study::Outcome;
use eframe::egui::{
    Align, Layout, Painter, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Shows the chart in `rect`.
pub fn show(
    ui: &mut Ui,
    context: &Context,
    outcome: &Outcome,
    state: &mut EconomicsState,
    rect: Rect,
) {
    let theme = Theme::of(ui.ctx());
    let title = "Throughput against interactivity";
    let right = chips(ui, rect, state);
    header(ui, rect.with_max_x(right), title, &caption(outcome));
    let y = rect.top() + 32.0;
    text::hairline(ui.painter(), right, rect.right() - 1.0, y, theme.color(Token::Line));
    let room = body(rect);
    let canvas = Rect::from_min_max(rect.left_top() + vec2(1.0, 33.0), rect.max - vec2(1.0, 1.0));
    ui.painter().rect_filled(canvas, text::corner(5.0), theme.color(Token::Canvas));
    let response = ui.interact(room, ui.scope_id().with("keynote"), Sense::hover());
    let chart = keynote(context.site, context.catalog, outcome);
    if chart.series.is_empty() {
        let why = "No curve of the catalogue gives tokens/s per megawatt for these racks";
        Text::new(why, TextRole::Body, theme.color(Token::Text2))
            .center()
            .paint(ui.painter(), room);
        return;
    }
    let options = ChartOptions {
        room: paint::bounds(room),
        x_scale: if state.linear_x { Scale::Linear } else { Scale::Log },
        stale: matches!(context.freshness, Freshness::Stale { .. }),
    };
    let painter = ui.painter_at(rect);
    let drawing = paint::with_measure(&painter, |m| draw(&chart, options, m));
    paint::paint(&painter, &drawing.shapes, theme);
    if let Some(at) = response.hover_pos() {
        crosshair(&painter, &drawing, at, theme);
    }
    let spoken = format!(
        "Throughput against interactivity, {} curves, {} operating points",
        chart.series.len(),
        chart.discs.len()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
}

/// Labels of the whole answer stand in the header of its chart.
fn caption(outcome: &Outcome) -> String {
    outcome.labels.first().cloned().unwrap_or_default()
}

/// Scale and basis at the right end of the header; returns the left edge of the chips.
fn chips(ui: &mut Ui, rect: Rect, state: &mut EconomicsState) -> f32 {
    let strip = Rect::from_min_max(
        pos2(rect.left() + rect.width() * 0.4, rect.top() + 6.0),
        pos2(rect.right() - 10.0, rect.top() + 27.0),
    );
    let builder = UiBuilder::new().max_rect(strip).layout(Layout::right_to_left(Align::Center));
    let mut row = ui.new_child(builder);
    row.spacing_mut().item_spacing.x = 6.0;
    let basis = chip(&mut row, "Basis: grid MW", "Basis of throughput: grid megawatts", false);
    basis.on_hover_text("Tokens/s per megawatt at the meter");
    let words = if state.linear_x { "x: linear" } else { "x: log" };
    if chip(&mut row, words, "Scale of the speed axis", false).clicked() {
        state.linear_x = !state.linear_x;
    }
    row.min_rect().left()
}

/// Lines through the pointer, both values, and the mark that is near.
fn crosshair(painter: &Painter, d: &ChartDrawing, at: eframe::egui::Pos2, theme: &Theme) {
    if !d.plot.contains(point(at)) {
        return;
    }
    let near = d
        .hits
        .iter()
        .map(|h| (h, h.at.distance(point(at)) - h.radius))
        .filter(|(_, away)| *away < 6.0)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(h, _)| h);
    let on = near.map_or(point(at), |h| h.at);
    let (plot, p) = (paint::rect(&d.plot), pos(on));
    readout::crosshair(painter, p, plot);
    let lines = match near {
        Some(hit) => hit.lines.clone(),
        None => vec![
            format!("{} tokens/s per user", reading(d.x.value(on.x))),
            format!("{} tokens/s per grid MW", reading(d.y.value(on.y))),
        ],
    };
    if let Some(Hit { hue, radius, .. }) = near {
        let edge = Stroke::new(1.6, color(hue.rgb(&theme.palette)));
        painter.circle_stroke(p, *radius as f32 + 1.0, edge);
    }
    readout::readout(painter, p, &lines, plot);
}
