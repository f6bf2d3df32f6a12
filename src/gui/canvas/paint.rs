//! Plain shapes of a scene as shapes of egui: the only place where roles become colours
//! and texts become glyphs. It must not know what is drawn.

use crate::gui::theme::{Theme, color, font};
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::{Cell, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::epaint::{CircleShape, Mesh, PathShape, RectShape, TextShape, Vertex, WHITE_UV};
use eframe::egui::{
    self, Align2, Color32, CornerRadius, Painter, Pos2, Rect, Stroke, StrokeKind, pos2,
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

/// Size of a text with the fonts of the window.
pub fn measure(painter: &Painter) -> impl FnMut(&str, TextRole) -> (f64, f64) + '_ {
    move |text, role| {
        let galley = painter.layout_no_wrap(text.to_owned(), font(role), Color32::WHITE);
        (f64::from(galley.size().x), f64::from(role.style().line))
    }
}

/// Calls `body` with a measure of the window's fonts.
pub fn with_measure<R>(painter: &Painter, body: impl FnOnce(&mut Measure) -> R) -> R {
    let mut own = measure(painter);
    body(&mut own)
}

/// Paints shapes in order.
pub fn paint(painter: &Painter, shapes: &[Shape], theme: &Theme) {
    for shape in shapes {
        to_egui(painter, shape, &theme.palette, &mut |s| {
            painter.add(s);
        });
    }
}

/// Collects shapes for a picture that is kept.
pub fn collect(painter: &Painter, shapes: &[Shape], theme: &Theme, out: &mut Vec<egui::Shape>) {
    for shape in shapes {
        to_egui(painter, shape, &theme.palette, &mut |s| out.push(s));
    }
}

fn to_egui(painter: &Painter, shape: &Shape, palette: &Palette, out: &mut dyn FnMut(egui::Shape)) {
    match shape {
        Shape::Rect { bounds, fill, pen, radius } => {
            let fill = fill.map_or(Color32::TRANSPARENT, |f| ink(f, palette));
            let pen = pen.as_ref();
            rectangle(rect(bounds), (fill, *radius), pen, palette, out);
        }
        Shape::Line { points, pen } => {
            line(points.iter().map(|p| pos(*p)).collect(), pen, palette, out)
        }
        Shape::Polygon { points, fill, pen } => {
            let points: Vec<Pos2> = points.iter().map(|p| pos(*p)).collect();
            if let Some(fill) = fill {
                let fill = ink(*fill, palette);
                out(PathShape::convex_polygon(points.clone(), fill, Stroke::NONE).into());
            }
            if let Some(pen) = pen {
                let closed = points.iter().chain(points.first()).copied().collect();
                line(closed, pen, palette, out);
            }
        }
        Shape::Band { upper, lower, fill } => out(band(upper, lower, ink(*fill, palette))),
        Shape::Circle { centre, radius, fill, pen } => {
            let mut circle =
                CircleShape::filled(pos(*centre), *radius as f32, Color32::TRANSPARENT);
            if let Some(fill) = fill {
                circle.fill = ink(*fill, palette);
            }
            if let Some(pen) = pen {
                circle.stroke = stroke(pen, palette);
            }
            out(circle.into());
        }
        Shape::Text { at, anchor, text, role, ink: colour } => {
            let galley = painter.layout_no_wrap(text.clone(), font(*role), ink(*colour, palette));
            let size = galley.size();
            let line = role.style().line;
            let box_of = anchor.bounds(*at, (f64::from(size.x), f64::from(line)));
            let mut at = pos(box_of.min);
            at.y += (line - size.y) / 2.0;
            out(TextShape::new(snapped(painter, at), galley, Color32::WHITE).into());
        }
        Shape::TextUp { at, text, role, ink: colour } => {
            let galley = painter.layout_no_wrap(text.clone(), font(*role), ink(*colour, palette));
            let size = galley.size();
            let corner = pos(*at) + egui::vec2(-size.y / 2.0, size.x / 2.0);
            let text = TextShape::new(snapped(painter, corner), galley, Color32::WHITE);
            out(text.with_angle_and_anchor(-std::f32::consts::FRAC_PI_2, Align2::LEFT_TOP).into());
        }
    }
}

fn snapped(painter: &Painter, at: Pos2) -> Pos2 {
    let k = painter.pixels_per_point();
    pos2((at.x * k).round() / k, (at.y * k).round() / k)
}

fn rectangle(
    r: Rect,
    (fill, radius): (Color32, f32),
    pen: Option<&Pen>,
    palette: &Palette,
    out: &mut dyn FnMut(egui::Shape),
) {
    let corner = CornerRadius::same(radius.round() as u8);
    match pen {
        Some(pen) if pen.dash.is_some() => {
            out(RectShape::filled(r, corner, fill).into());
            let r = r.shrink(0.5);
            let outline =
                [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
            line(outline.to_vec(), pen, palette, out);
        }
        Some(pen) => {
            out(RectShape::new(r, corner, fill, stroke(pen, palette), StrokeKind::Inside).into());
        }
        None => out(RectShape::filled(r, corner, fill).into()),
    }
}

fn line(points: Vec<Pos2>, pen: &Pen, palette: &Palette, out: &mut dyn FnMut(egui::Shape)) {
    let stroke = stroke(pen, palette);
    match pen.dash {
        Some((on, off)) => {
            for s in egui::Shape::dashed_line(&points, stroke, on, off) {
                out(s);
            }
        }
        None if points.len() == 2 => {
            out(egui::Shape::LineSegment { points: [points[0], points[1]], stroke })
        }
        None => out(PathShape::line(points, stroke).into()),
    }
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

/// All cells as one mesh of quads.
pub fn cells(cells: &[Cell], palette: &Palette) -> Mesh {
    let mut mesh = Mesh::default();
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
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::tokens::Token;

    #[test]
    fn cells_become_one_mesh_of_two_triangles_each() {
        let cell =
            |x: f64| Cell { bounds: Bounds::xywh(x, 2.0, 3.0, 4.0), ink: Ink::token(Token::Ok) };
        let mesh = cells(&[cell(0.0), cell(10.0)], &Palette::dark());
        assert_eq!((mesh.vertices.len(), mesh.indices.len()), (8, 12));
        assert!(mesh.is_valid());
        assert_eq!(mesh.calc_bounds(), Rect::from_min_max(pos2(0.0, 2.0), pos2(13.0, 6.0)));
    }
}
