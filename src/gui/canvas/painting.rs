//! Shapes of a picture that is kept: triangles, made once where egui would make them in every
//! frame, and texts above them. It must not know what is drawn.

use super::layer::RackLayer;
use super::paint;
use crate::gui::components::paint as text;
use crate::gui::theme::Theme;
use crate::scene::shape::{Cell, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::emath::GuiRounding as _;
use eframe::egui::epaint::{
    CircleShape, Mesh, RectShape, StrokeKind, TessellationOptions, Tessellator, Vertex,
};
use eframe::egui::{self, Color32, CornerRadius, Galley, Id, Painter, Pos2, Rect, Stroke, pos2};
use std::collections::HashMap;
use std::sync::Arc;

/// More texts than any picture has; with them all are forgotten.
const MOST_TEXTS: usize = 20_000;

/// Texts laid out in the fonts of the window, kept while their glyphs are where they were.
#[derive(Default)]
pub struct Letters {
    of: HashMap<TextRole, HashMap<String, Arc<Galley>>>,
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
        if !same || self.of.values().map(HashMap::len).sum::<usize>() > MOST_TEXTS {
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

/// Circles of a picture: one for each look is tessellated, the others are copies of it.
#[derive(Default)]
struct Stamps(Vec<Stamp>);

impl Stamps {
    fn circle(
        &mut self,
        circle: &CircleShape,
        tessellator: &mut Tessellator,
        clip: Rect,
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
            tessellator.tessellate_circle(CircleShape { center: Pos2::ZERO, ..*circle }, &mut mesh);
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

/// Paints a box that is plain: square corners on whole pixels, and an edge of whole pixels or
/// none. Soft edges would then be as sharp as hard ones, at three times the triangles. False
/// where the box is not plain.
fn plain(shape: &RectShape, (k, clip): (f32, Rect), out: &mut Mesh) -> bool {
    let RectShape { rect, corner_radius, fill, stroke, stroke_kind, .. } = shape;
    let edge = if stroke.is_empty() { 0.0 } else { stroke.width };
    let whole = |v: f32| (v * k - (v * k).round()).abs() < 1e-3;
    // Thinner ones are lines, or nothing but their edge.
    let is_wide = rect.size().min_elem() * k > 2.0 * edge * k + 2.0;
    let is_inside = edge == 0.0 || *stroke_kind == StrokeKind::Inside;
    if *corner_radius != CornerRadius::ZERO || !whole(edge) || !is_wide || !is_inside {
        return false;
    }
    // Corners far off the screen have no digits left for pixels.
    let rect = rect.intersect(clip.expand(16.0)).round_to_pixels(k);
    if !rect.is_positive() {
        return true;
    }
    let inner = rect.shrink(edge);
    if *fill != Color32::TRANSPARENT {
        out.add_colored_rect(inner, *fill);
    }
    if edge > 0.0 {
        let (a, b) = (rect, inner);
        for side in [
            Rect::from_min_max(a.min, pos2(a.max.x, b.min.y)),
            Rect::from_min_max(pos2(a.min.x, b.max.y), a.max),
            Rect::from_min_max(pos2(a.min.x, b.min.y), pos2(b.min.x, b.max.y)),
            Rect::from_min_max(pos2(b.max.x, b.min.y), pos2(a.max.x, b.max.y)),
        ] {
            out.add_colored_rect(side, stroke.color);
        }
    }
    true
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
                    egui::Shape::Circle(circle) => stamps.circle(&circle, tessellator, clip, mesh),
                    egui::Shape::Rect(rect) => {
                        if !plain(&rect, (k, clip), mesh) {
                            tessellator.tessellate_rect(&rect, mesh);
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
