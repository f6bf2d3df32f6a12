//! Labels that never overlap: the most important first, the rest only where there is room.
//! It must not know what is labelled.

use super::geom::{Bounds, Pt};
use super::shape::{Anchor, Ink, Measure, Shape};
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
}

impl Label {
    pub fn new(at: Pt, anchor: Anchor, priority: i32) -> Self {
        Self { at, anchor, lines: Vec::new(), priority, within: None, plate: None }
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
}

/// Room around a label that no other may enter, points.
const CLEARANCE: f64 = 2.0;

/// Places labels by priority; `taken` holds what they must keep clear of and
/// receives the boxes of those that were placed.
pub fn place(mut labels: Vec<Label>, taken: &mut Vec<Bounds>, measure: &mut Measure) -> Vec<Shape> {
    labels.sort_by_key(|l| -l.priority);
    let mut out = Vec::new();
    for label in labels {
        let sizes: Vec<(f64, f64)> = label.lines.iter().map(|l| measure(&l.text, l.role)).collect();
        let width = sizes.iter().map(|s| s.0).fold(0.0, f64::max);
        let height: f64 = sizes.iter().map(|s| s.1).sum();
        let bounds = label.anchor.bounds(label.at, (width, height));
        let fits = label.within.is_none_or(|room| room.grown(0.5).contains_box(&bounds));
        let clear = bounds.grown(CLEARANCE);
        if !fits || taken.iter().any(|t| t.intersects(&clear)) {
            continue;
        }
        taken.push(bounds);
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
    out
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
        let mut taken = Vec::new();
        let labels = vec![label(0.0, 1, "small"), label(10.0, 5, "great"), label(400.0, 0, "far")];
        let shapes = place(labels, &mut taken, &mut rough_size);
        let texts: Vec<&str> = shapes
            .iter()
            .filter_map(
                |s| if let Shape::Text { text, .. } = s { Some(text.as_str()) } else { None },
            )
            .collect();
        assert_eq!(texts, ["great", "far"]);
        for (i, a) in taken.iter().enumerate() {
            assert!(taken.iter().skip(i + 1).all(|b| !a.intersects(b)));
        }
    }

    #[test]
    fn a_label_wider_than_its_room_is_left_out() {
        let mut taken = Vec::new();
        let narrow = label(0.0, 1, "wide text").within(Bounds::xywh(0.0, 0.0, 10.0, 20.0));
        assert!(place(vec![narrow], &mut taken, &mut rough_size).is_empty());
    }
}
