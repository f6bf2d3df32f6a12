//! The ghost as it is seen, and as it is read out.

use super::PlaceTool;
use crate::editor::place::{Ghost, Shape};
use crate::gui::canvas::badge;
use crate::gui::canvas::paint::{self, pos};
use crate::gui::canvas::state::PlanViewState;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::{Length, format};
use eframe::egui::{
    Painter, Pos2, Rect, Response, Role, Sense, Shape as Mark, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};

/// Boxes painted one by one; of more only the whole.
const FEW: usize = 600;

/// Paints the ghost and the words at it.
pub fn paint(painter: &Painter, state: &PlanViewState, view: &View, room: Rect) {
    let Some(tool) = &state.place else { return };
    let Some(ghost) = tool.ghost() else { return };
    let theme = Theme::of(painter.ctx());
    let pointer = painter.ctx().pointer_latest_pos().filter(|p| room.contains(*p));
    if let Some(Shape::Outline(corners)) = tool.placing().map(|p| &p.shape) {
        let points: Vec<Pos2> =
            corners.iter().map(|c| pos(view.to_screen(pt(c[0], c[1])))).collect();
        outline(painter, &points, pointer, theme);
        let at = pointer.or(points.last().copied()).unwrap_or(room.center());
        badge::chip(painter, at, &lines(painter, tool, ghost), room);
        return;
    }
    if tool.waits {
        return;
    }
    let on_screen = |(at, size): &([f64; 2], [f64; 2])| {
        paint::rect(&view.box_to_screen(&Bounds::at_size(*at, *size)))
    };
    let rects: Vec<Rect> = ghost.boxes.iter().map(on_screen).collect();
    let whole = rects.iter().copied().reduce(|a, b| a.union(b));
    if let Some(whole) = whole {
        let wrong = ghost.refusal.is_some();
        boxes(painter, &rects, whole, (wrong, theme));
        support(painter, ghost.support.iter().map(on_screen), theme);
    }
    let at = match (tool.by_pointer(pointer), whole) {
        (Some(at), _) => at,
        (None, Some(whole)) => whole.right_bottom(),
        (None, None) => room.center(),
    };
    badge::chip(painter, at, &lines(painter, tool, ghost), room);
}

impl PlaceTool {
    /// The pointer, where the ghost is at it and was not moved away by keys.
    fn by_pointer(&self, pointer: Option<Pos2>) -> Option<Pos2> {
        if self.keyed { None } else { pointer }
    }
}

/// Support racks stand out from the racks that they serve.
fn support(painter: &Painter, rects: impl Iterator<Item = Rect>, theme: &Theme) {
    for rect in rects.take(FEW) {
        painter.rect_filled(rect, 0.0, theme.tint(Token::Text3, 0.45));
        if rect.width().min(rect.height()) > 4.0 {
            let edge = Stroke::new(1.0, theme.color(Token::Text2));
            painter.rect_stroke(rect, 0.0, edge, StrokeKind::Inside);
        }
    }
}

/// Rectangles of things that do not stand yet.
pub(in crate::gui::canvas) fn boxes(
    painter: &Painter,
    rects: &[Rect],
    whole: Rect,
    (wrong, theme): (bool, &Theme),
) {
    let (fill, edge) = if wrong {
        (theme.tint(Token::ErrBg, 0.85), theme.color(Token::Err))
    } else {
        (theme.tint(Token::Accent, 0.22), theme.color(Token::Accent))
    };
    let whole = Rect::from_center_size(whole.center(), whole.size().max(vec2(5.0, 5.0)));
    if rects.len() <= FEW {
        for rect in rects {
            painter.rect_filled(*rect, 0.0, fill);
            if rect.width().min(rect.height()) > 4.0 {
                painter.rect_stroke(*rect, 0.0, Stroke::new(1.0, edge), StrokeKind::Inside);
            }
        }
    } else {
        painter.rect_filled(whole, 0.0, fill);
    }
    let around = whole.expand(1.0);
    painter.rect_stroke(around, 1.0, Stroke::new(size::SELECTION, edge), StrokeKind::Outside);
    if wrong {
        let stroke = Stroke::new(1.2, edge);
        painter.line_segment([whole.left_top(), whole.right_bottom()], stroke);
        painter.line_segment([whole.right_top(), whole.left_bottom()], stroke);
    }
}

/// Corners so far, and a dashed way to the pointer and back.
fn outline(painter: &Painter, points: &[Pos2], pointer: Option<Pos2>, theme: &Theme) {
    let stroke = Stroke::new(size::SELECTION, theme.color(Token::Accent));
    painter.add(Mark::line(points.to_vec(), stroke));
    if let (Some(last), Some(to)) = (points.last(), pointer) {
        painter.extend(Mark::dashed_line(&[*last, to], stroke, 4.0, 3.0));
        if let (true, Some(first)) = (points.len() > 1, points.first()) {
            let faint = Stroke::new(1.0, theme.tint(Token::Accent, 0.6));
            painter.extend(Mark::dashed_line(&[to, *first], faint, 2.0, 4.0));
        }
    }
    for point in points {
        let square = Rect::from_center_size(*point, vec2(6.0, 6.0));
        painter.rect(
            square,
            1.0,
            theme.color(Token::Handle),
            Stroke::new(1.2, theme.color(Token::Accent)),
            StrokeKind::Inside,
        );
    }
}

fn lines(painter: &Painter, tool: &PlaceTool, ghost: &Ghost) -> Vec<(String, TextRole, Token)> {
    let mut lines = vec![(ghost.words.clone(), TextRole::BodyStrong, Token::Text1)];
    if let Some(placing) = tool.placing()
        && let Some((from, to)) = around(&ghost.boxes)
    {
        let system = measure::system(painter.ctx());
        let length = |m: f64| format::length(Length::m(m), system);
        let mut words = format!("{} × {}", length(to[0] - from[0]), length(to[1] - from[1]));
        if matches!(placing.shape, Shape::Size(_)) {
            let m2 = (to[0] - from[0]) * (to[1] - from[1]);
            // Of less than a tenth of a hectare two decimals would say little.
            words.push_str(&match m2 < 1_000.0 {
                true => format!(", {} m²", format::count(m2)),
                false => format!(", {} ha", format::fixed(m2 / 10_000.0, 2)),
            });
        }
        lines.push((words, TextRole::Small, Token::Text2));
    }
    if !tool.typed.is_empty() {
        lines.push((format!("{}, Enter sets it", tool.typed), TextRole::Small, Token::Accent));
    }
    let corners =
        matches!(tool.placing().map(|p| &p.shape), Some(Shape::Outline(c)) if c.len() < 3);
    if let (Some(why), false) = (&ghost.refusal, corners) {
        lines.push((why.clone(), TextRole::Small, Token::Err));
    }
    lines
}

/// North-west and south-east corner of all of them.
fn around(boxes: &[([f64; 2], [f64; 2])]) -> Option<([f64; 2], [f64; 2])> {
    let corners = boxes.iter().map(|(at, size)| (*at, [at[0] + size[0], at[1] + size[1]]));
    corners.reduce(|a, b| {
        let low = [a.0[0].min(b.0[0]), a.0[1].min(b.0[1])];
        (low, [a.1[0].max(b.1[0]), a.1[1].max(b.1[1])])
    })
}

/// Reads the ghost out: what it is and whether it fits.
pub fn name(ui: &Ui, response: &Response, state: &PlanViewState) {
    let Some(ghost) = state.place.as_ref().and_then(PlaceTool::ghost) else { return };
    let text = match &ghost.refusal {
        Some(why) => format!("Placing {}: {why}", ghost.words),
        None => format!("Placing {}", ghost.words),
    };
    let place = Rect::from_min_size(response.rect.left_bottom(), vec2(1.0, 1.0));
    let node = ui.interact(place, response.id.with("placing"), Sense::hover());
    node.widget_info(|| WidgetInfo::labeled(Role::Status, true, &text));
}
