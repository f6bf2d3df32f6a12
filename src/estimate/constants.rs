//! The catalogue's serving constants as plain numbers. It must not know racks or models.
//!
//! Equation ids (E1 and on) are those of `docs/model.md`.

use super::Refusal;
use crate::catalog::{Catalog, Fact, Generation, Precision, Serving};

/// Constants of one dated set; times in microseconds, efficiencies as fractions of peak.
#[derive(Clone, Debug, PartialEq)]
pub struct Constants {
    pub id: String,
    /// Software that the constants stand for, `YYYY-MM`.
    pub software: String,
    pub step_us: f64,
    pub expert_layer_us: f64,
    pub latent_layer_us: f64,
    pub sparse_layer_us: f64,
    pub linear_layer_us: f64,
    pub reduce_us: f64,
    pub dispatch_us: f64,
    pub scale_out_ratio: f64,
    pub weights_frac: f64,
    pub experts_frac: f64,
    pub cache_frac: f64,
    pub gemm_frac: f64,
    pub attention_frac: f64,
    pub prefill_frac: f64,
    pub reduce_frac: f64,
    pub dispatch_frac: f64,
    pub long_message_ratio: f64,
    pub memory_frac: f64,
    pub popularity_shape_ratio: f64,
    pub imbalance_ratio: f64,
    pub interference_ratio: f64,
    pub prefill_use_frac: f64,
    pub prefill_worker_ratio: f64,
    pub prefill_weights_frac: f64,
    pub first_prefill_ratio: f64,
    pub first_steps_ratio: f64,
    pub first_wave_frac: f64,
    pub handover_us: f64,
    pub draft_tokens: f64,
    pub accepted_tokens: f64,
    pub draft_layer_ratio: f64,
    pub power_base_frac: f64,
    pub power_load_frac: f64,
    pub power_exponent_ratio: f64,
    /// Logarithm of the time per output token, more for each month of age.
    pub tpot_frac_per_month: f64,
    /// Oldest software that the trend reaches, and the set's own.
    pub software_from: String,
    pub software_to: String,
    pub frameworks: Vec<FrameworkConstants>,
    pub generations: Vec<GenerationConstants>,
    pub precisions: Vec<PrecisionConstants>,
    pub bands: Vec<BandConstants>,
}

/// Floors of one serving framework.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameworkConstants {
    pub id: String,
    pub name: String,
    pub labels: Vec<String>,
    pub layer_us: f64,
    pub first_token_us: f64,
    pub queue_ratio: f64,
}

/// Floors of one hardware generation over those of Blackwell.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerationConstants {
    pub generation: Generation,
    pub layer_ratio: f64,
    pub dispatch_ratio: f64,
    pub arithmetic_ratio: f64,
}

/// Bytes of a value at one precision.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionConstants {
    pub precision: Precision,
    pub weight_bytes: f64,
    pub cache_bytes: f64,
    pub attention_bytes: f64,
}

/// Measured over predicted time per output token: 10 % and 90 % quantile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandConstants {
    pub disaggregated: bool,
    pub speculative: bool,
    pub low_ratio: f64,
    pub high_ratio: f64,
}

/// Reads facts of one record and remembers the first that is unknown.
struct Reader {
    place: String,
    missing: Option<String>,
}

impl Reader {
    fn get(&mut self, fact: &Fact, name: &str) -> f64 {
        fact.get().unwrap_or_else(|| {
            self.missing.get_or_insert_with(|| format!("{}.{name}", self.place));
            f64::NAN
        })
    }
}

impl Constants {
    /// The newest set of the catalogue.
    ///
    /// # Errors
    /// No set, or a value of it is unknown.
    pub fn newest(catalog: &Catalog) -> Result<Self, Refusal> {
        let newest = catalog.serving.values().max_by(|a, b| a.software.cmp(&b.software));
        newest.map_or(Err(Refusal::NoConstants), Self::from_record)
    }

    /// The set of one record.
    ///
    /// # Errors
    /// Names the value that is unknown.
    pub fn from_record(record: &Serving) -> Result<Self, Refusal> {
        let mut r = Reader { place: format!("serving.{}", record.id), missing: None };
        let (f, e, b) = (&record.floors, &record.efficiency, &record.batching);
        let (t, s, p) = (&record.first_token, &record.speculation, &record.power);
        let constants = Self {
            id: record.id.clone(),
            software: record.software.clone(),
            step_us: r.get(&f.step_us, "floors.step_us"),
            expert_layer_us: r.get(&f.expert_layer_us, "floors.expert_layer_us"),
            latent_layer_us: r.get(&f.latent_layer_us, "floors.latent_layer_us"),
            sparse_layer_us: r.get(&f.sparse_layer_us, "floors.sparse_layer_us"),
            linear_layer_us: r.get(&f.linear_layer_us, "floors.linear_layer_us"),
            reduce_us: r.get(&f.reduce_us, "floors.reduce_us"),
            dispatch_us: r.get(&f.dispatch_us, "floors.dispatch_us"),
            scale_out_ratio: r.get(&f.scale_out_ratio, "floors.scale_out_ratio"),
            weights_frac: r.get(&e.weights_frac, "efficiency.weights_frac"),
            experts_frac: r.get(&e.experts_frac, "efficiency.experts_frac"),
            cache_frac: r.get(&e.cache_frac, "efficiency.cache_frac"),
            gemm_frac: r.get(&e.gemm_frac, "efficiency.gemm_frac"),
            attention_frac: r.get(&e.attention_frac, "efficiency.attention_frac"),
            prefill_frac: r.get(&e.prefill_frac, "efficiency.prefill_frac"),
            reduce_frac: r.get(&e.reduce_frac, "efficiency.reduce_frac"),
            dispatch_frac: r.get(&e.dispatch_frac, "efficiency.dispatch_frac"),
            long_message_ratio: r.get(&e.long_message_ratio, "efficiency.long_message_ratio"),
            memory_frac: r.get(&e.memory_frac, "efficiency.memory_frac"),
            popularity_shape_ratio: r
                .get(&b.popularity_shape_ratio, "batching.popularity_shape_ratio"),
            imbalance_ratio: r.get(&b.imbalance_ratio, "batching.imbalance_ratio"),
            interference_ratio: r.get(&b.interference_ratio, "batching.interference_ratio"),
            prefill_use_frac: r.get(&b.prefill_use_frac, "batching.prefill_use_frac"),
            prefill_worker_ratio: r.get(&b.prefill_worker_ratio, "batching.prefill_worker_ratio"),
            prefill_weights_frac: r.get(&b.prefill_weights_frac, "batching.prefill_weights_frac"),
            first_prefill_ratio: r.get(&t.prefill_ratio, "first_token.prefill_ratio"),
            first_steps_ratio: r.get(&t.steps_ratio, "first_token.steps_ratio"),
            first_wave_frac: r.get(&t.wave_frac, "first_token.wave_frac"),
            handover_us: r.get(&t.handover_ms, "first_token.handover_ms") * 1e3,
            draft_tokens: r.get(&s.draft_tokens, "speculation.draft_tokens"),
            accepted_tokens: r.get(&s.accepted_tokens, "speculation.accepted_tokens"),
            draft_layer_ratio: r.get(&s.draft_layer_ratio, "speculation.draft_layer_ratio"),
            power_base_frac: r.get(&p.base_frac, "power.base_frac"),
            power_load_frac: r.get(&p.load_frac, "power.load_frac"),
            power_exponent_ratio: r.get(&p.exponent_ratio, "power.exponent_ratio"),
            tpot_frac_per_month: r
                .get(&record.trend.tpot_frac_per_month, "trend.tpot_frac_per_month"),
            software_from: record.trend.from.clone(),
            software_to: record.software.clone(),
            frameworks: frameworks(record, &mut r),
            generations: generations(record, &mut r),
            precisions: precisions(record, &mut r),
            bands: bands(record, &mut r),
        };
        r.missing.map_or(Ok(constants), |path| Err(Refusal::Unknown(path)))
    }

    /// The framework that a label such as `vllm 0.18.0` or `dynamo-trt` names.
    pub fn framework(&self, label: &str) -> Option<&FrameworkConstants> {
        let label = label.to_lowercase();
        self.frameworks.iter().find(|f| f.labels.iter().any(|part| label.contains(part.as_str())))
    }

    /// Floors of a generation; those of Blackwell where it has none of its own. Beside LPX
    /// the GPUs are Rubin's.
    pub fn generation(&self, generation: Generation) -> GenerationConstants {
        let of = |g: Generation| self.generations.iter().find(|own| own.generation == g);
        let beside = (generation == Generation::RubinLpx).then_some(Generation::Rubin);
        let own = of(generation).or(beside.and_then(of));
        own.cloned().unwrap_or(GenerationConstants {
            generation,
            layer_ratio: 1.0,
            dispatch_ratio: 1.0,
            arithmetic_ratio: 1.0,
        })
    }

    /// Bytes of values at a precision.
    ///
    /// # Errors
    /// The set knows nothing of this precision.
    pub fn precision(&self, precision: Precision) -> Result<&PrecisionConstants, Refusal> {
        let found = self.precisions.iter().find(|p| p.precision == precision);
        found.ok_or_else(|| Refusal::Unknown(format!("serving.{}.precisions.{precision}", self.id)))
    }

    /// Measured over predicted time per output token, 10 % and 90 % quantile.
    pub fn band(&self, disaggregated: bool, speculative: bool) -> (f64, f64) {
        let own = self
            .bands
            .iter()
            .find(|b| b.disaggregated == disaggregated && b.speculative == speculative);
        own.map_or((f64::NAN, f64::NAN), |b| (b.low_ratio, b.high_ratio))
    }
}

fn frameworks(record: &Serving, r: &mut Reader) -> Vec<FrameworkConstants> {
    let of = |f: &crate::catalog::Framework, r: &mut Reader| FrameworkConstants {
        id: f.id.clone(),
        name: f.name.clone(),
        labels: f.labels.clone(),
        layer_us: r.get(&f.layer_us, &format!("frameworks.{}.layer_us", f.id)),
        first_token_us: 1e3
            * r.get(&f.first_token_ms, &format!("frameworks.{}.first_token_ms", f.id)),
        queue_ratio: r.get(&f.queue_ratio, &format!("frameworks.{}.queue_ratio", f.id)),
    };
    record.frameworks.iter().map(|f| of(f, r)).collect()
}

fn generations(record: &Serving, r: &mut Reader) -> Vec<GenerationConstants> {
    let of = |g: &crate::catalog::GenerationFloors, r: &mut Reader| GenerationConstants {
        generation: g.generation,
        layer_ratio: r.get(&g.layer_ratio, &format!("generations.{:?}", g.generation)),
        dispatch_ratio: r.get(&g.dispatch_ratio, &format!("generations.{:?}", g.generation)),
        arithmetic_ratio: r.get(&g.arithmetic_ratio, &format!("generations.{:?}", g.generation)),
    };
    record.generations.iter().map(|g| of(g, r)).collect()
}

fn precisions(record: &Serving, r: &mut Reader) -> Vec<PrecisionConstants> {
    let of = |p: &crate::catalog::PrecisionBytes, r: &mut Reader| {
        let place = format!("precisions.{}", p.precision);
        PrecisionConstants {
            precision: p.precision,
            weight_bytes: r.get(&p.weight_bytes, &place),
            cache_bytes: r.get(&p.cache_bytes, &place),
            attention_bytes: r.get(&p.attention_bytes, &place),
        }
    };
    record.precisions.iter().map(|p| of(p, r)).collect()
}

fn bands(record: &Serving, r: &mut Reader) -> Vec<BandConstants> {
    let of = |b: &crate::catalog::Band, r: &mut Reader| BandConstants {
        disaggregated: b.disaggregated,
        speculative: b.speculative,
        low_ratio: r.get(&b.low_ratio, "bands.low_ratio"),
        high_ratio: r.get(&b.high_ratio, "bands.high_ratio"),
    };
    record.bands.iter().map(|b| of(b, r)).collect()
}
