//! Random numbers that depend on seed, run and driver alone, so that runs may be made in any order
//! and on any number of threads.
//!
//! Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
//! counter is enciphered, nothing is carried from one number to the next. Rank correlations come
//! from a Gaussian copula: Spearman's rho is that of normals correlated by `2 sin(pi rho / 6)`.

use crate::finance::distribution::{normal_cdf, standard_normal_quantile};

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Ten rounds of Philox on four words.
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let product = |k: usize, word: u32| {
            let wide = MULTIPLIERS[k] * u64::from(word);
            ((wide >> 32) as u32, wide as u32)
        };
        let (high0, low0) = product(0, counter[0]);
        let (high1, low1) = product(1, counter[2]);
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// A number above 0 and below 1 of a run and a driver.
pub fn uniform(seed: u64, run: u64, driver: u32) -> f64 {
    let counter = [run as u32, (run >> 32) as u32, driver, 0];
    let words = philox(counter, [seed as u32, (seed >> 32) as u32]);
    let bits = (u64::from(words[0]) << 32 | u64::from(words[1])) >> 11;
    (bits as f64 + 0.5) / (1u64 << 53) as f64
}

/// Correlation of ranks among drivers.
#[derive(Clone, Debug, Default)]
pub struct Copula {
    /// Lower triangle by row, of the drivers that are correlated with any; empty without.
    factor: Vec<Vec<f64>>,
    /// Driver of each row.
    members: Vec<usize>,
}

impl Copula {
    /// From pairs of drivers and the rank correlation of each.
    ///
    /// # Errors
    /// In words: a coefficient beyond -1 to 1, or coefficients that no numbers can have together.
    pub fn new(pairs: &[(usize, usize, f64)]) -> Result<Self, String> {
        let mut members: Vec<usize> = pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect();
        members.sort_unstable();
        members.dedup();
        let row = |driver: usize| members.iter().position(|m| *m == driver).unwrap_or(0);
        let n = members.len();
        let mut wanted = vec![vec![0.0; n]; n];
        for (i, line) in wanted.iter_mut().enumerate() {
            line[i] = 1.0;
        }
        for &(a, b, rho) in pairs {
            if a == b || !(-1.0..=1.0).contains(&rho) {
                return Err(format!("a rank correlation of {rho} between two inputs cannot be"));
            }
            let r = 2.0 * (std::f64::consts::PI * rho / 6.0).sin();
            (wanted[row(a)][row(b)], wanted[row(b)][row(a)]) = (r, r);
        }
        let factor = cholesky(&wanted)
            .ok_or("these rank correlations contradict each other; bring some nearer to zero")?;
        Ok(Self { factor, members })
    }

    /// Correlates the numbers of one run.
    pub fn apply(&self, numbers: &mut [f64]) {
        let own = |m: &usize| numbers.get(*m).copied().unwrap_or(0.5);
        let normal: Vec<f64> =
            self.members.iter().map(|m| standard_normal_quantile(own(m))).collect();
        for (member, line) in self.members.iter().zip(&self.factor) {
            let mixed: f64 = line.iter().zip(&normal).map(|(l, z)| l * z).sum();
            if let Some(place) = numbers.get_mut(*member) {
                *place = normal_cdf(mixed).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
            }
        }
    }
}

/// Lower triangle whose product with its transpose is the matrix; nothing where it is not
/// positive semidefinite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    const ROUNDING: f64 = 1e-12;
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - known;
            lower[i][j] = if i == j {
                if rest < -ROUNDING {
                    return None;
                }
                rest.max(0.0).sqrt()
            } else if lower[j][j] > ROUNDING {
                rest / lower[j][j]
            } else if rest.abs() > ROUNDING.sqrt() {
                return None;
            } else {
                0.0
            };
        }
    }
    Some(lower)
}

/// Ranks of numbers, equal ones sharing their mean rank.
pub fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut start = 0;
    while start < order.len() {
        let same = |k: &&usize| numbers[**k] == numbers[order[start]];
        let count = order[start..].iter().take_while(same).count();
        let mean = start as f64 + (count as f64 - 1.0) / 2.0;
        order[start..start + count].iter().for_each(|k| ranks[*k] = mean);
        start += count;
    }
    ranks
}

/// Rank correlation (Spearman); zero where one of both does not vary.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len().max(1) as f64;
    let (ma, mb) = (mean(&a), mean(&b));
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    let spread = (product(&a, ma, &a, ma) * product(&b, mb, &b, mb)).sqrt();
    if spread > 0.0 { product(&a, ma, &b, mb) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_numbers_of_its_authors() {
        // Known answers of Random123, philox4x32-10.
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn uniform_numbers_have_the_moments_of_the_uniform_distribution() {
        let all: Vec<f64> = (0..20_000).map(|run| uniform(7, run, 3)).collect();
        let mean = all.iter().sum::<f64>() / 20_000.0;
        let square = all.iter().map(|u| u * u).sum::<f64>() / 20_000.0;
        // Three standard errors of the mean and of the mean square.
        assert!((mean - 0.5).abs() < 3.0 * (1.0f64 / 12.0 / 20_000.0).sqrt());
        assert!((square - 1.0 / 3.0).abs() < 3.0 * (4.0f64 / 45.0 / 20_000.0).sqrt());
    }

    #[test]
    fn the_copula_gives_the_rank_correlation_that_was_asked_for() {
        let copula = Copula::new(&[(0, 2, 0.6), (2, 3, -0.4)]).unwrap();
        let runs: Vec<Vec<f64>> = (0..20_000)
            .map(|run| {
                let mut u: Vec<f64> = (0..4).map(|d| uniform(1, run, d)).collect();
                copula.apply(&mut u);
                u
            })
            .collect();
        let column = |k: usize| runs.iter().map(|u| u[k]).collect::<Vec<f64>>();
        for (a, b, rho) in [(0, 2, 0.6), (2, 3, -0.4), (0, 3, 0.0), (0, 1, 0.0)] {
            let found = rank_correlation(&column(a), &column(b));
            assert!((found - rho).abs() < 0.02, "{a} {b}: {found}");
        }
        let mean = column(2).iter().sum::<f64>() / 20_000.0;
        assert!((mean - 0.5).abs() < 0.01, "margins stay uniform: {mean}");
    }

    #[test]
    fn correlations_that_contradict_each_other_are_refused() {
        let impossible = Copula::new(&[(0, 1, 0.95), (1, 2, 0.95), (0, 2, -0.95)]);
        assert!(impossible.is_err());
        assert!(Copula::new(&[(0, 1, 1.5)]).is_err());
        assert!(Copula::new(&[(0, 1, 1.0)]).is_ok());
    }

    #[test]
    fn equal_numbers_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), 0.0);
    }
}
