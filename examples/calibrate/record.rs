//! The fitted constants as a catalogue file.

use crate::report::Errors;
use crate::trend::Trend;
use anyhow::Result;
use gigasite::catalog::{Fact, Known, Serving};
use gigasite::estimate::{BandConstants, Constants};
use serde::Serialize;

#[derive(Serialize)]
struct File {
    serving: Vec<Serving>,
}

const HEADER: &str = "// Constants of the throughput estimator, written by
// `cargo run --release --no-default-features --example calibrate`.
// docs/model.md holds the equations that they stand in.
";

/// What was found beside the constants.
pub struct Found {
    pub errors: Errors,
    pub bands: Vec<BandConstants>,
    pub trend: Trend,
    /// Measured points in the fit.
    pub rows: usize,
}

/// The record with the fitted values in it, as text.
pub fn write(old: &Serving, c: &Constants, found: &Found) -> Result<String> {
    let Found { errors, bands, trend, rows } = found;
    let mut s = old.clone();
    s.fit = format!(
        "Robust least squares on the logarithm of {rows} measured points (2025-10 to 2026-06); \
         errors and bands are those of hardware and model pairs left out of the fit in turn"
    );
    s.errors.tpot_mean_frac = set(&s.errors.tpot_mean_frac, errors.tpot_mean);
    s.errors.tpot_median_frac = set(&s.errors.tpot_median_frac, errors.tpot_median);
    s.errors.throughput_median_frac =
        set(&s.errors.throughput_median_frac, errors.throughput_median);
    s.errors.ttft_median_frac = set(&s.errors.ttft_median_frac, errors.ttft_median);
    floors(&mut s, c);
    efficiency(&mut s, c);
    for (f, c) in s.frameworks.iter_mut().zip(&c.frameworks) {
        f.layer_us = set(&f.layer_us, c.layer_us);
        f.first_token_ms = set(&f.first_token_ms, c.first_token_us / 1e3);
        f.queue_ratio = set(&f.queue_ratio, c.queue_ratio);
    }
    for (g, c) in s.generations.iter_mut().zip(&c.generations) {
        g.layer_ratio = set(&g.layer_ratio, c.layer_ratio);
        g.dispatch_ratio = set(&g.dispatch_ratio, c.dispatch_ratio);
        g.arithmetic_ratio = set(&g.arithmetic_ratio, c.arithmetic_ratio);
    }
    for band in &mut s.bands {
        let own = bands
            .iter()
            .find(|b| b.disaggregated == band.disaggregated && b.speculative == band.speculative);
        if let Some(b) = own {
            band.low_ratio = set(&band.low_ratio, b.low_ratio);
            band.high_ratio = set(&band.high_ratio, b.high_ratio);
        }
    }
    s.trend.tpot_frac_per_month = Fact {
        range: Some((rounded(trend.range.0), rounded(trend.range.1))),
        note: trend.note(),
        ..set(&s.trend.tpot_frac_per_month, trend.slope)
    };
    s.trend.from = trend.from.to_string();
    let pretty = ron::ser::PrettyConfig::new().struct_names(false).depth_limit(4);
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let text = options.to_string_pretty(&File { serving: vec![s] }, pretty)?;
    Ok(format!("{HEADER}{text}\n"))
}

fn floors(s: &mut Serving, c: &Constants) {
    let f = &mut s.floors;
    f.step_us = set(&f.step_us, c.step_us);
    f.expert_layer_us = set(&f.expert_layer_us, c.expert_layer_us);
    f.latent_layer_us = set(&f.latent_layer_us, c.latent_layer_us);
    f.sparse_layer_us = set(&f.sparse_layer_us, c.sparse_layer_us);
    f.linear_layer_us = set(&f.linear_layer_us, c.linear_layer_us);
    f.reduce_us = set(&f.reduce_us, c.reduce_us);
    f.dispatch_us = set(&f.dispatch_us, c.dispatch_us);
    let t = &mut s.first_token;
    t.prefill_ratio = set(&t.prefill_ratio, c.first_prefill_ratio);
    t.steps_ratio = set(&t.steps_ratio, c.first_steps_ratio);
    t.wave_frac = set(&t.wave_frac, c.first_wave_frac);
    t.handover_ms = set(&t.handover_ms, c.handover_us / 1e3);
}

fn efficiency(s: &mut Serving, c: &Constants) {
    let e = &mut s.efficiency;
    e.weights_frac = set(&e.weights_frac, c.weights_frac);
    e.experts_frac = set(&e.experts_frac, c.experts_frac);
    e.cache_frac = set(&e.cache_frac, c.cache_frac);
    e.gemm_frac = set(&e.gemm_frac, c.gemm_frac);
    e.attention_frac = set(&e.attention_frac, c.attention_frac);
    e.prefill_frac = set(&e.prefill_frac, c.prefill_frac);
    e.reduce_frac = set(&e.reduce_frac, c.reduce_frac);
    e.dispatch_frac = set(&e.dispatch_frac, c.dispatch_frac);
    e.long_message_ratio = set(&e.long_message_ratio, c.long_message_ratio);
    let b = &mut s.batching;
    b.popularity_shape_ratio = set(&b.popularity_shape_ratio, c.popularity_shape_ratio);
    b.imbalance_ratio = set(&b.imbalance_ratio, c.imbalance_ratio);
    b.prefill_use_frac = set(&b.prefill_use_frac, c.prefill_use_frac);
    b.prefill_worker_ratio = set(&b.prefill_worker_ratio, c.prefill_worker_ratio);
    b.interference_ratio = set(&b.interference_ratio, c.interference_ratio);
    let p = &mut s.power;
    p.base_frac = set(&p.base_frac, c.power_base_frac);
    p.load_frac = set(&p.load_frac, c.power_load_frac);
    p.exponent_ratio = set(&p.exponent_ratio, c.power_exponent_ratio);
    s.speculation.accepted_tokens = set(&s.speculation.accepted_tokens, c.accepted_tokens);
}

/// The value with four digits; provenance stays.
fn set(fact: &Fact, value: f64) -> Fact {
    Fact { value: Known::Is(rounded(value)), ..fact.clone() }
}

fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
