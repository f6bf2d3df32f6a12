//! A figure by two inputs at once: a table of cells whose shade says how far each lies from the
//! base. It must not know the figure.

use super::furniture::{self, Amounts, fitted};
use super::{Drawing, Mark};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// One side: the name of the input with its unit, its values as texts, and which of them is the
/// base.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub name: String,
    pub values: Vec<String>,
    pub base: Option<usize>,
}

/// Cells by row, then by column; one without a figure is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub rows: Side,
    pub columns: Side,
    pub cells: Vec<Vec<Option<f64>>>,
    pub base: f64,
    pub amounts: Amounts,
    /// Whether more of the figure is better.
    pub more_is_better: bool,
}

const HEAD: f64 = 40.0;
const ROW_MOST: f64 = 44.0;
/// Shade of the cell that is farthest from the base.
const STRONGEST: f32 = 0.4;

impl Grid {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().flatten().flatten().next().is_none()
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let small = (TextRole::Small, Token::Text2);
        let texts = self.rows.values.iter().map(String::as_str);
        let values = furniture::widest(texts, TextRole::SmallStrong, measure);
        let name =
            furniture::widest([self.rows.name.as_str()].into_iter(), TextRole::Small, measure);
        let left = values.max(name).min(room.width() * 0.4) + 14.0;
        let count = self.columns.values.len().max(1) as f64;
        let row = ((room.height() - HEAD) / self.rows.values.len().max(1) as f64).min(ROW_MOST);
        let wide = (room.width() - left) / count;
        let (x, y) = (room.min.x + left, room.min.y + HEAD);
        let title = fitted(&self.columns.name, room.width() - left, TextRole::Small, measure);
        out.shapes.push(Shape::text(pt(x, room.min.y), Anchor::LeftTop, title, small));
        let title = fitted(&self.rows.name, left - 14.0, TextRole::Small, measure);
        out.shapes.push(Shape::text(pt(room.min.x, y - 20.0), Anchor::LeftTop, title, small));
        for (n, text) in self.columns.values.iter().enumerate() {
            let at = pt(x + (n as f64 + 1.0) * wide - 8.0, y - 20.0);
            let style = (TextRole::SmallStrong, Token::Text1);
            out.shapes.push(Shape::text(at, Anchor::RightTop, text.as_str(), style));
        }
        let farthest = self.cells.iter().flatten().flatten();
        let farthest = farthest.fold(0.0f64, |m, v| m.max((v - self.base).abs()));
        for (r, text) in self.rows.values.iter().enumerate() {
            let top = y + r as f64 * row;
            let style = (TextRole::SmallStrong, Token::Text1);
            let at = pt(x - 14.0, top + row / 2.0);
            out.shapes.push(Shape::text(at, Anchor::RightCentre, text.as_str(), style));
            for c in 0..self.columns.values.len() {
                let bounds = Bounds::xywh(x + c as f64 * wide, top, wide, row);
                self.cell((r, c), bounds, farthest, &mut out);
            }
        }
        for r in 0..=self.rows.values.len() {
            let y = y + r as f64 * row;
            let pen = Pen::token(Token::Line, 1.0);
            out.shapes.push(Shape::line(pt(x, y), pt(x + wide * count, y), pen));
        }
        out
    }

    fn cell(&self, (r, c): (usize, usize), bounds: Bounds, farthest: f64, out: &mut Drawing) {
        let value = self.value(r, c);
        let is_base = self.rows.base == Some(r) && self.columns.base == Some(c);
        if let Some(value) = value.filter(|_| farthest > 0.0) {
            let off = (value - self.base) / farthest;
            let better = (off > 0.0) == self.more_is_better;
            let token = if better { Token::Better } else { Token::Worse };
            let ink = Ink::token(token).faded(STRONGEST * off.abs() as f32);
            out.shapes.push(Shape::fill(bounds, ink));
        }
        if is_base {
            let inner = Bounds { min: bounds.min.plus(1.0, 1.0), max: bounds.max.plus(-1.0, -1.0) };
            let pen = Some(Pen::token(Token::Text2, 1.4));
            out.shapes.push(Shape::Rect { bounds: inner, fill: None, pen, radius: 1.0 });
        }
        let text = value.map_or_else(|| "no value".to_owned(), |v| self.amounts.digits(v));
        let role = if is_base { TextRole::BodyStrong } else { TextRole::Body };
        let at = pt(bounds.max.x - 8.0, bounds.centre().y);
        out.shapes.push(Shape::text(at, Anchor::RightCentre, text, (role, Token::Text1)));
        out.marks.push(Mark { bounds, words: self.line(r, c) });
    }

    fn value(&self, r: usize, c: usize) -> Option<f64> {
        self.cells.get(r).and_then(|row| row.get(c)).copied().flatten()
    }

    fn line(&self, r: usize, c: usize) -> String {
        let of = |side: &Side, n: usize| {
            format!("{} {}", side.name, side.values.get(n).map_or("", String::as_str))
        };
        let value = self.value(r, c);
        let value = value.map_or_else(|| "no value".to_owned(), |v| self.amounts.words(v));
        format!("{}, {}: {value}", of(&self.rows, r), of(&self.columns, c))
    }

    pub(super) fn words(&self) -> Vec<String> {
        let columns = self.columns.values.len();
        let all = (0..self.rows.values.len()).flat_map(|r| (0..columns).map(move |c| (r, c)));
        all.map(|(r, c)| self.line(r, c)).collect()
    }
}
