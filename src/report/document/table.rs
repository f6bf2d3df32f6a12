//! Tables: text left and wrapped, numbers right and whole, heads repeated on every page. It
//! must not know what they hold.

use super::atom::Atom;
use super::text::wrap;
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use std::rc::Rc;

/// Where the texts of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Wrapped where it is too long.
    Left,
    /// Never wrapped but in the head.
    Right,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub head: String,
    pub align: Align,
}

impl Column {
    pub fn left(head: &str) -> Self {
        Self { head: head.to_owned(), align: Align::Left }
    }

    pub fn right(head: &str) -> Self {
        Self { head: head.to_owned(), align: Align::Right }
    }
}

/// How a row stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Plain,
    /// A title over the rows that follow.
    Group,
    /// A sum, with a rule above.
    Total,
}

/// A row; missing cells are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub cells: Vec<String>,
    pub style: Style,
}

impl Row {
    pub fn plain(cells: impl Into<Vec<String>>) -> Self {
        Self { cells: cells.into(), style: Style::Plain }
    }

    pub fn total(cells: impl Into<Vec<String>>) -> Self {
        Self { cells: cells.into(), style: Style::Total }
    }

    pub fn group(title: &str) -> Self {
        Self { cells: vec![title.to_owned()], style: Style::Group }
    }
}

/// A table over the width of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

const ROLE: TextRole = TextRole::Small;
/// Left and right of a cell; above and below its lines.
const PAD_X: f64 = 5.0;
const PAD_Y: f64 = 3.0;
/// A column of text is at least this wide, and wishes at most that.
const LEAST: f64 = 48.0;
const MOST: f64 = 340.0;
/// Words longer than this are broken.
const LONGEST: f64 = 220.0;

/// Head and rows; the head stands on the page of the first row, a total on that of the row
/// before it, a title on that of the row after it.
pub(super) fn atoms(table: &Table, width: f64, measure: &mut Measure) -> Vec<Atom> {
    let columns = widths(table, width, measure);
    let head = Rc::new(head(table, &columns, measure));
    let mut out = vec![Atom { above: 8.0, ..(*head).clone() }.kept(true)];
    for (n, row) in table.rows.iter().enumerate() {
        let next_is_total = table.rows.get(n + 1).is_some_and(|r| r.style == Style::Total);
        let mut atom = match row.style {
            Style::Group => group(row, width),
            _ => cells(table, row, &columns, measure),
        };
        atom.keep = row.style == Style::Group || next_is_total;
        atom.head = Some(Rc::clone(&head));
        out.push(atom);
    }
    out
}

/// Widths of the columns: numbers as they need, text shares what is left.
fn widths(table: &Table, width: f64, measure: &mut Measure) -> Vec<f64> {
    let mut wished: Vec<f64> = Vec::new();
    let mut least: Vec<f64> = Vec::new();
    for (n, column) in table.columns.iter().enumerate() {
        let words = column.head.split_whitespace();
        let mut wide = words.map(|w| measure(w, ROLE).0).fold(0.0, f64::max);
        if column.align == Align::Left {
            wide = wide.max(measure(&column.head, ROLE).0);
        }
        for row in table.rows.iter().filter(|r| r.style != Style::Group) {
            let Some(text) = row.cells.get(n).filter(|t| !t.is_empty()) else { continue };
            let role = if row.style == Style::Total { TextRole::SmallStrong } else { ROLE };
            wide = wide.max(measure(text, role).0);
        }
        let most = if column.align == Align::Left { MOST } else { f64::INFINITY };
        wished.push(wide.min(most) + 2.0 * PAD_X);
        least.push(longest_word(table, n, measure).clamp(LEAST, LONGEST) + 2.0 * PAD_X);
    }
    let is_text = |n: usize| table.columns.get(n).is_some_and(|c| c.align == Align::Left);
    let texts: f64 = wished.iter().enumerate().filter(|(n, _)| is_text(*n)).map(|w| w.1).sum();
    let numbers: f64 = wished.iter().sum::<f64>() - texts;
    let room = width - numbers;
    if texts <= room {
        // Slack goes to a last column of text, else to the first, so that figures keep together.
        let at = table.columns.len().saturating_sub(1);
        let at = if is_text(at) { at } else { 0 };
        if let Some(column) = wished.get_mut(at) {
            *column += room - texts;
        }
        return wished;
    }
    shrink(&mut wished, (&least, &is_text), room);
    wished
}

/// The longest word of a column of text: it is not broken where that can be.
fn longest_word(table: &Table, n: usize, measure: &mut Measure) -> f64 {
    let rows = table.rows.iter().filter(|r| r.style != Style::Group);
    let texts = rows.filter_map(|r| r.cells.get(n));
    let words = texts.flat_map(|t| t.split_whitespace());
    words.map(|w| measure(w, ROLE).0).fold(0.0, f64::max)
}

/// The widest columns of text give way first, so that short ones are not broken.
fn shrink(wished: &mut [f64], (least, is_text): (&[f64], &dyn Fn(usize) -> bool), room: f64) {
    let texts: Vec<usize> = (0..wished.len()).filter(|n| is_text(*n)).collect();
    let capped = |n: usize, cap: f64, wished: &[f64]| -> f64 {
        let own = wished.get(n).copied().unwrap_or(0.0);
        own.min(cap.max(least.get(n).copied().unwrap_or(0.0)))
    };
    let sum =
        |cap: f64, wished: &[f64]| -> f64 { texts.iter().map(|n| capped(*n, cap, wished)).sum() };
    let (mut low, mut high) = (LEAST, MOST + 2.0 * PAD_X);
    for _ in 0..40 {
        let cap = (low + high) / 2.0;
        if sum(cap, wished) > room { high = cap } else { low = cap }
    }
    let shrunk: Vec<(usize, f64)> = texts.iter().map(|n| (*n, capped(*n, low, wished))).collect();
    // Where even the longest words have no room, all give way alike.
    let over = room / shrunk.iter().map(|s| s.1).sum::<f64>().max(1.0);
    for (n, wide) in shrunk {
        if let Some(w) = wished.get_mut(n) {
            *w = wide * over.min(1.0);
        }
    }
}

fn head(table: &Table, columns: &[f64], measure: &mut Measure) -> Atom {
    let texts: Vec<&str> = table.columns.iter().map(|c| c.head.as_str()).collect();
    let (mut shapes, height) =
        lines(table, (&texts, columns), (ROLE, Token::Text3), (true, measure));
    let width: f64 = columns.iter().sum();
    let rule = Pen::token(Token::Line2, 1.0);
    shapes.push(Shape::line(pt(0.0, height), pt(width, height), rule));
    Atom::of(height, shapes)
}

fn cells(table: &Table, row: &Row, columns: &[f64], measure: &mut Measure) -> Atom {
    let texts: Vec<&str> = row.cells.iter().map(String::as_str).collect();
    let role = if row.style == Style::Total { TextRole::SmallStrong } else { ROLE };
    let (mut shapes, height) =
        lines(table, (&texts, columns), (role, Token::Text1), (false, measure));
    let width: f64 = columns.iter().sum();
    let (y, pen) = match row.style {
        Style::Total => (0.0, Pen::token(Token::Line2, 1.0)),
        _ => (height, Pen::token(Token::Line, 0.7)),
    };
    shapes.push(Shape::line(pt(0.0, y), pt(width, y), pen));
    Atom::of(height, shapes)
}

fn group(row: &Row, width: f64) -> Atom {
    let line = f64::from(TextRole::SmallStrong.style().line);
    let height = line + 2.0 * PAD_Y;
    let text = row.cells.first().map_or("", String::as_str);
    let style = (TextRole::SmallStrong, Token::Text2);
    let shapes = vec![
        Shape::fill(Bounds::xywh(0.0, 0.0, width, height), Ink::token(Token::Raised)),
        Shape::text(pt(PAD_X, PAD_Y), Anchor::LeftTop, text, style),
    ];
    Atom::of(height, shapes)
}

/// The texts of a row in their columns, and its height. Lines of a head end at its foot.
fn lines(
    table: &Table,
    (texts, columns): (&[&str], &[f64]),
    (role, token): (TextRole, Token),
    (is_head, measure): (bool, &mut Measure),
) -> (Vec<Shape>, f64) {
    let line = f64::from(role.style().line);
    let mut wrapped: Vec<Vec<String>> = Vec::new();
    for (n, width) in columns.iter().enumerate() {
        let text = texts.get(n).copied().unwrap_or_default();
        let is_text = table.columns.get(n).is_some_and(|c| c.align == Align::Left);
        wrapped.push(match is_text || is_head {
            true => wrap(text, width - 2.0 * PAD_X + 0.01, role, measure),
            false => vec![text.to_owned()],
        });
    }
    let most = wrapped.iter().map(Vec::len).max().unwrap_or(1);
    let height = most as f64 * line + 2.0 * PAD_Y;
    let mut out = Vec::new();
    let mut x = 0.0;
    for (n, width) in columns.iter().enumerate() {
        let own = wrapped.get(n).map_or(&[][..], Vec::as_slice);
        let top = if is_head { (most - own.len()) as f64 * line } else { 0.0 };
        let left = table.columns.get(n).is_some_and(|c| c.align == Align::Left);
        for (k, text) in own.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let y = PAD_Y + top + k as f64 * line;
            let (at, anchor) = match left {
                true => (pt(x + PAD_X, y), Anchor::LeftTop),
                false => (pt(x + width - PAD_X, y), Anchor::RightTop),
            };
            out.push(Shape::text(at, anchor, text.as_str(), (role, token)));
        }
        x += width;
    }
    (out, height)
}
