//! Estimated curves of throughput, in the form of the catalogue's: one for each rack and each
//! request that a tier asks for.
//!
//! Estimates depend on figures alone and are kept, so that an edit which leaves them alone
//! costs nothing. The CPU computes them, whatever the machine has: the same site gives the
//! same answer everywhere. It must not know how a plan uses them.

mod ask;
mod choose;
#[cfg(test)]
mod tests;

pub use ask::{Ask, workload};
pub use choose::{corners, spread};

use crate::catalog::{Basis, Catalog, Curve, CurvePoint, Kind, Model, Precision};
use crate::catalog::{Rack, TokenKind};
use crate::estimate::{
    Backend, Choice, Constants, Effort, Frontier, FrontierPoint, Machine, Refusal, Space, Wish,
    frontiers,
};
use crate::site::Estimates;
use crate::study::firm;
use crate::units::format::{mean_count, plain};
use std::sync::Arc;

/// Percentile of estimated speeds: medians, as the measurements that the constants fit.
pub const PERCENTILE: u32 = 50;
/// Estimates that are kept: more than the racks times the requests of any site.
const KEPT: usize = 256;
/// Speeds are told apart to this many tokens/s, so that ids of points stay readable.
const SPEED_STEP: f64 = 1e-3;

/// One estimate to make.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub catalog: &'a Catalog,
    pub rack: &'a Rack,
    pub model: &'a Model,
    pub ask: &'a Ask,
    pub terms: &'a Estimates,
    pub constants: &'a Constants,
}

/// A curve with everything that the search found: as many as a thousand points, from the
/// slowest user to the fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    pub curve: Curve,
    /// `estimate, 2026-07; 8,192 in, 1,024 out`.
    pub evidence: String,
    /// Newest software among the measurements behind the constants, `YYYY-MM`.
    pub software: String,
    /// `cpu` or `gpu`.
    pub backend: &'static str,
    /// Band of the speed of each point: 80 % of pairs left out of the fit lie inside.
    pub speeds: Vec<(f64, f64)>,
}

/// What an estimate depends on, and nothing else.
#[derive(PartialEq)]
struct Key {
    machine: Machine,
    model: Model,
    precision: Precision,
    ask: Ask,
    framework: String,
    drafts: bool,
    constants: Constants,
}

type Answer = Result<Arc<Estimate>, Refusal>;

/// Makes estimates and keeps them, beside what else of an input is dear to work out.
pub struct Estimator {
    backend: Backend,
    /// The least recently used first.
    kept: Vec<(Key, Answer)>,
    /// Firm capacities.
    pub(super) networks: firm::Known,
}

impl Default for Estimator {
    fn default() -> Self {
        let backend = Backend::open(Choice::Cpu);
        Self { backend, kept: Vec::new(), networks: firm::Known::default() }
    }
}

impl Estimator {
    /// The dense curve of a rack for a request.
    ///
    /// # Errors
    /// A figure is unknown, the model does not fit, or its dimensions are not published.
    pub fn estimate(&mut self, request: Request) -> Answer {
        if request.model.architecture.is_none() {
            return Err(Refusal::NoArchitecture(request.model.id.clone()));
        }
        // Throughput does not depend on the power cap; the points run under the first.
        let machine = Machine::from_rack(request.catalog, request.rack, None)?;
        // A plan shares out power.
        machine.power_kw()?;
        let key = Key {
            precision: precision(&request)?,
            machine,
            model: request.model.clone(),
            ask: request.ask.clone(),
            framework: framework(&request)?,
            drafts: request.terms.drafts.unwrap_or(true),
            constants: request.constants.clone(),
        };
        if let Some(at) = self.kept.iter().position(|(kept, _)| *kept == key) {
            let found = self.kept.remove(at);
            let answer = found.1.clone();
            self.kept.push(found);
            return answer;
        }
        let answer = self.sweep(&request, &key).map(Arc::new);
        if self.kept.len() >= KEPT {
            self.kept.drain(..1);
        }
        self.kept.push((key, answer.clone()));
        answer
    }

    fn sweep(&mut self, request: &Request, key: &Key) -> Result<Estimate, Refusal> {
        let wish = Wish {
            catalog: request.catalog,
            model: request.model,
            racks: vec![(request.rack, None)],
            precisions: vec![key.precision],
            workload: key.ask.workload,
            framework: key.framework.clone(),
            ttft_limit_ms: key.ask.ttft_limit_ms,
            speculative: key.drafts,
            effort: Effort::Interactive,
        };
        let space = Space::new(&wish, request.constants)?;
        let best = self.backend.sweep(&space);
        let frontier = frontiers(&space, &best, request.constants).into_iter().next();
        let late = || {
            let limit = key.ask.ttft_limit_ms.unwrap_or(f64::INFINITY);
            Refusal::Row(format!("no configuration gives a first token within {limit} ms"))
        };
        let frontier = frontier.filter(|f| !f.points.is_empty()).ok_or_else(late)?;
        Ok(dense(request, key, &frontier, self.backend.report().backend))
    }
}

/// The precision that the policy names, else the model's usual one on such a chip.
fn precision(request: &Request) -> Result<Precision, Refusal> {
    let model = request.model;
    let usual = model.usual_precision.map(|_| model.usual_precision_on(request.rack));
    let unknown = || Refusal::Unknown(format!("models.{}.usual_precision", request.model.id));
    request.terms.precision.or(usual).ok_or_else(unknown)
}

/// The framework that the policy names, else the first of the constants.
fn framework(request: &Request) -> Result<String, Refusal> {
    let first = request.constants.frameworks.first().map(|f| &f.id);
    let chosen = request.terms.framework.as_ref().or(first);
    let unknown = || Refusal::Unknown(format!("serving.{}.frameworks", request.constants.id));
    chosen.cloned().ok_or_else(unknown)
}

/// A frontier as a curve of the catalogue.
fn dense(request: &Request, key: &Key, frontier: &Frontier, backend: &'static str) -> Estimate {
    let (rack, ask, constants) = (request.rack, request.ask, request.constants);
    let mut found: Vec<&FrontierPoint> = frontier.points.iter().collect();
    // Of points that one step of speed does not tell apart the slowest gives most.
    found.dedup_by_key(|p| (p.tok_s_user / SPEED_STEP).floor() as u64);
    let points = found.iter().enumerate().map(|(i, p)| CurvePoint {
        tok_s_user: rounded(p.tok_s_user),
        model: ask.model.clone(),
        context_tokens: ask.context_tokens(),
        tok_s_per_mw: None,
        tok_s_per_gpu: Some(p.tok_s_gpu),
        cap: None,
        ttft_ms: Some(p.ttft_ms),
        drawn_frac: Some(p.drawn_frac),
        range: Some(range(&found, i)),
        note: configuration(p),
    });
    let fallback = frontier.group.fallback;
    let wide = fallback.map(|wide| format!("No {} units: computes in {wide}", key.precision));
    let demo = key.machine.demo_words();
    let note = wide.into_iter().chain(demo.clone()).collect::<Vec<_>>().join("; ");
    let said = demo.map_or_else(String::new, |words| format!("; {words}"));
    let named = constants.frameworks.iter().find(|f| f.id == key.framework);
    let framework = named.map_or(key.framework.as_str(), |f| f.name.as_str());
    Estimate {
        curve: Curve {
            id: format!("estimate-{}-{}", rack.id, ask.id()),
            name: format!("{} on {}", request.model.name, rack.short),
            rack: rack.id.clone(),
            basis: Basis::Gpu,
            tokens: TokenKind::Output,
            precision: Some(key.precision.to_string()),
            software: format!("{framework}, {}", constants.software),
            percentile: Some(PERCENTILE),
            isl_tokens: Some(ask.workload.isl),
            osl_tokens: Some(ask.workload.osl),
            prefill: true,
            kind: Kind::Estimate,
            source: "gigasite-calibration".to_owned(),
            points: points.collect(),
            note,
        },
        evidence: format!("estimate, {}; {}{said}", constants.software, ask.words()),
        software: constants.software.clone(),
        backend,
        speeds: found.iter().map(|p| (p.tok_s_user_low, p.tok_s_user_high)).collect(),
    }
}

/// Downwards, so that no point promises more than was found. Dividing by a whole number
/// gives the decimal that people read.
fn rounded(tok_s_user: f64) -> f64 {
    (tok_s_user / SPEED_STEP).floor() / SPEED_STEP.recip().round()
}

/// Throughput at the speed of a point where every configuration is slower or faster by its
/// band: speed and throughput move together.
fn range(points: &[&FrontierPoint], at: usize) -> (f64, f64) {
    let p = points[at];
    let most = |speed: f64| {
        let i = points.partition_point(|q| q.tok_s_user < speed * (1.0 - 1e-9));
        points.get(i.min(points.len() - 1)).map_or(p.tok_s_gpu, |q| q.tok_s_gpu)
    };
    let scaled = |speed: f64| {
        let ratio = speed / p.tok_s_user;
        if ratio.is_finite() { ratio * most(p.tok_s_user / ratio) } else { p.tok_s_gpu }
    };
    let (low, high) = (scaled(p.tok_s_user_low), scaled(p.tok_s_user_high));
    (low.min(p.tok_s_gpu), high.max(p.tok_s_gpu))
}

/// `16 GPUs, attention on each, batch 256, drafts, prefill apart on 12.0 GPUs`.
fn configuration(p: &FrontierPoint) -> String {
    let mut parts = vec![format!("{} GPUs", plain(p.mapping.worker_gpus()))];
    if p.mapping.stages > 1.0 {
        parts.push(format!("{} pipeline stages", plain(p.mapping.stages)));
    }
    if p.mapping.groups > 1.0 {
        parts.push(format!("attention in {} groups", plain(p.mapping.groups)));
    }
    if p.mapping.data_parallel {
        parts.push("attention on each".to_owned());
    }
    parts.push(format!("batch {}", mean_count(p.batch)));
    if p.mode.speculative {
        parts.push("drafts".to_owned());
    }
    if p.mode.split {
        parts.push(format!("prefill apart on {:.1} GPUs", p.prefill_gpus));
    }
    parts.join(", ")
}
