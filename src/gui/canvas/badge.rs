//! Chips at the pointer: what is under it, how far a measured line runs.

use super::paint::{point, pos};
use super::state::{Drag, PlanViewState};
use super::{resize, typed};
use crate::gui::components::paint::{self as text, Text};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::measure as units;
use crate::gui::theme::Theme;
use crate::scene::geom::View;
use crate::scene::plan::{ElementKind, Item};
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Infrastructure;
use crate::units::{Length, format};
use eframe::egui::{
    Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

/// Name, what it is and its power beside the pointer.
pub fn hover(
    painter: &Painter,
    response: &Response,
    context: &Context,
    state: &PlanViewState,
    room: Rect,
) {
    let (Some(at), Some(id)) = (response.hover_pos(), &state.hover) else { return };
    let Some(item) = state.scene.item(id) else { return };
    if state.drag.is_some() {
        return;
    }
    let mut lines = vec![(item.name.clone(), TextRole::BodyStrong, Token::Text1)];
    if !item.detail.is_empty() {
        lines.push((item.detail.clone(), TextRole::Small, Token::Text2));
    }
    if let Some(load) = load_of(context, state, item) {
        lines.push((load, TextRole::Small, Token::Text2));
    }
    if let Some(said) = state.facts.sheet.readings.get(&item.id.id) {
        let tone = if said.class.is_none() { Token::Warn } else { Token::Text1 };
        lines.push((said.words.clone(), TextRole::Small, tone));
    }
    chip(painter, at, &lines, room);
}

/// Power and loading in words.
fn load_of(context: &Context, state: &PlanViewState, item: &Item) -> Option<String> {
    let facts = &state.facts;
    let id = &item.id.id;
    match item.id.kind {
        ElementKind::Block => {
            let mw = facts.block_mw.get(id).map(|mw| format!("{mw:.3} MW of IT power"));
            let node = state.scene.block(id).and_then(|b| b.node.as_ref());
            let load = node.and_then(|n| facts.load.get(n));
            let load = load.map(|l| format!("row at {:.1} % of its rating", l * 100.0));
            match (mw, load) {
                (Some(a), Some(b)) => Some(format!("{a}, {b}")),
                (a, b) => a.or(b),
            }
        }
        ElementKind::Node | ElementKind::Feed => {
            let used = facts.used_mw.get(id)?;
            let share = facts.load.get(id).map(|l| format!(", {:.1} % of its rating", l * 100.0));
            Some(format!("{used:.1} MW{}", share.unwrap_or_default()))
        }
        ElementKind::Hall => {
            let blocks = &context.hall_group(id)?.blocks;
            let mw: f64 = blocks.iter().filter_map(|b| facts.block_mw.get(&b.id)).sum();
            facts.solved.then(|| format!("{mw:.1} MW of IT power"))
        }
        _ => None,
    }
}

/// Lines of text on a floating plate that stays inside `room`.
pub fn chip(painter: &Painter, at: Pos2, lines: &[(String, TextRole, Token)], room: Rect) {
    let theme = Theme::of(painter.ctx());
    let wide = lines.iter().map(|l| text::width(painter, &l.0, l.1)).fold(0.0, f32::max);
    let tall: f32 = lines.iter().map(|l| l.1.style().line).sum();
    let whole = vec2(wide + 20.0, tall + 12.0);
    let mut corner = at + vec2(14.0, 16.0);
    if corner.x + whole.x > room.right() - 4.0 {
        corner.x = at.x - whole.x - 8.0;
    }
    if corner.y + whole.y > room.bottom() - 4.0 {
        corner.y = at.y - whole.y - 8.0;
    }
    let plate = Rect::from_min_size(corner, whole);
    floating(painter, plate, theme);
    let mut y = plate.top() + 6.0;
    for (words, role, token) in lines {
        let line = role.style().line;
        let row = Rect::from_min_size(pos2(plate.left() + 10.0, y), vec2(wide + 1.0, line));
        Text::new(words, *role, theme.color(*token)).paint(painter, row);
        y += line;
    }
}

/// Why what is dragged will not do here, with a cross, at the pointer.
pub fn refusal(painter: &Painter, at: Pos2, reasons: &[String], room: Rect) {
    const SHOWN: usize = 3;
    let theme = Theme::of(painter.ctx());
    let mut lines: Vec<String> = reasons.iter().take(SHOWN).cloned().collect();
    if reasons.len() > SHOWN {
        lines.push(format!("and {} more", reasons.len() - SHOWN));
    }
    let wide = lines.iter().map(|l| text::width(painter, l, TextRole::Small)).fold(0.0, f32::max);
    let line = TextRole::Small.style().line;
    let whole = vec2(wide + 34.0, line * lines.len() as f32 + 10.0);
    let least = room.min + vec2(4.0, 4.0);
    let most = (room.max - whole - vec2(4.0, 4.0)).max(least);
    let corner = (at + vec2(14.0, 16.0)).clamp(least, most);
    let plate = Rect::from_min_size(corner, whole);
    let edge = Stroke::new(1.0, theme.color(Token::Err));
    painter.add(theme.shadow().as_shape(plate, text::corner(size::RADIUS_CARD)));
    text::plate(painter, plate, size::RADIUS_CARD, theme.color(Token::ErrBg), edge);
    let cross = pos2(plate.left() + 13.0, plate.top() + 5.0 + line / 2.0);
    Icon::Cross.paint_sized(painter, cross, 11.0, theme.color(Token::Err));
    for (i, words) in lines.iter().enumerate() {
        let top = plate.top() + 5.0 + line * i as f32;
        let row = Rect::from_min_size(pos2(plate.left() + 24.0, top), vec2(wide + 1.0, line));
        Text::new(words, TextRole::Small, theme.color(Token::Text1)).paint(painter, row);
    }
}

/// Plate and shadow of things that float over the plan.
pub fn floating(painter: &Painter, rect: Rect, theme: &Theme) {
    let corner = text::corner(size::RADIUS_CARD);
    painter.add(theme.shadow().as_shape(rect, corner));
    painter.rect(rect, corner, theme.color(Token::Panel), theme.outline(), StrokeKind::Inside);
}

/// A dashed line with its length.
pub fn measure(ui: &Ui, response: &Response, state: &PlanViewState, view: &View) {
    let painter = &ui.painter_at(response.rect);
    let theme = Theme::of(painter.ctx());
    let live = matches!(state.drag, Some(Drag::Measure(_)));
    let Some((a, b)) = state.measured else { return };
    let b = match (live, response.interact_pointer_pos()) {
        (true, Some(at)) => view.to_world(point(at)),
        _ => b,
    };
    let (p, q) = (pos(view.to_screen(a)), pos(view.to_screen(b)));
    let stroke = Stroke::new(1.2, theme.color(Token::Text1));
    painter.extend(Shape::dashed_line(&[p, q], stroke, 4.0, 3.0));
    for end in [p, q] {
        painter.circle(end, 3.5, theme.color(Token::Canvas), stroke);
    }
    let corner = (b.x - a.x).abs() + (b.y - a.y).abs();
    let system = units::system(painter.ctx());
    let length = |m: f64| format::length(Length::m(m), system);
    let words = format!("{} direct, {} square", length(a.distance(b)), length(corner));
    let wide = text::width(painter, &words, TextRole::SmallStrong) + 16.0;
    let plate = Rect::from_center_size(p.lerp(q, 0.5), vec2(wide, 20.0));
    painter.rect(plate, 3.0, theme.color(Token::Panel), theme.outline(), StrokeKind::Inside);
    Text::new(&words, TextRole::SmallStrong, theme.color(Token::Text1))
        .center()
        .paint(painter, plate);
    let said = ui.interact(plate, response.id.with("measured"), Sense::hover());
    said.widget_info(|| WidgetInfo::labeled(Role::Status, true, format!("Measured: {words}")));
}

/// Size and racks of what is being resized, or why the size cannot be.
pub fn sizing(ui: &Ui, context: &Context, state: &PlanViewState, room: Rect) {
    let Some(at) = ui.ctx().pointer_latest_pos() else { return };
    if let Some(Drag::Refused(why)) = &state.drag {
        return refusal(ui.painter(), at, std::slice::from_ref(why), room);
    }
    if let Some(typed) = &state.typed {
        let (names, now) = match &state.drag {
            Some(Drag::Resize(sizing)) => (typed::SIZE, resize::size_of(sizing)),
            Some(Drag::Move(moving)) => (typed::MOVE, moving.sent.unwrap_or_default()),
            _ => return,
        };
        return typed.show(ui, at, (names, now), room);
    }
    let Some(Drag::Resize(sizing)) = &state.drag else { return };
    if let Some(why) = &sizing.refused {
        return refusal(ui.painter(), at, std::slice::from_ref(why), room);
    }
    let words = resize::words(ui, context, sizing);
    let lines: Vec<_> =
        words.into_iter().map(|w| (w, TextRole::SmallStrong, Token::Text1)).collect();
    chip(ui.painter(), at, &lines, room);
}

/// What stands on a plan without places.
pub fn nothing(painter: &Painter, rect: Rect, context: &Context) {
    let theme = Theme::of(painter.ctx());
    let line =
        |dy: f32| Rect::from_center_size(rect.center() + vec2(0.0, dy), vec2(rect.width(), 16.0));
    let (title, why) = if context.site.terms.site.infrastructure == Infrastructure::Built {
        ("Nothing stands here yet", "Choose a hall or the parcel in the catalogue, then click here")
    } else {
        (
            "This layout has no ground plan",
            "Its infrastructure is a reference: racks are a pool of power without places",
        )
    };
    let strong = theme.color(Token::Text1);
    Text::new(title, TextRole::BodyStrong, strong).center().paint(painter, line(-9.0));
    Text::new(why, TextRole::Body, theme.color(Token::Text2)).center().paint(painter, line(9.0));
}
