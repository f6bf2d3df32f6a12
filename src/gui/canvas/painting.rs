//! Shapes of a picture that is kept: triangles, made once where egui would make them in every
//! frame, and texts above them. It must not know what is drawn.

use super::paint;
use crate::gui::components::paint as text;
use crate::gui::theme::Theme;
use crate::scene::shape::{Cell, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::epaint::{CircleShape, Mesh, TessellationOptions, Tessellator, Vertex};
use eframe::egui::{self, Color32, Galley, Painter, Pos2, Rect, Stroke};
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
    done: Vec<egui::Shape>,
    texts: Vec<egui::Shape>,
}

impl<'a> Painting<'a> {
    /// An empty picture; `old` is the one in whose place it comes.
    pub fn new(painter: &'a Painter, letters: &'a mut Letters, old: Vec<egui::Shape>) -> Self {
        let options = painter.ctx().tessellation_options(|o| *o);
        // Where discs lie in the atlas changes as it grows, but these triangles stay.
        let options = TessellationOptions { prerasterized_discs: false, ..options };
        let k = painter.pixels_per_point();
        let mut tessellator = Tessellator::new(k, options, [1, 1], Vec::new());
        tessellator.set_clip_rect(painter.clip_rect());
        let meshes = old.into_iter().filter_map(|shape| match shape {
            egui::Shape::Mesh(mesh) => Arc::try_unwrap(mesh).ok(),
            _ => None,
        });
        let mut painting = Self {
            painter,
            palette: &Theme::of(painter.ctx()).palette,
            letters,
            tessellator,
            stamps: Stamps::default(),
            spare: meshes.collect(),
            mesh: Mesh::default(),
            done: Vec::new(),
            texts: Vec::new(),
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
        let Self { painter, palette, letters, tessellator, stamps, mesh, texts, .. } = self;
        let (k, clip) = (painter.pixels_per_point(), painter.clip_rect());
        for shape in shapes {
            let text = paint::lettering(shape, palette, k, &mut |text, role| {
                letters.galley(painter, text, role)
            });
            match text {
                Some(text) => texts.push(text),
                None => paint::geometry(shape, palette, clip, &mut |shape| match shape {
                    egui::Shape::Circle(circle) => stamps.circle(&circle, tessellator, clip, mesh),
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
        self.done.push(shape);
    }

    fn close(&mut self) {
        if !self.mesh.is_empty() {
            let next = self.empty();
            let mesh = std::mem::replace(&mut self.mesh, next);
            self.done.push(egui::Shape::Mesh(Arc::new(mesh)));
        }
    }

    /// The picture as shapes that cost little to paint again.
    pub fn done(mut self) -> Vec<egui::Shape> {
        self.close();
        self.done.append(&mut self.texts);
        self.done
    }
}
