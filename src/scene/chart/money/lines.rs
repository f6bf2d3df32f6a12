//! A figure over the years for a few that are compared: a line with markers for each, named at its
//! end. Told apart by marker and name, not by colour alone. It must not know what is compared.

use super::Drawing;
use super::furniture::{Amounts, spread};
use super::years::Years;
use crate::scene::chart::furniture::marker;
use crate::scene::geom::{Bounds, pt};
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
        let ends: Vec<String> = self.traces.iter().map(|t| self.end_of(t)).collect();
        let frame = Years::new(
            &mut out,
            (room, measure),
            (self.labels.len(), &self.amounts),
            all,
            (&ends, TextRole::SmallStrong, 14.0),
        );
        let plot = &frame.plot;
        let mut tips: Vec<(usize, f64)> = Vec::new();
        for (index, trace) in self.traces.iter().enumerate() {
            let chain = frame.chain(&trace.values);
            tips.extend(chain.last().map(|p| (index, p.y)));
            out.shapes.push(Shape::Line {
                points: chain.clone(),
                pen: Pen::new(trace.ink, size::SERIES),
            });
            out.shapes.extend(chain.into_iter().map(|p| marker(trace.marker, p, MARK, trace.ink)));
        }
        tips.sort_by(|a, b| a.1.total_cmp(&b.1));
        let wanted: Vec<f64> = tips.iter().map(|(_, y)| *y).collect();
        let placed = spread(&wanted, 15.0, (plot.min.y - 6.0, plot.max.y + 6.0));
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
        frame.name(&mut out, &self.labels, measure, |n| self.line(n));
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
