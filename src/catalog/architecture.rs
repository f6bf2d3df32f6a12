//! The shape of a served model: what an estimate of throughput and memory
//! derives its weights, cache entries and operations from. It must not know
//! racks or serving software.
//!
//! The numbers are read from one published configuration, so that one source
//! stands for all of them.

use super::Kind;
use serde::{Deserialize, Serialize};

/// Layers, widths and weights of a decoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// How the dimensions came to be.
    pub kind: Kind,
    /// Id in `sources.ron`.
    pub source: String,
    /// What the dimensions do not say by themselves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Width of the residual stream, values per token.
    pub hidden: u32,
    /// Rows of the embedding table.
    pub vocab: u32,
    /// Whether the output head is the embedding table itself.
    pub tied_embeddings: bool,
    /// Attention, linear-attention and Mamba layers, grouped by kind; the order
    /// of the groups means nothing.
    pub attention: Vec<AttentionGroup>,
    /// Feed-forward layers that every token passes whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dense: Option<DenseLayers>,
    /// Feed-forward layers of routed experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<ExpertLayers>,
    /// Matrices of a feed-forward block: 3 where it is gated, 2 where it is plain.
    pub ffn_matrices: u32,
    /// Layers that draft further tokens; their weights are not in the totals.
    pub mtp_layers: u32,
}

/// Layers that mix tokens in one way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttentionGroup {
    /// Number of such layers.
    pub layers: u32,
    /// Query heads; of linear layers, heads of the state.
    pub heads: u32,
    /// Heads that are cached, 1 where a latent serves all of them; of linear
    /// layers, key heads or groups.
    pub kv_heads: u32,
    /// Values of one head: the mean of key and value widths where they differ,
    /// and `nope + rope` with a latent.
    pub head_dim: u32,
    /// Multi-head latent attention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latent: Option<Latent>,
    /// Reads and caches at most so many of the newest tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_tokens: Option<u32>,
    /// One cache entry stands for so many tokens; the window before it, where
    /// there is one, stays uncompressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compress_tokens: Option<u32>,
    /// Reads at most so many cache entries, chosen by an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_k: Option<u32>,
    /// Values per cache entry that the index holds and scans; absent where the
    /// layer has no index of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_dim: Option<u32>,
    /// Heads that scan the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_heads: Option<u32>,
    /// Linear attention or Mamba: values of the recurrent state of one sequence
    /// and layer. Such a layer caches nothing per token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_values: Option<u32>,
    /// Weights of one layer, where the dimensions do not give them: linear
    /// layers, output gates, shared projections, compressors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<u64>,
}

/// Widths of multi-head latent attention (DeepSeek-V2, arXiv 2405.04434).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latent {
    /// Width that queries are compressed to; absent where they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_lora: Option<u32>,
    /// Width that keys and values are compressed to.
    pub kv_lora: u32,
    /// Width of a query or key head without position.
    pub nope: u32,
    /// Width of the part that carries the position, one for all key heads.
    pub rope: u32,
    /// Width of a value head.
    pub value: u32,
}

/// Feed-forward layers without experts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenseLayers {
    pub layers: u32,
    /// Inner width.
    pub ffn: u32,
}

/// Feed-forward layers with routed experts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpertLayers {
    pub layers: u32,
    /// Routed experts of a layer.
    pub count: u32,
    /// Routed experts that a token passes.
    pub top_k: u32,
    /// Inner width of a routed expert.
    pub ffn: u32,
    /// Inner width of all shared experts together; 0 where there are none.
    pub shared_ffn: u32,
    /// Width at which routed experts work, where it is not that of the residual
    /// stream; two projections lead there and back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latent_width: Option<u32>,
}

impl AttentionGroup {
    /// Whether the layers keep a state of fixed size instead of a cache.
    pub fn is_linear(&self) -> bool {
        self.state_values.is_some()
    }

    /// Weights of one layer: projections and the index, without norms and biases.
    pub fn params_per_layer(&self, hidden: u32) -> u64 {
        if let Some(params) = self.params {
            return params;
        }
        let projections = match &self.latent {
            Some(latent) => latent.params(hidden, self.heads),
            None => sum([
                product(&[2, hidden, self.heads, self.head_dim]),
                product(&[2, hidden, self.kv_heads, self.head_dim]),
            ]),
        };
        sum([projections, self.index_params(hidden)])
    }

    /// The index: queries from the compressed query where there is one, one key
    /// for all of its heads, and the weight of each head.
    fn index_params(&self, hidden: u32) -> u64 {
        let (Some(dim), Some(heads)) = (self.index_dim, self.index_heads) else { return 0 };
        let query = self.latent.as_ref().and_then(|l| l.q_lora).unwrap_or(hidden);
        sum([product(&[query, heads, dim]), product(&[hidden, dim]), product(&[hidden, heads])])
    }

    /// Values of one cache entry in one layer, without the index; zero for
    /// linear layers.
    pub fn cache_values(&self) -> u64 {
        match &self.latent {
            _ if self.is_linear() => 0,
            Some(latent) => sum([u64::from(latent.kv_lora), u64::from(latent.rope)]),
            None => product(&[2, self.kv_heads, self.head_dim]),
        }
    }

    fn faults(&self, path: &str, out: &mut Vec<Fault>) {
        let mut fault = |bad: bool, field: &str, why| {
            if bad {
                out.push((format!("{path}.{field}"), why));
            }
        };
        for (field, value) in [
            ("layers", Some(self.layers)),
            ("heads", Some(self.heads)),
            ("kv_heads", Some(self.kv_heads)),
            ("head_dim", Some(self.head_dim)),
            ("window_tokens", self.window_tokens),
            ("compress_tokens", self.compress_tokens),
            ("top_k", self.top_k),
            ("index_dim", self.index_dim),
            ("index_heads", self.index_heads),
            ("state_values", self.state_values),
        ] {
            fault(value == Some(0), field, POSITIVE);
        }
        fault(self.params == Some(0), "params", POSITIVE);
        let uneven = self.heads.checked_rem(self.kv_heads).is_some_and(|rest| rest != 0);
        fault(uneven, "kv_heads", "cached heads do not divide the query heads");
        let half = self.index_dim.is_some() != self.index_heads.is_some();
        fault(half, "index_dim", "an index needs both `index_dim` and `index_heads`");
        let blind = self.index_dim.is_some() && self.top_k.is_none();
        fault(blind, "top_k", "an index chooses entries; say how many");
        if self.is_linear() {
            fault(self.params.is_none(), "params", "linear layers must state their weights");
            let cached = self.latent.is_some()
                || self.window_tokens.or(self.compress_tokens).or(self.top_k).is_some();
            fault(cached, "state_values", "a layer with a state of fixed size has no cache");
        }
        if let Some(latent) = &self.latent {
            let widths = [latent.kv_lora, latent.nope, latent.value];
            let zero = widths.contains(&0) || latent.q_lora == Some(0);
            fault(zero, "latent", POSITIVE);
            let width = latent.nope.saturating_add(latent.rope);
            fault(width != self.head_dim, "head_dim", "it is not `nope + rope` of the latent");
        }
    }
}

impl Latent {
    fn params(&self, hidden: u32, heads: u32) -> u64 {
        let key = self.nope.saturating_add(self.rope);
        let query = match self.q_lora {
            Some(rank) => sum([product(&[hidden, rank]), product(&[rank, heads, key])]),
            None => product(&[hidden, heads, key]),
        };
        sum([
            query,
            product(&[hidden, self.kv_lora.saturating_add(self.rope)]),
            product(&[self.kv_lora, heads, self.nope.saturating_add(self.value)]),
            product(&[heads, self.value, hidden]),
        ])
    }
}

/// Path below the architecture and what is wrong there.
pub type Fault = (String, &'static str);

const POSITIVE: &str = "it must be above zero";

impl Architecture {
    /// Layers that mix tokens: attention, linear attention and Mamba.
    pub fn layers(&self) -> u32 {
        self.attention.iter().fold(0, |n, group| n.saturating_add(group.layers))
    }

    /// Weights of the embedding table, and again of the head where it is not tied.
    pub fn embedding_params(&self) -> u64 {
        product(&[self.vocab, self.hidden])
    }

    /// Weights of all layers that mix tokens.
    pub fn attention_params(&self) -> u64 {
        sum(self.attention.iter().map(|group| {
            group.params_per_layer(self.hidden).saturating_mul(u64::from(group.layers))
        }))
    }

    /// Weights of one dense feed-forward layer; zero where there is none.
    pub fn dense_params_per_layer(&self) -> u64 {
        self.dense.as_ref().map_or(0, |d| product(&[self.ffn_matrices, self.hidden, d.ffn]))
    }

    /// Weights of one routed expert; zero where there is none.
    pub fn expert_params(&self) -> u64 {
        self.experts.as_ref().map_or(0, |e| {
            product(&[self.ffn_matrices, e.latent_width.unwrap_or(self.hidden), e.ffn])
        })
    }

    /// Weights of one expert layer that every token passes: router, shared
    /// experts and the projections around a narrower width.
    pub fn shared_params_per_layer(&self) -> u64 {
        self.experts.as_ref().map_or(0, |e| {
            sum([
                product(&[self.hidden, e.count]),
                product(&[self.ffn_matrices, self.hidden, e.shared_ffn]),
                product(&[2, self.hidden, e.latent_width.unwrap_or(0)]),
            ])
        })
    }

    /// All weights, without norms, biases and the layers that draft.
    pub fn params_total(&self) -> u64 {
        let tables = if self.tied_embeddings { 1 } else { 2 };
        let experts = self.experts.as_ref().map_or(0, |e| e.count);
        sum([self.embedding_params().saturating_mul(tables), self.body_params(experts)])
    }

    /// Weights that one token is multiplied with: without the embedding table,
    /// of which it reads one row, and with the head.
    pub fn params_active(&self) -> u64 {
        let experts = self.experts.as_ref().map_or(0, |e| e.top_k);
        sum([self.embedding_params(), self.body_params(experts)])
    }

    /// Weights between the tables, with so many routed experts a layer.
    fn body_params(&self, experts: u32) -> u64 {
        let dense = self.dense.as_ref().map_or(0, |d| u64::from(d.layers));
        let sparse = self.experts.as_ref().map_or(0, |e| u64::from(e.layers));
        let of_layer = sum([
            self.shared_params_per_layer(),
            self.expert_params().saturating_mul(experts.into()),
        ]);
        sum([
            self.attention_params(),
            self.dense_params_per_layer().saturating_mul(dense),
            of_layer.saturating_mul(sparse),
        ])
    }

    /// What of the numbers cannot be, or does not fit the rest.
    pub fn faults(&self) -> Vec<Fault> {
        let mut out = Vec::new();
        for (index, group) in self.attention.iter().enumerate() {
            group.faults(&format!("attention.{index}"), &mut out);
        }
        let mut fault = |bad: bool, field: &str, why| {
            if bad {
                out.push((field.to_owned(), why));
            }
        };
        fault(self.hidden == 0, "hidden", POSITIVE);
        fault(self.vocab == 0, "vocab", POSITIVE);
        fault(self.attention.is_empty(), "attention", "no layer mixes tokens");
        let gates = "3 matrices where the feed-forward is gated, 2 where it is plain";
        fault(![2, 3].contains(&self.ffn_matrices), "ffn_matrices", gates);
        let bare = self.dense.is_none() && self.experts.is_none();
        fault(bare, "dense", "neither dense nor expert layers");
        if let Some(dense) = &self.dense {
            fault(dense.layers == 0, "dense.layers", POSITIVE);
            fault(dense.ffn == 0, "dense.ffn", POSITIVE);
        }
        if let Some(experts) = &self.experts {
            fault(experts.layers == 0, "experts.layers", POSITIVE);
            fault(experts.count == 0, "experts.count", POSITIVE);
            fault(experts.top_k == 0, "experts.top_k", POSITIVE);
            fault(experts.top_k > experts.count, "experts.top_k", "more than there are experts");
            fault(experts.ffn == 0, "experts.ffn", POSITIVE);
            let narrow = experts.latent_width.is_none_or(|w| (1..self.hidden).contains(&w));
            fault(!narrow, "experts.latent_width", "it must lie between 0 and `hidden`");
        }
        out
    }
}

/// A product that stops at the largest number: absurd dimensions must not panic.
fn product(factors: &[u32]) -> u64 {
    factors.iter().fold(1, |all, factor| all.saturating_mul(u64::from(*factor)))
}

/// A sum with the same limit.
fn sum(terms: impl IntoIterator<Item = u64>) -> u64 {
    terms.into_iter().fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(groups: Vec<AttentionGroup>) -> Architecture {
        Architecture {
            kind: Kind::Vendor,
            source: String::new(),
            note: String::new(),
            hidden: 100,
            vocab: 1000,
            tied_embeddings: false,
            attention: groups,
            dense: None,
            experts: None,
            ffn_matrices: 3,
            mtp_layers: 0,
        }
    }

    fn grouped() -> AttentionGroup {
        AttentionGroup { layers: 4, heads: 8, kv_heads: 2, head_dim: 16, ..Default::default() }
    }

    /// The published dimensions of DeepSeek-R1.
    fn latent() -> AttentionGroup {
        AttentionGroup {
            layers: 61,
            heads: 128,
            kv_heads: 1,
            head_dim: 192,
            latent: Some(Latent {
                q_lora: Some(1536),
                kv_lora: 512,
                nope: 128,
                rope: 64,
                value: 128,
            }),
            ..Default::default()
        }
    }

    #[test]
    fn grouped_attention_has_four_projections_and_caches_keys_and_values() {
        let group = grouped();
        // Queries and output 100 x 128 each, keys and values 100 x 32 each.
        assert_eq!(group.params_per_layer(100), 2 * 12_800 + 2 * 3_200);
        assert_eq!(group.cache_values(), 64);
        assert!(!group.is_linear());
    }

    #[test]
    fn latent_attention_caches_one_latent_for_all_heads() {
        let mut group = latent();
        // Counted matrix by matrix from the released weights of one layer.
        assert_eq!(group.params_per_layer(7168), 187_105_280);
        assert_eq!(group.cache_values(), 576);
        // DeepSeek-V3.2 adds 64 index heads of 128: wq_b, wk and weights_proj.
        group.top_k = Some(2048);
        group.index_dim = Some(128);
        group.index_heads = Some(64);
        let index = 1536 * 64 * 128 + 7168 * 128 + 7168 * 64;
        assert_eq!(group.params_per_layer(7168), 187_105_280 + index);
        let direct = Latent { q_lora: None, kv_lora: 10, nope: 6, rope: 2, value: 4 };
        let expected = 100 * 3 * 8 + 100 * 12 + 10 * 3 * 10 + 3 * 4 * 100;
        assert_eq!(direct.params(100, 3), expected);
    }

    #[test]
    fn stated_weights_stand_before_dimensions_and_linear_layers_cache_nothing() {
        let mut group = grouped();
        group.params = Some(77);
        assert_eq!((group.params_per_layer(100), group.cache_values()), (77, 64));
        group.state_values = Some(9000);
        assert_eq!((group.params_per_layer(100), group.cache_values()), (77, 0));
        let mix = plain(vec![grouped(), group]);
        assert_eq!(mix.layers(), 8);
        assert_eq!(mix.attention_params(), 4 * 32_000 + 4 * 77);
    }

    #[test]
    fn a_token_passes_its_experts_and_everything_shared() {
        let mut model = plain(vec![grouped()]);
        model.dense = Some(DenseLayers { layers: 1, ffn: 300 });
        model.experts = Some(ExpertLayers {
            layers: 3,
            count: 16,
            top_k: 2,
            ffn: 50,
            shared_ffn: 40,
            latent_width: None,
        });
        assert_eq!(model.expert_params(), 15_000);
        assert_eq!(model.dense_params_per_layer(), 90_000);
        assert_eq!(model.shared_params_per_layer(), 1600 + 12_000);
        let body = 4 * 32_000 + 90_000 + 3 * 13_600;
        assert_eq!(model.params_total(), 200_000 + body + 3 * 16 * 15_000);
        assert_eq!(model.params_active(), 100_000 + body + 3 * 2 * 15_000);
        model.tied_embeddings = true;
        assert_eq!(model.params_total(), 100_000 + body + 3 * 16 * 15_000);
        // Experts at a narrower width; the shared expert and the router stay wide.
        if let Some(experts) = &mut model.experts {
            experts.latent_width = Some(20);
        }
        assert_eq!(model.expert_params(), 3_000);
        assert_eq!(model.shared_params_per_layer(), 1600 + 12_000 + 2 * 2000);
        assert_eq!(model.faults(), []);
    }

    #[test]
    fn impossible_dimensions_are_named_and_never_panic() {
        let mut model = plain(vec![grouped(), latent()]);
        model.experts =
            Some(ExpertLayers { layers: 1, count: 4, top_k: 5, ffn: 1, ..Default::default() });
        model.ffn_matrices = 4;
        model.attention[0].kv_heads = 3;
        model.attention[0].index_dim = Some(8);
        model.attention[1].head_dim = 128;
        model.attention[1].state_values = Some(u32::MAX);
        let paths: Vec<String> = model.faults().into_iter().map(|f| f.0).collect();
        let expected = [
            "attention.0.kv_heads",
            "attention.0.index_dim",
            "attention.0.top_k",
            "attention.1.params",
            "attention.1.state_values",
            "attention.1.head_dim",
            "ffn_matrices",
            "experts.top_k",
        ];
        assert_eq!(paths, expected);
        model.hidden = u32::MAX;
        model.vocab = u32::MAX;
        model.attention[0].heads = u32::MAX;
        model.attention[0].head_dim = u32::MAX;
        assert_eq!(model.params_total(), u64::MAX);
        model.attention[0].kv_heads = 0;
        model.hidden = 0;
        assert!(model.faults().iter().any(|f| f.0 == "attention.0.kv_heads"));
        assert!(model.params_active() < u64::MAX);
    }
}
