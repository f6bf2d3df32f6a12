//! A model at a precision: bytes and operations that a token costs (equations E1 to E6 of
//! `docs/model.md`). It must not know racks.

use super::Refusal;
use super::constants::Constants;
use crate::catalog::{AttentionGroup, Model, Precision};

/// Millions: bytes to MB, operations to MFLOP.
const MEGA: f64 = 1e6;
/// Recurrent states are kept in 4 bytes, read and written back in every step.
const STATE_BYTES: f64 = 4.0 * 2.0;
/// Activations on the wire: 2 bytes.
const ACTIVATION_BYTES: f64 = 2.0;
/// Embeddings and the output head stay in 2 bytes.
const HEAD_BYTES: f64 = 2.0;

/// What a model asks of the machine; MB and MFLOP.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    pub model: String,
    pub precision: Precision,
    pub layers: f64,
    pub expert_layers: f64,
    pub latent_layers: f64,
    pub sparse_layers: f64,
    pub linear_layers: f64,
    /// Weights read in every step: mixers; dense and shared networks; the output head.
    pub mixer_mb: f64,
    pub dense_mb: f64,
    pub head_mb: f64,
    /// All routed experts.
    pub experts_mb: f64,
    /// Weights held beside those that a step reads: the input embedding.
    pub embedding_mb: f64,
    /// Operations of a token, decode and prefill.
    pub decode_mflop: f64,
    pub prefill_mflop: f64,
    /// Of both the part in dense, shared and routed networks, and the layers that have any.
    pub network_mflop: f64,
    pub network_layers: f64,
    /// Chance that a token goes to one given expert.
    pub route_frac: f64,
    pub top_k: f64,
    /// Activations of a token between GPUs, MB.
    pub hidden_mb: f64,
    pub mtp_layers: f64,
    pub max_context: Option<f64>,
    groups: Vec<GroupFigures>,
}

/// Mixer layers of one kind.
#[derive(Clone, Debug, PartialEq)]
struct GroupFigures {
    layers: f64,
    /// MB of one cache entry of one layer.
    entry_mb: f64,
    /// MB of what an index scans for one entry.
    index_mb: f64,
    window: f64,
    compress: f64,
    top_k: f64,
    /// Ranks over which heads split the cache.
    split: f64,
    /// Operations for a query token and one cache entry: decode and prefill, MFLOP.
    decode_pair: f64,
    prefill_pair: f64,
    state_mb: f64,
}

impl Figures {
    /// The figures of a model of the catalogue.
    ///
    /// # Errors
    /// The model has no published dimensions, or the precision is unknown to the constants.
    pub fn new(model: &Model, precision: Precision, c: &Constants) -> Result<Self, Refusal> {
        let a = model.architecture.as_ref();
        let a = a.ok_or_else(|| Refusal::NoArchitecture(model.id.clone()))?;
        let bytes = c.precision(precision)?;
        let mixer_bytes =
            if a.experts.is_some() { bytes.attention_bytes } else { bytes.weight_bytes };
        let mixers = a.attention_params() as f64;
        let dense_layers = a.dense.as_ref().map_or(0.0, |d| f64::from(d.layers));
        let expert_layers = a.experts.as_ref().map_or(0.0, |e| f64::from(e.layers));
        let dense = a.dense_params_per_layer() as f64 * dense_layers
            + a.shared_params_per_layer() as f64 * expert_layers;
        let head = f64::from(a.vocab) * f64::from(a.hidden);
        let count = a.experts.as_ref().map_or(0.0, |e| f64::from(e.count));
        let experts = a.expert_params() as f64 * count * expert_layers;
        let route = a.experts.as_ref().map_or(0.0, |e| f64::from(e.top_k) / f64::from(e.count));
        let body = mixers + dense + experts * route;
        let sum = |f: &dyn Fn(&AttentionGroup) -> bool| {
            a.attention.iter().filter(|g| f(g)).map(|g| f64::from(g.layers)).sum::<f64>()
        };
        Ok(Self {
            model: model.id.clone(),
            precision,
            layers: f64::from(a.layers()),
            expert_layers,
            latent_layers: sum(&|g| g.latent.is_some()),
            sparse_layers: sum(&|g| g.top_k.is_some() || g.compress_tokens.is_some()),
            linear_layers: sum(&|g| g.state_values.is_some()),
            mixer_mb: mixers * mixer_bytes / MEGA,
            dense_mb: dense * bytes.weight_bytes / MEGA,
            head_mb: head * HEAD_BYTES / MEGA,
            experts_mb: experts * bytes.weight_bytes / MEGA,
            embedding_mb: if a.tied_embeddings { 0.0 } else { head * HEAD_BYTES / MEGA },
            decode_mflop: 2.0 * (body + head) / MEGA,
            prefill_mflop: 2.0 * body / MEGA,
            network_mflop: 2.0 * (dense + experts * route) / MEGA,
            network_layers: dense_layers + expert_layers,
            route_frac: route,
            top_k: a.experts.as_ref().map_or(0.0, |e| f64::from(e.top_k)),
            hidden_mb: f64::from(a.hidden) * ACTIVATION_BYTES / MEGA,
            mtp_layers: f64::from(a.mtp_layers),
            max_context: model.max_context_tokens.get(),
            groups: a.attention.iter().map(|g| GroupFigures::new(g, bytes.cache_bytes)).collect(),
        })
    }

    /// E4: MB that one sequence reads in a decode step at context `tokens` on each of `ranks`
    /// tensor-parallel ranks.
    pub fn read_mb(&self, tokens: f64, ranks: f64) -> f64 {
        self.groups.iter().map(|g| g.layers * g.read_mb(tokens, ranks)).sum()
    }

    /// E5: MB that one sequence of `tokens` holds on each of `ranks` ranks.
    pub fn held_mb(&self, tokens: f64, ranks: f64) -> f64 {
        self.groups.iter().map(|g| g.layers * g.held_mb(tokens, ranks)).sum()
    }

    /// E6: attention operations of one decoded token at context `tokens`, MFLOP.
    pub fn attention_mflop(&self, tokens: f64) -> f64 {
        self.groups.iter().map(|g| g.layers * g.entries(tokens) * g.decode_pair).sum()
    }

    /// E6: attention operations of a prefill of `fresh` tokens that end at context `tokens`.
    pub fn prefill_attention_mflop(&self, fresh: f64, tokens: f64) -> f64 {
        // Causal: the mean query sees the middle of what is fresh.
        let seen = tokens - fresh / 2.0;
        fresh * self.groups.iter().map(|g| g.layers * g.entries(seen) * g.prefill_pair).sum::<f64>()
    }
}

impl GroupFigures {
    fn new(g: &AttentionGroup, cache_bytes: f64) -> Self {
        let heads = f64::from(g.heads);
        let plain = 4.0 * heads * f64::from(g.head_dim) / MEGA;
        let (decode_pair, prefill_pair) = match &g.latent {
            // Decode multiplies in the latent space, prefill in the heads' own.
            Some(l) => (
                2.0 * heads * f64::from(2 * l.kv_lora + l.rope) / MEGA,
                2.0 * heads * f64::from(l.nope + l.rope + l.value) / MEGA,
            ),
            None => (plain, plain),
        };
        let cached = g.state_values.is_none();
        let on = |v: f64| if cached { v } else { 0.0 };
        Self {
            layers: f64::from(g.layers),
            entry_mb: on(g.cache_values() as f64 * cache_bytes / MEGA),
            index_mb: g.index_dim.map_or(0.0, |d| f64::from(d) * cache_bytes / MEGA),
            window: g.window_tokens.map_or(f64::INFINITY, f64::from),
            compress: g.compress_tokens.map_or(1.0, f64::from),
            top_k: g.top_k.map_or(f64::INFINITY, f64::from),
            split: if g.latent.is_some() { 1.0 } else { f64::from(g.kv_heads.max(1)) },
            decode_pair: on(decode_pair),
            prefill_pair: on(prefill_pair),
            state_mb: g.state_values.map_or(0.0, |v| f64::from(v) * STATE_BYTES / MEGA),
        }
    }

    /// Cache entries that stand for `tokens`.
    fn stored(&self, tokens: f64) -> f64 {
        if self.compress > 1.0 {
            tokens / self.compress + tokens.min(self.window)
        } else {
            tokens.min(self.window)
        }
    }

    /// Entries that a query reads.
    fn entries(&self, tokens: f64) -> f64 {
        if self.compress > 1.0 {
            (tokens / self.compress).min(self.top_k) + tokens.min(self.window)
        } else {
            tokens.min(self.window).min(self.top_k)
        }
    }

    fn read_mb(&self, tokens: f64, ranks: f64) -> f64 {
        let scanned = tokens / self.compress * self.index_mb;
        (self.entries(tokens) * self.entry_mb + scanned) / ranks.min(self.split)
            + self.state_mb / ranks
    }

    fn held_mb(&self, tokens: f64, ranks: f64) -> f64 {
        let index = tokens / self.compress * self.index_mb;
        (self.stored(tokens) * self.entry_mb + index) / ranks.min(self.split)
            + self.state_mb / 2.0 / ranks
    }
}
