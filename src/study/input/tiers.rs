//! Tiers of the input: what they earn per unit of output, and what may serve them.

use super::{Maker, PointInfo};
use crate::diag::Diagnostic;
use crate::plan::input::{Product, StepIn, TierIn};
use crate::plan::limits::{GPUS_PER_UNIT, TOKENS_PER_UNIT, amount_per_unit};
use crate::site::{DemandRule, DemandStep, Redundancy, Tier, TierKind};
use crate::units::{HOURS_PER_YEAR, Limit, SECONDS_PER_YEAR};

/// M$ a year per Mtok/s at one dollar per million tokens.
const MUSD_PER_PRICE: f64 = SECONDS_PER_YEAR / 1e6 * (TOKENS_PER_UNIT / 1e6);
/// M$ a year per thousand GPUs at one dollar per GPU-hour.
const MUSD_PER_GPU_PRICE: f64 = HOURS_PER_YEAR * GPUS_PER_UNIT / 1e6;

impl Maker<'_> {
    pub(super) fn tiers(&mut self) {
        let site = self.site;
        for tier in &site.terms.tiers {
            let made = self.tier(tier);
            if made.points.is_empty() {
                self.not_served(tier);
            }
            self.say_unlimited(tier);
            self.input.tiers.push(made);
        }
    }

    fn tier(&mut self, tier: &Tier) -> TierIn {
        let product = match tier.kind {
            TierKind::Tokens => Product::Tokens,
            TierKind::ReservedCapacity => Product::Gpus,
        };
        let hours = &self.site.terms.hours;
        let shape = hours.iter().map(|h| tier.shape.get(&h.id).copied().unwrap_or(1.0)).collect();
        let scale = amount_per_unit(product);
        let (input, cached) = request(tier);
        let paid = tier.input_usd_per_mtok.unwrap_or(0.0) * input.unwrap_or(0.0)
            + tier.cached_usd_per_mtok.unwrap_or(0.0) * cached.unwrap_or(0.0);
        let variable = tier.variable_usd_per_mtok.unwrap_or(0.0);
        let step = |s: &DemandStep| match product {
            Product::Tokens => {
                let output = s.price_usd_per_mtok.unwrap_or(0.0);
                StepIn {
                    musd_per_year: (output + paid - variable) * MUSD_PER_PRICE,
                    output_musd_per_year: output * MUSD_PER_PRICE,
                    volume: s.volume_tok_s.map_or(0.0, |v| v.value() / scale),
                }
            }
            Product::Gpus => {
                let rent = s.usd_per_gpu_h.unwrap_or(0.0) * MUSD_PER_GPU_PRICE;
                StepIn {
                    musd_per_year: rent,
                    output_musd_per_year: rent,
                    volume: s.volume_gpus.map_or(0.0, |v| v.value() / scale),
                }
            }
        };
        TierIn {
            id: tier.id.clone(),
            name: tier.name.clone(),
            product,
            firm: tier.redundancy == Redundancy::Firm && self.reference().is_none(),
            posted: tier.rule == DemandRule::PostedPrice,
            steps: tier.demand.iter().map(step).collect(),
            commitment: tier.commitment.as_ref().map(|c| {
                let penalty = match product {
                    Product::Tokens => c.penalty_usd_per_mtok.map(|p| p * MUSD_PER_PRICE),
                    Product::Gpus => c.penalty_usd_per_gpu_h.map(|p| p * MUSD_PER_GPU_PRICE),
                };
                (c.volume / scale, penalty)
            }),
            shape,
            deadline_h: tier.deadline_h,
            variable_musd_per_year: variable * MUSD_PER_PRICE,
            input_per_output: input,
            cached_per_output: cached,
            points: self.serving(tier, product),
            share: self.site.terms.policy.shares.get(&tier.id).copied(),
        }
    }

    /// Operating points that may serve a tier.
    fn serving(&self, tier: &Tier, product: Product) -> Vec<usize> {
        let allowed = |p: usize| {
            let point = &self.input.points[p];
            let rack = &self.input.racks[point.rack].id;
            let by_rack = tier.racks.is_empty() || tier.racks.contains(rack);
            by_rack
                && point.product == product
                && (product == Product::Gpus || self.suits(tier, &self.points[p]))
        };
        (0..self.input.points.len()).filter(|&p| allowed(p)).collect()
    }

    /// Model and context match, speed and time to first token suffice, and a
    /// tier that is paid for input has a curve that pays for prefill.
    pub(super) fn suits(&self, tier: &Tier, point: &PointInfo) -> bool {
        if let Some(tiers) = &point.made_for
            && self.can_be_estimated(tier)
        {
            let estimated = tiers.contains(&tier.id) && by_percentile(tier, point.percentile);
            return estimated && tier.min_tok_s_user.is_none_or(|s| point.tok_s_user >= s);
        }
        let tolerance = self.site.terms.policy.context_tolerance_frac;
        let tolerance = self.rate(tolerance, "context-tolerance-frac").unwrap_or(0.0);
        let near = |a: f64, b: f64| (a - b).abs() <= tolerance * b;
        let model = tier.model.as_ref().is_none_or(|m| *m == point.model);
        let context = tier.context_tokens.is_none_or(|c| near(point.context_tokens, c));
        let speed = tier.min_tok_s_user.is_none_or(|s| point.tok_s_user >= s);
        let first = tier.max_ttft_ms.is_none_or(|t| point.ttft_ms.is_some_and(|x| x <= t));
        let percentile = by_percentile(tier, point.percentile);
        let paid = tier.input_usd_per_mtok.is_some_and(|p| p > 0.0)
            || tier.cached_usd_per_mtok.is_some_and(|p| p > 0.0);
        let lengths = match (tier.isl_tokens, tier.osl_tokens, point.isl_tokens, point.osl_tokens) {
            (Some(isl), Some(osl), Some(i), Some(o)) => near(i, isl) && near(o, osl),
            _ => true,
        };
        let prefill = !paid || (point.prefill && lengths);
        model && context && speed && first && percentile && prefill
    }

    fn not_served(&mut self, tier: &Tier) {
        let runs = |model: &str| tier.model.as_ref().is_none_or(|m| m == model);
        let curves = self.points.iter().filter(|p| !p.curve.is_empty() && runs(&p.model));
        // An estimate knows more speeds than the plan has points.
        let ends = self.estimates.iter().filter_map(|e| e.estimate.curve.points.last());
        let fastest = curves
            .map(|p| p.tok_s_user)
            .chain(ends.filter(|p| runs(&p.model)).map(|p| p.tok_s_user))
            .fold(0.0, f64::max);
        let why = match (tier.kind, tier.min_tok_s_user) {
            (TierKind::ReservedCapacity, _) => "no allowed rack is on site".to_owned(),
            (_, Some(speed)) if fastest > 0.0 && fastest < speed => format!(
                "no operating point on site reaches {speed} tokens/s per user; the fastest gives {fastest}"
            ),
            _ if fastest == 0.0 => "no operating point on site runs its model".to_owned(),
            _ => "no operating point on site matches its model, context, time to first token and prefill"
                .to_owned(),
        };
        self.report.push(Diagnostic::warning(
            "tier-not-served",
            format!("tiers.{}", tier.id),
            format!("{} is not served: {why}", tier.name),
            "choose other racks, curves, estimates or service levels",
        ));
    }

    /// An unlimited volume is an assumption and is said aloud.
    fn say_unlimited(&mut self, tier: &Tier) {
        let unlimited = |v: &Option<Limit>| v.is_some_and(Limit::is_unlimited);
        for (i, step) in tier.demand.iter().enumerate() {
            if unlimited(&step.volume_tok_s) || unlimited(&step.volume_gpus) {
                self.report.push(Diagnostic::note(
                    "unlimited-demand",
                    format!("tiers.{}.demand.{i}", tier.id),
                    format!("demand of {} is assumed to be unlimited", tier.name),
                ));
            }
        }
    }
}

fn by_percentile(tier: &Tier, had: Option<u32>) -> bool {
    tier.percentile.zip(had).is_none_or(|(wanted, had)| had >= wanted)
}

/// Uncached and cached input tokens per output token; unknown without a request shape.
fn request(tier: &Tier) -> (Option<f64>, Option<f64>) {
    let (Some(isl), Some(osl)) = (tier.isl_tokens, tier.osl_tokens) else { return (None, None) };
    let input = isl / osl;
    let hit = tier.cache_hit_frac.unwrap_or(0.0);
    (Some(input * (1.0 - hit)), Some(input * hit))
}
