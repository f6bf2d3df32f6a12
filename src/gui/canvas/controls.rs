//! What floats over any canvas: strips of buttons, zoom, the legend of an overlay.
//! It must not know what is drawn.

use super::badge::floating;
use super::camera::{Camera, ZOOM_STEP};
use super::paint;
use crate::gui::components::paint::{self as text, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::plan::{Overlay, PlanFacts, Sheet, hatch};
use crate::scene::shape::Hue;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2,
    vec2,
};

/// From the edge of a canvas.
pub const INSET: f32 = 10.0;
/// Side of a button of a strip, and room around them.
pub const CELL: f32 = 26.0;
pub const PAD: f32 = 3.0;
/// Swatches that a legend has room for.
const MOST: usize = 6;
/// Size of a legend.
pub const LEGEND: (f32, f32) = (262.0, 74.0);

/// Size of an upright strip of `n` buttons.
pub fn strip(n: f32) -> Vec2 {
    vec2(CELL + 2.0 * PAD, n * CELL + 2.0 * PAD)
}

/// A button of a floating strip.
pub fn cell(ui: &Ui, rect: Rect, name: &str, on: bool) -> (Response, Color32) {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(rect, ui.scope_id().with(("canvas-tool", name)), Sense::click());
    let inner = rect.shrink(1.0);
    let (fill, color) = match (on, response.hovered()) {
        (true, _) => (theme.color(Token::AccentBg), theme.color(Token::Accent)),
        (false, true) => (theme.color(Token::Raised), theme.color(Token::Text1)),
        (false, false) => (Color32::TRANSPARENT, theme.color(Token::Text2)),
    };
    ui.painter().rect_filled(inner, 4.0, fill);
    if response.has_focus() {
        text::focus_ring(ui.painter(), inner, 4.0, theme);
    }
    let spoken = name.to_owned();
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &spoken));
    (response.on_hover_text(name), color)
}

/// Polylines in a box of 16 points.
pub type Glyph = &'static [&'static [(f32, f32)]];

/// Two ends and the line between them.
pub const CONNECT: Glyph = &[
    &[(2.5, 5.0), (5.0, 2.5), (7.5, 5.0), (5.0, 7.5), (2.5, 5.0)],
    &[(6.3, 6.3), (9.7, 9.7)],
    &[(8.5, 11.0), (11.0, 8.5), (13.5, 11.0), (11.0, 13.5), (8.5, 11.0)],
];
const LAYERS: Glyph = &[
    &[(8.0, 2.5), (14.0, 5.6), (8.0, 8.7), (2.0, 5.6), (8.0, 2.5)],
    &[(2.0, 8.4), (8.0, 11.5), (14.0, 8.4)],
    &[(2.0, 11.0), (8.0, 14.1), (14.0, 11.0)],
];

pub fn glyph(painter: &Painter, lines: Glyph, center: Pos2, color: Color32) {
    let origin = center - vec2(8.0, 8.0);
    for line in lines {
        let points = line.iter().map(|p| origin + vec2(p.0, p.1)).collect();
        painter.add(Shape::line(points, Stroke::new(1.3, color)));
    }
}

/// Larger, smaller, everything; whether everything was asked for.
pub fn zoom(ui: &mut Ui, rect: Rect, camera: &mut Camera) -> bool {
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let buttons = [
        (Icon::Plus, "Zoom in", Some(ZOOM_STEP)),
        (Icon::Minus, "Zoom out", Some(1.0 / ZOOM_STEP)),
        (Icon::Fit, "Fit the site", None),
    ];
    let mut fit = false;
    for (i, (icon, name, factor)) in buttons.into_iter().enumerate() {
        let corner = rect.min + vec2(PAD, PAD + i as f32 * CELL);
        let place = Rect::from_min_size(corner, vec2(CELL, CELL));
        let (response, color) = cell(ui, place, name, false);
        icon.paint_sized(ui.painter(), place.center(), 14.0, color);
        if !response.clicked() {
            continue;
        }
        match factor {
            Some(k) => camera.zoom_middle(k),
            None => fit = true,
        }
    }
    fit
}

/// The plate of a legend with the choice of an overlay at its head; what is left for its body.
pub fn legend(ui: &mut Ui, rect: Rect, overlay: &mut Overlay, choices: &[Overlay]) -> Rect {
    let theme = Theme::of(ui.ctx());
    floating(ui.painter(), rect, theme);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), 30.0));
    let response = ui.interact(head, ui.scope_id().with("canvas-overlay"), Sense::click());
    let spoken = format!("Overlay: {}", overlay.name());
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &spoken));
    let strong = theme.color(Token::Text1);
    glyph(ui.painter(), LAYERS, head.left_center() + vec2(19.0, 0.0), theme.color(Token::Text2));
    let words = Rect::from_min_max(pos2(head.left() + 34.0, head.top()), head.right_bottom());
    Text::new(overlay.name(), TextRole::BodyStrong, strong).paint(ui.painter(), words);
    let tip = pos2(head.right() - 16.0, head.center().y);
    Icon::ChevronDown.paint_sized(ui.painter(), tip, 12.0, theme.color(Token::Text2));
    if response.has_focus() {
        text::focus_ring(ui.painter(), head.shrink(2.0), 4.0, theme);
    }
    eframe::egui::Popup::menu(&response).show(|ui| {
        ui.set_min_width(170.0);
        for choice in choices {
            let chosen = *overlay == *choice;
            if ui.selectable_label(chosen, choice.name()).clicked() {
                *overlay = *choice;
            }
        }
    });
    Rect::from_min_max(pos2(rect.left() + 11.0, head.bottom() + 2.0), rect.max - vec2(11.0, 5.0))
}

/// The classes of load over rating.
pub fn loading_scale(painter: &Painter, body: Rect, overlay: Overlay, facts: &PlanFacts) {
    let words = ["< 45", "45–65", "65–80", "80–90", "90–100", "> 100"];
    let entries = words.iter().enumerate().map(|(i, w)| (Hue::Load(i), (*w).to_owned()));
    swatches(painter, body, &entries.collect::<Vec<_>>());
    let solved = if overlay.is_of_flow() { facts.flows } else { facts.solved };
    let note = match (solved, overlay) {
        (false, Overlay::Flow) => "no power flow yet",
        (false, _) => "not solved yet",
        (true, Overlay::Flow) => "% of each machine's rating, AC; triangle over 100",
        (true, Overlay::Firm) => "% of firm capacity; triangle over 100",
        (true, _) => "% of rating, normal state; triangle over 100",
    };
    caption(painter, body, note);
}

/// The classes of an overlay with a sheet of its own; hatched what is unknown.
pub fn sheet(painter: &Painter, body: Rect, sheet: &Sheet) {
    let mut entries: Vec<(Hue, String)> =
        sheet.classes.iter().map(|c| (c.hue, c.words.clone())).collect();
    let unknown = sheet.has_unknown();
    // More than fit are told by their tags.
    entries.truncate(if unknown { MOST - 1 } else { MOST });
    let share = entries.len() as f32 / (entries.len() + usize::from(unknown)).max(1) as f32;
    let classes =
        Rect::from_min_max(body.min, pos2(body.left() + body.width() * share, body.max.y));
    swatches(painter, classes, &entries);
    if unknown {
        let theme = Theme::of(painter.ctx());
        let left = classes.right().min(body.left() + 96.0 * entries.len() as f32) + 2.0;
        let wide = (body.right() - left).min(60.0);
        let bar = Rect::from_min_size(pos2(left, body.top()), vec2(wide, 6.0));
        let mut lines = Vec::new();
        hatch(&mut lines, &paint::bounds(bar));
        paint::paint(painter, &lines, theme);
        let below = Rect::from_min_size(pos2(left, body.top() + 7.0), vec2(wide, 12.0));
        let words = Text::new("unknown", TextRole::Tiny, theme.color(Token::Warn));
        words.center().paint(painter, below);
    }
    caption(painter, body, &sheet.note);
}

/// Bars of colour with words below.
pub fn swatches(painter: &Painter, body: Rect, entries: &[(Hue, String)]) {
    let theme = Theme::of(painter.ctx());
    let gap = 2.0;
    let n = entries.len().max(1) as f32;
    let wide = ((body.width() - gap * (n - 1.0)) / n).min(96.0);
    for (i, (hue, words)) in entries.iter().enumerate() {
        let x = body.left() + i as f32 * (wide + gap);
        let bar = Rect::from_min_size(pos2(x, body.top()), vec2(wide, 6.0));
        painter.rect_filled(bar, 1.0, crate::gui::theme::color(hue.rgb(&theme.palette)));
        let below = Rect::from_min_size(pos2(x, body.top() + 7.0), vec2(wide, 12.0));
        Text::new(words, TextRole::Tiny, theme.color(Token::Text2)).center().paint(painter, below);
    }
}

/// A line below the bars.
pub fn caption(painter: &Painter, body: Rect, words: &str) {
    let theme = Theme::of(painter.ctx());
    let row = Rect::from_min_size(pos2(body.left(), body.top() + 21.0), vec2(body.width(), 14.0));
    Text::new(words, TextRole::Tiny, theme.color(Token::Text3)).paint(painter, row);
}
