//! How wide the columns of a table are: figures as they need, text so that the rows are low in
//! sum, heads in two lines where there is room. It must not know what the columns hold.

use super::table::{Align, LEAST, LONGEST, MOST, PAD_X, ROLE, Style, Table};
use crate::scene::shape::Measure;
use crate::scene::tokens::TextRole;

/// Step by which columns of text grow, points, and the most steps that are looked ahead.
const STEP: f64 = 4.0;
const AHEAD: usize = 16;

/// A text as the widths of its words.
struct Words {
    words: Vec<f64>,
    space: f64,
}

impl Words {
    fn of(text: &str, (role, space): (TextRole, f64), measure: &mut Measure) -> Self {
        let words = text.split_whitespace().map(|w| measure(w, role).0).collect();
        Self { words, space }
    }

    /// In one line.
    fn whole(&self) -> f64 {
        self.words.iter().sum::<f64>() + self.space * self.words.len().saturating_sub(1) as f64
    }

    fn longest(&self) -> f64 {
        self.words.iter().copied().fold(0.0, f64::max)
    }

    /// Lines in a width; a word that is too long is broken.
    fn lines(&self, width: f64) -> f64 {
        let (mut lines, mut used) = (1.0, 0.0);
        for word in &self.words {
            if used > 0.0 && used + self.space + word > width {
                lines += 1.0;
                used = 0.0;
            }
            used += word + if used > 0.0 { self.space } else { 0.0 };
            while used > width {
                lines += 1.0;
                used -= width;
            }
        }
        lines
    }

    /// The least width in which it takes so many lines at most.
    fn width_of(&self, lines: f64) -> f64 {
        let (mut low, mut high) = (self.longest(), self.whole());
        for _ in 0..24 {
            let middle = (low + high) / 2.0;
            if self.lines(middle) > lines { low = middle } else { high = middle }
        }
        high
    }
}

/// A column with all that stands in it.
struct Measured {
    is_text: bool,
    head: Words,
    cells: Vec<Words>,
}

impl Measured {
    /// The least that it can do with: figures whole, words of a text unbroken.
    fn least(&self) -> f64 {
        let cells = self.cells.iter();
        match self.is_text {
            true => {
                let longest = cells.map(Words::longest).fold(self.head.longest(), f64::max);
                longest.clamp(LEAST, LONGEST)
            }
            false => cells.map(Words::whole).fold(self.head.longest(), f64::max),
        }
    }

    /// In which nothing but a head is broken, and that into two lines.
    fn wished(&self) -> f64 {
        let most = if self.is_text { MOST } else { f64::INFINITY };
        let cells = self.cells.iter().map(Words::whole).fold(0.0, f64::max);
        cells.min(most).max(self.head.width_of(2.0)).max(self.least())
    }

    /// How high its texts stand in a width: rows of many lines weigh more.
    fn cost(&self, width: f64) -> f64 {
        let own = self.cells.iter().chain([&self.head]);
        own.map(|words| (words.lines(width) - 1.0).powi(2)).sum()
    }
}

fn measured(table: &Table, n: usize, measure: &mut Measure) -> Measured {
    // A space between two letters: spaces at the ends of a text have no width.
    let mut space = |role| (role, measure("n n", role).0 - measure("nn", role).0);
    let (usual, strong) = (space(ROLE), space(TextRole::SmallStrong));
    let column = table.columns.get(n);
    let rows = table.rows.iter().filter(|r| r.style != Style::Group);
    let cells = rows.filter_map(|row| {
        let kind = if row.style == Style::Total { strong } else { usual };
        row.cells.get(n).map(|text| (text, kind))
    });
    let cells = cells.collect::<Vec<_>>();
    Measured {
        is_text: column.is_some_and(|c| c.align == Align::Left),
        head: Words::of(column.map_or("", |c| c.head.as_str()), usual, measure),
        cells: cells.into_iter().map(|(text, kind)| Words::of(text, kind, measure)).collect(),
    }
}

/// Widths of the columns, which sum to the width of the table where that can be.
pub(super) fn widths(table: &Table, width: f64, measure: &mut Measure) -> Vec<f64> {
    let count = table.columns.len();
    let all: Vec<Measured> = (0..count).map(|n| measured(table, n, measure)).collect();
    let pads = 2.0 * PAD_X * count as f64;
    let wished: Vec<f64> = all.iter().map(Measured::wished).collect();
    let room = width - pads - wished.iter().sum::<f64>();
    let mut found = match room >= 0.0 {
        true => wished,
        false => shared(&all, width - pads),
    };
    let left = width - pads - found.iter().sum::<f64>();
    // Slack goes to a last column of text, else to the first, so that figures keep together.
    let last = count.saturating_sub(1);
    let at = if all.get(last).is_some_and(|c| c.is_text) { last } else { 0 };
    if let Some(column) = found.get_mut(at) {
        *column += left.max(0.0);
    }
    found.iter().map(|w| w + 2.0 * PAD_X).collect()
}

/// Room shared so that the rows become low: all begin with the least, and the room goes by and
/// by to where it saves most.
fn shared(all: &[Measured], room: f64) -> Vec<f64> {
    let mut found: Vec<f64> = all.iter().map(Measured::least).collect();
    let least: f64 = found.iter().sum();
    if least > room {
        // Where even the longest words have no room, texts give way alike.
        let texts: f64 = all.iter().zip(&found).filter(|(c, _)| c.is_text).map(|(_, w)| w).sum();
        let over = ((texts - (least - room)) / texts.max(1.0)).max(0.1);
        for (wide, _) in found.iter_mut().zip(all).filter(|(_, c)| c.is_text) {
            *wide *= over;
        }
        return found;
    }
    let mut left = room - least;
    while left >= STEP {
        let steps = ((left / STEP) as usize).min(AHEAD);
        let mut best = (0.0, 0, 0.0);
        for (n, column) in all.iter().enumerate() {
            let own = found.get(n).copied().unwrap_or(0.0);
            let now = column.cost(own);
            for step in 1..=steps {
                let more = step as f64 * STEP;
                let saved = (now - column.cost(own + more)) / more;
                if saved > best.0 {
                    best = (saved, n, more);
                }
            }
        }
        let Some(wide) = found.get_mut(best.1).filter(|_| best.0 > 0.0) else { break };
        *wide += best.2;
        left -= best.2;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Column, Row};
    use crate::scene::shape::rough_size;

    fn table(columns: Vec<Column>, rows: &[&[&str]]) -> Table {
        let row =
            |cells: &&[&str]| Row::plain(cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
        Table { columns, rows: rows.iter().map(row).collect() }
    }

    #[test]
    fn heads_of_figures_take_two_lines_where_there_is_room() {
        let columns = Column::figures("Step", &["In service in month", "A month earlier"]);
        let table = table(columns, &[&["The whole site", "24", "$1.2 M"]]);
        let found = widths(&table, 500.0, &mut rough_size);
        assert!((found.iter().sum::<f64>() - 500.0).abs() < 1e-6);
        for (column, wide) in table.columns.iter().zip(&found) {
            let room = wide - 2.0 * PAD_X + 0.01;
            let lines = super::super::text::wrap(&column.head, room, ROLE, &mut rough_size);
            assert!(lines.len() <= 2, "{lines:?}");
        }
    }

    #[test]
    fn the_longest_text_gets_the_room_and_figures_stay_whole() {
        let long = "a remark that takes far more words than the name of the input ".repeat(4);
        let columns = vec![Column::left("Input"), Column::right("Value"), Column::left("Remark")];
        let table = table(columns, &[&["Energy price", "1,234,567.89", &long]]);
        let found = widths(&table, 360.0, &mut rough_size);
        assert!(found[2] > 2.0 * found[0], "{found:?}");
        let value = rough_size("1,234,567.89", ROLE).0 + 2.0 * PAD_X;
        assert!(found[1] >= value - 1e-9, "{found:?}");
        assert!(found.iter().sum::<f64>() <= 360.0 + 1e-6);
    }
}
