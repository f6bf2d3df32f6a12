//! Stacked columns by fiscal year, with a line over them where there is one. What is spent
//! hangs below zero. It must not know what the series are.

use super::furniture::{self, Amounts, TICK, VALUE, bar, legend, round_axis, ticks};
use super::{Drawing, Mark};
use crate::scene::chart::axis::Axis;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Token, size};

/// A row of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub ink: Ink,
    /// One for each label.
    pub values: Vec<f64>,
}

/// Columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// Years under the columns.
    pub labels: Vec<String>,
    /// From the axis outwards.
    pub series: Vec<Series>,
    /// Drawn as a line, such as a running sum.
    pub line: Option<Series>,
    /// Whether the sum of a column stands over it.
    pub totals: bool,
    pub amounts: Amounts,
}

const STEPS: usize = 5;
const BELOW: f64 = 20.0;
const RIGHT: f64 = 6.0;

impl Columns {
    fn value(series: &Series, n: usize) -> f64 {
        series.values.get(n).copied().unwrap_or(0.0)
    }

    /// What stands above zero and what hangs below in a column.
    fn heights(&self, n: usize) -> (f64, f64) {
        let values = || self.series.iter().map(|s| Self::value(s, n));
        (values().filter(|v| *v > 0.0).sum(), values().filter(|v| *v < 0.0).sum())
    }

    fn span(&self) -> (f64, f64) {
        let columns = (0..self.labels.len()).map(|n| self.heights(n));
        let mut span = columns.fold((0.0f64, 0.0f64), |s, h| (s.0.min(h.1), s.1.max(h.0)));
        for v in self.line.iter().flat_map(|l| &l.values) {
            span = (span.0.min(*v), span.1.max(*v));
        }
        span
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let keys: Vec<(Ink, String)> =
            self.series.iter().chain(&self.line).map(|s| (s.ink, s.name.clone())).collect();
        let (shapes, tall) = legend(&keys, (room.min, room.width()), measure);
        out.shapes.extend(shapes);
        let over = if self.totals { 16.0 } else { 6.0 };
        let top = room.min.y + tall + over;
        let bottom = (room.max.y - BELOW).max(top + 20.0);
        let axis = round_axis(self.span(), STEPS, (bottom, top));
        let labels = ticks(&axis, STEPS, self.amounts.per);
        let left = furniture::widest(labels.iter().map(|l| l.1.as_str()), TICK.0, measure) + 10.0;
        let plot = Bounds {
            min: pt(room.min.x + left, top),
            max: pt((room.max.x - RIGHT).max(room.min.x + left + 10.0), bottom),
        };
        furniture::upright(&mut out.shapes, &plot, &axis, &labels);
        let pitch = plot.width() / self.labels.len() as f64;
        let middle = |n: usize| plot.min.x + (n as f64 + 0.5) * pitch;
        let wide = (pitch * 0.76).min(44.0);
        for n in 0..self.labels.len() {
            self.column(&mut out, n, (middle(n), wide), &axis);
        }
        furniture::zero(&mut out.shapes, &plot, &axis);
        if let Some(line) = &self.line {
            let points: Vec<Pt> = (0..self.labels.len())
                .map(|n| pt(middle(n), axis.position(Self::value(line, n))))
                .collect();
            for p in &points {
                let fill = Some(Ink::token(Token::Panel));
                let pen = Some(Pen::new(line.ink, 1.4));
                out.shapes.push(Shape::Circle { centre: *p, radius: 2.6, fill, pen });
            }
            out.shapes.insert(
                out.shapes.len() - points.len(),
                Shape::Line { points, pen: Pen::new(line.ink, size::SERIES) },
            );
        }
        if self.totals {
            self.sums(&mut out.shapes, (&middle, pitch), &axis, measure);
        }
        let names: Vec<(f64, String)> =
            self.labels.iter().enumerate().map(|(n, l)| (middle(n), l.clone())).collect();
        furniture::names_below(&mut out.shapes, &names, plot.max.y + 5.0, measure);
        out
    }

    fn column(&self, out: &mut Drawing, n: usize, (x, wide): (f64, f64), axis: &Axis) {
        let (mut up, mut down) = (0.0, 0.0);
        for series in &self.series {
            let v = Self::value(series, n);
            let from = if v >= 0.0 { &mut up } else { &mut down };
            let (a, b) = (axis.position(*from), axis.position(*from + v));
            *from += v;
            if v == 0.0 || (a - b).abs() < 0.15 {
                continue;
            }
            let bounds = Bounds::of(pt(x - wide / 2.0, a), pt(x + wide / 2.0, b));
            out.shapes.push(bar(bounds, series.ink));
        }
        let (above, below) = self.heights(n);
        let (a, b) = (axis.position(above), axis.position(below));
        let bounds = Bounds::of(pt(x - wide / 2.0, a), pt(x + wide / 2.0, b));
        out.marks.push(Mark { bounds, words: self.line_of(n) });
    }

    /// Sums over the columns, where all of them have room side by side.
    fn sums(
        &self,
        out: &mut Vec<Shape>,
        (middle, pitch): (&dyn Fn(usize) -> f64, f64),
        axis: &Axis,
        measure: &mut Measure,
    ) {
        let texts: Vec<(usize, f64, String)> = (0..self.labels.len())
            .map(|n| (n, self.heights(n)))
            .filter(|(_, (up, down))| *up > 0.0 && *down == 0.0)
            .map(|(n, (up, _))| (n, up, self.amounts.digits(up)))
            .collect();
        if furniture::widest(texts.iter().map(|t| t.2.as_str()), VALUE.0, measure) > pitch - 3.0 {
            return;
        }
        for (n, up, text) in texts {
            let at = pt(middle(n), axis.position(up) - 3.0);
            out.push(Shape::text(at, Anchor::CentreBottom, text, VALUE));
        }
    }

    fn line_of(&self, n: usize) -> String {
        let label = self.labels.get(n).map_or("", String::as_str);
        let parts: Vec<String> = self
            .series
            .iter()
            .chain(&self.line)
            .filter(|s| Self::value(s, n) != 0.0)
            .map(|s| format!("{} {}", s.name, self.amounts.words(Self::value(s, n))))
            .collect();
        if parts.is_empty() {
            format!("{label} nothing")
        } else {
            format!("{label} {}", parts.join(", "))
        }
    }

    pub(super) fn words(&self) -> Vec<String> {
        (0..self.labels.len()).map(|n| self.line_of(n)).collect()
    }
}
