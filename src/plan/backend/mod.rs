//! Solvers of a linear model: one that stays alive between edits, and one-shot ones.
//!
//! It must not let types of good_lp or HiGHS leave, and knows no plan, only arrays.

pub mod highs;

use thiserror::Error;

/// What keeps a backend from an answer. That a model is infeasible or unbounded is an
/// answer, not an error.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum BackendError {
    /// The arrays are not a model (lengths, indices, NaN).
    #[error("malformed model: {0}")]
    Model(String),
    /// The solver cannot handle this kind of model.
    #[error("{solver} cannot solve {what}")]
    Unsupported { solver: &'static str, what: String },
    /// The solver gave up for a reason of its own.
    #[error("{solver}: {what}")]
    Solver { solver: &'static str, what: String },
    /// A model file that cannot be read.
    #[error("{name}: {what}")]
    File { name: String, what: String },
}
