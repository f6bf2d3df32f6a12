//! Bringing the live object from one model to the next, and back from a what-if.
//!
//! It must not solve anything.

use super::{LiveHighs, Touched};
use crate::plan::backend::BackendError;
use crate::plan::lp::LinearModel;

/// Changed coefficients above which passing the model anew (with its basis) is cheaper
/// than telling HiGHS one by one.
const COEFFICIENTS_ONE_BY_ONE: usize = 400;

/// Coefficients that HiGHS takes for zero.
const SMALLEST_COEFFICIENT: f64 = 1e-9;

impl LiveHighs {
    /// Brings the object to `model` and notes whether a basis carries over.
    pub(super) fn load(&mut self, model: &LinearModel) -> Result<(), BackendError> {
        self.was_warm = false;
        let cold = std::mem::take(&mut self.force_cold);
        let same = self.loaded.as_ref().is_some_and(|old| same_pattern(old, model));
        if cold || !same || model.is_integer() || !self.raw.has_basis() {
            return self.load_anew(model, false);
        }
        self.restore()?;
        // cannot fail: `same` is true only where a model is loaded
        let Some(mut old) = self.loaded.take() else { return self.load_anew(model, false) };
        let coefficients = differing(&old.value, &model.value);
        if coefficients.len() > COEFFICIENTS_ONE_BY_ONE {
            return self.load_anew(model, true);
        }
        self.apply(&old, model, &coefficients)?;
        copy_numbers(&mut old, model);
        self.loaded = Some(old);
        self.was_warm = true;
        Ok(())
    }

    fn load_anew(&mut self, model: &LinearModel, keep_basis: bool) -> Result<(), BackendError> {
        self.pass(model, keep_basis)?;
        self.loaded = Some(model.clone());
        Ok(())
    }

    /// Takes over a model without solving it; `resolve` then starts from nothing.
    ///
    /// # Errors
    /// Malformed arrays.
    pub fn load_only(&mut self, model: LinearModel) -> Result<(), BackendError> {
        (self.was_warm, self.force_cold) = (false, false);
        self.pass(&model, false)?;
        self.loaded = Some(model);
        Ok(())
    }

    fn pass(&mut self, model: &LinearModel, keep_basis: bool) -> Result<(), BackendError> {
        self.loaded = None;
        self.touched = Touched::default();
        if let Some(defect) = model.defect() {
            return Err(BackendError::Model(defect));
        }
        let basis = if keep_basis { self.raw.basis() } else { None };
        self.raw.pass(model)?;
        match basis {
            Some(basis) => {
                self.raw.set_basis(&basis)?;
                self.was_warm = true;
            }
            None => self.raw.clear_solver()?,
        }
        Ok(())
    }

    fn apply(
        &mut self,
        old: &LinearModel,
        new: &LinearModel,
        coefficients: &[usize],
    ) -> Result<(), BackendError> {
        if old.maximise != new.maximise || old.offset != new.offset {
            reject_unless(new.offset.is_finite())?;
            self.raw.change_sense_and_offset(new.maximise, new.offset)?;
        }
        let costs = differing(&old.cost, &new.cost);
        self.write_costs(&costs, &at(&new.cost, &costs))?;
        let columns = union(
            differing(&old.col_lower, &new.col_lower),
            differing(&old.col_upper, &new.col_upper),
        );
        let (lower, upper) = (at(&new.col_lower, &columns), at(&new.col_upper, &columns));
        self.write_col_bounds(&columns, &lower, &upper)?;
        let rows = union(
            differing(&old.row_lower, &new.row_lower),
            differing(&old.row_upper, &new.row_upper),
        );
        self.write_row_bounds(&rows, &at(&new.row_lower, &rows), &at(&new.row_upper, &rows))?;
        let mut row = 0;
        for entry in coefficients {
            while new.row_start[row + 1] as usize <= *entry {
                row += 1;
            }
            let value = new.value[*entry];
            reject_unless(value.is_finite())?;
            let value = if value.abs() <= SMALLEST_COEFFICIENT { 0.0 } else { value };
            self.raw.change_coefficient(row as i32, new.index[*entry], value)?;
        }
        Ok(())
    }

    /// Changes row bounds until `restore`: (row, lower, upper).
    ///
    /// # Errors
    /// A row that does not exist, or a bound that is none.
    pub fn set_row_bounds(&mut self, rows: &[(usize, f64, f64)]) -> Result<(), BackendError> {
        let (set, lower, upper) = columns_of(rows, self.loaded()?.rows())?;
        self.touched.rows.extend(&set);
        self.write_row_bounds(&set, &lower, &upper)
    }

    /// Changes column bounds until `restore`: (column, lower, upper).
    ///
    /// # Errors
    /// A column that does not exist, or a bound that is none.
    pub fn set_col_bounds(&mut self, columns: &[(usize, f64, f64)]) -> Result<(), BackendError> {
        let (set, lower, upper) = columns_of(columns, self.loaded()?.columns())?;
        self.touched.columns.extend(&set);
        self.write_col_bounds(&set, &lower, &upper)
    }

    /// Changes costs until `restore`: (column, cost).
    ///
    /// # Errors
    /// A column that does not exist, or a cost that is not finite.
    pub fn set_costs(&mut self, costs: &[(usize, f64)]) -> Result<(), BackendError> {
        let triples: Vec<_> = costs.iter().map(|(c, v)| (*c, *v, *v)).collect();
        let (set, values, _) = columns_of(&triples, self.loaded()?.columns())?;
        self.touched.costs.extend(&set);
        self.write_costs(&set, &values)
    }

    /// Undoes what `set_row_bounds`, `set_col_bounds` and `set_costs` changed. The basis
    /// stays where the last solve left it.
    ///
    /// # Errors
    /// Where HiGHS refuses what it once accepted.
    pub fn restore(&mut self) -> Result<(), BackendError> {
        let Touched { rows, columns, costs } = std::mem::take(&mut self.touched);
        let (rows, columns, costs) = (sorted(rows), sorted(columns), sorted(costs));
        let model = self.loaded()?;
        let (rl, ru) = (at(&model.row_lower, &rows), at(&model.row_upper, &rows));
        let (cl, cu) = (at(&model.col_lower, &columns), at(&model.col_upper, &columns));
        let values = at(&model.cost, &costs);
        self.write_row_bounds(&rows, &rl, &ru)?;
        self.write_col_bounds(&columns, &cl, &cu)?;
        self.write_costs(&costs, &values)
    }

    /// Costs as HiGHS has them now.
    pub(super) fn current_costs(&self) -> Result<Vec<f64>, BackendError> {
        Ok(self.raw.model()?.0.cost)
    }

    pub(super) fn write_costs(&mut self, set: &[usize], cost: &[f64]) -> Result<(), BackendError> {
        reject_unless(cost.iter().all(|c| c.is_finite()))?;
        if set.is_empty() { Ok(()) } else { self.raw.change_costs(&narrow(set), cost) }
    }

    fn write_col_bounds(
        &mut self,
        set: &[usize],
        l: &[f64],
        u: &[f64],
    ) -> Result<(), BackendError> {
        reject_unless(proper(l, u))?;
        if set.is_empty() { Ok(()) } else { self.raw.change_col_bounds(&narrow(set), l, u) }
    }

    fn write_row_bounds(
        &mut self,
        set: &[usize],
        l: &[f64],
        u: &[f64],
    ) -> Result<(), BackendError> {
        reject_unless(proper(l, u))?;
        if set.is_empty() { Ok(()) } else { self.raw.change_row_bounds(&narrow(set), l, u) }
    }
}

fn same_pattern(old: &LinearModel, new: &LinearModel) -> bool {
    old.cost.len() == new.cost.len()
        && old.row_lower.len() == new.row_lower.len()
        && new.col_lower.len() == new.cost.len()
        && new.col_upper.len() == new.cost.len()
        && new.row_upper.len() == new.row_lower.len()
        && new.value.len() == new.index.len()
        && old.is_integer() == new.is_integer()
        && old.row_start == new.row_start
        && old.index == new.index
}

/// Takes over the numbers without allocating.
fn copy_numbers(old: &mut LinearModel, new: &LinearModel) {
    (old.maximise, old.offset) = (new.maximise, new.offset);
    old.cost.clone_from(&new.cost);
    old.col_lower.clone_from(&new.col_lower);
    old.col_upper.clone_from(&new.col_upper);
    old.row_lower.clone_from(&new.row_lower);
    old.row_upper.clone_from(&new.row_upper);
    old.value.clone_from(&new.value);
    old.integer.clone_from(&new.integer);
}

fn differing(old: &[f64], new: &[f64]) -> Vec<usize> {
    if old == new {
        return Vec::new();
    }
    old.iter().zip(new).enumerate().filter(|(_, (o, n))| o != n).map(|(i, _)| i).collect()
}

fn sorted(mut set: Vec<usize>) -> Vec<usize> {
    set.sort_unstable();
    set.dedup();
    set
}

fn union(mut a: Vec<usize>, b: Vec<usize>) -> Vec<usize> {
    a.extend(b);
    sorted(a)
}

fn at(values: &[f64], set: &[usize]) -> Vec<f64> {
    set.iter().map(|i| values[*i]).collect()
}

fn narrow(set: &[usize]) -> Vec<i32> {
    // cannot fail: models have fewer than 2^31 columns and rows, `pass` saw to it
    set.iter().map(|i| *i as i32).collect()
}

fn proper(lower: &[f64], upper: &[f64]) -> bool {
    lower.iter().all(|l| *l < f64::INFINITY) && upper.iter().all(|u| *u > f64::NEG_INFINITY)
}

fn reject_unless(right: bool) -> Result<(), BackendError> {
    if right {
        return Ok(());
    }
    Err(BackendError::Model("a new number is NaN or infinite where it must not be".into()))
}

type Columns = (Vec<usize>, Vec<f64>, Vec<f64>);

/// Splits triples into the ascending arrays that HiGHS wants; the last of a repeated
/// index wins.
fn columns_of(triples: &[(usize, f64, f64)], count: usize) -> Result<Columns, BackendError> {
    let mut order: Vec<usize> = (0..triples.len()).collect();
    order.sort_by_key(|i| triples[*i].0);
    let (mut set, mut lower, mut upper) = Columns::default();
    for i in order {
        let (index, l, u) = triples[i];
        if index >= count {
            return Err(BackendError::Model(format!("index {index} is not below {count}")));
        }
        if set.last() == Some(&index) {
            set.pop();
            lower.pop();
            upper.pop();
        }
        set.push(index);
        lower.push(l);
        upper.push(u);
    }
    Ok((set, lower, upper))
}
