//! The configurations that a sweep tries: rows of coefficients x modes x batches, found
//! from one running index. It must not know how they are evaluated.

use super::Refusal;
use super::adjunct;
use super::constants::Constants;
use super::figures::Figures;
use super::kernel::{MODES, Mode, first_token};
use super::machine::Machine;
use super::real::Real;
use super::row::{Mapping, Parts, Row, Workload, weights_frac};
use crate::catalog::{Catalog, Model, Precision, Rack};

/// Bins of interactivity for each group, spread evenly over the logarithm.
pub const BINS: usize = 1024;
/// Octaves that the bins span, from one token/s per user.
pub const OCTAVES: f32 = 12.0;

/// How fine the search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// For a slider that is being dragged.
    #[default]
    Interactive,
    /// Finer steps of the batch, and every prefill worker that is in time.
    Exhaustive,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Where the adjuncts of racks are found.
    pub catalog: &'a Catalog,
    pub model: &'a Model,
    /// Racks with the power cap that they run under; `None` takes the first.
    pub racks: Vec<(&'a Rack, Option<String>)>,
    /// Precisions to compare; each is a group of its own.
    pub precisions: Vec<Precision>,
    pub workload: Workload,
    /// Id or label of the serving framework.
    pub framework: String,
    /// Configurations with a later first token do not count.
    pub ttft_limit_ms: Option<f64>,
    /// Draft tokens where the model has prediction layers.
    pub speculative: bool,
    pub effort: Effort,
}

/// Configurations that compete with each other: one rack at one precision.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub machine: Machine,
    pub precision: Precision,
    /// A wider precision computes because the chip has no units of this one.
    pub fallback: Option<Precision>,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tag {
    pub group: u32,
    pub mapping: Mapping,
}

/// The configurations of a sweep.
#[derive(Clone, Debug)]
pub struct Space {
    pub model: String,
    pub framework: String,
    pub software: String,
    pub workload: Workload,
    pub groups: Vec<Group>,
    /// Rows in double precision for the answers that are shown; `narrow` for the search.
    pub rows: Vec<Row<f64>>,
    pub narrow: Vec<Row<f32>>,
    pub tags: Vec<Tag>,
    pub modes: Vec<Mode>,
    /// Sequences in decoding on one worker, ascending.
    pub batches: Vec<f32>,
    pub ttft_limit_us: f32,
    /// Racks that have no estimate, with the reason.
    pub refused: Vec<(String, Refusal)>,
}

/// The best configuration of each group and bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Output tokens/s per GPU; zero where no configuration falls into the bin.
    pub score: Vec<f32>,
    /// Running index of the first configuration with that score.
    pub index: Vec<u32>,
}

impl Best {
    /// Nothing found yet, for so many groups.
    pub fn empty(groups: usize) -> Self {
        Self { score: vec![0.0; groups * BINS], index: vec![u32::MAX; groups * BINS] }
    }

    /// Takes what is better; of equals the one with the lower index. Nothing is better for
    /// being infinite or not a number.
    #[inline(always)]
    pub fn offer(&mut self, slot: usize, score: f32, index: u32) {
        let (Some(old), Some(first)) = (self.score.get_mut(slot), self.index.get_mut(slot)) else {
            return;
        };
        let better = score > *old && score < f32::INFINITY;
        if better || (score == *old && score > 0.0 && index < *first) {
            (*old, *first) = (score, index);
        }
    }
}

/// Bin of an interactivity.
pub fn bin(tok_s_user: f32) -> usize {
    bin_of(place(tok_s_user))
}

/// Place of an interactivity on the scale of the bins; it may lie beyond the last. A number
/// with sign, because casts to it keep to the lanes of a core.
#[inline(always)]
pub fn place(tok_s_user: f32) -> i32 {
    (tok_s_user.larger(1.0).binary_log() * (BINS as f32 / OCTAVES)) as i32
}

/// The bin at a place.
#[inline(always)]
pub fn bin_of(place: i32) -> usize {
    (place as usize).min(BINS - 1)
}

impl Space {
    /// The configurations for a wish.
    ///
    /// # Errors
    /// The model has no dimensions, the framework is not known, or no rack has an estimate.
    pub fn new(wish: &Wish, constants: &Constants) -> Result<Self, Refusal> {
        let framework = constants.framework(&wish.framework).ok_or_else(|| {
            let known: Vec<&str> = constants.frameworks.iter().map(|f| f.id.as_str()).collect();
            Refusal::Row(format!("framework {:?}: choose {}", wish.framework, known.join(", ")))
        })?;
        let tokens = wish.workload.isl + wish.workload.osl;
        if let Some(max) = wish.model.max_context_tokens.get().filter(|max| tokens > *max) {
            return Err(Refusal::ContextTooLong(wish.model.id.clone(), max));
        }
        let mut space = Self {
            model: wish.model.id.clone(),
            framework: framework.id.clone(),
            software: constants.software.clone(),
            workload: wish.workload,
            groups: Vec::new(),
            rows: Vec::new(),
            narrow: Vec::new(),
            tags: Vec::new(),
            modes: modes(wish),
            batches: batches(wish.effort),
            ttft_limit_us: wish.ttft_limit_ms.map_or(f32::MAX, |ms| (ms * 1e3) as f32),
            refused: Vec::new(),
        };
        for precision in &wish.precisions {
            let figures = Figures::new(wish.model, *precision, constants)?;
            for (rack, cap) in &wish.racks {
                let workload = wish.workload;
                let added =
                    Machine::from_rack(wish.catalog, rack, cap.as_deref()).and_then(|machine| {
                        let parts = Parts {
                            machine: &machine,
                            figures: &figures,
                            framework,
                            constants,
                            workload,
                        };
                        space.add(&parts, wish.effort)
                    });
                if let Err(refusal) = added {
                    space.refused.push((rack.id.clone(), refusal));
                }
            }
        }
        match (space.groups.is_empty(), space.refused.first()) {
            (true, Some((_, refusal))) => Err(refusal.clone()),
            (true, None) => Err(Refusal::Row("no rack and no precision to estimate".into())),
            _ => {
                space.narrow = space.rows.iter().map(Row::narrow).collect();
                Ok(space)
            }
        }
    }

    fn add(&mut self, parts: &Parts, effort: Effort) -> Result<(), Refusal> {
        let group = self.groups.len() as u32;
        let before = self.rows.len();
        adjunct::check(parts)?;
        let (mappings, largest) = mappings(parts.machine);
        for pool in pools(parts, largest, self.ttft_limit_us, effort) {
            for mapping in &mappings {
                let row = Row::new(parts, *mapping, pool);
                if row.capacity >= 1.0 {
                    self.rows.push(row);
                    self.tags.push(Tag { group, mapping: *mapping });
                }
            }
        }
        if self.rows.len() == before {
            return Err(Refusal::DoesNotFit(parts.figures.model.clone(), largest));
        }
        let precision = parts.figures.precision;
        self.groups.push(Group {
            machine: parts.machine.clone(),
            precision,
            fallback: parts.machine.arithmetic(precision).fallback,
        });
        Ok(())
    }

    /// Configurations in all.
    pub fn len(&self) -> usize {
        self.rows.len() * self.modes.len() * self.batches.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Configurations that fit into memory: a sweep evaluates each of them once.
    pub fn evaluated(&self) -> usize {
        let fitting = |row: &Row<f32>| self.batches.partition_point(|b| *b <= row.capacity);
        self.narrow.iter().map(fitting).sum::<usize>() * self.modes.len()
    }

    /// Row, mode and batch behind an index.
    pub fn locate(&self, index: u32) -> Option<(usize, Mode, f32)> {
        let per_row = self.modes.len() * self.batches.len();
        let (row, rest) = (index as usize / per_row, index as usize % per_row);
        let mode = *self.modes.get(rest / self.batches.len())?;
        let batch = *self.batches.get(rest % self.batches.len())?;
        (row < self.rows.len()).then_some((row, mode, batch))
    }
}

fn modes(wish: &Wish) -> Vec<Mode> {
    let drafts =
        wish.speculative && wish.model.architecture.as_ref().is_some_and(|a| a.mtp_layers > 0);
    MODES.into_iter().filter(|m| drafts || !m.speculative).collect()
}

/// Batches on a logarithmic ladder; they are means over time and need not be whole. Its steps
/// bound what the search loses: at most one of them in throughput where two batches enclose
/// the wanted speed.
fn batches(effort: Effort) -> Vec<f32> {
    let (steps, octaves) = match effort {
        Effort::Interactive => (32.0, 15),
        Effort::Exhaustive => (128.0, 15),
    };
    (0..=(octaves * steps as i32)).map(|i| (f64::from(i) / steps).exp2() as f32).collect()
}

/// Mappings worth trying on a machine, and the largest group of GPUs among them.
fn mappings(machine: &Machine) -> (Vec<Mapping>, f64) {
    if machine.adjunct.is_some() {
        return (adjunct::mappings(machine.domain_gpus), machine.domain_gpus);
    }
    // Small domains reach out over the network; large ones are not left.
    let largest =
        if machine.domain_gpus < 16.0 { machine.domain_gpus * 4.0 } else { machine.domain_gpus };
    let mut out = Vec::new();
    for power in (0..12).map(|p| f64::from(1u32 << p)) {
        for stages in [1.0, 2.0, 4.0] {
            // Stages join domains; inside one no measured deployment has any.
            if stages > 1.0 && power != machine.domain_gpus {
                continue;
            }
            // Heads split over powers of two; requests and experts over what there is.
            out.push(Mapping { gpus: power, data_parallel: false, stages, groups: 1.0 });
            let sizes = [1.0, 1.25, 1.5, 1.75].map(|f| power * f);
            let sizes = sizes.into_iter().filter(|g| g.fract() == 0.0 && *g > 1.0);
            out.extend(sizes.map(|gpus| Mapping {
                gpus,
                data_parallel: true,
                stages,
                groups: 1.0,
            }));
        }
    }
    if largest.log2().fract() != 0.0 {
        out.push(Mapping { gpus: largest, data_parallel: true, stages: 1.0, groups: 1.0 });
    }
    out.retain(|m| m.gpus * m.stages <= largest);
    (out, largest)
}

/// A step so many times as long as its floors is a slow one.
const SLOW: f64 = 10.0;

/// GPUs of a prefill worker worth trying: from the smallest with room for its work, which
/// waits least for the network, up to the one that brings the first token in time even
/// where decode steps are slow.
fn pools(parts: &Parts, largest: f64, limit_us: f32, effort: Effort) -> Vec<f64> {
    let mapping = |gpus: f64| Mapping { gpus, data_parallel: false, stages: 1.0, groups: 1.0 };
    let most = parts.constants.prefill_weights_frac;
    let room = |gpus: &f64| weights_frac(parts, mapping(*gpus)) <= most;
    let first = |gpus: f64, times: f64| {
        let row = Row::new(parts, mapping(gpus), gpus);
        first_token(&row, row.pool_use, row.fixed * times, true)
    };
    let limit = f64::from(limit_us);
    let powers = (0..12).map(|p| f64::from(1u32 << p)).take_while(|g| *g < largest);
    let all: Vec<f64> = powers.chain([largest]).filter(room).collect();
    let in_time = all.iter().copied().skip_while(|g| first(*g, 0.0) > limit);
    let mut out = Vec::new();
    for gpus in in_time {
        out.push(gpus);
        let enough = first(gpus, SLOW) <= limit && effort == Effort::Interactive;
        if enough || limit_us == f32::MAX {
            break;
        }
    }
    // Where none is in time, prefill beside decode may be: rows name some worker.
    if out.is_empty() { all.into_iter().take(1).collect() } else { out }
}

/// The catalogue's racks that a wish may name: those with GPUs of their own.
pub fn racks(catalog: &Catalog) -> impl Iterator<Item = &Rack> {
    catalog.racks.values().filter(|r| Machine::from_rack(catalog, r, None).is_ok())
}
