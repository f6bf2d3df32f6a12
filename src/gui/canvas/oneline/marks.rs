//! Marks over the diagram: hover, selection from here and from elsewhere, a jump's target.

use super::super::{badge, id_of, paint};
use super::state::OneLineState;
use super::words;
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::geom::View;
use crate::scene::oneline::Target;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Color32, Painter, Rect, Response, Shape, Stroke, StrokeKind};

/// Between a symbol and its outline.
const AIR: f32 = 4.0;

/// How a symbol takes part in the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Selected on the diagram.
    Selected,
    /// Selected elsewhere, or holds what is selected.
    Linked,
}

/// The relation of a symbol to the selection.
pub fn relation(context: &Context, state: &OneLineState, spot: usize) -> Option<Relation> {
    if context.selection.is_empty() {
        return None;
    }
    let own = state.scene.spots.get(spot)?;
    let is_selected = |id| context.selection.iter().any(|e| id_of(e).as_ref() == Some(id));
    if own.elements.iter().all(is_selected) {
        let here = state.picked == context.selection;
        return Some(if here { Relation::Selected } else { Relation::Linked });
    }
    let holds = own.elements.iter().chain(&own.inside).any(is_selected);
    holds.then_some(Relation::Linked)
}

/// Paints everything that belongs to pointer, focus and selection.
pub fn paint(
    painter: &Painter,
    response: &Response,
    context: &Context,
    state: &OneLineState,
    view: &View,
) {
    let theme = Theme::of(painter.ctx());
    let accent = theme.color(Token::Accent);
    let place = |i: usize| {
        let spot = state.scene.spots.get(i)?;
        let rect = paint::rect(&view.box_to_screen(&spot.bounds));
        let air = if matches!(spot.target, Target::Hall(_)) { 1.0 } else { AIR };
        Some(rect.expand(air)).filter(|r| r.intersects(painter.clip_rect()))
    };
    if let Some(rect) = state.hover.and_then(place) {
        outline(painter, rect, (1.2, theme.color(Token::Text1)));
    }
    let mut spots: Vec<usize> = context
        .selection
        .iter()
        .filter_map(id_of)
        .filter_map(|id| state.scene.spot_of(&id))
        .collect();
    spots.sort_unstable();
    spots.dedup();
    for spot in spots {
        let (Some(rect), Some(relation)) = (place(spot), relation(context, state, spot)) else {
            continue;
        };
        match relation {
            Relation::Selected => {
                painter.rect_filled(rect, 3.0, accent.gamma_multiply(0.14));
                outline(painter, rect, (size::SELECTION, accent));
            }
            Relation::Linked => dashed(painter, rect, accent),
        }
    }
    if let Some(rect) = state.flash.as_ref().and_then(|f| place(f.0)) {
        outline(painter, rect.expand(4.0), (2.0, accent));
    }
    if response.has_focus() {
        let edge = painter.clip_rect().shrink(1.0);
        painter.rect_stroke(edge, 0.0, Stroke::new(1.0, accent), StrokeKind::Inside);
    }
}

fn outline(painter: &Painter, rect: Rect, (width, color): (f32, Color32)) {
    painter.rect_stroke(rect, 3.0, Stroke::new(width, color), StrokeKind::Outside);
}

/// The sign of a selection from elsewhere.
fn dashed(painter: &Painter, rect: Rect, color: Color32) {
    let ring = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    painter.extend(Shape::dashed_line(&ring, Stroke::new(size::SELECTION, color), 4.0, 3.0));
}

/// Name and figures of what is under the pointer.
pub fn hover(painter: &Painter, response: &Response, state: &OneLineState, room: Rect) {
    let (Some(at), Some(spot)) = (response.hover_pos(), state.hover) else { return };
    let (name, rest) = words(state, spot);
    let mut lines = vec![(name, TextRole::BodyStrong, Token::Text1)];
    if !rest.is_empty() {
        lines.push((rest, TextRole::Small, Token::Text2));
    }
    let item = match state.scene.spots.get(spot).map(|s| s.target) {
        Some(Target::Item(i)) => state.scene.layout.diagram.items.get(i),
        _ => None,
    };
    let hint = item.and_then(|i| match () {
        () if i.folded => Some("Double click opens it"),
        () if i.members.len() > 1 => Some("Double click takes it apart"),
        () if i.foldable => Some("Double click folds what is below"),
        () => None,
    });
    if let Some(hint) = hint {
        lines.push((hint.to_owned(), TextRole::Small, Token::Text3));
    }
    badge::chip(painter, at, &lines, room);
}
