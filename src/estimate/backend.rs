//! Where a sweep runs: CPU or graphics card, and what is said about the choice. It must
//! not know what is estimated.

use super::cpu;
#[cfg(feature = "gpu")]
use super::gpu::{Fault, Gpu, Kind};
use super::space::{Best, Space};

/// What the user asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// A graphics card where there is a real one, else the CPU.
    #[default]
    Auto,
    Cpu,
    Gpu,
    /// An adapter that computes on the CPU: slower than `Cpu`, it checks the shader.
    Software,
}

/// What ran and why.
#[derive(Clone, Debug, PartialEq)]
pub struct BackendReport {
    /// `cpu` or `gpu`.
    pub backend: &'static str,
    /// Name of the adapter, or of the CPU path.
    pub adapter: String,
    /// Why it is not what was asked for.
    pub note: Option<String>,
}

/// A place to run sweeps on; a graphics card is opened once and kept. It may live on a
/// worker thread.
pub struct Backend {
    report: BackendReport,
    #[cfg(feature = "gpu")]
    pub(super) gpu: Option<Gpu>,
}

impl Backend {
    /// Opens what is asked for, or the CPU with the reason.
    #[cfg(feature = "gpu")]
    pub fn open(choice: Choice) -> Self {
        let kind = match choice {
            Choice::Cpu => return Self { report: cpu_report(None), gpu: None },
            Choice::Auto | Choice::Gpu => Kind::Real,
            Choice::Software => Kind::Software,
        };
        match Gpu::open(kind) {
            Ok(gpu) => Self { report: gpu_report(&gpu), gpu: Some(gpu) },
            Err(fault) => Self { report: cpu_report(Some(instead(&fault))), gpu: None },
        }
    }

    /// Opens the CPU: this build has no other.
    #[cfg(not(feature = "gpu"))]
    pub fn open(choice: Choice) -> Self {
        let asked = matches!(choice, Choice::Gpu | Choice::Software);
        let note = "this build computes on the CPU alone: it has no graphics backend";
        Self { report: cpu_report(asked.then(|| note.to_owned())) }
    }

    /// Where the last sweep ran; before the first, where it will.
    pub fn report(&self) -> &BackendReport {
        &self.report
    }

    /// The best configuration of each group and bin. A card that fails on the way is given
    /// up and the CPU answers instead.
    pub fn sweep(&mut self, space: &Space) -> Best {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &mut self.gpu {
            match gpu.sweep(space) {
                Ok(best) => {
                    self.report = gpu_report(gpu);
                    return best;
                }
                Err(fault) => {
                    self.report = cpu_report(Some(instead(&fault)));
                    if !matches!(fault, Fault::TooLarge(..)) {
                        self.gpu = None;
                    }
                }
            }
        }
        cpu::sweep(space)
    }

    /// Longest time that one submission held the graphics card, seconds.
    pub fn longest_submission_s(&self) -> Option<f64> {
        #[cfg(feature = "gpu")]
        return self.gpu.as_ref().map(|gpu| gpu.longest.as_secs_f64());
        #[cfg(not(feature = "gpu"))]
        None
    }
}

fn cpu_report(note: Option<String>) -> BackendReport {
    let threads = rayon::current_num_threads();
    BackendReport { backend: "cpu", adapter: format!("CPU, {threads} threads"), note }
}

#[cfg(feature = "gpu")]
fn gpu_report(gpu: &Gpu) -> BackendReport {
    BackendReport { backend: "gpu", adapter: gpu.adapter.clone(), note: None }
}

#[cfg(feature = "gpu")]
fn instead(fault: &Fault) -> String {
    format!("computed on the CPU: {fault}")
}
