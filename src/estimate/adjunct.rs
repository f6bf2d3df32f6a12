//! Decode beside an adjunct (equation E19 of `docs/model.md`): the GPUs of a domain keep
//! mixers, caches, embedding and head, chips beside them hold all networks and compute them.
//! It must not know how many batches are tried, nor who asks.

use super::Refusal;
use super::machine::{GBIT, Reader};
use super::row::{Mapping, Parts, Row, arithmetic, reduce_us};
use crate::catalog::{Catalog, Decoder, Precision};

/// Prefill on GPUs without the networks takes forever: a number that loses against all that
/// is possible, and that single precision still computes with, microseconds.
const NEVER_US: f64 = 1e12;

/// All chips that stand beside the GPUs of one domain. Rates are those of one chip, in the
/// units of the machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjunct {
    pub rack: String,
    pub chips: f64,
    pub memory_mb: f64,
    pub bandwidth: f64,
    pub bf16: Option<f64>,
    pub fp8: Option<f64>,
    pub fp4: Option<f64>,
    /// One direction: among the chips, and to the GPUs.
    pub scale_up: f64,
    pub scale_out: f64,
    /// Latency of a message to the GPUs or from them, microseconds.
    pub message_us: f64,
}

impl Adjunct {
    /// The adjunct of a domain of so many racks; `reader` is that of the rack beside it.
    pub(super) fn new(
        catalog: &Catalog,
        decoder: &Decoder,
        racks: f64,
        reader: &mut Reader<'_>,
    ) -> Result<Self, Refusal> {
        let beside = reader.need(&decoder.racks, "decoder.racks")?;
        let message_us = reader.need(&decoder.message_us, "decoder.message_us")?;
        let missing = || Refusal::Unknown(reader.path("decoder.rack"));
        let rack = catalog.racks.get(&decoder.rack).ok_or_else(missing)?;
        let chip = &rack.chip;
        let mut r = Reader { rack: &rack.id, demo: Vec::new() };
        let out = Self {
            rack: rack.id.clone(),
            chips: racks * beside * r.need(&rack.gpus, "gpus")?,
            memory_mb: r.memory_mb(rack)?,
            bandwidth: r.need(&chip.hbm_tb_s, "chip.hbm_tb_s")?,
            bf16: r.get(&chip.bf16_tflops, "chip.bf16_tflops"),
            fp8: r.get(&chip.fp8_tflops, "chip.fp8_tflops"),
            fp4: r.get(&chip.fp4_tflops, "chip.fp4_tflops"),
            // The vendors quote both directions together.
            scale_up: r.need(&chip.scale_up_tb_s, "chip.scale_up_tb_s")? / 2.0,
            scale_out: r.need(&chip.scale_out_gbit_s, "chip.scale_out_gbit_s")? / GBIT,
            message_us,
        };
        reader.demo.append(&mut r.demo);
        Ok(out)
    }

    /// The narrowest precision at which the chips compute weights of `asked` without loss,
    /// and their peak in it.
    ///
    /// # Errors
    /// Names the peak that is unknown.
    pub fn arithmetic(&self, asked: Precision) -> Result<(Precision, f64), Refusal> {
        let (fp4, fp8) = ((Precision::Fp4, self.fp4), (Precision::Fp8, self.fp8));
        let (name, able) = match asked {
            Precision::Bf16 => ("bf16_tflops", vec![(Precision::Bf16, self.bf16)]),
            Precision::Fp4 => ("fp8_tflops", vec![fp4, fp8]),
            Precision::Fp8 | Precision::Int4 => ("fp8_tflops", vec![fp8]),
        };
        let first = able.into_iter().find_map(|(p, peak)| Some((p, peak.filter(|v| *v > 0.0)?)));
        let path = || format!("racks.{}.chip.{name}", self.rack);
        first.ok_or_else(|| Refusal::Unknown(path()))
    }
}

/// Mappings beside an adjunct: attention over groups of the domain's GPUs.
pub(super) fn mappings(domain_gpus: f64) -> Vec<Mapping> {
    let whole = |gpus: &f64| (domain_gpus / gpus).fract() == 0.0;
    let powers = (0..12).map(|p| f64::from(1u32 << p)).take_while(|g| *g <= domain_gpus);
    let mapping =
        |gpus| Mapping { gpus, data_parallel: false, stages: 1.0, groups: domain_gpus / gpus };
    powers.filter(whole).map(mapping).collect()
}

/// Whether the chips compute the model and have room for its networks.
///
/// # Errors
/// Names the peak that is unknown, or the chips that are too few.
pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    let Some(adjunct) = &parts.machine.adjunct else { return Ok(()) };
    let f = parts.figures;
    let networks = (f.dense_mb + f.experts_mb) * widening(parts, adjunct)?;
    let drafts = 1.0 + f.mtp_layers / f.layers;
    let room = parts.constants.memory_frac * adjunct.memory_mb * adjunct.chips;
    if networks * drafts <= room {
        return Ok(());
    }
    Err(Refusal::NetworksDoNotFit(f.model.clone(), adjunct.chips, adjunct.rack.clone()))
}

/// How much larger the networks are in the precision of the chips.
fn widening(parts: &Parts, adjunct: &Adjunct) -> Result<f64, Refusal> {
    let (asked, c) = (parts.figures.precision, parts.constants);
    let (held, _) = adjunct.arithmetic(asked)?;
    Ok(c.precision(held)?.weight_bytes / c.precision(asked)?.weight_bytes)
}

/// E19: a row of GPUs alone, of one group of them, becomes that of the domain with its
/// adjunct. One that [`check`] refuses has no capacity.
pub(super) fn beside(row: Row<f64>, parts: &Parts, mapping: Mapping) -> Row<f64> {
    let Parts { machine, figures: f, constants: c, .. } = *parts;
    let Some(adjunct) = &machine.adjunct else { return row };
    let (Ok(wider), Ok((_, peak))) = (widening(parts, adjunct), adjunct.arithmetic(f.precision))
    else {
        return Row { capacity: 0.0, ..row };
    };
    let (groups, gpus) = (mapping.groups, mapping.worker_gpus());
    let own = (f.mixer_mb / mapping.gpus + f.head_mb / gpus) / (machine.bandwidth * c.weights_frac);
    let sram = adjunct.bandwidth * adjunct.chips / wider;
    Row {
        gpus,
        fixed: fixed_us(parts, mapping, adjunct),
        weights: own + f.dense_mb / (sram * c.weights_frac),
        experts: f.experts_mb / (sram * c.experts_frac),
        gemm: (f.decode_mflop - f.network_mflop) / gpus / (arithmetic(parts).gemm * c.gemm_frac),
        ranks: groups,
        network: reduce_us(parts, mapping.gpus) * f.layers / groups
            + messages_us(parts, gpus, adjunct)
            + f.network_mflop / (adjunct.chips * peak * c.gemm_frac),
        imbalance: if groups > 1.0 { c.imbalance_ratio } else { 1.0 },
        prefill: NEVER_US,
        capacity: capacity(parts, mapping),
        ..row
    }
}

/// Floors of a step: those of the GPUs without their experts, one reduction behind the
/// mixer of each layer, and two messages for each network.
fn fixed_us(parts: &Parts, mapping: Mapping, adjunct: &Adjunct) -> f64 {
    let Parts { machine, figures: f, framework, constants: c, .. } = *parts;
    let floors = c.generation(machine.generation);
    let layers = (f.layers * framework.layer_us + f.latent_layers * c.latent_layer_us)
        * floors.layer_ratio
        + f.sparse_layers * c.sparse_layer_us
        + f.linear_layers * c.linear_layer_us;
    let reductions = if mapping.gpus > 1.0 { f.layers * c.reduce_us } else { 0.0 };
    c.step_us + layers + reductions + 2.0 * f.network_layers * adjunct.message_us
}

/// Volume of one token: to the chips at one byte a value and back at two, over the slower
/// end of the network; among them a copy for each of its experts.
fn messages_us(parts: &Parts, gpus: f64, adjunct: &Adjunct) -> f64 {
    let Parts { machine, figures: f, constants: c, .. } = *parts;
    let there = (gpus * machine.scale_out).min(adjunct.chips * adjunct.scale_out);
    let among = adjunct.chips * adjunct.scale_up;
    let volume = 1.5 * f.hidden_mb / c.dispatch_frac;
    volume * (f.network_layers / there + f.expert_layers * f.top_k / among)
}

/// Sequences that fit beside mixers, head and embedding; none where the networks do not fit.
fn capacity(parts: &Parts, mapping: Mapping) -> f64 {
    let Parts { machine, figures: f, constants: c, workload, .. } = *parts;
    if check(parts).is_err() {
        return 0.0;
    }
    let drafts = 1.0 + f.mtp_layers / f.layers;
    let weights = f.mixer_mb * mapping.groups * drafts + f.head_mb + f.embedding_mb;
    let memory = c.memory_frac * machine.memory_mb * mapping.worker_gpus();
    let sequence = f.held_mb(workload.held_context(), mapping.gpus) * mapping.gpus;
    (memory - weights) / sequence
}
