//! Estimated throughput against interactivity, both logarithmic: a curve a rack with its
//! band, published curves over it. It must not know where the figures come from.

use super::axis::{Axis, Scale};
use super::furniture::{
    BAND_ALPHA, SERIES_PX, Wanted, axes, marker, place_names, sampled, series_lines,
};
use super::keynote_draw::ChartDrawing;
use crate::catalog::Generation;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Marker, TextRole, Token};

/// Tokens/s per user and tokens/s per MW.
type Xy = (f64, f64);

/// An estimated curve, ascending in interactivity.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeedCurve {
    pub generation: Generation,
    /// How many curves of the same hue stand before it.
    pub member: usize,
    pub name: String,
    pub note: String,
    pub points: Vec<Xy>,
    /// Each point at the slow and at the fast end of its band.
    pub low: Vec<Xy>,
    pub high: Vec<Xy>,
}

/// A published curve.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeedMarks {
    pub generation: Generation,
    /// That of the curve that it stands beside.
    pub member: usize,
    pub name: String,
    /// Measured points are marks; claims are joined by dashes.
    pub measured: bool,
    pub points: Vec<Xy>,
}

/// The whole chart without a size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpeedChart {
    pub y_name: String,
    /// What the bands mean, for the legend.
    pub band: String,
    pub curves: Vec<SpeedCurve>,
    pub marks: Vec<SpeedMarks>,
}

/// Room around the plot.
const LEFT: f64 = 64.0;
const BELOW: f64 = 44.0;
const ABOVE: f64 = 8.0;
const RIGHT: f64 = 12.0;
/// Decades below the most that the vertical axis shows at most: a curve ends in a cliff.
const DECADES: f64 = 2.6;
/// Decades that it shows of every curve at least.
const SHOULDER: f64 = 1.3;
/// Slowest user that the horizontal axis shows while faster ones exist.
const SLOWEST: f64 = 5.0;
/// Steps of an edge of a band.
const EDGE: usize = 240;
/// Curves of one hue fade in this order.
const FADES: [f32; 3] = [1.0, 0.62, 0.4];

/// Paints the chart into a box.
pub fn draw_speed(chart: &SpeedChart, room: Bounds, measure: &mut Measure) -> ChartDrawing {
    let plot = Bounds { min: room.min.plus(LEFT, ABOVE), max: room.max.plus(-RIGHT, -BELOW) };
    let ((x0, x1), (y0, y1)) = ranges(chart);
    let scale = Scale::Log;
    let x = Axis { scale, min: x0, max: x1, from: plot.min.x, to: plot.max.x };
    let y = Axis { scale, min: y0, max: y1, from: plot.max.y, to: plot.min.y };
    let mut d = ChartDrawing { shapes: Vec::new(), plot, x, y, hits: Vec::new() };
    rules(&mut d);
    let of_axes = ("Output tokens/s per user (log)", chart.y_name.as_str());
    axes(&mut d.shapes, (&x, &y), room, of_axes);
    for curve in &chart.curves {
        band(curve, &mut d);
    }
    for curve in &chart.curves {
        let pen = Pen::new(ink(curve.generation, curve.member), SERIES_PX);
        for points in inside(&curve.points, &d) {
            d.shapes.push(Shape::Line { points, pen });
        }
    }
    let mut taken = Vec::new();
    for marks in &chart.marks {
        published(marks, &mut d, &mut taken);
    }
    legend(chart, &mut d, &mut taken, measure);
    let wanted = names(chart, &d);
    let lines = series_lines(&d.shapes);
    let placed = place_names(wanted, (plot, &lines), &mut taken, measure);
    d.shapes.extend(placed);
    name_marks(chart, &mut d, &mut taken, measure);
    d
}

/// The hue of a generation, fainter for each further member of it.
fn ink(generation: Generation, member: usize) -> Ink {
    Ink::of(Hue::Rack(generation)).faded(FADES[member.min(FADES.len() - 1)])
}

/// Ranges that hold what matters of every curve.
fn ranges(chart: &SpeedChart) -> (Xy, Xy) {
    let estimated = chart.curves.iter().flat_map(|c| &c.points);
    let all: Vec<Xy> =
        estimated.chain(chart.marks.iter().flat_map(|m| &m.points)).copied().collect();
    let most = all.iter().fold(0.0f64, |m, p| m.max(p.1));
    // Of each curve at least its shoulder.
    let heads = chart.curves.iter().filter_map(|c| c.points.first()).map(|p| p.1);
    let floor =
        heads.fold(most / 10f64.powf(DECADES), |f, head| f.min(head / 10f64.powf(SHOULDER)));
    let shown = || all.iter().filter(|p| p.1 >= floor);
    let (x0, x1) = shown().fold((f64::INFINITY, 0.0f64), |r, p| (r.0.min(p.0), r.1.max(p.0)));
    let y0 = shown().fold(f64::INFINITY, |m, p| m.min(p.1));
    if most <= 0.0 || x1 <= 0.0 {
        return ((10.0, 1000.0), (1e3, 1e6));
    }
    let left = if x1 > 4.0 * SLOWEST { x0.max(SLOWEST) } else { x0 };
    ((left, x1 * 1.5), (y0.min(most / 10.0) * 0.75, most * 1.6))
}

/// Upright hairlines at the labelled speeds; those across come with the axes.
fn rules(d: &mut ChartDrawing) {
    let pen = Pen::token(Token::Line, 1.0);
    for v in d.x.ticks(9) {
        let at = d.x.position(v);
        d.shapes.push(Shape::line(pt(at, d.plot.min.y), pt(at, d.plot.max.y), pen));
    }
}

fn place(p: &Xy, d: &ChartDrawing) -> Pt {
    pt(d.x.position(p.0), d.y.position(p.1))
}

/// The stretches of a curve that lie inside the plot, cut at its edges.
fn inside(points: &[Xy], d: &ChartDrawing) -> Vec<Vec<Pt>> {
    let mut out: Vec<Vec<Pt>> = Vec::new();
    let mut open = false;
    for w in points.windows(2) {
        let Some((a, b)) = clipped(place(&w[0], d), place(&w[1], d), &d.plot) else {
            open = false;
            continue;
        };
        match out.last_mut().filter(|_| open) {
            Some(run) => run.push(b),
            None => out.push(vec![a, b]),
        }
        open = d.plot.contains(place(&w[1], d));
    }
    out
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

/// The area between the frontiers of all points at the slow and at the fast end, cut to
/// the plot.
fn band(curve: &SpeedCurve, d: &mut ChartDrawing) {
    let p = d.plot;
    let cut = |q: Pt| pt(q.x.clamp(p.min.x, p.max.x), q.y.clamp(p.min.y, p.max.y));
    let chain = |points: &[Xy]| -> Vec<Pt> {
        let on_screen: Vec<Pt> = front(points).iter().map(|q| place(q, d)).collect();
        even(&on_screen).into_iter().map(cut).collect()
    };
    let (upper, lower) = (chain(&curve.high), chain(&curve.low));
    let fill = Ink::of(Hue::Rack(curve.generation)).faded(BAND_ALPHA);
    d.shapes.push(Shape::Band { upper, lower, fill });
}

/// Points that no other beats in both, ascending in speed, down to the least throughput:
/// neighbours with bands of unlike width would make a saw of the edge.
fn front(points: &[Xy]) -> Vec<Xy> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
    let mut out: Vec<Xy> = Vec::new();
    for p in sorted {
        if out.last().is_none_or(|last| p.1 > last.1) {
            out.push(p);
        }
    }
    out.reverse();
    let least = points.iter().fold(f64::INFINITY, |m, p| m.min(p.1));
    let foot = out.last().filter(|last| last.1 > least).map(|last| (last.0, least));
    out.extend(foot);
    out
}

/// A chain of a fixed number of points at even steps of its length.
fn even(points: &[Pt]) -> Vec<Pt> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let whole: f64 = points.windows(2).map(|w| w[0].distance(w[1])).sum();
    let mut out = vec![*first];
    let mut run = 0.0;
    for w in points.windows(2) {
        let piece = w[0].distance(w[1]);
        while out.len() < EDGE && run + piece >= whole * out.len() as f64 / EDGE as f64 {
            let t = (whole * out.len() as f64 / EDGE as f64 - run) / piece.max(1e-12);
            out.push(pt(w[0].x + (w[1].x - w[0].x) * t, w[0].y + (w[1].y - w[0].y) * t));
        }
        run += piece;
    }
    out.resize(EDGE, *last);
    out.push(*last);
    out
}

/// Marks of a published curve.
fn published(marks: &SpeedMarks, d: &mut ChartDrawing, taken: &mut Vec<Bounds>) {
    let ink = ink(marks.generation, marks.member);
    if !marks.measured {
        let pen = Pen::new(ink.faded(ink.alpha * 0.8), 1.3).dashed(6.0, 4.0);
        for points in inside(&marks.points, d) {
            d.shapes.push(Shape::Line { points, pen });
        }
    }
    for p in &marks.points {
        let at = place(p, d);
        if d.plot.contains(at) {
            let size = if marks.measured { 4.6 } else { 3.6 };
            d.shapes.push(marker(Marker::of(marks.generation), at, size, ink));
            taken.push(Bounds::around(at, 12.0, 12.0));
        }
    }
}

/// Names stand at their lines.
fn names(chart: &SpeedChart, d: &ChartDrawing) -> Vec<Wanted> {
    let mut out = Vec::new();
    for curve in &chart.curves {
        // From the slow end, where curves lie apart; their cliffs often meet.
        let along: Vec<Pt> = inside(&curve.points, d).concat().into_iter().rev().collect();
        let hue = ink(curve.generation, curve.member);
        let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 8)
            .line(&curve.name, TextRole::BodyStrong, hue.faded(hue.alpha.max(0.8)))
            .line(&curve.note, TextRole::Small, Ink::token(Token::Text2));
        out.push(Wanted { along, label });
    }
    out
}

/// Names of published curves, each beside one of its own marks and clear of everything else.
fn name_marks(
    chart: &SpeedChart,
    d: &mut ChartDrawing,
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let drawn = drawn(d);
    for marks in &chart.marks {
        let style = (TextRole::Tiny, Token::Text2);
        let (w, h) = measure(&marks.name, style.0);
        let (right, left, middle) = (11.0, -w - 11.0, -w / 2.0);
        let (above, level, below) = (-h - 6.0, -h / 2.0, 6.0);
        let beside = [
            (right, level),
            (middle, above),
            (left, level),
            (middle, below),
            (right, below),
            (left, below),
            (right, above),
            (left, above),
        ];
        let points = marks.points.iter().rev().map(|p| place(p, d));
        let mut boxes =
            points.flat_map(|p| beside.map(|o| Bounds::xywh(p.x + o.0, p.y + o.1, w, h)));
        let free = |b: &Bounds| {
            d.plot.contains_box(b)
                && !taken.iter().any(|t| t.intersects(b))
                && !drawn.iter().any(|l| b.grown(2.0).contains(*l))
        };
        if let Some(found) = boxes.find(free) {
            taken.push(found);
            d.shapes.push(Shape::text(found.min, Anchor::LeftTop, &marks.name, style));
        }
    }
}

/// Points every few pixels along curves and dashes.
fn drawn(d: &ChartDrawing) -> Vec<Pt> {
    let lines = d.shapes.iter().filter_map(|s| match s {
        Shape::Line { points, pen } if pen.width == SERIES_PX || pen.dash.is_some() => {
            Some(sampled(points))
        }
        _ => None,
    });
    lines.flatten().collect()
}

/// What the marks mean, in the corner of the plot that hides least.
fn legend(
    chart: &SpeedChart,
    d: &mut ChartDrawing,
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let measured = chart.marks.iter().any(|m| m.measured);
    let claimed = chart.marks.iter().any(|m| !m.measured);
    let rows: Vec<(&str, char)> = [
        (true, "estimate", 'l'),
        (!chart.band.is_empty(), chart.band.as_str(), 'b'),
        (measured, "published, measured", 'm'),
        (claimed, "published, claimed by the vendor or read from a chart", 'c'),
    ]
    .into_iter()
    .filter_map(|(on, words, key)| on.then_some((words, key)))
    .collect();
    let wide = rows.iter().map(|r| measure(r.0, TextRole::Small).0).fold(0.0, f64::max) + 50.0;
    let tall = 20.0 * rows.len() as f64 + 12.0;
    let card = free_corner(d, (wide, tall));
    let pen = Pen::token(Token::Line2, 1.0);
    let fill = Some(Ink::token(Token::Panel));
    d.shapes.push(Shape::Rect { bounds: card, fill, pen: Some(pen), radius: 4.0 });
    let hue = Ink::token(Token::Text2);
    let mark = Marker::of(chart.curves.first().map_or(Generation::Other, |c| c.generation));
    for (i, (words, key)) in rows.into_iter().enumerate() {
        let c = pt(card.min.x + 22.0, card.min.y + 16.0 + 20.0 * i as f64);
        let across = |pen: Pen| Shape::line(c.plus(-11.0, 0.0), c.plus(11.0, 0.0), pen);
        match key {
            'l' => d.shapes.push(across(Pen::new(hue, SERIES_PX + 0.01))),
            'b' => d.shapes.push(Shape::fill(Bounds::around(c, 22.0, 10.0), hue.faded(0.25))),
            'm' => d.shapes.push(marker(mark, c, 4.6, hue)),
            _ => {
                d.shapes.push(across(Pen::new(hue.faded(0.8), 1.3).dashed(6.0, 4.0)));
                d.shapes.push(marker(mark, c, 3.6, hue));
            }
        }
        let style = (TextRole::Small, Token::Text2);
        d.shapes.push(Shape::text(pt(card.min.x + 42.0, c.y), Anchor::LeftCentre, words, style));
    }
    taken.push(card.grown(6.0));
}

fn free_corner(d: &ChartDrawing, size: (f64, f64)) -> Bounds {
    let (w, h) = size;
    let p = d.plot.grown(-12.0);
    let corners =
        [pt(p.min.x, p.max.y - h), pt(p.max.x - w, p.min.y), pt(p.max.x - w, p.max.y - h), p.min];
    let bands = d.shapes.iter().filter_map(|s| match s {
        Shape::Band { upper, lower, .. } => Some([upper.as_slice(), lower].concat()),
        _ => None,
    });
    let drawn: Vec<Pt> = bands.flatten().chain(drawn(d)).collect();
    let box_at = |c: &Pt| Bounds::xywh(c.x, c.y, w, h);
    let hidden = |c: &Pt| drawn.iter().filter(|q| box_at(c).grown(6.0).contains(**q)).count();
    let best = corners.iter().min_by_key(|c| hidden(c)).copied();
    box_at(&best.unwrap_or(p.min))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    fn chart() -> SpeedChart {
        let points: Vec<Xy> =
            (0..60).map(|i| (1.08f64.powi(i) * 2.0, 1e6 - 16_900.0 * f64::from(i))).collect();
        let moved = |by: f64| points.iter().map(|p| (p.0 * by, p.1 * by)).collect();
        let marks = |measured| SpeedMarks {
            generation: Generation::Rubin,
            member: 0,
            name: if measured { "Measured" } else { "Claimed" }.into(),
            measured,
            points: vec![(50.0, 8e5), (100.0, 2e5), (150.0, 1.0)],
        };
        SpeedChart {
            y_name: "y".into(),
            band: "band".into(),
            curves: vec![SpeedCurve {
                generation: Generation::Rubin,
                member: 0,
                name: "Rack".into(),
                note: "FP4".into(),
                low: moved(0.7),
                high: moved(1.4),
                points,
            }],
            marks: vec![marks(true), marks(false)],
        }
    }

    #[test]
    fn everything_stays_inside_the_plot() {
        let room = Bounds::xywh(10.0, 20.0, 900.0, 500.0);
        let d = draw_speed(&chart(), room, &mut rough_size);
        let plot = d.plot.grown(1e-6);
        let mut seen = (0, 0, 0);
        for shape in &d.shapes {
            match shape {
                Shape::Line { points, pen } if pen.width == SERIES_PX || pen.dash.is_some() => {
                    seen.0 += 1;
                    assert!(points.iter().all(|p| plot.contains(*p)), "{points:?}");
                }
                Shape::Band { upper, lower, .. } => {
                    seen.1 += 1;
                    assert!(upper.iter().chain(lower).all(|p| plot.contains(*p)));
                }
                Shape::Text { text, at, .. } if ["Rack", "Measured"].contains(&text.as_str()) => {
                    seen.2 += 1;
                    assert!(plot.contains(*at), "{text}");
                }
                _ => {}
            }
        }
        assert!(seen.0 >= 2 && seen.1 == 1 && seen.2 == 2, "{seen:?}");
    }

    #[test]
    fn points_of_a_curve_stand_where_the_axes_say() {
        let room = Bounds::xywh(0.0, 0.0, 900.0, 500.0);
        let chart = chart();
        let d = draw_speed(&chart, room, &mut rough_size);
        let line = d.shapes.iter().find_map(|s| match s {
            Shape::Line { points, pen } if pen.width == SERIES_PX => Some(points),
            _ => None,
        });
        // The slow users are cut off: the curve begins at the edge.
        let first = line.unwrap()[0];
        assert!((first.x - d.plot.min.x).abs() < 1e-6 && d.x.min == SLOWEST);
        let known = chart.curves[0].points[30];
        let at = pt(d.x.position(known.0), d.y.position(known.1));
        assert!(line.unwrap().iter().any(|p| p.distance(at) < 1e-6));
    }

    #[test]
    fn edges_of_a_band_are_frontiers_with_as_many_points() {
        let saw = [(1.0, 9.0), (3.0, 8.0), (2.0, 7.0), (5.0, 6.0), (4.0, 5.0), (6.0, 1.0)];
        assert_eq!(front(&saw), [(1.0, 9.0), (3.0, 8.0), (5.0, 6.0), (6.0, 1.0)]);
        assert_eq!(front(&[(2.0, 5.0), (1.0, 1.0)]), [(2.0, 5.0), (2.0, 1.0)], "down to the foot");
        let corner = even(&[pt(0.0, 0.0), pt(24.0, 0.0), pt(24.0, 24.0)]);
        assert_eq!(corner.len(), EDGE + 1);
        assert!(corner[EDGE / 2].distance(pt(24.0, 0.0)) < 1e-9);
        assert!(corner.windows(2).all(|w| (w[0].distance(w[1]) - 0.2).abs() < 1e-9));
        assert_eq!(even(&[pt(1.0, 2.0)]), vec![pt(1.0, 2.0); EDGE + 1]);
    }

    #[test]
    fn a_piece_is_cut_where_it_crosses_the_edges() {
        let to = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let cut = |a, b| clipped(a, b, &to);
        assert_eq!(cut(pt(-5.0, 5.0), pt(15.0, 5.0)), Some((pt(0.0, 5.0), pt(10.0, 5.0))));
        assert_eq!(cut(pt(2.0, 2.0), pt(3.0, 30.0)).unwrap().1.y, 10.0);
        assert_eq!(cut(pt(-1.0, 5.0), pt(-1.0, 8.0)), None);
        assert_eq!(cut(pt(-5.0, 0.0), pt(0.0, -5.0)), None, "past the corner");
    }
}
