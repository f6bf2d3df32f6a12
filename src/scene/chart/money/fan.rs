//! A figure over the years as it may fall out: the span of runs, their middle and the base
//! case. P90 is the value that 90 % of runs exceed, as lenders mean it. It must not know runs.

use super::Drawing;
use super::furniture::{Amounts, spread};
use super::years::Years;
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token, size};

/// Values at the ends of fiscal years.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    pub labels: Vec<String>,
    /// Exceeded in 10, 50 and 90 % of runs.
    pub p10: Vec<f64>,
    pub p50: Vec<f64>,
    pub p90: Vec<f64>,
    /// The base case, where it is known.
    pub base: Option<Vec<f64>>,
    pub amounts: Amounts,
}

const BAND: f32 = 0.13;

impl Fan {
    fn lines(&self) -> Vec<(&'static str, &[f64])> {
        let mut out = vec![("P10", &self.p10[..]), ("P50", &self.p50), ("P90", &self.p90)];
        out.extend(self.base.as_deref().map(|b| ("Base", b)));
        out
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let lines = self.lines();
        let all = lines.iter().flat_map(|l| l.1.iter().copied());
        let ends: Vec<String> = lines
            .iter()
            .map(|(name, values)| {
                let end = values.last().copied().unwrap_or(0.0);
                format!("{name} {}", self.amounts.digits(end))
            })
            .collect();
        let frame = Years::new(
            &mut out,
            (room, measure),
            (self.labels.len(), &self.amounts),
            all,
            (&ends, TextRole::TinyStrong, 12.0),
        );
        let chain = |values: &[f64]| frame.chain(values);
        let accent = Ink::token(Token::Accent);
        let (upper, lower) = (chain(&self.p10), chain(&self.p90));
        let fill = accent.faded(BAND);
        out.shapes.push(Shape::Band { upper: upper.clone(), lower: lower.clone(), fill });
        for points in [upper, lower] {
            out.shapes.push(Shape::Line { points, pen: Pen::new(accent, 1.0) });
        }
        let points = chain(&self.p50);
        out.shapes.push(Shape::Line { points, pen: Pen::new(accent, size::SERIES) });
        if let Some(base) = &self.base {
            let pen = Pen::token(Token::Text1, 1.8).dashed(5.0, 3.0);
            out.shapes.push(Shape::Line { points: chain(base), pen });
        }
        self.ends(&mut out.shapes, &ends, &frame);
        frame.name(&mut out, &self.labels, measure, |n| self.line(n));
        out
    }

    /// Names and last values beside the ends of the lines.
    fn ends(&self, out: &mut Vec<Shape>, texts: &[String], frame: &Years) {
        let lines = self.lines();
        let position = |v: &f64| frame.axis.position(*v);
        let end = |n: usize| lines.get(n).and_then(|l| l.1.last()).map_or(0.0, position);
        let room = (frame.plot.min.y - 6.0, frame.plot.max.y + 6.0);
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by(|a, b| end(*a).total_cmp(&end(*b)));
        let wanted: Vec<f64> = order.iter().map(|n| end(*n)).collect();
        for (n, y) in order.iter().zip(spread(&wanted, 13.0, room)) {
            let strong = *n == 1 || *n == 3;
            let role = if strong { TextRole::TinyStrong } else { TextRole::Tiny };
            let token = if *n == 3 { Token::Text1 } else { Token::Accent };
            let text = texts.get(*n).map_or("", String::as_str);
            out.push(Shape::text(
                pt(frame.plot.max.x + 6.0, y),
                Anchor::LeftCentre,
                text,
                (role, token),
            ));
        }
    }

    fn line(&self, n: usize) -> String {
        let label = self.labels.get(n).map_or("", String::as_str);
        let parts: Vec<String> = self
            .lines()
            .iter()
            .filter_map(|(name, values)| {
                Some(format!("{name} {}", self.amounts.words(*values.get(n)?)))
            })
            .collect();
        format!("{label} {}", parts.join(", "))
    }

    pub(super) fn words(&self) -> Vec<String> {
        (0..self.labels.len()).map(|n| self.line(n)).collect()
    }
}
