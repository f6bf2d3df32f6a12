//! The coefficients of a model by row and by column.

use crate::plan::lp::LinearModel;

/// Coefficients that count for nothing, as for the other solver.
const SMALLEST_COEFFICIENT: f64 = 1e-9;

#[derive(Default)]
pub(super) struct Matrix {
    pub columns: usize,
    pub rows: usize,
    /// Rows of the model that these are.
    pub of: Vec<usize>,
    row_start: Vec<usize>,
    row_index: Vec<i32>,
    row_value: Vec<f64>,
    column_start: Vec<usize>,
    column_index: Vec<usize>,
    column_value: Vec<f64>,
    /// Where the entries by row stand by column.
    place: Vec<usize>,
}

impl Matrix {
    /// Takes over rows of a model; false where coefficients are others than before.
    pub fn load(&mut self, model: &LinearModel, rows: &[usize]) -> bool {
        let same = self.columns == model.columns()
            && self.of == rows
            && rows.iter().enumerate().all(|(own, row)| {
                let range = self.row_start[own]..self.row_start[own + 1];
                self.row_index[range] == model.index[model.entries(*row)]
            });
        if !same {
            self.shape(model, rows);
        }
        let mut unchanged = same;
        let values = rows.iter().flat_map(|row| &model.value[model.entries(*row)]);
        for (entry, value) in values.enumerate() {
            let value = if value.abs() <= SMALLEST_COEFFICIENT { 0.0 } else { *value };
            if self.row_value[entry] != value {
                unchanged = false;
                self.row_value[entry] = value;
                self.column_value[self.place[entry]] = value;
            }
        }
        unchanged
    }

    fn shape(&mut self, model: &LinearModel, rows: &[usize]) {
        (self.columns, self.rows) = (model.columns(), rows.len());
        self.of.clear();
        self.of.extend_from_slice(rows);
        self.row_start.clear();
        self.row_start.push(0);
        self.row_index.clear();
        for row in rows {
            self.row_index.extend_from_slice(&model.index[model.entries(*row)]);
            self.row_start.push(self.row_index.len());
        }
        let entries = self.row_index.len();
        self.row_value = vec![0.0; entries];
        self.column_value = vec![0.0; entries];
        self.column_index = vec![0; entries];
        self.place = vec![0; entries];
        let mut start = vec![0usize; self.columns + 1];
        for column in &self.row_index {
            start[*column as usize + 1] += 1;
        }
        for column in 0..self.columns {
            start[column + 1] += start[column];
        }
        self.column_start.clone_from(&start);
        for row in 0..self.rows {
            for entry in self.row_start[row]..self.row_start[row + 1] {
                let next = &mut start[self.row_index[entry] as usize];
                self.place[entry] = *next;
                self.column_index[*next] = row;
                *next += 1;
            }
        }
    }

    /// Entries (row, coefficient) of a column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.column_start[column]..self.column_start[column + 1];
        let rows = self.column_index[range.clone()].iter().copied();
        rows.zip(self.column_value[range].iter().copied())
    }

    /// Entries (column, coefficient) of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.row_start[row]..self.row_start[row + 1];
        let columns = self.row_index[range.clone()].iter().map(|c| *c as usize);
        columns.zip(self.row_value[range].iter().copied())
    }
}
