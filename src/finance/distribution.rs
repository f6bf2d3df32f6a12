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
        self.check()?;
        if !(p > 0.0 && p < 1.0) {
            return Err(InputError::new("p", format!("{p} is not between 0 and 1")));
        }
        Ok(match self {
            Self::Uniform { low, high } => low + p * (high - low),
            Self::Triangular { low, mode, high } => triangular(low, mode, high, p),
            Self::Pert { low, mode, high } => {
                let width = high - low;
                if width == 0.0 {
                    return Ok(low);
                }
                let alpha = 1.0 + 4.0 * (mode - low) / width;
                let beta = 1.0 + 4.0 * (high - mode) / width;
                low + width * beta_quantile(alpha, beta, p)
            }
            Self::Normal { mean, sd } => mean + sd * standard_normal_quantile(p),
        })
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

/// Quantile of the beta distribution with both shapes at least 1, by bisection of the integral
/// of its density (Gauss-Legendre panels): smooth there, so the sum is exact to rounding.
fn beta_quantile(alpha: f64, beta: f64, p: f64) -> f64 {
    let density = |x: f64| x.powf(alpha - 1.0) * (1.0 - x).powf(beta - 1.0);
    // 5-point rule on [-1, 1].
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    let integral = |a: f64, b: f64| {
        let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
        NODES.iter().map(|(x, w)| w * density(middle + half * x)).sum::<f64>() * half
    };
    const PANELS: usize = 400;
    // Panels thin out towards both ends, where the density may have steep slopes.
    let edge = |k: usize| {
        let u = k as f64 / PANELS as f64;
        u * u * u * (10.0 + u * (6.0 * u - 15.0))
    };
    let cumulative: Vec<f64> = (0..PANELS)
        .scan(0.0, |sum, k| {
            *sum += integral(edge(k), edge(k + 1));
            Some(*sum)
        })
        .collect();
    let target = p * cumulative.last().copied().unwrap_or(1.0);
    let panel = cumulative.partition_point(|c| *c < target).min(PANELS - 1);
    let before = panel.checked_sub(1).and_then(|k| cumulative.get(k)).copied().unwrap_or(0.0);
    let start = edge(panel);
    let f = |x: f64| before + integral(start, x) - target;
    super::root::bracketed(f, start, edge(panel + 1)).unwrap_or(start)
}

/// Quantile of the standard normal distribution: Acklam's rational approximation, refined twice
/// by Halley's method on the complementary error function.
fn standard_normal_quantile(p: f64) -> f64 {
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
fn normal_cdf(x: f64) -> f64 {
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
