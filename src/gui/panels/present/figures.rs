//! The figures of a step in large type, at the right of the stage.

use super::{Step, large, write};
use crate::gui::components::paint;
use crate::gui::components::row::split_unit;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::study::compare;
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2};

/// Height that a figure gets where there is room.
const WANTED: f32 = 112.0;

pub fn show(ui: &mut Ui, now: &Step<'_>, column: Rect) {
    let theme = Theme::of(ui.ctx());
    let figures = &now.step.figures;
    let note = note(now);
    let foot = if note.is_empty() { 0.0 } else { 52.0 };
    let step = ((column.height() - foot) / figures.len().max(1) as f32).min(WANTED);
    for (i, id) in figures.iter().enumerate() {
        let y = column.top() + step * i as f32;
        let place = Rect::from_min_max(pos2(column.left(), y), pos2(column.right(), y + step));
        one(ui, now, *id, place);
        if i > 0 {
            let line = theme.color(Token::Line);
            paint::hairline(ui.painter(), column.left(), column.right(), y - 6.0, line);
        }
    }
    if !note.is_empty() {
        let y = column.top() + step * figures.len() as f32 + 4.0;
        let galley = paint::paragraph(ui.painter(), &note, TextRole::Small, column.width());
        let grey = theme.color(Token::Text3);
        let at = pos2(column.left(), y.min(column.bottom() - galley.size().y));
        ui.painter().galley_with_override_text_color(at, galley, grey);
    }
}

fn one(ui: &mut Ui, now: &Step<'_>, id: crate::site::KeyFigure, place: Rect) {
    let theme = Theme::of(ui.ctx());
    let label = compare::label(id);
    let value = now.shown.and_then(|side| compare::figure(id, side));
    let said = match (value, now.shown) {
        (Some(v), _) => compare::show(id, v),
        (None, Some(side)) if id.is_of_value() && side.finance.is_none() => "…".to_owned(),
        (None, Some(_)) => "unknown".to_owned(),
        // An answer that is under way is no answer.
        (None, None) => "…".to_owned(),
    };
    let grey = theme.color(Token::Text2);
    let top = write(ui, place.min, label, (large(TextRole::Body, 15.0), grey));
    let (number, unit) = split_unit(&said);
    let color = match value {
        Some(_) => theme.color(Token::Text1),
        None => theme.color(Token::Warn),
    };
    let fits = if place.height() < 84.0 { 34.0 } else { 46.0 };
    let font = large(TextRole::Display, fits);
    let taken = write(ui, pos2(place.left(), top.bottom()), number, (font, color));
    if !unit.is_empty() {
        let font = large(TextRole::BodyMedium, 19.0);
        let at = pos2(taken.right() + 8.0, taken.bottom() - fits / super::ENLARGED * 0.62);
        write(ui, at, unit, (font, grey));
    }
    let before = now.from.and_then(|side| Some((compare::figure(id, side)?, side.name)));
    let from = before.map(|(v, name)| format!("from {} with {name}", compare::show(id, v)));
    if let Some(from) = &from {
        let font = large(TextRole::Body, 15.0);
        write(ui, pos2(place.left(), taken.bottom()), from, (font, theme.color(Token::Text3)));
    }
    let spoken = match from {
        Some(from) => format!("{label}: {said}, {from}"),
        None => format!("{label}: {said}"),
    };
    let response = ui.interact(place, ui.scope_id().with(("figure", label)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// What the figures carry with them: labels of the answer, and the demand that they assume.
fn note(now: &Step<'_>) -> String {
    let Some(side) = now.shown else { return "The answer is being computed".to_owned() };
    let mut parts: Vec<String> = side.outcome.labels.clone();
    if let Some(ratio) = side.outcome.headline.world_ratio {
        let times = crate::units::format::fixed(ratio, 2);
        parts.push(format!("output is {times} × the published world volume"));
    }
    crate::units::words::upper_first(&parts.join("; "))
}
