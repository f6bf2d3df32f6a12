//! The economics tab: conclusion, keynote chart, allocation, values of the next unit, flow
//! from grid to dollars, optimum against baseline. Every figure comes from the outcome.

use super::{allocation, baseline_bars, keynote_chart, sankey};
use crate::gui::action::Actions;
pub(super) use crate::gui::components::card::{body, header, plate};
use crate::gui::components::conclusion::{Conclusion, ConclusionTone, conclusion};
use crate::gui::components::empty::empty;
use crate::gui::components::paint::Text;
use crate::gui::context::{Context, Freshness};
use crate::gui::theme::Theme;
use crate::plan::result::Status;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::Outcome;
use crate::units::{Money, TokenRate, format};
use eframe::egui::{Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// What the tab remembers between frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EconomicsState {
    /// Linear instead of logarithmic speed axis.
    pub linear_x: bool,
}

/// The charts of the ladder, kept between frames.
pub type LadderCharts = super::finance::RiskCharts;

const GAP: f32 = size::CARD_GAP;
/// Width from which the cards stand in two columns.
const TWO_COLUMNS: f32 = 1060.0;
/// Width from which the caveat is written out.
const WIDE_BAR: f32 = 1240.0;
/// Least heights of the cards.
const CHART: f32 = 320.0;
const FLOW: f32 = 230.0;
const LADDER: f32 = 330.0;
const BARS: f32 = 218.0;
const NEXT_ROWS: usize = 9;

/// Shows the tab in what is left of `ui`.
pub fn show(
    ui: &mut Ui,
    context: &Context,
    (state, ladder): (&mut EconomicsState, &mut LadderCharts),
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(outcome) = context.outcome else {
        let why = "Economics need a solved plan: mend the errors under Problems, or wait";
        empty(ui, "No result yet", why, None);
        return;
    };
    let mut said = conclude(outcome);
    if all.width() < WIDE_BAR {
        said.caveat = short_caveat(outcome);
        said.detail.clear();
    }
    conclusion(ui, &said);
    if matches!(context.freshness, Freshness::Stale { .. }) {
        let bar = Rect::from_min_size(pos2(all.left(), all.top()), vec2(all.width(), 2.0));
        ui.painter().rect_filled(bar, 0.0, theme.color(Token::Text3));
    }
    if outcome.plan.status != Status::Optimal && outcome.plan.allocation.is_empty() {
        conflicts(ui, outcome);
        return;
    }
    ScrollArea::vertical().id_salt("economics").auto_shrink(false).show(ui, |ui| {
        let room = ui.available_rect_before_wrap().shrink2(vec2(GAP, 0.0));
        let view = ui.available_height();
        let cards = if room.width() >= TWO_COLUMNS {
            two_columns(context, outcome, room, view)
        } else {
            one_column(context, outcome, room)
        };
        let has_value = context.finances.valued.is_some();
        let below = if has_value { LADDER + GAP } else { 0.0 };
        ui.allocate_exact_size(vec2(room.width(), cards.height + below), Sense::hover());
        if has_value {
            let y = room.top() + cards.height;
            ladders(
                ui,
                context,
                ladder,
                Rect::from_min_size(pos2(room.left(), y), vec2(room.width(), LADDER)),
            );
        }
        for rect in cards.all() {
            plate(ui, rect);
        }
        keynote_chart::show(ui, context, outcome, state, cards.chart);
        allocation::show(ui, context, outcome, cards.allocation, actions);
        allocation::show_next(ui, context, outcome, cards.next, actions);
        sankey::show(ui, context, outcome, cards.flow);
        baseline_bars::show(ui, context, outcome, cards.bars);
    });
}

/// From the keynote figure to the first year and to the value, beside each other.
fn ladders(ui: &mut Ui, context: &Context, charts: &mut LadderCharts, room: Rect) {
    charts.update(context.risks);
    let half = (room.width() - GAP) / 2.0;
    let left = Rect::from_min_size(room.min, vec2(half, room.height()));
    charts.ladder(ui, context, left);
    charts.value_ladder(ui, context, left.translate(vec2(half + GAP, 0.0)));
}

/// Where the cards stand.
struct Cards {
    chart: Rect,
    flow: Rect,
    allocation: Rect,
    next: Rect,
    bars: Rect,
    height: f32,
}

impl Cards {
    fn all(&self) -> [Rect; 5] {
        [self.chart, self.flow, self.allocation, self.next, self.bars]
    }
}

/// Chart and flow left, tables and bars right; everything fits the window where it can.
fn two_columns(context: &Context, outcome: &Outcome, room: Rect, view: f32) -> Cards {
    let wanted = allocation::wanted_height(context, outcome);
    let next_wanted = allocation::next_wanted_height(outcome, NEXT_ROWS);
    let least = (CHART + FLOW + 3.0 * GAP).max(wanted + 130.0 + BARS + 4.0 * GAP);
    let height = view.max(least);
    let inner = height - 2.0 * GAP;
    let left = (room.width() - GAP) * 0.605;
    let right_x = room.left() + left + GAP;
    let right = room.right() - right_x;
    let top = room.top() + GAP;
    let flow_h = ((inner - GAP) * 0.375).max(FLOW);
    let chart_h = inner - GAP - flow_h;
    // The table of next units gives way before the bars do.
    let spare = inner - wanted - 2.0 * GAP;
    let next_h = next_wanted.min(spare - BARS).max(130.0);
    let bars_h = spare - next_h;
    let at = |x, y, w, h| Rect::from_min_size(pos2(x, y), vec2(w, h));
    Cards {
        chart: at(room.left(), top, left, chart_h),
        flow: at(room.left(), top + chart_h + GAP, left, flow_h),
        allocation: at(right_x, top, right, wanted),
        next: at(right_x, top + wanted + GAP, right, next_h),
        bars: at(right_x, top + wanted + next_h + 2.0 * GAP, right, bars_h),
        height,
    }
}

/// All below each other, in the order of their weight.
fn one_column(context: &Context, outcome: &Outcome, room: Rect) -> Cards {
    let mut y = room.top() + GAP;
    let mut next_card = |h: f32| {
        let rect = Rect::from_min_size(pos2(room.left(), y), vec2(room.width(), h));
        y += h + GAP;
        rect
    };
    let chart = next_card((room.width() * 0.62).clamp(CHART, 460.0));
    let allocation = next_card(allocation::wanted_height(context, outcome));
    let next = next_card(allocation::next_wanted_height(outcome, NEXT_ROWS));
    let flow = next_card(FLOW + 40.0);
    let bars = next_card(BARS + 30.0);
    let height = y - room.top();
    Cards { chart, flow, allocation, next, bars, height }
}

/// The sentence with the figure in front, and the caveat that it never travels without.
fn conclude(outcome: &Outcome) -> Conclusion {
    let plan = &outcome.plan;
    if plan.status != Status::Optimal {
        return not_optimal(outcome);
    }
    let caveat = world(outcome);
    let Some(baseline) = &outcome.baseline else {
        let sentence = format!(
            "The plan earns {}",
            format::money_per_year(Money::usd(plan.revenue_usd_per_year))
        );
        let detail = "no other allocation to compare with".to_owned();
        return Conclusion { sentence, detail, caveat, tone: ConclusionTone::Neutral };
    };
    // Where racks are bought, revenue alone would hide what they cost.
    let buys = plan.annual_capital_usd_per_year > 0.0;
    let (own, other) = match plan.objective_usd_per_year {
        Some(objective) if buys => (objective, baseline.objective_usd_per_year),
        _ => (plan.revenue_usd_per_year, baseline.revenue_usd_per_year),
    };
    let gain = own - other;
    let close = gain.abs() < 1e-6 * own.abs().max(1.0);
    let amount = format::money(Money::usd(gain.abs()));
    let of = if buys { "" } else { "of revenue " };
    let sentence = if close {
        format!("The optimum earns the same as {}", baseline.name)
    } else if gain > 0.0 {
        format!("The optimum gains {amount} {of}a year over {}", baseline.name)
    } else {
        format!("This allocation loses {amount} {of}a year against {}", baseline.name)
    };
    let percent = if other.abs() > 0.0 { gain / other.abs() * 100.0 } else { 0.0 };
    let what = if buys { " after annualised capital" } else { "" };
    let sign = if percent < 0.0 { "−" } else { "+" };
    let detail = if close {
        format!("on {} MW of grid power", format::fixed(plan.grid_mw, 1))
    } else {
        format!(
            "{sign}{} %{what}, on {} MW of grid power",
            format::fixed(percent.abs(), 1),
            format::fixed(plan.grid_mw, 1)
        )
    };
    let tone = if gain > 0.0 && !close { ConclusionTone::Good } else { ConclusionTone::Neutral };
    Conclusion { sentence, detail, caveat, tone }
}

/// `16.1 quadrillion tokens a year is 1.6 × the published world volume (10 quadrillion, ...)`.
fn world(outcome: &Outcome) -> String {
    let h = &outcome.headline;
    let (Some(ratio), Some(world)) = (h.world_ratio, h.world_tokens_per_year) else {
        return String::new();
    };
    let output = format::tokens_a_year(TokenRate::per_s(outcome.plan.tokens_per_s.output));
    let output = output.replace(" a year", " tokens a year");
    let volume = format::plain((world / 1e15 * 100.0).round() / 100.0);
    let times = if ratio >= 0.1 { format::fixed(ratio, 1) } else { format::fixed(ratio, 3) };
    let date = date_of(&h.world_source);
    format!("{output} is {times} × the published world volume ({volume} quadrillion{date})")
}

/// The same where the bar is narrow.
fn short_caveat(outcome: &Outcome) -> String {
    outcome.headline.world_ratio.map_or_else(String::new, |r| {
        format!("{} × the published world volume", format::fixed(r, if r >= 0.1 { 1 } else { 3 }))
    })
}

/// The date of a source that is written `publisher, title (2026-03)`; else the source itself.
fn date_of(source: &str) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = source.rsplit(['(', ' ']).next().unwrap_or_default().trim_end_matches(')');
    let mut parts = date.split('-');
    let year = parts.next().filter(|y| y.len() == 4 && y.chars().all(|c| c.is_ascii_digit()));
    let month = parts.next().and_then(|m| m.parse::<usize>().ok());
    match (year, month.and_then(|m| MONTHS.get(m.wrapping_sub(1)))) {
        (Some(year), Some(month)) => format!(", {month} {year}"),
        (Some(year), None) => format!(", {year}"),
        _ if source.is_empty() => String::new(),
        _ => format!(", {source}"),
    }
}

fn not_optimal(outcome: &Outcome) -> Conclusion {
    let plan = &outcome.plan;
    let (sentence, detail) = match plan.status {
        Status::Infeasible => {
            let first = plan.conflicts.first().map(|c| c.sentence.clone()).unwrap_or_default();
            ("Infeasible: the requirements conflict".to_owned(), first)
        }
        Status::Unbounded => {
            ("Unbounded: nothing limits what can be sold".to_owned(), String::new())
        }
        Status::Limit => {
            ("The solve was stopped before it found the optimum".to_owned(), String::new())
        }
        Status::Error | Status::Optimal => {
            let first = outcome.diagnostics.first().map(|d| d.message.clone()).unwrap_or_default();
            ("No plan: the layout has errors".to_owned(), first)
        }
    };
    Conclusion { sentence, detail, caveat: String::new(), tone: ConclusionTone::Bad }
}

/// What conflicts, and the least change of each that makes a plan possible.
fn conflicts(ui: &mut Ui, outcome: &Outcome) {
    let theme = Theme::of(ui.ctx());
    if outcome.plan.conflicts.is_empty() {
        empty(ui, "No plan to show", "The findings under Problems say what stops it", None);
        return;
    }
    ui.add_space(GAP);
    let (rect, _) = ui.allocate_exact_size(
        vec2(ui.available_width(), 48.0 + 24.0 * outcome.plan.conflicts.len() as f32),
        Sense::hover(),
    );
    let rect = rect.shrink2(vec2(GAP, 0.0));
    plate(ui, rect);
    header(ui, rect, "Any one of these makes a plan possible", "least change alone");
    for (i, conflict) in outcome.plan.conflicts.iter().enumerate() {
        let y = rect.top() + 38.0 + 24.0 * i as f32;
        let row = Rect::from_min_size(pos2(rect.left() + 12.0, y), vec2(rect.width() - 24.0, 24.0));
        let words = if conflict.sentence.is_empty() { &conflict.limit } else { &conflict.sentence };
        Text::new(words, TextRole::Body, theme.color(Token::Text1)).paint(ui.painter(), row);
        if let Some(amount) = conflict.amount {
            let change = format::amount_change(amount, &conflict.unit);
            let text = Text::new(&change, TextRole::BodyStrong, theme.color(Token::Err)).right();
            text.paint(ui.painter(), row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claim_carries_the_demand_caveat_with_its_date() {
        let mut outcome = Outcome::default();
        outcome.plan.status = Status::Optimal;
        outcome.plan.revenue_usd_per_year = 42.10e9;
        outcome.plan.grid_mw = 999.9;
        outcome.plan.tokens_per_s.output = 511.8e6;
        outcome.headline.world_ratio = Some(1.614);
        outcome.headline.world_tokens_per_year = Some(1e16);
        outcome.headline.world_source = "Somebody, World token volume (2026-03)".into();
        outcome.baseline = Some(crate::study::outcome::Baseline {
            name: "25/25/25/25".into(),
            revenue_usd_per_year: 39.35e9,
            ..Default::default()
        });
        let said = conclude(&outcome);
        assert_eq!(said.sentence, "The optimum gains $2.75 B of revenue a year over 25/25/25/25");
        assert_eq!(said.detail, "+7.0 %, on 999.9 MW of grid power");
        assert_eq!(
            said.caveat,
            "16.1 quadrillion tokens a year is 1.6 × the published world volume (10 quadrillion, Mar 2026)"
        );
    }
}
