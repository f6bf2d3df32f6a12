//! Boxes by the squares of a screen that they lie on, so that one is compared with what is near it
//! alone. It must not know what the boxes are.

use super::geom::{Bounds, Pt, pt};
use std::ops::RangeInclusive;

/// Least side of a square, points: about a label long.
const SQUARE_PX: f64 = 96.0;
/// Most squares in a row or column.
const MOST: usize = 64;

/// Boxes by squares; those at the edge reach on for ever.
#[derive(Clone, Debug)]
pub struct Squares {
    least: Pt,
    /// Width and height of a square.
    side: Pt,
    columns: usize,
    rows: usize,
    /// The newest part of each square, row by row.
    newest: Vec<usize>,
    /// Parts of boxes, each with the one before it in its square: a frame adds thousands.
    parts: Vec<(Bounds, usize)>,
}

/// No part.
const NONE: usize = usize::MAX;

impl Default for Squares {
    fn default() -> Self {
        Self::over(&Bounds::NOTHING)
    }
}

impl Extend<Bounds> for Squares {
    fn extend<T: IntoIterator<Item = Bounds>>(&mut self, boxes: T) {
        boxes.into_iter().for_each(|b| self.add(b));
    }
}

impl Squares {
    /// Empty squares over an area; boxes may lie outside of it as well.
    pub fn over(area: &Bounds) -> Self {
        Self::in_memory(Vec::new(), Vec::new(), area)
    }

    /// The same in the memory of these.
    pub fn emptied(self, area: &Bounds) -> Self {
        Self::in_memory(self.newest, self.parts, area)
    }

    fn in_memory(mut newest: Vec<usize>, mut parts: Vec<(Bounds, usize)>, area: &Bounds) -> Self {
        let most = (MOST - 1) as f64;
        let along = |length: f64| (length / SQUARE_PX).min(most) as usize + 1;
        let (columns, rows) = (along(area.width()), along(area.height()));
        let side = |length: f64, n: usize| (length / n as f64).max(SQUARE_PX);
        newest.clear();
        newest.resize(columns * rows, NONE);
        parts.clear();
        Self {
            least: area.min,
            side: pt(side(area.width(), columns), side(area.height(), rows)),
            columns,
            rows,
            newest,
            parts,
        }
    }

    /// Columns and rows that a box lies on.
    fn under(&self, b: &Bounds) -> (RangeInclusive<usize>, RangeInclusive<usize>) {
        let at = |v: f64, least: f64, side: f64, most: usize| {
            // What is no number or negative becomes zero.
            (((v - least) / side) as usize).min(most - 1)
        };
        let column = |x| at(x, self.least.x, self.side.x, self.columns);
        let row = |y| at(y, self.least.y, self.side.y, self.rows);
        (column(b.min.x)..=column(b.max.x), row(b.min.y)..=row(b.max.y))
    }

    /// The part of the plane that a square stands for.
    fn square(&self, column: usize, row: usize) -> Bounds {
        let edge = |i: usize, least: f64, side: f64, n: usize| match i {
            0 => f64::NEG_INFINITY,
            i if i == n => f64::INFINITY,
            i => least + i as f64 * side,
        };
        let x = |i| edge(i, self.least.x, self.side.x, self.columns);
        let y = |i| edge(i, self.least.y, self.side.y, self.rows);
        Bounds { min: pt(x(column), y(row)), max: pt(x(column + 1), y(row + 1)) }
    }

    /// Adds a box.
    pub fn add(&mut self, b: Bounds) {
        if b.is_empty() {
            return;
        }
        let (columns, rows) = self.under(&b);
        let is_one = columns.start() == columns.end() && rows.start() == rows.end();
        for row in rows {
            for column in columns.clone() {
                let part = if is_one { b } else { common(&b, &self.square(column, row)) };
                self.push(row * self.columns + column, part);
            }
        }
    }

    fn push(&mut self, square: usize, part: Bounds) {
        self.parts.push((part, self.newest[square]));
        self.newest[square] = self.parts.len() - 1;
    }

    /// Places of the parts of a square.
    fn of(&self, square: usize) -> impl Iterator<Item = usize> {
        let known = |at: usize| (at != NONE).then_some(at);
        std::iter::successors(known(self.newest[square]), move |at| known(self.parts[*at].1))
    }

    /// Whether a box shares ground with one of those here.
    pub fn meets(&self, b: &Bounds) -> bool {
        let (columns, rows) = self.under(b);
        rows.flat_map(|row| columns.clone().map(move |column| row * self.columns + column))
            .any(|square| self.of(square).any(|at| self.parts[at].0.intersects(b)))
    }

    /// Takes away what lies within a box.
    pub fn cut(&mut self, b: &Bounds) {
        let (columns, rows) = self.under(b);
        for row in rows {
            for column in columns.clone() {
                let square = row * self.columns + column;
                // What is put in place of a part is newer than it and not looked at again.
                let mut at = self.newest[square];
                while at != NONE {
                    let (part, before) = self.parts[at];
                    if part.intersects(b) {
                        self.parts[at].0 = Bounds::NOTHING;
                        outside(&part, b).for_each(|side| self.push(square, side));
                    }
                    at = before;
                }
            }
        }
    }
}

fn common(a: &Bounds, b: &Bounds) -> Bounds {
    Bounds {
        min: pt(a.min.x.max(b.min.x), a.min.y.max(b.min.y)),
        max: pt(a.max.x.min(b.max.x), a.max.y.min(b.max.y)),
    }
}

/// What of a box lies above, below, left and right of another.
fn outside(part: &Bounds, b: &Bounds) -> impl Iterator<Item = Bounds> {
    let (top, bottom) = (part.min.y.max(b.min.y), part.max.y.min(b.max.y));
    let sides = [
        Bounds { max: pt(part.max.x, b.min.y), ..*part },
        Bounds { min: pt(part.min.x, b.max.y), ..*part },
        Bounds { min: pt(part.min.x, top), max: pt(b.min.x, bottom) },
        Bounds { min: pt(b.max.x, top), max: pt(part.max.x, bottom) },
    ];
    sides.into_iter().filter(|side| !side.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Boxes of many sizes, some larger than the area, from a small generator.
    struct Boxes(u64);

    impl Boxes {
        fn number(&mut self, most: f64) -> f64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) as f64 / (1u64 << 31) as f64 * most
        }

        fn one(&mut self, long: f64) -> Bounds {
            let (x, y) = (self.number(1600.0) - 300.0, self.number(900.0) - 150.0);
            Bounds::xywh(x, y, self.number(long), self.number(40.0))
        }
    }

    #[test]
    fn squares_find_what_comparing_with_every_box_finds() {
        let mut boxes = Boxes(7);
        for round in 0..200 {
            let long = if round % 10 == 0 { 4000.0 } else { 120.0 };
            let taken: Vec<Bounds> = (0..30).map(|_| boxes.one(long)).collect();
            let area = match round % 3 {
                0 => Bounds::NOTHING,
                1 => Bounds::xywh(0.0, 0.0, 1000.0, 600.0),
                _ => Bounds::xywh(-1e9, -1e9, 2e9, 2e9),
            };
            let mut squares = Squares::over(&area);
            squares.extend(taken.iter().copied());
            for _ in 0..50 {
                let b = boxes.one(long);
                let slow = taken.iter().any(|t| t.intersects(&b));
                assert_eq!(squares.meets(&b), slow, "{b:?} in {taken:?}");
            }
        }
    }

    #[test]
    fn what_is_cut_away_is_met_no_more_and_the_rest_still_is() {
        let mut boxes = Boxes(11);
        for round in 0..200 {
            let mut squares = Squares::over(&Bounds::xywh(0.0, 0.0, 1000.0, 600.0));
            let mut all: Vec<Bounds> = (0..20).map(|_| boxes.one(900.0)).collect();
            squares.extend(all.iter().copied());
            for _ in 0..5 {
                let hole = boxes.one(300.0);
                squares.cut(&hole);
                let part = |b: &Bounds| -> Vec<Bounds> {
                    if b.intersects(&hole) { outside(b, &hole).collect() } else { vec![*b] }
                };
                all = all.iter().flat_map(part).collect();
                assert!(!squares.meets(&hole), "round {round}");
                assert!(all.iter().all(|b| !b.intersects(&hole)));
            }
            for _ in 0..50 {
                let b = boxes.one(60.0);
                let slow = all.iter().any(|t| t.intersects(&b));
                assert_eq!(squares.meets(&b), slow, "round {round}: {b:?}");
            }
        }
    }
}
