//! Marks over the plan: hover, selection with handles, marquee, a jump's target, staleness.

use super::paint::{self, bounds, pos};
use super::resize::{HANDLE, MOST, grips};
use super::state::{Drag, PlanViewState};
use super::{badge, element_of, id_of};
use crate::editor::lock_of;
use crate::gui::context::{Context, Element};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::panels::inspector::checks;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View};
use crate::scene::plan::{ElementId, ElementKind};
use crate::scene::tokens::{Token, size};
use crate::site::CheckState;
use eframe::egui::{Color32, Painter, Rect, Stroke, StrokeKind, vec2};

/// Elements up to which a drag is checked in every frame.
const MOST_CHECKED: usize = 24;

/// Paints everything that belongs to pointer and selection.
pub fn paint(painter: &Painter, context: &Context, state: &PlanViewState, view: &View) {
    let theme = Theme::of(painter.ctx());
    let on_screen = |b: &Bounds| least(paint::rect(&view.box_to_screen(b)));
    if let Some(item) = state.hover.as_ref().and_then(|id| state.scene.item(id)) {
        let element = element_of(&item.id);
        if !context.is_selected(element.kind, &element.id) {
            // Ground is large: a bright edge around it would shout.
            let token = if item.id.kind == ElementKind::Area { Token::Line2 } else { Token::Text1 };
            outline(painter, on_screen(&item.bounds), 1.2, theme.color(token));
        }
    }
    let few = context.selection.len() <= MOST;
    for item in context.selection.iter().filter_map(id_of).filter_map(|id| state.scene.item(&id)) {
        let rect = on_screen(&item.bounds);
        if !rect.intersects(painter.clip_rect()) {
            continue;
        }
        let locked = few && is_locked(context, &item.id);
        let handles = few && !locked && item.id.kind != ElementKind::Loop;
        selected(painter, rect, handles, theme);
        if locked && rect.width().min(rect.height()) > 18.0 {
            let at = rect.right_top() + vec2(-11.0, 11.0);
            painter.circle_filled(at, 9.0, theme.color(Token::Panel));
            Icon::Lock.paint_sized(painter, at, 12.0, theme.color(Token::Text1));
        }
    }
    broken(painter, context, state, view);
    if let Some((id, _)) = &state.flash
        && let Some(item) = state.scene.item(id)
    {
        let rect = on_screen(&item.bounds).expand(4.0);
        outline(painter, rect, 2.0, theme.color(Token::Accent));
    }
    if let Some(Drag::Marquee(from)) = &state.drag
        && let Some(at) = painter.ctx().pointer_latest_pos()
    {
        let rect = Rect::from_two_pos(pos(view.to_screen(*from)), at);
        painter.rect_filled(rect, 0.0, theme.tint(Token::Accent, 0.12));
        outline(painter, rect, 1.0, theme.color(Token::Accent));
    }
}

/// Whether edits leave an element alone.
fn is_locked(context: &Context, id: &ElementId) -> bool {
    !context.site.campus.locked.is_empty()
        && context.site.find(&id.id).is_some_and(|e| lock_of(context.site, e).is_some())
}

/// Outlines of elements that break a check where they are dragged to, and of what is in their
/// way; the reason stands at the pointer.
fn broken(painter: &Painter, context: &Context, state: &PlanViewState, view: &View) {
    if !matches!(state.drag, Some(Drag::Move(_))) || context.selection.len() > MOST_CHECKED {
        return;
    }
    let theme = Theme::of(painter.ctx());
    let mut reasons: Vec<String> = Vec::new();
    let mark = |element: &Element| {
        let Some(item) = id_of(element).and_then(|id| state.scene.item(&id)) else { return };
        let rect = least(paint::rect(&view.box_to_screen(&item.bounds)));
        outline(painter, rect.expand(1.0), size::SELECTION, theme.color(Token::Err));
    };
    for element in context.selection {
        for check in checks::of(context, element) {
            if !matches!(check.state, CheckState::Warn | CheckState::Fail) {
                continue;
            }
            mark(element);
            if let Some(other) = check.other.as_deref().and_then(Element::of_path) {
                mark(&other);
            }
            let figures = checks::figures(&check, measure::system(painter.ctx()));
            let reason = match (check.figure.is_some(), check.note.is_empty()) {
                (true, true) => format!("{}: {figures}", check.name),
                (true, false) => format!("{}: {figures}. {}", check.name, check.note),
                (false, true) => format!("{}: no", check.name),
                (false, false) => format!("{}: {}", check.name, check.note),
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    if let (Some(at), false) = (painter.ctx().pointer_latest_pos(), reasons.is_empty()) {
        badge::refusal(painter, at, &reasons, painter.clip_rect());
    }
}

/// Marks of things that are smaller than a mark keep a size that can be seen.
fn least(rect: Rect) -> Rect {
    Rect::from_center_size(rect.center(), rect.size().max(vec2(4.0, 4.0)))
}

fn outline(painter: &Painter, rect: Rect, width: f32, color: Color32) {
    painter.rect_stroke(rect, 1.0, Stroke::new(width, color), StrokeKind::Outside);
}

fn selected(painter: &Painter, rect: Rect, handles: bool, theme: &Theme) {
    let accent = theme.color(Token::Accent);
    let around = rect.expand(1.0);
    painter.rect_filled(rect, 0.0, accent.gamma_multiply(0.16));
    outline(painter, around, size::SELECTION, accent);
    if !handles {
        return;
    }
    for (_, at) in grips(rect) {
        let square = Rect::from_center_size(at, vec2(HANDLE, HANDLE));
        painter.rect_filled(square, 1.0, theme.color(Token::Handle));
        painter.rect_stroke(square, 1.0, Stroke::new(1.2, accent), StrokeKind::Inside);
    }
}

/// A thin line at the top says that the colours belong to an older state.
pub fn stale(painter: &Painter, rect: Rect) {
    let theme = Theme::of(painter.ctx());
    let bar =
        Bounds { min: bounds(rect).min, max: bounds(rect).min.plus(f64::from(rect.width()), 2.0) };
    painter.rect_filled(paint::rect(&bar), 0.0, theme.tint(Token::Text3, 0.8));
}
