//! Labels that never overlap: the most important first, the rest only where there is room.
//! It must not know what is labelled.

use super::geom::{Bounds, Pt};
use super::shape::{Anchor, Ink, Measure, Shape};
use super::squares::Squares;
use super::tokens::TextRole;

/// One line of a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub text: String,
    pub role: TextRole,
    pub ink: Ink,
}

/// A text that wants a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub at: Pt,
    pub anchor: Anchor,
    pub lines: Vec<Line>,
    /// Higher goes first; ties by order.
    pub priority: i32,
    /// Left out where it would not fit into this box.
    pub within: Option<Bounds>,
    /// Painted under the text, e.g. where it stands on a line.
    pub plate: Option<Ink>,
    /// What is tried in its stead where it has no room.
    pub instead: Option<Box<Label>>,
}

impl Label {
    pub fn new(at: Pt, anchor: Anchor, priority: i32) -> Self {
        Self { at, anchor, lines: Vec::new(), priority, within: None, plate: None, instead: None }
    }

    pub fn line(mut self, text: impl Into<String>, role: TextRole, ink: Ink) -> Self {
        self.lines.push(Line { text: text.into(), role, ink });
        self
    }

    pub fn within(mut self, room: Bounds) -> Self {
        self.within = Some(room);
        self
    }

    pub fn plate(mut self, ink: Ink) -> Self {
        self.plate = Some(ink);
        self
    }

    /// Another label, maybe shorter or elsewhere, for where this one has no room; after those
    /// that were given before.
    pub fn or(mut self, other: Label) -> Self {
        self.instead = Some(Box::new(match self.instead {
            Some(instead) => instead.or(other),
            None => other,
        }));
        self
    }
}

/// A name without what stands behind its comma: `T-A1` of `T-A1, 250 MVA`.
pub fn before_comma(name: &str) -> &str {
    name.split_once(',').map_or(name, |(head, _)| head)
}

/// Boxes that cover a line of some width; a slanting piece is covered by a row of small ones.
pub fn along(points: &[Pt], width: f64) -> impl Iterator<Item = Bounds> {
    points.windows(2).flat_map(move |pair| {
        let (a, b) = match pair {
            [a, b] => (*a, *b),
            _ => (Pt::default(), Pt::default()),
        };
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let pieces = (dx.abs().min(dy.abs()) / SLANT_PX).ceil().clamp(1.0, 200.0);
        (0..pieces as u32).map(move |i| {
            let at = |k: f64| a.plus(dx * k / pieces, dy * k / pieces);
            Bounds::of(at(f64::from(i)), at(f64::from(i) + 1.0)).grown(width / 2.0)
        })
    })
}

/// Longest shorter side of a box that stands for a piece of a slanting line, points.
const SLANT_PX: f64 = 8.0;

/// Room around a label that no other may enter, points.
const CLEARANCE: f64 = 2.0;

/// Places labels by priority, each where it stands or the first of its alternatives that has
/// room. `taken` holds what they must keep clear of and receives the boxes of those that were
/// placed; on `lines` only a label with a plate may stand.
pub fn place(
    mut labels: Vec<Label>,
    (taken, lines): (&mut Vec<Bounds>, &Squares),
    measure: &mut Measure,
) -> Vec<Shape> {
    labels.sort_by_key(|l| -l.priority);
    let place = |label: &Label| Bounds::of(label.at, label.at);
    let around = labels.iter().map(place).fold(Bounds::NOTHING, |all, at| all.union(&at));
    let mut occupied = Squares::over(&around);
    occupied.extend(taken.iter().copied());
    let mut out = Vec::new();
    let mut sizes: Vec<(f64, f64)> = Vec::new();
    for mut label in labels {
        loop {
            sizes.clear();
            sizes.extend(label.lines.iter().map(|l| measure(&l.text, l.role)));
            let width = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
            let height: f64 = sizes.iter().map(|s| s.1).sum();
            let bounds = label.anchor.bounds(label.at, (width, height));
            let fits = label.within.is_none_or(|room| room.grown(0.5).contains_box(&bounds));
            // What is compared with fewest goes first.
            let free = || !occupied.meets(&bounds.grown(CLEARANCE));
            let crossed = || label.plate.is_none() && lines.meets(&bounds);
            if fits && free() && !crossed() {
                occupied.add(bounds);
                taken.push(bounds);
                paint(label, bounds, &sizes, &mut out);
                break;
            }
            match label.instead {
                Some(instead) => label = *instead,
                None => break,
            }
        }
    }
    out
}

/// The shapes of a label that has its place.
fn paint(label: Label, bounds: Bounds, sizes: &[(f64, f64)], out: &mut Vec<Shape>) {
    if let Some(ink) = label.plate {
        let plate = Bounds { min: bounds.min.plus(-5.0, -2.0), max: bounds.max.plus(5.0, 2.0) };
        out.push(Shape::Rect { bounds: plate, fill: Some(ink), pen: None, radius: 3.0 });
    }
    let (fx, _) = label.anchor.fractions();
    let mut y = bounds.min.y;
    for (line, size) in label.lines.into_iter().zip(sizes) {
        let anchor = match fx {
            f if f < 0.25 => Anchor::LeftTop,
            f if f < 0.75 => Anchor::CentreTop,
            _ => Anchor::RightTop,
        };
        let at = Pt { x: label.at.x, y };
        out.push(Shape::Text { at, anchor, text: line.text, role: line.role, ink: line.ink });
        y += size.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geom::pt;
    use crate::scene::shape::rough_size;
    use crate::scene::tokens::Token;

    fn label(x: f64, priority: i32, text: &str) -> Label {
        Label::new(pt(x, 0.0), Anchor::LeftTop, priority).line(
            text,
            TextRole::Body,
            Ink::token(Token::Text1),
        )
    }

    #[test]
    fn the_more_important_of_two_overlapping_labels_stays() {
        let labels = vec![label(0.0, 1, "small"), label(10.0, 5, "great"), label(400.0, 0, "far")];
        let mut taken = Vec::new();
        place(labels.clone(), (&mut taken, &Squares::default()), &mut rough_size);
        assert_eq!(texts(labels, &[]), ["great", "far"]);
        assert_eq!(taken.len(), 2);
        for (i, a) in taken.iter().enumerate() {
            assert!(taken.iter().skip(i + 1).all(|b| !a.intersects(b)));
        }
    }

    /// What is placed of some labels.
    fn texts(labels: Vec<Label>, lines: &[Bounds]) -> Vec<String> {
        let mut squares = Squares::default();
        squares.extend(lines.iter().copied());
        let shapes = place(labels, (&mut Vec::new(), &squares), &mut rough_size).into_iter();
        let text = |s| if let Shape::Text { text, .. } = s { Some(text) } else { None };
        shapes.filter_map(text).collect()
    }

    #[test]
    fn a_label_without_a_plate_stands_on_no_line() {
        for points in [[pt(20.0, -50.0), pt(20.0, 50.0)], [pt(-60.0, -60.0), pt(60.0, 70.0)]] {
            let lines: Vec<Bounds> = along(&points, 2.0).collect();
            let bare = || label(0.0, 1, "crossed");
            assert!(texts(vec![bare()], &lines).is_empty(), "{points:?}");
            let plated = bare().plate(Ink::token(Token::Panel));
            assert_eq!(texts(vec![plated], &lines), ["crossed"]);
        }
        // The box around the whole of it would cover the label.
        let beside: Vec<Bounds> = along(&[pt(-60.0, -10.0), pt(60.0, 110.0)], 2.0).collect();
        assert_eq!(texts(vec![label(0.0, 1, "free")], &beside), ["free"]);
    }

    #[test]
    fn the_first_alternative_that_has_room_stands() {
        let room = Bounds::xywh(0.0, 0.0, 40.0, 20.0);
        let choice = label(0.0, 1, "much too wide for it")
            .within(room)
            .or(label(0.0, 1, "short").within(room))
            .or(label(300.0, 1, "elsewhere"));
        assert_eq!(texts(vec![choice], &[]), ["short"]);
    }

    #[test]
    fn a_label_wider_than_its_room_is_left_out() {
        let narrow = label(0.0, 1, "wide text").within(Bounds::xywh(0.0, 0.0, 10.0, 20.0));
        assert!(texts(vec![narrow], &[]).is_empty());
    }
}
