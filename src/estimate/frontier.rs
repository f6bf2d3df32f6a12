//! From the best of each bin to curves: the most output tokens/s at every interactivity.
//! It must not know how the best were found.

use super::constants::Constants;
use super::kernel::{Mode, evaluate};
use super::row::Mapping;
use super::space::{BINS, Best, Group, Space};

/// One configuration that no other beats in both speed and throughput.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontierPoint {
    pub tok_s_user: f64,
    pub tok_s_gpu: f64,
    pub tok_s_rack: f64,
    /// Per MW provisioned at the rack input, where that is known.
    pub tok_s_it_mw: Option<f64>,
    /// Per MW of site power with everything that serves the rack, where that is known.
    pub tok_s_site_mw: Option<f64>,
    pub ttft_ms: f64,
    pub tpot_ms: f64,
    /// Drawn over provisioned power while serving.
    pub drawn_frac: f64,
    /// Rack input power, kW: provisioned and drawn; absent where unknown.
    pub rack_kw: Option<f64>,
    pub drawn_kw: Option<f64>,
    pub mapping: Mapping,
    pub mode: Mode,
    /// Sequences in decoding on one worker.
    pub batch: f64,
    /// GPUs of prefill workers for one decode worker.
    pub prefill_gpus: f64,
    /// Band of the interactivity: 80 % of pairs left out of the fit lie inside.
    pub tok_s_user_low: f64,
    pub tok_s_user_high: f64,
    /// Running index in the space.
    pub index: u32,
}

/// The curve of one group, from the slowest user to the fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Frontier {
    pub group: Group,
    pub points: Vec<FrontierPoint>,
}

impl Frontier {
    /// Most output tokens/s per GPU at an interactivity of at least `tok_s_user`.
    pub fn at(&self, tok_s_user: f64) -> Option<&FrontierPoint> {
        let fast = self.points.iter().filter(|p| p.tok_s_user >= tok_s_user);
        fast.max_by(|a, b| a.tok_s_gpu.total_cmp(&b.tok_s_gpu))
    }
}

/// The curves of a sweep.
pub fn frontiers(space: &Space, best: &Best, constants: &Constants) -> Vec<Frontier> {
    let groups = space.groups.iter().enumerate();
    groups
        .map(|(g, group)| Frontier {
            group: group.clone(),
            points: points(space, best, g, constants),
        })
        .collect()
}

fn points(space: &Space, best: &Best, group: usize, constants: &Constants) -> Vec<FrontierPoint> {
    let mut out: Vec<FrontierPoint> = Vec::new();
    // From the fastest bin down: only what serves more than every faster one stays.
    for slot in (group * BINS..(group + 1) * BINS).rev() {
        let Some(point) = point(space, best.index[slot], constants) else { continue };
        if out.last().is_none_or(|last| point.tok_s_gpu > last.tok_s_gpu) {
            out.push(point);
        }
    }
    out.reverse();
    out
}

/// The whole answer of one configuration, in double precision.
pub fn point(space: &Space, index: u32, constants: &Constants) -> Option<FrontierPoint> {
    let (row, mode, batch) = space.locate(index)?;
    let tag = space.tags.get(row)?;
    let machine = &space.groups.get(tag.group as usize)?.machine;
    let batch = f64::from(batch);
    let answer = evaluate(space.rows.get(row)?, batch, mode);
    let (low, high) = constants.band(mode.split, mode.speculative);
    let tok_s_rack = answer.tok_s_gpu * machine.rack_gpus;
    Some(FrontierPoint {
        tok_s_user: answer.tok_s_user,
        tok_s_gpu: answer.tok_s_gpu,
        tok_s_rack,
        tok_s_it_mw: machine.rack_kw.map(|kw| tok_s_rack * 1e3 / kw),
        tok_s_site_mw: machine.all_in_kw.map(|kw| tok_s_rack * 1e3 / kw),
        ttft_ms: answer.ttft_us / 1e3,
        tpot_ms: answer.tpot_us / 1e3,
        drawn_frac: answer.power_frac,
        rack_kw: machine.rack_kw,
        drawn_kw: machine.rack_kw.map(|kw| kw * answer.power_frac),
        mapping: tag.mapping,
        mode,
        batch,
        prefill_gpus: answer.prefill_gpus,
        // A longer time per token is a slower user.
        tok_s_user_low: answer.tok_s_user / high,
        tok_s_user_high: answer.tok_s_user / low,
        index,
    })
}
