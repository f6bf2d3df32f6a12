//! Which constants the fit moves, and how far it may carry them from what is plausible.

use gigasite::catalog::Generation;
use gigasite::estimate::Constants;

/// One fitted constant.
pub struct Parameter {
    pub name: &'static str,
    /// Where the fit is drawn to while data say nothing.
    pub prior: f64,
    /// Fractions of a peak cannot exceed it.
    pub most: f64,
    pub at: fn(&mut Constants) -> &mut f64,
}

const ANY: f64 = f64::INFINITY;

macro_rules! field {
    ($name:ident, $prior:expr, $most:expr) => {
        Parameter { name: stringify!($name), prior: $prior, most: $most, at: |c| &mut c.$name }
    };
}

macro_rules! framework {
    ($name:literal, $id:literal, $field:ident, $prior:expr) => {
        Parameter {
            name: $name,
            prior: $prior,
            most: ANY,
            at: |c| {
                let f = c.frameworks.iter_mut().find(|f| f.id == $id);
                &mut f.expect("the catalogue holds the framework").$field
            },
        }
    };
}

/// Constants of the decode step; fitted to the time per output token.
pub fn step() -> Vec<Parameter> {
    vec![
        field!(step_us, 50.0, ANY),
        framework!("layer_us vllm", "vllm", layer_us, 30.0),
        framework!("layer_us sglang", "sglang", layer_us, 30.0),
        framework!("layer_us trtllm", "trtllm", layer_us, 20.0),
        field!(expert_layer_us, 20.0, ANY),
        field!(latent_layer_us, 10.0, ANY),
        field!(sparse_layer_us, 10.0, ANY),
        field!(linear_layer_us, 20.0, ANY),
        Parameter {
            name: "layer_ratio Hopper",
            prior: 1.2,
            most: ANY,
            at: |c| {
                let mut all = c.generations.iter_mut();
                let g = all.find(|g| g.generation == Generation::Hopper);
                &mut g.expect("the catalogue holds Hopper").layer_ratio
            },
        },
        field!(reduce_us, 6.0, ANY),
        field!(dispatch_us, 15.0, ANY),
        field!(weights_frac, 0.8, 1.0),
        field!(experts_frac, 0.6, 1.0),
        field!(cache_frac, 0.5, 1.0),
        field!(gemm_frac, 0.6, 0.8),
        field!(attention_frac, 0.4, 1.0),
        field!(prefill_frac, 0.6, 0.8),
        field!(reduce_frac, 0.3, 1.0),
        field!(dispatch_frac, 0.4, 1.0),
        field!(long_message_ratio, 4.0, ANY),
        field!(popularity_shape_ratio, 2.0, ANY),
        field!(imbalance_ratio, 1.1, ANY),
        field!(interference_ratio, 0.9, ANY),
        field!(accepted_tokens, 2.4, ANY),
        field!(prefill_worker_ratio, 1.0, ANY),
    ]
}

/// Constants of the time to first token.
pub fn first_token() -> Vec<Parameter> {
    vec![
        framework!("first_token_us vllm", "vllm", first_token_us, 30e3),
        framework!("first_token_us sglang", "sglang", first_token_us, 100e3),
        framework!("first_token_us trtllm", "trtllm", first_token_us, 50e3),
        field!(first_prefill_ratio, 1.2, ANY),
        framework!("queue_ratio vllm", "vllm", queue_ratio, 1.0),
        framework!("queue_ratio sglang", "sglang", queue_ratio, 1.0),
        framework!("queue_ratio trtllm", "trtllm", queue_ratio, 1.0),
        field!(first_steps_ratio, 4.0, ANY),
        field!(first_wave_frac, 0.05, ANY),
        field!(handover_us, 10e3, ANY),
    ]
}

/// Parameters that are one quantity for several frameworks are drawn together.
pub const TOGETHER: [&str; 3] = ["layer_us vllm", "layer_us sglang", "layer_us trtllm"];
