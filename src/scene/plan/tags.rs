//! The second sign of an overlay beside its colour: a tag on blocks and machines, and hatching
//! where nothing is known. It must not know what is said.

use super::build::BlockGeom;
use super::campus::FieldGeom;
use super::draw::Canvas;
use super::element::ElementKind;
use super::racks;
use crate::scene::geom::{Bounds, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// Width of a letter of a tag, and the room around it, points.
const LETTER: f64 = 6.4;
const AIR: f64 = 8.0;
/// Least height that a tag stands in, points.
const LEAST: f64 = 8.0;
/// Between two lines of the hatching, points.
const HATCH: f64 = 6.0;

pub(super) fn block(canvas: &mut Canvas, block: &BlockGeom) {
    let area = racks::on_screen(block, &canvas.view);
    sign(canvas, &block.id, &area);
}

/// Machines say what is said of their loop.
pub(super) fn field(canvas: &mut Canvas, field: &FieldGeom) {
    if field.id.kind == ElementKind::Loop {
        let area = canvas.screen(&field.bounds);
        sign(canvas, &field.id.id, &area);
    }
}

fn sign(canvas: &mut Canvas, id: &str, area: &Bounds) {
    let Some(reading) = canvas.facts.sheet.readings.get(id) else { return };
    if reading.class.is_none() {
        hatch(&mut canvas.out.over, area);
    }
    let wide = LETTER * reading.tag.chars().count() as f64 + AIR;
    if area.width() >= wide && area.height() >= LEAST {
        let label = Label::new(area.centre(), Anchor::Centre, 36)
            .within(area.grown(4.0))
            .plate(Ink::token(Token::Panel).faded(0.85))
            .line(&reading.tag, TextRole::TinyStrong, Ink::token(Token::Text1));
        canvas.wanted.push(label);
    }
}

/// Slanting lines and a dashed edge: unknown.
pub fn hatch(out: &mut Vec<Shape>, area: &Bounds) {
    let (w, h) = (area.width(), area.height());
    if w < 3.0 || h < 3.0 {
        return;
    }
    let ink = Ink::token(Token::WarnFill);
    let pen = Pen::new(ink.faded(0.55), 1.0);
    let mut at = -h + HATCH / 2.0;
    while at < w {
        // The part of the slanting line that lies inside.
        let (from, to) = ((-at).max(0.0), h.min(w - at));
        let point = |t: f64| pt(area.min.x + at + t, area.max.y - t);
        if to > from {
            out.push(Shape::line(point(from), point(to), pen));
        }
        at += HATCH;
    }
    out.push(Shape::outline(*area, Pen::new(ink, 1.0).dashed(4.0, 3.0)));
}
