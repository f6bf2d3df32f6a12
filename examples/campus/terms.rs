//! What the family sells and when: typical hours, tiers, policy, tariff.
//!
//! It must not know where anything stands.

use gigasite::site::{
    Commitment, DemandRule, DemandStep, FinanceInputs, Hour, Infrastructure, Policy, Redundancy,
    SiteInfo, Tier, TierKind, Workload,
};
use gigasite::units::Limit;
use indexmap::IndexMap;

/// Rack types of the family.
pub const GB300: &str = "gb300-nvl72";
pub const RUBIN: &str = "vr-nvl72";

/// A site with the elements of its layout; prices of Virginia.
pub fn site(name: &str, grid_contract_mw: f64, parcel: Vec<[f64; 2]>, notes: &str) -> SiteInfo {
    SiteInfo {
        name: name.into(),
        infrastructure: Infrastructure::Built,
        grid_contract_mw: Some(grid_contract_mw),
        billable_frac: None,
        tariff: Some("us-9c1".into()),
        place: Some("dulles-va".into()),
        extreme_c: None,
        coincidence_frac: 1.0,
        workload: Workload::Inference,
        options: Vec::new(),
        parcel,
        origin_deg: None,
        notes: notes.into(),
        keynote: false,
    }
}

/// Optimised, on the keynote's curves for the keynote's models and on measured curves for
/// the batch model.
pub fn policy() -> Policy {
    let curves = ["keynote-blackwell-gb300", "keynote-rubin", "inferencex-gb300", "coreweave-vr"];
    Policy { curves: curves.map(String::from).to_vec(), ..Policy::default() }
}

/// The operator's own round allocation of the campus: what a plan made by hand
/// gives each tier, and the baseline that the optimum is compared with.
pub fn operators_shares() -> IndexMap<String, f64> {
    [
        ("premium", 0.06),
        ("high", 0.12),
        ("medium", 0.355),
        ("free", 0.06),
        ("batch", 0.125),
        ("reserved-rubin", 0.035),
        ("reserved-gb300", 0.245),
    ]
    .map(|(tier, share)| (tier.to_owned(), share))
    .into_iter()
    .collect()
}

/// Inputs of the money side that are not the catalogue's.
pub fn finance() -> FinanceInputs {
    FinanceInputs { price_date: Some("2026-11".into()), ..FinanceInputs::default() }
}

/// Day types of a Virginia year: id, name, days, temperature of the night and of the day.
///
/// The hot days are the hours above 33 degrees of a typical year and set the worst hour.
const DAYS: [(&str, &str, f64, f64, f64); 3] = [
    ("cool", "Cool", 150.0, 1.0, 7.0),
    ("warm", "Warm", 207.0, 17.0, 24.0),
    ("hot", "Hot", 8.0, 26.0, 37.0),
];

/// Six typical hours: night and day of three day types, twelve hours each.
pub fn hours() -> Vec<Hour> {
    let hour =
        |day: &str, name: String, part: &str, clock_h: f64, (days, ambient): (f64, f64)| Hour {
            id: format!("{day}-{part}"),
            name,
            weight_h: days * 12.0,
            day: day.into(),
            clock_h,
            ambient_c: Some(ambient),
            wetbulb_c: None,
        };
    DAYS.iter()
        .flat_map(|&(id, name, days, night, noon)| {
            [
                hour(id, format!("{name} night"), "night", 3.0, (days, night)),
                hour(id, format!("{name} day"), "day", 15.0, (days, noon)),
            ]
        })
        .collect()
}

/// Load of a tier over its mean: `1 - swing` by night, `1 + swing` by day. Nights and days
/// weigh the same, so the mean is one.
pub fn day_shape(swing: f64) -> IndexMap<String, f64> {
    hours()
        .into_iter()
        .map(|h| {
            let load = if h.id.ends_with("-day") { 1.0 + swing } else { 1.0 - swing };
            (h.id, load)
        })
        .collect()
}

/// A token tier as the keynote's template of that id has it, without demand.
fn keynote_tier(id: &str, model: &str, context: f64, speed: f64) -> Tier {
    Tier { template: Some(id.into()), ..token_tier(id, model, context, speed) }
}

/// A token tier without demand.
pub fn token_tier(id: &str, model: &str, context: f64, speed: f64) -> Tier {
    let mut name = id.to_owned();
    name[..1].make_ascii_uppercase();
    Tier {
        id: id.into(),
        name,
        kind: TierKind::Tokens,
        redundancy: Redundancy::Interruptible,
        model: Some(model.into()),
        context_tokens: Some(context),
        min_tok_s_user: Some(speed),
        max_ttft_ms: None,
        percentile: None,
        isl_tokens: None,
        osl_tokens: None,
        cache_hit_frac: None,
        input_usd_per_mtok: None,
        cached_usd_per_mtok: None,
        variable_usd_per_mtok: None,
        rule: DemandRule::PostedPrice,
        demand: Vec::new(),
        commitment: None,
        deadline_h: None,
        shape: IndexMap::new(),
        tokens_per_task: None,
        usd_per_task: None,
        racks: Vec::new(),
        template: None,
    }
}

/// Demand steps of (price in $ per M output tokens, volume in M tokens/s).
pub fn steps(of: &[(f64, f64)]) -> Vec<DemandStep> {
    of.iter()
        .map(|&(price, volume)| DemandStep {
            price_usd_per_mtok: Some(price),
            volume_tok_s: Some(Limit::At(volume * 1e6)),
            usd_per_gpu_h: None,
            volume_gpus: None,
            buyer: String::new(),
        })
        .collect()
}

/// Reserved capacity of one rack type: GPU-hours at a price, up to so many GPUs.
fn reserved(id: &str, name: &str, rack: &str, usd_per_gpu_h: f64, gpus: f64) -> Tier {
    let step = DemandStep {
        price_usd_per_mtok: None,
        volume_tok_s: None,
        usd_per_gpu_h: Some(usd_per_gpu_h),
        volume_gpus: Some(Limit::At(gpus)),
        buyer: String::new(),
    };
    Tier {
        id: id.into(),
        name: name.into(),
        kind: TierKind::ReservedCapacity,
        redundancy: Redundancy::Firm,
        model: None,
        context_tokens: None,
        min_tok_s_user: None,
        demand: vec![step],
        racks: vec![rack.into()],
        template: None,
        ..keynote_tier("free", "", 0.0, 0.0)
    }
}

/// The tiers of the family with volumes for a site of `scale` GW.
///
/// Prices of the first steps are the keynote's; the lower steps and all volumes are invented.
pub fn tiers(scale: f64) -> Vec<Tier> {
    let scaled = |of: &[(f64, f64)]| -> Vec<DemandStep> {
        let of: Vec<_> = of.iter().map(|&(p, v)| (p, v * scale)).collect();
        steps(&of)
    };
    let moe = |id: &str, context: f64, speed: f64| Tier {
        redundancy: Redundancy::Firm,
        ..keynote_tier(id, "gpt-moe-2t", context, speed)
    };
    vec![
        Tier {
            demand: scaled(&[(45.0, 4.0), (28.0, 6.0), (15.0, 10.0)]),
            shape: day_shape(0.375),
            ..moe("premium", 400_000.0, 400.0)
        },
        Tier {
            demand: scaled(&[(6.0, 30.0), (3.5, 40.0), (2.0, 60.0)]),
            shape: day_shape(0.375),
            ..moe("high", 131_072.0, 200.0)
        },
        Tier {
            demand: scaled(&[(3.0, 60.0), (1.2, 120.0), (0.6, 600.0)]),
            shape: day_shape(0.375),
            ..keynote_tier("medium", "kimi-k2.5", 131_072.0, 100.0)
        },
        Tier {
            demand: scaled(&[(0.0, 120.0)]),
            commitment: Some(Commitment {
                volume: 60e6 * scale,
                penalty_usd_per_mtok: None,
                penalty_usd_per_gpu_h: None,
            }),
            shape: day_shape(0.25),
            ..keynote_tier("free", "qwen3-235b", 32_768.0, 50.0)
        },
        Tier {
            name: "Batch".into(),
            // No least speed: whatever the racks do best.
            min_tok_s_user: None,
            isl_tokens: Some(8192.0),
            osl_tokens: Some(1024.0),
            cache_hit_frac: Some(0.3),
            input_usd_per_mtok: Some(0.07),
            cached_usd_per_mtok: Some(0.007),
            demand: scaled(&[(0.4, 40.0), (0.25, 100.0)]),
            deadline_h: Some(12.0),
            template: None,
            ..keynote_tier("batch", "deepseek-r1", 9216.0, 0.0)
        },
        reserved("reserved-rubin", "Reserved Rubin", RUBIN, 8.5, (8_000.0 * scale).round()),
        reserved("reserved-gb300", "Reserved GB300", GB300, 5.0, (96_000.0 * scale).round()),
    ]
}
