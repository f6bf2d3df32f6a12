//! What the grid asks of a site: power factor at the point of interconnection, the largest load
//! that goes at once, and ramps.

use super::{Ground, Measure, Row};
use crate::units::format;

/// Power factor, and the reactive power that would mend it.
pub(super) fn power_factor(ground: &Ground<'_>) -> Vec<Row> {
    let s = &ground.checked.solution;
    let (p, q) = (s.slack_p_mw, s.slack_q_mvar);
    let limit = ground.rule("poi-power-factor-frac");
    let factor = (p.hypot(q) > 0.0).then(|| p / p.hypot(q));
    let need = limit.map(|least| q.abs() - p * least.acos().tan());
    let remedy = match need {
        Some(mvar) => {
            let mvar = format::amount(mvar, "Mvar");
            match q > 0.0 {
                true => format!("Add {mvar} of capacitors, or let converters give it"),
                false => format!("Add {mvar} of reactors, or let converters take it"),
            }
        }
        None => String::new(),
    };
    vec![Measure::at_least(factor, limit, "").row(
        ("power-factor", Some("poi-power-factor-frac")),
        format!("Power factor at the point of interconnection, {q:.0} Mvar"),
        "site".to_owned(),
        (&remedy, "practice.poi-power-factor-frac.value is unknown"),
    )]
}

/// The largest load that a single fault takes from the grid, and that of the whole site.
pub(super) fn largest_loss(ground: &Ground<'_>) -> Vec<Row> {
    let limit = ground.rule("largest-loss-mw");
    let worst = ground
        .outages
        .iter()
        .max_by(|a, b| a.at_once.load_lost_mw.total_cmp(&b.at_once.load_lost_mw));
    let single =
        worst.map(|o| (format!("Load lost at once with {}", o.name), o.at_once.load_lost_mw));
    let whole = (
        "Load lost should the site not ride through a fault of the grid".to_owned(),
        ground.checked.solution.slack_p_mw,
    );
    let remedy = "Split it over more feeds, or agree on ride-through with the utility";
    let rows = single.into_iter().chain([whole]).map(|(name, mw)| {
        Measure::at_most(Some(mw), limit, "MW").row(
            ("largest-loss", Some("largest-loss-mw")),
            name,
            "site".to_owned(),
            (remedy, "practice.largest-loss-mw.value is unknown"),
        )
    });
    rows.collect()
}

/// Ramp of all GPUs together at the meter.
pub(super) fn ramp(ground: &Ground<'_>) -> Vec<Row> {
    let limit = ground.rule("ramp-limit-mw-per-min");
    let per_gpu_w_s = ground.rule("gpu-ramp-w-per-s");
    let mut gpus_mw_s = Some(0.0);
    for b in &ground.outcome.plan.blocks {
        let path = ground.site.blocks().find(|x| x.id == b.id).and_then(|x| x.node.as_deref());
        let per_mw = path.and_then(|n| ground.network.path(n)).map_or(1.0, |p| p.grid_per_mw);
        let gpus = ground.catalog.racks.get(&b.rack).and_then(|r| r.gpus.get());
        gpus_mw_s = (|| {
            let watts = gpus? * b.racks.unwrap_or(0.0) * per_gpu_w_s?;
            Some(gpus_mw_s? + watts * per_mw / 1e6)
        })();
    }
    let figure = gpus_mw_s.map(|mw_s| mw_s * 60.0);
    let missing = match (figure, limit) {
        (None, None) => {
            "practice.gpu-ramp-w-per-s.value and practice.ramp-limit-mw-per-min.value are not entered"
        }
        (None, _) => "practice.gpu-ramp-w-per-s.value is not entered",
        _ => "practice.ramp-limit-mw-per-min.value is not entered: the utility sets it",
    };
    vec![Measure::at_most(figure, limit, "MW/min").row(
        ("ramp", Some("ramp-limit-mw-per-min")),
        "Ramp of the whole site".to_owned(),
        "site".to_owned(),
        ("Lower the ramp-up rate of the GPUs' power smoothing", missing),
    )]
}
