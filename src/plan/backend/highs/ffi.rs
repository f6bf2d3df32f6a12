//! Thin wrapper of the HiGHS C interface: one object, plain slices in and out.
//!
//! It is the only file with `unsafe`. It checks every length that the C side takes on
//! trust, and knows nothing of plans, warm starts or statuses beyond their numbers.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use highs_sys as sys;

use crate::plan::backend::BackendError;
use crate::plan::lp::LinearModel;

/// Number that HiGHS uses for a model status.
pub(super) type ModelStatus = sys::HighsInt;

/// One HiGHS object.
pub(super) struct Raw {
    object: NonNull<c_void>,
    /// Keeps the flag alive that the callback reads.
    cancel: Option<Arc<AtomicBool>>,
    /// The last run left a basis. HiGHS keeps it through changes of numbers but stops
    /// saying so: its information is void from the first change on.
    has_basis: bool,
}

// SAFETY: a HiGHS object has no thread affinity: it is a C++ object on the heap without
// thread-local parts, and `&mut self` on everything that changes it keeps use exclusive.
unsafe impl Send for Raw {}

/// Values of a solution, in the order of the model.
#[derive(Default)]
pub(super) struct RawSolution {
    pub x: Vec<f64>,
    pub col_dual: Vec<f64>,
    pub row_activity: Vec<f64>,
    pub row_dual: Vec<f64>,
}

/// Status of each column and row in a basis.
#[derive(Clone, Default)]
pub(super) struct RawBasis {
    columns: Vec<sys::HighsInt>,
    rows: Vec<sys::HighsInt>,
}

fn checked(status: sys::HighsInt, what: &str) -> Result<(), BackendError> {
    if status == sys::STATUS_ERROR {
        return Err(BackendError::Solver { solver: "highs", what: format!("{what} was refused") });
    }
    Ok(())
}

fn text(name: &str) -> Result<CString, BackendError> {
    CString::new(name).map_err(|_| BackendError::Model("a name contains a zero byte".into()))
}

/// Length as the C interface counts.
fn len(n: usize) -> Result<sys::HighsInt, BackendError> {
    sys::HighsInt::try_from(n)
        .map_err(|_| BackendError::Model("the model has more than 2^31 entries".into()))
}

/// First and last of an ascending set without gaps, which HiGHS need not sort.
fn run(set: &[i32]) -> Option<(sys::HighsInt, sys::HighsInt)> {
    let (first, last) = (*set.first()?, *set.last()?);
    ((last - first) as usize + 1 == set.len()).then_some((first, last))
}

impl Raw {
    pub fn new() -> Result<Self, BackendError> {
        // SAFETY: no preconditions; null means that memory ran out.
        let object = NonNull::new(unsafe { sys::Highs_create() }).ok_or(BackendError::Solver {
            solver: "highs",
            what: "the solver object could not be created".into(),
        })?;
        Ok(Self { object, cancel: None, has_basis: false })
    }

    fn at(&self) -> *mut c_void {
        self.object.as_ptr()
    }

    pub fn set_bool(&mut self, option: &str, value: bool) -> Result<(), BackendError> {
        let name = text(option)?;
        // SAFETY: live object; the name is zero-terminated and outlives the call.
        let status =
            unsafe { sys::Highs_setBoolOptionValue(self.at(), name.as_ptr(), value.into()) };
        checked(status, option)
    }

    pub fn set_int(&mut self, option: &str, value: i32) -> Result<(), BackendError> {
        let name = text(option)?;
        // SAFETY: live object; the name is zero-terminated and outlives the call.
        let status = unsafe { sys::Highs_setIntOptionValue(self.at(), name.as_ptr(), value) };
        checked(status, option)
    }

    pub fn set_double(&mut self, option: &str, value: f64) -> Result<(), BackendError> {
        let name = text(option)?;
        // SAFETY: live object; the name is zero-terminated and outlives the call.
        let status = unsafe { sys::Highs_setDoubleOptionValue(self.at(), name.as_ptr(), value) };
        checked(status, option)
    }

    pub fn set_string(&mut self, option: &str, value: &str) -> Result<(), BackendError> {
        let (name, value) = (text(option)?, text(value)?);
        // SAFETY: live object; both strings are zero-terminated and outlive the call.
        let status =
            unsafe { sys::Highs_setStringOptionValue(self.at(), name.as_ptr(), value.as_ptr()) };
        checked(status, option)
    }

    /// Loads a model whose array lengths agree (see `LinearModel::defect`).
    pub fn pass(&mut self, model: &LinearModel) -> Result<(), BackendError> {
        let (columns, rows, entries) =
            (len(model.columns())?, len(model.rows())?, len(model.index.len())?);
        let sense = if model.maximise {
            sys::OBJECTIVE_SENSE_MAXIMIZE
        } else {
            sys::OBJECTIVE_SENSE_MINIMIZE
        };
        self.has_basis = false;
        let kinds: Vec<sys::HighsInt> = model.integer.iter().map(|i| (*i).into()).collect();
        let start: &[i32] = if model.row_start.is_empty() { &[0] } else { &model.row_start };
        // SAFETY: live object; every array has the length that the counts say, which the
        // caller has checked; HiGHS copies them all before it returns. `kinds` is given only
        // where it has one entry per column.
        let status = unsafe {
            if model.is_integer() {
                sys::Highs_passMip(
                    self.at(),
                    columns,
                    rows,
                    entries,
                    sys::MATRIX_FORMAT_ROW_WISE,
                    sense,
                    model.offset,
                    model.cost.as_ptr(),
                    model.col_lower.as_ptr(),
                    model.col_upper.as_ptr(),
                    model.row_lower.as_ptr(),
                    model.row_upper.as_ptr(),
                    start.as_ptr(),
                    model.index.as_ptr(),
                    model.value.as_ptr(),
                    kinds.as_ptr(),
                )
            } else {
                sys::Highs_passLp(
                    self.at(),
                    columns,
                    rows,
                    entries,
                    sys::MATRIX_FORMAT_ROW_WISE,
                    sense,
                    model.offset,
                    model.cost.as_ptr(),
                    model.col_lower.as_ptr(),
                    model.col_upper.as_ptr(),
                    model.row_lower.as_ptr(),
                    model.row_upper.as_ptr(),
                    start.as_ptr(),
                    model.index.as_ptr(),
                    model.value.as_ptr(),
                )
            }
        };
        checked(status, "the model")
    }

    /// `set` is ascending without repeats, each below the number of columns.
    pub fn change_costs(&mut self, set: &[i32], cost: &[f64]) -> Result<(), BackendError> {
        assert_eq!(set.len(), cost.len());
        let count = len(set.len())?;
        // SAFETY: live object; both arrays have `set.len()` entries and are copied.
        let status = unsafe {
            match run(set) {
                Some((from, to)) => {
                    sys::Highs_changeColsCostByRange(self.at(), from, to, cost.as_ptr())
                }
                None => {
                    sys::Highs_changeColsCostBySet(self.at(), count, set.as_ptr(), cost.as_ptr())
                }
            }
        };
        checked(status, "a change of costs")
    }

    /// `set` is ascending without repeats, each below the number of columns.
    pub fn change_col_bounds(
        &mut self,
        set: &[i32],
        lower: &[f64],
        upper: &[f64],
    ) -> Result<(), BackendError> {
        assert!(set.len() == lower.len() && set.len() == upper.len());
        let count = len(set.len())?;
        let (l, u) = (lower.as_ptr(), upper.as_ptr());
        // SAFETY: live object; the arrays have `set.len()` entries and are copied.
        let status = unsafe {
            match run(set) {
                Some((from, to)) => sys::Highs_changeColsBoundsByRange(self.at(), from, to, l, u),
                None => sys::Highs_changeColsBoundsBySet(self.at(), count, set.as_ptr(), l, u),
            }
        };
        checked(status, "a change of column bounds")
    }

    /// `set` is ascending without repeats, each below the number of rows.
    pub fn change_row_bounds(
        &mut self,
        set: &[i32],
        lower: &[f64],
        upper: &[f64],
    ) -> Result<(), BackendError> {
        assert!(set.len() == lower.len() && set.len() == upper.len());
        // SAFETY: live object; the arrays have `set.len()` entries and are copied.
        let status = unsafe {
            sys::Highs_changeRowsBoundsBySet(
                self.at(),
                len(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        checked(status, "a change of row bounds")
    }

    /// HiGHS looks at its basis here, so the object must hold one.
    pub fn change_coefficient(
        &mut self,
        row: i32,
        column: i32,
        v: f64,
    ) -> Result<(), BackendError> {
        // SAFETY: live object; HiGHS checks both indices.
        let status = unsafe { sys::Highs_changeCoeff(self.at(), row, column, v) };
        checked(status, "a change of a coefficient")
    }

    pub fn change_sense_and_offset(&mut self, max: bool, offset: f64) -> Result<(), BackendError> {
        let sense = if max { sys::OBJECTIVE_SENSE_MAXIMIZE } else { sys::OBJECTIVE_SENSE_MINIMIZE };
        // SAFETY: live object, plain numbers.
        let status = unsafe { sys::Highs_changeObjectiveSense(self.at(), sense) };
        checked(status, "a change of the sense")?;
        // SAFETY: as above.
        let status = unsafe { sys::Highs_changeObjectiveOffset(self.at(), offset) };
        checked(status, "a change of the offset")
    }

    /// Forgets basis and solution, keeps the model.
    pub fn clear_solver(&mut self) -> Result<(), BackendError> {
        self.has_basis = false;
        // SAFETY: live object.
        checked(unsafe { sys::Highs_clearSolver(self.at()) }, "clearing the solver")
    }

    /// Sets the clock that the time limit is compared with to zero.
    pub fn zero_clocks(&mut self) -> Result<(), BackendError> {
        // SAFETY: live object.
        checked(unsafe { sys::Highs_zeroAllClocks(self.at()) }, "resetting the clock")
    }

    /// Solves; false where HiGHS reports an error instead of a status.
    pub fn run(&mut self) -> bool {
        // SAFETY: live object; the callback, if any, reads a flag that `self.cancel` keeps alive.
        let ran = unsafe { sys::Highs_run(self.at()) != sys::STATUS_ERROR };
        self.has_basis = self.int_info("basis_validity") == Some(1);
        ran
    }

    pub fn model_status(&self) -> ModelStatus {
        // SAFETY: live object.
        unsafe { sys::Highs_getModelStatus(self.at()) }
    }

    pub fn objective(&self) -> f64 {
        // SAFETY: live object.
        unsafe { sys::Highs_getObjectiveValue(self.at()) }
    }

    fn sizes(&self) -> (usize, usize) {
        // SAFETY: live object. HiGHS never counts below zero.
        unsafe {
            (
                sys::Highs_getNumCol(self.at()).max(0) as usize,
                sys::Highs_getNumRow(self.at()).max(0) as usize,
            )
        }
    }

    pub fn int_info(&self, name: &str) -> Option<i64> {
        let name = CString::new(name).ok()?;
        let mut value: sys::HighsInt = 0;
        // SAFETY: live object, zero-terminated name, a place for one integer.
        let status =
            unsafe { sys::Highs_getIntInfoValue(self.at(), name.as_ptr(), &raw mut value) };
        (status != sys::STATUS_ERROR).then_some(value.into())
    }

    pub fn double_info(&self, name: &str) -> Option<f64> {
        let name = CString::new(name).ok()?;
        let mut value = 0.0;
        // SAFETY: live object, zero-terminated name, a place for one number.
        let status =
            unsafe { sys::Highs_getDoubleInfoValue(self.at(), name.as_ptr(), &raw mut value) };
        (status != sys::STATUS_ERROR).then_some(value)
    }

    /// The vectors of the last solve; zeros where there is no solution.
    pub fn solution(&self) -> RawSolution {
        let (columns, rows) = self.sizes();
        let mut s = RawSolution {
            x: vec![0.0; columns],
            col_dual: vec![0.0; columns],
            row_activity: vec![0.0; rows],
            row_dual: vec![0.0; rows],
        };
        // SAFETY: live object; the arrays have the model's own lengths.
        unsafe {
            sys::Highs_getSolution(
                self.at(),
                s.x.as_mut_ptr(),
                s.col_dual.as_mut_ptr(),
                s.row_activity.as_mut_ptr(),
                s.row_dual.as_mut_ptr(),
            );
        }
        s
    }

    /// Duals of the rows alone.
    pub fn row_duals(&self, into: &mut Vec<f64>) {
        into.clear();
        into.resize(self.sizes().1, 0.0);
        let none = std::ptr::null_mut();
        // SAFETY: live object; HiGHS skips null pointers, and the one array has a place per row.
        unsafe { sys::Highs_getSolution(self.at(), none, none, none, into.as_mut_ptr()) };
    }

    /// The basis of the last solve, if it left one.
    pub fn basis(&self) -> Option<RawBasis> {
        if !self.has_basis() {
            return None;
        }
        let (columns, rows) = self.sizes();
        let mut basis = RawBasis { columns: vec![0; columns], rows: vec![0; rows] };
        // SAFETY: live object; the arrays have the model's own lengths.
        let status = unsafe {
            sys::Highs_getBasis(self.at(), basis.columns.as_mut_ptr(), basis.rows.as_mut_ptr())
        };
        (status != sys::STATUS_ERROR).then_some(basis)
    }

    pub fn has_basis(&self) -> bool {
        self.has_basis
    }

    /// Starts the next solve from a basis of a model of the same size.
    pub fn set_basis(&mut self, basis: &RawBasis) -> Result<(), BackendError> {
        if (basis.columns.len(), basis.rows.len()) != self.sizes() {
            return Err(BackendError::Model("the basis is of a model of another size".into()));
        }
        // SAFETY: live object; the arrays have the model's own lengths, checked above.
        let status =
            unsafe { sys::Highs_setBasis(self.at(), basis.columns.as_ptr(), basis.rows.as_ptr()) };
        checked(status, "a starting basis")?;
        self.has_basis = true;
        Ok(())
    }

    /// A proof of infeasibility as a weight per row, where the last solve left one.
    pub fn dual_ray(&self) -> Option<Vec<f64>> {
        let mut ray = vec![0.0; self.sizes().1];
        let mut has: sys::HighsInt = 0;
        // SAFETY: live object; one place for the flag, one place per row for the ray.
        let status = unsafe { sys::Highs_getDualRay(self.at(), &raw mut has, ray.as_mut_ptr()) };
        (status != sys::STATUS_ERROR && has != 0).then_some(ray)
    }

    /// Interrupts solves once the flag is set; `None` lets them run.
    pub fn set_cancel(&mut self, flag: Option<Arc<AtomicBool>>) -> Result<(), BackendError> {
        let data = flag.as_ref().map_or(std::ptr::null_mut(), |f| Arc::as_ptr(f) as *mut c_void);
        let kinds = [
            sys::kHighsCallbackSimplexInterrupt,
            sys::kHighsCallbackIpmInterrupt,
            sys::kHighsCallbackMipInterrupt,
        ];
        // SAFETY: live object; `interrupt` has the C signature, and `data` is null or points
        // to a flag that `self.cancel` owns until the callback is replaced or the object dies.
        unsafe {
            checked(sys::Highs_setCallback(self.at(), Some(interrupt), data), "a callback")?;
            for kind in kinds {
                let status = if flag.is_some() {
                    sys::Highs_startCallback(self.at(), kind)
                } else {
                    sys::Highs_stopCallback(self.at(), kind)
                };
                checked(status, "a callback")?;
            }
        }
        self.cancel = flag;
        Ok(())
    }

    /// Reads a model file in a format that its extension names. Fails with what HiGHS
    /// has to say about the file, which may be nothing.
    pub fn read(&mut self, path: &str) -> Result<(), String> {
        let file = text(path).map_err(|e| e.to_string())?;
        let mut said = Vec::<String>::new();
        let quiet = |raw: &mut Self| raw.set_bool("output_flag", false);
        let loud = |raw: &mut Self| {
            raw.set_bool("log_to_console", false)?;
            raw.set_bool("output_flag", true)
        };
        loud(self).map_err(|e| e.to_string())?;
        // SAFETY: live object, zero-terminated path; `listen` has the C signature, and `said`
        // outlives the callback, which is taken away before this block ends.
        let status = unsafe {
            let data = (&raw mut said).cast::<c_void>();
            sys::Highs_setCallback(self.at(), Some(listen), data);
            sys::Highs_startCallback(self.at(), sys::kHighsCallbackLogging);
            let status = sys::Highs_readModel(self.at(), file.as_ptr());
            sys::Highs_stopCallback(self.at(), sys::kHighsCallbackLogging);
            sys::Highs_setCallback(self.at(), None, std::ptr::null_mut());
            status
        };
        quiet(self).map_err(|e| e.to_string())?;
        if status == sys::STATUS_ERROR { Err(said.join("; ")) } else { Ok(()) }
    }

    /// Number of quadratic entries of the objective.
    pub fn quadratic_entries(&self) -> usize {
        // SAFETY: live object.
        unsafe { sys::Highs_getHessianNumNz(self.at()) }.max(0) as usize
    }

    /// The loaded model, and the kind of each column as HiGHS numbers them.
    pub fn model(&self) -> Result<(LinearModel, Vec<i32>), BackendError> {
        let (columns, rows) = self.sizes();
        // SAFETY: live object.
        let entries = unsafe { sys::Highs_getNumNz(self.at()) }.max(0) as usize;
        let mut m = LinearModel {
            cost: vec![0.0; columns],
            col_lower: vec![0.0; columns],
            col_upper: vec![0.0; columns],
            row_lower: vec![0.0; rows],
            row_upper: vec![0.0; rows],
            row_start: vec![0; rows + 1],
            index: vec![0; entries],
            value: vec![0.0; entries],
            ..LinearModel::default()
        };
        let mut kinds = vec![sys::VAR_TYPE_CONTINUOUS; columns];
        let (mut c, mut r, mut nz, mut sense) = (0, 0, 0, 0);
        // SAFETY: live object; every array has the length that HiGHS itself just reported, and
        // HiGHS fills one start per row, one less than there is room for.
        let status = unsafe {
            sys::Highs_getLp(
                self.at(),
                sys::MATRIX_FORMAT_ROW_WISE,
                &raw mut c,
                &raw mut r,
                &raw mut nz,
                &raw mut sense,
                &raw mut m.offset,
                m.cost.as_mut_ptr(),
                m.col_lower.as_mut_ptr(),
                m.col_upper.as_mut_ptr(),
                m.row_lower.as_mut_ptr(),
                m.row_upper.as_mut_ptr(),
                m.row_start.as_mut_ptr(),
                m.index.as_mut_ptr(),
                m.value.as_mut_ptr(),
                kinds.as_mut_ptr(),
            )
        };
        checked(status, "reading the model back")?;
        m.row_start[rows] = nz;
        m.maximise = sense == sys::OBJECTIVE_SENSE_MAXIMIZE;
        Ok((m, kinds))
    }

    /// Names of columns and rows. `longest` is at least the longest name's bytes: the C
    /// interface copies a name of any length without asking for the room.
    pub fn names(&self, longest: usize) -> (Vec<String>, Vec<String>) {
        let (columns, rows) = self.sizes();
        let mut room = vec![0 as c_char; longest.max(512) + 1];
        let mut names = |count: usize, columns: bool| -> Vec<String> {
            let one = |i: usize| {
                // SAFETY: live object; index below the count; the room holds any name of the
                // file and its terminator, and HiGHS terminates what it copies.
                unsafe {
                    let status = if columns {
                        sys::Highs_getColName(self.at(), i as sys::HighsInt, room.as_mut_ptr())
                    } else {
                        sys::Highs_getRowName(self.at(), i as sys::HighsInt, room.as_mut_ptr())
                    };
                    if status == sys::STATUS_ERROR {
                        return String::new();
                    }
                    CStr::from_ptr(room.as_ptr()).to_string_lossy().into_owned()
                }
            };
            (0..count).map(one).collect()
        };
        (names(columns, true), names(rows, false))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: the object came from Highs_create and is destroyed once.
        unsafe { sys::Highs_destroy(self.at()) }
    }
}

/// Asks HiGHS to stop once the flag behind `data` is set.
///
/// # Safety
/// `data` is null or points to a live `AtomicBool`; `answer` is null or valid.
unsafe extern "C" fn interrupt(
    _kind: c_int,
    _message: *const c_char,
    _state: *const sys::HighsCallbackDataOut,
    answer: *mut sys::HighsCallbackDataIn,
    data: *mut c_void,
) {
    if data.is_null() || answer.is_null() {
        return;
    }
    // HiGHS keeps the answer between calls, so "go on" has to be said too.
    // SAFETY: see the function's contract; `set_cancel` is the only place that registers it.
    unsafe {
        let stop = (*data.cast::<AtomicBool>()).load(Ordering::Relaxed);
        (*answer).user_interrupt = c_int::from(stop);
    }
}

/// Collects what HiGHS reports as an error.
///
/// # Safety
/// `message` is null or zero-terminated; `data` points to a live `Vec<String>`.
unsafe extern "C" fn listen(
    _kind: c_int,
    message: *const c_char,
    state: *const sys::HighsCallbackDataOut,
    _answer: *mut sys::HighsCallbackDataIn,
    data: *mut c_void,
) {
    const ERROR: c_int = 5;
    if message.is_null() || state.is_null() || data.is_null() {
        return;
    }
    // SAFETY: see the function's contract; `Raw::read` is the only place that registers it.
    unsafe {
        if (*state).log_type == ERROR {
            let line = CStr::from_ptr(message).to_string_lossy();
            let line = line.trim().trim_start_matches("ERROR:");
            let line = line.trim().to_owned();
            (*data.cast::<Vec<String>>()).push(line);
        }
    }
}
