//! How lines of the usual anatomy are put together.

use super::book::{
    Axis, CONSTANT, Cell, Content, Form, LABEL, Line, Look, Role, SERIES, Series, Sheet, TOTAL,
    UNIT,
};

impl Cell {
    pub fn new(column: u16, content: Content, role: Role) -> Self {
        let look = Look { role, ..Look::default() };
        Self { column, key: None, content, look, engine: None, limits: None }
    }

    pub fn text(column: u16, text: impl Into<String>, role: Role) -> Self {
        Self::new(column, Content::Text(text.into()), role)
    }

    /// A formula; one that names a single cell is a link where that stands on another sheet.
    pub fn formula(column: u16, text: impl Into<String>, form: Form) -> Self {
        let mut cell = Self::new(column, Content::Formula(text.into()), Role::Calc);
        cell.look.form = form;
        cell
    }

    pub fn number(column: u16, number: f64, role: Role, form: Form) -> Self {
        let mut cell = Self::new(column, Content::Number(number), role);
        cell.look.form = form;
        cell
    }

    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn engine(mut self, value: Option<f64>) -> Self {
        self.engine = value;
        self
    }

    pub fn role(mut self, role: Role) -> Self {
        self.look.role = role;
        self
    }

    pub fn wrap(mut self) -> Self {
        self.look.wrap = true;
        self
    }

    pub fn right(mut self) -> Self {
        self.look.right = true;
        self
    }
}

impl Line {
    /// A line with a name for formulas, a label and a unit.
    pub fn new(key: impl Into<String>, label: impl Into<String>, unit: &str) -> Self {
        Self {
            key: Some(key.into()),
            cells: vec![
                Cell::text(LABEL, label, Role::Plain),
                Cell::text(UNIT, unit, Role::Subtitle),
            ],
            look: Look { role: Role::Calc, ..Look::default() },
            ..Self::default()
        }
    }

    pub fn of(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }

    /// Shows numbers of the series, and of a total that is asked for later, like this.
    pub fn form(mut self, form: Form) -> Self {
        self.look.form = form;
        self
    }

    /// The constant as a formula.
    pub fn constant(mut self, formula: impl Into<String>, form: Form) -> Self {
        self.cells.push(Cell::formula(CONSTANT, formula, form));
        self
    }

    /// The constant as a number that belongs to the structure, such as the number of a line.
    pub fn number(mut self, number: f64, form: Form) -> Self {
        self.cells.push(Cell::number(CONSTANT, number, Role::Plain, form));
        self
    }

    /// The formula of every period.
    pub fn each(mut self, formula: impl Into<String>) -> Self {
        self.series = Some(Series::Formula(formula.into()));
        self
    }

    pub fn input(mut self, values: Vec<f64>) -> Self {
        self.series = Some(Series::Input(values));
        self.look.role = Role::Input;
        self
    }

    pub fn pasted(mut self, values: Vec<f64>) -> Self {
        self.series = Some(Series::Pasted(values));
        self.look.role = Role::Pasted;
        self
    }

    /// The sum of the periods.
    pub fn sum(self) -> Self {
        self.total("SUM([@:])")
    }

    /// The sum of periods that may cancel, to the cent.
    pub fn net(self) -> Self {
        self.total("ROUND(SUM([@:]),[const:cents])")
    }

    /// A formula for the total; `@` stands for the line.
    pub fn total(mut self, formula: &str) -> Self {
        let key = self.key.clone().unwrap_or_default();
        self.cells.push(Cell::formula(TOTAL, formula.replace('@', &key), self.look.form));
        self
    }

    /// What the engine says of the periods.
    pub fn engine(mut self, values: Option<&[f64]>) -> Self {
        self.engine = values.map(<[f64]>::to_vec);
        self
    }

    /// Bold, with a rule above.
    pub fn strong(mut self) -> Self {
        self.look.role = Role::Total;
        for cell in &mut self.cells {
            cell.look.role = Role::Total;
        }
        self
    }
}

/// Lines that a text takes in a column, words whole. Bold letters are taken as wide as digits.
fn lines_of(text: &str, width: f64) -> u32 {
    let (mut lines, mut used) = (1, 0.0);
    for word in text.split(' ') {
        let wide = word.chars().count() as f64;
        if used > 0.0 && used + 1.0 + wide > width - 2.0 {
            lines += 1;
            used = wide;
        } else {
            used += wide + if used > 0.0 { 1.0 } else { 0.0 };
        }
    }
    lines
}

impl Sheet {
    pub fn add(&mut self, line: Line) {
        self.push(line);
    }

    pub fn section(&mut self, name: &str) {
        let columns = if self.axis == Axis::None { self.widths.len() as u16 } else { SERIES };
        self.push(Line::default());
        let mut cells = vec![Cell::text(LABEL, name, Role::Section)];
        cells.extend((1..columns).map(|c| Cell::text(c, "", Role::Section)));
        self.push(Line::of(cells));
    }

    /// Heads of columns, of numbers at the right but for those of words; the line is as high as
    /// the longest of them needs in its column.
    pub fn heads<'a>(&mut self, heads: impl IntoIterator<Item = (u16, &'a str)>, words: &[u16]) {
        let mut lines = 1;
        let mut cells = Vec::new();
        for (column, head) in heads {
            let width = self.widths.get(usize::from(column)).copied().unwrap_or(11.0);
            lines = lines.max(lines_of(head, width));
            let cell = Cell::text(column, head, Role::Head).wrap();
            cells.push(if words.contains(&column) { cell } else { cell.right() });
        }
        let height = (lines > 1).then(|| 12.0 * f64::from(lines) + 2.0);
        self.push(Line { height, ..Line::of(cells) });
    }

    /// A line as high as its wrapped texts need in their columns.
    pub fn add_wrapped(&mut self, mut line: Line) {
        let lines = |cell: &Cell| match &cell.content {
            Content::Text(text) if cell.look.wrap => {
                let width = self.widths.get(usize::from(cell.column)).copied().unwrap_or(11.0);
                lines_of(text, width)
            }
            _ => 1,
        };
        let most = line.cells.iter().map(lines).max().unwrap_or(1);
        line.height = (most > 1).then(|| 12.0 * f64::from(most) + 2.0);
        self.push(line);
    }

    /// What follows begins a page of paper.
    pub fn new_page(&mut self) {
        self.breaks.push(self.lines.len() as u32);
    }

    pub fn note(&mut self, text: impl Into<String>) {
        self.push(Line::of(vec![Cell::text(LABEL, text, Role::Note)]));
    }
}
