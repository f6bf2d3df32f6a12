//! Documents: headings, paragraphs, tables and figures that flow over pages, with running
//! heads, a list of contents and page numbers. Pages are pictures, so that writers need to
//! know nothing of text. It must not know what a document tells, nor file formats.

mod atom;
mod flow;
mod table;
mod text;
mod widths;

pub use table::{Align, Column, Row, Style, Table};

use super::paper::PER_MM;
use super::{Layer, Picture};
use crate::scene::geom::Bounds;
use crate::scene::shape::Measure;
use crate::scene::tokens::{Palette, Rgb};

/// A piece of a document, from top to bottom.
#[derive(Clone, Debug)]
pub enum Block {
    /// Of level 1 (begins a page), 2 or 3; the first two stand in the contents.
    Heading(u8, String),
    Paragraph(String),
    /// Small, for captions, sources and remarks.
    Note(String),
    Bullets(Vec<String>),
    Table(Table),
    Figure(Figure),
    /// Large words of the first page.
    Title(String),
    /// Under the title.
    Subtitle(String),
    /// A box with words that must not be missed.
    Warning(String),
    /// Contents of the whole document.
    Contents,
    /// Empty, points.
    Space(f64),
    /// What follows begins a page.
    NewPage,
}

/// A drawing of a fixed height over the width of the text.
#[derive(Clone, Debug)]
pub struct Figure {
    pub height: f64,
    /// Its layers with their upper left corner at 0, 0.
    pub layers: Vec<Layer>,
    pub caption: String,
}

/// A whole document.
#[derive(Clone, Debug)]
pub struct Document {
    pub title: String,
    /// Left of the running head.
    pub head: String,
    /// Left of the running foot, before the number of the page.
    pub foot: String,
    /// Said in the head of every page, where it is not empty.
    pub stamp: String,
    /// Width and height of the paper, mm.
    pub paper_mm: (f64, f64),
    pub blocks: Vec<Block>,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub level: u8,
    pub text: String,
    /// Index of its page, and how far down, points.
    pub page: usize,
    pub y: f64,
}

/// Words that lead to a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub page: usize,
    pub bounds: Bounds,
    /// Index into the places.
    pub to: usize,
}

/// A document laid out.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub pages: Vec<Picture>,
    /// Headings in their order.
    pub places: Vec<Place>,
    /// Rows of the contents.
    pub links: Vec<Link>,
}

/// Margins, mm: at the sides, above with the head, below with the foot.
const SIDE_MM: f64 = 19.0;
const TOP_MM: f64 = 24.0;
const BOTTOM_MM: f64 = 20.0;

impl Document {
    /// Width of the text on such paper, points: what a figure has.
    pub fn width(paper_mm: (f64, f64)) -> f64 {
        (paper_mm.0 - 2.0 * SIDE_MM) * PER_MM
    }

    /// Height of the text on such paper, points.
    pub fn height(paper_mm: (f64, f64)) -> f64 {
        (paper_mm.1 - TOP_MM - BOTTOM_MM) * PER_MM
    }

    fn size(&self) -> (f64, f64) {
        (self.paper_mm.0 * PER_MM, self.paper_mm.1 * PER_MM)
    }

    /// Where text stands on a page.
    fn frame(&self) -> Bounds {
        let (w, h) = (Self::width(self.paper_mm), Self::height(self.paper_mm));
        Bounds::xywh(SIDE_MM * PER_MM, TOP_MM * PER_MM, w, h)
    }

    /// Lays the document out; texts are measured by whoever paints them.
    pub fn pages(&self, measure: &mut Measure) -> Pages {
        flow::pages(self, measure)
    }
}

/// The light theme on white.
pub fn paper() -> Palette {
    let white = Rgb::hex(0xFF_FFFF);
    let mut palette = Palette::light();
    palette.panel = white;
    palette.canvas = white;
    palette
}
