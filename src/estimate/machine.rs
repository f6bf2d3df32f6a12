//! What the estimator knows of a rack: per-GPU rates in scaled units (MB, MFLOP and
//! microseconds, so that f32 keeps its digits). It must not know models.

use super::Refusal;
use crate::catalog::{Generation, Precision, Rack};

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
    /// Site power with everything that serves the rack, kW; absent where unknown.
    pub all_in_kw: Option<f64>,
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
    /// A rack under one of its power caps; `None` takes the first.
    ///
    /// # Errors
    /// Names the figure that is unknown, or the cap that does not exist.
    pub fn from_rack(rack: &Rack, cap: Option<&str>) -> Result<Self, Refusal> {
        let need = |fact: &crate::catalog::Fact, name: &str| {
            let path = || Refusal::Unknown(format!("racks.{}.{name}", rack.id));
            fact.get().filter(|v| *v > 0.0).ok_or_else(path)
        };
        let chip = &rack.chip;
        let cap = match cap {
            None => rack.caps.first(),
            Some(id) => rack.caps.iter().find(|c| c.id == id),
        };
        let cap = cap.ok_or_else(|| Refusal::Unknown(format!("racks.{}.caps", rack.id)))?;
        let positive = |fact: &crate::catalog::Fact| fact.get().filter(|v| *v > 0.0);
        let usable = chip.hbm_usable_gb.get().or(chip.hbm_gb.get()).filter(|v| *v > 0.0);
        Ok(Self {
            rack: rack.id.clone(),
            generation: rack.generation,
            rack_gpus: need(&rack.gpus, "gpus")?,
            domain_gpus: need(&rack.scale_up_gpus, "scale_up_gpus")?,
            memory_mb: 1e3
                * usable
                    .ok_or_else(|| Refusal::Unknown(format!("racks.{}.chip.hbm_gb", rack.id)))?,
            bandwidth: need(&chip.hbm_tb_s, "chip.hbm_tb_s")?,
            bf16: need(&chip.bf16_tflops, "chip.bf16_tflops")?,
            fp8: chip.fp8_tflops.get(),
            fp4: chip.fp4_tflops.get(),
            // The vendors quote both directions together.
            scale_up: need(&chip.scale_up_tb_s, "chip.scale_up_tb_s")? / 2.0,
            // Gbit/s to MB a microsecond.
            scale_out: need(&chip.scale_out_gbit_s, "chip.scale_out_gbit_s")? / 8e3,
            limit_w: positive(&chip.tdp_w),
            rack_kw: positive(&cap.kw),
            all_in_kw: rack.all_in_kw.get(),
        })
    }

    /// Provisioned power of the rack, kW, for those who cannot do without.
    ///
    /// # Errors
    /// Names the figure where it is unknown.
    pub fn power_kw(&self) -> Result<f64, Refusal> {
        self.rack_kw.ok_or_else(|| Refusal::Unknown(format!("racks.{}.caps.kw", self.rack)))
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
