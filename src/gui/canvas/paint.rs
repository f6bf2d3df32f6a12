//! Plain shapes of a scene as shapes of egui: the only place where roles become colours
//! and texts become glyphs. It must not know what is drawn.

use crate::gui::theme::{Theme, color, font};
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::{Cell, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::epaint::{CircleShape, Mesh, PathShape, RectShape, TextShape, Vertex, WHITE_UV};
use eframe::egui::{
    self, Align2, Color32, CornerRadius, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, pos2,
};
use std::sync::Arc;

pub fn pos(p: Pt) -> Pos2 {
    pos2(p.x as f32, p.y as f32)
}

pub fn point(p: Pos2) -> Pt {
    Pt { x: f64::from(p.x), y: f64::from(p.y) }
}

pub fn rect(b: &Bounds) -> Rect {
    Rect::from_min_max(pos(b.min), pos(b.max))
}

pub fn bounds(r: Rect) -> Bounds {
    Bounds { min: point(r.min), max: point(r.max) }
}

pub fn ink(ink: Ink, palette: &Palette) -> Color32 {
    let base = color(ink.hue.rgb(palette));
    if ink.alpha >= 1.0 { base } else { base.gamma_multiply(ink.alpha) }
}

fn stroke(pen: &Pen, palette: &Palette) -> Stroke {
    Stroke::new(pen.width, ink(pen.ink, palette))
}

/// Lays a text out in the fonts of the window; its colour comes with its place.
pub(super) fn layout(painter: &Painter, text: &str, role: TextRole) -> Arc<Galley> {
    painter.layout_no_wrap(text.to_owned(), font(role), Color32::PLACEHOLDER)
}

/// Size of a text that is laid out.
pub(super) fn size(galley: &Galley, role: TextRole) -> (f64, f64) {
    (f64::from(galley.size().x), f64::from(role.style().line))
}

/// Calls `body` with a measure of the window's fonts.
pub fn with_measure<R>(painter: &Painter, body: impl FnOnce(&mut Measure) -> R) -> R {
    body(&mut |text, role| size(&layout(painter, text, role), role))
}

/// Paints shapes in order.
pub fn paint(painter: &Painter, shapes: &[Shape], theme: &Theme) {
    let clip = painter.clip_rect();
    let k = painter.pixels_per_point();
    for shape in shapes {
        let text =
            lettering(shape, &theme.palette, k, &mut |text, role| layout(painter, text, role));
        match text {
            Some(text) => {
                painter.add(text);
            }
            None => geometry(shape, &theme.palette, clip, &mut |s| {
                painter.add(s);
            }),
        }
    }
}

/// A text as a shape of egui; `None` for everything else. `k` are pixels to the point.
pub(super) fn lettering(
    shape: &Shape,
    palette: &Palette,
    k: f32,
    layout: &mut dyn FnMut(&str, TextRole) -> Arc<Galley>,
) -> Option<egui::Shape> {
    match shape {
        Shape::Text { at, anchor, text, role, ink: colour } => {
            let galley = layout(text, *role);
            let line = role.style().line;
            let mut at = pos(anchor.bounds(*at, size(&galley, *role)).min);
            at.y += (line - galley.size().y) / 2.0;
            Some(TextShape::new(snapped(k, at), galley, ink(*colour, palette)).into())
        }
        Shape::TextUp { at, text, role, ink: colour } => {
            let galley = layout(text, *role);
            let size = galley.size();
            let corner = pos(*at) + egui::vec2(-size.y / 2.0, size.x / 2.0);
            let text = TextShape::new(snapped(k, corner), galley, ink(*colour, palette));
            let up = -std::f32::consts::FRAC_PI_2;
            Some(text.with_angle_and_anchor(up, Align2::LEFT_TOP).into())
        }
        _ => None,
    }
}

/// What shapes of egui go to.
pub(super) trait Sink {
    fn add(&mut self, shape: egui::Shape);

    /// Takes a line of several pieces at once; false where it is to come as a shape.
    fn line(&mut self, _corners: &mut dyn Iterator<Item = Pos2>, _stroke: Stroke) -> bool {
        false
    }

    /// Takes the dashes of a straight piece at once; false where they are to come one by one.
    fn dashed(&mut self, _dashed: &Dashed) -> bool {
        false
    }
}

impl<F: FnMut(egui::Shape)> Sink for F {
    fn add(&mut self, shape: egui::Shape) {
        self(shape);
    }
}

/// Dashes along a straight piece of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dashed {
    pub piece: [Pos2; 2],
    pub stroke: Stroke,
    /// Drawn, and from one dash to the next, points.
    pub on: f64,
    pub period: f64,
    /// Way of the line to the start of the piece, points: there a dash has begun so long ago.
    pub behind: f64,
}

/// Everything but texts as shapes of egui; of dashes those that `clip` shows.
pub(super) fn geometry(shape: &Shape, palette: &Palette, clip: Rect, out: &mut dyn Sink) {
    match shape {
        Shape::Rect { bounds, fill, pen, radius } => {
            let fill = fill.map_or(Color32::TRANSPARENT, |f| ink(f, palette));
            let line = pen.as_ref().map(|pen| (stroke(pen, palette), pen.dash));
            rectangle(rect(bounds), (fill, *radius), line, clip, out);
        }
        Shape::Line { points, pen } => {
            let line = (stroke(pen, palette), pen.dash);
            way(points.iter().map(|p| pos(*p)), line, clip, out);
        }
        Shape::Polygon { points, fill, pen } => {
            let corners = points.iter().map(|p| pos(*p));
            if let Some(fill) = fill {
                let fill = ink(*fill, palette);
                out.add(
                    PathShape::convex_polygon(corners.clone().collect(), fill, Stroke::NONE).into(),
                );
            }
            if let Some(pen) = pen {
                let closed = corners.clone().chain(corners.take(1));
                way(closed, (stroke(pen, palette), pen.dash), clip, out);
            }
        }
        Shape::Band { upper, lower, fill } => out.add(band(upper, lower, ink(*fill, palette))),
        Shape::Circle { centre, radius, fill, pen } => {
            let mut circle =
                CircleShape::filled(pos(*centre), *radius as f32, Color32::TRANSPARENT);
            if let Some(fill) = fill {
                circle.fill = ink(*fill, palette);
            }
            if let Some(pen) = pen {
                circle.stroke = stroke(pen, palette);
            }
            out.add(circle.into());
        }
        Shape::Text { .. } | Shape::TextUp { .. } => {}
    }
}

fn snapped(k: f32, at: Pos2) -> Pos2 {
    pos2((at.x * k).round() / k, (at.y * k).round() / k)
}

/// A stroke, and the lengths that are drawn and left out of it.
type Stroked = (Stroke, Option<(f32, f32)>);

fn rectangle(
    r: Rect,
    (fill, radius): (Color32, f32),
    line: Option<Stroked>,
    clip: Rect,
    out: &mut dyn Sink,
) {
    let corner = CornerRadius::same(radius.round() as u8);
    match line {
        Some((stroke, Some(dash))) => {
            out.add(RectShape::filled(r, corner, fill).into());
            let r = r.shrink(0.5);
            let outline =
                [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
            way(outline.into_iter(), (stroke, Some(dash)), clip, out);
        }
        Some((stroke, None)) => {
            out.add(RectShape::new(r, corner, fill, stroke, StrokeKind::Inside).into());
        }
        None => out.add(RectShape::filled(r, corner, fill).into()),
    }
}

/// A line through points.
fn way(
    points: impl Iterator<Item = Pos2> + Clone,
    (stroke, dash): Stroked,
    clip: Rect,
    out: &mut dyn Sink,
) {
    if let Some(dash) = dash {
        return dashes(points, (stroke, dash), clip, out);
    }
    let mut first = points.clone();
    match (first.next(), first.next(), first.next()) {
        (Some(a), Some(b), None) => out.add(egui::Shape::LineSegment { points: [a, b], stroke }),
        _ if out.line(&mut points.clone(), stroke) => {}
        _ => out.add(PathShape::line(points.collect(), stroke).into()),
    }
}

/// The dashes of a line that `clip` shows: close to the ground a parcel has thousands of others.
fn dashes(
    points: impl Iterator<Item = Pos2> + Clone,
    (stroke, (on, off)): (Stroke, (f32, f32)),
    clip: Rect,
    out: &mut dyn Sink,
) {
    let (on, period) = (f64::from(on), f64::from(on) + f64::from(off));
    let room = clip.expand(stroke.width + 1.0);
    // Way to the start of the piece: dashes go on around corners.
    let mut behind = 0.0;
    for (a, b) in points.clone().zip(points.skip(1)) {
        let length = f64::from((b - a).length());
        let shown = within(a, b, room).filter(|_| length > 0.0);
        if let Some((from, to)) = shown
            && !out.dashed(&Dashed { piece: [a, b], stroke, on, period, behind })
        {
            let at = |way: f64| a + (b - a) * ((way - behind) / length) as f32;
            let mut dash = ((behind + from * length) / period).floor() * period;
            while dash < behind + to * length {
                let (start, end) = (dash.max(behind), (dash + on).min(behind + length));
                if end > start {
                    out.add(egui::Shape::LineSegment { points: [at(start), at(end)], stroke });
                }
                dash += period;
            }
        }
        behind += length;
    }
}

/// The part of a straight line that lies in a box, as shares of its length.
fn within(a: Pos2, b: Pos2, room: Rect) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0f64, 1.0f64);
    for (a, b, low, high) in
        [(a.x, b.x, room.min.x, room.max.x), (a.y, b.y, room.min.y, room.max.y)]
    {
        let [a, b, low, high] = [a, b, low, high].map(f64::from);
        if a == b {
            if a < low || a > high {
                return None;
            }
            continue;
        }
        let (near, far) = ((low - a) / (b - a), (high - a) / (b - a));
        from = from.max(near.min(far));
        to = to.min(near.max(far));
    }
    (from < to).then_some((from, to))
}

/// Triangles between two chains of equal length.
fn band(upper: &[Pt], lower: &[Pt], fill: Color32) -> egui::Shape {
    let mut mesh = Mesh::default();
    for (a, b) in upper.iter().zip(lower) {
        mesh.colored_vertex(pos(*a), fill);
        mesh.colored_vertex(pos(*b), fill);
    }
    for i in 1..(upper.len().min(lower.len()) as u32) {
        let k = 2 * i;
        mesh.add_triangle(k - 2, k - 1, k);
        mesh.add_triangle(k - 1, k, k + 1);
    }
    egui::Shape::Mesh(Arc::new(mesh))
}

/// Adds cells to a mesh as quads.
pub fn cells(cells: &[Cell], palette: &Palette, mesh: &mut Mesh) {
    mesh.vertices.reserve(cells.len() * 4);
    mesh.indices.reserve(cells.len() * 6);
    let mut last: Option<(Ink, Color32)> = None;
    for cell in cells {
        // Neighbours nearly always share their ink.
        let fill = match last {
            Some((same, fill)) if same == cell.ink => fill,
            _ => ink(cell.ink, palette),
        };
        last = Some((cell.ink, fill));
        let (a, b) = (pos(cell.bounds.min), pos(cell.bounds.max));
        let first = mesh.vertices.len() as u32;
        let corner = |x, y| Vertex { pos: pos2(x, y), uv: WHITE_UV, color: fill };
        mesh.vertices.extend([
            corner(a.x, a.y),
            corner(b.x, a.y),
            corner(a.x, b.y),
            corner(b.x, b.y),
        ]);
        mesh.indices.extend([first, first + 1, first + 2, first + 2, first + 1, first + 3]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::tokens::Token;

    #[test]
    fn cells_become_one_mesh_of_two_triangles_each() {
        let cell =
            |x: f64| Cell { bounds: Bounds::xywh(x, 2.0, 3.0, 4.0), ink: Ink::token(Token::Ok) };
        let mut mesh = Mesh::default();
        cells(&[cell(0.0), cell(10.0)], &Palette::dark(), &mut mesh);
        assert_eq!((mesh.vertices.len(), mesh.indices.len()), (8, 12));
        assert!(mesh.is_valid());
        assert_eq!(mesh.calc_bounds(), Rect::from_min_max(pos2(0.0, 2.0), pos2(13.0, 6.0)));
    }

    fn dashed(points: &[Pos2], clip: Rect) -> Vec<[Pos2; 2]> {
        let mut found = Vec::new();
        let stroke = Stroke::new(1.0, Color32::WHITE);
        dashes(points.iter().copied(), (stroke, (7.0, 4.0)), clip, &mut |shape| {
            if let egui::Shape::LineSegment { points, .. } = shape {
                found.push(points);
            }
        });
        found
    }

    #[test]
    fn dashes_go_around_corners_as_those_of_egui_do() {
        let points = [pos2(3.0, 5.0), pos2(203.5, 5.0), pos2(203.5, 88.2), pos2(-40.0, 61.0)];
        let own = dashed(&points, Rect::from_min_max(pos2(-1e4, -1e4), pos2(1e4, 1e4)));
        let theirs = egui::Shape::dashed_line(&points, (1.0, Color32::WHITE), 7.0, 4.0);
        assert_eq!(own.len(), theirs.len());
        for (own, theirs) in own.iter().zip(&theirs) {
            let egui::Shape::LineSegment { points, .. } = theirs else { panic!("{theirs:?}") };
            for (a, b) in own.iter().zip(points) {
                assert!(a.distance(*b) < 0.02, "{own:?} {points:?}");
            }
        }
    }

    #[test]
    fn of_a_long_line_only_dashes_near_the_screen_are_made() {
        let points = [pos2(-90_000.0, 10.0), pos2(90_000.0, 10.0)];
        let all = dashed(&points, Rect::from_min_max(pos2(-1e6, -1e6), pos2(1e6, 1e6)));
        let clip = Rect::from_min_max(pos2(0.0, 0.0), pos2(500.0, 100.0));
        let seen = dashed(&points, clip);
        assert!(seen.len() < 50 && all.len() > 16_000, "{} of {}", seen.len(), all.len());
        let shows = |d: &&[Pos2; 2]| d[1].x > clip.min.x && d[0].x < clip.max.x;
        for dash in all.iter().filter(shows) {
            assert!(seen.iter().any(|s| s[0].distance(dash[0]) < 0.02), "{dash:?}");
        }
    }
}
