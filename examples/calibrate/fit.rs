//! Robust least squares: Levenberg and Marquardt on reweighted residuals of logarithms.

use crate::data::Measured;
use crate::parameters::{self, Parameter, TOGETHER};
use gigasite::estimate::Constants;
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

/// Residual (in the logarithm) from which a row counts less and less: soft L1.
const SCALE: f64 = 0.12;
/// Pull of the prior and of the mean over frameworks, in residuals per unit of logarithm.
const PRIOR_PULL: f64 = 1.25;
const TOGETHER_PULL: f64 = 6.0;
/// Weight of throughput beside the time per output token.
const THROUGHPUT: f64 = 0.35;
const STEP: f64 = 1e-3;
const ROUNDS: usize = 30;

/// What is fitted: the time per output token or the time to first token.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Step,
    FirstToken,
}

/// Fits both targets in turn: the first token shifts the batch a little.
pub fn all(start: &Constants, rows: &[Measured]) -> Constants {
    let every: Vec<usize> = (0..rows.len()).collect();
    two_stages(start, rows, &every, 2)
}

fn two_stages(start: &Constants, rows: &[Measured], used: &[usize], times: usize) -> Constants {
    let mut c = start.clone();
    for _ in 0..times {
        c = fit(&c, rows, used, Target::Step, &parameters::step());
        c = fit(&c, rows, used, Target::FirstToken, &parameters::first_token());
    }
    c
}

/// Residuals of each row, from constants fitted without its hardware/model pair; every fit
/// starts from the priors, so that it knows nothing of the rows that were left out.
pub fn left_out(start: &Constants, rows: &[Measured]) -> Vec<Residual> {
    let mut fresh = start.clone();
    for p in parameters::step().into_iter().chain(parameters::first_token()) {
        *(p.at)(&mut fresh) = p.prior;
    }
    let mut pairs: Vec<&(String, String)> = rows.iter().map(|r| &r.pair).collect();
    pairs.sort();
    pairs.dedup();
    let parts: Vec<Vec<(usize, Residual)>> = pairs
        .par_iter()
        .map(|pair| {
            let kept: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].pair != **pair).collect();
            let c = two_stages(&fresh, rows, &kept, 2);
            let own = (0..rows.len()).filter(|i| rows[*i].pair == **pair);
            own.map(|i| (i, residual(&c, &rows[i]))).collect()
        })
        .collect();
    let mut all: Vec<(usize, Residual)> = parts.into_iter().flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, r)| r).collect()
}

/// Logarithms of predicted over measured.
#[derive(Clone, Copy, Debug)]
pub struct Residual {
    pub tpot: f64,
    pub throughput: Option<f64>,
    pub ttft: Option<f64>,
    pub power_frac: f64,
}

pub fn residual(c: &Constants, row: &Measured) -> Residual {
    match row.deployment.predict(c) {
        Ok(p) => Residual {
            tpot: (p.tpot_ms / row.tpot_ms).ln(),
            throughput: row.out_tok_s_gpu.map(|m| (p.out_tok_s_gpu / m).ln()),
            ttft: row.ttft_ms.map(|m| (p.ttft_ms / m).ln()),
            power_frac: p.power_frac,
        },
        Err(_) => Residual { tpot: 0.0, throughput: None, ttft: None, power_frac: f64::NAN },
    }
}

fn residuals(c: &Constants, rows: &[Measured], used: &[usize], target: Target) -> DVector<f64> {
    let mut all = Vec::with_capacity(2 * used.len());
    for row in used.iter().map(|i| &rows[*i]) {
        let r = residual(c, row);
        match target {
            Target::Step => {
                all.push(r.tpot * row.weight);
                // Where prefill stands apart, throughput tells how fast it is.
                if row.deployment.prefill.is_some() {
                    all.push(r.throughput.unwrap_or(0.0) * row.weight * THROUGHPUT);
                }
            }
            Target::FirstToken => all.push(r.ttft.unwrap_or(0.0) * row.weight),
        }
    }
    DVector::from_vec(all)
}

fn place(c: &Constants, parameters: &[Parameter], at: &DVector<f64>) -> Constants {
    let mut c = c.clone();
    for (p, v) in parameters.iter().zip(at.iter()) {
        *(p.at)(&mut c) = v.exp().min(p.most);
    }
    c
}

/// Pulls of the priors: residual and, for each parameter, its derivatives.
fn pulls(parameters: &[Parameter], at: &DVector<f64>) -> (DVector<f64>, DMatrix<f64>) {
    let n = parameters.len();
    let shared: Vec<usize> = (0..n).filter(|i| TOGETHER.contains(&parameters[*i].name)).collect();
    let mut r = DVector::zeros(n + shared.len());
    let mut j = DMatrix::zeros(n + shared.len(), n);
    for (i, p) in parameters.iter().enumerate() {
        r[i] = PRIOR_PULL * (at[i] - p.prior.ln());
        j[(i, i)] = PRIOR_PULL;
    }
    let mean = shared.iter().map(|i| at[*i]).sum::<f64>() / shared.len().max(1) as f64;
    for (k, i) in shared.iter().enumerate() {
        r[n + k] = TOGETHER_PULL * (at[*i] - mean);
        for m in &shared {
            let own = f64::from(u8::from(m == i));
            j[(n + k, *m)] = TOGETHER_PULL * (own - 1.0 / shared.len() as f64);
        }
    }
    (r, j)
}

/// Soft L1: the sum of 2 s² (√(1 + (r/s)²) − 1), and the pulls squared.
fn cost(r: &DVector<f64>, pull: &DVector<f64>) -> f64 {
    let soft = |v: &f64| 2.0 * SCALE * SCALE * ((1.0 + (v / SCALE).powi(2)).sqrt() - 1.0);
    // The pulls are in the same robust unit as the rows.
    r.iter().map(soft).sum::<f64>() + SCALE * SCALE * pull.norm_squared()
}

fn fit(
    start: &Constants,
    rows: &[Measured],
    used: &[usize],
    target: Target,
    parameters: &[Parameter],
) -> Constants {
    let mut c = start.clone();
    let mut at = DVector::from_vec(parameters.iter().map(|p| (p.at)(&mut c).ln()).collect());
    let mut damping = 1e-2;
    let (mut r, mut pull) = (residuals(&c, rows, used, target), pulls(parameters, &at));
    for _ in 0..ROUNDS {
        let mut jacobian = DMatrix::zeros(r.len(), parameters.len());
        for k in 0..parameters.len() {
            let mut moved = at.clone();
            moved[k] += STEP;
            let shifted = residuals(&place(&c, parameters, &moved), rows, used, target);
            jacobian.set_column(k, &((shifted - &r) / STEP));
        }
        let weights = r.map(|v| 1.0 / (1.0 + (v / SCALE).powi(2)).sqrt());
        let weighted =
            DMatrix::from_fn(r.len(), parameters.len(), |i, k| weights[i] * jacobian[(i, k)]);
        let unit = SCALE * SCALE;
        let normal = weighted.transpose() * &jacobian + unit * pull.1.transpose() * &pull.1;
        let slope = weighted.transpose() * &r + unit * pull.1.transpose() * &pull.0;
        let before = cost(&r, &pull.0);
        let mut better = false;
        for _ in 0..8 {
            let mut damped = normal.clone();
            for k in 0..parameters.len() {
                damped[(k, k)] *= 1.0 + damping;
            }
            let Some(step) = damped.cholesky().map(|ch| ch.solve(&slope)) else { break };
            let next = &at - step;
            let candidate = place(&c, parameters, &next);
            let new = residuals(&candidate, rows, used, target);
            let new_pull = pulls(parameters, &next);
            if cost(&new, &new_pull.0) < before {
                (at, r, pull, c) = (next, new, new_pull, candidate);
                damping = (damping / 5.0_f64).max(1e-9);
                better = true;
                break;
            }
            damping *= 5.0;
        }
        if !better || before - cost(&r, &pull.0) < 1e-7 * before {
            break;
        }
    }
    c
}

/// Power over load: base and slope by a search on a grid, the exponent with them.
pub fn power(c: &mut Constants, rows: &[Measured]) {
    let start = c.clone();
    let mut best = (f64::INFINITY, start.clone());
    for base in (20..=60).step_by(2) {
        for top in (80..=110).step_by(2) {
            for exponent in [0.25, 0.35, 0.5, 0.75, 1.0] {
                let mut tried = start.clone();
                tried.power_base_frac = f64::from(base) / 100.0;
                tried.power_load_frac = f64::from(top - base) / 100.0;
                tried.power_exponent_ratio = exponent;
                let error = power_error(&tried, rows);
                if error < best.0 {
                    best = (error, tried);
                }
            }
        }
    }
    *c = best.1;
}

/// Sum of absolute logarithms over the rows with a measured power.
fn power_error(c: &Constants, rows: &[Measured]) -> f64 {
    let known = rows.iter().filter_map(|r| Some((r, r.power_frac?)));
    known.map(|(r, m)| (residual(c, r).power_frac / m).ln().abs()).sum()
}
