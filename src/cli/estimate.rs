//! `gigasite estimate`: what racks serve, by the throughput estimator: a frontier, or
//! predictions for a table of deployments.

mod frontier;
pub(super) mod output;
mod points;
mod text;

use super::{Common, End, load_catalog};
use crate::estimate::Choice;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum BackendName {
    #[default]
    Auto,
    Cpu,
    Gpu,
    /// A graphics adapter that computes on the CPU: it checks the shader, slowly
    Software,
}

impl From<BackendName> for Choice {
    fn from(name: BackendName) -> Self {
        match name {
            BackendName::Auto => Choice::Auto,
            BackendName::Cpu => Choice::Cpu,
            BackendName::Gpu => Choice::Gpu,
            BackendName::Software => Choice::Software,
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Ids: `gigasite catalog list racks`, `gigasite catalog list models`.")]
pub(super) struct Arguments {
    /// Racks to compare, by id or a name that others use
    #[arg(long, value_name = "R,...", value_delimiter = ',', required_unless_present = "points")]
    rack: Vec<String>,
    /// The model to serve
    #[arg(long, value_name = "M", required_unless_present = "points")]
    model: Option<String>,
    /// Precisions to compare: bf16, fp8, fp4, int4 [default: the usual one on each rack]
    #[arg(long, value_name = "P,...", value_delimiter = ',')]
    precision: Vec<String>,
    /// Input tokens of a request
    #[arg(long, value_name = "N", default_value_t = 8192.0)]
    isl: f64,
    /// Output tokens of a request
    #[arg(long, value_name = "N", default_value_t = 1024.0)]
    osl: f64,
    /// Share of the input that the prefix cache holds, 0 to 1
    #[arg(long, value_name = "FRAC", default_value_t = 0.0)]
    prefix_cached: f64,
    /// Serving framework: trtllm, sglang or vllm
    #[arg(long, value_name = "F", default_value = "trtllm")]
    framework: String,
    /// Month of the serving software, back to the oldest that was measured [default: the newest]
    #[arg(long, value_name = "YYYY-MM")]
    software: Option<String>,
    /// Latest first token, milliseconds
    #[arg(long, value_name = "MS")]
    ttft_limit: Option<f64>,
    /// No draft tokens, even where the model has prediction layers
    #[arg(long)]
    no_drafts: bool,
    /// Power cap of the racks [default: the first of each]
    #[arg(long, value_name = "CAP")]
    cap: Option<String>,
    /// Finer steps of the batch and all prefill workers
    #[arg(long)]
    exhaustive: bool,
    /// Where to search
    #[arg(long, value_enum, default_value_t)]
    backend: BackendName,
    /// Draw the curves as PNG
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Draw the curves as SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Draw on white
    #[arg(long)]
    light: bool,
    /// Predict each deployment of a table instead
    #[arg(long, value_name = "FILE.csv", requires = "out", conflicts_with_all = FRONTIER_ONLY)]
    points: Option<PathBuf>,
    /// Where the table with the predictions goes
    #[arg(long, value_name = "FILE.csv", requires = "points")]
    out: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Options that a table of deployments has no use for: each row states its own.
const FRONTIER_ONLY: &[&str] = &[
    "rack",
    "model",
    "precision",
    "isl",
    "osl",
    "prefix_cached",
    "framework",
    "software",
    "ttft_limit",
    "no_drafts",
    "cap",
    "exhaustive",
    "png",
    "svg",
    "light",
];

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    match (&arguments.points, &arguments.out) {
        (Some(points), Some(out)) => points::run(arguments, points, out, &catalog),
        _ => frontier::run(arguments, &catalog),
    }
}
