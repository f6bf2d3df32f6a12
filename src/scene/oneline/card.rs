//! The card of a hall below its loads. It must not know what stands above it.

use super::draw::Canvas;
use super::network::Symbol;
use super::scene::Card;
use crate::scene::geom::{Bounds, pt};
use crate::scene::labels::Label;
use crate::scene::plan::ElementKind;
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format;

/// Width below which a card has hardly a margin, points.
const NARROW: f64 = 74.0;
/// Room above and below the lines, and the height of a line, which a low card keeps.
const MARGIN: f64 = 5.0;
const LINE: f64 = 12.0;
/// Room between the name and what stands below it.
const BELOW_NAME: f64 = 2.1;
/// Height of the name with the power below it, which a card of so many points and a narrow margin
/// has room for.
const TWO_LINES: f64 = 26.0 + BELOW_NAME;
/// Height of the bar with its words.
const SUPPLY: f64 = 20.0;

/// How full what feeds the racks is at worst, as a bar where the card has room for one.
fn supply(canvas: &mut Canvas, card: &Card, room: Bounds) {
    let diagram = &canvas.scene.layout.diagram;
    let racks = card
        .loads
        .iter()
        .filter(|l| diagram.items.get(**l).is_some_and(|item| item.symbol == Symbol::Racks));
    let sources = racks.filter_map(|l| diagram.graph.parents.get(*l)?.first().copied());
    let worst = sources
        .filter_map(|s| canvas.readings.get(s))
        .filter(|r| r.share.is_some())
        .max_by(|a, b| a.share.unwrap_or(0.0).total_cmp(&b.share.unwrap_or(0.0)));
    let Some(reading) = worst else { return };
    let (share, ink, strong) = (reading.share.unwrap_or(0.0), reading.ink(), reading.text_ink());
    let words = Label::new(room.min, Anchor::LeftTop, 40).within(room);
    let figure = Label::new(pt(room.max.x, room.min.y), Anchor::RightTop, 41).within(room);
    canvas.wanted.extend([
        figure.line(format::share(share), TextRole::TinyStrong, strong),
        words.line("supply at worst", TextRole::Tiny, Ink::token(Token::Text3)),
    ]);
    let track = Bounds::xywh(room.min.x, room.min.y + 14.0, room.width(), 4.0);
    let full = Bounds::xywh(track.min.x, track.min.y, track.width() * share.clamp(0.0, 1.0), 4.0);
    for (bounds, ink) in [(track, Ink::token(Token::Raised)), (full, ink)] {
        canvas.out.over.push(Shape::Rect { bounds, fill: Some(ink), pen: None, radius: 1.0 });
    }
}

/// A hall: name, rack type, IT power, racks, and how full its supply is.
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
    // A narrow card has no room for margins.
    let right = if b.width() < NARROW { 3.0 } else { 7.0 };
    let lines = if b.height() >= TWO_LINES + 2.0 { TWO_LINES } else { LINE };
    let margin = ((b.height() - lines) / 2.0).clamp(0.0, MARGIN);
    let inner = Bounds { min: b.min.plus(9.0, margin), max: b.max.plus(-right, -margin) };
    let facts = canvas.options.facts;
    let blocks = card.loads.iter().filter_map(|l| canvas.scene.spots.get(*l));
    let blocks = blocks.flat_map(|s| &s.elements).filter(|e| e.kind == ElementKind::Block);
    let known: Vec<f64> = blocks.filter_map(|e| facts.block_mw.get(&e.id).copied()).collect();
    let count = format::racks(card.hall.racks as f64);
    let tag = measure(&card.hall.rack, TextRole::Tiny).0;
    let tagged = tag + measure(&card.hall.name, TextRole::SmallStrong).0 + 6.0 <= inner.width();
    let racks = match tagged {
        true => count.clone(),
        false => format!("{count}, {}", card.hall.rack),
    };
    let mw = (!known.is_empty()).then(|| known.iter().sum::<f64>());
    let power: Vec<String> = mw.map_or_else(Vec::new, |mw| {
        let (fine, whole) = (format::fixed(mw, 1), format::fixed(mw, 0));
        vec![format!("{fine} MW IT"), format!("{fine} MW"), format!("{whole} MW")]
    });
    // Each line in its longest form that has room.
    let lines = [
        (vec![card.hall.name.clone()], [TextRole::SmallStrong, TextRole::TinyStrong], Token::Text1),
        (power, [TextRole::Small, TextRole::Tiny], Token::Text1),
        (vec![racks, count], [TextRole::Small, TextRole::Tiny], Token::Text2),
    ];
    // The name by itself: the tag of the rack stands beside it alone.
    let (mut name, mut rest) =
        (Label::new(inner.min, Anchor::LeftTop, 95), Label::new(inner.min, Anchor::LeftTop, 94));
    let mut tall = 0.0;
    for (at, (texts, roles, token)) in lines.into_iter().enumerate() {
        let forms = texts.iter().flat_map(|text| roles.map(|role| (text, role)));
        let mut sized = forms.map(|(text, role)| (text, role, measure(text, role)));
        let fits = |s: &(&String, TextRole, (f64, f64))| {
            let below = if at == 0 { 0.0 } else { BELOW_NAME };
            s.2.0 <= inner.width() && tall + below + s.2.1 <= inner.height() + 2.0
        };
        let Some((text, role, size)) = sized.find(fits) else { continue };
        let text = text.clone();
        if at == 0 {
            name = name.line(text, role, Ink::token(token));
            rest.at.y += size.1 + BELOW_NAME;
        } else {
            rest = rest.line(text, role, Ink::token(token));
        }
        tall += size.1;
    }
    canvas.wanted.extend([name, rest].into_iter().filter(|l| !l.lines.is_empty()));
    let left = Bounds { min: inner.min.plus(0.0, tall + 8.0), ..inner };
    if left.height() >= SUPPLY {
        supply(canvas, card, left);
    }
    if tagged {
        let words = Ink::of(Hue::RackText(card.hall.generation));
        let label = Label::new(pt(inner.max.x, inner.min.y + 1.0), Anchor::RightTop, 70);
        canvas.wanted.push(label.line(card.hall.rack.clone(), TextRole::Tiny, words));
    }
}
