//! A drawing with its size and theme, ready for a writer. It must not know what it shows.

use crate::scene::geom::Bounds;
use crate::scene::shape::Shape;
use crate::scene::tokens::Palette;

/// Shapes that are painted together, bottom to top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// What lies outside is not painted; everything is where there is none.
    pub clip: Option<Bounds>,
    pub shapes: Vec<Shape>,
}

impl Layer {
    /// A layer that covers the page.
    pub fn whole(shapes: Vec<Shape>) -> Self {
        Self { clip: None, shapes }
    }

    /// A layer behind a window in the page.
    pub fn within(clip: Bounds, shapes: Vec<Shape>) -> Self {
        Self { clip: Some(clip), shapes }
    }
}

/// Shapes on a page, in points of 1/96 inch.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// For those who cannot see it.
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub palette: Palette,
    /// Bottom to top.
    pub layers: Vec<Layer>,
}
