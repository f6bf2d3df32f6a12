//! Plain shapes with roles instead of colours, so that the window, a picture and a
//! report draw the same thing. It must not know egui.

use super::geom::{Bounds, Pt};
use super::tokens::{Palette, Rgb, TextRole, Token};
use crate::catalog::Generation;

/// What a colour means; a palette turns it into a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hue {
    Token(Token),
    Rack(Generation),
    /// Words in the hue of a rack generation.
    RackText(Generation),
    /// Words on a fill of that hue.
    OnRack(Generation),
    /// By price rank, 0 the cheapest.
    Tier(usize),
    /// By loading class, 0 to 5.
    Load(usize),
}

impl Hue {
    pub fn rgb(self, palette: &Palette) -> Rgb {
        match self {
            Hue::Token(token) => palette.get(token),
            Hue::Rack(generation) => palette.rack(generation),
            Hue::RackText(generation) => palette.rack_text(generation),
            Hue::OnRack(generation) => palette.on(palette.rack(generation)),
            Hue::Tier(rank) => palette.tier(rank),
            Hue::Load(class) => palette.loading[class.min(palette.loading.len() - 1)],
        }
    }
}

/// A meaning with an opacity, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    pub hue: Hue,
    pub alpha: f32,
}

impl Ink {
    pub const fn of(hue: Hue) -> Self {
        Self { hue, alpha: 1.0 }
    }

    pub const fn token(token: Token) -> Self {
        Self::of(Hue::Token(token))
    }

    pub const fn faded(self, alpha: f32) -> Self {
        Self { alpha, ..self }
    }
}

/// A line: width and dashes in points, whatever the zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    pub ink: Ink,
    pub width: f32,
    /// Drawn and left out, points.
    pub dash: Option<(f32, f32)>,
}

impl Pen {
    pub const fn new(ink: Ink, width: f32) -> Self {
        Self { ink, width, dash: None }
    }

    pub const fn token(token: Token, width: f32) -> Self {
        Self::new(Ink::token(token), width)
    }

    pub const fn dashed(self, on: f32, off: f32) -> Self {
        Self { dash: Some((on, off)), ..self }
    }
}

/// Which point of a text stands at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    LeftTop,
    LeftCentre,
    LeftBottom,
    CentreTop,
    Centre,
    CentreBottom,
    RightTop,
    RightCentre,
    RightBottom,
}

impl Anchor {
    /// Share of the width and height that lies before the position.
    pub const fn fractions(self) -> (f64, f64) {
        match self {
            Anchor::LeftTop => (0.0, 0.0),
            Anchor::LeftCentre => (0.0, 0.5),
            Anchor::LeftBottom => (0.0, 1.0),
            Anchor::CentreTop => (0.5, 0.0),
            Anchor::Centre => (0.5, 0.5),
            Anchor::CentreBottom => (0.5, 1.0),
            Anchor::RightTop => (1.0, 0.0),
            Anchor::RightCentre => (1.0, 0.5),
            Anchor::RightBottom => (1.0, 1.0),
        }
    }

    /// Box of a text of this size.
    pub fn bounds(self, at: Pt, size: (f64, f64)) -> Bounds {
        let (fx, fy) = self.fractions();
        Bounds::xywh(at.x - fx * size.0, at.y - fy * size.1, size.0, size.1)
    }
}

/// A piece of a drawing, in points on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rect {
        bounds: Bounds,
        fill: Option<Ink>,
        pen: Option<Pen>,
        radius: f32,
    },
    Line {
        points: Vec<Pt>,
        pen: Pen,
    },
    /// Closed; the fill is right only where it is convex.
    Polygon {
        points: Vec<Pt>,
        fill: Option<Ink>,
        pen: Option<Pen>,
    },
    /// Area between two chains of equal length with common parameter; need not be convex.
    Band {
        upper: Vec<Pt>,
        lower: Vec<Pt>,
        fill: Ink,
    },
    Circle {
        centre: Pt,
        radius: f64,
        fill: Option<Ink>,
        pen: Option<Pen>,
    },
    Text {
        at: Pt,
        anchor: Anchor,
        text: String,
        role: TextRole,
        ink: Ink,
    },
    /// Text that reads upwards, centred at the position.
    TextUp {
        at: Pt,
        text: String,
        role: TextRole,
        ink: Ink,
    },
}

impl Shape {
    pub fn fill(bounds: Bounds, ink: Ink) -> Self {
        Shape::Rect { bounds, fill: Some(ink), pen: None, radius: 0.0 }
    }

    pub fn outline(bounds: Bounds, pen: Pen) -> Self {
        Shape::Rect { bounds, fill: None, pen: Some(pen), radius: 0.0 }
    }

    pub fn line(a: Pt, b: Pt, pen: Pen) -> Self {
        Shape::Line { points: vec![a, b], pen }
    }

    pub fn text(at: Pt, anchor: Anchor, text: impl Into<String>, style: (TextRole, Token)) -> Self {
        Shape::Text { at, anchor, text: text.into(), role: style.0, ink: Ink::token(style.1) }
    }
}

/// The triangle that says overload without colour, around `c`.
pub fn overload(c: Pt) -> [Shape; 3] {
    let pen = Pen::token(Token::Err, 1.4);
    [
        Shape::Polygon {
            points: vec![c.plus(0.0, -6.0), c.plus(6.5, 5.5), c.plus(-6.5, 5.5)],
            fill: Some(Ink::token(Token::ErrBg)),
            pen: Some(pen),
        },
        Shape::line(c.plus(0.0, -2.2), c.plus(0.0, 1.6), pen),
        Shape::line(c.plus(0.0, 3.2), c.plus(0.0, 4.2), pen),
    ]
}

/// A filled cell of a dense field (racks, units, blocks), in points on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub bounds: Bounds,
    pub ink: Ink,
}

/// Size in points of a text in a style; the window measures with its fonts.
pub type Measure<'a> = dyn FnMut(&str, TextRole) -> (f64, f64) + 'a;

/// Size without fonts, for pictures that are drawn elsewhere and for tests.
pub fn rough_size(text: &str, role: TextRole) -> (f64, f64) {
    let style = role.style();
    (text.chars().count() as f64 * f64::from(style.size) * 0.56, f64::from(style.line))
}
