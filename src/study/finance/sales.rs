//! What is sold: one stream for each tier.

use super::terms::Terms;
use crate::finance::project::{Path, Stream, Unit};
use crate::study::Outcome;
use crate::units::SECONDS_PER_YEAR;

const HOURS_PER_YEAR: f64 = SECONDS_PER_YEAR / 3_600.0;

/// One stream a tier that sells.
pub(super) fn streams(outcome: &Outcome, terms: &Terms) -> Vec<Stream> {
    let tiers = outcome.plan.tiers.iter();
    tiers
        .filter_map(|tier| {
            let (unit, units) = if tier.tokens_per_s > 0.0 {
                (Unit::MillionTokens, tier.tokens_per_s * SECONDS_PER_YEAR / 1e6)
            } else {
                (Unit::GpuHours, tier.gpus * HOURS_PER_YEAR)
            };
            (units > 0.0).then(|| Stream {
                id: tier.id.clone(),
                phase: "site".to_owned(),
                unit,
                units_per_year: units,
                price: Path::Escalating {
                    start: tier.revenue_usd_per_year / units,
                    per_year_frac: terms.price_change,
                },
                contract: None,
            })
        })
        .collect()
}
