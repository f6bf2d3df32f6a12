//! What will be taken from a foreign file, before it is: role, unit, layer and scale where
//! the file leaves them open, a picture of its lines, what is taken and what is left out.

mod columns;

use super::{Choice, body, buttons, ghost, heading};
use crate::editor::ImportDraft as Draft;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::row;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::import::{Change, Imported, Role, Scale};
use crate::units::LengthUnit;
use eframe::egui::{Pos2, Role as WidgetRole, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Lines of a list that the dialog has room for.
const SHOWN: usize = 6;
const PREVIEW_PX: f32 = 170.0;

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, &format!("Import {}", draft.name()));
    options(ui, draft);
    if draft.kept {
        body(ui, "The columns are as you chose them for this header row before");
    }
    ui.add_space(6.0);
    match draft.result() {
        Ok(imported) => {
            preview(ui, imported);
            list(ui, "Taken", imported.taken.iter().cloned());
            let skipped = imported.skipped.iter().map(|s| format!("{}: {}", s.place, s.reason));
            list(ui, "Left out", skipped);
        }
        Err(report) => {
            for finding in report.items.iter().take(SHOWN) {
                body(ui, &finding.message);
                body(ui, &finding.hint);
            }
        }
    }
    buttons(ui, |ui| {
        let has_changes = |imported: &Imported| !imported.changes.is_empty();
        let ready = draft.is_read() && draft.result().as_ref().is_ok_and(has_changes);
        let go = Button::new("Import").look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        reading(ui, draft.is_read());
        match draft.result() {
            Ok(imported) if go => Some(Choice::Import(Box::new(imported.clone()))),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}

/// That what is shown is not yet as it was asked for.
pub(super) fn reading(ui: &mut Ui, is_read: bool) {
    if !is_read {
        let (text, role) = ("Reading...", TextRole::Small);
        let width = paint::width(ui.painter(), text, role);
        let (rect, response) = ui.allocate_exact_size(vec2(width, size::BUTTON), Sense::hover());
        let color = Theme::of(ui.ctx()).color(Token::Text3);
        Text::new(text, role, color).paint(ui.painter(), rect);
        response.widget_info(|| WidgetInfo::labeled(WidgetRole::Status, true, text));
    }
}

fn options(ui: &mut Ui, draft: &mut Draft) {
    let roles = draft.roles();
    if roles.len() > 1 {
        let names: Vec<String> = roles.iter().map(|r| r.title().to_owned()).collect();
        let selected = roles.iter().position(|r| Some(*r) == draft.options.role).or(Some(0));
        if let Some(role) = row::choice(ui, "As", &names, selected).and_then(|i| roles.get(i)) {
            draft.options.role = Some(*role);
        }
    }
    if draft.is_drawing() {
        let mut names = vec!["as the drawing says".to_owned()];
        names.extend(LengthUnit::ALL.iter().map(|u| u.name().to_owned()));
        let chosen = draft.options.unit;
        let selected = LengthUnit::ALL.iter().position(|u| Some(*u) == chosen).map_or(0, |i| i + 1);
        if let Some(index) = row::choice(ui, "Unit", &names, Some(selected)) {
            draft.options.unit = index.checked_sub(1).and_then(|i| LengthUnit::ALL.get(i)).copied();
        }
        layer(ui, draft);
    }
    let changed = draft.columns().and_then(|(table, mapping)| columns::show(ui, table, mapping));
    if let Some(changed) = changed {
        draft.options.mapping = Some(changed);
        draft.kept = false;
    }
    if let Some(Scale::MetresPerPixel(scale)) = draft.options.scale
        && let Some(text) = row::text(ui, "Metres per pixel", &format!("{scale:.4}"))
        && let Ok(scale) = text.trim().parse()
    {
        draft.options.scale = Some(Scale::MetresPerPixel(scale));
    }
}

fn layer(ui: &mut Ui, draft: &mut Draft) {
    let layers = match draft.result() {
        Ok(imported) => imported.layers.clone(),
        Err(_) => draft.options.layer.iter().cloned().collect(),
    };
    if layers.is_empty() || draft.options.role == Some(Role::Underlay) {
        return;
    }
    let mut names = vec!["the largest outline of all".to_owned()];
    names.extend(layers.iter().cloned());
    let selected = draft.options.layer.as_ref().and_then(|l| layers.iter().position(|n| n == l));
    let selected = selected.map_or(0, |i| i + 1);
    if let Some(index) = row::choice(ui, "Layer of the parcel", &names, Some(selected)) {
        draft.options.layer = index.checked_sub(1).and_then(|i| layers.get(i)).cloned();
    }
}

pub(super) fn list(ui: &mut Ui, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    ui.add_space(4.0);
    super::line(ui, title, TextRole::BodyStrong, Token::Text1);
    for text in lines.iter().take(SHOWN) {
        body(ui, text);
    }
    if lines.len() > SHOWN {
        body(ui, &format!("and {} more", lines.len() - SHOWN));
    }
}

/// The lines that are taken, north up.
fn preview(ui: &mut Ui, imported: &Imported) {
    let lines = &imported.preview;
    let points = || lines.iter().flatten();
    let Some(first) = points().next() else { return };
    let most = points().fold(*first, |m, p| [m[0].max(p[0]), m[1].max(p[1])]);
    let least = points().fold(*first, |m, p| [m[0].min(p[0]), m[1].min(p[1])]);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), PREVIEW_PX), Sense::hover());
    let t = Theme::of(ui.ctx());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, size::RADIUS_CARD, t.color(Token::Canvas));
    let room = rect.shrink(12.0);
    let (w, h) = ((most[0] - least[0]) as f32, (most[1] - least[1]) as f32);
    let scale = (room.width() / w.max(1e-6)).min(room.height() / h.max(1e-6));
    let corner = room.center() - vec2(w, h) * scale / 2.0;
    let at = |p: &[f64; 2]| -> Pos2 {
        pos2(
            corner.x + (p[0] - least[0]) as f32 * scale,
            corner.y + (p[1] - least[1]) as f32 * scale,
        )
    };
    let parcel = imported.changes.iter().any(|c| matches!(c, Change::Parcel(_)));
    let token = if parcel { Token::Accent } else { Token::Text2 };
    let stroke = Stroke::new(if parcel { size::SELECTION } else { 1.0 }, t.color(token));
    for line in lines {
        painter.add(Shape::line(line.iter().map(at).collect(), stroke));
    }
    let spoken = format!("Preview of {} lines", lines.len());
    response.widget_info(|| WidgetInfo::labeled(WidgetRole::Image, true, &spoken));
}
