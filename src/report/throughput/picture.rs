//! The curves as a page: title, chart, and what the reader must know to trust them.

use super::{Curve, ErrorFigures, Point, Published, PublishedPoint, Throughput};
use crate::catalog::Generation;
use crate::report::Picture;
use crate::scene::chart::{SpeedChart, SpeedCurve, SpeedMarks, draw_speed};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole, Token};
use crate::units::format::{count, fixed, known};

const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 760.0;
const MARGIN: f64 = 32.0;

/// What a MW of the vertical axis is: site power, unless a rack's is unknown.
#[derive(Clone, Copy, PartialEq)]
enum PerMw {
    Site,
    It,
}

/// Draws the answer; texts are measured by whoever paints them.
pub fn picture(answer: &Throughput, dark: bool, measure: &mut Measure) -> Picture {
    let page = Bounds::xywh(0.0, 0.0, WIDTH, HEIGHT);
    let mut shapes = vec![Shape::fill(page, Ink::token(Token::Canvas))];
    let known_site = |c: &Curve| c.points.iter().all(|p| p.tok_s_site_mw.is_some());
    let per = if answer.curves.iter().all(known_site) { PerMw::Site } else { PerMw::It };
    let unit = match per {
        PerMw::Site => "MW of site power",
        PerMw::It => "MW of IT power",
    };
    let title = format!("{}: output tokens/s per {unit}", answer.model_name);
    let left = |y: f64| pt(MARGIN, y);
    let style = (TextRole::Headline, Token::Text1);
    shapes.push(Shape::text(left(26.0), Anchor::LeftTop, title.as_str(), style));
    let style = (TextRole::Body, Token::Text2);
    shapes.push(Shape::text(left(54.0), Anchor::LeftTop, workload(answer), style));
    let room = Bounds { min: pt(MARGIN - 8.0, 86.0), max: pt(WIDTH - MARGIN + 8.0, HEIGHT - 62.0) };
    let curves = curves(answer, per);
    let chart = SpeedChart {
        y_name: format!("Output tokens/s per {unit} (log)"),
        band: "holds 80 % of measurements left out of the fit".to_owned(),
        marks: answer.published.iter().filter_map(|p| marks(&curves, answer, p, per)).collect(),
        curves,
    };
    shapes.extend(draw_speed(&chart, room, measure).shapes);
    let style = (TextRole::Small, Token::Text3);
    let mut y = HEIGHT - 48.0;
    for line in caption(answer) {
        shapes.push(Shape::text(left(y), Anchor::LeftTop, line, style));
        y += 16.0;
    }
    let palette = if dark { Palette::dark() } else { Palette::light() };
    Picture { title, width: WIDTH, height: HEIGHT, palette, shapes }
}

fn workload(answer: &Throughput) -> String {
    let w = &answer.workload;
    let mut parts =
        vec![format!("{} input and {} output tokens a request", count(w.isl), count(w.osl))];
    if w.prefix_cached_frac > 0.0 {
        parts.push(format!("{} % of the input cached", fixed(w.prefix_cached_frac * 100.0, 0)));
    }
    parts.push(answer.framework_name.clone());
    parts.extend(w.ttft_limit_ms.map(|ms| format!("first token within {} ms", count(ms))));
    if !w.drafts {
        parts.push("no draft tokens".into());
    }
    parts.join("  ·  ")
}

fn caption(answer: &Throughput) -> Vec<String> {
    let ErrorFigures { tpot_mean_frac, tpot_median_frac, throughput_median_frac, .. } =
        answer.errors;
    let percent = |v: Option<f64>| known(v, |v| format!("{} %", fixed(v * 100.0, 0)));
    let mut out = vec![format!(
        "Gigasite estimate, constants of software {}. Error on pairs left out of the fit: time \
         per token {} mean, {} median; throughput {} median.",
        answer.software,
        percent(tpot_mean_frac),
        percent(tpot_median_frac),
        percent(throughput_median_frac),
    )];
    if !answer.published.is_empty() {
        let own = &answer.workload;
        let other =
            answer.published.iter().any(|p| p.isl != Some(own.isl) || p.osl != Some(own.osl));
        let also = if other { "; some are for other lengths of requests" } else { "" };
        out.push(format!("Published curves are shown as published, not tuned to{also}."));
    }
    out
}

fn per_mw(p: &Point, per: PerMw) -> f64 {
    match per {
        PerMw::Site => p.tok_s_site_mw.unwrap_or(f64::NAN),
        PerMw::It => p.tok_s_it_mw,
    }
}

fn curves(answer: &Throughput, per: PerMw) -> Vec<SpeedCurve> {
    let mut out: Vec<SpeedCurve> = Vec::new();
    for curve in &answer.curves {
        let generation = curve.generation.unwrap_or(Generation::Other);
        // The same configuration with a longer time per token: fewer tokens in proportion.
        let moved = |end: fn(&Point) -> f64| -> Vec<(f64, f64)> {
            let at = |p: &Point| (end(p), per_mw(p, per) * end(p) / p.tok_s_user);
            curve.points.iter().map(at).collect()
        };
        let note = match &curve.fallback {
            Some(wide) => format!("{}, computed in {wide}", curve.precision.to_uppercase()),
            None => curve.precision.to_uppercase(),
        };
        out.push(SpeedCurve {
            generation,
            member: out.iter().filter(|c| c.generation == generation).count(),
            name: curve.rack_name.clone(),
            note,
            points: moved(|p| p.tok_s_user),
            low: moved(|p| p.low),
            high: moved(|p| p.high),
        });
    }
    out
}

/// A published curve in the chart's unit; nothing where it does not compare.
fn marks(
    curves: &[SpeedCurve],
    answer: &Throughput,
    published: &Published,
    per: PerMw,
) -> Option<SpeedMarks> {
    let at = answer.curves.iter().position(|c| c.rack == published.rack)?;
    let curve = curves.get(at)?;
    let point = |p: &PublishedPoint| {
        let tok_s = match per {
            PerMw::Site => p.tok_s_site_mw?,
            PerMw::It => p.tok_s_it_mw?,
        };
        (tok_s > 0.0 && p.tok_s_user > 0.0).then_some((p.tok_s_user, tok_s))
    };
    let points: Vec<(f64, f64)> = published.points.iter().filter_map(point).collect();
    // "CoreWeave, 2025 software: DeepSeek-R1 on GB200": the rest is said by chart and hue.
    let who = published.name.split(':').next().unwrap_or_default();
    let alike = curves.iter().any(|c| c.generation == curve.generation && c.name != curve.name);
    let name = if alike { format!("{who}, {}", curve.name) } else { who.to_owned() };
    (!points.is_empty()).then(|| SpeedMarks {
        generation: curve.generation,
        member: curve.member,
        name,
        measured: published.kind == "measured",
        points,
    })
}
