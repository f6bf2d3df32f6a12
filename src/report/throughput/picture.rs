//! The curves as a page: title, chart, and what the reader must know to trust them.

use super::{ErrorFigures, Throughput};
use crate::catalog::Catalog;
use crate::estimate::{Frontier, Workload};
use crate::report::{Layer, Picture};
use crate::scene::chart::throughput_draw::{ThroughputOptions, draw};
use crate::scene::chart::{Answered, Per, throughput};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole, Token};
use crate::units::format::{count, fixed, known};

const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 760.0;
const MARGIN: f64 = 32.0;
/// Height of a line of the caption.
const CAPTION: f64 = 16.0;
/// Letters that such a line has room for.
const CAPTION_LETTERS: usize = 160;

/// Draws the answer; texts are measured by whoever paints them.
pub fn picture(
    answer: &Throughput,
    catalog: &Catalog,
    dark: bool,
    measure: &mut Measure,
) -> Picture {
    let page = Bounds::xywh(0.0, 0.0, WIDTH, HEIGHT);
    let mut shapes = vec![Shape::fill(page, Ink::token(Token::Canvas))];
    // Per site MW, unless a rack's power is unknown: no rack is left out.
    let known = |per: &Per| {
        let all = |f: &Frontier| f.points.iter().all(|p| per.of(p).is_some());
        answer.frontiers.iter().all(all)
    };
    let per = [Per::SiteMw, Per::ItMw].into_iter().find(known).unwrap_or(Per::Gpu);
    let title = format!("{}: output tokens/s per {}", answer.model_name, per.words());
    let left = |y: f64| pt(MARGIN, y);
    let style = (TextRole::Headline, Token::Text1);
    shapes.push(Shape::text(left(26.0), Anchor::LeftTop, title.as_str(), style));
    let style = (TextRole::Body, Token::Text2);
    shapes.push(Shape::text(left(54.0), Anchor::LeftTop, workload(answer), style));
    let caption = caption(answer);
    // Two lines have room below as it is.
    let more = caption.len().saturating_sub(2) as f64 * CAPTION;
    let bottom = HEIGHT - 62.0 - more;
    let room = Bounds { min: pt(MARGIN - 8.0, 86.0), max: pt(WIDTH - MARGIN + 8.0, bottom) };
    let w = &answer.workload;
    let racks: Vec<String> =
        answer.frontiers.iter().map(|f| f.group.machine.rack.clone()).collect();
    let answered = Answered {
        catalog,
        racks: &racks,
        model: &answer.model,
        workload: Workload { isl: w.isl, osl: w.osl, cached_frac: w.prefix_cached_frac },
        frontiers: &answer.frontiers,
        software: answer.tpot_ratio.map(|_| answer.software.as_str()),
    };
    let options = ThroughputOptions { room, stale: false, strong: None, speeds: &[] };
    let chart = throughput(None, &answered, per);
    shapes.extend(draw(&chart, options, measure).shapes);
    let style = (TextRole::Small, Token::Text3);
    let mut y = HEIGHT - 48.0 - more;
    for line in caption {
        shapes.push(Shape::text(left(y), Anchor::LeftTop, line, style));
        y += CAPTION;
    }
    let palette = if dark { Palette::dark() } else { Palette::light() };
    Picture { title, width: WIDTH, height: HEIGHT, palette, layers: vec![Layer::whole(shapes)] }
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
        "Gigasite estimate, constants of software {}{}. Error on pairs left out of the fit: time \
         per token {} mean, {} median; throughput {} median.",
        answer.software,
        answer.aged(),
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
    for curve in &answer.curves {
        let words = curve.demo_words.iter().map(|words| format!("{} {words}.", curve.rack_name));
        out.extend(words.flat_map(|words| wrapped(&words)));
    }
    out
}

/// Lines of a caption, broken at spaces.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < CAPTION_LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
