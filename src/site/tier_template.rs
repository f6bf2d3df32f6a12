//! A tier of a site made from a template of the catalogue. It must not know which site.

use super::{DemandRule, DemandStep, Redundancy, Tier, TierKind};
use crate::catalog::TierTemplate;
use crate::units::Limit;
use indexmap::IndexMap;

impl Tier {
    /// The tier as the template has it: interruptible, with unlimited demand at the list price.
    pub fn of_template(template: &TierTemplate) -> Self {
        let step = DemandStep {
            price_usd_per_mtok: template.price_usd_per_mtok.get(),
            volume_tok_s: Some(Limit::Unlimited),
            usd_per_gpu_h: None,
            volume_gpus: None,
            buyer: String::new(),
        };
        Tier {
            id: template.id.clone(),
            name: template.name.clone(),
            kind: TierKind::Tokens,
            redundancy: Redundancy::Interruptible,
            model: template.model.clone(),
            context_tokens: template.context_tokens.get(),
            min_tok_s_user: template.min_tok_s_user.get(),
            max_ttft_ms: None,
            percentile: None,
            isl_tokens: None,
            osl_tokens: None,
            cache_hit_frac: None,
            input_usd_per_mtok: None,
            cached_usd_per_mtok: None,
            variable_usd_per_mtok: None,
            rule: DemandRule::PostedPrice,
            demand: vec![step],
            commitment: None,
            deadline_h: None,
            shape: IndexMap::new(),
            tokens_per_task: None,
            usd_per_task: None,
            racks: Vec::new(),
            template: Some(template.id.clone()),
        }
    }
}
