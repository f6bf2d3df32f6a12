//! Where the cards of the finance page stand at a width and height.

use super::{GAP, assumptions, cash_flow, keys, scenarios, schedule, table::Table, terms};
use eframe::egui::{Rect, pos2, vec2};

/// Width from which the page has rows of three and four cards.
const WIDE: f32 = 1400.0;
/// Least heights of charts.
const CHART: f32 = 300.0;
const LOW_CHART: f32 = 260.0;

/// What the heights depend on.
pub(super) struct Contents<'a> {
    pub table: &'a Table,
    pub keys: usize,
    pub assumptions: usize,
    pub phases: usize,
    pub contracts: usize,
    pub scenarios: usize,
}

/// The places of the cards.
pub(super) struct Cards {
    pub cash_flow: Rect,
    pub capex: Rect,
    pub revenue: Rect,
    pub cost: Rect,
    pub tornado: Rect,
    pub fan: Rect,
    pub assumptions: Rect,
    pub keys: Rect,
    pub schedule: Rect,
    pub terms: Rect,
    pub scenarios: Rect,
    pub height: f32,
}

/// Rows of cards from the top of a room on.
struct Rows {
    room: Rect,
    y: f32,
}

impl Rows {
    /// The next row: cards of a height with their shares of the width.
    fn row<const N: usize>(&mut self, tall: f32, shares: [f32; N]) -> [Rect; N] {
        let wide = self.room.width() - GAP * (N - 1) as f32;
        let whole: f32 = shares.iter().sum();
        let mut x = self.room.left();
        let y = self.y;
        self.y += tall + GAP;
        shares.map(|share| {
            let card = Rect::from_min_size(pos2(x, y), vec2(wide * share / whole, tall));
            x = card.right() + GAP;
            card
        })
    }
}

impl Cards {
    /// In a room, of which `view` is visible at once.
    pub fn of(room: Rect, view: f32, contents: &Contents<'_>) -> Self {
        let mut rows = Rows { room, y: room.top() + GAP };
        let places = if room.width() >= WIDE {
            wide(&mut rows, view, contents)
        } else {
            narrow(&mut rows, contents)
        };
        let [cash_flow, capex, revenue, cost, tornado, fan] = places.0;
        let [assumptions, keys, schedule, terms, scenarios] = places.1;
        let height = rows.y - room.top();
        Self {
            cash_flow,
            capex,
            revenue,
            cost,
            tornado,
            fan,
            assumptions,
            keys,
            schedule,
            terms,
            scenarios,
            height,
        }
    }
}

/// Places in the order of the fields of [`Cards`].
type Places = ([Rect; 6], [Rect; 5]);

fn wide(rows: &mut Rows, view: f32, contents: &Contents<'_>) -> Places {
    let first = cash_flow::height(contents.table).max(CHART);
    // The second row fills the window where that leaves it enough.
    let second = (view - 3.0 * GAP - first).clamp(LOW_CHART, 420.0);
    let terms = terms::height(contents.contracts);
    let third = keys::height(contents.keys.min(11))
        .max(schedule::height(contents.phases) + GAP + terms)
        .max(scenarios::height(contents.scenarios));
    let [cash_flow, capex, revenue] = rows.row(first, [0.55, 0.22, 0.23]);
    let [cost, tornado, fan, assumptions] = rows.row(second, [0.17, 0.265, 0.165, 0.4]);
    let [keys, middle, scenarios] = rows.row(third, [0.28, 0.36, 0.36]);
    let (schedule, below) = middle.split_top_bottom_at_y(middle.bottom() - terms);
    let schedule = schedule.with_max_y(schedule.bottom() - GAP);
    let lower = [assumptions, keys, schedule, below, scenarios];
    ([cash_flow, capex, revenue, cost, tornado, fan], lower)
}

/// Two cards a row, the tables over the whole width.
fn narrow(rows: &mut Rows, contents: &Contents<'_>) -> Places {
    let [cash_flow] = rows.row(cash_flow::height(contents.table), [1.0]);
    let [capex, revenue] = rows.row(CHART, [1.0, 1.0]);
    let [cost, tornado] = rows.row(CHART, [1.0, 1.3]);
    let [fan, keys] = rows.row(keys::height(contents.keys.min(12)), [1.0, 1.0]);
    let [assumptions] = rows.row(assumptions::height(contents.assumptions.min(14)), [1.0]);
    let tall = schedule::height(contents.phases).max(terms::height(contents.contracts));
    let [schedule, terms] = rows.row(tall, [1.0, 1.15]);
    let [scenarios] = rows.row(scenarios::height(contents.scenarios), [1.0]);
    let lower = [assumptions, keys, schedule, terms, scenarios];
    ([cash_flow, capex, revenue, cost, tornado, fan], lower)
}
