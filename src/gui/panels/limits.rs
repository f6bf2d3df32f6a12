//! The table of limits: how full each is, and what one unit more or less is worth.

use super::headline::usage;
use crate::gui::action::{Action, Actions, View};
use crate::gui::components::chip;
use crate::gui::components::empty::empty;
use crate::gui::components::menu;
use crate::gui::components::paint::{self, Text, UseState};
use crate::gui::components::table::{self, Column, Layout, Row, Width};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::measure;
use crate::gui::memo::Memo;
use crate::gui::theme::Theme;
use crate::plan::result::{LimitResult, Status};
use crate::scene::tokens::{TextRole, Token};
use crate::units::Money;
use crate::units::format::{self, System};
use eframe::egui::{Popup, Rect, Ui, pos2, vec2};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What the table shows and in which order; kept with the preferences.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct LimitsView {
    /// Kind of limit, empty for all.
    pub kind: String,
    pub sort: Sort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Sort {
    #[default]
    Gain,
    Use,
    Name,
}

impl Sort {
    const ALL: [Sort; 3] = [Sort::Gain, Sort::Use, Sort::Name];

    const fn word(self) -> &'static str {
        match self {
            Sort::Gain => "gain",
            Sort::Use => "use",
            Sort::Name => "name",
        }
    }
}

const COLUMNS: [Column; 10] = [
    Column::left("Limit", Width::Flex(2.0, 150.0)),
    Column::left("Element", Width::Flex(1.0, 80.0)),
    Column::left("Use", Width::Fixed(120.0)),
    Column::right("Used", Width::Fixed(64.0)),
    Column::right("Capacity", Width::Fixed(66.0)),
    Column::left("Unit", Width::Fixed(60.0)),
    Column::right("Gain of +1, per yr", Width::Fixed(106.0)),
    Column::right("valid to", Width::Fixed(74.0)),
    Column::right("Loss of −1, per yr", Width::Fixed(106.0)),
    Column::right("valid to", Width::Fixed(74.0)),
];

/// Where there is more room than these fill: the net of the capital beside the gain, and numbers
/// that stand apart evenly instead of a gap behind the names.
const WIDEST: [Column; 11] = [
    Column::left("Limit", Width::Flex(2.2, 220.0)),
    Column::left("Element", Width::Flex(1.4, 120.0)),
    Column::left("Use", Width::Fixed(140.0)),
    Column::right("Used", Width::Flex(0.6, 70.0)),
    Column::right("Capacity", Width::Flex(0.6, 70.0)),
    Column::left("Unit", Width::Flex(0.6, 64.0)),
    Column::right("Gain of +1, per yr", Width::Flex(1.0, 110.0)),
    Column::right("valid to", Width::Flex(0.7, 76.0)),
    Column::right("Loss of −1, per yr", Width::Flex(1.0, 110.0)),
    Column::right("valid to", Width::Flex(0.7, 76.0)),
    Column::right("Net of its capital, per yr", Width::Flex(1.1, 150.0)),
];
/// Width from which they stand so.
const ROOMY: f32 = 1300.0;

/// Where these have no room: the limit names its element, and the bar is shorter.
const NARROW: [Column; 9] = [
    Column::left("Limit", Width::Flex(1.0, 150.0)),
    Column::left("Use", Width::Fixed(46.0)),
    Column::right("Used", Width::Fixed(56.0)),
    Column::right("Capacity", Width::Fixed(58.0)),
    Column::left("Unit", Width::Fixed(54.0)),
    Column::right("Gain of +1/yr", Width::Fixed(82.0)),
    Column::right("valid to", Width::Fixed(68.0)),
    Column::right("Loss of −1/yr", Width::Fixed(82.0)),
    Column::right("valid to", Width::Fixed(68.0)),
];
/// Index of the column that they leave out.
const ELEMENT: usize = 1;
/// Width from which all columns stand side by side.
const WIDE: f32 = 900.0;

/// Columns by their index among all.
struct Cells<'a> {
    layout: &'a Layout<'a>,
    narrow: bool,
}

impl Cells<'_> {
    fn at(&self, full: usize) -> Option<usize> {
        match (self.narrow, full) {
            (true, ELEMENT) => None,
            (true, full) if full > ELEMENT => Some(full - 1),
            (_, full) => Some(full).filter(|at| *at < self.layout.count()),
        }
    }
}

/// What a kind of limit is called in the filter.
fn kind_words(kind: &str) -> String {
    format::label_of_field(kind)
}

/// The rows as the view wants them.
pub fn rows<'a>(cx: &Context<'a>, view: &LimitsView) -> Vec<&'a LimitResult> {
    let mut rows: Vec<&LimitResult> =
        cx.limits().iter().filter(|l| view.kind.is_empty() || l.kind == view.kind).collect();
    let gain = |l: &LimitResult| l.gain_usd_per_year.unwrap_or(0.0).abs();
    let fill = |l: &LimitResult| usage(l).frac;
    match view.sort {
        Sort::Gain => rows.sort_by(|a, b| {
            // What the whole site turns on comes first while it binds.
            let first = |l: &LimitResult| l.binding && l.kind == "grid_contract";
            first(b)
                .cmp(&first(a))
                .then(b.binding.cmp(&a.binding))
                .then(gain(b).total_cmp(&gain(a)))
                .then(fill(b).total_cmp(&fill(a)))
                .then(a.name.cmp(&b.name))
        }),
        Sort::Use => rows.sort_by(|a, b| fill(b).total_cmp(&fill(a)).then(a.name.cmp(&b.name))),
        Sort::Name => rows.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id))),
    }
    rows
}

/// What is worked out of all limits of an answer.
pub struct Order {
    /// Places of the rows among the limits of the answer.
    rows: Vec<usize>,
    /// The kinds that there are.
    kinds: Vec<String>,
    /// How many limits bind.
    pub binding: usize,
}

/// The order of the table, as last worked out.
pub type LimitsMemo = Memo<LimitsView, Order>;

/// The order of the table, and what else needs a look at all limits.
pub fn order(cx: &Context<'_>, view: &LimitsView, memo: &mut LimitsMemo) -> Rc<Order> {
    memo.of_answer(cx, view.clone(), || {
        let limits = cx.limits();
        let rows = rows(cx, view).into_iter().filter_map(|l| limits.element_offset(l)).collect();
        let kinds: BTreeSet<&str> = limits.iter().map(|l| l.kind.as_str()).collect();
        let kinds = kinds.into_iter().map(str::to_owned).collect();
        Order { rows, kinds, binding: limits.iter().filter(|l| l.binding).count() }
    })
}

/// Filter and sort, at the right end of the tab bar.
pub fn controls(ui: &mut Ui, cx: &Context<'_>, view: &mut LimitsView, memo: &mut LimitsMemo) {
    let sort = format!("Sort: {}", view.sort.word());
    let response = chip::chip(ui, &sort, "Sort limits", true);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(120.0);
        for sort in Sort::ALL {
            if menu::option(ui, sort.word(), sort == view.sort).clicked() {
                view.sort = sort;
            }
        }
    });
    let order = order(cx, view, memo);
    let shown = if view.kind.is_empty() { "All kinds".to_owned() } else { kind_words(&view.kind) };
    let response = chip::chip(ui, &shown, "Kinds of limits", true);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(150.0);
        if menu::option(ui, "All kinds", view.kind.is_empty()).clicked() {
            view.kind.clear();
        }
        for kind in &order.kinds {
            if menu::option(ui, &kind_words(kind), view.kind == *kind).clicked() {
                view.kind.clone_from(kind);
            }
        }
    });
}

pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    (view, memo): (&mut LimitsView, &mut LimitsMemo),
    actions: &mut Actions,
) {
    let order = order(cx, view, memo);
    let rows = &order.rows;
    if rows.is_empty() {
        let why = match cx.outcome {
            None => "Limits appear with the first result",
            Some(outcome) if outcome.plan.status == Status::Error => {
                "There is no plan: the findings under Problems say what stops it"
            }
            Some(_) => "No limit of this kind is part of the plan",
        };
        empty(ui, "No limits", why, None);
        return;
    }
    let room = ui.available_width();
    let narrow = room < WIDE;
    let columns = match room {
        _ if narrow => &NARROW[..],
        room if room < ROOMY => &COLUMNS[..],
        _ => &WIDEST[..],
    };
    let header = |ui: &mut Ui, layout: &Layout<'_>| {
        let by = |column: usize| match columns.get(column).map(|c| c.title)? {
            "Limit" => Some(Sort::Name),
            "Use" => Some(Sort::Use),
            title if title.starts_with("Gain") => Some(Sort::Gain),
            _ => None,
        };
        if let Some(asked) = layout.sorting(ui, by, view.sort) {
            view.sort = asked;
        }
    };
    let paint = |ui: &mut Ui, layout: &Layout<'_>, at: &usize| {
        let Some(limit) = cx.limits().get(*at) else { return };
        let owner = owner(limit);
        let selected = owner.as_ref().is_some_and(|e| cx.selection.contains(e));
        let row = Row::show(ui, &format!("Limit {}", limit.name), selected);
        if row.response.clicked()
            && let Some(element) = owner
        {
            actions.push(Action::View(View::Select(vec![element])));
        }
        paint_row(ui, cx, &Cells { layout, narrow }, &row, limit);
    };
    table::scrolled_under(ui, "limits", columns, rows, (header, paint));
}

/// The element that a limit belongs to.
pub fn owner(limit: &LimitResult) -> Option<Element> {
    Element::of_path(&limit.id)
}

/// What the element is called.
fn owner_name(cx: &Context<'_>, limit: &LimitResult) -> String {
    let Some(element) = owner(limit) else { return limit.element.clone() };
    match element.kind {
        Kind::Site | Kind::Policy | Kind::Finance => "Site".to_owned(),
        _ => name_of(cx, &element).unwrap_or(element.id),
    }
}

/// The name of an element of the site.
pub fn name_of(cx: &Context<'_>, element: &Element) -> Option<String> {
    let id = element.id.as_str();
    Some(match element.kind {
        Kind::Tier => format!("Tier {}", cx.tier(id)?.name),
        Kind::Hour => cx.hour(id)?.name.clone(),
        Kind::Feed => cx.feed(id)?.name.clone(),
        Kind::Node => cx.node(id)?.name.clone(),
        Kind::Loop => cx.cooling_loop(id)?.name.clone(),
        Kind::Hall => cx.hall(id)?.name.clone(),
        Kind::Block => cx.block(id)?.name.clone(),
        kind if kind.is_single() => return None,
        _ => cx.site.find(id)?.name().to_owned(),
    })
}

fn paint_row(ui: &Ui, cx: &Context<'_>, cells: &Cells<'_>, row: &Row, limit: &LimitResult) {
    let layout = cells.layout;
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let usage = usage(limit);
    let first = layout.cell(0, row.rect);
    paint::use_sign(painter, pos2(first.left() + 5.0, first.center().y), usage.state, theme);
    let name = Rect::from_min_max(pos2(first.left() + 16.0, first.top()), first.max);
    Text::new(&limit.name, TextRole::Body, row.color(theme, Token::Text1)).paint(painter, name);
    let put = |column: usize, text: &str, role: TextRole, token: Token| {
        let text = Text::new(text, role, row.color(theme, token));
        if let Some(column) = cells.at(column) {
            layout.text(painter, column, row.rect, text);
        }
    };
    put(ELEMENT, &owner_name(cx, limit), TextRole::Body, Token::Text2);
    let cell = layout.cell(if cells.narrow { 1 } else { 2 }, row.rect);
    let wide = cell.width().min(110.0);
    let middle = pos2(cell.left() + wide / 2.0, cell.center().y);
    let bar = Rect::from_center_size(middle, vec2(wide, 8.0));
    paint::use_bar(painter, bar, usage, theme);
    let (scale, unit) = scale_of(limit, measure::system(ui.ctx()));
    let decimals = if unit == "racks" || unit == "positions" { 0 } else { 1 };
    put(3, &format::fixed(limit.used / scale, decimals), TextRole::Body, Token::Text1);
    match limit.capacity {
        Some(c) => put(4, &format::fixed(c / scale, decimals), TextRole::Body, Token::Text2),
        None => put(4, format::UNLIMITED, TextRole::Body, Token::Text3),
    }
    put(5, unit, TextRole::Small, Token::Text3);
    let gain = worth(limit.gain_usd_per_year, scale);
    let strong = limit.gain_usd_per_year.is_some_and(|g| g != 0.0);
    let role = if strong { TextRole::BodyStrong } else { TextRole::Body };
    let broken = usage.state == UseState::Broken;
    if broken {
        put(6, "infeasible", TextRole::BodyStrong, Token::Err);
    } else {
        put(6, &gain, role, Token::Text1);
    }
    put(7, &valid(limit.gain_valid_to, scale, unit), TextRole::Small, Token::Text3);
    put(8, &worth(limit.loss_usd_per_year, scale), TextRole::Body, Token::Text1);
    // A loss holds downwards, however its range is signed.
    let down = limit.loss_valid_to.map(|v| -v.abs());
    put(9, &valid(down, scale, unit), TextRole::Small, Token::Text3);
    put(10, &worth(limit.net_gain_usd_per_year, scale), TextRole::Body, Token::Text1);
}

/// The factor and the words of the unit that a column is shown in: tokens in millions.
fn scale_of(limit: &LimitResult, system: System) -> (f64, &str) {
    match limit.unit.as_str() {
        "tok/s" | "tokens/s" => (1e6, "M tok/s"),
        "USD" => (1e6, "$M"),
        other => format::unit_in(other, system),
    }
}

/// The worth of one shown unit.
fn worth(per_unit: Option<f64>, scale: f64) -> String {
    match per_unit {
        None => format::DASH.to_owned(),
        Some(v) => format::money_change(Money::usd(v * scale)),
    }
}

/// Long words stand in the column of units already, as does the kind of token.
fn short_unit(unit: &str) -> &str {
    match unit {
        "M tok/s" => "M",
        "racks" | "positions" | "L/min" | "gpm" => "",
        other => other,
    }
}

fn valid(to: Option<f64>, scale: f64, unit: &str) -> String {
    match to {
        None => format::DASH.to_owned(),
        Some(v) if v.is_infinite() => "any".to_owned(),
        Some(v) => format::amount_change(v / scale, short_unit(unit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(used: f64, capacity: Option<f64>) -> LimitResult {
        LimitResult { used, capacity, ..LimitResult::default() }
    }

    #[test]
    fn a_limit_is_broken_only_beyond_rounding() {
        assert_eq!(usage(&limit(62.0, Some(100.0))).state, UseState::Slack);
        assert_eq!(usage(&limit(100.0 + 1e-7, Some(100.0))).state, UseState::Slack);
        assert_eq!(usage(&limit(100.1, Some(100.0))).state, UseState::Broken);
        assert_eq!(usage(&limit(5.0, None)).state, UseState::Unchecked);
        let binding = LimitResult { binding: true, ..limit(100.0, Some(100.0)) };
        assert_eq!(usage(&binding).state, UseState::Binding);
    }

    #[test]
    fn a_minimum_is_broken_from_below() {
        let least = LimitResult { minimum: true, ..limit(59.0, Some(60.0)) };
        assert_eq!(usage(&least).state, UseState::Broken);
        let met = LimitResult { minimum: true, ..limit(61.0, Some(60.0)) };
        assert_eq!(usage(&met).state, UseState::Slack);
    }

    #[test]
    fn token_limits_are_worth_what_a_million_tokens_are() {
        assert_eq!(worth(Some(322.0), 1e6), "+$322.0 M");
        assert_eq!(worth(None, 1e6), "–");
        assert_eq!(worth(Some(0.0), 1.0), "$0");
        assert_eq!(valid(Some(15.2e6), 1e6, "M tok/s"), "+15.2 M");
    }
}
