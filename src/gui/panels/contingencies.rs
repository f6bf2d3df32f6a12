//! Every single outage of the site and what becomes of it, worst first, below the figures of the
//! power flow. A row shows its outage on plan and diagram.

mod cells;

use crate::gui::action::{Action, Actions, View};
use crate::gui::canvas::paint::ink;
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::empty::empty;
use crate::gui::components::finder::Search;
use crate::gui::components::menu;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{self, Column, Layout, Row};
use crate::gui::context::{Context, Element};
use crate::gui::memo::Memo;
use crate::gui::theme::Theme;
use crate::power::contingency::Allowed;
use crate::power::flow::Status;
use crate::scene::shape::{Hue, Ink};
use crate::scene::tokens::{TextRole, Token, loading_class};
use crate::study::network::{Act, Names, Scenario, SiteOutage, Verdict, element_of};
use crate::units::format;
use cells::{Cell, margin_words, patience, time_words};
use eframe::egui::{Id, Popup, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::rc::Rc;

/// What the table shows and in which order; kept with the preferences.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ContingenciesView {
    pub which: Which,
    /// All where there is none.
    pub verdict: Option<Verdict>,
    pub sort: Sort,
}

/// Which outages: planners look at faults of busbars beside N-1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Which {
    #[default]
    Single,
    Busbars,
    All,
}

impl Which {
    const ALL: [Which; 3] = [Which::Single, Which::Busbars, Which::All];

    const fn word(self) -> &'static str {
        match self {
            Which::Single => "N-1",
            Which::Busbars => "Busbar faults",
            Which::All => "N-1 and busbars",
        }
    }

    fn holds(self, outage: &SiteOutage) -> bool {
        match self {
            Which::Single => !outage.busbar,
            Which::Busbars => outage.busbar,
            Which::All => true,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Sort {
    #[default]
    Worst,
    Lost,
    RunBack,
    Loading,
    Voltage,
    Time,
    Margin,
    Name,
}

impl Sort {
    const ALL: [Sort; 8] = [
        Sort::Worst,
        Sort::Lost,
        Sort::RunBack,
        Sort::Loading,
        Sort::Time,
        Sort::Margin,
        Sort::Voltage,
        Sort::Name,
    ];

    const fn word(self) -> &'static str {
        match self {
            Sort::Worst => "Worst first",
            Sort::Lost => "Most lost at once",
            Sort::RunBack => "Most run back",
            Sort::Loading => "Highest loading",
            Sort::Voltage => "Lowest voltage",
            Sort::Time => "Shortest time allowed",
            Sort::Margin => "Most margin lost",
            Sort::Name => "By name",
        }
    }
}

/// Height of the line of the power flow.
const SUMMARY: f32 = 24.0;
/// Width of the controls from which the order can be chosen among them.
const ROOM_TO_SORT: f32 = 380.0;
/// Least and greatest width of the field that searches.
const SEARCH: (f32, f32) = (50.0, 150.0);

/// The order of the table, and what else needs a look at all outages.
#[derive(Default)]
pub struct Order {
    /// Places of the rows among the outages.
    rows: Vec<usize>,
    pub count: Count,
}

/// How many single outages there are, busbars apart, and how they end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub all: usize,
    pub hold: usize,
    pub run_back: usize,
}

/// What the order depends on, beside the answer.
type OrderKey = (u64, ContingenciesView, String);
/// The order of the table, as last worked out.
pub type ContingenciesMemo = Memo<OrderKey, Order>;

fn outages<'a>(cx: &Context<'a>) -> &'a [SiteOutage] {
    cx.grid.electrical.outages.as_deref().map_or(&[], Vec::as_slice)
}

/// The rows as the view wants them.
pub fn order(
    cx: &Context<'_>,
    (view, search): (&ContingenciesView, &str),
    memo: &mut ContingenciesMemo,
) -> Rc<Order> {
    let key = (cx.grid.electrical.revision, view.clone(), search.to_lowercase());
    memo.of_answer(cx, key, || ordered(outages(cx), view, &search.to_lowercase()))
}

fn ordered(all: &[SiteOutage], view: &ContingenciesView, search: &str) -> Order {
    let mut count = Count::default();
    for outage in all.iter().filter(|o| !o.busbar) {
        let verdict = outage.verdict();
        count.all += 1;
        count.hold += usize::from(verdict.holds());
        count.run_back += usize::from(verdict == Verdict::RunBack);
    }
    let wanted = |o: &SiteOutage| {
        view.which.holds(o)
            && view.verdict.is_none_or(|v| v == o.verdict())
            && (o.name.to_lowercase().contains(search) || o.id.contains(search))
    };
    let mut rows: Vec<usize> = (0..all.len()).filter(|i| wanted(&all[*i])).collect();
    let loading = |o: &SiteOutage| o.lasting().worst.as_ref().map_or(-1.0, |w| w.1);
    let lowest = |o: &SiteOutage| o.lasting().lowest.as_ref().map_or(f64::INFINITY, |l| l.1);
    let by = |of: fn(&SiteOutage) -> f64, a: usize, b: usize| of(&all[b]).total_cmp(&of(&all[a]));
    // Equals stay in the order of concern.
    match view.sort {
        Sort::Worst => rows.sort_by_key(|i| std::cmp::Reverse(all[*i].verdict())),
        Sort::Lost => rows.sort_by(|a, b| by(SiteOutage::lost_at_once_mw, *a, *b)),
        Sort::RunBack => rows.sort_by(|a, b| by(SiteOutage::run_back_mw, *a, *b)),
        Sort::Loading => rows.sort_by(|a, b| loading(&all[*b]).total_cmp(&loading(&all[*a]))),
        Sort::Voltage => rows.sort_by(|a, b| lowest(&all[*a]).total_cmp(&lowest(&all[*b]))),
        Sort::Time => rows.sort_by(|a, b| {
            let minutes = |i: &usize| patience(all[*i].time_allowed());
            minutes(a).total_cmp(&minutes(b))
        }),
        Sort::Margin => rows.sort_by(|a, b| by(|o| o.lost_usd_per_min, *a, *b)),
        Sort::Name => rows.sort_by(|a, b| all[*a].name.cmp(&all[*b].name)),
    }
    Order { rows, count }
}

/// The figure beside the tab: outages that do not hold, else that all do.
pub fn tag(cx: &Context<'_>, count: Count) -> Option<(String, Tone)> {
    let electrical = cx.grid.electrical;
    electrical.outages.as_ref()?;
    let number = |n: usize| format::count(n as f64);
    let (words, tone) = match count.all - count.hold {
        0 if count.run_back > 0 => (format!("{} run back", number(count.run_back)), Tone::Warn),
        0 => (format!("{} hold", number(count.all)), Tone::Good),
        fail => (format!("{} of {}", number(fail), number(count.all)), Tone::Bad),
    };
    let old = electrical.stale || electrical.outages_stale;
    Some(if old { (words, Tone::Plain) } else { (words, tone) })
}

/// Search, filter and sort, from the right end of the tab bar.
pub fn controls(ui: &mut Ui, view: &mut ContingenciesView, search: &mut String) {
    // Where there is no room for it the headers of the table sort alone.
    if ui.available_width() > ROOM_TO_SORT {
        pick(ui, "Sort outages", (&Sort::ALL, &mut view.sort), |s| s.word().to_owned());
    }
    let mut verdicts = vec![None];
    verdicts.extend(Verdict::ALL.map(Some));
    pick(ui, "State of outages", (&verdicts, &mut view.verdict), |v| {
        v.map_or_else(|| "All states".to_owned(), |v| crate::units::words::upper_first(v.word()))
    });
    pick(ui, "Kinds of outages", (&Which::ALL, &mut view.which), |w| w.word().to_owned());
    if ui.available_width() < SEARCH.0 {
        return;
    }
    let wide = ui.available_width().min(SEARCH.1);
    let (rect, _) = ui.allocate_exact_size(vec2(wide, 22.0), Sense::hover());
    let id = Id::unique("search outages");
    let hint = match wide {
        w if w < 64.0 => "",
        w if w < 125.0 => "Find",
        _ => "Find an outage",
    };
    let field = Search { id, hint, name: "Find an outage", locked: false };
    field.on_plate(ui, rect, search);
}

/// A chip that opens a list of choices.
fn pick<T: PartialEq + Copy>(
    ui: &mut Ui,
    name: &str,
    (all, current): (&[T], &mut T),
    word: impl Fn(T) -> String,
) {
    let response = chip::chip(ui, &word(*current), name, true);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(150.0);
        for one in all {
            if menu::option(ui, &word(*one), *one == *current).clicked() {
                *current = *one;
            }
        }
    });
}

/// The event that an outage is.
pub fn scenario(outage: &SiteOutage) -> Scenario {
    let id = outage.id.clone();
    Scenario::one(if outage.busbar { Act::LoseBusbar(id) } else { Act::LoseMachine(id) })
}

/// Whether a scenario is that outage and nothing else, however it was asked for.
fn is_it(shown: &Scenario, outage: &SiteOutage) -> bool {
    match shown.acts.as_slice() {
        [Act::Lose(id) | Act::LoseMachine(id)] => !outage.busbar && *id == outage.id,
        [Act::LoseBusbar(id)] => outage.busbar && *id == outage.id,
        _ => false,
    }
}

pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    (view, search, memo): (&mut ContingenciesView, &str, &mut ContingenciesMemo),
    actions: &mut Actions,
) {
    let electrical = cx.grid.electrical;
    if let Some(error) = &electrical.failed {
        let words = crate::units::words::upper_first(&error.to_string());
        let element = error.to_string().split(' ').next().and_then(Element::of_path);
        let button = element.as_ref().map(|_| "Go to the element");
        if empty(ui, "No power flow", &words, button)
            && let Some(element) = element
        {
            actions.push(Action::View(View::Jump(element)));
        }
        return;
    }
    if electrical.flow.is_none() {
        empty(ui, "No power flow yet", "It follows the first full result", None);
        return;
    }
    let order = order(cx, (view, search), memo);
    summary(ui, cx, order.count);
    let all = outages(cx);
    if all.is_empty() {
        let (title, why) = match electrical.studying {
            true => ("Studying every outage", "Each is solved by AC power flow"),
            false => ("No outages", "The network has nothing that can fail"),
        };
        empty(ui, title, why, None);
        return;
    }
    if order.rows.is_empty() {
        empty(ui, "No such outage", "Nothing in the table answers to search and filters", None);
        return;
    }
    table_of(ui, cx, (all, &order.rows, &mut view.sort), actions);
}

fn table_of(
    ui: &mut Ui,
    cx: &Context<'_>,
    (all, rows, sort): (&[SiteOutage], &[usize], &mut Sort),
    actions: &mut Actions,
) {
    let names = cx.grid.electrical.names();
    let set = cells::for_room(ui.available_width());
    let columns: Vec<Column> = set.iter().map(|c| c.1).collect();
    let at = |row: usize| rows.get(row).and_then(|i| all.get(*i));
    let mut shown = None;
    let header = |ui: &mut Ui, layout: &Layout<'_>| {
        let by = |column: usize| set.get(column).and_then(|c| c.0.sort());
        if let Some(asked) = layout.sorting(ui, by, *sort) {
            // Once more is as it was.
            *sort = if asked == *sort { Sort::default() } else { asked };
        }
    };
    let paint = |ui: &mut Ui, layout: &Layout<'_>, (row, id, _): (usize, Id, &usize)| {
        let Some(outage) = at(row) else { return ui.response() };
        let selected = cx.grid.scenario.is_some_and(|s| is_it(s, outage));
        let row_of = Row::show_as(ui, id, &spoken(outage), selected);
        if row_of.response.clicked() {
            shown = Some(row);
        }
        paint_row(ui, (set, layout), &row_of, (outage, names));
        row_of.response.clone().on_hover_ui(|ui| hover(ui, outage, names))
    };
    let walked = table::walked(ui, "contingencies", &columns, rows, (header, paint));
    if let Some(outage) = walked.or(shown).and_then(at) {
        let element = element_of(&outage.id);
        let path = |list: &str| Element::of_path(&format!("{list}.{element}"));
        let owner = if cx.feed(element).is_some() { path("feeds") } else { path("nodes") };
        actions.push(Action::View(View::Select(owner.into_iter().collect())));
        actions.push(Action::View(View::WhatIf(Some(scenario(outage)))));
    }
}

/// The whole row for assistive technology.
fn spoken(outage: &SiteOutage) -> String {
    let lost = match outage.lost_at_once_mw() {
        mw if mw > 0.05 => format!(", {} lost at once", format::with_unit(mw, 1, "MW")),
        _ => String::new(),
    };
    let back = match outage.run_back_mw() {
        mw if mw > 0.0 => format!(", {} run back", format::with_unit(mw, 1, "MW")),
        _ => String::new(),
    };
    let time = match outage.time_allowed() {
        Allowed::Always => String::new(),
        allowed => format!(", time allowed {}", time_words(allowed)),
    };
    let margin = match outage.lost_usd_per_min {
        usd if usd > 0.0 => format!(", {} of margin lost a minute", margin_words(usd)),
        _ => String::new(),
    };
    format!("Outage {}: {}{lost}{back}{time}{margin}", outage.name, outage.verdict().word())
}

fn hover(ui: &mut Ui, outage: &SiteOutage, names: &Names) {
    ui.label(&outage.name);
    ui.label(outage.reason(names));
    if let Some((bus, vm)) = &outage.lasting().lowest {
        ui.label(format!("{} pu at {}", format::fixed(*vm, 3), names.part(bus, false)));
    }
    if let Some(seconds) = outage.response_s() {
        ui.label(format!("Everything is done after {}", format::seconds(seconds)));
    }
    let closes = outage.closes();
    for switch in closes.iter().take(6) {
        ui.label(format!("{} closes", names.switch(switch)));
    }
    if closes.len() > 6 {
        ui.label(format!("and {} more", closes.len() - 6));
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Holds => Tone::Good,
        Verdict::HoldsAfterSwitching => Tone::Info,
        Verdict::RunBack => Tone::Warn,
        _ => Tone::Bad,
    }
}

/// Switches in the room of a cell: the only one by its name.
fn switches(outage: &SiteOutage, names: &Names) -> String {
    match outage.closes() {
        [] => format::DASH.to_owned(),
        [one] => names.switch(one),
        many => format!("{} switches", many.len()),
    }
}

fn paint_row(
    ui: &Ui,
    (set, layout): (&[(Cell, Column)], &Layout<'_>),
    row: &Row,
    (outage, names): (&SiteOutage, &Names),
) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let lasting = outage.lasting();
    let verdict = outage.verdict();
    let mw = |v: f64| if v > 0.05 { format::fixed(v, 1) } else { format::DASH.to_owned() };
    let loading = lasting.worst.as_ref().map(|w| w.1);
    let over = loading.is_some_and(|l| loading_class(l) == 5);
    for (index, (cell, _)) in set.iter().enumerate() {
        let put = |text: &str, role: TextRole, token: Token| {
            layout.text(painter, index, row.rect, Text::new(text, role, row.color(theme, token)));
        };
        match cell {
            Cell::Outage => put(&outage.name, TextRole::BodyStrong, Token::Text1),
            Cell::State => {
                let at = layout.cell(index, row.rect).left_center();
                chip::paint_tag(painter, at, verdict.word(), tone(verdict), theme);
            }
            Cell::Lost => put(&mw(outage.lost_at_once_mw()), TextRole::Body, Token::Text1),
            Cell::Switches => put(&switches(outage, names), TextRole::Body, Token::Text2),
            Cell::RunBack => put(&mw(outage.run_back_mw()), TextRole::Body, Token::Text1),
            Cell::Worst => {
                let name = lasting.worst.as_ref().map(|(id, _)| names.part(id, false));
                put(name.as_deref().unwrap_or(format::DASH), TextRole::Body, Token::Text2);
            }
            Cell::Bar => bar(ui, layout.cell(index, row.rect), loading, theme),
            Cell::Loading => {
                let text = format::or_dash(loading, |l| format::fixed(l * 100.0, 1));
                let role = if over { TextRole::BodyStrong } else { TextRole::Body };
                put(&text, role, if over { Token::Err } else { Token::Text1 });
            }
            Cell::Lowest => {
                let lowest = lasting.lowest.as_ref().map(|l| l.1);
                let token = if lasting.voltages.is_empty() { Token::Text1 } else { Token::Err };
                put(&format::or_dash(lowest, |v| format::fixed(v, 3)), TextRole::Body, token);
            }
            Cell::Time => {
                let allowed = outage.time_allowed();
                let token = match allowed {
                    Allowed::Always => Token::Text3,
                    Allowed::Unknown => Token::Warn,
                    Allowed::Minutes(minutes) if minutes <= 0.0 => Token::Err,
                    Allowed::Minutes(_) => Token::Text1,
                };
                put(&time_words(allowed), TextRole::Body, token);
            }
            Cell::Margin => {
                let token = if outage.lost_usd_per_min > 0.0 { Token::Text1 } else { Token::Text3 };
                put(&margin_words(outage.lost_usd_per_min), TextRole::Body, token);
            }
            Cell::Reason => put(&outage.reason(names), TextRole::Body, Token::Text2),
        }
    }
}

/// Loading as a bar in the colour of its class.
fn bar(ui: &Ui, cell: Rect, loading: Option<f64>, theme: &Theme) {
    let wide = cell.width().min(68.0);
    let at = pos2(cell.left() + wide / 2.0, cell.center().y);
    let track = Rect::from_center_size(at, vec2(wide, 8.0));
    ui.painter().rect_filled(track, paint::corner(2.0), theme.color(Token::Raised));
    if let Some(loading) = loading {
        let full = vec2(track.width() * loading.clamp(0.0, 1.0) as f32, 8.0);
        let color = ink(Ink::of(Hue::Load(loading_class(loading))), &theme.palette);
        ui.painter().rect_filled(Rect::from_min_size(track.min, full), paint::corner(2.0), color);
    }
}

/// The power flow in a line: the meter against the plan, losses, the lowest voltage, outages.
fn summary(ui: &mut Ui, cx: &Context<'_>, count: Count) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), SUMMARY), Sense::hover());
    let parts = sentences(cx, count);
    let stale = cx.grid.electrical.stale;
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, theme.color(Token::Inset));
    let mut x = rect.left() + 12.0;
    let color = |token| theme.color(if stale { Token::Text3 } else { token });
    let width = |text: &str, role| paint::width(painter, text, role);
    for (index, (strong, rest, token)) in parts.iter().enumerate() {
        let words = width(strong, TextRole::SmallStrong) + 4.0 + width(rest, TextRole::Small);
        if index > 0 && x + 20.0 + words > rect.right() - 8.0 {
            // What there is no room for is said to those who point at the line.
            break;
        }
        if index > 0 {
            x += 10.0;
            let line = Rect::from_min_max(pos2(x, rect.top() + 6.0), pos2(x, rect.bottom() - 6.0));
            paint::vertical_hairline(painter, x, line, theme.color(Token::Line2));
            x += 10.0;
        }
        for (text, role, token) in
            [(strong, TextRole::SmallStrong, *token), (rest, TextRole::Small, Token::Text2)]
        {
            let place = Rect::from_min_max(pos2(x, rect.top()), rect.max - vec2(8.0, 0.0));
            x = Text::new(text, role, color(token)).paint(painter, place).right() + 4.0;
        }
    }
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let said: Vec<String> = parts.iter().map(|(a, b, _)| format!("{a} {b}")).collect();
    let spoken = format!("AC power flow: {}", said.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
    response.on_hover_text(said.join("\n"))
}

/// Figures with their words.
fn sentences(cx: &Context<'_>, count: Count) -> Vec<(String, String, Token)> {
    let electrical = cx.grid.electrical;
    let (Some(flow), Some(state)) = (&electrical.flow, cx.grid.normal()) else { return Vec::new() };
    if state.status == Status::Diverged {
        let why = "no voltages carry the plan".to_owned();
        return vec![("Diverged".to_owned(), why, Token::Err)];
    }
    let mw = |v: f64| format::with_unit(v, 1, "MW");
    let mut all = vec![(
        mw(state.grid_mw),
        format!("at the meter, plan {}", mw(flow.checked.plan_grid_mw)),
        Token::Text1,
    )];
    let number = |n: usize| format::count(n as f64);
    if electrical.outages.is_some() && !electrical.outages_stale && count.all > 0 {
        let tone = if count.hold < count.all { Token::Err } else { Token::Ok };
        let more = match count.run_back {
            0 => String::new(),
            n => format!(", {} by run-back", number(n)),
        };
        let words = format!("of {} outages hold{more}", number(count.all));
        all.push((number(count.hold), words, tone));
    } else if electrical.studying {
        all.push(("Outages".to_owned(), "are being studied".to_owned(), Token::Text2));
    }
    all.push((mw(state.loss_mw), "losses".to_owned(), Token::Text1));
    if let Some((id, vm)) = &state.lowest {
        let name = cx.grid.electrical.names().part(id, false);
        all.push((
            format!("{} pu", format::fixed(*vm, 3)),
            format!("lowest, {name}"),
            Token::Text1,
        ));
    }
    let buses = number(flow.checked.electrical.case.buses.len());
    all.push((
        format!("{buses} buses"),
        format!("in {} iterations", state.iterations),
        Token::Text2,
    ));
    if electrical.stale {
        all.push(("Older".to_owned(), "plan".to_owned(), Token::Text2));
    }
    all
}
