//! The arithmetic of one configuration: a row of coefficients and a batch give speed,
//! throughput, time to first token and power (equations E8 to E18 of `docs/model.md`).
//! `sweep.wgsl` holds the same lines for graphics cards. It must not know where rows come
//! from.

use super::real::Real;
use super::row::Row;

/// What shares the GPUs: one point of the search beside the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Prefill on workers of its own.
    pub split: bool,
    /// Draft tokens by the model's own prediction layers.
    pub speculative: bool,
}

/// Modes in the order of the sweeps.
pub const MODES: [Mode; 4] = [
    Mode { split: false, speculative: false },
    Mode { split: false, speculative: true },
    Mode { split: true, speculative: false },
    Mode { split: true, speculative: true },
];

/// One decode step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<F> {
    /// Duration, microseconds.
    pub us: F,
    /// Part of it in which memory or arithmetic is busy, microseconds.
    pub busy_us: F,
}

/// A configuration's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer<F> {
    /// Output tokens/s that one user sees.
    pub tok_s_user: F,
    /// Output tokens/s over all GPUs, prefill workers included.
    pub tok_s_gpu: F,
    /// Time per output token and time to first token, microseconds.
    pub tpot_us: F,
    pub ttft_us: F,
    /// GPU power over its limit, mean over all GPUs.
    pub power_frac: F,
    /// GPUs of prefill workers for one decode worker.
    pub prefill_gpus: F,
}

fn lit<F: Real>(v: f64) -> F {
    // cannot fail: f32 and f64 take every literal used here
    F::from(v).unwrap_or_else(F::nan)
}

/// E8 to E11: one decode step of `batch` sequences on the worker.
#[inline(always)]
pub fn step<F: Real>(row: &Row<F>, batch: F, speculative: bool) -> Step<F> {
    let one = F::one();
    let drafted = if speculative { row.drafted } else { one };
    // A pipeline stage sees its share of the sequences; a token passes all stages.
    let sequences = batch / row.stages;
    let tokens = sequences * drafted;
    let hit = one - (-row.shape * (one + row.route * tokens).binary_log()).binary_exp();
    let gemm = (row.weights + row.experts * hit).larger(row.gemm * tokens);
    let local = (sequences / row.ranks).larger(one);
    let attention = (local * row.cache).larger(local * drafted * row.attention);
    let busy_us = row.imbalance * (gemm + attention);
    let draft = if speculative { row.draft } else { one };
    Step { us: (row.fixed + tokens * row.network + busy_us) * draft, busy_us: busy_us * draft }
}

/// What a sweep ranks configurations by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score<F> {
    pub step: Step<F>,
    /// Time per output token and time to first token, microseconds.
    pub tpot_us: F,
    pub ttft_us: F,
    /// Prefill work in a token's time, where prefill shares the GPUs, microseconds.
    pub share_us: F,
    /// GPUs of prefill workers for one decode worker.
    pub prefill_gpus: F,
    /// Output tokens/s over all GPUs, prefill workers included.
    pub tok_s_gpu: F,
}

/// E12 to E16: speed and throughput with `batch` sequences in decoding. It does not ask
/// whether they fit: compare `batch` with [`Row::capacity`].
#[inline(always)]
pub fn score<F: Real>(row: &Row<F>, batch: F, mode: Mode) -> Score<F> {
    let step = step(row, batch, mode.speculative);
    let own = if mode.speculative { step.us / row.accepted } else { step.us };
    // E12: the prefill work of one request is spread over its decode steps.
    let share_us =
        if mode.split { F::zero() } else { row.interference * batch * row.prefill / row.osl };
    let tpot_us = own + share_us;
    let rate = batch / tpot_us;
    // E14: prefill workers that keep up, at their highest use.
    let prefill_gpus = if mode.split {
        rate / row.osl * row.pool_prefill * row.pool_gpus / row.pool_use
    } else {
        F::zero()
    };
    // What prefills is busy for so much of the time.
    let used = if mode.split { row.pool_use } else { share_us / tpot_us };
    Score {
        step,
        tpot_us,
        ttft_us: first_token(row, used, step.us, mode.split),
        share_us,
        prefill_gpus,
        tok_s_gpu: rate * lit(1e6) / (row.gpus + prefill_gpus),
    }
}

/// E12 to E18: the whole answer of a configuration.
pub fn evaluate<F: Real>(row: &Row<F>, batch: F, mode: Mode) -> Answer<F> {
    let s = score(row, batch, mode);
    let won = if mode.speculative { row.accepted } else { F::one() };
    // E18: busy share of the step; prefill workers are busy for their use.
    let busy = ((s.step.busy_us / won + s.share_us) / s.tpot_us).min(F::one());
    let draw = |u: F| row.power_base + row.power_load * u.powf(row.power_exponent);
    let power = row.gpus * draw(busy) + s.prefill_gpus * draw(row.pool_use);
    Answer {
        tok_s_user: lit::<F>(1e6) / s.tpot_us,
        tok_s_gpu: s.tok_s_gpu,
        tpot_us: s.tpot_us,
        ttft_us: s.ttft_us,
        power_frac: (power / (row.gpus + s.prefill_gpus)).min(F::one()),
        prefill_gpus: s.prefill_gpus,
    }
}

/// Highest use of a queue that still has a mean wait: E15 and E16 end there.
const FULLEST: f64 = 0.95;

/// E15, E16: time to first token where what prefills is busy for `used` of the time, without
/// the wait for a place in a full machine.
#[inline(always)]
pub fn first_token<F: Real>(row: &Row<F>, used: F, step_us: F, split: bool) -> F {
    let settled = row.first_base + row.first_steps * step_us;
    let (work, on_top) =
        if split { (row.pool_prefill, row.transfer) } else { (row.prefill, F::zero()) };
    // One server with even service (M/D/1), as much longer as arrivals come in bursts.
    let used = used.smaller(lit(FULLEST));
    let queue = row.first_queue * used / (lit::<F>(2.0) * (F::one() - used));
    settled + on_top + work * (row.first_prefill + queue)
}
