//! Paints the keynote chart into a box. Everything is measured with the fonts of whoever asks.

use super::axis::{Axis, Scale, reading, tick_label};
use super::clip::{clamped, inside};
use super::curve::interpolate;
use super::furniture::{
    BACK_ALPHA, BAND_ALPHA, CROWDED_ALPHA, Drawn, FEW, Key, SERIES_PX, Wanted, axes, axes_over,
    legend, marker, name_marks, place_names, plot, sampled,
};
use super::keynote::{Band, Disc, Keynote, Mark, Series};
use crate::catalog::Generation;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Marker, TextRole, Token};
use crate::units::TokenPrice;
use crate::units::format;

/// How to paint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartOptions {
    pub room: Bounds,
    pub x_scale: Scale,
    /// Answer of an older state: marks of the plan are grey.
    pub stale: bool,
}

/// A point that the pointer can find.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub at: Pt,
    pub radius: f64,
    /// What it is, and its figures, one a line.
    pub lines: Vec<String>,
    pub hue: Hue,
}

/// The painted chart.
#[derive(Clone, Debug)]
pub struct ChartDrawing {
    pub shapes: Vec<Shape>,
    pub plot: Bounds,
    pub x: Axis,
    pub y: Axis,
    pub hits: Vec<Hit>,
}

/// Room above the plot for the caps.
const ABOVE: f64 = 46.0;
/// Radius of a disc of the largest operating point, points.
const DISC_PX: f64 = 20.0;
const DISC_LEAST: f64 = 9.0;
/// Width of a digit of a figure, about.
const FIGURE_PX: f64 = 5.6;

/// Paints the chart.
pub fn draw(chart: &Keynote, options: ChartOptions, measure: &mut Measure) -> ChartDrawing {
    let r = options.room;
    let plot = plot(r, ABOVE);
    let x_min = if options.x_scale == Scale::Linear { 0.0 } else { chart.x.0 };
    let (x, y) = axes_over(&plot, options.x_scale, ((x_min, chart.x.1), chart.y));
    let mut d = ChartDrawing { shapes: Vec::new(), plot, x, y, hits: Vec::new() };
    let mut taken = Vec::new();
    bands(chart, &mut d, &mut taken, measure);
    let word = if d.x.scale == Scale::Log { "log" } else { "linear" };
    let x_name = format!("Output tokens/s per user ({word})");
    axes(&mut d.shapes, (&d.x, &d.y), r, (&x_name, "Output tokens/s per grid MW (log)"));
    let drawn = curves(chart, &mut d);
    explain(chart, &mut d, &drawn, &mut taken, measure);
    for series in chart.series.iter().filter(|s| s.measured) {
        marks(series, &mut d, &mut taken);
    }
    discs(chart, options.stale, &mut d, &mut taken);
    // Where there is room for few names, those of the plan come first.
    let mut named: Vec<&Series> = chart.series.iter().filter(|s| !s.measured).collect();
    named.sort_by_key(|s| !s.used);
    let wanted: Vec<_> = named.into_iter().filter_map(|s| wanted(s, chart, &d)).collect();
    let names = place_names(&wanted, (plot, &drawn), &mut taken, measure);
    d.shapes.extend(names);
    let own = |s: &Series| chart.series.iter().any(|o| !o.measured && o.name == s.name);
    let places = |s: &Series| s.points.iter().map(|p| place(p, &d)).collect();
    let apart = chart.series.iter().filter(|s| s.measured && !own(s));
    let apart: Vec<(&str, Vec<Pt>)> = apart.map(|s| (s.who(), places(s))).collect();
    d.shapes.extend(name_marks(&apart, (&plot, &drawn), &mut taken, measure));
    d
}

/// Lines with their bands; what the plan uses lies on top of what it leaves.
fn curves(chart: &Keynote, d: &mut ChartDrawing) -> Drawn {
    let mut drawn = Drawn::default();
    let mut order: Vec<&Series> = chart.series.iter().filter(|s| !s.measured).collect();
    order.sort_by_key(|s| s.used);
    for series in order {
        let back = steps_back(series, chart);
        let lines = if back { &mut drawn.rules } else { &mut drawn.lines };
        for points in line(series, back, d) {
            lines.extend(sampled(&points));
        }
    }
    drawn
}

/// Among many curves those that the plan does not use step back.
fn steps_back(series: &Series, chart: &Keynote) -> bool {
    !series.used && chart.series.iter().filter(|s| !s.measured).count() > FEW
}

fn place(p: &Mark, d: &ChartDrawing) -> Pt {
    pt(d.x.position(p.tok_s_user), d.y.position(p.tok_s_per_mw))
}

/// Tiers: faint areas in alternating strength, a coloured edge above, the cap with its words.
fn bands(chart: &Keynote, d: &mut ChartDrawing, taken: &mut Vec<Bounds>, measure: &mut Measure) {
    let plot = d.plot;
    for (i, band) in chart.bands.iter().enumerate() {
        let from = d.x.position(band.min_tok_s_user).max(plot.min.x);
        let next = chart.bands.get(i + 1).map(|b| d.x.position(b.min_tok_s_user));
        let to = next.unwrap_or(plot.max.x).min(plot.max.x);
        if to - from < 1.0 {
            continue;
        }
        let hue = Hue::Tier(band.rank);
        let area = Bounds { min: pt(from, plot.min.y), max: pt(to, plot.max.y) };
        let alpha = if i % 2 == 0 { 0.07 } else { 0.12 };
        d.shapes.push(Shape::fill(area, Ink::of(hue).faded(alpha)));
        let edge = Bounds::xywh(from, plot.min.y - 5.0, to - from - 1.0, 4.0);
        d.shapes.push(Shape::fill(edge, Ink::of(hue)));
        cap(band, (from, to), d, measure);
    }
    taken.push(Bounds { min: pt(plot.min.x, plot.min.y - 60.0), max: pt(plot.max.x, plot.min.y) });
}

/// Name, price and least speed above a band, in as few letters as its width takes.
fn cap(band: &Band, span: (f64, f64), d: &mut ChartDrawing, measure: &mut Measure) {
    let speed = tick_label(band.min_tok_s_user);
    let price = band.price.map(|p| format::price(TokenPrice::usd_per_mtok(p)));
    let short =
        band.price.map(|p| format::price(TokenPrice::usd_per_mtok(p)).replace(" per M", ""));
    let forms = [
        price.map_or_else(|| format!("≥ {speed}"), |p| format!("{p} · ≥ {speed}")),
        short.clone().map_or_else(String::new, |p| format!("{p} · ≥ {speed}")),
        short.unwrap_or_default(),
    ];
    let wide = span.1 - span.0 - 6.0;
    let left = span.0 + 4.0;
    let mut fit = |text: &str, role| measure(text, role).0 <= wide;
    if !fit(&band.name, TextRole::SmallStrong) {
        return;
    }
    let at = pt(left, d.plot.min.y - 36.0);
    let style = (TextRole::SmallStrong, Token::Text1);
    d.shapes.push(Shape::text(at, Anchor::LeftTop, &band.name, style));
    if let Some(words) = forms.iter().find(|f| !f.is_empty() && fit(f, TextRole::Tiny)) {
        let at = pt(left, d.plot.min.y - 21.0);
        d.shapes.push(Shape::text(at, Anchor::LeftTop, words, (TextRole::Tiny, Token::Text2)));
    }
}

/// What the marks mean; series are named at their lines.
fn explain(
    chart: &Keynote,
    d: &mut ChartDrawing,
    drawn: &Drawn,
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let any = |which: &dyn Fn(&Series) -> bool| chart.series.iter().any(which);
    let hue = chart.discs.first().map_or(Hue::Rack(Generation::Rubin), |c| Hue::Rack(c.generation));
    let (ink, grey) = (Ink::of(hue), Ink::token(Token::Text2));
    let measured = Key::Mark(Marker::Circle, ink, true);
    let rows = [
        (!chart.discs.is_empty(), Key::Disc(ink), "operating point, area = grid MW"),
        (any(&|s| s.estimated), Key::Banded(ink), "estimate, 80 % band"),
        (any(&|s| s.measured), measured, "measured, with its range"),
        (any(&|s| has_band(s) && !s.estimated), Key::Area(ink), "range of the source"),
        (any(&|s| s.claim), Key::Dashes(grey), "vendor claim"),
        (any(&|s| steps_back(s, chart)), Key::Pale(grey), "pale: not in the plan"),
    ];
    legend(&mut d.shapes, &rows, (&d.plot, &drawn.lines), taken, measure);
}

/// Interpolated in the space of the picture, so that the line looks the same on both scales.
fn screen_curve(points: &[(f64, f64)], d: &ChartDrawing) -> Vec<Pt> {
    let logs: Vec<(f64, f64)> = points.iter().map(|p| (p.0.ln(), p.1.ln())).collect();
    interpolate(&logs)
        .into_iter()
        .map(|p| pt(d.x.position(p.0.exp()), d.y.position(p.1.exp())))
        .collect()
}

/// A band needs both ends of every point.
fn has_band(series: &Series) -> bool {
    !series.measured
        && series.points.len() > 1
        && series.points.iter().all(|p| p.range.is_some_and(|r| r.1 > r.0))
}

/// Paints a line, its band and its points; returns the stretches inside the plot.
fn line(series: &Series, back: bool, d: &mut ChartDrawing) -> Vec<Vec<Pt>> {
    let hue = Hue::Rack(series.generation);
    let of = |f: fn(&Mark) -> f64, d: &ChartDrawing| -> Vec<Pt> {
        let points: Vec<(f64, f64)> = series.points.iter().map(|p| (p.tok_s_user, f(p))).collect();
        screen_curve(&points, d)
    };
    if has_band(series) {
        let edge = |f| -> Vec<Pt> { of(f, d).into_iter().map(|p| clamped(p, &d.plot)).collect() };
        let mut upper = edge(|p| p.range.map_or(p.tok_s_per_mw, |r| r.1));
        let mut lower = edge(|p| p.range.map_or(p.tok_s_per_mw, |r| r.0));
        if series.estimated {
            // A faster user never gets more: what steps between few points add goes.
            lower.iter_mut().fold(d.plot.min.y, fall);
            upper.iter_mut().rev().fold(d.plot.max.y, rise);
        }
        let alpha = if back { CROWDED_ALPHA * BACK_ALPHA } else { BAND_ALPHA };
        d.shapes.push(Shape::Band { upper, lower, fill: Ink::of(hue).faded(alpha) });
    }
    let ink = Ink::of(hue).faded(if back { BACK_ALPHA } else { 1.0 });
    let pen = Pen::new(ink, if back { 1.4 } else { SERIES_PX });
    let pen = if series.claim { pen.dashed(7.0, 5.0) } else { pen };
    let runs = inside(&of(|p| p.tok_s_per_mw, d), &d.plot);
    d.shapes.extend(runs.iter().map(|run| Shape::Line { points: run.clone(), pen }));
    for p in &series.points {
        let at = place(p, d);
        if !d.plot.contains(at) {
            continue;
        }
        if !series.estimated {
            let fill = Some(ink);
            d.shapes.push(Shape::Circle { centre: at, radius: 2.4, fill, pen: None });
        }
        d.hits.push(Hit { at, radius: 6.0, lines: words(series, p), hue });
    }
    runs
}

fn fall(y: f64, p: &mut Pt) -> f64 {
    p.y = p.y.max(y);
    p.y
}

fn rise(y: f64, p: &mut Pt) -> f64 {
    p.y = p.y.min(y);
    p.y
}

fn words(series: &Series, p: &Mark) -> Vec<String> {
    // An estimate is no place for seven digits.
    let made = if series.estimated { reading } else { format::count };
    let mut lines = vec![
        series.name.clone(),
        format!("{} tokens/s per user", format::count(p.tok_s_user)),
        format!("{} tokens/s per grid MW", made(p.tok_s_per_mw)),
    ];
    if let Some((low, high)) = p.range.filter(|_| series.estimated) {
        let (low, high) = (reading(low), reading(high));
        lines.push(format!("{low} to {high} in 8 of 10 cases"));
    }
    lines.extend(p.ttft_ms.map(|ms| format!("first token after {}", format::seconds(ms / 1e3))));
    lines.extend(p.configuration.iter().cloned());
    lines.push(series.evidence.clone());
    lines
}

/// Measured points: hollow, with the range as a whisker.
fn marks(series: &Series, d: &mut ChartDrawing, taken: &mut Vec<Bounds>) {
    let hue = Hue::Rack(series.generation);
    let ink = Ink::of(hue);
    for p in &series.points {
        let at = place(p, d);
        if let Some((low, high)) = p.range {
            let pen = Pen::new(ink, 1.2);
            let (a, b) = (pt(at.x, d.y.position(high)), pt(at.x, d.y.position(low)));
            d.shapes.push(Shape::line(a, b, pen));
        }
        d.shapes.push(marker(Marker::of(series.generation), at, 4.0, ink));
        taken.push(Bounds::around(at, 10.0, 10.0));
        d.hits.push(Hit { at, radius: 6.0, lines: words(series, p), hue });
    }
}

/// Operating points of the plan, the largest first, and over them their figures.
fn discs(chart: &Keynote, stale: bool, d: &mut ChartDrawing, taken: &mut Vec<Bounds>) {
    let most = chart.discs.iter().map(|c| c.grid_mw).fold(0.0, f64::max);
    let placed: Vec<(Pt, f64)> = chart
        .discs
        .iter()
        .map(|c| {
            let at = pt(d.x.position(c.tok_s_user), d.y.position(c.tok_s_per_mw));
            (at, (DISC_PX * (c.grid_mw / most.max(1e-9)).sqrt()).max(3.0))
        })
        .collect();
    for (c, (at, radius)) in chart.discs.iter().zip(&placed) {
        let hue = if stale { Hue::Token(Token::Text3) } else { Hue::Rack(c.generation) };
        let (fill, pen) = (Some(Ink::of(hue)), Some(Pen::token(Token::Canvas, 1.6)));
        d.shapes.push(Shape::Circle { centre: *at, radius: *radius, fill, pen });
        taken.push(Bounds::around(*at, radius * 2.0, radius * 2.0));
        d.hits.push(Hit { at: *at, radius: radius + 2.0, lines: of_disc(c), hue });
    }
    for (i, c) in chart.discs.iter().enumerate() {
        let (at, radius) = placed[i];
        let figure = match c.grid_mw {
            mw if mw >= 9.95 => format!("{mw:.0}"),
            mw => format!("{mw:.1}"),
        };
        let wide = FIGURE_PX * figure.len() as f64;
        // The disc in front that hides the place of the figure.
        let over = placed.iter().skip(i + 1).find(|(o, r)| o.distance(at) < r + wide / 2.0);
        let fits = radius >= DISC_LEAST && wide + 3.0 < 2.0 * radius;
        let inside = match stale {
            true => Ink::token(Token::Canvas),
            false => Ink::of(Hue::OnRack(c.generation)),
        };
        let text = Ink::token(Token::Text1);
        let (place, anchor, ink) = match over {
            None if fits => (at, Anchor::Centre, inside),
            Some((o, _)) if o.y < at.y => (at.plus(0.0, radius + 2.0), Anchor::CentreTop, text),
            _ => (at.plus(radius + 4.0, -radius), Anchor::LeftCentre, text),
        };
        if anchor != Anchor::Centre {
            taken.push(anchor.bounds(place, (wide + 4.0, 12.0)));
        }
        let role = TextRole::TinyStrong;
        d.shapes.push(Shape::Text { at: place, anchor, text: figure, role, ink });
    }
}

fn of_disc(c: &Disc) -> Vec<String> {
    let mut lines = vec![
        c.rack.clone(),
        format!("{:.1} MW of grid power", c.grid_mw),
        format!("{} tokens/s per user", format::count(c.tok_s_user)),
        format!("{} tokens/s per grid MW", format::count(c.tok_s_per_mw)),
    ];
    lines.extend(c.configuration.iter().cloned());
    if !c.tiers.is_empty() {
        lines.push(format!("serves {}", c.tiers.join(", ")));
    }
    lines
}

/// The name of a series with the evidence below it.
fn wanted(series: &Series, chart: &Keynote, d: &ChartDrawing) -> Option<Wanted> {
    if series.points.is_empty() || steps_back(series, chart) {
        return None;
    }
    let hue = Ink::of(Hue::RackText(series.generation));
    let measured = chart.series.iter().filter(|s| s.measured && s.name == series.name);
    let measured: usize = measured.map(|s| s.points.len()).sum();
    let below = if measured > 0 {
        format!("{}, {measured} measured", series.evidence)
    } else {
        series.evidence.clone()
    };
    let points: Vec<(f64, f64)> =
        series.points.iter().map(|p| (p.tok_s_user, p.tok_s_per_mw)).collect();
    let along = inside(&screen_curve(&points, d), &d.plot).concat();
    let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, if series.claim { 5 } else { 8 })
        .line(&series.name, TextRole::SmallStrong, hue)
        .line(below, TextRole::Tiny, Ink::token(Token::Text2));
    Some(Wanted { along, label, short: series.who().to_owned(), must: series.used })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    fn chart() -> Keynote {
        let mark = |x: f64, y: f64| Mark { tok_s_user: x, tok_s_per_mw: y, ..Mark::default() };
        let disc = |x: f64, y: f64, mw: f64| Disc {
            generation: Generation::Rubin,
            rack: "R".into(),
            tok_s_user: x,
            tok_s_per_mw: y,
            grid_mw: mw,
            tiers: vec![],
            configuration: vec![],
        };
        Keynote {
            bands: vec![],
            series: vec![Series {
                generation: Generation::Rubin,
                name: "R".into(),
                evidence: "read".into(),
                claim: false,
                measured: false,
                estimated: false,
                used: true,
                points: vec![mark(50.0, 1e6), mark(100.0, 9e5), mark(400.0, 1e5)],
            }],
            discs: vec![disc(100.0, 9e5, 400.0), disc(400.0, 1e5, 100.0)],
            x: (25.0, 1500.0),
            y: (1e4, 3e6),
        }
    }

    #[test]
    fn the_area_of_a_disc_is_proportional_to_its_power() {
        let room = Bounds::xywh(0.0, 0.0, 800.0, 500.0);
        let options = ChartOptions { room, x_scale: Scale::Log, stale: false };
        let d = draw(&chart(), options, &mut rough_size);
        let radii: Vec<f64> = d
            .shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Circle { radius, pen: Some(_), .. } => Some(*radius),
                _ => None,
            })
            .collect();
        assert_eq!(radii.len(), 2);
        assert!(((radii[0] / radii[1]).powi(2) - 4.0).abs() < 1e-9, "{radii:?}");
    }

    #[test]
    fn every_mark_stands_where_the_axes_say() {
        let room = Bounds::xywh(0.0, 0.0, 800.0, 500.0);
        for x_scale in [Scale::Log, Scale::Linear] {
            let d = draw(&chart(), ChartOptions { room, x_scale, stale: false }, &mut rough_size);
            for hit in &d.hits {
                let (x, y) = (d.x.value(hit.at.x), d.y.value(hit.at.y));
                let known = [(50.0, 1e6), (100.0, 9e5), (400.0, 1e5)];
                assert!(
                    known
                        .iter()
                        .any(|k| (x / k.0 - 1.0).abs() < 1e-6 && (y / k.1 - 1.0).abs() < 1e-6)
                );
                assert!(d.plot.contains(hit.at));
            }
        }
    }

    fn drawn(chart: &Keynote) -> ChartDrawing {
        let room = Bounds::xywh(0.0, 0.0, 800.0, 500.0);
        draw(chart, ChartOptions { room, x_scale: Scale::Log, stale: false }, &mut rough_size)
    }

    fn text_at(d: &ChartDrawing, words: &str) -> Option<Pt> {
        d.shapes.iter().find_map(|s| match s {
            Shape::Text { text, at, .. } if text == words => Some(*at),
            _ => None,
        })
    }

    #[test]
    fn the_figure_of_a_disc_behind_another_stands_beside_it() {
        let mut chart = chart();
        let free = text_at(&drawn(&chart), "400");
        let centre =
            drawn(&chart).hits.iter().find(|h| h.lines[1].starts_with("400.0 MW")).map(|h| h.at);
        assert_eq!(free, centre, "alone it stands inside");
        // A little faster and higher, and drawn in front.
        chart.discs.push(Disc { grid_mw: 300.0, tok_s_per_mw: 1e6, ..chart.discs[0].clone() });
        let d = drawn(&chart);
        let (behind, radius) = (centre.unwrap(), DISC_PX);
        let figure = text_at(&d, "400").unwrap();
        assert!(figure.y >= behind.y + radius, "below its disc: {figure:?}, {behind:?}");
        assert!(text_at(&d, "300").unwrap().distance(behind) < radius);
    }

    #[test]
    fn among_many_curves_those_outside_the_plan_step_back_without_a_name() {
        let mut chart = chart();
        let other = |i: usize| Series {
            name: format!("Other {i}"),
            used: false,
            estimated: true,
            points: vec![
                Mark { tok_s_user: 30.0, tok_s_per_mw: 2e5 * i as f64, ..Mark::default() },
                Mark { tok_s_user: 900.0, tok_s_per_mw: 12e3, ..Mark::default() },
            ],
            ..chart.series[0].clone()
        };
        let few: Vec<Series> = (1..3).map(other).collect();
        let many: Vec<Series> = (1..=FEW).map(other).collect();
        let own = chart.series.clone();
        chart.series = [own.clone(), few].concat();
        assert!(text_at(&drawn(&chart), "Other 1").is_some());
        chart.series = [own, many].concat();
        let d = drawn(&chart);
        assert!(text_at(&d, "Other 1").is_none() && text_at(&d, "R").is_some());
        let strong = d.shapes.iter().filter(|s| match s {
            Shape::Line { pen, .. } => pen.width == SERIES_PX && pen.ink.alpha == 1.0,
            _ => false,
        });
        assert_eq!(strong.count(), 1, "the one of the plan");
    }

    #[test]
    fn an_estimate_ends_at_the_edge_of_the_plot() {
        let mut chart = chart();
        let mark = |x: f64, y: f64| Mark {
            tok_s_user: x,
            tok_s_per_mw: y,
            range: Some((y / 2.0, y * 2.0)),
            ..Mark::default()
        };
        chart.discs.clear();
        chart.series[0].estimated = true;
        chart.series[0].points = vec![mark(5.0, 2.9e6), mark(90.0, 1e6), mark(300.0, 10.0)];
        let d = drawn(&chart);
        let plot = d.plot.grown(1e-6);
        let mut seen = (0, 0);
        for shape in &d.shapes {
            match shape {
                Shape::Line { points, pen } if pen.width == SERIES_PX => {
                    seen.0 += 1;
                    assert!(points.iter().all(|p| plot.contains(*p)));
                }
                Shape::Band { upper, lower, .. } => {
                    seen.1 += 1;
                    assert!(upper.iter().chain(lower).all(|p| plot.contains(*p)));
                }
                _ => {}
            }
        }
        assert_eq!(seen, (1, 1));
        assert_eq!(d.hits.len(), 1, "what cannot be seen cannot be found");
    }
}
