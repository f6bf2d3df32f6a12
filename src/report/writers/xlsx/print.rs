//! How a sheet stands on paper: its size, how far it is shrunk to its width, where pages begin.
//! It must not know what stands in the cells.

use crate::report::workbook::book::{Chart, SERIES, Sheet};

/// Number of a paper in the file, and its width and height between the margins in landscape, pt.
const A4: Paper = Paper { number: 9, width: 784.0, height: 516.0 };
const A3: Paper = Paper { number: 8, width: 1133.0, height: 763.0 };
/// Below this share of their size letters are too small, and the larger paper is taken.
const LEAST_SCALE: f64 = 0.72;
/// Height of a usual row, pt and px.
const ROW: f64 = 12.75;
const ROW_PX: u32 = 17;
const PT_PER_PX: f64 = 0.75;
/// Share of a page that is counted on: programs shrink by whole percents.
const SURE: f64 = 0.95;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Paper {
    number: u8,
    width: f64,
    height: f64,
}

/// A sheet on paper.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Print {
    pub paper: u8,
    /// Rows that begin a page.
    pub breaks: Vec<u32>,
    /// Rows and columns that are printed.
    pub rows: u32,
    pub columns: u16,
}

/// Width of a column, px.
fn wide_px(sheet: &Sheet, column: u16) -> f64 {
    let width = sheet.widths.get(usize::from(column)).or(sheet.widths.last());
    (width.copied().unwrap_or(11.0) * 7.0 + 5.0).floor()
}

/// First column that a chart does not touch.
fn right_of(sheet: &Sheet, chart: &Chart) -> u16 {
    let (mut column, mut left) = (chart.at.1, f64::from(chart.size.0));
    while left > 0.0 {
        left -= wide_px(sheet, column);
        column += 1;
    }
    column
}

/// First row that a chart does not touch, where rows below the lines are usual ones.
fn below(chart: &Chart) -> u32 {
    chart.at.0 + chart.size.1.div_ceil(ROW_PX) + 1
}

/// Share of their size that things have on paper.
fn scale(sheet: &Sheet, columns: u16, paper: Paper) -> f64 {
    let pages = f64::from(sheet.pages_wide.max(1));
    let px = |from: u16, to: u16| (from..to).map(|c| wide_px(sheet, c)).sum::<f64>();
    // What stays when scrolling stands on every page.
    let kept = if pages > 1.0 { SERIES.min(columns) } else { 0 };
    let needed = px(0, kept) + px(kept, columns) / pages;
    (paper.width / (needed * PT_PER_PX).max(1.0)).min(1.0)
}

impl Print {
    pub fn of(sheet: &Sheet) -> Self {
        let charts = sheet.charts.iter();
        let columns = charts.clone().map(|c| right_of(sheet, c)).max().unwrap_or(0);
        let columns = columns.max(sheet.columns()).max(1);
        let rows = charts.map(below).max().unwrap_or(0);
        let rows = rows.max(sheet.lines.len() as u32).max(1);
        let paper = if scale(sheet, columns, A4) < LEAST_SCALE { A3 } else { A4 };
        let room = paper.height * SURE / scale(sheet, columns, paper);
        Self { paper: paper.number, breaks: breaks(sheet, room), rows, columns }
    }
}

/// Rows that begin a page of so much room, pt: what a sheet asks for, and pictures that would
/// else be divided.
fn breaks(sheet: &Sheet, room: f64) -> Vec<u32> {
    let height = |row: u32| {
        let line = sheet.lines.get(row as usize);
        line.and_then(|line| line.height).unwrap_or(ROW)
    };
    let head: f64 = (0..sheet.frozen.0).map(height).sum();
    let mut found: Vec<u32> = Vec::new();
    let last = sheet.charts.iter().map(below).max().unwrap_or(0).max(sheet.lines.len() as u32);
    let mut used = 0.0;
    for row in 0..last {
        let chart = sheet.charts.iter().find(|c| c.at.0 == row);
        // A heading right above a picture goes with it.
        let tall = chart.map_or(height(row), |c| f64::from(c.size.1) * PT_PER_PX + 2.0 * ROW);
        let divides = used + tall > room && used > head + ROW;
        let asked = sheet.breaks.contains(&row);
        if row > sheet.frozen.0 && (asked || divides && chart.is_some()) {
            // The frame of a picture lies on the edge of its row: an empty row goes before it.
            found.push(if asked { row } else { row - 1 });
            used = head;
        } else if used + height(row) > room {
            used = head;
        }
        used += height(row);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::workbook::book::{Axis, ChartKind, Line};

    fn sheet(lines: usize, widths: Vec<f64>, at: Option<u32>) -> Sheet {
        let mut sheet = Sheet::new("Test", Axis::None, 0);
        sheet.lines = vec![Line::default(); lines];
        sheet.widths = widths;
        sheet.frozen = (2, 1);
        sheet.charts.extend(at.map(|row| Chart {
            kind: ChartKind::Lines,
            title: String::new(),
            axis: String::new(),
            lines: Vec::new(),
            categories: String::new(),
            every: 1,
            at: (row, 0),
            size: (600, 300),
        }));
        sheet
    }

    #[test]
    fn a_picture_begins_a_page_only_where_the_page_would_divide_it() {
        assert_eq!(Print::of(&sheet(4, vec![100.0], Some(5))).breaks, [0u32; 0]);
        assert_eq!(Print::of(&sheet(30, vec![100.0], Some(31))).breaks, [30]);
        let two = Print::of(&sheet(50, vec![100.0], Some(50)));
        assert_eq!(two.breaks, [0u32; 0], "after a page that ended by itself there is room");
        let mut asked = sheet(20, vec![100.0], None);
        asked.breaks.push(9);
        assert_eq!(Print::of(&asked).breaks, [9]);
    }

    #[test]
    fn wide_sheets_are_printed_on_larger_paper() {
        assert_eq!(Print::of(&sheet(4, vec![60.0, 60.0], Some(5))).paper, 9);
        let mut wide = sheet(4, vec![60.0; 6], Some(5));
        wide.lines[0].cells = (0..6)
            .map(|n| crate::report::workbook::book::Cell::text(n, "x", Default::default()))
            .collect();
        assert_eq!(Print::of(&wide).paper, 8);
    }
}
