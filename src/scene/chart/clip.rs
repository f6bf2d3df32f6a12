//! Lines and areas cut to a box, so that whoever paints them needs no clipping.

use crate::scene::geom::{Bounds, Pt, pt};

/// The stretches of a line that lie inside a box, cut at its edges.
pub(super) fn inside(points: &[Pt], to: &Bounds) -> Vec<Vec<Pt>> {
    let mut out: Vec<Vec<Pt>> = Vec::new();
    let mut open = false;
    for w in points.windows(2) {
        let Some((a, b)) = clipped(w[0], w[1], to) else {
            open = false;
            continue;
        };
        match out.last_mut().filter(|_| open) {
            Some(run) => run.push(b),
            None => out.push(vec![a, b]),
        }
        open = to.contains(w[1]);
    }
    out
}

/// The nearest place in the box.
pub(super) fn clamped(p: Pt, to: &Bounds) -> Pt {
    pt(p.x.clamp(to.min.x, to.max.x), p.y.clamp(to.min.y, to.max.y))
}

/// A straight piece cut to a box (Liang and Barsky).
fn clipped(a: Pt, b: Pt, to: &Bounds) -> Option<(Pt, Pt)> {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut from, mut until) = (0.0f64, 1.0f64);
    let edges =
        [(-dx, a.x - to.min.x), (dx, to.max.x - a.x), (-dy, a.y - to.min.y), (dy, to.max.y - a.y)];
    for (p, q) in edges {
        if p == 0.0 && q < 0.0 {
            return None;
        }
        if p < 0.0 {
            from = from.max(q / p);
        } else if p > 0.0 {
            until = until.min(q / p);
        }
    }
    (from <= until).then(|| (a.plus(dx * from, dy * from), a.plus(dx * until, dy * until)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_cut_where_it_crosses_the_edges() {
        let to = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let cut = |a, b| clipped(a, b, &to);
        assert_eq!(cut(pt(-5.0, 5.0), pt(15.0, 5.0)), Some((pt(0.0, 5.0), pt(10.0, 5.0))));
        assert_eq!(cut(pt(2.0, 2.0), pt(3.0, 30.0)).unwrap().1.y, 10.0);
        assert_eq!(cut(pt(-1.0, 5.0), pt(-1.0, 8.0)), None);
        assert_eq!(cut(pt(-5.0, 0.0), pt(0.0, -5.0)), None, "past the corner");
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_is_two_lines() {
        let to = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let line = [pt(1.0, 1.0), pt(1.0, 20.0), pt(8.0, 20.0), pt(8.0, 2.0)];
        let cut = inside(&line, &to);
        assert_eq!(cut, [vec![pt(1.0, 1.0), pt(1.0, 10.0)], vec![pt(8.0, 10.0), pt(8.0, 2.0)]]);
    }
}
