//! A figure over the years for a few that are compared: a line with markers for each, named at its
//! end. Told apart by marker and name, not by colour alone. It must not know what is compared.

use super::furniture::{self, Amounts, TICK, round_axis, spread, ticks};
use super::{Drawing, Mark};
use crate::scene::chart::furniture::marker;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Marker, TextRole, size};

/// One of those that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Short: it stands at the end of the line.
    pub name: String,
    pub ink: Ink,
    pub marker: Marker,
    /// By label; fewer where it ends sooner.
    pub values: Vec<f64>,
}

/// Values at the ends of fiscal years.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    pub labels: Vec<String>,
    pub traces: Vec<Trace>,
    pub amounts: Amounts,
}

const BELOW: f64 = 20.0;
const MARK: f64 = 2.6;

impl Lines {
    pub(super) fn is_empty(&self) -> bool {
        self.labels.len() < 2 || self.traces.iter().all(|t| t.values.is_empty())
    }

    /// Name and last value.
    fn end_of(&self, trace: &Trace) -> String {
        let end = trace.values.last().copied().unwrap_or(0.0);
        format!("{} {}", trace.name, self.amounts.words(end))
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let all = self.traces.iter().flat_map(|t| t.values.iter().copied());
        let span = all.fold((0.0, 0.0), |s: (f64, f64), v| (s.0.min(v), s.1.max(v)));
        let top = room.min.y + 8.0;
        let bottom = (room.max.y - BELOW).max(top + 20.0);
        let axis = round_axis(span, 5, (bottom, top));
        let labels = ticks(&axis, 5, self.amounts.per);
        let left = furniture::widest(labels.iter().map(|l| l.1.as_str()), TICK.0, measure) + 10.0;
        let ends: Vec<String> = self.traces.iter().map(|t| self.end_of(t)).collect();
        let texts = ends.iter().map(String::as_str);
        let right = furniture::widest(texts, TextRole::SmallStrong, measure) + 14.0;
        let plot = Bounds {
            min: pt(room.min.x + left, top),
            max: pt((room.max.x - right).max(room.min.x + left + 20.0), bottom),
        };
        furniture::upright(&mut out.shapes, &plot, &axis, &labels);
        furniture::zero(&mut out.shapes, &plot, &axis);
        let last = (self.labels.len() - 1).max(1) as f64;
        let x = |n: usize| plot.min.x + n as f64 / last * plot.width();
        let mut tips: Vec<(usize, f64)> = Vec::new();
        for (index, trace) in self.traces.iter().enumerate() {
            let chain: Vec<Pt> =
                trace.values.iter().enumerate().map(|(n, v)| pt(x(n), axis.position(*v))).collect();
            tips.extend(chain.last().map(|p| (index, p.y)));
            out.shapes.push(Shape::Line {
                points: chain.clone(),
                pen: Pen::new(trace.ink, size::SERIES),
            });
            out.shapes.extend(chain.into_iter().map(|p| marker(trace.marker, p, MARK, trace.ink)));
        }
        tips.sort_by(|a, b| a.1.total_cmp(&b.1));
        let wanted: Vec<f64> = tips.iter().map(|(_, y)| *y).collect();
        let placed = spread(&wanted, 15.0, (top - 6.0, bottom + 6.0));
        for ((index, _), y) in tips.iter().zip(placed) {
            let (Some(text), Some(trace)) = (ends.get(*index), self.traces.get(*index)) else {
                continue;
            };
            out.shapes.push(Shape::Text {
                at: pt(plot.max.x + 8.0, y),
                anchor: Anchor::LeftCentre,
                text: text.clone(),
                role: TextRole::SmallStrong,
                ink: trace.ink,
            });
        }
        for n in 0..self.labels.len() {
            let half = plot.width() / last / 2.0;
            let (from, to) = ((x(n) - half).max(plot.min.x), (x(n) + half).min(plot.max.x));
            let bounds = Bounds::of(pt(from, plot.min.y), pt(to, plot.max.y));
            out.marks.push(Mark { bounds, words: self.line(n) });
        }
        let names: Vec<(f64, String)> =
            self.labels.iter().enumerate().map(|(n, l)| (x(n), l.clone())).collect();
        furniture::names_below(&mut out.shapes, &names, plot.max.y + 5.0, measure);
        out
    }

    fn line(&self, n: usize) -> String {
        let label = self.labels.get(n).map_or("", String::as_str);
        let part =
            |t: &Trace| Some(format!("{} {}", t.name, self.amounts.words(*t.values.get(n)?)));
        let parts: Vec<String> = self.traces.iter().filter_map(part).collect();
        format!("{label} {}", parts.join(", "))
    }

    pub(super) fn words(&self) -> Vec<String> {
        (0..self.labels.len()).map(|n| self.line(n)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;
    use crate::scene::tokens::Token;

    #[test]
    fn each_line_ends_with_its_name_and_last_value_and_none_covers_another() {
        let trace = |name: &str, values: &[f64]| Trace {
            name: name.to_owned(),
            ink: Ink::token(Token::Accent),
            marker: Marker::Circle,
            values: values.to_vec(),
        };
        let lines = Lines {
            labels: ["2027", "2028", "2029"].map(String::from).to_vec(),
            traces: vec![trace("A", &[-5e9, -7e9, 1.00e9]), trace("B", &[-5e9, -6e9, 1.01e9])],
            amounts: Amounts::money(7e9),
        };
        let drawn = lines.draw(Bounds::xywh(0.0, 0.0, 400.0, 200.0), &mut rough_size);
        let end = |name: &str| {
            drawn.shapes.iter().find_map(|s| match s {
                Shape::Text { at, text, .. } if text.starts_with(name) => {
                    Some((at.y, text.clone()))
                }
                _ => None,
            })
        };
        let (a, b) = (end("A ").unwrap(), end("B ").unwrap());
        assert_eq!((a.1.as_str(), b.1.as_str()), ("A $1.00 B", "B $1.01 B"));
        assert!(a.0 - b.0 >= 14.0, "the higher one stands above: {a:?} {b:?}");
        assert_eq!(drawn.marks[1].words, "2028 A −$7.00 B, B −$6.00 B");
    }
}
