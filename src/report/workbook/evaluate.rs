//! What the formulas of a workbook give: a small spreadsheet, so that every cell has a value
//! before a spreadsheet has seen it, and so that a change of an input can be followed here.

use super::book::{Book, Content, SERIES, Series, Value, absolute};
use super::formula::{Columns, Expression, Formula, Places, Ref, Unreadable};
use super::functions::{self, Args};

/// Formulas of a line: of its cells by column, and of its series.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    pub cells: Vec<(u16, Formula)>,
    pub series: Option<Formula>,
}

/// A book whose formulas are read.
#[derive(Debug)]
pub struct Program {
    pub places: Places,
    pub lines: Vec<Vec<Compiled>>,
}

/// What is wrong with a workbook; its builder is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    #[error("formulas of the workbook cannot be read: {}", told(.0))]
    Unreadable(Vec<Unreadable>),
    #[error("a workbook needs a project on months; this one has longer periods")]
    NotMonths,
    #[error("two cells of the workbook are called {0}")]
    Twice(String),
    #[error("{sheet}!{cell} refers to itself")]
    Circular { sheet: String, cell: String },
    #[error("cells of the workbook have no value: {}", .0.iter().take(40).cloned().collect::<Vec<_>>().join("; "))]
    Wrong(Vec<String>),
}

/// The first few, and how many there are.
fn told(faults: &[Unreadable]) -> String {
    let first: Vec<String> = faults.iter().take(40).map(ToString::to_string).collect();
    format!("{} of them: {}", faults.len(), first.join("; "))
}

impl Program {
    /// Reads the formulas of a book.
    ///
    /// # Errors
    /// A formula that cannot be read or a name that is given twice.
    pub fn of(book: &Book) -> Result<Self, Defect> {
        let places = Places::of(book);
        if let Some(key) = places.twice() {
            return Err(Defect::Twice(key.to_owned()));
        }
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        let mut read = |text: &str| match places.read(text) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                faults.push(fault);
                None
            }
        };
        for sheet in &book.sheets {
            let mut compiled = Vec::with_capacity(sheet.lines.len());
            for line in &sheet.lines {
                let mut own = Compiled::default();
                for cell in &line.cells {
                    if let Content::Formula(text) = &cell.content
                        && let Some(formula) = read(text)
                    {
                        own.cells.push((cell.column, formula));
                    }
                }
                if let Some(Series::Formula(text)) = &line.series {
                    own.series = read(text);
                }
                compiled.push(own);
            }
            lines.push(compiled);
        }
        if !faults.is_empty() {
            return Err(Defect::Unreadable(faults));
        }
        Ok(Self { places, lines })
    }

    fn formula(&self, at: At) -> Option<&Formula> {
        let line = self.lines.get(at.sheet)?.get(at.row as usize)?;
        let own = line.cells.iter().find(|(column, _)| *column == at.column).map(|(_, f)| f);
        own.or(line.series.as_ref().filter(|_| at.column >= SERIES))
    }
}

/// Address of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    sheet: usize,
    row: u32,
    column: u16,
}

/// Values of all cells: sheet, row, column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Vec<Vec<Vec<Value>>>);

impl Values {
    pub fn get(&self, sheet: usize, row: u32, column: u16) -> &Value {
        let line = self.0.get(sheet).and_then(|s| s.get(row as usize));
        line.and_then(|l| l.get(usize::from(column))).unwrap_or(&Value::Blank)
    }

    pub fn set(&mut self, sheet: usize, row: u32, column: u16, value: Value) {
        let line = self.0.get_mut(sheet).and_then(|s| s.get_mut(row as usize));
        if let Some(cell) = line.and_then(|l| l.get_mut(usize::from(column))) {
            *cell = value;
        }
    }

    /// Number of a named cell.
    pub fn number(&self, places: &Places, key: &str) -> Option<f64> {
        let (sheet, row, column) = places.cell(key)?;
        match self.get(sheet, row, column) {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }
}

/// Why a cell has no value yet.
enum Stop {
    Missing(Vec<At>),
    Wrong(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// It waits for cells that it needs.
    Waiting,
    Known,
}

struct Machine<'a> {
    book: &'a Book,
    program: &'a Program,
    values: Values,
    states: Vec<Vec<Vec<State>>>,
    /// Cells that have no value, and why.
    wrong: Vec<String>,
}

/// Values of all cells.
///
/// # Errors
/// A cell that needs itself, or a division by zero and its like.
pub fn evaluate(book: &Book, program: &Program) -> Result<Values, Defect> {
    let mut machine = Machine::of(book, program);
    let widest = book.sheets.iter().map(super::book::Sheet::columns).max().unwrap_or(0);
    for column in 0..widest {
        for (s, sheet) in book.sheets.iter().enumerate() {
            if column >= sheet.columns() {
                continue;
            }
            for row in 0..sheet.lines.len() as u32 {
                machine.solve(At { sheet: s, row, column })?;
            }
        }
    }
    if !machine.wrong.is_empty() {
        return Err(Defect::Wrong(machine.wrong));
    }
    Ok(machine.values)
}

impl<'a> Machine<'a> {
    /// Everything that is no formula is known.
    fn of(book: &'a Book, program: &'a Program) -> Self {
        let (mut values, mut states) = (Vec::new(), Vec::new());
        for (sheet, compiled) in book.sheets.iter().zip(&program.lines) {
            let width = usize::from(sheet.columns());
            let (mut rows, mut marks) = (Vec::new(), Vec::new());
            for (line, own) in sheet.lines.iter().zip(compiled) {
                let mut row = vec![Value::Blank; width];
                let mut mark = vec![State::Known; width];
                let mut put = |column: usize, value: Value| {
                    if let Some(cell) = row.get_mut(column) {
                        *cell = value;
                    }
                };
                let first = usize::from(SERIES);
                match &line.series {
                    Some(Series::Input(list) | Series::Pasted(list)) => {
                        for n in 0..sheet.periods {
                            let value = list.get(n).copied().unwrap_or(0.0);
                            put(first + n, Value::Number(value));
                        }
                    }
                    Some(Series::Texts(list)) => {
                        for (n, text) in list.iter().enumerate().take(sheet.periods) {
                            put(first + n, Value::Text(text.clone()));
                        }
                    }
                    _ => {}
                }
                for cell in &line.cells {
                    match &cell.content {
                        Content::Text(text) if text.is_empty() => {}
                        Content::Text(text) => {
                            put(usize::from(cell.column), Value::Text(text.clone()));
                        }
                        Content::Number(n) => put(usize::from(cell.column), Value::Number(*n)),
                        Content::Formula(_) => {}
                    }
                }
                if own.series.is_some() {
                    mark.iter_mut().skip(first).for_each(|m| *m = State::Open);
                }
                for (column, _) in &own.cells {
                    if let Some(m) = mark.get_mut(usize::from(*column)) {
                        *m = State::Open;
                    }
                }
                rows.push(row);
                marks.push(mark);
            }
            values.push(rows);
            states.push(marks);
        }
        Self { book, program, values: Values(values), states, wrong: Vec::new() }
    }

    fn state(&self, at: At) -> State {
        let row = self.states.get(at.sheet).and_then(|s| s.get(at.row as usize));
        row.and_then(|r| r.get(usize::from(at.column))).copied().unwrap_or(State::Known)
    }

    fn mark(&mut self, at: At, state: State) {
        let row = self.states.get_mut(at.sheet).and_then(|s| s.get_mut(at.row as usize));
        if let Some(cell) = row.and_then(|r| r.get_mut(usize::from(at.column))) {
            *cell = state;
        }
    }

    /// Works on a stack of its own, so that long chains of periods cost no recursion.
    fn solve(&mut self, at: At) -> Result<(), Defect> {
        let mut stack = vec![at];
        while let Some(at) = stack.last().copied() {
            if self.state(at) == State::Known {
                stack.pop();
                continue;
            }
            let program = self.program;
            let Some(formula) = program.formula(at) else {
                self.mark(at, State::Known);
                continue;
            };
            match self.value(&formula.expression, at) {
                Ok(value) => {
                    // A formula that refers to nothing gives zero.
                    let value = if value == Value::Blank { Value::Number(0.0) } else { value };
                    self.values.set(at.sheet, at.row, at.column, value);
                    self.mark(at, State::Known);
                }
                Err(Stop::Missing(list)) => {
                    self.mark(at, State::Waiting);
                    for missing in list.into_iter().rev() {
                        if self.state(missing) == State::Waiting {
                            let (sheet, cell) = self.name(missing);
                            return Err(Defect::Circular { sheet, cell });
                        }
                        stack.push(missing);
                    }
                }
                Err(Stop::Wrong(problem)) => {
                    let (sheet, cell) = self.name(at);
                    let label = match self.values.get(at.sheet, at.row, 0) {
                        Value::Text(text) => text.clone(),
                        _ => String::new(),
                    };
                    self.wrong.push(format!("{sheet}!{cell} {label}: {problem}"));
                    self.values.set(at.sheet, at.row, at.column, Value::Number(0.0));
                    self.mark(at, State::Known);
                }
            }
        }
        Ok(())
    }

    fn name(&self, at: At) -> (String, String) {
        let sheet = self.book.sheets.get(at.sheet).map_or_else(String::new, |s| s.name.clone());
        (sheet, absolute(at.row, at.column))
    }

    /// Cells of a reference, row by row.
    fn cells(&self, r: Ref, at: At) -> Vec<At> {
        let (from, to) = match r.columns {
            Columns::At(c) => (c, c),
            Columns::Shift(by) => {
                let c = (i32::from(at.column) + by).max(0) as u16;
                (c, c)
            }
            Columns::Span(from, to) => (from, to),
        };
        let mut cells = Vec::with_capacity(usize::from(to - from) + 1);
        for row in r.rows.0..=r.rows.1 {
            cells.extend((from..=to).map(|column| At { sheet: r.sheet, row, column }));
        }
        cells
    }

    fn range(&self, r: Ref, at: At) -> Result<Vec<Value>, Stop> {
        let cells = self.cells(r, at);
        let missing: Vec<At> =
            cells.iter().copied().filter(|c| self.state(*c) != State::Known).collect();
        if !missing.is_empty() {
            return Err(Stop::Missing(missing));
        }
        Ok(cells.iter().map(|c| self.values.get(c.sheet, c.row, c.column).clone()).collect())
    }

    fn one(&self, r: Ref, at: At) -> Result<Value, Stop> {
        let column = match r.columns {
            Columns::At(c) | Columns::Span(c, _) => c,
            Columns::Shift(by) => (i32::from(at.column) + by).max(0) as u16,
        };
        let cell = At { sheet: r.sheet, row: r.rows.0, column };
        if self.state(cell) != State::Known {
            return Err(Stop::Missing(vec![cell]));
        }
        Ok(self.values.get(cell.sheet, cell.row, cell.column).clone())
    }

    fn value(&self, expression: &Expression, at: At) -> Result<Value, Stop> {
        match expression {
            Expression::Text(text) => Ok(Value::Text(text.clone())),
            Expression::Ref(r) => self.one(*r, at),
            Expression::Call(name, arguments) if name == "IF" => {
                let [test, yes, no] = arguments.as_slice() else {
                    return Err(Stop::Wrong("IF takes three arguments".to_owned()));
                };
                let branch = if self.number(test, at)? != 0.0 { yes } else { no };
                self.value(branch, at)
            }
            _ => {
                let number = self.number(expression, at)?;
                if number.is_finite() {
                    Ok(Value::Number(number))
                } else {
                    Err(Stop::Wrong(format!("{number} is not a number")))
                }
            }
        }
    }

    fn number(&self, expression: &Expression, at: At) -> Result<f64, Stop> {
        match expression {
            Expression::Number(n) => Ok(*n),
            Expression::Negative(inner) => Ok(-self.number(inner, at)?),
            Expression::Operation(sign, left, right) => {
                let (left, right) = (self.number(left, at)?, self.number(right, at)?);
                functions::operation(sign, left, right).map_err(Stop::Wrong)
            }
            Expression::Call(name, arguments) if name != "IF" => self.call(name, arguments, at),
            Expression::Ref(_) | Expression::Text(_) | Expression::Call(..) => {
                match self.value(expression, at)? {
                    Value::Number(n) => Ok(n),
                    Value::Blank => Ok(0.0),
                    Value::Text(text) => Err(Stop::Wrong(format!("\"{text}\" is no number"))),
                }
            }
        }
    }

    fn call(&self, name: &str, arguments: &[Expression], at: At) -> Result<f64, Stop> {
        if name == "SUMPRODUCT" {
            let mut product: Vec<f64> = vec![1.0];
            for argument in arguments {
                let factor = self.array(argument, at)?;
                product = functions::broadcast(&product, &factor, |a, b| Ok(a * b))
                    .map_err(Stop::Wrong)?;
            }
            return Ok(product.iter().sum());
        }
        let mut args = Args::default();
        for argument in arguments {
            match argument {
                Expression::Ref(r) => {
                    let width = match r.columns {
                        Columns::Span(from, to) => usize::from(to - from) + 1,
                        _ => 1,
                    };
                    args.push(self.range(*r, at)?, width);
                }
                other => args.push(vec![self.value(other, at)?], 1),
            }
        }
        functions::call(name, &args).map_err(Stop::Wrong)
    }

    /// An expression over ranges, cell by cell.
    fn array(&self, expression: &Expression, at: At) -> Result<Vec<f64>, Stop> {
        match expression {
            Expression::Ref(r) => {
                let list = self.range(*r, at)?;
                Ok(list.iter().map(functions::plain).collect())
            }
            Expression::Negative(inner) => {
                Ok(self.array(inner, at)?.into_iter().map(|v| -v).collect())
            }
            Expression::Operation(sign, left, right) => {
                let (left, right) = (self.array(left, at)?, self.array(right, at)?);
                functions::broadcast(&left, &right, |a, b| functions::operation(sign, a, b))
                    .map_err(Stop::Wrong)
            }
            Expression::Call(name, arguments) if name == "MAX" && arguments.len() == 1 => {
                let list = match arguments.first() {
                    Some(inner) => self.array(inner, at)?,
                    None => Vec::new(),
                };
                Ok(vec![list.into_iter().reduce(f64::max).unwrap_or(0.0)])
            }
            Expression::Call(name, arguments) if name == "ABS" => match arguments.first() {
                Some(inner) => Ok(self.array(inner, at)?.into_iter().map(f64::abs).collect()),
                None => Err(Stop::Wrong("ABS of nothing".to_owned())),
            },
            other => Ok(vec![self.number(other, at)?]),
        }
    }
}
