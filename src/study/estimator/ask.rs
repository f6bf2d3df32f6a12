//! What a tier asks of a rack, in the estimator's terms. It must not know racks.

use crate::estimate::Workload;
use crate::site::{Estimates, Tier, TierKind};

/// Requests to estimate; tiers that ask the same share one estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub model: String,
    pub workload: Workload,
    pub ttft_limit_ms: Option<f64>,
}

impl Ask {
    /// What a tier asks. `None` where it sells no tokens, names no model, or says nothing of
    /// its requests.
    pub fn of(tier: &Tier, terms: &Estimates, input_ratio: Option<f64>) -> Option<Self> {
        Some(Self {
            workload: workload(tier, input_ratio)?,
            model: tier.model.clone()?,
            ttft_limit_ms: tier.max_ttft_ms.or(terms.ttft_limit_ms),
        })
    }

    /// Length of a request at its end, as measured curves count a context.
    pub fn context_tokens(&self) -> f64 {
        self.workload.isl + self.workload.osl
    }

    /// `deepseek-r1-8192-1024`, with the cached share and the limit of the first token in
    /// milliseconds where there are any; different asks have different ids.
    pub fn id(&self) -> String {
        let w = self.workload;
        let mut id = format!("{}-{}-{}", self.model, w.isl, w.osl);
        if w.cached_frac > 0.0 {
            id.push_str(&format!("-hit{}", w.cached_frac));
        }
        if let Some(ms) = self.ttft_limit_ms {
            id.push_str(&format!("-ttft{ms}"));
        }
        id
    }

    /// `8,192 in, 1,024 out`.
    pub fn words(&self) -> String {
        let count = crate::units::format::count;
        let w = self.workload;
        let mut words = format!("{} in, {} out", count(w.isl), count(w.osl));
        if w.cached_frac > 0.0 {
            words.push_str(&format!(", {:.0} % cached", w.cached_frac * 100.0));
        }
        words
    }
}

/// The requests of a tier that can be estimated: its own lengths, else its context split by
/// `input_ratio`, input over output tokens.
pub fn workload(tier: &Tier, input_ratio: Option<f64>) -> Option<Workload> {
    if tier.kind != TierKind::Tokens || tier.model.is_none() {
        return None;
    }
    let (isl, osl) = match (tier.isl_tokens, tier.osl_tokens) {
        (Some(isl), Some(osl)) => (isl, osl),
        _ => {
            let context = tier.context_tokens?;
            let osl = (context / (1.0 + input_ratio?)).round().max(1.0);
            ((context - osl).max(0.0), osl)
        }
    };
    Some(Workload { isl, osl, cached_frac: tier.cache_hit_frac.unwrap_or(0.0) })
}
