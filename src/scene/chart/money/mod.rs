//! Charts of money as plain shapes: capital by class, columns by fiscal year, waterfalls, what
//! moves the value, how it may fall out, and the phases of building. Each says the same in
//! words, for those who cannot see it. It must not know projects, the window or files.

mod breakdown;
mod columns;
mod fan;
mod furniture;
mod grid;
mod lines;
mod phases;
pub mod risk;
pub mod site;
#[cfg(test)]
mod tests;
mod tornado;
mod waterfall;
mod years;

pub use breakdown::{Breakdown, Slice};
pub use columns::{Columns, Series};
pub use fan::Fan;
pub use furniture::{Amounts, fitted};
pub use grid::{Grid, Side};
pub use lines::{Lines, Trace};
pub use phases::{Phases, Stage, Track};
pub use tornado::{Bar, Tornado};
pub use waterfall::{Step, Waterfall};

use crate::scene::geom::Bounds;
use crate::scene::shape::{Measure, Shape};

/// The charts of a site's finance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    CapexByClass,
    RevenueByTier,
    Spending,
    CashFlow,
    /// A million tokens by what their cost is for.
    CostPerMtok,
    Phases,
    /// What moves the value.
    Tornado,
    /// The cumulative value over many draws.
    Fan,
    /// From the keynote figure to the bankable one.
    Ladder,
    /// The value on the same way.
    ValueLadder,
    /// The value by two inputs at once.
    TwoWay,
    /// Cumulative cash of variants that are compared.
    Cumulative,
}

impl Id {
    /// Those that the finance of one plan has without questions of risk.
    pub const OF_PLAN: [Id; 6] = [
        Id::CapexByClass,
        Id::RevenueByTier,
        Id::Spending,
        Id::CashFlow,
        Id::CostPerMtok,
        Id::Phases,
    ];

    /// Name on the command line and in the names of files.
    pub const fn id(self) -> &'static str {
        match self {
            Id::CapexByClass => "capex-by-class",
            Id::RevenueByTier => "revenue-by-tier",
            Id::Spending => "spending",
            Id::CashFlow => "cash-flow",
            Id::CostPerMtok => "cost-per-mtok",
            Id::Phases => "phases",
            Id::Tornado => "tornado",
            Id::Fan => "fan",
            Id::Ladder => "ladder",
            Id::ValueLadder => "value-ladder",
            Id::TwoWay => "two-way",
            Id::Cumulative => "cumulative",
        }
    }

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Id::CapexByClass => "Capex by class",
            Id::RevenueByTier => "Revenue by tier",
            Id::Spending => "Capex and opex by year",
            Id::CashFlow => "Cash flow",
            Id::CostPerMtok => "Cost of a million output tokens",
            Id::Phases => "Phases",
            Id::Tornado => "What moves NPV",
            Id::Fan => "Cumulative NPV",
            Id::Ladder => "From keynote to bankable",
            Id::ValueLadder => "From keynote to value",
            Id::TwoWay => "NPV by two inputs",
            Id::Cumulative => "Cumulative free cash flow",
        }
    }
}

/// A chart with what stands over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub id: Id,
    /// What it shows, for the head of its card.
    pub title: String,
    /// Unit and basis, for the right end of that head.
    pub note: String,
    pub kind: Kind,
}

/// What a chart is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Breakdown(Breakdown),
    Columns(Columns),
    Waterfall(Waterfall),
    Tornado(Tornado),
    Fan(Fan),
    Phases(Phases),
    Grid(Grid),
    Lines(Lines),
}

/// A piece of a chart that stands for a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub bounds: Bounds,
    /// What it stands for, with its figure: what a pointer over it is told.
    pub words: String,
}

/// A chart laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Bottom to top.
    pub shapes: Vec<Shape>,
    pub marks: Vec<Mark>,
}

impl Chart {
    /// Whether there is anything to show.
    pub fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Breakdown(c) => c.slices.is_empty(),
            Kind::Columns(c) => c.labels.is_empty() || c.series.is_empty(),
            Kind::Waterfall(c) => c.steps.is_empty(),
            Kind::Tornado(c) => c.bars.is_empty(),
            Kind::Fan(c) => c.labels.len() < 2,
            Kind::Phases(c) => c.tracks.is_empty(),
            Kind::Grid(c) => c.is_empty(),
            Kind::Lines(c) => c.is_empty(),
        }
    }

    /// Draws it into a room; nothing where there is nothing to show.
    pub fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        if self.is_empty() || room.width() < 40.0 || room.height() < 40.0 {
            return Drawing::default();
        }
        match &self.kind {
            Kind::Breakdown(c) => c.draw(room, measure),
            Kind::Columns(c) => c.draw(room, measure),
            Kind::Waterfall(c) => c.draw(room, measure),
            Kind::Tornado(c) => c.draw(room, measure),
            Kind::Fan(c) => c.draw(room, measure),
            Kind::Phases(c) => c.draw(room, measure),
            Kind::Grid(c) => c.draw(room, measure),
            Kind::Lines(c) => c.draw(room, measure),
        }
    }

    /// Title, unit and every figure in words.
    pub fn words(&self) -> String {
        let figures = match &self.kind {
            Kind::Breakdown(c) => c.words(),
            Kind::Columns(c) => c.words(),
            Kind::Waterfall(c) => c.words(),
            Kind::Tornado(c) => c.words(),
            Kind::Fan(c) => c.words(),
            Kind::Phases(c) => c.words(),
            Kind::Grid(c) => c.words(),
            Kind::Lines(c) => c.words(),
        };
        let note = if self.note.is_empty() { String::new() } else { format!(" ({})", self.note) };
        if figures.is_empty() {
            format!("{}{note}: nothing to show", self.title)
        } else {
            format!("{}{note}: {}", self.title, figures.join("; "))
        }
    }
}
