//! Marks over the diagram: hover, selection from here and from elsewhere, a jump's target.

use super::super::{badge, id_of, paint};
use super::state::OneLineState;
use super::words;
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::geom::View;
use crate::scene::oneline::Target;
use crate::scene::plan::ElementId;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Color32, Painter, Rect, Response, Shape, Stroke, StrokeKind};
use std::collections::BTreeSet;

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

/// The selection as the diagram sees it, read once a frame.
pub struct Selected {
    ids: BTreeSet<ElementId>,
    /// It was made here.
    here: bool,
}

impl Selected {
    pub fn of(context: &Context, state: &OneLineState) -> Self {
        let ids: BTreeSet<ElementId> = context.selection.iter().filter_map(id_of).collect();
        let picked: BTreeSet<ElementId> = state.picked.iter().filter_map(id_of).collect();
        Self { here: ids == picked, ids }
    }

    /// How a symbol takes part.
    pub fn relation(&self, state: &OneLineState, spot: usize) -> Option<Relation> {
        let own = state.scene.spots.get(spot).filter(|_| !self.ids.is_empty())?;
        if own.elements.iter().all(|id| self.ids.contains(id)) {
            return Some(if self.here { Relation::Selected } else { Relation::Linked });
        }
        let mut all = own.elements.iter().chain(&own.inside);
        all.any(|id| self.ids.contains(id)).then_some(Relation::Linked)
    }
}

/// Paints everything that belongs to pointer, focus and selection.
pub fn paint(
    painter: &Painter,
    response: &Response,
    selected: &Selected,
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
    let spots = selected.ids.iter().filter_map(|id| state.scene.spot_of(id));
    let spots: BTreeSet<usize> = spots.collect();
    for spot in spots {
        let (Some(rect), Some(relation)) = (place(spot), selected.relation(state, spot)) else {
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
