//! How far each input moves a figure between its low and its high value, the widest first. It
//! must not know the figure.

use super::furniture::{self, Amounts, TICK, fitted, legend, ticks, wrapped};
use super::{Drawing, Mark};
use crate::scene::chart::axis::{Axis, Scale};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// An input.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// With its unit.
    pub name: String,
    /// The input's ends as texts, and the figure that each gives; an end without a figure has
    /// no bar.
    pub low: (String, Option<f64>),
    pub high: (String, Option<f64>),
}

/// Bars around the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    pub base: f64,
    /// The widest first.
    pub bars: Vec<Bar>,
    pub amounts: Amounts,
    /// Whether more of the figure is better.
    pub more_is_better: bool,
}

const HEAD: f64 = 18.0;
const ROW_MOST: f64 = 24.0;
const ROW_LEAST: f64 = 13.0;
/// Height of a line of a name that takes two, and of a row with them.
const LINE: f64 = 11.0;
const ROW_OF_TWO: f64 = 27.0;
/// Most of the width that names take.
const NAMES: f64 = 0.46;

impl Tornado {
    fn ends(bar: &Bar) -> [(&str, Option<f64>); 2] {
        [(bar.low.0.as_str(), bar.low.1), (bar.high.0.as_str(), bar.high.1)]
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let keys = [
            (Ink::token(Token::Worse), "worse".to_owned()),
            (Ink::token(Token::Better), "better".to_owned()),
        ];
        let (shapes, tall) = legend(&keys, (room.min, room.width()), measure);
        out.shapes.extend(shapes);
        let head = room.min.y + tall + HEAD;
        let wide = room.width() * NAMES;
        let two = self.bars.iter().any(|b| measure(&b.name, TextRole::Small).0 > wide);
        let least = if two { ROW_OF_TWO } else { ROW_LEAST };
        let most = ((room.max.y - head) / least).floor().max(1.0) as usize;
        let bars = self.bars.get(..most.min(self.bars.len())).unwrap_or_default();
        let row = ((room.max.y - head) / bars.len() as f64).min(ROW_MOST.max(least));
        let names: Vec<Vec<String>> = bars.iter().map(|b| lines(&b.name, wide, measure)).collect();
        let all = names.iter().flatten().map(String::as_str);
        let named = furniture::widest(all, TextRole::Small, measure);
        let axis = self.axis(bars, (room.min.x + named + 10.0, room.max.x), measure);
        let foot = head + row * bars.len() as f64;
        for (v, text) in self.round(&axis, measure) {
            let x = axis.position(v);
            let pen = Pen::token(Token::Line, 1.0);
            out.shapes.push(Shape::line(pt(x, head), pt(x, foot), pen));
            out.shapes.push(Shape::text(pt(x, head - 4.0), Anchor::CentreBottom, text, TICK));
        }
        for (n, (bar, name)) in bars.iter().zip(names).enumerate() {
            let y = head + (n as f64 + 0.5) * row;
            let style = (TextRole::Small, Token::Text1);
            let first = y - LINE / 2.0 * (name.len() - 1) as f64;
            for (k, line) in name.into_iter().enumerate() {
                let at = pt(room.min.x, first + LINE * k as f64);
                out.shapes.push(Shape::text(at, Anchor::LeftCentre, line, style));
            }
            self.bar(&mut out, bar, (&axis, y, row));
        }
        let x = axis.position(self.base);
        let pen = Pen::token(Token::Text1, 1.4);
        out.shapes.push(Shape::line(pt(x, head), pt(x, foot), pen));
        out
    }

    /// Round values of the axis, as many as stand beside each other.
    fn round(&self, axis: &Axis, measure: &mut Measure) -> Vec<(f64, String)> {
        let fits = |list: &[(f64, String)], measure: &mut Measure| {
            let wide = furniture::widest(list.iter().map(|t| t.1.as_str()), TICK.0, measure) + 8.0;
            list.windows(2).all(|w| axis.position(w[1].0) - axis.position(w[0].0) >= wide)
        };
        let all = (1..=5).rev().map(|most| ticks(axis, most, self.amounts.per));
        let mut all = all.collect::<Vec<_>>().into_iter();
        all.find(|list| fits(list, measure)).unwrap_or_default()
    }

    /// An axis over all ends with room for the texts beside them.
    fn axis(&self, bars: &[Bar], (left, right): (f64, f64), measure: &mut Measure) -> Axis {
        let ends = || bars.iter().flat_map(Self::ends);
        let texts = ends().map(|e| e.0);
        let aside = furniture::widest(texts, TICK.0, measure) + 8.0;
        let values = ends().filter_map(|e| e.1).chain([self.base]);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |s, v| (s.0.min(v), s.1.max(v)));
        let span = if high > low { high - low } else { high.abs().max(1.0) };
        let (from, to) = (left + aside, (right - aside).max(left + aside + 20.0));
        Axis { scale: Scale::Linear, min: low, max: low + span, from, to }
    }

    fn bar(&self, out: &mut Drawing, bar: &Bar, (axis, y, row): (&Axis, f64, f64)) {
        let base = axis.position(self.base);
        let tall = (row * 0.68).max(4.0);
        let mut ends: Vec<(&str, f64)> =
            Self::ends(bar).into_iter().filter_map(|(t, v)| Some((t, v?))).collect();
        // The longer below the shorter, where both lie on the same side.
        ends.sort_by(|a, b| (b.1 - self.base).abs().total_cmp(&(a.1 - self.base).abs()));
        let side = |v: f64| v >= self.base;
        let same = ends.len() == 2 && side(ends[0].1) == side(ends[1].1);
        for (n, (text, value)) in ends.iter().enumerate() {
            let x = axis.position(*value);
            let bounds = Bounds::of(pt(base, y - tall / 2.0), pt(x, y + tall / 2.0));
            let is_better = side(*value) == self.more_is_better;
            let token = if is_better { Token::Better } else { Token::Worse };
            let faded = if same && n == 1 { 0.55 } else { 1.0 };
            if bounds.width() >= 0.3 {
                out.shapes.push(furniture::bar(bounds, Ink::token(token).faded(faded)));
            }
            // The text of the shorter of two on one side goes to the other side of the base.
            let rightwards = side(*value) != (same && n == 1);
            let at = if same && n == 1 { base } else { x };
            let (at, anchor) = match rightwards {
                true => (pt(at + 5.0, y), Anchor::LeftCentre),
                false => (pt(at - 5.0, y), Anchor::RightCentre),
            };
            out.shapes.push(Shape::text(at, anchor, *text, TICK));
        }
        let ends = Self::ends(bar).into_iter().filter_map(|(_, v)| v).chain([self.base]);
        let across = ends.map(|v| axis.position(v));
        let (a, b) =
            across.fold((f64::INFINITY, f64::NEG_INFINITY), |s, x| (s.0.min(x), s.1.max(x)));
        let bounds = Bounds::of(pt(a, y - row / 2.0), pt(b.max(a + 2.0), y + row / 2.0));
        out.marks.push(Mark { bounds, words: self.line(bar) });
    }

    fn line(&self, bar: &Bar) -> String {
        let end = |(text, value): (&str, Option<f64>)| {
            let value = value.map_or_else(|| "no figure".to_owned(), |v| self.amounts.words(v));
            format!("at {text} {value}")
        };
        let [low, high] = Self::ends(bar);
        format!("{} {}, {}", bar.name, end(low), end(high))
    }

    pub(super) fn words(&self) -> Vec<String> {
        let base = format!("base {}", self.amounts.words(self.base));
        [base].into_iter().chain(self.bars.iter().map(|b| self.line(b))).collect()
    }
}

/// A name in one line of a width or in two; one word that is wider is cut.
fn lines(name: &str, wide: f64, measure: &mut Measure) -> Vec<String> {
    let role = TextRole::Small;
    wrapped(name, (wide, 2), role, measure)
        .filter(|lines| !lines.is_empty())
        .unwrap_or_else(|| vec![fitted(name, wide, role, measure)])
}
