//! The picture of a canvas, kept until the view, the site, the answer or the theme changes.
//! An unchanged frame costs a copy of pointers.

use super::layer::CardLayer;
use super::painting::{Letters, Painted, Painting};
use crate::scene::geom::{Bounds, View};
use crate::scene::plan::{DrawOptions, Drawing, Overlay, PlanFacts};
use crate::scene::shape::Measure;
use eframe::egui::{self, Id, Painter, Rect};

/// What a picture depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub view: View,
    pub scene: u64,
    pub facts: u64,
    pub overlay: Overlay,
    pub dark: bool,
    pub pixels_per_point: f32,
    pub taken: Vec<Bounds>,
}

/// A picture ready to be painted.
#[derive(Default)]
pub struct Picture {
    /// With the part of the screen that it was drawn for, and whether a card paints it.
    key: Option<(Key, Rect, bool)>,
    letters: Letters,
    painted: Painted,
    /// The shapes that it was made of, for their memory.
    drawing: Drawing,
}

impl Picture {
    /// Paints the kept picture, drawn anew where its key is another one; a shape that comes
    /// beside the drawing stands in the place of its cells. A card keeps the triangles of the
    /// canvas with the id. `draw` gets an older drawing, for its memory.
    pub fn paint(
        &mut self,
        key: Key,
        facts: &PlanFacts,
        (painter, card): (&Painter, Option<(CardLayer, Id)>),
        draw: impl FnOnce(DrawOptions, &mut Measure, Drawing) -> (Drawing, Option<egui::Shape>),
    ) {
        let key = Some((key, painter.clip_rect(), card.is_some()));
        if self.letters.renew(painter) || self.key != key {
            self.key = key;
            self.draw(facts, painter, draw);
        }
        self.painted.paint(painter, card);
    }

    fn draw(
        &mut self,
        facts: &PlanFacts,
        painter: &Painter,
        draw: impl FnOnce(DrawOptions, &mut Measure, Drawing) -> (Drawing, Option<egui::Shape>),
    ) {
        let Some((key, _, on_card)) = &self.key else { return };
        let spare = std::mem::take(&mut self.drawing);
        let options =
            DrawOptions { view: key.view, overlay: key.overlay, facts, taken: key.taken.clone() };
        let (drawing, apart) =
            self.letters.with_measure(painter, |measure| draw(options, measure, spare));
        let old = std::mem::take(&mut self.painted);
        let mut painting = Painting::new(painter, &mut self.letters, old, *on_card);
        painting.add(&drawing.ground);
        painting.cells(&drawing.cells);
        if let Some(apart) = apart {
            painting.apart(apart);
        }
        painting.add(&drawing.over);
        painting.add(&drawing.labels);
        self.painted = painting.done();
        self.drawing = drawing;
    }
}
