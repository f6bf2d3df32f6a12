//! The answer to "how many tokens, how fast": curves of racks by the estimator with
//! published curves beside them. The field names are those of `gigasite estimate --json`.

mod picture;
mod published;

pub use picture::picture;
pub use published::{Published, PublishedPoint, published};

use crate::catalog::{Errors, Model, Rack};
use crate::estimate::{BackendReport, Frontier, FrontierPoint, Workload};
use crate::units::format;
use serde::Serialize;

/// Everything that is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Throughput {
    pub evaluated_points: usize,
    pub seconds: f64,
    /// `cpu` or `gpu`.
    pub backend: String,
    pub adapter: String,
    /// Why the backend is not the one that was asked for.
    pub note: Option<String>,
    /// Software that the estimate stands for, `YYYY-MM`.
    pub software: String,
    /// Newest software among the measurements behind the constants.
    pub newest_software: String,
    /// Time per token over that of the newest software; nothing where it is the newest.
    pub tpot_ratio: Option<f64>,
    /// Id of the constants in the catalogue.
    pub constants: String,
    pub errors: ErrorFigures,
    /// Id and name of the model.
    pub model: String,
    #[serde(skip)]
    pub model_name: String,
    pub framework: String,
    #[serde(skip)]
    pub framework_name: String,
    pub workload: WorkloadFigures,
    /// What the curves were made of, for the picture.
    #[serde(skip)]
    pub frontiers: Vec<Frontier>,
    pub curves: Vec<Curve>,
    pub refused: Vec<Refused>,
    pub published: Vec<Published>,
}

impl Throughput {
    /// What older software does, in words that follow its month.
    pub fn aged(&self) -> String {
        self.tpot_ratio.map_or_else(String::new, |ratio| {
            let newest = &self.newest_software;
            format!(" ({} times the time per token of {newest})", format::fixed(ratio, 2))
        })
    }
}

/// Errors on hardware and model pairs left out of the fit; unknown where not computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ErrorFigures {
    pub tpot_mean_frac: Option<f64>,
    pub tpot_median_frac: Option<f64>,
    pub throughput_median_frac: Option<f64>,
    pub ttft_median_frac: Option<f64>,
}

impl ErrorFigures {
    pub fn new(errors: &Errors) -> Self {
        Self {
            tpot_mean_frac: errors.tpot_mean_frac.get(),
            tpot_median_frac: errors.tpot_median_frac.get(),
            throughput_median_frac: errors.throughput_median_frac.get(),
            ttft_median_frac: errors.ttft_median_frac.get(),
        }
    }
}

/// What is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct WorkloadFigures {
    pub isl: f64,
    pub osl: f64,
    pub prefix_cached_frac: f64,
    pub ttft_limit_ms: Option<f64>,
    /// Whether draft tokens were allowed.
    pub drafts: bool,
}

impl WorkloadFigures {
    pub fn new(workload: Workload, ttft_limit_ms: Option<f64>, drafts: bool) -> Self {
        let Workload { isl, osl, cached_frac } = workload;
        Self { isl, osl, prefix_cached_frac: cached_frac, ttft_limit_ms, drafts }
    }
}

/// The frontier of one rack at one precision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    pub rack: String,
    #[serde(skip)]
    pub rack_name: String,
    /// Id of the power cap.
    pub cap: String,
    pub precision: String,
    /// What computes where the chip has no units of the precision.
    pub fallback: Option<String>,
    /// The figure without which there is nothing per MW IT and no power.
    pub unknown: Option<String>,
    /// Chips that compute the networks of decode.
    pub adjunct: Option<Beside>,
    /// Paths of the catalogue whose values only demonstrate: the curve is no promise.
    pub demo: Vec<String>,
    /// The same in words.
    #[serde(skip)]
    pub demo_words: Option<String>,
    pub points: Vec<Point>,
}

/// Chips beside the GPUs of one domain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Beside {
    pub rack: String,
    pub chips: f64,
    /// In which they hold the networks and compute them.
    pub precision: Option<String>,
}

/// A rack without a curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused {
    pub rack: String,
    pub reason: String,
}

/// One configuration that no other beats in both speed and throughput.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    pub tok_s_user: f64,
    /// Output tokens/s per GPU, prefill workers included.
    pub tok_s_gpu: f64,
    pub tok_s_rack: f64,
    /// Per MW provisioned at the rack input; unknown for some racks.
    pub tok_s_it_mw: Option<f64>,
    /// Per MW of site power with everything that serves the rack; unknown for some racks.
    pub tok_s_site_mw: Option<f64>,
    pub ttft_ms: f64,
    pub tpot_ms: f64,
    /// Band of `tok_s_user`.
    pub low: f64,
    pub high: f64,
    /// Rack input; unknown for some racks.
    pub provisioned_kw: Option<f64>,
    pub drawn_kw: Option<f64>,
    /// GPUs of one decode worker, all its stages.
    pub gpus: f64,
    /// `tensor` or `data` parallel attention.
    pub attention: &'static str,
    pub stages: f64,
    /// Groups of GPUs that split attention, each with requests of its own, beside an adjunct.
    pub groups: f64,
    /// Sequences in decoding on one worker.
    pub batch: f64,
    /// GPUs of prefill workers for one decode worker.
    pub prefill_gpus: f64,
    pub disaggregated: bool,
    pub drafts: bool,
    /// Whether the model has routed experts, which decides what its networks are split by.
    #[serde(skip)]
    pub experts: bool,
}

impl Point {
    fn new(p: &FrontierPoint, experts: bool) -> Self {
        Self {
            tok_s_user: p.tok_s_user,
            tok_s_gpu: p.tok_s_gpu,
            tok_s_rack: p.tok_s_rack,
            tok_s_it_mw: p.tok_s_it_mw,
            tok_s_site_mw: p.tok_s_site_mw,
            ttft_ms: p.ttft_ms,
            tpot_ms: p.tpot_ms,
            low: p.tok_s_user_low,
            high: p.tok_s_user_high,
            provisioned_kw: p.rack_kw,
            drawn_kw: p.drawn_kw,
            gpus: p.mapping.worker_gpus(),
            attention: if p.mapping.data_parallel { "data" } else { "tensor" },
            stages: p.mapping.stages,
            groups: p.mapping.groups,
            batch: p.batch,
            prefill_gpus: p.prefill_gpus,
            disaggregated: p.mode.split,
            drafts: p.mode.speculative,
            experts,
        }
    }
}

impl Curve {
    /// The points of a frontier of a rack under a power cap.
    pub fn new(frontier: &Frontier, rack: &Rack, cap: &str, model: &Model) -> Self {
        let group = &frontier.group;
        let experts = model.architecture.as_ref().is_some_and(|a| a.experts.is_some());
        Self {
            rack: rack.id.clone(),
            rack_name: rack.name.clone(),
            cap: cap.to_owned(),
            precision: group.precision.to_string(),
            fallback: group.fallback.map(|p| p.to_string()),
            unknown: group.machine.power_kw().err().map(|refusal| refusal.to_string()),
            adjunct: group.machine.adjunct.as_ref().map(|a| Beside {
                rack: a.rack.clone(),
                chips: a.chips,
                precision: a.arithmetic(group.precision).ok().map(|(p, _)| p.to_string()),
            }),
            demo: group.machine.demo.clone(),
            demo_words: group.machine.demo_words(),
            points: frontier.points.iter().map(|p| Point::new(p, experts)).collect(),
        }
    }

    /// The point with the most tokens at an interactivity of at least `tok_s_user`.
    pub fn at(&self, tok_s_user: f64) -> Option<&Point> {
        // Points ascend in speed and fall in throughput.
        self.points.iter().find(|p| p.tok_s_user >= tok_s_user)
    }
}

impl Throughput {
    /// Says where the sweeps ran.
    pub fn ran_on(&mut self, report: &BackendReport) {
        self.backend = report.backend.to_owned();
        self.adapter.clone_from(&report.adapter);
        self.note.clone_from(&report.note);
    }
}

/// How the GPUs share the model, in words: `DP64 EP64, prefill apart 1.4:1, drafts, batch 512`.
pub fn configuration(p: &Point) -> String {
    let stage = p.gpus / p.stages / p.groups;
    let mut out = match (p.attention, p.experts) {
        _ if p.groups > 1.0 && stage > 1.0 => format!("DP{} TP{stage}", p.groups),
        _ if p.groups > 1.0 => format!("DP{}", p.groups),
        ("data", true) => format!("DP{stage} EP{stage}"),
        ("data", false) => format!("DP{stage} TP{stage}"),
        _ => format!("TP{stage}"),
    };
    if p.stages > 1.0 {
        out.push_str(&format!(" PP{}", p.stages));
    }
    if p.disaggregated {
        out.push_str(&format!(", prefill apart {}:1", ratio(p.prefill_gpus / p.gpus)));
    }
    if p.drafts {
        out.push_str(", drafts");
    }
    out.push_str(&format!(", batch {}", format::mean_count(p.batch)));
    out
}

/// Two digits of what counts.
fn ratio(v: f64) -> String {
    match v {
        v if v >= 0.095 => format!("{v:.1}"),
        v if v >= 0.005 => format!("{v:.2}"),
        _ => "<0.01".to_owned(),
    }
}
