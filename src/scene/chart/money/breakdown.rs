//! One column in slices with a row of figures for each, joined by leader lines. It must not
//! know what the slices are.

use super::furniture::{self, Amounts, bar, fitted, spread};
use super::{Drawing, Mark};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::share;

/// A slice from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    pub name: String,
    /// Not negative.
    pub value: f64,
    pub ink: Ink,
}

/// A whole and its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    pub slices: Vec<Slice>,
    pub amounts: Amounts,
}

const ROW: f64 = 18.0;
const TOTAL: f64 = 26.0;
/// Between the column and the names.
const ASIDE: f64 = 20.0;

impl Breakdown {
    fn total(&self) -> f64 {
        self.slices.iter().map(|s| s.value).sum()
    }

    /// The slices that have a row; what has no room is one row.
    fn shown(&self, most: usize) -> Vec<Slice> {
        let mut slices: Vec<Slice> =
            self.slices.iter().filter(|s| s.value > 0.0).cloned().collect();
        while slices.len() > most.max(2) {
            // The two smallest neighbours at the end of the order of size become one.
            let mut order: Vec<usize> = (0..slices.len()).collect();
            order.sort_by(|a, b| slices[*a].value.total_cmp(&slices[*b].value));
            let (a, b) = (order[0].min(order[1]), order[0].max(order[1]));
            let gone = slices.remove(b);
            slices[a].value += gone.value;
            slices[a].name = "Other".to_owned();
        }
        slices
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let total = self.total();
        let body = Bounds { min: room.min, max: room.max.plus(0.0, -TOTAL) };
        let slices = self.shown((body.height() / ROW).floor().max(1.0) as usize);
        let wide = (room.width() * 0.18).clamp(24.0, 52.0);
        let left = room.min.x + wide + ASIDE;
        let columns = Columns::of(&slices, &self.amounts, (total, room.max.x), measure);
        let mut y = body.min.y;
        let mut middles = Vec::new();
        for slice in &slices {
            let tall = if total > 0.0 { slice.value / total * body.height() } else { 0.0 };
            let gap = if tall > 3.0 { 1.0 } else { 0.0 };
            let bounds = Bounds::xywh(room.min.x, y, wide, (tall - gap).max(0.6));
            out.shapes.push(bar(bounds, slice.ink));
            out.marks.push(Mark { bounds, words: self.line(slice) });
            middles.push(y + tall / 2.0);
            y += tall;
        }
        let rows = spread(&middles, ROW, (body.min.y, body.max.y));
        for ((slice, from), to) in slices.iter().zip(&middles).zip(&rows) {
            let (a, b) = (room.min.x + wide, left - 5.0);
            let pen = Pen::token(Token::Line2, 1.0);
            let points = vec![pt(a, *from), pt(a + 4.0, *from), pt(b - 5.0, *to), pt(b, *to)];
            out.shapes.push(Shape::Line { points, pen });
            columns.row(&mut out.shapes, (slice, total), (left, *to), measure);
        }
        let rule = Pen::token(Token::Line2, 1.0);
        let y = body.max.y + 6.0;
        out.shapes.push(Shape::line(pt(room.min.x, y), pt(room.max.x, y), rule));
        let strong = (TextRole::SmallStrong, Token::Text1);
        let middle = (y + room.max.y) / 2.0 + 1.0;
        out.shapes.push(Shape::text(pt(room.min.x, middle), Anchor::LeftCentre, "Total", strong));
        let digits = self.amounts.digits(total);
        out.shapes.push(Shape::text(
            pt(columns.value, middle),
            Anchor::RightCentre,
            digits,
            strong,
        ));
        if columns.with_share {
            let style = (TextRole::Small, Token::Text3);
            let at = pt(room.max.x, middle);
            out.shapes.push(Shape::text(at, Anchor::RightCentre, "100 %", style));
        }
        out
    }

    fn line(&self, slice: &Slice) -> String {
        let total = self.total();
        let part = if total > 0.0 { share(slice.value / total) } else { share(0.0) };
        format!("{} {}, {part}", slice.name, self.amounts.words(slice.value))
    }

    pub(super) fn words(&self) -> Vec<String> {
        let rows = self.slices.iter().filter(|s| s.value > 0.0).map(|s| self.line(s));
        let total = format!("total {}", self.amounts.words(self.total()));
        rows.chain([total]).collect()
    }
}

/// Where the figures of the rows end.
struct Columns<'a> {
    amounts: &'a Amounts,
    value: f64,
    value_wide: f64,
    with_share: bool,
    right: f64,
}

impl<'a> Columns<'a> {
    fn of(
        slices: &[Slice],
        amounts: &'a Amounts,
        (total, right): (f64, f64),
        measure: &mut Measure,
    ) -> Self {
        let digits: Vec<String> =
            slices.iter().map(|s| s.value).chain([total]).map(|v| amounts.digits(v)).collect();
        let texts = digits.iter().map(String::as_str);
        let value_wide = furniture::widest(texts, TextRole::SmallStrong, measure);
        let share_wide = measure("100 %", TextRole::Small).0;
        Self { amounts, value: right - share_wide - 10.0, value_wide, with_share: true, right }
    }

    fn row(
        &self,
        out: &mut Vec<Shape>,
        (slice, total): (&Slice, f64),
        (left, y): (f64, f64),
        measure: &mut Measure,
    ) {
        let room = self.value - self.value_wide - 8.0 - left;
        let name = fitted(&slice.name, room, TextRole::Small, measure);
        out.push(Shape::text(
            pt(left, y),
            Anchor::LeftCentre,
            name,
            (TextRole::Small, Token::Text1),
        ));
        let digits = self.amounts.digits(slice.value);
        let strong = (TextRole::SmallStrong, Token::Text1);
        out.push(Shape::text(pt(self.value, y), Anchor::RightCentre, digits, strong));
        let part = if total > 0.0 { slice.value / total * 100.0 } else { 0.0 };
        let part = if part < 0.5 { "<1 %".to_owned() } else { format!("{part:.0} %") };
        let style = (TextRole::Small, Token::Text3);
        out.push(Shape::text(pt(self.right, y), Anchor::RightCentre, part, style));
    }
}
