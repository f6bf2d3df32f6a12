//! Constants of the throughput estimator: what no data sheet states and only measurements
//! of running systems give. Few, dated, with the fit that made them.

use super::{Fact, Generation, Precision};
use serde::{Deserialize, Serialize};

/// One dated set of constants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    pub id: String,
    /// Newest software among the measurements, `YYYY-MM`.
    pub software: String,
    /// How the constants were found and how well they hold.
    pub fit: String,
    pub errors: Errors,
    pub floors: Floors,
    pub efficiency: Efficiency,
    pub batching: Batching,
    pub first_token: FirstToken,
    pub speculation: Speculation,
    pub power: GpuPower,
    pub trend: Trend,
    pub frameworks: Vec<Framework>,
    pub generations: Vec<GenerationFloors>,
    pub precisions: Vec<PrecisionBytes>,
    pub bands: Vec<Band>,
}

/// How far the estimate lay from measurements of hardware and model pairs left out of the fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    pub tpot_mean_frac: Fact,
    pub tpot_median_frac: Fact,
    pub throughput_median_frac: Fact,
    pub ttft_median_frac: Fact,
}

/// Time that passes whatever the batch: host, launches, synchronisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    pub step_us: Fact,
    /// More per layer with routed experts.
    pub expert_layer_us: Fact,
    /// More per layer with latent attention.
    pub latent_layer_us: Fact,
    /// More per layer whose attention reads chosen entries alone.
    pub sparse_layer_us: Fact,
    /// More per layer with a recurrent state.
    pub linear_layer_us: Fact,
    /// One all-reduce; two a layer under tensor parallelism.
    pub reduce_us: Fact,
    /// One dispatch or combine of expert parallelism; two an expert layer.
    pub dispatch_us: Fact,
    /// Messages that leave the scale-up domain take so many times as long.
    pub scale_out_ratio: Fact,
}

/// Achieved over peak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Efficiency {
    pub weights_frac: Fact,
    pub experts_frac: Fact,
    pub cache_frac: Fact,
    pub gemm_frac: Fact,
    pub attention_frac: Fact,
    pub prefill_frac: Fact,
    pub reduce_frac: Fact,
    pub dispatch_frac: Fact,
    /// Efficiency of the long messages of prefill over that of decode's short ones.
    pub long_message_ratio: Fact,
    /// Share of the memory that weights and cache may fill.
    pub memory_frac: Fact,
}

/// How requests share the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batching {
    /// Shape of the gamma distribution of expert popularity; large = even.
    pub popularity_shape_ratio: Fact,
    /// Busiest rank over mean under data-parallel attention.
    pub imbalance_ratio: Fact,
    /// Delay of decode steps over the prefill work that shares their GPUs.
    pub interference_ratio: Fact,
    /// Highest use of prefill workers beside decode workers.
    pub prefill_use_frac: Fact,
    /// Time of a prefill worker for a request over that of the prefill alone.
    pub prefill_worker_ratio: Fact,
    /// Most of a prefill worker's memory that weights take; the rest is for cache and
    /// activations.
    pub prefill_weights_frac: Fact,
}

/// Time to first token beyond the prefill itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstToken {
    /// Times the ideal prefill time.
    pub prefill_ratio: Fact,
    /// Decode steps that pass before the first token.
    pub steps_ratio: Fact,
    /// Hand-over between prefill and decode workers.
    pub handover_ms: Fact,
    /// Runs that start all their requests at once: the part of that first wave that their
    /// mean, though not their median, still holds.
    pub wave_frac: Fact,
}

/// Speculative decoding by the model's own prediction layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speculation {
    pub draft_tokens: Fact,
    /// Mean tokens a step, the certain one included.
    pub accepted_tokens: Fact,
    /// Time of one draft over time of one layer.
    pub draft_layer_ratio: Fact,
}

/// Power of a GPU while it serves, over its limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpuPower {
    pub base_frac: Fact,
    /// More at full use of bandwidth or arithmetic.
    pub load_frac: Fact,
    pub exponent_ratio: Fact,
}

/// How software moved the same hardware over the months behind the fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Logarithm of the time per output token, more for each month that software is older.
    pub tpot_frac_per_month: Fact,
    /// Oldest software among the dated measurements, `YYYY-MM`.
    pub from: String,
}

/// A serving framework.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    pub id: String,
    pub name: String,
    /// Parts of labels that mean it, lower case; the first framework that matches counts.
    pub labels: Vec<String>,
    pub layer_us: Fact,
    pub first_token_ms: Fact,
    /// Wait for prefill over that of one server with even service (M/D/1).
    pub queue_ratio: Fact,
}

/// Floors of a hardware generation over those of Blackwell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenerationFloors {
    pub generation: Generation,
    pub layer_ratio: Fact,
    pub dispatch_ratio: Fact,
    /// Arithmetic achieved over peak, beside that of Blackwell.
    pub arithmetic_ratio: Fact,
}

/// Bytes of a value at a precision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrecisionBytes {
    pub precision: Precision,
    pub weight_bytes: Fact,
    pub cache_bytes: Fact,
    /// Attention weights of models with experts, which stay at higher precision.
    pub attention_bytes: Fact,
}

/// Residuals of the fit: measured over predicted time per output token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    pub disaggregated: bool,
    pub speculative: bool,
    /// 10 % and 90 % quantiles over pairs left out of the fit.
    pub low_ratio: Fact,
    pub high_ratio: Fact,
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(match self {
            Precision::Bf16 => "bf16",
            Precision::Fp8 => "fp8",
            Precision::Fp4 => "fp4",
            Precision::Int4 => "int4",
        })
    }
}
