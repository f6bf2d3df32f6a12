//! Drawing the outline of a constraint area: clicks set corners, Enter or a double click
//! ends, Backspace takes the last corner back, Escape gives up.

use super::badge;
use super::paint::{point, pos};
use super::state::{PlanViewState, Tool};
use crate::gui::action::{Action, Actions, Edit, View as ViewAction};
use crate::gui::theme::Theme;
use crate::scene::geom::{Pt, View, pt};
use crate::scene::plan::RASTER_M as SNAP_M;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::ConstraintKind;
use eframe::egui::{Key, Modifiers, Painter, Rect, Response, Shape, Stroke, Ui};

/// Kind of an area that has just been drawn; the inspector changes it.
const KIND: ConstraintKind = ConstraintKind::Easement;

/// Keys while corners are set.
pub fn keys(ui: &Ui, state: &mut PlanViewState, actions: &mut Actions) {
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::Enter) {
        end(state, actions);
    }
    if pressed(Key::Backspace) {
        state.outline.pop();
    }
    if pressed(Key::Escape) {
        leave(state);
    }
}

/// A click sets a corner; the second of a double click ends.
pub fn click(
    response: &Response,
    state: &mut PlanViewState,
    at: Option<Pt>,
    actions: &mut Actions,
) {
    if response.double_clicked() && state.tool == Tool::Outline {
        end(state, actions);
    } else if response.clicked()
        && let Some(at) = at
    {
        let at = snapped(state, at);
        if state.outline.last() != Some(&at) {
            state.outline.push(at);
        }
        if let (Tool::Calibrate, [from, to]) = (state.tool, state.outline.as_slice()) {
            actions.push(Action::View(ViewAction::Calibrated {
                underlay: state.calibrated.clone(),
                from: [from.x, from.y],
                to: [to.x, to.y],
            }));
            leave(state);
        }
    }
}

fn snapped(state: &PlanViewState, at: Pt) -> Pt {
    // A known distance in a picture keeps no raster.
    let on_raster = state.snap && state.tool == Tool::Outline;
    let snap = |v: f64| if on_raster { (v / SNAP_M).round() * SNAP_M } else { v };
    // Sums of steps would show their last bits in the file.
    let millimetre = |v: f64| (v * 1e3).round() / 1e3;
    pt(millimetre(snap(at.x)), millimetre(snap(at.y)))
}

fn end(state: &mut PlanViewState, actions: &mut Actions) {
    if state.tool != Tool::Outline {
        return;
    }
    let mut corners: Vec<[f64; 2]> = state.outline.iter().map(|p| [p.x, p.y]).collect();
    corners.dedup();
    if corners.len() >= 3 {
        actions.push(Action::Edit(Edit::AddConstraint(KIND, corners)));
        leave(state);
    }
}

fn leave(state: &mut PlanViewState) {
    state.outline.clear();
    state.tool = Tool::Select;
}

/// The corners set so far, the side to the pointer and what to do next.
pub fn paint(painter: &Painter, state: &PlanViewState, view: &View, room: Rect) {
    if !matches!(state.tool, Tool::Outline | Tool::Calibrate) {
        return;
    }
    let theme = Theme::of(painter.ctx());
    let stroke = Stroke::new(size::SELECTION, theme.color(Token::Accent));
    let pointer = painter.ctx().pointer_latest_pos().filter(|p| room.contains(*p));
    let next = pointer.map(|p| pos(view.to_screen(snapped(state, view.to_world(point(p))))));
    let corners: Vec<_> = state.outline.iter().map(|p| pos(view.to_screen(*p))).collect();
    let line: Vec<_> = corners.iter().copied().chain(next).collect();
    painter.add(Shape::line(line.clone(), stroke));
    if let (Some(first), Some(last), true) = (line.first(), line.last(), line.len() > 2) {
        painter.extend(Shape::dashed_line(&[*last, *first], stroke, 4.0, 3.0));
    }
    for corner in &corners {
        painter.circle(*corner, 3.5, theme.color(Token::Handle), stroke);
    }
    if let Some(at) = pointer {
        let words = match corners.len() {
            0 if state.tool == Tool::Calibrate => "Click a point of the underlay",
            _ if state.tool == Tool::Calibrate => "Click the point at a known distance",
            0 => "Click the first corner",
            1 | 2 => "Click the next corner",
            _ => "Enter or double click to end",
        };
        badge::chip(painter, at, &[(words.to_owned(), TextRole::Small, Token::Text2)], room);
    }
}
