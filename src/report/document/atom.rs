//! Pieces of a page that are not divided: a line of text, a row of a table, a figure. Blocks
//! become atoms; the flow places them. It must not know pages.

use super::table;
use super::text::wrap;
use super::{Block, Figure};
use crate::report::Layer;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use std::rc::Rc;

/// A piece with its upper left corner at 0, 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Atom {
    pub height: f64,
    pub layers: Vec<Layer>,
    /// Empty space above it; none at the top of a page.
    pub above: f64,
    /// Stands on the page of what follows.
    pub keep: bool,
    /// Begins a page.
    pub opens: bool,
    /// Repeated above it where it opens a page.
    pub head: Option<Rc<Atom>>,
    pub heading: Option<(u8, String)>,
}

impl Atom {
    pub fn of(height: f64, shapes: Vec<Shape>) -> Self {
        Self { height, layers: vec![Layer::whole(shapes)], ..Self::default() }
    }

    pub fn after(self, above: f64) -> Self {
        Self { above, ..self }
    }

    pub fn kept(self, keep: bool) -> Self {
        Self { keep, ..self }
    }
}

/// A style of running text: role, ink, room above, lines of one paragraph wider apart by.
struct Type {
    role: TextRole,
    token: Token,
    above: f64,
    leading: f64,
}

const BODY: Type = Type { role: TextRole::Body, token: Token::Text1, above: 7.0, leading: 1.5 };
const NOTE: Type = Type { role: TextRole::Small, token: Token::Text3, above: 5.0, leading: 0.5 };

/// The atoms of a block in a column of a width.
pub(super) fn atoms(block: &Block, width: f64, measure: &mut Measure) -> Vec<Atom> {
    match block {
        Block::Heading(level, text) => heading(*level, text, width, measure),
        Block::Paragraph(text) => lines(text, (0.0, width), &BODY, measure),
        Block::Note(text) => lines(text, (0.0, width), &NOTE, measure),
        Block::Bullets(items) => items.iter().flat_map(|t| bullet(t, width, measure)).collect(),
        Block::Table(table) => table::atoms(table, width, measure),
        Block::Figure(figure) => drawing(figure, width, measure),
        Block::Title(text) => {
            let kind =
                Type { role: TextRole::Title, token: Token::Text1, above: 8.0, leading: 0.0 };
            lines(text, (0.0, width), &kind, measure)
        }
        Block::Subtitle(text) => {
            let kind = Type { role: TextRole::H1, token: Token::Text2, above: 4.0, leading: 2.0 };
            lines(text, (0.0, width), &kind, measure)
        }
        Block::Warning(text) => vec![warning(text, width, measure)],
        Block::Space(points) => vec![Atom { height: *points, ..Atom::default() }],
        Block::NewPage => vec![Atom { opens: true, ..Atom::default() }],
        // The flow knows the pages that it names.
        Block::Contents => Vec::new(),
    }
}

fn heading(level: u8, text: &str, width: f64, measure: &mut Measure) -> Vec<Atom> {
    let (role, above, below) = match level {
        1 => (TextRole::Page, 36.0, 8.0),
        2 => (TextRole::H1, 20.0, 2.0),
        _ => (TextRole::BodyStrong, 14.0, 0.0),
    };
    let kind = Type { role, token: Token::Text1, above, leading: 0.0 };
    let mut out = lines(text, (0.0, width), &kind, measure);
    if level == 1
        && let Some(last) = out.last_mut()
    {
        let y = last.height + 6.0;
        let rule = Shape::line(pt(0.0, y), pt(width, y), Pen::token(Token::Text1, 1.2));
        last.layers.push(Layer::whole(vec![rule]));
        last.height = y + below;
    } else if let Some(last) = out.last_mut() {
        last.height += below;
    }
    for atom in &mut out {
        atom.keep = true;
    }
    if let Some(first) = out.first_mut() {
        first.heading = Some((level, text.to_owned()));
        first.opens = level == 1;
    }
    out
}

/// Lines of a paragraph: the first two and the last two stay together.
fn lines(text: &str, (left, width): (f64, f64), kind: &Type, measure: &mut Measure) -> Vec<Atom> {
    let found = wrap(text, width - left, kind.role, measure);
    let count = found.len();
    let height = f64::from(kind.role.style().line) + kind.leading;
    found
        .into_iter()
        .enumerate()
        .map(|(n, line)| {
            let style = (kind.role, kind.token);
            let shape = Shape::text(pt(left, 0.0), Anchor::LeftTop, line, style);
            let above = if n == 0 { kind.above } else { 0.0 };
            let keep = n + 1 < count && (n == 0 || n + 2 == count);
            Atom::of(height, vec![shape]).after(above).kept(keep)
        })
        .collect()
}

fn bullet(text: &str, width: f64, measure: &mut Measure) -> Vec<Atom> {
    let kind = Type { above: 4.0, ..BODY };
    let mut out = lines(text, (14.0, width), &kind, measure);
    if let Some(layer) = out.first_mut().and_then(|a| a.layers.first_mut()) {
        let centre = pt(4.0, 8.0);
        let fill = Some(Ink::token(Token::Text2));
        layer.shapes.push(Shape::Circle { centre, radius: 1.8, fill, pen: None });
    }
    out
}

fn warning(text: &str, width: f64, measure: &mut Measure) -> Atom {
    const PAD: f64 = 10.0;
    let found = wrap(text, width - 2.0 * PAD - 4.0, TextRole::Body, measure);
    let line = f64::from(TextRole::Body.style().line) + 1.0;
    let height = found.len() as f64 * line + 2.0 * PAD - 4.0;
    let bounds = Bounds::xywh(0.0, 0.0, width, height);
    let mut shapes = vec![
        Shape::Rect { bounds, fill: Some(Ink::token(Token::WarnBg)), pen: None, radius: 4.0 },
        Shape::fill(Bounds::xywh(0.0, 0.0, 3.0, height), Ink::token(Token::WarnFill)),
    ];
    for (n, text) in found.into_iter().enumerate() {
        let at = pt(PAD + 4.0, PAD - 2.0 + n as f64 * line);
        shapes.push(Shape::text(at, Anchor::LeftTop, text, (TextRole::Body, Token::Text1)));
    }
    Atom::of(height, shapes).after(12.0)
}

/// The drawing and its caption on one page.
fn drawing(figure: &Figure, width: f64, measure: &mut Measure) -> Vec<Atom> {
    let own = Atom { height: figure.height, layers: figure.layers.clone(), ..Atom::default() };
    let mut out = vec![own.after(10.0).kept(!figure.caption.is_empty())];
    if !figure.caption.is_empty() {
        let mut caption = lines(&figure.caption, (0.0, width), &NOTE, measure);
        let count = caption.len();
        for (n, atom) in caption.iter_mut().enumerate() {
            atom.keep = n + 1 < count;
        }
        out.extend(caption);
    }
    out
}

/// A layer moved on its page.
pub(super) fn moved(layer: &Layer, by: Pt) -> Layer {
    Layer {
        clip: layer.clip.map(|c| c.moved(by.x, by.y)),
        shapes: layer.shapes.iter().map(|s| shape_moved(s, by)).collect(),
    }
}

fn shape_moved(shape: &Shape, by: Pt) -> Shape {
    let at = |p: &Pt| p.plus(by.x, by.y);
    let all = |points: &[Pt]| points.iter().map(at).collect();
    match shape.clone() {
        Shape::Rect { bounds, fill, pen, radius } => {
            Shape::Rect { bounds: bounds.moved(by.x, by.y), fill, pen, radius }
        }
        Shape::Line { points, pen } => Shape::Line { points: all(&points), pen },
        Shape::Polygon { points, fill, pen } => Shape::Polygon { points: all(&points), fill, pen },
        Shape::Band { upper, lower, fill } => {
            Shape::Band { upper: all(&upper), lower: all(&lower), fill }
        }
        Shape::Circle { centre, radius, fill, pen } => {
            Shape::Circle { centre: at(&centre), radius, fill, pen }
        }
        Shape::Text { at: place, anchor, text, role, ink } => {
            Shape::Text { at: at(&place), anchor, text, role, ink }
        }
        Shape::TextUp { at: place, text, role, ink } => {
            Shape::TextUp { at: at(&place), text, role, ink }
        }
    }
}
