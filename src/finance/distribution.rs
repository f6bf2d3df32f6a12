//! Percentiles of samples and quantiles of the distributions that inputs may have.
//!
//! A percentile here is the statistical one: the 10th is low. Energy lenders call the same value
//! P90, exceeded in 90 % of the runs; whoever shows it must say which is meant.

use super::InputError;
use serde::{Deserialize, Serialize};

/// Percentile `p` (0 to 100) of samples, linear between order statistics: spreadsheets'
/// PERCENTILE.INC. Nothing without samples or where one is not a number.
pub fn percentile(samples: &[f64], p: f64) -> Option<f64> {
    if samples.iter().any(|x| !x.is_finite()) || !(0.0..=100.0).contains(&p) {
        return None;
    }
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = p / 100.0 * sorted.len().checked_sub(1)? as f64;
    let low = sorted.get(rank.floor() as usize)?;
    let high = sorted.get(rank.ceil() as usize)?;
    Some(low + (high - low) * (rank - rank.floor()))
}

/// Distribution of an uncertain input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Distribution {
    Uniform {
        low: f64,
        high: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    /// Beta-PERT: beta on [low, high] with mean `(low + 4 mode + high) / 6`.
    Pert {
        low: f64,
        mode: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
}

impl Distribution {
    /// Value that a share `p` (above 0, below 1) of the draws does not exceed.
    pub fn quantile(self, p: f64) -> Result<f64, InputError> {
        let ready = self.quantiles()?;
        if !(p > 0.0 && p < 1.0) {
            return Err(InputError::new("p", format!("{p} is not between 0 and 1")));
        }
        Ok(ready.at(p))
    }

    /// The distribution made ready for many quantiles.
    ///
    /// # Errors
    /// Parameters that make no distribution.
    pub fn quantiles(self) -> Result<Quantiles, InputError> {
        self.check()?;
        let table = match self {
            Self::Pert { low, mode, high } if high > low => {
                let width = high - low;
                let alpha = 1.0 + 4.0 * (mode - low) / width;
                let beta = 1.0 + 4.0 * (high - mode) / width;
                Some(BetaTable::new(alpha, beta))
            }
            _ => None,
        };
        Ok(Quantiles { distribution: self, table })
    }

    fn check(self) -> Result<(), InputError> {
        let (low, mode, high) = match self {
            Self::Uniform { low, high } => (low, low, high),
            Self::Triangular { low, mode, high } | Self::Pert { low, mode, high } => {
                (low, mode, high)
            }
            Self::Normal { mean, sd } => (mean, mean, mean + sd),
        };
        let ordered = low <= mode && mode <= high && low.is_finite() && high.is_finite();
        if ordered {
            return Ok(());
        }
        Err(InputError::new("distribution", "needs finite low <= mode <= high (or sd >= 0)"))
    }
}

fn triangular(low: f64, mode: f64, high: f64, p: f64) -> f64 {
    let width = high - low;
    if width == 0.0 {
        low
    } else if p <= (mode - low) / width {
        low + (p * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - p) * width * (high - mode)).sqrt()
    }
}

/// Integral of the density of a beta distribution by panels (Gauss-Legendre): smooth for shapes of
/// at least 1, so that the sum is exact to rounding.
#[derive(Clone, Debug, PartialEq)]
struct BetaTable {
    alpha: f64,
    beta: f64,
    /// Integral up to the end of each panel.
    cumulative: Vec<f64>,
}

impl BetaTable {
    const PANELS: usize = 400;
    /// 5-point rule on [-1, 1].
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];

    fn new(alpha: f64, beta: f64) -> Self {
        let mut table = Self { alpha, beta, cumulative: Vec::with_capacity(Self::PANELS) };
        let mut sum = 0.0;
        for k in 0..Self::PANELS {
            sum += table.integral(Self::edge(k), Self::edge(k + 1));
            table.cumulative.push(sum);
        }
        table
    }

    /// Panels thin out towards both ends, where the density may have steep slopes.
    fn edge(k: usize) -> f64 {
        let u = k as f64 / Self::PANELS as f64;
        u * u * u * (10.0 + u * (6.0 * u - 15.0))
    }

    fn integral(&self, a: f64, b: f64) -> f64 {
        let density = |x: f64| x.powf(self.alpha - 1.0) * (1.0 - x).powf(self.beta - 1.0);
        let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
        Self::NODES.iter().map(|(x, w)| w * density(middle + half * x)).sum::<f64>() * half
    }

    fn quantile(&self, p: f64) -> f64 {
        let target = p * self.cumulative.last().copied().unwrap_or(1.0);
        let panel = self.cumulative.partition_point(|c| *c < target).min(Self::PANELS - 1);
        let before = panel.checked_sub(1).and_then(|k| self.cumulative.get(k));
        let before = before.copied().unwrap_or(0.0);
        let start = Self::edge(panel);
        let f = |x: f64| before + self.integral(start, x) - target;
        super::root::bracketed(f, start, Self::edge(panel + 1)).unwrap_or(start)
    }
}

/// A distribution made ready for many quantiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles {
    distribution: Distribution,
    table: Option<BetaTable>,
}

impl Quantiles {
    /// Value that a share `p` (above 0, below 1) of the draws does not exceed.
    pub fn at(&self, p: f64) -> f64 {
        match (self.distribution, &self.table) {
            (Distribution::Pert { low, high, .. }, Some(table)) => {
                low + (high - low) * table.quantile(p)
            }
            (Distribution::Uniform { low, high }, _) => low + p * (high - low),
            (Distribution::Triangular { low, mode, high }, _) => triangular(low, mode, high, p),
            (Distribution::Pert { low, .. }, None) => low,
            (Distribution::Normal { mean, sd }, _) => mean + sd * standard_normal_quantile(p),
        }
    }
}

/// Quantile of the standard normal distribution: Acklam's rational approximation, refined twice
/// by Halley's method on the complementary error function.
pub fn standard_normal_quantile(p: f64) -> f64 {
    let tail = |p: f64| {
        let q = (-2.0 * p.ln()).sqrt();
        let top = ((((-7.784_894_002_430_293e-3 * q - 3.223_964_580_411_365e-1) * q
            - 2.400_758_277_161_838)
            * q
            - 2.549_732_539_343_734)
            * q
            + 4.374_664_141_464_968)
            * q
            + 2.938_163_982_698_783;
        let bottom = (((7.784_695_709_041_462e-3 * q + 3.224_671_290_700_398e-1) * q
            + 2.445_134_137_142_996)
            * q
            + 3.754_408_661_907_416)
            * q
            + 1.0;
        top / bottom
    };
    let start = if p < 0.024_25 {
        tail(p)
    } else if p > 1.0 - 0.024_25 {
        -tail(1.0 - p)
    } else {
        // Logistic guess in the middle; the refinement does the rest.
        (p / (1.0 - p)).ln() / 1.702
    };
    (0..6).fold(start, |x, _| {
        let error = normal_cdf(x) - p;
        let step = error * (2.0 * std::f64::consts::PI).sqrt() * (0.5 * x * x).exp();
        x - step / (1.0 + 0.5 * x * step)
    })
}

/// Normal distribution function by its series (small arguments) or continued fraction.
pub fn normal_cdf(x: f64) -> f64 {
    let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if x.abs() < 4.0 {
        let (mut term, mut sum, mut k) = (x, x, 1.0);
        while term.abs() > 1e-18 {
            term *= x * x / (2.0 * k + 1.0);
            sum += term;
            k += 1.0;
        }
        0.5 + density * sum
    } else {
        let fraction = (1..=60).rev().fold(x.abs(), |f, k| x.abs() + f64::from(k) / f);
        let upper = density / fraction;
        if x > 0.0 { 1.0 - upper } else { upper }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_tables() {
        let normal = Distribution::Normal { mean: 0.0, sd: 1.0 };
        for (p, z) in [
            (0.5, 0.0),
            (0.9, 1.281_551_565_544_600_4),
            (0.01, -2.326_347_874_040_841),
            (0.999_9, 3.719_016_485_455_68),
            (1e-6, -4.753_424_308_822_899),
        ] {
            assert!((normal.quantile(p).unwrap() - z).abs() < 1e-9, "{p}");
        }
        // Beta(2, 2) on [0, 6]... PERT with mode in the middle is Beta(3, 3): median in the middle.
        let pert = Distribution::Pert { low: 0.0, mode: 3.0, high: 6.0 };
        assert!((pert.quantile(0.5).unwrap() - 3.0).abs() < 1e-12);
        // Mode at the low end is Beta(1, 5): 1 - (1 - x)^5.
        let edge = Distribution::Pert { low: 0.0, mode: 0.0, high: 1.0 };
        assert!((edge.quantile(0.3).unwrap() - (1.0 - 0.7f64.powf(0.2))).abs() < 1e-12);
    }

    #[test]
    fn percentiles_of_few_samples_are_defined() {
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(percentile(&[7.0], 10.0), Some(7.0));
        assert_eq!(percentile(&[4.0, 1.0, 3.0, 2.0], 50.0), Some(2.5));
    }
}
