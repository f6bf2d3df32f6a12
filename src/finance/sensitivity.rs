//! Tornado: what each driver alone does to a result.

use super::Figure;
use serde::Serialize;

/// Result with one driver lowered and raised, all others at base.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    pub driver: String,
    pub low: Figure,
    pub high: Figure,
}

impl Bar {
    /// Length of the bar; zero where an end is not defined.
    pub fn swing(&self) -> f64 {
        match (self.low, self.high) {
            (Ok(low), Ok(high)) => (high - low).abs(),
            _ => 0.0,
        }
    }
}

/// Bars of `drivers`, the longest first; equal ones keep their order. `result` evaluates with a
/// driver multiplied by a factor; the factors are `1 - swing` and `1 + swing`.
pub fn tornado(
    drivers: &[String],
    swing: f64,
    mut result: impl FnMut(&str, f64) -> Figure,
) -> Vec<Bar> {
    let mut bars: Vec<Bar> = drivers
        .iter()
        .map(|driver| Bar {
            driver: driver.clone(),
            low: result(driver, 1.0 - swing),
            high: result(driver, 1.0 + swing),
        })
        .collect();
    bars.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
    bars
}
