//! What the estimator knows of a rack: per-GPU rates in scaled units (MB, MFLOP and
//! microseconds, so that f32 keeps its digits). It must not know models.

use super::Refusal;
use super::adjunct::Adjunct;
use crate::catalog::{Catalog, Fact, Generation, Precision, Rack};

/// Gbit/s in one MB a microsecond.
pub(super) const GBIT: f64 = 8e3;

/// Rates of one GPU and the domain that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub rack: String,
    pub generation: Generation,
    /// GPUs that sell in one rack.
    pub rack_gpus: f64,
    /// GPUs in one NVLink (or equal) domain.
    pub domain_gpus: f64,
    /// Memory that a serving engine can address, MB.
    pub memory_mb: f64,
    /// Memory bandwidth, MB a microsecond (= TB/s).
    pub bandwidth: f64,
    /// Dense peaks, MFLOP a microsecond (= TFLOP/s); absent where the chip has no such units.
    pub bf16: f64,
    pub fp8: Option<f64>,
    pub fp4: Option<f64>,
    /// One direction, MB a microsecond.
    pub scale_up: f64,
    pub scale_out: f64,
    /// Power limit of the GPU, W; throughput needs no power.
    pub limit_w: Option<f64>,
    /// Provisioned at the rack input under the power cap, kW; absent where unknown.
    pub rack_kw: Option<f64>,
    /// Where the catalogue has that power.
    pub power_path: String,
    /// Site power with everything that serves the rack, kW; absent where unknown.
    pub all_in_kw: Option<f64>,
    /// Chips that compute the networks of decode.
    pub adjunct: Option<Adjunct>,
    /// Paths of the figures above that are values for a demonstration.
    pub demo: Vec<String>,
}

/// Reads figures of one rack; keeps the paths of those that only demonstrate.
pub(super) struct Reader<'a> {
    pub rack: &'a str,
    pub demo: Vec<String>,
}

impl Reader<'_> {
    pub fn path(&self, name: &str) -> String {
        format!("racks.{}.{name}", self.rack)
    }

    /// A figure that may be unknown.
    pub fn get(&mut self, fact: &Fact, name: &str) -> Option<f64> {
        if fact.is_demo() {
            self.demo.push(self.path(name));
        }
        fact.get()
    }

    /// A figure that must be there and above zero.
    pub fn need(&mut self, fact: &Fact, name: &str) -> Result<f64, Refusal> {
        let value = self.get(fact, name).filter(|v| *v > 0.0);
        value.ok_or_else(|| Refusal::Unknown(self.path(name)))
    }

    /// Memory of a chip, MB: what software can address, where that is known.
    pub fn memory_mb(&mut self, rack: &Rack) -> Result<f64, Refusal> {
        let chip = &rack.chip;
        let usable = self.get(&chip.hbm_usable_gb, "chip.hbm_usable_gb").filter(|v| *v > 0.0);
        Ok(1e3 * usable.map_or_else(|| self.need(&chip.hbm_gb, "chip.hbm_gb"), Ok)?)
    }
}

/// Arithmetic that weights of a precision run on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arithmetic {
    pub gemm: f64,
    pub attention: f64,
    /// The chip has no units of the asked precision; a wider one computes.
    pub fallback: Option<Precision>,
}

impl Machine {
    /// A rack under one of its power caps, `None` takes the first, with its adjunct.
    ///
    /// # Errors
    /// Names the figure that is unknown, or the cap that does not exist.
    pub fn from_rack(catalog: &Catalog, rack: &Rack, cap: Option<&str>) -> Result<Self, Refusal> {
        let mut r = Reader { rack: &rack.id, demo: Vec::new() };
        let chip = &rack.chip;
        let cap = match cap {
            None => rack.caps.first(),
            Some(id) => rack.caps.iter().find(|c| c.id == id),
        };
        let cap = cap.ok_or_else(|| Refusal::Unknown(r.path("caps")))?;
        let (rack_gpus, domain_gpus) =
            (r.need(&rack.gpus, "gpus")?, r.need(&rack.scale_up_gpus, "scale_up_gpus")?);
        let power = format!("caps.{}.kw", cap.id);
        let mut machine = Self {
            rack: rack.id.clone(),
            generation: rack.generation,
            rack_gpus,
            domain_gpus,
            memory_mb: r.memory_mb(rack)?,
            bandwidth: r.need(&chip.hbm_tb_s, "chip.hbm_tb_s")?,
            bf16: r.need(&chip.bf16_tflops, "chip.bf16_tflops")?,
            fp8: r.get(&chip.fp8_tflops, "chip.fp8_tflops"),
            fp4: r.get(&chip.fp4_tflops, "chip.fp4_tflops"),
            // The vendors quote both directions together.
            scale_up: r.need(&chip.scale_up_tb_s, "chip.scale_up_tb_s")? / 2.0,
            scale_out: r.need(&chip.scale_out_gbit_s, "chip.scale_out_gbit_s")? / GBIT,
            limit_w: r.get(&chip.tdp_w, "chip.tdp_w").filter(|v| *v > 0.0),
            rack_kw: r.get(&cap.kw, &power).filter(|v| *v > 0.0),
            power_path: r.path(&power),
            all_in_kw: r.get(&rack.all_in_kw, "all_in_kw"),
            adjunct: None,
            demo: Vec::new(),
        };
        if let Some(decoder) = &rack.decoder {
            let racks = domain_gpus / rack_gpus;
            machine.adjunct = Some(Adjunct::new(catalog, decoder, racks, &mut r)?);
        }
        machine.demo = r.demo;
        Ok(machine)
    }

    /// What a reader of any answer must be told of values for a demonstration.
    pub fn demo_words(&self) -> Option<String> {
        let paths = self.demo.join(", ");
        (!self.demo.is_empty()).then(|| format!("stands on demo values: {paths}"))
    }

    /// Provisioned power of the rack, kW, for those who cannot do without.
    ///
    /// # Errors
    /// Names the figure where it is unknown.
    pub fn power_kw(&self) -> Result<f64, Refusal> {
        self.rack_kw.ok_or_else(|| Refusal::Unknown(self.power_path.clone()))
    }

    /// Peaks for weights of a precision; a chip without its units computes in a wider one.
    pub fn arithmetic(&self, precision: Precision) -> Arithmetic {
        let narrow = |attention| match precision {
            Precision::Fp8 => (self.fp8, attention),
            Precision::Fp4 => (self.fp4, attention),
            Precision::Bf16 | Precision::Int4 => (Some(self.bf16), self.bf16),
        };
        let (peak, attention) = narrow(self.fp8.unwrap_or(self.bf16));
        Arithmetic {
            gemm: peak.unwrap_or(self.bf16),
            attention,
            fallback: peak.is_none().then_some(Precision::Bf16),
        }
    }

    /// Bandwidth of messages among so many GPUs, MB a microsecond.
    pub fn network(&self, gpus: f64) -> f64 {
        if self.spans(gpus) { self.scale_out } else { self.scale_up }
    }

    /// Whether so many GPUs reach beyond one scale-up domain.
    pub fn spans(&self, gpus: f64) -> bool {
        gpus > self.domain_gpus
    }
}
