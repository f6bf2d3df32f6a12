//! Workbooks as bytes of an Office Open XML file. It must not know what the sheets mean: it takes
//! a book, its formulas as text and the values that stand in the cells.

mod print;

use self::print::Print;
use crate::report::workbook::book::{
    Book, Cell, Chart, ChartKind, Content, Form, Line, Look, Role, SERIES, Series, Sheet, Value,
};
use crate::report::workbook::{Made, book};
use rust_xlsxwriter::{
    Chart as Drawn, ChartAxisCrossing, ChartAxisLabelPosition, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartSeries, ChartSolidFill, ChartType, Color,
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DataValidationRule,
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError as Limit,
};
use std::collections::HashMap;

/// A limit of the file format.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct XlsxError(#[from] rust_xlsxwriter::XlsxError);

const FONT: &str = "Arial";
/// Colours of the legend on the cover.
const INPUT: u32 = 0x00_00_C8;
const INPUT_FILL: u32 = 0xFF_F8_D6;
const LINK: u32 = 0x00_70_3C;
const PASTED: u32 = 0x7A_3E_00;
const PASTED_FILL: u32 = 0xF3_EC_E4;
const INK: u32 = 0x14_19_1F;
const QUIET: u32 = 0x5D_69_76;
const ACCENT: u32 = 0x0B_4F_8A;
const SECTION_FILL: u32 = 0xE8_EE_F4;
const RULE: u32 = 0x9A_A6_B2;
const GOOD: (u32, u32) = (0x0B_6B_4A, 0xD7_F2_EA);
const BAD: (u32, u32) = (0xB0_20_18, 0xFD_E3_E0);

/// The bytes of a made workbook.
///
/// # Errors
/// The file format has no room for something, such as too many columns.
pub fn write(made: &Made) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let plain = Format::new().set_font_name(FONT).set_font_size(9);
    workbook.set_default_format(&plain, 17, 64)?;
    workbook.set_zip_compression_level(4);
    workbook.set_properties(&properties(&made.book)?);
    let mut formats = Formats::default();
    for (n, sheet) in made.book.sheets.iter().enumerate() {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.name)?;
        Page { page, made, sheet, n, formats: &mut formats }.write()?;
    }
    for (name, key) in &made.book.names {
        if let Some((sheet, row, column)) = made.program.places.cell(key) {
            let name_of = made.book.sheets.get(sheet).map_or("", |s| s.name.as_str());
            let at = format!("={}!{}", book::quoted(name_of), book::absolute(row, column));
            workbook.define_name(name, &at)?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn properties(book: &Book) -> Result<DocProperties, Limit> {
    let (year, month, day) = book.about.date;
    let date = ExcelDateTime::from_ymd(year, month, day)?;
    Ok(DocProperties::new()
        .set_title(&book.about.title)
        .set_subject(&book.about.subject)
        .set_author("Gigasite")
        .set_comment(&book.about.comment)
        .set_creation_datetime(&date))
}

/// One format for each look.
#[derive(Default)]
struct Formats(HashMap<Look, Format>);

impl Formats {
    fn of(&mut self, look: Look) -> &Format {
        self.0.entry(look).or_insert_with(|| format(look))
    }
}

fn number_form(form: Form) -> &'static str {
    match form {
        // Alone: with anything beside it, digits that have no room are not left out.
        Form::General => "General",
        Form::Count => "#,##0_);(#,##0);\"–\"_)",
        Form::Whole => "0_)",
        Form::Millions => "#,##0.0,,_);(#,##0.0,,);\"–\"_)",
        Form::Dollars => "#,##0.00_);(#,##0.00);\"–\"_)",
        Form::Price => "#,##0.0000_);(#,##0.0000);\"–\"_)",
        Form::Percent => "0.0 %_);(0.0 %);\"–\"_)",
        Form::Factor => "0.0000_);(0.0000);\"–\"_)",
        Form::Tenths => "#,##0.0_);(#,##0.0);\"–\"_)",
        Form::Date => "yyyy-mm-dd",
        Form::Month => "yyyy-mm",
    }
}

fn format(look: Look) -> Format {
    let base = Format::new()
        .set_font_name(FONT)
        .set_font_size(9)
        .set_font_color(INK)
        .set_align(FormatAlign::VerticalCenter);
    let shown = match look.role {
        Role::State => "[=1]\"✓ holds\";[=0]\"✗ fails\";0",
        _ => number_form(look.form),
    };
    let base = match look.role {
        Role::Plain => base,
        Role::Title => base.set_font_size(15).set_bold().set_font_color(ACCENT),
        Role::Subtitle => base.set_font_color(QUIET),
        Role::Head => base
            .set_align(FormatAlign::Bottom)
            .set_bold()
            .set_font_color(QUIET)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(RULE),
        Role::Section => base.set_bold().set_font_color(ACCENT).set_background_color(SECTION_FILL),
        Role::Input => base.set_font_color(INPUT).set_background_color(INPUT_FILL),
        Role::Pasted => base.set_font_color(PASTED).set_background_color(PASTED_FILL),
        Role::Calc => base,
        Role::Total => {
            base.set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(RULE)
        }
        Role::Note => base.set_font_color(QUIET).set_italic(),
        Role::State | Role::StateText => base.set_bold().set_align(FormatAlign::Center),
    };
    let base = if look.link && !matches!(look.role, Role::State | Role::StateText) {
        base.set_font_color(LINK)
    } else {
        base
    };
    let base = if look.wrap { base.set_text_wrap() } else { base };
    let base = if look.right { base.set_align(FormatAlign::Right) } else { base };
    let base = if look.indent { base.set_align(FormatAlign::Left).set_indent(1) } else { base };
    base.set_num_format(shown)
}

/// How a cell looks beside its neighbours: a text keeps off the number at its left.
fn seen(cell: &Cell) -> Look {
    let words = matches!(cell.look.role, Role::Subtitle | Role::Note | Role::Head | Role::Plain);
    let text = matches!(cell.content, Content::Text(_)) && !cell.look.right;
    Look { indent: words && text && cell.column > 0, ..cell.look }
}

/// A sheet on its way into the file.
struct Page<'a> {
    page: &'a mut Worksheet,
    made: &'a Made,
    sheet: &'a Sheet,
    n: usize,
    formats: &'a mut Formats,
}

impl Page<'_> {
    fn write(&mut self) -> Result<(), Limit> {
        let (sheet, made) = (self.sheet, self.made);
        self.set_up()?;
        let compiled = made.program.lines.get(self.n).map_or(&[][..], Vec::as_slice);
        for (r, line) in sheet.lines.iter().enumerate() {
            let row = r as u32;
            if let Some(height) = line.height {
                self.page.set_row_height(row, height)?;
            }
            for cell in &line.cells {
                let formula = compiled.get(r).and_then(|own| {
                    own.cells.iter().find(|(column, _)| *column == cell.column).map(|(_, f)| f)
                });
                let text = formula.map(|f| made.program.places.render(f, self.n, cell.column));
                self.cell(row, cell, text)?;
            }
            self.series(row, line)?;
        }
        for chart in &sheet.charts {
            let drawn = self.chart(chart);
            let (row, column) = chart.at;
            self.page.insert_chart(row, column, &drawn)?;
        }
        Ok(())
    }

    fn set_up(&mut self) -> Result<(), Limit> {
        let sheet = self.sheet;
        let (page, columns) = (&mut *self.page, sheet.columns());
        for column in 0..columns {
            let width = sheet.widths.get(usize::from(column)).or(sheet.widths.last());
            page.set_column_width(column, width.copied().unwrap_or(11.0))?;
        }
        let (rows, fixed) = sheet.frozen;
        page.set_freeze_panes(rows, fixed)?;
        page.set_screen_gridlines(false);
        let print = Print::of(sheet);
        page.set_landscape().set_paper_size(print.paper);
        page.set_margins(0.4, 0.4, 0.5, 0.6, 0.25, 0.3);
        page.set_print_fit_to_pages(print.pages, 0);
        if rows > 0 {
            page.set_repeat_rows(0, rows - 1)?;
        }
        if fixed > 0 && print.pages > 1 {
            page.set_repeat_columns(0, fixed - 1)?;
        }
        let title = self.made.book.about.title.replace('&', "&&");
        page.set_footer(format!("&L&8 {title}&C&8 &A&R&8 Page &P of &N"));
        if !print.breaks.is_empty() {
            page.set_page_breaks(&print.breaks)?;
        }
        page.set_print_area(0, 0, print.rows - 1, print.columns - 1)?;
        Ok(())
    }

    fn cell(&mut self, row: u32, cell: &Cell, formula: Option<String>) -> Result<(), Limit> {
        let column = cell.column;
        let value = self.made.values.get(self.n, row, column);
        let format = self.formats.of(seen(cell));
        match &cell.content {
            Content::Text(text) if text.is_empty() => {
                self.page.write_blank(row, column, format)?;
            }
            Content::Text(text) => {
                self.page.write_string_with_format(row, column, text, format)?;
            }
            Content::Number(n) => {
                self.page.write_number_with_format(row, column, *n, format)?;
            }
            Content::Formula(_) => {
                let formula = Formula::new(formula.unwrap_or_default()).set_result(cached(value));
                self.page.write_formula_with_format(row, column, formula, format)?;
            }
        }
        if let Some((least, most)) = cell.limits {
            let rule = DataValidation::new()
                .allow_decimal_number(DataValidationRule::Between(least, most))
                .set_error_title("Outside the model")?
                .set_error_message(format!("Enter {least} to {most}"))?;
            self.page.add_data_validation(row, column, row, column, &rule)?;
        }
        match cell.look.role {
            Role::State => self.tint(row, column, "1", "0")?,
            Role::StateText => self.tint(row, column, "\"All checks hold\"", "\"CHECKS FAIL\"")?,
            _ => {}
        }
        Ok(())
    }

    /// Green where a state is good, red where it is bad; the words say the same.
    fn tint(&mut self, row: u32, column: u16, good: &str, bad: &str) -> Result<(), Limit> {
        for (value, (ink, fill)) in [(good, GOOD), (bad, BAD)] {
            let look = Format::new().set_font_color(ink).set_background_color(fill);
            let rule = ConditionalFormatCellRule::EqualTo(Formula::new(value));
            let tint = ConditionalFormatCell::new().set_rule(rule).set_format(look);
            self.page.add_conditional_format(row, column, row, column, &tint)?;
        }
        Ok(())
    }

    fn series(&mut self, row: u32, line: &Line) -> Result<(), Limit> {
        let Some(series) = &line.series else { return Ok(()) };
        let made = self.made;
        let compiled = made.program.lines.get(self.n).and_then(|l| l.get(row as usize));
        let format = self.formats.of(line.look).clone();
        for n in 0..self.sheet.periods as u16 {
            let column = SERIES + n;
            let value = made.values.get(self.n, row, column);
            match (series, compiled.and_then(|own| own.series.as_ref())) {
                (Series::Formula(_), Some(formula)) => {
                    let text = made.program.places.render(formula, self.n, column);
                    let formula = Formula::new(text).set_result(cached(value));
                    self.page.write_formula_with_format(row, column, formula, &format)?;
                }
                (Series::Texts(list), _) => {
                    if let Some(text) = list.get(usize::from(n)) {
                        self.page.write_string_with_format(row, column, text, &format)?;
                    }
                }
                _ => {
                    if let Value::Number(number) = value {
                        self.page.write_number_with_format(row, column, *number, &format)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn chart(&self, chart: &Chart) -> Drawn {
        let mut drawn = Drawn::new(match chart.kind {
            ChartKind::Columns => ChartType::Column,
            ChartKind::StackedColumns => ChartType::ColumnStacked,
            ChartKind::Lines => ChartType::Line,
            ChartKind::Bars => ChartType::Bar,
            ChartKind::Shares => ChartType::Column,
        });
        let mut font = ChartFont::new();
        font.set_name(FONT).set_size(8).set_color(QUIET).unset_bold();
        let mut heading = ChartFont::new();
        heading.set_name(FONT).set_size(10).set_color(INK).set_bold();
        drawn.title().set_name(&chart.title).set_font(&heading);
        let lying = chart.kind == ChartKind::Bars;
        // The axes of lying bars change places: their names stand upright.
        let names = if lying { drawn.y_axis() } else { drawn.x_axis() };
        names.set_font(&font).set_label_position(ChartAxisLabelPosition::Low);
        if lying {
            // The first at the top, the amounts at the foot.
            names.set_reverse().set_crossing(ChartAxisCrossing::Max);
            names.set_major_gridlines(false);
        }
        match chart.kind {
            ChartKind::Shares => names.set_num_format("#,##0,,"),
            _ => names,
        };
        if chart.every > 1 {
            names.set_label_interval(chart.every).set_tick_interval(chart.every);
        }
        let mut grid = ChartLine::new();
        grid.set_color(0xD9_DE_E4u32).set_width(0.5);
        let amounts = if lying { drawn.x_axis() } else { drawn.y_axis() };
        amounts
            .set_name(&chart.axis)
            .set_name_font(&font)
            .set_font(&font)
            .set_num_format(if chart.kind == ChartKind::Shares { "0 %" } else { "#,##0,," })
            .set_major_gridlines_line(&grid);
        drawn.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
        if chart.lines.len() < 2 {
            drawn.legend().set_hidden();
        }
        let categories = self.range(&chart.categories);
        for (name, key, color) in &chart.lines {
            let Some(values) = self.range(key) else { continue };
            let mut series = ChartSeries::new();
            series.set_name(name.as_str()).set_values(values);
            if let Some(categories) = categories {
                series.set_categories(categories);
            }
            series.set_format(&mut paint(chart.kind, *color));
            if chart.kind == ChartKind::Columns || chart.kind == ChartKind::StackedColumns {
                series.set_gap(60);
            }
            match chart.kind {
                ChartKind::Bars => series.set_gap(40).set_overlap(100),
                ChartKind::Shares => series.set_gap(8),
                _ => &mut series,
            };
            drawn.push_series(&series);
        }
        drawn.set_width(chart.size.0).set_height(chart.size.1).set_alt_text(&chart.title);
        drawn
    }

    /// Sheet, first row and column, last row and column of a line's periods or of a block.
    fn range(&self, key: &str) -> Option<(&str, u32, u16, u32, u16)> {
        if let Some((from, to)) = key.split_once("::") {
            let places = &self.made.program.places;
            let ((sheet, first, left), (_, last, right)) = (places.cell(from)?, places.cell(to)?);
            let name = &self.made.book.sheets.get(sheet)?.name;
            return Some((name, first, left, last, right));
        }
        let (sheet, row, first, last) = self.made.program.places.span(key)?;
        let name = &self.made.book.sheets.get(sheet)?.name;
        Some((name, row, first, row, last))
    }
}

fn paint(kind: ChartKind, color: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    if kind == ChartKind::Lines {
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(color)).set_width(2.0);
        format.set_line(&line);
    } else {
        let mut fill = ChartSolidFill::new();
        fill.set_color(Color::RGB(color));
        format.set_solid_fill(&fill);
    }
    format
}

/// A value as it stands beside its formula: the shortest text that reads back as the same number.
fn cached(value: &Value) -> String {
    match value {
        Value::Number(n) => format!("{}", n + 0.0),
        Value::Text(text) => text.clone(),
        Value::Blank => "0".to_owned(),
    }
}
