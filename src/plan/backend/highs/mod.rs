//! A HiGHS object that stays alive between edits: it is told what changed and starts
//! from the basis it has.
//!
//! It must not know what the rows mean. The basis steers only the way to the optimum;
//! where several plans are equally good, a warm and a cold solve may stop at different ones.

mod ffi;
pub mod read;
mod update;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::plan::backend::BackendError;
use crate::plan::lp::{LinearModel, LpSolution, LpStatus};
use ffi::{ModelStatus, Raw, RawBasis};

/// Feasibility tolerance of rows, columns and reduced costs. HiGHS's own 1e-7 would let
/// a slack of that size pass for value in a difference of two optima.
const TOLERANCE: f64 = 1e-9;

/// A HiGHS object with the model that it holds.
///
/// One thread, no output. After an error it holds no model, and the next `solve` is cold.
pub struct LiveHighs {
    raw: Raw,
    loaded: Option<LinearModel>,
    /// Rows, columns and costs that differ from `loaded` until `restore`.
    touched: Touched,
    force_cold: bool,
    was_warm: bool,
    time_limit: Option<Duration>,
}

#[derive(Default)]
struct Touched {
    rows: Vec<usize>,
    columns: Vec<usize>,
    costs: Vec<usize>,
}

/// A basis to come back to.
#[derive(Clone)]
pub struct Basis(RawBasis);

impl LiveHighs {
    /// # Errors
    /// Where the object cannot be created or refuses an option.
    pub fn new() -> Result<Self, BackendError> {
        let mut raw = Raw::new()?;
        raw.set_bool("output_flag", false)?;
        raw.set_int("threads", 1)?;
        raw.set_int("random_seed", 0)?;
        // Primal where the last basis is still feasible (a price was edited), else dual.
        raw.set_int("simplex_strategy", 0)?;
        set_tolerance(&mut raw, TOLERANCE)?;
        Ok(Self {
            raw,
            loaded: None,
            touched: Touched::default(),
            force_cold: false,
            was_warm: false,
            time_limit: None,
        })
    }

    /// Wall time that one solve may take; `None` for no limit.
    ///
    /// # Errors
    /// Where HiGHS refuses the number.
    pub fn set_time_limit(&mut self, limit: Option<Duration>) -> Result<(), BackendError> {
        let seconds = limit.map_or(f64::INFINITY, |l| l.as_secs_f64());
        self.raw.set_double("time_limit", seconds)?;
        self.time_limit = limit;
        Ok(())
    }

    /// A flag that stops a running solve, which then ends with `LpStatus::Limit`.
    ///
    /// # Errors
    /// Where HiGHS refuses the callback.
    pub fn set_cancel(&mut self, flag: Option<Arc<AtomicBool>>) -> Result<(), BackendError> {
        self.raw.set_cancel(flag)
    }

    /// Relative gap at which an integer solve counts as optimal (1e-4 unless set).
    ///
    /// # Errors
    /// Where HiGHS refuses the number.
    pub fn set_mip_gap(&mut self, relative: f64) -> Result<(), BackendError> {
        self.raw.set_double("mip_rel_gap", relative)
    }

    /// Leaves out the solver's own scaling, for models whose units are chosen so that
    /// coefficients are near one: it costs a pass over the matrix before and after each solve.
    ///
    /// # Errors
    /// Where HiGHS refuses.
    pub fn without_scaling(mut self) -> Result<Self, BackendError> {
        self.raw.set_int("simplex_scale_strategy", 0)?;
        Ok(self)
    }

    /// Makes the next solve forget the basis.
    pub fn cold(&mut self) {
        self.force_cold = true;
    }

    /// Whether the last `solve` started from the basis of the one before.
    pub fn was_warm(&self) -> bool {
        self.was_warm
    }

    /// The model that `restore` goes back to.
    pub fn model(&self) -> Option<&LinearModel> {
        self.loaded.as_ref()
    }

    /// Solves `model`: warm where only numbers differ from the last one, else cold.
    ///
    /// # Errors
    /// Malformed arrays, or a failure of HiGHS that other settings did not cure.
    pub fn solve(&mut self, model: &LinearModel) -> Result<LpSolution, BackendError> {
        self.solve_from(model, None)
    }

    /// As `solve`, but from `basis` where it is of a model of the same size.
    ///
    /// # Errors
    /// As `solve`.
    pub fn solve_from(
        &mut self,
        model: &LinearModel,
        basis: Option<&Basis>,
    ) -> Result<LpSolution, BackendError> {
        let result = self.load(model).and_then(|()| {
            // A basis of another size is refused; it would only have been a start.
            self.was_warm |= basis.is_some_and(|b| self.raw.set_basis(&b.0).is_ok());
            self.resolve()
        });
        if result.is_err() {
            self.loaded = None;
        }
        result
    }

    /// Takes over a model that `basis` is known to be optimal for, without a solve.
    ///
    /// # Errors
    /// Malformed arrays.
    pub fn settle(
        &mut self,
        model: &LinearModel,
        basis: Option<&Basis>,
    ) -> Result<(), BackendError> {
        self.load(model)?;
        basis.map_or(Ok(()), |b| self.set_basis(b))
    }

    /// Solves what is loaded, with the changes since.
    ///
    /// # Errors
    /// Where nothing is loaded, or HiGHS fails.
    pub fn resolve(&mut self) -> Result<LpSolution, BackendError> {
        let status = self.run()?;
        let model = self.loaded()?;
        let integer = model.is_integer();
        let mut s = LpSolution { status: Some(status), objective: f64::NAN, ..Default::default() };
        s.iterations = self.iterations();
        if model.columns() == 0 {
            s.row_activity = vec![0.0; model.rows()];
            s.row_dual = vec![0.0; model.rows()];
            if status == LpStatus::Optimal {
                s.objective = model.offset;
            }
            return Ok(s);
        }
        let maximise = model.maximise;
        let feasible = self.raw.int_info("primal_solution_status") == Some(2);
        if status == LpStatus::Optimal || (status == LpStatus::Limit && feasible) {
            s.objective = self.raw.objective();
            let vectors = self.raw.solution();
            (s.x, s.row_activity) = (vectors.x, vectors.row_activity);
            if !integer && status == LpStatus::Optimal {
                (s.col_dual, s.row_dual) = (vectors.col_dual, vectors.row_dual);
            }
        } else if status == LpStatus::Unbounded {
            s.objective = if maximise { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        if integer {
            s.bound = self.raw.double_info("mip_dual_bound").filter(|b| b.is_finite());
            s.gap = self.raw.double_info("mip_gap").filter(|g| g.is_finite());
        }
        Ok(s)
    }

    /// As `resolve`, without copying vectors; the objective is NaN where there is none.
    ///
    /// # Errors
    /// As `resolve`.
    pub fn resolve_objective(&mut self) -> Result<(LpStatus, f64), BackendError> {
        let status = self.run()?;
        let model = self.loaded()?;
        let objective = match status {
            LpStatus::Optimal if model.columns() == 0 => model.offset,
            LpStatus::Optimal => self.raw.objective(),
            LpStatus::Unbounded if model.maximise => f64::INFINITY,
            LpStatus::Unbounded => f64::NEG_INFINITY,
            LpStatus::Infeasible | LpStatus::Limit => f64::NAN,
        };
        Ok((status, objective))
    }

    /// Row duals of the last optimal continuous solve, with the sign of `LpSolution`.
    pub fn row_duals(&self, into: &mut Vec<f64>) {
        self.raw.row_duals(into);
    }

    /// Weights of rows that prove the last solve infeasible, where it left such a proof.
    pub fn dual_ray(&self) -> Option<Vec<f64>> {
        self.raw.dual_ray()
    }

    /// The basis of the last solve.
    pub fn basis(&self) -> Option<Basis> {
        self.raw.basis().map(Basis)
    }

    /// Starts the next solve from `basis`.
    ///
    /// # Errors
    /// Where it is of a model of another size.
    pub fn set_basis(&mut self, basis: &Basis) -> Result<(), BackendError> {
        self.raw.set_basis(&basis.0)
    }

    fn loaded(&self) -> Result<&LinearModel, BackendError> {
        self.loaded.as_ref().ok_or_else(|| BackendError::Model("no model is loaded".into()))
    }

    fn iterations(&self) -> u64 {
        let count = |name| self.raw.int_info(name).unwrap_or(0).max(0) as u64;
        count("simplex_iteration_count") + count("ipm_iteration_count")
    }

    /// Runs until HiGHS says one of the four things that a caller can use. Presolve is left
    /// to HiGHS: it skips it where there is a basis to start from.
    fn run(&mut self) -> Result<LpStatus, BackendError> {
        let model = self.loaded()?;
        if model.columns() == 0 {
            // HiGHS calls such a model empty and does not look at its rows.
            let zero = |(l, u): (&f64, &f64)| *l <= 0.0 && 0.0 <= *u;
            let fits = model.row_lower.iter().zip(&model.row_upper).all(zero);
            return Ok(if fits { LpStatus::Optimal } else { LpStatus::Infeasible });
        }
        if let Some(status) = self.attempt()? {
            return Ok(status);
        }
        // A stale basis, or numbers that the tight tolerance does not allow for.
        set_tolerance(&mut self.raw, 1e-7)?;
        let mut outcome = None;
        for solver in ["choose", "ipm"] {
            self.raw.set_string("solver", solver)?;
            self.raw.clear_solver()?;
            outcome = self.attempt()?;
            if outcome.is_some() {
                break;
            }
        }
        self.raw.set_string("solver", "choose")?;
        set_tolerance(&mut self.raw, TOLERANCE)?;
        outcome.ok_or_else(|| BackendError::Solver {
            solver: "highs",
            what: format!("no answer (model status {})", self.raw.model_status()),
        })
    }

    /// One run; `None` where it ended without an answer.
    fn attempt(&mut self) -> Result<Option<LpStatus>, BackendError> {
        if self.time_limit.is_some() {
            self.raw.zero_clocks()?;
        }
        if !self.raw.run() {
            return Ok(None);
        }
        match self.raw.model_status() {
            highs_sys::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => self.tell_apart().map(Some),
            status => Ok(known(status)),
        }
    }

    /// Infeasible or unbounded: without an objective nothing is unbounded.
    fn tell_apart(&mut self) -> Result<LpStatus, BackendError> {
        let n = self.loaded()?.columns();
        let all: Vec<usize> = (0..n).collect();
        let costs = self.current_costs()?;
        self.write_costs(&all, &vec![0.0; n])?;
        let ran = self.raw.run();
        let status = self.raw.model_status();
        self.write_costs(&all, &costs)?;
        match (ran, known(status)) {
            (true, Some(LpStatus::Optimal)) => Ok(LpStatus::Unbounded),
            (true, Some(other)) => Ok(other),
            _ => Err(BackendError::Solver {
                solver: "highs",
                what: "infeasible or unbounded, and it could not be told which".into(),
            }),
        }
    }
}

fn set_tolerance(raw: &mut Raw, tolerance: f64) -> Result<(), BackendError> {
    raw.set_double("primal_feasibility_tolerance", tolerance)?;
    raw.set_double("dual_feasibility_tolerance", tolerance)
}

fn known(status: ModelStatus) -> Option<LpStatus> {
    match status {
        highs_sys::MODEL_STATUS_OPTIMAL => Some(LpStatus::Optimal),
        highs_sys::MODEL_STATUS_INFEASIBLE => Some(LpStatus::Infeasible),
        highs_sys::MODEL_STATUS_UNBOUNDED => Some(LpStatus::Unbounded),
        highs_sys::MODEL_STATUS_REACHED_TIME_LIMIT
        | highs_sys::MODEL_STATUS_REACHED_ITERATION_LIMIT
        | highs_sys::MODEL_STATUS_REACHED_SOLUTION_LIMIT
        | highs_sys::MODEL_STATUS_REACHED_MEMORY_LIMIT
        | highs_sys::MODEL_STATUS_REACHED_INTERRUPT => Some(LpStatus::Limit),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
