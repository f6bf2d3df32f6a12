//! Symbols of IEC 60617 and the like as plain shapes. It must not know what they stand for.

use super::network::Symbol;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::{Anchor, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// How a symbol is drawn: sides of a transformer may be of different weight.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub ink: Ink,
    /// Weight of lines before and behind the symbol.
    pub weight: (f32, f32),
    /// Size over the size at zoom 1.
    pub scale: f64,
}

fn pen(style: Style, weight: f32) -> Pen {
    Pen::new(style.ink, weight.min(2.0) * style.scale.clamp(0.5, 1.1) as f32)
}

/// The symbol around `c`; bars and loads are drawn elsewhere.
pub fn symbol(symbol: Symbol, c: Pt, style: Style) -> Vec<Shape> {
    let canvas = Some(Ink::token(Token::Canvas));
    let k = style.scale;
    let stroke = pen(style, style.weight.0);
    let ring = |centre: Pt, radius: f64, pen: Pen, fill: Option<Ink>| Shape::Circle {
        centre,
        radius: radius * k,
        fill,
        pen: Some(pen),
    };
    match symbol {
        Symbol::Source => {
            let mut shapes = vec![ring(c, 11.0, stroke, canvas)];
            shapes.push(wave(c, 5.5 * k, pen(style, 1.6)));
            shapes
        }
        Symbol::Transformer => {
            let (a, b) = (c.plus(0.0, -5.6 * k), c.plus(0.0, 5.6 * k));
            let second = pen(style, style.weight.1);
            // Both fills below both rings: the rings interlock.
            let fill =
                |centre: Pt| Shape::Circle { centre, radius: 8.4 * k, fill: canvas, pen: None };
            vec![fill(a), fill(b), ring(a, 8.4, stroke, None), ring(b, 8.4, second, None)]
        }
        Symbol::Generator => {
            let text = Shape::Text {
                at: c,
                anchor: Anchor::Centre,
                text: "G".to_owned(),
                role: if k > 0.8 { TextRole::SmallStrong } else { TextRole::TinyStrong },
                ink: style.ink,
            };
            vec![ring(c, 11.0, stroke, canvas), text]
        }
        Symbol::Battery => battery(c, style),
        Symbol::Ups => ups(c, style),
        Symbol::Cable => cable(c, style),
        Symbol::Bus | Symbol::Racks | Symbol::Cooling => Vec::new(),
    }
}

/// One period of a sine, `reach` to either side.
fn wave(c: Pt, reach: f64, pen: Pen) -> Shape {
    let points = (0..=16)
        .map(|i| {
            let t = f64::from(i) / 8.0 - 1.0;
            c.plus(reach * t, -0.62 * reach * (t * std::f64::consts::PI).sin())
        })
        .collect();
    Shape::Line { points, pen }
}

/// Two cells: long plates and short ones, in a case.
fn battery(c: Pt, style: Style) -> Vec<Shape> {
    let k = style.scale;
    let bounds = Bounds::around(c, 24.0 * k, 17.0 * k);
    let mut shapes = vec![Shape::Rect {
        bounds,
        fill: Some(Ink::token(Token::Canvas)),
        pen: Some(pen(style, style.weight.0)),
        radius: 2.0,
    }];
    for (x, half) in [(-6.0, 5.0), (-2.0, 2.5), (2.0, 5.0), (6.0, 2.5)] {
        let stroke = pen(style, 1.5);
        let ends = (c.plus(x * k, -half * k), c.plus(x * k, half * k));
        shapes.push(Shape::line(ends.0, ends.1, stroke));
    }
    shapes
}

/// Alternating current in, alternating current out, a converter between.
fn ups(c: Pt, style: Style) -> Vec<Shape> {
    let k = style.scale;
    let bounds = Bounds::around(c, 20.0 * k, 20.0 * k);
    let mut shapes = vec![Shape::Rect {
        bounds,
        fill: Some(Ink::token(Token::Canvas)),
        pen: Some(pen(style, style.weight.0)),
        radius: 1.0,
    }];
    let thin = pen(style, 1.3);
    shapes.push(Shape::line(c.plus(-10.0 * k, 10.0 * k), c.plus(10.0 * k, -10.0 * k), thin));
    shapes.push(wave(c.plus(-4.2 * k, -4.6 * k), 3.2 * k, thin));
    shapes.push(wave(c.plus(4.2 * k, 4.8 * k), 3.2 * k, thin));
    shapes
}

/// A cable between two sealing ends.
fn cable(c: Pt, style: Style) -> Vec<Shape> {
    let k = style.scale;
    let head = |sign: f64| Shape::Polygon {
        points: vec![
            c.plus(-4.5 * k, sign * 13.0 * k),
            c.plus(4.5 * k, sign * 13.0 * k),
            c.plus(0.0, sign * 6.0 * k),
        ],
        fill: Some(style.ink),
        pen: None,
    };
    let line = Shape::line(
        c.plus(0.0, -13.0 * k),
        c.plus(0.0, 13.0 * k),
        Pen::new(style.ink, style.weight.0),
    );
    vec![line, head(-1.0), head(1.0)]
}

/// Square of a switch: hollow where it is open.
pub fn open_switch(c: Pt, scale: f64) -> Shape {
    let side = (8.0 * scale).clamp(4.0, 10.0);
    Shape::Rect {
        bounds: Bounds::around(c, side, side),
        fill: Some(Ink::token(Token::Canvas)),
        pen: Some(Pen::token(Token::Text2, 1.3)),
        radius: 0.0,
    }
}

/// The same closed by a transfer: filled.
pub fn closed_switch(c: Pt, scale: f64) -> Shape {
    let side = (9.0 * scale).clamp(5.0, 11.0);
    Shape::Rect {
        bounds: Bounds::around(c, side, side),
        fill: Some(Ink::token(Token::Accent)),
        pen: None,
        radius: 0.0,
    }
}

/// Arrow of a load, its tip at the lower end.
pub fn arrow(bounds: &Bounds, ink: Ink, scale: f64) -> Vec<Shape> {
    let (x, foot) = (bounds.centre().x, bounds.max.y);
    let (half, tall) = (4.5 * scale.clamp(0.5, 1.2), 9.0 * scale.clamp(0.5, 1.2));
    let tip = Pt { x, y: foot };
    vec![
        Shape::line(Pt { x, y: bounds.min.y }, tip.plus(0.0, -tall), Pen::new(ink, 1.5)),
        Shape::Polygon {
            points: vec![tip.plus(-half, -tall), tip.plus(half, -tall), tip],
            fill: Some(ink),
            pen: None,
        },
    ]
}

/// A symbol as the key shows it; without one the open switch.
pub fn key_symbol(kind: Option<Symbol>, c: Pt) -> Vec<Shape> {
    let ink = Ink::token(Token::Text2);
    let style = Style { ink, weight: (1.5, 1.5), scale: 0.62 };
    match kind {
        None => vec![open_switch(c, 1.0)],
        Some(Symbol::Bus) => {
            vec![Shape::line(c.plus(-10.0, 0.0), c.plus(10.0, 0.0), Pen::new(ink, 3.5))]
        }
        Some(Symbol::Racks | Symbol::Cooling) => arrow(&Bounds::around(c, 8.0, 16.0), ink, 0.9),
        Some(other) => symbol(other, c, style),
    }
}
