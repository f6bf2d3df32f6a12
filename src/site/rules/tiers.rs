//! What a tier sells, at which prices, in which volumes, at which hours.

use super::Rule;
use super::context::{Context, error, unknown};
use crate::diag::Report;
use crate::site::{DemandStep, Tier, TierKind};

pub(super) const RULE: Rule = Rule {
    name: "tiers",
    about: "Each tier has demand steps with prices that do not rise and volumes in the unit of its kind, unlimited in the last step at most; its shape has a weighted mean of 1; what it is paid for is known.",
    codes: &[
        ("no-tiers", "the site sells nothing"),
        ("no-demand", "a tier has no demand step"),
        ("price-rises", "a demand step costs more than the one before"),
        ("unlimited-step", "a demand step follows an unlimited one"),
        ("wrong-field", "a price, volume or penalty in the unit of the other tier kind"),
        ("shape-mean", "the weighted mean of a shape is not 1"),
        ("out-of-range", "a number lies outside its range"),
        ("unknown-value", "a number that the plan needs is not given"),
    ],
    check,
};

/// By which the weighted mean of a shape may miss 1.
const SHAPE_TOLERANCE: f64 = 1e-6;

fn check(context: &Context, report: &mut Report) {
    let tiers = &context.site.terms.tiers;
    if tiers.is_empty() {
        let hint = "Add a tier, for example from the catalogue";
        error(report, "no-tiers", "tiers".into(), "The site has no pricing tier".into(), hint);
    }
    for tier in tiers {
        demand(tier, report);
        request(tier, report);
        penalty(tier, report);
        shape(context, tier, report);
    }
}

fn demand(tier: &Tier, report: &mut Report) {
    if tier.demand.is_empty() {
        let message = format!("Tier `{}` has no demand", tier.id);
        let hint = "Add a step with a price and a volume; the volume may be \"unlimited\"";
        return error(report, "no-demand", format!("tiers.{}.demand", tier.id), message, hint);
    }
    let last = tier.demand.len() - 1;
    let mut before: Option<f64> = None;
    for (i, step) in tier.demand.iter().enumerate() {
        let field = |name: &str| format!("tiers.{}.demand.{i}.{name}", tier.id);
        let Fields { price_name, price, volume_name, volume, foreign } = fields(tier.kind, step);
        for name in foreign {
            let sold = if tier.kind == TierKind::Tokens { "tokens" } else { "GPU-hours" };
            let message = format!("`{name}` does not belong to a tier that sells {sold}");
            let hint = format!("Use `{price_name}` and `{volume_name}`");
            error(report, "wrong-field", field(name), message, &hint);
        }
        match (price, before) {
            (None, _) => {
                let what = format!("The price of demand step {i} of tier `{}`", tier.id);
                report.push(unknown(field(price_name), &what, "Enter a price, 0 where it is free"));
            }
            (Some(price), Some(before)) if price > before => {
                let message = format!("The price rises from {before} to {price}");
                let hint = "Order the steps by falling price";
                error(report, "price-rises", field(price_name), message, hint);
            }
            _ => {}
        }
        before = price.or(before);
        match volume {
            None => {
                let what = format!("The volume of demand step {i} of tier `{}`", tier.id);
                let hint = "Enter a volume, or \"unlimited\" as an assumption";
                report.push(unknown(field(volume_name), &what, hint));
            }
            Some(volume) if volume.is_unlimited() && i < last => {
                let message =
                    format!("Step {i} takes any volume, so the next one is never reached");
                let hint = "Make it the last step, or limit its volume";
                error(report, "unlimited-step", field(volume_name), message, hint);
            }
            _ => {}
        }
    }
}

/// A demand step in the unit of its tier.
struct Fields {
    price_name: &'static str,
    price: Option<f64>,
    volume_name: &'static str,
    volume: Option<crate::units::Limit>,
    /// Fields that only the other kind of tier has.
    foreign: Vec<&'static str>,
}

fn fields(kind: TierKind, step: &DemandStep) -> Fields {
    let tokens = [
        ("price_usd_per_mtok", step.price_usd_per_mtok.is_some()),
        ("volume_tok_s", step.volume_tok_s.is_some()),
    ];
    let gpus = [
        ("usd_per_gpu_h", step.usd_per_gpu_h.is_some()),
        ("volume_gpus", step.volume_gpus.is_some()),
    ];
    let present = |list: [(&'static str, bool); 2]| {
        list.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    };
    match kind {
        TierKind::Tokens => Fields {
            price_name: tokens[0].0,
            price: step.price_usd_per_mtok,
            volume_name: tokens[1].0,
            volume: step.volume_tok_s,
            foreign: present(gpus),
        },
        TierKind::ReservedCapacity => Fields {
            price_name: gpus[0].0,
            price: step.usd_per_gpu_h,
            volume_name: gpus[1].0,
            volume: step.volume_gpus,
            foreign: present(tokens),
        },
    }
}

/// A penalty in the unit of the other tier kind would be priced wrong.
fn penalty(tier: &Tier, report: &mut Report) {
    let Some(commitment) = &tier.commitment else { return };
    let (foreign, given, own) = match tier.kind {
        TierKind::Tokens => {
            ("penalty_usd_per_gpu_h", commitment.penalty_usd_per_gpu_h, "penalty_usd_per_mtok")
        }
        TierKind::ReservedCapacity => {
            ("penalty_usd_per_mtok", commitment.penalty_usd_per_mtok, "penalty_usd_per_gpu_h")
        }
    };
    if given.is_some() {
        let path = format!("tiers.{}.commitment.{foreign}", tier.id);
        let message = format!("The penalty of tier `{}` is in the unit of the other kind", tier.id);
        error(report, "wrong-field", path, message, &format!("Use `{own}`"));
    }
}

/// The request that a tier sells: what is paid must be known, and possible.
fn request(tier: &Tier, report: &mut Report) {
    let field = |name: &str| format!("tiers.{}.{name}", tier.id);
    let paid = tier.input_usd_per_mtok.is_some() || tier.cached_usd_per_mtok.is_some();
    let needs = [
        ("isl_tokens", paid && tier.isl_tokens.is_none()),
        ("osl_tokens", paid && tier.osl_tokens.is_none()),
        ("cache_hit_frac", tier.cached_usd_per_mtok.is_some() && tier.cache_hit_frac.is_none()),
    ];
    for (name, missing) in needs {
        if missing {
            let what = format!("`{name}` of tier `{}`, which is paid for input,", tier.id);
            report.push(unknown(field(name), &what, "Enter a value, or remove the input price"));
        }
    }
    let positive = [
        ("osl_tokens", tier.osl_tokens),
        ("context_tokens", tier.context_tokens),
        ("max_ttft_ms", tier.max_ttft_ms),
        ("deadline_h", tier.deadline_h),
    ];
    for (name, value) in positive {
        if value == Some(0.0) {
            let message = format!("`{name}` of tier `{}` cannot be 0", tier.id);
            let hint = "Enter a value above 0, or leave the field out";
            error(report, "out-of-range", field(name), message, hint);
        }
    }
    if tier.percentile.is_some_and(|p| !(1..=99).contains(&p)) {
        let message = format!("Tier `{}` names a percentile outside 1 to 99", tier.id);
        error(report, "out-of-range", field("percentile"), message, "Enter 50, 90 or 99");
    }
}

fn shape(context: &Context, tier: &Tier, report: &mut Report) {
    let hours = &context.site.terms.hours;
    let weight: f64 = hours.iter().map(|h| h.weight_h).sum();
    let of = |id: &str| tier.shape.get(id).copied().unwrap_or(1.0);
    let mean = hours.iter().map(|h| h.weight_h * of(&h.id)).sum::<f64>() / weight;
    if tier.shape.is_empty() || !mean.is_finite() || (mean - 1.0).abs() <= SHAPE_TOLERANCE {
        return;
    }
    let message = format!("The shape of tier `{}` has a weighted mean of {mean}, not 1", tier.id);
    let hint = match mean > 0.0 {
        true => format!("Divide each value by {mean}, with 1 for hours that are not named"),
        false => "Enter demand over its mean for each hour".to_owned(),
    };
    error(report, "shape-mean", format!("tiers.{}.shape", tier.id), message, &hint);
}
