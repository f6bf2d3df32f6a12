//! Matching of clean energy with load.

use super::{Figure, Undefined};

/// 24/7 score: `sum of min(load, clean) / sum of load`, hour by hour; surplus is not carried over.
/// Both in MWh of the same hours.
pub fn hourly_matched_fraction(load_mwh: &[f64], clean_mwh: &[f64]) -> Figure {
    let load = positive_sum(load_mwh)?;
    let matched: f64 = load_mwh.iter().zip(clean_mwh).map(|(l, c)| l.min(*c)).sum();
    Ok(matched / load)
}

/// Annual matching: clean energy over load, above 1 where more is contracted than used.
pub fn volume_ratio(load_mwh: &[f64], clean_mwh: &[f64]) -> Figure {
    Ok(clean_mwh.iter().sum::<f64>() / positive_sum(load_mwh)?)
}

fn positive_sum(load_mwh: &[f64]) -> Figure {
    let load: f64 = load_mwh.iter().sum();
    if load > 0.0 { Ok(load) } else { Err(Undefined::NothingProduced) }
}
