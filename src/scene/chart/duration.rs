//! PUE over the hours of a year, sorted from the highest: how long a loop runs at which PUE, for
//! several set points. It must not know loops, weather or files.

use super::axis::{Axis, Scale};
use super::furniture;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{self, Label};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::squares::Squares;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::fixed;

/// The year at one set point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DurationCurve {
    /// `45 °C`.
    pub name: String,
    /// The set point that the loop has.
    pub own: bool,
    /// Hours of the year and PUE, from the highest PUE.
    pub parts: Vec<(f64, f64)>,
}

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PueDuration {
    pub curves: Vec<DurationCurve>,
    /// PUE at the design extreme of the own set point.
    pub design: Option<f64>,
}

/// Hours of the axis.
const YEAR_H: f64 = 8_760.0;
const RIGHT: f64 = 8.0;
/// From a curve to its name.
const ASIDE: f64 = 4.0;
const ABOVE: f64 = 10.0;
const DESIGN: Ink = Ink::of(Hue::Token(Token::Warn));

/// Inks of the curves that are not the own one, from the coldest set point.
fn ink(at: usize, own: bool) -> Ink {
    match own {
        true => Ink::token(Token::Text1),
        false => Ink::of(Hue::Load([0, 1, 2, 4].get(at).copied().unwrap_or(0))),
    }
}

/// Draws the curves into a room; nothing where there are none.
pub fn draw_duration(chart: &PueDuration, room: Bounds, measure: &mut Measure) -> Vec<Shape> {
    let all = || chart.curves.iter().flat_map(|c| &c.parts).map(|p| p.1).chain(chart.design);
    let (Some(low), Some(high)) = (all().reduce(f64::min), all().reduce(f64::max)) else {
        return Vec::new();
    };
    let inner = Bounds { min: room.min, max: room.max.plus(-RIGHT, 0.0) };
    let plot = furniture::plot(inner, ABOVE);
    let span = (high - low).max(0.01);
    let x = Axis { scale: Scale::Log, min: 1.0, max: YEAR_H, from: plot.min.x, to: plot.max.x };
    let y = Axis {
        scale: Scale::Linear,
        min: low - 0.08 * span,
        max: high + 0.08 * span,
        from: plot.max.y,
        to: plot.min.y,
    };
    let mut out = Vec::new();
    let names = ("Hours of the year at this PUE or above, log", "PUE");
    furniture::axes(&mut out, (&x, &y), inner, names);
    if let Some(design) = chart.design {
        let at = y.position(design);
        let pen = Pen::new(DESIGN, 1.2).dashed(4.0, 3.0);
        out.push(Shape::line(pt(plot.min.x, at), pt(plot.max.x, at), pen));
        let words = format!("design extreme {}", fixed(design, 3));
        let place = pt(plot.max.x - 4.0, at - 3.0);
        out.push(Shape::text(place, Anchor::RightBottom, words, (TextRole::Tiny, Token::Warn)));
    }
    let mut wanted = Vec::new();
    // The own one on top.
    let mut order: Vec<usize> = (0..chart.curves.len()).collect();
    order.sort_by_key(|i| chart.curves[*i].own);
    for at in order {
        let curve = &chart.curves[at];
        let points = steps(&curve.parts, (&x, &y));
        let ink = ink(at, curve.own);
        let wide = if curve.own { furniture::SERIES_PX } else { 1.6 };
        if let Some(worst) = points.first() {
            // Where curves run apart: at the worst hours, over the line or below it.
            // Words in the grey of words: an ink of a line may be too pale to read.
            let (role, words) = match curve.own {
                true => (TextRole::SmallStrong, Token::Text1),
                false => (TextRole::Small, Token::Text2),
            };
            let place = |x: f64, dy: f64, anchor| {
                Label::new(pt(plot.min.x + x, worst.y + dy), anchor, 50).line(
                    curve.name.clone(),
                    role,
                    Ink::token(words),
                )
            };
            let over = |x| place(x, -ASIDE, Anchor::LeftBottom);
            let under = |x| place(x, ASIDE, Anchor::LeftTop);
            wanted.push(over(8.0).or(under(8.0)).or(over(64.0)).or(under(64.0)).or(over(120.0)));
        }
        out.push(Shape::Line { points, pen: Pen::new(ink, wide) });
    }
    out.extend(labels::place(wanted, (&mut Vec::new(), &Squares::default()), measure));
    out
}

/// The curve as steps: from the first hour to the last.
fn steps(parts: &[(f64, f64)], (x, y): (&Axis, &Axis)) -> Vec<Pt> {
    let mut points = Vec::new();
    let mut before = 0.0_f64;
    for (hours, pue) in parts {
        let at = y.position(*pue);
        points.push(pt(x.position(before.max(x.min)), at));
        before += hours;
        points.push(pt(x.position(before.clamp(x.min, x.max)), at));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    #[test]
    fn a_curve_falls_from_its_worst_hour_and_spans_the_year() {
        let parts = vec![(10.0, 1.2), (1_000.0, 1.1), (7_750.0, 1.06)];
        let curve = DurationCurve { name: "45 °C".into(), own: true, parts };
        let chart = PueDuration { curves: vec![curve], design: Some(1.25) };
        let room = Bounds::xywh(0.0, 0.0, 640.0, 300.0);
        let shapes = draw_duration(&chart, room, &mut rough_size);
        let line = shapes.iter().find_map(|s| match s {
            Shape::Line { points, pen } if pen.width == furniture::SERIES_PX => Some(points),
            _ => None,
        });
        let line = line.expect("the curve");
        assert_eq!(line.len(), 6);
        assert!(line.windows(2).all(|w| w[1].x >= w[0].x && w[1].y >= w[0].y - 1e-9), "falls");
        let plot = furniture::plot(Bounds { max: room.max.plus(-RIGHT, 0.0), ..room }, ABOVE);
        assert!((line[5].x - plot.max.x).abs() < 1e-6, "8,760 h");
        assert!((line[0].x - plot.min.x).abs() < 1e-6, "from the first hour");
        // A decade of hours is as wide as any other.
        let decade = (plot.max.x - plot.min.x) / YEAR_H.log10();
        assert!((line[1].x - plot.min.x - decade).abs() < 1e-6);
    }

    #[test]
    fn nothing_is_drawn_of_no_curves() {
        let room = Bounds::xywh(0.0, 0.0, 640.0, 300.0);
        assert!(draw_duration(&PueDuration::default(), room, &mut rough_size).is_empty());
    }
}
