//! PUE of the hours of a year: sorted from the worst, or by month and hour of the day.

use super::chart;
use crate::gui::action::{Action, Actions, File};
use crate::gui::canvas::paint::{
    bounds, paint as paint_shapes, point, rect as on_screen, with_measure,
};
use crate::gui::components::card::{HEADER, body, header};
use crate::gui::components::empty::empty;
use crate::gui::components::paint;
use crate::gui::components::readout;
use crate::gui::components::segmented::segmented;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::report::cooling::{duration, heat};
use crate::scene::chart::{HeatMap, draw_duration, draw_heat};
use crate::scene::tokens::Token;
use crate::study::cooling::Loops;
use crate::units::format::MONTHS;
use eframe::egui::{
    Align, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// How the hours of the year are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hours {
    /// From the worst.
    #[default]
    Sorted,
    ByMonth,
}

const ORDERS: [(Hours, &str); 2] = [(Hours::Sorted, "Sorted"), (Hours::ByMonth, "Month and hour")];
const TITLE: &str = "PUE by hour";
/// Room for the choice in the header.
const CHOICE: f32 = 260.0;

/// Shows the card in `rect`.
pub(super) fn show(
    ui: &mut Ui,
    (found, at): (&Loops, usize),
    rect: Rect,
    (hours, actions): (&mut Hours, &mut Actions),
) {
    header(ui, rect, TITLE, "");
    let top = pos2(rect.right() - 8.0 - CHOICE, rect.top() + 4.0);
    let row = Rect::from_min_size(top, vec2(CHOICE, HEADER - 8.0));
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(row).layout(layout), |ui| {
        let on = ORDERS.iter().position(|(order, _)| order == hours).unwrap_or(0);
        let words = ORDERS.map(|(_, words)| words);
        if let Some(chosen) = segmented(ui, "Hours of the year", &words, on) {
            *hours = ORDERS[chosen].0;
        }
    });
    match hours {
        Hours::Sorted => sorted(ui, (found, at), rect),
        Hours::ByMonth => by_month(ui, (found, at), rect, actions),
    }
}

fn sorted(ui: &mut Ui, (found, at): (&Loops, usize), rect: Rect) {
    let drawn = duration(found, at, measure::system(ui.ctx()));
    let names: Vec<&str> = drawn.curves.iter().map(|c| c.name.as_str()).collect();
    let spoken = format!("PUE of the hours of a year at {}", names.join(", "));
    chart(ui, rect, &spoken, |room, measure| draw_duration(&drawn, room, measure));
}

fn by_month(ui: &mut Ui, (found, at): (&Loops, usize), rect: Rect, actions: &mut Actions) {
    let map = heat(found, at);
    if map.cells.is_empty() {
        let builder = UiBuilder::new().max_rect(body(rect));
        ui.scope_builder(builder, |ui| {
            let why = "Bins of temperature do not tell which month and hour they belong to; \
                       an EPW file of the place does";
            if empty(ui, "The weather is not known hour by hour", why, Some("Weather file...")) {
                actions.push(Action::File(File::Weather));
            }
        });
        return;
    }
    let theme = Theme::of(ui.ctx());
    let canvas = Rect::from_min_max(rect.min + vec2(1.0, HEADER + 1.0), rect.max - vec2(1.0, 1.0));
    ui.painter().rect_filled(canvas, paint::corner(5.0), theme.color(Token::Canvas));
    let room = body(rect);
    let response = ui.interact(room, ui.scope_id().with("pue map"), Sense::hover());
    let painter = ui.painter_at(rect);
    let shapes = with_measure(&painter, |m| draw_heat(&map, bounds(room), m));
    paint_shapes(&painter, &shapes, theme);
    let spoken = format!("PUE by month and hour of the day, {}", map.spoken());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    months(ui, &map, room);
    if let Some((cell, lines)) = response.hover_pos().and_then(|p| map.at(bounds(room), point(p))) {
        let edge = Stroke::new(1.6, theme.color(Token::Accent));
        let on = on_screen(&cell.bounds);
        painter.rect_stroke(on, 0.0, edge, StrokeKind::Outside);
        readout::readout(&painter, on.center(), &lines, room);
    }
}

/// Each month as a part of the picture with words of its own.
fn months(ui: &Ui, map: &HeatMap, room: Rect) {
    let cells = map.cells_in(bounds(room));
    for month in 0..MONTHS.len() {
        let own = cells.iter().filter(|c| c.month == month).map(|c| on_screen(&c.bounds));
        let Some(row) = own.reduce(Rect::union) else { continue };
        let response = ui.interact(row, ui.scope_id().with(("month", month)), Sense::hover());
        let spoken = map.spoken_month(month);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    }
}
