//! The picture of a canvas, kept until the view, the site, the answer or the theme changes.
//! An unchanged frame costs a copy of pointers.

use super::paint;
use crate::gui::components::paint as text;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View};
use crate::scene::plan::{DrawOptions, Drawing, Overlay, PlanFacts};
use crate::scene::shape::Measure;
use crate::scene::tokens::TextRole;
use eframe::egui::{self, Galley, Painter};
use std::sync::Arc;

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

/// Shapes ready to be painted.
pub struct Picture {
    key: Key,
    /// Changes with the atlas of glyphs that the texts point into.
    atlas: Arc<Galley>,
    shapes: Vec<egui::Shape>,
}

impl Picture {
    /// Paints the kept picture, drawn anew where its key is another one; a shape that comes
    /// beside the drawing stands in the place of its cells.
    pub fn paint(
        slot: &mut Option<Picture>,
        key: Key,
        facts: &PlanFacts,
        painter: &Painter,
        draw: impl FnOnce(DrawOptions, &mut Measure) -> (Drawing, Option<egui::Shape>),
    ) {
        // One text is laid out once for each atlas: another galley means another atlas, as
        // after a change of the theme, and the kept texts would show wrong letters.
        let atlas = text::line(painter, "0", TextRole::Body, f32::INFINITY);
        let fresh = slot.as_ref().is_some_and(|p| p.key == key && Arc::ptr_eq(&p.atlas, &atlas));
        if !fresh {
            *slot = Some(Self::draw(key, atlas, facts, painter, draw));
        }
        if let Some(picture) = slot {
            painter.extend(picture.shapes.iter().cloned());
        }
    }

    fn draw(
        key: Key,
        atlas: Arc<Galley>,
        facts: &PlanFacts,
        painter: &Painter,
        draw: impl FnOnce(DrawOptions, &mut Measure) -> (Drawing, Option<egui::Shape>),
    ) -> Self {
        let theme = Theme::of(painter.ctx());
        let options =
            DrawOptions { view: key.view, overlay: key.overlay, facts, taken: key.taken.clone() };
        let (drawing, apart) = paint::with_measure(painter, |measure| draw(options, measure));
        let mut shapes = Vec::new();
        paint::collect(painter, &drawing.ground, theme, &mut shapes);
        let mesh = paint::cells(&drawing.cells, &theme.palette);
        if !mesh.is_empty() {
            shapes.push(egui::Shape::Mesh(Arc::new(mesh)));
        }
        shapes.extend(apart);
        paint::collect(painter, &drawing.over, theme, &mut shapes);
        paint::collect(painter, &drawing.labels, theme, &mut shapes);
        Self { key, atlas, shapes }
    }
}
