//! Constraint areas: dashed edges, hatched ground, name and rule.
//! It must not know what breaks a rule.

use super::build::PlanScene;
use super::draw::Canvas;
use super::element::{ElementId, ElementKind};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::site::{Campus, Constraint, ConstraintKind};

/// Distance between hatch lines, points on the screen.
const HATCH_PX: f64 = 11.0;
/// Least size on the screen at which ground is hatched.
const LEAST_PX: f64 = 6.0;

/// Ground with a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintGeom {
    pub id: String,
    pub name: String,
    pub kind: ConstraintKind,
    pub rule: String,
    /// Corners; empty where it is a strip along the parcel.
    pub outline: Vec<Pt>,
    /// Width of that strip, metres.
    pub setback_m: Option<f64>,
}

pub(super) fn geoms(campus: &Campus) -> Vec<ConstraintGeom> {
    campus.constraints.iter().map(geom).collect()
}

fn geom(c: &Constraint) -> ConstraintGeom {
    ConstraintGeom {
        id: c.id.clone(),
        name: c.name.clone(),
        kind: c.kind,
        rule: c.rule.clone(),
        outline: c.outline.iter().map(|p| pt(p[0], p[1])).collect(),
        setback_m: c.setback_m,
    }
}

impl ConstraintGeom {
    /// Outlines whose inside, by the even-odd rule, is its ground.
    fn rings(&self, parcel: &[Pt]) -> Vec<Vec<Pt>> {
        if self.outline.len() >= 3 {
            return vec![self.outline.clone()];
        }
        match self.setback_m {
            Some(width) if parcel.len() >= 3 && width > 0.0 && width.is_finite() => {
                vec![parcel.to_vec(), inset(parcel, width)]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn bounds(&self) -> Option<Bounds> {
        let all = self.outline.iter();
        let all = all.fold(Bounds::NOTHING, |b, p| b.union(&Bounds { min: *p, max: *p }));
        (self.outline.len() >= 3).then_some(all)
    }

    /// Whether a point of the ground lies on it.
    fn holds(&self, parcel: &[Pt], p: Pt) -> bool {
        let crossings = self.rings(parcel).iter().map(|ring| crossed(ring, p)).sum::<usize>();
        crossings % 2 == 1
    }
}

/// Sides of a ring that a ray to the east crosses.
fn crossed(ring: &[Pt], p: Pt) -> usize {
    sides(ring)
        .filter(|(a, b)| {
            (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
        })
        .count()
}

fn sides(ring: &[Pt]) -> impl Iterator<Item = (Pt, Pt)> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// The ring moved inwards by a distance, corner by corner; where sides are shorter than the
/// distance it is only near the truth, which the check does not use.
fn inset(ring: &[Pt], by: f64) -> Vec<Pt> {
    let twice: f64 = sides(ring).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    let turn = if twice >= 0.0 { 1.0 } else { -1.0 };
    // Each side moved along its normal.
    let moved: Vec<(Pt, Pt)> = sides(ring)
        .filter(|(a, b)| a.distance(*b) > 1e-9)
        .map(|(a, b)| {
            let length = a.distance(b);
            let (nx, ny) = (-(b.y - a.y) / length * turn * by, (b.x - a.x) / length * turn * by);
            (a.plus(nx, ny), b.plus(nx, ny))
        })
        .collect();
    let meet = |(a, b): (Pt, Pt), (c, d): (Pt, Pt)| {
        let (r, s) = ((b.x - a.x, b.y - a.y), (d.x - c.x, d.y - c.y));
        let cross = r.0 * s.1 - r.1 * s.0;
        if cross.abs() < 1e-9 {
            return b;
        }
        let t = ((c.x - a.x) * s.1 - (c.y - a.y) * s.0) / cross;
        a.plus(t * r.0, t * r.1)
    };
    let next = moved.iter().cycle().skip(1);
    moved.iter().zip(next).map(|(a, b)| meet(*a, *b)).collect()
}

impl PlanScene {
    /// Whether an item that the index found at a point really lies there: the box around an
    /// outline is more than the outline.
    pub(super) fn lies_at(&self, id: &ElementId, p: Pt) -> bool {
        if id.kind != ElementKind::Constraint {
            return true;
        }
        let geoms = self.campus.iter().flat_map(|c| &c.constraints);
        geoms.filter(|g| g.id == id.id).any(|g| g.holds(&self.parcel, p))
    }

    /// The strip along the parcel that a point lies on.
    pub(super) fn strip_at(&self, p: Pt) -> Option<&super::Item> {
        let geoms = self.campus.iter().flat_map(|c| &c.constraints);
        let strip = geoms.filter(|g| g.outline.len() < 3).find(|g| g.holds(&self.parcel, p))?;
        self.strips.iter().find(|i| i.id.id == strip.id)
    }
}

/// Draws the constraint areas over the land and under what is built.
pub(super) fn draw(canvas: &mut Canvas, geoms: &[ConstraintGeom], parcel: &[Pt]) {
    for geom in geoms {
        let rings = geom.rings(parcel);
        let rings: Vec<Vec<Pt>> = rings
            .into_iter()
            .map(|ring| ring.into_iter().map(|p| canvas.view.to_screen(p)).collect())
            .collect();
        let Some(outer) = rings.first() else { continue };
        let bounds =
            outer.iter().fold(Bounds::NOTHING, |b, p| b.union(&Bounds { min: *p, max: *p }));
        let screen = canvas.view.screen.grown(8.0);
        if !bounds.intersects(&screen) || bounds.width().max(bounds.height()) < LEAST_PX {
            continue;
        }
        hatch(canvas, geom.kind, &rings, &screen);
        let pen = Pen::token(Token::Text3, 1.2).dashed(7.0, 4.0);
        // A strip's outer edge is the parcel's own line.
        for ring in rings.iter().skip(usize::from(rings.len() > 1)) {
            let points = ring.iter().chain(ring.first()).copied().collect();
            canvas.out.ground.push(Shape::Line { points, pen });
        }
        label(canvas, geom, &rings, &bounds);
    }
}

fn label(canvas: &mut Canvas, geom: &ConstraintGeom, rings: &[Vec<Pt>], bounds: &Bounds) {
    let (at, room) = match rings {
        // In the strip along the north edge.
        [outer, inner, ..] => {
            let top = |ring: &[Pt]| ring.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
            (pt(bounds.centre().x, (top(outer) + top(inner)) / 2.0), *bounds)
        }
        _ => (bounds.centre(), bounds.grown(-2.0)),
    };
    let plate = Ink::token(Token::Canvas).faded(0.8);
    let title = if geom.name.is_empty() { geom.kind.title() } else { &geom.name };
    let mut label = Label::new(at, Anchor::Centre, 15).within(room).plate(plate).line(
        title,
        TextRole::Tiny,
        Ink::token(Token::Text2),
    );
    let rule: String = geom.rule.chars().take(48).collect();
    if !rule.is_empty() && rings.len() == 1 && bounds.height() > 60.0 {
        let dots = if rule.len() < geom.rule.len() { "..." } else { "" };
        let line = format!("{rule}{dots}");
        label = label.line(line, TextRole::Tiny, Ink::token(Token::Text3));
    }
    canvas.wanted.push(label);
}

/// Parallel lines over the inside of the rings; water leans the other way, so that kinds
/// differ without colour.
fn hatch(canvas: &mut Canvas, kind: ConstraintKind, rings: &[Vec<Pt>], screen: &Bounds) {
    let wet = matches!(kind, ConstraintKind::Flood | ConstraintKind::Wetland);
    let lean = if wet { -1.0 } else { 1.0 };
    let pen = Pen::new(Ink::token(Token::Line2).faded(0.55), 1.0);
    // A line is all points with x + lean * y = level.
    let level = |p: &Pt| p.x + lean * p.y;
    let corners = screen.corners();
    let seen: Vec<f64> = corners.iter().map(level).collect();
    let own: Vec<f64> = rings.iter().flatten().map(level).collect();
    let range = |v: &[f64]| {
        (
            v.iter().copied().fold(f64::INFINITY, f64::min),
            v.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        )
    };
    let ((a, b), (c, d)) = (range(&seen), range(&own));
    let (low, high) = (a.max(c), b.min(d));
    let mut at = (low / HATCH_PX).ceil() * HATCH_PX;
    while at < high {
        let mut cuts: Vec<f64> = rings
            .iter()
            .flat_map(|ring| sides(ring))
            .filter_map(|(p, q)| {
                let (u, v) = (level(&p), level(&q));
                ((u > at) != (v > at)).then(|| p.x + (at - u) / (v - u) * (q.x - p.x))
            })
            .collect();
        cuts.sort_by(f64::total_cmp);
        for pair in cuts.chunks_exact(2) {
            let (from, to) = (pair[0].max(screen.min.x), pair[1].min(screen.max.x));
            if to - from > 1.0 {
                let y = |x: f64| lean * (at - x);
                canvas.out.ground.push(Shape::line(pt(from, y(from)), pt(to, y(to)), pen));
            }
        }
        at += HATCH_PX;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(side: f64) -> Vec<Pt> {
        vec![pt(0.0, 0.0), pt(side, 0.0), pt(side, side), pt(0.0, side)]
    }

    fn strip(width: f64) -> ConstraintGeom {
        ConstraintGeom {
            id: "s".into(),
            name: String::new(),
            kind: ConstraintKind::Setback,
            rule: String::new(),
            outline: Vec::new(),
            setback_m: Some(width),
        }
    }

    #[test]
    fn a_strip_lies_between_the_parcel_and_the_parcel_moved_inwards() {
        for ring in [square(100.0), square(100.0).into_iter().rev().collect()] {
            let inner = inset(&ring, 10.0);
            assert!(inner.iter().all(|p| [10.0, 90.0].contains(&p.x.round())), "{inner:?}");
            assert!(strip(10.0).holds(&ring, pt(5.0, 50.0)));
            assert!(!strip(10.0).holds(&ring, pt(50.0, 50.0)));
            assert!(!strip(10.0).holds(&ring, pt(-5.0, 50.0)));
        }
    }

    #[test]
    fn without_a_parcel_a_strip_is_nowhere() {
        assert!(strip(10.0).rings(&[]).is_empty());
        assert!(strip(f64::NAN).rings(&square(10.0)).is_empty());
    }
}
