//! What every chart has: axes with their names, marks of rack generations, names that find
//! a free place beside their lines. It must not know what is plotted.

use super::axis::{Axis, tick_label};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{self, Label};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Marker, TextRole, Token};

/// Width of a series line, points, and strength of its band.
pub(super) const SERIES_PX: f32 = 2.2;
pub(super) const BAND_ALPHA: f32 = 0.13;

/// Grid, ticks and names of both axes; `room` is the box around the plot.
pub(super) fn axes(
    out: &mut Vec<Shape>,
    (x_axis, y_axis): (&Axis, &Axis),
    room: Bounds,
    names: (&str, &str),
) {
    let plot = Bounds::of(pt(x_axis.from, y_axis.from), pt(x_axis.to, y_axis.to));
    let (grid, zero) = (Pen::token(Token::Line, 1.0), Pen::token(Token::Line2, 1.0));
    let small = (TextRole::Tiny, Token::Text2);
    for v in y_axis.ticks(7) {
        let y = y_axis.position(v);
        out.push(Shape::line(pt(plot.min.x, y), pt(plot.max.x, y), grid));
        let at = pt(plot.min.x - 8.0, y);
        out.push(Shape::text(at, Anchor::RightCentre, tick_label(v), small));
    }
    for v in y_axis.minor_ticks() {
        let y = y_axis.position(v);
        out.push(Shape::line(pt(plot.min.x - 4.0, y), pt(plot.min.x, y), zero));
    }
    for v in x_axis.ticks(9) {
        let x = x_axis.position(v);
        out.push(Shape::line(pt(x, plot.max.y), pt(x, plot.max.y + 4.0), zero));
        let at = pt(x, plot.max.y + 6.0);
        out.push(Shape::text(at, Anchor::CentreTop, tick_label(v), small));
    }
    out.push(Shape::line(plot.min, pt(plot.min.x, plot.max.y), zero));
    out.push(Shape::line(pt(plot.min.x, plot.max.y), plot.max, zero));
    let below = pt(plot.centre().x, room.max.y - 6.0);
    out.push(Shape::text(below, Anchor::CentreBottom, names.0, small));
    out.push(Shape::TextUp {
        at: pt(room.min.x + 8.0, plot.centre().y),
        text: names.1.to_owned(),
        role: TextRole::Tiny,
        ink: Ink::token(Token::Text2),
    });
}

/// A hollow mark of a rack generation.
pub(super) fn marker(kind: Marker, c: Pt, r: f64, ink: Ink) -> Shape {
    filled_marker(kind, c, r, (ink, Ink::token(Token::Canvas)))
}

/// A mark of a rack generation with its edge and what fills it.
pub(super) fn filled_marker(kind: Marker, c: Pt, r: f64, (edge, fill): (Ink, Ink)) -> Shape {
    let (fill, pen) = (Some(fill), Some(Pen::new(edge, 1.4)));
    let polygon = |points: Vec<Pt>| Shape::Polygon { points, fill, pen };
    match kind {
        Marker::Circle | Marker::Letter => Shape::Circle { centre: c, radius: r, fill, pen },
        Marker::Square => {
            Shape::Rect { bounds: Bounds::around(c, r * 1.8, r * 1.8), fill, pen, radius: 0.0 }
        }
        Marker::Triangle => polygon(vec![
            c.plus(0.0, -r * 1.15),
            c.plus(r * 1.1, r * 0.85),
            c.plus(-r * 1.1, r * 0.85),
        ]),
        Marker::Diamond => polygon(vec![
            c.plus(0.0, -r * 1.25),
            c.plus(r * 1.1, 0.0),
            c.plus(0.0, r * 1.25),
            c.plus(-r * 1.1, 0.0),
        ]),
    }
}

/// The name of a series wants to stand at one of several places near its line.
pub(super) struct Wanted {
    pub along: Vec<Pt>,
    pub label: Label,
}

/// Points along every series line among `shapes`, for [`place_names`].
pub(super) fn series_lines(shapes: &[Shape]) -> Vec<Pt> {
    let series = shapes.iter().filter_map(|s| match s {
        Shape::Line { points, pen } if pen.width == SERIES_PX => Some(sampled(points)),
        _ => None,
    });
    series.flatten().collect()
}

/// Each name goes to the first of its places in the plot that keeps clear of marks, lines
/// and other names.
pub(super) fn place_names(
    wanted: Vec<Wanted>,
    (plot, lines): (Bounds, &[Pt]),
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) -> Vec<Shape> {
    let mut out = Vec::new();
    for w in wanted {
        let size = w.label.lines.iter().fold((0.0f64, 0.0f64), |s, l| {
            let m = measure(&l.text, l.role);
            (s.0.max(m.0), s.1 + m.1)
        });
        let free = |p: &Pt| {
            let b = Bounds::xywh(p.x, p.y, size.0, size.1);
            plot.contains_box(&b)
                && !taken.iter().any(|t| t.intersects(&b))
                && !lines.iter().any(|l| b.grown(3.0).contains(*l))
        };
        // From the foot of the line upwards: right of it, left of it, above, below.
        let (w0, h0) = size;
        let beside = [
            (14.0, -h0 - 6.0),
            (14.0, -h0 / 2.0),
            (14.0, 8.0),
            (-w0 - 14.0, 6.0),
            (-w0 - 14.0, -h0 / 2.0),
            (-w0 / 2.0, -h0 - 14.0),
            (-w0 / 2.0, 14.0),
        ];
        let tries = sampled(&w.along);
        let found = tries
            .iter()
            .rev()
            .step_by(3)
            .flat_map(|p| beside.iter().map(|o| p.plus(o.0, o.1)))
            .find(free);
        let Some(at) = found else { continue };
        let label = Label { at, ..w.label };
        out.extend(labels::place(vec![label], taken, measure));
    }
    out
}

/// Points every few pixels along a line, so that a box on it holds one.
pub(super) fn sampled(points: &[Pt]) -> Vec<Pt> {
    let mut out = Vec::new();
    for w in points.windows(2) {
        let n = (w[0].distance(w[1]) / 5.0).ceil().max(1.0);
        out.extend((0..=n as usize).map(|i| {
            let t = i as f64 / n;
            pt(w[0].x + (w[1].x - w[0].x) * t, w[0].y + (w[1].y - w[0].y) * t)
        }));
    }
    out
}
