//! Solvers of a linear model: one that stays alive between edits, and one-shot ones.
//!
//! It must not let types of good_lp or HiGHS leave, and knows no plan, only arrays.

pub mod good_lp;
pub mod highs;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::plan::lp::{LinearModel, LpSolution};

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
    /// A limit of time or a cancel came before the answer.
    #[error("interrupted before the answer")]
    Interrupted,
    /// A model file that cannot be read.
    #[error("{name}: {what}")]
    File { name: String, what: String },
    /// No solver of that name.
    #[error("there is no solver `{0}`; there are highs, good_lp-highs, clarabel and microlp")]
    UnknownSolver(String),
}

/// Who solves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Solver {
    /// HiGHS with a live object that re-solves from its basis.
    #[default]
    Live,
    /// HiGHS once, modelled through good_lp.
    GoodLpHighs,
    /// Clarabel, an interior-point method in Rust, through good_lp. No whole numbers.
    Clarabel,
    /// microlp, a simplex method in Rust, through good_lp.
    Microlp,
}

impl Solver {
    pub const ALL: [Solver; 4] =
        [Solver::Live, Solver::GoodLpHighs, Solver::Clarabel, Solver::Microlp];

    /// The name on the command line and in provenance.
    pub fn name(self) -> &'static str {
        match self {
            Solver::Live => "highs",
            Solver::GoodLpHighs => "good_lp-highs",
            Solver::Clarabel => "clarabel",
            Solver::Microlp => "microlp",
        }
    }
}

impl fmt::Display for Solver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Solver {
    type Err = BackendError;

    fn from_str(name: &str) -> Result<Self, BackendError> {
        Solver::ALL
            .into_iter()
            .find(|s| s.name() == name)
            .ok_or_else(|| BackendError::UnknownSolver(name.to_owned()))
    }
}

/// Solves `model` once, from nothing.
///
/// # Errors
/// A malformed model, a kind of model that the solver cannot handle, or its failure.
pub fn solve_once(model: &LinearModel, solver: Solver) -> Result<LpSolution, BackendError> {
    match solver {
        Solver::Live => highs::LiveHighs::new()?.solve(model),
        other => good_lp::solve(model, other),
    }
}
