//! When the phases of the site are energised, in service and at full load: a bar for each, whose
//! energisation is dragged or moved by the arrow keys from month to month. One drag is one entry of
//! the history.

use super::charts;
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::canvas::paint::{bounds, rect as rect_of, with_measure};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::panels::economics::{body, header, plate};
use crate::gui::panels::rows::number_text;
use crate::gui::theme::Theme;
use crate::scene::chart::money::{Chart, Id as ChartId, Kind, Phases, Stage, Track};
use crate::scene::shape::Ink;
use crate::scene::tokens::{TextRole, Token};
use crate::site::Phase;
use crate::study::finance::SiteFinance;
use crate::study::finance::schedule::PhaseTimes;
use crate::units::Power;
use crate::units::format;
use eframe::egui::{
    CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::collections::BTreeMap;

/// Months shown after the last phase is energised and at full load.
const AFTER: f64 = 12.0;
/// Latest month that a phase may have: fifty years.
const LATEST: i64 = 600;
/// Height of a line below the bars, and how many there are at most.
const LINE: f32 = 18.0;
const LINES: usize = 6;
/// Months that an arrow with Shift moves by.
const FAR: i64 = 6;

/// Shows the card in `rect`.
pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    finance: &SiteFinance,
    (rect, actions): (Rect, &mut Actions),
) {
    plate(ui, rect);
    header(ui, rect, "Schedule", "drag a bar, or move it with the arrow keys");
    let phases = &cx.site.campus.phases;
    let lines = lines(finance);
    let room = body(rect);
    if phases.is_empty() {
        let why = "The layout states no phases: the whole site is energised at once";
        let all: Vec<String> = std::iter::once(why.to_owned()).chain(lines).collect();
        return told(ui, &all, room);
    }
    let span = span(ui, phases, finance);
    let chart = chart(cx, finance, span);
    let (room, below) = room.split_top_bottom_at_y(room.bottom() - LINE * lines.len() as f32);
    told(ui, &lines, below);
    charts::content(ui, &chart, room);
    let Kind::Phases(drawn) = &chart.kind else { return };
    let painter = ui.painter().clone();
    let plot = rect_of(&with_measure(&painter, |m| drawn.plot(bounds(room), m)));
    let row = drawn.row(f64::from(plot.height())) as f32;
    let per_month = plot.width() / drawn.months.max(1.0) as f32;
    for (n, phase) in phases.iter().enumerate() {
        let top = plot.top() + row * n as f32;
        let line = Rect::from_min_max(pos2(plot.left(), top), pos2(plot.right(), top + row));
        let start = (drawn.start.0, drawn.start.1);
        handle(ui, (phase, start), (line, per_month), actions);
    }
}

/// What decides the date of each phase, and when it runs in full.
fn lines(finance: &SiteFinance) -> Vec<String> {
    let line = |phase: &PhaseTimes| {
        let mut parts = vec![
            format!("in service {}", finance.month(phase.service_month)),
            format!("full load {}", finance.month(phase.full_month)),
        ];
        parts.extend(phase.waits_for.as_ref().map(|what| format!("waits for {what}")));
        if let (Some(item), Some(before)) = (&phase.critical, phase.order_before_start_months) {
            let month = phase.start_month - before;
            let late = if month < 0 { ", before the first month" } else { "" };
            parts.push(format!("order {item} by {}{late}", finance.month(month)));
        }
        format!("{}: {}", phase.name, parts.join(", "))
    };
    finance.schedule.phases.iter().take(LINES).map(line).collect()
}

/// Lines of small text below each other.
fn told(ui: &mut Ui, lines: &[String], room: Rect) {
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    for (n, text) in lines.iter().enumerate() {
        let at = pos2(room.left(), room.top() + LINE * n as f32);
        let place = Rect::from_min_size(at, vec2(room.width(), LINE));
        Text::new(text, TextRole::Small, grey).paint(ui.painter(), place);
        let response = ui.interact(place, ui.scope_id().with(("schedule", n)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        response.on_hover_text(text);
    }
}

/// Power of each phase under the plan, MW of IT; a block without one is of the earliest.
fn power(cx: &Context<'_>) -> BTreeMap<String, f64> {
    let phases = &cx.site.campus.phases;
    let earliest = phases.iter().min_by_key(|p| p.month).map(|p| p.id.clone());
    let mut sums = BTreeMap::new();
    for group in &cx.site.halls {
        let hall = group.hall.as_ref().and_then(|h| h.phase.clone());
        for block in &group.blocks {
            let own = block.phase.clone().or(hall.clone()).or(earliest.clone());
            let mw: f64 = cx.block_results(&block.id).map(|b| b.it_mw).sum();
            if let Some(id) = own {
                *sums.entry(id).or_insert(0.0) += mw;
            }
        }
    }
    sums
}

fn handle_id(phase: &Phase) -> Id {
    Id::unique(("phase", phase.id.as_str()))
}

/// Months that are shown; they stay as they are while a bar is dragged.
fn span(ui: &Ui, phases: &[Phase], finance: &SiteFinance) -> f64 {
    let kept = Id::unique("schedule-span");
    let dragged = phases.iter().any(|p| ui.ctx().is_being_dragged(handle_id(p)));
    if let Some(months) = ui.data(|d| d.get_temp::<f64>(kept)).filter(|_| dragged) {
        return months;
    }
    let energised = phases.iter().map(|p| i64::from(p.month));
    let full = finance.schedule.phases.iter().map(|p| p.full_month);
    let months = energised.chain(full).max().unwrap_or(0) as f64 + AFTER;
    ui.data_mut(|d| d.insert_temp(kept, months));
    months
}

fn chart(cx: &Context<'_>, finance: &SiteFinance, months: f64) -> Chart {
    let phases = &cx.site.campus.phases;
    let power = power(cx);
    let tracks = phases.iter().map(|phase| {
        let at = f64::from(phase.month);
        let mw = power.get(&phase.id).copied().unwrap_or(0.0);
        let stage = |name: &str, ink: Ink, from: f64, to: f64| Stage {
            name: name.to_owned(),
            ink,
            from,
            to,
        };
        // A phase without racks is energised and no more.
        let times = finance.schedule.phases.iter().find(|own| own.id == phase.id);
        let of = |month: fn(&PhaseTimes) -> i64| times.map_or(months, |own| month(own) as f64);
        let service = of(|own| own.service_month).max(at);
        let full = of(|own| own.full_month).max(service);
        let stages = [
            stage("Before energisation", Ink::token(Token::Text3).faded(0.45), 0.0, at),
            stage("Energised, in building", Ink::token(Token::Worse), at, service),
            stage("Ramp-up", Ink::token(Token::Better).faded(0.55), service, full),
            stage("Full load", Ink::token(Token::Better), full, months),
        ];
        Track {
            name: format!("{}, {} IT", phase.name, format::power(Power::mw(mw))),
            stages: stages.into_iter().filter(|s| s.to > s.from).collect(),
        }
    });
    let calendar = &finance.project.calendar;
    let start = (calendar.start_year, calendar.start_month);
    Chart {
        id: ChartId::Phases,
        title: "Schedule".to_owned(),
        note: "months after the start of the project".to_owned(),
        kind: Kind::Phases(Phases { start, months, tracks: tracks.collect() }),
    }
}

/// `2027-11` of a month after the start.
fn date(start: (i32, u32), month: u32) -> String {
    let months = start.0 * 12 + start.1 as i32 - 1 + month as i32;
    format!("{}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
}

/// What senses a row: the edge between its two bars.
fn handle(
    ui: &mut Ui,
    (phase, start): (&Phase, (i32, u32)),
    (line, per_month): (Rect, f32),
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let id = handle_id(phase);
    let response = ui
        .interact(line, id, Sense::click_and_drag())
        .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    let x = line.left() + per_month * phase.month as f32;
    let grip = Rect::from_center_size(pos2(x, line.center().y), vec2(7.0, line.height() * 0.72));
    let hot = response.hovered() || response.dragged() || response.has_focus();
    let edge = Stroke::new(1.4, theme.color(if hot { Token::Accent } else { Token::Text2 }));
    let fill = theme.color(Token::Handle);
    ui.painter().rect(grip, paint::corner(2.0), fill, edge, StrokeKind::Inside);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), grip.expand(2.0), 3.0, theme);
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
    }
    let month = i64::from(phase.month);
    let when = date(start, phase.month);
    let spoken = format!("Energisation of {}, month {month}, {when}", phase.name);
    response.widget_info(|| WidgetInfo::slider(true, month as f64, &spoken));
    if response.clicked() {
        response.request_focus();
    }
    let mut ask = |to: i64, gesture: Gesture| {
        let to = to.clamp(0, LATEST);
        let label = format!("Energise {} in month {to}", phase.name);
        actions.push(Action::Edit(Edit::Set {
            path: format!("phases.{}.month", phase.id),
            value: number_text(to as f64),
            label,
            gesture,
        }));
    };
    if response.has_focus() && !response.dragged() {
        let step = arrows(ui);
        if step != 0 {
            ask(month + step, Gesture::Once);
        }
    }
    let from = id.with("from");
    if response.drag_started() {
        ui.data_mut(|d| d.insert_temp(from, (month, 0.0_f32)));
    }
    let Some((began, moved)) = ui.data(|d| d.get_temp::<(i64, f32)>(from)) else { return };
    let moved = moved + response.drag_delta().x;
    let to = began + (moved / per_month).round() as i64;
    if ui.input(|i| i.key_pressed(Key::Escape)) {
        ui.data_mut(|d| d.remove_temp::<(i64, f32)>(from));
        actions.push(Action::Edit(Edit::Abandon));
    } else if response.drag_stopped() {
        ui.data_mut(|d| d.remove_temp::<(i64, f32)>(from));
        if to != began || month != began {
            ask(to, Gesture::Finished);
        }
    } else if response.dragged() {
        ui.data_mut(|d| d.insert_temp(from, (began, moved)));
        if to != month {
            ask(to, Gesture::Dragging);
        }
    }
}

/// Months that the arrow keys of this frame ask for.
fn arrows(ui: &Ui) -> i64 {
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|i| i.consume_key(modifiers, key));
    let keys = [
        (Modifiers::SHIFT, Key::ArrowLeft, -FAR),
        (Modifiers::SHIFT, Key::ArrowRight, FAR),
        (Modifiers::NONE, Key::ArrowLeft, -1),
        (Modifiers::NONE, Key::ArrowRight, 1),
    ];
    keys.into_iter().find(|(m, key, _)| pressed(*m, *key)).map_or(0, |(_, _, step)| step)
}

/// Height that so many phases want.
pub fn height(phases: usize) -> f32 {
    let lines = LINE * (phases.min(LINES) + 1) as f32;
    32.0 + 16.0 + 40.0 + 28.0 * phases as f32 + lines + 4.0
}
