//! The value by two inputs at once.

use super::drivers::{base_of, drivers, ends, utilisation_path};
use super::monte_carlo::worker::Field;
use super::quick::Quick;
use super::result::{Driver, Range, Side, TwoWay};
use super::{Appraiser, Change};

/// How far an input without a range is moved, both ways.
const FALLBACK: Range = Range::Share(0.2);

/// Paths of the table unless asked otherwise: all token prices and utilisation.
pub fn default_pair(appraiser: &Appraiser) -> (String, String) {
    ("levels.token_price".to_owned(), utilisation_path(appraiser))
}

/// The value at five values of each of two inputs: the ends of their ranges, halfway, and as they
/// are; an input without a range is moved by a fifth.
///
/// # Errors
/// In words: a path without a number, or the same path twice.
pub fn two_way(appraiser: &mut Appraiser, rows: &str, columns: &str) -> Result<TwoWay, String> {
    if rows == columns {
        return Err(format!("{rows} stands for both sides; name two paths"));
    }
    let known = drivers(appraiser);
    let (rows, columns) = (side(appraiser, &known, rows)?, side(appraiser, &known, columns)?);
    let base_npv_usd = appraiser.base().npv_usd();
    let mut npv_usd = Vec::with_capacity(rows.values.len());
    let field = Field::plain(appraiser).ok();
    let mut quick = Quick::new(field.as_ref());
    for row in &rows.values {
        let mut line = Vec::with_capacity(columns.values.len());
        for column in &columns.values {
            line.push(if (*row, *column) == (rows.base, columns.base) {
                Ok(base_npv_usd)
            } else {
                let changes = [Change::to(&rows.path, *row), Change::to(&columns.path, *column)];
                quick.npv_usd(appraiser, &changes).0
            });
        }
        npv_usd.push(line);
    }
    Ok(TwoWay { rows, columns, base_npv_usd, npv_usd })
}

fn side(appraiser: &Appraiser, known: &[Driver], path: &str) -> Result<Side, String> {
    let base = base_of(appraiser, path);
    let base = base.ok_or_else(|| format!("{path}: there is no number to vary"))?;
    let driver = known.iter().find(|d| d.path == path).cloned();
    let ranged = driver.is_some();
    let driver = driver.unwrap_or_else(|| Driver {
        path: path.to_owned(),
        name: path.to_owned(),
        unit: String::new(),
        base,
        low: base,
        high: base,
        source: String::new(),
    });
    let (low, high) = ends(&driver, if ranged { Range::Register } else { FALLBACK });
    let mut values = vec![low, f64::midpoint(low, base), base, f64::midpoint(base, high), high];
    values.sort_by(f64::total_cmp);
    values.dedup();
    // What differs by rounding alone is one value: that of the layout.
    values.retain(|v| *v == base || (*v - base).abs() > 1e-9 * base.abs());
    let Driver { path, name, unit, .. } = driver;
    Ok(Side { path, name, unit, values, base })
}
