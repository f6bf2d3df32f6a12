//! One machine, model, mapping and workload folded into the coefficients that the kernel
//! needs for every batch (equations E7 to E16 of `docs/model.md`). It must not know how
//! many batches are tried, nor who asks.

use super::adjunct;
use super::constants::{Constants, FrameworkConstants};
use super::figures::Figures;
use super::machine::{Arithmetic, Machine};

/// How a worker's GPUs share a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapping {
    /// GPUs of one pipeline stage: tensor or data parallel in attention, expert or tensor
    /// parallel in the networks.
    pub gpus: f64,
    /// Attention replicated over the GPUs, each with its own requests.
    pub data_parallel: bool,
    /// Pipeline stages.
    pub stages: f64,
    /// Groups of such GPUs in one worker: more than one only beside an adjunct, whose chips
    /// hold the networks of all of them.
    pub groups: f64,
}

impl Mapping {
    /// GPUs of one worker.
    pub fn worker_gpus(&self) -> f64 {
        self.gpus * self.stages * self.groups
    }
}

/// Requests: lengths in tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Workload {
    pub isl: f64,
    pub osl: f64,
    /// Share of the input that the prefix cache holds already.
    pub cached_frac: f64,
}

impl Workload {
    /// Input tokens that must be computed.
    pub fn fresh(&self) -> f64 {
        (self.isl * (1.0 - self.cached_frac)).max(1.0)
    }

    /// Mean context of a decode step.
    pub fn mean_context(&self) -> f64 {
        self.isl + self.osl / 2.0
    }

    /// Context for which memory is set aside: sequences of a batch differ in age.
    pub(super) fn held_context(&self) -> f64 {
        self.isl + 0.6 * self.osl
    }
}

/// Everything that one row is made of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub machine: &'a Machine,
    pub figures: &'a Figures,
    pub framework: &'a FrameworkConstants,
    pub constants: &'a Constants,
    pub workload: Workload,
}

/// Writes the row and its reading as a table from one list of fields, so that their order
/// stands in one place.
macro_rules! row {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        /// Coefficients of the kernel; times in microseconds. The order is that of the GPU's
        /// table.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[repr(C)]
        pub struct Row<F> {
            $($(#[$doc])* pub $field: F,)*
        }

        /// Fields of a row.
        pub const ROW_FIELDS: usize = [$(stringify!($field)),*].len();

        impl<F: Copy + Default> Row<F> {
            /// The fields in the order of the GPU's table.
            pub fn to_array(&self) -> [F; ROW_FIELDS] {
                [$(self.$field),*]
            }

            /// The reverse.
            pub fn from_array([$($field),*]: [F; ROW_FIELDS]) -> Self {
                Self { $($field),* }
            }
        }
    };
}

row! {
    /// GPUs of the worker, all stages.
    gpus,
    stages,
    /// Floors of a step, messages included.
    fixed,
    /// Reading the weights that every step reads, and all routed experts.
    weights,
    experts,
    /// Chance of one expert a token, over the popularity shape; and that shape.
    route,
    shape,
    /// Arithmetic of one token.
    gemm,
    /// Cache reads of one sequence, attention arithmetic of one token.
    cache,
    attention,
    /// Ranks that the sequences spread over: GPUs under data-parallel attention, else 1.
    ranks,
    /// Network volume of one token.
    network,
    imbalance,
    /// Step over step without drafts; tokens in a step and tokens won by it, with drafts.
    draft,
    drafted,
    accepted,
    /// Prefill of one request on this worker.
    prefill,
    /// The same on a prefill worker of its own, and that worker's GPUs.
    pool_prefill,
    pool_gpus,
    /// Hand-over of the cache to the decode worker.
    transfer,
    /// Most sequences that fit into memory.
    capacity,
    osl,
    /// Prefill work that delays decode steps.
    interference,
    /// Highest use of prefill workers.
    pool_use,
    first_base,
    first_prefill,
    first_queue,
    first_steps,
    power_base,
    power_load,
    power_exponent,
    spare,
}

impl Row<f64> {
    /// Coefficients of a mapping; `pool_gpus` are those of a prefill worker. A capacity
    /// below one says that the model does not fit.
    pub fn new(parts: &Parts, mapping: Mapping, pool_gpus: f64) -> Self {
        let Parts { machine, figures, framework, constants: c, workload } = *parts;
        let g = mapping.gpus;
        let tensor = if mapping.data_parallel { 1.0 } else { g };
        let ranks = if mapping.data_parallel { g } else { 1.0 };
        // Networks without experts stay whole on each rank beside replicated attention.
        let dense_split = if mapping.data_parallel && figures.experts_mb > 0.0 { 1.0 } else { g };
        let peak = arithmetic(parts);
        let bandwidth = machine.bandwidth;
        let read = figures.mixer_mb / tensor + figures.dense_mb / dense_split + figures.head_mb / g;
        let context = workload.mean_context();
        // Prefill workers spread experts; their attention is replicated then.
        let pool = Mapping {
            gpus: pool_gpus,
            data_parallel: figures.experts_mb > 0.0,
            stages: 1.0,
            groups: 1.0,
        };
        let held = figures.held_mb(workload.isl, 1.0);
        // The busiest rank governs where each has requests of its own.
        let imbalance = if mapping.data_parallel { c.imbalance_ratio } else { 1.0 };
        let row = Self {
            gpus: g * mapping.stages,
            stages: mapping.stages,
            fixed: fixed_us(parts, mapping),
            weights: read / (bandwidth * c.weights_frac),
            experts: figures.experts_mb / g / (bandwidth * c.experts_frac),
            route: figures.route_frac / c.popularity_shape_ratio,
            shape: c.popularity_shape_ratio,
            gemm: figures.decode_mflop / g / (peak.gemm * c.gemm_frac),
            cache: figures.read_mb(context, tensor) / (bandwidth * c.cache_frac),
            attention: figures.attention_mflop(context)
                / tensor
                / (peak.attention * c.attention_frac),
            ranks,
            network: network_us(parts, mapping, 1.0),
            imbalance,
            draft: 1.0 + c.draft_tokens * c.draft_layer_ratio / figures.layers,
            drafted: 1.0 + c.draft_tokens,
            accepted: c.accepted_tokens,
            prefill: prefill_us(parts, mapping) * imbalance,
            pool_prefill: c.prefill_worker_ratio * prefill_us(parts, pool),
            pool_gpus,
            transfer: c.handover_us + held / machine.scale_out,
            capacity: capacity(parts, mapping),
            osl: workload.osl,
            interference: c.interference_ratio,
            pool_use: c.prefill_use_frac,
            first_base: framework.first_token_us,
            first_prefill: c.first_prefill_ratio,
            first_queue: framework.queue_ratio,
            first_steps: c.first_steps_ratio,
            power_base: c.power_base_frac,
            power_load: c.power_load_frac,
            power_exponent: c.power_exponent_ratio,
            spare: 0.0,
        };
        adjunct::beside(row, parts, mapping)
    }

    /// The same in the precision of the sweeps.
    pub fn narrow(&self) -> Row<f32> {
        Row::from_array(self.to_array().map(|v| v as f32))
    }
}

/// Peaks, as far as the generation's software reaches them.
pub(super) fn arithmetic(parts: &Parts) -> Arithmetic {
    let peak = parts.machine.arithmetic(parts.figures.precision);
    let reached = parts.constants.generation(parts.machine.generation).arithmetic_ratio;
    Arithmetic { gemm: peak.gemm * reached, attention: peak.attention * reached, ..peak }
}

/// E7: floors of a step.
fn fixed_us(parts: &Parts, mapping: Mapping) -> f64 {
    let Parts { machine, figures: f, framework, constants: c, .. } = *parts;
    let floors = c.generation(machine.generation);
    let layers = (f.layers * framework.layer_us
        + f.expert_layers * c.expert_layer_us
        + f.latent_layers * c.latent_layer_us)
        * floors.layer_ratio
        + f.sparse_layers * c.sparse_layer_us
        + f.linear_layers * c.linear_layer_us;
    let reach = if machine.spans(mapping.gpus) { c.scale_out_ratio } else { 1.0 };
    let messages = if mapping.gpus <= 1.0 {
        0.0
    } else if mapping.data_parallel && f.expert_layers > 0.0 {
        2.0 * f.expert_layers * c.dispatch_us * floors.dispatch_ratio * reach
    } else {
        2.0 * f.layers * c.reduce_us * reach
    };
    let hops = (mapping.stages - 1.0) * c.reduce_us;
    c.step_us + layers + messages + hops
}

/// E10: network volume of one token; `longer` says how much better than those of decoding
/// the messages use the links.
fn network_us(parts: &Parts, mapping: Mapping, longer: f64) -> f64 {
    let Parts { machine, figures: f, constants: c, .. } = *parts;
    let g = mapping.gpus;
    if g <= 1.0 {
        return 0.0;
    }
    let bandwidth = machine.network(g);
    let reached = |frac: f64| bandwidth * (frac * longer).min(1.0);
    let ring = ring_mb(parts, g) / reached(c.reduce_frac);
    if mapping.data_parallel && f.expert_layers > 0.0 {
        // Dispatch at one byte a value, combine at two: three bytes for two of `hidden_mb`.
        let copies = f.top_k.max(1.0).min(g - 1.0);
        f.expert_layers * f.hidden_mb * 1.5 * copies / g / reached(c.dispatch_frac)
    } else if mapping.data_parallel {
        f.layers * ring / 2.0
    } else {
        2.0 * f.layers * ring
    }
}

/// What one GPU of a ring of `g` sends for a token in one all-reduce, MB.
fn ring_mb(parts: &Parts, g: f64) -> f64 {
    2.0 * (g - 1.0) / g * parts.figures.hidden_mb
}

/// One all-reduce of a token over `g` GPUs.
pub(super) fn reduce_us(parts: &Parts, g: f64) -> f64 {
    ring_mb(parts, g) / (parts.machine.network(g) * parts.constants.reduce_frac)
}

/// E13: prefill of one request's fresh tokens on the GPUs of a stage.
fn prefill_us(parts: &Parts, mapping: Mapping) -> f64 {
    let gpus = mapping.gpus;
    let Parts { figures: f, constants: c, workload, .. } = *parts;
    let peak = arithmetic(parts);
    let fresh = workload.fresh();
    let gemm = fresh * f.prefill_mflop / gpus / (peak.gemm * c.prefill_frac);
    let attention =
        f.prefill_attention_mflop(fresh, workload.isl) / gpus / (peak.attention * c.attention_frac);
    gemm + attention + fresh * network_us(parts, mapping, c.long_message_ratio)
}

/// E5: weights on all GPUs of a mapping, over their memory.
pub fn weights_frac(parts: &Parts, mapping: Mapping) -> f64 {
    let g = mapping.gpus;
    weights_mb(parts, mapping) / (parts.machine.memory_mb * g * mapping.stages)
}

fn weights_mb(parts: &Parts, mapping: Mapping) -> f64 {
    let f = parts.figures;
    let copies = if mapping.data_parallel { mapping.gpus } else { 1.0 };
    // Networks without experts stay whole on each rank beside replicated attention.
    let dense = if f.experts_mb > 0.0 { copies } else { 1.0 };
    // Layers that draft tokens are like the others.
    let drafts = 1.0 + f.mtp_layers / f.layers;
    (f.mixer_mb * copies + f.dense_mb * dense + f.experts_mb) * drafts + f.head_mb + f.embedding_mb
}

/// E5: sequences that fit beside the weights.
fn capacity(parts: &Parts, mapping: Mapping) -> f64 {
    let Parts { machine, figures: f, constants: c, workload, .. } = *parts;
    let g = mapping.gpus;
    let weights = weights_mb(parts, mapping);
    let memory = c.memory_frac * machine.memory_mb * g * mapping.stages;
    let tensor = if mapping.data_parallel { 1.0 } else { g };
    // What one sequence takes of the whole worker: replicated parts count on every rank.
    let replicas = if mapping.data_parallel { 1.0 } else { g };
    let sequence = f.held_mb(workload.held_context(), tensor) * replicas;
    (memory - weights) / sequence
}
