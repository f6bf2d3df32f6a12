//! A workbook as plain data: sheets of lines, each cell with what it holds, how it looks and the
//! value that readers see before anybody recalculates. It must not know files nor money.
//!
//! A line has the anatomy label, constant, unit, total, (blank), series; the blank column stands
//! for what was before the first period, so that one formula serves all periods.

use std::fmt::Write;

/// Columns of a line.
pub const LABEL: u16 = 0;
pub const CONSTANT: u16 = 1;
pub const UNIT: u16 = 2;
pub const TOTAL: u16 = 3;
/// First column of the series; the one before it stays empty.
pub const SERIES: u16 = 5;

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Blank,
    Number(f64),
    Text(String),
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Text(String),
    Number(f64),
    /// A formula over names of cells and lines: `[sales]*[price$]` (see `formula`).
    Formula(String),
}

impl Content {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn formula(text: impl Into<String>) -> Self {
        Self::Formula(text.into())
    }
}

/// How a number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// As many digits as it has.
    #[default]
    General,
    /// Whole number with groups.
    Count,
    /// Whole number without groups: years, months, states.
    Whole,
    /// Dollars, shown in millions.
    Millions,
    /// Dollars and cents.
    Dollars,
    /// A price with four decimals.
    Price,
    Percent,
    /// A factor or a share with four decimals.
    Factor,
    /// One decimal.
    Tenths,
    Date,
    /// A date of which the month counts.
    Month,
}

/// What a cell is, which decides its colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Plain,
    Title,
    Subtitle,
    /// Head of a column.
    Head,
    Section,
    Input,
    /// Copied from the engine at the export because a formula would be circular or a search.
    Pasted,
    Calc,
    Total,
    Note,
    /// 1 where a check holds, 0 where it does not.
    State,
    /// State in words.
    StateText,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    pub role: Role,
    pub form: Form,
    /// A reference to another sheet alone.
    pub link: bool,
    pub wrap: bool,
    pub right: bool,
    /// A little space at the left.
    pub indent: bool,
}

/// A cell apart from a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub column: u16,
    /// Name by which formulas refer to it.
    pub key: Option<String>,
    pub content: Content,
    pub look: Look,
    /// What the engine says that it is.
    pub engine: Option<f64>,
    /// Least and greatest number that may be entered.
    pub limits: Option<(f64, f64)>,
}

/// What the periods of a line hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Series {
    Formula(String),
    /// Numbers that are entered; 0 beyond their end.
    Input(Vec<f64>),
    /// Numbers of the engine that no formula can give.
    Pasted(Vec<f64>),
    Texts(Vec<String>),
}

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub key: Option<String>,
    pub cells: Vec<Cell>,
    pub series: Option<Series>,
    pub look: Look,
    /// What the engine says of the periods; shorter than the series where it ends earlier.
    pub engine: Option<Vec<f64>>,
    /// Height in points where it is not the usual one.
    pub height: Option<f64>,
}

/// What the series of a sheet run over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    None,
    Months,
    Years,
    /// Generations of assets.
    Vintages,
    /// Years of recovery of the tax tables, or years of the model of price paths.
    Tables,
}

/// A picture of lines of a sheet, drawn by the spreadsheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: String,
    pub axis: String,
    /// Lines (name for the legend, key, colour) of this book, all of one sheet; a block of cells
    /// that stand below each other is `first::last`.
    pub lines: Vec<(String, String, u32)>,
    /// Line with the names of the categories.
    pub categories: String,
    /// Every how many of them is named.
    pub every: u16,
    /// Row and column of the corner, width and height in pixels.
    pub at: (u32, u16),
    pub size: (u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    Columns,
    StackedColumns,
    Lines,
    /// Bars to the left and right of zero, the first at the top.
    Bars,
    /// Columns of shares without gaps.
    Shares,
}

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub axis: Axis,
    /// Columns of the series.
    pub periods: usize,
    pub lines: Vec<Line>,
    /// Width of the first columns in characters.
    pub widths: Vec<f64>,
    /// Rows and columns that stay when scrolling.
    pub frozen: (u32, u16),
    pub charts: Vec<Chart>,
    /// Pages side by side.
    pub pages_wide: u16,
    /// Rows that begin a page of paper.
    pub breaks: Vec<u32>,
}

impl Sheet {
    pub fn new(name: &str, axis: Axis, periods: usize) -> Self {
        Self {
            name: name.to_owned(),
            axis,
            periods,
            lines: Vec::new(),
            widths: Vec::new(),
            frozen: (0, 0),
            charts: Vec::new(),
            pages_wide: 1,
            breaks: Vec::new(),
        }
    }

    pub fn push(&mut self, line: Line) -> &mut Line {
        self.lines.push(line);
        // cannot fail: a line was pushed.
        self.lines.last_mut().expect("a line")
    }

    /// Columns that hold something.
    pub fn columns(&self) -> u16 {
        let cells = self.lines.iter().flat_map(|l| &l.cells).map(|c| c.column + 1).max();
        let series = self.lines.iter().any(|l| l.series.is_some());
        let end = if series { SERIES + self.periods as u16 } else { 0 };
        cells.unwrap_or(1).max(end)
    }
}

/// What the file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub title: String,
    pub subject: String,
    /// Words for the field of comments: version, hash.
    pub comment: String,
    /// Year, month and day that stand for the time of writing.
    pub date: (u16, u8, u8),
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    pub about: About,
    pub sheets: Vec<Sheet>,
    /// Names of cells that readers may use: name, key.
    pub names: Vec<(String, String)>,
}

/// Letters of a column, 0 first.
pub fn letters(column: u16) -> String {
    let mut text = String::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        text.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    text
}

/// Name of a sheet as it stands in a formula.
pub fn quoted(sheet: &str) -> String {
    if sheet.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        sheet.to_owned()
    } else {
        format!("'{}'", sheet.replace('\'', "''"))
    }
}

/// `$B$7`.
pub fn absolute(row: u32, column: u16) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write!(text, "${}${}", letters(column), row + 1);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        let names = [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")];
        for (column, name) in names {
            assert_eq!(letters(column), name);
        }
        assert_eq!(quoted("Time"), "Time");
        assert_eq!(quoted("Tax tables"), "'Tax tables'");
    }
}
