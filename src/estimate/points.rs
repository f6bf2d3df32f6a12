//! Predictions of single deployments, as benchmark tables describe them: a fixed number of
//! requests in flight on given workers. It must not know files.

use super::constants::{Constants, FrameworkConstants};
use super::figures::Figures;
use super::kernel::{first_token, step};
use super::machine::Machine;
use super::row::{Mapping, Parts, Row, Workload};
use super::{Refusal, parallel};
use crate::catalog::{Catalog, Model, Precision, Rack};
use rayon::prelude::*;

/// A row of a benchmark table, as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    pub hardware: String,
    pub model: String,
    /// Blank means the model's usual one on that hardware.
    pub precision: String,
    /// `mtp` and its like; blank and `unstated` count as none.
    pub spec_decode: String,
    pub framework: String,
    /// `disagg`, or anything else for prefill and decode on the same GPUs.
    pub mode: String,
    pub parallel: String,
    pub gpus: Option<f64>,
    pub prefill_gpus: Option<f64>,
    pub isl: Option<f64>,
    pub osl: Option<f64>,
    pub concurrency: Option<f64>,
    /// `mean` where times are means over a run; medians else.
    pub stat: String,
}

/// A point with every label resolved; ready for any set of constants.
#[derive(Clone, Debug)]
pub struct Deployment<'a> {
    pub machine: Machine,
    pub model: &'a Model,
    pub precision: Precision,
    pub framework: String,
    pub mapping: Mapping,
    /// Decode workers.
    pub workers: f64,
    /// Prefill workers and the GPUs of each, where they are apart.
    pub prefill: Option<(f64, f64)>,
    pub workload: Workload,
    pub concurrency: f64,
    pub speculative: bool,
    /// Times are means over a run that starts all its requests at once.
    pub mean: bool,
    /// What was taken because the point does not state it.
    pub assumed: Vec<String>,
}

/// What the model says of a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    pub tok_s_user: f64,
    /// Output tokens/s over all GPUs, prefill workers included.
    pub out_tok_s_gpu: f64,
    pub ttft_ms: f64,
    pub tpot_ms: f64,
    /// Band of the time per output token: 80 % of pairs left out of the fit lie inside.
    pub tpot_low_ms: f64,
    pub tpot_high_ms: f64,
    /// Mean power of a GPU over its limit.
    pub power_frac: f64,
    pub notes: Vec<String>,
}

/// Every point's prediction or the reason for none, in their order, over all cores.
pub fn predict_all(
    catalog: &Catalog,
    constants: &Constants,
    points: &[Point],
) -> Vec<Result<Prediction, Refusal>> {
    let one = |p: &Point| Deployment::resolve(catalog, p).and_then(|d| d.predict(constants));
    points.par_iter().map(one).collect()
}

impl<'a> Deployment<'a> {
    /// Resolves the labels of a point.
    ///
    /// # Errors
    /// Names what is missing or not known.
    pub fn resolve(catalog: &'a Catalog, point: &Point) -> Result<Self, Refusal> {
        let rack = catalog.rack_by_label(&point.hardware);
        let rack = rack.ok_or_else(|| unknown("hardware", &point.hardware))?;
        let model = catalog.model_by_label(&point.model);
        let model = model.ok_or_else(|| unknown("model", &point.model))?;
        let machine = Machine::from_rack(catalog, rack, None)?;
        if machine.adjunct.is_some() {
            // No label says how attention is spread over the GPUs beside an adjunct.
            let why = format!("{}: no mapping can be stated beside an adjunct", rack.id);
            return Err(Refusal::Row(why));
        }
        let mut assumed = Vec::new();
        let precision = precision(point, model, rack, &mut assumed)?;
        let gpus = positive(point.gpus, "gpus")?;
        let layout = if point.mode.to_lowercase().contains("disagg") {
            parallel::split(&point.parallel, gpus, point.prefill_gpus, machine.domain_gpus)?
        } else {
            parallel::together(&point.parallel, gpus)
        };
        let stated = point.spec_decode.trim().to_lowercase();
        if stated.is_empty() || stated == "unstated" {
            assumed.push("speculative decoding is not stated: none".into());
        }
        Ok(Self {
            machine,
            model,
            precision,
            framework: point.framework.clone(),
            mapping: layout.mapping,
            workers: layout.workers,
            prefill: layout.prefill,
            workload: Workload {
                isl: positive(point.isl, "isl")?,
                osl: positive(point.osl, "osl")?,
                cached_frac: 0.0,
            },
            concurrency: positive(point.concurrency, "concurrency")?,
            speculative: !["", "unstated", "none", "no", "off", "false"].contains(&stated.as_str()),
            mean: point.stat.trim().eq_ignore_ascii_case("mean"),
            assumed,
        })
    }

    /// GPUs of all workers.
    fn gpus(&self) -> f64 {
        let decode = self.workers * self.mapping.gpus * self.mapping.stages;
        decode + self.prefill.map_or(0.0, |(workers, gpus)| workers * gpus)
    }

    /// Solves the closed loop: requests in flight = rate x (TTFT + (OSL - 1) TPOT) (E17).
    ///
    /// # Errors
    /// The model has no published dimensions, or the constants lack its framework or precision.
    pub fn predict(&self, c: &Constants) -> Result<Prediction, Refusal> {
        let figures = Figures::new(self.model, self.precision, c)?;
        let framework = self.framework(c)?;
        let mut notes = self.assumed.clone();
        if c.framework(&self.framework).is_none() {
            notes.push(format!("framework not known: floors of {}", framework.name));
        }
        let row = self.row(&figures, framework, c);
        self.remarks(&row, &figures, c, &mut notes);
        let (low, high) = c.band(self.prefill.is_some(), self.speculative);
        let state = self.settle(&row, c);
        Ok(Prediction {
            tok_s_user: 1e6 / state.tpot_us,
            out_tok_s_gpu: state.rate * self.workers * self.workload.osl * 1e6 / self.gpus(),
            ttft_ms: state.ttft_us / 1e3,
            tpot_ms: state.tpot_us / 1e3,
            tpot_low_ms: state.tpot_us / 1e3 * low,
            tpot_high_ms: state.tpot_us / 1e3 * high,
            power_frac: state.power_frac,
            notes,
        })
    }

    /// Use of the prefill workers where they stand apart and so many output tokens/s per GPU
    /// are measured.
    ///
    /// # Errors
    /// As [`Deployment::predict`].
    pub fn prefill_use(&self, c: &Constants, out_tok_s_gpu: f64) -> Result<Option<f64>, Refusal> {
        let Some((workers, _)) = self.prefill else { return Ok(None) };
        let figures = Figures::new(self.model, self.precision, c)?;
        let row = self.row(&figures, self.framework(c)?, c);
        let requests = out_tok_s_gpu * self.gpus() / self.workload.osl / 1e6;
        Ok(Some(requests * row.pool_prefill / workers))
    }

    /// Floors of the point's framework; of the first where it is not known.
    fn framework<'c>(&self, c: &'c Constants) -> Result<&'c FrameworkConstants, Refusal> {
        let known = c.framework(&self.framework).or(c.frameworks.first());
        known.ok_or_else(|| unknown("framework", &self.framework))
    }

    fn row(&self, figures: &Figures, framework: &FrameworkConstants, c: &Constants) -> Row<f64> {
        let machine = &self.machine;
        let parts = Parts { machine, figures, framework, constants: c, workload: self.workload };
        let pool_gpus = self.prefill.map_or(self.mapping.gpus, |(_, gpus)| gpus);
        Row::new(&parts, self.mapping, pool_gpus)
    }

    fn remarks(&self, row: &Row<f64>, figures: &Figures, c: &Constants, notes: &mut Vec<String>) {
        if self.speculative {
            notes.push(format!(
                "accepted length {:.2} with {:.0} drafts, constants of {}",
                c.accepted_tokens, c.draft_tokens, c.software
            ));
        }
        if let Some(wide) = self.machine.arithmetic(self.precision).fallback {
            notes.push(format!("no {} units: computes in {wide}", self.precision));
        }
        if row.capacity < 1.0 {
            notes.push("by the estimate the model does not fit: memory left out".into());
        }
        let tokens = self.workload.isl + self.workload.osl;
        if figures.max_context.is_some_and(|max| tokens > max) {
            notes.push("longer than the model's context".into());
        }
    }

    fn settle(&self, row: &Row<f64>, c: &Constants) -> State {
        let flight = self.concurrency / self.workers;
        let steps = (self.workload.osl - 1.0).max(1.0);
        let room = if row.capacity < 1.0 { flight } else { row.capacity.min(flight) };
        // Requests a microsecond that the prefill workers of one decode worker finish.
        let fed = self
            .prefill
            .map_or(f64::INFINITY, |(workers, _)| workers / self.workers / row.pool_prefill);
        let mut batch = room;
        let mut state = State::default();
        for _ in 0..SETTLING {
            let s = step(row, batch.max(1.0), self.speculative);
            let won = if self.speculative { row.accepted } else { 1.0 };
            let together = self.prefill.is_none();
            let share =
                if together { row.interference * batch * row.prefill / row.osl } else { 0.0 };
            let tpot_us = s.us / won + share;
            let used = if together { share / tpot_us } else { state.rate / fed };
            let mut first = first_token(row, used, s.us, !together);
            if self.mean {
                let work = if together { row.prefill } else { 1.0 / fed };
                first += c.first_wave_frac * flight * work;
            }
            let busy = (s.busy_us / won + share) / tpot_us;
            let rate = (flight / (first + steps * tpot_us)).min(fed);
            let next = (rate * steps * tpot_us).min(room).max(LEAST);
            batch = 0.5 * (batch + next);
            let rate = rate.min(batch / (steps * tpot_us));
            state = State {
                tpot_us,
                rate,
                // What is not decoding waits.
                ttft_us: (flight / rate - steps * tpot_us).max(first),
                power_frac: row.power_base
                    + row.power_load * busy.clamp(1e-6, 1.0).powf(row.power_exponent),
            };
        }
        state
    }
}

/// Rounds of the closed loop; each halves the distance.
const SETTLING: usize = 14;
/// Least sequences in decoding, where requests come one at a time.
const LEAST: f64 = 1e-3;

/// The loop's state on one decode worker.
#[derive(Clone, Copy, Default)]
struct State {
    tpot_us: f64,
    ttft_us: f64,
    /// Requests a microsecond.
    rate: f64,
    power_frac: f64,
}

fn unknown(column: &str, value: &str) -> Refusal {
    Refusal::Row(format!("{column} {value:?} is not in the catalogue"))
}

fn positive(value: Option<f64>, column: &str) -> Result<f64, Refusal> {
    match value {
        Some(v) if v.is_finite() && v > 0.0 => Ok(v),
        Some(v) => Err(Refusal::Row(format!("{column} is {v}, not a positive number"))),
        None => Err(Refusal::Row(format!("{column} is not stated"))),
    }
}

fn precision(
    point: &Point,
    model: &Model,
    rack: &Rack,
    assumed: &mut Vec<String>,
) -> Result<Precision, Refusal> {
    let text = point.precision.trim();
    if !text.is_empty() {
        return Precision::parse(text).ok_or_else(|| unknown("precision", text));
    }
    let usual = model.usual_precision_on(rack);
    assumed.push(format!("precision is not stated: {usual}"));
    Ok(usual)
}
