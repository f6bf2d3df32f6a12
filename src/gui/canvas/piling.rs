//! Shapes of a kept picture as triangles, made once where egui would make them in every frame.
//! A card that takes figures makes boxes, circles and dashes by itself, of a few numbers each:
//! seen from afar a site has thousands. It must not know what is drawn.

use super::layer::{Figure, Pile};
use super::paint::{Dashed, Sink};
use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::{
    CircleShape, Mesh, PathShape, RectShape, StrokeKind, Tessellator, Vertex,
};
use eframe::egui::{self, Color32, Pos2, Rect, Stroke, Vec2, pos2, vec2};
use std::f32::consts::FRAC_PI_4;

/// Triangles of a circle around the origin; machines stand side by side by the hundred.
struct Stamp {
    look: (f32, Color32, Stroke),
    mesh: Mesh,
}

/// Radius below which a ring shows no more corners than eight, pixels.
const FEW_CORNERS_PX: f32 = 2.5;

/// A ring of few pixels around the origin, its line outside of the radius as that of circles.
fn ring(radius: f32, stroke: Stroke) -> PathShape {
    let radius = radius + stroke.width / 2.0;
    let corner = |i: u8| (radius * Vec2::angled((f32::from(i) + 0.5) * FRAC_PI_4)).to_pos2();
    PathShape::closed_line((0..8).map(corner).collect(), stroke)
}

/// Circles of a mesh: one for each look is tessellated, the others are copies of it.
#[derive(Default)]
pub struct Stamps(Vec<Stamp>);

impl Stamps {
    fn circle(
        &mut self,
        circle: &CircleShape,
        tessellator: &mut Tessellator,
        (k, clip): (f32, Rect),
        out: &mut Mesh,
    ) {
        let CircleShape { center, radius, fill, stroke } = *circle;
        if !clip.expand(radius + stroke.width).contains(center) {
            return;
        }
        let look = (radius, fill, stroke);
        let known = self.0.iter().position(|stamp| stamp.look == look);
        let at = known.unwrap_or_else(|| {
            let mut mesh = Mesh::default();
            tessellator.set_clip_rect(Rect::EVERYTHING);
            if fill == Color32::TRANSPARENT && radius * k < FEW_CORNERS_PX {
                tessellator.tessellate_path(&ring(radius, stroke), &mut mesh);
            } else {
                let circle = CircleShape { center: Pos2::ZERO, ..*circle };
                tessellator.tessellate_circle(circle, &mut mesh);
            }
            tessellator.set_clip_rect(clip);
            self.0.push(Stamp { look, mesh });
            self.0.len() - 1
        });
        let Some(Stamp { mesh, .. }) = self.0.get(at) else { return };
        let first = out.vertices.len() as u32;
        out.indices.extend(mesh.indices.iter().map(|i| i + first));
        let by = center.to_vec2();
        out.vertices.extend(mesh.vertices.iter().map(|v| Vertex { pos: v.pos + by, ..*v }));
    }
}

/// Share of the corner pixel that a round corner covers, by its radius in pixels: a box with
/// so small a radius is a plain one without corners.
const CORNERS: [f32; 3] = [1.0, 0.785, 0.315];

/// Whether a length is a number of pixels, of which a point has `k`.
fn is_whole(length: f32, k: f32) -> bool {
    (length * k - (length * k).round()).abs() < 1e-3
}

/// Paints a box that is plain: on whole pixels, with corners that are square or hardly round,
/// and an edge of whole pixels or none. Soft edges would then be as sharp as hard ones, at
/// three times the triangles. False where the box is not plain.
fn plain(
    shape: &RectShape,
    (k, clip): (f32, Rect),
    fill_box: &mut dyn FnMut(Rect, Color32),
) -> bool {
    let RectShape { rect, corner_radius, fill, stroke, stroke_kind, .. } = shape;
    let edge = if stroke.is_empty() { 0.0 } else { stroke.width };
    let round = (f32::from(corner_radius.nw) * k).round() as usize;
    let Some(left) = CORNERS.get(round).filter(|_| corner_radius.is_same()) else { return false };
    // Thinner ones are lines, or nothing but their edge.
    let corners = if round > 0 { 1.0 + 2.0 * round as f32 } else { 0.0 };
    let is_wide = rect.size().min_elem() * k > 2.0 * edge * k + 1.0 + corners;
    let is_inside = edge == 0.0 || *stroke_kind == StrokeKind::Inside;
    if !is_whole(edge, k) || !is_wide || !is_inside || (round > 0 && edge * k > 1.5) {
        return false;
    }
    // Corners far off the screen have no digits left for pixels.
    let rect = rect.intersect(clip.expand(16.0)).round_to_pixels(k);
    if !rect.is_positive() {
        return true;
    }
    let has_fill = *fill != Color32::TRANSPARENT;
    if has_fill && (edge > 0.0 || round == 0) {
        fill_box(rect.shrink(edge), *fill);
    }
    let (rim, color) = match (edge > 0.0, round > 0 && has_fill) {
        (true, _) => (edge, stroke.color),
        // The outermost pixels of a box without an edge are its rim.
        (false, true) => (1.0 / k, *fill),
        (false, false) => return true,
    };
    if edge == 0.0 {
        fill_box(rect.shrink(rim), color);
    }
    self::rim(rect, (rim, color), (round > 0).then_some(*left), fill_box);
    true
}

/// The outermost pixels of a box; of a round one the corners show by a share.
fn rim(
    rect: Rect,
    (width, color): (f32, Color32),
    corner: Option<f32>,
    fill_box: &mut dyn FnMut(Rect, Color32),
) {
    let (a, b) = (rect, rect.shrink(width));
    let ends = if corner.is_some() { (b.min.x, b.max.x) } else { (a.min.x, a.max.x) };
    for side in [
        Rect::from_min_max(pos2(ends.0, a.min.y), pos2(ends.1, b.min.y)),
        Rect::from_min_max(pos2(ends.0, b.max.y), pos2(ends.1, a.max.y)),
        Rect::from_min_max(pos2(a.min.x, b.min.y), pos2(b.min.x, b.max.y)),
        Rect::from_min_max(pos2(b.max.x, b.min.y), pos2(a.max.x, b.max.y)),
    ] {
        fill_box(side, color);
    }
    let Some(share) = corner else { return };
    let color = color.gamma_multiply(share);
    for x in [a.min.x, b.max.x] {
        for y in [a.min.y, b.max.y] {
            let corner = Rect::from_min_size(pos2(x, y), egui::Vec2::splat(width));
            fill_box(corner, color);
        }
    }
}

/// Paints a straight piece along an axis as boxes on the pixels that egui would round it to:
/// dashes come by the hundred. False where it slants.
fn upright(
    [a, b]: [Pos2; 2],
    stroke: Stroke,
    (k, clip): (f32, Rect),
    fill_box: &mut dyn FnMut(Rect, Color32),
) -> bool {
    let is_level = a.y == b.y;
    if !is_level && a.x != b.x {
        return false;
    }
    let wide = stroke.width * k;
    if stroke.is_empty() || !clip.expand(stroke.width).intersects(Rect::from_two_pos(a, b)) {
        return true;
    }
    // Along the piece and across it.
    let ((from, to), mut across) = if is_level { ((a.x, b.x), a.y) } else { ((a.y, b.y), a.x) };
    let (room_from, room_to) =
        if is_level { (clip.min.x, clip.max.x) } else { (clip.min.y, clip.max.y) };
    let (from, to) = (from.min(to).max(room_from - 16.0), from.max(to).min(room_to + 16.0));
    stroke.round_center_to_pixel(k, &mut across);
    let (half, quarter) = (0.5 / k, 0.25 / k);
    let start = (from + quarter).round_to_pixel_center(k) - half;
    let end = (to - quarter).round_to_pixel_center(k) + half;
    let box_of = |low: f32, high: f32| {
        if is_level {
            Rect::from_min_max(pos2(start, low), pos2(end, high))
        } else {
            Rect::from_min_max(pos2(low, start), pos2(high, end))
        }
    };
    // Whole pixels in full, what is left on the pixels at both sides.
    let core = if wide < 1.0 { 1.0 } else { whole_of(wide) };
    let color = stroke.color.gamma_multiply(wide.min(1.0));
    let reach = core / 2.0 / k;
    if core > 0.0 {
        fill_box(box_of(across - reach, across + reach), color);
    }
    let rest = (wide - core) / 2.0;
    if rest > 0.01 {
        let soft = color.gamma_multiply(rest);
        fill_box(box_of(across - reach - 1.0 / k, across - reach), soft);
        fill_box(box_of(across + reach, across + reach + 1.0 / k), soft);
    }
    true
}

/// The most whole pixels within a width that are as odd or even as the nearest number to it:
/// the middle of the line then lies as egui puts it.
fn whole_of(wide: f32) -> f32 {
    let near = wide.round();
    if near > wide + 1e-3 { near - 2.0 } else { near }
}

/// Adds a box with an edge or with round corners as figures. False where it is none of them, or too
/// thin to have an inside.
fn framed(shape: &RectShape, (k, clip): (f32, Rect), pile: &mut Pile) -> bool {
    let RectShape { rect, corner_radius, fill, stroke, stroke_kind, .. } = shape;
    let edge = if stroke.is_empty() { 0.0 } else { stroke.width };
    let radius = f32::from(corner_radius.nw);
    let is_plain = edge == 0.0 && radius == 0.0;
    let is_inside = edge == 0.0 || *stroke_kind == StrokeKind::Inside;
    // Thinner ones are lines, or nothing but their edge.
    let is_wide = rect.size().min_elem() > 2.0 * (edge + radius) + 1.0 / k;
    if is_plain || !is_inside || !is_wide || !corner_radius.is_same() {
        return false;
    }
    // Corners far off the screen have no digits left for pixels.
    let rect = rect.intersect(clip.expand(16.0 + radius)).round_to_pixels(k);
    if !rect.is_positive() {
        return true;
    }
    if *fill != Color32::TRANSPARENT {
        // Under an edge that ends within a pixel, up to its middle.
        let inset = if is_whole(edge, k) { edge } else { edge / 2.0 };
        pile.figure(Figure::rounded(rect.shrink(inset), (radius - inset).max(0.0), *fill));
    }
    if edge > 0.0 {
        pile.figure(Figure::frame(rect, radius, *stroke));
    }
    true
}

/// Adds a line whose pieces all run along the axes as boxes, each up to the outer side of the next
/// bend. False where it is another one.
fn right_angled(points: &[Pos2], stroke: Stroke, clip: Rect, pile: &mut Pile) -> bool {
    let is_level = |a: &Pos2, b: &Pos2| a.y == b.y;
    let is_right = |pair: &[Pos2]| match pair {
        [a, b] => a != b && (is_level(a, b) || a.x == b.x),
        _ => false,
    };
    // Pieces in one line, and those that turn back, have no bend between them.
    let bends = |three: &[Pos2]| match three {
        [a, b, c] => is_level(a, b) != is_level(b, c),
        _ => false,
    };
    if !points.windows(2).all(is_right) || !points.windows(3).all(bends) {
        return false;
    }
    let half = stroke.width / 2.0;
    let last = points.len().saturating_sub(2);
    for (at, pair) in points.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let (along, across) = if is_level(a, b) {
            (vec2((b.x - a.x).signum() * half, 0.0), vec2(0.0, half))
        } else {
            (vec2(0.0, (b.y - a.y).signum() * half), vec2(half, 0.0))
        };
        // A bend belongs to the piece before it.
        let from = if at > 0 { *a + along } else { *a };
        let to = if at < last { *b + along } else { *b };
        let piece = Rect::from_two_pos(from, to).expand2(across);
        if (to - from).dot(along) > 0.0 && piece.intersects(clip) {
            pile.figure(Figure::rounded(piece, 0.0, stroke.color));
        }
    }
    true
}

/// Adds a straight line that slants as a figure, where it may show.
fn slanting(ends: [Pos2; 2], stroke: Stroke, clip: Rect, pile: &mut Pile) {
    let [a, b] = ends;
    if !stroke.is_empty() && clip.expand(stroke.width).intersects(Rect::from_two_pos(a, b)) {
        pile.figure(Figure::slanting(ends, stroke));
    }
}

/// Where boxes on whole pixels go.
fn boxes(pile: &mut Pile, on_card: bool) -> impl FnMut(Rect, Color32) {
    move |rect, color| match on_card {
        true => pile.figure(Figure::filled(rect, color)),
        false => pile.triangles().add_colored_rect(rect, color),
    }
}

/// Turns shapes of egui into what a pile holds.
pub struct Piling<'a> {
    pub pile: &'a mut Pile,
    pub tessellator: &'a mut Tessellator,
    pub stamps: &'a mut Stamps,
    /// Pixels to the point, and the part of the screen that shows.
    pub how: (f32, Rect),
    /// Whether a card makes figures by itself.
    pub on_card: bool,
    /// Memory for the corners of a line.
    pub corners: Vec<Pos2>,
}

impl Sink for Piling<'_> {
    fn add(&mut self, shape: egui::Shape) {
        let Self { pile, tessellator, how, on_card, .. } = self;
        match shape {
            egui::Shape::Circle(circle) => self.circle(&circle),
            egui::Shape::Rect(rect) if *on_card && framed(&rect, *how, pile) => {}
            egui::Shape::Rect(rect) => {
                if !plain(&rect, *how, &mut boxes(pile, *on_card)) {
                    tessellator.tessellate_rect(&rect, pile.triangles());
                }
            }
            egui::Shape::LineSegment { points, stroke } => {
                let is_upright = upright(points, stroke, *how, &mut boxes(pile, *on_card));
                match (is_upright, &on_card) {
                    (true, _) => {}
                    (false, true) => slanting(points, stroke, how.1, pile),
                    (false, false) => {
                        tessellator.tessellate_line_segment(points, stroke, pile.triangles());
                    }
                }
            }
            shape => tessellator.tessellate_shape(shape, pile.triangles()),
        }
    }

    fn line(&mut self, corners: &mut dyn Iterator<Item = Pos2>, stroke: Stroke) -> bool {
        if !self.on_card {
            return false;
        }
        self.corners.clear();
        self.corners.extend(corners);
        right_angled(&self.corners, stroke, self.how.1, self.pile)
    }

    fn dashed(&mut self, dashed: &Dashed) -> bool {
        let Self { pile, how, on_card, .. } = self;
        let [a, b] = dashed.piece;
        let dashes = |rect, color| pile.figure(Figure::dashed(rect, color, dashed));
        // A piece without length has no direction.
        *on_card && a != b && upright(dashed.piece, dashed.stroke, *how, &mut { dashes })
    }
}

impl Piling<'_> {
    fn circle(&mut self, circle: &CircleShape) {
        let CircleShape { center, radius, fill, stroke } = *circle;
        let Self { pile, tessellator, stamps, how, on_card, .. } = self;
        if !*on_card {
            return stamps.circle(circle, tessellator, *how, pile.triangles());
        }
        if radius <= 0.0 || !how.1.expand(radius + stroke.width).contains(center) {
            return;
        }
        if fill != Color32::TRANSPARENT {
            pile.figure(Figure::disc(center, radius, fill));
        }
        if !stroke.is_empty() {
            // Outside of the radius, as that of circles of egui.
            pile.figure(Figure::ring(center, [radius, radius + stroke.width], stroke.color));
        }
    }
}
