//! A chart of money as a card: its scene painted, what the pointer is over told, all of it in
//! words for assistive technology. It must not know what a chart is made of.

use crate::gui::canvas::paint::{
    bounds, paint as paint_shapes, point, rect as rect_of, with_measure,
};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::readout;
use crate::gui::panels::economics::{body, header, plate};
use crate::gui::theme::Theme;
use crate::scene::chart::money::Chart;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Share of the height from which a mark is a column over the whole plot.
const TALL: f32 = 0.75;

/// Shows a chart in a card at `rect`.
pub fn card(ui: &mut Ui, chart: &Chart, rect: Rect) {
    plate(ui, rect);
    header(ui, rect, &chart.title, &chart.note);
    content(ui, chart, body(rect));
}

/// The chart alone.
pub fn content(ui: &mut Ui, chart: &Chart, room: Rect) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter_at(room.expand(4.0));
    // Two ladders may stand beside each other.
    let id = ui.scope_id().with(("chart", chart.id, chart.title.as_str()));
    let response = ui.interact(room, id, Sense::hover());
    let spoken = chart.words();
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    if chart.is_empty() {
        let grey = theme.color(Token::Text2);
        let why = format!("{}: nothing to show", chart.title);
        Text::new(&why, TextRole::Body, grey).center().paint(&painter, room);
        return;
    }
    let drawing = with_measure(&painter, |m| chart.draw(bounds(room), m));
    paint_shapes(&painter, &drawing.shapes, theme);
    let Some(at) = response.hover_pos() else { return };
    // The smallest mark under the pointer: marks may lie within each other.
    let under = drawing.marks.iter().filter(|m| m.bounds.contains(point(at)));
    let size = |b: &crate::scene::geom::Bounds| b.width() * b.height();
    let Some(mark) = under.min_by(|a, b| size(&a.bounds).total_cmp(&size(&b.bounds))) else {
        return;
    };
    let place = rect_of(&mark.bounds);
    if place.height() > TALL * room.height() {
        // A column to point at is no bar: a line says which it is.
        let line = Stroke::new(1.0, theme.color(Token::Line2));
        painter.vline(place.center().x, place.y_range(), line);
    } else {
        let edge = Stroke::new(1.0, theme.color(Token::Text2));
        painter.rect_stroke(place, paint::corner(1.0), edge, StrokeKind::Outside);
    }
    readout::readout(ui.painter(), at + vec2(2.0, 2.0), std::slice::from_ref(&mark.words), room);
}
