//! Configurations and reasons in words. It must not know widgets.

use super::lab::Answer;
use crate::catalog::Catalog;
use crate::estimate::{Frontier, FrontierPoint, Mapping, Refusal};
use crate::scene::chart::{Per, Published, PublishedPoint, reading};
use crate::units::format;

/// How GPUs share the model: `TP8` splits every layer, `DEP32` gives each GPU requests of
/// its own and spreads the experts; `×PP2` adds pipeline stages; `DP9×TP8` are nine
/// groups beside chips that hold the networks.
pub fn mapping(m: Mapping) -> String {
    if m.groups > 1.0 {
        let split =
            if m.gpus > 1.0 { format!("×TP{}", format::count(m.gpus)) } else { String::new() };
        return format!("DP{}{split}", format::count(m.groups));
    }
    let kind = if m.data_parallel { "DEP" } else { "TP" };
    let stages =
        if m.stages > 1.0 { format!("×PP{}", format::count(m.stages)) } else { String::new() };
    format!("{kind}{}{stages}", format::count(m.gpus))
}

/// GPUs of prefill to GPUs of decode: `1:2.4`; nothing where both share GPUs.
pub fn pools(p: &FrontierPoint) -> Option<String> {
    let decode = p.mapping.worker_gpus();
    if !p.mode.split || p.prefill_gpus <= 0.0 {
        return None;
    }
    let ratio = decode / p.prefill_gpus;
    Some(if ratio >= 1.0 {
        format!("1:{}", figure(ratio))
    } else {
        format!("{}:1", figure(1.0 / ratio))
    })
}

/// One decimal below ten, none above.
fn figure(v: f64) -> String {
    format::fixed(v, if v < 9.95 { 1 } else { 0 })
}

/// A share in whole percent: an error is no place for more digits.
pub fn percent(frac: f64) -> String {
    format!("{} %", format::count(frac * 100.0))
}

/// `2026-07` as `July 2026`; what is no date stays as it is.
pub fn month(date: &str) -> String {
    let mut parts = date.split('-');
    let year = parts.next().filter(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()));
    let name = parts.next().and_then(|m| m.parse::<usize>().ok()?.checked_sub(1));
    match (year, name.and_then(|m| format::MONTHS.get(m))) {
        (Some(year), Some(name)) => format!("{name} {year}"),
        _ => date.to_owned(),
    }
}

/// The precision of a curve, and what computes in its place.
pub fn precision_of(frontier: &Frontier) -> String {
    let own = frontier.group.precision.name();
    match frontier.group.fallback {
        Some(wide) => format!("{own} weights, {} arithmetic", wide.name()),
        None => own.to_owned(),
    }
}

/// Milliseconds as people read them.
pub fn ms(value: f64) -> String {
    if value < 100.0 { format::with_unit(value, 1, "ms") } else { format::seconds(value / 1e3) }
}

/// Everything about one estimated configuration, one statement a line.
pub fn estimate(answer: &Answer, frontier: &Frontier, p: &FrontierPoint, per: Per) -> Vec<String> {
    let catalog = &answer.question.catalog;
    let rack = &frontier.group.machine.rack;
    let name = catalog.racks.get(rack).map_or(rack.as_str(), |r| r.name.as_str());
    let mut lines = vec![
        format!("{name}, {}", precision_of(frontier)),
        format!(
            "{} tokens/s per user, {} to {} in 8 of 10 cases",
            reading(p.tok_s_user),
            reading(p.tok_s_user_low),
            reading(p.tok_s_user_high)
        ),
    ];
    let rates = [per].into_iter().chain(Per::ALL.into_iter().filter(|o| *o != per));
    let rates: Vec<String> =
        rates.filter_map(|o| Some(format!("{} per {}", reading(o.of(p)?), o.words()))).collect();
    let (first, others) = rates.split_first().map_or(("", &[][..]), |(f, o)| (f.as_str(), o));
    lines.push(first.replace(" per ", " output tokens/s per "));
    lines.push(others.join(", "));
    lines.push(format!("{}, batch of {}", mapping(p.mapping), format::mean_count(p.batch)));
    if let Some(a) = &frontier.group.machine.adjunct {
        let name = catalog.racks.get(&a.rack).map_or(a.rack.as_str(), |r| r.name.as_str());
        lines.push(format!("networks on {} chips of {name}", format::count(a.chips)));
    }
    lines.push(match pools(p) {
        Some(pools) => format!("prefill on GPUs of its own, {pools} to those that decode"),
        None => "prefill and decode share the GPUs".to_owned(),
    });
    if let Some(c) = &answer.constants {
        lines.push(if p.mode.speculative {
            let (drafts, won) = (c.draft_tokens, c.accepted_tokens);
            format!("{drafts:.0} drafts, {won:.2} tokens accepted a step")
        } else {
            "no drafts".to_owned()
        });
    }
    lines
        .extend(answer.question.software.map(|m| format!("software of {}", month(&m.to_string()))));
    lines.push(format!("TTFT {}, TPOT {}", ms(p.ttft_ms), ms(p.tpot_ms)));
    lines.push(match p.rack_kw.zip(p.drawn_kw) {
        Some((kw, drawn)) => format!(
            "rack {} kW provisioned, {} kW drawn ({})",
            reading(kw),
            reading(drawn),
            format::share(p.drawn_frac)
        ),
        None => {
            format!("power of the rack is unknown, {} of it drawn", format::share(p.drawn_frac))
        }
    });
    let demo = frontier.group.machine.demo_words();
    lines.extend(demo.into_iter().flat_map(|words| wrapped(&words, 64)));
    lines
}

/// Everything about a published point, with the estimate at its speed.
pub fn published(curve: &Published, p: &PublishedPoint, per: Per) -> Vec<String> {
    let mut lines = vec![
        curve.name.clone(),
        format!("{} tokens/s per user", reading(p.at.0)),
        format!("{} output tokens/s per {}", reading(p.at.1), per.words()),
        format!("{}, {}", curve.evidence, curve.lengths),
    ];
    lines.push(match (p.estimate, p.difference_frac()) {
        (Some(v), Some(off)) => format!("estimate at this speed {}, {}", reading(v), change(off)),
        _ => "the estimate does not reach this speed".to_owned(),
    });
    if !p.note.is_empty() {
        lines.extend(wrapped(&p.note, 64));
    }
    lines
}

/// A relative difference: `+8 %`, `−12 %`, `± 0 %`.
pub fn change(frac: f64) -> String {
    let percent = (frac * 100.0).round();
    match percent {
        p if p > 0.0 => format!("+{} %", format::count(p)),
        p if p < 0.0 => format!("{} %", format::count(p)),
        _ => "± 0 %".to_owned(),
    }
}

/// Lines of at most so many letters, broken at spaces.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Why there is no estimate, with the names that people know.
pub fn reason(refusal: &Refusal, catalog: &Catalog) -> String {
    let model = |id: &String| catalog.models.get(id).map_or(id.clone(), |m| m.name.clone());
    match refusal {
        Refusal::Unknown(path) => format!("{} is unknown", field(path)),
        Refusal::DoesNotFit(id, gpus) => {
            format!("{} does not fit into {} GPUs", model(id), format::count(*gpus))
        }
        Refusal::NetworksDoNotFit(id, chips, rack) => {
            let rack = catalog.racks.get(rack).map_or(rack.as_str(), |r| r.name.as_str());
            let (model, chips) = (model(id), format::count(*chips));
            format!("the networks of {model} do not fit into {chips} chips of {rack}")
        }
        Refusal::ContextTooLong(id, most) => {
            format!("{} takes at most {} tokens, input and output", model(id), format::count(*most))
        }
        Refusal::NoArchitecture(id) => format!("{}: no published dimensions", model(id)),
        other => other.to_string(),
    }
}

/// The last part of a path as a person calls it.
fn field(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    match name {
        "caps" => "the power cap".to_owned(),
        "kw" => "power under the first cap".to_owned(),
        "hbm_gb" => "memory".to_owned(),
        "hbm_tb_s" => "memory bandwidth".to_owned(),
        "bf16_tflops" => "arithmetic in BF16".to_owned(),
        "scale_up_tb_s" => "bandwidth inside the rack".to_owned(),
        "scale_out_gbit_s" => "network bandwidth".to_owned(),
        "tdp_w" => "power of the chip".to_owned(),
        "racks" => "number of racks beside it".to_owned(),
        "message_us" => "latency of messages to the racks beside it".to_owned(),
        "gpus" => "number of GPUs".to_owned(),
        "scale_up_gpus" => "size of the scale-up domain".to_owned(),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_read_as_engineers_write_them() {
        let m = |gpus, data_parallel, stages| {
            mapping(Mapping { gpus, data_parallel, stages, groups: 1.0 })
        };
        assert_eq!(m(8.0, false, 1.0), "TP8");
        assert_eq!(m(72.0, true, 1.0), "DEP72");
        assert_eq!(m(16.0, false, 4.0), "TP16×PP4");
        let beside =
            |gpus, groups| mapping(Mapping { gpus, data_parallel: false, stages: 1.0, groups });
        assert_eq!((beside(8.0, 9.0).as_str(), beside(1.0, 72.0).as_str()), ("DP9×TP8", "DP72"));
    }

    #[test]
    fn a_reason_names_what_is_missing_in_words() {
        let catalog = Catalog::embedded().expect("reads");
        let unknown = Refusal::Unknown("racks.groq3-lpx.chip.bf16_tflops".into());
        assert_eq!(reason(&unknown, &catalog), "arithmetic in BF16 is unknown");
        let long = Refusal::ContextTooLong("deepseek-r1".into(), 163_840.0);
        assert_eq!(
            reason(&long, &catalog),
            "DeepSeek-R1 takes at most 163,840 tokens, input and output"
        );
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(change(0.084), "+8 %");
        assert_eq!(change(-0.12), "−12 %");
        assert_eq!(change(0.001), "± 0 %");
    }

    #[test]
    fn dates_of_software_are_months() {
        assert_eq!(month("2026-07"), "July 2026");
        assert_eq!(month("2026-13"), "2026-13");
        assert_eq!(month("rolling"), "rolling");
    }
}
