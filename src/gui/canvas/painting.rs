//! A picture that is kept: piles of triangles and figures, and texts above them. It must not
//! know what is drawn.

use super::layer::{CardLayer, Pile};
use super::paint;
use super::piling::{Piling, Stamps};
use crate::gui::components::paint as text;
use crate::gui::theme::Theme;
use crate::scene::by_name::ByName;
use crate::scene::shape::{Cell, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole};
use eframe::egui::epaint::{Mesh, TessellationOptions, Tessellator};
use eframe::egui::{self, Galley, Id, Painter};
use std::collections::HashMap;
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

/// A picture that is kept, bottom to top.
#[derive(Default)]
pub struct Painted {
    pieces: Vec<Piece>,
    texts: Vec<egui::Shape>,
}

enum Piece {
    /// Triangles alone: the window has no card that takes figures.
    Mesh(Arc<Mesh>),
    Pile(Arc<Pile>),
    /// What the card paints by itself.
    Apart(egui::Shape),
}

impl Piece {
    /// The memory of a pile that is shown no more.
    fn into_pile(self) -> Option<Pile> {
        match self {
            Piece::Mesh(mesh) => Arc::try_unwrap(mesh).ok().map(Pile::of),
            Piece::Pile(pile) => Arc::try_unwrap(pile).ok(),
            Piece::Apart(_) => None,
        }
    }
}

impl Painted {
    /// Paints it; `card` is the one that it was painted for.
    pub fn paint(&self, painter: &Painter, card: Option<(CardLayer, Id)>) {
        let room = painter.clip_rect();
        let pieces = self.pieces.iter().enumerate().filter_map(|(at, piece)| match piece {
            Piece::Mesh(mesh) => Some(egui::Shape::Mesh(Arc::clone(mesh))),
            Piece::Pile(pile) => card.map(|(card, canvas)| card.pile(canvas, at, pile, room)),
            Piece::Apart(shape) => Some(shape.clone()),
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
    on_card: bool,
    /// Memory of piles that are shown no more.
    spare: Vec<Pile>,
    pile: Pile,
    done: Painted,
}

impl<'a> Painting<'a> {
    /// An empty picture; `old` is the one in whose place it comes, `on_card` whether a card of the
    /// window will paint it.
    pub fn new(
        painter: &'a Painter,
        letters: &'a mut Letters,
        old: Painted,
        on_card: bool,
    ) -> Self {
        let options = painter.ctx().tessellation_options(|o| *o);
        // Where discs lie in the atlas changes as it grows, but these triangles stay.
        let options = TessellationOptions { prerasterized_discs: false, ..options };
        let k = painter.pixels_per_point();
        let mut tessellator = Tessellator::new(k, options, [1, 1], Vec::new());
        tessellator.set_clip_rect(painter.clip_rect());
        let mut painting = Self {
            painter,
            palette: &Theme::of(painter.ctx()).palette,
            letters,
            tessellator,
            stamps: Stamps::default(),
            on_card,
            spare: old.pieces.into_iter().rev().filter_map(Piece::into_pile).collect(),
            pile: Pile::default(),
            done: Painted::default(),
        };
        painting.pile = painting.empty();
        painting
    }

    fn empty(&mut self) -> Pile {
        self.spare.pop().unwrap_or_default().emptied()
    }

    /// Adds shapes in order; texts stand above everything else.
    pub fn add(&mut self, shapes: &[Shape]) {
        let Self { painter, palette, letters, tessellator, stamps, pile, done, on_card, .. } = self;
        let (k, clip) = (painter.pixels_per_point(), painter.clip_rect());
        let how = (k, clip);
        let (on_card, corners) = (*on_card, Vec::new());
        let mut piling = Piling { pile, tessellator, stamps, how, on_card, corners };
        for shape in shapes {
            let text = paint::lettering(shape, palette, k, &mut |text, role| {
                letters.galley(painter, text, role)
            });
            match text {
                Some(text) => done.texts.push(text),
                None => paint::geometry(shape, palette, clip, &mut piling),
            }
        }
    }

    pub fn cells(&mut self, cells: &[Cell]) {
        if !cells.is_empty() {
            paint::cells(cells, self.palette, self.pile.triangles());
        }
    }

    /// What the card paints by itself.
    pub fn apart(&mut self, shape: egui::Shape) {
        self.close();
        self.done.pieces.push(Piece::Apart(shape));
    }

    fn close(&mut self) {
        if !self.pile.is_empty() {
            let next = self.empty();
            let pile = std::mem::replace(&mut self.pile, next);
            self.done.pieces.push(match self.on_card {
                true => Piece::Pile(Arc::new(pile.closed())),
                false => Piece::Mesh(Arc::new(pile.into_mesh())),
            });
        }
    }

    /// The picture, which costs little to paint again.
    pub fn done(mut self) -> Painted {
        self.close();
        self.done
    }
}
