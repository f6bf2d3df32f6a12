//! Paints the throughput chart into a box. Everything is measured with the fonts of
//! whoever asks.

use super::axis::{Axis, Scale, tick_label};
use super::curve::interpolate;
use super::furniture::{
    BAND_ALPHA, SERIES_PX, Wanted, axes, filled_marker, marker, place_names, sampled, series_lines,
};
use super::throughput::{At, Estimated, Line, Published, Throughput};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Marker, TextRole, Token};

/// How to paint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThroughputOptions<'a> {
    pub room: Bounds,
    /// Curves of an older question are dim.
    pub stale: bool,
    /// The rack that stands out; the others step back.
    pub strong: Option<&'a str>,
    /// Speeds at which curves carry marks.
    pub speeds: &'a [f64],
}

/// What a spot on the chart is: indices into the chart's lines or published curves, and
/// of the point in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Estimate { line: usize, point: usize },
    Published { curve: usize, point: usize },
}

/// The painted chart.
#[derive(Clone, Debug)]
pub struct ThroughputDrawing {
    /// Axes and tiers.
    pub back: Vec<Shape>,
    /// What ends at the edge of the plot.
    pub inside: Vec<Shape>,
    /// Marks, names and the legend.
    pub front: Vec<Shape>,
    pub plot: Bounds,
    pub x: Axis,
    pub y: Axis,
    spots: Vec<(Pt, Spot)>,
}

const LEFT: f64 = 56.0;
const BELOW: f64 = 42.0;
const ABOVE: f64 = 34.0;
const RIGHT: f64 = 10.0;
/// More curves than this, and only the one that stands out shows its band in full.
const FEW: usize = 6;
const CROWDED_ALPHA: f32 = 0.05;
/// Strength of what steps back.
const BACK_ALPHA: f32 = 0.35;
const PUBLISHED_PX: f64 = 4.4;
const LINE_MARK_PX: f64 = 3.2;

impl ThroughputDrawing {
    /// The nearest spot within `reach` points; published ones lie on top.
    pub fn near(&self, at: Pt, reach: f64) -> Option<(Pt, Spot)> {
        let distance = |s: &&(Pt, Spot)| {
            let on_top = matches!(s.1, Spot::Published { .. });
            s.0.distance(at) - if on_top { 4.0 } else { 0.0 }
        };
        let close = self.spots.iter().filter(|s| s.0.distance(at) <= reach);
        close.min_by(|a, b| distance(a).total_cmp(&distance(b))).copied()
    }

    fn place(&self, at: At) -> Pt {
        pt(self.x.position(at.0), self.y.position(at.1))
    }

    fn chain(&self, points: impl Iterator<Item = At>) -> Vec<Pt> {
        points.map(|p| self.place(p)).collect()
    }
}

/// Paints the chart.
pub fn draw(chart: &Throughput, o: ThroughputOptions, measure: &mut Measure) -> ThroughputDrawing {
    let r = o.room;
    let plot = Bounds {
        min: pt(r.min.x + LEFT, r.min.y + ABOVE),
        max: pt(
            (r.max.x - RIGHT).max(r.min.x + LEFT + 40.0),
            (r.max.y - BELOW).max(r.min.y + ABOVE + 40.0),
        ),
    };
    let axis = |(min, max): (f64, f64), from, to| Axis { scale: Scale::Log, min, max, from, to };
    let x = axis(chart.x, plot.min.x, plot.max.x);
    let y = axis(chart.y, plot.max.y, plot.min.y);
    let mut d = ThroughputDrawing {
        back: Vec::new(),
        inside: Vec::new(),
        front: Vec::new(),
        plot,
        x,
        y,
        spots: Vec::new(),
    };
    let name = format!("Output tokens/s per {} (log)", chart.per.words());
    axes(&mut d.back, (&x, &y), r, ("Output tokens/s per user (log)", &name));
    let mut taken = vec![Bounds { min: pt(plot.min.x, r.min.y), max: pt(r.max.x, plot.min.y) }];
    tiers(chart, &mut d, measure);
    for line in &chart.lines {
        band(line, chart, &o, &mut d);
    }
    for published in &chart.published {
        claims(published, &o, &mut d);
    }
    for (i, line) in chart.lines.iter().enumerate() {
        curve(line, i, &o, &mut d);
    }
    for (i, published) in chart.published.iter().enumerate() {
        marks((published, i), &o, &mut d, &mut taken);
    }
    legend(chart, &mut d, &mut taken, measure);
    // The curve that stands out is named first.
    let mut order: Vec<&Line> = chart.lines.iter().collect();
    order.sort_by_key(|l| o.strong != Some(l.rack.as_str()));
    let wanted = order.into_iter().map(|l| wanted(l, chart, &o, &d)).collect();
    let upright = chart.tiers.iter().map(|t| d.x.position(t.tok_s_user));
    let upright = upright.flat_map(|x| sampled(&[pt(x, plot.min.y), pt(x, plot.max.y)]));
    let lines: Vec<Pt> = series_lines(&d.inside)
        .into_iter()
        .chain(upright)
        .filter(|p| d.plot.contains(*p))
        .collect();
    let names = place_names(wanted, (plot, &lines), &mut taken, measure);
    d.front.extend(names);
    d
}

/// Least speeds as thin upright lines with the name of the tier above.
fn tiers(chart: &Throughput, d: &mut ThroughputDrawing, measure: &mut Measure) {
    let mut right = f64::NEG_INFINITY;
    for tier in &chart.tiers {
        let x = d.x.position(tier.tok_s_user);
        if x < d.plot.min.x || x > d.plot.max.x {
            continue;
        }
        let hue = Ink::of(Hue::Tier(tier.rank));
        let pen = Pen::new(hue.faded(0.75), 1.0);
        d.back.push(Shape::line(pt(x, d.plot.min.y - 4.0), pt(x, d.plot.max.y), pen));
        let cap = Bounds::xywh(x - 1.5, d.plot.min.y - 22.0, 3.0, 18.0);
        d.back.push(Shape::fill(cap, hue));
        let speed = format!("≥ {}", tick_label(tier.tok_s_user));
        let wide =
            measure(&tier.name, TextRole::TinyStrong).0.max(measure(&speed, TextRole::Tiny).0);
        let left = x + 6.0;
        // Names of tiers that stand too close leave the line alone.
        if left < right || left + wide > d.plot.max.x + RIGHT {
            continue;
        }
        right = left + wide + 6.0;
        let top = d.plot.min.y - 25.0;
        let name = (TextRole::TinyStrong, Token::Text1);
        d.back.push(Shape::text(pt(left, top), Anchor::LeftTop, &tier.name, name));
        let small = (TextRole::Tiny, Token::Text2);
        d.back.push(Shape::text(pt(left, top + 11.0), Anchor::LeftTop, speed, small));
    }
}

/// The hue of a line: that of its rack's generation.
pub fn hue(line: &Line) -> Hue {
    Hue::Rack(line.generation)
}

/// Strength of a curve among the others.
fn strength(line: &Line, o: &ThroughputOptions) -> f32 {
    let back = o.stale || o.strong.is_some_and(|rack| rack != line.rack);
    if back { BACK_ALPHA } else { 1.0 }
}

fn band(line: &Line, chart: &Throughput, o: &ThroughputOptions, d: &mut ThroughputDrawing) {
    let stands_out = o.strong == Some(line.rack.as_str());
    let full = stands_out || chart.lines.len() <= FEW;
    let alpha = if full { BAND_ALPHA } else { CROWDED_ALPHA };
    let fill = Ink::of(hue(line)).faded(alpha * strength(line, o));
    let (upper, lower) = edges(line);
    let (upper, lower) = (d.chain(upper.into_iter()), d.chain(lower.into_iter()));
    d.inside.push(Shape::Band { upper, lower, fill });
}

/// Upper and lower edge of a band, opposite each other along lines of equal users. Each is
/// the frontier of its own points, so that it never folds back.
fn edges(line: &Line) -> (Vec<At>, Vec<At>) {
    let frontier = |which: fn(&Estimated) -> At| -> Vec<At> {
        let mut all: Vec<At> = line.points.iter().map(which).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut out: Vec<At> = Vec::new();
        for p in all {
            if out.last().is_none_or(|last| p.1.ln() > last.1) {
                out.push((p.0.ln(), p.1.ln()));
            }
        }
        out
    };
    let (high, low) = (frontier(|p| p.high), frontier(|p| p.low));
    let across = |p: &At| p.1 - p.0;
    let mut places: Vec<f64> = high.iter().chain(&low).map(across).collect();
    places.sort_by(f64::total_cmp);
    let at = |chain: &[At], t: f64| -> At {
        let next = chain.partition_point(|p| across(p) < t).min(chain.len() - 1);
        let (a, b) = (chain[next.saturating_sub(1)], chain[next]);
        let span = across(&b) - across(&a);
        let share = if span > 0.0 { ((t - across(&a)) / span).clamp(0.0, 1.0) } else { 0.0 };
        ((a.0 + (b.0 - a.0) * share).exp(), (a.1 + (b.1 - a.1) * share).exp())
    };
    let edge = |chain: &[At]| places.iter().map(|t| at(chain, *t)).collect();
    (edge(&high), edge(&low))
}

fn curve(line: &Line, index: usize, o: &ThroughputOptions, d: &mut ThroughputDrawing) {
    let ink = Ink::of(hue(line)).faded(strength(line, o));
    let points = d.chain(line.points.iter().map(|p| p.at));
    for (point, at) in points.iter().enumerate().filter(|(_, at)| d.plot.contains(**at)) {
        d.spots.push((*at, Spot::Estimate { line: index, point }));
    }
    d.inside.push(Shape::Line { points, pen: Pen::new(ink, SERIES_PX) });
    for speed in o.speeds {
        let fast = line.points.iter().find(|p| p.at.0 >= *speed);
        if let Some(at) = fast.map(|p| d.place(p.at)).filter(|at| d.plot.contains(*at)) {
            d.inside.extend(member_mark(line, at, ink));
        }
    }
}

/// The mark of a line at a place. Members of one generation share the hue and differ by
/// what fills their marks: full, hollow, half, a dot.
pub fn member_mark(line: &Line, at: Pt, ink: Ink) -> Vec<Shape> {
    let kind = Marker::of(line.generation);
    let mark = |fill| filled_marker(kind, at, LINE_MARK_PX, (ink, fill));
    let hollow = mark(Ink::token(Token::Canvas));
    match line.member % 4 {
        0 => vec![mark(ink)],
        1 => vec![hollow],
        // Over the hollow one, so that the line does not shine through.
        2 => vec![hollow, mark(ink.faded(0.5 * ink.alpha))],
        _ => vec![hollow, Shape::Circle { centre: at, radius: 1.3, fill: Some(ink), pen: None }],
    }
}

/// A published claim is a dashed line through its points.
fn claims(published: &Published, o: &ThroughputOptions, d: &mut ThroughputDrawing) {
    if published.measured || published.points.len() < 2 {
        return;
    }
    let logs: Vec<At> = published.points.iter().map(|p| (p.at.0.ln(), p.at.1.ln())).collect();
    let points = d.chain(interpolate(&logs).into_iter().map(|p| (p.0.exp(), p.1.exp())));
    let ink = Ink::of(Hue::Rack(published.generation)).faded(faint(published, o));
    d.inside.push(Shape::Line { points, pen: Pen::new(ink, 1.4).dashed(7.0, 5.0) });
}

/// Requests of other lengths do not compare: they stay visible and step back, as does what
/// belongs to another rack than the one that stands out.
fn faint(published: &Published, o: &ThroughputOptions) -> f32 {
    let back = o.strong.is_some_and(|rack| rack != published.rack);
    let other = if published.alike { 1.0 } else { 0.5 };
    if back { BACK_ALPHA * other } else { other }
}

/// Measured points are hollow marks with the range as a whisker; points of a claim are dots.
fn marks(
    (published, index): (&Published, usize),
    o: &ThroughputOptions,
    d: &mut ThroughputDrawing,
    taken: &mut Vec<Bounds>,
) {
    let ink = Ink::of(Hue::Rack(published.generation)).faded(faint(published, o));
    for (point, p) in published.points.iter().enumerate() {
        let at = d.place(p.at);
        if !d.plot.contains(at) {
            continue;
        }
        if let Some((low, high)) = p.range {
            let ends = (d.place((p.at.0, high)), d.place((p.at.0, low)));
            d.inside.push(Shape::line(ends.0, ends.1, Pen::new(ink, 1.2)));
        }
        d.front.push(if published.measured {
            marker(Marker::of(published.generation), at, PUBLISHED_PX, ink)
        } else {
            let edge = Some(Pen::token(Token::Canvas, 1.0));
            Shape::Circle { centre: at, radius: 3.2, fill: Some(ink), pen: edge }
        });
        taken.push(Bounds::around(at, 10.0, 10.0));
        d.spots.push((at, Spot::Published { curve: index, point }));
    }
}

/// What the marks mean; curves are named at their lines.
fn legend(
    chart: &Throughput,
    d: &mut ThroughputDrawing,
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let has = |measured: bool| chart.published.iter().any(|p| p.measured == measured);
    let rows: Vec<&str> = [
        (!chart.lines.is_empty(), "estimate, 80 % band"),
        (has(true), "measured"),
        (has(false), "published claim"),
        (chart.published.iter().any(|p| !p.alike), "pale: other lengths"),
    ]
    .into_iter()
    .filter_map(|(on, words)| on.then_some(words))
    .collect();
    if rows.is_empty() || d.plot.width() < 360.0 || d.plot.height() < 190.0 {
        return;
    }
    let wide = rows.iter().map(|r| measure(r, TextRole::Tiny).0).fold(0.0, f64::max) + 40.0;
    let tall = 17.0 * rows.len() as f64 + 9.0;
    let card = Bounds::xywh(d.plot.min.x + 8.0, d.plot.max.y - tall - 8.0, wide, tall);
    let pen = Pen::token(Token::Line2, 1.0);
    let fill = Some(Ink::token(Token::Panel));
    d.front.push(Shape::Rect { bounds: card, fill, pen: Some(pen), radius: 3.0 });
    let grey = Ink::token(Token::Text2);
    for (i, words) in rows.iter().enumerate() {
        let c = pt(card.min.x + 16.0, card.min.y + 13.0 + 17.0 * i as f64);
        let ends = |w: f64| (c.plus(-w, 0.0), c.plus(w, 0.0));
        match *words {
            "measured" => d.front.push(marker(Marker::Circle, c, 3.6, grey)),
            "published claim" => {
                let (a, b) = ends(9.0);
                d.front.push(Shape::line(a, b, Pen::new(grey, 1.4).dashed(4.0, 3.0)));
            }
            w if w.starts_with("estimate") => {
                let (a, b) = ends(9.0);
                d.front.push(Shape::fill(Bounds::around(c, 18.0, 9.0), grey.faded(0.25)));
                d.front.push(Shape::line(a, b, Pen::new(grey, 2.0)));
            }
            _ => d.front.push(marker(Marker::Circle, c, 3.6, grey.faded(0.5))),
        }
        let at = pt(card.min.x + 32.0, c.y);
        d.front.push(Shape::text(at, Anchor::LeftCentre, *words, (TextRole::Tiny, Token::Text2)));
    }
    taken.push(card);
}

/// The name of a curve with the evidence below it; among many curves the short name alone.
fn wanted(line: &Line, chart: &Throughput, o: &ThroughputOptions, d: &ThroughputDrawing) -> Wanted {
    let points = |measured: bool| -> usize {
        let own = chart.published.iter().filter(|p| p.rack == line.rack);
        own.filter(|p| p.measured == measured).map(|p| p.points.len()).sum()
    };
    let below = match (points(true), points(false)) {
        (0, 0) => "nothing published".to_owned(),
        (n, 0) => format!("{n} measured"),
        (0, n) => format!("{n} claimed"),
        (n, m) => format!("{n} measured, {m} claimed"),
    };
    let along: Vec<Pt> = d
        .chain(line.points.iter().map(|p| p.at))
        .into_iter()
        .filter(|p| d.plot.contains(*p))
        .collect();
    let whole = chart.lines.len() < FEW || o.strong == Some(line.rack.as_str());
    let name = if whole { &line.name } else { &line.short };
    let ink = Ink::of(hue(line)).faded(strength(line, o));
    let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 8).line(name, TextRole::SmallStrong, ink);
    let small = Ink::token(Token::Text3);
    let label = if whole { label.line(below, TextRole::Tiny, small) } else { label };
    Wanted { along: sampled(&along), label }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Generation;
    use crate::scene::chart::{Per, PublishedPoint};
    use crate::scene::shape::rough_size;

    fn line(ratios: [f64; 4]) -> Line {
        let curve = [(20.0, 2e6), (50.0, 1.8e6), (100.0, 1e6), (300.0, 1e5)];
        let point = |(at, r): (&At, f64)| Estimated {
            at: *at,
            low: (at.0 / r, at.1 / r),
            high: (at.0 * r, at.1 * r),
        };
        Line {
            rack: "r".into(),
            generation: Generation::Rubin,
            member: 0,
            name: "R".into(),
            short: "R".into(),
            points: curve.iter().zip(ratios).map(point).collect(),
        }
    }

    fn chart() -> Throughput {
        let point = PublishedPoint { at: (100.0, 9e5), range: None, note: String::new() };
        Throughput {
            per: Per::SiteMw,
            lines: vec![line([1.2; 4])],
            published: vec![Published {
                curve: "c".into(),
                rack: "r".into(),
                generation: Generation::Rubin,
                name: "C".into(),
                evidence: "measured, 2026".into(),
                measured: true,
                lengths: String::new(),
                alike: true,
                points: vec![point],
            }],
            tiers: vec![],
            x: (10.0, 1000.0),
            y: (1e4, 5e6),
        }
    }

    fn drawn(chart: &Throughput) -> ThroughputDrawing {
        let room = Bounds::xywh(0.0, 0.0, 800.0, 500.0);
        let o = ThroughputOptions { room, stale: false, strong: None, speeds: &[] };
        draw(chart, o, &mut rough_size)
    }

    #[test]
    fn the_pointer_finds_what_the_axes_say_published_points_first() {
        let d = drawn(&chart());
        let at = |x: f64, y: f64| pt(d.x.position(x), d.y.position(y));
        let found = |p: Pt| d.near(p, 14.0).map(|(_, spot)| spot);
        let estimate = Spot::Estimate { line: 0, point: 3 };
        assert_eq!(found(at(300.0, 1e5)), Some(estimate));
        let published = Spot::Published { curve: 0, point: 0 };
        // Between the two, which lie a few points apart.
        assert_eq!(found(at(100.0, 9.5e5)), Some(published));
        assert_eq!(found(at(20.0, 2e4)), None);
    }

    #[test]
    fn the_edges_of_a_band_never_fold_back() {
        // A band that widens and narrows along the curve.
        let (upper, lower) = edges(&line([1.1, 1.8, 1.1, 1.6]));
        assert_eq!(upper.len(), lower.len());
        for edge in [upper, lower] {
            let folds = edge.windows(2).any(|w| w[1].0 > w[0].0 * (1.0 + 1e-9));
            assert!(!folds, "towards slower users alone: {edge:?}");
        }
    }
}
