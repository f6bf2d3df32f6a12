//! Shapes of a picture that is kept: triangles, made once where egui would make them in every
//! frame, and texts above them. It must not know what is drawn.

use super::layer::RackLayer;
use super::paint;
use crate::gui::components::paint as text;
use crate::gui::theme::Theme;
use crate::scene::by_name::ByName;
use crate::scene::shape::{Cell, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::{
    CircleShape, Mesh, PathShape, RectShape, StrokeKind, TessellationOptions, Tessellator, Vertex,
};
use eframe::egui::{self, Color32, Galley, Id, Painter, Pos2, Rect, Stroke, Vec2, pos2};
use std::collections::HashMap;
use std::f32::consts::FRAC_PI_4;
use std::sync::Arc;

/// More texts than any picture has; with them all are forgotten.
const MOST_TEXTS: usize = 20_000;

/// Texts laid out in the fonts of the window, kept while their glyphs are where they were.
#[derive(Default)]
pub struct Letters {
    of: HashMap<TextRole, ByName<Arc<Galley>>>,
    /// Another one where the atlas of glyphs is another one, as after a change of the theme.
    atlas: Option<Arc<Galley>>,
}

impl Letters {
    /// Forgets texts that would show wrong letters; whether there were any. To be asked once
    /// a frame.
    pub fn renew(&mut self, painter: &Painter) -> bool {
        // One text is laid out once for each atlas: another galley means another atlas.
        let probe = text::line(painter, "0", TextRole::Body, f32::INFINITY);
        let same = self.atlas.as_ref().is_some_and(|atlas| Arc::ptr_eq(atlas, &probe));
        if !same || self.of.values().map(ByName::len).sum::<usize>() > MOST_TEXTS {
            self.of.clear();
        }
        self.atlas = Some(probe);
        !same
    }

    fn galley(&mut self, painter: &Painter, text: &str, role: TextRole) -> Arc<Galley> {
        let of = self.of.entry(role).or_default();
        if let Some(galley) = of.get(text) {
            return Arc::clone(galley);
        }
        let galley = paint::layout(painter, text, role);
        of.insert(text.to_owned(), Arc::clone(&galley));
        galley
    }

    /// Calls `body` with a measure of the window's fonts.
    pub fn with_measure<R>(
        &mut self,
        painter: &Painter,
        body: impl FnOnce(&mut Measure) -> R,
    ) -> R {
        body(&mut |text, role| paint::size(&self.galley(painter, text, role), role))
    }
}

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

/// Circles of a picture: one for each look is tessellated, the others are copies of it.
#[derive(Default)]
struct Stamps(Vec<Stamp>);

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

/// Paints a box that is plain: on whole pixels, with corners that are square or hardly round,
/// and an edge of whole pixels or none. Soft edges would then be as sharp as hard ones, at
/// three times the triangles. False where the box is not plain.
fn plain(shape: &RectShape, (k, clip): (f32, Rect), out: &mut Mesh) -> bool {
    let RectShape { rect, corner_radius, fill, stroke, stroke_kind, .. } = shape;
    let edge = if stroke.is_empty() { 0.0 } else { stroke.width };
    let whole = |v: f32| (v * k - (v * k).round()).abs() < 1e-3;
    let round = (f32::from(corner_radius.nw) * k).round() as usize;
    let Some(left) = CORNERS.get(round).filter(|_| corner_radius.is_same()) else { return false };
    // Thinner ones are lines, or nothing but their edge.
    let corners = if round > 0 { 1.0 + 2.0 * round as f32 } else { 0.0 };
    let is_wide = rect.size().min_elem() * k > 2.0 * edge * k + 1.0 + corners;
    let is_inside = edge == 0.0 || *stroke_kind == StrokeKind::Inside;
    if !whole(edge) || !is_wide || !is_inside || (round > 0 && edge * k > 1.5) {
        return false;
    }
    // Corners far off the screen have no digits left for pixels.
    let rect = rect.intersect(clip.expand(16.0)).round_to_pixels(k);
    if !rect.is_positive() {
        return true;
    }
    let has_fill = *fill != Color32::TRANSPARENT;
    if has_fill && (edge > 0.0 || round == 0) {
        out.add_colored_rect(rect.shrink(edge), *fill);
    }
    let (rim, color) = match (edge > 0.0, round > 0 && has_fill) {
        (true, _) => (edge, stroke.color),
        // The outermost pixels of a box without an edge are its rim.
        (false, true) => (1.0 / k, *fill),
        (false, false) => return true,
    };
    if edge == 0.0 {
        out.add_colored_rect(rect.shrink(rim), color);
    }
    self::rim(rect, (rim, color), (round > 0).then_some(*left), out);
    true
}

/// The outermost pixels of a box; of a round one the corners show by a share.
fn rim(rect: Rect, (width, color): (f32, Color32), corner: Option<f32>, out: &mut Mesh) {
    let (a, b) = (rect, rect.shrink(width));
    let ends = if corner.is_some() { (b.min.x, b.max.x) } else { (a.min.x, a.max.x) };
    for side in [
        Rect::from_min_max(pos2(ends.0, a.min.y), pos2(ends.1, b.min.y)),
        Rect::from_min_max(pos2(ends.0, b.max.y), pos2(ends.1, a.max.y)),
        Rect::from_min_max(pos2(a.min.x, b.min.y), pos2(b.min.x, b.max.y)),
        Rect::from_min_max(pos2(b.max.x, b.min.y), pos2(a.max.x, b.max.y)),
    ] {
        out.add_colored_rect(side, color);
    }
    let Some(share) = corner else { return };
    let color = color.gamma_multiply(share);
    for x in [a.min.x, b.max.x] {
        for y in [a.min.y, b.max.y] {
            let corner = Rect::from_min_size(pos2(x, y), egui::Vec2::splat(width));
            out.add_colored_rect(corner, color);
        }
    }
}

/// Paints a straight piece along an axis as boxes on the pixels that egui would round it to:
/// dashes come by the hundred. False where it slants.
fn upright([a, b]: [Pos2; 2], stroke: Stroke, (k, clip): (f32, Rect), out: &mut Mesh) -> bool {
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
        out.add_colored_rect(box_of(across - reach, across + reach), color);
    }
    let rest = (wide - core) / 2.0;
    if rest > 0.01 {
        let soft = color.gamma_multiply(rest);
        out.add_colored_rect(box_of(across - reach - 1.0 / k, across - reach), soft);
        out.add_colored_rect(box_of(across + reach, across + reach + 1.0 / k), soft);
    }
    true
}

/// The most whole pixels within a width that are as odd or even as the nearest number to it:
/// the middle of the line then lies as egui puts it.
fn whole_of(wide: f32) -> f32 {
    let near = wide.round();
    if near > wide + 1e-3 { near - 2.0 } else { near }
}

/// A picture that is kept, bottom to top.
#[derive(Default)]
pub struct Painted {
    pieces: Vec<Piece>,
    texts: Vec<egui::Shape>,
}

enum Piece {
    Mesh(Arc<Mesh>),
    /// What the card paints by itself.
    Apart(egui::Shape),
}

impl Painted {
    /// Paints it; a card that the window has keeps the triangles.
    pub fn paint(&self, painter: &Painter, card: Option<(RackLayer, Id)>) {
        let room = painter.clip_rect();
        let pieces = self.pieces.iter().enumerate().map(|(at, piece)| match (piece, card) {
            (Piece::Mesh(mesh), Some((card, canvas))) => card.mesh(canvas, at, mesh, room),
            (Piece::Mesh(mesh), None) => egui::Shape::Mesh(Arc::clone(mesh)),
            (Piece::Apart(shape), _) => shape.clone(),
        });
        painter.extend(pieces.chain(self.texts.iter().cloned()));
    }
}

/// A picture while it is painted.
pub struct Painting<'a> {
    painter: &'a Painter,
    palette: &'a Palette,
    letters: &'a mut Letters,
    tessellator: Tessellator,
    stamps: Stamps,
    /// Memory of meshes that are shown no more.
    spare: Vec<Mesh>,
    mesh: Mesh,
    done: Painted,
}

impl<'a> Painting<'a> {
    /// An empty picture; `old` is the one in whose place it comes.
    pub fn new(painter: &'a Painter, letters: &'a mut Letters, old: Painted) -> Self {
        let options = painter.ctx().tessellation_options(|o| *o);
        // Where discs lie in the atlas changes as it grows, but these triangles stay.
        let options = TessellationOptions { prerasterized_discs: false, ..options };
        let k = painter.pixels_per_point();
        let mut tessellator = Tessellator::new(k, options, [1, 1], Vec::new());
        tessellator.set_clip_rect(painter.clip_rect());
        let meshes = old.pieces.into_iter().rev().filter_map(|piece| match piece {
            Piece::Mesh(mesh) => Arc::try_unwrap(mesh).ok(),
            Piece::Apart(_) => None,
        });
        let mut painting = Self {
            painter,
            palette: &Theme::of(painter.ctx()).palette,
            letters,
            tessellator,
            stamps: Stamps::default(),
            spare: meshes.collect(),
            mesh: Mesh::default(),
            done: Painted::default(),
        };
        painting.mesh = painting.empty();
        painting
    }

    fn empty(&mut self) -> Mesh {
        let mut mesh = self.spare.pop().unwrap_or_default();
        mesh.clear();
        mesh
    }

    /// Adds shapes in order; texts stand above everything else.
    pub fn add(&mut self, shapes: &[Shape]) {
        let Self { painter, palette, letters, tessellator, stamps, mesh, done, .. } = self;
        let (k, clip) = (painter.pixels_per_point(), painter.clip_rect());
        for shape in shapes {
            let text = paint::lettering(shape, palette, k, &mut |text, role| {
                letters.galley(painter, text, role)
            });
            match text {
                Some(text) => done.texts.push(text),
                None => paint::geometry(shape, palette, clip, &mut |shape| match shape {
                    egui::Shape::Circle(circle) => {
                        stamps.circle(&circle, tessellator, (k, clip), mesh)
                    }
                    egui::Shape::Rect(rect) => {
                        if !plain(&rect, (k, clip), mesh) {
                            tessellator.tessellate_rect(&rect, mesh);
                        }
                    }
                    egui::Shape::LineSegment { points, stroke } => {
                        if !upright(points, stroke, (k, clip), mesh) {
                            tessellator.tessellate_line_segment(points, stroke, mesh);
                        }
                    }
                    shape => tessellator.tessellate_shape(shape, mesh),
                }),
            }
        }
    }

    pub fn cells(&mut self, cells: &[Cell]) {
        paint::cells(cells, self.palette, &mut self.mesh);
    }

    /// What the card paints by itself.
    pub fn apart(&mut self, shape: egui::Shape) {
        self.close();
        self.done.pieces.push(Piece::Apart(shape));
    }

    fn close(&mut self) {
        if !self.mesh.is_empty() {
            let next = self.empty();
            let mesh = std::mem::replace(&mut self.mesh, next);
            self.done.pieces.push(Piece::Mesh(Arc::new(mesh)));
        }
    }

    /// The picture, which costs little to paint again.
    pub fn done(mut self) -> Painted {
        self.close();
        self.done
    }
}
