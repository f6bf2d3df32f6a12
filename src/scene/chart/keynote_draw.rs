//! Paints the keynote chart into a box. Everything is measured with the fonts of whoever asks.

use super::axis::{Axis, Scale, tick_label};
use super::curve::interpolate;
use super::furniture::{
    BAND_ALPHA, Key, SERIES_PX, Wanted, axes, axes_over, legend, marker, place_names, plot,
    sampled, series_lines,
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
    explain(chart, &mut d, &mut taken, measure);
    let mut wanted = Vec::new();
    for series in chart.series.iter().filter(|s| !s.measured) {
        line(series, &mut d);
    }
    for series in chart.series.iter().filter(|s| s.measured) {
        marks(series, &mut d, &mut taken);
    }
    let most = chart.discs.iter().map(|c| c.grid_mw).fold(0.0, f64::max);
    for c in &chart.discs {
        disc(c, most, options.stale, &mut d, &mut taken);
    }
    for series in chart.series.iter().filter(|s| !s.measured) {
        names(series, chart, &d, &mut wanted);
    }
    let lines = series_lines(&d.shapes);
    let placed = place_names(wanted, (plot, &lines), &mut taken, measure);
    d.shapes.extend(placed);
    d
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
    if fit(&band.name, TextRole::SmallStrong) {
        let at = pt(left, d.plot.min.y - 36.0);
        let style = (TextRole::SmallStrong, Token::Text1);
        d.shapes.push(Shape::text(at, Anchor::LeftTop, &band.name, style));
    }
    if let Some(words) = forms.iter().find(|f| !f.is_empty() && fit(f, TextRole::Tiny)) {
        let at = pt(left, d.plot.min.y - 21.0);
        d.shapes.push(Shape::text(at, Anchor::LeftTop, words, (TextRole::Tiny, Token::Text2)));
    }
}

/// What the marks mean; series are named at their lines.
fn explain(chart: &Keynote, d: &mut ChartDrawing, taken: &mut Vec<Bounds>, measure: &mut Measure) {
    let measured = chart.series.iter().any(|s| s.measured && !s.points.is_empty());
    let banded = chart.series.iter().any(has_band);
    let claimed = chart.series.iter().any(|s| s.claim);
    let hue = chart.discs.first().map_or(Hue::Rack(Generation::Rubin), |c| Hue::Rack(c.generation));
    let (ink, grey) = (Ink::of(hue), Ink::token(Token::Text2));
    let rows = [
        (!chart.discs.is_empty(), Key::Disc(ink), "operating point, area = grid MW"),
        (measured, Key::Mark(Marker::Circle, ink, true), "measured, with the range of its source"),
        (banded, Key::Area(ink), "range of the source"),
        (claimed, Key::Dashes(grey), "vendor claim"),
    ];
    let rows: Vec<(Key, String)> = rows
        .into_iter()
        .filter_map(|(on, key, words)| on.then(|| (key, words.to_owned())))
        .collect();
    let points = |s: &Series| -> Vec<(f64, f64)> {
        s.points.iter().map(|m| (m.tok_s_user, m.tok_s_per_mw)).collect()
    };
    let curves = chart.series.iter().flat_map(|s| sampled(&screen_curve(&points(s), d)));
    let curves: Vec<Pt> = curves.collect();
    legend(&mut d.shapes, &rows, (&d.plot, &curves), taken, measure);
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

fn line(series: &Series, d: &mut ChartDrawing) {
    let hue = Hue::Rack(series.generation);
    let of = |f: fn(&Mark) -> f64| -> Vec<(f64, f64)> {
        series.points.iter().map(|p| (p.tok_s_user, f(p))).collect()
    };
    if has_band(series) {
        let upper = screen_curve(&of(|p| p.range.map_or(p.tok_s_per_mw, |r| r.1)), d);
        let lower = screen_curve(&of(|p| p.range.map_or(p.tok_s_per_mw, |r| r.0)), d);
        d.shapes.push(Shape::Band { upper, lower, fill: Ink::of(hue).faded(BAND_ALPHA) });
    }
    let points = screen_curve(&of(|p| p.tok_s_per_mw), d);
    let pen = Pen::new(Ink::of(hue), SERIES_PX);
    let pen = if series.claim { pen.dashed(7.0, 5.0) } else { pen };
    d.shapes.push(Shape::Line { points, pen });
    for p in &series.points {
        let at = pt(d.x.position(p.tok_s_user), d.y.position(p.tok_s_per_mw));
        let dot = Shape::Circle { centre: at, radius: 2.4, fill: Some(Ink::of(hue)), pen: None };
        d.shapes.push(dot);
        d.hits.push(Hit { at, radius: 6.0, lines: words(series, p), hue });
    }
}

fn words(series: &Series, p: &Mark) -> Vec<String> {
    vec![
        series.name.clone(),
        format!("{} tokens/s per user", format::count(p.tok_s_user)),
        format!("{} tokens/s per grid MW", format::count(p.tok_s_per_mw)),
        series.evidence.clone(),
    ]
}

/// Measured points: hollow, with the range as a whisker.
fn marks(series: &Series, d: &mut ChartDrawing, taken: &mut Vec<Bounds>) {
    let hue = Hue::Rack(series.generation);
    let ink = Ink::of(hue);
    for p in &series.points {
        let at = pt(d.x.position(p.tok_s_user), d.y.position(p.tok_s_per_mw));
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

/// An operating point of the plan: area by grid MW, the figure inside.
fn disc(c: &Disc, most: f64, stale: bool, d: &mut ChartDrawing, taken: &mut Vec<Bounds>) {
    let at = pt(d.x.position(c.tok_s_user), d.y.position(c.tok_s_per_mw));
    let exact = DISC_PX * (c.grid_mw / most.max(1e-9)).sqrt();
    let hue = if stale { Hue::Token(Token::Text3) } else { Hue::Rack(c.generation) };
    let radius = exact.max(3.0);
    d.shapes.push(Shape::Circle {
        centre: at,
        radius,
        fill: Some(Ink::of(hue)),
        pen: Some(Pen::token(Token::Canvas, 1.6)),
    });
    let figure =
        if c.grid_mw >= 9.95 { format!("{:.0}", c.grid_mw) } else { format!("{:.1}", c.grid_mw) };
    let fits = 5.6 * figure.len() as f64 + 3.0 < 2.0 * radius;
    let (at_text, anchor, token) = if radius >= DISC_LEAST && fits {
        (at, Anchor::Centre, Token::OnAccent)
    } else {
        (at.plus(radius + 4.0, -radius), Anchor::LeftCentre, Token::Text1)
    };
    let ink = Ink::token(token);
    let role = TextRole::TinyStrong;
    d.shapes.push(Shape::Text { at: at_text, anchor, text: figure.clone(), role, ink });
    if anchor == Anchor::LeftCentre {
        let wide = 6.2 * figure.len() as f64;
        taken.push(anchor.bounds(at_text, (wide, 12.0)));
    }
    taken.push(Bounds::around(at, radius * 2.0, radius * 2.0));
    let mut lines = vec![
        c.rack.clone(),
        format!("{:.1} MW of grid power", c.grid_mw),
        format!("{} tokens/s per user", format::count(c.tok_s_user)),
        format!("{} tokens/s per grid MW", format::count(c.tok_s_per_mw)),
    ];
    if !c.tiers.is_empty() {
        lines.push(format!("serves {}", c.tiers.join(", ")));
    }
    d.hits.push(Hit { at, radius: radius + 2.0, lines, hue });
}

fn names(series: &Series, chart: &Keynote, d: &ChartDrawing, wanted: &mut Vec<Wanted>) {
    if series.points.is_empty() {
        return;
    }
    let hue = Ink::of(Hue::Rack(series.generation));
    let measured: usize = chart
        .series
        .iter()
        .filter(|s| s.measured && s.name == series.name)
        .map(|s| s.points.len())
        .sum();
    let below = if measured > 0 {
        format!("{}, {measured} measured", series.evidence)
    } else {
        series.evidence.clone()
    };
    let points: Vec<(f64, f64)> =
        series.points.iter().map(|p| (p.tok_s_user, p.tok_s_per_mw)).collect();
    let along = screen_curve(&points, d);
    let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, if series.claim { 5 } else { 8 })
        .line(&series.name, TextRole::SmallStrong, hue)
        .line(below, TextRole::Tiny, Ink::token(Token::Text3));
    wanted.push(Wanted { along, label });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    fn chart() -> Keynote {
        let mark = |x: f64, y: f64| Mark { tok_s_user: x, tok_s_per_mw: y, range: None };
        let disc = |x: f64, y: f64, mw: f64| Disc {
            generation: Generation::Rubin,
            rack: "R".into(),
            tok_s_user: x,
            tok_s_per_mw: y,
            grid_mw: mw,
            tiers: vec![],
        };
        Keynote {
            bands: vec![],
            series: vec![Series {
                generation: Generation::Rubin,
                name: "R".into(),
                evidence: "read".into(),
                claim: false,
                measured: false,
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
}
