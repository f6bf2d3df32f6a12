//! Where the cards of the finance page stand at a width and height.

use super::{GAP, assumptions, cash_flow, keys, scenarios, schedule, table::Table};
use eframe::egui::{Rect, pos2, vec2};

/// Width from which the page has rows of three and four cards.
const WIDE: f32 = 1240.0;
/// Least heights of charts.
const CHART: f32 = 300.0;
const LOW_CHART: f32 = 260.0;

/// What the heights depend on.
pub(super) struct Contents<'a> {
    pub table: &'a Table,
    pub keys: usize,
    pub assumptions: usize,
    pub phases: usize,
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
    pub scenarios: Rect,
    pub height: f32,
}

/// A row of cards with their shares of its width.
fn across<const N: usize>(room: Rect, y: f32, tall: f32, shares: [f32; N]) -> [Rect; N] {
    let wide = room.width() - GAP * (N - 1) as f32;
    let whole: f32 = shares.iter().sum();
    let mut x = room.left();
    shares.map(|share| {
        let card = Rect::from_min_size(pos2(x, y), vec2(wide * share / whole, tall));
        x = card.right() + GAP;
        card
    })
}

impl Cards {
    /// In a room, of which `view` is visible at once.
    pub fn of(room: Rect, view: f32, contents: &Contents<'_>) -> Self {
        if room.width() >= WIDE {
            Self::wide(room, view, contents)
        } else {
            Self::narrow(room, contents)
        }
    }

    fn wide(room: Rect, view: f32, contents: &Contents<'_>) -> Self {
        let top = room.top() + GAP;
        let first = cash_flow::height(contents.table).max(CHART);
        // The second row fills the window where that leaves it enough.
        let second = (view - 3.0 * GAP - first).clamp(LOW_CHART, 420.0);
        let third = keys::height(contents.keys.min(11))
            .max(schedule::height(contents.phases))
            .max(scenarios::height(contents.scenarios));
        let [cash_flow, capex, revenue] = across(room, top, first, [0.566, 0.214, 0.22]);
        let y = cash_flow.bottom() + GAP;
        let [cost, tornado, fan, assumptions] = across(room, y, second, [0.19, 0.245, 0.175, 0.39]);
        let y = cost.bottom() + GAP;
        let [keys, schedule, scenarios] = across(room, y, third, [0.3, 0.345, 0.355]);
        let height = keys.bottom() + GAP - room.top();
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
            scenarios,
            height,
        }
    }

    /// Two cards a row, the tables over the whole width.
    fn narrow(room: Rect, contents: &Contents<'_>) -> Self {
        let mut y = room.top() + GAP;
        let mut next = |tall: f32| {
            let top = y;
            y += tall + GAP;
            top
        };
        let first = cash_flow::height(contents.table);
        let [cash_flow] = across(room, next(first), first, [1.0]);
        let [capex, revenue] = across(room, next(CHART), CHART, [1.0, 1.0]);
        let [cost, tornado] = across(room, next(CHART), CHART, [1.0, 1.2]);
        let keys_tall = keys::height(contents.keys.min(12));
        let [fan, keys] = across(room, next(keys_tall), keys_tall, [1.0, 1.0]);
        let tall = assumptions::height(contents.assumptions.min(14));
        let [assumptions] = across(room, next(tall), tall, [1.0]);
        let tall = schedule::height(contents.phases).max(scenarios::height(contents.scenarios));
        let [schedule, scenarios] = across(room, next(tall), tall, [1.0, 1.15]);
        let height = schedule.bottom() + GAP - room.top();
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
            scenarios,
            height,
        }
    }
}
