//! Curves as tables for a terminal.

use crate::report::throughput::{
    Curve, ErrorFigures, Point, Published, PublishedPoint, Throughput, configuration,
};
use crate::units::format::{MINUS, count, fixed, known, or_dash, seconds};

/// Interactivities between the ends of a curve that are printed.
const BETWEEN: usize = 10;

/// The whole answer.
pub(super) fn frontier(answer: &Throughput) -> String {
    let mut out = vec![origin(answer), served(answer)];
    for curve in &answer.curves {
        out.push(String::new());
        out.extend(table(curve));
    }
    if !answer.refused.is_empty() {
        out.push(String::new());
        out.extend(
            answer.refused.iter().map(|r| format!("No estimate for {}: {}", r.rack, r.reason)),
        );
    }
    for curve in &answer.published {
        out.push(String::new());
        out.extend(beside(curve));
    }
    out.join("\n")
}

/// Constants and their errors, where and how much was searched.
fn origin(answer: &Throughput) -> String {
    let note = answer.note.as_ref().map_or_else(String::new, |n| format!(" ({n})"));
    format!(
        "Estimate with constants of software {}{}; {}; {}, {}{note}: {} configurations in {}",
        answer.software,
        answer.aged(),
        errors(&answer.errors),
        answer.backend,
        answer.adapter,
        count(answer.evaluated_points as f64),
        seconds(answer.seconds),
    )
}

/// How far it lay from measurements that the fit had not seen.
pub(super) fn errors(e: &ErrorFigures) -> String {
    let percent = |v: Option<f64>| known(v, |v| format!("{} %", fixed(v * 100.0, 0)));
    format!(
        "errors out of sample: time per token {} mean and {} median, throughput {} median, \
         first token {} median",
        percent(e.tpot_mean_frac),
        percent(e.tpot_median_frac),
        percent(e.throughput_median_frac),
        percent(e.ttft_median_frac),
    )
}

fn served(answer: &Throughput) -> String {
    let w = &answer.workload;
    let mut parts = vec![
        answer.model_name.clone(),
        format!("{} tokens in, {} out", count(w.isl), count(w.osl)),
    ];
    if w.prefix_cached_frac > 0.0 {
        parts.push(format!("{} % of the input cached", fixed(w.prefix_cached_frac * 100.0, 0)));
    }
    parts.push(answer.framework_name.clone());
    parts.extend(w.ttft_limit_ms.map(|ms| format!("first token within {}", seconds(ms / 1e3))));
    if !w.drafts {
        parts.push("no drafts".into());
    }
    parts.join(", ")
}

fn table(curve: &Curve) -> Vec<String> {
    let kw = curve.points.first().and_then(|p| p.provisioned_kw);
    let power = kw.map_or_else(
        || "no power".to_owned(),
        |kw| format!("{} kW a rack provisioned (cap {})", fixed(kw, 1), curve.cap),
    );
    let mut out =
        vec![format!("{} ({}), {}, {power}", curve.rack_name, curve.rack, curve.precision)];
    out.extend(curve.unknown.as_ref().map(|why| format!("No figure per MW IT: {why}")));
    if let Some(wide) = &curve.fallback {
        out.push(format!("The chip has no {} units: it computes in {wide}", curve.precision));
    }
    if let Some(a) = &curve.adjunct {
        let chips = count(a.chips);
        let precision = or_dash(a.precision.as_ref(), |p| p.clone());
        out.push(format!("Decode: networks in {precision} on {chips} chips of {}", a.rack));
    }
    out.extend(curve.demo_words.as_ref().map(|words| format!("It {words}")));
    out.push(format!(
        "{:>9} {:>13} {:>9} {:>10} {:>11} {:>11} {:>9} {:>8}  Configuration",
        "tok/s/usr", "band", "tok/s/GPU", "a rack", "a MW IT", "a MW site", "TTFT", "drawn kW"
    ));
    out.extend(spread(curve).into_iter().map(row));
    out
}

/// The ends of a curve and points at even steps of the logarithm between them.
fn spread(curve: &Curve) -> Vec<&Point> {
    let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else {
        return Vec::new();
    };
    let step = (last.tok_s_user / first.tok_s_user).ln() / (BETWEEN + 1) as f64;
    let inner = (1..=BETWEEN).filter_map(|i| curve.at(first.tok_s_user * (step * i as f64).exp()));
    let mut out: Vec<&Point> = [first].into_iter().chain(inner).chain([last]).collect();
    out.dedup_by(|a, b| a.tok_s_user == b.tok_s_user);
    out
}

fn row(p: &Point) -> String {
    let speed = |v: f64| fixed(v, if v < 99.95 { 1 } else { 0 });
    format!(
        "{:>9} {:>13} {:>9} {:>10} {:>11} {:>11} {:>9} {:>8}  {}",
        speed(p.tok_s_user),
        format!("{}–{}", speed(p.low), speed(p.high)),
        fixed(p.tok_s_gpu, if p.tok_s_gpu < 99.95 { 1 } else { 0 }),
        count(p.tok_s_rack),
        known(p.tok_s_it_mw, count),
        known(p.tok_s_site_mw, count),
        seconds(p.ttft_ms / 1e3),
        known(p.drawn_kw, |kw| fixed(kw, 1)),
        configuration(p),
    )
}

/// A published curve, each point with the estimate at the same speed.
fn beside(curve: &Published) -> Vec<String> {
    let length = |v: Option<f64>| known(v, count);
    let mut out = vec![
        format!("Published ({}): {}", curve.kind, curve.name),
        format!(
            "{} in, {} out; {}; software: {}; beside the estimate at {}",
            length(curve.isl),
            length(curve.osl),
            curve.precision.as_deref().map_or("precision not stated", |p| p),
            curve.software,
            curve.compared_with,
        ),
        format!(
            "{:>9} {:>14} {:>14} {:>12}  {}",
            "tok/s/usr",
            "published",
            "estimate",
            "difference",
            match curve.basis {
                "grid_mw" => "tokens/s a MW of site power",
                "grid_mw_assumed" => "tokens/s a MW, taken as site power",
                "it_mw" => "tokens/s a MW IT",
                _ => "tokens/s a GPU",
            }
        ),
    ];
    if curve.tokens == "all" {
        out.push("Input tokens are counted too: it does not compare".into());
    }
    out.extend(curve.points.iter().map(beside_row));
    out
}

fn beside_row(p: &PublishedPoint) -> String {
    let difference = or_dash(p.difference_frac, |d| {
        let percent = count(d.abs() * 100.0);
        match percent.as_str() {
            "0" => "0 %".to_owned(),
            digits if d < 0.0 => format!("{MINUS}{digits} %"),
            digits => format!("+{digits} %"),
        }
    });
    let estimate = match p.estimate_tok_s {
        Some(v) if v > 0.0 => count(v),
        Some(_) => "out of reach".into(),
        None => "unknown".into(),
    };
    let line = format!(
        "{:>9} {:>14} {:>14} {:>12}  {}",
        fixed(p.tok_s_user, 0),
        count(p.tok_s),
        estimate,
        difference,
        p.note
    );
    line.trim_end().to_owned()
}
