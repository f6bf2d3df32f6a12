//! The throughput chart as a card: curves with bands, published points, tiers, and under
//! the pointer the whole configuration. It must not know how the answer came about.

use super::lab::Answer;
use super::{EstimatorState, SPEEDS, words};
use crate::gui::canvas::paint::{self, point, pos};
use crate::gui::components::card::{body, header};
use crate::gui::components::paint as text;
use crate::gui::components::readout::{crosshair, readout};
use crate::gui::components::segmented::segmented;
use crate::gui::theme::{Theme, color};
use crate::scene::chart::throughput_draw::{Spot, ThroughputDrawing, ThroughputOptions, draw, hue};
use crate::scene::chart::{Per, Throughput, reading};
use crate::scene::shape::Hue;
use crate::scene::tokens::Token;
use eframe::egui::{
    Align, Layout, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// How near the pointer must be, points.
const REACH: f64 = 14.0;

/// Shows the chart in `rect`; returns the rack under the pointer.
pub fn show(
    ui: &mut Ui,
    state: &mut EstimatorState,
    answer: &Answer,
    chart: &Throughput,
    rect: Rect,
) -> Option<String> {
    let theme = Theme::of(ui.ctx());
    let right = basis(ui, rect, state);
    header(ui, rect.with_max_x(right), "Throughput against interactivity", "");
    let line = theme.color(Token::Line);
    text::hairline(ui.painter(), right, rect.right() - 1.0, rect.top() + 32.0, line);
    let canvas = Rect::from_min_max(rect.left_top() + vec2(1.0, 33.0), rect.max - vec2(1.0, 1.0));
    ui.painter().rect_filled(canvas, text::corner(5.0), theme.color(Token::Canvas));
    let stale = state.desk.is_stale();
    if stale {
        let progress = Rect::from_min_size(canvas.min, vec2(canvas.width(), 2.0));
        ui.painter().rect_filled(progress, 0.0, theme.color(Token::Text3));
    }
    let room = body(rect);
    let response = ui.interact(room, ui.scope_id().with("throughput"), Sense::click());
    let painter = ui.painter_at(rect);
    let options = ThroughputOptions {
        room: paint::bounds(room),
        stale,
        strong: state.strong(),
        speeds: &SPEEDS,
    };
    let drawing = paint::with_measure(&painter, |m| draw(chart, options, m));
    paint::paint(&painter, &drawing.shapes, theme);
    let spoken = format!(
        "Output tokens/s per {} against tokens/s per user, {} estimated and {} published curves",
        chart.per.words(),
        chart.lines.len(),
        chart.published.len()
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    let over = Over { answer, chart, drawing: &drawing };
    let rack = response.hover_pos().and_then(|at| over.show(&painter, at, room));
    if response.clicked() {
        // A click beside every curve lets go of the one that was kept.
        state.pin(rack.clone());
    }
    rack
}

/// What throughput is per, at the right end of the header; returns the left edge.
fn basis(ui: &mut Ui, rect: Rect, state: &mut EstimatorState) -> f32 {
    let strip = Rect::from_min_max(
        pos2(rect.left() + rect.width() * 0.35, rect.top() + 4.0),
        pos2(rect.right() - 8.0, rect.top() + 29.0),
    );
    let builder = UiBuilder::new().max_rect(strip).layout(Layout::right_to_left(Align::Center));
    let mut row = ui.new_child(builder);
    let options = Per::ALL.map(|per| format!("per {}", per.words()));
    let options = options.each_ref().map(String::as_str);
    let now = Per::ALL.iter().position(|p| *p == state.per).unwrap_or(0);
    if let Some(per) =
        segmented(&mut row, "Throughput", &options, now).and_then(|i| Per::ALL.get(i))
    {
        state.per = *per;
    }
    row.min_rect().left() - 8.0
}

/// What the pointer can find.
struct Over<'a> {
    answer: &'a Answer,
    chart: &'a Throughput,
    drawing: &'a ThroughputDrawing,
}

impl Over<'_> {
    /// Crosshair and figures; returns the rack of an estimated curve.
    fn show(&self, painter: &Painter, at: Pos2, room: Rect) -> Option<String> {
        let d = self.drawing;
        if !d.plot.contains(point(at)) {
            return None;
        }
        let near = d.near(point(at), REACH);
        let on = near.map_or(at, |(p, _)| pos(p));
        crosshair(painter, on, paint::rect(&d.plot));
        let Some((_, spot)) = near else {
            let lines = vec![
                format!("{} tokens/s per user", reading(d.x.value(f64::from(at.x)))),
                format!(
                    "{} output tokens/s per {}",
                    reading(d.y.value(f64::from(at.y))),
                    self.chart.per.words()
                ),
            ];
            readout(painter, at, &lines, room);
            return None;
        };
        let (lines, of, rack) = self.words(spot)?;
        let edge = color(of.rgb(&Theme::of(painter.ctx()).palette));
        painter.circle_stroke(on, 5.0, Stroke::new(1.6, edge));
        readout(painter, on, &lines, room);
        rack
    }

    /// The lines of a spot, its colour, and the rack where it is an estimate.
    fn words(&self, spot: Spot) -> Option<(Vec<String>, Hue, Option<String>)> {
        let per = self.chart.per;
        match spot {
            Spot::Estimate { line, point } => {
                let line = self.chart.lines.get(line)?;
                let frontier = super::frontier(self.answer, &line.rack)?;
                let p = frontier.points.get(point)?;
                let lines = words::estimate(self.answer, frontier, p, per);
                Some((lines, hue(line), Some(line.rack.clone())))
            }
            Spot::Published { curve, point } => {
                let curve = self.chart.published.get(curve)?;
                let p = curve.points.get(point)?;
                let lines = words::published(curve, p, per);
                Some((lines, Hue::Rack(curve.generation), None))
            }
        }
    }
}
