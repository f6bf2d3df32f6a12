//! Throughput estimator: for a rack, a model, a precision and a workload the frontier of
//! output tokens/s against tokens/s per user, with time to first token and power.
//!
//! It must not know sites or money. The equations and their papers stand in
//! `docs/model.md`; the constants, with the fit that made them, in the catalogue.

mod adjunct;
mod backend;
mod constants;
mod cpu;
mod figures;
mod frontier;
#[cfg(feature = "gpu")]
mod gpu;
mod kernel;
mod machine;
mod parallel;
pub mod points;
mod real;
mod row;
mod software;
mod space;

pub use adjunct::Adjunct;
pub use backend::{Backend, BackendReport, Choice};
pub use constants::{BandConstants, Constants, FrameworkConstants, GenerationConstants};
pub use figures::Figures;
pub use frontier::{Frontier, FrontierPoint, frontiers};
pub use kernel::{Answer, MODES, Mode, Score, Step, evaluate, first_token, score, step};
pub use machine::{Arithmetic, Machine};
pub use row::{Mapping, Parts, ROW_FIELDS, Row, Workload};
pub use space::{BINS, Best, Effort, Group, OCTAVES, Space, Tag, Wish, bin, racks};

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("the catalogue holds no serving constants")]
    NoConstants,
    #[error("{0} is unknown")]
    Unknown(String),
    #[error("no published dimensions of the model {0}")]
    NoArchitecture(String),
    #[error("{0} does not fit into the memory of {1} GPUs")]
    DoesNotFit(String, f64),
    #[error("the networks of {0} do not fit into the memory of {1} chips of {2}")]
    NetworksDoNotFit(String, f64, String),
    #[error("longer than the context of {0}, {1} tokens")]
    ContextTooLong(String, f64),
    #[error("{0}")]
    Row(String),
    #[error(
        "software of {asked}: the measurements behind the constants cover {from} to {to} \
         (year-month) alone"
    )]
    Software { asked: String, from: String, to: String },
}
