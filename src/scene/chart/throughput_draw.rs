//! Paints the throughput chart into a box. Everything is measured with the fonts of
//! whoever asks.

use super::axis::{Axis, Scale, tick_label};
use super::clip::{clamped, inside};
use super::curve::interpolate;
use super::furniture::{
    BACK_ALPHA, BAND_ALPHA, CROWDED_ALPHA, Drawn, FEW, Key, SERIES_PX, Wanted, axes, axes_over,
    filled_marker, legend, marker, name_marks, place_names, plot, sampled,
};
use super::throughput::{At, Estimated, Least, Line, Published, Throughput};
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

/// The painted chart: nothing of a curve or band reaches beyond the plot.
#[derive(Clone, Debug)]
pub struct ThroughputDrawing {
    pub shapes: Vec<Shape>,
    pub plot: Bounds,
    pub x: Axis,
    pub y: Axis,
    spots: Vec<(Pt, Spot)>,
    drawn: Drawn,
}

/// Room above the plot for the names of tiers, and without any.
const ABOVE: f64 = 34.0;
const ABOVE_PLAIN: f64 = 8.0;
/// More published curves than this go without names.
const NAMED: usize = 8;
/// Even steps along the edge of a band.
const EDGE: i32 = 160;
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

    /// What of a line lies in the plot.
    fn line(&mut self, points: &[Pt], pen: Pen) {
        for points in inside(points, &self.plot) {
            self.drawn.lines.extend(sampled(&points));
            self.shapes.push(Shape::Line { points, pen });
        }
    }
}

/// Paints the chart.
pub fn draw(chart: &Throughput, o: ThroughputOptions, measure: &mut Measure) -> ThroughputDrawing {
    let plain = chart.tiers.is_empty();
    let plot = plot(o.room, if plain { ABOVE_PLAIN } else { ABOVE });
    let (x, y) = axes_over(&plot, Scale::Log, (chart.x, chart.y));
    let (shapes, spots, drawn) = (Vec::new(), Vec::new(), Drawn::default());
    let mut d = ThroughputDrawing { shapes, plot, x, y, spots, drawn };
    let name = format!("Output tokens/s per {} (log)", chart.per.words());
    axes(&mut d.shapes, (&x, &y), o.room, ("Output tokens/s per user (log)", &name));
    let above = Bounds { min: pt(plot.min.x, o.room.min.y), max: pt(o.room.max.x, plot.min.y) };
    let mut taken = vec![above];
    if plain {
        rules(&mut d);
    } else {
        tiers(chart, &mut d, measure);
    }
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
    explain(chart, &mut d, &mut taken, measure);
    // The curve that stands out is named first.
    let mut order: Vec<usize> = (0..chart.lines.len()).collect();
    order.sort_by_key(|i| o.strong != chart.lines.get(*i).map(|l| l.rack.as_str()));
    let wanted: Vec<_> = order.into_iter().filter_map(|i| wanted(i, chart, &o, &d)).collect();
    let names = place_names(&wanted, (plot, &d.drawn), &mut taken, measure);
    d.shapes.extend(names);
    if chart.published.len() <= NAMED {
        let marks = chart.published.iter();
        let marks: Vec<(&str, Vec<Pt>)> =
            marks.map(|p| (p.who(), d.chain(p.points.iter().map(|p| p.at)))).collect();
        d.shapes.extend(name_marks(&marks, (&plot, &d.drawn), &mut taken, measure));
    }
    d
}

/// Upright hairlines at the labelled speeds; those across come with the axes.
fn rules(d: &mut ThroughputDrawing) {
    for v in d.x.ticks(9) {
        let at = d.x.position(v);
        let pen = Pen::token(Token::Line, 1.0);
        d.shapes.push(Shape::line(pt(at, d.plot.min.y), pt(at, d.plot.max.y), pen));
    }
}

/// Least speeds as thin upright lines with the name of the tier above.
fn tiers(chart: &Throughput, d: &mut ThroughputDrawing, measure: &mut Measure) {
    let shown = chart.tiers.iter().map(|t| (t, d.x.position(t.tok_s_user)));
    let shown: Vec<(&Least, f64)> =
        shown.filter(|(_, x)| *x >= d.plot.min.x && *x <= d.plot.max.x).collect();
    let mut taken = d.plot.min.x;
    for (i, (tier, x)) in shown.iter().enumerate() {
        let hue = Ink::of(Hue::Tier(tier.rank));
        let pen = Pen::new(hue.faded(0.75), 1.0);
        let ends = [pt(*x, d.plot.min.y - 4.0), pt(*x, d.plot.max.y)];
        d.shapes.push(Shape::line(ends[0], ends[1], pen));
        d.drawn.rules.extend(sampled(&ends));
        let cap = Bounds::xywh(x - 1.5, d.plot.min.y - 22.0, 3.0, 18.0);
        d.shapes.push(Shape::fill(cap, hue));
        let speed = format!("≥ {}", tick_label(tier.tok_s_user));
        let wide =
            measure(&tier.name, TextRole::TinyStrong).0.max(measure(&speed, TextRole::Tiny).0);
        let next = shown.get(i + 1).map_or(d.plot.max.x, |(_, x)| x - 4.0);
        // Right of its line, else left of it; names that fit nowhere leave the line alone.
        let (at, anchor) = if x + 6.0 + wide <= next {
            taken = x + 6.0 + wide;
            (x + 6.0, Anchor::LeftTop)
        } else if x - 6.0 - wide >= taken {
            taken = x + 4.0;
            (x - 6.0, Anchor::RightTop)
        } else {
            taken = x + 4.0;
            continue;
        };
        let top = d.plot.min.y - 25.0;
        let name = (TextRole::TinyStrong, Token::Text1);
        d.shapes.push(Shape::text(pt(at, top), anchor, &tier.name, name));
        let small = (TextRole::Tiny, Token::Text2);
        d.shapes.push(Shape::text(pt(at, top + 11.0), anchor, speed, small));
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
    let (upper, lower) = edges(line, d.x.min);
    let chain = |edge: Vec<At>| edge.into_iter().map(|p| clamped(d.place(p), &d.plot)).collect();
    let (upper, lower) = (chain(upper), chain(lower));
    d.shapes.push(Shape::Band { upper, lower, fill });
}

/// Upper and lower edge of a band from the fastest users to the slowest, opposite each other
/// along lines of equal users. Each is the frontier of its own points, so that it never folds
/// back; slower users than those of the curve get what its slowest get, faster ones nothing.
fn edges(line: &Line, least: f64) -> (Vec<At>, Vec<At>) {
    let slowest = line.points.first().map_or(least, |p| p.at.0.max(least));
    let edge = |which: fn(&Estimated) -> At| frontier(line.points.iter().map(which), slowest);
    let (high, low) = (edge(|p| p.high), edge(|p| p.low));
    let across = |p: &At| p.1 - p.0;
    let mut places: Vec<f64> = high.iter().chain(&low).map(across).collect();
    let (first, last) =
        places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), t| (a.min(*t), b.max(*t)));
    // Steep stretches have few points, and the plot may end within one.
    places.extend((1..EDGE).map(|i| first + (last - first) * f64::from(i) / f64::from(EDGE)));
    places.sort_by(f64::total_cmp);
    let at = |chain: &[At], t: f64| -> At {
        let next = chain.partition_point(|p| across(p) < t).min(chain.len() - 1);
        let (a, b) = (chain[next.saturating_sub(1)], chain[next]);
        let span = across(&b) - across(&a);
        let share = if span > 0.0 { ((t - across(&a)) / span).clamp(0.0, 1.0) } else { 0.0 };
        ((a.0 + (b.0 - a.0) * share).exp(), (a.1 + (b.1 - a.1) * share).exp())
    };
    let edge = |chain: &[At]| -> Vec<At> {
        let foot = chain.first().map(|p| (p.0.exp(), 0.0));
        foot.into_iter().chain(places.iter().map(|t| at(chain, *t))).collect()
    };
    (edge(&high), edge(&low))
}

/// Logarithms of the points that no faster one beats, the fastest first, as far as the
/// slowest user.
fn frontier(points: impl Iterator<Item = At>, slowest: f64) -> Vec<At> {
    let mut all: Vec<At> = points.map(|p| (p.0.ln(), p.1.ln())).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let end = slowest.ln();
    let mut out: Vec<At> = Vec::new();
    for p in all {
        let Some(last) = out.last().copied() else {
            out.push((p.0.max(end), p.1));
            continue;
        };
        if p.1 <= last.1 {
            continue;
        }
        if p.0 <= end {
            // Where the edge crosses the speed of the slowest.
            let share = if last.0 > p.0 { (last.0 - end) / (last.0 - p.0) } else { 0.0 };
            out.push((end, last.1 + (p.1 - last.1) * share.clamp(0.0, 1.0)));
            return out;
        }
        out.push(p);
    }
    let most = out.last().map(|p| (end, p.1));
    out.extend(most);
    out
}

fn curve(line: &Line, index: usize, o: &ThroughputOptions, d: &mut ThroughputDrawing) {
    let ink = Ink::of(hue(line)).faded(strength(line, o));
    let points = d.chain(line.points.iter().map(|p| p.at));
    for (point, at) in points.iter().enumerate().filter(|(_, at)| d.plot.contains(**at)) {
        d.spots.push((*at, Spot::Estimate { line: index, point }));
    }
    d.line(&points, Pen::new(ink, SERIES_PX));
    for speed in o.speeds {
        let fast = line.points.iter().find(|p| p.at.0 >= *speed);
        if let Some(at) = fast.map(|p| d.place(p.at)).filter(|at| d.plot.contains(*at)) {
            d.shapes.extend(member_mark(line, at, ink));
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
    d.line(&points, Pen::new(ink, 1.4).dashed(7.0, 5.0));
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
            let end = |y| clamped(d.place((p.at.0, y)), &d.plot);
            d.shapes.push(Shape::line(end(high), end(low), Pen::new(ink, 1.2)));
        }
        d.shapes.push(if published.measured {
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
fn explain(
    chart: &Throughput,
    d: &mut ThroughputDrawing,
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let has = |measured: bool| chart.published.iter().any(|p| p.measured == measured);
    let grey = Ink::token(Token::Text2);
    let mark = |alpha| Key::Mark(Marker::Circle, grey.faded(alpha), false);
    let pale = chart.published.iter().any(|p| !p.alike);
    let rows = [
        (!chart.lines.is_empty(), Key::Banded(grey), "estimate, 80 % band"),
        (has(true), mark(1.0), "measured"),
        (has(false), Key::Dashes(grey), "published claim"),
        (pale, mark(0.5), "pale: requests of other lengths"),
    ];
    legend(&mut d.shapes, &rows, (&d.plot, &d.drawn.lines), taken, measure);
}

/// The name of a curve with the evidence below it; among many curves the short name alone.
fn wanted(
    index: usize,
    chart: &Throughput,
    o: &ThroughputOptions,
    d: &ThroughputDrawing,
) -> Option<Wanted> {
    let line = chart.lines.get(index)?;
    let points = |measured: bool| -> usize {
        let own = chart.published.iter().filter(|p| p.beside == Some(index));
        own.filter(|p| p.measured == measured).map(|p| p.points.len()).sum()
    };
    let error = line.error_frac.map(|e| format!(", ±{:.0} %", e * 100.0)).unwrap_or_default();
    let below = match (points(true), points(false)) {
        (0, 0) => "nothing published".to_owned(),
        (n, 0) => format!("{n} measured{error}"),
        (0, n) => format!("{n} claimed"),
        (n, m) => format!("{n} measured{error}, {m} claimed"),
    };
    let points = d.chain(line.points.iter().map(|p| p.at));
    // From the slow end, where curves lie apart; their cliffs often meet.
    let along: Vec<Pt> = inside(&points, &d.plot).concat().into_iter().rev().collect();
    let whole = chart.lines.len() < FEW || o.strong == Some(line.rack.as_str());
    let name = if whole { &line.name } else { &line.short };
    let twice = chart.lines.iter().filter(|l| l.rack == line.rack).count() > 1;
    let name = if twice && !whole { format!("{name} {}", line.served) } else { name.clone() };
    // Words that step back stay readable.
    let ink = match strength(line, o) {
        s if s < 1.0 => Ink::token(Token::Text3),
        _ => Ink::of(Hue::RackText(line.generation)),
    };
    let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 8).line(name, TextRole::SmallStrong, ink);
    let small = Ink::token(Token::Text2);
    let below = format!("{}, {below}", line.served);
    let label = if whole { label.line(below, TextRole::Tiny, small) } else { label };
    Some(Wanted { along, label, short: line.short.clone(), must: whole })
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
            served: "FP4".into(),
            error_frac: Some(0.11),
            points: curve.iter().zip(ratios).map(point).collect(),
        }
    }

    fn published(name: &str, measured: bool, points: &[At]) -> Published {
        let point = |at: &At| PublishedPoint {
            at: *at,
            range: Some((at.1 / 100.0, at.1 * 100.0)),
            note: String::new(),
            estimate: None,
        };
        Published {
            curve: name.into(),
            rack: "r".into(),
            generation: Generation::Rubin,
            name: format!("{name}: R"),
            evidence: "measured, 2026".into(),
            measured,
            lengths: String::new(),
            alike: true,
            points: points.iter().map(point).collect(),
            beside: Some(0),
        }
    }

    fn chart() -> Throughput {
        Throughput {
            per: Per::SiteMw,
            lines: vec![line([1.2; 4])],
            published: vec![
                published("Measured", true, &[(100.0, 9e5)]),
                published("Claimed", false, &[(40.0, 4e6), (90.0, 3e6), (200.0, 8e5)]),
            ],
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
    fn nothing_of_curves_bands_and_whiskers_leaves_the_plot() {
        // The curve begins and ends beyond the axes.
        let d = drawn(&Throughput { x: (30.0, 250.0), y: (2e5, 5e6), ..chart() });
        let plot = d.plot.grown(1e-6);
        let (mut series, mut whiskers, mut bands) = (0, 0, 0);
        for shape in &d.shapes {
            match shape {
                Shape::Line { points, pen } if pen.width > 1.0 => {
                    assert!(points.iter().all(|p| plot.contains(*p)), "{points:?}");
                    series += usize::from(pen.width == SERIES_PX);
                    whiskers += usize::from(pen.width == 1.2);
                }
                Shape::Band { upper, lower, .. } => {
                    bands += 1;
                    assert!(upper.iter().chain(lower).all(|p| plot.contains(*p)));
                }
                _ => {}
            }
        }
        assert_eq!((series, whiskers, bands), (1, 4, 1));
    }

    #[test]
    fn curves_and_published_points_are_named_in_the_plot_with_number_and_error() {
        let d = drawn(&chart());
        for words in ["R", "FP4, 1 measured, ±11 %, 3 claimed", "Measured", "Claimed"] {
            let found = d.shapes.iter().find_map(|s| match s {
                Shape::Text { text, at, .. } if text == words => Some(*at),
                _ => None,
            });
            assert!(found.is_some_and(|at| d.plot.contains(at)), "{words}: {found:?}");
        }
    }

    #[test]
    fn the_edges_of_a_band_never_fold_back() {
        // A band that widens and narrows along the curve.
        let (upper, lower) = edges(&line([1.1, 1.8, 1.1, 1.6]), 1.0);
        assert_eq!(upper.len(), lower.len());
        for edge in [upper, lower] {
            let folds = edge.windows(2).any(|w| w[1].0 > w[0].0 * (1.0 + 1e-9));
            assert!(!folds, "towards slower users alone: {edge:?}");
            assert_eq!((edge[0].1, edge[edge.len() - 1].0.round()), (0.0, 20.0), "whole: {edge:?}");
        }
    }
}
