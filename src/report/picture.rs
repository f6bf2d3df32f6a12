//! A drawing with its size and theme, ready for a writer. It must not know what it shows.

use crate::scene::shape::Shape;
use crate::scene::tokens::Palette;

/// Shapes on a page, in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// For those who cannot see it.
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub palette: Palette,
    pub shapes: Vec<Shape>,
}
