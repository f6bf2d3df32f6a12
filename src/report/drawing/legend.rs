//! What colours and signs of a drawing mean, as entries in rows. It must not know where the
//! legend stands.

use crate::catalog::Generation;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::oneline::{Symbol, key_symbol};
use crate::scene::plan::{Class, Overlay, PlanFacts, PlanScene, hatch};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape, overload};
use crate::scene::tokens::{LOADING_BOUNDS, TextRole, Token};

/// Width of a mark and distances, points.
const MARK: f64 = 20.0;
const GAP: f64 = 6.0;
const APART: f64 = 18.0;
/// Height of a row.
pub const ROW: f64 = 18.0;

/// How an entry is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mark {
    Fill(Ink),
    /// A double line: a cable or a grid feed.
    Cable,
    /// Behind an open switch.
    Open,
    Parcel,
    Overload,
    /// Nothing is known: hatched.
    Unknown,
    Symbol(Option<Symbol>),
}

/// A sign and its meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    mark: Mark,
    words: String,
}

fn entry(mark: Mark, words: impl Into<String>) -> Entry {
    Entry { mark, words: words.into() }
}

/// Entries of a plan: the meaning of the fill, then lines and signs that it has.
pub fn of_plan(scene: &PlanScene, overlay: Overlay, facts: &PlanFacts) -> Vec<Entry> {
    let mut out = of_overlay(overlay, facts);
    if overlay == Overlay::None {
        out.extend(generations(scene));
    }
    let routes = scene.campus.iter().flat_map(|c| &c.routes);
    let (mut cable, mut open) = (false, false);
    for route in routes {
        open |= route.open;
        cable |= !route.open && (route.trunk || route.feed.is_some());
    }
    if cable {
        out.push(entry(Mark::Cable, "Feed or feeder"));
    }
    if open {
        out.push(entry(Mark::Open, "Normally open"));
    }
    if scene.parcel.len() > 2 {
        out.push(entry(Mark::Parcel, "Parcel"));
    }
    out
}

/// Generations of the racks in the order of the plan, with their places.
fn generations(scene: &PlanScene) -> Vec<Entry> {
    let mut seen: Vec<(Generation, u64)> = Vec::new();
    for block in scene.halls.iter().flat_map(|h| &h.blocks) {
        match seen.iter_mut().find(|s| s.0 == block.generation) {
            Some(s) => s.1 += u64::from(block.places()),
            None => seen.push((block.generation, u64::from(block.places()))),
        }
    }
    let words = |(generation, racks): &(Generation, u64)| {
        let racks = crate::units::format::racks(*racks as f64);
        entry(
            Mark::Fill(Ink::of(Hue::Rack(*generation))),
            format!("{}, {racks}", generation.name()),
        )
    };
    seen.iter().map(words).collect()
}

/// Entries of a diagram.
pub fn of_diagram(overlay: Overlay, facts: &PlanFacts) -> Vec<Entry> {
    let mut out = of_overlay(overlay, facts);
    let symbols = [Symbol::Transformer, Symbol::Cable, Symbol::Ups, Symbol::Bus, Symbol::Racks];
    for symbol in symbols {
        let mut words = symbol.word().to_owned();
        if let Some(first) = words.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        out.push(entry(Mark::Symbol(Some(symbol)), words));
    }
    out.push(entry(Mark::Symbol(None), "Normally open"));
    out
}

fn of_overlay(overlay: Overlay, facts: &PlanFacts) -> Vec<Entry> {
    match overlay {
        Overlay::None => Vec::new(),
        _ if overlay.is_electrical() => loading(),
        _ => {
            let class = |c: &Class| entry(Mark::Fill(Ink::of(c.hue)), c.words.clone());
            let mut out: Vec<Entry> = facts.sheet.classes.iter().map(class).collect();
            if facts.sheet.has_unknown() {
                out.push(entry(Mark::Unknown, "Unknown"));
            }
            out
        }
    }
}

/// Classes of load over rating, in percent.
fn loading() -> Vec<Entry> {
    let percent = |frac: f64| format!("{:.0}", frac * 100.0);
    let mut from: Option<f64> = None;
    let mut out = Vec::new();
    for (class, upto) in LOADING_BOUNDS.iter().enumerate() {
        let words = match from {
            None => format!("Under {} %", percent(*upto)),
            Some(from) => format!("{}–{} %", percent(from), percent(*upto)),
        };
        out.push(entry(Mark::Fill(Ink::of(Hue::Load(class))), words));
        from = Some(*upto);
    }
    out.push(entry(Mark::Overload, "Over 100 %"));
    out
}

/// Entries in rows from a corner, broken where the room ends; the height that they take.
pub fn rows(entries: &[Entry], corner: Pt, room: f64, measure: &mut Measure) -> (Vec<Shape>, f64) {
    let mut shapes = Vec::new();
    let (mut x, mut y) = (corner.x, corner.y);
    for entry in entries {
        let wide = MARK + GAP + measure(&entry.words, TextRole::Small).0;
        if x > corner.x && x + wide > corner.x + room {
            x = corner.x;
            y += ROW;
        }
        let middle = Pt { x: x + MARK / 2.0, y: y + ROW / 2.0 };
        shapes.extend(mark(entry.mark, middle));
        let at = Pt { x: x + MARK + GAP, y: middle.y };
        let style = (TextRole::Small, Token::Text2);
        shapes.push(Shape::text(at, Anchor::LeftCentre, entry.words.as_str(), style));
        x += wide + APART;
    }
    let height = if entries.is_empty() { 0.0 } else { y + ROW - corner.y };
    (shapes, height)
}

fn mark(mark: Mark, c: Pt) -> Vec<Shape> {
    let line = |pen| Shape::line(c.plus(-MARK / 2.0, 0.0), c.plus(MARK / 2.0, 0.0), pen);
    match mark {
        Mark::Fill(ink) => vec![Shape::Rect {
            bounds: Bounds::around(c, MARK, 9.0),
            fill: Some(ink),
            pen: Some(Pen::token(Token::Line2, 0.6)),
            radius: 1.0,
        }],
        Mark::Cable => {
            vec![line(Pen::token(Token::Text3, 6.0)), line(Pen::token(Token::Land, 2.4))]
        }
        Mark::Open => vec![
            line(Pen::new(Ink::of(Hue::Load(0)).faded(0.8), 1.2).dashed(4.0, 4.0)),
            Shape::Circle {
                centre: c,
                radius: 3.5,
                fill: Some(Ink::token(Token::Canvas)),
                pen: Some(Pen::token(Token::Text2, 1.2)),
            },
        ],
        Mark::Parcel => vec![line(Pen::token(Token::Line2, 1.0).dashed(7.0, 4.0))],
        Mark::Overload => {
            let mut shapes = vec![Shape::fill(
                Bounds::around(c.plus(-6.5, 0.0), 7.0, 9.0),
                Ink::of(Hue::Load(LOADING_BOUNDS.len())),
            )];
            shapes.extend(overload(c.plus(5.0, 0.0)));
            shapes
        }
        Mark::Unknown => {
            let room = Bounds::around(c, MARK, 9.0);
            let mut shapes = vec![Shape::outline(room, Pen::token(Token::Line2, 0.6))];
            hatch(&mut shapes, &room);
            shapes
        }
        Mark::Symbol(symbol) => key_symbol(symbol, c),
    }
}
