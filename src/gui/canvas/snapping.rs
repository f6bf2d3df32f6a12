//! Snapping while something is dragged, and the guides that it draws.

use super::paint::pos;
use super::state::PlanViewState;
use crate::gui::components::paint::{self as text, Text};
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View};
use crate::scene::plan::{ElementId, Guide, Level, Sides, Snapped, Snapping};
use crate::scene::tokens::{TextRole, Token};
use crate::units::{Length, format};
use eframe::egui::{Painter, Rect, Stroke, StrokeKind, Ui, vec2};
use std::collections::HashSet;
use std::sync::Arc;

/// Points within which a line attracts.
const REACH: f64 = 6.0;

/// What is dragged, as it stood when the gesture began.
#[derive(Clone, Debug, PartialEq)]
pub struct Dragged {
    pub start: Bounds,
    pub level: Level,
    /// Ids of it and of all that it carries.
    pub carried: Arc<HashSet<String>>,
}

/// Where what is dragged comes to rest; where it is wanted while the magnet is off or Alt is held.
pub fn rest(
    ui: &Ui,
    state: &PlanViewState,
    dragged: &Dragged,
    sides: Sides,
    wanted: [f64; 2],
) -> Snapped {
    let off = !state.snap || ui.input(|i| i.modifiers.alt);
    let view = state.camera.view.filter(|_| !off);
    let Some(view) = view else { return Snapped { shift: wanted, guides: Vec::new() } };
    let excluded = |id: &ElementId| dragged.carried.contains(&id.id);
    Snapping {
        scene: &state.scene,
        from: dragged.start,
        sides,
        level: dragged.level,
        excluded: &excluded,
        within: view.visible(),
        reach_m: REACH / view.scale,
    }
    .at(wanted)
}

/// Thin lines where things are aligned, measured lines where a distance says something.
pub fn paint(painter: &Painter, guides: &[Guide], view: &View) {
    let theme = Theme::of(painter.ctx());
    let accent = theme.color(Token::Accent);
    let thin = Stroke::new(1.0, accent);
    for guide in guides {
        let (a, b) = (pos(view.to_screen(guide.from)), pos(view.to_screen(guide.to)));
        painter.line_segment([a, b], thin);
        let Some(distance) = guide.distance_m else { continue };
        // Ticks at both ends, across the line.
        let across = (b - a).normalized().rot90() * 3.5;
        for end in [a, b] {
            painter.line_segment([end - across, end + across], thin);
        }
        if a.distance(b) < 24.0 {
            continue;
        }
        let words = format::length(Length::m(distance), measure::system(painter.ctx()));
        let wide = text::width(painter, &words, TextRole::Small) + 10.0;
        let plate = Rect::from_center_size(a.lerp(b, 0.5), vec2(wide, 16.0));
        painter.rect(plate, 3.0, theme.color(Token::Panel), thin, StrokeKind::Inside);
        Text::new(&words, TextRole::Small, accent).center().paint(painter, plate);
    }
}
