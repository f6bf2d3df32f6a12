//! Models and sweeps of the tests. The models are made up, so that corrections of the
//! catalogue do not move the tests; racks and constants are those that ship.

use crate::support::embedded;
use gigasite::catalog::{Catalog, Precision};
use gigasite::estimate::{Constants, Effort, Space, Wish, Workload};

/// Experts behind latent attention with drafts; heads in groups without experts; windows,
/// a chosen few entries and a recurrent state.
const MODELS: &str = r#"(models: [
    (id: "experts", name: "Experts", maker: "test",
        total_params_b: (value: 671, kind: Assumed, source: "gigasite-assumptions"),
        active_params_b: (value: 37, kind: Assumed, source: "gigasite-assumptions"),
        max_context_tokens: (value: 2000000, kind: Assumed, source: "gigasite-assumptions"),
        architecture: (kind: Assumed, source: "gigasite-assumptions",
            hidden: 7168, vocab: 129280, tied_embeddings: false,
            attention: [(layers: 61, heads: 128, kv_heads: 1, head_dim: 192,
                latent: (q_lora: 1536, kv_lora: 512, nope: 128, rope: 64, value: 128))],
            dense: (layers: 3, ffn: 18432),
            experts: (layers: 58, count: 256, top_k: 8, ffn: 2048, shared_ffn: 2048),
            ffn_matrices: 3, mtp_layers: 1)),
    (id: "dense", name: "Dense", maker: "test",
        total_params_b: (value: 70, kind: Assumed, source: "gigasite-assumptions"),
        active_params_b: (value: 70, kind: Assumed, source: "gigasite-assumptions"),
        max_context_tokens: (value: 2000000, kind: Assumed, source: "gigasite-assumptions"),
        architecture: (kind: Assumed, source: "gigasite-assumptions",
            hidden: 8192, vocab: 128256, tied_embeddings: false,
            attention: [(layers: 80, heads: 64, kv_heads: 8, head_dim: 128)],
            dense: (layers: 80, ffn: 28672), ffn_matrices: 3, mtp_layers: 0)),
    (id: "mixed", name: "Mixed", maker: "test",
        total_params_b: (value: 120, kind: Assumed, source: "gigasite-assumptions"),
        active_params_b: (value: 6, kind: Assumed, source: "gigasite-assumptions"),
        max_context_tokens: (value: 2000000, kind: Assumed, source: "gigasite-assumptions"),
        architecture: (kind: Assumed, source: "gigasite-assumptions",
            hidden: 2880, vocab: 201088, tied_embeddings: true,
            attention: [
                (layers: 12, heads: 64, kv_heads: 8, head_dim: 64, window_tokens: 128),
                (layers: 12, heads: 64, kv_heads: 8, head_dim: 64,
                    top_k: 2048, index_dim: 64, index_heads: 8),
                (layers: 12, heads: 64, kv_heads: 8, head_dim: 64,
                    state_values: 500000, params: 30000000)],
            experts: (layers: 36, count: 128, top_k: 4, ffn: 2880, shared_ffn: 0),
            ffn_matrices: 3, mtp_layers: 1)),
])"#;

pub const IDS: [&str; 3] = ["experts", "dense", "mixed"];
/// Domains of 8 and of 72 GPUs, with and without units for four bits.
pub const RACKS: [&str; 4] = ["hgx-h100", "hgx-b200", "gb200-nvl72", "vr-nvl72"];

pub fn catalog() -> Catalog {
    let overlay = [("models.ron".to_owned(), MODELS.to_owned())];
    embedded().with_overlay(&overlay).unwrap_or_else(|r| panic!("{r:?}"))
}

pub fn constants(catalog: &Catalog) -> Constants {
    Constants::newest(catalog).unwrap()
}

/// A wish for one model on all racks at two precisions.
pub fn wish<'a>(catalog: &'a Catalog, model: &str) -> Wish<'a> {
    Wish {
        catalog,
        model: &catalog.models[model],
        racks: RACKS.iter().map(|id| (&catalog.racks[*id], None)).collect(),
        precisions: vec![Precision::Fp8, Precision::Fp4],
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        framework: "sglang".into(),
        ttft_limit_ms: None,
        speculative: true,
        effort: Effort::Interactive,
    }
}

pub fn space(catalog: &Catalog, wish: &Wish) -> Space {
    Space::new(wish, &constants(catalog)).unwrap()
}
