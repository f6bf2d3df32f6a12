//! What others call models and racks leads to the right record, or to none.

use super::embedded;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The folder of measured data that is not part of the repository.
fn measurements() -> Option<PathBuf> {
    let folder = std::env::var_os("GIGASITE_MEASUREMENTS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: GIGASITE_MEASUREMENTS names no folder of measured data");
    }
    folder
}

/// One column of a file of comma-separated values, without its heading.
fn column(folder: &std::path::Path, file: &str, name: &str) -> BTreeSet<String> {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut rows = text.lines().map(fields_of);
    let at = rows.next().unwrap().iter().position(|h| h == name).unwrap();
    rows.map(|row| row[at].clone()).collect()
}

fn fields_of(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            _ => out.last_mut().unwrap().push(c),
        }
    }
    out
}

#[test]
fn labels_of_benchmarks_and_checkpoints_find_their_model() {
    let catalog = embedded();
    for (label, id) in [
        ("DeepSeek-R1-0528", "deepseek-r1"),
        ("nvidia/DeepSeek-R1-0528-NVFP4-v2", "deepseek-r1"),
        ("nvidia/DeepSeek-V3.1-NVFP4", "deepseek-r1"),
        ("DeepSeek-R1 / V3 / V3.1", "deepseek-r1"),
        ("deepseek-ai/DeepSeek-V3.2-Exp", "deepseek-v3.2"),
        ("DeepSeek V4 Pro", "deepseek-v4-pro"),
        ("sgl-project/DeepSeek-V4-Flash-FP8", "deepseek-v4-flash"),
        ("moonshotai/Kimi-K2-Instruct-0905", "kimi-k2"),
        ("Kimi-K2 / K2.5 (text)", "kimi-k2"),
        ("kimik2.5", "kimi-k2.5"),
        ("nvidia/Kimi-K2-Thinking-NVFP4", "kimi-k2-thinking"),
        ("Qwen/Qwen3-235B-A22B-Thinking-2507-FP8", "qwen3-235b"),
        ("Qwen3-30B-A3B-Instruct-2507", "qwen3-30b-a3b"),
        ("Qwen/Qwen3-32B-AWQ", "qwen3-32b"),
        ("qwen3.5_397b_a17b", "qwen3.5-397b"),
        ("Qwen3.8-2.4T-A95B", "qwen3.8-2.4t"),
        ("Qwen/Qwen3-Next-80B-A3B-Thinking", "qwen3-next-80b"),
        ("meta-llama/Meta-Llama-3.1-70B", "llama-3.1-70b"),
        ("Llama-3.3-70B(3.1 arch)", "llama-3.1-70b"),
        ("Llama-3.1/3.3-70B", "llama-3.1-70b"),
        ("RedHatAI/Llama-3.1-8B-Instruct-quantized.w8a8", "llama-3.1-8b"),
        ("nvidia/Llama-3.1-405B-Instruct-FP4", "llama-3.1-405b"),
        ("llama2-70b-99.9", "llama-2-70b"),
        ("openai/gpt-oss-120b", "gpt-oss-120b"),
        ("amd/gpt-oss-20b-w-mxfp4-a-fp8", "gpt-oss-20b"),
        ("GLM-4.5 / 4.6 / 4.7", "glm-4.5"),
        ("zai-org/GLM-5-FP8", "glm-5"),
        ("MiniMax-M2.5-NVFP4", "minimax-m2.5"),
        ("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8", "nemotron-3-super"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"),
        ("google/gemma-3-27b-it", "gemma-3-27b"),
        ("GPT-MoE-1.8T (Nvidia slides)", "gpt-moe-1.8t"),
        ("GPT MoE 2T", "gpt-moe-2t"),
    ] {
        assert_eq!(catalog.model_by_label(label).map(|m| m.id.as_str()), Some(id), "{label}");
    }
}

#[test]
fn a_label_of_another_size_or_of_several_sizes_finds_none() {
    let catalog = embedded();
    for label in [
        "",
        " ",
        "fp8",
        "Instruct",
        "70B",
        "Llama-3.1",
        "Llama-3.1-80B",
        "Llama-31-8B",
        "Qwen3-Next",
        "Qwen3-2",
        "DeepSeek-R1-Distill-Llama-8B",
        "DeepSeek-V4",
        "Kimi",
        "GLM-4.5V",
        "gpt-oss",
        "gpt-oss-12b",
        "GPT-MoE",
        "Mistral-Large",
        "Nemotron-3",
        "((((",
    ] {
        assert_eq!(catalog.model_by_label(label).map(|m| &m.id), None, "{label}");
    }
}

#[test]
fn every_name_leads_back_to_its_record() {
    let catalog = embedded();
    for model in catalog.models.values() {
        for name in model.names() {
            for label in [name.to_owned(), name.to_uppercase(), name.replace('-', "_")] {
                let found = catalog.model_by_label(&label).map(|m| &m.id);
                assert_eq!(found, Some(&model.id), "{label}");
            }
            let dressed = format!("someone/{name}-Instruct-FP8 (July)");
            if !name.contains(" / ") && !name.contains('/') {
                let found = catalog.model_by_label(&dressed).map(|m| &m.id);
                assert_eq!(found, Some(&model.id), "{dressed}");
            }
        }
    }
    for rack in catalog.racks.values() {
        for name in rack.names() {
            assert_eq!(catalog.rack_by_label(name).map(|r| &r.id), Some(&rack.id), "{name}");
        }
    }
}

#[test]
fn a_label_that_fits_two_records_finds_none_and_is_reported() {
    let mut catalog = embedded();
    catalog.models["glm-5"].aliases.push("DSR1".to_owned());
    catalog.racks["mi300x"].aliases.push("b-200".to_owned());
    assert_eq!(catalog.model_by_label("dsr1"), None);
    assert_eq!(catalog.rack_by_label("B200"), None);
    let report = gigasite::catalog::check(&catalog);
    let found: Vec<(&str, &str)> =
        report.items.iter().map(|d| (d.code.as_str(), d.path.as_str())).collect();
    let code = "ambiguous-label";
    assert_eq!(found, [(code, "models.glm-5"), (code, "racks.mi300x")]);
}

#[test]
fn labels_of_chips_and_systems_find_their_rack() {
    let catalog = embedded();
    for (label, id) in [
        ("h100", "hgx-h100"),
        ("h100_sxm", "hgx-h100"),
        ("H200", "hgx-h200"),
        ("b200", "hgx-b200"),
        ("b200_sxm", "hgx-b200"),
        ("b300", "hgx-b300"),
        ("b300_sxm", "hgx-b300"),
        ("gb200", "gb200-nvl72"),
        ("gb200_nvl72", "gb200-nvl72"),
        ("GB200 NVL72 (InferenceX July 2026)", "gb200-nvl72"),
        ("gb300", "gb300-nvl72"),
        ("vr200", "vr-nvl72"),
        ("vr200 (Vera Rubin)", "vr-nvl72"),
        ("vera rubin nvl72", "vr-nvl72"),
        ("mi300x", "mi300x"),
        ("MI355X", "mi355x"),
        ("mi455x", "helios-mi455x"),
    ] {
        assert_eq!(catalog.rack_by_label(label).map(|r| r.id.as_str()), Some(id), "{label}");
    }
    for label in ["", "nvl72", "gb", "b2000", "mi325x", "(h100)"] {
        assert_eq!(catalog.rack_by_label(label).map(|r| &r.id), None, "{label}");
    }
}

#[test]
fn every_label_of_the_measured_data_finds_its_record() {
    let Some(folder) = measurements() else { return };
    let catalog = embedded();
    for (file, name) in [
        ("calibration.csv", "model"),
        ("02-model-architectures.csv", "model"),
        ("02-aiconfigurator-pareto.csv", "model"),
        ("02-tokens-per-mw.csv", "model"),
    ] {
        for label in column(&folder, file, name) {
            assert!(catalog.model_by_label(&label).is_some(), "{file}: {label}");
        }
    }
    for (file, name) in [
        ("calibration.csv", "hardware"),
        ("02-hardware.csv", "hardware"),
        ("02-aiconfigurator-pareto.csv", "system"),
        ("02-tokens-per-mw.csv", "system"),
    ] {
        for label in column(&folder, file, name) {
            assert!(catalog.rack_by_label(&label).is_some(), "{file}: {label}");
        }
    }
}
