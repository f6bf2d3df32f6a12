//! The card of a hall below its loads. It must not know what stands above it.

use super::draw::Canvas;
use super::scene::Card;
use crate::scene::geom::{Bounds, pt};
use crate::scene::labels::Label;
use crate::scene::plan::ElementKind;
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format;

/// A hall: name, rack type, IT power, racks.
pub(super) fn draw(canvas: &mut Canvas, card: &Card, measure: &mut Measure) {
    if !card.bounds.intersects(&canvas.visible) {
        return;
    }
    let b = canvas.screen(&card.bounds);
    let hue = Ink::of(Hue::Rack(card.hall.generation));
    canvas.out.over.push(Shape::Rect {
        bounds: b,
        fill: Some(Ink::token(Token::Panel)),
        pen: Some(Pen::token(Token::Line2, 1.0)),
        radius: 3.0,
    });
    let stripe = Bounds { min: b.min, max: pt(b.min.x + 3.0, b.max.y) };
    canvas.out.over.push(Shape::fill(stripe, hue));
    let inner = Bounds { min: b.min.plus(9.0, 5.0), max: b.max.plus(-7.0, -5.0) };
    let facts = canvas.options.facts;
    let blocks = card.loads.iter().filter_map(|l| canvas.scene.spots.get(*l));
    let blocks = blocks.flat_map(|s| &s.elements).filter(|e| e.kind == ElementKind::Block);
    let known: Vec<f64> = blocks.filter_map(|e| facts.block_mw.get(&e.id).copied()).collect();
    let count = format::count(card.hall.racks as f64);
    let tag = measure(&card.hall.rack, TextRole::Tiny).0;
    let tagged = tag + measure(&card.hall.name, TextRole::SmallStrong).0 + 6.0 <= inner.width();
    let long = format!("{count} racks, {}", card.hall.rack);
    let fits = !tagged && measure(&long, TextRole::Small).0 <= inner.width();
    let racks = if fits { long } else { format!("{count} racks") };
    let mw = (!known.is_empty()).then(|| known.iter().sum::<f64>());
    let power = mw.map(|mw| format!("{} MW IT", format::fixed(mw, 1)));
    let lines = [
        (Some(card.hall.name.clone()), TextRole::SmallStrong, Token::Text1),
        (power, TextRole::Small, Token::Text1),
        (Some(racks), TextRole::Small, Token::Text2),
    ];
    // The name by itself: the tag of the rack stands beside it alone.
    let (mut name, mut rest) =
        (Label::new(inner.min, Anchor::LeftTop, 95), Label::new(inner.min, Anchor::LeftTop, 94));
    let mut tall = 0.0;
    for (at, (text, role, token)) in lines.into_iter().enumerate() {
        let Some(text) = text else { continue };
        let size = measure(&text, role);
        if size.0 > inner.width() || tall + size.1 > inner.height() + 2.0 {
            continue;
        }
        if at == 0 {
            name = name.line(text, role, Ink::token(token));
            rest.at.y += size.1 + 2.1;
        } else {
            rest = rest.line(text, role, Ink::token(token));
        }
        tall += size.1;
    }
    canvas.wanted.extend([name, rest].into_iter().filter(|l| !l.lines.is_empty()));
    if tagged {
        let label = Label::new(pt(inner.max.x, inner.min.y + 1.0), Anchor::RightTop, 70);
        canvas.wanted.push(label.line(card.hall.rack.clone(), TextRole::Tiny, hue));
    }
}
