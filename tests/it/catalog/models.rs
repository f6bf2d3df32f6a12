//! Architectures of models: dimensions give the published weights, and what does not fit is found.

use super::{embedded, first_error, lines, overlay};
use crate::support::close;
use gigasite::catalog::{self, Architecture, Catalog, Kind, Known, Precision};
use gigasite::diag::Report;

fn architecture<'a>(catalog: &'a Catalog, id: &str) -> &'a Architecture {
    catalog.models[id].architecture.as_ref().unwrap_or_else(|| panic!("{id}"))
}

fn codes(report: &Report) -> Vec<(&str, &str)> {
    report.items.iter().map(|d| (d.code.as_str(), d.path.as_str())).collect()
}

#[test]
fn dimensions_give_the_published_weights() {
    let catalog = embedded();
    // Billions, as the makers publish them or count the released files.
    for (id, total, active) in [
        ("deepseek-r1", 671.0, 37.0),
        ("kimi-k2", 1026.0, 32.0),
        ("llama-3.1-405b", 405.85, 405.85),
        ("llama-3.1-70b", 70.55, 70.55),
        ("llama-3.1-8b", 8.03, 8.03),
        ("gpt-oss-120b", 116.83, 5.13),
        ("gpt-oss-20b", 20.91, 3.61),
        ("qwen3-235b", 235.09, 22.0),
        ("qwen3-30b-a3b", 30.53, 3.3),
        ("qwen3.5-397b", 397.0, 17.0),
        ("glm-5", 744.0, 40.0),
        ("nemotron-3-nano", 31.58, 3.2),
        ("nemotron-3-super", 120.6, 12.0),
        ("nemotron-3-ultra", 550.0, 55.0),
        ("kimi-k3", 2780.0, 104.0),
        ("deepseek-v4-flash", 284.0, 13.0),
        ("mixtral-8x7b", 46.7, 12.9),
        ("gemma-3-27b", 27.01, 27.01),
    ] {
        let found = architecture(&catalog, id);
        close(found.params_total() as f64 / 1e9, total, 3e-3, id);
        // A dense model has no other active weights than all; makers of sparse
        // ones count tables in different ways.
        let dense = found.experts.is_none();
        let body = if dense { found.params_total() } else { found.params_active() };
        close(body as f64 / 1e9, active, if dense { 3e-3 } else { 0.08 }, id);
    }
}

#[test]
fn most_models_bear_an_architecture_and_active_weights_that_fit() {
    let catalog = embedded();
    let with = catalog.models.values().filter(|m| m.architecture.is_some()).count();
    assert!(with >= 65, "{with}");
    for model in catalog.models.values() {
        let Some(found) = &model.architecture else { continue };
        assert!(model.usual_precision.is_some(), "{}", model.id);
        assert!(found.layers() >= 16, "{}", model.id);
        let Some(stated) = model.active_params_b.get() else { continue };
        let with_head = found.params_active() as f64 / 1e9;
        let without = with_head - found.embedding_params() as f64 / 1e9;
        let with_both = with_head + found.embedding_params() as f64 / 1e9;
        // Stated figures count one, two or none of the tables, and some are rounded
        // down to whole billions.
        let fits = without <= stated + 1.0 && stated * 0.94 <= with_both;
        assert!(fits, "{}: {without} to {with_both}, stated {stated}", model.id);
    }
}

#[test]
fn a_model_without_published_dimensions_has_no_architecture() {
    let catalog = embedded();
    for id in ["gpt-moe-2t", "gpt-moe-1.8t"] {
        let model = &catalog.models[id];
        assert!(model.architecture.is_none() && model.active_params_b.get().is_none(), "{id}");
    }
}

#[test]
fn caches_hold_what_the_kind_of_attention_needs() {
    let catalog = embedded();
    let values = |id: &str| -> Vec<u64> {
        architecture(&catalog, id).attention.iter().map(|g| g.cache_values()).collect()
    };
    // Two vectors of 8 heads of 128; one latent of 512 + 64; keys of 192 and values of 128.
    assert_eq!(values("llama-3.1-70b"), [2 * 8 * 128]);
    assert_eq!(values("deepseek-r1"), [576]);
    assert_eq!(values("deepseek-v4-pro"), [512, 512]);
    assert_eq!(values("mimo-v2-flash"), [4 * (192 + 128), 8 * (192 + 128)]);
    assert_eq!(values("kimi-k3"), [576, 0]);
    let hybrid = architecture(&catalog, "qwen3.5-397b");
    let linear: Vec<u32> =
        hybrid.attention.iter().filter(|g| g.is_linear()).map(|g| g.layers).collect();
    assert_eq!((linear, hybrid.layers()), (vec![45], 60));
    // 64 heads of 128 x 128 and three steps of convolution over 4 x 4096 - 4096 channels.
    assert_eq!(hybrid.attention[1].state_values, Some(64 * 128 * 128 + 3 * 12_288));
    let v4 = &architecture(&catalog, "deepseek-v4-pro").attention;
    assert_eq!(v4.iter().map(|g| g.layers).sum::<u32>(), 61);
    assert_eq!((v4[0].compress_tokens, v4[0].top_k), (Some(4), Some(1024)));
    assert_eq!((v4[1].compress_tokens, v4[1].top_k), (Some(128), None));
}

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let mut catalog = embedded();
    let spoil = |catalog: &mut Catalog, id: &str, change: fn(&mut Architecture)| {
        change(catalog.models[id].architecture.as_mut().unwrap());
    };
    spoil(&mut catalog, "deepseek-r1", |a| a.experts.as_mut().unwrap().top_k = 300);
    spoil(&mut catalog, "llama-3.1-8b", |a| a.hidden = 4608);
    spoil(&mut catalog, "qwen3-8b", |a| a.attention[0].kv_heads = 0);
    spoil(&mut catalog, "glm-5", |a| a.source = "nowhere".to_owned());
    spoil(&mut catalog, "phi-4", |a| {
        a.kind = Kind::Estimate;
        a.note.clear();
    });
    let report = catalog::check(&catalog);
    let mut found = codes(&report);
    found.sort_unstable();
    let expected = [
        ("architecture", "models.deepseek-r1.architecture.experts.top_k"),
        ("architecture", "models.qwen3-8b.architecture.attention.0.kv_heads"),
        ("architecture-total", "models.llama-3.1-8b.architecture"),
        ("dangling-id", "models.glm-5.architecture.source"),
        ("no-note", "models.phi-4.architecture"),
    ];
    assert_eq!(found, expected, "{}", lines(&report));
    // An unknown total cannot be compared, and is no fault.
    let mut catalog = embedded();
    catalog.models["llama-3.1-8b"].total_params_b.value = Known::Unknown;
    catalog.models["llama-3.1-8b"].total_params_b.note = "Not known".to_owned();
    assert_eq!(codes(&catalog::check(&catalog)), []);
}

const OWN: &str = r#"(
    sources: [(id: "own", title: "Own model card", publisher: "Own", date: "2026-11")],
    models: [(
        id: "own-7b", name: "Own 7B", maker: "Own", aliases: ["Own-7B-Preview"],
        total_params_b: (value: 6.74, kind: Vendor, source: "own"),
        active_params_b: (value: 6.74, kind: Vendor, source: "own"),
        max_context_tokens: (value: 4096, kind: Vendor, source: "own"),
        usual_precision: (hopper: Fp8, blackwell: Int4),
        architecture: (
            kind: Vendor, source: "own", hidden: 4096, vocab: 32000, tied_embeddings: false,
            attention: [(layers: 32, heads: 32, kv_heads: 32, head_dim: 128)],
            dense: (layers: 32, ffn: 11008), ffn_matrices: 3, mtp_layers: 0,
        ),
    )],
)"#;

#[test]
fn an_overlay_adds_a_model_with_its_architecture() {
    let catalog = overlay(OWN).unwrap();
    assert_eq!(catalog::check(&catalog).items, []);
    let model = catalog.model_by_label("own/Own-7B-Preview-FP8").unwrap();
    let usual = model.usual_precision.unwrap();
    assert_eq!((usual.hopper, usual.blackwell), (Precision::Fp8, Precision::Int4));
    assert_eq!(model.architecture.as_ref().unwrap().params_total(), 6_738_149_376);
    let typo = first_error(&OWN.replace("kv_heads", "kv_head"));
    assert_eq!(typo.path, "models.0.architecture.attention.0.kv_head");
    assert!(typo.hint.contains("kv_heads"), "{typo}");
    let source = first_error(&OWN.replace(r#"source: "own", hidden"#, r#"source: "x", hidden"#));
    assert_eq!(source.path, "models.own-7b.architecture.source");
}

#[test]
fn dimensions_can_be_set_by_path_and_only_to_whole_numbers() {
    let mut catalog = embedded();
    let path = "models.kimi-k2.5.architecture.attention.0.heads";
    assert_eq!(catalog.set(path, "128").unwrap().old, "64");
    assert_eq!(architecture(&catalog, "kimi-k2.5").attention[0].heads, 128);
    let path = "models.deepseek-r1.usual_precision.hopper";
    assert_eq!(catalog.set(path, "Bf16").unwrap().old, "\"Fp8\"");
    let before = catalog.clone();
    for (path, value) in [
        ("models.kimi-k2.5.architecture.hidden", "-1"),
        ("models.kimi-k2.5.architecture.hidden", "7168.5"),
        ("models.kimi-k2.5.architecture.source", "nowhere"),
        ("models.kimi-k2.5.architecture.experts.topk", "8"),
        ("models.qwen3-32b.usual_precision.hopper", "Fp6"),
    ] {
        assert!(catalog.set(path, value).is_err(), "{path}={value}");
    }
    assert_eq!(catalog, before);
}

#[test]
fn a_shown_model_tells_its_architecture() {
    let rows = catalog::show(&embedded(), "deepseek-v3.2").unwrap();
    let row = |field: &str| rows.iter().find(|r| r.field == field).unwrap();
    assert_eq!(row("architecture.hidden").value, "7168");
    assert_eq!(row("architecture.attention.0.latent.kv_lora").value, "512");
    assert_eq!(row("architecture.experts.count").value, "256");
    assert_eq!(row("usual_precision.hopper").value, "Fp8");
    assert!(row("aliases").value.contains("DeepSeek-V3.2-Exp"));
    let source = row("architecture.source").source.as_deref().unwrap();
    assert!(source.contains("packaged model configurations"), "{source}");
}

#[test]
fn usable_memory_is_no_more_than_the_stacks_hold() {
    let catalog = embedded();
    for (id, usable) in [
        ("hgx-h100", 80.0),
        ("hgx-h200", 141.0),
        ("hgx-b200", 180.0),
        ("hgx-b300", 268.0),
        ("gb200-nvl72", 186.0),
        ("gb300-nvl72", 278.0),
    ] {
        assert_eq!(catalog.racks[id].chip.hbm_usable_gb.get(), Some(usable), "{id}");
    }
    for rack in catalog.racks.values() {
        if let (Some(all), Some(usable)) = (rack.chip.hbm_gb.get(), rack.chip.hbm_usable_gb.get()) {
            assert!(usable <= all, "{}", rack.id);
        }
    }
    // A file from before the figure was asked for still reads.
    let json = serde_json::to_value(&catalog.racks["mi300x"].chip).unwrap();
    let mut old = json.as_object().unwrap().clone();
    old.remove("hbm_usable_gb").unwrap();
    let chip: catalog::Chip = serde_json::from_value(old.into()).unwrap();
    assert_eq!(chip.hbm_usable_gb.get(), None);
    assert!(!chip.hbm_usable_gb.note.is_empty());
}
