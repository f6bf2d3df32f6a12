//! Tables: text left and wrapped, numbers right and whole, heads repeated on every page. It
//! must not know what they hold.

use super::atom::Atom;
use super::text::wrap;
use super::widths::widths;
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

    /// A column of names and columns of figures beside it.
    pub fn figures(names: &str, figures: &[&str]) -> Vec<Self> {
        let figures = figures.iter().map(|head| Self::right(head));
        std::iter::once(Self::left(names)).chain(figures).collect()
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

pub(super) const ROLE: TextRole = TextRole::Small;
/// Left and right of a cell; above and below its lines.
pub(super) const PAD_X: f64 = 5.0;
const PAD_Y: f64 = 3.0;
/// A column of text is at least this wide, and wishes at most that.
pub(super) const LEAST: f64 = 48.0;
pub(super) const MOST: f64 = 340.0;
/// Words longer than this are broken.
pub(super) const LONGEST: f64 = 220.0;

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
        // The last row is never alone on its page.
        let next_is_last = n + 2 == table.rows.len();
        atom.keep = row.style == Style::Group || next_is_total || next_is_last;
        atom.head = Some(Rc::clone(&head));
        out.push(atom);
    }
    out
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
