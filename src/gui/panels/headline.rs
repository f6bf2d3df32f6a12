//! The headline strip: nine tiles, equal width, fixed order; each opens its derivation.

mod revenue;
mod value;

use super::derivation;
use crate::gui::components::paint::{self, Text, Use, UseState};
use crate::gui::components::popover::Derivation;
use crate::gui::components::row::split_unit;
use crate::gui::components::tile::{MarkTone, Tile, TileState};
use crate::gui::context::{Context, Freshness};
use crate::gui::icons::Icon;
use crate::gui::memo::{Memo, Shared};
use crate::gui::theme::Theme;
use crate::plan::result::{LimitResult, Status};
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Terms;
use crate::study::Outcome;
use crate::units::format;
use crate::units::words::lower_first;
use crate::units::{Money, Power, TokenPrice, TokenRate};
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2};
use std::sync::Arc;

/// The tiles, in their fixed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Grid,
    Firm,
    Tokens,
    Revenue,
    Energy,
    Capex,
    Npv,
    Cost,
    Pue,
}

impl Figure {
    pub const ALL: [Figure; 9] = [
        Figure::Grid,
        Figure::Firm,
        Figure::Tokens,
        Figure::Revenue,
        Figure::Energy,
        Figure::Capex,
        Figure::Npv,
        Figure::Cost,
        Figure::Pue,
    ];

    pub fn label(self, cx: &Context<'_>) -> String {
        match self {
            Figure::Grid => "Grid power, worst hour".into(),
            Figure::Firm => "Firm power, N-1".into(),
            Figure::Tokens => "Output tokens".into(),
            Figure::Revenue => revenue::label(cx),
            Figure::Energy => "Energy cost".into(),
            Figure::Capex => "Capex".into(),
            Figure::Npv => npv_label(cx),
            Figure::Cost => "Cost per M tokens".into(),
            Figure::Pue => "Design PUE, year mean".into(),
        }
    }
}

impl Figure {
    /// What a figure is where its label has no room to say so.
    fn tip(self, cx: &Context<'_>) -> Option<String> {
        (self == Figure::Revenue).then(|| revenue::tip(cx)).flatten()
    }
}

/// `NPV at 10 %`, by the rate of the newest value.
fn npv_label(cx: &Context<'_>) -> String {
    match cx.finances.now() {
        Some(finance) => {
            let rate = format::share(finance.evaluation.results.unlevered.rate);
            format!("NPV at {}", rate.replace(".0 ", " "))
        }
        None => "NPV".into(),
    }
}

/// Width from which all tiles stand side by side: better fewer than cut off.
const ALL_TILES: f32 = 1300.0;
/// Tiles in a narrower window, and the width of what leads to the others.
const FEWER: usize = 6;
const MORE: f32 = 78.0;

/// Every tile as the newest answer makes it.
pub type HeadlineMemo = Memo<(Shared<Terms>, u64), Vec<Tile>>;

pub fn show(ui: &mut Ui, cx: &Context<'_>, memo: &mut HeadlineMemo) {
    let theme = Theme::of(ui.ctx());
    let rect = ui.max_rect();
    let folded = rect.width() < ALL_TILES;
    let turned = folded && more(ui, rect.with_min_x(rect.right() - MORE));
    let room = if folded { rect.with_max_x(rect.right() - MORE) } else { rect };
    let count = if folded { FEWER } else { Figure::ALL.len() };
    let first = if turned { Figure::ALL.len() - count } else { 0 };
    let width = room.width() / count as f32;
    let valued = cx.finances.revision + cx.risks.revision;
    let terms = (Shared(Arc::clone(&cx.site.terms)), valued);
    let tiles = || Figure::ALL.map(|figure| answered(cx, figure)).to_vec();
    let tiles = memo.of_answer(cx, terms, tiles);
    let figures = Figure::ALL.into_iter().zip(tiles.iter()).enumerate();
    for (place, (index, (figure, tile))) in figures.skip(first).take(count).enumerate() {
        let left = room.left() + width * place as f32;
        let place = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, rect.bottom()));
        let id = ui.scope_id().with(("tile", index));
        let response = ui.interact(place, id, Sense::click());
        let response = aged(tile.clone(), cx.freshness).show_at(ui, place, response);
        if index > first {
            let x = ui.painter().round_to_pixel_center(left);
            ui.painter().vline(x, place.y_range(), (1.0, theme.color(Token::Line)));
        }
        if cx.outcome.is_some() {
            Derivation::show(&response, &figure.label(cx), || derivation::of(cx, figure));
        }
        if let Some(tip) = figure.tip(cx) {
            response.on_hover_text(tip);
        }
    }
}

/// Turns to the tiles that have no room; whether they are shown.
fn more(ui: &mut Ui, place: Rect) -> bool {
    let theme = Theme::of(ui.ctx());
    let id = ui.scope_id().with("more-tiles");
    let mut turned = ui.data(|d| d.get_temp::<bool>(id)).unwrap_or_default();
    let response = ui.interact(place, id, Sense::click());
    if response.clicked() {
        turned = !turned;
        ui.data_mut(|d| d.insert_temp(id, turned));
    }
    let others = Figure::ALL.len() - FEWER;
    let (words, icon) = match turned {
        false => (format!("{others} more"), Icon::ArrowRight),
        true => (format!("First {FEWER}"), Icon::ArrowLeft),
    };
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(place, 0.0, theme.color(Token::Raised));
    }
    if response.has_focus() {
        paint::focus_ring(painter, place.shrink(2.0), size::RADIUS_INPUT, theme);
    }
    painter.vline(place.left(), place.y_range(), (1.0, theme.color(Token::Line)));
    let text = place.with_min_x(place.left() + 12.0);
    Text::new(&words, TextRole::Small, theme.color(Token::Text2)).paint(painter, text);
    let tip = pos2(place.right() - 14.0, place.center().y);
    icon.paint_sized(painter, tip, 12.0, theme.color(Token::Text3));
    let spoken = format!("Headline figures: {}", words.to_lowercase());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    turned
}

/// A tile as the newest answer and its age make it.
pub fn tile(cx: &Context<'_>, figure: Figure) -> Tile {
    aged(answered(cx, figure), cx.freshness)
}

/// A tile as the newest answer makes it.
fn answered(cx: &Context<'_>, figure: Figure) -> Tile {
    let label = figure.label(cx);
    let Some(outcome) = cx.outcome else {
        return Tile {
            label,
            value: format::DASH.into(),
            context: "no result yet".into(),
            state: TileState::Stale,
            ..Tile::default()
        };
    };
    if outcome.plan.status == Status::Infeasible && figure != Figure::Capex {
        return Tile {
            label,
            value: "infeasible".into(),
            context: relaxation(outcome),
            state: TileState::Infeasible,
            ..Tile::default()
        };
    }
    if outcome.plan.status == Status::Error {
        // Figures of a plan that there is not are unknown, whatever stands in their place.
        let first = outcome.diagnostics.first().map(|d| d.message.clone());
        return Tile {
            label,
            value: "stopped".into(),
            context: first.unwrap_or_else(|| "the layout has errors".into()),
            state: TileState::Stopped,
            ..Tile::default()
        };
    }
    let mut tile = match figure {
        Figure::Grid => grid(cx, outcome),
        Figure::Firm => firm(cx, outcome),
        Figure::Tokens => tokens(outcome),
        Figure::Revenue => revenue::tile(cx, outcome),
        Figure::Energy => energy(outcome),
        Figure::Capex => capex(cx, outcome),
        Figure::Npv => value::npv(cx),
        Figure::Cost => value::cost(cx),
        Figure::Pue => pue(outcome),
    };
    tile.label = label;
    tile
}

/// A tile that says how its answer relates to the site.
fn aged(mut tile: Tile, freshness: &Freshness) -> Tile {
    match freshness {
        Freshness::Preview if tile.state == TileState::Rest => tile.state = TileState::Preview,
        Freshness::Stale { for_s } if *for_s > 0.3 && tile.state == TileState::Rest => {
            tile.state = TileState::Stale;
        }
        _ => {}
    }
    if tile.state == TileState::Preview && !tile.value.starts_with('≈') {
        tile.value = format!("≈ {}", tile.value);
    }
    tile
}

/// A figure with its unit, split for the tile.
fn with(figure: &str) -> Tile {
    let (value, unit) = split_unit(figure);
    Tile { value: value.to_owned(), unit: unit.to_owned(), ..Tile::default() }
}

/// The cheapest relaxation, or the first conflict.
fn relaxation(outcome: &Outcome) -> String {
    let plan = &outcome.plan;
    plan.conflicts.first().map_or_else(|| "no plan fits".to_owned(), |c| c.sentence.clone())
}

/// How a limit stands.
pub fn usage(limit: &LimitResult) -> Use {
    let Some(capacity) = limit.capacity else {
        return Use { frac: 0.0, state: UseState::Unchecked };
    };
    // An empty limit that is used is as broken as can be.
    let frac = if capacity > 0.0 { limit.used / capacity } else { limit.used.signum() };
    let slack = 1e-6 * capacity.abs().max(1.0);
    let broken =
        if limit.minimum { limit.used < capacity - slack } else { limit.used > capacity + slack };
    let state = match (broken, limit.binding) {
        (true, _) => UseState::Broken,
        (false, true) => UseState::Binding,
        (false, false) => UseState::Slack,
    };
    Use { frac, state }
}

fn grid(cx: &Context<'_>, outcome: &Outcome) -> Tile {
    let plan = &outcome.plan;
    let mut tile = with(&format::power(Power::mw(plan.grid_mw)));
    let Some(limit) = cx.limits().iter().find(|l| l.kind == "grid_contract") else {
        tile.context = "no grid contract set".into();
        return tile;
    };
    let usage = usage(limit);
    let Some(capacity) = limit.capacity else {
        tile.context = "unlimited contract".into();
        return tile;
    };
    let (value, _) = split_unit(&tile.value);
    tile.value = value.to_owned();
    tile.unit = format!("/ {} MW", format::plain(capacity));
    tile.usage = Some(usage);
    let left = capacity - limit.used;
    match usage.state {
        UseState::Broken => {
            tile.state = TileState::Over;
            tile.mark = format!("over by {}", format::power(Power::mw(-left)));
            tile.mark_tone = MarkTone::Bad;
        }
        UseState::Binding => {
            tile.mark = "binding".into();
            tile.mark_tone = MarkTone::Warn;
            if left > 0.05 {
                tile.context = format!("· {} left", format::power(Power::mw(left)));
            }
        }
        _ => tile.context = format!("{} left", format::power(Power::mw(left.max(0.0)))),
    }
    tile
}

fn firm(cx: &Context<'_>, outcome: &Outcome) -> Tile {
    let plan = &outcome.plan;
    let mut tile = with(&format::power(Power::mw(plan.firm_mw)));
    let other = (plan.grid_mw - plan.firm_mw).max(0.0);
    tile.context = if plan.firm_mw == 0.0 {
        "no tier asks for firm power".into()
    } else {
        format!("{} interruptible", format::power(Power::mw(other)))
    };
    if let Some(firm) = &outcome.firm {
        let digits = |mw: f64| format::fixed(mw, if mw >= 1_000.0 { 0 } else { 1 });
        (tile.value, tile.unit) =
            (format::fixed(plan.firm_mw, 1), format!("/ {} MW", digits(firm.site_mw)));
        tile.context = format!("of {} MW nameplate", digits(firm.site_nameplate_mw));
    }
    let tightest = cx
        .limits()
        .iter()
        .filter(|l| l.kind == "node_firm")
        .map(usage)
        .max_by(|a, b| a.frac.total_cmp(&b.frac));
    tile.usage = tightest;
    tile
}

fn tokens(outcome: &Outcome) -> Tile {
    let rates = &outcome.plan.tokens_per_s;
    let mut tile = with(&format::token_rate(TokenRate::per_s(rates.output)));
    tile.context = match rates.input {
        Some(input) if input > 0.0 => {
            let text = format::token_rate(TokenRate::per_s(input));
            let cached = rates.cached_input.filter(|c| *c > 0.0);
            match cached {
                // Cached tokens are part of the input.
                Some(c) => format!("input {text}, {} cached", format::share(c / input)),
                None => format!("input {text}"),
            }
        }
        _ => format::tokens_a_year(TokenRate::per_s(rates.output)),
    };
    tile
}

fn energy(outcome: &Outcome) -> Tile {
    let cost = outcome.plan.energy_cost_usd_per_year;
    let mut tile = with(&format::money_per_year(Money::usd(cost)));
    tile.context = match outcome.headline.energy_usd_per_mtok {
        Some(price) => format!("{} output tokens", format::price(TokenPrice::usd_per_mtok(price))),
        None => "no tokens to share it".into(),
    };
    tile
}

fn capex(cx: &Context<'_>, outcome: &Outcome) -> Tile {
    let Some(capex) = outcome.headline.capex_usd else {
        let field = outcome.headline.capex_stopped_by.as_deref().unwrap_or("a price");
        return Tile {
            value: "stopped".into(),
            context: format!("{} unknown", field_words(cx, field)),
            state: TileState::Stopped,
            ..Tile::default()
        };
    };
    let mut tile = with(&format::money(Money::usd(capex)));
    let mw = outcome.plan.grid_mw;
    let all_in = cx.finances.now().map(|f| f.evaluation.results.capex.total_usd);
    tile.context = if let Some(all_in) = all_in.filter(|usd| (usd - capex).abs() > 0.005 * capex) {
        // What comes on top (soft cost, contingency, land) is part of the value, not of the plan.
        format!("{} all in", format::money(Money::usd(all_in)))
    } else if mw > 0.0 {
        format!("{} per grid MW", format::money(Money::usd(capex / mw)))
    } else {
        "racks and site".into()
    };
    tile
}

/// `price of VR NVL72` for `racks.vr-nvl72.price_usd`.
pub fn field_words(cx: &Context<'_>, path: &str) -> String {
    // A cost is one number: its name says it all.
    let cost = path.strip_prefix("costs.").and_then(|id| cx.catalog.costs.get(id));
    if let Some(cost) = cost {
        return lower_first(&cost.name);
    }
    let label = lower_first(&format::label_of_field(path));
    let owner = path.split('.').nth(1).unwrap_or_default();
    let name = cx
        .catalog
        .racks
        .get(owner)
        .map(|r| r.short.as_str())
        .or_else(|| cx.catalog.costs.get(owner).map(|c| c.name.as_str()))
        .unwrap_or(owner);
    if name.is_empty() || name == label { label } else { format!("{label} of {name}") }
}

fn pue(outcome: &Outcome) -> Tile {
    let headline = &outcome.headline;
    let mut tile = with(&format::fixed(headline.pue_mean, 3));
    tile.context = format!("{} in the worst hour", format::fixed(headline.pue_worst, 3));
    tile
}
